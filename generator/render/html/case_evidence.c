/*
 * What a case shows of each principle that the frameworks it names ask for: a mark with its word,
 * and where it is stated or what is missing. It says what is written, never that a principle was
 * kept.
 *
 * The switch to other cities' principles. A reader stays where she is: one element `details` for
 * each other city stands at the end of the section, closed, with the sum in its heading, and works
 * without JavaScript. Open, it names the principles by state, which takes about 3 kB (0.5 kB
 * compressed) a city; where each thing is stated stands above, by the case's own principles. A page
 * of its own for every case and city would double the number of files; links into the matrix of the
 * other city would take the reader away from the case. What it says comes from the table of
 * evidence, so that no case is looked at again for each language.
 */
#include "case.h"
#include "principles.h"

/* Most places or missing things that are named of one item; the rest is counted. */
#define NAMED_MOST 3
/* Most rules of one item that are looked at. */
#define VERDICTS_MOST 64

/* ---- Where a field stands on the page ---- */

/* Fields that stand under the heading of a block; the ids are those of case_people.c and
 * case_work.c. */
static const struct {
    enum field_id field;
    struct slice block;
} places_of_fields[] = {
#define PLACE(field, block)          \
    {                                \
        FIELD_case_##field,          \
        {                            \
            block, sizeof(block) - 1 \
        }                            \
    }
    PLACE(issue, "issue"),
    PLACE(need_evidence, "issue"),
    PLACE(purpose, "purpose"),
    PLACE(beneficiaries, "purpose"),
    PLACE(purpose_category, "purpose"),
    PLACE(added_value, "purpose"),
    PLACE(actors, "actors"),
    PLACE(proposer, "actors"),
    PLACE(initiative_note, "actors"),
    PLACE(intermediary, "actors"),
    PLACE(form_reason, "form"),
    PLACE(fit, "form"),
    PLACE(selection, "form"),
    PLACE(agreement, "form"),
    PLACE(costs, "form"),
    PLACE(excluded_activity, "form"),
    PLACE(contract_duty, "form"),
    PLACE(origin, "form"),
    PLACE(project_kind, "form"),
    PLACE(project_responsibility, "form"),
    PLACE(result_owner, "form"),
    PLACE(labour_cost_included, "form"),
    PLACE(dialogues, "activity"),
    PLACE(handovers, "activity"),
    PLACE(pdca, "activity"),
    PLACE(differences, "activity"),
    PLACE(examination, "activity"),
    PLACE(closing, "activity"),
    PLACE(process_docs, "activity"),
    PLACE(results, "results"),
    PLACE(outputs, "results"),
    PLACE(outcomes, "results"),
    PLACE(impacts, "results"),
    PLACE(impact_note, "results"),
    PLACE(result_docs, "results"),
    PLACE(published_by, "results"),
    PLACE(evaluations, "evaluations"),
    PLACE(claims_innovation, "lessons"),
    PLACE(innovation_type, "lessons"),
    PLACE(insights, "lessons"),
    PLACE(transfer, "conditions"),
    PLACE(participate, "participate"),
    PLACE(contact, "participate"),
    PLACE(sustain, "after"),
    PLACE(exit, "after"),
    PLACE(review_dates, "after"),
    PLACE(collective_impact, "after"),
    PLACE(start, "facts"),
    PLACE(end, "facts"),
    PLACE(fields, "facts"),
    PLACE(form, "facts"),
    PLACE(level, "facts"),
    PLACE(wards, "facts"),
    PLACE(departments, "facts"),
    PLACE(departments_note, "facts"),
    PLACE(open_ended_reason, "facts"),
    PLACE(stages, "facts"),
    PLACE(updated, "facts"),
    PLACE(sources, "sources"),
#undef PLACE
};

/* The block that shows a field, or -1: of the record's own blocks, and behind them the facts and
 * the sources, which every case has. */
