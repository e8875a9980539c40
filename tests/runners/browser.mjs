// Every kind of page in every language as Chromium shows it, at 320, 768 and 1280 px, on light, dark and
// forced grounds, with scripts and without: axe-core finds nothing, the console is silent, nothing is
// fetched from elsewhere, nothing scrolls sideways, nothing moves. The keyboard reaches everything in
// order; at 400 % nothing scrolls sideways; what comes slowly stays where it is; the switch of language
// leads to the same page.
//
// An ordinary run takes one of nine ways a page, which hold each pair of them between them, and the
// keyboard on some. KYODO_SOAK=1 takes all 18 ways of each kind and language, and opens every other
// page there is in one. Parts can be asked for: browser/ja/cases, browser/every, browser/keyboard.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { launch, steadily, WIDTHS } from "../browser/chromium.mjs";
import { allPages, isRedirect, kindOf, languages, pageOfEachKind } from "../browser/kinds.mjs";
import { accessibility, axeSource, sideways } from "../browser/look.mjs";
import {
    contexts,
    folds,
    lookAtSwitch,
    lookByKeyboard,
    lookFolded,
    lookInWays,
    lookSlowly,
    lookZoomed,
    WAYS,
    wayOfTurn,
} from "../browser/matrix.mjs";
import { exploreRows } from "../browser/rows.mjs";
import { serve } from "../browser/server.mjs";

const build = process.env.KYODO_BUILD ?? "build";
const filters = (process.env.KYODO_FILTER ?? "").split("\n");
const wanted = (name) => filters.some((start) => name.startsWith(start));
const everything = Boolean(process.env.KYODO_SOAK);
const SLOW = ["", "cases/", "search/", "calls/"]; // below the language
const WALKED_EACH = 12; // of pages, one in so many in an ordinary run
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

/** How a page is looked at: kinds and their languages take turns; the soak leaves nothing out. */
function waysOf(address, tags) {
    if (everything) {
        return WAYS;
    }
    const [first] = address.split("/");
    const kind = kindOf(address).slice(first.length);
    const turn = [...kind].reduce((sum, letter) => sum + letter.codePointAt(0), 0);
    return [wayOfTurn((turn + 4 * Math.max(tags.indexOf(first), 0)) % 9)];
}

function comesSlowly(address) {
    return everything || SLOW.includes(address.slice(address.indexOf("/") + 1));
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

/** The tools over a table of rows: what they do, and that the page stays fit for everybody. */
async function lookAtRows(context, origin) {
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => problems.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
    problems.push(...(await exploreRows(page, origin, root, "projects", "fujitsu")));
    await page.evaluate(axeSource);
    for (const viewport of Object.values(WIDTHS)) {
        await page.setViewportSize(viewport);
        problems.push(...(await sideways(page)), ...(await accessibility(page)));
    }
    await page.close();
    return problems;
}

/** What a page fetches in vain. */
async function lookBelow(context, url) {
    const page = await context.newPage();
    const problems = [];
    page.on("response", (response) => {
        if (response.status() >= 400) {
            problems.push(`${response.status()} for ${response.url()}`);
        }
    });
    await page.goto(url, { waitUntil: "load" });
    await page.close();
    return problems;
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

const pages = pageOfEachKind(root);
const server = await serve(root);
const browser = await launch();
try {
    const two = await contexts(browser);
    const context = two.scripted;
    /** Looks at each of the pages whose name, with `prefix`, is asked for. */
    const each = (prefix, list, look) =>
        run(
            async (address) => {
                const name = prefix + (address || "(root)");
                try {
                    await steadily(() => look(address, name));
                } catch (error) {
                    expect(name, [String(error)]);
                }
            },
            list.filter((address) => wanted(prefix + (address || "(root)"))),
            4, // a page waits more than it works
        );
    const lookInAll = (ways) => async (address, name) => {
        const found = await lookInWays(two, server.origin, address, ways(address, tags));
        for (const [way, problems] of Object.entries(found)) {
            expect(`${name} ${way}`, problems);
        }
    };

    await each("", pages, lookInAll(waysOf));
    await each("missing ", pages.filter((page) => page.endsWith("404.html")), async (address, name) =>
        expect(name, await visitMissing(context, server.origin, address)),
    );
    const walked = pages.filter((page, i) => everything || i % WALKED_EACH === 0);
    await each("keyboard ", walked, async (address, name) =>
        expect(name, await lookByKeyboard(two, server.origin, address)),
    );
    await each("zoom ", walked, async (address, name) =>
        expect(name, await lookZoomed(browser, server.origin, address)),
    );
    const slow = await serve(root, "/", 40);
    await each("slow ", pages.filter(comesSlowly), async (address, name) =>
        expect(name, await lookSlowly(two, slow.origin, address)),
    );
    await slow.close();
    const folded = pages.filter((page) => folds(root, page));
    await each("folded ", everything ? folded : folded.slice(0, 3), async (address, name) =>
        expect(name, await lookFolded(two, server.origin, address)),
    );
    await each("switch ", pages.filter((page) => tags.includes(page.split("/")[0])), (address, name) =>
        expect(name, lookAtSwitch(root, address, tags)),
    );
    if (everything) {
        const others = allPages(root).filter(
            (page) => !pages.includes(page) && !isRedirect(root, page),
        );
        await each("every ", others, lookInAll((address) => [wayOfTurn(others.indexOf(address))]));
    }

    await each("", ["rows"], async (name) => expect(name, await lookAtRows(context, server.origin)));

    // Relative links work from any base path, and without JavaScript.
    const below = await serve(root, "/some/where/");
    const plain = await browser.newContext({ viewport: WIDTHS.narrow, javaScriptEnabled: false });
    const some = pages.filter((page) => !page.endsWith("404.html")).slice(0, 12);
    await each("base-path ", some, async (address, name) =>
        expect(name, await lookBelow(plain, `${below.origin}/some/where/${encodeURI(address)}`)),
    );
    await below.close();
} finally {
    await browser.close();
    await server.close();
}
process.exitCode = failures > 0 ? 1 : 0;
