// The ways in which a page is looked at: how wide, on which ground, with scripts or without; and what
// is tried once a page: the keyboard, 400 % zoom, the switch of language.
import { existsSync, readFileSync } from "node:fs";
import { accessibility, axeSource, listen, shifts, sideways, uncovered, walk } from "./look.mjs";
import { fileOf } from "./kinds.mjs";

const VIEWS = {
    320: { width: 320, height: 640 },
    768: { width: 768, height: 1024 },
    1280: { width: 1280, height: 900 },
};
const GROUNDS = {
    light: { colorScheme: "light", forcedColors: "none" },
    dark: { colorScheme: "dark", forcedColors: "none" },
    forced: { colorScheme: "dark", forcedColors: "active" },
};
const SLOW_MOST = 0.001;
const widths = Object.keys(VIEWS);
const grounds = Object.keys(GROUNDS);

/** All ways: 18. */
export const WAYS = [true, false].flatMap((scripts) =>
    grounds.flatMap((ground) => widths.map((width) => ({ width, ground, scripts }))),
);

/** Nine ways that between them hold each pair of two; turns go round through them. */
export function wayOfTurn(turn) {
    const w = turn % 3;
    const g = Math.floor(turn / 3) % 3;
    return { width: widths[w], ground: grounds[g], scripts: (w + g) % 2 === 0 };
}

export function nameOfWay(way) {
    return `${way.width} ${way.ground}${way.scripts ? "" : " no-script"}`;
}

/** Two contexts of a browser. The pages hold no <noscript>, so that a page without its scripts is what
 *  a browser without JavaScript shows; and axe-core, which needs it, can look at it. */
export async function contexts(browser) {
    const make = () => browser.newContext({ reducedMotion: "reduce" });
    const [scripted, plain] = [await make(), await make()];
    await plain.route("**/*.js", (route) =>
        route.fulfill({ contentType: "text/javascript", body: "" }),
    );
    return { scripted, plain };
}

async function open(context, origin, address, way) {
    const page = await context.newPage();
    const problems = listen(page, origin);
    await page.setViewportSize(VIEWS[way.width]);
    await page.emulateMedia(GROUNDS[way.ground]);
    const answer = await page.goto(`${origin}/${encodeURI(address)}`, { waitUntil: "load" });
    if (answer.status() !== 200) {
        problems.push(`status ${answer.status()}`);
    }
    return { page, problems };
}

/** Problems of a page in those ways, by name of the way. It is loaded with scripts and without. */
export async function lookInWays(two, origin, address, ways) {
    const found = {};
    for (const scripts of [true, false]) {
        const asked = ways.filter((way) => way.scripts === scripts);
        if (asked.length === 0) {
            continue;
        }
        const { page, problems } = await open(
            scripts ? two.scripted : two.plain,
            origin,
            address,
            asked[0],
        );
        if ((await shifts(page)).length > 0) {
            await page.reload({ waitUntil: "load" }); // drawn before its end had come: see lookSlowly
        }
        problems.push(...(await shifts(page)).map((shift) => shift.text));
        problems.push(...(await uncovered(page)));
        await page.evaluate(axeSource);
        for (const way of asked) {
            await page.setViewportSize(VIEWS[way.width]);
            await page.emulateMedia(GROUNDS[way.ground]);
            problems.push(...(await sideways(page)), ...(await accessibility(page)));
            found[nameOfWay(way)] = problems.splice(0);
        }
        await page.close();
    }
    return found;
}

/** The keyboard, narrow and wide. */
export async function lookByKeyboard(two, origin, address) {
    const all = [];
    for (const width of ["320", "1280"]) {
        const way = { width, ground: "light" };
        const { page, problems } = await open(two.scripted, origin, address, way);
        all.push(...problems, ...(await walk(page)).map((line) => `${width}: ${line}`));
        await page.close();
    }
    return all;
}

/** A window of 1280 by 1024 at 400 % is one of 320 by 256 that draws each pixel four times. */
export async function lookZoomed(browser, origin, address) {
    const context = await browser.newContext({
        viewport: { width: 320, height: 256 },
        deviceScaleFactor: 4,
    });
    const page = await context.newPage();
    const problems = listen(page, origin);
    await page.goto(`${origin}/${encodeURI(address)}`, { waitUntil: "load" });
    problems.push(...(await sideways(page)));
    await context.close();
    return problems;
}

/** A page that comes piece by piece, from a server that pauses, stays where it is, but for columns
 *  that widen with the rows of their table. What is left is a hundredth of what counts as good: a line
 *  of text that is drawn by half. */
export async function lookSlowly(two, origin, address) {
    const found = [];
    for (const width of ["320", "1280"]) {
        const { page, problems } = await open(two.scripted, origin, address, { width, ground: "light" });
        const moved = (await shifts(page)).filter((shift) => !shift.isTable);
        if (moved.reduce((sum, shift) => sum + shift.value, 0) > SLOW_MOST) {
            problems.push(...moved.map((shift) => shift.text));
        }
        found.push(...problems.map((problem) => `${width}: ${problem}`));
        await page.close();
    }
    return found;
}

/** Whether something of a page is folded away that has an address of its own. */
export function folds(root, address) {
    return /<details class="view">/.test(readFileSync(fileOf(root, address), "utf8"));
}

/** An address that leads into what is folded away opens it, without scripts too. */
export async function lookFolded(two, origin, address) {
    const found = [];
    for (const context of [two.scripted, two.plain]) {
        const page = await context.newPage();
        const url = `${origin}/${encodeURI(address)}`;
        await page.goto(url, { waitUntil: "load" });
        const ids = await page.$$eval("details.view", (all) =>
            all.map((one) => (one.querySelector("[id]") ?? one.closest(".part[id]"))?.id).filter(Boolean),
        );
        for (const id of ids.slice(0, 2)) {
            await page.goto("about:blank");
            await page.goto(`${url}#${encodeURIComponent(id)}`, { waitUntil: "load" });
            const isShown = await page.evaluate((id) => {
                const place = document.getElementById(id);
                const last = place.closest("details.view") ?? place.querySelector("details.view");
                return last.lastElementChild.checkVisibility({ contentVisibilityAuto: true });
            }, id);
            if (!isShown) {
                found.push(`#${id} leads to what stays folded`);
            }
        }
        await page.close();
    }
    return found;
}

/** The switch leads to the same page in the other language, where there is one. The page for what is
 *  not found stands at no address of its own, and leads home. */
export function lookAtSwitch(root, address, tags) {
    const [own, ...rest] = address.split("/");
    const text = readFileSync(fileOf(root, address), "utf8");
    const links = [...text.matchAll(/<a [^>]*hreflang="([^"]+)"[^>]*>/g)].map(([tag, language]) => ({
        language,
        to: new URL(tag.match(/href="([^"]*)"/)[1], `http://site/${address}`).pathname.slice(1),
    }));
    return tags
        .filter((tag) => tag !== own)
        .flatMap((tag) => {
            const same = [tag, ...rest].join("/");
            if (!existsSync(fileOf(root, same)) || same.endsWith("/404.html")) {
                return [];
            }
            return links.some((link) => link.language === tag && link.to === same)
                ? []
                : [`no switch to ${same}`];
        });
}
