#include "rule_test.h"

/* What a compiled test says of a record. Each kind has one function; all are linear in what they go
 * through. */

struct outcome outcome_of(enum evidence_state state, struct span place)
{
    return (struct outcome){.state = state, .place = place};
}

/* Of a condition nobody asks how badly it fails, nor where: it holds, or does not. */
static bool is_decided(const struct running *running, enum evidence_state state)
{
    return running->is_condition && (state > EVIDENCE_STATED || state == EVIDENCE_NOT_APPLICABLE);
}

/* ---- Presence ---- */

struct presence {
    int language; /* -1: any */
    bool stated;
    bool is_broken;
    const struct value *first; /* stated */
    const struct value *not_stated;
    const struct value *not_applicable;
    struct span cell;
};

static bool look(void *context, const struct term *term)
{
    struct presence *presence = context;
    const struct value *value = term->value;
    bool stated = term_is_stated(term);
    presence->is_broken = presence->is_broken || term->is_broken;
    if (stated && presence->language >= 0 && value != NULL && value->words != NULL) {
        int actual = -1;
        value_word(value, presence->language, &actual);
        stated = actual == presence->language;
    }
    if (stated) {
        presence->stated = true;
        presence->first = value;
        presence->cell = value == NULL ? term_span(term) : presence->cell;
        return false;
    }
    if (value != NULL && value->state == VALUE_NOT_APPLICABLE) {
        presence->not_applicable =
            presence->not_applicable != NULL ? presence->not_applicable : value;
    } else if (value != NULL && presence->not_stated == NULL) {
        presence->not_stated = value;
    }
    return true;
}

struct span value_place(const struct value *value)
{
    /* The text of a body section has its place with its words. */
    bool in_body = value->span.source == NULL && value->words != NULL;
    return in_body ? value->words[0].span : value->span;
}

/* Most paths are one field of the entry or of the record: no walk is needed for these. The record
 * that has the field, or NULL: the path must be walked. */
static inline const struct record *direct_record(const struct running *running,
                                                 const struct rule_path *path,
                                                 const struct scope *scope)
{
    return path->step_count == 1 ? rule_path_scope(running, path, scope)->record : NULL;
}

/* Whether a field is not stated where this record has no value of it: what an actor leaves out may
 * stand in the register, and what is broken is another matter. */
static inline bool says_all(const struct record *record)
{
    return record->shape != SHAPE_actor && record->broken_count == 0 && !record->is_broken;
}

static struct outcome presence_of_value(const struct value *value)
{
    enum evidence_state state = EVIDENCE_NOT_STATED;
    if (value->state == VALUE_NOT_APPLICABLE) {
        state = EVIDENCE_NOT_APPLICABLE;
    } else if (value_is_stated(value)) {
        state = EVIDENCE_STATED;
    }
    return (struct outcome){.state = state,
                            .place = value_place(value),
                            .value = value,
                            .reason = state == EVIDENCE_NOT_APPLICABLE ? value : NULL};
}

static struct outcome absence_in(const struct running *running, const struct record *record)
{
    struct span place = record->span;
    place.end = place.start;
    if (record == running->root->record) {
        place = running->root->place;
    }
    return outcome_of(EVIDENCE_NOT_STATED, place);
}

static struct outcome walked_presence(const struct running *running, const struct rule_path *path,
                                      int language, const struct scope *scope)
{
    struct outcome outcome = {0};
    struct presence presence = {.language = language};
    struct span missing = {0};
    rule_path_walk(running, path, scope, false, look, &presence, &missing);
    outcome.state = EVIDENCE_NOT_STATED;
    outcome.place = missing;
    if (presence.stated) {
        outcome.state = EVIDENCE_STATED;
        outcome.value = presence.first;
        outcome.place = presence.first != NULL ? value_place(presence.first) : presence.cell;
    } else if (presence.is_broken) {
        outcome.state =
            EVIDENCE_VOID; /* what is wrong has been said: nothing more is asked of it */
    } else if (presence.not_stated != NULL) {
        outcome.value = presence.not_stated;
        outcome.place = value_place(presence.not_stated);
    } else if (presence.not_applicable != NULL) {
        outcome.state = EVIDENCE_NOT_APPLICABLE;
        outcome.value = presence.not_applicable;
        outcome.reason = presence.not_applicable;
        outcome.place = value_place(presence.not_applicable);
    }
    if (outcome.place.source == NULL) {
        outcome.place = scope->place;
    }
    return outcome;
}

