"""Publishing for real: pushes to a bare repository, pages through nginx, and everything that can go
wrong in between. What readers are sent must be one whole release at every moment."""

import os
import random
import re
import resource
import shutil
import signal
import stat
import subprocess
import threading
import time

import hostile_names
import report
import shared_group
from publishing_place import PICTURE, STYLE, Place, Reader, resolve

NOBODY = 65534
ACTORS = "data/registers/actors.csv"
DESCRIPTOR = "data/datapackage.json"
FORMATS = "generator/render/dataset/formats.def"
SECRET = "044-555-0199"
MEMORY_MOST = 2 << 20  # kB, of any one process below this one
UNCHANGED = "サイトはこれまでのままです"


def expect_push(problems, done, accepted, *words):
    """Whether the push went as it should, and said what it should."""
    status, text = done
    if (status == 0) != accepted:
        problems.append("the push was %s" % ("refused" if accepted else "accepted"))
    problems += ["the pusher is not told %r" % word for word in words if word not in text]
    if problems:
        problems.append(text)
    return text


def with_reader(check):
    """Run a check while a reader looks; what she saw counts too."""

    def run(place):
        reader = Reader(place)
        reader.start()
        try:
            problems = check(place)
        finally:
            seen = reader.stop()
        return problems + seen

    run.__name__ = check.__name__
    return run


# ---- What a push does ----


def first_push(place):
    problems = []
    commit = place.change()
    text = expect_push(problems, place.push(), True, "公開しました: https://kyodo.example/")
    if place.live() != commit:
        problems.append("the live release is %r" % place.live())
    for word in ("警告", "error", "エラー"):
        if word in text:
            problems.append("unexpected in the answer: " + word)
    return problems + [place.is_whole()]


def second_push(place):
    """The pages that changed are named; the style sheet of the page before stays."""
    problems = []
    before = place.get("/en/")[2]
    sheet = resolve("/en/", STYLE.search(before)[1].decode())
    time_before = place.get("/ja/about/")[1]["etag"]
    place.change()
    expect_push(problems, place.push(), True, "変更 https://kyodo.example/en/cases/river/")
    if place.get(sheet)[0] != 200:
        problems.append("the page from before does not find its style sheet")
    if place.get("/ja/about/")[1]["etag"] != time_before:
        problems.append("a page that did not change is sent again")
    return problems


def old_assets(place):
    """A picture of an old release is there as long as the release is, and no longer."""
    problems = []
    pictures = []
    for _ in range(7):
        place.change()
        expect_push(problems, place.push(), True)
        page = place.get("/en/cases/river/")[2].decode()
        name = re.search(r'src="([^"]*photo[^"]*)"', page)[1]
        pictures.append(resolve("/en/cases/river/", name))
    found = [place.get(picture)[0] for picture in pictures]
    if found != [404, 404, 200, 200, 200, 200, 200]:
        problems.append("pictures of seven releases answer %s" % found)
    if len(os.listdir(os.path.join(place.www, "releases"))) != 5:
        problems.append("not five releases: %s" % os.listdir(os.path.join(place.www, "releases")))
    return problems


def going_back(place):
    problems = []
    now = place.live()
    done = place.publish("rollback", "--www", place.www, "--lang", "ja")
    if done.returncode != 0 or place.live() == now:
        problems.append("rollback: %s" % (done.stdout + done.stderr).decode())
    before = place.live()
    listed = place.publish("list", "--www", place.www, "--lang", "en").stdout.decode()
    if not re.search(r"^\* %s .*live$" % before[:12], listed, re.M):
        problems.append("list does not mark the live release:\n" + listed)
    done = place.publish("rollback", now[:10], "--www", place.www)
    if done.returncode != 0 or place.live() != now:
        problems.append("no way forward again: %s" % done.stderr.decode())
    place.publish("rollback", "--www", place.www)
    commit = place.change()
    expect_push(problems, place.push(), True)
    if place.live() != commit:
        problems.append("a push after going back is not live")
    return problems


def release_facts(place):
    """/release.json names the commit, its time and what is in it."""
    text = place.get("/release.json")[2].decode()
    time_text = place.git("log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ")
    wanted = ('"commit": "%s"' % place.live(), '"time": "%s"' % time_text, '"cases": 1')
    return ["release.json has no %s:\n%s" % (word, text) for word in wanted if word not in text]


def previews(place):
    problems = []
    live = place.live()
    place.git("checkout", "-q", "-b", "feature/Map_é")
    place.change()
    url = "https://kyodo.example/preview/feature._4dap_5f_c3_a9/"
    expect_push(problems, place.push("HEAD"), True, "下見用に公開しました: " + url)
    path = "/preview/feature._4dap_5f_c3_a9/"
    status, headers, body = place.get(path + "en/")
    if status != 200 or b'name="robots" content="noindex"' not in body:
        problems.append("the preview answers %d, or may be indexed" % status)
    if headers.get("x-robots-tag") != "noindex, nofollow":
        problems.append("no X-Robots-Tag: %s" % headers)
    if b'name="robots"' in place.get("/en/")[2]:
        problems.append("the site itself may not be indexed")
    sheet = place.get(resolve(path + "en/", STYLE.search(body)[1].decode()))
    if sheet[0] != 200:
        problems.append("the preview has no style")
    if place.live() != live:
        problems.append("the preview became the live site")
    # Its history may be rewritten.
    place.git("commit", "-q", "--amend", "-m", "again")
    expect_push(problems, place.push("+HEAD"), True)
    expect_push(problems, place.push(":feature/Map_é"), True, "下見用のページを消しました")
    if place.get(path + "en/")[0] != 404 or os.listdir(os.path.join(place.www, "previews")):
        problems.append("the preview is still there")
    place.git("checkout", "-q", "main")
    return problems


