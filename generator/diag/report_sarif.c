/*
 * SARIF 2.1.0 (OASIS, 2020-03-27) for code scanning services: one run, the codes that occur as
 * its rules, a result a finding. Places are relative to the site's folder.
 */
#include <stdlib.h>

#include "reporters.h"

#define SARIF_SCHEMA \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

struct sarif {
    struct json_writer json;
    struct buffer text;
    struct buffer scratch;
    enum interface_language language;
    int rule_index[CODE_COUNT]; /* in the list of rules; -1 when it does not occur */
};

/* A message object. Braces would be placeholders, so they are doubled (3.11.5). */
static void write_message(struct sarif *sarif, const char *key, struct slice text,
                          struct slice more)
{
    struct slice parts[] = {text, more};
    buffer_clear(&sarif->scratch);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (i > 0 && parts[i].length > 0) {
            buffer_append_byte(&sarif->scratch, '\n');
        }
        for (ptrdiff_t at = 0; at < parts[i].length; at++) {
            char byte = parts[i].data[at];
            buffer_append_repeated(&sarif->scratch, byte, byte == '{' || byte == '}' ? 2 : 1);
        }
    }
    json_key(&sarif->json, slice_of(key));
    json_object_begin(&sarif->json);
    json_member(&sarif->json, "text", buffer_slice(&sarif->scratch));
    json_object_end(&sarif->json);
}

/* A pattern of the table with an ellipsis for each argument. */
static void write_pattern(struct sarif *sarif, const char *key, const char *pattern)
{
    struct slice rest = slice_of(pattern);
    buffer_clear(&sarif->scratch);
    while (rest.length > 0) {
        ptrdiff_t at = slice_find_byte(rest, '{', 0);
        if (at < 0 || at + 2 >= rest.length || rest.data[at + 2] != '}') {
            at = rest.length;
        }
        buffer_append(&sarif->scratch, slice_sub(rest, 0, at));
        if (at < rest.length) {
            buffer_append_literal(&sarif->scratch, "…");
        }
        rest = slice_from(rest, at + 3);
    }
    json_key(&sarif->json, slice_of(key));
    json_object_begin(&sarif->json);
    json_member(&sarif->json, "text", buffer_slice(&sarif->scratch));
    json_object_end(&sarif->json);
}

static void write_rule(struct sarif *sarif, enum code code)
{
    const struct code_info *info = code_info(code);
    enum interface_language language = sarif->language;
    json_object_begin(&sarif->json);
    json_member(&sarif->json, "id", slice_of(info->name));
    write_pattern(sarif, "shortDescription", info->message[language]);
    if (info->reason[language] != NULL) {
        write_pattern(sarif, "fullDescription", info->reason[language]);
    }
    if (info->help[language] != NULL) {
        write_pattern(sarif, "help", info->help[language]);
    }
    json_key(&sarif->json, SLICE("defaultConfiguration"));
    json_object_begin(&sarif->json);
    json_member(&sarif->json, "level", severity_keyword(info->severity));
    json_object_end(&sarif->json);
    json_object_end(&sarif->json);
}

static int compare_by_name(const void *left, const void *right)
{
    return slice_compare(slice_of(code_info(*(const enum code *)left)->name),
                         slice_of(code_info(*(const enum code *)right)->name));
}

/* The codes that occur, by name. */
static void write_rules(struct sarif *sarif, const struct finding *findings, ptrdiff_t count)
{
    enum code used[CODE_COUNT] = {0};
    int used_count = 0;
    for (int code = 0; code < CODE_COUNT; code++) {
        sarif->rule_index[code] = -1;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        if (sarif->rule_index[findings[i].code] < 0) {
            sarif->rule_index[findings[i].code] = 0;
            used[used_count++] = findings[i].code;
        }
    }
    qsort(used, (size_t)used_count, sizeof(used[0]), compare_by_name);
    json_key(&sarif->json, SLICE("rules"));
    json_array_begin(&sarif->json);
    for (int i = 0; i < used_count; i++) {
        sarif->rule_index[used[i]] = i;
        write_rule(sarif, used[i]);
    }
    json_array_end(&sarif->json);
}

/* A path as a relative reference (RFC 3986): a % in a file's name is no escape. */
static void append_uri(struct buffer *out, struct slice path)
{
    while (path.data != NULL) {
        escape_url_path(out, slice_cut(&path, '%'));
        if (path.data != NULL) {
            buffer_append_literal(out, "%25");
        }
    }
}

