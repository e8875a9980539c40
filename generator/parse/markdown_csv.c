/*
 * A fenced block `csv` becomes a table: the first record is its header, the words behind `csv` its
 * caption. The block is read by the stage's own CSV reader as a small source; what that finds is
 * told at its place in the Markdown file.
 */
#include "markdown.h"

#include <string.h>

static struct slice fence_info(cmark_node *code)
{
    return slice_trim(slice_of(cmark_node_get_fence_info(code)));
}

bool csv_block_is(const struct markdown *markdown, cmark_node *code)
{
    struct slice info = fence_info(code);
    return !markdown->options.plain &&
           slice_equal_ignoring_ascii_case(markdown_first_word(info), SLICE("csv"));
}

/* ---- Reading ---- */

struct csv_record {
    struct slice *fields;
    ptrdiff_t count;
    ptrdiff_t start, end; /* in the block */
};

struct csv_block {
    struct markdown *markdown;
    cmark_node *code;
    struct slice text;
    offset_vector lines; /* where each line of the block begins; made when a place is wanted */
    VECTOR(struct csv_record) records;
};

static bool take_record(void *context, const struct csv_row *row)
{
    struct csv_block *block = context;
    struct arena *scratch = block->markdown->scratch;
    if (row->is_blank) {
        return true;
    }
    struct csv_record record = {.count = row->field_count, .start = row->start, .end = row->end};
    record.fields = ARENA_ARRAY(scratch, struct slice, row->field_count);
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        record.fields[i] = arena_copy(scratch, slice_trim_wide(row->fields[i]));
    }
    *VECTOR_PUSH(scratch, &block->records) = record;
    return true;
}

static void find_lines(struct csv_block *block)
{
    if (block->lines.length > 0) {
        return;
    }
    ptrdiff_t at = 0;
    while (at >= 0) {
        *VECTOR_PUSH(block->markdown->scratch, &block->lines) = at;
        at = slice_find_byte(block->text, '\n', at);
        at = at < 0 ? at : at + 1;
    }
}

/* Line `line` of the block, from 1, without its line end. */
static struct slice line_of(struct csv_block *block, ptrdiff_t line)
{
    find_lines(block);
    if (line > block->lines.length) {
        return slice_from(block->text, block->text.length);
    }
    ptrdiff_t end = line < block->lines.length ? block->lines.data[line] : block->text.length;
    struct slice text = slice_sub(block->text, block->lines.data[line - 1], end);
    while (text.length > 0 &&
           (text.data[text.length - 1] == '\n' || text.data[text.length - 1] == '\r')) {
        text.length--;
    }
    return text;
}

/* Bytes [from, to) of a line of the block, in the Markdown file. cmark has cut the line's front
 * off, never its end. */
static struct span span_in_line(struct csv_block *block, ptrdiff_t line, ptrdiff_t from,
                                ptrdiff_t to)
{
    const struct fed *fed = &block->markdown->fed;
    struct slice in_block = line_of(block, line);
    struct slice in_file = feed_line(fed, cmark_node_get_start_line(block->code) + (int)line);
    ptrdiff_t start = feed_to_source(fed, in_file.data + in_file.length - fed->text.data);
    start -= in_block.length;
    from = from < in_block.length ? from : in_block.length;
    to = to < in_block.length ? to : in_block.length;
    return span_make(block->markdown->source, start + from, start + to);
}

/* Tell what the CSV reader found, at its place in the Markdown file. */
static void forward_findings(struct csv_block *block, struct diag *found)
{
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(found, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        ptrdiff_t line = (ptrdiff_t)finding->position.line;
        struct slice text = line_of(block, line);
        ptrdiff_t from = utf8_offset(text, (ptrdiff_t)finding->position.column - 1);
        ptrdiff_t to = finding->end.line == finding->position.line
                           ? utf8_offset(text, (ptrdiff_t)finding->end.column - 1)
                           : text.length;
        struct report report = {.code = finding->code,
                                .rule = finding->rule,
                                .type = finding->type,
                                .has_severity = true,
                                .severity = finding->severity};
        report.span = span_in_line(block, line, from, to);
        memcpy(report.message, finding->message, sizeof(report.message));
        memcpy(report.help, finding->help, sizeof(report.help));
        diag_add(block->markdown->diag, &report);
    }
}

static void read_block(struct csv_block *block)
{
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    dialect.skip_initial_space = true;
    struct source *source =
        source_new(source_path(block->markdown->source), block->text, NULL, NULL);
    struct diag *found = diag_new(0);
    csv_read(source, &dialect, take_record, block, found);
    struct diag_counts counts = diag_counts(found);
    if (counts.errors + counts.warnings + counts.notes > 0) {
        forward_findings(block, found);
    }
    diag_free(found);
    source_free(source);
}

/* ---- Numbers ---- */

/* A digit, half or full width. */
static bool is_digit(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

/* Signs, commas, points and percent signs, as people write them in tables. */
static bool belongs_to_number(int32_t c)
{
    static const int32_t signs[] = {'+',    '-',    ',',    '.',    '%',    ' ',    0x2212, 0x25B2,
                                    0x25B3, 0xFF0B, 0xFF0D, 0xFF0C, 0xFF0E, 0xFF05, 0x00B1};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (signs[i] == c) {
            return true;
        }
    }
    return false;
}

