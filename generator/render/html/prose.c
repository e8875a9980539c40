/* Bodies of texts: their HTML is made once by the parse stage and has holes where addresses belong.
 */
#include "chart_part.h"
#include "page.h"

static void put_target(const struct page *page, const struct item *item,
                       const struct reference *reference)
{
    struct link link =
        link_resolve(page->site, item, page->language, reference->destination, page->arena);
    switch (link.kind) {
    case LINK_EXTERNAL:
        escape_html_attribute(page->buffer, link.address);
        return;
    case LINK_PAGE:
        escape_html_attribute(page->buffer, page_url(page, link.address));
        break;
    case LINK_ASSET:
        escape_html_attribute(page->buffer, page_url(page, link.asset->published));
        return;
    case LINK_FRAGMENT:
    case LINK_BROKEN:
        break;
    }
    if (link.fragment.length > 0) {
        PUT(page, "#");
        escape_html_attribute(page->buffer, link.fragment);
    } else if (link.kind == LINK_BROKEN) {
        PUT(page, "#main");
    }
}

/* Where the writing of a body stands. */
struct body {
    struct slice html; /* of bytes [start, …) of the document */
    ptrdiff_t start;
    ptrdiff_t at;   /* so much of the document is written */
    ptrdiff_t note; /* of the page's notes, the next */
    bool is_own;    /* it is the text of the page, and not one that stands in for it */
    bool is_marked; /* it is in the page's own language, and Japanese words in it are marked */
    bool in_tag;
    bool framed; /* the table that is open got a frame here */
};

static void put_words(const struct page *page, struct body *body, struct slice html)
{
    if (body->is_marked) {
        put_body_html(page, html, &body->in_tag);
    } else {
        put_html(page, html);
    }
}

/* A piece of a body. Tables get a frame to scroll in, unless the parse stage has given them one,
 * which it does to those with a caption. */
static void put_piece(const struct page *page, struct slice html, struct body *body)
{
    ptrdiff_t at = 0;
    for (ptrdiff_t tag = slice_find_byte(html, '<', 0); tag >= 0;
         tag = slice_find_byte(html, '<', tag + 1)) {
        struct slice rest = slice_from(html, tag);
        char second = rest.length > 1 ? rest.data[1] : '\0'; /* of most tags it says enough */
        if (second == 't' && slice_starts_with(rest, SLICE("<table>"))) {
            struct slice before = slice_sub(html, at, tag);
            body->framed =
                slice_find(slice_from(before, before.length > 160 ? before.length - 160 : 0),
                           SLICE("table-scroll"), 0) < 0;
            put_words(page, body, before);
            if (body->framed) {
                PUT(page, "<div class=\"frame\" role=\"group\" aria-label=\"");
                escape_html_attribute(page->buffer, page_string(page, STRING_table));
                PUT(page, "\" tabindex=\"0\">\n");
            }
            at = tag;
        } else if (second == '/' && body->framed && slice_starts_with(rest, SLICE("</table>"))) {
            ptrdiff_t after = tag + SLICE("</table>").length;
            put_words(page, body, slice_sub(html, at, after));
            PUT(page, "</div>");
            body->framed = false;
            at = after;
        }
    }
    put_words(page, body, slice_from(html, at));
}

/* The first reference at or behind a byte; they are in order. */
static ptrdiff_t first_reference(const struct document *document, ptrdiff_t start)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = document->reference_count;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (document->references[middle].html_offset < start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The `number`th reference of a text is a chart. */
static void put_chart_of(const struct page *page, const struct reference *reference,
                         ptrdiff_t number)
{
    const struct table *table = NULL;
    const struct chart *chart = site_chart(page->site, reference->destination, &table);
    if (chart != NULL) {
        put_chart(
            page, table, chart,
            arena_format(page->arena, "chart-%td-%.*s", number + 1, SLICE_ARGUMENTS(chart->name)));
    }
}

/* Everything up to `to`, with the notes that belong between. */
static void put_until(const struct page *page, struct body *body, ptrdiff_t to)
{
    while (body->is_own && body->note < page->note_count && page->notes[body->note].at <= to) {
        const struct section_note *note = &page->notes[body->note++];
        if (note->at >= body->at) {
            put_piece(page, slice_sub(body->html, body->at - body->start, note->at - body->start),
                      body);
            body->at = note->at;
            put_section_note(page, note);
        }
    }
    put_piece(page, slice_sub(body->html, body->at - body->start, to - body->start), body);
    body->at = to;
}

void page_read_text(struct page *page, const struct document *document)
{
    if (document) {
        page->whole = document;
        page->whole_html = document_html(document, 0, document->html_length, page->arena);
    }
}

void put_document(const struct page *page, const struct item *item, const struct document *document,
                  ptrdiff_t start, ptrdiff_t end)
{
    bool is_own = item->versions[page->text].document == document;
    struct body body = {.html = document == page->whole
                                    ? slice_sub(page->whole_html, start, end)
                                    : document_html(document, start, end, page->arena),
                        .start = start,
                        .at = start,
                        .is_own = is_own,
                        .is_marked = is_own && page_marks_japanese(page)};
    for (ptrdiff_t i = first_reference(document, start); i < document->reference_count; i++) {
        const struct reference *reference = &document->references[i];
        if (reference->html_offset > end) {
            break;
        }
        put_until(page, &body, reference->html_offset);
        if (reference->kind == REFERENCE_CHART) {
            put_chart_of(page, reference, i);
        } else if (!reference->is_unsafe) {
            put_target(page, item, reference);
        }
    }
    put_until(page, &body, end);
}

struct slice html_prose(const struct page *page, const struct item *item, const struct value *value)
{
    int actual = page->text;
    const struct word *word = value_word(value, page->text, &actual);
    if (!word) {
        return (struct slice){0};
    }
    ptrdiff_t start = markup_begin(page);
    const struct document *document = item->versions[actual].document;
    if (word->section && document) {
        bool is_other = actual != page->text;
        if (is_other) {
            PUT(page, "<div lang=\"");
            escape_html_attribute(page->buffer, page->site->languages[actual].tag);
            PUT(page, "\">");
        }
        put_document(page, item, document, word->section->html_content_start,
                     word->section->html_end);
        if (is_other) {
            PUT(page, "</div>");
        }
    } else {
        put_paragraphs(page, word->text, actual);
    }
    return markup_end(page, start);
}
