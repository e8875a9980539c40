/*
 * Private to validate: one shape for every check, and the table of them.
 */
#ifndef KYODO_CHECKS_H
#define KYODO_CHECKS_H

#include "validate.h"

/** What a check of one item gets. `scratch` is cleared after each item. */
struct checking {
    const struct site *site;
    struct arena *scratch;
    struct diag *diag;
};

typedef void (*item_check)(const struct checking *checking, const struct item *item);
typedef void (*site_check)(const struct checking *checking);

void check_required(const struct checking *checking, const struct item *item);
void check_lengths(const struct checking *checking, const struct item *item);
void check_reading(const struct checking *checking, const struct item *item);
void check_translations(const struct checking *checking, const struct item *item);
void check_headings(const struct checking *checking, const struct item *item);
void check_references(const struct checking *checking, const struct item *item);
void check_dates(const struct checking *checking, const struct item *item);
void check_figures(const struct checking *checking, const struct item *item);
void check_unknown(const struct checking *checking, const struct item *item);
void check_actors(const struct checking *checking, const struct item *item);
void check_project(const struct checking *checking, const struct item *item);
void check_principles(const struct checking *checking, const struct item *item);

void check_placeholders(const struct checking *checking, const struct item *item);
void check_examples(const struct checking *checking, const struct item *item);

void check_site_required(const struct checking *checking);
void check_site_translations(const struct checking *checking);
void check_unmarked(const struct checking *checking);
void check_ids(const struct checking *checking);
void check_copies(const struct checking *checking);
void check_aliases(const struct checking *checking);
void check_project_rows(const struct checking *checking);
void check_unused_pictures(const struct checking *checking);
void check_policy(const struct checking *checking);
void check_project_principles(const struct checking *checking);
void check_rules_required(const struct checking *checking);
void check_charts(const struct checking *checking);
void check_time_zone(const struct checking *checking);
void check_withdrawn(const struct checking *checking);
void check_site_placeholders(const struct checking *checking);

/** Report what is required and missing in `record` and the groups in it. */
void required_of_record(const struct checking *checking, const struct record *record,
                        struct span place);

#endif
