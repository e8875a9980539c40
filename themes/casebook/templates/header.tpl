{{%AUTOESCAPE context="HTML"}}
<header class="head">
<div class="head-line">
<p class="brand"><a href="{{HOME}}">{{#LOGO}}<img src="{{LOGO}}" width="32" height="32" alt=""> {{/LOGO}}{{SITE_TITLE}}</a></p>
{{>SWITCH}}
{{#HAS_FIND}}
{{>FIND}}
{{/HAS_FIND}}
</div>
<nav class="nav" aria-label="{{T_NAV_LABEL}}">
<ul>
{{#NAV}}
<li><a href="{{URL}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{LABEL:none}}</a></li>
{{/NAV}}
</ul>
</nav>
{{#ANY_CRUMB}}
<nav class="crumbs" aria-label="{{T_CRUMBS_LABEL}}">
<ol>
{{#CRUMB}}
<li>{{#URL}}<a href="{{URL}}">{{LABEL:none}}</a>{{/URL}}{{#NO_URL}}<span aria-current="page">{{LABEL:none}}</span>{{/NO_URL}}</li>
{{/CRUMB}}
</ol>
</nav>
{{/ANY_CRUMB}}
</header>
