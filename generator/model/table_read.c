#include "table_looks.h"

#include <stdlib.h>

/*
 * A register's CSV: header, then the records in parts, which the threads of the pool read as they
 * get to them; then all parts are put together in the order of the file, and the keys are looked
 * at. Whatever is wrong is a finding, and reading goes on.
 */

/* What stays of a part. Values live in the arena of the thread that read it. */
struct table_part {
    struct table_part *next; /* of the same thread */
    int64_t order;
    ptrdiff_t row_count, capacity;
    ptrdiff_t first_row; /* in the table, once that is known */
    struct span *spans;
    int64_t *numbers;
    struct slice *cells; /* of the columns that are kept, one column after the other */
    struct original_cell *originals;
    ptrdiff_t original_count, original_capacity;
    bool lacks_rows;
};

/* A thread's own. */
struct part_reader {
    struct row_reader row;
    struct arena scratch;
    struct arena *kept;
    struct cell_memory **memories;
    struct slice *values;
    struct table_part *parts;
    struct table_looks *looks; /* NULL: the table is described */
};

struct table_reading {
    struct table_reader reader;
    struct part_reader *threads;
    int thread_count;
    int *kept; /* columns whose values stay */
    int kept_count;
};

/* ---- Which values stay ---- */

static void *allocate(ptrdiff_t size, ptrdiff_t count)
{
    ptrdiff_t bytes;
    void *memory = NULL;
    if (!__builtin_mul_overflow(size, count, &bytes)) {
        memory = malloc((size_t)bytes + 1);
    }
    if (memory == NULL) {
        memory_exhausted(size);
    }
    return memory;
}

/* A site's pages and files show every column. A package that is only checked needs what keys and
 * references are made of. */
static bool is_needed(const struct table_reading *reading, int index)
{
    const struct table *table = reading->reader.table;
    const struct table_plan *plan = reading->reader.plan;
    if (!reading->reader.site->is_package || table->is_codelist ||
        table->columns[index].is_referred_to ||
        node_get(table->columns[index].descriptor, "kyodo:codelist") != NULL ||
        node_get(table->columns[index].descriptor, "kyodo:references") != NULL) {
        return true;
    }
    for (ptrdiff_t i = 0; i < plan->key_count; i++) {
        for (int k = 0; k < plan->keys[i].count; k++) {
            if (plan->keys[i].columns[k] == index) {
                return true;
            }
        }
    }
    return false;
}

static void choose_kept(struct table_reading *reading)
{
    const struct table *table = reading->reader.table;
    reading->kept = ARENA_ARRAY(reading->reader.arena, int, table->column_count);
    for (int i = 0; i < table->column_count; i++) {
        if (is_needed(reading, i)) {
            reading->kept[reading->kept_count++] = i;
        }
    }
}

/* ---- Threads ---- */

static void start_threads(struct table_reading *reading)
{
    const struct table_reader *reader = &reading->reader;
    const struct site *site = reader->site;
    ptrdiff_t columns = reader->table->column_count;
    reading->thread_count = reader->pool != NULL ? pool_threads(reader->pool) : 1;
    reading->threads = ARENA_ARRAY(reader->arena, struct part_reader, reading->thread_count);
    for (int i = 0; i < reading->thread_count; i++) {
        struct part_reader *thread = &reading->threads[i];
        arena_init(&thread->scratch, ARENA_DEFAULT_LIMIT);
        thread->kept = site->worker_count > i ? &site->worker_arenas[i] : reader->arena;
        thread->values = ARENA_ARRAY(reader->arena, struct slice, columns);
        thread->memories = ARENA_ARRAY(reader->arena, struct cell_memory *, columns);
        for (ptrdiff_t c = 0; c < columns; c++) {
            thread->memories[c] =
                arena_allocate(reader->arena, cell_memory_size(), _Alignof(int64_t), 1);
        }
        thread->row = (struct row_reader){
            .table = reader, .arena = &thread->scratch, .memories = thread->memories};
        thread->looks = reader->plan->has_schema ? NULL : looks_new(reader, thread->kept);
    }
}

static void stop_threads(const struct table_reading *reading)
{
    for (int i = 0; i < reading->thread_count; i++) {
        arena_release(&reading->threads[i].scratch);
    }
}

/* ---- One part ---- */

static struct table_part *new_part(const struct table_reading *reading, struct part_reader *thread,
                                   const struct csv_part *from)
{
    struct table_part *part = allocate((ptrdiff_t)sizeof(*part), 1);
    *part = (struct table_part){
        .next = thread->parts, .order = from->order, .capacity = from->row_count};
    part->spans = allocate((ptrdiff_t)sizeof(*part->spans), from->row_count);
    part->numbers = allocate((ptrdiff_t)sizeof(*part->numbers), from->row_count);
    part->cells = allocate((ptrdiff_t)sizeof(*part->cells), from->row_count * reading->kept_count);
    thread->parts = part;
    return part;
}

