#include "rule_never.h"

/* What two tests say of the same values, as far as it can be seen from how they are written. */

/* ---- Written alike ---- */

bool same_path(const struct rule_path *a, const struct rule_path *b)
{
    return a->start == b->start && slice_equal(a->text, b->text);
}

bool same_paths(const struct rule_path *a, const struct rule_path *b, int count)
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

/* The same entries, of the same list. */
bool same_entries(const struct rule_test *a, const struct rule_test *b)
{
    return a->path_count == b->path_count && a->key_count == b->key_count &&
           same_paths(a->paths, b->paths, a->path_count) &&
           same_paths(a->keys, b->keys, a->key_count) && same_test(a->where, b->where);
}

/* Written alike, so that both say the same of every record. */
bool same_test(const struct rule_test *a, const struct rule_test *b)
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

bool is_literal_test(const struct rule_test *test)
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

/* Every value that can be stated at the path of both is among those of one or the other. `b` may be
 * NULL. */
bool cover_all(const struct rule_test *a, const struct rule_test *b)
{
    const struct rule_path *path = &a->paths[0];
    ptrdiff_t count = path->codelist != NULL ? path->codelist->count : 0;
    const struct slice truths[] = {SLICE("true"), SLICE("false")};
    if (path->type == FIELD_TYPE_BOOLEAN) {
        count = 2;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct rule_literal literal = {
            .text = path->codelist != NULL ? path->codelist->codes[i].code : truths[i]};
        if (!has_literal(a, &literal) && (b == NULL || !has_literal(b, &literal))) {
            return false;
        }
    }
    return count > 0;
}

bool literals_imply(const struct rule_test *a, const struct rule_test *b)
{
    if (!is_literal_test(a) || !is_literal_test(b) || !same_path(&a->paths[0], &b->paths[0])) {
        return false;
    }
    if (b->kind == TEST_differ) {
        return a->kind == TEST_differ ? literals_within(b, a)
                                      : is_all_among(a) && literals_apart(a, b);
    }
    if (a->kind == TEST_differ) {
        return cover_all(a, b);
    }
    return literals_within(a, b) &&
           (is_all_among(a) || (a->kind == TEST_has && b->kind == TEST_has));
}

bool literals_exclude(const struct rule_test *a, const struct rule_test *b)
{
    if (!is_literal_test(a) || !is_literal_test(b) || !same_path(&a->paths[0], &b->paths[0])) {
        return false;
    }
    if (a->kind == TEST_differ || b->kind == TEST_differ) {
        const struct rule_test *none = a->kind == TEST_differ ? a : b;
        const struct rule_test *some = a->kind == TEST_differ ? b : a;
        return some->kind != TEST_differ ? literals_within(some, none) : cover_all(a, b);
    }
    return literals_apart(a, b) &&
           ((is_all_among(a) && is_some_among(b)) || (is_all_among(b) && is_some_among(a)));
}

/* Equal or not, of the same two paths. */
bool same_pair(const struct rule_test *a, const struct rule_test *b)
{
    bool are_pairs = a->other != NULL && b->other != NULL &&
                     (a->kind == TEST_equal || a->kind == TEST_differ) &&
                     (b->kind == TEST_equal || b->kind == TEST_differ);
    return are_pairs && ((same_path(&a->paths[0], &b->paths[0]) && same_path(a->other, b->other)) ||
                         (same_path(&a->paths[0], b->other) && same_path(a->other, &b->paths[0])));
}

/* ---- What is stated ---- */

/* Whether a test, by itself, holds only where the path is stated. */
bool needs_path(const struct rule_test *test, const struct rule_path *path)
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

/* No cell of the column holds what is looked up, or holds anything. */
bool column_lacks(const struct rule_test *test)
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

/* Every code's cell is one that is looked up, or has something in it; or none has, and nothing is
 * asked of the other value. */
static bool column_fits_all(const struct rule_test *test)
{
    const struct table *table = test->codelist->table;
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct rule_literal cell = {.text = table_cell(table, row, test->column)};
        bool fits = cell.text.length > 0 && (test->says || has_literal(test, &cell));
        if (test->other != NULL ? cell.text.length > 0 : !fits) {
            return false;
        }
    }
    return table->row_count > 0;
}

/* Every value that can be stated there is among those written, or in the column, or has a cell that
 * is: so it is enough that it is stated. */
bool holds_of_all(const struct rule_test *test)
{
    if (is_literal_test(test)) {
        return test->kind != TEST_differ && cover_all(test, NULL);
    }
    switch (test->kind) {
    case TEST_equal:
        return same_path(&test->paths[0], test->other);
    case TEST_order:
        return same_path(&test->paths[0], test->other) && !test->strict && test->years <= 0 &&
               test->apart <= test->late;
    case TEST_exists: {
        const struct codelist *codes = test->paths[0].codelist;
        for (ptrdiff_t i = 0; codes != NULL && i < codes->count; i++) {
            if (map_find(test->index, codes->codes[i].code) == NULL) {
                return false;
            }
        }
        return codes != NULL && codes->count > 0;
    }
    case TEST_lookup:
        return column_fits_all(test);
    default:
        return false;
    }
}

bool presence_implied(const struct rule_test *a, const struct rule_test *present)
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

bool absence_implied(const struct rule_test *a, const struct rule_test *absent)
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

bool absence_excludes(const struct rule_test *absent, const struct rule_test *b)
{
    for (int i = 0; absent->kind == TEST_absent && i < absent->path_count; i++) {
        if (needs_path(b, &absent->paths[i])) {
            return true;
        }
    }
    return false;
}

/* ---- Orders ---- */

/* How far apart, in days or numbers, the second value of an order must at least be able to be. */
static double gap_of(const struct rule_test *order)
{
    double gap = order->apart - order->late;
    double years = order->years > 0 ? (order->years - 1) * 365.0 + 1 : gap;
    return gap > years ? gap : years;
}

/* The days that a value may mean: one that is no more precise than a year. */
static double width_of(const struct rule_path *path)
{
    return path->type == FIELD_TYPE_DATE && path->start != PATH_TODAY ? 365 : 0;
}

bool order_is_never_kept(const struct rule_test *order)
{
    double room = width_of(&order->paths[0]);
    return same_path(&order->paths[0], order->other) &&
           (gap_of(order) > room || (gap_of(order) >= room && order->strict));
}

bool orders_exclude(const struct rule_test *a, const struct rule_test *b)
{
    if (a->kind != TEST_order || b->other == NULL ||
        (b->kind != TEST_order && b->kind != TEST_equal)) {
        return false;
    }
    bool is_back = same_path(&a->paths[0], b->other) && same_path(a->other, &b->paths[0]);
    bool is_same = same_path(&a->paths[0], &b->paths[0]) && same_path(a->other, b->other);
    bool is_equal = b->kind == TEST_equal;
    if (!is_back && !(is_same && is_equal)) {
        return false;
    }
    double gap = gap_of(a) + (is_equal ? 0 : gap_of(b));
    double room = width_of(&a->paths[0]) + width_of(a->other);
    return gap > room || (gap >= room && (a->strict || (!is_equal && b->strict)));
}

bool orders_imply(const struct rule_test *a, const struct rule_test *b)
{
    return a->kind == TEST_order && same_path(&a->paths[0], &b->paths[0]) &&
           same_path(a->other, b->other) && a->years >= b->years &&
           a->apart - a->late >= b->apart - b->late && (a->strict || !b->strict);
}
