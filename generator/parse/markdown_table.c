/*
 * Pipe tables as in GitHub Flavored Markdown 4.10. cmark knows none: to it a table is a paragraph.
 * So tables are looked for in the paragraphs of its tree; the cells of all tables become headings
 * of one text, a line each (a heading holds inlines only, whatever the cell begins with), with the
 * body's link definitions behind them, and are parsed once.
 */
#include "markdown.h"

#include <string.h>

/* ---- Rows ---- */

struct cell {
    ptrdiff_t start; /* in the content, without white space around it */
    ptrdiff_t end;
};

/* Cells of one row; more than the array holds are counted only. */
struct row {
    struct cell cells[TABLE_COLUMNS_MOST];
    ptrdiff_t count;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct slice content_line(const struct content *content, ptrdiff_t line)
{
    ptrdiff_t start = content->lines.data[line].at;
    ptrdiff_t end =
        line + 1 < content->lines.length ? content->lines.data[line + 1].at : content->text.length;
    return slice_trim(slice_sub(content->text, start, end));
}

static void add_cell(struct row *row, struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    while (start < end && is_blank(text.data[start])) {
        start++;
    }
    while (end > start && is_blank(text.data[end - 1])) {
        end--;
    }
    if (row->count < TABLE_COLUMNS_MOST) {
        row->cells[row->count] = (struct cell){start, end};
    }
    row->count++;
}

/* Cut a row at its bars. A bar behind a backslash and the bar of {base|reading} or
 * {words|lang=en} cut nothing. */
static void split_row(const struct content *content, struct slice line, struct row *row)
{
    struct slice text = content->text;
    ptrdiff_t at = line.data - text.data;
    ptrdiff_t end = at + line.length;
    row->count = 0;
    if (at < end && text.data[at] == '|') {
        at++;
    }
    ptrdiff_t start = at;
    while (at < end) {
        char c = text.data[at];
        struct slice base;
        struct slice reading;
        ptrdiff_t braces = c == '{' ? inline_braces(slice_sub(text, at, end), &base, &reading) : 0;
        if (c == '\\') {
            at += 2;
        } else if (braces > 0) {
            at += braces;
        } else if (c == '|') {
            add_cell(row, text, start, at);
            at++;
            start = at;
        } else {
            at++;
        }
    }
    if (start < end) { /* no bar at the end */
        add_cell(row, text, start, end);
    }
}

/* One cell of the row below the header: `:---:`. */
static bool read_alignment(struct slice s, enum column_alignment *alignment)
{
    bool left = s.length > 0 && s.data[0] == ':';
    bool right = s.length > 1 && s.data[s.length - 1] == ':';
    struct slice hyphens = slice_sub(s, left ? 1 : 0, s.length - (right ? 1 : 0));
    for (ptrdiff_t i = 0; i < hyphens.length; i++) {
        if (hyphens.data[i] != '-') {
            return false;
        }
    }
    *alignment = left && right ? COLUMN_CENTER
                 : left        ? COLUMN_LEFT
                 : right       ? COLUMN_RIGHT
                               : COLUMN_PLAIN;
    return hyphens.length > 0;
}

/* Only hyphens, colons, bars and blanks, with a hyphen and a bar: cheap to tell. */
static bool looks_like_delimiters(struct slice line)
{
    bool has_hyphen = false;
    bool has_bar = false;
    for (ptrdiff_t i = 0; i < line.length; i++) {
        switch (line.data[i]) {
        case '-':
            has_hyphen = true;
            break;
        case '|':
            has_bar = true;
            break;
        case ':':
        case ' ':
        case '\t':
        case '>': /* of a quote around it */
            break;
        default:
            return false;
        }
    }
    return has_hyphen && has_bar;
}

static bool read_delimiters(const struct content *content, struct slice line, struct row *row,
                            enum column_alignment alignments[TABLE_COLUMNS_MOST])
{
    if (!looks_like_delimiters(line)) {
        return false;
    }
    split_row(content, line, row);
    for (ptrdiff_t i = 0; i < row->count && i < TABLE_COLUMNS_MOST; i++) {
        struct slice cell = slice_sub(content->text, row->cells[i].start, row->cells[i].end);
        if (!read_alignment(cell, &alignments[i])) {
            return false;
        }
    }
    return row->count > 0;
}

/* ---- Finding tables ---- */

static struct span span_of_line(struct markdown *markdown, const struct content *content,
                                struct slice line)
{
    ptrdiff_t at = line.data - content->text.data;
    ptrdiff_t start = place_to_source(content, at);
    return span_make(markdown->source, start,
                     line.length == 0 ? start : place_to_source(content, at + line.length - 1) + 1);
}

static struct slice number(struct markdown *markdown, ptrdiff_t value)
{
    return arena_format(markdown->scratch, "%td", value);
}

/* The line of the header row and its alignments; -1 when the paragraph holds no table. */
static ptrdiff_t find_header(struct markdown *markdown, const struct content *content,
                             ptrdiff_t first_line, struct row *row,
                             enum column_alignment alignments[TABLE_COLUMNS_MOST])
{
    for (ptrdiff_t line = first_line + 1; line < content->lines.length; line++) {
        struct slice delimiters = content_line(content, line);
        if (!read_delimiters(content, delimiters, row, alignments)) {
            continue;
        }
        ptrdiff_t count = row->count;
        struct slice header = content_line(content, line - 1);
        split_row(content, header, row);
        if (row->count != count) {
            DIAG(markdown->diag, CODE_markdown_table_header,
                 span_of_line(markdown, content, delimiters), number(markdown, row->count),
                 number(markdown, count));
            continue;
        }
        if (count > TABLE_COLUMNS_MOST) {
            DIAG(markdown->diag, CODE_markdown_table_columns,
                 span_of_line(markdown, content, header), number(markdown, count),
                 number(markdown, TABLE_COLUMNS_MOST));
            return -1;
        }
        return line - 1;
    }
    return -1;
}

/* Add the bytes of a cell as a line of the text of cells: without marks, with `\|` as `|`. */
static void add_cell_text(struct markdown *markdown, struct cell_text *cells,
                          const struct content *content, struct cell cell)
{
    buffer_append_literal(&cells->text, "# ");
    struct slice text = content->text;
    ptrdiff_t from = cell.start;
    for (ptrdiff_t at = cell.start; at <= cell.end; at++) {
        bool is_bar = at + 1 < cell.end && text.data[at] == '\\' && text.data[at + 1] == '|';
        bool is_mark =
            cell.end - at >= MARK_LENGTH && memcmp(text.data + at, MARK, (size_t)MARK_LENGTH) == 0;
        if (at < cell.end && !is_bar && !is_mark) {
            continue;
        }
        *VECTOR_PUSH(markdown->scratch, &cells->segments) =
            (struct segment){cells->text.length, place_to_source(content, from)};
        buffer_append(&cells->text, slice_sub(text, from, at));
        from = at + (is_mark ? MARK_LENGTH : 1);
        at += is_mark ? MARK_LENGTH - 1 : 0;
    }
    /* Something at the end keeps closing hashes of the cell from being taken for those of the
     * heading. */
    buffer_append_literal(&cells->text, " " MARK "\n");
    cells->count++;
}

/* Most cells are words and figures that no inline syntax can change; they need no parser. */
static bool is_words(struct slice s)
{
    static const bool has_meaning[256] = {
        ['\0'] = true, ['\\'] = true, ['`'] = true, ['*'] = true, ['_'] = true,
        ['['] = true,  [']'] = true,  ['<'] = true, ['&'] = true,
    };
    for (ptrdiff_t i = 0; i < s.length; i++) {
        if (has_meaning[(unsigned char)s.data[i]]) {
            return false;
        }
    }
    return true;
}

static void add_row(struct markdown *markdown, struct cell_text *cells,
                    const struct content *content, struct table *table, const struct row *row)
{
    ptrdiff_t count = row->count < table->column_count ? row->count : table->column_count;
    for (ptrdiff_t i = 0; i < count; i++) {
        struct slice text = slice_sub(content->text, row->cells[i].start, row->cells[i].end);
        struct table_cell *cell = VECTOR_PUSH(markdown->scratch, &table->cells);
        cell->is_words = is_words(text);
        if (cell->is_words) {
            cell->words = text;
        } else {
            add_cell_text(markdown, cells, content, row->cells[i]);
        }
    }
    *VECTOR_PUSH(markdown->scratch, &table->rows) = count;
}

static void add_rows(struct markdown *markdown, struct cell_text *cells,
                     const struct content *content, struct table *table, ptrdiff_t header,
                     struct row *row)
{
    add_row(markdown, cells, content, table, row);
    for (ptrdiff_t line = header + 2; line < content->lines.length; line++) {
        struct slice text = content_line(content, line);
        if (text.length == 0) {
            continue;
        }
        split_row(content, text, row);
        if (row->count > table->column_count) {
            DIAG(markdown->diag, CODE_markdown_table_cells, span_of_line(markdown, content, text),
                 number(markdown, row->count), number(markdown, table->column_count));
        }
        add_row(markdown, cells, content, table, row);
    }
}

/* Bytes of `表:`, `表：` or `Table:` at the start of a text, 0 when it begins otherwise. */
static ptrdiff_t caption_prefix(struct slice text)
{
    static const struct slice prefixes[] = {{"表:", 4}, {"表：", 6}, {"Table:", 6}};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (slice_starts_with(text, prefixes[i]) &&
            slice_trim_wide(slice_from(text, prefixes[i].length)).length > 0) {
            return prefixes[i].length;
        }
    }
    return 0;
}

