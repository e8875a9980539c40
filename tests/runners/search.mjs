// The search: what it finds, read to its end, beside a plain scan of the same texts; what its first
// results cost; and the page in Chromium.
//
//     proof          the queries that other engines fail at, on the demonstration site
//     random         pieces of the texts themselves
//     order          what comes first: the place of the words, then whether the query stands whole
//     unlike         texts in odd forms: half-width, full-width, combined, long, other scripts
//     page           typing, composing, keyboard, axe-core, address, no JavaScript
//     cost           10,000 made cases: bytes of the first results (KYODO_SOAK=1; else 300 cases)
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, steadily, WIDTHS } from "../browser/chromium.mjs";
import { core, corpusOf, dice, manifestOf, readAll, reader, scan } from "../browser/search_core.mjs";
import { serve } from "../browser/server.mjs";

const build = process.env.KYODO_BUILD ?? "build";
const scratch = process.env.KYODO_SCRATCH ?? "/tmp";
const isLong = Boolean(process.env.KYODO_SOAK);
const filters = (process.env.KYODO_FILTER ?? "").split("\n");
const wanted = (name) => filters.some((start) => name.startsWith(start) || start.startsWith(name));
let failures = 0;

function expect(name, problems) {
    failures += problems.length > 0 ? 1 : 0;
    console.log(problems.length > 0 ? `not ok ${name}` : `ok ${name}`);
    for (const line of problems.slice(0, 30)) {
        console.log(`# ${line}`);
    }
}

function publish(site, name) {
    const out = join(scratch, name);
    execFileSync(join(build, "kyodo"), ["build", "--site", site, "--out", out, "--no-gzip", "--quiet"], {
        stdio: ["ignore", "ignore", "pipe"],
    });
    return out;
}

/** Problems of one query beside the scan. */
async function compare(script, index, corpus, query, parts) {
    const search = script.search(index, query);
    const found = await readAll(search);
    const expected = scan(corpus, parts);
    const problems = [];
    const sorted = [...found].sort();
    if (sorted.join() !== expected.join()) {
        const missing = expected.filter((one) => !found.includes(one));
        const extra = found.filter((one) => !expected.includes(one));
        problems.push(
            `${query}: ${found.length} found, ${expected.length} in the texts; ` +
                `missing ${missing.slice(0, 3)}; too many ${extra.slice(0, 3)}`,
        );
    }
    const [least, most] = search.count();
    if (least !== found.length || most !== found.length) {
        problems.push(`${query}: says ${least} to ${most} of ${found.length}`);
    }
    return problems;
}

// ---- The demonstration site ----

const PROOF = {
    ja: [
        ["新幹線"], ["幹線"], ["市民協働"], ["地域包括支援"], ["協働"], ["防災"], ["市民"], ["活動"],
        ["区"], ["の"], ["マップ"], ["ハザードマップ"], ["災害マップ"], ["ﾏｯﾌﾟ", "マップ"], ["ﾎﾞﾗﾝﾃｨｱ", "ボランティア"],
        ["ＮＰＯ", /(^|[^a-z0-9])npo/], ["町内会・自治会"], ["「協働」"], ["多摩区役所"],
        ["防災 多摩区", "防災", "多摩区"], ["多摩区　防災", "多摩区", "防災"], ["むずかしい"],
        ["2015年", /(^|[^a-z0-9])2015年/],
    ],
    en: [
        ["map", /\bmap/], ["maps", /\bmap/], ["city", /\b(city|cities)/], ["cities", /\b(city|cities)/],
        ["agreement", /\bagreement/], ["Agreements", /\bagreement/], ["company", /\b(company|companies)/],
        ["businesses", /\bbusiness/], ["university networks", /\b(university|universities)/, /\bnetwork/],
        ["disaster map", /\bdisaster/, /\bmap/], ["hazard map", /\bhazard/, /\bmap/], ["parent-and-child", /\bparent-and-child/],
        ["s", /\bs/], ["art", /\bart/], ["shinkansen", /\bshinkansen/], ["2015", /\b2015/],
    ],
};

