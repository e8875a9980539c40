"""Every example in README.md and in the manual page runs, in a copy of the repository.

README.md      fenced blocks `sh` (every line must succeed) and `console` (lines that begin with `$ ` run, and
               what follows must be what they print; a line … stands for any lines)
kyodo manual   the lines between .nf and .fi in its section EXAMPLES

`make test`, `make soak`, `make bench` and `make lint` are only planned (make -n), as they would run
this again. A `git clone` of the project is the copy itself. A line that ends with `&`, and `kyodo
serve`, run until the end of their block. """

import os
import re
import shlex
import signal
import subprocess

import examples_copy
import report

PLANNED = re.compile(r"\bmake (?=(?:\S+=\S+ )*(?:test|soak|bench|lint|deps)\b)")
CLONE = re.compile(r"^git clone \S+(?: (\S+))?$")
INSTALL = re.compile(r"^sudo (?=make install\b)")
SECONDS = 300


def readme_blocks(path):
    """(line, kind, text) of the fenced blocks that run."""
    blocks, kind, start, lines = [], None, 0, []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().split("\n"), 1):
            fence = re.match(r"\s*```+\s*(\w*)", line)
            if fence and kind is None:
                kind, start, lines = fence[1] or "text", number + 1, []
            elif fence:
                if kind in ("sh", "console", "bash", "shell"):
                    blocks.append((start, "console" if kind == "console" else "sh", lines))
                kind = None
            elif kind is not None:
                lines.append(line)
    return blocks


def manual_blocks(path):
    """The section EXAMPLES: every line between .nf and .fi is a command."""
    blocks, section, start, lines = [], "", 0, None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().split("\n"), 1):
            if line.startswith(".SH "):
                section = line[len(".SH ") :].strip('"')
            elif line == ".nf" and section == "EXAMPLES":
                start, lines = number + 1, []
            elif line == ".fi" and lines is not None:
                blocks.append((start, "sh", lines))
                lines = None
            elif lines is not None and not line.startswith("."):
                lines.append(line.replace("\\e", "\\").replace("\\-", "-").replace("\\&", ""))
    return blocks


def steps(kind, lines):
    """(command, expected output or None) of a block; a line that ends with a backslash goes on."""
    result, expected, command = [], [], ""
    for line in lines:
        if kind == "sh":
            text = line
        elif line.startswith("$ ") or command:
            text = line[2:] if line.startswith("$ ") else line
        else:
            if result:
                expected[-1].append(line)
            continue
        command += text
        if command.endswith("\\"):
            command = command[:-1]
            continue
        command = (
            re.sub(r"\s+#.*$", "", command)
            if "'" not in command and '"' not in command
            else command
        )
        if command.strip() and not command.strip().startswith("#"):
            result.append(command.strip())
            expected.append([])
        command = ""
    return [(c, e if kind == "console" else None) for c, e in zip(result, expected)]


def matches(expected, got):
    """Whether the lines got are those expected, where a line … stands for any number of lines."""
    while expected and not expected[-1].strip():
        expected = expected[:-1]
    pattern = "".join(
        "(?:.*\n)*" if line.strip() in ("…", "...") else re.escape(line.rstrip()) + "\n"
        for line in expected
    )
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in got.splitlines()))


class Shell:
    """One block: its folder changes as `cd` says, its background programs end with it."""

    def __init__(self, home):
        self.home = self.folder = home
        self.running = []
        self.env = report.environment(
            PATH=os.path.join(home, "build") + ":" + os.environ["PATH"],
            DESTDIR=os.path.join(home, "build", "destination"),
        )

    def run(self, command):
        """Exit status and output."""
        command = INSTALL.sub("", PLANNED.sub("make -n ", command))
        clone = CLONE.match(command)
        if clone:
            return 0, ""
        if command.startswith("cd "):
            target = os.path.join(self.folder, shlex.split(command)[1])
            self.folder = target if os.path.isdir(target) else self.home
            return 0, ""
        if command.endswith("&") or re.match(r"(?:build/)?kyodo serve\b", command):
            process = subprocess.Popen(
                ["/bin/sh", "-c", command.rstrip("& ")],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self.running.append(process)
            try:
                process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                return 0, ""
            return process.returncode, process.stderr.read().decode("utf-8", "replace")
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.env,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def close(self):
        for process in self.running:
            try:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass


def run_block(home, kind, lines):
    problems = []
    shell = Shell(home)
    try:
        for command, expected in steps(kind, lines):
            try:
                status, output = shell.run(command)
            except subprocess.TimeoutExpired:
                problems.append("$ %s\nno end after %d s" % (command, SECONDS))
                break
            shown = expected is not None and any(line.strip() for line in expected)
            if shown and not matches(expected, output):
                problems.append(
                    "$ %s\n%s"
                    % (
                        command,
                        report.difference(
                            "\n".join(expected).encode() + b"\n", output.encode(), "output"
                        ),
                    )
                )
            elif status != 0 and not shown:
                problems.append("$ %s\nexit status %d\n%s" % (command, status, output))
    finally:
        shell.close()
    return problems


def main():
    home = os.path.join(report.SCRATCH, "kyodo")
    os.makedirs(home)
    examples_copy.copy_repository(home)
    manual = os.path.join(report.SCRATCH, "kyodo.1")
    with open(manual, "wb") as file:
        file.write(report.run([report.KYODO, "manual", "--lang", "en"]).stdout)
    documents = [
        ("README.md", readme_blocks, os.path.join(report.ROOT, "README.md")),
        ("manual", manual_blocks, manual),
    ]
    for document, read, path in documents:
        if not os.path.exists(path):
            report.fail(document, "not there")
            continue
        blocks = read(path)
        report.expect(document + "/has-examples", "" if blocks else "no example in it")
        for line, kind, lines in blocks:
            report.expect("%s:%d" % (document, line), run_block(home, kind, lines))
    report.end()


main()
