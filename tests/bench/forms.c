/*
 * forms SITE REGISTER CSV FOLDER: what it costs to write a register in the forms that it is
 * published in. Reads the site once, then makes each form of the register and writes it to FOLDER,
 * and does beside it what libraries alone would: read the source CSV with libcsv, write the same
 * cells with libxlsxwriter. kyodo.sqlite is made without its full text.
 * Prints a line each: name, seconds of the processor (one thread; median of the rounds), bytes.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <xlsxwriter.h>

#include "catalog_files.h"
#include "dataset.h"
#include "spreadsheet.h"

enum { ROUNDS = 5 };

struct bench {
    const struct render *render;
    const struct dataset *dataset;
    const char *source;
    const char *folder;
    struct diag *diag;
    struct buffer out;
    struct bare_cell *cells; /* of the dataset, row by row */
    ptrdiff_t cell_count;
    struct arena arena;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void write_out(const struct bench *bench, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    FILE *file = fopen(path, "wb");
    size_t length = (size_t)bench->out.length;
    if (file == NULL || fwrite(bench->out.data, 1, length, file) != length || fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

/* ---- kyodo ---- */

static void make_form(struct bench *bench, int form)
{
    struct render_worker *worker = &bench->render->workers[0];
    buffer_clear(&bench->out);
    if (!dataset_form((enum dataset_form_id)form)
             ->make(bench->render, bench->dataset, worker, &bench->out, bench->diag)) {
        exit(EXIT_FAILURE);
    }
    arena_clear(&worker->scratch);
    buffer_clear(&worker->buffer);
    write_out(bench, "form");
}

static void make_sqlite(struct bench *bench, int unused)
{
    (void)unused;
    struct render_worker *worker = &bench->render->workers[0];
    buffer_clear(&bench->out);
    sqlite_write(bench->render, &worker->scratch, false, &bench->out);
    arena_clear(&worker->scratch);
    write_out(bench, "kyodo.sqlite");
}

/* ---- Libraries alone ---- */

static void count(void *value, size_t length, void *context)
{
    (void)value;
    (void)length;
    ++*(long *)context;
}

static void count_row(int end, void *context)
{
    (void)end;
    ++*(long *)context;
}

static void read_csv(struct bench *bench, int unused)
{
    (void)unused;
    static char block[1 << 16];
    struct csv_parser parser;
    long seen = 0;
    FILE *file = fopen(bench->source, "rb");
    if (file == NULL || csv_init(&parser, CSV_STRICT) != 0) {
        perror(bench->source);
        exit(EXIT_FAILURE);
    }
    size_t length;
    while ((length = fread(block, 1, sizeof block, file)) > 0) {
        csv_parse(&parser, block, length, count, count_row, &seen);
    }
    csv_fini(&parser, count, count_row, &seen);
    csv_free(&parser);
    fclose(file);
}

struct bare_cell {
    enum spreadsheet_kind kind;
    double number;
    const char *text;
};

static void keep_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    struct bench *bench = context;
    for (int i = 0; i < bench->dataset->column_count; i++) {
        struct spreadsheet_cell cell = spreadsheet_cell(&bench->dataset->columns[i], cells[i]);
        bench->cells[bench->cell_count++] =
            (struct bare_cell){cell.kind, cell.number, arena_string(&bench->arena, cell.text)};
    }
}

/* As libxlsxwriter's own examples do it; its memory for temporary files is ours here as well. */
static void write_workbook(struct bench *bench, int unused)
{
    (void)unused;
    char path[4096];
    snprintf(path, sizeof path, "%s/bare.xlsx", bench->folder);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "data");
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "yyyy-mm-dd");
    int columns = bench->dataset->column_count;
    for (ptrdiff_t i = 0; i < bench->cell_count; i++) {
        const struct bare_cell *cell = &bench->cells[i];
        lxw_row_t row = (lxw_row_t)(i / columns);
        lxw_col_t column = (lxw_col_t)(i % columns);
        if (cell->kind == SPREADSHEET_TEXT_CELL) {
            worksheet_write_string(sheet, row, column, cell->text, NULL);
        } else if (cell->kind == SPREADSHEET_BOOLEAN) {
            worksheet_write_boolean(sheet, row, column, cell->number != 0, NULL);
        } else if (cell->kind != SPREADSHEET_EMPTY) {
            worksheet_write_number(sheet, row, column, cell->number,
                                   cell->kind == SPREADSHEET_NUMBER ? NULL : date);
        }
    }
    if (workbook_close(book) != LXW_NO_ERROR) {
        exit(EXIT_FAILURE);
    }
}

