#include "place.h"

#include "visible.h"

/* Columns of a cut excerpt that stand before the place. */
#define COLUMNS_BEFORE (EXCERPT_WIDTH / 3)

/* Start of the widest run of characters that ends at `at` and fits into `columns`. */
static ptrdiff_t step_back(struct slice text, ptrdiff_t at, ptrdiff_t columns)
{
    while (at > 0) {
        ptrdiff_t start = at - 1;
        while (start > 0 && ((unsigned char)text.data[start] & 0xC0) == 0x80) {
            start--;
        }
        columns -= visible_slice_width(slice_sub(text, start, at));
        if (columns < 0) {
            break;
        }
        at = start;
    }
    return at;
}

/* End of the widest run of characters that begins at `at` and fits into `columns`. */
static ptrdiff_t step_on(struct slice text, ptrdiff_t at, ptrdiff_t columns)
{
    while (at < text.length) {
        ptrdiff_t next = at;
        columns -= visible_width(utf8_next(text, &next));
        if (columns < 0) {
            break;
        }
        at = next;
    }
    return at;
}

static void cut_excerpt(struct finding *finding, struct slice text, const struct shown_line *shown,
                        struct arena *arena)
{
    ptrdiff_t start = 0;
    ptrdiff_t end = text.length;
    if (shown->is_cut_before || shown->is_cut_after || step_on(text, 0, EXCERPT_WIDTH) < end) {
        start = step_back(text, shown->at, COLUMNS_BEFORE);
        end = step_on(text, start, EXCERPT_WIDTH);
        if (end == text.length) {
            start = step_back(text, end, EXCERPT_WIDTH); /* near the line's end: use the room */
        }
    }
    finding->excerpt = arena_copy(arena, slice_sub(text, start, end));
    finding->excerpt_column =
        finding->position.column - utf8_count(slice_sub(text, start, shown->at));
    finding->excerpt_is_cut = shown->is_cut_after || end < text.length;
}

void place_finding(struct finding *finding, struct span span, struct arena *arena)
{
    if (span.source == NULL) {
        return;
    }
    bool is_verbatim;
    struct span written = span_origin(span, &is_verbatim);
    finding->path = source_path(written.source);
    finding->position = source_position(written.source, written.start);
    finding->end = written.end > written.start ? source_position(written.source, written.end)
                                               : finding->position;
    if (span.start == 0 && span.end <= 0) {
        return; /* about the whole file: a line of it would mislead */
    }
    /* A mask knows the text that was read. */
    span = is_verbatim ? span : written;
    struct buffer line = {0};
    struct shown_line shown;
    if (source_shown_line(span.source, span.start, &line, &shown)) {
        cut_excerpt(finding, buffer_slice(&line), &shown, arena);
    }
    buffer_release(&line);
}
