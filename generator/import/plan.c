#include "import.h"

/* The plan, for a person at a terminal: what becomes of columns, rows and cells. */

enum { LINES_MOST = 20, SHOWN_MOST = 40 };

struct printing {
    const struct import *import;
    enum interface_language language;
    struct sink *out;
};

static bool is_japanese(const struct printing *printing)
{
    return printing->language == INTERFACE_JAPANESE;
}

static const char *word(const struct printing *printing, const char *ja, const char *en)
{
    return is_japanese(printing) ? ja : en;
}

/* A text on one line, shortened, and without what a terminal would obey. */
static void print_text(const struct printing *printing, struct slice text)
{
    struct buffer visible = {0};
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at < text.length; count++) {
        int32_t c = utf8_next(text, &at);
        if (count == SHOWN_MOST) {
            utf8_append(&visible, 0x2026);
            break;
        }
        bool is_bad = utf8_is_unsafe_on_terminal(c) || c == '\n' || c == '\t';
        utf8_append(&visible, is_bad ? ' ' : c);
    }
    sink_write(printing->out, buffer_slice(&visible));
    buffer_release(&visible);
}

static void print_reason(const struct printing *printing, enum import_reason reason)
{
    sink_write(printing->out, slice_of(word(printing, "（", " (")));
    sink_write(printing->out, import_reason_words(reason, printing->language));
    sink_write(printing->out, slice_of(word(printing, "）\n", ")\n")));
}

static void print_more(const struct printing *printing, ptrdiff_t count)
{
    if (count > LINES_MOST) {
        sink_write_format(printing->out,
                          is_japanese(printing) ? "  … ほかに %lld（--report にすべてあります）\n"
                                                : "  … and %lld more (--report has them all)\n",
                          (long long)(count - LINES_MOST));
    }
}

/* ---- Columns ---- */

static void print_label(const struct printing *printing, ptrdiff_t field)
{
    struct slice label = printing->import->mappings[field].label;
    sink_write_literal(printing->out, "  ");
    if (label.length > 0) {
        print_text(printing, label);
    } else {
        sink_write_format(printing->out, "#%lld", (long long)field + 1);
    }
}

static void print_columns(const struct printing *printing)
{
    const struct import *import = printing->import;
    sink_write(printing->out, slice_of(word(printing, "列\n", "Columns\n")));
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        const struct mapping *mapping = &import->mappings[i];
        if (mapping->label.length == 0 && mapping->filled == 0) {
            continue;
        }
        print_label(printing, i);
        sink_write_literal(printing->out, " -> ");
        if (mapping->state == MAPPING_TAKEN) {
            sink_write(printing->out, import->table->columns[mapping->column].name);
            if (mapping->power > 0) {
                sink_write_format(printing->out, " x 10^%d", mapping->power);
            }
        } else if (mapping->state == MAPPING_DROPPED) {
            sink_write(printing->out, slice_of(word(printing, "使いません", "left out")));
        } else {
            sink_write_literal(printing->out, "?");
        }
        print_reason(printing, mapping->reason);
    }
    for (int i = 0; i < import->table->column_count; i++) {
        const struct column *column = &import->table->columns[i];
        bool is_constant = import->constants[i].data != NULL && import->mapping_of[i] < 0;
        if (is_constant) {
            sink_write_literal(printing->out, "  = ");
            print_text(printing, column->is_private ? SLICE("■") : import->constants[i]);
            sink_write_literal(printing->out, " -> ");
            sink_write(printing->out, column->name);
            print_reason(printing, REASON_CONSTANT);
        }
    }
}

/* ---- Rows ---- */

/* The first text of a row that may be shown. */
static struct slice row_start(const struct import *import, const struct sheet_row *row)
{
    for (ptrdiff_t i = 0; i < row->count; i++) {
        struct slice text = slice_trim_wide(row->cells[i].text);
        int column = i < import->mapping_count ? import->mappings[i].column : -1;
        bool is_private = column >= 0 && import->table->columns[column].is_private;
        if (text.length > 0) {
            return is_private ? SLICE("■") : text;
        }
    }
    return SLICE("");
}

/* Rows that are not taken; blank ones are only counted. */
static void print_skipped(const struct printing *printing)
{
    const struct import *import = printing->import;
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        const struct import_row *row = &import->rows[i];
        bool is_above = row->fate == FATE_ABOVE && sheet_filled(row->sheet) > 0;
        bool is_skipped = row->fate == FATE_SKIPPED && row->reason != REASON_BLANK_ROW;
        if ((!is_above && !is_skipped) || ++count > LINES_MOST) {
            continue;
        }
        sink_write_format(printing->out, "  %lld: ", (long long)row->sheet->number);
        sink_write(printing->out, import_reason_words(row->reason, printing->language));
        if (row->reason != REASON_REPEATED) { /* its cells may be private */
            sink_write_literal(printing->out, ": ");
            print_text(printing, row_start(import, row->sheet));
        }
        sink_write_literal(printing->out, "\n");
    }
    print_more(printing, count);
}

