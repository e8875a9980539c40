/*
 * Private to diag: text as a terminal may get it. Controls and characters that turn the
 * direction of text become escapes such as <U+202E>, ill-formed bytes U+FFFD, a tab four spaces.
 */
#ifndef KYODO_VISIBLE_H
#define KYODO_VISIBLE_H

#include "base.h"

void visible_append(struct buffer *out, struct slice s);
/** Columns that the character takes in what visible_append makes of it. */
int visible_width(int32_t code_point);
ptrdiff_t visible_slice_width(struct slice s);

#endif
