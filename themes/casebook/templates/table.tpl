{{%AUTOESCAPE context="HTML"}}
<div class="frame{{#STACK}} stack{{/STACK}}{{#MATRIX}} matrix{{/MATRIX}}" role="group" aria-labelledby="{{ID}}-caption" tabindex="0">
<table id="{{ID}}">
<caption id="{{ID}}-caption"{{#QUIET}} class="hidden"{{/QUIET}}>{{CAPTION:none}}</caption>
<thead>
<tr>{{#COLUMN}}<th scope="col"{{#NUMBER}} class="number"{{/NUMBER}}>{{LABEL:none}}{{#UNIT}} <span class="note">({{UNIT:none}})</span>{{/UNIT}}</th>{{/COLUMN}}</tr>
</thead>
<tbody>
{{#ROW}}
<tr{{#ID}} id="{{ID}}"{{/ID}}>{{#CELL}}{{#HEADER}}<th scope="row">{{VALUE:none}}</th>{{/HEADER}}{{#NO_HEADER}}<td{{#LABEL}} data-label="{{LABEL}}"{{/LABEL}}{{#NUMBER}} class="number"{{/NUMBER}}>{{VALUE:none}}{{#NOT_STATED}}<span class="silent"><span aria-hidden="true">○</span> {{T_NOT_STATED}}</span>{{/NOT_STATED}}</td>{{/NO_HEADER}}{{/CELL}}</tr>
{{/ROW}}
</tbody>
</table>
</div>
