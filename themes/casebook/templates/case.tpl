{{%AUTOESCAPE context="HTML"}}
<article class="case">
<div class="case-head">
<p class="kicker">{{KIND:none}}{{#FICTIONAL}} <strong class="fiction">{{T_FICTIONAL}}</strong>{{/FICTIONAL}}</p>
<h1>{{TITLE:none}}</h1>
{{#SUBTITLE}}
<p class="subtitle">{{SUBTITLE:none}}</p>
{{/SUBTITLE}}
<div class="lead">
{{SUMMARY:none}}
</div>
{{#REPORTED}}
<p class="note">{{T_REPORTED}}</p>
{{/REPORTED}}
{{#ANY_CONTENTS}}
<nav class="ways-line" aria-label="{{T_CONTENTS}}">
<p>{{T_CONTENTS}}</p>
<ul>
{{#CONTENTS}}
<li><a href="{{URL}}">{{LABEL:none}}</a></li>
{{/CONTENTS}}
</ul>
</nav>
{{/ANY_CONTENTS}}
</div>
<aside class="case-facts" id="facts" aria-label="{{T_FACTS}}">
<h2>{{T_FACTS}}</h2>
<dl class="facts">
{{#FACT}}
{{>FACT}}
{{/FACT}}
<div><dt>{{T_STATED}}</dt><dd><span class="count">{{STATED}}</span> <details class="note"><summary>{{T_STATED_ABOUT}}</summary>
<ul class="questions">
{{QUESTIONS:none}}
</ul>
</details></dd></div>
</dl>
</aside>
<div class="case-text">
{{#PICTURE}}
<figure>
<img src="{{URL}}" alt="{{ALTERNATIVE}}"{{#WIDTH}} width="{{WIDTH}}"{{/WIDTH}}{{#HEIGHT}} height="{{HEIGHT}}"{{/HEIGHT}}>
<figcaption>{{CAPTION:none}}{{#CREDIT}} <span class="note">{{CREDIT:none}}</span>{{/CREDIT}}</figcaption>
</figure>
{{/PICTURE}}
{{#LEAD}}
<div class="prose">
{{LEAD:none}}
</div>
{{/LEAD}}
{{#SILENT}}
<p class="silent"><span aria-hidden="true">○</span> {{SILENT:none}}</p>
{{/SILENT}}
{{#BLOCK}}
{{>BLOCK}}
{{/BLOCK}}
{{>EVIDENCE}}
{{#ANY_UNKNOWN}}
<section class="block unknown" id="unknown">
<h2>{{T_UNKNOWN}}</h2>
<p>{{T_UNKNOWN_LEAD}}</p>
<ul class="unknown-list">
{{#UNKNOWN}}
<li><span aria-hidden="true">○</span> {{TEXT:none}}</li>
{{/UNKNOWN}}
</ul>
{{#UNKNOWN_NOTE}}
<div class="prose">
{{UNKNOWN_NOTE:none}}
</div>
{{/UNKNOWN_NOTE}}
</section>
{{/ANY_UNKNOWN}}
{{>SOURCES}}
{{#KEYWORDS}}
<p class="quiet measure">{{KEYWORDS:none}}</p>
{{/KEYWORDS}}
{{#ANY_DOWNLOAD}}
<section class="block" id="download">
<h2>{{T_CASE_DATA}}</h2>
{{>FILES}}
</section>
{{/ANY_DOWNLOAD}}
</div>
</article>
{{#RELATED}}
<section class="block" id="related">
<h2>{{T_RELATED}}</h2>
<ul class="cards lines">
{{RELATED:none}}
</ul>
</section>
{{/RELATED}}
