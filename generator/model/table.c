#include "registers.h"

/* Tables as the rest of the program sees them. */

const struct table *site_table(const struct site *site, struct slice name)
{
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        if (slice_equal(site->tables[i].name, name)) {
            return &site->tables[i];
        }
    }
    return NULL;
}

struct slice table_cell(const struct table *table, ptrdiff_t row, int column)
{
    CHECK(row >= 0 && row < table->row_count && column >= 0 && column < table->column_count);
    const struct slice *cells = table->columns[column].cells;
    return cells != NULL ? cells[row] : (struct slice){0};
}

int table_column_by_name(const struct table *table, struct slice name)
{
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        if (slice_equal(table->columns[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

ptrdiff_t table_row_by_key(const struct table *table, struct slice key)
{
    return key_index_find(table->rows_by_key, &key);
}

bool table_may_hold(const struct table *table, struct slice key)
{
    bool has_no_keys = table->key_column < 0 && table->site->package_is_broken;
    return !table->is_read || has_no_keys ||
           (table->lacks_rows && slice_find(source_text(table->source), key, 0) >= 0);
}

struct span table_cell_span(const struct table *table, ptrdiff_t row, int column)
{
    struct span span = table->row_spans[row];
    int field = table->columns[column].field;
    return field < 0 ? span
                     : csv_field_span(table->source, &table->dialect, span.start, span.end, field);
}

/* ---- For readers ---- */

/* The column that holds `column`'s text in `language`, or -1; a private one is nobody's to read. */
static int translated_column(const struct table *table, int column, int language)
{
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].translates == column && table->columns[i].language == language &&
            !table->columns[i].is_private) {
            return (int)i;
        }
    }
    return -1;
}

static bool is_ascii(struct slice s)
{
    for (ptrdiff_t i = 0; i < s.length; i++) {
        if ((s.data[i] & 0x80) != 0) {
            return false;
        }
    }
    return true;
}

static bool is_translated(const struct table *table, int column)
{
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].translates == column) {
            return true;
        }
    }
    return false;
}

/* The language of a column's own text. Words without a translation are of the original language
 * when they can't be plain ids, numbers or addresses of the net. */
static int text_language(const struct table *table, int column, struct slice text)
{
    const struct column *of = &table->columns[column];
    if (of->language >= 0) {
        return of->language;
    }
    bool is_text = of->type == COLUMN_STRING || of->type == COLUMN_LIST || of->type == COLUMN_ANY;
    return is_text && (is_translated(table, column) || !is_ascii(text)) ? 0 : -1;
}

static struct slice part_display(const struct table *table, int column, struct slice part,
                                 int language, int *actual, struct arena *arena)
{
    const struct column *of = &table->columns[column];
    const struct code_entry *code = of->codelist != NULL ? codelist_find(of->codelist, part) : NULL;
    if (code != NULL) {
        struct slice label = code_label(code, language);
        bool is_original = label.data == code_label(code, 0).data;
        *actual = is_original ? 0 : language;
        return label;
    }
    if (of->referenced != NULL && of->codelist == NULL) {
        ptrdiff_t row = table_row_by_key(of->referenced, part);
        if (row >= 0) {
            return table_row_title(of->referenced, row, language, actual, arena);
        }
    }
    *actual = text_language(table, column, part);
    return part;
}

struct slice table_cell_display(const struct table *table, ptrdiff_t row, int column, int language,
                                int *actual, struct arena *arena)
{
    const struct column *of = &table->columns[column];
    struct slice cell = table_cell(table, row, column);
    *actual = -1;
    int translated = translated_column(table, column, language);
    if (translated >= 0 && table_cell(table, row, translated).length > 0) {
        *actual = language;
        return table_cell(table, row, translated);
    }
    if (cell.length == 0) {
        return cell;
    }
    if (of->type != COLUMN_LIST) {
        return part_display(table, column, cell, language, actual, arena);
    }
    bool is_japanese = site_interface_language(table->site, language) == INTERFACE_JAPANESE;
    struct slice out = SLICE("");
    struct slice rest = cell;
    bool is_first = true;
    while (rest.data != NULL) {
        int of_part = -1;
        struct slice part = slice_cut(&rest, of->delimiter);
        part = part_display(table, column, part, language, &of_part, arena);
        *actual = is_first || of_part == *actual ? of_part : *actual;
        out =
            is_first ? part : ARENA_JOIN(arena, out, is_japanese ? SLICE("、") : SLICE(", "), part);
        is_first = false;
    }
    return out;
}

struct slice table_row_title(const struct table *table, ptrdiff_t row, int language, int *actual,
                             struct arena *arena)
{
    int column = table->title_column >= 0 ? table->title_column : table->key_column;
    *actual = -1;
    if (column < 0) {
        return SLICE("");
    }
    struct slice title;
    /* A title that itself points at other rows could lead round in a circle: then its own text must
     * do. */
    const struct column *of = &table->columns[column];
    if (of->referenced != NULL && of->codelist == NULL) {
        title = table_cell(table, row, column);
    } else {
        title = table_cell_display(table, row, column, language, actual, arena);
    }
    if (title.length == 0 && table->key_column >= 0) {
        *actual = -1;
        return table_cell(table, row, table->key_column);
    }
    return title;
}
