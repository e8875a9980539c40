{{%AUTOESCAPE context="HTML"}}
<form class="find" id="search" role="search" action="{{FIND}}">
<label for="find">{{T_SEARCH_LABEL}}</label>
<input type="search" id="find" name="q" autocomplete="off" enterkeyhint="search">
<button type="submit">{{T_SEARCH}}</button>
</form>
