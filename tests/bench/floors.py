"""What libraries alone take for the two largest downloads of the cases, XLSX and SQLite: printed
beside what kyodo takes for everything, so that a reader sees how much of it could be less."""

import os
import subprocess


def measure(arguments, site):
    """Seconds of the processor by name, one thread."""
    out = os.path.join(arguments.scratch, "floors-out")
    os.makedirs(out)
    done = subprocess.run(
        [arguments.floors, site, out], check=True, capture_output=True, text=True
    )
    os.rmdir(out)
    return {name: float(seconds) for name, seconds in map(str.split, done.stdout.splitlines())}


def rows(seconds, figures, packed, threads):
    """Name, value, what it is: no goals, as nothing of kyodo is in them."""
    both = max(sum(seconds.values()) / threads, *seconds.values())
    text = "libxlsxwriter and sqlite3 with FTS5 alone for the cases, ms, on %d threads" % threads
    found = [("rebuild_floor_ms", both * 1000, text)]
    if "hugo" in figures:
        alone = both + packed[0] + figures["bare"]["seconds"]
        text = "Hugo's time over these, zlib and the bare program alone"
        found.append(("all_floor", figures["hugo"]["seconds"] / alone, text))
    return found
