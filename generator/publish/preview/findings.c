/* What was found, as HTML: the page's own on the page, and all in a list. */
#include <stdlib.h>

#include "preview_server.h"

/* Of one page, and of all in the list; whoever mends these sees the next. */
#define OWN_MOST 100
#define ALL_MOST 1000

enum preview_word {
#define WORD(identifier, ja, en) WORD_##identifier,
#include "words.def"
#undef WORD
    WORD_COUNT
};

static const char *const words[WORD_COUNT][INTERFACE_LANGUAGES] = {
#define WORD(identifier, ja, en) [WORD_##identifier] = {ja, en},
#include "words.def"
#undef WORD
};

struct listing {
    const struct view *view;
    struct buffer *out;
    enum interface_language language;
    bool links_pages; /* each finding links to the page about what is written there */
};

/* ---- Pieces ---- */

static void put(const struct listing *listing, const char *html)
{
    buffer_append(listing->out, slice_of(html));
}

/* Somebody's text; HTML has no control characters. */
static void put_text(const struct listing *listing, struct slice text)
{
    ptrdiff_t start = 0;
    for (ptrdiff_t i = 0; i <= text.length; i++) {
        bool is_end = i == text.length;
        bool is_control = !is_end && (unsigned char)text.data[i] < ' ' && text.data[i] != '\t' &&
                          text.data[i] != '\n';
        if (is_end || is_control) {
            escape_html_attribute(listing->out, slice_sub(text, start, i));
            put(listing, is_control ? "\xEF\xBF\xBD" : "");
            start = i + 1;
        }
    }
}

static void put_word(const struct listing *listing, enum preview_word word)
{
    put_text(listing, slice_of(words[word][listing->language]));
}

static void put_count(const struct listing *listing, int64_t count, enum preview_word one,
                      enum preview_word many, bool *is_first)
{
    if (count == 0) {
        return;
    }
    bool is_japanese = listing->language == INTERFACE_JAPANESE;
    put(listing, *is_first ? "" : is_japanese ? "、" : ", ");
    *is_first = false;
    if (is_japanese) {
        put_word(listing, one);
        buffer_append_format(listing->out, " %lld 件", (long long)count);
    } else {
        buffer_append_format(listing->out, "%lld ", (long long)count);
        put_word(listing, count == 1 ? one : many);
    }
}

static void put_counts(const struct listing *listing, const struct diag_counts *counts)
{
    bool is_first = true;
    put_count(listing, counts->errors, WORD_error, WORD_errors, &is_first);
    put_count(listing, counts->warnings, WORD_warning, WORD_warnings, &is_first);
    put_count(listing, counts->notes, WORD_note, WORD_notes, &is_first);
}

static int64_t count_all(const struct diag_counts *counts)
{
    return counts->errors + counts->warnings + counts->notes;
}

static void count_one(struct diag_counts *counts, const struct finding *finding)
{
    counts->errors += finding->severity == SEVERITY_ERROR ? 1 : 0;
    counts->warnings += finding->severity == SEVERITY_WARNING ? 1 : 0;
    counts->notes += finding->severity == SEVERITY_NOTE ? 1 : 0;
}

/* ---- One finding ---- */

/* `of` is a file, or a folder with its slash. */
static bool is_written_in(const struct finding *finding, struct slice of)
{
    return of.length > 0 &&
           (slice_equal(finding->path, of) ||
            (slice_ends_with(of, SLICE("/")) && slice_starts_with(finding->path, of)));
}

/* The page about what is written there, in the reader's language if there is one. */
static const struct artefact *page_about(const struct listing *listing,
                                         const struct finding *finding)
{
    const struct edition *pages = listing->view->pages;
    ptrdiff_t count = 0;
    const struct artefact *plan =
        pages != NULL ? render_plan(pages->parts.render, &count, NULL) : NULL;
    const struct artefact *first = NULL;
    for (ptrdiff_t i = 0; i < count; i++) {
        if (!is_written_in(finding, plan[i].written_in)) {
            continue;
        }
        if (site_interface_language(pages->parts.site, plan[i].language) == listing->language) {
            return &plan[i];
        }
        first = first != NULL ? first : &plan[i];
    }
    return first;
}

