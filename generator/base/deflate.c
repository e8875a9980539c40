#include "deflate.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

#include "bug.h"
#include "hash.h"
#include "map.h"

/* Level 3 has 4, 6, 32, 32 for these four. */
#define LEVEL 3
#define GOOD_MATCH 4
#define REMEMBERED 32 /* bytes of the longest match that is remembered byte by byte */
#define LONGEST_MATCH 258
#define CHAIN 32
#define RAW_WINDOW_BITS (-15)
#define MEMORY_LEVEL 8
/* Packed bytes on a shelf, at most. */
#define SHELF_MOST ((ptrdiff_t)64 << 20)
/* Ends a stream whose last block was not marked as the last: an empty block that is. */
static const char LAST_BLOCK[2] = {3, 0};

struct deflater {
    z_stream stream;
    struct deflate_shelf *shelf;
};

/* ---- The shelf ---- */

struct piece_key {
    struct hash_128 hash;
    int64_t length;
};

struct shelved {
    struct piece_key key;
    struct slice packed;
    uint32_t crc;
    bool is_done;
};

struct deflate_shelf {
    pthread_mutex_t lock;
    pthread_cond_t one_done;
    struct arena arena;
    struct map pieces; /* struct piece_key -> struct shelved */
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

/* The place of a piece. `*is_mine`: nobody has packed it, the caller shall. NULL when there is no
 * room for another one. */
static struct shelved *shelf_claim(struct deflate_shelf *shelf, struct slice piece, bool *is_mine)
{
    struct piece_key key = {hash_128(piece), piece.length};
    struct slice text = {(const char *)&key, (ptrdiff_t)sizeof(key)};
    struct shelved *place;
    pthread_mutex_lock(&shelf->lock);
    place = map_get(&shelf->pieces, text);
    *is_mine = place == NULL && shelf->arena.used < SHELF_MOST;
    if (*is_mine) {
        place = ARENA_NEW(&shelf->arena, struct shelved);
        place->key = key;
        text.data = (const char *)&place->key;
        map_insert(&shelf->pieces, &shelf->arena, text, NULL)->value.pointer = place;
    }
    pthread_mutex_unlock(&shelf->lock);
    return place;
}

static void shelf_put(struct deflate_shelf *shelf, struct shelved *place, struct slice packed,
                      uint32_t crc)
{
    pthread_mutex_lock(&shelf->lock);
    place->packed = arena_copy(&shelf->arena, packed);
    place->crc = crc;
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
    struct shelved *place; /* NULL: it lies in `own` */
    struct buffer own;
    uint32_t crc;
};

/* The end of the piece that begins at `at`: behind the first line end after its size. */
static ptrdiff_t piece_end(struct slice bytes, ptrdiff_t at)
{
    if (bytes.length - at <= 2 * DEFLATE_PIECE) {
        return bytes.length;
    }
    struct slice rest = slice_sub(bytes, at + DEFLATE_PIECE, at + 2 * DEFLATE_PIECE);
    return at + DEFLATE_PIECE + slice_find_byte(rest, '\n', 0) + 1;
}

static void pack_part(struct deflater *deflater, struct part *part)
{
    bool is_mine = false;
    if (deflater->shelf != NULL) {
        part->place = shelf_claim(deflater->shelf, part->bytes, &is_mine);
    }
    if (part->place != NULL && !is_mine) {
        return; /* somebody has packed it, or is about to */
    }
    part->crc = crc_of(part->bytes);
    pack_piece(deflater, part->bytes, Z_FULL_FLUSH, &part->own);
    if (is_mine) {
        shelf_put(deflater->shelf, part->place, buffer_slice(&part->own), part->crc);
        buffer_release(&part->own);
    }
}

static uint32_t pack_parts(struct deflater *deflater, struct slice bytes, struct buffer *out)
{
    ptrdiff_t most = bytes.length / DEFLATE_PIECE + 1;
    struct part *parts = calloc((size_t)most, sizeof(*parts));
    if (parts == NULL) {
        memory_exhausted(most * (ptrdiff_t)sizeof(*parts));
    }
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at < bytes.length; count++) {
        ptrdiff_t end = piece_end(bytes, at);
        parts[count].bytes = slice_sub(bytes, at, end);
        pack_part(deflater, &parts[count]);
        at = end;
    }
    uint32_t crc = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        struct part *part = &parts[i];
        struct slice packed = buffer_slice(&part->own);
        if (part->place != NULL) {
            shelf_wait(deflater->shelf, part->place);
            packed = part->place->packed;
            part->crc = part->place->crc;
        }
        buffer_append(out, packed);
        crc = (uint32_t)crc32_combine(crc, part->crc, (z_off_t)part->bytes.length);
        buffer_release(&part->own);
    }
    free(parts);
    buffer_append(out, slice_make(LAST_BLOCK, (ptrdiff_t)sizeof(LAST_BLOCK)));
    return crc;
}

uint32_t deflater_pack(struct deflater *deflater, struct slice bytes, struct buffer *out)
{
    if (bytes.length > 2 * DEFLATE_PIECE) {
        return pack_parts(deflater, bytes, out);
    }
    pack_piece(deflater, bytes, Z_FINISH, out);
    return crc_of(bytes);
}

struct slice deflate_name(struct arena *arena)
{
    return arena_format(arena, "zlib-%s-%d-%d", zlibVersion(), LEVEL, REMEMBERED);
}
