#include "deflate.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

#include "bug.h"
#include "map.h"

/* Level 3 has 4, 6, 32, 32 for these four. */
#define LEVEL 3
#define GOOD_MATCH 4
#define REMEMBERED 32 /* bytes of the longest match that is remembered byte by byte */
#define LONGEST_MATCH 258
#define CHAIN 32
#define RAW_WINDOW_BITS (-15)
#define MEMORY_LEVEL 8
/* One of so many lines may end a piece. */
#define CHOSEN_LINES 16
/* Packed bytes on a shelf, at most. */
/* After so many pieces those that are packed are let go (buffer_rest). */
#define PIECES_RESIDENT 8

#define SHELF_MOST ((ptrdiff_t)64 << 20)
/* Ends a stream whose last block was not marked as the last: an empty block that is. */
static const char LAST_BLOCK[2] = {3, 0};

struct deflater {
    z_stream stream;
    struct deflate_shelf *shelf;
    struct packed_piece *pieces; /* of the last stream */
    ptrdiff_t piece_count;
    ptrdiff_t piece_capacity;
};

/* ---- The shelf ---- */

struct shelved {
    struct packed_piece piece;
    struct slice packed;
    bool is_done;
};

struct deflate_shelf {
    pthread_mutex_t lock;
    pthread_cond_t one_done;
    struct arena arena;
    struct map pieces; /* packed_piece_key -> struct shelved */
    deflate_past past; /* NULL: there is none */
    void *context;     /* of `past` */
};

struct deflate_shelf *deflate_shelf_new(void)
{
    struct deflate_shelf *shelf = calloc(1, sizeof(*shelf));
    if (shelf == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*shelf));
    }
    pthread_mutex_init(&shelf->lock, NULL);
    pthread_cond_init(&shelf->one_done, NULL);
    arena_init(&shelf->arena, ARENA_DEFAULT_LIMIT);
    return shelf;
}

void deflate_shelf_free(struct deflate_shelf *shelf)
{
    if (shelf != NULL) {
        arena_release(&shelf->arena);
        pthread_cond_destroy(&shelf->one_done);
        pthread_mutex_destroy(&shelf->lock);
        free(shelf);
    }
}

void deflate_shelf_look_in(struct deflate_shelf *shelf, deflate_past past, void *context)
{
    shelf->past = past;
    shelf->context = context;
}

/* The place of a piece. `*is_mine`: nobody has packed it, the caller shall. NULL when there is no
 * room for another one. */
static struct shelved *shelf_claim(struct deflate_shelf *shelf, const struct packed_piece *piece,
                                   bool *is_mine)
{
    pthread_mutex_lock(&shelf->lock);
    struct shelved *place = map_get(&shelf->pieces, packed_piece_key(piece));
    *is_mine = place == NULL && shelf->arena.used < SHELF_MOST;
    if (*is_mine) {
        place = ARENA_NEW(&shelf->arena, struct shelved);
        place->piece = *piece;
        map_insert(&shelf->pieces, &shelf->arena, packed_piece_key(&place->piece), NULL)
            ->value.pointer = place;
    }
    pthread_mutex_unlock(&shelf->lock);
    return place;
}

static void shelf_put(struct deflate_shelf *shelf, struct shelved *place,
                      const struct packed_piece *piece, struct slice packed)
{
    pthread_mutex_lock(&shelf->lock);
    place->packed = arena_copy(&shelf->arena, packed);
    place->piece = *piece;
    place->is_done = true;
    pthread_cond_broadcast(&shelf->one_done);
    pthread_mutex_unlock(&shelf->lock);
}

static void shelf_wait(struct deflate_shelf *shelf, const struct shelved *place)
{
    pthread_mutex_lock(&shelf->lock);
    while (!place->is_done) {
        pthread_cond_wait(&shelf->one_done, &shelf->lock);
    }
    pthread_mutex_unlock(&shelf->lock);
}

/* ---- zlib ---- */

struct deflater *deflater_new(struct deflate_shelf *shelf)
{
    struct deflater *deflater = calloc(1, sizeof(*deflater));
    if (deflater == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*deflater));
    }
    int status = deflateInit2(&deflater->stream, LEVEL, Z_DEFLATED, RAW_WINDOW_BITS, MEMORY_LEVEL,
                              Z_DEFAULT_STRATEGY);
    if (status == Z_MEM_ERROR) {
        memory_exhausted((ptrdiff_t)1 << -RAW_WINDOW_BITS);
    }
    CHECK(status == Z_OK);
    deflater->shelf = shelf;
    return deflater;
}

void deflater_free(struct deflater *deflater)
{
    if (deflater != NULL) {
        deflateEnd(&deflater->stream);
        free(deflater->pieces);
        free(deflater);
    }
}

/* `flush`: Z_FINISH for a whole stream, Z_FULL_FLUSH for a piece of one. A piece is small enough
 * for zlib to take it at once. */
static void pack_piece(struct deflater *deflater, struct slice piece, int flush, struct buffer *out)
{
    z_stream *stream = &deflater->stream;
    CHECK(deflateReset(stream) == Z_OK);
    CHECK(deflateTune(stream, GOOD_MATCH, REMEMBERED, LONGEST_MATCH, CHAIN) == Z_OK);
    ptrdiff_t most = (ptrdiff_t)deflateBound(stream, (uLong)piece.length) + 16;
    stream->next_in = (z_const Bytef *)(uintptr_t)piece.data;
    stream->avail_in = (uInt)piece.length;
    stream->next_out = (Bytef *)buffer_reserve(out, most);
    stream->avail_out = (uInt)most;
    int status = deflate(stream, flush);
    CHECK(stream->avail_in == 0 && status == (flush == Z_FINISH ? Z_STREAM_END : Z_OK));
    out->length += most - (ptrdiff_t)stream->avail_out;
}

