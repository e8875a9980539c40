/* The first half of a case: why, what for, who, and how it was agreed. */
#include "case.h"

static struct slice string_of(const struct case_page *maker, enum string_id id)
{
    return html_string(&maker->page, id);
}

static void add_item(struct dictionary *part, struct slice text, struct slice note)
{
    struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
    dictionary_set(item, NAME_item_TEXT, text);
    dictionary_set_some(item, NAME_item_NOTE, note);
}

static struct dictionary *begin_list(struct lazy_block *lazy, enum field_id field)
{
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set(part, NAME_part_HEADING, html_label(&lazy->maker->page, field));
    return part;
}

/* What shows that there is a need: of which kind it is, and where it is written. */
static void add_needs(struct lazy_block *lazy, struct value_list needs)
{
    struct page *page = &lazy->maker->page;
    struct dictionary *part = needs.count > 0 ? begin_list(lazy, FIELD_case_need_evidence) : NULL;
    for (ptrdiff_t i = 0; i < needs.count; i++) {
        const struct record *need = needs.items[i].as.group;
        const struct value *kind = record_get(need, FIELD_need_kind);
        const struct value *source = record_get(need, FIELD_need_source);
        ptrdiff_t start = markup_begin(page);
        put_value(page, kind);
        if (value_is_stated(kind) && value_is_stated(source)) {
            PUT(page, " · ");
        }
        put_value(page, source);
        struct slice note = markup_end(page, start);
        add_item(part, html_word(page, need, FIELD_need_text), note);
    }
}

void case_issue(struct case_page *maker)
{
    const struct value *issue = record_get(maker->record, FIELD_case_issue);
    struct lazy_block lazy = {maker, SLICE("issue"), case_heading(maker, issue, FIELD_case_issue),
                              NULL};
    case_prose(&lazy, issue, FIELD_case_issue, true, true);
    add_needs(&lazy, record_list(maker->record, FIELD_case_need_evidence));
}

void case_purpose(struct case_page *maker)
{
    static const enum field_id agreed[] = {FIELD_purpose_agreed_by, FIELD_purpose_agreed_on};
    static const enum field_id category[] = {FIELD_case_purpose_category};
    const struct record *record = maker->record;
    const struct value *whole = record_get(record, FIELD_case_purpose);
    const struct record *purpose = record_group(record, FIELD_case_purpose);
    const struct value *text = purpose ? record_get(purpose, FIELD_purpose_text) : whole;
    struct lazy_block lazy = {maker, SLICE("purpose"),
                              case_heading(maker, purpose ? text : NULL, FIELD_case_purpose), NULL};
    if (purpose) {
        case_prose(&lazy, text, FIELD_purpose_text, true, true);
        case_facts(&lazy, (struct slice){0}, purpose, agreed, 2);
    } else {
        case_prose(&lazy, whole, FIELD_case_purpose, true, true);
    }
    case_items(&lazy, html_label(&maker->page, FIELD_case_beneficiaries),
               record_list(record, FIELD_case_beneficiaries), FIELD_beneficiary_name,
               FIELD_beneficiary_actor);
    case_facts(&lazy, (struct slice){0}, record, category, 1);
}

/* ---- Who did what ---- */

static bool any_stated(struct value_list actors, enum field_id field)
{
    for (ptrdiff_t i = 0; i < actors.count; i++) {
        if (value_is_stated(record_get(actors.items[i].as.group, field))) {
            return true;
        }
    }
    return false;
}

static struct slice html_actor(const struct page *page, const struct record *actor)
{
    ptrdiff_t start = markup_begin(page);
    const struct value *row = record_get(actor, FIELD_actor_actor);
    if (value_is_stated(row)) {
        put_value(page, row);
    } else {
        put_html(page, html_word(page, actor, FIELD_actor_name));
    }
    const struct code_entry *type = actor_type(page->site, actor);
    if (type) {
        PUT(page, " <span class=\"kind\">");
        put_text(page, code_label(type, page->text));
        PUT(page, "</span>");
    }
    return markup_end(page, start);
}

/* What somebody brought: the kinds, and in small what is said of them. */
static struct dictionary *add_contribution(const struct page *page, struct dictionary *row,
                                           const struct record *actor)
{
    const struct value *contribution = record_get(actor, FIELD_actor_contribution);
    struct slice note = html_word(page, actor, FIELD_actor_contribution_note);
    if (note.length == 0) {
        return add_cell_of_value(page, row, contribution, false);
    }
    ptrdiff_t start = markup_begin(page);
    put_value(page, contribution);
    PUT(page, " <span class=\"note\">");
    put_html(page, note);
    PUT(page, "</span>");
    return add_cell(row, markup_end(page, start), false, false);
}

