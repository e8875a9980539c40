#include "rule_test.h"

/*
 * Rules that can never fire. A rule of a profile speaks of a record of its kinds that its condition
 * holds of, that satisfies each rule that it requires, and that fails its test. What goes before
 * the test is one condition, `before`: when that holds of no record, or wherever it holds the test
 * does too, the rule is silent for ever. So it is with what a profile hangs on a condition: another
 * profile, a severity, a downgrade.
 */

/* What goes before a test: the kinds, `when`, and the rules that it requires. */
#define CONDITIONS_MOST 34

struct checking_rules {
    const struct rules *rules;
    const struct codelist *kinds;
    struct arena *arena;
    struct diag *diag;
    bool lacks_entries;    /* something in a profile could not be read: it may ask for any rule */
    struct rule_path kind; /* where a case says of what kind it is */
};

struct before {
    struct rule_test kinds;
    struct rule_test whole;
    struct rule_test *tests[CONDITIONS_MOST];
};

/* Why a rule can never fire; empty: it can. */
struct reason {
    const char *ja, *en;
};

static void never(const struct checking_rules *checking, const struct rule *rule, struct span place,
                  struct reason why)
{
    if (why.en != NULL) {
        DIAG(checking->diag, CODE_principles_never, place, rule->id, slice_of(why.ja),
             slice_of(why.en));
    }
}

static void add_condition(struct before *before, struct rule_test *test)
{
    if (test != NULL && before->whole.test_count < CONDITIONS_MOST) {
        before->tests[before->whole.test_count++] = test;
    }
}

/* The kind of a record is among those that the rule is for. */
static void add_kinds(const struct checking_rules *checking, struct before *before,
                      const struct rule *rule)
{
    const struct codelist *kinds = checking->kinds;
    if (rule->is_policy || kinds == NULL) {
        return;
    }
    struct rule_test *test = &before->kinds;
    *test = (struct rule_test){.kind = TEST_one_of,
                               .paths = (struct rule_path *)&checking->kind,
                               .path_count = 1,
                               .language = -1,
                               .literals =
                                   ARENA_ARRAY(checking->arena, struct rule_literal, kinds->count)};
    for (ptrdiff_t i = 0; i < kinds->count && kinds->codes[i].order < 32; i++) {
        if ((rule->kinds >> kinds->codes[i].order & 1) != 0) {
            test->literals[test->literal_count++].text = kinds->codes[i].code;
        }
    }
    add_condition(before, test);
}

static void begin(const struct checking_rules *checking, struct before *before,
                  const struct rule *rule, struct rule_test *when)
{
    before->whole = (struct rule_test){.kind = TEST_all, .tests = before->tests, .language = -1};
    add_kinds(checking, before, rule);
    add_condition(before, when);
}

static struct reason why_of_tests(const struct checking_rules *checking, const struct rule *rule,
                                  struct rule_test *when, const struct rule_test *test)
{
    struct before before;
    begin(checking, &before, rule, when);
    if (rule_test_always(test)) {
        return (struct reason){"どの記録も満たします", "every record satisfies its test"};
    }
    if (rule_test_never(&before.whole)) {
        return (struct reason){"当てはまる記録がありません", "its condition holds of no record"};
    }
    if (rule_test_implied(test, &before.whole)) {
        return (struct reason){"当てはまる記録はどれも満たします",
                               "every record that it applies to satisfies its test"};
    }
    return (struct reason){0};
}

/* Whether the profile always asks for `other` where it asks for `entry`. */
static bool is_there(const struct profile *profile, const struct profile_rule *other,
                     const struct profile_rule *entry)
{
    bool is_included = other->include < 0 || other->include == entry->include ||
                       profile->includes[other->include].when == NULL;
    return is_included && other->severity != RULE_NONE && other->test != NULL &&
           (entry->rule->kinds & ~other->rule->kinds) == 0 &&
           (other->when == NULL ||
            (entry->when != NULL && rule_test_implied(other->when, entry->when)));
}

static bool requires(const struct rule *rule, const struct rule *other)
{
    for (int i = 0; i < rule->required_count; i++) {
        if (rule->required[i] == other) {
            return true;
        }
    }
    return false;
}

