"""The corpus of `make bench`: cases in Japanese and English, the same for kyodo and for Hugo.

Every text is put together from phrases by a seeded generator, so the same numbers give the same
bytes on any machine. All of it is invented and says so (fictional: true). """

import concurrent.futures
import csv
import json
import os
import random
import re
import shutil

WARDS = ["川崎区", "幸区", "中原区", "高津区", "宮前区", "多摩区", "麻生区"]
JA_THEMES = [
    "河川敷の清掃",
    "見守り活動",
    "子どもの学習支援",
    "防災訓練",
    "空き家の活用",
    "多文化交流",
    "緑地の保全",
    "高齢者の居場所づくり",
    "商店街のにぎわい",
    "健康づくり",
    "子育てひろば",
    "地域の記録づくり",
]
EN_THEMES = [
    "riverside cleaning",
    "neighbourhood watch",
    "homework clubs",
    "disaster drills",
    "reuse of empty houses",
    "multicultural exchange",
    "care of green spaces",
    "meeting places for older people",
    "lively shopping streets",
    "healthy living",
    "parents' meeting places",
    "recording local history",
]
JA_WHO = ["町内会", "市民活動団体", "大学", "地元企業", "中間支援団体", "社会福祉協議会", "商店会", "区役所"]
EN_WHO = [
    "the neighbourhood association",
    "a citizens' group",
    "the university",
    "a local company",
    "the intermediary organisation",
    "the council of social welfare",
    "the association of shopkeepers",
    "the ward office",
]
JA_DO = [
    "課題を話し合い、",
    "役割を分担して、",
    "毎月の会議で進み具合を確かめ、",
    "参加者の声を集め、",
    "費用を出し合い、",
    "準備を進め、",
    "結果を公表し、",
    "目標を共有し、",
]
EN_DO = [
    "talked about what was needed",
    "shared out the tasks",
    "met every month to see how far they were",
    "gathered the views of those who took part",
    "put in money of their own",
    "prepared the ground",
    "published what came of it",
    "agreed on a common aim",
]
JA_END = [
    "活動を続けました。",
    "次の年度の計画に反映しました。",
    "地域全体に広げることができました。",
    "課題も明らかになりました。",
    "参加者が前の年度より増えました。",
    "互いの強みを生かすことができました。",
    "市民の理解が深まりました。",
    "改善の方法を検討しています。",
]
EN_END = [
    "and the work went on",
    "and the plan for the next year took it up",
    "and other districts followed",
    "and it also became clear what was missing",
    "and more people came than the year before",
    "and each side could do what it does best",
    "and people understood the work better",
    "and they are looking for a better way",
]
JA_HEADS = [("課題", "issue"), ("取り組みの内容", "activity"), ("成果", "results"), ("学んだこと", "lessons")]
EN_HEADS = [
    ("Issue", "issue"),
    ("What was done", "activity"),
    ("Results", "results"),
    ("Lessons learned", "lessons"),
]
BODY_BYTES = 6000


