/*
 * Private to render: what its folders share. Each folder (html, feed, dataset, catalog) adds its
 * artefacts to the plan with one function and makes them with functions of the shape of
 * artefact.make.
 */
#ifndef KYODO_RENDER_INTERNAL_H
#define KYODO_RENDER_INTERNAL_H

#include "evidence.h"
#include "render.h"

struct html_theme; /* html/theme.h: the compiled templates */
struct kept_rows;  /* dataset/kept_rows.h */
struct html_index; /* html/html_index.h: who refers to a row */
struct search;     /* search/: what its files are made of */
struct upkeep;     /* model/upkeep.h */
struct dataset;    /* dataset/dataset.h */

struct render {
    const struct site *site;
    const struct item *was; /* in a view: the item that `site` has as it is now; else NULL */
    struct render_options options;
    struct arena arena;             /* plan and everything that lives as long */
    struct arena index_arena;       /* of the index */
    const struct finding *findings; /* sorted; of the check before rendering */
    ptrdiff_t finding_count;
    struct html_theme *theme;
    struct html_index *index; /* made while planning */
    struct search *search;    /* likewise; NULL when there is no index */
    /* What all cases show of the principles, made while planning; NULL on a site without rules. */
    const struct evidence_table *evidence;
    const struct upkeep *upkeep; /* likewise; NULL on a site in one language */
    /* Those that no register holds (dataset_made): made while planning, for finding how new they
     * are means to look at all texts. */
    const struct dataset **datasets_made;
    /* The rows of the cases as CSV, side by side with the cases: they grow while the files of lists
     * are made (list_file.c). */
    const struct slice **case_rows;
    struct kept_rows *kept_cases; /* their rows as a dataset, for all its forms */
    struct render_worker *workers;
    int worker_count;
    VECTOR(struct artefact) plan; /* from malloc */
    ptrdiff_t phase_start[PHASE_COUNT + 1];
    struct artefact_result *results; /* side by side with the plan */
    struct deflate_shelf *shelf;
    struct map index_by_address;
};

/** What one thread needs while it makes artefacts; `scratch` is cleared after each. */
struct render_worker {
    struct arena scratch;
    struct arena kept; /* what later artefacts use again */
    struct arena rows; /* likewise, of the files of lists (list_file.c) */
    struct buffer buffer;
    struct buffer shown; /* of the artefact at hand, or the last: indexes of cases (render_shown) */
    ptrdiff_t made;      /* so many artefacts */
    struct deflater *deflater; /* made when it is wanted */
};

/** Append an artefact to the plan (while planning only). `address` is copied. */
struct artefact *plan_add(struct render *render, struct slice address, enum artefact_group group,
                          enum render_phase phase, bool compressible,
                          bool (*make)(const struct render *, const struct artefact *,
                                       struct render_worker *, struct buffer *, struct diag *));

void html_plan(struct render *render, struct diag *diag); /* html/: pages, redirects, 404 */
void datasets_make(struct render *render); /* dataset/: what pages and files tell of */
void feed_plan(struct render *render, struct diag *diag); /* feed/: Atom, sitemaps, robots.txt */
void dataset_plan(struct render *render,
                  struct diag *diag); /* dataset/: one row of formats.def a file form */
void catalog_plan(struct render *render,
                  struct diag *diag); /* catalog/: datapackage.json, SHA256SUMS */
void search_plan(struct render *render,
                 struct diag *diag); /* search/: the index of the search page */
void search_release(struct search *search);
void asset_plan(struct render *render, struct diag *diag);   /* pictures, css under hashed names */
void release_plan(struct render *render, struct diag *diag); /* catalog/: what a release tells */

#endif
