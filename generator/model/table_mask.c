#include "registers.h"

/*
 * What a finding's excerpt may show of a register with private columns (ruling 7). A line of a
 * record that is known shows its public cells; every character of a private cell becomes a black
 * box. A line of anything else (a record that could not be taken apart, a cell that runs over
 * several lines) is hidden whole, but for the header.
 */

#define BOX 0x25A0

struct table_mask {
    struct table *table;
    ptrdiff_t start, end;  /* of the record that is being read */
    ptrdiff_t header_end;  /* what stands before is the header; -1: not known yet */
    bool hides_header;     /* which may be no header but a row of values */
    ptrdiff_t field_count; /* of a record that is not ragged */
};

/* The record that holds byte `at`; false when none does. */
static bool find_record(const struct table_mask *mask, ptrdiff_t at, ptrdiff_t *start,
                        ptrdiff_t *end)
{
    if (at >= mask->start && at <= mask->end && mask->end > mask->start) {
        *start = mask->start;
        *end = mask->end;
        return true;
    }
    const struct table *table = mask->table;
    ptrdiff_t low = 0;
    ptrdiff_t high = table->row_count;
    while (low < high) {
        ptrdiff_t middle = (low + high) / 2;
        struct span span = table->row_spans[middle];
        if (at < span.start) {
            high = middle;
        } else if (at > span.end) {
            low = middle + 1;
        } else {
            *start = span.start;
            *end = span.end;
            return true;
        }
    }
    return false;
}

static bool is_public_field(const struct table *table, ptrdiff_t field)
{
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].field == field) {
            return !table->columns[i].is_private;
        }
    }
    /* Beyond the schema: nobody said that it is public, and a ragged record moves its cells. */
    return false;
}

static void hide(struct buffer *out, struct slice s)
{
    for (ptrdiff_t at = 0; at < s.length;) {
        (void)utf8_next(s, &at);
        utf8_append(out, BOX);
    }
}

/* The fields of the record, or 0 when `line` is not the whole of it. */
static ptrdiff_t count_fields(const struct table *table, ptrdiff_t start, ptrdiff_t end)
{
    ptrdiff_t count = 1;
    while (csv_field_span(table->source, &table->dialect, start, end, count - 1).end < end) {
        count++;
    }
    return count;
}

static void mask_line(void *context, struct slice line, ptrdiff_t start, struct buffer *out)
{
    const struct table_mask *mask = context;
    const struct table *table = mask->table;
    ptrdiff_t record_start = 0;
    ptrdiff_t record_end = 0;
    if (mask->header_end > 0 && start + line.length <= mask->header_end) {
        if (mask->hides_header) {
            hide(out, line);
        } else {
            buffer_append(out, line);
        }
        return;
    }
    bool is_whole = find_record(mask, start, &record_start, &record_end) && start == record_start &&
                    line.length == record_end - record_start;
    /* In a ragged record nobody knows which cell belongs to which column. */
    if (!is_whole || count_fields(table, record_start, record_end) != mask->field_count) {
        hide(out, line);
        return;
    }
    ptrdiff_t at = 0;
    for (ptrdiff_t field = 0; field < mask->field_count; field++) {
        struct span cell =
            csv_field_span(table->source, &table->dialect, record_start, record_end, field);
        buffer_append(out, slice_sub(line, at, cell.start - start));
        struct slice content = slice_sub(line, cell.start - start, cell.end - start);
        if (is_public_field(table, field)) {
            buffer_append(out, content);
        } else {
            hide(out, content);
        }
        at = cell.end - start;
    }
}

bool table_has_private(const struct table *table)
{
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].is_private) {
            return true;
        }
    }
    return false;
}

struct table_mask *table_mask_set(struct table *table, struct arena *arena)
{
    if (!table_has_private(table)) {
        return NULL;
    }
    struct table_mask *mask = ARENA_NEW(arena, struct table_mask);
    mask->table = table;
    mask->header_end = -1;
    source_set_mask(table->source, mask_line, mask);
    return mask;
}

void table_mask_header(struct table_mask *mask, ptrdiff_t end, ptrdiff_t field_count, bool is_shown)
{
    if (mask != NULL) {
        mask->hides_header = !is_shown;
        mask->header_end = end;
        mask->field_count = field_count;
    }
}

void table_mask_current(struct table_mask *mask, ptrdiff_t start, ptrdiff_t end)
{
    if (mask != NULL) {
        mask->start = start;
        mask->end = end;
    }
}
