// Every kind of page in every language, narrow and wide, as Chromium sees it: axe-core finds
// nothing, the console is silent, nothing is fetched from elsewhere, nothing scrolls sideways.
// axe-core looks at a kind narrow in one language and wide in the other; KYODO_SOAK=1 opens every
// page there is, and looks at both.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, WIDTHS } from "../browser/chromium.mjs";
import { allPages, isRedirect, kindOf, languages, pageOfEachKind } from "../browser/kinds.mjs";
import { exploreRows } from "../browser/rows.mjs";
import { serve } from "../browser/server.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axeSource = readFileSync(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
    "utf8",
);
const build = process.env.KYODO_BUILD ?? "build";
const filters = (process.env.KYODO_FILTER ?? "").split("\n");
const wanted = (name) => filters.some((start) => name.startsWith(start));
const everything = Boolean(process.env.KYODO_SOAK);
let failures = 0;

function expect(name, problems) {
    if (problems.length === 0) {
        console.log(`ok ${name}`);
        return;
    }
    failures++;
    console.log(`not ok ${name}`);
    for (const line of problems.flatMap((problem) => problem.split("\n")).slice(0, 40)) {
        console.log(`# ${line}`);
    }
}

/** axe-core's violations, a line each with the first places. */
async function accessibility(page) {
    const result = await page.evaluate(
        (tags) =>
            globalThis.axe.run(document, {
                runOnly: { type: "tag", values: tags },
                resultTypes: ["violations"],
            }),
        TAGS,
    );
    return result.violations.map((violation) => {
        const places = violation.nodes
            .slice(0, 3)
            .map(
                (node) =>
                    `${node.target.join(" ")}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`,
            );
        return `axe ${violation.id} (${violation.nodes.length}): ${violation.help}\n    ${places.join("\n    ")}`;
    });
}

/** Elements that stick out of a page that scrolls sideways. */
async function sideways(page) {
    return page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) {
            return [];
        }
        const out = [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > width + 1)
            .slice(0, 4)
            .map(
                (element) =>
                    `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 30)}"`,
            );
        return [
            `scrolls sideways: ${document.documentElement.scrollWidth} px in ${width} px; ${out.join("; ")}`,
        ];
    });
}

/** The width at which axe-core looks at a page: the languages of a kind take turns, and so do kinds.
 * Pages beside the languages are looked at in both. */
function sampledWidths(address, tags) {
    const all = Object.keys(WIDTHS);
    const [first, ...rest] = address.split("/");
    if (everything || rest.length === 0 || !tags.includes(first)) {
        return all;
    }
    const kind = kindOf(address).slice(first.length);
    const turn = [...kind].reduce((sum, letter) => sum + letter.codePointAt(0), tags.indexOf(first));
    return [all[turn % all.length]];
}

/** Problems of one page, by width. It is loaded once, narrow, and then widened. */
async function visit(context, origin, address, examined) {
    const page = await context.newPage();
    let problems = [];
    page.on("console", (message) => problems.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
    page.on("request", (request) => {
        if (!request.url().startsWith(origin + "/")) {
            problems.push(`request elsewhere: ${request.url()}`);
        }
    });
    page.on("response", (response) => {
        if (response.status() >= 400) {
            problems.push(`${response.status()} for ${response.url()}`);
        }
    });
    const answer = await page.goto(`${origin}/${encodeURI(address)}`, {
        waitUntil: "load",
        timeout: 60000,
    });
    if (answer.status() !== 200) {
        problems.push(`status ${answer.status()}`);
    }
    await page.evaluate(axeSource);
    const found = {};
    for (const [width, viewport] of Object.entries(WIDTHS)) {
        await page.setViewportSize(viewport);
        problems.push(...(await sideways(page)));
        if (examined.includes(width)) {
            problems.push(...(await accessibility(page)));
        }
        found[width] = problems;
        problems = [];
    }
    await page.close();
    return found;
}

/** A page that does not exist, some folders down: the 404 page must work there too. */
async function visitMissing(context, origin, address) {
    const deep = `${address.slice(0, -"404.html".length)}no/such/page/`;
    const page = await context.newPage();
    const problems = [];
    page.on("response", (response) => {
        if (response.status() >= 400 && !response.url().endsWith(deep)) {
            problems.push(`on ${deep}: ${response.status()} for ${response.url()}`);
        }
    });
    await page.goto(`${origin}/${deep}`, { waitUntil: "load" });
    await page.close();
    return problems;
}

async function run(task, list, workers) {
    const queue = [...list];
    await Promise.all(
        Array.from({ length: workers }, async () => {
            for (let item = queue.shift(); item; item = queue.shift()) {
                await task(item);
            }
        }),
    );
}

const root = join(process.env.KYODO_SCRATCH ?? "/tmp", "public");
try {
    execFileSync(join(build, "kyodo"), ["build", "--site", ".", "--out", root, "--no-gzip"], {
        stdio: "pipe",
    });
} catch (error) {
    expect("build", [`${error.message}\n${error.stderr ?? ""}`]);
    process.exit(1);
}
const tags = languages(root);
expect("languages", tags.length >= 2 ? [] : [`only: ${tags.join(" ")}`]);

const pages = everything
    ? allPages(root).filter((page) => !isRedirect(root, page))
    : pageOfEachKind(root);
const server = await serve(root);
const browser = await launch();
try {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const asked = pages.filter((address) => wanted(address || "(root)"));
    await run(
        async (address) => {
            const name = address || "(root)";
            try {
                const found = await visit(
                    context,
                    server.origin,
                    address,
                    sampledWidths(address, tags),
                );
                for (const [width, problems] of Object.entries(found)) {
                    expect(`${name} ${width}`, problems);
                }
                if (address.endsWith("404.html")) {
                    expect(`${name} met`, await visitMissing(context, server.origin, address));
                }
            } catch (error) {
                expect(name, [String(error)]);
            }
        },
        asked,
        4, // a page waits more than it works
    );

    if (wanted("rows")) {
        const page = await context.newPage();
        const problems = [];
        page.on("console", (message) => problems.push(`console: ${message.text()}`));
        page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
        problems.push(...(await exploreRows(page, server.origin, root, "projects", "fujitsu")));
        await page.evaluate(axeSource);
        for (const viewport of Object.values(WIDTHS)) {
            await page.setViewportSize(viewport);
            problems.push(...(await sideways(page)), ...(await accessibility(page)));
        }
        expect("rows", problems);
        await page.close();
    }

    // Relative links work from any base path, and without JavaScript.
    const below = await serve(root, "/some/where/");
    const plain = await browser.newContext({ viewport: WIDTHS.narrow, javaScriptEnabled: false });
    for (const address of pages.filter((page) => !page.endsWith("404.html")).slice(0, 12)) {
        const name = `base-path ${address || "(root)"}`;
        if (wanted(name)) {
            const page = await plain.newPage();
            const problems = [];
            page.on("response", (response) => {
                if (response.status() >= 400) {
                    problems.push(`${response.status()} for ${response.url()}`);
                }
            });
            await page.goto(below.origin + "/some/where/" + encodeURI(address), {
                waitUntil: "load",
            });
            expect(name, problems);
            await page.close();
        }
    }
    await below.close();
} finally {
    await browser.close();
    await server.close();
}
process.exitCode = failures > 0 ? 1 : 0;
