#include "import.h"

/* The file as rows of texts: CSV and its relatives. A workbook becomes one first (workbook.c). */

struct slice sheet_text(const struct sheet_row *row, ptrdiff_t field)
{
    return field >= 0 && field < row->count ? row->cells[field].text : SLICE("");
}

struct slice sheet_shown(const struct sheet_row *row, ptrdiff_t field)
{
    bool is_other = field >= 0 && field < row->count && row->cells[field].shown.length > 0;
    return is_other ? row->cells[field].shown : sheet_text(row, field);
}

ptrdiff_t sheet_filled(const struct sheet_row *row)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < row->count; i++) {
        count += slice_trim_wide(row->cells[i].text).length > 0 ? 1 : 0;
    }
    return count;
}

struct span sheet_span(const struct sheet *sheet, const struct sheet_row *row, ptrdiff_t field)
{
    return field >= 0 ? csv_field_span(sheet->source, &sheet->dialect, row->start, row->end, field)
                      : span_make(sheet->source, row->start, row->end);
}

void sheet_report(const struct import *import, enum code code, const struct sheet_row *row,
                  ptrdiff_t field, const struct slice arguments[REPORT_ARGUMENTS])
{
    struct report report = {.code = code,
                            .span = sheet_span(&import->sheet, row, field),
                            .resource = import->table->name,
                            .row_number = row->number,
                            .field_number = field + 1};
    for (int i = 0; i < REPORT_ARGUMENTS; i++) {
        report.arguments[i] = arguments[i];
    }
    diag_add(import->diag, &report);
}

/* ---- Private columns ---- */

#define BOX 0x25A0

static bool is_private_field(const struct import *import, ptrdiff_t field)
{
    if (field >= import->mapping_count) {
        return true; /* nobody said what stands there */
    }
    const struct mapping *mapping = &import->mappings[field];
    int column = mapping->state == MAPPING_TAKEN ? mapping->column : mapping->candidate;
    if (column < 0) {
        return mapping->label.length == 0; /* behind the headings: of whatever column */
    }
    return import->table->columns[column].is_private;
}

/* A first row of which no cell names a column may be a row of values. */
static bool is_header_known(const struct import *import)
{
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        const struct mapping *mapping = &import->mappings[i];
        if (mapping->state == MAPPING_TAKEN || mapping->candidate >= 0) {
            return true;
        }
    }
    return false;
}

static void hide(struct buffer *out, struct slice s)
{
    for (ptrdiff_t at = 0; at < s.length;) {
        (void)utf8_next(s, &at);
        utf8_append(out, BOX);
    }
}

/* The row that begins at a byte, or NULL. */
static const struct sheet_row *row_at(const struct sheet *sheet, ptrdiff_t start)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = sheet->row_count;
    while (low < high) {
        ptrdiff_t middle = (low + high) / 2;
        if (sheet->rows[middle].start < start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < sheet->row_count && sheet->rows[low].start == start ? &sheet->rows[low] : NULL;
}

/* A line that is no whole record (a cell that runs over several lines) is hidden altogether. */
static void mask_line(void *context, struct slice line, ptrdiff_t start, struct buffer *out)
{
    const struct import *import = context;
    const struct sheet *sheet = &import->sheet;
    const struct sheet_row *row = row_at(sheet, start);
    if (row == NULL || row->end - row->start != line.length || row->is_broken) {
        hide(out, line);
        return;
    }
    bool is_header = row >= &sheet->rows[import->header_first] &&
                     row <= &sheet->rows[import->header_last] && is_header_known(import);
    ptrdiff_t at = 0;
    for (ptrdiff_t field = 0; field < row->count; field++) {
        struct span cell = sheet_span(sheet, row, field);
        struct slice content = slice_sub(line, cell.start - start, cell.end - start);
        buffer_append(out, slice_sub(line, at, cell.start - start));
        if (!is_header && is_private_field(import, field)) {
            hide(out, content);
        } else {
            buffer_append(out, content);
        }
        at = cell.end - start;
    }
    buffer_append(out, slice_from(line, at));
}

void sheet_mask(struct import *import)
{
    if (table_has_private(import->table)) {
        source_set_mask(import->sheet.source, mask_line, import);
    }
}

/* ---- Reading ---- */

struct reading_rows {
    struct import *import;
    VECTOR(struct sheet_row) rows;
    ptrdiff_t most; /* 0: all */
};

static bool keep_row(void *context, const struct csv_row *row)
{
    struct reading_rows *reading = context;
    struct arena *arena = reading->import->arena;
    struct sheet_row *kept = VECTOR_PUSH(arena, &reading->rows);
    *kept = (struct sheet_row){.number = row->row_number,
                               .start = row->start,
                               .end = row->end,
                               .count = row->field_count,
                               .is_broken = row->is_broken};
    kept->cells = ARENA_ARRAY(arena, struct sheet_cell, row->field_count);
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        kept->cells[i].text = arena_copy(arena, row->fields[i]);
    }
    return reading->most == 0 || reading->rows.length < reading->most;
}

