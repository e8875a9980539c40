/*
 * Private to publish: the output folder as a build finds it, and what is said when it can't be
 * used.
 */
#ifndef KYODO_OUTPUT_H
#define KYODO_OUTPUT_H

#include "diag.h"
#include "folders.h"
#include "manifest.h"

#ifdef __cplusplus
extern "C" {
#endif

#define STAGE_NAME ".kyodo-stage"

struct output {
    struct slice path; /* as the person wrote it */
    int descriptor;    /* locked, so that two builds never mix; -1 when closed */
    int folders_made;  /* of its path, by us */
    struct manifest manifest;
    struct journal journal;
};

/** Open and lock the folder, made where it is missing; read what the last build left there and
 * remove its stage. False with a finding when it can't be used. `arena` holds what was read. */
bool output_open(struct output *output, struct slice path, struct arena *arena, struct diag *diag);
/** Let go. `discard`: nothing was published, so folders that were made only for this are removed.
 */
void output_close(struct output *output, bool discard);

/** Whether the last build wrote this path (a file or a .gz), or may have when it was stopped
 * half-way. */
bool output_knows(const struct output *output, struct slice path);
/** The same for everything in a folder of the output, however deep. `path` without a slash at its
 * end. */
bool output_knows_all_below(const struct output *output, struct slice path);

/** A finding about `address` in the output (empty: the folder itself) for an errno. `is_half`:
 * files were being exchanged when it happened. */
void output_report(const struct output *output, struct slice address, int error, bool is_half,
                   struct diag *diag);
void output_report_in_the_way(const struct output *output, struct slice address, struct diag *diag);

#ifdef __cplusplus
}
#endif
#endif
