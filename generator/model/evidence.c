#include "rule_test.h"

/* From what the tests say to verdicts of rules, and from these to the evidence for each item of a
 * framework. */

struct slice evidence_word(enum evidence_state state)
{
    switch (state) {
    case EVIDENCE_STATED:
        return SLICE("stated");
    case EVIDENCE_NOT_STATED:
        return SLICE("not_stated");
    case EVIDENCE_CONTRADICTED:
        return SLICE("contradicted");
    case EVIDENCE_NOT_APPLICABLE:
    case EVIDENCE_VOID:
        break;
    }
    return SLICE("not_applicable");
}

struct weighing {
    struct running running;
    const struct profile *profile;
    uint32_t included;
    /* Downgrades that hold: of the profile itself (index 0) and of each include (index + 1). */
    uint32_t downgraded[1 + 32];
};

/* ---- Severity ---- */

static uint32_t holding_downgrades(const struct running *running, const struct profile *profile)
{
    uint32_t holding = 0;
    for (int i = 0; i < profile->downgrade_count && i < 32; i++) {
        if (rule_test_holds(running, profile->downgrades[i].when, running->root)) {
            holding |= UINT32_C(1) << i;
        }
    }
    return holding;
}

static bool is_excepted(const struct profile_downgrade *downgrade, const struct rule *rule)
{
    for (int i = 0; i < downgrade->except_count; i++) {
        if (downgrade->except[i] == rule) {
            return true;
        }
    }
    return false;
}

static enum rule_severity lowered(const struct profile *profile, uint32_t holding,
                                  const struct rule *rule, enum rule_severity severity)
{
    for (int i = 0; i < profile->downgrade_count; i++) {
        const struct profile_downgrade *downgrade = &profile->downgrades[i];
        if ((holding >> i & 1) != 0 && (downgrade->from >> severity & 1) != 0 &&
            !is_excepted(downgrade, rule)) {
            severity = downgrade->to;
        }
    }
    return severity;
}

static enum rule_severity severity_of(const struct weighing *weighing,
                                      const struct profile_rule *entry, enum evidence_state state,
                                      bool *is_downgraded)
{
    enum rule_severity severity = entry->severity;
    for (int i = 0; i < entry->case_count; i++) {
        if (rule_test_holds(&weighing->running, entry->cases[i].when, weighing->running.root)) {
            severity = entry->cases[i].severity;
            break;
        }
    }
    if (state == EVIDENCE_CONTRADICTED && entry->contradicted != RULE_NONE) {
        severity = entry->contradicted;
    }
    uint32_t holding = weighing->downgraded[entry->include + 1];
    *is_downgraded = false;
    if (holding == 0) {
        return severity;
    }
    const struct profile *origin = entry->include < 0
                                       ? weighing->profile
                                       : weighing->profile->includes[entry->include].profile;
    enum rule_severity low = lowered(origin, holding, entry->rule, severity);
    *is_downgraded = low != severity;
    return low;
}

/* ---- Verdicts ---- */

static void judge(const struct weighing *weighing, const struct profile_rule *entry,
                  struct verdict *verdict)
{
    const struct scope *root = weighing->running.root;
    struct outcome outcome = {.state = EVIDENCE_VOID, .place = root->place};
    if (entry->when == NULL || rule_test_holds(&weighing->running, entry->when, root)) {
        outcome = rule_test_run(&weighing->running, entry->test, root);
    }
    verdict->rule = entry->rule;
    verdict->state = outcome.state == EVIDENCE_VOID ? EVIDENCE_NOT_APPLICABLE : outcome.state;
    verdict->place = outcome.place.source != NULL ? outcome.place : root->place;
    verdict->value = outcome.value;
    verdict->reason = outcome.reason;
    verdict->held = outcome.held;
    verdict->of = outcome.of;
}

static bool is_active(const struct weighing *weighing, const struct profile_rule *entry)
{
    return entry->include < 0 || (weighing->included >> entry->include & 1) != 0;
}

static int badness(const struct verdict *verdict)
{
    bool failed = verdict->state >= EVIDENCE_NOT_STATED;
    return (failed ? 16 : 0) + (int)verdict->severity;
}

/* Of several entries of one rule the one that fails, or else the strictest, decides. */
static bool judge_rule(const struct weighing *weighing, int *index, struct verdict *out)
{
    const struct profile *profile = weighing->profile;
    const struct rule *rule = profile->rules[*index].rule;
    const struct profile_rule *judged = NULL;
    struct verdict verdict = {0};
    bool found = false;
    for (; *index < profile->rule_count && profile->rules[*index].rule == rule; (*index)++) {
        const struct profile_rule *entry = &profile->rules[*index];
        if (!is_active(weighing, entry)) {
            continue;
        }
        /* Profiles that leave the rule's own test as it is need one answer between them. */
        if (judged == NULL || judged->test != entry->test || judged->when != entry->when) {
            judge(weighing, entry, &verdict);
            judged = entry;
        }
        verdict.entry = entry;
        verdict.severity = severity_of(weighing, entry, verdict.state, &verdict.is_downgraded);
        if (verdict.severity != RULE_NONE && (!found || badness(&verdict) > badness(out))) {
            *out = verdict;
            found = true;
        }
    }
    return found;
}

