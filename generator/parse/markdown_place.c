/*
 * Where things stand. A block's lines are known from cmark; what precedes its text on each line
 * (quote and list markers) is replayed here by CommonMark's rules for block continuation, and the
 * inlines are followed through that text one by one. All this runs only for blocks that hold a
 * link, a picture, raw HTML or a table.
 */
#include "markdown.h"

#include <string.h>

/* ---- The text of a block ------------------------------------------------------------------------------ */

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
        more = place_definition(content->text, *skipped);
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

/* ---- Pieces of link syntax, as cmark scans them --------------------------------------------------------- */

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_escape(struct slice s, ptrdiff_t at)
{
    return s.data[at] == '\\' && at + 1 < s.length && s.data[at + 1] > ' ' &&
           strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s.data[at + 1]) != NULL;
}

static ptrdiff_t skip_white(struct slice s, ptrdiff_t at)
{
    while (at < s.length && is_white(s.data[at])) {
        at++;
    }
    return at;
}

static ptrdiff_t skip_blanks(struct slice s, ptrdiff_t at)
{
    while (at < s.length && is_blank(s.data[at])) {
        at++;
    }
    return at;
}

/* Behind a line end at `at`; -1 when there is none. The end of the text counts as one. */
static ptrdiff_t skip_line_end(struct slice s, ptrdiff_t at)
{
    if (at >= s.length) {
        return at;
    }
    if (s.data[at] == '\r') {
        return at + 1 < s.length && s.data[at + 1] == '\n' ? at + 2 : at + 1;
    }
    return s.data[at] == '\n' ? at + 1 : -1;
}

/* Blanks with at most one line end among them. */
static ptrdiff_t skip_blanks_and_line(struct slice s, ptrdiff_t at)
{
    at = skip_blanks(s, at);
    ptrdiff_t behind = skip_line_end(s, at);
    return behind < 0 ? at : skip_blanks(s, behind);
}

/* Behind `[…]` at `at`, or -1. */
static ptrdiff_t scan_label(struct slice s, ptrdiff_t at)
{
    ptrdiff_t most = at + 1002;
    for (ptrdiff_t i = at + 1; i < s.length && i < most; i++) {
        if (is_escape(s, i)) {
            i++;
        } else if (s.data[i] == '[') {
            return -1;
        } else if (s.data[i] == ']') {
            return i + 1;
        }
    }
    return -1;
}

static ptrdiff_t scan_pointed_destination(struct slice s, ptrdiff_t at)
{
    for (ptrdiff_t i = at + 1; i < s.length; i++) {
        char c = s.data[i];
        if (c == '>') {
            return i + 1;
        }
        if (c == '\n' || c == '<') {
            return -1;
        }
        i += c == '\\';
    }
    return -1;
}

static ptrdiff_t scan_destination(struct slice s, ptrdiff_t at)
{
    if (at < s.length && s.data[at] == '<') {
        return scan_pointed_destination(s, at);
    }
    int open = 0;
    ptrdiff_t i = at;
    for (; i < s.length; i++) {
        char c = s.data[i];
        if (is_escape(s, i)) {
            i++;
        } else if (c == '(') {
            if (++open > 32) {
                return -1;
            }
        } else if (c == ')') {
            if (open == 0) {
                break;
            }
            open--;
        } else if (is_white(c)) {
            break;
        }
    }
    return open > 0 || (i == at && i < s.length && is_white(s.data[i])) ? -1 : i;
}

/* Behind a title at `at`, or `at`. */
static ptrdiff_t scan_title(struct slice s, ptrdiff_t at)
{
    if (at >= s.length) {
        return at;
    }
    char open = s.data[at];
    if (open != '"' && open != '\'' && open != '(') {
        return at;
    }
    char close = open == '(' ? ')' : open;
    for (ptrdiff_t i = at + 1; i < s.length; i++) {
        if (s.data[i] == '\\') {
            i++;
        } else if (s.data[i] == close) {
            return i + 1;
        } else if (s.data[i] == '(' && open == '(') {
            return at;
        }
    }
    return at;
}

/* Behind `(destination "title")` at `at`, or -1. */
static ptrdiff_t scan_inline_link(struct slice s, ptrdiff_t at)
{
    ptrdiff_t end = scan_destination(s, skip_white(s, at + 1));
    if (end < 0) {
        return -1;
    }
    ptrdiff_t title = skip_white(s, end);
    ptrdiff_t behind = title == end ? title : scan_title(s, title);
    behind = skip_white(s, behind);
    return behind < s.length && s.data[behind] == ')' ? behind + 1 : -1;
}

