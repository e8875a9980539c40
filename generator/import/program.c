#define _GNU_SOURCE
#include "workbook.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A program of the system, run to its end with bounds on its time, memory and output. */

#define MEMORY_MOST ((rlim_t)4 << 30)

const char *program_find(const char *name, struct arena *arena)
{
    struct slice rest = slice_of(getenv("PATH"));
    while (rest.data != NULL) {
        struct slice folder = slice_cut(&rest, ':');
        const char *path =
            arena_string(arena, ARENA_JOIN(arena, folder, SLICE("/"), slice_of(name)));
        if (folder.length > 0 && access(path, X_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

static void limit(int resource, rlim_t most)
{
    const struct rlimit both = {.rlim_cur = most, .rlim_max = most};
    (void)setrlimit(resource, &both);
}

/* In the child, between fork and exec: only what is safe there. */
static _Noreturn void become(const char *path, char *const *words, char *const *environment,
                             int seconds, int to)
{
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 || dup2(to, STDOUT_FILENO) < 0 ||
        dup2(nowhere, STDERR_FILENO) < 0) {
        _exit(127);
    }
    limit(RLIMIT_CPU, (rlim_t)seconds);
    limit(RLIMIT_AS, MEMORY_MOST);
    limit(RLIMIT_CORE, 0);
    execve(path, words, environment);
    _exit(127);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Take what comes until the end; 0 or an errno. */
static int take(int from, int seconds, ptrdiff_t most, struct buffer *out)
{
    int64_t end = now() + (int64_t)seconds * 1000;
    for (;;) {
        int64_t left = end - now();
        struct pollfd ready = {.fd = from, .events = POLLIN};
        int count = left > 0 ? poll(&ready, 1, (int)left) : 0;
        if (count == 0) {
            return ETIMEDOUT;
        }
        if (count < 0 && errno == EINTR) {
            continue;
        }
        char block[65536];
        ssize_t got = count > 0 ? read(from, block, sizeof(block)) : -1;
        if (got <= 0) {
            return got == 0 ? 0 : errno;
        }
        if (got > most - out->length) {
            return EFBIG;
        }
        buffer_append(out, slice_make(block, got));
    }
}

int program_run(const char *path, const char *const *words, int seconds, ptrdiff_t most,
                struct buffer *out)
{
    /* Nothing of the caller's environment but where programs are: the same everywhere. */
    char *search = getenv("PATH");
    struct buffer search_text = {0};
    buffer_append_literal(&search_text, "PATH=");
    buffer_append(&search_text, slice_of(search));
    buffer_append_byte(&search_text, '\0');
    char *environment[] = {search_text.data,
                           (char *)(uintptr_t) "LC_ALL=C.UTF-8",
                           (char *)(uintptr_t) "TZ=UTC",
                           (char *)(uintptr_t) "HOME=/nonexistent",
                           (char *)(uintptr_t) "GSETTINGS_BACKEND=memory",
                           NULL};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        buffer_release(&search_text);
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0) {
        become(path, (char *const *)(uintptr_t)words, environment, seconds, ends[1]);
    }
    close(ends[1]);
    buffer_release(&search_text);
    int error = pid < 0 ? errno : take(ends[0], seconds, most, out);
    close(ends[0]);
    int status = -1;
    if (pid > 0) {
        if (error != 0) {
            kill(pid, SIGKILL);
        }
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    if (error == 0 && WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    errno = error != 0 ? error : ETIMEDOUT;
    return -1;
}