enum cell_kind { CELL_MISSING, CELL_NUMBER, CELL_TEXT };

static enum cell_kind kind_of_cell(struct slice s)
{
    bool has_digit = false;
    for (ptrdiff_t at = 0; at < s.length;) {
        int32_t c = utf8_next(s, &at);
        if (is_digit(c)) {
            has_digit = true;
        } else if (belongs_to_number(c)) {
            /* `2024-03-01` is no number: a hyphen only stands in front. */
            if (c == '-' && has_digit) {
                return CELL_TEXT;
            }
        } else if (c != 0x2013 && c != 0x2014 && c != 0x2015 && c != 0x2026) {
            return CELL_TEXT;
        }
    }
    return has_digit ? CELL_NUMBER : CELL_MISSING;
}

static enum column_alignment alignment_of(const struct csv_block *block, ptrdiff_t column)
{
    bool has_number = false;
    for (ptrdiff_t i = 1; i < block->records.length; i++) {
        const struct csv_record *record = &block->records.data[i];
        enum cell_kind kind =
            column < record->count ? kind_of_cell(record->fields[column]) : CELL_MISSING;
        if (kind == CELL_TEXT) {
            return COLUMN_PLAIN;
        }
        has_number = has_number || kind == CELL_NUMBER;
    }
    return has_number ? COLUMN_RIGHT : COLUMN_PLAIN;
}

/* ---- HTML ---- */

static void render_record(struct csv_block *block, const struct csv_record *record,
                          ptrdiff_t columns, const enum column_alignment *alignments,
                          bool is_header)
{
    struct markdown *markdown = block->markdown;
    struct buffer *html = &markdown->html;
    markdown_begin_block(markdown);
    buffer_append_literal(html, "<tr>\n");
    for (ptrdiff_t i = 0; i < columns; i++) {
        if (i >= record->count && ++markdown->padded_cells > TABLE_PADDING_MOST) {
            break;
        }
        struct slice field = i < record->count ? record->fields[i] : (struct slice){0};
        bool is_heading = is_header && field.length > 0;
        if (i > 0 && markdown->text.length > 0) {
            buffer_append_byte(&markdown->text, ' ');
        }
        buffer_append(html, is_heading ? SLICE("<th scope=\"col\"") : SLICE("<td"));
        table_append_class(html, alignments[i]);
        buffer_append_byte(html, '>');
        inline_text(markdown, field, false);
        buffer_append(html, is_heading ? SLICE("</th>\n") : SLICE("</td>\n"));
    }
    buffer_append_literal(html, "</tr>\n");
}

static void check_records(struct csv_block *block, ptrdiff_t columns)
{
    struct markdown *markdown = block->markdown;
    ptrdiff_t line = 1;
    for (ptrdiff_t i = 1; i < block->records.length; i++) {
        const struct csv_record *record = &block->records.data[i];
        if (record->count == columns) {
            continue;
        }
        find_lines(block);
        while (line < block->lines.length && block->lines.data[line] <= record->start) {
            line++;
        }
        DIAG(markdown->diag, CODE_markdown_csv_cells,
             span_in_line(block, line, 0, record->end - record->start),
             arena_format(markdown->scratch, "%td", record->count),
             arena_format(markdown->scratch, "%td", columns));
    }
}

static void render_table(struct csv_block *block, ptrdiff_t columns)
{
    struct buffer *html = &block->markdown->html;
    enum column_alignment *alignments =
        ARENA_ARRAY(block->markdown->scratch, enum column_alignment, columns);
    for (ptrdiff_t i = 0; i < columns; i++) {
        alignments[i] = alignment_of(block, i);
    }
    buffer_append_literal(html, "<thead>\n");
    render_record(block, &block->records.data[0], columns, alignments, true);
    buffer_append_literal(html, "</thead>\n");
    for (ptrdiff_t i = 1; i < block->records.length; i++) {
        buffer_append(html, i == 1 ? SLICE("<tbody>\n") : SLICE(""));
        render_record(block, &block->records.data[i], columns, alignments, false);
    }
    buffer_append(html, block->records.length > 1 ? SLICE("</tbody>\n") : SLICE(""));
}

void csv_block_render(struct markdown *markdown, cmark_node *code)
{
    struct csv_block block = {.markdown = markdown, .code = code};
    block.text = feed_unmark(markdown->scratch, slice_of(cmark_node_get_literal(code)));
    struct slice info = fence_info(code);
    struct slice caption = slice_trim_wide(slice_from(info, markdown_first_word(info).length));
    read_block(&block);
    if (caption.length == 0) {
        DIAG(markdown->diag, CODE_markdown_csv_caption, place_block(markdown, code), SLICE(""));
    }
    if (block.records.length == 0) {
        DIAG(markdown->diag, CODE_markdown_csv_empty, place_block(markdown, code), SLICE(""));
        return;
    }
    ptrdiff_t columns = block.records.data[0].count;
    check_records(&block, columns);
    markdown_begin_block(markdown);
    if (caption.length == 0) {
        buffer_append_literal(&markdown->html, "<table>\n");
        render_table(&block, columns);
        buffer_append_literal(&markdown->html, "</table>\n");
        return;
    }
    table_open_captioned(markdown);
    inline_text(markdown, caption, true);
    buffer_append_literal(&markdown->html, "</caption>\n");
    render_table(&block, columns);
    table_close_captioned(markdown);
}