ptrdiff_t place_definition(struct slice text, ptrdiff_t at)
{
    ptrdiff_t i = scan_label(text, at);
    if (i < 0 || i >= text.length || text.data[i] != ':' ||
        slice_trim(slice_sub(text, at + 1, i - 1)).length == 0) {
        return 0;
    }
    ptrdiff_t end = scan_destination(text, skip_blanks_and_line(text, i + 1));
    if (end < 0 || end == i + 1) {
        return 0;
    }
    ptrdiff_t title = skip_blanks_and_line(text, end);
    ptrdiff_t behind = title == end ? title : scan_title(text, title);
    if (behind > title) {
        ptrdiff_t line_end = skip_line_end(text, skip_blanks(text, behind));
        if (line_end >= 0) {
            return line_end - at;
        }
    }
    ptrdiff_t line_end = skip_line_end(text, skip_blanks(text, end));
    return line_end < 0 ? 0 : line_end - at;
}

/* ---- Following the inlines of a block through its text ------------------------------------------------ */

struct follower {
    struct slice text;
    ptrdiff_t at;
    bool is_lost;
};

/* What is written after a backslash or as an entity for one character of `literal`; moves both. */
static void follow_entity(struct follower *follower, struct slice literal, ptrdiff_t *at)
{
    struct slice text = follower->text;
    ptrdiff_t end = slice_find_byte(slice_sub(text, 0, follower->at + 40), ';', follower->at);
    struct slice name = slice_sub(text, follower->at + 1, end);
    bool is_ampersand = end > 0 && (slice_equal_ignoring_ascii_case(name, SLICE("amp")) ||
                                    slice_equal_ignoring_ascii_case(name, SLICE("#x26")) ||
                                    slice_equal(name, SLICE("#38")));
    if (literal.data[*at] == '&' && !is_ampersand) {
        follower->at++;
        (*at)++;
        return;
    }
    if (end < 0) {
        follower->is_lost = true;
        return;
    }
    follower->at = end + 1;
    utf8_next(literal, at);
    /* A few names stand for two characters, the second of which joins the first. */
    while (*at < literal.length) {
        ptrdiff_t next = *at;
        int32_t c = utf8_next(literal, &next);
        bool joins = c == 0x338 || c == 0x20D2 || c == 0x20E5 || c == 0xFE00 || c == 0x333;
        if (!joins ||
            slice_starts_with(slice_from(text, follower->at), slice_sub(literal, *at, next))) {
            break;
        }
        *at = next;
    }
}

static void follow_text(struct follower *follower, struct slice literal)
{
    struct slice text = follower->text;
    for (ptrdiff_t i = 0; i < literal.length && !follower->is_lost;) {
        if (follower->at >= text.length) {
            follower->is_lost = true;
            return;
        }
        char c = text.data[follower->at];
        if (is_escape(text, follower->at)) {
            follower->is_lost = text.data[follower->at + 1] != literal.data[i];
            follower->at += 2;
            i++;
        } else if (c == '&') {
            follow_entity(follower, literal, &i);
        } else if (c == literal.data[i]) {
            follower->at++;
            i++;
        } else if (c == '\0' && literal.data[i] == '\xEF') {
            follower->at++; /* cmark has U+FFFD there */
            i += 3;
        } else {
            follower->is_lost = true;
        }
    }
}

