/* Charts as SVG, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chart.h"

#define TEXT(literal)                             \
    {                                             \
        (literal), (ptrdiff_t)sizeof(literal) - 1 \
    }

static void assert_drawn(const struct buffer *out, const char *wanted)
{
    struct slice got = buffer_slice(out);
    if (!slice_equal(got, slice_of(wanted))) {
        fail_msg("got:\n%.*s", SLICE_ARGUMENTS(got));
    }
}

static bool has(const struct buffer *out, const char *text)
{
    return slice_find(buffer_slice(out), slice_of(text), 0) >= 0;
}

static void test_bars(void **state)
{
    (void)state;
    struct chart_point points[] = {
        {.label = TEXT("防災 & 福祉"), .text = TEXT("4"), .value = 4},
        {.label = TEXT("目標"), .text = TEXT("8"), .value = 8, .is_target = true},
        {.label = TEXT("なし"), .text = TEXT("0"), .value = 0},
    };
    struct chart_data chart = {.id = SLICE("c"),
                               .title = SLICE("分野<ごと>"),
                               .description = SLICE("最も長いのは目標"),
                               .points = points,
                               .count = 3};
    struct buffer out;
    buffer_init(&out);
    chart_bars(&chart, &out);
    assert_drawn(
        &out, "<svg role=\"img\" viewBox=\"0 0 340 129\" width=\"340\" height=\"129\" "
              "aria-labelledby=\"c-title c-desc\">\n"
              "<title id=\"c-title\">分野&lt;ごと&gt;</title>\n"
              "<desc id=\"c-desc\">最も長いのは目標</desc>\n"
              "<text class=\"name\" x=\"0\" y=\"15\" text-anchor=\"start\">防災 &amp; 福祉</text>\n"
              "<rect class=\"bar\" x=\"0\" y=\"20\" width=\"164\" height=\"12\"/>\n"
              "<text class=\"value\" x=\"170\" y=\"31\" text-anchor=\"start\">4</text>\n"
              "<text class=\"name\" x=\"0\" y=\"58\" text-anchor=\"start\">目標</text>\n"
              "<rect class=\"bar target\" x=\"0\" y=\"63\" width=\"327\" height=\"12\"/>\n"
              "<text class=\"value\" x=\"333\" y=\"74\" text-anchor=\"start\">8</text>\n"
              "<text class=\"name\" x=\"0\" y=\"101\" text-anchor=\"start\">なし</text>\n"
              "<rect class=\"bar\" x=\"0\" y=\"106\" width=\"1\" height=\"12\"/>\n"
              "<text class=\"value\" x=\"6\" y=\"117\" text-anchor=\"start\">0</text>\n"
              "</svg>\n");
    buffer_release(&out);
}

static void test_long_labels_take_two_lines(void **state)
{
    (void)state;
    struct chart_point points[] = {
        {.label = TEXT("People who say that everyday contact among neighbours is necessary, and "
                       "that it should be kept up by everybody"),
         .text = TEXT("35.4%"),
         .value = 35.4},
    };
    struct chart_data chart = {.id = SLICE("c"), .points = points, .count = 1};
    struct buffer out;
    buffer_init(&out);
    chart_bars(&chart, &out);
    assert_true(has(&out, ">People who say that everyday contact among</text>"));
    assert_true(has(&out, ">neighbours is necessary, and that it shou…</text>"));
    buffer_release(&out);
}

static void test_values_below_zero(void **state)
{
    (void)state;
    struct chart_point points[] = {
        {.label = TEXT("a"), .text = TEXT("1"), .value = 1},
        {.label = TEXT("b"), .text = TEXT("-1"), .value = -1},
    };
    struct chart_data chart = {.id = SLICE("c"), .points = points, .count = 2};
    struct buffer out;
    buffer_init(&out);
    chart_bars(&chart, &out);
    assert_true(has(&out, "<rect class=\"bar\" x=\"160\" y=\"20\" width=\"160\""));
    assert_true(has(&out, "<rect class=\"bar\" x=\"0\" y=\"63\" width=\"160\""));
    buffer_release(&out);
}

/* Out of order, with an aim; the first value lies in a valley and stands below its point. */
static void test_time(void **state)
{
    (void)state;
    struct chart_point points[] = {
        {.text = TEXT("839"), .when = TEXT("2027"), .value = 839, .time = 200, .is_target = true},
        {.text = TEXT("482"), .when = TEXT("2020"), .value = 482, .time = 0},
        {.text = TEXT("780"), .when = TEXT("2022"), .value = 780, .time = 50},
    };
    struct chart_data chart = {.id = SLICE("c"), .points = points, .count = 3};
    struct buffer out;
    buffer_init(&out);
    chart_time(&chart, &out);
    assert_true(has(&out, "<line class=\"way\" x1=\"14\" y1=\"97\" x2=\"92\" y2=\"41\"/>"));
    assert_true(has(&out, "<line class=\"way target\" x1=\"92\" y1=\"41\" x2=\"326\" y2=\"30\"/>"));
    assert_true(has(&out, "<circle class=\"point target\" cx=\"326\" cy=\"30\" r=\"4\"/>"));
    assert_true(has(&out, "y=\"117\" text-anchor=\"middle\">482</text>"));
    assert_true(has(&out, "text-anchor=\"middle\">780</text>"));
    buffer_release(&out);
}

static void test_one_point_and_none(void **state)
{
    (void)state;
    struct chart_point points[] = {{.text = TEXT("0"), .when = TEXT("2020"), .value = 0}};
    struct chart_data chart = {.id = SLICE("c"), .points = points, .count = 1};
    struct buffer out;
    buffer_init(&out);
    chart_time(&chart, &out);
    assert_true(has(&out, "<circle class=\"point\" cx=\"170\" cy=\"188\" r=\"4\"/>"));
    buffer_clear(&out);
    chart.count = 0;
    chart_time(&chart, &out);
    assert_int_equal(buffer_slice(&out).length, 0);
    buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bars),
        cmocka_unit_test(test_long_labels_take_two_lines),
        cmocka_unit_test(test_values_below_zero),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_one_point_and_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
