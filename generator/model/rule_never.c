#include "rule_never.h"

/*
 * Tests that can only have one result, as far as that can be seen from how they are written: a rule
 * with such a test never fires. Two relations carry it, each of tests of the same entry:
 *
 *     implies(a, b)   where a holds, b holds
 *     excludes(a, b)  no record passes both
 *
 * Both are sound and not complete: what they cannot see they deny. Dates are compared by what a
 * date of a month or a year may mean, so two orders the wrong way round exclude each other only
 * where they are further apart than that. What could not be read, or is said not to apply, counts
 * as neither stated nor missing.
 */

/* Tests nested deeper than that in each other are taken as unlike, so that the work stays small. */
#define DEEPEST 8

/* More values than that, written in one either, are not looked at together. */
#define EXHAUSTED_MOST 64

static bool implies(const struct rule_test *a, const struct rule_test *b, int depth);
static bool excludes(const struct rule_test *a, const struct rule_test *b, int depth);

/* ---- Numbers of entries ---- */

/* `any` is a count of one or more. */
static bool is_count(const struct rule_test *test)
{
    return test->kind == TEST_count || test->kind == TEST_any;
}

static int64_t least_of(const struct rule_test *test)
{
    return test->kind == TEST_any ? 1 : test->least;
}

static int64_t most_of(const struct rule_test *test)
{
    return test->kind == TEST_any ? -1 : test->most;
}

/* Whether what an entry must pass for `a` to count it says that it passes `condition`. */
static bool entries_pass(const struct rule_test *a, const struct rule_test *condition, int depth)
{
    return condition == NULL || (a->where != NULL && implies(a->where, condition, depth)) ||
           (a->kind == TEST_any && a->test_count > 0 && implies(a->tests[0], condition, depth));
}

/* Each entry that `a` counts is one that `b` counts, so `a` cannot have more. */
static bool counted_within(const struct rule_test *a, const struct rule_test *b, int depth)
{
    bool same = a->path_count == b->path_count && same_paths(a->paths, b->paths, a->path_count);
    bool same_keys = a->key_count == b->key_count && same_paths(a->keys, b->keys, a->key_count);
    const struct rule_test *test = b->kind == TEST_any && b->test_count > 0 ? b->tests[0] : NULL;
    return same && (same_keys || b->key_count == 0) && entries_pass(a, b->where, depth) &&
           entries_pass(a, test, depth);
}

/* How many values the key of a count can have among the entries that it counts; -1: no bound. */
static int64_t most_keys(const struct rule_test *test)
{
    if (test->key_count != 1) {
        return -1;
    }
    const struct rule_path *key = &test->keys[0];
    const struct rule_test *where = test->where;
    if (where != NULL && is_literal_test(where) && where->kind != TEST_differ &&
        same_path(&where->paths[0], key) && !key->is_list) {
        return where->literal_count;
    }
    if (key->type == FIELD_TYPE_BOOLEAN) {
        return 2;
    }
    return key->codelist != NULL ? key->codelist->count : -1;
}

/* How many entries a count can find at most; -1: no bound. A field that is no list has one. */
static int64_t most_entries(const struct rule_test *test)
{
    if (test->where != NULL && rule_test_never(test->where)) {
        return 0;
    }
    for (int i = 0; i < test->path_count; i++) {
        const struct rule_path *path = &test->paths[i];
        if (path->is_list || path->step_count == 0 || path->column >= 0) {
            return most_keys(test);
        }
    }
    return test->path_count;
}

static bool counts_imply(const struct rule_test *a, const struct rule_test *b, int depth)
{
    bool is_any = b->kind == TEST_count && b->least <= 1 && b->most < 0 && b->where == NULL &&
                  b->key_count == 0;
    if (is_any && b->path_count == 1 && needs_path(a, &b->paths[0])) {
        return true;
    }
    if (!is_count(a)) {
        return false;
    }
    bool enough = least_of(b) <= 0 || (least_of(a) >= least_of(b) && counted_within(a, b, depth));
    bool not_many = most_of(b) < 0 ||
                    (most_of(a) >= 0 && most_of(a) <= most_of(b) && counted_within(b, a, depth));
    return enough && not_many;
}

