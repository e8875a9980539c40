#include "rule_test.h"

/* Tests that compare sets of values, look codes up, or look for pairs of entries. */

/* ---- Sets ---- */

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

struct outcome run_subset(const struct running *running, const struct rule_test *test,
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

struct outcome run_exists(const struct running *running, const struct rule_test *test,
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
    struct map groups;
    struct map values;
    struct map pairs; /* of the places of a group and a value in these */
    int32_t *found;   /* distinct values of each group */
};

static bool visit_group(void *context, const struct scope *entry)
{
    struct grouping *grouping = context;
    struct arena *arena = grouping->running->scratch;
    struct term by;
    struct term term;
    if (!first_term(grouping->running, grouping->test->by, entry, &by) ||
        !first_term(grouping->running, grouping->test->other, entry, &term)) {
        return true;
    }
    const struct map_entry *value = map_insert(&grouping->values, arena, term_text(&term), NULL);
    const struct map_entry *group = map_find(&grouping->groups, term_text(&by));
    if (group != NULL) {
        ptrdiff_t *pair = ARENA_ARRAY(arena, ptrdiff_t, 2);
        pair[0] = group - grouping->groups.entries;
        pair[1] = value - grouping->values.entries;
        bool is_new;
        map_insert(&grouping->pairs, arena, slice_make((const char *)pair, 2 * sizeof(*pair)),
                   &is_new);
        grouping->found[pair[0]] += is_new ? 1 : 0;
    }
    return true;
}

struct outcome run_same_set(const struct running *running, const struct rule_test *test,
                            const struct scope *scope)
{
    struct outcome outcome = presence_of(running, &test->paths[0], -1, scope);
    if (outcome.state != EVIDENCE_STATED) {
        return outcome;
    }
    struct grouping grouping = {.running = running, .test = test};
    struct gathering gathering = {.map = &grouping.groups, .arena = running->scratch};
    rule_path_walk(running, test->whole, scope, true, gather, &gathering, NULL);
    grouping.found = ARENA_ARRAY(running->scratch, int32_t, grouping.groups.length);
    rule_path_entries_walk(running, &test->paths[0], scope, visit_group, &grouping);
    for (ptrdiff_t i = 0; i < grouping.groups.length; i++) {
        if (grouping.found[i] == 0) {
            outcome.state = EVIDENCE_NOT_STATED; /* this one has scored nothing */
            return outcome;
        }
        if (grouping.found[i] < grouping.values.length) {
            outcome.state = EVIDENCE_CONTRADICTED;
        }
    }
    return outcome;
}

/* ---- Code lists, fields, pairs ---- */

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

struct outcome run_lookup(const struct running *running, const struct rule_test *test,
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
    if (value != NULL && value_reference(value)->target == TARGET_FIELD) {
        naming->named[value_reference(value)->field] = true;
    }
    return true;
}

struct outcome run_named(const struct running *running, const struct rule_test *test,
                         const struct scope *scope)
{
    const struct record *record = running->root->record;
    struct naming naming = {0};
    rule_path_walk(running, test->other, scope, true, visit_name, &naming, NULL);
    struct outcome outcome = outcome_of(EVIDENCE_STATED, scope->place);
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

static struct slice pair_key(struct arena *arena, struct slice group, struct slice value)
{
    return ARENA_JOIN(arena, group, slice_make("", 1), value);
}

/* The entry in which each pair of shared values was first seen. */
struct first_seen {
    struct slice differs;
    ptrdiff_t row;
};

struct overlapping {
    const struct running *running;
    const struct rule_test *test;
    struct map seen;
    struct outcome outcome;
    struct slice differs; /* of the entry that is being looked at */
    struct slice parts[2];
    const struct scope *entry;
    pair_visitor visit; /* NULL: the first pair is enough to know */
    void *context;
};

static void look_for_pair(struct overlapping *overlapping)
{
    struct arena *arena = overlapping->running->scratch;
    bool is_new;
    struct map_entry *seen =
        map_insert(&overlapping->seen, arena,
                   pair_key(arena, overlapping->parts[0], overlapping->parts[1]), &is_new);
    if (is_new) {
        struct first_seen *now = ARENA_NEW(arena, struct first_seen);
        *now = (struct first_seen){overlapping->differs, overlapping->entry->row};
        seen->value.pointer = now;
        return;
    }
    const struct first_seen *first = seen->value.pointer;
    if (!slice_equal(first->differs, overlapping->differs)) {
        overlapping->outcome.held++;
        if (overlapping->visit != NULL) {
            overlapping->visit(overlapping->context, overlapping->entry, first->row);
        }
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

struct outcome run_overlap(const struct running *running, const struct rule_test *test,
                           const struct scope *scope)
{
    struct overlapping overlapping = {.running = running, .test = test};
    overlapping.outcome = outcome_of(EVIDENCE_NOT_STATED, scope->place);
    rule_path_entries_walk(running, &test->paths[0], scope, visit_overlap, &overlapping);
    return overlapping.outcome;
}

void overlap_walk(const struct running *running, const struct rule_test *test,
                  const struct scope *scope, pair_visitor visit, void *context)
{
    struct overlapping overlapping = {
        .running = running, .test = test, .visit = visit, .context = context};
    rule_path_entries_walk(running, &test->paths[0], scope, visit_overlap, &overlapping);
}