async function proofs(script, root) {
    for (const [language, queries] of Object.entries(PROOF)) {
        const index = await script.open(manifestOf(root, language), reader({ bytes: 0, files: 0 }));
        const corpus = corpusOf(root, language);
        for (const [query, ...parts] of queries) {
            if (wanted(`proof ${language} ${query}`)) {
                const asked = parts.length > 0 ? parts : [query];
                expect(
                    `proof ${language} ${query}`,
                    await compare(script, index, corpus, query, asked),
                );
            }
        }
        for (const query of ORDER[language] ?? []) {
            if (wanted(`order ${language} ${query}`)) {
                expect(
                    `order ${language} ${query}`,
                    await ordered(script, index, corpus, query),
                );
            }
        }
        if (wanted(`random ${language}`)) {
            expect(`random ${language}`, await randomPieces(script, index, corpus, language));
        }
        if (wanted(`pages ${language}`)) {
            expect(`pages ${language}`, pagesOf(root, language, corpus));
        }
    }
}

/** Results read to their end stand in order: by the lowest place at which a part stands first (title,
 *  summary, headings, body), and at one place those that hold the whole query before the others. */
async function ordered(script, index, corpus, query) {
    // A part that begins with a Latin letter begins a word; no part here has another plural.
    const stands = (field, part) =>
        /^[a-z]/.test(part)
            ? new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${part}`, "u").test(field)
            : field.includes(part);
    const parts = query.split(" ");
    const keys = new Map(
        corpus.map((text) => {
            const fields = text.slice(2).map((field) => script.fold(field).folded);
            const places = parts.map((part) => fields.findIndex((field) => stands(field, part)));
            const isWhole = fields.some((field) => stands(field, query));
            return [text[0], Math.max(...places) * 2 + (isWhole ? 0 : 1)];
        }),
    );
    const found = (await readAll(script.search(index, query))).map((address) => keys.get(address));
    const wrong = found.findIndex((key, i) => i > 0 && found[i - 1] > key);
    return [
        ...(found.length > 4 ? [] : [`${query}: only ${found.length} found`]),
        ...(wrong > 0 ? [`${query}: result ${wrong} comes too late: ${found.slice(0, wrong + 1)}`] : []),
    ];
}

const ORDER = {
    ja: ["協働 連携", "市民 活動", "川崎市 協働", "大学 地域", "協働", "町内会"],
    en: ["neighbourhood association", "with the", "support from"],
};

/** Pieces of the texts: in Japanese of any length, in English whole words side by side. */
async function randomPieces(script, index, corpus, language) {
    const roll = dice(20261127);
    const problems = [];
    for (let i = 0; i < (isLong ? 2000 : 150); i++) {
        const lines = corpus[roll(corpus.length)].slice(2).join("\n").split("\n");
        const line = lines[roll(lines.length)];
        if (language === "ja") {
            const wide = line.match(/[ぁ-んァ-ヶー一-龠々]+/g) ?? [];
            const run = wide[roll(wide.length)] ?? "";
            const start = roll(run.length);
            const piece = run.slice(start, start + 1 + roll(8));
            if (piece) {
                problems.push(...(await compare(script, index, corpus, piece, [piece])));
            }
        } else {
            const words = line.match(/[A-Za-z]+/g) ?? [];
            const word = words[roll(words.length)]?.toLowerCase();
            // A plural has other forms; those are in the proof.
            if (word && !/(s|y)$/.test(word)) {
                problems.push(
                    ...(await compare(script, index, corpus, word, [
                        new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${word}`, "u"),
                    ])),
                );
            }
        }
    }
    return problems;
}

const plainOf = (html) =>
    html
        .replace(/<r[pt]>.*?<\/r[pt]>/g, "")
        .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
        .replace(/<[^>]*>/g, "")
        .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'")
        .replace(/&amp;/g, "&")
        .replace(/\s+/g, "");

/** Every text is a page, and what can be found is what the page says: titles, summaries and the
 * lines of the body, the keywords of a case among them. */
function pagesOf(root, language, corpus) {
    const problems = [];
    for (const [address, , title, summary, headings, body] of corpus) {
        const file = join(root, language, address, "index.html");
        if (!existsSync(file)) {
            problems.push(`${address}: no such page`);
            continue;
        }
        const page = plainOf(readFileSync(file, "utf8"));
        for (const line of [title, summary, ...headings.split("\n"), ...body.split("\n")]) {
            if (!page.includes(line.replace(/\s+/g, ""))) {
                problems.push(`${address}: the page does not say “${line.slice(0, 60)}”`);
            }
        }
    }
    return problems;
}

// ---- Texts in odd forms ----

