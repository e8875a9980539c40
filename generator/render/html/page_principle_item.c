/* A principle: what it means, where it stands, the rules that look for it, the cases that give
 * evidence and those that do not, and what other cities say of the same. */
#include "pages.h"
#include "principles.h"

struct item_page {
    struct page page;
    const struct framework *framework;
    const struct record *item;
    int number; /* in the table of evidence, or -1 */
};

static const struct evidence_table *table_of(const struct item_page *maker)
{
    return maker->page.render->evidence;
}

/* ---- Parts of an item, and what it is part of ---- */

static void add_parent(struct item_page *maker)
{
    struct page *page = &maker->page;
    struct slice parent = record_text(maker->item, FIELD_framework_item_parent);
    const struct framework *framework = NULL;
    const struct record *item =
        parent.length > 0 ? site_framework_item(page->site, parent, &framework) : NULL;
    if (item) {
        add_fact(page->content, NAME_article_FACT, html_label(page, FIELD_framework_item_parent),
                 html_item_link(page, framework, item));
    }
}

static void add_children(struct item_page *maker)
{
    struct page *page = &maker->page;
    struct slice id = record_text(maker->item, FIELD_framework_item_id);
    struct value_list items = record_list(maker->framework->record, FIELD_framework_items);
    ptrdiff_t start = markup_begin(page);
    int count = 0;
    for (ptrdiff_t i = 0; i < items.count; i++) {
        const struct record *item = items.items[i].as.group;
        if (slice_equal(record_text(item, FIELD_framework_item_parent), id)) {
            if (count++ > 0) {
                PUT(page, "<br>");
            }
            put_html(page, html_item_link(page, maker->framework, item));
        }
    }
    struct slice html = markup_end(page, start);
    if (count > 0) {
        add_fact(page->content, NAME_article_FACT, html_string(page, STRING_item_children), html);
    }
}

/* ---- Rules ---- */

static bool is_evidence_for(const struct item_page *maker, int profile,
                            const struct profile_rule *entry)
{
    for (int i = 0; i < entry->item_count; i++) {
        if (table_of(maker)->maps[profile].of_profile[entry->item_indexes[i]] == maker->number) {
            return true;
        }
    }
    return false;
}

/* Of several profiles that tie a rule to the item the one that asks most says how strongly. */
static void add_rules(struct item_page *maker)
{
    struct page *page = &maker->page;
    const struct rules *rules = page->site->rules;
    enum rule_severity *severities = ARENA_ARRAY(page->arena, enum rule_severity, rules->count);
    int count = 0;
    for (int p = 0; p < rules->profile_count; p++) {
        for (int i = 0; i < rules->profiles[p].rule_count; i++) {
            const struct profile_rule *entry = &rules->profiles[p].rules[i];
            if (is_evidence_for(maker, p, entry) &&
                entry->severity > severities[entry->rule->index]) {
                count += severities[entry->rule->index] == RULE_NONE ? 1 : 0;
                severities[entry->rule->index] = entry->severity;
            }
        }
    }
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("rules"),
                                         html_string(page, STRING_item_rules));
    struct dictionary *part = add_part(block);
    if (count == 0) {
        dictionary_set(part, NAME_part_NOTE, html_string(page, STRING_item_no_rules));
        return;
    }
    for (int i = 0; i < rules->count; i++) {
        if (severities[i] != RULE_NONE) {
            add_item_line(part, html_rule_link(page, &rules->rules[i]),
                          html_string(page, severity_string(severities[i])));
        }
    }
}

/* ---- Cases ---- */

static enum evidence_state state_of(const struct item_page *maker, ptrdiff_t index)
{
    const struct case_views *views = &table_of(maker)->records[index];
    for (int v = 0; v < views->own_count; v++) {
        enum evidence_state state =
            evidence_view_item(table_of(maker), &views->views[v], maker->number);
        if (state != EVIDENCE_VOID) {
            return state;
        }
    }
    return EVIDENCE_VOID;
}

