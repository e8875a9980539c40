/*
 * Our scanner runs ahead and lists records; their bytes go to libcsv many at a time, and each row
 * that comes back is matched with its record. What libcsv would read in another way than a person
 * means it is rewritten as RFC 4180 first: records with a faulty quote, and dialects with an escape
 * character or skipped spaces.
 *
 * How libcsv is set: strict, so that it stops where it and the scanner disagree; spaces kept (it
 * would trim them); its own line ends (CR, LF), with blank lines, which it drops, counted by the
 * scanner.
 */
#include "csv_batch.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/* In UTF-8 this byte does not occur: what libcsv is given as its quote when there is none. */
#define NO_QUOTE ((unsigned char)0xFF)

struct csv_batcher {
    struct csv_parser parser;
    struct slice text;
    const struct csv_dialect *dialect;
    struct csv_cursor cursor;
    ptrdiff_t at;
    int64_t row_number; /* of the last record that was seen */
    ptrdiff_t faults;
    /* The record at `peeked_at` ends at `peeked_end`; the cursor has passed it. */
    ptrdiff_t peeked_at, peeked_end;
    struct csv_batch *batch; /* the one that is being filled */
    ptrdiff_t next_row;      /* of the batch: where libcsv's next row belongs */
    ptrdiff_t row_start;     /* index of that row's first field */
    struct buffer rewritten;
    struct buffer value; /* of the field that is being rewritten */
};

void csv_batch_init(struct csv_batch *batch)
{
    *batch = (struct csv_batch){.rows = malloc(CSV_BATCH_ROWS * sizeof(*batch->rows))};
    if (batch->rows == NULL) {
        memory_exhausted(CSV_BATCH_ROWS * (ptrdiff_t)sizeof(*batch->rows));
    }
    buffer_init(&batch->values);
}

void csv_batch_release(struct csv_batch *batch)
{
    buffer_release(&batch->values);
    free(batch->faults);
    free(batch->fields);
    free(batch->rows);
}

/* ---- What libcsv calls ---- */

/* libcsv trims what this says is a space. */
static int keep_spaces(unsigned char byte)
{
    (void)byte;
    return 0;
}

static void grow_fields(struct csv_batch *batch)
{
    ptrdiff_t capacity = batch->field_capacity == 0 ? 4096 : batch->field_capacity * 2;
    struct slice *fields = realloc(batch->fields, (size_t)capacity * sizeof(*fields));
    if (fields == NULL) {
        memory_exhausted(capacity * (ptrdiff_t)sizeof(*fields));
    }
    batch->fields = fields;
    batch->field_capacity = capacity;
}

/* Called for every field of a table, so it calls nothing itself: feed has made the room. */
static void on_field(void *value, size_t length, void *context)
{
    struct csv_batch *batch = ((struct csv_batcher *)context)->batch;
    if (batch->field_count == batch->field_capacity) {
        grow_fields(batch);
    }
    char *copy = batch->values.data + batch->values.length;
    if (length > 0) {
        memcpy(copy, value, length);
        batch->values.length += (ptrdiff_t)length;
    }
    batch->fields[batch->field_count].data = copy;
    batch->fields[batch->field_count++].length = (ptrdiff_t)length;
}

static void on_row(int line_end, void *context)
{
    (void)line_end;
    struct csv_batcher *batcher = context;
    struct csv_batch *batch = batcher->batch;
    while (batcher->next_row < batch->row_count && batch->rows[batcher->next_row].is_blank) {
        batcher->next_row++;
    }
    CHECK(batcher->next_row < batch->row_count);
    batch->rows[batcher->next_row++].field_count = batch->field_count - batcher->row_start;
    batcher->row_start = batch->field_count;
}