static int block_of_field(const struct case_page *maker, enum field_id field)
{
    for (size_t i = 0; i < sizeof(places_of_fields) / sizeof(places_of_fields[0]); i++) {
        if (places_of_fields[i].field != field) {
            continue;
        }
        for (int k = 0; k < maker->block_count; k++) {
            if (slice_equal(maker->blocks[k].id, places_of_fields[i].block)) {
                return k;
            }
        }
    }
    return -1;
}

static bool is_there(const struct record *record, enum field_id field)
{
    return value_is_stated(record_get(record, field));
}

/* ---- What is said beside an item ---- */

/* Links to the blocks that show what the stated rules of an item look for. */
static struct slice html_places(const struct case_page *maker,
                                const struct verdict *const *verdicts, int count)
{
    const struct page *page = &maker->page;
    uint32_t named = 0;
    int number = 0;
    ptrdiff_t start = markup_begin(page);
    for (int i = 0; i < count && number < NAMED_MOST; i++) {
        const struct rule *rule = verdicts[i]->rule;
        for (int k = 0; k < rule->field_count && verdicts[i]->state == EVIDENCE_STATED; k++) {
            int block = is_there(maker->record, rule->fields[k])
                            ? block_of_field(maker, rule->fields[k])
                            : -1;
            if (block < 0 || (named >> block & 1) != 0 || number == NAMED_MOST) {
                continue;
            }
            named |= UINT32_C(1) << block;
            if (number++ > 0) {
                put_string(page, STRING_list_separator);
            }
            PUT(page, "<a href=\"#");
            escape_html_attribute(page->buffer, maker->blocks[block].id);
            PUT(page, "\">");
            put_html(page, maker->blocks[block].heading);
            PUT(page, "</a>");
        }
    }
    return markup_end(page, start);
}

static bool is_asked_for(const struct verdict *verdict)
{
    return verdict->severity >= RULE_EXPECTED && verdict->state != EVIDENCE_NOT_APPLICABLE;
}

/* The names of the rules that put an item in its state; the first few. */
static struct slice html_rules(const struct page *page, const struct verdict *const *verdicts,
                               int count, enum evidence_state state)
{
    bool any_asked = false;
    for (int i = 0; i < count; i++) {
        any_asked = any_asked || is_asked_for(verdicts[i]);
    }
    int number = 0;
    ptrdiff_t start = markup_begin(page);
    for (int i = 0; i < count; i++) {
        if (verdicts[i]->state != state || (any_asked && !is_asked_for(verdicts[i]))) {
            continue;
        }
        if (number < NAMED_MOST) {
            if (number > 0) {
                put_string(page, STRING_list_separator);
            }
            put_html(page, html_word(page, verdicts[i]->rule->record, FIELD_rule_title));
        }
        number++;
    }
    if (number > NAMED_MOST) {
        put_pattern(page, STRING_evidence_more, text_digits(page, number - NAMED_MOST),
                    (struct slice){0});
    }
    return markup_end(page, start);
}

/* Why an item does not apply: the record's own reason, else the rule's. */
static struct slice html_reason(const struct page *page, const struct verdict *const *verdicts,
                                int count)
{
    for (int i = 0; i < count; i++) {
        int actual = page->text;
        const struct word *word =
            verdicts[i]->reason ? value_word(verdicts[i]->reason, page->text, &actual) : NULL;
        struct slice html =
            word ? html_in_language(page, word_text(word, page->arena), actual)
                 : html_word(page, verdicts[i]->rule->record, FIELD_rule_inapplicable);
        if (html.length > 0) {
            return html;
        }
    }
    return (struct slice){0};
}

