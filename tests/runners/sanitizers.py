"""Units, goldens and the specification once more under AddressSanitizer and UBSan, the parallel
parts under ThreadSanitizer. Each variant is built into its own folder below build/."""

import os
import subprocess
import sys

import report

# The preview waits for quiet again and again: with all threads watched it has its time in the soak.
VARIANTS = {
    "address,undefined": ["unit", "cases", "spec", "serve"],
    "thread": ["serve"] if report.SOAK else [],
}
# The checked strstr measures its whole text at every call, which makes counting quadratic.
OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:halt_on_error=1:detect_stack_use_after_return=1"
    ":intercept_strstr=0",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


def pool_sources():
    """Unit tests that start threads, as paths without .c below tests/unit/."""
    unit = os.path.join(report.ROOT, "tests", "unit")
    found = []
    for path, _, names in sorted(os.walk(unit)):
        for name in sorted(names):
            source = os.path.join(path, name)
            if name.startswith("test_") and name.endswith(".c"):
                with open(source, encoding="utf-8") as file:
                    text = file.read()
                if "pool_" in text or "pthread_" in text:
                    found.append(os.path.relpath(source, unit)[:-2])
    return found


def build_variant(san):
    """The folder of the variant, or None with a failure."""
    folder = os.path.join(report.ROOT, "build", san.replace(",", "-"))
    targets = ["all", "test-programs"]
    if san == "thread":
        targets = ["all"] + [os.path.join(folder, "tests", "unit", name) for name in pool_sources()]
    command = ["make", "-j2", "--no-print-directory", "-s", "SAN=" + san, "BUILD=" + folder]
    done = report.run(
        command + ["OPTIMISE=-O1 -g1"] + targets,
        seconds=1200,
        env=dict(os.environ, MAKEFLAGS="", MAKELEVEL="0"),
    )
    if done.returncode != 0:
        report.fail(san + "/build", (done.stdout + done.stderr).decode("utf-8", "replace"))
        return None
    report.ok(san + "/build")
    return folder


def forward(san, group, folder):
    """Run another group with the variant's programs and hand on what it says."""
    scratch = os.path.join(report.SCRATCH, san.replace(",", "-"), group)
    os.makedirs(scratch)
    env = dict(
        os.environ,
        KYODO_BUILD=folder,
        KYODO_SCRATCH=scratch,
        KYODO_FILTER="",
        KYODO_UPDATE="",
        KYODO_VARIANT=san,
        **OPTIONS
    )
    done = subprocess.run(
        [sys.executable, os.path.join(report.ROOT, "tests", "runners", group + ".py")],
        cwd=report.ROOT,
        env=env,
        capture_output=True,
        check=False,
        timeout=1200,
    )
    count = 0
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        for start in ("ok ", "not ok ", "skip "):
            if line.startswith(start):
                count += 1
                line = "%s%s/%s/%s" % (start, san, group, line[len(start) :])
                break
        print(line, flush=True)
    if done.returncode != 0:
        report.failures += 1
    if count == 0:
        report.fail(
            "%s/%s" % (san, group),
            "the runner looked at nothing\n" + done.stderr.decode("utf-8", "replace"),
        )


def build_site(san, folder, jobs):
    out = os.path.join(report.SCRATCH, san.replace(",", "-"), "public-" + jobs)
    done = report.run(
        [
            os.path.join(folder, "kyodo"),
            "build",
            "--site",
            report.ROOT,
            "--out",
            out,
            "--jobs",
            jobs,
        ],
        seconds=900,
        env=report.environment(**OPTIONS),
    )
    problem = (done.stdout + done.stderr).decode("utf-8", "replace")
    report.expect(
        "%s/site-jobs-%s" % (san, jobs),
        "" if done.returncode == 0 else "exit status %d\n%s" % (done.returncode, problem),
    )


def pool_tests(folder):
    """Everything that runs threads by itself."""
    sources = pool_sources()
    for name in sources:
        done = report.run(
            [os.path.join(folder, "tests", "unit", name)],
            seconds=600,
            cwd=os.path.join(report.ROOT, "tests", "unit", os.path.dirname(name)),
            env=report.environment(TMPDIR=report.SCRATCH, **OPTIONS),
        )
        problem = (done.stdout + done.stderr).decode("utf-8", "replace")
        report.expect("thread/" + name, problem if done.returncode else "")
    report.expect("thread/pool-tests", "" if sources else "no unit test starts a pool")


def main():
    for san, groups in VARIANTS.items():
        if not any(
            start == "" or san.startswith(start) or start.startswith(san)
            for start in report.FILTERS
        ):
            continue
        folder = build_variant(san)
        if not folder:
            continue
        for group in groups:
            forward(san, group, folder)
        if san == "thread":
            pool_tests(folder)
            build_site(san, folder, "8")
        else:
            build_site(san, folder, "2")
    report.end()


main()
