#define _GNU_SOURCE
#include "folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define OURS ".kyodo"
#define DESCEND (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* ---- Addresses ---- */

/* One name of an address, which holds no control characters. */
static bool is_good_name(const char *name, ptrdiff_t length)
{
    bool is_here = length == 1 && name[0] == '.';
    bool is_above = length == 2 && name[0] == '.' && name[1] == '.';
    return length > 0 && length <= NAME_MAX - (ptrdiff_t)(sizeof(PACKED_ENDING) - 1) && !is_here &&
           !is_above;
}

/* In one pass: a build that has nothing to do asks it of every file. */
bool address_is_good(struct slice address)
{
    if (address.length == 0 || address.length > ADDRESS_MOST ||
        slice_starts_with(address, SLICE(OURS))) {
        return false;
    }
    ptrdiff_t start = 0;
    int names = 1;
    for (ptrdiff_t i = 0; i < address.length; i++) {
        unsigned char byte = (unsigned char)address.data[i];
        if (byte < 0x20 || byte == 0x7F) {
            return false;
        }
        if (byte == '/') {
            if (names == FOLDER_DEPTH || !is_good_name(address.data + start, i - start)) {
                return false;
            }
            start = i + 1;
            names++;
        }
    }
    return is_good_name(address.data + start, address.length - start);
}

struct slice address_folder(struct slice address)
{
    return slice_sub(address, 0, slice_find_last_byte(address, '/') + 1);
}

struct slice address_name(struct slice address)
{
    return slice_from(address, slice_find_last_byte(address, '/') + 1);
}

struct slice address_nearby(struct slice address)
{
    struct slice folder = address_folder(address);
    return address_folder(slice_sub(folder, 0, folder.length - 1));
}

const char *address_string(char out[PATH_MAX], struct slice address, struct slice ending)
{
    CHECK(address.length + ending.length < PATH_MAX);
    memcpy(out, address.data, (size_t)address.length);
    memcpy(out + address.length, ending.data, (size_t)ending.length);
    out[address.length + ending.length] = '\0';
    return out;
}

/* ---- Walking ---- */

void folder_walk_init(struct folder_walk *walk, int root, bool makes)
{
    walk->root = root;
    walk->makes = makes;
    walk->depth = 0;
    walk->length = 0;
    walk->state = FOLDER_OPEN;
    walk->stop = 0;
    walk->error = 0;
    walk->writable = -1;
}

static void close_below(struct folder_walk *walk, int depth)
{
    while (walk->depth > depth) {
        walk->depth--;
        close(walk->steps[walk->depth].descriptor);
        walk->writable = -1;
    }
}

void folder_walk_release(struct folder_walk *walk)
{
    close_below(walk, 0);
}

int folder_descriptor(const struct folder_walk *walk)
{
    return walk->depth > 0 ? walk->steps[walk->depth - 1].descriptor : walk->root;
}

bool folder_is_writable(struct folder_walk *walk)
{
    if (walk->writable < 0) {
        walk->writable =
            faccessat(folder_descriptor(walk), ".", W_OK | X_OK, AT_EACCESS) == 0 ? 1 : 0;
    }
    return walk->writable > 0;
}

/* Enter path[at, end), one name. */
static bool step_down(struct folder_walk *walk, ptrdiff_t at, ptrdiff_t end)
{
    int parent = folder_descriptor(walk);
    const char *name = walk->path + at;
    walk->path[end] = '\0';
    int descriptor = -1;
    if (!walk->makes || mkdirat(parent, name, 0777) == 0 || errno == EEXIST) {
        descriptor = openat(parent, name, DESCEND);
    }
    int error = errno;
    walk->path[end] = '/';
    if (descriptor < 0) {
        walk->stop = end;
        walk->error = error;
        walk->state = error == ENOENT                      ? FOLDER_MISSING
                      : error == ENOTDIR || error == ELOOP ? FOLDER_BLOCKED
                                                           : FOLDER_ERROR;
        return false;
    }
    walk->steps[walk->depth] = (struct folder_step){descriptor, end + 1};
    walk->depth++;
    walk->writable = -1;
    return true;
}

enum folder_state folder_go(struct folder_walk *walk, struct slice folder)
{
    CHECK(folder.length <= ADDRESS_MOST);
    ptrdiff_t common = 0;
    while (common < walk->length && common < folder.length &&
           walk->path[common] == folder.data[common]) {
        common++;
    }
    if (walk->state != FOLDER_OPEN && common > walk->stop) {
        return walk->state; /* it goes through what could not be entered before */
    }
    int shared = 0;
    while (shared < walk->depth && walk->steps[shared].end <= common) {
        shared++;
    }
    close_below(walk, shared);
    memcpy(walk->path + common, folder.data + common, (size_t)(folder.length - common));
    walk->length = folder.length;
    walk->state = FOLDER_OPEN;
    ptrdiff_t at = shared > 0 ? walk->steps[shared - 1].end : 0;
    while (at < folder.length) {
        ptrdiff_t end = slice_find_byte(folder, '/', at);
        CHECK(end > at && walk->depth < FOLDER_DEPTH);
        if (!step_down(walk, at, end)) {
            break;
        }
        at = end + 1;
    }
    return walk->state;
}

