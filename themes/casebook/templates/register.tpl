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
{{>FILES}}
<p class="measure"><a href="{{DATASET}}">{{T_ABOUT_DATASET}}</a></p>
{{#EMPTY}}
<p class="silent"><span aria-hidden="true">○</span> {{EMPTY:none}}</p>
{{/EMPTY}}
{{#TABLE}}
{{>TABLE}}
{{/TABLE}}
{{#PAGER}}
{{>PAGER}}
{{/PAGER}}
