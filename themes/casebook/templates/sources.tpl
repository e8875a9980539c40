{{%AUTOESCAPE context="HTML"}}
{{#ANY_SOURCE}}
<section class="block sources" id="sources">
<h2>{{T_SOURCES}}</h2>
<ul class="items">
{{#SOURCE}}
{{>ITEM}}
{{/SOURCE}}
</ul>
</section>
{{/ANY_SOURCE}}
