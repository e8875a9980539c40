{{%AUTOESCAPE context="HTML"}}
<h1>{{TITLE:none}}</h1>
{{#LEAD}}
<p class="lead">{{LEAD:none}}</p>
{{/LEAD}}
{{#GROUP}}
<section class="block" id="{{ID}}">
<h2>{{HEADING:none}}</h2>
{{#ABOUT}}
<p class="measure">{{ABOUT:none}}</p>
{{/ABOUT}}
<ul class="ways">
{{#LINK}}
<li><a href="{{URL}}">{{LABEL:none}}</a> <span class="count">{{NOTE:none}}</span></li>
{{/LINK}}
</ul>
</section>
{{/GROUP}}