static struct slice html_detail(const struct case_page *maker, const struct evidence *evidence,
                                const struct item_evidence *item)
{
    const struct page *page = &maker->page;
    const struct verdict *verdicts[VERDICTS_MOST];
    int count = evidence_item_verdicts(evidence, item, verdicts, VERDICTS_MOST);
    count = count < VERDICTS_MOST ? count : VERDICTS_MOST;
    if (item->state == EVIDENCE_STATED) {
        struct slice html = html_places(maker, verdicts, count);
        return html.length > 0 ? html_pattern(page, STRING_evidence_places, html, (struct slice){0})
                               : html;
    }
    if (item->state == EVIDENCE_NOT_APPLICABLE) {
        return html_reason(page, verdicts, count);
    }
    bool contradicts = item->state == EVIDENCE_CONTRADICTED;
    ptrdiff_t start = markup_begin(page);
    put_pattern(page, contradicts ? STRING_evidence_conflict : STRING_evidence_missing,
                html_rules(page, verdicts, count, item->state), (struct slice){0});
    struct slice places = html_places(maker, verdicts, count);
    if (places.length > 0) {
        put_pattern_of(page, STRING_evidence_part,
                       (const struct slice[PATTERN_ARGUMENTS]){
                           text_digits(page, item->stated), text_digits(page, item->of), places});
    }
    return markup_end(page, start);
}

/* ---- The section ---- */

/* Whether a profile that was shown before has the item, so that its place has that name already. */
static bool is_shown_before(const struct profile *const *profiles, int count,
                            const struct record *item)
{
    for (int p = 0; p < count; p++) {
        for (int i = 0; i < profiles[p]->item_count; i++) {
            if (profiles[p]->items[i].item == item) {
                return true;
            }
        }
    }
    return false;
}

static struct dictionary *add_state(struct dictionary *group, enum evidence_state state)
{
    struct dictionary *mark = dictionary_add(group, NAME_evidence_MARK);
    dictionary_show(mark, NAME_mark_STATED, state == EVIDENCE_STATED);
    dictionary_show(mark, NAME_mark_NOT_STATED, state == EVIDENCE_NOT_STATED);
    dictionary_show(mark, NAME_mark_NOT_APPLICABLE, state == EVIDENCE_NOT_APPLICABLE);
    dictionary_show(mark, NAME_mark_CONTRADICTED, state == EVIDENCE_CONTRADICTED);
    return mark;
}

/* Above the principles of a profile: whether all that it calls essential is stated (design: that is
 * what the framework's mark stands for), and what the record shows beyond that. */
static struct slice html_essentials(const struct case_page *maker, const struct evidence *evidence)
{
    const struct page *page = &maker->page;
    int missing = 0;
    int asked = 0;
    for (int i = 0; i < evidence->verdict_count; i++) {
        const struct verdict *verdict = &evidence->verdicts[i];
        bool applies =
            verdict->severity == RULE_ESSENTIAL && verdict->state != EVIDENCE_NOT_APPLICABLE;
        asked += applies ? 1 : 0;
        missing += applies && verdict->state != EVIDENCE_STATED ? 1 : 0;
    }
    ptrdiff_t start = markup_begin(page);
    if (asked > 0) {
        put_pattern(page,
                    missing == 0 ? STRING_evidence_essential_all : STRING_evidence_essential_some,
                    text_digits(page, asked), text_digits(page, asked - missing));
    }
    for (int i = 0; i < evidence->verdict_count; i++) {
        const struct rule *rule = evidence->verdicts[i].rule;
        if (evidence_badge(page->site, maker->item, rule, page->arena)) {
            PUT(page, " ");
            put_pattern(page, STRING_evidence_badge,
                        html_word(page, rule->record, FIELD_rule_badge), (struct slice){0});
        }
    }
    return slice_trim(markup_end(page, start));
}

