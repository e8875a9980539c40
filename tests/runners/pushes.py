"""What a push does: releases, previews, refused refs, findings, what is private, themes, hooks. """

import os
import re
import shutil

import report
from publishing_place import STYLE, UNCHANGED, expect_push, resolve

ACTORS = "data/registers/actors.csv"
DESCRIPTOR = "data/datapackage.json"
SECRET = "044-555-0199"


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
