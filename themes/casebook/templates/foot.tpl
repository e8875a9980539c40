{{%AUTOESCAPE context="HTML"}}
<nav class="foot-nav" aria-label="{{T_FOOT_LABEL}}">
{{#GROUP}}
<div>
<h2>{{HEADING:none}}</h2>
<ul>
{{#LINK}}
<li><a href="{{URL}}">{{LABEL:none}}</a></li>
{{/LINK}}
</ul>
</div>
{{/GROUP}}
</nav>
<dl class="facts foot-facts">
<div><dt>{{T_PUBLISHER}}</dt><dd>{{#PUBLISHER_URL}}<a href="{{PUBLISHER_URL}}">{{PUBLISHER}}</a>{{/PUBLISHER_URL}}{{#NO_PUBLISHER_URL}}{{PUBLISHER}}{{/NO_PUBLISHER_URL}}</dd></div>
{{#CONTACT}}
<div><dt>{{T_CONTACT}}</dt><dd>{{CONTACT:none}}</dd></div>
{{/CONTACT}}
<div><dt>{{T_LICENCE}}</dt><dd><a href="{{LICENCE_URL}}">{{LICENCE}}</a>{{#ATTRIBUTION}}<br>{{ATTRIBUTION:none}}{{/ATTRIBUTION}}</dd></div>
</dl>
