/* Charts that a register declares and that nothing would be drawn of. */
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

void check_charts(const struct checking *checking)
{
    const struct site *site = checking->site;
    for (ptrdiff_t t = 0; t < site->table_count; t++) {
        const struct table *table = &site->tables[t];
        /* A register without rows says so itself. */
        for (ptrdiff_t i = 0; i < table->chart_count && table->row_count > 0; i++) {
            if (!has_row(table, &table->charts[i])) {
                DIAG(checking->diag, CODE_register_chart_empty, table->charts[i].span,
                     table->charts[i].name);
            }
        }
    }
}
