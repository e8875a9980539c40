/* The plan of all artefacts, its phases, and making one. */
#include "render_internal.h"

#include "html_index.h"
#include "kept_rows.h"
#include "theme.h"
#include "upkeep.h"

#define SCRATCH_LIMIT ((ptrdiff_t)2 << 30)

/* After so many artefacts a thread lets go of what it has read of items, when that is much. */
#define RESTS_AFTER 4

/* The list moves when something is added to it; the texts stay. */
static void copy_findings(struct render *render, const struct render_options *options)
{
    struct finding *findings =
        ARENA_ARRAY(&render->arena, struct finding, options->finding_count + 1);
    for (ptrdiff_t i = 0; i < options->finding_count; i++) {
        findings[i] = options->findings[i];
    }
    render->findings = findings;
    render->finding_count = options->finding_count;
}

struct render *render_open(const struct site *site, const struct render_options *options,
                           int workers, struct diag *diag)
{
    struct html_theme *theme = theme_open(site, diag);
    if (!theme) {
        return NULL;
    }
    struct render *render = calloc(1, sizeof(*render));
    struct render_worker *made = calloc((size_t)workers, sizeof(*made));
    if (!render || !made) {
        memory_exhausted((ptrdiff_t)sizeof(*render));
    }
    render->site = site;
    render->options = *options;
    render->theme = theme;
    render->workers = made;
    render->worker_count = workers;
    render->shelf = deflate_shelf_new();
    arena_init(&render->arena, ARENA_DEFAULT_LIMIT);
    arena_init(&render->index_arena, ARENA_DEFAULT_LIMIT);
    copy_findings(render, options);
    for (int i = 0; i < workers; i++) {
        arena_init(&render->workers[i].scratch, SCRATCH_LIMIT);
        arena_init(&render->workers[i].kept, ARENA_DEFAULT_LIMIT);
        arena_init(&render->workers[i].rows, ARENA_DEFAULT_LIMIT);
        buffer_init(&render->workers[i].buffer);
        buffer_init(&render->workers[i].shown);
    }
    return render;
}

void render_close(struct render *render)
{
    if (!render) {
        return;
    }
    for (int i = 0; i < render->worker_count; i++) {
        arena_release(&render->workers[i].scratch);
        arena_release(&render->workers[i].kept);
        arena_release(&render->workers[i].rows);
        buffer_release(&render->workers[i].buffer);
        buffer_release(&render->workers[i].shown);
        deflater_free(render->workers[i].deflater);
    }
    free(render->workers);
    free(render->plan.data);
    html_index_release(render->index);
    search_release(render->search);
    deflate_shelf_free(render->shelf);
    kept_rows_free(render->kept_cases);
    arena_release(&render->index_arena);
    arena_release(&render->arena);
    theme_close(render->theme);
    free(render);
}

/* In the arena every earlier room of the list would stay; it is the longest of all lists. */
static void grow_plan(struct render *render)
{
    ptrdiff_t capacity = render->plan.capacity + render->plan.capacity / 2 + 64;
    struct artefact *data = realloc(render->plan.data, (size_t)capacity * sizeof(*data));
    if (!data) {
        memory_exhausted(capacity * (ptrdiff_t)sizeof(*data));
    }
    render->plan.data = data;
    render->plan.capacity = capacity;
}

struct artefact *plan_add(struct render *render, struct slice address, enum artefact_group group,
                          enum render_phase phase, bool compressible,
                          bool (*make)(const struct render *, const struct artefact *,
                                       struct render_worker *, struct buffer *, struct diag *))
{
    if (render->plan.length == render->plan.capacity) {
        grow_plan(render);
    }
    struct artefact *artefact = &render->plan.data[render->plan.length++];
    *artefact = (struct artefact){.group = group};
    artefact->address = arena_copy(&render->arena, address);
    artefact->phase = phase;
    artefact->compressible = compressible;
    artefact->make = make;
    return artefact;
}

static int compare_artefacts(const void *a, const void *b)
{
    const struct artefact *left = a;
    const struct artefact *right = b;
    if (left->phase != right->phase) {
        return left->phase < right->phase ? -1 : 1;
    }
    return slice_compare(left->address, right->address);
}

/* Sort, find where the phases begin, and index by address. */
static void settle(struct render *render, struct diag *diag)
{
    qsort(render->plan.data, (size_t)render->plan.length, sizeof(struct artefact),
          compare_artefacts);
    ptrdiff_t at = 0;
    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        render->phase_start[phase] = at;
        while (at < render->plan.length && (int)render->plan.data[at].phase == phase) {
            at++;
        }
    }
    render->phase_start[PHASE_COUNT] = at;
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        bool is_new = false;
        struct slice address = render->plan.data[i].address;
        struct map_entry *entry =
            map_insert(&render->index_by_address, &render->arena, address, &is_new);
        if (is_new) {
            entry->value.integer = i;
        } else {
            DIAG(diag, CODE_address_twice, (struct span){0}, address);
        }
    }
    render->results = ARENA_ARRAY(&render->arena, struct artefact_result, render->plan.length + 1);
}