/* A rule is silent where one that it requires has something to say. */
static void silence(struct evidence *evidence, const struct rules *rules, struct arena *arena)
{
    bool *fails = ARENA_ARRAY(arena, bool, rules->count); /* by rule->index */
    for (int i = 0; i < evidence->verdict_count; i++) {
        const struct verdict *verdict = &evidence->verdicts[i];
        fails[verdict->rule->index] = verdict->state >= EVIDENCE_NOT_STATED;
    }
    for (int i = 0; i < evidence->verdict_count; i++) {
        struct verdict *verdict = &evidence->verdicts[i];
        for (int k = 0; k < verdict->rule->required_count; k++) {
            verdict->is_silent = verdict->is_silent || fails[verdict->rule->required[k]->index];
        }
    }
}

static void count_states(struct evidence *evidence)
{
    evidence->has_mark = true;
    for (int i = 0; i < evidence->verdict_count; i++) {
        const struct verdict *verdict = &evidence->verdicts[i];
        evidence->stated += verdict->state == EVIDENCE_STATED ? 1 : 0;
        evidence->not_stated += verdict->state == EVIDENCE_NOT_STATED ? 1 : 0;
        evidence->not_applicable += verdict->state == EVIDENCE_NOT_APPLICABLE ? 1 : 0;
        evidence->contradicted += verdict->state == EVIDENCE_CONTRADICTED ? 1 : 0;
        if (verdict->severity == RULE_ESSENTIAL && verdict->state >= EVIDENCE_NOT_STATED) {
            evidence->has_mark = false;
        }
    }
}

static void weigh_includes(struct weighing *weighing)
{
    const struct profile *profile = weighing->profile;
    weighing->downgraded[0] = holding_downgrades(&weighing->running, profile);
    for (int i = 0; i < profile->include_count; i++) {
        const struct profile_include *include = &profile->includes[i];
        if (include->when == NULL ||
            rule_test_holds(&weighing->running, include->when, weighing->running.root)) {
            weighing->included |= UINT32_C(1) << i;
            weighing->downgraded[i + 1] = holding_downgrades(&weighing->running, include->profile);
        }
    }
}

/* Rules for this kind of record (`kind` the bit of its kind), or policy rules (`kind` 0). */
static void weigh(struct weighing *weighing, uint32_t kind, struct arena *arena,
                  struct evidence *out)
{
    const struct profile *profile = weighing->profile;
    *out = (struct evidence){.profile = profile};
    weigh_includes(weighing);
    out->included = weighing->included;
    out->verdicts = ARENA_ARRAY(arena, struct verdict, weighing->running.rules->count);
    for (int i = 0; i < profile->rule_count;) {
        const struct rule *rule = profile->rules[i].rule;
        bool wanted = kind == 0 ? rule->is_policy : !rule->is_policy && (rule->kinds & kind) != 0;
        if (!wanted) {
            while (i < profile->rule_count && profile->rules[i].rule == rule) {
                i++;
            }
        } else if (judge_rule(weighing, &i, &out->verdicts[out->verdict_count])) {
            out->verdict_count++;
        }
    }
    silence(out, weighing->running.rules, arena);
    count_states(out);
}

/* ---- Items ---- */

/* Entries of one rule stand together in the profile; every one that holds for this record counts.
 * `*entry` becomes the first of them, the result is one past the last. */
static const struct profile_rule *entries_of(const struct evidence *evidence,
                                             const struct verdict *verdict,
                                             const struct profile_rule **entry)
{
    const struct profile *profile = evidence->profile;
    const struct profile_rule *end = profile->rules + profile->rule_count;
    *entry = verdict->entry;
    while (*entry > profile->rules && (*entry)[-1].rule == verdict->rule) {
        (*entry)--;
    }
    const struct profile_rule *last = verdict->entry;
    while (last < end && last->rule == verdict->rule) {
        last++;
    }
    return last;
}

static bool holds_here(const struct evidence *evidence, const struct profile_rule *entry)
{
    return entry->include < 0 || (evidence->included >> entry->include & 1) != 0;
}

static bool is_evidence_for(const struct evidence *evidence, const struct verdict *verdict,
                            int item)
{
    const struct profile_rule *entry;
    const struct profile_rule *end = entries_of(evidence, verdict, &entry);
    for (; entry < end; entry++) {
        for (int i = 0; i < entry->item_count && holds_here(evidence, entry); i++) {
            if (entry->item_indexes[i] == item) {
                return true;
            }
        }
    }
    return false;
}

