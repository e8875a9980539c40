/* What some forms cannot hold as it is, so that a dataset's page can say it. */
#ifndef KYODO_RENDER_LIMITS_H
#define KYODO_RENDER_LIMITS_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LIMITS_LOST 12

struct dataset_limits {
    ptrdiff_t guarded;      /* cells that begin with a ' in the CSV for Excel */
    ptrdiff_t early_dates;  /* cells of the workbook that are text: before March 1900 */
    ptrdiff_t long_numbers; /* likewise: more than 15 digits */
    ptrdiff_t cut_texts;    /* only the beginning is in the workbook */
    ptrdiff_t sheets;       /* of rows */
    /* Characters that CP932 lacks, the first ones in the order of rows. */
    struct slice lost[LIMITS_LOST];
    int lost_count;
    bool has_more_lost;
};

/** One pass over the rows. `with_lost`: look for characters that CP932 lacks; they are copied into
 * `arena`. */
void dataset_limits(const struct dataset *dataset, bool with_lost, struct arena *arena,
                    struct dataset_limits *limits);

#ifdef __cplusplus
}
#endif
#endif
