"""What a private column holds leaves nowhere, whatever is wrong around it.

A register of people whose private cells hold one word that nothing else has. It is spoiled in every
way that a CSV can be spoiled, and nothing that kyodo says or writes may have that word: reports in
all forms and languages, lines on standard error, whole output trees with what is packed in them,
the preview's pages, plans of an import. What a pushed commit is answered is in publish.py. """

import csv
import io
import json
import os
import shutil

import report
import serve
from datasets import unpacked

# In letters that any encoding has, and in Japanese; also as a number.
WORD, KANJI, NUMBER = "zqxhimitsu", "秘匿罎鑵", "70717273"
TELL_TALES = [
    text.encode(encoding)
    for text in (WORD, KANJI, NUMBER)
    for encoding in ("utf-8", "cp932", "utf-16-le")
]
TELL_TALES += [json.dumps(KANJI)[1:-1].encode(), KANJI.encode().hex().upper().encode()]
FORMATS = ("text", "json", "sarif", "github", "gitlab")

PUBLIC = {
    "id": {"constraints": {"required": True}},
    "name": {},
    "since": {"type": "date"},
    "kind": {"constraints": {"enum": ["a", "b"]}},
}
PRIVATE = {
    "contact": {"constraints": {"unique": True, "maxLength": 40, "pattern": "[^#]*"}},
    "age": {"type": "integer", "constraints": {"maximum": 99999999}},
    "tel": {"kyodo:format": "telephone"},
    "born": {"type": "date", "kyodo:format": "japanese-date"},
    "sponsor": {},
}
HEADER = [*PUBLIC, *PRIVATE]
GOOD = [
    ["m1", "青葉", "2024-04-01", "a", WORD + "@example.jp", NUMBER, "044-200-0001", "2000-01-02", ""],
    ["m2", "若葉", "2024-05-01", "b", KANJI, "70717273", "", "", ""],
]


def table(rows, **options):

    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **options).writerows([HEADER, *rows])
    return out.getvalue()


def with_cell(column, value, row=0):
    """The good rows, but for one cell."""
    rows = [list(cells) for cells in GOOD]
    rows[row][HEADER.index(column)] = value
    return table(rows)


def spoiled():
    """Names and bytes of the register's file."""
    yield "not an integer", with_cell("age", WORD)
    yield "above the maximum", with_cell("age", "70717273000")
    yield "no telephone number", with_cell("tel", WORD)
    yield "no date", with_cell("born", WORD)
    yield "an impossible date", with_cell("born", "令和%s年2月30日" % NUMBER)
    yield "the wrong weekday", with_cell("born", "2024年4月1日（日）" + WORD)
    yield "twice the same", table([*GOOD, ["m3", "双葉", "", "a", KANJI, "", "", "", ""]])
    yield "too long", with_cell("contact", WORD * 9)
    yield "against the pattern", with_cell("contact", "#" + WORD)
    yield "no reference", with_cell("sponsor", WORD)
    yield "white space", with_cell("contact", WORD + " ")
    yield "ditto", with_cell("contact", "〃")
    yield "public date beside it", with_cell("since", "2024-02-31")
    yield "public choice beside it", with_cell("kind", "c")
    yield "key twice", with_cell("id", "m2")
    yield "no key", with_cell("id", "")
    yield "a cell too many", table([[*GOOD[0], WORD], GOOD[1]])
    yield "a cell too few", table([GOOD[0][:-1], GOOD[1]])
    yield "a cell in front", table([["", *GOOD[0]], GOOD[1]])
    yield "a stray quote", table(GOOD).replace("青葉", '青"葉')
    yield "an open quote", table(GOOD).replace("青葉", '"青葉')
    yield "an open quote in it", table(GOOD).replace(KANJI, '"' + KANJI)
    yield "lines in a cell", with_cell("contact", WORD + "\n" + WORD)
    yield "lines in a cell beside a mistake", table(
        [["m1", "青葉", "x", "a", WORD + "\n" + WORD, "", "", "", ""]]
    )
    yield "a label misspelt", table(GOOD).replace("contact", "contcat")
    yield "a label missing", table(GOOD).replace("contact,", "")
    yield "labels in another order", table(GOOD).replace("contact,age", "age,contact")
    yield "no header", table(GOOD).split("\n", 1)[1]
    yield "a title above", "名簿\n" + table(GOOD)
    yield "semicolons", table(GOOD, delimiter=";")
    yield "a control character", with_cell("contact", WORD + "\x01" + WORD)
    yield "a character that turns text", with_cell("contact", WORD + "\u202e" + WORD)
    yield "a NUL", with_cell("contact", WORD + "\0" + WORD)
    yield "decoded twice", with_cell(
        "contact", KANJI * 3, 1
    ).replace(KANJI * 3, (KANJI * 3).encode().decode("cp932", "replace"))
    yield "decoded twice, in letters", with_cell("contact", "é協働" + WORD).replace(
        "é協働" + WORD, ("é協働" + WORD).encode().decode("latin-1")
    )
    yield "a conflict", "<<<<<<< HEAD\n%s=======\n%s>>>>>>> other\n" % (table(GOOD), table(GOOD))
    yield "CR alone", table(GOOD).replace("\n", "\r")
    yield "CP932", table(GOOD).encode("cp932")
    yield "UTF-16", table(GOOD).encode("utf-16")
    yield "bytes of no encoding", table(GOOD).encode().replace(WORD.encode(), WORD.encode() + b"\xff" + WORD.encode())
    yield "bytes of no CP932", table(GOOD).encode("cp932").replace(b"a,", b"a\xa0\xfd\xff,", 1)
    yield "two encodings", table(GOOD).encode() + table(GOOD).encode("cp932")
    yield "a page", "<!doctype html><title>%s</title>" % WORD


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode("utf-8"))


