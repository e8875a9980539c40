#include "publishing.h"

#include <errno.h>
#include <fcntl.h>

/* Beyond this a buffer is given back after use, so that one large download does not keep its
 * memory. */
#define BUFFER_KEPT BUFFER_RESIDENT
#define PROGRESS_MILLISECONDS 100

void publishing_fail(struct publishing *run, ptrdiff_t index, int error)
{
    pthread_mutex_lock(&run->lock);
    if (run->failed_error == 0 || index < run->failed_index) {
        run->failed_index = index;
        run->failed_error = error;
    }
    pthread_mutex_unlock(&run->lock);
    flag_raise(&run->has_failed);
}

static bool is_same_hash(struct hash_128 a, struct hash_128 b)
{
    return a.low == b.low && a.high == b.high;
}

static struct slice ending_of(bool is_packed)
{
    return is_packed ? SLICE(PACKED_ENDING) : SLICE("");
}

/* ---- What the output holds ---- */

/* This build has a file of that path, which the last one had as `known` (or NULL): it is no stale
 * one. */
static void keep_path(struct publishing *run, struct slice path, const struct known_file *known)
{
    if (known != NULL) {
        run->is_kept[known - run->output.manifest.files] = true;
    }
    const struct map *paths = &run->output.journal.by_path;
    const struct map_entry *entry = map_find(paths, path);
    if (entry != NULL) {
        run->is_journal_kept[entry - paths->entries] = true;
    }
}

static void keep_packed(struct publishing *run, struct slice address)
{
    char room[PATH_MAX];
    struct slice path = slice_of(address_string(room, address, ending_of(true)));
    keep_path(run, path, manifest_find(&run->output.manifest, path));
}

/* Whether the file is there, below the open folder, with these bytes. One that nobody touched since
 * the last build is believed to hold what that build wrote, which the caller has compared; any
 * other one is read. */
static bool output_holds(struct publishing *run, struct press *press, const struct outcome *outcome,
                         bool is_packed)
{
    if (press->out.state != FOLDER_OPEN) {
        return false;
    }
    int64_t size = is_packed ? outcome->file.packed_size : outcome->file.size;
    char name[PATH_MAX];
    address_string(name, slice_from(outcome->file.address, press->out.length),
                   ending_of(is_packed));
    int folder = folder_descriptor(&press->out);
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode) ||
        status.st_size != size) {
        return false;
    }
    if (!run->is_recovering && !run->options->verifies &&
        time_is_before(status.st_ctim, run->output.manifest.written)) {
        return true;
    }
    press->reread++;
    struct hash_128 hash;
    return file_hash(folder, name, size, &press->room, &hash) &&
           is_same_hash(hash, is_packed ? outcome->file.packed_hash : outcome->file.hash);
}

static void report_in_the_way(struct publishing *run, struct slice path)
{
    output_report_in_the_way(&run->output, path, run->diag);
    flag_raise(&run->is_blocked);
}

/* Whether `path`, in a folder that is there, may be written: nothing stands there that is not ours.
 */
