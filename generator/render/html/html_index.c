/* Incoming references and shown columns, for all registers. */
#include "html_index.h"

#include "dataset.h"

static struct table_index *index_of(struct html_index *index, const struct site *site,
                                    const struct table *table)
{
    return &index->tables[table - site->tables];
}

const struct table_index *html_table_index(const struct render *render, const struct table *table)
{
    return &render->index->tables[table - render->site->tables];
}

bool html_has_register_page(const struct site *site, const struct table *table)
{
    static const char *const taken[] = {
        "cases",  "pages",      "news",       "meetings",     "data",
        "search", "principles", "indicators", "translations", "accessibility-test"};
    (void)site;
    if (table->is_codelist) {
        return false;
    }
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        if (slice_equal(table->name, slice_of(taken[i]))) {
            return false;
        }
    }
    return true;
}

bool html_has_row_page(const struct site *site, const struct table *table, ptrdiff_t row)
{
    if (!table->has_pages || table->key_column < 0 ||
        table->columns[table->key_column].is_private) {
        return false;
    }
    struct slice key = table_cell(table, row, table->key_column);
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        if (slice_equal(table->name, item_kind_folder((enum item_kind)kind)) &&
            site_item(site, (enum item_kind)kind, key)) {
            return false;
        }
    }
    return key.length > 0;
}

/* ---- References ---- */

static void add_incoming(struct incoming_list *list, struct arena *arena,
                         const struct incoming *from)
{
    struct incoming *last = list->last;
    if (last && last->item == from->item && last->table == from->table && last->row == from->row) {
        return; /* it refers to the row more than once */
    }
    struct incoming *entry = ARENA_NEW(arena, struct incoming);
    *entry = *from;
    if (last) {
        last->next = entry;
    } else {
        list->first = entry;
    }
    list->last = entry;
}

static void note(struct html_index *index, const struct site *site, struct arena *arena,
                 const struct table *table, ptrdiff_t row, const struct incoming *from)
{
    struct table_index *target = index_of(index, site, table);
    if (!target->incoming || row < 0) {
        return;
    }
    add_incoming(&target->incoming[row], arena, from);
}

static void note_record(struct html_index *index, const struct site *site, struct arena *arena,
                        const struct record *record, const struct incoming *from);

static void note_value(struct html_index *index, const struct site *site, struct arena *arena,
                       const struct value *value, const struct incoming *from)
{
    if (value->state != VALUE_STATED) {
        return;
    }
    if (value->is_list) {
        for (ptrdiff_t i = 0; i < value->as.list.count; i++) {
            note_value(index, site, arena, &value->as.list.items[i], from);
        }
        return;
    }
    enum field_type type = field_info(value->field)->type;
    if (type == FIELD_TYPE_GROUP) {
        note_record(index, site, arena, value->as.group, from);
    } else if (type == FIELD_TYPE_REFERENCE && value_reference(value)->target == TARGET_ROW) {
        note(index, site, arena, value_reference(value)->table, value_reference(value)->row, from);
    }
}

static void note_record(struct html_index *index, const struct site *site, struct arena *arena,
                        const struct record *record, const struct incoming *from)
{
    for (int i = 0; record && i < record->count; i++) {
        note_value(index, site, arena, &record->values[i], from);
    }
}

static void note_cell(struct html_index *index, const struct site *site, struct arena *arena,
                      const struct table *table, ptrdiff_t row, int column_index)
{
    const struct column *column = &table->columns[column_index];
    struct slice rest = table_cell(table, row, column_index);
    struct incoming from = {.table = table, .row = row};
    char delimiter = column->type == COLUMN_LIST ? column->delimiter : '\n';
    while (rest.length > 0) {
        struct slice key = slice_trim(slice_cut(&rest, delimiter));
        if (key.length > 0) {
            note(index, site, arena, column->referenced, table_row_by_key(column->referenced, key),
                 &from);
        }
    }
}

static void note_tables(struct html_index *index, const struct site *site, struct arena *arena)
{
    for (ptrdiff_t t = 0; t < site->table_count; t++) {
        const struct table *table = &site->tables[t];
        for (int c = 0; c < table->column_count && !table->is_codelist; c++) {
            const struct column *column = &table->columns[c];
            bool counts = column->referenced && !column->is_private &&
                          index_of(index, site, column->referenced)->incoming;
            for (ptrdiff_t row = 0; counts && row < table->row_count; row++) {
                note_cell(index, site, arena, table, row, c);
            }
        }
    }
}

/* Cases that say of another case that it took them up. */
static void note_adoptions(struct html_index *index, const struct site *site, struct arena *arena)
{
    index->adopted_from =
        ARENA_ARRAY(arena, struct incoming_list, site->item_counts[ITEM_CASE] + 1);
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct item *item = &site->items[ITEM_CASE][i];
        struct value_list list =
            record_list(record_group(item->record, FIELD_case_transfer), FIELD_transfer_adopted_by);
        for (ptrdiff_t k = 0; k < list.count; k++) {
            const struct value *value = record_get(list.items[k].as.group, FIELD_adoption_case);
            if (value_is_stated(value) && value_reference(value)->target == TARGET_ITEM) {
                add_incoming(&index->adopted_from[value_reference(value)->item->index], arena,
                             &(struct incoming){.item = item, .row = -1});
            }
        }
    }
}

/* ---- Columns ---- */

