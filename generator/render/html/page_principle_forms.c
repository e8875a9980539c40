/* The forms of collaboration that a framework names, with who answers for the work and who owns
 * what it brings, where the document says so. Data, in one of two ways:
 *
 * Forms that are items of the framework. The code list `forms` has columns that begin with a name
 * for it: <name>_item holds ids of its items, <name>_responsibility and the others what its
 * document says.
 *
 * Forms of a framework that closes no list. A column of `forms` points at a code list of the city's
 * own, whose column `framework` names those on whose pages a form stands, with `source` and `place`
 * of what is said of it, and `responsibility` and the others where a document says so. */
#include "principles.h"

static const struct {
    struct slice suffix;
    enum field_id label;
} facts_of_form[] = {
    {{"_responsibility", 15}, FIELD_case_project_responsibility},
    {{"_contract_duty", 14}, FIELD_case_contract_duty},
    {{"_result_owner", 13}, FIELD_case_result_owner},
};
#define FORM_FACTS ((int)(sizeof(facts_of_form) / sizeof(facts_of_form[0])))

/* ---- Forms that are items ---- */

static const struct record *item_of(const struct page *page, const struct framework *framework,
                                    struct slice id)
{
    const struct framework *owner = NULL;
    const struct record *item = id.length > 0 ? site_framework_item(page->site, id, &owner) : NULL;
    return owner == framework ? item : NULL;
}

/* The first column of items that has one of the framework, or -1. */
static int items_column(const struct page *page, const struct table *table,
                        const struct framework *framework)
{
    for (int c = 0; c < table->column_count; c++) {
        if (!slice_ends_with(table->columns[c].name, SLICE("_item"))) {
            continue;
        }
        for (ptrdiff_t row = 0; row < table->row_count; row++) {
            if (item_of(page, framework, table_cell(table, row, c))) {
                return c;
            }
        }
    }
    return -1;
}

static int fact_column(const struct page *page, const struct table *table, int items, int fact)
{
    struct slice prefix = table->columns[items].name;
    prefix = slice_sub(prefix, 0, prefix.length - SLICE("_item").length);
    return table_column_by_name(table, ARENA_JOIN(page->arena, prefix, facts_of_form[fact].suffix));
}

/* The codes of a cell by their labels; what the document does not say is said so. */
static void add_codes(struct page *page, struct dictionary *row, const struct table *table,
                      ptrdiff_t number, int column, struct slice label)
{
    ptrdiff_t start = markup_begin(page);
    int actual = page->text;
    if (column >= 0) {
        struct slice text =
            table_cell_display(table, number, column, page->text, &actual, page->arena);
        put_in_language(page, text, actual);
    }
    struct slice html = markup_end(page, start);
    struct dictionary *cell = add_labelled_cell(row, html, label);
    dictionary_show(cell, NAME_cell_NOT_STATED, html.length == 0);
}

/* The block with its table, whose second column and lead differ. */
static struct dictionary *begin_table(struct page *page, enum string_id lead, enum string_id second)
{
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("forms"),
                                         html_string(page, STRING_forms_heading));
    dictionary_set(add_part(block), NAME_part_NOTE, html_string(page, lead));
    struct dictionary *table =
        add_table(block, SLICE("form-table"), html_string(page, STRING_forms_heading), true);
    dictionary_show(table, NAME_table_STACK, true);
    add_column(table, html_string(page, STRING_form_name), false);
    add_column(table, html_string(page, second), false);
    for (int f = 0; f < FORM_FACTS; f++) {
        add_column(table, html_label(page, facts_of_form[f].label), false);
    }
    return table;
}

