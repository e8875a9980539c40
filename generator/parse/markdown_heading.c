/* Headings: anchors that stay, sections, and hashes that tell when a section was changed. */
#include "markdown.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define ID_CHARACTERS_MOST 80

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_explicit_id(struct slice id)
{
    if (id.length == 0 || !is_ascii_letter(id.data[0])) {
        return false;
    }
    for (ptrdiff_t i = 1; i < id.length; i++) {
        char c = id.data[i];
        if (!is_ascii_letter(c) && !(c >= '0' && c <= '9') && strchr("_.-", c) == NULL) {
            return false;
        }
    }
    return true;
}

/* Where `{#id}` stands, or else the heading. */
static struct span anchor_place(struct markdown *markdown, cmark_node *heading, struct slice anchor)
{
    ptrdiff_t start = feed_line_start(&markdown->fed, cmark_node_get_start_line(heading));
    ptrdiff_t end = feed_line_start(&markdown->fed, cmark_node_get_end_line(heading) + 1);
    struct slice lines = slice_trim(slice_sub(markdown->fed.text, start, end));
    ptrdiff_t at = slice_ends_with(lines, anchor) ? lines.length - anchor.length
                                                  : slice_find(lines, anchor, 0);
    if (at < 0) {
        return place_block(markdown, heading);
    }
    at = feed_to_source(&markdown->fed, lines.data - markdown->fed.text.data + at);
    return span_make(markdown->source, at, at + anchor.length);
}

static void reserve_anchor(struct markdown *markdown, cmark_node *heading, struct slice anchor)
{
    struct slice id = arena_copy(markdown->arena, slice_sub(anchor, 2, anchor.length - 1));
    struct span *span = ARENA_NEW(markdown->scratch, struct span);
    *span = anchor_place(markdown, heading, anchor);
    bool is_new;
    struct map_entry *entry = map_insert(&markdown->anchors, markdown->scratch, id, &is_new);
    if (!is_new) {
        const struct span *first = entry->value.constant;
        diag_add(markdown->diag, &(struct report){.code = CODE_markdown_anchor_repeated,
                                                  .span = *span,
                                                  .arguments = {id},
                                                  .note_count = 1,
                                                  .notes = {{.code = CODE_see_markdown_anchor,
                                                             .span = *first,
                                                             .arguments = {id}}}});
        return;
    }
    entry->value.constant = span;
    map_insert(&markdown->ids, markdown->scratch, id, NULL)->value.integer = 2;
    markdown_note(markdown, heading)->anchor = id;
}

void heading_take_anchor(struct markdown *markdown, cmark_node *heading)
{
    cmark_node *last = cmark_node_last_child(heading);
    if (last == NULL || cmark_node_get_type(last) != CMARK_NODE_TEXT) {
        return;
    }
    struct slice text = slice_of(cmark_node_get_literal(last));
    if (!slice_ends_with(text, SLICE("}"))) {
        return;
    }
    ptrdiff_t start = slice_find_last_byte(text, '{');
    struct slice anchor = slice_from(text, start < 0 ? text.length : start);
    if (!slice_starts_with(anchor, SLICE("{#"))) {
        return;
    }
    if (!is_explicit_id(slice_sub(anchor, 2, anchor.length - 1))) {
        DIAG(markdown->diag, CODE_markdown_anchor_form, anchor_place(markdown, heading, anchor),
             anchor);
        return;
    }
    reserve_anchor(markdown, heading, anchor);
    struct slice rest = slice_trim_wide(slice_sub(text, 0, start));
    rest = slice_make(text.data, rest.length == 0 ? 0 : rest.data + rest.length - text.data);
    if (rest.length == 0) {
        cmark_node_unlink(last);
    } else {
        cmark_node_set_literal(last, arena_string(markdown->scratch, rest));
    }
}

struct slice heading_unique_id(struct markdown *markdown, struct slice wanted)
{
    bool is_new;
    struct map_entry *entry = map_insert(&markdown->ids, markdown->scratch, wanted, &is_new);
    if (is_new) {
        entry->value.integer = 2;
        return wanted;
    }
    for (;;) {
        struct slice id = arena_format(markdown->arena, "%.*s-%d", SLICE_ARGUMENTS(wanted),
                                       (int)map_find(&markdown->ids, wanted)->value.integer++);
        map_insert(&markdown->ids, markdown->scratch, id, &is_new)->value.integer += is_new ? 2 : 0;
        if (is_new) {
            return id;
        }
    }
}

