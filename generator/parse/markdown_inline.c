/* Text, emphasis, code, links and pictures of one block, into HTML and plain text. */
#include "markdown.h"

#include <limits.h>
#include <string.h>

enum byte_kind { BYTE_PLAIN, BYTE_ENTITY, BYTE_BRACE, BYTE_MARK, BYTE_CONTROL };

/* What needs a look. Plain CommonMark knows only the four characters that HTML needs escaped. */
static const unsigned char byte_kinds[256] = {
    ['"'] = BYTE_ENTITY,   ['&'] = BYTE_ENTITY,   ['<'] = BYTE_ENTITY,   ['>'] = BYTE_ENTITY,
    ['{'] = BYTE_BRACE,    [0xEF] = BYTE_MARK,    [0x01] = BYTE_CONTROL, [0x02] = BYTE_CONTROL,
    [0x03] = BYTE_CONTROL, [0x04] = BYTE_CONTROL, [0x05] = BYTE_CONTROL, [0x06] = BYTE_CONTROL,
    [0x07] = BYTE_CONTROL, [0x08] = BYTE_CONTROL, [0x0B] = BYTE_CONTROL, [0x0C] = BYTE_CONTROL,
    [0x0E] = BYTE_CONTROL, [0x0F] = BYTE_CONTROL, [0x10] = BYTE_CONTROL, [0x11] = BYTE_CONTROL,
    [0x12] = BYTE_CONTROL, [0x13] = BYTE_CONTROL, [0x14] = BYTE_CONTROL, [0x15] = BYTE_CONTROL,
    [0x16] = BYTE_CONTROL, [0x17] = BYTE_CONTROL, [0x18] = BYTE_CONTROL, [0x19] = BYTE_CONTROL,
    [0x1A] = BYTE_CONTROL, [0x1B] = BYTE_CONTROL, [0x1C] = BYTE_CONTROL, [0x1D] = BYTE_CONTROL,
    [0x1E] = BYTE_CONTROL, [0x1F] = BYTE_CONTROL, [0x7F] = BYTE_CONTROL,
};
static const unsigned char byte_kinds_plain[256] = {
    ['"'] = BYTE_ENTITY,
    ['&'] = BYTE_ENTITY,
    ['<'] = BYTE_ENTITY,
    ['>'] = BYTE_ENTITY,
};

static struct slice entity_of(char c)
{
    switch (c) {
    case '"':
        return SLICE("&quot;");
    case '&':
        return SLICE("&amp;");
    case '<':
        return SLICE("&lt;");
    default:
        return SLICE("&gt;");
    }
}

static bool is_mark(struct slice s, ptrdiff_t at)
{
    return s.length - at >= MARK_LENGTH && memcmp(s.data + at, MARK, (size_t)MARK_LENGTH) == 0;
}

static void append_run(struct buffer *html, struct buffer *text, struct slice run)
{
    if (html != NULL) {
        buffer_append(html, run);
    }
    if (text != NULL) {
        buffer_append(text, run);
    }
}

static void append_braces(struct buffer *html, struct buffer *text, struct slice base,
                          struct slice reading);

/* Append to HTML, escaped, and as it is to `text`; either may be NULL. Marks and controls that HTML
 * cannot hold are left out, unless `plain`. */
static void append_text(struct buffer *html, struct buffer *text, struct slice s, bool plain,
                        bool braces)
{
    const unsigned char *kinds = plain ? byte_kinds_plain : byte_kinds;
    ptrdiff_t from = 0;
    for (ptrdiff_t at = 0; (at = escape_find_special(s, at, kinds, UCHAR_MAX)) < s.length;) {
        enum byte_kind kind = kinds[(unsigned char)s.data[at]];
        struct slice base;
        struct slice reading;
        ptrdiff_t length = 1;
        if (kind == BYTE_BRACE) {
            length = braces ? inline_braces(slice_from(s, at), &base, &reading) : 0;
        } else if (kind == BYTE_MARK) {
            length = is_mark(s, at) ? MARK_LENGTH : 0;
        }
        if (length == 0) {
            at++;
            continue;
        }
        append_run(html, text, slice_sub(s, from, at));
        if (kind == BYTE_ENTITY) {
            append_run(html, NULL, entity_of(s.data[at]));
            append_run(NULL, text, slice_sub(s, at, at + 1));
        } else if (kind == BYTE_BRACE) {
            append_braces(html, text, base, reading);
        }
        at += length;
        from = at;
    }
    append_run(html, text, slice_from(s, from));
}

