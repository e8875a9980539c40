#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "dies.h"

static bool is_zero(const char *bytes, ptrdiff_t count)
{
    for (ptrdiff_t i = 0; i < count; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void allocations_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    char *before = NULL;
    for (ptrdiff_t size = 1; size < 3000; size += 7) {
        char *now = arena_allocate(&arena, size, 16, 1);
        assert_int_equal((uintptr_t)now % 16, 0);
        assert_true(is_zero(now, size));
        memset(now, 0xAA, (size_t)size);
        if (before != NULL) {
            assert_int_equal((unsigned char)before[0], 0xAA);
        }
        before = now;
    }
    assert_non_null(arena_allocate(&arena, 0, 1, 0));
    assert_int_equal((uintptr_t)arena_allocate(&arena, 1, 4096, 1) % 4096, 0);
    arena_release(&arena);
    assert_int_equal(arena.used, 0);
    assert_non_null(ARENA_NEW(&arena, int)); /* usable again */
    arena_release(&arena);
}

static void a_cleared_arena_gives_zeroed_memory_again(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 26);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 50; i++) {
            char *piece = ARENA_ARRAY(&arena, char, 10000);
            assert_true(is_zero(piece, 10000));
            memset(piece, 0x55, 10000);
        }
        char *large = ARENA_ARRAY(&arena, char, 3 << 20);
        assert_true(is_zero(large, 3 << 20));
        memset(large, 0x55, 3 << 20);
        arena_clear(&arena);
        assert_true(arena.used <= (3 << 20) + 4096); /* one chunk stays */
    }
    arena_release(&arena);
}

static void text(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct slice copy = arena_copy(&arena, SLICE("協働"));
    assert_true(slice_equal(copy, SLICE("協働")));
    assert_non_null(arena_copy(&arena, slice_of(NULL)).data);
    assert_string_equal(arena_string(&arena, SLICE("ab")), "ab");
    assert_string_equal(arena_string(&arena, slice_of(NULL)), "");
    assert_true(
        slice_equal(ARENA_JOIN(&arena, SLICE("a"), slice_of(NULL), SLICE("bc")), SLICE("abc")));
    assert_int_equal(arena_join(&arena, NULL, 0).length, 0);
    struct slice formatted = arena_format(&arena, "%d:%s", 14, "x");
    assert_true(slice_equal(formatted, SLICE("14:x")));
    arena_release(&arena);
}

static void extending(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *first = ARENA_ARRAY(&arena, char, 8);
    assert_true(arena_extend(&arena, first + 8, 8));
    assert_true(is_zero(first, 16));
    char *second = ARENA_ARRAY(&arena, char, 8);
    assert_true(second >= first + 16);
    assert_false(arena_extend(&arena, first + 16, 8));
    assert_false(arena_extend(&arena, second + 8, 1 << 19));
    arena_release(&arena);
}

static void beyond_the_limit(void)
{
    struct arena arena;
    arena_init(&arena, 100000);
    for (int i = 0; i < 1000; i++) {
        arena_allocate(&arena, 200, 8, 1);
    }
}

static void overflowing_count(void)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    arena_allocate(&arena, 1 << 20, 8, PTRDIFF_MAX / 1000);
}

static void overflowing_size(void)
{
    struct arena arena;
    arena_init(&arena, PTRDIFF_MAX);
    arena_allocate(&arena, PTRDIFF_MAX, 8, 1);
}

static void odd_alignment(void)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    arena_allocate(&arena, 1, 3, 1);
}

static void limits(void **state)
{
    (void)state;
    assert_true(exhausts_memory(beyond_the_limit));
    assert_true(exhausts_memory(overflowing_count));
    assert_true(exhausts_memory(overflowing_size));
    assert_true(aborts(odd_alignment));
}

static void a_limit_can_be_used_up_to_its_end(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 10000);
    for (int i = 0; i < 9; i++) {
        assert_non_null(ARENA_ARRAY(&arena, char, 1000));
    }
    assert_true(arena.used <= 10000);
    arena_release(&arena);
}