def make_site():
    site = serve.small_site("people")
    path = os.path.join(site, "data", "datapackage.json")
    with open(path, encoding="utf-8") as file:
        package = json.load(file)
    words = {"ja": "語", "en": "Word"}
    fields = [
        {"name": name, "type": "string", "kyodo:labels": words, "kyodo:descriptions": words, **more}
        for name, more in PUBLIC.items()
    ]
    fields += [
        {
            "name": name,
            "type": "string",
            "kyodo:labels": words,
            "kyodo:descriptions": words,
            "kyodo:private": True,
            **more,
        }
        for name, more in PRIVATE.items()
    ]
    package["resources"].append(
        {
            "name": "people",
            "path": "registers/people.csv",
            "title": "人",
            "description": "人の一覧です。",
            "kyodo:pages": True,
            "kyodo:api": True,
            "kyodo:title": "name",
            "kyodo:labels": words,
            "kyodo:descriptions": words,
            "kyodo:charts": [{"name": "kinds", "labels": words, "count": "kind"}],
            "schema": {
                "fields": fields,
                "primaryKey": "id",
                "foreignKeys": [
                    {"fields": "sponsor", "reference": {"resource": "", "fields": "id"}}
                ],
            },
        }
    )
    write(path, json.dumps(package, ensure_ascii=False, indent=2))
    return site


def told(label, data):
    return ["%s tells it" % label for tale in TELL_TALES if tale in data][:1]


def run(*arguments, cwd=None):
    done = report.run([report.KYODO, *arguments], cwd=cwd or report.ROOT)
    return done.returncode, done.stdout + done.stderr


def tree_problems(out):
    problems = []
    for folder, _, names in os.walk(out):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                data = file.read()
            for place, part in unpacked(path, data):
                problems += told(os.path.relpath(place, out), part)
    return problems


