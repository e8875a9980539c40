{{%AUTOESCAPE context="HTML"}}
<li>{{TEXT:none}}{{#NOTE}} <span class="note">{{NOTE:none}}</span>{{/NOTE}}</li>
