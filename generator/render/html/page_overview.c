/* The principles over all cases: how much each framework's cases show, reviews that are overdue,
 * good practice that has or has not been carried elsewhere, and what a city learns from all of its
 * records together. */
#include "indicator.h"
#include "pages.h"
#include "principles.h"

/* Most things that one list of the overview names. */
#define NAMED_MOST 50

static struct dictionary *begin_block(struct page *page, struct slice id, enum string_id heading,
                                      enum string_id lead)
{
    struct dictionary *block =
        add_block(page->content, NAME_article_BLOCK, id, html_string(page, heading));
    ptrdiff_t start = markup_begin(page);
    put_paragraphs(page, page_string(page, lead), -1);
    add_prose(block, (struct slice){0}, markup_end(page, start));
    return block;
}

/* Behind a list: how many more there are. */
static void add_rest(const struct page *page, struct dictionary *block, ptrdiff_t count,
                     ptrdiff_t named)
{
    if (count > named) {
        dictionary_set(add_part(block), NAME_part_NOTE,
                       html_pattern(page, STRING_row_more, text_integer(page, count - named),
                                    (struct slice){0}));
    }
}

static struct slice url_of_case(const struct page *page, const struct item *item,
                                struct slice fragment)
{
    return ARENA_JOIN(page->arena,
                      page_url(page, address_item(page->site, item, page->language, page->arena)),
                      fragment);
}

/* ---- Each framework ---- */

static void add_frameworks(struct page *page)
{
    const struct evidence_table *table = page->render->evidence;
    struct dictionary *block = begin_block(page, SLICE("frameworks"), STRING_overview_frameworks,
                                           STRING_overview_frameworks_lead);
    struct dictionary *rows = add_table(block, SLICE("framework-table"),
                                        html_string(page, STRING_overview_frameworks), true);
    dictionary_show(rows, NAME_table_STACK, true);
    static const enum string_id columns[] = {STRING_cases, STRING_evidence_stated,
                                             STRING_not_stated, STRING_evidence_contradicted,
                                             STRING_projects_without_case};
    add_column(rows, html_string(page, STRING_item_document), false);
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        add_column(rows, html_string(page, columns[i]), true);
    }
    for (ptrdiff_t f = 0; f < page->site->framework_count; f++) {
        const struct framework *framework = &page->site->frameworks[f];
        const struct evidence_cases *cases = &table->framework_cases[f];
        if (cases->count + cases->projects == 0) {
            continue;
        }
        int64_t counts[EVIDENCE_CONTRADICTED + 1] = {0};
        for (int i = table->first_item[f]; i < table->first_item[f + 1]; i++) {
            for (int state = 0; state <= EVIDENCE_CONTRADICTED; state++) {
                counts[state] += table->items[i].counts[state];
            }
        }
        struct dictionary *row = dictionary_add(rows, NAME_table_ROW);
        add_cell(row,
                 html_link(page, matrix_address(page->site, framework, page->language, page->arena),
                           html_word(page, framework->record, FIELD_framework_title)),
                 true, false);
        const int64_t shown[] = {cases->count, counts[EVIDENCE_STATED], counts[EVIDENCE_NOT_STATED],
                                 counts[EVIDENCE_CONTRADICTED], cases->projects};
        for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
            struct dictionary *cell =
                add_labelled_cell(row, text_integer(page, shown[i]), page_string(page, columns[i]));
            dictionary_show(cell, NAME_cell_NUMBER, true);
        }
    }
}

/* ---- Completeness ---- */

static void sum_views(const struct case_views *views, int *stated, int *asked)
{
    *stated = 0;
    *asked = 0;
    for (int v = 0; v < views->own_count; v++) {
        *stated += views->views[v].stated;
        *asked += views->views[v].asked;
    }
}

