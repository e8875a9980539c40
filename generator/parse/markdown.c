/*
 * Markdown -> document: feed cmark, look for tables and anchors on its tree, walk the tree once and
 * write. Blocks are handled here; what stands in them in markdown_inline.c and its neighbours
 * (markdown.h shows the way through).
 */
#include "markdown.h"

/* Working memory that stays with the caller from one document to the next. */
#define SCRATCH_KEPT_MOST ((ptrdiff_t)8 << 20)

void markdown_begin_block(struct markdown *markdown)
{
    struct buffer *html = &markdown->html;
    struct buffer *text = &markdown->text;
    if (html->length > 0 && html->data[html->length - 1] != '\n') {
        buffer_append_byte(html, '\n');
    }
    if (text->length > 0 && text->data[text->length - 1] != '\n') {
        buffer_append_byte(text, '\n');
    }
}

struct note *markdown_note(struct markdown *markdown, cmark_node *node)
{
    struct note *note = cmark_node_get_user_data(node);
    if (note == NULL) {
        note = ARENA_NEW(markdown->scratch, struct note);
        cmark_node_set_user_data(node, note);
    }
    return note;
}

/* ---- Blocks ---- */

static void open_list(struct markdown *markdown, cmark_node *list)
{
    struct buffer *html = &markdown->html;
    int start = cmark_node_get_list_start(list);
    if (cmark_node_get_list_type(list) == CMARK_BULLET_LIST) {
        buffer_append_literal(html, "<ul>\n");
    } else if (start == 1) {
        buffer_append_literal(html, "<ol>\n");
    } else {
        buffer_append_literal(html, "<ol start=\"");
        buffer_append_integer(html, start);
        buffer_append_literal(html, "\">\n");
    }
}

static bool is_in_tight_list(cmark_node *paragraph)
{
    cmark_node *list = cmark_node_parent(cmark_node_parent(paragraph));
    return list != NULL && cmark_node_get_type(list) == CMARK_NODE_LIST &&
           cmark_node_get_list_tight(list);
}

static void render_paragraph(struct markdown *markdown, cmark_node *paragraph)
{
    static const struct inline_part whole = {0};
    const struct note *note = cmark_node_get_user_data(paragraph);
    bool tight = is_in_tight_list(paragraph);
    if (note != NULL && note->table != NULL) {
        table_render(markdown, paragraph, note->table, tight);
        return;
    }
    if (note != NULL && note->is_caption) {
        return; /* its table writes it */
    }
    if (inline_is_figure(markdown, paragraph)) {
        markdown_begin_block(markdown);
        inline_figure(markdown, paragraph);
        return;
    }
    if (tight) {
        inline_render(markdown, paragraph, &whole);
        return;
    }
    markdown_begin_block(markdown);
    buffer_append_literal(&markdown->html, "<p>");
    inline_render(markdown, paragraph, &whole);
    buffer_append_literal(&markdown->html, "</p>\n");
}

struct slice markdown_first_word(struct slice s)
{
    ptrdiff_t end = 0;
    while (end < s.length && s.data[end] != ' ' && (s.data[end] < '\t' || s.data[end] > '\r')) {
        end++;
    }
    return slice_sub(s, 0, end);
}

static void render_code_block(struct markdown *markdown, cmark_node *code)
{
    struct buffer *html = &markdown->html;
    markdown_begin_block(markdown);
    if (csv_block_is(markdown, code)) {
        csv_block_render(markdown, code);
        return;
    }
    if (chart_block_is(markdown, code)) {
        chart_block_render(markdown, code);
        return;
    }
    struct slice language = markdown_first_word(slice_of(cmark_node_get_fence_info(code)));
    buffer_append_literal(html, "<pre><code");
    if (language.length > 0) {
        buffer_append_literal(html, " class=\"language-");
        inline_escape(html, language, markdown->options.plain);
        buffer_append_byte(html, '"');
    }
    buffer_append_byte(html, '>');
    inline_text(markdown, slice_of(cmark_node_get_literal(code)), false);
    buffer_append_literal(html, "</code></pre>\n");
}

static void render_html_block(struct markdown *markdown, cmark_node *block)
{
    if (markdown->options.plain) {
        markdown_begin_block(markdown);
        buffer_append_literal(&markdown->html, "<!-- raw HTML omitted -->\n");
        return;
    }
    inline_report_html(markdown, slice_of(cmark_node_get_literal(block)), true,
                       place_block(markdown, block));
}

static void enter_block(struct markdown *markdown, cmark_node *node)
{
    struct buffer *html = &markdown->html;
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        markdown_begin_block(markdown);
        buffer_append_literal(html, "<blockquote>\n");
        break;
    case CMARK_NODE_LIST:
        markdown_begin_block(markdown);
        open_list(markdown, node);
        break;
    case CMARK_NODE_ITEM:
        markdown_begin_block(markdown);
        buffer_append_literal(html, "<li>");
        break;
    case CMARK_NODE_CODE_BLOCK:
        render_code_block(markdown, node);
        break;
    case CMARK_NODE_HTML_BLOCK:
        render_html_block(markdown, node);
        break;
    case CMARK_NODE_PARAGRAPH:
        render_paragraph(markdown, node);
        break;
    case CMARK_NODE_HEADING:
        heading_render(markdown, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        markdown_begin_block(markdown);
        buffer_append(html, markdown->options.plain ? SLICE("<hr />\n") : SLICE("<hr>\n"));
        break;
    default:
        break;
    }
}

