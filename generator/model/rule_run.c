#include "rule_test.h"

/* What a compiled test says of a record. Each kind has one function; all are linear in what they go
 * through. */

static struct outcome outcome_of(enum evidence_state state, struct span place)
{
    return (struct outcome){.state = state, .place = place};
}

static struct span place_of(const struct scope *scope)
{
    return scope->place;
}

/* ---- Presence ----------------------------------------------------------------------------------------- */

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

static struct span value_place(const struct value *value)
{
    /* The text of a body section has its place with its words. */
    bool in_body = value->span.source == NULL && value->words != NULL;
    return in_body ? value->words[0].span : value->span;
}

static struct outcome presence_of(const struct running *running, const struct rule_path *path,
                                  int language, const struct scope *scope)
{
    struct presence presence = {.language = language};
    struct span missing = {0};
    rule_path_walk(running, path, scope, false, look, &presence, &missing);
    struct outcome outcome = {.state = EVIDENCE_NOT_STATED, .place = missing};
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
        outcome.place = place_of(scope);
    }
    return outcome;
}

static struct outcome run_present(const struct running *running, const struct rule_test *test,
                                  const struct scope *scope)
{
    struct outcome worst = {0};
    for (int i = 0; i < test->path_count; i++) {
        struct outcome one = presence_of(running, &test->paths[i], test->language, scope);
        if (one.state > worst.state) {
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
    return outcome_of(EVIDENCE_STATED, place_of(scope));
}

/* ---- Comparison with what is written in the test ------------------------------------------------------------ */

struct membership {
    const struct rule_test *test;
    int inside, outside;
    const struct value *wrong;
    struct span wrong_place;
};

static bool is_literal(const struct rule_test *test, const struct term *term)
{
    double number;
    bool is_number = term_number(term, &number);
    struct slice text = term_text(term);
    for (int i = 0; i < test->literal_count; i++) {
        const struct rule_literal *literal = &test->literals[i];
        if (is_number && literal->is_number ? number == literal->number
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
    rule_path_walk(running, &test->paths[0], scope, true, count_member, &membership, NULL);
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

/* ---- Comparison of two values -------------------------------------------------------------------------------- */

static bool keep_first(void *context, const struct term *term)
{
    struct term *out = context;
    if (!term_is_stated(term)) {
        return true;
    }
    *out = *term;
    return false;
}

static bool first_term(const struct running *running, const struct rule_path *path,
                       const struct scope *scope, struct term *out)
{
    *out = (struct term){.column = -1};
    rule_path_walk(running, path, scope, true, keep_first, out, NULL);
    return out->value != NULL || out->table != NULL;
}

static bool same_term(const struct term *a, const struct term *b)
{
    struct date left_date;
    struct date right_date;
    double left;
    double right;
    if (term_date(a, &left_date) && term_date(b, &right_date)) {
        return date_first_day(left_date) == date_first_day(right_date) &&
               date_last_day(left_date) == date_last_day(right_date);
    }
    if (term_number(a, &left) && term_number(b, &right)) {
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
        outcome.place = place_of(scope);
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
        same_term(&first, &other) != (test->kind == TEST_equal)) {
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
    struct term other;
    struct outcome outcome = both_present(running, test, scope, &first, &other);
    if (outcome.state != EVIDENCE_STATED) {
        return outcome;
    }
    struct date earlier;
    struct date later;
    double small = 0;
    double large = 0;
    bool fine;
    if (term_date(&first, &earlier) && term_date(&other, &later)) {
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

/* ---- Going through entries ------------------------------------------------------------------------------------- */

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
    return true;
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
    struct outcome outcome = outcome_of(EVIDENCE_STATED, place_of(scope));
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
        outcome.place = place_of(scope);
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

/* ---- Sets --------------------------------------------------------------------------------------------------------- */

struct gathering {
    struct map *map;
    struct arena *arena;
};

static bool gather(void *context, const struct term *term)
{
    struct gathering *gathering = context;
    map_insert(gathering->map, gathering->arena, term_text(term), NULL);
    return true;
}

struct containment {
    const struct map *map;
    int32_t inside, of;
};

static bool contain(void *context, const struct term *term)
{
    struct containment *containment = context;
    containment->of++;
    containment->inside += map_find(containment->map, term_text(term)) != NULL ? 1 : 0;
    return true;
}

static struct outcome contained(const struct running *running, const struct rule_test *test,
                                const struct scope *scope, const struct map *map,
                                struct outcome otherwise)
{
    struct containment containment = {.map = map};
    rule_path_walk(running, &test->paths[0], scope, true, contain, &containment, NULL);
    struct outcome outcome = presence_of(running, &test->paths[0], -1, scope);
    if (containment.inside < containment.of) {
        outcome = otherwise;
    }
    outcome.held = containment.inside;
    outcome.of = containment.of;
    return outcome;
}

static struct outcome run_subset(const struct running *running, const struct rule_test *test,
                                 const struct scope *scope)
{
    struct map map = {0};
    struct gathering gathering = {.map = &map, .arena = running->scratch};
    rule_path_walk(running, test->other, scope, true, gather, &gathering, NULL);
    /* What lacks is to be added to the set. */
    struct outcome otherwise = presence_of(running, test->other, -1, scope);
    if (otherwise.state == EVIDENCE_STATED) {
        otherwise.state = EVIDENCE_NOT_STATED;
    }
    return contained(running, test, scope, &map, otherwise);
}

static struct outcome run_exists(const struct running *running, const struct rule_test *test,
                                 const struct scope *scope)
{
    struct outcome otherwise = presence_of(running, &test->paths[0], -1, scope);
    if (otherwise.state == EVIDENCE_STATED) {
        otherwise.state = EVIDENCE_CONTRADICTED;
    }
    return contained(running, test, scope, test->index, otherwise);
}

struct grouping {
    const struct running *running;
    const struct rule_test *test;
    struct map pairs; /* group, NUL, value */
    struct map values;
};

static struct slice pair_key(struct arena *arena, struct slice group, struct slice value)
{
    return ARENA_JOIN(arena, group, slice_make("", 1), value);
}

static bool visit_group(void *context, const struct scope *entry)
{
    struct grouping *grouping = context;
    struct arena *arena = grouping->running->scratch;
    struct term by;
    struct term value;
    if (first_term(grouping->running, grouping->test->by, entry, &by) &&
        first_term(grouping->running, grouping->test->other, entry, &value)) {
        map_insert(&grouping->values, arena, term_text(&value), NULL);
        map_insert(&grouping->pairs, arena, pair_key(arena, term_text(&by), term_text(&value)),
                   NULL);
    }
    return true;
}

static struct outcome run_same_set(const struct running *running, const struct rule_test *test,
                                   const struct scope *scope)
{
    struct grouping grouping = {.running = running, .test = test};
    rule_path_entries_walk(running, &test->paths[0], scope, visit_group, &grouping);
    struct outcome outcome = presence_of(running, &test->paths[0], -1, scope);
    if (outcome.state != EVIDENCE_STATED) {
        return outcome;
    }
    struct map groups = {0};
    struct gathering gathering = {.map = &groups, .arena = running->scratch};
    rule_path_walk(running, test->whole, scope, true, gather, &gathering, NULL);
    for (ptrdiff_t i = 0; i < groups.length; i++) {
        ptrdiff_t found = 0;
        for (ptrdiff_t k = 0; k < grouping.values.length; k++) {
            struct slice key =
                pair_key(running->scratch, groups.entries[i].key, grouping.values.entries[k].key);
            found += map_find(&grouping.pairs, key) != NULL ? 1 : 0;
        }
        if (found == 0) {
            outcome.state = EVIDENCE_NOT_STATED; /* this one has scored nothing */
            return outcome;
        }
        if (found < grouping.values.length) {
            outcome.state = EVIDENCE_CONTRADICTED;
        }
    }
    return outcome;
}

/* ---- Code lists, fields, pairs ------------------------------------------------------------------------------------- */

struct looking_up {
    const struct rule_test *test;
    const struct term *allowed;
    int says, fits, of;
};

static bool is_part(struct slice cell, char delimiter, struct slice text)
{
    while (cell.data != NULL) {
        if (slice_equal(slice_trim(slice_cut(&cell, delimiter != '\0' ? delimiter : ';')), text)) {
            return true;
        }
    }
    return false;
}

static bool visit_code(void *context, const struct term *term)
{
    struct looking_up *looking = context;
    const struct rule_test *test = looking->test;
    const struct code_entry *code = codelist_find(test->codelist, term_text(term));
    looking->of++;
    if (code == NULL) {
        return true;
    }
    const struct table *table = test->codelist->table;
    struct slice cell = table_cell(table, code->row, test->column);
    looking->says += cell.length > 0 ? 1 : 0;
    if (looking->allowed != NULL) {
        char delimiter = table->columns[test->column].delimiter;
        looking->fits += is_part(cell, delimiter, term_text(looking->allowed)) ? 1 : 0;
        return true;
    }
    for (int i = 0; i < test->literal_count; i++) {
        if (slice_equal(cell, test->literals[i].text)) {
            looking->fits++;
            break;
        }
    }
    return true;
}

static struct outcome run_lookup(const struct running *running, const struct rule_test *test,
                                 const struct scope *scope)
{
    struct outcome outcome = presence_of(running, &test->paths[0], -1, scope);
    if (outcome.state != EVIDENCE_STATED) {
        return outcome;
    }
    struct term allowed;
    bool has_allowed = test->other != NULL && first_term(running, test->other, scope, &allowed);
    struct looking_up looking = {.test = test, .allowed = has_allowed ? &allowed : NULL};
    rule_path_walk(running, &test->paths[0], scope, true, visit_code, &looking, NULL);
    if (test->says) {
        outcome.state = looking.says > 0 ? EVIDENCE_STATED : EVIDENCE_NOT_STATED;
    } else if (test->other == NULL) {
        outcome.state = looking.fits == looking.of ? EVIDENCE_STATED : EVIDENCE_CONTRADICTED;
    } else if (looking.says == 0) {
        outcome.state = EVIDENCE_VOID;
    } else if (!has_allowed) {
        return presence_of(running, test->other, -1, scope);
    } else {
        outcome.place = term_span(&allowed);
        outcome.value = allowed.value;
        outcome.state = looking.fits > 0 ? EVIDENCE_STATED : EVIDENCE_CONTRADICTED;
    }
    return outcome;
}

struct naming {
    bool named[FIELD_COUNT];
};

static bool visit_name(void *context, const struct term *term)
{
    struct naming *naming = context;
    const struct value *value = term->value;
    if (value != NULL && value->as.reference.target == TARGET_FIELD) {
        naming->named[value->as.reference.field] = true;
    }
    return true;
}

static struct outcome run_named(const struct running *running, const struct rule_test *test,
                                const struct scope *scope)
{
    const struct record *record = running->root->record;
    struct naming naming = {0};
    rule_path_walk(running, test->other, scope, true, visit_name, &naming, NULL);
    struct outcome outcome = outcome_of(EVIDENCE_STATED, place_of(scope));
    for (int i = 0; record != NULL && i < record->count; i++) {
        const struct value *value = &record->values[i];
        if (value->state != VALUE_NOT_STATED) {
            continue;
        }
        outcome.of++;
        if (naming.named[value->field]) {
            outcome.held++;
        } else if (outcome.state == EVIDENCE_STATED) {
            outcome.state = EVIDENCE_NOT_STATED;
            outcome.place = value_place(value);
            outcome.value = value;
        }
    }
    return outcome;
}

/* The entry in which each pair of shared values was first seen. */
struct overlapping {
    const struct running *running;
    const struct rule_test *test;
    struct map seen;
    struct outcome outcome;
    struct slice differs; /* of the entry that is being looked at */
    struct slice parts[2];
    const struct scope *entry;
};

static void look_for_pair(struct overlapping *overlapping)
{
    struct arena *arena = overlapping->running->scratch;
    bool is_new;
    struct map_entry *seen =
        map_insert(&overlapping->seen, arena,
                   pair_key(arena, overlapping->parts[0], overlapping->parts[1]), &is_new);
    if (is_new) {
        struct slice *differs = ARENA_NEW(arena, struct slice);
        *differs = overlapping->differs;
        seen->value.pointer = differs;
        return;
    }
    const struct slice *first = seen->value.pointer;
    if (!slice_equal(*first, overlapping->differs)) {
        overlapping->outcome.held++;
        if (overlapping->outcome.state != EVIDENCE_STATED) {
            overlapping->outcome.state = EVIDENCE_STATED;
            overlapping->outcome.place = overlapping->entry->place;
        }
    }
}

static bool visit_second(void *context, const struct term *term)
{
    struct overlapping *overlapping = context;
    overlapping->parts[1] = term_text(term);
    look_for_pair(overlapping);
    return true;
}

static bool visit_first(void *context, const struct term *term)
{
    struct overlapping *overlapping = context;
    const struct rule_test *test = overlapping->test;
    overlapping->parts[0] = term_text(term);
    if (test->key_count == 1) {
        look_for_pair(overlapping);
    } else {
        rule_path_walk(overlapping->running, &test->keys[1], overlapping->entry, true, visit_second,
                       overlapping, NULL);
    }
    return true;
}

static bool visit_overlap(void *context, const struct scope *entry)
{
    struct overlapping *overlapping = context;
    struct term differs;
    if (first_term(overlapping->running, overlapping->test->other, entry, &differs)) {
        overlapping->entry = entry;
        overlapping->differs = term_text(&differs);
        rule_path_walk(overlapping->running, &overlapping->test->keys[0], entry, true, visit_first,
                       overlapping, NULL);
        overlapping->outcome.of++;
    }
    return true;
}

static struct outcome run_overlap(const struct running *running, const struct rule_test *test,
                                  const struct scope *scope)
{
    struct overlapping overlapping = {.running = running, .test = test};
    overlapping.outcome = outcome_of(EVIDENCE_NOT_STATED, place_of(scope));
    rule_path_entries_walk(running, &test->paths[0], scope, visit_overlap, &overlapping);
    return overlapping.outcome;
}

/* ---- Joining tests ----------------------------------------------------------------------------------------------------- */

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
    for (int i = 1; i < test->test_count; i++) {
        struct outcome one = rule_test_run(running, test->tests[i], scope);
        bool replaces =
            test->kind == TEST_all ? one.state > kept.state : rank(one.state) < rank(kept.state);
        if (replaces) {
            kept = one;
        }
    }
    return kept;
}

static struct outcome run_not(const struct running *running, const struct rule_test *test,
                              const struct scope *scope)
{
    struct outcome outcome = rule_test_run(running, test->tests[0], scope);
    bool held = outcome.state == EVIDENCE_STATED || outcome.state == EVIDENCE_VOID;
    outcome.state = held ? EVIDENCE_CONTRADICTED : EVIDENCE_STATED;
    outcome.reason = NULL;
    return outcome;
}

static struct outcome run_passes(const struct running *running, const struct rule_test *test,
                                 const struct scope *scope)
{
    const struct rule *rule = test->rule;
    if (rule == NULL || rule->test == NULL ||
        (rule->when != NULL && !rule_test_holds(running, rule->when, scope))) {
        return outcome_of(EVIDENCE_VOID, place_of(scope));
    }
    return rule_test_run(running, rule->test, scope);
}

struct outcome rule_test_run(const struct running *running, const struct rule_test *test,
                             const struct scope *scope)
{
    switch (test->kind) {
    case TEST_present:
        return run_present(running, test, scope);
    case TEST_absent:
        return run_absent(running, test, scope);
    case TEST_one_of:
    case TEST_has:
    case TEST_equal:
    case TEST_differ:
        return run_comparison(running, test, scope);
    case TEST_order:
        return run_order(running, test, scope);
    case TEST_count:
        return run_count(running, test, scope);
    case TEST_every:
        return run_every(running, test, scope);
    case TEST_any:
        return run_any(running, test, scope);
    case TEST_subset:
        return run_subset(running, test, scope);
    case TEST_same_set:
        return run_same_set(running, test, scope);
    case TEST_lookup:
        return run_lookup(running, test, scope);
    case TEST_exists:
        return run_exists(running, test, scope);
    case TEST_named:
        return run_named(running, test, scope);
    case TEST_overlap:
        return run_overlap(running, test, scope);
    case TEST_passes:
        return run_passes(running, test, scope);
    case TEST_all:
    case TEST_either:
        return run_joined(running, test, scope);
    case TEST_not:
        return run_not(running, test, scope);
    case TEST_if:
        if (!rule_test_holds(running, test->tests[0], scope)) {
            return outcome_of(EVIDENCE_VOID, place_of(scope));
        }
        return rule_test_run(running, test->tests[1], scope);
    case TEST_COUNT:
        break;
    }
    BUG("a test of no kind");
}

bool rule_test_holds(const struct running *running, const struct rule_test *test,
                     const struct scope *scope)
{
    enum evidence_state state = rule_test_run(running, test, scope).state;
    return state == EVIDENCE_STATED || state == EVIDENCE_VOID;
}