static bool counts_exclude(const struct rule_test *few, const struct rule_test *many, int depth)
{
    return is_count(few) && is_count(many) && most_of(few) >= 0 && most_of(few) < least_of(many) &&
           counted_within(many, few, depth);
}

/* An entry that passes `a` fails `b`, and is not one to which `b` does not apply. */
static bool fails_surely(const struct rule_test *a, const struct rule_test *b, int depth)
{
    bool applies =
        b->kind == TEST_not || b->kind == TEST_absent || (is_literal_test(a) && is_literal_test(b));
    return applies && excludes(a, b, depth);
}

/* There is an entry that not every one may be. */
static bool entry_excludes(const struct rule_test *a, const struct rule_test *every, int depth)
{
    if (!is_count(a) || least_of(a) < 1 || every->kind != TEST_every || every->test_count == 0 ||
        a->path_count != every->path_count || !same_paths(a->paths, every->paths, a->path_count) ||
        !entries_pass(a, every->where, depth)) {
        return false;
    }
    return (a->where != NULL && fails_surely(a->where, every->tests[0], depth)) ||
           (a->kind == TEST_any && a->test_count > 0 &&
            fails_surely(a->tests[0], every->tests[0], depth));
}

/* ---- The relations ---- */

static bool every_implied(const struct rule_test *a, const struct rule_test *b, int depth)
{
    if (a->kind != TEST_every) {
        return absence_implied(a, b);
    }
    return same_entries(a, b) && a->test_count > 0 && b->test_count > 0 &&
           implies(a->tests[0], b->tests[0], depth);
}

/* What is made of no other test, or of one that goes through entries. */
static bool implies_whole(const struct rule_test *a, const struct rule_test *b, int depth)
{
    switch (b->kind) {
    case TEST_present:
        return presence_implied(a, b);
    case TEST_absent:
        return absence_implied(a, b);
    case TEST_one_of:
    case TEST_has:
    case TEST_equal:
    case TEST_differ:
        return literals_imply(a, b) || (same_pair(a, b) && a->kind == b->kind);
    case TEST_count:
    case TEST_any:
        return counts_imply(a, b, depth);
    case TEST_order:
        return orders_imply(a, b);
    case TEST_every:
        return every_implied(a, b, depth);
    case TEST_if:
        return implies(a, b->tests[1], depth) || excludes(a, b->tests[0], depth);
    case TEST_not:
        return excludes(a, b->tests[0], depth);
    case TEST_passes:
        return b->rule != NULL && b->rule->test != NULL && implies(a, b->rule->test, depth);
    case TEST_subset:
    case TEST_same_set:
    case TEST_lookup:
    case TEST_exists:
    case TEST_named:
    case TEST_overlap:
    case TEST_all:
    case TEST_either:
    case TEST_COUNT:
        break;
    }
    return false;
}

/* The test of the rule that a test asks to be passed: NULL where it may also be passed otherwise.
 */
static const struct rule_test *passed(const struct rule_test *test)
{
    bool is_passed = test->kind == TEST_passes && test->rule != NULL && test->rule->when == NULL;
    return is_passed ? test->rule->test : NULL;
}

static bool implies(const struct rule_test *a, const struct rule_test *b, int depth)
{
    if (same_test(a, b)) {
        return true;
    }
    if (depth++ == DEEPEST) {
        return false;
    }
    if (b->path_count > 0 && holds_of_all(b) && needs_path(a, &b->paths[0])) {
        return true;
    }
    if (passed(a) != NULL && implies(passed(a), b, depth)) {
        return true;
    }
    if (b->kind == TEST_all || a->kind == TEST_either) {
        const struct rule_test *parts = b->kind == TEST_all ? b : a;
        for (int i = 0; i < parts->test_count; i++) {
            if (parts == b ? !implies(a, b->tests[i], depth) : !implies(a->tests[i], b, depth)) {
                return false;
            }
        }
        return true;
    }
    for (int i = 0; b->kind == TEST_either && i < b->test_count; i++) {
        if (implies(a, b->tests[i], depth)) {
            return true;
        }
    }
    for (int i = 0; a->kind == TEST_all && i < a->test_count; i++) {
        if (implies(a->tests[i], b, depth)) {
            return true;
        }
    }
    return implies_whole(a, b, depth);
}

