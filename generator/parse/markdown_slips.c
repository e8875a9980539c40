/*
 * Signs that were meant as Markdown and are none: full-width ones, as Japanese keyboards write
 * them, a mark of a list without a space, rows of a table without the row of hyphens. CommonMark
 * prints them as they are, so that nobody who writes sees a mistake, and everybody who reads does.
 *
 * Looked for in the source lines of paragraphs that are no table. A line with a backslash or code
 * in it is left alone: whoever knows these means what is written.
 */
#include "markdown.h"

/* A piece of a line of the body, in fed text. */
struct slip {
    ptrdiff_t length; /* of what is written; 0: none */
    struct slice meant;
};

static bool is_digit(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

/* `１．あ`, `1.あ`: a number that begins no entry. */
static struct slip numbered(struct slice line)
{
    ptrdiff_t at = 0;
    ptrdiff_t behind = 0;
    int32_t c = utf8_next(line, &at);
    bool is_wide = false;
    while (is_digit(c) && at < line.length) {
        is_wide = is_wide || c > '9';
        behind = at;
        c = utf8_next(line, &at);
    }
    is_wide = is_wide || c == 0xFF0E;
    if (behind == 0 || behind > 9 || (c != '.' && c != 0xFF0E) || at >= line.length) {
        return (struct slip){0};
    }
    bool begins = !is_wide && (line.data[at] == ' ' || is_digit((unsigned char)line.data[at]));
    if (begins) {
        return (struct slip){0};
    }
    return (struct slip){at, SLICE("1. ")};
}

/* What stands for the mark of an entry at the beginning of a line. */
static struct slip list_mark(struct slice line)
{
    static const struct slice dots[] = {{"・", 3}, {"•", 3}, {"●", 3}, {"－", 3}, {"＊", 3}};
    for (size_t i = 0; i < sizeof(dots) / sizeof(*dots); i++) {
        if (slice_starts_with(line, dots[i]) &&
            !slice_starts_with(slice_from(line, dots[i].length), dots[i])) {
            return (struct slip){dots[i].length, SLICE("- ")};
        }
    }
    bool lacks_space =
        line.length > 1 && line.data[0] == '-' && (unsigned char)line.data[1] >= 0xE0;
    return lacks_space ? (struct slip){1, SLICE("- ")} : numbered(line);
}

static struct slip heading_mark(struct slice line)
{
    ptrdiff_t signs = 0;
    while (slice_starts_with(slice_from(line, signs), SLICE("＃"))) {
        signs += 3;
    }
    if (signs > 0) {
        return (struct slip){signs, SLICE("## ")};
    }
    while (signs < line.length && line.data[signs] == '#') {
        signs++;
    }
    /* One alone may be a tag. */
    bool is_heading = signs >= 2 && signs <= 6 && signs < line.length;
    return is_heading ? (struct slip){signs, SLICE("## ")} : (struct slip){0};
}

/* `[words] (https://…)`, `［words］（https://…）`: behind the words. */
static struct slip link_joint(struct slice rest)
{
    ptrdiff_t at = slice_starts_with(rest, SLICE("］")) ? 3 : 1;
    bool is_link = at == 1;
    while (at < rest.length && rest.data[at] == ' ') {
        at++;
    }
    is_link = is_link && at == 1;
    struct slice open = slice_from(rest, at);
    if (slice_starts_with(open, SLICE("（"))) {
        at += 3;
        is_link = false;
    } else if (slice_starts_with(open, SLICE("("))) {
        at++;
    } else {
        return (struct slip){0};
    }
    struct slice to = slice_from(rest, at);
    bool leads = slice_starts_with(to, SLICE("http://")) ||
                 slice_starts_with(to, SLICE("https://")) || slice_starts_with(to, SLICE("../"));
    return leads && !is_link ? (struct slip){at, SLICE("](")} : (struct slip){0};
}

static struct slip inside(struct slice rest)
{
    if (rest.data[0] == ']' || slice_starts_with(rest, SLICE("］"))) {
        return link_joint(rest);
    }
    return slice_starts_with(rest, SLICE("＊＊")) ? (struct slip){6, SLICE("**")}
                                                  : (struct slip){0};
}

static void report(struct markdown *markdown, struct slice line, ptrdiff_t at, struct slip slip)
{
    ptrdiff_t start = line.data - markdown->fed.text.data + at;
    DIAG(markdown->diag, CODE_markdown_no_sign,
         span_make(markdown->source, feed_to_source(&markdown->fed, start),
                   feed_to_source(&markdown->fed, start + slip.length)),
         feed_unmark(markdown->scratch, slice_sub(line, at, at + slip.length)), slip.meant);
}

static void report_table(struct markdown *markdown, struct slice line)
{
    ptrdiff_t start = line.data - markdown->fed.text.data;
    DIAG(markdown->diag, CODE_markdown_no_table,
         span_make(markdown->source, feed_to_source(&markdown->fed, start),
                   feed_to_source(&markdown->fed, start + line.length)),
         SLICE(""));
}

static bool is_row(struct slice line)
{
    bool has_bars = line.length > 2 &&
                    ((line.data[0] == '|' && slice_ends_with(line, SLICE("|"))) ||
                     (slice_starts_with(line, SLICE("｜")) && slice_ends_with(line, SLICE("｜"))));
    return has_bars || slice_find_byte(line, '\t', 0) > 0;
}

/* The row of hyphens: a table that is none in spite of it has a finding of its own. */
static bool is_rule(struct slice line)
{
    for (ptrdiff_t i = 0; i < line.length; i++) {
        char c = line.data[i];
        if (c != '|' && c != '-' && c != ':' && c != ' ') {
            return false;
        }
    }
    return slice_find_byte(line, '-', 0) >= 0;
}

/* The words of a line of a paragraph, without what quotes and lists put before it. */
static struct slice words_of_line(struct markdown *markdown, cmark_node *paragraph, int number)
{
    struct slice line = feed_line(&markdown->fed, number);
    if (number == cmark_node_get_start_line(paragraph)) {
        line = slice_from(line, cmark_node_get_start_column(paragraph) - 1);
    }
    line = slice_trim(line);
    while (line.length > 0 && line.data[0] == '>') {
        line = slice_trim(slice_from(line, 1));
    }
    return line;
}

static void check_line(struct markdown *markdown, struct slice line)
{
    struct slip heading = heading_mark(line);
    if (heading.length > 0) {
        report(markdown, line, 0, heading);
        return;
    }
    /* EF is the first byte of full-width signs. Few lines hold any of these. */
    for (ptrdiff_t at = slice_find_any(line, ']', '\xEF', '\xEF', 0); at >= 0;
         at = slice_find_any(line, ']', '\xEF', '\xEF', at + 1)) {
        struct slip slip = inside(slice_from(line, at));
        if (slip.length > 0) {
            report(markdown, line, at, slip);
            return; /* its other half is the same slip */
        }
    }
}

void slips_find(struct markdown *markdown, cmark_node *paragraph)
{
    int first = cmark_node_get_start_line(paragraph);
    int last = cmark_node_get_end_line(paragraph);
    struct slice before = {0}; /* the line before, where the paragraph has one */
    bool said_list = false;
    bool said_table = false;
    for (int number = first; number <= last; number++) {
        struct slice line = words_of_line(markdown, paragraph, number);
        if (line.length == 0 || slice_find_any(line, '\\', '`', '`', 0) >= 0) {
            before = (struct slice){0};
            continue;
        }
        check_line(markdown, line);
        /* One line alone may mean what it says; two are joined into one. */
        struct slip mark = before.length > 0 ? list_mark(before) : (struct slip){0};
        if (!said_list && mark.length > 0 && list_mark(line).length > 0) {
            report(markdown, before, 0, mark);
            said_list = true;
        }
        said_table = said_table || is_rule(line);
        if (!said_table && before.length > 0 && is_row(before) && is_row(line)) {
            report_table(markdown, before);
            said_table = true;
        }
        before = line;
    }
}
