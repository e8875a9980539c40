#include "import.h"

/* Which rows are records. Rows above the header, blank ones, totals, notes and repeated headers are
 * not, and are passed over with their reason. A row that only looks like none is a decision. */

/* The first cell that holds something, or -1. */
static ptrdiff_t first_filled(const struct sheet_row *row)
{
    for (ptrdiff_t i = 0; i < row->count; i++) {
        if (slice_trim_wide(row->cells[i].text).length > 0) {
            return i;
        }
    }
    return -1;
}

static bool is_heading(const struct import *import, struct slice text)
{
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        if (slice_equal(text, import->mappings[i].label)) {
            return true;
        }
    }
    return false;
}

/* How many cells say what a heading says; `*in_place`: the one of their own column. */
static ptrdiff_t count_headings(const struct import *import, const struct sheet_row *row,
                                ptrdiff_t *in_place)
{
    ptrdiff_t count = 0;
    *in_place = 0;
    for (ptrdiff_t i = 0; i < row->count; i++) {
        struct slice text = slice_trim_wide(row->cells[i].text);
        if (text.length > 0 && is_heading(import, text)) {
            bool is_own = i < import->mapping_count && slice_equal(text, import->mappings[i].label);
            *in_place += is_own ? 1 : 0;
            count++;
        }
    }
    return count;
}

/* Cells that every record has: required ones and keys. */
static bool is_needed(const struct import *import, int column)
{
    bool is_key = false;
    for (int i = 0; i < import->key_count; i++) {
        is_key = is_key || import->keys[i] == column;
    }
    return is_key || import->table->columns[column].is_required;
}

/* How many of them the row fills, but for its cell `except`, and how many there are. */
static ptrdiff_t count_needed(const struct import *import, const struct sheet_row *row,
                              ptrdiff_t except, ptrdiff_t *all)
{
    ptrdiff_t count = 0;
    *all = 0;
    for (int column = 0; column < import->table->column_count; column++) {
        int field = import->mapping_of[column];
        if (field < 0 || !is_needed(import, column)) {
            continue;
        }
        (*all)++;
        count += field != except && slice_trim_wide(sheet_text(row, field)).length > 0 ? 1 : 0;
    }
    return count;
}

/* What a person has said of the row; `*is_over`: that the table ends before it. */
static bool obey(struct import *import, struct import_row *row, bool *is_over)
{
    const struct answer *answer =
        answers_find(import, ANSWER_ROW,
                     arena_format(import->arena, "%lld", (long long)row->sheet->number), SLICE(""));
    *is_over = *is_over || (answer != NULL && slice_equal(answer->text, SLICE("end")));
    bool skips = *is_over || (answer != NULL && slice_equal(answer->text, SLICE("skip")));
    row->fate = skips ? FATE_SKIPPED : FATE_RECORD;
    row->reason = skips ? REASON_SAID : REASON_NONE;
    return skips || answer != NULL;
}

static void ask(struct import *import, struct import_row *row, ptrdiff_t first,
                bool begins_other_table)
{
    const struct sheet_row *sheet = row->sheet;
    struct slice number = arena_format(import->arena, "%lld", (long long)sheet->number);
    row->fate = FATE_OPEN;
    sheet_report(import, begins_other_table ? CODE_import_other_table : CODE_import_unsure_row,
                 sheet, first, (const struct slice[REPORT_ARGUMENTS]){number});
    answers_ask(import, ANSWER_ROW, number, slice_trim_wide(sheet->cells[first].text),
                begins_other_table ? SLICE("skip / end / keep") : SLICE("skip / keep"));
}

