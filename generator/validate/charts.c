/* Charts that a register declares and that nothing would be drawn of: most likely a value at
 * `where` is misspelt. */
#include "checks.h"

static bool has_row(const struct table *table, const struct chart *chart)
{
    int column = chart->count >= 0 ? chart->count : chart->measure;
    for (ptrdiff_t r = 0; r < table->row_count; r++) {
        if (table_cell(table, r, column).length > 0 &&
            table_row_fits(table, r, chart->where, chart->where_count)) {
            return true;
        }
    }
    return false;
}

/* Values that their columns' code lists know are right, though no row may hold them yet. */
static bool is_known(const struct table *table, const struct chart *chart)
{
    for (ptrdiff_t i = 0; i < chart->where_count; i++) {
        const struct codelist *list = table->columns[chart->where[i].column].codelist;
        if (list == NULL || codelist_find(list, chart->where[i].value) == NULL) {
            return false;
        }
    }
    return true;
}

void check_charts(const struct checking *checking)
{
    const struct site *site = checking->site;
    for (ptrdiff_t t = 0; t < site->table_count; t++) {
        const struct table *table = &site->tables[t];
        /* A register without rows says so itself. */
        for (ptrdiff_t i = 0; i < table->chart_count && table->row_count > 0; i++) {
            if (!is_known(table, &table->charts[i]) && !has_row(table, &table->charts[i])) {
                DIAG(checking->diag, CODE_register_chart_empty, table->charts[i].span,
                     table->charts[i].name);
            }
        }
    }
}
