#include "cli.h"
#include "rules.h"

/* `kyodo explain RULE`: a rule of the site's principles, with who asks for it and where it comes
 * from. */

struct telling {
    const struct site *site;
    struct arena *arena;
    struct sink *out;
    bool is_japanese;
    int language; /* of the site */
};

static void tell(const struct telling *telling, const char *ja, const char *en)
{
    sink_write(telling->out, slice_of(telling->is_japanese ? ja : en));
}

static void tell_word(const struct telling *telling, const struct record *record,
                      enum field_id field)
{
    sink_write(telling->out, record_word(record, field, telling->language, NULL));
}

/* A line "label: text", left out when the rule says nothing of it. */
static void tell_field(const struct telling *telling, const struct record *record,
                       enum field_id field)
{
    const struct field_info *info = field_info(field);
    if (!value_is_stated(record_get(record, field))) {
        return;
    }
    enum interface_language interface =
        telling->is_japanese ? INTERFACE_JAPANESE : INTERFACE_ENGLISH;
    sink_write(telling->out, info->label[interface]);
    sink_write_literal(telling->out, ": ");
    tell_word(telling, record, field);
    sink_write_literal(telling->out, "\n");
}

static void tell_strength(const struct telling *telling, const struct rule *rule)
{
    switch (rule->strength) {
    case RULE_MUST:
        tell(telling, "文書の強さ: M（文書が必要だとしている）\n",
             "Strength of the text: M (the document says that it must be)\n");
        break;
    case RULE_SHOULD:
        tell(telling, "文書の強さ: S（文書が大切だとしている）\n",
             "Strength of the text: S (the document calls it important)\n");
        break;
    case RULE_JUDGEMENT:
        tell(telling, "文書の強さ: J（このサイトの判断）\n",
             "Strength of the text: J (this site's judgement)\n");
        break;
    }
}

static void tell_fields(const struct telling *telling, const struct rule *rule)
{
    for (int i = 0; i < rule->field_count; i++) {
        const struct field_info *info = field_info(rule->fields[i]);
        tell(telling, i == 0 ? "見る項目: " : "、", i == 0 ? "Fields it looks at: " : ", ");
        sink_write(telling->out, info->key);
        tell(telling, "（", " (");
        sink_write(telling->out,
                   info->label[telling->is_japanese ? INTERFACE_JAPANESE : INTERFACE_ENGLISH]);
        tell(telling, "）", ")");
    }
    if (rule->field_count > 0) {
        sink_write_literal(telling->out, "\n");
    }
    for (int i = 0; i < rule->required_count; i++) {
        tell(telling, i == 0 ? "先に満たす規則: " : "、", i == 0 ? "Rules it requires: " : ", ");
        sink_write(telling->out, rule->required[i]->id);
    }
    if (rule->required_count > 0) {
        sink_write_literal(telling->out, "\n");
    }
}

static void tell_severity(const struct telling *telling, const struct profile_rule *entry)
{
    sink_write(telling->out, severity_letter(entry->severity));
    for (int i = 0; i < entry->case_count; i++) {
        tell(telling, "（場合により ", " (in some cases ");
        sink_write(telling->out, severity_letter(entry->cases[i].severity));
        tell(telling, "）", ")");
    }
    if (entry->contradicted != RULE_NONE) {
        tell(telling, "（食い違うときは ", " (where values disagree ");
        sink_write(telling->out, severity_letter(entry->contradicted));
        tell(telling, "）", ")");
    }
}

static void tell_profiles(const struct telling *telling, const struct rule *rule)
{
    tell(telling, "\n求めている枠組み（E 欠かせない、W あるとよい、I 参考）:\n",
         "\nAsked for by (E essential, W expected, I for information):\n");
    const struct rules *rules = telling->site->rules;
    for (int i = 0; i < rules->profile_count; i++) {
        const struct profile *profile = &rules->profiles[i];
        for (int k = 0; k < profile->rule_count; k++) {
            const struct profile_rule *entry = &profile->rules[k];
            if (entry->rule != rule || entry->include >= 0) {
                continue; /* what a profile takes over is told with the one that it comes from */
            }
            sink_write_literal(telling->out, "  ");
            tell_severity(telling, entry);
            sink_write_literal(telling->out, "  ");
            tell_word(telling, profile->record, FIELD_profile_title);
            for (int n = 0; n < entry->item_count; n++) {
                tell(telling, n == 0 ? ": " : "、", n == 0 ? ": " : ", ");
                tell_word(telling, site_framework_item(telling->site, entry->items[n], NULL),
                          FIELD_framework_item_label);
            }
            sink_write_literal(telling->out, "\n");
        }
    }
}

static void tell_sources(const struct telling *telling, const struct rule *rule)
{
    tell(telling, "\n出典:\n", "\nSources:\n");
    struct value_list sources = record_list(rule->record, FIELD_rule_sources);
    for (ptrdiff_t i = 0; i < sources.count; i++) {
        const struct record *source = sources.items[i].as.group;
        sink_write_literal(telling->out, "  ");
        int actual;
        struct slice title = rule_source_title(source, telling->language, &actual, telling->arena);
        if (title.length > 0) {
            sink_write(telling->out, title);
            tell(telling, " ", ", ");
        }
        tell_word(telling, source, FIELD_rule_source_place);
        sink_write_literal(telling->out, "\n");
    }
}

bool explain_rule(const struct site *site, struct slice id, enum interface_language interface,
                  struct arena *arena, struct sink *out)
{
    const struct rule *rule = rules_find(site->rules, id);
    if (rule == NULL) {
        return false;
    }
    struct telling telling = {
        .site = site, .arena = arena, .out = out, .is_japanese = interface == INTERFACE_JAPANESE};
    for (int i = site->language_count - 1; i >= 0; i--) {
        if (site_interface_language(site, i) == interface) {
            telling.language = i;
        }
    }
    tell(&telling, "規則 ", "rule ");
    sink_write(out, rule->id);
    sink_write_literal(out, ": ");
    tell_word(&telling, rule->record, FIELD_rule_title);
    sink_write_literal(out, "\n\n");
    tell_field(&telling, rule->record, FIELD_rule_message);
    tell_field(&telling, rule->record, FIELD_rule_contradiction);
    tell_field(&telling, rule->record, FIELD_rule_inapplicable);
    tell_field(&telling, rule->record, FIELD_rule_why);
    tell_field(&telling, rule->record, FIELD_rule_repair);
    tell_fields(&telling, rule);
    tell_strength(&telling, rule);
    tell_profiles(&telling, rule);
    tell_sources(&telling, rule);
    return true;
}
