#include "workbook.h"

#include <errno.h>

#include "import.h"

/*
 * A workbook's sheet as rows, through Gnumeric's ssconvert, which reads Excel's old and new files
 * and OpenDocument's. Three conversions: what sheets there are, with their merged cells (XML); the
 * values (CSV, "automatic": dates as 2023/04/01, numbers without commas); and the values as the
 * sheet shows them (CSV, "preserve"). Of the last two each cell takes what is right: the value,
 * unless the sheet shows that it is less than a value of that kind (a month, not a day) or more (a
 * number's leading zeros).
 */

#define PROGRAM "ssconvert"
#define LINE_SIGN "\xE2\x90\xA4" /* ␤ in place of a line break within a cell, in excerpts */

bool workbook_is(struct slice path)
{
    static const char *const endings[] = {".xlsx", ".xlsm", ".xls", ".ods", ".fods", ".gnumeric"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        struct slice ending = slice_of(endings[i]);
        if (path.length > ending.length &&
            slice_equal_ignoring_ascii_case(slice_from(path, path.length - ending.length),
                                            ending)) {
            return true;
        }
    }
    return false;
}

/* ---- Converting ---- */

struct converting {
    struct import *import;
    const char *program;
    const char *file; /* never taken for an option or an address of the net */
};

static bool convert(const struct converting *converting, const char *const *words,
                    struct buffer *out)
{
    struct import *import = converting->import;
    int status =
        program_run(converting->program, words, WORKBOOK_SECONDS_MOST, WORKBOOK_BYTES_MOST, out);
    bool is_slow = status < 0 && errno == ETIMEDOUT;
    bool is_large = status < 0 && errno == EFBIG;
    if (status != 0) {
        DIAG_MISSING(import->diag,
                     is_slow    ? CODE_import_workbook_slow
                     : is_large ? CODE_import_workbook_large
                                : CODE_import_workbook_unreadable,
                     import->options->file, SLICE(""));
    }
    return status == 0;
}

static bool convert_sheets(const struct converting *converting, struct buffer *xml)
{
    const char *const words[] = {PROGRAM,          "-T",     "Gnumeric_XmlIO:sax:0",
                                 converting->file, "fd://1", NULL};
    return convert(converting, words, xml);
}

/* `'It\'s'!A1:E7`, from the first cell, so that rows and columns are counted as the sheet does. */
static const char *range_of(const struct converting *converting, const struct workbook_sheet *sheet)
{
    struct arena *arena = converting->import->arena;
    struct buffer name = {0};
    for (ptrdiff_t i = 0; i < sheet->name.length; i++) {
        char c = sheet->name.data[i];
        if (c == '\'' || c == '\\') {
            buffer_append_byte(&name, '\\');
        }
        buffer_append_byte(&name, c);
    }
    struct slice range =
        ARENA_JOIN(arena, SLICE("--export-range='"), buffer_slice(&name), SLICE("'!A1:"),
                   workbook_column_name(sheet->column_count - 1, arena),
                   arena_format(arena, "%lld", (long long)sheet->row_count));
    buffer_release(&name);
    return arena_string(arena, range);
}

static bool convert_cells(const struct converting *converting, const struct workbook_sheet *sheet,
                          const char *form, struct buffer *csv)
{
    const char *const words[] = {PROGRAM,
                                 "-T",
                                 "Gnumeric_stf:stf_assistant",
                                 "-O",
                                 form,
                                 range_of(converting, sheet),
                                 converting->file,
                                 "fd://1",
                                 NULL};
    return convert(converting, words, csv);
}

/* ---- Which sheet ---- */

static const struct workbook_sheet *choose(struct import *import,
                                           const struct workbook_sheets *sheets)
{
    struct slice wanted = import->options->sheet;
    const struct workbook_sheet *found = NULL;
    ptrdiff_t count = 0;
    struct slice all = SLICE("");
    for (ptrdiff_t i = 0; i < sheets->count; i++) {
        const struct workbook_sheet *sheet = &sheets->list[i];
        bool is_meant = wanted.length > 0 ? slice_equal(sheet->name, wanted)
                                          : !sheet->is_empty && !sheet->is_hidden;
        found = is_meant ? sheet : found;
        count += is_meant ? 1 : 0;
        all = sheet->is_empty ? all
                              : ARENA_JOIN(import->arena, all, slice_of(all.length > 0 ? ", " : ""),
                                           sheet->name);
    }
    if (count != 1 || found->is_empty) {
        DIAG_MISSING(import->diag,
                     wanted.length > 0 ? CODE_import_unknown_sheet
                     : count > 1       ? CODE_import_choose_sheet
                                       : CODE_import_empty,
                     import->options->file, wanted, all);
        return NULL;
    }
    if (found->row_count > WORKBOOK_ROWS_MOST || found->column_count > WORKBOOK_COLUMNS_MOST) {
        DIAG_MISSING(import->diag, CODE_import_workbook_large, import->options->file, SLICE(""));
        return NULL;
    }
    return found;
}

/* ---- Cells ---- */

