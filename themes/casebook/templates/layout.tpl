{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="{{LANG}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{TITLE}}</title>
{{#DESCRIPTION}}
<meta name="description" content="{{DESCRIPTION}}">
{{/DESCRIPTION}}
{{#NOINDEX}}
<meta name="robots" content="noindex">
{{/NOINDEX}}
{{#CANONICAL}}
<link rel="canonical" href="{{CANONICAL}}">
{{/CANONICAL}}
{{#SHARE_TITLE}}
<meta property="og:type" content="{{#SHARE_ARTICLE}}article{{/SHARE_ARTICLE}}{{#NO_SHARE_ARTICLE}}website{{/NO_SHARE_ARTICLE}}">
<meta property="og:title" content="{{SHARE_TITLE}}">
<meta property="og:site_name" content="{{SITE_TITLE}}">
<meta property="og:url" content="{{CANONICAL}}">
{{#DESCRIPTION}}
<meta property="og:description" content="{{DESCRIPTION}}">
{{/DESCRIPTION}}
{{#SHARE_LOCALE}}
<meta property="og:locale" content="{{SHARE_LOCALE}}">
{{/SHARE_LOCALE}}
{{#SHARE_PUBLISHED}}
<meta property="article:published_time" content="{{SHARE_PUBLISHED}}">
{{/SHARE_PUBLISHED}}
{{#SHARE_MODIFIED}}
<meta property="article:modified_time" content="{{SHARE_MODIFIED}}">
{{/SHARE_MODIFIED}}
{{#SHARE_IMAGE}}
<meta property="og:image" content="{{SHARE_IMAGE}}">
{{/SHARE_IMAGE}}
{{/SHARE_TITLE}}
{{#ALTERNATE}}
<link rel="alternate" hreflang="{{HREFLANG}}" href="{{URL}}">
{{/ALTERNATE}}
{{#FEED}}
<link rel="alternate" type="application/atom+xml" title="{{SITE_TITLE}}" href="{{FEED}}">
{{/FEED}}
<meta name="color-scheme" content="light dark">
{{#ICON}}
<link rel="icon" type="image/svg+xml" href="{{ICON}}">
{{/ICON}}
<link rel="stylesheet" href="{{STYLE}}">
{{#COLOURS}}
<link rel="stylesheet" href="{{COLOURS}}">
{{/COLOURS}}
{{#STRUCTURED_DATA}}
<script type="application/ld+json">{{STRUCTURED_DATA:none}}</script>
{{/STRUCTURED_DATA}}
</head>
<body class="page-{{KIND}}">
<a class="skip" href="#main">{{T_SKIP}}</a>
{{>HEADER}}
<main id="main"{{#TEXT_LANG}} lang="{{TEXT_LANG}}"{{/TEXT_LANG}}>
{{#NOTICE}}
<p class="notice" lang="{{LANG}}">{{TEXT:none}}</p>
{{/NOTICE}}
{{CONTENT:none}}
</main>
{{>FOOTER}}
</body>
</html>
