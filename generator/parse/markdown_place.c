/*
 * Where things stand. A block's lines are known from cmark; what precedes its text on each line
 * (quote and list markers) is replayed here by CommonMark's rules for block continuation, and the
 * inlines are followed through that text one by one. All this runs only for blocks that hold a
 * link, a picture, raw HTML or a table.
 */
#include "markdown.h"

#include <string.h>

/* ---- The text of a block ---- */

/* A quote or list item around a block. */
struct container {
    bool is_quote;
    int start_line;
    ptrdiff_t width; /* item: columns that its content is indented */
};

/* A place on a line; a tab may be half used. */
struct cursor {
    struct slice line;
    ptrdiff_t at;
    ptrdiff_t column;
};

static char cursor_byte(const struct cursor *cursor)
{
    return cursor->at < cursor->line.length ? cursor->line.data[cursor->at] : '\n';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void cursor_advance(struct cursor *cursor, ptrdiff_t columns)
{
    while (columns > 0 && cursor->at < cursor->line.length) {
        ptrdiff_t width = cursor_byte(cursor) == '\t' ? 4 - cursor->column % 4 : 1;
        ptrdiff_t step = columns < width ? columns : width;
        cursor->column += step;
        columns -= step;
        if (step == width) {
            cursor->at++;
        }
    }
}

/* Columns of white space in front, and what comes behind it. */
static ptrdiff_t cursor_indent(const struct cursor *cursor, char *next)
{
    struct cursor ahead = *cursor;
    while (is_blank(cursor_byte(&ahead))) {
        cursor_advance(&ahead, 1);
    }
    *next = cursor_byte(&ahead);
    return ahead.column - cursor->column;
}

static void skip_quote_marker(struct cursor *cursor, ptrdiff_t indent)
{
    cursor_advance(cursor, indent + 1);
    if (is_blank(cursor_byte(cursor))) {
        cursor_advance(cursor, 1);
    }
}

/* Move behind the prefix of a container; false when the line does not have it (a lazy line). */
static bool skip_prefix(struct cursor *cursor, const struct container *container,
                        bool is_first_line)
{
    char next;
    ptrdiff_t indent = cursor_indent(cursor, &next);
    if (container->is_quote) {
        if ((indent > 3 && !is_first_line) || next != '>') {
            return false;
        }
        skip_quote_marker(cursor, indent);
        return true;
    }
    if (!is_first_line && indent < container->width) {
        return false;
    }
    cursor_advance(cursor, container->width);
    return true;
}

/* Columns from the end of the outer prefix to the content of an item whose marker comes next. */
static ptrdiff_t item_width(struct cursor cursor)
{
    char next;
    ptrdiff_t indent = cursor_indent(&cursor, &next);
    cursor_advance(&cursor, indent);
    ptrdiff_t marker = 0;
    while (cursor_byte(&cursor) >= '0' && cursor_byte(&cursor) <= '9') {
        cursor_advance(&cursor, 1);
        marker++;
    }
    cursor_advance(&cursor, 1);
    marker++;
    ptrdiff_t padding = cursor_indent(&cursor, &next);
    if (padding < 1 || padding > 4 || next == '\n') {
        padding = 1;
    }
    return indent + marker + padding;
}

/* A line behind the prefixes of containers; `*is_lazy` when it lacks one of them. */
static struct cursor line_behind(const struct fed *fed, int line,
                                 const struct container *containers, int count, bool *is_lazy)
{
    struct cursor cursor = {.line = feed_line(fed, line)};
    *is_lazy = false;
    for (int i = 0; i < count && !*is_lazy; i++) {
        *is_lazy = !skip_prefix(&cursor, &containers[i], containers[i].start_line == line);
    }
    return cursor;
}

/* The containers around a block, outermost first. */
static int find_containers(const struct fed *fed, cmark_node *block,
                           struct container containers[NESTING_MOST + 1])
{
    cmark_node *nodes[NESTING_MOST + 1];
    int count = 0;
    for (cmark_node *node = cmark_node_parent(block); node != NULL && count <= NESTING_MOST;
         node = cmark_node_parent(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_ITEM) {
            nodes[count++] = node;
        }
    }
    for (int i = 0; i < count; i++) {
        cmark_node *node = nodes[count - 1 - i];
        struct container *container = &containers[i];
        container->is_quote = cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE;
        container->start_line = cmark_node_get_start_line(node);
        container->width = 0;
        if (!container->is_quote) {
            bool is_lazy;
            container->width =
                item_width(line_behind(fed, container->start_line, containers, i, &is_lazy));
        }
    }
    return count;
}

static void skip_hashes(struct cursor *cursor)
{
    while (cursor_byte(cursor) == '#') {
        cursor_advance(cursor, 1);
    }
    while (is_blank(cursor_byte(cursor))) {
        cursor_advance(cursor, 1);
    }
}

void place_content(struct markdown *markdown, cmark_node *block, struct content *content,
                   ptrdiff_t *skipped)
{
    const struct fed *fed = &markdown->fed;
    struct container containers[NESTING_MOST + 1];
    int count = find_containers(fed, block, containers);
    int first = cmark_node_get_start_line(block);
    int last = cmark_node_get_end_line(block);
    bool is_heading = cmark_node_get_type(block) == CMARK_NODE_HEADING;
    bool has_hashes = is_heading && first == last;
    if (is_heading && !has_hashes) {
        last--; /* the line of = or - */
    }
    *content = (struct content){.fed = fed};
    ptrdiff_t capacity = feed_line_start(fed, last + 1) - feed_line_start(fed, first);
    char *text = arena_allocate(markdown->scratch, 1, 1, capacity);
    ptrdiff_t length = 0;
    for (int line = first; line <= last; line++) {
        bool is_lazy;
        struct cursor cursor = line_behind(fed, line, containers, count, &is_lazy);
        while (!is_lazy && is_blank(cursor_byte(&cursor))) { /* cmark keeps them on lazy lines */
            cursor_advance(&cursor, 1);
        }
        if (has_hashes) {
            skip_hashes(&cursor);
        }
        ptrdiff_t start = feed_line_start(fed, line) + cursor.at;
        ptrdiff_t end = feed_line_start(fed, line + 1); /* with its line end, as cmark keeps it */
        *VECTOR_PUSH(markdown->scratch, &content->lines) = (struct segment){length, start};
        memcpy(text + length, fed->text.data + start, (size_t)(end - start));
        length += end - start;
    }
    content->text = slice_make(text, length);
    *skipped = 0;
    /* cmark takes definitions off paragraphs, and off those that an underline makes a heading. */
    ptrdiff_t more = has_hashes ? 0 : 1;
    while (more > 0 && *skipped < length && text[*skipped] == '[') {
        more = syntax_definition(content->text, *skipped);
        *skipped += more;
    }
}

struct span place_block(struct markdown *markdown, cmark_node *block)
{
    struct slice line = feed_line(&markdown->fed, cmark_node_get_start_line(block));
    ptrdiff_t start = line.data - markdown->fed.text.data;
    ptrdiff_t column = cmark_node_get_start_column(block) - 1;
    if (column > 0 && column < line.length) {
        line = slice_from(line, column);
        start += column;
    }
    line = slice_trim(line);
    return span_make(markdown->source, feed_to_source(&markdown->fed, start),
                     feed_to_source(&markdown->fed, start + line.length));
}

/* ---- Following the inlines of a block through its text ---- */

/* What is written after a backslash or as an entity for one character of `literal`; moves both. */
static void follow_entity(struct placer *placer, struct slice literal, ptrdiff_t *at)
{
    struct slice text = placer->text;
    ptrdiff_t end = slice_find_byte(slice_sub(text, 0, placer->at + 40), ';', placer->at);
    struct slice name = slice_sub(text, placer->at + 1, end);
    bool is_ampersand = end > 0 && (slice_equal_ignoring_ascii_case(name, SLICE("amp")) ||
                                    slice_equal_ignoring_ascii_case(name, SLICE("#x26")) ||
                                    slice_equal(name, SLICE("#38")));
    if (literal.data[*at] == '&' && !is_ampersand) {
        placer->at++;
        (*at)++;
        return;
    }
    if (end < 0) {
        placer->is_lost = true;
        return;
    }
    placer->at = end + 1;
    utf8_next(literal, at);
    /* A few names stand for two characters, the second of which joins the first. */
    while (*at < literal.length) {
        ptrdiff_t next = *at;
        int32_t c = utf8_next(literal, &next);
        bool joins = c == 0x338 || c == 0x20D2 || c == 0x20E5 || c == 0xFE00 || c == 0x333;
        if (!joins ||
            slice_starts_with(slice_from(text, placer->at), slice_sub(literal, *at, next))) {
            break;
        }
        *at = next;
    }
}

#define EACH_BYTE(byte) ((byte)*0x0101010101010101u)
/* Not zero when a byte of `word` is zero. */
#define ZERO_BYTES(word) (((word)-EACH_BYTE(0x01u)) & ~(word)&EACH_BYTE(0x80u))

/* Bytes, eight at a time, that are the same in both and neither a backslash nor `&`. */
static ptrdiff_t equal_words(struct slice text, struct slice literal)
{
    ptrdiff_t most = text.length < literal.length ? text.length : literal.length;
    ptrdiff_t at = 0;
    for (; at + 8 <= most; at += 8) {
        uint64_t a;
        uint64_t b;
        memcpy(&a, text.data + at, 8);
        memcpy(&b, literal.data + at, 8);
        if (a != b || ZERO_BYTES(a ^ EACH_BYTE((uint64_t)'\\')) != 0 ||
            ZERO_BYTES(a ^ EACH_BYTE((uint64_t)'&')) != 0) {
            break;
        }
    }
    return at;
}

static void follow_text(struct placer *placer, struct slice literal)
{
    struct slice text = placer->text;
    for (ptrdiff_t i = 0; i < literal.length && !placer->is_lost;) {
        ptrdiff_t equal = equal_words(slice_from(text, placer->at), slice_from(literal, i));
        placer->at += equal;
        i += equal;
        if (i == literal.length) {
            return;
        }
        if (placer->at >= text.length) {
            placer->is_lost = true;
            return;
        }
        char c = text.data[placer->at];
        if (c == '\\' && syntax_is_escape(text, placer->at)) {
            placer->is_lost = text.data[placer->at + 1] != literal.data[i];
            placer->at += 2;
            i++;
        } else if (c == '&') {
            follow_entity(placer, literal, &i);
        } else if (c == literal.data[i]) {
            placer->at++;
            i++;
        } else if (c == '\0' && literal.data[i] == '\xEF') {
            placer->at++; /* cmark has U+FFFD there */
            i += 3;
        } else {
            placer->is_lost = true;
        }
    }
}

static void follow_break(struct placer *placer)
{
    placer->at = syntax_skip_blanks(placer->text, placer->at);
    bool has_backslash = placer->at < placer->text.length && placer->text.data[placer->at] == '\\';
    ptrdiff_t behind = syntax_skip_line_end(placer->text, placer->at + (has_backslash ? 1 : 0));
    if (behind < 0) {
        placer->is_lost = true;
    } else {
        /* Blanks behind a backslash break are text to cmark. */
        placer->at = has_backslash ? behind : syntax_skip_blanks(placer->text, behind);
    }
}

static ptrdiff_t run_of(struct slice s, ptrdiff_t at, char c)
{
    ptrdiff_t end = at;
    while (end < s.length && s.data[end] == c) {
        end++;
    }
    return end - at;
}

static void follow_code(struct placer *placer)
{
    ptrdiff_t ticks = run_of(placer->text, placer->at, '`');
    ptrdiff_t at = placer->at + ticks;
    while (ticks > 0) {
        at = slice_find_byte(placer->text, '`', at);
        if (at < 0) {
            break;
        }
        ptrdiff_t run = run_of(placer->text, at, '`');
        at += run;
        if (run == ticks) {
            placer->at = at;
            return;
        }
    }
    placer->is_lost = true;
}

static void follow_delimiter(struct placer *placer, cmark_node_type type)
{
    ptrdiff_t length = type == CMARK_NODE_STRONG ? 2 : 1;
    struct slice text = placer->text;
    for (ptrdiff_t i = 0; i < length; i++, placer->at++) {
        if (placer->at >= text.length ||
            (text.data[placer->at] != '*' && text.data[placer->at] != '_')) {
            placer->is_lost = true;
            return;
        }
    }
}

static void follow_into_link(struct placer *placer, cmark_node_type type)
{
    struct slice mark = type == CMARK_NODE_IMAGE ? SLICE("![") : SLICE("[");
    if (slice_starts_with(slice_from(placer->text, placer->at), mark)) {
        placer->at += mark.length;
    } else {
        placer->is_lost = true;
    }
}

static void follow_out_of_link(struct placer *placer)
{
    struct slice text = placer->text;
    if (placer->at >= text.length || text.data[placer->at] != ']') {
        placer->is_lost = true;
        return;
    }
    placer->at++;
    ptrdiff_t end = -1;
    if (placer->at < text.length && text.data[placer->at] == '(') {
        end = syntax_inline_link(text, placer->at);
    }
    if (end < 0 && placer->at < text.length && text.data[placer->at] == '[') {
        end = syntax_label(text, placer->at);
    }
    placer->at = end < 0 ? placer->at : end;
}

static void span_begin(struct placer *placer)
{
    struct placed *placed = VECTOR_PUSH(placer->markdown->scratch, &placer->spans);
    placed->span = placer->fallback;
    if (!placer->is_lost) {
        ptrdiff_t at = place_to_source(placer->content, placer->at);
        placed->span = span_make(placer->markdown->source, at, at);
    }
}

static void span_end(struct placer *placer, ptrdiff_t index)
{
    struct placed *placed = &placer->spans.data[index];
    placed->is_ready = true;
    if (placer->is_lost || placer->at == 0) {
        placed->span = placer->fallback;
        return;
    }
    /* Behind the last byte, not at the next one, which may be on another line. */
    ptrdiff_t end = place_to_source(placer->content, placer->at - 1) + 1;
    placed->span = span_make(placer->markdown->source, placed->span.start, end);
}

static bool is_autolink(const struct placer *placer)
{
    return !placer->is_lost && placer->at < placer->text.length &&
           placer->text.data[placer->at] == '<';
}

/* Returns false when the children are not to be followed. */
static bool place_enter(struct placer *placer, cmark_node *node, cmark_node_type type)
{
    switch (type) {
    case CMARK_NODE_TEXT:
        follow_text(placer, slice_of(cmark_node_get_literal(node)));
        break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        follow_break(placer);
        break;
    case CMARK_NODE_CODE:
        follow_code(placer);
        break;
    case CMARK_NODE_HTML_INLINE:
        span_begin(placer);
        placer->at += slice_of(cmark_node_get_literal(node)).length;
        span_end(placer, placer->spans.length - 1);
        break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
        span_begin(placer);
        if (type == CMARK_NODE_LINK && is_autolink(placer)) {
            ptrdiff_t end = slice_find_byte(placer->text, '>', placer->at);
            placer->is_lost = end < 0;
            placer->at = end + 1;
            span_end(placer, placer->spans.length - 1);
            return false;
        }
        *VECTOR_PUSH(placer->markdown->scratch, &placer->open) = placer->spans.length - 1;
        follow_into_link(placer, type);
        break;
    default:
        follow_delimiter(placer, type);
        break;
    }
    return true;
}

static void place_exit(struct placer *placer, cmark_node_type type)
{
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
        follow_out_of_link(placer);
        span_end(placer, placer->open.data[--placer->open.length]);
    } else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG) {
        follow_delimiter(placer, type);
    }
}

