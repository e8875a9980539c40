/* Rows of a register as a table of a page. */
#include "register_table.h"

#include "html_index.h"

static struct slice column_label(const struct page *page, const struct column *column)
{
    struct slice label = column->labels[page->text];
    return label.length > 0 ? label : column->name;
}

/* A column's label where a cell stands by itself. */
static struct slice label_with_unit(const struct page *page, const struct column *column)
{
    struct slice unit = column->unit[page->text];
    struct slice label = column_label(page, column);
    return unit.length > 0 ? ARENA_JOIN(page->arena, label, SLICE(" ("), unit, SLICE(")")) : label;
}

struct slice html_column_label(const struct page *page, const struct column *column)
{
    return html_text(page, column_label(page, column));
}

static bool is_number(const struct column *column)
{
    return (column->type == COLUMN_INTEGER || column->type == COLUMN_NUMBER) && !column->codelist;
}

static void add_header(const struct page *page, struct dictionary *dictionary,
                       const struct column *column)
{
    struct dictionary *header = dictionary_add(dictionary, NAME_table_COLUMN);
    dictionary_set(header, NAME_column_LABEL, html_column_label(page, column));
    dictionary_set_some(header, NAME_column_UNIT, html_text(page, column->unit[page->text]));
    dictionary_show(header, NAME_column_NUMBER, is_number(column));
}

static struct slice html_row_name(const struct page *page, const struct table *table, ptrdiff_t row)
{
    ptrdiff_t start = markup_begin(page);
    put_link(page, row_address(page, table, row), html_row_title(page, table, row));
    return markup_end(page, start);
}

void register_table(const struct page *page, struct dictionary *dictionary,
                    const struct table *table, struct slice id, ptrdiff_t first, ptrdiff_t end,
                    bool quiet)
{
    const struct table_index *index = html_table_index(page->render, table);
    int title = table->title_column;
    bool has_title = title >= 0 && !table->columns[title].is_private;
    dictionary_set(dictionary, NAME_table_ID, id);
    dictionary_set(dictionary, NAME_table_CAPTION,
                   html_pattern(page, STRING_register_caption,
                                html_text(page, table->labels[page->text]), (struct slice){0}));
    dictionary_show(dictionary, NAME_table_QUIET, quiet);
    dictionary_show(dictionary, NAME_table_STACK, true);
    if (has_title) {
        add_header(page, dictionary, &table->columns[title]);
    }
    for (int i = 0; i < index->shown_count; i++) {
        add_header(page, dictionary, &table->columns[index->shown[i]]);
    }
    for (ptrdiff_t r = first; r < end; r++) {
        struct dictionary *row = dictionary_add(dictionary, NAME_table_ROW);
        if (has_title) {
            add_cell(row, html_row_name(page, table, r), true, false);
        }
        for (int i = 0; i < index->shown_count; i++) {
            const struct column *column = &table->columns[index->shown[i]];
            ptrdiff_t start = markup_begin(page);
            put_cell(page, table, r, index->shown[i]);
            struct dictionary *cell =
                add_labelled_cell(row, markup_end(page, start), label_with_unit(page, column));
            dictionary_show(cell, NAME_cell_NUMBER, is_number(column));
        }
    }
}
