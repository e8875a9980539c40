/*
 * rules: a city's principles as data, compiled once and read-only afterwards (from any thread).
 *
 *   data/principles/rules.yaml            the rules, each with one test; data/principles/rules/
 * *.yaml may add more data/principles/profiles/<id>.yaml    which rules a framework asks for, how
 * strongly, as evidence for which of its items data/principles/crosswalk.yaml        which items of
 * the frameworks speak of the same thing
 *
 * The fields of all three stand in fields.def (shapes rule_set, rule, profile, crosswalk …). Facts
 * and source of the rules: the documents that each rule names in `sources`; the wording of a test
 * is the rule's author's judgement.
 *
 * ---- Tests: a closed vocabulary ----
 *
 * A test is a mapping with one of these keys. A PATH names fields from where the test stands:
 * `issue`, `purpose.text`; inside every, any and count it stands in an entry, where `.` is the
 * entry itself, `../x` a field of what holds the entry's list's test, `/x` a field of the whole
 * record. `actors.type` goes through a list, `proposer.type` through a reference to an entry. `of:
 * table:NAME` goes through the rows of a register, `of: cases` through all cases. `$name` in place
 * of a value is a parameter: the profile's `with`, else the rule's `parameters`.
 *
 *   present: PATH or [PATHS], also {of: PATHS, language: ja}     each is stated
 *       present: [start, end]
 *   absent: PATH or [PATHS]                                      none is stated
 *       absent: actor
 *   one_of: {of: PATH, in: [VALUES]}                             stated, and all its values are
 * among these one_of: {of: status, in: [completed, ended_early]} has: {of: PATH, in: [VALUES]} at
 * least one of its values is among these has: {of: form, in: [commission]} equal: {of: PATH, is:
 * VALUE} or {of: PATH, to: PATH}         stated and the same equal: {of: covers_roles, is: true}
 *   differ: {of: PATH, from: PATH} or {of: PATH, is: VALUE}      both stated and not the same
 *       differ: {of: issue, from: purpose.text}
 *   order: {first: PATH, then: PATH, strict, late: DAYS, apart: DAYS, years: N}
 *       dates or numbers in order: first ≤ then (strict: <); `late` lets `then` come so much
 * earlier, `apart` asks for at least so much between them; `years` asks for so many fiscal years
 * (年度) between them. `today` is the site's reference date. A date that is less precise than a day
 * is wrong only where every day that it may mean is. order: {first: start, then: end} count: {of:
 * PATH, where: TEST, distinct: PATHS, min: N, max: N}   so many entries (of distinct values of the
 * first stated path) count: {of: actors, distinct: [actor, id], min: 2} every: {of: PATHS, where:
 * TEST, test: TEST}                  each entry passes; without entries there is nothing to test
 *       every: {of: actors, test: {present: [role, responsibility]}}
 *   any: {of: PATHS, where: TEST, test: TEST}                    at least one entry passes
 *       any: {of: evaluations, test: {one_of: {of: kind, in: [collaboration]}}}
 *   subset: {of: PATH, in: PATH}                                 each value of one is a value of
 * the other subset: {of: actors.id, in: purpose.agreed_by} same_set: {of: PATH, value: PATH, by:
 * PATH, for: PATH}       grouped by `by`, the entries' values are the same set for each value of
 * `for` same_set: {of: items, value: item, by: actor, for: /actors.id} lookup: {of: PATH, column:
 * NAME, in: [VALUES]}               the code's cell in that column of its code list is one of these
 *   lookup: {of: PATH, column: NAME, allows: PATH}               the other value is in the cell
 * (parts apart by `;`) of some code that has one lookup: {of: PATH, column: NAME, says: true} some
 * code has a cell there lookup: {of: form, column: kagoshima_responsibility, allows:
 * project_responsibility} exists: {of: PATH, in: TABLE, column: NAME}                  each value
 * stands in that column of a register or code list exists: {of: code, in: projects, column: wards}
 *   named: {in: PATH}                                            each field of the record that is
 * not stated is named in that list named: {in: unknown} overlap: {of: PATH, same: [PATHS], differ:
 * PATH}             two entries share a value of each `same` and differ in the other overlap: {of:
 * "table:projects", same: [fields, wards], differ: departments} passes: RULE the record passes
 * another rule's test passes: ACT-01 all: [TESTS]    either: [TESTS]    not: TEST    {if: TEST,
 * then: TEST}
 *
 * What a test says (enum evidence_state). A value that is missing makes it NOT_STATED; values that
 * disagree make it CONTRADICTED; a value that the record calls not_applicable, with its reason,
 * makes it NOT_APPLICABLE; a test with nothing to look at is VOID. `all` takes the worst of its
 * tests, `either` the best; `not` is CONTRADICTED where its test is STATED, else STATED.
 */
