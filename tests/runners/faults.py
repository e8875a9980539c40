"""When the machine fails: a full disk, folders that cannot be written, files that cannot be read,
links. The exit status must be right, the message clear, and what was published before must be
whole."""

import os
import resource
import shutil
import signal
import stat
import subprocess
import tempfile

import report
import site_tree
import small_disk

NOBODY = 65534


class Bench:
    """A small site and a first build of it, in folders that another user may reach."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="kyodo-faults-")
        os.chmod(self.root, 0o755)
        self.kyodo = os.path.join(self.root, "kyodo")
        shutil.copy2(report.KYODO, self.kyodo)
        self.site = os.path.join(self.root, "site")
        for folder in ("content", "data", "themes"):
            shutil.copytree(os.path.join(report.ROOT, folder), os.path.join(self.site, folder))
        self.page = self.find_page()

    def find_page(self):
        for path, _, names in sorted(os.walk(os.path.join(self.site, "content", "cases"))):
            if "index.ja.md" in names:
                return os.path.join(path, "index.ja.md")
        return os.path.join(self.site, "content", "site.yaml")

    def build(self, out, user=None, limit=None, site=None):
        command = [self.kyodo, "build", "--site", site or self.site, "--out", out, "--jobs", "2"]
        if user is not None:
            command = [
                "setpriv",
                "--reuid=%d" % user,
                "--regid=%d" % user,
                "--clear-groups",
            ] + command

        def before():
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return report.run(command, preexec_fn=before)

    def change(self):
        """Make the next build differ from the last one on every page: the style sheet gets another
        name."""
        for path, _, names in sorted(os.walk(os.path.join(self.site, "themes"))):
            for name in sorted(names):
                if name.endswith(".css"):
                    with open(os.path.join(path, name), "a", encoding="utf-8") as file:
                        file.write(
                            "\n:root { --changed: %d; }\n"
                            % os.path.getsize(os.path.join(path, name))
                        )
        with open(self.page, "a", encoding="utf-8") as file:
            file.write("\n" + "この段落はあとから加わりました。" * 20 + "\n")

    def close(self):
        for path, folders, _ in os.walk(self.root):
            for name in folders:
                full = os.path.join(path, name)
                if not os.path.islink(full):
                    os.chmod(full, 0o755)
        shutil.rmtree(self.root, ignore_errors=True)


def judge(name, done, status, words, problems=()):
    """The exit status, a message that names what matters, and nothing that looks like a crash."""
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    found = list(problems)
    if done.returncode != status:
        found.append("exit status %d instead of %d" % (done.returncode, status))
    for word in words:
        if word not in text:
            found.append("the message does not say %r" % word)
    report.expect(name, "\n".join(found + [text]) if found else "")


def whole(before, out):
    """What differs from the tree that was there, and what was left lying about."""
    problems = site_tree.differing(before, site_tree.fingerprint(out))
    hidden = [
        name
        for name in os.listdir(out)
        if name.startswith(".") and name not in (".kyodo-manifest", ".gitignore")
    ]
    return problems + ["left behind: " + name for name in hidden]


def full_disk(bench):
    name = "full-disk"
    disk = os.path.join(bench.root, "disk")
    os.mkdir(disk)
    if not small_disk.mount("tmpfs", disk, "size=128m,mode=755"):
        report.skip(name, "a small file system can't be mounted here")
        return
    try:
        out = os.path.join(disk, "public")
        done = bench.build(out)
        if done.returncode != 0:
            judge(name, done, 0, [])
            return
        before = site_tree.fingerprint(out)
        bench.change()
        filler = os.path.join(disk, "filler")
        # A few pages fit, so that the disk fills while the build is under way: the old tree stays
        # whole (ruling 9).
        small_disk.fill(filler, 40 * 4096)
        done = bench.build(out)
        judge(name, done, 4, [], whole(before, out))
        os.remove(filler)
        done = bench.build(out)
        judge(name + "-then-room", done, 0, [])
        judge(
            name + "-changed",
            done,
            0,
            [],
            []
            if site_tree.fingerprint(out) != before
            else ["the build after the full disk changed nothing"],
        )
    finally:
        subprocess.run(["umount", disk], check=False)


def file_size_limit(bench):
    """Writes that fail in the middle of a file, with no mount needed."""
    out = os.path.join(bench.root, "limited")
    done = bench.build(out)
    if done.returncode != 0:
        judge("write-error", done, 0, [])
        return
    before = site_tree.fingerprint(out)
    bench.change()
    done = bench.build(out, limit=2000)
    judge("write-error", done, 4, [], whole(before, out))


def unwritable(bench):
    name = "unwritable-output"
    out = os.path.join(bench.root, "locked")
    user = NOBODY if os.geteuid() == 0 else None
    if user is not None and not shutil.which("setpriv"):
        report.skip(name, "root may write everywhere, and setpriv is not there")
        return
    os.mkdir(out)
    os.chmod(out, 0o555)
    done = bench.build(out, user=user)
    judge(name, done, 4, ["locked"], [] if os.listdir(out) == [] else ["something was written"])
    missing = os.path.join(bench.root, "locked", "deeper", "public")
    done = bench.build(missing, user=user)
    judge(name + "-below", done, 4, ["locked"])


def unreadable(bench):
    name = "unreadable-file"
    user = NOBODY if os.geteuid() == 0 else None
    if user is not None and not shutil.which("setpriv"):
        report.skip(name, "root may read everything, and setpriv is not there")
        return
    out = os.path.join(bench.root, "open")
    os.mkdir(out)
    os.chmod(out, 0o777)
    os.chmod(bench.page, 0)
    done = bench.build(out, user=user)
    os.chmod(bench.page, 0o644)
    relative = os.path.relpath(bench.page, bench.site)
    judge(
        name,
        done,
        2,
        [relative, "file.unreadable"],
        [] if os.listdir(out) == [] else ["something was written"],
    )


def links(bench):
    """A link in the input is refused; a link where the output goes is not followed out of the
    folder."""
    link = os.path.join(os.path.dirname(bench.page), "picture.png")
    os.symlink("/etc/passwd", link)
    out = os.path.join(bench.root, "from-links")
    done = bench.build(out)
    os.remove(link)
    judge(
        "link-in-input",
        done,
        2,
        ["picture.png"],
        ["something was written"] if os.path.exists(os.path.join(out, "index.html")) else [],
    )

    done = bench.build(out)
    judge("link-gone", done, 0, [])
    victim = os.path.join(bench.root, "victim")
    os.mkdir(victim)
    with open(os.path.join(victim, "keep.txt"), "w", encoding="utf-8") as file:
        file.write("not ours\n")
    home = os.path.join(out, "ja")
    if os.path.isdir(home):
        shutil.rmtree(home)
        os.symlink(victim, home)
        done = bench.build(out)
        report.expect(
            "link-in-output",
            []
            if os.listdir(victim) == ["keep.txt"]
            else ["the build wrote through a link out of its folder:"] + sorted(os.listdir(victim)),
        )


def foreign_folder(bench):
    out = os.path.join(bench.root, "foreign")
    os.mkdir(out)
    with open(os.path.join(out, "thesis.txt"), "w", encoding="utf-8") as file:
        file.write("mine\n")
    done = bench.build(out)
    judge(
        "foreign-folder",
        done,
        done.returncode if done.returncode in (2, 3, 4) else 4,
        ["foreign"],
        [] if os.listdir(out) == ["thesis.txt"] else ["something was written or removed"],
    )


def full_output(bench):
    """Findings that cannot be printed are an error, not silence."""
    if not os.path.exists("/dev/full") or not stat.S_ISCHR(os.stat("/dev/full").st_mode):
        report.skip("full-output", "no /dev/full here")
        return
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [bench.kyodo, "check", "--format", "json", bench.site],
            stdout=full,
            stderr=subprocess.PIPE,
            env=report.environment(),
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
    report.expect(
        "full-output",
        ""
        if done.returncode == 4
        else "exit status %d instead of 4\n%s" % (done.returncode, done.stderr.decode()),
    )


def killed(bench):
    """Killed at many moments, the next build repairs what is there."""
    out = os.path.join(bench.root, "killed")
    problems = []
    step = 0.002 if report.SOAK else 0.03
    for delay in (step * n for n in range(100 if report.SOAK else 10)):
        bench.change()
        process = subprocess.Popen(
            [bench.kyodo, "build", "--site", bench.site, "--out", out],
            env=report.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    done = bench.build(out)
    clean = os.path.join(bench.root, "clean")
    bench.build(clean)
    problems += whole(site_tree.fingerprint(clean), out)
    judge("killed-then-built", done, 0, [], problems)


def main():
    bench = Bench()
    try:
        for fault in (
            full_disk,
            file_size_limit,
            unwritable,
            unreadable,
            links,
            foreign_folder,
            full_output,
            killed,
        ):
            fault(bench)
    finally:
        bench.close()
    report.end()


main()
