/* A tree of single files that somebody named on the command line, by whatever path they have. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"
#include "refuse.h"

struct named_file {
    struct slice path;
    const char *name; /* the path with a NUL; NULL: the text is given */
    struct slice text;
};

struct named_files {
    struct named_file *files;
    ptrdiff_t count;
};

/* Room for `wanted` bytes and one more. */
static char *resize(char *bytes, int64_t wanted)
{
    char *grown = realloc(bytes, (size_t)wanted + 1);
    if (grown == NULL) {
        memory_exhausted((ptrdiff_t)wanted + 1);
    }
    return grown;
}

/* To the end, whatever the file says of its size: it may be a pipe. */
static bool read_all(int descriptor, int64_t expected, char **bytes, int64_t *length)
{
    int64_t capacity = expected > 0 ? expected : 65536;
    char *out = resize(NULL, capacity);
    int64_t used = 0;
    for (;;) {
        if (used > capacity) {
            capacity = used * 2;
            out = resize(out, capacity);
        }
        /* One byte more than is expected, to see the end. */
        ssize_t got = read(descriptor, out + used, (size_t)(capacity + 1 - used));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            free(out);
            return false;
        }
        if (got == 0) {
            *bytes = out;
            *length = used;
            return true;
        }
        used += got;
        if (used > LOAD_LIMIT_REGISTER) {
            free(out);
            errno = EFBIG;
            return false;
        }
    }
}

static bool files_read(void *context, struct slice path, char **bytes, int64_t *length)
{
    const struct named_files *named = context;
    for (ptrdiff_t i = 0; i < named->count; i++) {
        const struct named_file *file = &named->files[i];
        if (!slice_equal(file->path, path)) {
            continue;
        }
        if (file->name == NULL) {
            *bytes = resize(NULL, file->text.length);
            memcpy(*bytes, file->text.data, (size_t)file->text.length);
            *length = file->text.length;
            return true;
        }
        int descriptor = open(file->name, O_RDONLY | O_CLOEXEC);
        struct stat status;
        if (descriptor < 0 || fstat(descriptor, &status) != 0) {
            return false;
        }
        bool is_read = read_all(descriptor, status.st_size, bytes, length);
        int error = errno;
        close(descriptor);
        errno = error;
        return is_read;
    }
    errno = ENOENT;
    return false;
}

static int compare_files(const void *a, const void *b)
{
    return slice_compare(((const struct tree_file *)a)->path, ((const struct tree_file *)b)->path);
}

bool tree_open_files(struct tree *tree, const struct slice *paths, const struct slice *texts,
                     ptrdiff_t count, struct arena *arena, struct diag *diag)
{
    struct named_files *named = ARENA_NEW(arena, struct named_files);
    named->files = ARENA_ARRAY(arena, struct named_file, count);
    named->count = count;
    *tree = (struct tree){.read = files_read, .context = named, .arena = arena, .count = count};
    tree->files = ARENA_ARRAY(arena, struct tree_file, count);
    for (ptrdiff_t i = 0; i < count; i++) {
        struct named_file *file = &named->files[i];
        *file = (struct named_file){.path = arena_copy(arena, paths[i]), .text = texts[i]};
        tree->files[i] = (struct tree_file){.path = file->path, .size = texts[i].length};
        if (texts[i].data != NULL) {
            continue;
        }
        file->name = arena_string(arena, paths[i]);
        struct stat status;
        if (stat(file->name, &status) != 0) {
            report_unreadable(diag, file->path, errno);
            return false;
        }
        if (S_ISDIR(status.st_mode)) {
            report_unreadable(diag, file->path, EISDIR);
            return false;
        }
        tree->files[i].size = S_ISREG(status.st_mode) ? status.st_size : 0;
    }
    qsort(tree->files, (size_t)count, sizeof(*tree->files), compare_files);
    return true;
}
