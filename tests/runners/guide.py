"""The walk-through of the page `publishing`: every command in it runs, in order and in both
languages, against a real repository and a real nginx.

The page's paths become folders of the test's own; `sudo` runs what follows it, and `systemctl
reload nginx` reloads the nginx of the test, which listens on loopback. """

import json
import os
import re
import shutil
import time

import report
from openpyxl_python import python_with_openpyxl
from publishing_place import SMALL, Place

PAGE = os.path.join(report.ROOT, "content", "pages", "publishing", "index.%s.md")
HOST = "www.city.example"
# The list that staff bring in, as workbook_make.py takes it.
LIST = {
    "団体": {
        "A1": "協働の主体（令和5年4月1日現在）",
        "A3": "ID",
        "B3": "名 前",
        "C3": "種類",
        "A4": "forest-friends",
        "B4": "森ともの会",
        "C4": "市民活動団体",
    }
}
TOOLS = {
    "sudo": '#!/bin/sh\nexec "$@"\n',
    "systemctl": "#!/bin/sh\n[ \"$1 $2\" = \"reload nginx\" ] && kill -HUP \"$(cat %s/nginx/pid)\"\n",
}


def blocks(path):
    """(line, script) of the fenced blocks of shell."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = []
    for match in re.finditer(r"^```sh\n(.*?)^```$", text, re.M | re.S):
        found.append((text.count("\n", 0, match.start()) + 2, match[1]))
    return found


class Guide(Place):
    def __init__(self):
        super().__init__()
        share = os.path.join(self.root, "share", "kyodo")
        os.makedirs(os.path.join(share, "nginx"))
        for name in ("starter", "data"):
            shutil.copytree(os.path.join(report.ROOT, name), os.path.join(share, name))
        os.makedirs(os.path.join(self.root, "etc"))
        os.makedirs(os.path.join(self.root, "tmp"))
        shutil.copytree(
            os.path.join(report.ROOT, "generator", "publish", "workflows"),
            os.path.join(share, "workflows"),
        )
        with open(os.path.join(share, "nginx", "kyodo.conf"), "w", encoding="utf-8") as file:
            file.write(self.mapped(self.configuration()))
        for name, script in TOOLS.items():
            path = os.path.join(self.root, "bin", name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(script.replace("%s", self.root))
            os.chmod(path, 0o755)
        self.env["PATH"] = os.path.join(self.root, "bin") + ":" + self.env["PATH"]
        self.env["USER"] = self.run(["id", "-un"]).stdout.decode().strip()
        self.env["LANG"] = "ja_JP.UTF-8"
        # `git config --system` writes here and nowhere else
        del self.env["GIT_CONFIG_NOSYSTEM"]
        self.env["GIT_CONFIG_SYSTEM"] = os.path.join(self.root, "etc", "gitconfig")
        self.repository = os.path.join(self.root, "srv", "site.git")
        self.www = os.path.join(self.root, "srv", "www")
        shutil.copytree(SMALL, self.site)
        self.make_list()
        self.git("init", "-q", "-b", "main")

    def make_list(self):
        maker = os.path.join(report.ROOT, "tests", "runners", "workbook_make.py")
        source = os.path.join(self.root, "list.json")
        with open(source, "w", encoding="utf-8") as file:
            json.dump(LIST, file)
        target = os.path.join(os.path.dirname(self.site), "list.xlsx")
        with open(source, "rb") as file:
            done = report.run([python_with_openpyxl(), maker, target], stdin=file)
        assert done.returncode == 0, done.stderr.decode()

    def mapped(self, text):
        for name, folder in (
            ("/srv/kyodo", "srv"),
            ("/usr/share/kyodo", "share/kyodo"),
            ("/etc/nginx/conf.d", "etc"),
            ("/tmp/kyodo.conf", "tmp/kyodo.conf"),
        ):
            text = text.replace(name, os.path.join(self.root, folder))
        return text

    def serve(self):
        """An nginx that reads what the page puts into its folder."""
        self.start_nginx_with(
            "include %s/etc/*.conf;\n    server { listen 127.0.0.1:%d default_server; return 503; }"
            % (self.root, self.port)
        )

    def step(self, script):
        """Run one block; what went wrong."""
        if "rollback" in script:
            # There has to be something to go back from.
            self.change()
            self.push()
        # a new site is not made inside of another
        folder = self.root if script.startswith("kyodo init ") else self.site
        done = self.run(["/bin/sh", "-e", "-c", self.mapped(script)], cwd=folder)
        text = (done.stdout + done.stderr).decode("utf-8", "replace")
        if done.returncode != 0:
            return "exit status %d\n%s" % (done.returncode, text)
        if "reload nginx" in script:
            time.sleep(0.5)
        if "push publish HEAD:main" in script:
            return self.look(text)
        return ""

    def look(self, text):
        status, _, body = self.get("/en/cases/river/", Host=HOST)
        if status != 200 or b"<main" not in body:
            return "the page answers %d after\n%s" % (status, text)
        return "" if "公開しました" in text else text


def main():
    for language in ("ja", "en"):
        found = blocks(PAGE % language)
        report.expect(language + "/has-commands", "" if len(found) > 8 else "hardly any command")
        place = Guide()
        try:
            place.serve()
            for line, script in found:
                report.expect("%s:%d" % (language, line), place.step(script))
        finally:
            place.close()
    same = [re.sub(r'"[^"]*"', "", script) for _, script in blocks(PAGE % "ja")] == [
        re.sub(r'"[^"]*"', "", script) for _, script in blocks(PAGE % "en")
    ]
    report.expect("same-commands", "" if same else "the two languages have other commands")
    report.end()


main()
