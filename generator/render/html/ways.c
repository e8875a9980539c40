#include "ways.h"

/* あ行 by its code; the first kana of each row stand in order. */
static struct slice row_label(const struct page *page, struct slice code)
{
    static const char *const rows[][2] = {{"kana-a", "あ"},  {"kana-ka", "か"}, {"kana-sa", "さ"},
                                          {"kana-ta", "た"}, {"kana-na", "な"}, {"kana-ha", "は"},
                                          {"kana-ma", "ま"}, {"kana-ya", "や"}, {"kana-ra", "ら"},
                                          {"kana-wa", "わ"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (slice_equal(code, slice_of(rows[i][0]))) {
            return pattern_text(page, STRING_name_row, slice_of(rows[i][1]), (struct slice){0});
        }
    }
    return (struct slice){0};
}

static struct slice name_label(const struct page *page, struct slice code)
{
    if (code.length == 1) {
        return arena_format(page->arena, "%c", code.data[0] - 'a' + 'A');
    }
    if (slice_equal(code, SLICE("letters"))) {
        return page_string(page, STRING_name_letters);
    }
    if (slice_equal(code, SLICE("unread"))) {
        return page_string(page, STRING_name_unread);
    }
    struct slice row = row_label(page, code);
    return row.length > 0 ? row : page_string(page, STRING_name_other);
}

static struct slice year_label(const struct page *page, struct slice code)
{
    struct date date;
    if (date_parse(code, &date) != DATE_OK) {
        return code;
    }
    return pattern_text(
        page, date.precision == DATE_FISCAL_YEAR ? STRING_date_fiscal_year : STRING_date_year,
        text_digits(page, date.year), (struct slice){0});
}

static struct slice quarter_label(const struct page *page, struct slice code)
{
    static const struct {
        const char *code;
        enum string_id label;
    } quarters[] = {{"0", STRING_quarter_1},
                    {"25", STRING_quarter_2},
                    {"50", STRING_quarter_3},
                    {"75", STRING_quarter_4}};
    for (size_t i = 0; i < sizeof(quarters) / sizeof(quarters[0]); i++) {
        if (slice_equal(code, slice_of(quarters[i].code))) {
            return page_string(page, quarters[i].label);
        }
    }
    BUG("no such quarter");
}

struct slice way_entry_label(const struct page *page, const struct facet *facet,
                             const struct facet_entry *entry)
{
    if (entry->with) {
        return pattern_text(page, STRING_pair_of, code_label(entry->of, page->text),
                            code_label(entry->with, page->text));
    }
    if (entry->of) {
        return code_label(entry->of, page->text);
    }
    switch ((int)facet->id) {
    case FACET_year:
        return year_label(page, entry->code);
    case FACET_completeness:
        return quarter_label(page, entry->code);
    case FACET_name:
        return name_label(page, entry->code);
    default:
        return entry->code;
    }
}

struct slice html_way_about(const struct page *page, const struct facet *facet)
{
    struct slice pairs =
        address_in_language(page->site, page->language, SLICE("cases/by/pair/"), page->arena);
    struct slice areas =
        address_in_language(page->site, page->language, SLICE("cases/by/area/"), page->arena);
    switch ((int)facet->id) {
    case FACET_area:
        return html_link(page, areas, html_string(page, STRING_areas_title));
    case FACET_partner:
        return page->site->facets[FACET_pair].count > 0
                   ? html_link(page, pairs, html_string(page, STRING_pairs_title))
                   : (struct slice){0};
    case FACET_completeness:
        return html_string(page, STRING_way_completeness);
    case FACET_name:
        return html_string(page, STRING_way_name);
    default:
        return (struct slice){0};
    }
}

void ways_begin(struct page *page, const struct render *render, struct render_worker *worker,
                const struct artefact *artefact)
{
    const struct site *site = render->site;
    page_begin(page, render, worker, artefact, TEMPLATE_article, artefact->language);
    page_alternates(page, page_rest(page), NULL);
    page_crumb(page, html_string(page, STRING_home),
               address_home(site, page->language, page->arena));
    page_crumb(page, html_string(page, STRING_cases),
               address_in_language(site, page->language, SLICE("cases/"), page->arena));
    page_crumb(page, html_string(page, STRING_cases_by),
               address_in_language(site, page->language, SLICE("cases/by/"), page->arena));
}

static void add_way(const struct page *page, enum name_id section, struct slice html,
                    struct slice id)
{
    struct slice address =
        address_in_language(page->site, page->language, SLICE("cases/by/"), page->arena);
    add_link(page->content, section, html,
             ARENA_JOIN(page->arena, page_url(page, address), SLICE("#"), id), (struct slice){0});
}

void add_ways(const struct page *page, enum name_id section)
{
    const struct site *site = page->site;
    for (int i = 0; i < FACET_COUNT; i++) {
        const struct facet *facet = site_facet(site, (enum facet_id)i, page->language);
        if (facet->count > 0 && facet_is_way(facet->id)) {
            add_way(page, section, html_text(page, facet_label(facet->id, page->labels)),
                    facet_name(facet->id));
        }
    }
    if (page->render->evidence && site->item_counts[ITEM_CASE] > 0) {
        add_way(page, section, html_string(page, STRING_principles), SLICE("principle"));
    }
}
