"""A new city's site, as an installed program makes it: every command of its README, in both
languages; valid HTML; no fact of the demonstration site. """

import glob
import json
import os
import re
import shutil

import html_checkers
import report

TITLES = {"ja": "架空市の協働の事例集", "en": "Fictional City: casebook of collaboration"}
# What only the demonstration is about. Frameworks, code lists and sources may name their cities.
FACTS = re.compile("川崎|多摩|麻生|東久留米|鹿児島|kawasaki|higashikurume|kagoshima|kyodo見本", re.I)
OF_FRAMEWORKS = ("data/principles/", "data/codelists/", "data/registers/sources.csv", "data/datapackage.json")
PROVED = os.path.join(report.ROOT, "tests/cases/_base/principles/content/cases/kagoshima")
EDITORS = (".vscode/",)
SERVER = "ssh://kyodo@www.city.example/srv/kyodo/site.git"
# A line that spoils what `kyodo new` made, in {0} the original, {1} the other language, and what the
# editor says of it.
WRONG = (
    ("cases/made-case", 0, "kind: nonsense", "Must be equal to constant"),
    ("cases/made-case", 0, "sumary: words", "additional properties"),
    ("cases/made-case", 1, "city: 1", "Must"),
    ("pages/made-page", 0, "updatd: 2026-11-28", "additional properties"),
    ("news/made-news", 0, "draft: perhaps", "Must be boolean"),
    ("meetings/made-meeting", 0, "date: some day", "Must match pattern"),
)


def install():
    """The installed program, and its environment."""
    place = os.path.join(report.SCRATCH, "installed")
    done = report.run(
        ["make", "-s", "install", "BUILD=" + report.BUILD, "DESTDIR=" + place, "PREFIX=/usr"],
        seconds=300,
    )
    if done.returncode != 0:
        report.fail("install", done.stderr.decode("utf-8", "replace"))
        report.end()
    folder = os.path.join(place, "usr", "bin")
    return folder, report.environment(
        PATH=folder + ":" + os.environ["PATH"],
        SOURCE_DATE_EPOCH="1796000000",
        GIT_AUTHOR_NAME="Staff",
        GIT_AUTHOR_EMAIL="staff@city.example",
        GIT_COMMITTER_NAME="Staff",
        GIT_COMMITTER_EMAIL="staff@city.example",
    )


def told(done):
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def files(site):
    for folder, folders, names in os.walk(site):
        folders[:] = [name for name in folders if name not in (".git", "public")]
        for name in sorted(names):
            path = os.path.join(folder, name)
            yield os.path.relpath(path, site), path


def facts(site):
    """Lines of the new site that speak of the demonstration's cities."""
    found = []
    for name, path in files(site):
        if name.startswith(OF_FRAMEWORKS + EDITORS):
            continue
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                # the frameworks to choose from stand in site.yaml as a comment
                if FACTS.search(line) and not re.match(r"#     \S+$|frameworks: ", line):
                    found.append("%s:%d: %s" % (name, number, line.strip()))
    return found


def rows(site):
    """Registers with rows that are no source of a framework."""
    folder = os.path.join(site, "data", "registers")
    found = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            lines = file.read().splitlines()
        if len(lines) != 1 and name != "sources.csv":
            found.append("%s has %d lines" % (name, len(lines)))
    return found