/* A value that a reader must know: not stated when it is absent, too. */
static struct dictionary *add_cell_that_must_tell(const struct page *page, struct dictionary *row,
                                                  const struct value *value)
{
    if (value) {
        return add_cell_of_value(page, row, value, false);
    }
    struct dictionary *cell = dictionary_add(row, NAME_row_CELL);
    dictionary_show(cell, NAME_cell_NOT_STATED, true);
    return cell;
}

/* What is told of actors: what a reader must know, then what is shown where somebody tells it. */
static const struct {
    enum field_id field;
    enum string_id label; /* STRING_COUNT: the field's own */
} actor_columns[] = {
    {FIELD_actor_role, STRING_role},
    {FIELD_actor_responsibility, STRING_responsibility},
    {FIELD_actor_contribution, STRING_brought},
    {FIELD_actor_strengths, STRING_COUNT},
    {FIELD_actor_mission, STRING_COUNT},
    {FIELD_actor_decision_part, STRING_COUNT},
    {FIELD_actor_legal_form, STRING_COUNT},
};
#define ACTOR_COLUMNS ((int)(sizeof(actor_columns) / sizeof(actor_columns[0])))
#define ACTOR_COLUMNS_NEEDED 2

static struct slice actor_label(const struct page *page, int column)
{
    enum string_id label = actor_columns[column].label;
    return label == STRING_COUNT ? field_info(actor_columns[column].field)->label[page->labels]
                                 : page_string(page, label);
}

static void add_actor_row(struct case_page *maker, struct dictionary *table,
                          const struct record *actor, const bool shown[ACTOR_COLUMNS])
{
    struct page *page = &maker->page;
    struct dictionary *row = dictionary_add(table, NAME_table_ROW);
    add_cell(row, html_actor(page, actor), true, false);
    for (int i = 0; i < ACTOR_COLUMNS; i++) {
        if (!shown[i]) {
            continue;
        }
        const struct value *value = record_get(actor, actor_columns[i].field);
        struct dictionary *cell;
        if (actor_columns[i].field == FIELD_actor_contribution) {
            cell = add_contribution(page, row, actor);
        } else if (i < ACTOR_COLUMNS_NEEDED) {
            cell = add_cell_that_must_tell(page, row, value);
        } else {
            cell = add_cell_of_value(page, row, value, false);
        }
        dictionary_set(cell, NAME_cell_LABEL, actor_label(page, i));
    }
}

/* A column in which nobody is said anything of is a sentence instead. */
static void add_actors(struct case_page *maker, struct lazy_block *lazy, struct value_list actors)
{
    struct page *page = &maker->page;
    bool shown[ACTOR_COLUMNS];
    struct dictionary *table = add_table(lazy_block(lazy), SLICE("who-did-what"),
                                         string_of(maker, STRING_actors_caption), true);
    dictionary_show(table, NAME_table_STACK, true);
    add_column(table, string_of(maker, STRING_actor), false);
    for (int i = 0; i < ACTOR_COLUMNS; i++) {
        shown[i] = any_stated(actors, actor_columns[i].field) ||
                   (actor_columns[i].field == FIELD_actor_contribution &&
                    any_stated(actors, FIELD_actor_contribution_note));
        if (shown[i]) {
            add_column(table, html_text(page, actor_label(page, i)), false);
        }
    }
    for (ptrdiff_t i = 0; i < actors.count; i++) {
        add_actor_row(maker, table, actors.items[i].as.group, shown);
    }
    for (int i = 0; i <= ACTOR_COLUMNS_NEEDED; i++) {
        if (!shown[i]) {
            struct dictionary *part = add_part(lazy_block(lazy));
            dictionary_set(part, NAME_part_NOT_STATED,
                           html_pattern(page, STRING_not_stated_of_all,
                                        html_text(page, actor_label(page, i)), (struct slice){0}));
        }
    }
}

void case_actors(struct case_page *maker)
{
    struct page *page = &maker->page;
    static const enum field_id proposer[] = {FIELD_case_proposer, FIELD_case_initiative_note};
    static const enum field_id intermediary[] = {FIELD_intermediary_actor,
                                                 FIELD_intermediary_roles};
    struct value_list actors = record_list(maker->record, FIELD_case_actors);
    struct lazy_block lazy = {maker, SLICE("actors"), string_of(maker, STRING_who), NULL};
    if (actors.count == 0) {
        case_silent(maker, lazy.heading);
        return;
    }
    add_actors(maker, &lazy, actors);
    case_facts(&lazy, (struct slice){0}, maker->record, proposer, 2);
    case_facts(&lazy, html_label(page, FIELD_case_intermediary),
               record_group(maker->record, FIELD_case_intermediary), intermediary, 2);
}

