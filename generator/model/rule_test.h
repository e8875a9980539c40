/*
 * Private to model: compiled tests of rules. data/principles/README.md explains them; tests.def
 * lists it.
 *
 * rule_path.c   PATHs: from text to steps, and from steps to values
 * rule_test.c   from YAML to struct rule_test, with findings
 * rule_never.c  tests that can only have one result
 * rule_check.c  rules that can never fire
 * rule_run.c    what a test says of a record
 * rule_sets.c   … of tests that compare sets, look codes up, look for pairs
 * rule_faults.c … of a policy rule, case by case and row by row
 */
#ifndef KYODO_RULE_TEST_H
#define KYODO_RULE_TEST_H

#include "evidence.h"
#include "reading.h"

/* ---- What paths are resolved against, while compiling ---- */

enum scope_kind { SCOPE_SITE, SCOPE_RECORD, SCOPE_ROW, SCOPE_VALUE };

struct scope_type {
    enum scope_kind kind;
    enum shape_id shape;          /* RECORD */
    const struct table *table;    /* ROW */
    const struct rule_path *path; /* VALUE: the list whose entries these are */
    const struct scope_type *outer;
};

enum rule_path_start { PATH_ENTRY, PATH_ROOT, PATH_SELF, PATH_TODAY, PATH_TABLE, PATH_CASES };

#define RULE_PATH_STEPS 6

/** Where values come from. Ends in a field, a column, the entry itself, or (TABLE, CASES) in rows
 * or cases. */
struct rule_path {
    enum rule_path_start start;
    int up; /* PATH_ENTRY, PATH_SELF: so many entries outwards */
    enum field_id steps[RULE_PATH_STEPS];
    int step_count;
    int column;                /* of the row that it starts from; -1: none */
    const struct table *table; /* PATH_TABLE; or the row's table */
    /* What the values are. */
    enum field_type type;
    bool is_list;
    const struct codelist *codelist;
    struct slice text; /* as written */
    struct span span;
};

/* ---- Compiled tests ---- */

enum test_kind {
#define TEST(name, keys) TEST_##name,
#include "tests.def"
#undef TEST
    TEST_COUNT
};

/** A value written in a test. */
struct rule_literal {
    struct slice text;
    bool is_number;
    double number;
};

struct rule_test {
    enum test_kind kind;
    struct span span;
    struct rule_path *paths; /* `of`, PATHs of present and absent, `first` */
    int path_count;
    struct rule_path *other; /* `in`, `to`, `from`, `then`, `allows`, `value` */
    struct rule_path *by;    /* same_set */
    struct rule_path *whole; /* same_set: `for` */
    struct rule_path *keys;  /* count: distinct; overlap: same */
    int key_count;
    struct rule_literal *literals;
    int literal_count;
    struct rule_test *where;
    struct rule_test **tests; /* all, either; not, every, any: one; if: if, then */
    int test_count;
    int64_t least, most; /* count; most -1: no bound */
    double late, apart;
    int years;
    bool strict;
    bool says;
    int language;                    /* present: -1 any */
    const struct codelist *codelist; /* lookup */
    int column;                      /* lookup, exists */
    const struct map *index;         /* exists: the values of the column */
    struct slice rule_id;            /* passes; the rule is found when all are read */
    const struct rule *rule;
};

struct compiling {
    const struct site *site;
    struct arena *arena;
    struct diag *diag;
    /* Parameters, the first that has a name: the profile's `with`, the rule's own. */
    const struct node *with;
    const struct node *parameters;
};

/** Resolve a path in `scope`; NULL with a finding when it names nothing. */
struct rule_path *rule_path_compile(const struct compiling *compiling,
                                    const struct scope_type *scope, const struct node *node);
/** What an entry of the path is, as a scope for tests inside every, any and count. */
struct scope_type rule_path_entries(const struct rule_path *path, const struct scope_type *outer);
/** A node, or the parameter that it names; NULL with a finding when there is none of that name. */
const struct node *rule_parameter(const struct compiling *compiling, const struct node *node);
/** Compile a test, NULL with findings when it can't be read. */
struct rule_test *rule_test_compile(const struct compiling *compiling,
                                    const struct scope_type *scope, const struct node *node);
/** Whether a test is STATED (or VOID) of every record, or of none. */
bool rule_test_always(const struct rule_test *test);
bool rule_test_never(const struct rule_test *test);
/** Whether a test holds wherever the condition `when` does, which says the same or more. */
bool rule_test_implied(const struct rule_test *test, const struct rule_test *when);

/* ---- Rules and profiles (rules.c, profiles.c) ---- */

/** Tie the `passes` of a test to their rules; findings for rules that don't exist. */
void rule_test_link(struct rule_test *test, const struct rules *rules, struct arena *arena,
                    struct diag *diag);
/** The rule of an id, or NULL with a finding at `node`. */
const struct rule *rules_expect(const struct rules *rules, const struct node *node,
                                struct arena *arena, struct diag *diag);
/** Read and check the members of a mapping that are no fields of a shape: findings for keys that
 * are not among `keys` (apart by spaces). False when it is no mapping. */
