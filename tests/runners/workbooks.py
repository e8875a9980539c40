"""Workbooks and downloads into registers: `kyodo import` of files that openpyxl, Gnumeric and kyodo
itself wrote.

What kyodo publishes comes back without a change: every form of a register, imported into the same
register, leaves each byte of it."""

import json
import os
import shutil

import report
from openpyxl_python import python_with_openpyxl

BASE = os.path.join(report.ROOT, "tests", "cases", "_base", "import")
MAKE = os.path.join(report.ROOT, "tests", "runners", "workbook_make.py")
REGISTER = os.path.join("data", "registers", "groups.csv")
HEADINGS = ["区", "団体番号", "団体名", "設立年月日", "活動の始まり", "会員数（人）", "予算額", "電話番号", "備考"]
# How Excel shows 1 April 2023, and what of it is told.
DAYS = [
    "yyyy-mm-dd",
    "m/d/yyyy",
    "mm-dd-yy",
    "d-mmm-yy",
    "yyyy/m/d",
    'yyyy"年"m"月"d"日"',
    '[$-411]ggge"年"m"月"d"日";@',
    "[$-411]ge.m.d;@",
    "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
    'm"月"d"日"',
]


def environment():
    temporary = os.path.join(report.SCRATCH, "tmp")
    os.makedirs(temporary, exist_ok=True)
    return report.environment(TMPDIR=temporary)


def kyodo(site, *words, **more):
    env = dict(environment(), **more)
    return report.run([report.KYODO, *words], cwd=site, env=env)


def site(name, base=BASE):
    folder = os.path.join(report.SCRATCH, name)
    shutil.copytree(base, folder)
    shutil.copytree(os.path.join(report.ROOT, "themes"), os.path.join(folder, "themes"))
    return folder


def make(path, sheets):
    source = path + ".json"
    with open(source, "w", encoding="utf-8") as file:
        json.dump(sheets, file)
    with open(source, "rb") as file:
        done = report.run([python_with_openpyxl(), MAKE, path], env=environment(), stdin=file)
    os.remove(source)
    assert done.returncode == 0, done.stderr.decode()


def table(rows, row=1, column="A"):
    """Cells of a list of rows, from a place on."""
    cells = {}
    for number, values in enumerate(rows, row):
        for index, value in enumerate(values):
            if value is not None:
                cells["%s%d" % (chr(ord(column) + index), number)] = value
    return cells


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def added(folder):
    """The register's rows beyond those that it had."""
    before = read(os.path.join(BASE, REGISTER))
    after = read(os.path.join(folder, REGISTER))
    return after[len(before) :] if after.startswith(before) else "the old rows changed:\n" + after


def check(name, folder, done, wanted):
    got = added(folder)
    problem = "" if got == wanted else "wanted\n%s\ngot\n%s" % (wanted, got)
    if problem:
        problem += "\n" + (done.stdout + done.stderr).decode("utf-8", "replace")
    report.expect(name, problem)


def day(text, form):
    return {"date": text, "format": form}


def rows():
    """A list as staff keep it: a title, merged cells, dates in many looks, a total, a note."""
    lines = [HEADINGS]
    for index, form in enumerate(DAYS):
        lines.append(
            [
                "多摩区" if index == 0 else None,
                "d-%d" % index,
                "会%d" % index,
                day("2023-04-01", form),
                None,
                {"number": 12 + index, "format": "#,##0"},
            ]
        )
    lines.append(["麻生区", "n-1", "一行目\n二行目 ", None, day("2015-07-01", 'yyyy"年"m"月"')])
    lines[-1] += [1234, {"formula": "G13*1000"}, {"number": 442002111, "format": "0000000000"}]
    lines.append(["麻生区", "n-2", "会", "平成27年4月1日", day("2015-04-01", 'yyyy"年度"')])
    lines[-1] += [None, None, "044-200-2111", {"number": 0.354, "format": "0%"}]
    lines.append(["合計", None, None, None, None, {"formula": "SUM(G5:G14)"}])
    lines.append(["※ 令和5年の数です。"])
    cells = table(lines, 4, "B")
    cells.update({"B2": "市民活動団体一覧", "B2:J2": None, "B5:B14": None, "B18:J18": None})
    return cells


def expected():
    text = ""
    for index in range(len(DAYS)):
        text += "d-%d,会%d,,141356,,2023-04-01,,%d,,,,,,\n" % (index, index, 12 + index)
    text += 'n-1,"一行目\n二行目",,141372,,,2015-07,1234,20000,,0442002111,,,\n'
    text += "n-2,会,,141372,,2015-04-01,FY2015,,,,044-200-2111,,,35.4%\n"
    return text


def test_forms():
    """The same list as XLSX, XLS and ODS gives the same rows."""
    folder = os.path.join(report.SCRATCH, "books")
    os.makedirs(folder)
    book = os.path.join(folder, "list.xlsx")
    make(book, {"一覧": rows(), "空": {}})
    for ending in ("xlsx", "xls", "ods"):
        place = site("form-" + ending)
        target = os.path.join(place, "list." + ending)
        report.run(["ssconvert", book, target], env=environment()) if ending != "xlsx" else (
            shutil.copy(book, target)
        )
        done = kyodo(place, "import", "list." + ending, "--as", "groups", "--write")
        check("form/" + ending, place, done, expected())
        again = kyodo(place, "import", "list." + ending, "--as", "groups", "--write")
        report.expect(
            "again/" + ending,
            "" if b"Nothing in the register changes" in again.stdout else again.stdout.decode(),
        )


