#include "profile.h"

#include "forms.h"

struct profiling {
    const struct dataset *dataset;
    struct arena *arena;
    struct column_profile *profiles;
    struct map *counts;  /* one a column: value -> number of cells */
    bool *counts_filled; /* the dataset's: once a column is known as prose */
};

static bool is_number(enum column_type type)
{
    return type == COLUMN_INTEGER || type == COLUMN_NUMBER || type == COLUMN_YEAR;
}

static bool is_ordered(enum column_type type)
{
    return is_number(type) || type == COLUMN_DATE || type == COLUMN_YEARMONTH ||
           type == COLUMN_DATETIME || type == COLUMN_TIME;
}

static bool is_less(enum column_type type, struct slice a, struct slice b)
{
    double left = 0;
    double right = 0;
    if (is_number(type) && slice_to_number(a, &left) && slice_to_number(b, &right)) {
        return left < right;
    }
    return slice_compare(a, b) < 0;
}

static void count_value(struct profiling *profiling, int column, struct slice value)
{
    struct column_profile *profile = &profiling->profiles[column];
    struct map *counts = &profiling->counts[column];
    if (profile->is_prose) {
        return;
    }
    if (value.length > PROFILE_LENGTH) {
        profile->is_prose = true;
        profiling->counts_filled[column] = !is_ordered(profiling->dataset->columns[column].type);
        return;
    }
    struct map_entry *known = map_find(counts, value);
    if (known == NULL) {
        if (counts->length == PROFILE_VALUES) {
            profile->has_more_distinct = true;
            return;
        }
        known = map_insert(counts, profiling->arena, arena_copy(profiling->arena, value), NULL);
    }
    known->value.integer++;
}

static void see_range(struct profiling *profiling, int column, struct slice value)
{
    struct column_profile *profile = &profiling->profiles[column];
    enum column_type type = profiling->dataset->columns[column].type;
    if (!is_ordered(type) || value.length > PROFILE_LENGTH) {
        return;
    }
    if (profile->least.length == 0 || is_less(type, value, profile->least)) {
        profile->least = arena_copy(profiling->arena, value);
    }
    if (profile->greatest.length == 0 || is_less(type, profile->greatest, value)) {
        profile->greatest = arena_copy(profiling->arena, value);
    }
}

static void see_row(void *context, ptrdiff_t row, const struct slice *cells)
{
    (void)row;
    struct profiling *profiling = context;
    for (int c = 0; c < profiling->dataset->column_count; c++) {
        const struct dataset_column *column = &profiling->dataset->columns[c];
        if (cells[c].length == 0) {
            profiling->profiles[c].empty++;
        } else if (column->type == COLUMN_LIST) {
            struct slice rest = cells[c];
            while (rest.data != NULL) {
                count_value(profiling, c, slice_cut(&rest, column->delimiter));
            }
        } else {
            count_value(profiling, c, cells[c]);
            see_range(profiling, c, cells[c]);
        }
    }
}

static void conclude(struct column_profile *profile, const struct map *counts)
{
    if (profile->is_prose) {
        profile->has_more_distinct = false;
        return;
    }
    profile->distinct = counts->length;
    for (ptrdiff_t i = 0; i < counts->length && !profile->has_more_distinct; i++) {
        int64_t count = counts->entries[i].value.integer;
        if (count > 1 && count > profile->most_count) {
            profile->most = counts->entries[i].key;
            profile->most_count = (ptrdiff_t)count;
        }
    }
}

struct column_profile *dataset_profile(const struct dataset *dataset, struct arena *arena)
{
    struct profiling profiling = {.dataset = dataset, .arena = arena};
    profiling.profiles = ARENA_ARRAY(arena, struct column_profile, dataset->column_count + 1);
    profiling.counts = ARENA_ARRAY(arena, struct map, dataset->column_count + 1);
    profiling.counts_filled = ARENA_ARRAY(arena, bool, dataset->column_count + 1);
    struct dataset seen = *dataset;
    seen.counts_filled = profiling.counts_filled;
    dataset_rows(&seen, see_row, &profiling);
    for (int c = 0; c < dataset->column_count; c++) {
        conclude(&profiling.profiles[c], &profiling.counts[c]);
    }
    return profiling.profiles;
}
