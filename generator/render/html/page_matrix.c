/* The matrix of a framework: its cases down, its principles across, a mark in each cell that leads
 * to what the case says of it; and the same as a list for those who cannot use a grid. */
#include "pages.h"
#include "principles.h"

struct matrix {
    struct page page;
    const struct framework *framework;
    const struct evidence_table *table;
    const struct evidence_cases *cases;
    int first, end; /* items, of which those that no rule looks for are left out */
};

/* The state of an item of a case, by the first of its own profiles that says anything. */
static enum evidence_state state_of(const struct matrix *maker, ptrdiff_t index, int item)
{
    const struct case_views *views = &maker->table->records[index];
    for (int v = 0; v < views->own_count; v++) {
        enum evidence_state state = evidence_view_item(maker->table, &views->views[v], item);
        if (state != EVIDENCE_VOID) {
            return state;
        }
    }
    return EVIDENCE_VOID;
}

static struct slice text_of_sum(const struct page *page, int stated, int asked)
{
    return pattern_text(page, STRING_sum_of, text_digits(page, stated), text_digits(page, asked));
}

/* Of the principles that a case is asked for, how many it states. */
static struct slice text_of_case(const struct matrix *maker, ptrdiff_t index)
{
    int stated = 0;
    int asked = 0;
    for (int i = maker->first; i < maker->end; i++) {
        enum evidence_state state = state_of(maker, index, i);
        stated += state == EVIDENCE_STATED ? 1 : 0;
        asked += state >= EVIDENCE_STATED ? 1 : 0;
    }
    return text_of_sum(&maker->page, stated, asked);
}

/* A cell that leads to the place in the case. Its word is what a screen reader says. */
static struct slice html_cell(const struct matrix *maker, const struct item *item,
                              const struct record *principle, enum evidence_state state)
{
    const struct page *page = &maker->page;
    ptrdiff_t start = markup_begin(page);
    if (state == EVIDENCE_VOID) {
        PUT(page, "<span class=\"hidden\">");
        put_string(page, STRING_matrix_void);
        PUT(page, "</span>");
        return markup_end(page, start);
    }
    PUT(page, "<a href=\"");
    escape_html_attribute(page->buffer, url_of_evidence(page, item, principle));
    PUT(page, "\" aria-label=\"");
    escape_html_attribute(page->buffer, page_string(page, evidence_string(state)));
    PUT(page, "\">");
    put_html(page, evidence_sign(state));
    PUT(page, "</a>");
    return markup_end(page, start);
}

static void add_row(struct matrix *maker, struct dictionary *table, ptrdiff_t index)
{
    struct page *page = &maker->page;
    const struct item *item = &page->site->items[ITEM_CASE][index];
    struct dictionary *row = dictionary_add(table, NAME_table_ROW);
    dictionary_set(row, NAME_row_ID, ARENA_JOIN(page->arena, SLICE("row-"), item->id));
    struct slice url = page_url(page, address_item(page->site, item, page->language, page->arena));
    add_cell(row, html_case_link(page, item, url), true, false);
    add_cell(row, html_text(page, text_of_case(maker, index)), false, true);
    for (int i = maker->first; i < maker->end; i++) {
        if (maker->table->items[i].is_looked_for) {
            const struct record *principle = maker->table->items[i].item;
            add_cell(row, html_cell(maker, item, principle, state_of(maker, index, i)), false,
                     false);
        }
    }
}

/* Sums over all cases, whichever part of the list this is. */
static void add_sums(struct matrix *maker, struct dictionary *table)
{
    struct page *page = &maker->page;
    struct dictionary *row = dictionary_add(table, NAME_table_ROW);
    int stated = 0;
    int asked = 0;
    add_cell(row,
             html_pattern(page, STRING_matrix_sums, text_integer(page, maker->cases->count),
                          (struct slice){0}),
             true, false);
    struct dictionary *total = dictionary_add(row, NAME_row_CELL);
    dictionary_show(total, NAME_cell_NUMBER, true);
    for (int i = maker->first; i < maker->end; i++) {
        const struct evidence_sums *sums = &maker->table->items[i];
        if (!sums->is_looked_for) {
            continue;
        }
        int all = sums->counts[EVIDENCE_STATED] + sums->counts[EVIDENCE_NOT_STATED] +
                  sums->counts[EVIDENCE_CONTRADICTED];
        add_cell(row, html_text(page, text_of_sum(page, sums->counts[EVIDENCE_STATED], all)), false,
                 false);
        stated += sums->counts[EVIDENCE_STATED];
        asked += all;
    }
    dictionary_set(total, NAME_cell_VALUE, html_text(page, text_of_sum(page, stated, asked)));
}

static void add_matrix(struct matrix *maker, ptrdiff_t first, ptrdiff_t end)
{
    struct page *page = &maker->page;
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("table"),
                                         html_string(page, STRING_matrix_table));
    struct dictionary *table =
        add_table(block, SLICE("matrix"),
                  html_pattern(page, STRING_matrix_caption,
                               html_word(page, maker->framework->record, FIELD_framework_title),
                               (struct slice){0}),
                  true);
    dictionary_show(table, NAME_table_MATRIX, true);
    add_column(table, html_string(page, STRING_cases), false);
    add_column(table, html_string(page, STRING_evidence_stated), true);
    for (int i = maker->first; i < maker->end; i++) {
        if (maker->table->items[i].is_looked_for) {
            add_column(table, html_item_link(page, maker->framework, maker->table->items[i].item),
                       false);
        }
    }
    add_sums(maker, table);
    for (ptrdiff_t i = first; i < end; i++) {
        add_row(maker, table, maker->cases->indexes[i]);
    }
}

