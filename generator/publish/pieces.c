/* Pieces of packed files (deflate.h): where the last build left them, and those of this one. */
#include "publishing.h"

#include <fcntl.h>
#include <unistd.h>

/* ---- The last build's ---- */

/* The bytes [at, at + length) of a packed file. */
static bool read_piece(const struct publishing *run, const struct known_file *file, int64_t at,
                       ptrdiff_t length, char *bytes)
{
    char path[PATH_MAX];
    address_string(path, file->address, SLICE(PACKED_ENDING));
    int descriptor = openat(run->output.descriptor, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    bool is_read = file_read_at(descriptor, bytes, length, at) == length;
    close(descriptor);
    return is_read;
}

/* deflate_past. Whoever has touched that file since: the hash tells whether it is the piece. */
static bool fetch_piece(void *context, struct packed_piece *piece, struct buffer *out)
{
    const struct publishing *run = context;
    const struct kept_piece *kept = map_get(&run->last_pieces, packed_piece_key(piece));
    if (kept == NULL) {
        return false;
    }
    char *bytes = buffer_reserve(out, kept->piece.packed_length);
    if (!read_piece(run, &run->output.manifest.files[kept->file], kept->at,
                    kept->piece.packed_length, bytes)) {
        return false;
    }
    struct hash_128 hash = hash_128(slice_make(bytes, kept->piece.packed_length));
    if (memcmp(&hash, &kept->piece.packed_hash, sizeof(hash)) != 0) {
        return false;
    }
    out->length += kept->piece.packed_length;
    *piece = kept->piece;
    return true;
}

void pieces_open(struct publishing *run, const struct kept_piece *pieces, ptrdiff_t count)
{
    ptrdiff_t files = run->output.manifest.count;
    run->pieces_of_last = ARENA_ARRAY(&run->arena, struct piece_range, files + 1);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct kept_piece *kept = &pieces[i];
        if (kept->file < 0 || kept->file >= files || kept->piece.packed_length < 0) {
            continue;
        }
        struct piece_range *range = &run->pieces_of_last[kept->file];
        range->first = range->count == 0 ? kept : range->first;
        range->count++;
        map_insert(&run->last_pieces, &run->arena, packed_piece_key(&kept->piece), NULL)
            ->value.constant = kept;
    }
    if (count > 0) {
        deflate_shelf_look_in(render_shelf(run->render), fetch_piece, run);
    }
}

/* ---- This build's ---- */

void pieces_stay(struct publishing *run, struct outcome *outcome)
{
    if (run->pieces_of_last != NULL) {
        outcome->pieces = run->pieces_of_last[outcome->known - run->output.manifest.files];
    }
}

void pieces_note(struct press *press, struct outcome *outcome)
{
    ptrdiff_t count;
    const struct packed_piece *pieces = deflater_pieces(press->deflater, &count);
    struct kept_piece *kept = ARENA_ARRAY(&press->arena, struct kept_piece, count + 1);
    int64_t at = PACKED_HEAD;
    for (ptrdiff_t i = 0; i < count; i++) {
        kept[i] = (struct kept_piece){.piece = pieces[i], .at = at};
        at += pieces[i].packed_length;
    }
    outcome->pieces = (struct piece_range){kept, count};
}

struct kept_piece *pieces_gather(const struct publishing *run, struct arena *arena,
                                 ptrdiff_t *count)
{
    ptrdiff_t all = 0;
    for (ptrdiff_t i = 0; i < run->count; i++) {
        all += run->outcomes[i].pieces.count;
    }
    struct kept_piece *pieces = ARENA_ARRAY(arena, struct kept_piece, all + 1);
    struct plan_walk walk;
    plan_walk_init(&walk, run);
    *count = 0;
    int64_t file = 0;
    for (ptrdiff_t i; (i = plan_walk_next(&walk)) >= 0; file++) {
        const struct piece_range *range = &run->outcomes[i].pieces;
        for (ptrdiff_t k = 0; k < range->count; k++) {
            pieces[*count] = range->first[k];
            pieces[(*count)++].file = file;
        }
    }
    return pieces;
}
