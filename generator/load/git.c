/* Running git: words go to it as they are, one by one, and never through a shell. */
#define _GNU_SOURCE
#include "git_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Most words of a command line, with the NULL. */
#define WORDS_MOST 24

/* ---- What git sees of the environment ---- */

static bool is_variable(const char *entry, const char *name)
{
    size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

/* Variables that git reads and that would make the same repository another one. A hook is given
 * some of them on purpose; a folder that is named replaces them all. */
static bool is_dropped(const char *entry, bool is_named)
{
    static const char *const always[] = {"GIT_NO_REPLACE_OBJECTS", "GIT_OPTIONAL_LOCKS",
                                         "GIT_REPLACE_REF_BASE", "GIT_TRACE", "LC_ALL"};
    static const char *const of_a_hook[] = {"GIT_DIR",
                                            "GIT_WORK_TREE",
                                            "GIT_INDEX_FILE",
                                            "GIT_COMMON_DIR",
                                            "GIT_NAMESPACE",
                                            "GIT_OBJECT_DIRECTORY",
                                            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                            "GIT_QUARANTINE_PATH"};
    for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++) {
        if (is_variable(entry, always[i])) {
            return true;
        }
    }
    for (size_t i = 0; is_named && i < sizeof(of_a_hook) / sizeof(*of_a_hook); i++) {
        if (is_variable(entry, of_a_hook[i])) {
            return true;
        }
    }
    return false;
}

/* The environment for git: ours, less what is dropped, and what makes it answer the same
 * everywhere. The array is malloc'ed, its strings are not. */
static char **make_environment(bool is_named)
{
    static const char *const own[] = {"GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",
                                      "LC_ALL=C"};
    size_t own_count = sizeof(own) / sizeof(*own);
    size_t count = 0;
    while (environ[count] != NULL) {
        count++;
    }
    char **result = malloc((count + own_count + 1) * sizeof(*result));
    if (result == NULL) {
        memory_exhausted((ptrdiff_t)((count + own_count + 1) * sizeof(*result)));
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_dropped(environ[i], is_named)) {
            result[kept++] = environ[i];
        }
    }
    for (size_t i = 0; i < own_count; i++) {
        result[kept++] = (char *)(uintptr_t)own[i];
    }
    result[kept] = NULL;
    return result;
}

/* ---- Starting and ending ---- */

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0) {
            close(pair[i]);
        }
        pair[i] = -1;
    }
}

static int spawn(pid_t *pid, const struct git *git, char *const *words, int in, int out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (in >= 0) {
        posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    } else {
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    /* What we ignore it need not. */
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    char **environment = make_environment(git->folder != NULL);
    int error = posix_spawnp(pid, "git", &actions, &attributes, words, environment);
    free(environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int git_start(struct git_process *process, const struct git *git, const char *const *words,
              bool talks)
{
    *process = (struct git_process){.pid = -1, .to = -1, .from = -1};
    char *all[WORDS_MOST] = {(char *)(uintptr_t) "git"};
    int count = 1;
    if (git->folder != NULL) {
        all[count++] = (char *)(uintptr_t) "--git-dir";
        all[count++] = (char *)(uintptr_t)git->folder;
    }
    for (; *words != NULL; words++) {
        CHECK(count < WORDS_MOST - 1);
        all[count++] = (char *)(uintptr_t)*words;
    }
    int to[2] = {-1, -1};
    int from[2] = {-1, -1};
    int error = 0;
    if (pipe2(from, O_CLOEXEC) != 0 || (talks && pipe2(to, O_CLOEXEC) != 0)) {
        error = errno;
    } else {
        error = spawn(&process->pid, git, all, to[0], from[1]);
    }
    if (error == 0) {
        process->to = to[1];
        process->from = from[0];
        to[1] = -1;
        from[0] = -1;
    }
    close_pair(to);
    close_pair(from);
    return error;
}

int git_end(struct git_process *process, bool kills)
{
    if (process->pid <= 0) {
        return -1;
    }
    if (kills) {
        kill(process->pid, SIGKILL);
    }
    if (process->to >= 0) {
        close(process->to);
    }
    close(process->from);
    int status = -1;
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR) {
    }
    process->pid = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- Talking ---- */

ptrdiff_t git_read(const struct git_process *process, char *bytes, ptrdiff_t most)
{
    return (ptrdiff_t)file_read_up_to(process->from, bytes, most);
}

bool git_write(const struct git_process *process, struct slice bytes)
{
    ptrdiff_t done = 0;
    while (done < bytes.length) {
        ssize_t written = write(process->to, bytes.data + done, (size_t)(bytes.length - done));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        done += written;
    }
    return true;
}

/* ---- One question ---- */

int git_run(const struct git *git, const char *const *words, ptrdiff_t most, struct buffer *out)
{
    struct git_process process;
    int error = git_start(&process, git, words, false);
    ptrdiff_t taken = 0;
    while (error == 0) {
        char block[16384];
        ptrdiff_t got = git_read(&process, block, (ptrdiff_t)sizeof(block));
        if (got < 0) {
            error = errno;
        } else if (got > most - taken) {
            error = EFBIG;
        } else if (got == 0) {
            break;
        } else {
            buffer_append(out, slice_make(block, got));
            taken += got;
        }
    }
    int status = git_end(&process, error != 0);
    if (error != 0 || status < 0) {
        errno = error != 0 ? error : ECHILD;
        return -1;
    }
    return status;
}

bool git_is_object_name(struct slice text)
{
    if (text.length != 40 && text.length != 64) {
        return false;
    }
    for (ptrdiff_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return true;
}
