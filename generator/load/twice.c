/*
 * Recognises text that was decoded twice: UTF-8 bytes that some program took for CP932 or for
 * Windows-1252 (Latin-1) and saved as UTF-8 again.
 *
 * Three bytes of UTF-8 for a Japanese character, E3 81 AE for の, become one and a half characters
 * of CP932 (縺ｮ) or three of Windows-1252. Both ways are undone here; what then reads as two
 * Japanese characters or more was decoded twice. Real text never does: in CP932 its bytes are no
 * UTF-8.
 */
#include <iconv.h>
#include <string.h>

#include "block.h"
#include "decode.h"

/* Places that are undone and looked at, at most: text made to look suspicious must not cost more.
 */
#define TRIES_MOST 64
/* Bytes of CP932 that are looked at from one place on. */
#define WINDOW 48

/* Bit c - 0x6200 is set for the characters that twice_is_lead tells of; a test compares it with
 * iconv. The last word has none and stands for all characters outside. */
#define LEADS_FIRST 0x6200
#define LEADS_WORDS 464
static const uint32_t LEADS[LEADS_WORDS + 1] = {
    0x00000000, 0x00000000, 0x00000100, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00400000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00200000, 0x00000000,
    0x00000000, 0x04040000, 0x66400000, 0xBA000680, 0x185D5308, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x05000000, 0x81337020, 0x01000381, 0x641011CC, 0x0344C008, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00004000, 0x00000000, 0x41820D04, 0x80042000, 0x08001800, 0xD2040000, 0x0E18000A,
    0x01C00248, 0x02368808, 0x00010021, 0x10280000, 0x844846A0, 0x00200505, 0x00000000, 0x00100800,
    0x00080000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x88000000, 0x0A008000,
    0x04062749, 0x88900220, 0x82885000, 0x01104509, 0x80000004, 0x28088804, 0x000508D1, 0x40C48001,
    0x0062E020, 0x00000004, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00002000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x48000000, 0x00820017,
    0x04D11080, 0x40080941, 0x8C40D202, 0x20129800, 0x064C5001, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x84000000, 0x00215102, 0x15001004, 0x00106624, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x0000001C, 0x90000000, 0x0080E008, 0x04000000, 0x07108424,
    0x40626820, 0x42600082, 0x41478200, 0x20448100, 0x00008687, 0x00228100, 0x08000000, 0x00000014,
    0x02040004, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x5A002181, 0x10703408, 0x00000026,
    0x00000000, 0x0000C102, 0xF0009804, 0x00841040, 0x01A02000, 0x03570580, 0x10606A00, 0x02000000,
    0x000A6150, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000800, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x40000000, 0x88A02000, 0x00000E34, 0x00000000, 0x10012000, 0xC01A8001, 0x0892C84C,
    0x85000040, 0x0004C7AC, 0x0102E018, 0x00100000, 0x80CA0008, 0x00100101, 0x00000001, 0x00000000,
};

/* Asked of every character of three bytes, so nothing is decided before the word is there: in
 * Japanese text the processor would guess wrong half of the time. */
static inline bool is_lead(int32_t code_point)
{
    uint32_t index = (uint32_t)code_point - LEADS_FIRST;
    uint32_t word = index / 32;
    return (LEADS[word < LEADS_WORDS ? word : LEADS_WORDS] >> (index % 32) & 1) != 0;
}

bool twice_is_lead(int32_t code_point)
{
    return is_lead(code_point);
}

/* Kana, CJK punctuation, kanji, full-width forms. */
static bool is_japanese(int32_t c)
{
    return (c >= 0x3000 && c <= 0x30FF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xFF00 && c <= 0xFFEF);
}

/* Bytes that were undone, and where in the text each came from. */
struct undone {
    char bytes[WINDOW + 4];
    ptrdiff_t from[WINDOW + 5]; /* from[i]: offset in the text; from[length]: one past the last */
    ptrdiff_t length;
};

/* Read the undone bytes as UTF-8: true when it gives `wanted` Japanese characters or more and
 * little else. */
static bool read_undone(const struct undone *undone, int wanted, struct twice *found)
{
    struct slice bytes = {undone->bytes, undone->length};
    int characters = 0;
    ptrdiff_t covered = 0;
    ptrdiff_t last = 0;
    found->original_length = 0;
    for (ptrdiff_t at = 0; at < bytes.length;) {
        ptrdiff_t start = at;
        int32_t c = utf8_next(bytes, &at);
        ptrdiff_t size = at - start;
        if (!is_japanese(c) || size != 3) {
            continue;
        }
        characters++;
        covered += size;
        last = at;
        if (found->original_length + size <= (ptrdiff_t)sizeof(found->original)) {
            memcpy(found->original + found->original_length, bytes.data + start, (size_t)size);
            found->original_length += size;
        }
    }
    /* The last byte of the text is often lost: two bytes of three count as well. */
    unsigned char lead = last + 2 == bytes.length ? (unsigned char)bytes.data[last] : 0;
    if (lead >= 0xE3 && lead <= 0xE9 && ((unsigned char)bytes.data[last + 1] & 0xC0) == 0x80) {
        characters++;
        covered += 2;
        last += 2;
    }
    if (characters < wanted || covered * 10 < last * 6) {
        return false;
    }
    found->start = undone->from[0];
    found->end = undone->from[last];
    return true;
}

/* ---- Read as CP932 ---- */

