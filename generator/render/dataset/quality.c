#include "quality.h"

#include "json_parts.h"

/* ---- Which findings are the dataset's ---- */

static bool is_private_field(const struct table *table, int64_t field_number)
{
    for (int i = 0; table != NULL && i < table->column_count; i++) {
        if (table->columns[i].is_private && table->columns[i].field == field_number - 1) {
            return true;
        }
    }
    return false;
}

/* What principles find is evidence about the work, not about the data; the cases' pages tell it. */
static bool is_of(const struct dataset *dataset, const struct finding *finding)
{
    if (slice_starts_with(slice_of(code_info(finding->code)->name), SLICE("principle."))) {
        return false;
    }
    if (dataset_is_cases(dataset)) {
        return slice_starts_with(finding->path, SLICE("content/cases/"));
    }
    const struct table *table = dataset->table;
    return table != NULL &&
           (slice_equal(finding->resource, dataset->name) ||
            (finding->resource.length == 0 && slice_equal(finding->path, table->path))) &&
           !(finding->field_number > 0 && is_private_field(table, finding->field_number));
}

/* ---- Checks ---- */

enum check_when {
    CHECK_ALWAYS,
    CHECK_HASH,
    CHECK_BYTES,
    CHECK_FIELDS,
    CHECK_ROWS,
    CHECK_KEY,
    CHECK_REFERENCE,
    CHECK_CONSTRAINTS,
    CHECK_UNIQUE
};

struct quality_check {
    const char *type;
    enum check_when when;
    const char *title[INTERFACE_LANGUAGES];
};

static const struct quality_check checks[] = {
#define QUALITY_CHECK(type, when, ja, en) {type, CHECK_##when, {ja, en}},
#include "quality_checks.def"
#undef QUALITY_CHECK
};
enum { CHECKS = sizeof(checks) / sizeof(checks[0]) };

static bool has_column(const struct table *table, enum check_when when)
{
    for (int i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        bool is_so = when == CHECK_REFERENCE
                         ? column->codelist != NULL || column->referenced != NULL
                     : when == CHECK_UNIQUE ? column->is_unique
                                            : node_get(column->descriptor, "constraints") != NULL;
        if (is_so) {
            return true;
        }
    }
    return false;
}

/* Whether there is anything to check. */
static bool is_declared(const struct table *table, enum check_when when)
{
    switch (when) {
    case CHECK_ALWAYS:
        return true;
    case CHECK_HASH:
        return table_declared(table, "hash") != NULL;
    case CHECK_BYTES:
        return table_declared(table, "bytes") != NULL;
    case CHECK_FIELDS:
        return table_declared(table, "fields") != NULL;
    case CHECK_ROWS:
        return table_declared(table, "rows") != NULL;
    case CHECK_KEY:
        return node_get(table->schema, "primaryKey") != NULL;
    case CHECK_REFERENCE:
        return node_get(table->schema, "foreignKeys") != NULL || has_column(table, when);
    case CHECK_CONSTRAINTS:
    case CHECK_UNIQUE:
        return has_column(table, when);
    }
    BUG("no such condition");
}

static const char *status_of(const struct dataset *dataset, const struct quality_check *check,
                             int64_t found)
{
    return dataset->table == NULL || !is_declared(dataset->table, check->when) ? "not_applicable"
           : found > 0                                                         ? "found"
                                                                               : "passed";
}

/* ---- JSON ---- */

static void write_words(struct json_writer *json, const char *name,
                        const struct slice words[INTERFACE_LANGUAGES])
{
    json_key(json, slice_of(name));
    json_object_begin(json);
    json_member(json, "ja", words[INTERFACE_JAPANESE]);
    json_member(json, "en", words[INTERFACE_ENGLISH]);
    json_object_end(json);
}

static void write_checks(struct json_writer *json, const struct render *render,
                         const struct dataset *dataset)
{
    json_key(json, SLICE("checks"));
    json_array_begin(json);
    for (int i = 0; i < CHECKS; i++) {
        int64_t found = 0;
        for (ptrdiff_t f = 0; f < render->finding_count; f++) {
            const struct finding *finding = &render->findings[f];
            found += slice_equal(finding->type, slice_of(checks[i].type)) && is_of(dataset, finding)
                         ? 1
                         : 0;
        }
        const struct slice title[INTERFACE_LANGUAGES] = {
            slice_of(checks[i].title[INTERFACE_JAPANESE]),
            slice_of(checks[i].title[INTERFACE_ENGLISH])};
        json_object_begin(json);
        json_member(json, "type", slice_of(checks[i].type));
        json_member(json, "status", slice_of(status_of(dataset, &checks[i], found)));
        json_member_integer(json, "findings", found);
        write_words(json, "title", title);
        json_object_end(json);
    }
    json_array_end(json);
}

