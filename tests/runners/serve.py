"""kyodo serve, as a browser and somebody who writes meet it: a real server on a free port.

    http         what is answered: pages byte for byte as `kyodo build` writes them but for what the
                 preview adds, media types, languages, conditional requests
    refused      hosts, methods and paths that are none of ours
    follows      what is saved, in the ways in which editors save
    errors       findings on the page; what can be shown is shown, and the server lives
    command      its options, its messages, its end
    browser      a page that reloads by itself, in Chromium (browser/preview.mjs)
    goldens      sites that were broken on purpose; KYODO_SOAK=1: all of tests/cases """

import concurrent.futures
import glob
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse

import cases
import report

SMALL = os.path.join(cases.CASES, "_base", "small")
# What a person may wait for; the machine may be busy with other tests. `make bench` has the figure.
PATIENCE = 60 if report.VARIANT else 20
BANNER = re.compile(rb'<aside id="kyodo-preview".*?</aside>\n', re.DOTALL)
ADDED = re.compile(
    rb'<link rel="stylesheet" href="/[.]kyodo/preview[.]css">\n'
    rb"<script src=\"/[.]kyodo/preview[.]js\" data-page='\"[0-9a-f]{32}\"' defer></script>\n"
)
RIVER = "content/cases/river/index.ja.md"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def small_site(name):
    site = os.path.join(report.SCRATCH, name)
    shutil.copytree(SMALL, site)
    shutil.copytree(os.path.join(report.ROOT, "themes"), os.path.join(site, "themes"))
    return site


