/* One JSON object for scripts: the summary and every finding in both languages (design, Checks). */
#include "reporters.h"

static void write_both(struct json_writer *json, const char *key, const struct slice *texts)
{
    json_key(json, slice_of(key));
    json_object_begin(json);
    json_member(json, "ja", texts[INTERFACE_JAPANESE]);
    json_member(json, "en", texts[INTERFACE_ENGLISH]);
    json_object_end(json);
}

/* File, line and column; null when it is about the whole run. */
static void write_place(struct json_writer *json, struct slice path, struct position position)
{
    if (path.length > 0) {
        json_member(json, "file", path);
        json_member_integer(json, "line", position.line);
        json_member_integer(json, "column", position.column);
        return;
    }
    static const char *const keys[] = {"file", "line", "column"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_key(json, slice_of(keys[i]));
        json_write_null(json);
    }
}

static void write_where_given(struct json_writer *json, const char *key, struct slice value)
{
    if (value.length > 0) {
        json_member(json, key, value);
    }
}

static void write_notes(struct json_writer *json, const struct finding *finding)
{
    if (finding->note_count == 0) {
        return;
    }
    json_key(json, SLICE("notes"));
    json_array_begin(json);
    for (int i = 0; i < finding->note_count; i++) {
        const struct finding_note *note = &finding->notes[i];
        json_object_begin(json);
        write_place(json, note->path, note->position);
        write_both(json, "message", note->message);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_finding(struct json_writer *json, const struct finding *finding)
{
    json_object_begin(json);
    json_member(json, "code", slice_of(code_info(finding->code)->name));
    json_member(json, "severity", severity_keyword(finding->severity));
    write_place(json, finding->path, finding->position);
    if (finding->path.length > 0) {
        json_member_integer(json, "endLine", finding->end.line);
        json_member_integer(json, "endColumn", finding->end.column);
    }
    write_both(json, "message", finding->message);
    write_both(json, "help", finding->help);
    write_where_given(json, "rule", finding->rule);
    write_where_given(json, "type", finding->type);
    write_where_given(json, "resource", finding->resource);
    if (finding->row_number > 0) {
        json_member_integer(json, "rowNumber", finding->row_number);
    }
    if (finding->field_number > 0) {
        json_member_integer(json, "fieldNumber", finding->field_number);
    }
    write_notes(json, finding);
    json_object_end(json);
}

void report_json(struct diag *diag, const struct report_options *options, struct sink *out)
{
    (void)options; /* both languages, all findings, no colour */
    struct buffer text = {0};
    struct json_writer json;
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    struct diag_counts counts = diag_counts(diag);
    json_begin(&json, &text, true);
    json_object_begin(&json);
    json_key(&json, SLICE("summary"));
    json_object_begin(&json);
    json_member_integer(&json, "errors", counts.errors);
    json_member_integer(&json, "warnings", counts.warnings);
    json_member_integer(&json, "notes", counts.notes);
    json_object_end(&json);
    json_key(&json, SLICE("findings"));
    json_array_begin(&json);
    for (ptrdiff_t i = 0; i < count; i++) {
        write_finding(&json, &findings[i]);
        sink_write(out, buffer_slice(&text));
        buffer_clear(&text);
    }
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(&text, '\n');
    sink_write(out, buffer_slice(&text));
    buffer_release(&text);
}
