/* The canonical CSV in CP932, for programs that know nothing else; only when nothing is lost. */
#include "cp932.h"
#include "forms.h"

struct cp932_writing {
    const struct dataset *dataset;
    struct cp932 *cp932;
    struct buffer *row; /* in UTF-8 */
    struct buffer *out;
    bool is_lossy; /* what is written so far lacks something */
};

static void append_row(struct cp932_writing *writing)
{
    writing->is_lossy = writing->is_lossy ||
                        !cp932_append(writing->cp932, buffer_slice(writing->row), writing->out);
    buffer_clear(writing->row);
}

static void write_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    struct cp932_writing *writing = context;
    if (!writing->is_lossy) {
        csv_write_row(writing->dataset, cells, false, writing->row);
        append_row(writing);
    }
}

bool form_cp932_csv(const struct render *render, const struct dataset *dataset,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    ptrdiff_t before = out->length;
    struct cp932_writing writing = {
        .dataset = dataset, .cp932 = cp932_open(), .row = &worker->buffer, .out = out};
    csv_write_header(dataset, writing.row);
    append_row(&writing);
    dataset_rows(dataset, write_row, &writing);
    cp932_close(writing.cp932);
    out->length = writing.is_lossy ? before : out->length;
    return true;
}
