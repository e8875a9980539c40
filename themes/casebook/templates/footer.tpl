{{%AUTOESCAPE context="HTML"}}
<footer class="foot">
{{#UPDATED}}
<p class="foot-date">{{T_UPDATED}} {{UPDATED:none}}</p>
{{/UPDATED}}
{{#UNOFFICIAL}}
<p class="foot-date">{{T_UNOFFICIAL}}</p>
{{/UNOFFICIAL}}
{{>SWITCH}}
{{FOOT:none}}
</footer>
