#include "actor_blocks.h"

#include "html_index.h"

/* ---- What a city has agreed ---- */

#define AGREEMENTS_MOST 100

static struct slice cell_of(const struct table *table, ptrdiff_t row, const char *name)
{
    int column = table_column_by_name(table, slice_of(name));
    return column >= 0 && !table->columns[column].is_private ? table_cell(table, row, column)
                                                             : (struct slice){0};
}

/* The local government itself, none of its ward offices. */
static bool is_city(const struct table *table, ptrdiff_t row)
{
    return slice_equal(cell_of(table, row, "legal_form"), SLICE("local_government")) &&
           cell_of(table, row, "localgov_code").length > 0 &&
           cell_of(table, row, "ward").length == 0;
}

void add_actor_agreements(const struct page *page, const struct table *table, ptrdiff_t row)
{
    const struct table *agreements = site_table(page->site, SLICE("agreements"));
    if (!agreements || !is_city(table, row)) {
        return;
    }
    struct slice code = cell_of(table, row, "localgov_code");
    struct dictionary *block = NULL;
    struct dictionary *part = NULL;
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < agreements->row_count; i++) {
        if (!slice_equal(cell_of(agreements, i, "localgov_code"), code) ||
            count++ >= AGREEMENTS_MOST) {
            continue;
        }
        if (!part) {
            struct slice label = html_text(page, agreements->labels[page->text]);
            block = add_block(page->content, NAME_article_BLOCK, SLICE("agreements"),
                              html_pattern(page, STRING_row_rows, label, (struct slice){0}));
            part = add_part(block);
        }
        struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
        ptrdiff_t start = markup_begin(page);
        put_link(page, row_address(page, agreements, i), html_row_title(page, agreements, i));
        dictionary_set(item, NAME_item_TEXT, markup_end(page, start));
    }
    if (count > AGREEMENTS_MOST) {
        dictionary_set(add_part(block), NAME_part_NOTE,
                       html_pattern(page, STRING_row_more,
                                    text_integer(page, count - AGREEMENTS_MOST),
                                    (struct slice){0}));
    }
}

/* ---- With whom an actor has worked: who is named by the same cases and rows ---- */

/* Others are counted, not named. */
#define PARTNERS_MOST 60

struct partner {
    ptrdiff_t row;
    int64_t records;
    const struct incoming *last; /* a record counts once, however often it names the actor */
};

struct partners {
    const struct table *table;
    ptrdiff_t self;
    struct arena *arena;
    struct map by_key;
    VECTOR(struct partner) found;
};

static void note_partner(struct partners *partners, ptrdiff_t row, const struct incoming *record)
{
    if (row < 0 || row == partners->self) {
        return;
    }
    bool is_new = false;
    struct slice key = table_cell(partners->table, row, partners->table->key_column);
    struct map_entry *entry = map_insert(&partners->by_key, partners->arena, key, &is_new);
    if (is_new) {
        entry->value.integer = partners->found.length;
        VECTOR_PUSH(partners->arena, &partners->found)->row = row;
    }
    struct partner *partner = &partners->found.data[entry->value.integer];
    if (partner->last != record) {
        partner->last = record;
        partner->records++;
    }
}

static void note_case(struct partners *partners, const struct incoming *record)
{
    struct value_list actors = record_list(record->item->record, FIELD_case_actors);
    for (ptrdiff_t i = 0; i < actors.count; i++) {
        const struct value *actor = record_get(actors.items[i].as.group, FIELD_actor_actor);
        if (value_is_stated(actor) && value_reference(actor)->target == TARGET_ROW &&
            value_reference(actor)->table == partners->table) {
            note_partner(partners, value_reference(actor)->row, record);
        }
    }
}

static void note_row(struct partners *partners, const struct incoming *record)
{
    const struct table *table = record->table;
    for (int c = 0; c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        if (column->referenced != partners->table || column->is_private) {
            continue;
        }
        struct slice rest = table_cell(table, record->row, c);
        char delimiter = column->type == COLUMN_LIST ? column->delimiter : '\n';
        while (rest.length > 0) {
            struct slice key = slice_trim(slice_cut(&rest, delimiter));
            note_partner(partners, table_row_by_key(partners->table, key), record);
        }
    }
}

static int compare_partners(const void *a, const void *b)
{
    const struct partner *left = a;
    const struct partner *right = b;
    if (left->records != right->records) {
        return left->records > right->records ? -1 : 1;
    }
    return left->row < right->row ? -1 : 1;
}

void add_actor_partners(const struct page *page, const struct table *table, ptrdiff_t row)
{
    const struct incoming_list *lists = html_table_index(page->render, table)->incoming;
    struct partners partners = {.table = table, .self = row, .arena = page->arena};
    for (const struct incoming *at = lists ? lists[row].first : NULL; at; at = at->next) {
        if (at->item && at->item->kind == ITEM_CASE) {
            note_case(&partners, at);
        } else if (at->table) {
            note_row(&partners, at);
        }
    }
    ptrdiff_t count = partners.found.length;
    if (count == 0) {
        return;
    }
    qsort(partners.found.data, (size_t)count, sizeof(struct partner), compare_partners);
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("partners"),
                                         html_string(page, STRING_actor_partners));
    struct dictionary *part = add_part(block);
    for (ptrdiff_t i = 0; i < count && i < PARTNERS_MOST; i++) {
        const struct partner *partner = &partners.found.data[i];
        struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
        ptrdiff_t start = markup_begin(page);
        put_link(page, row_address(page, table, partner->row),
                 html_row_title(page, table, partner->row));
        dictionary_set(item, NAME_item_TEXT, markup_end(page, start));
        dictionary_set(item, NAME_item_NOTE,
                       html_pattern(page, STRING_actor_records,
                                    text_integer(page, partner->records), (struct slice){0}));
    }
    if (count > PARTNERS_MOST) {
        dictionary_set(add_part(block), NAME_part_NOTE,
                       html_pattern(page, STRING_row_more,
                                    text_integer(page, count - PARTNERS_MOST), (struct slice){0}));
    }
}
