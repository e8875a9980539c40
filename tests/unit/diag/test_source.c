#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "diag.h"

static void check_position(struct source *source, ptrdiff_t offset, int64_t line, int64_t column)
{
    struct position position = source_position(source, offset);
    assert_int_equal(position.line, line);
    assert_int_equal(position.column, column);
}

static void check_line(struct source *source, ptrdiff_t offset, ptrdiff_t start, const char *text)
{
    ptrdiff_t actual_start = -1;
    struct slice line = source_line(source, offset, &actual_start);
    assert_true(slice_equal(line, slice_of(text)));
    assert_int_equal(actual_start, start);
}

static void every_line_end_counts_once(void **state)
{
    (void)state;
    /* offsets:              0 12 3 4 56 7 8 9 */
    struct slice text = SLICE("a\nb\rc\r\n\n\rd");
    struct source *source = source_new(SLICE("f"), text, NULL, NULL);
    check_position(source, 0, 1, 1);
    check_position(source, 1, 1, 2); /* the LF itself belongs to its line */
    check_position(source, 2, 2, 1);
    check_position(source, 4, 3, 1);
    check_position(source, 6, 3, 3); /* the LF of CRLF */
    check_position(source, 7, 4, 1);
    check_position(source, 8, 5, 1);
    check_position(source, 9, 6, 1);
    check_position(source, 10, 6, 2);
    check_position(source, 999, 6, 2); /* beyond the end is the end */
    check_position(source, -1, 1, 1);
    check_line(source, 0, 0, "a");
    check_line(source, 1, 0, "a");
    check_line(source, 3, 2, "b");
    check_line(source, 5, 4, "c");
    check_line(source, 6, 4, "c");
    check_line(source, 7, 7, "");
    check_line(source, 8, 8, "");
    check_line(source, 9, 9, "d");
    check_line(source, 10, 9, "d");
    source_free(source);
}

static void columns_are_code_points(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("f"), SLICE("協働 a\né😀z\n"), NULL, NULL);
    check_position(source, 3, 1, 2);
    check_position(source, 7, 1, 4);
    check_position(source, 11, 2, 2);
    check_position(source, 15, 2, 3);
    check_position(source, 3, 1, 2); /* back again */
    check_position(source, 17, 3, 1);
    check_line(source, 17, 17, "");
    source_free(source);
}

static void an_empty_file_has_one_line(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("f"), SLICE(""), NULL, NULL);
    check_position(source, 0, 1, 1);
    check_line(source, 0, 0, "");
    assert_int_equal(source_text(source).length, 0);
    source_free(source);
    source_free(NULL);
}

static bool read_again(void *context, struct slice path, char **text, ptrdiff_t *length)
{
    int *reads = context;
    assert_true(slice_equal(path, SLICE("data/a.csv")));
    (*reads)++;
    if (*reads > 2) {
        return false;
    }
    *length = 8;
    *text = malloc(8);
    assert_non_null(*text);
    memcpy(*text, "one\ntwo\n", 8);
    return true;
}

static void text_comes_back_on_demand(void **state)
{
    (void)state;
    int reads = 0;
    char path[] = "data/a.csv";
    struct source *source = source_new(slice_of(path), slice_of(NULL), read_again, &reads);
    path[0] = 'X'; /* the source has its own copy */
    assert_true(slice_equal(source_path(source), SLICE("data/a.csv")));
    assert_int_equal(reads, 0);
    struct span span = span_make(source, 4, 7);
    assert_true(slice_equal(span_text(span), SLICE("two")));
    check_position(source, 5, 2, 2);
    assert_int_equal(reads, 1);
    source_drop(source);
    assert_true(slice_equal(span_text(span), SLICE("two")));
    assert_int_equal(reads, 2);
    source_drop(source);
    assert_int_equal(span_text(span).length, 0); /* it can't be read any more */
    assert_null(source_text(source).data);
    check_position(source, 5, 2, 1); /* but the line is still known */
    struct buffer out = {0};
    struct shown_line shown;
    assert_false(source_shown_line(source, 5, &out, &shown));
    buffer_release(&out);
    source_free(source);
}

static void text_without_reader_is_gone_when_dropped(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("f"), SLICE("abc"), NULL, NULL);
    struct slice text = source_text(source);
    struct span span = span_of_slice(source, slice_sub(text, 1, 2));
    assert_int_equal(span.start, 1);
    assert_int_equal(span.end, 2);
    assert_int_equal(span_of_slice(source, slice_of(NULL)).end, 0);
    assert_int_equal(span_of_file(source).start, 0);
    assert_int_equal(span_text((struct span){0}).length, 0);
    source_drop(source);
    check_position(source, 2, 1, 1);
    source_free(source);
}

