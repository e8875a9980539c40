/*
 * A pool of threads that runs one job over many indexes. The order in which indexes run is not
 * fixed: a job writes only to what belongs to its index or to its worker.
 */
#ifndef KYODO_POOL_H
#define KYODO_POOL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pool;

/** Threads that the machine offers to this process (its affinity mask), at least 1. */
int pool_available_threads(void);
/** `threads` >= 1; the calling thread is one of them (worker 0). */
struct pool *pool_start(int threads);
void pool_stop(struct pool *pool);
int pool_threads(const struct pool *pool);
/** Run job(context, index, worker) for every index in [0, count), `worker` in [0, pool_threads).
 *  Returns when all are done. Indexes are handed out in ascending blocks. Not reentrant. A pool
 *  that is NULL is the calling thread alone. */
void pool_run(struct pool *pool, ptrdiff_t count,
              void (*job)(void *context, ptrdiff_t index, int worker), void *context);

/** The same where the first `long_ones` indexes take much longer than the others: they are handed
 * out one by one, before all others, so that no thread has several of them while another one has
 * none. */
void pool_run_long_first(struct pool *pool, ptrdiff_t long_ones, ptrdiff_t count,
                         void (*job)(void *context, ptrdiff_t index, int worker), void *context);

#ifdef __cplusplus
}
#endif
#endif
