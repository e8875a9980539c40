/*
 * The folder of assets that releases share (ruling 16).
 *
 * Names hold the hash of their content, so most assets of a new release are there already: the
 * release then gets a hard link to what is shared. What differs from the manifest was damaged, or
 * its name holds no hash: the release's own file takes its place. A file system without hard links
 * gets copies.
 */
#include "www.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define TEMPORARY ".kyodo-asset"

/* One file of a release and its place in W/assets/. */
struct sharing {
    int folder; /* of the release */
    struct folder_walk own;
    struct folder_walk shared;
    struct buffer room;
};

static int copy_file(int from_folder, const char *from, int to_folder, const char *to)
{
    struct slice bytes;
    struct timespec written;
    int error = file_read_all(from_folder, from, INT64_MAX, &bytes, &written);
    if (error != 0) {
        return error;
    }
    error = file_write(to_folder, to, bytes);
    free((char *)(uintptr_t)bytes.data);
    struct timespec times[2] = {written, written};
    return error != 0 || utimensat(to_folder, to, times, AT_SYMLINK_NOFOLLOW) == 0 ? error : errno;
}

/* Put `from` under the name `to`, whatever is there, by one rename. */
static int put(int from_folder, const char *from, int to_folder, const char *to)
{
    if (unlinkat(to_folder, TEMPORARY, 0) != 0 && errno != ENOENT) {
        return errno;
    }
    int error = 0;
    if (linkat(from_folder, from, to_folder, TEMPORARY, 0) != 0) {
        bool has_no_links =
            errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK || errno == EXDEV;
        error = has_no_links ? copy_file(from_folder, from, to_folder, TEMPORARY) : errno;
    }
    if (error == 0 && renameat(to_folder, TEMPORARY, to_folder, to) != 0) {
        error = errno;
    }
    /* A rename of one link over another of the same file does nothing and leaves both. */
    (void)unlinkat(to_folder, TEMPORARY, 0);
    return error;
}

static int share_file(struct sharing *sharing, struct slice address, struct slice ending,
                      int64_t size, struct hash_128 wanted)
{
    char name[PATH_MAX];
    address_string(name, address_name(address), ending);
    struct slice folder = address_folder(address);
    if (folder_go(&sharing->own, folder) != FOLDER_OPEN) {
        return sharing->own.error;
    }
    if (folder_go(&sharing->shared, folder) != FOLDER_OPEN) {
        return sharing->shared.error;
    }
    int own = folder_descriptor(&sharing->own);
    int shared = folder_descriptor(&sharing->shared);
    struct hash_128 hash;
    bool is_there = file_hash(shared, name, size, &sharing->room, &hash) &&
                    hash.low == wanted.low && hash.high == wanted.high;
    return is_there ? put(shared, name, own, name) : put(own, name, shared, name);
}

int assets_share(const struct www *www, int folder, const struct manifest *manifest,
                 struct slice *at)
{
    struct sharing sharing = {.folder = folder};
    folder_walk_init(&sharing.own, folder, false);
    folder_walk_init(&sharing.shared, www->descriptor, true);
    int error = 0;
    for (ptrdiff_t i = 0; i < manifest->count && error == 0; i++) {
        const struct known_file *file = &manifest->files[i];
        *at = file->address;
        if (!slice_starts_with(file->address, SLICE(ASSETS_PREFIX))) {
            continue;
        }
        error = share_file(&sharing, file->address, SLICE(""), file->size, file->hash);
        if (error == 0 && file->packed_size > 0) {
            error = share_file(&sharing, file->address, SLICE(PACKED_ENDING), file->packed_size,
                               file->packed_hash);
        }
    }
    folder_walk_release(&sharing.own);
    folder_walk_release(&sharing.shared);
    buffer_release(&sharing.room);
    return error;
}

/* ---- Sweeping ---- */

/* Add the assets of a release; false when its manifest can't be read. */
static bool gather(struct www *www, struct slice name, struct arena *arena, struct map *wanted)
{
    int folder = www_open_folder(www, release_path(www, name));
    struct manifest manifest = {0};
    bool is_read = folder >= 0 && manifest_read(&manifest, folder, arena) == 0 && manifest.exists;
    for (ptrdiff_t i = 0; i < manifest.count; i++) {
        const struct known_file *file = &manifest.files[i];
        if (slice_starts_with(file->address, SLICE(ASSETS_PREFIX))) {
            map_insert(wanted, arena, arena_copy(arena, file->address), NULL);
            map_insert(wanted, arena, ARENA_JOIN(arena, file->address, SLICE(PACKED_ENDING)), NULL);
        }
    }
    manifest_release(&manifest);
    if (folder >= 0) {
        close(folder);
    }
    return is_read;
}

/* `prefix` ends in a slash. Closes the descriptor. */
static void sweep_folder(int descriptor, struct slice prefix, struct arena *arena,
                         const struct map *wanted)
{
    DIR *folder = fdopendir(descriptor);
    if (folder == NULL) {
        close(descriptor);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct slice name = slice_of(entry->d_name);
        if (slice_equal(name, SLICE(".")) || slice_equal(name, SLICE(".."))) {
            continue;
        }
        struct slice path = ARENA_JOIN(arena, prefix, name);
        int inner =
            openat(descriptor, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0) {
            sweep_folder(inner, ARENA_JOIN(arena, path, SLICE("/")), arena, wanted);
            (void)unlinkat(descriptor, entry->d_name, AT_REMOVEDIR); /* only when it is empty */
        } else if (map_find(wanted, path) == NULL) {
            (void)unlinkat(descriptor, entry->d_name, 0);
        }
    }
    closedir(folder);
}

void assets_sweep(struct www *www)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct map wanted = {0};
    ptrdiff_t count;
    const struct release *releases = www_releases(www, &count);
    bool is_read = true;
    for (ptrdiff_t i = 0; i < count && is_read; i++) {
        is_read = gather(www, releases[i].name, &arena, &wanted);
    }
    int folder = is_read ? www_open_folder(www, WWW_ASSETS) : -1;
    if (folder >= 0) {
        sweep_folder(folder, SLICE(ASSETS_PREFIX), &arena, &wanted);
    }
    arena_release(&arena);
}
