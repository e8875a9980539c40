#include "bigrams.h"

/* Kana, half-width kana, Han. */
static bool is_paired(int32_t c)
{
    return (c >= 0x3041 && c <= 0x3096) || (c >= 0x309D && c <= 0x309F) ||
           (c >= 0x30A1 && c <= 0x30FA) || (c >= 0x30FC && c <= 0x30FF) ||
           (c >= 0x3005 && c <= 0x3007) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFF66 && c <= 0xFF9F) || (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_ascii_word(int32_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static int32_t fold_wide(int32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

/* Behind the character at `at` if it is a paired one; else -1. Most Han are known by their first
 * byte. */
static ptrdiff_t behind_paired(struct slice text, ptrdiff_t at)
{
    unsigned char lead = (unsigned char)text.data[at];
    if (lead >= 0xE5 && lead <= 0xE9 && text.length - at >= 3) {
        return at + 3; /* U+5000 to U+9FFF */
    }
    ptrdiff_t next = at;
    return lead >= 0x80 && is_paired(utf8_next(text, &next)) ? next : -1;
}

/* Characters [start, end) and a space, for which there is room. A pair of characters of three bytes
 * is what most of them are. */
static void put(struct buffer *out, struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    char *at = out->data + out->length;
    if (end - start == 6) {
        memcpy(at, text.data + start, 6);
    } else {
        memcpy(at, text.data + start, (size_t)(end - start));
    }
    at[end - start] = ' ';
    out->length += end - start + 1;
}

/* The pairs of a run whose first character ends at `end`; a single character by itself. */
static ptrdiff_t put_pairs(struct buffer *out, struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    ptrdiff_t first = start;
    ptrdiff_t at = end;
    while (at < text.length) {
        ptrdiff_t next = behind_paired(text, at);
        if (next < 0) {
            break;
        }
        put(out, text, first, next);
        first = at;
        at = next;
    }
    if (at == end) {
        put(out, text, start, end);
    }
    return at;
}

static ptrdiff_t put_word(struct buffer *out, struct slice text, ptrdiff_t start)
{
    ptrdiff_t at = start;
    while (at < text.length) {
        ptrdiff_t next = at;
        int32_t c = fold_wide(utf8_next(text, &next));
        if (is_ascii_word(c)) {
            out->data[out->length++] = (char)c;
        } else if (c >= 0x80 && !is_paired(c) && utf8_is_letter_or_digit(c)) {
            put(out, text, at, next);
            out->length--; /* no space yet */
        } else {
            break;
        }
        at = next;
    }
    out->data[out->length++] = ' ';
    return at;
}

void bigrams_append(struct buffer *out, struct slice text)
{
    /* A character of n bytes becomes 2n + 1 at most, and n is 1 at least. */
    buffer_reserve(out, 3 * text.length + 1);
    ptrdiff_t at = 0;
    while (at < text.length) {
        ptrdiff_t next = behind_paired(text, at);
        if (next >= 0) {
            at = put_pairs(out, text, at, next);
            continue;
        }
        next = at;
        int32_t c = fold_wide(utf8_next(text, &next));
        bool begins_word = is_ascii_word(c) || (c >= 0x80 && utf8_is_letter_or_digit(c));
        at = begins_word ? put_word(out, text, at) : next;
    }
}
