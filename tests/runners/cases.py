"""Goldens: every folder tests/cases/<area>/<case>/ that holds a file `cmd`.

The case's site/ (or input/) is laid over the bases that its file `base` names, one a line
(tests/cases/_base/<name>/, or with a / before it a folder of the repository: /data), in a scratch
folder, and each line of `cmd` is run there:

    check --format json          arguments for kyodo
    sh: ln -s a data/b           a shell line, to prepare or to look at what came out

    stdout, stderr   what all lines together print; a missing file means nothing
    exit             the exit status of each kyodo line, one a line; a missing file means 0 each
    stdin            what each line reads
    env              NAME=VALUE lines added to the environment
    remove           paths taken out of the base, one a line
    no-theme         an empty file: do not add the repository's themes/ to a site without any
    tree/            files that must come out, byte for byte, by their path in the scratch folder
    tree.list        exactly the files that the folder named in its first line (public/) must hold;
                     hashes in the names of assets are written [hash]
    absent           paths that must not exist afterwards, one a line

A case that expects nothing fails. --update writes stdout, stderr, exit, tree.list and the files in
tree/. """

import concurrent.futures
import glob
import os
import re
import shlex
import shutil
import subprocess

import report

CASES = os.path.join(report.ROOT, "tests", "cases")
HASH = re.compile(r"\.[0-9a-f]{16}\.")
EXPECTATIONS = ("stdout", "stderr", "exit", "tree", "tree.list", "absent")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def read_lines(path):
    """Lines that are neither empty nor a # comment."""
    if not os.path.exists(path):
        return []
    lines = read(path).decode("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def lay_out(case, scratch):
    """Base, then the case's own files, then the theme."""
    os.makedirs(scratch)
    for base in read_lines(os.path.join(case, "base")):
        source, target = os.path.join(CASES, "_base", base.strip()), scratch
        if base.startswith("/"):
            source, target = report.ROOT + base.strip(), scratch + base.strip()
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    for path in read_lines(os.path.join(case, "remove")):
        target = os.path.join(scratch, path)
        shutil.rmtree(target) if os.path.isdir(target) else os.remove(target)
    for folder in ("site", "input"):
        if os.path.isdir(os.path.join(case, folder)):
            shutil.copytree(os.path.join(case, folder), scratch, symlinks=True, dirs_exist_ok=True)
    themes = os.path.join(report.ROOT, "themes")
    if (
        os.path.isdir(os.path.join(scratch, "content"))
        and os.path.isdir(themes)
        and not os.path.lexists(os.path.join(scratch, "themes"))
        and not os.path.exists(os.path.join(case, "no-theme"))
    ):
        shutil.copytree(themes, os.path.join(scratch, "themes"))


def run_commands(case, scratch):
    """stdout, stderr and exit lines of all commands of the case."""
    out, err, exits = [], [], []
    more = dict(line.split("=", 1) for line in read_lines(os.path.join(case, "env")))
    env = report.environment(**more)
    env["KYODO"] = report.KYODO
    stdin = os.path.join(case, "stdin")
    for line in read_lines(os.path.join(case, "cmd")):
        shell = line.startswith("sh:")
        command = ["/bin/sh", "-c", line[3:]] if shell else [report.KYODO] + shlex.split(line)
        with open(stdin if os.path.exists(stdin) else os.devnull, "rb") as source:
            done = report.run(command, cwd=scratch, env=env, stdin=source)
        out.append(done.stdout)
        err.append(done.stderr)
        if not shell:
            exits.append(b"%d\n" % done.returncode)
        elif done.returncode != 0:
            err.append(b"sh: exit status %d: %s\n" % (done.returncode, line.encode()))
    return {"stdout": b"".join(out), "stderr": b"".join(err), "exit": b"".join(exits)}


def files_below(folder):
    found = []
    for path, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(path, name), folder) for name in names]
    return sorted(found)


def listing(scratch, case):
    """The tree.list that the case would have. The theme's assets change more often than what a case
    is about."""
    lines = read_lines(os.path.join(case, "tree.list"))
    folder = lines[0] if lines else "public/"
    files = sorted(HASH.sub(".[hash].", name) for name in files_below(os.path.join(scratch, folder)))
    return "".join(line + "\n" for line in [folder] + files)


