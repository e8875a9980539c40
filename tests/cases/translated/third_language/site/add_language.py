"""What a site needs for a third language beside its texts: its name, labels of codes, the words of
the theme."""

import csv
import glob
import json
import re

with open("content/site.yaml", encoding="utf-8") as file:
    text = file.read()
text = text.replace("  - {tag: en, name: English}", "  - {tag: en, name: English}\n  - {tag: zh, name: 中文}")
text = re.sub(r", en: ([^}]*)}", r", en: \1, zh: 中文}", text)
with open("content/site.yaml", "w", encoding="utf-8") as file:
    file.write(text)

for path in glob.glob("data/codelists/*.csv"):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    label = rows[0].index("label_en") if "label_en" in rows[0] else None
    for row in rows if label is not None else []:
        row.append("label_zh" if row is rows[0] else row[label])
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)

with open("data/datapackage.json", encoding="utf-8") as file:
    package = json.load(file)
for resource in package["resources"]:
    fields = resource.get("schema", {}).get("fields", [])
    if any(field["name"] == "label_en" for field in fields):
        fields.append({"name": "label_zh", "type": "string"})
with open("data/datapackage.json", "w", encoding="utf-8") as file:
    json.dump(package, file, ensure_ascii=False)
