{{%AUTOESCAPE context="HTML"}}
<article class="article">
<div class="article-head">
{{#KICKER}}
<p class="kicker">{{KICKER:none}}</p>
{{/KICKER}}
<h1>{{TITLE:none}}</h1>
{{#SUMMARY}}
<div class="lead">
{{SUMMARY:none}}
</div>
{{/SUMMARY}}
{{#ANY_FACT}}
<dl class="facts boxed">
{{#FACT}}
{{>FACT}}
{{/FACT}}
</dl>
{{/ANY_FACT}}
</div>
{{#ANY_CONTENTS}}
<nav class="contents" aria-label="{{T_CONTENTS}}">
<p>{{T_CONTENTS}}</p>
<ul>
{{#CONTENTS}}
<li><a href="{{URL}}">{{LABEL:none}}</a></li>
{{/CONTENTS}}
</ul>
</nav>
{{/ANY_CONTENTS}}
<div class="article-body">
{{#PROSE}}
<div class="prose">
{{PROSE:none}}
</div>
{{/PROSE}}
{{#BLOCK}}
{{>BLOCK}}
{{/BLOCK}}
{{>EVIDENCE}}
{{#PAGER}}
{{>PAGER}}
{{/PAGER}}
{{>SOURCES}}
{{#ANY_MORE}}
<ul class="more">
{{#MORE}}
<li><a href="{{URL}}">{{LABEL:none}}</a></li>
{{/MORE}}
</ul>
{{/ANY_MORE}}
</div>
</article>
