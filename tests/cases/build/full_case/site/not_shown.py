"""Words of the front matter that the page of a case does not show."""

import html
import re
import sys

# Titles of metadata that only the data have.
ELSEWHERE = {"keywords", "service_category"}
WORD = re.compile(r"(?:^|[{,]) *(?:- )?([a-z_]+): +([^,{}\n]*[^\x00-\x7f][^,{}\n]*)", re.MULTILINE)
DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")

source = open(sys.argv[1], encoding="utf-8").read()
page = open(sys.argv[2], encoding="utf-8").read()
text = re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", page)))
front_matter = source.split("---\n")[1]
for key, value in WORD.findall(front_matter):
    if key not in ELSEWHERE and re.sub(r"\s+", "", value) not in text:
        print(key + ": " + value)
for date in DATE.findall(front_matter):
    if 'datetime="' + date not in page:
        print(date)
