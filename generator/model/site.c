#include "reading.h"
#include "rules.h"

#include <sys/resource.h>

/* The site as a whole: its parts in the order in which each needs the ones before. */

void site_keep_source(struct site *site, struct source *source)
{
    if (site->source_count == site->source_capacity) {
        ptrdiff_t capacity = site->source_capacity > 0 ? site->source_capacity * 2 : 64;
        struct source **grown = ARENA_ARRAY(&site->arena, struct source *, capacity);
        if (site->source_count > 0) {
            memcpy(grown, site->sources, (size_t)site->source_count * sizeof(struct source *));
        }
        site->sources = grown;
        site->source_capacity = capacity;
    }
    site->sources[site->source_count++] = source;
}

struct source *site_read_source(struct site *site, const struct tree *tree, struct slice path,
                                int64_t limit, struct diag *diag)
{
    struct source *source = tree_read_source(tree, path, limit, false, NULL, diag);
    if (source != NULL) {
        site_keep_source(site, source);
    }
    return source;
}

/* So much of all items stays in memory for good: most sites are that small. */
#define ITEMS_RESIDENT ((ptrdiff_t)40 << 20)

/* A pass asks so often how many pages were brought in, and after so many, which are 16 MiB since
 * the kernel brings 64 KiB with each, whether memory is tight. Else nothing is let go: to bring it
 * all in again, pass for pass, is a tenth of a build. */
#define PASS_STEP 64
#define PAGES_MOST 256

static bool have_items_spilled(const struct site *site)
{
    bool have = false;
    for (int i = 0; i < site->worker_count; i++) {
        have = have || arena_has_spilled(&site->item_arenas[i]);
    }
    return have;
}

void site_pass(const struct site *site, ptrdiff_t index)
{
    struct rusage usage;
    if (index % PASS_STEP != 0 || !have_items_spilled(site) ||
        getrusage(RUSAGE_SELF, &usage) != 0) {
        return;
    }
    int64_t before = __atomic_load_n(site->pages_brought, __ATOMIC_RELAXED);
    if (usage.ru_minflt - before < PAGES_MOST) {
        return;
    }
    __atomic_store_n(site->pages_brought, usage.ru_minflt, __ATOMIC_RELAXED);
    if (!memory_is_tight()) {
        return;
    }
    for (int i = 0; i < site->worker_count; i++) {
        arena_rest(&site->item_arenas[i]);
    }
}

static void worker_arenas_open(struct site *site, const struct pool *pool, struct slice temporary)
{
    site->worker_count = pool_threads(pool);
    site->worker_arenas = ARENA_ARRAY(&site->arena, struct arena, site->worker_count);
    site->pages_brought = ARENA_NEW(&site->arena, int64_t);
    site->item_arenas = ARENA_ARRAY(&site->arena, struct arena, site->worker_count);
    site->worker_stores = ARENA_ARRAY(&site->arena, struct store *, site->worker_count);
    for (int i = 0; i < site->worker_count; i++) {
        arena_init(&site->worker_arenas[i], ARENA_DEFAULT_LIMIT);
        arena_init_spilling(&site->item_arenas[i], ARENA_DEFAULT_LIMIT,
                            ITEMS_RESIDENT / site->worker_count, temporary);
    }
}

void package_build(struct site *site, const struct tree *tree,
                   const struct package_options *options, struct pool *pool, struct diag *diag)
{
    arena_init(&site->arena, ARENA_DEFAULT_LIMIT);
    site->tree = tree;
    site->is_package = true;
    site->package_path = arena_copy(&site->arena, options->path);
    site->trusts_paths = options->trusts_paths;
    site->language_count = 2;
    site->languages = ARENA_ARRAY(&site->arena, struct language, site->language_count);
    site->languages[0] = (struct language){.tag = SLICE("ja"), .name = SLICE("日本語")};
    site->languages[1] = (struct language){.tag = SLICE("en"), .name = SLICE("English")};
    worker_arenas_open(site, pool, SLICE(""));
    registers_build(site, pool, diag);
    codelists_build(site, diag);
    registers_link(site, pool, diag);
}

/* Whether one of the frameworks in force could not be read. */
static bool lacks_framework(struct site *site, const struct diag *diag)
{
    struct value_list ids = record_list(site->config, FIELD_site_frameworks);
    for (ptrdiff_t i = 0; i < ids.count; i++) {
        if (site_framework_is_lost(site, &site->arena, value_reference(&ids.items[i])->id, diag)) {
            return true;
        }
    }
    return false;
}

