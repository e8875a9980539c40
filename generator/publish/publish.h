/*
 * publish: artefacts -> output tree.
 *
 * Everything is staged in a folder inside the output folder, checked for write errors, and then
 * renamed into place in one pass; files that the last build wrote and this one does not are removed
 * last (ruling 9). An unchanged file is not written again. A full disk or an unwritable folder
 * leaves the old tree whole: finding output.*, exit status 4. A kill inside the rename pass is
 * repaired by the next build.
 *
 * The manifest `<out>/.kyodo-manifest` lists what a build wrote, with sizes and hashes: only its
 * files are ever removed, and a folder that is not empty and has none is refused (a lone .gitignore
 * does not count).
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
