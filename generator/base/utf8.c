#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "block.h"
#include "bug.h"

#define REPLACEMENT ((int32_t)0xFFFD)
#define EIGHT_HIGH_BITS UINT64_C(0x8080808080808080)

/* Length of the well-formed sequence at `at` and its code point (RFC 3629, table 3-7 of
 * Unicode), or 0. The byte at `at` is not ASCII. */
static int decode_multibyte(const unsigned char *at, ptrdiff_t left, int32_t *code_point)
{
    unsigned char lead = at[0];
    int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left < length) {
        return 0;
    }
    /* The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF. */
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high) {
        return 0;
    }
    int32_t value = lead & (0x7F >> length);
    value = value << 6 | (at[1] & 0x3F);
    for (int i = 2; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | (at[i] & 0x3F);
    }
    *code_point = value;
    return length;
}

int32_t utf8_next_multibyte(struct slice s, ptrdiff_t *at)
{
    int32_t code_point = REPLACEMENT;
    const unsigned char *bytes = (const unsigned char *)s.data + *at;
    int length = decode_multibyte(bytes, s.length - *at, &code_point);
    *at += length > 0 ? length : 1;
    return code_point;
}

int32_t utf8_previous(struct slice s, ptrdiff_t at)
{
    if (at <= 0) {
        return -1;
    }
    for (ptrdiff_t back = 1; back <= 4 && back <= at; back++) {
        unsigned char byte = (unsigned char)s.data[at - back];
        if ((byte & 0xC0) == 0x80) {
            continue;
        }
        ptrdiff_t start = at - back;
        int32_t code_point = utf8_next(slice_sub(s, 0, at), &start);
        return start == at ? code_point : REPLACEMENT;
    }
    return REPLACEMENT;
}

void utf8_append(struct buffer *buffer, int32_t code_point)
{
    if (code_point < 0 || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        code_point = REPLACEMENT;
    }
    char *out = buffer_reserve(buffer, 4);
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        buffer->length += 1;
    } else if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        buffer->length += 2;
    } else if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        buffer->length += 3;
    } else {
        out[0] = (char)(0xF0 | code_point >> 18);
        out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
        out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[3] = (char)(0x80 | (code_point & 0x3F));
        buffer->length += 4;
    }
}

/* Index of the first byte at or after `at` that is not ASCII, eight at a time. */
static ptrdiff_t skip_ascii(struct slice s, ptrdiff_t at)
{
    while (s.length - at >= 8) {
        uint64_t eight;
        memcpy(&eight, s.data + at, sizeof(eight));
        if ((eight & EIGHT_HIGH_BITS) != 0) {
            break;
        }
        at += 8;
    }
    while (at < s.length && (unsigned char)s.data[at] < 0x80) {
        at++;
    }
    return at;
}

/* The characters that utf8_next decodes at once. */
static ptrdiff_t skip_common_three_bytes(struct slice s, ptrdiff_t at)
{
    const unsigned char *bytes = (const unsigned char *)s.data;
    while (s.length - at >= 3 && bytes[at] >= 0xE1 && bytes[at] <= 0xEC &&
           (bytes[at + 1] & 0xC0) == 0x80 && (bytes[at + 2] & 0xC0) == 0x80) {
        at += 3;
    }
    return at;
}

/* Blocks of nothing but ASCII and characters of three bytes whose two others may be any: all but
 * those that begin with E0 and ED. Stops where a character begins. */
static ptrdiff_t skip_common_blocks(struct slice s, ptrdiff_t at)
{
#ifdef __SSE2__
    unsigned int behind = 0; /* bits of the bytes of this block that must go on the one before */
    for (; s.length - at >= BLOCK; at += BLOCK) {
        __m128i block = block_load(s.data + at, BLOCK);
        unsigned int follows = block_below(block, 0xC0);
        unsigned int begins =
            block_below(block, 0xF0) & ~block_below(block, 0xE1) & ~block_equal(block, 0xED);
        unsigned int expected = begins << 1 | begins << 2 | behind;
        if (block_below(block, 0) != (begins | follows) || (expected & 0xFFFF) != follows) {
            break;
        }
        behind = expected >> BLOCK;
    }
    at -= behind == 0 ? 0 : behind == 1 ? 2 : 1;
#endif
    return at;
}

ptrdiff_t utf8_find_invalid(struct slice s)
{
    ptrdiff_t at = 0;
    for (;;) {
        at = skip_ascii(s, skip_common_blocks(s, at));
        at = skip_common_three_bytes(s, at);
        while (at < s.length && (unsigned char)s.data[at] >= 0x80) {
            int32_t code_point;
            int length =
                decode_multibyte((const unsigned char *)s.data + at, s.length - at, &code_point);
            if (length == 0) {
                return at;
            }
            at = skip_common_three_bytes(s, at + length);
        }
        if (at >= s.length) {
            return -1;
        }
    }
}

ptrdiff_t utf8_count(struct slice s)
{
    ptrdiff_t count = 0;
    ptrdiff_t at = 0;
    while (at < s.length) {
        ptrdiff_t next = skip_ascii(s, at);
        count += next - at;
        at = next;
        next = skip_common_three_bytes(s, at);
        count += (next - at) / 3;
        at = next;
        if (at < s.length && (unsigned char)s.data[at] >= 0x80) {
            utf8_next(s, &at);
            count++;
        }
    }
    return count;
}

ptrdiff_t utf8_offset(struct slice s, ptrdiff_t index)
{
    ptrdiff_t at = 0;
    while (index > 0 && at < s.length) {
        utf8_next(s, &at);
        index--;
    }
    return at;
}