static void follow_break(struct follower *follower)
{
    follower->at = skip_blanks(follower->text, follower->at);
    bool has_backslash =
        follower->at < follower->text.length && follower->text.data[follower->at] == '\\';
    ptrdiff_t behind = skip_line_end(follower->text, follower->at + (has_backslash ? 1 : 0));
    if (behind < 0) {
        follower->is_lost = true;
    } else {
        /* Blanks behind a backslash break are text to cmark. */
        follower->at = has_backslash ? behind : skip_blanks(follower->text, behind);
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

static void follow_code(struct follower *follower)
{
    ptrdiff_t ticks = run_of(follower->text, follower->at, '`');
    ptrdiff_t at = follower->at + ticks;
    while (ticks > 0) {
        at = slice_find_byte(follower->text, '`', at);
        if (at < 0) {
            break;
        }
        ptrdiff_t run = run_of(follower->text, at, '`');
        at += run;
        if (run == ticks) {
            follower->at = at;
            return;
        }
    }
    follower->is_lost = true;
}

static void follow_delimiter(struct follower *follower, cmark_node_type type)
{
    ptrdiff_t length = type == CMARK_NODE_STRONG ? 2 : 1;
    struct slice text = follower->text;
    for (ptrdiff_t i = 0; i < length; i++, follower->at++) {
        if (follower->at >= text.length ||
            (text.data[follower->at] != '*' && text.data[follower->at] != '_')) {
            follower->is_lost = true;
            return;
        }
    }
}

static void follow_into_link(struct follower *follower, cmark_node_type type)
{
    struct slice mark = type == CMARK_NODE_IMAGE ? SLICE("![") : SLICE("[");
    if (slice_starts_with(slice_from(follower->text, follower->at), mark)) {
        follower->at += mark.length;
    } else {
        follower->is_lost = true;
    }
}

static void follow_out_of_link(struct follower *follower)
{
    struct slice text = follower->text;
    if (follower->at >= text.length || text.data[follower->at] != ']') {
        follower->is_lost = true;
        return;
    }
    follower->at++;
    ptrdiff_t end = -1;
    if (follower->at < text.length && text.data[follower->at] == '(') {
        end = scan_inline_link(text, follower->at);
    }
    if (end < 0 && follower->at < text.length && text.data[follower->at] == '[') {
        end = scan_label(text, follower->at);
    }
    follower->at = end < 0 ? follower->at : end;
}

typedef VECTOR(struct span) span_vector;

/* The state of one walk over a block's inlines. */
struct inline_walk {
    struct markdown *markdown;
    const struct content *content;
    struct follower follower;
    struct span fallback;
    span_vector spans;
    offset_vector open; /* index of the span of each link that is open */
};

static void span_begin(struct inline_walk *walk)
{
    struct span *span = VECTOR_PUSH(walk->markdown->scratch, &walk->spans);
    *span = walk->fallback;
    if (!walk->follower.is_lost) {
        ptrdiff_t at = place_to_source(walk->content, walk->follower.at);
        *span = span_make(walk->markdown->source, at, at);
    }
}

static void span_end(struct inline_walk *walk, ptrdiff_t index)
{
    struct span *span = &walk->spans.data[index];
    if (walk->follower.is_lost || walk->follower.at == 0) {
        *span = walk->fallback;
        return;
    }
    /* Behind the last byte, not at the next one, which may be on another line. */
    ptrdiff_t end = place_to_source(walk->content, walk->follower.at - 1) + 1;
    *span = span_make(walk->markdown->source, span->start, end);
}

static bool is_autolink(const struct inline_walk *walk)
{
    const struct follower *follower = &walk->follower;
    return !follower->is_lost && follower->at < follower->text.length &&
           follower->text.data[follower->at] == '<';
}

/* Returns false when the children are not to be followed. */
static bool walk_enter(struct inline_walk *walk, cmark_node *node)
{
    struct follower *follower = &walk->follower;
    cmark_node_type type = cmark_node_get_type(node);
    switch (type) {
    case CMARK_NODE_TEXT:
        follow_text(follower, slice_of(cmark_node_get_literal(node)));
        break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        follow_break(follower);
        break;
    case CMARK_NODE_CODE:
        follow_code(follower);
        break;
    case CMARK_NODE_HTML_INLINE:
        span_begin(walk);
        follower->at += slice_of(cmark_node_get_literal(node)).length;
        span_end(walk, walk->spans.length - 1);
        break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
        span_begin(walk);
        if (type == CMARK_NODE_LINK && is_autolink(walk)) {
            ptrdiff_t end = slice_find_byte(follower->text, '>', follower->at);
            follower->is_lost = end < 0;
            follower->at = end + 1;
            span_end(walk, walk->spans.length - 1);
            return false;
        }
        *VECTOR_PUSH(walk->markdown->scratch, &walk->open) = walk->spans.length - 1;
        follow_into_link(follower, type);
        break;
    default:
        follow_delimiter(follower, type);
        break;
    }
    return true;
}

static void walk_exit(struct inline_walk *walk, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
        follow_out_of_link(&walk->follower);
        span_end(walk, walk->open.data[--walk->open.length]);
    } else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG) {
        follow_delimiter(&walk->follower, type);
    }
}

struct span *place_inlines(struct markdown *markdown, cmark_node *block,
                           const struct content *content, ptrdiff_t skipped, ptrdiff_t *count)
{
    struct inline_walk walk = {.markdown = markdown, .content = content};
    walk.follower = (struct follower){.text = content->text, .at = skipped};
    ptrdiff_t start = place_to_source(content, skipped);
    walk.fallback = span_make(markdown->source, start, start + 1);
    cmark_node *node = cmark_node_first_child(block);
    while (node != NULL) {
        bool enters = walk_enter(&walk, node);
        cmark_node *child = enters ? cmark_node_first_child(node) : NULL;
        if (child != NULL) {
            node = child;
            continue;
        }
        if (enters) {
            walk_exit(&walk, node);
        }
        while (node != block && cmark_node_next(node) == NULL) {
            node = cmark_node_parent(node);
            if (node != block) {
                walk_exit(&walk, node);
            }
        }
        node = node == block ? NULL : cmark_node_next(node);
    }
    *count = walk.spans.length;
    return walk.spans.data;
}
