/*
 * Our own reading of CSV's form: where records and fields begin and end. libcsv gives the values
 * but no places, drops blank lines and lets one stray quote swallow the rest; this sees all of that
 * first. Private to parse.
 */
#ifndef KYODO_PARSE_CSV_SCAN_H
#define KYODO_PARSE_CSV_SCAN_H

#include "parse.h"

#ifdef __cplusplus
extern "C" {
#endif

enum csv_fault {
    CSV_FAULT_NONE,
    CSV_FAULT_STRAY, /* a quote inside a value, or text behind a closing quote */
    /* the quote that opens the value ends nowhere, or in the middle of a later line */
    CSV_FAULT_UNCLOSED
};

/** One field, as bytes [start, end) of the text, with its quotes. A faulty one is taken as it
 *  stands, up to the next delimiter or line end. */
struct csv_field {
    ptrdiff_t start, end;
    ptrdiff_t next; /* behind the delimiter; for the last field of a record its line end */
    bool is_last;
    bool is_quoted; /* and properly so */
    enum csv_fault fault;
    ptrdiff_t fault_at;   /* the stray quote, or the one that opens */
    ptrdiff_t partner_at; /* unclosed: the next quote, which ends nothing; -1 when there is none */
};

/** The field that begins at `at`, within text (cut at a record's end, the result is the same). */
struct csv_field csv_scan_field(struct slice text, ptrdiff_t at, const struct csv_dialect *dialect);
/** Its value by the dialect's quotes and escapes, appended to `out`. */
void csv_field_value(struct slice text, const struct csv_field *field,
                     const struct csv_dialect *dialect, struct buffer *out);

/** Remembers the next line end and quote, so that each byte is looked at once. All begin at -1. */
struct csv_cursor {
    ptrdiff_t line_feed;
    ptrdiff_t carriage_return;
    ptrdiff_t quote;
};
/** Where the record that begins at `start` ends (at its line end or the text's), for a dialect
 *  without escape character and skipped spaces; -1 when its quotes are faulty, and it must be
 *  read field by field. `*has_quotes` tells whether any stands in it. */
ptrdiff_t csv_scan_record(struct slice text, ptrdiff_t start, const struct csv_dialect *dialect,
                          struct csv_cursor *cursor, bool *has_quotes);
/** Behind the line end at `end`: CR, LF or both. */
ptrdiff_t csv_behind_line_end(struct slice text, ptrdiff_t end);

#ifdef __cplusplus
}
#endif
#endif
