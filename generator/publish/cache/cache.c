#define _GNU_SOURCE
#include "cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "folders.h"
#include "program.h"

/* Files that one thread looks at in one go, with its share of the folders. */
#define STRETCH 64

/* What the next build would read first, both at the same time. */
static void read_half(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    struct cache *cache = context;
    if (index == 0) {
        cache_read(cache);
    } else {
        output_look_begin(&cache->look, cache->out);
    }
}

struct cache *cache_open(struct slice out, struct slice setting, struct pool *pool)
{
    struct cache *cache = calloc(1, sizeof(*cache));
    if (cache == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*cache));
    }
    struct buffer key = {0};
    program_identify(&key);
    buffer_append(&key, setting);
    cache->out = out;
    cache->key = hash_128(buffer_slice(&key));
    buffer_release(&key);
    arena_init(&cache->arena, ARENA_DEFAULT_LIMIT);
    pool_run(pool, 2, read_half, cache);
    return cache;
}

void cache_close(struct cache *cache)
{
    if (cache != NULL) {
        output_look_drop(&cache->look);
        store_close(cache->texts);
        arena_release(&cache->arena);
        free((char *)(uintptr_t)cache->text.data);
        free(cache);
    }
}

/* ---- By stamps ---- */

/* A folder that is kept open while one path after the other lies below it: a shorter way for the
 * system to go. */
struct nearby {
    int root;
    struct slice folder; /* with its slash; empty: none is open */
    int descriptor;
};

struct look {
    const struct cached_tree *tree;
    struct nearby *nearby; /* one a thread */
    struct stamp *found;   /* side by side with its files */
    bool is_other_list;    /* there may be other files */
    bool differs;          /* a file may hold something else */
};

static void leave_nearby(struct nearby *nearby)
{
    if (nearby->folder.length > 0 && nearby->descriptor >= 0) {
        close(nearby->descriptor);
    }
    nearby->folder = (struct slice){NULL, 0};
}