def test_sheets():
    place = site("sheets")
    good = table([HEADINGS[:3], ["多摩区", "s-1", "会"]])
    make(
        os.path.join(place, "two.xlsx"),
        {"It's \"a\" sheet!": good, "別": {"A1": "x"}, "隠": {"A1": "y", "hidden": True}},
    )
    make(os.path.join(place, "one.xlsx"), {"一": good, "隠": {"A1": "y", "hidden": True}})
    for name, words, wanted in (
        ("choose", ["two.xlsx"], b"import.choose_sheet"),
        ("unknown", ["two.xlsx", "--sheet", "なし"], b"import.unknown_sheet"),
        ("named", ["two.xlsx", "--sheet", "It's \"a\" sheet!"], b"Rows: 1 new"),
        ("only-visible", ["one.xlsx"], b"Rows: 1 new"),
    ):
        done = kyodo(place, "import", *words, "--as", "groups")
        text = done.stdout + done.stderr
        report.expect("sheet/" + name, "" if wanted in text else text.decode())


def test_without_ssconvert():
    place = site("without")
    make(os.path.join(place, "list.xlsx"), {"一": table([HEADINGS])})
    empty = os.path.join(place, "bin")
    os.makedirs(empty)
    done = kyodo(place, "import", "list.xlsx", "--as", "groups", "--write", PATH=empty)
    is_clear = done.returncode == 2 and b"apt install gnumeric" in done.stdout
    report.expect("without-ssconvert", "" if is_clear else done.stdout.decode())
    with open(os.path.join(empty, "ssconvert"), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nkill -9 $$\n")
    os.chmod(os.path.join(empty, "ssconvert"), 0o755)
    done = kyodo(place, "import", "list.xlsx", "--as", "groups", PATH=empty)
    is_clear = done.returncode == 2 and b"import.workbook_" in done.stdout
    report.expect("ssconvert-dies", "" if is_clear else done.stdout.decode())
    with open(os.path.join(place, "-o.xls"), "wb") as file:
        file.write(os.urandom(3000))
    done = kyodo(place, "import", "--as", "groups", "--", "-o.xls")
    is_clear = done.returncode == 2 and b"import.workbook_unreadable" in done.stdout
    report.expect("damaged", "" if is_clear else done.stdout.decode())


def test_errors_have_places():
    """What is wrong in a workbook is told by the sheet's rows, also below cells of several lines."""
    place = site("places")
    lines = [HEADINGS[:4], ["多摩区", "p-1", "一\n二\n三", None], ["多磨区", "p-2", "会", "x"]]
    make(os.path.join(place, "list.xlsx"), {"一": table(lines, 3, "B")})
    done = kyodo(place, "import", "list.xlsx", "--as", "groups", "--write")
    text = done.stdout.decode()
    problems = [
        wanted
        for wanted in ("list.xlsx:5:2: error[csv.unknown_code]", "list.xlsx:5:12: error[csv.type]")
        if wanted not in text
    ]
    report.expect("places", "no %s in\n%s" % (problems, text) if problems else "")


def round_trip(name, folder, registers):
    """Build, and import every form of each register into it."""
    done = kyodo(folder, "build", "--quiet", "--no-gzip", "--out", "out")
    report.expect(name + "/build", "" if done.returncode == 0 else done.stderr.decode())
    for register in registers:
        path = os.path.join(folder, "data", "registers", register + ".csv")
        before = read(path)
        for form in (".csv", ".excel.csv", ".cp932.csv", ".xlsx"):
            file = os.path.join("out", "data", register + form)
            if not os.path.exists(os.path.join(folder, file)):
                continue
            sheet = ["--sheet", "data"] if form == ".xlsx" else []
            done = kyodo(folder, "import", file, "--as", register, "--write", *sheet)
            text = (done.stdout + done.stderr).decode()
            is_same = done.returncode == 0 and read(path) == before
            report.expect("%s/%s%s" % (name, register, form), "" if is_same else text)


def test_round_trips():
    small = site("small")
    round_trip("small", small, ["groups", "places"])
    whole = os.path.join(report.SCRATCH, "whole")
    for folder in ("content", "data", "themes"):
        shutil.copytree(os.path.join(report.ROOT, folder), os.path.join(whole, folder))
    every = sorted(
        name[: -len(".csv")]
        for name in os.listdir(os.path.join(whole, "data", "registers"))
        if name.endswith(".csv") and name != "calls.csv"
    )
    round_trip("whole", whole, every if report.SOAK else ["events", "indicators", "projects"])


def main():
    test_forms()
    test_sheets()
    test_without_ssconvert()
    test_errors_have_places()
    test_round_trips()
    report.end()


main()
