#include "cp932.h"

#include <iconv.h>

/* Nothing beyond the Basic Multilingual Plane is in CP932. */
#define CODE_POINTS 0x10000

enum { UNKNOWN, HELD, LOST };

/* What iconv said of a character; it is asked once. */
struct answer {
    unsigned char state;
    unsigned char length; /* of its bytes in CP932, when they are HELD */
    char bytes[2];
};

struct cp932 {
    iconv_t encoder;
    iconv_t decoder;
    struct answer answers[CODE_POINTS];
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

/* A character is held when its bytes are the same after the way there and back. */
static void ask(struct cp932 *cp932, struct slice character, struct answer *answer)
{
    char there[2];
    char back[8];
    char *in = (char *)(uintptr_t)character.data;
    size_t left = (size_t)character.length;
    char *out = there;
    size_t room = sizeof(there);
    answer->state = LOST;
    if (iconv(cp932->encoder, &in, &left, &out, &room) == (size_t)-1) {
        iconv(cp932->encoder, NULL, NULL, NULL, NULL);
        return;
    }
    answer->length = (unsigned char)(out - there);
    memcpy(answer->bytes, there, sizeof(there));
    in = there;
    left = answer->length;
    out = back;
    room = sizeof(back);
    if (iconv(cp932->decoder, &in, &left, &out, &room) == (size_t)-1) {
        iconv(cp932->decoder, NULL, NULL, NULL, NULL);
        return;
    }
    if (slice_equal(slice_make(back, out - back), character)) {
        answer->state = HELD;
    }
}

static ptrdiff_t skip_ascii(struct slice text, ptrdiff_t at)
{
    while (at < text.length && (unsigned char)text.data[at] < 0x80) {
        at++;
    }
    return at;
}

/* The answer for the character at `*at`, which is moved behind it; NULL for one that no answer is
 * kept of, and which is lost. */
static const struct answer *answer_at(struct cp932 *cp932, struct slice text, ptrdiff_t *at)
{
    ptrdiff_t start = *at;
    int32_t code_point = utf8_next(text, at);
    if (code_point >= CODE_POINTS) {
        return NULL;
    }
    struct answer *answer = &cp932->answers[code_point];
    if (answer->state == UNKNOWN) {
        ask(cp932, slice_sub(text, start, *at), answer);
    }
    return answer;
}

ptrdiff_t cp932_find_lost(struct cp932 *cp932, struct slice text, ptrdiff_t from)
{
    for (ptrdiff_t at = skip_ascii(text, from); at < text.length; at = skip_ascii(text, at)) {
        ptrdiff_t start = at;
        const struct answer *answer = answer_at(cp932, text, &at);
        if (answer == NULL || answer->state == LOST) {
            return start;
        }
    }
    return -1;
}

bool cp932_append(struct cp932 *cp932, struct slice text, struct buffer *out)
{
    /* No character takes more bytes than in UTF-8. */
    char *to = buffer_reserve(out, text.length + 2);
    for (ptrdiff_t at = 0; at < text.length;) {
        ptrdiff_t end = skip_ascii(text, at);
        memcpy(to, text.data + at, (size_t)(end - at));
        to += end - at;
        at = end;
        while (at < text.length && (unsigned char)text.data[at] >= 0x80) {
            const struct answer *answer = answer_at(cp932, text, &at);
            if (answer == NULL || answer->state == LOST) {
                return false;
            }
            memcpy(to, answer->bytes, sizeof(answer->bytes));
            to += answer->length;
        }
    }
    out->length = to - out->data;
    return true;
}
