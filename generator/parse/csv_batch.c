/*
 * Our scanner runs ahead and lists records. Those without a quote inside a value are cut at their
 * delimiters; the bytes of the others go to libcsv, and each row that comes back is matched with
 * its record. What libcsv would read in another way than a person means it is rewritten as RFC 4180
 * first: records with a faulty quote, and dialects with an escape character or skipped spaces.
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

struct csv_scanner {
    struct slice text;
    const struct csv_dialect *dialect;
    struct csv_cursor cursor;
    ptrdiff_t at;
    int64_t row_number; /* of the last record that was seen */
    int64_t order;      /* of the next batch */
    ptrdiff_t faults;
    /* The record at `peeked_at` ends at `peeked_end`; the cursor has passed it. */
    ptrdiff_t peeked_at, peeked_end;
    bool peeked_quotes;
    struct csv_batch *batch; /* the one that is being filled */
    struct buffer value;     /* of the field that is being rewritten */
};

struct csv_taker {
    struct csv_parser parser;
    char delimiter, quote;
    struct csv_batch *batch;
    ptrdiff_t next_row;  /* of the batch: where libcsv's next row belongs */
    ptrdiff_t row_start; /* index of that row's first field */
};

void csv_batch_init(struct csv_batch *batch)
{
    *batch = (struct csv_batch){.rows = malloc(CSV_BATCH_ROWS * sizeof(*batch->rows))};
    if (batch->rows == NULL) {
        memory_exhausted(CSV_BATCH_ROWS * (ptrdiff_t)sizeof(*batch->rows));
    }
    buffer_init(&batch->values);
    buffer_init(&batch->rewritten);
}

void csv_batch_release(struct csv_batch *batch)
{
    buffer_release(&batch->rewritten);
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
    struct csv_batch *batch = ((struct csv_taker *)context)->batch;
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
    struct csv_taker *taker = context;
    struct csv_batch *batch = taker->batch;
    while (taker->next_row < batch->row_count && batch->rows[taker->next_row].is_blank) {
        taker->next_row++;
    }
    CHECK(taker->next_row < batch->row_count);
    batch->rows[taker->next_row++].field_count = batch->field_count - taker->row_start;
    taker->row_start = batch->field_count;
}

/* Give libcsv the bytes of the batch's records. The last one may lack its line end. */
static void feed(struct csv_taker *taker, struct slice bytes)
{
    if (bytes.length == 0) {
        return;
    }
    char last = bytes.data[bytes.length - 1];
    size_t length = (size_t)bytes.length;
    size_t done = csv_parse(&taker->parser, bytes.data, length, on_field, on_row, taker);
    if (done == length && last != '\n' && last != '\r') {
        done += csv_parse(&taker->parser, "\n", 1, on_field, on_row, taker);
        length++;
    }
    if (done != length && csv_error(&taker->parser) != CSV_EPARSE) {
        memory_exhausted(bytes.length);
    }
    CHECK(done == length); /* else libcsv and our scanner read it in different ways */
}

/* Index of the lowest byte of a word, as it stands in memory, that is not zero. */
static ptrdiff_t first_byte(uint64_t word)
{
    return __builtin_ctzll(word) / 8;
}

/* Eight bytes, the first of them lowest, whatever the machine. */
static uint64_t load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static void add_field(struct csv_batch *batch, const char *data, ptrdiff_t length)
{
    if (batch->field_count == batch->field_capacity) {
        grow_fields(batch);
    }
    batch->fields[batch->field_count++] = (struct slice){data, length};
}

/* A record without quotes needs no parser: its fields are the bytes between delimiters, which are
 * looked for eight at a time. */
static void split(struct csv_batch *batch, struct csv_row *row, char delimiter)
{
    const uint64_t low = 0x7F7F7F7F7F7F7F7FU;
    const uint64_t wanted = 0x0101010101010101U * (unsigned char)delimiter;
    const char *data = batch->bytes.data + (row->start - batch->start);
    const char *limit = batch->bytes.data + batch->bytes.length;
    ptrdiff_t length = row->end - row->start;
    ptrdiff_t first = batch->field_count;
    ptrdiff_t start = 0;
    ptrdiff_t at = 0;
    for (; at < length && limit - (data + at) >= 8; at += 8) {
        uint64_t bytes = load(data + at) ^ wanted;
        /* 0x80 in every byte that is zero now, exactly */
        uint64_t found = ~(((bytes & low) + low) | bytes | low);
        for (; found != 0; found &= found - 1) {
            ptrdiff_t end = at + first_byte(found);
            if (end >= length) {
                break;
            }
            add_field(batch, data + start, end - start);
            start = end + 1;
        }
    }
    for (; at < length; at++) {
        if (data[at] == delimiter) {
            add_field(batch, data + start, at - start);
            start = at + 1;
        }
    }
    add_field(batch, data + start, length - start);
    row->field_count = batch->field_count - first;
}

