#include "table_looks.h"

/* The header of a register: which field of a record is which column. */

static struct record_place place_of(const struct table_reader *reader, const struct csv_row *row)
{
    return (struct record_place){.table = reader->table,
                                 .row_number = row->row_number,
                                 .start = row->start,
                                 .end = row->end};
}

static void report_label(struct table_reader *reader, enum code code, ptrdiff_t field,
                         struct slice label, struct slice expected, const struct node *descriptor)
{
    struct cell_report cell = {.code = code,
                               .place = reader->place,
                               .field = field,
                               .arguments = {wording_of(label), wording_of(expected)}};
    if (reader->hides_labels) {
        cell.arguments[0] =
            cell_shown(&(const struct column){.is_private = true}, label, reader->arena);
    }
    const struct node *name = node_get(descriptor, "name");
    if (name != NULL) {
        cell.note_count = 1;
        cell.notes[0] = (struct report_note){
            .code = CODE_see_named, .span = name->span, .arguments = {name->text}};
    }
    cell_report(reader->diag, &cell);
}

/* None of the labels is a column's: somebody else's table, which import may be able to take in. */
static void report_no_label(struct table_reader *reader, const struct csv_row *row)
{
    const struct table *table = reader->table;
    struct wording import = wording_of(SLICE(""));
    if (!reader->site->is_package && !table->is_codelist) {
        import.in[INTERFACE_JAPANESE] = ARENA_JOIN(
            reader->arena,
            SLICE("題名の行や自分の見出しがある表計算の表は、data の外に置き、kyodo import "
                  "ファイル --as "),
            table->name, SLICE(" で取り込めます。"));
        import.in[INTERFACE_ENGLISH] = ARENA_JOIN(
            reader->arena,
            SLICE("; a spreadsheet with a title or headings of its own is moved out of data and "
                  "taken in by kyodo import FILE --as "),
            table->name);
    }
    cell_report(reader->diag,
                &(struct cell_report){.code = CODE_csv_no_label,
                                      .place = reader->place,
                                      .arguments = {wording_of(row->fields[0]), import}});
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
        report_no_label(reader, row);
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
        reader->plan->rules[i] = (struct column_rules){
            .has_type = true, .decimal = SLICE("."), .length_least = -1, .length_most = -1};
        column_missing_default(&reader->plan->rules[i], reader->arena);
        cell_plain_prepare(&table->columns[i], &reader->plan->rules[i]);
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

/* Names of columns in a label that was taken for one, were `sign` between them. Where nobody has
 * said what columns there are, any may be one; of the signs those are asked that no text has. */
static ptrdiff_t count_names(const struct table_reader *reader, struct slice label,
                             struct slice sign)
{
    bool is_described = reader->plan->has_schema;
    if (!is_described && slice_find(SLICE(";\t|，"), sign, 0) < 0) {
        return 0;
    }
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at <= label.length;) {
        ptrdiff_t next = slice_find(label, sign, at);
        ptrdiff_t end = next < 0 ? label.length : next;
        struct slice name = slice_trim(slice_sub(label, at, end));
        bool is_name = is_described ? table_column_by_name(reader->table, name) >= 0
                                    : name.length > 0 && label.length > name.length;
        count += is_name ? 1 : 0;
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
        if (count_names(reader, row->fields[0], slice_of(found->sign)) < 2) {
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

/* A label that is an address of the net names nothing. */
static void report_data_as_header(const struct table_reader *reader, const struct csv_row *row)
{
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        bool is_address = slice_starts_with(row->fields[i], SLICE("http://")) ||
                          slice_starts_with(row->fields[i], SLICE("https://"));
        if (is_address) {
            cell_report(reader->diag,
                        &(struct cell_report){
                            .code = CODE_csv_header_is_data,
                            .place = reader->place,
                            .field = i,
                            .arguments = {cell_shown(NULL, row->fields[i], reader->arena)}});
            return;
        }
    }
}

/* Where capitals mean nothing in labels, those of the columns are meant. */
static struct csv_row with_capitals(struct table_reader *reader, const struct csv_row *row)
{
    const struct table *table = reader->table;
    struct csv_row meant = *row;
    struct slice *labels = ARENA_ARRAY(reader->arena, struct slice, row->field_count);
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        labels[i] = row->fields[i];
        for (ptrdiff_t c = 0; c < table->column_count; c++) {
            if (slice_equal_ignoring_ascii_case(labels[i], table->columns[c].name)) {
                labels[i] = table->columns[c].name;
            }
        }
    }
    meant.fields = labels;
    return meant;
}

static void match_header(struct table_reader *reader, const struct csv_row *row)
{
    struct csv_row meant = *row;
    if (reader->plan->ignores_case) {
        meant = with_capitals(reader, row);
        row = &meant;
    }
    reader->is_header_read = true;
    reader->field_count = row->field_count;
    /* What names no column at all may be a row of values. */
    reader->hides_labels = reader->mask != NULL && count_known_labels(reader, row) == 0;
    table_mask_header(reader->mask, row->end, row->field_count, !reader->hides_labels);
    if ((reader->plan->has_schema || row->field_count == 1) && report_separator(reader, row)) {
        reader->is_hopeless = true;
        return;
    }
    if (reader->plan->has_schema && is_no_header(reader, row)) {
        reader->is_hopeless = true;
        report_no_label(reader, row);
        return;
    }
    bool is_good = check_labels(reader, row);
    if (!reader->plan->has_schema) {
        report_data_as_header(reader, row);
        looks_at_labels(reader, row);
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

static ptrdiff_t count_filled(const struct csv_row *row)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        count += slice_trim_wide(row->fields[i]).length > 0 ? 1 : 0;
    }
    return count;
}

static bool has_twins(const struct csv_row *row)
{
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        if (slice_trim_wide(row->fields[i]).length > 0 && find_label(row, row->fields[i]) < i) {
            return true;
        }
    }
    return false;
}

