/* The second half of a case: what was done, what came of it, and how others can do it. */
#include "case.h"
#include "html_index.h"
#include "principles.h"

static struct slice string_of(const struct case_page *maker, enum string_id id)
{
    return html_string(&maker->page, id);
}

static struct slice label_of(const struct case_page *maker, enum field_id field)
{
    return html_label(&maker->page, field);
}

static struct slice html_of(const struct page *page, const struct value *value)
{
    ptrdiff_t start = markup_begin(page);
    put_value(page, value);
    return markup_end(page, start);
}

/* ---- Course of the work ---- */

static struct slice html_when(const struct page *page, const struct value *date)
{
    return value_is_stated(date) ? html_of(page, date) : html_string(page, STRING_date_not_stated);
}

static void add_step(const struct page *page, struct dictionary *part, const struct value *date,
                     struct slice text)
{
    if (text.length == 0) {
        return;
    }
    struct dictionary *step = dictionary_add(part, NAME_part_STEP);
    dictionary_set(step, NAME_step_WHEN, html_when(page, date));
    dictionary_set(step, NAME_step_TEXT, text);
}

static struct slice html_step(const struct page *page, const struct record *record,
                              enum field_id text, enum field_id before, enum field_id after)
{
    ptrdiff_t start = markup_begin(page);
    const struct value *lead = before == FIELD_COUNT ? NULL : record_get(record, before);
    if (value_is_stated(lead)) {
        PUT(page, "<span class=\"kind\">");
        put_value(page, lead);
        PUT(page, "</span> ");
    }
    put_html(page, html_word(page, record, text));
    const struct value *more = after == FIELD_COUNT ? NULL : record_get(record, after);
    if (value_is_stated(more)) {
        PUT(page, " <span class=\"note\">");
        put_value(page, more);
        PUT(page, "</span>");
    }
    return markup_end(page, start);
}

static void add_steps(struct lazy_block *lazy, struct slice heading, struct value_list list,
                      enum field_id date, enum field_id text, enum field_id before,
                      enum field_id after)
{
    struct page *page = &lazy->maker->page;
    if (list.count == 0) {
        return;
    }
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set(part, NAME_part_HEADING, heading);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *record = list.items[i].as.group;
        add_step(page, part, record_get(record, date),
                 html_step(page, record, text, before, after));
    }
}

/* Who spoke, who agreed, and where the minutes are. */
static struct slice html_dialogue(const struct page *page, const struct record *dialogue)
{
    const struct value *who = record_get(dialogue, FIELD_dialogue_participants);
    const struct value *consent = record_get(dialogue, FIELD_dialogue_consent_of);
    struct slice minutes = record_text(dialogue, FIELD_dialogue_minutes_url);
    ptrdiff_t start = markup_begin(page);
    put_html(page, html_word(page, dialogue, FIELD_dialogue_topic));
    if (value_is_stated(who)) {
        PUT(page, " <span class=\"note\">");
        put_value(page, who);
        PUT(page, "</span>");
    }
    if (value_is_stated(consent)) {
        PUT(page, " <span class=\"note\">");
        put_html(page, html_label(page, FIELD_dialogue_consent_of));
        PUT(page, ": ");
        put_value(page, consent);
        PUT(page, "</span>");
    }
    if (minutes.length > 0) {
        PUT(page, " <span class=\"note\"><a href=\"");
        escape_html_attribute(page->buffer, minutes);
        PUT(page, "\">");
        put_html(page, html_label(page, FIELD_dialogue_minutes_url));
        PUT(page, "</a></span>");
    }
    return markup_end(page, start);
}

static void add_dialogues(struct lazy_block *lazy, struct value_list list)
{
    struct page *page = &lazy->maker->page;
    if (list.count == 0) {
        return;
    }
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set(part, NAME_part_HEADING, html_string(page, STRING_dialogues));
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *dialogue = list.items[i].as.group;
        add_step(page, part, record_get(dialogue, FIELD_dialogue_date),
                 html_dialogue(page, dialogue));
    }
}