/* `lang=en` gives en, anything else nothing. */
static struct slice language_of(struct slice reading)
{
    struct slice mark = SLICE("lang=");
    struct slice tag =
        slice_starts_with(reading, mark) ? slice_from(reading, mark.length) : SLICE("");
    return is_language_tag(tag) ? tag : SLICE("");
}

static void append_braces(struct buffer *html, struct buffer *text, struct slice base,
                          struct slice reading)
{
    struct slice language = language_of(reading);
    if (language.length > 0) {
        append_run(html, NULL, SLICE("<span lang=\""));
        append_run(html, NULL, language);
        append_run(html, NULL, SLICE("\">"));
        append_text(html, text, base, false, false);
        append_run(html, NULL, SLICE("</span>"));
        return;
    }
    append_run(html, NULL, SLICE("<ruby>"));
    append_text(html, text, base, false, false);
    append_run(html, NULL, SLICE("<rp>(</rp><rt>"));
    append_text(html, NULL, reading, false, false);
    append_run(html, NULL, SLICE("</rt><rp>)</rp></ruby>"));
}

void inline_text(struct markdown *markdown, struct slice s, bool braces)
{
    append_text(&markdown->html, &markdown->text, s, markdown->options.plain,
                braces && !markdown->options.plain);
}

void inline_escape(struct buffer *out, struct slice s, bool plain)
{
    append_text(out, NULL, s, plain, false);
}

static bool is_han(int32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3005 ||
           c == 0x3007 || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

ptrdiff_t inline_braces(struct slice s, struct slice *base, struct slice *reading)
{
    ptrdiff_t bar = -1;
    bool has_han = false;
    for (ptrdiff_t at = 1; at < s.length;) {
        ptrdiff_t start = at;
        int32_t c = utf8_next(s, &at);
        if (c == '}') {
            *base = slice_sub(s, 1, bar);
            *reading = slice_sub(s, bar + 1, start);
            bool is_known = has_han || language_of(*reading).length > 0;
            return bar > 1 && start > bar + 1 && is_known ? at : 0;
        }
        if (c == '|' && bar < 0) {
            bar = start;
        } else if (c == '|' || c == '{' || c == '\n' || start > 300 || is_mark(s, start)) {
            return 0;
        }
        has_han = has_han || (bar < 0 && is_han(c));
    }
    return 0;
}

/* ---- One walk over the inlines of a block ---- */

struct inline_walk {
    struct markdown *markdown;
    cmark_node *block;
    const struct inline_part *part;
    struct content own_content;
    bool is_placed;
    struct placer placer;
    ptrdiff_t open_link;  /* its reference, -1 for none */
    ptrdiff_t outer_link; /* of the link around that one: cmark lets `<…>` stand in a link */
    struct slice last_alternative;
    int breaks;
    int depth;
    bool said_html;
    bool said_ruby;
};

static struct span next_span(struct inline_walk *walk)
{
    struct markdown *markdown = walk->markdown;
    if (!walk->is_placed) {
        const struct content *content = walk->part->content;
        ptrdiff_t skipped = walk->part->skipped;
        if (content == NULL) {
            place_content(markdown, walk->block, &walk->own_content, &skipped);
            content = &walk->own_content;
        }
        place_begin(&walk->placer, markdown, walk->block, content, skipped);
        walk->is_placed = true;
    }
    return place_next(&walk->placer);
}

/* The first character that a reader sees of `node` or of what follows it; -1 when it is none of a
 * text. */
static int32_t first_character(cmark_node *node)
{
    while (node != NULL) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_LINK) {
            node = cmark_node_first_child(node);
            continue;
        }
        if (type != CMARK_NODE_TEXT && type != CMARK_NODE_CODE) {
            return -1;
        }
        struct slice text = slice_of(cmark_node_get_literal(node));
        ptrdiff_t at = is_mark(text, 0) ? MARK_LENGTH : 0;
        if (at < text.length) {
            return utf8_next(text, &at);
        }
        node = cmark_node_next(node);
    }
    return -1;
}

