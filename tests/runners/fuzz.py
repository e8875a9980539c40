"""Every seed and every crash of the past in tests/fuzz/seeds/, through its fuzz target."""

import glob
import os

import report


def main():
    folder = os.path.join(report.ROOT, "tests", "fuzz", "seeds")
    for target in sorted(os.listdir(folder)):
        if not report.wanted(target):
            continue
        program = os.path.join(report.BUILD, "tests", "fuzz", "replay_" + target)
        if not os.path.exists(program):
            report.fail(target, "not built: " + program)
            continue
        seeds = sorted(glob.glob(os.path.join(folder, target, "*")))
        done = report.run([program] + seeds, seconds=120)
        output = (done.stdout + done.stderr).decode("utf-8", "replace")
        if done.returncode == 0 and seeds:
            report.ok("%s (%d seeds)" % (target, len(seeds)))
        else:
            report.fail(target, "status %d of %d seeds\n%s" % (done.returncode, len(seeds), output))
    report.end()


main()