/* Whether a test may hold, or fail, because something is not stated. What is said not to apply is
 * not stated either, yet the rules that look for it do not fail. */
static bool minds_gaps(const struct rule_test *test)
{
    if (test->kind == TEST_absent || test->kind == TEST_not || test->kind == TEST_if ||
        (test->kind == TEST_count && test->most >= 0) ||
        (test->where != NULL && minds_gaps(test->where))) {
        return true;
    }
    for (int i = 0; i < test->test_count; i++) {
        if (minds_gaps(test->tests[i])) {
            return true;
        }
    }
    return test->kind == TEST_passes && test->rule != NULL && test->rule->test != NULL &&
           (test->rule->when != NULL || minds_gaps(test->rule->test));
}

/* Whether a rule that this one requires fails wherever it fails, so that it never speaks. */
static struct reason why_of_required(const struct checking_rules *checking,
                                     const struct profile *profile,
                                     const struct profile_rule *entry)
{
    struct before before;
    begin(checking, &before, entry->rule, entry->when);
    int own = before.whole.test_count;
    bool has_finding =
        rule_test_never(&before.whole) || rule_test_implied(entry->test, &before.whole);
    if (has_finding || minds_gaps(&before.whole) || minds_gaps(entry->test)) {
        return (struct reason){0};
    }
    for (int i = 0; i < profile->rule_count; i++) {
        const struct profile_rule *other = &profile->rules[i];
        if (requires(entry->rule, other->rule) && is_there(profile, other, entry)) {
            add_condition(&before, other->test);
        }
    }
    if (before.whole.test_count > own && rule_test_never(&before.whole)) {
        return (struct reason){"先に満たす規則を満たす記録には、当てはまりません",
                               "it applies to no record that satisfies the rules that it requires"};
    }
    if (before.whole.test_count > own && rule_test_implied(entry->test, &before.whole)) {
        return (struct reason){"先に満たす規則を満たせば必ず満たされます",
                               "what satisfies the rules that it requires satisfies it"};
    }
    return (struct reason){0};
}

static bool is_asked_for(const struct rules *rules, const struct rule *rule)
{
    for (int i = 0; i < rules->profile_count; i++) {
        for (int k = 0; k < rules->profiles[i].rule_count; k++) {
            if (rules->profiles[i].rules[k].rule == rule) {
                return true;
            }
        }
    }
    return false;
}

static void check_rule(const struct checking_rules *checking, const struct rule *rule)
{
    struct span place = rule->record->span;
    place.end = place.start;
    if (rule->test == NULL) {
        return; /* has its finding already */
    }
    if (rule->kinds == 0 && !rule->is_policy) {
        never(checking, rule, place,
              (struct reason){"調べる記録の種類がありません", "it is for no kind of record"});
        return;
    }
    never(checking, rule, place, why_of_tests(checking, rule, rule->when, rule->test));
    if (!checking->lacks_entries && !is_asked_for(checking->rules, rule)) {
        never(checking, rule, place,
              (struct reason){"どの点検の組にも入っていません", "no profile asks for it"});
    }
}

/* The profile itself says something of it: it is its own, or laid over what it includes. */
static bool is_spoken_of(const struct profile *profile, const struct profile_rule *entry)
{
    return entry->span.source == profile->source;
}

static struct reason why_of_entry(const struct checking_rules *checking,
                                  const struct profile *profile, const struct profile_rule *entry)
{
    if (entry->include >= 0 && !entry->is_retested) {
        return (struct reason){0}; /* told of where the profile that is included stands */
    }
    struct reason why = why_of_required(checking, profile, entry);
    return why.en == NULL && entry->is_retested
               ? why_of_tests(checking, entry->rule, entry->when, entry->test)
               : why;
}

/* The entries of one rule, side by side: what is laid over several can never fire where none of
 * them can. */
