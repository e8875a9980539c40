/* The crosswalk: which items of the cities' documents speak of the same thing, as one table. On a
 * narrow screen its rows stand as lists. */
#include "pages.h"
#include "principles.h"

static bool is_of_column(const struct record *match, const struct record *column)
{
    const struct value *framework = record_get(match, FIELD_crosswalk_match_framework);
    struct value_list frameworks = record_list(column, FIELD_crosswalk_column_frameworks);
    for (ptrdiff_t i = 0; framework && i < frameworks.count; i++) {
        if (slice_equal(value_reference(framework)->id,
                        value_reference(&frameworks.items[i])->id)) {
            return true;
        }
    }
    return false;
}

/* The strength in sign and word, then what is meant: an item, or a place of the document. */
static void put_match(const struct page *page, const struct record *match)
{
    const struct framework *framework = NULL;
    const struct record *item =
        site_framework_item(page->site, record_text(match, FIELD_crosswalk_match_item), &framework);
    PUT(page, "<li><span class=\"kind\">");
    put_html(page, html_strength(page, record_text(match, FIELD_crosswalk_match_mark)));
    PUT(page, "</span> ");
    if (item) {
        put_html(page, html_item_link(page, framework, item));
    }
    static const enum field_id beside[] = {FIELD_crosswalk_match_place, FIELD_crosswalk_match_note};
    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        struct slice words = html_word(page, match, beside[i]);
        if (words.length > 0) {
            PUT(page, " <span class=\"note\">");
            put_html(page, words);
            PUT(page, "</span>");
        }
    }
    PUT(page, "</li>");
}

static struct slice html_matches(const struct page *page, const struct record *axis,
                                 const struct record *column)
{
    struct value_list matches = record_list(axis, FIELD_crosswalk_axis_matches);
    ptrdiff_t start = markup_begin(page);
    bool any = false;
    PUT(page, "<ul class=\"plain\">");
    for (ptrdiff_t i = 0; i < matches.count; i++) {
        if (is_of_column(matches.items[i].as.group, column)) {
            put_match(page, matches.items[i].as.group);
            any = true;
        }
    }
    PUT(page, "</ul>");
    struct slice html = markup_end(page, start);
    if (any) {
        return html;
    }
    PUT(page, "<span class=\"quiet\">");
    put_html(page, html_strength(page, (struct slice){0}));
    PUT(page, "</span>");
    return markup_end(page, start);
}

static void add_axes(struct page *page, struct dictionary *block, const struct record *crosswalk)
{
    struct value_list columns = record_list(crosswalk, FIELD_crosswalk_columns);
    struct value_list axes = record_list(crosswalk, FIELD_crosswalk_axes);
    struct dictionary *table = add_table(block, SLICE("crosswalk"),
                                         html_word(page, crosswalk, FIELD_crosswalk_title), true);
    dictionary_show(table, NAME_table_STACK, true);
    add_column(table, html_string(page, STRING_crosswalk_axis), false);
    for (ptrdiff_t c = 0; c < columns.count; c++) {
        add_column(table, html_word(page, columns.items[c].as.group, FIELD_crosswalk_column_label),
                   false);
    }
    for (ptrdiff_t a = 0; a < axes.count; a++) {
        const struct record *axis = axes.items[a].as.group;
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        dictionary_set_some(row, NAME_row_ID, record_text(axis, FIELD_crosswalk_axis_id));
        ptrdiff_t start = markup_begin(page);
        put_html(page, html_word(page, axis, FIELD_crosswalk_axis_label));
        struct slice note = html_word(page, axis, FIELD_crosswalk_axis_note);
        if (note.length > 0) {
            PUT(page, " <span class=\"note\">");
            put_html(page, note);
            PUT(page, "</span>");
        }
        add_cell(row, markup_end(page, start), true, false);
        for (ptrdiff_t c = 0; c < columns.count; c++) {
            const struct record *column = columns.items[c].as.group;
            add_labelled_cell(row, html_matches(page, axis, column),
                              record_word(column, FIELD_crosswalk_column_label, page->text, NULL));
        }
    }
}

bool make_crosswalk(const struct render *render, const struct artefact *artefact,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    static const char *const marks[] = {"label", "body", "supporting", "excluded", ""};
    static const enum string_id meanings[] = {
        STRING_strength_label_about, STRING_strength_body_about, STRING_strength_supporting_about,
        STRING_strength_excluded_about, STRING_strength_none_about};
    struct page page;
    principles_begin(&page, render, worker, artefact, TEMPLATE_article);
    const struct record *crosswalk = page.site->rules->crosswalk;
    struct slice title = html_word(&page, crosswalk, FIELD_crosswalk_title);
    page_crumb(&page, title, (struct slice){0});
    dictionary_set(page.content, NAME_article_KICKER, html_string(&page, STRING_principles));
    dictionary_set(page.content, NAME_article_TITLE, title);
    dictionary_set_some(page.content, NAME_article_SUMMARY,
                        html_paragraphs(&page, crosswalk, FIELD_crosswalk_note));
    struct dictionary *block = add_block(page.content, NAME_article_BLOCK, SLICE("strengths"),
                                         html_string(&page, STRING_crosswalk_strengths));
    struct dictionary *part = add_part(block);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        add_fact(part, NAME_part_FACT, html_strength(&page, slice_of(marks[i])),
                 html_string(&page, meanings[i]));
    }
    block = add_block(page.content, NAME_article_BLOCK, SLICE("table"),
                      html_string(&page, STRING_crosswalk_table));
    add_axes(&page, block, crosswalk);
    add_more(&page, principles_address(&page, ""), html_string(&page, STRING_principles_all));
    add_more(&page,
             address_in_language(page.site, page.language, SLICE("data/crosswalk/"), page.arena),
             html_string(&page, STRING_as_data));
    page_end(&page, record_word(crosswalk, FIELD_crosswalk_title, page.text, NULL),
             record_word(crosswalk, FIELD_crosswalk_note, page.text, NULL), out);
    return true;
}
