{{%AUTOESCAPE context="HTML"}}
<figure class="chart" id="{{ID}}">
<figcaption>{{TITLE:none}}</figcaption>
{{SVG:none}}
{{#ABOUT}}
<p class="note">{{ABOUT:none}}</p>
{{/ABOUT}}
{{#TABLE}}
<details>
<summary>{{T_CHART_TABLE}}</summary>
{{>TABLE}}
</details>
{{/TABLE}}
</figure>
