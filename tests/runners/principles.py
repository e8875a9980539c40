"""The principles as data: that each rule was seen to fire and to be silent, and that it explains
itself.

tests/principles/severities.txt says how strongly each framework asks for each rule. A golden
tests/cases/principles/<rule>/ breaks that rule in one fictional case for each framework, so it must
show the finding in each of them with each severity that the table gives, and no other rule's but
where tests/principles/bound.txt says why one cannot break alone; `full` shows the same cases
unbroken and silent. """

import json
import os
import re
import shutil

import cases
import report

GOLDENS = os.path.join(cases.CASES, "principles")
# The fictional case of each profile, in the order of the table's columns.
RECORDS = ["kawasaki-2016", "kawasaki-2008", "higashikurume", "kagoshima"]
COMBINED = "kawasaki"  # checked by the first two columns together
CODES = {"E": "principle.essential", "W": "principle.expected", "I": "principle.information"}
POLICY = ["POL-0%d" % number for number in range(1, 7)]
FINDING = re.compile(r"^(?:content/cases/([\w-]+)/)?\S*:\d+:\d+: \w+\[([\w.]+) ([\w-]+)\]", re.M)


def severity_table():
    """{rule: cells}, as "E", "-" or "W, E if form a b"."""
    table = {}
    for line in cases.read_lines(os.path.join(report.ROOT, "tests/principles/severities.txt")):
        cells = [cell.strip() for cell in line.split("|")]
        table[cells[0]] = cells[1 : 1 + len(RECORDS)]
    return table


def bound_table():
    """{(rule, the rule shown beside it): records}"""
    table = {}
    for line in cases.read_lines(os.path.join(report.ROOT, "tests/principles/bound.txt")):
        rule, other, records, why = [cell.strip() for cell in line.split("|")]
        table[rule, other] = set(records.split()) if why else set()
    return table


def golden_text(name):
    path = os.path.join(GOLDENS, name, "stdout")
    return cases.read(path).decode("utf-8") if os.path.exists(path) else ""


def check_fires(rule, cells):
    """The rule's golden shows it in every record whose framework asks for it, and in no other."""
    seen = {}
    for record, code, name in FINDING.findall(golden_text(rule.lower())):
        if name == rule:
            seen.setdefault(record, set()).add(code)
    problems = []
    wanted = {record: set(re.findall(r"\b[EWI]\b", cell)) for record, cell in zip(RECORDS, cells)}
    both = wanted[RECORDS[0]] | wanted[RECORDS[1]]
    for record, letters in list(wanted.items()) + [(COMBINED, both)]:
        codes = {CODES[letter] for letter in letters}
        got = seen.get(record, set())
        if record == COMBINED:
            # Where the policy and the rule of 2008 differ, the stronger one is shown.
            codes = codes & got or codes
        if not codes <= got:
            problems.append("%s never shows %s" % (record, ", ".join(sorted(codes - got))))
        if got and not codes:
            problems.append("%s shows %s, but does not ask for it" % (record, ", ".join(got)))
    report.expect("fires/" + rule, problems)


def check_alone(rule, bound):
    """The rule's golden shows no other one, but those that cannot be kept while it is broken."""
    shown = {}
    for record, _, name in FINDING.findall(golden_text(rule.lower())):
        if name != rule:
            shown.setdefault(name, set()).add(record)
    problems = ["also shows %s in %s" % (name, ", ".join(sorted(records)))
                for name, records in shown.items() if bound.get((rule, name)) != records]
    problems += ["does not show %s, as bound.txt says" % other
                 for first, other in bound if first == rule and other not in shown]
    report.expect("alone/" + rule, problems)


def check_silent():
    problem = "the unbroken cases have findings"
    report.expect("silent", "" if golden_text("full") == "nothing found\n" else problem)


def small_site():
    """The repository's data without any content."""
    site = os.path.join(report.SCRATCH, "site")
    base = os.path.join(cases.CASES, "_base/principles")
    shutil.copytree(os.path.join(report.ROOT, "data"), os.path.join(site, "data"))
    shutil.copytree(os.path.join(base, "data"), os.path.join(site, "data"), dirs_exist_ok=True)
    os.makedirs(os.path.join(site, "content"))
    shutil.copy(os.path.join(base, "content/site.yaml"), os.path.join(site, "content"))
    return site


