#include "rule_test.h"

/*
 * Tests that can only have one result, as far as that can be seen from how they are written: a rule
 * with such a test never fires. Two relations carry it, each of tests of the same entry:
 *
 *     implies(a, b)   where a holds, b holds
 *     excludes(a, b)  no record passes both
 *
 * Both are sound and not complete: what they cannot see they deny. Dates are compared by what a
 * date of a month or a year may mean, so two orders the wrong way round exclude each other in no
 * relation here. What could not be read counts as neither stated nor missing.
 */

/* Tests nested deeper than that in each other are taken as unlike, so that the work stays small. */
#define DEEPEST 8

static bool implies(const struct rule_test *a, const struct rule_test *b, int depth);
static bool excludes(const struct rule_test *a, const struct rule_test *b, int depth);

/* ---- Written alike ---- */

static bool same_path(const struct rule_path *a, const struct rule_path *b)
{
    return a->start == b->start && slice_equal(a->text, b->text);
}

static bool same_paths(const struct rule_path *a, const struct rule_path *b, int count)
{
    for (int i = 0; i < count; i++) {
        if (!same_path(&a[i], &b[i])) {
            return false;
        }
    }
    return true;
}

/* A path that a test may lack. */
static bool same_part(const struct rule_path *a, const struct rule_path *b)
{
    return a == NULL || b == NULL ? a == b : same_path(a, b);
}

static bool same_literals(const struct rule_test *a, const struct rule_test *b)
{
    for (int i = 0; i < a->literal_count && a->literal_count == b->literal_count; i++) {
        if (!slice_equal(a->literals[i].text, b->literals[i].text)) {
            return false;
        }
    }
    return a->literal_count == b->literal_count;
}

static bool same_test(const struct rule_test *a, const struct rule_test *b);

/* The same entries, of the same list. */
static bool same_entries(const struct rule_test *a, const struct rule_test *b)
{
    return a->path_count == b->path_count && a->key_count == b->key_count &&
           same_paths(a->paths, b->paths, a->path_count) &&
           same_paths(a->keys, b->keys, a->key_count) && same_test(a->where, b->where);
}

/* Written alike, so that both say the same of every record. */
static bool same_test(const struct rule_test *a, const struct rule_test *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    bool same = a->kind == b->kind && a->test_count == b->test_count && a->least == b->least &&
                a->most == b->most && a->years == b->years && a->strict == b->strict &&
                a->says == b->says && a->language == b->language && a->column == b->column &&
                a->codelist == b->codelist && a->index == b->index && a->rule == b->rule;
    same = same && !(a->late < b->late) && !(a->late > b->late) && !(a->apart < b->apart) &&
           !(a->apart > b->apart);
    same = same && same_entries(a, b) && same_part(a->other, b->other) && same_part(a->by, b->by) &&
           same_part(a->whole, b->whole) && same_literals(a, b);
    for (int i = 0; i < a->test_count && same; i++) {
        same = same_test(a->tests[i], b->tests[i]);
    }
    return same;
}

/* ---- Values among those that are written ---- */

static bool same_literal(const struct rule_literal *a, const struct rule_literal *b)
{
    return a->is_number && b->is_number ? !(a->number < b->number) && !(a->number > b->number)
                                        : slice_equal(a->text, b->text);
}

static bool has_literal(const struct rule_test *test, const struct rule_literal *literal)
{
    for (int i = 0; i < test->literal_count; i++) {
        if (same_literal(&test->literals[i], literal)) {
            return true;
        }
    }
    return false;
}

static bool literals_within(const struct rule_test *a, const struct rule_test *b)
{
    for (int i = 0; i < a->literal_count; i++) {
        if (!has_literal(b, &a->literals[i])) {
            return false;
        }
    }
    return true;
}

static bool literals_apart(const struct rule_test *a, const struct rule_test *b)
{
    for (int i = 0; i < a->literal_count; i++) {
        if (has_literal(b, &a->literals[i])) {
            return false;
        }
    }
    return true;
}

static bool is_literal_test(const struct rule_test *test)
{
    return test->other == NULL && (test->kind == TEST_one_of || test->kind == TEST_has ||
                                   test->kind == TEST_equal || test->kind == TEST_differ);
}

