/* The frameworks: all of them by city, and each with its items. */
#include "page.h"
#include "pages.h"

static struct slice html_of(const struct page *page, const struct record *record,
                            enum field_id field)
{
    const struct value *value = record_get(record, field);
    ptrdiff_t start = markup_begin(page);
    put_value(page, value);
    return markup_end(page, start);
}

static void add_overview(struct page *page, struct dictionary *block,
                         const struct framework *framework)
{
    const struct record *record = framework->record;
    struct slice address = address_framework(page->site, framework, page->language, page->arena);
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_HEADING,
                   html_link(page, address, html_word(page, record, FIELD_framework_title)));
    static const enum field_id facts[] = {FIELD_framework_rank_note, FIELD_framework_definition,
                                          FIELD_framework_adopted};
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        add_fact_of_value(page, part, NAME_part_FACT, record, facts[i], false);
    }
    struct value_list items = record_list(record, FIELD_framework_items);
    add_fact(part, NAME_part_FACT, html_label(page, FIELD_framework_items),
             html_pattern(page, STRING_principles_items, text_integer(page, items.count),
                          (struct slice){0}));
}

/* Frameworks of one city, the highest of its documents first. */
static void add_city(struct page *page, const struct code_entry *city)
{
    const struct site *site = page->site;
    struct dictionary *block = NULL;
    int64_t last = INT64_MIN;
    for (;;) {
        /* The next rank, smallest first; equal ranks by id, which is the order of the array. */
        int64_t rank = INT64_MAX;
        for (ptrdiff_t i = 0; i < site->framework_count; i++) {
            const struct record *record = site->frameworks[i].record;
            const struct value *value = record_get(record, FIELD_framework_rank);
            int64_t own = value_is_stated(value) ? value->as.integer : INT64_MAX - 1;
            if (record_code(record, FIELD_framework_city) == city && own > last && own < rank) {
                rank = own;
            }
        }
        if (rank == INT64_MAX) {
            return;
        }
        if (!block) {
            block = add_block(
                page->content, NAME_article_BLOCK,
                ARENA_JOIN(page->arena, SLICE("city-"), city ? city->code : SLICE("other")),
                city ? html_text(page, code_label(city, page->text))
                     : html_string(page, STRING_area_other));
        }
        for (ptrdiff_t i = 0; i < site->framework_count; i++) {
            const struct record *record = site->frameworks[i].record;
            const struct value *value = record_get(record, FIELD_framework_rank);
            int64_t own = value_is_stated(value) ? value->as.integer : INT64_MAX - 1;
            if (record_code(record, FIELD_framework_city) == city && own == rank) {
                add_overview(page, block, &site->frameworks[i]);
            }
        }
        last = rank;
    }
}

bool make_frameworks(const struct render *render, const struct artefact *artefact,
                     struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article, artefact->language);
    const struct site *site = page.site;
    page.unofficial = true;
    page_alternates(&page, page_rest(&page), NULL);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(site, page.language, page.arena));
    page_crumb(&page, html_string(&page, STRING_principles), (struct slice){0});
    dictionary_set(page.content, NAME_article_TITLE, html_string(&page, STRING_principles));
    ptrdiff_t start = markup_begin(&page);
    put_paragraphs(&page, page_string(&page, STRING_principles_lead), -1);
    dictionary_set(page.content, NAME_article_SUMMARY, markup_end(&page, start));
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        const struct code_entry *city =
            record_code(site->frameworks[i].record, FIELD_framework_city);
        bool is_first = true;
        for (ptrdiff_t k = 0; k < i; k++) {
            is_first =
                is_first && record_code(site->frameworks[k].record, FIELD_framework_city) != city;
        }
        if (is_first) {
            add_city(&page, city);
        }
    }
    page_end(&page, page_string(&page, STRING_principles),
             page_string(&page, STRING_principles_lead), out);
    return true;
}

/* ---- One framework ---- */

static void put_labelled(const struct page *page, enum string_id label, struct slice html)
{
    if (html.length > 0) {
        PUT(page, "<p class=\"note\">");
        put_string(page, label);
        PUT(page, ": ");
        put_html(page, html);
        PUT(page, "</p>\n");
    }
}

static void add_item(struct page *page, struct dictionary *block, const struct record *item)
{
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_ID, record_text(item, FIELD_framework_item_id));
    ptrdiff_t start = markup_begin(page);
    struct slice number = record_text(item, FIELD_framework_item_number);
    if (number.length > 0) {
        PUT(page, "<span class=\"item-number\">");
        put_text(page, number);
        PUT(page, "</span> ");
    }
    put_html(page, html_word(page, item, FIELD_framework_item_label));
    dictionary_set(part, NAME_part_HEADING, markup_end(page, start));
    put_html(page, html_paragraphs(page, item, FIELD_framework_item_meaning));
    put_html(page, html_paragraphs(page, item, FIELD_framework_item_note));
    put_labelled(page, STRING_item_place, html_of(page, item, FIELD_framework_item_place));
    struct slice prose = markup_end(page, start);
    dictionary_set_some(part, NAME_part_PROSE, prose);
}

/* Items of a kind under the name of the kind, in the order in which the kinds first come. */
static void add_items(struct page *page, struct value_list items)
{
    for (ptrdiff_t i = 0; i < items.count; i++) {
        const struct code_entry *kind =
            record_code(items.items[i].as.group, FIELD_framework_item_kind);
        bool is_first = true;
        for (ptrdiff_t k = 0; k < i && is_first; k++) {
            is_first = record_code(items.items[k].as.group, FIELD_framework_item_kind) != kind;
        }
        if (!is_first) {
            continue;
        }
        struct dictionary *block =
            add_block(page->content, NAME_article_BLOCK,
                      ARENA_JOIN(page->arena, SLICE("kind-"), kind ? kind->code : SLICE("other")),
                      kind ? html_text(page, code_label(kind, page->text))
                           : html_string(page, STRING_framework_items));
        for (ptrdiff_t k = i; k < items.count; k++) {
            const struct record *item = items.items[k].as.group;
            if (record_code(item, FIELD_framework_item_kind) == kind) {
                add_item(page, block, item);
            }
        }
    }
}

bool make_framework(const struct render *render, const struct artefact *artefact,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    static const enum field_id facts[] = {
        FIELD_framework_city,    FIELD_framework_issuer,    FIELD_framework_adopted,
        FIELD_framework_revised, FIELD_framework_rank_note, FIELD_framework_source,
        FIELD_framework_place,   FIELD_framework_who,       FIELD_framework_note};
    const struct framework *framework = artefact->subject;
    const struct record *record = framework->record;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article, artefact->language);
    page.unofficial = true;
    page_alternates(&page, page_rest(&page), NULL);
    struct slice title = html_word(&page, record, FIELD_framework_title);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(page.site, page.language, page.arena));
    page_crumb(&page, html_string(&page, STRING_principles),
               address_in_language(page.site, page.language, SLICE("principles/"), page.arena));
    page_crumb(&page, title, (struct slice){0});
    dictionary_set(page.content, NAME_article_KICKER, html_string(&page, STRING_principles));
    dictionary_set(page.content, NAME_article_TITLE, title);
    dictionary_set_some(page.content, NAME_article_SUMMARY,
                        html_paragraphs(&page, record, FIELD_framework_definition));
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        add_fact_of_value(&page, page.content, NAME_article_FACT, record, facts[i], false);
    }
    add_items(&page, record_list(record, FIELD_framework_items));
    page_end(&page, record_word(record, FIELD_framework_title, page.text, NULL),
             record_word(record, FIELD_framework_definition, page.text, NULL), out);
    return true;
}