static void add_profile(struct case_page *maker, const struct profile *const *profiles, int index)
{
    struct page *page = &maker->page;
    struct evidence evidence;
    evidence_of(page->site, maker->item, profiles[index], page->arena, &evidence);
    const struct framework *framework = NULL;
    struct dictionary *group = NULL;
    for (int i = 0; i < evidence.item_count; i++) {
        const struct item_evidence *item = &evidence.items[i];
        if (item->framework != framework) {
            framework = item->framework;
            group = dictionary_add(page->content, NAME_case_EVIDENCE);
            dictionary_set(group, NAME_evidence_HEADING, html_framework_link(page, framework));
            if (i == 0) {
                dictionary_set_some(group, NAME_evidence_NOTE, html_essentials(maker, &evidence));
            }
        }
        struct dictionary *mark = add_state(group, item->state);
        dictionary_set(mark, NAME_mark_LABEL, html_item_link(page, framework, item->item));
        dictionary_set_some(mark, NAME_mark_DETAIL, html_detail(maker, &evidence, item));
        if (!is_shown_before(profiles, index, item->item)) {
            dictionary_set(mark, NAME_mark_ID,
                           ARENA_JOIN(page->arena, EVIDENCE_ANCHOR,
                                      record_text(item->item, FIELD_framework_item_id)));
        }
    }
}

/* ---- By other cities ---- */

static void add_names(struct case_page *maker, struct dictionary *group,
                      const struct case_view *view, enum evidence_state state)
{
    const struct page *page = &maker->page;
    ptrdiff_t start = markup_begin(page);
    int count = 0;
    for (int i = 0; i < view->profile->item_count; i++) {
        if (view->items[i] == (uint8_t)state) {
            if (count++ > 0) {
                put_string(page, STRING_list_separator);
            }
            const struct profile_item *item = &view->profile->items[i];
            put_html(page, html_item_link(page, item->framework, item->item));
        }
    }
    struct slice names = markup_end(page, start);
    if (count > 0) {
        dictionary_set(add_state(group, state), NAME_mark_LABEL, names);
    }
}

static void add_other_views(struct case_page *maker)
{
    static const enum evidence_state order[] = {EVIDENCE_STATED, EVIDENCE_NOT_STATED,
                                                EVIDENCE_CONTRADICTED, EVIDENCE_NOT_APPLICABLE};
    struct page *page = &maker->page;
    const struct evidence_table *table = page->render->evidence;
    if (!table) {
        return;
    }
    const struct case_views *views = &table->cases[maker->item->index];
    for (int v = views->own_count; v < views->count; v++) {
        const struct case_view *view = &views->views[v];
        struct dictionary *group = dictionary_add(page->content, NAME_case_OTHER_VIEW);
        dictionary_set(group, NAME_evidence_HEADING,
                       html_word(page, view->profile->record, FIELD_profile_title));
        dictionary_set(group, NAME_evidence_SUM,
                       pattern_text(page, STRING_sum_of, text_digits(page, view->stated),
                                    text_digits(page, view->asked)));
        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
            add_names(maker, group, view, order[i]);
        }
    }
}

/* What the marks say and what they do not, with the page that explains them. */
static void add_about(struct case_page *maker)
{
    struct page *page = &maker->page;
    ptrdiff_t start = markup_begin(page);
    put_string(page, STRING_evidence_about);
    PUT(page, " ");
    put_link(page, principles_address(page, "checks/"), html_string(page, STRING_evidence_how));
    dictionary_set(page->content, NAME_case_EVIDENCE_ABOUT, markup_end(page, start));
}

static void know_block(struct case_page *maker, struct slice id, enum string_id heading)
{
    case_know_block(maker, id, html_string(&maker->page, heading));
}

void case_evidence(struct case_page *maker)
{
    struct page *page = &maker->page;
    const struct profile *profiles[RULES_PROFILES_MOST];
    int count =
        rules_profiles_for(page->site->rules, record_list(maker->record, FIELD_case_frameworks),
                           profiles, RULES_PROFILES_MOST);
    if (count == 0) {
        return;
    }
    know_block(maker, SLICE("facts"), STRING_facts);
    if (is_there(maker->record, FIELD_case_sources)) {
        know_block(maker, SLICE("sources"), STRING_sources);
    }
    add_about(maker);
    for (int i = 0; i < count; i++) {
        add_profile(maker, profiles, i);
    }
    add_other_views(maker);
}
