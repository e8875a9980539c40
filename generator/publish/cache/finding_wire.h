/* Private to the cache: findings as bytes, and back. */
#ifndef KYODO_FINDING_WIRE_H
#define KYODO_FINDING_WIRE_H

#include "diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The fewest bytes that a finding takes. */
#define FINDING_LEAST 100

void wire_put_finding(struct buffer *out, const struct finding *finding);
/** Its texts are slices of the wire. */
void wire_take_finding(struct wire *wire, struct finding *finding);

#ifdef __cplusplus
}
#endif
#endif
