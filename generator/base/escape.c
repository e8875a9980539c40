#include "escape.h"

#include <string.h>

#include "block.h"
#include "utf8.h"

#define REPLACEMENT_CHARACTER "\xEF\xBF\xBD"

/* What a byte needs in HTML and XML. */
enum {
    IN_TEXT = 1,      /* & < > */
    IN_ATTRIBUTE = 2, /* " ' */
    CONTROL = 4,      /* never allowed */
    IN_XML = 8 /* CR, which a parser would turn into LF, and the lead byte of U+FFFE and U+FFFF */
};

static const unsigned char byte_class[256] = {
    [0x00] = CONTROL, [0x01] = CONTROL,     [0x02] = CONTROL,      [0x03] = CONTROL,
    [0x04] = CONTROL, [0x05] = CONTROL,     [0x06] = CONTROL,      [0x07] = CONTROL,
    [0x08] = CONTROL, [0x0B] = CONTROL,     [0x0C] = CONTROL,      [0x0D] = IN_XML,
    [0x0E] = CONTROL, [0x0F] = CONTROL,     [0x10] = CONTROL,      [0x11] = CONTROL,
    [0x12] = CONTROL, [0x13] = CONTROL,     [0x14] = CONTROL,      [0x15] = CONTROL,
    [0x16] = CONTROL, [0x17] = CONTROL,     [0x18] = CONTROL,      [0x19] = CONTROL,
    [0x1A] = CONTROL, [0x1B] = CONTROL,     [0x1C] = CONTROL,      [0x1D] = CONTROL,
    [0x1E] = CONTROL, [0x1F] = CONTROL,     ['&'] = IN_TEXT,       ['<'] = IN_TEXT,
    ['>'] = IN_TEXT,  ['"'] = IN_ATTRIBUTE, ['\''] = IN_ATTRIBUTE, [0xEF] = IN_XML,
};

#ifdef __SSE2__
/* Which of 16 bytes may be of interest to somebody: those below 0x20, and " & ' < > { DEL and EF.
 */
static unsigned int may_be_special(__m128i bytes)
{
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i and_or_apostrophe = /* 0x26 and 0x27 */
        _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(1)), _mm_set1_epi8('\''));
    __m128i less_or_greater = /* 0x3C and 0x3E */
        _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(2)), _mm_set1_epi8('>'));
    __m128i brace_or_delete = /* 0x7B and 0x7F */
        _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(4)), _mm_set1_epi8(0x7F));
    __m128i lead = _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xEF));
    __m128i any = _mm_or_si128(_mm_or_si128(control, _mm_or_si128(quote, lead)),
                               _mm_or_si128(and_or_apostrophe, less_or_greater));
    return (unsigned int)_mm_movemask_epi8(_mm_or_si128(any, brace_or_delete));
}
#endif

static bool is_special(struct slice s, ptrdiff_t at, const unsigned char *kinds, unsigned mask)
{
    return (kinds[(unsigned char)s.data[at]] & mask) != 0;
}

ptrdiff_t escape_find_special(struct slice s, ptrdiff_t at, const unsigned char kinds[256],
                              unsigned mask)
{
#ifdef __SSE2__
    for (; at < s.length; at += BLOCK) {
        unsigned int places = may_be_special(block_load(s.data + at, s.length - at));
        for (; places != 0; places &= places - 1) {
            ptrdiff_t place = at + __builtin_ctz(places);
            if (place >= s.length) { /* the zeros behind the end */
                break;
            }
            if (is_special(s, place, kinds, mask)) {
                return place;
            }
        }
    }
    return s.length;
#else
    while (at < s.length && !is_special(s, at, kinds, mask)) {
        at++;
    }
    return at;
#endif
}

static bool is_noncharacter(struct slice s, ptrdiff_t at)
{
    return s.length - at >= 3 && (unsigned char)s.data[at + 1] == 0xBF &&
           (unsigned char)s.data[at + 2] >= 0xBE;
}

/* Appends what stands for the byte at `at`; returns how many bytes were read. */
static ptrdiff_t append_entity(struct buffer *out, struct slice s, ptrdiff_t at)
{
    switch ((unsigned char)s.data[at]) {
    case '&':
        buffer_append_literal(out, "&amp;");
        return 1;
    case '<':
        buffer_append_literal(out, "&lt;");
        return 1;
    case '>':
        buffer_append_literal(out, "&gt;");
        return 1;
    case '"':
        buffer_append_literal(out, "&quot;");
        return 1;
    case '\'':
        buffer_append_literal(out, "&#39;");
        return 1;
    case '\r':
        buffer_append_literal(out, "&#13;");
        return 1;
    case 0xEF:
        if (!is_noncharacter(s, at)) {
            buffer_append_byte(out, s.data[at]);
            return 1;
        }
        buffer_append_literal(out, REPLACEMENT_CHARACTER);
        return 3;
    default:
        buffer_append_literal(out, REPLACEMENT_CHARACTER);
        return 1;
    }
}

