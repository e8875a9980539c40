/* The canonical CSV in CP932, for programs that know nothing else; only when nothing is lost. */
#include "cp932.h"
#include "forms.h"

bool form_cp932_csv(const struct render *render, const struct dataset *dataset,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    csv_write(dataset, false, &worker->buffer);
    struct slice text = buffer_slice(&worker->buffer);
    struct cp932 *cp932 = cp932_open();
    if (cp932_find_lost(cp932, text, 0) < 0) {
        cp932_append(cp932, text, out);
    }
    cp932_close(cp932);
    return true;
}
