"""A copy of this repository with what is built of it, to run commands in."""

import os
import shutil

import report


def copy_repository(target):
    """What git tracks or would track, with its times, and the objects, so that nothing compiles
    again."""
    names = report.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    ).stdout
    for name in sorted(names.decode("utf-8").split("\0")):
        source = os.path.join(report.ROOT, name)
        if name and os.path.isfile(source):
            os.makedirs(os.path.dirname(os.path.join(target, name)) or target, exist_ok=True)
            shutil.copy2(source, os.path.join(target, name))
    for name in ("kyodo", "libkyodo.a", "flags", "members", "generator"):
        source = os.path.join(report.BUILD, name)
        copy = shutil.copytree if os.path.isdir(source) else shutil.copy2
        if os.path.exists(source):
            os.makedirs(os.path.join(target, "build"), exist_ok=True)
            copy(source, os.path.join(target, "build", name))