struct outcome presence_of(const struct running *running, const struct rule_path *path,
                           int language, const struct scope *scope)
{
    const struct record *record = language < 0 ? direct_record(running, path, scope) : NULL;
    const struct value *value = record != NULL ? record_get(record, path->steps[0]) : NULL;
    if (value != NULL) {
        return presence_of_value(value);
    }
    return record != NULL && says_all(record) ? absence_in(running, record)
                                              : walked_presence(running, path, language, scope);
}

static struct outcome run_present(const struct running *running, const struct rule_test *test,
                                  const struct scope *scope)
{
    struct outcome worst = presence_of(running, &test->paths[0], test->language, scope);
    for (int i = 1; i < test->path_count && !is_decided(running, worst.state); i++) {
        struct outcome one = presence_of(running, &test->paths[i], test->language, scope);
        if (one.state > worst.state || is_decided(running, one.state)) {
            worst = one;
        }
    }
    return worst;
}

static struct outcome run_absent(const struct running *running, const struct rule_test *test,
                                 const struct scope *scope)
{
    for (int i = 0; i < test->path_count; i++) {
        struct outcome one = presence_of(running, &test->paths[i], -1, scope);
        if (one.state == EVIDENCE_STATED) {
            one.state = EVIDENCE_CONTRADICTED;
            return one;
        }
    }
    return outcome_of(EVIDENCE_STATED, scope->place);
}

/* ---- Comparison with what is written in the test ---- */

struct membership {
    const struct rule_test *test;
    int inside, outside;
    const struct value *wrong;
    struct span wrong_place;
};

static bool is_literal(const struct rule_test *test, const struct term *term)
{
    struct slice text = term_text(term);
    for (int i = 0; i < test->literal_count; i++) {
        const struct rule_literal *literal = &test->literals[i];
        double number;
        if (literal->is_number && term_number(term, &number) ? number == literal->number
                                                             : slice_equal(text, literal->text)) {
            return true;
        }
    }
    return false;
}

static bool count_member(void *context, const struct term *term)
{
    struct membership *membership = context;
    if (is_literal(membership->test, term)) {
        membership->inside++;
        return true;
    }
    if (membership->outside++ == 0) {
        membership->wrong = term->value;
        membership->wrong_place = term_span(term);
    }
    return true;
}

/* one_of, has, and equal and differ with a literal. */
static struct outcome run_literals(const struct running *running, const struct rule_test *test,
                                   const struct scope *scope)
{
    struct outcome presence = presence_of(running, &test->paths[0], -1, scope);
    if (presence.state != EVIDENCE_STATED) {
        return presence;
    }
    struct membership membership = {.test = test};
    if (test->paths[0].step_count == 1 && presence.value != NULL) {
        value_walk_parts(presence.value, count_member, &membership); /* one field: no walk */
    } else {
        rule_path_walk(running, &test->paths[0], scope, true, count_member, &membership, NULL);
    }
    bool fine = membership.outside == 0;
    if (test->kind == TEST_has) {
        fine = membership.inside > 0;
    } else if (test->kind == TEST_differ) {
        fine = membership.inside == 0;
    }
    if (!fine) {
        presence.state = EVIDENCE_CONTRADICTED;
        if (membership.wrong != NULL) {
            presence.value = membership.wrong;
            presence.place = membership.wrong_place;
        }
    }
    return presence;
}

/* ---- Comparison of two values ---- */

static bool keep_first(void *context, const struct term *term)
{
    struct term *out = context;
    if (!term_is_stated(term)) {
        return true;
    }
    *out = *term;
    return false;
}

bool first_term(const struct running *running, const struct rule_path *path,
                const struct scope *scope, struct term *out)
{
    *out = (struct term){.column = -1};
    const struct record *record = direct_record(running, path, scope);
    const struct value *value = record != NULL ? record_get(record, path->steps[0]) : NULL;
    if (value != NULL) {
        if (value->is_list && value->state == VALUE_STATED && value->as.list.count > 0) {
            value = &value->as.list.items[0];
        }
        out->value = value_is_stated(value) ? value : NULL;
    } else if (record == NULL || !says_all(record)) {
        rule_path_walk(running, path, scope, true, keep_first, out, NULL);
    }
    return out->value != NULL || out->table != NULL;
}

