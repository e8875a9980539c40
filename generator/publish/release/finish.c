/* From the folder that was built to the live site, step by step; each leaves a whole site. */
#define _GNU_SOURCE /* syncfs */
#include "www.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#define INDEX_NAME "index.html"

/* A release on its way. */
struct finishing {
    struct www *www;
    struct diag *diag;
    struct arena arena;
    int folder; /* .kyodo-new */
    struct manifest manifest;
    int last_folder; /* of the live release; -1 when there is none */
    struct manifest last;
    int64_t last_stamp;
};

struct slice release_begin(struct www *www, struct diag *diag)
{
    int error = www_discard(www, WWW_NEW);
    if (error != 0) {
        www_report(www, SLICE(WWW_NEW), error, diag);
        return (struct slice){NULL, 0};
    }
    return ARENA_JOIN(&www->arena, www->path, SLICE("/" WWW_NEW));
}

/* ---- Times ---- */

/* Later than the stamps of all releases that are known here. */
static int64_t next_stamp(struct www *www, int64_t *sequence)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t stamp = now.tv_sec;
    ptrdiff_t count;
    const struct release *releases = www_releases(www, &count);
    *sequence = 1;
    for (ptrdiff_t i = 0; i < count; i++) {
        stamp = releases[i].stamp >= stamp ? releases[i].stamp + 1 : stamp;
        *sequence = releases[i].sequence >= *sequence ? releases[i].sequence + 1 : *sequence;
    }
    return stamp;
}

/* The time that the file had in the release before, when it has the same content and nobody touched
 * it since. */
