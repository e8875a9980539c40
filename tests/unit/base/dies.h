/* For tests: what a function does that must not return, seen from another process. */
#ifndef KYODO_DIES_H
#define KYODO_DIES_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"

static inline void exit_with_4(ptrdiff_t wanted)
{
    (void)wanted;
    _exit(4);
}

/** Wait status of a process that runs `act`, with a handler for exhausted memory that exits with
 *  4. */
static inline int status_of(void (*act)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(99);
        }
        memory_exhausted_set_handler(exit_with_4);
        act();
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static inline bool aborts(void (*act)(void))
{
    int status = status_of(act);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static inline bool exhausts_memory(void (*act)(void))
{
    int status = status_of(act);
    return WIFEXITED(status) && WEXITSTATUS(status) == 4;
}

#endif
