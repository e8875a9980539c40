"""Completion at Tab: the scripts that `kyodo completion` writes, in a real bash and a real zsh. """

import os
import pty
import re
import shutil
import subprocess
import time

import report

# What is typed, with the cursor at its end -> what bash offers. None: at least these files.
BASH = {
    "kyodo bu": ["build"],
    "kyodo publish ro": ["rollback"],
    "kyodo publish init --b": ["--base-url", "--branch"],
    "kyodo build --no-g": ["--no-gzip"],
    "kyodo check --format j": ["json"],
    "kyodo check --format=gith": ["github"],
    "kyodo check --lang ": ["en", "ja"],
    "kyodo build --site ": ["a folder", "data"],
    "kyodo build --site=d": ["data"],
    "kyodo check ": ["a folder", "data", "list.csv"],
    "kyodo check --schema list.csv l": ["list.csv"],
    "kyodo schema ": ["case", "meeting", "news", "page"],
    "kyodo schema case ": [],
    "kyodo schema --lang ja n": ["news"],
    "kyodo new m": ["meeting"],
    "kyodo new case ": [],
    "kyodo init ": ["a folder", "data"],
    "kyodo init x --languages ": ["en,ja", "ja,en"],
    "kyodo translated list.csv d": ["data"],
    "kyodo explain csv.ty": ["csv.type"],
    "kyodo build --jobs ": [],
    "kyodo nonsense ": [],
}
# What is typed -> the line after Tab, in zsh.
ZSH = {
    "kyodo bu": "kyodo build ",
    "kyodo publish ro": "kyodo publish rollback ",
    "kyodo build --no-g": "kyodo build --no-gzip ",
    "kyodo check --format gith": "kyodo check --format github ",
    "kyodo build --site da": "kyodo build --site data/",
    "kyodo publish deploy --ww": "kyodo publish deploy --www=",
    "kyodo check lis": "kyodo check list.csv ",
    "kyodo schema m": "kyodo schema meeting ",
    "kyodo explain csv.typ": "kyodo explain csv.type ",
}
# Runs the function as bash would, and prints what it offers.
ASK_BASH = """
source "$1"
COMP_LINE=$2
COMP_WORDS=("${@:3}")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_kyodo kyodo
printf '%s\\n' "${COMPREPLY[@]}"
"""
ASK_ZSH = """
PS1=; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste
fpath=(%s $fpath); autoload -Uz compinit; compinit -D -u
say() { print -r -- "$BUFFER" >>line; BUFFER=; }
zle -N say; bindkey '^X' say
: >ready
"""
SECONDS = 20


def script(shell, *more):
    return report.run([report.KYODO, "completion", shell, *more]).stdout


def folder():
    path = os.path.join(report.SCRATCH, "place")
    os.makedirs(os.path.join(path, "data"))
    os.makedirs(os.path.join(path, "a folder"))
    with open(os.path.join(path, "list.csv"), "w", encoding="utf-8"):
        pass
    return path


def bash(place):
    path = os.path.join(report.SCRATCH, "kyodo")
    with open(path, "wb") as file:
        file.write(script("bash"))
    for line, wanted in BASH.items():
        # bash cuts words at = too, and = is a word of its own
        words = [word for word in re.split(r" |(=)", line) if word is not None]
        words = [word for i, word in enumerate(words) if word or i == len(words) - 1]
        done = report.run(
            ["bash", "--norc", "-c", ASK_BASH, "bash", path, line, *words], cwd=place
        )
        got = sorted(done.stdout.decode().split("\n"))
        got = [word for word in got if word]
        problem = "" if got == wanted else "offers %s\n%s" % (got, done.stderr.decode())
        report.expect("bash/" + line.strip(), problem)


class Zsh:
    """An interactive zsh on a terminal of its own."""

    def __init__(self, place, functions):
        self.place = place
        self.line = os.path.join(place, "line")
        ours, theirs = pty.openpty()
        self.terminal = ours
        self.process = subprocess.Popen(
            ["zsh", "-f", "-i"],
            cwd=place,
            env=report.environment(TERM="dumb", HOME=place),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.type(ASK_ZSH % functions)
        self.wait(os.path.join(place, "ready"))

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait(self, path):
        """What the shell printed is read, so that it never waits for us."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and not os.path.exists(path):
            os.set_blocking(self.terminal, False)
            try:
                os.read(self.terminal, 65536)
            except BlockingIOError:
                time.sleep(0.02)

    def complete(self, line):
        if os.path.exists(self.line):
            os.remove(self.line)
        self.type(line + "\t\x18")
        self.wait(self.line)
        time.sleep(0.02)
        if not os.path.exists(self.line):
            return "no answer"
        with open(self.line, encoding="utf-8") as file:
            return file.read().rstrip("\n")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


def zsh(place):
    if shutil.which("zsh") is None:
        report.skip("zsh", "zsh is not installed")
        return
    functions = os.path.join(report.SCRATCH, "functions")
    os.makedirs(functions)
    with open(os.path.join(functions, "_kyodo"), "wb") as file:
        file.write(script("zsh", "--lang", "ja"))
    shell = Zsh(place, functions)
    try:
        for line, wanted in ZSH.items():
            got = shell.complete(line)
            report.expect("zsh/" + line, "" if got == wanted else "becomes %r" % got)
    finally:
        shell.close()


def main():
    place = folder()
    bash(place)
    zsh(place)
    for shell in ("bash", "zsh"):
        for language in ("ja", "en"):
            syntax = report.run([shell, "-n"], input=script(shell, "--lang", language), stdin=None)
            report.expect("syntax/%s.%s" % (shell, language), syntax.stderr.decode())
    report.end()


main()