static void add_documents(struct lazy_block *lazy, enum field_id field)
{
    struct page *page = &lazy->maker->page;
    struct value_list list = record_list(lazy->maker->record, field);
    if (list.count == 0) {
        return;
    }
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set(part, NAME_part_HEADING, html_label(page, field));
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *document = list.items[i].as.group;
        struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
        struct slice title = html_word(page, document, FIELD_document_title);
        struct slice url = record_text(document, FIELD_document_url);
        ptrdiff_t start = markup_begin(page);
        if (url.length > 0) {
            PUT(page, "<a href=\"");
            escape_html_attribute(page->buffer, url);
            PUT(page, "\">");
            put_html(page, title);
            PUT(page, "</a>");
        } else {
            put_html(page, title);
        }
        dictionary_set(item, NAME_item_TEXT, markup_end(page, start));
        static const enum field_id beside[] = {FIELD_document_kind, FIELD_document_date,
                                               FIELD_document_source};
        bool is_first = true;
        start = markup_begin(page);
        for (size_t k = 0; k < sizeof(beside) / sizeof(beside[0]); k++) {
            const struct value *value = record_get(document, beside[k]);
            if (value_is_stated(value)) {
                put_html(page, is_first ? SLICE("") : SLICE(" · "));
                put_value(page, value);
                is_first = false;
            }
        }
        dictionary_set_some(item, NAME_item_NOTE, markup_end(page, start));
    }
}

void case_course(struct case_page *maker)
{
    static const enum field_id pdca[] = {FIELD_pdca_plan, FIELD_pdca_do, FIELD_pdca_check,
                                         FIELD_pdca_act};
    static const enum field_id examination[] = {FIELD_examination_date, FIELD_examination_outcome};
    static const enum field_id closing[] = {FIELD_closing_date, FIELD_closing_papers};
    const struct record *record = maker->record;
    struct lazy_block lazy = {maker, SLICE("activity"), string_of(maker, STRING_course), NULL};
    case_prose(&lazy, record_get(record, FIELD_case_activity), FIELD_case_activity, true, true);
    case_prose(&lazy, record_get(record, FIELD_case_added_value), FIELD_case_added_value, false,
               false);
    add_steps(&lazy, string_of(maker, STRING_steps), record_list(record, FIELD_case_steps),
              FIELD_step_date, FIELD_step_text, FIELD_step_stage, FIELD_COUNT);
    add_dialogues(&lazy, record_list(record, FIELD_case_dialogues));
    add_steps(&lazy, label_of(maker, FIELD_case_handovers),
              record_list(record, FIELD_case_handovers), FIELD_handover_date, FIELD_handover_note,
              FIELD_handover_actor, FIELD_COUNT);
    case_facts(&lazy, label_of(maker, FIELD_case_pdca), record_group(record, FIELD_case_pdca), pdca,
               4);
    case_items(&lazy, label_of(maker, FIELD_case_differences),
               record_list(record, FIELD_case_differences), FIELD_difference_text,
               FIELD_difference_aspect);
    case_facts(&lazy, label_of(maker, FIELD_case_examination),
               record_group(record, FIELD_case_examination), examination, 2);
    case_facts(&lazy, label_of(maker, FIELD_case_closing), record_group(record, FIELD_case_closing),
               closing, 2);
    add_documents(&lazy, FIELD_case_process_docs);
}

/* ---- What came of it ---- */

static struct slice html_quantity(const struct page *page, const struct record *measure,
                                  enum field_id field)
{
    const struct value *value = record_get(measure, field);
    if (!value_is_stated(value)) {
        return (struct slice){0};
    }
    struct buffer number;
    buffer_init(&number);
    buffer_append_number(&number, value->as.number);
    ptrdiff_t start = markup_begin(page);
    put_quantity(page, buffer_slice(&number), record_code(measure, FIELD_measure_unit),
                 field == FIELD_measure_actual ? record_code(measure, FIELD_measure_qualifier)
                                               : NULL);
    buffer_release(&number);
    return markup_end(page, start);
}

/* A figure's cell: not stated where its silence is told, empty where nobody speaks of it. */
static void add_quantity(const struct page *page, struct dictionary *row,
                         const struct record *measure, enum field_id field)
{
    struct slice html = html_quantity(page, measure, field);
    struct dictionary *cell = add_labelled_cell(
        row, html, page_string(page, field == FIELD_measure_actual ? STRING_value : STRING_target));
    dictionary_show(cell, NAME_cell_NUMBER, true);
    dictionary_show(cell, NAME_cell_NOT_STATED, html.length == 0);
}

