/* The makers of pages, one for each kind; html_plan.c says which artefact is made by which. */
#ifndef KYODO_PAGES_H
#define KYODO_PAGES_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PAGE_MAKER(name)                                                    \
    bool name(const struct render *render, const struct artefact *artefact, \
              struct render_worker *worker, struct buffer *out, struct diag *diag)

/* `subject` is what the page is about, `number` the part of a long list, `detail` what else is said
 * here. */
PAGE_MAKER(make_home);
PAGE_MAKER(make_case);    /* subject: item */
PAGE_MAKER(make_text);    /* subject: item of kind page or news */
PAGE_MAKER(make_meeting); /* subject: item */
PAGE_MAKER(make_case_list);
PAGE_MAKER(make_facet_list); /* subject: facet_entry; detail: facet */
PAGE_MAKER(make_item_list);  /* number: the kind of item */
PAGE_MAKER(make_ways);
PAGE_MAKER(make_pairs);
PAGE_MAKER(make_areas);
PAGE_MAKER(make_search);
PAGE_MAKER(make_frameworks);
PAGE_MAKER(make_framework);      /* subject: framework */
PAGE_MAKER(make_framework_item); /* subject: its record; detail: framework */
PAGE_MAKER(make_matrix);         /* subject: framework */
PAGE_MAKER(make_crosswalk);
PAGE_MAKER(make_checks);
PAGE_MAKER(make_overview);
PAGE_MAKER(make_completeness);
PAGE_MAKER(make_register);   /* subject: table */
PAGE_MAKER(make_row);        /* subject: table; number: row */
PAGE_MAKER(make_withdrawn);  /* subject: the register of them; number: row */
PAGE_MAKER(make_indicators); /* subject: table */
PAGE_MAKER(make_catalogue);
PAGE_MAKER(make_dataset); /* subject: table, or NULL and number: as dataset_made has it */
PAGE_MAKER(make_test_sheet);
PAGE_MAKER(make_test_sheet_file);
PAGE_MAKER(make_translations);
PAGE_MAKER(make_choice); /* number 1: for an address that does not exist */
PAGE_MAKER(make_missing);
PAGE_MAKER(make_redirect); /* subject: item */

/** The calendar of all events, where there is one, as a link in the given section of the content.
 */
void add_all_events(const struct page *page, enum name_id section);

/** Rows of a register on one page. */
#define REGISTER_PAGE 200

#ifdef __cplusplus
}
#endif
#endif
