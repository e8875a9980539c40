/*
 * CSV by libcsv, with the byte range of every record.
 *
 * Our scanner runs ahead and lists records; their bytes go to libcsv many at a time, and each row
 * that comes back is matched with its record. What libcsv would read in another way than a person
 * means it is rewritten as RFC 4180 first: records with a faulty quote, and dialects with an escape
 * character or skipped spaces.
 *
 * How libcsv is set: strict, so that it stops where it and the scanner disagree; spaces kept (it
 * would trim them); its own line ends (CR, LF), with blank lines, which it drops, counted by the
 * scanner.
 */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "csv_scan.h"

/* Records and bytes that are handed to libcsv at once. */
#define BLOCK_RECORDS 2048
#define BLOCK_BYTES ((ptrdiff_t)128 << 10)
/* In UTF-8 this byte does not occur: what libcsv is given as its quote when there is none. */
#define NO_QUOTE ((unsigned char)0xFF)

struct record {
    ptrdiff_t start, end;
    bool is_skipped; /* a comment line */
};

struct reader {
    struct csv_parser parser;
    struct source *source;
    struct slice text;
    const struct csv_dialect *dialect;
    struct diag *diag;
    csv_row_handler handler;
    void *context;
    bool is_stopped; /* by the handler */
    int faults;
    int64_t row_number; /* of the last record that was handed over */

    struct record *records; /* the block */
    ptrdiff_t record_count;
    ptrdiff_t handed; /* records of the block that were handed over */
    ptrdiff_t block_start, block_end;
    bool is_broken; /* the block is one record with a faulty quote */

    struct buffer rewritten;
    struct buffer value;   /* of the field that is being rewritten */
    struct buffer values;  /* of the row that is being read */
    ptrdiff_t *value_ends; /* in `values` */
    struct slice *fields;
    ptrdiff_t field_count;
    ptrdiff_t field_capacity;
};

void csv_dialect_default(struct csv_dialect *dialect)
{
    *dialect = (struct csv_dialect){.delimiter = ',', .quote = '"'};
}

/* ---- What libcsv calls ----------------------------------------------------------------------- */

/* libcsv trims what this says is a space. */
static int keep_spaces(unsigned char byte)
{
    (void)byte;
    return 0;
}

static void grow_fields(struct reader *reader)
{
    ptrdiff_t capacity = reader->field_capacity == 0 ? 32 : reader->field_capacity * 2;
    ptrdiff_t *ends = realloc(reader->value_ends, (size_t)capacity * sizeof(*ends));
    if (ends != NULL) {
        reader->value_ends = ends;
    }
    struct slice *fields = realloc(reader->fields, (size_t)capacity * sizeof(*fields));
    if (fields != NULL) {
        reader->fields = fields;
    }
    if (ends == NULL || fields == NULL) {
        memory_exhausted(capacity * (ptrdiff_t)sizeof(*fields));
    }
    reader->field_capacity = capacity;
}

static void on_field(void *value, size_t length, void *context)
{
    struct reader *reader = context;
    if (reader->field_count == reader->field_capacity) {
        grow_fields(reader);
    }
    /* Called for every field of a table: the room is looked at here, without a call. */
    struct buffer *values = &reader->values;
    if (values->capacity - values->length < (ptrdiff_t)length) {
        buffer_reserve(values, (ptrdiff_t)length);
    }
    if (length > 0) {
        memcpy(values->data + values->length, value, length);
        values->length += (ptrdiff_t)length;
    }
    reader->value_ends[reader->field_count++] = reader->values.length;
}

static void hand_over(struct reader *reader, const struct csv_row *row)
{
    if (!reader->is_stopped && !reader->handler(reader->context, row)) {
        reader->is_stopped = true;
    }
}

/* Blank lines and comments of the block, which libcsv passes over, up to the next real record. */
static void hand_over_blank(struct reader *reader)
{
    for (; reader->handed < reader->record_count; reader->handed++) {
        const struct record *record = &reader->records[reader->handed];
        bool is_blank = record->start == record->end;
        if (!is_blank && !record->is_skipped) {
            return;
        }
        reader->row_number++;
        if (is_blank) {
            hand_over(reader, &(struct csv_row){.row_number = reader->row_number,
                                                .start = record->start,
                                                .end = record->end,
                                                .is_blank = true});
        }
    }
}

