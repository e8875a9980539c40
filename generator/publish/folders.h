/*
 * Private to publish: files and folders below an open folder, reached name by name, so that no link
 * is followed.
 *
 * An address is a path in the output: names with `/` between them, none at either end. The folder
 * of an address is what stands up to and with its last `/`, or empty. Functions that can fail give
 * 0 or an errno.
 */
#ifndef KYODO_FOLDERS_H
#define KYODO_FOLDERS_H

#include <limits.h>
#include <sys/stat.h>
#include <time.h>

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FOLDER_DEPTH 32
/** Longest address; a staged file's path and `.gz` fit in a PATH_MAX with it. */
#define ADDRESS_MOST (PATH_MAX - 64)
#define PACKED_ENDING ".gz"

/** Whether an address stays inside the output: no empty name, `.`, `..`, or control character,
 * nothing hidden that is ours, at most FOLDER_DEPTH names, none too long. */
bool address_is_good(struct slice address);
struct slice address_folder(struct slice address);
struct slice address_name(struct slice address);
/** The folder above that folder: where a file is looked for from. Most files have a folder of their
 * own, which is not worth opening. */
struct slice address_nearby(struct slice address);
/** `address` and `ending` with a NUL behind them, in `out`. */
const char *address_string(char out[PATH_MAX], struct slice address, struct slice ending);

/* ---- Walking ---- */

enum folder_state {
    FOLDER_OPEN,
    FOLDER_MISSING, /* a folder on the way is not there */
    FOLDER_BLOCKED, /* a file, a link or something else stands in a folder's place */
    FOLDER_ERROR    /* `error` says what */
};

/** Folders that are kept open from one address to the next, which is most often beside it. For one
 * thread. */
struct folder_walk {
    int root;   /* descriptor of the folder where it starts; not closed here */
    bool makes; /* makes folders that are missing */
    int depth;
    struct folder_step {
        int descriptor;
        ptrdiff_t end; /* of its path, with the slash */
    } steps[FOLDER_DEPTH];
    char path[PATH_MAX]; /* the folder asked for last */
    ptrdiff_t length;
    enum folder_state state;
    ptrdiff_t
        stop; /* unless OPEN: length of the path, without a slash, that could not be entered */
    int error;
    int writable; /* of the deepest open folder: 1, 0, or -1 for not looked at */
};

void folder_walk_init(struct folder_walk *walk, int root, bool makes);
void folder_walk_release(struct folder_walk *walk);
/** Go to `folder` (empty, or ending in a slash). */
enum folder_state folder_go(struct folder_walk *walk, struct slice folder);
/** The folder where it stands; unless OPEN, the deepest one that there is. Valid until the next
 * folder_go. */
int folder_descriptor(const struct folder_walk *walk);
/** Whether files may be made in that folder. */
bool folder_is_writable(struct folder_walk *walk);

/* ---- Files and folders ---- */

/** A new file; that there is none of that name is the caller's affair. 0 or an errno. A buffer that
 * has spilled is for reading only from then on (buffer_link). */
int file_write(int folder, const char *name, struct slice bytes);
int file_write_buffer(int folder, const char *name, const struct buffer *bytes);
/** Open a regular file for reading, so that neither a link nor a pipe in its place does harm; -1
 * with errno, EBADMSG when it is none. */
int file_open_regular(int folder, const char *name, struct stat *status);
/** A whole regular file into malloc'ed memory; ENOENT when there is none, EBADMSG when it is no
 * regular file, EFBIG beyond `most` bytes. `written` is its time of change. */
int file_read_all(int folder, const char *name, int64_t most, struct slice *bytes,
                  struct timespec *written);
/** The hash of a regular file of `size` bytes; false when it can't be read or has another size.
 * `room` is for reading. */
bool file_hash(int folder, const char *name, int64_t size, struct buffer *room,
               struct hash_128 *hash);
/** Remove a folder with everything in it; 0 also when there is none. */
int folder_remove(int parent, const char *name);

#ifdef __cplusplus
}
#endif
#endif
