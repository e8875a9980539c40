/*
 * What libyaml found wrong, said so that a person can repair it. libyaml tells where it got stuck,
 * which is often a line after the mistake; and it does not know that a Japanese input method leaves
 * full-width colons and spaces behind.
 */
#include "yaml_error.h"

#include "node.h"
#include "yaml_quote.h"

/* Where the finding is placed. */
enum place { AT_PROBLEM, AT_CONTEXT };

struct complaint {
    const char *context; /* NULL: any */
    const char *problem; /* NULL: any */
    enum code code;
    enum place place;
};

/* The first row that fits. The words are libyaml's (scanner.c, parser.c and reader.c of 0.2.5). */
static const struct complaint COMPLAINTS[] = {
    {"while scanning a quoted scalar", NULL, CODE_yaml_quote_open, AT_CONTEXT},
    {"while parsing a quoted scalar", NULL, CODE_yaml_escape, AT_PROBLEM},
    {"while scanning an anchor", NULL, CODE_yaml_reserved, AT_CONTEXT},
    {"while scanning an alias", NULL, CODE_yaml_reserved, AT_CONTEXT},
    {"while scanning a tag", NULL, CODE_yaml_reserved, AT_CONTEXT},
    {"while parsing a tag", NULL, CODE_yaml_reserved, AT_CONTEXT},
    {"while scanning a block scalar", "did not find expected comment or line break",
     CODE_yaml_reserved, AT_CONTEXT},
    {"while scanning a directive", NULL, CODE_yaml_reserved, AT_CONTEXT},
    {NULL, "found undefined tag handle", CODE_yaml_reserved, AT_PROBLEM},
    {NULL, "found character that cannot start any token", CODE_yaml_reserved, AT_PROBLEM},
    {NULL, "found a tab character that violates indentation", CODE_yaml_tab, AT_PROBLEM},
    {NULL, "found a tab character where an indentation space is expected", CODE_yaml_tab,
     AT_PROBLEM},
    {NULL, "could not find expected ':'", CODE_yaml_colon_missing, AT_CONTEXT},
    {NULL, "mapping values are not allowed in this context", CODE_yaml_colon_extra, AT_PROBLEM},
    {NULL, "block sequence entries are not allowed in this context", CODE_yaml_indentation,
     AT_PROBLEM},
    {NULL, "mapping keys are not allowed in this context", CODE_yaml_indentation, AT_PROBLEM},
    {NULL, "did not find expected key", CODE_yaml_indentation, AT_PROBLEM},
    {NULL, "did not find expected '-' indicator", CODE_yaml_indentation, AT_PROBLEM},
    {NULL, "did not find expected ',' or ']'", CODE_yaml_bracket, AT_PROBLEM},
    {NULL, "did not find expected ',' or '}'", CODE_yaml_bracket, AT_PROBLEM},
    {NULL, "did not find expected node content", CODE_yaml_value, AT_PROBLEM},
    {NULL, "control characters are not allowed", CODE_yaml_control, AT_PROBLEM},
};

static bool is_word(const char *wanted, const char *said)
{
    return wanted == NULL || (said != NULL && slice_equal(slice_of(wanted), slice_of(said)));
}

static struct complaint find_complaint(const struct yaml_failure *failure)
{
    for (size_t i = 0; i < sizeof(COMPLAINTS) / sizeof(*COMPLAINTS); i++) {
        if (is_word(COMPLAINTS[i].context, failure->context) &&
            is_word(COMPLAINTS[i].problem, failure->problem)) {
            return COMPLAINTS[i];
        }
    }
    return (struct complaint){.code = CODE_yaml_syntax, .place = AT_PROBLEM};
}

/* ---- Looking at the line ---- */

static bool is_key_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == ':';
}

/* A mistake of one character on a line, at `at` with `length` bytes. */
struct slip {
    enum code code; /* CODE_COUNT: none */
    ptrdiff_t at;
    ptrdiff_t length;
};

static bool is_wide_space(struct slice text, ptrdiff_t at, ptrdiff_t *length)
{
    if (at >= text.length || (unsigned char)text.data[at] < 0x80) {
        return false;
    }
    ptrdiff_t next = at;
    bool is_space = wide_twin(utf8_next(text, &next)) == ' ';
    *length = next - at;
    return is_space;
}

