/* Rows of a register as a table of a page. */
#ifndef KYODO_REGISTER_TABLE_H
#define KYODO_REGISTER_TABLE_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Fill `dictionary` (DICTIONARY_table) with rows [first, end). The column that names a row stands
 * first, then those few that tell rows apart (html_index.h); translated values, links to what is
 * referred to. `quiet`: the heading above says what it is. */
void register_table(const struct page *page, struct dictionary *dictionary,
                    const struct table *table, struct slice id, ptrdiff_t first, ptrdiff_t end,
                    bool quiet);
/** A column's label in the content's language. */
struct slice html_column_label(const struct page *page, const struct column *column);

#ifdef __cplusplus
}
#endif
#endif
