#include "registers.h"

/* A register's CSV, record by record: header, types, constraints, keys. Whatever is wrong is a
 * finding, and reading goes on. */

struct table_reader {
    struct site *site;
    struct arena *arena;
    struct diag *diag;
    struct table_plan *plan;
    struct table *table;
    struct table_mask *mask;
    bool is_header_read;
    bool is_hopeless;      /* the header fits nothing: rows would only repeat that */
    ptrdiff_t field_count; /* of the header */
    ptrdiff_t cell_capacity;
    ptrdiff_t row_capacity;
    ptrdiff_t original_capacity;
    struct record_place place;
    struct buffer key;
};

static void report_record(struct table_reader *reader, enum code code, ptrdiff_t field,
                          struct wording first, struct wording second)
{
    cell_report(reader->diag, &(struct cell_report){.code = code,
                                                    .place = reader->place,
                                                    .field = field,
                                                    .arguments = {first, second}});
}

/* ---- Header ---- */

static void report_label(struct table_reader *reader, enum code code, ptrdiff_t field,
                         struct slice label, struct slice expected, const struct node *descriptor)
{
    struct cell_report cell = {.code = code,
                               .place = reader->place,
                               .field = field,
                               .arguments = {wording_of(label), wording_of(expected)}};
    const struct node *name = node_get(descriptor, "name");
    if (name != NULL) {
        cell.note_count = 1;
        cell.notes[0] = (struct report_note){
            .code = CODE_see_named, .span = name->span, .arguments = {name->text}};
    }
    cell_report(reader->diag, &cell);
}

/* Labels that are blank or there twice; false when there is any. */
static bool check_labels(struct table_reader *reader, const struct csv_row *row)
{
    struct map seen = {0};
    bool is_good = true;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        struct slice label = arena_copy(reader->arena, row->fields[i]);
        if (slice_trim_wide(label).length == 0) {
            report_label(reader, CODE_csv_blank_label, i, label,
                         arena_format(reader->arena, "%lld", (long long)i + 1), NULL);
            is_good = false;
            continue;
        }
        bool is_new;
        map_insert(&seen, reader->arena, label, &is_new);
        if (!is_new) {
            report_label(reader, CODE_csv_duplicate_label, i, label, SLICE(""), NULL);
            is_good = false;
        }
    }
    return is_good;
}

static ptrdiff_t find_label(const struct csv_row *row, struct slice name)
{
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        if (slice_equal(row->fields[i], name)) {
            return i;
        }
    }
    return -1;
}

static bool is_unknown_label(const struct table_reader *reader, const struct csv_row *row,
                             ptrdiff_t field)
{
    return field < row->field_count && table_column_by_name(reader->table, row->fields[field]) < 0;
}

/* By position: each label must be that of its column. So does frictionless, and a package by itself
 * is judged as there. */
static void match_positions(struct table_reader *reader, const struct csv_row *row)
{
    struct table *table = reader->table;
    ptrdiff_t both =
        row->field_count < table->column_count ? row->field_count : table->column_count;
    for (ptrdiff_t i = 0; i < both; i++) {
        struct column *column = &table->columns[i];
        column->field = (int)i;
        if (!slice_equal(row->fields[i], column->name)) {
            report_label(reader, CODE_csv_incorrect_label, i, row->fields[i], column->name,
                         column->descriptor);
            /* A data row in place of the header, or another file: its cells would fill the report
             * with what follows from that. */
            reader->is_hopeless = true;
        }
    }
    for (ptrdiff_t i = both; i < table->column_count; i++) {
        table->columns[i].field = -1;
        report_label(reader, CODE_csv_missing_label, row->field_count, table->columns[i].name,
                     SLICE(""), table->columns[i].descriptor);
    }
    for (ptrdiff_t i = both; i < row->field_count; i++) {
        report_label(reader, CODE_csv_extra_label, i, row->fields[i], SLICE(""), NULL);
    }
}

/* Each label must be that of its column, in this order. A column that is missing shifts those
 * behind it, which are right all the same: only what nobody knows, or misses, is a finding. */
