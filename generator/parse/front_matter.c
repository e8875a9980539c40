/* Where a content file's front matter ends and its body begins. */
#include "parse.h"

/* The line that begins at `at`, without its end; `*next` becomes the start of the one after. */
static struct slice line_at(struct slice text, ptrdiff_t at, ptrdiff_t *next)
{
    ptrdiff_t end = at;
    while (end < text.length && text.data[end] != '\n' && text.data[end] != '\r') {
        end++;
    }
    *next = end;
    if (end < text.length) {
        bool is_pair =
            text.data[end] == '\r' && end + 1 < text.length && text.data[end + 1] == '\n';
        *next = end + (is_pair ? 2 : 1);
    }
    return slice_sub(text, at, end);
}

/* `---`, with nothing but spaces behind it. */
static bool is_fence(struct slice line, struct slice fence)
{
    if (!slice_starts_with(line, fence)) {
        return false;
    }
    for (ptrdiff_t i = fence.length; i < line.length; i++) {
        if (line.data[i] != ' ' && line.data[i] != '\t') {
            return false;
        }
    }
    return true;
}

/* A line that no field begins with: `## A heading`, or a sentence. */
static bool is_of_text(struct slice line)
{
    if (slice_starts_with(line, SLICE("##"))) {
        return true;
    }
    bool is_inside = line.length == 0 || strchr(" \t#-\"'[]{}", line.data[0]) != NULL;
    return !is_inside && slice_find_byte(line, ':', 0) < 0;
}

/* The fence is missing before the first such line; in fields that are without any, nobody can say.
 */
static void report_open(struct source *source, struct slice fence, ptrdiff_t at, struct diag *diag)
{
    struct slice text = source_text(source);
    struct report report = {.code = CODE_yaml_front_matter_open,
                            .span = span_of_slice(source, fence)};
    ptrdiff_t next;
    for (; at < text.length && report.note_count == 0; at = next) {
        struct slice line = line_at(text, at, &next);
        if (is_of_text(line)) {
            report.notes[report.note_count++] = (struct report_note){
                .code = CODE_see_text_begins, .span = span_of_slice(source, line)};
        }
    }
    diag_add(diag, &report);
}

struct front_matter front_matter_split(struct source *source, struct diag *diag)
{
    struct slice text = source_text(source);
    struct front_matter found = {.present = false};
    ptrdiff_t next;
    struct slice first = line_at(text, 0, &next);
    if (!is_fence(first, SLICE("---"))) {
        return found;
    }
    found.present = true;
    found.yaml_start = next;
    while (next < text.length) {
        ptrdiff_t at = next;
        struct slice line = line_at(text, at, &next);
        if (line.length >= 3 && (is_fence(line, SLICE("---")) || is_fence(line, SLICE("...")))) {
            found.is_closed = true;
            found.yaml_end = at;
            found.body_start = next;
            return found;
        }
    }
    report_open(source, first, found.yaml_start, diag);
    found.yaml_end = found.yaml_start;
    found.body_start = text.length;
    return found;
}
