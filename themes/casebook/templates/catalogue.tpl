{{%AUTOESCAPE context="HTML"}}
<h1>{{TITLE:none}}</h1>
{{#LEAD}}
<p class="lead">{{LEAD:none}}</p>
{{/LEAD}}
{{#ANY_DATASET}}
<section class="block" id="registers">
<h2>{{T_REGISTERS}}</h2>
<ul class="cards">
{{#DATASET}}
{{>DATASET_CARD}}
{{/DATASET}}
</ul>
</section>
{{/ANY_DATASET}}
{{#ANY_BULK}}
<section class="block" id="bulk">
<h2>{{T_BULK}}</h2>
<ul class="files">
{{#BULK}}
<li><a href="{{URL}}">{{LABEL:none}}</a>{{#NOTE}} <span class="note">{{NOTE:none}}</span>{{/NOTE}}</li>
{{/BULK}}
</ul>
</section>
{{/ANY_BULK}}
{{#ANY_CODELIST}}
<section class="block" id="codelists">
<h2>{{T_CODELISTS}}</h2>
<p class="measure">{{T_CODELISTS_LEAD}}</p>
<ul class="ways">
{{#CODELIST}}
<li><a href="{{URL}}">{{TITLE:none}}</a></li>
{{/CODELIST}}
</ul>
</section>
{{/ANY_CODELIST}}