/* By quarters of what is asked. */
static void add_completeness(struct page *page)
{
    static const enum string_id labels[] = {STRING_quarter_4, STRING_quarter_3, STRING_quarter_2,
                                            STRING_quarter_1};
    const struct evidence_table *table = page->render->evidence;
    int64_t quarters[4] = {0};
    for (ptrdiff_t i = 0; i < page->site->item_counts[ITEM_CASE]; i++) {
        site_pass(page->site, i);
        int stated;
        int asked;
        sum_views(&table->records[i], &stated, &asked);
        if (asked > 0) {
            int quarter = stated * 4 / asked;
            quarters[3 - (quarter > 3 ? 3 : quarter)]++;
        }
    }
    struct dictionary *block =
        begin_block(page, SLICE("completeness"), STRING_overview_completeness,
                    STRING_overview_completeness_lead);
    struct dictionary *part = add_part(block);
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        add_fact(part, NAME_part_FACT, html_string(page, labels[i]),
                 html_pattern(page, STRING_cases_count, text_integer(page, quarters[i]),
                              (struct slice){0}));
    }
    add_item_line(add_part(block),
                  html_link(page, principles_address(page, "completeness/"),
                            html_string(page, STRING_completeness_link)),
                  (struct slice){0});
}

/* ---- Reviews ---- */

static void add_none(const struct page *page, struct dictionary *block, enum string_id text)
{
    dictionary_set(add_part(block), NAME_part_NOTE, html_string(page, text));
}

static void add_reviews(struct page *page)
{
    const struct site *site = page->site;
    struct dictionary *block =
        begin_block(page, SLICE("reviews"), STRING_overview_reviews, STRING_overview_reviews_lead);
    struct dictionary *part = NULL;
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct item *item = &site->items[ITEM_CASE][i];
        const struct value *review = case_overdue_review(site, item->record);
        if (!review || count++ >= NAMED_MOST) {
            continue;
        }
        part = part ? part : add_part(block);
        add_item_line(part, html_case_link(page, item, url_of_case(page, item, SLICE("#after"))),
                      html_pattern(page, STRING_review_was_due, html_date(page, review->as.date),
                                   (struct slice){0}));
    }
    if (!part) {
        add_none(page, block, STRING_overview_no_reviews);
    }
    add_rest(page, block, count, NAMED_MOST);
}

/* ---- Carried elsewhere ---- */

static struct value_list adoptions(const struct record *record)
{
    return record_list(record_group(record, FIELD_case_transfer), FIELD_transfer_adopted_by);
}

static struct slice html_adoptions(const struct page *page, struct value_list list)
{
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *adoption = list.items[i].as.group;
        const struct value *example = record_get(adoption, FIELD_adoption_case);
        if (i > 0) {
            put_string(page, STRING_list_separator);
        }
        put_value(page, record_get(adoption, FIELD_adoption_area));
        if (value_is_stated(example)) {
            PUT(page, " ");
            put_value(page, example);
        }
    }
    return markup_end(page, start);
}

/* A practice that others could take up: work that was done, of which something came or what it
 * needs is told; no account of a committee, and no lesson from what failed. */
static bool is_good_practice(const struct record *record)
{
    static const char *const kinds[] = {"case", "project", "reported_example", "scheme"};
    const struct code_entry *kind = record_code(record, FIELD_case_kind);
    bool is_work = false;
    for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        is_work = is_work || slice_equal(kind->code, slice_of(kinds[i]));
    }
    if (!is_work) {
        return false;
    }
    static const enum field_id results[] = {FIELD_case_results, FIELD_case_outputs,
                                            FIELD_case_outcomes, FIELD_case_impacts};
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (value_is_stated(record_get(record, results[i]))) {
            return true;
        }
    }
    return value_is_stated(
        record_get(record_group(record, FIELD_case_transfer), FIELD_transfer_conditions));
}

