/*
 * floors SITE FOLDER: what libraries alone take for the two largest downloads of the cases: their
 * cells written with libxlsxwriter, and put into a database with sqlite3, the words and pairs of
 * its full text being ready. Who makes these files with these libraries needs that long at least.
 * Prints a line each: name, seconds of the processor (one thread; median of the rounds).
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "bigrams.h"
#include "dataset.h"
#include "spreadsheet.h"
#include "sqlite_schema.h"

enum { ROUNDS = 3 };

struct floors {
    const struct dataset *cases;
    const char *folder;
    struct slice *cells;   /* row by row, with a NUL behind each; data NULL: none */
    struct slice *bigrams; /* one a row */
    struct buffer searched;
    struct arena arena;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void keep_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    struct floors *floors = context;
    int columns = floors->cases->column_count;
    buffer_clear(&floors->searched);
    for (int i = 0; i < columns; i++) {
        const struct dataset_column *column = &floors->cases->columns[i];
        bool is_text = column->type == COLUMN_STRING || column->type == COLUMN_LIST;
        if (cells[i].length > 0) {
            struct slice text = is_text ? spreadsheet_cell(column, cells[i]).text : cells[i];
            floors->cells[row * columns + i] =
                slice_make(arena_string(&floors->arena, text), text.length);
        }
        if (is_text && column->codelist == NULL) {
            bigrams_append(&floors->searched, cells[i]);
        }
    }
    floors->bigrams[row] = arena_copy(&floors->arena, buffer_slice(&floors->searched));
}

/* Without memory for a row's end, as long tables are written: the quicker way. */
static void write_workbook(const struct floors *floors, const char *path)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "data");
    int columns = floors->cases->column_count;
    for (ptrdiff_t i = 0; i < floors->cases->row_count * columns; i++) {
        if (floors->cells[i].data != NULL) {
            worksheet_write_string(sheet, (lxw_row_t)(i / columns), (lxw_col_t)(i % columns),
                                   floors->cells[i].data, NULL);
        }
    }
    if (workbook_close(book) != LXW_NO_ERROR) {
        exit(EXIT_FAILURE);
    }
}

static void expect(sqlite3 *database, int status)
{
    if (status != SQLITE_OK && status != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(database));
        exit(EXIT_FAILURE);
    }
}

static sqlite3_stmt *prepare(sqlite3 *database, struct slice table, int columns)
{
    struct buffer sql;
    buffer_init(&sql);
    sqlite_insert(table, columns, &sql);
    sqlite3_stmt *statement;
    expect(database, sqlite3_prepare_v2(database, sql.data, (int)sql.length, &statement, NULL));
    buffer_release(&sql);
    return statement;
}

static void insert(sqlite3 *database, sqlite3_stmt *statement, const struct slice *cells, int count)
{
    for (int i = 0; i < count; i++) {
        expect(database, sqlite3_bind_text(statement, i + 1, cells[i].data, (int)cells[i].length,
                                           SQLITE_STATIC));
    }
    expect(database, sqlite3_step(statement));
    expect(database, sqlite3_reset(statement));
}

static void write_database(const struct floors *floors, const char *path)
{
    sqlite3 *database;
    struct buffer sql;
    buffer_init(&sql);
    buffer_append_literal(&sql,
                          "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                          "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; BEGIN;"
                          "CREATE VIRTUAL TABLE search USING fts5("
                          "bigrams, content = '', tokenize = 'ascii'); CREATE TABLE cases (");
    int columns = floors->cases->column_count;
    for (int i = 0; i < columns; i++) {
        buffer_append_literal(&sql, "\"");
        buffer_append(&sql, floors->cases->columns[i].name);
        buffer_append(&sql, i + 1 < columns ? SLICE("\" TEXT, ") : SLICE("\" TEXT) STRICT"));
    }
    buffer_append_byte(&sql, '\0');
    expect(NULL, sqlite3_open(path, &database));
    expect(database, sqlite3_exec(database, sql.data, NULL, NULL, NULL));
    sqlite3_stmt *row = prepare(database, SLICE("cases"), columns);
    sqlite3_stmt *search = prepare(database, SLICE("search"), 1);
    for (ptrdiff_t i = 0; i < floors->cases->row_count; i++) {
        insert(database, row, &floors->cells[i * columns], columns);
        insert(database, search, &floors->bigrams[i], 1);
    }
    sqlite3_finalize(row);
    sqlite3_finalize(search);
    expect(database, sqlite3_exec(database, "COMMIT", NULL, NULL, NULL));
    sqlite3_close(database);
    buffer_release(&sql);
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static void measure(const struct floors *floors, const char *name,
                    void (*job)(const struct floors *, const char *path))
{
    double seconds[ROUNDS];
    char path[4096];
    snprintf(path, sizeof path, "%s/floor.%s", floors->folder, name);
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        job(floors, path);
        seconds[round] = now() - start;
        unlink(path);
    }
    qsort(seconds, ROUNDS, sizeof *seconds, compare);
    printf("%s %.4f\n", name, seconds[ROUNDS / 2]);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: floors SITE FOLDER\n");
        return EXIT_FAILURE;
    }
    struct floors floors = {.folder = argv[2]};
    arena_init(&floors.arena, ARENA_DEFAULT_LIMIT);
    struct diag *diag = diag_new(0);
    struct pool *pool = pool_start(1);
    const struct slice folders[] = {SLICE("content"), SLICE("data"), SLICE("themes")};
    struct tree tree;
    struct site site = {0};
    if (!tree_open_disk(&tree, slice_of(argv[1]), folders, 3, NULL, &floors.arena, diag) ||
        !site_build(&site, &tree, &(struct site_options){0}, pool, diag)) {
        fprintf(stderr, "no site in %s\n", argv[1]);
        return EXIT_FAILURE;
    }
    floors.cases = dataset_of_cases(&site, &floors.arena);
    ptrdiff_t rows = floors.cases->row_count;
    floors.cells = ARENA_ARRAY(&floors.arena, struct slice, rows * floors.cases->column_count + 1);
    floors.bigrams = ARENA_ARRAY(&floors.arena, struct slice, rows + 1);
    dataset_rows(floors.cases, keep_row, &floors);
    measure(&floors, "xlsx", write_workbook);
    measure(&floors, "sqlite", write_database);
    site_release(&site, NULL);
    tree_close(&tree);
    pool_stop(pool);
    diag_free(diag);
    buffer_release(&floors.searched);
    arena_release(&floors.arena);
    return EXIT_SUCCESS;
}
