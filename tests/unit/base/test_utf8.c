#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base.h"

static int32_t first_of(const char *text)
{
    ptrdiff_t at = 0;
    return utf8_next(slice_of(text), &at);
}

static void every_code_point_comes_back(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        buffer_clear(&buffer);
        utf8_append(&buffer, c);
        ptrdiff_t at = 0;
        assert_int_equal(utf8_next(buffer_slice(&buffer), &at), c);
        assert_int_equal(at, buffer.length);
        assert_int_equal(utf8_previous(buffer_slice(&buffer), buffer.length), c);
        assert_int_equal(utf8_find_invalid(buffer_slice(&buffer)), -1);
    }
    static const int32_t none[] = {-1, 0xD800, 0xDFFF, 0x110000};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        buffer_clear(&buffer);
        utf8_append(&buffer, none[i]);
        assert_int_equal(first_of("\xEF\xBF\xBD"), 0xFFFD);
        assert_true(slice_equal(buffer_slice(&buffer), SLICE("\xEF\xBF\xBD")));
    }
    buffer_release(&buffer);
}

static void ill_formed_sequences(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",             /* a continuation alone */
        "\xBF\xBF",         /* two */
        "\xC0\x80",         /* overlong NUL */
        "\xC1\xBF",         /* overlong DEL */
        "\xE0\x80\x80",     /* overlong in three */
        "\xE0\x9F\xBF",     /* the last of them */
        "\xF0\x80\x80\x80", /* overlong in four */
        "\xF0\x8F\xBF\xBF", /* the last of them */
        "\xED\xA0\x80",     /* the first surrogate */
        "\xED\xBF\xBF",     /* the last */
        "\xF4\x90\x80\x80", /* U+110000 */
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
        "\xE3\x81",     /* cut short at the end */
        "\xE3\x81\x41", /* and by ASCII */
        "\xE3\x81\xC1",
        "\xE3\x01\xC1",
        "\xE3\xC1\x81",
        "\xF0\x9F\x98",
        "\xC3",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct slice s = slice_of(bad[i]);
        ptrdiff_t at = 0;
        assert_int_equal(utf8_find_invalid(s), 0);
        assert_int_equal(utf8_next(s, &at), 0xFFFD);
        assert_int_equal(at, 1); /* one byte at a time */
    }
    /* Wherever it stands among what is looked at many bytes at once. */
    struct buffer text;
    buffer_init(&text);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]) * 64; i++) {
        buffer_clear(&text);
        while (text.length < (ptrdiff_t)(i % 64)) {
            bool fits = (ptrdiff_t)(i % 64) - text.length >= 3 && (i + (size_t)text.length) % 5 > 0;
            buffer_append(&text, fits ? SLICE("字") : SLICE("a"));
        }
        ptrdiff_t start = text.length;
        assert_int_equal(utf8_find_invalid(buffer_slice(&text)), -1);
        buffer_append(&text, slice_of(bad[i / 64]));
        buffer_append(&text, SLICE("、あいうえおかきくけこさしすせそ"));
        assert_int_equal(utf8_find_invalid(buffer_slice(&text)), start);
    }
    buffer_release(&text);
    assert_int_equal(utf8_find_invalid(SLICE("abcdefghij\xE3\x81\x82\xFF")), 13);
    assert_int_equal(utf8_find_invalid(SLICE("あいう")), -1);
    assert_int_equal(utf8_find_invalid(slice_of(NULL)), -1);
    assert_int_equal(utf8_count(SLICE("a\xFF\xE3\x81\x82\xE3")), 4);
}

static void counting_and_offsets(void **state)
{
    (void)state;
    struct slice s = SLICE("aé協😀z");
    assert_int_equal(utf8_count(s), 5);
    static const ptrdiff_t offsets[] = {0, 1, 3, 6, 10, 11, 11};
    for (ptrdiff_t i = 0; i < 7; i++) {
        assert_int_equal(utf8_offset(s, i), offsets[i]);
    }
    assert_int_equal(utf8_count(slice_of(NULL)), 0);
    assert_int_equal(utf8_previous(s, 0), -1);
    assert_int_equal(utf8_previous(s, 1), 'a');
    assert_int_equal(utf8_previous(s, 10), 0x1F600);
    assert_int_equal(utf8_previous(SLICE("\x80\x80\x80\x80\x80"), 5), 0xFFFD);
    assert_int_equal(utf8_previous(SLICE("a\x80"), 2), 0xFFFD);
}

static void widths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int width;
    } cases[] = {{"a", 1},       {"\t", 0}, {"\x1b", 0},     {"é", 1},
                 {"あ", 2},      {"協", 2}, {"ｱ", 1},        {"Ａ", 2},
                 {"　", 2},      {"。", 2}, {"○", 1},        {"―", 1},
                 {"※", 1},       {"①", 1},  {"\xCC\x81", 0}, {"\xE3\x82\x99", 0},
                 {"😀", 2},       {"한", 2}, {"𠮷", 2},       {"\xE2\x80\x8B", 0},
                 {"\xC2\xAD", 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(utf8_width(first_of(cases[i].text)), cases[i].width);
    }
    assert_int_equal(utf8_slice_width(SLICE("令和4年度")), 9);
    assert_int_equal(utf8_slice_width(SLICE("か\xE3\x82\x99")), 2);
}

