/*
 * Sitemaps: one a language, with every page that really is in it. A page that is shown to readers
 * of one language in the words of another stands in the sitemap of that other one alone.
 */
#include "feed.h"

#define PROTOCOL_MOST 50000
/* Languages with which that many addresses of usual length stay well under 50 MB. */
#define LANGUAGES_USUAL 4

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define NAMESPACE "http://www.sitemaps.org/schemas/sitemap/0.9"

ptrdiff_t sitemap_most(const struct site *site)
{
    return site->language_count <= LANGUAGES_USUAL
               ? PROTOCOL_MOST
               : PROTOCOL_MOST * LANGUAGES_USUAL / site->language_count;
}

struct slice sitemap_address(const struct site *site, int language, ptrdiff_t part,
                             struct arena *arena)
{
    struct slice name =
        part == 0 ? SLICE("sitemap.xml") : arena_format(arena, "sitemap-%td.xml", part + 1);
    return address_in_language(site, language, name, arena);
}

/* ---- One page ---- */

/* What stands behind `ja/` in the address of a page. */
static struct slice rest_of(const struct site *site, const struct artefact *page)
{
    return slice_from(page->address, site->languages[page->language].tag.length + 1);
}

/* The item whose page has this rest, `cases/<id>/index.html` or `<id>/index.html`, or NULL. */
static const struct item *item_at(const struct site *site, struct slice rest)
{
    struct slice ending = SLICE("/index.html");
    if (!slice_ends_with(rest, ending)) {
        return NULL;
    }
    rest = slice_sub(rest, 0, rest.length - ending.length);
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        struct slice folder =
            kind == ITEM_PAGE ? SLICE("") : item_kind_folder((enum item_kind)kind);
        struct slice id = rest;
        if (folder.length > 0) {
            if (!slice_starts_with(rest, folder) || rest.length == folder.length ||
                rest.data[folder.length] != '/') {
                continue;
            }
            id = slice_from(rest, folder.length + 1);
        }
        const struct item *item = site_item(site, (enum item_kind)kind, id);
        if (item != NULL) {
            return item;
        }
    }
    return NULL;
}

/* The page of the same rest in another language, when it really is in that language; NULL
 * otherwise. */
static const struct artefact *page_in(const struct render *render, int language, struct slice rest,
                                      struct arena *scratch)
{
    struct slice address = address_in_language(render->site, language, rest, scratch);
    const struct map_entry *entry = map_find(&render->index_by_address, address);
    if (entry == NULL) {
        return NULL;
    }
    const struct artefact *page = &render->plan.data[entry->value.integer];
    return page->is_listed && page->language == language ? page : NULL;
}

/* Itself among them, as search engines want it; nothing for a page in one language only. */
static void put_alternates(const struct render *render, const struct artefact *page,
                           struct slice rest, struct render_worker *worker, struct buffer *out)
{
    const struct site *site = render->site;
    const struct artefact *pages[MODEL_LANGUAGES_MOST];
    int count = 0;
    for (int language = 0; language < site->language_count; language++) {
        pages[language] =
            language == page->language ? page : page_in(render, language, rest, &worker->scratch);
        count += pages[language] != NULL ? 1 : 0;
    }
    for (int language = 0; language < site->language_count && count > 1; language++) {
        if (pages[language] != NULL) {
            buffer_append_literal(out, "<xhtml:link rel=\"alternate\" hreflang=\"");
            escape_xml(out, site->languages[language].tag);
            buffer_append_literal(out, "\" href=\"");
            feed_url(site, pages[language]->address, &worker->buffer, out);
            buffer_append_literal(out, "\"/>\n");
        }
    }
}

static void put_page(const struct render *render, const struct artefact *page,
                     struct render_worker *worker, struct buffer *out)
{
    const struct site *site = render->site;
    struct slice rest = rest_of(site, page);
    const struct item *item = item_at(site, rest);
    buffer_append_literal(out, "<url>\n<loc>");
    feed_url(site, page->address, &worker->buffer, out);
    buffer_append_literal(out, "</loc>\n");
    if (item != NULL && item->updated.precision != DATE_NONE) {
        buffer_append_literal(out, "<lastmod>");
        feed_date(item->updated, &worker->scratch, out);
        buffer_append_literal(out, "</lastmod>\n");
    }
    put_alternates(render, page, rest, worker, out);
    buffer_append_literal(out, "</url>\n");
    arena_clear(&worker->scratch);
}

/* ---- The files ---- */

bool make_sitemap(const struct render *render, const struct artefact *artefact,
                  struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    ptrdiff_t most = sitemap_most(render->site);
    ptrdiff_t number = 0;
    buffer_append_literal(out, XML_HEAD "<urlset xmlns=\"" NAMESPACE
                                        "\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        const struct artefact *page = &render->plan.data[i];
        if (!page->is_listed || page->language != artefact->language) {
            continue;
        }
        if (number / most == artefact->number) {
            site_pass(render->site, i);
            put_page(render, page, worker, out);
        }
        number++;
    }
    buffer_append_literal(out, "</urlset>\n");
    return true;
}

bool make_sitemap_index(const struct render *render, const struct artefact *artefact,
                        struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)artefact;
    (void)diag;
    const struct site *site = render->site;
    buffer_append_literal(out, XML_HEAD "<sitemapindex xmlns=\"" NAMESPACE "\">\n");
    for (int language = 0; language < site->language_count; language++) {
        for (ptrdiff_t part = 0;; part++) {
            struct slice address = sitemap_address(site, language, part, &worker->scratch);
            if (map_find(&render->index_by_address, address) == NULL) {
                break;
            }
            buffer_append_literal(out, "<sitemap>\n<loc>");
            feed_url(site, address, &worker->buffer, out);
            buffer_append_literal(out, "</loc>\n</sitemap>\n");
        }
    }
    buffer_append_literal(out, "</sitemapindex>\n");
    return true;
}
