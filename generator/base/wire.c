#include "wire.h"

#include <string.h>

void wire_put_bytes(struct buffer *out, const void *bytes, ptrdiff_t count)
{
    buffer_append(out, slice_make(bytes, count));
}

void wire_put_number(struct buffer *out, int64_t value)
{
    wire_put_bytes(out, &value, (ptrdiff_t)sizeof(value));
}

void wire_put_text(struct buffer *out, struct slice text)
{
    wire_put_number(out, text.data != NULL ? text.length : -1);
    buffer_append(out, text);
    buffer_append_byte(out, '\0');
}

/* The next bytes; NULL when there are not so many. */
static const char *take(struct wire *wire, int64_t count)
{
    if (wire->is_broken || count < 0 || count > wire->rest.length) {
        wire->is_broken = true;
        return NULL;
    }
    const char *bytes = wire->rest.data;
    wire->rest = slice_make(bytes + count, wire->rest.length - (ptrdiff_t)count);
    return bytes;
}

void wire_take_bytes(struct wire *wire, void *bytes, ptrdiff_t count)
{
    const char *taken = take(wire, count);
    if (taken != NULL) {
        memcpy(bytes, taken, (size_t)count);
    } else {
        memset(bytes, 0, (size_t)count);
    }
}

struct slice wire_take_slice(struct wire *wire, ptrdiff_t count)
{
    const char *taken = take(wire, count);
    return taken != NULL ? slice_make(taken, count) : (struct slice){NULL, 0};
}

int64_t wire_take_number(struct wire *wire)
{
    int64_t value;
    wire_take_bytes(wire, &value, (ptrdiff_t)sizeof(value));
    return value;
}

ptrdiff_t wire_take_count(struct wire *wire, ptrdiff_t least)
{
    int64_t count = wire_take_number(wire);
    if (count < 0 || count > wire->rest.length / least) {
        wire->is_broken = true;
        return 0;
    }
    return (ptrdiff_t)count;
}

struct slice wire_take_text(struct wire *wire)
{
    int64_t length = wire_take_number(wire);
    bool is_none = length == -1;
    const char *taken = take(wire, is_none ? 1 : length < INT32_MAX ? length + 1 : -1);
    if (taken == NULL || taken[is_none ? 0 : length] != '\0') {
        wire->is_broken = true;
        return (struct slice){NULL, 0};
    }
    return is_none ? (struct slice){NULL, 0} : slice_make(taken, (ptrdiff_t)length);
}