bool site_build(struct site *site, const struct tree *tree, const struct site_options *options,
                struct pool *pool, struct diag *diag)
{
    arena_init(&site->arena, ARENA_DEFAULT_LIMIT);
    site->tree = tree;
    site->recall = options->recall;
    site->package_path = SLICE("data/datapackage.json");
    worker_arenas_open(site, pool, options->temporary);
    for (int i = 0; i < site->worker_count; i++) {
        site->worker_stores[i] = store_open(options->temporary);
    }
    if (!config_languages(site, diag) || !config_languages_fit(site, diag)) {
        return false;
    }
    int64_t errors = diag_errors(diag);
    registers_build(site, pool, diag);
    site->package_is_broken = site->package_is_broken ||
                              (site->package == NULL && diag_errors(diag) > errors) ||
                              diag_errors_of_file(diag, site->package_path) > 0;
    codelists_build(site, diag);
    registers_link(site, pool, diag);
    config_build(site, options, diag);
    frameworks_build(site, diag);
    assets_build(site, pool, diag);
    items_build(site, options, pool, diag);
    projects_merge(site, site->items[ITEM_CASE], site->item_counts[ITEM_CASE], diag);
    project_records_build(site);
    /* Rules name columns, codes and items: without them they would all be wrong. */
    if (!site->package_is_broken && !lacks_framework(site, diag)) {
        rules_build(site, diag);
    }
    resolve_site(site, pool, diag);
    facets_build(site, pool);
    theme_build(site, options, diag);
    examples_build(site, options);
    return true;
}

/* Its own arena, and as worker 0 what reading one item needs; sources of its own to free. */
static void open_again(struct site *again, const struct site *site)
{
    *again = *site;
    arena_init(&again->arena, ARENA_DEFAULT_LIMIT);
    again->recall = NULL; /* the text that is read is a newer one */
    again->sources = NULL;
    again->source_count = 0;
    again->source_capacity = 0;
    again->worker_count = 1;
    again->worker_arenas = ARENA_NEW(&again->arena, struct arena);
    arena_init(&again->worker_arenas[0], ARENA_DEFAULT_LIMIT);
    again->pages_brought = ARENA_NEW(&again->arena, int64_t);
    again->item_arenas = ARENA_NEW(&again->arena, struct arena);
    arena_init(&again->item_arenas[0], ARENA_DEFAULT_LIMIT);
    again->worker_stores = ARENA_NEW(&again->arena, struct store *);
    again->worker_stores[0] = store_open(SLICE(""));
    /* Checking notes which pictures are used. */
    again->assets = ARENA_ARRAY(&again->arena, struct asset, site->asset_count + 1);
    for (ptrdiff_t i = 0; i < site->asset_count; i++) {
        again->assets[i] = site->assets[i];
    }
}

const struct item *site_read_again(struct site *again, const struct site *site,
                                   const struct item *item, struct diag *diag)
{
    open_again(again, site);
    ptrdiff_t count = site->item_counts[item->kind];
    struct item *items = ARENA_ARRAY(&again->arena, struct item, count);
    memcpy(items, site->items[item->kind], (size_t)count * sizeof(*items));
    again->items[item->kind] = items;
    struct item *fresh = &items[item->index];
    *fresh = (struct item){.index = item->index};
    item_read_again(again, item, fresh, diag);
    if (fresh->record == NULL) {
        return NULL;
    }
    if (fresh->kind == ITEM_CASE) {
        projects_merge(again, fresh, 1, diag);
    }
    resolve_item_record(again, fresh, 0, diag);
    return fresh;
}

static void release_of_worker(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    const struct site *site = context;
    if (site->worker_stores[index] != NULL) {
        store_close(site->worker_stores[index]);
    }
    arena_release(&site->worker_arenas[index]);
    arena_release(&site->item_arenas[index]);
}

void site_release(struct site *site, struct pool *pool)
{
    for (ptrdiff_t i = 0; i < site->source_count; i++) {
        source_free(site->sources[i]);
    }
    pool_run(pool, site->worker_count, release_of_worker, site);
    arena_release(&site->arena);
    *site = (struct site){0};
}

enum interface_language site_interface_language(const struct site *site, int language)
{
    struct slice tag = site->languages[language].tag;
    bool japanese = slice_equal(tag, SLICE("ja")) || slice_starts_with(tag, SLICE("ja-"));
    return japanese ? INTERFACE_JAPANESE : INTERFACE_ENGLISH;
}
