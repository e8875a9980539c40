/*
 * Private to publish: the cache as it is in memory.
 *
 *     cache.c          what it tells of a build, and whether the site and the output still are so
 *     inputs.c         what makers read, and the keys of artefacts
 *     cache_file.c     its file: where it is, reading and writing
 *     finding_wire.c   findings in it
 *     program.c        which program this is
 *
 * The file is a first line with the form, the hash of the program and its setting, the content, and
 * a hash of all before it, by which damage is noticed.
 */
#ifndef KYODO_CACHE_H
#define KYODO_CACHE_H

#include "manifest.h"
#include "publish.h"
#include "recall.h"
#include "whole.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A tree that a build read: the site's, and that of the installed theme when it was used. */
struct cached_tree {
    struct slice root; /* of the theme; the site's is told by who asks */
    struct tree_folder *folders;
    ptrdiff_t folder_count;
    struct tree_file *files;
    ptrdiff_t count;
    bool has_refused; /* what was said of that is said when its folders are listed */
};

/** A piece of a packed file of the output. */
struct kept_piece {
    struct packed_piece piece;
    int64_t file; /* its place in the manifest */
    int64_t at;   /* in the packed file */
};

struct cache {
    struct slice out;        /* as the person wrote it */
    struct hash_128 key;     /* of the program and its setting */
    struct slice text;       /* of the file; malloc'ed */
    struct arena arena;      /* what follows; its arrays and texts that were read lie in the text */
    bool is_known;           /* there is a cache of the same key */
    struct output_look look; /* begun with reading, until it is needed */
    struct hash_128 manifest;
    int64_t files, pages; /* of the output */
    struct cached_tree trees[2];
    int tree_count;
    struct stamp *found; /* of the files of the site's tree, when its folders tell that there are no
                            others: what this run found; else NULL */
    int64_t looked;      /* when that began */
    struct finding *findings;
    ptrdiff_t finding_count;
    struct kept_text *kept; /* of the files of the site's tree, side by side; NULL: nothing is */
    const struct kept_part *parts; /* kept with them */
    ptrdiff_t part_count;
    struct store *texts;   /* where that stands; NULL until a build needs it */
    struct recall *recall; /* of that build */
    struct hash_128 *keys; /* of the files of the manifest, in its order */
    ptrdiff_t key_count;
    int32_t *shown; /* the cases that they show (render_shown), one file's behind the other's */
    ptrdiff_t shown_count;
    int32_t *shown_ends;       /* side by side with the keys: where those of a file end */
    struct kept_piece *pieces; /* of the packed files of the manifest, in its order */
    ptrdiff_t piece_count;
};

/** The keys of the files of this manifest, or NULL when the cache tells of another; then nothing
 * that it tells of files is to be used. */
const struct hash_128 *cache_keys(const struct cache *cache, const struct manifest *manifest);

/** Hashes of what makers may read (render.h, enum artefact_input). */
struct inputs {
    const struct tree *tree;
    struct hash_128 always;
    struct hash_128 data;
    struct hash_128 cases;
    struct hash_128 texts;
    struct hash_128 faces;
    struct hash_128 other_faces;
    struct hash_128 alike;
    const struct hash_128 *case_faces; /* by the index of the case */
    const struct hash_128 *case_texts; /* likewise: of all files in its folder */
    ptrdiff_t case_count;
    struct hash_128 data_findings;
    struct hash_128 findings;
};
/** Of a site whose files have been read and digested. Lives in `arena`. */
const struct inputs *inputs_gather(const struct site *site, const struct artefact *plan,
                                   ptrdiff_t count, struct pool *pool, struct diag *diag,
                                   struct arena *arena);
/** The key of an artefact, once the phases before it are done: a hash of all that its maker reads,
 * where it shows these cases beside those that the plan names. Zero when nobody has said what that
 * is. */
struct hash_128 inputs_key(const struct inputs *inputs, const struct render *render,
                           const struct artefact *artefact, struct case_list shown);
/** Whether its key depends on the cases that its maker notes. */
bool inputs_tell_cases(const struct artefact *artefact);

/** Read the file into the cache; is_known tells whether there was one to be believed. */
void cache_read(struct cache *cache);
/** The store of kept texts, emptied where it `begins_anew`. NULL when another build has it, or it
 * can't be opened. */
struct store *cache_open_texts(const struct cache *cache, bool begins_anew);
/** Write it, or remove it when that fails. */
void cache_write(const struct cache *cache);

#ifdef __cplusplus
}
#endif
#endif
