#include "registers.h"

/* One record: its width, and every cell's way from text to value. */

void row_report(const struct row_reader *row, enum code code, ptrdiff_t field, struct wording first,
                struct wording second)
{
    cell_report(row->table->diag, &(struct cell_report){.code = code,
                                                        .place = row->place,
                                                        .field = field,
                                                        .arguments = {first, second}});
}

static bool is_missing(const struct column_rules *rules, struct slice raw)
{
    if (rules->only_empty_is_missing) {
        return raw.length == 0;
    }
    for (ptrdiff_t i = 0; i < rules->missing.count; i++) {
        if (slice_equal(rules->missing.data[i], raw)) {
            return true;
        }
    }
    return false;
}

/* "1200 と書いてください" where the value can be guessed, "1200 のような整数を…" where not. */
static struct wording repair(const struct column *column, const struct column_rules *rules,
                             const struct cell *cell, struct arena *arena)
{
    struct slice example;
    struct wording words = column_expectation(column, rules, &example);
    struct wording how;
    if (column->type == COLUMN_LIST && column->delimiter != '\0') {
        struct slice sign = slice_make(&column->delimiter, 1);
        how.in[INTERFACE_JAPANESE] =
            ARENA_JOIN(arena, SLICE("値を「"), sign, SLICE("」で区切り、空の値がないように"));
        how.in[INTERFACE_ENGLISH] = ARENA_JOIN(arena, SLICE("values separated by \""), sign,
                                               SLICE("\", none of them empty"));
        return how;
    }
    if (cell->suggestion.length > 0 && !column->is_private) {
        how.in[INTERFACE_JAPANESE] =
            ARENA_JOIN(arena, SLICE("「"), cell->suggestion, SLICE("」と"));
        how.in[INTERFACE_ENGLISH] = cell->suggestion;
        return how;
    }
    if (column->type == COLUMN_BOOLEAN) {
        struct slice yes = rules->true_values.data[0];
        struct slice no = rules->false_values.data[0];
        how.in[INTERFACE_JAPANESE] =
            ARENA_JOIN(arena, SLICE("「"), yes, SLICE("」か「"), no, SLICE("」と"));
        how.in[INTERFACE_ENGLISH] = ARENA_JOIN(arena, yes, SLICE(" or "), no);
        return how;
    }
    if (rules->format == FORMAT_PATTERN) {
        example = rules->format_pattern;
    }
    how.in[INTERFACE_JAPANESE] = ARENA_JOIN(arena, SLICE("「"), example, SLICE("」のような"),
                                            words.in[INTERFACE_JAPANESE], SLICE("を"));
    how.in[INTERFACE_ENGLISH] =
        ARENA_JOIN(arena, words.in[INTERFACE_ENGLISH], SLICE(", such as "), example);
    return how;
}

/* The member of the descriptor that says most about what a cell must be. */
static const struct node *declared_as(const struct column *column)
{
    static const char *const members[] = {"kyodo:format", "format", "kyodo:delimiter", "type"};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const struct node *node = node_get(column->descriptor, members[i]);
        if (node != NULL && !slice_equal(node->text, SLICE("default"))) {
            return node;
        }
    }
    return NULL;
}

