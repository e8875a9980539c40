#include "import.h"

#include <stdlib.h>

/* Which records the register has already, and its text with those that are new. The text of all its
 * other rows stays byte for byte, in its order; new records follow them in the file's order. */

/* ---- The register's rows by what tells them apart ---- */

struct known {
    struct import *import;
    const int *columns; /* the key's; without one, all that the file has */
    int count;
    struct map rows; /* joined values -> row + 1 */
};

static struct slice joined(const struct known *known, ptrdiff_t row,
                           const struct import_value *values)
{
    struct arena *arena = known->import->arena;
    struct slice out = SLICE("");
    for (int i = 0; i < known->count; i++) {
        int column = known->columns[i];
        struct slice value =
            values != NULL ? values[column].value : table_cell(known->import->table, row, column);
        if (value.length == 0 && known->count == 1) {
            return SLICE("");
        }
        out = i == 0 ? value : ARENA_JOIN(arena, out, SLICE("\x1F"), value);
    }
    return out;
}

static void index_rows(struct known *known, struct import *import)
{
    known->import = import;
    known->columns = import->keys;
    known->count = import->key_count;
    if (known->count == 0) {
        int *all = ARENA_ARRAY(import->arena, int, import->table->column_count);
        for (int i = 0; i < import->table->column_count; i++) {
            if (import->mapping_of[i] >= 0) {
                all[known->count++] = i;
            }
        }
        known->columns = all;
    }
    for (ptrdiff_t row = 0; row < import->table->row_count; row++) {
        struct slice key = joined(known, row, NULL);
        bool is_new;
        struct map_entry *at = map_insert(&known->rows, import->arena, key, &is_new);
        if (is_new) {
            at->value.integer = row + 1;
        }
    }
}

static bool differs(const struct import *import, int column, struct slice a, struct slice b)
{
    return !cell_reader_equal(import->reader, column, a, b, import->arena);
}

/* The first column of the file in which the record is another than the register's row; -1: none. */
static int first_difference(const struct import *import, ptrdiff_t existing,
                            const struct import_value *values)
{
    for (int column = 0; column < import->table->column_count; column++) {
        if (import->mapping_of[column] >= 0 &&
            differs(import, column, table_cell(import->table, existing, column),
                    values[column].value)) {
            return column;
        }
    }
    return -1;
}

static struct slice shown(const struct import *import, int column, struct slice value)
{
    return import->table->columns[column].is_private ? SLICE("■") : value;
}

/* A record's key as people write it in an answer: its values, apart by commas. */
static struct slice key_name(const struct import *import, const struct import_row *row)
{
    struct slice name = SLICE("");
    for (int i = 0; i < import->key_count; i++) {
        name = ARENA_JOIN(import->arena, name, slice_of(i > 0 ? ", " : ""),
                          row->values[import->keys[i]].value);
    }
    return name;
}

static struct slice key_shown(const struct import *import, const struct import_row *row)
{
    for (int i = 0; i < import->key_count; i++) {
        if (import->table->columns[import->keys[i]].is_private) {
            return SLICE("■");
        }
    }
    return key_name(import, row);
}

static void report_difference(struct import *import, const struct import_row *row, int column)
{
    sheet_report(import, CODE_import_row_differs, row->sheet, import->mapping_of[column],
                 (const struct slice[REPORT_ARGUMENTS]){
                     key_shown(import, row), import->table->columns[column].name,
                     shown(import, column, table_cell(import->table, row->existing, column)),
                     shown(import, column, row->values[column].value)});
    answers_ask(import, ANSWER_KEY, key_name(import, row), SLICE(""), SLICE("replace / keep"));
}

static void compare_existing(struct import *import, struct import_row *row)
{
    int column = first_difference(import, row->existing, row->values);
    if (column < 0) {
        row->fate = FATE_SAME;
        return;
    }
    const struct answer *answer =
        answers_find(import, ANSWER_KEY, key_name(import, row), SLICE(""));
    bool is_said = answer != NULL || import->options->replaces;
    bool keeps = answer != NULL && slice_equal(answer->text, SLICE("keep"));
    row->fate = !is_said ? FATE_DIFFERENT : keeps ? FATE_KEPT : FATE_REPLACED;
    if (!is_said) {
        report_difference(import, row, column);
    }
}