/* ---- As a list ---- */

static void add_list_state(struct matrix *maker, struct dictionary *part, ptrdiff_t index,
                           enum evidence_state state)
{
    struct page *page = &maker->page;
    int count = 0;
    ptrdiff_t start = markup_begin(page);
    for (int i = maker->first; i < maker->end; i++) {
        if (state_of(maker, index, i) == state) {
            if (count++ > 0) {
                put_string(page, STRING_list_separator);
            }
            put_html(page, html_item_name(page, maker->table->items[i].item));
        }
    }
    struct slice names = markup_end(page, start);
    if (count > 0) {
        add_fact(part, NAME_part_FACT, html_mark(page, state), names);
    }
}

static void add_list(struct matrix *maker, ptrdiff_t first, ptrdiff_t end)
{
    static const enum evidence_state order[] = {EVIDENCE_STATED, EVIDENCE_NOT_STATED,
                                                EVIDENCE_CONTRADICTED, EVIDENCE_NOT_APPLICABLE};
    struct page *page = &maker->page;
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("list"),
                                         html_string(page, STRING_matrix_list));
    for (ptrdiff_t i = first; i < end; i++) {
        ptrdiff_t index = maker->cases->indexes[i];
        const struct item *item = &page->site->items[ITEM_CASE][index];
        struct dictionary *part = add_part(block);
        struct slice url =
            ARENA_JOIN(page->arena,
                       page_url(page, address_item(page->site, item, page->language, page->arena)),
                       SLICE("#evidence"));
        dictionary_set(part, NAME_part_ID, ARENA_JOIN(page->arena, SLICE("case-"), item->id));
        ptrdiff_t start = markup_begin(page);
        put_html(page, html_word(page, item->record, FIELD_case_title));
        PUT(page, " <span class=\"kind\">");
        put_string(page, STRING_evidence_stated);
        PUT(page, " ");
        put_text(page, text_of_case(maker, index));
        PUT(page, "</span>");
        dictionary_set(part, NAME_part_HEADING, markup_end(page, start));
        dictionary_show(part, NAME_part_FOLDED, true);
        add_fact(part, NAME_part_FACT, html_label(page, FIELD_case_title),
                 html_case_link(page, item, url));
        for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
            add_list_state(maker, part, index, order[k]);
        }
    }
}

/* ---- The page ---- */

static void add_head(struct matrix *maker, struct slice base, ptrdiff_t number)
{
    struct page *page = &maker->page;
    struct slice name = html_word(page, maker->framework->record, FIELD_framework_title);
    page_crumb(page, name,
               address_framework(page->site, maker->framework, page->language, page->arena));
    page_crumb(page, html_string(page, STRING_matrix_title), number > 0 ? base : (struct slice){0});
    dictionary_set(page->content, NAME_article_KICKER, name);
    dictionary_set(page->content, NAME_article_TITLE, html_string(page, STRING_matrix_title));
    ptrdiff_t start = markup_begin(page);
    PUT(page, "<p>");
    put_string(page, STRING_matrix_lead);
    PUT(page, "</p><p>");
    static const enum evidence_state order[] = {EVIDENCE_STATED, EVIDENCE_NOT_STATED,
                                                EVIDENCE_CONTRADICTED, EVIDENCE_NOT_APPLICABLE};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        PUT(page, " ");
        put_html(page, html_mark(page, order[i]));
    }
    PUT(page, "</p>");
    dictionary_set(page->content, NAME_article_SUMMARY, markup_end(page, start));
}

bool make_matrix(const struct render *render, const struct artefact *artefact,
                 struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct matrix maker = {.framework = artefact->subject, .table = render->evidence};
    struct page *page = &maker.page;
    ptrdiff_t f = maker.framework - render->site->frameworks;
    maker.cases = &maker.table->framework_cases[f];
    maker.first = maker.table->first_item[f];
    maker.end = maker.table->first_item[f + 1];
    principles_begin(page, render, worker, artefact, TEMPLATE_article);
    struct slice base = matrix_address(page->site, maker.framework, page->language, page->arena);
    add_head(&maker, base, artefact->number);
    ptrdiff_t first;
    ptrdiff_t end;
    list_range(maker.cases->count, artefact->number, &first, &end);
    if (first < end) {
        add_matrix(&maker, first, end);
        add_list(&maker, first, end);
        add_pager(page, NAME_article_PAGER, base, maker.cases->count, artefact->number, true);
    } else {
        struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("table"),
                                             html_string(page, STRING_matrix_table));
        dictionary_set(add_part(block), NAME_part_NOTE,
                       html_string(page, STRING_framework_no_cases));
    }
    ptrdiff_t start = markup_begin(page);
    if (maker.cases->projects > 0) {
        PUT(page, "<p>");
        put_html(page, html_projects(page, maker.cases->projects));
        PUT(page, "</p>");
    }
    dictionary_set_some(page->content, NAME_article_PROSE, markup_end(page, start));
    add_more(page, principles_address(page, "checks/"), html_string(page, STRING_checks_link));
    add_more(page,
             address_in_language(page->site, page->language, SLICE("data/evidence/"), page->arena),
             html_string(page, STRING_evidence_data));
    struct slice title =
        pattern_text(page, STRING_list_title_page, page_string(page, STRING_matrix_title),
                     record_word(maker.framework->record, FIELD_framework_title, page->text, NULL));
    if (artefact->number > 0) {
        title = pattern_text(page, STRING_list_title_page, title,
                             pattern_text(page, STRING_page_of, text_digits(page, artefact->number),
                                          (struct slice){0}));
    }
    page_end(page, title, page_string(page, STRING_matrix_lead), out);
    return true;
}
