#include "checks.h"
#include "evidence.h"

/*
 * The city's principles: verdicts become findings. A case gets a finding a rule that is not
 * satisfied; a record made from documents (rules.yaml, gaps_for) gets one note that lists its gaps,
 * for they are nobody's fault and there may be dozens. All of it is also on the record's page and
 * in the data.
 *
 * E and W are warnings; with `principles: strict` in site.yaml an E is an error. I and policy rules
 * are notes.
 */

/* ---- Words ---- */

struct speaking {
    const struct checking *checking;
    enum interface_language interface;
    int language; /* of the site that comes nearest */
    struct buffer *out;
};

static int site_language_for(const struct site *site, enum interface_language interface)
{
    for (int i = 0; i < site->language_count; i++) {
        if (site_interface_language(site, i) == interface) {
            return i;
        }
    }
    return 0;
}

static bool is_japanese(const struct speaking *speaking)
{
    return speaking->interface == INTERFACE_JAPANESE;
}

static void say(const struct speaking *speaking, const char *ja, const char *en)
{
    buffer_append(speaking->out, slice_of(is_japanese(speaking) ? ja : en));
}

static void say_word(const struct speaking *speaking, const struct record *record,
                     enum field_id field)
{
    buffer_append(speaking->out, record_word(record, field, speaking->language, NULL));
}

/* What is missing or contradicts; and of how many entries. */
static void say_message(const struct speaking *speaking, const struct verdict *verdict)
{
    const struct record *rule = verdict->rule->record;
    bool contradicts = verdict->state == EVIDENCE_CONTRADICTED &&
                       value_is_stated(record_get(rule, FIELD_rule_contradiction));
    say_word(speaking, rule, contradicts ? FIELD_rule_contradiction : FIELD_rule_message);
    if (verdict->of > 1 && verdict->held < verdict->of) {
        bool lacks = verdict->state == EVIDENCE_NOT_STATED;
        int faults = verdict->of - verdict->held;
        if (is_japanese(speaking)) {
            buffer_append_format(speaking->out,
                                 lacks ? "（%d件のうち%d件が足りません）" : "（%d件のうち%d件）",
                                 verdict->of, faults);
        } else {
            buffer_append_format(speaking->out, lacks ? " (%d of %d lacking)" : " (%d of %d)",
                                 faults, verdict->of);
        }
    }
}

/* An item's number in words of the reader's language, else as the document prints it. */
static struct slice number_of(const struct speaking *speaking, const struct record *item)
{
    int actual = -1;
    struct slice word =
        record_word(item, FIELD_framework_item_number_word, speaking->language, &actual);
    return word.length > 0 && actual == speaking->language
               ? word
               : record_text(item, FIELD_framework_item_number);
}

/* "視点1-1 成果志向…", of the items that the rule is evidence for. */
static void say_items(const struct speaking *speaking, const struct profile_rule *entry)
{
    enum { MOST = 3 };
    for (int i = 0; i < entry->item_count && i < MOST; i++) {
        const struct record *item =
            site_framework_item(speaking->checking->site, entry->items[i], NULL);
        say(speaking, i > 0 ? "、" : "「", i > 0 ? ", " : " (");
        struct slice number = number_of(speaking, item);
        if (number.length > 0) {
            buffer_append(speaking->out, number);
            buffer_append_byte(speaking->out, ' ');
        }
        say_word(speaking, item, FIELD_framework_item_label);
    }
    if (entry->item_count > 0) {
        say(speaking, "」", ")");
    }
}

static bool is_source_of(const struct record *source, const struct profile *profile)
{
    const struct value *framework = record_get(source, FIELD_rule_source_framework);
    for (int i = 0; framework != NULL && i < profile->framework_count; i++) {
        if (slice_equal(value_reference(framework)->id, profile->frameworks[i]->id)) {
            return true;
        }
    }
    return false;
}

