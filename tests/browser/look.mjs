// What is wrong with a page that stands open: what axe-core finds, what scrolls sideways, what moves
// after it was shown, what the console and the network say, where the keyboard leads.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
export const axeSource = readFileSync(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
    "utf8",
);

/** axe-core's violations, a line each with the first places. The page has run axeSource. */
export async function accessibility(page) {
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
export async function sideways(page) {
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

/** What the markup hides and the style shows. */
export async function uncovered(page) {
    return page.evaluate(() =>
        [...document.querySelectorAll("[hidden]")]
            .filter((element) => element.checkVisibility())
            .map((element) => `hidden and yet seen: ${element.outerHTML.slice(0, 80)}`),
    );
}

/** What moved since the page was loaded: { value, text, isTable } each; isTable when nothing moved but
 *  parts of tables. */
export async function shifts(page) {
    return page.evaluate(async () => {
        const moved = [];
        new PerformanceObserver((list) => moved.push(...list.getEntries())).observe({
            type: "layout-shift",
            buffered: true,
        });
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
        return moved.map((entry) => {
            const what = entry.sources.map(({ node, previousRect, currentRect }) => {
                const name = (node?.parentElement ?? node)?.outerHTML.slice(0, 80);
                const boxes = [previousRect, currentRect].map(({ x, y }) => `${x},${y}`);
                return `${name} from ${boxes.join(" to ")}`;
            });
            const text = `layout shift of ${entry.value.toFixed(4)}: ${what.join("; ")}`;
            const isTable = entry.sources.every(({ node }) =>
                (node?.closest ? node : node?.parentElement)?.closest("table"),
            );
            return { value: entry.value, text, isTable };
        });
    });
}

/** Gathers what the console and the network say of a page from now on. */
export function listen(page, origin) {
    const problems = [];
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
    return problems;
}

/** In the page: numbers what the keyboard should reach, in the order of the document. */
function numberStops() {
    const stops = [
        ...document.querySelectorAll(
            "a[href], button, input, select, textarea, summary, [tabindex='0']",
        ),
    ].filter(
        (element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }),
    );
    stops.forEach((element, i) => {
        element.numberOfStop = i;
    });
    return stops.length;
}

/** In the page: the element with the focus, and whether somebody who looks would know. */
function focused() {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getClientRects()[0] ?? { width: 0, height: 0 };
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 8), 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 8), 0), innerHeight - 1);
    const top = box.width > 0 ? document.elementFromPoint(x, y) : null;
    return {
        stop: element.numberOfStop ?? -1,
        scrolls:
            element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight,
        what: `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 30)}"`,
        isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        isInView:
            box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        isOnTop: top !== null && (element.contains(top) || top.contains(element)),
    };
}

/** From the top of the page on, Tab reaches every link and control in the order of the document,
 *  and shows each: in view, under nothing else, with an outline. A region that scrolls may be a stop
 *  of its own. */
export async function walk(page) {
    const problems = [];
    const wanted = await page.evaluate(numberStops);
    let next = 0;
    for (let pressed = 0; next < wanted && pressed < 2 * wanted + 10; pressed++) {
        await page.keyboard.press("Tab");
        const here = await page.evaluate(focused);
        if (here.stop < 0 && here.scrolls) {
            continue;
        }
        if (here.stop !== next) {
            problems.push(`stop ${next} of ${wanted} was due, ${here.what} (${here.stop}) came`);
            break;
        }
        if (!here.isMarked || !here.isInView || !here.isOnTop) {
            const why = [
                here.isMarked ? "" : "no outline",
                here.isInView ? "" : "out of view",
                here.isOnTop ? "" : "covered",
            ];
            problems.push(`${here.what} has the focus, but: ${why.filter(Boolean).join(", ")}`);
        }
        next++;
    }
    if (problems.length === 0 && next < wanted) {
        problems.push(`Tab reached ${next} of ${wanted}`);
    }
    return problems;
}
