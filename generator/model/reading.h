/*
 * Private to model: from YAML nodes to records (reading.c), and a translation's words into the
 * original's record (translation.c).
 */
#ifndef KYODO_READING_H
#define KYODO_READING_H

#include "model.h"

/** What a reader of records needs. One a thread and file. */
struct reading {
    const struct site *site;
    struct arena *arena;   /* where records live */
    struct arena *scratch; /* for what is looked at once; may be NULL where there is no body */
    struct diag *diag;
    int language;            /* of the words in this file */
    bool words_are_maps;     /* not per language: `{ja: …, en: …}` */
    struct version *version; /* whose file this is; NULL outside content/ */
};

/** Read a mapping as a record of `shape`; unknown keys, types, codes become findings, and what is
 * wrong is left out. Never NULL. References are left unresolved (resolve.c). */
struct record *reading_record(const struct reading *reading, enum shape_id shape,
                              const struct node *node);
/** Add the words of a translation's mapping to `record`, in reading->language. Facts in it are
 * findings. */
void reading_translation(const struct reading *reading, struct record *record,
                         const struct node *node);
/** Read one value that is not a list, as the field says; false (with findings) when it can't be. */
bool reading_single(const struct reading *reading, const struct field_info *info,
                    enum field_id field, const struct node *node, struct value *value);
/** Give a value room for one word a language, all empty, unless it has some. */
void reading_words(const struct reading *reading, struct value *value);
/** Note that `values[at]` holds this field now; record_get finds it by that. */
void record_set_place(struct arena *arena, struct record *record, enum field_id field, int at);
/** Remember that a field could not be read (record_is_broken). */
void record_break(struct arena *arena, struct record *record, enum field_id field);
/** Give `record` a value of `field`, in its place by order; it must not have one yet. Other values
 * of the record move. */
struct value *record_insert(struct arena *arena, struct record *record, enum field_id field);
/** Make a REFERENCE to `id`, which is kept; what it points at is found when all is read. */
void value_refer(struct arena *arena, struct value *value, struct slice id);
/** Let headings with the id of a PROSE field stand for its text, in one language (ruling 3). */
void reading_sections(const struct reading *reading, struct record *record,
                      const struct version *version);
/** The keys of a shape that come near to `key`, or all of them, as one text for a finding. */
struct slice reading_nearest_keys(struct arena *arena, enum shape_id shape, struct slice key);
/** The nearest of `count` names, or {NULL, 0}. */
struct slice nearest_name(struct slice name, const struct slice *names, ptrdiff_t count);

/** Resolve every REFERENCE of the site's records (resolve.c); findings for what is not found. */
void resolve_site(struct site *site, struct pool *pool, struct diag *diag);
/** The same for the record of one item, with what worker `worker` has. */
void resolve_item_record(struct site *site, const struct item *item, int worker, struct diag *diag);

/** The parts of site_build, in their order; each in the file of its name. */
/** site.yaml in two steps: the languages, which everything else is read by, and the rest, which
 * needs the code lists. */
bool config_languages(struct site *site, struct diag *diag);
/** False with a finding when a language has no text while many texts are in one that the site does
 * not name: the name is wrong, and every text would be another finding. */
bool config_languages_fit(const struct site *site, struct diag *diag);
void config_build(struct site *site, const struct site_options *options, struct diag *diag);
/** Read data/datapackage.json and every CSV into site->tables: types, constraints, keys, foreign
 * keys between tables. */
void registers_build(struct site *site, struct pool *pool, struct diag *diag);
void codelists_build(struct site *site, struct diag *diag);
/** Tie columns to their code lists and referenced tables and check every cell against them. */
void registers_link(struct site *site, struct pool *pool, struct diag *diag);
void frameworks_build(struct site *site, struct diag *diag);
void assets_build(struct site *site, struct pool *pool, struct diag *diag);
void items_build(struct site *site, const struct site_options *options, struct pool *pool,
                 struct diag *diag);
/** Read the texts of one item again, by worker 0 of the site; its index is left to the caller. */
void item_read_again(struct site *site, const struct item *was, struct item *item,
                     struct diag *diag);
/** Facts of the register of projects become values of the cases that name them (ruling 1). */
void projects_merge(struct site *site, struct item *cases, ptrdiff_t count, struct diag *diag);
/** For each field of a case the column of the register of projects that holds it too, or -1;
 * `columns` has room for FIELD_COUNT. */
void projects_shared_columns(const struct table *table, int *columns);
/** A cell as if it had been written in the front matter; false when it says nothing that can be
 * read. */
bool projects_read_cell(const struct reading *reading, enum field_id field,
                        const struct table *table, ptrdiff_t row, int column, struct value *value);
/** Rows that no case names, as records of their own (project_records.c). */
void project_records_build(struct site *site);
void theme_build(struct site *site, const struct site_options *options, struct diag *diag);
/** site->examples, from the folder of what is installed. */
void examples_build(struct site *site, const struct site_options *options);
/** Hash, published name and size in pixels of one file's bytes. */
void asset_describe(struct asset *asset, struct slice bytes, struct arena *arena);
/** Whether an SVG holds what a browser would run when somebody opens it by itself: programs,
 * events, addresses that run one, HTML, style sheets of XSLT, entities that could stand for any of
 * these. */
bool svg_runs_code(struct slice svg);
/** How many links of a document have words that say nothing of where they lead. */
int link_count_vague(const struct document *document);
void facets_build(struct site *site, struct pool *pool);
void names_build(struct site *site, struct arena *arena);

/** Read a source of a tree and remember it for release. NULL with a finding when it can't be read.
 */
struct source *site_read_source(struct site *site, const struct tree *tree, struct slice path,
                                int64_t limit, struct diag *diag);
void site_keep_source(struct site *site, struct source *source);

#endif
