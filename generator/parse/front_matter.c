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
    DIAG(diag, CODE_yaml_front_matter_open, span_of_slice(source, first), {NULL, 0});
    found.yaml_end = found.yaml_start;
    found.body_start = text.length;
    return found;
}