static void add_transfers(struct page *page, bool carried)
{
    const struct site *site = page->site;
    struct dictionary *block =
        carried ? begin_block(page, SLICE("carried"), STRING_overview_carried,
                              STRING_overview_carried_lead)
                : begin_block(page, SLICE("not-carried"), STRING_overview_not_carried,
                              STRING_overview_not_carried_lead);
    struct dictionary *part = NULL;
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct item *item = &site->items[ITEM_CASE][i];
        struct value_list list = adoptions(item->record);
        bool belongs = carried ? list.count > 0 : list.count == 0 && is_good_practice(item->record);
        if (!belongs || count++ >= NAMED_MOST) {
            continue;
        }
        part = part ? part : add_part(block);
        struct slice link = html_case_link(page, item, url_of_case(page, item, (struct slice){0}));
        add_item_line(part, link, html_adoptions(page, list));
    }
    if (!part) {
        add_none(page, block, carried ? STRING_overview_none_carried : STRING_overview_all_carried);
    }
    add_rest(page, block, count, NAMED_MOST);
}

/* ---- The city as a whole ---- */

static struct slice html_row_name(const struct page *page, const struct table *table, ptrdiff_t row)
{
    int actual = page->text;
    struct slice title = table_row_title(table, row, page->text, &actual, page->arena);
    struct slice html = html_in_language(page, title, actual);
    struct slice address = row_address(page, table, row);
    return address.length > 0 ? html_link(page, address, html) : html;
}

static void add_entry(struct page *page, struct dictionary *part, const struct policy_entry *entry)
{
    if (entry->item) {
        add_item_line(
            part,
            html_case_link(page, entry->item, url_of_case(page, entry->item, (struct slice){0})),
            (struct slice){0});
        return;
    }
    struct slice name = html_row_name(page, entry->table, entry->row);
    if (entry->other >= 0) {
        name =
            html_pattern(page, STRING_pair, html_row_name(page, entry->table, entry->other), name);
    }
    add_item_line(part, name, html_text(page, entry->table->labels[page->text]));
}

/* A list of `count`, of which `entries` has the first `named`. */
static void add_entries(struct page *page, struct dictionary *block,
                        const struct policy_entry *entries, ptrdiff_t count, ptrdiff_t named)
{
    struct dictionary *part = count > 0 ? add_part(block) : NULL;
    for (ptrdiff_t i = 0; i < count && i < named; i++) {
        add_entry(page, part, &entries[i]);
    }
    add_rest(page, block, count, named);
}

/* What the rule looks for and finds: figures with their charts, the rest as a list. Where the
 * figures stand among the others is the return value. */
static struct slice add_finds(struct page *page, struct dictionary *block,
                              const struct verdict *verdict)
{
    struct policy_entry found[NAMED_MOST];
    ptrdiff_t figures[NAMED_MOST];
    const struct table *indicators = site_table(page->site, SLICE("indicators"));
    ptrdiff_t count = evidence_policy_finds(page->site, verdict, page->arena, found, NAMED_MOST);
    ptrdiff_t figure_count = 0;
    ptrdiff_t others = 0;
    for (ptrdiff_t i = 0; i < count && i < NAMED_MOST; i++) {
        if (found[i].table && found[i].table == indicators) {
            figures[figure_count++] = found[i].row;
        } else {
            found[others++] = found[i];
        }
    }
    add_entries(page, block, found, count - figure_count, others);
    if (figure_count == 0) {
        return (struct slice){0};
    }
    add_indicator_rows(page, block, ARENA_JOIN(page->arena, SLICE("figures-"), verdict->rule->id),
                       indicators, figures, figure_count);
    return indicator_fragment(page, indicators, figures[0]);
}

/* The page that shows what a policy rule looks at, and its name; empty when there is none. */
static struct slice html_looked_at(const struct page *page, struct slice name,
                                   struct slice fragment)
{
    const struct site *site = page->site;
    const struct table *table = site_table(site, name);
    struct slice label = {0};
    struct slice address = {0};
    if (slice_equal(name, SLICE("cases")) || slice_equal(name, SLICE("areas"))) {
        bool is_cases = slice_equal(name, SLICE("cases"));
        label = html_string(page, is_cases ? STRING_cases : STRING_areas_title);
        address =
            address_in_language(site, page->language,
                                is_cases ? SLICE("cases/") : SLICE("cases/by/area/"), page->arena);
    } else if (table) {
        label = html_text(page, table->labels[page->text]);
        address = address_table(site, table, page->language, page->arena);
    }
    bool is_there =
        label.length > 0 && page_knows(page, ARENA_JOIN(page->arena, address, SLICE("index.html")));
    bool is_figures = slice_equal(name, SLICE("indicators"));
    return is_there
               ? html_link(page, is_figures ? ARENA_JOIN(page->arena, address, fragment) : address,
                           label)
               : (struct slice){0};
}

