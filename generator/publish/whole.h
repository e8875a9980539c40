/*
 * Private to publish: whether an output still is what the last build left there.
 */
#ifndef KYODO_WHOLE_H
#define KYODO_WHOLE_H

#include "manifest.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A look at an output, in two steps for who has something else to read meanwhile. Nothing is
 * changed and nothing found is told. */
struct output_look {
    bool is_open; /* its manifest was read */
    int out;
    struct manifest_file manifest;
};

/** Read the manifest, in any thread. Nothing is locked yet. */
void output_look_begin(struct output_look *look, struct slice out);
/** End it. True when that manifest has this hash and is still the output's, and every file is there
 * with its size and was not touched since; `reads_all` compares their bytes. False also when
 * another build holds the folder or one was stopped half-way. */
bool output_look_end(struct output_look *look, struct hash_128 manifest, bool reads_all,
                     struct pool *pool);
/** End one that is not needed; nothing happens where it has ended. */
void output_look_drop(struct output_look *look);

#ifdef __cplusplus
}
#endif
#endif
