#include "checks.h"

/* The tables of checks. Order does not show: findings are sorted by place. */

static const item_check item_checks[] = {
    check_required,   check_lengths, check_translations, check_headings,     check_references,
    check_dates,      check_figures, check_unknown,      check_actors,       check_project,
    check_principles, check_reading, check_examples,     check_placeholders,
};

static const site_check site_checks[] = {
    check_site_required,
    check_site_translations,
    check_ids,
    check_aliases,
    check_project_rows,
    check_unused_pictures,
    check_policy,
    check_project_principles,
    check_rules_required,
    check_charts,
    check_unmarked,
    check_time_zone,
    check_withdrawn,
    check_copies,
    check_site_placeholders,
};

void validate_item(const struct site *site, const struct item *item, struct diag *diag)
{
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    struct checking checking = {.site = site, .scratch = &scratch, .diag = diag};
    for (size_t i = 0; i < sizeof(item_checks) / sizeof(item_checks[0]); i++) {
        item_checks[i](&checking, item);
    }
    arena_release(&scratch);
}

struct work {
    const struct site *site;
    struct arena *scratch; /* one a worker */
    struct diag *diag;
};

static void check_item(void *context, ptrdiff_t index, int worker)
{
    struct work *work = context;
    site_pass(work->site, index);
    int kind = 0;
    while (index >= work->site->item_counts[kind]) {
        index -= work->site->item_counts[kind++];
    }
    struct checking checking = {
        .site = work->site, .scratch = &work->scratch[worker], .diag = work->diag};
    for (size_t i = 0; i < sizeof(item_checks) / sizeof(item_checks[0]); i++) {
        item_checks[i](&checking, &work->site->items[kind][index]);
    }
    arena_clear(checking.scratch);
}

void validate_site(const struct site *site, struct pool *pool, struct diag *diag)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct work work = {.site = site, .diag = diag};
    work.scratch = ARENA_ARRAY(&arena, struct arena, pool_threads(pool));
    for (int i = 0; i < pool_threads(pool); i++) {
        arena_init(&work.scratch[i], ARENA_DEFAULT_LIMIT);
    }
    ptrdiff_t count = 0;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        count += site->item_counts[kind];
    }
    pool_run(pool, count, check_item, &work);
    for (int i = 0; i < pool_threads(pool); i++) {
        arena_release(&work.scratch[i]);
    }
    struct checking checking = {.site = site, .scratch = &arena, .diag = diag};
    for (size_t i = 0; i < sizeof(site_checks) / sizeof(site_checks[0]); i++) {
        site_checks[i](&checking);
    }
    arena_release(&arena);
}