static void on_row(int line_end, void *context)
{
    (void)line_end;
    struct reader *reader = context;
    hand_over_blank(reader);
    CHECK(reader->handed < reader->record_count);
    const struct record *record = &reader->records[reader->handed++];
    reader->row_number++;
    ptrdiff_t start = 0;
    for (ptrdiff_t i = 0; i < reader->field_count; i++) {
        reader->fields[i] = slice_make(reader->values.data + start, reader->value_ends[i] - start);
        start = reader->value_ends[i];
    }
    hand_over(reader, &(struct csv_row){.row_number = reader->row_number,
                                        .start = record->start,
                                        .end = record->end,
                                        .is_broken = reader->is_broken,
                                        .fields = reader->fields,
                                        .field_count = reader->field_count});
    reader->field_count = 0;
    buffer_clear(&reader->values);
}

/* ---- Feeding it ------------------------------------------------------------------------------ */

static void feed(struct reader *reader, struct slice bytes)
{
    size_t length = (size_t)bytes.length;
    if (length == 0 || reader->is_stopped) {
        return;
    }
    if (csv_parse(&reader->parser, bytes.data, length, on_field, on_row, reader) == length) {
        return;
    }
    if (csv_error(&reader->parser) != CSV_EPARSE) {
        memory_exhausted(bytes.length);
    }
    BUG("libcsv and our scanner read this CSV in different ways");
}

/* Hand the block's records over and start a new one. The last record may lack its line end. */
static void flush_block(struct reader *reader, struct slice bytes)
{
    feed(reader, bytes);
    if (bytes.length > 0 && bytes.data[bytes.length - 1] != '\n' &&
        bytes.data[bytes.length - 1] != '\r') {
        feed(reader, SLICE("\n"));
    }
    hand_over_blank(reader);
    CHECK(reader->is_stopped || reader->handed == reader->record_count);
    reader->record_count = 0;
    reader->handed = 0;
    reader->is_broken = false;
}

static void flush_plain(struct reader *reader)
{
    flush_block(reader, slice_sub(reader->text, reader->block_start, reader->block_end));
}

static void report_fault(struct reader *reader, const struct csv_field *field, ptrdiff_t index)
{
    reader->faults++;
    bool is_stray = field->fault == CSV_FAULT_STRAY;
    struct report report = {
        .code = is_stray ? CODE_csv_stray_quote : CODE_csv_unclosed_quote,
        .span = span_make(reader->source, field->fault_at, field->fault_at + 1),
        .row_number = reader->row_number + 1,
        .field_number = index + 1,
    };
    if (field->partner_at >= 0) {
        report.notes[report.note_count++] = (struct report_note){
            .code = CODE_see_quote_ends,
            .span = span_make(reader->source, field->partner_at, field->partner_at + 1)};
    }
    diag_add(reader->diag, &report);
}

/* One record field by field, rewritten with every field in quotes. Returns where it ends. */
static ptrdiff_t read_rewritten(struct reader *reader, ptrdiff_t start)
{
    char quote = (char)reader->parser.quote_char;
    struct buffer *value = &reader->value;
    buffer_clear(&reader->rewritten);
    struct csv_field field = {.next = start};
    for (ptrdiff_t index = 0; !field.is_last; index++) {
        field = csv_scan_field(reader->text, field.next, reader->dialect);
        if (field.fault != CSV_FAULT_NONE) {
            report_fault(reader, &field, index);
            reader->is_broken = true;
        }
        if (index > 0) {
            buffer_append_byte(&reader->rewritten, reader->dialect->delimiter);
        }
        buffer_clear(value);
        csv_field_value(reader->text, &field, reader->dialect, value);
        buffer_append_byte(&reader->rewritten, quote);
        for (ptrdiff_t i = 0; i < value->length; i++) {
            if (value->data[i] == quote) {
                buffer_append_byte(&reader->rewritten, quote);
            }
            buffer_append_byte(&reader->rewritten, value->data[i]);
        }
        buffer_append_byte(&reader->rewritten, quote);
    }
    reader->records[reader->record_count++] = (struct record){.start = start, .end = field.end};
    flush_block(reader, buffer_slice(&reader->rewritten));
    return field.end;
}

static bool is_comment(const struct reader *reader, ptrdiff_t at)
{
    return reader->dialect->comment != '\0' && reader->text.data[at] == reader->dialect->comment;
}

