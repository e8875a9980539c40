{{%AUTOESCAPE context="HTML"}}
{{#ANY_EVIDENCE}}
<section class="block" id="evidence">
<h2>{{T_EVIDENCE}}</h2>
<p class="measure">{{EVIDENCE_ABOUT:none}}</p>
{{#EVIDENCE}}
<div class="part">
<h3>{{HEADING:none}}</h3>
{{#NOTE}}
<p class="note">{{NOTE:none}}</p>
{{/NOTE}}
{{#ANY_MARK}}
<ul class="marks">
{{#MARK}}
{{>MARK}}
{{/MARK}}
</ul>
{{/ANY_MARK}}
{{#REST}}
<details class="view">
<summary>{{#NOT_STATED}}<span class="silent"><span aria-hidden="true">○</span> {{T_NOT_STATED}}</span>{{/NOT_STATED}}{{#NOT_APPLICABLE}}<span class="quiet"><span aria-hidden="true">–</span> {{T_EVIDENCE_NOT_APPLICABLE}}</span>{{/NOT_APPLICABLE}} <span class="count">{{COUNT}}</span></summary>
<ul class="marks">
{{#MARK}}
{{>MARK}}
{{/MARK}}
</ul>
</details>
{{/REST}}
</div>
{{/EVIDENCE}}
{{#ANY_OTHER_VIEW}}
<div class="part">
<h3>{{T_EVIDENCE_OTHERS}}</h3>
<p class="note">{{T_EVIDENCE_OTHERS_ABOUT}}</p>
{{#OTHER_VIEW}}
<details class="view">
<summary>{{HEADING:none}} <span class="count">{{T_EVIDENCE_STATED}} {{SUM}}</span></summary>
<ul class="marks">
{{#MARK}}
{{>MARK}}
{{/MARK}}
</ul>
</details>
{{/OTHER_VIEW}}
</div>
{{/ANY_OTHER_VIEW}}
</section>
{{/ANY_EVIDENCE}}