/* ---- Measuring ---- */

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

struct job {
    const char *name;
    void (*run)(struct bench *, int form);
    int form;
};

/* Round after round of all, so that what slows the machine for a while slows all alike. */
static void measure_all(struct bench *bench)
{
    static const struct job jobs[] = {{"libcsv", read_csv, 0},
                                      {"csv", make_form, DATASET_FORM_csv},
                                      {"excel_csv", make_form, DATASET_FORM_excel_csv},
                                      {"json", make_form, DATASET_FORM_json},
                                      {"ndjson", make_form, DATASET_FORM_ndjson},
                                      {"csvw", make_form, DATASET_FORM_csvw},
                                      {"zip", make_form, DATASET_FORM_zip},
                                      {"xlsx", make_form, DATASET_FORM_xlsx},
                                      {"sqlite", make_sqlite, 0},
                                      {"bare_xlsx", write_workbook, 0}};
    enum { JOBS = sizeof jobs / sizeof *jobs };
    double seconds[JOBS][ROUNDS];
    ptrdiff_t bytes[JOBS];
    ptrdiff_t most = bench->dataset->row_count * bench->dataset->column_count;
    bench->cells = ARENA_ARRAY(&bench->arena, struct bare_cell, most + 1);
    dataset_rows(bench->dataset, keep_row, bench);
    /* What an archive has of compression it shares with the CSV's .gz: it is on the shelf. */
    make_form(bench, DATASET_FORM_csv);
    make_form(bench, DATASET_FORM_zip);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < JOBS; i++) {
            buffer_clear(&bench->out);
            double start = now();
            jobs[i].run(bench, jobs[i].form);
            seconds[i][round] = now() - start;
            bytes[i] = bench->out.length;
        }
    }
    for (int i = 0; i < JOBS; i++) {
        qsort(seconds[i], ROUNDS, sizeof *seconds[i], compare);
        printf("%s %.4f %td\n", jobs[i].name, seconds[i][ROUNDS / 2], bytes[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: forms SITE REGISTER CSV FOLDER\n");
        return EXIT_FAILURE;
    }
    struct bench bench = {.source = argv[3], .folder = argv[4], .diag = diag_new(0)};
    arena_init(&bench.arena, ARENA_DEFAULT_LIMIT);
    struct pool *pool = pool_start(1);
    const struct slice folders[] = {SLICE("content"), SLICE("data"), SLICE("themes")};
    struct tree tree;
    struct site site = {0};
    const struct table *table = NULL;
    if (tree_open_disk(&tree, slice_of(argv[1]), folders, 3, NULL, &bench.arena, bench.diag) &&
        site_build(&site, &tree, &(struct site_options){0}, pool, bench.diag)) {
        table = site_table(&site, slice_of(argv[2]));
    }
    struct render *render =
        table == NULL
            ? NULL
            : render_open(&site, &(struct render_options){.everything = true}, 1, bench.diag);
    if (render == NULL) {
        fprintf(stderr, "no register %s in %s\n", argv[2], argv[1]);
        return EXIT_FAILURE;
    }
    datasets_make(render);
    bench.render = render;
    bench.dataset = dataset_of_table(&site, table, &bench.arena);
    measure_all(&bench);
    render_close(render);
    site_release(&site, NULL);
    tree_close(&tree);
    pool_stop(pool);
    diag_free(bench.diag);
    buffer_release(&bench.out);
    arena_release(&bench.arena);
    return EXIT_SUCCESS;
}
