/* What the process takes of memory is told as it is (memory.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base.h"

enum { LENGTH = 64 << 20, NEARLY = 60 << 20 };

static void what_is_touched_counts_until_it_is_let_go(void **state)
{
    (void)state;
    char *bytes = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(bytes != MAP_FAILED);
    int64_t before = memory_resident();
    assert_true(before > 0 && before < INT64_MAX);
    memset(bytes, 1, LENGTH);
    assert_true(memory_resident() - before > NEARLY);
    munmap(bytes, LENGTH);
    assert_true(memory_resident() - before < LENGTH - NEARLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_touched_counts_until_it_is_let_go),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
