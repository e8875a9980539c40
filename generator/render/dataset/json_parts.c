#include "json_parts.h"

void json_words(struct json_writer *json, const struct site *site, const char *name,
                const struct slice words[MODEL_LANGUAGES_MOST])
{
    if (words[0].length == 0) {
        return;
    }
    json_key(json, slice_of(name));
    json_object_begin(json);
    for (int i = 0; i < site->language_count; i++) {
        json_key(json, site->languages[i].tag);
        json_string(json, words[i]);
    }
    json_object_end(json);
}

/* ---- Values ---- */

static void write_list(struct json_writer *json, char delimiter, struct slice cell)
{
    json_array_begin(json);
    struct slice rest = cell;
    while (rest.data != NULL) {
        json_string(json, slice_cut(&rest, delimiter));
    }
    json_array_end(json);
}

/* NaN and INF are numbers of Table Schema, and none of JSON. */
static bool is_json_number(struct slice cell)
{
    char last = cell.length > 0 ? cell.data[cell.length - 1] : '\0';
    return last >= '0' && last <= '9';
}

static void write_value(struct json_writer *json, const struct dataset_column *column,
                        struct slice cell)
{
    bool is_number = column->type == COLUMN_INTEGER || column->type == COLUMN_NUMBER ||
                     column->type == COLUMN_YEAR;
    if (cell.data == NULL) {
        json_null(json);
    } else if (is_number && is_json_number(cell)) {
        json_write_decimal(json, cell);
    } else if (column->type == COLUMN_BOOLEAN) {
        json_boolean(json, slice_equal(cell, SLICE("true")));
    } else if (column->type == COLUMN_LIST) {
        write_list(json, column->delimiter, cell);
    } else {
        json_string(json, cell);
    }
}

void json_row(struct json_writer *json, const struct dataset *dataset, const struct slice *cells)
{
    for (int i = 0; i < dataset->column_count; i++) {
        json_write_key_text(json, dataset->columns[i].json_key);
        write_value(json, &dataset->columns[i], cells[i]);
    }
}

/* ---- Labels ---- */

static void write_code(struct json_writer *json, const struct dataset *dataset,
                       const struct codelist *list, struct slice code)
{
    const struct code_entry *entry = codelist_find(list, code);
    if (entry == NULL) {
        return;
    }
    json_key(json, code);
    json_object_begin(json);
    for (int language = 0; language < dataset->site->language_count; language++) {
        json_key(json, dataset->site->languages[language].tag);
        json_string(json, code_label(entry, language));
    }
    json_object_end(json);
}

void json_row_labels(struct json_writer *json, const struct dataset *dataset,
                     const struct slice *cells)
{
    bool has_any = false;
    for (int i = 0; i < dataset->column_count; i++) {
        const struct dataset_column *column = &dataset->columns[i];
        if (column->codelist == NULL || column->is_original || cells[i].length == 0) {
            continue;
        }
        if (!has_any) {
            json_key(json, SLICE("kyodo:labels"));
            json_object_begin(json);
            has_any = true;
        }
        json_write_key_text(json, column->json_key);
        json_object_begin(json);
        struct slice rest = cells[i];
        while (column->type == COLUMN_LIST && rest.data != NULL) {
            write_code(json, dataset, column->codelist, slice_cut(&rest, column->delimiter));
        }
        if (column->type != COLUMN_LIST) {
            write_code(json, dataset, column->codelist, cells[i]);
        }
        json_object_end(json);
    }
    if (has_any) {
        json_object_end(json);
    }
}

/* ---- Nodes as they were written ---- */

void json_node(struct json_writer *json, const struct node *node)
{
    int64_t integer;
    if (node->kind == NODE_MAPPING) {
        json_object_begin(json);
        for (const struct node *member = node->first; member != NULL; member = member->next) {
            json_key(json, member->key);
            json_node(json, member);
        }
        json_object_end(json);
    } else if (node->kind == NODE_SEQUENCE) {
        json_array_begin(json);
        for (const struct node *part = node->first; part != NULL; part = part->next) {
            json_node(json, part);
        }
        json_array_end(json);
    } else if (node->scalar == SCALAR_NULL) {
        json_null(json);
    } else if (node->scalar == SCALAR_BOOLEAN) {
        json_boolean(json, slice_equal(node->text, SLICE("true")));
    } else if (node->scalar == SCALAR_INTEGER && slice_to_integer(node->text, &integer)) {
        json_integer(json, integer);
    } else if (node->scalar == SCALAR_INTEGER || node->scalar == SCALAR_NUMBER) {
        json_write_decimal(json, node->text);
    } else {
        json_string(json, node->text);
    }
}