/* Labels in two rows: below each wide cell stand the labels of its columns, below each high one
 * nothing; or the high ones stand in the lower row, which then has some labels twice. */
static bool is_header_of_two(const struct csv_row *row, const struct csv_row *next)
{
    ptrdiff_t both = 0;
    ptrdiff_t below = 0;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        bool is_above = slice_trim_wide(row->fields[i]).length > 0;
        bool is_below = i < next->field_count && slice_trim_wide(next->fields[i]).length > 0;
        if (!is_above && !is_below) {
            return false;
        }
        both += is_above && is_below ? 1 : 0;
        below += !is_above ? 1 : 0;
    }
    if (both == 0 || below == 0 || next->field_count != row->field_count) {
        return false;
    }
    return slice_trim_wide(next->fields[0]).length == 0 ||
           (slice_trim_wide(row->fields[0]).length == 0 && both > 1 && has_twins(next));
}

static void take_header_of_two(struct table_reader *reader, const struct csv_row *row,
                               const struct csv_row *next)
{
    int64_t *rows = ARENA_ARRAY(reader->arena, int64_t, 2);
    rows[0] = row->row_number;
    rows[1] = next->row_number;
    reader->plan->header_rows = rows;
    reader->plan->header_row_count = 2;
    reader->plan->header_join = SLICE(" ");
    reader->plan->is_header_merged = true;
    cell_report(reader->diag, &(struct cell_report){.code = CODE_csv_header_rows,
                                                    .place = place_of(reader, row),
                                                    .field = -1});
}

/* What nobody takes for a label: a comment, a note, Excel's `sep=,`. */
static bool is_no_label_at_all(const struct csv_row *row)
{
    struct slice text = slice_trim_wide(row->fields[0]);
    return slice_starts_with(text, SLICE("#")) || text_begins_note(text) ||
           (row->row_number == 1 && slice_starts_with(text, SLICE("sep=")));
}

/* Columns that some row has values in; those behind them are what a spreadsheet left. */
static ptrdiff_t count_used(const struct csv_row *rows, ptrdiff_t count)
{
    enum { LOOKED_AT_MOST = 20 };
    ptrdiff_t most = 0;
    for (ptrdiff_t i = 0; i < count && i < LOOKED_AT_MOST; i++) {
        ptrdiff_t filled = count_filled(&rows[i]);
        most = filled > most ? filled : most;
    }
    return most;
}

