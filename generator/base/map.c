#include "map.h"

#include <string.h>

#include "bug.h"
#include "checked.h"
#include "hash.h"

#define FIRST_SLOTS 16

/* Slot of `key`: the one that holds it, or the free one where it belongs. */
static ptrdiff_t find_slot(const struct map *map, struct slice key)
{
    ptrdiff_t mask = map->slot_count - 1;
    ptrdiff_t slot = (ptrdiff_t)(hash_64(key) & (uint64_t)mask);
    while (map->slots[slot] != 0) {
        if (slice_equal(map->entries[map->slots[slot] - 1].key, key)) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void grow(struct map *map, struct arena *arena)
{
    ptrdiff_t slot_count;
    if (!checked_multiply(map->slot_count, 2, &slot_count)) {
        memory_exhausted(PTRDIFF_MAX);
    }
    if (slot_count < FIRST_SLOTS) {
        slot_count = FIRST_SLOTS;
    }
    ptrdiff_t capacity = slot_count / 2; /* half full at most */
    if (capacity > INT32_MAX) {
        memory_exhausted(PTRDIFF_MAX);
    }
    struct map_entry *entries = ARENA_ARRAY(arena, struct map_entry, capacity);
    if (map->entries != NULL) {
        memcpy(entries, map->entries, (size_t)map->length * sizeof(*entries));
    }
    map->entries = entries;
    map->capacity = capacity;
    map->slots = ARENA_ARRAY(arena, int32_t, slot_count);
    map->slot_count = slot_count;
    for (ptrdiff_t i = 0; i < map->length; i++) {
        map->slots[find_slot(map, map->entries[i].key)] = (int32_t)(i + 1);
    }
}

struct map_entry *map_insert(struct map *map, struct arena *arena, struct slice key, bool *is_new)
{
    if (map->length == map->capacity) {
        struct map_entry *known = map_find(map, key);
        if (known != NULL) {
            if (is_new != NULL) {
                *is_new = false;
            }
            return known;
        }
        grow(map, arena);
    }
    ptrdiff_t slot = find_slot(map, key);
    bool fresh = map->slots[slot] == 0;
    if (is_new != NULL) {
        *is_new = fresh;
    }
    if (fresh) {
        map->entries[map->length] = (struct map_entry){.key = key};
        map->length++;
        map->slots[slot] = (int32_t)map->length;
    }
    return &map->entries[map->slots[slot] - 1];
}

struct map_entry *map_find(const struct map *map, struct slice key)
{
    if (map->length == 0) {
        return NULL;
    }
    int32_t index = map->slots[find_slot(map, key)];
    return index == 0 ? NULL : &map->entries[index - 1];
}

void *map_get(const struct map *map, struct slice key)
{
    const struct map_entry *entry = map_find(map, key);
    return entry == NULL ? NULL : entry->value.pointer;
}
