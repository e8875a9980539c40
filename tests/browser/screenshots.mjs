// node screenshots.mjs SITE FOLDER [START...]: a PNG of one page of each kind of the built SITE
// (public/), narrow and wide, in every language, into FOLDER. START limits it to addresses that
// begin so: ja/cases/
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, WIDTHS } from "./chromium.mjs";
import { pageOfEachKind } from "./kinds.mjs";
import { serve } from "./server.mjs";

const [root, folder, ...starts] = process.argv.slice(2);
if (!root || !folder) {
    console.error("usage: node screenshots.mjs SITE FOLDER [START...]");
    process.exit(3);
}
mkdirSync(folder, { recursive: true });
const pages = pageOfEachKind(root).filter(
    (page) => starts.length === 0 || starts.some((start) => page.startsWith(start)),
);
const server = await serve(root);
const browser = await launch();
try {
    for (const [width, viewport] of Object.entries(WIDTHS)) {
        const page = await browser.newPage({ viewport });
        for (const address of pages) {
            await page.goto(`${server.origin}/${encodeURI(address)}`, { waitUntil: "load" });
            const name = (address.replace(/\/$/, "") || "root")
                .replace(/\.html$/, "")
                .replaceAll("/", "_");
            const path = join(folder, `${name}-${width}.png`);
            await page.screenshot({ path, fullPage: true });
            console.log(path);
        }
        await page.close();
    }
} finally {
    await browser.close();
    await server.close();
}
