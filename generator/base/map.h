/*
 * Map from slice to a pointer-sized value. Insert-only, in an arena, iterated in order of
 * insertion (so that no output depends on hash order). Keys are not copied: they must live as
 * long as the map, but only one that hashes alike is looked at: keys may lie where looking costs.
 * Reading from several threads at once is safe while nobody inserts.
 */
#ifndef KYODO_MAP_H
#define KYODO_MAP_H

#include "arena.h"

#ifdef __cplusplus
extern "C" {
#endif

struct map_entry {
    struct slice key;
    union {
        void *pointer;
        const void *constant;
        int64_t integer;
    } value;
};

struct map_slot {
    uint32_t hash;
    int32_t index; /* into entries + 1; 0 = free */
};

struct map {
    struct map_entry *entries; /* in order of insertion */
    ptrdiff_t length;
    ptrdiff_t capacity;
    struct map_slot *slots;
    ptrdiff_t slot_count;
};

/** The entry of `key`, made (value zero) when it is new. `*is_new` may be NULL. The address is
 *  valid until the next insertion. */
struct map_entry *map_insert(struct map *map, struct arena *arena, struct slice key, bool *is_new);
/** The entry of `key`, or NULL. */
struct map_entry *map_find(const struct map *map, struct slice key);
/** The pointer stored at `key`, or NULL. */
void *map_get(const struct map *map, struct slice key);

#ifdef __cplusplus
}
#endif
#endif
