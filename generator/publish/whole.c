/* Whether an output still is what the last build left there. */
#include "publishing.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* Bytes of the manifest whose files one thread looks at in one go. */
#define STRETCH ((ptrdiff_t)64 << 10)

struct look {
    int out;
    bool reads_all;
    struct manifest_text manifest;
    struct buffer *rooms; /* for reading, one a thread */
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
    if (!look->reads_all && time_is_before(status.st_ctim, look->manifest.written)) {
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

static bool file_is_untouched(const struct look *look, struct folder_walk *walk,
                              const struct listed_file *file, struct buffer *room)
{
    struct slice above = address_nearby(file->address);
    struct slice rest = slice_from(file->address, above.length);
    char path[PATH_MAX];
    if (folder_go(walk, above) != FOLDER_OPEN) {
        return false;
    }
    int at = folder_descriptor(walk);
    return is_untouched(look, at, address_string(path, rest, SLICE("")), file, false, room) &&
           (file->packed_size == 0 ||
            is_untouched(look, at, address_string(path, rest, SLICE(PACKED_ENDING)), file, true,
                         room));
}

/* Where the first line begins that starts at `at` or behind it. */
static ptrdiff_t line_start(struct slice lines, ptrdiff_t at)
{
    if (at == 0 || at >= lines.length) {
        return at < lines.length ? at : lines.length;
    }
    return slice_find_byte(lines, '\n', at - 1) + 1;
}

static void look_at_stretch(void *context, ptrdiff_t index, int worker)
{
    struct look *look = context;
    struct slice lines =
        slice_sub(look->manifest.lines, line_start(look->manifest.lines, index * STRETCH),
                  line_start(look->manifest.lines, (index + 1) * STRETCH));
    struct folder_walk walk;
    struct listed_file file;
    folder_walk_init(&walk, look->out, false);
    while (lines.length > 0 && !flag_is_raised(&look->differs)) {
        if (!manifest_list(&lines, &file) ||
            !file_is_untouched(look, &walk, &file, &look->rooms[worker])) {
            flag_raise(&look->differs);
        }
    }
    folder_walk_release(&walk);
}

/* Nothing is left of a build that was stopped half-way. */
static bool is_at_rest(int out)
{
    return faccessat(out, JOURNAL_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
           faccessat(out, STAGE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

bool publish_is_whole(struct slice out, struct hash_128 manifest, bool reads_all, struct pool *pool)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct look look = {.reads_all = reads_all};
    bool is_whole = false;
    look.out = open(arena_string(&arena, out), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (look.out < 0) {
        goto out;
    }
    is_whole = flock(look.out, LOCK_EX | LOCK_NB) == 0 && is_at_rest(look.out) &&
               manifest_read_text(&look.manifest, look.out) == 0 &&
               look.manifest.hash.low == manifest.low && look.manifest.hash.high == manifest.high;
    if (is_whole) {
        int threads = pool_threads(pool);
        look.rooms = ARENA_ARRAY(&arena, struct buffer, threads);
        pool_run(pool, look.manifest.lines.length / STRETCH + 1, look_at_stretch, &look);
        is_whole = !flag_is_raised(&look.differs);
        for (int i = 0; i < threads; i++) {
            buffer_release(&look.rooms[i]);
        }
    }
    free((char *)(uintptr_t)look.manifest.whole.data);
    close(look.out);
out:
    arena_release(&arena);
    return is_whole;
}