static void classes(void **state)
{
    (void)state;
    assert_true(utf8_is_wide_without_space(first_of("漢")));
    assert_true(utf8_is_wide_without_space(first_of("ひ")));
    assert_true(utf8_is_wide_without_space(first_of("、")));
    assert_true(utf8_is_wide_without_space(first_of("Ａ")));
    assert_true(utf8_is_wide_without_space(first_of("ｱ")));
    assert_true(utf8_is_wide_without_space(0x3099));
    assert_false(utf8_is_wide_without_space(first_of("한")));
    assert_false(utf8_is_wide_without_space(first_of("a")));
    assert_false(utf8_is_wide_without_space(first_of("※")));
    assert_true(utf8_is_punctuation(first_of("「")));
    assert_true(utf8_is_punctuation('$'));
    assert_true(utf8_is_punctuation(first_of("€")));
    assert_false(utf8_is_punctuation(first_of("ー"))); /* a letter, Lm */
    assert_false(utf8_is_punctuation('a'));
    assert_true(utf8_is_white_space(0x3000));
    assert_true(utf8_is_white_space('\f'));
    assert_false(utf8_is_white_space(0x200B));
    assert_true(utf8_is_letter_or_digit(first_of("Ⅳ")));
    assert_true(utf8_is_letter_or_digit(first_of("々")));
    assert_true(utf8_is_letter_or_digit(0x0301));
    assert_false(utf8_is_letter_or_digit('-'));
    static const int32_t unsafe[] = {0,      0x1B,   0x7F,   0x9B,   '\r',   0x061C,
                                     0x200B, 0x200E, 0x200F, 0x202A, 0x202E, 0x2060,
                                     0x2066, 0x2069, 0xFEFF, 0x2028};
    for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
        assert_true(utf8_is_unsafe_on_terminal(unsafe[i]));
    }
    static const int32_t safe[] = {'\t', '\n', ' ', 0xA0, 0x2027, 0x202F, 0x2065, 0x206A, 0x3042};
    for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
        assert_false(utf8_is_unsafe_on_terminal(safe[i]));
    }
}

static void normal_forms(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    assert_true(slice_equal(utf8_nfc(&arena, SLICE("か\xE3\x82\x99")), SLICE("が")));
    assert_true(slice_equal(utf8_nfc(&arena, SLICE("e\xCC\x81")), SLICE("é")));
    assert_true(slice_equal(utf8_nfc(&arena, SLICE("ガ abc")), SLICE("ガ abc")));
    assert_true(slice_equal(utf8_nfc(&arena, SLICE("a\xFF")), SLICE("a\xEF\xBF\xBD")));
    assert_true(slice_equal(utf8_nfc(&arena, SLICE("e\xCC\x81\xFF")), SLICE("é\xEF\xBF\xBD")));
    assert_int_equal(utf8_nfc(&arena, slice_of(NULL)).length, 0);
    assert_true(slice_equal(utf8_nfd(&arena, SLICE("が abc")), SLICE("か\xE3\x82\x99 abc")));
    assert_int_equal(utf8_nfd(&arena, slice_of(NULL)).length, 0);
    assert_true(slice_equal(utf8_nfkc_casefold(&arena, SLICE("ＡＢＣ ｶﾞ①")), SLICE("abc ガ1")));
    assert_true(slice_equal(utf8_nfkc_casefold(&arena, SLICE("Straße")), SLICE("strasse")));
    assert_true(slice_equal(utf8_nfkc_casefold(&arena, SLICE("HeLLo [1]")), SLICE("hello [1]")));
    assert_true(slice_equal(utf8_nfkc_casefold(&arena, SLICE("あ\xE2\x80\x8Bい")), SLICE("あい")));
    assert_int_equal(utf8_nfkc_casefold(&arena, slice_of(NULL)).length, 0);
    assert_true(utf8_is_nfc(SLICE("が協働、café")));
    assert_true(utf8_is_nfc(SLICE("😀")));
    assert_false(utf8_is_nfc(SLICE("か\xE3\x82\x99")));
    assert_false(utf8_is_nfc(SLICE("\xE2\x84\xAA"))); /* the Kelvin sign is K */
    assert_false(utf8_is_nfc(SLICE("\xFF")));
    arena_release(&arena);
}

/* The quick answer for common text agrees with utf8proc: normalising changes no character that
 * passes. */
static void the_quick_check_is_right(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    struct buffer text = {0};
    for (int32_t c = 1; c < 0x20000; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        buffer_clear(&text);
        utf8_append(&text, c);
        /* U+0327 in front makes the slow way certain; it combines with nothing before it. */
        buffer_append_literal(&text, "\n\xCC\xA7");
        struct slice slow = utf8_nfc(&arena, buffer_slice(&text));
        bool stays = slice_equal(slow, buffer_slice(&text));
        assert_int_equal(utf8_is_nfc(slice_sub(buffer_slice(&text), 0, text.length - 3)), stays);
        arena_clear(&arena);
    }
    buffer_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(ill_formed_sequences),
        cmocka_unit_test(counting_and_offsets),
        cmocka_unit_test(widths),
        cmocka_unit_test(classes),
        cmocka_unit_test(normal_forms),
        cmocka_unit_test(the_quick_check_is_right),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