static ptrdiff_t caption_prefix_of(cmark_node *paragraph)
{
    cmark_node *first = cmark_node_first_child(paragraph);
    if (first == NULL || cmark_node_get_type(first) != CMARK_NODE_TEXT) {
        return 0;
    }
    struct slice text = slice_of(cmark_node_get_literal(first));
    ptrdiff_t length = caption_prefix(text);
    if (length == 0 && cmark_node_next(first) != NULL) {
        /* `表: **…**`: the words come behind the first text. */
        struct slice whole = slice_trim_wide(text);
        bool is_prefix = slice_equal(whole, SLICE("表:")) || slice_equal(whole, SLICE("表：")) ||
                         slice_equal(whole, SLICE("Table:"));
        length = is_prefix ? text.length : 0;
    }
    return length;
}

static bool may_hold_table(const struct fed *fed, cmark_node *paragraph)
{
    int last = cmark_node_get_end_line(paragraph);
    for (int line = cmark_node_get_start_line(paragraph) + 1; line <= last; line++) {
        if (looks_like_delimiters(feed_line(fed, line))) {
            return true;
        }
    }
    return false;
}

/* The line in which the content begins behind its definitions. */
static ptrdiff_t line_at(const struct content *content, ptrdiff_t at)
{
    ptrdiff_t line = 0;
    while (line + 1 < content->lines.length && content->lines.data[line + 1].at <= at) {
        line++;
    }
    return line;
}

