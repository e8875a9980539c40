#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base.h"

static void keys_are_found_in_order_of_insertion(void **state)
{
    (void)state;
    enum { COUNT = 50000 };
    struct arena arena;
    arena_init(&arena, 1 << 26);
    struct map map = {0};
    assert_null(map_find(&map, SLICE("a")));
    assert_null(map_get(&map, SLICE("a")));
    for (int i = 0; i < COUNT; i++) {
        bool is_new = false;
        struct map_entry *entry =
            map_insert(&map, &arena, arena_format(&arena, "key-%d", i), &is_new);
        assert_true(is_new);
        assert_null(entry->value.pointer);
        entry->value.integer = i;
    }
    assert_int_equal(map.length, COUNT);
    for (int i = 0; i < COUNT; i++) {
        struct slice key = arena_format(&arena, "key-%d", i);
        assert_true(slice_equal(map.entries[i].key, key));
        assert_true(map_find(&map, key)->value.integer == i);
        bool is_new = true;
        assert_true(map_insert(&map, &arena, key, &is_new)->value.integer == i);
        assert_false(is_new);
    }
    assert_int_equal(map.length, COUNT);
    assert_null(map_find(&map, SLICE("key-")));
    arena_release(&arena);
}

static void keys_may_be_empty_or_hold_nul(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct map map = {0};
    int one = 1;
    int two = 2;
    map_insert(&map, &arena, slice_of(NULL), NULL)->value.pointer = &one;
    map_insert(&map, &arena, slice_make("\0", 1), NULL)->value.pointer = &two;
    assert_ptr_equal(map_get(&map, SLICE("")), &one);
    assert_ptr_equal(map_get(&map, slice_make("\0", 1)), &two);
    assert_null(map_get(&map, slice_make("\0\0", 2)));
    arena_release(&arena);
}

static void inserting_a_known_key_moves_nothing(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct map map = {0};
    char names[8][2];
    for (int i = 0; i < 8; i++) {
        names[i][0] = (char)('a' + i);
        map_insert(&map, &arena, slice_make(names[i], 1), NULL);
    }
    assert_int_equal(map.length, map.capacity);
    const struct map_entry *entries = map.entries;
    map_insert(&map, &arena, SLICE("c"), NULL);
    assert_ptr_equal(map.entries, entries);
    arena_release(&arena);
}

static void hashes(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    /* The vectors of FIPS 180-4. */
    struct sha256 digest = sha256_of(slice_of(NULL));
    assert_true(
        slice_equal(sha256_hex(&arena, &digest),
                    SLICE("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")));
    digest = sha256_of(SLICE("abc"));
    assert_true(
        slice_equal(sha256_hex(&arena, &digest),
                    SLICE("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
    struct sha256_stream *stream = sha256_begin();
    sha256_feed(stream, SLICE("a"));
    sha256_feed(stream, slice_of(NULL));
    sha256_feed(stream, SLICE("bc"));
    struct sha256 streamed = sha256_end(stream);
    assert_memory_equal(streamed.bytes, digest.bytes, sizeof(digest.bytes));
    /* RFC 1321, A.5; RFC 3174, 7.3. */
    assert_true(slice_equal(digest_hex(&arena, SLICE("md5"), SLICE("abc")),
                            SLICE("900150983cd24fb0d6963f7d28e17f72")));
    assert_true(slice_equal(digest_hex(&arena, SLICE("SHA1"), SLICE("abc")),
                            SLICE("a9993e364706816aba3e25717850c26c9cd0d89d")));
    assert_int_equal(digest_hex(&arena, SLICE("sha512"), slice_of(NULL)).length, 128);
    assert_int_equal(digest_hex(&arena, SLICE("crc32"), SLICE("abc")).length, 0);
    /* XXH3 of the empty input, as its specification gives it; the same on every machine. */
    assert_true(hash_64(slice_of(NULL)) == UINT64_C(0x2D06800538D394C2));
    assert_true(hash_128(SLICE("a")).low != hash_128(SLICE("b")).low);
    assert_true(hash_128(SLICE("a")).high == hash_128(slice_make("ab", 1)).high);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found_in_order_of_insertion),
        cmocka_unit_test(keys_may_be_empty_or_hold_nul),
        cmocka_unit_test(inserting_a_known_key_moves_nothing),
        cmocka_unit_test(hashes),
    };
    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