static bool is_place_free(struct publishing *run, struct press *press, struct slice path)
{
    char name[PATH_MAX];
    address_string(name, address_name(path), SLICE(""));
    struct stat status;
    if (fstatat(folder_descriptor(&press->out), name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return true; /* if this was no ENOENT, writing tells */
    }
    if (S_ISREG(status.st_mode) && output_knows(&run->output, path)) {
        return true;
    }
    if (S_ISDIR(status.st_mode) && output_knows_all_below(&run->output, path)) {
        flag_raise(&run->gives_way);
        return true;
    }
    report_in_the_way(run, path);
    return false;
}

/* The same, wherever the folder of `path` stands; says in `outcome` from where on folders are
 * missing. */
static bool find_place(struct publishing *run, struct press *press, struct outcome *outcome,
                       struct slice path)
{
    struct slice stop = slice_sub(path, 0, press->out.stop);
    switch (press->out.state) {
    case FOLDER_OPEN:
        return is_place_free(run, press, path);
    case FOLDER_MISSING:
        outcome->missing = (int32_t)stop.length;
        return true;
    case FOLDER_BLOCKED:
        if (output_knows(&run->output, stop)) {
            flag_raise(&run->gives_way);
            outcome->missing = (int32_t)stop.length;
            return true;
        }
        report_in_the_way(run, stop);
        return false;
    case FOLDER_ERROR:
        break;
    }
    BUG("a folder in no state");
}

/* ---- Staging ---- */

static void stage_file(struct publishing *run, ptrdiff_t number, int worker, bool is_packed,
                       const struct buffer *bytes)
{
    struct press *press = &run->presses[worker];
    struct outcome *outcome = &run->outcomes[number];
    char path[PATH_MAX];
    address_string(path, outcome->file.address, ending_of(is_packed));
    if (!find_place(run, press, outcome, slice_of(path)) || flag_is_raised(&run->is_blocked) ||
        flag_is_raised(&run->has_errors)) {
        return;
    }
    int error = 0;
    if (!folder_is_writable(&press->out)) {
        error = EACCES;
    } else if (outcome->missing > 0) {
        error = stage_tree_file(run, worker, path, bytes);
    } else {
        char name[STAGED_NAME];
        outcome->worker = worker;
        error = stage_drawer_file(run, worker, staged_name(name, number, is_packed), bytes);
    }
    if (error != 0) {
        publishing_fail(run, number, error);
    } else if (is_packed) {
        outcome->is_packed_staged = true;
    } else {
        outcome->is_staged = true;
    }
}

static bool wants_packed(const struct publishing *run, const struct artefact *artefact,
                         int64_t size)
{
    if (!run->options->gzip || !artefact->compressible || size < PACKED_LEAST) {
        return false;
    }
    if (run->packed_plan.length == 0) {
        return true;
    }
    char path[PATH_MAX];
    address_string(path, artefact->address, SLICE(PACKED_ENDING));
    return map_find(&run->packed_plan, slice_of(path)) == NULL;
}

/* `is_same`: the content is that of the last build, and so is its packed form when both pack alike.
 * (One without is tried again: it was not wanted then, or it is the rare text that does not
 * shrink.) */
static void settle_packed(struct publishing *run, ptrdiff_t number, int worker, bool is_same)
{
    struct press *press = &run->presses[worker];
    struct outcome *outcome = &run->outcomes[number];
    const struct known_file *known = outcome->known;
    bool is_known = is_same && run->packs_alike && known->packed_size > 0;
    if (is_known) {
        outcome->file.packed_size = known->packed_size;
        outcome->file.packed_hash = known->packed_hash;
        if (output_holds(run, press, outcome, true)) {
            pieces_stay(run, outcome);
            return;
        }
    }
    if (press->deflater == NULL) {
        press->deflater = deflater_new(render_shelf(run->render));
    }
    if (!packer_pack(press->deflater, &press->bytes, &press->packed)) {
        outcome->file.packed_size = 0;
        outcome->file.packed_hash = (struct hash_128){0};
        return;
    }
    const struct buffer *packed = &press->packed;
    outcome->file.packed_size = packed->length;
    outcome->file.packed_hash = hash_128_of_buffer(packed);
    pieces_note(press, outcome);
    if (!is_known && known != NULL && known->packed_size == packed->length &&
        is_same_hash(known->packed_hash, outcome->file.packed_hash) &&
        output_holds(run, press, outcome, true)) {
        return;
    }
    stage_file(run, number, worker, true, packed);
}

static void settle(struct publishing *run, ptrdiff_t number, int worker)
{
    struct press *press = &run->presses[worker];
    struct outcome *outcome = &run->outcomes[number];
    const struct known_file *known = outcome->known;
    bool is_same = known != NULL && known->size == outcome->file.size &&
                   is_same_hash(known->hash, outcome->file.hash);
    if (folder_go(&press->out, address_folder(outcome->file.address)) == FOLDER_ERROR) {
        publishing_fail(run, number, press->out.error);
        return;
    }
    if (!is_same || !output_holds(run, press, outcome, false)) {
        stage_file(run, number, worker, false, &press->bytes);
    }
    if (wants_packed(run, &run->plan[number], outcome->file.size)) {
        settle_packed(run, number, worker, is_same);
    }
    if (outcome->file.packed_size > 0) {
        keep_packed(run, outcome->file.address);
    }
}

/* ---- One artefact ---- */

/* Size and hashes of the bytes, and what the last build had at that address. */
static void describe(struct publishing *run, ptrdiff_t number, const struct buffer *bytes)
{
    struct outcome *outcome = &run->outcomes[number];
    struct known_file *file = &outcome->file;
    file->address = run->plan[number].address;
    file->size = bytes->length;
    file->hash = hash_128_of_buffer(bytes);
    const struct known_file *known = manifest_find(&run->output.manifest, file->address);
    outcome->known = known;
    keep_path(run, file->address, known);
    if (slice_starts_with(file->address, SLICE("data/"))) {
        bool is_same = known != NULL && known->has_digest && known->size == file->size &&
                       is_same_hash(known->hash, file->hash);
        file->has_digest = true;
        file->digest = is_same ? known->digest : sha256_of_buffer(bytes);
    }
    render_note_result(
        run->render, number,
        &(struct artefact_result){.is_known = true, .size = file->size, .digest = file->digest});
}

/* Whether nothing that the maker reads has changed since the last build, and the output holds what
 * that made. */
static bool stands(struct publishing *run, ptrdiff_t number, int worker)
{
    const struct artefact *artefact = &run->plan[number];
    struct press *press = &run->presses[worker];
    struct outcome *outcome = &run->outcomes[number];
    if (run->inputs == NULL) {
        return false;
    }
    const struct known_file *known = manifest_find(&run->output.manifest, artefact->address);
    if (!key_is_as_it_was(run, number, known) ||
        (known->packed_size > 0) > wants_packed(run, artefact, known->size)) {
        return false;
    }
    outcome->file = *known;
    if (folder_go(&press->out, address_nearby(artefact->address)) != FOLDER_OPEN ||
        !output_holds(run, press, outcome, false) ||
        (known->packed_size > 0 &&
         (!run->packs_alike || !output_holds(run, press, outcome, true)))) {
        outcome->file = (struct known_file){.size = 0};
        return false;
    }
    outcome->known = known;
    keep_path(run, artefact->address, known);
    if (known->packed_size > 0) {
        keep_packed(run, artefact->address);
        pieces_stay(run, outcome);
    }
    render_note_result(
        run->render, number,
        &(struct artefact_result){.is_known = true, .size = known->size, .digest = known->digest});
    return true;
}

/* Worker 0 is the thread that called publish_tree: only there is the caller's function called. */
static void tell_progress(struct publishing *run)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t passed =
        (now.tv_sec - run->told.tv_sec) * 1000 + (now.tv_nsec - run->told.tv_nsec) / 1000000;
    if (passed >= PROGRESS_MILLISECONDS) {
        run->told = now;
        run->options->progress(run->options->progress_context,
                               __atomic_load_n(&run->done, __ATOMIC_RELAXED), run->count);
    }
}