static bool is_number(enum field_type type)
{
    return type == FIELD_TYPE_INTEGER || type == FIELD_TYPE_NUMBER;
}

static bool same_term(enum field_type type, const struct term *a, const struct term *b)
{
    struct date left_date;
    struct date right_date;
    double left;
    double right;
    if (type == FIELD_TYPE_DATE && term_date(a, &left_date) && term_date(b, &right_date)) {
        return date_first_day(left_date) == date_first_day(right_date) &&
               date_last_day(left_date) == date_last_day(right_date);
    }
    if (is_number(type) && term_number(a, &left) && term_number(b, &right)) {
        return left == right;
    }
    return slice_equal(term_text(a), term_text(b));
}

/* What is missing of two values that are compared; STATED when both are there. */
static struct outcome both_present(const struct running *running, const struct rule_test *test,
                                   const struct scope *scope, struct term *first,
                                   struct term *other)
{
    if (!first_term(running, &test->paths[0], scope, first)) {
        return presence_of(running, &test->paths[0], -1, scope);
    }
    if (!first_term(running, test->other, scope, other)) {
        return presence_of(running, test->other, -1, scope);
    }
    struct outcome outcome = outcome_of(EVIDENCE_STATED, term_span(first));
    outcome.value = first->value;
    if (outcome.place.source == NULL) {
        outcome.place = scope->place;
    }
    return outcome;
}

static struct outcome run_comparison(const struct running *running, const struct rule_test *test,
                                     const struct scope *scope)
{
    if (test->other == NULL) {
        return run_literals(running, test, scope);
    }
    struct term first;
    struct term other;
    struct outcome outcome = both_present(running, test, scope, &first, &other);
    if (outcome.state == EVIDENCE_STATED &&
        same_term(test->paths[0].type, &first, &other) != (test->kind == TEST_equal)) {
        outcome.state = EVIDENCE_CONTRADICTED;
    }
    return outcome;
}

static int fiscal_year(int32_t day)
{
    struct date date = date_from_days(day);
    return date.month >= 4 ? date.year : date.year - 1;
}

/* An imprecise date is out of order only when every day that it may mean is. */
static bool dates_in_order(const struct rule_test *test, struct date first, struct date then)
{
    double earliest = date_first_day(first);
    double latest = date_last_day(then);
    if (test->years > 0 &&
        fiscal_year((int32_t)latest) - fiscal_year((int32_t)earliest) < test->years) {
        return false;
    }
    double least = earliest + test->apart - test->late;
    return test->strict ? latest > least : latest >= least;
}

static struct outcome run_order(const struct running *running, const struct rule_test *test,
                                const struct scope *scope)
{
    struct term first;
    struct term other = {0};
    struct outcome outcome = both_present(running, test, scope, &first, &other);
    if (outcome.state != EVIDENCE_STATED) {
        return outcome;
    }
    struct date earlier;
    struct date later;
    double small = 0;
    double large = 0;
    bool fine;
    if (test->paths[0].type == FIELD_TYPE_DATE && term_date(&first, &earlier) &&
        term_date(&other, &later)) {
        fine = dates_in_order(test, earlier, later);
    } else {
        fine = term_number(&first, &small) && term_number(&other, &large);
        double least = small + test->apart - test->late;
        fine = fine && (test->strict ? large > least : large >= least);
    }
    if (!fine) {
        outcome.state = EVIDENCE_CONTRADICTED;
        /* The later one is the one to look at, but today cannot be corrected, and a value of the
         * whole record that entries are measured by is not the one that is wrong. */
        bool is_measure = test->other->start == PATH_TODAY ||
                          (test->other->start == PATH_ROOT && test->paths[0].start != PATH_ROOT);
        if (!is_measure) {
            outcome.place = term_span(&other);
            outcome.value = other.value;
        }
    }
    return outcome;
}

/* ---- Going through entries ---- */

