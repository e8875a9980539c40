/*
 * A workbook: `data` (the rows), `columns` (the dictionary), `codes` (what codes mean) and `source`
 * (where it is from, under which terms, and its history). One header row, one value a cell; texts
 * are texts, dates dates; no formulas, no merged or hidden cells, no meaning in looks (L1-10 to
 * L1-13, L2-06).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "about.h"
#include "forms.h"
#include "spreadsheet.h"

/* With more cells than this the library keeps one row in memory instead of all of them. */
#define CELLS_IN_MEMORY 100000

struct workbook {
    const struct dataset *dataset;
    lxw_workbook *book;
    lxw_worksheet *sheet; /* that is being written */
    lxw_row_t row;        /* the next one of it */
    int sheet_count;      /* of rows */
    lxw_format *formats[SPREADSHEET_TIME + 1];
    struct buffer text;
};

/* ---- Cells ---- */

/* "_x0041_": how a workbook writes the character U+0041. */
static bool is_escape(struct slice text, ptrdiff_t at)
{
    bool is_so = at + 7 <= text.length && text.data[at] == '_' && text.data[at + 1] == 'x' &&
                 text.data[at + 6] == '_';
    for (ptrdiff_t i = at + 2; is_so && i < at + 6; i++) {
        char c = text.data[i];
        is_so = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    }
    return is_so;
}

/* A text that looks like such an escape, or has a carriage return, which XML would take for a line
 * feed, is written with escapes of its own. The library sees to other control characters. */
static void append_escaped(struct buffer *out, struct slice text)
{
    if (slice_find_byte(text, '\r', 0) < 0 && slice_find_byte(text, '_', 0) < 0) {
        buffer_append(out, text);
        return;
    }
    ptrdiff_t start = 0;
    for (ptrdiff_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\r' || is_escape(text, i)) {
            bool is_return = text.data[i] == '\r';
            buffer_append(out, slice_sub(text, start, i));
            buffer_append(out, is_return ? SLICE("_x000D_") : SLICE("_x005F_"));
            start = i + 1;
        }
    }
    buffer_append(out, slice_from(text, start));
}

static void put_text(struct workbook *workbook, int column, struct slice text)
{
    if (text.length > 0) {
        buffer_clear(&workbook->text);
        append_escaped(&workbook->text, text);
        buffer_append_byte(&workbook->text, '\0');
        worksheet_write_string(workbook->sheet, workbook->row, (lxw_col_t)column,
                               workbook->text.data, NULL);
    }
}

static void put_cell(struct workbook *workbook, int column, const struct spreadsheet_cell *cell)
{
    switch (cell->kind) {
    case SPREADSHEET_EMPTY:
        break;
    case SPREADSHEET_TEXT_CELL:
        put_text(workbook, column, cell->text);
        break;
    case SPREADSHEET_BOOLEAN:
        worksheet_write_boolean(workbook->sheet, workbook->row, (lxw_col_t)column,
                                cell->number != 0, NULL);
        break;
    case SPREADSHEET_NUMBER:
    case SPREADSHEET_DATE:
    case SPREADSHEET_DATETIME:
    case SPREADSHEET_TIME:
        worksheet_write_number(workbook->sheet, workbook->row, (lxw_col_t)column, cell->number,
                               workbook->formats[cell->kind]);
        break;
    }
}

static void put_texts(struct workbook *workbook, const struct slice *texts, int count)
{
    for (int i = 0; i < count; i++) {
        struct spreadsheet_cell cell =
            spreadsheet_cell(&(struct dataset_column){.type = COLUMN_STRING}, texts[i]);
        put_cell(workbook, i, &cell);
    }
    workbook->row++;
}

static void begin_sheet(struct workbook *workbook, const char *name)
{
    workbook->sheet = workbook_add_worksheet(workbook->book, name);
    CHECK(workbook->sheet != NULL);
    workbook->row = 0;
    worksheet_freeze_panes(workbook->sheet, 1, 0);
}

/* ---- The rows ---- */

