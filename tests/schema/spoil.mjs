// node spoil.mjs FILE OUT NAME [all]: copies of a file, each spoilt (or changed) in one place, as
// OUT/NAME-0001/<file's name> and so on. Every field that the file states is changed in every way
// below, one entry of a list standing for all. Whether a change is a fault, this does not say.
// A copy keeps only the field in which the change is and those that every record must state; files
// beside FILE in other languages go along, cut in the same way. Without `all` a field takes turns
// with others in the ways below FIRST. Prints {folder: what was done}.
import fs from "node:fs";
import path from "node:path";
import { readFrontMatter, writeFrontMatter } from "./front_matter.mjs";

const REMOVE = Symbol("removed");
const FIRST = 9;
const TURNS = 8;
const VALUES = [
  REMOVE,
  null,
  "not_stated",
  "not_applicable",
  { not_applicable: "理由" },
  "two words",
  7,
  true,
  [],
  {},
  { not_applicable: null },
  "",
  "x-1",
  -2.5,
  2024,
  ["two words"],
  [["x"]],
  [null],
  [{ id: "x-1" }],
  { "no such field": 1 },
  "12",
  "+5",
  "1e3",
  "1,000",
  "yes",
  "2023-02-30",
  "2023-13",
  "2023.4.1",
  "FY2023",
  "令和5年4月1日(土)",
  "平成28年(2016)年3月",
  "R元年度",
  "5年4月",
  "いつか",
  "https://kyodo.example/a",
  "kyodo.example",
  "ftp://kyodo.example/",
];

const KEPT = ["title", "summary", "kind", "city", "sources", "updated", "date", "body"];

const [source, out, name, extent] = process.argv.slice(2);
const folder = path.dirname(source);
const texts = fs.readdirSync(folder).filter((file) => file.endsWith(".md"));
const records = Object.fromEntries(
  texts.map((file) => [file, readFrontMatter(path.join(folder, file)).value]),
);
const original = records[path.basename(source)];
const done = {};
const seen = new Set();
let count = 0;

function write(field, what) {
  count++;
  const folder = `${name}-${String(count).padStart(4, "0")}`;
  const target = path.join(out, folder);
  fs.mkdirSync(target, { recursive: true });
  for (const [file, record] of Object.entries(records)) {
    const keys = Object.keys(record).filter((key) => key === field || KEPT.includes(key));
    const kept = Object.fromEntries(keys.map((key) => [key, record[key]]));
    writeFrontMatter(path.join(target, file), kept, "");
  }
  done[folder] = what;
}

function show(value) {
  return value === REMOVE ? "removed" : JSON.stringify(value);
}

/** Change one field of a mapping in every way; `field` is the record's own that it belongs to. */
function change(holder, key, place, field) {
  const before = holder[key];
  const turn = seen.size % TURNS;
  for (const [index, value] of VALUES.entries()) {
    if (extent !== "all" && index >= FIRST && index % TURNS !== turn) {
      continue;
    }
    if (value === REMOVE) {
      delete holder[key];
    } else {
      holder[key] = value;
    }
    write(field, `${place}: ${show(value)}`);
  }
  holder[key] = before;
}

// `place` without the numbers of entries: one entry stands for all.
function visit(holder, place, field) {
  if (Array.isArray(holder)) {
    holder.forEach((entry) => visit(entry, place + "/*", field));
    return;
  }
  if (holder === null || typeof holder !== "object") {
    return;
  }
  if (!seen.has(place + "/")) {
    seen.add(place + "/");
    holder["no such field"] = 1;
    write(field ?? "no such field", `${place}/: a field that does not exist`);
    delete holder["no such field"];
  }
  for (const key of Object.keys(holder)) {
    const at = `${place}/${key}`;
    visit(holder[key], at, field ?? key);
    if (!seen.has(at)) {
      seen.add(at);
      change(holder, key, at, field ?? key);
    }
  }
}

visit(original, "", null);
process.stdout.write(JSON.stringify(done));