/* Two characters between which Japanese writes no space. */
static bool joins_lines(struct markdown *markdown, cmark_node *softbreak)
{
    if (markdown->options.plain) {
        return false;
    }
    struct slice text = buffer_slice(&markdown->text);
    int32_t before = utf8_previous(text, text.length);
    return before > 0x7F && utf8_is_wide_without_space(before) &&
           utf8_is_wide_without_space(first_character(cmark_node_next(softbreak)));
}

/* Schemes that can run a program or open a local file. Browsers pass over leading controls and over
 * tabs and line ends inside, so do we. */
static bool is_unsafe(struct slice url)
{
    static const struct slice schemes[] = {
        {"javascript:", 11}, {"vbscript:", 9}, {"file:", 5}, {"data:", 5}};
    char start[12];
    ptrdiff_t length = 0;
    for (ptrdiff_t i = 0; i < url.length && length < (ptrdiff_t)sizeof(start); i++) {
        unsigned char c = (unsigned char)url.data[i];
        if (c > ' ' || (c == ' ' && length > 0)) {
            start[length++] = (char)c;
        }
    }
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        struct slice begin = slice_sub(slice_make(start, length), 0, schemes[i].length);
        if (slice_equal_ignoring_ascii_case(begin, schemes[i])) {
            return true;
        }
    }
    return false;
}

static struct pending_reference *add_reference(struct inline_walk *walk, cmark_node *node,
                                               enum reference_kind kind)
{
    struct markdown *markdown = walk->markdown;
    struct pending_reference *pending = VECTOR_PUSH(markdown->scratch, &markdown->references);
    struct reference *reference = &pending->reference;
    reference->kind = kind;
    reference->span = next_span(walk);
    reference->destination = feed_unmark(markdown->arena, slice_of(cmark_node_get_url(node)));
    reference->is_unsafe = is_unsafe(reference->destination);
    if (reference->is_unsafe) {
        ptrdiff_t colon = slice_find_byte(reference->destination, ':', 0);
        DIAG(markdown->diag, CODE_markdown_unsafe_url, reference->span,
             slice_sub(reference->destination, 0, colon + 1));
    }
    pending->text_start = markdown->text.length;
    return pending;
}

static void append_title(struct markdown *markdown, cmark_node *node)
{
    struct slice title = slice_of(cmark_node_get_title(node));
    if (title.length > 0) {
        buffer_append_literal(&markdown->html, " title=\"");
        inline_escape(&markdown->html, title, markdown->options.plain);
        buffer_append_byte(&markdown->html, '"');
    }
}

/* HTML has no links in links: the words of the inner one belong to the outer one. */
static bool is_inner_link(const struct inline_walk *walk)
{
    return walk->outer_link >= 0 && !walk->markdown->options.plain;
}

static void enter_link(struct inline_walk *walk, cmark_node *node)
{
    struct markdown *markdown = walk->markdown;
    walk->outer_link = walk->open_link;
    if (is_inner_link(walk)) {
        next_span(walk);
        return;
    }
    struct pending_reference *pending = add_reference(walk, node, REFERENCE_LINK);
    walk->open_link = markdown->references.length - 1;
    walk->last_alternative = (struct slice){0};
    if (pending->reference.is_unsafe && !markdown->options.plain) {
        pending->reference.html_offset = markdown->html.length;
        return;
    }
    buffer_append_literal(&markdown->html, "<a href=\"");
    pending->reference.html_offset = markdown->html.length;
    buffer_append_byte(&markdown->html, '"');
    append_title(markdown, node);
    buffer_append_byte(&markdown->html, '>');
}

static void exit_link(struct inline_walk *walk)
{
    struct markdown *markdown = walk->markdown;
    bool is_inner = is_inner_link(walk);
    ptrdiff_t index = walk->open_link;
    walk->open_link = walk->outer_link;
    walk->outer_link = -1;
    if (is_inner) {
        return;
    }
    struct pending_reference *pending = &markdown->references.data[index];
    pending->text_end = markdown->text.length;
    if (pending->text_end == pending->text_start) {
        pending->reference.text = walk->last_alternative; /* a picture alone */
    }
    if (!pending->reference.is_unsafe || markdown->options.plain) {
        buffer_append_literal(&markdown->html, "</a>");
    }
}

