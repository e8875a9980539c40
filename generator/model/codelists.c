#include "reading.h"

/* Code lists are tables with the columns `code`, `label_<language>`, and perhaps
 * `label_one_<language>`, `description_<language>` and `parent`. */

static int column_in_language(const struct site *site, const struct table *table,
                              const char *prefix, int language, struct arena *arena)
{
    struct slice name = ARENA_JOIN(arena, slice_of(prefix), site->languages[language].tag);
    return table_column_by_name(table, name);
}

static void read_texts(struct site *site, const struct table *table, ptrdiff_t row,
                       const int *columns, const struct slice **out)
{
    struct slice *texts = ARENA_ARRAY(&site->arena, struct slice, site->language_count);
    for (int language = 0; language < site->language_count; language++) {
        if (columns[language] >= 0) {
            texts[language] = table_cell(table, row, columns[language]);
        }
        if (texts[language].length == 0) {
            texts[language] = texts[0];
        }
    }
    *out = texts;
}

/* Labels beside the number one; a language without such a column has one label for all numbers. */
static void read_labels_of_one(struct site *site, const struct table *table, ptrdiff_t row,
                               const int *columns, struct code_entry *code)
{
    struct slice *texts = ARENA_ARRAY(&site->arena, struct slice, site->language_count);
    for (int language = 0; language < site->language_count; language++) {
        struct slice text = {0};
        if (columns[language] >= 0) {
            text = table_cell(table, row, columns[language]);
        }
        texts[language] = text.length > 0 ? text : code->labels[language];
    }
    code->labels_of_one = texts;
}

static void codelist_build(struct site *site, const struct table *table, struct codelist *list,
                           struct diag *diag)
{
    int code = table_column_by_name(table, SLICE("code"));
    int parent = table_column_by_name(table, SLICE("parent"));
    int labels[MODEL_LANGUAGES_MOST] = {0};
    int labels_of_one[MODEL_LANGUAGES_MOST] = {0};
    bool has_ones = false;
    int descriptions[MODEL_LANGUAGES_MOST] = {0};
    for (int language = 0; language < site->language_count; language++) {
        labels[language] = column_in_language(site, table, "label_", language, &site->arena);
        labels_of_one[language] =
            column_in_language(site, table, "label_one_", language, &site->arena);
        has_ones = has_ones || labels_of_one[language] >= 0;
        descriptions[language] =
            column_in_language(site, table, "description_", language, &site->arena);
        if (labels[language] < 0) {
            DIAG(diag, CODE_site_codelist_column, span_of_file(table->source), table->name,
                 ARENA_JOIN(&site->arena, SLICE("label_"), site->languages[language].tag));
        }
    }
    list->name = table->name;
    list->table = table;
    if (code < 0) {
        DIAG(diag, CODE_site_codelist_column, span_of_file(table->source), table->name,
             SLICE("code"));
        return;
    }
    list->codes = ARENA_ARRAY(&site->arena, struct code_entry, table->row_count);
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct slice name = table_cell(table, row, code);
        if (name.length == 0) {
            continue;
        }
        bool is_new;
        struct map_entry *entry = map_insert(&list->by_code, &site->arena, name, &is_new);
        if (!is_new) {
            continue; /* a repeated key is a finding of the table already */
        }
        struct code_entry *one = &list->codes[list->count];
        one->code = name;
        one->list = list;
        one->row = row;
        one->order = (int32_t)list->count++;
        entry->value.pointer = one;
        read_texts(site, table, row, labels, &one->labels);
        one->labels_of_one = one->labels;
        if (has_ones) {
            read_labels_of_one(site, table, row, labels_of_one, one);
        }
        read_texts(site, table, row, descriptions, &one->descriptions);
        if (one->labels[0].length == 0) {
            DIAG(diag, CODE_site_code_unlabelled, table_cell_span(table, row, code), name,
                 table->name);
        }
    }
    for (ptrdiff_t i = 0; i < list->count && parent >= 0; i++) {
        struct slice name = table_cell(table, list->codes[i].row, parent);
        if (name.length > 0) {
            list->codes[i].parent = codelist_find(list, name);
            if (list->codes[i].parent == NULL) {
                DIAG(diag, CODE_site_code_parent,
                     table_cell_span(table, list->codes[i].row, parent), name, table->name);
            }
        }
    }
}

void codelists_build(struct site *site, struct diag *diag)
{
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        site->codelist_count += site->tables[i].is_codelist ? 1 : 0;
    }
    site->codelists = ARENA_ARRAY(&site->arena, struct codelist, site->codelist_count);
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        if (site->tables[i].is_codelist) {
            codelist_build(site, &site->tables[i], &site->codelists[at++], diag);
        }
    }
}

const struct codelist *site_codelist(const struct site *site, struct slice name)
{
    for (ptrdiff_t i = 0; i < site->codelist_count; i++) {
        if (slice_equal(site->codelists[i].name, name)) {
            return &site->codelists[i];
        }
    }
    return NULL;
}

const struct code_entry *codelist_find(const struct codelist *list, struct slice code)
{
    return map_get(&list->by_code, code);
}

struct slice code_label(const struct code_entry *code, int language)
{
    return code->labels[language].length > 0 ? code->labels[language] : code->code;
}