/* The same record twice in the file counts once; with other values checking finds its key again. */
static bool is_repeated(struct import *import, struct import_row *row,
                        const struct import_row *earlier)
{
    for (int column = 0; column < import->table->column_count; column++) {
        if (differs(import, column, earlier->values[column].value, row->values[column].value)) {
            return false;
        }
    }
    row->fate = FATE_SKIPPED;
    row->reason = REASON_REPEATED;
    return true;
}

static void compare_rows(struct import *import)
{
    struct known known = {0};
    index_rows(&known, import);
    struct map seen = {0};
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        struct import_row *row = &import->rows[i];
        if (row->fate != FATE_RECORD) {
            continue;
        }
        struct slice key = joined(&known, -1, row->values);
        bool is_new;
        struct map_entry *at = map_insert(&seen, import->arena, key, &is_new);
        const struct map_entry *existing = key.length > 0 ? map_find(&known.rows, key) : NULL;
        row->existing = existing != NULL ? (ptrdiff_t)existing->value.integer - 1 : -1;
        if (is_new) {
            at->value.pointer = row;
        } else if (key.length > 0 && is_repeated(import, row, at->value.constant)) {
            continue;
        } else if (key.length > 0 && row->existing >= 0) {
            const struct import_row *earlier = at->value.constant;
            sheet_report(
                import, CODE_import_row_twice, row->sheet, -1,
                (const struct slice[REPORT_ARGUMENTS]){
                    key_shown(import, row),
                    arena_format(import->arena, "%lld", (long long)earlier->sheet->number)});
        }
        if (row->existing >= 0) {
            compare_existing(import, row);
        } else {
            row->fate = FATE_NEW;
        }
    }
}

/* ---- The register's new text ---- */

void merge_write_field(struct buffer *out, struct slice field, const struct csv_dialect *dialect)
{
    bool is_quoted =
        slice_trim(field).length != field.length ||
        (field.length > 0 && dialect->comment != '\0' && field.data[0] == dialect->comment);
    for (ptrdiff_t i = 0; i < field.length && !is_quoted; i++) {
        char c = field.data[i];
        is_quoted = c == dialect->delimiter || c == dialect->quote || c == '\n' || c == '\r';
    }
    if (!is_quoted) {
        buffer_append(out, field);
        return;
    }
    buffer_append_byte(out, dialect->quote);
    for (ptrdiff_t i = 0; i < field.length; i++) {
        if (field.data[i] == dialect->quote) {
            buffer_append_byte(out, dialect->quote);
        }
        buffer_append_byte(out, field.data[i]);
    }
    buffer_append_byte(out, dialect->quote);
}

struct register_form {
    struct slice text;
    struct slice line_end;
    ptrdiff_t field_count; /* of its header */
    int *columns;          /* the column of each field, or -1 */
};

static bool take_header(void *context, const struct csv_row *row)
{
    struct register_form *form = context;
    form->field_count = row->field_count;
    return row->is_blank;
}

static struct register_form form_of(struct import *import)
{
    const struct table *table = import->table;
    struct register_form form = {.text = source_text(table->source)};
    struct diag *unheard = diag_new(1);
    (void)csv_read(table->source, &table->dialect, take_header, &form, unheard);
    diag_free(unheard);
    ptrdiff_t feed = slice_find_byte(form.text, '\n', 0);
    form.line_end = feed > 0 && form.text.data[feed - 1] == '\r' ? SLICE("\r\n") : SLICE("\n");
    form.columns = ARENA_ARRAY(import->arena, int, form.field_count);
    for (ptrdiff_t i = 0; i < form.field_count; i++) {
        form.columns[i] = -1;
    }
    for (int i = 0; i < table->column_count; i++) {
        int field = table->columns[i].field;
        if (field >= 0 && field < form.field_count) {
            form.columns[field] = i;
        }
    }
    return form;
}