def commands(site, env):
    """Every block `sh` of its README, in order, with a repository of this machine as the server's;
    what was written is live then."""
    repository, www = site + ".git", site + "-www"
    init = ["kyodo", "publish", "init", "--repo", repository, "--www", www]
    done = report.run(init, env=env)
    with open(os.path.join(site, "README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"^```sh\n(.*?)^```$", file.read(), re.M | re.S)
    problems = [] if done.returncode == 0 and blocks else ["no command in it: " + told(done)]
    for block in blocks:
        block = block.replace(SERVER, repository)
        if "git commit" in block:
            block = "echo >>content/site.yaml\n" + block
        done = report.run(["/bin/sh", "-e", "-c", block], cwd=site, env=env)
        if done.returncode != 0:
            problems.append("%sexit status %d\n%s" % (block, done.returncode, told(done)))
    if not os.path.exists(os.path.join(www, "current", "index.html")):
        problems.append("nothing is live")
    return problems


def still_to_write(site, env):
    """Nothing but what the city has to write itself is found, and nothing at all once it has."""
    command = ["kyodo", "check", "--drafts", "--strict", "--format", "json"]
    done = report.run(command[:2] + command[3:], cwd=site, env=env)
    codes = {finding["code"] for finding in json.loads(done.stdout)["findings"]}
    if done.returncode != 1 or codes != {"site.placeholder", "site.example_address"}:
        return told(done)
    written = site + "-written"
    shutil.copytree(site, written)
    path = os.path.join(written, "content", "site.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read().replace("www.city.example", "kyodo.test")
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub("〔記入〕|\\[write here\\] ", "", text))
    done = report.run(command, cwd=written, env=env)
    return "" if done.returncode == 0 else told(done)


def items(site, env):
    """Of every kind one: without an error, and no part of what is published."""
    for kind in ("case", "page", "news", "meeting"):
        done = report.run(["kyodo", "new", kind, "made-" + kind], cwd=site, env=env)
        if done.returncode != 0:
            return told(done)
    done = report.run(["kyodo", "check", "--drafts"], cwd=site, env=env)
    if done.returncode != 0:
        return told(done)
    done = report.run(["kyodo", "build", "--out", "live", "--no-gzip"], cwd=site, env=env)
    names = [name for name, _ in files(os.path.join(site, "live"))]
    drafts = [name for name in names if "made-" in name]
    return told(done) if done.returncode != 0 else drafts


def spoil(site, number, languages):
    """A copy of what was made with one line of WRONG; its name in the site."""
    item, place, line, _ = WRONG[number]
    copy = "content/%s-%d" % (item, number)
    shutil.copytree(os.path.join(site, "content", item), os.path.join(site, copy))
    name = os.path.join(copy, "index.%s.md" % languages[place])
    key = line[: line.index(":")]
    with open(os.path.join(site, name), encoding="utf-8") as file:
        text = re.sub(r"(?m)^%s: .*\n" % key, "", file.read())
    with open(os.path.join(site, name), "w", encoding="utf-8") as file:
        file.write(text.replace("---\n", "---\n%s\n" % line, 1))
    return name


def typing(site, *languages):
    """What an editor offers and marks: a snippet for every field; no mark on what `kyodo new` made,
    and one on each mistake."""
    tools = os.path.join(report.ROOT, "tests", "schema")
    vscode = os.path.join(site, ".vscode")
    problems = []
    for name in ("settings.json", "extensions.json"):
        with open(os.path.join(vscode, name), encoding="utf-8") as file:
            json.load(file)
    done = report.run(["node", os.path.join(tools, "snippets.mjs"), vscode])
    problems += told(done).splitlines()
    os.symlink(os.path.join(report.ROOT, "tests", "node_modules"), os.path.join(site, "node_modules"))
    right = sorted(os.path.relpath(path, site) for path in glob.glob(site + "/content/*/*/index.*.md"))
    wrong = [spoil(site, number, languages) for number in range(len(WRONG))]
    marks = told(report.run(["node", os.path.join(tools, "typing.mjs"), site, *right, *wrong]))
    for text in right:
        problems += ["right, but " + line for line in marks.splitlines() if line.startswith(text)]
    for text, (_, _, line, words) in zip(wrong, WRONG):
        if not re.search("^%s.*%s" % (re.escape(text), words), marks, re.M):
            problems.append("%s with `%s` has no mark in\n%s" % (text, line, marks))
        shutil.rmtree(os.path.dirname(os.path.join(site, text)))
    os.remove(os.path.join(site, "node_modules"))
    return problems


def completing(site):
    """What the language server of most editors offers and marks, by the settings that came along."""
    script = os.path.join(report.ROOT, "tests", "schema", "completing.mjs")
    return told(report.run(["node", script, site]))


def example():
    """The case that is shipped is the one whose rules are proved, one by one."""
    problems = []
    for language in ("ja", "en"):
        name = "index.%s.md" % language
        with open(os.path.join(report.ROOT, "starter/new/case", name), "rb") as file:
            shipped = file.read()
        with open(os.path.join(PROVED, name), "rb") as file:
            problems.append(report.difference(file.read(), shipped, name))
    return [problem for problem in problems if problem]


def look(language, other, env):
    site = os.path.join(report.SCRATCH, language)
    done = report.run(
        ["kyodo", "init", site, "--title", TITLES[language], "--lang", language]
        + ["--languages", language + "," + other],
        env=env,
    )
    report.expect(language + "/init", "" if done.returncode == 0 else told(done))
    if done.returncode != 0:
        return
    report.expect(language + "/facts", facts(site))
    report.expect(language + "/rows", rows(site))
    report.expect(language + "/check", still_to_write(site, env))
    report.expect(language + "/readme", commands(site, env))
    report.expect(language + "/items", items(site, env))
    if language == "ja" or report.SOAK:
        report.expect(language + "/typing", typing(site, language, other))
    if language == "ja":
        report.expect(language + "/completing", completing(site))
    with open(os.path.join(site, "public", language, "index.html"), encoding="utf-8") as file:
        titled = TITLES[language] in file.read()
    report.expect(language + "/title", "" if titled else "not on the home page")
    if language == "ja":
        pages = sample(os.path.join(site, "public"))
        report.expect("html-validate", html_checkers.html_validate(pages))
        report.expect("vnu", html_checkers.vnu(pages))


def sample(public):
    """The pages that a site without records has otherwise than the demonstration: home and lists."""
    target = os.path.join(report.SCRATCH, "pages")
    for path in glob.glob(os.path.join(public, "ja", "*", "index.html")) + [
        os.path.join(public, "ja", "index.html")
    ]:
        name = os.path.relpath(path, public).replace("/", "-")
        os.makedirs(target, exist_ok=True)
        shutil.copy(path, os.path.join(target, name))
    return target


def main():
    report.expect("example", example())
    _, env = install()
    look("ja", "en", env)
    look("en", "ja", env)
    report.end()


main()
