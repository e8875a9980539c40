/*
 * Private to publish: gzip (RFC 1952). The same bytes give the same file: no time, no name and no
 * system stands in its header.
 */
#ifndef KYODO_PACKER_H
#define KYODO_PACKER_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Artefacts below this many bytes are not packed: they travel in one packet as they are. */
#define PACKED_LEAST 256

/** Bytes before the stream. */
#define PACKED_HEAD 10

/** Put the gzip file of `bytes` in `out`, which is emptied first; false when it would not be
 * smaller. */
bool packer_pack(struct deflater *deflater, const struct buffer *bytes, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