/* What an input method or a word processor puts at the beginning of a line for YAML's own signs. */
static const char *sign_meant(int32_t code_point)
{
    static const int32_t dashes[] = {0x30FB, 0xFF65, 0x2022, 0x25CF, 0xFF0D,
                                     0x30FC, 0x2212, 0x2010, 0x2013, 0x2014};
    for (size_t i = 0; i < sizeof(dashes) / sizeof(*dashes); i++) {
        if (code_point == dashes[i]) {
            return "-";
        }
    }
    return code_point == 0xFF03 ? "#" : NULL;
}

/* `・id: value` and `＃ explanation`: the first character of the line at `at`. A text may begin
 * with a bullet too, so that one counts only before a key. */
static struct slip find_sign(struct slice line, ptrdiff_t at)
{
    ptrdiff_t next = at;
    const char *meant = at < line.length ? sign_meant(utf8_next(line, &next)) : NULL;
    struct slip slip = {.code = CODE_COUNT, .at = at, .length = next - at};
    if (meant == NULL) {
        return slip;
    }
    ptrdiff_t length = 0;
    while (next < line.length && (line.data[next] == ' ' || is_wide_space(line, next, &length))) {
        next += line.data[next] == ' ' ? 1 : length;
    }
    ptrdiff_t key = next;
    while (next < line.length && is_key_byte(line.data[next]) && line.data[next] != ':') {
        next++;
    }
    bool is_key = next > key && next < line.length && line.data[next] == ':';
    if (is_key || meant[0] == '#') {
        slip.code = CODE_yaml_wide_sign;
    }
    return slip;
}

/* In `key：value`, `key:　value`, `-　value`, `　key: value` and `key:value` the one wrong
 * character, or the missing space, is where the repair is needed, whatever libyaml stumbled over
 * later. */
static struct slip find_slip(struct slice text, ptrdiff_t line_start, ptrdiff_t line_end)
{
    struct slice line = slice_sub(text, 0, line_end);
    ptrdiff_t at = line_start;
    ptrdiff_t length;
    for (; at < line_end; at++) {
        if (is_wide_space(line, at, &length)) {
            return (struct slip){CODE_yaml_wide_space, at, length};
        }
        bool is_item = line.data[at] == '-' && is_wide_space(line, at + 1, &length);
        if (is_item) {
            return (struct slip){CODE_yaml_wide_space, at + 1, length};
        }
        bool is_marker = line.data[at] == '-' && at + 1 < line_end && line.data[at + 1] == ' ';
        if (line.data[at] != ' ' && !is_marker) {
            break;
        }
    }
    struct slip sign = find_sign(line, at);
    if (sign.code != CODE_COUNT) {
        return sign;
    }
    ptrdiff_t key = at;
    while (at < line_end && is_key_byte(line.data[at]) && line.data[at] != ':') {
        at++;
    }
    if (at == key || at >= line_end) {
        return (struct slip){.code = CODE_COUNT};
    }
    if (line.data[at] == ':') {
        if (is_wide_space(line, at + 1, &length)) {
            return (struct slip){CODE_yaml_wide_space, at + 1, length};
        }
        if (at + 1 < line_end && line.data[at + 1] != ' ' && line.data[at + 1] != '/') {
            return (struct slip){CODE_yaml_colon_space, at, 1};
        }
        return (struct slip){.code = CODE_COUNT};
    }
    ptrdiff_t next = at;
    if (wide_twin(utf8_next(line, &next)) == ':') {
        return (struct slip){CODE_yaml_wide_colon, at, next - at};
    }
    return (struct slip){.code = CODE_COUNT};
}

static ptrdiff_t line_start_of(struct slice text, ptrdiff_t start, ptrdiff_t at)
{
    while (at > start && text.data[at - 1] != '\n' && text.data[at - 1] != '\r') {
        at--;
    }
    return at;
}

static ptrdiff_t line_end_of(struct slice text, ptrdiff_t end, ptrdiff_t at)
{
    while (at < end && text.data[at] != '\n' && text.data[at] != '\r') {
        at++;
    }
    return at;
}

