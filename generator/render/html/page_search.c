/* The search page. Without JavaScript, or without an index, it offers the ways in and the lists. */
#include "html_index.h"
#include "page.h"
#include "pages.h"
#include "search.h"
#include "ways.h"

static struct slice in_language(const struct page *page, struct slice rest)
{
    return address_in_language(page->site, page->language, rest, page->arena);
}

static void add_list(const struct page *page, enum string_id label, const char *rest)
{
    add_link(page->content, NAME_search_LIST, html_string(page, label),
             page_url(page, in_language(page, slice_of(rest))), (struct slice){0});
}

static void add_lists(const struct page *page)
{
    const struct site *site = page->site;
    add_list(page, STRING_cases, "cases/");
    add_list(page, STRING_cases_by, "cases/by/");
    add_list(page, STRING_news, "news/");
    add_list(page, STRING_meetings, "meetings/");
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        const struct table *table = &site->tables[i];
        if (table->has_pages && html_has_register_page(site, table)) {
            add_link(page->content, NAME_search_LIST,
                     html_text(page, table->labels[page->language]),
                     page_url(page, address_table(site, table, page->language, page->arena)),
                     (struct slice){0});
        }
    }
}

/* In the order of the index: search_facets.c. */
static void add_narrow(const struct page *page, const struct facet *facet)
{
    struct dictionary *narrow = dictionary_add(page->content, NAME_search_NARROW);
    dictionary_set(narrow, NAME_choice_of_code_NAME, facet_name(facet->id));
    dictionary_set(narrow, NAME_choice_of_code_LABEL,
                   html_text(page, facet_label(facet->id, page->labels)));
    for (ptrdiff_t i = 0; i < facet->count; i++) {
        struct dictionary *code = dictionary_add(narrow, NAME_choice_of_code_CODE);
        dictionary_set(code, NAME_code_choice_CODE, facet->entries[i].code);
        dictionary_set(code, NAME_code_choice_LABEL,
                       html_text(page, way_entry_label(page, facet, &facet->entries[i])));
    }
}

static void add_index(const struct page *page)
{
    const struct site *site = page->site;
    dictionary_set(page->content, NAME_search_ROOT,
                   page_url(page, address_home(site, page->language, page->arena)));
    struct slice manifest = search_manifest(page->render, page->language);
    if (manifest.length == 0) {
        return;
    }
    dictionary_set(page->content, NAME_search_SCRIPT, page_url(page, page->theme->search));
    dictionary_set(page->content, NAME_search_INDEX, page_url(page, manifest));
    for (int i = 0; i < FACET_COUNT; i++) {
        if (site->facets[i].count > 0 && facet_is_way((enum facet_id)i)) {
            add_narrow(page, &site->facets[i]);
        }
    }
    for (int language = 0; language < site->language_count; language++) {
        if (language != page->language) {
            struct dictionary *other = dictionary_add(page->content, NAME_search_OTHER);
            struct slice address =
                address_in_language(site, language, SLICE("search/"), page->arena);
            dictionary_set(other, NAME_language_link_HREFLANG, site->languages[language].tag);
            dictionary_set(other, NAME_language_link_NAME, site->languages[language].name);
            dictionary_set(other, NAME_language_link_URL, page_url(page, address));
        }
    }
}

bool make_search(const struct render *render, const struct artefact *artefact,
                 struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_search, artefact->language);
    page_alternates(&page, page_rest(&page), NULL);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(page.site, page.language, page.arena));
    page_crumb(&page, html_string(&page, STRING_search), (struct slice){0});
    add_ways(&page, NAME_search_WAY);
    add_lists(&page);
    add_index(&page);
    page_end(&page, page_string(&page, STRING_search), page_string(&page, STRING_search_lead), out);
    return true;
}
