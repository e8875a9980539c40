"""`kyodo schema` against ajv, a validator of JSON Schema, and against `kyodo check`.

Every schema is valid against the meta-schema of 2020-12 in ajv's strict mode. Then both judge the
same files, and must agree: the schema refuses a file if and only if check reports one of the
codes in STRUCTURAL for it. The files are those of the demonstration site, of the goldens that show
findings about records, and copies of filled records, each changed in one place (tests/schema). """

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess

import cases
import report

TOOLS = os.path.join(report.ROOT, "tests", "schema")
KINDS = {"cases": "case", "pages": "page", "news": "news", "meetings": "meeting"}

# What a schema can see in one file.
STRUCTURAL = """
record.unknown_key record.wrong_level record.expected_text record.expected_list
record.expected_group record.expected_integer record.expected_number record.expected_boolean
record.date_unreadable record.date_impossible record.url record.unknown_code
record.state_not_allowed record.reason_missing record.key_missing record.key_invalid
record.translated_fact record.restated_fact record.required record.empty record.actor_unnamed
record.hash_form record.hashes_in_original
item.too_long item.other_kind
""".split()
# What takes more than one file, or more than one value: references, ids, translations, the body.
BEYOND = """
record.no_codelist record.key_duplicate record.translation_only
record.untranslated record.section_contradicts record.text_twice record.fact_in_register
record.unknown_but_stated record.date_outside_era record.date_weekday record.reading
record.section_near
""".split()
# A translation's entry of no id, or of one that is malformed, is one that the original has not. A
# state in other words (N/A) is a text to a schema, where a text may stand. Which frameworks there
# are, a schema knows; which rows of a register, it does not.
EITHER = ["record.translation_only", "record.state_misspelt", "record.unknown_reference"]
# site.yaml and data/principles/ have words as {ja: …, en: …}.
NOT_OF_FRONT_MATTER = ["record.languages_expected", "record.unknown_language"]


class Site:
    """A folder with content, its schemas, and what check says of its files."""

    def __init__(self, folder):
        self.folder = folder
        self.key = site_key(folder)
        done = report.run([report.KYODO, "check", "--format", "json", "--drafts"], cwd=folder)
        self.findings = {}
        for finding in json.loads(done.stdout)["findings"]:
            self.findings.setdefault(finding["file"], []).append(finding)

    def original_language(self):
        with open(os.path.join(self.folder, "content/site.yaml"), encoding="utf-8") as file:
            text = file.read()
        return re.search(r"^languages:.*?tag: *([\w-]+)", text, re.MULTILINE | re.DOTALL).group(1)

    def files(self):
        """Path, kind and whether it is a translation, of every file that has front matter."""
        original = "index.%s.md" % self.original_language()
        for folder, kind in KINDS.items():
            root = os.path.join(self.folder, "content", folder)
            for name in sorted(os.listdir(root)) if os.path.isdir(root) else []:
                files = sorted(os.listdir(os.path.join(root, name)))
                for file in files if original in files else []:
                    if file.startswith("index.") and file.endswith(".md"):
                        path = os.path.join("content", folder, name, file)
                        yield path, kind, file != original

    def codes(self, path):
        """Of a folder in the wrong place, check names the original alone."""
        codes = {finding["code"] for finding in self.findings.get(path, [])}
        original = os.path.join(os.path.dirname(path), "index.%s.md" % self.original_language())
        if any(f["code"] == "item.other_kind" for f in self.findings.get(original, [])):
            codes.add("item.other_kind")
        return codes


class Job:
    """All that ajv is asked, in one go."""

    def __init__(self):
        self.schemas = {}
        self.files = []
        self.cache = {}

    def schema(self, site, kind, is_translation, language):
        arguments = ["schema", kind, "--lang", language]
        arguments += ["--translation"] if is_translation else []
        key = (site.key, " ".join(arguments))
        if key not in self.cache:
            done = report.run([report.KYODO] + arguments, cwd=site.folder)
            text = done.stdout.decode("utf-8")
            name = "%s %s" % (key[1], hashlib.sha256(done.stdout).hexdigest()[:8])
            self.cache[key] = name
            self.schemas[name] = text
        return self.cache[key]

    def add(self, group, site, what=None):
        for path, kind, is_translation in site.files():
            folder = path.split(os.sep)[2]
            if what is not None and what.get(folder, ("",))[0] != os.path.basename(path):
                continue
            name = self.schema(site, kind, is_translation, "en")
            self.files.append(
                {
                    "group": group,
                    "label": "%s%s" % (path, ": " + what[folder][1] if what else ""),
                    "path": os.path.join(site.folder, path),
                    "schema": name,
                    "codes": site.codes(path),
                }
            )

    def run(self):
        question = {
            "schemas": self.schemas,
            "files": [{"path": f["path"], "schema": f["schema"]} for f in self.files],
        }
        done = subprocess.run(
            ["node", os.path.join(TOOLS, "validate.mjs")],
            input=json.dumps(question).encode(),
            capture_output=True,
            check=False,
            timeout=600,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode("utf-8", "replace")[-3000:])
        answer = json.loads(done.stdout)
        for file, verdict in zip(self.files, answer["files"]):
            file.update(verdict)
        return answer["schemas"]


def site_key(folder):
    """What a schema depends on."""
    digest = hashlib.sha256()
    for root in ("content/site.yaml", "data"):
        top = os.path.join(folder, root)
        names = [top] if os.path.isfile(top) else sorted(
            os.path.join(path, name) for path, _, files in os.walk(top) for name in files
        )
        for name in names:
            with open(name, "rb") as file:
                digest.update(os.path.relpath(name, folder).encode() + b"\0" + file.read())
    return digest.hexdigest()