static void trim(const struct publishing *run, struct buffer *buffer)
{
    if (buffer->capacity > BUFFER_KEPT) {
        buffer_release(buffer);
        buffer_init_spilling_to(buffer, run->options->out, run->options->temporary);
    }
}

void make_one(void *context, ptrdiff_t index, int worker)
{
    struct publishing *run = context;
    ptrdiff_t number = run->order[index];
    const struct artefact *artefact = &run->plan[number];
    struct press *press = &run->presses[worker];
    if (flag_is_raised(&run->has_failed)) {
        return;
    }
    buffer_clear(&press->bytes);
    if (stands(run, number, worker)) {
        /* what is there stays */
    } else if (!render_artefact(run->render, artefact, worker, &press->bytes, run->diag)) {
        flag_raise(&run->has_errors);
    } else if (artefact->may_be_absent && press->bytes.length == 0) {
        run->outcomes[number].is_absent = true;
    } else {
        key_of_made(run, number, worker);
        describe(run, number, &press->bytes);
        if (!flag_is_raised(&run->has_errors)) {
            settle(run, number, worker);
        }
    }
    trim(run, &press->bytes);
    trim(run, &press->packed);
    trim(run, &press->room);
    __atomic_fetch_add(&run->done, 1, __ATOMIC_RELAXED);
    if (worker == 0 && run->options->progress != NULL) {
        tell_progress(run);
    }
}