def check_reports(site):
    """Every spoiled file in every report, and as a table and a package by itself."""
    out = os.path.join(report.SCRATCH, "out")
    people = os.path.join(site, "data", "registers", "people.csv")
    for number, (name, data) in enumerate(spoiled()):
        write(people, data)
        problems = []
        # A form for people in both languages; the forms for programs by turns: each has both.
        turns = [("text", "ja"), ("text", "en"), (FORMATS[1 + number % 4], "ja"), ("json", "en")]
        for form, language in turns:
            status, said = run("check", site, "--format", form, "--lang", language)
            problems += told("check --format " + form, said)
            if status not in (0, 2):
                problems.append("check gave %d" % status)
        status, said = run("build", "--site", site, "--out", out, "--jobs", "2")
        problems += told("build", said)
        if status == 0 and number % 8 == 0:
            problems += tree_problems(out)
        spreadsheet = os.path.join(report.SCRATCH, "list.csv")
        write(spreadsheet, data)
        write(people, table(GOOD[1:]))
        for form in ("text", "json"):
            status, said = run(
                "import", spreadsheet, "--as", "people", "--site", site, "--format", form
            )
            problems += told("import --format " + form, said)
        report.expect("reports/" + name.replace(" ", "-"), problems)
    write(people, table(GOOD))


def check_tree(site):
    out = os.path.join(report.SCRATCH, "whole")
    status, said = run("build", "--site", site, "--out", out)
    problems = told("build", said) + tree_problems(out)
    page = os.path.join(out, "ja", "people", "m1", "index.html")
    api = os.path.join(out, "api", "v1", "people", "m1.json")
    if status != 0 or not os.path.exists(page) or not os.path.exists(api):
        problems.append("the register has no pages: " + said.decode("utf-8", "replace"))
    report.expect("output", problems)


def check_preview(site):
    people = os.path.join(site, "data", "registers", "people.csv")
    problems = []
    addresses = ["/", "/ja/", "/ja/people/", "/ja/people/m1/", "/ja/data/people/", "/data/people.csv"]
    addresses += ["/data/people/quality.json", "/api/v1/people/m1.json", "/ja/search/", "/ja/data/"]
    for data in (table(GOOD), with_cell("age", WORD), table([[*GOOD[0], WORD], GOOD[1]])):
        write(people, data)
        with serve.Server(site) as server:
            for address in addresses:
                problems += told("serve " + address, server.ask(address)[2])
            write(people, with_cell("kind", WORD + "-public").replace(WORD + "-public", "c"))
            serve.time.sleep(1)
            for address in addresses[:5]:
                problems += told("serve " + address + " later", server.ask(address)[2])
            problems += told("serve", server.said().encode())
    write(people, table(GOOD))
    report.expect("preview", problems)


def check_package(site):
    """A package by itself: rows in files and in the descriptor."""
    folder = os.path.join(report.SCRATCH, "package")
    with open(os.path.join(site, "data", "datapackage.json"), encoding="utf-8") as file:
        resource = json.load(file)["resources"][-1]
    problems = []
    for data in (table(GOOD), with_cell("age", WORD), with_cell("kind", "c"), table([GOOD[0][:-1]])):
        shutil.rmtree(folder, ignore_errors=True)
        write(os.path.join(folder, "people.csv"), data)
        write(os.path.join(folder, "more.csv"), data.replace("m1", "m3").replace("m2", "m1"))
        rows = list(csv.reader(data.splitlines()))
        write(os.path.join(folder, "people.json"), json.dumps(rows, ensure_ascii=False))
        for where in (
            {"path": "people.csv"},
            {"path": ["people.csv", "more.csv"]},
            {"path": "people.json"},
            {"data": rows},
            {"data": [dict(zip(rows[0], row)) for row in rows[1:]]},
            {"data": data, "format": "csv"},
        ):
            one = {key: value for key, value in resource.items() if key != "path"}
            for indent in (2, None):
                write(
                    os.path.join(folder, "datapackage.json"),
                    json.dumps({"resources": [{**one, **where}]}, ensure_ascii=False, indent=indent),
                )
                for form in FORMATS:
                    problems += told(
                        "check %s of %s" % (form, list(where)), run("check", folder, "--format", form)[1]
                    )
    report.expect("package", problems)


def main():
    site = make_site()
    write(os.path.join(site, "data", "registers", "people.csv"), table(GOOD))
    for name, check in (
        ("output", check_tree),
        ("reports", check_reports),
        ("preview", check_preview),
        ("package", check_package),
    ):
        if report.wanted(name):
            check(site)
    report.end()


if __name__ == "__main__":
    main()