static void begin_rows(struct workbook *workbook)
{
    const struct dataset *dataset = workbook->dataset;
    char name[LXW_SHEETNAME_MAX + 1];
    workbook->sheet_count++;
    snprintf(name, sizeof(name), workbook->sheet_count == 1 ? "data" : "data %d",
             workbook->sheet_count);
    begin_sheet(workbook, name);
    for (int i = 0; i < dataset->column_count; i++) {
        put_text(workbook, i, dataset->columns[i].name);
    }
    workbook->row++;
    /* Codes are digits that are no numbers: no green corners. */
    worksheet_ignore_errors(workbook->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A2:XFD1048576");
}

static void write_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    struct workbook *workbook = context;
    if (row % SPREADSHEET_ROWS == 0 && row > 0) {
        begin_rows(workbook);
    }
    for (int i = 0; i < workbook->dataset->column_count; i++) {
        struct spreadsheet_cell cell = spreadsheet_cell(&workbook->dataset->columns[i], cells[i]);
        put_cell(workbook, i, &cell);
    }
    workbook->row++;
}

/* ---- The dictionary ---- */

static struct slice in_language(const struct dataset *dataset, const char *name, int language,
                                struct arena *scratch)
{
    return ARENA_JOIN(scratch, slice_of(name), SLICE("_"), dataset->site->languages[language].tag);
}

static void write_columns(struct workbook *workbook, struct arena *scratch)
{
    const struct dataset *dataset = workbook->dataset;
    int languages = dataset->site->language_count;
    struct slice *texts = ARENA_ARRAY(scratch, struct slice, 5 + 3 * languages);
    int count = 0;
    begin_sheet(workbook, "columns");
    texts[count++] = SLICE("name");
    texts[count++] = SLICE("type");
    texts[count++] = SLICE("required");
    texts[count++] = SLICE("codelist");
    texts[count++] = SLICE("separator");
    for (int i = 0; i < languages; i++) {
        texts[count++] = in_language(dataset, "label", i, scratch);
        texts[count++] = in_language(dataset, "description", i, scratch);
        texts[count++] = in_language(dataset, "unit", i, scratch);
    }
    put_texts(workbook, texts, count);
    for (int c = 0; c < dataset->column_count; c++) {
        const struct dataset_column *column = &dataset->columns[c];
        count = 0;
        texts[count++] = column->name;
        texts[count++] = dataset_type_name(column->type);
        texts[count++] = column->is_required ? SLICE("true") : SLICE("false");
        texts[count++] = column->codelist != NULL ? column->codelist->name : SLICE("");
        texts[count++] =
            column->type == COLUMN_LIST ? slice_make(&column->delimiter, 1) : SLICE("");
        for (int i = 0; i < languages; i++) {
            texts[count++] = column->labels[i];
            texts[count++] = column->descriptions[i];
            texts[count++] = column->unit[i];
        }
        put_texts(workbook, texts, count);
    }
}

static void write_codes_of(struct workbook *workbook, const struct codelist *list,
                           struct slice *texts)
{
    int languages = workbook->dataset->site->language_count;
    for (ptrdiff_t i = 0; i < list->count; i++) {
        texts[0] = list->name;
        texts[1] = list->codes[i].code;
        for (int language = 0; language < languages; language++) {
            texts[2 + language] = code_label(&list->codes[i], language);
        }
        put_texts(workbook, texts, 2 + languages);
    }
}

static void write_codes(struct workbook *workbook, struct arena *scratch)
{
    const struct dataset *dataset = workbook->dataset;
    int languages = dataset->site->language_count;
    struct slice *texts = ARENA_ARRAY(scratch, struct slice, 2 + languages);
    bool has_sheet = false;
    for (int c = 0; c < dataset->column_count; c++) {
        if (!dataset_shows_codelist(dataset, c)) {
            continue;
        }
        if (!has_sheet) {
            begin_sheet(workbook, "codes");
            texts[0] = SLICE("codelist");
            texts[1] = SLICE("code");
            for (int i = 0; i < languages; i++) {
                texts[2 + i] = in_language(dataset, "label", i, scratch);
            }
            put_texts(workbook, texts, 2 + languages);
            has_sheet = true;
        }
        write_codes_of(workbook, dataset->columns[c].codelist, texts);
    }
}

/* ---- Where it is from ---- */

