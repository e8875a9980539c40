/*
 * render: model -> artefacts.
 *
 * An artefact is one file of the output: an address and how to make its bytes. render_plan() lists
 * them all (cheap, deterministic, sorted by address); render_artefact() makes one at a time, from
 * any thread, and lets it go. So memory does not grow with the site, a preview can render the one
 * page asked for, and a cache can skip what has not changed.
 *
 * Phases. Some files tell of others (a dataset's page its downloads' sizes, SHA256SUMS their
 * digests): artefacts of a phase are made when all of the phases before it are done and their
 * results are noted with render_note_result().
 */
#ifndef KYODO_RENDER_H
#define KYODO_RENDER_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

struct render;
struct render_worker;
struct artefact;

enum render_phase { PHASE_DATA, PHASE_PAGES, PHASE_SUMMARY, PHASE_COUNT };

/** What kind of thing an artefact is: decides compression and what a build restricted to some
 * kinds (`--only`) makes. */
enum artefact_group { GROUP_PAGE, GROUP_FEED, GROUP_DATA, GROUP_ASSET };

/** What a maker reads, so that an artefact none of whose inputs has changed need not be made again.
 * What every maker may read is not among them: the program and its options, content/site.yaml, the
 * theme, and which addresses the plan has. */
enum artefact_input {
    INPUT_DATA = 1,  /* data/: registers, code lists, principles */
    INPUT_CASES = 2, /* all that lies in content/cases/ */
    INPUT_FACES = 4, /* of every text its front matter, its headings, its brief sections (parse.h),
                        and how many of its links say nothing; of pictures their sizes */
    INPUT_OTHER_FACES = 64, /* the same, but of no case; cases are told one by one: faces, shown */
    INPUT_ALIKE = 128, /* which cases there are, in which order, and which codes make them alike
                          (facet_likeness) */
    INPUT_DATA_FINDINGS = 8, /* what was found in data/ */
    INPUT_FINDINGS = 16,     /* all that was found */
    INPUT_TEXTS = 32,        /* all that lies in content/ */
};

/** Cases by their indexes. */
struct case_list {
    const int32_t *indexes;
    ptrdiff_t count;
};

struct artefact {
    struct slice address; /* path in the output, no leading slash */
    enum artefact_group group;
    enum render_phase phase;
    bool compressible; /* gets a .gz beside it */
    /** The maker may find that there is nothing to publish: it appends nothing, and there is no
     * such file. Its result stays unknown. */
    bool may_be_absent;
    /** About how long making it takes, beside others, in cells of a table; 0 for what is soon made.
     * Only the order in which threads take things up depends on it. */
    int64_t effort;
    /** Of a page: it really is one in its language, so the language's sitemap names it. Set by
     * who plans the page; not for redirects, error pages, the choice of language, or a text
     * shown to readers of another language for want of a translation. */
    bool is_listed;
    /** Of a page about one thing: the folder (with its slash) or the file in which that is
     * written, so that a preview can show what was found there. Else empty. */
    struct slice written_in;
    /** All that its maker reads: enum artefact_input, or'ed, and beside them the folder of one
     * case, the front matter and headings of some cases in their order (and of those that its maker
     * notes, render_shown), and the sizes and digests of artefacts of earlier phases. 0: nobody has
     * said what it reads, and it is made by every build. */
    unsigned int inputs;
    const struct item *reads_case; /* or NULL */
    const struct item *const *reads_faces;
    ptrdiff_t reads_face_count;
    struct slice reads_results; /* how their addresses begin, or empty */
    /** Appends the bytes to `out`; false with a finding at failure. */
    bool (*make)(const struct render *render, const struct artefact *artefact,
                 struct render_worker *worker, struct buffer *out, struct diag *diag);
    /* What `make` reads; their meaning is the maker's own affair. */
    const void *subject;
    ptrdiff_t number;
    int language;
    const void *detail;
};

/** What became of an artefact, for those that tell of it. */
struct artefact_result {
    bool is_known;
    bool is_asked_for; /* somebody looked for it while it was not known (render_asked_for) */
    int64_t size;
    struct sha256 digest; /* only of artefacts under data/ */
};

struct render_options {
    bool everything;      /* false: pages, lists, feeds and the search's index (for `make bench`) */
    bool without_search;  /* no index either */
    struct slice version; /* of the program, for generator= in feeds and citations */
    /* For what is made while planning (the search index, the table of evidence): a pool of as many
     * threads as there are workers, or NULL; and a folder for temporary files, or empty. */
    struct pool *pool;
    struct slice temporary;
    /* A release: `release.json` tells of it. */
    bool is_release;
    struct slice commit;  /* its commit; empty when there is none */
    int64_t release_time; /* the commit's, or that of the reference date; seconds since 1970 */
    bool is_preview;      /* search engines shall pass over every page */
    /* The site has errors and is shown all the same, while it is written: pages, feeds and assets
     * can be made, with a dash for what is missing; data can't. */
    bool has_errors;
    /* What checking the site found, for quality reports; copied. */
    const struct finding *findings;
    ptrdiff_t finding_count;
};

/** Compile the theme's templates and check them against the vocabulary of names (findings with
 * file and line). NULL when that fails or the site has errors that make rendering senseless.
 * The site must stay as it is. */
struct render *render_open(const struct site *site, const struct render_options *options,
                           int workers, struct diag *diag);
void render_close(struct render *render);

/** All artefacts, sorted by phase, then address; planned once, the same at every call. The array
 * belongs to `render`. An address that two artefacts claim is a finding. */
struct artefact *render_plan(struct render *render, ptrdiff_t *count, struct diag *diag);
/** Index range [*first, *end) of a phase in the plan. */
void render_phase_range(const struct render *render, enum render_phase phase, ptrdiff_t *first,
                        ptrdiff_t *end);
/** Where what is packed lies for others: archives and .gz files have parts in common. */
struct deflate_shelf *render_shelf(const struct render *render);
/** Make one artefact. `worker` in [0, workers). */
bool render_artefact(struct render *render, const struct artefact *artefact, int worker,
                     struct buffer *out, struct diag *diag);
/** The cases that the artefact that `worker` made last shows on its way: whose front matter or
 * headings it has read, beside those of its text. One may be there twice; valid until it makes the
 * next one. */
struct case_list render_shown(const struct render *render, int worker);
/** Tell what became of artefact `index`; thread-safe for different indexes. */
void render_note_result(struct render *render, ptrdiff_t index,
                        const struct artefact_result *result);
/** The artefacts of a phase whose addresses begin with `start`; they stand side by side. */
const struct artefact *render_beginning(const struct render *render, enum render_phase phase,
                                        struct slice start, ptrdiff_t *count);
/** The result of an address, or NULL when it is not known (yet). */
const struct artefact_result *render_result(const struct render *render, struct slice address);

/* ---- One artefact without the others, for previews ---- */

/** Index of an address in the plan, or -1. */
ptrdiff_t render_find(const struct render *render, struct slice address);
/** The next artefact, from index `from`, whose result a maker looked for in vain; -1 when there is
 * none. To make one of a later phase alone: make it, then those, note their results, make it
 * again. Thread-safe, but for notes. */
ptrdiff_t render_asked_for(const struct render *render, ptrdiff_t from);
/** A view of `render` in which the pages of one item tell of the item as `site` has it, a site by
 * site_read_again(); all else is as it was. It shares workers and results with `render`, lives in
 * `arena`, and is not closed. */
struct render *render_with_item(const struct render *render, const struct site *site,
                                const struct item *was, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