int evidence_item_verdicts(const struct evidence *evidence, const struct item_evidence *item,
                           const struct verdict **out, int most)
{
    int count = 0;
    for (int i = 0; i < evidence->verdict_count; i++) {
        if (is_evidence_for(evidence, &evidence->verdicts[i], item->index)) {
            if (count < most) {
                out[count] = &evidence->verdicts[i];
            }
            count++;
        }
    }
    return count;
}

/* What its verdicts say of an item, while they are being gone through. */
struct item_weight {
    bool is_named;
    int last; /* 1 + index of the verdict that was added last: several entries of a rule count once
               */
    enum evidence_state asked, any;
    int stated, of;
};

static void add_verdict(struct item_weight *weight, const struct verdict *verdict, int index)
{
    enum evidence_state state = verdict->state;
    if (weight->last == index + 1) {
        return;
    }
    weight->last = index + 1;
    weight->is_named = true;
    weight->any = state > weight->any ? state : weight->any;
    if (state == EVIDENCE_NOT_APPLICABLE) {
        return;
    }
    weight->of++;
    weight->stated += state == EVIDENCE_STATED ? 1 : 0;
    if (verdict->severity >= RULE_EXPECTED) {
        weight->asked = state > weight->asked ? state : weight->asked;
    }
}

static void weigh_items(struct arena *arena, struct evidence *evidence)
{
    const struct profile *profile = evidence->profile;
    struct item_weight *weights = ARENA_ARRAY(arena, struct item_weight, profile->item_count);
    const struct profile_rule *entry = profile->rules;
    const struct profile_rule *end = entry + profile->rule_count;
    for (int i = 0; i < evidence->verdict_count; i++) {
        const struct verdict *verdict = &evidence->verdicts[i]; /* in the order of entries */
        while (entry->rule != verdict->rule) {
            entry++;
        }
        for (; entry < end && entry->rule == verdict->rule; entry++) {
            for (int k = 0; k < entry->item_count && holds_here(evidence, entry); k++) {
                add_verdict(&weights[entry->item_indexes[k]], verdict, i);
            }
        }
    }
    evidence->items = ARENA_ARRAY(arena, struct item_evidence, profile->item_count);
    for (int i = 0; i < profile->item_count; i++) {
        /* Items of an included profile that does not hold for this record have no rule here. */
        if (!weights[i].is_named) {
            continue;
        }
        evidence->items[evidence->item_count++] = (struct item_evidence){
            .framework = profile->items[i].framework,
            .item = profile->items[i].item,
            .index = i,
            .state = weights[i].asked != EVIDENCE_VOID ? weights[i].asked : weights[i].any,
            .stated = weights[i].stated,
            .of = weights[i].of};
    }
}

/* ---- The evidence ---- */

static struct scope scope_of(const struct record *record)
{
    struct scope root = {.record = record, .place = record->span};
    root.place.end = root.place.start;
    return root;
}

static uint32_t kind_of(const struct record *record)
{
    const struct code_entry *kind =
        record->shape == SHAPE_case ? record_code(record, FIELD_case_kind) : NULL;
    return kind != NULL && kind->order < 32 ? UINT32_C(1) << kind->order : 0;
}

void evidence_verdicts_of(const struct site *site, const struct record *record,
                          const struct profile *profile, struct arena *arena, struct evidence *out)
{
    struct scope root = scope_of(record);
    struct weighing weighing = {
        .running = {.site = site, .rules = site->rules, .scratch = arena, .root = &root},
        .profile = profile};
    uint32_t kind = kind_of(record);
    if (kind == 0) {
        *out = (struct evidence){.profile = profile};
        return;
    }
    weigh(&weighing, kind, arena, out);
    out->lists_gaps = (site->rules->gap_kinds & kind) != 0;
}

void evidence_of_record(const struct site *site, const struct record *record,
                        const struct profile *profile, struct arena *arena, struct evidence *out)
{
    evidence_verdicts_of(site, record, profile, arena, out);
    weigh_items(arena, out);
}

void evidence_of(const struct site *site, const struct item *item, const struct profile *profile,
                 struct arena *arena, struct evidence *out)
{
    evidence_of_record(site, item->record, profile, arena, out);
}

void evidence_of_site(const struct site *site, const struct profile *profile, struct arena *arena,
                      struct evidence *out)
{
    struct scope root = {.place = span_of_file(site->config_source)};
    struct weighing weighing = {
        .running = {.site = site, .rules = site->rules, .scratch = arena, .root = &root},
        .profile = profile};
    weigh(&weighing, 0, arena, out);
}

bool evidence_badge(const struct site *site, const struct record *record, const struct rule *rule,
                    struct arena *arena)
{
    if (rule->badge == NULL) {
        return false;
    }
    struct scope root = scope_of(record);
    struct running running = {.site = site, .rules = site->rules, .scratch = arena, .root = &root};
    return rule_test_holds(&running, rule->badge, &root);
}
