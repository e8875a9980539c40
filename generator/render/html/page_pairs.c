/* Who works with whom: which kinds of partner take part in the same cases, as a grid whose numbers
 * lead to those cases, and the most frequent pairs as a list for those who cannot use a grid. */
#include "page.h"
#include "pages.h"
#include "structured.h"
#include "ways.h"

/* So that the page stays below 100 kB whatever a city's list of kinds is like. */
#define KINDS_MOST 30
#define PAIRS_NAMED 40

struct grid {
    struct page page;
    const struct facet_entry *kinds[KINDS_MOST]; /* in the order of their list */
    int count;
    const struct facet_entry *pairs[KINDS_MOST][KINDS_MOST]; /* NULL: never together */
};

/* The kinds with most cases. */
static void choose_kinds(struct grid *grid)
{
    const struct facet *facet = &grid->page.site->facets[FACET_partner];
    for (ptrdiff_t i = 0; i < facet->count; i++) {
        ptrdiff_t before = 0;
        for (ptrdiff_t k = 0; k < facet->count; k++) {
            ptrdiff_t more = facet->entries[k].count - facet->entries[i].count;
            before += more > 0 || (more == 0 && k < i) ? 1 : 0;
        }
        if (before < KINDS_MOST) {
            grid->kinds[grid->count++] = &facet->entries[i];
        }
    }
}

static int kind_number(const struct grid *grid, const struct code_entry *code)
{
    for (int i = 0; i < grid->count; i++) {
        if (grid->kinds[i]->of == code) {
            return i;
        }
    }
    return -1;
}

static void place_pairs(struct grid *grid)
{
    const struct facet *facet = &grid->page.site->facets[FACET_pair];
    for (ptrdiff_t i = 0; i < facet->count; i++) {
        int a = kind_number(grid, facet->entries[i].of);
        int b = kind_number(grid, facet->entries[i].with);
        if (a >= 0 && b >= 0) {
            grid->pairs[a][b] = &facet->entries[i];
            grid->pairs[b][a] = &facet->entries[i];
        }
    }
}

static struct slice html_entry(const struct page *page, enum facet_id facet,
                               const struct facet_entry *entry, struct slice html)
{
    return html_link(page, address_facet(page->site, facet, entry, page->language, page->arena),
                     html);
}

static struct slice html_kind(const struct page *page, const struct facet_entry *kind)
{
    return html_entry(page, FACET_partner, kind, html_text(page, code_label(kind->of, page->text)));
}

static struct slice html_count(const struct page *page, enum facet_id facet,
                               const struct facet_entry *entry)
{
    return html_entry(page, facet, entry, text_integer(page, entry->count));
}

static void add_grid(struct grid *grid)
{
    struct page *page = &grid->page;
    struct slice heading = html_string(page, STRING_pairs_table);
    struct dictionary *block =
        add_block(page->content, NAME_article_BLOCK, SLICE("table"), heading);
    struct dictionary *table = add_table(block, SLICE("pairs"), heading, true);
    dictionary_show(table, NAME_table_MATRIX, true);
    add_column(table, html_string(page, STRING_pairs_kind), false);
    for (int i = 0; i < grid->count; i++) {
        add_column(table, html_kind(page, grid->kinds[i]), false);
    }
    for (int i = 0; i < grid->count; i++) {
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_kind(page, grid->kinds[i]), true, false);
        for (int k = 0; k < grid->count; k++) {
            struct slice html = {0};
            if (i == k) {
                html = html_count(page, FACET_partner, grid->kinds[i]);
            } else if (grid->pairs[i][k]) {
                html = html_count(page, FACET_pair, grid->pairs[i][k]);
            }
            add_cell(row, html, false, false);
        }
    }
    ptrdiff_t left_out = page->site->facets[FACET_partner].count - grid->count;
    if (left_out > 0) {
        dictionary_set(
            add_part(block), NAME_part_NOTE,
            html_pattern(page, STRING_row_more, text_integer(page, left_out), (struct slice){0}));
    }
}

static int compare_pairs(const void *a, const void *b)
{
    const struct facet_entry *left = *(const struct facet_entry *const *)a;
    const struct facet_entry *right = *(const struct facet_entry *const *)b;
    if (left->count != right->count) {
        return left->count > right->count ? -1 : 1;
    }
    return left < right ? -1 : 1; /* both in one array: the order of their list */
}

static void add_list(struct grid *grid)
{
    struct page *page = &grid->page;
    const struct facet *facet = &page->site->facets[FACET_pair];
    const struct facet_entry **pairs =
        ARENA_ARRAY(page->arena, const struct facet_entry *, facet->count + 1);
    for (ptrdiff_t i = 0; i < facet->count; i++) {
        pairs[i] = &facet->entries[i];
    }
    qsort(pairs, (size_t)facet->count, sizeof(struct facet_entry *), compare_pairs);
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("list"),
                                         html_string(page, STRING_pairs_list));
    struct dictionary *part = add_part(block);
    for (ptrdiff_t i = 0; i < facet->count && i < PAIRS_NAMED; i++) {
        struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
        dictionary_set(item, NAME_item_TEXT,
                       html_entry(page, FACET_pair, pairs[i],
                                  html_text(page, way_entry_label(page, facet, pairs[i]))));
        dictionary_set(item, NAME_item_NOTE,
                       html_pattern(page, STRING_cases_count, text_integer(page, pairs[i]->count),
                                    (struct slice){0}));
    }
    if (facet->count > PAIRS_NAMED) {
        dictionary_set(add_part(block), NAME_part_NOTE,
                       html_pattern(page, STRING_row_more,
                                    text_integer(page, facet->count - PAIRS_NAMED),
                                    (struct slice){0}));
    }
}

bool make_pairs(const struct render *render, const struct artefact *artefact,
                struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct grid grid = {0};
    struct page *page = &grid.page;
    ways_begin(page, render, worker, artefact);
    choose_kinds(&grid);
    place_pairs(&grid);
    page_crumb(page, html_string(page, STRING_pairs_title), (struct slice){0});
    dictionary_set(page->content, NAME_article_TITLE, html_string(page, STRING_pairs_title));
    ptrdiff_t start = markup_begin(page);
    put_paragraphs(page, page_string(page, STRING_pairs_lead), -1);
    dictionary_set(page->content, NAME_article_SUMMARY, markup_end(page, start));
    add_grid(&grid);
    add_list(&grid);
    page_end(page, page_string(page, STRING_pairs_title), page_string(page, STRING_pairs_lead),
             out);
    return true;
}