static void escape_markup(struct buffer *out, struct slice s, unsigned mask)
{
    buffer_reserve(out, s.length);
    for (ptrdiff_t at = 0; at < s.length;) {
        ptrdiff_t next = escape_find_special(s, at, byte_class, mask);
        buffer_append(out, slice_sub(s, at, next));
        at = next;
        if (at < s.length) {
            at += append_entity(out, s, at);
        }
    }
}

void escape_html_text(struct buffer *out, struct slice s)
{
    escape_markup(out, s, IN_TEXT | CONTROL);
}

void escape_html_attribute(struct buffer *out, struct slice s)
{
    escape_markup(out, s, IN_TEXT | IN_ATTRIBUTE | CONTROL);
}

void escape_xml(struct buffer *out, struct slice s)
{
    escape_markup(out, s, IN_TEXT | IN_ATTRIBUTE | CONTROL | IN_XML);
}

static bool is_hexadecimal(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static bool stays_in_path(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("/-._~!$&'()*+,;=", c) != NULL);
}

void escape_url_path(struct buffer *out, struct slice s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (ptrdiff_t at = 0; at < s.length; at++) {
        char c = s.data[at];
        bool is_escape = c == '%' && s.length - at > 2 && is_hexadecimal(s.data[at + 1]) &&
                         is_hexadecimal(s.data[at + 2]);
        if (is_escape || stays_in_path(c)) {
            buffer_append_byte(out, c);
        } else {
            unsigned char byte = (unsigned char)c;
            const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            buffer_append(out, slice_make(escape, 3));
        }
    }
}

static bool is_white_space_in_csv(char c)
{
    return c == ' ' || c == '\t';
}

static bool has_csv_marks(struct slice s)
{
#ifdef __SSE2__
    for (ptrdiff_t at = 0; at < s.length; at += BLOCK) {
        __m128i block = block_load(s.data + at, s.length - at);
        if ((block_equal(block, ',') | block_equal(block, '"') | block_equal(block, '\r') |
             block_equal(block, '\n')) != 0) {
            return true;
        }
    }
#else
    for (ptrdiff_t at = 0; at < s.length; at++) {
        if (s.data[at] == ',' || s.data[at] == '"' || s.data[at] == '\r' || s.data[at] == '\n') {
            return true;
        }
    }
#endif
    return false;
}

static bool needs_quotes(struct slice s)
{
    return s.length > 0 && (is_white_space_in_csv(s.data[0]) ||
                            is_white_space_in_csv(s.data[s.length - 1]) || has_csv_marks(s));
}

/* Most fields are short and stay as they are: a block is looked at and written as it is. Rough on
 * purpose: controls, spaces and `!` get a second look as well. */
static bool append_short_field(struct buffer *out, struct slice s)
{
#ifdef __SSE2__
    if (s.length <= BLOCK) {
        __m128i block = block_load(s.data, s.length);
        __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8('"')), block);
        __m128i comma = _mm_cmpeq_epi8(block, _mm_set1_epi8(','));
        unsigned int marks = (unsigned int)_mm_movemask_epi8(_mm_or_si128(low, comma));
        if ((marks & ((1U << s.length) - 1)) == 0) {
            block_store(buffer_reserve(out, BLOCK), block);
            out->length += s.length;
            return true;
        }
    }
#else
    (void)out;
    (void)s;
#endif
    return false;
}

static int digit_of(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

struct slice unescape_url_path(struct arena *arena, struct slice s)
{
    if (slice_find_byte(s, '%', 0) < 0) {
        return s;
    }
    struct buffer out = {0};
    for (ptrdiff_t at = 0; at < s.length; at++) {
        bool is_escape = s.data[at] == '%' && s.length - at > 2 && is_hexadecimal(s.data[at + 1]) &&
                         is_hexadecimal(s.data[at + 2]);
        if (is_escape) {
            buffer_append_byte(&out,
                               (char)(digit_of(s.data[at + 1]) * 16 + digit_of(s.data[at + 2])));
            at += 2;
        } else {
            buffer_append_byte(&out, s.data[at]);
        }
    }
    struct slice plain = arena_copy(arena, buffer_slice(&out));
    buffer_release(&out);
    return utf8_find_invalid(plain) < 0 ? plain : s;
}

void escape_csv_field(struct buffer *out, struct slice s)
{
    if (append_short_field(out, s)) {
        return;
    }
    if (!needs_quotes(s)) {
        buffer_append(out, s);
        return;
    }
    buffer_append_byte(out, '"');
    for (ptrdiff_t at = 0; at < s.length;) {
        ptrdiff_t quote = slice_find_byte(s, '"', at);
        if (quote < 0) {
            buffer_append(out, slice_from(s, at));
            break;
        }
        buffer_append(out, slice_sub(s, at, quote + 1));
        buffer_append_byte(out, '"');
        at = quote + 1;
    }
    buffer_append_byte(out, '"');
}
