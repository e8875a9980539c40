#include "import.h"

/* Which row names the columns: the one with the most headings that are columns for certain. Titles,
 * dates and units may stand above it. Two rows make one header where that gives more of them: a
 * heading over several columns and theirs below it. */

enum { HEADER_WITHIN = 100 };

/* The upper row's heading goes on to the right as far as cells are blank: a merged cell. */
static struct slice upper_label(const struct sheet_row *upper, const struct sheet_row *lower,
                                ptrdiff_t field)
{
    while (field > 0 && slice_trim_wide(sheet_text(upper, field)).length == 0 &&
           slice_trim_wide(sheet_text(lower, field)).length > 0) {
        field--;
    }
    return slice_trim_wide(sheet_text(upper, field));
}

struct slice header_label(const struct import *import, ptrdiff_t first, ptrdiff_t last,
                          ptrdiff_t field)
{
    const struct sheet_row *lower = &import->sheet.rows[last];
    struct slice own = slice_trim_wide(sheet_text(lower, field));
    if (first == last) {
        return own;
    }
    struct slice above = upper_label(&import->sheet.rows[first], lower, field);
    bool has_both = own.length > 0 && above.length > 0 && !slice_equal(own, above);
    return has_both         ? ARENA_JOIN(import->arena, above, SLICE("_"), own)
           : own.length > 0 ? own
                            : above;
}

static ptrdiff_t fields_of(const struct import *import, ptrdiff_t first, ptrdiff_t last)
{
    ptrdiff_t upper = import->sheet.rows[first].count;
    ptrdiff_t lower = import->sheet.rows[last].count;
    return upper > lower ? upper : lower;
}

static ptrdiff_t count_hits(struct import *import, const struct label_index *index, ptrdiff_t first,
                            ptrdiff_t last)
{
    ptrdiff_t hits = 0;
    for (ptrdiff_t i = 0; i < fields_of(import, first, last); i++) {
        struct slice label = header_label(import, first, last, i);
        struct label_match match = label_match(index, label, import->arena);
        bool is_said = answers_find(import, ANSWER_COLUMN, label, SLICE("")) != NULL;
        hits += is_said || (match.column >= 0 && match.is_certain) ? 1 : 0;
    }
    return hits;
}

static void report_none(struct import *import, ptrdiff_t best)
{
    struct arena *arena = import->arena;
    const struct sheet *sheet = &import->sheet;
    if (sheet->row_count == 0) {
        DIAG(import->diag, CODE_import_empty, span_of_file(sheet->source), SLICE(""));
        return;
    }
    const struct table *table = import->table;
    struct slice labels = SLICE("");
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        labels = ARENA_JOIN(arena, labels, slice_of(i > 0 ? ", " : ""), table->columns[i].name);
    }
    const struct sheet_row *row = &sheet->rows[best];
    sheet_report(import, CODE_import_no_header, row, -1,
                 (const struct slice[REPORT_ARGUMENTS]){
                     table->name, arena_format(arena, "%lld", (long long)row->number), labels});
}

/* The header that a person named. */
static bool header_said(struct import *import)
{
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        if (import->sheet.rows[i].number == import->options->header) {
            import->header_first = i;
            import->header_last = i;
            return true;
        }
    }
    return false;
}

/* The unit of a row such as （単位：千円） above the header. */
static void find_unit(struct import *import)
{
    for (ptrdiff_t r = 0; r < import->header_first; r++) {
        const struct sheet_row *row = &import->sheet.rows[r];
        for (ptrdiff_t i = 0; i < row->count; i++) {
            struct slice text = label_fold(row->cells[i].text, import->arena);
            ptrdiff_t at = slice_find(text, SLICE("単位"), 0);
            if (at < 0) {
                continue;
            }
            struct slice unit = slice_from(text, at + SLICE("単位").length);
            import->unit_note = slice_cut(&unit, ')');
        }
    }
}

bool header_find(struct import *import, const struct label_index *index)
{
    const struct sheet *sheet = &import->sheet;
    if (import->options->header > 0 && header_said(import)) {
        find_unit(import);
        return true;
    }
    ptrdiff_t most = 0;
    ptrdiff_t within = sheet->row_count < HEADER_WITHIN ? sheet->row_count : HEADER_WITHIN;
    for (ptrdiff_t i = 0; i < within; i++) {
        ptrdiff_t hits = count_hits(import, index, i, i);
        if (hits > most) {
            most = hits;
            import->header_first = i;
            import->header_last = i;
        }
    }
    for (ptrdiff_t i = 0; i + 1 < within; i++) {
        ptrdiff_t hits = count_hits(import, index, i, i + 1);
        if (hits > most) {
            most = hits;
            import->header_first = i;
            import->header_last = i + 1;
        }
    }
    /* One heading alone may be a title; a table of one column has no more. */
    ptrdiff_t wanted = import->table->column_count > 2 ? 2 : 1;
    if (most < wanted || import->options->header > 0) {
        report_none(import, import->header_first);
        return false;
    }
    find_unit(import);
    return true;
}
