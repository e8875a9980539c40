/* Terms of the search index: folding, cutting, numbers, and the order that the script relies on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "search.h"

/* The terms of a text, apart by `|`. */
static struct slice terms_of(struct arena *arena, const char *text)
{
    struct buffer folded = {0};
    struct buffer out = {0};
    search_fold(slice_of(text), arena, &folded);
    struct search_cursor cursor = {.text = buffer_slice(&folded)};
    struct search_term term;
    while (search_next_term(&cursor, &term)) {
        buffer_append(&out, out.length > 0 ? SLICE("|") : SLICE(""));
        buffer_append(&out, term.text);
    }
    struct slice result = arena_copy(arena, buffer_slice(&out));
    buffer_release(&folded);
    buffer_release(&out);
    return result;
}

static void texts_become_terms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *terms;
    } samples[] = {
        {"", ""},
        {"新幹線", "新|新幹|幹|幹線|線"},
        {"区", "区"},
        {"川・海", "川|海"},
        {"川\n海", "川|海"},
        {"ｶﾞｰﾄﾞ", "ガ|ガー|ー|ード|ド"},
        {"ＮＰＯ法人", "npo|法|法人|人"},
        {"Maps of 2024年", "maps|of|2024|年"},
        {"self-help, don't", "self|help|don|t"},
        {"Straße ﬁre", "strasse|fire"},
        {"e\xCC\x81t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
        {"co\xC2\xADop", "coop"},
        {"abcdefghijklmnopqrstuvwxyz 1", "abcdefghijklmnop|1"},
        {"𠮷野", "𠮷|𠮷野|野"},
        {"대한 민국", "대한|민국"},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct slice terms = terms_of(&arena, samples[i].text);
        assert_string_equal(arena_string(&arena, terms), samples[i].terms);
    }
    arena_release(&arena);
}

/* The short way and the tables agree wherever the short way is taken. */
static void short_folding_is_folding(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    for (int32_t c = 0x20; c < 0x10000; c++) {
        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        struct buffer text = {0};
        struct buffer folded = {0};
        utf8_append(&text, c);
        search_fold(buffer_slice(&text), &arena, &folded);
        struct slice expected = utf8_nfkc_casefold(&arena, buffer_slice(&text));
        assert_int_equal(folded.length, expected.length + 1);
        assert_memory_equal(folded.data, expected.length > 0 ? expected.data : "",
                            (size_t)expected.length);
        buffer_release(&text);
        buffer_release(&folded);
        arena_clear(&arena);
    }
    arena_release(&arena);
}

static void numbers_come_back(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0,     1,       127,        128,       16383,
                                       16384, 1000000, 4294967295, UINT64_MAX};
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        search_put_number(&out, numbers[i]);
    }
    ptrdiff_t at = 0;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        assert_true(search_take_number(buffer_slice(&out), &at) == numbers[i]);
    }
    assert_int_equal(at, out.length);
    buffer_release(&out);
}

/* In the order of UTF-16 code units, and with the buckets in the same order. */
static void terms_have_an_order(void **state)
{
    (void)state;
    static const char *const sorted[] = {"0",  "9",  "a",  "ab", "b",  "é",  "々", "ぁ",
                                         "の", "ン", "㐀", "一", "龠", "가", "𠮷", "\xEF\xAC\x9E"};
    int count = (int)(sizeof(sorted) / sizeof(sorted[0]));
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < count; k++) {
            int order = search_compare(slice_of(sorted[i]), slice_of(sorted[k]));
            assert_int_equal(order, i < k ? -1 : i > k ? 1 : 0);
        }
        int bucket = search_bucket(slice_of(sorted[i]));
        assert_in_range(bucket, 0, SEARCH_BUCKETS - 1);
        assert_true(i == 0 || bucket >= search_bucket(slice_of(sorted[i - 1])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_terms),
        cmocka_unit_test(short_folding_is_folding),
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(terms_have_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
