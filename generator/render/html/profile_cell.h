/* What stands in a column, in a few lines of its dictionary entry: share of empty cells, number of
 * different values, range, most frequent value. */
#ifndef KYODO_PROFILE_CELL_H
#define KYODO_PROFILE_CELL_H

#include "page.h"
#include "profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A single value of a column (a part of a list) as readers see it: a code by its label, a date and
 * a number as their language writes them. */
void put_data_value(const struct page *page, const struct dataset_column *column,
                    struct slice value);
/** HTML; empty when the dataset has no rows. */
struct slice html_profile(const struct page *page, const struct dataset *dataset,
                          const struct dataset_column *column,
                          const struct column_profile *profile);

#ifdef __cplusplus
}
#endif
#endif
