/* CSV: the first byte chooses the dialect, the rest is the text. Every field that is handed over
 * must be found again where it stands, and parts give the same records as one after the other. */
#include "fuzz.h"

#include "parse.h"

struct counts {
    int64_t rows, fields, bytes;
    struct source *source;
    const struct csv_dialect *dialect;
};

static void count_row(struct counts *counts, const struct csv_row *row)
{
    counts->rows++;
    counts->fields += row->field_count;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        counts->bytes += row->fields[i].length;
        struct span span = csv_field_span(counts->source, counts->dialect, row->start, row->end, i);
        CHECK(span.start >= row->start && span.end <= row->end && span.start <= span.end);
    }
}

static bool on_row(void *context, const struct csv_row *row)
{
    count_row(context, row);
    return true;
}

static enum csv_next on_part(void *context, const struct csv_part *part, int worker)
{
    (void)worker;
    for (ptrdiff_t i = 0; i < part->row_count; i++) {
        count_row(context, &part->rows[i]);
    }
    return CSV_IN_ORDER;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    dialect.delimiter = (data[0] & 1) != 0 ? ';' : ',';
    dialect.escape = (data[0] & 2) != 0 ? '\\' : '\0';
    dialect.skip_initial_space = (data[0] & 4) != 0;
    dialect.comment = (data[0] & 8) != 0 ? '#' : '\0';
    dialect.quote = (data[0] & 16) != 0 ? '\'' : (data[0] & 32) != 0 ? '\0' : '"';
    char *text;
    ptrdiff_t length;
    struct diag *diag = diag_new(100);
    if (decode_text(slice_make((const char *)data + 1, (ptrdiff_t)size - 1), SLICE("fuzz.csv"),
                    true, &text, &length, NULL, diag)) {
        struct source *source = source_new(SLICE("fuzz.csv"), (struct slice){0}, NULL, NULL);
        source_adopt(source, text, length);
        struct counts rows = {.source = source, .dialect = &dialect};
        struct counts parts = rows;
        (void)csv_read(source, &dialect, on_row, &rows, diag);
        (void)csv_read_parts(source, &dialect, SLICE("fuzz"), NULL, on_part, &parts, diag);
        CHECK(rows.rows == parts.rows && rows.fields == parts.fields && rows.bytes == parts.bytes);
        source_free(source);
    }
    diag_free(diag);
    return 0;
}