/* A new record, or an existing one of which only what the file changes is written anew. */
static void write_record(struct import *import, const struct register_form *form,
                         struct import_row *row)
{
    const struct table *table = import->table;
    row->start = import->text.length;
    for (ptrdiff_t field = 0; field < form->field_count; field++) {
        int column = form->columns[field];
        bool is_new = row->existing < 0;
        bool is_changed =
            column >= 0 &&
            (is_new || (import->mapping_of[column] >= 0 &&
                        differs(import, column, table_cell(table, row->existing, column),
                                row->values[column].value)));
        if (field > 0) {
            buffer_append_byte(&import->text, table->dialect.delimiter);
        }
        if (is_changed) {
            merge_write_field(&import->text, row->values[column].value, &table->dialect);
        } else if (!is_new) {
            struct span span = table->row_spans[row->existing];
            buffer_append(&import->text, span_text(csv_field_span(table->source, &table->dialect,
                                                                  span.start, span.end, field)));
        }
    }
    row->end = import->text.length;
}

static int compare_existing_rows(const void *a, const void *b)
{
    const struct import_row *const *left = a;
    const struct import_row *const *right = b;
    return ((*left)->existing > (*right)->existing) - ((*left)->existing < (*right)->existing);
}

static void write_text(struct import *import)
{
    const struct table *table = import->table;
    struct register_form form = form_of(import);
    struct import_row **replaced =
        ARENA_ARRAY(import->arena, struct import_row *, import->fates[FATE_REPLACED]);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        if (import->rows[i].fate == FATE_REPLACED) {
            replaced[count++] = &import->rows[i];
        }
    }
    if (count > 1) {
        qsort(replaced, (size_t)count, sizeof(struct import_row *), compare_existing_rows);
    }
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        struct span span = table->row_spans[replaced[i]->existing];
        buffer_append(&import->text, slice_sub(form.text, at, span.start));
        write_record(import, &form, replaced[i]);
        at = span.end;
    }
    buffer_append(&import->text, slice_from(form.text, at));
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        struct import_row *row = &import->rows[i];
        if (row->fate != FATE_NEW) {
            continue;
        }
        bool ends = slice_ends_with(buffer_slice(&import->text), SLICE("\n"));
        buffer_append(&import->text, ends ? SLICE("") : form.line_end);
        write_record(import, &form, row);
        buffer_append(&import->text, form.line_end);
    }
    import->is_merged = true;
}

/* New rows can be written into a register as it is written itself: UTF-8, quotes that are doubled.
 */
static bool can_write(struct import *import)
{
    const struct table *table = import->table;
    char *bytes;
    int64_t length;
    if (!tree_read_bytes(import->site->tree, table->path, LOAD_LIMIT_REGISTER, &bytes, &length,
                         import->diag)) {
        return false;
    }
    struct slice text = source_text(table->source);
    struct slice whole = slice_make(bytes, (ptrdiff_t)length);
    import->has_mark = slice_starts_with(whole, SLICE(IMPORT_MARK));
    bool is_same = slice_equal(slice_from(whole, import->has_mark ? 3 : 0), text);
    free(bytes);
    if (!is_same) {
        DIAG(import->diag, CODE_import_register_encoding, span_of_file(table->source), table->path);
    }
    bool has_form = table->dialect.quote != '\0' && table->dialect.escape == '\0';
    if (!has_form) {
        DIAG(import->diag, CODE_import_register_dialect, span_of_file(table->source), table->name);
    }
    return is_same && has_form;
}

void merge_rows(struct import *import)
{
    int64_t errors = diag_errors(import->diag);
    compare_rows(import);
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        import->fates[import->rows[i].fate]++;
    }
    if (import->fates[FATE_NEW] > 0) {
        mapping_check_required(import);
    }
    if (diag_errors(import->diag) == errors && can_write(import)) {
        write_text(import);
    }
}
