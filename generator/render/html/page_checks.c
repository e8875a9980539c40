/* What a check can say and what it cannot; and every rule by which records are checked. */
#include "pages.h"
#include "principles.h"

static void add_text(struct page *page, struct slice id, enum string_id heading,
                     enum string_id text)
{
    struct dictionary *block = add_listed_block(page, id, html_string(page, heading));
    ptrdiff_t start = markup_begin(page);
    put_paragraphs(page, page_string(page, text), -1);
    add_prose(block, (struct slice){0}, markup_end(page, start));
}

static void add_states(struct page *page)
{
    static const struct {
        enum evidence_state state;
        enum string_id about;
    } states[] = {
        {EVIDENCE_STATED, STRING_checks_stated},
        {EVIDENCE_NOT_STATED, STRING_checks_not_stated},
        {EVIDENCE_NOT_APPLICABLE, STRING_checks_not_applicable},
        {EVIDENCE_CONTRADICTED, STRING_checks_contradicted},
    };
    struct dictionary *block =
        add_listed_block(page, SLICE("states"), html_string(page, STRING_checks_states));
    struct dictionary *part = add_part(block);
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        add_fact(part, NAME_part_FACT, html_mark(page, states[i].state),
                 html_string(page, states[i].about));
    }
}

/* ---- Rules ---- */

static struct slice html_severities(const struct page *page, const struct rule *rule)
{
    const struct rules *rules = page->site->rules;
    ptrdiff_t start = markup_begin(page);
    int count = 0;
    for (int p = 0; p < rules->profile_count; p++) {
        enum rule_severity severity = profile_severity(&rules->profiles[p], rule);
        if (severity == RULE_NONE) {
            continue;
        }
        if (count++ > 0) {
            PUT(page, "<br>");
        }
        put_html(page, html_word(page, rules->profiles[p].record, FIELD_profile_title));
        PUT(page, ": ");
        put_string(page, severity_string(severity));
    }
    return markup_end(page, start);
}

static struct slice html_sources(const struct page *page, const struct rule *rule)
{
    struct value_list sources = record_list(rule->record, FIELD_rule_sources);
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < sources.count; i++) {
        const struct record *source = sources.items[i].as.group;
        const struct value *framework = record_get(source, FIELD_rule_source_framework);
        const struct value *document = record_get(source, FIELD_rule_source_source);
        if (i > 0) {
            PUT(page, "<br>");
        }
        put_value(page, value_is_stated(framework) ? framework : document);
        PUT(page, " ");
        put_html(page, html_word(page, source, FIELD_rule_source_place));
    }
    return markup_end(page, start);
}

static enum string_id strength_string(enum rule_strength strength)
{
    return strength == RULE_MUST     ? STRING_rule_must
           : strength == RULE_SHOULD ? STRING_rule_should
                                     : STRING_rule_judgement;
}

static void add_rule(struct page *page, struct dictionary *block, const struct rule *rule)
{
    static const enum field_id words[] = {FIELD_rule_why, FIELD_rule_repair};
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_ID, rule->id);
    ptrdiff_t start = markup_begin(page);
    put_html(page, html_word(page, rule->record, FIELD_rule_title));
    PUT(page, " <span class=\"kind\">");
    put_text(page, rule->id);
    PUT(page, "</span>");
    dictionary_set(part, NAME_part_HEADING, markup_end(page, start));
    dictionary_show(part, NAME_part_FOLDED, true);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct slice html = html_word(page, rule->record, words[i]);
        if (html.length > 0) {
            add_fact(part, NAME_part_FACT, html_label(page, words[i]), html);
        }
    }
    struct slice severities = html_severities(page, rule);
    if (severities.length > 0) {
        add_fact(part, NAME_part_FACT, html_string(page, STRING_rule_severity), severities);
    }
    add_fact(part, NAME_part_FACT, html_label(page, FIELD_rule_strength),
             html_string(page, strength_string(rule->strength)));
    add_fact(part, NAME_part_FACT, html_label(page, FIELD_rule_sources), html_sources(page, rule));
}

static void add_rules(struct page *page, struct slice id, enum string_id heading,
                      enum string_id lead, bool policy)
{
    const struct rules *rules = page->site->rules;
    struct dictionary *block = NULL;
    for (int i = 0; i < rules->count; i++) {
        if (rules->rules[i].is_policy != policy) {
            continue;
        }
        if (!block) {
            block = add_listed_block(page, id, html_string(page, heading));
            ptrdiff_t start = markup_begin(page);
            put_paragraphs(page, page_string(page, lead), -1);
            add_prose(block, (struct slice){0}, markup_end(page, start));
        }
        add_rule(page, block, &rules->rules[i]);
    }
}

bool make_checks(const struct render *render, const struct artefact *artefact,
                 struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    principles_begin(&page, render, worker, artefact, TEMPLATE_article);
    struct slice title = page_string(&page, STRING_checks_title);
    page_crumb(&page, html_text(&page, title), (struct slice){0});
    dictionary_set(page.content, NAME_article_KICKER, html_string(&page, STRING_principles));
    dictionary_set(page.content, NAME_article_TITLE, html_text(&page, title));
    ptrdiff_t start = markup_begin(&page);
    put_paragraphs(&page, page_string(&page, STRING_checks_lead), -1);
    dictionary_set(page.content, NAME_article_SUMMARY, markup_end(&page, start));
    add_text(&page, SLICE("can"), STRING_checks_can_heading, STRING_checks_can);
    add_text(&page, SLICE("cannot"), STRING_checks_cannot_heading, STRING_checks_cannot);
    add_states(&page);
    add_rules(&page, SLICE("rules"), STRING_checks_rules, STRING_checks_rules_lead, false);
    add_rules(&page, SLICE("policy"), STRING_checks_policy, STRING_checks_policy_lead, true);
    add_more(&page, principles_address(&page, "overview/"),
             html_string(&page, STRING_overview_link));
    add_more(&page, address_in_language(page.site, page.language, SLICE("data/rules/"), page.arena),
             html_string(&page, STRING_as_data));
    page_end(&page, title, page_string(&page, STRING_checks_lead), out);
    return true;
}