/* The place in the framework's own document; or, where that is silent, in another one. */
static void say_source(const struct speaking *speaking, const struct verdict *verdict)
{
    struct value_list sources = record_list(verdict->rule->record, FIELD_rule_sources);
    ptrdiff_t own = 0;
    while (own < sources.count &&
           !is_source_of(sources.items[own].as.group, verdict->entry->origin)) {
        own++;
    }
    bool is_own = own < sources.count;
    if (sources.count == 0) {
        return;
    }
    const struct record *source = sources.items[is_own ? own : 0].as.group;
    say(speaking, is_own ? "、出典: " : "、ほかの文書から: ",
        is_own ? "; source: " : "; from another document: ");
    int actual;
    struct slice title =
        rule_source_title(source, speaking->language, &actual, speaking->checking->scratch);
    if (title.length > 0) {
        buffer_append(speaking->out, title);
        say(speaking, " ", ", ");
    }
    say_word(speaking, source, FIELD_rule_source_place);
}

static void say_help(const struct speaking *speaking, const struct verdict *verdict)
{
    say_word(speaking, verdict->rule->record, FIELD_rule_repair);
    say(speaking, "（原則: ", " (principle: ");
    say_word(speaking, verdict->entry->origin->record, FIELD_profile_title);
    say_items(speaking, verdict->entry);
    say_source(speaking, verdict);
    say(speaking, "）", ")");
}

static struct slice take(struct buffer *buffer, struct arena *arena)
{
    struct slice text = arena_copy(arena, buffer_slice(buffer));
    buffer_clear(buffer);
    return text;
}

/* ---- One finding a rule ---- */

static void report_verdict(const struct checking *checking, const struct verdict *verdict,
                           enum code code)
{
    struct report report = {.code = code, .span = verdict->place, .rule = verdict->rule->id};
    struct buffer text;
    buffer_init(&text);
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        struct speaking speaking = {
            .checking = checking,
            .interface = (enum interface_language)i,
            .language = site_language_for(checking->site, (enum interface_language)i),
            .out = &text};
        say_message(&speaking, verdict);
        report.message[i] = take(&text, checking->scratch);
        say_help(&speaking, verdict);
        report.help[i] = take(&text, checking->scratch);
    }
    buffer_release(&text);
    if (code == CODE_principle_essential) {
        const struct code_entry *mode = record_code(checking->site->config, FIELD_site_principles);
        report.has_severity = true;
        report.severity = mode != NULL && slice_equal(mode->code, SLICE("strict"))
                              ? SEVERITY_ERROR
                              : SEVERITY_WARNING;
    }
    diag_add(checking->diag, &report);
}

static bool is_fault(const struct verdict *verdict)
{
    return verdict->state >= EVIDENCE_NOT_STATED && !verdict->is_silent;
}

static void report_faults(const struct checking *checking, const struct evidence *evidence,
                          enum evidence_state from)
{
    static const enum code codes[] = {[RULE_NONE] = CODE_principle_information,
                                      [RULE_NOTE] = CODE_principle_information,
                                      [RULE_EXPECTED] = CODE_principle_expected,
                                      [RULE_ESSENTIAL] = CODE_principle_essential};
    for (int i = 0; i < evidence->verdict_count; i++) {
        if (is_fault(&evidence->verdicts[i]) && evidence->verdicts[i].state >= from) {
            report_verdict(checking, &evidence->verdicts[i], codes[evidence->verdicts[i].severity]);
        }
    }
}

/* ---- One note a record that is made from documents ---- */

static int count_gaps(const struct evidence *evidence, enum rule_severity severity)
{
    int count = 0;
    for (int i = 0; i < evidence->verdict_count; i++) {
        const struct verdict *verdict = &evidence->verdicts[i];
        count += is_fault(verdict) && verdict->severity == severity ? 1 : 0;
    }
    return count;
}

static void say_gaps(const struct speaking *speaking, const struct evidence *evidence)
{
    int essential = count_gaps(evidence, RULE_ESSENTIAL);
    int expected = count_gaps(evidence, RULE_EXPECTED);
    if (is_japanese(speaking)) {
        buffer_append_literal(speaking->out, "「");
        say_word(speaking, evidence->profile->record, FIELD_profile_title);
        buffer_append_format(
            speaking->out,
            "」が求めることのうち%d件が資料から分かりません（欠かせないもの%d件、あるとよいもの%d件）: ",
            essential + expected, essential, expected);
    } else {
        say(speaking, "", "not in the sources, of what “");
        say_word(speaking, evidence->profile->record, FIELD_profile_title);
        buffer_append_format(speaking->out,
                             "” asks for: %d (%d essential, %d expected): ", essential + expected,
                             essential, expected);
    }
    bool is_first = true;
    for (int i = 0; i < evidence->verdict_count; i++) {
        const struct verdict *verdict = &evidence->verdicts[i];
        if (is_fault(verdict) && verdict->severity >= RULE_EXPECTED) {
            say(speaking, is_first ? "" : "、", is_first ? "" : ", ");
            say_word(speaking, verdict->rule->record, FIELD_rule_title);
            buffer_append_format(speaking->out, is_japanese(speaking) ? "（%.*s）" : " (%.*s)",
                                 SLICE_ARGUMENTS(verdict->rule->id));
            is_first = false;
        }
    }
}