static void write_physical_location(struct sarif *sarif, struct slice path, struct position start,
                                    struct position end)
{
    struct json_writer *json = &sarif->json;
    buffer_clear(&sarif->scratch);
    append_uri(&sarif->scratch, path);
    json_key(json, SLICE("physicalLocation"));
    json_object_begin(json);
    json_key(json, SLICE("artifactLocation"));
    json_object_begin(json);
    json_member(json, "uri", buffer_slice(&sarif->scratch));
    json_object_end(json);
    json_key(json, SLICE("region"));
    json_object_begin(json);
    json_member_integer(json, "startLine", start.line);
    json_member_integer(json, "startColumn", start.column);
    json_member_integer(json, "endLine", end.line);
    json_member_integer(json, "endColumn", end.column);
    json_object_end(json);
    json_object_end(json);
}

static void write_notes(struct sarif *sarif, const struct finding *finding)
{
    struct json_writer *json = &sarif->json;
    if (finding->note_count == 0) {
        return;
    }
    json_key(json, SLICE("relatedLocations"));
    json_array_begin(json);
    for (int i = 0; i < finding->note_count; i++) {
        const struct finding_note *note = &finding->notes[i];
        json_object_begin(json);
        json_member_integer(json, "id", i);
        if (note->path.length > 0) {
            write_physical_location(sarif, note->path, note->position, note->position);
        }
        write_message(sarif, "message", note->message[sarif->language], SLICE(""));
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_properties(struct json_writer *json, const struct finding *finding)
{
    json_key(json, SLICE("properties"));
    json_object_begin(json);
    const struct {
        const char *key;
        struct slice value;
    } texts[] = {{"rule", finding->rule}, {"type", finding->type}, {"resource", finding->resource}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].value.length > 0) {
            json_member(json, texts[i].key, texts[i].value);
        }
    }
    if (finding->row_number > 0) {
        json_member_integer(json, "rowNumber", finding->row_number);
    }
    if (finding->field_number > 0) {
        json_member_integer(json, "fieldNumber", finding->field_number);
    }
    json_object_end(json);
}

static void write_result(struct sarif *sarif, const struct finding *finding)
{
    struct json_writer *json = &sarif->json;
    json_object_begin(json);
    json_member(json, "ruleId", slice_of(code_info(finding->code)->name));
    json_member_integer(json, "ruleIndex", sarif->rule_index[finding->code]);
    json_member(json, "level", severity_keyword(finding->severity));
    write_message(sarif, "message", finding->message[sarif->language],
                  finding->help[sarif->language]);
    if (finding->path.length > 0) {
        json_key(json, SLICE("locations"));
        json_array_begin(json);
        json_object_begin(json);
        write_physical_location(sarif, finding->path, finding->position, finding->end);
        json_object_end(json);
        json_array_end(json);
    }
    write_notes(sarif, finding);
    write_properties(json, finding);
    json_object_end(json);
}

static void write_tool(struct sarif *sarif, const struct finding *findings, ptrdiff_t count)
{
    struct json_writer *json = &sarif->json;
    json_key(json, SLICE("tool"));
    json_object_begin(json);
    json_key(json, SLICE("driver"));
    json_object_begin(json);
    json_member(json, "name", SLICE("kyodo"));
    json_member(json, "language",
                sarif->language == INTERFACE_JAPANESE ? SLICE("ja") : SLICE("en"));
    write_rules(sarif, findings, count);
    json_object_end(json);
    json_object_end(json);
}

static void flush(struct sarif *sarif, struct sink *out)
{
    sink_write(out, buffer_slice(&sarif->text));
    buffer_clear(&sarif->text);
}

void report_sarif(struct diag *diag, const struct report_options *options, struct sink *out)
{
    struct sarif sarif = {.language = options->language};
    struct json_writer *json = &sarif.json;
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    json_begin(json, &sarif.text, true);
    json_object_begin(json);
    json_member(json, "$schema", SLICE(SARIF_SCHEMA));
    json_member(json, "version", SLICE("2.1.0"));
    json_key(json, SLICE("runs"));
    json_array_begin(json);
    json_object_begin(json);
    write_tool(&sarif, findings, count);
    json_member(json, "columnKind", SLICE("unicodeCodePoints"));
    json_key(json, SLICE("results"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < count; i++) {
        write_result(&sarif, &findings[i]);
        flush(&sarif, out);
    }
    json_array_end(json);
    json_object_end(json);
    json_array_end(json);
    json_object_end(json);
    buffer_append_byte(&sarif.text, '\n');
    flush(&sarif, out);
    buffer_release(&sarif.text);
    buffer_release(&sarif.scratch);
}