/* Follow one node, and the ends of those that end with it. */
static void place_step(struct placer *placer)
{
    cmark_node *node = placer->node;
    cmark_node_type type = cmark_node_get_type(node);
    bool enters = place_enter(placer, node, type);
    cmark_node *child = enters ? cmark_node_first_child(node) : NULL;
    if (child != NULL) {
        placer->node = child;
        return;
    }
    if (enters) {
        place_exit(placer, type);
    }
    cmark_node *next = cmark_node_next(node);
    while (node != placer->block && next == NULL) {
        node = cmark_node_parent(node);
        if (node != placer->block) {
            place_exit(placer, cmark_node_get_type(node));
            next = cmark_node_next(node);
        }
    }
    placer->node = node == placer->block ? NULL : next;
}

void place_begin(struct placer *placer, struct markdown *markdown, cmark_node *block,
                 const struct content *content, ptrdiff_t skipped)
{
    *placer = (struct placer){.markdown = markdown,
                              .block = block,
                              .node = cmark_node_first_child(block),
                              .content = content,
                              .text = content->text,
                              .at = skipped};
    ptrdiff_t start = place_to_source(content, skipped);
    placer->fallback = span_make(markdown->source, start, start + 1);
}

struct span place_next(struct placer *placer)
{
    ptrdiff_t wanted = placer->given++;
    while (placer->node != NULL &&
           (placer->spans.length <= wanted || !placer->spans.data[wanted].is_ready)) {
        place_step(placer);
    }
    CHECK(wanted < placer->spans.length);
    return placer->spans.data[wanted].span;
}
