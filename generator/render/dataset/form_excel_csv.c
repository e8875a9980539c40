/* CSV as Excel in Japan opens it by a double click: a mark tells it that this is UTF-8, and no text
 * becomes a formula. */
#include "forms.h"

bool form_excel_csv(const struct render *render, const struct dataset *dataset,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)worker;
    (void)diag;
    buffer_append_literal(out, "\xEF\xBB\xBF");
    csv_write(dataset, true, out);
    return true;
}
