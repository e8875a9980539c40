/* The program git, started with pipes. Private to load. */
#ifndef KYODO_LOAD_GIT_PROCESS_H
#define KYODO_LOAD_GIT_PROCESS_H

#include <sys/types.h>

#include "load.h"

#ifdef __cplusplus
extern "C" {
#endif

struct git_process {
    pid_t pid;
    int to;   /* its standard input; -1 when it has none */
    int from; /* its standard output */
};

/** Start git with these words (the last one NULL). `talks`: it reads what is written to `to`. 0 or
 *  an errno. */
int git_start(struct git_process *process, const struct git *git, const char *const *words,
              bool talks);
/** Wait for its end: the exit status, or -1 when it was killed. `kills`: it is not to go on. */
int git_end(struct git_process *process, bool kills);
/** Up to `most` bytes, fewer only at the end of what there is; -1 with errno. */
ptrdiff_t git_read(const struct git_process *process, char *bytes, ptrdiff_t most);
/** All of it, or false with errno. The caller ignores SIGPIPE or takes it as its end. */
bool git_write(const struct git_process *process, struct slice bytes);

#ifdef __cplusplus
}
#endif
#endif
