"""Every download read back: the demonstration site and a site with every type (dataset_fixture.py).

All forms of a dataset hold the values of its canonical CSV, cell for cell, and that CSV holds what
the source says; what is private is in none of them; the checkers of others find nothing wrong; the
bytes depend on nothing but the input. """

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import zipfile

import dataset_fixture
import dataset_forms as forms
import report
from openpyxl_python import python_with_openpyxl

NODE_CHECK = os.path.join(report.ROOT, "tests", "standards", "check.mjs")
FEW = ("facilities", "cases", "projects", "support-schemes")  # through ssconvert, which is slow


def read(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


def build(site, out, *more, **environment):
    done = report.run(
        [report.KYODO, "build", "--site", site, "--out", out, "--quiet", *more],
        env=report.environment(**environment),
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr).decode("utf-8", "replace")


def datasets_of(data):
    return [resource["name"] for resource in json.loads(read(data, "datapackage.json"))["resources"]]


def first_difference(found, wanted):
    if len(found) != len(wanted):
        return ["%d rows, not %d" % (len(found), len(wanted))]
    return [
        "row %d: %r, not %r" % (number, row, expected)
        for number, (row, expected) in enumerate(zip(found, wanted), 1)
        if row != expected
    ][:3]


class Site:
    """A built site and its datasets."""

    def __init__(self, label, out):
        self.label = label
        self.data = os.path.join(out, "data")
        self.api = os.path.join(out, "api", "v1")
        self.names = datasets_of(self.data)
        self.schemas = {
            name: forms.Schema(os.path.join(self.data, name + ".schema.json"))
            for name in self.names
        }
        self.csv = {name: read(self.data, name + ".csv") for name in self.names}
        self.rows = {
            name: forms.csv_rows(self.csv[name], self.schemas[name]) for name in self.names
        }

    def has(self, name):
        return os.path.exists(os.path.join(self.data, name))

    def each(self, problems_of):
        """Problems of all datasets, named."""
        return [
            "%s: %s" % (name, problem) for name in self.names for problem in problems_of(name)[:5]
        ]

    def same_rows(self, suffix, reader):
        def problems(name):
            if not self.has(name + suffix):
                return []
            found = reader(read(self.data, name + suffix), self.schemas[name])
            return first_difference(found, self.rows[name])

        return self.each(problems)

    def cp932(self):
        """The same text, or no file where a character would be lost."""

        def problems(name):
            text = self.csv[name].decode("utf-8")
            try:
                lossless = text.encode("cp932").decode("cp932") == text
            except UnicodeEncodeError:
                lossless = False
            if lossless != self.has(name + ".cp932.csv"):
                return ["a file is there" if not lossless else "no file"]
            same = not lossless or read(self.data, name + ".cp932.csv").decode("cp932") == text
            return [] if same else ["another text"]

        return self.each(problems)

    def excel_csv(self):
        return self.each(
            lambda name: forms.excel_csv_problems(
                read(self.data, name + ".excel.csv"), self.csv[name], self.schemas[name]
            )
        )

    def sqlite(self):
        path = os.path.join(self.data, "kyodo.sqlite")
        return self.each(
            lambda name: forms.sqlite_problems(path, name, self.rows[name], self.schemas[name])
        )

    def workbooks(self):
        paths = [os.path.join(self.data, name + ".xlsx") for name in self.names]
        done = report.run([report.python_with("openpyxl"), WORKBOOK_CELLS, *paths])
        if done.returncode != 0:
            return [done.stderr.decode("utf-8", "replace")]
        books = {
            os.path.basename(book["path"])[: -len(".xlsx")]: book
            for book in map(json.loads, done.stdout.splitlines())
        }

        def problems(name):
            book = books[name]
            sheets = list(book["sheets"])
            wanted = [sheet for sheet in ("data", "columns", "codes", "source") if sheet in sheets]
            formulas = "formula" in json.dumps(book["sheets"]["data"])
            return (
                forms.workbook_problems(book["sheets"], self.csv[name], self.schemas[name])
                + (["the sheets are %s" % sheets] if sheets != wanted or len(sheets) < 3 else [])
                + (["merged cells"] if book["merged"] else [])
                + (["a formula"] if formulas else [])
            )

        return self.each(problems)

    def other_program(self):
        """The workbook through gnumeric: the same cells."""
        problems = []
        for name in FEW:
            if name not in self.names:
                continue
            target = os.path.join(report.SCRATCH, "converted.csv")
            done = report.run(
                ["ssconvert", os.path.join(self.data, name + ".xlsx"), target],
                env=report.environment(LANG="C.UTF-8", LC_ALL="C.UTF-8"),
            )
            if done.returncode != 0:
                problems.append("%s: %s" % (name, done.stderr.decode("utf-8", "replace")))
                continue
            problems += [
                "%s: %s" % (name, problem)
                for problem in converted_problems(
                    read(target), self.csv[name], self.schemas[name]
                )
            ]
        return problems

    def archives(self):
        def problems(name):
            with zipfile.ZipFile(os.path.join(self.data, name + ".zip")) as archive:
                members = {member: archive.read(member) for member in archive.namelist()}
            wanted = {"datapackage.json", "README.ja.md", "README.en.md", "LICENSE"}
            wanted |= {"CITATION.cff", "quality.json", "SHA256SUMS", name + ".csv"}
            sums = sums_problems(members["SHA256SUMS"], members, {"SHA256SUMS"})
            return (
                (["the members are %s" % sorted(members)] if set(members) != wanted else [])
                + (["another CSV"] if members[name + ".csv"] != self.csv[name] else [])
                + sums
            )

        return self.each(problems)

    def sums(self):
        files = {}
        for path, _, names in os.walk(self.data):
            for name in names:
                full = os.path.join(path, name)
                relative = os.path.relpath(full, self.data)
                if not name.endswith(".gz"):
                    files[relative] = read(full)
        return sums_problems(files["SHA256SUMS"], files, {"SHA256SUMS"})

    def records(self):
        """The JSON API of the datasets that asked for it."""
        problems = []
        for name in os.listdir(self.api) if os.path.isdir(self.api) else []:
            schema, folder = self.schemas[name], os.path.join(self.api, name)
            listed, page = [], "index.json"
            while page:
                index = json.loads(read(folder, page))
                listed += [os.path.basename(entry["url"]) for entry in index["records"]]
                page = index.get("next", "").partition("/api/v1/%s/" % name)[2]
            found = [
                forms.record_row(forms.parse(read(folder, entry))["record"], schema)
                for entry in listed
            ]
            problems += [name + ": " + text for text in first_difference(found, self.rows[name])]
        return problems

    def database(self):
        """Integrity, keys, strict tables, columns told, full text."""
        path = os.path.join(self.data, "kyodo.sqlite")
        connection = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        ask = lambda sql, *values: connection.execute(sql, values).fetchall()  # noqa: E731
        problems = []
        if ask("PRAGMA integrity_check") != [("ok",)]:
            problems.append("integrity_check")
        connection.execute("PRAGMA foreign_keys = ON")
        problems += ["foreign key: %s" % (row,) for row in ask("PRAGMA foreign_key_check")]
        tables = {name: sql for name, sql in ask("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")}
        for name in self.names + ["kyodo_datasets", "kyodo_columns", "kyodo_records"]:
            if not tables[name].endswith("STRICT"):
                problems.append(name + " is not STRICT")
        for name in self.names:
            told = [row[0] for row in ask(
                "SELECT name FROM kyodo_columns WHERE dataset = ? ORDER BY position", name)]
            if told != self.schemas[name].names:
                problems.append("kyodo_columns tells of %s" % told)
        connection.close()
        return problems


def finds(site, text, wanted):
    """Full text finds two characters of Japanese, in every record that has them."""
    path = os.path.join(site.data, "kyodo.sqlite")
    connection = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    found = {
        tuple(row)
        for row in connection.execute(
            "SELECT r.dataset, r.id FROM kyodo_search s JOIN kyodo_records r ON r.rowid = s.rowid"
            " WHERE s.bigrams MATCH ?",
            (text,),
        )
    }
    connection.close()
    missing = wanted - found
    return (["nothing found"] if not found else []) + ["not found: %s" % (row,) for row in missing]


def having(site, name, text):
    """Records of a dataset with a text in a column that full text covers (no codes)."""
    schema = site.schemas[name]
    key = schema.names.index("id")
    wanted = set()
    for row in site.rows[name]:
        words = [
            value if isinstance(value, str) else ";".join(value)
            for value, kind in zip(row, schema.types)
            if kind in ("string", "list") and value is not None
        ]
        if any(text in word for word in words):
            wanted.add((name, row[key]))
    return wanted


def sums_problems(sums, files, apart):
    told = dict(reversed(line.split("  ", 1)) for line in sums.decode("utf-8").splitlines())
    problems = ["not listed: " + name for name in sorted(files.keys() - told.keys() - apart)]
    problems += ["not there: " + name for name in sorted(told.keys() - files.keys())]
    for name in sorted(files.keys() & told.keys()):
        if hashlib.sha256(files[name]).hexdigest() != told[name]:
            problems.append("another hash: " + name)
    return problems


def converted_problems(converted, canonical, schema):
    problems = []
    found, wanted = forms.csv_cells(converted), forms.csv_cells(canonical)
    if len(found) != len(wanted):
        return ["%d rows, not %d" % (len(found), len(wanted))]
    for number, (row, cells) in enumerate(zip(found[1:], wanted[1:]), 1):
        for name, kind, cell, text in zip(schema.names, schema.types, row, cells):
            cell = cell.replace("_x005F_", "_").replace("_x000D_", "\r")  # it leaves them
            expected = text.replace("T", " ") if kind == "datetime" and text > "1900-03" else text
            if kind in forms.NUMBERS and text and forms.digits(text) <= 15:
                same = cell and float(cell) == float(text)
            elif kind in ("date", "datetime") and expected >= "1900-03":
                same = cell.replace("/", "-") == expected
            elif kind == "boolean":
                same = cell == text.upper()
            else:
                same = cell == expected
            if not same:
                problems.append("row %d, %s: %r, not %r" % (number, name, cell, text))
    return problems[:5]


WORKBOOK_CELLS = os.path.join(report.ROOT, "tests", "runners", "workbook_cells.py")


# ---- What the source says ----


def source_problems(site):
    names, rows = dataset_fixture.public_columns()
    header, *found = forms.csv_cells(site.csv["facilities"])
    if header != names:
        return ["the header is %s" % header]
    return first_difference(found, rows)


def quality_problems(site):
    quality = json.loads(read(site.data, "facilities", "quality.json"))
    findings = [
        (finding["code"], finding["rule"], finding["rowNumber"], finding["field"])
        for finding in quality["findings"]
        if "rowNumber" in finding  # others are about the file: a cell has a line end of its own
    ]
    due = [
        ("csv.edge_space", "L1-06", *dataset_fixture.SPACED),
        ("csv.formula", "L2-06", *dataset_fixture.CALCULATED),
    ]
    problems = []
    if findings != [(code, rule, row + 2, name) for code, rule, name, row in due]:
        problems.append("the findings are %s" % findings)
    checks = {check["type"]: check["status"] for check in quality["checks"]}
    if len(checks) != 19 or checks["type-error"] != "passed" or checks["hash-count"] != "not_applicable":
        problems.append("the checks are %s" % checks)
    listed = forms.csv_cells(read(site.data, "facilities", "quality.csv"))
    if [line[0] for line in listed[1:]] != [finding["code"] for finding in quality["findings"]]:
        problems.append("the list is %s" % listed)
    return problems


def opsi_problems(site):
    schema, rows = site.schemas["cases"], site.rows["cases"]
    found = forms.parse(read(site.data, "cases-opsi.json"))["rows"]
    header, *cells = forms.csv_cells(read(site.data, "cases-opsi.csv"))
    problems = [] if len(found) == len(cells) == len(rows) else ["other rows"]
    for record, row, texts in zip(found, rows, cells):
        case = dict(zip(schema.names, row))
        overview = [case[name] for name in ("issue", "purpose", "activity") if case[name]]
        if (record["overview"] or "") != "\n\n".join(overview):
            problems.append("overview of %s" % record["id"])
        if (record["tags"] or []) != (case["keywords"] or []):
            problems.append("tags of %s" % record["id"])
        if texts[header.index("overview")] != (record["overview"] or ""):
            problems.append("CSV and JSON of %s" % record["id"])
    return problems


# ---- What must not be there ----


def unpacked(path, data):
    """The bytes of a file and of everything packed into it."""
    yield path, data
    if path.endswith(".gz"):
        yield path, gzip.decompress(data)
    if path.endswith((".zip", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield path + "/" + member, archive.read(member)


def secret_problems(out):
    secrets = [dataset_fixture.SECRET.encode(encoding) for encoding in ("utf-8", "utf-16-le")]
    problems = []
    for folder, _, names in os.walk(out):
        for name in names:
            path = os.path.join(folder, name)
            for place, data in unpacked(path, read(path)):
                if any(secret in data for secret in secrets) or (
                    "/data/facilities" in place and re.search(rb"\bsecret\b", data)
                ):
                    problems.append(os.path.relpath(place, out))
    return problems


# ---- The same bytes, and what others say ----


def byte_problems(site_folder, out):
    other = os.path.join(report.SCRATCH, "again")
    # Without a folder for temporary files all is made in memory.
    temporary = os.path.join(report.SCRATCH, "missing")
    broken = build(site_folder, other, "--jobs", "1", TMPDIR=temporary, TZ="Asia/Tokyo")
    problems = [broken] if broken else []
    for folder, _, names in os.walk(os.path.join(out, "data")):
        for name in names:
            path = os.path.join(folder, name)
            if read(path) != read(other, os.path.relpath(path, out)):
                problems.append("differs: " + name)
    shutil.rmtree(other, ignore_errors=True)
    return problems


def check_with_others(site):
    quads = os.path.join(report.SCRATCH, site.label + ".nq")
    done = report.run(["node", NODE_CHECK, site.data, quads])
    for line in done.stdout.splitlines():
        told = json.loads(line)
        report.expect(site.label + "/" + told["name"], told["problems"])
    if done.returncode != 0:
        report.fail(site.label + "/others", done.stderr.decode("utf-8", "replace"))
        return
    turtle = os.path.join(site.data, "catalog.ttl")
    parsed = report.run(["rapper", "-q", "-i", "turtle", "-o", "ntriples", turtle])
    problems = [] if parsed.returncode == 0 else [parsed.stderr.decode("utf-8", "replace")]
    mine = {unescaped(line) for line in parsed.stdout.decode("utf-8").splitlines() if line}
    theirs = {unescaped(line) for line in read(quads).decode("utf-8").splitlines() if line}
    problems += ["only in Turtle: " + line for line in sorted(mine - theirs)[:5]]
    problems += ["only in JSON-LD: " + line for line in sorted(theirs - mine)[:5]]
    report.expect(site.label + "/turtle-and-jsonld", problems if mine else ["no triples"])


def unescaped(line):
    return re.sub(
        r"\\u([0-9A-F]{4})|\\U([0-9A-F]{8})",
        lambda match: chr(int(match[1] or match[2], 16)),
        line.strip(),
    )


# Of the fixture's rows: what stands in its column of geometries.
GEOMETRIES = [
    {"type": "Point", "coordinates": [139.70000000000001, 35.5]},
    {"type": "LineString", "coordinates": [[139, 35], [140, 36.25]]},
    {
        "type": "GeometryCollection",
        "geometries": [{"type": "Point", "coordinates": [1, 2]}],
    },
    None,
    None,
    None,
]


def geometry_problems(site):
    features = json.loads(read(site.data, "facilities.geojson"))["features"]
    found = [[feature["geometry"]] for feature in features]
    return first_difference(found, [[geometry] for geometry in GEOMETRIES])


def check_site(site):
    tell = lambda name, problems: report.expect(site.label + "/" + name, problems)  # noqa: E731
    tell("json", site.same_rows(".json", forms.json_rows))
    tell("ndjson", site.same_rows(".ndjson", forms.ndjson_rows))
    tell("geojson-rows", site.same_rows(".geojson", forms.geojson_rows))
    tell("excel-csv", site.excel_csv())
    tell("cp932", site.cp932())
    tell("xlsx", site.workbooks())
    tell("xlsx-in-gnumeric", site.other_program())
    tell("sqlite", site.sqlite())
    tell("database", site.database())
    tell("zip", site.archives())
    tell("sums", site.sums())
    tell("api", site.records())
    tell("opsi", opsi_problems(site))
    check_with_others(site)


# ---- More rows than a sheet has ----

LARGE = 1050000


def write_large(folder):
    dataset_fixture.write_site(folder)
    path = os.path.join(folder, "data", "datapackage.json")
    package = json.loads(read(path))
    words = {"ja": "語", "en": "Word"}
    field = lambda name, kind: {  # noqa: E731
        "name": name,
        "type": kind,
        "kyodo:labels": words,
        "kyodo:descriptions": words,
    }
    package["resources"].append(
        {
            "name": "large",
            "path": "registers/large.csv",
            "title": "多い",
            "kyodo:labels": words,
            "kyodo:descriptions": words,
            "schema": {
                "fields": [field("id", "string"), field("day", "date"), field("count", "integer")],
                "primaryKey": "id",
            },
        }
    )
    with open(path, "w", encoding="utf-8") as file:
        json.dump(package, file, ensure_ascii=False)
    with open(os.path.join(folder, "data", "registers", "large.csv"), "w", encoding="ascii") as file:
        file.write("id,day,count\n")
        for number in range(LARGE):
            day = "1899-12-31" if number == LARGE - 1 else "2024-02-29"
            file.write("%07d,%s,%d\n" % (number, day, number))


def large_problems():
    """Every row is in the workbook, on sheets of the size that programs open, and the page says so."""
    folder = os.path.join(report.SCRATCH, "large")
    out = os.path.join(report.SCRATCH, "large-out")
    write_large(folder)
    broken = build(folder, out, "--no-gzip")
    if broken:
        return broken
    problems = []
    with zipfile.ZipFile(os.path.join(out, "data", "large.xlsx")) as book:
        sheets = [book.read("xl/worksheets/sheet%d.xml" % number) for number in (1, 2)]
    rows = [sheet.count(b"<row ") for sheet in sheets]
    if rows != [1048576, LARGE - 1048575 + 1]:
        problems.append("the sheets have %s rows" % rows)
    last = sheets[1].rsplit(b"<row ", 1)[1]
    if b">%07d</t>" % (LARGE - 1) not in last or b">1899-12-31</t>" not in last:
        problems.append("the last row is %r" % last[:300])
    page = read(out, "ja", "data", "large", "index.html").decode("utf-8")
    for words in ("2枚のシートに分かれています", "1900年3月より前の日付1件は、文字として入っています"):
        if words not in re.sub(r"<[^>]*>", "", page):
            problems.append("the page does not say: " + words)
    lines = read(out, "data", "large.csv").splitlines()
    if len(lines) != LARGE + 1 or lines[-1] != b"%07d,1899-12-31,%d" % (LARGE - 1, LARGE - 1):
        problems.append("the CSV ends with %r" % lines[-1])
    with sqlite3.connect(os.path.join(out, "data", "kyodo.sqlite")) as database:
        if database.execute("select count(*) from large").fetchone() != (LARGE,):
            problems.append("the database has other rows")
    shutil.rmtree(folder)
    shutil.rmtree(out)
    return problems


def main():
    folder = os.path.join(report.SCRATCH, "fixture")
    out = os.path.join(report.SCRATCH, "fixture-out")
    dataset_fixture.write_site(folder)
    broken = build(folder, out)
    report.expect("fixture/build", broken)
    if broken:
        report.end()
    fixture = Site("fixture", out)
    report.expect("fixture/source", source_problems(fixture))
    report.expect("fixture/quality", quality_problems(fixture))
    report.expect("fixture/private", secret_problems(out))
    report.expect("fixture/geometries", geometry_problems(fixture))
    report.expect("fixture/same-bytes", byte_problems(folder, out))
    check_site(fixture)

    out = os.path.join(report.SCRATCH, "demonstration")
    broken = build(report.ROOT, out)
    report.expect("demonstration/build", broken)
    if not broken:
        site = Site("demonstration", out)
        check_site(site)
        report.expect(
            "demonstration/full-text", finds(site, "協働", having(site, "cases", "協働"))
        )
    if report.SOAK:
        report.expect("large", large_problems())
    report.end()


if __name__ == "__main__":
    main()
