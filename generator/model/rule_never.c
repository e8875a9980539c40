#include "rule_test.h"

/* Tests that can only have one result, as far as that can be seen from how they are written: a rule
 * with such a test never fires. */

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

/* Written alike, so that both say the same of every record. */
static bool same_test(const struct rule_test *a, const struct rule_test *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    bool same = a->kind == b->kind && a->path_count == b->path_count &&
                a->key_count == b->key_count && a->test_count == b->test_count &&
                a->least == b->least && a->most == b->most && a->years == b->years &&
                a->strict == b->strict && a->says == b->says && a->language == b->language &&
                a->column == b->column && a->codelist == b->codelist && a->index == b->index &&
                a->rule == b->rule;
    same = same && !(a->late < b->late) && !(a->late > b->late) && !(a->apart < b->apart) &&
           !(a->apart > b->apart);
    same = same && same_paths(a->paths, b->paths, a->path_count) &&
           same_paths(a->keys, b->keys, a->key_count) && same_part(a->other, b->other) &&
           same_part(a->by, b->by) && same_part(a->whole, b->whole) && same_literals(a, b) &&
           same_test(a->where, b->where);
    for (int i = 0; i < a->test_count && same; i++) {
        same = same_test(a->tests[i], b->tests[i]);
    }
    return same;
}

/* The value is one of those written in the test. */
static bool is_membership(const struct rule_test *test)
{
    return (test->kind == TEST_one_of || test->kind == TEST_equal) && test->other == NULL &&
           !test->paths[0].is_list;
}

static bool is_negation(const struct rule_test *test, const struct rule_test *of)
{
    return test->kind == TEST_not && same_test(test->tests[0], of);
}

static bool is_presence_and_absence(const struct rule_test *present, const struct rule_test *absent)
{
    return present->kind == TEST_present && absent->kind == TEST_absent &&
           same_path(&present->paths[0], &absent->paths[0]);
}

/* Tests in the same `all` that no record can pass together. */
static bool exclude_each_other(const struct rule_test *a, const struct rule_test *b)
{
    if (is_negation(a, b) || is_negation(b, a) || is_presence_and_absence(a, b) ||
        is_presence_and_absence(b, a)) {
        return true;
    }
    if (!is_membership(a) || !is_membership(b) || !same_path(&a->paths[0], &b->paths[0])) {
        return false;
    }
    for (int i = 0; i < a->literal_count; i++) {
        for (int k = 0; k < b->literal_count; k++) {
            if (slice_equal(a->literals[i].text, b->literals[k].text)) {
                return false;
            }
        }
    }
    return true;
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

bool rule_test_always(const struct rule_test *test)
{
    switch (test->kind) {
    case TEST_all:
    case TEST_every:
        return all_of(test, rule_test_always);
    case TEST_either:
        return any_of(test, rule_test_always);
    case TEST_not:
        return rule_test_never(test->tests[0]);
    case TEST_if:
        return rule_test_never(test->tests[0]) || rule_test_always(test->tests[1]);
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
        for (int i = 0; i < test->test_count; i++) {
            for (int k = i + 1; k < test->test_count; k++) {
                if (exclude_each_other(test->tests[i], test->tests[k])) {
                    return true;
                }
            }
        }
        return any_of(test, rule_test_never);
    case TEST_either:
        return all_of(test, rule_test_never);
    case TEST_any:
        return any_of(test, rule_test_never) ||
               (test->where != NULL && rule_test_never(test->where));
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
        return test->most >= 0 && test->most < test->least;
    case TEST_present:
    case TEST_absent:
    case TEST_equal:
    case TEST_every:
    case TEST_subset:
    case TEST_same_set:
    case TEST_lookup:
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
    if (same_test(test, when)) {
        return true;
    }
    for (int i = 0; when->kind == TEST_all && i < when->test_count; i++) {
        if (same_test(test, when->tests[i])) {
            return true;
        }
    }
    return false;
}