/* The end of the last line before `at` that holds more than an explanation. */
static ptrdiff_t end_before(struct slice text, ptrdiff_t start, ptrdiff_t at)
{
    while (at > start) {
        ptrdiff_t end = at - 1;
        at = line_start_of(text, start, end);
        struct slice line = slice_trim(slice_sub(text, at, end));
        if (line.length > 0 && line.data[0] != '#') {
            return end;
        }
    }
    return start;
}

/* The lines where the mistake may be: the one of the context, the one of the problem, the one
 * before that. */
static struct slip look_around(struct slice text, const struct yaml_failure *failure)
{
    ptrdiff_t problem_line = line_start_of(text, failure->start, failure->problem_at);
    ptrdiff_t before = end_before(text, failure->start, problem_line);
    const ptrdiff_t places[] = {failure->context_at, failure->problem_at, before};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        if (places[i] < failure->start) {
            continue;
        }
        struct slip slip = find_slip(text, line_start_of(text, failure->start, places[i]),
                                     line_end_of(text, failure->end, places[i]));
        if (slip.code != CODE_COUNT) {
            return slip;
        }
    }
    return (struct slip){.code = CODE_COUNT};
}

/* ---- Deciding ---- */

/* The last byte before `at` that is no white space, on the same line; 0 when there is none. */
static char byte_before(struct slice text, ptrdiff_t start, ptrdiff_t at)
{
    while (at > start && text.data[at - 1] == ' ') {
        at--;
    }
    return at > start ? text.data[at - 1] : '\0';
}

static ptrdiff_t behind_character(struct slice text, ptrdiff_t at)
{
    if (at < text.length) {
        utf8_next(text, &at);
    }
    return at;
}

static struct report_note note_at(enum code code, struct source *source, ptrdiff_t at)
{
    ptrdiff_t end = behind_character(source_text(source), at);
    return (struct report_note){.code = code, .span = span_make(source, at, end)};
}

/* Where the key of a line begins whose first colon stands at `colon`; -1 when there is an earlier
 * one, or the line is not indented. */
static ptrdiff_t key_before(struct slice text, ptrdiff_t line, ptrdiff_t colon)
{
    ptrdiff_t key = line;
    while (key < colon && text.data[key] == ' ') {
        key++;
    }
    bool has_earlier = slice_find(slice_sub(text, line, colon), SLICE(": "), 0) >= 0;
    return has_earlier || key == line || key == colon ? -1 : key;
}

/* Turn the row of the table into what the place itself shows. */
static void refine(struct slice text, const struct yaml_failure *failure,
                   struct complaint *complaint, ptrdiff_t *at, ptrdiff_t *end)
{
    char here = *at < failure->end ? text.data[*at] : '\0';
    if (complaint->code == CODE_yaml_reserved && here == '\t') {
        complaint->code = CODE_yaml_tab;
        return;
    }
    if (complaint->code == CODE_yaml_indentation && here == ':') {
        complaint->code = CODE_yaml_key;
        return;
    }
    bool is_layout =
        complaint->code == CODE_yaml_colon_missing || complaint->code == CODE_yaml_colon_extra ||
        complaint->code == CODE_yaml_indentation || complaint->code == CODE_yaml_syntax;
    if (!is_layout) {
        return;
    }
    char before = byte_before(text, failure->start, failure->problem_at);
    bool is_after_quote = (before == '"' || before == '\'') &&
                          complaint->code != CODE_yaml_colon_extra &&
                          complaint->code != CODE_yaml_colon_missing;
    if (is_after_quote) {
        complaint->code = CODE_yaml_after_quote;
        return;
    }
    bool is_after_bracket =
        (before == ']' || before == '}') && complaint->code == CODE_yaml_indentation;
    if (is_after_bracket) {
        complaint->code = CODE_yaml_after_bracket;
        return;
    }
    struct slip slip = look_around(text, failure);
    if (slip.code != CODE_COUNT) {
        complaint->code = slip.code;
        *at = slip.at;
        *end = slip.at + slip.length;
        return;
    }
    /* The first colon of a line is only refused where the line's indentation makes it part of the
     * value above. */
    ptrdiff_t key = key_before(text, line_start_of(text, failure->start, *at), *at);
    if (complaint->code == CODE_yaml_colon_extra && key >= 0) {
        complaint->code = CODE_yaml_indentation;
        *end = *at;
        *at = key;
    }
}

