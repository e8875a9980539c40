"""House rules that no compiler sees; prints file:line: reason and ends with 1 when there is any.

Looks at the files that git tracks and at new ones that it does not ignore.
"""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINES_MOST = 800
COLUMNS_MOST = 100

# Words that mark work as unfinished, and paths of the machine that somebody worked on.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X{3}|HA" + r"CK)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.:/])/(?:ho" + r"me|ro" + r"ot|wo" + r"rk|Us" + r"ers)/\w")
VAGUE_NAMES = re.compile(r"(?:^|[/_-])(?:utils?|common|misc|helpers?)(?:[._-]|$)")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]*)"')
# Goldens and lists of packages hold what others wrote.
NOT_OURS = re.compile(r"^(?:tests/cases/|tests/spec/.*\.txt$|tests/package-lock\.json$|LICENSE$)")
CODE = re.compile(r"\.(?:c|cc|h)$")


def tracked_files():
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return sorted(name for name in done.stdout.decode("utf-8").split("\0") if name)


def check_code(name, lines, say):
    if len(lines) > LINES_MOST:
        say(name, 1, "%d lines; split it (%d are the most)" % (len(lines), LINES_MOST))
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        # A .def file of a table may stand in a folder beside the header that includes it.
        if include and (
            "../" in include[1] or "/" in include[1] and not include[1].endswith(".def")
        ):
            say(name, number, "an include names no folder: the stage's include paths decide")
        if "\t" in line:
            say(name, number, "a tab; indent with four spaces")
        if len(line) > COLUMNS_MOST and not name.endswith(".def"):
            say(name, number, "%d columns; %d are the most" % (len(line), COLUMNS_MOST))
        if line.rstrip() != line:
            say(name, number, "white space at the end of the line")


def main():
    problems = []

    def say(name, number, reason):
        problems.append("%s:%d: %s" % (name, number, reason))

    for name in tracked_files():
        path = os.path.join(ROOT, name)
        if NOT_OURS.match(name) or not os.path.isfile(path):
            continue
        if VAGUE_NAMES.search(name):
            say(name, 1, "a vague name; say what the file is for")
        with open(path, "rb") as file:
            data = file.read()
        if b"\0" in data[:8000]:
            continue
        text = data.decode("utf-8", "replace")
        lines = text.split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                say(name, number, "marked as unfinished: finish it, or say what is so")
            if MACHINE_PATHS.search(line):
                say(name, number, "a path of somebody's machine")
        if CODE.search(name):
            check_code(name, lines, say)
    print("\n".join(problems) if problems else "house rules: nothing to report")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
