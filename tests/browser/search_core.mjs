// The searching part of the theme's script, run without a browser on the files of a built site; and
// the plain scan that it is compared with.
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

function only(folder, start, ending) {
    const names = readdirSync(folder).filter((n) => n.startsWith(start) && n.endsWith(ending));
    if (names.length !== 1) {
        throw new Error(`${folder}: ${names.length} files ${start}…${ending}`);
    }
    return join(folder, names[0]);
}

/** The script as a module; `scratch` is a folder where it may stand under that name. */
export async function core(root, scratch) {
    const copy = join(scratch, "search.mjs");
    copyFileSync(only(join(root, "assets"), "search.", ".js"), copy);
    return { ...(await import(pathToFileURL(copy).href)), size: readFileSync(copy).length };
}

export function manifestOf(root, language) {
    return only(join(root, "assets", "search", language), "index.", ".json");
}

/** Reads a file as the script asks for it, and counts what comes over the wire: with gzip, as the
 * files have it beside them. */
export function reader(cost) {
    return async (path) => {
        const bytes = readFileSync(path);
        cost.bytes += gzipSync(bytes, { level: 6 }).length;
        cost.files++;
        return JSON.parse(bytes.toString("utf8"));
    };
}

/** All texts of a language, from the files: [address, about, title, summary, headings, body]. */
export function corpusOf(root, language) {
    const folder = join(root, "assets", "search", language);
    return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap((entry) => readdirSync(join(folder, entry.name)).map((n) => join(entry.name, n)))
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}

const plain = (text) => text.normalize("NFKC").toLowerCase();

/** Addresses of the texts in which, for each part, one of the alternatives stands: text for a plain
 * substring, or a regular expression. */
export function scan(corpus, parts) {
    return corpus
        .filter((text) => {
            text.folded ??= plain(text.slice(2).join("\n"));
            return parts.every((part) =>
                part instanceof RegExp ? part.test(text.folded) : text.folded.includes(plain(part)),
            );
        })
        .map((text) => text[0])
        .sort();
}

/** The addresses that a search gives, read to its end. */
export async function readAll(search) {
    const found = [];
    while (!search.isDone()) {
        found.push(...(await search.next(50)).map((text) => text[0]));
    }
    return found;
}

/** Numbers in [0, count) that are the same on every machine. */
export function dice(seed) {
    let state = seed;
    return (count) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 4294967296) * count);
    };
}
