"""A column for how names are read, behind that of their translation."""

import json

with open("data/datapackage.json", encoding="utf-8") as file:
    package = json.load(file)
for resource in package["resources"]:
    if resource["name"] == "actors":
        labels = {"ja": "名前の読み", "en": "Reading of the name"}
        resource["schema"]["fields"].insert(
            3, {"name": "name_kana", "type": "string", "kyodo:labels": labels}
        )
with open("data/datapackage.json", "w", encoding="utf-8") as file:
    json.dump(package, file, ensure_ascii=False, indent=2)