/* The next node in document order inside `top`, NULL behind the last. */
static cmark_node *next_inside(cmark_node *node, cmark_node *top)
{
    if (cmark_node_first_child(node) != NULL) {
        return cmark_node_first_child(node);
    }
    while (node != top && cmark_node_next(node) == NULL) {
        node = cmark_node_parent(node);
    }
    return node == top ? NULL : cmark_node_next(node);
}

/* The text inside a node, appended to the plain text. Links, pictures and HTML in it are counted.
 */
static ptrdiff_t append_plain(struct markdown *markdown, cmark_node *top)
{
    ptrdiff_t counted = 0;
    bool plain = markdown->options.plain;
    for (cmark_node *node = next_inside(top, top); node != NULL; node = next_inside(node, top)) {
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
        case CMARK_NODE_CODE:
            append_text(NULL, &markdown->text, slice_of(cmark_node_get_literal(node)), plain,
                        !plain && cmark_node_get_type(node) == CMARK_NODE_TEXT);
            break;
        case CMARK_NODE_SOFTBREAK:
            if (!joins_lines(markdown, node)) {
                buffer_append_byte(&markdown->text, ' ');
            }
            break;
        case CMARK_NODE_LINEBREAK:
            buffer_append_byte(&markdown->text, ' ');
            break;
        case CMARK_NODE_HTML_INLINE:
            counted++;
            if (plain) {
                buffer_append(&markdown->text, slice_of(cmark_node_get_literal(node)));
            }
            break;
        case CMARK_NODE_LINK:
        case CMARK_NODE_IMAGE:
            counted++;
            break;
        default:
            break;
        }
    }
    return counted;
}

struct slice inline_plain(struct markdown *markdown, cmark_node *top, ptrdiff_t *counted)
{
    ptrdiff_t start = markdown->text.length;
    *counted = append_plain(markdown, top);
    struct slice text = slice_from(buffer_slice(&markdown->text), start);
    text = arena_copy(markdown->arena, markdown->options.plain ? text : slice_trim(text));
    markdown->text.length = start;
    return text;
}

/* `<img src="" alt="…"`, open for more attributes. */
static void append_picture(struct inline_walk *walk, cmark_node *node)
{
    struct markdown *markdown = walk->markdown;
    struct pending_reference *pending = add_reference(walk, node, REFERENCE_IMAGE);
    pending->text_end = pending->text_start;
    ptrdiff_t counted;
    struct slice alternative = inline_plain(markdown, node, &counted);
    for (; counted > 0; counted--) {
        next_span(walk); /* of what stands inside the alternative text */
    }
    pending->reference.text = alternative;
    walk->last_alternative = alternative;
    buffer_append_literal(&markdown->html, "<img src=\"");
    pending->reference.html_offset = markdown->html.length;
    buffer_append_literal(&markdown->html, "\" alt=\"");
    inline_escape(&markdown->html, alternative, markdown->options.plain);
    buffer_append_byte(&markdown->html, '"');
}

static void render_picture(struct inline_walk *walk, cmark_node *node)
{
    struct markdown *markdown = walk->markdown;
    ptrdiff_t start = markdown->html.length;
    append_picture(walk, node);
    struct pending_reference *last = &markdown->references.data[markdown->references.length - 1];
    if (last->reference.is_unsafe && !markdown->options.plain) {
        markdown->html.length = start;
        last->reference.html_offset = start;
        return;
    }
    append_title(markdown, node);
    buffer_append(&markdown->html, markdown->options.plain ? SLICE(" />") : SLICE(">"));
}

/* ---- Raw HTML ---- */

/* `<name>` of the tag that a piece of raw HTML begins with. */
static struct slice tag_of(struct markdown *markdown, struct slice html)
{
    ptrdiff_t start = slice_starts_with(html, SLICE("</")) ? 2 : 1;
    ptrdiff_t end = start;
    while (end < html.length && end < 40 && html.data[end] > ' ' &&
           strchr("<>/=\"'", html.data[end]) == NULL && (signed char)html.data[end] > 0) {
        end++;
    }
    return ARENA_JOIN(markdown->scratch, slice_sub(html, 0, end), SLICE(">"));
}