/* How many fields the first rows have with a delimiter: Excel's "Unicode text" has tabs, some
 * programs write semicolons. The comma wins where nothing speaks for another. */
enum { ROWS_LOOKED_AT = 50 };

static ptrdiff_t count_fields(struct import *import, char delimiter)
{
    struct diag *unheard = diag_new(1);
    struct reading_rows reading = {.import = import, .most = ROWS_LOOKED_AT};
    struct csv_dialect dialect = import->sheet.dialect;
    dialect.delimiter = delimiter;
    (void)csv_read(import->sheet.source, &dialect, keep_row, &reading, unheard);
    diag_free(unheard);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < reading.rows.length; i++) {
        count += reading.rows.data[i].count;
    }
    return count;
}

static char find_delimiter(struct import *import)
{
    static const char others[] = {'\t', ';'};
    char found = ',';
    ptrdiff_t most = count_fields(import, ',');
    for (size_t i = 0; i < sizeof(others); i++) {
        ptrdiff_t count = count_fields(import, others[i]);
        if (count > most) {
            most = count;
            found = others[i];
        }
    }
    return found;
}

static bool text_read(struct import *import)
{
    struct sheet *sheet = &import->sheet;
    if (table_has_private(import->table)) {
        diag_hide(import->diag, import->options->file);
    }
    struct decoding decoding;
    sheet->source =
        tree_read_table(&import->tree, import->options->file, NULL, &decoding, import->diag);
    if (sheet->source == NULL) {
        return false;
    }
    report_uncertain(import->diag, sheet->source, &decoding);
    csv_dialect_default(&sheet->dialect);
    sheet_mask(import);
    sheet->dialect.delimiter = find_delimiter(import);
    struct reading_rows reading = {.import = import};
    bool is_read = csv_read(sheet->source, &sheet->dialect, keep_row, &reading, import->diag);
    sheet->rows = reading.rows.data;
    sheet->row_count = reading.rows.length;
    for (ptrdiff_t i = 0; i < sheet->row_count; i++) {
        sheet->rows[i].number = source_position(sheet->source, sheet->rows[i].start).line;
    }
    return is_read;
}

bool sheet_read(struct import *import)
{
    const struct slice paths[] = {import->options->file, import->options->answers};
    const struct slice texts[] = {import->options->text, {0}};
    ptrdiff_t count = import->options->answers.length > 0 ? 2 : 1;
    if (!tree_open_files(&import->tree, paths, texts, count, import->arena, import->diag)) {
        return false;
    }
    if (workbook_is(import->options->file)) {
        return workbook_read(import);
    }
    if (import->options->sheet.length > 0) {
        DIAG_MISSING(import->diag, CODE_import_no_sheets, import->options->file, SLICE(""));
        return false;
    }
    return text_read(import);
}
