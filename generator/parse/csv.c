/* CSV record by record, or in parts that several threads take as they come. */
#include "csv_batch.h"

#include <pthread.h>

struct delivery {
    struct source *source;
    struct diag *diag;
    struct slice resource;
    csv_row_handler handler;
    void *context;
};

void csv_dialect_default(struct csv_dialect *dialect)
{
    *dialect = (struct csv_dialect){.delimiter = ',', .quote = '"'};
}

/* ---- Handing over ---- */

/* What the quote at fault_at is: programs write two kinds of stray ones on purpose. */
static enum code code_of_fault(struct slice text, const struct csv_field *field)
{
    if (field->fault != CSV_FAULT_STRAY) {
        return CODE_csv_unclosed_quote;
    }
    struct slice before = slice_sub(text, field->start, field->fault_at);
    return slice_equal(before, SLICE("="))                       ? CODE_csv_quoted_formula
           : before.length > 0 && slice_trim(before).length == 0 ? CODE_csv_space_before_quote
                                                                 : CODE_csv_stray_quote;
}

static void report_fault(const struct delivery *delivery, const struct csv_batch_fault *fault,
                         int64_t row_number)
{
    const struct csv_field *field = &fault->field;
    struct report report = {
        .code = code_of_fault(source_text(delivery->source), field),
        .span = span_make(delivery->source, field->fault_at, field->fault_at + 1),
        .resource = delivery->resource,
        .row_number = row_number,
        .field_number = fault->index + 1,
    };
    if (field->partner_at >= 0) {
        report.notes[report.note_count++] = (struct report_note){
            .code = CODE_see_quote_ends,
            .span = span_make(delivery->source, field->partner_at, field->partner_at + 1)};
    }
    diag_add(delivery->diag, &report);
}

/* False when the handler wants no more. */
static bool deliver(const struct delivery *delivery, const struct csv_batch *batch)
{
    ptrdiff_t fault = 0;
    for (ptrdiff_t i = 0; i < batch->row_count; i++) {
        for (; fault < batch->fault_count && batch->faults[fault].row == i; fault++) {
            report_fault(delivery, &batch->faults[fault], batch->rows[i].row_number);
        }
        if (!delivery->handler(delivery->context, &batch->rows[i])) {
            return false;
        }
    }
    return true;
}

static bool has_nul(struct source *source, struct slice text, struct diag *diag)
{
    ptrdiff_t nul = slice_find_byte(text, '\0', 0);
    if (nul >= 0) {
        DIAG(diag, CODE_encoding_nul, span_make(source, nul, nul + 1), {NULL, 0});
    }
    return nul >= 0;
}

/* ---- Parts ---- */

/* What the threads share. Whoever is free scans the next batch, which is quick, and then takes it
 * apart and hands it over, which is not. */
struct parts {
    pthread_mutex_t lock; /* over the scanner and `next` */
    struct csv_scanner *scanner;
    enum csv_next next;
    const struct csv_dialect *dialect;
    struct source *source;
    struct diag *diag;
    bool has_nul;
    struct slice resource;
    csv_part_handler handler;
    void *context;
};

static void deliver_part(struct parts *parts, const struct csv_batch *batch, int worker,
                         enum csv_next *next)
{
    const struct delivery delivery = {
        .source = parts->source, .diag = parts->diag, .resource = parts->resource};
    for (ptrdiff_t i = 0; i < batch->fault_count; i++) {
        const struct csv_batch_fault *fault = &batch->faults[i];
        report_fault(&delivery, fault, batch->rows[fault->row].row_number);
    }
    const struct csv_part part = {
        .order = batch->order, .rows = batch->rows, .row_count = batch->row_count};
    *next = parts->handler(parts->context, &part, worker);
}

/* A NUL ends the reading: what stands behind it is no text. */
static bool has_nul_in(struct parts *parts, const struct csv_batch *batch)
{
    if (slice_find_byte(batch->bytes, '\0', 0) < 0) {
        return false;
    }
    pthread_mutex_lock(&parts->lock);
    parts->next = CSV_STOP;
    parts->has_nul = true;
    pthread_mutex_unlock(&parts->lock);
    return true;
}

