#include "base.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Most sites are small: so many blocks of theirs never go to the file, which costs more than all
 * else that is done with them. A block still is in the processor's cache when it is written. */
enum { BLOCK = 1 << 16, BLOCKS_IN_MEMORY = 24 << 4, BLOCKS_A_LOOK = 1 << 4 };

/* Block number n holds the bytes [n * BLOCK, (n + 1) * BLOCK): in the file, or in memory where its
 * entry is not NULL. The first blocks that were put, and the last one, are always in memory. */
struct store {
    /* Putting moves blocks to the file and lets their memory be written again. */
    pthread_rwlock_t lock;
    int descriptor; /* -1: none */
    char **blocks;
    ptrdiff_t count;
    ptrdiff_t capacity;
    ptrdiff_t filled; /* of the last block */
    bool is_tight;    /* memory was, when it was looked at last: once in BLOCKS_A_LOOK */
    int64_t flushed;  /* so many bytes are in its own file */
    /* What its own file held when it was opened, up to the last block: never written again. */
    const char *before;
    int64_t before_length;
};

static struct store *new_store(int descriptor)
{
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*store));
    }
    store->descriptor = descriptor;
    store->filled = BLOCK;
    CHECK(pthread_rwlock_init(&store->lock, NULL) == 0);
    return store;
}

struct store *store_open(struct slice folder)
{
    return new_store(file_open_unnamed(folder));
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    for (ptrdiff_t i = 0; i < store->count; i++) {
        free(store->blocks[i]);
    }
    free(store->blocks);
    if (store->before_length > 0) {
        munmap((void *)(uintptr_t)store->before, (size_t)store->before_length);
    }
    if (store->descriptor >= 0) {
        close(store->descriptor);
    }
    pthread_rwlock_destroy(&store->lock);
    free(store);
}

static char *new_block(void)
{
    char *memory = malloc(BLOCK);
    if (memory == NULL) {
        memory_exhausted(BLOCK);
    }
    return memory;
}

static void append_block(struct store *store, char *memory)
{
    if (store->count == store->capacity) {
        ptrdiff_t capacity = store->capacity > 0 ? store->capacity * 2 : 64;
        char **blocks = realloc(store->blocks, (size_t)capacity * sizeof(*blocks));
        if (blocks == NULL) {
            memory_exhausted(capacity * (ptrdiff_t)sizeof(*blocks));
        }
        store->blocks = blocks;
        store->capacity = capacity;
    }
    store->blocks[store->count++] = memory;
}

/* The last block is full: to the file with it, or it stays; and a new one begins in its memory or
 * in new memory. */
static void next_block(struct store *store)
{
    ptrdiff_t last = store->count - 1;
    char *memory = last >= 0 ? store->blocks[last] : NULL;
    if (last < BLOCKS_IN_MEMORY && last % BLOCKS_A_LOOK == BLOCKS_A_LOOK - 1) {
        store->is_tight = memory_is_tight();
    }
    if (memory != NULL && (last >= BLOCKS_IN_MEMORY || store->is_tight) && store->descriptor >= 0 &&
        file_write_at(store->descriptor, memory, BLOCK, (int64_t)last * BLOCK)) {
        store->blocks[last] = NULL;
    } else {
        memory = NULL;
    }
    append_block(store, memory != NULL ? memory : new_block());
    store->filled = 0;
}

int64_t store_length(const struct store *store)
{
    return (int64_t)store->count * BLOCK - (BLOCK - store->filled);
}

bool store_flush(struct store *store)
{
    bool is_written = store->descriptor >= 0;
    pthread_rwlock_wrlock(&store->lock);
    int64_t all = store_length(store);
    for (ptrdiff_t i = 0; i < store->count && is_written && store->flushed < all; i++) {
        ptrdiff_t length = i == store->count - 1 ? store->filled : BLOCK;
        is_written = store->blocks[i] == NULL ||
                     file_write_at(store->descriptor, store->blocks[i], length, (int64_t)i * BLOCK);
    }
    store->flushed = is_written ? all : store->flushed;
    pthread_rwlock_unlock(&store->lock);
    return is_written;
}