/* ---- Form and agreement ---- */

static struct slice html_money(const struct page *page, const struct record *cost)
{
    ptrdiff_t start = markup_begin(page);
    const struct value *amount = record_get(cost, FIELD_cost_amount);
    if (value_is_stated(amount)) {
        put_pattern(page, STRING_yen, text_integer(page, amount->as.integer), (struct slice){0});
    }
    const struct value *share = record_get(cost, FIELD_cost_share);
    if (value_is_stated(share)) {
        PUT(page, " ");
        put_number(page, share->as.number);
        PUT(page, "%");
    }
    struct slice kind = html_word(page, cost, FIELD_cost_in_kind);
    if (kind.length > 0) {
        PUT(page, " ");
        put_html(page, kind);
    }
    return slice_trim(markup_end(page, start));
}

static void add_costs(struct lazy_block *lazy, struct value_list costs)
{
    struct page *page = &lazy->maker->page;
    if (costs.count == 0) {
        return;
    }
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set(part, NAME_part_HEADING, html_label(page, FIELD_case_costs));
    for (ptrdiff_t i = 0; i < costs.count; i++) {
        const struct record *cost = costs.items[i].as.group;
        ptrdiff_t start = markup_begin(page);
        put_value(page, record_get(cost, FIELD_cost_actor));
        struct slice actor = markup_end(page, start);
        struct slice money = html_money(page, cost);
        struct dictionary *fact = dictionary_add(part, NAME_part_FACT);
        dictionary_set(fact, NAME_fact_LABEL,
                       actor.length > 0 ? actor : html_label(page, FIELD_cost_actor));
        dictionary_set_some(fact, NAME_fact_VALUE, money);
        dictionary_show(fact, NAME_fact_NOT_STATED, money.length == 0);
    }
}

/* Whether the work suits collaboration: each question of the city with its answer. */
static void add_fit(struct lazy_block *lazy, struct value_list answers)
{
    struct page *page = &lazy->maker->page;
    struct dictionary *part = answers.count > 0 ? begin_list(lazy, FIELD_case_fit) : NULL;
    for (ptrdiff_t i = 0; i < answers.count; i++) {
        const struct record *answer = answers.items[i].as.group;
        ptrdiff_t start = markup_begin(page);
        put_value(page, record_get(answer, FIELD_fit_answer_id));
        PUT(page, " <strong>");
        put_value(page, record_get(answer, FIELD_fit_answer_answer));
        PUT(page, "</strong>");
        struct slice text = markup_end(page, start);
        add_item(part, text, html_word(page, answer, FIELD_fit_answer_note));
    }
}

void case_form(struct case_page *maker)
{
    static const enum field_id facts[] = {
        FIELD_case_origin,           FIELD_case_project_kind, FIELD_case_project_responsibility,
        FIELD_case_contract_duty,    FIELD_case_result_owner, FIELD_case_labour_cost_included,
        FIELD_case_excluded_activity};
    static const enum field_id selection[] = {FIELD_selection_method, FIELD_selection_reason,
                                              FIELD_selection_date, FIELD_selection_call_url};
    static const enum field_id agreement[] = {
        FIELD_agreement_kind,         FIELD_agreement_date,
        FIELD_agreement_covers_roles, FIELD_agreement_covers_responsibility,
        FIELD_agreement_url,          FIELD_agreement_agreement};
    const struct record *record = maker->record;
    struct page *page = &maker->page;
    struct lazy_block lazy = {maker, SLICE("form"), string_of(maker, STRING_form_heading), NULL};
    case_facts(&lazy, (struct slice){0}, record, facts, sizeof(facts) / sizeof(facts[0]));
    case_prose(&lazy, record_get(record, FIELD_case_form_reason), FIELD_case_form_reason, false,
               false);
    add_fit(&lazy, record_list(record, FIELD_case_fit));
    case_facts(&lazy, html_label(page, FIELD_case_selection),
               record_group(record, FIELD_case_selection), selection, 4);
    case_facts(&lazy, html_label(page, FIELD_case_agreement),
               record_group(record, FIELD_case_agreement), agreement, 6);
    add_costs(&lazy, record_list(record, FIELD_case_costs));
}
