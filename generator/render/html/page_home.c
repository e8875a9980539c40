/* The home page: what this is, ways in, the newest cases, a few figures, data, where to begin. */
#include "indicator.h"
#include "page.h"
#include "pages.h"
#include "structured.h"
#include "ways.h"

#define CASES_ON_HOME 6
#define NEWS_ON_HOME 3

static struct slice in_language(const struct page *page, const char *rest)
{
    return address_in_language(page->site, page->language, slice_of(rest), page->arena);
}

static void add_figures(const struct page *page)
{
    struct value_list figures = record_list(page->site->config, FIELD_site_home_figures);
    for (ptrdiff_t i = 0; i < figures.count; i++) {
        const struct reference_value *reference = value_reference(&figures.items[i]);
        if (reference->target != TARGET_ROW) {
            continue;
        }
        const struct table *table = reference->table;
        struct indicator_columns columns;
        indicator_columns(table, &columns);
        struct slice value = html_indicator_value(page, table, reference->row, &columns);
        if (value.length == 0) {
            continue;
        }
        struct dictionary *figure = dictionary_add(page->content, NAME_home_FIGURE);
        dictionary_set(figure, NAME_figure_VALUE, value);
        int actual = page->text;
        struct slice title =
            table_row_title(table, reference->row, page->text, &actual, page->arena);
        dictionary_set(figure, NAME_figure_LABEL,
                       html_link(page, row_address(page, table, reference->row),
                                 html_in_language(page, title, actual)));
        if (columns.as_of >= 0) {
            ptrdiff_t start = markup_begin(page);
            put_cell(page, table, reference->row, columns.as_of);
            dictionary_set_some(figure, NAME_figure_WHEN, markup_end(page, start));
        }
        dictionary_set_some(figure, NAME_figure_SOURCE,
                            html_indicator_source(page, table, reference->row, &columns));
    }
}

/* Pages for those who begin: all but those about data and the site itself. */
static void add_starts(const struct page *page)
{
    static const char *const sections[] = {"about", "start", "window"};
    const struct site *site = page->site;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_PAGE]; i++) {
        const struct item *item = &site->items[ITEM_PAGE][i];
        const struct code_entry *code = record_code(item->record, FIELD_page_section);
        for (size_t k = 0; code && k < sizeof(sections) / sizeof(sections[0]); k++) {
            if (slice_equal(code->code, slice_of(sections[k]))) {
                add_link(page->content, NAME_home_START,
                         html_word(page, item->record, FIELD_page_title),
                         page_url(page, address_item(site, item, page->language, page->arena)),
                         html_word(page, item->record, FIELD_page_summary));
            }
        }
    }
}

static void add_news(const struct page *page)
{
    static const enum item_kind kinds[] = {ITEM_NEWS, ITEM_MEETING};
    int count = 0;
    ptrdiff_t start = markup_begin(page);
    for (int k = 0; k < 2; k++) {
        ptrdiff_t most = page->site->item_counts[kinds[k]];
        for (ptrdiff_t i = 0; i < most && i < NEWS_ON_HOME - 1 && count < NEWS_ON_HOME; i++) {
            put_card(page, &page->site->items[kinds[k]][i], CARD_WHOLE);
            count++;
        }
    }
    dictionary_set_some(page->content, NAME_home_NEWS, markup_end(page, start));
}

/* Examples that a document reports come first, then those that tell most; the newest of equals. */
static int rank_of(const struct record *record)
{
    const struct code_entry *kind = record_code(record, FIELD_case_kind);
    bool is_reported = kind && slice_equal(kind->code, SLICE("reported_example"));
    return case_count_stated(record).stated + (is_reported ? CASE_QUESTIONS + 1 : 0);
}

static void add_cases(const struct page *page)
{
    const struct site *site = page->site;
    const struct item *best[CASES_ON_HOME];
    int ranks[CASES_ON_HOME];
    int count = 0;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct item *item = &site->items[ITEM_CASE][i];
        int rank = rank_of(item->record);
        if (count == CASES_ON_HOME && rank <= ranks[count - 1]) {
            continue;
        }
        int at = count < CASES_ON_HOME ? count++ : count - 1;
        for (; at > 0 && ranks[at - 1] < rank; at--) {
            best[at] = best[at - 1];
            ranks[at] = ranks[at - 1];
        }
        best[at] = item;
        ranks[at] = rank;
    }
    dictionary_set_some(page->content, NAME_home_CARDS, html_cards(page, best, count, CARD_LINE));
}

bool make_home(const struct render *render, const struct artefact *artefact,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_home, artefact->language);
    const struct site *site = page.site;
    struct dictionary *content = page.content;
    page_alternates(&page, (struct slice){0}, NULL);
    dictionary_show(page.root, NAME_page_IS_HOME, true);
    ptrdiff_t count = site->item_counts[ITEM_CASE];
    dictionary_set(
        content, NAME_home_COUNT,
        pattern_text(&page, STRING_cases_count, text_integer(&page, count), (struct slice){0}));
    dictionary_set(content, NAME_home_CASES, page_url(&page, in_language(&page, "cases/")));
    dictionary_set(content, NAME_home_DATA, page_url(&page, in_language(&page, "data/")));
    add_ways(&page, NAME_home_WAY);
    add_cases(&page);
    add_figures(&page);
    if (site_table(site, SLICE("indicators"))) {
        dictionary_set(content, NAME_home_INDICATORS,
                       page_url(&page, in_language(&page, "indicators/")));
    }
    int64_t registers = 0;
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        registers += site->tables[i].is_codelist ? 0 : 1;
    }
    if (registers > 0) {
        dictionary_set(content, NAME_home_DATASETS,
                       pattern_text(&page, STRING_home_datasets, text_integer(&page, registers),
                                    (struct slice){0}));
    }
    add_starts(&page);
    add_news(&page);
    describe_site(&page);
    page_end(&page, record_word(site->config, FIELD_site_title, page.text, NULL),
             record_word(site->config, FIELD_site_tagline, page.text, NULL), out);
    return true;
}