int utf8_width(int32_t code_point)
{
    if (code_point < 0x300) {
        bool is_control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
        return is_control || code_point == 0xAD ? 0 : 1;
    }
    if (code_point >= 0x4E00 && code_point <= 0x9FFF) {
        return 2;
    }
    int width = utf8proc_charwidth(code_point);
    return width < 0 ? 0 : width;
}

ptrdiff_t utf8_slice_width(struct slice s)
{
    ptrdiff_t width = 0;
    for (ptrdiff_t at = 0; at < s.length;) {
        width += utf8_width(utf8_next(s, &at));
    }
    return width;
}

static bool is_between(int32_t code_point, int32_t first, int32_t last)
{
    return code_point >= first && code_point <= last;
}

static bool is_hangul(int32_t c)
{
    return is_between(c, 0xAC00, 0xD7A3) || is_between(c, 0x1100, 0x11FF) ||
           is_between(c, 0x3131, 0x318E) || is_between(c, 0xA960, 0xA97C);
}

bool utf8_is_wide_without_space(int32_t code_point)
{
    if (code_point < 0x1100 || is_hangul(code_point)) {
        return false;
    }
    /* A voiced sound mark on the kana before it, combining or half-width, ends a wide character
     * too. */
    if (is_between(code_point, 0x3099, 0x309A) || is_between(code_point, 0xFF61, 0xFF9F)) {
        return true;
    }
    return utf8_width(code_point) == 2;
}

bool utf8_is_punctuation(int32_t code_point)
{
    utf8proc_category_t category = utf8proc_category(code_point);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_SO;
}

bool utf8_is_white_space(int32_t c)
{
    return is_between(c, 0x09, 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           is_between(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

bool utf8_is_letter_or_digit(int32_t code_point)
{
    utf8proc_category_t category = utf8proc_category(code_point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

bool utf8_is_unsafe_on_terminal(int32_t c)
{
    if (c == '\t' || c == '\n') {
        return false;
    }
    return c < 0x20 || is_between(c, 0x7F, 0x9F) || c == 0x061C || c == 0x200B ||
           is_between(c, 0x200E, 0x200F) || is_between(c, 0x2028, 0x202E) || c == 0x2060 ||
           is_between(c, 0x2066, 0x2069) || c == 0xFEFF;
}

/* Whether every character certainly stays as it is under NFC, whatever stands beside it. False
 * for others says nothing yet. The ranges are those of Japanese and Western text without
 * combining marks (NFC_Quick_Check = Yes, combining class 0, in DerivedNormalizationProps.txt). */
static bool is_plainly_nfc(struct slice s)
{
    for (ptrdiff_t at = 0; at < s.length;) {
        int32_t c = utf8_next(s, &at);
        if (!(c < 0x300 || is_between(c, 0x2010, 0x2027) || is_between(c, 0x2030, 0x205E) ||
              is_between(c, 0x2460, 0x27BF) || is_between(c, 0x3000, 0x3029) ||
              is_between(c, 0x3030, 0x3096) || is_between(c, 0x309B, 0x30FF) ||
              is_between(c, 0x3400, 0x9FFF) || is_between(c, 0xAC00, 0xD7A3) ||
              is_between(c, 0xFF01, 0xFFEF))) {
            return false;
        }
    }
    return true;
}

/* utf8proc's mapping; ill-formed bytes become U+FFFD first, because it refuses them. */
static struct slice map_with(struct arena *arena, struct slice s, utf8proc_option_t options)
{
    struct buffer repaired = {0};
    if (utf8_find_invalid(s) >= 0) {
        for (ptrdiff_t at = 0; at < s.length;) {
            utf8_append(&repaired, utf8_next(s, &at));
        }
        s = buffer_slice(&repaired);
    }
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t length =
        utf8proc_map((const utf8proc_uint8_t *)s.data, s.length, &mapped, options);
    if (length < 0) {
        if (length == UTF8PROC_ERROR_NOMEM || length == UTF8PROC_ERROR_OVERFLOW) {
            memory_exhausted(s.length);
        }
        BUG("utf8proc refused well-formed text");
    }
    struct slice result = arena_copy(arena, slice_make((const char *)mapped, length));
    free(mapped);
    buffer_release(&repaired);
    return result;
}

struct slice utf8_nfc(struct arena *arena, struct slice s)
{
    if (utf8_find_invalid(s) < 0 && is_plainly_nfc(s)) {
        return arena_copy(arena, s);
    }
    return map_with(arena, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

struct slice utf8_nfd(struct arena *arena, struct slice s)
{
    return map_with(arena, s, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
}

static struct slice lower_ascii(struct arena *arena, struct slice s)
{
    if (s.length == 0) {
        return arena_copy(arena, s);
    }
    char *out = ARENA_ARRAY(arena, char, s.length);
    for (ptrdiff_t i = 0; i < s.length; i++) {
        char c = s.data[i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    return slice_make(out, s.length);
}

struct slice utf8_nfkc_casefold(struct arena *arena, struct slice s)
{
    if (skip_ascii(s, 0) == s.length) {
        return lower_ascii(arena, s);
    }
    return map_with(arena, s,
                    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                        UTF8PROC_IGNORE);
}

bool utf8_is_nfc(struct slice s)
{
    if (utf8_find_invalid(s) >= 0) {
        return false;
    }
    if (is_plainly_nfc(s)) {
        return true;
    }
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)s.data, s.length, &mapped,
                                           UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (length < 0) {
        memory_exhausted(s.length);
    }
    bool same = slice_equal(s, slice_make((const char *)mapped, length));
    free(mapped);
    return same;
}
