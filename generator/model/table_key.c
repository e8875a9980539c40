#include "registers.h"

/* Primary keys, unique keys and unique columns, once all rows are there. */

struct key_check {
    const struct table_reader *reader;
    const struct table_key *key;
};

static struct record_place place_of(const struct table *table, ptrdiff_t row)
{
    return (struct record_place){.table = table,
                                 .row_number = table->row_numbers[row],
                                 .start = table->row_spans[row].start,
                                 .end = table->row_spans[row].end};
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

/* The row's key as findings show it: its parts apart by commas. */
static struct wording key_shown(const struct table *table, const struct table_key *key,
                                ptrdiff_t row, struct arena *arena)
{
    struct slice shown = SLICE("");
    bool is_private = false;
    for (int i = 0; i < key->count; i++) {
        is_private = is_private || table->columns[key->columns[i]].is_private;
        shown = ARENA_JOIN(arena, shown, slice_of(i > 0 ? ", " : ""),
                           table_cell(table, row, key->columns[i]));
    }
    return cell_shown(&(struct column){.is_private = is_private}, shown, arena);
}

static void report_repeated(void *context, ptrdiff_t row, ptrdiff_t first)
{
    const struct key_check *check = context;
    const struct table *table = check->reader->table;
    const struct table_key *key = check->key;
    const struct column *column = &table->columns[key->columns[0]];
    struct arena arena;
    arena_init(&arena, 64 << 20);
    arena.chunk_size = 4096;
    cell_report(check->reader->diag,
                &(struct cell_report){
                    .code = key->kind == KEY_PRIMARY ? CODE_csv_primary_key : CODE_csv_unique,
                    .place = place_of(table, row),
                    .field = column->field,
                    .arguments = {key_shown(table, key, row, &arena), wording_of(column->name)},
                    .note_count = 1,
                    .notes = {{.code = CODE_see_first_row,
                               .span = table_cell_span(table, first, key->columns[0])}}});
    arena_release(&arena);
}

/* Every part of a primary key has a value, and of a page's key one that can be an address. */
static void check_primary(const struct table_reader *reader, const struct table_key *key)
{
    struct table *table = reader->table;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    for (int i = 0; i < key->count; i++) {
        const struct column *column = &table->columns[key->columns[i]];
        const struct pattern *pattern = reader->plan->rules[key->columns[i]].pattern;
        for (ptrdiff_t row = 0; column->field >= 0 && row < table->row_count; row++) {
            struct slice value = table_cell(table, row, key->columns[i]);
            table->lacks_rows = table->lacks_rows || value.length == 0;
            /* A key that does not match its column's pattern has its finding. */
            bool is_bad_id = (table->has_pages || table->has_api) && value.length > 0 &&
                             !is_row_id(value) &&
                             (pattern == NULL || pattern_matches(pattern, value));
            if ((value.length > 0 || column->is_required) && !is_bad_id) {
                continue; /* that it is required has been said */
            }
            struct wording name = wording_of(column->name);
            struct wording shown = cell_shown(column, value, &arena);
            cell_report(reader->diag,
                        &(struct cell_report){
                            .code = is_bad_id ? CODE_csv_row_id : CODE_csv_empty_key,
                            .place = place_of(table, row),
                            .field = column->field,
                            .arguments = {is_bad_id ? shown : name, is_bad_id ? name : shown}});
            arena_clear(&arena);
        }
    }
    arena_release(&arena);
}

static bool is_there(const struct table *table, const struct table_key *key)
{
    for (int i = 0; i < key->count; i++) {
        if (table->columns[key->columns[i]].field < 0) {
            return false;
        }
    }
    return true;
}

void table_check_keys(struct table_reader *reader)
{
    struct table *table = reader->table;
    for (ptrdiff_t i = 0; i < reader->plan->key_count; i++) {
        const struct table_key *key = &reader->plan->keys[i];
        struct key_check check = {.reader = reader, .key = key};
        if (!is_there(table, key)) {
            continue;
        }
        if (key->kind == KEY_PRIMARY) {
            check_primary(reader, key);
        }
        struct key_index *index = key_index_build(table, key->columns, key->count, reader->pool,
                                                  reader->arena, report_repeated, &check);
        if (key->kind == KEY_PRIMARY && key->count == 1) {
            table->rows_by_key = index;
        }
    }
}
