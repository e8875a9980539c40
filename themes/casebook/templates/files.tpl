{{%AUTOESCAPE context="HTML"}}
{{#ANY_DOWNLOAD}}
<ul class="files">
{{#DOWNLOAD}}
<li><a href="{{URL}}">{{LABEL:none}}</a>{{#NOTE}} <span class="note">{{NOTE:none}}</span>{{/NOTE}}</li>
{{/DOWNLOAD}}
</ul>
{{/ANY_DOWNLOAD}}
