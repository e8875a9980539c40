// Which pages of a built site to open: one of every kind, found in the tree, so that there is no
// list to edit.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Addresses of all pages below root: "ja/cases/", "404.html". */
export function allPages(root, folder = "") {
    return readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => !entry.name.startsWith("."))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((entry) => {
            const path = folder + entry.name;
            if (entry.isDirectory()) {
                return allPages(root, path + "/");
            }
            return !entry.name.endsWith(".html")
                ? []
                : [entry.name === "index.html" ? folder : path];
        });
}

export function fileOf(root, address) {
    return join(root, address === "" || address.endsWith("/") ? address + "index.html" : address);
}

export function isRedirect(root, address) {
    return /http-equiv="?refresh/i.test(readFileSync(fileOf(root, address), "utf8").slice(0, 4000));
}

/** Languages of the site: folders at the top with a home page whose name looks like a language tag. */
export function languages(root) {
    return readdirSync(root)
        .filter((name) => /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(name))
        .filter(
            (name) =>
                statSync(join(root, name)).isDirectory() &&
                existsSync(join(root, name, "index.html")),
        );
}

/**
 * The kind of a page: its address with what differs from page to page of a kind taken out. Pages at
 * the first level (`ja/about/`) are each a kind of their own, as registers and lists differ there, and
 * so are those directly below the principles.
 */
export function kindOf(address) {
    const parts = address.split("/");
    const [language, section] = parts;
    if (parts.length <= 3) {
        return address;
    }
    if (section === "principles" && parts.length === 4) {
        return address;
    }
    if (section === "principles" && parts[3] === "cases") {
        return [language, section, "*", ...parts.slice(3).map((part) => part && "cases")].join("/");
    }
    if (section === "cases" && parts[2] === "by") {
        return [
            language,
            section,
            "by",
            parts[3],
            ...parts.slice(4).map((part) => (part ? "*" : "")),
        ].join("/");
    }
    return [
        language,
        section,
        ...parts.slice(2).map((part) => (part && part !== "page" ? "*" : part)),
    ].join("/");
}

/** One page of each kind; of several the one with the longest text, which shows the most parts. */
export function pageOfEachKind(root) {
    const best = new Map();
    for (const address of allPages(root)) {
        if (isRedirect(root, address)) {
            continue;
        }
        const kind = kindOf(address);
        const size = statSync(fileOf(root, address)).size;
        if (!best.has(kind) || best.get(kind).size < size) {
            best.set(kind, { address, size });
        }
    }
    return [...best.values()].map((page) => page.address).sort();
}
