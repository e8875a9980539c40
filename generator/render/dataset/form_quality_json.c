/* The report on the quality of a dataset, for programs. */
#include "forms.h"
#include "quality.h"

bool form_quality_json(const struct render *render, const struct dataset *dataset,
                       struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)worker;
    (void)diag;
    quality_json(render, dataset, out);
    return true;
}
