/*
 * Private to publish: one run of publish_tree, from the artefacts to the exchange of files.
 *
 *     stage.c      where new files wait until all are written
 *     make.c       makes an artefact, and stages it when the output holds another one
 *     keys.c       what need not be made again
 *     pieces.c     pieces of large packed files: what has not changed is not packed again
 *     exchange.c   puts the staged files in their places and removes those that went
 */
#ifndef KYODO_PUBLISHING_H
#define KYODO_PUBLISHING_H

#include <pthread.h>

#include "cache.h"
#include "output.h"
#include "packer.h"
#include "publish.h"

/** Raised by any thread, and never lowered. */
struct flag {
    bool is_up;
};

static inline void flag_raise(struct flag *flag)
{
    __atomic_store_n(&flag->is_up, true, __ATOMIC_RELAXED);
}

static inline bool flag_is_raised(const struct flag *flag)
{
    return __atomic_load_n(&flag->is_up, __ATOMIC_RELAXED);
}

/** Pieces of one packed file, as they follow each other. */
struct piece_range {
    const struct kept_piece *first;
    ptrdiff_t count;
};

/** What became of one artefact. */
struct outcome {
    struct known_file file;         /* for the new manifest */
    const struct known_file *known; /* what the last manifest says of that address, or NULL */
    struct piece_range pieces;      /* of the packed file */
    struct case_list shown;         /* where its key depends on them */
    int32_t missing; /* length of the highest folder of its address that the output lacks; 0: it has
                        all */
    int32_t worker;  /* whose drawer of the stage holds it, when nothing is missing */
    bool is_absent;  /* there is no such file this time */
    bool is_staged;
    bool is_packed_staged;
};

/** What one thread needs. */
struct press {
    struct buffer bytes;
    struct buffer packed;
    struct buffer room;        /* for files that are read again */
    struct deflater *deflater; /* made for the first file that is packed */
    struct arena arena;        /* pieces of its outcomes */
    struct folder_walk out;    /* in the output */
    struct folder_walk tree;   /* in the stage's tree */
    struct slice made;         /* of that tree: the folder of the last file */
    char made_path[PATH_MAX];
    int drawer;     /* descriptor of its own folder of the stage, or -1 */
    int64_t reread; /* files that had to be read to be believed */
};

/** The stage: `tree/` holds files whose folder the output lacks, under their addresses, so that
 * whole folders move at once;
 *  `<worker>/` holds the others, named by number. */
struct stage {
    pthread_mutex_t lock;
    int descriptor; /* -1 while it is not there: it is made for the first file */
    int tree;
};

struct publishing {
    struct render *render;
    const struct publish_options *options;
    struct diag *diag;
    struct arena arena;
    struct output output;
    struct slice packing; /* how this build packs */
    bool packs_alike;     /* the last one did the same */
    bool is_recovering; /* the last one was stopped half-way: what is there is read, not believed */
    struct map packed_plan; /* addresses of the plan that end in .gz: they are no one's to pack */

    struct artefact *plan;
    ptrdiff_t count;
    const struct inputs *inputs;      /* NULL: no keys are known */
    struct hash_128 *keys;            /* side by side with the plan */
    const struct hash_128 *last_keys; /* and with the files of the last manifest; NULL: unknown */
    struct map last_pieces;           /* packed_piece_key -> struct kept_piece; of the last build */
    struct piece_range *pieces_of_last; /* side by side with the files of the last manifest; NULL:
                                           unknown */
    /* Side by side with the plan; NULL until they are written, for memory that is only read by then
     * would have to be found twice. */
    struct outcome *outcomes;
    bool *is_kept;         /* side by side with the files of the last manifest */
    bool *is_journal_kept; /* and with the paths of the journal */
    struct press *presses; /* one a thread */
    struct stage stage;

    ptrdiff_t *order;       /* of this phase: indexes of the plan as they are taken up */
    ptrdiff_t done;         /* artefacts; added to by all threads */
    struct timespec told;   /* when progress was told last */
    struct flag has_errors; /* an artefact could not be made: nothing more is written */
    struct flag is_blocked; /* what is not ours stands in the way: likewise */
    struct flag gives_way;  /* a stale file stands where a folder goes, or the other way round */
    struct flag has_failed; /* the system refused */
    pthread_mutex_t lock;   /* over the failure */
    ptrdiff_t failed_index;
    int failed_error;
};

/** Remember that the system refused to write artefact `index`; the first one in the plan counts. */
void publishing_fail(struct publishing *run, ptrdiff_t index, int error);

/* ---- stage.c: 0 or an errno ---- */

void stage_init(struct stage *stage);
/** A file for a folder that the output has. */
int stage_drawer_file(struct publishing *run, int worker, const char *name,
                      const struct buffer *bytes);
/** A file for a folder that it lacks. */
int stage_tree_file(struct publishing *run, int worker, const char *address,
                    const struct buffer *bytes);
/** A file of the build's own. */
int stage_own_file(struct publishing *run, const char *name, struct slice bytes);
/** Name in the drawer of an artefact's file, or of the packed one. */
#define STAGED_NAME 32
const char *staged_name(char out[STAGED_NAME], ptrdiff_t index, bool is_packed);
/** Remove it with all that is left in it. */
void stage_remove(struct publishing *run);

/* ---- make.c ---- */

/** A job for pool_run: `context` is the struct publishing, `index` is one of its `order`. */
void make_one(void *context, ptrdiff_t index, int worker);

/* ---- keys.c ---- */

/** Find the key of an artefact; whether it is that of the last build, which left the file `known`
 * (or NULL). */
bool key_is_as_it_was(struct publishing *run, ptrdiff_t number, const struct known_file *known);
/** What the maker has noted, when it has just made the artefact, is part of the key. */
void key_of_made(struct publishing *run, ptrdiff_t number, int worker);
/** Those of all files, in the order of the new manifest, for the cache. */
void keys_gather(const struct publishing *run, struct cache *cache);

/* ---- pieces.c ---- */

/** Find the pieces of the last build, in the files that it left. */
void pieces_open(struct publishing *run, const struct kept_piece *pieces, ptrdiff_t count);
/** The packed file of an outcome is that of the last build. */
void pieces_stay(struct publishing *run, struct outcome *outcome);
/** It was just packed. */
void pieces_note(struct press *press, struct outcome *outcome);
/** Those of all files, in the order of the new manifest. */
struct kept_piece *pieces_gather(const struct publishing *run, struct arena *arena,
                                 ptrdiff_t *count);

/* ---- exchange.c ---- */

/** The plan in the order of addresses, across its phases. */
struct plan_walk {
    const struct publishing *run;
    ptrdiff_t at[PHASE_COUNT];
    ptrdiff_t end[PHASE_COUNT];
};
void plan_walk_init(struct plan_walk *walk, const struct publishing *run);
/** The next index of the plan that has a file, as far as that is known by then, or -1. */
ptrdiff_t plan_walk_next(struct plan_walk *walk);

/** Whether the output would differ from what it is now. */
bool exchange_is_needed(const struct publishing *run, struct hash_128 manifest);
/** The new manifest. */
struct hash_128 exchange_manifest(const struct publishing *run, struct buffer *out);
/** Put everything in place. False with a finding. */
bool exchange(struct publishing *run, struct slice manifest, struct publish_summary *summary);

#endif
