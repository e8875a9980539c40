#define _GNU_SOURCE
#include "arena.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "banned.h"
#include "bug.h"
#include "checked.h"
#include "file.h"

#define FIRST_CHUNK ((ptrdiff_t)64 << 10)
#define LARGEST_CHUNK ((ptrdiff_t)4 << 20)
#define PAGE ((ptrdiff_t)4096)
/* In a file: what is not written yet takes no memory, and few chunks are soon let go. */
#define SPILLED_CHUNK ((ptrdiff_t)32 << 20)

/* Memory of a chunk beyond `dirty` was never handed out and is still zero from calloc or a new
 * file: zeroing is paid for only where a cleared chunk is used again. This head of a chunk is never
 * in the file: who lets all chunks go would bring each back by looking at it. */
struct arena_chunk {
    struct arena_chunk *next;
    ptrdiff_t size; /* bytes in `bytes` */
    ptrdiff_t used;
    ptrdiff_t dirty;
    char *bytes; /* behind this head, or in the file */
    bool is_spilled;
    _Alignas(max_align_t) char own[];
};

/* The file is made for the first chunk that goes there. */
struct arena_spill {
    struct slice folder;
    ptrdiff_t resident;
    int descriptor; /* -1: none yet */
    bool is_over;   /* no file, or no room in it */
    int64_t length;
};

void arena_init(struct arena *arena, ptrdiff_t limit)
{
    CHECK(limit > 0);
    *arena = (struct arena){.limit = limit, .chunk_size = FIRST_CHUNK};
}

/* ---- Spilling ---- */

void arena_init_spilling(struct arena *arena, ptrdiff_t limit, ptrdiff_t resident,
                         struct slice folder)
{
    arena_init(arena, limit);
    struct arena_spill *spill = calloc(1, sizeof(*spill));
    if (spill == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*spill));
    }
    *spill = (struct arena_spill){.folder = folder, .resident = resident, .descriptor = -1};
    arena->spill = spill;
}

static ptrdiff_t mapped_size(ptrdiff_t size)
{
    return (size + PAGE - 1) / PAGE * PAGE;
}

/* Room in the file is taken before it is mapped: on a full disk a write to memory would kill. */
static char *map_spill(struct arena_spill *spill, ptrdiff_t wanted)
{
    ptrdiff_t size = mapped_size(wanted);
    if (spill->descriptor < 0) {
        spill->descriptor = file_open_unnamed(spill->folder);
    }
    if (spill->descriptor < 0 || fallocate(spill->descriptor, 0, spill->length, size) != 0) {
        return NULL;
    }
    void *memory = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, spill->descriptor,
                        (off_t)spill->length);
    spill->length += size;
    return memory != MAP_FAILED ? memory : NULL;
}

/* Whether a chunk of that size would go to the file. */
static bool spills(const struct arena *arena, ptrdiff_t total)
{
    const struct arena_spill *spill = arena->spill;
    return spill != NULL && !spill->is_over && arena->used + total > spill->resident;
}

/* A chunk of `size` zeroed bytes, in the arena's file or in memory. */
static struct arena_chunk *get_chunk(struct arena *arena, ptrdiff_t size, ptrdiff_t total)
{
    bool is_spilled = spills(arena, total);
    char *mapped = is_spilled ? map_spill(arena->spill, size) : NULL;
    if (is_spilled && mapped == NULL) {
        arena->spill->is_over = true;
        arena->chunk_size = LARGEST_CHUNK;
    }
    struct arena_chunk *chunk = calloc(1, mapped != NULL ? sizeof(*chunk) : (size_t)total);
    if (chunk == NULL) {
        memory_exhausted(size);
    }
    chunk->size = size;
    chunk->bytes = mapped != NULL ? mapped : chunk->own;
    chunk->is_spilled = mapped != NULL;
    return chunk;
}

static void free_chunk(struct arena_chunk *chunk)
{
    if (chunk->is_spilled) {
        munmap(chunk->bytes, (size_t)mapped_size(chunk->size));
    }
    free(chunk);
}

