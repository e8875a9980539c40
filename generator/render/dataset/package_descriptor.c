#include "package_descriptor.h"

#include "json_parts.h"

static void copy_member(struct json_writer *json, const struct node *owner, const char *name)
{
    const struct node *node = node_get(owner, name);
    if (node != NULL) {
        json_key(json, slice_of(name));
        json_node(json, node);
    }
}

static void some_member(struct json_writer *json, const char *name, struct slice value)
{
    if (value.length > 0) {
        json_member(json, name, value);
    }
}

/* ---- The package ---- */

static void write_licence(struct json_writer *json, const struct site *site)
{
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    json_key(json, SLICE("licenses"));
    json_array_begin(json);
    json_object_begin(json);
    some_member(json, "name", record_text(licence, FIELD_licence_id));
    some_member(json, "path", record_text(licence, FIELD_licence_url));
    some_member(json, "title", record_word(licence, FIELD_licence_name, 0, NULL));
    json_object_end(json);
    json_array_end(json);
}

static void write_publisher(struct json_writer *json, const struct site *site)
{
    const struct record *publisher = record_group(site->config, FIELD_site_publisher);
    json_key(json, SLICE("contributors"));
    json_array_begin(json);
    json_object_begin(json);
    some_member(json, "title", record_word(publisher, FIELD_publisher_name, 0, NULL));
    some_member(json, "path", record_text(publisher, FIELD_publisher_url));
    json_key(json, SLICE("roles"));
    json_array_begin(json);
    json_string(json, SLICE("publisher"));
    json_array_end(json);
    json_object_end(json);
    json_array_end(json);
}

/* The site's own words, for a package that nobody described. */
static void write_title(struct json_writer *json, const struct site *site,
                        const struct dataset *dataset, struct arena *scratch)
{
    const struct node *package = site->package;
    if (dataset != NULL) {
        json_member(json, "title", dataset->labels[0]);
        some_member(json, "description", dataset->descriptions[0]);
        json_words(json, site, "kyodo:labels", dataset->labels);
        json_words(json, site, "kyodo:descriptions", dataset->descriptions);
        json_member(json, "homepage",
                    ARENA_JOIN(scratch, site->base_url, site->languages[0].tag, SLICE("/data/"),
                               dataset->name, SLICE("/")));
        return;
    }
    if (node_get(package, "title") != NULL) {
        copy_member(json, package, "title");
        copy_member(json, package, "description");
    } else {
        json_member(json, "title", record_word(site->config, FIELD_site_title, 0, NULL));
    }
    copy_member(json, package, "kyodo:labels");
    copy_member(json, package, "kyodo:descriptions");
    json_member(json, "homepage",
                ARENA_JOIN(scratch, site->base_url, site->languages[0].tag, SLICE("/data/")));
}

void package_begin(struct json_writer *json, const struct render *render,
                   const struct dataset *dataset, struct arena *scratch)
{
    const struct site *site = render->site;
    const struct node *package = site->package;
    const struct node *name = node_get(package, "name");
    struct slice whole = name != NULL ? name->text : SLICE("kyodo");
    json_object_begin(json);
    json_member(json, "$schema", SLICE("https://datapackage.org/profiles/2.0/datapackage.json"));
    json_member(json, "name",
                dataset == NULL ? whole : ARENA_JOIN(scratch, whole, SLICE("-"), dataset->name));
    if (dataset == NULL) {
        copy_member(json, package, "id");
    }
    write_title(json, site, dataset, scratch);
    copy_member(json, package, "version");
    copy_member(json, package, "created");
    if (dataset == NULL) {
        copy_member(json, package, "keywords");
        copy_member(json, package, "image");
    }
    if (node_get(package, "contributors") != NULL) {
        copy_member(json, package, "contributors");
    } else {
        write_publisher(json, site);
    }
    if (node_get(package, "licenses") != NULL) {
        copy_member(json, package, "licenses");
    } else {
        write_licence(json, site);
    }
    copy_member(json, package, "sources");
    json_key(json, SLICE("resources"));
    json_array_begin(json);
}

void package_end(struct json_writer *json)
{
    json_array_end(json);
    json_object_end(json);
}

/* ---- Columns ---- */

/* Constraints as they were written, but for `jsonSchema`, which nobody checks here. */
static void write_constraints(struct json_writer *json, const struct dataset_column *column)
{
    const struct node *constraints = column->of != NULL && !column->is_original
                                         ? node_get(column->of->descriptor, "constraints")
                                         : NULL;
    if (constraints != NULL) {
        json_key(json, SLICE("constraints"));
        json_node(json, constraints);
    } else if (column->is_required) {
        json_key(json, SLICE("constraints"));
        json_object_begin(json);
        json_key(json, SLICE("required"));
        json_boolean(json, true);
        json_object_end(json);
    }
}

/* Formats that say how a date was written in the source do not hold for the published value, which
 * is ISO 8601. */
static bool keeps_format(const struct node *format)
{
    static const char *const kept[] = {"default", "email", "uri", "uuid", "binary"};
    for (size_t i = 0; format != NULL && i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (slice_equal(format->text, slice_of(kept[i]))) {
            return true;
        }
    }
    return false;
}

/* A list is a string to readers of version 1; ours and kyodo:delimiter tell the rest. */
static struct slice type_name(const struct dataset_column *column)
{
    return dataset_type_name(column->type == COLUMN_LIST ? COLUMN_STRING : column->type);
}

