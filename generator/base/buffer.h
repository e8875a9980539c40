/*
 * A growing byte buffer on the heap, for output that is built and let go. Reuse it with
 * buffer_clear. Limit: BUFFER_LIMIT bytes, beyond which memory_exhausted() is called.
 *
 * One for what may be very large may spill, as arenas do: beyond BUFFER_RESIDENT bytes its content
 * lies in a temporary file without a name, mapped into memory, and only what was written last takes
 * memory. Who reads it goes over it in stretches (buffer_stretch). That file can become one with a
 * name (buffer_link): nothing is copied.
 */
#ifndef KYODO_BUFFER_H
#define KYODO_BUFFER_H

#include "slice.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct buffer_spill;
struct buffer {
    char *data;
    ptrdiff_t length;
    ptrdiff_t capacity;
    struct buffer_spill *spill; /* NULL: it stays in memory */
};

#define BUFFER_LIMIT ((ptrdiff_t)16 << 30)
#define BUFFER_RESIDENT ((ptrdiff_t)8 << 20)

void buffer_init(struct buffer *buffer);
/** One that may spill. `folder` is where temporary files may be made, or empty (then it does not),
 * and must live as long. */
void buffer_init_spilling(struct buffer *buffer, struct slice folder);
/** One whose content may become a file below `place`, a folder that is there: it spills to the file
 * system of that, where this is possible, and to `folder` otherwise. Both may be empty. */
void buffer_init_spilling_to(struct buffer *buffer, struct slice place, struct slice folder);
/** Give the file where the content has spilled that name in a folder, with the rights of any new
 * file; nothing may be there. From then on the buffer is for reading only, and clearing or
 * releasing it leaves the file as it is. False, and no harm done, where it has not spilled, or its
 * file can't have that name: linkat(2) of a file by open(2) with O_TMPFILE. */
bool buffer_link(const struct buffer *buffer, int folder, const char *name);
void buffer_release(struct buffer *buffer);
/** The content from `*at` on, a stretch of it, and go on behind that; false at its end. Of what has
 * spilled only this stretch takes memory. */
bool buffer_stretch(const struct buffer *buffer, ptrdiff_t *at, struct slice *stretch);
/** Let what has spilled lie in its file alone until somebody looks at it. */
void buffer_rest(const struct buffer *buffer);
/** The same bytes as a buffer, for reading only; not to be released. */
static inline struct buffer buffer_view(struct slice s)
{
    struct buffer view = {(char *)(uintptr_t)s.data, s.length, s.length, NULL};
    return view;
}
void buffer_clear(struct buffer *buffer);
/** More capacity; buffer_reserve calls it. */
void buffer_grow(struct buffer *buffer, ptrdiff_t extra);

/** Room for `extra` more bytes; returns the address where they may be written. */
static inline char *buffer_reserve(struct buffer *buffer, ptrdiff_t extra)
{
    if (extra > buffer->capacity - buffer->length || buffer->data == NULL) {
        buffer_grow(buffer, extra);
    }
    return buffer->data + buffer->length;
}

static inline void buffer_append(struct buffer *buffer, struct slice s)
{
    if (s.length > 0) {
        memcpy(buffer_reserve(buffer, s.length), s.data, (size_t)s.length);
        buffer->length += s.length;
    }
}

#define buffer_append_literal(buffer, literal) buffer_append((buffer), SLICE(literal))

static inline void buffer_append_byte(struct buffer *buffer, char byte)
{
    *buffer_reserve(buffer, 1) = byte;
    buffer->length++;
}

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