static void put_page_link(const struct listing *listing, const struct finding *finding)
{
    const struct artefact *page = listing->links_pages ? page_about(listing, finding) : NULL;
    if (page == NULL) {
        return;
    }
    struct slice folder = page->address;
    if (slice_ends_with(folder, SLICE("index.html"))) {
        folder = slice_sub(folder, 0, folder.length - 10);
    }
    put(listing, " <a href=\"/");
    escape_url_path(listing->out, folder);
    put(listing, "\">");
    put_word(listing, WORD_page);
    put(listing, "</a>");
}

/* path:line:column as text, which every editor's "go to line" knows how to use, and a link for
 * those that open by one. */
static void put_place(const struct listing *listing, const struct finding *finding)
{
    if (finding->path.length == 0) {
        return;
    }
    struct slice folder = listing->view->preview->options.folder;
    long long line = (long long)finding->position.line;
    long long column = (long long)finding->position.column;
    put(listing, "<p><code>");
    put_text(listing, finding->path);
    buffer_append_format(listing->out, ":%lld:%lld</code>", line, column);
    if (folder.length > 0) {
        struct buffer url = {0};
        buffer_append(&url, folder);
        buffer_append_byte(&url, '/');
        buffer_append(&url, finding->path);
        put(listing, " <a href=\"vscode://file");
        escape_url_path(listing->out, buffer_slice(&url));
        buffer_append_format(listing->out, ":%lld:%lld\">", line, column);
        put_word(listing, WORD_editor);
        put(listing, "</a>");
        buffer_release(&url);
    }
    put_page_link(listing, finding);
    put(listing, "</p>\n");
}

/* The line with the place marked. */
static void put_excerpt(const struct listing *listing, const struct finding *finding)
{
    if (finding->excerpt.data == NULL) {
        return;
    }
    int64_t first = finding->excerpt_column > 0 ? finding->excerpt_column : 1;
    bool ends_here = finding->end.line == finding->position.line;
    int64_t length = ends_here ? finding->end.column - finding->position.column : INT32_MAX;
    ptrdiff_t start = utf8_offset(finding->excerpt, (ptrdiff_t)(finding->position.column - first));
    struct slice rest = slice_from(finding->excerpt, start);
    ptrdiff_t end = start + utf8_offset(rest, (ptrdiff_t)(length > 0 ? length : 1));
    buffer_append_format(listing->out, "<pre>%6lld | ", (long long)finding->position.line);
    put_text(listing, slice_sub(finding->excerpt, 0, start));
    put(listing, "<mark>");
    put_text(listing, slice_sub(finding->excerpt, start, end));
    put(listing, "</mark>");
    put_text(listing, slice_from(finding->excerpt, end));
    put(listing, finding->excerpt_is_cut ? "…</pre>\n" : "</pre>\n");
}

static void put_finding(const struct listing *listing, const struct finding *finding)
{
    static const enum preview_word severities[] = {[SEVERITY_NOTE] = WORD_note,
                                                   [SEVERITY_WARNING] = WORD_warning,
                                                   [SEVERITY_ERROR] = WORD_error};
    static const char *const classes[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    put(listing, "<li>\n<p><strong class=\"");
    put(listing, classes[finding->severity]);
    put(listing, "\">");
    put_word(listing, severities[finding->severity]);
    put(listing, "</strong> ");
    put_text(listing, finding->message[listing->language]);
    put(listing, "</p>\n");
    put_place(listing, finding);
    put_excerpt(listing, finding);
    if (finding->help[listing->language].length > 0) {
        put(listing, "<p>");
        put_word(listing, WORD_help);
        put_word(listing, WORD_colon);
        put_text(listing, finding->help[listing->language]);
        put(listing, "</p>\n");
    }
    put(listing, "</li>\n");
}

/* The worst first; of each severity in the order of places. */
static void put_list(const struct listing *listing, const struct finding *findings, ptrdiff_t count,
                     bool (*is_wanted)(const struct finding *finding, struct slice of),
                     struct slice of, ptrdiff_t most)
{
    ptrdiff_t shown = 0;
    put(listing, "<ol>\n");
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
        for (ptrdiff_t i = 0; i < count && shown < most; i++) {
            if ((int)findings[i].severity == severity && is_wanted(&findings[i], of)) {
                put_finding(listing, &findings[i]);
                shown++;
            }
        }
    }
    put(listing, "</ol>\n");
    if (shown == most) {
        put(listing, "<p>");
        put_word(listing, WORD_more);
        put(listing, "</p>\n");
    }
}

