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

/* ---- Reading --------------------------------------------------------------------------------- */

struct csv_record {
    struct slice *fields;
    ptrdiff_t count;
    ptrdiff_t start, end; /* in the block */
};

struct csv_block {
    struct markdown *markdown;
    cmark_node *code;
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

/* Columns [from, to) in code points of line `line` of the block, in the Markdown file. cmark has
 * cut the line's front off, never its end. */
static struct span span_in_block(struct csv_block *block, struct slice text, int64_t line,
                                 int64_t from, int64_t to)
{
    const struct fed *fed = &block->markdown->fed;
    struct slice rest = text;
    struct slice in_block = {0};
    for (int64_t i = 0; i < line && rest.data != NULL; i++) {
        in_block = slice_cut(&rest, '\n');
    }
    while (slice_ends_with(in_block, SLICE("\r"))) {
        in_block.length--;
    }
    struct slice in_file = feed_line(fed, cmark_node_get_start_line(block->code) + (int)line);
    ptrdiff_t start = feed_to_source(fed, in_file.data + in_file.length - fed->text.data);
    start -= in_block.length;
    return span_make(block->markdown->source, start + utf8_offset(in_block, (ptrdiff_t)from - 1),
                     start + utf8_offset(in_block, (ptrdiff_t)to - 1));
}

/* Tell what the CSV reader found, at its place in the Markdown file. */
static void forward_findings(struct csv_block *block, struct slice text, struct diag *found)
{
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(found, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        bool one_line = finding->end.line == finding->position.line;
        int64_t from = finding->position.column;
        int64_t to = one_line && finding->end.column > from ? finding->end.column : from + 1;
        struct report report = {.code = finding->code,
                                .rule = finding->rule,
                                .type = finding->type,
                                .has_severity = true,
                                .severity = finding->severity};
        report.span = span_in_block(block, text, finding->position.line, from, to);
        memcpy(report.message, finding->message, sizeof(report.message));
        memcpy(report.help, finding->help, sizeof(report.help));
        diag_add(block->markdown->diag, &report);
    }
}

static void read_block(struct csv_block *block, struct slice text)
{
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    dialect.skip_initial_space = true;
    struct source *source = source_new(source_path(block->markdown->source), text, NULL, NULL);
    struct diag *found = diag_new(0);
    csv_read(source, &dialect, take_record, block, found);
    struct diag_counts counts = diag_counts(found);
    if (counts.errors + counts.warnings + counts.notes > 0) {
        forward_findings(block, text, found);
    }
    diag_free(found);
    source_free(source);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

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
    bool ends_with_sign = false;
    for (ptrdiff_t at = 0; at < s.length;) {
        int32_t c = utf8_next(s, &at);
        if (is_digit(c)) {
            has_digit = true;
            ends_with_sign = false;
        } else if (belongs_to_number(c)) {
            /* `2024-03-01` is no number: a hyphen only stands in front. */
            if (c == '-' && has_digit) {
                return CELL_TEXT;
            }
            ends_with_sign = true;
        } else if (c != 0x2013 && c != 0x2014 && c != 0x2015 && c != 0x2026) {
            return CELL_TEXT;
        }
    }
    (void)ends_with_sign;
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

/* ---- HTML ------------------------------------------------------------------------------------ */

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

static void check_records(struct csv_block *block, struct slice text, ptrdiff_t columns)
{
    struct markdown *markdown = block->markdown;
    for (ptrdiff_t i = 1; i < block->records.length; i++) {
        const struct csv_record *record = &block->records.data[i];
        if (record->count == columns) {
            continue;
        }
        int64_t line = 1;
        for (ptrdiff_t at = slice_find_byte(text, '\n', 0); at >= 0 && at < record->start;
             at = slice_find_byte(text, '\n', at + 1)) {
            line++;
        }
        DIAG(markdown->diag, CODE_markdown_csv_cells,
             span_in_block(block, text, line, 1, 1 + (record->end - record->start)),
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
    struct slice text = feed_unmark(markdown->scratch, slice_of(cmark_node_get_literal(code)));
    struct slice info = fence_info(code);
    struct slice caption = slice_trim_wide(slice_from(info, markdown_first_word(info).length));
    read_block(&block, text);
    if (caption.length == 0) {
        DIAG(markdown->diag, CODE_markdown_csv_caption, place_block(markdown, code), SLICE(""));
    }
    if (block.records.length == 0) {
        DIAG(markdown->diag, CODE_markdown_csv_empty, place_block(markdown, code), SLICE(""));
        return;
    }
    ptrdiff_t columns = block.records.data[0].count;
    check_records(&block, text, columns);
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
