/* What answers at the address of a row or a case that was withdrawn: that it was, when and why, and
 * where it went. Such a page is in no list, no sitemap and no search. */
#include "page.h"
#include "pages.h"
#include "register_table.h"

bool make_withdrawn(const struct render *render, const struct artefact *artefact,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct table *table = artefact->subject;
    ptrdiff_t row = artefact->number;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article, artefact->language);
    struct withdrawal withdrawal = site_withdrawal(page.site, row);
    struct slice list = withdrawal.is_case
                            ? address_kind(page.site, ITEM_CASE, page.language, page.arena)
                            : address_table(page.site, withdrawal.table, page.language, page.arena);
    struct slice list_name =
        withdrawal.is_case ? page_string(&page, STRING_cases) : withdrawal.table->labels[page.text];
    page_alternates(&page, page_rest(&page), NULL);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(page.site, page.language, page.arena));
    page_crumb(&page, html_text(&page, list_name), list);
    int actual = page.text;
    struct slice name = withdrawal.id;
    if (table->title_column >= 0) {
        name = table_row_title(table, row, page.text, &actual, page.arena);
    }
    struct slice title = html_in_language(&page, name, actual);
    page_crumb(&page, title, (struct slice){0});
    dictionary_show(page.root, NAME_page_NOINDEX, true);
    dictionary_set(page.content, NAME_article_KICKER, html_string(&page, STRING_withdrawn));
    dictionary_set(page.content, NAME_article_TITLE, title);
    ptrdiff_t start = markup_begin(&page);
    PUT(&page, "<p>");
    put_text(&page, page_string(&page, STRING_withdrawn_about));
    PUT(&page, "</p>");
    dictionary_set(page.content, NAME_article_SUMMARY, markup_end(&page, start));
    for (int c = 0; c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        if (column->is_private || column->translates >= 0 || c == table->title_column ||
            slice_equal(column->name, SLICE("register")) ||
            slice_equal(column->name, SLICE("moved_to"))) {
            continue;
        }
        start = markup_begin(&page);
        put_cell(&page, table, row, c);
        add_fact(page.content, NAME_article_FACT, html_column_label(&page, column),
                 markup_end(&page, start));
    }
    if (withdrawal_finds(page.site, &withdrawal, withdrawal.moved_to)) {
        add_link(page.content, NAME_article_MORE, html_string(&page, STRING_withdrawn_moved),
                 page_url(&page, address_withdrawn(page.site, &withdrawal, withdrawal.moved_to,
                                                   page.language, page.arena)),
                 (struct slice){0});
    }
    add_link(
        page.content, NAME_article_MORE,
        html_pattern(&page, STRING_row_register, html_text(&page, list_name), (struct slice){0}),
        page_url(&page, list), (struct slice){0});
    page_end(&page, pattern_text(&page, STRING_withdrawn_title, name, list_name),
             page_string(&page, STRING_withdrawn_about), out);
    return true;
}
