/*
 * A growing byte buffer on the heap, for output that is built and let go. Reuse it with
 * buffer_clear. Limit: BUFFER_LIMIT bytes, beyond which memory_exhausted() is called.
 */
#ifndef KYODO_BUFFER_H
#define KYODO_BUFFER_H

#include "slice.h"

#ifdef __cplusplus
extern "C" {
#endif

struct buffer {
    char *data;
    ptrdiff_t length;
    ptrdiff_t capacity;
};

#define BUFFER_LIMIT ((ptrdiff_t)16 << 30)

void buffer_init(struct buffer *buffer);
void buffer_release(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
/** Room for `extra` more bytes; returns the address where they may be written. */
char *buffer_reserve(struct buffer *buffer, ptrdiff_t extra);
void buffer_append(struct buffer *buffer, struct slice s);
#define buffer_append_literal(buffer, literal) buffer_append((buffer), SLICE(literal))
void buffer_append_byte(struct buffer *buffer, char byte);
void buffer_append_integer(struct buffer *buffer, int64_t value);
/** The shortest decimal text that reads back as the same double, never with an exponent for
 *  magnitudes from 1e-7 up to 1e21, and never depending on the locale. NaN and infinities are a
 *  BUG. */
void buffer_append_number(struct buffer *buffer, double value);
void buffer_append_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_append_repeated(struct buffer *buffer, char byte, ptrdiff_t count);
/** A view of the content; valid until the buffer changes. */
struct slice buffer_slice(const struct buffer *buffer);

#ifdef __cplusplus
}
#endif
#endif
