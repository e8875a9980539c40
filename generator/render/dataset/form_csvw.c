/*
 * Metadata of CSV on the Web (W3C, 2015-12-17) at their default place beside the CSV, so that a
 * CSVW reader finds them by itself. A column's titles are its labels and, because readers compare
 * them with the CSV's header, its name. Foreign keys would need the other tables in the same file;
 * datapackage.json has them.
 */
#include "forms.h"

/* A name as CSVW wants it, a variable of a URI template: letters, digits and _, the rest as
 * %XX; no _ in front. */
static struct slice variable_name(struct slice name, struct arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    struct slice out = {0};
    for (ptrdiff_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= 'a' && byte <= 'z') || (byte == '_' && i > 0);
        const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        struct slice part = is_plain ? slice_sub(name, i, i + 1) : slice_make(escape, 3);
        out = ARENA_JOIN(arena, out, part);
    }
    return out;
}

/* A property of the table: an array of texts with their languages. */
static void write_texts(struct json_writer *json, const struct site *site, const char *name,
                        const struct slice *words)
{
    if (words[0].length == 0) {
        return;
    }
    json_key(json, slice_of(name));
    json_array_begin(json);
    for (int i = 0; i < site->language_count; i++) {
        if (words[i].length > 0) {
            json_object_begin(json);
            json_member(json, "@value", words[i]);
            json_member(json, "@language", site->languages[i].tag);
            json_object_end(json);
        }
    }
    json_array_end(json);
}

static struct slice datatype(enum column_type type)
{
    switch (type) {
    case COLUMN_INTEGER:
        return SLICE("integer");
    case COLUMN_NUMBER:
        return SLICE("number");
    case COLUMN_BOOLEAN:
        return SLICE("boolean");
    case COLUMN_DATE:
        return SLICE("date");
    case COLUMN_YEAR:
        return SLICE("gYear");
    case COLUMN_YEARMONTH:
        return SLICE("gYearMonth");
    case COLUMN_TIME:
        return SLICE("time");
    case COLUMN_DATETIME:
        return SLICE("datetime");
    default:
        return SLICE("string");
    }
}

static void write_titles(struct json_writer *json, const struct site *site,
                         const struct dataset_column *column)
{
    json_key(json, SLICE("titles"));
    json_object_begin(json);
    for (int i = 0; i < site->language_count; i++) {
        json_key(json, site->languages[i].tag);
        json_array_begin(json);
        if (column->labels[i].length > 0 && !slice_equal(column->labels[i], column->name)) {
            json_string(json, column->labels[i]);
        }
        json_string(json, column->name);
        json_array_end(json);
    }
    json_object_end(json);
}

static void write_column(struct json_writer *json, const struct site *site,
                         const struct dataset_column *column, struct arena *scratch)
{
    json_object_begin(json);
    json_member(json, "name", variable_name(column->name, scratch));
    write_titles(json, site, column);
    json_member(json, "datatype", datatype(column->type));
    if (column->type == COLUMN_LIST) {
        json_member(json, "separator", slice_make(&column->delimiter, 1));
    }
    json_key(json, SLICE("required"));
    json_boolean(json, column->is_required);
    write_texts(json, site, "dc:description", column->descriptions);
    write_texts(json, site, "schema:unitText", column->unit);
    json_object_end(json);
}

static void write_context(struct json_writer *json, const struct site *site)
{
    json_key(json, SLICE("@context"));
    json_array_begin(json);
    json_string(json, SLICE("http://www.w3.org/ns/csvw"));
    json_object_begin(json);
    json_member(json, "@language", site->languages[0].tag);
    json_object_end(json);
    json_array_end(json);
}

static void write_terms(struct json_writer *json, const struct site *site,
                        const struct dataset *dataset, struct arena *scratch)
{
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    if (dataset->updated.precision == DATE_DAY) {
        json_key(json, SLICE("dc:modified"));
        json_object_begin(json);
        json_member(json, "@value", date_iso(scratch, dataset->updated));
        json_member(json, "@type", SLICE("xsd:date"));
        json_object_end(json);
    }
    json_key(json, SLICE("dc:license"));
    json_object_begin(json);
    json_member(json, "@id", record_text(licence, FIELD_licence_url));
    json_object_end(json);
}

bool form_csvw(const struct render *render, const struct dataset *dataset,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    const struct site *site = dataset->site;
    struct arena *scratch = &worker->scratch;
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    write_context(&json, site);
    json_member(&json, "url", ARENA_JOIN(scratch, dataset->name, SLICE(".csv")));
    write_texts(&json, site, "dc:title", dataset->labels);
    write_texts(&json, site, "dc:description", dataset->descriptions);
    write_terms(&json, site, dataset, scratch);
    json_key(&json, SLICE("tableSchema"));
    json_object_begin(&json);
    json_key(&json, SLICE("columns"));
    json_array_begin(&json);
    for (int i = 0; i < dataset->column_count; i++) {
        write_column(&json, site, &dataset->columns[i], scratch);
    }
    json_array_end(&json);
    int key = dataset_key(dataset);
    if (key >= 0) {
        json_member(&json, "primaryKey", variable_name(dataset->columns[key].name, scratch));
    }
    json_object_end(&json);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
    return true;
}
