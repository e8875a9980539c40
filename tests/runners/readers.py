"""What other programs read of a built site beside its pages and datasets: lists as CSV, calendars,
JSON-LD and Open Graph in pages. Used by the group site."""

import csv
import html.parser
import io
import json
import os
import re

import report

csv.field_size_limit(10**9)


def rows_of(tree, path):
    return list(csv.reader(io.StringIO(tree.bytes(path).decode("utf-8"), newline="")))


def check_lists(tree):
    """Each list of a way to browse links its CSV, which holds the same cases in the same order, by
    columns of the dataset and with its cells."""
    problems, linked = [], set()
    header, *rows = rows_of(tree, "data/cases.csv")
    whole = {row[header.index("id")]: dict(zip(header, row)) for row in rows}
    for path, page in tree.pages.items():
        if not re.fullmatch(r"[^/]+/cases/by/[^/]+/[^/]+/index\.html", path):
            continue
        files, cases = [], []
        for _, tag, _, address in page.addresses:
            target = tree.resolve(path, address)
            if tag != "a" or not target:
                continue
            if target[0].endswith(".csv"):
                files.append(target[0])
            match = re.fullmatch(r"[^/]+/cases/([^/]+)/index\.html", target[0])
            if match and match[1] in whole and match[1] not in cases:
                cases.append(match[1])
        if len(files) != 1:
            problems.append("%s: links %s" % (path, files))
            continue
        linked.add(files[0])
        columns, *rows = rows_of(tree, files[0])
        told = [dict(zip(columns, row)) for row in rows]
        if [row["id"] for row in told] != cases:
            problems.append("%s: %s has other cases" % (path, files[0]))
        for row in told:
            differing = [name for name in columns if whole[row["id"]].get(name) != row[name]]
            if differing:
                problems.append("%s: %s: %s" % (files[0], row["id"], differing))
    files = {path for path in tree.files if path.startswith("cases/") and path.endswith(".csv")}
    problems += ["%s: no page links it" % path for path in sorted(files - linked)]
    if len(linked) < 20:
        problems.append("only %d lists" % len(linked))
    return problems


# ---- Calendars ----

CALENDAR_ENTRIES = os.path.join(report.ROOT, "tests", "runners", "calendar_entries.py")


def line_problems(data):
    """RFC 5545, 3.1: lines end in CRLF and have at most 75 octets; no character is cut in two."""
    lines = data.split(b"\r\n")
    if lines.pop() != b"" or any(b"\n" in line or b"\r" in line for line in lines):
        yield "a line does not end in CRLF"
    for line in lines:
        line.decode("utf-8")
        if len(line) > 75:
            yield "a line of %d octets" % len(line)


def entry_problems(tree, path, entry, zones):
    yield from entry["errors"]
    if not entry["uid"] or not entry["summary"]:
        yield "no UID or no SUMMARY"
    if not re.fullmatch(r"\d{8}T\d{6}Z", entry["stamp"]):
        yield "DTSTAMP %s is not in UTC" % entry["stamp"]
    if entry["is_day"] and entry["parameters"].get("VALUE") != "DATE":
        yield "a day without VALUE=DATE"
    if not entry["is_day"] and entry["parameters"].get("TZID") not in zones:
        yield "the time zone of %s is not explained" % entry["parameters"]
    if not entry["ends_after"]:
        yield "it ends before it begins"
    target = tree.resolve(path, entry["url"]) if entry["url"] else None
    if entry["url"] and (not target or target[0] not in tree.pages):
        yield "%s leads nowhere" % entry["url"]


def check_calendars(tree):
    """iCalendar, read by another program: each entry has what it must have, an identifier stands
    once a file and means the same in all of them; each file is linked from a page, and each
    language has one of all."""
    problems, identifiers, linked = [], {}, set()
    for path, page in tree.pages.items():
        for _, _, _, address in page.addresses:
            target = tree.resolve(path, address)
            if target and target[0].endswith(".ics"):
                linked.add(target[0])
    files = sorted(path for path in tree.files if path.endswith(".ics"))
    python = report.python_with("icalendar")
    paths = [os.path.join(tree.root, path) for path in files]
    done = report.run([python, CALENDAR_ENTRIES, *paths])
    if done.returncode != 0:
        return [done.stderr.decode("utf-8", "replace")]
    for path, line in zip(files, done.stdout.decode("utf-8").splitlines()):
        told = json.loads(line)
        problems += ["%s: %s" % (path, problem) for problem in line_problems(tree.bytes(path))]
        if told["version"] != "2.0" or not told["product"]:
            problems.append(path + ": VERSION or PRODID")
        names = [entry["uid"] for entry in told["events"]]
        if not names or len(names) != len(set(names)):
            problems.append("%s: the identifiers are %s" % (path, names))
        for entry in told["events"]:
            problems += [
                "%s: %s" % (path, problem)
                for problem in entry_problems(tree, path, entry, told["zones"])
            ]
            if identifiers.setdefault(entry["uid"], entry["start"]) != entry["start"]:
                problems.append("%s: %s is at another time elsewhere" % (path, entry["uid"]))
        if path not in linked:
            problems.append(path + ": no page links it")
    for path in tree.files:
        if path.endswith("/feed.xml") and path.replace("feed.xml", "calendar.ics") not in files:
            problems.append("no calendar beside " + path)
    return problems


# ---- JSON-LD and Open Graph ----

