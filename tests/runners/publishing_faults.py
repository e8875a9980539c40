"""What can go wrong while a release is made: kills, full and read-only disks, many pushes at once,
clocks, hands. """

import os
import random
import shutil
import signal
import stat
import subprocess
import threading
import time

import report
import shared_group
import small_disk
from publishing_place import UNCHANGED, Place, Reader, expect_push

NOBODY = 65534


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


def on_own_disk(check):
    """Run a check whose published folder is on a small file system of its own, while a reader looks.
    """

    def run(_):
        place = Place()
        disk = os.path.join(place.root, "disk")
        os.mkdir(disk)
        if not small_disk.mount("tmpfs", disk, "size=96m,mode=755"):
            place.close()
            return None
        place.www = os.path.join(disk, "www")
        try:
            place.set_up()
            place.change()
            problems = []
            expect_push(problems, place.push(), True)
            place.start_nginx()
            return problems + with_reader(check)(place)
        finally:
            if place.nginx is not None:
                place.nginx.terminate()
                place.nginx.wait()
            subprocess.run(["umount", disk], check=False)
            place.close()

    run.__name__ = check.__name__
    return run


@on_own_disk
def disk_full(place):
    """A disk that fills while a release is made: the live one stays, and the next push repairs."""
    problems = []
    live = place.live()
    filler = os.path.join(os.path.dirname(place.www), "filler")
    # Room for less and less of a release: it fills at different steps.
    for room in (1 << 20, 300 << 10, 40 << 10, 0) if report.SOAK else (300 << 10, 0):
        small_disk.fill(filler, room)
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
    return problems


@on_own_disk
def disk_read_only(place):
    """A file system that turns read-only, as Linux makes it after a fault of the disk: told, with
    status 4 where kyodo itself is run, and repaired by the next push."""
    problems = []
    disk = os.path.dirname(place.www)
    place.change()
    expect_push(problems, place.push(), True)
    live = place.live()
    before = place.everything()
    words = ("読み取り専用", place.www)
    small_disk.mount("tmpfs", disk, "remount,ro")
    try:
        place.change()
        expect_push(problems, place.push(), True, *words, "公開はできませんでした")
        expect_push(problems, place.push("HEAD:refs/heads/draft"), True, *words)
        for verb in (["deploy", "--repo", place.repository], ["deploy", "--site", place.site], ["rollback"]):
            done = place.publish(*verb, "--www", place.www, "--lang", "ja")
            text = done.stderr.decode()
            if done.returncode != 4 or not all(word in text for word in words):
                problems.append("%s ends with %d: %s" % (verb, done.returncode, text))
        if place.live() != live or place.everything() != before:
            problems.append("the published folder changed")
        problems += [trouble for trouble in [place.is_whole()] if trouble]
    finally:
        small_disk.mount("tmpfs", disk, "remount,rw")
    commit = place.change()
    expect_push(problems, place.push(), True, "公開しました")
    if place.live() != commit:
        problems.append("the next push is not live")
    return problems + [place.is_whole()]