static void match_exact(struct table_reader *reader, const struct csv_row *row)
{
    struct table *table = reader->table;
    if (reader->site->is_package) {
        match_positions(reader, row);
        return;
    }
    bool *is_slip = ARENA_ARRAY(reader->arena, bool, row->field_count);
    ptrdiff_t place = 0; /* where the column should stand: behind the one before */
    ptrdiff_t wrong = 0;
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        struct column *column = &table->columns[i];
        column->field = (int)find_label(row, column->name);
        if (column->field >= 0) {
            place = column->field + 1;
            continue;
        }
        wrong++;
        if (is_unknown_label(reader, row, place)) {
            report_label(reader, CODE_csv_incorrect_label, place, row->fields[place], column->name,
                         column->descriptor);
            /* Its values may be another column's. */
            reader->is_hopeless = true;
            is_slip[place++] = true;
        } else {
            report_label(reader, CODE_csv_missing_label, place, column->name, SLICE(""),
                         column->descriptor);
            /* Without their keys rows cannot be told from rows that are not there. */
            reader->is_hopeless = reader->is_hopeless || i == table->key_column;
        }
    }
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        if (is_unknown_label(reader, row, i) && !is_slip[i]) {
            wrong++;
            report_label(reader, CODE_csv_extra_label, i, row->fields[i], SLICE(""), NULL);
        }
    }
    if (wrong == 0) {
        match_positions(reader, row);
    }
}

/* By name, in any order. */
static void match_names(struct table_reader *reader, const struct csv_row *row)
{
    struct table *table = reader->table;
    enum fields_match match = reader->plan->match;
    bool may_lack = match == MATCH_SUPERSET || match == MATCH_PARTIAL;
    bool may_have_more = match == MATCH_SUBSET || match == MATCH_PARTIAL;
    ptrdiff_t found = 0;
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        struct column *column = &table->columns[i];
        column->field = (int)find_label(row, column->name);
        found += column->field >= 0 ? 1 : 0;
        if (column->field < 0 && !may_lack) {
            report_label(reader, CODE_csv_missing_label, row->field_count, column->name, SLICE(""),
                         column->descriptor);
        }
    }
    for (ptrdiff_t i = 0; i < row->field_count && !may_have_more; i++) {
        if (table_column_by_name(table, row->fields[i]) < 0) {
            report_label(reader, CODE_csv_extra_label, i, row->fields[i], SLICE(""), NULL);
        }
    }
    if (found == 0) {
        reader->is_hopeless = true;
        report_label(reader, CODE_csv_no_label, 0, row->fields[0], SLICE(""), NULL);
    }
}

/* Without a schema every label is a column of any value. */
static void columns_of_labels(struct table_reader *reader, const struct csv_row *row)
{
    struct table *table = reader->table;
    table->columns = ARENA_ARRAY(reader->arena, struct column, row->field_count);
    reader->plan->rules = ARENA_ARRAY(reader->arena, struct column_rules, row->field_count);
    table->column_count = row->field_count;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        table->columns[i] = (struct column){.name = arena_copy(reader->arena, row->fields[i]),
                                            .type = COLUMN_ANY,
                                            .field = (int)i,
                                            .translates = -1,
                                            .language = -1};
        reader->plan->rules[i] =
            (struct column_rules){.has_type = true, .length_least = -1, .length_most = -1};
        column_missing_default(&reader->plan->rules[i], reader->arena);
    }
}

static ptrdiff_t count_known_labels(const struct table_reader *reader, const struct csv_row *row)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        count += table_column_by_name(reader->table, row->fields[i]) >= 0 ? 1 : 0;
    }
    return count;
}

/* A sign that separates columns in files of other programs, as people call it. */
struct separator {
    const char *sign;
    const char *name[INTERFACE_LANGUAGES];
};

static const struct separator SEPARATORS[] = {
    {";", {"セミコロン「;」", "semicolons (;)"}},
    {"\t", {"タブ", "tabs"}},
    {"，", {"全角のコンマ「，」", "full-width commas (，)"}},
    {"、", {"読点「、」", "ideographic commas (、)"}},
    {"|", {"縦線「|」", "vertical bars (|)"}},
    {",", {"コンマ「,」", "commas (,)"}},
};

