#define _GNU_SOURCE
#include "cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "program.h"

/* Stamps that one thread looks at in one go. */
#define STRETCH 256

struct cache *cache_open(struct slice out, struct slice setting)
{
    struct cache *cache = calloc(1, sizeof(*cache));
    if (cache == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*cache));
    }
    struct buffer key = {0};
    program_identify(&key);
    buffer_append(&key, setting);
    cache->out = out;
    cache->key = sha256_of(buffer_slice(&key));
    buffer_release(&key);
    arena_init(&cache->arena, ARENA_DEFAULT_LIMIT);
    cache_read(cache);
    return cache;
}

void cache_close(struct cache *cache)
{
    if (cache != NULL) {
        store_close(cache->texts);
        arena_release(&cache->arena);
        free((char *)(uintptr_t)cache->text.data);
        free(cache);
    }
}

/* ---- By stamps ---- */

struct look {
    const struct cached_tree *tree;
    int root;
    bool differs;
};

static bool is_as_it_was(int root, struct slice path, const struct stamp *known,
                         bool may_be_missing)
{
    struct stamp now;
    if (!stamp_read(root, path.data, &now)) {
        return may_be_missing && known->inode == 0;
    }
    return stamp_is_same(known, &now);
}

/* Folders first, then files. */
static void look_at_stretch(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    struct look *look = context;
    const struct cached_tree *tree = look->tree;
    ptrdiff_t all = tree->folder_count + tree->count;
    ptrdiff_t end = (index + 1) * STRETCH < all ? (index + 1) * STRETCH : all;
    for (ptrdiff_t i = index * STRETCH; i < end; i++) {
        bool is_folder = i < tree->folder_count;
        const struct tree_folder *folder = &tree->folders[is_folder ? i : 0];
        const struct tree_file *file = &tree->files[is_folder ? 0 : i - tree->folder_count];
        if (!is_as_it_was(look->root, is_folder ? folder->path : file->path,
                          is_folder ? &folder->stamp : &file->stamp, is_folder)) {
            __atomic_store_n(&look->differs, true, __ATOMIC_RELAXED);
        }
        if (__atomic_load_n(&look->differs, __ATOMIC_RELAXED)) {
            return;
        }
    }
}

static bool tree_is_current(const struct cached_tree *tree, const char *root, struct pool *pool)
{
    struct look look = {.tree = tree};
    look.root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (look.root < 0) {
        return false;
    }
    ptrdiff_t all = tree->folder_count + tree->count;
    pool_run(pool, (all + STRETCH - 1) / STRETCH, look_at_stretch, &look);
    close(look.root);
    return !look.differs;
}

/* The theme's tree, where the site has none of its own. */
static bool theme_is_current(const struct cache *cache, struct pool *pool)
{
    return cache->tree_count == 1 ||
           tree_is_current(&cache->trees[1], cache->trees[1].root.data, pool);
}

bool cache_is_current(struct cache *cache, const char *site, struct pool *pool)
{
    return cache->is_known && tree_is_current(&cache->trees[0], site, pool) &&
           theme_is_current(cache, pool) &&
           publish_is_whole(cache->out, cache->manifest, false, pool);
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
    if (comparison.differs || !publish_is_whole(cache->out, cache->manifest, verifies, pool)) {
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
    *known = (struct cached_tree){.root = tree->root, .count = tree->count};
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
