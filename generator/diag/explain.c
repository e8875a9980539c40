/* `kyodo explain CODE`: a row of the table of findings, or of machine-readability rules, for
 * reading. */
#include "reporters.h"

#include <string.h>

/* A text of the table with an ellipsis for each argument; an optional part {1?…?} as a part of it.
 */
static void write_pattern(struct sink *sink, const char *pattern)
{
    struct slice rest = slice_of(pattern);
    while (rest.length > 0) {
        ptrdiff_t at = slice_find_byte(rest, '{', 0);
        ptrdiff_t end = slice_find(rest, SLICE("?}"), 0);
        if (end >= 0 && (at < 0 || end < at)) {
            sink_write(sink, slice_sub(rest, 0, end));
            rest = slice_from(rest, end + 2);
            continue;
        }
        bool is_optional = at >= 0 && at + 2 < rest.length && rest.data[at + 2] == '?';
        bool is_argument = at >= 0 && at + 2 < rest.length && rest.data[at + 2] == '}';
        if (!is_argument && !is_optional) {
            sink_write(sink, rest);
            break;
        }
        sink_write(sink, slice_sub(rest, 0, at));
        if (is_argument) {
            sink_write_literal(sink, "…");
        }
        rest = slice_from(rest, at + 3);
    }
}

static void write_entry(struct sink *sink, enum interface_language language, const char *japanese,
                        const char *english, const char *text)
{
    if (text == NULL) {
        return;
    }
    sink_write_format(sink, "%s: ", language == INTERFACE_JAPANESE ? japanese : english);
    write_pattern(sink, text);
    sink_write_literal(sink, "\n");
}

static const struct {
    const char *id;
    const char *text[INTERFACE_LANGUAGES];
    const char *note[INTERFACE_LANGUAGES];
} readability_rules[] = {
#define READABILITY(id_, ja, en, note_ja, note_en)                      \
    {.id = (id_),                                                       \
     .text = {[INTERFACE_JAPANESE] = (ja), [INTERFACE_ENGLISH] = (en)}, \
     .note = {[INTERFACE_JAPANESE] = (note_ja), [INTERFACE_ENGLISH] = (note_en)}},
#include "readability.def"
#undef READABILITY
};

/* The findings that fall under a rule, in the order of their table. */
static void write_findings_of(struct sink *sink, enum interface_language language, const char *rule)
{
    bool is_first = true;
    for (int i = 0; i < CODE_COUNT; i++) {
        const struct code_info *info = code_info((enum code)i);
        if (info->rule == NULL || strcmp(info->rule, rule) != 0) {
            continue;
        }
        if (is_first) {
            sink_write(sink, language == INTERFACE_JAPANESE ? SLICE("知らせる名前: ")
                                                            : SLICE("findings: "));
        }
        sink_write_format(sink, is_first ? "%s" : ", %s", info->name);
        is_first = false;
    }
    if (!is_first) {
        sink_write_literal(sink, "\n");
    }
}

static bool explain_readability(struct slice id, enum interface_language language, struct sink *out)
{
    for (size_t i = 0; i < sizeof(readability_rules) / sizeof(readability_rules[0]); i++) {
        if (slice_equal_ignoring_ascii_case(id, slice_of(readability_rules[i].id))) {
            const char *rule = readability_rules[i].id;
            sink_write_format(out, "%s\n\n", rule);
            write_entry(out, language, "機械可読性ルール", "machine-readability rule",
                        readability_rules[i].text[language]);
            write_entry(out, language, "補足", "note", readability_rules[i].note[language]);
            write_findings_of(out, language, rule);
            write_entry(out, language, "出典", "source",
                        "デジタル庁「行政データにおける機械可読性に関するルール」（2026-03-31）");
            return true;
        }
    }
    return false;
}

bool diag_explain(struct slice name, enum interface_language language, struct sink *out)
{
    enum code code = code_by_name(name);
    if (code == CODE_COUNT) {
        return explain_readability(name, language, out);
    }
    const struct code_info *info = code_info(code);
    struct slice word = severity_word(info->severity, language);
    sink_write_format(out, "%.*s[%s]\n\n", SLICE_ARGUMENTS(word), info->name);
    write_entry(out, language, "内容", "message", info->message[language]);
    write_entry(out, language, "理由", "reason", info->reason[language]);
    write_entry(out, language, "対処", "help", info->help[language]);
    write_entry(out, language, "frictionless の種別", "frictionless type", info->type);
    write_entry(out, language, "機械可読性ルール", "machine-readability rule", info->rule);
    return true;
}