/* Names of columns in a label that was taken for one, were `sign` between them. */
static ptrdiff_t count_names(const struct table *table, struct slice label, struct slice sign)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at <= label.length;) {
        ptrdiff_t next = slice_find(label, sign, at);
        ptrdiff_t end = next < 0 ? label.length : next;
        count += table_column_by_name(table, slice_trim(slice_sub(label, at, end))) >= 0 ? 1 : 0;
        at = end + sign.length;
    }
    return count;
}

/* A file whose columns another sign separates than the one that is expected. */
static bool report_separator(struct table_reader *reader, const struct csv_row *row)
{
    const struct table *table = reader->table;
    for (size_t i = 0; i < sizeof(SEPARATORS) / sizeof(SEPARATORS[0]); i++) {
        const struct separator *found = &SEPARATORS[i];
        if (count_names(table, row->fields[0], slice_of(found->sign)) < 2) {
            continue;
        }
        bool is_ascii = (found->sign[0] & 0x80) == 0;
        const char *written = found->sign[0] == '\t' ? "\\t" : found->sign;
        const char delimiter[] = {table->dialect.delimiter, '\0'};
        struct cell_report cell = {.code = CODE_csv_separator,
                                   .place = reader->place,
                                   .field = 0,
                                   .arguments = {{{slice_of(found->name[INTERFACE_JAPANESE]),
                                                   slice_of(found->name[INTERFACE_ENGLISH])}},
                                                 wording_of(slice_of(delimiter))}};
        if (is_ascii) {
            cell.arguments[2].in[INTERFACE_JAPANESE] =
                ARENA_JOIN(reader->arena,
                           SLICE("区切りを変えられないときは、datapackage.json のこの一覧に "
                                 "\"dialect\": {\"delimiter\": \""),
                           slice_of(written), SLICE("\"} と書いてください。"));
            cell.arguments[2].in[INTERFACE_ENGLISH] =
                ARENA_JOIN(reader->arena, SLICE(", or give it \"dialect\": {\"delimiter\": \""),
                           slice_of(written), SLICE("\"} in datapackage.json"));
        }
        cell_report(reader->diag, &cell);
        return true;
    }
    return false;
}

/* A first row without one name of the columns (a title, data, another file), where every label
 * would be a finding of its own. With few columns the labels themselves are looked at. */
static bool is_no_header(struct table_reader *reader, const struct csv_row *row)
{
    return !reader->site->is_package && reader->table->column_count > 2 &&
           count_known_labels(reader, row) == 0;
}

static void read_header(struct table_reader *reader, const struct csv_row *row)
{
    reader->is_header_read = true;
    reader->field_count = row->field_count;
    table_mask_header(reader->mask, row->end, row->field_count);
    if (reader->plan->has_schema && report_separator(reader, row)) {
        reader->is_hopeless = true;
        return;
    }
    if (reader->plan->has_schema && is_no_header(reader, row)) {
        reader->is_hopeless = true;
        report_label(reader, CODE_csv_no_label, 0, row->fields[0], SLICE(""), NULL);
        return;
    }
    bool is_good = check_labels(reader, row);
    if (!reader->plan->has_schema) {
        columns_of_labels(reader, row);
        return;
    }
    if (!is_good) {
        reader->is_hopeless = true;
        return;
    }
    if (reader->plan->match == MATCH_EXACT) {
        match_exact(reader, row);
    } else {
        match_names(reader, row);
    }
}

static void assume_header(struct table_reader *reader)
{
    reader->is_header_read = true;
    reader->field_count = reader->table->column_count;
    table_mask_header(reader->mask, 0, reader->field_count);
    for (ptrdiff_t i = 0; i < reader->table->column_count; i++) {
        reader->table->columns[i].field = (int)i;
    }
}

/* ---- Cells ---- */