static void print_counts(const struct printing *printing)
{
    static const struct {
        enum row_fate fate;
        const char *ja, *en;
    } counts[] = {
        {FATE_NEW, "追加", "new"},
        {FATE_SAME, "登録済みで同じ", "there already"},
        {FATE_REPLACED, "置き換え", "replaced"},
        {FATE_KEPT, "登録済みを残す", "kept as they are"},
        {FATE_DIFFERENT, "登録済みで内容がちがう", "there with other values"},
        {FATE_RECORD, "記録", "records"},
        {FATE_OPEN, "記録かどうか不明", "that may be no records"},
        {FATE_SKIPPED, "使わない", "left out"},
    };
    const struct import *import = printing->import;
    sink_write(printing->out, slice_of(word(printing, "行: ", "Rows: ")));
    bool is_first = true;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        ptrdiff_t count = 0;
        for (ptrdiff_t r = 0; r < import->sheet.row_count; r++) {
            count += import->rows[r].fate == counts[i].fate ? 1 : 0;
        }
        if (count == 0) {
            continue;
        }
        sink_write(printing->out, is_first ? SLICE("") : slice_of(word(printing, "、", ", ")));
        if (is_japanese(printing)) {
            sink_write_format(printing->out, "%s %lld", counts[i].ja, (long long)count);
        } else {
            sink_write_format(printing->out, "%lld %s", (long long)count, counts[i].en);
        }
        is_first = false;
    }
    sink_write_literal(printing->out, "\n");
}

/* ---- Cells ---- */

static bool goes_in(const struct import_row *row)
{
    return row->values != NULL && row->fate != FATE_SAME && row->fate != FATE_SKIPPED &&
           row->fate != FATE_KEPT;
}

static bool is_changed(const struct import *import, const struct import_row *row, int column)
{
    return goes_in(row) && import->mapping_of[column] >= 0 &&
           row->values[column].reason != REASON_NONE;
}

/* Whether the register has another value there, which this one takes the place of. */
static bool is_replacing(const struct import *import, const struct import_row *row, int column)
{
    bool may_replace = row->fate == FATE_REPLACED || row->fate == FATE_DIFFERENT;
    return may_replace && import->mapping_of[column] >= 0 &&
           !cell_reader_equal(import->reader, column,
                              table_cell(import->table, row->existing, column),
                              row->values[column].value, import->arena);
}

static void print_change(const struct printing *printing, const struct import_row *row, int column,
                         struct slice before, enum import_reason reason)
{
    const struct import *import = printing->import;
    const struct import_value *value = &row->values[column];
    bool is_private = import->table->columns[column].is_private;
    const struct slice texts[] = {before, value->value};
    sink_write_format(printing->out, "  %lld ", (long long)row->sheet->number);
    print_text(printing, mapping_name(import, import->mapping_of[column]));
    for (int i = 0; i < 2; i++) {
        sink_write(printing->out, i == 0 ? SLICE(": ") : SLICE(" -> "));
        print_text(printing, texts[i].length == 0 ? slice_of(word(printing, "（空）", "(blank)"))
                             : is_private         ? SLICE("■")
                                                  : texts[i]);
    }
    print_reason(printing, reason);
}

/* The changes of one cell, as far as they are among the first; how many there are. */
static ptrdiff_t print_cell(const struct printing *printing, const struct import_row *row,
                            int column, ptrdiff_t seen, bool prints)
{
    const struct import *import = printing->import;
    ptrdiff_t count = 0;
    if (is_changed(import, row, column)) {
        count++;
        if (prints && seen + count <= LINES_MOST) {
            print_change(printing, row, column, row->values[column].before,
                         row->values[column].reason);
        }
    }
    if (is_replacing(import, row, column)) {
        count++;
        if (prints && seen + count <= LINES_MOST) {
            print_change(printing, row, column, table_cell(import->table, row->existing, column),
                         REASON_REPLACES);
        }
    }
    return count;
}

static ptrdiff_t print_cells(const struct printing *printing, bool prints)
{
    const struct import *import = printing->import;
    ptrdiff_t seen = 0;
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        for (int c = 0; c < import->table->column_count; c++) {
            seen += print_cell(printing, &import->rows[i], c, seen, prints);
        }
    }
    return seen;
}

static void print_changes(const struct printing *printing)
{
    ptrdiff_t count = print_cells(printing, false);
    if (count == 0) {
        return;
    }
    sink_write_format(printing->out,
                      is_japanese(printing) ? "変わるセル: %lld\n" : "Cells that change: %lld\n",
                      (long long)count);
    (void)print_cells(printing, true);
    print_more(printing, count);
}

void import_print_plan(const struct import *import, enum interface_language language,
                       struct sink *out)
{
    const struct printing printing = {.import = import, .language = language, .out = out};
    print_text(&printing, import->options->file);
    if (import->sheet.name.length > 0) {
        sink_write(out, slice_of(word(&printing, "（シート: ", " (sheet ")));
        print_text(&printing, import->sheet.name);
        sink_write(out, slice_of(word(&printing, "）", ")")));
    }
    sink_write_literal(out, " -> ");
    sink_write(out, import->table->path);
    sink_write_literal(out, "\n");
    if (import->mapping_of == NULL) {
        return;
    }
    sink_write_format(out, is_japanese(&printing) ? "見出しの行: %lld\n" : "Header: row %lld\n",
                      (long long)import->sheet.rows[import->header_last].number);
    print_columns(&printing);
    if (import->rows == NULL) {
        return;
    }
    print_counts(&printing);
    print_skipped(&printing);
    print_changes(&printing);
}
