/*
 * rules: a city's principles as data, compiled once and read-only afterwards (from any thread).
 *
 * rules.yaml holds the rules, each with one test; profiles/<id>.yaml says which of them a framework
 * asks for, how strongly, and as evidence for which of its items; crosswalk.yaml says which items
 * of the frameworks speak of the same thing. All three are in data/principles/, and the README
 * there explains how they are written: paths, the closed vocabulary of tests with an example of
 * each, profiles. Their fields stand in fields.def, the tests in tests.def.
 *
 * Source of each rule: the documents that it names in `sources`. The wording of its test is its
 * author's judgement; no document prescribes one.
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
/** What the document itself says: M must, S should, J this site's judgement. */
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
    bool is_retested;    /* the profile itself gives a `when` or a `test` of its own */
    struct slice *items; /* ids of framework items that this is evidence for … */
    int *item_indexes;   /* … and where they stand in the items of the profile */
    int item_count;
    int include;      /* index in profile->includes, -1: the profile's own */
    struct span span; /* where it is named; of the last profile that says something of it */
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
    bool reads_cases;   /* what one case shows may depend on others: a rule looks at all of them */
    struct value today; /* the reference date, for paths that say `today` */
    /* What an actor of the register says where the record's own entry does not: columns of the
     * table actors, or -1. */
    const struct table *actors;
    int actor_columns[FIELD_COUNT];
};

/** The title of the document that a source of a rule (SHAPE_rule_source) names: of its row in the
 * register of sources, or else of its framework. Empty when it names neither. */
struct slice rule_source_title(const struct record *source, int language, int *actual,
                               struct arena *arena);
/** Read and compile data/principles/; findings for what can't be read, for names that don't exist
 * and for rules that can never fire. Needs the registers, code lists and frameworks; sets
 * site->rules. Called by site_build. */
void rules_build(struct site *site, struct diag *diag);

const struct rule *rules_find(const struct rules *rules, struct slice id);
const struct profile *rules_profile(const struct rules *rules, struct slice id);
/** How strongly a profile usually asks for a rule: of several entries the strictest. */
enum rule_severity profile_severity(const struct profile *profile, const struct rule *rule);
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
