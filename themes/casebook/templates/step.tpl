{{%AUTOESCAPE context="HTML"}}
<li><span class="when">{{WHEN:none}}</span> <span class="what">{{TEXT:none}}</span></li>