static bool is_missing(const struct column_rules *rules, struct slice raw)
{
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

static void report_cell(struct table_reader *reader, const struct column *column,
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
    bool is_list = type != NULL && slice_equal(type->key, SLICE("kyodo:delimiter"));
    bool is_mild = problem == CELL_OUTSIDE_ERA || problem == CELL_WRONG_WEEKDAY;
    struct cell_report report = {
        .code = codes[problem],
        .place = reader->place,
        .field = column->field,
        .arguments = {cell_shown(column, raw, reader->arena),
                      column_expectation(column, rules, &example),
                      is_mild ? cell_shown(column, cell->value, reader->arena)
                              : repair(column, rules, cell, reader->arena)},
    };
    if (type != NULL && !is_mild) {
        report.note_count = 1;
        report.notes[0] =
            (struct report_note){.code = CODE_see_column,
                                 .span = type->span,
                                 .arguments = {column->name, is_list ? SLICE("list") : type->text}};
    }
    cell_report(reader->diag, &report);
}

static void keep_original(struct table_reader *reader, ptrdiff_t row, int column, struct slice raw)
{
    struct table *table = reader->table;
    vector_grow(reader->arena, (void **)&table->originals, table->original_count,
                &reader->original_capacity, (ptrdiff_t)sizeof(*table->originals),
                table->original_count + 1);
    table->originals[table->original_count++] =
        (struct original_cell){.row = row, .column = column, .text = raw};
}

static bool has_edge_space(struct slice raw)
{
    return slice_trim_wide(raw).length != raw.length;
}

/* `raw` is in the arena already. Gives the value, data NULL when there is none. */
static struct slice read_cell(struct table_reader *reader, ptrdiff_t row, int index,
                              struct slice raw)
{
    const struct column *column = &reader->table->columns[index];
    struct column_rules *rules = &reader->plan->rules[index];
    if (is_missing(rules, raw)) {
        if (column->is_required) {
            const struct node *node = rules->required_node;
            cell_report(reader->diag,
                        &(struct cell_report){.code = CODE_csv_required,
                                              .place = reader->place,
                                              .field = column->field,
                                              .arguments = {wording_of(column->name)},
                                              .note_count = 1,
                                              .notes = {{.code = CODE_see_constraint,
                                                         .span = node->span,
                                                         .arguments = {column->name, node->key}}}});
        }
        return (struct slice){0};
    }
    struct cell cell;
    enum cell_problem problem = cell_read(column, rules, raw, reader->arena, &cell);
    if (problem != CELL_OK) {
        report_cell(reader, column, rules, problem, raw, &cell);
    }
    if (problem != CELL_OK && problem != CELL_OUTSIDE_ERA && problem != CELL_WRONG_WEEKDAY) {
        return (struct slice){0};
    }
    if (has_edge_space(cell.value)) {
        report_record(reader, CODE_csv_edge_space, column->field,
                      cell_shown(column, slice_trim_wide(cell.value), reader->arena),
                      wording_of(column->name));
    }
    if (cell.value.data != raw.data) {
        keep_original(reader, row, index, raw);
    }
    constraint_check(rules, column, &reader->place, cell.value, row, reader->arena, reader->diag);
    return cell.value;
}

/* ---- Keys ---- */

static void report_double_key(struct table_reader *reader, const struct table_key *key,
                              ptrdiff_t field, struct wording shown, ptrdiff_t first_row)
{
    const struct table *table = reader->table;
    struct span first = table->row_spans[first_row];
    struct span place =
        csv_field_span(table->source, &table->dialect, first.start, first.end, field);
    cell_report(reader->diag,
                &(struct cell_report){.code = key == NULL || key->is_primary ? CODE_csv_primary_key
                                                                             : CODE_csv_unique,
                                      .place = reader->place,
                                      .field = field,
                                      .arguments = {shown},
                                      .note_count = 1,
                                      .notes = {{.code = CODE_see_first_row, .span = place}}});
}

/* A row id becomes part of an address when the register has a page a row (rulings 10). */
static bool is_row_id(struct slice id)
{
    static const char *const reserved[] = {"by", "page", "r", "v", "index"};
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (slice_equal(id, slice_of(reserved[i]))) {
            return false;
        }
    }
    for (ptrdiff_t i = 0; i < id.length; i++) {
        char c = id.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_letter && (i == 0 || (c != '-' && c != '_'))) {
            return false;
        }
    }
    return id.length > 0 && id.length <= 64;
}

