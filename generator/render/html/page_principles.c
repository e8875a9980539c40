/* The frameworks: all of them by city, and each with its place among the city's documents, its
 * items, and its forms of collaboration. */
#include "pages.h"
#include "principles.h"

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
    const struct evidence_table *table = page->render->evidence;
    ptrdiff_t cases = table ? table->framework_cases[framework - page->site->frameworks].count : 0;
    if (cases > 0) {
        add_fact(part, NAME_part_FACT, html_string(page, STRING_cases),
                 html_link(page, matrix_address(page->site, framework, page->language, page->arena),
                           html_pattern(page, STRING_cases_count, text_integer(page, cases),
                                        (struct slice){0})));
    }
}

/* Other ways to look at the principles. */
static void add_ways(struct page *page)
{
    static const struct {
        const char *rest;
        enum string_id label, about;
    } ways[] = {
        {"overview/", STRING_overview_title, STRING_overview_lead},
        {"crosswalk/", STRING_crosswalk_link, STRING_crosswalk_about},
        {"checks/", STRING_checks_title, STRING_checks_lead},
    };
    if (!page->render->evidence) {
        return;
    }
    struct dictionary *part = add_part(add_block(page->content, NAME_article_BLOCK, SLICE("ways"),
                                                 html_string(page, STRING_principles_ways)));
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (i != 1 || page->site->rules->crosswalk) {
            add_item_line(part,
                          html_link(page, principles_address(page, ways[i].rest),
                                    html_string(page, ways[i].label)),
                          html_string(page, ways[i].about));
        }
    }
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
    add_ways(&page);
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

/* How many cases show what of an item. */
static struct slice html_sums(const struct page *page, const struct framework *framework,
                              const struct record *item)
{
    static const enum evidence_state order[] = {EVIDENCE_STATED, EVIDENCE_NOT_STATED,
                                                EVIDENCE_CONTRADICTED, EVIDENCE_NOT_APPLICABLE};
    const struct evidence_table *table = page->render->evidence;
    int number = table ? evidence_table_item(table, framework, item) : -1;
    if (number < 0 || !table->items[number].is_looked_for) {
        return (struct slice){0};
    }
    ptrdiff_t start = markup_begin(page);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        int count = table->items[number].counts[order[i]];
        if (count > 0) {
            PUT(page, " ");
            put_pattern(page, STRING_mark_count, html_mark(page, order[i]),
                        html_pattern(page, STRING_cases_count, text_integer(page, count),
                                     (struct slice){0}));
        }
    }
    return slice_trim(markup_end(page, start));
}

static void add_item(struct page *page, struct dictionary *block, const struct framework *framework,
                     const struct record *item)
{
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_ID, record_text(item, FIELD_framework_item_id));
    dictionary_set(part, NAME_part_HEADING, html_item_link(page, framework, item));
    ptrdiff_t start = markup_begin(page);
    put_html(page, html_paragraphs(page, item, FIELD_framework_item_meaning));
    put_html(page, html_paragraphs(page, item, FIELD_framework_item_note));
    put_labelled(page, STRING_item_place, html_of(page, item, FIELD_framework_item_place));
    put_labelled(page, STRING_cases, html_sums(page, framework, item));
    struct slice prose = markup_end(page, start);
    dictionary_set_some(part, NAME_part_PROSE, prose);
}

/* Items of a kind under the name of the kind, in the order in which the kinds first come. */
static void add_items(struct page *page, const struct framework *framework)
{
    struct value_list items = record_list(framework->record, FIELD_framework_items);
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
                add_item(page, block, framework, item);
            }
        }
    }
}

/* ---- Among the city's documents ---- */

static int64_t rank_of(const struct framework *framework)
{
    const struct value *value = record_get(framework->record, FIELD_framework_rank);
    return value_is_stated(value) ? value->as.integer : INT64_MAX;
}

/* The city's documents, the highest first, this one among them; nothing when it stands alone. */
static void add_place(struct page *page, const struct framework *framework)
{
    const struct site *site = page->site;
    const struct code_entry *city = record_code(framework->record, FIELD_framework_city);
    const struct framework **documents =
        ARENA_ARRAY(page->arena, const struct framework *, site->framework_count);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        const struct framework *other = &site->frameworks[i];
        if (record_code(other->record, FIELD_framework_city) == city) {
            ptrdiff_t at = count++;
            for (; at > 0 && rank_of(documents[at - 1]) > rank_of(other); at--) {
                documents[at] = documents[at - 1];
            }
            documents[at] = other;
        }
    }
    if (count < 2) {
        return;
    }
    struct dictionary *part = add_part(add_block(page->content, NAME_article_BLOCK, SLICE("place"),
                                                 html_string(page, STRING_framework_place)));
    for (ptrdiff_t i = 0; i < count; i++) {
        bool is_this = documents[i] == framework;
        struct slice title = html_word(page, documents[i]->record, FIELD_framework_title);
        struct slice name =
            is_this ? html_pattern(page, STRING_framework_this, title, (struct slice){0})
                    : html_framework_link(page, documents[i]);
        if (rank_of(documents[i]) != INT64_MAX) {
            name = html_pattern(page, STRING_framework_rank,
                                text_digits(page, rank_of(documents[i])), name);
        }
        add_item_line(part, name, html_word(page, documents[i]->record, FIELD_framework_rank_note));
    }
}

static void add_links(struct page *page, const struct framework *framework)
{
    if (page->render->evidence) {
        add_more(page, matrix_address(page->site, framework, page->language, page->arena),
                 html_string(page, STRING_matrix_link));
        add_more(page, principles_address(page, "checks/"), html_string(page, STRING_checks_link));
        add_more(
            page,
            address_in_language(page->site, page->language, SLICE("data/principles/"), page->arena),
            html_string(page, STRING_as_data));
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
    add_place(&page, framework);
    add_items(&page, framework);
    add_forms(&page, framework);
    add_links(&page, framework);
    page_end(&page, record_word(record, FIELD_framework_title, page.text, NULL),
             record_word(record, FIELD_framework_definition, page.text, NULL), out);
    return true;
}
