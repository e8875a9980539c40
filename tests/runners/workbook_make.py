"""Makes a workbook:  workbook_make.py TARGET <DESCRIPTION, a JSON object {sheet: {cell: value}}

A value is a text, number or boolean, or an object: {"date": ISO, "format": …}, {"time": …},
{"number": …, "format": …}, {"formula": …}. A cell named like a range (B5:B6) is merged; the key
"hidden" holds true for a sheet that is hidden.

A program of its own, because openpyxl may belong to another Python than the one that runs the
tests. """

import datetime
import json
import sys

import openpyxl


def put(cell, value):
    if not isinstance(value, dict):
        cell.value = value
        return
    if "date" in value:
        cell.value = datetime.datetime.fromisoformat(value["date"])
    elif "time" in value:
        cell.value = datetime.time.fromisoformat(value["time"])
    elif "formula" in value:
        cell.value = "=" + value["formula"]
    else:
        cell.value = value["number"]
    cell.number_format = value.get("format", "General")


def main():
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in json.load(sys.stdin).items():
        sheet = book.create_sheet(name)
        for place, value in cells.items():
            if place == "hidden":
                sheet.sheet_state = "hidden"
            elif ":" in place:
                sheet.merge_cells(place)
            else:
                put(sheet[place], value)
    book.save(sys.argv[1])


main()
