"""Every HTML file of the demonstration site through html-validate and through vnu, the W3C's
checker."""

import os

import html_checkers
import report

def main():
    public = os.path.join(report.SCRATCH, "public")
    done = report.run(
        [report.KYODO, "build", "--site", report.ROOT, "--out", public, "--no-gzip"], seconds=300
    )
    if done.returncode != 0:
        report.fail(
            "build",
            "exit status %d\n%s"
            % (done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")),
        )
        report.end()
    pages = sum(name.endswith(".html") for _, _, names in os.walk(public) for name in names)
    report.expect("pages", "" if pages > 20 else "only %d pages" % pages)
    report.expect("html-validate (%d pages)" % pages, html_checkers.html_validate(public))
    report.expect("vnu (%d pages)" % pages, html_checkers.vnu(public))
    report.end()


main()
