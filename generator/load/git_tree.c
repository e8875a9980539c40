/*
 * A tree from the objects of a commit.
 *
 * The list is `git ls-tree -r -t -l`: every entry with its mode, object and size, before a byte of
 * any file is read. Folders are asked for too, because a commit can hold folders inside folders
 * without end and not one file; the list stops at the first entry too many. Files are then read by
 * one `git cat-file --batch`, one at a time: their answer begins with a line that the list has told
 * already, so that anything else is noticed.
 */
#include "git_process.h"
#include "names.h"
#include "refuse.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define COMMIT_MOST ((ptrdiff_t)1 << 20)
#define BLOCK ((ptrdiff_t)64 << 10)
/* Mode, type, object and size of an entry, and the longest path. */
#define ENTRY_MOST ((ptrdiff_t)PATH_MAX + 256)
#define DEPTH_MOST 64
#define HEADER_MOST 128

struct git_file {
    struct tree_file file;
    struct slice object;
};

struct git_objects {
    struct git_process process;
    pthread_mutex_t lock;
    bool is_broken; /* what it says next is not what was asked for */
    const struct tree *tree;
    struct slice *objects; /* side by side with the tree's files */
};

struct listing {
    struct arena *arena;
    struct arena scratch; /* folded names */
    struct diag *diag;
    const struct slice *folders;
    ptrdiff_t folder_count;
    VECTOR(struct git_file) files;
    VECTOR(struct slice) paths; /* all that were accepted, for collisions */
    struct map folded;          /* -> index into paths */
    struct slice skipped;       /* a folder that was refused, with a slash */
    ptrdiff_t count;
    int64_t bytes;
};

static const struct slice nothing = {NULL, 0};

static struct slice decimal(char text[32], int64_t value)
{
    return slice_make(text, snprintf(text, 32, "%lld", (long long)value));
}

/* ---- One entry ---- */

enum path_kind { PATH_GOOD, PATH_PASSED_OVER, PATH_BAD, PATH_TOO_DEEP };

static enum path_kind kind_of_path(struct slice path)
{
    enum path_kind kind = PATH_GOOD;
    struct slice rest = path;
    for (int depth = 0; rest.data != NULL; depth++) {
        struct slice name = slice_cut(&rest, '/');
        bool is_dotted = slice_equal(name, SLICE(".")) || slice_equal(name, SLICE(".."));
        if (name.length == 0 || is_dotted || !name_is_good(name)) {
            return PATH_BAD;
        }
        if (depth == DEPTH_MOST || name.length > NAME_MAX) {
            return PATH_TOO_DEEP;
        }
        kind = name_is_passed_over(name) ? PATH_PASSED_OVER : kind;
    }
    return kind;
}

static bool is_wanted(const struct listing *listing, struct slice path)
{
    for (ptrdiff_t i = 0; i < listing->folder_count; i++) {
        struct slice folder = listing->folders[i];
        if (path.length > folder.length && path.data[folder.length] == '/' &&
            slice_starts_with(path, folder)) {
            return true;
        }
    }
    return false;
}

/* Nothing below a folder that was refused is looked at again. */
static void skip(struct listing *listing, struct slice path)
{
    listing->skipped = ARENA_JOIN(listing->arena, path, SLICE("/"));
}

/* Whether the path is the first of its kind on every system. */
static bool is_first(struct listing *listing, struct slice path)
{
    bool is_new;
    struct map_entry *entry = map_insert(&listing->folded, &listing->scratch,
                                         name_folded(&listing->scratch, path), &is_new);
    if (!is_new) {
        report_file(listing->diag, CODE_file_name_collision, path,
                    listing->paths.data[entry->value.integer], nothing);
        return false;
    }
    entry->value.integer = listing->paths.length;
    *VECTOR_PUSH(&listing->scratch, &listing->paths) = path;
    return true;
}

static void take_file(struct listing *listing, struct slice path, struct slice object, int64_t size,
                      enum path_kind kind)
{
    if (size > GIT_FILE_MOST) {
        char size_text[32];
        char limit_text[32];
        report_file(listing->diag, CODE_file_too_large, path, decimal(size_text, size),
                    decimal(limit_text, GIT_FILE_MOST));
        return;
    }
    listing->bytes += size;
    if (kind == PATH_GOOD && is_wanted(listing, path)) {
        struct git_file *file = VECTOR_PUSH(&listing->scratch, &listing->files);
        *file = (struct git_file){{.path = path, .size = size}, arena_copy(listing->arena, object)};
    }
}