static void add_cases_in(struct item_page *maker, struct dictionary *block,
                         enum evidence_state state, int count)
{
    struct page *page = &maker->page;
    const struct evidence_cases *cases =
        &table_of(maker)->framework_cases[maker->framework - page->site->frameworks];
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_HEADING,
                   html_pattern(page, STRING_mark_count, html_mark(page, state),
                                html_pattern(page, STRING_cases_count, text_integer(page, count),
                                             (struct slice){0})));
    int named = 0;
    for (ptrdiff_t i = 0; i < cases->count && named < CASES_NAMED_MOST; i++) {
        const struct item *item = &page->site->items[ITEM_CASE][cases->indexes[i]];
        if (state_of(maker, cases->indexes[i]) == state) {
            add_item_line(part,
                          html_case_link(page, item, url_of_evidence(page, item, maker->item)),
                          (struct slice){0});
            named++;
        }
    }
    if (count > named) {
        struct dictionary *more = add_part(block);
        dictionary_set(more, NAME_part_NOTE,
                       html_pattern(page, STRING_row_more, text_integer(page, count - named),
                                    (struct slice){0}));
    }
}

static const enum evidence_state order[] = {EVIDENCE_STATED, EVIDENCE_NOT_STATED,
                                            EVIDENCE_CONTRADICTED, EVIDENCE_NOT_APPLICABLE};
#define STATES ((int)(sizeof(order) / sizeof(order[0])))

/* Rows of the register that no case tells of are counted; what each shows stands on its page. */
static void add_projects(struct item_page *maker, struct dictionary *block,
                         const struct evidence_sums *sums)
{
    const struct page *page = &maker->page;
    struct dictionary *part = NULL;
    for (int i = 0; i < STATES; i++) {
        if (sums->projects[order[i]] == 0) {
            continue;
        }
        if (!part) {
            part = add_part(block);
            dictionary_set(part, NAME_part_HEADING,
                           html_string(page, STRING_projects_without_case));
        }
        add_fact(part, NAME_part_FACT, html_mark(page, order[i]),
                 html_pattern(page, STRING_rows_count, text_integer(page, sums->projects[order[i]]),
                              (struct slice){0}));
    }
}

static void add_cases(struct item_page *maker)
{
    struct page *page = &maker->page;
    const struct evidence_sums *sums = &table_of(maker)->items[maker->number];
    if (!sums->is_looked_for) {
        return;
    }
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("cases"),
                                         html_string(page, STRING_item_cases));
    int all = 0;
    for (int i = 0; i < STATES; i++) {
        all += sums->counts[order[i]];
        if (sums->counts[order[i]] > 0) {
            add_cases_in(maker, block, order[i], sums->counts[order[i]]);
        }
    }
    struct dictionary *note = add_part(block);
    dictionary_set(note, NAME_part_NOTE,
                   html_string(page, all > 0 ? STRING_item_cases_about : STRING_item_no_cases));
    add_projects(maker, block, sums);
}

/* ---- The same in other cities ---- */

static bool names_item(struct value_list matches, struct slice id)
{
    for (ptrdiff_t i = 0; i < matches.count; i++) {
        if (slice_equal(record_text(matches.items[i].as.group, FIELD_crosswalk_match_item), id)) {
            return true;
        }
    }
    return false;
}

static const struct framework *framework_of(const struct page *page, const struct record *match)
{
    const struct value *value = record_get(match, FIELD_crosswalk_match_framework);
    return value ? site_framework(page->site, value_reference(value)->id) : NULL;
}

static bool same_city(const struct framework *a, const struct framework *b)
{
    return record_code(a->record, FIELD_framework_city) ==
           record_code(b->record, FIELD_framework_city);
}