/* All values are among those written: where there is one value, `has` says so too. */
static bool is_all_among(const struct rule_test *test)
{
    return test->kind == TEST_one_of || test->kind == TEST_equal ||
           (test->kind == TEST_has && !test->paths[0].is_list);
}

/* Some value is among those written. */
static bool is_some_among(const struct rule_test *test)
{
    return test->kind != TEST_differ;
}

static bool literals_imply(const struct rule_test *a, const struct rule_test *b)
{
    if (!is_literal_test(a) || !is_literal_test(b) || !same_path(&a->paths[0], &b->paths[0])) {
        return false;
    }
    if (b->kind == TEST_differ) {
        return a->kind == TEST_differ ? literals_within(b, a)
                                      : is_all_among(a) && literals_apart(a, b);
    }
    return literals_within(a, b) &&
           (is_all_among(a) || (a->kind == TEST_has && b->kind == TEST_has));
}

static bool literals_exclude(const struct rule_test *a, const struct rule_test *b)
{
    if (!is_literal_test(a) || !is_literal_test(b) || !same_path(&a->paths[0], &b->paths[0])) {
        return false;
    }
    if (a->kind == TEST_differ || b->kind == TEST_differ) {
        const struct rule_test *none = a->kind == TEST_differ ? a : b;
        const struct rule_test *some = a->kind == TEST_differ ? b : a;
        return some->kind != TEST_differ && literals_within(some, none);
    }
    return literals_apart(a, b) &&
           ((is_all_among(a) && is_some_among(b)) || (is_all_among(b) && is_some_among(a)));
}

/* ---- What is stated ---- */

/* Whether a test, by itself, holds only where the path is stated. */
static bool needs_path(const struct rule_test *test, const struct rule_path *path)
{
    switch (test->kind) {
    case TEST_present:
        for (int i = 0; i < test->path_count; i++) {
            if (same_path(&test->paths[i], path)) {
                return true;
            }
        }
        return false;
    case TEST_one_of:
    case TEST_has:
    case TEST_equal:
    case TEST_differ:
    case TEST_order:
        return same_path(&test->paths[0], path) ||
               (test->other != NULL && same_path(test->other, path));
    case TEST_any:
    case TEST_count:
        return test->path_count == 1 && same_path(&test->paths[0], path) &&
               (test->kind == TEST_any || test->least > 0);
    case TEST_absent:
    case TEST_every:
    case TEST_subset:
    case TEST_same_set:
    case TEST_lookup:
    case TEST_exists:
    case TEST_named:
    case TEST_overlap:
    case TEST_passes:
    case TEST_all:
    case TEST_either:
    case TEST_not:
    case TEST_if:
    case TEST_COUNT:
        break;
    }
    return false;
}

/* Every value that can be stated there is among those written. */
static bool covers_all(const struct rule_test *test)
{
    const struct codelist *codes = test->paths[0].codelist;
    for (ptrdiff_t i = 0; codes != NULL && i < codes->count; i++) {
        if (!has_literal(test, &(struct rule_literal){.text = codes->codes[i].code})) {
            return false;
        }
    }
    return codes != NULL && codes->count > 0 && is_literal_test(test) && test->kind != TEST_differ;
}

static bool presence_implied(const struct rule_test *a, const struct rule_test *present)
{
    if (present->language >= 0) {
        return a->kind == TEST_present && a->language == present->language &&
               same_paths(a->paths, present->paths, 1) && a->path_count == present->path_count;
    }
    for (int i = 0; i < present->path_count; i++) {
        if (!needs_path(a, &present->paths[i])) {
            return false;
        }
    }
    return true;
}

