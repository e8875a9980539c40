{{%AUTOESCAPE context="HTML"}}
<div class="title">
<h1>{{TITLE:none}}</h1>
{{#COUNT}}
<p class="count">{{COUNT}}</p>
{{/COUNT}}
</div>
{{#LEAD}}
<p class="lead">{{LEAD:none}}</p>
{{/LEAD}}
{{#EMPTY}}
<p class="silent"><span aria-hidden="true">○</span> {{EMPTY:none}}</p>
{{#SCHEMES}}
<p class="measure"><a href="{{SCHEMES}}">{{T_SEE_SCHEMES}}</a></p>
{{/SCHEMES}}
{{/EMPTY}}
{{#TABLE}}
{{>TABLE}}
{{/TABLE}}
{{#PAGER}}
{{>PAGER}}
{{/PAGER}}
<p class="measure more"><a href="{{DATASET}}">{{T_ABOUT_DATASET}}</a></p>
{{>FILES}}
