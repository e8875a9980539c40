// node validate.mjs FOLDER: every .html below FOLDER through html-validate; one line a finding,
// status 1 if any.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const loader = new StaticConfigLoader({
    extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
    rules: {
        // HTML may leave a value out or write it; the templates' own layout is nobody's concern.
        "no-trailing-whitespace": "off",
        "void-style": "off",
        "doctype-style": "off",
        "no-inline-style": "error",
        "require-sri": "off", // everything comes from the same place
        "long-title": "off", // Japanese titles with the site's name; search engines cut them themselves
        "no-raw-characters": ["error", { relaxed: true }],
        "heading-level": "error",
        "valid-id": ["error", { relaxed: true }], // Japanese headings have Japanese anchors
        "no-dup-id": "error",
        "wcag/h37": "error",
        "wcag/h63": "error",
        "wcag/h67": "error",
        "no-unknown-elements": "error",
        "prefer-native-element": "error",
        "tel-non-breaking": "off", // breaks inside numbers are the style sheet's affair
    },
});

const htmlvalidate = new HtmlValidate(loader);
const root = process.argv[2];

function pagesBelow(folder) {
    return readdirSync(folder, { withFileTypes: true })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((entry) => {
            const path = join(folder, entry.name);
            return entry.isDirectory() ? pagesBelow(path) : path.endsWith(".html") ? [path] : [];
        });
}

let findings = 0;
for (const page of pagesBelow(root)) {
    const report = await htmlvalidate.validateString(readFileSync(page, "utf8"), page);
    for (const message of report.results.flatMap((result) => result.messages)) {
        findings++;
        console.log(
            `${relative(root, page)}:${message.line}:${message.column}: ${message.ruleId}: ${message.message}`,
        );
    }
}
process.exitCode = findings > 0 ? 1 : 0;