static void check_entries(const struct checking_rules *checking, const struct profile *profile,
                          const struct profile_rule *entries, int count)
{
    const struct profile_rule *first = NULL;
    struct reason why = {0};
    for (int i = 0; i < count; i++) {
        if (!is_spoken_of(profile, &entries[i])) {
            continue;
        }
        struct reason one = why_of_entry(checking, profile, &entries[i]);
        if (one.en == NULL) {
            return;
        }
        why = first == NULL ? one : why;
        first = first == NULL ? &entries[i] : first;
    }
    if (first != NULL) {
        never(checking, first->rule, first->span, why);
    }
}

/* Whether a record of the rule meets a condition of a severity, once those that met an earlier one
 * are gone. */
static bool is_met(const struct checking_rules *checking, const struct profile_rule *entry,
                   int index)
{
    struct before before;
    begin(checking, &before, entry->rule, entry->when);
    add_condition(&before, entry->cases[index].when);
    bool met = !rule_test_never(&before.whole);
    for (int i = 0; i < index && met; i++) {
        met = !rule_test_implied(entry->cases[i].when, &before.whole);
    }
    return met;
}

static void check_severities(const struct checking_rules *checking, const struct profile *profile,
                             const struct profile_rule *entries, int count)
{
    /* Those that the profile speaks of have the same severities, each under a condition of its own.
     */
    const struct profile_rule *spoken = NULL;
    for (int i = 0; i < count; i++) {
        struct before before;
        begin(checking, &before, entries[i].rule, entries[i].when);
        if (is_spoken_of(profile, &entries[i]) && !rule_test_never(&before.whole)) {
            spoken = &entries[i];
        }
    }
    for (int k = 0; spoken != NULL && k < spoken->case_count; k++) {
        bool met = spoken->cases[k].when->span.source != profile->source;
        for (int i = 0; i < count && !met; i++) {
            met = is_spoken_of(profile, &entries[i]) && is_met(checking, &entries[i], k);
        }
        if (!met) {
            DIAG(checking->diag, CODE_principles_never_holds, spoken->cases[k].when->span,
                 SLICE("severity_when"));
        }
    }
}

/* A condition of a profile that another one includes is told of where it stands, and once. */
static void check_condition(const struct checking_rules *checking, const struct profile *profile,
                            const struct rule_test *when, struct slice key)
{
    if (when != NULL && when->span.source == profile->source && rule_test_never(when)) {
        DIAG(checking->diag, CODE_principles_never_holds, when->span, key);
    }
}

static void check_profile(const struct checking_rules *checking, const struct profile *profile)
{
    for (int i = 0; i < profile->include_count; i++) {
        check_condition(checking, profile, profile->includes[i].when, SLICE("includes"));
    }
    for (int i = 0; i < profile->downgrade_count; i++) {
        check_condition(checking, profile, profile->downgrades[i].when, SLICE("downgrades"));
    }
    for (int i = 0, end = 0; i < profile->rule_count; i = end) {
        for (end = i;
             end < profile->rule_count && profile->rules[end].rule == profile->rules[i].rule;
             end++) {
        }
        check_entries(checking, profile, &profile->rules[i], end - i);
        check_severities(checking, profile, &profile->rules[i], end - i);
    }
}

static bool has_unread_profile(const struct tree *tree, const struct diag *diag)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(tree, SLICE("data/principles/profiles/"), &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        if (diag_errors_of_file(diag, tree->files[i].path) > 0) {
            return true;
        }
    }
    return false;
}

void rules_check(const struct site *site, struct arena *arena, struct diag *diag)
{
    const struct rules *rules = site->rules;
    struct checking_rules checking = {.rules = rules,
                                      .kinds = site_codelist(site, SLICE("case-kinds")),
                                      .arena = arena,
                                      .diag = diag,
                                      .lacks_entries = has_unread_profile(site->tree, diag)};
    checking.kind = (struct rule_path){.start = PATH_ENTRY,
                                       .steps = {FIELD_case_kind},
                                       .step_count = 1,
                                       .column = -1,
                                       .type = FIELD_TYPE_CODE,
                                       .codelist = checking.kinds,
                                       .text = SLICE("kind")};
    for (int i = 0; i < rules->count; i++) {
        check_rule(&checking, &rules->rules[i]);
    }
    for (int i = 0; i < rules->profile_count; i++) {
        check_profile(&checking, &rules->profiles[i]);
    }
}
