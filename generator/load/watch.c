/*
 * Watching a folder with inotify: one watch a folder, since the kernel does not look below it.
 *
 * A file counts as written when whoever wrote it has closed it, or when it was renamed to its name,
 * as editors do that write aside first: then its content is whole. All else (folders, names that
 * come and go, lost events) only says that the tree must be listed again. A folder is watched
 * before anybody is told of it, so what is put into it afterwards is not missed.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "names.h"

#define WATCH_DEPTH 64
#define WATCH_EVENTS                                                                    \
    (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | \
     IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

struct watch {
    int descriptor;
    char *root;
    struct slice *folders;
    ptrdiff_t folder_count;
    struct arena arena; /* root and names of folders */
    /* By the kernel's number of a watch, the folder's path below the root with a `/` at its end;
     * NULL for numbers that are none. The root's own is empty. */
    char **paths;
    ptrdiff_t count;
    bool is_partial;
};

static char *copy_path(struct slice path)
{
    char *copy = malloc((size_t)path.length + 1);
    if (copy == NULL) {
        memory_exhausted(path.length + 1);
    }
    if (path.length > 0) {
        memcpy(copy, path.data, (size_t)path.length);
    }
    copy[path.length] = '\0';
    return copy;
}

static void forget(struct watch *watch, int number)
{
    free(watch->paths[number]);
    watch->paths[number] = NULL;
}

/* A folder that moved keeps its number, and has another path now. */
static void remember(struct watch *watch, int number, struct slice path)
{
    if (number >= watch->count) {
        ptrdiff_t count = (ptrdiff_t)number * 2 + 64;
        char **paths = realloc(watch->paths, (size_t)count * sizeof(*paths));
        if (paths == NULL) {
            memory_exhausted(count * (ptrdiff_t)sizeof(*paths));
        }
        for (ptrdiff_t i = watch->count; i < count; i++) {
            paths[i] = NULL;
        }
        watch->paths = paths;
        watch->count = count;
    }
    forget(watch, number);
    watch->paths[number] = copy_path(path);
}

/* The folder `path` (with its slash) and all below it. */
static void add_folder(struct watch *watch, struct slice path, int depth)
{
    struct arena scratch;
    arena_init(&scratch, 1 << 24);
    const char *name = arena_string(
        &scratch, ARENA_JOIN(&scratch, slice_of(watch->root), SLICE("/"), path, SLICE(".")));
    int number = inotify_add_watch(watch->descriptor, name, WATCH_EVENTS);
    if (number < 0) {
        watch->is_partial = watch->is_partial || errno == ENOSPC || errno == ENOMEM;
    } else {
        remember(watch, number, path);
    }
    DIR *folder = number >= 0 && depth < WATCH_DEPTH ? opendir(name) : NULL;
    for (const struct dirent *entry = folder != NULL ? readdir(folder) : NULL; entry != NULL;
         entry = readdir(folder)) {
        /* Where the file system does not tell, what is no folder is refused by IN_ONLYDIR. */
        bool may_be_folder = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
        if (may_be_folder && !name_is_passed_over(slice_of(entry->d_name))) {
            add_folder(watch, ARENA_JOIN(&scratch, path, slice_of(entry->d_name), SLICE("/")),
                       depth + 1);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    arena_release(&scratch);
}

/* A folder that went away, or moved: it and all below it are forgotten. */
static void remove_folder(struct watch *watch, struct slice path)
{
    for (int i = 0; i < watch->count; i++) {
        if (watch->paths[i] != NULL && slice_starts_with(slice_of(watch->paths[i]), path)) {
            inotify_rm_watch(watch->descriptor, i);
            forget(watch, i);
        }
    }
}

static bool is_asked_for(const struct watch *watch, struct slice name)
{
    for (ptrdiff_t i = 0; i < watch->folder_count; i++) {
        if (slice_equal(watch->folders[i], name)) {
            return true;
        }
    }
    return false;
}

/* The root alone, to see the folders come, and those that are there. */
static bool add_all(struct watch *watch)
{
    int number = inotify_add_watch(watch->descriptor, watch->root, WATCH_EVENTS & ~IN_DONT_FOLLOW);
    if (number < 0) {
        return false;
    }
    remember(watch, number, SLICE(""));
    for (ptrdiff_t i = 0; i < watch->folder_count; i++) {
        add_folder(watch, ARENA_JOIN(&watch->arena, watch->folders[i], SLICE("/")), 0);
    }
    return true;
}

struct watch *watch_open(struct slice root, const struct slice *folders, ptrdiff_t folder_count)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    if (watch == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*watch));
    }
    arena_init(&watch->arena, ARENA_DEFAULT_LIMIT);
    watch->root = copy_path(root.length > 0 ? root : SLICE("."));
    watch->folders = ARENA_ARRAY(&watch->arena, struct slice, folder_count);
    watch->folder_count = folder_count;
    for (ptrdiff_t i = 0; i < folder_count; i++) {
        watch->folders[i] = arena_copy(&watch->arena, folders[i]);
    }
    watch->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->descriptor < 0 || !add_all(watch)) {
        int error = errno;
        watch_close(watch);
        errno = error;
        return NULL;
    }
    return watch;
}

