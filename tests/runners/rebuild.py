"""Builds that know of the last one: whatever was edited in between, the output is, byte for byte and
with its manifest, that of a build from nothing, and so is what is reported. Then what a build must
not believe: a cache that is damaged, of another site, program or option, or half written, and an
output that somebody touched."""

import fcntl
import os
import random
import re
import shutil
import subprocess
import tempfile
import time

import report

STEPS = 3000 if report.SOAK else 20
SEED = int(os.environ.get("KYODO_SEED", "20261128"))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode("utf-8"))


def tree(folder):
    """Bytes of every file, the manifest too."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            found[os.path.relpath(full, folder)] = read(full)
    return found


def differing(expected, got):
    problems = ["not there: " + name for name in sorted(expected.keys() - got.keys())]
    problems += ["left over: " + name for name in sorted(got.keys() - expected.keys())]
    return problems + [
        "differs: " + name
        for name in sorted(expected.keys() & got.keys())
        if expected[name] != got[name]
    ]


class Site:
    """A site with everything in small, in a folder of its own."""

    def __init__(self, root, bases):
        self.root = root
        self.site = os.path.join(root, "site")
        for base in bases:
            source, target = os.path.join(report.ROOT, "tests/cases/_base", base), self.site
            if base.startswith("/"):
                source, target = report.ROOT + base, self.site + base
            shutil.copytree(source, target, dirs_exist_ok=True)
        shutil.copytree(os.path.join(report.ROOT, "themes"), os.path.join(self.site, "themes"))
        if bases == ["small"]:
            self.add_cases(5)
        self.out = os.path.join(root, "out")
        self.cache = os.path.join(root, ".kyodo-cache", "out")
        self.seconds = None  # SOURCE_DATE_EPOCH
        self.options = []
        self.is_refused = False

    def add_cases(self, count):
        """Cases that point at each other, so that one shows what another says."""
        river = self.path("content/cases/river")
        for number in range(count):
            copy = "%s-%d" % (river, number)
            shutil.copytree(river, copy)
            path = os.path.join(copy, "index.ja.md")
            text = re.sub(rb"^project: .*\n", b"", read(path), flags=re.MULTILINE)
            other = b"river-%d" % ((number + 1) % count)
            text = re.sub(rb"^(title: .*)$", rb"\1 %d\nrelated: [%s]" % (number, other), text, 1, re.MULTILINE)
            write(path, text + b"\n[x](../" + other + b"/)\n")

    def path(self, name):
        return os.path.join(self.site, name)

    def files(self, below, ending):
        """Paths below a folder of the site, sorted."""
        found = []
        for path, _, names in os.walk(self.path(below)):
            for name in names:
                if name.endswith(ending):
                    found.append(os.path.relpath(os.path.join(path, name), self.site))
        return sorted(found)

    def build(self, out=None, more=(), options=None):
        command = [report.KYODO, "build", "--site", self.site, "--out", out or self.out]
        command += ["--jobs", "2", "--lang", "en"] + list(more)
        command += self.options if options is None else options
        more = {"SOURCE_DATE_EPOCH": str(self.seconds)} if self.seconds else {}
        return report.run(command, env=report.environment(**more))

    def clean(self):
        """A build from nothing: its result and its tree."""
        out = os.path.join(self.root, "clean")
        shutil.rmtree(out, ignore_errors=True)
        done = self.build(out, ["--no-cache"])
        return done, tree(out) if os.path.isdir(out) else {}

    def compare(self):
        """Build again, and from nothing: what differs."""
        before = tree(self.out) if os.path.isdir(self.out) else {}
        got = self.build()
        expected, files = self.clean()
        problems = []
        if got.returncode != expected.returncode:
            problems.append("exit status %d, not %d" % (got.returncode, expected.returncode))
        text = report.difference(expected.stderr, got.stderr, "stderr")
        problems += text.splitlines()
        wanted = files if expected.returncode in (0, 1) else before
        problems += differing(wanted, tree(self.out) if os.path.isdir(self.out) else {})
        self.is_refused = expected.returncode > 1
        return problems

    def keep(self):
        shutil.rmtree(self.root + "-kept", ignore_errors=True)
        shutil.copytree(self.site, self.root + "-kept")

    def undo(self):
        """Back to what was kept: with another mistake in it, no later edit would be looked at."""
        shutil.rmtree(self.site)
        shutil.copytree(self.root + "-kept", self.site)


# ---- Edits


class Editor:
    """Changes of every kind, by a seeded generator."""

    def __init__(self, site, seed):
        self.site = site
        self.dice = random.Random(seed)
        self.count = 0
        self.kinds = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("edit_")]

    def edit(self):
        self.count += 1
        kind = self.dice.choice(self.kinds)
        kind()
        return kind.__name__[5:]

    def pick(self, below, ending):
        files = self.site.files(below, ending)
        return self.site.path(self.dice.choice(files)) if files else None

    def substitute(self, path, pattern, replacement):
        """One of the places that match a pattern, in bytes."""
        text = read(path)
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if found:
            match = self.dice.choice(found)
            write(path, text[: match.start()] + match.expand(replacement) + text[match.end() :])

    def word(self):
        return ("%s%d" % (self.dice.choice(["川", "みどり", "plan", "x", "&<"]), self.count)).encode()

    def edit_text(self):
        path = self.pick("content", ".md")
        write(path, read(path) + b"\n" + self.word() + b"\n")

    def edit_section(self):
        path = self.pick("content", ".md")
        write(path, read(path) + b"\n## " + self.word() + b"\n\n" + self.word() * 50 + b"\n")

    def edit_brief_section(self):
        """A section that tells so little that it is a value among others, or no more."""
        path = self.pick("content/cases", ".md")
        name = self.dice.choice([b"results", b"lessons", b"transfer", b"purpose"])
        own = self.word() * self.dice.choice([0, 1, 10, 40])
        text = re.sub(rb"^## [^\n]*\{#%s\}\n[^#]*" % name, b"", read(path), flags=re.MULTILINE)
        write(path, text + b"\n## " + name + b" {#" + name + b"}\n\n" + own + b"\n")

    def edit_reference_definition(self):
        """What a brief section shows may depend on what stands far below."""
        path = self.pick("content/cases", ".md")
        text = re.sub(rb"^\[far\]: .*\n", b"", read(path), flags=re.MULTILINE)
        if text == read(path):
            text += b"\n## results {#results}\n\n[far]\n\n" if b"{#results}" not in text else b""
            text += b"\n[far]: https://city.example/\n"
        write(path, text)

    def edit_vague_link(self):
        path = self.pick("content", ".md")
        write(path, read(path) + b"\n[" + "こちら".encode() + b"](https://city.example/)\n")

    def edit_same_title(self):
        """Two texts that are called the same, or no more."""
        title = b"title: " + self.dice.choice([b"same", self.word()])
        self.substitute(self.pick("content/cases", ".md"), rb"^title: .*$", title)

    def edit_link(self):
        path = self.pick("content/cases", ".md")
        case = os.path.basename(os.path.dirname(self.pick("content/cases", ".md")))
        write(path, read(path) + b"\n[" + self.word() + b"](../" + case.encode() + b"/)\n")

    def edit_title(self):
        self.substitute(self.pick("content", ".md"), rb"^(title: .*)$", rb"\1 " + self.word())

    def edit_summary(self):
        self.substitute(self.pick("content", ".md"), rb"^(summary: \S.*)$", rb"\1 " + self.word())

    def edit_front_matter_away(self):
        self.substitute(self.pick("content/cases", ".md"), rb"^(end|status|updated): .*\n", rb"")

    def edit_updated(self):
        day = b"20%02d-%02d-%02d" % (
            10 + self.dice.randrange(16),
            1 + self.dice.randrange(12),
            1 + self.dice.randrange(28),
        )
        self.substitute(self.pick("content", "ja.md"), rb"^(updated: ).*$", rb"\g<1>" + day)

    def edit_published(self):
        """Another place in the order of lists."""
        day = b"20%02d-%02d-01" % (10 + self.dice.randrange(16), 1 + self.dice.randrange(12))
        self.substitute(self.pick("content/cases", "ja.md"), rb"^(published: ).*$", rb"\g<1>" + day)

    def edit_code(self):
        """A code that other cases may have, too."""
        key, codes = self.dice.choice(
            [(b"fields", b"disaster|welfare"), (b"form", b"cohost|dialogue"), (b"status", b"running|completed")]
        )
        code = self.dice.choice(codes.split(b"|"))
        value = code if key == b"status" else b"[" + code + b"]"
        path = self.pick("content/cases", "ja.md")
        text = re.sub(rb"^%s: .*\n" % key, b"", read(path), flags=re.MULTILINE)
        write(path, re.sub(rb"^(title: )", key + b": " + value + rb"\n\1", text, 1, re.MULTILINE))

    def edit_adoption(self):
        """A case was carried to another one, or it was not."""
        path = self.pick("content/cases", "ja.md")
        case = os.path.basename(os.path.dirname(self.pick("content/cases", "ja.md")))
        text = read(path)
        if b"\ntransfer:" in text:
            write(path, re.sub(rb"^transfer:\n(?: .*\n)+", b"", text, 1, re.MULTILINE))
            return
        carried = b'transfer:\n  adopted_by:\n    - {id: a, area: "141305", case: ' + case.encode() + b"}\n"
        write(path, re.sub(rb"^(title: )", carried + rb"\1", text, 1, re.MULTILINE))

    def edit_same_size(self):
        """Another byte, and the time of change set back: only ctime and content tell."""
        path = self.pick("content", ".md")
        status = os.stat(path)
        text = bytearray(read(path))
        places = [i for i, c in enumerate(text) if 0x61 <= c <= 0x79 and i > len(text) * 3 // 4]
        if places:
            text[self.dice.choice(places)] += 1
        with open(path, "r+b") as file:
            file.write(bytes(text))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def edit_touch(self):
        os.utime(self.pick("", ""))

    def edit_case_copy(self):
        source = os.path.dirname(self.pick("content/cases", "ja.md"))
        target = "%s-%d" % (re.sub(r"-\d+$", "", source), self.count + 100)
        shutil.copytree(source, target)
        self.substitute(os.path.join(target, "index.ja.md"), rb"^project: .*\n", rb"")

    def edit_case_rename(self):
        source = os.path.dirname(self.pick("content/cases", "ja.md"))
        os.rename(source, "%s-%d" % (re.sub(r"-\d+$", "", source), self.count + 100))

    def edit_case_remove(self):
        cases = self.site.files("content/cases", "ja.md")
        if len(cases) > 3:
            shutil.rmtree(os.path.dirname(self.site.path(self.dice.choice(cases))))

    def edit_translation_remove(self):
        path = self.pick("content", ".en.md")
        if path:
            os.remove(path)

    def edit_translation_add(self):
        path = self.pick("content", "ja.md").replace(".ja.md", ".en.md")
        if not os.path.exists(path):
            write(path, b"---\ntitle: " + self.word().replace(b"&<", b"") + b"\n---\n\nText\n")

    def edit_draft(self):
        self.substitute(self.pick("content/cases", "ja.md"), rb"^(title: )", rb"draft: true\n\1")

    def edit_drafts_shown(self):
        self.site.options = [] if self.site.options else ["--drafts"]

    def edit_register_row(self):
        path = self.pick("data/registers", ".csv")
        lines = read(path).split(b"\n")
        if len(lines) > 3:
            at = self.dice.randrange(1, len(lines) - 1)
            cells = lines[at].split(b",")
            cells[-1] = cells[-1].rstrip(b'\r"') + self.word().replace(b"&<", b"")
            lines[at] = b",".join(cells)
            write(path, b"\n".join(lines))

    def edit_register_row_away(self):
        path = self.pick("data/registers", ".csv")
        lines = read(path).split(b"\n")
        if len(lines) > 4:
            del lines[self.dice.randrange(2, len(lines) - 1)]
            write(path, b"\n".join(lines))

    def edit_code_label(self):
        self.substitute(
            self.pick("data/codelists", ".csv"), rb"^([^,\n]+,[^,\n]+)", rb"\g<1>" + b"%d" % self.count
        )

    def edit_descriptor(self):
        self.substitute(
            self.site.path("data/datapackage.json"), rb'("en": "[^"]*)"', rb"\1 %d" % self.count + b'"'
        )

    def edit_template(self):
        path = self.pick("themes", ".tpl")
        write(path, read(path) + b"\n")

    def edit_template_words(self):
        self.substitute(self.pick("themes", ".tpl"), rb"(</\w+>)", rb" \1")

    def edit_string(self):
        self.substitute(self.pick("themes", ".yaml"), rb"^(\w+: [^\"'|>{\n]*\w)$", rb"\1 " + self.word())

    def edit_style(self):
        path = self.pick("themes", ".css")
        write(path, read(path) + b"\n/* %d */\n" % self.count)

    def edit_rule(self):
        path = self.pick("data/principles", ".yaml")
        if path:
            self.substitute(path, rb"^( +(?:ja|en): [^\"'|>{\n]*\w)$", rb"\1 " + self.word())

    def edit_severity(self):
        path = self.pick("data/principles", ".yaml")
        if path:
            self.substitute(path, rb"severity: (?:note|warning|error)", rb"severity: note")

    def edit_config(self):
        self.substitute(self.site.path("content/site.yaml"), rb"^( +(?:ja|en): [^\"'|>{\n]*\w)$", rb"\1 x")

    def edit_base_url(self):
        self.substitute(
            self.site.path("content/site.yaml"), rb"^base_url: .*$", b"base_url: https://x.example/%d/" % self.count
        )

    def edit_as_of(self):
        """Past a review that was due, or back."""
        day = b"20%02d-%02d-01" % (20 + self.dice.randrange(15), 1 + self.dice.randrange(12))
        path = self.site.path("content/site.yaml")
        if re.search(rb"^as_of:", read(path), re.MULTILINE):
            self.substitute(path, rb"^as_of: .*$", b"as_of: " + day)
        else:
            write(path, read(path) + b"as_of: " + day + b"\n")

    def edit_clock(self):
        self.site.seconds = self.dice.randrange(1500000000, 2000000000)

    def edit_language(self):
        """A third language, or two again."""
        path = self.site.path("content/site.yaml")
        text = read(path)
        more = b"  - tag: fr\n    name: Fran\xc3\xa7ais\n"
        if more in text:
            write(path, text.replace(more, b""))
            return
        write(path, re.sub(rb"(\nlanguages:\n)((?:[ -].*\n)+)", rb"\1\2" + more, text))
        strings = self.site.files("themes", "en.yaml")[0]
        write(self.site.path(strings.replace("en.yaml", "fr.yaml")), read(self.site.path(strings)))

    def edit_stray_file(self):
        write(self.site.path("content/cases/notes-%d.txt" % self.count), b"no text of ours\n")

    def edit_hidden_file(self):
        write(self.site.path("content/cases/.hidden-%d" % self.count), b"passed over\n")

    def edit_break(self):
        """A mistake that stops the build; the next edit mends it."""
        path = self.pick("content", "ja.md")
        before = read(path)
        write(path, before.replace(b"title:", b"titel:", 1))
        problems = self.site.compare()
        report.expect("broken-%d" % self.count, problems) if problems else None
        write(path, before)

    def edit_back(self):
        """Undo everything: the texts of the beginning."""
        shutil.rmtree(self.site.site)
        fresh = Site(self.site.root, self.bases)
        fresh.options, fresh.seconds = self.site.options, self.site.seconds

    def edit_output(self):
        """Somebody edits, removes or replaces a file of the output."""
        names = sorted(name for name in tree(self.site.out) if not name.startswith("."))
        if not names:
            return
        path = os.path.join(self.site.out, self.dice.choice(names))
        choice = self.dice.randrange(3)
        if choice == 0:
            os.remove(path)
        elif choice == 1:
            write(path, read(path) + b" ")
        else:
            data = bytearray(read(path))
            data[len(data) // 2] ^= 1
            write(path, bytes(data))


def sequences(root, name, bases, steps, per_sequence):
    """Sequences of edits, a build behind each."""
    for number in range(max(1, steps // per_sequence)):
        label = "%s-%d" % (name, number)
        if not report.wanted(label):
            continue
        folder = os.path.join(root, label)
        site = Site(folder, bases)
        editor = Editor(site, SEED + number)
        editor.bases = bases
        problems, made = site.compare(), []
        while not problems and len(made) < per_sequence:
            site.keep()
            made.append("+".join(editor.edit() for _ in range(editor.dice.choice([1, 1, 1, 2, 3]))))
            problems = site.compare()
            if site.is_refused:
                site.undo()
                made[-1] += " (refused)"
        report.expect(label, problems and ["after " + ", ".join(made)] + problems)
        if not problems:
            shutil.rmtree(folder)


# ---- What must not be believed


def small(root, name):
    site = Site(os.path.join(root, name), ["small"])
    done = site.build()
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    return site


def nothing_to_do(root):
    """Twice the same: the same words, nothing written, also from another language and by content."""
    site = small(root, "nothing")
    stage = read(site.cache)
    first = site.build()
    problems = []
    for more in ([], ["--verify"], ["--strict"]):
        again = site.build(more=more)
        problems += report.difference(first.stderr, again.stderr, "stderr").splitlines()
        if b"; 0 written, 0 removed" not in again.stdout:
            problems.append(again.stdout.decode())
        if again.returncode != (1 if more == ["--strict"] and b"warning" in first.stderr else 0):
            problems.append("exit status %d" % again.returncode)
    if stage[:46] != read(site.cache)[:46]:
        problems.append("the same program and options have another key")
    if os.stat(os.path.dirname(site.cache)).st_mode & 0o77:
        problems.append("others may look into the folder of the cache")
    report.expect("nothing-to-do", problems)


def damaged(root):
    site = small(root, "damaged")
    problems = site.compare()
    whole = read(site.cache)
    dice = random.Random(SEED)
    places = range(len(whole)) if report.SOAK else sorted(dice.sample(range(len(whole)), 24))
    expected, _ = site.clean()
    kinds = [("byte %d" % at, whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :]) for at in places]
    kinds += [("cut at %d" % at, whole[:at]) for at in (0, 1, 13, 46, len(whole) // 2, len(whole) - 1)]
    kinds += [("longer", whole + b"\0"), ("foreign", b"kyodo-cache 0\n" + whole[14:])]
    for label, data in kinds:
        write(site.cache, data)
        got = site.build()
        if got.returncode != 0 or got.stderr != expected.stderr or b"; 0 written" not in got.stdout:
            problems.append("%s: exit status %d" % (label, got.returncode))
        if read(site.cache)[:46] != whole[:46]:
            problems.append("%s: the cache was not made anew" % label)
    report.expect("damaged-cache", problems)


def damaged_texts(root):
    """What is kept of the texts: parsed again where it is damaged, gone, another's, or somebody has it."""
    site = small(root, "texts")
    path = site.cache + ".texts"
    dice = random.Random(SEED)
    page = site.path("content/pages/about/index.ja.md")
    write(page, read(page) + b"\nFrom the second build on\n")
    problems = site.compare()

    def flip(data):
        at = dice.randrange(len(data))
        return data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]

    kinds = [flip] * (400 if report.SOAK else 12)
    kinds += [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: data[1:] + b"x", lambda data: data * 2]
    for number, kind in enumerate(kinds):
        status = os.stat(path)
        write(path, kind(read(path)))
        if number % 2 == 0:  # only ctime tells
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        write(page, read(page) + b"\nMore %d\n" % number)
        problems += site.compare()
    if os.stat(path).st_mode & 0o77:
        problems.append("others may read what is kept")
    holder = open(path, "rb")
    fcntl.flock(holder, fcntl.LOCK_EX)
    write(page, read(page) + b"\nHeld\n")
    problems += site.compare()
    holder.close()
    for make in (os.mkdir, lambda name: os.symlink(page, name)):
        if os.path.isdir(path):
            os.rmdir(path)
        else:
            os.remove(path)
        make(path)
        write(page, read(page) + b"\nIn the way\n")
        problems += site.compare()
    report.expect("damaged-texts", problems)


