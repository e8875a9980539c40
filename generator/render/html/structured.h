/*
 * What pages tell programs, by schema.org: one JSON-LD graph a page, with the way to it from the
 * home page and what its maker adds. It is data in a script element, which no browser runs.
 */
#ifndef KYODO_STRUCTURED_H
#define KYODO_STRUCTURED_H

#include "events.h"
#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

struct article {
    const char *type;               /* of schema.org: "Article", "NewsArticle" */
    struct slice headline, summary; /* plain */
    struct date published;          /* DATE_NONE: not stated */
    struct date updated;
    struct slice image;    /* address of a picture, or empty */
    struct slice keywords; /* plain, apart by commas, or empty */
};

/** Each adds one object to the graph of the page. */
void describe_article(struct page *page, const struct article *article);
void describe_event(struct page *page, const struct event *event);
/** The site with its search, and who publishes it: for the home page. */
void describe_site(struct page *page);
/** An object as JSON, without @context. */
void describe(struct page *page, struct slice json);
/** Fill STRUCTURED_DATA of the layout; page_end() calls it. Nothing when there is nothing to tell.
 */
void put_structured_data(struct page *page);

/** `"key": {organisation that publishes the site}`, for objects that others write. */
void describe_publisher(const struct page *page, struct json_writer *json, const char *key);

#ifdef __cplusplus
}
#endif
#endif
