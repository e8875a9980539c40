#include "sound.h"

/* A byte that may begin something unwanted: a control other than tab and line ends, DEL, or the
 * first byte of U+061C, of U+200B, U+202A and their like, of U+E000 and what follows it, or, with
 * the next, of U+F000, U+FEFF and U+FFFD. */
static inline unsigned char is_suspicious(unsigned char c, unsigned char next)
{
    return ((c < 0x20) & (c != '\t') & (c != '\n') & (c != '\r')) | (c == 0x7F) | (c == 0xD8) |
           (c == 0xE2) | (c == 0xEE) |
           ((c == 0xEF) & ((next == 0xBB) | (next == 0xBF) | (next < 0xA4)));
}

/* Has no width: the zero width space, the word joiner, and the byte order mark, whose place at the
 * beginning of a file has been passed when this is asked. */
static bool is_invisible(int32_t c)
{
    return c == 0x200B || c == 0x2060 || c == 0xFEFF;
}

/* Each machine has its own signs there: those that a city had made for names (外字). */
static bool is_private_use(int32_t c)
{
    return c >= 0xE000 && c <= 0xF8FF;
}

static bool turns_direction(int32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* Bytes that are looked at in one go. */
#define BLOCK 64

/* Nearly all of a text: the compiler makes a few wide comparisons of this. The byte behind the
 * block is read, too. */
static bool block_is_plain(const char *block)
{
    unsigned char found = 0;
    for (int i = 0; i < BLOCK; i++) {
        found |= is_suspicious((unsigned char)block[i], (unsigned char)block[i + 1]);
    }
    return found == 0;
}

/* The first suspicious byte from `at` on, or the end. */
static ptrdiff_t next_suspicious(struct slice text, ptrdiff_t at)
{
    for (;;) {
        while (text.length - at > BLOCK && block_is_plain(text.data + at)) {
            at += BLOCK;
        }
        ptrdiff_t stop = text.length - at > BLOCK ? at + BLOCK : text.length;
        for (; at < stop; at++) {
            char next = '\0';
            if (at + 1 < text.length) {
                next = text.data[at + 1];
            }
            if (is_suspicious((unsigned char)text.data[at], (unsigned char)next)) {
                return at;
            }
        }
        if (at == text.length) {
            return at;
        }
    }
}

static void find_unwanted(struct source *source, struct slice text, struct diag *diag)
{
    for (ptrdiff_t at = 0; (at = next_suspicious(text, at)) < text.length;) {
        ptrdiff_t start = at;
        int32_t c = utf8_next(text, &at);
        enum code code = c < 0x20 || c == 0x7F ? CODE_text_control
                         : turns_direction(c)  ? CODE_text_direction
                         : is_invisible(c)     ? CODE_text_invisible
                         : is_private_use(c)   ? CODE_text_private_use
                         : c == 0xFFFD         ? CODE_text_replaced
                                               : CODE_COUNT;
        if (code != CODE_COUNT) {
            char name[16];
            int length = snprintf(name, sizeof(name), "U+%04X", (unsigned)c);
            DIAG(diag, code, span_make(source, start, at), slice_make(name, length));
        }
    }
}

/* The next line that begins with seven times `mark` and a space or its end, as git writes it; -1
 * for none. */
static ptrdiff_t find_mark(struct slice text, char mark, ptrdiff_t at)
{
    while ((at = slice_find_byte(text, mark, at)) >= 0) {
        ptrdiff_t start = at;
        while (at < text.length && text.data[at] == mark) {
            at++;
        }
        bool begins = start == 0 || text.data[start - 1] == '\n' || text.data[start - 1] == '\r';
        bool ends = at == text.length || text.data[at] == ' ' || text.data[at] == '\n' ||
                    text.data[at] == '\r';
        if (begins && ends && at - start == 7) {
            return start;
        }
    }
    return -1;
}

/* An opening mark counts when a closing one follows: `<<<<<<<` alone may be somebody's own drawing.
 */
static bool find_conflict(struct source *source, struct slice text, struct diag *diag)
{
    ptrdiff_t at = find_mark(text, '<', 0);
    if (at < 0 || find_mark(text, '>', at) < 0) {
        return false;
    }
    DIAG(diag, CODE_file_conflict, span_make(source, at, at + 7), SLICE("<<<<<<<"));
    return true;
}

bool text_is_sound(struct source *source, const struct survey *survey, struct diag *diag)
{
    struct slice text = source_text(source);
    if (survey->has_angle && find_conflict(source, text, diag)) {
        return false;
    }
    if (survey->has_unwanted) {
        find_unwanted(source, text, diag);
    }
    return true;
}
