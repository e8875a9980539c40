/* Folding of texts, and the terms in them. The script does the same with queries, so what changes
 * here changes there. */
#include "search.h"

/* ---- Folding ---- */

/* Whether NFKC and case folding leave a character as it is, whatever stands beside it: what
 * Japanese text is mostly made of; all of three bytes. False says nothing yet. */
static bool is_plain(int32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x3096) ||
           (c >= 0x30A1 && c <= 0x30FE) || (c >= 0x3001 && c <= 0x301F) ||
           (c >= 0x2010 && c <= 0x2015 && c != 0x2011) || (c >= 0x2018 && c <= 0x201D) ||
           (c >= 0x3400 && c <= 0x4DBF);
}

/* One line; false, with nothing appended, when a character needs the tables. Full-width forms of
 * ASCII and the wide space have a simple rule. */
static bool fold_plain(struct slice line, struct buffer *out)
{
    ptrdiff_t before = out->length;
    char *to = buffer_reserve(out, line.length);
    ptrdiff_t length = 0;
    for (ptrdiff_t at = 0; at < line.length;) {
        ptrdiff_t start = at;
        unsigned char byte = (unsigned char)line.data[at];
        int32_t c = byte;
        if (byte < 0x80) {
            at++;
        } else {
            c = utf8_next(line, &at);
        }
        if (c >= 0xFF01 && c <= 0xFF5E) {
            c -= 0xFEE0;
        } else if (c == 0x3000) {
            c = ' ';
        }
        if (c < 0x80) {
            to[length++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        } else if (is_plain(c)) {
            memcpy(to + length, line.data + start, 3);
            length += 3;
        } else {
            return false;
        }
    }
    out->length = before + length;
    return true;
}

void search_fold(struct slice s, struct arena *scratch, struct buffer *out)
{
    struct slice rest = s;
    while (rest.data != NULL) {
        struct slice line = slice_cut(&rest, '\n');
        if (!fold_plain(line, out)) {
            buffer_append(out, utf8_nfkc_casefold(scratch, line));
        }
        buffer_append_byte(out, '\n');
    }
}

/* ---- Terms ---- */

/* Han and kana, with their marks of repetition and length: written without spaces between words. */
static bool is_wide(int32_t c)
{
    if (c < 0x3005) {
        return false;
    }
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3005 && c <= 0x3007) ||
           (c >= 0x3041 && c <= 0x3096) || (c >= 0x309D && c <= 0x309F) ||
           (c >= 0x30A1 && c <= 0x30FA) || (c >= 0x30FC && c <= 0x30FF) ||
           (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_word(int32_t c)
{
    if (c < 0x80) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
    return !is_wide(c) && utf8_is_letter_or_digit(c);
}

static void take_word(struct search_cursor *cursor, ptrdiff_t start, struct search_term *term)
{
    ptrdiff_t end = cursor->at;
    for (int count = 1; cursor->at < cursor->text.length; count++) {
        ptrdiff_t next = cursor->at;
        if (!is_word(utf8_next(cursor->text, &next))) {
            break;
        }
        cursor->at = next;
        end = count < SEARCH_WORD_MOST ? next : end;
    }
    term->text = slice_sub(cursor->text, start, end);
    term->key = 0;
}

static void take_single(struct search_cursor *cursor, struct search_term *term)
{
    term->text =
        slice_make(cursor->text.data + cursor->wide_start, cursor->at - cursor->wide_start);
    term->key = (uint64_t)cursor->wide << 32;
    cursor->is_single_due = false;
}

/* The wide character `c` at [start, next). */
static void take_wide(struct search_cursor *cursor, int32_t c, ptrdiff_t start, ptrdiff_t next,
                      struct search_term *term)
{
    int32_t before = cursor->wide;
    term->text = slice_make(cursor->text.data + cursor->wide_start, next - cursor->wide_start);
    term->key = (uint64_t)before << 32 | (uint64_t)c;
    cursor->at = next;
    cursor->wide = c;
    cursor->wide_start = start;
    cursor->is_single_due = true;
    if (before == 0) {
        take_single(cursor, term);
    }
}

bool search_next_term(struct search_cursor *cursor, struct search_term *term)
{
    struct slice text = cursor->text;
    if (cursor->is_single_due) {
        take_single(cursor, term);
        return true;
    }
    while (cursor->at < text.length) {
        ptrdiff_t start = cursor->at;
        ptrdiff_t next = start;
        int32_t c = (unsigned char)text.data[next];
        if (c < 0x80) {
            next++;
        } else {
            c = utf8_next(text, &next);
        }
        if (is_wide(c)) {
            take_wide(cursor, c, start, next, term);
            return true;
        }
        cursor->wide = 0;
        cursor->at = next;
        if (is_word(c)) {
            take_word(cursor, start, term);
            return true;
        }
    }
    return false;
}

int search_compare(struct slice a, struct slice b)
{
    ptrdiff_t shorter = a.length < b.length ? a.length : b.length;
    for (ptrdiff_t i = 0; i < shorter; i++) {
        unsigned char x = (unsigned char)a.data[i];
        unsigned char y = (unsigned char)b.data[i];
        if (x != y) {
            /* Four bytes are two code units, the first of which is below U+E000. */
            bool is_swapped = x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0);
            return is_swapped == (x < y) ? 1 : -1;
        }
    }
    return a.length == b.length ? 0 : a.length < b.length ? -1 : 1;
}

/* Kana and the letters of ASCII have a bucket each, Han one for 128 of them. */
int search_bucket(struct slice term)
{
    ptrdiff_t at = 0;
    int32_t c = utf8_next(term, &at);
    if (c < 0x80) {
        return c;
    }
    if (c < 0x3041) {
        return 128;
    }
    if (c < 0x3100) {
        return 129 + (c - 0x3041);
    }
    if (c < 0x4E00) {
        return 320;
    }
    if (c < 0xA000) {
        return 321 + (c - 0x4E00) / 128;
    }
    if (c < 0xE000) {
        return 485;
    }
    return c >= 0x10000 ? 486 : 487;
}
