/*
 * datapackage.json as it is published: Data Package v2 for what the downloads hold (normalised
 * values, public columns), with our own properties as they were written. Used for the whole
 * (/data/datapackage.json) and for each archive.
 */
#ifndef KYODO_RENDER_PACKAGE_DESCRIPTOR_H
#define KYODO_RENDER_PACKAGE_DESCRIPTOR_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Everything of the package but its resources: an object is begun, its members written, and the
 * array `resources` begun. `dataset`: the only one in it, whose name and words it takes; NULL for
 * the whole. */
void package_begin(struct json_writer *json, const struct render *render,
                   const struct dataset *dataset, struct arena *scratch);
/** A Table Schema: an object. */
void package_schema(struct json_writer *json, const struct dataset *dataset, bool alone);
/** Ends the array and the object. */
void package_end(struct json_writer *json);
/** One resource. `path` as the package names the file; `digest` and `size` of the CSV, NULL and 0
 * when they are not known. `alone`: nothing else is in the package, so nothing can refer to it. */
void package_resource(struct json_writer *json, const struct render *render,
                      const struct dataset *dataset, struct slice path, const struct sha256 *digest,
                      int64_t size, bool alone, struct arena *scratch);

#ifdef __cplusplus
}
#endif
#endif
