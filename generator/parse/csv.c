/* CSV record by record. A large file is read by two threads: one makes batches, the caller's hands
 * them over. */
#include <pthread.h>
#include <stdlib.h>

#include "csv_batch.h"

/* From this many bytes on a second thread pays. */
#define LARGE ((ptrdiff_t)2 << 20)
/* Batches that may wait. */
#define QUEUE 4

struct delivery {
    struct source *source;
    struct diag *diag;
    csv_row_handler handler;
    void *context;
};

void csv_dialect_default(struct csv_dialect *dialect)
{
    *dialect = (struct csv_dialect){.delimiter = ',', .quote = '"'};
}

/* ---- Handing over ---- */

static void report_fault(const struct delivery *delivery, const struct csv_batch_fault *fault,
                         int64_t row_number)
{
    const struct csv_field *field = &fault->field;
    bool is_stray = field->fault == CSV_FAULT_STRAY;
    struct report report = {
        .code = is_stray ? CODE_csv_stray_quote : CODE_csv_unclosed_quote,
        .span = span_make(delivery->source, field->fault_at, field->fault_at + 1),
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

static void read_alone(struct csv_batcher *batcher, const struct delivery *delivery)
{
    struct csv_batch batch;
    csv_batch_init(&batch);
    while (csv_batch_next(batcher, &batch) && deliver(delivery, &batch)) {
    }
    csv_batch_release(&batch);
}

/* ---- Two threads ---- */

/* Batches go round: those in [taken, made) of the ring are full. Each thread touches only its own.
 */
struct ring {
    struct csv_batcher *batcher;
    struct csv_batch batches[QUEUE];
    pthread_mutex_t lock; /* over all that follows */
    pthread_cond_t changed;
    int64_t made, taken;
    bool is_finished; /* no more will be made */
    bool is_stopped;  /* no more are wanted */
};

static void *make_batches(void *context)
{
    struct ring *ring = context;
    pthread_mutex_lock(&ring->lock);
    while (!ring->is_finished) {
        while (ring->made - ring->taken == QUEUE && !ring->is_stopped) {
            pthread_cond_wait(&ring->changed, &ring->lock);
        }
        if (ring->is_stopped) {
            break;
        }
        struct csv_batch *batch = &ring->batches[ring->made % QUEUE];
        pthread_mutex_unlock(&ring->lock);
        bool is_made = csv_batch_next(ring->batcher, batch);
        pthread_mutex_lock(&ring->lock);
        ring->made += is_made;
        ring->is_finished = !is_made;
        pthread_cond_signal(&ring->changed);
    }
    pthread_mutex_unlock(&ring->lock);
    return NULL;
}

static void take_batches(struct ring *ring, const struct delivery *delivery)
{
    pthread_mutex_lock(&ring->lock);
    for (;;) {
        while (ring->made == ring->taken && !ring->is_finished) {
            pthread_cond_wait(&ring->changed, &ring->lock);
        }
        if (ring->made == ring->taken) {
            break;
        }
        const struct csv_batch *batch = &ring->batches[ring->taken % QUEUE];
        pthread_mutex_unlock(&ring->lock);
        bool is_wanted = deliver(delivery, batch);
        pthread_mutex_lock(&ring->lock);
        ring->taken++;
        ring->is_stopped = !is_wanted;
        pthread_cond_signal(&ring->changed);
        if (!is_wanted) {
            break;
        }
    }
    pthread_mutex_unlock(&ring->lock);
}

/* False when there is no second thread to be had; then nothing was read. */
static bool read_together(struct csv_batcher *batcher, const struct delivery *delivery)
{
    struct ring ring = {.batcher = batcher};
    for (int i = 0; i < QUEUE; i++) {
        csv_batch_init(&ring.batches[i]);
    }
    pthread_mutex_init(&ring.lock, NULL);
    pthread_cond_init(&ring.changed, NULL);
    pthread_t maker;
    bool is_started = pthread_create(&maker, NULL, make_batches, &ring) == 0;
    if (is_started) {
        take_batches(&ring, delivery);
        pthread_join(maker, NULL);
    }
    pthread_cond_destroy(&ring.changed);
    pthread_mutex_destroy(&ring.lock);
    for (int i = 0; i < QUEUE; i++) {
        csv_batch_release(&ring.batches[i]);
    }
    return is_started;
}

/* ---- The stage's face ---- */

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
    const struct delivery delivery = {
        .source = source, .diag = diag, .handler = handler, .context = context};
    struct csv_batcher *batcher = csv_batcher_new(text, dialect);
    if (text.length < LARGE || !read_together(batcher, &delivery)) {
        read_alone(batcher, &delivery);
    }
    bool is_whole = !csv_batcher_gave_up(batcher);
    csv_batcher_free(batcher);
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
