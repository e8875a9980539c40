{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="{{LANG}}">
<head>
<meta charset="utf-8">
<title>{{TITLE}}</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{{CANONICAL}}">
<meta http-equiv="refresh" content="0; url={{URL}}">
</head>
<body>
<main>
<h1>{{T_MOVED}}</h1>
<p><a href="{{URL}}">{{TITLE}}</a></p>
</main>
</body>
</html>
