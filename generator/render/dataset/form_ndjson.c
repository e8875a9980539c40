/* Newline-delimited JSON: a row a line, with what its codes mean, for programs that read line by
 * line. */
#include "forms.h"
#include "json_parts.h"

struct ndjson_writing {
    const struct dataset *dataset;
    struct buffer *out;
};

static void write_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    const struct ndjson_writing *writing = context;
    struct json_writer json;
    json_begin(&json, writing->out, false);
    json_object_begin(&json);
    json_row(&json, writing->dataset, cells);
    json_row_labels(&json, writing->dataset, cells);
    json_object_end(&json);
    buffer_append_byte(writing->out, '\n');
}

bool form_ndjson(const struct render *render, const struct dataset *dataset,
                 struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)worker;
    (void)diag;
    struct ndjson_writing writing = {.dataset = dataset, .out = out};
    dataset_rows(dataset, write_row, &writing);
    return true;
}
