/* The ways in: what an entry of a facet is called, the line of links above a list, the files of a
 * list. */
#ifndef KYODO_WAYS_H
#define KYODO_WAYS_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What an entry is called in the content's language, plain. */
struct slice way_entry_label(const struct page *page, const struct facet *facet,
                             const struct facet_entry *entry);
/** What to know about a way whose entries have no descriptions of their own; may be empty. */
struct slice html_way_about(const struct page *page, const struct facet *facet);
/** Begin a page below that of all ways, of the template article, with its crumbs but the last. */
void ways_begin(struct page *page, const struct render *render, struct render_worker *worker,
                const struct artefact *artefact);
/** Links to the parts of the page of all ways, in the given section of the content. */
void add_ways(const struct page *page, enum name_id section);

#ifdef __cplusplus
}
#endif
#endif
