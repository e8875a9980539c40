/*
 * What a record shows of each principle that the frameworks it names ask for: a mark with its word,
 * and where it is stated or what is missing. It says what is written, never that a principle was
 * kept.
 *
 * The switch to other cities' principles. A reader stays where she is: one element `details` for
 * each other city stands at the end of the section, closed, with the sum in its heading, and works
 * without JavaScript. Open, it names the principles by state: those with evidence one by one, with
 * where it is stated, the others in a line. A page of its own for every case and city would double
 * the number of files; links into the matrix of the other city would take the reader away from the
 * case. What it says comes from the table of evidence, so that no record is looked at again for
 * each language.
 */
#include "evidence_part.h"
#include "principles.h"

/* Most places or missing things that are named of one item; the rest is counted. */
#define NAMED_MOST 3
/* Most rules of one item that are looked at. */
#define VERDICTS_MOST 64

/* ---- Where it is stated ---- */

/* Bits of the places that show what a rule looks for. */
static uint64_t places_of_rule(const struct evidence_part *part, const struct rule *rule)
{
    uint64_t places = 0;
    for (int i = 0; i < rule->field_count; i++) {
        int place = value_is_stated(record_get(part->record, rule->fields[i]))
                        ? part->place_of(part, rule->fields[i])
                        : -1;
        places |= place >= 0 ? UINT64_C(1) << place : 0;
    }
    return places;
}

/* Links to places, the first few. */
static struct slice html_places(const struct evidence_part *part, uint64_t places)
{
    const struct page *page = part->page;
    int number = 0;
    ptrdiff_t start = markup_begin(page);
    for (int i = 0; i < EVIDENCE_PLACES_MOST && number < NAMED_MOST; i++) {
        if ((places >> i & 1) == 0) {
            continue;
        }
        if (number++ > 0) {
            put_string(page, STRING_list_separator);
        }
        PUT(page, "<a href=\"#");
        escape_html_attribute(page->buffer, part->places[i].id);
        PUT(page, "\">");
        put_html(page, part->places[i].heading);
        PUT(page, "</a>");
    }
    return markup_end(page, start);
}

/* ---- What is said beside an item ---- */

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

/* Of what is missing, how much is stated nevertheless, and where. */
static void put_part(const struct evidence_part *part, int stated, int of, uint64_t places)
{
    const struct page *page = part->page;
    put_pattern_of(page, STRING_evidence_part,
                   (const struct slice[PATTERN_ARGUMENTS]){text_digits(page, stated),
                                                           text_digits(page, of),
                                                           html_places(part, places)});
}

static struct slice html_detail(const struct evidence_part *part, const struct evidence *evidence,
                                const struct item_evidence *item)
{
    const struct page *page = part->page;
    const struct verdict *verdicts[VERDICTS_MOST];
    int count = evidence_item_verdicts(evidence, item, verdicts, VERDICTS_MOST);
    count = count < VERDICTS_MOST ? count : VERDICTS_MOST;
    if (item->state == EVIDENCE_NOT_APPLICABLE) {
        return html_reason(page, verdicts, count);
    }
    uint64_t places = 0;
    for (int i = 0; i < count; i++) {
        places |=
            verdicts[i]->state == EVIDENCE_STATED ? places_of_rule(part, verdicts[i]->rule) : 0;
    }
    if (item->state == EVIDENCE_STATED) {
        return places ? html_pattern(page, STRING_evidence_places, html_places(part, places),
                                     (struct slice){0})
                      : (struct slice){0};
    }
    bool contradicts = item->state == EVIDENCE_CONTRADICTED;
    ptrdiff_t start = markup_begin(page);
    put_pattern(page, contradicts ? STRING_evidence_conflict : STRING_evidence_missing,
                html_rules(page, verdicts, count, item->state), (struct slice){0});
    if (places) {
        put_part(part, item->stated, item->of, places);
    }
    return markup_end(page, start);
}

/* ---- By its own frameworks ---- */

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

/* An entry of the section `marks` of `group`. */
static struct dictionary *add_state(struct dictionary *group, enum name_id marks,
                                    enum evidence_state state)
{
    struct dictionary *mark = dictionary_add(group, marks);
    dictionary_show(mark, NAME_mark_STATED, state == EVIDENCE_STATED);
    dictionary_show(mark, NAME_mark_NOT_STATED, state == EVIDENCE_NOT_STATED);
    dictionary_show(mark, NAME_mark_NOT_APPLICABLE, state == EVIDENCE_NOT_APPLICABLE);
    dictionary_show(mark, NAME_mark_CONTRADICTED, state == EVIDENCE_CONTRADICTED);
    return mark;
}

/* Above the principles of a profile: whether all that it calls essential is stated (design: that is
 * what the framework's mark stands for), and what the record shows beyond that. */