/* `<mode> <type> <object> <size, in seven columns or more>\t<path>`; false when it is not. */
static bool take_entry(struct listing *listing, struct slice entry)
{
    ptrdiff_t tab = slice_find_byte(entry, '\t', 0);
    struct slice rest = slice_sub(entry, 0, tab);
    struct slice mode = slice_cut(&rest, ' ');
    struct slice type = slice_cut(&rest, ' ');
    struct slice object = slice_cut(&rest, ' ');
    if (tab < 0 || rest.data == NULL || !git_is_object_name(object)) {
        return false;
    }
    struct slice path = slice_from(entry, tab + 1);
    if (listing->skipped.length > 0 && slice_starts_with(path, listing->skipped)) {
        return true;
    }
    path = slice_make(arena_string(listing->arena, path), path.length);
    enum path_kind kind = kind_of_path(path);
    if (kind == PATH_BAD) {
        struct slice shown = name_printable(listing->arena, path);
        report_file(listing->diag, CODE_file_bad_name, shown, shown, nothing);
        skip(listing, path);
    } else if (kind == PATH_TOO_DEEP || path.length >= PATH_MAX) {
        report_unreadable(listing->diag, slice_sub(path, 0, NAME_MAX), ENAMETOOLONG);
        skip(listing, path);
    } else if (slice_equal(mode, SLICE("120000"))) {
        report_file(listing->diag, CODE_file_symlink, path, path, nothing);
    } else if (slice_equal(mode, SLICE("160000"))) {
        report_file(listing->diag, CODE_file_submodule, path, path, nothing);
    } else if (!is_first(listing, path)) {
        skip(listing, path);
    } else if (slice_equal(type, SLICE("blob"))) {
        int64_t size;
        if (!slice_to_integer(slice_trim(rest), &size) || size < 0) {
            return false;
        }
        take_file(listing, path, object, size, kind);
    }
    return true;
}

/* ---- The list ---- */

static bool is_within_limits(const struct listing *listing, struct slice commit)
{
    char limit[32];
    if (listing->count > GIT_FILES_MOST) {
        DIAG(listing->diag, CODE_commit_too_many, (struct span){0}, decimal(limit, GIT_FILES_MOST),
             commit);
        return false;
    }
    if (listing->bytes > GIT_BYTES_MOST) {
        DIAG(listing->diag, CODE_commit_too_large, (struct span){0}, decimal(limit, GIT_BYTES_MOST),
             commit);
        return false;
    }
    return true;
}

/* Take the entries that are whole from the front of `pending`. */
static bool take_entries(struct listing *listing, struct buffer *pending, struct slice commit,
                         bool *is_over)
{
    struct slice rest = buffer_slice(pending);
    for (ptrdiff_t end; (end = slice_find_byte(rest, '\0', 0)) >= 0;) {
        listing->count++;
        if (!is_within_limits(listing, commit)) {
            *is_over = true;
            return true;
        }
        if (!take_entry(listing, slice_sub(rest, 0, end))) {
            return false;
        }
        rest = slice_from(rest, end + 1);
    }
    if (rest.length > ENTRY_MOST) {
        report_unreadable(listing->diag, nothing, ENAMETOOLONG);
        *is_over = true;
        return true;
    }
    memmove(pending->data, rest.data, (size_t)rest.length);
    pending->length = rest.length;
    return true;
}

/* False with a finding. */
static bool list_commit(struct listing *listing, const struct git *git, struct slice commit)
{
    const char *words[] = {
        "ls-tree", "-r", "-t", "-z", "-l", "--full-tree", arena_string(listing->arena, commit),
        NULL};
    struct git_process process;
    bool is_over = false;
    bool is_good = git_start(&process, git, words, false) == 0;
    struct buffer pending = {0};
    while (is_good && !is_over) {
        char *block = buffer_reserve(&pending, BLOCK);
        ptrdiff_t got = git_read(&process, block, BLOCK);
        if (got <= 0) {
            is_good = got == 0 && pending.length == 0;
            break;
        }
        pending.length += got;
        is_good = take_entries(listing, &pending, commit, &is_over);
    }
    int status = git_end(&process, is_over || !is_good);
    buffer_release(&pending);
    if (!is_over && (!is_good || status != 0)) {
        DIAG(listing->diag, CODE_commit_unreadable, (struct span){0}, commit);
        return false;
    }
    return !is_over && is_within_limits(listing, commit);
}

/* ---- The commit itself ---- */

/* `committer Name <address> 1700000000 +0900` */
static bool take_committer(struct slice line, struct commit *commit)
{
    struct slice after = slice_from(line, slice_find_last_byte(line, '>') + 1);
    struct slice rest = slice_trim(after);
    struct slice time = slice_cut(&rest, ' ');
    int64_t zone;
    if (!slice_to_integer(time, &commit->time) || rest.length != 5 ||
        !slice_to_integer(slice_from(rest, 1), &zone) || zone < 0) {
        return false;
    }
    commit->offset = (int32_t)(zone / 100 * 60 + zone % 100);
    commit->offset = rest.data[0] == '-' ? -commit->offset : commit->offset;
    return true;
}

