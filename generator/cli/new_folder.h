/*
 * A folder that appears whole or not at all: its files are written beside it and renamed into place
 * when all of them are there. What a killed run left aside is removed by the next one.
 */
#ifndef KYODO_NEW_FOLDER_H
#define KYODO_NEW_FOLDER_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum new_folder_state {
    NEW_FOLDER_READY,
    NEW_FOLDER_TAKEN, /* something stands there already */
    NEW_FOLDER_FAILED /* `error` says why */
};

struct new_folder {
    struct arena *arena;
    const char *target;
    const char *aside; /* where its files are until new_folder_finish */
    bool fills;        /* the folder exists and is empty: it stays, for it may be somebody's current
                          one, and is filled */
    int error;         /* errno of the first failure, which sticks; 0 while there is none */
};

/** Begin. A folder that exists is taken unless it is empty; `.git` alone counts as empty when
 * `may_be_repository`. Folders above are made. */
enum new_folder_state new_folder_open(struct new_folder *folder, const char *target,
                                      bool may_be_repository, struct arena *arena);
/** Write a file; folders on its way are made. Nothing happens to a path that is there already, so
 * the first to write a file wins. */
void new_folder_put(struct new_folder *folder, struct slice path, struct slice text);
/** Rename into place. 0, or the first errno: then nothing is left of it. */
int new_folder_finish(struct new_folder *folder);
/** Remove what was written aside. */
void new_folder_abandon(struct new_folder *folder);

#ifdef __cplusplus
}
#endif
#endif
