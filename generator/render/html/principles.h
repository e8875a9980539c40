/* What the pages about principles share: page_principles.c, page_principle_item.c, page_matrix.c,
 * page_crosswalk.c, page_checks.c, page_overview.c, and the evidence of a case. */
#ifndef KYODO_PRINCIPLES_H
#define KYODO_PRINCIPLES_H

#include "evidence.h"
#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most cases that are named in one list of a page about an item or a city; the rest is counted,
 * and stands in the matrix and in the data. */
#define CASES_NAMED_MOST 20

/** Start a page below the principles: alternates, and the crumbs home and principles. */
void principles_begin(struct page *page, const struct render *render, struct render_worker *worker,
                      const struct artefact *artefact, enum template_id kind);
/** `principles/<rest>` in the reader's language. */
struct slice principles_address(const struct page *page, const char *rest);
struct slice matrix_address(const struct site *site, const struct framework *framework,
                            int language, struct arena *arena);

/** Number, as printed, and name of an item. */
struct slice html_item_name(const struct page *page, const struct record *item);
/** The same, linked to its page. */
struct slice html_item_link(const struct page *page, const struct framework *framework,
                            const struct record *item);
/** A framework's title, linked to its page. */
struct slice html_framework_link(const struct page *page, const struct framework *framework);

/** ● ○ – ▲ */
struct slice evidence_sign(enum evidence_state state);
enum string_id evidence_string(enum evidence_state state);
/** The sign with its word beside it. */
struct slice html_mark(const struct page *page, enum evidence_state state);
/** The address of what a case's page says of an item. */
struct slice url_of_evidence(const struct page *page, const struct item *item,
                             const struct record *principle);
/** The title of a case, linked to `url`. */
struct slice html_case_link(const struct page *page, const struct item *item, struct slice url);
/** E, W, I in words. */
enum string_id severity_string(enum rule_severity severity);
/** A rule by its title, linked to what the page of checks says of it. */
struct slice html_rule_link(const struct page *page, const struct rule *rule);
/** The strengths of the crosswalk: sign and word. */
struct slice html_strength(const struct page *page, struct slice mark);

/** The latest review that was to be held before the reference date and of which no evaluation
 * tells, or NULL. An evaluation a month early counts. */
const struct value *case_overdue_review(const struct site *site, const struct record *record);

/** How many rows of projects without a case show something that is not in the numbers of a page,
 * with a link to the register. */
struct slice html_projects(const struct page *page, ptrdiff_t count);

/** A line of a plain list. */
void add_item_line(struct dictionary *part, struct slice html, struct slice note);
/** A page to go on to. */
void add_more(const struct page *page, struct slice address, struct slice label);

/** page_principle_forms.c: the forms that a framework names, with who answers for the work and who
 * owns what it brings; nothing where the code list `forms` says nothing of the framework. */
void add_forms(struct page *page, const struct framework *framework);

#ifdef __cplusplus
}
#endif
#endif