#ifndef KYODO_RULES_H
#define KYODO_RULES_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rule_test; /* compiled, private to model (rule_test.h) */

/** How strongly a framework asks: E essential, W expected, I for information; NONE: the framework
 * says nothing. */
enum rule_severity { RULE_NONE, RULE_NOTE, RULE_EXPECTED, RULE_ESSENTIAL };
/** What the document itself says: M must, S should, J this site's judgement (domain of the rule's
 * author). */
enum rule_strength { RULE_JUDGEMENT, RULE_SHOULD, RULE_MUST };

struct rule {
    struct slice id;
    const struct record *record; /* SHAPE_rule: title, message, contradiction, why, repair,
                                    inapplicable, badge, sources */
    struct source *source;       /* its file */
    enum rule_strength strength;
    int index;               /* in rules->rules */
    bool is_policy;          /* about the whole site */
    uint32_t kinds;          /* bit per order of the code list case-kinds */
    struct rule_test *when;  /* NULL: always */
    struct rule_test *test;  /* with the rule's own parameters; NULL: could not be read */
    struct rule_test *badge; /* NULL: none */
    /* As written, for profiles that give other parameters. */
    const struct node *test_node, *when_node, *parameters;
    const struct rule **required;
    int required_count;
    /* The fields of a case where a reader finds what the rule looks for, in the order of looks_at.
     */
    enum field_id *fields;
    int field_count;
};

struct profile;

/** A severity that holds where a test does. */
struct severity_case {
    struct rule_test *when;
    enum rule_severity severity;
};

/** A rule in a profile. */
struct profile_rule {
    const struct rule *rule;
    const struct profile *origin; /* the profile that says so: itself or an included one */
    enum rule_severity severity;
    enum rule_severity contradicted; /* when values disagree; RULE_NONE: as `severity` */
    struct severity_case *cases;     /* the first that holds decides */
    int case_count;
    struct rule_test *when; /* rule's, or the profile's own */
    struct rule_test *test;
    struct slice *items; /* ids of framework items that this is evidence for */
    int item_count;
    int include; /* index in profile->includes, -1: the profile's own */
    struct span span;
};

struct profile_include {
    const struct profile *profile;
    struct rule_test *when; /* NULL: always */
};

/** Where it holds, severities in `from` become `to`. */
struct profile_downgrade {
    struct rule_test *when;
    uint32_t from; /* bit per enum rule_severity */
    enum rule_severity to;
    const struct rule **except;
    int except_count;
};

struct profile {
    struct slice id;
    const struct record *record; /* SHAPE_profile: title, note */
    struct source *source;
    /* A record that names all of these frameworks is checked by this profile. */
    const struct framework **frameworks;
    int framework_count;
    /* By rule, in the order of rules->rules; several of one rule where profiles are included. */
    struct profile_rule *rules;
    int rule_count;
    struct profile_include *includes;
    int include_count;
    struct profile_downgrade *downgrades;
    int downgrade_count;
    /* Every framework item that some rule of the profile is evidence for, in the order of
     * frameworks and items. */
    struct profile_item {
        const struct framework *framework;
        const struct record *item; /* SHAPE_framework_item */
    } * items;
    int item_count;
};

struct rules {
    struct rule *rules;
    int count;
    struct map by_id;
    struct profile *profiles; /* sorted by id */
    int profile_count;
    uint32_t gap_kinds;             /* kinds of record whose gaps are listed, never faults */
    const struct record *crosswalk; /* SHAPE_crosswalk, or NULL */
    struct source *crosswalk_source;
    /* All records read from these files, for references to be resolved in. */
    struct record **records;
    int record_count;
    /* What an actor of the register says where the record's own entry does not: columns of the
     * table actors, or -1. */
    const struct table *actors;
    int actor_columns[FIELD_COUNT];
};

/** Read and compile data/principles/; findings for what can't be read, for names that don't exist
 * and for rules that can never fire. Needs the registers, code lists and frameworks; sets
 * site->rules. Called by site_build. */
void rules_build(struct site *site, struct diag *diag);

const struct rule *rules_find(const struct rules *rules, struct slice id);
const struct profile *rules_profile(const struct rules *rules, struct slice id);
/** "E", "W", "I" or "-". */
struct slice severity_letter(enum rule_severity severity);
/** The profiles that check a record which names these frameworks (a list of REFERENCE values):
 * those whose frameworks are all named, without the ones that another one of them includes or
 * comprises. Sorted by id; returns how many of them are in `out`. */
int rules_profiles_for(const struct rules *rules, struct value_list frameworks,
                       const struct profile **out, int most);
#define RULES_PROFILES_MOST 16

#ifdef __cplusplus
}
#endif
#endif
