#include "model.h"

const struct table *site_withdrawals(const struct site *site)
{
    const struct table *table = site_table(site, WITHDRAWN);
    bool is_complete = table != NULL && table_column_by_name(table, SLICE("register")) >= 0 &&
                       table_column_by_name(table, SLICE("id")) >= 0;
    return is_complete ? table : NULL;
}

static struct slice cell_named(const struct table *table, ptrdiff_t row, const char *name)
{
    int column = table_column_by_name(table, slice_of(name));
    return column >= 0 ? table_cell(table, row, column) : (struct slice){0};
}

struct withdrawal site_withdrawal(const struct site *site, ptrdiff_t row)
{
    const struct table *table = site_withdrawals(site);
    CHECK(table != NULL && row >= 0 && row < table->row_count);
    struct withdrawal withdrawal = {.name = cell_named(table, row, "register"),
                                    .id = cell_named(table, row, "id"),
                                    .moved_to = cell_named(table, row, "moved_to")};
    withdrawal.is_case = slice_equal(withdrawal.name, item_kind_folder(ITEM_CASE));
    withdrawal.table = withdrawal.is_case ? NULL : site_table(site, withdrawal.name);
    if (withdrawal.table != NULL && withdrawal.table->is_codelist) {
        withdrawal.table = NULL;
    }
    return withdrawal;
}

bool withdrawal_finds(const struct site *site, const struct withdrawal *withdrawal, struct slice id)
{
    if (withdrawal->is_case) {
        return site_item(site, ITEM_CASE, id) != NULL || site_is_draft(site, ITEM_CASE, id);
    }
    return withdrawal->table != NULL && withdrawal->table->key_column >= 0 &&
           table_row_by_key(withdrawal->table, id) >= 0;
}

bool withdrawal_has_page(const struct site *site, const struct withdrawal *withdrawal)
{
    bool had_pages =
        withdrawal->is_case || (withdrawal->table != NULL && withdrawal->table->has_pages);
    return had_pages && withdrawal->id.length > 0 &&
           !withdrawal_finds(site, withdrawal, withdrawal->id);
}

struct slice address_withdrawn(const struct site *site, const struct withdrawal *withdrawal,
                               struct slice id, int language, struct arena *arena)
{
    return ARENA_JOIN(arena,
                      withdrawal->is_case ? address_kind(site, ITEM_CASE, language, arena)
                                          : address_table(site, withdrawal->table, language, arena),
                      id, SLICE("/"));
}