static void report_cell(const struct row_reader *row, const struct column *column,
                        const struct column_rules *rules, enum cell_problem problem,
                        struct slice raw, const struct cell *cell)
{
    static const enum code codes[] = {
        [CELL_OK] = CODE_csv_type,
        [CELL_WRONG_TYPE] = CODE_csv_type,
        [CELL_IMPOSSIBLE_DATE] = CODE_csv_impossible_date,
        [CELL_CHECK_DIGIT] = CODE_csv_check_digit,
        [CELL_OUTSIDE_ERA] = CODE_csv_outside_era,
        [CELL_WRONG_WEEKDAY] = CODE_csv_wrong_weekday,
    };
    struct slice example;
    const struct node *type = declared_as(column);
    /* The one value of a list is judged as a cell of its type. */
    struct column own = *column;
    if (cell->part.data != NULL) {
        own.type = rules->item_type;
        raw = cell->part;
    }
    bool is_list = type != NULL && slice_equal(type->key, SLICE("kyodo:delimiter"));
    bool is_mild = problem == CELL_OUTSIDE_ERA || problem == CELL_WRONG_WEEKDAY;
    struct cell_report report = {
        .code = own.type != column->type && problem == CELL_WRONG_TYPE ? CODE_csv_list_item
                                                                       : codes[problem],
        .place = row->place,
        .field = column->field,
        .arguments = {cell_shown(column, raw, row->arena),
                      column_expectation(&own, rules, &example),
                      is_mild ? cell_shown(column, cell->value, row->arena)
                              : repair(&own, rules, cell, row->arena)},
    };
    if (problem == CELL_OUTSIDE_ERA && !column->is_private) {
        report.arguments[3] = era_words(raw, row->arena);
    }
    if (type != NULL && !is_mild) {
        report.note_count = 1;
        report.notes[0] =
            (struct report_note){.code = CODE_see_column,
                                 .span = type->span,
                                 .arguments = {column->name, is_list ? SLICE("list") : type->text}};
    }
    cell_report(row->table->diag, &report);
}

/* What the dialect writes for no value, whatever the schema says of missing values. */
static bool is_null(const struct table_plan *plan, struct slice raw)
{
    return plan->null_sequence.data != NULL && slice_equal(plan->null_sequence, raw);
}

static void report_missing(const struct row_reader *row, const struct column *column,
                           const struct column_rules *rules)
{
    const struct node *node = rules->required_node;
    cell_report(row->table->diag,
                &(struct cell_report){.code = CODE_csv_required,
                                      .place = row->place,
                                      .field = column->field,
                                      .arguments = {wording_of(column->name)},
                                      .note_count = 1,
                                      .notes = {{.code = CODE_see_constraint,
                                                 .span = node->span,
                                                 .arguments = {column->name, node->key}}}});
}

static bool is_text(const struct column *column)
{
    return column->type == COLUMN_STRING || column->type == COLUMN_ANY;
}

/* Names are written as people write them. */
static bool holds_names(const struct column *column)
{
    return slice_find(column->name, SLICE("name"), 0) >= 0 ||
           slice_find(column->name, SLICE("名"), 0) >= 0;
}

/* Values that are left out as the same as above, what a spreadsheet left in their place, and
 * characters that not every machine knows. */
static bool check_characters(const struct row_reader *row, const struct column *column,
                             struct slice value)
{
    if (!is_text(column) || column->is_private) {
        return true;
    }
    if (cell_is_ditto(value)) {
        row_report(row, CODE_csv_ditto, column->field, cell_shown(column, value, row->arena),
                   wording_of(column->name));
        return false;
    }
    if (cell_is_sheet_error(value) || cell_is_formula(value)) {
        row_report(row, CODE_csv_formula, column->field, cell_shown(column, value, row->arena),
                   wording_of(column->name));
        return false;
    }
    /* A site publishes UTF-8, in which they are characters like others. */
    if (holds_names(column) || !row->table->site->is_package) {
        return true;
    }
    struct slice special = cell_platform_character(value);
    if (special.data == NULL) {
        return true;
    }
    cell_report(
        row->table->diag,
        &(struct cell_report){.code = CODE_csv_platform_character,
                              .place = row->place,
                              .field = column->field,
                              .arguments = {cell_shown(column, value, row->arena),
                                            wording_of(column->name), wording_of(special)}});
    return false;
}

