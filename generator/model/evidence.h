/*
 * evidence: what a record shows of a city's principles, worked out on demand from the compiled
 * rules (rules.h). Linear in the record; safe from any thread, for the model is only read.
 *
 * States (design, Principles). Evidence is given (STATED), not given (NOT_STATED) or does not apply
 * (with a reason); CONTRADICTED says that values of the record disagree. Nothing here says that a
 * principle is kept: a program cannot see trust.
 */
#ifndef KYODO_EVIDENCE_H
#define KYODO_EVIDENCE_H

#include "rules.h"

#ifdef __cplusplus
extern "C" {
#endif

/** In the order of badness, so that the worst of several is their maximum. */
enum evidence_state {
    EVIDENCE_VOID, /* of a single test: nothing to look at; never of a verdict */
    EVIDENCE_NOT_APPLICABLE,
    EVIDENCE_STATED,
    EVIDENCE_NOT_STATED,
    EVIDENCE_CONTRADICTED
};
/** "stated", "not_stated", "not_applicable", "contradicted": as in the data. */
struct slice evidence_word(enum evidence_state state);

/** What one rule of a profile says of a record. */
struct verdict {
    const struct rule *rule;
    const struct profile_rule *entry; /* the one that decides: of several the strictest */
    enum rule_severity severity;      /* after cases and downgrade */
    bool is_downgraded;
    bool is_silent; /* a rule that it requires is not satisfied: no finding of its own */
    enum evidence_state state;
    struct span place;         /* of the missing or contradicting value, or of what holds it; of the
                                  evidence when stated */
    const struct value *value; /* the value at that place, or NULL */
    /* NOT_APPLICABLE: the record's own reason (words of a value), or NULL: then the rule's
     * `inapplicable` (record_word of FIELD_rule_inapplicable) says why. */
    const struct value *reason;
    int32_t held,
        of; /* of the entries that the deciding test went through; 0, 0 when it went through none */
};

/** What the rules of a profile together say of one item of a framework. */
struct item_evidence {
    const struct framework *framework;
    const struct record *item;
    int index; /* in profile->items */
    /* The worst of its rules that apply and are asked for with E or W (all of its rules when no
     * such rule applies). */
    enum evidence_state state;
    int stated; /* rules that apply and are stated … */
    int of;     /* … of those that apply */
};

struct evidence {
    const struct profile *profile;
    struct verdict *verdicts; /* in the order of rules; only rules for this kind of record */
    int verdict_count;
    struct item_evidence *items; /* in the order of profile->items */
    int item_count;
    uint32_t included; /* bit per profile->includes that holds for this record */
    bool lists_gaps;   /* a kind of record whose gaps are listed and are no faults */
    bool has_mark; /* every E that applies is stated: may be shown as checked against the framework
                    */
    int stated, not_stated, not_applicable, contradicted;
};

/** What the rules of a profile say of a record of the shape `case`, without the items (for
 * findings). */
void evidence_verdicts_of(const struct site *site, const struct record *record,
                          const struct profile *profile, struct arena *arena, struct evidence *out);
/** The evidence that a case gives, by one profile; everything of `out` lives in `arena`, which also
 * takes the work in between. */
void evidence_of(const struct site *site, const struct item *item, const struct profile *profile,
                 struct arena *arena, struct evidence *out);
/** The same of any record of the shape `case`: of a project's row (site->project_records) too. */
void evidence_of_record(const struct site *site, const struct record *record,
                        const struct profile *profile, struct arena *arena, struct evidence *out);
/** The rules that decide on one item of the evidence: fills `out` with verdicts, returns how many
 * there are (at most `most` are filled). */
int evidence_item_verdicts(const struct evidence *evidence, const struct item_evidence *item,
                           const struct verdict **out, int most);
/** What the policy rules of a profile say of the site as a whole. Only verdicts are filled. */
void evidence_of_site(const struct site *site, const struct profile *profile, struct arena *arena,
                      struct evidence *out);
/** Whether the record earns the rule's badge. */
bool evidence_badge(const struct site *site, const struct record *record, const struct rule *rule,
                    struct arena *arena);

/** A case or row that a policy rule finds. */
struct policy_entry {
    const struct item *item;   /* a case, or NULL: */
    const struct table *table; /* a row of a register */
    ptrdiff_t row;
    ptrdiff_t other; /* the row with which it overlaps, or -1 */
};
/** What a policy rule finds fault with, one by one, in the order of cases and rows. Rules that go
 * through cases or rows and those that look for pairs of rows find such; others find none. Fills
 * `out` with at most `most`, returns how many there are. */
ptrdiff_t evidence_policy_faults(const struct site *site, const struct verdict *verdict,
                                 struct arena *arena, struct policy_entry *out, ptrdiff_t most);
/** What a policy rule looks for and finds: the cases and rows for whose sake its `any` holds, or
 * that it counts. As above, whether the rule as a whole holds or not. */
ptrdiff_t evidence_policy_finds(const struct site *site, const struct verdict *verdict,
                                struct arena *arena, struct policy_entry *out, ptrdiff_t most);

/* ---- All records at once (evidence_table.c) ---- */

/** What a record shows by one profile. */
struct case_view {
    const struct profile *profile;
    bool is_own;    /* the record names its frameworks; else it is one of another city */
    bool has_mark;  /* as in struct evidence */
    int stated;     /* items of which evidence is given … */
    int asked;      /* … of those that apply */
    uint8_t *items; /* enum evidence_state by index in profile->items; VOID: none of its rules is
                       for this record */
    uint8_t *rules; /* by rule->index: the state, and 16 times enum rule_severity; 0: not asked */
};

#define VIEW_RULE_STATE(byte) ((enum evidence_state)((byte)&15))
#define VIEW_RULE_SEVERITY(byte) ((enum rule_severity)((byte) >> 4))

/** The profiles of the frameworks that the record names, then those of other cities. None for one
 * that names no framework. */
struct case_views {
    struct case_view *views;
    int count;
    int own_count;
};

/** An item of a framework, and how many cases, and how many rows of projects, show what of it by
 * their own frameworks. */
struct evidence_sums {
    const struct framework *framework;
    const struct record *item;
    bool is_looked_for; /* some rule of some profile is evidence for it */
    int counts[EVIDENCE_CONTRADICTED + 1];
    int projects[EVIDENCE_CONTRADICTED + 1];
};

/** A record and an item that one of its own frameworks asks for. */
struct evidence_row {
    int32_t index; /* in the table's records */
    int32_t view;  /* in its views */
    int32_t item;  /* in the table's items */
};

struct evidence_cases {
    int32_t *indexes; /* of cases, in the order of lists */
    ptrdiff_t count;
    ptrdiff_t projects; /* rows of projects that show anything, which are not among the indexes */
};

/** Items are numbered through all frameworks: those of framework f are [first_item[f],
 * first_item[f + 1]). */
struct evidence_table {
    const struct site *site;
    struct evidence_sums *items;
    int item_count;
    int *first_item;
    struct evidence_map {
        int *of_profile;             /* number in the table, by index in profile->items */
        int *of_table;               /* the other way round; -1: the profile does not look for it */
    } * maps;                        /* side by side with rules->profiles */
    const struct profile **standing; /* by which cases of other cities are looked at */
    int standing_count;
    /* By index of the case; behind them those of site->project_records. */
    struct case_views *records;
    ptrdiff_t record_count;
    struct evidence_row *rows; /* by record, then profile and item */
    ptrdiff_t row_count;
    struct evidence_cases *framework_cases; /* side by side with site->frameworks: the cases that
                                               show anything of it */
};

/** Before the id of an item in the place of a case's page that tells of it. */
#define EVIDENCE_ANCHOR SLICE("evidence-")

/** Look at all records with all threads of the pool (NULL: with this one). NULL when the site has
 * no rules. Lives in `arena`; read-only afterwards. */
struct evidence_table *evidence_table_make(const struct site *site, struct pool *pool,
                                           struct arena *arena);
/** The row of the register of projects that a record of the table is, or NULL for a case. */
const struct project_record *evidence_table_project(const struct evidence_table *table,
                                                    ptrdiff_t index);
/** The index of a row of the register of projects in the table's records, or -1: a case tells of
 * it.
 */
ptrdiff_t evidence_table_project_index(const struct evidence_table *table, ptrdiff_t row);
/** A table that differs in one case, of which `site` has the record as it is now: what the case
 * itself shows. Sums and lists of cases are those of before. Lives in `arena`. */
struct evidence_table *evidence_table_with_case(const struct evidence_table *table,
                                                const struct site *site, ptrdiff_t index,
                                                struct arena *arena);
/** The number of an item, or -1. */
int evidence_table_item(const struct evidence_table *table, const struct framework *framework,
                        const struct record *item);
/** What a view says of an item by its number. */
enum evidence_state evidence_view_item(const struct evidence_table *table,
                                       const struct case_view *view, int item);

#ifdef __cplusplus
}
#endif
#endif
