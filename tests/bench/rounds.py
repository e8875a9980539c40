"""Rounds of a command: times, memory and what it wrote. Medians count."""

import os
import shutil
import statistics
import subprocess
import sys
import time

import corpus

ROUNDS = 3


class Measurement:
    """Rounds of one command."""

    def __init__(self, title):
        self.title = title
        self.wall, self.cpu, self.memory = [], [], []
        self.files = self.bytes = 0

    def median(self, values):
        return statistics.median(values)

    def figures(self):
        return {
            "seconds": round(self.median(self.wall), 4),
            "cpu_seconds": round(self.median(self.cpu), 4),
            "peak_kib": int(self.median(self.memory)),
            "files": self.files,
            "bytes": self.bytes,
        }


def size_of(folder):
    files = size = 0
    for path, _, names in os.walk(folder):
        for name in names:
            files += 1
            size += os.lstat(os.path.join(path, name)).st_size
    return files, size


def measure(arguments, measurement, command, folder, out):
    """One round, from an empty output folder."""
    shutil.rmtree(out, ignore_errors=True)
    run_measured(arguments, measurement, command, folder)
    measurement.files, measurement.bytes = size_of(out)


def run_measured(arguments, measurement, command, folder):
    note = os.path.join(arguments.scratch, "measure.txt")
    done = subprocess.run(
        [arguments.measure, note] + command,
        cwd=folder,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=dict(os.environ, LANG="C.UTF-8"),
    )
    with open(note, encoding="ascii") as file:
        wall, user, system, memory, status = file.read().split()
    if status != "0":
        sys.exit(
            "%s: exit status %s\n%s"
            % (
                " ".join(command),
                status,
                (done.stdout + done.stderr).decode("utf-8", "replace")[-4000:],
            )
        )
    measurement.wall.append(float(wall))
    measurement.cpu.append(float(user) + float(system))
    measurement.memory.append(int(memory))


def rebuild(arguments, found, name, title, command, site):
    """Builds behind a first one: after no change, and after a sentence more in one case."""
    noop, edited = Measurement(title + ", no change"), Measurement(title + ", one case edited")
    out = command[command.index("--out") + 1]
    shutil.rmtree(out, ignore_errors=True)
    time.sleep(4)  # until stamps of the files are believed
    subprocess.run(command, cwd=site, check=True, capture_output=True)
    for number in range(ROUNDS):
        for _ in range(ROUNDS):
            run_measured(arguments, noop, command, site)
        case = os.path.join(site, "content", "cases", corpus.case_id(number), "index.ja.md")
        with open(case, "a", encoding="utf-8") as file:
            file.write("\n%s\n" % corpus.sentence_ja(corpus.Dice(number)))
        run_measured(arguments, edited, command, site)
        time.sleep(4)
        run_measured(arguments, Measurement(""), command, site)
    for measurement in (noop, edited):
        measurement.files, measurement.bytes = size_of(out)
    found["noop" + name], found["rebuild" + name] = noop, edited
