"""What other programs read of a built site beside its pages and datasets: lists as CSV. Used by the
group site."""

import csv
import io
import re

csv.field_size_limit(10**9)


def rows_of(tree, path):
    return list(csv.reader(io.StringIO(tree.bytes(path).decode("utf-8"), newline="")))


def check_lists(tree):
    """Each list of a way to browse links its CSV, which holds the same cases in the same order, by
    columns of the dataset and with its cells."""
    problems, linked = [], set()
    header, *rows = rows_of(tree, "data/cases.csv")
    whole = {row[header.index("id")]: dict(zip(header, row)) for row in rows}
    for path, page in tree.pages.items():
        if not re.fullmatch(r"[^/]+/cases/by/[^/]+/[^/]+/index\.html", path):
            continue
        files, cases = [], []
        for _, tag, _, address in page.addresses:
            target = tree.resolve(path, address)
            if tag != "a" or not target:
                continue
            if target[0].endswith(".csv"):
                files.append(target[0])
            match = re.fullmatch(r"[^/]+/cases/([^/]+)/index\.html", target[0])
            if match and match[1] in whole and match[1] not in cases:
                cases.append(match[1])
        if len(files) != 1:
            problems.append("%s: links %s" % (path, files))
            continue
        linked.add(files[0])
        columns, *rows = rows_of(tree, files[0])
        told = [dict(zip(columns, row)) for row in rows]
        if [row["id"] for row in told] != cases:
            problems.append("%s: %s has other cases" % (path, files[0]))
        for row in told:
            differing = [name for name in columns if whole[row["id"]].get(name) != row[name]]
            if differing:
                problems.append("%s: %s: %s" % (files[0], row["id"], differing))
    files = {path for path in tree.files if path.startswith("cases/") and path.endswith(".csv")}
    problems += ["%s: no page links it" % path for path in sorted(files - linked)]
    if len(linked) < 20:
        problems.append("only %d lists" % len(linked))
    return problems


CHECKS = [("lists", check_lists)]
