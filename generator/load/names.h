/* Names of files and folders. Private to load. */
#ifndef KYODO_LOAD_NAMES_H
#define KYODO_LOAD_NAMES_H

#include "load.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Names that no tree lists: hidden files, what editors and package managers leave. */
bool name_is_passed_over(struct slice name);
/** Nothing that a terminal, a URL or another system's file system would read in another way. */
bool name_is_good(struct slice name);
/** The name with what can't be printed as \xNN, so that a finding can show it. */
struct slice name_printable(struct arena *arena, struct slice name);
/** What two names share when some file system would take them for one. */
struct slice name_folded(struct arena *arena, struct slice name);

#ifdef __cplusplus
}
#endif
#endif