/* ---- On a page ---- */

static bool is_any(const struct finding *finding, struct slice of)
{
    (void)finding;
    (void)of;
    return true;
}

struct sums {
    struct diag_counts own;
    struct diag_counts others;
};

/* A revision's findings stand for what the edition knows of that folder. */
static struct sums sum_up(const struct view *view, struct slice written_in, bool is_revised)
{
    struct sums sums = {0};
    const struct edition_parts *parts = &view->edition->parts;
    for (ptrdiff_t i = 0; i < parts->finding_count; i++) {
        bool is_own = is_written_in(&parts->findings[i], written_in);
        if (!is_own || !is_revised) {
            count_one(is_own ? &sums.own : &sums.others, &parts->findings[i]);
        }
    }
    for (ptrdiff_t i = 0; is_revised && i < view->revision->parts.finding_count; i++) {
        count_one(&sums.own, &view->revision->parts.findings[i]);
    }
    return sums;
}

static void put_notice(const struct listing *listing, enum preview_word word)
{
    put(listing, "<p>");
    put_word(listing, word);
    put(listing, "</p>\n");
}

static void put_own(const struct listing *listing, struct slice written_in, bool is_revised,
                    const struct diag_counts *own)
{
    const struct view *view = listing->view;
    put(listing,
        own->errors + own->warnings > 0 ? "<details open>\n<summary>" : "<details>\n<summary>");
    put_word(listing, WORD_here);
    put_word(listing, WORD_colon);
    put_counts(listing, own);
    put(listing, "</summary>\n");
    const struct edition_parts *parts = &view->edition->parts;
    if (is_revised) {
        put_list(listing, view->revision->parts.findings, view->revision->parts.finding_count,
                 is_any, written_in, OWN_MOST);
    } else {
        put_list(listing, parts->findings, parts->finding_count, is_written_in, written_in,
                 OWN_MOST);
    }
    put(listing, "</details>\n");
}

static void put_banner(const struct listing *listing, struct slice written_in)
{
    const struct view *view = listing->view;
    bool is_revised = view->revision != NULL && !view->revision->is_told;
    struct sums sums = sum_up(view, written_in, is_revised);
    bool is_stale = view->pages != view->edition;
    if (count_all(&sums.own) + count_all(&sums.others) == 0 && !is_stale) {
        return;
    }
    bool is_bad = is_stale || sums.own.errors + sums.others.errors > 0;
    buffer_append_format(listing->out,
                         "<aside id=\"kyodo-preview\" lang=\"%s\" class=\"%s\" "
                         "aria-label=\"%s\">\n",
                         listing->language == INTERFACE_JAPANESE ? "ja" : "en",
                         is_bad ? "bad" : "good", words[WORD_label][listing->language]);
    if (is_bad) {
        put_notice(listing, is_stale ? WORD_stale : WORD_gaps);
    }
    if (count_all(&sums.own) > 0) {
        put_own(listing, written_in, is_revised, &sums.own);
    }
    if (count_all(&sums.others) > 0) {
        put(listing, "<p>");
        put_word(listing, WORD_elsewhere);
        put_word(listing, WORD_colon);
        put_counts(listing, &sums.others);
        put(listing, " <a href=\"" PREVIEW_FOLDER "findings\">");
        put_word(listing, WORD_show_all);
        put(listing, "</a></p>\n");
    }
    put(listing, "</aside>\n");
}

