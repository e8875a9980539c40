/*
 * UTF-8 (RFC 3629): strict decoding, counting, width on a terminal, normalisation (utf8proc).
 */
#ifndef KYODO_UTF8_H
#define KYODO_UTF8_H

#include "arena.h"
#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Of what is not ASCII; utf8_next calls it. */
int32_t utf8_next_multibyte(struct slice s, ptrdiff_t *at);

/** Decode the code point at byte `*at` and move `*at` behind it. Ill-formed bytes give U+FFFD
 *  and move by one byte. `*at` must be < s.length. */
static inline int32_t utf8_next(struct slice s, ptrdiff_t *at)
{
    const unsigned char *bytes = (const unsigned char *)s.data + *at;
    if (bytes[0] < 0x80) {
        (*at)++;
        return bytes[0];
    }
    /* Kana, Han and others with the lead bytes E1 to EC, which any two continuation bytes follow:
     * nearly all of Japanese text. */
    if (s.length - *at >= 3 && bytes[0] >= 0xE1 && bytes[0] <= 0xEC && (bytes[1] & 0xC0) == 0x80 &&
        (bytes[2] & 0xC0) == 0x80) {
        *at += 3;
        return (bytes[0] & 0x0F) << 12 | (bytes[1] & 0x3F) << 6 | (bytes[2] & 0x3F);
    }
    return utf8_next_multibyte(s, at);
}

/** The code point that ends just before byte `at`; -1 at the start. */
int32_t utf8_previous(struct slice s, ptrdiff_t at);
void utf8_append(struct buffer *buffer, int32_t code_point);
/** Offset of the first byte that is not strict UTF-8 (no surrogates, no overlong forms), or -1. */
ptrdiff_t utf8_find_invalid(struct slice s);
/** Number of code points. */
ptrdiff_t utf8_count(struct slice s);
/** Byte offset of code point number `index` (from 0), at most s.length. */
ptrdiff_t utf8_offset(struct slice s, ptrdiff_t index);
/** Columns on a terminal: 0 for combining marks and controls, 2 for East Asian Wide and
 *  Fullwidth. */
int utf8_width(int32_t code_point);
ptrdiff_t utf8_slice_width(struct slice s);
/** Han, kana (half-width too), full-width forms and CJK punctuation: characters between which a
 *  line break is no space (East_Asian_Width W, F or H without hangul, which does use spaces; CSS
 *  Text 3, 4.1.3). */
bool utf8_is_wide_without_space(int32_t code_point);
/** Unicode punctuation (general category P*) or symbol (S*), as CommonMark 0.31 counts it. */
bool utf8_is_punctuation(int32_t code_point);
bool utf8_is_white_space(int32_t code_point);     /* Unicode White_Space */
bool utf8_is_letter_or_digit(int32_t code_point); /* general category L*, M*, N* */
/** A control character other than tab and newline, or one that turns the direction of text
 *  (U+061C, U+200E, U+200F, U+202A–202E, U+2066–2069), U+2028, U+2029, or one that nobody would
 *  see (U+200B, U+2060, U+FEFF): never sent raw to a terminal. */
bool utf8_is_unsafe_on_terminal(int32_t code_point);
/** NFC; NFD, as a Mac writes names of files; NFKC with case folding and without default-ignorable
 *  characters, like zero-width spaces (for comparing names and for search). Results live in the
 *  arena; ill-formed bytes become U+FFFD. */
struct slice utf8_nfc(struct arena *arena, struct slice s);
struct slice utf8_nfd(struct arena *arena, struct slice s);
struct slice utf8_nfkc_casefold(struct arena *arena, struct slice s);
bool utf8_is_nfc(struct slice s);

#ifdef __cplusplus
}
#endif
#endif
