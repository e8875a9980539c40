/* What feeds and sitemaps share, robots.txt, and the plan of them all. */
#include "feed.h"

#include "calendar.h"

#define INDEX_NAME "index.html"

void feed_url(const struct site *site, struct slice address, struct buffer *scratch,
              struct buffer *out)
{
    /* Folders are what readers see; the file is always index.html. */
    if (slice_ends_with(address, SLICE(INDEX_NAME))) {
        address = slice_sub(address, 0, address.length - (ptrdiff_t)(sizeof(INDEX_NAME) - 1));
    }
    buffer_clear(scratch);
    escape_url_path(scratch, address);
    escape_xml(out, site->base_url);
    escape_xml(out, buffer_slice(scratch));
}

void feed_date(struct date date, struct arena *arena, struct buffer *out)
{
    buffer_append(out, date_iso(arena, date_from_days(date_first_day(date))));
}

bool make_robots(const struct render *render, const struct artefact *artefact,
                 struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)artefact;
    (void)worker;
    (void)diag;
    if (render->options.is_preview) {
        buffer_append_literal(out, "User-agent: *\nDisallow: /\n");
        return true;
    }
    buffer_append_literal(out, "User-agent: *\nAllow: /\n\nSitemap: ");
    buffer_append(out, render->site->base_url);
    buffer_append_literal(out, "sitemap.xml\n");
    return true;
}

/* Pages of a language that its sitemap names. */
static ptrdiff_t count_listed(const struct render *render, int language)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        const struct artefact *artefact = &render->plan.data[i];
        count += artefact->is_listed && artefact->language == language ? 1 : 0;
    }
    return count;
}

/* Everything here tells of pages, so it is planned when they are. */
void feed_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    const struct site *site = render->site;
    struct arena *arena = &render->arena;
    ptrdiff_t most = sitemap_most(site);
    for (int language = 0; language < site->language_count; language++) {
        struct artefact *feed =
            plan_add(render, address_in_language(site, language, SLICE("feed.xml"), arena),
                     GROUP_FEED, PHASE_PAGES, true, make_atom);
        feed->language = language;
        feed->inputs = INPUT_DATA | INPUT_FACES;
        ptrdiff_t listed = count_listed(render, language);
        for (ptrdiff_t part = 0; part * most < listed; part++) {
            struct artefact *sitemap =
                plan_add(render, sitemap_address(site, language, part, arena), GROUP_FEED,
                         PHASE_PAGES, true, make_sitemap);
            sitemap->language = language;
            sitemap->number = part;
            sitemap->inputs =
                INPUT_DATA | INPUT_FACES; /* which pages there are, how new texts are */
        }
    }
    plan_add(render, SLICE("sitemap.xml"), GROUP_FEED, PHASE_PAGES, true, make_sitemap_index);
    plan_add(render, SLICE("robots.txt"), GROUP_FEED, PHASE_PAGES, true, make_robots);
    calendar_plan(render);
}