static void report_gaps(const struct checking *checking, const struct record *record,
                        const struct evidence *evidence)
{
    if (count_gaps(evidence, RULE_ESSENTIAL) + count_gaps(evidence, RULE_EXPECTED) == 0) {
        return;
    }
    struct report report = {.code = CODE_principle_gaps, .span = record->span};
    report.span.end = report.span.start;
    struct buffer text;
    buffer_init(&text);
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        struct speaking speaking = {
            .checking = checking,
            .interface = (enum interface_language)i,
            .language = site_language_for(checking->site, (enum interface_language)i),
            .out = &text};
        say_gaps(&speaking, evidence);
        report.message[i] = take(&text, checking->scratch);
    }
    buffer_release(&text);
    diag_add(checking->diag, &report);
}

/* ---- The checks ---- */

/* `lists_gaps`: what is missing is one note, and only values that disagree are findings of their
 * own. */
static void check_record(const struct checking *checking, const struct record *record,
                         bool lists_gaps)
{
    const struct profile *profiles[RULES_PROFILES_MOST];
    int count =
        rules_profiles_for(checking->site->rules, record_list(record, FIELD_case_frameworks),
                           profiles, RULES_PROFILES_MOST);
    for (int i = 0; i < count; i++) {
        struct evidence evidence;
        evidence_verdicts_of(checking->site, record, profiles[i], checking->scratch, &evidence);
        if (evidence.lists_gaps) {
            report_gaps(checking, record, &evidence);
        } else if (lists_gaps) {
            report_gaps(checking, record, &evidence);
            report_faults(checking, &evidence, EVIDENCE_CONTRADICTED);
        } else {
            report_faults(checking, &evidence, EVIDENCE_NOT_STATED);
        }
    }
}

void check_principles(const struct checking *checking, const struct item *item)
{
    if (item->kind == ITEM_CASE && !item->record->is_broken) {
        check_record(checking, item->record, false);
    }
}

/* Rows of the register of projects that no case tells of. A row has no room for most of what the
 * rules look for. */
void check_project_principles(const struct checking *checking)
{
    for (ptrdiff_t i = 0; i < checking->site->project_record_count; i++) {
        check_record(checking, checking->site->project_records[i].record, true);
    }
}

/* Each policy rule speaks once, whichever of the frameworks in force ask for it. */
void check_policy(const struct checking *checking)
{
    const struct site *site = checking->site;
    if (site->rules == NULL || site->config == NULL) {
        return;
    }
    const struct profile *profiles[RULES_PROFILES_MOST];
    int count = rules_profiles_for(site->rules, record_list(site->config, FIELD_site_frameworks),
                                   profiles, RULES_PROFILES_MOST);
    bool *spoken = ARENA_ARRAY(checking->scratch, bool, site->rules->count);
    for (int i = 0; i < count; i++) {
        struct evidence evidence;
        evidence_of_site(site, profiles[i], checking->scratch, &evidence);
        for (int k = 0; k < evidence.verdict_count; k++) {
            const struct verdict *verdict = &evidence.verdicts[k];
            if (is_fault(verdict) && !spoken[verdict->rule->index]) {
                spoken[verdict->rule->index] = true;
                report_verdict(checking, verdict, CODE_principle_policy);
            }
        }
    }
}

/** Rules and profiles are records that must be complete too. */
void check_rules_required(const struct checking *checking)
{
    const struct rules *rules = checking->site->rules;
    for (int i = 0; rules != NULL && i < rules->record_count; i++) {
        struct span place = rules->records[i]->span;
        place.end = place.start;
        required_of_record(checking, rules->records[i], place);
    }
}
