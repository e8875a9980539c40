/*
 * rules SITE TIMES THREADS: the rules of the principles alone. Reads the site once, then works out
 * the evidence of every case, by the profile that checks it, TIMES times, and prints seconds,
 * those of all processors together, cases (one a time), rules in the site, and verdicts. The cases
 * are distinct records, so that one run's memory is not the next one's cache.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "evidence.h"

struct worker {
    struct arena arena;
    long long verdicts;
};

struct work {
    const struct site *site;
    struct worker *workers;
};

static void judge(void *context, ptrdiff_t index, int worker)
{
    struct work *work = context;
    const struct site *site = work->site;
    struct worker *own = &work->workers[worker];
    const struct item *item = &site->items[ITEM_CASE][index % site->item_counts[ITEM_CASE]];
    const struct profile *profiles[RULES_PROFILES_MOST];
    int count = rules_profiles_for(site->rules, record_list(item->record, FIELD_case_frameworks),
                                   profiles, RULES_PROFILES_MOST);
    for (int i = 0; i < count; i++) {
        struct evidence evidence;
        evidence_of(site, item, profiles[i], &own->arena, &evidence);
        own->verdicts += evidence.verdict_count;
    }
    arena_clear(&own->arena);
}

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    int64_t times;
    int64_t threads;
    if (argc != 4 || !slice_to_integer(slice_of(argv[2]), &times) ||
        !slice_to_integer(slice_of(argv[3]), &threads) || threads < 1) {
        fprintf(stderr, "usage: rules SITE TIMES THREADS\n");
        return EXIT_FAILURE;
    }
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct diag *diag = diag_new(0);
    struct pool *pool = pool_start((int)threads);
    const struct slice folders[] = {SLICE("content"), SLICE("data")};
    struct tree tree;
    struct site site = {0};
    if (!tree_open_disk(&tree, slice_of(argv[1]), folders, 2, NULL, &arena, diag) ||
        !site_build(&site, &tree, &(struct site_options){0}, pool, diag) ||
        site.item_counts[ITEM_CASE] == 0) {
        fprintf(stderr, "no site with cases in %s\n", argv[1]);
        return EXIT_FAILURE;
    }
    struct work work = {.site = &site,
                        .workers = ARENA_ARRAY(&arena, struct worker, pool_threads(pool))};
    for (int i = 0; i < pool_threads(pool); i++) {
        arena_init(&work.workers[i].arena, ARENA_DEFAULT_LIMIT);
    }
    ptrdiff_t cases = site.item_counts[ITEM_CASE] * times;
    double start = now(CLOCK_MONOTONIC);
    double start_cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    pool_run(pool, cases, judge, &work);
    double seconds = now(CLOCK_MONOTONIC) - start;
    double cpu = now(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
    long long verdicts = 0;
    for (int i = 0; i < pool_threads(pool); i++) {
        verdicts += work.workers[i].verdicts;
        arena_release(&work.workers[i].arena);
    }
    printf("%.4f %.4f %td %d %lld\n", seconds, cpu, cases, site.rules->count, verdicts);
    site_release(&site, NULL);
    tree_close(&tree);
    pool_stop(pool);
    diag_free(diag);
    arena_release(&arena);
    return EXIT_SUCCESS;
}
