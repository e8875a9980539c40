"""How a build grows: pages, lists and feeds of several numbers of cases in turns, and of the largest a
build after no change and after one edited case."""

import os
import shutil

import corpus
from rounds import ROUNDS, Measurement, measure, rebuild

COMPARED = 5000  # cases: what time per page of every size is held against
MOST_APART = 1.15
MOST_MB = 600


def run(arguments, repository):
    """Measurements by size, and of the largest "noop" and "rebuild"."""
    out = os.path.join(arguments.scratch, "out")
    sites, found = {}, {}
    for size in arguments.sizes:
        sites[size] = os.path.join(arguments.scratch, "growth-%d" % size)
        corpus.write_kyodo(sites[size], repository, size, size)
        found[size] = Measurement("%d cases" % size)
    commands = {size: command(arguments, site, out) for size, site in sites.items()}
    for _ in range(ROUNDS):
        for size, site in sites.items():
            measure(arguments, found[size], commands[size], site, out)
    largest = max(sites)
    rebuild(arguments, found, "", "%d again" % largest, commands[largest], sites[largest])
    for folder in (out, *sites.values()):
        shutil.rmtree(folder)
    return found


def command(arguments, site, out):
    return [
        arguments.kyodo, "build", "--site", site, "--out", out, "--quiet",
        "--jobs", str(arguments.threads), "--only", "pages", "--no-gzip",
    ]  # fmt: skip


def per_page(figures):
    """Microseconds of the processors."""
    return figures["cpu_seconds"] / figures["files"] * 1e6


def print_table(found):
    print("pages, lists and feeds, as cases grow in number:")
    print("%-30s %9s %9s %10s %8s %9s" % ("", "time s", "cpu s", "peak MiB", "files", "us/page"))
    for name, measurement in found.items():
        f = measurement.figures()
        print(
            "  %-28s %9.3f %9.3f %10.1f %8d %9s"
            % (
                measurement.title,
                f["seconds"],
                f["cpu_seconds"],
                f["peak_kib"] / 1024,
                f["files"],
                "%.1f" % per_page(f) if isinstance(name, int) else "",
            )
        )
    print()


def ratios(found):
    """Time per page of each size over that of 5,000 cases, or of the size that is nearest to it."""
    figures = {size: m.figures() for size, m in found.items() if isinstance(size, int)}
    middle = min(figures, key=lambda size: abs(size - COMPARED))
    result = {}
    for size, of_size in figures.items():
        if size != middle:
            result["growth_%d_ratio" % size] = (
                per_page(of_size) / per_page(figures[middle]),
                "time per page of %d cases over that of %d" % (size, middle),
                "<=",
                MOST_APART,
            )
    result["growth_mb"] = (
        max(f["peak_kib"] for f in figures.values()) * 1.024 / 1000,
        "memory for the most cases of these, in MB",
        "<=",
        MOST_MB,
    )
    return result
