// The front matter of a Markdown file, read by the YAML library that editors use.
import fs from "node:fs";
import YAML from "yaml";

/** The value, or undefined with `why` when there is no front matter that YAML can read. */
export function readFrontMatter(path) {
  const text = fs.readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  const found = /^---[ \t]*\r?\n([\s\S]*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m.exec(text);
  if (found === null || found.index !== 0) {
    return { why: "no front matter" };
  }
  const document = YAML.parseDocument(found[1], { version: "1.2", uniqueKeys: true });
  if (document.errors.length > 0) {
    return { why: document.errors[0].message };
  }
  return { value: document.toJS(), body: text.slice(found[0].length) };
}

/** As a file. Texts that YAML would read as something else get quotes, `not_stated` gets none. */
export function writeFrontMatter(path, value, body) {
  fs.writeFileSync(path, "---\n" + YAML.stringify(value, { lineWidth: 0 }) + "---\n" + body);
}
