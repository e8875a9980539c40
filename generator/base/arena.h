/*
 * Arena: memory for things that live and die together. Chunks are chained, so addresses stay.
 * Every arena has a limit in bytes; beyond it memory_exhausted() is called (bug.h). Not
 * thread-safe: one arena a thread, or a lock around it.
 *
 * One that holds what is kept for long and looked at now and then may spill: chunks beyond its
 * first megabytes lie in a temporary file without a name, mapped into memory. Addresses stay as
 * they are; the kernel writes such memory to the file when it is short of it, and arena_rest() says
 * when nothing of it is needed soon. Where no file can be made or the disk is full, chunks are
 * taken from memory: nothing fails, it only takes more.
 */
#ifndef KYODO_ARENA_H
#define KYODO_ARENA_H

#include "slice.h"

#ifdef __cplusplus
extern "C" {
#endif

struct arena_chunk;
struct arena_spill;
struct arena {
    struct arena_chunk *first;
    struct arena_chunk *current;
    ptrdiff_t used;  /* bytes handed out and reserved, over all chunks */
    ptrdiff_t limit; /* most bytes it may reserve */
    ptrdiff_t chunk_size;
    struct arena_spill *spill; /* NULL: it stays in memory */
};

#define ARENA_DEFAULT_LIMIT ((ptrdiff_t)8 << 30)

/** Start empty; no memory is taken before the first allocation. `limit` in bytes, > 0. */
void arena_init(struct arena *arena, ptrdiff_t limit);
/** The same for one that spills what it takes beyond `resident` bytes; `folder` is where temporary
 * files may be made, or empty (then it does not), and must live as long. */
void arena_init_spilling(struct arena *arena, ptrdiff_t limit, ptrdiff_t resident,
                         struct slice folder);
/** Whether anything of it lies in a file. */
bool arena_has_spilled(const struct arena *arena);
/** Let what has spilled lie in its file alone until somebody looks at it. Any thread may do so
 * while nobody allocates. */
void arena_rest(const struct arena *arena);
/** Give everything back. The arena may be used again. */
void arena_release(struct arena *arena);
/** Forget every allocation and keep one chunk for reuse. Not of one that spills. */
void arena_clear(struct arena *arena);
/** Zeroed memory for `count` objects of `size` bytes aligned to `alignment` (a power of two). */
void *arena_allocate(struct arena *arena, ptrdiff_t size, ptrdiff_t alignment, ptrdiff_t count);
#define ARENA_NEW(arena, type) ((type *)arena_allocate((arena), sizeof(type), _Alignof(type), 1))
#define ARENA_ARRAY(arena, type, count) \
    ((type *)arena_allocate((arena), sizeof(type), _Alignof(type), (count)))

/** Add `extra` zeroed bytes to the newest allocation, which ends at `end`, without moving it;
 *  false when it is not the newest or there is no room behind it. */
bool arena_extend(struct arena *arena, const void *end, ptrdiff_t extra);

struct slice arena_copy(struct arena *arena, struct slice s);
/** A copy that also has a NUL behind it. */
const char *arena_string(struct arena *arena, struct slice s);
/** Join `count` slices into one new slice. */
struct slice arena_join(struct arena *arena, const struct slice *parts, ptrdiff_t count);
#define ARENA_JOIN(arena, ...)                               \
    arena_join((arena), (const struct slice[]){__VA_ARGS__}, \
               (ptrdiff_t)(sizeof((const struct slice[]){__VA_ARGS__}) / sizeof(struct slice)))
/** printf into the arena. */
struct slice arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif
#endif
