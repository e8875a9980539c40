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
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static int32_t fold_wide(int32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

/* The pairs of a run; a single character by itself. */
static ptrdiff_t append_pairs(struct buffer *out, struct slice text, ptrdiff_t start)
{
    ptrdiff_t at = start;
    ptrdiff_t first = start;
    utf8_next(text, &at);
    ptrdiff_t second = at;
    bool has_pair = false;
    while (at < text.length) {
        ptrdiff_t next = at;
        if (!is_paired(utf8_next(text, &next))) {
            break;
        }
        buffer_append(out, slice_sub(text, first, next));
        buffer_append_byte(out, ' ');
        has_pair = true;
        first = second;
        second = next;
        at = next;
    }
    if (!has_pair) {
        buffer_append(out, slice_sub(text, start, at));
        buffer_append_byte(out, ' ');
    }
    return at;
}

static ptrdiff_t append_word(struct buffer *out, struct slice text, ptrdiff_t start)
{
    ptrdiff_t at = start;
    while (at < text.length) {
        ptrdiff_t next = at;
        int32_t c = fold_wide(utf8_next(text, &next));
        if (is_ascii_word(c)) {
            buffer_append_byte(out, (char)c);
        } else if (c >= 0x80 && !is_paired(c) && utf8_is_letter_or_digit(c)) {
            buffer_append(out, slice_sub(text, at, next));
        } else {
            break;
        }
        at = next;
    }
    buffer_append_byte(out, ' ');
    return at;
}

void bigrams_append(struct buffer *out, struct slice text)
{
    ptrdiff_t at = 0;
    while (at < text.length) {
        ptrdiff_t next = at;
        int32_t c = fold_wide(utf8_next(text, &next));
        if (is_paired(c)) {
            at = append_pairs(out, text, at);
        } else if (is_ascii_word(c) || (c >= 0x80 && utf8_is_letter_or_digit(c))) {
            at = append_word(out, text, at);
        } else {
            at = next;
        }
    }
}
