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
    struct rule_path kind; /* where a case says of what kind it is */
};

struct before {
    struct rule_test kinds;
    struct rule_test whole;
    struct rule_test *tests[CONDITIONS_MOST];
};

static void never(const struct checking_rules *checking, const struct rule *rule, struct span place,
                  const char *ja, const char *en)
{
    DIAG(checking->diag, CODE_principles_never, place, rule->id, slice_of(ja), slice_of(en));
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

static void check_tests(const struct checking_rules *checking, const struct rule *rule,
                        struct rule_test *when, const struct rule_test *test, struct span place)
{
    struct before before;
    begin(checking, &before, rule, when);
    if (rule_test_always(test)) {
        never(checking, rule, place, "どの記録も満たします", "every record satisfies its test");
    } else if (rule_test_never(&before.whole)) {
        never(checking, rule, place, "当てはまる記録がありません",
              "its condition holds of no record");
    } else if (rule_test_implied(test, &before.whole)) {
        never(checking, rule, place, "当てはまる記録はどれも満たします",
              "every record that it applies to satisfies its test");
    }
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

/* Whether a rule that this one requires fails wherever it fails, so that it never speaks. */
static void check_required(const struct checking_rules *checking, const struct profile *profile,
                           const struct profile_rule *entry)
{
    struct before before;
    begin(checking, &before, entry->rule, entry->when);
    if (rule_test_never(&before.whole) || rule_test_implied(entry->test, &before.whole)) {
        return; /* has its finding already */
    }
    int own = before.whole.test_count;
    for (int i = 0; i < profile->rule_count; i++) {
        const struct profile_rule *other = &profile->rules[i];
        if (requires(entry->rule, other->rule) && is_there(profile, other, entry)) {
            add_condition(&before, other->test);
        }
    }
    if (before.whole.test_count == own) {
        return;
    }
    if (rule_test_never(&before.whole)) {
        never(checking, entry->rule, entry->span,
              "先に満たす規則を満たす記録には、当てはまりません",
              "it applies to no record that satisfies the rules that it requires");
    } else if (rule_test_implied(entry->test, &before.whole)) {
        never(checking, entry->rule, entry->span, "先に満たす規則を満たせば必ず満たされます",
              "what satisfies the rules that it requires satisfies it");
    }
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
        never(checking, rule, place, "調べる記録の種類がありません", "it is for no kind of record");
        return;
    }
    check_tests(checking, rule, rule->when, rule->test, place);
    if (!is_asked_for(checking->rules, rule)) {
        never(checking, rule, place, "どの点検の組にも入っていません", "no profile asks for it");
    }
}

/* Where a severity of its own depends on a condition: whether any record of the rule meets it, once
 * those that met an earlier one are gone. */
static void check_severities(const struct checking_rules *checking,
                             const struct profile_rule *entry)
{
    struct before before;
    begin(checking, &before, entry->rule, entry->when);
    if (rule_test_never(&before.whole)) {
        return; /* has its finding already */
    }
    int own = before.whole.test_count;
    for (int i = 0; i < entry->case_count; i++) {
        struct rule_test *when = entry->cases[i].when;
        before.whole.test_count = own;
        add_condition(&before, when);
        bool is_met = !rule_test_never(&before.whole);
        for (int k = 0; k < i && is_met; k++) {
            is_met = !rule_test_implied(entry->cases[k].when, &before.whole);
        }
        if (!is_met) {
            DIAG(checking->diag, CODE_principles_never_holds, when->span, SLICE("severity_when"));
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
    for (int i = 0; i < profile->rule_count; i++) {
        const struct profile_rule *entry = &profile->rules[i];
        if (entry->include >= 0 || entry->test == NULL) {
            continue;
        }
        check_required(checking, profile, entry);
        check_severities(checking, entry);
        if (entry->test != entry->rule->test || entry->when != entry->rule->when) {
            check_tests(checking, entry->rule, entry->when, entry->test, entry->span);
        }
    }
}

void rules_check(const struct site *site, struct arena *arena, struct diag *diag)
{
    const struct rules *rules = site->rules;
    struct checking_rules checking = {.rules = rules,
                                      .kinds = site_codelist(site, SLICE("case-kinds")),
                                      .arena = arena,
                                      .diag = diag};
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