struct pass {
    const struct running *running;
    const struct rule_test *test;
    struct outcome worst; /* every: of the entries */
    struct map distinct;
    int32_t held, of;
};

static bool is_counted(struct pass *pass, const struct scope *entry)
{
    const struct rule_test *where = pass->test->where;
    return where == NULL || rule_test_holds(pass->running, where, entry);
}

static bool visit_every(void *context, const struct scope *entry)
{
    struct pass *pass = context;
    if (!is_counted(pass, entry)) {
        return true;
    }
    pass->of++;
    if (pass->test->test_count == 0) {
        pass->held++;
        return true;
    }
    struct outcome one = rule_test_run(pass->running, pass->test->tests[0], entry);
    if (one.state <= EVIDENCE_STATED) {
        pass->held++;
    }
    if (one.state > pass->worst.state) {
        pass->worst = one;
    }
    return !pass->running->is_condition || one.state <= EVIDENCE_STATED;
}

static bool visit_any(void *context, const struct scope *entry)
{
    struct pass *pass = context;
    if (!is_counted(pass, entry)) {
        return true;
    }
    pass->of++;
    if (pass->test->test_count == 0 ||
        rule_test_holds(pass->running, pass->test->tests[0], entry)) {
        pass->held++;
        pass->worst = outcome_of(EVIDENCE_STATED, entry->place);
        pass->worst.value = entry->value;
        return false;
    }
    return true;
}

static bool visit_count(void *context, const struct scope *entry)
{
    struct pass *pass = context;
    if (!is_counted(pass, entry)) {
        return true;
    }
    pass->of++;
    if (pass->test->key_count == 0) {
        pass->held++;
        return true;
    }
    for (int i = 0; i < pass->test->key_count; i++) {
        struct term term;
        if (first_term(pass->running, &pass->test->keys[i], entry, &term)) {
            bool is_new;
            map_insert(&pass->distinct, pass->running->scratch, term_text(&term), &is_new);
            pass->held += is_new ? 1 : 0;
            break;
        }
    }
    return true;
}

static void go_through(const struct running *running, const struct rule_test *test,
                       const struct scope *scope, entry_visitor visit, struct pass *pass)
{
    *pass = (struct pass){.running = running, .test = test};
    for (int i = 0; i < test->path_count; i++) {
        rule_path_entries_walk(running, &test->paths[i], scope, visit, pass);
    }
}

/* Where the list is, or what a record that says nothing of it says instead. */
static struct outcome list_outcome(const struct running *running, const struct rule_test *test,
                                   const struct scope *scope)
{
    struct outcome outcome = outcome_of(EVIDENCE_STATED, scope->place);
    if (test->paths[0].step_count > 0 || test->paths[0].start == PATH_SELF) {
        outcome = presence_of(running, &test->paths[0], -1, scope);
    }
    return outcome;
}

static struct outcome run_every(const struct running *running, const struct rule_test *test,
                                const struct scope *scope)
{
    struct pass pass;
    go_through(running, test, scope, visit_every, &pass);
    struct outcome outcome = pass.worst;
    if (outcome.place.source == NULL) {
        outcome.place = scope->place;
    }
    outcome.held = pass.held;
    outcome.of = pass.of;
    return outcome;
}

static struct outcome run_any(const struct running *running, const struct rule_test *test,
                              const struct scope *scope)
{
    struct pass pass;
    go_through(running, test, scope, visit_any, &pass);
    struct outcome outcome = pass.worst;
    if (pass.held == 0) {
        outcome = list_outcome(running, test, scope);
        if (outcome.state == EVIDENCE_STATED) {
            outcome.state = EVIDENCE_NOT_STATED;
        }
    }
    return outcome;
}

static struct outcome run_count(const struct running *running, const struct rule_test *test,
                                const struct scope *scope)
{
    struct pass pass;
    go_through(running, test, scope, visit_count, &pass);
    struct outcome outcome = list_outcome(running, test, scope);
    if (pass.held < test->least) {
        outcome.state =
            outcome.state == EVIDENCE_NOT_APPLICABLE ? outcome.state : EVIDENCE_NOT_STATED;
    } else if (test->most >= 0 && pass.held > test->most) {
        outcome.state = EVIDENCE_CONTRADICTED;
    } else {
        outcome.state = EVIDENCE_STATED;
    }
    outcome.held = pass.held;
    outcome.of = (int32_t)test->least;
    return outcome;
}

