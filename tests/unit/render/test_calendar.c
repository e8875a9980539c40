/* Content lines and texts of iCalendar (RFC 5545, 3.1 and 3.3.11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendar.h"

static void lines_are_folded_between_characters(void **state)
{
    (void)state;
    struct arena arena;
    struct buffer out;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    buffer_init(&out);
    /* Every length, with the characters' bytes at every distance from the fold. */
    for (int shift = 0; shift < 4; shift++) {
        struct slice line = slice_sub(SLICE("abc"), 0, shift);
        for (int count = 0; count < 80; count++) {
            buffer_clear(&out);
            calendar_put_line(line, &out);
            struct slice rest = buffer_slice(&out);
            struct slice joined = {0};
            assert_true(slice_ends_with(rest, SLICE("\r\n")));
            while (rest.length > 0) {
                struct slice part = slice_cut(&rest, '\n');
                assert_true(slice_ends_with(part, SLICE("\r")));
                part = slice_sub(part, 0, part.length - 1);
                assert_true(part.length <= 75);
                assert_int_equal(utf8_find_invalid(part), -1);
                if (joined.data) {
                    assert_true(slice_starts_with(part, SLICE(" ")));
                    part = slice_from(part, 1);
                }
                joined = joined.data ? ARENA_JOIN(&arena, joined, part) : part;
            }
            assert_true(slice_equal(joined, line));
            line = ARENA_JOIN(&arena, line, SLICE("協"));
        }
    }
    buffer_release(&out);
    arena_release(&arena);
}

static void texts_are_escaped(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct slice text = calendar_text(SLICE("a;b,c\\d\r\ne\x07 “;”"), &arena);
    assert_true(slice_equal(text, SLICE("a\\;b\\,c\\\\d\\ne “\\;”")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_folded_between_characters),
        cmocka_unit_test(texts_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
