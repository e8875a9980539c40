{{%AUTOESCAPE context="HTML"}}
<section class="block" id="{{ID}}">
<h2>{{HEADING:none}}</h2>
{{#PART}}
<div class="part"{{#ID}} id="{{ID}}"{{/ID}}>
{{#FOLDED}}
<details class="view">
<summary>
{{/FOLDED}}
{{#HEADING}}
<h3>{{HEADING:none}}</h3>
{{/HEADING}}
{{#FOLDED}}
</summary>
{{/FOLDED}}
{{#PROSE}}
<div class="prose">
{{PROSE:none}}
</div>
{{/PROSE}}
{{#NOTE}}
<p class="note">{{NOTE:none}}</p>
{{/NOTE}}
{{#NOT_STATED}}
<p class="silent"><span aria-hidden="true">○</span> {{NOT_STATED:none}}</p>
{{/NOT_STATED}}
{{#NOT_APPLICABLE}}
<p class="quiet"><span aria-hidden="true">–</span> {{NOT_APPLICABLE:none}}</p>
{{/NOT_APPLICABLE}}
{{#ANY_FACT}}
<dl class="facts">
{{#FACT}}
{{>FACT}}
{{/FACT}}
</dl>
{{/ANY_FACT}}
{{#ANY_ITEM}}
<ul class="items">
{{#ITEM}}
{{>ITEM}}
{{/ITEM}}
</ul>
{{/ANY_ITEM}}
{{#ANY_STEP}}
<ol class="steps">
{{#STEP}}
{{>STEP}}
{{/STEP}}
</ol>
{{/ANY_STEP}}
{{#CHART}}
{{>CHART}}
{{/CHART}}
{{#TABLE}}
{{>TABLE}}
{{/TABLE}}
{{#FOLDED}}
</details>
{{/FOLDED}}
</div>
{{/PART}}
</section>
