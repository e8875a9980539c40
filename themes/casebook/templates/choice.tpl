{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="{{LANG}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{TITLE}}</title>
{{#NOINDEX}}
<meta name="robots" content="noindex">
{{/NOINDEX}}
{{#CANONICAL}}
<link rel="canonical" href="{{CANONICAL}}">
{{/CANONICAL}}
{{#ALTERNATE}}
<link rel="alternate" hreflang="{{HREFLANG}}" href="{{URL}}">
{{/ALTERNATE}}
<meta name="color-scheme" content="light dark">
{{#ICON}}
<link rel="icon" type="image/svg+xml" href="{{ICON}}">
{{/ICON}}
<link rel="stylesheet" href="{{STYLE}}">
{{#COLOURS}}
<link rel="stylesheet" href="{{COLOURS}}">
{{/COLOURS}}
</head>
<body class="page-choice">
<main id="main">
<h1 class="hidden">{{TITLE}}</h1>
{{#LANGUAGE}}
<section class="choice" lang="{{HREFLANG}}">
<h2>{{SITE_TITLE}}</h2>
<p class="tagline">{{TAGLINE}}</p>
{{#MESSAGE}}
<p>{{MESSAGE}}</p>
{{/MESSAGE}}
<p class="choice-link"><a href="{{URL}}" hreflang="{{HREFLANG}}">{{NAME}}</a></p>
</section>
{{/LANGUAGE}}
</main>
</body>
</html>