static bool excludes_one_way(const struct rule_test *a, const struct rule_test *b, int depth)
{
    if (a->kind == TEST_all || a->kind == TEST_either) {
        for (int i = 0; i < a->test_count; i++) {
            if (excludes(a->tests[i], b, depth) == (a->kind == TEST_all)) {
                return a->kind == TEST_all;
            }
        }
        return a->kind == TEST_either;
    }
    if (passed(a) != NULL) {
        return excludes(passed(a), b, depth);
    }
    return (a->kind == TEST_not && implies(b, a->tests[0], depth)) || absence_excludes(a, b) ||
           counts_exclude(a, b, depth) || entry_excludes(a, b, depth) || orders_exclude(a, b);
}

static bool excludes(const struct rule_test *a, const struct rule_test *b, int depth)
{
    return depth++ < DEEPEST && (excludes_one_way(a, b, depth) || excludes_one_way(b, a, depth) ||
                                 literals_exclude(a, b) || (same_pair(a, b) && a->kind != b->kind));
}

/* Whichever record: one of the two holds. */
static bool complement(const struct rule_test *a, const struct rule_test *b)
{
    if (a->kind == TEST_not) {
        return implies(a->tests[0], b, 0);
    }
    return a->kind == TEST_absent && a->path_count == 1 && b->kind == TEST_present &&
           b->language < 0 && b->path_count == 1 && same_path(&a->paths[0], &b->paths[0]);
}

/* ---- One result for every record ---- */

/* One of several holds: each value that can be stated is asked for by one, and so is its absence.
 */
static bool exhaust(const struct rule_test *either, const struct rule_path *path)
{
    struct rule_literal all[EXHAUSTED_MOST];
    struct rule_test asked = {
        .kind = TEST_one_of, .paths = (struct rule_path[]){*path}, .literals = all};
    for (int i = 0; i < either->test_count; i++) {
        const struct rule_test *part = either->tests[i];
        bool is_asked = is_literal_test(part) && part->kind != TEST_differ &&
                        same_path(&part->paths[0], path) && !path->is_list;
        for (int k = 0; is_asked && k < part->literal_count; k++) {
            if (asked.literal_count == EXHAUSTED_MOST) {
                return false;
            }
            all[asked.literal_count++] = part->literals[k];
        }
    }
    return cover_all(&asked, NULL);
}

static bool exhausts(const struct rule_test *either)
{
    for (int i = 0; i < either->test_count; i++) {
        const struct rule_test *gone = either->tests[i];
        const struct rule_test *present = gone->kind == TEST_not ? gone->tests[0] : NULL;
        if (gone->kind == TEST_absent && gone->path_count == 1 &&
            exhaust(either, &gone->paths[0])) {
            return true;
        }
        if (present != NULL && present->kind == TEST_present && present->language < 0 &&
            present->path_count == 1 && exhaust(either, &present->paths[0])) {
            return true;
        }
    }
    return false;
}

static bool any_of(const struct rule_test *test, bool (*property)(const struct rule_test *))
{
    for (int i = 0; i < test->test_count; i++) {
        if (property(test->tests[i])) {
            return true;
        }
    }
    return false;
}

static bool all_of(const struct rule_test *test, bool (*property)(const struct rule_test *))
{
    for (int i = 0; i < test->test_count; i++) {
        if (!property(test->tests[i])) {
            return false;
        }
    }
    return test->test_count > 0;
}

