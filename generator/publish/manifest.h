/*
 * Private to publish: what a build remembers of the files that it wrote.
 *
 * `.kyodo-manifest` in the output is text: a first line with the form and how files are packed, a
 * line a file, and a last line with the hash of all before it, so that damage is noticed. It holds
 * nothing that differs between two builds of the same site: whether a file was touched since is
 * told by the manifest's own time of change (see `written`).
 *
 * `.kyodo-journal` is there only while files are exchanged. It names the paths that the build is
 * about to write and the manifest does not know, so that the next build knows them as ours after a
 * kill.
 */
#ifndef KYODO_MANIFEST_H
#define KYODO_MANIFEST_H

#include <sys/stat.h>
#include <time.h>

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MANIFEST_NAME ".kyodo-manifest"
#define JOURNAL_NAME ".kyodo-journal"

/** A file that the last build wrote. */
struct known_file {
    struct slice address;
    int64_t size;
    struct hash_128 hash;
    int64_t packed_size; /* of the .gz beside it, 0 when there is none */
    struct hash_128 packed_hash;
    bool has_digest;
    struct sha256 digest;
};

struct manifest {
    bool exists;
    char *text;           /* addresses are slices of it */
    struct hash_128 hash; /* of the text up to its last line */
    struct slice packing; /* deflate_name of that build, or "none" */
    struct known_file *files;
    ptrdiff_t count;
    struct map by_address; /* -> index into files */
    /* A file whose time of change (ctime, which nobody can set) lies before this was not touched
     * since. */
    struct timespec written;
};

/** Read it from the open folder `out`; memory comes from `arena` and, the text, from malloc. A
 * missing file is an empty manifest. 0, an errno, or EBADMSG when it is damaged or of another form.
 */
int manifest_read(struct manifest *manifest, int out, struct arena *arena);
void manifest_release(struct manifest *manifest);
const struct known_file *manifest_find(const struct manifest *manifest, struct slice address);

/** The same for who only looks through it, in any thread, and keeps nothing of it: fresh memory for
 * the whole text would cost more than reading it twice. */
struct manifest_file {
    int descriptor;
    struct stat status; /* when it was opened */
    struct hash_128 hash;
    int64_t lines; /* where those of its files begin */
    int64_t end;   /* and where they end */
};
/** As manifest_read, but that a missing file is ENOENT. */
int manifest_open(struct manifest_file *file, int out);
void manifest_close(struct manifest_file *file);
/** Its lines that begin in [at, at + length), where its first one begins at 0; they lie in `room`.
 */
bool manifest_take_lines(const struct manifest_file *file, int64_t at, int64_t length,
                         struct buffer *room, struct slice *lines);
/** Of the line at their front what a look at the disk is compared with, and all of a file from its
 * line. False when there is none, or the line is damaged. */
struct listed_file {
    struct slice line;
    struct slice address;
    int64_t size;
    int64_t packed_size;
};
bool manifest_list(struct slice *lines, struct listed_file *file);
bool manifest_take(struct slice line, struct known_file *file);

/** Write one: begin, a line a file, end. `packing` as above. `manifest_end` gives the hash that
 * `manifest_read` will give. */
void manifest_begin(struct buffer *out, struct slice packing);
void manifest_add(struct buffer *out, const struct known_file *file);
struct hash_128 manifest_end(struct buffer *out);

/** The journal: paths, in the order in which they were added. */
struct journal {
    bool exists;
    char *text;
    struct map by_path; /* value.integer: for the caller */
};
int journal_read(struct journal *journal, int out, struct arena *arena);
void journal_release(struct journal *journal);
void journal_begin(struct buffer *out);
void journal_add(struct buffer *out, struct slice path);
void journal_end(struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
