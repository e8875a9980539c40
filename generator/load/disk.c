/* A tree from a folder on disk. */
#define _GNU_SOURCE
#include "names.h"
#include "refuse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Deepest nesting of folders that is walked. */
#define DISK_DEPTH 64
/* Bytes of names that the system is asked for at a time. */
#define ENTRIES_ROOM ((ptrdiff_t)32 << 10)
/* A folder with so many names is walked by all threads. */
#define NAMES_MANY 64

struct disk {
    int root; /* descriptor of the tree's folder */
};

/* What one thread finds. */
struct walk {
    struct listing *listing;
    struct diag *diag;
    struct arena scratch; /* one folder's names while they are compared */
    struct arena lists;   /* names and paths, while nobody knows how many there are */
    char *room;           /* ENTRIES_ROOM bytes */
    VECTOR(struct tree_file) files;
    VECTOR(struct tree_folder) folders;
};

struct listing {
    struct walk *walks; /* one a thread */
    int walk_count;
    struct pool *pool; /* NULL: there is none, or it is at work already */
};

struct name {
    struct slice text;  /* NUL-terminated */
    unsigned char type; /* of enum DT_…; DT_UNKNOWN where the file system does not tell */
};

struct names {
    struct name *data;
    ptrdiff_t length;
    ptrdiff_t capacity;
};

/* ---- Opening below a folder ---- */

static bool is_dotted(const char *name, size_t length)
{
    return (length == 1 && name[0] == '.') || (length == 2 && name[0] == '.' && name[1] == '.');
}

/* Name by name, for kernels and sandboxes without openat2. */
static int open_by_steps(int root, const char *path, int flags)
{
    int folder = root;
    for (;;) {
        const char *slash = strchr(path, '/');
        size_t length = slash != NULL ? (size_t)(slash - path) : strlen(path);
        char name[NAME_MAX + 1];
        int opened = -1;
        if (length > NAME_MAX) {
            errno = ENAMETOOLONG;
        } else {
            memcpy(name, path, length);
            name[length] = '\0';
            int step = slash != NULL ? O_RDONLY | O_DIRECTORY : flags;
            opened = openat(folder, name, step | O_NOFOLLOW | O_CLOEXEC);
        }
        if (folder != root) {
            int error = errno;
            close(folder);
            errno = error;
        }
        if (opened < 0 || slash == NULL) {
            return opened;
        }
        folder = opened;
        path = slash + 1;
    }
}

/* A path as the tree lists them: names with single slashes between them, none of which leads up. */
static bool is_listed_form(struct slice path)
{
    while (path.data != NULL) {
        struct slice name = slice_cut(&path, '/');
        if (name.length == 0 || is_dotted(name.data, (size_t)name.length)) {
            return false;
        }
    }
    return true;
}

/* Open `path` below `root`; no component may be a link or lead out. */
static int open_beneath(int root, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(unsigned int)(flags | O_CLOEXEC),
                           .resolve =
                               RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    long opened = syscall(SYS_openat2, root, path, &how, sizeof(how));
    if (opened >= 0) {
        return (int)opened;
    }
    if (errno == ENOSYS || errno == EPERM || errno == EAGAIN) {
        return open_by_steps(root, path, flags);
    }
    return -1;
}

/* tree.read: a regular file only, and never more than it was when it was opened. */
static bool disk_read(void *context, struct slice path, char **bytes, int64_t *length)
{
    const struct disk *disk = context;
    char name[PATH_MAX];
    if (path.length >= PATH_MAX || !is_listed_form(path)) {
        errno = path.length >= PATH_MAX ? ENAMETOOLONG : ENOENT;
        return false;
    }
    memcpy(name, path.data, (size_t)path.length);
    name[path.length] = '\0';
    /* Not blocking, so that a pipe that somebody put in a file's place does not hold us up. */
    int descriptor = open_beneath(disk->root, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return false;
    }
    char *memory = NULL;
    bool is_read = false;
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        goto out;
    }
    if (status.st_size > LOAD_LIMIT_REGISTER) {
        errno = EFBIG;
        goto out;
    }
    memory = malloc((size_t)status.st_size + 1);
    if (memory == NULL) {
        memory_exhausted((ptrdiff_t)status.st_size + 1);
    }
    *length = file_read_up_to(descriptor, memory, (int64_t)status.st_size);
    is_read = *length >= 0;
