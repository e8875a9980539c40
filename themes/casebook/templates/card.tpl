{{%AUTOESCAPE context="HTML"}}
<li class="card">
<h3><a href="{{URL}}">{{TITLE:none}}</a></h3>
{{#META}}
<p class="meta">{{META:none}}</p>
{{/META}}
{{#SUMMARY}}
<p class="summary">{{SUMMARY:none}}</p>
{{/SUMMARY}}
{{#STATED}}
<p class="stated">{{#FICTIONAL}}<strong class="fiction">{{T_FICTIONAL}}</strong> {{/FICTIONAL}}{{#KIND}}<span class="kind">{{KIND:none}}</span> {{/KIND}}<span class="count">{{STATED}}</span></p>
{{/STATED}}
</li>