static void leave_block(struct markdown *markdown, cmark_node *node)
{
    struct buffer *html = &markdown->html;
    heading_close_sections(markdown, node);
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        markdown_begin_block(markdown);
        buffer_append_literal(html, "</blockquote>\n");
        break;
    case CMARK_NODE_LIST:
        buffer_append(html, cmark_node_get_list_type(node) == CMARK_BULLET_LIST ? SLICE("</ul>\n")
                                                                                : SLICE("</ol>\n"));
        break;
    case CMARK_NODE_ITEM:
        buffer_append_literal(html, "</li>\n");
        break;
    default:
        break;
    }
}

static bool is_container(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_DOCUMENT || type == CMARK_NODE_BLOCK_QUOTE ||
           type == CMARK_NODE_LIST || type == CMARK_NODE_ITEM;
}

/* Visit all blocks without recursion: the tree is as deep as its author likes. `leave` may be NULL.
 */
static void walk_blocks(struct markdown *markdown, cmark_node *root, void *context,
                        void (*visit)(struct markdown *markdown, cmark_node *node, void *context),
                        void (*leave)(struct markdown *markdown, cmark_node *node))
{
    cmark_node *node = root;
    while (node != NULL) {
        bool enters = is_container(node);
        visit(markdown, node, context);
        cmark_node *child = enters ? cmark_node_first_child(node) : NULL;
        if (child != NULL) {
            node = child;
            continue;
        }
        if (enters && leave != NULL) {
            leave(markdown, node);
        }
        while (node != NULL && cmark_node_next(node) == NULL) {
            node = cmark_node_parent(node);
            if (node != NULL && leave != NULL) {
                leave(markdown, node);
            }
        }
        node = node == NULL ? NULL : cmark_node_next(node);
    }
}

static void visit_to_render(struct markdown *markdown, cmark_node *node, void *context)
{
    (void)context;
    enter_block(markdown, node);
}

static void visit_to_collect(struct markdown *markdown, cmark_node *node, void *context)
{
    struct cell_text *cells = context;
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:
        heading_take_anchor(markdown, node);
        break;
    case CMARK_NODE_PARAGRAPH:
        table_find(markdown, cells, node);
        if (!markdown->options.plain && cmark_node_get_user_data(node) == NULL) {
            slips_find(markdown, node);
        }
        break;
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:
        *VECTOR_PUSH(markdown->scratch, &cells->literal_lines) = cmark_node_get_start_line(node);
        *VECTOR_PUSH(markdown->scratch, &cells->literal_lines) = cmark_node_get_end_line(node);
        break;
    default:
        break;
    }
}

/* What must be known before the first byte is written: explicit ids, which come before made ones,
 * and tables, whose cells are parsed together. */
static void collect(struct markdown *markdown, cmark_node *root)
{
    struct slice text = markdown->fed.text;
    if (markdown->options.plain ||
        (slice_find_byte(text, '|', 0) < 0 && slice_find(text, SLICE("{#"), 0) < 0)) {
        return;
    }
    struct cell_text cells = {0};
    buffer_init(&cells.text);
    walk_blocks(markdown, root, &cells, visit_to_collect, NULL);
    table_parse_cells(markdown, &cells);
    buffer_release(&cells.text);
}

/* ---- The document ---- */

static void finish_references(struct markdown *markdown, struct document *document)
{
    ptrdiff_t count = markdown->references.length;
    document->references = ARENA_ARRAY(markdown->arena, struct reference, count);
    document->reference_count = count;
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct pending_reference *pending = &markdown->references.data[i];
        document->references[i] = pending->reference;
        if (pending->reference.text.data == NULL) {
            document->references[i].text =
                arena_copy(markdown->arena, slice_sub(buffer_slice(&markdown->text),
                                                      pending->text_start, pending->text_end));
        }
    }
}

static void convert(struct markdown *markdown)
{
    struct heap heap;
    heap_enter(&heap, markdown->scratch);
    cmark_node *root = heap_parse(markdown->fed.text);
    collect(markdown, root);
    walk_blocks(markdown, root, NULL, visit_to_render, leave_block);
    heap_leave(&heap);
}

struct document *markdown_parse(struct source *source, ptrdiff_t start,
                                const struct markdown_options *options, struct arena *arena,
                                struct diag *diag)
{
    struct document *document = ARENA_NEW(arena, struct document);
    struct arena own;
    arena_init(&own, ARENA_DEFAULT_LIMIT);
    struct arena *scratch = options->scratch != NULL ? options->scratch : &own;
    struct markdown markdown = {.source = source,
                                .body = slice_from(source_text(source), start),
                                .start = start,
                                .options = *options,
                                .arena = arena,
                                .scratch = scratch,
                                .diag = diag,
                                .open_heading = -1};
    buffer_init(&markdown.html);
    buffer_init(&markdown.text);
    buffer_reserve(&markdown.html, markdown.body.length + markdown.body.length / 2 + 256);
    buffer_reserve(&markdown.text, markdown.body.length + 256);
    markdown.fed.source_start = start;
    if (options->plain) {
        markdown.fed.text = markdown.body;
    } else {
        feed_mark(scratch, markdown.body, &markdown.fed);
    }
    feed_find_lines(scratch, &markdown.fed);
    if (feed_is_bearable(&markdown)) {
        convert(&markdown);
    }
    document->html = arena_copy(arena, buffer_slice(&markdown.html));
    document->html_length = document->html.length;
    heading_finish(&markdown, document);
    finish_references(&markdown, document);
    buffer_release(&markdown.html);
    buffer_release(&markdown.text);
    if (scratch == &own || scratch->used > SCRATCH_KEPT_MOST) {
        arena_release(scratch);
    } else {
        arena_clear(scratch);
    }
    return document;
}
