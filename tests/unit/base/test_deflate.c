/* Streams unpack to what went in, are the same from any thread, and share their pieces
 * (deflate.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <zlib.h>

#include "base.h"

static struct slice lines(struct arena *arena, ptrdiff_t length)
{
    char *bytes = arena_allocate(arena, 1, 1, length + 1);
    uint32_t random = 11;
    for (ptrdiff_t i = 0; i < length; i++) {
        random = random * 1664525u + 1013904223u;
        bytes[i] = (char)(random >> 28 == 0 ? '\n' : 'a' + (random >> 25) % 20);
    }
    return slice_make(bytes, length);
}

static void assert_unpacks_to(struct slice packed, struct slice bytes, struct arena *arena)
{
    z_stream stream;
    memset(&stream, 0, sizeof(stream));
    assert_int_equal(inflateInit2(&stream, -15), Z_OK);
    char *out = arena_allocate(arena, 1, 1, bytes.length + 1);
    stream.next_in = (Bytef *)(uintptr_t)packed.data;
    stream.avail_in = (uInt)packed.length;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)bytes.length + 1;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    assert_int_equal(stream.total_out, bytes.length);
    assert_true(slice_equal(slice_make(out, bytes.length), bytes));
    inflateEnd(&stream);
}

static uint32_t pack_slice(struct deflater *deflater, struct slice bytes, struct buffer *out)
{
    struct buffer view = buffer_view(bytes);
    return deflater_pack(deflater, &view, out);
}

static void test_round_trip(void **state)
{
    (void)state;
    static const ptrdiff_t lengths[] = {
        0, 1, 300, 2 * DEFLATE_PIECE, 2 * DEFLATE_PIECE + 1, 5 * DEFLATE_PIECE + 77};
    struct arena arena;
    arena_init(&arena, (ptrdiff_t)256 << 20);
    struct deflate_shelf *shelf = deflate_shelf_new();
    struct deflater *deflater = deflater_new(shelf);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct slice bytes = lines(&arena, lengths[i]);
        struct buffer out = {0};
        buffer_append_literal(&out, "before");
        uint32_t crc = pack_slice(deflater, bytes, &out);
        assert_int_equal(crc, crc32_z(0, (const Bytef *)bytes.data, (z_size_t)bytes.length));
        assert_unpacks_to(slice_from(buffer_slice(&out), 6), bytes, &arena);
        buffer_release(&out);
    }
    deflater_free(deflater);
    deflate_shelf_free(shelf);
    arena_release(&arena);
}

/* A text without line ends has no good place to cut. */
static void test_one_line(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, (ptrdiff_t)64 << 20);
    struct deflate_shelf *shelf = deflate_shelf_new();
    struct deflater *deflater = deflater_new(shelf);
    ptrdiff_t length = 4 * DEFLATE_PIECE;
    char *bytes = arena_allocate(&arena, 1, 1, length);
    memset(bytes, 'x', (size_t)length);
    struct buffer out = {0};
    pack_slice(deflater, slice_make(bytes, length), &out);
    assert_unpacks_to(buffer_slice(&out), slice_make(bytes, length), &arena);
    buffer_release(&out);
    deflater_free(deflater);
    deflate_shelf_free(shelf);
    arena_release(&arena);
}

enum { THREADS = 4, FILES = 12 };

struct shared {
    struct deflater *deflaters[THREADS];
    struct slice bytes;
    struct buffer made[FILES];
};

static void pack_one(void *context, ptrdiff_t index, int worker)
{
    struct shared *shared = context;
    pack_slice(shared->deflaters[worker], shared->bytes, &shared->made[index]);
}

static void test_threads(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, (ptrdiff_t)64 << 20);
    struct shared shared = {.bytes = lines(&arena, 6 * DEFLATE_PIECE)};
    struct deflate_shelf *shelf = deflate_shelf_new();
    struct pool *pool = pool_start(THREADS);
    for (int i = 0; i < THREADS; i++) {
        shared.deflaters[i] = deflater_new(shelf);
    }
    pool_run(pool, FILES, pack_one, &shared);
    assert_unpacks_to(buffer_slice(&shared.made[0]), shared.bytes, &arena);
    for (int i = 1; i < FILES; i++) {
        assert_true(slice_equal(buffer_slice(&shared.made[i]), buffer_slice(&shared.made[0])));
    }
    for (int i = 0; i < FILES; i++) {
        buffer_release(&shared.made[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        deflater_free(shared.deflaters[i]);
    }
    pool_stop(pool);
    deflate_shelf_free(shelf);
    arena_release(&arena);
}

/* The pieces of one stream, for the next. */
struct kept {
    struct packed_piece pieces[8];
    ptrdiff_t count;
    struct slice stream;
    int found;
};

static bool fetch(void *context, struct packed_piece *piece, struct buffer *out)
{
    struct kept *kept = context;
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < kept->count; i++) {
        const struct packed_piece *known = &kept->pieces[i];
        if (slice_equal(packed_piece_key(known), packed_piece_key(piece))) {
            buffer_append(out, slice_sub(kept->stream, at, at + known->packed_length));
            *piece = *known;
            kept->found++;
            return true;
        }
        at += known->packed_length;
    }
    return false;
}

static struct slice pack_anew(struct slice bytes, struct kept *past, struct kept *now,
                              struct arena *arena)
{
    struct deflate_shelf *shelf = deflate_shelf_new();
    if (past != NULL) {
        deflate_shelf_look_in(shelf, fetch, past);
    }
    struct deflater *deflater = deflater_new(shelf);
    struct buffer out = {0};
    pack_slice(deflater, bytes, &out);
    const struct packed_piece *pieces = deflater_pieces(deflater, &now->count);
    assert_in_range(now->count, 2, 8);
    memcpy(now->pieces, pieces, (size_t)now->count * sizeof(*pieces));
    now->stream = arena_copy(arena, buffer_slice(&out));
    buffer_release(&out);
    deflater_free(deflater);
    deflate_shelf_free(shelf);
    return now->stream;
}

/* After a line more at the front all pieces but the first are those of the stream before, and the
 * stream is that which is packed from nothing. */
static void test_past(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, (ptrdiff_t)64 << 20);
    struct slice before = lines(&arena, 6 * DEFLATE_PIECE);
    struct slice after = ARENA_JOIN(&arena, SLICE("one line more\n"), before);
    struct kept kept = {.found = 0};
    struct kept with_past = {.found = 0};
    struct kept from_nothing = {.found = 0};
    pack_anew(before, NULL, &kept, &arena);
    struct slice stream = pack_anew(after, &kept, &with_past, &arena);
    assert_int_equal(kept.found, kept.count - 1);
    assert_unpacks_to(stream, after, &arena);
    assert_true(slice_equal(stream, pack_anew(after, NULL, &from_nothing, &arena)));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