/* Two looks at all items, of which neither needs the other: a thread each. */
enum { LOOK_UPKEEP, LOOK_INDEX, LOOKS };

static void look_at_items(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    struct render *render = context;
    if (index == LOOK_UPKEEP) {
        render->upkeep = upkeep_make(render->site, &render->arena);
    } else {
        render->index =
            html_index_make(render->site, render->options.temporary, &render->index_arena);
    }
}

struct artefact *render_plan(struct render *render, ptrdiff_t *count, struct diag *diag)
{
    if (!render->results) {
        render->evidence = evidence_table_make(render->site, render->options.pool, &render->arena);
        pool_run(render->options.pool, LOOKS, look_at_items, render);
        datasets_make(render);
        html_plan(render, diag);
        search_plan(render, diag);
        asset_plan(render, diag);
        feed_plan(render, diag);
        if (render->options.everything) {
            dataset_plan(render, diag);
            catalog_plan(render, diag);
            release_plan(render, diag);
        }
        settle(render, diag);
    }
    *count = render->plan.length;
    return render->plan.data;
}

void render_phase_range(const struct render *render, enum render_phase phase, ptrdiff_t *first,
                        ptrdiff_t *end)
{
    *first = render->phase_start[phase];
    *end = render->phase_start[phase + 1];
}

const struct artefact *render_beginning(const struct render *render, enum render_phase phase,
                                        struct slice start, ptrdiff_t *count)
{
    const struct artefact *plan = render->plan.data;
    ptrdiff_t low = render->phase_start[phase];
    ptrdiff_t end = render->phase_start[phase + 1];
    for (ptrdiff_t high = end; low < high;) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (slice_compare(plan[middle].address, start) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *count = 0;
    while (low + *count < end && slice_starts_with(plan[low + *count].address, start)) {
        ++*count;
    }
    return &plan[low];
}

struct deflate_shelf *render_shelf(const struct render *render)
{
    return render->shelf;
}

bool render_artefact(struct render *render, const struct artefact *artefact, int worker,
                     struct buffer *out, struct diag *diag)
{
    CHECK(worker >= 0 && worker < render->worker_count);
    struct render_worker *own = &render->workers[worker];
    struct artefact shown = *artefact;
    if (render->was != NULL && shown.subject == render->was) {
        shown.subject = &render->site->items[render->was->kind][render->was->index];
    }
    buffer_clear(&own->shown);
    bool done = shown.make(render, &shown, own, out, diag);
    arena_clear(&own->scratch);
    buffer_clear(&own->buffer);
    if (++own->made % RESTS_AFTER == 0) {
        site_pass(render->site, 0);
    }
    return done;
}

struct case_list render_shown(const struct render *render, int worker)
{
    const struct buffer *shown = &render->workers[worker].shown;
    return (struct case_list){(const int32_t *)(const void *)shown->data,
                              shown->length / (ptrdiff_t)sizeof(int32_t)};
}

void render_note_result(struct render *render, ptrdiff_t index,
                        const struct artefact_result *result)
{
    CHECK(index >= 0 && index < render->plan.length);
    render->results[index] = *result;
    render->results[index].is_known = true;
}

const struct artefact_result *render_result(const struct render *render, struct slice address)
{
    ptrdiff_t index = render_find(render, address);
    if (index < 0) {
        return NULL;
    }
    struct artefact_result *result = &render->results[index];
    if (!result->is_known) {
        __atomic_store_n(&result->is_asked_for, true, __ATOMIC_RELAXED);
        return NULL;
    }
    return result;
}

ptrdiff_t render_find(const struct render *render, struct slice address)
{
    const struct map_entry *entry = map_find(&render->index_by_address, address);
    return entry ? (ptrdiff_t)entry->value.integer : -1;
}

ptrdiff_t render_asked_for(const struct render *render, ptrdiff_t from)
{
    for (ptrdiff_t i = from; i < render->plan.length; i++) {
        if (!render->results[i].is_known &&
            __atomic_load_n(&render->results[i].is_asked_for, __ATOMIC_RELAXED)) {
            return i;
        }
    }
    return -1;
}

struct render *render_with_item(const struct render *render, const struct site *site,
                                const struct item *was, struct arena *arena)
{
    struct render *view = ARENA_NEW(arena, struct render);
    *view = *render;
    view->site = site;
    view->was = was;
    view->options.has_errors = true; /* what somebody is just writing may well have some */
    if (render->evidence && was->kind == ITEM_CASE) {
        view->evidence = evidence_table_with_case(render->evidence, site, was->index, arena);
    }
    return view;
}