/* The same for one whose quotes only stand around values: the scanner has seen that each is in its
 * place. False, and nothing done, when one inside a value is doubled. */
static bool split_quoted(struct csv_batch *batch, struct csv_row *row, char delimiter, char quote)
{
    const char *at = batch->bytes.data + (row->start - batch->start);
    const char *end = at + (row->end - row->start);
    ptrdiff_t first = batch->field_count;
    for (bool is_last = false; !is_last;) {
        bool is_quoted = at < end && *at == quote;
        at += is_quoted ? 1 : 0;
        const char *stop = memchr(at, is_quoted ? quote : delimiter, (size_t)(end - at));
        CHECK(stop != NULL || !is_quoted);
        stop = stop != NULL ? stop : end;
        add_field(batch, at, stop - at);
        stop += is_quoted ? 1 : 0;
        is_last = stop == end;
        if (!is_last && *stop != delimiter) {
            batch->field_count = first;
            return false;
        }
        at = stop + 1;
    }
    row->field_count = batch->field_count - first;
    return true;
}

/* The bytes of a row, with its line end. */
static struct slice bytes_of_row(const struct csv_batch *batch, ptrdiff_t row)
{
    ptrdiff_t behind = row + 1 < batch->row_count ? batch->rows[row + 1].start - batch->start
                                                  : batch->bytes.length;
    return slice_sub(batch->bytes, batch->rows[row].start - batch->start, behind);
}

static void parse_plain(struct csv_taker *taker, struct csv_batch *batch)
{
    for (ptrdiff_t i = 0; i < batch->row_count; i++) {
        struct csv_row *row = &batch->rows[i];
        if (row->is_blank) {
            continue;
        }
        if (!row->has_quotes) {
            split(batch, row, taker->delimiter);
        } else if (!split_quoted(batch, row, taker->delimiter, taker->quote)) {
            taker->next_row = i;
            taker->row_start = batch->field_count;
            feed(taker, bytes_of_row(batch, i));
        }
    }
}

void csv_parse_batch(struct csv_taker *taker, struct csv_batch *batch)
{
    batch->field_count = 0;
    buffer_clear(&batch->values);
    buffer_reserve(&batch->values, batch->bytes.length);
    taker->batch = batch;
    if (batch->is_rewritten) {
        taker->next_row = 0;
        taker->row_start = 0;
        feed(taker, batch->bytes);
    } else {
        parse_plain(taker, batch);
    }
    const struct slice *fields = batch->fields;
    for (ptrdiff_t i = 0; i < batch->row_count; i++) {
        batch->rows[i].fields = fields;
        fields = fields != NULL ? fields + batch->rows[i].field_count : NULL;
    }
}

struct csv_taker *csv_taker_new(const struct csv_dialect *dialect)
{
    struct csv_taker *taker = calloc(1, sizeof(*taker));
    if (taker == NULL || csv_init(&taker->parser, CSV_STRICT) != 0) {
        memory_exhausted((ptrdiff_t)sizeof(*taker));
    }
    taker->delimiter = dialect->delimiter;
    taker->quote = dialect->quote;
    csv_set_delim(&taker->parser, (unsigned char)dialect->delimiter);
    csv_set_quote(&taker->parser,
                  dialect->quote != '\0' ? (unsigned char)dialect->quote : NO_QUOTE);
    csv_set_space_func(&taker->parser, keep_spaces);
    csv_set_blk_size(&taker->parser, 65536);
    return taker;
}

void csv_taker_free(struct csv_taker *taker)
{
    csv_free(&taker->parser);
    free(taker);
}

/* ---- Scanning ---- */

static struct csv_row *add_row(struct csv_scanner *scanner, ptrdiff_t start, ptrdiff_t end)
{
    struct csv_row *row = &scanner->batch->rows[scanner->batch->row_count++];
    *row = (struct csv_row){.row_number = ++scanner->row_number, .start = start, .end = end};
    return row;
}

