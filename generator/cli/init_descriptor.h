/*
 * init_descriptor: the descriptor of a new city's registers, made of the demonstration's.
 *
 * What a new city has otherwise stands in starter/datapackage.json, laid over the demonstration's
 * as a merge patch (RFC 7396: null removes) in which members of `resources` and `fields` are found
 * by their `name`; a resource named `*` is laid over all of them.
 */
#ifndef KYODO_INIT_DESCRIPTOR_H
#define KYODO_INIT_DESCRIPTOR_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Append the new descriptor. Calls `table` for each file that it describes, with the path below
 * data/ and the line of its column names. False when one of the two is no JSON. */
bool init_descriptor(struct slice demonstration, struct slice changes, struct buffer *out,
                     void (*table)(void *context, struct slice path, struct slice header),
                     void *context);

#ifdef __cplusplus
}
#endif
#endif
