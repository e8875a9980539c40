/*
 * A dataset is what is published as data: a register, a code list, the cases (by the names of
 * GIF DS-451-3), or what follows from the principles (principles.def). Every form of it, one row of
 * formats.def each, is made from the same columns and rows, so all forms hold the same values
 * (rulings 5 and 13). Private columns are not among them.
 *
 * Pages that tell of a dataset use what stands here: columns, number of rows, and the addresses of
 * the forms, whose sizes render_result() knows from PHASE_PAGES on.
 */
#ifndef KYODO_RENDER_DATASET_H
#define KYODO_RENDER_DATASET_H

#include "evidence.h"
#include "kept_rows.h"
#include "render_internal.h"
#include "upkeep.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Columns and rows ---- */

struct dataset_column {
    struct slice name;
    struct slice json_key; /* the name as a key of JSON, by json_key_text() */
    enum column_type type;
    /* One a language of the site. A description may be empty. */
    struct slice labels[MODEL_LANGUAGES_MOST];
    struct slice descriptions[MODEL_LANGUAGES_MOST];
    struct slice unit[MODEL_LANGUAGES_MOST];
    const struct codelist *codelist; /* what its codes mean, or NULL */
    char delimiter;                  /* of a COLUMN_LIST */
    bool is_required;
    bool is_original;        /* the source's own text of the column before it */
    const struct column *of; /* the register's column; NULL in the cases */
    int index;               /* the register's column, or a number of the maker's own */
    int language;            /* of the words in it; -1 when they are of none in particular */
};

struct dataset {
    struct slice name;
    const struct site *site;
    const struct table *table;             /* NULL for what no register holds */
    const struct evidence_table *evidence; /* of what follows from the principles; else NULL */
    const void *detail;                    /* the maker's own */
    struct slice labels[MODEL_LANGUAGES_MOST];
    struct slice descriptions[MODEL_LANGUAGES_MOST];
    struct date updated; /* DATE_NONE when nobody says */
    struct dataset_column *columns;
    int column_count;
    ptrdiff_t row_count;
    /* Columns of which only counts whether a cell is filled: any text may stand there for a long
     * one. NULL: of none. */
    const bool *counts_filled;
    struct kept_rows *kept; /* where rows wait for the next form; NULL: nowhere */
    /** Fill `cells`, one a column, in the lexical form of the model's tables; data NULL = no value.
     * What is not in the site already lives in `scratch`. */
    void (*row)(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch,
                struct slice *cells);
};

#define DATASET_CASES SLICE("cases")
bool dataset_is_cases(const struct dataset *dataset);

/** What follows from the principles: rows of principles.def. */
enum derived_dataset {
#define DERIVED(name, ...) DERIVED_##name,
#define COLUMN(...)
#include "principles.def"
#undef DERIVED
#undef COLUMN
    DERIVED_DATASETS
};

/** Both live in `arena`; slices point into the site. */
struct dataset *dataset_of_table(const struct site *site, const struct table *table,
                                 struct arena *arena);
struct dataset *dataset_of_cases(const struct site *site, struct arena *arena);
/** Of two days the later one; any day is later than none. */
struct date dataset_later(struct date a, struct date b);
/** The newest date that a case gives of itself; DATE_NONE when none does. */
struct date dataset_cases_updated(const struct site *site);
struct dataset *dataset_of_principles(const struct evidence_table *table,
                                      enum derived_dataset which, struct arena *arena);
struct dataset *dataset_of_translations(const struct site *site, const struct upkeep *upkeep,
                                        struct arena *arena);
/** The datasets that no register holds, by number: the cases, then what follows from the
 * principles, then the state of translations. NULL when the site has none of that number: no
 * principles, one language, or a register of that name. */
#define DATASETS_MADE (1 + DERIVED_DATASETS + 1)
const struct dataset *dataset_made(const struct render *render, int number);
/** All of them, in the order in which packages and pages list them. */
const struct dataset **datasets_of_site(const struct render *render, struct arena *arena,
                                        ptrdiff_t *count);
/** A column of a dataset that is made and not read: a row of its maker's table. */
struct made_column {
    const char *name;
    enum column_type type;
    bool has_words;       /* it stands there once a language */
    const char *codelist; /* empty: none */
    const char *label[INTERFACE_LANGUAGES];
    const char *about[INTERFACE_LANGUAGES];
};
/** Append it to the dataset's columns, for which there is room: one, or one a language, named after
 * it from the second on. `index` is the maker's own number of it; `id` is required. */
void dataset_add_column(struct dataset *dataset, const struct made_column *made, int index,
                        struct arena *arena);
/** Name and description in every language of the site. */
void dataset_set_words(struct dataset *dataset, const char *const label[INTERFACE_LANGUAGES],
                       const char *const about[INTERFACE_LANGUAGES]);
/** Of a public column, or -1. */
int dataset_column_by_name(const struct dataset *dataset, struct slice name);
/** The column that names a row, or -1. */
int dataset_key(const struct dataset *dataset);
/** The column that tells readers which row it is, or the key; -1 when there is neither. */
int dataset_title(const struct dataset *dataset);
/** Whether the column has a code list that no column before it has. */
bool dataset_shows_codelist(const struct dataset *dataset, int column);
/** Where the rows lie (WGS 84, degrees): the first column of type geojson, else of type geopoint,
 * else two of numbers by the names of the municipal standard. The others are -1. */
struct places {
    int geometry;
    int point;
    int latitude, longitude;
};
struct places dataset_places(const struct dataset *dataset);
bool dataset_has_places(const struct dataset *dataset);
/** For artefact.effort: of going through its rows. */
int64_t dataset_effort(const struct dataset *dataset);
/** "string", "list": Table Schema's names. */
struct slice dataset_type_name(enum column_type type);

/** Called once a row, in order; `cells` (one a column) are gone afterwards. */
typedef void (*dataset_visit)(void *context, ptrdiff_t row, const struct slice *cells);
void dataset_rows(const struct dataset *dataset, dataset_visit visit, void *context);

/* ---- Forms ---- */

enum dataset_form_id {
#define FORMAT(identifier, ...) DATASET_FORM_##identifier,
#include "formats.def"
#undef FORMAT
    DATASET_FORMS
};

/** Which datasets have the form. */
enum dataset_offer {
    OFFER_ALWAYS,
    OFFER_PLACES, /* with coordinates */
    OFFER_CASES,
    OFFER_LOSSLESS /* that the form can hold: known only when it is made */
};

struct dataset_form {
    struct slice suffix;                     /* ".csv" */
    struct slice media_type;                 /* "text/csv" */
    struct slice label[INTERFACE_LANGUAGES]; /* what a reader picks: "CSV", "CSV（Excel用）" */
    struct slice about[INTERFACE_LANGUAGES]; /* one sentence: what is in it, for whom */
    enum dataset_offer offer;
    bool compressible;
    /** Append the file's bytes; one shape for all forms. Nothing appended: the dataset has no such
     * form (not OFFER_ALWAYS). False with a finding at failure. */
    bool (*make)(const struct render *render, const struct dataset *dataset,
                 struct render_worker *worker, struct buffer *out, struct diag *diag);
};
const struct dataset_form *dataset_form(enum dataset_form_id form);
/** Whether the dataset has the form, as far as its columns tell. */
bool dataset_offers(const struct dataset *dataset, enum dataset_form_id form);
/** "data/projects.excel.csv" */
struct slice dataset_address(struct slice dataset, enum dataset_form_id form, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
