/* Whether an output still is what the last build left there. */
#include "whole.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "folders.h"
#include "load.h"
#include "output.h"
#include "publishing.h"

/* Bytes of the manifest whose files one thread looks at in one go: so few that all threads end at
 * about the same time. */
#define STRETCH ((int64_t)16 << 10)

/* What one thread needs, and where it is: its next stretch is likely to lie nearby. */
struct desk {
    struct folder_walk walk;
    struct buffer lines; /* of the manifest */
    struct buffer room;  /* for files that are read */
};

struct look {
    const struct output_look *output;
    bool reads_all;
    struct desk *desks; /* one a thread */
    struct flag differs;
};

/* What the manifest tells of a file beside its size is only read where it is needed. */
static bool is_untouched(const struct look *look, int folder, const char *path,
                         const struct listed_file *file, bool is_packed, struct buffer *room)
{
    int64_t size = is_packed ? file->packed_size : file->size;
    struct stat status;
    if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode) ||
        status.st_size != size) {
        return false;
    }
    if (!look->reads_all && time_is_before(status.st_ctim, look->output->manifest.status.st_mtim)) {
        return true;
    }
    struct known_file known;
    struct hash_128 found;
    if (!manifest_take(file->line, &known) || !file_hash(folder, path, size, room, &found)) {
        return false;
    }
    const struct hash_128 *hash = is_packed ? &known.packed_hash : &known.hash;
    return found.low == hash->low && found.high == hash->high;
}

/* Where a file is looked for from: the folder above its own, or its own when it shares that with
 * the one before. */
static struct slice nearest_folder(struct slice address, struct slice *last)
{
    struct slice folder = address_folder(address);
    bool is_shared = slice_equal(folder, *last);
    *last = folder;
    return is_shared ? folder : address_nearby(address);
}

static bool file_is_untouched(const struct look *look, struct desk *desk, struct slice from,
                              const struct listed_file *file)
{
    char path[PATH_MAX];
    if (folder_go(&desk->walk, from) != FOLDER_OPEN) {
        return false;
    }
    int at = folder_descriptor(&desk->walk);
    struct buffer *room = &desk->room;
    struct slice rest = slice_from(file->address, from.length);
    return is_untouched(look, at, address_string(path, rest, SLICE("")), file, false, room) &&
           (file->packed_size == 0 ||
            is_untouched(look, at, address_string(path, rest, SLICE(PACKED_ENDING)), file, true,
                         room));
}

static void look_at_stretch(void *context, ptrdiff_t index, int worker)
{
    struct look *look = context;
    struct desk *desk = &look->desks[worker];
    struct slice lines;
    struct slice last = SLICE("");
    struct listed_file file;
    if (flag_is_raised(&look->differs)) {
        return;
    }
    if (!manifest_take_lines(&look->output->manifest, index * STRETCH, STRETCH, &desk->lines,
                             &lines)) {
        flag_raise(&look->differs);
        return;
    }
    while (lines.length > 0 && !flag_is_raised(&look->differs)) {
        if (!manifest_list(&lines, &file) ||
            !file_is_untouched(look, desk, nearest_folder(file.address, &last), &file)) {
            flag_raise(&look->differs);
        }
    }
}

static bool files_are_untouched(const struct output_look *output, bool reads_all, struct pool *pool)
{
    struct arena arena;
    int threads = pool_threads(pool);
    struct look look = {.output = output, .reads_all = reads_all};
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    look.desks = ARENA_ARRAY(&arena, struct desk, threads);
    for (int i = 0; i < threads; i++) {
        folder_walk_init(&look.desks[i].walk, output->out, false);
    }
    pool_run(pool, (ptrdiff_t)((output->manifest.end - output->manifest.lines) / STRETCH + 1),
             look_at_stretch, &look);
    for (int i = 0; i < threads; i++) {
        folder_walk_release(&look.desks[i].walk);
        buffer_release(&look.desks[i].lines);
        buffer_release(&look.desks[i].room);
    }
    arena_release(&arena);
    return !flag_is_raised(&look.differs);
}

/* Nothing is left of a build that was stopped half-way, and none has written since the manifest was
 * read: it is never changed in its place. */
static bool is_at_rest(const struct output_look *look)
{
    struct stamp read = stamp_of(&look->manifest.status);
    struct stamp now;
    return faccessat(look->out, JOURNAL_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
           faccessat(look->out, STAGE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
           stamp_read(look->out, MANIFEST_NAME, &now) && stamp_is_same(&read, &now);
}

void output_look_begin(struct output_look *look, struct slice out)
{
    char path[PATH_MAX];
    *look = (struct output_look){.is_open = false};
    look->out = out.length < PATH_MAX
                    ? open(address_string(path, out, SLICE("")), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                    : -1;
    look->is_open = look->out >= 0 && manifest_open(&look->manifest, look->out) == 0;
    if (look->out >= 0 && !look->is_open) {
        close(look->out);
    }
}

bool output_look_end(struct output_look *look, struct hash_128 manifest, bool reads_all,
                     struct pool *pool)
{
    bool is_whole = look->is_open && look->manifest.hash.low == manifest.low &&
                    look->manifest.hash.high == manifest.high &&
                    flock(look->out, LOCK_EX | LOCK_NB) == 0 && is_at_rest(look) &&
                    files_are_untouched(look, reads_all, pool);
    output_look_drop(look);
    return is_whole;
}

void output_look_drop(struct output_look *look)
{
    if (look->is_open) {
        manifest_close(&look->manifest);
        close(look->out);
        look->is_open = false;
    }
}
