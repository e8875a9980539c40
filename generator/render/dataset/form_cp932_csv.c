/* The canonical CSV in CP932, for programs that know nothing else; only when nothing is lost. */
#include "cp932.h"
#include "forms.h"

bool form_cp932_csv(const struct render *render, const struct dataset *dataset,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    csv_write(dataset, false, &worker->buffer);
    struct cp932 *cp932 = cp932_open();
    cp932_append(cp932, buffer_slice(&worker->buffer), out);
    cp932_close(cp932);
    return true;
}
