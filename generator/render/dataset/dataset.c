/* Forms of a dataset by their table, the plan of their files, and going through rows. */
#include "forms.h"

/* ---- The table of forms ---- */

#define CONSTANT(literal)                         \
    {                                             \
        (literal), (ptrdiff_t)sizeof(literal) - 1 \
    }

const struct dataset_form *dataset_form(enum dataset_form_id form)
{
    static const struct dataset_form forms[DATASET_FORMS] = {
#define FORMAT(identifier, suffix_, media, compressible_, ja, en, about_ja, about_en) \
    [DATASET_FORM_##identifier] = {.suffix = CONSTANT(suffix_),                       \
                                   .media_type = CONSTANT(media),                     \
                                   .label = {CONSTANT(ja), CONSTANT(en)},             \
                                   .about = {CONSTANT(about_ja), CONSTANT(about_en)}, \
                                   .compressible = (compressible_),                   \
                                   .make = form_##identifier},
#include "formats.def"
#undef FORMAT
    };
    CHECK((int)form >= 0 && form < DATASET_FORMS);
    return &forms[form];
}

struct slice dataset_address(struct slice dataset, enum dataset_form_id form, struct arena *arena)
{
    return ARENA_JOIN(arena, SLICE("data/"), dataset, dataset_form(form)->suffix);
}

/* ---- Plan ---- */

static bool make_form(const struct render *render, const struct artefact *artefact,
                      struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    const struct dataset_form *form = dataset_form((enum dataset_form_id)artefact->number);
    return form->make(render, artefact->subject, worker, out, diag);
}

static void plan_dataset(struct render *render, const struct dataset *dataset)
{
    for (int form = 0; form < DATASET_FORMS; form++) {
        struct slice address =
            dataset_address(dataset->name, (enum dataset_form_id)form, &render->arena);
        struct artefact *artefact =
            plan_add(render, address, GROUP_DATA, PHASE_DATA,
                     dataset_form((enum dataset_form_id)form)->compressible, make_form);
        artefact->subject = dataset;
        artefact->number = form;
    }
}

void dataset_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    const struct site *site = render->site;
    plan_dataset(render, dataset_of_cases(site, &render->arena));
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        plan_dataset(render, dataset_of_table(site, &site->tables[i], &render->arena));
    }
}

/* ---- Rows ---- */

void dataset_rows(const struct dataset *dataset, dataset_visit visit, void *context)
{
    /* Rows are let go one by one, so that a table of any length needs no more memory than its
     * longest row. */
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    struct slice *cells = calloc((size_t)dataset->column_count + 1, sizeof(*cells));
    if (cells == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*cells) * dataset->column_count);
    }
    for (ptrdiff_t row = 0; row < dataset->row_count; row++) {
        dataset->row(dataset, row, &scratch, cells);
        visit(context, row, cells);
        arena_clear(&scratch);
    }
    free(cells);
    arena_release(&scratch);
}
