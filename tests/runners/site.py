"""The demonstration site: built with 1, 2 and 8 threads to the same bytes, again without writing,
and then looked at file by file (links.py)."""

import os
import re
import shutil

import links
import readers
import report
from site_tree import differing, fingerprint

BASE_URL = re.compile(r"^base_url:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)


def base_url():
    with open(os.path.join(report.ROOT, "content", "site.yaml"), encoding="utf-8") as file:
        match = BASE_URL.search(file.read())
    return match[1] if match else "https://example.org/"


def build(out, *more):
    return report.run(
        [report.KYODO, "build", "--site", report.ROOT, "--out", out, *more], seconds=300
    )


def times(folder):
    result = {}
    for path, _, names in os.walk(folder):
        for name in names:
            status = os.lstat(os.path.join(path, name))
            if name.startswith("."):
                continue
            result[os.path.relpath(os.path.join(path, name), folder)] = (
                status.st_ino,
                status.st_mtime_ns,
            )
    return result


def main():
    first = os.path.join(report.SCRATCH, "first")
    done = build(first, "--jobs", "2")
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode != 0:
        report.fail("build", "exit status %d\n%s" % (done.returncode, output))
        report.end()
    report.ok("build")
    reference = fingerprint(first)
    report.expect("files", "" if len(reference) > 100 else "only %d files" % len(reference))
    for jobs in ("1", "8") if not report.SOAK else ("1", "3", "4", "8", "16", "32", "64"):
        other = os.path.join(report.SCRATCH, "jobs-" + jobs)
        done = build(other, "--jobs", jobs)
        problems = ["exit status %d" % done.returncode] if done.returncode else []
        report.expect(
            "same-bytes-jobs-" + jobs, problems + differing(reference, fingerprint(other))
        )
        shutil.rmtree(other, ignore_errors=True)

    before = times(first)
    done = build(first, "--jobs", "2")
    after = times(first)
    changed = sorted(name for name in before if after.get(name) != before[name])
    report.expect(
        "again-writes-nothing",
        ["rewritten: " + name for name in changed]
        + (["exit status %d" % done.returncode] if done.returncode else []),
    )

    shutil.copytree(first, os.path.join(report.SCRATCH, "stale"))
    stale = os.path.join(report.SCRATCH, "stale")
    with open(os.path.join(stale, "index.html"), "a", encoding="utf-8") as file:
        file.write("changed by hand\n")
    os.remove(os.path.join(stale, "robots.txt"))
    build(stale)
    report.expect("damage-is-repaired", differing(reference, fingerprint(stale)))

    tree = links.Tree(first, base_url())
    for name, check in links.CHECKS + readers.CHECKS:
        report.expect(name, check(tree))
    report.end()


if __name__ == "__main__":
    main()
