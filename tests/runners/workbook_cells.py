"""Prints every cell of workbooks as JSON, a line a file:  workbook_cells.py FILE...

A program of its own, because openpyxl may belong to another Python than the one that runs the
tests. Dates are {"date": ISO}, formulas {"formula": text}. """

import datetime
import json
import sys

import openpyxl


def value_of(cell):
    value = cell.value
    if cell.data_type == "f":
        return {"formula": value}
    if isinstance(value, datetime.datetime) and cell.number_format == "yyyy-mm-dd":
        return {"date": value.date().isoformat()}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return {"date": value.isoformat()}
    # openpyxl takes _x005F_ back to _ itself, and leaves other characters as they are written.
    return value.replace("_x000D_", "\r") if isinstance(value, str) else value


def main():
    for path in sys.argv[1:]:
        book = openpyxl.load_workbook(path)
        sheets = {
            sheet.title: [[value_of(cell) for cell in row] for row in sheet.iter_rows()]
            for sheet in book.worksheets
        }
        merged = [sheet.title for sheet in book.worksheets if sheet.merged_cells.ranges]
        created = book.properties.created.isoformat()
        print(json.dumps({"path": path, "sheets": sheets, "merged": merged, "created": created}))


if __name__ == "__main__":
    main()