/* Whether `s` looks like `shape`, in which 0 stands for any digit. */
static bool has_shape(struct slice s, const char *shape)
{
    struct slice form = slice_of(shape);
    for (ptrdiff_t i = 0; i < form.length && s.length == form.length; i++) {
        bool is_digit = s.data[i] >= '0' && s.data[i] <= '9';
        if (form.data[i] == '0' ? !is_digit : s.data[i] != form.data[i]) {
            return false;
        }
    }
    return s.length == form.length;
}

/* `2023/04/01` as 2023-04-01, or less where the sheet shows less: 2023年4月, 2023年度. */
static struct slice day_of(struct slice text, struct slice shown, struct arena *arena)
{
    struct slice iso = ARENA_JOIN(arena, slice_sub(text, 0, 4), SLICE("-"), slice_sub(text, 5, 7),
                                  SLICE("-"), slice_sub(text, 8, 10));
    struct date day;
    struct date seen;
    if (date_parse(iso, &day) != DATE_OK || date_parse(shown, &seen) != DATE_OK ||
        seen.precision == DATE_DAY) {
        return iso;
    }
    int32_t first = date_first_day(day);
    bool is_within = date_first_day(seen) <= first && first <= date_last_day(seen);
    return is_within ? date_iso(arena, seen) : iso;
}

static struct slice time_of(struct slice text, struct slice shown)
{
    ptrdiff_t colon = slice_find_byte(shown, ':', 0);
    bool shows_seconds = (colon >= 0 && slice_find_byte(shown, ':', colon + 1) >= 0) ||
                         slice_find(shown, SLICE("秒"), 0) >= 0;
    bool is_whole = slice_ends_with(text, SLICE(":00"));
    return is_whole && !shows_seconds ? slice_sub(text, 0, 5) : text;
}

/* A number whose form says that it is a name of something: leading zeros, 210-8577. */
static bool is_numbered(struct slice number, struct slice shown, struct arena *arena)
{
    char *digits = arena_allocate(arena, 1, 1, shown.length + 1);
    ptrdiff_t count = 0;
    bool has_hyphen = false;
    for (ptrdiff_t i = 0; i < shown.length; i++) {
        if (shown.data[i] >= '0' && shown.data[i] <= '9') {
            digits[count++] = shown.data[i];
        } else if (shown.data[i] == '-' && i > 0) {
            has_hyphen = true;
        } else {
            return false;
        }
    }
    int64_t a;
    int64_t b;
    return (has_hyphen || (count > 1 && digits[0] == '0')) && slice_to_integer(number, &a) &&
           slice_to_integer(slice_make(digits, count), &b) && a == b;
}

/* A fraction as short as its double allows: old files give 0.35399999999999998 for 0.354. */
static struct slice shortest(struct slice text, struct arena *arena)
{
    double number;
    bool is_fraction = slice_find_byte(text, '.', 0) >= 0 && slice_to_number(text, &number);
    if (!is_fraction || text.length <= 16) {
        return text;
    }
    struct buffer written = {0};
    buffer_append_number(&written, number);
    struct slice kept = arena_copy(arena, buffer_slice(&written));
    buffer_release(&written);
    return kept;
}

/* 0.354 that is shown as 35%: 35.4%. */
static struct slice percent_of(struct slice number, struct arena *arena)
{
    struct slice hundredfold = number_shift(number, 2, arena);
    return hundredfold.data != NULL ? ARENA_JOIN(arena, hundredfold, SLICE("%")) : number;
}

static struct slice value_of(struct slice held, struct slice shown, struct arena *arena)
{
    double number;
    struct slice text = shortest(held, arena);
    if (slice_equal(held, shown)) {
        return text;
    }
    if (has_shape(text, "0000/00/00")) {
        return day_of(text, shown, arena);
    }
    if (has_shape(text, "0000/00/00 00:00:00")) {
        struct slice clock = slice_from(text, 11);
        struct slice day = day_of(slice_sub(text, 0, 10), shown, arena);
        bool is_midnight = slice_equal(clock, SLICE("00:00:00"));
        return is_midnight ? day : ARENA_JOIN(arena, day, SLICE("T"), clock);
    }
    if (has_shape(text, "00:00:00")) {
        return time_of(text, shown);
    }
    if (!slice_to_number(text, &number)) {
        return text;
    }
    bool is_percent = slice_ends_with(shown, SLICE("%"));
    return is_percent ? percent_of(text, arena) : is_numbered(text, shown, arena) ? shown : text;
}

/* ---- Rows ---- */

struct taking {
    struct import *import;
    VECTOR(struct sheet_row) rows;
    ptrdiff_t at; /* of the second conversion */
};

static bool take_values(void *context, const struct csv_row *row)
{
    struct taking *taking = context;
    struct arena *arena = taking->import->arena;
    struct sheet_row *kept = VECTOR_PUSH(arena, &taking->rows);
    *kept = (struct sheet_row){.number = taking->rows.length, .count = row->field_count};
    kept->cells = ARENA_ARRAY(arena, struct sheet_cell, row->field_count);
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        kept->cells[i].text = arena_copy(arena, row->fields[i]);
    }
    return true;
}

