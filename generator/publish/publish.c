#include "publishing.h"

#include <unistd.h>

/* ---- The plan ---- */

static void report_address(struct publishing *run, enum code code, struct slice address)
{
    DIAG(run->diag, code, (struct span){0}, address);
    flag_raise(&run->has_errors);
}

/* An address that is no path in the output, or one that is a folder of another, is a mistake in
 * what was written: it came from the key of a row or the like. In the order of addresses, those
 * that begin with the same bytes follow each other, so a stack of beginnings finds all of them. */
static void check_addresses(struct publishing *run)
{
    VECTOR(struct slice) beginnings = {0};
    struct plan_walk walk;
    plan_walk_init(&walk, run);
    for (ptrdiff_t i; (i = plan_walk_next(&walk)) >= 0;) {
        struct slice address = run->plan[i].address;
        if (!address_is_good(address)) {
            report_address(run, CODE_file_bad_name, address);
            continue;
        }
        while (beginnings.length > 0 &&
               !slice_starts_with(address, beginnings.data[beginnings.length - 1])) {
            beginnings.length--;
        }
        for (ptrdiff_t j = 0; j < beginnings.length; j++) {
            struct slice rest = slice_from(address, beginnings.data[j].length);
            if (slice_starts_with(rest, SLICE("/"))) {
                report_address(run, CODE_address_twice, beginnings.data[j]);
            } else if (slice_starts_with(rest, SLICE(PACKED_ENDING))) {
                struct slice packed =
                    ARENA_JOIN(&run->arena, beginnings.data[j], SLICE(PACKED_ENDING));
                map_insert(&run->packed_plan, &run->arena, packed, NULL);
            }
        }
        *VECTOR_PUSH(&run->arena, &beginnings) = address;
    }
}

/* ---- Beginning and end ---- */

static void prepare(struct publishing *run)
{
    const struct publish_options *options = run->options;
    struct arena *arena = &run->arena;
    const struct output *output = &run->output;
    run->plan = render_plan(run->render, &run->count, run->diag);
    run->order = ARENA_ARRAY(arena, ptrdiff_t, run->count + 1);
    run->is_kept = ARENA_ARRAY(arena, bool, output->manifest.count + 1);
    run->is_journal_kept = ARENA_ARRAY(arena, bool, output->journal.by_path.length + 1);
    run->packing = options->gzip ? deflate_name(arena) : SLICE("none");
    run->packs_alike = slice_equal(run->packing, output->manifest.packing);
    run->is_recovering = output->journal.exists;
    run->keys = ARENA_ARRAY(arena, struct hash_128, run->count + 1);
    if (options->cache != NULL) {
        run->inputs =
            inputs_gather(options->site, run->plan, run->count, options->pool, run->diag, arena);
        run->last_keys = cache_keys(options->cache, &output->manifest);
        if (run->last_keys != NULL && run->packs_alike) {
            pieces_open(run, options->cache->pieces, options->cache->piece_count);
        }
    }
    int threads = pool_threads(options->pool);
    run->presses = ARENA_ARRAY(arena, struct press, threads);
    for (int i = 0; i < threads; i++) {
        struct press *press = &run->presses[i];
        folder_walk_init(&press->out, output->descriptor, false);
        folder_walk_init(&press->tree, -1, true);
        press->drawer = -1;
        buffer_init_spilling_to(&press->bytes, options->out, options->temporary);
        buffer_init_spilling_to(&press->packed, options->out, options->temporary);
        buffer_init_spilling_to(&press->room, options->out, options->temporary);
        arena_init(&press->arena, ARENA_DEFAULT_LIMIT);
    }
    clock_gettime(CLOCK_MONOTONIC, &run->told);
}

static void release_presses(struct publishing *run)
{
    for (int i = 0; run->presses != NULL && i < pool_threads(run->options->pool); i++) {
        struct press *press = &run->presses[i];
        folder_walk_release(&press->out);
        folder_walk_release(&press->tree);
        if (press->drawer >= 0) {
            close(press->drawer);
        }
        deflater_free(press->deflater);
        arena_release(&press->arena);
        buffer_release(&press->bytes);
        buffer_release(&press->packed);
        buffer_release(&press->room);
    }
}

static void summarise(const struct publishing *run, struct publish_summary *summary)
{
    for (ptrdiff_t i = 0; i < run->count; i++) {
        summary->files += run->outcomes[i].is_absent ? 0 : 1;
        summary->pages += run->plan[i].group == GROUP_PAGE ? 1 : 0;
        summary->bytes += run->outcomes[i].file.size;
    }
}