out:;
    int error = errno;
    close(descriptor);
    if (!is_read) {
        free(memory);
        errno = error;
        return false;
    }
    *bytes = memory;
    return true;
}

static void disk_close(void *context)
{
    struct disk *disk = context;
    close(disk->root);
}

/* ---- Names ---- */

/* Keep of the sorted names those that are good and collide with no earlier one. */
static void check_names(struct walk *walk, struct slice prefix, struct names *names)
{
    struct map seen = {0};
    ptrdiff_t kept = 0;
    for (ptrdiff_t i = 0; i < names->length; i++) {
        struct slice name = names->data[i].text;
        struct slice path = ARENA_JOIN(&walk->scratch, prefix, name);
        if (!name_is_good(name)) {
            path = name_printable(&walk->scratch, path);
            report_file(walk->diag, CODE_file_bad_name, path, name_printable(&walk->scratch, name),
                        (struct slice){NULL, 0});
            continue;
        }
        if (names->length > 1) {
            bool is_new;
            struct map_entry *entry =
                map_insert(&seen, &walk->scratch, name_folded(&walk->scratch, name), &is_new);
            if (!is_new) {
                struct slice first =
                    ARENA_JOIN(&walk->scratch, prefix, names->data[entry->value.integer].text);
                report_file(walk->diag, CODE_file_name_collision, path, first,
                            (struct slice){NULL, 0});
                continue;
            }
            entry->value.integer = kept;
        }
        names->data[kept++] = names->data[i];
    }
    names->length = kept;
    arena_clear(&walk->scratch);
}

