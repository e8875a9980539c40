/* Lists: all cases, the cases of one way to browse, news, meetings; and the overview of all ways.
 */
#include "html_index.h"
#include "page.h"
#include "pages.h"
#include "register_table.h"
#include "ways.h"

#include "calendar.h"
#include "dataset.h"
#include "list_file.h"

static struct slice in_language(const struct page *page, const char *rest)
{
    return address_in_language(page->site, page->language, slice_of(rest), page->arena);
}

static void begin(struct page *page, const struct render *render, struct render_worker *worker,
                  const struct artefact *artefact, enum template_id template)
{
    page_begin(page, render, worker, artefact, template, artefact->language);
    page_alternates_known(page, page_rest(page), SLICE("cases/by/"));
    page_crumb(page, html_string(page, STRING_home),
               address_home(page->site, page->language, page->arena));
}

static struct slice text_count(const struct page *page, enum string_id pattern, ptrdiff_t count)
{
    return pattern_text(page, pattern, text_integer(page, count), (struct slice){0});
}

/* The title of a list, and of its parts. */
static struct slice part_title(const struct page *page, struct slice title, ptrdiff_t number)
{
    if (number == 0) {
        return title;
    }
    return pattern_text(
        page, STRING_list_title_page, title,
        pattern_text(page, STRING_page_of, text_digits(page, number), (struct slice){0}));
}

/* Items of a kind, from `first` to before `end`. */
static void add_cards(const struct page *page, enum item_kind kind, ptrdiff_t first, ptrdiff_t end)
{
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = first; i < end; i++) {
        put_card(page, &page->site->items[kind][i], CARD_WHOLE);
    }
    dictionary_set_some(page->content, NAME_list_CARDS, markup_end(page, start));
}

/* ---- Cases ---- */

/* The cases of the list as a file. */
static void add_file(const struct page *page, struct slice address)
{
    if (!page_knows(page, address)) {
        return;
    }
    const struct artefact_result *result = render_result(page->render, address);
    add_link(page->content, NAME_list_DOWNLOAD, html_string(page, STRING_list_csv),
             page_url(page, address),
             result ? html_text(page, text_size(page, result->size)) : (struct slice){0});
}

bool make_case_list(const struct render *render, const struct artefact *artefact,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    begin(&page, render, worker, artefact, TEMPLATE_list);
    const struct site *site = page.site;
    ptrdiff_t count = site->item_counts[ITEM_CASE];
    struct slice title = part_title(&page, page_string(&page, STRING_cases), artefact->number);
    page_crumb(&page, html_string(&page, STRING_cases),
               artefact->number > 0 ? in_language(&page, "cases/") : (struct slice){0});
    dictionary_set(page.content, NAME_list_TITLE, html_text(&page, title));
    dictionary_set(page.content, NAME_list_LEAD, html_string(&page, STRING_cases_lead));
    dictionary_set(page.content, NAME_list_COUNT, text_count(&page, STRING_cases_count, count));
    add_ways(&page, NAME_list_WAY);
    ptrdiff_t first;
    ptrdiff_t end;
    list_range(count, artefact->number, &first, &end);
    add_cards(&page, ITEM_CASE, first, end);
    if (count == 0) {
        dictionary_set(page.content, NAME_list_EMPTY, html_string(&page, STRING_cases_empty));
    }
    add_pager(&page, NAME_list_PAGER, in_language(&page, "cases/"), count, artefact->number, true);
    add_file(&page, dataset_address(DATASET_CASES, DATASET_FORM_csv, page.arena));
    page_end(&page, title, page_string(&page, STRING_cases_lead), out);
    return true;
}

bool make_facet_list(const struct render *render, const struct artefact *artefact,
                     struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct facet_entry *entry = artefact->subject;
    const struct facet *facet = artefact->detail;
    bool by_name = facet->id == FACET_name;
    struct page page;
    begin(&page, render, worker, artefact, TEMPLATE_list);
    struct slice label = way_entry_label(&page, facet, entry);
    struct slice way = facet_label(facet->id, page.labels);
    /* "Three quarters or more" says nothing without its way. */
    bool needs_way = by_name || facet->id == FACET_completeness;
    struct slice name =
        pattern_text(&page, needs_way ? STRING_cases_by_way : STRING_cases_of, label, way);
    struct slice title = part_title(&page, name, artefact->number);
    struct slice base = address_facet(page.site, facet->id, entry, page.language, page.arena);
    page_crumb(&page, html_string(&page, STRING_cases), in_language(&page, "cases/"));
    page_crumb(&page, html_string(&page, STRING_cases_by), in_language(&page, "cases/by/"));
    page_crumb(&page, html_text(&page, label), (struct slice){0});
    dictionary_set(page.content, NAME_list_TITLE, html_text(&page, title));
    dictionary_set(page.content, NAME_list_COUNT,
                   text_count(&page, STRING_cases_count, entry->count));
    if (entry->of && !entry->with) {
        dictionary_set_some(page.content, NAME_list_LEAD,
                            html_text(&page, entry->of->descriptions[page.text]));
    } else {
        dictionary_set_some(page.content, NAME_list_LEAD, html_way_about(&page, facet));
    }
    ptrdiff_t first;
    ptrdiff_t end;
    list_range(entry->count, artefact->number, &first, &end);
    dictionary_set_some(
        page.content, NAME_list_CARDS,
        html_cards(&page, entry->cases + first, end - first, by_name ? CARD_LINE : CARD_WHOLE));
    add_pager(&page, NAME_list_PAGER, base, entry->count, artefact->number, !by_name);
    add_file(&page, list_file_address(page.site, facet->id, entry, page.language, page.arena));
    page_end(&page, title, name, out);
    return true;
}

