/*
 * The quality of a register as it was read: what was found in it, with the rule that each finding
 * falls under, and which of the checks were passed. Errors stop a build, so what is published has
 * warnings and notes at most. Findings in private columns are not told.
 */
#ifndef KYODO_RENDER_QUALITY_H
#define KYODO_RENDER_QUALITY_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

void quality_json(const struct render *render, const struct dataset *dataset, struct buffer *out);
void quality_csv(const struct render *render, const struct dataset *dataset, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