# Of one case, what pages and lists of others show of it or are ordered by: pattern and replacement.
FRONT_EDITS = (
    ("ja", rb"^title: .*$", b"title: \xe6\xa9\x8b\xe3\x81\xae\xe6\x8e\x83\xe9\x99\xa4"),
    ("ja", rb"^summary: .*$", b"summary: Short"),
    ("ja", rb"^fields: .*$", b"fields: [welfare]"),
    ("ja", rb"^wards: .*\n", b""),
    ("ja", rb"^(title: )", rb"form: [cohost]\n\1"),
    ("ja", rb"^(title: )", rb"status: running\n\1"),
    ("ja", rb"^start: .*$", b"start: 2024-04-01"),
    ("ja", rb"^updated: .*$", b"updated: 2026-05-01"),
    ("ja", rb"^published: .*$", b"published: 2026-05-01"),
    ("ja", rb"actor: river-friends", b"actor: city"),
    ("ja", rb"^(title: )", rb"keywords: [x]\n\1"),
    ("ja", rb"^related: .*$", b"related: [river-4]"),
    ("ja", rb"^(title: )", rb'transfer:\n  adopted_by:\n    - {id: a, area: "141305", case: river-3}\n\1'),
    ("ja", rb"case: river-3", b"case: river-4"),
    ("ja", rb"^title: .*$", b"title: Carried"),
    ("ja", rb"\Z", b"\n## \xe6\x88\x90\xe6\x9e\x9c {#results}\n\nText\n"),
    ("ja", rb"## (.*) \{#purpose\}", rb"## \1 {#other}"),
    ("ja", rb"^fictional: true$", b"fictional: false"),
    ("ja", rb"^(title: )", rb"aliases: [brook]\n\1"),
    ("en", rb"^title: .*$", b"title: Bridge"),
    ("en", rb"^summary: .*\n", b""),
    ("en", rb"^title: .*\n", b""),
)


