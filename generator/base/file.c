#define _GNU_SOURCE
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "banned.h"
#include "sink.h"

/* From `offset` on, or from where the file stands when that is below 0. */
static int64_t read_all(int descriptor, char *bytes, int64_t most, int64_t offset)
{
    int64_t done = 0;
    while (done < most) {
        size_t rest = (size_t)(most - done);
        ssize_t got = offset < 0 ? read(descriptor, bytes + done, rest)
                                 : pread(descriptor, bytes + done, rest, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        done += got;
    }
    return done;
}

int64_t file_read_up_to(int descriptor, char *bytes, int64_t most)
{
    return read_all(descriptor, bytes, most, -1);
}

int64_t file_read_at(int descriptor, char *bytes, int64_t most, int64_t offset)
{
    return read_all(descriptor, bytes, most, offset);
}

bool file_write_at(int descriptor, const char *bytes, int64_t length, int64_t offset)
{
    int64_t done = 0;
    while (done < length) {
        ssize_t written =
            pwrite(descriptor, bytes + done, (size_t)(length - done), (off_t)(offset + done));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        done += written;
    }
    return true;
}

int file_open_unnamed(struct slice folder)
{
    char path[PATH_MAX];
    if (folder.length == 0 || folder.length > PATH_MAX - 32) {
        return -1;
    }
    snprintf(path, sizeof(path), "%.*s/kyodo-XXXXXX", SLICE_ARGUMENTS(folder));
    int descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor >= 0) {
        unlink(path);
    }
    return descriptor;
}

int file_open_linkable(struct slice folder)
{
    char path[PATH_MAX];
    if (folder.length == 0 || folder.length >= PATH_MAX) {
        return -1;
    }
    snprintf(path, sizeof(path), "%.*s", SLICE_ARGUMENTS(folder));
    return open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
}

/* Write and sync a file that is not there yet; its mode where one is given. 0 or an errno. */
static int write_aside(const char *aside, struct slice bytes, const struct stat *as)
{
    struct sink sink;
    sink_create_file(&sink, aside);
    sink_write(&sink, bytes);
    sink_flush(&sink);
    bool is_made = sink.descriptor >= 0;
    /* Some file systems cannot sync, and say EINVAL. */
    if (sink.error == 0 && fsync(sink.descriptor) != 0 && errno != EINVAL) {
        sink.error = errno;
    }
    if (sink.error == 0 && as != NULL && fchmod(sink.descriptor, as->st_mode & 07777) != 0) {
        sink.error = errno;
    }
    int error = sink_close(&sink);
    if (error != 0 && is_made) {
        unlink(aside);
    }
    return error;
}

int file_replace(const char *path, struct slice bytes)
{
    char aside[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int folder = slash != NULL ? (int)(slash + 1 - path) : 0;
    int length = snprintf(aside, sizeof(aside), "%.*s.%s.kyodo-%ld", folder, path, path + folder,
                          (long)getpid());
    if (length < 0 || length >= (int)sizeof(aside)) {
        return ENAMETOOLONG;
    }
    struct stat status;
    bool is_there = stat(path, &status) == 0;
    if (!is_there && errno != ENOENT) {
        return errno;
    }
    unlink(aside); /* of a process with this number that was killed */
    int error = write_aside(aside, bytes, is_there ? &status : NULL);
    if (error == 0 && rename(aside, path) != 0) {
        error = errno;
        unlink(aside);
    }
    return error;
}