/* Titles and notes fill a cell or two, where the table has many. */
bool table_is_title(struct table_reader *reader, const struct csv_row *rows, ptrdiff_t count)
{
    const struct csv_row *row = rows;
    if (reader->plan->has_schema || reader->plan->has_dialect || reader->plan->data != NULL ||
        count < 2 || reader->is_header_read || reader->label_rows > 0) {
        return false;
    }
    if (is_header_of_two(row, &rows[1])) {
        take_header_of_two(reader, row, &rows[1]);
        return false;
    }
    ptrdiff_t filled = count_filled(row);
    ptrdiff_t used = count_used(rows, count);
    bool is_title =
        (used >= 3 && filled * 2 < used) || (filled == 1 && used == 2 && is_no_label_at_all(row));
    if (is_title) {
        cell_report(reader->diag, &(struct cell_report){.code = CODE_csv_title_row,
                                                        .place = place_of(reader, row),
                                                        .field = -1});
    }
    return is_title;
}

static bool is_listed(const int64_t *rows, ptrdiff_t count, int64_t number)
{
    for (ptrdiff_t i = 0; i < count; i++) {
        if (rows[i] == number) {
            return true;
        }
    }
    return false;
}

bool table_is_comment(const struct table_reader *reader, const struct csv_row *row)
{
    const struct table_plan *plan = reader->plan;
    return is_listed(plan->comment_rows, plan->comment_row_count, row->row_number) ||
           (!reader->is_header_read && plan->header_row_count > 0 &&
            !is_listed(plan->header_rows, plan->header_row_count, row->row_number));
}

/* Labels of several rows stand joined for one; an empty one adds nothing. Above columns that share
 * a wide cell only the first has its label, which is theirs, too. */
static void join_labels(struct table_reader *reader, const struct csv_row *row)
{
    if (row->field_count > reader->label_count) {
        struct slice *grown = ARENA_ARRAY(reader->arena, struct slice, row->field_count);
        for (ptrdiff_t i = 0; i < reader->label_count; i++) {
            grown[i] = reader->labels[i];
        }
        reader->labels = grown;
        reader->label_count = row->field_count;
    }
    struct slice wide = SLICE("");
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        struct slice own = row->fields[i];
        struct slice above = reader->labels[i];
        wide = above.length > 0 ? above : wide;
        above = reader->plan->is_header_merged && own.length > 0 ? wide : above;
        bool is_joined = above.length > 0 && own.length > 0;
        reader->labels[i] = ARENA_JOIN(reader->arena, above,
                                       is_joined ? reader->plan->header_join : SLICE(""), own);
    }
}

/* Without header and schema the columns have numbers for names. */
static void assume_columns(struct table_reader *reader, const struct csv_row *row)
{
    struct csv_row header = *row;
    struct slice *labels = ARENA_ARRAY(reader->arena, struct slice, row->field_count);
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        labels[i] = arena_format(reader->arena, "field%lld", (long long)i + 1);
    }
    header.fields = labels;
    columns_of_labels(reader, &header);
    table_assume_header(reader);
}

void table_read_header(struct table_reader *reader, const struct csv_row *row)
{
    if (!reader->plan->has_header) {
        assume_columns(reader, row);
        return;
    }
    ptrdiff_t wanted = reader->plan->header_row_count;
    if (wanted <= 1) {
        reader->place = place_of(reader, row);
        match_header(reader, row);
        return;
    }
    join_labels(reader, row);
    /* Findings about labels stand in the first of the rows. */
    if (reader->label_rows++ == 0) {
        reader->place = place_of(reader, row);
    }
    if (reader->label_rows == wanted) {
        struct csv_row joined = *row;
        joined.fields = reader->labels;
        joined.field_count = reader->label_count;
        match_header(reader, &joined);
    }
}

void table_assume_header(struct table_reader *reader)
{
    reader->is_header_read = true;
    reader->field_count = reader->table->column_count;
    table_mask_header(reader->mask, 0, reader->field_count, true);
    for (ptrdiff_t i = 0; i < reader->table->column_count; i++) {
        reader->table->columns[i].field = (int)i;
    }
}

void table_report_blank(const struct table_reader *reader, const struct csv_row *row)
{
    bool is_header = !reader->is_header_read && row->row_number == 1;
    cell_report(reader->diag, &(struct cell_report){.code = is_header ? CODE_csv_blank_header
                                                                      : CODE_csv_blank_row,
                                                    .place = place_of(reader, row),
                                                    .field = -1});
}
