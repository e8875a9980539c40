"""The CommonMark specification's examples, and ours in its format, through the Markdown stage.

    npm package commonmark-spec   every example of CommonMark 0.30 with our additions off; where we differ on
                                  purpose (raw HTML, unsafe URLs) tests/spec/deviations.txt says
                                  what we give
    tests/spec/*.txt              examples of our additions (tables, Japanese …), additions on

The format is cmark's spec.txt: a fence of 32 backquotes and ` example`, Markdown, a line with `.`,
HTML, the fence. → stands for a tab. """

import concurrent.futures
import glob
import os
import re

import report

PROGRAM = os.path.join(report.BUILD, "tests", "spec", "markdown_main")
SPEC = os.path.join(report.ROOT, "tests", "node_modules", "commonmark-spec", "spec.txt")
DEVIATIONS = os.path.join(report.ROOT, "tests", "spec", "deviations.txt")
FENCE = "`" * 32


def read_examples(path):
    """(section, number, Markdown, HTML) of every example."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    examples, section, state, markdown, html = [], "", "text", [], []
    for line in lines:
        if state == "text":
            heading = re.match(r"#+ +(.*)", line)
            if heading:
                section = heading[1].strip()
            elif re.match(FENCE + " example", line):
                state, markdown, html = "markdown", [], []
        elif line == FENCE:
            examples.append(
                (
                    section,
                    len(examples) + 1,
                    "".join(markdown).replace("→", "\t"),
                    "".join(html).replace("→", "\t"),
                )
            )
            state = "text"
        elif state == "markdown" and line == ".":
            state = "html"
        elif state == "markdown":
            markdown.append(line + "\n")
        else:
            html.append(line + "\n")
    return examples


def convert(markdown, plain):
    done = report.run(
        [PROGRAM] + (["--plain"] if plain else []),
        stdin=None,
        input=markdown.encode("utf-8"),
        seconds=20,
    )
    if done.returncode != 0:
        return b"(status %d)\n" % done.returncode + done.stderr
    return done.stdout


def check(name, markdown, html, plain):
    got = convert(markdown, plain)
    problem = report.difference(html.encode("utf-8"), got, "html")
    return name, problem and "Markdown:\n%s\n%s" % (markdown, problem)


def plan():
    """(name, Markdown, expected HTML, plain) of everything, and what is wrong with the lists."""
    todo, problems = [], []
    deviations = {}
    if os.path.exists(DEVIATIONS):
        deviations = {markdown: html for _, _, markdown, html in read_examples(DEVIATIONS)}
    used = set()
    for section, number, markdown, html in read_examples(SPEC):
        if markdown in deviations:
            used.add(markdown)
            if deviations[markdown] == html:
                problems.append("deviations.txt lists example %d, but expects the same" % number)
            html = deviations[markdown]
        todo.append(("commonmark-%d (%s)" % (number, section), markdown, html, True))
    problems += [
        "deviations.txt lists what is no example of the specification: %r" % markdown
        for markdown in deviations
        if markdown not in used
    ]
    for path in sorted(glob.glob(os.path.join(report.ROOT, "tests", "spec", "*.txt"))):
        if path == DEVIATIONS:
            continue
        base = os.path.basename(path)[:-4]
        for section, number, markdown, html in read_examples(path):
            todo.append(("%s-%d (%s)" % (base, number, section), markdown, html, False))
    return todo, problems


def write_deviations():
    """For --update: every example of the specification that we answer in another way, for
    review."""
    parts = [
        "# Examples of CommonMark 0.30 that we answer in another way\n\nRaw HTML is dropped and unsafe URLs are"
        " emptied (design: Markdown); nothing else may stand here.\n"
    ]
    last = ""
    for section, number, markdown, html in read_examples(SPEC):
        got = convert(markdown, True).decode("utf-8", "replace")
        if got != html:
            parts.append(
                ("\n## %s\n" % section if section != last else "")
                + "\n%s example\n%s.\n%s%s\n"
                % (FENCE, markdown.replace("\t", "→"), got.replace("\t", "→"), FENCE)
            )
            last = section
    with open(DEVIATIONS, "w", encoding="utf-8") as file:
        file.write("".join(parts))


def main():
    if not os.path.exists(PROGRAM):
        report.fail("markdown_main", "not built: tests/spec/markdown_main.c is missing")
        report.end()
    if report.UPDATE:
        write_deviations()
    todo, problems = plan()
    report.expect("deviations", problems)
    todo = [item for item in todo if report.wanted(item[0])]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, problem in pool.map(lambda item: check(*item), todo):
            report.expect(name, problem)
    report.end()


main()
