"""A folder of HTML through html-validate and through vnu: what they say, a line each, empty when all is well."""

import json
import os
import re

import report

MODULES = os.path.join(report.ROOT, "tests", "node_modules")
VNU = os.path.join(MODULES, "vnu-jar", "build", "dist", "vnu.jar")
# Of vnu's messages below a warning only these are passed over; no error and no warning ever is.
VNU_REMARKS = re.compile(
    r"^(?:Trailing slash on void elements|The document is not mappable to XML 1\.0)"
)


def html_validate(public):
    done = report.run(
        ["node", os.path.join(report.ROOT, "tests", "browser", "validate.mjs"), public], seconds=600
    )
    if done.returncode > 1:
        return done.stderr.decode("utf-8", "replace") or "exit status %d" % done.returncode
    return done.stdout.decode("utf-8", "replace")


def vnu(public):
    done = report.run(
        [
            "java",
            "-Xss2m",
            "-jar",
            VNU,
            "--skip-non-html",
            "--format",
            "json",
            "--exit-zero-always",
            "--stdout",
            public,
        ],
        seconds=600,
    )
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        return "no answer from vnu:\n" + (done.stdout + done.stderr).decode("utf-8", "replace")
    lines = []
    for m in messages:
        if (
            m["type"] == "info"
            and m.get("subType") != "warning"
            and VNU_REMARKS.match(m["message"])
        ):
            continue
        where = m.get("url", "").split(public.rstrip("/") + "/", 1)[-1]
        lines.append(
            "%s:%s:%s: %s: %s"
            % (
                where,
                m.get("lastLine", "?"),
                m.get("firstColumn", "?"),
                m.get("subType", m["type"]),
                m["message"],
            )
        )
    return "\n".join(lines)
