#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "dies.h"

static void report_bug(void)
{
    BUG("wrong");
}

static void fail_check(void)
{
    volatile int one = 1;
    CHECK(one == 2);
}

static void pass_check(void)
{
    volatile int one = 1;
    CHECK(one == 1);
}

static void exhaust(void)
{
    memory_exhausted(1);
}

static void exhaust_without_handler(void)
{
    memory_exhausted_set_handler(NULL);
    memory_exhausted(1);
}

static void exhaust_again(ptrdiff_t wanted)
{
    memory_exhausted(wanted);
}

static void exhaust_in_handler(void)
{
    memory_exhausted_set_handler(exhaust_again);
    memory_exhausted(1);
}

static void ways_out(void **state)
{
    (void)state;
    assert_true(aborts(report_bug));
    assert_true(aborts(fail_check));
    assert_int_equal(status_of(pass_check), 0);
    assert_true(exhausts_memory(exhaust));
    assert_true(aborts(exhaust_without_handler));
    assert_true(aborts(exhaust_in_handler));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ways_out)};
    return cmocka_run_group_tests_name("bug", tests, NULL, NULL);
}
