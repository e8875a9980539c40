/*
 * What a column really holds: how many cells are empty, how many values differ, the range, the most
 * frequent value. For the page of a dataset (shared columns of a dictionary, as Table Schema's
 * descriptions do not have them), from the values that every form publishes, so private columns are
 * not among them.
 *
 * Memory is bounded: beyond PROFILE_VALUES different values of a column no more are kept, and the
 * number of different ones is known as "more than". Values longer than PROFILE_LENGTH bytes are
 * prose: they are counted as filled and not compared. So a section of a text that is not brief says
 * nothing here but that it is there, and no change of it changes a profile.
 */
#ifndef KYODO_RENDER_PROFILE_H
#define KYODO_RENDER_PROFILE_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PROFILE_VALUES 1000
#define PROFILE_LENGTH SECTION_BRIEF

struct column_profile {
    ptrdiff_t empty; /* cells without a value */
    ptrdiff_t distinct;
    bool has_more_distinct; /* there are more than `distinct` */
    bool is_prose;          /* some values are too long to compare: nothing below is known */
    /* Of numbers and dates, in the lexical form of the model's tables; empty otherwise and when all
     * cells are. Fiscal years and dates of less precision count as they are written. */
    struct slice least, greatest;
    /* The value that most cells share (the first of equals) and their number; empty when no value
     * comes twice. Of a list the single parts are counted. */
    struct slice most;
    ptrdiff_t most_count;
};

/** One profile a column of the dataset, in `arena`; one pass over the rows. */
struct column_profile *dataset_profile(const struct dataset *dataset, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
