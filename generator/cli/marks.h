/*
 * Private to cli: the block `translated` in a translation's front matter, as text. Nothing else of
 * the file is touched: comments, quotes, line ends and the order of fields stay as people wrote
 * them.
 */
#ifndef KYODO_MARKS_H
#define KYODO_MARKS_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Append to `out` the file's bytes with a block that says `marks` (section -> hash; at least one):
 * in the place of the one that is there, else at the end of the front matter. False when that can't
 * be done so that everything else reads as before: no front matter, broken YAML, a mapping in
 * braces, no UTF-8. */
bool marks_put(struct slice bytes, const struct map *marks, struct arena *arena,
               struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