/* Two of its tests, in either order, stand so to each other. */
static bool any_pair(const struct rule_test *test,
                     bool (*relation)(const struct rule_test *, const struct rule_test *))
{
    for (int i = 0; i < test->test_count; i++) {
        for (int k = 0; k < test->test_count; k++) {
            if (i != k && relation(test->tests[i], test->tests[k])) {
                return true;
            }
        }
    }
    return false;
}

static bool exclude_each_other(const struct rule_test *a, const struct rule_test *b)
{
    return excludes(a, b, 0);
}

/* What two entries share cannot differ. */
static bool shares_what_differs(const struct rule_test *overlap)
{
    for (int i = 0; i < overlap->key_count; i++) {
        if (same_path(&overlap->keys[i], overlap->other) && !overlap->keys[i].is_list) {
            return true;
        }
    }
    return false;
}

bool rule_test_always(const struct rule_test *test)
{
    switch (test->kind) {
    case TEST_all:
        return all_of(test, rule_test_always);
    case TEST_every:
        return all_of(test, rule_test_always) ||
               (test->where != NULL &&
                (rule_test_never(test->where) ||
                 (test->test_count > 0 && implies(test->where, test->tests[0], 0))));
    case TEST_either:
        return any_of(test, rule_test_always) || any_pair(test, complement) || exhausts(test);
    case TEST_not:
        return rule_test_never(test->tests[0]);
    case TEST_if:
        return rule_test_never(test->tests[0]) || rule_test_always(test->tests[1]) ||
               implies(test->tests[0], test->tests[1], 0);
    case TEST_count: {
        int64_t bound = most_entries(test);
        return test->least <= 0 && (test->most < 0 || (bound >= 0 && bound <= test->most));
    }
    case TEST_subset:
        return same_path(&test->paths[0], test->other);
    case TEST_passes:
        return test->rule != NULL &&
               ((test->rule->test != NULL && rule_test_always(test->rule->test)) ||
                (test->rule->when != NULL && rule_test_never(test->rule->when)));
    case TEST_present:
    case TEST_absent:
    case TEST_one_of:
    case TEST_has:
    case TEST_equal:
    case TEST_differ:
    case TEST_order:
    case TEST_any:
    case TEST_same_set:
    case TEST_lookup:
    case TEST_exists:
    case TEST_named:
    case TEST_overlap:
    case TEST_COUNT:
        break;
    }
    return false;
}

bool rule_test_never(const struct rule_test *test)
{
    switch (test->kind) {
    case TEST_all:
        return any_of(test, rule_test_never) || any_pair(test, exclude_each_other);
    case TEST_either:
        return all_of(test, rule_test_never);
    case TEST_any:
        return any_of(test, rule_test_never) ||
               (test->where != NULL &&
                (rule_test_never(test->where) ||
                 (test->test_count > 0 && excludes(test->where, test->tests[0], 0))));
    case TEST_not:
        return rule_test_always(test->tests[0]);
    case TEST_one_of:
    case TEST_has:
        return test->literal_count == 0;
    case TEST_differ:
        return test->other != NULL && same_path(&test->paths[0], test->other);
    case TEST_order:
        return order_is_never_kept(test);
    case TEST_count:
        return (test->most >= 0 && test->most < test->least) ||
               (most_entries(test) >= 0 && most_entries(test) < test->least);
    case TEST_lookup:
        return test->other == NULL && column_lacks(test);
    case TEST_overlap:
        return shares_what_differs(test);
    case TEST_passes:
        return passed(test) != NULL && rule_test_never(passed(test));
    case TEST_present:
    case TEST_absent:
    case TEST_equal:
    case TEST_every:
    case TEST_subset:
    case TEST_same_set:
    case TEST_exists:
    case TEST_named:
    case TEST_if:
    case TEST_COUNT:
        break;
    }
    return false;
}

bool rule_test_implied(const struct rule_test *test, const struct rule_test *when)
{
    return implies(when, test, 0);
}