static uint32_t crc_of(struct slice s)
{
    return (uint32_t)crc32_z(0, (const Bytef *)s.data, (z_size_t)s.length);
}

/* ---- Pieces ---- */

struct part {
    struct slice bytes;
    struct packed_piece piece;
    struct shelved *place; /* NULL: it lies in `own` */
    struct buffer own;
};

/* The end of the piece that begins at `at`: behind the first line after its size whose hash says
 * so. Of the line in which its size is reached only a part is seen: that ends it when no other
 * does. */
static ptrdiff_t piece_end(struct slice bytes, ptrdiff_t at)
{
    if (bytes.length - at <= 2 * DEFLATE_PIECE) {
        return bytes.length;
    }
    ptrdiff_t least = at + DEFLATE_PIECE;
    struct slice rest = slice_sub(bytes, least, least + DEFLATE_PIECE);
    ptrdiff_t first = slice_find_byte(rest, '\n', 0) + 1;
    ptrdiff_t start = first;
    for (ptrdiff_t end; start > 0 && (end = slice_find_byte(rest, '\n', start)) >= 0;) {
        if (hash_64(slice_sub(rest, start, end)) % CHOSEN_LINES == 0) {
            return least + end + 1;
        }
        start = end + 1;
    }
    return least + first;
}

static void pack_part(struct deflater *deflater, struct part *part)
{
    struct deflate_shelf *shelf = deflater->shelf;
    struct packed_piece *piece = &part->piece;
    bool is_mine = false;
    *piece = (struct packed_piece){.hash = hash_128(part->bytes), .length = part->bytes.length};
    if (shelf != NULL) {
        part->place = shelf_claim(shelf, piece, &is_mine);
    }
    if (part->place != NULL && !is_mine) {
        return; /* somebody has packed it, or is about to */
    }
    if (shelf == NULL || shelf->past == NULL || !shelf->past(shelf->context, piece, &part->own)) {
        pack_piece(deflater, part->bytes, Z_FULL_FLUSH, &part->own);
        piece->crc = crc_of(part->bytes);
        piece->packed_length = (int32_t)part->own.length;
        piece->packed_hash = hash_128(buffer_slice(&part->own));
    }
    if (is_mine) {
        shelf_put(shelf, part->place, piece, buffer_slice(&part->own));
        buffer_release(&part->own);
    }
}

/* Append what a part was packed to, by whomever. */
static void append_part(struct deflater *deflater, struct part *part, struct buffer *out)
{
    struct slice packed = buffer_slice(&part->own);
    if (part->place != NULL) {
        shelf_wait(deflater->shelf, part->place);
        packed = part->place->packed;
        part->piece = part->place->piece;
    }
    buffer_append(out, packed);
    buffer_release(&part->own);
    deflater->pieces[deflater->piece_count++] = part->piece;
}

static void make_room(struct deflater *deflater, ptrdiff_t pieces)
{
    if (pieces > deflater->piece_capacity) {
        ptrdiff_t size = pieces * (ptrdiff_t)sizeof(*deflater->pieces);
        struct packed_piece *room = realloc(deflater->pieces, (size_t)size);
        if (room == NULL) {
            memory_exhausted(size);
        }
        deflater->pieces = room;
        deflater->piece_capacity = pieces;
    }
}

static uint32_t pack_parts(struct deflater *deflater, const struct buffer *whole,
                           struct buffer *out)
{
    struct slice bytes = buffer_slice(whole);
    ptrdiff_t most = bytes.length / DEFLATE_PIECE + 1;
    struct part *parts = calloc((size_t)most, sizeof(*parts));
    if (parts == NULL) {
        memory_exhausted(most * (ptrdiff_t)sizeof(*parts));
    }
    make_room(deflater, most);
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at < bytes.length; count++) {
        ptrdiff_t end = piece_end(bytes, at);
        parts[count].bytes = slice_sub(bytes, at, end);
        pack_part(deflater, &parts[count]);
        if (count % PIECES_RESIDENT == 0) {
            buffer_rest(whole);
        }
        at = end;
    }
    uint32_t crc = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        append_part(deflater, &parts[i], out);
        crc = (uint32_t)crc32_combine(crc, parts[i].piece.crc, (z_off_t)parts[i].bytes.length);
    }
    free(parts);
    buffer_append(out, slice_make(LAST_BLOCK, (ptrdiff_t)sizeof(LAST_BLOCK)));
    return crc;
}

uint32_t deflater_pack(struct deflater *deflater, const struct buffer *bytes, struct buffer *out)
{
    deflater->piece_count = 0;
    if (bytes->length > 2 * DEFLATE_PIECE) {
        return pack_parts(deflater, bytes, out);
    }
    pack_piece(deflater, buffer_slice(bytes), Z_FINISH, out);
    return crc_of(buffer_slice(bytes));
}

const struct packed_piece *deflater_pieces(const struct deflater *deflater, ptrdiff_t *count)
{
    *count = deflater->piece_count;
    return deflater->pieces;
}

struct slice deflate_name(struct arena *arena)
{
    return arena_format(arena, "zlib-%s-%d-%d-%d", zlibVersion(), LEVEL, REMEMBERED, CHOSEN_LINES);
}
