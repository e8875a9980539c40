#include "import.h"

/* One cell's way from what stands in the file to what the register keeps. */

/* ---- Codes by their labels, rows of other registers by their names ---- */

struct lookup_entry {
    struct slice key;
    bool is_shared; /* two have this label */
};
struct lookup {
    struct map by_label; /* folded */
};

static void add_label(struct lookup *lookup, struct arena *arena, struct slice label,
                      struct slice key)
{
    bool is_new;
    struct slice folded = label_fold(label, arena);
    if (folded.length == 0) {
        return;
    }
    struct map_entry *at = map_insert(&lookup->by_label, arena, folded, &is_new);
    if (is_new) {
        at->value.pointer = ARENA_NEW(arena, struct lookup_entry);
        ((struct lookup_entry *)at->value.pointer)->key = key;
    }
    struct lookup_entry *entry = at->value.pointer;
    entry->is_shared = entry->is_shared || !slice_equal(entry->key, key);
}

static struct lookup *make_lookup(const struct import *import, const struct column *column)
{
    struct lookup *lookup = ARENA_NEW(import->arena, struct lookup);
    const struct codelist *list = column->codelist;
    int languages = import->site->language_count;
    for (ptrdiff_t i = 0; list != NULL && i < list->count; i++) {
        for (int language = 0; language < languages; language++) {
            add_label(lookup, import->arena, code_label(&list->codes[i], language),
                      list->codes[i].code);
        }
    }
    const struct table *table = column->referenced;
    for (ptrdiff_t row = 0; list == NULL && table != NULL && row < table->row_count; row++) {
        for (int language = 0; language < languages; language++) {
            int actual;
            add_label(lookup, import->arena,
                      table_row_title(table, row, language, &actual, import->arena),
                      table_cell(table, row, table->key_column));
        }
    }
    return lookup;
}

static bool is_key(const struct column *column, struct slice part)
{
    return column->codelist != NULL ? codelist_find(column->codelist, part) != NULL
                                    : table_row_by_key(column->referenced, part) >= 0;
}

/* The code or key that is meant; false when nobody can tell. */
static bool look_up(struct import *import, int index, struct slice part, struct slice *key)
{
    const struct column *column = &import->table->columns[index];
    *key = part;
    if (is_key(column, part)) {
        return true;
    }
    if (import->lookups[index] == NULL) {
        import->lookups[index] = make_lookup(import, column);
    }
    const struct lookup_entry *entry =
        map_get(&import->lookups[index]->by_label, label_fold(part, import->arena));
    if (entry == NULL || entry->is_shared) {
        return false;
    }
    *key = entry->key;
    return true;
}

/* Where the first sign that parts a list stands, at or after `from`; -1 for none. */
static ptrdiff_t find_sign(const struct column *column, struct slice text, ptrdiff_t from,
                           ptrdiff_t *behind)
{
    static const char *const signs[] = {";", "；", "、", "，", ",", "\n", "／", "/"};
    struct slice own = slice_make(&column->delimiter, 1);
    ptrdiff_t best = slice_find(text, own, from);
    *behind = best + 1;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        ptrdiff_t at = slice_find(text, slice_of(signs[i]), from);
        if (at >= 0 && (best < 0 || at < best)) {
            best = at;
            *behind = at + slice_of(signs[i]).length;
        }
    }
    return best;
}

/* Every part of a list by its label; all of them or none, for a sign may belong to a label. */
static bool look_up_list(struct import *import, int index, struct slice text, struct slice *value)
{
    const struct column *column = &import->table->columns[index];
    struct slice out = SLICE("");
    ptrdiff_t start = 0;
    while (start >= 0) {
        ptrdiff_t behind = 0;
        ptrdiff_t end = find_sign(column, text, start, &behind);
        struct slice part = slice_trim_wide(slice_sub(text, start, end >= 0 ? end : text.length));
        struct slice key;
        if (!look_up(import, index, part, &key)) {
            return false;
        }
        out = out.length == 0
                  ? key
                  : ARENA_JOIN(import->arena, out, slice_make(&column->delimiter, 1), key);
        start = end >= 0 ? behind : -1;
    }
    *value = out;
    return true;
}