def refused_refs(place):
    """The published branch only grows; other refs are not taken."""
    problems = []
    before = place.everything()
    expect_push(problems, place.push(":main"), False, UNCHANGED)
    tree = place.git("rev-parse", "HEAD^{tree}")
    lone = place.git("commit-tree", "-m", "another beginning", tree)
    expect_push(problems, place.push("+%s:refs/heads/main" % lone), False, "強制 push", UNCHANGED)
    expect_push(problems, place.push("HEAD:refs/replace/%s" % lone), False, UNCHANGED)
    expect_push(problems, place.push("HEAD:refs/tags/v1"), True)
    if place.everything() != before:
        problems.append("the published folder changed")
    return problems


def confusing_names(place):
    """A name that git could not tell from the published branch's would hinder everybody else."""
    problems = []
    place.git("branch", "refs/heads/main")
    for ref in ("refs/tags/main", "refs/tags/refs/heads/main", "refs/tags/HEAD", "refs/heads/HEAD"):
        expect_push(problems, place.push("HEAD:" + ref), False, "紛らわしい", UNCHANGED)
    expect_push(problems, place.push("HEAD:refs/heads/refs/heads/main"), False, "紛らわしい")
    place.git("branch", "-D", "refs/heads/main")
    for ref in ("refs/for/main", "refs/meta/config", "refs/stash", "refs/notes/commits"):
        expect_push(problems, place.push("HEAD:" + ref), False, "ブランチとタグだけ", UNCHANGED)
    place.change()
    expect_push(problems, place.push("HEAD:main"), True, "公開しました")
    return problems


def many_previews(place):
    """Each is a whole site on the disk: there are so many and no more, also in one push."""
    problems = []
    most = 2
    place.git("config", "kyodo.previews", str(most), folder=place.repository)
    names = ["HEAD:refs/heads/many-%d" % number for number in range(most + 1)]
    push = ["git", "-C", place.site, "push", "publish"]
    done = place.run(push + names)
    text = done.stderr.decode()
    expect_push(problems, (done.returncode, text), False, "2 までです（いま 0）", UNCHANGED)
    if os.path.isdir(os.path.join(place.www, "previews")) and os.listdir(place.www + "/previews"):
        problems.append("previews of what was refused")
    done = place.run(push + names[:most])
    expect_push(problems, (done.returncode, done.stderr.decode()), True, "下見用に公開しました")
    expect_push(problems, place.push(names[most]), False, "git push publish :", UNCHANGED)
    done = place.run(push + [names[most], ":many-0"])  # one for another
    expect_push(problems, (done.returncode, done.stderr.decode()), True, "下見用に公開しました")
    done = place.run(push + [":many-%d" % number for number in range(1, most + 1)])
    if done.returncode != 0 or os.listdir(os.path.join(place.www, "previews")):
        problems.append("previews stay: " + done.stderr.decode())
    place.git("config", "--unset", "kyodo.previews", folder=place.repository)
    long = "HEAD:refs/heads/" + "/".join(["é" * 60] * 2)
    expect_push(problems, place.push(long), True, "下見用に公開しました")
    expect_push(problems, place.push(long[4:]), True, "下見用のページを消しました")
    return problems


def mistakes(place):
    """Findings in the city's language, the worst first, at most fifty; nothing is left of it."""
    problems = []
    before = place.everything()
    path = os.path.join(place.site, ACTORS)
    with open(path, "a", encoding="utf-8") as file:
        for number in range(200):
            file.write("Bad Id %d,名前,Name,no_such_type\n" % number)
    page = os.path.join(place.site, "content", "cases", "river", "index.en.md")
    with open(page, "a", encoding="utf-8") as file:
        file.write("\n[nothing](../nothing/)\n")
    place.git("commit", "-qam", "mistakes")
    commit = place.git("rev-parse", "HEAD")
    text = expect_push(
        problems, place.push(), False, "エラー[", "index.en.md", "何も公開していません", UNCHANGED
    )
    shown = len(re.findall(r": (?:エラー|警告|注意)\[", text))
    if not 2 <= shown <= 50:
        problems.append("%d findings are shown" % shown)
    if place.everything() != before:
        problems.append("the published folder changed")
    objects = place.run(["git", "-C", place.repository, "cat-file", "-e", commit])
    if objects.returncode == 0:
        problems.append("the refused commit stayed in the repository")
    place.git("reset", "-q", "--hard", "HEAD~1")
    return problems


