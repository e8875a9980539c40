#define _GNU_SOURCE
#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "finding_wire.h"
#include "folders.h"

#define CACHE_FOLDER ".kyodo-cache"
#define CACHE_FORM "kyodo-cache 7\n"
#define FORM_LENGTH ((ptrdiff_t)sizeof(CACHE_FORM) - 1)
#define HEAD_LENGTH (FORM_LENGTH + (ptrdiff_t)sizeof(struct hash_128))
#define END_LENGTH ((ptrdiff_t)sizeof(struct hash_128))
#define CACHE_MOST ((int64_t)4 << 30)
/* Where arrays begin; malloc gives at least that. */
#define ALIGNMENT ((ptrdiff_t)sizeof(int64_t))

/* ---- Where it is ---- */

struct place {
    int folder; /* .kyodo-cache; -1 when it is not there */
    char name[NAME_MAX + 1];
};

/* Beside the folder that the output really is. `makes` the folder where it is missing, for its
 * maker alone: what drafts are called is nobody's affair, also where a web server finds it. */
static bool enter(struct place *place, struct slice out, bool makes)
{
    char path[PATH_MAX];
    char real[PATH_MAX];
    place->folder = -1;
    if (out.length >= PATH_MAX - 1 ||
        realpath(address_string(path, out.length > 0 ? out : SLICE("."), SLICE("")), real) ==
            NULL) {
        return false;
    }
    char *slash = strrchr(real, '/');
    size_t length = strlen(slash + 1);
    if (length == 0 || length > NAME_MAX - sizeof(".texts") ||
        (size_t)(slash - real) + sizeof("/" CACHE_FOLDER) > PATH_MAX) {
        return false;
    }
    memcpy(place->name, slash + 1, length + 1);
    memcpy(slash, "/" CACHE_FOLDER, sizeof("/" CACHE_FOLDER));
    if (makes && mkdir(real, 0700) != 0 && errno != EEXIST) {
        return false;
    }
    place->folder = open(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (makes && place->folder >= 0) {
        (void)file_write(place->folder, ".gitignore", SLICE("*\n"));
    }
    return place->folder >= 0;
}

static void leave(struct place *place)
{
    close(place->folder);
}

/* The name of another file of this cache. */
static void name_beside(const struct place *place, const char *ending, char out[NAME_MAX + 1])
{
    size_t length = strlen(place->name);
    memcpy(out, place->name, length);
    memcpy(out + length, ending, strlen(ending) + 1);
}

/* ---- Arrays ---- */

/* They stand in the file as in memory, so that a build uses them where it has read them, without
 * looking at each. */
static void put_array(struct buffer *out, const void *items, ptrdiff_t count, ptrdiff_t size)
{
    static const char padding[ALIGNMENT] = {0};
    wire_put_number(out, count);
    wire_put_bytes(out, padding, -out->length & (ALIGNMENT - 1));
    wire_put_bytes(out, items, count * size);
}

static void *take_array(struct wire *wire, ptrdiff_t *count, ptrdiff_t size)
{
    *count = wire_take_count(wire, size);
    wire_take_slice(wire, (ptrdiff_t)(-(uintptr_t)wire->rest.data & (ALIGNMENT - 1)));
    struct slice bytes = wire_take_slice(wire, *count * size);
    if (wire->is_broken) {
        *count = 0;
    }
    return (void *)(uintptr_t)bytes.data;
}

/* A text that stands behind the array, in which only its length counts. */
static void take_path(struct wire *wire, struct slice *path)
{
    bool is_sound = path->length >= 0 && path->length < PATH_MAX;
    *path = wire_take_slice(wire, is_sound ? path->length : 0);
    struct slice end = wire_take_slice(wire, 1);
    if (!is_sound || end.length == 0 || end.data[0] != '\0') {
        wire->is_broken = true;
    }
}

static void put_path(struct buffer *out, struct slice path)
{
    buffer_append(out, path);
    buffer_append_byte(out, '\0');
}

/* ---- Trees ---- */

static void put_tree(struct buffer *out, const struct cached_tree *tree)
{
    wire_put_text(out, tree->root);
    wire_put_number(out, tree->has_refused);
    put_array(out, tree->folders, tree->folder_count, (ptrdiff_t)sizeof(*tree->folders));
    for (ptrdiff_t i = 0; i < tree->folder_count; i++) {
        put_path(out, tree->folders[i].path);
    }
    put_array(out, tree->files, tree->count, (ptrdiff_t)sizeof(*tree->files));
    for (ptrdiff_t i = 0; i < tree->count; i++) {
        put_path(out, tree->files[i].path);
    }
}

static void take_tree(struct wire *wire, struct cached_tree *tree)
{
    tree->root = wire_take_text(wire);
    tree->has_refused = wire_take_number(wire) != 0;
    tree->folders = take_array(wire, &tree->folder_count, (ptrdiff_t)sizeof(*tree->folders));
    for (ptrdiff_t i = 0; i < tree->folder_count; i++) {
        take_path(wire, &tree->folders[i].path);
    }
    tree->files = take_array(wire, &tree->count, (ptrdiff_t)sizeof(*tree->files));
    for (ptrdiff_t i = 0; i < tree->count; i++) {
        take_path(wire, &tree->files[i].path);
    }
}

/* ---- Kept texts ---- */

static void put_kept(struct buffer *out, const struct cache *cache)
{
    put_array(out, cache->kept, cache->kept != NULL ? cache->trees[0].count : 0,
              (ptrdiff_t)sizeof(*cache->kept));
    put_array(out, cache->parts, cache->part_count, (ptrdiff_t)sizeof(*cache->parts));
}

static void take_kept(struct wire *wire, struct cache *cache)
{
    ptrdiff_t count;
    struct kept_text *kept = take_array(wire, &count, (ptrdiff_t)sizeof(*kept));
    cache->kept = count > 0 ? kept : NULL;
    if (count > 0 && count != cache->trees[0].count) {
        wire->is_broken = true;
    }
    cache->parts = take_array(wire, &cache->part_count, (ptrdiff_t)sizeof(*cache->parts));
}

/* ---- The content ---- */

static void put_content(struct buffer *out, const struct cache *cache)
{
    wire_put_bytes(out, &cache->manifest, (ptrdiff_t)sizeof(cache->manifest));
    wire_put_number(out, cache->files);
    wire_put_number(out, cache->pages);
    wire_put_number(out, cache->tree_count);
    for (int i = 0; i < cache->tree_count; i++) {
        put_tree(out, &cache->trees[i]);
    }
    put_kept(out, cache);
    put_array(out, cache->keys, cache->key_count, (ptrdiff_t)sizeof(*cache->keys));
    put_array(out, cache->shown, cache->shown_count, (ptrdiff_t)sizeof(*cache->shown));
    put_array(out, cache->shown_ends, cache->key_count, (ptrdiff_t)sizeof(*cache->shown_ends));
    put_array(out, cache->pieces, cache->piece_count, (ptrdiff_t)sizeof(*cache->pieces));
    wire_put_number(out, cache->finding_count);
    for (ptrdiff_t i = 0; i < cache->finding_count; i++) {
        wire_put_finding(out, &cache->findings[i]);
    }
}

static bool take_content(struct wire *wire, struct cache *cache)
{
    struct arena *arena = &cache->arena;
    wire_take_bytes(wire, &cache->manifest, (ptrdiff_t)sizeof(cache->manifest));
    cache->files = wire_take_number(wire);
    cache->pages = wire_take_number(wire);
    int64_t trees = wire_take_number(wire);
    cache->tree_count = trees == 1 || trees == 2 ? (int)trees : 0;
    for (int i = 0; i < cache->tree_count; i++) {
        take_tree(wire, &cache->trees[i]);
    }
    take_kept(wire, cache);
    cache->keys = take_array(wire, &cache->key_count, (ptrdiff_t)sizeof(*cache->keys));
    cache->shown = take_array(wire, &cache->shown_count, (ptrdiff_t)sizeof(*cache->shown));
    ptrdiff_t ends;
    cache->shown_ends = take_array(wire, &ends, (ptrdiff_t)sizeof(*cache->shown_ends));
    wire->is_broken = wire->is_broken || ends != cache->key_count;
    cache->pieces = take_array(wire, &cache->piece_count, (ptrdiff_t)sizeof(*cache->pieces));
    cache->finding_count = wire_take_count(wire, FINDING_LEAST);
    cache->findings = ARENA_ARRAY(arena, struct finding, cache->finding_count + 1);
    for (ptrdiff_t i = 0; i < cache->finding_count && !wire->is_broken; i++) {
        wire_take_finding(wire, &cache->findings[i]);
    }
    return !wire->is_broken && wire->rest.length == 0 && cache->tree_count > 0;
}

/* ---- The file ---- */

/* The content, when the text is whole, of our form and of this key. */
static bool open_frame(const struct cache *cache, struct slice text, struct slice *content)
{
    if (text.length < HEAD_LENGTH + END_LENGTH || !slice_starts_with(text, SLICE(CACHE_FORM)) ||
        memcmp(text.data + FORM_LENGTH, &cache->key, sizeof(cache->key)) != 0) {
        return false;
    }
    struct slice body = slice_sub(text, 0, text.length - END_LENGTH);
    struct hash_128 hash = hash_128(body);
    *content = slice_from(body, HEAD_LENGTH);
    return memcmp(body.data + body.length, &hash, sizeof(hash)) == 0;
}

void cache_read(struct cache *cache)
{
    struct place place;
    struct slice text;
    struct timespec written;
    if (!enter(&place, cache->out, false)) {
        return;
    }
    int error = file_read_all(place.folder, place.name, CACHE_MOST, &text, &written);
    leave(&place);
    if (error != 0) {
        return;
    }
    cache->text = text;
    struct wire wire = {0};
    cache->is_known = open_frame(cache, text, &wire.rest) && take_content(&wire, cache);
}

struct store *cache_open_texts(const struct cache *cache, bool begins_anew)
{
    struct place place;
    char name[NAME_MAX + 1];
    struct stat status;
    if (!enter(&place, cache->out, true)) {
        return NULL;
    }
    name_beside(&place, ".texts", name);
    int file = openat(place.folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    leave(&place);
    if (file < 0) {
        return NULL;
    }
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
        flock(file, LOCK_EX | LOCK_NB) != 0 || (begins_anew && ftruncate(file, 0) != 0)) {
        close(file);
        return NULL;
    }
    return store_open_file(file);
}

void cache_write(const struct cache *cache)
{
    struct place place;
    if (!enter(&place, cache->out, true)) {
        return;
    }
    struct buffer text = {0};
    buffer_append_literal(&text, CACHE_FORM);
    wire_put_bytes(&text, &cache->key, (ptrdiff_t)sizeof(cache->key));
    put_content(&text, cache);
    struct hash_128 hash = hash_128(buffer_slice(&text));
    wire_put_bytes(&text, &hash, (ptrdiff_t)sizeof(hash));
    char fresh[NAME_MAX + 1];
    name_beside(&place, ".new", fresh);
    (void)unlinkat(place.folder, fresh, 0);
    if (file_write(place.folder, fresh, buffer_slice(&text)) != 0 ||
        renameat(place.folder, fresh, place.folder, place.name) != 0) {
        (void)unlinkat(place.folder, fresh, 0);
        (void)unlinkat(place.folder, place.name, 0);
    }
    buffer_release(&text);
    leave(&place);
}