static void add_measures(struct lazy_block *lazy, enum field_id field, struct slice id)
{
    struct page *page = &lazy->maker->page;
    struct value_list list = record_list(lazy->maker->record, field);
    if (list.count == 0) {
        return;
    }
    struct dictionary *table = add_table(
        lazy_block(lazy), id,
        html_pattern(page, STRING_measures_caption, html_label(page, field), (struct slice){0}),
        false);
    dictionary_show(table, NAME_table_STACK, true);
    add_column(table, html_string(page, STRING_measure), false);
    add_column(table, html_string(page, STRING_value), true);
    add_column(table, html_string(page, STRING_target), true);
    add_column(table, html_string(page, STRING_as_of), false);
    add_column(table, html_string(page, STRING_source), false);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *measure = list.items[i].as.group;
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        ptrdiff_t start = markup_begin(page);
        put_html(page, html_word(page, measure, FIELD_measure_name));
        struct slice note = html_word(page, measure, FIELD_measure_note);
        if (note.length > 0) {
            PUT(page, " <span class=\"note\">");
            put_html(page, note);
            PUT(page, "</span>");
        }
        const struct value *shared = record_get(measure, FIELD_measure_agreed_by);
        if (value_is_stated(shared)) {
            PUT(page, " <span class=\"note\">");
            put_html(page, html_label(page, FIELD_measure_agreed_by));
            PUT(page, ": ");
            put_value(page, shared);
            PUT(page, "</span>");
        }
        add_cell(row, markup_end(page, start), true, false);
        add_quantity(page, row, measure, FIELD_measure_actual);
        add_quantity(page, row, measure, FIELD_measure_target);
        struct dictionary *cell =
            add_cell_of_value(page, row, record_get(measure, FIELD_measure_as_of), false);
        dictionary_set(cell, NAME_cell_LABEL, page_string(page, STRING_as_of));
        cell = add_cell_of_value(page, row, record_get(measure, FIELD_measure_source), false);
        dictionary_set(cell, NAME_cell_LABEL, page_string(page, STRING_source));
    }
}

void case_results(struct case_page *maker)
{
    static const enum field_id published[] = {FIELD_case_published_by};
    const struct record *record = maker->record;
    struct lazy_block lazy = {maker, SLICE("results"), string_of(maker, STRING_results_heading),
                              NULL};
    case_prose(&lazy, record_get(record, FIELD_case_results), FIELD_case_results, true, true);
    add_measures(&lazy, FIELD_case_outputs, SLICE("outputs"));
    add_measures(&lazy, FIELD_case_outcomes, SLICE("outcomes"));
    add_measures(&lazy, FIELD_case_impacts, SLICE("impacts"));
    struct slice note = html_paragraphs(&maker->page, record, FIELD_case_impact_note);
    if (note.length > 0) {
        add_prose(lazy_block(&lazy), (struct slice){0}, note);
    }
    case_prose(&lazy, record_get(record, FIELD_case_challenge), FIELD_case_challenge, false, false);
    add_documents(&lazy, FIELD_case_result_docs);
    case_facts(&lazy, (struct slice){0}, record, published, 1);
}

/* ---- Evaluations ---- */

static struct slice html_score(const struct page *page, const struct record *item)
{
    const struct value *score = record_get(item, FIELD_evaluation_item_score);
    ptrdiff_t start = markup_begin(page);
    if (value_is_stated(score)) {
        put_number(page, score->as.number);
        struct slice points = markup_end(page, start);
        const struct value *scale = record_get(item, FIELD_evaluation_item_scale);
        if (value_is_stated(scale)) {
            put_number(page, scale->as.number);
            struct slice most = markup_end(page, start);
            put_pattern(page, STRING_score_of, points, most);
        } else {
            put_html(page, points);
        }
    }
    struct slice comment = html_word(page, item, FIELD_evaluation_item_comment);
    if (comment.length > 0) {
        PUT(page, " <span class=\"note\">");
        put_html(page, comment);
        PUT(page, "</span>");
    }
    return slice_trim(markup_end(page, start));
}

