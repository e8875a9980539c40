/* Arithmetic that notices overflow: each returns false and leaves *out alone when it would
 * overflow. */
#ifndef KYODO_CHECKED_H
#define KYODO_CHECKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool checked_add(ptrdiff_t a, ptrdiff_t b, ptrdiff_t *out)
{
    ptrdiff_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

static inline bool checked_multiply(ptrdiff_t a, ptrdiff_t b, ptrdiff_t *out)
{
    ptrdiff_t product;
    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out = product;
    return true;
}

#endif