static void write_source(struct workbook *workbook, struct arena *scratch)
{
    const struct dataset *dataset = workbook->dataset;
    const struct site *site = dataset->site;
    ptrdiff_t count;
    const struct about_line *lines = about_lines(dataset, &count, scratch);
    struct slice *texts = ARENA_ARRAY(scratch, struct slice, 1 + 2 * site->language_count);
    begin_sheet(workbook, "source");
    texts[0] = SLICE("item");
    for (int i = 0; i < site->language_count; i++) {
        texts[1 + 2 * i] = in_language(dataset, "label", i, scratch);
        texts[2 + 2 * i] = in_language(dataset, "value", i, scratch);
    }
    put_texts(workbook, texts, 1 + 2 * site->language_count);
    for (ptrdiff_t line = 0; line < count; line++) {
        texts[0] = lines[line].item;
        for (int i = 0; i < site->language_count; i++) {
            texts[1 + 2 * i] = lines[line].label[site_interface_language(site, i)];
            texts[2 + 2 * i] = lines[line].value[i];
        }
        put_texts(workbook, texts, 1 + 2 * site->language_count);
    }
}

/* ---- The whole ---- */

static void set_properties(struct workbook *workbook, struct arena *scratch)
{
    const struct dataset *dataset = workbook->dataset;
    const struct record *publisher = record_group(dataset->site->config, FIELD_site_publisher);
    struct slice author = record_word(publisher, FIELD_publisher_name, 0, NULL);
    int64_t days = date_first_day(dataset->site->reference_date);
    lxw_doc_properties properties = {
        .title = (char *)(uintptr_t)arena_string(scratch, dataset->labels[0]),
        .author = (char *)(uintptr_t)arena_string(scratch, author),
        /* Without a time the library takes the clock's. */
        .created = days > 0 ? (time_t)(days * 86400) : 1,
    };
    workbook_set_properties(workbook->book, &properties);
}

static void add_formats(struct workbook *workbook)
{
    static const char *const patterns[] = {[SPREADSHEET_DATE] = "yyyy-mm-dd",
                                           [SPREADSHEET_DATETIME] = "yyyy-mm-dd hh:mm:ss",
                                           [SPREADSHEET_TIME] = "hh:mm:ss"};
    for (int kind = SPREADSHEET_DATE; kind <= SPREADSHEET_TIME; kind++) {
        workbook->formats[kind] = workbook_add_format(workbook->book);
        format_set_num_format(workbook->formats[kind], patterns[kind]);
    }
}

static void take_bytes(int descriptor, struct buffer *out)
{
    off_t size = lseek(descriptor, 0, SEEK_END);
    CHECK(size > 0);
    char *at = buffer_reserve(out, (ptrdiff_t)size);
    for (off_t taken = 0; taken < size;) {
        ssize_t now = pread(descriptor, at + taken, (size_t)(size - taken), taken);
        CHECK(now > 0 || (now < 0 && errno == EINTR));
        taken += now > 0 ? now : 0;
    }
    out->length += (ptrdiff_t)size;
}

/* The library calls gmtime(), whose answer all threads share. */
static void close_workbook(lxw_workbook *book)
{
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&one_at_a_time);
    lxw_error problem = workbook_close(book);
    pthread_mutex_unlock(&one_at_a_time);
    /* All of it is in memory: nothing else can be missing. */
    if (problem != LXW_NO_ERROR) {
        memory_exhausted((ptrdiff_t)sizeof(*book));
    }
}

bool form_xlsx(const struct render *render, const struct dataset *dataset,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    if (dataset->column_count > SPREADSHEET_COLUMNS) {
        return true;
    }
    int descriptor = memfd_create("xlsx", MFD_CLOEXEC);
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
    lxw_workbook_options options = {.constant_memory = dataset->row_count * dataset->column_count >
                                                       CELLS_IN_MEMORY,
                                    .use_zip64 = LXW_FALSE};
    struct workbook workbook = {.dataset = dataset, .book = workbook_new_opt(path, &options)};
    if (descriptor < 0 || workbook.book == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(workbook));
    }
    set_properties(&workbook, &worker->scratch);
    add_formats(&workbook);
    begin_rows(&workbook);
    dataset_rows(dataset, write_row, &workbook);
    write_columns(&workbook, &worker->scratch);
    write_codes(&workbook, &worker->scratch);
    write_source(&workbook, &worker->scratch);
    close_workbook(workbook.book);
    take_bytes(descriptor, out);
    close(descriptor);
    buffer_release(&workbook.text);
    return true;
}
