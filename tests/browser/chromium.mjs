// Debian's Chromium under playwright-core, without the background traffic of a desktop browser.
import { chromium } from "playwright-core";

export const WIDTHS = { narrow: { width: 320, height: 640 }, wide: { width: 1280, height: 900 } };

export function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        headless: true,
        args: [
            // Root has no sandbox; the only pages that are opened are our own.
            ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-default-apps",
            "--disable-features=OptimizationHints,MediaRouter,Translate",
            "--disable-dev-shm-usage",
            "--font-render-hinting=none",
        ],
    });
}

/**
 * What `look` gives. When a page's process in Chromium has crashed, which says nothing about the
 * page, the look begins once more; a page that brings Chromium down does it again.
 */
export async function steadily(look) {
    try {
        return await look();
    } catch (error) {
        if (!/(Target|Page) crashed/.test(String(error))) {
            throw error;
        }
        return look();
    }
}
