#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "banned.h"
#include "bug.h"

/* Bytes gathered before one write. */
#define PENDING_BYTES ((ptrdiff_t)64 << 10)

void sink_open_descriptor(struct sink *sink, int descriptor)
{
    *sink = (struct sink){.descriptor = descriptor};
}

void sink_create_file(struct sink *sink, const char *path)
{
    *sink = (struct sink){.owns_descriptor = true};
    do {
        sink->descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    } while (sink->descriptor < 0 && errno == EINTR);
    if (sink->descriptor < 0) {
        sink->error = errno;
    }
}

void sink_open_buffer(struct sink *sink, struct buffer *target)
{
    *sink = (struct sink){.target = target, .descriptor = -1};
}

static void write_all(struct sink *sink, struct slice s)
{
    while (s.length > 0 && sink->error == 0) {
        ssize_t written = write(sink->descriptor, s.data, (size_t)s.length);
        if (written >= 0) {
            s = slice_from(s, written);
        } else if (errno != EINTR) {
            sink->error = errno;
        }
    }
}

void sink_write(struct sink *sink, struct slice s)
{
    if (sink->error != 0) {
        return;
    }
    if (sink->target != NULL) {
        buffer_append(sink->target, s);
        return;
    }
    if (s.length >= PENDING_BYTES - sink->pending.length) {
        sink_flush(sink);
    }
    if (s.length >= PENDING_BYTES) {
        write_all(sink, s);
    } else {
        buffer_append(&sink->pending, s);
    }
}

void sink_write_format(struct sink *sink, const char *format, ...)
{
    if (sink->error != 0) {
        return;
    }
    va_list list;
    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    CHECK(length >= 0);
    struct buffer *buffer = sink->target != NULL ? sink->target : &sink->pending;
    char *at = buffer_reserve(buffer, (ptrdiff_t)length + 1);
    va_start(list, format);
    vsnprintf(at, (size_t)length + 1, format, list);
    va_end(list);
    buffer->length += length;
    if (sink->target == NULL && sink->pending.length >= PENDING_BYTES) {
        sink_flush(sink);
    }
}

void sink_flush(struct sink *sink)
{
    if (sink->target == NULL) {
        write_all(sink, buffer_slice(&sink->pending));
        buffer_clear(&sink->pending);
    }
}

int sink_close(struct sink *sink)
{
    sink_flush(sink);
    if (sink->owns_descriptor && sink->descriptor >= 0) {
        /* After EINTR Linux has closed it all the same; a second close could hit another file. */
        if (close(sink->descriptor) != 0 && errno != EINTR && sink->error == 0) {
            sink->error = errno;
        }
    }
    buffer_release(&sink->pending);
    sink->descriptor = -1;
    sink->target = NULL;
    sink->owns_descriptor = false;
    return sink->error;
}
