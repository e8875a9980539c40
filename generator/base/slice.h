/*
 * A slice: `length` bytes at `data`, UTF-8 unless said otherwise, not NUL-terminated, not owned.
 * The empty slice may have a NULL `data`. A slice into a loaded file makes a position a
 * subtraction.
 */
#ifndef KYODO_SLICE_H
#define KYODO_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct slice {
    const char *data;
    ptrdiff_t length;
};

/** A slice of a string literal. */
#define SLICE(literal) ((struct slice){(literal), (ptrdiff_t)sizeof(literal) - 1})
/** The same where C wants a constant. */
#define SLICE_CONSTANT(literal)                   \
    {                                             \
        (literal), (ptrdiff_t)sizeof(literal) - 1 \
    }
/** For printf: `"%.*s", SLICE_ARGUMENTS(s)`. */
#define SLICE_ARGUMENTS(s) (int)(s).length, (s).data ? (s).data : ""

static inline struct slice slice_make(const char *data, ptrdiff_t length)
{
    struct slice s = {data, length};
    return s;
}

/** NUL-terminated; NULL gives the empty slice. */
struct slice slice_of(const char *string);

static inline bool slice_is_empty(struct slice s)
{
    return s.length == 0;
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, (size_t)a.length) == 0);
}

/** Order of bytes (which for UTF-8 is the order of code points): <0, 0, >0. */
int slice_compare(struct slice a, struct slice b);
bool slice_equal_ignoring_ascii_case(struct slice a, struct slice b);
bool slice_starts_with(struct slice s, struct slice prefix);
bool slice_ends_with(struct slice s, struct slice suffix);
/** Index of the first occurrence at or after `from`, or -1. */
ptrdiff_t slice_find(struct slice s, struct slice needle, ptrdiff_t from);
/** The same of one byte. */
ptrdiff_t slice_find_byte(struct slice s, char byte, ptrdiff_t from);
/** The first of any of three bytes. */
ptrdiff_t slice_find_any(struct slice s, char a, char b, char c, ptrdiff_t from);
ptrdiff_t slice_find_last_byte(struct slice s, char byte);
/** Bytes [start, end); both are clamped into the slice. */
struct slice slice_sub(struct slice s, ptrdiff_t start, ptrdiff_t end);
struct slice slice_from(struct slice s, ptrdiff_t start);
/** Without ASCII white space at both ends; `slice_trim_wide` also drops U+3000 and U+00A0. */
struct slice slice_trim(struct slice s);
struct slice slice_trim_wide(struct slice s);
/** Cut at the first `separator`: returns what stands before it and moves `*rest` behind it. When
 *  there is none the whole is returned and `*rest` becomes empty with data NULL, so
 *  `while (rest.data) { part = slice_cut(&rest, ','); … }` sees every part, empty ones too. */
struct slice slice_cut(struct slice *rest, char separator);
/** A whole decimal integer with optional sign, nothing else around it; false if not or on
 *  overflow. */
bool slice_to_integer(struct slice s, int64_t *out);
/** The digits from `*at` on, at most `most` of them and 9 at all events; `*at` goes behind them.
 * False, with 0, when there is none. */
bool slice_take_digits(struct slice s, ptrdiff_t *at, int most, int *out);
/** A decimal number `-?digits(.digits)?([eE][+-]?digits)?` by the C locale's rules, whatever the
 *  locale. */
bool slice_to_number(struct slice s, double *out);
/** Edit distance (optimal string alignment over bytes' code points, capped): for "did you mean".
 *  Returns the distance or `limit + 1` when it is larger than `limit`. */
int slice_distance(struct slice a, struct slice b, int limit);

#ifdef __cplusplus
}
#endif
#endif