def spoilt_languages(place):
    """Whoever spoils the lines that name the languages is answered in the one that is live."""
    problems = []
    path = os.path.join(place.site, "content", "site.yaml")
    with open(path, encoding="utf-8") as file:
        good = file.read()
    first = "  - {tag: ja, name: 日本語}\n"
    second = "  - {tag: en, name: English}\n"
    for spoilt in (
        good.replace(first, first.replace("ja", "jp")),
        good.replace(first + second, second + first),
        good.replace(first + second, ""),
        good.replace(first, "").replace("theme:", "theme："),
    ):
        with open(path, "w", encoding="utf-8") as file:
            file.write(spoilt)
        place.git("commit", "-qam", "languages")
        expect_push(problems, place.push(), False, "エラー[", UNCHANGED)
        place.git("reset", "-q", "--hard", "HEAD~1")
    return problems


def warnings_pass(place):
    """A warning is told, and does not block."""
    problems = []
    page = os.path.join(place.site, "content", "cases", "river", "index.ja.md")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    with open(page, "w", encoding="utf-8") as file:
        file.write(re.sub(r"^updated: .*$", "updated: 2199-01-01", text, flags=re.M))
    place.git("commit", "-qam", "from the future")
    expect_push(problems, place.push(), True, "警告[", "公開しました")
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)
    place.git("commit", "-qam", "back again")
    expect_push(problems, place.push(), True)
    return problems


def private_columns(place):
    """What a private column holds is in no release, no answer and no log, even beside a mistake."""
    problems = []
    with open(os.path.join(place.site, DESCRIPTOR), encoding="utf-8") as file:
        descriptor = file.read()
    marked = descriptor.replace(
        '"name": "name_english",', '"name": "name_english", "kyodo:private": true,'
    )
    with open(os.path.join(place.site, DESCRIPTOR), "w", encoding="utf-8") as file:
        file.write(marked)
    with open(os.path.join(place.site, ACTORS), encoding="utf-8") as file:
        actors = file.read()
    with open(os.path.join(place.site, ACTORS), "w", encoding="utf-8") as file:
        file.write(actors + "secret-one,ひみつ,%s,no_such_type\n" % SECRET)
    place.git("commit", "-qam", "a private column and a mistake")
    text = expect_push(problems, place.push(), False, "actors.csv")
    if SECRET in text:
        problems.append("the answer tells what is private")
    with open(os.path.join(place.site, ACTORS), "w", encoding="utf-8") as file:
        file.write(actors + "secret-one,ひみつ,%s,government\n" % SECRET)
    place.git("commit", "-qam", "a private column")
    text = expect_push(problems, place.push(), True)
    found = place.run(["grep", "-rlaF", SECRET, place.www])
    packed = [
        path
        for path in place.run(["find", place.www, "-name", "*.gz"]).stdout.decode().split()
        if SECRET.encode() in place.run(["gzip", "-dc", path]).stdout
    ]
    if found.stdout or packed or SECRET in text:
        problems.append("published: %s %s" % (found.stdout.decode(), packed))
    place.git("revert", "--no-edit", "HEAD", "HEAD~1")
    expect_push(problems, place.push(), True)
    return problems


def pushed_theme(place):
    """A theme in the repository counts only where the server's configuration says so."""
    problems = []
    theme = os.path.join(place.site, "themes")
    shutil.copytree(os.path.join(report.ROOT, "themes"), theme)
    layout = os.path.join(theme, "casebook", "templates", "layout.tpl")
    with open(layout, encoding="utf-8") as file:
        text = file.read()
    with open(layout, "w", encoding="utf-8") as file:
        file.write(text.replace("</body>", "<p>defaced</p></body>"))
    place.git("add", "-A")
    place.git("commit", "-qm", "another theme")
    expect_push(problems, place.push(), True)
    if b"defaced" in place.get("/en/")[2]:
        problems.append("a pushed theme is used")
    place.git("config", "kyodo.theme", "pushed", folder=place.repository)
    done = place.publish("deploy", "--repo", place.repository, "--www", place.www)
    if b"defaced" not in place.get("/en/")[2]:
        problems.append("deploy does not do what a push would: %s" % done.stderr.decode())
    place.change()
    expect_push(problems, place.push(), True)
    if b"defaced" not in place.get("/en/")[2]:
        problems.append("the theme that is allowed is not used")
    place.git("config", "--unset", "kyodo.theme", folder=place.repository)
    place.git("rm", "-rq", "themes")
    place.git("commit", "-qm", "no theme")
    expect_push(problems, place.push(), True)
    return problems


def hooks_survive(place):
    """A repository that moved, a PATH without kyodo, a program that is gone."""
    problems = []
    moved = place.repository + ".moved"
    os.rename(place.repository, moved)
    place.git("remote", "set-url", "publish", moved)
    place.change()
    expect_push(problems, place.push(env=dict(place.env, PATH="/usr/bin:/bin")), True, "公開しました")
    os.rename(place.kyodo, place.kyodo + ".away")
    before = place.everything()
    place.change()
    expect_push(problems, place.push(), False, "点検するプログラムがない", place.kyodo)
    if place.everything() != before:
        problems.append("the published folder changed")
    os.rename(place.kyodo + ".away", place.kyodo)
    os.rename(moved, place.repository)
    place.git("remote", "set-url", "publish", place.repository)
    expect_push(problems, place.push(), True, "公開しました")
    with open(os.path.join(place.repository, "hooks", "pre-receive"), "r+", encoding="utf-8") as file:
        own = file.read()
        file.seek(0)
        file.write("#!/bin/sh\nexit 0\n")
        file.truncate()
    done = place.publish("init", "--repo", place.repository, "--www", place.www)
    if done.returncode == 0:
        problems.append("somebody else's hook was replaced")
    with open(os.path.join(place.repository, "hooks", "pre-receive"), "w", encoding="utf-8") as file:
        file.write(own)
    return problems