/* How far the sides lie apart on an item: the highest score less the lowest, of the same scale. No
 * text where fewer than two sides have scored it, or on different scales. */
static struct slice html_gap(const struct page *page, struct value_list items, struct slice code)
{
    double low = 0;
    double high = 0;
    double scale = 0;
    int count = 0;
    for (ptrdiff_t i = 0; i < items.count; i++) {
        const struct record *item = items.items[i].as.group;
        const struct value *score = record_get(item, FIELD_evaluation_item_score);
        const struct value *most = record_get(item, FIELD_evaluation_item_scale);
        if (!value_is_stated(score) ||
            !slice_equal(record_text(item, FIELD_evaluation_item_item), code)) {
            continue;
        }
        double points = score->as.number;
        double own = value_is_stated(most) ? most->as.number : 0;
        if (count > 0 && (own > scale || own < scale)) {
            return (struct slice){0};
        }
        low = count == 0 || points < low ? points : low;
        high = count == 0 || points > high ? points : high;
        scale = own;
        count++;
    }
    ptrdiff_t start = markup_begin(page);
    if (count > 1) {
        put_number(page, high - low);
    }
    return markup_end(page, start);
}

/* One row an item, in the order in which their codes first come; one column an actor, and one for
 * the gap between them. */
static void add_evaluation_rows(struct case_page *maker, struct dictionary *table,
                                struct value_list items, const struct slice *actors,
                                int actor_count)
{
    struct page *page = &maker->page;
    for (ptrdiff_t i = 0; i < items.count; i++) {
        const struct record *first = items.items[i].as.group;
        struct slice code = record_text(first, FIELD_evaluation_item_item);
        bool is_new = true;
        for (ptrdiff_t k = 0; k < i; k++) {
            is_new = is_new && !slice_equal(code, record_text(items.items[k].as.group,
                                                              FIELD_evaluation_item_item));
        }
        if (!is_new) {
            continue;
        }
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        struct slice label = html_word(page, first, FIELD_evaluation_item_label);
        add_cell(row, label.length > 0 ? label : html_text(page, code), true, false);
        for (int a = 0; a < actor_count; a++) {
            struct slice html = {0};
            for (ptrdiff_t k = i; k < items.count; k++) {
                const struct record *item = items.items[k].as.group;
                const struct value *actor = record_get(item, FIELD_evaluation_item_actor);
                if (value_is_stated(actor) && slice_equal(value_reference(actor)->id, actors[a]) &&
                    slice_equal(code, record_text(item, FIELD_evaluation_item_item))) {
                    html = html_score(page, item);
                }
            }
            struct dictionary *cell = dictionary_add(row, NAME_row_CELL);
            dictionary_set_some(cell, NAME_cell_VALUE, html);
            dictionary_show(cell, NAME_cell_NOT_STATED, html.length == 0);
        }
        if (actor_count > 1) {
            struct slice gap = html_gap(page, items, code);
            add_cell(row, gap.length > 0 ? gap : SLICE("\xE2\x80\x93"), false, true);
        }
    }
}

#define EVALUATORS_MOST 8

static void add_evaluation_table(struct lazy_block *lazy, const struct record *evaluation,
                                 ptrdiff_t number)
{
    struct case_page *maker = lazy->maker;
    struct page *page = &maker->page;
    struct value_list items = record_list(evaluation, FIELD_evaluation_items);
    struct slice actors[EVALUATORS_MOST];
    int count = 0;
    if (items.count == 0) {
        return;
    }
    struct dictionary *table =
        add_table(lazy_block(lazy), arena_format(page->arena, "evaluation-%td", number + 1),
                  html_pattern(page, STRING_evaluation_caption,
                               html_when(page, record_get(evaluation, FIELD_evaluation_date)),
                               (struct slice){0}),
                  false);
    add_column(table, html_label(page, FIELD_evaluation_item_label), false);
    for (ptrdiff_t i = 0; i < items.count && count < EVALUATORS_MOST; i++) {
        const struct value *actor =
            record_get(items.items[i].as.group, FIELD_evaluation_item_actor);
        bool is_new = value_is_stated(actor);
        for (int k = 0; k < count && is_new; k++) {
            is_new = !slice_equal(actors[k], value_reference(actor)->id);
        }
        if (is_new) {
            actors[count++] = value_reference(actor)->id;
            add_column(
                table,
                html_pattern(page, STRING_evaluation_of, html_of(page, actor), (struct slice){0}),
                false);
        }
    }
    if (count > 1) {
        add_column(table, html_string(page, STRING_evaluation_gap), true);
    }
    add_evaluation_rows(maker, table, items, actors, count);
}

