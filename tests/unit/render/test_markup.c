/* Texts, dates, numbers and quantities as readers of two languages see them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "page.h"

/* A page of a site in Japanese and English, with the few texts that are asked for here. */
struct fixture {
    struct arena arena;
    struct buffer buffer;
    struct site site;
    struct language languages[2];
    struct html_theme theme;
    struct page page;
};

static void set_texts(struct html_theme *theme)
{
    static const struct {
        enum string_id id;
        const char *japanese;
        const char *english;
    } texts[] = {
        {STRING_date_year, "{0}年", "{0}"},
        {STRING_date_fiscal_year, "{0}年度", "fiscal year {0}"},
        {STRING_date_month, "{0}年{1}月", "{3} {0}"},
        {STRING_date_day, "{0}年{1}月{2}日", "{2} {3} {0}"},
        {STRING_date_weekday, "{0}（{1}）", "{1} {0}"},
        {STRING_month_7, "7月", "July"},
        {STRING_weekday_2, "火", "Tuesday"},
        {STRING_quantity, "{0}{1}", "{0} {1}"},
        {STRING_quantity_per_cent, "{0}{1}", "{0}{1}"},
        {STRING_quantity_approx, "約{0}", "about {0}"},
        {STRING_quantity_min, "{0}以上", "at least {0}"},
        {STRING_cases_count, "{0}件", "1 case|{0} cases"},
        {STRING_cases_of, "<{0}>の{1}", "{1}: <{0}>"},
        {STRING_title_and_site, "{0}｜{1}", "{0} | {1}"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        theme->strings[0][texts[i].id] = slice_of(texts[i].japanese);
        theme->strings[1][texts[i].id] = slice_of(texts[i].english);
    }
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    arena_init(&fixture->arena, ARENA_DEFAULT_LIMIT);
    buffer_init(&fixture->buffer);
    fixture->languages[0] = (struct language){SLICE("ja"), SLICE("日本語")};
    fixture->languages[1] = (struct language){SLICE("en"), SLICE("English")};
    fixture->site.languages = fixture->languages;
    fixture->site.language_count = 2;
    set_texts(&fixture->theme);
    arena_init(&fixture->theme.arena, ARENA_DEFAULT_LIMIT);
    theme_make_html(&fixture->theme, &fixture->site, 0);
    theme_make_html(&fixture->theme, &fixture->site, 1);
    fixture->page = (struct page){.site = &fixture->site,
                                  .theme = &fixture->theme,
                                  .arena = &fixture->arena,
                                  .buffer = &fixture->buffer};
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    buffer_release(&fixture->buffer);
    arena_release(&fixture->theme.arena);
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

/* What was put since the last look. */
static void expect(struct fixture *fixture, const char *expected)
{
    buffer_append_byte(&fixture->buffer, '\0');
    assert_string_equal(fixture->buffer.data, expected);
    buffer_clear(&fixture->buffer);
}

static void dates(void **state)
{
    struct fixture *fixture = *state;
    struct page *page = &fixture->page;
    put_date(page, (struct date){2015, 7, 14, DATE_DAY}, false);
    expect(fixture, "<time datetime=\"2015-07-14\">2015年7月14日</time>");
    put_date(page, (struct date){2015, 7, 14, DATE_DAY}, true);
    expect(fixture, "<time datetime=\"2015-07-14\">2015年7月14日（火）</time>");
    put_date(page, (struct date){2015, 7, 0, DATE_MONTH}, true);
    expect(fixture, "<time datetime=\"2015-07\">2015年7月</time>");
    put_date(page, (struct date){2022, 0, 0, DATE_FISCAL_YEAR}, false);
    expect(fixture, "2022年度");
    page->text = 1;
    put_date(page, (struct date){2015, 7, 14, DATE_DAY}, true);
    expect(fixture, "<time datetime=\"2015-07-14\">Tuesday 14 July 2015</time>");
    put_date(page, (struct date){2015, 7, 0, DATE_MONTH}, false);
    expect(fixture, "<time datetime=\"2015-07\">July 2015</time>");
    put_date(page, (struct date){2015, 0, 0, DATE_YEAR}, false);
    expect(fixture, "<time datetime=\"2015\">2015</time>");
    put_date(page, (struct date){645, 0, 0, DATE_YEAR}, false);
    expect(fixture, "<time datetime=\"0645\">645</time>");
    put_date(page, (struct date){2022, 0, 0, DATE_FISCAL_YEAR}, false);
    expect(fixture, "fiscal year 2022");
}

static void numbers(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *number;
        const char *shown;
    } cases[] = {
        {"0", "0"},
        {"999", "999"},
        {"1000", "1,000"},
        {"1504000", "1,504,000"},
        {"-1234.5", "\xE2\x88\x92"
                    "1,234.5"},
        {"21.40", "21.40"},
        {"1e21", "1e21"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_number_text(&fixture->page, slice_of(cases[i].number));
        expect(fixture, cases[i].shown);
    }
    put_number(&fixture->page, 62.2);
    expect(fixture, "62.2");
    put_integer(&fixture->page, -12345);
    expect(fixture, "\xE2\x88\x92"
                    "12,345");
}

static void quantities(void **state)
{
    struct fixture *fixture = *state;
    struct page *page = &fixture->page;
    const struct slice agreement[] = {SLICE("件（協定）"), SLICE("agreements")};
    const struct slice per_cent[] = {SLICE("％"), SLICE("%")};
    const struct slice one[] = {SLICE("件（協定）"), SLICE("agreement")};
    const struct code_entry unit = {.labels = agreement, .labels_of_one = one};
    const struct code_entry sign = {.labels = per_cent};
    const struct code_entry approx = {.code = SLICE("approx")};
    const struct code_entry least = {.code = SLICE("min")};
    const struct code_entry exact = {.code = SLICE("exact")};
    put_quantity(page, SLICE("1200"), &unit, &approx);
    expect(fixture, "約1,200件");
    put_quantity(page, SLICE("50"), &sign, &least);
    expect(fixture, "50%以上");
    put_quantity(page, SLICE("11"), NULL, NULL);
    expect(fixture, "11");
    page->text = 1;
    put_quantity(page, SLICE("1200"), &unit, &approx);
    expect(fixture, "about 1,200 agreements");
    put_quantity(page, SLICE("1"), &unit, &exact);
    expect(fixture, "1 agreement");
    put_quantity(page, SLICE("44.4"), &sign, &exact);
    expect(fixture, "44.4%");
}

static void patterns(void **state)
{
    struct fixture *fixture = *state;
    struct page *page = &fixture->page;
    put_pattern(page, STRING_cases_of, SLICE("<b>川</b>"), SLICE("&amp;"));
    expect(fixture, "&lt;<b>川</b>&gt;の&amp;");
    page->text = 1;
    assert_true(slice_equal(pattern_text(page, STRING_cases_count, SLICE("1"), (struct slice){0}),
                            SLICE("1 case")));
    assert_true(slice_equal(pattern_text(page, STRING_cases_count, SLICE("17"), (struct slice){0}),
                            SLICE("17 cases")));
    assert_true(slice_equal(pattern_text(page, STRING_cases_of, SLICE("a&b"), SLICE("c")),
                            SLICE("c: <a&b>")));
    assert_true(slice_equal(pattern_text(page, STRING_title_and_site, SLICE("a"), SLICE("b")),
                            SLICE("a | b")));
}

static void words_tell_their_language(void **state)
{
    struct fixture *fixture = *state;
    struct page *page = &fixture->page;
    put_in_language(page, SLICE("川 & 海"), 0);
    expect(fixture, "川 &amp; 海");
    put_in_language(page, SLICE("<river>"), 1);
    expect(fixture, "<span lang=\"en\">&lt;river&gt;</span>");
    put_in_language(page, SLICE("A-1"), -1);
    expect(fixture, "A-1");
    put_paragraphs(page, SLICE("\n一つめ\n\n二つめ\n"), 0);
    expect(fixture, "<p>一つめ</p>\n<p>二つめ</p>\n");
    put_paragraphs(page, SLICE("one"), 1);
    expect(fixture, "<p lang=\"en\">one</p>\n");
}

static void sizes(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        int64_t bytes;
        const char *shown;
    } cases[] = {{0, "0 B"},       {999, "999 B"},     {1000, "1.0 kB"},
                 {12345, "12 kB"}, {999499, "999 kB"}, {1234567, "1.2 MB"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice text = text_size(&fixture->page, cases[i].bytes);
        assert_true(slice_equal(text, slice_of(cases[i].shown)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quantities, set_up, tear_down),
        cmocka_unit_test_setup_teardown(patterns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_tell_their_language, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sizes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
