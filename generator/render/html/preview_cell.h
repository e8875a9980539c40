/* Cells of a dataset that is no register, as the first rows on its page show them: what the data
 * say by a code or an id, readers see by its name. */
#ifndef KYODO_PREVIEW_CELL_H
#define KYODO_PREVIEW_CELL_H

#include "page.h"

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `cells`: those of the row, one a column. */
void put_preview_cell(const struct page *page, const struct dataset *dataset, int index,
                      const struct slice *cells);
/** True when another column says in words what this one says by an id. */
bool preview_is_named_beside(const struct dataset *dataset, int index);

#ifdef __cplusplus
}
#endif
#endif