static void add_where_to_look(const struct page *page, struct dictionary *block,
                              const struct rule *rule, struct slice fragment)
{
    struct value_list names = record_list(rule->record, FIELD_rule_looks_at);
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < names.count; i++) {
        struct slice link = html_looked_at(page, names.items[i].as.text, fragment);
        if (link.length > 0 && page->buffer->length > start) {
            put_string(page, STRING_list_separator);
        }
        put_html(page, link);
    }
    struct slice links = markup_end(page, start);
    if (links.length > 0) {
        add_fact(add_part(block), NAME_part_FACT, html_string(page, STRING_policy_where), links);
    }
}

static void add_policy(struct page *page, const struct verdict *verdict)
{
    const struct record *rule = verdict->rule->record;
    struct policy_entry faults[NAMED_MOST];
    ptrdiff_t count = evidence_policy_faults(page->site, verdict, page->arena, faults, NAMED_MOST);
    bool fails = verdict->state >= EVIDENCE_NOT_STATED;
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK,
                                         ARENA_JOIN(page->arena, SLICE("rule-"), verdict->rule->id),
                                         html_word(page, rule, FIELD_rule_title));
    ptrdiff_t start = markup_begin(page);
    PUT(page, "<p>");
    put_html(page, html_word(page, rule, FIELD_rule_why));
    PUT(page, "</p><p>");
    if (fails) {
        PUT(page, "<span class=\"silent\"><span aria-hidden=\"true\">");
        put_html(page, evidence_sign(verdict->state));
        PUT(page, "</span> ");
        put_html(page, html_word(page, rule, FIELD_rule_message));
        if (verdict->of > verdict->held) {
            put_html(page, html_pattern(page, STRING_policy_sum,
                                        text_integer(page, verdict->of - verdict->held),
                                        text_integer(page, verdict->of)));
        }
        PUT(page, "</span>");
    } else {
        put_string(page, STRING_policy_clear);
    }
    PUT(page, "</p>");
    add_prose(block, (struct slice){0}, markup_end(page, start));
    add_entries(page, block, faults, count, NAMED_MOST);
    add_where_to_look(page, block, verdict->rule, add_finds(page, block, verdict));
}

/* Each policy rule once, whichever of the frameworks in force asks for it. */
static void add_policies(struct page *page)
{
    const struct site *site = page->site;
    const struct profile *profiles[RULES_PROFILES_MOST];
    int count = rules_profiles_for(site->rules, record_list(site->config, FIELD_site_frameworks),
                                   profiles, RULES_PROFILES_MOST);
    bool *told = ARENA_ARRAY(page->arena, bool, site->rules->count);
    for (int i = 0; i < count; i++) {
        struct evidence evidence;
        evidence_of_site(site, profiles[i], page->arena, &evidence);
        for (int k = 0; k < evidence.verdict_count; k++) {
            const struct verdict *verdict = &evidence.verdicts[k];
            if (!told[verdict->rule->index]) {
                told[verdict->rule->index] = true;
                add_policy(page, verdict);
            }
        }
    }
}

/* ---- The pages ---- */

static void begin(struct page *page, const struct render *render, struct render_worker *worker,
                  const struct artefact *artefact, enum string_id title, enum string_id lead)
{
    principles_begin(page, render, worker, artefact, TEMPLATE_article);
    dictionary_set(page->content, NAME_article_KICKER, html_string(page, STRING_principles));
    dictionary_set(page->content, NAME_article_TITLE, html_string(page, title));
    ptrdiff_t start = markup_begin(page);
    put_paragraphs(page, page_string(page, lead), -1);
    dictionary_set(page->content, NAME_article_SUMMARY, markup_end(page, start));
}

