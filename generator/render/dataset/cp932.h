/*
 * CP932, the Shift_JIS of Windows: which characters it holds, and text in it.
 *
 * A character is in it when it comes back as itself; glibc would write some others as look-alikes.
 */
#ifndef KYODO_RENDER_CP932_H
#define KYODO_RENDER_CP932_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cp932;
struct cp932 *cp932_open(void);
void cp932_close(struct cp932 *cp932);
/** Byte of the first character at or after `from` that CP932 lacks, or -1. */
ptrdiff_t cp932_find_lost(struct cp932 *cp932, struct slice text, ptrdiff_t from);
/** Append the text; nothing, and false, when CP932 lacks one of its characters. */
bool cp932_append(struct cp932 *cp932, struct slice text, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