static struct slice html_essentials(const struct evidence_part *part,
                                    const struct evidence *evidence)
{
    const struct page *page = part->page;
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
        if (evidence_badge(page->site, part->record, rule, page->arena)) {
            PUT(page, " ");
            put_pattern(page, STRING_evidence_badge,
                        html_word(page, rule->record, FIELD_rule_badge), (struct slice){0});
        }
    }
    return slice_trim(markup_end(page, start));
}

/* What is needed beside the items of one profile to show them. */
struct shown_profile {
    const struct evidence_part *part;
    const struct profile *const *profiles; /* this one and those shown before it */
    int index;
    struct evidence evidence;
};

static void add_item(const struct shown_profile *shown, const struct item_evidence *item,
                     struct dictionary *group, enum name_id marks)
{
    const struct page *page = shown->part->page;
    struct dictionary *mark = add_state(group, marks, item->state);
    dictionary_set(mark, NAME_mark_LABEL, html_item_link(page, item->framework, item->item));
    dictionary_set_some(mark, NAME_mark_DETAIL, html_detail(shown->part, &shown->evidence, item));
    if (!is_shown_before(shown->profiles, shown->index, item->item)) {
        dictionary_set(mark, NAME_mark_ID,
                       ARENA_JOIN(page->arena, EVIDENCE_ANCHOR,
                                  record_text(item->item, FIELD_framework_item_id)));
    }
}

/* Items that have nothing to show, folded under their number: on a telephone they would be longer
 * than the case. */
static void add_rest(const struct shown_profile *shown, const struct item_evidence *items,
                     int count, enum evidence_state state, struct dictionary *group)
{
    int found = 0;
    struct dictionary *rest = NULL;
    for (int i = 0; i < count; i++) {
        if (items[i].state == state) {
            rest = found++ == 0 ? dictionary_add(group, NAME_evidence_REST) : rest;
            add_item(shown, &items[i], rest, NAME_evidence_rest_MARK);
        }
    }
    if (found > 0) {
        dictionary_show(rest, NAME_evidence_rest_NOT_STATED, state == EVIDENCE_NOT_STATED);
        dictionary_show(rest, NAME_evidence_rest_NOT_APPLICABLE, state == EVIDENCE_NOT_APPLICABLE);
        dictionary_set(rest, NAME_evidence_rest_COUNT, text_digits(shown->part->page, found));
    }
}

/* The items of one framework. */
static struct dictionary *add_framework(const struct shown_profile *shown,
                                        const struct item_evidence *items, int count)
{
    const struct page *page = shown->part->page;
    struct dictionary *group = dictionary_add(page->content, shown->part->own);
    dictionary_set(group, NAME_evidence_HEADING, html_framework_link(page, items->framework));
    for (int i = 0; i < count; i++) {
        if (items[i].state == EVIDENCE_STATED || items[i].state == EVIDENCE_CONTRADICTED) {
            add_item(shown, &items[i], group, NAME_evidence_MARK);
        }
    }
    add_rest(shown, items, count, EVIDENCE_NOT_STATED, group);
    add_rest(shown, items, count, EVIDENCE_NOT_APPLICABLE, group);
    return group;
}

static void add_profile(const struct evidence_part *part, const struct profile *const *profiles,
                        int index)
{
    const struct page *page = part->page;
    struct shown_profile shown = {.part = part, .profiles = profiles, .index = index};
    const struct evidence *evidence = &shown.evidence;
    evidence_of_record(page->site, part->record, profiles[index], page->arena, &shown.evidence);
    for (int first = 0, end = 0; first < evidence->item_count; first = end) {
        const struct item_evidence *items = &evidence->items[first];
        while (end < evidence->item_count && evidence->items[end].framework == items->framework) {
            end++;
        }
        struct dictionary *group = add_framework(&shown, items, end - first);
        if (first == 0) {
            dictionary_set_some(group, NAME_evidence_NOTE, html_essentials(part, evidence));
        }
    }
}

/* ---- By other cities ---- */

/* What the rules of one item of a view say together. */
struct item_places {
    int stated, of;
    uint64_t places;
};

/* Whether an entry before this one, of the same rule, is evidence for the item already. */
static bool is_counted(const struct profile *profile, int entry, int item)
{
    for (int i = entry - 1; i >= 0 && profile->rules[i].rule == profile->rules[entry].rule; i--) {
        for (int k = 0; k < profile->rules[i].item_count; k++) {
            if (profile->rules[i].item_indexes[k] == item) {
                return true;
            }
        }
    }
    return false;
}