static void add_fault(struct csv_scanner *scanner, const struct csv_field *field, ptrdiff_t index)
{
    struct csv_batch *batch = scanner->batch;
    scanner->faults++;
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
static void append_quoted(struct csv_scanner *scanner)
{
    char quote = scanner->dialect->quote != '\0' ? scanner->dialect->quote : (char)NO_QUOTE;
    buffer_append_byte(&scanner->batch->rewritten, quote);
    for (ptrdiff_t i = 0; i < scanner->value.length; i++) {
        if (scanner->value.data[i] == quote) {
            buffer_append_byte(&scanner->batch->rewritten, quote);
        }
        buffer_append_byte(&scanner->batch->rewritten, scanner->value.data[i]);
    }
    buffer_append_byte(&scanner->batch->rewritten, quote);
}

/* The record at scanner->at field by field, rewritten with every field in quotes. */
static void rewrite_record(struct csv_scanner *scanner)
{
    struct csv_field field = {.next = scanner->at};
    bool is_broken = false;
    for (ptrdiff_t index = 0; !field.is_last; index++) {
        field = csv_scan_field(scanner->text, field.next, scanner->dialect);
        /* Further ones on the same line are mostly consequences of the first. */
        if (field.fault != CSV_FAULT_NONE && !is_broken) {
            add_fault(scanner, &field, index);
            is_broken = true;
        }
        if (index > 0) {
            buffer_append_byte(&scanner->batch->rewritten, scanner->dialect->delimiter);
        }
        buffer_clear(&scanner->value);
        csv_field_value(scanner->text, &field, scanner->dialect, &scanner->value);
        append_quoted(scanner);
    }
    buffer_append_byte(&scanner->batch->rewritten, '\n');
    struct csv_row *row = add_row(scanner, scanner->at, field.end);
    row->is_broken = is_broken;
    row->has_quotes = true;
    scanner->at = csv_behind_line_end(scanner->text, field.end);
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

/* Where the record at scanner->at ends; -1 when it has to be rewritten. */
static ptrdiff_t plain_end(struct csv_scanner *scanner)
{
    const struct csv_dialect *dialect = scanner->dialect;
    if (dialect->escape != '\0' || dialect->skip_initial_space) {
        return -1;
    }
    if (scanner->peeked_at != scanner->at) {
        scanner->peeked_at = scanner->at;
        scanner->peeked_end = csv_scan_record(scanner->text, scanner->at, dialect, &scanner->cursor,
                                              &scanner->peeked_quotes);
    }
    return scanner->peeked_end;
}

/* What a batch is made of: a stretch of the text as it stands, or rewritten records. */
enum batch_kind { BATCH_EMPTY, BATCH_PLAIN, BATCH_REWRITTEN };

/* Take the record at scanner->at into the batch; false when it belongs into another one. */
static bool take_record(struct csv_scanner *scanner, enum batch_kind *kind)
{
    struct slice text = scanner->text;
    ptrdiff_t at = scanner->at;
    if (is_line_end(text.data[at])) {
        add_row(scanner, at, at)->is_blank = true;
        scanner->at = csv_behind_line_end(text, at);
        return true;
    }
    if (scanner->dialect->comment != '\0' && text.data[at] == scanner->dialect->comment) {
        if (scanner->batch->row_count > 0) {
            return false;
        }
        scanner->row_number++;
        scanner->at = csv_behind_line_end(text, comment_end(text, at));
        return true;
    }
    ptrdiff_t end = plain_end(scanner);
    enum batch_kind wanted = end >= 0 ? BATCH_PLAIN : BATCH_REWRITTEN;
    if (*kind != BATCH_EMPTY && *kind != wanted) {
        return false;
    }
    *kind = wanted;
    if (wanted == BATCH_REWRITTEN) {
        rewrite_record(scanner);
        return true;
    }
    add_row(scanner, at, end)->has_quotes = scanner->peeked_quotes;
    scanner->at = csv_behind_line_end(text, end);
    return true;
}

bool csv_scan_batch(struct csv_scanner *scanner, struct csv_batch *batch)
{
    batch->order = scanner->order++;
    batch->row_count = 0;
    batch->fault_count = 0;
    buffer_clear(&batch->rewritten);
    scanner->batch = batch;
    enum batch_kind kind = BATCH_EMPTY;
    ptrdiff_t start = scanner->at;
    while (scanner->at < scanner->text.length && batch->row_count < CSV_BATCH_ROWS &&
           scanner->at - start < CSV_BATCH_BYTES && scanner->faults <= CSV_FAULTS_MOST) {
        if (!take_record(scanner, &kind)) {
            break;
        }
        /* Comments before the first record are no part of it. */
        start = batch->row_count == 0 ? scanner->at : start;
    }
    batch->start = start;
    batch->is_rewritten = kind == BATCH_REWRITTEN;
    batch->bytes = kind == BATCH_REWRITTEN ? buffer_slice(&batch->rewritten)
                                           : slice_sub(scanner->text, start, scanner->at);
    return batch->row_count > 0;
}

bool csv_scanner_gave_up(const struct csv_scanner *scanner)
{
    return scanner->faults > CSV_FAULTS_MOST;
}

struct csv_scanner *csv_scanner_new(struct slice text, const struct csv_dialect *dialect)
{
    struct csv_scanner *scanner = calloc(1, sizeof(*scanner));
    if (scanner == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*scanner));
    }
    buffer_init(&scanner->value);
    scanner->text = text;
    scanner->dialect = dialect;
    scanner->cursor = (struct csv_cursor){.line_feed = -1, .carriage_return = -1, .quote = -1};
    scanner->peeked_at = -1;
    return scanner;
}

void csv_scanner_free(struct csv_scanner *scanner)
{
    buffer_release(&scanner->value);
    free(scanner);
}
