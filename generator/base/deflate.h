/*
 * deflate (RFC 1951) by zlib, for .gz files and for archives. The same bytes give the same stream,
 * whatever the number of threads.
 *
 * Text of more than twice DEFLATE_PIECE bytes is cut at ends of lines, and each piece is packed for
 * itself. Pieces lie on a shelf, by what was in them: those that several files have in common (a
 * table as CSV, as CSV for Excel and in its archive) are packed once, and threads that are at it at
 * the same time share the work. Which lines end a piece is told by what they say, so that behind an
 * edit the pieces soon are those that they were, and who has them from an earlier run need not pack
 * them again.
 *
 * zlib takes the first good match, as its levels 1 to 3 do, but looks for longer ones than these
 * and remembers more of what a match covers. Beside level 6 that takes half the time, for pages,
 * registers and cases alike, and gives 3 to 5 bytes more of a hundred for pages, 4 to 15 for data;
 * level 3 as it is gives 6 to 30 more in no less time. Levels above 6 give nothing that is worth
 * theirs.
 *
 * A quicker setting would have to give at most 3 bytes more of a hundred for a quarter less time.
 * None does, on the pages, the search index and the data of 5,000 cases: a chain half as long takes
 * a twelfth less for 0.3 more of pages and 4 of data; what takes a fifth less (8 remembered, 64
 * long enough, a chain of 8) gives 4 more of pages, 6 of the index, 17 of data; level 1, 11 and 44.
 * More memory for zlib (level 9) takes longer.
 */
#ifndef KYODO_DEFLATE_H
#define KYODO_DEFLATE_H

#include <stddef.h>

#include "arena.h"
#include "buffer.h"
#include "hash.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DEFLATE_PIECE ((ptrdiff_t)1 << 20)

/** Pieces that were packed; used by all threads. It forgets nothing and takes no more when it is
 * full. */
struct deflate_shelf;
struct deflate_shelf *deflate_shelf_new(void);
void deflate_shelf_free(struct deflate_shelf *shelf);

/** A piece of a stream: what was in it, and what became of that. */
struct packed_piece {
    struct hash_128 hash; /* of its bytes */
    int64_t length;
    struct hash_128 packed_hash; /* of what they were packed to */
    int32_t packed_length;
    uint32_t crc; /* CRC-32 of its bytes */
};
/** By what it is known: hash and length. */
static inline struct slice packed_piece_key(const struct packed_piece *piece)
{
    return slice_make((const char *)piece, (ptrdiff_t)offsetof(struct packed_piece, packed_hash));
}
/** Looks for the piece whose hash and length are told; where it was packed before, appends the
 * packed bytes to `out` and tells the rest of it. Any thread may call it. */
typedef bool (*deflate_past)(void *context, struct packed_piece *piece, struct buffer *out);
/** From now on pieces are looked for there before they are packed. */
void deflate_shelf_look_in(struct deflate_shelf *shelf, deflate_past past, void *context);

/** One thread's compressor; it keeps its state of 256 kB from one file to the next. */
struct deflater;
/** `shelf` may be NULL: nothing is shared. */
struct deflater *deflater_new(struct deflate_shelf *shelf);
void deflater_free(struct deflater *deflater);
/** Append the stream of `bytes` to `out`; returns their CRC-32. */
uint32_t deflater_pack(struct deflater *deflater, const struct buffer *bytes, struct buffer *out);
/** The pieces of the last stream that was packed, as they follow each other; none of a small one.
 */
const struct packed_piece *deflater_pieces(const struct deflater *deflater, ptrdiff_t *count);
/** What a stream depends on beside the content: library, version, and how it is used here. */
struct slice deflate_name(struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