/* The long way. Gives the value, data NULL when there is none; `*is_good`: nothing was found. */
static struct slice judge(const struct row_reader *row, const struct column *column,
                          const struct column_rules *rules, struct slice raw, bool *is_good)
{
    struct cell cell;
    enum cell_problem problem = cell_read(column, rules, raw, row->arena, &cell);
    *is_good = problem == CELL_OK;
    if (problem != CELL_OK) {
        report_cell(row, column, rules, problem, raw, &cell);
    }
    if (problem != CELL_OK && problem != CELL_OUTSIDE_ERA && problem != CELL_WRONG_WEEKDAY) {
        return (struct slice){0};
    }
    if (slice_trim_wide(cell.value).length != cell.value.length) {
        row_report(row, CODE_csv_edge_space, column->field,
                   cell_shown(column, slice_trim_wide(cell.value), row->arena),
                   wording_of(column->name));
        *is_good = false;
    }
    *is_good = check_characters(row, column, cell.value) && *is_good;
    *is_good =
        constraint_check(rules, column, &row->place, cell.value, row->arena, row->table->diag) &&
        *is_good;
    return cell.value;
}

static struct slice read_cell(const struct row_reader *row, ptrdiff_t index, struct slice raw)
{
    const struct column *column = &row->table->table->columns[index];
    const struct column_rules *rules = &row->table->plan->rules[index];
    if (is_missing(rules, raw) || is_null(row->table->plan, raw)) {
        if (column->is_required) {
            report_missing(row, column, rules);
        }
        return (struct slice){0};
    }
    if (raw.length > 0 && cell_is_plain(rules, raw)) {
        return raw;
    }
    struct cell_memory *memory = row->memories[index];
    if (cell_is_remembered(memory, raw)) {
        return raw;
    }
    bool is_good;
    struct slice value = judge(row, column, rules, raw, &is_good);
    if (is_good && value.data == raw.data) {
        cell_remember(memory, raw);
    }
    return value;
}

/* What stands between two cells. */
static struct wording delimiter_words(char delimiter, struct arena *arena)
{
    static const struct {
        char sign;
        struct wording words;
    } known[] = {{',', {{{"カンマ", 9}, {"a comma", 7}}}},
                 {'\t', {{{"タブ", 6}, {"a tab", 5}}}},
                 {';', {{{"セミコロン", 15}, {"a semicolon", 11}}}}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].sign == delimiter) {
            return known[i].words;
        }
    }
    struct slice sign = arena_copy(arena, slice_make(&delimiter, 1));
    return (struct wording){{ARENA_JOIN(arena, SLICE("「"), sign, SLICE("」")),
                             ARENA_JOIN(arena, SLICE("a \""), sign, SLICE("\""))}};
}

static void check_width(const struct row_reader *row, const struct csv_row *record)
{
    ptrdiff_t wanted = row->table->field_count;
    if (record->field_count == wanted) {
        return;
    }
    bool is_short = record->field_count < wanted;
    struct slice only = slice_trim_wide(record->fields[0]);
    if (record->field_count == 1 && row->table->mask == NULL && text_begins_note(only)) {
        row_report(row, CODE_csv_note_alone, -1,
                   wording_of(arena_format(row->arena, "%lld", (long long)wanted)),
                   cell_shown(NULL, only, row->arena));
        return;
    }
    struct cell_report report = {
        .code = is_short ? CODE_csv_missing_cell : CODE_csv_extra_cell,
        .place = row->place,
        .field = is_short ? record->field_count : wanted,
        .arguments = {wording_of(arena_format(row->arena, "%lld", (long long)wanted)),
                      wording_of(arena_format(row->arena, "%lld", (long long)record->field_count)),
                      delimiter_words(row->table->table->dialect.delimiter, row->arena)}};
    cell_report(row->table->diag, &report);
}

bool row_read(struct row_reader *row, const struct csv_row *record, struct slice *values)
{
    const struct table *table = row->table->table;
    check_width(row, record);
    bool is_ragged = record->field_count != row->table->field_count;
    if (is_ragged && (row->table->mask != NULL || !row->table->site->is_package)) {
        return false; /* values may stand in the wrong column, also a private one in a public one */
    }
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        int field = table->columns[i].field;
        /* A cell that a ragged record lacks has had its finding. */
        values[i] = field >= 0 && field < record->field_count
                        ? read_cell(row, i, record->fields[field])
                        : (struct slice){0};
    }
    return true;
}
