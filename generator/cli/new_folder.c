#define _XOPEN_SOURCE 700 /* nftw */
#include "new_folder.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ASIDE ".kyodo-new"

static bool is_name(const char *name, const char *other)
{
    return slice_equal(slice_of(name), slice_of(other));
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

/* Links are removed, never followed. */
static void remove_all(const char *path)
{
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* 0 or errno. */
static int make_folder(const char *path)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : errno;
}

/* Every folder above the last name of a path. */
static int make_above(struct slice path, struct arena *arena)
{
    int error = 0;
    ptrdiff_t slash = slice_find_byte(path, '/', 1);
    while (slash > 0 && error == 0) {
        error = make_folder(arena_string(arena, slice_sub(path, 0, slash)));
        slash = slice_find_byte(path, '/', slash + 1);
    }
    return error;
}

/* Names in a folder, but `.`, `..` and what is ours. */
static bool is_free(const char *path, bool may_be_repository)
{
    DIR *folder = opendir(path);
    bool free = folder != NULL;
    const struct dirent *entry;
    while (free && (entry = readdir(folder)) != NULL) {
        free = is_name(entry->d_name, ".") || is_name(entry->d_name, "..") ||
               is_name(entry->d_name, ASIDE) ||
               (may_be_repository && is_name(entry->d_name, ".git"));
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return free;
}

enum new_folder_state new_folder_open(struct new_folder *folder, const char *target,
                                      bool may_be_repository, struct arena *arena)
{
    struct slice path = slice_of(target);
    while (path.length > 1 && slice_ends_with(path, SLICE("/"))) {
        path.length--;
    }
    *folder = (struct new_folder){.arena = arena, .target = arena_string(arena, path)};
    struct stat status;
    if (lstat(folder->target, &status) == 0) {
        if (stat(folder->target, &status) != 0 || !S_ISDIR(status.st_mode) ||
            !is_free(folder->target, may_be_repository)) {
            return NEW_FOLDER_TAKEN;
        }
        folder->fills = true;
        folder->aside = arena_string(arena, ARENA_JOIN(arena, path, SLICE("/" ASIDE)));
    } else {
        ptrdiff_t name = slice_find_last_byte(path, '/') + 1;
        folder->error = errno == ENOENT ? make_above(path, arena) : errno;
        folder->aside = arena_string(arena, ARENA_JOIN(arena, slice_sub(path, 0, name), SLICE("."),
                                                       slice_from(path, name), SLICE(ASIDE)));
    }
    remove_all(folder->aside);
    if (folder->error == 0 && mkdir(folder->aside, 0777) != 0) {
        folder->error = errno;
    }
    return folder->error == 0 ? NEW_FOLDER_READY : NEW_FOLDER_FAILED;
}

void new_folder_put(struct new_folder *folder, struct slice path, struct slice text)
{
    struct slice whole = ARENA_JOIN(folder->arena, slice_of(folder->aside), SLICE("/"), path);
    const char *name = arena_string(folder->arena, whole);
    if (folder->error != 0 || access(name, F_OK) == 0) {
        return;
    }
    folder->error = make_above(whole, folder->arena);
    if (folder->error == 0) {
        struct sink out;
        sink_create_file(&out, name);
        sink_write(&out, text);
        folder->error = sink_close(&out);
    }
}

/* 0 or errno. */
static int move_into(struct new_folder *folder)
{
    DIR *aside = opendir(folder->aside);
    const struct dirent *entry;
    if (aside == NULL) {
        return errno;
    }
    int error = 0;
    while (error == 0 && (entry = readdir(aside)) != NULL) {
        struct slice name = slice_of(entry->d_name);
        if (is_name(entry->d_name, ".") || is_name(entry->d_name, "..")) {
            continue;
        }
        struct slice from = ARENA_JOIN(folder->arena, slice_of(folder->aside), SLICE("/"), name);
        struct slice to = ARENA_JOIN(folder->arena, slice_of(folder->target), SLICE("/"), name);
        if (rename(arena_string(folder->arena, from), arena_string(folder->arena, to)) != 0) {
            error = errno;
        }
    }
    closedir(aside);
    return error;
}

int new_folder_finish(struct new_folder *folder)
{
    if (folder->error == 0 && folder->fills) {
        folder->error = move_into(folder);
    } else if (folder->error == 0 && rename(folder->aside, folder->target) != 0) {
        folder->error = errno;
    }
    if (folder->error != 0 || folder->fills) {
        remove_all(folder->aside);
    }
    return folder->error;
}

void new_folder_abandon(struct new_folder *folder)
{
    remove_all(folder->aside);
}
