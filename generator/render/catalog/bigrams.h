/*
 * Text as full-text search needs it where words are not apart: Japanese becomes its overlapping
 * pairs of characters (市民協働 -> 市民 民協 協働), everything else its words; all separated by
 * spaces. Punctuation goes; full-width letters and digits become ASCII. Whoever searches for more
 * than two characters asks for their pairs as a phrase: "市民 民協 協働".
 */
#ifndef KYODO_RENDER_BIGRAMS_H
#define KYODO_RENDER_BIGRAMS_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

void bigrams_append(struct buffer *out, struct slice text);

#ifdef __cplusplus
}
#endif
#endif
