/*
 * JSON (ruling 13): {"dataset": {…}, "rows": [{…}, …]}.
 *
 * `dataset` says what it is: name, title and description per language, date, publisher, licence,
 * number of rows, `columns` (name, type, title, description, unit, code list), and `codes`: for
 * each code list that a column uses, what each code means in each language. Each of `rows` stands
 * on a line of its own and has every column by its name: numbers as numbers, true and false, lists
 * as arrays of texts, codes as they are in the CSV, everything else as text; no value is null.
 */
#include "forms.h"
#include "json_parts.h"

struct json_writing {
    const struct dataset *dataset;
    struct buffer *out;
};

/* A word of a record in every language. */
static void write_record_words(struct json_writer *json, const struct site *site, const char *name,
                               const struct record *record, enum field_id field)
{
    struct slice words[MODEL_LANGUAGES_MOST] = {0};
    for (int i = 0; i < site->language_count; i++) {
        words[i] = record_word(record, field, i, NULL);
    }
    json_words(json, site, name, words);
}

static void write_columns(struct json_writer *json, const struct dataset *dataset)
{
    json_key(json, SLICE("columns"));
    json_array_begin(json);
    for (int i = 0; i < dataset->column_count; i++) {
        const struct dataset_column *column = &dataset->columns[i];
        json_object_begin(json);
        json_member(json, "name", column->name);
        json_member(json, "type", dataset_type_name(column->type));
        json_words(json, dataset->site, "title", column->labels);
        json_words(json, dataset->site, "description", column->descriptions);
        json_words(json, dataset->site, "unit", column->unit);
        if (column->codelist != NULL) {
            json_member(json, "codelist", column->codelist->name);
        }
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_codes(struct json_writer *json, const struct dataset *dataset)
{
    json_key(json, SLICE("codes"));
    json_object_begin(json);
    for (int i = 0; i < dataset->column_count; i++) {
        const struct codelist *list = dataset->columns[i].codelist;
        if (!dataset_shows_codelist(dataset, i)) {
            continue;
        }
        json_key(json, list->name);
        json_object_begin(json);
        for (ptrdiff_t c = 0; c < list->count; c++) {
            json_key(json, list->codes[c].code);
            json_object_begin(json);
            for (int l = 0; l < dataset->site->language_count; l++) {
                json_key(json, dataset->site->languages[l].tag);
                json_string(json, code_label(&list->codes[c], l));
            }
            json_object_end(json);
        }
        json_object_end(json);
    }
    json_object_end(json);
}

static void write_head(const struct dataset *dataset, struct buffer *out, struct arena *scratch)
{
    const struct site *site = dataset->site;
    const struct record *publisher = record_group(site->config, FIELD_site_publisher);
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    json_member(&json, "name", dataset->name);
    json_words(&json, site, "title", dataset->labels);
    json_words(&json, site, "description", dataset->descriptions);
    json_member(&json, "homepage",
                ARENA_JOIN(scratch, site->base_url, site->languages[0].tag, SLICE("/data/"),
                           dataset->name, SLICE("/")));
    if (dataset->updated.precision != DATE_NONE) {
        json_member(&json, "updated", date_iso(scratch, dataset->updated));
    }
    write_record_words(&json, site, "publisher", publisher, FIELD_publisher_name);
    json_key(&json, SLICE("licence"));
    json_object_begin(&json);
    json_member(&json, "id", record_text(licence, FIELD_licence_id));
    json_member(&json, "url", record_text(licence, FIELD_licence_url));
    write_record_words(&json, site, "name", licence, FIELD_licence_name);
    json_object_end(&json);
    json_member_integer(&json, "row_count", dataset->row_count);
    write_columns(&json, dataset);
    write_codes(&json, dataset);
    json_object_end(&json);
}

/* ---- Rows ---- */

static void write_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    const struct json_writing *writing = context;
    buffer_append(writing->out, row > 0 ? SLICE(",\n") : SLICE("\n"));
    struct json_writer json;
    json_begin(&json, writing->out, false);
    json_object_begin(&json);
    json_row(&json, writing->dataset, cells);
    json_object_end(&json);
}

bool form_json(const struct render *render, const struct dataset *dataset,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    buffer_append_literal(out, "{\"dataset\": ");
    write_head(dataset, out, &worker->scratch);
    buffer_append_literal(out, ",\n\"rows\": [");
    struct json_writing writing = {.dataset = dataset, .out = out};
    dataset_rows(dataset, write_row, &writing);
    buffer_append_literal(out, "\n]}\n");
    return true;
}