def ordinary_user(_):
    """All of it without root, in folders that only this user may write; a target that turns
    read-only."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return []  # then everything here runs so
    problems = []
    place = Place()
    try:
        os.chown(place.root, NOBODY, NOBODY)
        prefix = ["setpriv", "--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups"]
        as_root = place.run
        place.run = lambda command, seconds=300, **more: as_root(prefix + command, seconds, **more)
        place.set_up()
        place.change(1)
        expect_push(problems, place.push(), True, "公開しました")
        live = place.live()
        before = place.everything()
        folders = [place.www, os.path.join(place.www, "releases"), os.path.join(place.www, "assets")]
        for folder in folders:
            os.chmod(folder, 0o555)
        place.git("commit", "-q", "--allow-empty", "-m", "while it is read-only")
        expect_push(problems, place.push(), True, "書き込む権限がありません", "公開はできませんでした")
        for folder in folders:
            os.chmod(folder, 0o755)
        if place.live() != live or place.everything() != before:
            problems.append("the published folder changed")
        place.git("commit", "-q", "--allow-empty", "-m", "and no more")
        expect_push(problems, place.push(), True, "公開しました")
        if place.live() == live:
            problems.append("the next push did not repair it")
        mode = stat.S_IMODE(os.stat(os.path.join(place.www, "current", "index.html")).st_mode)
        if mode & 0o444 != 0o444:
            problems.append("a web server may not read the pages: %o" % mode)
    finally:
        place.close()
    return problems


def two_of_a_group(_):
    """Two people share a repository; neither is root."""
    return shared_group.shared_group() if shared_group.can_run() else None


# ---- The web server ----

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cache-control": "no-cache",
}


def languages(place):
    """Accept-Language counts at `/` and nowhere else."""
    problems = []
    wanted = {"ja": "/ja/", "en-GB,ja;q=0.5": "/en/", "fr, en;q=0.5": "/en/", "fr": None, "": None}
    for language, target in wanted.items():
        status, headers, _ = place.get("/", Accept_Language=language)
        if (status, headers.get("location")) != ((302, target) if target else (200, None)):
            problems.append("%r: %d %s" % (language, status, headers.get("location")))
        if "Accept-Language" not in headers.get("vary", ""):
            problems.append("%r: Vary is %s" % (language, headers.get("vary")))
    if place.get("/en/", Accept_Language="ja")[0] != 200:
        problems.append("/en/ is not for everybody")
    return problems


def missing_pages(place):
    """An address that is not there is told in its own language; folders are not listed."""
    problems = []
    wanted = {
        "/ja/nothing/": b'<html lang="ja">',
        "/en/nothing": b'<html lang="en">',
        "/nothing": b'lang="en"',
        "/data/": b"404",
        "/assets/": b"",
        "/assets/style.0123456789abcdef.css": b"",
        "/.kyodo-manifest": b"",
        "/.kyodo-release": b"",
        "/preview/": b"",
        "/releases/": b"",
    }
    for path, word in wanted.items():
        status, headers, body = place.get(path)
        if status != 404 or (word != b"404" and word not in body) or b"<main" not in body:
            problems.append("%s: %d %r" % (path, status, body[:200]))
        if headers.get("cache-control") != "no-cache":
            problems.append("%s: Cache-Control %s" % (path, headers.get("cache-control")))
    if place.get("/en/", method="POST")[0] != 405:
        problems.append("a page takes POST")
    return problems


def page_headers(place):
    problems = []
    status, headers, body = place.get("/en/cases/river/")
    for name, value in HEADERS.items():
        if headers.get(name) != value:
            problems.append("%s: %s" % (name, headers.get(name)))
    if "default-src 'none'" not in headers.get("content-security-policy", ""):
        problems.append("no Content-Security-Policy")
    if headers.get("content-type") != "text/html; charset=utf-8":
        problems.append("Content-Type: %s" % headers.get("content-type"))
    again = place.get("/en/cases/river/", If_None_Match=headers["etag"])
    if again[0] != 304:
        problems.append("the same page is sent again: %d" % again[0])
    packed = place.get("/en/cases/river/", Accept_Encoding="gzip")
    if packed[1].get("content-encoding") != "gzip" or "Accept-Encoding" not in str(packed[1]):
        problems.append("not sent packed: %s" % packed[1])
    if place.get("/en/cases")[1].get("location") != "/en/cases/":
        problems.append("a folder without its slash: %s" % place.get("/en/cases")[1])
    sheet = place.get(resolve("/en/cases/river/", STYLE.search(body)[1].decode()))
    if sheet[1].get("cache-control") != "public, max-age=31536000, immutable":
        problems.append("the style sheet: %s" % sheet[1])
    picture = resolve("/en/cases/river/", PICTURE.search(body)[1].decode())
    if "sandbox" not in place.get(picture)[1]["content-security-policy"]:
        problems.append("a picture that is opened by itself may do what a page may")
    return problems


def policy_in_browser(place):
    """The policy hinders no page: its style, pictures, script and search are there."""
    paths = ("/", "/en/", "/ja/", "/en/cases/river/", "/en/data/actors/", "/en/search/")
    script = os.path.join(report.ROOT, "tests", "browser", "policy.mjs")
    urls = ["http://127.0.0.1:%d%s" % (place.port, path) for path in paths]
    done = place.run(["node", script, *urls], env=dict(place.env, PATH=os.environ["PATH"]))
    return (done.stdout if done.returncode == 0 else done.stderr).decode().split("\n")


def media_types(place):
    """Every file of a release, by the table of formats."""
    problems = []
    with open(os.path.join(report.ROOT, FORMATS), encoding="utf-8") as file:
        formats = re.findall(r'^FORMAT\(\w+, \w+, "([^"]+)", "([^"]+)"', file.read(), re.M)
    if len(formats) < 4:
        problems.append("the table of formats has another form")
    root = os.path.join(place.www, "current")
    for path, _, names in sorted(os.walk(root)):
        for name in names:
            address = "/" + os.path.relpath(os.path.join(path, name), root)
            if name.endswith(".gz") or name.startswith("."):
                continue
            headers = place.get(address, method="HEAD")[1]
            got = headers.get("content-type", "")
            if got.startswith("application/octet-stream"):
                problems.append("%s has no media type" % address)
            if address.startswith("/cases/by/"):
                way = "-".join(["cases", address.split("/")[3], name])
                if headers.get("content-disposition") != 'attachment; filename="%s"' % way:
                    problems.append("%s: %s" % (address, headers.get("content-disposition")))
            if not address.startswith("/data/"):
                continue
            fitting = [row for row in formats if name.endswith(row[0])]
            wanted = max(fitting, key=lambda row: len(row[0]))[1] if fitting else ""
            if not got.startswith(wanted):
                problems.append("%s: %s instead of %s" % (address, got, wanted))
            if headers.get("access-control-allow-origin") != "*":
                problems.append("%s may not be read by other sites" % address)
            if name.endswith((".csv", ".xlsx", ".zip")) and headers.get(
                "content-disposition"
            ) != 'attachment; filename="%s"' % name:
                problems.append("%s: %s" % (address, headers.get("content-disposition")))
    feed = place.get("/en/feed.xml")[1]["content-type"]
    if not feed.startswith("application/atom+xml"):
        problems.append("feed.xml: " + feed)
    return problems


def redirects(place):
    """A former id answers with a page at once, and with a redirect after nginx was reloaded."""
    problems = []
    page = os.path.join(place.site, "content", "cases", "river", "index.ja.md")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    with open(page, "w", encoding="utf-8") as file:
        file.write(text.replace("---\n", "---\naliases: [stream]\n", 1))
    place.git("commit", "-qam", "a former id")
    expect_push(problems, place.push(), True)
    if place.get("/en/cases/stream/")[0] != 200:
        problems.append("no page at the former address")
    place.reload_nginx()
    for path in ("/en/cases/stream/", "/en/cases/stream"):
        status, headers, _ = place.get(path)
        if (status, headers.get("location")) != (301, "/en/cases/river/"):
            problems.append("%s: %d %s" % (path, status, headers.get("location")))
    return problems


# ---- Hostile pushes ----


def push_tree(place, lines, *options):
    """Push HEAD's tree with these entries added."""
    entries = place.bare("ls-tree", "HEAD").encode() + b"\n" + "".join(
        line + "\n" for line in lines
    ).encode()
    tree = place.bare("mktree", "--missing", *options, text=entries)
    commit = place.git("commit-tree", "-p", "HEAD", "-m", "hostile", tree)
    return place.push("%s:refs/heads/main" % commit)