class Server:
    """`kyodo serve` on a site, until the end of the with."""

    def __init__(self, site, *options):
        self.site = site
        self.stderr = open(site.rstrip("/") + ".stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [report.KYODO, "serve", "--site", site, "--port", "0", "--lang", "en", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            env=report.environment(TMPDIR=report.SCRATCH),
            text=True,
        )
        self.url = self.process.stdout.readline().strip()
        self.port = int(re.search(r":(\d+)/$", self.url)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.stderr.close()

    def end(self, number=signal.SIGTERM):
        """Exit status after a signal."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def said(self):
        self.stderr.flush()
        return read(self.stderr.name)

    def ask(self, path, method="GET", **headers):
        """Status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=names)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def page(self, path):
        return self.ask(path)[2].decode("utf-8", "replace")

    def raw(self, data):
        """What comes back for bytes that no client would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            got = b""
            try:
                while chunk := connection.recv(65536):
                    got += chunk
            except OSError:
                pass
            return got

    def ready(self):
        """Wait until a first edition is there."""
        return self.until("/.kyodo/findings", lambda status, _: status == 200)

    def until(self, path, is_right):
        """Ask until the answer is right; the seconds that it took, or None."""
        start = time.monotonic()
        while time.monotonic() - start < PATIENCE:
            status, _, body = self.ask(path)
            if is_right(status, body.decode("utf-8", "replace")):
                return time.monotonic() - start
            time.sleep(0.01)
        return None

    def shows(self, path, text):
        return self.until(path, lambda status, body: text in body)

    def shows_no(self, path, text):
        return self.until(path, lambda status, body: text not in body)

    def file(self, name):
        return os.path.join(self.site, name)


def without_additions(body):
    return BANNER.sub(b"", ADDED.sub(b"", body))


def check(name, **problems):
    """Each problem by its name: true is good."""
    if report.wanted(name):
        report.expect(name, [what.replace("_", " ") for what, good in problems.items() if not good])


# ---- http ----


def http_same_as_build(server):
    out = os.path.join(report.SCRATCH, "built")
    done = report.run(
        [report.KYODO, "build", "--site", server.site, "--out", out, "--drafts", "--no-gzip"]
    )
    problems = [] if done.returncode == 0 else [done.stderr.decode()]
    files = [name for name in cases.files_below(out) if not name.startswith(".")]
    for name in files:
        status, headers, body = server.ask("/" + name)
        with open(os.path.join(out, name), "rb") as file:
            built = file.read()
        if name.endswith(".html"):
            if not ADDED.search(body):
                problems.append("%s: no script that follows" % name)
            body = without_additions(body)
        if status != 200 or body != built:
            problems.append("%s: %d, %d bytes of %d" % (name, status, len(body), len(built)))
        if headers.get("Content-Type", "") == "application/octet-stream":
            problems.append("%s: no media type" % name)
    if len(files) < 100:
        problems.append("only %d files" % len(files))
    report.expect("http/same-as-build", problems)


def http_answers(server):
    status, headers, body = server.ask("/ja/cases/river/")
    tag = headers["ETag"]
    again = server.ask("/ja/cases/river/", If_None_Match=tag)
    head = server.ask("/ja/cases/river/", "HEAD")
    folder = server.ask("/ja/cases/river")
    choice = server.page("/")
    missing = [server.ask(path) for path in ("/ja/nothing/", "/en/nothing", "/nothing")]
    check(
        "http/answers",
        page=status == 200 and b"<h1" in body,
        not_modified=again[0] == 304 and again[2] == b"",
        modified_after_all=server.ask("/ja/cases/river/", If_None_Match='"other"')[0] == 200,
        head=head[0] == 200 and head[2] == b"" and int(head[1]["Content-Length"]) == len(body),
        folder=folder[0] == 302 and folder[1]["Location"] == "/ja/cases/river/",
        choice_of_languages='href="ja/"' in choice and 'href="en/"' in choice,
        missing=[one[0] for one in missing] == [404, 404, 404],
        missing_in_its_language=b'lang="ja"' in missing[0][2] and b'lang="en"' in missing[1][2],
        policy="script-src 'self'" in headers["Content-Security-Policy"],
        never_cached=headers["Cache-Control"] == "no-cache",
        kept_alive=keeps_alive(server),
    )
    types = {
        "/ja/": "text/html; charset=utf-8",
        "/ja/feed.xml": "application/atom+xml; charset=utf-8",
        "/data/projects.csv": "text/csv; charset=utf-8",
        "/data/projects.json": "application/json",
        "/data/kyodo.sqlite": "application/vnd.sqlite3",
        "/robots.txt": "text/plain; charset=utf-8",
        "/.kyodo/preview.js": "text/javascript; charset=utf-8",
    }
    got = {path: server.ask(path)[1].get("Content-Type") for path in types}
    if report.wanted("http/media-types"):
        report.expect(
            "http/media-types",
            ["%s: %s" % (path, got[path]) for path in types if got[path] != types[path]],
        )


def keeps_alive(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    for _ in range(3):
        connection.request("GET", "/ja/")
        answer = connection.getresponse()
        answer.read()
        if answer.will_close:
            return False
    connection.close()
    return True


# ---- refused ----

PATHS = [
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc/passwd",
    "/ja/%00",
    "/ja/index.html%00.txt",
    "/%c0%ae%c0%ae/etc/passwd",
    "/\\..\\..\\etc\\passwd",
    "//etc/passwd",
    "//ja//",
    "/content/site.yaml",
    "/data/registers/projects.csv",
    "/.kyodo/../content/site.yaml",
    "/.kyodo/%2e%2e/ja/",
    "/.git/config",
    "/%",
    "/%2",
    "/%zz",
    "/ja/%1b[2J",
    "/" + "a" * 9000,
    "/" + "%41" * 3000,
]


def refused(server):
    problems = []
    host = "Host: 127.0.0.1:%d\r\n" % server.port
    for path in PATHS:
        got = server.raw(("GET %s HTTP/1.1\r\n%sConnection: close\r\n\r\n" % (path, host)).encode())
        if not re.match(rb"HTTP/1.[01] (?:40[0-9]|41[0-9]|431) ", got):
            problems.append("%s: %r" % (path[:60], got[:60]))
        if b"root:" in got or b"base_url:" in got:
            problems.append("%s: gives away a file" % path[:60])
    for data in (b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 5000):
        server.raw(data)
    check("refused/paths", **{line: False for line in problems})
    methods = {
        method: server.ask("/ja/", method) for method in ("POST", "PUT", "DELETE", "OPTIONS", "BREW")
    }
    hosts = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:80", ""]
    check(
        "refused/who",
        methods=all(answer[0] == 405 for answer in methods.values()),
        methods_told=methods["POST"][1].get("Allow") == "GET, HEAD",
        foreign_hosts=all(server.ask("/ja/", Host=name)[0] == 403 for name in hosts),
        no_host=b" 40" in server.raw(b"GET /ja/ HTTP/1.0\r\n\r\n")[:20],
        own_hosts=all(
            server.ask("/ja/", Host=name)[0] == 200
            for name in ("localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:8080")
        ),
        events_for_own_hosts_only=server.ask("/.kyodo/events", Host="evil.example")[0] == 403,
        alive=server.ask("/ja/")[0] == 200,
    )


# ---- follows ----


def save_in_place(path, text):
    write(path, text)


def save_by_rename(path, text):
    write(path + "~", text)
    os.rename(path + "~", path)


def save_as_vim(path, text):
    os.rename(path, path + "~")
    write(path, text)
    os.remove(path + "~")


def follows(server):
    river = server.file(RIVER)
    text = read(river)
    for number, save in enumerate((save_in_place, save_by_rename, save_as_vim)):
        word = "しるし%d" % number
        save(river, text.replace("title: ", "title: " + word, 1))
        check(
            "follows/" + save.__name__.replace("_", "-"),
            page=server.shows("/ja/cases/river/", word),
            list=server.shows("/ja/cases/", word),
            feed=server.shows("/ja/feed.xml", word),
        )
    save_in_place(river, text)
    lake = server.file("content/cases/lake")
    shutil.copytree(server.file("content/cases/river"), lake)
    new = read(lake + "/index.ja.md").replace("川をきれいに", "湖をきれいに").replace("project: p-1\n", "")
    write(lake + "/index.ja.md", new)
    is_there = server.until("/ja/cases/lake/", lambda status, body: status == 200)
    check("follows/new-case", page=is_there, list=server.shows("/ja/cases/", "湖をきれいに"))
    write(lake + "/index.ja.md", new.replace("kind: case\n", "kind: case\ndraft: true\n"))
    check(
        "follows/draft",
        shown=server.until("/ja/cases/lake/", lambda status, body: status == 200 and "湖" in body),
    )
    shutil.rmtree(lake)
    is_gone = server.until("/ja/cases/lake/", lambda status, body: status == 404)
    check("follows/deleted-case", gone=is_gone, list=server.shows_no("/ja/cases/", "湖をきれいに"))
    follows_theme(server)
    register = server.file("data/registers/actors.csv")
    table = read(register)
    write(register, table.replace("川ともの会", "川みはりの会"))
    check("follows/register", page=server.shows("/ja/cases/river/", "川みはりの会"))
    write(register, table)
    check("follows/search", index=search_follows(server))


def follows_theme(server):
    template = server.file("themes/casebook/templates/footer.tpl")
    text = read(template)
    write(template, text.replace("<footer", "<p>足もと</p>\n<footer", 1))
    check("follows/template", page=server.shows("/ja/", "足もと"))
    write(template, text)
    style = server.file("themes/casebook/assets/style.css")
    last = re.search(r'href="([^"]*style[^"]*)"', server.page("/ja/"))[1]
    write(style, read(style) + "\n.mark { color: red; }\n")
    server.shows_no("/ja/", last)
    address = re.search(r'href="[./]*([^"]*style[^"]*)"', server.page("/ja/"))[1]
    check("follows/asset", new_name=address not in last, content=".mark" in server.page("/" + address))


def search_follows(server):
    """The manifest of the index has another name when a text has changed."""
    name = re.compile(r"assets/search/ja/index[.][0-9a-f]+[.]json")
    first = name.search(server.page("/ja/search/"))
    river = server.file(RIVER)
    text = read(river)
    write(river, text.replace("title: ", "title: さがす", 1))
    server.shows("/ja/cases/river/", "さがす")

    def is_new(_, body):
        found = name.search(body)
        return found and found[0] != first[0]

    good = first and server.until("/ja/search/", is_new)
    found = name.search(server.page("/ja/search/"))
    write(river, text)
    return good and server.ask("/" + found[0])[0] == 200


# ---- errors ----


def errors(server):
    river = server.file(RIVER)
    text = read(river)
    write(river, text.replace("summary:", "sumary:", 1))
    shown = server.shows("/ja/cases/river/", "there is no field")
    page = server.page("/ja/cases/river/")
    place = "%s:3:1" % RIVER
    server.shows("/ja/", "Other files: 1 error")
    other = server.page("/ja/")
    listed = server.page("/.kyodo/findings")
    check(
        "errors/on-the-page",
        shown=shown,
        place=place in page,
        link="vscode://file%s:3:1" % river in page,
        marked="<mark>sumary</mark>" in page,
        repair="To mend it: use one of these names: summary" in page,
        rest_of_the_page="川にごみがありました" in page,
        counted_elsewhere="sumary" not in other and 'href="/.kyodo/findings"' in other,
        listed=place in listed and "sumary" in listed and "kyodo-preview\"" not in listed,
        page_of_the_listed='href="/en/cases/river/"' in listed,
        data_is_not_made=server.ask("/data/cases.csv")[0] == 503,
    )
    write(river, text)
    check(
        "errors/mended",
        page=server.shows_no("/ja/cases/river/", "sumary"),
        elsewhere=server.shows_no("/ja/", 'class="bad"'),
        data=server.until("/data/cases.csv", lambda status, _: status == 200),
    )
    settings = server.file("content/site.yaml")
    good = read(settings)
    write(settings, "title: [\n")
    check(
        "errors/stale",
        told=server.shows("/ja/cases/river/", "what could be made last"),
        shown="川にごみがありました" in server.page("/ja/cases/river/"),
    )
    write(river, text.replace("title: ", "title: あと", 1))
    check("errors/stale-but-saved", shown=server.shows("/ja/cases/river/", "あと川をきれいに"))
    write(settings, good)
    check("errors/stale-mended", page=server.shows_no("/ja/cases/river/", "what could be made last"))
    write(river, text)
    template = server.file("themes/casebook/templates/case.tpl")
    kept = read(template)
    write(template, kept + "{{NO_SUCH_NAME}}")
    told = server.shows("/ja/cases/river/", "what could be made last")
    write(template, kept)
    check(
        "errors/template",
        told=told,
        mended=server.shows_no("/ja/cases/river/", "what could be made last"),
    )


def errors_from_the_start():
    site = small_site("broken")
    settings = os.path.join(site, "content/site.yaml")
    good = read(settings)
    write(settings, "title: [\n")
    with Server(site) as server:
        server.ready()
        status, _, body = server.ask("/ja/")
        write(settings, good)
        check(
            "errors/from-the-start",
            told=status == 503 and b"content/site.yaml:" in body,
            follows=ADDED.search(body) is not None,
            mended=server.until("/ja/", lambda status, body: status == 200),
        )


# ---- command ----


def command():
    site = small_site("command")
    with Server(site) as server:
        server.ready()
        busy = report.run([report.KYODO, "serve", "--site", site, "--port", str(server.port)])
        wrong = report.run([report.KYODO, "serve", "--site", site, "--port", "70000"])
        nowhere = report.run([report.KYODO, "serve", "--site", site + "-not", "--port", "0"])
        unknown = report.run(
            [report.KYODO, "serve", "--site", site, "--port", "0", "--bind", "192.0.2.1"]
        )
        check(
            "command/refused",
            port_in_use=busy.returncode == 4 and b"is in use" in busy.stderr,
            no_port=wrong.returncode == 3,
            no_folder=nowhere.returncode == 2 and b"folder" in nowhere.stderr,
            not_our_address=unknown.returncode == 4 and b"cannot listen" in unknown.stderr,
        )
        with socket.create_connection(("127.0.0.1", server.port)) as idle:
            idle.sendall(b"GET /.kyodo/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            first = idle.recv(65536)
            start = time.monotonic()
            status = server.end(signal.SIGINT)
            check(
                "command/end",
                clean=status == 0,
                soon=time.monotonic() - start < PATIENCE / 2,
                events=b"text/event-stream" in first,
                one_line=server.process.stdout.read() == "",
                nothing_written=not os.path.exists(os.path.join(site, "public")),
            )
    with Server(site, "--bind", "0.0.0.0") as server:
        server.ready()
        write(os.path.join(site, RIVER), "---\nsumary: 1\n---\n")
        server.shows("/ja/cases/river/", "sumary")
        check(
            "command/open-to-others",
            warns="other machines can see this" in server.said(),
            no_links_into_an_editor="vscode:" not in server.page("/ja/cases/river/"),
            ended=server.end(signal.SIGTERM) == 0,
        )


def many_readers(server):
    """Readers of everything at once, while somebody saves all the time."""
    paths = ["/ja/", "/ja/cases/river/", "/en/cases/river/", "/ja/data/", "/data/SHA256SUMS"]
    paths += ["/ja/search/", "/.kyodo/findings", "/data/kyodo.sqlite", "/en/data/projects/"]
    ends = time.monotonic() + (15 if report.VARIANT else 4)
    river = server.file(RIVER)
    text = read(river)

    def ask_all(start):
        at, problems = start, []
        while time.monotonic() < ends:
            path = paths[at % len(paths)]
            # While a text is broken no data is made.
            if server.ask(path)[0] not in ((200, 503) if "/data/" in path else (200,)):
                problems.append(path)
            at += 4
        return problems

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(ask_all, start) for start in range(6)]
        number = 0
        while time.monotonic() < ends:
            number += 1
            broken = text.replace("summary:", "sumary:", 1)
            write(river, broken if number % 4 == 0 else text.replace("title: ", "title: %d" % number))
            time.sleep(0.1)
        problems = [line for reader in readers for line in reader.result()]
    write(river, text)
    report.expect("follows/many-readers", problems)


def resident(server):
    with open("/proc/%d/status" % server.process.pid, encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) / 1024


def memory():
    with Server(small_site("memory")) as server:
        server.ready()
        river = server.file(RIVER)
        text = read(river)
        sizes = []
        for number in range(40):
            word = "かいめ%dかい" % number
            write(river, text.replace("title: ", "title: " + word, 1))
            server.shows("/ja/cases/", word)
            sizes.append(resident(server))
        growth = max(sizes[30:]) - max(sizes[10:20])
        report.expect(
            "follows/memory", [] if growth < 8 else ["%.0f MB more: %s" % (growth, sizes)]
        )


def browser():
    site = small_site("browser")
    with Server(site) as server:
        server.ready()
        report.expect("browser/reloads", look_in_chromium(server.url, site))


def look_in_chromium(url, site):
    """What is wrong. Chromium itself stands still now and then; then it is begun anew."""
    command = ["node", os.path.join(report.ROOT, "tests/browser/preview.mjs"), url, site]
    for _ in range(3):
        try:
            done = report.run(command, seconds=60, env=dict(os.environ))
            return (done.stdout + done.stderr).decode("utf-8", "replace").strip()
        except subprocess.TimeoutExpired:
            pass
    return "Chromium does not come to an end, three times"


# ---- goldens ----

# Each of these made a page fail before there was a preview of sites with errors.
BROKEN = [
    "check/facts_missing",
    "csv/empty_key",
    "encoding/legacy",
    "markdown/heading_empty",
    "record/languages_expected",
    "record/original_broken",
    "record/title_missing",
    "site/data_gone",
    "site/no_front_matter",
]


def crawl(server):
    """Every page that can be reached; what went wrong."""
    seen, todo, problems = set(), ["/", "/ja/", "/en/", "/ja/search/", "/404.html"], []
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        try:
            status, headers, body = server.ask(urllib.parse.quote(path, safe="/%"))
        except (OSError, http.client.HTTPException) as problem:
            return problems + ["%s: %s" % (path, problem)]
        if status == 500:
            problems.append("%s: %d" % (path, status))
        if not headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in re.findall(rb'href="([^":#?]+)["#?]', body):
            address = os.path.normpath(os.path.join(path, link.decode("utf-8", "replace")))
            slash = "/" if link.endswith(b"/") and address != "/" else ""
            if address.startswith("/") and not address.startswith("/data/"):
                todo.append(address + slash)
    return problems


def golden(name):
    site = os.path.join(report.SCRATCH, "goldens", name)
    case = os.path.join(cases.CASES, name)
    cases.lay_out(case, site)
    for line in cases.read_lines(os.path.join(case, "cmd")):
        if line.startswith("sh:"):
            report.run(["/bin/sh", "-c", line[3:]], cwd=site)
    if not os.path.isdir(os.path.join(site, "content")):
        return
    with Server(site) as server:
        server.ready()
        problems = crawl(server)
        status = server.process.poll()
        if status is not None:
            problems.append("the server died: %s\n%s" % (status, server.said()))
        report.expect("goldens/" + name, problems)
    shutil.rmtree(site, ignore_errors=True)


def goldens():
    names = BROKEN
    if report.SOAK:
        paths = glob.glob(os.path.join(cases.CASES, "*", "*", "cmd"))
        names = sorted(os.path.relpath(os.path.dirname(path), cases.CASES) for path in paths)
    for name in names:
        if report.wanted("goldens/" + name):
            golden(name)


def any_wanted(start):
    return any(one.startswith(start) or start.startswith(one) for one in report.FILTERS)


def main():
    if any_wanted("http") or any_wanted("refused"):
        with Server(small_site("http")) as server:
            server.ready()
            if report.wanted("http/same-as-build"):
                http_same_as_build(server)
            http_answers(server)
            refused(server)
    if any_wanted("follows"):
        with Server(small_site("follows")) as server:
            server.ready()
            follows(server)
            many_readers(server)
        if not report.VARIANT:
            memory()
    if any_wanted("errors"):
        with Server(small_site("errors")) as server:
            server.ready()
            errors(server)
        errors_from_the_start()
    if any_wanted("command"):
        command()
    if any_wanted("browser") and not report.VARIANT:
        browser()
    if any_wanted("goldens") and not report.VARIANT:
        goldens()
    report.end()


if __name__ == "__main__":
    main()
