/* Where records and fields of CSV begin and end. */
#include "csv_scan.h"

#include <string.h>

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

ptrdiff_t csv_behind_line_end(struct slice text, ptrdiff_t end)
{
    if (end >= text.length) {
        return text.length;
    }
    bool is_pair = text.data[end] == '\r' && end + 1 < text.length && text.data[end + 1] == '\n';
    return end + (is_pair ? 2 : 1);
}

static bool is_escape(const struct csv_dialect *dialect, char byte)
{
    return dialect->escape != '\0' && byte == dialect->escape;
}

/* Behind an escape character and what it protects. */
static ptrdiff_t behind_escape(struct slice text, ptrdiff_t at)
{
    at++;
    if (at < text.length) {
        at = is_line_end(text.data[at]) ? csv_behind_line_end(text, at) : at + 1;
    }
    return at;
}

/* The end of a field without quotes. `*quote_at` becomes the first quote in it, if it is -1. */
static ptrdiff_t scan_plain(struct slice text, ptrdiff_t at, const struct csv_dialect *dialect,
                            ptrdiff_t *quote_at)
{
    while (at < text.length) {
        char byte = text.data[at];
        if (byte == dialect->delimiter || is_line_end(byte)) {
            break;
        }
        if (is_escape(dialect, byte)) {
            at = behind_escape(text, at);
            continue;
        }
        if (byte == dialect->quote && byte != '\0' && *quote_at < 0) {
            *quote_at = at;
        }
        at++;
    }
    return at;
}

/* The quote that closes the one at `at`, or -1: the next that is not doubled. */
static ptrdiff_t closing_quote_plain(struct slice text, ptrdiff_t at, char quote)
{
    for (;;) {
        const char *found = memchr(text.data + at + 1, quote, (size_t)(text.length - at - 1));
        if (found == NULL) {
            return -1;
        }
        at = found - text.data;
        if (at + 1 >= text.length || text.data[at + 1] != quote) {
            return at;
        }
        at++;
    }
}

/* The same where an escape character may stand before a quote. */
static ptrdiff_t closing_quote(struct slice text, ptrdiff_t at, const struct csv_dialect *dialect)
{
    if (dialect->escape == '\0') {
        return closing_quote_plain(text, at, dialect->quote);
    }
    at++;
    while (at < text.length) {
        char byte = text.data[at];
        if (is_escape(dialect, byte)) {
            at = behind_escape(text, at);
        } else if (byte != dialect->quote) {
            at++;
        } else if (at + 1 < text.length && text.data[at + 1] == dialect->quote) {
            at += 2;
        } else {
            return at;
        }
    }
    return -1;
}

static bool spans_lines(struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    struct slice part = slice_sub(text, start, end);
    return slice_find_byte(part, '\n', 0) >= 0 || slice_find_byte(part, '\r', 0) >= 0;
}

static void finish_field(struct slice text, struct csv_field *field, ptrdiff_t end,
                         const struct csv_dialect *dialect)
{
    field->end = end;
    field->is_last = end >= text.length || text.data[end] != dialect->delimiter;
    field->next = field->is_last ? end : end + 1;
}

struct csv_field csv_scan_field(struct slice text, ptrdiff_t at, const struct csv_dialect *dialect)
{
    while (dialect->skip_initial_space && at < text.length && text.data[at] == ' ') {
        at++;
    }
    struct csv_field field = {.start = at, .fault_at = -1, .partner_at = -1};
    ptrdiff_t quote_at = -1;
    if (dialect->quote == '\0' || at >= text.length || text.data[at] != dialect->quote) {
        finish_field(text, &field, scan_plain(text, at, dialect, &quote_at), dialect);
        field.fault = quote_at >= 0 ? CSV_FAULT_STRAY : CSV_FAULT_NONE;
        field.fault_at = quote_at;
        return field;
    }
    ptrdiff_t close = closing_quote(text, at, dialect);
    ptrdiff_t behind = close + 1;
    bool is_closed =
        close >= 0 && (behind >= text.length || text.data[behind] == dialect->delimiter ||
                       is_line_end(text.data[behind]));
    if (is_closed) {
        field.is_quoted = true;
        finish_field(text, &field, behind, dialect);
        return field;
    }
    if (close >= 0 && !spans_lines(text, at, close)) {
        field.fault = CSV_FAULT_STRAY;
        field.fault_at = close;
        finish_field(text, &field, scan_plain(text, behind, dialect, &quote_at), dialect);
        return field;
    }
    field.fault = CSV_FAULT_UNCLOSED;
    field.fault_at = at;
    field.partner_at = close;
    finish_field(text, &field, scan_plain(text, at, dialect, &quote_at), dialect);
    return field;
}

void csv_field_value(struct slice text, const struct csv_field *field,
                     const struct csv_dialect *dialect, struct buffer *out)
{
    struct slice raw = slice_sub(text, field->start, field->end);
    if (field->is_quoted) {
        raw = slice_sub(raw, 1, raw.length - 1);
    }
    for (ptrdiff_t at = 0; at < raw.length;) {
        bool is_doubled = field->is_quoted && raw.data[at] == dialect->quote;
        if ((is_escape(dialect, raw.data[at]) || is_doubled) && at + 1 < raw.length) {
            at++;
        }
        buffer_append_byte(out, raw.data[at++]);
    }
}

static ptrdiff_t next_byte(struct slice text, ptrdiff_t at, char byte, ptrdiff_t *known)
{
    if (*known < at) {
        const char *found =
            at < text.length ? memchr(text.data + at, byte, (size_t)(text.length - at)) : NULL;
        *known = found != NULL ? found - text.data : PTRDIFF_MAX;
    }
    return *known;
}

ptrdiff_t csv_scan_record(struct slice text, ptrdiff_t start, const struct csv_dialect *dialect,
                          struct csv_cursor *cursor, bool *has_quotes)
{
    ptrdiff_t at = start;
    *has_quotes = false;
    for (;;) {
        ptrdiff_t line_feed = next_byte(text, at, '\n', &cursor->line_feed);
        ptrdiff_t end = next_byte(text, at, '\r', &cursor->carriage_return);
        end = line_feed < end ? line_feed : end;
        end = end < text.length ? end : text.length;
        ptrdiff_t quote = dialect->quote != '\0'
                              ? next_byte(text, at, dialect->quote, &cursor->quote)
                              : PTRDIFF_MAX;
        if (quote >= end) {
            return end;
        }
        *has_quotes = true;
        if (quote != start && text.data[quote - 1] != dialect->delimiter) {
            return -1;
        }
        for (;;) {
            ptrdiff_t close = closing_quote_plain(text, quote, dialect->quote);
            if (close < 0) {
                return -1;
            }
            at = close + 1;
            if (at >= text.length) {
                return text.length;
            }
            if (text.data[at] != dialect->delimiter) {
                break;
            }
            /* Quoted fields often follow one another. */
            if (at + 1 >= text.length || text.data[at + 1] != dialect->quote) {
                break;
            }
            quote = at + 1;
        }
        if (is_line_end(text.data[at])) {
            return at;
        }
        if (text.data[at] != dialect->delimiter) {
            return -1;
        }
    }
}