static bool absence_implied(const struct rule_test *a, const struct rule_test *absent)
{
    if (a->kind == TEST_not) {
        const struct rule_test *present = a->tests[0];
        return present->kind == TEST_present && present->language < 0 && present->path_count == 1 &&
               absent->path_count == 1 && same_path(&present->paths[0], &absent->paths[0]);
    }
    for (int i = 0; i < absent->path_count; i++) {
        bool found = false;
        for (int k = 0; k < a->path_count && a->kind == TEST_absent; k++) {
            found = found || same_path(&a->paths[k], &absent->paths[i]);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool absence_excludes(const struct rule_test *absent, const struct rule_test *b)
{
    for (int i = 0; absent->kind == TEST_absent && i < absent->path_count; i++) {
        if (needs_path(b, &absent->paths[i])) {
            return true;
        }
    }
    return false;
}

/* ---- Numbers of entries, and orders ---- */

static bool counts_imply(const struct rule_test *a, const struct rule_test *b)
{
    bool is_any = b->least <= 1 && b->most < 0 && b->where == NULL && b->key_count == 0;
    if (is_any && b->path_count == 1 && needs_path(a, &b->paths[0])) {
        return true;
    }
    return a->kind == TEST_count && same_entries(a, b) && a->least >= b->least &&
           (b->most < 0 || (a->most >= 0 && a->most <= b->most));
}

static bool counts_exclude(const struct rule_test *a, const struct rule_test *b)
{
    return a->kind == TEST_count && b->kind == TEST_count && same_entries(a, b) &&
           ((b->most >= 0 && b->most < a->least) || (a->most >= 0 && a->most < b->least));
}

static bool orders_imply(const struct rule_test *a, const struct rule_test *b)
{
    return a->kind == TEST_order && same_path(&a->paths[0], &b->paths[0]) &&
           same_path(a->other, b->other) && a->years >= b->years &&
           a->apart - a->late >= b->apart - b->late && (a->strict || !b->strict);
}

/* ---- The relations ---- */

static bool entries_imply(const struct rule_test *a, const struct rule_test *b, int depth)
{
    return a->kind == b->kind && same_entries(a, b) && a->test_count > 0 && b->test_count > 0 &&
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
        return literals_imply(a, b) || (covers_all(b) && needs_path(a, &b->paths[0]));
    case TEST_count:
        return counts_imply(a, b);
    case TEST_order:
        return orders_imply(a, b);
    case TEST_every:
    case TEST_any:
        return entries_imply(a, b, depth);
    case TEST_if:
        return implies(a, b->tests[1], depth) || excludes(a, b->tests[0], depth);
    case TEST_not:
        return excludes(a, b->tests[0], depth);
    case TEST_subset:
    case TEST_same_set:
    case TEST_lookup:
    case TEST_exists:
    case TEST_named:
    case TEST_overlap:
    case TEST_passes:
    case TEST_all:
    case TEST_either:
    case TEST_COUNT:
        break;
    }
    return false;
}

static bool implies(const struct rule_test *a, const struct rule_test *b, int depth)
{
    if (same_test(a, b)) {
        return true;
    }
    if (depth++ == DEEPEST) {
        return false;
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
    return (a->kind == TEST_not && implies(b, a->tests[0], depth)) || absence_excludes(a, b);
}

static bool excludes(const struct rule_test *a, const struct rule_test *b, int depth)
{
    return depth++ < DEEPEST && (excludes_one_way(a, b, depth) || excludes_one_way(b, a, depth) ||
                                 literals_exclude(a, b) || counts_exclude(a, b));
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

/* No cell of the column holds what is looked up, or holds anything. */
static bool column_lacks(const struct rule_test *test)
{
    const struct table *table = test->codelist->table;
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct rule_literal cell = {.text = table_cell(table, row, test->column)};
        if (cell.text.length > 0 && (test->says || has_literal(test, &cell))) {
            return false;
        }
    }
    return true;
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
        return any_of(test, rule_test_always) || any_pair(test, complement);
    case TEST_not:
        return rule_test_never(test->tests[0]);
    case TEST_if:
        return rule_test_never(test->tests[0]) || rule_test_always(test->tests[1]) ||
               implies(test->tests[0], test->tests[1], 0);
    case TEST_count:
        return test->least <= 0 && test->most < 0;
    case TEST_subset:
        return same_path(&test->paths[0], test->other);
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
    case TEST_passes:
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
        return same_path(&test->paths[0], test->other) &&
               (test->strict || test->apart > 0 || test->years > 0);
    case TEST_count:
        return (test->most >= 0 && test->most < test->least) ||
               (test->least > 0 && test->where != NULL && rule_test_never(test->where));
    case TEST_lookup:
        return test->other == NULL && column_lacks(test);
    case TEST_present:
    case TEST_absent:
    case TEST_equal:
    case TEST_every:
    case TEST_subset:
    case TEST_same_set:
    case TEST_exists:
    case TEST_named:
    case TEST_overlap:
    case TEST_passes:
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