/* The end of a line whose quotes mean nothing. */
static ptrdiff_t comment_end(struct slice text, ptrdiff_t at)
{
    while (at < text.length && text.data[at] != '\n' && text.data[at] != '\r') {
        at++;
    }
    return at;
}

/* Read the record at `at`, or put it into the block. Returns the start of the next. */
static ptrdiff_t read_record(struct reader *reader, ptrdiff_t at, struct csv_cursor *cursor)
{
    struct slice text = reader->text;
    if (is_comment(reader, at)) {
        flush_plain(reader);
        ptrdiff_t end = comment_end(text, at);
        reader->records[reader->record_count++] =
            (struct record){.start = at, .end = end, .is_skipped = true};
        flush_block(reader, (struct slice){NULL, 0});
        reader->block_start = reader->block_end = csv_behind_line_end(text, end);
        return reader->block_end;
    }
    bool is_plain = reader->dialect->escape == '\0' && !reader->dialect->skip_initial_space;
    ptrdiff_t end = is_plain ? csv_scan_record(text, at, reader->dialect, cursor) : -1;
    bool is_blank = text.data[at] == '\n' || text.data[at] == '\r';
    if (end < 0 && !is_blank) {
        flush_plain(reader);
        end = read_rewritten(reader, at);
        reader->block_start = reader->block_end = csv_behind_line_end(text, end);
        return reader->block_end;
    }
    end = is_blank ? at : end;
    reader->records[reader->record_count++] = (struct record){.start = at, .end = end};
    reader->block_end = csv_behind_line_end(text, end);
    if (reader->record_count == BLOCK_RECORDS ||
        reader->block_end - reader->block_start >= BLOCK_BYTES) {
        flush_plain(reader);
        reader->block_start = reader->block_end;
    }
    return reader->block_end;
}

static bool has_nul(struct source *source, struct slice text, struct diag *diag)
{
    ptrdiff_t nul = slice_find_byte(text, '\0', 0);
    if (nul >= 0) {
        DIAG(diag, CODE_encoding_nul, span_make(source, nul, nul + 1), {NULL, 0});
    }
    return nul >= 0;
}

bool csv_read(struct source *source, const struct csv_dialect *dialect, csv_row_handler handler,
              void *context, struct diag *diag)
{
    struct slice text = source_text(source);
    if (has_nul(source, text, diag)) {
        return false;
    }
    struct reader reader = {.source = source,
                            .text = text,
                            .dialect = dialect,
                            .diag = diag,
                            .handler = handler,
                            .context = context};
    reader.records = malloc(BLOCK_RECORDS * sizeof(*reader.records));
    if (reader.records == NULL || csv_init(&reader.parser, CSV_STRICT) != 0) {
        memory_exhausted(BLOCK_RECORDS * (ptrdiff_t)sizeof(*reader.records));
    }
    csv_set_delim(&reader.parser, (unsigned char)dialect->delimiter);
    csv_set_quote(&reader.parser,
                  dialect->quote != '\0' ? (unsigned char)dialect->quote : NO_QUOTE);
    csv_set_space_func(&reader.parser, keep_spaces);
    csv_set_blk_size(&reader.parser, 65536);
    buffer_init(&reader.rewritten);
    buffer_init(&reader.values);
    buffer_init(&reader.value);
    struct csv_cursor cursor = {.line_feed = -1, .carriage_return = -1, .quote = -1};
    ptrdiff_t at = 0;
    while (at < text.length && !reader.is_stopped && reader.faults <= CSV_FAULTS_MOST) {
        at = read_record(&reader, at, &cursor);
    }
    flush_plain(&reader);
    bool is_whole = reader.faults <= CSV_FAULTS_MOST;
    buffer_release(&reader.values);
    buffer_release(&reader.value);
    buffer_release(&reader.rewritten);
    free(reader.fields);
    free(reader.value_ends);
    csv_free(&reader.parser);
    free(reader.records);
    return is_whole;
}

struct span csv_field_span(struct source *source, const struct csv_dialect *dialect,
                           ptrdiff_t start, ptrdiff_t end, ptrdiff_t index)
{
    struct slice record = slice_sub(source_text(source), 0, end);
    struct csv_field field = {.next = start, .is_last = start >= end};
    for (ptrdiff_t i = 0; !field.is_last; i++) {
        field = csv_scan_field(record, field.next, dialect);
        if (i == index) {
            return span_make(source, field.start, field.end);
        }
    }
    return span_make(source, end, end);
}