static void free_part(struct table_part *part)
{
    free(part->originals);
    free(part->cells);
    free(part->numbers);
    free(part->spans);
    free(part);
}

static void keep_original(struct table_part *part, int column, struct slice text)
{
    if (part->original_count == part->original_capacity) {
        ptrdiff_t capacity = part->original_capacity == 0 ? 64 : part->original_capacity * 2;
        struct original_cell *grown = allocate((ptrdiff_t)sizeof(*grown), capacity);
        if (part->original_count > 0) {
            memcpy(grown, part->originals, (size_t)part->original_count * sizeof(*grown));
        }
        free(part->originals);
        part->originals = grown;
        part->original_capacity = capacity;
    }
    part->originals[part->original_count++] =
        (struct original_cell){.row = part->row_count, .column = column, .text = text};
}

/* The values that stay, in one piece of memory, and beside them what was written where that is
 * something else. */
static void keep_row(const struct table_reading *reading, struct part_reader *thread,
                     struct table_part *part, const struct csv_row *record)
{
    const struct table *table = reading->reader.table;
    ptrdiff_t length = 0;
    for (int k = 0; k < reading->kept_count; k++) {
        length += thread->values[reading->kept[k]].length;
    }
    char *at = arena_allocate(thread->kept, 1, 1, length + 1);
    for (int k = 0; k < reading->kept_count; k++) {
        int column = reading->kept[k];
        struct slice value = thread->values[column];
        struct slice *out = &part->cells[k * part->capacity + part->row_count];
        *out = (struct slice){value.data != NULL ? at : NULL, value.length};
        if (value.length > 0 && value.data != NULL) {
            memcpy(at, value.data, (size_t)value.length);
            at += value.length;
        }
        int field = table->columns[column].field;
        if (value.data != NULL && value.data != record->fields[field].data) {
            keep_original(part, column, arena_copy(thread->kept, record->fields[field]));
        }
    }
}

static void read_record(struct table_reading *reading, struct part_reader *thread,
                        struct table_part *part, const struct csv_row *record)
{
    const struct table_reader *reader = &reading->reader;
    if (!row_read(&thread->row, record, thread->values)) {
        part->lacks_rows = true;
        return;
    }
    keep_row(reading, thread, part, record);
    part->spans[part->row_count] = span_make(reader->table->source, record->start, record->end);
    part->numbers[part->row_count++] = record->row_number;
}

/* Most records begin with a letter or a digit, which is seen at once. */
static bool is_blank_record(const struct csv_row *row)
{
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        struct slice field = row->fields[i];
        bool is_seen = field.length > 0 && field.data[0] > ' ' && field.data[0] <= '~';
        if (is_seen || slice_trim_wide(field).length > 0) {
            return false;
        }
    }
    return true;
}

static enum csv_next on_part(void *context, const struct csv_part *from, int worker)
{
    struct table_reading *reading = context;
    struct table_reader *reader = &reading->reader;
    struct table_part *part = NULL;
    for (ptrdiff_t i = 0; i < from->row_count; i++) {
        const struct csv_row *record = &from->rows[i];
        if (!record->is_broken) {
            table_mask_current(reader->mask, record->start, record->end);
        }
        if (table_is_comment(reader, record)) {
            continue;
        }
        if (record->is_blank || is_blank_record(record)) {
            table_report_blank(reader, record);
            continue;
        }
        if (table_is_title(reader, record, from->row_count - i)) {
            continue;
        }
        if (!reader->is_header_read) {
            table_read_header(reader, record);
            if (reader->is_hopeless) {
                return CSV_STOP;
            }
            if (reader->plan->has_header) {
                continue;
            }
        }
        if (reading->threads == NULL) {
            choose_kept(reading);
            start_threads(reading);
        }
        struct part_reader *thread = &reading->threads[worker];
        part = part != NULL ? part : new_part(reading, thread, from);
        part->lacks_rows = part->lacks_rows || record->is_broken;
        if (!record->is_broken) {
            thread->row.place = (struct record_place){.table = reader->table,
                                                      .row_number = record->row_number,
                                                      .start = record->start,
                                                      .end = record->end};
            if (thread->looks != NULL) {
                looks_at(thread->looks, &thread->row, record,
                         i > 0 && (record[-1].is_blank || is_blank_record(&record[-1])));
            }
            read_record(reading, thread, part, record);
        }
    }
    if (part != NULL) {
        arena_clear(&reading->threads[worker].scratch);
    }
    return reading->threads != NULL ? CSV_ANY_ORDER : CSV_IN_ORDER;
}

/* ---- All parts together ---- */

static void report_looks(const struct table_reading *reading)
{
    const struct table_reader *reader = &reading->reader;
    if (reader->plan->has_schema) {
        return;
    }
    struct table_looks **all =
        ARENA_ARRAY(reader->arena, struct table_looks *, reading->thread_count);
    for (int i = 0; i < reading->thread_count; i++) {
        all[i] = reading->threads[i].looks;
    }
    looks_report(reader, all, reading->thread_count);
}

