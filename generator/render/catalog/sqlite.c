/*
 * kyodo.sqlite: every dataset in one database. It is made in one transaction, with a fixed size of
 * pages, and no clock is asked, so the same SQLite makes the same bytes. Of all files it is the
 * largest, so it is made in a temporary one; where there is no folder for that, or too little room,
 * in memory.
 */
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bigrams.h"
#include "catalog_files.h"
#include "sqlite_schema.h"

struct temporary {
    int descriptor; /* -1: none, all is in memory */
    bool has_failed;
};

struct database {
    sqlite3 *connection;
    struct temporary *temporary;
    const struct site *site;
    struct arena *scratch;
    bool has_search;      /* rows are found by full text */
    sqlite3_stmt *record; /* INSERT INTO kyodo_records */
    sqlite3_stmt *search; /* INSERT INTO kyodo_search */
    int64_t record_count;
    struct buffer bigrams;
};

/* All of it is made by us: what fails is the temporary file, from where on nothing matters, memory,
 * or a mistake of ours. */
static void expect(const struct database *database, int status)
{
    struct temporary *temporary = database->temporary;
    if (temporary->descriptor >= 0 &&
        (status == SQLITE_FULL || status == SQLITE_IOERR || status == SQLITE_CANTOPEN)) {
        temporary->has_failed = true;
    }
    if (temporary->has_failed) {
        return;
    }
    if (status == SQLITE_NOMEM || status == SQLITE_FULL || status == SQLITE_TOOBIG) {
        memory_exhausted(sqlite3_memory_used());
    }
    if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW) {
        BUG(sqlite3_errmsg(database->connection));
    }
}