class Dice:
    """Only Random.random(), whose sequence Python promises to keep."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def below(self, count):
        return int(self.random() * count)

    def pick(self, items):
        return items[self.below(len(items))]


def case_id(number):
    return "case-%06d" % number


def facts_of(number, count):
    """What a case is about: the same for both languages and both programs."""
    dice = Dice(number)
    year = 2010 + dice.below(14)
    month, day = 1 + dice.below(12), 1 + dice.below(28)
    first = dice.below(8)
    return {
        "theme": dice.below(12),
        "ward": dice.below(7),
        "year": year,
        "start": "%d-%02d-%02d" % (year, month, day),
        "end": "%d-%02d-%02d" % (year + 1, month, day),
        "updated": "%d-%02d-%02d"
        % (year + 1 + dice.below(2), 1 + dice.below(12), 1 + dice.below(28)),
        "field": dice.below(6),
        "form": dice.below(5),
        "status": dice.below(3),
        "actors": [first, (first + 1 + dice.below(7)) % 8],
        "participants": 10 + dice.below(900),
        "related": [dice.below(count) for _ in range(3)],
    }


def sentence_ja(dice):
    text = "%sと%sが%s%s" % (
        dice.pick(JA_WHO),
        dice.pick(JA_WHO),
        dice.pick(JA_DO),
        dice.pick(JA_END),
    )
    return (
        text.replace("協働", "**協働**")
        if dice.below(12)
        else "**%s**に取り組み、" % dice.pick(JA_THEMES) + text
    )


def sentence_en(dice):
    text = "%s and %s %s, %s." % (
        dice.pick(EN_WHO),
        dice.pick(EN_WHO),
        dice.pick(EN_DO),
        dice.pick(EN_END),
    )
    text = text[0].upper() + text[1:]
    return (
        text if dice.below(12) else "*%s* was the aim. " % dice.pick(EN_THEMES).capitalize() + text
    )


def body(number, language, facts, budget):
    """Markdown of about `budget` bytes: four sections of paragraphs, a list, a table, links, a
    quotation."""
    dice = Dice(number * 4 + (1 if language == "ja" else 2) + 7919)
    sentence = sentence_ja if language == "ja" else sentence_en
    separator = "" if language == "ja" else " "
    heads = JA_HEADS if language == "ja" else EN_HEADS
    parts, size = [], 0
    for index, (head, identifier) in enumerate(heads):
        parts.append("## %s {#%s}\n" % (head, identifier))
        limit = budget * (index + 1) // len(heads)
        size = sum(len(part.encode()) + 1 for part in parts)
        if index == 1:
            parts.append("".join("- %s\n" % sentence(dice) for _ in range(3)))
        if index == 2:
            years = [facts["year"] + n for n in range(3)]
            head = "| 年度 | 参加者 |\n" if language == "ja" else "| Year | People |\n"
            parts.append(
                head
                + "| --- | ---: |\n"
                + "".join(
                    "| %d | %d |\n" % (year, facts["participants"] + 7 * n)
                    for n, year in enumerate(years)
                )
            )
        if index == 3:
            name = "ほかの事例" if language == "ja" else "another case"
            parts.append(
                "> %s\n\n" % sentence(dice)
                + separator.join(
                    "[%s %d](../%s/)" % (name, n, case_id(n)) for n in facts["related"]
                )
                + "\n"
            )
        size = sum(len(part.encode()) + 1 for part in parts)
        while size < limit:
            paragraph = separator.join(sentence(dice) for _ in range(4)) + "\n"
            parts.append(paragraph)
            size += len(paragraph.encode()) + 1
    return "\n".join(parts)


def title(number, language, facts):
    if language == "ja":
        return "%sの%s（%d）" % (WARDS[facts["ward"]], JA_THEMES[facts["theme"]], number)
    return "%s, number %d" % (EN_THEMES[facts["theme"]].capitalize(), number)


def summary(number, language):
    dice = Dice(number + 104729)
    if language == "ja":
        return sentence_ja(dice).replace("*", "") + sentence_ja(dice).replace("*", "")
    return sentence_en(dice).replace("*", "")


def strengths(number, language):
    dice = Dice(number + 15485863)
    return (sentence_ja(dice) if language == "ja" else sentence_en(dice)).replace("*", "")


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def hugo_front_matter(number, language, facts):
    """The same facts for both languages: Hugo has no inheritance."""
    actors = "".join(
        "  - id: a%d\n    name: %s\n    type: %s\n    role: %s\n    strengths: %s\n"
        % (
            n,
            quoted((JA_WHO if language == "ja" else EN_WHO)[actor]),
            "T%d" % actor,
            quoted(JA_DO[actor] if language == "ja" else EN_DO[actor]),
            quoted(strengths(number + n, language)),
        )
        for n, actor in enumerate(facts["actors"])
    )
    return (
        "---\ntitle: %s\nsummary: %s\nkind: [case]\narea: [W%d]\nfield: [F%d]\nform: [M%d]\n"
        'status: [S%d]\nyear: ["%d"]\npartner: [T%d, T%d]\ndate: %s\nlastmod: %s\nstart: %s\nend: %s\n'
        "fictional: true\nactors:\n%ssources:\n  - id: s1\n    place: %s\n---\n"
        % (
            quoted(title(number, language, facts)),
            quoted(summary(number, language)),
            facts["ward"],
            facts["field"],
            facts["form"],
            facts["status"],
            facts["year"],
            facts["actors"][0],
            facts["actors"][1],
            facts["updated"],
            facts["updated"],
            facts["start"],
            facts["end"],
            actors,
            quoted(
                "第%d章" % (1 + number % 9) if language == "ja" else "Chapter %d" % (1 + number % 9)
            ),
        )
    )


def column(path, name):
    """One column of a CSV file of the demonstration site, in its order."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file) if row[name]]


