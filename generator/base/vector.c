#include "vector.h"

#include <string.h>

#include "bug.h"
#include "checked.h"

#define FIRST_CAPACITY 8

void vector_grow(struct arena *arena, void **data, ptrdiff_t length, ptrdiff_t *capacity,
                 ptrdiff_t size, ptrdiff_t wanted)
{
    if (wanted <= *capacity) {
        return;
    }
    ptrdiff_t doubled;
    if (!checked_multiply(*capacity, 2, &doubled)) {
        memory_exhausted(PTRDIFF_MAX);
    }
    ptrdiff_t count = doubled > FIRST_CAPACITY ? doubled : FIRST_CAPACITY;
    if (count < wanted) {
        count = wanted;
    }
    ptrdiff_t bytes;
    if (!checked_multiply(count, size, &bytes)) {
        memory_exhausted(PTRDIFF_MAX);
    }
    ptrdiff_t old_bytes = *capacity * size;
    if (*data != NULL && arena_extend(arena, (char *)*data + old_bytes, bytes - old_bytes)) {
        *capacity = count;
        return;
    }
    void *grown = arena_allocate(arena, size, (ptrdiff_t) _Alignof(max_align_t), count);
    if (*data != NULL && length > 0) {
        memcpy(grown, *data, (size_t)(length * size));
    }
    *data = grown;
    *capacity = count;
}