static struct listing listing_into(const struct view *view, struct buffer *out)
{
    return (struct listing){.view = view, .out = out, .language = view->preview->options.language};
}

/* The script knows by this which page it stands on. */
static void put_script(struct buffer *out, const char *etag)
{
    buffer_append_format(out,
                         "<script src=\"" PREVIEW_FOLDER "preview.js\" data-page='%s' "
                         "defer></script>\n",
                         etag);
}

static void write_etag(const struct buffer *bytes, char etag[ETAG_ROOM])
{
    struct hash_128 hash = hash_128(buffer_slice(bytes));
    snprintf(etag, ETAG_ROOM, "\"%016llx%016llx\"", (unsigned long long)hash.high,
             (unsigned long long)hash.low);
}

void put_preview_parts(const struct view *view, bool has_banner, struct slice written_in,
                       struct buffer *page, char etag[ETAG_ROOM])
{
    struct slice html = buffer_slice(page);
    ptrdiff_t head = slice_find(html, SLICE("</head>"), 0);
    ptrdiff_t body = slice_find(html, SLICE("<main"), head < 0 ? 0 : head);
    struct buffer banner = {0};
    struct listing listing = listing_into(view, &banner);
    if (has_banner) {
        put_banner(&listing, written_in);
    }
    struct buffer out = {0};
    if (head < 0 || body < 0) {
        write_etag(page, etag);
        goto out;
    }
    buffer_append(&out, slice_sub(html, 0, head));
    buffer_append_literal(&out,
                          "<link rel=\"stylesheet\" href=\"" PREVIEW_FOLDER "preview.css\">\n");
    ptrdiff_t at = out.length;
    buffer_append(&out, slice_sub(html, head, body));
    buffer_append(&out, buffer_slice(&banner));
    buffer_append(&out, slice_from(html, body));
    write_etag(&out, etag);
    buffer_clear(page);
    buffer_append(page, slice_sub(buffer_slice(&out), 0, at));
    put_script(page, etag);
    buffer_append(page, slice_from(buffer_slice(&out), at));
out:
    buffer_release(&out);
    buffer_release(&banner);
}

/* ---- Pages of the preview's own ---- */

static void begin_page(const struct listing *listing, const char *title)
{
    put(listing, "<!DOCTYPE html>\n<html lang=\"");
    put(listing, listing->language == INTERFACE_JAPANESE ? "ja" : "en");
    put(listing, "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                 "content=\"width=device-width, initial-scale=1\">\n<title>");
    put_text(listing, slice_of(title));
    put(listing, "</title>\n</head>\n<body>\n<main id=\"kyodo-findings\">\n<h1>");
    put_text(listing, slice_of(title));
    put(listing, "</h1>\n");
}

static void end_page(const struct listing *listing)
{
    put(listing, "</main>\n</body>\n</html>\n");
}

void put_findings_page(const struct view *view, struct buffer *out)
{
    struct listing listing = listing_into(view, out);
    listing.links_pages = true;
    begin_page(&listing, words[WORD_title][listing.language]);
    const struct edition_parts *parts = &view->edition->parts;
    struct diag_counts counts = {0};
    for (ptrdiff_t i = 0; i < parts->finding_count; i++) {
        count_one(&counts, &parts->findings[i]);
    }
    if (view->pages != view->edition) {
        put_notice(&listing, WORD_stale);
    } else if (counts.errors > 0) {
        put_notice(&listing, WORD_gaps);
    }
    put(&listing, "<p>");
    if (count_all(&counts) == 0) {
        put_word(&listing, WORD_nothing);
    }
    put_counts(&listing, &counts);
    put(&listing, "</p>\n");
    if (count_all(&counts) > 0) {
        put_list(&listing, parts->findings, parts->finding_count, is_any, SLICE(""), ALL_MOST);
    }
    end_page(&listing);
}

