/*
 * Charts of registers on pages: what a register declares (model.h, struct chart), drawn by
 * chart/, with a title, a description in words, and the table of its numbers.
 */
#ifndef KYODO_CHART_PART_H
#define KYODO_CHART_PART_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Add a chart to a section of child `chart`; nothing when no row has a number for it. `has_table`:
 * its numbers stand beside it on the page, so it brings no table of its own. */
void add_chart(const struct page *page, struct dictionary *parent, enum name_id section,
               const struct table *table, const struct chart *chart, bool has_table);
/** The same in the midst of a text; `id` tells several of a page apart. */
void put_chart(const struct page *page, const struct table *table, const struct chart *chart,
               struct slice id);
void add_charts(const struct page *page, struct dictionary *parent, enum name_id section,
                const struct table *table);

#ifdef __cplusplus
}
#endif
#endif