/* `above`, a part of the path, is where it is looked for from. */
static bool stamp_nearby(struct nearby *nearby, struct slice above, struct slice path,
                         struct stamp *stamp)
{
    if (above.length == 0) {
        return stamp_read(nearby->root, path.data, stamp);
    }
    if (!slice_equal(nearby->folder, above)) {
        char name[PATH_MAX];
        leave_nearby(nearby);
        nearby->folder = above;
        nearby->descriptor = openat(nearby->root, address_string(name, above, SLICE("")),
                                    O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    return nearby->descriptor >= 0 &&
           stamp_read(nearby->descriptor, path.data + above.length, stamp);
}

static bool folder_is_as_it_was(struct nearby *nearby, const struct tree_folder *folder)
{
    struct stamp now;
    return stamp_nearby(nearby, address_folder(folder->path), folder->path, &now)
               ? stamp_is_same(&folder->stamp, &now)
               : folder->stamp.inode == 0;
}

static void look_at_folders(struct look *look, struct nearby *nearby, ptrdiff_t first,
                            ptrdiff_t end)
{
    for (ptrdiff_t i = first; i < end; i++) {
        if (!folder_is_as_it_was(nearby, &look->tree->folders[i])) {
            __atomic_store_n(&look->is_other_list, true, __ATOMIC_RELAXED);
            return;
        }
    }
}

static void look_at_files(struct look *look, struct nearby *nearby, ptrdiff_t first, ptrdiff_t end)
{
    for (ptrdiff_t i = first; i < end; i++) {
        const struct tree_file *file = &look->tree->files[i];
        if (!stamp_nearby(nearby, address_nearby(file->path), file->path, &look->found[i])) {
            __atomic_store_n(&look->is_other_list, true, __ATOMIC_RELAXED);
            return;
        }
        if (!stamp_is_same(&file->stamp, &look->found[i])) {
            __atomic_store_n(&look->differs, true, __ATOMIC_RELAXED);
        }
    }
}

static ptrdiff_t stretches_of(const struct cached_tree *tree)
{
    return tree->count / STRETCH + 1;
}

/* Both stand in about the same order, so that what the system had to find for the folders is near
 * at hand for their files. */
static void look_at_stretch(void *context, ptrdiff_t index, int worker)
{
    struct look *look = context;
    struct nearby *nearby = &look->nearby[worker];
    const struct cached_tree *tree = look->tree;
    ptrdiff_t all = stretches_of(tree);
    if (__atomic_load_n(&look->is_other_list, __ATOMIC_RELAXED)) {
        return;
    }
    look_at_folders(look, nearby, tree->folder_count * index / all,
                    tree->folder_count * (index + 1) / all);
    look_at_files(look, nearby, tree->count * index / all, tree->count * (index + 1) / all);
}

/* `found` stays NULL when there may be other files. */
static bool tree_is_current(const struct cached_tree *tree, const char *root, struct arena *arena,
                            struct pool *pool, struct stamp **found)
{
    struct look look = {.tree = tree, .found = ARENA_ARRAY(arena, struct stamp, tree->count + 1)};
    int descriptor = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    int threads = pool_threads(pool);
    look.nearby = ARENA_ARRAY(arena, struct nearby, threads);
    for (int i = 0; i < threads; i++) {
        look.nearby[i].root = descriptor;
    }
    pool_run(pool, stretches_of(tree), look_at_stretch, &look);
    for (int i = 0; i < threads; i++) {
        leave_nearby(&look.nearby[i]);
    }
    close(descriptor);
    *found = look.is_other_list ? NULL : look.found;
    return !look.is_other_list && !look.differs;
}

/* The theme's tree, where the site has none of its own. */
static bool theme_is_current(struct cache *cache, struct pool *pool)
{
    const struct cached_tree *theme = &cache->trees[1];
    struct stamp *found;
    return cache->tree_count == 1 ||
           tree_is_current(theme, theme->root.data, &cache->arena, pool, &found);
}

bool cache_is_current(struct cache *cache, const char *site, struct pool *pool)
{
    cache->looked = stamp_now();
    return cache->is_known &&
           tree_is_current(&cache->trees[0], site, &cache->arena, pool, &cache->found) &&
           theme_is_current(cache, pool) &&
           output_look_end(&cache->look, cache->manifest, false, pool);
}

bool cache_lists(const struct cache *cache, const char *site, struct tree *tree,
                 struct arena *arena)
{
    const struct cached_tree *known = &cache->trees[0];
    if (cache->found == NULL || known->has_refused ||
        !tree_open_known(tree, slice_of(site), arena)) {
        return false;
    }
    tree->listed = cache->looked;
    tree->count = known->count;
    tree->files = ARENA_ARRAY(arena, struct tree_file, known->count + 1);
    for (ptrdiff_t i = 0; i < known->count; i++) {
        tree->files[i].path = known->files[i].path;
        tree->files[i].size = cache->found[i].size;
        tree->files[i].stamp = cache->found[i];
    }
    tree->folder_count = known->folder_count;
    tree->folders = ARENA_ARRAY(arena, struct tree_folder, known->folder_count + 1);
    for (ptrdiff_t i = 0; i < known->folder_count; i++) {
        tree->folders[i].path = known->folders[i].path;
        tree->folders[i].stamp = known->folders[i].stamp;
    }
    return true;
}

/* ---- By content ---- */

struct comparison {
    struct cached_tree *known;
    struct tree *tree;
    struct diag *diag; /* what can't be read is said by the build */
    bool verifies;
    bool differs;
};

static bool has_same_bytes(const struct comparison *comparison, struct tree_file *file,
                           const struct tree_file *known)
{
    char *bytes;
    int64_t length;
    if (!known->is_digested || !tree_read_bytes(comparison->tree, file->path, LOAD_LIMIT_REGISTER,
                                                &bytes, &length, comparison->diag)) {
        return false;
    }
    free(bytes);
    return memcmp(&file->digest, &known->digest, sizeof(known->digest)) == 0;
}

static void compare_file(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    struct comparison *comparison = context;
    struct tree_file *file = &comparison->tree->files[index];
    struct tree_file *known = &comparison->known->files[index];
    if (__atomic_load_n(&comparison->differs, __ATOMIC_RELAXED)) {
        return;
    }
    bool is_same = slice_equal(file->path, known->path);
    if (is_same && (!stamp_is_same(&known->stamp, &file->stamp) ||
                    (comparison->verifies && known->is_digested))) {
        is_same = has_same_bytes(comparison, file, known);
        if (is_same) {
            known->stamp = stamp_settled(file->stamp, comparison->tree->listed);
        }
    }
    if (!is_same) {
        __atomic_store_n(&comparison->differs, true, __ATOMIC_RELAXED);
    }
}

/* The folders of the tree as it was just listed: there may be more or fewer of them, which tell
 * nothing without files. */
static void keep_folders(struct cache *cache, struct cached_tree *known, const struct tree *tree)
{
    known->folder_count = tree->folder_count;
    known->folders = ARENA_ARRAY(&cache->arena, struct tree_folder, tree->folder_count + 1);
    for (ptrdiff_t i = 0; i < tree->folder_count; i++) {
        known->folders[i] = tree->folders[i];
        known->folders[i].stamp = stamp_settled(tree->folders[i].stamp, tree->listed);
    }
}

/* A build that follows remembers what it reads itself: a file may be another one by then. */
static void forget_digests(struct tree *tree)
{
    for (ptrdiff_t i = 0; i < tree->count; i++) {
        tree->files[i].is_digested = false;
    }
}

bool cache_agrees(struct cache *cache, struct tree *tree, bool verifies, struct pool *pool)
{
    struct cached_tree *known = &cache->trees[0];
    if (!cache->is_known || known->count != tree->count || !theme_is_current(cache, pool)) {
        return false;
    }
    struct comparison comparison = {
        .known = known, .tree = tree, .verifies = verifies, .diag = diag_new(1)};
    pool_run(pool, tree->count, compare_file, &comparison);
    diag_free(comparison.diag);
    forget_digests(tree);
    if (comparison.differs) {
        return false;
    }
    if (!cache->look.is_open) {
        output_look_begin(&cache->look, cache->out);
    }
    if (!output_look_end(&cache->look, cache->manifest, verifies, pool)) {
        return false;
    }
    keep_folders(cache, known, tree);
    cache_write(cache);
    return true;
}

/* ---- Kept texts ---- */

struct recall *cache_texts(struct cache *cache, struct tree *tree, bool verifies)
{
    bool is_known = cache->kept != NULL;
    if (!cache->is_known) {
        return NULL; /* who builds only once need not pay for the next time */
    }
    cache->texts = cache_open_texts(cache, !is_known);
    if (cache->texts != NULL &&
        recall_is_crowded(cache->texts, cache->kept, is_known ? cache->trees[0].count : 0,
                          cache->parts, cache->part_count)) {
        store_close(cache->texts);
        is_known = false;
        cache->texts = cache_open_texts(cache, true);
    }
    if (cache->texts != NULL) {
        const struct cached_tree *known = &cache->trees[0];
        cache->recall = recall_begin(cache->texts, tree, known->files, cache->kept,
                                     is_known ? known->count : 0, verifies, &cache->arena);
        cache->recall->parts = cache->parts;
        cache->recall->part_count = is_known ? cache->part_count : 0;
    }
    return cache->recall;
}

/* ---- What is remembered ---- */

const struct hash_128 *cache_keys(const struct cache *cache, const struct manifest *manifest)
{
    bool is_of_it = cache->is_known && manifest->exists && cache->key_count == manifest->count &&
                    cache->manifest.low == manifest->hash.low &&
                    cache->manifest.high == manifest->hash.high;
    return is_of_it ? cache->keys : NULL;
}

void cache_recall(const struct cache *cache, struct diag *diag, struct publish_summary *summary)
{
    *summary = (struct publish_summary){
        .files = cache->files, .pages = cache->pages, .manifest = cache->manifest};
    for (ptrdiff_t i = 0; i < cache->finding_count; i++) {
        diag_add_finding(diag, &cache->findings[i]);
    }
}

static void keep_tree(struct cache *cache, const struct tree *tree)
{
    struct cached_tree *known = &cache->trees[cache->tree_count++];
    *known = (struct cached_tree){
        .root = tree->root, .count = tree->count, .has_refused = tree->has_refused};
    keep_folders(cache, known, tree);
    known->files = ARENA_ARRAY(&cache->arena, struct tree_file, tree->count + 1);
    for (ptrdiff_t i = 0; i < tree->count; i++) {
        known->files[i] = tree->files[i];
        if (tree->files[i].is_digested) { /* else nobody read it */
            known->files[i].stamp = stamp_settled(tree->files[i].stamp, tree->listed);
        }
    }
}

void cache_remember(struct cache *cache, const struct site *site, struct diag *diag,
                    const struct publish_summary *summary)
{
    cache->findings = (struct finding *)(uintptr_t)diag_sorted(diag, &cache->finding_count);
    struct diag_counts counts = diag_counts(diag);
    if (counts.errors > 0 || counts.warnings + counts.notes > cache->finding_count) {
        return; /* not all of them were kept */
    }
    cache->manifest = summary->manifest;
    cache->files = summary->files;
    cache->pages = summary->pages;
    cache->tree_count = 0;
    cache->kept = cache->recall != NULL && store_flush(cache->texts) ? cache->recall->now : NULL;
    cache->parts = cache->kept != NULL ? cache->recall->parts : NULL;
    cache->part_count = cache->kept != NULL ? cache->recall->part_count : 0;
    keep_tree(cache, site->tree);
    if (site->theme.installed != NULL) {
        keep_tree(cache, site->theme.installed);
    }
    cache_write(cache);
}
