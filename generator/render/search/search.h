/*
 * Private to render/search: the index that the search page's script reads (assets/search.js of the
 * theme), one a language. There is no server behind it: the script fetches the few files that a
 * query needs.
 *
 *     index.<hash>.json      the manifest: names of all others, first term of each shard
 *     <n>.<hash>.json        a shard: the terms of a range with the documents that hold them
 *     <hash>/<n>.json        a group: the whole text of a few documents
 *     facets.<hash>.json     codes of the cases, for narrowing down
 *
 * all in assets/search/<language>/, under names that hold a hash of their content (ruling 16).
 *
 * How a query is answered. Its parts (between spaces) are folded as the texts are, and cut into
 * terms as the texts were: runs of Han and kana into overlapping bigrams and single characters,
 * everything else into words. The shards tell which documents hold all of the terms, and how high
 * up (title, summary, heading, body). The script then reads the texts of the best of these, keeps
 * those in which each part stands as it was typed, and cuts the lines to show out of them. So a hit
 * is always a true one, the context costs nothing more, and no positions are needed: they would
 * make the list of a common term a hundred times as long.
 *
 * What comes first: the place where the last of the parts stands first (title, summary, heading,
 * body); at one place the texts in which the whole query stands as it was typed; then the rank of
 * the cases. A text is counted as holding the whole query until it has been read, and no text is
 * shown before those that might come before it, so this order is exact for all terms in the shards
 * that have been fetched. A query of Han, kana or whole words needs one shard a term, and they are
 * all fetched at once. The beginning of a word may lie in many shards; of those two are fetched at
 * a time, to stay under 100 kB, and what the later ones hold comes behind.
 *
 * Documents are numbered from the last in rank, so that a new case, which comes first, gets the
 * next number and leaves those of the others as they are.
 *
 * A run of postings depends on the texts of its batch alone, so it is kept for the next time where
 * the site keeps anything (recall.h): most edits leave all batches but one as they are.
 *
 * Making it takes passes over what is too large to be kept: texts and runs of sorted postings go
 * into stores. Each pass is a job for all threads.
 *
 *     documents -> texts, and a sorted run for each batch        search_run.c
 *     runs      -> the terms of each bucket, merged              search_merge.c
 *     buckets   -> shards; texts -> groups                       search_merge.c, search_index.c
 */
#ifndef KYODO_SEARCH_H
#define KYODO_SEARCH_H

#include "recall.h"
#include "render_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What can be found: an item, or (item NULL) a row of a register that has a page. */
struct search_document {
    const struct item *item;
    const struct table *table;
    ptrdiff_t row;
};

/** Where a term stands in a document, best first. */
enum search_tier { TIER_TITLE, TIER_SUMMARY, TIER_HEADING, TIER_BODY, TIER_COUNT };

/** A document's words in one language: nothing that is private, a draft, or in another language. */
struct search_text {
    struct slice address; /* below the folder of the language */
    struct slice about;   /* what kind of thing it is, for readers; not searched */
    struct slice tiers[TIER_COUNT];
};

/** Bytes somewhere in a store. */
struct search_piece {
    const struct store *store;
    int64_t at;
    ptrdiff_t length;
};

/* ---- search_document.c ---- */

/** Everything that can be found in a language, from the last in rank to the first. The cases are
 * the last ones of the array, `*cases` tells how many they are. */
struct search_document *search_documents(const struct render *render, int language,
                                         struct arena *arena, ptrdiff_t *count, ptrdiff_t *cases);
void search_read(const struct render *render, const struct search_document *document, int language,
                 struct arena *arena, struct search_text *text);

/* ---- search_term.c ---- */

/** Append `s` folded by NFKC and case, without default-ignorable characters. */
void search_fold(struct slice s, struct arena *scratch, struct buffer *out);

/** Characters of a word that count; the script verifies the rest. */
#define SEARCH_WORD_MOST 16

/** A term, as bytes of the folded text. */
struct search_term {
    struct slice text;
    uint64_t key; /* of a term that is no word: tells it from all others; 0 for a word */
};
/** Take the next term of a folded text; `at` begins at 0. A wide character gives the pair with the
 * one before it, and itself. False at the end. */
struct search_cursor {
    struct slice text;
    ptrdiff_t at;
    int32_t wide;         /* the wide character before `at`, whose pair is due; 0: none */
    ptrdiff_t wide_start; /* where it begins */
    bool is_single_due;   /* its pair with the one before has been taken, itself not yet */
};
bool search_next_term(struct search_cursor *cursor, struct search_term *term);
/** Order of UTF-16 code units, which is how the script compares strings. */
int search_compare(struct slice a, struct slice b);

/** Terms are dealt out to buckets by their first character, in order. */
#define SEARCH_BUCKETS 488
int search_bucket(struct slice term);

/* ---- search_number.c ---- */

/** Documents of a term, ascending, in runs and in shards: for each its distance from the one before
 * (the first from -1), shifted by these bits, and its tier. */
#define SEARCH_TIER_BITS 2
void search_put_number(struct buffer *out, uint64_t number);
uint64_t search_take_number(struct slice s, ptrdiff_t *at);

/* ---- search_run.c ---- */

/** Documents that are read together. */
#define SEARCH_BATCH 512

/** What became of a batch: the texts of its documents, and its terms with their postings, sorted.
 */
struct search_run {
    int worker; /* who made it */
    const struct store *store;
    int64_t texts[SEARCH_BATCH]; /* of each document: JSON */
    int32_t text_lengths[SEARCH_BATCH];
    const struct store *terms_store;
    int64_t terms;                /* where the first bucket begins */
    int32_t ends[SEARCH_BUCKETS]; /* where each bucket ends, from there */
    struct kept_part part;        /* of the ends and the terms behind them, where they are kept */
};

/** What the passes share. */
struct search_work {
    struct render *render;
    int language;
    struct arena *arena; /* the render's */
    struct search_document *documents;
    ptrdiff_t document_count;
    ptrdiff_t case_count;
    struct search_run *runs;
    ptrdiff_t run_count;
    struct search_piece *buckets; /* of the merged terms */
    struct store **stores;        /* one a worker */
};

/** Run a job for each index, on the pool where there is one. */
void search_each(const struct search_work *work, ptrdiff_t count,
                 void (*job)(void *context, ptrdiff_t index, int worker), void *context);
/** Read all documents: fills `runs`. */
void search_make_runs(struct search_work *work);

/* ---- search_merge.c ---- */

/** Merge the runs: fills `buckets`. */
void search_merge(struct search_work *work);

struct search_shard {
    struct slice first; /* term */
    struct search_piece piece;
};
/** Cut the buckets into shards. */
struct search_shard *search_cut(struct search_work *work, ptrdiff_t *count);

/* ---- search_facets.c ---- */

/** Append the JSON of the facets. */
void search_facets(const struct search_work *work, struct arena *scratch, struct buffer *out);

/* ---- search_index.c ---- */

/** Whether an index is made: not when it was left out, nor for a theme without the script. */
bool search_is_made(const struct render *render);
/** Address of the manifest of a language. */
struct slice search_manifest(const struct render *render, int language);

#ifdef __cplusplus
}
#endif
#endif
