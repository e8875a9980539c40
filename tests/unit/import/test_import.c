/* The parts of an import that can be looked at alone: headings, numbers, the workbook's form, and
 * the bounds on the program that reads workbooks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "import.h"
#include "workbook.h"

static void assert_text(struct slice got, struct slice wanted)
{
    if (!slice_equal(got, wanted)) {
        fail_msg("got  %.*s\n         want %.*s", SLICE_ARGUMENTS(got), SLICE_ARGUMENTS(wanted));
    }
}

static void test_number_shift(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        int power;
        const char *wanted; /* NULL: none */
    } cases[] = {{"1200", 3, "1200000"}, {"1.5", 3, "1500"},      {"0.354", 2, "35.4"},
                 {"-0.05", 2, "-5"},     {"1.2345", 2, "123.45"}, {"0", 3, "0"},
                 {"0.001", 2, "0.1"},    {"1e3", 3, NULL},        {"NaN", 3, NULL}};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice got = number_shift(slice_of(cases[i].number), cases[i].power, &arena);
        assert_text(got, slice_of(cases[i].wanted));
    }
    arena_release(&arena);
}

static void test_fold(void **state)
{
    (void)state;
    static const char *const same[][2] = {{"名　称", "名称"},
                                          {"ＩＤ", "id"},
                                          {"名称_カナ", "名称ｶﾅ"},
                                          {"会員数\n（人）", "会員数(人)"},
                                          {"※備考・", "備考"}};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        assert_text(label_fold(slice_of(same[i][0]), &arena),
                    label_fold(slice_of(same[i][1]), &arena));
    }
    struct slice rest;
    assert_int_equal(label_unit_power(SLICE("百万円"), &rest), 6);
    assert_text(rest, SLICE("円"));
    assert_int_equal(label_unit_power(SLICE("人"), &rest), 0);
    arena_release(&arena);
}

static void test_sheets(void **state)
{
    (void)state;
    struct slice xml =
        SLICE("<gnm:Sheets><gnm:Sheet Visibility=\"GNM_SHEET_VISIBILITY_VISIBLE\">"
              "<gnm:Name>a &amp;amp; &lt;b&gt;</gnm:Name><gnm:MaxCol>27</gnm:MaxCol>"
              "<gnm:MaxRow>9</gnm:MaxRow><gnm:Cell Row=\"0\" Col=\"0\">x</gnm:Cell>"
              "<gnm:Merge>B5:AA8</gnm:Merge><gnm:Merge>rubbish</gnm:Merge></gnm:Sheet>"
              "<gnm:Sheet Visibility=\"GNM_SHEET_VISIBILITY_HIDDEN\"><gnm:Name>c</gnm:Name>"
              "<gnm:MaxCol>-1</gnm:MaxCol></gnm:Sheet></gnm:Sheets>");
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct workbook_sheets sheets = gnumeric_sheets(xml, &arena);
    assert_int_equal(sheets.count, 2);
    assert_text(sheets.list[0].name, SLICE("a &amp; <b>"));
    assert_int_equal(sheets.list[0].column_count, 28);
    assert_int_equal(sheets.list[0].row_count, 10);
    assert_false(sheets.list[0].is_hidden || sheets.list[0].is_empty);
    assert_int_equal(sheets.list[0].merge_count, 1);
    assert_int_equal(sheets.list[0].merges[0].first_row, 4);
    assert_int_equal(sheets.list[0].merges[0].first_column, 1);
    assert_int_equal(sheets.list[0].merges[0].last_row, 7);
    assert_int_equal(sheets.list[0].merges[0].last_column, 26);
    assert_true(sheets.list[1].is_hidden && sheets.list[1].is_empty);
    assert_int_equal(sheets.list[1].column_count, 0);
    assert_text(workbook_column_name(26, &arena), SLICE("AA"));
    assert_text(workbook_column_name(0, &arena), SLICE("A"));
    arena_release(&arena);
}

static int run(const char *script, int seconds, ptrdiff_t most, struct buffer *out)
{
    const char *const words[] = {"sh", "-c", script, NULL};
    buffer_clear(out);
    return program_run("/bin/sh", words, seconds, most, out);
}

static void test_program(void **state)
{
    (void)state;
    struct buffer out = {0};
    assert_int_equal(run("printf abc", 10, 100, &out), 0);
    assert_text(buffer_slice(&out), SLICE("abc"));
    assert_int_equal(run("exit 7", 10, 100, &out), 7);
    /* Its environment is the same everywhere, its standard input empty. */
    assert_int_equal(run("cat; printf %s \"$HOME$LC_ALL$LANG\"", 10, 100, &out), 0);
    assert_text(buffer_slice(&out), SLICE("/nonexistentC.UTF-8"));
    assert_int_equal(run("exec sleep 30", 1, 100, &out), -1);
    assert_int_equal(errno, ETIMEDOUT);
    assert_int_equal(run("while :; do echo abcdefgh; done", 10, 1000, &out), -1);
    assert_int_equal(errno, EFBIG);
    assert_int_equal(run("kill -9 $$", 10, 100, &out), -1);
    assert_int_equal(
        program_run("/nowhere/at/all", (const char *const[]){"x", NULL}, 10, 100, &out), 127);
    buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_shift),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
