#define _GNU_SOURCE
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "bug.h"

/* Blocks are small enough that the last ones even out, and large enough that the counter is not
 * fought over: about this many a thread. */
#define BLOCKS_PER_THREAD 256

struct worker {
    struct pool *pool;
    pthread_t thread;
    int number;
};

struct pool {
    int threads;
    struct worker *workers; /* [1, threads); worker 0 is the caller */
    pthread_mutex_t lock;
    pthread_cond_t work_or_stop;
    pthread_cond_t all_done;
    /* Under the lock: */
    unsigned long round; /* counts the runs, so that a worker sees a new one */
    int busy;            /* workers that have not finished this round */
    bool stop;
    bool running;
    /* Of this round: */
    void (*job)(void *context, ptrdiff_t index, int worker);
    void *context;
    ptrdiff_t count;
    ptrdiff_t singles; /* the first ones are handed out one by one */
    ptrdiff_t block;   /* the others in blocks of this many */
    _Atomic ptrdiff_t next_single;
    _Atomic ptrdiff_t next;
};

int pool_available_threads(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        int count = CPU_COUNT(&set);
        return count > 0 ? count : 1;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN); /* more processors than a cpu_set_t holds */
    return online > 0 ? (int)online : 1;
}

static void work(struct pool *pool, int worker)
{
    for (;;) {
        ptrdiff_t i = atomic_fetch_add_explicit(&pool->next_single, 1, memory_order_relaxed);
        if (i >= pool->singles) {
            break;
        }
        pool->job(pool->context, i, worker);
    }
    for (;;) {
        ptrdiff_t start = atomic_fetch_add_explicit(&pool->next, pool->block, memory_order_relaxed);
        if (start >= pool->count) {
            return;
        }
        ptrdiff_t end = pool->count - start < pool->block ? pool->count : start + pool->block;
        for (ptrdiff_t i = start; i < end; i++) {
            pool->job(pool->context, i, worker);
        }
    }
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;
    unsigned long seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->stop && pool->round == seen) {
            pthread_cond_wait(&pool->work_or_stop, &pool->lock);
        }
        if (pool->stop) {
            break;
        }
        seen = pool->round;
        pthread_mutex_unlock(&pool->lock);
        work(pool, worker->number);
        pthread_mutex_lock(&pool->lock);
        pool->busy--;
        if (pool->busy == 0) {
            pthread_cond_signal(&pool->all_done);
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct pool *pool_start(int threads)
{
    CHECK(threads >= 1);
    struct pool *pool = calloc(1, sizeof(*pool));
    struct worker *workers = calloc((size_t)threads, sizeof(*workers));
    if (pool == NULL || workers == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*pool));
    }
    pool->workers = workers;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work_or_stop, NULL);
    pthread_cond_init(&pool->all_done, NULL);
    /* Signals belong to the main thread. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pool->threads = 1;
    while (pool->threads < threads) {
        struct worker *worker = &workers[pool->threads];
        worker->pool = pool;
        worker->number = pool->threads;
        if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
            break; /* the system gives no more: fewer threads do the same work */
        }
        pool->threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool;
}

void pool_stop(struct pool *pool)
{
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    pthread_cond_broadcast(&pool->work_or_stop);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 1; i < pool->threads; i++) {
        pthread_join(pool->workers[i].thread, NULL);
    }
    pthread_cond_destroy(&pool->all_done);
    pthread_cond_destroy(&pool->work_or_stop);
    pthread_mutex_destroy(&pool->lock);
    free(pool->workers);
    free(pool);
}

int pool_threads(const struct pool *pool)
{
    return pool->threads;
}

void pool_run(struct pool *pool, ptrdiff_t count,
              void (*job)(void *context, ptrdiff_t index, int worker), void *context)
{
    pool_run_long_first(pool, 0, count, job, context);
}

void pool_run_long_first(struct pool *pool, ptrdiff_t long_ones, ptrdiff_t count,
                         void (*job)(void *context, ptrdiff_t index, int worker), void *context)
{
    CHECK(long_ones >= 0 && (long_ones <= count || count < 0));
    if (count <= 0) {
        return;
    }
    if (pool == NULL) {
        for (ptrdiff_t i = 0; i < count; i++) {
            job(context, i, 0);
        }
        return;
    }
    CHECK(!pool->running);
    pool->running = true;
    if (pool->threads == 1 || count == 1) {
        for (ptrdiff_t i = 0; i < count; i++) {
            job(context, i, 0);
        }
        pool->running = false;
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->job = job;
    pool->context = context;
    pool->count = count;
    pool->singles = long_ones;
    pool->block = (count - long_ones) / ((ptrdiff_t)pool->threads * BLOCKS_PER_THREAD);
    if (pool->block < 1) {
        pool->block = 1;
    }
    atomic_store_explicit(&pool->next_single, 0, memory_order_relaxed);
    atomic_store_explicit(&pool->next, long_ones, memory_order_relaxed);
    pool->busy = pool->threads - 1;
    pool->round++;
    pthread_cond_broadcast(&pool->work_or_stop);
    pthread_mutex_unlock(&pool->lock);
    work(pool, 0);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0) {
        pthread_cond_wait(&pool->all_done, &pool->lock);
    }
    pool->running = false;
    pthread_mutex_unlock(&pool->lock);
}
