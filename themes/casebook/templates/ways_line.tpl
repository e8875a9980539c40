{{%AUTOESCAPE context="HTML"}}
{{#ANY_WAY}}
<nav class="ways-line" aria-label="{{T_WAYS}}">
<p>{{T_WAYS}}</p>
<ul>
{{#WAY}}
<li><a href="{{URL}}">{{LABEL:none}}</a></li>
{{/WAY}}
</ul>
</nav>
{{/ANY_WAY}}
