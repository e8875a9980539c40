/*
 * Files that tell of all datasets, or hold all of them: once a site, a row of catalog.def each.
 * Pages list them with the words that stand there.
 */
#ifndef KYODO_RENDER_CATALOG_H
#define KYODO_RENDER_CATALOG_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

enum catalog_file_id {
#define CATALOG_FILE(identifier, ...) CATALOG_##identifier,
#include "catalog.def"
#undef CATALOG_FILE
    CATALOG_FILES
};

struct catalog_file {
    struct slice address; /* "data/kyodo.sqlite" */
    struct slice media_type;
    struct slice label[INTERFACE_LANGUAGES];
    struct slice about[INTERFACE_LANGUAGES]; /* one sentence: what is in it, for whom */
    enum render_phase phase;
    bool compressible;
    /** Append the file's bytes; one shape for all. False with a finding at failure. */
    bool (*make)(const struct render *render, struct render_worker *worker, struct buffer *out,
                 struct diag *diag);
};
const struct catalog_file *catalog_file(enum catalog_file_id file);

#ifdef __cplusplus
}
#endif
#endif
