"""What stands in a built tree, looked at as a reader's browser would: every address, every page's
frame, every feed, sitemap, checksum and compressed neighbour. Used by the group site."""

import gzip
import hashlib
import html.parser
import os
import posixpath
import re
import urllib.parse
import xml.etree.ElementTree

# Where an address stands in HTML.
ADDRESSES = {
    ("a", "href"),
    ("link", "href"),
    ("img", "src"),
    ("script", "src"),
    ("source", "src"),
    ("form", "action"),
    ("iframe", "src"),
    ("object", "data"),
    ("use", "href"),
    ("video", "src"),
    ("audio", "src"),
    ("area", "href"),
}
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


class Page(html.parser.HTMLParser):
    """One HTML page: what it points at, and the parts that every page needs."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.addresses = []  # (line, tag, rel, address)
        self.ids = []
        self.lang = None
        self.counts = {"title": 0, "main": 0, "h1": 0}
        self.title = ""
        self.in_title = False
        self.in_svg = 0  # a picture has a title of its own
        self.refresh = None
        self.inline = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        line = self.getpos()[0]
        if tag == "html":
            self.lang = values.get("lang")
        if tag == "svg":
            self.in_svg += 1
        if tag in self.counts and not self.in_svg:
            self.counts[tag] += 1
        if tag == "title" and not self.in_svg and self.counts["title"] == 1:
            self.in_title = True
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and "name" in values:
            self.ids.append(values["name"])
        for name, value in attrs:
            if (tag, name) in ADDRESSES and value is not None:
                self.addresses.append((line, tag, values.get("rel") or "", value))
            if name == "srcset" and value:
                self.addresses += [(line, tag, "", part.split()[0]) for part in value.split(",")]
            if name == "style" or name.startswith("on"):
                self.inline.append("line %d: <%s %s=…>" % (line, tag, name))
        if (
            tag == "style"
            or tag == "script"
            and "src" not in values
            and values.get("type") not in ("application/ld+json", "application/json")
        ):
            self.inline.append("line %d: <%s> without a file" % (line, tag))
        if tag == "meta" and (values.get("http-equiv") or "").lower() == "refresh":
            match = re.match(r"\s*\d+\s*;\s*url=(.*)", values.get("content") or "", re.IGNORECASE)
            self.refresh = match[1].strip("'\" ") if match else None
            if self.refresh:
                self.addresses.append((line, "meta", "refresh", self.refresh))

    def handle_data(self, data):
        if self.in_title:
            self.title += data

    def handle_endtag(self, tag):
        if tag == "title":
            self.in_title = False
        if tag == "svg":
            self.in_svg -= 1


class Tree:
    """A built tree; `base_url` is what absolute addresses of the site begin with."""

    def __init__(self, root, base_url):
        self.root = root
        self.base_url = base_url
        self.base_path = urllib.parse.urlsplit(base_url).path or "/"
        self.files = set()
        for folder, _, names in os.walk(root):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
                # The manifest and other hidden files are the program's own.
                if not path.startswith("."):
                    self.files.add(path)
        self.pages = {}
        for path in sorted(self.files):
            if path.endswith(".html"):
                self.pages[path] = Page(self.text(path))

    def bytes(self, path):
        with open(os.path.join(self.root, path), "rb") as file:
            return file.read()

    def text(self, path):
        return self.bytes(path).decode("utf-8")

    def resolve(self, source, address):
        """(path in the tree, fragment) that an address on a page means; None when it leads
        elsewhere."""
        if address.startswith(self.base_url):
            address = self.base_path + address[len(self.base_url) :]
        parts = urllib.parse.urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        path = urllib.parse.unquote(parts.path)
        fragment = urllib.parse.unquote(parts.fragment)
        if not path:
            return source, fragment
        if path.startswith("/"):
            if not path.startswith(self.base_path):
                return "(outside the base path) " + path, fragment
            full = path[len(self.base_path) :]
        else:
            full = posixpath.join(posixpath.dirname(source), path)
        folder = full == "" or full.endswith("/") or posixpath.basename(full) in (".", "..")
        full = posixpath.normpath(full) if full else "."
        if full == "..":
            full = "(above the root)"
        if folder:
            full = "index.html" if full == "." else full + "/index.html"
        return full, fragment


def check_links(tree):
    problems = []
    ids = {path: set(page.ids) for path, page in tree.pages.items()}
    for source, page in tree.pages.items():
        for line, tag, rel, address in page.addresses:
            where = "%s:%d: <%s> %s" % (source, line, tag, address)
            scheme = urllib.parse.urlsplit(address).scheme
            if scheme and scheme not in ("http", "https", "mailto", "tel"):
                problems.append(where + ": scheme")
                continue
            target = tree.resolve(source, address)
            if target is None:
                if tag not in ("a", "link", "area"):
                    problems.append(where + ": fetched from elsewhere")
                elif tag == "link" and rel not in ("canonical", "alternate", "license"):
                    problems.append(where + ": fetched from elsewhere")
                continue
            path, fragment = target
            if path not in tree.files:
                problems.append(where + ": nothing is there")
            elif fragment and path in ids and fragment not in ids[path]:
                problems.append(where + ": no such anchor")
    return problems


def check_frames(tree):
    """lang, title, main, one h1, no id twice, no inline style or script on any page."""
    problems = []
    for path, page in tree.pages.items():
        if page.refresh:
            continue  # a redirect: nobody reads it
        if not page.lang:
            problems.append(path + ": <html> without lang")
        if not page.title.strip():
            problems.append(path + ": no title")
        for name in ("title", "main", "h1"):
            if page.counts[name] != 1:
                problems.append("%s: %d <%s>" % (path, page.counts[name], name))
        problems += [
            "%s: the id %r stands twice" % (path, i)
            for i in sorted({i for i in page.ids if page.ids.count(i) > 1})
        ]
        problems += ["%s: %s" % (path, what) for what in page.inline]
    return problems


def check_xml(tree):
    """Every XML and SVG file is well-formed."""
    problems, count = [], 0
    for path in sorted(tree.files):
        if path.endswith((".xml", ".svg", ".rdf")):
            count += 1
            try:
                xml.etree.ElementTree.fromstring(tree.bytes(path))
            except xml.etree.ElementTree.ParseError as problem:
                problems.append("%s: %s" % (path, problem))
    if not count:
        problems.append("no XML file at all")
    return problems


ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def check_feeds(tree):
    """Atom (RFC 4287): id, title, updated; ids unique; links lead to pages."""
    problems, count = [], 0
    for path in sorted(p for p in tree.files if p.endswith("feed.xml")):
        count += 1
        root = xml.etree.ElementTree.fromstring(tree.bytes(path))
        if root.tag != ATOM + "feed":
            problems.append("%s: the root element is %s" % (path, root.tag))
            continue
        ids = []
        for element in [root] + root.findall(ATOM + "entry"):
            for name in ("id", "title", "updated"):
                if not (element.findtext(ATOM + name) or "").strip():
                    problems.append("%s: %s without %s" % (path, element.tag[len(ATOM) :], name))
            updated = element.findtext(ATOM + "updated") or ""
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", updated):
                problems.append("%s: updated %r is no RFC 3339 time" % (path, updated))
            ids.append(element.findtext(ATOM + "id"))
            for link in element.findall(ATOM + "link"):
                target = tree.resolve(path, link.get("href", ""))
                if target and target[0] not in tree.files:
                    problems.append("%s: %s leads nowhere" % (path, link.get("href")))
        problems += [
            "%s: the id %s stands twice" % (path, i) for i in {i for i in ids if ids.count(i) > 1}
        ]
        if len(ids) < 2:
            problems.append(path + ": no entry")
    if not count:
        problems.append("no feed at all")
    return problems


def check_sitemaps(tree):
    """The index names every sitemap; each address is a page of its own, not a redirect, and listed
    once."""
    problems, seen = [], set()
    if "sitemap.xml" not in tree.files:
        return ["no sitemap.xml"]
    index = xml.etree.ElementTree.fromstring(tree.bytes("sitemap.xml"))
    names = [e.text.strip() for e in index.iter(SITEMAP + "loc")]
    for name in names:
        target = tree.resolve("sitemap.xml", name)
        if target is None or target[0] not in tree.files:
            problems.append("sitemap.xml: %s is not there" % name)
            continue
        listed = xml.etree.ElementTree.fromstring(tree.bytes(target[0]))
        addresses = [e.text.strip() for e in listed.iter(SITEMAP + "loc")]
        if len(addresses) > 50000:
            problems.append("%s: %d addresses; 50,000 are the most" % (target[0], len(addresses)))
        for address in addresses:
            page = tree.resolve(target[0], address)
            if address in seen:
                problems.append("%s: %s is listed twice" % (target[0], address))
            seen.add(address)
            if page is None or page[0] not in tree.pages:
                problems.append("%s: %s is no page" % (target[0], address))
            elif tree.pages[page[0]].refresh:
                problems.append("%s: %s is a redirect" % (target[0], address))
    if not seen:
        problems.append("no address in any sitemap")
    return problems


def check_gzip(tree):
    """Each .gz unpacks to its neighbour; each compressible file has one; no time or name in the
    header."""
    problems = []
    for path in sorted(tree.files):
        if path.endswith(".gz"):
            data = tree.bytes(path)
            if path[:-3] not in tree.files:
                problems.append(path + ": no neighbour")
            elif gzip.decompress(data) != tree.bytes(path[:-3]):
                problems.append(path + ": unpacks to something else")
            elif data[3] & 0x18 or data[4:8] != b"\0\0\0\0":
                problems.append(path + ": a name or a time in its header")
        elif path.endswith((".html", ".css", ".js", ".xml", ".json", ".csv", ".svg", ".txt")):
            size = os.path.getsize(os.path.join(tree.root, path))
            if path + ".gz" not in tree.files and size >= 1024:
                problems.append("%s: %d bytes and no .gz" % (path, size))
    return problems


def check_sums(tree):
    """SHA256SUMS below data/ and every file it names; nothing there that it does not name."""
    lists = [path for path in tree.files if posixpath.basename(path) == "SHA256SUMS"]
    if "data/SHA256SUMS" not in lists:
        return ["no data/SHA256SUMS"]
    problems = []
    for path in sorted(lists):
        folder, named = posixpath.dirname(path), set()
        for line in tree.text(path).splitlines():
            match = re.fullmatch(r"([0-9a-f]{64}) [ *](.+)", line)
            if not match:
                problems.append("%s: %r" % (path, line))
                continue
            name = posixpath.join(folder, match[2])
            named.add(name)
            if name not in tree.files:
                problems.append("%s: %s is not there" % (path, name))
            elif hashlib.sha256(tree.bytes(name)).hexdigest() != match[1]:
                problems.append("%s: %s has another sum" % (path, name))
        for name in sorted(tree.files):
            if (
                name.startswith(folder + "/")
                and name not in named
                and name != path
                and not name.endswith(".gz")
                and not name.endswith(".html")
            ):
                problems.append("%s: %s is not named" % (path, name))
    return problems


def check_weight(tree, most=30000):
    """A case page with its style sheets, compressed, in bytes; style sheets and scripts as they are."""
    problems, count = [], 0
    for path, page in tree.pages.items():
        if not re.fullmatch(r"[^/]+/cases/[^/]+/index\.html", path) or page.refresh:
            continue
        count += 1
        weight = len(gzip.compress(tree.bytes(path), 6))
        for _, tag, rel, address in page.addresses:
            target = tree.resolve(path, address)
            if tag == "link" and "stylesheet" in rel and target and target[0] in tree.files:
                weight += len(gzip.compress(tree.bytes(target[0]), 6))
        if weight > most:
            problems.append("%s: %d bytes compressed; %d are the most" % (path, weight, most))
    if not count:
        problems.append("no case page at all")
    for ending, bound in ((".css", 20000), (".js", 10000)):
        assets = [p for p in tree.files if p.startswith("assets/") and p.endswith(ending)]
        problems += [
            "%s: %d bytes; %d are the most" % (p, len(tree.bytes(p)), bound)
            for p in assets
            if len(tree.bytes(p)) >= bound
        ]
        if not assets:
            problems.append("no %s file at all" % ending)
    return problems


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def check_style(tree, least=7):
    """Text stands out from its ground, by day and by night; nothing moves, whatever readers have asked for."""
    problems = []
    sheets = [p for p in tree.files if re.fullmatch(r"assets/style\.[^/]*css", p)]
    for path in sheets:
        text = tree.bytes(path).decode()
        moving = re.findall(r"(?:transition|animation|scroll-behavior)[\w-]*\s*:|@keyframes", text)
        problems += ["%s: %s moves" % (path, word) for word in moving]
        grounds = re.findall(r":root \{(.*?--paper: #[0-9a-f]{6}.*?)\}", text, re.S)
        for number, ground in enumerate(grounds):
            colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", ground))
            for ink in ("ink", "quiet", "accent", "accent-2", "silent"):
                for paper in ("paper", "paper-2"):
                    pair = sorted((luminance(colours[ink]), luminance(colours[paper])))
                    contrast = (pair[1] + 0.05) / (pair[0] + 0.05)
                    if contrast < least:
                        problems.append(
                            "%s: %s on %s, ground %d: %.2f to 1" % (path, ink, paper, number, contrast)
                        )
        if len(grounds) != 2:
            problems.append("%s: a light and a dark ground, not %d" % (path, len(grounds)))
    return problems if sheets else ["no style sheet"]


CHECKS = [
    ("links", check_links),
    ("frames", check_frames),
    ("xml", check_xml),
    ("feeds", check_feeds),
    ("sitemaps", check_sitemaps),
    ("gzip", check_gzip),
    ("sums", check_sums),
    ("weight", check_weight),
    ("style", check_style),
]
