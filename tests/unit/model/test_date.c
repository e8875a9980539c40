/* Dates in all the forms of municipal documents (model.h, date_parse). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model.h"

struct date_case {
    const char *text;
    enum date_problem problem;
    const char *iso;
};

static const struct date_case cases[] = {
    {"2015-07-14", DATE_OK, "2015-07-14"},
    {"2015-07", DATE_OK, "2015-07"},
    {"2015", DATE_OK, "2015"},
    {"FY2015", DATE_OK, "FY2015"},
    {"2015年度", DATE_OK, "FY2015"},
    {"2015/7/14", DATE_OK, "2015-07-14"},
    {"2015年7月14日", DATE_OK, "2015-07-14"},
    {"平成27年7月14日（火）", DATE_OK, "2015-07-14"},
    {"平成27年7月14日（火曜日）", DATE_OK, "2015-07-14"},
    {"平成 27 年 7月 14 日（火）", DATE_OK, "2015-07-14"},
    {"平成２７年７月１４日(火)", DATE_OK, "2015-07-14"},
    {"平成27年7月14日（水）", DATE_WRONG_WEEKDAY, "2015-07-14"},
    {"平成28年(2016)年3月", DATE_OK, "2016-03"},
    {"平成28年（2016年）3月", DATE_OK, "2016-03"},
    {"平成28年(2017)年3月", DATE_IMPOSSIBLE, NULL},
    {"令和元年度", DATE_OK, "FY2019"},
    {"令和4年度", DATE_OK, "FY2022"},
    {"㋿6年3月", DATE_OK, "2024-03"},
    {"S22.4", DATE_OK, "1947-04"},
    {"R1.12.31", DATE_OK, "2019-12-31"},
    {"H31.4.30", DATE_OK, "2019-04-30"},
    {"H31.5.1", DATE_OUTSIDE_ERA, "2019-05-01"},
    {"平成32年", DATE_OUTSIDE_ERA, "2020"},
    {"平成42年", DATE_OUTSIDE_ERA, "2030"},
    {"昭和64年1月7日", DATE_OK, "1989-01-07"},
    {"昭和64年1月8日", DATE_OUTSIDE_ERA, "1989-01-08"},
    {"明治45年7月30日", DATE_OK, "1912-07-30"},
    {"大正元年7月30日", DATE_OK, "1912-07-30"},
    {"2024-02-29", DATE_OK, "2024-02-29"},
    {"2023-02-29", DATE_IMPOSSIBLE, NULL},
    {"2023-13-01", DATE_IMPOSSIBLE, NULL},
    {"2023-00", DATE_IMPOSSIBLE, NULL},
    {"27年度", DATE_UNREADABLE, NULL},
    {"平成0年", DATE_UNREADABLE, NULL},
    {"去年", DATE_UNREADABLE, NULL},
    {"", DATE_UNREADABLE, NULL},
    {"2015-07-14T10:00", DATE_UNREADABLE, NULL},
    {"2015-07-14-01", DATE_UNREADABLE, NULL},
    {"20150714", DATE_UNREADABLE, NULL},
};

static void test_parse(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct date date = {0};
        enum date_problem problem = date_parse(slice_of(cases[i].text), &date);
        if (problem != cases[i].problem) {
            fail_msg("%s: got problem %d", cases[i].text, (int)problem);
        }
        struct slice iso = date_iso(&arena, date);
        if (!slice_equal(iso, slice_of(cases[i].iso))) {
            fail_msg("%s: got %.*s", cases[i].text, SLICE_ARGUMENTS(iso));
        }
    }
    arena_release(&arena);
}

static void test_in_era(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"令和1年4月", "平成31年4月"},
        {"平成32年度", "令和2年度"},
        {"平成1年1月7日", "昭和64年1月7日"},
        {"昭和64年1月8日", "平成元年1月8日"},
        {"平成42年", "令和12年"},
        {"明治1年10月1日", ""},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct date date = {0};
        assert_int_equal(date_parse(slice_of(pairs[i][0]), &date), DATE_OUTSIDE_ERA);
        struct slice right = date_in_era(&arena, date);
        if (!slice_equal(right, slice_of(pairs[i][1]))) {
            fail_msg("%s: got %.*s", pairs[i][0], SLICE_ARGUMENTS(right));
        }
    }
    arena_release(&arena);
}

static void test_calendar(void **state)
{
    (void)state;
    assert_int_equal(date_to_days(1970, 1, 1), 0);
    assert_int_equal(date_to_days(2000, 3, 1), 11017);
    assert_int_equal(date_weekday(date_to_days(2015, 7, 14)), 2);
    assert_int_equal(date_weekday(date_to_days(1900, 1, 1)), 1);
    for (int32_t days = -200000; days < 200000; days += 37) {
        struct date date = date_from_days(days);
        assert_int_equal(date_to_days(date.year, date.month, date.day), days);
    }
}

static void test_extent(void **state)
{
    (void)state;
    struct date date = {0};
    date_parse(SLICE("令和4年度"), &date);
    assert_int_equal(date_first_day(date), date_to_days(2022, 4, 1));
    assert_int_equal(date_last_day(date), date_to_days(2023, 3, 31));
    date_parse(SLICE("2024-02"), &date);
    assert_int_equal(date_last_day(date), date_to_days(2024, 2, 29));
    date_parse(SLICE("2013"), &date);
    assert_int_equal(date_last_day(date) - date_first_day(date), 364);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_in_era),
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_extent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