int64_t store_put(struct store *store, struct slice s)
{
    pthread_rwlock_wrlock(&store->lock);
    if (store->filled == BLOCK) {
        next_block(store);
    }
    int64_t at = (int64_t)(store->count - 1) * BLOCK + store->filled;
    ptrdiff_t done = 0;
    while (done < s.length) {
        if (store->filled == BLOCK) {
            next_block(store);
        }
        ptrdiff_t part = s.length - done;
        if (part > BLOCK - store->filled) {
            part = BLOCK - store->filled;
        }
        memcpy(store->blocks[store->count - 1] + store->filled, s.data + done, (size_t)part);
        store->filled += part;
        done += part;
    }
    pthread_rwlock_unlock(&store->lock);
    return at;
}

static void read_part(const struct store *store, int64_t at, char *out, ptrdiff_t length)
{
    const char *memory = store->blocks[at / BLOCK];
    if (memory != NULL) {
        memcpy(out, memory + at % BLOCK, (size_t)length);
    } else if (file_read_at(store->descriptor, out, length, at) != length) {
        memory_exhausted(length);
    }
}

/* Bytes are looked at where the system has them: without a copy, and without asking for each piece.
 * When that is not to be had, they are read. */
static void map_before(struct store *store, int64_t length)
{
    void *memory = length > 0
                       ? mmap(NULL, (size_t)length, PROT_READ, MAP_SHARED, store->descriptor, 0)
                       : MAP_FAILED;
    if (memory != MAP_FAILED) {
        store->before = memory;
        store->before_length = length;
    }
}

struct store *store_open_file(int descriptor)
{
    struct stat status;
    struct store *store = new_store(descriptor);
    if (fstat(descriptor, &status) != 0) {
        store_close(store);
        return NULL;
    }
    int64_t length = (int64_t)status.st_size;
    for (int64_t at = 0; at < length; at += BLOCK) {
        append_block(store, NULL);
    }
    ptrdiff_t rest = (ptrdiff_t)(length % BLOCK);
    if (rest > 0) { /* the last block is filled further */
        store->filled = rest;
        store->blocks[store->count - 1] = new_block();
        if (file_read_at(descriptor, store->blocks[store->count - 1], rest, length - rest) !=
            rest) {
            store_close(store);
            return NULL;
        }
    }
    store->flushed = length;
    map_before(store, length - rest);
    return store;
}

struct slice store_look(const struct store *store, int64_t at, ptrdiff_t length,
                        struct arena *arena)
{
    CHECK(at >= 0 && length >= 0);
    return at <= store->before_length - length ? slice_make(store->before + at, length)
                                               : store_get(store, at, length, arena);
}

void store_rest(const struct store *store)
{
    if (store->before_length > 0) {
        madvise((void *)(uintptr_t)store->before, (size_t)store->before_length, MADV_DONTNEED);
    }
}

struct slice store_get(const struct store *store, int64_t at, ptrdiff_t length, struct arena *arena)
{
    if (length == 0) {
        return (struct slice){0};
    }
    char *out = arena_allocate(arena, 1, 1, length);
    /* What a reader may not change is locked for it all the same. */
    pthread_rwlock_t *lock = (pthread_rwlock_t *)&store->lock;
    pthread_rwlock_rdlock(lock);
    CHECK(at >= 0 && (at + length - 1) / BLOCK < store->count);
    ptrdiff_t done = 0;
    while (done < length) {
        ptrdiff_t part = BLOCK - (ptrdiff_t)((at + done) % BLOCK);
        if (part > length - done) {
            part = length - done;
        }
        read_part(store, at + done, out + done, part);
        done += part;
    }
    pthread_rwlock_unlock(lock);
    return slice_make(out, length);
}