static int compare_parts(const void *a, const void *b)
{
    const struct table_part *const *left = a;
    const struct table_part *const *right = b;
    return ((*left)->order > (*right)->order) - ((*left)->order < (*right)->order);
}

struct joining {
    const struct table_reading *reading;
    struct table_part **parts;
};

static void join_part(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    const struct joining *joining = context;
    struct table_part *part = joining->parts[index];
    const struct table *table = joining->reading->reader.table;
    size_t rows = (size_t)part->row_count;
    memcpy(table->row_spans + part->first_row, part->spans, rows * sizeof(*part->spans));
    memcpy(table->row_numbers + part->first_row, part->numbers, rows * sizeof(*part->numbers));
    for (int k = 0; k < joining->reading->kept_count; k++) {
        memcpy(table->columns[joining->reading->kept[k]].cells + part->first_row,
               part->cells + k * part->capacity, rows * sizeof(*part->cells));
    }
}

static void join_originals(struct table *table, struct table_part **parts, ptrdiff_t count,
                           struct arena *arena)
{
    ptrdiff_t total = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        total += parts[i]->original_count;
    }
    table->originals = ARENA_ARRAY(arena, struct original_cell, total);
    for (ptrdiff_t i = 0; i < count; i++) {
        for (ptrdiff_t k = 0; k < parts[i]->original_count; k++) {
            struct original_cell *cell = &table->originals[table->original_count++];
            *cell = parts[i]->originals[k];
            cell->row += parts[i]->first_row;
        }
    }
}

static void join_parts(struct table_reading *reading)
{
    struct table *table = reading->reader.table;
    struct arena *arena = reading->reader.arena;
    ptrdiff_t count = 0;
    for (int i = 0; i < reading->thread_count; i++) {
        for (struct table_part *part = reading->threads[i].parts; part != NULL; part = part->next) {
            count++;
        }
    }
    struct table_part **parts = allocate((ptrdiff_t)sizeof(struct table_part *), count);
    ptrdiff_t at = 0;
    for (int i = 0; i < reading->thread_count; i++) {
        for (struct table_part *part = reading->threads[i].parts; part != NULL; part = part->next) {
            parts[at++] = part;
        }
    }
    qsort(parts, (size_t)count, sizeof(struct table_part *), compare_parts);
    for (ptrdiff_t i = 0; i < count; i++) {
        parts[i]->first_row = table->row_count;
        table->row_count += parts[i]->row_count;
        table->lacks_rows = table->lacks_rows || parts[i]->lacks_rows;
    }
    table->row_spans = ARENA_ARRAY(arena, struct span, table->row_count);
    table->row_numbers = ARENA_ARRAY(arena, int64_t, table->row_count);
    for (int k = 0; k < reading->kept_count; k++) {
        table->columns[reading->kept[k]].cells = ARENA_ARRAY(arena, struct slice, table->row_count);
    }
    pool_run(reading->reader.pool, count, join_part,
             &(struct joining){.reading = reading, .parts = parts});
    join_originals(table, parts, count, arena);
    for (ptrdiff_t i = 0; i < count; i++) {
        free_part(parts[i]);
    }
    free(parts);
}

/* ---- The whole of it ---- */

void table_read(struct site *site, struct table_plan *plan, struct pool *pool, struct diag *diag)
{
    struct table *table = plan->table;
    struct decoding decoding;
    table->source = table_open(site, plan, pool, &decoding, diag);
    if (table->source == NULL) {
        return;
    }
    struct table_reading reading = {
        .reader = {
            .site = site, .arena = &site->arena, .diag = diag, .plan = plan, .table = table}};
    struct table_reader *reader = &reading.reader;
    table_check_file(reader, &decoding);
    reader->mask = table_mask_set(table, reader->arena);
    /* What an excerpt may show of a record with private cells depends on which one is read. */
    reader->pool = reader->mask == NULL ? pool : NULL;
    if (!plan->has_header && plan->has_schema) {
        table_assume_header(reader);
    }
    (void)csv_read_parts(table->source, &table->dialect, table->name, reader->pool, on_part,
                         &reading, diag);
    if (!reader->is_header_read) {
        cell_report(diag, &(struct cell_report){.code = CODE_csv_no_header,
                                                .place = {.table = table},
                                                .field = -1,
                                                .arguments = {wording_of(table->path)}});
    }
    table->is_read = reader->is_header_read && !reader->is_hopeless;
    table_mask_current(reader->mask, 0, 0);
    if (reading.threads != NULL) {
        join_parts(&reading);
        report_looks(&reading);
        stop_threads(&reading);
    }
    if (table->is_read) {
        table_check_counts(reader);
    }
    table_check_keys(reader);
}
