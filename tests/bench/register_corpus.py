"""A made register for the bench: python3 register_corpus.py FOLDER ROWS writes a Data Package of
one large table (12 columns with types, constraints, a primary key, two foreign keys) and the two
small tables that it points at. The same rows for the same number, on any machine."""

import json
import os
import random
import sys

CITIES = 1788
FIELDS = 40


def describe():
    def field(name, kind="string", **constraints):
        return {"name": name, "type": kind, "constraints": constraints}

    large = {
        "fields": [
            field("id", required=True, pattern="r-[0-9]{8}"),
            field("name", required=True, maxLength=40),
            field("city", required=True),
            field("field", required=True),
            field("opened", "date", minimum="1950-01-01"),
            field("updated", "datetime"),
            field("year", "year", minimum=1950, maximum=2030),
            field("seats", "integer", minimum=0, maximum=100000),
            field("price", "number", minimum=0),
            field("open", "boolean"),
            field("kind", enum=["公園", "学校", "図書館", "広場", "会館"]),
            field("note", maxLength=200),
        ],
        "primaryKey": "id",
        "foreignKeys": [
            {"fields": "city", "reference": {"resource": "cities", "fields": "code"}},
            {"fields": "field", "reference": {"resource": "fields", "fields": "code"}},
        ],
    }
    small = {"fields": [field("code"), field("label")], "primaryKey": "code"}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "bench",
        "resources": [
            {"name": "places", "path": "places.csv", "schema": large},
            {"name": "cities", "path": "cities.csv", "schema": small},
            {"name": "fields", "path": "fields.csv", "schema": small},
        ],
    }


def write_small(path, prefix, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write("code,label\n")
        for i in range(count):
            file.write("%s%05d,区分 %d\n" % (prefix, i, i))


def write_rows(path, count):
    chance = random.Random(20261127)
    kinds = ["公園", "学校", "図書館", "広場", "会館"]
    words = ["東", "西", "南", "北", "中央", "緑", "川", "山", "みどり", "さくら"]
    names = [a + b + k for a in words for b in words for k in kinds]
    notes = ["", "", "改修中", '"土日, 祝日は休み"', "市民と協働で運営している", '"「緑の会」, 企業と大学"']
    days = ["%04d-%02d-%02d" % (1950 + i % 75, i % 12 + 1, i % 28 + 1) for i in range(6300)]
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,name,city,field,opened,updated,year,seats,price,open,kind,note\n")
        for i in range(count):
            r = chance.getrandbits(62)
            file.write(
                "r-%08d,%s,c%05d,f%05d,%s,%sT%02d:%02d:00,%d,%d,%d.%d,%s,%s,%s\n"
                % (
                    i * 7 % 100000000,
                    names[r % 500],
                    (r >> 9) % CITIES,
                    (r >> 20) % FIELDS,
                    days[(r >> 26) % 6300],
                    days[(r >> 32) % 6300],
                    r % 24,
                    r % 60,
                    1950 + (r >> 6) % 76,
                    (r >> 12) % 5000,
                    (r >> 18) % 90000,
                    r % 10,
                    "true" if r & 1 else "false",
                    kinds[(r >> 3) % 5],
                    notes[(r >> 40) % 6],
                )
            )


def main():
    folder, rows = sys.argv[1], int(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "datapackage.json"), "w", encoding="utf-8") as file:
        json.dump(describe(), file, ensure_ascii=False, indent=1)
    write_small(os.path.join(folder, "cities.csv"), "c", CITIES)
    write_small(os.path.join(folder, "fields.csv"), "f", FIELDS)
    write_rows(os.path.join(folder, "places.csv"), rows)


if __name__ == "__main__":
    main()