def compare_tree(case, scratch):
    problems = []
    tree = os.path.join(case, "tree")
    for name in files_below(tree):
        got = os.path.join(scratch, name)
        if not os.path.isfile(got):
            problems.append("tree/%s: not written" % name)
            continue
        problem = report.difference(read(os.path.join(tree, name)), read(got), "tree/" + name)
        problems += [problem] if problem else []
    if os.path.exists(os.path.join(case, "tree.list")):
        problem = report.difference(
            read(os.path.join(case, "tree.list")), listing(scratch, case).encode(), "tree.list"
        )
        problems += [problem] if problem else []
    for name in read_lines(os.path.join(case, "absent")):
        if os.path.lexists(os.path.join(scratch, name)):
            problems.append("absent: %s is there" % name)
    return problems


def update(case, scratch, got):
    trivial = {"stdout": b"", "stderr": b"", "exit": b"0\n" * got["exit"].count(b"\n")}
    for name, text in got.items():
        path = os.path.join(case, name)
        if os.path.exists(path):
            os.remove(path)
        if text != trivial[name]:
            write(path, text)
    tree = os.path.join(case, "tree")
    for name in files_below(tree):
        source = os.path.join(scratch, name)
        if os.path.isfile(source):
            shutil.copyfile(source, os.path.join(tree, name))
        else:
            os.remove(os.path.join(tree, name))
    if os.path.exists(os.path.join(case, "tree.list")):
        write(os.path.join(case, "tree.list"), listing(scratch, case).encode())
    if not any(os.path.lexists(os.path.join(case, name)) for name in EXPECTATIONS):
        write(os.path.join(case, "exit"), got["exit"])


def run_case(case):
    """Name and problems of one case."""
    name = os.path.relpath(case, CASES)
    scratch = os.path.join(report.SCRATCH, name)
    try:
        lay_out(case, scratch)
        got = run_commands(case, scratch)
    except subprocess.TimeoutExpired as problem:
        return name, "no end after %d s: %s" % (problem.timeout, problem.cmd)
    except (OSError, ValueError) as problem:
        return name, "the case cannot be set up: %s" % problem
    if report.UPDATE:
        update(case, scratch, got)
    problems = []
    if not any(os.path.lexists(os.path.join(case, e)) for e in EXPECTATIONS):
        problems.append(
            "it expects nothing (tests/run --update cases/%s writes what it gives)" % name
        )
    for what, text in got.items():
        path = os.path.join(case, what)
        none = b"0\n" * text.count(b"\n") if what == "exit" else b""
        problem = report.difference(read(path) if os.path.exists(path) else none, text, what)
        problems += [problem] if problem else []
    problems += compare_tree(case, scratch)
    if not problems:
        shutil.rmtree(scratch, ignore_errors=True)
    return name, "\n".join(problems)


def finding_codes():
    """Every code of the table of findings; "see." codes are second places of other findings."""
    codes = set()
    for path in glob.glob(os.path.join(report.ROOT, "generator/diag/findings/*.def")):
        text = read(path).decode("utf-8")
        codes |= set(re.findall(r'^FINDING\(\w+,\s*"([^"]+)"', text, re.MULTILINE))
    return {code for code in codes if not code.startswith("see.")}


def check_codes():
    """Each code stands in some golden: as text, JSON, SARIF or annotation."""
    seen = b""
    for area in sorted(os.listdir(CASES)):
        for case in glob.glob(os.path.join(CASES, area, "*", "")):
            if os.path.exists(os.path.join(case, "cmd")):
                for name in ("stdout", "stderr"):
                    path = os.path.join(case, name)
                    seen += read(path) if os.path.exists(path) else b""
    # error[csv.type], "code": "csv.type", "ruleId": "csv.type", title=csv.type
    marked = set(re.findall(rb'(?:\[|"|=)([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)', seen))
    missing = sorted(code for code in finding_codes() if code.encode() not in marked)
    report.expect(
        "every-code-in-a-golden",
        missing and "%d codes stand in no golden:\n%s" % (len(missing), "\n".join(missing)),
    )


def main():
    cases = sorted(
        os.path.dirname(path) for path in glob.glob(os.path.join(CASES, "*", "*", "cmd"))
    )
    stray = sorted(
        path
        for path in glob.glob(os.path.join(CASES, "[!_]*", "*", ""))
        if not os.path.exists(os.path.join(path, "cmd"))
    )
    for folder in stray:
        report.fail(os.path.relpath(folder, CASES), "a case without a file `cmd`")
    cases = [case for case in cases if report.wanted(os.path.relpath(case, CASES))]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, problems in pool.map(run_case, cases):
            report.expect(name, problems)
    if report.wanted("every-code-in-a-golden") and not report.VARIANT:
        check_codes()
    report.end()


if __name__ == "__main__":
    main()