/* Give libcsv the bytes of the batch's records. The last one may lack its line end. */
static void feed(struct csv_batcher *batcher, struct slice bytes)
{
    if (bytes.length == 0) {
        return;
    }
    buffer_reserve(&batcher->batch->values, bytes.length);
    char last = bytes.data[bytes.length - 1];
    size_t length = (size_t)bytes.length;
    size_t done = csv_parse(&batcher->parser, bytes.data, length, on_field, on_row, batcher);
    if (done == length && last != '\n' && last != '\r') {
        done += csv_parse(&batcher->parser, "\n", 1, on_field, on_row, batcher);
        length++;
    }
    if (done != length && csv_error(&batcher->parser) != CSV_EPARSE) {
        memory_exhausted(bytes.length);
    }
    CHECK(done == length); /* else libcsv and our scanner read it in different ways */
}

/* ---- Scanning ---- */

static struct csv_row *add_row(struct csv_batcher *batcher, ptrdiff_t start, ptrdiff_t end)
{
    struct csv_row *row = &batcher->batch->rows[batcher->batch->row_count++];
    *row = (struct csv_row){.row_number = ++batcher->row_number, .start = start, .end = end};
    return row;
}

static void add_fault(struct csv_batcher *batcher, const struct csv_field *field, ptrdiff_t index)
{
    struct csv_batch *batch = batcher->batch;
    batcher->faults++;
    if (batch->fault_count == batch->fault_capacity) {
        ptrdiff_t capacity = batch->fault_capacity == 0 ? 16 : batch->fault_capacity * 2;
        struct csv_batch_fault *faults = realloc(batch->faults, (size_t)capacity * sizeof(*faults));
        if (faults == NULL) {
            memory_exhausted(capacity * (ptrdiff_t)sizeof(*faults));
        }
        batch->faults = faults;
        batch->fault_capacity = capacity;
    }
    batch->faults[batch->fault_count++] =
        (struct csv_batch_fault){.row = batch->row_count, .index = index, .field = *field};
}

/* The value in quotes, at the end of what is rewritten. */
static void append_quoted(struct csv_batcher *batcher)
{
    char quote = (char)batcher->parser.quote_char;
    buffer_append_byte(&batcher->rewritten, quote);
    for (ptrdiff_t i = 0; i < batcher->value.length; i++) {
        if (batcher->value.data[i] == quote) {
            buffer_append_byte(&batcher->rewritten, quote);
        }
        buffer_append_byte(&batcher->rewritten, batcher->value.data[i]);
    }
    buffer_append_byte(&batcher->rewritten, quote);
}

/* The record at batcher->at field by field, rewritten with every field in quotes. */
static void rewrite_record(struct csv_batcher *batcher)
{
    struct csv_field field = {.next = batcher->at};
    bool is_broken = false;
    for (ptrdiff_t index = 0; !field.is_last; index++) {
        field = csv_scan_field(batcher->text, field.next, batcher->dialect);
        /* Further ones on the same line are mostly consequences of the first. */
        if (field.fault != CSV_FAULT_NONE && !is_broken) {
            add_fault(batcher, &field, index);
            is_broken = true;
        }
        if (index > 0) {
            buffer_append_byte(&batcher->rewritten, batcher->dialect->delimiter);
        }
        buffer_clear(&batcher->value);
        csv_field_value(batcher->text, &field, batcher->dialect, &batcher->value);
        append_quoted(batcher);
    }
    buffer_append_byte(&batcher->rewritten, '\n');
    add_row(batcher, batcher->at, field.end)->is_broken = is_broken;
    batcher->at = csv_behind_line_end(batcher->text, field.end);
}

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

/* The end of a comment line, in which quotes mean nothing. */
static ptrdiff_t comment_end(struct slice text, ptrdiff_t at)
{
    while (at < text.length && !is_line_end(text.data[at])) {
        at++;
    }
    return at;
}

/* Where the record at batcher->at ends; -1 when it has to be rewritten. */
static ptrdiff_t plain_end(struct csv_batcher *batcher)
{
    const struct csv_dialect *dialect = batcher->dialect;
    if (dialect->escape != '\0' || dialect->skip_initial_space) {
        return -1;
    }
    if (batcher->peeked_at != batcher->at) {
        batcher->peeked_at = batcher->at;
        batcher->peeked_end =
            csv_scan_record(batcher->text, batcher->at, dialect, &batcher->cursor);
    }
    return batcher->peeked_end;
}

