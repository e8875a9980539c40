/* Charts that a register declares (model.h, struct chart): `kyodo:charts` of its resource. */
#include "registers.h"

/* What a column must be to serve a chart. */
enum chart_use { USE_ANY, USE_NUMBER, USE_DATE, USE_CODES };

static bool serves(const struct column *column, enum chart_use use)
{
    if (column->is_private) {
        return false;
    }
    switch (use) {
    case USE_ANY:
        return true;
    case USE_NUMBER:
        return column->type == COLUMN_INTEGER || column->type == COLUMN_NUMBER;
    case USE_DATE:
        return column->type == COLUMN_DATE || column->type == COLUMN_YEAR ||
               column->type == COLUMN_YEARMONTH ||
               slice_equal(column->format, SLICE("partial-date"));
    case USE_CODES:
        /* The list itself is known only when all tables have been read. */
        return node_get(column->descriptor, "kyodo:codelist") != NULL;
    }
    BUG("no such use of a column");
}

static void report_use(const struct describing *describing, const struct node *node,
                       const char *member, enum chart_use use)
{
    static const struct wording needs[] = {
        [USE_ANY] = {{SLICE_CONSTANT("公開する列を選んでください。"),
                      SLICE_CONSTANT("choose a column that is published")}},
        [USE_NUMBER] = {{SLICE_CONSTANT("整数か数の、公開する列を選んでください。"),
                         SLICE_CONSTANT("choose a published column of integers or numbers")}},
        [USE_DATE] = {{SLICE_CONSTANT("日付・年月・年の、公開する列を選んでください。"),
                       SLICE_CONSTANT("choose a published column of dates, months or years")}},
        [USE_CODES] = {{SLICE_CONSTANT("コード一覧のある、公開する列を選んでください。"),
                        SLICE_CONSTANT("choose a published column with a code list")}},
    };
    descriptor_report(
        describing->diag, CODE_register_chart_column, node->span,
        (const struct wording[]){wording_of(node->text), wording_of(slice_of(member)), needs[use]},
        3);
}

/* The column that a member names, or -1. */
static int chart_column(const struct describing *describing, const struct node *node,
                        const char *member, const struct table *table, enum chart_use use)
{
    int column = table_column_by_name(table, node->text);
    if (column < 0) {
        report_unknown_column(describing, table, node);
        return -1;
    }
    if (!serves(&table->columns[column], use)) {
        report_use(describing, node, member, use);
        return -1;
    }
    return column;
}

static int member_column(const struct describing *describing, const struct node *owner,
                         const char *member, const struct table *table, enum chart_use use)
{
    const struct node *node = expect_text(describing, owner, member);
    return node != NULL ? chart_column(describing, node, member, table, use) : -1;
}

/* `where` and `target`: columns with the value that they must hold. */
static ptrdiff_t describe_conditions(const struct describing *describing, const struct node *owner,
                                     const char *member, const struct table *table,
                                     struct chart_condition **conditions)
{
    const struct node *node = expect_mapping(describing, owner, member);
    ptrdiff_t count = 0;
    *conditions =
        ARENA_ARRAY(describing->arena, struct chart_condition, node != NULL ? node->count + 1 : 1);
    for (const struct node *one = node != NULL ? node->first : NULL; one != NULL; one = one->next) {
        /* expect_text() reports a value that is no text. */
        const struct node *value =
            expect_text(describing, node, arena_string(describing->arena, one->key));
        struct node name = *one;
        name.text = one->key;
        name.span = one->key_span;
        int column = chart_column(describing, &name, member, table, USE_ANY);
        if (value != NULL && column >= 0) {
            (*conditions)[count++] =
                (struct chart_condition){.column = column, .value = value->text};
        }
    }
    return count;
}

static void describe_chart(const struct describing *describing, const struct node *node,
                           struct table *table)
{
    describe_members(describing, node, LEVEL_CHART);
    const struct node *name = expect_text(describing, node, "name");
    if (name == NULL) {
        DIAG(describing->diag, CODE_register_missing_member, node->span, SLICE("name"));
        return;
    }
    bool has_count = node_get(node, "count") != NULL;
    if (has_count == (node_get(node, "measure") != NULL)) {
        DIAG(describing->diag, CODE_register_chart_incomplete, node->span, name->text);
        return;
    }
    struct chart *chart = &table->charts[table->chart_count];
    *chart = (struct chart){
        .name = name->text,
        .count = member_column(describing, node, "count", table, USE_ANY),
        .measure = member_column(describing, node, "measure", table, USE_NUMBER),
        .along = member_column(describing, node, "along", table, USE_DATE),
        .unit = member_column(describing, node, "unit", table, USE_CODES),
        .qualifier = member_column(describing, node, "qualifier", table, USE_CODES),
        .span = node->span,
    };
    describe_words(describing, node, "labels", name->text, chart->labels);
    describe_words(describing, node, "descriptions", SLICE(""), chart->descriptions);
    chart->where_count = describe_conditions(describing, node, "where", table, &chart->where);
    chart->target_count = describe_conditions(describing, node, "target", table, &chart->target);
    if (chart->count >= 0 || chart->measure >= 0) {
        table->chart_count++;
    }
}

void describe_charts(const struct describing *describing, const struct node *resource,
                     struct table *table)
{
    const struct node *list = expect_list(describing, resource, "kyodo:charts");
    if (list == NULL) {
        return;
    }
    table->charts = ARENA_ARRAY(describing->arena, struct chart, list->count + 1);
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        if (node->kind == NODE_MAPPING) {
            describe_chart(describing, node, table);
        } else {
            DIAG(describing->diag, CODE_register_chart_incomplete, node->span, node->text);
        }
    }
}

bool table_row_fits(const struct table *table, ptrdiff_t row,
                    const struct chart_condition *conditions, ptrdiff_t count)
{
    for (ptrdiff_t i = 0; i < count; i++) {
        if (!slice_equal(table_cell(table, row, conditions[i].column), conditions[i].value)) {
            return false;
        }
    }
    return true;
}

const struct chart *site_chart(const struct site *site, struct slice name,
                               const struct table **table)
{
    struct slice rest = name;
    *table = site_table(site, slice_cut(&rest, '/'));
    for (ptrdiff_t i = 0; *table != NULL && i < (*table)->chart_count; i++) {
        if (slice_equal((*table)->charts[i].name, rest)) {
            return &(*table)->charts[i];
        }
    }
    return NULL;
}
