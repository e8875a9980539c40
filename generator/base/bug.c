#include "bug.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The one piece of state that base keeps: main.c sets it before any thread starts. */
static _Atomic(memory_exhausted_handler) exhausted_handler;
static atomic_flag exhausted_once = ATOMIC_FLAG_INIT;
static _Thread_local bool exhausted_here;

KYODO_NORETURN void bug_report(const char *file, int line, const char *message)
{
    fprintf(stderr, "kyodo: internal error at %s:%d: %s\n", file, line, message);
    abort();
}

void memory_exhausted_set_handler(memory_exhausted_handler handler)
{
    atomic_store(&exhausted_handler, handler);
}

KYODO_NORETURN void memory_exhausted(ptrdiff_t wanted)
{
    if (exhausted_here) {
        abort(); /* the handler itself ran out of memory */
    }
    exhausted_here = true;
    if (atomic_flag_test_and_set(&exhausted_once)) {
        for (;;) {
            pause(); /* another thread is already ending the program */
        }
    }
    memory_exhausted_handler handler = atomic_load(&exhausted_handler);
    if (handler != NULL) {
        handler(wanted);
    }
    abort();
}
