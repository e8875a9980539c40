/* What a request is answered with. Nothing here opens a file: an address is one of the plan, or it
 * is not there. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "preview_server.h"

/* Longest path that is looked at, decoded or not. */
#define PATH_MOST 4096

/* ---- Media types ---- */

struct slice media_type_of(struct slice address)
{
    static const struct {
        const char *ending;
        const char *type;
    } rows[] = {
#define MEDIA(ending, type) {ending, type},
#include "media.def"
#undef MEDIA
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (slice_ends_with(address, slice_of(rows[i].ending))) {
            return slice_of(rows[i].type);
        }
    }
    return SLICE("application/octet-stream");
}

/* ---- Who may ask ---- */

static bool is_address(struct slice name, struct arena *arena)
{
    unsigned char bytes[16];
    const char *text = arena_string(arena, name);
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* A page from elsewhere can make its own name mean our address, but it can't send another Host. */
static bool is_host_known(const struct preview *preview, const char *host, struct arena *arena)
{
    if (host == NULL) {
        return false;
    }
    struct slice name = slice_of(host);
    if (slice_starts_with(name, SLICE("["))) {
        ptrdiff_t end = slice_find_byte(name, ']', 0);
        return end > 0 && is_address(slice_sub(name, 1, end), arena);
    }
    ptrdiff_t colon = slice_find_byte(name, ':', 0);
    name = colon >= 0 ? slice_sub(name, 0, colon) : name;
    return slice_equal_ignoring_ascii_case(name, SLICE("localhost")) ||
           slice_equal_ignoring_ascii_case(name, slice_of(preview->options.host)) ||
           is_address(name, arena);
}

/* ---- Addresses ---- */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* The path of a URL with its escapes undone; empty (data NULL) when it is no text. */
static struct slice decode_path(struct slice path, struct arena *arena)
{
    char *out = arena_allocate(arena, 1, 1, path.length + 1);
    ptrdiff_t length = 0;
    for (ptrdiff_t i = 0; i < path.length; i++) {
        char c = path.data[i];
        if (c == '%') {
            int high = i + 2 < path.length ? digit_of(path.data[i + 1]) : -1;
            int low = i + 2 < path.length ? digit_of(path.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return (struct slice){0};
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        if ((unsigned char)c < ' ' || c == 0x7F) {
            return (struct slice){0};
        }
        out[length++] = c;
    }
    struct slice decoded = slice_make(out, length);
    return utf8_find_invalid(decoded) < 0 ? decoded : (struct slice){0};
}

/* The path of the site's base URL, "/" or "/kyodo/": pages that may stand anywhere link by it. */
static struct slice base_path(const struct site *site)
{
    struct slice base = site->base_url;
    ptrdiff_t host = slice_find(base, SLICE("://"), 0);
    ptrdiff_t path = slice_find_byte(base, '/', host < 0 ? 0 : host + 3);
    return path < 0 ? SLICE("/") : slice_from(base, path);
}

static const struct artefact *find(const struct view *view, struct slice address)
{
    struct render *render = view->pages->parts.render;
    ptrdiff_t count = 0;
    ptrdiff_t index = render_find(render, address);
    return index >= 0 ? &render_plan(render, &count, NULL)[index] : NULL;
}

/* The artefact of an address; `*is_folder` when the address lacks the slash at its end. */
static const struct artefact *find_page(const struct view *view, struct slice address,
                                        struct arena *arena, bool *is_folder)
{
    *is_folder = false;
    if (address.length == 0 || slice_ends_with(address, SLICE("/"))) {
        return find(view, ARENA_JOIN(arena, address, SLICE("index.html")));
    }
    const struct artefact *artefact = find(view, address);
    if (artefact == NULL) {
        artefact = find(view, ARENA_JOIN(arena, address, SLICE("/index.html")));
        *is_folder = artefact != NULL;
    }
    return artefact;
}

/* The page that says so, in the language of the address. */
static const struct artefact *find_missing(const struct view *view, struct slice address,
                                           struct arena *arena)
{
    const struct site *site = view->pages->parts.site;
    for (int i = 0; i < site->language_count; i++) {
        struct slice folder = ARENA_JOIN(arena, site->languages[i].tag, SLICE("/"));
        if (slice_starts_with(address, folder)) {
            return find(view, ARENA_JOIN(arena, folder, SLICE("404.html")));
        }
    }
    return find(view, SLICE("404.html"));
}

/* ---- Answers ---- */

static void refuse(struct answer *answer, int status, const char *text)
{
    answer->status = status;
    answer->media_type = SLICE("text/plain; charset=utf-8");
    buffer_append(&answer->body, slice_of(text));
}

static void tag(struct answer *answer)
{
    struct hash_128 hash = hash_128(buffer_slice(&answer->body));
    snprintf(answer->etag, ETAG_ROOM, "\"%016llx%016llx\"", (unsigned long long)hash.high,
             (unsigned long long)hash.low);
}

static void give(struct answer *answer, struct slice media_type, struct slice body)
{
    answer->status = 200;
    answer->media_type = media_type;
    buffer_append(&answer->body, body);
    tag(answer);
}

/* A page of the preview's own is in the body. */
static void finish_own(const struct view *view, struct answer *answer, int status)
{
    answer->status = status;
    answer->media_type = SLICE("text/html; charset=utf-8");
    put_preview_parts(view, false, SLICE(""), &answer->body, answer->etag);
}

static void say_plainly(const struct view *view, struct answer *answer, int status, const char *ja,
                        const char *en)
{
    buffer_clear(&answer->body);
    put_plain_page(view, ja, en, &answer->body);
    finish_own(view, answer, status);
}

static void give_artefact(struct view *view, const struct artefact *artefact, int status,
                          struct answer *answer)
{
    if (artefact->group == GROUP_DATA && view->pages->parts.has_errors) {
        say_plainly(view, answer, 503, "エラーがあるあいだは、データのファイルは作れません。",
                    "While there are errors no data can be made.");
        return;
    }
    struct diag *diag = diag_new(0);
    if (!view_make(view, artefact, &answer->body, diag)) {
        say_plainly(
            view, answer, 503,
            "このファイルは、いま作れませんでした。元のファイルが変わったところかもしれません。",
            "This file could not be made just now; what it is made of may be changing.");
    } else if (slice_ends_with(artefact->address, SLICE(".html"))) {
        answer->status = status;
        answer->media_type = media_type_of(artefact->address);
        put_preview_parts(view, true, artefact->written_in, &answer->body, answer->etag);
    } else {
        answer->status = status;
        answer->media_type = media_type_of(artefact->address);
        tag(answer);
    }
    diag_free(diag);
}

/* What the preview has of its own. */
static void give_own(struct view *view, struct slice name, struct answer *answer)
{
    if (slice_equal(name, SLICE("preview.js"))) {
        give(answer, media_type_of(name), preview_script());
    } else if (slice_equal(name, SLICE("preview.css"))) {
        give(answer, media_type_of(name), preview_style());
    } else if (slice_equal(name, SLICE("events"))) {
        answer->status = 200;
        answer->media_type = SLICE("text/event-stream");
        answer->is_events = true;
    } else if (slice_equal(name, SLICE("findings")) && view->edition != NULL) {
        put_findings_page(view, &answer->body);
        finish_own(view, answer, 200);
    } else {
        refuse(answer, 404, "404\n");
    }
}

static bool needs_search(const struct view *view, struct slice address, struct arena *arena)
{
    const struct site *site = view->pages->parts.site;
    bool needs = slice_starts_with(address, SLICE("assets/search/"));
    for (int i = 0; i < site->language_count; i++) {
        needs = needs || slice_starts_with(
                             address, ARENA_JOIN(arena, site->languages[i].tag, SLICE("/search/")));
    }
    return needs;
}

/* False when another edition has come before the page was looked for in this one. */
static bool give_page(struct view *view, struct slice path, struct answer *answer,
                      struct arena *arena)
{
    if (view->edition == NULL) {
        say_plainly(view, answer, 503, "サイトを読んでいます。", "The site is being read.");
        return true;
    }
    if (view->pages == NULL) {
        put_findings_page(view, &answer->body);
        finish_own(view, answer, 503);
        return true;
    }
    struct slice base = base_path(view->pages->parts.site);
    struct slice address = slice_from(path, 1);
    if (base.length > 1 && slice_starts_with(path, base)) {
        address = slice_from(path, base.length);
    }
    if (needs_search(view, address, arena)) {
        view_wait_for_search(view);
    }
    bool is_folder = false;
    const struct artefact *artefact = find_page(view, address, arena, &is_folder);
    if (artefact != NULL && is_folder) {
        struct buffer escaped = {0};
        escape_url_path(&escaped, path);
        answer->status = 302;
        answer->location =
            slice_of(arena_string(arena, ARENA_JOIN(arena, buffer_slice(&escaped), SLICE("/"))));
        answer->media_type = SLICE("text/plain; charset=utf-8");
        buffer_release(&escaped);
        return true;
    }
    int status = artefact != NULL ? 200 : 404;
    artefact = artefact != NULL ? artefact : find_missing(view, address, arena);
    if (artefact == NULL) {
        refuse(answer, 404, "404\n");
        return true;
    }
    if (!view_revise(view, artefact->written_in)) {
        return false;
    }
    give_artefact(view, artefact, status, answer);
    return true;
}

static bool is_known_to_client(const struct question *question, const struct answer *answer)
{
    return question->known != NULL && answer->etag[0] != '\0' && answer->status == 200 &&
           slice_find(slice_of(question->known), slice_of(answer->etag), 0) >= 0;
}

void preview_answer(struct preview *preview, const struct question *question, struct answer *answer,
                    struct arena *arena)
{
    struct slice method = slice_of(question->method);
    struct slice raw = slice_of(question->path);
    if (!is_host_known(preview, question->host, arena)) {
        refuse(
            answer, 403,
            "このアドレスの名前では表示できません。http://127.0.0.1 か http://localhost を使ってください。\n"
            "This host name is not ours; use http://127.0.0.1 or http://localhost.\n");
        return;
    }
    if (!slice_equal(method, SLICE("GET")) && !slice_equal(method, SLICE("HEAD"))) {
        refuse(answer, 405, "405\n");
        return;
    }
    struct slice path = raw.length <= PATH_MOST ? decode_path(raw, arena) : (struct slice){0};
    if (!slice_starts_with(path, SLICE("/"))) {
        refuse(answer, 400, "400\n");
        return;
    }
    struct view view;
    view_open(&view, preview);
    if (slice_starts_with(path, SLICE(PREVIEW_FOLDER))) {
        give_own(&view, slice_from(path, (ptrdiff_t)sizeof(PREVIEW_FOLDER) - 1), answer);
    } else {
        while (!give_page(&view, path, answer, arena)) {
            view_close(&view);
            view_open(&view, preview);
        }
    }
    view_close(&view);
    if (is_known_to_client(question, answer)) {
        answer->status = 304;
        buffer_clear(&answer->body);
    }
}