/* Characters that stay as they are in NFC whatever stands beside them. */
static bool is_surely_nfc(int32_t c)
{
    return c < 0x300 || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A0 && c <= 0x30FF) ||
           (c >= 0x3400 && c <= 0x9FFF);
}

/* An id made of a heading's text. */
static struct slice id_of_text(struct markdown *markdown, struct slice text)
{
    struct buffer *out = &markdown->text; /* as a place to write; cut off again */
    ptrdiff_t start = out->length;
    bool is_nfc = true;
    bool wants_hyphen = false;
    int characters = 0;
    for (ptrdiff_t at = 0; at < text.length && characters < ID_CHARACTERS_MOST;) {
        int32_t c = utf8_next(text, &at);
        if (!utf8_is_letter_or_digit(c)) {
            wants_hyphen = out->length > start;
            continue;
        }
        if (wants_hyphen) {
            buffer_append_byte(out, '-');
            wants_hyphen = false;
        }
        utf8_append(out, c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        is_nfc = is_nfc && is_surely_nfc(c);
        characters++;
    }
    struct slice id = slice_from(buffer_slice(out), start);
    if (id.length == 0) {
        id = SLICE("section");
    } else {
        id = is_nfc ? arena_copy(markdown->arena, id) : utf8_nfc(markdown->arena, id);
    }
    out->length = start;
    return id;
}

/* No text is so long that its HTML would not fit. */
static int32_t html_length(const struct markdown *markdown)
{
    CHECK(markdown->html.length <= INT32_MAX);
    return (int32_t)markdown->html.length;
}

/* Sections of `container` at this level or deeper end before what comes next. */
static void close_sections(struct markdown *markdown, cmark_node *container, int level)
{
    while (markdown->open_heading >= 0) {
        struct pending_heading *open = &markdown->headings.data[markdown->open_heading];
        if (open->parent != container || open->heading.level < level) {
            return;
        }
        open->heading.html_end = html_length(markdown);
        markdown->open_heading = open->outer;
    }
}

void heading_close_sections(struct markdown *markdown, cmark_node *container)
{
    close_sections(markdown, container, 0);
}

static struct slice id_of_heading(struct markdown *markdown, cmark_node *node,
                                  struct heading *heading)
{
    const struct note *note = cmark_node_get_user_data(node);
    heading->has_explicit_id = note != NULL && note->anchor.length > 0;
    if (heading->has_explicit_id) {
        return note->anchor;
    }
    ptrdiff_t counted;
    struct slice text = inline_plain(markdown, node, &counted);
    return heading_unique_id(markdown, id_of_text(markdown, text));
}

void heading_render(struct markdown *markdown, cmark_node *node)
{
    static const struct inline_part whole = {0};
    struct buffer *html = &markdown->html;
    int level = cmark_node_get_heading_level(node) + markdown->options.heading_offset;
    level = level > 6 ? 6 : level < 1 ? 1 : level;
    cmark_node *parent = cmark_node_parent(node);
    close_sections(markdown, parent, level);
    if (markdown->headings.length > 0) {
        markdown->headings.data[markdown->headings.length - 1].own_end = markdown->text.length;
    }
    markdown_begin_block(markdown);
    struct heading heading = {
        .level = level, .html_start = html_length(markdown), .span = place_block(markdown, node)};
    buffer_append_literal(html, "<h");
    buffer_append_byte(html, (char)('0' + level));
    if (!markdown->options.plain) {
        heading.id = id_of_heading(markdown, node, &heading);
        buffer_append_literal(html, " id=\"");
        buffer_append(html, heading.id);
        buffer_append_byte(html, '"');
    }
    buffer_append_byte(html, '>');
    ptrdiff_t title_start = markdown->text.length;
    ptrdiff_t words_start = html->length;
    inline_render(markdown, node, &whole);
    ptrdiff_t title_end = markdown->text.length;
    if (html->length == words_start && !markdown->options.plain) {
        DIAG(markdown->diag, CODE_markdown_heading_empty, heading.span, SLICE(""));
    }
    buffer_append_literal(html, "</h");
    buffer_append_byte(html, (char)('0' + level));
    buffer_append_literal(html, ">\n");
    heading.html_content_start = html_length(markdown);
    ptrdiff_t line = feed_line_start(&markdown->fed, cmark_node_get_start_line(node));
    *VECTOR_PUSH(markdown->scratch, &markdown->headings) =
        (struct pending_heading){.heading = heading,
                                 .parent = parent,
                                 .outer = markdown->open_heading,
                                 .title_start = title_start,
                                 .title_end = title_end,
                                 .source_start = feed_to_source(&markdown->fed, line)};
    markdown->open_heading = markdown->headings.length - 1;
}

#ifdef __SSE2__
#define FOLD_STEP ((ptrdiff_t)16)
/* How many of the next FOLD_STEP bytes fold to themselves, up to the first white space that is not
 * a single space; they are copied. */
static ptrdiff_t fold_step(const char *from, char *to, bool after_space)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)from);
    _mm_storeu_si128((__m128i *)(void *)to, bytes);
    const __m128i last_control = _mm_set1_epi8(0x1F);
    __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    unsigned control = (unsigned)_mm_movemask_epi8(controls);
    unsigned space = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
    unsigned folding = control | (space & (space << 1 | (after_space ? 1u : 0u)));
    return folding == 0 ? FOLD_STEP : __builtin_ctz(folding);
}
#else
#define FOLD_STEP ((ptrdiff_t)1)
static ptrdiff_t fold_step(const char *from, char *to, bool after_space)
{
    *to = *from;
    return (unsigned char)*from > ' ' || (*from == ' ' && !after_space) ? 1 : 0;
}
#endif

