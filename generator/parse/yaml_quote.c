/*
 * A forgotten quotation mark lets a value run on to the next mark of the kind, many lines below,
 * and only there YAML stops making sense. So the values are read once more, as roughly as this
 * needs: where a value begins, whether it is quoted, and where the quotes close.
 */
#include "yaml_quote.h"

static ptrdiff_t line_end(struct slice text, ptrdiff_t at)
{
    while (at < text.length && text.data[at] != '\n' && text.data[at] != '\r') {
        at++;
    }
    return at;
}

static ptrdiff_t next_line(struct slice text, ptrdiff_t at)
{
    at = line_end(text, at);
    return at < text.length ? at + 1 : at;
}

static ptrdiff_t skip_spaces(struct slice text, ptrdiff_t at)
{
    while (at < text.length && text.data[at] == ' ') {
        at++;
    }
    return at;
}

static bool is_key_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

/* Behind `key: ` at the beginning of a line; -1 when the line is none. */
static ptrdiff_t behind_key(struct slice text, ptrdiff_t at)
{
    ptrdiff_t key = at;
    while (at < text.length && is_key_byte(text.data[at])) {
        at++;
    }
    bool has_colon = at > key && at < text.length && text.data[at] == ':';
    bool has_end = has_colon && (at + 1 == text.length || text.data[at + 1] == ' ' ||
                                 text.data[at + 1] == '\n' || text.data[at + 1] == '\r');
    return has_end ? skip_spaces(text, at + 1) : -1;
}

/* Where the value of a line begins: behind its dashes and its key. */
static ptrdiff_t value_of_line(struct slice text, ptrdiff_t at)
{
    at = skip_spaces(text, at);
    while (at + 1 < text.length && text.data[at] == '-' && text.data[at + 1] == ' ') {
        at = skip_spaces(text, at + 1);
    }
    ptrdiff_t behind = behind_key(text, at);
    return behind >= 0 ? behind : at;
}

/* The mark that closes the quotes opened at `open`, or the end of the text. */
static ptrdiff_t quote_close(struct slice text, ptrdiff_t open)
{
    char mark = text.data[open];
    ptrdiff_t at = open + 1;
    for (; at < text.length; at++) {
        if (mark == '"' && text.data[at] == '\\') {
            at++;
        } else if (text.data[at] == mark) {
            bool is_doubled = mark == '\'' && at + 1 < text.length && text.data[at + 1] == mark;
            if (!is_doubled) {
                return at;
            }
            at++;
        }
    }
    return text.length;
}

/* Over the lines of a block scalar, which lie deeper than the line of its `|`. */
static ptrdiff_t behind_block(struct slice text, ptrdiff_t line, ptrdiff_t at)
{
    ptrdiff_t depth = skip_spaces(text, line) - line;
    at = next_line(text, at);
    while (at < text.length) {
        ptrdiff_t first = skip_spaces(text, at);
        bool is_blank = first == line_end(text, at);
        if (!is_blank && first - at <= depth) {
            break;
        }
        at = next_line(text, at);
    }
    return at;
}

ptrdiff_t yaml_quote_opening(struct slice text, ptrdiff_t start, ptrdiff_t close)
{
    ptrdiff_t line = start;
    while (line < text.length && line <= close) {
        ptrdiff_t at = value_of_line(text, line);
        char first = at < text.length ? text.data[at] : '\0';
        if (first == '|' || first == '>') {
            line = behind_block(text, line, at);
            continue;
        }
        if (first == '"' || first == '\'') {
            ptrdiff_t end = quote_close(text, at);
            if (at < close && close <= end) {
                return at;
            }
            at = end;
        }
        line = next_line(text, at);
    }
    return -1;
}

bool yaml_quote_swallows(struct slice text, ptrdiff_t open, ptrdiff_t close)
{
    for (ptrdiff_t line = next_line(text, open); line < close; line = next_line(text, line)) {
        ptrdiff_t at = skip_spaces(text, line);
        while (at + 1 < text.length && text.data[at] == '-' && text.data[at + 1] == ' ') {
            at = skip_spaces(text, at + 1);
        }
        if (behind_key(text, at) >= 0) {
            return true;
        }
    }
    return false;
}
