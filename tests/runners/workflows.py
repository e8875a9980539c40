"""The workflows that cities copy: strict YAML, no word from actionlint, every `run` a script that sh
accepts; and their steps run, in a clean HOME and a folder with nothing in it but a site.

KYODO_SOURCE names a copy of these sources with what is built of them; `git clone` of it is a copy
of it, so that nothing compiles again, and all else is real. """

import json
import os
import shutil
import subprocess

import examples_copy
import report

FOLDER = os.path.join(report.ROOT, "generator", "publish", "workflows")
SMALL = os.path.join(report.ROOT, "tests", "cases", "_base", "small")
READ = os.path.join(report.ROOT, "tests", "workflows", "read.mjs")
GIT = """#!/bin/sh
# What `git clone` would bring, with its objects; everything else is git.
if [ "$1" = clone ]; then
    for target; do source=$last; last=$target; done
    exec cp -a "$source" "$target"
fi
exec /usr/bin/git "$@"
"""


def read(name):
    done = report.run(["node", READ, os.path.join(FOLDER, name)])
    if done.returncode != 0:
        return None, done.stderr.decode()
    answer = json.loads(done.stdout)
    return answer["content"], "\n".join(answer["problems"])


def accepted_by_sh(script):
    done = subprocess.run(
        ["/bin/sh", "-n"], input=script.encode(), capture_output=True, check=False, timeout=60
    )
    return done.stderr.decode()


class Runner:
    """A machine of a build service: nothing but a site in its folder."""

    def __init__(self, name):
        self.root = os.path.join(report.SCRATCH, name)
        self.folder = os.path.join(self.root, "folder")
        self.home = os.path.join(self.root, "home")
        tools = os.path.join(self.root, "tools")
        for folder in (self.folder, self.home, tools, os.path.join(self.root, "temp")):
            os.makedirs(folder)
        with open(os.path.join(tools, "git"), "w", encoding="utf-8") as file:
            file.write(GIT)
        os.chmod(os.path.join(tools, "git"), 0o755)
        self.source = os.path.join(report.SCRATCH, "kyodo")
        if not os.path.isdir(self.source):
            os.makedirs(self.source)
            examples_copy.copy_repository(self.source)
        self.env = report.environment(
            HOME=self.home,
            PATH=tools + ":" + os.environ["PATH"],
            KYODO_SOURCE=self.source,
            KYODO_VERSION="",
            RUNNER_TEMP=os.path.join(self.root, "temp"),
            BASE_URL="https://city.example/site",
            CI_PAGES_URL="https://city.example/site",
            GIT_AUTHOR_NAME="A",
            GIT_AUTHOR_EMAIL="a@example.org",
            GIT_COMMITTER_NAME="A",
            GIT_COMMITTER_EMAIL="a@example.org",
        )
        # The compiler that the objects were made with: another one would make all of them again.
        for name in ("CC", "CXX"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        shutil.copytree(SMALL, self.folder, dirs_exist_ok=True)
        self.sh("git init -q -b main && git add -A && git commit -q -m first")

    def sh(self, script):
        done = report.run(["/bin/sh", "-e", "-c", script], 600, cwd=self.folder, env=self.env)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")

    def spoil(self):
        path = os.path.join(self.folder, "content", "cases", "river", "index.en.md")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("title:", "titel:", 1))


def run_steps(runner, scripts):
    """What went wrong, and all that was printed."""
    output = ""
    for script in scripts:
        status, text = runner.sh(script)
        output += text
        if status != 0:
            return "exit status %d\n$ %s\n%s" % (status, script, text), output
    return "", output


