/* What a spreadsheet makes of a value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "spreadsheet.h"

static struct spreadsheet_cell read_as(enum column_type type, const char *text)
{
    struct dataset_column column = {.type = type};
    return spreadsheet_cell(&column, slice_of(text));
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        enum column_type type;
        const char *text;
        enum spreadsheet_kind kind;
        double number;
    } cells[] = {
        {COLUMN_INTEGER, "1200", SPREADSHEET_NUMBER, 1200},
        {COLUMN_INTEGER, "-3", SPREADSHEET_NUMBER, -3},
        {COLUMN_YEAR, "2024", SPREADSHEET_NUMBER, 2024},
        {COLUMN_NUMBER, "0.001", SPREADSHEET_NUMBER, 0.001},
        {COLUMN_NUMBER, "123456789012.345", SPREADSHEET_NUMBER, 123456789012.345},
        {COLUMN_NUMBER, "INF", SPREADSHEET_TEXT_CELL, 0},
        {COLUMN_NUMBER, "1e999", SPREADSHEET_TEXT_CELL, 0},
        {COLUMN_BOOLEAN, "true", SPREADSHEET_BOOLEAN, 1},
        {COLUMN_BOOLEAN, "false", SPREADSHEET_BOOLEAN, 0},
        {COLUMN_STRING, "0123", SPREADSHEET_TEXT_CELL, 0},
        {COLUMN_STRING, "", SPREADSHEET_EMPTY, 0},
        {COLUMN_DATE, "1900-03-01", SPREADSHEET_DATE, 61},
        {COLUMN_DATE, "2024-04-01", SPREADSHEET_DATE, 45383},
        {COLUMN_DATE, "9999-12-31", SPREADSHEET_DATE, 2958465},
        {COLUMN_TIME, "06:00:00", SPREADSHEET_TIME, 0.25},
        {COLUMN_TIME, "24:00:00", SPREADSHEET_TEXT_CELL, 0},
        {COLUMN_DATETIME, "2024-04-01T12:00:00", SPREADSHEET_DATETIME, 45383.5},
        {COLUMN_DATETIME, "2024-04-01T12:00:00+09:00", SPREADSHEET_TEXT_CELL, 0},
        {COLUMN_YEARMONTH, "2024-04", SPREADSHEET_TEXT_CELL, 0},
        {COLUMN_ANY, "12", SPREADSHEET_TEXT_CELL, 0},
    };
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        struct spreadsheet_cell cell = read_as(cells[i].type, cells[i].text);
        if (cell.kind != cells[i].kind ||
            (cell.kind != SPREADSHEET_TEXT_CELL && cell.number != cells[i].number)) {
            fail_msg("%s: kind %d, number %.17g", cells[i].text, (int)cell.kind, cell.number);
        }
    }
}

static void test_what_it_cannot_hold_is_text(void **state)
{
    (void)state;
    struct spreadsheet_cell cell = read_as(COLUMN_DATE, "1900-02-28");
    assert_true(cell.is_early_date && cell.kind == SPREADSHEET_TEXT_CELL);
    cell = read_as(COLUMN_DATE, "1868-10-23");
    assert_true(cell.is_early_date && slice_equal(cell.text, SLICE("1868-10-23")));
    cell = read_as(COLUMN_INTEGER, "1234567890123456");
    assert_true(cell.is_long_number && cell.kind == SPREADSHEET_TEXT_CELL);
    assert_false(read_as(COLUMN_INTEGER, "123456789012345").is_long_number);
}

static void test_long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    struct dataset_column column = {.type = COLUMN_STRING};
    struct buffer text = {0};
    for (int i = 0; i < SPREADSHEET_TEXT / 2; i++) {
        buffer_append_literal(&text, "𠮷"); /* two UTF-16 units */
    }
    struct spreadsheet_cell cell = spreadsheet_cell(&column, buffer_slice(&text));
    assert_false(cell.is_cut);
    buffer_append_literal(&text, "𠮷");
    cell = spreadsheet_cell(&column, buffer_slice(&text));
    assert_true(cell.is_cut);
    assert_int_equal(cell.text.length, text.length - 4);
    buffer_release(&text);
}

static void test_formulas(void **state)
{
    (void)state;
    struct dataset_column text = {.type = COLUMN_STRING};
    struct dataset_column number = {.type = COLUMN_NUMBER};
    assert_true(spreadsheet_is_formula(&text, SLICE("=1+1")));
    assert_true(spreadsheet_is_formula(&text, SLICE("＠SUM")));
    assert_true(spreadsheet_is_formula(&text, SLICE("-")));
    assert_false(spreadsheet_is_formula(&text, SLICE("-5")));
    assert_false(spreadsheet_is_formula(&text, SLICE("a=b")));
    assert_false(spreadsheet_is_formula(&text, SLICE("")));
    assert_false(spreadsheet_is_formula(&number, SLICE("-INF")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_what_it_cannot_hold_is_text),
        cmocka_unit_test(test_long_texts_are_cut_between_characters),
        cmocka_unit_test(test_formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
