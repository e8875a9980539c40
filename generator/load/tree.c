/* What every tree can do: find, read, decode. And the tree in memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "sound.h"
#include "refuse.h"

/* ---- A tree in memory ---- */

struct memory_file {
    struct slice path;
    struct slice text;
};

struct memory {
    struct memory_file *files; /* sorted by path */
    ptrdiff_t count;
};

static int compare_memory_files(const void *a, const void *b)
{
    return slice_compare(((const struct memory_file *)a)->path,
                         ((const struct memory_file *)b)->path);
}

static bool copy_text(struct slice text, char **bytes, int64_t *length)
{
    char *copy = malloc((size_t)text.length + 1);
    if (copy == NULL) {
        memory_exhausted(text.length + 1);
    }
    if (text.length > 0) {
        memcpy(copy, text.data, (size_t)text.length);
    }
    *bytes = copy;
    *length = text.length;
    return true;
}

static bool memory_read(void *context, struct slice path, char **bytes, int64_t *length)
{
    const struct memory *memory = context;
    const struct memory_file key = {.path = path};
    const struct memory_file *file = memory->count == 0
                                         ? NULL
                                         : bsearch(&key, memory->files, (size_t)memory->count,
                                                   sizeof(*memory->files), compare_memory_files);
    if (file == NULL) {
        errno = ENOENT;
        return false;
    }
    return copy_text(file->text, bytes, length);
}

void tree_open_memory(struct tree *tree, const struct slice *paths, const struct slice *texts,
                      ptrdiff_t count, struct arena *arena)
{
    struct memory *memory = ARENA_NEW(arena, struct memory);
    memory->count = count;
    *tree = (struct tree){.read = memory_read, .context = memory, .arena = arena, .count = count};
    if (count == 0) {
        return;
    }
    memory->files = ARENA_ARRAY(arena, struct memory_file, count);
    tree->files = ARENA_ARRAY(arena, struct tree_file, count);
    for (ptrdiff_t i = 0; i < count; i++) {
        memory->files[i] = (struct memory_file){.path = paths[i], .text = texts[i]};
    }
    qsort(memory->files, (size_t)count, sizeof(*memory->files), compare_memory_files);
    for (ptrdiff_t i = 0; i < count; i++) {
        tree->files[i] =
            (struct tree_file){.path = memory->files[i].path, .size = memory->files[i].text.length};
    }
}

/* ---- A tree in which one file has another text ---- */

struct replaced {
    struct tree below;
    struct slice path;
    struct slice text;
};

static bool replaced_read(void *context, struct slice path, char **bytes, int64_t *length)
{
    const struct replaced *replaced = context;
    return slice_equal(path, replaced->path)
               ? copy_text(replaced->text, bytes, length)
               : replaced->below.read(replaced->below.context, path, bytes, length);
}

static void replaced_close(void *context)
{
    struct replaced *replaced = context;
    tree_close(&replaced->below);
}

void tree_replace(struct tree *tree, struct slice path, struct slice text)
{
    ptrdiff_t index = tree_find(tree, path);
    CHECK(index >= 0);
    struct replaced *replaced = ARENA_NEW(tree->arena, struct replaced);
    *replaced = (struct replaced){.below = *tree, .path = tree->files[index].path, .text = text};
    tree->files[index].size = text.length;
    tree->read = replaced_read;
    tree->close = replaced_close;
    tree->context = replaced;
}

void tree_close(struct tree *tree)
{
    if (tree->close != NULL) {
        tree->close(tree->context);
        tree->close = NULL;
    }
}

/* ---- Finding ---- */

