"""Reads every form of a dataset back into the same shape: rows of values by the type of their
column. Numbers are Decimal, lists are lists, everything else is text; None is no value. """

import csv
import io
import json
import sqlite3
from decimal import Decimal

csv.field_size_limit(10**9)
NUMBERS = ("integer", "number", "year")
FORMULA = tuple("=+-@\t\r＝＋－＠")


class Schema:
    """Names and types of the columns, from the Table Schema beside the CSV."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            fields = json.load(file)["fields"]
        self.names = [field["name"] for field in fields]
        self.delimiters = [field.get("kyodo:delimiter") for field in fields]
        self.types = [
            "list" if field.get("kyodo:delimiter") else field["type"] for field in fields
        ]


def typed(text, kind, delimiter):
    """The value of a cell of the canonical CSV."""
    if text == "":
        return None
    if kind in NUMBERS and text not in ("NaN", "INF", "-INF"):
        return Decimal(text)
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    if kind == "list":
        return text.split(delimiter)
    return text


def csv_cells(data, encoding="utf-8"):
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def csv_rows(data, schema):
    header, *rows = csv_cells(data)
    if header != schema.names:
        raise ValueError("the header is %s" % header)
    return [
        [typed(*cell) for cell in zip(row, schema.types, schema.delimiters)] for row in rows
    ]


def json_value(value):
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def record_row(record, schema):
    if list(record)[: len(schema.names)] != schema.names:
        raise ValueError("the members are %s" % list(record))
    return [json_value(record[name]) for name in schema.names]


def parse(text):
    return json.loads(text, parse_float=Decimal)


def json_rows(data, schema):
    return [record_row(record, schema) for record in parse(data)["rows"]]


def ndjson_rows(data, schema):
    return [record_row(parse(line), schema) for line in data.decode("utf-8").splitlines()]


def geojson_rows(data, schema):
    return [record_row(feature["properties"], schema) for feature in parse(data)["features"]]


def guarded(text, kind):
    """Whether the CSV for Excel writes a ' in front."""
    if kind in NUMBERS + ("boolean", "date", "time") or not text.startswith(FORMULA):
        return False
    try:
        Decimal(text)
        return False
    except ArithmeticError:
        return True


def excel_csv_problems(data, canonical, schema):
    if not data.startswith(b"\xef\xbb\xbf"):
        return ["no mark"]
    problems = []
    for number, (row, wanted) in enumerate(zip(csv_cells(data[3:]), csv_cells(canonical))):
        expected = [
            "'" + text if number > 0 and guarded(text, kind) else text
            for text, kind in zip(wanted, schema.types)
        ]
        if row != expected:
            problems.append("row %d: %r, not %r" % (number, row, expected))
    return problems


def digits(text):
    return len(text.lstrip("-0.").replace(".", ""))


def in_workbook(value, kind, text):
    """What a cell of the workbook must hold for a value; `text` is the canonical CSV's."""
    if value is None:
        return None
    if kind in NUMBERS and isinstance(value, Decimal):
        return text if digits(text) > 15 else float(value)
    if kind in ("date", "datetime") and text >= "1900-03-01":
        return {"date": text}
    if kind == "time":
        return {"date": text}
    return text if not isinstance(value, bool) else value


def workbook_problems(sheets, canonical, schema):
    """`sheets` as workbook_cells.py tells them."""
    header, *texts = csv_cells(canonical)
    found = sheets["data"]
    if found[0] != header:
        return ["the header is %s" % found[0]]
    if len(found) != len(texts) + 1:
        return ["%d rows, not %d" % (len(found) - 1, len(texts))]
    problems = []
    for number, (row, cells) in enumerate(zip(found[1:], texts), 1):
        wanted = [
            in_workbook(typed(text, kind, delimiter), kind, text)
            for text, kind, delimiter in zip(cells, schema.types, schema.delimiters)
        ]
        for name, cell, expected in zip(schema.names, row, wanted):
            if cell != expected or isinstance(cell, bool) != isinstance(expected, bool):
                problems.append("row %d, %s: %r, not %r" % (number, name, cell, expected))
    return problems


def sqlite_value(value, kind, delimiter):
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "list":
        return value.split(delimiter)
    return value


def sqlite_problems(path, name, rows, schema):
    connection = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    cursor = connection.execute('SELECT * FROM "%s"' % name)
    if [column[0] for column in cursor.description] != schema.names:
        return ["the columns are %s" % cursor.description]
    problems = []
    found = cursor.fetchall()
    if len(found) != len(rows):
        problems.append("%d rows, not %d" % (len(found), len(rows)))
    for number, (row, wanted) in enumerate(zip(found, rows), 1):
        for value, expected, column, kind, delimiter in zip(
            row, wanted, schema.names, schema.types, schema.delimiters
        ):
            if isinstance(expected, Decimal):
                expected = float(expected) if kind == "number" else int(expected)
            if sqlite_value(value, kind, delimiter) != expected:
                problems.append("row %d, %s: %r, not %r" % (number, column, value, expected))
    connection.close()
    return problems
