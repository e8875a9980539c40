/*
 * What pages need of the whole site: who refers to a row, which columns of a register hold
 * anything. Made once while planning, read from all threads.
 */
#ifndef KYODO_HTML_INDEX_H
#define KYODO_HTML_INDEX_H

#include "render_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Something that refers to a row: an item (case, news, meeting, page), or a row of a register. */
struct incoming {
    const struct incoming *next; /* in the order of lists: items, then rows by table */
    const struct item *item;
    const struct table *table;
    ptrdiff_t row;
};

/** A list of rows tells apart by few columns: the one that names the row, and those here. */
#define LIST_COLUMNS 4

struct table_index {
    struct incoming_list {
        struct incoming *first;
        struct incoming *last;
    } * incoming;            /* one a row; NULL when the rows have no pages */
    int shown[LIST_COLUMNS]; /* the columns of a list, in the register's order */
    int shown_count;
    int reading; /* the column that tells how the name of a row is read, or -1 */
};

/** How much a card, an entry of a list of pages, tells: all, or what fits a line or two. */
enum card_form { CARD_WHOLE, CARD_LINE, CARD_FORMS };

/** Pages at most this deep below the folder of their language share a foot made beforehand. */
#define FOOT_DEPTHS 8

struct html_index {
    struct incoming_list *adopted_from; /* by index of a case: cases that were carried to it */
    struct table_index *tables;         /* side by side with site.tables */
    struct slice feet[MODEL_LANGUAGES_MOST][FOOT_DEPTHS]; /* HTML */
    /* What grows while pages are made, by whoever needs it first; NULL or 0 until then. Cards of
     * cases (put_card), which cases are like each (related.c), and what the columns of each table,
     * and then of each dataset that is none, hold (page_data.c). */
    struct kept_cards {
        struct store *store;
        int64_t *places[CARD_FORMS]; /* side by side with the site's cases */
    } cards[MODEL_LANGUAGES_MOST];
    const struct related **related; /* likewise */
    const struct column_profile **profiles;
};

/** `temporary`: where files for what is large may be made (store_open). */
struct html_index *html_index_make(const struct site *site, struct slice temporary,
                                   struct arena *arena);
/** `index` may be NULL. */
void html_index_release(struct html_index *index);
const struct table_index *html_table_index(const struct render *render, const struct table *table);

/** Registers have pages of their own unless a page of another kind has that address. */
bool html_has_register_page(const struct site *site, const struct table *table);
/** Whether rows of a table have pages (an item of the same address stands for the row). */
bool html_has_row_page(const struct site *site, const struct table *table, ptrdiff_t row);

#ifdef __cplusplus
}
#endif
#endif