def blob(place, data):
    return place.bare("hash-object", "-w", "--stdin", text=data)


def push_file(place, path, data):
    full = os.path.join(place.site, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(data)
    place.git("add", "-A")
    place.git("commit", "-qm", "hostile")
    try:
        return place.push()
    finally:
        place.git("reset", "-q", "--hard", "HEAD~1")


def literal_tree(place, name):
    entry = b"100644 " + name + b"\0" + bytes.fromhex(blob(place, b"x\n"))
    tree = place.bare("hash-object", "-t", "tree", "-w", "--stdin", "--literally", text=entry)
    return push_tree(place, ["040000 tree %s\tcontents" % tree])


def hostile_link(place):
    return push_tree(place, ["120000 blob %s\tcontent2" % blob(place, b"/etc/passwd")]), "file.symlink"


def hostile_link_in_content(place):
    link = os.path.join(place.site, "content", "cases", "river", "picture.png")
    os.symlink("/etc/passwd", link)
    place.git("add", "-A")
    place.git("commit", "-qm", "hostile")
    done = place.push()
    place.git("reset", "-q", "--hard", "HEAD~1")
    return done, "file.symlink"


def hostile_submodule(place):
    return push_tree(place, ["160000 commit %s\tmodule" % ("12" * 20)]), "file.submodule"


def hostile_dots(place):
    place.git("config", "receive.fsckObjects", "false", folder=place.repository)
    try:
        return literal_tree(place, b".."), "file.bad_name"
    finally:
        place.git("config", "receive.fsckObjects", "true", folder=place.repository)


def hostile_dots_for_git(place):
    return literal_tree(place, b".."), "hasDotdot"


def hostile_control(place):
    return literal_tree(place, b"a\x1b[31mb"), "file.bad_name"


def hostile_case(place):
    one = blob(place, b"x\n")
    lines = ["100644 blob %s\t%s" % (one, name) for name in ("README", "Readme")]
    return push_tree(place, lines), "file.name_collision"


def hostile_composed(place):
    name = "か\u3099.md"
    return push_tree(place, ["100644 blob %s\t%s" % (blob(place, b"x\n"), name)]), "file.bad_name"


def hostile_size(place):
    path = os.path.join(place.root, "large")
    with open(path, "wb") as file:
        file.truncate((200 if report.SOAK else 110) << 20)
    name = place.git("-c", "core.compression=1", "hash-object", "-w", path)
    os.remove(path)
    return push_tree(place, ["100644 blob %s\tlarge.bin" % name]), "file.too_large"


def hostile_count(place):
    one = blob(place, b"x\n")
    lines = "".join("100644 blob %s\tf%d\n" % (one, number) for number in range(100000))
    tree = place.bare("mktree", text=lines.encode())
    return push_tree(place, ["040000 tree %s\tmany" % tree]), "commit.too_many"


def hostile_nesting(place):
    tree = place.bare("mktree", text=b"")
    for _ in range(9):
        lines = "".join("040000 tree %s\t%02d\n" % (tree, number) for number in range(20))
        tree = place.bare("mktree", text=lines.encode())
    return push_tree(place, ["040000 tree %s\tdeep" % tree]), "commit.too_many"


def hostile_yaml(place):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += ["a%d: &a%d [%s]" % (n, n, ", ".join(["*a%d" % (n - 1)] * 9)) for n in range(1, 10)]
    with open(os.path.join(place.site, "content", "site.yaml"), "rb") as file:
        text = file.read()
    return push_file(place, "content/site.yaml", text + "\n".join(lines).encode() + b"\n"), "yaml."


def hostile_yaml_depth(place):
    with open(os.path.join(place.site, "content", "site.yaml"), "rb") as file:
        text = file.read()
    return push_file(place, "content/site.yaml", text + b"x: " + b"[" * 1000000 + b"\n"), "yaml."


def hostile_bytes(place):
    return (
        push_file(place, "content/pages/about/index.en.md", b"---\ntitle: \xff\xfe\x80\n---\n"),
        "encoding.",
    )


MARKDOWN = {
    "brackets": b"[" * 200000,
    "links": b"[a](" * 50000,
    "emphasis": b"*a **a " * 30000,
    "backticks": b"".join(b"e" + b"`" * n for n in range(600)),
    "quotes": b">" * 200000,
    "lists": b"".join(b"  " * n + b"* a\n" for n in range(700)),
    "references": b"".join(b"[r%d]: u\n" % n for n in range(20000)) + b"[r1] " * 20000,
    "tables": b"|a" * 50000 + b"|\n" + b"|-" * 50000 + b"|\n" + b"|b|\n" * 2000,
    "comments": b"<!--" * 50000,
}


def slow_markdown(place):
    """Refused or published, but never slow."""
    problems = []
    with open(os.path.join(place.site, "content", "pages", "about", "index.en.md"), "rb") as file:
        head = file.read()
    names = sorted(MARKDOWN) if report.SOAK else ("brackets", "emphasis", "tables")
    for name in names:
        start = time.monotonic()
        push_file(place, "content/pages/about/index.en.md", head + b"\n" + MARKDOWN[name] + b"\n")
        seconds = time.monotonic() - start
        if seconds > 60:
            problems.append("%s: %.0f s" % (name, seconds))
    # What was published of these is taken back.
    live = place.live()
    place.git("pull", "-q", "--rebase", "publish", "main")
    place.git("checkout", "-q", place.good, "--", "content")
    place.git("commit", "-q", "--allow-empty", "-m", "as it was")
    expect_push(problems, place.push(), True)
    return problems + ([] if place.live() != live else ["the good state is not live again"])


def hostile(check):
    def run(place):
        before = place.everything()
        start = time.monotonic()
        done, word = check(place)
        problems = []
        text = expect_push(problems, done, False, word)
        said = UNCHANGED in text or "the site is unchanged" in text
        if not said and word != "hasDotdot":  # which git says before us
            problems.append("the pusher is not told that the site is unchanged\n" + text)
        seconds = time.monotonic() - start
        if seconds > 90:
            problems.append("%.0f s" % seconds)
        if place.everything() != before:
            problems.append("the published folder changed")
        return problems

    run.__name__ = check.__name__
    return run


def hostile_name(what, edit, code):
    def check(place):
        hostile_names.write(place, edit(hostile_names.read(place)))
        try:
            return place.push(), code
        finally:
            place.git("reset", "-q", "--hard", "HEAD~1")

    check.__name__ = "hostile_" + what
    return hostile(check)


def obeyed_files(place):
    return hostile_names.obeyed(place)


def memory(_):
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return [] if peak < MEMORY_MOST else ["a process took %d MB" % (peak >> 10)]


# ---- Kills, full disks, many at once, clocks, hands ----


def bring(place):
    """A new commit in the bare repository, past the hooks."""
    old = place.git("rev-parse", "refs/heads/main", folder=place.repository)
    new = place.change()
    place.git("fetch", "-q", place.site, "HEAD:main", folder=place.repository)
    return ("%s %s refs/heads/main\n" % (old, new)).encode(), new


def post_receive(place, line):
    process = subprocess.Popen(
        [place.kyodo, "publish", "hook", "post-receive"],
        cwd=place.repository,
        env=dict(place.env, GIT_DIR="."),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    process.stdin.write(line)
    process.stdin.close()
    return process


@with_reader
def killed(place):
    """Killed at random moments, the site is a whole release; the next push repairs the rest."""
    problems = []
    chance = random.Random(20)
    line, _ = bring(place)
    start = time.monotonic()
    post_receive(place, line).wait()
    whole = time.monotonic() - start
    count = 200 if report.SOAK else 8
    moved = 0
    for _ in range(count):
        before = place.live()
        line, new = bring(place)
        process = post_receive(place, line)
        time.sleep(chance.uniform(0, whole * 1.1))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if place.live() not in (before, new):
            problems.append("live is %s" % place.live())
        moved += place.live() == new
        trouble = place.is_whole()
        if trouble:
            problems.append(trouble)
            break
    if moved == count:
        problems.append("no kill came early enough (a whole run takes %.2f s)" % whole)
    commit = place.change()
    expect_push(problems, place.push(), True, "公開しました")
    if place.live() != commit:
        problems.append("the push after the kills is not live")
    names = sorted(os.listdir(place.www))
    if any(name in (".kyodo-new", ".kyodo-old", ".kyodo-current") for name in names):
        problems.append("left behind: %s" % names)
    return problems + [place.is_whole()]


def many_at_once(count):
    @with_reader
    def check(place):
        problems = []
        lock = threading.Lock()

        def write_and_push(number):
            clone = os.path.join(place.root, "clone-%d-%d" % (count, number))
            try:
                place.git("clone", "-q", place.repository, clone, folder=place.root)
                page = os.path.join(clone, "content", "pages", "many-%d-%d" % (count, number))
                shutil.copytree(os.path.join(clone, "content", "pages", "about"), page)
                place.git("add", "-A", folder=clone)
                place.git("commit", "-qm", "page %d" % number, folder=clone)
                for _ in range(40 * count):
                    done = place.run(["git", "-C", clone, "push", "-q", "origin", "HEAD:main"])
                    if done.returncode == 0:
                        return
                    place.git("pull", "-q", "--rebase", "origin", "main", folder=clone)
                raise RuntimeError("never accepted: " + done.stderr.decode())
            except (RuntimeError, subprocess.TimeoutExpired) as problem:
                with lock:
                    problems.append(str(problem))

        threads = [threading.Thread(target=write_and_push, args=(n,)) for n in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tip = place.git("rev-parse", "refs/heads/main", folder=place.repository)
        if place.live() != tip:
            problems.append("the newest is not live")
        for number in range(count):
            if place.get("/en/many-%d-%d/" % (count, number))[0] != 200:
                problems.append("page %d is not there" % number)
        place.git("pull", "-q", "--rebase", "publish", "main")
        place.git("rm", "-rq", "content/pages/many-%d-*" % count)
        place.git("commit", "-qm", "fewer pages")
        expect_push(problems, place.push(), True)
        return problems + [place.is_whole()]

    check.__name__ = "pushes_at_once_%d" % count
    return check


def clock_backwards(place):
    """A commit and a server whose clocks went back: the new release is live, and no page has the
    time and size of another content."""
    problems = []
    path = "/en/cases/river/"
    tags = {}
    commits = []
    for step, shift in enumerate(("+10 days", "-400 days", "-401 days")):
        env = dict(place.env)
        date = place.run(["date", "-d", "now " + shift.replace("-", "- "), "+%s"]).stdout.decode()
        env["GIT_COMMITTER_DATE"] = env["GIT_AUTHOR_DATE"] = date.strip() + " +0900"
        kept = place.env
        place.env = env
        commits.append(place.change())
        place.env = kept
        command = ["git", "-C", place.site, "push", "publish", "HEAD:main"]
        if shutil.which("faketime"):
            command = ["faketime", "-f", shift.replace(" days", "d")] + command
        done = place.run(command)
        expect_push(problems, (done.returncode, done.stderr.decode()), True)
        if place.live() != commits[-1]:
            problems.append("step %d is not live" % step)
        _, headers, body = place.get(path)
        if tags.setdefault(headers["etag"], body) != body:
            problems.append("two contents have the tag %s" % headers["etag"])
    return problems


def damaged(place):
    """A release that somebody changed by hand: told, and repaired by the next push."""
    problems = []
    live = place.live()
    page = os.path.join(place.www, "current", "en", "index.html")
    with open(page, "a", encoding="utf-8") as file:
        file.write("defaced")
    shutil.rmtree(os.path.join(place.www, "current", "ja"))
    done = place.publish("check", "--www", place.www, "--lang", "ja")
    text = (done.stdout + done.stderr).decode()
    if done.returncode != 2 or "en/index.html" not in text or "release.missing" not in text:
        problems.append("check says, with %d: %s" % (done.returncode, text))
    done = place.publish("rollback", "--www", place.www)
    if done.returncode != 0 or place.is_whole():
        problems.append("no way back to a whole release: " + done.stderr.decode())
    done = place.publish("rollback", live, "--www", place.www)
    if done.returncode != 2 or place.live() == live:
        problems.append("a damaged release is live again")
    os.remove(os.path.join(place.www, "current", ".kyodo-manifest"))
    os.remove(os.path.join(place.www, "current", ".kyodo-release"))
    if not place.is_whole():
        problems.append("a release without a list passes for whole")
    commit = place.change()
    expect_push(problems, place.push(), True, "公開しました")
    if place.live() != commit:
        problems.append("the next push is not live")
    # The live release itself, made again from the repository.
    with open(os.path.join(place.www, "current", "index.html"), "a", encoding="utf-8") as file:
        file.write("defaced")
    done = place.publish("deploy", "--repo", place.repository, "--www", place.www)
    if done.returncode != 0 or place.live() != commit:
        problems.append("deploy --repo: " + done.stderr.decode())
    return problems + [place.is_whole()]


def disk_full(_):
    """A disk that fills while a release is made: the live one stays, and the next push repairs."""
    place = Place()
    disk = os.path.join(place.root, "disk")
    os.mkdir(disk)
    mounted = (
        os.geteuid() == 0
        and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=96m,mode=755", "tmpfs", disk],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )
    if not mounted:
        place.close()
        return None
    place.www = os.path.join(disk, "www")
    problems = []
    reader = None
    try:
        place.set_up()
        place.change()
        expect_push(problems, place.push(), True)
        place.start_nginx()
        reader = Reader(place)
        reader.start()
        live = place.live()
        filler = os.path.join(disk, "filler")
        # Room for less and less of a release: it fills at different steps.
        for room in (1 << 20, 300 << 10, 40 << 10, 0) if report.SOAK else (300 << 10, 0):
            with open(filler, "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(b"\0" * 65536)
                except OSError:
                    pass
            os.truncate(filler, max(0, os.path.getsize(filler) - room))
            place.change()
            expect_push(problems, place.push(), True, "空き容量", UNCHANGED)
            if place.live() != live:
                problems.append("half a release is live")
            problems += [trouble for trouble in [place.is_whole()] if trouble]
        os.remove(filler)
        commit = place.change()
        expect_push(problems, place.push(), True, "公開しました")
        if place.live() != commit:
            problems.append("the next push is not live")
        problems += reader.stop()
        reader = None
    finally:
        if reader is not None:
            reader.stop()
        if place.nginx is not None:
            place.nginx.terminate()
            place.nginx.wait()
        subprocess.run(["umount", disk], check=False)
        place.close()
    return problems


# ---- All of it ----

HOSTILE = (
    hostile_link,
    hostile_link_in_content,
    hostile_submodule,
    hostile_dots,
    hostile_dots_for_git,
    hostile_control,
    hostile_case,
    hostile_composed,
    hostile_size,
    hostile_count,
    hostile_nesting,
    hostile_yaml,
    hostile_yaml_depth,
    hostile_bytes,
)
CHECKS = (
    languages,
    missing_pages,
    page_headers,
    policy_in_browser,
    media_types,
    redirects,
    second_push,
    old_assets,
    release_facts,
    previews,
    refused_refs,
    confusing_names,
    many_previews,
    mistakes,
    spoilt_languages,
    warnings_pass,
    private_columns,
    pushed_theme,
    hooks_survive,
    *(hostile(check) for check in HOSTILE),
    *(hostile_name(*name) for name in hostile_names.REFUSED),
    obeyed_files,
    slow_markdown,
    killed,
    many_at_once(2),
    many_at_once(10 if report.SOAK else 4),
    *((many_at_once(50),) if report.SOAK else ()),
    clock_backwards,
    going_back,
    damaged,
    ordinary_user,
    two_of_a_group,
    disk_full,
    memory,
)


def run_check(check, place):
    name = check.__name__.replace("_", "-")
    if not report.wanted(name):
        return
    start = time.monotonic()
    try:
        problems = check(place)
    except (RuntimeError, OSError, KeyError, TypeError, subprocess.SubprocessError) as problem:
        problems = ["%s: %s" % (type(problem).__name__, problem)]
    if problems is None:
        report.skip(name, "this needs root: other users, and a small file system to mount")
    else:
        report.expect(name, [problem for problem in problems if problem])
    print("# %.1f s" % (time.monotonic() - start), flush=True)


def main():
    place = Place()
    try:
        place.set_up()
        problems = first_push(place)
        place.good = place.git("rev-parse", "HEAD")
        place.start_nginx()
        report.expect("first-push", [problem for problem in problems if problem])
        for check in CHECKS:
            run_check(check, place)
    finally:
        place.close()
    report.end()


main()
