"""A bare repository, a site in a work tree, a published folder and an nginx on loopback, all in one
folder of their own; and a reader who fetches pages in a loop."""

import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import report

SMALL = os.path.join(report.ROOT, "tests", "cases", "_base", "small")
CONFIGURATION = os.path.join(report.ROOT, "generator", "publish", "nginx", "kyodo.conf")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
PAGE = "content/cases/river/index.en.md"
STYLE = re.compile(rb'rel="stylesheet" href="([^"]+)"')
PICTURE = re.compile(rb'src="([^"]+/photo[.]([0-9a-f]{16})[.]svg)"')
RELEASE = re.compile(rb"The river, release (\d+)")
UNCHANGED = "サイトはこれまでのままです"


def environment(home, **more):
    """What a person at a terminal has, and nothing of the caller's."""
    result = report.environment(
        HOME=home,
        PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        GIT_AUTHOR_NAME="A",
        GIT_AUTHOR_EMAIL="a@example.org",
        GIT_COMMITTER_NAME="A",
        GIT_COMMITTER_EMAIL="a@example.org",
        GIT_CONFIG_NOSYSTEM="1",
        GIT_TERMINAL_PROMPT="0",
    )
    result.update(more)
    return result


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Place:
    """`site` is pushed to `repository`, which publishes to `www`."""

    def __init__(self, root=None, www=None):
        self.root = root or tempfile.mkdtemp(prefix="kyodo-publish-")
        os.chmod(self.root, 0o755)
        # Installed, so that the theme is found without the sources.
        self.kyodo = os.path.join(self.root, "bin", "kyodo")
        os.makedirs(os.path.dirname(self.kyodo), exist_ok=True)
        shutil.copy2(report.KYODO, self.kyodo)
        shutil.copytree(
            os.path.join(report.ROOT, "themes"),
            os.path.join(self.root, "share", "kyodo", "themes"),
            dirs_exist_ok=True,
        )
        self.site = os.path.join(self.root, "site")
        self.repository = os.path.join(self.root, "site.git")
        self.www = www or os.path.join(self.root, "www")
        self.env = environment(self.root)
        self.number = 0
        self.nginx = None
        self.port = free_port()

    # ---- Programs ----

    def run(self, command, seconds=300, **options):
        options.setdefault("env", self.env)
        options.setdefault("cwd", self.root)
        return report.run(command, seconds, **options)

    def publish(self, verb, *words, **options):
        return self.run([self.kyodo, "publish", verb, *words], **options)

    def git(self, *words, folder=None, **options):
        done = self.run(["git", "-C", folder or self.site, *words], **options)
        if done.returncode != 0:
            raise RuntimeError("git %s: %s" % (words, done.stderr.decode("utf-8", "replace")))
        return done.stdout.decode("utf-8", "replace").strip()

    def bare(self, *words, text=None):
        """git on the objects of the site's repository, with something to read."""
        done = subprocess.run(
            ["git", "-C", self.site, *words],
            input=text,
            env=self.env,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    # ---- The site ----

    def set_up(self, lang="ja"):
        done = self.publish(
            "init", "--repo", self.repository, "--www", self.www, "--lang", lang, "--quiet"
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode("utf-8", "replace"))
        self.run(["cp", "-r", SMALL, self.site])
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "publish", self.repository)

    def change(self, number=None):
        """A commit whose page and picture both tell its number."""
        self.number = number if number is not None else self.number + 1
        path = os.path.join(self.site, PAGE)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"^title: .*$", "title: The river, release %d" % self.number, text, flags=re.M)
        if "photo.svg" not in text:
            text += "\n![A sign with a number](photo.svg)\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(os.path.dirname(path), "photo.svg"), "w", encoding="utf-8") as file:
            file.write(
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!-- release %d -->'
                '<rect width="9" height="9"/></svg>\n' % self.number
            )
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Release %d" % self.number)
        return self.git("rev-parse", "HEAD")

    def push(self, what="HEAD:refs/heads/main", *words, seconds=300, env=None):
        """Exit status and what the pusher reads."""
        done = self.run(
            ["git", "-C", self.site, "push", *words, "publish", what],
            seconds,
            env=env or self.env,
        )
        text = done.stderr.decode("utf-8", "replace")
        return done.returncode, re.sub(r"\s+$", "", text, flags=re.M)

    def live(self):
        link = os.path.join(self.www, "current")
        return os.path.basename(os.readlink(link)) if os.path.islink(link) else ""

    def is_whole(self):
        done = self.publish("check", "--www", self.www)
        return "" if done.returncode == 0 else (done.stdout + done.stderr).decode()

    def everything(self):
        """Every name in W with what it leads to or holds; the lock is nobody's page."""
        result = {}
        for path, folders, names in os.walk(self.www):
            for name in folders + names:
                full = os.path.join(path, name)
                relative = os.path.relpath(full, self.www)
                if os.path.islink(full):
                    result[relative] = os.readlink(full)
                elif os.path.isfile(full) and name != ".kyodo-lock":
                    with open(full, "rb") as file:
                        result[relative] = hashlib.sha256(file.read()).hexdigest()
        return result

    # ---- The web server ----

    def configuration(self):
        """What is shipped, on a port of loopback."""
        with open(CONFIGURATION, encoding="utf-8") as file:
            text = file.read()
        text = text.replace("listen 80;", "listen 127.0.0.1:%d;" % self.port)
        return text.replace("    listen [::]:80;\n", "")

    def start_nginx(self):
        folder = os.path.join(self.root, "nginx")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "kyodo.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.configuration().replace("/srv/kyodo", self.www))
        self.start_nginx_with("include %s;" % path)

    def start_nginx_with(self, directive):
        """An nginx in the foreground; `directive` stands inside its http."""
        folder = os.path.join(self.root, "nginx")
        os.makedirs(os.path.join(folder, "tmp"), exist_ok=True)
        os.chmod(os.path.join(folder, "tmp"), 0o777)
        with open(os.path.join(folder, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(
                ("user www-data;\n" if os.geteuid() == 0 else "")
                + "daemon off;\nmaster_process on;\nworker_processes 2;\npid %s/pid;\n"
                "error_log %s/error.log warn;\nevents { worker_connections 256; }\n"
                "http {\n    access_log off;\n" % (folder, folder)
                + "".join(
                    "    %s_temp_path %s/tmp;\n" % (kind, folder)
                    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                )
                + "    %s\n}\n" % directive
            )
        self.nginx = subprocess.Popen(
            [NGINX, "-c", os.path.join(folder, "nginx.conf"), "-p", folder],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.nginx.poll() is not None:
                    raise RuntimeError(self.nginx.stderr.read().decode()) from None
                time.sleep(0.05)
        raise RuntimeError("nginx does not answer")

    def reload_nginx(self):
        self.nginx.send_signal(signal.SIGHUP)
        time.sleep(0.5)

    def get(self, path, method="GET", **headers):
        """Status, headers (lower case) and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(
                method,
                path,
                headers={**{"Host": "kyodo.example"}, **{k.replace("_", "-"): v for k, v in headers.items()}},
            )
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body
        finally:
            connection.close()

    def close(self):
        if self.nginx is not None:
            self.nginx.terminate()
            try:
                self.nginx.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.nginx.kill()
                self.nginx.wait()
            self.nginx.stderr.close()
        for path, folders, _ in os.walk(self.root):
            for name in folders:
                full = os.path.join(path, name)
                if not os.path.islink(full):
                    os.chmod(full, 0o755)
        shutil.rmtree(self.root, ignore_errors=True)


def expect_push(problems, done, accepted, *words):
    """Whether the push went as it should, and said what it should."""
    status, text = done
    if (status == 0) != accepted:
        problems.append("the push was %s" % ("refused" if accepted else "accepted"))
    problems += ["the pusher is not told %r" % word for word in words if word not in text]
    if problems:
        problems.append(text)
    return text


def resolve(page, link):
    return os.path.normpath(os.path.join(os.path.dirname(page), link))


class Reader(threading.Thread):
    """Fetches a page and what belongs to it, over and over; remembers whatever was not right."""

    def __init__(self, place):
        super().__init__(daemon=True)
        self.place = place
        self.stopping = threading.Event()
        self.problems = []
        self.pages = 0
        self.seen = set()

    def run(self):
        while not self.stopping.is_set() and len(self.problems) < 20:
            try:
                self.look()
            except (OSError, http.client.HTTPException) as problem:
                self.problems.append("no answer: %r" % problem)
            time.sleep(0.01)

    def fetch(self, path, **headers):
        status, _, body = self.place.get(path, **headers)
        if status != 200:
            self.problems.append("%s: status %d" % (path, status))
        return body

    def look(self):
        path = "/en/cases/river/"
        body = self.fetch(path)
        release = RELEASE.search(body)
        style = STYLE.search(body)
        picture = PICTURE.search(body)
        if not (body.endswith(b"</html>\n") and release and style and picture):
            self.problems.append("%s: not a whole page: %r" % (path, body[-80:]))
            return
        self.pages += 1
        self.seen.add(int(release[1]))
        sheet = self.fetch(resolve(path, style[1].decode()))
        name = re.search(r"[.]([0-9a-f]{16})[.]css$", style[1].decode())
        if not name or not hashlib.sha256(sheet).hexdigest().startswith(name[1]):
            self.problems.append("a style sheet that is not the page's own")
        drawing = self.fetch(resolve(path, picture[1].decode()))
        if b"<!-- release %s -->" % release[1] not in drawing:
            self.problems.append("page of release %s with another picture" % release[1].decode())

    def stop(self):
        self.stopping.set()
        self.join(60)
        return self.problems + ([] if self.pages else ["the reader saw no page"])
