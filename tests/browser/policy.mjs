// node policy.mjs URL...: what Chromium's console says of pages as a web server sends them. A page
// that its own Content-Security-Policy hinders says so there.
import { launch, steadily } from "./chromium.mjs";

async function look(browser, urls) {
    const page = await browser.newPage();
    const problems = [];
    page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") {
            problems.push(`${page.url()}: ${message.text()}`);
        }
    });
    page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
    page.on("requestfailed", (request) => problems.push(`${request.url()}: not fetched`));
    for (const url of urls) {
        await page.goto(url, { waitUntil: "networkidle" });
        const styled = await page.evaluate(
            () => document.styleSheets.length > 0 && document.styleSheets[0].cssRules.length > 10,
        );
        if (!styled) {
            problems.push(`${url}: no style`);
        }
    }
    const search = urls.find((url) => url.includes("/search/"));
    if (search) {
        await page.goto(`${search}?q=river`, { waitUntil: "networkidle" });
        if (!(await page.content()).includes("/cases/river/")) {
            problems.push(`${search}: the search finds nothing`);
        }
    }
    return problems;
}

const browser = await launch();
const problems = await steadily(() => look(browser, process.argv.slice(2)));
await browser.close();
console.log(problems.join("\n"));