/* ---- Joining tests ---- */

/* From best to worst for `either`. */
static int rank(enum evidence_state state)
{
    switch (state) {
    case EVIDENCE_STATED:
        return 0;
    case EVIDENCE_VOID:
        return 1;
    case EVIDENCE_NOT_APPLICABLE:
        return 2;
    case EVIDENCE_NOT_STATED:
        return 3;
    case EVIDENCE_CONTRADICTED:
        return 4;
    }
    BUG("a state of no kind");
}

static struct outcome run_joined(const struct running *running, const struct rule_test *test,
                                 const struct scope *scope)
{
    struct outcome kept = rule_test_run(running, test->tests[0], scope);
    bool is_all = test->kind == TEST_all;
    for (int i = 1; i < test->test_count; i++) {
        if (is_all ? is_decided(running, kept.state) : kept.state == EVIDENCE_STATED) {
            break;
        }
        struct outcome one = rule_test_run(running, test->tests[i], scope);
        bool replaces = is_all ? one.state > kept.state || is_decided(running, one.state)
                               : rank(one.state) < rank(kept.state);
        if (replaces) {
            kept = one;
        }
    }
    return kept;
}

static struct outcome run_not(const struct running *running, const struct rule_test *test,
                              const struct scope *scope)
{
    struct running condition = *running;
    condition.is_condition = true;
    struct outcome outcome = rule_test_run(&condition, test->tests[0], scope);
    bool held = outcome.state == EVIDENCE_STATED || outcome.state == EVIDENCE_VOID;
    outcome.state = held ? EVIDENCE_CONTRADICTED : EVIDENCE_STATED;
    outcome.reason = NULL;
    outcome.held = 0; /* of what was counted the other way round */
    outcome.of = 0;
    return outcome;
}

static struct outcome run_passes(const struct running *running, const struct rule_test *test,
                                 const struct scope *scope)
{
    const struct rule *rule = test->rule;
    if (rule == NULL || rule->test == NULL ||
        (rule->when != NULL && !rule_test_holds(running, rule->when, scope))) {
        return outcome_of(EVIDENCE_VOID, scope->place);
    }
    return rule_test_run(running, rule->test, scope);
}

static struct outcome run_if(const struct running *running, const struct rule_test *test,
                             const struct scope *scope)
{
    if (!rule_test_holds(running, test->tests[0], scope)) {
        return outcome_of(EVIDENCE_VOID, scope->place);
    }
    return rule_test_run(running, test->tests[1], scope);
}

typedef struct outcome (*test_runner)(const struct running *running, const struct rule_test *test,
                                      const struct scope *scope);

static const test_runner runners[TEST_COUNT] = {
    [TEST_present] = run_present, [TEST_absent] = run_absent,    [TEST_one_of] = run_comparison,
    [TEST_has] = run_comparison,  [TEST_equal] = run_comparison, [TEST_differ] = run_comparison,
    [TEST_order] = run_order,     [TEST_count] = run_count,      [TEST_every] = run_every,
    [TEST_any] = run_any,         [TEST_subset] = run_subset,    [TEST_same_set] = run_same_set,
    [TEST_lookup] = run_lookup,   [TEST_exists] = run_exists,    [TEST_named] = run_named,
    [TEST_overlap] = run_overlap, [TEST_passes] = run_passes,    [TEST_all] = run_joined,
    [TEST_either] = run_joined,   [TEST_not] = run_not,          [TEST_if] = run_if,
};

struct outcome rule_test_run(const struct running *running, const struct rule_test *test,
                             const struct scope *scope)
{
    return runners[test->kind](running, test, scope);
}

bool rule_test_holds(const struct running *running, const struct rule_test *test,
                     const struct scope *scope)
{
    if (!running->is_condition) {
        struct running condition = *running;
        condition.is_condition = true;
        return rule_test_holds(&condition, test, scope);
    }
    enum evidence_state state = rule_test_run(running, test, scope).state;
    return state == EVIDENCE_STATED || state == EVIDENCE_VOID;
}