void case_evaluations(struct case_page *maker)
{
    static const enum field_id facts[] = {
        FIELD_evaluation_round,       FIELD_evaluation_kind,        FIELD_evaluation_date,
        FIELD_evaluation_shared_on,   FIELD_evaluation_cause,       FIELD_evaluation_improvement,
        FIELD_evaluation_next_effect, FIELD_evaluation_cost_result, FIELD_evaluation_note};
    const struct record *record = maker->record;
    struct lazy_block lazy = {maker, SLICE("evaluations"),
                              string_of(maker, STRING_evaluations_heading), NULL};
    struct value_list list = record_list(record, FIELD_case_evaluations);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *evaluation = list.items[i].as.group;
        add_evaluation_table(&lazy, evaluation, i);
        case_facts(&lazy, (struct slice){0}, evaluation, facts, sizeof(facts) / sizeof(facts[0]));
    }
    case_prose(&lazy, record_get(record, FIELD_case_evaluation_method),
               FIELD_case_evaluation_method, false, false);
}

/* ---- What was noticed, and what others can make of it ---- */

void case_insights(struct case_page *maker)
{
    static const enum field_id innovation[] = {FIELD_case_claims_innovation,
                                               FIELD_case_innovation_type};
    const struct record *record = maker->record;
    struct lazy_block lazy = {maker, SLICE("lessons"), string_of(maker, STRING_insights_heading),
                              NULL};
    case_prose(&lazy, record_get(record, FIELD_case_lessons), FIELD_case_lessons, true, true);
    case_items(&lazy, (struct slice){0}, record_list(record, FIELD_case_insights),
               FIELD_insight_text, FIELD_COUNT);
    case_prose(&lazy, record_get(record, FIELD_case_ingenuity), FIELD_case_ingenuity, false, false);
    case_prose(&lazy, record_get(record, FIELD_case_constraints), FIELD_case_constraints, false,
               false);
    case_facts(&lazy, (struct slice){0}, record, innovation, 2);
}

static void add_adoptions(struct lazy_block *lazy, struct value_list list)
{
    struct page *page = &lazy->maker->page;
    if (list.count == 0) {
        return;
    }
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set(part, NAME_part_HEADING, html_label(page, FIELD_transfer_adopted_by));
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *adoption = list.items[i].as.group;
        struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
        ptrdiff_t start = markup_begin(page);
        put_value(page, record_get(adoption, FIELD_adoption_area));
        const struct value *example = record_get(adoption, FIELD_adoption_case);
        if (value_is_stated(example)) {
            PUT(page, " ");
            put_value(page, example);
        }
        dictionary_set(item, NAME_item_TEXT, markup_end(page, start));
        put_value(page, record_get(adoption, FIELD_adoption_date));
        struct slice note = html_word(page, adoption, FIELD_adoption_note);
        if (note.length > 0) {
            PUT(page, " ");
            put_html(page, note);
        }
        dictionary_set_some(item, NAME_item_NOTE, slice_trim(markup_end(page, start)));
    }
}

/* The other way round: the cases that name this one among the places they were carried to. */
static void add_origins(struct lazy_block *lazy)
{
    struct page *page = &lazy->maker->page;
    const struct incoming *from = page->render->index->adopted_from[lazy->maker->item->index].first;
    if (!from) {
        return;
    }
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set(part, NAME_part_HEADING, html_string(page, STRING_adopted_from));
    for (; from; from = from->next) {
        add_item_line(part,
                      html_case_link(page, from->item,
                                     page_url(page, address_item(page->site, from->item,
                                                                 page->language, page->arena))),
                      (struct slice){0});
    }
}