static bool read_key(struct import *import, int index, struct slice text, struct slice *value)
{
    const struct column *column = &import->table->columns[index];
    return look_up(import, index, text, value) ||
           (column->type == COLUMN_LIST && look_up_list(import, index, text, value));
}

/* ---- Numbers in another unit ---- */

struct slice number_shift(struct slice number, int power, struct arena *arena)
{
    bool is_negative = slice_starts_with(number, SLICE("-"));
    struct slice fraction = slice_from(number, is_negative ? 1 : 0);
    struct slice digits = slice_cut(&fraction, '.');
    struct slice moved = slice_sub(fraction, 0, power);
    struct slice rest = slice_from(fraction, power);
    digits = ARENA_JOIN(arena, digits, moved);
    for (ptrdiff_t i = moved.length; i < power; i++) {
        digits = ARENA_JOIN(arena, digits, SLICE("0"));
    }
    for (ptrdiff_t i = 0; i < digits.length + rest.length; i++) {
        char c = i < digits.length ? digits.data[i] : rest.data[i - digits.length];
        if (c < '0' || c > '9') {
            return (struct slice){0}; /* an exponent */
        }
    }
    while (digits.length > 1 && digits.data[0] == '0') {
        digits = slice_from(digits, 1);
    }
    return ARENA_JOIN(arena, is_negative ? SLICE("-") : SLICE(""), digits,
                      rest.length > 0 ? SLICE(".") : SLICE(""), rest);
}

/* `1,200` thousands as 1200000. */
static bool multiply(struct import *import, int index, int power, struct slice text,
                     struct slice *value)
{
    struct slice number;
    if (!cell_reader_value(import->reader, index, text, import->arena, &number)) {
        return false;
    }
    struct slice shifted = number_shift(number, power, import->arena);
    return shifted.data != NULL &&
           cell_reader_value(import->reader, index, shifted, import->arena, value);
}

/* ---- Cells ---- */

/* The ' with which the Excel CSV of a download keeps a text from being a formula. */
static bool is_guarded(struct slice text)
{
    static const char *const signs[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (text.length > 1 && text.data[0] == '\'' &&
            slice_starts_with(slice_from(text, 1), slice_of(signs[i]))) {
            return true;
        }
    }
    return false;
}

/* The value of a text that holds something; `value->reason` says what was done. */
static void read_text(struct import *import, int column, int power, struct slice text,
                      struct import_value *value)
{
    const struct column *of = &import->table->columns[column];
    struct slice read;
    value->value = text;
    if (cell_reader_is_missing(import->reader, column, text)) {
        value->value = SLICE("");
        value->reason = REASON_MISSING;
        return;
    }
    bool is_key_column = of->codelist != NULL || of->referenced != NULL;
    bool is_read;
    if (power > 0) {
        is_read = multiply(import, column, power, text, &read);
    } else if (is_key_column) {
        is_read = read_key(import, column, text, &read) ||
                  cell_reader_value(import->reader, column, text, import->arena, &read);
    } else {
        is_read = cell_reader_value(import->reader, column, text, import->arena, &read);
    }
    if (is_read && !slice_equal(read, text)) {
        value->value = read;
        value->reason = power > 0              ? REASON_POWER
                        : !is_key_column       ? REASON_FORMAT
                        : of->codelist != NULL ? REASON_CODE
                                               : REASON_TITLE;
    }
}

