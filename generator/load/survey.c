#include "survey.h"

#include <stdlib.h>

/* Bytes that one thread looks at in one go: they stay in its cache from one question to the next.
 */
#define STRETCH ((ptrdiff_t)256 << 10)
/* From this size on several threads pay. */
#define LARGE ((ptrdiff_t)4 << 20)

struct surveying {
    struct slice text;
    struct survey *found; /* one a stretch */
};

static void look_at_byte(unsigned char c, unsigned char next, struct survey *found)
{
    found->has_unwanted |= (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F ||
                           c == 0xD8 || c == 0xE2 || c == 0xEE ||
                           (c == 0xEF && (next == 0xBB || next == 0xBF || next < 0xA4));
    found->has_nul |= c == 0;
    found->has_angle |= c == '<';
}

/* The first loop is without a branch and has few terms a statement: of more the compiler makes no
 * loop that looks at many bytes at once. Nearly all blocks need no other. The byte behind the block
 * is read, too: full-width signs, EF BC to EF BE, begin as U+FEFF does, and are everywhere. */
static void look_at_64(const unsigned char *block, struct survey *found)
{
    unsigned char rare = 0;
    unsigned char carriage_return = 0;
    for (int i = 0; i < 64; i++) {
        unsigned char c = block[i];
        unsigned char next = block[i + 1];
        rare |= (unsigned char)((c < 0x20) & (c != '\n') & (c != '\r'));
        rare |= (unsigned char)((c == '<') | (c == 0x7F) | (c == 0xD8) | (c == 0xE2));
        rare |= (unsigned char)(c == 0xEE);
        rare |= (unsigned char)((c == 0xEF) & (next != 0xBC) & (next != 0xBD) & (next != 0xBE));
        carriage_return |= c == '\r';
    }
    found->has_return |= carriage_return != 0;
    for (int i = 0; i < 64 && rare != 0; i++) {
        look_at_byte(block[i], block[i + 1], found);
    }
}

/* The end of a stretch, at most three bytes on so that no character is cut. */
static ptrdiff_t stretch_start(struct slice text, ptrdiff_t at)
{
    for (int i = 0; i < 3 && at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80;
         i++) {
        at++;
    }
    return at < text.length ? at : text.length;
}

static void survey_stretch(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    const struct surveying *surveying = context;
    struct survey *found = &surveying->found[index];
    struct slice text = surveying->text;
    ptrdiff_t start = index > 0 ? stretch_start(text, index * STRETCH) : 0;
    struct slice stretch = slice_sub(text, start, stretch_start(text, (index + 1) * STRETCH));
    found->is_utf8 = utf8_find_invalid(stretch) < 0;
    ptrdiff_t at = 0;
    for (; stretch.length - at > 64; at += 64) {
        look_at_64((const unsigned char *)stretch.data + at, found);
    }
    unsigned char rest[65];
    for (ptrdiff_t i = 0; i < 65; i++) {
        rest[i] = at + i < stretch.length ? (unsigned char)stretch.data[at + i] : ' ';
    }
    look_at_64(rest, found);
}

struct survey survey_text(struct slice text, struct pool *pool)
{
    ptrdiff_t count = text.length / STRETCH + 1;
    struct survey *found = calloc((size_t)count, sizeof(*found));
    if (found == NULL) {
        memory_exhausted(count * (ptrdiff_t)sizeof(*found));
    }
    struct surveying surveying = {.text = text, .found = found};
    if (pool != NULL && text.length >= LARGE) {
        pool_run(pool, count, survey_stretch, &surveying);
    } else {
        for (ptrdiff_t i = 0; i < count; i++) {
            survey_stretch(&surveying, i, 0);
        }
    }
    struct survey all = {.is_utf8 = true};
    for (ptrdiff_t i = 0; i < count; i++) {
        all.is_utf8 = all.is_utf8 && found[i].is_utf8;
        all.has_nul |= found[i].has_nul;
        all.has_unwanted |= found[i].has_unwanted;
        all.has_angle |= found[i].has_angle;
        all.has_return |= found[i].has_return;
    }
    free(found);
    return all;
}
