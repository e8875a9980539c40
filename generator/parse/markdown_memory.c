/*
 * Memory for cmark. A document makes hundreds of small nodes that all go at once: taking them from
 * a few large pieces and never giving them back one by one saves a third of cmark's time.
 */
#include "markdown.h"

#include <string.h>

#define HEAP_ALIGNMENT ((ptrdiff_t)16)
#define HEAP_PIECE_LEAST ((ptrdiff_t)16 << 10)

/* cmark_mem's functions are told nothing but sizes and addresses; this is the only way to them. Set
 * for the length of one markdown_parse. */
static _Thread_local struct heap *heap_in_use;

/* Before each block stands its size, so that the last one can grow and go. */
struct block {
    _Alignas(16) ptrdiff_t size;
    _Alignas(16) char bytes[];
};

static ptrdiff_t rounded(ptrdiff_t size)
{
    return (size + HEAP_ALIGNMENT - 1) & -HEAP_ALIGNMENT;
}

static struct block *block_of(void *memory)
{
    return (struct block *)((char *)memory - offsetof(struct block, bytes));
}

static void heap_add_piece(struct heap *heap, ptrdiff_t size)
{
    /* Small at first, for the arena zeroes what it hands out a second time. */
    ptrdiff_t piece = heap->taken / 4 > HEAP_PIECE_LEAST ? heap->taken / 4 : HEAP_PIECE_LEAST;
    piece = size > piece ? size : piece;
    heap->at = arena_allocate(heap->arena, 1, HEAP_ALIGNMENT, piece);
    heap->end = heap->at + piece;
    heap->clean = heap->at;
    heap->taken += piece;
}

/* Not zeroed below heap->clean as it was before the call, which is left in *dirty_end. */
static struct block *heap_take(size_t wanted, char **dirty_end)
{
    struct heap *heap = heap_in_use;
    if (wanted > PTRDIFF_MAX / 2) {
        memory_exhausted(PTRDIFF_MAX);
    }
    ptrdiff_t header = (ptrdiff_t)offsetof(struct block, bytes);
    ptrdiff_t size = rounded((ptrdiff_t)wanted) + header;
    if (size > heap->end - heap->at) {
        heap_add_piece(heap, size);
    }
    struct block *block = (struct block *)(void *)heap->at;
    heap->at += size;
    *dirty_end = heap->clean;
    if (heap->at > heap->clean) {
        heap->clean = heap->at;
    }
    block->size = (ptrdiff_t)wanted;
    return block;
}

static void *heap_calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        memory_exhausted(PTRDIFF_MAX);
    }
    char *dirty_end;
    struct block *block = heap_take(total, &dirty_end);
    if (block->bytes < dirty_end) {
        memset(block->bytes, 0, total);
    }
    return block->bytes;
}

static bool is_last(const struct heap *heap, const struct block *block)
{
    return block->bytes + rounded(block->size) == heap->at;
}

static void *heap_realloc(void *memory, size_t size)
{
    char *dirty_end;
    if (memory == NULL) {
        return heap_take(size, &dirty_end)->bytes;
    }
    struct heap *heap = heap_in_use;
    struct block *block = block_of(memory);
    if (size <= PTRDIFF_MAX / 2 && is_last(heap, block) &&
        rounded((ptrdiff_t)size) <= heap->end - block->bytes) {
        heap->at = block->bytes + rounded((ptrdiff_t)size);
        if (heap->at > heap->clean) {
            heap->clean = heap->at;
        }
        block->size = (ptrdiff_t)size;
        return memory;
    }
    struct block *moved = heap_take(size, &dirty_end);
    memcpy(moved->bytes, block->bytes,
           (size_t)(block->size < (ptrdiff_t)size ? block->size : (ptrdiff_t)size));
    return moved->bytes;
}

static void heap_free(void *memory)
{
    if (memory != NULL && is_last(heap_in_use, block_of(memory))) {
        heap_in_use->at = (char *)block_of(memory);
    }
}

void heap_enter(struct heap *heap, struct arena *arena)
{
    *heap = (struct heap){.arena = arena, .outer = heap_in_use};
    heap_in_use = heap;
}

void heap_leave(struct heap *heap)
{
    CHECK(heap_in_use == heap);
    heap_in_use = heap->outer;
}

cmark_node *heap_parse(struct slice text)
{
    static const cmark_mem functions = {heap_calloc, heap_realloc, heap_free};
    /* cmark only reads them, though its prototype does not say so. */
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, (cmark_mem *)&functions);
    cmark_parser_feed(parser, text.length > 0 ? text.data : "", (size_t)text.length);
    return cmark_parser_finish(parser);
}