def check_github():
    content, problems = read("github.yml")
    report.expect("github/lint", problems)
    if content is None:
        return
    jobs = content["jobs"]
    scripts = {
        job: [step["run"] for step in jobs[job]["steps"] if "run" in step] for job in jobs
    }
    report.expect("github/sh", "".join(accepted_by_sh(s) for job in scripts.values() for s in job))
    loose = [
        step["uses"]
        for job in jobs.values()
        for step in job["steps"]
        if "uses" in step and not step["uses"].startswith("actions/")
    ]
    inserted = [s for job in scripts.values() for s in job if "${{" in s]
    report.expect(
        "github/safe",
        ["an action of others: " + name for name in loose]
        + ["a value is pasted into a script: " + script for script in inserted]
        + ([] if content["permissions"] == {"contents": "read"} else ["may do more than read"]),
    )
    runner = Runner("github")
    trouble, _ = run_steps(runner, scripts["check"])
    report.expect("github/check", trouble)
    trouble, _ = run_steps(runner, scripts["pages"][1:])
    page = os.path.join(runner.root, "temp", "public", "en", "index.html")
    if not trouble and not os.path.exists(page):
        trouble = "no page was built"
    report.expect("github/build", trouble)
    runner.spoil()
    trouble, output = run_steps(runner, scripts["check"][1:])
    wanted = "::error file=content/cases/river/index.en.md,line=2,col=1,"
    report.expect(
        "github/annotations",
        "" if trouble and wanted in output else "no %r in\n%s" % (wanted, output),
    )
    check_push(runner, scripts["push"])


def check_push(runner, scripts):
    """The step that pushes to the city's server, to a repository on this machine."""
    kyodo = os.path.join(runner.root, "temp", "kyodo", "build", "kyodo")
    repository = os.path.join(runner.root, "site.git")
    www = os.path.join(runner.root, "www")
    status, text = runner.sh(
        "git checkout -q -- . && %s publish init --repo %s --www %s --quiet" % (kyodo, repository, www)
    )
    runner.env.update(KYODO_PUSH=repository, KYODO_KEY="none", KYODO_HOST_KEY="none")
    trouble, _ = run_steps(runner, scripts)
    live = os.path.join(www, "current", "en", "index.html")
    report.expect(
        "github/push",
        trouble or (text if status else "") or ("" if os.path.exists(live) else "nothing is live"),
    )


def check_gitlab():
    content, problems = read("gitlab.yml")
    report.expect("gitlab/yaml", problems)
    if content is None:
        return
    stages = content["stages"]
    shared = content[".kyodo"]["before_script"]
    jobs = {name: job for name, job in content.items() if isinstance(job, dict) and "stage" in job}
    problems = []
    for name, job in jobs.items():
        if job["stage"] not in stages or job["extends"] != ".kyodo" or not job["rules"]:
            problems.append("%s: stage, extends or rules" % name)
        problems += [accepted_by_sh(script) for script in shared + job["script"]]
    report.expect("gitlab/jobs", [problem for problem in problems if problem])
    runner = Runner("gitlab")

    def run_job(job):
        # The service runs all lines of a job in one shell.
        return runner.sh("\n".join(shared + job["script"]))

    status, text = run_job(jobs["kyodo-check"])
    report.expect("gitlab/check", text if status else "")
    status, text = run_job(jobs["pages"])
    built = os.path.exists(os.path.join(runner.folder, "public", "en", "index.html"))
    report.expect("gitlab/build", "" if status == 0 and built else text or "no page was built")
    runner.spoil()
    status, text = run_job(jobs["kyodo-check"])
    name = content["kyodo-check"]["artifacts"]["reports"]["codequality"]
    with open(os.path.join(runner.folder, name), encoding="utf-8") as file:
        found = json.load(file)
    wanted = {"path": "content/cases/river/index.en.md", "lines": {"begin": 2}}
    places = [one["location"] for one in found]
    prints = [one["fingerprint"] for one in found]
    report.expect(
        "gitlab/annotations",
        ""
        if status == 2 and wanted in places and len(set(prints)) == len(prints)
        else "exit status %d\n%s\n%s" % (status, places, text),
    )


def main():
    check_github()
    check_gitlab()
    report.end()


main()