const ODD = [
    ["ｶﾞｰﾄﾞﾚｰﾙの点検", ["ガードレール", "ｶﾞｰﾄﾞ", "ドレ"]],
    ["ＳＤＧｓとＡＢＣ１２３", ["sdgs", "SDGs", "abc123"]],
    ["か\u3099ける、カ\u3099イド", ["がける", "ガイド"]],
    ["㈱協働と㌔", ["(株)", "協働", "キロ"]],
    ["𠮷野家と𠮷", ["𠮷野", "𠮷"]],
    ["Straße, naïve façade, ﬁre", ["strasse", "naïve", "FAÇADE", "fire"]],
    ["대한민국 서울", ["대한", "서울"]],
    ["https://example.org/a-very-long-word-abcdefghijklmnopqrstuvwxyz0123456789", ["abcdefghijklmnopqrstuvwxyz01", "example.org"]],
    ["co\u00adop と zero\u200bwidth", ["coop", "zerowidth"]],
    ["<b>&amp; \"quoted\" \\ back", ["amp", "quoted"]],
];

async function oddForms() {
    const site = join(scratch, "odd");
    cpSync("tests/cases/_base/small", site, { recursive: true });
    cpSync("themes", join(site, "themes"), { recursive: true });
    ODD.forEach(([text], i) => {
        const folder = join(site, "content", "pages", `odd-${i}`);
        mkdirSync(folder);
        writeFileSync(
            join(folder, "index.ja.md"),
            `---\ntitle: 試し${i}\nsummary: ${JSON.stringify(text)}\nupdated: 2026-04-01\n---\n\n本文。\n`,
        );
    });
    const root = publish(site, "odd-public");
    const script = await core(root, scratch);
    const index = await script.open(manifestOf(root, "ja"), reader({ bytes: 0, files: 0 }));
    for (const [i, [, queries]] of ODD.entries()) {
        const problems = [];
        for (const query of queries) {
            const found = await readAll(script.search(index, query));
            if (!found.includes(`odd-${i}/`)) {
                problems.push(`${query} is not found`);
            }
        }
        expect(`unlike ${i}`, problems);
    }
    expect(
        "unlike untranslated",
        corpusOf(root, "en").some((text) => text[0].startsWith("odd")) ? ["stands in English"] : [],
    );
}

// ---- The page ----

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axeSource = readFileSync(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
    "utf8",
);

async function opened(context, origin, address) {
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => problems.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
    page.on("request", (request) => {
        if (!request.url().startsWith(origin)) {
            problems.push(`request elsewhere: ${request.url()}`);
        }
    });
    page.on("response", (response) => {
        if (response.status() >= 400) {
            problems.push(`${response.status()} for ${response.url()}`);
        }
    });
    await page.goto(`${origin}/${address}`, { waitUntil: "load" });
    return { page, problems };
}

const told = (page) => page.waitForFunction(() => document.getElementById("found").textContent);
const shown = (page) => page.locator("#hits > li").count();

async function axe(page) {
    await page.evaluate(axeSource);
    const result = await page.evaluate(
        (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }),
        TAGS,
    );
    return result.violations.map(
        (one) => `axe ${one.id}: ${one.help} (${one.nodes[0].target.join(" ")})`,
    );
}

/** With results and with none, narrow and wide. */
async function looks(context, origin, language, query) {
    const { page, problems } = await opened(
        context,
        origin,
        `${language}/search/?q=${encodeURIComponent(query)}`,
    );
    await told(page);
    const isEmpty = (await page.locator("#hits li").count()) === 0;
    if (isEmpty !== (await page.locator("#narrow").isHidden())) {
        problems.push("there is something to narrow down when, and only when, something was found");
    } else if (!isEmpty) {
        await page.locator("#narrow summary").click();
    }
    for (const viewport of Object.values(WIDTHS)) {
        await page.setViewportSize(viewport);
        problems.push(...(await axe(page)));
        const sideways = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (sideways > 0) {
            problems.push(`scrolls sideways by ${sideways} px at ${viewport.width}`);
        }
    }
    await page.close();
    return problems;
}