void put_plain_page(const struct view *view, const char *ja, const char *en, struct buffer *out)
{
    struct listing listing = listing_into(view, out);
    begin_page(&listing, "kyodo");
    put(&listing, "<p>");
    put_text(&listing, slice_of(listing.language == INTERFACE_JAPANESE ? ja : en));
    put(&listing, "</p>\n");
    end_page(&listing);
}

/* ---- Script and style ---- */

/* Something new is shown: if this page is another one now, load it. */
struct slice preview_script(void)
{
    return SLICE("\"use strict\";\n"
                 "{\n"
                 "    const shown = document.currentScript.dataset.page;\n"
                 "    const compare = async () => {\n"
                 "        const answer = await fetch(location.pathname, { method: \"HEAD\", cache: "
                 "\"no-store\" });\n"
                 "        if (answer.headers.get(\"ETag\") !== shown) {\n"
                 "            location.reload();\n"
                 "        }\n"
                 "    };\n"
                 "    /* A look that fails is tried again: nothing else may follow that tells. */\n"
                 "    const look = () => compare().catch(() => setTimeout(look, 1000));\n"
                 "    let events = null;\n"
                 "    /* Hidden pages keep no connection: browsers allow six. */\n"
                 "    const listen = () => {\n"
                 "        events?.close();\n"
                 "        if (!document.hidden) {\n"
                 "            events = new EventSource(\"" PREVIEW_FOLDER "events\");\n"
                 "            events.onmessage = look;\n"
                 "        }\n"
                 "    };\n"
                 "    document.addEventListener(\"visibilitychange\", listen);\n"
                 "    addEventListener(\"pagehide\", () => events?.close());\n"
                 "    addEventListener(\"pageshow\", (event) => event.persisted && "
                 "location.reload());\n"
                 "    listen();\n"
                 "}\n");
}

struct slice preview_style(void)
{
    return SLICE(
        "#kyodo-preview { position: sticky; inset-block-start: 0; z-index: 9; max-block-size: "
        "45vh; overflow: auto; padding: .5rem 1rem; border-block-end: 3px solid #6b5900; "
        "font: 1rem/1.5 system-ui, sans-serif; }\n"
        "#kyodo-preview, #kyodo-preview :is(p, li, ol, summary, code, pre) { color: #1c1c1c; "
        "background: #fff7d6; }\n"
        "#kyodo-preview.bad, #kyodo-preview.bad :is(p, li, ol, summary, code, pre) { background: "
        "#ffe9e4; }\n"
        "#kyodo-preview.bad { border-color: #9d1c00; }\n"
        "#kyodo-preview mark { border: 0; padding: 0; }\n"
        "#kyodo-preview p { margin: .2rem 0; max-inline-size: none; }\n"
        "#kyodo-preview a { color: #0a3d91; }\n"
        "#kyodo-findings { max-inline-size: 60rem; margin: 1rem auto; padding: 0 1rem; font: "
        "1rem/1.6 system-ui, sans-serif; }\n"
        ":is(#kyodo-preview, #kyodo-findings) ol { padding-inline-start: 2rem; margin: .3rem 0; }\n"
        ":is(#kyodo-preview, #kyodo-findings) li { margin-block: .6rem; }\n"
        ":is(#kyodo-preview, #kyodo-findings) code { overflow-wrap: anywhere; user-select: all; "
        "}\n"
        ":is(#kyodo-preview, #kyodo-findings) pre { margin: .2rem 0; padding: 0; border: 0; "
        "white-space: pre-wrap; overflow-wrap: anywhere; font: .95rem/1.5 monospace; }\n"
        ":is(#kyodo-preview, #kyodo-findings) mark { color: inherit; background: none; "
        "text-decoration: underline wavy #9d1c00; }\n"
        ":is(#kyodo-preview, #kyodo-findings) .error { color: #9d1c00; }\n"
        ":is(#kyodo-preview, #kyodo-findings) .warning { color: #6b4d00; }\n"
        "@media (forced-colors: active) { #kyodo-preview { border: 2px solid; } }\n");
}
