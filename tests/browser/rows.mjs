// The rows of a dataset's page, sorted, filtered and taken away in the browser.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the page gives as a download. */
async function taken(page) {
    const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.click(".explore .take"),
    ]);
    return readFileSync(await download.path(), "utf8");
}

function records(csv) {
    return csv.split("\r\n").length - 2; // the header, and what stands behind the last end
}

/** Problems of ja/data/<name>/: the whole taken away is the published CSV, byte for byte; a filter
 *  leaves what a scan of the CSV leaves; sorting turns round at the second press. `word` is one
 *  that stands in some rows, none of which breaks a line, and in no label of a code. */
export async function exploreRows(page, origin, root, name, word) {
    const problems = [];
    const published = readFileSync(join(root, "data", `${name}.csv`), "utf8");
    await page.goto(`${origin}/ja/data/${name}/`, { waitUntil: "load" });
    await page.click(".explore .open");
    await page.waitForSelector(".explore .tools:not([hidden])");
    if ((await taken(page)) !== published) {
        problems.push("the rows taken away are not those of the published CSV");
    }
    await page.fill(".explore .input", word);
    const left = published.split("\r\n").filter((line, i) => i > 0 && line.includes(word)).length;
    const got = records(await taken(page));
    if (left === 0 || got !== left) {
        problems.push(`${got} rows hold ${word}, and ${left} lines of the CSV`);
    }
    const first = () => page.$eval("#rows tbody tr", (row) => row.cells[1].textContent);
    await page.fill(".explore .input", "");
    await page.click("#rows thead th:nth-child(2) button");
    const ascending = await first();
    await page.click("#rows thead th:nth-child(2) button");
    const descending = await first();
    if (!(ascending < descending)) {
        problems.push(`sorted up ${ascending} comes first, sorted down ${descending}`);
    }
    const marks = await page.$$eval("#rows [aria-sort]", (cells) =>
        cells.map((cell) => cell.getAttribute("aria-sort")),
    );
    if (marks.join() !== "descending") {
        problems.push(`aria-sort: ${marks.join() || "none"}`);
    }
    return problems;
}
