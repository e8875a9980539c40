"""Two people of one group push to one repository, as the page on publishing says how to share it:
each with a umask that keeps others out, neither of them root."""

import os
import shutil

from publishing_place import PAGE, SMALL, Place

GROUP = 64321
PEOPLE = (64001, 64002)
SHARE = """git -C {repository} config core.sharedRepository group
chmod -R g+rwX {repository} {www}
find {folder} -type d -exec chmod g+s {{}} +
"""
WRITE = """umask 077
cd {site}
git pull -q publish main 2>/dev/null
sed -i 's/^title: .*/title: The river, release {number}/' {page}
git commit -qam 'Release {number}'
git push publish HEAD:main 2>&1
"""


def can_run():
    return os.geteuid() == 0 and shutil.which("setpriv") is not None


class Shared:
    def __init__(self):
        self.place = place = Place()
        self.folder = os.path.join(place.root, "srv")
        place.repository = os.path.join(self.folder, "site.git")
        place.www = os.path.join(self.folder, "www")
        # What an administrator sets for the whole machine is this place's own.
        del place.env["GIT_CONFIG_NOSYSTEM"]
        place.env["GIT_CONFIG_SYSTEM"] = os.path.join(place.root, "gitconfig")
        place.env["LANG"] = "ja_JP.UTF-8"
        os.chmod(place.root, 0o777)
        os.mkdir(self.folder)
        os.chown(self.folder, PEOPLE[0], GROUP)
        os.chmod(self.folder, 0o2775)

    def script(self, person, text, **names):
        """What a shell of that person says."""
        place = self.place
        names.update(repository=place.repository, www=place.www, folder=self.folder, page=PAGE)
        names["site"] = os.path.join(place.root, "site-%d" % person)
        who = ["setpriv", "--reuid=%d" % person, "--regid=%d" % person, "--groups=%d" % GROUP]
        done = place.run(who + ["/bin/sh", "-c", text.format(**names)])
        return (done.stdout + done.stderr).decode("utf-8", "replace")

    def set_up(self):
        place = self.place
        said = self.script(
            PEOPLE[0],
            place.kyodo + " publish init --quiet --repo {repository} --www {www}\n"
            "cp -r {small} {site}\ngit -C {site} init -q -b main\ngit -C {site} add -A\n" + SHARE,
            small=SMALL,
        )
        place.run(["git", "config", "--system", "--add", "safe.directory", place.repository])
        return said


    def look(self):
        """What stands there after both have pushed."""
        place = self.place
        problems = []
        for what in (["!", "-group", str(GROUP)], ["-type", "d", "!", "-perm", "-g+rwx"]):
            found = place.run(["find", self.folder, *what]).stdout.decode()
            problems += ["not the group's: " + name for name in found.split()[:5]]
        found = place.run(["find", place.www + "/current/", "!", "-perm", "-o+r"]).stdout.decode()
        problems += ["no web server may read " + name for name in found.split()[:5]]
        if len(os.listdir(os.path.join(place.www, "releases"))) != 5:
            problems.append("old releases of the other are not swept")
        done = self.script(PEOPLE[1], place.kyodo + " publish rollback --www {www} --quiet")
        return problems + ([done] if done else []) + [place.is_whole()]


def shared_group():
    shared = Shared()
    try:
        problems = [shared.set_up()]
        for person in PEOPLE:
            problems.append(
                shared.script(
                    person,
                    "[ -d {site} ] || git clone -q {repository} {site}\n"
                    "git -C {site} remote add publish {repository}\n",
                )
            )
            said = shared.script(person, WRITE, number=person)
            problems.append("" if "公開しました" in said else said)
        for number in range(6):
            said = shared.script(PEOPLE[number % 2], WRITE, number=number)
            problems.append("" if "公開しました" in said else said)
        return problems + shared.look()
    finally:
        shared.place.close()