def codes(root, name):
    return column(os.path.join(root, "data", "codelists", name + ".csv"), "code")


class KyodoFrontMatter:
    """Facts once, in Japanese; the English file holds words only. Codes come from the demonstration
    site."""

    WARD_CODES = ["141313", "141321", "141330", "141348", "141364", "141356", "141372"]

    def __init__(self, root):
        self.fields = codes(root, "fields")
        self.forms = codes(root, "forms")
        self.types = codes(root, "actor-types")
        self.statuses = codes(root, "statuses")
        self.sources = column(os.path.join(root, "data", "registers", "sources.csv"), "id")

    def __call__(self, number, language, facts):
        words = "---\ntitle: %s\nsummary: %s\n" % (
            quoted(title(number, language, facts)),
            quoted(summary(number, language)),
        )
        place = quoted(
            "第%d章" % (1 + number % 9) if language == "ja" else "Chapter %d" % (1 + number % 9)
        )
        if language != "ja":
            return words + "actors:\n%ssources:\n  - id: s1\n    place: %s\n---\n" % (
                self.actors(number, language, facts),
                place,
            )
        return words + (
            'kind: case\nfictional: true\ncity: "141305"\nwards: ["%s"]\nfields: [%s]\nform: [%s]\n'
            "status: %s\nfiscal_year: %d\nstart: %s\nend: %s\nactors:\n%s"
            "sources:\n  - id: s1\n    source: %s\n    place: %s\nupdated: %s\n---\n"
            % (
                self.WARD_CODES[facts["ward"]],
                self.fields[facts["field"] % len(self.fields)],
                self.forms[facts["form"] % len(self.forms)],
                self.statuses[facts["status"] % len(self.statuses)],
                facts["year"],
                facts["start"],
                facts["end"],
                self.actors(number, language, facts),
                self.sources[number % len(self.sources)],
                place,
                facts["updated"],
            )
        )

    def actors(self, number, language, facts):
        text = ""
        for n, actor in enumerate(facts["actors"]):
            text += "  - id: a%d\n    name: %s\n" % (
                n,
                quoted((JA_WHO if language == "ja" else EN_WHO)[actor]),
            )
            if language == "ja":
                text += "    type: %s\n" % self.types[actor % len(self.types)]
            text += "    role: %s\n    strengths: %s\n" % (
                quoted(JA_DO[actor] if language == "ja" else EN_DO[actor]),
                quoted(strengths(number + n, language)),
            )
        return text