/* Nothing but comments: nothing that a reader should see is lost. */
static bool is_comments(struct slice html)
{
    while (slice_starts_with(html, SLICE("<!--"))) {
        ptrdiff_t end = slice_find(html, SLICE("-->"), 0);
        html = slice_trim(slice_from(html, end < 0 ? html.length : end + 3));
    }
    return html.length == 0;
}

/* Words between the tags, other than a program or a style sheet. */
static bool holds_words(struct slice tag, struct slice html)
{
    if (slice_equal_ignoring_ascii_case(tag, SLICE("<script>")) ||
        slice_equal_ignoring_ascii_case(tag, SLICE("<style>"))) {
        return false;
    }
    bool is_inside = false;
    for (ptrdiff_t i = 0; i < html.length; i++) {
        char byte = html.data[i];
        if (!is_inside && byte != '<' && (unsigned char)byte > ' ') {
            return true;
        }
        is_inside = byte == '<' || (is_inside && byte != '>');
    }
    return false;
}

static enum code html_code(struct slice tag, struct slice html, bool is_block)
{
    if (slice_equal_ignoring_ascii_case(tag, SLICE("<ruby>"))) {
        return CODE_markdown_raw_ruby;
    }
    bool are_words_lost = is_block && holds_words(tag, html);
    return are_words_lost ? CODE_markdown_raw_block : CODE_markdown_raw_html;
}

void inline_report_html(struct markdown *markdown, struct slice html, bool is_block,
                        struct span span)
{
    struct slice trimmed = slice_trim(html);
    if (is_comments(trimmed)) {
        return;
    }
    struct slice tag = tag_of(markdown, trimmed);
    DIAG(markdown->diag, html_code(tag, trimmed, is_block), span, tag);
}

/* One finding for `<b>…</b>`, not two, and one for a whole `<ruby>`. */
static void render_html(struct inline_walk *walk, cmark_node *node)
{
    struct markdown *markdown = walk->markdown;
    struct slice html = slice_of(cmark_node_get_literal(node));
    struct span span = next_span(walk);
    if (markdown->options.plain) {
        buffer_append_literal(&markdown->html, "<!-- raw HTML omitted -->");
        return;
    }
    struct slice tag = tag_of(markdown, html);
    bool is_of_ruby = slice_equal(tag, SLICE("<rt>")) || slice_equal(tag, SLICE("<rp>")) ||
                      slice_equal(tag, SLICE("<rb>"));
    if ((walk->said_html && slice_starts_with(html, SLICE("</"))) ||
        (walk->said_ruby && is_of_ruby)) {
        return;
    }
    walk->said_html = true;
    walk->said_ruby = walk->said_ruby || slice_equal(tag, SLICE("<ruby>"));
    inline_report_html(markdown, html, false, span);
}

/* ---- The walk ---- */

static void render_text(struct inline_walk *walk, cmark_node *node)
{
    struct slice text = slice_of(cmark_node_get_literal(node));
    if (walk->part->drop_start > 0 && node == cmark_node_first_child(walk->block)) {
        struct slice rest = slice_from(text, walk->part->drop_start);
        struct slice trimmed = slice_trim_wide(rest);
        text = slice_from(rest, trimmed.length > 0 ? trimmed.data - rest.data : rest.length);
    }
    if (walk->part->is_cell && node == cmark_node_last_child(walk->block)) {
        CHECK(slice_ends_with(text, SLICE(MARK)));
        text.length -= MARK_LENGTH; /* and the space before it, unless the cell is empty */
        text.length -= text.length > 0 ? 1 : 0;
    }
    inline_text(walk->markdown, text, true);
}

static void render_code(struct markdown *markdown, cmark_node *node)
{
    buffer_append_literal(&markdown->html, "<code>");
    inline_text(markdown, slice_of(cmark_node_get_literal(node)), false);
    buffer_append_literal(&markdown->html, "</code>");
}

