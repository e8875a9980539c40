/* Files of the system, where plain calls are not enough: reading all there is, replacing a file
 * whole. Functions here do not allocate from arenas and report by errno. */
#ifndef KYODO_FILE_H
#define KYODO_FILE_H

#include <stdbool.h>
#include <time.h>

#include "slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Read until the end or until there are `most` bytes, however the system deals them out; how many
 * these are, or -1 with errno. */
int64_t file_read_up_to(int descriptor, char *bytes, int64_t most);

/** The same from the byte at `offset` on, whatever the file's own position is. */
int64_t file_read_at(int descriptor, char *bytes, int64_t most, int64_t offset);
/** Write all of them there; false with errno when there is no room, or for another reason. */
bool file_write_at(int descriptor, const char *bytes, int64_t length, int64_t offset);

/** A new file in `folder` whose name is taken away at once, so that nothing is left behind however
 * the program ends; -1 when it can't be made. */
int file_open_unnamed(struct slice folder);
/** A new file without a name that can be given one in the file system of `folder` (open(2),
 * O_TMPFILE); -1 where that has no such files. */
int file_open_linkable(struct slice folder);

/** Make `path` a file of these bytes, whole or not at all: they are written aside in its folder,
 * synced to the disk, and renamed. The permissions of a file that stood there stay; a new one is
 * readable by all, under the umask. 0 or an errno; then the old file is as it was, and nothing is
 * left beside it. */
int file_replace(const char *path, struct slice bytes);

/** Times of files and of clocks. */
static inline bool time_is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

#ifdef __cplusplus
}
#endif
#endif