/* ---- All ways ---- */

static struct dictionary *add_group(const struct page *page, struct slice id, struct slice heading)
{
    struct dictionary *group = dictionary_add(page->content, NAME_ways_GROUP);
    dictionary_set(group, NAME_link_group_ID, id);
    dictionary_set(group, NAME_link_group_HEADING, heading);
    return group;
}

static void add_facet_group(const struct page *page, const struct facet *facet)
{
    struct dictionary *group = add_group(page, facet_name(facet->id),
                                         html_text(page, facet_label(facet->id, page->labels)));
    dictionary_set_some(group, NAME_link_group_ABOUT, html_way_about(page, facet));
    for (ptrdiff_t k = 0; k < facet->count; k++) {
        const struct facet_entry *entry = &facet->entries[k];
        add_link(group, NAME_link_group_LINK, html_text(page, way_entry_label(page, facet, entry)),
                 page_url(page,
                          address_facet(page->site, facet->id, entry, page->language, page->arena)),
                 text_integer(page, entry->count));
    }
}

/* By the principles of each framework that checks a case. */
static void add_principle_group(const struct page *page)
{
    const struct site *site = page->site;
    const struct evidence_table *table = page->render->evidence;
    if (!table || site->item_counts[ITEM_CASE] == 0) {
        return;
    }
    struct dictionary *group =
        add_group(page, SLICE("principle"), html_string(page, STRING_principles));
    dictionary_set(group, NAME_link_group_ABOUT, html_string(page, STRING_way_principle));
    for (ptrdiff_t f = 0; f < site->framework_count; f++) {
        if (table->framework_cases[f].count > 0) {
            add_link(group, NAME_link_group_LINK,
                     html_word(page, site->frameworks[f].record, FIELD_framework_title),
                     page_url(page, address_framework(site, &site->frameworks[f], page->language,
                                                      page->arena)),
                     text_integer(page, table->framework_cases[f].count));
        }
    }
}

bool make_ways(const struct render *render, const struct artefact *artefact,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    begin(&page, render, worker, artefact, TEMPLATE_ways);
    const struct site *site = page.site;
    page_crumb(&page, html_string(&page, STRING_cases), in_language(&page, "cases/"));
    page_crumb(&page, html_string(&page, STRING_cases_by), (struct slice){0});
    dictionary_set(page.content, NAME_ways_TITLE, html_string(&page, STRING_cases_by));
    dictionary_set(page.content, NAME_ways_LEAD, html_string(&page, STRING_cases_by_lead));
    for (int i = 0; i < FACET_COUNT; i++) {
        const struct facet *facet = site_facet(site, (enum facet_id)i, page.language);
        if (facet->count > 0 && facet_is_way(facet->id)) {
            add_facet_group(&page, facet);
        }
    }
    add_principle_group(&page);
    struct dictionary *all = add_group(&page, SLICE("all"), html_string(&page, STRING_way_all));
    add_link(all, NAME_link_group_LINK, html_string(&page, STRING_way_newest),
             page_url(&page, in_language(&page, "cases/")),
             text_integer(&page, site->item_counts[ITEM_CASE]));
    page_end(&page, page_string(&page, STRING_cases_by), page_string(&page, STRING_cases_by_lead),
             out);
    return true;
}

/* ---- News and meetings ---- */

void add_all_events(const struct page *page, enum name_id section)
{
    struct slice address = calendar_address(page->site, page->language, page->arena);
    if (page_knows(page, address)) {
        add_link(page->content, section, html_string(page, STRING_calendar_all),
                 page_url(page, address), html_string(page, STRING_calendar_about));
    }
}

bool make_item_list(const struct render *render, const struct artefact *artefact,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    enum item_kind kind = (enum item_kind)artefact->number;
    bool is_news = kind == ITEM_NEWS;
    struct page page;
    begin(&page, render, worker, artefact, TEMPLATE_list);
    const struct site *site = page.site;
    struct slice title = page_string(&page, is_news ? STRING_news : STRING_meetings);
    struct slice lead = page_string(&page, is_news ? STRING_news_lead : STRING_meetings_lead);
    page_crumb(&page, html_text(&page, title), (struct slice){0});
    dictionary_set(page.content, NAME_list_TITLE, html_text(&page, title));
    dictionary_set(page.content, NAME_list_LEAD, html_text(&page, lead));
    add_cards(&page, kind, 0, site->item_counts[kind]);
    if (site->item_counts[kind] == 0) {
        dictionary_set(page.content, NAME_list_EMPTY,
                       html_string(&page, is_news ? STRING_news_empty : STRING_meetings_empty));
    }
    add_all_events(&page, NAME_list_DOWNLOAD);
    /* The register of the same name has no other page. */
    const struct table *table = site_table(site, item_kind_folder(kind));
    if (table && table->row_count > 0) {
        dictionary_set(page.content, NAME_list_REGISTER,
                       html_text(&page, table->labels[page.text]));
        dictionary_set_some(page.content, NAME_list_REGISTER_LEAD,
                            html_text(&page, table->descriptions[page.text]));
        register_table(&page, dictionary_add(page.content, NAME_list_TABLE), table, SLICE("rows"),
                       0, table->row_count < REGISTER_PAGE ? table->row_count : REGISTER_PAGE,
                       true);
    }
    page_end(&page, title, lead, out);
    return true;
}