/* What a column says over all rows. */
struct column_use {
    ptrdiff_t filled;
    ptrdiff_t bytes;
    bool varies; /* not the same in all rows */
};

static struct column_use column_use(const struct table *table, int column)
{
    struct column_use use = {0};
    struct slice first = {0};
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct slice cell = table_cell(table, row, column);
        first = row == 0 ? cell : first;
        use.filled += cell.length > 0 ? 1 : 0;
        use.bytes += cell.length;
        use.varies = use.varies || !slice_equal(cell, first);
    }
    return use;
}

/* Where a row comes from, how to read it and remarks stand on its own page, not in a list. */
static bool tells_of_record(const struct column *column)
{
    static const char *const names[] = {"localgov_code", "id",         "name_english", "place",
                                        "source",        "note",       "url",          "language",
                                        "precision",     "date_basis", "qualifier",    "updated",
                                        "date_text",     "as_of_text"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equal(column->name, slice_of(names[i]))) {
            return true;
        }
    }
    return column->is_private || column->translates >= 0 ||
           slice_ends_with(column->name, SLICE("_kana"));
}

/* Longer texts make rows too high to run an eye over. */
#define LIST_CELL_BYTES 150
/* Nobody looks for the telling columns of a table behind this one. */
#define COLUMNS_LOOKED_AT 64

static bool holds_dates(const struct column *column)
{
    return column->type == COLUMN_DATE || slice_equal(column->format, SLICE("partial-date"));
}

/* Readers look for the day of what has one: where no column of the list is a date, the first date
 * that tells rows apart takes the place of the last one. */
static void show_a_date(const struct table *table, const struct column_use *uses, int most,
                        struct table_index *index)
{
    for (int i = 0; i < index->shown_count; i++) {
        if (holds_dates(&table->columns[index->shown[i]])) {
            return;
        }
    }
    for (int c = 0; c < most && index->shown_count == LIST_COLUMNS; c++) {
        if (holds_dates(&table->columns[c]) && uses[c].varies &&
            uses[c].filled * 5 >= table->row_count * 2 && !tells_of_record(&table->columns[c])) {
            index->shown[LIST_COLUMNS - 1] = c;
            return;
        }
    }
}

/* The first columns that tell rows apart: filled in two rows of five at least, short, not the same
 * throughout. A register with none of these shows what it has. */
static void find_shown_columns(const struct table *table, struct table_index *index)
{
    struct column_use uses[COLUMNS_LOOKED_AT];
    int most = 0;
    for (; most < COLUMNS_LOOKED_AT && most < table->column_count; most++) {
        uses[most] = column_use(table, most);
    }
    for (int pass = 0; pass < 2 && index->shown_count < 2; pass++) {
        index->shown_count = 0;
        for (int c = 0; c < most && index->shown_count < LIST_COLUMNS; c++) {
            const struct column *column = &table->columns[c];
            bool is_name = c == table->title_column || c == table->key_column;
            bool fits = uses[c].filled > 0 && uses[c].bytes <= uses[c].filled * LIST_CELL_BYTES &&
                        (pass == 1 || (uses[c].filled * 5 >= table->row_count * 2 &&
                                       (uses[c].varies || table->row_count == 1)));
            if (!is_name && fits && !tells_of_record(column)) {
                index->shown[index->shown_count++] = c;
            }
        }
    }
    show_a_date(table, uses, most, index);
}

/* `name_kana` beside `name`, as the municipal standard has them. */
static int find_reading(const struct table *table, struct arena *arena)
{
    if (table->title_column < 0) {
        return -1;
    }
    struct slice title = table->columns[table->title_column].name;
    int column = table_column_by_name(table, ARENA_JOIN(arena, title, SLICE("_kana")));
    return column >= 0 && !table->columns[column].is_private ? column : -1;
}

struct html_index *html_index_make(const struct site *site, struct slice temporary,
                                   struct arena *arena)
{
    struct html_index *index = ARENA_NEW(arena, struct html_index);
    index->tables = ARENA_ARRAY(arena, struct table_index, site->table_count);
    for (ptrdiff_t t = 0; t < site->table_count; t++) {
        const struct table *table = &site->tables[t];
        struct table_index *one = &index->tables[t];
        if (table->has_pages && table->row_count > 0) {
            one->incoming = ARENA_ARRAY(arena, struct incoming_list, table->row_count);
        }
        find_shown_columns(table, one);
        one->reading = find_reading(table, arena);
    }
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            struct incoming from = {.item = &site->items[kind][i], .row = -1};
            note_record(index, site, arena, from.item->record, &from);
        }
    }
    note_tables(index, site, arena);
    note_adoptions(index, site, arena);
    for (int language = 0; language < site->language_count; language++) {
        struct kept_cards *cards = &index->cards[language];
        cards->store = store_open(temporary);
        for (int form = 0; form < CARD_FORMS; form++) {
            cards->places[form] = ARENA_ARRAY(arena, int64_t, site->item_counts[ITEM_CASE]);
        }
    }
    index->related = ARENA_ARRAY(arena, const struct related *, site->item_counts[ITEM_CASE]);
    index->profiles =
        ARENA_ARRAY(arena, const struct column_profile *, site->table_count + DATASETS_MADE);
    return index;
}

void html_index_release(struct html_index *index)
{
    for (int language = 0; index != NULL && language < MODEL_LANGUAGES_MOST; language++) {
        store_close(index->cards[language].store);
    }
}