static bool last_time(const struct finishing *run, struct folder_walk *walk, struct slice address,
                      const char *name, struct timespec *time)
{
    struct stat status;
    if (run->last_folder < 0 || folder_go(walk, address_folder(address)) != FOLDER_OPEN ||
        fstatat(folder_descriptor(walk), name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        status.st_mtim.tv_sec > run->last_stamp) {
        return false;
    }
    *time = status.st_mtim;
    return true;
}

static int set_time(const struct finishing *run, struct folder_walk *walk,
                    struct folder_walk *last_walk, struct slice address, struct slice ending,
                    bool is_same, int64_t stamp)
{
    char name[PATH_MAX];
    address_string(name, address_name(address), ending);
    struct timespec time = {.tv_sec = stamp};
    if (is_same && !last_time(run, last_walk, address, name, &time)) {
        time = (struct timespec){.tv_sec = stamp};
    }
    struct timespec times[2] = {time, time};
    if (folder_go(walk, address_folder(address)) != FOLDER_OPEN) {
        return walk->error;
    }
    return utimensat(folder_descriptor(walk), name, times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

static bool set_times(const struct finishing *run, int64_t stamp)
{
    struct folder_walk walk;
    struct folder_walk last_walk;
    folder_walk_init(&walk, run->folder, false);
    folder_walk_init(&last_walk, run->last_folder, false);
    int error = 0;
    for (ptrdiff_t i = 0; i < run->manifest.count && error == 0; i++) {
        const struct known_file *file = &run->manifest.files[i];
        const struct known_file *last = manifest_find(&run->last, file->address);
        bool is_same = last != NULL && last->hash.low == file->hash.low &&
                       last->hash.high == file->hash.high && last->size == file->size;
        error = set_time(run, &walk, &last_walk, file->address, SLICE(""), is_same, stamp);
        if (error == 0 && file->packed_size > 0) {
            is_same = is_same && last->packed_hash.low == file->packed_hash.low &&
                      last->packed_hash.high == file->packed_hash.high;
            error = set_time(run, &walk, &last_walk, file->address, SLICE(PACKED_ENDING), is_same,
                             stamp);
        }
        if (error != 0) {
            www_report(run->www, file->address, error, run->diag);
        }
    }
    folder_walk_release(&walk);
    folder_walk_release(&last_walk);
    return error == 0;
}

/* ---- What changes for readers ---- */

static struct slice page_address(struct slice address)
{
    return slice_sub(address, 0, address.length - (ptrdiff_t)(sizeof(INDEX_NAME) - 1));
}

static bool is_page(struct slice address)
{
    return slice_equal(address_name(address), SLICE(INDEX_NAME));
}

/* Both manifests are in the order of addresses. */
static void compare_pages(const struct finishing *run, struct release_changes *changes)
{
    struct arena *arena = &run->www->arena;
    const struct manifest *last = &run->last;
    const struct manifest *now = &run->manifest;
    changes->pages = ARENA_ARRAY(arena, struct page_change, last->count + now->count + 1);
    changes->count = 0;
    for (ptrdiff_t i = 0, j = 0; i < last->count || j < now->count;) {
        int order = i == last->count ? 1
                    : j == now->count
                        ? -1
                        : slice_compare(last->files[i].address, now->files[j].address);
        const struct known_file *file = order < 0 ? &last->files[i] : &now->files[j];
        bool is_same = order == 0 && last->files[i].hash.low == file->hash.low &&
                       last->files[i].hash.high == file->hash.high;
        if (is_page(file->address) && !is_same) {
            struct page_change *change = &changes->pages[changes->count++];
            change->address = arena_copy(arena, page_address(file->address));
            change->kind = order < 0 ? PAGE_GONE : order > 0 ? PAGE_NEW : PAGE_CHANGED;
        }
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
}

/* ---- Opening and closing ---- */

static void open_last(struct finishing *run)
{
    const struct release *current = www_current(run->www);
    run->last_folder = -1;
    if (current == NULL) {
        return;
    }
    run->last_stamp = current->stamp;
    run->last_folder = www_open_folder(run->www, release_path(run->www, current->name));
    if (run->last_folder >= 0 && manifest_read(&run->last, run->last_folder, &run->arena) != 0) {
        manifest_release(&run->last);
    }
}

static bool open_new(struct finishing *run, struct www *www, struct diag *diag)
{
    *run = (struct finishing){.www = www, .diag = diag, .last_folder = -1};
    arena_init(&run->arena, ARENA_DEFAULT_LIMIT);
    run->folder = www_open_folder(www, WWW_NEW);
    int error = run->folder < 0 ? errno : manifest_read(&run->manifest, run->folder, &run->arena);
    if (error != 0) {
        www_report(www, SLICE(WWW_NEW), error, diag);
        return false;
    }
    return true;
}

static void finishing_close(struct finishing *run)
{
    manifest_release(&run->manifest);
    manifest_release(&run->last);
    if (run->folder >= 0) {
        close(run->folder);
    }
    if (run->last_folder >= 0) {
        close(run->last_folder);
    }
    arena_release(&run->arena);
}

/* Everything that was written to this file system is on the disk afterwards. */
static bool sync_all(struct finishing *run)
{
    if (syncfs(run->folder) == 0) {
        return true;
    }
    www_report(run->www, SLICE(WWW_NEW), errno, run->diag);
    return false;
}

/* ---- Its place ---- */

static bool is_whole(struct finishing *run, const char *path, const struct manifest *like)
{
    int folder = www_open_folder(run->www, path);
    struct manifest manifest = {0};
    struct diag *unsaid = diag_new(1);
    bool is_whole = folder >= 0 && manifest_read(&manifest, folder, &run->arena) == 0 &&
                    manifest.hash.low == like->hash.low && manifest.hash.high == like->hash.high &&
                    inspect_files(folder, &manifest, SLICE(""), unsaid);
    diag_free(unsaid);
    manifest_release(&manifest);
    if (folder >= 0) {
        close(folder);
    }
    return is_whole;
}

static int sync_folder(const struct www *www, const char *relative)
{
    int folder = www_open_folder(www, relative);
    int error = folder < 0 || (fsync(folder) != 0 && errno != EINVAL) ? errno : 0;
    if (folder >= 0) {
        close(folder);
    }
    return error;
}

static bool make_live(struct www *www, const char *path, struct diag *diag)
{
    int error = sync_folder(www, WWW_RELEASES);
    error = error != 0 ? error : www_point(www, WWW_CURRENT, path);
    if (error != 0) {
        www_report(www, SLICE(WWW_CURRENT), error, diag);
    }
    www_changed(www);
    return error == 0;
}

/* Remove all but the newest releases and the live one. What can't be removed now is removed after
 * the next release: the site is live, and that is what counts. */
static void sweep(struct www *www)
{
    ptrdiff_t count;
    const struct release *releases = www_releases(www, &count);
    const struct release *current = www_current(www);
    ptrdiff_t kept = current != NULL ? 1 : 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        bool is_kept = releases[i].is_current || (releases[i].is_known && kept < RELEASES_KEPT);
        kept += is_kept && !releases[i].is_current ? 1 : 0;
        if (!is_kept) {
            (void)www_discard(www, release_path(www, releases[i].name));
        }
    }
    www_changed(www);
    assets_sweep(www);
}

/* ---- All of it ---- */

static bool prepare(struct finishing *run, struct release *release)
{
    struct slice at;
    int error = 0;
    if (!inspect_files(run->folder, &run->manifest, SLICE(WWW_NEW), run->diag) ||
        !inspect_links(run->folder, &run->manifest, release->name, run->diag) ||
        !set_times(run, release->stamp)) {
        return false;
    }
    error = assets_share(run->www, run->folder, &run->manifest, &at);
    if (error != 0) {
        www_report(run->www, at, error, run->diag);
        return false;
    }
    error = label_write(run->folder, release);
    if (error != 0) {
        www_report(run->www, SLICE(LABEL_NAME), error, run->diag);
        return false;
    }
    return sync_all(run);
}

static void name_release(const struct finishing *run, struct release *release)
{
    struct arena *arena = &run->www->arena;
    release->name = release->commit;
    if (release->commit.length == 0) {
        release->name =
            arena_format(arena, "deploy-%016llx", (unsigned long long)run->manifest.hash.high);
    }
    release->files = run->manifest.count;
    release->stamp = next_stamp(run->www, &release->sequence);
}

static bool finish(struct finishing *run, struct release *release, struct release_changes *changes)
{
    struct www *www = run->www;
    open_last(run);
    name_release(run, release);
    compare_pages(run, changes);
    const char *path = release_path(www, release->name);
    const struct release *current = www_current(www);
    changes->is_first = current == NULL;
    if (is_whole(run, path, &run->manifest)) {
        /* It is there already: after a rollback, or a run that was killed before its last step. */
        changes->is_same = current != NULL && slice_equal(current->name, release->name);
        (void)www_discard(www, WWW_NEW);
        return release_activate(www, release->name, run->diag);
    }
    if (!prepare(run, release)) {
        return false;
    }
    int error = mkdirat(www->descriptor, WWW_RELEASES, 0777) == 0 || errno == EEXIST ? 0 : errno;
    error = error != 0 ? error : www_take_place(www, path);
    if (error != 0) {
        www_report(www, slice_of(path), error, run->diag);
        return false;
    }
    if (!make_live(www, path, run->diag)) {
        return false;
    }
    sweep(www);
    return true;
}

bool release_finish(struct www *www, struct release *release, struct release_changes *changes,
                    struct diag *diag)
{
    struct finishing run;
    *changes = (struct release_changes){0};
    bool is_done = open_new(&run, www, diag) && finish(&run, release, changes);
    finishing_close(&run);
    if (!is_done) {
        (void)www_discard(www, WWW_NEW);
    }
    return is_done;
}

/* Open a release with its manifest; false with a finding. */
static bool open_release(struct www *www, struct slice name, struct arena *arena, int *folder,
                         struct manifest *manifest, struct diag *diag)
{
    *manifest = (struct manifest){0};
    *folder = www_open_folder(www, release_path(www, name));
    if (*folder >= 0 && manifest_read(manifest, *folder, arena) == 0 && manifest->exists) {
        return true;
    }
    DIAG(diag, CODE_release_unreadable, (struct span){0}, name);
    return false;
}

bool release_check(struct www *www, struct slice name, struct diag *diag)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    int folder;
    struct manifest manifest;
    bool is_whole = open_release(www, name, &arena, &folder, &manifest, diag) &&
                    inspect_files(folder, &manifest, slice_of(release_path(www, name)), diag);
    is_whole = is_whole && inspect_shared(www, &manifest, diag);
    manifest_release(&manifest);
    if (folder >= 0) {
        close(folder);
    }
    arena_release(&arena);
    return is_whole;
}

bool release_activate(struct www *www, struct slice name, struct diag *diag)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    int folder = -1;
    struct manifest manifest = {0};
    struct slice at = SLICE("");
    bool is_done = open_release(www, name, &arena, &folder, &manifest, diag) &&
                   inspect_files(folder, &manifest, slice_of(release_path(www, name)), diag);
    int error = is_done ? assets_share(www, folder, &manifest, &at) : 0;
    if (error != 0) {
        www_report(www, at, error, diag);
        is_done = false;
    }
    is_done = is_done && make_live(www, release_path(www, name), diag);
    if (is_done) {
        sweep(www);
    }
    manifest_release(&manifest);
    if (folder >= 0) {
        close(folder);
    }
    arena_release(&arena);
    return is_done;
}
