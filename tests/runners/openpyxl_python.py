"""Which Python has openpyxl: Debian's package belongs to Debian's Python, which may not be the one
on PATH."""

import os
import subprocess
import sys


def python_with_openpyxl():
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and not subprocess.call(
            [python, "-c", "import openpyxl"], stderr=subprocess.DEVNULL
        ):
            return python
    return sys.executable
