/* Long lists: every entry stands on one part, and the numbered parts never change as the list
 * grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "page.h"

#define MOST 400

static void every_entry_stands_once(void **state)
{
    (void)state;
    for (ptrdiff_t count = 0; count <= MOST; count++) {
        int seen[MOST] = {0};
        for (ptrdiff_t number = 0; number <= list_full_pages(count); number++) {
            ptrdiff_t first;
            ptrdiff_t end;
            list_range(count, number, &first, &end);
            assert_true(first >= 0 && end <= count);
            assert_true(number == 0 || end - first == LIST_PAGE);
            for (ptrdiff_t i = first; i < end; i++) {
                seen[i]++;
            }
        }
        for (ptrdiff_t i = 0; i < count; i++) {
            assert_int_equal(seen[i], 1);
        }
    }
}

/* Counted from the oldest, part 1 is 1 to 50 for ever, part 2 is 51 to 100 … */
static void numbered_parts_stay(void **state)
{
    (void)state;
    for (ptrdiff_t count = 0; count <= MOST; count++) {
        for (ptrdiff_t number = 1; number <= list_full_pages(count); number++) {
            ptrdiff_t first;
            ptrdiff_t end;
            list_range(count, number, &first, &end);
            assert_int_equal(count - end, (number - 1) * LIST_PAGE);
            assert_int_equal(count - first, number * LIST_PAGE);
        }
    }
}

static void a_part_that_exists_goes_on_existing(void **state)
{
    (void)state;
    for (ptrdiff_t count = 1; count <= MOST; count++) {
        assert_true(list_full_pages(count) >= list_full_pages(count - 1));
    }
}

static void the_newest_part_is_neither_thin_nor_endless(void **state)
{
    (void)state;
    for (ptrdiff_t count = LIST_PAGE; count <= MOST; count++) {
        ptrdiff_t first;
        ptrdiff_t end;
        list_range(count, 0, &first, &end);
        assert_int_equal(first, 0);
        assert_true(end >= LIST_PAGE / 2 && end < LIST_PAGE + LIST_PAGE / 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entry_stands_once),
        cmocka_unit_test(numbered_parts_stay),
        cmocka_unit_test(a_part_that_exists_goes_on_existing),
        cmocka_unit_test(the_newest_part_is_neither_thin_nor_endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
