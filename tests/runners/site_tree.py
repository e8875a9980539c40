"""A built tree as a whole: what is in it, and in what two of them differ."""

import hashlib
import os


def fingerprint(folder):
    """SHA-256 of every file, by path. The manifest remembers times of the input, so it is left
    out."""
    result = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            relative = os.path.relpath(full, folder)
            if not relative.startswith("."):
                with open(full, "rb") as file:
                    result[relative] = hashlib.sha256(file.read()).hexdigest()
    return result


def differing(a, b):
    problems = ["only in the first: " + name for name in sorted(a.keys() - b.keys())]
    problems += ["only in the second: " + name for name in sorted(b.keys() - a.keys())]
    return problems + [
        "differs: " + name for name in sorted(a.keys() & b.keys()) if a[name] != b[name]
    ]