static void run(const struct database *database, const char *sql)
{
    expect(database, sqlite3_exec(database->connection, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *prepare(const struct database *database, struct slice sql)
{
    sqlite3_stmt *statement = NULL;
    expect(database,
           sqlite3_prepare_v2(database->connection, sql.data, (int)sql.length, &statement, NULL));
    return statement;
}

/* ---- Values ---- */

static void bind_text(sqlite3_stmt *statement, int at, struct slice text)
{
    if (text.data == NULL) {
        sqlite3_bind_null(statement, at);
    } else {
        sqlite3_bind_text64(statement, at, text.data, (sqlite3_uint64)text.length, SQLITE_STATIC,
                            SQLITE_UTF8);
    }
}

static void bind_some(sqlite3_stmt *statement, int at, struct slice text)
{
    bind_text(statement, at, text.length > 0 ? text : (struct slice){0});
}

static void bind_number(sqlite3_stmt *statement, int at, struct slice text)
{
    double number = 0;
    if (slice_to_number(text, &number)) {
        sqlite3_bind_double(statement, at, number);
    } else if (slice_equal(text, SLICE("INF")) || slice_equal(text, SLICE("-INF"))) {
        sqlite3_bind_double(statement, at, text.length == 3 ? INFINITY : -INFINITY);
    } else {
        sqlite3_bind_null(statement, at); /* NaN, which SQLite takes for NULL as well */
    }
}

static void bind_cell(sqlite3_stmt *statement, int at, enum column_type type, struct slice cell)
{
    int64_t integer;
    if (cell.data == NULL) {
        sqlite3_bind_null(statement, at);
    } else if (type == COLUMN_BOOLEAN) {
        sqlite3_bind_int(statement, at, slice_equal(cell, SLICE("true")) ? 1 : 0);
    } else if (type == COLUMN_NUMBER) {
        bind_number(statement, at, cell);
    } else if ((type == COLUMN_INTEGER || type == COLUMN_YEAR) &&
               slice_to_integer(cell, &integer)) {
        sqlite3_bind_int64(statement, at, integer);
    } else {
        bind_text(statement, at, cell);
    }
}

/* ---- A dataset ---- */

struct filling {
    struct database *database;
    const struct dataset *dataset;
    sqlite3_stmt *insert;
    bool *is_wide;
    int key;
    int title;
};

static void note_wide(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    struct filling *filling = context;
    for (int i = 0; i < filling->dataset->column_count; i++) {
        enum column_type type = filling->dataset->columns[i].type;
        int64_t integer;
        if ((type == COLUMN_INTEGER || type == COLUMN_YEAR) && cells[i].data != NULL &&
            !slice_to_integer(cells[i], &integer)) {
            filling->is_wide[i] = true;
        }
    }
}

static bool has_integers(const struct dataset *dataset)
{
    for (int i = 0; i < dataset->column_count; i++) {
        if (dataset->columns[i].type == COLUMN_INTEGER || dataset->columns[i].type == COLUMN_YEAR) {
            return true;
        }
    }
    return false;
}

static bool is_searched(const struct dataset_column *column)
{
    return (column->type == COLUMN_STRING || column->type == COLUMN_LIST) &&
           column->codelist == NULL;
}

/* The row among those that full text finds. */
static void add_record(const struct filling *filling, const struct slice *cells)
{
    struct database *database = filling->database;
    buffer_clear(&database->bigrams);
    for (int i = 0; i < filling->dataset->column_count; i++) {
        if (is_searched(&filling->dataset->columns[i])) {
            bigrams_append(&database->bigrams, cells[i]);
        }
    }
    database->record_count++;
    sqlite3_bind_int64(database->record, 1, database->record_count);
    bind_text(database->record, 2, filling->dataset->name);
    bind_text(database->record, 3, filling->key >= 0 ? cells[filling->key] : (struct slice){0});
    bind_text(database->record, 4, filling->title >= 0 ? cells[filling->title] : (struct slice){0});
    expect(database, sqlite3_step(database->record));
    expect(database, sqlite3_reset(database->record));
    sqlite3_bind_int64(database->search, 1, database->record_count);
    bind_text(database->search, 2, buffer_slice(&database->bigrams));
    expect(database, sqlite3_step(database->search));
    expect(database, sqlite3_reset(database->search));
}

static void insert_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    const struct filling *filling = context;
    for (int i = 0; i < filling->dataset->column_count; i++) {
        bind_cell(filling->insert, i + 1, filling->dataset->columns[i].type, cells[i]);
    }
    expect(filling->database, sqlite3_step(filling->insert));
    expect(filling->database, sqlite3_reset(filling->insert));
    bool is_codelist = filling->dataset->table != NULL && filling->dataset->table->is_codelist;
    if (filling->database->has_search && !is_codelist) {
        add_record(filling, cells);
    }
}

static void fill_table(struct database *database, const struct dataset *dataset)
{
    struct filling filling = {.database = database,
                              .dataset = dataset,
                              .is_wide =
                                  ARENA_ARRAY(database->scratch, bool, dataset->column_count + 1),
                              .key = dataset_key(dataset),
                              .title = dataset_title(dataset)};
    if (has_integers(dataset)) {
        dataset_rows(dataset, note_wide, &filling);
    }
    struct buffer sql;
    buffer_init(&sql);
    sqlite_table(dataset, filling.is_wide, &sql);
    buffer_append_byte(&sql, '\0');
    run(database, sql.data);
    buffer_clear(&sql);
    sqlite_insert(dataset->name, dataset->column_count, &sql);
    filling.insert = prepare(database, buffer_slice(&sql));
    dataset_rows(dataset, insert_row, &filling);
    sqlite3_finalize(filling.insert);
    buffer_release(&sql);
}

/* ---- What the tables are ---- */

static void bind_words(const struct database *database, sqlite3_stmt *statement, int *at,
                       const struct slice *words)
{
    for (int i = 0; i < database->site->language_count; i++) {
        bind_some(statement, (*at)++, words[i]);
    }
}

static void describe_columns(const struct database *database, const struct dataset *dataset,
                             sqlite3_stmt *insert)
{
    for (int i = 0; i < dataset->column_count; i++) {
        const struct dataset_column *column = &dataset->columns[i];
        bool is_list = column->type == COLUMN_LIST;
        int at = 1;
        bind_text(insert, at++, dataset->name);
        sqlite3_bind_int(insert, at++, i + 1);
        bind_text(insert, at++, column->name);
        bind_text(insert, at++, dataset_type_name(column->type));
        sqlite3_bind_int(insert, at++, column->is_required ? 1 : 0);
        bind_text(insert, at++,
                  column->codelist != NULL ? column->codelist->name : (struct slice){0});
        bind_text(insert, at++, is_list ? slice_make(&column->delimiter, 1) : (struct slice){0});
        bind_words(database, insert, &at, column->labels);
        bind_words(database, insert, &at, column->descriptions);
        bind_words(database, insert, &at, column->unit);
        expect(database, sqlite3_step(insert));
        expect(database, sqlite3_reset(insert));
    }
}

static void describe_dataset(const struct database *database, const struct dataset *dataset,
                             sqlite3_stmt *insert)
{
    const struct record *licence = record_group(database->site->config, FIELD_site_licence);
    bool is_codelist = dataset->table != NULL && dataset->table->is_codelist;
    int at = 1;
    bind_text(insert, at++, dataset->name);
    bind_text(insert, at++, is_codelist ? SLICE("codelist") : SLICE("register"));
    sqlite3_bind_int64(insert, at++, dataset->row_count);
    bind_some(insert, at++, date_iso(database->scratch, dataset->updated));
    bind_some(insert, at++, record_text(licence, FIELD_licence_url));
    bind_words(database, insert, &at, dataset->labels);
    bind_words(database, insert, &at, dataset->descriptions);
    expect(database, sqlite3_step(insert));
    expect(database, sqlite3_reset(insert));
}

static sqlite3_stmt *prepare_insert(const struct database *database, const char *table, int columns)
{
    struct buffer sql;
    buffer_init(&sql);
    sqlite_insert(slice_of(table), columns, &sql);
    sqlite3_stmt *statement = prepare(database, buffer_slice(&sql));
    buffer_release(&sql);
    return statement;
}

static void describe_all(const struct database *database, const struct dataset **datasets,
                         ptrdiff_t count)
{
    int languages = database->site->language_count;
    sqlite3_stmt *dataset = prepare_insert(database, "kyodo_datasets", 5 + 2 * languages);
    sqlite3_stmt *column = prepare_insert(database, "kyodo_columns", 7 + 3 * languages);
    for (ptrdiff_t i = 0; i < count; i++) {
        describe_dataset(database, datasets[i], dataset);
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        describe_columns(database, datasets[i], column);
    }
    sqlite3_finalize(dataset);
    sqlite3_finalize(column);
}

/* ---- The whole ---- */

/* A temporary file that nobody else sees, or memory. Its name is taken away once SQLite has it, so
 * nothing is left behind however the program ends. */
static void open_database(struct database *database, struct slice folder)
{
    const char *path = ":memory:";
    if (folder.length > 0) {
        char *pattern = (char *)arena_string(
            database->scratch, ARENA_JOIN(database->scratch, folder, SLICE("/kyodo-XXXXXX")));
        database->temporary->descriptor = mkstemp(pattern);
        path = database->temporary->descriptor >= 0 ? pattern : path;
    }
    int status =
        sqlite3_open_v2(path, &database->connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (database->temporary->descriptor >= 0) {
        fcntl(database->temporary->descriptor, F_SETFD, FD_CLOEXEC);
        unlink(path);
    }
    if (database->connection == NULL) {
        memory_exhausted(0);
    }
    expect(database, status);
}

static void begin(struct database *database, struct slice folder)
{
    open_database(database, folder);
    run(database,
        "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF;"
        "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384;"
        "PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; BEGIN;");
    struct buffer sql;
    buffer_init(&sql);
    sqlite_own_tables(database->site, &sql);
    buffer_append_byte(&sql, '\0');
    run(database, sql.data);
    buffer_release(&sql);
    /* The index is merged less often when more of it is kept before it is written. */
    run(database, "INSERT INTO kyodo_search (kyodo_search, rank) VALUES ('hashsize', 16777216)");
    database->record = prepare_insert(database, "kyodo_records", 4);
    database->search =
        prepare(database, SLICE("INSERT INTO kyodo_search (rowid, bigrams) VALUES (?, ?)"));
}

static void take_memory(const struct database *database, struct buffer *out)
{
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(database->connection, "main", &size, 0);
    if (bytes == NULL) {
        memory_exhausted((ptrdiff_t)size);
    }
    buffer_append(out, slice_make((const char *)bytes, (ptrdiff_t)size));
    sqlite3_free(bytes);
}

static void take_file(struct temporary *temporary, struct buffer *out)
{
    struct stat status;
    if (fstat(temporary->descriptor, &status) != 0) {
        temporary->has_failed = true;
        return;
    }
    ptrdiff_t start = out->length;
    ptrdiff_t end = start + (ptrdiff_t)status.st_size;
    while (out->length < end) {
        int64_t part = end - out->length < BUFFER_RESIDENT ? end - out->length : BUFFER_RESIDENT;
        char *bytes = buffer_reserve(out, (ptrdiff_t)part);
        if (file_read_up_to(temporary->descriptor, bytes, part) != part) {
            out->length = start;
            temporary->has_failed = true;
            return;
        }
        out->length += (ptrdiff_t)part;
    }
    /* In a file SQLite counts transactions and notes its own version, in memory it does not: the
     * bytes shall not depend on where they were made. */
    memset(out->data + start + 24, 0, 4);
    memset(out->data + start + 92, 0, 8);
}

static void end(struct database *database, struct buffer *out)
{
    struct temporary *temporary = database->temporary;
    sqlite3_finalize(database->record);
    sqlite3_finalize(database->search);
    run(database, "COMMIT");
    if (temporary->descriptor < 0) {
        take_memory(database, out);
    }
    sqlite3_close(database->connection);
    if (temporary->descriptor >= 0 && !temporary->has_failed) {
        take_file(temporary, out);
    }
    if (temporary->descriptor >= 0) {
        close(temporary->descriptor);
    }
    buffer_release(&database->bigrams);
}

/* False when the folder has too little room for a temporary file, or can't be written. */
static bool write_in(const struct render *render, struct arena *scratch, bool has_search,
                     struct slice folder, struct buffer *out)
{
    struct temporary temporary = {.descriptor = -1};
    struct database database = {.temporary = &temporary,
                                .site = render->site,
                                .scratch = scratch,
                                .has_search = has_search};
    ptrdiff_t count;
    const struct dataset **datasets = datasets_of_site(render, scratch, &count);
    begin(&database, folder);
    describe_all(&database, datasets, count);
    for (ptrdiff_t i = 0; i < count && !temporary.has_failed; i++) {
        fill_table(&database, datasets[i]);
    }
    end(&database, out);
    return !temporary.has_failed;
}

void sqlite_write(const struct render *render, struct arena *scratch, bool has_search,
                  struct buffer *out)
{
    if (!write_in(render, scratch, has_search, render->options.temporary, out)) {
        write_in(render, scratch, has_search, SLICE(""), out);
    }
}

bool catalog_sqlite(const struct render *render, struct render_worker *worker, struct buffer *out,
                    struct diag *diag)
{
    (void)diag;
    sqlite_write(render, &worker->scratch, true, out);
    return true;
}