static struct item_places *places_of_view(const struct evidence_part *part,
                                          const struct case_view *view)
{
    const struct profile *profile = view->profile;
    struct item_places *items =
        ARENA_ARRAY(part->page->arena, struct item_places, profile->item_count);
    for (int i = 0; i < profile->rule_count; i++) {
        const struct profile_rule *entry = &profile->rules[i];
        enum evidence_state state = VIEW_RULE_STATE(view->rules[entry->rule->index]);
        bool is_stated = state == EVIDENCE_STATED;
        uint64_t places = is_stated ? places_of_rule(part, entry->rule) : 0;
        for (int k = 0; k < entry->item_count && state >= EVIDENCE_STATED; k++) {
            struct item_places *item = &items[entry->item_indexes[k]];
            if (!is_counted(profile, i, entry->item_indexes[k])) {
                item->of++;
                item->stated += is_stated ? 1 : 0;
                item->places |= places;
            }
        }
    }
    return items;
}

static void add_mark(struct dictionary *group, enum evidence_state state, struct slice label,
                     struct slice detail)
{
    struct dictionary *mark = add_state(group, NAME_evidence_MARK, state);
    dictionary_set(mark, NAME_mark_LABEL, label);
    dictionary_set_some(mark, NAME_mark_DETAIL, detail);
}

/* The items of a state: one by one where there is a place to go to, the others in a line. */
static void add_items(const struct evidence_part *part, struct dictionary *group,
                      const struct case_view *view, const struct item_places *places,
                      enum evidence_state state)
{
    const struct page *page = part->page;
    const struct profile *profile = view->profile;
    for (int i = 0; i < profile->item_count; i++) {
        if (view->items[i] == (uint8_t)state && places[i].places) {
            ptrdiff_t start = markup_begin(page);
            if (state == EVIDENCE_STATED) {
                put_pattern(page, STRING_evidence_places, html_places(part, places[i].places),
                            (struct slice){0});
            } else {
                put_part(part, places[i].stated, places[i].of, places[i].places);
            }
            struct slice detail = markup_end(page, start);
            const struct profile_item *item = &profile->items[i];
            add_mark(group, state, html_item_link(page, item->framework, item->item), detail);
        }
    }
    int count = 0;
    ptrdiff_t start = markup_begin(page);
    for (int i = 0; i < profile->item_count; i++) {
        if (view->items[i] == (uint8_t)state && !places[i].places) {
            if (count++ > 0) {
                put_string(page, STRING_list_separator);
            }
            const struct profile_item *item = &profile->items[i];
            put_html(page, html_item_link(page, item->framework, item->item));
        }
    }
    struct slice names = markup_end(page, start);
    if (count > 0) {
        add_mark(group, state, names, (struct slice){0});
    }
}

static void add_other_views(const struct evidence_part *part)
{
    static const enum evidence_state order[] = {EVIDENCE_STATED, EVIDENCE_NOT_STATED,
                                                EVIDENCE_CONTRADICTED, EVIDENCE_NOT_APPLICABLE};
    struct page *page = part->page;
    const struct evidence_table *table = page->render->evidence;
    if (!table) {
        return;
    }
    const struct case_views *views = &table->records[part->index];
    for (int v = views->own_count; v < views->count; v++) {
        const struct case_view *view = &views->views[v];
        const struct item_places *places = places_of_view(part, view);
        struct dictionary *group = dictionary_add(page->content, part->others);
        dictionary_set(group, NAME_evidence_HEADING,
                       html_word(page, view->profile->record, FIELD_profile_title));
        dictionary_set(group, NAME_evidence_SUM,
                       pattern_text(page, STRING_sum_of, text_digits(page, view->stated),
                                    text_digits(page, view->asked)));
        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
            add_items(part, group, view, places, order[i]);
        }
    }
}

/* ---- The section ---- */

/* What the marks say and what they do not, with the page that explains them. */
static void add_about(const struct evidence_part *part)
{
    struct page *page = part->page;
    ptrdiff_t start = markup_begin(page);
    put_string(page, STRING_evidence_about);
    PUT(page, " ");
    put_link(page, principles_address(page, "checks/"), html_string(page, STRING_evidence_how));
    if (part->note.length > 0) {
        PUT(page, " ");
        put_html(page, part->note);
    }
    dictionary_set(page->content, part->about, markup_end(page, start));
}

void add_evidence(const struct evidence_part *part)
{
    const struct site *site = part->page->site;
    const struct profile *profiles[RULES_PROFILES_MOST];
    int count = rules_profiles_for(site->rules, record_list(part->record, FIELD_case_frameworks),
                                   profiles, RULES_PROFILES_MOST);
    if (count == 0) {
        return;
    }
    add_about(part);
    for (int i = 0; i < count; i++) {
        add_profile(part, profiles, i);
    }
    add_other_views(part);
}
