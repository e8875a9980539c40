"""What nginx sends of a published site, with the configuration that is shipped. """

import os
import re

import report
from publishing_place import PICTURE, STYLE, expect_push, resolve

FORMATS = "generator/render/dataset/formats.def"
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
