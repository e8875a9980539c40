/* Pieces of link syntax, as cmark scans them: needed to find out where a link ends. */
#include "markdown.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool syntax_is_escape(struct slice s, ptrdiff_t at)
{
    return s.data[at] == '\\' && at + 1 < s.length && s.data[at + 1] > ' ' &&
           strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s.data[at + 1]) != NULL;
}

static ptrdiff_t skip_white(struct slice s, ptrdiff_t at)
{
    while (at < s.length && is_white(s.data[at])) {
        at++;
    }
    return at;
}

ptrdiff_t syntax_skip_blanks(struct slice s, ptrdiff_t at)
{
    while (at < s.length && is_blank(s.data[at])) {
        at++;
    }
    return at;
}

/* Behind a line end at `at`; -1 when there is none. The end of the text counts as one. */
ptrdiff_t syntax_skip_line_end(struct slice s, ptrdiff_t at)
{
    if (at >= s.length) {
        return at;
    }
    if (s.data[at] == '\r') {
        return at + 1 < s.length && s.data[at + 1] == '\n' ? at + 2 : at + 1;
    }
    return s.data[at] == '\n' ? at + 1 : -1;
}

/* Blanks with at most one line end among them. */
static ptrdiff_t skip_blanks_and_line(struct slice s, ptrdiff_t at)
{
    at = syntax_skip_blanks(s, at);
    ptrdiff_t behind = syntax_skip_line_end(s, at);
    return behind < 0 ? at : syntax_skip_blanks(s, behind);
}

/* Behind `[…]` at `at`, or -1. */
ptrdiff_t syntax_label(struct slice s, ptrdiff_t at)
{
    ptrdiff_t most = at + 1002;
    for (ptrdiff_t i = at + 1; i < s.length && i < most; i++) {
        if (s.data[i] == '\\' && syntax_is_escape(s, i)) {
            i++;
        } else if (s.data[i] == '[') {
            return -1;
        } else if (s.data[i] == ']') {
            return i + 1;
        }
    }
    return -1;
}

static ptrdiff_t scan_pointed_destination(struct slice s, ptrdiff_t at)
{
    for (ptrdiff_t i = at + 1; i < s.length; i++) {
        char c = s.data[i];
        if (c == '>') {
            return i + 1;
        }
        if (c == '\n' || c == '<') {
            return -1;
        }
        i += c == '\\';
    }
    return -1;
}

static ptrdiff_t scan_destination(struct slice s, ptrdiff_t at)
{
    if (at < s.length && s.data[at] == '<') {
        return scan_pointed_destination(s, at);
    }
    int open = 0;
    ptrdiff_t i = at;
    for (; i < s.length; i++) {
        char c = s.data[i];
        if (s.data[i] == '\\' && syntax_is_escape(s, i)) {
            i++;
        } else if (c == '(') {
            if (++open > 32) {
                return -1;
            }
        } else if (c == ')') {
            if (open == 0) {
                break;
            }
            open--;
        } else if (is_white(c)) {
            break;
        }
    }
    return open > 0 || (i == at && i < s.length && is_white(s.data[i])) ? -1 : i;
}

/* Behind a title at `at`, or `at`. */
static ptrdiff_t scan_title(struct slice s, ptrdiff_t at)
{
    if (at >= s.length) {
        return at;
    }
    char open = s.data[at];
    if (open != '"' && open != '\'' && open != '(') {
        return at;
    }
    char close = open == '(' ? ')' : open;
    for (ptrdiff_t i = at + 1; i < s.length; i++) {
        if (s.data[i] == '\\') {
            i++;
        } else if (s.data[i] == close) {
            return i + 1;
        } else if (s.data[i] == '(' && open == '(') {
            return at;
        }
    }
    return at;
}

/* Behind `(destination "title")` at `at`, or -1. */
ptrdiff_t syntax_inline_link(struct slice s, ptrdiff_t at)
{
    ptrdiff_t end = scan_destination(s, skip_white(s, at + 1));
    if (end < 0) {
        return -1;
    }
    ptrdiff_t title = skip_white(s, end);
    ptrdiff_t behind = title == end ? title : scan_title(s, title);
    behind = skip_white(s, behind);
    return behind < s.length && s.data[behind] == ')' ? behind + 1 : -1;
}

ptrdiff_t syntax_definition(struct slice text, ptrdiff_t at)
{
    ptrdiff_t i = syntax_label(text, at);
    if (i < 0 || i >= text.length || text.data[i] != ':' ||
        slice_trim(slice_sub(text, at + 1, i - 1)).length == 0) {
        return 0;
    }
    ptrdiff_t end = scan_destination(text, skip_blanks_and_line(text, i + 1));
    if (end < 0 || end == i + 1) {
        return 0;
    }
    ptrdiff_t title = skip_blanks_and_line(text, end);
    ptrdiff_t behind = title == end ? title : scan_title(text, title);
    if (behind > title) {
        ptrdiff_t line_end = syntax_skip_line_end(text, syntax_skip_blanks(text, behind));
        if (line_end >= 0) {
            return line_end - at;
        }
    }
    ptrdiff_t line_end = syntax_skip_line_end(text, syntax_skip_blanks(text, end));
    return line_end < 0 ? 0 : line_end - at;
}
