// A static file server on the loopback address and a port that the system picks, as strict as the
// pages allow: the content security policy refuses inline script and style and every other host.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".zip": "application/zip",
    ".jsonld": "application/ld+json",
    ".geojson": "application/geo+json",
    ".ttl": "text/turtle; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".ics": "text/calendar; charset=utf-8",
};
const POLICY =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; " +
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const PIECE = 1500; // bytes: what one packet of a network holds

/** Serve `root` below `prefix` ("/" or "/some/path/"); resolves to { origin, close }. With `pause`, in
 *  milliseconds, pages come piece by piece, so that a browser draws them before their end is there. */
export async function serve(root, prefix = "/", pause = 0) {
    const server = createServer(async (request, response) => {
        const send = async (status, type, body) => {
            response.writeHead(status, { "content-type": type, "content-security-policy": POLICY });
            let at = 0;
            while (pause > 0 && type === TYPES[".html"] && at + PIECE < body.length) {
                response.write(body.subarray(at, at + PIECE));
                at += PIECE;
                await new Promise((done) => setTimeout(done, pause));
            }
            response.end(at > 0 ? body.subarray(at) : body);
        };
        try {
            const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
            if (!path.startsWith(prefix) || normalize(path).includes("..")) {
                return send(404, "text/plain", "outside");
            }
            let file = join(root, path.slice(prefix.length));
            if (path.endsWith("/")) {
                file = join(file, "index.html");
            } else if ((await stat(file).catch(() => null))?.isDirectory()) {
                response.writeHead(301, { location: encodeURI(path) + "/" });
                return response.end();
            }
            const body = await readFile(file).catch(() => null);
            if (!body && path === "/favicon.ico") {
                return send(204, "image/x-icon", ""); // the browser's own wish, not the page's
            }
            if (body) {
                return send(200, TYPES[extname(file)] ?? "application/octet-stream", body);
            }
            const language = path.slice(prefix.length).split("/")[0];
            const missing =
                (await readFile(join(root, language, "404.html")).catch(() => null)) ??
                (await readFile(join(root, "404.html")).catch(() => "not found"));
            return send(404, TYPES[".html"], missing);
        } catch (error) {
            return send(500, "text/plain", String(error));
        }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        origin: `http://127.0.0.1:${server.address().port}`,
        close: () => new Promise((resolve) => server.close(resolve)),
    };
}
