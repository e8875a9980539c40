/* Stamps of files and folders. */
#include "load.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

/* A stamp younger than this when the tree was listed is not believed: the file may have changed
 * again without another stamp. File systems count in steps of up to two seconds. */
#define SETTLED_AFTER ((int64_t)3000000000)

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct stamp stamp_of(const struct stat *status)
{
    return (struct stamp){.size = (int64_t)status->st_size,
                          .modified = nanoseconds(status->st_mtim),
                          .changed = nanoseconds(status->st_ctim),
                          .inode = (int64_t)status->st_ino};
}

bool stamp_read(int folder, const char *path, struct stamp *stamp)
{
    struct stat status;
    if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return false;
    }
    *stamp = stamp_of(&status);
    return true;
}

int64_t stamp_now(void)
{
    struct timespec now;
    return clock_gettime(CLOCK_REALTIME, &now) == 0 ? nanoseconds(now) : 0;
}

bool stamp_is_same(const struct stamp *a, const struct stamp *b)
{
    return a->inode != 0 && a->size == b->size && a->modified == b->modified &&
           a->changed == b->changed && a->inode == b->inode;
}

struct stamp stamp_settled(struct stamp stamp, int64_t listed)
{
    int64_t last = stamp.modified > stamp.changed ? stamp.modified : stamp.changed;
    return last < listed - SETTLED_AFTER ? stamp : (struct stamp){0};
}
