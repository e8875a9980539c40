/* CSV as RFC 4180 has it: UTF-8 without a mark, CRLF, one header row. */
#include "forms.h"

struct csv_writing {
    const struct dataset *dataset;
    struct buffer *out;
    bool guard;
};

/* What spreadsheets take for the start of a formula, in ASCII and full width. */
static bool begins_formula(struct slice s)
{
    static const char *const signs[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (slice_starts_with(s, slice_of(signs[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_text(enum column_type type)
{
    return type == COLUMN_STRING || type == COLUMN_LIST || type == COLUMN_ANY;
}

static void write_cell(const struct csv_writing *writing, int column, struct slice cell)
{
    double number;
    bool is_guarded = writing->guard && is_text(writing->dataset->columns[column].type) &&
                      begins_formula(cell) && !slice_to_number(cell, &number);
    if (!is_guarded) {
        escape_csv_field(writing->out, cell);
        return;
    }
    struct buffer guarded;
    buffer_init(&guarded);
    buffer_append_byte(&guarded, '\'');
    buffer_append(&guarded, cell);
    escape_csv_field(writing->out, buffer_slice(&guarded));
    buffer_release(&guarded);
}

static void write_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    const struct csv_writing *writing = context;
    for (int i = 0; i < writing->dataset->column_count; i++) {
        if (i > 0) {
            buffer_append_byte(writing->out, ',');
        }
        write_cell(writing, i, cells[i]);
    }
    buffer_append_literal(writing->out, "\r\n");
}

void csv_write(const struct dataset *dataset, bool guard, struct buffer *out)
{
    for (int i = 0; i < dataset->column_count; i++) {
        if (i > 0) {
            buffer_append_byte(out, ',');
        }
        escape_csv_field(out, dataset->columns[i].name);
    }
    buffer_append_literal(out, "\r\n");
    struct csv_writing writing = {.dataset = dataset, .out = out, .guard = guard};
    dataset_rows(dataset, write_row, &writing);
}

bool form_csv(const struct render *render, const struct dataset *dataset,
              struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)worker;
    (void)diag;
    csv_write(dataset, false, out);
    return true;
}
