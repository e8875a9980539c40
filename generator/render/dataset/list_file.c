#include "list_file.h"

#include "forms.h"

struct slice list_file_address(const struct site *site, enum facet_id facet,
                               const struct facet_entry *entry, int language, struct arena *arena)
{
    struct slice folder = facet_name(facet);
    if (facet == FACET_name) {
        folder = ARENA_JOIN(arena, folder, SLICE("/"), site->languages[language].tag);
    }
    return ARENA_JOIN(arena, SLICE("cases/by/"), folder, SLICE("/"), entry->code, SLICE(".csv"));
}

/* ---- Rows ---- */

/* A case stands on a dozen lists, and its row is the same in each: it is made once. Beyond this
 * many bytes a thread makes rows anew for each list: memory stays bounded. */
#define ROWS_KEPT_MOST ((ptrdiff_t)24 << 20)

static struct slice make_row(const struct dataset *dataset, ptrdiff_t index,
                             struct render_worker *worker)
{
    struct slice *cells = ARENA_ARRAY(&worker->scratch, struct slice, dataset->column_count + 1);
    dataset->row(dataset, index, &worker->scratch, cells);
    buffer_clear(&worker->buffer);
    csv_write_row(dataset, cells, false, &worker->buffer);
    return buffer_slice(&worker->buffer);
}

/* Of all threads that make a row at the same time one keeps it. */
static void put_row(const struct render *render, const struct dataset *dataset, ptrdiff_t index,
                    struct render_worker *worker, struct buffer *out)
{
    const struct slice **place = &render->case_rows[index];
    const struct slice *kept = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (kept != NULL) {
        buffer_append(out, *kept);
        return;
    }
    struct slice made = make_row(dataset, index, worker);
    buffer_append(out, made);
    if (worker->rows.used < ROWS_KEPT_MOST) {
        struct slice *own = ARENA_NEW(&worker->rows, struct slice);
        *own = arena_copy(&worker->rows, made);
        const struct slice *nobody = NULL;
        __atomic_compare_exchange_n(place, &nobody, own, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    }
    arena_clear(&worker->scratch);
}

static bool make_list(const struct render *render, const struct artefact *artefact,
                      struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct dataset *dataset = artefact->detail;
    const struct facet_entry *entry = artefact->subject;
    csv_write_header(dataset, out);
    for (ptrdiff_t i = 0; i < entry->count; i++) {
        put_row(render, dataset, entry->cases[i]->index, worker, out);
    }
    return true;
}

/* ---- Plan ---- */

/* The long texts stand in the dataset of all cases and on the pages: on the dozen lists that a case
 * stands on they would weigh ten times what they weigh there. */
static bool is_long(struct slice name)
{
    static const char *const texts[] = {
        "issue",      "purpose",       "activity", "challenge", "lessons",           "results",
        "ingenuity",  "constraints",   "transfer", "sustain",   "evaluation_method", "contact",
        "not_stated", "not_applicable"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct slice text = slice_of(texts[i]);
        if (slice_equal(name, text) ||
            (slice_starts_with(name, text) && name.data[text.length] == '_')) {
            return true;
        }
    }
    return false;
}

static const struct dataset *columns_of_lists(const struct site *site, struct arena *arena)
{
    struct dataset *dataset = dataset_of_cases(site, arena);
    int kept = 0;
    for (int i = 0; i < dataset->column_count; i++) {
        if (!is_long(dataset->columns[i].name)) {
            dataset->columns[kept++] = dataset->columns[i];
        }
    }
    dataset->column_count = kept;
    return dataset;
}

static void plan_facet(struct render *render, const struct facet *facet, int language,
                       const struct dataset *dataset)
{
    for (ptrdiff_t k = 0; k < facet->count; k++) {
        const struct facet_entry *entry = &facet->entries[k];
        struct artefact *artefact = plan_add(
            render, list_file_address(render->site, facet->id, entry, language, &render->arena),
            GROUP_DATA, PHASE_DATA, true, make_list);
        artefact->subject = entry;
        artefact->detail = dataset;
        artefact->inputs = INPUT_DATA | INPUT_FACES | INPUT_CASES;
    }
}

void list_files_plan(struct render *render)
{
    const struct site *site = render->site;
    const struct dataset *dataset = columns_of_lists(site, &render->arena);
    render->case_rows =
        ARENA_ARRAY(&render->arena, const struct slice *, site->item_counts[ITEM_CASE] + 1);
    for (int id = 0; id < FACET_COUNT; id++) {
        plan_facet(render, &site->facets[id], 0, dataset);
    }
    for (int language = 0; language < site->language_count; language++) {
        plan_facet(render, &site->names[language], language, dataset);
    }
}