static bool take_shown(void *context, const struct csv_row *row)
{
    struct taking *taking = context;
    struct arena *arena = taking->import->arena;
    if (taking->at >= taking->rows.length) {
        return false;
    }
    struct sheet_row *kept = &taking->rows.data[taking->at++];
    for (ptrdiff_t i = 0; i < row->field_count && i < kept->count; i++) {
        struct sheet_cell *cell = &kept->cells[i];
        struct slice value = value_of(cell->text, row->fields[i], arena);
        bool is_same = slice_equal(value, row->fields[i]);
        cell->text = arena_copy(arena, value);
        cell->shown = is_same ? SLICE("") : arena_copy(arena, row->fields[i]);
    }
    return true;
}

static void read_csv(struct taking *taking, const struct buffer *csv, csv_row_handler handler)
{
    struct source *source =
        source_new(taking->import->options->file, buffer_slice(csv), NULL, NULL);
    (void)csv_read(source, &taking->import->sheet.dialect, handler, taking, taking->import->diag);
    source_free(source);
}

/* The value of a cell merged over several rows is that of each of them. Over several columns it is
 * a heading or a note. */
static void fill_merges(struct taking *taking, const struct workbook_sheet *sheet)
{
    for (ptrdiff_t i = 0; i < sheet->merge_count; i++) {
        const struct workbook_merge *merge = &sheet->merges[i];
        ptrdiff_t column = merge->first_column;
        for (ptrdiff_t r = merge->first_row + 1;
             r <= merge->last_row && r < taking->rows.length && merge->first_row >= 0; r++) {
            struct sheet_row *from = &taking->rows.data[merge->first_row];
            struct sheet_row *to = &taking->rows.data[r];
            if (column >= 0 && column < from->count && column < to->count) {
                to->cells[column] = from->cells[column];
                to->cells[column].is_merged = true;
            }
        }
    }
}

/* Excerpts and places come from the rows as CSV, a line a row, whatever stands in the cells. */
static void make_source(struct taking *taking, struct buffer *text)
{
    struct sheet *sheet = &taking->import->sheet;
    for (ptrdiff_t r = 0; r < taking->rows.length; r++) {
        struct sheet_row *row = &taking->rows.data[r];
        row->start = text->length;
        for (ptrdiff_t i = 0; i < row->count; i++) {
            struct slice rest = sheet_shown(row, i);
            struct buffer line = {0};
            while (rest.data != NULL) {
                buffer_append(&line, slice_cut(&rest, '\n'));
                buffer_append(&line, rest.data != NULL ? SLICE(LINE_SIGN) : SLICE(""));
            }
            buffer_append(text, i > 0 ? SLICE(",") : SLICE(""));
            merge_write_field(text, buffer_slice(&line), &sheet->dialect);
            buffer_release(&line);
        }
        row->end = text->length;
        buffer_append_byte(text, '\n');
    }
    sheet->rows = taking->rows.data;
    sheet->row_count = taking->rows.length;
    sheet->source = source_new(taking->import->options->file,
                               arena_copy(taking->import->arena, buffer_slice(text)), NULL, NULL);
}

static bool read_rows(const struct converting *converting, const struct workbook_sheet *sheet)
{
    struct import *import = converting->import;
    struct taking taking = {.import = import};
    struct buffer csv = {0};
    csv_dialect_default(&import->sheet.dialect);
    bool is_read =
        convert_cells(converting, sheet, "charset=UTF-8 locale=C eol=unix format=automatic", &csv);
    if (is_read) {
        read_csv(&taking, &csv, take_values);
        buffer_clear(&csv);
        is_read = convert_cells(converting, sheet,
                                "charset=UTF-8 locale=C eol=unix format=preserve", &csv);
    }
    if (is_read) {
        read_csv(&taking, &csv, take_shown);
        fill_merges(&taking, sheet);
        buffer_clear(&csv);
        make_source(&taking, &csv);
        import->sheet.name = sheet->name;
        sheet_mask(import);
    }
    buffer_release(&csv);
    return is_read;
}

bool workbook_read(struct import *import)
{
    struct slice file = import->options->file;
    bool is_absolute = slice_starts_with(file, SLICE("/"));
    struct converting converting = {
        .import = import,
        .program = program_find(PROGRAM, import->arena),
        .file = arena_string(
            import->arena, ARENA_JOIN(import->arena, is_absolute ? SLICE("") : SLICE("./"), file)),
    };
    if (converting.program == NULL) {
        DIAG_MISSING(import->diag, CODE_import_no_ssconvert, file, SLICE(""));
        return false;
    }
    struct buffer xml = {0};
    const struct workbook_sheet *sheet = NULL;
    if (convert_sheets(&converting, &xml)) {
        struct workbook_sheets sheets = gnumeric_sheets(buffer_slice(&xml), import->arena);
        sheet = choose(import, &sheets);
    }
    buffer_release(&xml);
    return sheet != NULL && read_rows(&converting, sheet);
}