static void add_item_forms(struct page *page, const struct codelist *forms, int items,
                           const struct framework *framework)
{
    const struct table *list = forms->table;
    struct dictionary *table = begin_table(page, STRING_forms_about, STRING_form_item);
    for (ptrdiff_t i = 0; i < forms->count; i++) {
        const struct code_entry *code = &forms->codes[i];
        const struct record *item = item_of(page, framework, table_cell(list, code->row, items));
        if (!item) {
            continue;
        }
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_text(page, code_label(code, page->text)), true, false);
        add_labelled_cell(row, html_item_link(page, framework, item),
                          page_string(page, STRING_form_item));
        for (int f = 0; f < FORM_FACTS; f++) {
            add_codes(page, row, list, code->row, fact_column(page, list, items, f),
                      field_info(facts_of_form[f].label)->label[page->labels]);
        }
    }
}

/* ---- Forms of the city's own ---- */

static bool names_framework(const struct table *table, ptrdiff_t row, int column,
                            const struct framework *framework)
{
    struct slice rest = table_cell(table, row, column);
    while (rest.length > 0) {
        struct slice id = slice_cut(&rest, table->columns[column].delimiter);
        if (slice_equal(slice_trim(id), framework->id)) {
            return true;
        }
    }
    return false;
}

/* The code list that a column of `forms` points at and that has forms of the framework, or NULL. */
static const struct codelist *own_forms(const struct codelist *forms,
                                        const struct framework *framework)
{
    for (int c = 0; c < forms->table->column_count; c++) {
        const struct codelist *list = forms->table->columns[c].codelist;
        int of = list ? table_column_by_name(list->table, SLICE("framework")) : -1;
        for (ptrdiff_t i = 0; of >= 0 && i < list->count; i++) {
            if (names_framework(list->table, list->codes[i].row, of, framework)) {
                return list;
            }
        }
    }
    return NULL;
}

static void add_place_cell(struct page *page, struct dictionary *row, const struct table *table,
                           ptrdiff_t number)
{
    int source = table_column_by_name(table, SLICE("source"));
    int place = table_column_by_name(table, SLICE("place"));
    int actual = page->text;
    ptrdiff_t start = markup_begin(page);
    if (source >= 0) {
        put_cell(page, table, number, source);
    }
    if (place >= 0) {
        PUT(page, " ");
        struct slice text =
            table_cell_display(table, number, place, page->text, &actual, page->arena);
        put_in_language(page, text, actual);
    }
    add_labelled_cell(row, markup_end(page, start), page_string(page, STRING_item_place));
}

static void add_own_forms(struct page *page, const struct codelist *forms,
                          const struct framework *framework)
{
    const struct table *list = forms->table;
    int of = table_column_by_name(list, SLICE("framework"));
    struct dictionary *table = begin_table(page, STRING_forms_own_about, STRING_form_says);
    add_column(table, html_string(page, STRING_item_place), false);
    for (ptrdiff_t i = 0; i < forms->count; i++) {
        const struct code_entry *code = &forms->codes[i];
        if (!names_framework(list, code->row, of, framework)) {
            continue;
        }
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_text(page, code_label(code, page->text)), true, false);
        add_labelled_cell(row, html_text(page, code->descriptions[page->text]),
                          page_string(page, STRING_form_says));
        for (int f = 0; f < FORM_FACTS; f++) {
            struct slice name = facts_of_form[f].suffix;
            name = slice_sub(name, 1, name.length - 1); /* without its underscore */
            add_codes(page, row, list, code->row, table_column_by_name(list, name),
                      field_info(facts_of_form[f].label)->label[page->labels]);
        }
        add_place_cell(page, row, list, code->row);
    }
}

void add_forms(struct page *page, const struct framework *framework)
{
    const struct codelist *forms = site_codelist(page->site, SLICE("forms"));
    int items = forms ? items_column(page, forms->table, framework) : -1;
    const struct codelist *own = forms && items < 0 ? own_forms(forms, framework) : NULL;
    if (items >= 0) {
        add_item_forms(page, forms, items, framework);
    } else if (own) {
        add_own_forms(page, own, framework);
    }
}