def front_matter(root):
    """What one case says of itself stands on the pages of others and on lists."""
    site = small(root, "front")
    problems = []
    for language, pattern, replacement in FRONT_EDITS:
        path = site.path("content/cases/river-1/index.%s.md" % language)
        text = read(path)
        edited = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
        if edited == text:
            problems.append("no such place: " + pattern.decode())
        write(path, edited)
        found = site.compare()
        if site.is_refused:
            found.append("refused")
        problems += ["after %s: %s" % (pattern.decode(), one) for one in found]
    report.expect("front-matter", problems)


def packed_pieces(root):
    """A large file is packed in pieces. Those that an edit leaves alone are taken from the packed file of
    the build before, unless somebody has touched that."""
    site = small(root, "pieces")
    path = site.path("data/registers/sources.csv")
    dice = random.Random(SEED)
    rows = ["r-%d,%s,%d" % (row, "".join(dice.choices("川町人と協働の記録", k=600)), row) for row in range(1500)]
    head = read(path).decode().rstrip("\n") + "\n"
    packed = os.path.join(site.out, "data/sources.csv.gz")

    def flip():
        data = bytearray(read(packed))
        data[len(data) // 3] ^= 1
        write(packed, bytes(data))

    problems = []
    for at, spoil in ((0, None), (1, None), (900, None), (450, flip), (1200, lambda: os.remove(packed))):
        rows[at] += "1"
        if spoil:
            spoil()
        write(path, head + "\n".join(rows) + "\n")
        problems += site.compare()
        if site.is_refused or os.path.getsize(path) < 2 << 20:
            problems.append("nothing was packed in pieces")
    report.expect("packed-pieces", problems)


def settled(root):
    """Stamps that are old enough are believed: texts are not read for them, folders not listed, and all is
    the same."""
    site = small(root, "settled")
    editor = Editor(site, SEED)
    extra = site.path("content/cases/river/index.ja.md.txt")
    linked = site.path("content/pages/about/index.en.md")  # cases may get another name

    def link():
        os.rename(linked, linked + ".kept")
        os.symlink(os.path.basename(linked) + ".kept", linked)

    def unlink():
        os.rename(linked + ".kept", linked)

    edits = [editor.edit_text, editor.edit_config, editor.edit_same_size, editor.edit_case_rename]
    edits += [lambda: write(extra, "x"), editor.edit_text, lambda: os.remove(extra)]
    edits += [link, editor.edit_text, unlink, editor.edit_text]
    problems = []
    for edit in edits:
        time.sleep(3.2)
        problems += site.compare()
        editor.count += 1
        edit()
        problems += site.compare()
    report.expect("settled-stamps", problems)


def flip(path):
    """In its place: another byte, the same size, and the time of change set back."""
    status = os.stat(path)
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        data[len(data) // 2] ^= 1
        file.seek(0)
        file.write(bytes(data))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def put_aside(path):
    """Another file of that name, its bytes, size and time of change the same but for one byte."""
    shutil.copy2(path, path + ".other")
    flip(path + ".other")
    os.replace(path + ".other", path)


def output_files(site):
    """One of every kind: alone in its folder, and the first, second and last of those that share one,
    each with what is packed beside it."""
    folders = {}
    for name in sorted(tree(site.out)):
        if not name.startswith(".") and not name.endswith(".gz"):
            folders.setdefault(os.path.dirname(name), []).append(name)
    shared = max(folders.values(), key=len)
    alone = [names[0] for names in folders.values() if len(names) == 1]
    names = [alone[0], alone[-1], shared[0], shared[1], shared[-1]] + folders[""][:1]
    packed = [name + ".gz" for name in names]
    return names + [name for name in packed if os.path.exists(os.path.join(site.out, name))]


def noticed(root):
    """A build that finds all by stamps, and then one thing changed: in the output any file, in the site
    also what files there are."""
    site = small(root, "noticed")
    problems = []

    def rest(label):
        first = site.build()
        before = os.stat(site.cache).st_ino
        again = site.build()
        if b"; 0 written, 0 removed" not in again.stdout or before != os.stat(site.cache).st_ino:
            problems.append("not believed by stamps before %s" % label)
            problems.extend((first.stdout + first.stderr + again.stdout + again.stderr).decode().splitlines())

    def change(label, what, *paths):
        rest(label)
        what(*paths)
        problems.extend("%s: %s" % (label, problem) for problem in site.compare())

    time.sleep(3.2)
    names, kinds = output_files(site), (flip, put_aside, os.remove)
    for number, name in enumerate(names):
        for what in kinds if report.SOAK else kinds[number % 3 :][:1]:
            change("%s %s" % (what.__name__, name), what, os.path.join(site.out, name))
    folder = os.path.dirname(os.path.join(site.out, names[2]))
    change("folder removed", shutil.rmtree, folder)
    change("folder renamed", os.rename, folder, os.path.join(site.root, "away"))

    def follow():
        shutil.rmtree(os.path.join(site.root, "away"))
        os.rename(folder, os.path.join(site.root, "away"))
        os.symlink(os.path.join(site.root, "away"), folder)

    rest("the link")
    follow()
    if site.build().returncode == 0:
        problems.append("a link in the place of a folder was not noticed")
    os.remove(folder)
    problems += site.compare()
    # What is not ours is nobody's affair (ruling 9).
    foreign = os.path.join(folder, "foreign.txt")
    write(foreign, b"x")
    rest("what is foreign is removed")
    os.remove(foreign)
    case, page = site.path("content/cases/river"), site.path("content/pages/about/index.en.md")
    edits = (
        (flip, page),
        (put_aside, page),
        (write, os.path.join(case, "new.txt"), b"x"),
        (os.remove, os.path.join(case, "new.txt")),
        (shutil.copytree, case + "-1", case + "-91"),
        (os.rename, case + "-91", case + "-92"),
        (shutil.rmtree, case + "-92"),
    )
    for what, *arguments in edits:
        time.sleep(3.2)
        change("%s %s" % (what.__name__, os.path.basename(arguments[0])), what, *arguments)
    report.expect("noticed", problems)


def in_the_way(root):
    """Something else stands where the cache belongs."""
    site = small(root, "way")
    problems = []
    folder = os.path.dirname(site.cache)
    os.remove(site.cache)
    os.mkdir(site.cache)
    problems += site.compare()
    shutil.rmtree(folder)
    write(folder, b"not a folder\n")
    problems += site.compare()
    os.remove(folder)
    elsewhere = os.path.join(site.root, "elsewhere")
    os.mkdir(elsewhere)
    os.symlink(elsewhere, folder)
    problems += site.compare()
    if os.listdir(elsewhere):
        problems.append("a link was followed")
    report.expect("cache-in-the-way", problems)


def of_another_site(root):
    one, two = small(root, "one"), small(root, "two")
    page = two.path("content/pages/about/index.ja.md")
    write(page, read(page) + b"\nElsewhere\n")
    two.build()
    shutil.copy(two.cache, one.cache)
    problems = one.compare()
    # One output, two sites in turns.
    two.out, two.cache = one.out, one.cache
    problems += two.compare() + one.compare() + two.compare()
    report.expect("cache-of-another-site", problems)


def other_program(binary):
    """A copy with another build id."""
    data = read(report.KYODO)
    at = data.index(b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0") + 16
    write(binary, data[:at] + bytes(byte ^ 255 for byte in data[at : at + 20]) + data[at + 20 :])
    os.chmod(binary, 0o755)


def of_another_program(root):
    site = small(root, "program")
    problems = []
    before = read(site.cache)
    try:
        binary = os.path.join(site.root, "bin", "kyodo")
        other_program(binary)
    except ValueError:
        report.skip("cache-of-another-program", "this program has no build id")
        return
    command = [binary, "build", "--site", site.site, "--out", site.out]
    done = report.run(command)
    if done.returncode != 0 or read(site.cache)[14:46] == before[14:46]:
        problems.append("a cache of another program was believed: " + done.stderr.decode())
    for options in (["--no-gzip"], ["--drafts"], ["--base-url", "https://x.example/"], ["--only", "pages"], []):
        site.options = options
        problems += site.compare()
    site.seconds = 1700000000
    problems += site.compare()
    report.expect("cache-of-another-program", problems)


def without(root):
    site = small(root, "without")
    shutil.rmtree(os.path.dirname(site.cache))
    problems = []
    if site.build(more=["--no-cache"]).returncode != 0 or os.path.exists(os.path.dirname(site.cache)):
        problems.append("--no-cache left a cache")
    report.expect("no-cache", problems)


def killed(root):
    """At many moments, also while the cache is written."""
    site = small(root, "killed")
    editor = Editor(site, SEED)
    for number in range(300 if report.SOAK else 10):
        editor.count += 1
        editor.edit_text()
        process = subprocess.Popen(
            [report.KYODO, "build", "--site", site.site, "--out", site.out, "--jobs", "2"],
            env=report.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=0.002 * (number % 60))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    report.expect("killed", site.compare())


FAULTS = (
    ("nothing-to-do", nothing_to_do),
    ("damaged-cache", damaged),
    ("damaged-texts", damaged_texts),
    ("front-matter", front_matter),
    ("packed-pieces", packed_pieces),
    ("settled-stamps", settled),
    ("noticed", noticed),
    ("cache-in-the-way", in_the_way),
    ("cache-of-another-site", of_another_site),
    ("cache-of-another-program", of_another_program),
    ("no-cache", without),
    ("killed", killed),
)


def main():
    root = tempfile.mkdtemp(prefix="kyodo-rebuild-", dir=report.SCRATCH or None)
    try:
        for name, fault in FAULTS:
            if report.wanted(name):
                fault(root)
        sequences(root, "small", ["small"], STEPS, 10)
        sequences(root, "rich", ["/data", "principles"], STEPS // 10, 10 if report.SOAK else 4)
    finally:
        if not report.failures:
            shutil.rmtree(root, ignore_errors=True)
    report.end()


if __name__ == "__main__":
    main()
