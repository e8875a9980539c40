/* The Table Schema by itself, for tools that take a CSV and its schema. */
#include "forms.h"
#include "package_descriptor.h"

bool form_schema(const struct render *render, const struct dataset *dataset,
                 struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)worker;
    (void)diag;
    struct json_writer json;
    json_begin(&json, out, true);
    package_schema(&json, dataset, true);
    buffer_append_byte(out, '\n');
    return true;
}
