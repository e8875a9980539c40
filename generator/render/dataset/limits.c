#include "limits.h"

#include "cp932.h"
#include "spreadsheet.h"

struct looking {
    const struct dataset *dataset;
    struct dataset_limits *limits;
    struct arena *arena;
    struct cp932 *cp932; /* NULL: not asked for, or enough is known */
};

static bool is_known(const struct dataset_limits *limits, struct slice character)
{
    for (int i = 0; i < limits->lost_count; i++) {
        if (slice_equal(limits->lost[i], character)) {
            return true;
        }
    }
    return false;
}

static void look_for_lost(struct looking *looking, struct slice cell)
{
    struct dataset_limits *limits = looking->limits;
    ptrdiff_t at = 0;
    while (!limits->has_more_lost && (at = cp932_find_lost(looking->cp932, cell, at)) >= 0) {
        ptrdiff_t start = at;
        utf8_next(cell, &at);
        struct slice character = slice_sub(cell, start, at);
        if (is_known(limits, character)) {
            continue;
        }
        if (limits->lost_count == LIMITS_LOST) {
            limits->has_more_lost = true;
        } else {
            limits->lost[limits->lost_count++] = arena_copy(looking->arena, character);
        }
    }
}

static void look_at_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    struct looking *looking = context;
    struct dataset_limits *limits = looking->limits;
    for (int i = 0; i < looking->dataset->column_count; i++) {
        const struct dataset_column *column = &looking->dataset->columns[i];
        if (cells[i].length == 0) {
            continue;
        }
        struct spreadsheet_cell cell = spreadsheet_cell(column, cells[i]);
        limits->guarded += spreadsheet_is_formula(column, cells[i]) ? 1 : 0;
        limits->early_dates += cell.is_early_date ? 1 : 0;
        limits->long_numbers += cell.is_long_number ? 1 : 0;
        limits->cut_texts += cell.is_cut ? 1 : 0;
        if (looking->cp932 != NULL) {
            look_for_lost(looking, cells[i]);
        }
    }
}

void dataset_limits(const struct dataset *dataset, bool with_lost, struct arena *arena,
                    struct dataset_limits *limits)
{
    *limits = (struct dataset_limits){.sheets = dataset->row_count == 0
                                                    ? 1
                                                    : (dataset->row_count + SPREADSHEET_ROWS - 1) /
                                                          SPREADSHEET_ROWS};
    struct looking looking = {.dataset = dataset,
                              .limits = limits,
                              .arena = arena,
                              .cp932 = with_lost ? cp932_open() : NULL};
    dataset_rows(dataset, look_at_row, &looking);
    if (looking.cp932 != NULL) {
        cp932_close(looking.cp932);
    }
}