static int compare_names(const void *a, const void *b)
{
    return slice_compare(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static int compare_files(const void *a, const void *b)
{
    return slice_compare(((const struct tree_file *)a)->path, ((const struct tree_file *)b)->path);
}

static int compare_folders(const void *a, const void *b)
{
    return slice_compare(((const struct tree_folder *)a)->path,
                         ((const struct tree_folder *)b)->path);
}

/* All names in an open folder but those that are passed over. False and errno when the system can't
 * tell the rest of them. It is asked itself: opendir() would ask it twice as much. */
static bool read_names(struct walk *walk, int folder, struct names *names)
{
    if (walk->room == NULL) {
        walk->room = arena_allocate(&walk->lists, 1, _Alignof(struct dirent64), ENTRIES_ROOM);
    }
    ssize_t length;
    while ((length = getdents64(folder, walk->room, (size_t)ENTRIES_ROOM)) > 0) {
        const struct dirent64 *entry;
        for (ssize_t at = 0; at < length; at += entry->d_reclen) {
            entry = (const struct dirent64 *)(const void *)(walk->room + at);
            struct slice name = slice_of(entry->d_name);
            if (!name_is_passed_over(name)) {
                const char *copy = arena_string(&walk->lists, name);
                *VECTOR_PUSH(&walk->lists, names) =
                    (struct name){slice_make(copy, name.length), entry->d_type};
            }
        }
    }
    return length == 0;
}

/* ---- Walking ---- */

static void walk_folder(struct walk *walk, int descriptor, struct slice prefix, int depth);

/* A file is listed, anything else but a folder refused; true for a folder. */
static bool is_folder(struct walk *walk, int above, struct slice path, const char *name)
{
    struct stat status;
    if (fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) {
            report_unreadable(walk->diag, path, errno);
        }
        return false;
    }
    if (S_ISLNK(status.st_mode)) {
        report_file(walk->diag, CODE_file_symlink, path, path, (struct slice){NULL, 0});
        return false;
    }
    if (S_ISREG(status.st_mode)) {
        *VECTOR_PUSH(&walk->lists, &walk->files) = (struct tree_file){
            .path = path, .size = (int64_t)status.st_size, .stamp = stamp_of(&status)};
        return false;
    }
    if (!S_ISDIR(status.st_mode)) {
        report_unreadable(walk->diag, path, EINVAL);
        return false;
    }
    return true;
}

/* One name in an open folder. */
static void walk_entry(struct walk *walk, int above, struct slice prefix, const struct name *name,
                       int depth)
{
    struct slice path = ARENA_JOIN(&walk->lists, prefix, name->text);
    if (name->type != DT_DIR && !is_folder(walk, above, path, name->text.data)) {
        return;
    }
    if (depth >= DISK_DEPTH || path.length >= PATH_MAX - NAME_MAX - 2) {
        report_unreadable(walk->diag, path, ENAMETOOLONG);
        return;
    }
    int descriptor =
        openat(above, name->text.data, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor >= 0) {
        walk_folder(walk, descriptor, ARENA_JOIN(&walk->lists, path, SLICE("/")), depth + 1);
    } else if (errno != ENOENT) {
        report_unreadable(walk->diag, path, errno);
    }
}

struct entries {
    struct listing *listing;
    int folder;
    struct slice prefix;
    const struct names *names;
    int depth;
};

static void walk_one(void *context, ptrdiff_t index, int worker)
{
    const struct entries *entries = context;
    walk_entry(&entries->listing->walks[worker], entries->folder, entries->prefix,
               &entries->names->data[index], entries->depth);
}

/* Most of the time goes to the system, which serves several threads at once. */
static void walk_entries(struct walk *walk, int folder, struct slice prefix,
                         const struct names *names, int depth)
{
    struct entries entries = {walk->listing, folder, prefix, names, depth};
    struct pool *pool = walk->listing->pool;
    if (pool != NULL && names->length >= NAMES_MANY) {
        walk->listing->pool = NULL;
        pool_run(pool, names->length, walk_one, &entries);
        walk->listing->pool = pool;
        return;
    }
    for (ptrdiff_t i = 0; i < names->length; i++) {
        walk_entry(walk, folder, prefix, &names->data[i], depth);
    }
}

/* Everything in a folder, whose descriptor this closes. `prefix` ends with a slash or is empty. */
static void walk_folder(struct walk *walk, int descriptor, struct slice prefix, int depth)
{
    struct slice path = slice_sub(prefix, 0, prefix.length - 1);
    struct stat status;
    *VECTOR_PUSH(&walk->lists, &walk->folders) = (struct tree_folder){
        .path = path,
        .stamp = fstat(descriptor, &status) == 0 ? stamp_of(&status) : (struct stamp){0}};
    struct names names = {0};
    if (!read_names(walk, descriptor, &names)) {
        report_unreadable(walk->diag, path, errno);
    }
    if (names.length > 1) {
        qsort(names.data, (size_t)names.length, sizeof(*names.data), compare_names);
    }
    check_names(walk, prefix, &names);
    walk_entries(walk, descriptor, prefix, &names, depth);
    close(descriptor);
}

/* One of the folders asked for: `a/b` is reached name by name, so that a link on the way is seen.
 */
static void walk_named(struct walk *walk, int root, struct slice folder)
{
    int descriptor = dup(root);
    if (descriptor >= 0) {
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
    bool is_root = folder.length == 0 || slice_equal(folder, SLICE("."));
    struct slice rest = is_root ? (struct slice){NULL, 0} : folder;
    ptrdiff_t reached = 0;
    while (rest.data != NULL && descriptor >= 0) {
        struct slice name = slice_cut(&rest, '/');
        if (name.length == 0 || name.length > NAME_MAX ||
            is_dotted(name.data, (size_t)name.length)) {
            report_file(walk->diag, CODE_file_bad_name, folder, name, (struct slice){NULL, 0});
            close(descriptor);
            return;
        }
        reached += name.length + (reached > 0 ? 1 : 0);
        struct slice path = arena_copy(&walk->lists, slice_sub(folder, 0, reached));
        const char *name_string = arena_string(&walk->lists, name);
        struct stat status;
        int next = openat(descriptor, name_string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = next < 0 ? errno : 0;
        bool is_link = next < 0 &&
                       fstatat(descriptor, name_string, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                       S_ISLNK(status.st_mode);
        close(descriptor);
        descriptor = next;
        if (is_link) {
            report_file(walk->diag, CODE_file_symlink, path, path, (struct slice){NULL, 0});
        } else if (next < 0 && error != ENOENT) {
            report_unreadable(walk->diag, path, error);
        } else if (next < 0) {
            *VECTOR_PUSH(&walk->lists, &walk->folders) = (struct tree_folder){.path = path};
        }
    }
    if (descriptor >= 0) {
        /* A copy of the root's descriptor shares its place in the list of names. */
        int own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(descriptor);
        struct slice prefix = is_root ? SLICE("") : ARENA_JOIN(&walk->lists, folder, SLICE("/"));
        if (own >= 0) {
            walk_folder(walk, own, prefix, 0);
        } else {
            report_unreadable(walk->diag, folder, errno);
        }
    }
}

bool tree_open_known(struct tree *tree, struct slice root, struct arena *arena)
{
    *tree = (struct tree){.root = arena_copy(arena, root), .arena = arena};
    const char *path = arena_string(arena, root.length > 0 ? root : SLICE("."));
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    struct disk *disk = ARENA_NEW(arena, struct disk);
    disk->root = descriptor;
    tree->read = disk_read;
    tree->close = disk_close;
    tree->context = disk;
    return true;
}

static int64_t count_findings(struct diag *diag)
{
    struct diag_counts counts = diag_counts(diag);
    return counts.errors + counts.warnings + counts.notes;
}

static void listing_init(struct listing *listing, struct pool *pool, struct diag *diag,
                         struct arena *arena)
{
    listing->pool = pool;
    listing->walk_count = pool != NULL ? pool_threads(pool) : 1;
    listing->walks = ARENA_ARRAY(arena, struct walk, listing->walk_count);
    for (int i = 0; i < listing->walk_count; i++) {
        struct walk *walk = &listing->walks[i];
        walk->listing = listing;
        walk->diag = diag;
        arena_init(&walk->scratch, ARENA_DEFAULT_LIMIT);
        arena_init(&walk->lists, ARENA_DEFAULT_LIMIT);
    }
}

static void listing_release(struct listing *listing)
{
    for (int i = 0; i < listing->walk_count; i++) {
        arena_release(&listing->walks[i].scratch);
        arena_release(&listing->walks[i].lists);
    }
}

/* What all threads have found, in order and in the tree's arena. */
static void gather(const struct listing *listing, struct tree *tree)
{
    ptrdiff_t count = 0;
    ptrdiff_t folder_count = 0;
    for (int i = 0; i < listing->walk_count; i++) {
        count += listing->walks[i].files.length;
        folder_count += listing->walks[i].folders.length;
    }
    struct tree_file *files = ARENA_ARRAY(tree->arena, struct tree_file, count);
    struct tree_folder *folders = ARENA_ARRAY(tree->arena, struct tree_folder, folder_count);
    tree->files = files;
    tree->folders = folders;
    tree->folder_count = folder_count;
    for (int i = 0; i < listing->walk_count; i++) {
        const struct walk *walk = &listing->walks[i];
        for (ptrdiff_t j = 0; j < walk->files.length; j++) {
            *files++ = walk->files.data[j];
        }
        for (ptrdiff_t j = 0; j < walk->folders.length; j++) {
            *folders++ = walk->folders.data[j];
        }
    }
    qsort(tree->files, (size_t)count, sizeof(*tree->files), compare_files);
    qsort(tree->folders, (size_t)folder_count, sizeof(*tree->folders), compare_folders);
    /* Folders that were asked for twice, or inside each other, list their files once. */
    for (ptrdiff_t i = 0; i < count; i++) {
        struct slice path = tree->files[i].path;
        if (tree->count == 0 || !slice_equal(tree->files[tree->count - 1].path, path)) {
            tree->files[tree->count] = tree->files[i];
            tree->files[tree->count++].path = arena_copy(tree->arena, path);
        }
    }
    for (ptrdiff_t i = 0; i < folder_count; i++) {
        tree->folders[i].path = arena_copy(tree->arena, tree->folders[i].path);
    }
}

bool tree_open_disk(struct tree *tree, struct slice root, const struct slice *folders,
                    ptrdiff_t folder_count, struct pool *pool, struct arena *arena,
                    struct diag *diag)
{
    if (!tree_open_known(tree, root, arena)) {
        report_file(diag, CODE_folder_missing, root, root, (struct slice){NULL, 0});
        return false;
    }
    int descriptor = ((const struct disk *)tree->context)->root;
    int64_t findings = count_findings(diag);
    tree->listed = stamp_now();
    struct listing listing;
    listing_init(&listing, pool, diag, arena);
    for (ptrdiff_t i = 0; i < folder_count; i++) {
        walk_named(&listing.walks[0], descriptor, folders[i]);
    }
    gather(&listing, tree);
    listing_release(&listing);
    tree->has_refused = count_findings(diag) > findings;
    return true;
}
