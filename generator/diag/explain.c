/* `kyodo explain CODE`: a row of the table, for reading. */
#include "reporters.h"

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

bool diag_explain(struct slice name, enum interface_language language, struct sink *out)
{
    enum code code = code_by_name(name);
    if (code == CODE_COUNT) {
        return false;
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
