#include "cell_reader.h"

#include "registers.h"

struct cell_reader {
    const struct table *table;
    struct column_rules *rules; /* one a column */
};

struct cell_reader *cell_reader_open(struct site *site, const struct table *table,
                                     struct arena *arena)
{
    struct cell_reader *reader = ARENA_NEW(arena, struct cell_reader);
    struct table copy = *table;
    struct table_plan plan = {.table = &copy};
    /* What is wrong with the schema was said when the table was read. */
    struct diag *unheard = diag_new(1);
    struct describing describing = {.site = site, .arena = arena, .diag = unheard};
    copy.columns = NULL;
    copy.column_count = 0;
    bool is_described = describe_columns(&describing, node_get(table->schema, "fields"), &plan);
    CHECK(is_described && copy.column_count == table->column_count);
    diag_free(unheard);
    reader->table = table;
    reader->rules = plan.rules;
    return reader;
}

void cell_reader_close(struct cell_reader *reader)
{
    for (ptrdiff_t i = 0; i < reader->table->column_count; i++) {
        pattern_free(reader->rules[i].pattern);
    }
}

bool cell_reader_is_missing(const struct cell_reader *reader, int column, struct slice raw)
{
    const struct slices *missing = &reader->rules[column].missing;
    for (ptrdiff_t i = 0; i < missing->count; i++) {
        if (slice_equal(missing->data[i], raw)) {
            return true;
        }
    }
    return raw.length == 0;
}

/* How people write what the type holds. */
static enum column_format people_format(enum column_type type, enum column_format format)
{
    if (format != FORMAT_DEFAULT) {
        return format;
    }
    switch (type) {
    case COLUMN_INTEGER:
    case COLUMN_NUMBER:
        return FORMAT_JAPANESE_NUMBER;
    case COLUMN_DATE:
        return FORMAT_JAPANESE_DATE;
    case COLUMN_YEAR:
        return FORMAT_JAPANESE_YEAR;
    case COLUMN_TIME:
        return FORMAT_TIME;
    case COLUMN_DATETIME:
        return FORMAT_ANY;
    default:
        return format;
    }
}

/* Without the column's own unit behind the number: `351団体`. */
static struct slice without_unit(const struct cell_reader *reader, const struct column *column,
                                 struct slice raw, struct arena *arena)
{
    struct slice trimmed = slice_trim_wide(fold_wide(raw, arena));
    for (int i = 0; i < reader->table->site->language_count; i++) {
        struct slice unit = fold_wide(column->unit[i], arena);
        if (unit.length > 0 && trimmed.length > unit.length && slice_ends_with(trimmed, unit)) {
            return slice_trim_wide(slice_sub(trimmed, 0, trimmed.length - unit.length));
        }
    }
    return raw;
}

/* A suggestion that is the same text in another form, not a guess: ○ for true, full-width letters
 * in an address of the net, 平成27年4月 for 2015-04. */
static bool is_same_meaning(const struct column *column, const struct column_rules *rules)
{
    return column->type == COLUMN_BOOLEAN || column->type == COLUMN_YEARMONTH ||
           rules->format == FORMAT_EMAIL || rules->format == FORMAT_URI ||
           rules->format == FORMAT_UUID;
}

/* Whether a text is one of those that the column lists, or has the look that it asks for. */
static bool fits(const struct column_rules *rules, struct slice text)
{
    bool is_listed = rules->choices.length == 0 || map_find(&rules->choices, text) != NULL;
    return is_listed && (rules->pattern == NULL || pattern_matches(rules->pattern, text));
}

/* Full-width letters and digits where the column wants them narrow: ｇ－１０１ for g-101. */
static struct slice narrow(const struct column *column, const struct column_rules *rules,
                           struct slice value, struct arena *arena)
{
    if (column->type != COLUMN_STRING || fits(rules, value)) {
        return value;
    }
    struct slice folded = fold_wide(value, arena);
    return fits(rules, folded) ? folded : value;
}

bool cell_reader_value(const struct cell_reader *reader, int index, struct slice raw,
                       struct arena *arena, struct slice *value)
{
    const struct column *column = &reader->table->columns[index];
    const struct column_rules *rules = &reader->rules[index];
    struct cell cell;
    enum cell_problem problem = cell_read(column, rules, raw, arena, &cell);
    *value = problem == CELL_OK ? narrow(column, rules, cell.value, arena) : raw;
    if (problem != CELL_WRONG_TYPE || column->type == COLUMN_LIST) {
        return problem == CELL_OK;
    }
    struct slice meant = cell.suggestion;
    if (meant.length == 0 || !is_same_meaning(column, rules)) {
        struct column_rules loose = *rules;
        loose.format = people_format(column->type, rules->format);
        if (cell_read(column, &loose, without_unit(reader, column, raw, arena), arena, &cell) !=
            CELL_OK) {
            return false;
        }
        meant = cell.value;
    }
    if (cell_read(column, rules, meant, arena, &cell) != CELL_OK) {
        return false;
    }
    *value = cell.value;
    return true;
}

bool cell_reader_equal(const struct cell_reader *reader, int column, struct slice a, struct slice b,
                       struct arena *arena)
{
    enum column_type type = reader->table->columns[column].type;
    struct slice left = slice_trim_wide(a);
    struct slice right = slice_trim_wide(b);
    if (left.length == 0 || right.length == 0 || slice_equal(left, right)) {
        return slice_equal(left, right);
    }
    return slice_equal(cell_logical(type, left, arena), cell_logical(type, right, arena));
}
