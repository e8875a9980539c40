/* Private to the cache: which program this is. */
#ifndef KYODO_PROGRAM_H
#define KYODO_PROGRAM_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Append what tells this program and the libraries that it runs with from any others: the build id
 * of each, or, of one that has none, where it lies and its stamp. */
void program_identify(struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