static void hide_digits(void *context, struct slice line, ptrdiff_t start, struct buffer *out)
{
    *(ptrdiff_t *)context = start;
    for (ptrdiff_t at = 0; at < line.length;) {
        int32_t c = utf8_next(line, &at);
        if (c >= '0' && c <= '9') {
            buffer_append_literal(out, "█");
        } else {
            utf8_append(out, c);
        }
    }
}

static void lose_a_character(void *context, struct slice line, ptrdiff_t start, struct buffer *out)
{
    (void)context;
    (void)start;
    buffer_append(out, slice_from(line, 1));
}

static void masks_are_applied(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("f"), SLICE("x\nA,0123,z\n"), NULL, NULL);
    struct buffer out = {0};
    struct shown_line shown;
    assert_true(source_shown_line(source, 9, &out, &shown));
    assert_true(slice_equal(buffer_slice(&out), SLICE("A,0123,z")));
    assert_int_equal(shown.at, 7);
    ptrdiff_t start = -1;
    source_set_mask(source, hide_digits, &start);
    buffer_clear(&out);
    assert_true(source_shown_line(source, 9, &out, &shown));
    assert_true(slice_equal(buffer_slice(&out), SLICE("A,████,z")));
    assert_int_equal(shown.at, 15); /* still before the z */
    assert_int_equal(start, 2);
    assert_false(shown.is_cut_before || shown.is_cut_after);
    source_set_mask(source, lose_a_character, NULL);
    buffer_clear(&out);
    assert_false(source_shown_line(source, 9, &out, &shown)); /* rather nothing than a leak */
    assert_int_equal(out.length, 0);
    buffer_release(&out);
    source_free(source);
}

static void long_lines_are_cut_between_characters(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (int i = 0; i < 100000; i++) {
        buffer_append_literal(&text, "協");
    }
    struct source *source = source_new(SLICE("f"), buffer_slice(&text), NULL, NULL);
    for (ptrdiff_t i = 0; i < 100000; i += 9999) {
        struct buffer out = {0};
        struct shown_line shown;
        assert_true(source_shown_line(source, 3 * i, &out, &shown));
        assert_int_equal(utf8_find_invalid(buffer_slice(&out)), -1);
        assert_true(out.length < 5000);
        assert_int_equal(shown.is_cut_before, i > 682);
        assert_int_equal(shown.is_cut_after, i + 683 < 100000);
        check_position(source, 3 * i, 1, i + 1);
        buffer_release(&out);
    }
    source_free(source);
    buffer_release(&text);
}

/* A position in one endless line costs no more for standing behind many others. */
static void positions_in_one_long_line_are_not_quadratic(void **state)
{
    (void)state;
    enum { LENGTH = 20 << 20 };
    char *text = malloc(LENGTH);
    assert_non_null(text);
    memset(text, 'x', LENGTH);
    struct source *source = source_new(SLICE("f"), slice_make(text, LENGTH), NULL, NULL);
    for (ptrdiff_t at = 0; at < LENGTH; at += 200) {
        check_position(source, at, 1, at + 1);
    }
    source_free(source);
    free(text);
}

static void *look_around(void *argument)
{
    struct source *source = argument;
    for (ptrdiff_t at = 0; at < 4000; at++) {
        if (source_position(source, at).line != at / 4 + 1) {
            return source;
        }
    }
    return NULL;
}

static void threads_share_a_source(void **state)
{
    (void)state;
    char text[4000];
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = i % 4 == 3 ? '\n' : 'x';
    }
    struct source *source = source_new(SLICE("f"), slice_make(text, sizeof(text)), NULL, NULL);
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, look_around, source), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        void *wrong = source;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    source_free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_end_counts_once),
        cmocka_unit_test(columns_are_code_points),
        cmocka_unit_test(an_empty_file_has_one_line),
        cmocka_unit_test(text_comes_back_on_demand),
        cmocka_unit_test(text_without_reader_is_gone_when_dropped),
        cmocka_unit_test(masks_are_applied),
        cmocka_unit_test(long_lines_are_cut_between_characters),
        cmocka_unit_test(positions_in_one_long_line_are_not_quadratic),
        cmocka_unit_test(threads_share_a_source),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
