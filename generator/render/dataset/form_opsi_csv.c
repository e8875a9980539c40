/* The cases by the fields of OPSI, as CSV. */
#include "forms.h"
#include "opsi.h"

bool form_opsi_csv(const struct render *render, const struct dataset *dataset,
                   struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    return form_csv(render, dataset_of_opsi(dataset, &worker->scratch), worker, out, diag);
}