static void render_break(struct inline_walk *walk, cmark_node *node)
{
    struct markdown *markdown = walk->markdown;
    if (cmark_node_get_type(node) == CMARK_NODE_LINEBREAK) {
        buffer_append(&markdown->html,
                      markdown->options.plain ? SLICE("<br />\n") : SLICE("<br>\n"));
        buffer_append_byte(&markdown->text, ' ');
    } else if (!joins_lines(markdown, node)) {
        buffer_append_byte(&markdown->html, '\n');
        buffer_append_byte(&markdown->text, ' ');
    }
}

static void render_emphasis(struct inline_walk *walk, cmark_node *node, bool enters)
{
    struct markdown *markdown = walk->markdown;
    bool is_strong = cmark_node_get_type(node) == CMARK_NODE_STRONG;
    walk->depth += enters ? 1 : 0;
    if (walk->depth <= INLINE_NESTING_MOST) {
        struct slice tag = enters ? (is_strong ? SLICE("<strong>") : SLICE("<em>"))
                                  : (is_strong ? SLICE("</strong>") : SLICE("</em>"));
        buffer_append(&markdown->html, tag);
    } else if (!markdown->said_inline_nesting) {
        markdown->said_inline_nesting = true;
        ptrdiff_t skipped;
        struct content content;
        place_content(markdown, walk->block, &content, &skipped);
        ptrdiff_t at = place_to_source(&content, skipped);
        DIAG(markdown->diag, CODE_markdown_nesting, span_make(markdown->source, at, at + 1),
             arena_format(markdown->scratch, "%d", INLINE_NESTING_MOST));
    }
    walk->depth -= enters ? 0 : 1;
}

/* False when the walk ends here. */
static bool enter(struct inline_walk *walk, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        render_text(walk, node);
        break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        walk->breaks++;
        if (walk->breaks == walk->part->breaks_most) {
            return false;
        }
        render_break(walk, node);
        break;
    case CMARK_NODE_CODE:
        render_code(walk->markdown, node);
        break;
    case CMARK_NODE_HTML_INLINE:
        render_html(walk, node);
        break;
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG:
        render_emphasis(walk, node, true);
        break;
    case CMARK_NODE_LINK:
        enter_link(walk, node);
        break;
    case CMARK_NODE_IMAGE:
        render_picture(walk, node);
        break;
    default:
        break;
    }
    return true;
}

static void leave(struct inline_walk *walk, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK) {
        exit_link(walk);
    } else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG) {
        render_emphasis(walk, node, false);
    }
}

void inline_render(struct markdown *markdown, cmark_node *block, const struct inline_part *part)
{
    struct inline_walk walk = {
        .markdown = markdown, .block = block, .part = part, .open_link = -1, .outer_link = -1};
    cmark_node *node = cmark_node_first_child(block);
    bool goes_on = true;
    while (node != NULL) {
        goes_on = goes_on && enter(&walk, node);
        bool is_picture = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
        cmark_node *child = is_picture || !goes_on ? NULL : cmark_node_first_child(node);
        if (child != NULL) {
            node = child;
            continue;
        }
        leave(&walk, node);
        while (node != block && (cmark_node_next(node) == NULL || !goes_on)) {
            node = cmark_node_parent(node);
            if (node != block) {
                leave(&walk, node);
            }
        }
        node = node == block ? NULL : cmark_node_next(node);
    }
}

bool inline_is_figure(const struct markdown *markdown, cmark_node *paragraph)
{
    cmark_node *only = cmark_node_first_child(paragraph);
    return !markdown->options.plain && only != NULL && cmark_node_next(only) == NULL &&
           cmark_node_get_type(only) == CMARK_NODE_IMAGE &&
           slice_of(cmark_node_get_title(only)).length > 0 &&
           !is_unsafe(slice_of(cmark_node_get_url(only)));
}

void inline_figure(struct markdown *markdown, cmark_node *paragraph)
{
    static const struct inline_part whole = {0};
    struct inline_walk walk = {.markdown = markdown,
                               .block = paragraph,
                               .part = &whole,
                               .open_link = -1,
                               .outer_link = -1};
    cmark_node *picture = cmark_node_first_child(paragraph);
    buffer_append_literal(&markdown->html, "<figure>");
    append_picture(&walk, picture);
    buffer_append_literal(&markdown->html, "><figcaption>");
    inline_text(markdown, slice_of(cmark_node_get_title(picture)), false);
    buffer_append_literal(&markdown->html, "</figcaption></figure>\n");
}
