/* The findings on the quality of a dataset, a row each. */
#include "forms.h"
#include "quality.h"

bool form_quality_csv(const struct render *render, const struct dataset *dataset,
                      struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)worker;
    (void)diag;
    quality_csv(render, dataset, out);
    return true;
}