void table_find(struct markdown *markdown, struct cell_text *cells, cmark_node *paragraph)
{
    if (!may_hold_table(&markdown->fed, paragraph)) {
        return;
    }
    struct content content;
    ptrdiff_t skipped;
    place_content(markdown, paragraph, &content, &skipped);
    ptrdiff_t first_line = line_at(&content, skipped);
    struct row row;
    enum column_alignment alignments[TABLE_COLUMNS_MOST];
    ptrdiff_t header = find_header(markdown, &content, first_line, &row, alignments);
    if (header < 0) {
        return;
    }
    struct table *table = ARENA_NEW(markdown->scratch, struct table);
    table->lead_lines = (int)(header - first_line);
    table->column_count = row.count;
    table->alignments = ARENA_ARRAY(markdown->scratch, enum column_alignment, row.count);
    memcpy(table->alignments, alignments, (size_t)row.count * sizeof(alignments[0]));
    *VECTOR_PUSH(markdown->scratch, &cells->tables) = table;
    *VECTOR_PUSH(markdown->scratch, &cells->first_cells) = cells->count;
    add_rows(markdown, cells, &content, table, header, &row);
    markdown_note(markdown, paragraph)->table = table;
    table->lead_is_caption = table->lead_lines > 0 && caption_prefix_of(paragraph) > 0;
    cmark_node *before = cmark_node_previous(paragraph);
    if (table->lead_lines == 0 && before != NULL &&
        cmark_node_get_type(before) == CMARK_NODE_PARAGRAPH && caption_prefix_of(before) > 0 &&
        cmark_node_get_user_data(before) == NULL) {
        table->caption = before;
        markdown_note(markdown, before)->is_caption = true;
    }
}

/* ---- Parsing cells ---- */

static bool is_literal_line(const struct cell_text *cells, int line, ptrdiff_t *next)
{
    const offset_vector *literal = &cells->literal_lines;
    while (*next + 1 < literal->length && literal->data[*next + 1] < line) {
        *next += 2;
    }
    return *next + 1 < literal->length && literal->data[*next] <= line;
}