/* From `at` on, back to the bytes of CP932 as long as they are not ASCII. */
static void undo_cp932(struct slice text, ptrdiff_t at, struct undone *undone)
{
    undone->length = 0;
    iconv_t converter = iconv_open("CP932", "UTF-8");
    CHECK(converter != (iconv_t)-1);
    while (at < text.length && undone->length < WINDOW && (unsigned char)text.data[at] >= 0x80) {
        ptrdiff_t next = at;
        utf8_next(text, &next);
        char *in = (char *)(uintptr_t)text.data + at;
        size_t left = (size_t)(next - at);
        char *out = undone->bytes + undone->length;
        size_t room = 2;
        if (iconv(converter, &in, &left, &out, &room) == (size_t)-1) {
            break;
        }
        ptrdiff_t end = out - undone->bytes;
        for (; undone->length < end; undone->length++) {
            undone->from[undone->length] = at;
        }
        undone->from[end] = next;
        at = next;
    }
    iconv_close(converter);
}

/* All suspicious characters, U+6248 to U+9BC0, begin with one of four bytes, E6 to E9. */
static inline unsigned char begins_kanji(char c)
{
    return (unsigned char)((unsigned char)c - 0xE6) <= 3;
}

/* The character of three bytes at `at`; the text is UTF-8 throughout. */
static int32_t three_bytes(struct slice text, ptrdiff_t at)
{
    return (text.data[at] & 0x0F) << 12 | (text.data[at + 1] & 0x3F) << 6 |
           (text.data[at + 2] & 0x3F);
}

/* The next character that twice_is_lead tells of, from `at` on; the end when there is none. */
static ptrdiff_t next_lead(struct slice text, ptrdiff_t at)
{
#ifdef __SSE2__
    for (; text.length - at >= BLOCK + 2; at += BLOCK) {
        __m128i block = block_load(text.data + at, BLOCK);
        unsigned int begins = block_below(block, 0xEA) & ~block_below(block, 0xE6);
        for (; begins != 0; begins &= begins - 1) {
            ptrdiff_t place = at + __builtin_ctz(begins);
            if (is_lead(three_bytes(text, place))) {
                return place;
            }
        }
    }
#endif
    for (; text.length - at >= 3; at++) {
        if (begins_kanji(text.data[at]) && is_lead(three_bytes(text, at))) {
            return at;
        }
    }
    return text.length;
}

static bool find_cp932(struct slice text, struct twice *found)
{
    ptrdiff_t at = 0;
    for (int tries = 0; tries < TRIES_MOST; tries++) {
        at = next_lead(text, at);
        if (at == text.length) {
            return false;
        }
        struct undone undone;
        undo_cp932(text, at, &undone);
        if (read_undone(&undone, 2, found)) {
            return true;
        }
        at += 3;
    }
    return false;
}

/* ---- Read as Windows-1252 ---- */

/* What Windows-1252 has at 80 to 9F; 0 where it has nothing and the byte stays a control. */
static const uint16_t WINDOWS_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* The byte that a character stood for in Windows-1252 or Latin-1, or -1. */
static int byte_of(int32_t c)
{
    if (c >= 0x80 && c <= 0xFF) {
        return (int)c;
    }
    for (int i = 0; i < 32; i++) {
        if (WINDOWS_1252[i] == c && c != 0) {
            return 0x80 + i;
        }
    }
    return -1;
}

static void undo_windows_1252(struct slice text, ptrdiff_t at, struct undone *undone)
{
    undone->length = 0;
    while (at < text.length && undone->length < WINDOW && (unsigned char)text.data[at] >= 0x80) {
        ptrdiff_t next = at;
        int byte = byte_of(utf8_next(text, &next));
        if (byte < 0) {
            break;
        }
        undone->bytes[undone->length] = (char)byte;
        undone->from[undone->length++] = at;
        undone->from[undone->length] = next;
        at = next;
    }
}

/* Programs that drop what Windows-1252 does not define leave `å”åƒ` of 協働: nothing but first
 * bytes, each followed by one or two others. What it was is lost. */
static bool read_lossy(const struct undone *undone, struct twice *found)
{
    int leads = 0;
    int behind = 1;
    for (ptrdiff_t i = 0; i < undone->length; i++) {
        unsigned char byte = (unsigned char)undone->bytes[i];
        bool is_lead = byte >= 0xE3 && byte <= 0xE9;
        if ((is_lead && behind == 0) || (!is_lead && (byte >= 0xC0 || behind == 2))) {
            return false;
        }
        leads += is_lead;
        behind = is_lead ? 0 : behind + 1;
    }
    if (leads < 2 || behind == 0) {
        return false;
    }
    found->start = undone->from[0];
    found->end = undone->from[undone->length];
    memcpy(found->original, "\xE2\x80\xA6", 3); /* … */
    found->original_length = 3;
    return true;
}

/* `ã` to `é` are what the first byte of a Japanese character looks like. */
static bool find_windows_1252(struct slice text, struct twice *found)
{
    int tries = 0;
    for (ptrdiff_t at = 0; tries < TRIES_MOST; at++) {
        at = slice_find_byte(text, '\xC3', at);
        if (at < 0) {
            return false;
        }
        unsigned char second = at + 1 < text.length ? (unsigned char)text.data[at + 1] : 0;
        if (second < 0xA3 || second > 0xA9) {
            continue;
        }
        tries++;
        struct undone undone;
        undo_windows_1252(text, at, &undone);
        /* One whole character is enough when a control stands in it: no text in a Latin script has
         * those. */
        bool has_control = false;
        for (ptrdiff_t i = at; i + 1 < text.length && i < at + 8; i++) {
            has_control |= text.data[i] == '\xC2' && (unsigned char)text.data[i + 1] < 0xA0;
        }
        if (read_undone(&undone, has_control ? 1 : 2, found) || read_lossy(&undone, found)) {
            return true;
        }
    }
    return false;
}

bool twice_decoded(struct slice text, struct twice *found)
{
    text = slice_sub(text, 0, TWICE_LIMIT);
    return find_cp932(text, found) || find_windows_1252(text, found);
}
