#include "reading.h"

/*
 * Cases and the register of projects (ruling 1): where a case names its project, the facts that
 * both could state stand only in the register's row. Here they become values of the case's record,
 * with the cell as their place, so that rules, facets and pages read one record. A case that states
 * such a fact too is a finding.
 */

/* Whether the register may hold a field of the case. Words and groups stay with the case. */
static bool is_shared(enum field_id field)
{
    const struct field_info *info = field_info(field);
    switch ((int)field) {
    case FIELD_case_kind: /* of the record, not of the project */
    case FIELD_case_updated:
    case FIELD_case_project:
    case FIELD_case_proposer: /* an entry of the case's own actors */
        return false;
    default:
        break;
    }
    bool words = (info->flags & FIELD_WORD) != 0;
    bool elsewhere = info->type == FIELD_TYPE_GROUP || info->type == FIELD_TYPE_TEXT ||
                     (info->type == FIELD_TYPE_REFERENCE &&
                      !slice_starts_with(slice_of(info->target), SLICE("register:")));
    return !words && !elsewhere;
}

/* The column that holds a field of the case, or -1. */
static int shared_column(const struct table *table, enum field_id field)
{
    if (!is_shared(field)) {
        return -1;
    }
    bool is_city = field == FIELD_case_city;
    return table_column_by_name(table, is_city ? SLICE("localgov_code") : field_info(field)->key);
}

/* Whether the register itself looks up what the cell says, and has found nothing. */
static bool is_judged(const struct column *column, const struct field_info *info, struct slice text)
{
    if (info->type == FIELD_TYPE_CODE && column->codelist != NULL) {
        return slice_equal(column->codelist->name, slice_of(info->target)) &&
               codelist_find(column->codelist, text) == NULL;
    }
    return info->type == FIELD_TYPE_REFERENCE && column->referenced != NULL &&
           table_row_by_key(column->referenced, text) < 0;
}

/* A cell as if it had been written in the front matter. */
bool projects_read_cell(const struct reading *reading, enum field_id field,
                        const struct table *table, ptrdiff_t row, int column, struct value *value)
{
    const struct field_info *info = field_info(field);
    struct slice cell = table_cell(table, row, column);
    struct node node = {.kind = NODE_SCALAR, .is_plain = true, .text = cell};
    node.span = table_cell_span(table, row, column);
    if (info->type == FIELD_TYPE_BOOLEAN) {
        node.scalar = SCALAR_BOOLEAN;
    }
    value->field = field;
    value->span = node.span;
    if ((info->flags & FIELD_MANY) == 0) {
        return !is_judged(&table->columns[column], info, cell) &&
               reading_single(reading, info, field, &node, value);
    }
    char delimiter =
        table->columns[column].delimiter != '\0' ? table->columns[column].delimiter : ';';
    ptrdiff_t most = 1;
    for (ptrdiff_t i = 0; i < cell.length; i++) {
        most += cell.data[i] == delimiter ? 1 : 0;
    }
    value->is_list = true;
    value->as.list.items = ARENA_ARRAY(reading->arena, struct value, most);
    struct slice rest = cell;
    while (rest.data != NULL) {
        node.text = slice_trim(slice_cut(&rest, delimiter));
        struct value *item = &value->as.list.items[value->as.list.count];
        bool is_known =
            node.text.length > 0 && !is_judged(&table->columns[column], info, node.text);
        if (is_known && reading_single(reading, info, field, &node, item)) {
            value->as.list.count++;
        }
    }
    return value->as.list.count > 0;
}

void projects_shared_columns(const struct table *table, int *columns)
{
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    for (int field = first; field < end; field++) {
        columns[field] = shared_column(table, (enum field_id)field);
    }
}

static void merge_field(const struct reading *reading, struct item *item, enum field_id field,
                        const struct table *table, ptrdiff_t row, int column)
{
    const struct value *own = record_get(item->record, field);
    if (own != NULL) {
        diag_add(
            reading->diag,
            &(struct report){.code = CODE_record_fact_in_register,
                             .span = own->span,
                             .arguments = {field_info(field)->key, table_cell(table, row, column)},
                             .note_count = 1,
                             .notes = {{.code = CODE_see_register,
                                        .span = table_cell_span(table, row, column),
                                        .arguments = {field_info(field)->key}}}});
        return;
    }
    struct value value = {0};
    if (projects_read_cell(reading, field, table, row, column, &value)) {
        *record_insert(reading->arena, item->record, field) = value;
    } else {
        record_break(reading->arena, item->record, field);
    }
}

/* Whether an empty cell is one that the register refused, or one that it asks for: that has its
 * finding there. */
static bool is_cell_lost(const struct table *table, ptrdiff_t row, int column,
                         const struct diag *diag)
{
    struct span span = table_cell_span(table, row, column);
    return (span.end > span.start || table->columns[column].is_required) &&
           diag_errors_of_file(diag, table->path) > 0;
}

/* The project's row is not there, which is a finding of its own: what it would say is not missed.
 */
static void lose_fields(const struct reading *reading, struct item *item, const int *columns)
{
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    for (int field = first; field < end; field++) {
        bool may_have = columns != NULL ? columns[field] >= 0 : is_shared((enum field_id)field);
        if (may_have && record_get(item->record, (enum field_id)field) == NULL) {
            record_break(reading->arena, item->record, (enum field_id)field);
        }
    }
}

static void merge_row(const struct reading *reading, struct item *item, const struct table *table,
                      ptrdiff_t row, const int *columns)
{
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    for (int i = first; i < end; i++) {
        enum field_id field = (enum field_id)i;
        if (columns[i] < 0) {
            continue;
        }
        if (table_cell(table, row, columns[i]).length > 0) {
            merge_field(reading, item, field, table, row, columns[i]);
        } else if (record_get(item->record, field) == NULL &&
                   is_cell_lost(table, row, columns[i], reading->diag)) {
            record_break(reading->arena, item->record, field);
        }
    }
}

static void merge_case(const struct reading *reading, struct item *item, const struct table *table,
                       const int *columns)
{
    const struct value *project = record_get(item->record, FIELD_case_project);
    bool is_named = value_is_stated(project);
    ptrdiff_t row =
        is_named && table != NULL ? table_row_by_key(table, value_reference(project)->id) : -1;
    if (row >= 0) {
        merge_row(reading, item, table, row, columns);
    } else if (is_named || record_is_broken(item->record, FIELD_case_project)) {
        lose_fields(reading, item, table != NULL && table->is_read ? columns : NULL);
    }
}

void projects_merge(struct site *site, struct item *cases, ptrdiff_t count, struct diag *diag)
{
    const struct table *table = site_table(site, SLICE("projects"));
    int columns[FIELD_COUNT];
    if (table != NULL) {
        projects_shared_columns(table, columns);
    }
    struct reading reading = {.site = site, .arena = &site->arena, .diag = diag};
    for (ptrdiff_t i = 0; i < count; i++) {
        site_pass(site, i);
        merge_case(&reading, &cases[i], table, columns);
    }
}
