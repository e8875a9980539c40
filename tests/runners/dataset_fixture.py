"""A site whose register `facilities` has every type and all that spreadsheets and encodings
stumble over. Written here with the values that every download must hold, so that what is expected
comes from this file and from no program. """

import csv
import json
import os
import shutil

import report

SECRET = "HIMITSU-7f3a"
ENGLISH = {"ja": "名前", "en": "Name"}


class Column:
    """A field: its descriptor, the texts in the source and the values (as the CSV must have them)."""

    def __init__(self, name, cells, values=None, **descriptor):
        self.name = name
        self.cells = cells
        self.values = values or cells
        self.descriptor = {key.replace("kyodo_", "kyodo:"): value for key, value in descriptor.items()}


COLUMNS = [
    Column("id", ["f-1", "f-2", "f-3", "f-4", "f-5", "f-6"], constraints={"required": True}),
    Column("code", ["0123", "00", "1e5", "12-3", "TRUE", ""]),
    Column("name", [" 中央図書館", "=1+1", "-", "＋LUMBER", "@user", 'say "hi", he said']),
    Column("note", ["改\n行", "_x0041_", "a\tb", "1\r\n2", "<b>&amp;</b>", "é—〜𠮷"]),
    Column("statuses", ["running", "", "completed", "", "", ""], kyodo_codelist="statuses"),
    Column(
        "tags",
        ["disaster;welfare", "", "welfare", "", "", ""],
        kyodo_codelist="fields",
        kyodo_delimiter=";",
    ),
    Column("words", ["a;b", "", "c", "", "d;e;f", ""], kyodo_delimiter=";"),
    Column(
        "count",
        ["1200", "-3", "123456789012345", "9007199254740991", "0", ""],
        type="integer",
    ),
    Column("price", ["1.50", "-0.001", "123456789012.345678", "1200", "", "0"], type="number"),
    Column(
        "people",
        ["1.2万", "１２", "3", "", "", ""],
        ["12000", "12", "3", "", "", ""],
        type="integer",
        kyodo_format="japanese-number",
    ),
    Column("free", ["true", "false", "", "true", "", "false"], type="boolean"),
    Column(
        "opened",
        ["2024-04-01", "1900-02-28", "1900-03-01", "1868-10-23", "9999-12-31", ""],
        type="date",
    ),
    Column(
        "renewed",
        ["令和6年4月1日", "平成元年1月8日", "", "", "", ""],
        ["2024-04-01", "1989-01-08", "", "", "", ""],
        type="date",
        kyodo_format="japanese-date",
    ),
    Column("built", ["1998", "2024", "", "", "", ""], type="year"),
    Column("month", ["2024-04", "", "1999-12", "", "", ""], type="yearmonth"),
    Column("opens", ["09:30:00", "00:00:00", "", "23:59:59", "", ""], type="time"),
    Column(
        "counted",
        ["2024-04-01T09:30:00", "1900-01-01T00:00:00", "", "2024-12-31T23:59:59", "", ""],
        type="datetime",
    ),
    Column("latitude", ["35.53", "-35.5", "", "91", "0", "35.6"], type="number"),
    Column("longitude", ["139.7", "-139.7012345", "", "139", "0", ""], type="number"),
    Column("parent", ["", "f-1", "f-1", "f-2", "", ""]),
    Column("spot", ["139.7, 35.53", "", "-0.5, 51.5", "", "", ""], type="geopoint"),
    Column(
        "shape",
        [
            '{"type":"Point","coordinates":[139.70000000000001,35.5]}',
            '{"type":"Feature","properties":{"a":1},"geometry":{"type":"LineString",'
            '"coordinates":[[139,35],[140,36.25]]}}',
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":null,'
            '"geometry":{"type":"Point","coordinates":[1,2]}}]}',
            '{"type":"Feature","properties":null,"geometry":null}',
            "",
            "",
        ],
        type="geojson",
    ),
    Column("length", ["P1DT2H", "PT0.5S", "", "", "", "P1Y"], type="duration"),
    Column("parts", ['{"a":1}', "", "{}", "", "", ""], type="object"),
    Column("row", ["[1,2]", "", "[]", "", "", ""], type="array"),
    Column("secret", [SECRET + "-%d" % i for i in range(6)], kyodo_private=True),
]
# The two findings that the quality report has to tell: a space before a name, and a formula.
SPACED = ("name", 0)
CALCULATED = ("name", 1)


def public_columns():
    """Names and values of what is published, with what the source wrote where it differs."""
    names, rows = [], [[] for _ in COLUMNS[0].cells]
    for column in COLUMNS:
        if column.descriptor.get("kyodo:private"):
            continue
        names.append(column.name)
        for row, value in zip(rows, column.values):
            row.append(value)
        if column.values is not column.cells:
            names.append(column.name + "_original")
            for row, value, cell in zip(rows, column.values, column.cells):
                row.append(cell if cell != value else "")
    return names, rows


def field(column):
    return dict(
        {
            "name": column.name,
            "title": column.name,
            "description": column.name,
            "kyodo:labels": ENGLISH,
            "kyodo:descriptions": ENGLISH,
        },
        **column.descriptor,
    )


def write_site(folder):
    """The site; its base is that of the goldens."""
    shutil.copytree(os.path.join(report.ROOT, "tests", "cases", "_base", "small"), folder)
    shutil.copytree(os.path.join(report.ROOT, "themes"), os.path.join(folder, "themes"))
    path = os.path.join(folder, "data", "datapackage.json")
    with open(path, encoding="utf-8") as file:
        package = json.load(file)
    package["kyodo:api"] = True
    package["resources"].append(
        {
            "name": "facilities",
            "path": "registers/facilities.csv",
            "type": "table",
            "title": "施設",
            "description": "施設の一覧です。",
            "kyodo:role": "register",
            "kyodo:title": "name",
            "kyodo:api": True,
            "kyodo:labels": {"ja": "施設", "en": "Facilities"},
            "kyodo:descriptions": {"ja": "施設の一覧です。", "en": "Facilities."},
            "kyodo:updated": "2026-04-01",
            "kyodo:history": [{"date": "2026-04-01", "note": {"ja": "最初の版です。", "en": "First version."}}],
            "schema": {
                "fields": [field(column) for column in COLUMNS],
                "primaryKey": ["id"],
                "foreignKeys": [
                    {"fields": "parent", "reference": {"resource": "", "fields": "id"}}
                ],
            },
        }
    )
    with open(path, "w", encoding="utf-8") as file:
        json.dump(package, file, ensure_ascii=False, indent=2)
    rows = [list(cells) for cells in zip(*[column.cells for column in COLUMNS])]
    csv_path = os.path.join(folder, "data", "registers", "facilities.csv")
    with open(csv_path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in COLUMNS])
        writer.writerows(rows)
