"""The bench's register: one large table is validated, beside what libcsv alone needs to read it."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def commands(arguments):
    """Writes the package; the two commands that are measured in turns, as bench/run wants them."""
    folder = os.path.join(arguments.scratch, "register")
    maker = os.path.join(HERE, "register_corpus.py")
    subprocess.run([sys.executable, maker, folder, str(arguments.rows)], check=True)
    check = [arguments.kyodo, "check", folder, "--jobs", str(arguments.threads)]
    csv = [arguments.bare_csv, os.path.join(folder, "places.csv")]
    return {
        "register": ("kyodo: a register checked", check, folder),
        "libcsv": ("libcsv alone", csv, folder),
    }


def ratios(found):
    figures = {name: found[name].figures() for name in ("register", "libcsv")}
    return {
        "register_ratio": (
            figures["register"]["seconds"] / figures["libcsv"]["seconds"],
            "checking a register over libcsv alone",
            "<=",
            2,
        ),
        "register_gib": (
            figures["register"]["peak_kib"] / 1024 / 1024,
            "memory for checking it, in GiB",
            "<=",
            1.5,
        ),
    }
