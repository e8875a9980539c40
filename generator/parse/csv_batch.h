/*
 * CSV in batches: records, their places and libcsv's values, ready to be handed over. Making
 * batches and handing them over are apart, so that two threads can share the work on a large file.
 * Private to parse.
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
    struct csv_row *rows; /* CSV_BATCH_ROWS; `fields` is set by csv_batch_next */
    ptrdiff_t row_count;
    struct slice *fields; /* of all rows, in `values` */
    ptrdiff_t field_count;
    ptrdiff_t field_capacity;
    struct buffer values;
    struct csv_batch_fault *faults; /* in order */
    ptrdiff_t fault_count;
    ptrdiff_t fault_capacity;
};

void csv_batch_init(struct csv_batch *batch);
void csv_batch_release(struct csv_batch *batch);

struct csv_batcher;
/** `text` and `dialect` must live as long as it does. */
struct csv_batcher *csv_batcher_new(struct slice text, const struct csv_dialect *dialect);
void csv_batcher_free(struct csv_batcher *batcher);
/** Replace the batch's content with the next records; false when there are none. */
bool csv_batch_next(struct csv_batcher *batcher, struct csv_batch *batch);
/** True when it gave up before the text's end, after more than CSV_FAULTS_MOST faults. */
bool csv_batcher_gave_up(const struct csv_batcher *batcher);

#ifdef __cplusplus
}
#endif
#endif
