#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "dies.h"

struct counting {
    unsigned char *visits;
    ptrdiff_t by_worker[16];
    int threads;
};

static void count_visit(void *context, ptrdiff_t index, int worker)
{
    struct counting *counting = context;
    if (worker >= 0 && worker < counting->threads) {
        counting->visits[index]++;
        counting->by_worker[worker]++;
    }
}

static void check_pool(int threads, ptrdiff_t count)
{
    struct pool *pool = pool_start(threads);
    assert_int_equal(pool_threads(pool), threads);
    struct counting counting = {.threads = threads};
    counting.visits = calloc((size_t)count + 1, 1);
    assert_non_null(counting.visits);
    for (int round = 1; round <= 3; round++) {
        ptrdiff_t long_ones = round == 1 ? 0 : round == 2 ? count / 3 : count;
        pool_run_long_first(pool, long_ones, count, count_visit, &counting);
        for (ptrdiff_t i = 0; i < count; i++) {
            assert_int_equal(counting.visits[i], round);
        }
        assert_int_equal(counting.visits[count], 0);
    }
    ptrdiff_t all = 0;
    for (int i = 0; i < threads; i++) {
        all += counting.by_worker[i];
    }
    assert_int_equal(all, 3 * count);
    free(counting.visits);
    pool_stop(pool);
}

static void every_index_runs_once(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 3, 8};
    static const ptrdiff_t counts[] = {0, 1, 2, 7, 100, 12345};
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        for (size_t j = 0; j < sizeof(counts) / sizeof(counts[0]); j++) {
            check_pool(threads[i], counts[j]);
        }
    }
}

static void many_short_runs_end(void **state)
{
    (void)state;
    struct pool *pool = pool_start(8);
    unsigned char visits[2] = {0, 0};
    struct counting counting = {.visits = visits, .threads = 8};
    for (int i = 0; i < 2000; i++) {
        pool_run(pool, 2, count_visit, &counting);
    }
    assert_int_equal(visits[0], 2000 % 256);
    assert_int_equal(visits[1], 2000 % 256);
    pool_stop(pool);
    pool_stop(NULL);
}

static void run_inside(void *context, ptrdiff_t index, int worker)
{
    (void)index;
    (void)worker;
    pool_run(context, 1, run_inside, context);
}

static void nest(void)
{
    struct pool *pool = pool_start(1);
    pool_run(pool, 1, run_inside, pool);
}

static void misuse_is_noticed(void **state)
{
    (void)state;
    assert_true(aborts(nest));
    assert_true(pool_available_threads() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_runs_once),
        cmocka_unit_test(many_short_runs_end),
        cmocka_unit_test(misuse_is_noticed),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
