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
bool evidence_badge(const struct site *site, const struct item *item, const struct rule *rule,
                    struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
