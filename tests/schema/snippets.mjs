// node snippets.mjs FOLDER: the snippets in FOLDER (`.vscode` of a site) beside the schemas there.
// Every field of every schema has a snippet, and what each inserts, with the first of its choices and
// something written at every stop, is YAML that the schema of its field accepts. Prints what is wrong.
import fs from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import YAML from "yaml";

const folder = process.argv[2];
const FOLDERS = { case: "cases", page: "pages", news: "news", meeting: "meetings" };
const WRITTEN = ["words", "7", "2026-11-28", "https://example.org/", "true", ""];
const snippets = JSON.parse(fs.readFileSync(path.join(folder, "kyodo.code-snippets"), "utf8"));
const problems = [];

/** As VS Code inserts it: the first choice, the default, or what is written at the stop. */
function insert(body, written) {
  return body
    .join("\n")
    .replace(/\$CURRENT_YEAR/g, "2026")
    .replace(/\$CURRENT_MONTH/g, "11")
    .replace(/\$CURRENT_DATE/g, "28")
    .replace(/\$\{\d+\|((?:\\.|[^\\|,])*)(?:\\.|[^\\|])*\|\}/g, (_, first) => first.replace(/\\(.)/g, "$1"))
    .replace(/\$\{\d+:([^}]*)\}/g, "$1")
    .replace(/\$(\d+)/g, (_, stop) => written[stop] ?? WRITTEN[0]);
}

function problem(text, validate) {
  const document = YAML.parseDocument(text, { version: "1.2", uniqueKeys: true });
  if (document.errors.length > 0) {
    return { count: Infinity, why: document.errors[0].message };
  }
  validate(document.toJS());
  return { count: validate.errors?.length ?? 0, why: JSON.stringify(validate.errors?.[0]) };
}

/** The least that can be wrong, when at each stop something of WRITTEN is written. */
function least(body, validate) {
  const stops = new Set([...body.join("\n").matchAll(/\$(\d+)/g)].map((found) => found[1]));
  const written = {};
  let best = problem(insert(body, written), validate);
  for (const stop of stops) {
    for (const candidate of WRITTEN) {
      const tried = problem(insert(body, { ...written, [stop]: candidate }), validate);
      if (tried.count < best.count) {
        written[stop] = candidate;
        best = tried;
      }
    }
  }
  return best.count > 0 ? best.why : "";
}

function look(name, schema, validate, kind) {
  const snippet = snippets[name];
  if (snippet === undefined) {
    problems.push(`no snippet ${name}`);
    return;
  }
  const [pattern] = snippet.include ?? [];
  if (snippet.scope !== "yaml" || pattern !== `**/content/${FOLDERS[kind]}/*/index.*.md`) {
    problems.push(`${name}: scope ${snippet.scope}, files ${pattern}`);
  }
  if (schema.title !== undefined && !snippet.description.includes(schema.title)) {
    problems.push(`${name}: its description lacks ${schema.title}`);
  }
  const why = least(snippet.body, validate);
  if (why !== "") {
    problems.push(`${name}: ${why}\n${snippet.body.join("\n")}`);
  }
  seen.add(name);
}

const seen = new Set(["not_stated", "not_applicable"]);
for (const kind of Object.keys(FOLDERS)) {
  const schema = JSON.parse(fs.readFileSync(path.join(folder, `${kind}.schema.json`), "utf8"));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const within = (properties) =>
    ajv.compile({ $defs: schema.$defs, properties, additionalProperties: false });
  for (const [key, field] of Object.entries(schema.properties)) {
    look(`${kind}/${key}`, field, within({ [key]: field }), kind);
  }
  for (const [name, group] of Object.entries(schema.$defs)) {
    if (!name.startsWith("group.")) {
      continue;
    }
    const shape = name.slice("group.".length);
    for (const [key, field] of Object.entries(group.properties)) {
      if (!group.required.includes(key)) {
        look(`${kind}/${shape}.${key}`, field, within({ [key]: field }), kind);
      }
    }
    const reference = { $ref: `#/$defs/${name}` };
    const entries = ajv.compile({ $defs: schema.$defs, items: reference });
    look(`${kind}/- ${shape}`, group, entries, kind);
  }
}
for (const name of Object.keys(snippets)) {
  if (!seen.has(name) && !/\/\w+\.\w+$/.test(name)) {
    problems.push(`${name} belongs to no field`);
  }
}
process.stdout.write(problems.join("\n"));
