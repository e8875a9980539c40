#include "reading.h"

/*
 * Cases and the register of projects (ruling 1): where a case names its project, the facts that
 * both could state stand only in the register's row. Here they become values of the case's record,
 * with the cell as their place, so that rules, facets and pages read one record. A case that states
 * such a fact too is a finding.
 */

/* The column that holds a field of the case, or -1. Words and groups stay with the case. */
static int shared_column(const struct table *table, enum field_id field)
{
    const struct field_info *info = field_info(field);
    switch ((int)field) {
    case FIELD_case_kind: /* of the record, not of the project */
    case FIELD_case_updated:
    case FIELD_case_project:
    case FIELD_case_proposer: /* an entry of the case's own actors */
        return -1;
    case FIELD_case_city:
        return table_column_by_name(table, SLICE("localgov_code"));
    default:
        break;
    }
    bool words = (info->flags & FIELD_WORD) != 0;
    bool elsewhere = info->type == FIELD_TYPE_GROUP || info->type == FIELD_TYPE_TEXT ||
                     (info->type == FIELD_TYPE_REFERENCE &&
                      !slice_starts_with(slice_of(info->target), SLICE("register:")));
    return words || elsewhere ? -1 : table_column_by_name(table, info->key);
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
        return reading_single(reading, info, field, &node, value);
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
        if (node.text.length > 0 && reading_single(reading, info, field, &node, item)) {
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
    /* A cell that its own column's type refuses has its finding from the register already. */
    struct value value = {0};
    if (projects_read_cell(reading, field, table, row, column, &value)) {
        *record_insert(reading->arena, item->record, field) = value;
    }
}

void projects_merge(struct site *site, struct diag *diag)
{
    const struct table *table = site_table(site, SLICE("projects"));
    if (table == NULL) {
        return;
    }
    int columns[FIELD_COUNT];
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    projects_shared_columns(table, columns);
    struct reading reading = {.site = site, .arena = &site->arena, .diag = diag};
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        struct item *item = &site->items[ITEM_CASE][i];
        const struct value *project = record_get(item->record, FIELD_case_project);
        ptrdiff_t row =
            value_is_stated(project) ? table_row_by_key(table, project->as.reference.id) : -1;
        for (int field = first; field < end && row >= 0; field++) {
            if (columns[field] >= 0 && table_cell(table, row, columns[field]).length > 0) {
                merge_field(&reading, item, (enum field_id)field, table, row, columns[field]);
            }
        }
    }
}
