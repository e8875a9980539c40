#include "map.h"

#include <string.h>

#include "bug.h"
#include "checked.h"
#include "hash.h"

#define FIRST_SLOTS 16

static uint32_t hash_of(struct slice key)
{
    return (uint32_t)hash_64(key);
}

/* Slot of `key`: the one that holds it, or the free one where it belongs. */
static struct map_slot *find_slot(const struct map *map, struct slice key, uint32_t hash)
{
    ptrdiff_t mask = map->slot_count - 1;
    ptrdiff_t at = (ptrdiff_t)hash & mask;
    while (map->slots[at].index != 0) {
        if (map->slots[at].hash == hash &&
            slice_equal(map->entries[map->slots[at].index - 1].key, key)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return &map->slots[at];
}

static void grow_slots(struct map *map, struct arena *arena, ptrdiff_t slot_count)
{
    struct map_slot *slots = ARENA_ARRAY(arena, struct map_slot, slot_count);
    ptrdiff_t mask = slot_count - 1;
    for (ptrdiff_t i = 0; i < map->slot_count; i++) {
        const struct map_slot *slot = &map->slots[i];
        ptrdiff_t at = (ptrdiff_t)slot->hash & mask;
        while (slot->index != 0 && slots[at].index != 0) {
            at = (at + 1) & mask;
        }
        if (slot->index != 0) {
            slots[at] = *slot;
        }
    }
    map->slots = slots;
    map->slot_count = slot_count;
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
    grow_slots(map, arena, slot_count);
}

struct map_entry *map_insert(struct map *map, struct arena *arena, struct slice key, bool *is_new)
{
    uint32_t hash = hash_of(key);
    if (map->slot_count == 0) {
        grow(map, arena);
    }
    struct map_slot *slot = find_slot(map, key, hash);
    bool fresh = slot->index == 0;
    if (is_new != NULL) {
        *is_new = fresh;
    }
    if (fresh) {
        if (map->length == map->capacity) {
            grow(map, arena);
            slot = find_slot(map, key, hash);
        }
        map->entries[map->length] = (struct map_entry){.key = key};
        map->length++;
        *slot = (struct map_slot){hash, (int32_t)map->length};
    }
    return &map->entries[slot->index - 1];
}

struct map_entry *map_find(const struct map *map, struct slice key)
{
    if (map->length == 0) {
        return NULL;
    }
    int32_t index = find_slot(map, key, hash_of(key))->index;
    return index == 0 ? NULL : &map->entries[index - 1];
}

void *map_get(const struct map *map, struct slice key)
{
    const struct map_entry *entry = map_find(map, key);
    return entry == NULL ? NULL : entry->value.pointer;
}