# What we use of https://schema.org/ 28: the properties that each type has there, its own and those
# it inherits; those that we never leave out.
THING = {"@type", "@id", "name", "description", "url", "identifier", "image", "alternateName",
         "mainEntityOfPage", "potentialAction"}
WORK = THING | {"headline", "inLanguage", "datePublished", "dateModified", "author", "publisher",
                "creator", "license", "keywords", "isPartOf", "isAccessibleForFree"}
TYPES = {
    "WebSite": (WORK, {"@id", "name", "url"}),
    "Organization": (THING, {"name"}),
    "SearchAction": (THING | {"target", "query-input"}, {"target", "query-input"}),
    "EntryPoint": (THING | {"urlTemplate"}, {"urlTemplate"}),
    "BreadcrumbList": (THING | {"itemListElement"}, {"itemListElement"}),
    "ListItem": (THING | {"position", "item"}, {"position", "item", "name"}),
    "Article": (WORK, {"headline", "dateModified", "author", "publisher", "inLanguage"}),
    "NewsArticle": (WORK, {"headline", "dateModified", "author", "publisher", "inLanguage"}),
    "Event": (THING | {"startDate", "endDate", "location", "organizer", "inLanguage"},
              {"name", "startDate"}),
    "Place": (THING, {"name"}),
    "Dataset": (WORK | {"distribution", "variableMeasured", "includedInDataCatalog"},
                {"name", "description", "license"}),
    "DataCatalog": (WORK, {"name", "url"}),
    "DataDownload": (WORK | {"contentUrl", "encodingFormat", "contentSize", "sha256"},
                     {"contentUrl"}),
    "PropertyValue": (THING | {"unitText"}, {"name"}),
}
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)?)?)?)?")


def object_problems(value):
    """Of an object and of those in it."""
    if isinstance(value, list):
        for one in value:
            yield from object_problems(one)
    if not isinstance(value, dict):
        return
    kind = value.get("@type")
    if kind not in TYPES:
        yield "the type %s" % kind
        return
    known, needed = TYPES[kind]
    for name, inner in value.items():
        if name not in known:
            yield "%s has no %s" % (kind, name)
        if inner in ("", [], {}, None):
            yield "%s of %s is empty" % (name, kind)
        if name.endswith("Date") or name.startswith("date"):
            if not DATE.fullmatch(inner):
                yield "%s: %s" % (name, inner)
        yield from object_problems(inner)
    for name in needed - value.keys():
        yield "%s without %s" % (kind, name)


class Head(html.parser.HTMLParser):
    """What a page tells programs."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.scripts, self.properties, self.canonical, self.inside = [], {}, None, False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "script" and values.get("type") == "application/ld+json":
            self.scripts.append("")
            self.inside = True
        if tag == "meta" and "property" in values:
            self.properties.setdefault(values["property"], values.get("content"))
        if tag == "link" and values.get("rel") == "canonical":
            self.canonical = values.get("href")

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        if tag == "script":
            self.inside = False


def urls_in(value):
    if isinstance(value, list):
        for one in value:
            yield from urls_in(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in ("url", "item", "contentUrl", "mainEntityOfPage", "image"):
                yield inner
            else:
                yield from urls_in(inner)


def expected_types(path):
    rest = path.split("/", 1)[1]
    if rest == "index.html":
        return {"WebSite"}
    wanted = {"BreadcrumbList"}
    for pattern, kind in (
        (r"cases/(?!by/|page/)[^/]+/index\.html", "Article"),
        (r"news/[^/]+/index\.html", "NewsArticle"),
        (r"meetings/[^/]+/index\.html", "Event"),
        (r"data/[^/]+/index\.html", "Dataset"),
    ):
        if re.fullmatch(pattern, rest):
            wanted.add(kind)
    return wanted


def check_structured(tree):
    """Every page that has a canonical address: one graph of schema.org, of types and properties that
    it knows, with addresses that lead somewhere; Open Graph beside it, with the same address."""
    problems, seen = [], set()
    for path, page in tree.pages.items():
        if "/" not in path or page.refresh or path.endswith("404.html"):
            continue
        head = Head(tree.text(path))
        if len(head.scripts) != 1:
            problems.append("%s: %d graphs" % (path, len(head.scripts)))
            continue
        whole = json.loads(head.scripts[0])
        graph = whole.get("@graph", [])
        types = {one.get("@type") for one in graph}
        seen |= types
        found = list(object_problems(graph))
        if set(whole) != {"@context", "@graph"} or whole["@context"] != "https://schema.org":
            found.append("no context")
        if not expected_types(path) <= types:
            found.append("tells only of %s" % sorted(types))
        for url in urls_in(graph):
            target = tree.resolve(path, url)
            if target and target[0] not in tree.files:
                found.append("%s leads nowhere" % url)
        for name in ("og:title", "og:type", "og:url", "og:site_name"):
            if not head.properties.get(name):
                found.append("no " + name)
        if head.properties.get("og:url") != head.canonical:
            found.append("og:url is %s" % head.properties.get("og:url"))
        problems += ["%s: %s" % (path, problem) for problem in found]
    for kind in ("WebSite", "Article", "NewsArticle", "Event", "Dataset", "BreadcrumbList"):
        if kind not in seen:
            problems.append("no %s on any page" % kind)
    return problems


CHECKS = [
    ("lists", check_lists),
    ("calendars", check_calendars),
    ("structured-data", check_structured),
]
