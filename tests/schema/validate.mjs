// node validate.mjs < JOB > ANSWER, both JSON:
//   JOB     {schemas: {name: text}, files: [{path, schema}]}
//   ANSWER  {schemas: {name: problem or ""}, files: [{unreadable} or {problems: ["/place message"]}]}
// Every schema must be valid against the meta-schema of 2020-12 and pass ajv's strict mode.
import fs from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { readFrontMatter } from "./front_matter.mjs";

const job = JSON.parse(fs.readFileSync(0, "utf8"));
const answer = { schemas: {}, files: [] };
const validators = {};
for (const [name, text] of Object.entries(job.schemas)) {
  answer.schemas[name] = "";
  try {
    const ajv = new Ajv2020({ strict: true, validateSchema: true, allErrors: true });
    validators[name] = ajv.compile(JSON.parse(text));
  } catch (error) {
    answer.schemas[name] = String(error.message);
  }
}
for (const { path, schema } of job.files) {
  const { value, why } = readFrontMatter(path);
  const validate = validators[schema];
  if (why !== undefined || validate === undefined) {
    answer.files.push({ unreadable: why ?? "no schema" });
    continue;
  }
  const fine = validate(value ?? {});
  const problems = fine ? [] : validate.errors.map((e) => `${e.instancePath || "/"} ${e.message}`);
  answer.files.push({ problems: problems.slice(0, 6) });
}
process.stdout.write(JSON.stringify(answer));
