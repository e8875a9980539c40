"""How a runner tells what it found, and where it works (see tests/run)."""

import difflib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("KYODO_BUILD", os.path.join(ROOT, "build"))
KYODO = os.path.join(BUILD, "kyodo")
SCRATCH = os.environ.get("KYODO_SCRATCH", "")
UPDATE = bool(os.environ.get("KYODO_UPDATE"))
SOAK = bool(os.environ.get("KYODO_SOAK"))
VARIANT = os.environ.get("KYODO_VARIANT", "")  # the sanitizer, when one is in
FILTERS = os.environ.get("KYODO_FILTER", "").split("\n")
DETAIL_LINES = 60

failures = 0


def wanted(name):
    """Whether the command line asked for this name: the whole group, or names that begin so."""
    return any(name.startswith(start) for start in FILTERS)


def ok(name):
    print("ok " + name, flush=True)


def fail(name, detail=""):
    global failures
    failures += 1
    lines = str(detail).splitlines()
    text = "not ok " + name + "\n" + "".join("# %s\n" % line for line in lines[:DETAIL_LINES])
    if len(lines) > DETAIL_LINES:
        text += "# (and %d lines more)\n" % (len(lines) - DETAIL_LINES)
    print(text, end="", flush=True)


def skip(name, reason):
    print("skip %s: %s" % (name, reason), flush=True)


def expect(name, problems):
    """ok when the list or text of problems is empty."""
    text = problems if isinstance(problems, str) else "\n".join(problems)
    if text:
        fail(name, text)
    else:
        ok(name)


def difference(wanted_text, got_text, label):
    """A unified diff of two byte strings; empty when they are the same."""
    if wanted_text == got_text:
        return ""
    a = wanted_text.decode("utf-8", "backslashreplace").splitlines(keepends=True)
    b = got_text.decode("utf-8", "backslashreplace").splitlines(keepends=True)
    lines = [
        line.rstrip("\n") + ("" if line.endswith("\n") else " (no newline at the end)")
        for line in difflib.unified_diff(a, b, label + " (expected)", label + " (got)", n=2)
    ]
    return "\n".join(lines) or "%s: other bytes that print alike" % label


def environment(**more):
    """What a tested program sees: nothing of the caller's but PATH and what a sanitizer needs."""
    keep = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS")
    result = {name: os.environ[name] for name in keep if name in os.environ}
    result.update({"LANG": "C.UTF-8", "NO_COLOR": "1", "TZ": "UTC", "HOME": SCRATCH or "/"})
    result.update(more)
    return result


def run(command, seconds=120, **options):
    """subprocess.run with our environment, captured output and a time limit."""
    options.setdefault("env", environment())
    options.setdefault("cwd", ROOT)
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(command, capture_output=True, timeout=seconds, check=False, **options)


def python_with(module):
    """A Python that has the module: Debian's package belongs to Debian's Python, which may not be
    the one on PATH."""
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and not subprocess.call(
            [python, "-c", "import " + module], stderr=subprocess.DEVNULL
        ):
            return python
    return sys.executable


def end():
    sys.exit(1 if failures else 0)
