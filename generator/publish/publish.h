/*
 * publish: artefacts -> output tree.
 *
 * All artefacts are made first, phase by phase and in parallel; what differs from the output is
 * written into a stage inside the output folder. Only when everything is there without an error is
 * it renamed into place, in one pass, folders that are new as a whole; files that the last build
 * wrote and this one does not are removed last (ruling 9). So a full disk or an unwritable folder
 * leaves the old tree as it was (finding output.*, exit status 4), and a kill inside the pass is
 * repaired by the next build, which finds a journal. An unchanged file is neither written nor
 * packed again.
 *
 * The manifest `<out>/.kyodo-manifest` lists what a build wrote, with sizes and hashes: only its
 * files are ever replaced or removed. A folder that is not empty and has none is refused (a lone
 * .gitignore does not count), and so is anything else of somebody's own that stands where a file
 * has to go. Links in the output are never followed. One build at a time: the folder is locked.
 *
 * Nothing is synced to the disk here; who makes a release does that.
 */
#ifndef KYODO_PUBLISH_H
#define KYODO_PUBLISH_H

#include "render.h"

#ifdef __cplusplus
extern "C" {
#endif

struct publish_options {
    struct slice out; /* output folder; made when it is missing */
    bool gzip;        /* write .gz beside compressible artefacts of 256 bytes and more */
    struct pool *pool;
    void (*progress)(void *context, ptrdiff_t done, ptrdiff_t total); /* may be NULL */
    void *progress_context;
};

struct publish_summary {
    int64_t files;   /* in the output now, without .gz */
    int64_t pages;   /* artefacts of group PAGE */
    int64_t written; /* new or changed, with .gz */
    int64_t removed;
    int64_t bytes; /* of all files, without .gz */
};

enum publish_status { PUBLISH_DONE, PUBLISH_INPUT_ERROR, PUBLISH_SYSTEM_ERROR };

/** Make all artefacts of the plan and publish them. Nothing visible changes unless DONE is
 * returned. INPUT_ERROR: a maker reported an error. */
enum publish_status publish_tree(struct render *render, const struct publish_options *options,
                                 struct publish_summary *summary, struct diag *diag);

#ifdef __cplusplus
}
#endif
#endif
