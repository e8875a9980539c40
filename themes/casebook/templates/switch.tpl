{{%AUTOESCAPE context="HTML"}}
{{#ANY_SWITCH}}
<ul class="switch">
{{#SWITCH}}
<li><a href="{{URL}}" lang="{{HREFLANG}}" hreflang="{{HREFLANG}}">{{NAME}}</a></li>
{{/SWITCH}}
</ul>
{{/ANY_SWITCH}}
