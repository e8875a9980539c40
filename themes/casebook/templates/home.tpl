{{%AUTOESCAPE context="HTML"}}
<div class="hero">
<h1>{{SITE_TITLE}}</h1>
<p class="tagline">{{TAGLINE}}</p>
{{>FIND}}
{{>WAYS_LINE}}
</div>
<section class="block" id="newest">
<div class="block-head">
<h2>{{T_HOME_CASES}} <span class="count">{{COUNT}}</span></h2>
<p><a href="{{CASES}}">{{T_ALL_CASES}}</a></p>
</div>
<ul class="cards lines">
{{CARDS:none}}
</ul>
<p class="note">{{T_STATED_NOTE}}</p>
</section>
{{#ANY_FIGURE}}
<section class="block" id="figures">
<div class="block-head">
<h2>{{T_HOME_FIGURES}}</h2>
{{#INDICATORS}}
<p><a href="{{INDICATORS}}">{{T_ALL_FIGURES}}</a></p>
{{/INDICATORS}}
</div>
<ul class="figures">
{{#FIGURE}}
<li>
<p class="figure">{{VALUE:none}}</p>
<p class="figure-label">{{LABEL:none}}</p>
<p class="note">{{#WHEN}}{{WHEN:none}}{{#SOURCE}} · {{/SOURCE}}{{/WHEN}}{{SOURCE:none}}</p>
</li>
{{/FIGURE}}
</ul>
</section>
{{/ANY_FIGURE}}
{{#ANY_START}}
<section class="block" id="start">
<h2>{{T_HOME_START}}</h2>
<ul class="starts">
{{#START}}
<li><a href="{{URL}}">{{LABEL:none}}</a>{{#NOTE}} <span class="note">{{NOTE:none}}</span>{{/NOTE}}</li>
{{/START}}
</ul>
</section>
{{/ANY_START}}
{{#DATASETS}}
<section class="block" id="data">
<div class="block-head">
<h2>{{T_HOME_DATA}}</h2>
<p><a href="{{DATA}}">{{T_ALL_DATA}}</a></p>
</div>
<p class="measure">{{DATASETS}}</p>
</section>
{{/DATASETS}}
{{#NEWS}}
<section class="block" id="news">
<h2>{{T_HOME_NEWS}}</h2>
<ul class="cards">
{{NEWS:none}}
</ul>
</section>
{{/NEWS}}
