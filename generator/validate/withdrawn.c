/* The register of what was withdrawn: what it names is gone, and where it moved to is there. */
#include "checks.h"

static struct slice known_registers(const struct checking *checking)
{
    const struct site *site = checking->site;
    struct slice names = item_kind_folder(ITEM_CASE);
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        if (!site->tables[i].is_codelist && !slice_equal(site->tables[i].name, WITHDRAWN)) {
            names = ARENA_JOIN(checking->scratch, names, SLICE(", "), site->tables[i].name);
        }
    }
    return names;
}

void check_withdrawn(const struct checking *checking)
{
    const struct site *site = checking->site;
    const struct table *table = site_withdrawals(site);
    for (ptrdiff_t row = 0; table != NULL && row < table->row_count; row++) {
        struct withdrawal withdrawal = site_withdrawal(site, row);
        int name = table_column_by_name(table, SLICE("register"));
        int id = table_column_by_name(table, SLICE("id"));
        int moved_to = table_column_by_name(table, SLICE("moved_to"));
        if (withdrawal.name.length == 0 || withdrawal.id.length == 0) {
            continue; /* the schema says that they are required */
        }
        if (!withdrawal.is_case && withdrawal.table == NULL) {
            if (!site->package_is_broken) {
                DIAG(checking->diag, CODE_withdrawn_register, table_cell_span(table, row, name),
                     withdrawal.name, known_registers(checking));
            }
        } else if (withdrawal_finds(site, &withdrawal, withdrawal.id)) {
            DIAG(checking->diag, CODE_withdrawn_still_there, table_cell_span(table, row, id),
                 withdrawal.id, withdrawal.name);
        } else if (withdrawal.moved_to.length > 0 &&
                   !withdrawal_finds(site, &withdrawal, withdrawal.moved_to) &&
                   !(withdrawal.table != NULL &&
                     table_may_hold(withdrawal.table, withdrawal.moved_to))) {
            DIAG(checking->diag, CODE_withdrawn_moved_to, table_cell_span(table, row, moved_to),
                 withdrawal.moved_to, withdrawal.name);
        }
    }
}