static bool read_commit(const struct git *git, struct commit *commit, struct arena *arena)
{
    const char *words[] = {"cat-file", "commit", arena_string(arena, commit->id), NULL};
    struct buffer text = {0};
    bool is_read = false;
    if (git_is_object_name(commit->id) && git_run(git, words, COMMIT_MOST, &text) == 0) {
        struct slice rest = buffer_slice(&text);
        for (struct slice line = slice_cut(&rest, '\n'); line.length > 0 && !is_read;
             line = slice_cut(&rest, '\n')) {
            is_read = slice_starts_with(line, SLICE("committer ")) && take_committer(line, commit);
        }
    }
    buffer_release(&text);
    return is_read;
}

/* ---- Reading files ---- */

/* The answer to one object's name: the line that the list told, the bytes, a newline. */
static bool read_object(struct git_objects *objects, struct slice object, int64_t size, char *bytes)
{
    char header[HEADER_MOST];
    char expected[HEADER_MOST];
    int length = snprintf(expected, sizeof(expected), "%.*s blob %lld\n", SLICE_ARGUMENTS(object),
                          (long long)size);
    char question[HEADER_MOST];
    int asked = snprintf(question, sizeof(question), "%.*s\n", SLICE_ARGUMENTS(object));
    /* One byte more than the file: the newline behind it. */
    return git_write(&objects->process, slice_make(question, asked)) &&
           git_read(&objects->process, header, length) == length &&
           memcmp(header, expected, (size_t)length) == 0 &&
           git_read(&objects->process, bytes, (ptrdiff_t)size + 1) == size + 1 &&
           bytes[size] == '\n';
}

static bool git_tree_read(void *context, struct slice path, char **bytes, int64_t *length)
{
    struct git_objects *objects = context;
    ptrdiff_t index = tree_find(objects->tree, path);
    if (index < 0) {
        errno = ENOENT;
        return false;
    }
    int64_t size = objects->tree->files[index].size;
    char *memory = malloc((size_t)size + 1);
    if (memory == NULL) {
        memory_exhausted((ptrdiff_t)size + 1);
    }
    pthread_mutex_lock(&objects->lock);
    bool is_read =
        !objects->is_broken && read_object(objects, objects->objects[index], size, memory);
    objects->is_broken = !is_read;
    pthread_mutex_unlock(&objects->lock);
    if (!is_read) {
        free(memory);
        errno = EIO;
        return false;
    }
    *bytes = memory;
    *length = size;
    return true;
}

static void git_tree_close(void *context)
{
    struct git_objects *objects = context;
    git_end(&objects->process, objects->is_broken);
    pthread_mutex_destroy(&objects->lock);
}

/* ---- The tree ---- */

static int compare_files(const void *a, const void *b)
{
    return slice_compare(((const struct git_file *)a)->file.path,
                         ((const struct git_file *)b)->file.path);
}

static void keep_files(struct tree *tree, struct git_objects *objects, struct listing *listing)
{
    ptrdiff_t count = listing->files.length;
    if (count > 1) {
        qsort(listing->files.data, (size_t)count, sizeof(*listing->files.data), compare_files);
    }
    tree->files = ARENA_ARRAY(tree->arena, struct tree_file, count + 1);
    objects->objects = ARENA_ARRAY(tree->arena, struct slice, count + 1);
    for (ptrdiff_t i = 0; i < count; i++) {
        tree->files[i] = listing->files.data[i].file;
        objects->objects[i] = listing->files.data[i].object;
    }
    tree->count = count;
}

bool tree_open_git(struct tree *tree, const struct git *git, struct commit *commit,
                   const struct slice *folders, ptrdiff_t folder_count, struct arena *arena,
                   struct diag *diag)
{
    *tree = (struct tree){.arena = arena};
    if (!read_commit(git, commit, arena)) {
        DIAG(diag, CODE_commit_unreadable, (struct span){0}, commit->id);
        return false;
    }
    struct listing listing = {
        .arena = arena, .diag = diag, .folders = folders, .folder_count = folder_count};
    arena_init(&listing.scratch, ARENA_DEFAULT_LIMIT);
    struct git_objects *objects = ARENA_NEW(arena, struct git_objects);
    bool is_listed = list_commit(&listing, git, commit->id);
    if (is_listed) {
        keep_files(tree, objects, &listing);
    }
    arena_release(&listing.scratch);
    const char *words[] = {"cat-file", "--batch", NULL};
    if (!is_listed || git_start(&objects->process, git, words, true) != 0) {
        if (is_listed) {
            DIAG(diag, CODE_commit_unreadable, (struct span){0}, commit->id);
        }
        return false;
    }
    pthread_mutex_init(&objects->lock, NULL);
    objects->tree = tree;
    tree->read = git_tree_read;
    tree->close = git_tree_close;
    tree->context = objects;
    return true;
}
