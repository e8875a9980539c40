#include "kept_rows.h"

#include <stdlib.h>

enum state { ABSENT, COMING, KEPT };

struct place {
    int64_t at; /* in the store: the lengths of all cells, then their bytes */
    ptrdiff_t length;
    int state; /* atomic; the others may be read once it is KEPT */
};

struct kept_rows {
    struct store *store;
    struct place *places; /* one a row */
};

struct kept_rows *kept_rows_new(ptrdiff_t row_count, struct slice temporary)
{
    struct kept_rows *rows = calloc(1, sizeof(*rows));
    struct place *places = calloc((size_t)row_count + 1, sizeof(*places));
    if (rows == NULL || places == NULL) {
        memory_exhausted((row_count + 1) * (ptrdiff_t)sizeof(*places));
    }
    *rows = (struct kept_rows){.store = store_open(temporary), .places = places};
    return rows;
}

void kept_rows_free(struct kept_rows *rows)
{
    if (rows != NULL) {
        store_close(rows->store);
        free(rows->places);
        free(rows);
    }
}

bool kept_rows_get(const struct kept_rows *rows, ptrdiff_t row, struct arena *arena,
                   struct slice *cells, int count)
{
    const struct place *place = &rows->places[row];
    if (__atomic_load_n(&place->state, __ATOMIC_ACQUIRE) != KEPT) {
        return false;
    }
    struct slice whole = store_get(rows->store, place->at, place->length, arena);
    ptrdiff_t at = count * (ptrdiff_t)sizeof(ptrdiff_t);
    for (int i = 0; i < count; i++) {
        ptrdiff_t length;
        memcpy(&length, whole.data + i * (ptrdiff_t)sizeof(length), sizeof(length));
        cells[i] = length > 0 ? slice_sub(whole, at, at + length) : (struct slice){0};
        at += length;
    }
    return true;
}

void kept_rows_put(struct kept_rows *rows, ptrdiff_t row, const struct slice *cells, int count)
{
    struct place *place = &rows->places[row];
    int absent = ABSENT;
    if (!__atomic_compare_exchange_n(&place->state, &absent, COMING, false, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED)) {
        return;
    }
    struct buffer whole;
    buffer_init(&whole);
    for (int i = 0; i < count; i++) {
        buffer_append(&whole, slice_make((const char *)&cells[i].length, sizeof(cells[i].length)));
    }
    for (int i = 0; i < count; i++) {
        buffer_append(&whole, cells[i]);
    }
    place->at = store_put(rows->store, buffer_slice(&whole));
    place->length = whole.length;
    buffer_release(&whole);
    __atomic_store_n(&place->state, KEPT, __ATOMIC_RELEASE);
}
