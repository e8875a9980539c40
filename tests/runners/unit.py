"""Every tests/unit/<stage>/test_*.c: one result for each test function in it."""

import concurrent.futures
import glob
import os
import re
import subprocess

import report


def run_one(source):
    name = os.path.relpath(source, os.path.join(report.ROOT, "tests", "unit"))[:-2]
    program = os.path.join(report.BUILD, "tests", "unit", name)
    if not os.path.exists(program):
        return name, [("not ok", name, "not built: " + program)]
    folder = os.path.join(report.SCRATCH, name)
    os.makedirs(folder, exist_ok=True)
    try:
        # A unit test may read its data from its own folder and write to the folder in TMPDIR.
        done = report.run(
            [program],
            seconds=300,
            cwd=os.path.dirname(source),
            env=report.environment(TMPDIR=folder, CMOCKA_MESSAGE_OUTPUT="TAP"),
        )
    except subprocess.TimeoutExpired:
        return name, [("not ok", name, "no end after 300 s")]
    return name, read_tap(name, done)


def read_tap(name, done):
    """cmocka's TAP: a result a test, with the lines that follow a failure; `not ok 3 # SKIP name`
    is a skip."""
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    results = []
    for line in output.splitlines():
        match = re.match(r"\s*(not ok|ok) \d+ (?:- )?(# SKIP )?(.*)", line)
        if match:
            what = "skip" if match[2] else match[1]
            results.append(
                [what, name + "/" + match[3].strip(), "the test says so" if match[2] else ""]
            )
        elif results and results[-1][0] == "not ok":
            results[-1][2] += line + "\n"
    if not any(result[0] == "not ok" for result in results) and (
        done.returncode != 0 or not results
    ):
        results.append(["not ok", name, "status %d\n%s" % (done.returncode, output)])
    return results


def main():
    sources = sorted(glob.glob(os.path.join(report.ROOT, "tests", "unit", "*", "test_*.c")))
    sources = [
        s
        for s in sources
        if report.wanted(os.path.relpath(s, os.path.join(report.ROOT, "tests", "unit"))[:-2])
    ]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, results in pool.map(run_one, sources):
            for what, test, detail in results:
                if what == "ok":
                    report.ok(test)
                elif what == "skip":
                    report.skip(test, detail)
                else:
                    report.fail(test, detail)
    report.end()


main()
