#include "row_history.h"

#include "events.h"
#include "html_index.h"

/* A page does not become a list of thousands. */
#define STEPS_MOST 100

struct dated {
    const struct incoming *record;
    int column; /* of its date */
    struct date date;
    ptrdiff_t order;
};

/* The first column that says when a row of the register was; -1 when none does. */
static int date_column(const struct table *table)
{
    static const char *const names[] = {"date", "decided_on", "opens", "start"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int column = table_column_by_name(table, slice_of(names[i]));
        if (column >= 0 && !table->columns[column].is_private) {
            return column;
        }
    }
    return -1;
}

static int compare_dated(const void *a, const void *b)
{
    const struct dated *left = a;
    const struct dated *right = b;
    int32_t left_day = date_first_day(left->date);
    int32_t right_day = date_first_day(right->date);
    if (left_day != right_day) {
        return left_day < right_day ? -1 : 1;
    }
    return left->order < right->order ? -1 : 1;
}

/* What a value was before, where the register has a column for it. */
static void put_before(const struct page *page, const struct incoming *record, const char *name)
{
    const struct table *table = record->table;
    int column =
        table_column_by_name(table, ARENA_JOIN(page->arena, slice_of(name), SLICE("_before")));
    if (column >= 0 && !table->columns[column].is_private &&
        table_cell(table, record->row, column).length > 0) {
        put_cell(page, table, record->row, column);
        PUT(page, " → ");
    }
}

/* What changed, where the register tells: the form, the status, who is in charge. */
static struct slice html_changes(const struct page *page, const struct incoming *record)
{
    static const char *const names[] = {"form", "status", "departments"};
    const struct table *table = record->table;
    ptrdiff_t start = markup_begin(page);
    put_text(page, table->labels[page->text]);
    /* The status of a meeting is its own. */
    size_t most = table == events_table(page->site) ? 0 : sizeof(names) / sizeof(names[0]);
    for (size_t i = 0; i < most; i++) {
        int column = table_column_by_name(table, slice_of(names[i]));
        if (column < 0 || table->columns[column].is_private ||
            table_cell(table, record->row, column).length == 0) {
            continue;
        }
        PUT(page, " · ");
        put_text(page, table->columns[column].labels[page->text]);
        PUT(page, " ");
        put_before(page, record, names[i]);
        put_cell(page, table, record->row, column);
    }
    return markup_end(page, start);
}

static void add_step(const struct page *page, struct dictionary *part, const struct dated *dated)
{
    const struct incoming *record = dated->record;
    struct dictionary *step = dictionary_add(part, NAME_part_STEP);
    ptrdiff_t start = markup_begin(page);
    put_cell(page, record->table, record->row, dated->column);
    dictionary_set(step, NAME_step_WHEN, markup_end(page, start));
    start = markup_begin(page);
    put_link(page, row_address(page, record->table, record->row),
             html_row_title(page, record->table, record->row));
    PUT(page, " <span class=\"note\">");
    put_html(page, html_changes(page, record));
    PUT(page, "</span>");
    dictionary_set(step, NAME_step_TEXT, markup_end(page, start));
}

void add_row_history(const struct page *page, const struct table *table, ptrdiff_t row)
{
    const struct incoming_list *lists = html_table_index(page->render, table)->incoming;
    VECTOR(struct dated) found = {0};
    for (const struct incoming *at = lists ? lists[row].first : NULL; at; at = at->next) {
        struct dated dated = {.record = at, .order = found.length};
        dated.column = at->table ? date_column(at->table) : -1;
        if (dated.column >= 0 &&
            date_parse(table_cell(at->table, at->row, dated.column), &dated.date) == DATE_OK) {
            *VECTOR_PUSH(page->arena, &found) = dated;
        }
    }
    if (found.length == 0) {
        return;
    }
    qsort(found.data, (size_t)found.length, sizeof(struct dated), compare_dated);
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("history"),
                                         html_string(page, STRING_steps));
    struct dictionary *part = add_part(block);
    for (ptrdiff_t i = 0; i < found.length && i < STEPS_MOST; i++) {
        add_step(page, part, &found.data[i]);
    }
    if (found.length > STEPS_MOST) {
        dictionary_set(add_part(block), NAME_part_NOTE,
                       html_pattern(page, STRING_row_more,
                                    text_integer(page, found.length - STEPS_MOST),
                                    (struct slice){0}));
    }
}
