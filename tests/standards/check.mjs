// The checkers of others over a folder of downloads: node check.mjs DATA prints a line of JSON for
// each thing that was looked at, {"name": …, "problems": […]}. Nothing is fetched from the network.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import Ajv from "ajv";
import addFormats from "ajv-formats";
import datapackage from "datapackage";
import jsonld from "jsonld";
import { Parser, Store } from "n3";
import { check } from "@placemarkio/check-geojson";
import SHACLValidator from "rdf-validate-shacl";
import tableschema from "tableschema";

const data = process.argv[2];
const here = path.dirname(fileURLToPath(import.meta.url));
const read = (...parts) => fs.readFileSync(path.join(...parts), "utf8");
const files = fs.readdirSync(data);
const ending = (suffix) => files.filter((name) => name.endsWith(suffix));

function tell(name, problems) {
    console.log(JSON.stringify({ name, problems: problems.slice(0, 20) }));
}

// The profile names a format of forms that is no format of JSON Schema.
function profileProblems(descriptors) {
    const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    addFormats(ajv);
    const validate = ajv.compile(JSON.parse(read(here, "datapackage-2.0.schema.json")));
    return descriptors.flatMap(([name, text]) =>
        validate(JSON.parse(text))
            ? []
            : validate.errors.map((error) => `${name}${error.instancePath}: ${error.message}`),
    );
}

// Version 1 has no datetime without a time zone, and its reader refuses all GeoJSON.
function forVersion1(schema) {
    for (const field of schema.fields) {
        field.type = { datetime: "string", geojson: "object" }[field.type] ?? field.type;
    }
    return schema;
}

// A reader of version 1: all rows cast to the declared types, and every foreign key followed.
async function readerProblems() {
    const problems = [];
    const descriptor = JSON.parse(read(data, "datapackage.json"));
    descriptor.resources.forEach((resource) => forVersion1(resource.schema));
    const whole = await datapackage.Package.load(descriptor, { basePath: data });
    problems.push(...whole.errors.map(String));
    for (const resource of whole.resources) {
        try {
            await resource.read();
            await resource.checkRelations();
        } catch (error) {
            problems.push(`${resource.name}: ${[error, ...(error.errors ?? [])].join("; ")}`);
        }
    }
    return problems;
}

async function schemaProblems() {
    const problems = [];
    for (const name of ending(".schema.json")) {
        const schema = await tableschema.Schema.load(forVersion1(JSON.parse(read(data, name))));
        problems.push(...schema.errors.map((error) => `${name}: ${error}`));
        const csv = path.join(data, name.replace(".schema.json", ".csv"));
        try {
            await (await tableschema.Table.load(csv, { schema })).read();
        } catch (error) {
            problems.push(`${name}: ${[error, ...(error.errors ?? [])].join("; ")}`);
        }
    }
    return problems;
}

async function shapeProblems() {
    const graph = (text) => new Store(new Parser().parse(text));
    const shapes = graph(read(here, "dcat-ap-3.0.1-shacl.ttl"));
    const report = await new SHACLValidator(shapes).validate(graph(read(data, "catalog.ttl")));
    return report.results.map(
        (result) => `${result.focusNode?.value}: ${result.path?.value}: ${result.message.map((m) => m.value)}`,
    );
}

// The triples of the JSON-LD as N-Quads beside the data, for whoever compares them with Turtle's.
async function writeTriples(out) {
    const refuse = () => {
        throw new Error("a context would have been fetched");
    };
    const quads = await jsonld.toRDF(JSON.parse(read(data, "catalog.jsonld")), {
        format: "application/n-quads",
        documentLoader: refuse,
    });
    fs.writeFileSync(out, quads);
    return [];
}

function geojsonProblems() {
    return ending(".geojson").flatMap((name) => {
        try {
            check(read(data, name));
            return [];
        } catch (error) {
            return [`${name}: ${error.message}`];
        }
    });
}

tell("datapackage-profile", profileProblems([["datapackage.json", read(data, "datapackage.json")]]));
tell("datapackage-reader", await readerProblems());
tell("tableschema-reader", await schemaProblems());
tell("dcat-ap-shapes", await shapeProblems());
tell("jsonld-to-triples", await writeTriples(process.argv[3]));
tell("geojson", geojsonProblems());