/* What a batch is made of: a stretch of the text as it stands, or rewritten records. */
enum batch_kind { BATCH_EMPTY, BATCH_PLAIN, BATCH_REWRITTEN };

/* Take the record at batcher->at into the batch; false when it belongs into another one. */
static bool take_record(struct csv_batcher *batcher, enum batch_kind *kind)
{
    struct slice text = batcher->text;
    ptrdiff_t at = batcher->at;
    if (is_line_end(text.data[at])) {
        add_row(batcher, at, at)->is_blank = true;
        batcher->at = csv_behind_line_end(text, at);
        return true;
    }
    if (batcher->dialect->comment != '\0' && text.data[at] == batcher->dialect->comment) {
        if (batcher->batch->row_count > 0) {
            return false;
        }
        batcher->row_number++;
        batcher->at = csv_behind_line_end(text, comment_end(text, at));
        return true;
    }
    ptrdiff_t end = plain_end(batcher);
    enum batch_kind wanted = end >= 0 ? BATCH_PLAIN : BATCH_REWRITTEN;
    if (*kind != BATCH_EMPTY && *kind != wanted) {
        return false;
    }
    *kind = wanted;
    if (wanted == BATCH_REWRITTEN) {
        rewrite_record(batcher);
        return true;
    }
    add_row(batcher, at, end);
    batcher->at = csv_behind_line_end(text, end);
    return true;
}

bool csv_batch_next(struct csv_batcher *batcher, struct csv_batch *batch)
{
    batch->row_count = 0;
    batch->field_count = 0;
    batch->fault_count = 0;
    buffer_clear(&batch->values);
    buffer_clear(&batcher->rewritten);
    batcher->batch = batch;
    batcher->next_row = 0;
    batcher->row_start = 0;
    enum batch_kind kind = BATCH_EMPTY;
    ptrdiff_t start = batcher->at;
    while (batcher->at < batcher->text.length && batch->row_count < CSV_BATCH_ROWS &&
           batcher->at - start < CSV_BATCH_BYTES && batcher->faults <= CSV_FAULTS_MOST) {
        if (!take_record(batcher, &kind)) {
            break;
        }
        /* Comments before the first record are no part of it. */
        start = batch->row_count == 0 ? batcher->at : start;
    }
    feed(batcher, kind == BATCH_REWRITTEN ? buffer_slice(&batcher->rewritten)
                                          : slice_sub(batcher->text, start, batcher->at));
    const struct slice *fields = batch->fields;
    for (ptrdiff_t i = 0; i < batch->row_count; i++) {
        batch->rows[i].fields = fields;
        fields += batch->rows[i].field_count;
    }
    return batch->row_count > 0;
}

bool csv_batcher_gave_up(const struct csv_batcher *batcher)
{
    return batcher->faults > CSV_FAULTS_MOST;
}

struct csv_batcher *csv_batcher_new(struct slice text, const struct csv_dialect *dialect)
{
    struct csv_batcher *batcher = calloc(1, sizeof(*batcher));
    if (batcher == NULL || csv_init(&batcher->parser, CSV_STRICT) != 0) {
        memory_exhausted((ptrdiff_t)sizeof(*batcher));
    }
    csv_set_delim(&batcher->parser, (unsigned char)dialect->delimiter);
    csv_set_quote(&batcher->parser,
                  dialect->quote != '\0' ? (unsigned char)dialect->quote : NO_QUOTE);
    csv_set_space_func(&batcher->parser, keep_spaces);
    csv_set_blk_size(&batcher->parser, 65536);
    buffer_init(&batcher->rewritten);
    buffer_init(&batcher->value);
    batcher->text = text;
    batcher->dialect = dialect;
    batcher->cursor = (struct csv_cursor){.line_feed = -1, .carriage_return = -1, .quote = -1};
    batcher->peeked_at = -1;
    return batcher;
}

void csv_batcher_free(struct csv_batcher *batcher)
{
    buffer_release(&batcher->value);
    buffer_release(&batcher->rewritten);
    csv_free(&batcher->parser);
    free(batcher);
}
