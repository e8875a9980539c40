/* A block of the page of a row: what happened when, by the rows of other registers that name it. */
#ifndef KYODO_ROW_HISTORY_H
#define KYODO_ROW_HISTORY_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Meetings, evaluations, dialogues of a project, and changes where a city keeps a register of
 * them: whatever has a date and refers to the row, the earliest first. Nothing is added when
 * nothing has a date. */
void add_row_history(const struct page *page, const struct table *table, ptrdiff_t row);

#ifdef __cplusplus
}
#endif
#endif
