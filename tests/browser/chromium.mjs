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
