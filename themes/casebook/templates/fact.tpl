{{%AUTOESCAPE context="HTML"}}
<div{{#ID}} id="{{ID}}"{{/ID}}><dt>{{LABEL:none}}</dt><dd>{{#NOT_STATED}}<span class="silent"><span aria-hidden="true">○</span> {{T_NOT_STATED}}</span>{{/NOT_STATED}}{{#NOT_APPLICABLE}}<span class="quiet"><span aria-hidden="true">–</span> {{T_NOT_APPLICABLE}}</span> {{/NOT_APPLICABLE}}{{VALUE:none}}</dd></div>