/* ---- The flow ---- */

struct effort {
    int64_t effort;
    ptrdiff_t number;
};

/* The greatest first, those that are alike as in the plan. */
static int compare_efforts(const void *a, const void *b)
{
    const struct effort *left = a;
    const struct effort *right = b;
    if (left->effort != right->effort) {
        return left->effort > right->effort ? -1 : 1;
    }
    return left->number < right->number ? -1 : 1;
}

/* Order the artefacts of a phase so that what takes long is begun first; how many these are. */
static ptrdiff_t order_phase(struct publishing *run, ptrdiff_t first, ptrdiff_t end)
{
    struct effort *efforts = ARENA_ARRAY(&run->arena, struct effort, end - first + 1);
    ptrdiff_t long_ones = 0;
    for (ptrdiff_t i = first; i < end; i++) {
        efforts[i - first] = (struct effort){run->plan[i].effort, i};
        long_ones += run->plan[i].effort > 0 ? 1 : 0;
    }
    qsort(efforts, (size_t)(end - first), sizeof(*efforts), compare_efforts);
    for (ptrdiff_t i = 0; i < end - first; i++) {
        run->order[i] = efforts[i].number;
    }
    return long_ones;
}

/* DONE: everything is made, and staged where it is new. */
static enum publish_status make_all(struct publishing *run)
{
    int64_t errors = diag_errors(run->diag);
    check_addresses(run);
    run->outcomes = ARENA_ARRAY(&run->arena, struct outcome, run->count + 1);
    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        ptrdiff_t first;
        ptrdiff_t end;
        if (flag_is_raised(&run->has_errors) || flag_is_raised(&run->has_failed)) {
            break;
        }
        render_phase_range(run->render, (enum render_phase)phase, &first, &end);
        ptrdiff_t long_ones = order_phase(run, first, end);
        pool_run_long_first(run->options->pool, long_ones, end - first, make_one, run);
    }
    if (flag_is_raised(&run->has_failed)) {
        output_report(&run->output, run->plan[run->failed_index].address, run->failed_error, false,
                      run->diag);
        return PUBLISH_SYSTEM_ERROR;
    }
    if (flag_is_raised(&run->is_blocked)) {
        return PUBLISH_SYSTEM_ERROR;
    }
    if (flag_is_raised(&run->has_errors) || diag_errors(run->diag) > errors) {
        return PUBLISH_INPUT_ERROR;
    }
    return PUBLISH_DONE;
}

static enum publish_status make_and_exchange(struct publishing *run,
                                             struct publish_summary *summary)
{
    enum publish_status status = make_all(run);
    if (status != PUBLISH_DONE) {
        return status;
    }
    struct buffer manifest = {0};
    struct hash_128 hash = exchange_manifest(run, &manifest);
    summary->manifest = hash;
    if (exchange_is_needed(run, hash) && !exchange(run, buffer_slice(&manifest), summary)) {
        status = PUBLISH_SYSTEM_ERROR;
    }
    if (status == PUBLISH_DONE && run->options->cache != NULL) {
        struct cache *cache = run->options->cache;
        keys_gather(run, cache);
        cache->pieces = pieces_gather(run, &cache->arena, &cache->piece_count);
    }
    buffer_release(&manifest);
    return status;
}

enum publish_status publish_tree(struct render *render, const struct publish_options *options,
                                 struct publish_summary *summary, struct diag *diag)
{
    struct publishing run = {.render = render, .options = options, .diag = diag};
    enum publish_status status = PUBLISH_SYSTEM_ERROR;
    *summary = (struct publish_summary){0};
    arena_init(&run.arena, ARENA_DEFAULT_LIMIT);
    if (!output_open(&run.output, options->out, &run.arena, diag)) {
        goto out;
    }
    pthread_mutex_init(&run.lock, NULL);
    stage_init(&run.stage);
    prepare(&run);
    status = make_and_exchange(&run, summary);
    if (status == PUBLISH_DONE) {
        summarise(&run, summary);
    }
    release_presses(&run);
    stage_remove(&run);
    pthread_mutex_destroy(&run.lock);
    output_close(&run.output, status != PUBLISH_DONE);
out:
    arena_release(&run.arena);
    return status;
}

void publish_check(struct render *render, struct diag *diag)
{
    struct publishing run = {.render = render, .diag = diag};
    arena_init(&run.arena, ARENA_DEFAULT_LIMIT);
    run.plan = render_plan(render, &run.count, diag);
    if (run.plan != NULL) {
        check_addresses(&run);
    }
    arena_release(&run.arena);
}
