/*
 * Private to publish: gzip (RFC 1952) by zlib. The same bytes give the same file: no time, no name
 * and no system stands in its header.
 */
#ifndef KYODO_PACKER_H
#define KYODO_PACKER_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Artefacts below this many bytes are not packed: they travel in one packet as they are. */
#define PACKED_LEAST 256

/** One thread's compressor; it keeps its 256 kB of state from one file to the next. */
struct packer;
struct packer *packer_new(void);
void packer_free(struct packer *packer);
/** Put the gzip file of `bytes` in `out`, which is emptied first; false when it would not be
 * smaller. */
bool packer_pack(struct packer *packer, struct slice bytes, struct buffer *out);
/** What the packed bytes depend on beside the content: library, version and level. */
struct slice packer_name(struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