/* ---- Files and folders ---- */

static int write_all(int descriptor, struct slice bytes)
{
    ptrdiff_t done = 0;
    while (done < bytes.length) {
        ssize_t written = write(descriptor, bytes.data + done, (size_t)(bytes.length - done));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written < 0 ? errno : ENOSPC;
        }
        done += written;
    }
    return 0;
}

int file_write(int folder, const char *name, struct slice bytes)
{
    struct buffer view = buffer_view(bytes);
    return file_write_buffer(folder, name, &view);
}

int file_write_buffer(int folder, const char *name, const struct buffer *bytes)
{
    if (buffer_link(bytes, folder, name)) {
        return 0;
    }
    int descriptor =
        openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return errno;
    }
    int error = 0;
    struct slice stretch;
    for (ptrdiff_t at = 0; error == 0 && buffer_stretch(bytes, &at, &stretch);) {
        error = write_all(descriptor, stretch);
    }
    /* A file system across a network may tell only now that there was no room. */
    if (close(descriptor) != 0 && error == 0 && errno != EINTR) {
        error = errno;
    }
    return error;
}

int file_open_regular(int folder, const char *name, struct stat *status)
{
    int descriptor =
        openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) {
        errno = errno == ELOOP ? EBADMSG : errno;
        return -1;
    }
    if (fstat(descriptor, status) == 0 && S_ISREG(status->st_mode)) {
        return descriptor;
    }
    close(descriptor);
    errno = EBADMSG;
    return -1;
}

int file_read_all(int folder, const char *name, int64_t most, struct slice *bytes,
                  struct timespec *written)
{
    struct stat status;
    int descriptor = file_open_regular(folder, name, &status);
    if (descriptor < 0) {
        return errno;
    }
    int error = 0;
    char *memory = NULL;
    if (status.st_size > most) {
        error = EFBIG;
        goto out;
    }
    memory = malloc((size_t)status.st_size + 1);
    if (memory == NULL) {
        memory_exhausted((ptrdiff_t)status.st_size);
    }
    int64_t length = file_read_up_to(descriptor, memory, (int64_t)status.st_size);
    if (length < 0) {
        error = errno;
        goto out;
    }
    *bytes = slice_make(memory, (ptrdiff_t)length);
    *written = status.st_mtim;
    memory = NULL;
out:
    free(memory);
    close(descriptor);
    return error;
}

bool file_hash(int folder, const char *name, int64_t size, struct buffer *room,
               struct hash_128 *hash)
{
    struct stat status;
    int descriptor = file_open_regular(folder, name, &status);
    if (descriptor < 0) {
        return false;
    }
    buffer_clear(room);
    /* One byte more, so that a file that has grown is seen. */
    char *bytes = buffer_reserve(room, (ptrdiff_t)size + 1);
    bool is_read = file_read_up_to(descriptor, bytes, size + 1) == size;
    close(descriptor);
    if (is_read) {
        *hash = hash_128(slice_make(bytes, (ptrdiff_t)size));
    }
    return is_read;
}

static int remove_entries(DIR *folder)
{
    int error = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            return error != 0 ? error : errno;
        }
        struct slice name = slice_of(entry->d_name);
        if (slice_equal(name, SLICE(".")) || slice_equal(name, SLICE(".."))) {
            continue;
        }
        int failed = 0;
        if (entry->d_type == DT_DIR) {
            failed = folder_remove(dirfd(folder), entry->d_name);
        } else if (unlinkat(dirfd(folder), entry->d_name, 0) != 0) {
            /* Not every file system tells the type. */
            failed = errno == EISDIR ? folder_remove(dirfd(folder), entry->d_name) : errno;
        }
        error = error != 0 ? error : failed;
    }
}

int folder_remove(int parent, const char *name)
{
    int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT ? 0 : errno;
    }
    DIR *folder = fdopendir(descriptor);
    if (folder == NULL) {
        int error = errno;
        close(descriptor);
        return error;
    }
    int error = remove_entries(folder);
    closedir(folder);
    if (unlinkat(parent, name, AT_REMOVEDIR) != 0 && error == 0) {
        error = errno;
    }
    return error;
}
