#include "registers.h"

#include <stdlib.h>

/*
 * Which row has a key. Open addressing over 64-bit hashes of the values; what a slot names is
 * compared value by value, so a collision costs time and never truth. Parts of the table by the
 * hash's upper bits belong to one thread each, and rows go in in their order: the first row of a
 * key is the first in the file, with any number of threads.
 */

enum { PARTS_MOST = 16 };

/* The lower half of a slot is a row + 1 (0: free), the upper half a part of its hash. */
struct key_index {
    const struct table *table;
    const int *columns;
    int count;
    uint64_t *slots[PARTS_MOST];
    uint64_t mask; /* slots of a part - 1 */
    int part_bits;
};

/* A number without what does not count: 1.50 and 1.5 are one value. */
static struct slice logical_number(struct slice value, char *room, ptrdiff_t size)
{
    ptrdiff_t point = slice_find_byte(value, '.', 0);
    bool has_exponent = slice_find_byte(value, 'e', 0) >= 0;
    double number;
    if (has_exponent && slice_to_number(value, &number)) {
        int length = snprintf(room, (size_t)size, "%.17g", number);
        return slice_make(room, length);
    }
    if (point < 0) {
        return value;
    }
    ptrdiff_t end = value.length;
    while (end > point + 1 && value.data[end - 1] == '0') {
        end--;
    }
    return slice_sub(value, 0, end == point + 1 ? point : end);
}

static struct slice logical(const struct column *column, struct slice value, char *room,
                            ptrdiff_t size)
{
    return column->type == COLUMN_NUMBER ? logical_number(value, room, size) : value;
}

static uint64_t mix(uint64_t hash, uint64_t next)
{
    return (hash ^ next) * 0x9E3779B97F4A7C15U + (next >> 29);
}

/* False when one of the values is missing: then the row has no key. */
static bool hash_values(const struct table *table, const int *columns, int count,
                        const struct slice *values, uint64_t *hash)
{
    char room[64];
    *hash = 0;
    for (int i = 0; i < count; i++) {
        if (values[i].length == 0) {
            return false;
        }
        struct slice value = logical(&table->columns[columns[i]], values[i], room, sizeof(room));
        *hash = i == 0 ? hash_64(value) : mix(*hash, hash_64(value));
    }
    return true;
}

static void values_of_row(const struct key_index *index, ptrdiff_t row, struct slice *values)
{
    for (int i = 0; i < index->count; i++) {
        values[i] = table_cell(index->table, row, index->columns[i]);
    }
}

static bool has_values(const struct key_index *index, ptrdiff_t row, const struct slice *values)
{
    char room[64];
    char other_room[64];
    for (int i = 0; i < index->count; i++) {
        const struct column *column = &index->table->columns[index->columns[i]];
        struct slice own = logical(column, table_cell(index->table, row, index->columns[i]),
                                   other_room, sizeof(other_room));
        if (!slice_equal(own, logical(column, values[i], room, sizeof(room)))) {
            return false;
        }
    }
    return true;
}

static int part_of(const struct key_index *index, uint64_t hash)
{
    return index->part_bits == 0 ? 0 : (int)(hash >> (64 - index->part_bits));
}

/* The slot of the values, or the free one where they belong. */
static uint64_t *find(const struct key_index *index, uint64_t hash, const struct slice *values)
{
    uint64_t *slots = index->slots[part_of(index, hash)];
    uint64_t tag = hash & 0xFFFFFFFF00000000U;
    uint64_t at = (hash ^ hash >> 32) & index->mask;
    while (slots[at] != 0) {
        if ((slots[at] & 0xFFFFFFFF00000000U) == tag &&
            has_values(index, (ptrdiff_t)(uint32_t)slots[at] - 1, values)) {
            break;
        }
        at = (at + 1) & index->mask;
    }
    return &slots[at];
}

/* ---- Building ---- */

