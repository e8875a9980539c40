/* The folder W: opening it, its lock, the releases that it holds. */
#define _GNU_SOURCE /* renameat2 */
#include "www.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define DEPLOY_PREFIX "deploy-"
#define RELEASES_PREFIX WWW_RELEASES "/"

void www_report(const struct www *www, struct slice relative, int error, struct diag *diag)
{
    struct output output = {.path = www->path};
    output_report(&output, relative, error, false, diag);
}

/* ---- Opening ---- */

static int make_folders(char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) {
        return 0;
    }
    char *slash = strrchr(path, '/');
    if (errno != ENOENT || slash == NULL || slash == path) {
        return errno;
    }
    *slash = '\0';
    int error = make_folders(path);
    *slash = '/';
    if (error == 0 && mkdir(path, 0777) != 0 && errno != EEXIST) {
        error = errno;
    }
    return error;
}

/* Something that is no link under the name of the live site belongs to somebody. */
static bool is_ours(const struct www *www, struct diag *diag)
{
    struct stat status;
    if (fstatat(www->descriptor, WWW_CURRENT, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISLNK(status.st_mode)) {
        struct output output = {.path = www->path};
        output_report_in_the_way(&output, SLICE(WWW_CURRENT), diag);
        return false;
    }
    return true;
}

struct www *www_open(struct slice path, bool makes, struct diag *diag)
{
    struct www *www = calloc(1, sizeof(*www));
    if (www == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*www));
    }
    arena_init(&www->arena, ARENA_DEFAULT_LIMIT);
    www->lock = -1;
    while (path.length > 1 && path.data[path.length - 1] == '/') {
        path.length--;
    }
    char *name = (char *)(uintptr_t)arena_string(&www->arena, path);
    www->path = slice_of(name);
    int error = makes ? make_folders(name) : 0;
    www->descriptor = error == 0 ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (www->descriptor < 0) {
        www_report(www, SLICE(""), error != 0 ? error : errno, diag);
    } else if (is_ours(www, diag)) {
        return www;
    }
    www_close(www);
    return NULL;
}

struct slice www_path(const struct www *www)
{
    return www->path;
}

void www_close(struct www *www)
{
    if (www == NULL) {
        return;
    }
    if (www->lock >= 0) {
        close(www->lock);
    }
    if (www->descriptor >= 0) {
        close(www->descriptor);
    }
    arena_release(&www->arena);
    free(www);
}

