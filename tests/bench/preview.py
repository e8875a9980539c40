"""`kyodo serve` while somebody writes: how long after a text is saved its page, the list and the
search have it, and how long a template takes. Medians of a few rounds on the corpus of the bench.
"""

import http.client
import os
import re
import statistics
import subprocess
import time

ROUNDS = 5
MOST_SECONDS = 60
GOALS = {"page": 100, "list": 1000, "search": 1000, "template": 1000}
WHAT = {
    "page": "the text's own page, with kyodo serve",
    "list": "the list of cases",
    "search": "the search",
    "template": "a page by the new template",
}


class Preview:
    def __init__(self, kyodo, site):
        self.site = site
        self.process = subprocess.Popen(
            [kyodo, "serve", "--site", site, "--port", "0", "--quiet"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        port = int(re.search(r":(\d+)/$", self.process.stdout.readline().strip())[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)

        # Until the site has been read for the first time there is nothing but a notice.
        self.wait("/ja/search/", lambda body: "assets/search/ja/index." in body, 0.05)

    def get(self, path):
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        return answer.read().decode("utf-8")

    def wait(self, path, is_right, pause):
        """Milliseconds until the answer is right."""
        start = time.monotonic()
        while not is_right(self.get(path)):
            if time.monotonic() - start > MOST_SECONDS:
                raise TimeoutError(path)
            time.sleep(pause)
        return 1000 * (time.monotonic() - start)

    def end(self):
        self.process.terminate()
        self.process.wait()


def save(path, text):
    """As editors do that write aside."""
    with open(path + "~", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + "~", path)


def one_round(preview, number, found):
    manifest = re.compile(r"assets/search/ja/index[.][0-9a-f]+[.]json")
    case = re.search(r'href="([a-z0-9-]+)/"', preview.get("/ja/cases/").split("<main")[1])[1]
    text_path = os.path.join(preview.site, "content/cases", case, "index.ja.md")
    with open(text_path, encoding="utf-8") as file:
        text = file.read()
    places = {"page": "/ja/cases/%s/" % case, "list": "/ja/cases/", "search": "/ja/search/"}
    for name, place in places.items():
        last = manifest.search(preview.get("/ja/search/"))[0]
        word = "%s%d" % (name, number)
        save(text_path, re.sub("^title: .*$", "title: " + word, text, flags=re.MULTILINE))

        def is_right(body):
            return manifest.search(body)[0] != last if name == "search" else word in body

        found[name].append(preview.wait(place, is_right, 0.001 if name == "page" else 0.02))
        time.sleep(3)
    template = os.path.join(preview.site, "themes/casebook/templates/footer.tpl")
    with open(template, encoding="utf-8") as file:
        footer = file.read()
    save(template, footer.replace("<footer", "<p>round%d</p><footer" % number, 1))
    found["template"].append(preview.wait("/ja/", lambda body: "<p>round%d" % number in body, 0.02))
    save(template, footer)
    save(text_path, text)
    time.sleep(3)


def measure(kyodo, site):
    """Milliseconds by name."""
    found = {name: [] for name in GOALS}
    preview = Preview(kyodo, site)
    try:
        for number in range(ROUNDS):
            one_round(preview, number, found)
    finally:
        preview.end()
    return {name: round(statistics.median(values), 1) for name, values in found.items()}