/* A line without quote and list markers; `*has_marker` tells of the latter. */
static struct slice strip_markers(struct slice line, bool *has_marker)
{
    *has_marker = false;
    ptrdiff_t at = 0;
    while (at < line.length) {
        char c = line.data[at];
        if (is_blank(c) || c == '>') {
            at++;
            continue;
        }
        ptrdiff_t end = at;
        while (end < line.length && line.data[end] >= '0' && line.data[end] <= '9') {
            end++;
        }
        const char *kinds = end > at ? ".)" : "-+*";
        bool is_marker = end + 1 < line.length && strchr(kinds, line.data[end]) != NULL &&
                         line.data[end] != '\0' && is_blank(line.data[end + 1]);
        if (!is_marker) {
            break;
        }
        *has_marker = true;
        at = end + 1;
    }
    return slice_from(line, at);
}

static bool has_definitions(struct slice text)
{
    for (ptrdiff_t at = slice_find_byte(text, ']', 0); at >= 0;
         at = slice_find_byte(text, ']', at + 1)) {
        if (at + 1 < text.length && text.data[at + 1] == ':') {
            return true;
        }
    }
    return false;
}

/* Behind the cells goes every paragraph of the body in which a line begins like a link definition:
 * what is one there is one here. Lines of code are left out; list markers and headings keep
 * paragraphs apart. */
static void add_definitions(const struct fed *fed, struct cell_text *cells)
{
    if (!has_definitions(fed->text)) {
        return;
    }
    ptrdiff_t literal = 0;
    ptrdiff_t start = cells->text.length;
    bool holds_definition = false;
    for (int line = 1; line <= (int)fed->lines.length + 1; line++) {
        bool has_marker;
        struct slice text = strip_markers(feed_line(fed, line), &has_marker);
        bool is_apart = text.length == 0 || text.data[0] == '#' || has_marker ||
                        is_literal_line(cells, line, &literal);
        if (is_apart) {
            if (!holds_definition) {
                cells->text.length = start;
            }
            buffer_append_literal(&cells->text, "\n\n");
            start = cells->text.length;
            holds_definition = false;
        }
        if (text.length > 0 && text.data[0] != '#' && !is_literal_line(cells, line, &literal)) {
            holds_definition = holds_definition || has_definitions(text);
            buffer_append(&cells->text, text);
            buffer_append_byte(&cells->text, '\n');
        }
    }
    if (!holds_definition) {
        cells->text.length = start;
    }
}

void table_parse_cells(struct markdown *markdown, struct cell_text *cells)
{
    if (cells->count == 0) {
        return;
    }
    add_definitions(&markdown->fed, cells);
    struct fed *fed = &markdown->cells_fed;
    struct slice text = arena_copy(markdown->scratch, buffer_slice(&cells->text));
    fed->segments = cells->segments;
    feed_mark(markdown->scratch, text, fed);
    feed_find_lines(markdown->scratch, fed);
    cmark_node *cell = cmark_node_first_child(heap_parse(fed->text));
    ptrdiff_t index = 0;
    for (ptrdiff_t i = 0; i < cells->tables.length; i++) {
        for (; index < cells->first_cells.data[i]; index++) {
            cell = cmark_node_next(cell);
        }
        cells->tables.data[i]->first_cell = cell;
    }
}

/* ---- HTML ---- */

void table_open_captioned(struct markdown *markdown)
{
    struct buffer *html = &markdown->html;
    /* No id made of a heading's words holds an underscore. */
    struct slice id = heading_unique_id(
        markdown, arena_format(markdown->arena, "table_%d", ++markdown->captions));
    buffer_append_literal(html, "<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" "
                                "aria-labelledby=\"");
    buffer_append(html, id);
    buffer_append_literal(html, "\">\n<table>\n<caption id=\"");
    buffer_append(html, id);
    buffer_append_literal(html, "\">");
}

void table_close_captioned(struct markdown *markdown)
{
    buffer_append_literal(&markdown->html, "</table>\n</div>\n");
}

void table_append_class(struct buffer *html, enum column_alignment alignment)
{
    static const char *const names[] = {[COLUMN_LEFT] = " class=\"align-left\"",
                                        [COLUMN_CENTER] = " class=\"align-center\"",
                                        [COLUMN_RIGHT] = " class=\"align-right\""};
    buffer_append(html, slice_of(names[alignment]));
}

