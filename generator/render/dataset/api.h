/*
 * The static JSON API: a file a record, and pages that list them, for datasets that ask for it
 * (`kyodo:api` of a resource; of the package, for the cases).
 *
 *     /api/v1/<dataset>/index.json       the first API_PAGE records: id, title, address; `next`
 *     /api/v1/<dataset>/page/<n>.json    the n-th
 *     /api/v1/<dataset>/<id>.json        a record, with what its codes mean
 */
#ifndef KYODO_RENDER_API_H
#define KYODO_RENDER_API_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

#define API_PAGE ((ptrdiff_t)500)

bool api_is_asked(const struct dataset *dataset);
/** "api/v1/projects/index.json"; page from 1. */
struct slice api_page_address(const struct dataset *dataset, ptrdiff_t page, struct arena *arena);
/** Add its files to the plan. */
void api_plan(struct render *render, const struct dataset *dataset);

#ifdef __cplusplus
}
#endif
#endif
