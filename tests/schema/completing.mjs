// node completing.mjs SITE: what yaml-language-server, the engine behind most editors' YAML, offers and
// marks in front matter, with the schemas and globs of the settings that the site came with. Prints a
// line for whatever is not as it should be.
import fs from "node:fs";
import path from "node:path";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const ORIGINAL = "content/cases/made-case/index.ja.md";
const TRANSLATION = "content/cases/made-case/index.en.md";
// What is typed below the front matter of a file in place of its field, and what is offered at its end.
const OFFERS = [
  [ORIGINAL, "level", "lev", "level"],
  [ORIGINAL, "level", "level: ", "neighbourhood"],
  [ORIGINAL, "actors", "actors:\n  - id: x\n    le", "legal_form"],
  [ORIGINAL, "actors", "actors:\n  - id: x\n    type: ", "npo"],
  [TRANSLATION, "place", "pla", "place"],
  ["content/news/made-news/index.ja.md", "draft", "dra", "draft"],
];
// A line that is typed, and a word of what is said of it.
const MARKS = [
  [ORIGINAL, "sumary: words", "sumary"],
  [TRANSLATION, 'city: "462012"', "city"],
  ["content/meetings/made-meeting/index.ja.md", "date2: 2026-01-01", "date2"],
];

const site = path.resolve(process.argv[2]);
const root = pathToFileURL(site).href;
const settings = JSON.parse(fs.readFileSync(path.join(site, ".vscode/settings.json"), "utf8"));
const yaml = { validate: true, completion: true, schemaStore: { enable: false }, schemas: settings["yaml.schemas"] };
const program = createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server");
const server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
const answers = new Map(); // what waits for the answer of this number
const marked = new Map(); // what waits for the marks of this text
let received = Buffer.alloc(0);
let number = 0;

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function ask(method, params) {
  send({ id: ++number, method, params });
  return new Promise((resolve) => answers.set(number, resolve));
}

function handle(message) {
  if (message.method === "workspace/configuration") {
    const result = message.params.items.map((item) => (item.section === "yaml" ? yaml : {}));
    send({ id: message.id, result });
  } else if (message.method === "textDocument/publishDiagnostics") {
    marked.get(message.params.uri)?.(message.params.diagnostics.map((mark) => mark.message));
  } else if (message.method && message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (message.id !== undefined) {
    answers.get(message.id)(message.result);
  }
}

server.stdout.on("data", (bytes) => {
  received = Buffer.concat([received, bytes]);
  for (;;) {
    const head = /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(received.toString("latin1"));
    const end = head && head[0].length + Number(head[1]);
    if (!head || received.length < end) return;
    const message = JSON.parse(received.subarray(head[0].length, end));
    received = received.subarray(end);
    handle(message);
  }
});

let version = 0;
/** The front matter as an editor hands it over, without one field and with what is typed at its end:
 * what is marked, and what is offered there. */
async function type(name, field, typed) {
  const matter = fs.readFileSync(path.join(site, name), "utf8").split(/^---$/m)[1].replace(/^\n/, "");
  const others = matter.replace(new RegExp(`^${field}:.*\\n(?:[ #-].*\\n|\\n)*`, "m"), "");
  const text = others.replace(/\n*$/, "\n") + typed;
  const lines = text.split("\n");
  const uri = `${root}/${name}`;
  const marks = new Promise((resolve) => marked.set(uri, resolve));
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "yaml", version: ++version, text } },
  });
  const said = await marks;
  const position = { line: lines.length - 1, character: lines.at(-1).length };
  const offered = await ask("textDocument/completion", { textDocument: { uri }, position });
  marked.delete(uri);
  send({ method: "textDocument/didClose", params: { textDocument: { uri } } });
  return { said, offered: (offered?.items ?? offered ?? []).map((item) => item.label) };
}

const folders = [{ uri: root, name: "site" }];
const capabilities = { workspace: { configuration: true, workspaceFolders: true } };
await ask("initialize", { processId: process.pid, rootUri: root, workspaceFolders: folders, capabilities });
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings: { yaml } } });
for (const name of [ORIGINAL, TRANSLATION]) {
  const { said } = await type(name, "-", "");
  for (const words of said) console.log(`${name} is right, but marked: ${words}`);
}
for (const [name, field, typed, wanted] of OFFERS) {
  const { offered } = await type(name, field, typed);
  if (!offered.includes(wanted)) console.log(`${name}, ${typed}: offered are ${offered.join(" ")}`);
}
for (const [name, typed, word] of MARKS) {
  const { said } = await type(name, "-", typed);
  if (!said.some((words) => words.includes(word))) console.log(`${name}, ${typed}: ${said.join(" ") || "no mark"}`);
}
server.kill();
