#include "packer.h"

/* Magic number, deflate, no flags, no time, no extra flags, no system. */
static const char HEADER[PACKED_HEAD] = {'\x1F', '\x8B', 8, 0, 0, 0, 0, 0, 0, '\xFF'};

static void put_32(struct buffer *out, uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8) {
        buffer_append_byte(out, (char)(value >> shift & 0xFF));
    }
}

bool packer_pack(struct deflater *deflater, const struct buffer *bytes, struct buffer *out)
{
    buffer_clear(out);
    buffer_append(out, slice_make(HEADER, (ptrdiff_t)sizeof(HEADER)));
    uint32_t crc = deflater_pack(deflater, bytes, out);
    put_32(out, crc);
    put_32(out, (uint32_t)bytes->length);
    return out->length < bytes->length;
}