bool rules_expect_keys(const struct node *node, const char *keys, struct diag *diag);
/** A copy of a mapping without the keys named (apart by spaces), which are read apart. */
const struct node *rules_without(struct arena *arena, const struct node *node, const char *keys);
/** Remember a record whose references are to be resolved. */
void rules_keep_record(struct rules *rules, struct arena *arena, struct record *record);
/** data/principles/profiles/ and data/principles/crosswalk.yaml. */
void profiles_build(struct site *site, struct rules *rules, struct diag *diag);
void crosswalk_build(struct site *site, struct rules *rules, struct diag *diag);
/** Whether `large` includes `small`, or has all its frameworks and more. */
bool profile_comprises(const struct profile *large, const struct profile *small);
/** Findings for rules that can never fire, once the profiles are there. */
void rules_check(const struct site *site, struct arena *arena, struct diag *diag);

/* ---- Running them ---- */

/** One entry of the things that a test goes through: the record itself, an entry of a list, a row,
 * a plain value. */
struct scope {
    const struct record *record;
    const struct value *value; /* of a list of plain values or references */
    const struct table *table; /* a row */
    ptrdiff_t row;
    struct span place;
    const struct scope *outer;
};

/** A value that a path led to: of a record, or a cell. */
struct term {
    const struct value *value;
    struct slice cell; /* when value is NULL */
    const struct table *table;
    ptrdiff_t row;
    int column;
    bool is_broken; /* neither: somebody tried to state it, and it could not be read */
};

struct running {
    const struct site *site;
    const struct rules *rules;
    struct arena *scratch;
    const struct scope *root;
    bool is_condition; /* asked is whether it holds, not where and how badly it fails */
};

struct outcome {
    enum evidence_state state;
    struct span place;
    const struct value *value;
    const struct value *reason;
    int32_t held, of;
};

struct outcome rule_test_run(const struct running *running, const struct rule_test *test,
                             const struct scope *scope);
/** As a condition: STATED or VOID. */
bool rule_test_holds(const struct running *running, const struct rule_test *test,
                     const struct scope *scope);

struct outcome outcome_of(enum evidence_state state, struct span place);
/** Whether a path is stated; `language` -1: in any. */
struct outcome presence_of(const struct running *running, const struct rule_path *path,
                           int language, const struct scope *scope);
/** The first stated value of a path; false when there is none. */
bool first_term(const struct running *running, const struct rule_path *path,
                const struct scope *scope, struct term *out);
/** The place of a value; of a body section's text where its words stand. */
struct span value_place(const struct value *value);
/** One a kind of test (rule_sets.c). */
struct outcome run_subset(const struct running *running, const struct rule_test *test,
                          const struct scope *scope);
struct outcome run_exists(const struct running *running, const struct rule_test *test,
                          const struct scope *scope);
struct outcome run_same_set(const struct running *running, const struct rule_test *test,
                            const struct scope *scope);
struct outcome run_lookup(const struct running *running, const struct rule_test *test,
                          const struct scope *scope);
struct outcome run_named(const struct running *running, const struct rule_test *test,
                         const struct scope *scope);
struct outcome run_overlap(const struct running *running, const struct rule_test *test,
                           const struct scope *scope);
/** The pairs of entries that overlap: each later one with the first that shares its values. */
typedef void (*pair_visitor)(void *context, const struct scope *entry, ptrdiff_t first_row);
void overlap_walk(const struct running *running, const struct rule_test *test,
                  const struct scope *scope, pair_visitor visit, void *context);

/** Where a path starts: the entry, so many entries outwards, or the whole record. */
static inline const struct scope *rule_path_scope(const struct running *running,
                                                  const struct rule_path *path,
                                                  const struct scope *scope)
{
    if (path->start == PATH_ROOT) {
        return running->root;
    }
    for (int i = 0; i < path->up && scope->outer != NULL; i++) {
        scope = scope->outer;
    }
    return scope;
}
typedef bool (*term_visitor)(void *context, const struct term *term);
/** Every value that the path leads to, a list as one value (`each` false) or each of its parts
 * (`each`); also values that are not stated unless `each`. The visitor stops it by false.
 * `*missing` (may be NULL) becomes the place of the first record that lacks the field. */
void rule_path_walk(const struct running *running, const struct rule_path *path,
                    const struct scope *scope, bool each, term_visitor visit, void *context,
                    struct span *missing);
/** The same of one value: each of its parts that is stated. */
bool value_walk_parts(const struct value *value, term_visitor visit, void *context);
/** The entries of a path, for every, any and count: `entry` is complete but for `outer`. */
typedef bool (*entry_visitor)(void *context, const struct scope *entry);
void rule_path_entries_walk(const struct running *running, const struct rule_path *path,
                            const struct scope *scope, entry_visitor visit, void *context);
bool term_is_stated(const struct term *term);
struct slice term_text(const struct term *term);
bool term_number(const struct term *term, double *out);
bool term_date(const struct term *term, struct date *out);
struct span term_span(const struct term *term);

#endif
