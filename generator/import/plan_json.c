#include "import.h"

/* The plan for a program: the same as for a person, and all of it. */

struct writing {
    const struct import *import;
    struct json_writer *json;
};

static void write_reason(const struct writing *writing, enum import_reason reason)
{
    struct json_writer *json = writing->json;
    json_key(json, SLICE("reason"));
    json_object_begin(json);
    json_member(json, "ja", import_reason_words(reason, INTERFACE_JAPANESE));
    json_member(json, "en", import_reason_words(reason, INTERFACE_ENGLISH));
    json_object_end(json);
}

/* A private column's values are masked, as in the plan for people. */
static void write_value(const struct writing *writing, const char *key, int column,
                        struct slice value)
{
    bool is_hidden = writing->import->table->columns[column].is_private && value.length > 0;
    json_member(writing->json, key, is_hidden ? SLICE("■") : value);
}

static void write_columns(const struct writing *writing)
{
    static const char *const states[] = {
        [MAPPING_TAKEN] = "taken", [MAPPING_DROPPED] = "left-out", [MAPPING_OPEN] = "undecided"};
    const struct import *import = writing->import;
    struct json_writer *json = writing->json;
    json_key(json, SLICE("columns"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        const struct mapping *mapping = &import->mappings[i];
        int column = mapping->state == MAPPING_TAKEN  ? mapping->column
                     : mapping->state == MAPPING_OPEN ? mapping->candidate
                                                      : -1;
        if (mapping->label.length == 0 && mapping->filled == 0) {
            continue;
        }
        json_object_begin(json);
        json_member(json, "heading", mapping_name(import, i));
        json_member(json, "state", slice_of(states[mapping->state]));
        if (column >= 0) {
            json_member(json, "column", import->table->columns[column].name);
        }
        if (mapping->power > 0) {
            json_member_integer(json, "powerOfTen", mapping->power);
        }
        write_reason(writing, mapping->reason);
        json_object_end(json);
    }
    json_array_end(json);
    json_key(json, SLICE("constants"));
    json_array_begin(json);
    for (int i = 0; i < import->table->column_count; i++) {
        if (import->constants[i].data != NULL && import->mapping_of[i] < 0) {
            json_object_begin(json);
            json_member(json, "column", import->table->columns[i].name);
            write_value(writing, "value", i, import->constants[i]);
            json_object_end(json);
        }
    }
    json_array_end(json);
}

static const char *const fates[ROW_FATES] = {
    [FATE_ABOVE] = "above-header", [FATE_HEADER] = "header",     [FATE_SKIPPED] = "left-out",
    [FATE_OPEN] = "undecided",     [FATE_RECORD] = "record",     [FATE_NEW] = "new",
    [FATE_SAME] = "same",          [FATE_REPLACED] = "replaced", [FATE_KEPT] = "kept",
    [FATE_DIFFERENT] = "differs"};

static void write_change(const struct writing *writing, const struct import_row *row, int column,
                         struct slice before, enum import_reason reason)
{
    const struct import *import = writing->import;
    struct json_writer *json = writing->json;
    json_object_begin(json);
    json_member(json, "heading", mapping_name(import, import->mapping_of[column]));
    json_member(json, "column", import->table->columns[column].name);
    write_value(writing, "before", column, before);
    write_value(writing, "after", column, row->values[column].value);
    write_reason(writing, reason);
    json_object_end(json);
}

static void write_changes(const struct writing *writing, const struct import_row *row)
{
    const struct import *import = writing->import;
    json_key(writing->json, SLICE("changes"));
    json_array_begin(writing->json);
    for (int c = 0; c < import->table->column_count; c++) {
        if (import->mapping_of[c] < 0) {
            continue;
        }
        if (row->values[c].reason != REASON_NONE) {
            write_change(writing, row, c, row->values[c].before, row->values[c].reason);
        }
        struct slice old =
            row->existing >= 0 ? table_cell(import->table, row->existing, c) : SLICE("");
        if (row->existing >= 0 &&
            !cell_reader_equal(import->reader, c, old, row->values[c].value, import->arena)) {
            write_change(writing, row, c, old, REASON_REPLACES);
        }
    }
    json_array_end(writing->json);
}

static void write_rows(const struct writing *writing)
{
    const struct import *import = writing->import;
    struct json_writer *json = writing->json;
    json_key(json, SLICE("rows"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        const struct import_row *row = &import->rows[i];
        bool is_blank = row->fate == FATE_SKIPPED && row->reason == REASON_BLANK_ROW;
        if (is_blank || row->fate == FATE_HEADER) {
            continue;
        }
        json_object_begin(json);
        json_member_integer(json, "row", row->sheet->number);
        json_member(json, "state", slice_of(fates[row->fate]));
        if (row->fate == FATE_SKIPPED || row->fate == FATE_ABOVE) {
            write_reason(writing, row->reason);
        } else if (row->values != NULL) {
            write_changes(writing, row);
        }
        json_object_end(json);
    }
    json_array_end(json);
}

void import_write_plan_json(const struct import *import, struct json_writer *json)
{
    const struct writing writing = {.import = import, .json = json};
    json_member(json, "file", import->options->file);
    if (import->sheet.name.length > 0) {
        json_member(json, "sheet", import->sheet.name);
    }
    json_member(json, "register", import->table->name);
    json_member(json, "path", import->table->path);
    if (import->mapping_of == NULL) {
        return;
    }
    json_member_integer(json, "headerRow", import->sheet.rows[import->header_last].number);
    write_columns(&writing);
    if (import->rows != NULL) {
        write_rows(&writing);
    }
}