def write_text(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def write_cases(root, start, end, count, front_matter):
    """Cases [start, end) of `count` below root/content/cases."""
    total = 0
    for number in range(start, end):
        folder = os.path.join(root, "content", "cases", case_id(number))
        os.makedirs(folder)
        facts = facts_of(number, count)
        for language in ("ja", "en"):
            text = (
                front_matter(number, language, facts)
                + "\n"
                + body(number, language, facts, BODY_BYTES)
            )
            total += len(text.encode())
            write_text(os.path.join(folder, "index.%s.md" % language), text)
    return total


def write_all_cases(root, count, front_matter):
    """In two processes; bytes of Markdown written."""
    step = max(1, (count + 15) // 16)
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        jobs = [
            pool.submit(write_cases, root, start, min(count, start + step), count, front_matter)
            for start in range(0, count, step)
        ]
        return sum(job.result() for job in jobs)


REGISTER = "bench-activities"
# name, type, Japanese label, English label, more properties
COLUMNS = [
    (
        "localgov_code",
        "string",
        "全国地方公共団体コード",
        "Local government code",
        {"kyodo:codelist": "areas", "kyodo:format": "local-government-code"},
    ),
    ("id", "string", "ID", "Id", {"constraints": {"required": True, "unique": True}}),
    ("name", "string", "名称", "Name", {}),
    (
        "name_english",
        "string",
        "名称_英語",
        "Name in English",
        {"kyodo:translates": "name", "kyodo:language": "en"},
    ),
    ("field", "string", "分野", "Field", {"kyodo:codelist": "fields"}),
    ("form", "string", "形", "Form", {"kyodo:codelist": "forms"}),
    ("status", "string", "状態", "Status", {"kyodo:codelist": "statuses"}),
    ("start", "date", "開始", "Start", {"format": "default"}),
    ("participants", "integer", "参加者数", "People", {"constraints": {"minimum": 0}}),
    ("hours", "number", "時間", "Hours", {}),
    ("regular", "boolean", "定期", "Regular", {}),
    ("note", "string", "備考", "Note", {}),
]


def register_row(number, front_matter):
    dice = Dice(number + 32452843)
    theme = dice.below(12)
    return [
        "141305",
        "act-%07d" % number,
        "%sの%s" % (dice.pick(WARDS), JA_THEMES[theme]),
        EN_THEMES[theme].capitalize(),
        dice.pick(front_matter.fields),
        dice.pick(front_matter.forms),
        dice.pick(front_matter.statuses),
        "%d-%02d-%02d" % (2010 + dice.below(15), 1 + dice.below(12), 1 + dice.below(28)),
        str(dice.below(2000)),
        "%d.%d" % (dice.below(40), dice.below(10)),
        dice.pick(["true", "false"]),
        sentence_ja(dice).replace("*", ""),
    ]


def write_register(root, rows, front_matter):
    """A register of 12 columns beside those of the demonstration site."""
    path = os.path.join(root, "data", "registers", REGISTER + ".csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column[0] for column in COLUMNS])
        for number in range(rows):
            writer.writerow(register_row(number, front_matter))
    descriptor = os.path.join(root, "data", "datapackage.json")
    with open(descriptor, encoding="utf-8") as file:
        package = json.load(file)
    fields = [
        dict(
            {
                "name": name,
                "type": kind,
                "title": ja,
                "description": ja,
                "kyodo:labels": {"ja": ja, "en": en},
                "kyodo:descriptions": {"ja": ja, "en": en},
            },
            **more
        )
        for name, kind, ja, en, more in COLUMNS
    ]
    labels = {"ja": "活動の記録（架空）", "en": "Activities (invented)"}
    package["resources"].append(
        {
            "name": REGISTER,
            "path": "registers/%s.csv" % REGISTER,
            "type": "table",
            "title": labels["ja"],
            "description": labels["ja"],
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "kyodo:role": "register",
            "kyodo:pages": False,
            "kyodo:title": "name",
            "kyodo:labels": labels,
            "kyodo:descriptions": labels,
            "kyodo:updated": "2026-11-22",
            "kyodo:history": [{"date": "2026-11-22", "note": labels}],
            "schema": {
                "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                "fields": fields,
                "primaryKey": ["id"],
                "missingValues": [""],
            },
        }
    )
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(package, file, ensure_ascii=False, indent=2)
        file.write("\n")


def without_own_pages(root):
    """Only the generated cases and the register of the bench shall be measured: no row pages of the
    demonstration site's registers, and no frameworks, of which Hugo knows nothing."""
    descriptor = os.path.join(root, "data", "datapackage.json")
    with open(descriptor, encoding="utf-8") as file:
        package = json.load(file)
    for resource in package["resources"]:
        if "kyodo:pages" in resource:
            resource["kyodo:pages"] = False
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(package, file, ensure_ascii=False, indent=2)
        file.write("\n")
    settings = os.path.join(root, "content", "site.yaml")
    with open(settings, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"^(frameworks|home_figures):.*\n(?:[ -].*\n)*", "", text, flags=re.MULTILINE)
    write_text(settings, text)


def write_kyodo(root, repository, cases, rows):
    """A site of `cases` cases and a register of `rows` rows, with the settings, code lists, registers
    and theme of the demonstration site."""
    os.makedirs(os.path.join(root, "content"))
    shutil.copy2(os.path.join(repository, "content", "site.yaml"), os.path.join(root, "content"))
    for name in ("data", "themes"):
        shutil.copytree(os.path.join(repository, name), os.path.join(root, name))
    shutil.rmtree(os.path.join(root, "data", "principles"), ignore_errors=True)
    without_own_pages(root)
    front_matter = KyodoFrontMatter(repository)
    write_register(root, rows, front_matter)
    return write_all_cases(root, cases, front_matter)


def write_hugo(root, layouts, cases):
    shutil.copytree(layouts, root)
    return write_all_cases(root, cases, hugo_front_matter)
