"""A disk of its own for a test, small enough to be filled."""

import os

import report


def mount(what, folder, how):
    """Whether it could be mounted; only root can."""
    command = ["mount", "-t", "tmpfs", "-o", how, what, folder]
    return os.geteuid() == 0 and report.run(command).returncode == 0


def fill(path, room):
    """A file that leaves `room` bytes of its disk."""
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass
    os.truncate(path, max(0, os.path.getsize(path) - room))
