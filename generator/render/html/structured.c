#include "structured.h"

static struct slice absolute(const struct page *page, struct slice address)
{
    return ARENA_JOIN(page->arena, page->site->base_url, address);
}

static struct slice home_url(const struct page *page)
{
    return absolute(page, address_home(page->site, page->language, page->arena));
}

/* A text of ours without its elements: the names of crumbs are made as HTML. */
static struct slice plain_of(const struct page *page, struct slice html)
{
    static const char *const entities[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t at = 0; at < html.length;) {
        ptrdiff_t next = slice_find_any(html, '<', '&', '&', at);
        put_html(page, slice_sub(html, at, next < 0 ? html.length : next));
        if (next < 0) {
            break;
        }
        struct slice rest = slice_from(html, next);
        if (rest.data[0] == '<') {
            ptrdiff_t end = slice_find_byte(rest, '>', 0);
            at = end < 0 ? html.length : next + end + 1;
            continue;
        }
        struct slice sign = slice_sub(rest, 0, 1);
        at = next + 1;
        for (size_t k = 0; k < sizeof(entities) / sizeof(entities[0]); k++) {
            struct slice entity = slice_of(entities[k][0]);
            if (slice_starts_with(rest, entity)) {
                sign = slice_of(entities[k][1]);
                at = next + entity.length;
                break;
            }
        }
        put_html(page, sign);
    }
    return markup_end(page, start);
}

/* ---- Pieces ---- */

static void member_some(struct json_writer *json, const char *key, struct slice value)
{
    if (value.length > 0) {
        json_member(json, key, value);
    }
}

static void member_date(const struct page *page, struct json_writer *json, const char *key,
                        struct date date)
{
    /* schema.org's dates are those of ISO 8601, which has no fiscal years. */
    if (date.precision != DATE_NONE && date.precision != DATE_FISCAL_YEAR) {
        json_member(json, key, date_iso(page->arena, date));
    }
}

static void write_publisher(const struct page *page, struct json_writer *json)
{
    const struct record *publisher = record_group(page->site->config, FIELD_site_publisher);
    json_object_begin(json);
    json_member(json, "@type", SLICE("Organization"));
    json_member(json, "@id", absolute(page, SLICE("#publisher")));
    json_member(json, "name", record_word(publisher, FIELD_publisher_name, page->text, NULL));
    member_some(json, "url", record_text(publisher, FIELD_publisher_url));
    json_object_end(json);
}

void describe_publisher(const struct page *page, struct json_writer *json, const char *key)
{
    json_key(json, slice_of(key));
    write_publisher(page, json);
}

static void write_site(const struct page *page, struct json_writer *json)
{
    json_key(json, SLICE("isPartOf"));
    json_object_begin(json);
    json_member(json, "@type", SLICE("WebSite"));
    json_member(json, "@id", ARENA_JOIN(page->arena, home_url(page), SLICE("#website")));
    json_member(json, "name",
                record_word(page->site->config, FIELD_site_title, page->language, NULL));
    json_member(json, "url", home_url(page));
    json_object_end(json);
}

static ptrdiff_t begin_object(const struct page *page, struct json_writer *json, const char *type)
{
    ptrdiff_t start = markup_begin(page);
    json_begin(json, page->buffer, false);
    json_object_begin(json);
    json_member(json, "@type", slice_of(type));
    return start;
}

static void end_object(struct page *page, struct json_writer *json, ptrdiff_t start)
{
    json_object_end(json);
    describe(page, markup_end(page, start));
}

void describe(struct page *page, struct slice json)
{
    page->described = page->described.length == 0
                          ? json
                          : ARENA_JOIN(page->arena, page->described, SLICE(","), json);
}

/* ---- What pages are about ---- */

void describe_article(struct page *page, const struct article *article)
{
    const struct record *licence = record_group(page->site->config, FIELD_site_licence);
    struct json_writer json;
    ptrdiff_t start = begin_object(page, &json, article->type);
    json_member(&json, "@id", ARENA_JOIN(page->arena, page->canonical, SLICE("#article")));
    json_member(&json, "headline", article->headline);
    member_some(&json, "description", article->summary);
    json_member(&json, "url", page->canonical);
    json_member(&json, "mainEntityOfPage", page->canonical);
    json_member(&json, "inLanguage", page->site->languages[page->text].tag);
    member_date(page, &json, "datePublished", article->published);
    member_date(page, &json, "dateModified", article->updated);
    if (article->image.length > 0) {
        json_member(&json, "image", absolute(page, article->image));
    }
    member_some(&json, "keywords", article->keywords);
    member_some(&json, "license", record_text(licence, FIELD_licence_url));
    describe_publisher(page, &json, "author");
    describe_publisher(page, &json, "publisher");
    write_site(page, &json);
    end_object(page, &json, start);
    page->is_article = true;
    page->published = article->published;
    page->image = article->image;
}