static void write_column(struct json_writer *json, const struct site *site,
                         const struct dataset_column *column)
{
    const struct node *field =
        column->of != NULL && !column->is_original ? column->of->descriptor : NULL;
    json_object_begin(json);
    json_member(json, "name", column->name);
    json_member(json, "type", type_name(column));
    if (keeps_format(node_get(field, "format"))) {
        copy_member(json, field, "format");
    }
    some_member(json, "title", column->labels[0]);
    some_member(json, "description", column->descriptions[0]);
    write_constraints(json, column);
    json_words(json, site, "kyodo:labels", column->labels);
    json_words(json, site, "kyodo:descriptions", column->descriptions);
    if (column->type == COLUMN_LIST) {
        json_member(json, "kyodo:delimiter", slice_make(&column->delimiter, 1));
    }
    if (column->codelist != NULL) {
        json_member(json, "kyodo:codelist", column->codelist->name);
    }
    static const char *const ours[] = {"kyodo:references", "kyodo:unit", "kyodo:format",
                                       "kyodo:translates", "kyodo:language"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        copy_member(json, field, ours[i]);
    }
    json_object_end(json);
}

/* ---- Keys ---- */

/* Whether a name or list of names holds public columns of the table only. */
static bool are_public(const struct table *table, const struct node *names)
{
    bool is_list = names != NULL && names->kind == NODE_SEQUENCE;
    for (const struct node *name = is_list ? names->first : names; name != NULL;
         name = is_list ? name->next : NULL) {
        int column = table_column_by_name(table, name->text);
        if (column < 0 || table->columns[column].is_private) {
            return false;
        }
    }
    return names != NULL;
}

static bool is_public_foreign_key(const struct site *site, const struct table *table,
                                  const struct node *key)
{
    const struct node *reference = node_get(key, "reference");
    const struct node *resource = node_get(reference, "resource");
    const struct table *target =
        resource == NULL || resource->text.length == 0 ? table : site_table(site, resource->text);
    return target != NULL && are_public(table, node_get(key, "fields")) &&
           are_public(target, node_get(reference, "fields"));
}

static void write_foreign_keys(struct json_writer *json, const struct site *site,
                               const struct table *table)
{
    const struct node *keys = node_get(table->schema, "foreignKeys");
    bool has_any = false;
    for (const struct node *key = keys != NULL ? keys->first : NULL; key != NULL; key = key->next) {
        if (!is_public_foreign_key(site, table, key)) {
            continue;
        }
        if (!has_any) {
            json_key(json, SLICE("foreignKeys"));
            json_array_begin(json);
            has_any = true;
        }
        json_node(json, key);
    }
    if (has_any) {
        json_array_end(json);
    }
}

void package_schema(struct json_writer *json, const struct dataset *dataset, bool alone)
{
    json_object_begin(json);
    json_member(json, "$schema", SLICE("https://datapackage.org/profiles/2.0/tableschema.json"));
    json_key(json, SLICE("fields"));
    json_array_begin(json);
    for (int i = 0; i < dataset->column_count; i++) {
        write_column(json, dataset->site, &dataset->columns[i]);
    }
    json_array_end(json);
    json_key(json, SLICE("missingValues"));
    json_array_begin(json);
    json_string(json, SLICE(""));
    json_array_end(json);
    const struct table *table = dataset->table;
    int key = dataset_key(dataset);
    if (table == NULL && key >= 0) {
        json_key(json, SLICE("primaryKey"));
        json_array_begin(json);
        json_string(json, dataset->columns[key].name);
        json_array_end(json);
    } else if (table != NULL) {
        if (are_public(table, node_get(table->schema, "primaryKey"))) {
            copy_member(json, table->schema, "primaryKey");
        }
        if (!alone) {
            write_foreign_keys(json, dataset->site, table);
        }
    }
    json_object_end(json);
}

/* ---- A resource ---- */

void package_resource(struct json_writer *json, const struct render *render,
                      const struct dataset *dataset, struct slice path, const struct sha256 *digest,
                      int64_t size, bool alone, struct arena *scratch)
{
    const struct site *site = render->site;
    const struct table *table = dataset->table;
    json_object_begin(json);
    json_member(json, "name", dataset->name);
    json_member(json, "path", path);
    json_member(json, "type", SLICE("table"));
    some_member(json, "title", dataset->labels[0]);
    some_member(json, "description", dataset->descriptions[0]);
    json_member(json, "format", SLICE("csv"));
    json_member(json, "mediatype", SLICE("text/csv"));
    json_member(json, "encoding", SLICE("utf-8"));
    if (digest != NULL) {
        json_member_integer(json, "bytes", size);
        json_member(json, "hash",
                    ARENA_JOIN(scratch, SLICE("sha256:"), sha256_hex(scratch, digest)));
    }
    json_member(json, "kyodo:role",
                table != NULL && table->is_codelist ? SLICE("codelist") : SLICE("register"));
    json_words(json, site, "kyodo:labels", dataset->labels);
    json_words(json, site, "kyodo:descriptions", dataset->descriptions);
    if (dataset->updated.precision != DATE_NONE) {
        json_member(json, "kyodo:updated", date_iso(scratch, dataset->updated));
    }
    if (table != NULL) {
        copy_member(json, table->descriptor, "kyodo:pages");
        copy_member(json, table->descriptor, "kyodo:api");
        if (table->title_column >= 0 && !table->columns[table->title_column].is_private) {
            copy_member(json, table->descriptor, "kyodo:title");
        }
        copy_member(json, table->descriptor, "kyodo:empty");
        copy_member(json, table->descriptor, "kyodo:history");
        copy_member(json, table->descriptor, "sources");
        copy_member(json, table->descriptor, "licenses");
    }
    json_key(json, SLICE("schema"));
    package_schema(json, dataset, alone);
    json_object_end(json);
}