/* Copy `s` with each run of white space as one space; returns the length. `room` has FOLD_STEP
 * bytes to spare. */
static ptrdiff_t fold(struct slice s, char *room)
{
    ptrdiff_t length = 0;
    bool after_space = false;
    for (ptrdiff_t i = 0; i < s.length;) {
        if (i + FOLD_STEP <= s.length) {
            ptrdiff_t same = fold_step(s.data + i, room + length, after_space);
            length += same;
            i += same;
            after_space = same > 0 ? s.data[i - 1] == ' ' : after_space;
            if (same == FOLD_STEP) {
                continue;
            }
        }
        char c = s.data[i++];
        bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
        room[length] = is_space ? ' ' : c;
        length += is_space && after_space ? 0 : 1;
        after_space = is_space;
    }
    return length;
}

/* Of bytes [start, end) of the source, with each run of white space counted as one space. */
static uint64_t folded_hash(struct markdown *markdown, ptrdiff_t start, ptrdiff_t end, char *room)
{
    struct slice s = slice_sub(markdown->body, start - markdown->start, end - markdown->start);
    return hash_64(slice_make(room, fold(slice_trim(s), room)));
}

void heading_finish(struct markdown *markdown, struct document *document)
{
    ptrdiff_t count = markdown->headings.length;
    struct slice text = buffer_slice(&markdown->text);
    char *room = arena_allocate(markdown->scratch, 1, 1, markdown->body.length + FOLD_STEP);
    ptrdiff_t end = markdown->start + markdown->body.length;
    document->headings = ARENA_ARRAY(markdown->arena, struct heading, count);
    document->heading_count = count;
    for (ptrdiff_t i = count - 1; i >= 0; i--) {
        const struct pending_heading *pending = &markdown->headings.data[i];
        struct heading *heading = &document->headings[i];
        *heading = pending->heading;
        heading->document = document;
        heading->text =
            arena_copy(markdown->arena, slice_sub(text, pending->title_start, pending->title_end));
        ptrdiff_t own_end = i < count - 1 ? pending->own_end : text.length;
        heading->has_text = slice_trim(slice_sub(text, pending->title_end, own_end)).length > 0;
        heading->hash = folded_hash(markdown, pending->source_start, end, room);
        heading->brief_hash =
            markdown->options.plain ? 0 : heading_brief_hash(heading, markdown->scratch);
        end = pending->source_start;
    }
    document->lead_hash = folded_hash(markdown, markdown->start, end, room);
}
