/* Names of branches as folders of previews: none leads out, and no two are one. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "publish.h"

static void assert_folder(const char *branch, const char *folder)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct slice name = preview_folder(slice_of(branch), &arena);
    assert_string_equal(arena_string(&arena, name), folder);
    arena_release(&arena);
}

static void test_plain(void **state)
{
    (void)state;
    assert_folder("draft", "draft");
    assert_folder("case-12", "case-12");
    assert_folder("feature/map", "feature.map");
}

static void test_escaped(void **state)
{
    (void)state;
    assert_folder("feature.map", "feature_2emap");
    assert_folder("feature_map", "feature_5fmap");
    assert_folder("Draft", "_44raft");
    assert_folder("../up", "_2e_2e.up");
    assert_folder("下書き", "_e4_b8_8b_e6_9b_b8_e3_81_8d");
    assert_folder("a\"b$(c)", "a_22b_24_28c_29");
}

static void test_long(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char branch[241];
    memset(branch, 'a', 240);
    branch[240] = '\0';
    struct slice one = preview_folder(slice_of(branch), &arena);
    branch[239] = 'b';
    struct slice other = preview_folder(slice_of(branch), &arena);
    assert_true(one.length <= 100 && other.length <= 100);
    assert_true(slice_starts_with(slice_from(one, 60), SLICE("__")));
    assert_false(slice_equal(one, other));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_escaped),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
