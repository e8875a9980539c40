#include "publishing.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#define STAGED_MANIFEST "manifest"
#define STAGED_JOURNAL "journal"
/* More files than this that had to be read to be believed are worth a new time on the manifest. */
#define REREAD_MOST 64

/* ---- The plan in the order of addresses ---- */

void plan_walk_init(struct plan_walk *walk, const struct publishing *run)
{
    walk->run = run;
    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        render_phase_range(run->render, (enum render_phase)phase, &walk->at[phase],
                           &walk->end[phase]);
    }
}

static ptrdiff_t next_of_plan(struct plan_walk *walk)
{
    const struct artefact *plan = walk->run->plan;
    int first = -1;
    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        if (walk->at[phase] < walk->end[phase] &&
            (first < 0 ||
             slice_compare(plan[walk->at[phase]].address, plan[walk->at[first]].address) < 0)) {
            first = phase;
        }
    }
    return first < 0 ? -1 : walk->at[first]++;
}

ptrdiff_t plan_walk_next(struct plan_walk *walk)
{
    ptrdiff_t next = next_of_plan(walk);
    const struct outcome *outcomes = walk->run->outcomes;
    while (next >= 0 && outcomes != NULL && outcomes[next].is_absent) {
        next = next_of_plan(walk);
    }
    return next;
}

/* ---- The manifest and the journal ---- */

struct hash_128 exchange_manifest(const struct publishing *run, struct buffer *out)
{
    struct plan_walk walk;
    plan_walk_init(&walk, run);
    manifest_begin(out, run->packing);
    for (ptrdiff_t i; (i = plan_walk_next(&walk)) >= 0;) {
        manifest_add(out, &run->outcomes[i].file);
    }
    return manifest_end(out);
}

bool exchange_is_needed(const struct publishing *run, struct hash_128 manifest)
{
    const struct manifest *last = &run->output.manifest;
    if (!last->exists || run->is_recovering || last->hash.low != manifest.low ||
        last->hash.high != manifest.high) {
        return true;
    }
    int64_t reread = 0;
    for (int worker = 0; worker < pool_threads(run->options->pool); worker++) {
        reread += run->presses[worker].reread;
    }
    if (reread > REREAD_MOST) {
        return true;
    }
    for (ptrdiff_t i = 0; i < run->count; i++) {
        if (run->outcomes[i].is_staged || run->outcomes[i].is_packed_staged) {
            return true;
        }
    }
    return false;
}

/* What a build after a kill could not know from the last manifest: paths that appear now, and those
 * of a journal that was there already. */
static void write_journal(const struct publishing *run, struct buffer *out)
{
    char path[PATH_MAX];
    struct plan_walk walk;
    plan_walk_init(&walk, run);
    journal_begin(out);
    for (ptrdiff_t i; (i = plan_walk_next(&walk)) >= 0;) {
        const struct outcome *outcome = &run->outcomes[i];
        const struct known_file *known = outcome->known;
        if (outcome->is_staged && known == NULL) {
            journal_add(out, outcome->file.address);
        }
        if (outcome->is_packed_staged && (known == NULL || known->packed_size == 0)) {
            address_string(path, outcome->file.address, SLICE(PACKED_ENDING));
            journal_add(out, slice_of(path));
        }
    }
    const struct map *last = &run->output.journal.by_path;
    for (ptrdiff_t i = 0; i < last->length; i++) {
        journal_add(out, last->entries[i].key);
    }
    journal_end(out);
}

static int stage_lists(struct publishing *run, struct slice manifest)
{
    struct buffer journal = {0};
    write_journal(run, &journal);
    int error = stage_own_file(run, STAGED_MANIFEST, manifest);
    if (error == 0) {
        error = stage_own_file(run, STAGED_JOURNAL, buffer_slice(&journal));
    }
    buffer_release(&journal);
    if (error == 0 && renameat(run->stage.descriptor, STAGED_JOURNAL, run->output.descriptor,
                               JOURNAL_NAME) != 0) {
        error = errno;
    }
    return error;
}

/* ---- Moving staged files to their places ---- */

/* A rename into the output. Its folder can be gone when all that was in it was stale and in the
 * way. */
static int move(const struct publishing *run, int from_folder, const char *from, const char *to)
{
    int out = run->output.descriptor;
    if (renameat(from_folder, from, out, to) == 0) {
        return 0;
    }
    if (errno != ENOENT || !flag_is_raised(&run->gives_way)) {
        return errno;
    }
    struct folder_walk walk;
    folder_walk_init(&walk, out, true);
    int error = 0;
    if (folder_go(&walk, address_folder(slice_of(to))) != FOLDER_OPEN) {
        error = walk.error;
    } else if (renameat(from_folder, from, out, to) != 0) {
        error = errno;
    }
    folder_walk_release(&walk);
    return error;
}

static int move_from_drawer(const struct publishing *run, ptrdiff_t number, bool is_packed)
{
    const struct outcome *outcome = &run->outcomes[number];
    char from[STAGED_NAME];
    char to[PATH_MAX];
    staged_name(from, number, is_packed);
    address_string(to, outcome->file.address, is_packed ? SLICE(PACKED_ENDING) : SLICE(""));
    return move(run, run->presses[outcome->worker].drawer, from, to);
}

static int move_folder(const struct publishing *run, struct slice folder)
{
    char path[PATH_MAX];
    address_string(path, folder, SLICE(""));
    return move(run, run->stage.tree, path, path);
}

