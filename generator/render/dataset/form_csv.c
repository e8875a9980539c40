/* CSV as RFC 4180 has it: UTF-8 without a mark, CRLF, one header row. */
#include "forms.h"
#include "spreadsheet.h"

struct csv_writing {
    const struct dataset *dataset;
    struct buffer *out;
    bool guard;
};

static void write_cell(const struct csv_writing *writing, int column, struct slice cell)
{
    bool is_guarded =
        writing->guard && spreadsheet_is_formula(&writing->dataset->columns[column], cell);
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

void csv_write_row(const struct dataset *dataset, const struct slice *cells, bool guard,
                   struct buffer *out)
{
    write_row(&(struct csv_writing){.dataset = dataset, .out = out, .guard = guard}, 0, cells);
}

void csv_write_header(const struct dataset *dataset, struct buffer *out)
{
    for (int i = 0; i < dataset->column_count; i++) {
        if (i > 0) {
            buffer_append_byte(out, ',');
        }
        escape_csv_field(out, dataset->columns[i].name);
    }
    buffer_append_literal(out, "\r\n");
}

void csv_write(const struct dataset *dataset, bool guard, struct buffer *out)
{
    csv_write_header(dataset, out);
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
