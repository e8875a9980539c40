/*
 * A vector is any struct with members `data`, `length`, `capacity` (declare it with VECTOR(type)).
 * It grows in an arena; old storage stays in the arena, so a vector that grows long-lived should be
 * told its size with VECTOR_RESERVE.
 *
 *     VECTOR(int) numbers = {0};
 *     *VECTOR_PUSH(arena, &numbers) = 7;
 */
#ifndef KYODO_VECTOR_H
#define KYODO_VECTOR_H

#include "arena.h"

#define VECTOR(type)        \
    struct {                \
        type *data;         \
        ptrdiff_t length;   \
        ptrdiff_t capacity; \
    }

/** Address of a new zeroed last element. */
#define VECTOR_PUSH(arena, vector)                                                         \
    (vector_grow((arena), (void **)&(vector)->data, (vector)->length, &(vector)->capacity, \
                 (ptrdiff_t)sizeof(*(vector)->data), (vector)->length + 1),                \
     &(vector)->data[(vector)->length++])
#define VECTOR_RESERVE(arena, vector, count)                                              \
    vector_grow((arena), (void **)&(vector)->data, (vector)->length, &(vector)->capacity, \
                (ptrdiff_t)sizeof(*(vector)->data), (count))

/** Make room for `wanted` elements of `size` bytes; new memory is zeroed. */
void vector_grow(struct arena *arena, void **data, ptrdiff_t length, ptrdiff_t *capacity,
                 ptrdiff_t size, ptrdiff_t wanted);

#endif