/** Read to its end with the button, the page shows what the scan finds; its marks are the query. */
async function readsOn(context, origin, corpus, query) {
    const { page, problems } = await opened(context, origin, "ja/search/");
    await page.fill("#find", query);
    await told(page);
    while (await page.locator("#more").isVisible()) {
        const before = await shown(page);
        await page.click("#more");
        await page.waitForFunction(
            (count) =>
                document.querySelectorAll("#hits > li").length > count ||
                document.getElementById("more").hidden,
            before,
        );
    }
    const links = await page.locator("#hits h3 a").evaluateAll((all) => all.map((a) => a.pathname));
    const expected = scan(corpus, [query]).map((address) => `/ja/${address}`);
    if (links.sort().join() !== expected.sort().join()) {
        problems.push(`${links.length} shown, ${expected.length} in the texts`);
    }
    const marks = await page.locator("mark").allTextContents();
    if (marks.length === 0 || marks.some((mark) => mark !== query)) {
        problems.push(`marked: ${[...new Set(marks)].slice(0, 4)}`);
    }
    if (new URL(page.url()).searchParams.get("q") !== query) {
        problems.push(`the address is ${page.url()}`);
    }
    const other = await page.locator(".others a").getAttribute("href");
    if (!other.includes("q=")) {
        problems.push(`the other language gets ${other}`);
    }
    await page.close();
    return problems;
}

/** While characters are being composed, nothing is looked up. */
async function composes(context, origin) {
    const { page, problems } = await opened(context, origin, "ja/search/");
    const session = await context.newCDPSession(page);
    await page.focus("#find");
    await session.send("Input.imeSetComposition", { text: "ぼうさい", selectionStart: 4, selectionEnd: 4 });
    await page.waitForTimeout(600);
    if ((await page.textContent("#found")) !== "") {
        problems.push("looked up what was being composed");
    }
    await session.send("Input.insertText", { text: "防災" });
    await told(page);
    if ((await page.inputValue("#find")) !== "防災" || (await shown(page)) === 0) {
        problems.push("did not look up what was composed");
    }
    await page.close();
    return problems;
}

