/*
 * Where bytes go: a file, a descriptor or a buffer. The first error sticks: later writes do
 * nothing, and sink_close tells. A caller looks once, at the end.
 */
#ifndef KYODO_SINK_H
#define KYODO_SINK_H

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sink {
    struct buffer pending;
    struct buffer *target; /* when it writes into memory */
    int descriptor;        /* else; -1 when none */
    bool owns_descriptor;
    int error; /* errno of the first failure, 0 while there is none */
};

/** Writes to an open descriptor; not closed by sink_close. */
void sink_open_descriptor(struct sink *sink, int descriptor);
/** Creates `path` (O_EXCL, mode 0644 under the umask); failure shows in sink_close. */
void sink_create_file(struct sink *sink, const char *path);
/** Appends to a buffer of the caller's. */
void sink_open_buffer(struct sink *sink, struct buffer *target);
void sink_write(struct sink *sink, struct slice s);
#define sink_write_literal(sink, literal) sink_write((sink), SLICE(literal))
void sink_write_format(struct sink *sink, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void sink_flush(struct sink *sink);
/** Flush, close what it owns, and return 0 or the errno of the first failure. */
int sink_close(struct sink *sink);

#ifdef __cplusplus
}
#endif
#endif
