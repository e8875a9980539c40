{{%AUTOESCAPE context="HTML"}}
<h1>{{T_SEARCH}}</h1>
{{>FIND}}
{{#INDEX}}
<p id="found" class="found" role="status"></p>
<section id="results" data-index="{{INDEX}}" data-root="{{ROOT}}" data-found="{{T_SEARCH_FOUND}}" data-some="{{T_SEARCH_SOME}}" data-none="{{T_SEARCH_NONE}}" data-failed="{{T_SEARCH_FAILED}}" aria-label="{{T_SEARCH_RESULTS}}" hidden>
<details id="narrow">
<summary>{{T_SEARCH_NARROW}}</summary>
<div class="narrow">
{{#NARROW}}
<label>{{LABEL:none}} <select name="{{NAME}}" form="search"><option value="">{{T_SEARCH_ANY}}</option>{{#CODE}}<option value="{{CODE}}">{{LABEL:none}}</option>{{/CODE}}</select></label>
{{/NARROW}}
</div>
</details>
<h2 class="hidden">{{T_SEARCH_RESULTS}}</h2>
<ol class="cards" id="hits"></ol>
<p><button type="button" id="more" hidden>{{T_SEARCH_MORE}}</button></p>
{{#ANY_OTHER}}
<p class="others">{{T_SEARCH_OTHERS}} {{#OTHER}}<a href="{{URL}}" lang="{{HREFLANG}}" hreflang="{{HREFLANG}}">{{NAME}}</a> {{/OTHER}}</p>
{{/ANY_OTHER}}
</section>
{{/INDEX}}
<section class="block" id="ways">
<h2>{{T_SEARCH_WAYS}}</h2>
{{>WAYS_LINE}}
<ul class="ways">
{{#LIST}}
<li><a href="{{URL}}">{{LABEL:none}}</a></li>
{{/LIST}}
</ul>
</section>
{{#SCRIPT}}
<script type="module" src="{{SCRIPT}}"></script>
{{/SCRIPT}}