bool arena_has_spilled(const struct arena *arena)
{
    return arena->spill != NULL && arena->spill->length > 0;
}

void arena_rest(const struct arena *arena)
{
    if (!arena_has_spilled(arena)) {
        return;
    }
    for (const struct arena_chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        if (chunk->is_spilled) {
            madvise(chunk->bytes, (size_t)mapped_size(chunk->size), MADV_DONTNEED);
        }
    }
}

/* ---- Chunks ---- */

void arena_release(struct arena *arena)
{
    for (struct arena_chunk *chunk = arena->first; chunk != NULL;) {
        struct arena_chunk *next = chunk->next;
        free_chunk(chunk);
        chunk = next;
    }
    if (arena->spill != NULL && arena->spill->descriptor >= 0) {
        close(arena->spill->descriptor);
    }
    free(arena->spill);
    /* One that was never started may be released as well: its owner stopped early. */
    *arena = (struct arena){.limit = arena->limit, .chunk_size = FIRST_CHUNK};
}

void arena_clear(struct arena *arena)
{
    CHECK(arena->spill == NULL);
    struct arena_chunk *kept = arena->first;
    for (struct arena_chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        if (chunk->size > kept->size) {
            kept = chunk;
        }
    }
    for (struct arena_chunk *chunk = arena->first; chunk != NULL;) {
        struct arena_chunk *next = chunk->next;
        if (chunk != kept) {
            free(chunk);
        }
        chunk = next;
    }
    arena->first = kept;
    arena->current = kept;
    arena->used = 0;
    if (kept != NULL) {
        kept->next = NULL;
        kept->used = 0;
        arena->used = kept->size + (ptrdiff_t)sizeof(*kept);
    }
}

static struct arena_chunk *new_chunk(struct arena *arena, ptrdiff_t size)
{
    ptrdiff_t total;
    ptrdiff_t used;
    if (!checked_add(size, (ptrdiff_t)sizeof(struct arena_chunk), &total) ||
        !checked_add(arena->used, total, &used) || used > arena->limit) {
        memory_exhausted(size);
    }
    struct arena_chunk *chunk = get_chunk(arena, size, total);
    arena->used = used;
    return chunk;
}

/* A chunk with room for `size` bytes. A large piece gets a chunk of its own, so that the rest of
 * the current one is not lost. */
static struct arena_chunk *add_chunk(struct arena *arena, ptrdiff_t size)
{
    if (arena->current != NULL && size > arena->chunk_size / 4) {
        struct arena_chunk *chunk = new_chunk(arena, size);
        chunk->next = arena->first;
        arena->first = chunk;
        return chunk;
    }
    if (spills(arena, arena->chunk_size)) {
        arena->chunk_size = SPILLED_CHUNK;
    }
    ptrdiff_t wanted = size > arena->chunk_size ? size : arena->chunk_size;
    ptrdiff_t room = arena->limit - arena->used - (ptrdiff_t)sizeof(struct arena_chunk);
    if (wanted > room && room >= size) {
        wanted = room; /* use a small limit up to its end */
    }
    struct arena_chunk *chunk = new_chunk(arena, wanted);
    if (arena->current == NULL) {
        arena->first = chunk;
    } else {
        chunk->next = arena->current->next;
        arena->current->next = chunk;
    }
    arena->current = chunk;
    if (arena->chunk_size < LARGEST_CHUNK) {
        arena->chunk_size *= 2;
    }
    return chunk;
}

static ptrdiff_t padding_at(const struct arena_chunk *chunk, ptrdiff_t alignment)
{
    uintptr_t address = (uintptr_t)(chunk->bytes + chunk->used);
    return (ptrdiff_t)(-address & (uintptr_t)(alignment - 1));
}