/* What stands for a cell that is blank or a ditto mark; false when it is neither. */
static bool read_repeated(struct import *import, const struct sheet_row *row, int field,
                          struct slice text, const struct above *above, struct import_value *value)
{
    if (cell_is_ditto(text)) {
        bool is_left = slice_equal(text, SLICE("同左"));
        if (is_left || above->last.length == 0) {
            sheet_report(import, CODE_import_ditto, row, field,
                         (const struct slice[REPORT_ARGUMENTS]){text});
        }
        value->value = is_left ? SLICE("") : above->last;
        value->reason = REASON_DITTO;
        return true;
    }
    if (text.length > 0 || above->filled.length == 0 || !import->mappings[field].fills) {
        return false;
    }
    value->value = above->filled;
    value->reason = REASON_ABOVE;
    return true;
}

/* `15-Sep`, `Sep-15`: what Excel makes of 9-15, whatever the column is for. */
static bool is_english_date(struct slice text)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    struct slice rest = text;
    struct slice first = slice_cut(&rest, '-');
    bool begins_with_month = first.length == 3;
    struct slice month = begins_with_month ? first : rest;
    struct slice number = begins_with_month ? rest : first;
    char lower[3];
    int64_t value;
    if (month.length != 3 || number.length < 1 || number.length > 2 ||
        !slice_to_integer(number, &value) || value < 0) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        lower[i] = (char)(month.data[i] | 0x20);
    }
    ptrdiff_t at = slice_find(slice_of(months), slice_make(lower, 3), 0);
    return at >= 0 && at % 3 == 0;
}

/* `9月15日`, as a Japanese Excel shows it: no id, code or number is written so. */
static bool is_japanese_date(const struct import *import, int column, struct slice text)
{
    const struct column *of = &import->table->columns[column];
    bool is_key = of->codelist != NULL || of->referenced != NULL;
    for (int i = 0; i < import->key_count; i++) {
        is_key = is_key || import->keys[i] == column;
    }
    struct slice rest = text;
    int64_t number;
    ptrdiff_t month = slice_find(rest, SLICE("月"), 0);
    return is_key && month > 0 && month <= 2 && slice_ends_with(text, SLICE("日")) &&
           slice_to_integer(slice_sub(text, 0, month), &number) &&
           slice_to_integer(slice_sub(text, month + 3, text.length - 3), &number);
}

static void ask_about_date(struct import *import, const struct sheet_row *row, int field,
                           int column, struct slice text)
{
    struct slice name = import->table->columns[column].name;
    sheet_report(import, CODE_import_excel_date, row, field,
                 (const struct slice[REPORT_ARGUMENTS]){text, name});
    answers_ask(import, ANSWER_VALUE, name, text, SLICE("Excel?"));
}

void value_read(struct import *import, const struct sheet_row *row, int column,
                const struct above *above, struct import_value *value)
{
    int field = import->mapping_of[column];
    *value = (struct import_value){0};
    if (field < 0) {
        value->value = import->constants[column];
        value->reason = value->value.length > 0 ? REASON_CONSTANT : REASON_NONE;
        return;
    }
    const struct mapping *mapping = &import->mappings[field];
    value->before = sheet_shown(row, field);
    struct slice raw = sheet_text(row, field);
    struct slice text = slice_trim_wide(raw);
    if (field < row->count && row->cells[field].is_merged) {
        value->reason = REASON_MERGED;
    } else if (!slice_equal(value->before, raw)) {
        value->reason = REASON_WORKBOOK;
    } else if (text.length != raw.length) {
        value->reason = REASON_SPACES;
    }
    if (is_guarded(text)) {
        text = slice_from(text, 1);
        value->reason = REASON_GUARD;
    }
    const struct answer *answer =
        answers_find(import, ANSWER_VALUE, import->table->columns[column].name, text);
    if (answer != NULL) {
        value->value = slice_equal(answer->text, SLICE("-")) ? SLICE("") : answer->text;
        value->reason = REASON_SAID;
        return;
    }
    if (read_repeated(import, row, field, text, above, value)) {
        return;
    }
    value->value = text;
    if (is_english_date(text) || is_japanese_date(import, column, text)) {
        ask_about_date(import, row, field, column, text);
    } else if (text.length > 0) {
        read_text(import, column, mapping->power, text, value);
    }
}
