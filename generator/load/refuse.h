/* Findings about whole files. Private to load. */
#ifndef KYODO_LOAD_REFUSE_H
#define KYODO_LOAD_REFUSE_H

#include "load.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A finding CODE_file_unreadable at `path` with the reason of `error` (an errno) in both
 *  languages. `diag` may be NULL. */
void report_unreadable(struct diag *diag, struct slice path, int error);
/** A finding about a whole file. `first` and `second` are arguments; either may be empty. `diag`
 *  may be NULL. */
void report_file(struct diag *diag, enum code code, struct slice path, struct slice first,
                 struct slice second);

#ifdef __cplusplus
}
#endif
#endif
