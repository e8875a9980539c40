#include "import.h"

/* Columns of the file to columns of the register. */

/* `#3`: by its place, for headings that are blank or stand twice. */
static struct slice place_name(const struct import *import, ptrdiff_t field)
{
    return arena_format(import->arena, "#%lld", (long long)field + 1);
}

struct slice mapping_name(const struct import *import, ptrdiff_t field)
{
    struct slice label = import->mappings[field].label;
    bool is_alone = label.length > 0;
    for (ptrdiff_t i = 0; i < import->mapping_count && is_alone; i++) {
        is_alone = i == field || !slice_equal(import->mappings[i].label, label);
    }
    return is_alone ? label : place_name(import, field);
}

static bool is_column_said(struct import *import, struct mapping *mapping,
                           const struct answer *answer)
{
    mapping->reason = REASON_SAID;
    mapping->candidate = -1;
    if (slice_equal(answer->text, SLICE("-"))) {
        mapping->state = MAPPING_DROPPED;
        return true;
    }
    struct slice rest = answer->text;
    struct slice name = slice_trim(slice_cut(&rest, '*'));
    int column = table_column_by_name(import->table, name);
    mapping->power = 0;
    for (ptrdiff_t i = 1; rest.data != NULL && i < rest.length && rest.data[i] == '0'; i++) {
        mapping->power++;
    }
    bool is_power = rest.data == NULL || (rest.length == mapping->power + 1 &&
                                          rest.data[0] == '1' && mapping->power <= 12);
    if (column < 0 || !is_power) {
        DIAG(import->diag, CODE_import_answer_column, answer->span, answer->subject, answer->text);
        mapping->state = MAPPING_OPEN;
        return false;
    }
    mapping->state = MAPPING_TAKEN;
    mapping->column = column;
    return true;
}

static bool is_original(const struct table *table, struct slice label)
{
    const struct slice ending = SLICE("_original");
    return slice_ends_with(label, ending) &&
           table_column_by_name(table, slice_sub(label, 0, label.length - ending.length)) >= 0;
}

static bool is_number(const struct column *column)
{
    return column->type == COLUMN_INTEGER || column->type == COLUMN_NUMBER;
}

/* A unit that stands above the table is that of some of its numbers, nobody knows of which. */
static void doubt_unit(const struct import *import, struct mapping *mapping)
{
    const struct column *column = &import->table->columns[mapping->column];
    if (import->unit_note.length == 0 || !is_number(column) || mapping->reason == REASON_UNIT) {
        return;
    }
    for (int i = 0; i < import->site->language_count; i++) {
        if (slice_equal(label_fold(column->unit[i], import->arena), import->unit_note)) {
            return;
        }
    }
    struct slice rest;
    mapping->state = MAPPING_OPEN;
    mapping->candidate = mapping->column;
    mapping->reason = REASON_UNIT_DIFFERS;
    mapping->power = label_unit_power(import->unit_note, &rest);
}

static void map_field(struct import *import, const struct label_index *index, ptrdiff_t field)
{
    struct mapping *mapping = &import->mappings[field];
    const struct answer *answer =
        answers_find(import, ANSWER_COLUMN, place_name(import, field), SLICE(""));
    if (answer == NULL && mapping->label.length > 0) {
        answer = answers_find(import, ANSWER_COLUMN, mapping->label, SLICE(""));
    }
    mapping->column = -1;
    mapping->candidate = -1;
    if (answer != NULL) {
        (void)is_column_said(import, mapping, answer);
        return;
    }
    struct label_match match = label_match(index, mapping->label, import->arena);
    mapping->reason = match.reason;
    mapping->power = match.power;
    if (match.column >= 0 && match.is_certain) {
        mapping->state = MAPPING_TAKEN;
        mapping->column = match.column;
        doubt_unit(import, mapping);
    } else if (is_original(import->table, mapping->label)) {
        mapping->state = MAPPING_DROPPED;
        mapping->reason = REASON_ORIGINAL;
    } else if (mapping->filled == 0) {
        mapping->state = MAPPING_DROPPED;
        mapping->reason = REASON_EMPTY;
    } else {
        mapping->state = MAPPING_OPEN;
        mapping->candidate = match.column;
    }
}

/* Two columns of the file for one of the register: an empty one gives way, else nobody knows. */
static void part_twins(struct import *import, ptrdiff_t field)
{
    struct mapping *mapping = &import->mappings[field];
    for (ptrdiff_t i = 0; i < field && mapping->state == MAPPING_TAKEN; i++) {
        struct mapping *other = &import->mappings[i];
        if (other->state != MAPPING_TAKEN || other->column != mapping->column) {
            continue;
        }
        struct mapping *weak = mapping->filled == 0 ? mapping : other->filled == 0 ? other : NULL;
        if (weak != NULL) {
            weak->state = MAPPING_DROPPED;
            weak->reason = REASON_EMPTY;
            continue;
        }
        mapping->state = MAPPING_OPEN;
        mapping->reason = REASON_TWICE;
        mapping->candidate = mapping->column;
    }
}

static void report_open(struct import *import, ptrdiff_t field)
{
    const struct mapping *mapping = &import->mappings[field];
    const struct table *table = import->table;
    struct slice label = mapping_name(import, field);
    struct slice candidate =
        mapping->candidate >= 0 ? table->columns[mapping->candidate].name : SLICE("");
    struct slice power = SLICE("1");
    for (int i = 0; i < mapping->power; i++) {
        power = ARENA_JOIN(import->arena, power, SLICE("0"));
    }
    enum code code = mapping->reason == REASON_UNIT_DIFFERS ? CODE_import_unit
                     : mapping->reason == REASON_TWICE      ? CODE_import_two_columns
                     : mapping->reason == REASON_UNSURE     ? CODE_import_unsure_column
                                                            : CODE_import_unknown_column;
    if (mapping->reason == REASON_SAID) {
        return; /* the answer is wrong, and that is said */
    }
    const struct sheet_row *row = &import->sheet.rows[import->header_last];
    while (mapping->label.length == 0 && slice_trim_wide(sheet_text(row, field)).length == 0) {
        row++; /* without a heading: to its first value, which is there */
    }
    sheet_report(import, code, row, field,
                 (const struct slice[REPORT_ARGUMENTS]){label, candidate, power});
}