void case_transfer(struct case_page *maker)
{
    static const enum field_id schemes[] = {FIELD_case_schemes_used};
    static const enum field_id origin[] = {FIELD_transfer_origin_area};
    const struct record *record = maker->record;
    const struct record *transfer = record_group(record, FIELD_case_transfer);
    const struct value *conditions = transfer ? record_get(transfer, FIELD_transfer_conditions)
                                              : record_get(record, FIELD_case_transfer);
    struct lazy_block lazy = {maker, SLICE("conditions"), string_of(maker, STRING_transfer_heading),
                              NULL};
    case_prose(&lazy, conditions, transfer ? FIELD_transfer_conditions : FIELD_case_transfer, true,
               true);
    case_facts(&lazy, (struct slice){0}, record, schemes, 1);
    case_facts(&lazy, (struct slice){0}, transfer, origin, 1);
    add_adoptions(&lazy, record_list(transfer, FIELD_transfer_adopted_by));
    add_origins(&lazy);
}

/* The page that tells how to ask and propose stays where nobody is named, too. */
static void add_window(struct lazy_block *lazy)
{
    struct page *page = &lazy->maker->page;
    const struct site *site = page->site;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_PAGE]; i++) {
        const struct item *item = &site->items[ITEM_PAGE][i];
        const struct code_entry *section = record_code(item->record, FIELD_page_section);
        if (section && slice_equal(section->code, SLICE("window"))) {
            ptrdiff_t start = markup_begin(page);
            PUT(page, "<p>");
            put_link(page, address_item(site, item, page->language, page->arena),
                     html_word(page, item->record, FIELD_page_title));
            PUT(page, "</p>");
            add_prose(lazy_block(lazy), (struct slice){0}, markup_end(page, start));
            return;
        }
    }
}

void case_participate(struct case_page *maker)
{
    struct page *page = &maker->page;
    const struct record *record = maker->record;
    struct lazy_block lazy = {maker, SLICE("participate"),
                              string_of(maker, STRING_participate_heading), NULL};
    struct value_list ways = record_list(record, FIELD_case_participate);
    if (ways.count > 0) {
        struct dictionary *part = add_part(lazy_block(&lazy));
        for (ptrdiff_t i = 0; i < ways.count; i++) {
            const struct record *way = ways.items[i].as.group;
            struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
            dictionary_set(item, NAME_item_TEXT,
                           html_step(page, way, FIELD_participation_text, FIELD_participation_way,
                                     FIELD_participation_url));
        }
    }
    const struct value *contact = record_get(record, FIELD_case_contact);
    if (value_is_stated(contact)) {
        ptrdiff_t start = markup_begin(page);
        PUT(page, "<p>");
        put_contact(page, contact->as.group);
        PUT(page, "</p>");
        add_prose(lazy_block(&lazy), string_of(maker, STRING_contact_heading),
                  markup_end(page, start));
    } else {
        case_prose(&lazy, contact, FIELD_case_contact, false, true);
    }
    add_window(&lazy);
}

void case_after(struct case_page *maker)
{
    static const enum field_id sustain[] = {FIELD_sustain_people, FIELD_sustain_money,
                                            FIELD_sustain_mechanism};
    static const enum field_id exits[] = {FIELD_exit_type, FIELD_exit_plan, FIELD_exit_decided_on};
    static const enum field_id collective[] = {
        FIELD_collective_agenda, FIELD_collective_shared_targets, FIELD_collective_backbone};
    static const enum field_id reviews[] = {FIELD_case_review_dates};
    const struct record *record = maker->record;
    struct lazy_block lazy = {maker, SLICE("after"), string_of(maker, STRING_after_heading), NULL};
    case_facts(&lazy, label_of(maker, FIELD_case_sustain), record_group(record, FIELD_case_sustain),
               sustain, 3);
    case_facts(&lazy, label_of(maker, FIELD_case_exit), record_group(record, FIELD_case_exit),
               exits, 3);
    case_facts(&lazy, (struct slice){0}, record, reviews, 1);
    const struct value *overdue = case_overdue_review(maker->page.site, record);
    if (overdue) {
        dictionary_set(add_part(lazy_block(&lazy)), NAME_part_NOT_STATED,
                       html_pattern(&maker->page, STRING_review_overdue,
                                    html_date(&maker->page, overdue->as.date), (struct slice){0}));
    }
    case_facts(&lazy, label_of(maker, FIELD_case_collective_impact),
               record_group(record, FIELD_case_collective_impact), collective, 3);
}