/* A day, or a time of it with its distance from UTC where the site's time zone is known. */
static struct slice moment_text(const struct page *page, struct date date, int minutes)
{
    struct slice day = date_iso(page->arena, date);
    if (minutes < 0) {
        return day;
    }
    const struct time_zone *zone = site_time_zone(page->site);
    struct slice offset = {0};
    if (zone) {
        int distance = zone->offset < 0 ? -zone->offset : zone->offset;
        offset = arena_format(page->arena, "%c%02d:%02d", zone->offset < 0 ? '-' : '+',
                              distance / 60, distance % 60);
    }
    return arena_format(page->arena, "%.*sT%02d:%02d:00%.*s", SLICE_ARGUMENTS(day), minutes / 60,
                        minutes % 60, SLICE_ARGUMENTS(offset));
}

/* An object that has nothing but a name. */
static void write_named(struct json_writer *json, const char *key, const char *type,
                        struct slice name)
{
    if (name.length > 0) {
        json_key(json, slice_of(key));
        json_object_begin(json);
        json_member(json, "@type", slice_of(type));
        json_member(json, "name", name);
        json_object_end(json);
    }
}

void describe_event(struct page *page, const struct event *event)
{
    int actual;
    struct json_writer json;
    ptrdiff_t start = begin_object(page, &json, "Event");
    json_member(&json, "@id", ARENA_JOIN(page->arena, page->canonical, SLICE("#event")));
    json_member(&json, "name", event_word(event, EVENT_NAME, page->text, &actual, page->arena));
    json_member(&json, "startDate", moment_text(page, event->date, event->begins));
    if (event->begins >= 0 && event->ends > event->begins) {
        json_member(&json, "endDate", moment_text(page, event->date, event->ends));
    }
    write_named(&json, "location", "Place",
                event_word(event, EVENT_PLACE, page->text, &actual, page->arena));
    write_named(&json, "organizer", "Organization",
                event_word(event, EVENT_BODY, page->text, &actual, page->arena));
    member_some(&json, "description",
                event_word(event, EVENT_AGENDA, page->text, &actual, page->arena));
    json_member(&json, "inLanguage", page->site->languages[page->text].tag);
    json_member(&json, "url", page->canonical);
    end_object(page, &json, start);
}

static void write_search(const struct page *page, struct json_writer *json)
{
    json_key(json, SLICE("potentialAction"));
    json_object_begin(json);
    json_member(json, "@type", SLICE("SearchAction"));
    json_key(json, SLICE("target"));
    json_object_begin(json);
    json_member(json, "@type", SLICE("EntryPoint"));
    json_member(json, "urlTemplate",
                ARENA_JOIN(page->arena, home_url(page), SLICE("search/?q={search_term_string}")));
    json_object_end(json);
    json_member(json, "query-input", SLICE("required name=search_term_string"));
    json_object_end(json);
}

void describe_site(struct page *page)
{
    const struct record *config = page->site->config;
    struct json_writer json;
    ptrdiff_t start = begin_object(page, &json, "WebSite");
    json_member(&json, "@id", ARENA_JOIN(page->arena, home_url(page), SLICE("#website")));
    json_member(&json, "name", record_word(config, FIELD_site_title, page->text, NULL));
    json_member(&json, "description", record_word(config, FIELD_site_tagline, page->text, NULL));
    json_member(&json, "url", home_url(page));
    json_member(&json, "inLanguage", page->site->languages[page->text].tag);
    describe_publisher(page, &json, "publisher");
    write_search(page, &json);
    end_object(page, &json, start);
}

/* ---- The graph ---- */

/* The way here from the home page; the last step is this page. */
static void write_crumbs(const struct page *page, struct json_writer *json)
{
    json_object_begin(json);
    json_member(json, "@type", SLICE("BreadcrumbList"));
    json_key(json, SLICE("itemListElement"));
    json_array_begin(json);
    for (int i = 0; i < page->crumb_count; i++) {
        struct slice address = page->crumbs[i].address;
        json_object_begin(json);
        json_member(json, "@type", SLICE("ListItem"));
        json_member_integer(json, "position", i + 1);
        json_member(json, "name", plain_of(page, page->crumbs[i].html));
        json_member(json, "item", address.length > 0 ? absolute(page, address) : page->canonical);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

void put_structured_data(struct page *page)
{
    bool has_way = page->crumb_count > 1 && page->canonical.length > 0;
    if (has_way) {
        struct json_writer json;
        ptrdiff_t start = markup_begin(page);
        json_begin(&json, page->buffer, false);
        write_crumbs(page, &json);
        describe(page, markup_end(page, start));
    }
    if (page->described.length > 0) {
        dictionary_set(page->root, NAME_page_STRUCTURED_DATA,
                       ARENA_JOIN(page->arena,
                                  SLICE("{\"@context\":\"https://schema.org\",\"@graph\":["),
                                  page->described, SLICE("]}")));
    }
}