static void check_key(struct table_reader *reader, ptrdiff_t row, const struct slice *cells)
{
    struct table *table = reader->table;
    int index = table->key_column;
    if (index < 0 || table->columns[index].field < 0) {
        return;
    }
    const struct column *column = &table->columns[index];
    struct slice key = cells[index];
    struct wording shown = cell_shown(column, key, reader->arena);
    if (key.length == 0) {
        table->lacks_rows = true;
        if (!column->is_required) {
            report_record(reader, CODE_csv_empty_key, column->field, wording_of(column->name),
                          shown);
        }
        return;
    }
    /* A key that does not match its column's pattern has its finding. */
    const struct pattern *pattern = reader->plan->rules[index].pattern;
    bool is_matched = pattern == NULL || pattern_matches(pattern, key);
    if (table->has_pages && is_matched && !is_row_id(key)) {
        report_record(reader, CODE_csv_row_id, column->field, shown, wording_of(column->name));
    }
    bool is_new;
    struct map_entry *entry = map_insert(&table->row_by_key, reader->arena, key, &is_new);
    if (is_new) {
        entry->value.integer = row;
    } else {
        report_double_key(reader, NULL, column->field, shown, entry->value.integer);
    }
}

static void check_wide_key(struct table_reader *reader, struct table_key *key, ptrdiff_t row,
                           const struct slice *cells)
{
    bool has_value = false;
    bool is_private = false;
    buffer_clear(&reader->key);
    for (int i = 0; i < key->count; i++) {
        struct slice cell = cells[key->columns[i]];
        has_value = has_value || cell.length > 0;
        is_private = is_private || reader->table->columns[key->columns[i]].is_private;
        if (i > 0) {
            buffer_append_byte(&reader->key, '\x1F');
        }
        buffer_append(&reader->key, cell);
    }
    if (!has_value) {
        return;
    }
    struct slice joined = arena_copy(reader->arena, buffer_slice(&reader->key));
    bool is_new;
    struct map_entry *entry = map_insert(&key->seen, reader->arena, joined, &is_new);
    if (is_new) {
        entry->value.integer = row;
        return;
    }
    struct slice shown = SLICE("");
    for (int i = 0; i < key->count; i++) {
        shown =
            ARENA_JOIN(reader->arena, shown, slice_of(i > 0 ? ", " : ""), cells[key->columns[i]]);
    }
    const struct column hidden = {.is_private = is_private};
    report_double_key(reader, key, reader->table->columns[key->columns[0]].field,
                      cell_shown(&hidden, shown, reader->arena), entry->value.integer);
}

/* ---- Rows ---- */

static bool is_blank_row(const struct csv_row *row)
{
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        if (slice_trim_wide(row->fields[i]).length > 0) {
            return false;
        }
    }
    return true;
}

static void check_width(struct table_reader *reader, const struct csv_row *row)
{
    if (row->field_count == reader->field_count) {
        return;
    }
    bool is_short = row->field_count < reader->field_count;
    long long expected = (long long)reader->field_count;
    long long found = (long long)row->field_count;
    report_record(reader, is_short ? CODE_csv_missing_cell : CODE_csv_extra_cell,
                  is_short ? row->field_count : reader->field_count,
                  wording_of(arena_format(reader->arena, "%lld", expected)),
                  wording_of(arena_format(reader->arena, "%lld", found)));
}

/* All cells of a record in one piece of memory. */
static void copy_fields(struct table_reader *reader, const struct csv_row *row, struct slice *raw)
{
    const struct table *table = reader->table;
    ptrdiff_t length = 0;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        length += row->fields[i].length;
    }
    char *text = arena_allocate(reader->arena, 1, 1, length);
    char *at = text;
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        int field = table->columns[i].field;
        raw[i] = (struct slice){0};
        if (field >= 0 && field < row->field_count) {
            struct slice value = row->fields[field];
            if (value.length > 0) {
                memcpy(at, value.data, (size_t)value.length);
            }
            raw[i] = slice_make(at, value.length);
            at += value.length;
        }
    }
}