void watch_close(struct watch *watch)
{
    if (watch == NULL) {
        return;
    }
    if (watch->descriptor >= 0) {
        close(watch->descriptor);
    }
    for (ptrdiff_t i = 0; i < watch->count; i++) {
        free(watch->paths[i]);
    }
    free(watch->paths);
    free(watch->root);
    arena_release(&watch->arena);
    free(watch);
}

int watch_descriptor(const struct watch *watch)
{
    return watch->descriptor;
}

bool watch_is_partial(const struct watch *watch)
{
    return watch->is_partial;
}

/* ---- Events ---- */

struct reading {
    struct watch *watch;
    struct arena *arena;
    VECTOR(struct slice) written;
    struct map known; /* which of them are there */
    bool has_others;
    bool has_lost; /* events */
};

static void note_written(struct reading *reading, struct slice path)
{
    bool is_new;
    map_insert(&reading->known, reading->arena, path, &is_new);
    if (is_new) {
        *VECTOR_PUSH(reading->arena, &reading->written) = path;
    }
}

static void note_event(struct reading *reading, const struct inotify_event *event)
{
    struct watch *watch = reading->watch;
    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        reading->has_lost = true;
        return;
    }
    if (event->wd < 0 || event->wd >= watch->count || watch->paths[event->wd] == NULL) {
        return; /* what was still to be told of a folder that we watch no more */
    }
    struct slice folder = slice_of(watch->paths[event->wd]);
    if ((event->mask & (IN_IGNORED | IN_UNMOUNT)) != 0) {
        forget(watch, event->wd);
        reading->has_others = true;
        return;
    }
    struct slice name = event->len > 0 ? slice_of(event->name) : SLICE("");
    bool is_root = folder.length == 0;
    if (name.length == 0 || name_is_passed_over(name) || (is_root && !is_asked_for(watch, name))) {
        return;
    }
    struct slice path = ARENA_JOIN(reading->arena, folder, name);
    if ((event->mask & IN_ISDIR) != 0) {
        struct slice below = ARENA_JOIN(reading->arena, path, SLICE("/"));
        if ((event->mask & (IN_MOVED_FROM | IN_DELETE)) != 0) {
            remove_folder(watch, below);
        } else if ((event->mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
            add_folder(watch, below, 0);
        }
        reading->has_others = true;
    } else if ((event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0) {
        note_written(reading, path);
    } else {
        reading->has_others = true;
    }
}

bool watch_read(struct watch *watch, struct changes *changes, struct arena *arena)
{
    struct reading reading = {.watch = watch, .arena = arena};
    _Alignas(struct inotify_event) char bytes[1 << 16];
    ssize_t length;
    while ((length = read(watch->descriptor, bytes, sizeof(bytes))) > 0) {
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *event = (const struct inotify_event *)(bytes + at);
            note_event(&reading, event);
            at += (ssize_t)(sizeof(*event) + event->len);
        }
    }
    if (reading.has_lost) {
        /* A folder may have come unseen. */
        add_all(watch);
        reading.has_others = true;
    }
    *changes = (struct changes){.written = reading.written.data,
                                .count = reading.written.length,
                                .has_others = reading.has_others};
    return changes->count > 0 || changes->has_others;
}
