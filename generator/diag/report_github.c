/*
 * Annotations for GitHub Actions: one workflow command a line. The runner decodes %25 %0D %0A in
 * messages and also %3A %2C in properties (actions/toolkit, packages/core/src/command.ts).
 */
#include "reporters.h"
#include "visible.h"

static void append_message(struct buffer *out, struct slice s)
{
    for (ptrdiff_t at = 0; at < s.length; at++) {
        if (s.data[at] == '%') {
            buffer_append_literal(out, "%25");
        } else {
            buffer_append_byte(out, s.data[at]);
        }
    }
}

static void append_property(struct buffer *out, struct slice s)
{
    for (ptrdiff_t at = 0; at < s.length; at++) {
        switch (s.data[at]) {
        case '%':
            buffer_append_literal(out, "%25");
            break;
        case ':':
            buffer_append_literal(out, "%3A");
            break;
        case ',':
            buffer_append_literal(out, "%2C");
            break;
        case '\r':
            buffer_append_literal(out, "%0D");
            break;
        case '\n':
            buffer_append_literal(out, "%0A");
            break;
        default:
            buffer_append_byte(out, s.data[at]);
            break;
        }
    }
}

static void append_place(struct buffer *out, struct buffer *scratch, const struct finding *finding)
{
    if (finding->path.length == 0) {
        return;
    }
    buffer_clear(scratch);
    visible_append(scratch, finding->path);
    buffer_append_literal(out, "file=");
    append_property(out, buffer_slice(scratch));
    buffer_append_format(out, ",line=%lld,col=%lld,", (long long)finding->position.line,
                         (long long)finding->position.column);
    /* A range of columns is only allowed within one line. */
    if (finding->end.line == finding->position.line &&
        finding->end.column > finding->position.column) {
        buffer_append_format(out, "endColumn=%lld,", (long long)finding->end.column);
    } else if (finding->end.line > finding->position.line) {
        buffer_append_format(out, "endLine=%lld,", (long long)finding->end.line);
    }
}

static void append_text(struct buffer *out, struct buffer *scratch, struct slice text)
{
    buffer_clear(scratch);
    visible_append(scratch, text);
    append_message(out, buffer_slice(scratch));
}

void report_github(struct diag *diag, const struct report_options *options, struct sink *out)
{
    static const char *const commands[] = {
        [SEVERITY_NOTE] = "notice", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    struct buffer line = {0};
    struct buffer scratch = {0};
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        buffer_clear(&line);
        buffer_append_format(&line, "::%s ", commands[finding->severity]);
        append_place(&line, &scratch, finding);
        buffer_append_literal(&line, "title=");
        append_property(&line, slice_of(code_info(finding->code)->name));
        buffer_append_literal(&line, "::");
        append_text(&line, &scratch, finding->message[options->language]);
        if (finding->help[options->language].length > 0) {
            buffer_append_literal(&line, "%0A");
            append_text(&line, &scratch, finding->help[options->language]);
        }
        buffer_append_byte(&line, '\n');
        sink_write(out, buffer_slice(&line));
    }
    buffer_release(&scratch);
    buffer_release(&line);
}