static bool is_key(const struct import *import, int column)
{
    for (int i = 0; i < import->key_count; i++) {
        if (import->keys[i] == column) {
            return true;
        }
    }
    return false;
}

/* Whether the file says nothing of the column, and no open decision may be about it. */
static bool is_lacking(const struct import *import, int column)
{
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        if (import->mappings[i].state == MAPPING_OPEN && import->mappings[i].candidate == column) {
            return false;
        }
    }
    return import->mapping_of[column] < 0 && import->constants[column].data == NULL;
}

/* Without the columns that tell rows apart nobody can tell which are there already. */
static void check_keys(struct import *import)
{
    for (int i = 0; i < import->key_count; i++) {
        const struct column *column = &import->table->columns[import->keys[i]];
        if (!is_lacking(import, import->keys[i])) {
            continue;
        }
        sheet_report(import, CODE_import_missing_key, &import->sheet.rows[import->header_last], -1,
                     (const struct slice[REPORT_ARGUMENTS]){column->name, column->labels[0]});
        if (import->key_count > 1) {
            answers_ask(import, ANSWER_CONSTANT, column->name, SLICE(""), column->labels[0]);
        }
    }
}

void mapping_check_required(struct import *import)
{
    for (int i = 0; i < import->table->column_count; i++) {
        const struct column *column = &import->table->columns[i];
        if (is_key(import, i) || !column->is_required || !is_lacking(import, i)) {
            continue;
        }
        sheet_report(import, CODE_import_missing_column, &import->sheet.rows[import->header_last],
                     -1, (const struct slice[REPORT_ARGUMENTS]){column->name, column->labels[0]});
        answers_ask(import, ANSWER_CONSTANT, column->name, SLICE(""), column->labels[0]);
    }
}

static void read_keys(struct import *import)
{
    const struct table *table = import->table;
    const struct node *key = node_get(table->schema, "primaryKey");
    import->keys = ARENA_ARRAY(import->arena, int, table->column_count);
    bool is_list = key != NULL && key->kind == NODE_SEQUENCE;
    for (const struct node *name = is_list ? key->first : key; name != NULL;
         name = is_list ? name->next : NULL) {
        int column = table_column_by_name(table, name->text);
        if (column >= 0) {
            import->keys[import->key_count++] = column;
        }
    }
}

static void read_constants(struct import *import)
{
    const struct table *table = import->table;
    import->constants = ARENA_ARRAY(import->arena, struct slice, table->column_count);
    for (int i = 0; i < table->column_count; i++) {
        const struct answer *answer =
            answers_find(import, ANSWER_CONSTANT, table->columns[i].name, SLICE(""));
        if (answer != NULL) {
            import->constants[i] = answer->text;
        }
    }
}

/* A column of the register's schema that its file lacks has no place for values. */
static void check_place(struct import *import, ptrdiff_t field)
{
    struct mapping *mapping = &import->mappings[field];
    if (mapping->state == MAPPING_TAKEN && import->table->columns[mapping->column].field < 0) {
        sheet_report(
            import, CODE_import_no_place, &import->sheet.rows[import->header_last], field,
            (const struct slice[REPORT_ARGUMENTS]){
                mapping->label, import->table->columns[mapping->column].name, import->table->path});
    }
}

static void count_filled(struct import *import)
{
    for (ptrdiff_t r = import->header_last + 1; r < import->sheet.row_count; r++) {
        const struct sheet_row *row = &import->sheet.rows[r];
        for (ptrdiff_t i = 0; i < row->count && i < import->mapping_count; i++) {
            import->mappings[i].filled += slice_trim_wide(row->cells[i].text).length > 0 ? 1 : 0;
        }
    }
}

void mapping_make(struct import *import, const struct label_index *index)
{
    for (ptrdiff_t r = import->header_first; r < import->sheet.row_count; r++) {
        ptrdiff_t count = import->sheet.rows[r].count;
        import->mapping_count = count > import->mapping_count ? count : import->mapping_count;
    }
    import->mappings = ARENA_ARRAY(import->arena, struct mapping, import->mapping_count);
    for (ptrdiff_t i = 0; i < import->answers.count; i++) {
        import->answers.list[i].is_used = false; /* looking for the header tried them all */
    }
    count_filled(import);
    read_keys(import);
    read_constants(import);
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        import->mappings[i].label =
            header_label(import, import->header_first, import->header_last, i);
        map_field(import, index, i);
        part_twins(import, i);
    }
    import->mapping_of = ARENA_ARRAY(import->arena, int, import->table->column_count);
    for (int i = 0; i < import->table->column_count; i++) {
        import->mapping_of[i] = -1;
    }
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        struct mapping *mapping = &import->mappings[i];
        const struct answer *fill =
            answers_find(import, ANSWER_FILL, mapping_name(import, i), SLICE(""));
        if (fill != NULL) {
            mapping->fills = slice_equal(fill->text, SLICE("above"));
            mapping->is_blank = !mapping->fills;
        }
        if (mapping->state == MAPPING_OPEN) {
            report_open(import, i);
        } else if (mapping->state == MAPPING_TAKEN) {
            import->mapping_of[mapping->column] = (int)i;
            check_place(import, i);
        }
    }
    check_keys(import);
}
