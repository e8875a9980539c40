/* Numbers in few bytes: seven bits in each, the least first, the highest bit where more follow
 * (LEB128). */
#include "search.h"

void search_put_number(struct buffer *out, uint64_t number)
{
    while (number >= 0x80) {
        buffer_append_byte(out, (char)(unsigned char)(number | 0x80));
        number >>= 7;
    }
    buffer_append_byte(out, (char)(unsigned char)number);
}

uint64_t search_take_number(struct slice s, ptrdiff_t *at)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && *at < s.length; shift += 7) {
        unsigned char byte = (unsigned char)s.data[(*at)++];
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    return number;
}
