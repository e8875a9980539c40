/*
 * Recall: what reading and parsing gave of the texts of a site, kept from one run to the next, so
 * that a text that has not changed is neither parsed again nor, where its stamp tells as much,
 * read.
 *
 * Kept of a text are its front matter as nodes with their places, and its document; of the
 * registers' descriptor its nodes. They stand one behind the other in a store, which only grows:
 * what went stays behind until the store is begun anew. Where each stands, and of which bytes it is
 * (by their hash), is told by who keeps the store with the tree that was read.
 *
 * Beside the texts there may be parts: what others make of them, each known by a hash of all that
 * it was made of.
 *
 * Nothing is kept of a text about which anything was found by then, so nothing need be said again.
 * What is kept depends on the text alone and on the program: a store of another one is not to be
 * used. Each entry has a hash, so one that is damaged is as good as none.
 */
#ifndef KYODO_RECALL_H
#define KYODO_RECALL_H

#include "parse.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where in the store; all zero: nowhere. */
struct kept_text {
    struct hash_128 digest; /* of the file's bytes */
    int64_t at;
    int64_t length;
    struct hash_128 hash; /* of the entry */
};

/** The same of a part. */
struct kept_part {
    struct hash_128 key;
    int64_t at;
    int64_t length;
    struct hash_128 hash; /* of the entry */
};

/** For one run. The arrays of texts run side by side with the tree's files. */
struct recall {
    struct store *store;
    int64_t length; /* of the store, when this run began */
    struct arena *arena;
    struct kept_text *before; /* by the run before */
    struct kept_text *now;    /* by this run: filled by recall_take and recall_keep */
    /* Those of the run before, as the caller has them, until recall_note_parts. */
    const struct kept_part *parts;
    ptrdiff_t part_count;
};

/** Whether most of a store is of no use any more, and it had better be begun anew. `kept` and
 * `parts`: what a run has of it. */
bool recall_is_crowded(const struct store *store, const struct kept_text *kept, ptrdiff_t count,
                       const struct kept_part *parts, ptrdiff_t part_count);

/** A text after parsing, before anything is made of it. */
struct parsed_text {
    struct hash_128 head; /* of its bytes before the body */
    bool is_open;         /* its front matter is never closed */
    struct node *node;    /* of the front matter */
    struct document *document;
};

/** Recall for a tree that was just listed. `files` (sorted by path) and `kept`, side by side, tell
 * of the run before; what has the same path and stamp has the same bytes (not when `verifies`), of
 * others the digest decides once they are read. Lives in `arena`. */
struct recall *recall_begin(struct store *store, struct tree *tree, const struct tree_file *files,
                            const struct kept_text *kept, ptrdiff_t count, bool verifies,
                            struct arena *arena);
/** Whether the bytes of that file are known to be those of the run before. */
bool recall_knows(const struct recall *recall, const struct tree_file *file, ptrdiff_t index);
/** What was kept of file `index`, which recall_knows. The nodes live in `scratch` and in the store,
 * the document in `arena`, and its large parts stay in the store. False when the entry is damaged.
 */
bool recall_take(struct recall *recall, ptrdiff_t index, struct source *source,
                 struct arena *scratch, struct arena *arena, struct parsed_text *text);
/** Let go of the memory in which the store was looked at. */
void recall_rest(const struct recall *recall);
/** Never mind what was kept of file `index`. */
void recall_forget(struct recall *recall, ptrdiff_t index);
/** Keep a text whose digest is that of `file`. Its document then stands in the store, too: a copy
 * in `arena` as of document_keep becomes its document. */
void recall_keep(struct recall *recall, const struct tree_file *file, ptrdiff_t index,
                 struct parsed_text *text, struct arena *arena);

/** The same of a file that is all nodes: one value of JSON. They live in `arena` and in the store;
 * NULL when the entry is damaged. */
struct node *recall_take_nodes(struct recall *recall, ptrdiff_t index, struct source *source,
                               struct arena *arena);
void recall_keep_nodes(struct recall *recall, const struct tree_file *file, ptrdiff_t index,
                       const struct node *node);

/** The part of a key, in the store or in `arena`; false when there is none, or it is damaged. Any
 * thread may call it. */
bool recall_take_part(const struct recall *recall, struct hash_128 key, struct arena *arena,
                      struct kept_part *part, struct slice *bytes);
/** Put a part into the store. Any thread may call it. */
struct kept_part recall_put_part(const struct recall *recall, struct hash_128 key,
                                 struct slice bytes);
/** These are all parts of this run, those that were taken among them; copied. */
void recall_note_parts(struct recall *recall, const struct kept_part *parts, ptrdiff_t count);

#ifdef __cplusplus
}
#endif
#endif
