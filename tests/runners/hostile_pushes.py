"""Pushes that hold what no site should: each is refused in bounded time, with its reason, and the
published folder stays as it was. """

import os
import time

import hostile_names
import report
from publishing_place import UNCHANGED, expect_push


def push_tree(place, lines, *options):
    """Push HEAD's tree with these entries added."""
    entries = place.bare("ls-tree", "HEAD").encode() + b"\n" + "".join(
        line + "\n" for line in lines
    ).encode()
    tree = place.bare("mktree", "--missing", *options, text=entries)
    commit = place.git("commit-tree", "-p", "HEAD", "-m", "hostile", tree)
    return place.push("%s:refs/heads/main" % commit)


def blob(place, data):
    return place.bare("hash-object", "-w", "--stdin", text=data)


def push_file(place, path, data):
    full = os.path.join(place.site, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(data)
    place.git("add", "-A")
    place.git("commit", "-qm", "hostile")
    try:
        return place.push()
    finally:
        place.git("reset", "-q", "--hard", "HEAD~1")


def literal_tree(place, name):
    entry = b"100644 " + name + b"\0" + bytes.fromhex(blob(place, b"x\n"))
    tree = place.bare("hash-object", "-t", "tree", "-w", "--stdin", "--literally", text=entry)
    return push_tree(place, ["040000 tree %s\tcontents" % tree])


def hostile_link(place):
    return push_tree(place, ["120000 blob %s\tcontent2" % blob(place, b"/etc/passwd")]), "file.symlink"


def hostile_link_in_content(place):
    link = os.path.join(place.site, "content", "cases", "river", "picture.png")
    os.symlink("/etc/passwd", link)
    place.git("add", "-A")
    place.git("commit", "-qm", "hostile")
    done = place.push()
    place.git("reset", "-q", "--hard", "HEAD~1")
    return done, "file.symlink"


def hostile_submodule(place):
    return push_tree(place, ["160000 commit %s\tmodule" % ("12" * 20)]), "file.submodule"


def hostile_dots(place):
    place.git("config", "receive.fsckObjects", "false", folder=place.repository)
    try:
        return literal_tree(place, b".."), "file.bad_name"
    finally:
        place.git("config", "receive.fsckObjects", "true", folder=place.repository)


def hostile_dots_for_git(place):
    return literal_tree(place, b".."), "hasDotdot"


def hostile_control(place):
    return literal_tree(place, b"a\x1b[31mb"), "file.bad_name"


def hostile_case(place):
    one = blob(place, b"x\n")
    lines = ["100644 blob %s\t%s" % (one, name) for name in ("README", "Readme")]
    return push_tree(place, lines), "file.name_collision"


def hostile_composed(place):
    name = "か\u3099.md"
    return push_tree(place, ["100644 blob %s\t%s" % (blob(place, b"x\n"), name)]), "file.bad_name"


def hostile_size(place):
    path = os.path.join(place.root, "large")
    with open(path, "wb") as file:
        file.truncate((200 if report.SOAK else 110) << 20)
    name = place.git("-c", "core.compression=1", "hash-object", "-w", path)
    os.remove(path)
    return push_tree(place, ["100644 blob %s\tlarge.bin" % name]), "file.too_large"


def hostile_count(place):
    one = blob(place, b"x\n")
    lines = "".join("100644 blob %s\tf%d\n" % (one, number) for number in range(100000))
    tree = place.bare("mktree", text=lines.encode())
    return push_tree(place, ["040000 tree %s\tmany" % tree]), "commit.too_many"


def hostile_nesting(place):
    tree = place.bare("mktree", text=b"")
    for _ in range(9):
        lines = "".join("040000 tree %s\t%02d\n" % (tree, number) for number in range(20))
        tree = place.bare("mktree", text=lines.encode())
    return push_tree(place, ["040000 tree %s\tdeep" % tree]), "commit.too_many"


def hostile_yaml(place):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += ["a%d: &a%d [%s]" % (n, n, ", ".join(["*a%d" % (n - 1)] * 9)) for n in range(1, 10)]
    with open(os.path.join(place.site, "content", "site.yaml"), "rb") as file:
        text = file.read()
    return push_file(place, "content/site.yaml", text + "\n".join(lines).encode() + b"\n"), "yaml."


def hostile_yaml_depth(place):
    with open(os.path.join(place.site, "content", "site.yaml"), "rb") as file:
        text = file.read()
    return push_file(place, "content/site.yaml", text + b"x: " + b"[" * 1000000 + b"\n"), "yaml."


def hostile_bytes(place):
    return (
        push_file(place, "content/pages/about/index.en.md", b"---\ntitle: \xff\xfe\x80\n---\n"),
        "encoding.",
    )


MARKDOWN = {
    "brackets": b"[" * 200000,
    "links": b"[a](" * 50000,
    "emphasis": b"*a **a " * 30000,
    "backticks": b"".join(b"e" + b"`" * n for n in range(600)),
    "quotes": b">" * 200000,
    "lists": b"".join(b"  " * n + b"* a\n" for n in range(700)),
    "references": b"".join(b"[r%d]: u\n" % n for n in range(20000)) + b"[r1] " * 20000,
    "tables": b"|a" * 50000 + b"|\n" + b"|-" * 50000 + b"|\n" + b"|b|\n" * 2000,
    "comments": b"<!--" * 50000,
}


def slow_markdown(place):
    """Refused or published, but never slow."""
    problems = []
    with open(os.path.join(place.site, "content", "pages", "about", "index.en.md"), "rb") as file:
        head = file.read()
    names = sorted(MARKDOWN) if report.SOAK else ("brackets", "emphasis", "tables")
    for name in names:
        start = time.monotonic()
        push_file(place, "content/pages/about/index.en.md", head + b"\n" + MARKDOWN[name] + b"\n")
        seconds = time.monotonic() - start
        if seconds > 60:
            problems.append("%s: %.0f s" % (name, seconds))
    # What was published of these is taken back.
    live = place.live()
    place.git("pull", "-q", "--rebase", "publish", "main")
    place.git("checkout", "-q", place.good, "--", "content")
    place.git("commit", "-q", "--allow-empty", "-m", "as it was")
    expect_push(problems, place.push(), True)
    return problems + ([] if place.live() != live else ["the good state is not live again"])


def hostile(check):
    def run(place):
        before = place.everything()
        start = time.monotonic()
        done, word = check(place)
        problems = []
        text = expect_push(problems, done, False, word)
        said = UNCHANGED in text or "the site is unchanged" in text
        if not said and word != "hasDotdot":  # which git says before us
            problems.append("the pusher is not told that the site is unchanged\n" + text)
        seconds = time.monotonic() - start
        if seconds > 90:
            problems.append("%.0f s" % seconds)
        if place.everything() != before:
            problems.append("the published folder changed")
        return problems

    run.__name__ = check.__name__
    return run


def hostile_name(what, edit, code):
    def check(place):
        hostile_names.write(place, edit(hostile_names.read(place)))
        try:
            return place.push(), code
        finally:
            place.git("reset", "-q", "--hard", "HEAD~1")

    check.__name__ = "hostile_" + what
    return hostile(check)


HOSTILE = (
    hostile_link,
    hostile_link_in_content,
    hostile_submodule,
    hostile_dots,
    hostile_dots_for_git,
    hostile_control,
    hostile_case,
    hostile_composed,
    hostile_size,
    hostile_count,
    hostile_nesting,
    hostile_yaml,
    hostile_yaml_depth,
    hostile_bytes,
)