static void render_caption(struct markdown *markdown, cmark_node *paragraph, int breaks_most)
{
    struct inline_part part = {.drop_start = caption_prefix_of(paragraph),
                               .breaks_most = breaks_most};
    table_open_captioned(markdown);
    inline_render(markdown, paragraph, &part);
    buffer_append_literal(&markdown->html, "</caption>\n");
}

static void render_lead(struct markdown *markdown, cmark_node *paragraph, int lines, bool tight)
{
    struct inline_part part = {.breaks_most = lines};
    if (!tight) {
        buffer_append_literal(&markdown->html, "<p>");
    }
    inline_render(markdown, paragraph, &part);
    buffer_append(&markdown->html, tight ? SLICE("\n") : SLICE("</p>\n"));
}

static void render_parsed_cell(struct markdown *markdown, cmark_node *cell)
{
    const struct fed *fed = &markdown->cells_fed;
    int line = cmark_node_get_start_line(cell);
    ptrdiff_t start = feed_line_start(fed, line) + 2;
    struct segment whole = {0, start};
    struct content content = {.fed = fed,
                              .text = slice_from(feed_line(fed, line), 2),
                              .lines = {.data = &whole, .length = 1, .capacity = 1}};
    struct inline_part part = {.content = &content, .is_cell = true};
    inline_render(markdown, cell, &part);
}

/* The cells of a table, taken one after the other. */
struct cell_reader {
    const struct table_cell *next;
    cmark_node *next_parsed;
};

static void render_cell(struct markdown *markdown, struct cell_reader *reader)
{
    if (reader->next->is_words) {
        inline_text(markdown, reader->next->words, true);
    } else {
        render_parsed_cell(markdown, reader->next_parsed);
        reader->next_parsed = cmark_node_next(reader->next_parsed);
    }
    reader->next++;
}

/* The first row is the header. An empty header cell is no header to anything. */
static void render_row(struct markdown *markdown, const struct table *table, bool is_header,
                       ptrdiff_t cells, struct cell_reader *reader)
{
    struct buffer *html = &markdown->html;
    markdown_begin_block(markdown);
    buffer_append_literal(html, "<tr>\n");
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        if (i >= cells && ++markdown->padded_cells > TABLE_PADDING_MOST) {
            break;
        }
        ptrdiff_t start = html->length;
        if (i > 0 && markdown->text.length > 0) {
            buffer_append_byte(&markdown->text, ' ');
        }
        buffer_append(html, is_header ? SLICE("<th scope=\"col\"") : SLICE("<td"));
        table_append_class(html, table->alignments[i]);
        buffer_append_byte(html, '>');
        ptrdiff_t content = html->length;
        if (i < cells) {
            render_cell(markdown, reader);
        }
        bool is_empty = html->length == content;
        if (is_header && is_empty) {
            html->length = start;
            buffer_append_literal(html, "<td>");
        }
        buffer_append(html, is_header && !is_empty ? SLICE("</th>\n") : SLICE("</td>\n"));
    }
    buffer_append_literal(html, "</tr>\n");
}

void table_render(struct markdown *markdown, cmark_node *paragraph, const struct table *table,
                  bool tight)
{
    struct buffer *html = &markdown->html;
    bool has_caption = table->caption != NULL || table->lead_is_caption;
    markdown_begin_block(markdown);
    if (table->lead_lines > 0 && !table->lead_is_caption) {
        render_lead(markdown, paragraph, table->lead_lines, tight);
    }
    if (table->caption != NULL) {
        render_caption(markdown, table->caption, 0);
    } else if (has_caption) {
        render_caption(markdown, paragraph, table->lead_lines);
    } else {
        buffer_append_literal(html, "<table>\n");
    }
    struct cell_reader reader = {table->cells.data, table->first_cell};
    buffer_append_literal(html, "<thead>\n");
    render_row(markdown, table, true, table->rows.data[0], &reader);
    buffer_append_literal(html, "</thead>\n");
    for (ptrdiff_t i = 1; i < table->rows.length; i++) {
        buffer_append(html, i == 1 ? SLICE("<tbody>\n") : SLICE(""));
        render_row(markdown, table, false, table->rows.data[i], &reader);
    }
    buffer_append(html, table->rows.length > 1 ? SLICE("</tbody>\n") : SLICE(""));
    if (has_caption) {
        table_close_captioned(markdown);
    } else {
        buffer_append_literal(html, "</table>\n");
    }
}