/* Part after part, until the handler wants them in `until` or no more. */
static void take_parts(struct parts *parts, enum csv_next until, int worker)
{
    struct csv_taker *taker = csv_taker_new(parts->dialect);
    struct csv_batch batch;
    csv_batch_init(&batch);
    for (;;) {
        pthread_mutex_lock(&parts->lock);
        bool is_there = parts->next != CSV_STOP && csv_scan_batch(parts->scanner, &batch);
        pthread_mutex_unlock(&parts->lock);
        if (!is_there || has_nul_in(parts, &batch)) {
            break;
        }
        csv_parse_batch(taker, &batch);
        enum csv_next next;
        deliver_part(parts, &batch, worker, &next);
        if (next == CSV_STOP || next == until) {
            pthread_mutex_lock(&parts->lock);
            parts->next = next;
            pthread_mutex_unlock(&parts->lock);
            break;
        }
    }
    csv_batch_release(&batch);
    csv_taker_free(taker);
}

static void take_in_any_order(void *context, ptrdiff_t index, int worker)
{
    (void)index;
    take_parts(context, CSV_STOP, worker);
}

/* ---- The stage's face ---- */

bool csv_read(struct source *source, const struct csv_dialect *dialect, csv_row_handler handler,
              void *context, struct diag *diag)
{
    struct slice text = source_text(source);
    if (has_nul(source, text, diag)) {
        return false;
    }
    const struct delivery delivery = {
        .source = source, .diag = diag, .handler = handler, .context = context};
    struct csv_scanner *scanner = csv_scanner_new(text, dialect);
    struct csv_taker *taker = csv_taker_new(dialect);
    struct csv_batch batch;
    csv_batch_init(&batch);
    bool is_wanted = true;
    while (is_wanted && csv_scan_batch(scanner, &batch)) {
        csv_parse_batch(taker, &batch);
        is_wanted = deliver(&delivery, &batch);
    }
    csv_batch_release(&batch);
    csv_taker_free(taker);
    bool is_whole = !csv_scanner_gave_up(scanner);
    csv_scanner_free(scanner);
    return is_whole;
}

bool csv_read_parts(struct source *source, const struct csv_dialect *dialect, struct slice resource,
                    struct pool *pool, csv_part_handler handler, void *context, struct diag *diag)
{
    struct slice text = source_text(source);
    struct parts parts = {.scanner = csv_scanner_new(text, dialect),
                          .next = CSV_IN_ORDER,
                          .dialect = dialect,
                          .source = source,
                          .diag = diag,
                          .resource = resource,
                          .handler = handler,
                          .context = context};
    pthread_mutex_init(&parts.lock, NULL);
    take_parts(&parts, pool != NULL ? CSV_ANY_ORDER : CSV_STOP, 0);
    if (parts.next == CSV_ANY_ORDER) {
        pool_run(pool, pool_threads(pool), take_in_any_order, &parts);
    }
    pthread_mutex_destroy(&parts.lock);
    if (parts.has_nul) {
        (void)has_nul(source, text, diag);
    }
    bool is_whole = !csv_scanner_gave_up(parts.scanner) && !parts.has_nul;
    csv_scanner_free(parts.scanner);
    return is_whole;
}

enum line_end csv_line_end(struct source *source, const struct csv_dialect *dialect)
{
    struct slice text = source_text(source);
    struct csv_scanner *scanner = csv_scanner_new(text, dialect);
    struct csv_batch batch;
    csv_batch_init(&batch);
    enum line_end found = LINE_END_NONE;
    while (found != LINE_END_MIXED && csv_scan_batch(scanner, &batch)) {
        for (ptrdiff_t i = 0; i < batch.row_count && batch.rows[i].end < text.length; i++) {
            ptrdiff_t end = batch.rows[i].end;
            enum line_end own = text.data[end] == '\n'                      ? LINE_END_LF
                                : csv_behind_line_end(text, end) == end + 2 ? LINE_END_CRLF
                                                                            : LINE_END_CR;
            found = found == LINE_END_NONE || found == own ? own : LINE_END_MIXED;
        }
    }
    csv_batch_release(&batch);
    csv_scanner_free(scanner);
    return found;
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
