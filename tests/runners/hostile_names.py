"""Pushes that try to take an address of the site, to lead out of it, or to bring along what a server
or git would obey: each is refused with a finding that names it, or changes nothing."""

import json
import os
import re

CASE = "content/cases/river/index.ja.md"
SITE = "content/site.yaml"
DESCRIPTOR = "data/datapackage.json"


def page(name):
    """A page of this id."""
    return lambda files: {"content/pages/%s/index.ja.md" % name: files["content/pages/about/index.ja.md"]}


def line(path, key, value):
    """`key: value` at the top of a file instead of what it says there."""

    def edit(files):
        text = re.sub(r"(?m)^%s:.*\n" % key, "", files[path])
        place = "---\n" if path.endswith(".md") else ""
        return {path: text.replace(place, "%s%s: %s\n" % (place, key, value), 1)}

    return edit


def language(tag):
    return lambda files: {SITE: files[SITE].replace("tag: ja", 'tag: "%s"' % tag)}


def resource(key, value):
    def edit(files):
        descriptor = json.loads(files[DESCRIPTOR])
        descriptor["resources"][0][key] = value
        return {DESCRIPTOR: json.dumps(descriptor, ensure_ascii=False)}

    return edit


# (what, files to write, the finding that refuses it)
REFUSED = (
    ("page-assets", page("assets"), "item.reserved_id"),
    ("page-robots", page("robots.txt"), "item.bad_id"),
    ("page-option", page("-rf"), "item.bad_id"),
    ("alias-outside", line(CASE, "aliases", '["../../../en"]'), "item.alias"),
    ("alias-nginx", line(CASE, "aliases", '["x\\n\\"/en/\\" \\"/evil\\";"]'), "item.alias"),
    ("alias-taken", line(CASE, "aliases", "[river]"), "item.alias"),
    ("alias-reserved", line(CASE, "aliases", "[by]"), "item.alias"),
    ("theme-outside", line(SITE, "theme", '"../../../../site/themes/x"'), "site.no_theme"),
    ("language-assets", language("assets"), "site.language_tag"),
    ("language-outside", language("../x"), "site.language_tag"),
    ("address-script", line(SITE, "base_url", "'javascript:alert(1)'"), "record.url"),
    ("address-markup", line(SITE, "base_url", "'https://e.example/\"onload=\"x'"), "record.url"),
    ("huge-year", line(CASE, "updated", "99999999999999999999-01-01"), "record.date_unreadable"),
    ("huge-number", line("content/pages/about/index.ja.md", "order", "9" * 40), "record.expected_integer"),
    ("register-name", resource("name", "../../x"), "register.bad_name"),
    ("register-reserved", resource("name", "assets"), "register.reserved_name"),
    ("register-outside", resource("path", "../../../../etc/passwd"), "register.unsafe_path"),
    ("register-elsewhere", resource("path", "https://e.example/x.csv"), "register.unsafe_path"),
    ("nested-json", lambda _: {DESCRIPTOR: '{"a":' * 100000}, "json.limit"),
    ("nested-lists", lambda files: {CASE: files[CASE] + "\n" + "- " * 20000 + "x\n"}, "markdown.nesting"),
    ("link-script", lambda files: {CASE: files[CASE] + "\n[a](javascript:alert(1))\n"}, "markdown.unsafe_url"),
)

# What git, make or a web server would obey elsewhere. Nothing of it is published or run.
OBEYED = {
    ".gitattributes": "* filter=evil ident export-subst\n*.md -text diff=evil merge=ours\n",
    ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = https://e.example/\n',
    ".lfsconfig": "[lfs]\n\turl = https://e.example/\n",
    "hooks/pre-receive": "#!/bin/sh\ntouch {mark}\n",
    "Makefile": "all:\n\ttouch {mark}\n",
    "index.html": "defaced",
    "public/index.html": "defaced",
    "redirects-evil.map": '"/en/" "/evil";\n',
    "data/evil.html": "defaced",
    "content/cases/river/evil.html": "defaced",
    "content/cases/river/.htaccess": "Redirect / /evil\n",
    "content/cases/river/evil.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "themes/casebook/templates/layout.tpl": "defaced",
}


def read(place):
    files = {}
    for path in (CASE, SITE, DESCRIPTOR, "content/pages/about/index.ja.md"):
        with open(os.path.join(place.site, path), encoding="utf-8") as file:
            files[path] = file.read()
    return files


def write(place, files):
    for path, text in files.items():
        full = os.path.join(place.site, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
    place.git("add", "--all", "--force")
    place.git("commit", "-qm", "hostile")


def obeyed(place):
    """Files that some program takes orders from: as if they were not there."""
    mark = os.path.join(place.root, "mark")
    write(place, {path: text.replace("{mark}", mark) for path, text in OBEYED.items()})
    status, text = place.push()
    problems = [] if status == 0 else [text]
    found = place.run(["grep", "-rlaE", "defaced|evil", os.path.join(place.www, "current/")])
    for name in found.stdout.decode().split():
        if "/data/cases/" not in name:  # the report on quality names files that are not used
            problems.append("published: " + name)
    place.reload_nginx()
    if place.get("/en/cases/")[0] != 200 or place.get("/en/cases/river/evil.html")[0] != 404:
        problems.append("a pushed file answers, or hinders a page")
    if os.path.exists(mark):
        problems.append("something that was pushed ran")
    place.git("revert", "--no-edit", "HEAD")
    if place.push()[0] != 0:
        problems.append("it can't be taken back")
    return problems