/* `size` bytes, not zeroed. `*clean` becomes how many of them, from the end, are still zero. */
static char *take(struct arena *arena, ptrdiff_t size, ptrdiff_t alignment, ptrdiff_t *clean)
{
    struct arena_chunk *chunk = arena->current;
    ptrdiff_t padding = chunk == NULL ? 0 : padding_at(chunk, alignment);
    if (chunk == NULL || size > chunk->size - chunk->used - padding) {
        ptrdiff_t wanted;
        if (!checked_add(size, alignment, &wanted)) {
            memory_exhausted(size);
        }
        chunk = add_chunk(arena, wanted);
        padding = padding_at(chunk, alignment);
    }
    char *start = chunk->bytes + chunk->used + padding;
    ptrdiff_t end = chunk->used + padding + size;
    *clean = 0;
    if (end > chunk->dirty) {
        *clean = end - chunk->dirty < size ? end - chunk->dirty : size;
        chunk->dirty = end;
    }
    chunk->used = end;
    return start;
}

void *arena_allocate(struct arena *arena, ptrdiff_t size, ptrdiff_t alignment, ptrdiff_t count)
{
    CHECK(size >= 0 && count >= 0);
    CHECK(alignment > 0 && (alignment & (alignment - 1)) == 0);
    ptrdiff_t total;
    if (!checked_multiply(size, count, &total)) {
        memory_exhausted(PTRDIFF_MAX);
    }
    ptrdiff_t clean;
    char *memory = take(arena, total, alignment, &clean);
    if (clean < total) {
        memset(memory, 0, (size_t)(total - clean));
    }
    return memory;
}

bool arena_extend(struct arena *arena, const void *end, ptrdiff_t extra)
{
    struct arena_chunk *chunk = arena->current;
    if (chunk == NULL || (const char *)end != chunk->bytes + chunk->used ||
        extra > chunk->size - chunk->used) {
        return false;
    }
    ptrdiff_t clean;
    char *memory = take(arena, extra, 1, &clean);
    if (clean < extra) {
        memset(memory, 0, (size_t)(extra - clean));
    }
    return true;
}

struct slice arena_copy(struct arena *arena, struct slice s)
{
    if (s.length == 0) {
        return (struct slice){"", 0};
    }
    ptrdiff_t clean;
    char *memory = take(arena, s.length, 1, &clean);
    memcpy(memory, s.data, (size_t)s.length);
    return (struct slice){memory, s.length};
}

const char *arena_string(struct arena *arena, struct slice s)
{
    ptrdiff_t size;
    if (!checked_add(s.length, 1, &size)) {
        memory_exhausted(s.length);
    }
    ptrdiff_t clean;
    char *memory = take(arena, size, 1, &clean);
    if (s.length > 0) {
        memcpy(memory, s.data, (size_t)s.length);
    }
    memory[s.length] = '\0';
    return memory;
}

struct slice arena_join(struct arena *arena, const struct slice *parts, ptrdiff_t count)
{
    ptrdiff_t total = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        if (!checked_add(total, parts[i].length, &total)) {
            memory_exhausted(PTRDIFF_MAX);
        }
    }
    if (total == 0) {
        return (struct slice){"", 0};
    }
    ptrdiff_t clean;
    char *memory = take(arena, total, 1, &clean);
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        if (parts[i].length > 0) {
            memcpy(memory + at, parts[i].data, (size_t)parts[i].length);
            at += parts[i].length;
        }
    }
    return (struct slice){memory, total};
}

struct slice arena_format(struct arena *arena, const char *format, ...)
{
    char small[128]; /* most are dates, counts and the like */
    va_list list;
    va_start(list, format);
    int length = vsnprintf(small, sizeof(small), format, list);
    va_end(list);
    CHECK(length >= 0);
    ptrdiff_t clean;
    char *memory = take(arena, (ptrdiff_t)length + 1, 1, &clean);
    if (length < (int)sizeof(small)) {
        memcpy(memory, small, (size_t)length + 1);
        return (struct slice){memory, length};
    }
    va_start(list, format);
    vsnprintf(memory, (size_t)length + 1, format, list);
    va_end(list);
    return (struct slice){memory, length};
}
