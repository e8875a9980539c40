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
{{>WAYS_LINE}}
{{#CARDS}}
<h2 class="hidden">{{T_LIST}}</h2>
<ul class="cards">
{{CARDS:none}}
</ul>
{{/CARDS}}
{{#EMPTY}}
<p class="silent"><span aria-hidden="true">○</span> {{EMPTY:none}}</p>
{{/EMPTY}}
{{#PAGER}}
{{>PAGER}}
{{/PAGER}}
{{>FILES}}
{{#REGISTER}}
<section class="block" id="register">
<h2>{{REGISTER:none}}</h2>
{{#REGISTER_LEAD}}
<p class="measure">{{REGISTER_LEAD:none}}</p>
{{/REGISTER_LEAD}}
{{#TABLE}}
{{>TABLE}}
{{/TABLE}}
</section>
{{/REGISTER}}