static bool move_all(struct publishing *run, struct publish_summary *summary)
{
    struct slice moved = SLICE("");
    struct plan_walk walk;
    plan_walk_init(&walk, run);
    for (ptrdiff_t i; (i = plan_walk_next(&walk)) >= 0;) {
        const struct outcome *outcome = &run->outcomes[i];
        int error = 0;
        if (!outcome->is_staged && !outcome->is_packed_staged) {
            continue;
        }
        summary->written += (outcome->is_staged ? 1 : 0) + (outcome->is_packed_staged ? 1 : 0);
        if (outcome->missing > 0) {
            struct slice folder = slice_sub(outcome->file.address, 0, outcome->missing);
            if (!slice_equal(folder, moved)) {
                error = move_folder(run, folder);
                moved = folder;
            }
        } else {
            error = outcome->is_staged ? move_from_drawer(run, i, false) : 0;
            if (error == 0 && outcome->is_packed_staged) {
                error = move_from_drawer(run, i, true);
            }
        }
        if (error != 0) {
            output_report(&run->output, outcome->file.address, error, true, run->diag);
            return false;
        }
    }
    return true;
}

/* ---- Removing what this build does not have ---- */

static void remove_empty_folders(int out, struct slice folder)
{
    char path[PATH_MAX];
    while (folder.length > 0) {
        struct slice closed = slice_sub(folder, 0, folder.length - 1);
        if (unlinkat(out, address_string(path, closed, SLICE("")), AT_REMOVEDIR) != 0) {
            return; /* something else is in it */
        }
        folder = address_folder(closed);
    }
}

/* A file of ours in the output. What somebody else has put in its place or on the way to it is left
 * alone. */
static int remove_one(struct publishing *run, struct folder_walk *walk, const char *path,
                      struct publish_summary *summary)
{
    struct slice address = slice_of(path);
    struct slice folder = address_folder(address);
    switch (folder_go(walk, folder)) {
    case FOLDER_MISSING:
    case FOLDER_BLOCKED:
        return 0;
    case FOLDER_ERROR:
        return walk->error;
    case FOLDER_OPEN:
        break;
    }
    if (unlinkat(folder_descriptor(walk), path + folder.length, 0) == 0) {
        summary->removed++;
    } else if (errno != ENOENT && errno != EISDIR) {
        return errno;
    }
    remove_empty_folders(run->output.descriptor, folder);
    return 0;
}

static bool remove_path(struct publishing *run, struct folder_walk *walk, struct slice address,
                        bool is_packed, struct publish_summary *summary)
{
    char path[PATH_MAX];
    address_string(path, address, is_packed ? SLICE(PACKED_ENDING) : SLICE(""));
    if (is_packed && map_find(&run->packed_plan, slice_of(path)) != NULL) {
        return true; /* it is an artefact of its own by now */
    }
    int error = remove_one(run, walk, path, summary);
    if (error != 0) {
        output_report(&run->output, slice_of(path), error, true, run->diag);
    }
    return error == 0;
}

static bool remove_stale(struct publishing *run, struct publish_summary *summary)
{
    struct folder_walk walk;
    folder_walk_init(&walk, run->output.descriptor, false);
    bool done = true;
    const struct manifest *last = &run->output.manifest;
    for (ptrdiff_t i = 0; i < last->count && done; i++) {
        const struct known_file *file = &last->files[i];
        if (!run->is_kept[i]) {
            done =
                remove_path(run, &walk, file->address, false, summary) &&
                (file->packed_size == 0 || remove_path(run, &walk, file->address, true, summary));
        }
    }
    for (ptrdiff_t i = 0; i < run->count && done; i++) {
        const struct outcome *outcome = &run->outcomes[i];
        if (outcome->known != NULL && outcome->known->packed_size > 0 &&
            outcome->file.packed_size == 0) {
            done = remove_path(run, &walk, outcome->file.address, true, summary);
        }
    }
    const struct map *journal = &run->output.journal.by_path;
    for (ptrdiff_t i = 0; i < journal->length && done; i++) {
        if (!run->is_journal_kept[i]) {
            done = remove_path(run, &walk, journal->entries[i].key, false, summary);
        }
    }
    folder_walk_release(&walk);
    return done;
}

/* ---- All of it ---- */

/* Let the clock of the file system go on by one tick, so that what was moved just now is seen to be
 * older than the manifest, and need not be read again. */
static void wait_a_tick(void)
{
    struct timespec tick;
    if (clock_getres(CLOCK_REALTIME_COARSE, &tick) == 0 && tick.tv_sec == 0) {
        nanosleep(&tick, NULL);
    }
}

static int end_exchange(const struct publishing *run)
{
    int stage = run->stage.descriptor;
    int out = run->output.descriptor;
    if (utimensat(stage, STAGED_MANIFEST, NULL, 0) != 0 ||
        renameat(stage, STAGED_MANIFEST, out, MANIFEST_NAME) != 0 ||
        unlinkat(out, JOURNAL_NAME, 0) != 0) {
        return errno;
    }
    return 0;
}

bool exchange(struct publishing *run, struct slice manifest, struct publish_summary *summary)
{
    int error = stage_lists(run, manifest);
    if (error != 0) {
        output_report(&run->output, SLICE(MANIFEST_NAME), error, false, run->diag);
        return false;
    }
    /* From here on a kill leaves the output half exchanged; the journal tells the next build. */
    if (flag_is_raised(&run->gives_way) && !remove_stale(run, summary)) {
        return false;
    }
    if (!move_all(run, summary) || !remove_stale(run, summary)) {
        return false;
    }
    if (summary->written > REREAD_MOST) {
        wait_a_tick();
    }
    error = end_exchange(run);
    if (error != 0) {
        output_report(&run->output, SLICE(MANIFEST_NAME), error, true, run->diag);
    }
    return error == 0;
}
