"""The bench's register as it is written: every form beside what libraries alone need. Processor time
of one thread throughout, so that what is compared is work; the files go to where all output does."""

import json
import os
import shutil
import subprocess

import register_corpus

ROWS_MOST = 200000
TEXTS = ("csv", "excel_csv", "json", "ndjson", "csvw", "zip")


def write_site(root, repository, rows):
    """The demonstration's settings, code lists and theme, and the register of the bench."""
    os.makedirs(os.path.join(root, "content"))
    shutil.copy2(os.path.join(repository, "content", "site.yaml"), os.path.join(root, "content"))
    for name in ("data", "themes"):
        shutil.copytree(os.path.join(repository, name), os.path.join(root, name))
    data = os.path.join(root, "data")
    register_corpus.write_small(os.path.join(data, "cities.csv"), "c", register_corpus.CITIES)
    register_corpus.write_small(os.path.join(data, "fields.csv"), "f", register_corpus.FIELDS)
    register_corpus.write_rows(os.path.join(data, "places.csv"), rows)
    with open(os.path.join(data, "datapackage.json"), encoding="utf-8") as file:
        package = json.load(file)
    for resource in register_corpus.describe()["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            key["reference"]["resource"] = "place-" + key["reference"]["resource"]
        if resource["name"] != "places":
            resource["name"] = "place-" + resource["name"]
        labels = {"ja": resource["name"], "en": resource["name"]}
        resource.update({"kyodo:role": "register", "kyodo:labels": labels})
        package["resources"].append(resource)
    with open(os.path.join(data, "datapackage.json"), "w", encoding="utf-8") as file:
        json.dump(package, file, ensure_ascii=False, indent=1)
    return os.path.join(data, "places.csv")


def sqlite_import(arguments, run_measured, measurement, database, csv):
    """sqlite3's own .import into an empty table of the same columns and keys."""
    done = subprocess.run(
        ["sqlite3", database, "SELECT sql FROM sqlite_schema WHERE name = 'places'"],
        check=True, capture_output=True, text=True,
    )
    with open(csv, encoding="utf-8") as file:
        text = file.read().replace(",true,", ",1,").replace(",false,", ",0,")
    with open(csv, "w", encoding="utf-8") as file:
        file.write(text)  # the shell knows no other booleans
    bare = database + ".bare"
    command = ["sqlite3", bare, done.stdout + ";", ".mode csv", ".import --skip 1 %s places" % csv]
    for _ in range(3):
        if os.path.exists(bare):
            os.remove(bare)
        run_measured(arguments, measurement, command, os.path.dirname(bare))
    count = subprocess.run(
        ["sqlite3", bare, "SELECT count(*) FROM places"], check=True, capture_output=True, text=True
    )
    return int(count.stdout)


def measure(arguments, repository, run_measured, measurement):
    """Seconds and bytes of each form and of what it stands beside."""
    root = os.path.join(arguments.scratch, "forms")
    out = os.path.join(arguments.scratch, "forms-out")
    os.makedirs(out)
    rows = min(arguments.rows, ROWS_MOST)
    csv = write_site(root, repository, rows)
    done = subprocess.run(
        [arguments.forms, root, "places", csv, out], check=True, capture_output=True, text=True
    )
    found = {}
    for line in done.stdout.splitlines():
        name, seconds, size = line.split()
        found[name] = (float(seconds), int(size))
    database = os.path.join(out, "kyodo.sqlite")
    if sqlite_import(arguments, run_measured, measurement, database, csv) != rows:
        raise SystemExit("sqlite3 imported other rows")
    found["import"] = (measurement.figures()["cpu_seconds"], 0)
    shutil.rmtree(root)
    shutil.rmtree(out)
    return rows, found


def ratios(found):
    seconds = {name: times[0] for name, times in found.items()}
    texts = sum(seconds[name] for name in TEXTS)
    return {
        "texts_ratio": (texts / seconds["libcsv"], "a register's text forms over libcsv", "<=", 4),
        "sqlite_ratio": (
            seconds["sqlite"] / seconds["import"],
            "its SQLite without full text over .import",
            "<=",
            1.5,
        ),
        "xlsx_ratio": (
            seconds["xlsx"] / seconds["bare_xlsx"],
            "its XLSX over libxlsxwriter's bare loop",
            "<=",
            1.5,
        ),
    }


def print_table(rows, found):
    print("%d rows of 12 columns, processor seconds of one thread:" % rows)
    for name, (seconds, size) in found.items():
        print("  %-12s %7.3f %s" % (name, seconds, "%9.1f MB" % (size / 1e6) if size else ""))
    print()