/* A thousand pieces of 100 kB, each told by what is in it. */
static void fill_and_look(struct arena *arena)
{
    enum { PIECES = 1000, PIECE = 100000 };
    char *pieces[PIECES];
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = ARENA_ARRAY(arena, char, PIECE);
        assert_true(is_zero(pieces[i], PIECE));
        memset(pieces[i], 1 + i % 100, PIECE);
        if (i % 100 == 0) {
            arena_rest(arena);
        }
    }
    arena_rest(arena);
    for (int i = 0; i < PIECES; i++) {
        assert_int_equal(pieces[i][0], 1 + i % 100);
        assert_int_equal(pieces[i][PIECE - 1], 1 + i % 100);
    }
}

static void what_has_spilled_stays_where_it_is(void **state)
{
    (void)state;
    struct arena arena;
    arena_init_spilling(&arena, ARENA_DEFAULT_LIMIT, 1 << 20, SLICE("/tmp"));
    assert_false(arena_has_spilled(&arena));
    fill_and_look(&arena);
    assert_true(arena_has_spilled(&arena));
    arena_release(&arena);
}

static void without_a_file_nothing_spills(void **state)
{
    (void)state;
    const struct slice folders[] = {SLICE(""), SLICE("/no/such/folder"), SLICE("/proc")};
    for (int i = 0; i < 3; i++) {
        struct arena arena;
        arena_init_spilling(&arena, ARENA_DEFAULT_LIMIT, 1 << 20, folders[i]);
        fill_and_look(&arena);
        assert_false(arena_has_spilled(&arena));
        arena_release(&arena);
    }
}

static void vectors_keep_their_elements(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    VECTOR(int64_t) numbers = {0};
    VECTOR(char) others = {0};
    for (int i = 0; i < 10000; i++) {
        int64_t *pushed = VECTOR_PUSH(&arena, &numbers);
        assert_true(*pushed == 0);
        *pushed = i;
        if (i % 100 == 0) {
            *VECTOR_PUSH(&arena, &others) = 'x'; /* stands in the way of growing in place */
        }
    }
    assert_int_equal(numbers.length, 10000);
    for (int i = 0; i < 10000; i++) {
        assert_true(numbers.data[i] == i);
    }
    VECTOR_RESERVE(&arena, &numbers, 20000);
    assert_true(numbers.capacity >= 20000);
    assert_true(numbers.data[9999] == 9999);
    arena_release(&arena);
}

static void overflowing_vector(void)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    VECTOR(int64_t) numbers = {0};
    VECTOR_RESERVE(&arena, &numbers, PTRDIFF_MAX / 2);
}

static void vector_limits(void **state)
{
    (void)state;
    assert_true(exhausts_memory(overflowing_vector));
}

static void checked_arithmetic(void **state)
{
    (void)state;
    ptrdiff_t out = 5;
    assert_true(checked_add(PTRDIFF_MAX - 1, 1, &out));
    assert_true(out == PTRDIFF_MAX);
    assert_false(checked_add(PTRDIFF_MAX, 1, &out));
    assert_false(checked_multiply(PTRDIFF_MAX, 2, &out));
    assert_true(out == PTRDIFF_MAX);
    assert_true(checked_multiply(-3, 7, &out));
    assert_true(out == -21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_cleared_arena_gives_zeroed_memory_again),
        cmocka_unit_test(text),
        cmocka_unit_test(extending),
        cmocka_unit_test(limits),
        cmocka_unit_test(a_limit_can_be_used_up_to_its_end),
        cmocka_unit_test(what_has_spilled_stays_where_it_is),
        cmocka_unit_test(without_a_file_nothing_spills),
        cmocka_unit_test(vectors_keep_their_elements),
        cmocka_unit_test(vector_limits),
        cmocka_unit_test(checked_arithmetic),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
