{{%AUTOESCAPE context="HTML"}}
<h1>{{TITLE:none}}</h1>
{{#LEAD}}
<p class="lead">{{LEAD:none}}</p>
{{/LEAD}}
<dl class="facts boxed">
{{#FACT}}
{{>FACT}}
{{/FACT}}
</dl>
<nav class="ways-line" aria-label="{{T_CONTENTS}}">
<p>{{T_CONTENTS}}</p>
<ul>
{{#ANY_DOWNLOAD}}<li><a href="#download">{{T_DOWNLOAD}}</a></li>
{{/ANY_DOWNLOAD}}<li><a href="#preview">{{T_ROWS}}</a></li>
{{#ANY_CHART}}<li><a href="#charts">{{T_CHARTS}}</a></li>
{{/ANY_CHART}}<li><a href="#dictionary">{{T_COLUMNS}}</a></li>
{{#ANY_HISTORY}}<li><a href="#history">{{T_HISTORY}}</a></li>
{{/ANY_HISTORY}}<li><a href="#cite">{{T_CITE}}</a></li>
</ul>
</nav>
{{#ANY_DOWNLOAD}}
<section class="block" id="download">
<h2>{{T_DOWNLOAD}}</h2>
{{>FILES}}
{{#LOST}}
<p class="note">{{LOST:none}}</p>
{{/LOST}}
</section>
{{/ANY_DOWNLOAD}}
<section class="block" id="preview">
<div class="block-head">
<h2>{{T_ROWS}}</h2>
{{#REGISTER}}
<p><a href="{{REGISTER}}">{{T_ALL_ROWS}}</a></p>
{{/REGISTER}}
</div>
{{#ROWS}}
<p class="note">{{ROWS}}</p>
{{/ROWS}}
{{#EXPLORE}}
<div class="explore" data-rows="{{EXPLORE}}" data-found="{{T_ROWS_FOUND}}" data-failed="{{T_ROWS_FAILED}}" data-separator="{{T_LIST_SEPARATOR}}" data-part="{{T_ROWS_PART}}">
<button type="button" class="open" hidden>{{T_ROWS_EXPLORE}}</button>
<div class="tools" hidden>
<label>{{T_ROWS_FILTER}} <input type="search" class="input"></label>
<button type="button" class="take">{{T_ROWS_TAKE}}</button>
</div>
<p class="found" role="status"></p>
</div>
{{/EXPLORE}}
{{#EMPTY}}
<p class="silent"><span aria-hidden="true">○</span> {{EMPTY:none}}</p>
{{/EMPTY}}
{{#TABLE}}
{{>TABLE}}
{{/TABLE}}
{{#EXPLORE}}
<p class="explore-more"><button type="button" class="more" hidden>{{T_ROWS_MORE}}</button></p>
<script type="module" src="{{SCRIPT}}"></script>
{{/EXPLORE}}
</section>
{{#ANY_CHART}}
<section class="block" id="charts">
<h2>{{T_CHARTS}}</h2>
<div class="charts">
{{#CHART}}
{{>CHART}}
{{/CHART}}
</div>
</section>
{{/ANY_CHART}}
<section class="block" id="dictionary">
<h2>{{T_COLUMNS}}</h2>
{{#COLUMNS}}
{{>TABLE}}
{{/COLUMNS}}
</section>
{{#ANY_HISTORY}}
<section class="block" id="history">
<h2>{{T_HISTORY}}</h2>
<ol class="steps">
{{#HISTORY}}
{{>STEP}}
{{/HISTORY}}
</ol>
</section>
{{/ANY_HISTORY}}
<section class="block" id="cite">
<h2>{{T_CITE}}</h2>
<dl class="facts">
{{#CITATION}}
{{>FACT}}
{{/CITATION}}
</dl>
<h3 class="bibtex">BibTeX</h3>
<pre tabindex="0"><code>{{BIBTEX:none}}</code></pre>
</section>
