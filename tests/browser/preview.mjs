// node preview.mjs URL SITE: a page of `kyodo serve` in Chromium while its text is saved. Prints
// what is wrong.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, steadily, WIDTHS } from "./chromium.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axeSource = readFileSync(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
    "utf8",
);
const [url, site] = process.argv.slice(2);
const river = join(site, "content/cases/river/index.ja.md");
const text = readFileSync(river, "utf8");
const problems = [];

async function look(page, what) {
    await page.evaluate(axeSource);
    const found = await page.evaluate(
        (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }),
        TAGS,
    );
    for (const one of found.violations) {
        problems.push(`${what}: axe ${one.id}: ${one.help} (${one.nodes[0].target.join(" ")})`);
    }
}

/** Wait until the page, without anybody's doing, holds the selector with the text. */
async function comes(page, selector, words, what) {
    try {
        await page.locator(selector, { hasText: words }).first().waitFor({ timeout: 20000 });
    } catch {
        problems.push(`${what}: ${selector} "${words}" does not come`);
    }
}

/** A person who edits the text, and two readers, one of another page. */
async function edit(browser) {
    writeFileSync(river, text);
    problems.length = 0;
    const context = await browser.newContext({ viewport: WIDTHS.wide });
    const page = await context.newPage();
    const other = await context.newPage();
    for (const one of [page, other]) {
        one.on("console", (message) => {
            if (message.type() === "error" || message.type() === "warning") {
                problems.push(`${one.url()}: ${message.text()}`);
            }
        });
        one.on("pageerror", (error) => problems.push(`${one.url()}: ${error.message}`));
    }
    await other.goto(`${url}en/search/`);
    await page.goto(`${url}ja/cases/river/`);
    await page.bringToFront(); /* a page that nobody looks at does not listen */

    writeFileSync(river, text.replace("title: ", "title: 新しい"));
    await comes(page, "h1", "新しい川", "saved");

    writeFileSync(river, text.replace("summary:", "sumary:"));
    await comes(page, "#kyodo-preview", "sumary", "broken");
    for (const [width, viewport] of Object.entries(WIDTHS)) {
        await page.setViewportSize(viewport);
        await look(page, `banner, ${width}`);
        const sideways = await page.evaluate(
            () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        );
        if (sideways) {
            problems.push(`banner, ${width}: scrolls sideways`);
        }
    }
    const list = await context.newPage();
    await list.goto(`${url}.kyodo/findings`);
    await look(list, "list of findings");
    await list.close();
    await page.bringToFront();

    writeFileSync(river, text);
    await comes(page, "h1", /^川をきれいにする日/, "mended");
    await page.locator("#kyodo-preview.bad").waitFor({ state: "detached", timeout: 20000 }).catch(() => {
        problems.push("mended: the banner stays");
    });
    await context.close();
}

const browser = await launch();
await steadily(() => edit(browser));
await browser.close();
console.log(problems.join("\n"));
