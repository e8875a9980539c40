{{%AUTOESCAPE context="HTML"}}
<h1>{{T_NOT_FOUND}}</h1>
<p class="lead">{{T_NOT_FOUND_TEXT}}</p>
<ul class="more">
<li><a href="{{HOME}}">{{T_HOME}}</a></li>
<li><a href="{{CASES}}">{{T_ALL_CASES}}</a></li>
<li><a href="{{DATA}}">{{T_ALL_DATA}}</a></li>
</ul>
