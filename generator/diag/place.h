/* Private to diag: from a span to a place that people read. */
#ifndef KYODO_PLACE_H
#define KYODO_PLACE_H

#include "diag.h"

/** Fill path, positions and excerpt of `finding` from `span`. The path is the source's own, the
 *  excerpt lives in `arena`. Nothing is filled when the span has no source. */
void place_finding(struct finding *finding, struct span span, struct arena *arena);

#endif
