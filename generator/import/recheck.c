#include "import.h"

#include <stdlib.h>

/* What checking the register's new text finds, told of the file that was imported. */

struct placed {
    int64_t first, last; /* lines of the record in the new text */
    const struct import_row *row;
};
struct places {
    struct placed *list; /* sorted */
    ptrdiff_t count;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *left = a;
    const struct placed *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

static struct places places_of(const struct import *import)
{
    struct source *source =
        source_new(import->table->path, buffer_slice(&import->text), NULL, NULL);
    struct places places = {
        .list = ARENA_ARRAY(import->arena, struct placed,
                            import->fates[FATE_NEW] + import->fates[FATE_REPLACED] + 1)};
    for (ptrdiff_t i = 0; i < import->sheet.row_count; i++) {
        const struct import_row *row = &import->rows[i];
        if (row->fate == FATE_NEW || row->fate == FATE_REPLACED) {
            places.list[places.count++] =
                (struct placed){.first = source_position(source, row->start).line,
                                .last = source_position(source, row->end).line,
                                .row = row};
        }
    }
    source_free(source);
    qsort(places.list, (size_t)places.count, sizeof(*places.list), compare_placed);
    return places;
}

static const struct import_row *row_of(const struct places *places, int64_t line)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = places->count;
    while (low < high) {
        ptrdiff_t middle = (low + high) / 2;
        if (line < places->list[middle].first) {
            high = middle;
        } else if (line > places->list[middle].last) {
            low = middle + 1;
        } else {
            return places->list[middle].row;
        }
    }
    return NULL;
}

/* The file's column behind a field of the register; -1 when it has none of it. */
static ptrdiff_t field_of(const struct import *import, int64_t field_number)
{
    for (int i = 0; i < import->table->column_count; i++) {
        if (import->table->columns[i].field == field_number - 1 && field_number > 0) {
            return import->mapping_of[i];
        }
    }
    return -1;
}

static void move(struct import *import, const struct import_row *row, const struct finding *finding,
                 enum interface_language language)
{
    ptrdiff_t field = field_of(import, finding->field_number);
    struct report report = {.code = finding->code,
                            .span = sheet_span(&import->sheet, row->sheet, field),
                            .resource = finding->resource,
                            .row_number = row->sheet->number,
                            .field_number = field + 1,
                            .rule = finding->rule,
                            .type = finding->type,
                            .has_severity = true,
                            .severity = finding->severity};
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        report.message[i] = finding->message[i];
        report.help[i] = finding->help[i];
    }
    diag_add(import->diag, &report);
    if (field >= 0 && finding->severity == SEVERITY_ERROR) {
        const struct column *column = &import->table->columns[import->mappings[field].column];
        answers_ask(import, ANSWER_VALUE, column->name,
                    slice_trim_wide(sheet_text(row->sheet, field)),
                    arena_copy(import->arena, finding->help[language]));
    }
}

/* An error that the rest of the site gets by the new rows. */
static void add_elsewhere(struct import *import, const struct finding *finding)
{
    static const char *const middle[INTERFACE_LANGUAGES] = {" に誤りが生じます: ",
                                                            " would become wrong: "};
    struct report report = {.code = CODE_import_elsewhere,
                            .span = span_of_file(import->sheet.source)};
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        struct slice place =
            arena_format(import->arena, "%.*s:%lld:%lld", SLICE_ARGUMENTS(finding->path),
                         (long long)finding->position.line, (long long)finding->position.column);
        report.message[i] =
            ARENA_JOIN(import->arena, place, slice_of(middle[i]), finding->message[i]);
        report.help[i] = finding->help[i];
    }
    diag_add(import->diag, &report);
}

static struct slice name_of(const struct finding *finding, struct arena *arena)
{
    return ARENA_JOIN(arena, finding->path, SLICE("\x1F"), slice_of(code_info(finding->code)->name),
                      SLICE("\x1F"), finding->message[INTERFACE_ENGLISH]);
}

void import_recheck(struct import *import, struct diag *found, struct diag *before,
                    enum interface_language language)
{
    struct places places = places_of(import);
    struct map known = {0};
    ptrdiff_t count;
    const struct finding *list = diag_sorted(before, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        map_insert(&known, import->arena, name_of(&list[i], import->arena), NULL);
    }
    list = diag_sorted(found, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct finding *finding = &list[i];
        bool is_here = slice_equal(finding->path, import->table->path);
        const struct import_row *row = is_here ? row_of(&places, finding->position.line) : NULL;
        if (row != NULL && finding->severity != SEVERITY_NOTE) {
            move(import, row, finding, language);
        } else if (row == NULL && finding->severity == SEVERITY_ERROR &&
                   map_find(&known, name_of(finding, import->arena)) == NULL) {
            add_elsewhere(import, finding);
        }
    }
}
