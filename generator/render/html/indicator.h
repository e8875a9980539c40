/* What pages know of the register of indicators: its columns by the names that the demonstration
 * site gives them. */
#ifndef KYODO_INDICATOR_H
#define KYODO_INDICATOR_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Indexes of columns; -1 where the register has none of that name, or a private one. */
struct indicator_columns {
    int area, series, kind, value, qualifier, unit, text, as_of, as_of_end;
    int cited, source, place, note;
};
void indicator_columns(const struct table *table, struct indicator_columns *columns);
/** The figure with its unit and how to read it; the source's own words where there is no number. */
struct slice html_indicator_value(const struct page *page, const struct table *table, ptrdiff_t row,
                                  const struct indicator_columns *columns);
/** The document, the place in it, and whom it cites. */
struct slice html_indicator_source(const struct page *page, const struct table *table,
                                   ptrdiff_t row, const struct indicator_columns *columns);
/** Some of the figures in a table of their own, behind the charts of their series. */
void add_indicator_rows(const struct page *page, struct dictionary *block, struct slice id,
                        const struct table *table, const ptrdiff_t *rows, ptrdiff_t count);
/** Where a figure stands on the page of all of them: `#area-462012`. */
struct slice indicator_fragment(const struct page *page, const struct table *table, ptrdiff_t row);

#ifdef __cplusplus
}
#endif
#endif
