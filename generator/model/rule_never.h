/*
 * Private to model: what can be seen of two tests by how they are written. rule_never.c puts it
 * together; see there for what `imply` and `exclude` mean and how far they see.
 *
 * rule_alike.c  tests of single values and dates, and of what is stated
 * rule_never.c  tests made of others, and numbers of entries
 */
#ifndef KYODO_RULE_NEVER_H
#define KYODO_RULE_NEVER_H

#include "rule_test.h"

/** Written alike, so that both lead to the same values, or say the same of every record. */
bool same_path(const struct rule_path *a, const struct rule_path *b);
bool same_paths(const struct rule_path *a, const struct rule_path *b, int count);
bool same_entries(const struct rule_test *a, const struct rule_test *b);
bool same_test(const struct rule_test *a, const struct rule_test *b);

/** one_of, has, equal, differ with values that are written in the test. */
bool is_literal_test(const struct rule_test *test);
bool literals_imply(const struct rule_test *a, const struct rule_test *b);
bool literals_exclude(const struct rule_test *a, const struct rule_test *b);
/** Every value that can be stated at the path of both is written in one or the other; `b` may be
 * NULL. */
bool cover_all(const struct rule_test *a, const struct rule_test *b);
/** equal or differ, of the same two paths in either order. */
bool same_pair(const struct rule_test *a, const struct rule_test *b);

/** Whether a test, by itself, holds only where the path is stated. */
bool needs_path(const struct rule_test *test, const struct rule_path *path);
/** Whether it is enough that its path is stated. */
bool holds_of_all(const struct rule_test *test);
/** Whether no cell of the column of a lookup holds what is looked up. */
bool column_lacks(const struct rule_test *test);
bool presence_implied(const struct rule_test *a, const struct rule_test *present);
/** Nothing is stated at the paths of `b`, which says so or goes through their entries. */
bool absence_implied(const struct rule_test *a, const struct rule_test *b);
bool absence_excludes(const struct rule_test *absent, const struct rule_test *b);

bool orders_imply(const struct rule_test *a, const struct rule_test *b);
/** An order of a value and itself that no day or number that it may mean keeps. */
bool order_is_never_kept(const struct rule_test *order);
/** An order and another one, or an equality, that no two values pass together. */
bool orders_exclude(const struct rule_test *order, const struct rule_test *b);

#endif
