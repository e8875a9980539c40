/*
 * Numbers and texts one behind the other, as bytes, for files that only the program that wrote them
 * reads. What reads them back never goes beyond the end: a text that is too short gives zeros and
 * empty texts, and says so at the end.
 */
#ifndef KYODO_WIRE_H
#define KYODO_WIRE_H

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct wire {
    struct slice rest;
    bool is_broken; /* something was missing */
};

void wire_put_number(struct buffer *out, int64_t value);
/** Bytes whose number the reader knows. */
void wire_put_bytes(struct buffer *out, const void *bytes, ptrdiff_t count);
/** A text of less than 2 GiB; that there is none (data NULL) is told from an empty one. */
void wire_put_text(struct buffer *out, struct slice text);

int64_t wire_take_number(struct wire *wire);
/** The number of things that follow, each of `least` bytes or more. */
ptrdiff_t wire_take_count(struct wire *wire, ptrdiff_t least);
void wire_take_bytes(struct wire *wire, void *bytes, ptrdiff_t count);
/** Bytes whose number the reader knows, as a slice of the wire itself. */
struct slice wire_take_slice(struct wire *wire, ptrdiff_t count);
/** A slice of the wire itself, with a NUL behind it. */
struct slice wire_take_text(struct wire *wire);

#ifdef __cplusplus
}
#endif
#endif