static void read_row(struct table_reader *reader, const struct csv_row *row)
{
    struct table *table = reader->table;
    ptrdiff_t index = table->row_count;
    check_width(reader, row);
    bool is_ragged = row->field_count != reader->field_count;
    if (is_ragged && (reader->mask != NULL || !reader->site->is_package)) {
        table->lacks_rows = true;
        return; /* values may stand in the wrong column, also a private one in a public one */
    }
    vector_grow(reader->arena, (void **)&table->cells, index * table->column_count,
                &reader->cell_capacity, (ptrdiff_t)sizeof(struct slice),
                (index + 1) * table->column_count);
    ptrdiff_t capacity = reader->row_capacity;
    vector_grow(reader->arena, (void **)&table->row_spans, index, &capacity,
                (ptrdiff_t)sizeof(struct span), index + 1);
    vector_grow(reader->arena, (void **)&table->row_numbers, index, &reader->row_capacity,
                (ptrdiff_t)sizeof(int64_t), index + 1);
    table->row_spans[index] = span_make(table->source, row->start, row->end);
    table->row_numbers[index] = row->row_number;
    struct slice *cells = &table->cells[index * table->column_count];
    copy_fields(reader, row, cells);
    for (int i = 0; i < table->column_count; i++) {
        /* Data NULL: the header, or a ragged record, lacks the column, which is a finding. */
        if (cells[i].data != NULL) {
            cells[i] = read_cell(reader, index, i, cells[i]);
        }
    }
    table->row_count++;
    check_key(reader, index, cells);
    for (ptrdiff_t i = 0; i < reader->plan->key_count; i++) {
        check_wide_key(reader, &reader->plan->keys[i], index, cells);
    }
}

static bool on_row(void *context, const struct csv_row *row)
{
    struct table_reader *reader = context;
    reader->place = (struct record_place){.table = reader->table,
                                          .row_number = row->row_number,
                                          .start = row->start,
                                          .end = row->end};
    if (!row->is_broken) {
        table_mask_current(reader->mask, row->start, row->end);
    }
    if (row->is_blank || is_blank_row(row)) {
        struct wording none = {0};
        report_record(reader, CODE_csv_blank_row, -1, none, none);
        return true;
    }
    if (!reader->is_header_read) {
        read_header(reader, row);
        return !reader->is_hopeless;
    }
    if (row->is_broken) {
        reader->table->lacks_rows = true;
    } else {
        read_row(reader, row);
    }
    return true;
}

/* Room for the rows at once, so that memory is not taken twice: no more rows than lines, no more
 * than the bytes allow. */
static void reserve(struct table_reader *reader)
{
    struct table *table = reader->table;
    struct slice text = source_text(table->source);
    ptrdiff_t lines = 1;
    for (ptrdiff_t at = 0; (at = slice_find_byte(text, '\n', at)) >= 0; at++) {
        lines++;
    }
    ptrdiff_t most = text.length / (table->column_count > 0 ? table->column_count : 1) + 1;
    ptrdiff_t rows = lines < most ? lines : most;
    ptrdiff_t capacity = 0;
    vector_grow(reader->arena, (void **)&table->cells, 0, &reader->cell_capacity,
                (ptrdiff_t)sizeof(struct slice), rows * table->column_count);
    vector_grow(reader->arena, (void **)&table->row_spans, 0, &capacity,
                (ptrdiff_t)sizeof(struct span), rows);
    vector_grow(reader->arena, (void **)&table->row_numbers, 0, &reader->row_capacity,
                (ptrdiff_t)sizeof(int64_t), rows);
}

void table_read(struct site *site, struct table_plan *plan, struct diag *diag)
{
    struct table *table = plan->table;
    table->source =
        tree_read_source(site->tree, table->path, LOAD_LIMIT_REGISTER, true, NULL, diag);
    if (table->source == NULL) {
        return;
    }
    site_keep_source(site, table->source);
    struct table_reader reader = {
        .site = site, .arena = &site->arena, .diag = diag, .plan = plan, .table = table};
    reader.place.table = table;
    buffer_init(&reader.key);
    reader.mask = table_mask_set(table, reader.arena);
    if (!plan->has_header) {
        assume_header(&reader);
    }
    reserve(&reader);
    (void)csv_read(table->source, &table->dialect, on_row, &reader, diag);
    if (!reader.is_header_read) {
        struct wording none = {0};
        report_record(&reader, CODE_csv_no_header, -1, wording_of(table->path), none);
    }
    table->is_read = reader.is_header_read && !reader.is_hopeless;
    table_mask_current(reader.mask, 0, 0);
    buffer_release(&reader.key);
}
