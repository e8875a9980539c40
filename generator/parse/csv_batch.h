/*
 * CSV in batches: records, their places and libcsv's values. Finding where records begin and end is
 * one thing, which goes through the text from its start to its end; taking them apart is another,
 * which many threads can do at once, each on a batch of its own. Private to parse.
 */
#ifndef KYODO_PARSE_CSV_BATCH_H
#define KYODO_PARSE_CSV_BATCH_H

#include "csv_scan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Records and bytes of text in one batch, about; a longer record is a batch of its own. */
#define CSV_BATCH_ROWS 2048
#define CSV_BATCH_BYTES ((ptrdiff_t)128 << 10)

/** A faulty field of the batch's row number `row`. */
struct csv_batch_fault {
    ptrdiff_t row;
    ptrdiff_t index; /* of the field in its record */
    struct csv_field field;
};

struct csv_batch {
    int64_t order;
    struct csv_row *rows; /* CSV_BATCH_ROWS; `fields` is set by csv_parse_batch */
    ptrdiff_t row_count;
    struct slice bytes; /* the records: a stretch of the text, or `rewritten` */
    ptrdiff_t start;    /* of that stretch in the text */
    bool is_rewritten;  /* as RFC 4180 */
    struct buffer rewritten;
    struct slice *fields; /* of all rows, in `values` or in `bytes` */
    ptrdiff_t field_count;
    ptrdiff_t field_capacity;
    struct buffer values;
    struct csv_batch_fault *faults; /* in order */
    ptrdiff_t fault_count;
    ptrdiff_t fault_capacity;
};

void csv_batch_init(struct csv_batch *batch);
void csv_batch_release(struct csv_batch *batch);

struct csv_scanner;
/** `text` and `dialect` must live as long as it does. */
struct csv_scanner *csv_scanner_new(struct slice text, const struct csv_dialect *dialect);
void csv_scanner_free(struct csv_scanner *scanner);
/** Replace the batch's content with the next records, not yet taken apart; false when there are
 *  none. */
bool csv_scan_batch(struct csv_scanner *scanner, struct csv_batch *batch);
/** True when it gave up before the text's end, after more than CSV_FAULTS_MOST faults. */
bool csv_scanner_gave_up(const struct csv_scanner *scanner);

/** libcsv's parser, one a thread. */
struct csv_taker;
struct csv_taker *csv_taker_new(const struct csv_dialect *dialect);
void csv_taker_free(struct csv_taker *taker);
/** Take the batch's records apart into fields. */
void csv_parse_batch(struct csv_taker *taker, struct csv_batch *batch);

#ifdef __cplusplus
}
#endif
#endif
