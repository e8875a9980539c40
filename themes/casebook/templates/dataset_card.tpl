{{%AUTOESCAPE context="HTML"}}
<li class="card">
<h3><a href="{{URL}}">{{TITLE:none}}</a></h3>
{{#META}}
<p class="meta">{{META:none}}</p>
{{/META}}
{{#ABOUT}}
<p class="summary">{{ABOUT:none}}</p>
{{/ABOUT}}
{{>FILES}}
</li>
