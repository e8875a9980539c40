/* A store gives back what was put, from its file and from memory (store.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base.h"

/* Pieces of many sizes, some longer than a block, read back in another order. */
static void check_store(struct slice folder)
{
    enum { PIECES = 400 };
    struct arena arena;
    arena_init(&arena, (ptrdiff_t)256 << 20);
    struct store *store = store_open(folder);
    struct slice pieces[PIECES];
    int64_t places[PIECES];
    uint32_t random = 7;
    for (int i = 0; i < PIECES; i++) {
        random = random * 1664525u + 1013904223u;
        ptrdiff_t length = i % 17 == 3 ? 2500000 : (ptrdiff_t)(random % 30000);
        char *bytes = arena_allocate(&arena, 1, 1, length + 1);
        for (ptrdiff_t k = 0; k < length; k++) {
            bytes[k] = (char)(k * 31 + i);
        }
        pieces[i] = slice_make(bytes, length);
        places[i] = store_put(store, pieces[i]);
    }
    for (int i = PIECES - 1; i >= 0; i--) {
        struct arena scratch;
        arena_init(&scratch, (ptrdiff_t)8 << 20);
        struct slice back = store_get(store, places[i], pieces[i].length, &scratch);
        assert_true(slice_equal(back, pieces[i]));
        ptrdiff_t half = pieces[i].length / 2;
        struct slice tail = store_get(store, places[i] + half, pieces[i].length - half, &scratch);
        assert_true(slice_equal(tail, slice_from(pieces[i], half)));
        arena_release(&scratch);
    }
    store_close(store);
    arena_release(&arena);
}

static void test_in_a_file(void **state)
{
    (void)state;
    const char *folder = getenv("TMPDIR");
    check_store(slice_of(folder != NULL ? folder : "/tmp"));
}

static void test_in_memory(void **state)
{
    (void)state;
    check_store(SLICE(""));
    check_store(SLICE("/nonexistent/folder"));
}

/* Stores one after the other that go on in one file, from within a block, its end and its start. */
static void test_in_a_file_that_stays(void **state)
{
    (void)state;
    enum { ROUNDS = 4, BLOCK = 1 << 20 };
    static const ptrdiff_t lengths[ROUNDS] = {1000, BLOCK - 1000, 2 * BLOCK + 5, 3};
    struct arena arena;
    arena_init(&arena, (ptrdiff_t)64 << 20);
    FILE *file = tmpfile();
    assert_non_null(file);
    int64_t at = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct store *store = store_open_file(dup(fileno(file)));
        assert_non_null(store);
        assert_int_equal(store_length(store), at);
        char *bytes = arena_allocate(&arena, 1, 1, lengths[round]);
        memset(bytes, 'a' + round, (size_t)lengths[round]);
        assert_int_equal(store_put(store, slice_make(bytes, lengths[round])), at);
        at += lengths[round];
        assert_int_equal(store_length(store), at);
        int64_t from = 0;
        for (int i = 0; i <= round; i++) {
            struct slice back = store_get(store, from, lengths[i], &arena);
            assert_int_equal(back.data[0], 'a' + i);
            assert_int_equal(back.data[back.length - 1], 'a' + i);
            assert_true(slice_equal(store_look(store, from, lengths[i], &arena), back));
            store_rest(store);
            assert_true(slice_equal(store_look(store, from, lengths[i], &arena), back));
            from += lengths[i];
        }
        assert_true(store_flush(store));
        store_close(store);
    }
    (void)fclose(file);
    arena_release(&arena);
}

static void test_unwritten(void **state)
{
    (void)state;
    struct store *store = store_open(SLICE(""));
    (void)store_put(store, SLICE("x"));
    assert_false(store_flush(store));
    store_close(store);
}

/* A device that is always full: what cannot be written stays in memory. */
static void test_full(void **state)
{
    (void)state;
    check_store(SLICE("/proc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_a_file), cmocka_unit_test(test_in_memory),
        cmocka_unit_test(test_full),      cmocka_unit_test(test_in_a_file_that_stays),
        cmocka_unit_test(test_unwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