/* Index of the first file whose path is not below `path`. */
static ptrdiff_t lower_bound(const struct tree *tree, struct slice path)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = tree->count;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (slice_compare(tree->files[middle].path, path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

ptrdiff_t tree_find(const struct tree *tree, struct slice path)
{
    ptrdiff_t at = lower_bound(tree, path);
    return at < tree->count && slice_equal(tree->files[at].path, path) ? at : -1;
}

void tree_range(const struct tree *tree, struct slice prefix, ptrdiff_t *first, ptrdiff_t *end)
{
    *first = lower_bound(tree, prefix);
    ptrdiff_t low = *first;
    ptrdiff_t high = tree->count;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (slice_starts_with(tree->files[middle].path, prefix)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *end = low;
}

/* ---- Reading ---- */

static struct slice decimal(char *text, size_t room, int64_t value)
{
    return slice_make(text, snprintf(text, room, "%lld", (long long)value));
}

static bool is_too_large(struct slice path, int64_t size, int64_t limit, struct diag *diag)
{
    if (size <= limit) {
        return false;
    }
    char size_text[32];
    char limit_text[32];
    report_file(diag, CODE_file_too_large, path, decimal(size_text, sizeof(size_text), size),
                decimal(limit_text, sizeof(limit_text), limit));
    return true;
}

bool tree_read_bytes(const struct tree *tree, struct slice path, int64_t limit, char **bytes,
                     int64_t *length, struct diag *diag)
{
    /* Only what was listed is read: links and bad names were refused then. */
    ptrdiff_t index = tree_find(tree, path);
    if (index < 0) {
        report_unreadable(diag, path, ENOENT);
        return false;
    }
    if (is_too_large(path, tree->files[index].size, limit, diag)) {
        return false;
    }
    if (!tree->read(tree->context, path, bytes, length)) {
        report_unreadable(diag, path, errno);
        return false;
    }
    if (is_too_large(path, *length, limit, diag)) {
        free(*bytes);
        return false;
    }
    if (tree->wants_digests && !tree->files[index].is_digested) {
        tree->files[index].digest = hash_128(slice_make(*bytes, (ptrdiff_t)*length));
        tree->files[index].is_digested = true;
    }
    return true;
}

/* source_reader: the text again; what was wrong with it has been said already. */
static bool read_again(const struct tree *tree, struct slice path, bool allow_legacy, char **text,
                       ptrdiff_t *length)
{
    char *bytes;
    int64_t byte_count;
    if (!tree->read(tree->context, path, &bytes, &byte_count)) {
        return false;
    }
    struct decoded decoded;
    if (!decode_owned(slice_make(bytes, (ptrdiff_t)byte_count), path, allow_legacy, NULL, &decoded,
                      NULL)) {
        return false;
    }
    *text = decoded.text;
    *length = decoded.length;
    return true;
}

static bool read_utf8_again(void *context, struct slice path, char **text, ptrdiff_t *length)
{
    return read_again(context, path, false, text, length);
}

static bool read_legacy_again(void *context, struct slice path, char **text, ptrdiff_t *length)
{
    return read_again(context, path, true, text, length);
}

struct source *tree_source(const struct tree *tree, struct slice path)
{
    return source_new(path, (struct slice){NULL, 0}, read_utf8_again, (void *)(uintptr_t)tree);
}

static struct source *read_source(const struct tree *tree, struct slice path, int64_t limit,
                                  bool allow_legacy, struct pool *pool, struct decoding *decoding,
                                  struct diag *diag)
{
    char *bytes;
    int64_t byte_count;
    if (!tree_read_bytes(tree, path, limit, &bytes, &byte_count, diag)) {
        return NULL;
    }
    struct decoded decoded;
    if (!decode_owned(slice_make(bytes, (ptrdiff_t)byte_count), path, allow_legacy, pool, &decoded,
                      diag)) {
        return NULL;
    }
    if (decoding != NULL) {
        *decoding = decoded.decoding;
    }
    struct source *source =
        source_new(path, (struct slice){NULL, 0},
                   allow_legacy ? read_legacy_again : read_utf8_again, (void *)(uintptr_t)tree);
    source_adopt(source, decoded.text, decoded.length);
    if (!text_is_sound(source, &decoded.survey, diag)) {
        source_free(source);
        return NULL;
    }
    return source;
}

struct source *tree_read_source(const struct tree *tree, struct slice path, int64_t limit,
                                bool allow_legacy, struct decoding *decoding, struct diag *diag)
{
    return read_source(tree, path, limit, allow_legacy, NULL, decoding, diag);
}

struct source *tree_read_table(const struct tree *tree, struct slice path, struct pool *pool,
                               struct decoding *decoding, struct diag *diag)
{
    return read_source(tree, path, LOAD_LIMIT_REGISTER, true, pool, decoding, diag);
}
