{{%AUTOESCAPE context="HTML"}}
<nav class="pager" aria-label="{{T_PAGER_LABEL}}">
{{#NEWER}}
<a href="{{NEWER}}" rel="prev">{{T_NEWER}}</a>
{{/NEWER}}
<span>{{LABEL}}</span>
{{#OLDER}}
<a href="{{OLDER}}" rel="next">{{T_OLDER}}</a>
{{/OLDER}}
</nav>