def judge(file):
    """What is wrong with the verdict on one file, or None."""
    if "unreadable" in file:
        return None
    faults = sorted(file["codes"] & set(STRUCTURAL))
    if faults and not file["problems"]:
        return "%s\n  accepted, but check says %s" % (file["label"], ", ".join(faults))
    if file["problems"] and not faults and not file["codes"] & set(EITHER):
        return "%s\n  refused, but check has nothing against it: %s" % (
            file["label"],
            "; ".join(file["problems"]),
        )
    return None


def add_goldens(job):
    """Sites of the goldens: what their commands prepare, not what they run."""
    for area in ("record", "check", "principles", "translated"):
        root = os.path.join(cases.CASES, area)
        for name in sorted(os.listdir(root)):
            folder = os.path.join(root, name)
            if area == "principles" and not os.path.isdir(os.path.join(folder, "site")):
                continue  # the same records again
            scratch = os.path.join(report.SCRATCH, "goldens", area, name)
            cases.lay_out(folder, scratch)
            for line in cases.read_lines(os.path.join(folder, "cmd")):
                if not line.startswith("sh:"):
                    break
                report.run(["/bin/sh", "-c", line[3:]], cwd=scratch)
            if os.path.isfile(os.path.join(scratch, "content/site.yaml")):
                job.add("goldens", Site(scratch))


# One filled record of each kind: a folder of files, and the file that is changed.
FILLED = [
    ("tests/cases/_base/principles/content/cases/kagoshima", "index.ja.md", "cases"),
    ("tests/cases/_base/principles/content/cases/kagoshima", "index.en.md", "cases"),
    ("content/pages/about", "index.ja.md", "pages"),
    ("content/news/kyodo-tsushin-3rd-meeting", "index.ja.md", "news"),
    ("content/news/kyodo-tsushin-3rd-meeting", "index.en.md", "news"),
    ("content/meetings/review-committee-6", "index.ja.md", "meetings"),
    ("content/meetings/review-committee-6", "index.en.md", "meetings"),
]


def add_spoilt(job):
    site = os.path.join(report.SCRATCH, "spoilt")
    os.makedirs(os.path.join(site, "content"))
    shutil.copytree(os.path.join(report.ROOT, "data"), os.path.join(site, "data"))
    shutil.copytree(os.path.join(report.ROOT, "themes"), os.path.join(site, "themes"))
    base = os.path.join(cases.CASES, "_base/principles")
    shutil.copy(os.path.join(base, "content/site.yaml"), os.path.join(site, "content"))
    shutil.copytree(os.path.join(base, "data"), os.path.join(site, "data"), dirs_exist_ok=True)
    what = {}
    for index, (folder, file, kind) in enumerate(FILLED):
        done = report.run(
            [
                "node",
                os.path.join(TOOLS, "spoil.mjs"),
                os.path.join(report.ROOT, folder, file),
                os.path.join(site, "content", kind),
                "s%d" % index,
                "all" if report.SOAK else "some",
            ]
        )
        for name, change in json.loads(done.stdout).items():
            what[name] = (file, change)
    found = Site(site)
    job.add("spoilt", found, what)
    return len(what)


def check_codes():
    known = set(STRUCTURAL + BEYOND + EITHER + NOT_OF_FRONT_MATTER)
    strange = sorted(
        code for code in cases.finding_codes() if code.startswith("record.") and code not in known
    )
    report.expect(
        "every-code-is-placed",
        strange and "say in runners/schema.py whether a schema sees: " + ", ".join(strange),
    )


def check_faults_occur(job):
    """Each structural fault is in some file, so that agreeing about it says something."""
    seen = set().union(*(file["codes"] for file in job.files))
    report.expect("every-fault-occurs", sorted(set(STRUCTURAL) - seen))


def main():
    job = Job()
    demonstration = Site(report.ROOT)
    job.add("content", demonstration)
    job.add("fictional", Site(lay_out_base("principles")))
    job.add("new", Site(new_site()))
    add_goldens(job)
    spoilt = add_spoilt(job)
    for kind in KINDS.values():  # every schema, also in Japanese
        for is_translation in (False, True):
            job.schema(demonstration, kind, is_translation, "ja")
    for name, problem in job.run().items():
        report.expect("meta-schema/" + name, problem)
    for group in ("content", "fictional", "new", "goldens", "spoilt"):
        files = [file for file in job.files if file["group"] == group]
        problems = [problem for problem in map(judge, files) if problem]
        if not files:
            problems = ["nothing was judged"]
        report.expect("agrees/" + group, problems)
    report.expect("spoilt-enough", "" if spoilt > 3000 else "only %d changes" % spoilt)
    check_codes()
    check_faults_occur(job)
    report.end()


def new_site():
    """What `kyodo init` and `kyodo new` make."""
    scratch = os.path.join(report.SCRATCH, "new")
    report.run([report.KYODO, "init", scratch, "--framework", "kawasaki-2016"])
    for kind in KINDS.values():
        report.run([report.KYODO, "new", kind, "made"], cwd=scratch)
    return scratch


def lay_out_base(name):
    scratch = os.path.join(report.SCRATCH, "base-" + name)
    shutil.copytree(os.path.join(report.ROOT, "data"), os.path.join(scratch, "data"))
    shutil.copytree(os.path.join(report.ROOT, "themes"), os.path.join(scratch, "themes"))
    shutil.copytree(os.path.join(cases.CASES, "_base", name), scratch, dirs_exist_ok=True)
    return scratch


if __name__ == "__main__":
    main()