static void judge(struct import *import, struct import_row *row, bool *is_over)
{
    const struct sheet_row *sheet = row->sheet;
    ptrdiff_t first = first_filled(sheet);
    if (first < 0) {
        row->fate = FATE_SKIPPED;
        row->reason = REASON_BLANK_ROW;
        return;
    }
    if (obey(import, row, is_over)) {
        return;
    }
    struct slice text = slice_trim_wide(sheet->cells[first].text);
    ptrdiff_t all;
    ptrdiff_t needed = count_needed(import, sheet, first, &all);
    ptrdiff_t filled = sheet_filled(sheet);
    ptrdiff_t in_place;
    ptrdiff_t headings = count_headings(import, sheet, &in_place);
    bool means_total = text_means_total(text, import->arena);
    /* Headings again, some with other words beside them or most of the row in another order; two
     * codes of a wide record may also be words of the header. */
    bool begins_other_table = in_place >= 2 || (headings >= 2 && headings * 2 >= filled);
    /* A total may have a word where a record has its name. */
    bool is_unsure =
        (needed == 0 && filled == 1 && all > 1) || (means_total && (needed < all || all == 0));
    row->fate = FATE_SKIPPED;
    if (in_place >= 2 && in_place == filled) {
        row->reason = REASON_HEADER_AGAIN;
    } else if (needed == 0 && all > 0 && means_total) {
        row->reason = REASON_TOTAL;
    } else if (needed == 0 && filled == 1 && import->mapping_count > 2 && text_begins_note(text)) {
        row->reason = REASON_FOOTNOTE;
    } else if (begins_other_table || is_unsure) {
        ask(import, row, first, begins_other_table);
    } else {
        row->fate = FATE_RECORD;
    }
}

static void read_values(struct import *import, struct import_row *row, struct above *above)
{
    const struct table *table = import->table;
    row->values = ARENA_ARRAY(import->arena, struct import_value, table->column_count);
    for (int column = 0; column < table->column_count; column++) {
        struct import_value *value = &row->values[column];
        value_read(import, row->sheet, column, &above[column], value);
        int field = import->mapping_of[column];
        if (field >= 0 && cell_is_sheet_error(value->value)) {
            sheet_report(import, CODE_import_sheet_error, row->sheet, field,
                         (const struct slice[REPORT_ARGUMENTS]){value->value});
        }
        above[column].last = value->value;
        if (value->value.length > 0) {
            above[column].filled = value->value;
        }
    }
}

/* Cells that must hold something and are blank below others that do: a list in which a value stands
 * once for all rows below it, or values that are missing. */
static void ask_for_blanks(struct import *import, int column)
{
    int field = import->mapping_of[column];
    if (field < 0 || !is_needed(import, column) || import->mappings[field].is_blank) {
        return;
    }
    ptrdiff_t count = 0;
    const struct sheet_row *first = NULL;
    bool has_above = false;
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        const struct import_row *row = &import->rows[i];
        if (row->fate != FATE_RECORD) {
            continue;
        }
        bool is_filled = row->values[column].value.length > 0;
        if (!is_filled && has_above) {
            first = first == NULL ? row->sheet : first;
            count++;
        }
        has_above = has_above || is_filled;
    }
    const struct mapping *mapping = &import->mappings[field];
    if (count > 0 && !mapping->fills) {
        sheet_report(import, CODE_import_blanks, first, field,
                     (const struct slice[REPORT_ARGUMENTS]){
                         mapping->label, arena_format(import->arena, "%lld", (long long)count)});
        answers_ask(import, ANSWER_FILL, mapping->label, SLICE(""), SLICE("above / blank"));
    }
}

void rows_make(struct import *import)
{
    const struct table *table = import->table;
    import->rows = ARENA_ARRAY(import->arena, struct import_row, import->sheet.row_count);
    import->lookups = ARENA_ARRAY(import->arena, struct lookup *, table->column_count);
    struct above *above = ARENA_ARRAY(import->arena, struct above, table->column_count);
    bool is_over = false;
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        struct import_row *row = &import->rows[i];
        *row = (struct import_row){.sheet = &import->sheet.rows[i], .existing = -1};
        if (i <= import->header_last) {
            row->fate = i < import->header_first ? FATE_ABOVE : FATE_HEADER;
            row->reason = REASON_ABOVE_HEADER;
            continue;
        }
        judge(import, row, &is_over);
        if (row->fate == FATE_RECORD) {
            read_values(import, row, above);
        }
    }
    for (int column = 0; column < table->column_count; column++) {
        ask_for_blanks(import, column);
    }
}