bool make_overview(const struct render *render, const struct artefact *artefact,
                   struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    begin(&page, render, worker, artefact, STRING_overview_title, STRING_overview_lead);
    page_crumb(&page, html_string(&page, STRING_overview_title), (struct slice){0});
    add_frameworks(&page);
    add_completeness(&page);
    add_reviews(&page);
    add_transfers(&page, true);
    add_transfers(&page, false);
    add_policies(&page);
    struct slice areas =
        address_in_language(page.site, page.language, SLICE("cases/by/area/"), page.arena);
    if (page_knows(&page, ARENA_JOIN(page.arena, areas, SLICE("index.html")))) {
        add_more(&page, areas, html_string(&page, STRING_areas_title));
    }
    add_more(&page, principles_address(&page, "checks/"), html_string(&page, STRING_checks_link));
    page_end(&page, page_string(&page, STRING_overview_title),
             page_string(&page, STRING_overview_lead), out);
    return true;
}

static void add_complete_row(struct page *page, struct dictionary *table, ptrdiff_t index)
{
    const struct item *item = &page->site->items[ITEM_CASE][index];
    struct dictionary *row = dictionary_add(table, NAME_table_ROW);
    int stated;
    int asked;
    sum_views(&page->render->evidence->records[index], &stated, &asked);
    add_cell(row, html_case_link(page, item, url_of_case(page, item, (struct slice){0})), true,
             false);
    struct case_stated questions = case_count_stated(item->record);
    struct slice sums[] = {
        pattern_text(page, STRING_sum_of, text_digits(page, questions.stated),
                     text_digits(page, questions.asked)),
        pattern_text(page, STRING_sum_of, text_digits(page, stated), text_digits(page, asked))};
    static const enum string_id labels[] = {STRING_completeness_questions,
                                            STRING_completeness_evidence};
    for (int i = 0; i < 2; i++) {
        struct slice html = i == 1 && asked == 0 ? SLICE("\xE2\x80\x93") : html_text(page, sums[i]);
        struct dictionary *cell = add_labelled_cell(row, html, page_string(page, labels[i]));
        dictionary_show(cell, NAME_cell_NUMBER, true);
    }
}

bool make_completeness(const struct render *render, const struct artefact *artefact,
                       struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    begin(&page, render, worker, artefact, STRING_completeness_title, STRING_completeness_lead);
    struct slice base = principles_address(&page, "completeness/");
    page_crumb(&page, html_string(&page, STRING_overview_title),
               principles_address(&page, "overview/"));
    page_crumb(&page, html_string(&page, STRING_completeness_title),
               artefact->number > 0 ? base : (struct slice){0});
    struct dictionary *block = add_block(page.content, NAME_article_BLOCK, SLICE("cases"),
                                         html_string(&page, STRING_cases));
    struct dictionary *table =
        add_table(block, SLICE("case-table"), html_string(&page, STRING_completeness_title), true);
    dictionary_show(table, NAME_table_STACK, true);
    add_column(table, html_string(&page, STRING_cases), false);
    add_column(table, html_string(&page, STRING_completeness_questions), true);
    add_column(table, html_string(&page, STRING_completeness_evidence), true);
    ptrdiff_t count = page.site->item_counts[ITEM_CASE];
    ptrdiff_t first;
    ptrdiff_t end;
    list_range(count, artefact->number, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        add_complete_row(&page, table, i);
    }
    add_pager(&page, NAME_article_PAGER, base, count, artefact->number, true);
    struct slice title = page_string(&page, STRING_completeness_title);
    if (artefact->number > 0) {
        title = pattern_text(&page, STRING_list_title_page, title,
                             pattern_text(&page, STRING_page_of,
                                          text_digits(&page, artefact->number), (struct slice){0}));
    }
    page_end(&page, title, page_string(&page, STRING_completeness_lead), out);
    return true;
}
