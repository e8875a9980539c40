/*
 * Rows that take long to make, kept for the forms that want them next: a dozen forms of the cases
 * each need the plain text of every section. They lie in a store, one piece a row. Any thread may
 * get and put. Private to dataset.
 */
#ifndef KYODO_RENDER_KEPT_ROWS_H
#define KYODO_RENDER_KEPT_ROWS_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct kept_rows;

/** `temporary` is the store's folder, or empty. */
struct kept_rows *kept_rows_new(ptrdiff_t row_count, struct slice temporary);
void kept_rows_free(struct kept_rows *rows);
/** Fill `count` cells from what is kept of the row, in the arena; false when nothing is yet. */
bool kept_rows_get(const struct kept_rows *rows, ptrdiff_t row, struct arena *arena,
                   struct slice *cells, int count);
/** Keep a copy; nothing happens when another thread does already. `count` is the same for all rows.
 * An empty cell comes back with data NULL. */
void kept_rows_put(struct kept_rows *rows, ptrdiff_t row, const struct slice *cells, int count);

#ifdef __cplusplus
}
#endif
#endif