static void add_axis(struct item_page *maker, struct dictionary *block, const struct record *axis)
{
    struct page *page = &maker->page;
    struct value_list matches = record_list(axis, FIELD_crosswalk_axis_matches);
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_HEADING, html_word(page, axis, FIELD_crosswalk_axis_label));
    bool any = false;
    for (ptrdiff_t i = 0; i < matches.count; i++) {
        const struct record *match = matches.items[i].as.group;
        const struct framework *framework = framework_of(page, match);
        if (!framework || same_city(framework, maker->framework)) {
            continue;
        }
        any = true;
        const struct record *item =
            site_framework_item(page->site, record_text(match, FIELD_crosswalk_match_item), NULL);
        struct slice name = item ? html_item_link(page, framework, item)
                                 : html_word(page, match, FIELD_crosswalk_match_place);
        ptrdiff_t start = markup_begin(page);
        put_html(page, html_strength(page, record_text(match, FIELD_crosswalk_match_mark)));
        PUT(page, " · ");
        put_html(page, html_framework_link(page, framework));
        struct slice note = markup_end(page, start);
        add_item_line(part, name.length > 0 ? name : html_framework_link(page, framework), note);
    }
    if (!any) {
        add_item_line(part, html_string(page, STRING_item_only_here), (struct slice){0});
    }
}

static void add_crosswalk(struct item_page *maker)
{
    struct page *page = &maker->page;
    struct slice id = record_text(maker->item, FIELD_framework_item_id);
    struct value_list axes = record_list(page->site->rules->crosswalk, FIELD_crosswalk_axes);
    struct dictionary *block = NULL;
    for (ptrdiff_t i = 0; i < axes.count; i++) {
        const struct record *axis = axes.items[i].as.group;
        if (names_item(record_list(axis, FIELD_crosswalk_axis_matches), id)) {
            if (!block) {
                block = add_block(page->content, NAME_article_BLOCK, SLICE("elsewhere"),
                                  html_string(page, STRING_item_elsewhere));
            }
            add_axis(maker, block, axis);
        }
    }
}

/* ---- The page ---- */

static void add_facts(struct item_page *maker)
{
    static const enum field_id facts[] = {FIELD_framework_item_kind, FIELD_framework_item_place,
                                          FIELD_framework_item_tag};
    struct page *page = &maker->page;
    add_fact(page->content, NAME_article_FACT, html_string(page, STRING_item_document),
             html_framework_link(page, maker->framework));
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        add_fact_of_value(page, page->content, NAME_article_FACT, maker->item, facts[i], false);
    }
    add_fact_of_value(page, page->content, NAME_article_FACT, maker->framework->record,
                      FIELD_framework_source, false);
    add_parent(maker);
    add_children(maker);
}

bool make_framework_item(const struct render *render, const struct artefact *artefact,
                         struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct item_page maker = {.framework = artefact->detail, .item = artefact->subject};
    struct page *page = &maker.page;
    principles_begin(page, render, worker, artefact, TEMPLATE_article);
    const struct record *framework = maker.framework->record;
    struct slice title = html_item_name(page, maker.item);
    page_crumb(page, html_word(page, framework, FIELD_framework_title),
               address_framework(page->site, maker.framework, page->language, page->arena));
    page_crumb(page, title, (struct slice){0});
    dictionary_set(page->content, NAME_article_KICKER,
                   html_word(page, framework, FIELD_framework_title));
    dictionary_set(page->content, NAME_article_TITLE, title);
    ptrdiff_t start = markup_begin(page);
    put_html(page, html_paragraphs(page, maker.item, FIELD_framework_item_meaning));
    put_html(page, html_paragraphs(page, maker.item, FIELD_framework_item_note));
    dictionary_set_some(page->content, NAME_article_SUMMARY, markup_end(page, start));
    add_facts(&maker);
    if (render->evidence) {
        maker.number = evidence_table_item(render->evidence, maker.framework, maker.item);
        add_rules(&maker);
        add_cases(&maker);
        add_crosswalk(&maker);
        add_more(page, matrix_address(page->site, maker.framework, page->language, page->arena),
                 html_string(page, STRING_matrix_link));
        add_more(page, principles_address(page, "crosswalk/"),
                 html_string(page, STRING_crosswalk_link));
        add_more(page, principles_address(page, "checks/"), html_string(page, STRING_checks_link));
    }
    page_end(page, record_word(maker.item, FIELD_framework_item_label, page->text, NULL),
             record_word(maker.item, FIELD_framework_item_meaning, page->text, NULL), out);
    return true;
}
