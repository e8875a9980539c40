/*
 * The plain text of a document, made from its HTML when it is asked for: it is wanted once or
 * never, and kept it would be as long again. This knows what the Markdown part writes (markdown.h),
 * and no more.
 */
#include "parse.h"

#include <string.h>

enum tag { TAG_BLOCK, TAG_INLINE, TAG_BREAK, TAG_ROW, TAG_CELL, TAG_READING, TAG_CODE };

struct writer {
    char *start;
    char *at;
    bool begins_block; /* what comes next stands on a line of its own */
    bool after_tag;    /* of a block: a line end says nothing */
    bool ends_line;    /* a line of a block has ended, and is joined to the next with a space */
    bool after_cell;   /* in a row of a table */
    bool in_code;
    bool in_reading; /* of ruby: the words are written, how they are read is not */
};

static enum tag kind_of(struct slice name)
{
    static const struct {
        struct slice name;
        enum tag kind;
    } known[] = {{{"a", 1}, TAG_INLINE},    {{"strong", 6}, TAG_INLINE}, {{"em", 2}, TAG_INLINE},
                 {{"code", 4}, TAG_INLINE}, {{"img", 3}, TAG_INLINE},    {{"ruby", 4}, TAG_INLINE},
                 {{"br", 2}, TAG_BREAK},    {{"tr", 2}, TAG_ROW},        {{"th", 2}, TAG_CELL},
                 {{"span", 4}, TAG_INLINE}, {{"td", 2}, TAG_CELL},       {{"rt", 2}, TAG_READING},
                 {{"rp", 2}, TAG_READING},  {{"pre", 3}, TAG_CODE}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_equal(known[i].name, name)) {
            return known[i].kind;
        }
    }
    return TAG_BLOCK;
}

static void put(struct writer *writer, struct slice s)
{
    if (s.length == 0 || writer->in_reading) {
        return;
    }
    if (writer->begins_block && writer->at > writer->start && writer->at[-1] != '\n') {
        *writer->at++ = '\n';
    } else if (writer->ends_line) {
        *writer->at++ = ' ';
    }
    memcpy(writer->at, s.data, (size_t)s.length);
    writer->at += s.length;
    writer->begins_block = false;
    writer->after_tag = false;
    writer->ends_line = false;
}

static void put_tag(struct writer *writer, struct slice name, bool opens)
{
    enum tag kind = kind_of(name);
    switch (kind) {
    case TAG_INLINE:
        return;
    case TAG_READING:
        writer->in_reading = opens;
        return;
    case TAG_BREAK:
        put(writer, SLICE(" "));
        break;
    case TAG_CELL:
        if (opens && writer->after_cell && writer->at > writer->start) {
            put(writer, SLICE(" "));
        }
        writer->after_cell = true;
        break;
    case TAG_ROW:
    case TAG_CODE:
    case TAG_BLOCK:
        writer->begins_block = true;
        writer->after_cell = false;
        writer->in_code = kind == TAG_CODE && opens;
        break;
    }
    writer->after_tag = true;
    writer->ends_line = false;
}

/* The tag at the start of `html`; returns what stands behind it. */
static struct slice take_tag(struct writer *writer, struct slice html)
{
    ptrdiff_t end = slice_find_byte(html, '>', 0);
    CHECK(end > 0);
    ptrdiff_t start = html.data[1] == '/' ? 2 : 1;
    ptrdiff_t name_end = start;
    while (name_end < end && html.data[name_end] != ' ') {
        name_end++;
    }
    put_tag(writer, slice_sub(html, start, name_end), start == 1);
    return slice_from(html, end + 1);
}

static struct slice take_entity(struct writer *writer, struct slice html)
{
    static const struct {
        struct slice name;
        struct slice text;
    } known[] = {
        {{"&amp;", 5}, {"&", 1}},
        {{"&quot;", 6}, {"\"", 1}},
        {{"&lt;", 4}, {"<", 1}},
        {{"&gt;", 4}, {">", 1}},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_starts_with(html, known[i].name)) {
            put(writer, known[i].text);
            return slice_from(html, known[i].name.length);
        }
    }
    BUG("an entity that the Markdown part does not write");
}

static struct slice take_line_end(struct writer *writer, struct slice html)
{
    if (writer->in_code) {
        put(writer, SLICE("\n"));
    } else {
        writer->ends_line = !writer->after_tag;
    }
    return slice_from(html, 1);
}

static struct writer writer_for(struct slice html, struct arena *arena)
{
    char *room = arena_allocate(arena, 1, 1, html.length); /* no tag is shorter than its text */
    return (struct writer){.start = room, .at = room, .begins_block = true, .after_tag = true};
}

/* Takes the next piece of the HTML; returns what stands behind it. */
static struct slice take_piece(struct writer *writer, struct slice html)
{
    ptrdiff_t special = slice_find_any(html, '<', '&', '\n', 0);
    put(writer, special < 0 ? html : slice_sub(html, 0, special));
    if (special < 0) {
        return slice_from(html, html.length);
    }
    html = slice_from(html, special);
    return html.data[0] == '<'   ? take_tag(writer, html)
           : html.data[0] == '&' ? take_entity(writer, html)
                                 : take_line_end(writer, html);
}

static struct slice written(const struct writer *writer)
{
    return slice_trim(slice_make(writer->start, writer->at - writer->start));
}

struct slice document_text(const struct document *document, ptrdiff_t start, ptrdiff_t end,
                           struct arena *arena)
{
    struct slice html = document_html(document, start, end, arena);
    if (html.length == 0) {
        return (struct slice){0};
    }
    struct writer writer = writer_for(html, arena);
    while (html.length > 0) {
        html = take_piece(&writer, html);
    }
    return written(&writer);
}

/* Where what heading_text tells ends in the HTML. */
static ptrdiff_t own_end(const struct heading *heading)
{
    const struct document *document = heading->document;
    const struct heading *next = heading + 1;
    return next < document->headings + document->heading_count ? next->html_start
                                                               : document->html_length;
}

struct slice heading_text(const struct heading *heading, struct arena *arena)
{
    return document_text(heading->document, heading->html_content_start, own_end(heading), arena);
}

uint64_t heading_brief_hash(const struct heading *heading, struct arena *arena)
{
    struct slice html =
        document_html(heading->document, heading->html_content_start, own_end(heading), arena);
    struct writer writer = writer_for(html, arena);
    while (html.length > 0) {
        html = take_piece(&writer, html);
        if (written(&writer).length > SECTION_BRIEF) {
            return 0;
        }
    }
    return hash_64(written(&writer)) | 1;
}