/* A value whose closing mark was forgotten ends at the next mark, which opens another value; text
 * behind that is where libyaml gets stuck. True when that has been reported, where it begins. */
static bool report_swallowed(struct source *source, const struct yaml_failure *failure,
                             struct diag *diag)
{
    struct slice text = slice_sub(source_text(source), 0, failure->end);
    ptrdiff_t close = failure->problem_at - 1;
    while (close > failure->start && text.data[close] == ' ') {
        close--;
    }
    ptrdiff_t open = yaml_quote_opening(text, failure->start, close);
    if (open < 0 || !yaml_quote_swallows(text, open, close)) {
        return false;
    }
    diag_add(diag, &(struct report){.code = CODE_yaml_quote_open,
                                    .span = span_make(source, open, open + 1),
                                    .note_count = 1,
                                    .notes = {note_at(CODE_see_quote_ends, source, close)}});
    return true;
}

/* A bracket that is never closed is noticed in the lines below; it is repaired where it opens. */
static void report_bracket(struct source *source, const struct yaml_failure *failure, ptrdiff_t at,
                           struct diag *diag)
{
    struct slice text = source_text(source);
    ptrdiff_t open = failure->context_at;
    bool is_sequence = open >= 0 && text.data[open] == '[';
    bool is_below = open >= 0 && line_end_of(text, failure->end, open) < at && at <= failure->end;
    ptrdiff_t place = is_below ? open : at;
    struct report report = {.code = CODE_yaml_bracket,
                            .span = span_make(source, place, behind_character(text, place)),
                            .arguments = {is_sequence ? SLICE("[") : SLICE("{"),
                                          is_sequence ? SLICE("]") : SLICE("}")}};
    if (open >= 0) {
        report.note_count = 1;
        report.notes[0] =
            is_below ? note_at(CODE_see_stuck, source, at) : note_at(CODE_see_opened, source, open);
    }
    diag_add(diag, &report);
}

void yaml_report(struct source *source, const struct yaml_failure *failure, struct diag *diag)
{
    struct slice text = source_text(source);
    struct complaint complaint = find_complaint(failure);
    bool is_context = complaint.place == AT_CONTEXT && failure->context_at >= 0;
    ptrdiff_t at = is_context ? failure->context_at : failure->problem_at;
    ptrdiff_t end = behind_character(slice_sub(text, 0, failure->end), at);
    if (complaint.code == CODE_yaml_colon_missing) {
        end = line_end_of(text, failure->end, at);
    }
    refine(text, failure, &complaint, &at, &end);
    if (complaint.code == CODE_yaml_after_quote && report_swallowed(source, failure, diag)) {
        return;
    }
    struct report report = {.code = complaint.code};
    switch (complaint.code) {
    case CODE_yaml_reserved:
        report.arguments[0] = slice_sub(text, at, end);
        break;
    case CODE_yaml_wide_sign: {
        ptrdiff_t next = at;
        report.arguments[0] = slice_sub(text, at, end);
        report.arguments[1] = slice_of(sign_meant(utf8_next(text, &next)));
        break;
    }
    case CODE_yaml_escape:
        /* libyaml stands on the backslash or behind it. */
        if (at > failure->start && text.data[at] != '\\') {
            while (at > failure->start && text.data[at] != '\\' && failure->problem_at - at < 8) {
                at--;
            }
        }
        end = behind_character(text, behind_character(text, at));
        report.arguments[0] = slice_sub(text, at, end);
        break;
    case CODE_yaml_bracket:
        report_bracket(source, failure, at, diag);
        return;
    case CODE_yaml_indentation:
        if (failure->context_at >= 0 && failure->context_at < at) {
            report.notes[report.note_count++] =
                note_at(CODE_see_block, source, failure->context_at);
        }
        break;
    case CODE_yaml_syntax:
        report.arguments[0] = slice_of(failure->problem);
        break;
    default:
        break;
    }
    report.span = span_make(source, at, end);
    diag_add(diag, &report);
}
