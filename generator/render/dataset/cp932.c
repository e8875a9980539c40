#include "cp932.h"

#include <errno.h>
#include <iconv.h>

/* Nothing beyond the Basic Multilingual Plane is in CP932. */
#define CODE_POINTS 0x10000
#define BLOCK ((ptrdiff_t)1 << 16)

enum { UNKNOWN, HELD, LOST };

struct cp932 {
    iconv_t encoder;
    iconv_t decoder;
    unsigned char state[CODE_POINTS];
};

struct cp932 *cp932_open(void)
{
    struct cp932 *cp932 = calloc(1, sizeof(*cp932));
    if (cp932 == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*cp932));
    }
    cp932->encoder = iconv_open("CP932", "UTF-8");
    cp932->decoder = iconv_open("UTF-8", "CP932");
    CHECK(cp932->encoder != (iconv_t)-1 && cp932->decoder != (iconv_t)-1);
    return cp932;
}

void cp932_close(struct cp932 *cp932)
{
    iconv_close(cp932->encoder);
    iconv_close(cp932->decoder);
    free(cp932);
}

/* Whether the bytes of one character are the same after the way there and back. */
static bool comes_back(struct cp932 *cp932, struct slice character)
{
    char there[8];
    char back[8];
    char *in = (char *)(uintptr_t)character.data;
    size_t left = (size_t)character.length;
    char *out = there;
    size_t room = sizeof(there);
    if (iconv(cp932->encoder, &in, &left, &out, &room) == (size_t)-1) {
        iconv(cp932->encoder, NULL, NULL, NULL, NULL);
        return false;
    }
    in = there;
    left = (size_t)(out - there);
    out = back;
    room = sizeof(back);
    if (iconv(cp932->decoder, &in, &left, &out, &room) == (size_t)-1) {
        iconv(cp932->decoder, NULL, NULL, NULL, NULL);
        return false;
    }
    return slice_equal(slice_make(back, out - back), character);
}

ptrdiff_t cp932_find_lost(struct cp932 *cp932, struct slice text, ptrdiff_t from)
{
    ptrdiff_t at = from;
    while (at < text.length) {
        if ((unsigned char)text.data[at] < 0x80) {
            at++;
            continue;
        }
        ptrdiff_t start = at;
        int32_t code_point = utf8_next(text, &at);
        if (code_point >= CODE_POINTS) {
            return start;
        }
        if (cp932->state[code_point] == UNKNOWN) {
            cp932->state[code_point] = comes_back(cp932, slice_sub(text, start, at)) ? HELD : LOST;
        }
        if (cp932->state[code_point] == LOST) {
            return start;
        }
    }
    return -1;
}

void cp932_append(struct cp932 *cp932, struct slice text, struct buffer *out)
{
    char *in = (char *)(uintptr_t)text.data;
    size_t left = (size_t)text.length;
    while (left > 0) {
        char *start = buffer_reserve(out, BLOCK);
        char *end = start;
        size_t room = (size_t)BLOCK;
        size_t result = iconv(cp932->encoder, &in, &left, &end, &room);
        CHECK(result != (size_t)-1 || errno == E2BIG);
        out->length += end - start;
    }
}
