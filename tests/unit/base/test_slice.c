#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base.h"

static const struct slice nothing = {NULL, 0};

#define assert_slice(actual, expected) assert_true(slice_equal((actual), slice_of(expected)))

static void comparing(void **state)
{
    (void)state;
    assert_true(slice_equal(nothing, SLICE("")));
    assert_true(slice_is_empty(slice_of(NULL)));
    assert_false(slice_equal(SLICE("a"), SLICE("b")));
    assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
    assert_true(slice_compare(SLICE("b"), SLICE("ab")) > 0);
    assert_true(slice_compare(nothing, nothing) == 0);
    assert_true(slice_compare(SLICE("\x7F"), SLICE("\xE3\x81\x82")) < 0);
    assert_true(slice_equal_ignoring_ascii_case(SLICE("Content"), SLICE("cONTENT")));
    assert_false(slice_equal_ignoring_ascii_case(SLICE("["), SLICE("{")));
    assert_true(slice_starts_with(SLICE("abc"), nothing));
    assert_false(slice_starts_with(SLICE("ab"), SLICE("abc")));
    assert_true(slice_ends_with(SLICE("abc"), SLICE("bc")));
    assert_false(slice_ends_with(SLICE("abc"), SLICE("ab")));
}

static void finding(void **state)
{
    (void)state;
    assert_int_equal(slice_find(SLICE("abcabc"), SLICE("bc"), 2), 4);
    assert_int_equal(slice_find(SLICE("abc"), SLICE("abcd"), 0), -1);
    assert_int_equal(slice_find(SLICE("abc"), nothing, 3), 3);
    assert_int_equal(slice_find(SLICE("abc"), nothing, 4), -1);
    assert_int_equal(slice_find(nothing, SLICE("a"), 0), -1);
    assert_int_equal(slice_find(SLICE("abc"), SLICE("a"), -5), 0);
    assert_int_equal(slice_find_byte(SLICE("a,b,"), ',', 2), 3);
    assert_int_equal(slice_find_byte(SLICE("a"), 'a', 1), -1);
    assert_int_equal(slice_find_byte(nothing, 'a', 0), -1);
    assert_int_equal(slice_find_last_byte(SLICE("a/b/c"), '/'), 3);
    assert_int_equal(slice_find_last_byte(nothing, '/'), -1);
}

static void finding_any(void **state)
{
    (void)state;
    char text[40];
    for (ptrdiff_t length = 0; length <= (ptrdiff_t)sizeof(text); length++) {
        for (ptrdiff_t at = 0; at < length; at++) {
            memset(text, 'x', sizeof(text));
            text[at] = "<&\n"[at % 3];
            assert_int_equal(slice_find_any(slice_make(text, length), '<', '&', '\n', 0), at);
            assert_int_equal(slice_find_any(slice_make(text, length), '<', '&', '\n', at + 1), -1);
            assert_int_equal(slice_find_any(slice_make(text, at), '<', '&', '\n', 0), -1);
        }
    }
    assert_int_equal(slice_find_any(nothing, '<', '&', '\n', 0), -1);
}

static void taking_parts(void **state)
{
    (void)state;
    assert_slice(slice_sub(SLICE("abc"), -1, 99), "abc");
    assert_slice(slice_sub(SLICE("abc"), 2, 1), "");
    assert_slice(slice_from(SLICE("abc"), 99), "");
    assert_null(slice_sub(nothing, 0, 5).data);
    assert_slice(slice_trim(SLICE(" \t\r\n a b \f\v")), "a b");
    assert_slice(slice_trim(SLICE("  ")), "");
    assert_slice(slice_trim_wide(SLICE("　 \xC2\xA0 あ い　")), "あ い");
    assert_slice(slice_trim_wide(SLICE("　")), "");
}

static void cutting(void **state)
{
    (void)state;
    static const char *const parts[] = {"a", "", "b", ""};
    struct slice rest = SLICE("a,,b,");
    size_t count = 0;
    while (rest.data != NULL) {
        assert_true(count < 4);
        assert_slice(slice_cut(&rest, ','), parts[count]);
        count++;
    }
    assert_int_equal(count, 4);
}

static void integers(void **state)
{
    (void)state;
    int64_t value = 77;
    assert_true(slice_to_integer(SLICE("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(slice_to_integer(SLICE("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(slice_to_integer(SLICE("+007"), &value));
    assert_true(value == 7);
    static const char *const bad[] = {"",
                                      "-",
                                      "+",
                                      "1 ",
                                      " 1",
                                      "1.0",
                                      "0x1",
                                      "1,200",
                                      "１",
                                      "--1",
                                      "1e3",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(slice_to_integer(slice_of(bad[i]), &value));
        assert_true(value == 7);
    }
}

static void numbers(void **state)
{
    (void)state;
    setlocale(LC_ALL, ""); /* a decimal comma, where there is one, changes nothing */
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},
                {"-0.5", -0.5},
                {"0.1", 0.1},
                {"1200", 1200},
                {"3.14159265358979323846", 3.14159265358979323846},
                {"1e3", 1000},
                {"1E-2", 0.01},
                {"123456789012345678", 123456789012345678.0},
                {"0.000000000000001", 1e-15},
                {"2.2250738585072011e-308", 2.2250738585072011e-308},
                {"00000000000000000000000000000000000000000000000000000000000000000000001", 1}};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        double value = -1;
        assert_true(slice_to_number(slice_of(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    static const char *const bad[] = {"",   "-",   "+1",  ".5",  "5.",    "1e",  "1e+",
                                      "1 ", "0x1", "inf", "nan", "1e999", "1,5", "1.2.3"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        double value = -1;
        assert_false(slice_to_number(slice_of(bad[i]), &value));
        assert_true(value == -1);
    }
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(slice_distance(SLICE("title"), SLICE("title"), 2), 0);
    assert_int_equal(slice_distance(SLICE("titel"), SLICE("title"), 2), 1);
    assert_int_equal(slice_distance(SLICE("協働事業"), SLICE("協動事業"), 2), 1);
    assert_int_equal(slice_distance(SLICE("kitten"), SLICE("sitting"), 3), 3);
    assert_int_equal(slice_distance(SLICE("kitten"), SLICE("sitting"), 2), 3);
    assert_int_equal(slice_distance(SLICE(""), SLICE("ab"), 5), 2);
    char longer[400];
    memset(longer, 'x', sizeof(longer));
    assert_int_equal(slice_distance(slice_make(longer, 399), slice_make(longer, 400), 2), 3);
    assert_int_equal(slice_distance(slice_make(longer, 400), slice_make(longer, 400), 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing),    cmocka_unit_test(finding),   cmocka_unit_test(finding_any),
        cmocka_unit_test(taking_parts), cmocka_unit_test(cutting),   cmocka_unit_test(integers),
        cmocka_unit_test(numbers),      cmocka_unit_test(distances),
    };
    return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