/** From the header's field of another page, by keyboard alone, to a result. */
async function keyboard(context, origin) {
    const { page, problems } = await opened(context, origin, "en/data/");
    await page.focus("#find");
    await page.keyboard.type("disaster map");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/en/search/?q=*");
    await told(page);
    await page.focus("#find");
    const seen = [];
    for (let i = 0; i < 5; i++) {
        await page.keyboard.press("Tab");
        seen.push(
            await page.evaluate(() => {
                const { activeElement: element } = document;
                const outline = getComputedStyle(element).outlineStyle !== "none";
                return `${element.localName}${outline ? "" : " (focus not shown)"}`;
            }),
        );
    }
    if (seen.join() !== "button,summary,a,a,a") {
        problems.push(`Tab goes to ${seen}`);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL("**/en/*/*/");
    await page.goBack();
    await told(page);
    if ((await page.inputValue("#find")) !== "disaster map") {
        problems.push("the way back has lost the query");
    }
    await page.close();
    return problems;
}

/** A facet: its counts are those of the results that it leaves. */
async function narrows(context, origin) {
    const { page, problems } = await opened(context, origin, "ja/search/?q=%E5%B8%82&field=disaster");
    await told(page);
    const before = Number((await page.textContent("#found")).match(/\d+/)[0]);
    if (!(await page.locator("#narrow select").first().isVisible())) {
        problems.push("an address that somebody sent does not show what it is narrowed down to");
    }
    await page.waitForFunction(() => document.querySelector("#narrow option[label]"));
    const label = await page.locator('#narrow select[name="field"] option:checked').getAttribute("label");
    if (before === 0 || !label.endsWith(`(${before})`)) {
        problems.push(`${before} results, and the field says ${label}`);
    }
    await page.selectOption('#narrow select[name="field"]', "");
    await page.waitForFunction(
        (text) => !["", text].includes(document.getElementById("found").textContent),
        await page.textContent("#found"),
    );
    const after = Number((await page.textContent("#found")).match(/\d+/)[0]);
    if (after <= before || page.url().includes("field=")) {
        problems.push(`${after} results without it, at ${page.url()}`);
    }
    await page.close();
    return problems;
}

async function withoutScript(browser, root) {
    const below = await serve(root, "/some/where/");
    const context = await browser.newContext({ javaScriptEnabled: false });
    const { page, problems } = await opened(context, below.origin, "some/where/ja/search/?q=x");
    if (await page.locator("#results").isVisible()) {
        problems.push("an empty list of results shows");
    }
    if ((await page.locator("#ways a").count()) < 10) {
        problems.push("the lists are not offered");
    }
    const scripted = await browser.newContext();
    const second = await opened(scripted, below.origin, "some/where/ja/search/?q=%E9%98%B2%E7%81%BD");
    await told(second.page);
    if ((await shown(second.page)) === 0) {
        second.problems.push("below a base path nothing is found");
    }
    await context.close();
    await scripted.close();
    await below.close();
    return [...problems, ...second.problems];
}

async function pages(root) {
    const server = await serve(root);
    const browser = await launch();
    const corpus = corpusOf(root, "ja");
    const step = async (name, work) => {
        if (wanted(name)) {
            expect(name, await steadily(work).catch((error) => [String(error)]));
        }
    };
    try {
        const context = await browser.newContext({ reducedMotion: "reduce" });
        const { origin } = server;
        for (const [language, query] of [["ja", "協働"], ["ja", "新幹線"], ["en", "maps"]]) {
            await step(`page looks ${language} ${query}`, () => looks(context, origin, language, query));
        }
        await step("page reads on", () => readsOn(context, origin, corpus, "川崎市"));
        await step("page composes", () => composes(context, origin));
        await step("page keyboard", () => keyboard(context, origin));
        await step("page narrows", () => narrows(context, origin));
        await step("page without script", () => withoutScript(browser, root));
    } finally {
        await browser.close();
        await server.close();
    }
}

// ---- What it costs ----

const FIRST_MOST = 100000;

/** A corpus of made cases; the first results of its commonest and rarest terms, and of misses. */
async function costs() {
    const count = isLong ? 10000 : 300;
    const site = join(scratch, "made");
    execFileSync(
        "python3",
        ["-c", "import corpus, sys; corpus.write_kyodo(sys.argv[1], '.', int(sys.argv[2]), 10)", site, String(count)],
        { env: { ...process.env, PYTHONPATH: "tests/bench", PYTHONDONTWRITEBYTECODE: "1" } },
    );
    const root = publish(site, "made-public");
    const script = await core(root, scratch);
    expect("cost script", script.size < 10240 ? [] : [`${script.size} bytes`]);
    for (const language of ["ja", "en"]) {
        const index = await script.open(manifestOf(root, language), reader({ bytes: 0, files: 0 }));
        const held = new Map();
        for (let i = 0; i < index.terms.length; i++) {
            const hash = index.shards.slice(i * 10, i * 10 + 10);
            for (const [term, list] of Object.entries(await index.get(`${i}.${hash}.json`))) {
                held.set(term, list.length);
            }
        }
        const terms = [...held.keys()].sort((a, b) => held.get(b) - held.get(a) || (a < b ? -1 : 1));
        const middle = Math.floor(terms.length / 2);
        const queries = [
            ...terms.slice(0, 30),
            ...terms.slice(middle, middle + 10),
            ...terms.slice(-30),
            ...(language === "ja"
                ? ["市民活動団体", "活動を続けました", "役割を分担して", "新幹線", "地域包括支援", "課題 成果", "会議の役割の成果"]
                : ["the university", "shared out the tasks", "council of social welfare", "s", "the and of", "xyzzy"]),
        ];
        const problems = [];
        let worst = 0;
        for (const query of queries) {
            const cost = { bytes: script.size, files: 0 };
            const fresh = await script.open(manifestOf(root, language), reader(cost));
            const search = script.search(fresh, query);
            const first = await search.next(10);
            worst = Math.max(worst, cost.bytes);
            if (cost.bytes >= FIRST_MOST) {
                problems.push(`${query}: ${cost.bytes} bytes in ${cost.files} files`);
            }
            if (first.length === 0 && held.get(query) > 0) {
                problems.push(`${query}: nothing found`);
            }
        }
        expect(`cost ${language} of ${count} cases: at most ${worst} bytes`, problems);
        const corpus = corpusOf(root, language);
        const asked = language === "ja" ? ["河川敷", "続けました。", "成果"] : ["riverside"];
        for (const query of asked) {
            expect(`cost ${language} all of ${query}`, await compare(script, index, corpus, query, [query]));
        }
    }
}

if (["proof", "order", "random", "page"].some(wanted)) {
    const root = publish(".", "public");
    if (["proof", "order", "random", "pages"].some(wanted)) {
        await proofs(await core(root, scratch), root);
    }
    if (wanted("page")) {
        await pages(root);
    }
}
if (wanted("unlike")) {
    await oddForms();
}
if (wanted("cost")) {
    await costs();
}
process.exitCode = failures > 0 ? 1 : 0;