bool www_lock(struct www *www, void (*waits)(void *context), void *context, struct diag *diag)
{
    www->lock = openat(www->descriptor, WWW_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    int result = www->lock < 0 ? -1 : flock(www->lock, LOCK_EX | LOCK_NB);
    if (www->lock >= 0 && result != 0 && errno == EWOULDBLOCK) {
        if (waits != NULL) {
            waits(context);
        }
        do {
            result = flock(www->lock, LOCK_EX);
        } while (result != 0 && errno == EINTR);
    }
    if (result != 0) {
        www_report(www, SLICE(WWW_LOCK), errno, diag);
        return false;
    }
    www_changed(www);
    return true;
}

int www_open_folder(const struct www *www, const char *relative)
{
    struct folder_walk walk;
    struct slice path = slice_of(relative);
    struct slice folder = address_folder(path);
    char name[PATH_MAX];
    folder_walk_init(&walk, www->descriptor, false);
    int opened = -1;
    if (folder_go(&walk, folder) == FOLDER_OPEN) {
        opened =
            openat(folder_descriptor(&walk), address_string(name, address_name(path), SLICE("")),
                   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        walk.error = errno;
    }
    folder_walk_release(&walk);
    errno = walk.error;
    return opened;
}

/* ---- Changing ---- */

void www_changed(struct www *www)
{
    www->is_listed = false;
    www->releases.length = 0;
}

int www_discard(const struct www *www, const char *relative)
{
    /* What a killed run left there goes first. */
    int error = folder_remove(www->descriptor, WWW_OLD);
    if (error == 0 && renameat(www->descriptor, relative, www->descriptor, WWW_OLD) != 0) {
        error = errno == ENOENT ? 0 : errno;
    }
    return error != 0 ? error : folder_remove(www->descriptor, WWW_OLD);
}

int www_point(const struct www *www, const char *link, const char *target)
{
    if (unlinkat(www->descriptor, WWW_CURRENT_NEXT, 0) != 0 && errno != ENOENT) {
        return errno;
    }
    if (symlinkat(target, www->descriptor, WWW_CURRENT_NEXT) != 0 ||
        renameat(www->descriptor, WWW_CURRENT_NEXT, www->descriptor, link) != 0) {
        return errno;
    }
    return fsync(www->descriptor) == 0 || errno == EINVAL ? 0 : errno;
}

int www_take_place(const struct www *www, const char *path)
{
    int folder = www->descriptor;
    if (renameat2(folder, WWW_NEW, folder, path, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno == EINVAL) { /* a file system that knows no flags */
        return renameat(folder, WWW_NEW, folder, path) == 0 ? 0 : errno;
    }
    if (errno != EEXIST || renameat2(folder, WWW_NEW, folder, path, RENAME_EXCHANGE) != 0) {
        return errno;
    }
    return www_discard(www, WWW_NEW);
}

/* ---- Listing ---- */

bool release_name_is_good(struct slice name)
{
    struct slice prefix = SLICE(DEPLOY_PREFIX);
    if (!slice_starts_with(name, prefix)) {
        return git_is_object_name(name);
    }
    for (ptrdiff_t i = prefix.length; i < name.length; i++) {
        char c = name.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return name.length > prefix.length && name.length <= 64;
}

const char *release_path(struct www *www, struct slice name)
{
    return arena_string(&www->arena, ARENA_JOIN(&www->arena, SLICE(RELEASES_PREFIX), name));
}

/* The name behind the link, or empty. */
static struct slice current_name(struct www *www)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(www->descriptor, WWW_CURRENT, target, sizeof(target));
    struct slice path = slice_make(target, length > 0 ? length : 0);
    struct slice prefix = SLICE(RELEASES_PREFIX);
    bool is_one =
        slice_starts_with(path, prefix) && release_name_is_good(slice_from(path, prefix.length));
    return is_one ? arena_copy(&www->arena, slice_from(path, prefix.length)) : SLICE("");
}

static int newest_first(const void *a, const void *b)
{
    const struct release *left = a;
    const struct release *right = b;
    if (left->sequence != right->sequence) {
        return left->sequence < right->sequence ? 1 : -1;
    }
    return slice_compare(left->name, right->name);
}

static void list(struct www *www)
{
    int descriptor = www_open_folder(www, WWW_RELEASES);
    DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (folder == NULL) {
        return;
    }
    struct slice current = current_name(www);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct slice name = slice_of(entry->d_name);
        if (!release_name_is_good(name)) {
            continue;
        }
        int opened =
            openat(descriptor, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (opened < 0) {
            continue;
        }
        struct release *release = VECTOR_PUSH(&www->arena, &www->releases);
        *release = (struct release){.name = arena_copy(&www->arena, name)};
        label_read(opened, release, &www->arena);
        release->is_current = slice_equal(release->name, current);
        close(opened);
    }
    closedir(folder);
    if (www->releases.length > 1) {
        qsort(www->releases.data, (size_t)www->releases.length, sizeof(*www->releases.data),
              newest_first);
    }
}

const struct release *www_releases(struct www *www, ptrdiff_t *count)
{
    if (!www->is_listed) {
        list(www);
        www->is_listed = true;
    }
    *count = www->releases.length;
    return www->releases.data;
}

const struct release *www_current(struct www *www)
{
    ptrdiff_t count;
    const struct release *releases = www_releases(www, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (releases[i].is_current) {
            return &releases[i];
        }
    }
    return NULL;
}

const struct release *www_release(struct www *www, struct slice name, struct diag *diag)
{
    ptrdiff_t count;
    const struct release *releases = www_releases(www, &count);
    const struct release *found = NULL;
    int matches = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        if (slice_equal(releases[i].name, name)) {
            return &releases[i];
        }
        if (name.length >= 4 && slice_starts_with(releases[i].name, name)) {
            found = &releases[i];
            matches++;
        }
    }
    if (matches != 1) {
        DIAG(diag, CODE_release_unknown, (struct span){0}, name, www->path);
        return NULL;
    }
    return found;
}