HEADS = {
    "ja": ["足りないこと", "調べる理由", "書き方", "文書の強さ"],
    "en": ["What is missing", "Why it is looked for", "How to state it", "Strength of the text"],
}
SECTIONS = {"ja": ["求めている枠組み", "出典:"], "en": ["Asked for by", "Sources:"]}


def check_explained(site, rule, language):
    """A title, every part with words, who asks for it, where it comes from; in one language."""
    done = report.run([report.KYODO, "explain", rule, "--lang", language], cwd=site)
    text = done.stdout.decode("utf-8")
    lines = text.splitlines()
    problems = [] if done.returncode == 0 else ["exit status %d" % done.returncode]
    if not re.match(r"^(rule|規則) %s: \S" % rule, text):
        problems.append("no title")
    for head in HEADS[language]:
        if not any(re.match(re.escape(head) + r": \S", line) for line in lines):
            problems.append("nothing under %r" % head)
    problems += ["empty: %r" % line for line in lines if re.search(r"[:：]\s*$", line) and not
                 any(line.startswith(start) for start in SECTIONS[language])]
    for section in SECTIONS[language]:
        at = [index for index, line in enumerate(lines) if line.startswith(section)]
        if not at or not any(line.strip() for line in lines[at[0] + 1 : at[0] + 2]):
            problems.append("nothing under %r" % section)
    if language == "en" and re.search("[\u3040-\u30ff]", text):
        problems.append("Japanese words in the English text")
    return ["%s: %s" % (language, problem) for problem in problems]


def check_json(site):
    """A finding in JSON: rule, severity, place, principle and source in both languages."""
    shutil.copytree(
        os.path.join(cases.CASES, "_base/principles/content/cases"),
        os.path.join(site, "content/cases"),
    )
    for name in RECORDS:
        path = os.path.join(site, "content/cases", name, "index.ja.md")
        text = cases.read(path).decode("utf-8")
        text = re.sub(r"^(proposer|result_owner|excluded_activity|updated|project_kind):.*\n", "",
                      text, flags=re.M)
        cases.write(path, text.replace("city:", "updated: 2025-06-01\ncity:", 1).encode())
    done = report.run([report.KYODO, "check", "--format", "json"], cwd=site)
    findings = [f for f in json.loads(done.stdout)["findings"] if f["code"].startswith("principle.")]
    severities = {"principle.essential": "warning", "principle.expected": "warning",
                  "principle.information": "note"}
    problems = [] if len(findings) > 8 else ["only %d findings" % len(findings)]
    for finding in findings:
        fine = (
            re.match(r"^[A-Z]+-\d\d$", finding.get("rule", ""))
            and severities[finding["code"]] == finding["severity"]
            and finding["file"].startswith("content/cases/")
            and finding["line"] >= 1
            and finding["column"] >= 1
            and all(finding["message"].values())
            and "原則: " in finding["help"]["ja"]
            and ("出典: " in finding["help"]["ja"] or "文書から: " in finding["help"]["ja"])
            and "principle: " in finding["help"]["en"]
            and ("source: " in finding["help"]["en"] or "document: " in finding["help"]["en"])
        )
        problems += [] if fine else [json.dumps(finding, ensure_ascii=False)]
    report.expect("json", problems)


def main():
    table = severity_table()
    report.expect("75-rules", "" if len(table) == 75 else "%d rules in the table" % len(table))
    bound = bound_table()
    for rule, cells in table.items():
        check_fires(rule, cells)
        check_alone(rule, bound)
    for rule in POLICY:
        seen = {name for _, _, name in FINDING.findall(golden_text(rule.lower()))}
        report.expect("fires/" + rule, [] if rule in seen else ["its golden does not show it"])
    check_silent()
    site = small_site()
    for rule in list(table) + POLICY:
        problems = check_explained(site, rule, "ja") + check_explained(site, rule, "en")
        report.expect("explained/" + rule, problems)
    check_json(site)
    report.end()


if __name__ == "__main__":
    main()
