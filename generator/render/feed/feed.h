/*
 * Private to render/feed: what is made for other programs to follow the site. The Atom feed of each
 * language (RFC 4287), calendars (calendar.h), the sitemaps (sitemaps.org 0.9, with the alternates
 * that search engines read), robots.txt (RFC 9309).
 */
#ifndef KYODO_FEED_H
#define KYODO_FEED_H

#include "render_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Entries of a feed. */
#define FEED_ENTRIES 50

/* `language` is that of the file; `number` of a sitemap, its part from 0. */
bool make_atom(const struct render *render, const struct artefact *artefact,
               struct render_worker *worker, struct buffer *out, struct diag *diag);
bool make_sitemap(const struct render *render, const struct artefact *artefact,
                  struct render_worker *worker, struct buffer *out, struct diag *diag);
bool make_sitemap_index(const struct render *render, const struct artefact *artefact,
                        struct render_worker *worker, struct buffer *out, struct diag *diag);
bool make_robots(const struct render *render, const struct artefact *artefact,
                 struct render_worker *worker, struct buffer *out, struct diag *diag);

/** Most addresses in one sitemap: 50,000 by its protocol, fewer where alternates in many languages
 * would take it beyond the 50 MB that are allowed as well. */
ptrdiff_t sitemap_most(const struct site *site);
/** Address of a part of a language's sitemap: ja/sitemap.xml, ja/sitemap-2.xml. */
struct slice sitemap_address(const struct site *site, int language, ptrdiff_t part,
                             struct arena *arena);

/** Append the whole URL of an address, escaped for XML. `scratch` is emptied. */
void feed_url(const struct site *site, struct slice address, struct buffer *scratch,
              struct buffer *out);
/** Append the first day of a date as 2026-11-22. */
void feed_date(struct date date, struct arena *arena, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