static struct slice severity_name(enum severity severity)
{
    return severity == SEVERITY_ERROR     ? SLICE("error")
           : severity == SEVERITY_WARNING ? SLICE("warning")
                                          : SLICE("note");
}

static struct slice field_name(const struct dataset *dataset, const struct finding *finding)
{
    const struct table *table = dataset->table;
    for (int i = 0; table != NULL && i < table->column_count; i++) {
        if (finding->field_number > 0 && table->columns[i].field == finding->field_number - 1) {
            return table->columns[i].name;
        }
    }
    return (struct slice){0};
}

static void write_some(struct json_writer *json, const char *name, struct slice value)
{
    if (value.length > 0) {
        json_member(json, name, value);
    }
}

static void write_finding(struct json_writer *json, const struct dataset *dataset,
                          const struct finding *finding)
{
    json_object_begin(json);
    json_member(json, "code", slice_of(code_info(finding->code)->name));
    json_member(json, "severity", severity_name(finding->severity));
    write_some(json, "type", finding->type);
    write_some(json, "rule", finding->rule);
    json_member(json, "file", finding->path);
    json_member_integer(json, "line", finding->position.line);
    json_member_integer(json, "column", finding->position.column);
    if (finding->row_number > 0) {
        json_member_integer(json, "rowNumber", finding->row_number);
    }
    if (finding->field_number > 0) {
        json_member_integer(json, "fieldNumber", finding->field_number);
        write_some(json, "field", field_name(dataset, finding));
    }
    write_words(json, "message", finding->message);
    if (finding->help[INTERFACE_JAPANESE].length > 0) {
        write_words(json, "help", finding->help);
    }
    json_object_end(json);
}

void quality_json(const struct render *render, const struct dataset *dataset, struct buffer *out)
{
    int64_t counts[SEVERITY_ERROR + 1] = {0};
    for (ptrdiff_t i = 0; i < render->finding_count; i++) {
        counts[render->findings[i].severity] += is_of(dataset, &render->findings[i]) ? 1 : 0;
    }
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    json_member(&json, "dataset", dataset->name);
    json_words(&json, dataset->site, "title", dataset->labels);
    json_member_integer(&json, "rows", dataset->row_count);
    json_key(&json, SLICE("summary"));
    json_object_begin(&json);
    json_member_integer(&json, "errors", counts[SEVERITY_ERROR]);
    json_member_integer(&json, "warnings", counts[SEVERITY_WARNING]);
    json_member_integer(&json, "notes", counts[SEVERITY_NOTE]);
    json_object_end(&json);
    write_checks(&json, render, dataset);
    json_key(&json, SLICE("findings"));
    json_array_begin(&json);
    for (ptrdiff_t i = 0; i < render->finding_count; i++) {
        if (is_of(dataset, &render->findings[i])) {
            write_finding(&json, dataset, &render->findings[i]);
        }
    }
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
}

/* ---- CSV ---- */

static void put_number(struct buffer *out, int64_t number)
{
    if (number > 0) {
        buffer_append_integer(out, number);
    }
    buffer_append_byte(out, ',');
}

static void put_text(struct buffer *out, struct slice text)
{
    escape_csv_field(out, text);
    buffer_append_byte(out, ',');
}

void quality_csv(const struct render *render, const struct dataset *dataset, struct buffer *out)
{
    buffer_append_literal(out, "code,severity,type,rule,file,line,column,row_number,field_number,"
                               "field,message_ja,message_en,help_ja,help_en\r\n");
    for (ptrdiff_t i = 0; i < render->finding_count; i++) {
        const struct finding *finding = &render->findings[i];
        if (!is_of(dataset, finding)) {
            continue;
        }
        put_text(out, slice_of(code_info(finding->code)->name));
        put_text(out, severity_name(finding->severity));
        put_text(out, finding->type);
        put_text(out, finding->rule);
        put_text(out, finding->path);
        put_number(out, finding->position.line);
        put_number(out, finding->position.column);
        put_number(out, finding->row_number);
        put_number(out, finding->field_number);
        put_text(out, field_name(dataset, finding));
        put_text(out, finding->message[INTERFACE_JAPANESE]);
        put_text(out, finding->message[INTERFACE_ENGLISH]);
        put_text(out, finding->help[INTERFACE_JAPANESE]);
        escape_csv_field(out, finding->help[INTERFACE_ENGLISH]);
        buffer_append_literal(out, "\r\n");
    }
}