struct building {
    struct key_index *index;
    const uint64_t *hashes; /* one a row; 0: no key */
    key_repeated repeated;
    void *context;
};

static void fill_part(void *context, ptrdiff_t part, int worker)
{
    (void)worker;
    const struct building *building = context;
    const struct key_index *index = building->index;
    struct slice values[KEY_COLUMNS_MOST];
    for (ptrdiff_t row = 0; row < index->table->row_count; row++) {
        uint64_t hash = building->hashes[row];
        if (hash == 0 || part_of(index, hash) != part) {
            continue;
        }
        values_of_row(index, row, values);
        uint64_t *slot = find(index, hash, values);
        if (*slot == 0) {
            *slot = (hash & 0xFFFFFFFF00000000U) | (uint64_t)(row + 1);
        } else if (building->repeated != NULL) {
            building->repeated(building->context, row, (ptrdiff_t)(uint32_t)*slot - 1);
        }
    }
}

struct hashing {
    const struct key_index *index;
    uint64_t *hashes;
};
enum { HASH_BLOCK = 4096 };

static void hash_block(void *context, ptrdiff_t block, int worker)
{
    (void)worker;
    const struct hashing *hashing = context;
    const struct key_index *index = hashing->index;
    struct slice values[KEY_COLUMNS_MOST];
    ptrdiff_t end = (block + 1) * HASH_BLOCK;
    end = end < index->table->row_count ? end : index->table->row_count;
    for (ptrdiff_t row = block * HASH_BLOCK; row < end; row++) {
        uint64_t hash;
        values_of_row(index, row, values);
        bool has_key = hash_values(index->table, index->columns, index->count, values, &hash);
        hashing->hashes[row] = has_key ? hash | 1 : 0;
    }
}

/* A part for each thread, as a power of two. */
static int part_bits(struct pool *pool, ptrdiff_t rows)
{
    int threads = pool != NULL ? pool_threads(pool) : 1;
    int bits = 0;
    while (rows > HASH_BLOCK && 1 << bits < threads && 2 << bits <= PARTS_MOST) {
        bits++;
    }
    return bits;
}

struct key_index *key_index_build(const struct table *table, const int *columns, int count,
                                  struct pool *pool, struct arena *arena, key_repeated repeated,
                                  void *context)
{
    CHECK(count >= 1 && count <= KEY_COLUMNS_MOST && table->row_count < UINT32_MAX);
    struct key_index *index = ARENA_NEW(arena, struct key_index);
    *index = (struct key_index){.table = table, .columns = columns, .count = count};
    ptrdiff_t rows = table->row_count;
    index->part_bits = part_bits(pool, rows);
    ptrdiff_t parts = (ptrdiff_t)1 << index->part_bits;
    ptrdiff_t slots = 16;
    /* Hashes spread evenly: each part is about half full. */
    while (slots < rows * 2 / parts + 64) {
        slots *= 2;
    }
    index->mask = (uint64_t)slots - 1;
    for (ptrdiff_t i = 0; i < parts; i++) {
        index->slots[i] = ARENA_ARRAY(arena, uint64_t, slots);
    }
    uint64_t *hashes = calloc((size_t)rows + 1, sizeof(*hashes));
    if (hashes == NULL) {
        memory_exhausted(rows * (ptrdiff_t)sizeof(*hashes));
    }
    pool_run(pool, (rows + HASH_BLOCK - 1) / HASH_BLOCK, hash_block,
             &(struct hashing){.index = index, .hashes = hashes});
    pool_run(pool, parts, fill_part,
             &(struct building){
                 .index = index, .hashes = hashes, .repeated = repeated, .context = context});
    free(hashes);
    return index;
}

ptrdiff_t key_index_find(const struct key_index *index, const struct slice *values)
{
    uint64_t hash;
    if (index == NULL || !hash_values(index->table, index->columns, index->count, values, &hash)) {
        return -1;
    }
    return (ptrdiff_t)(uint32_t)*find(index, hash | 1, values) - 1;
}
