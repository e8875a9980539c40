/* Figures: the register of indicators, grouped by area and series, each with the time it stands for
 * and its source. */
#include "chart_part.h"
#include "indicator.h"
#include "page.h"
#include "pages.h"

static int column(const struct table *table, const char *name)
{
    int index = table_column_by_name(table, slice_of(name));
    return index >= 0 && table->columns[index].is_private ? -1 : index;
}

void indicator_columns(const struct table *table, struct indicator_columns *columns)
{
    *columns = (struct indicator_columns){
        .area = column(table, "area"),
        .series = column(table, "series"),
        .kind = column(table, "kind"),
        .value = column(table, "value"),
        .qualifier = column(table, "qualifier"),
        .unit = column(table, "unit"),
        .text = column(table, "value_text"),
        .as_of = column(table, "as_of"),
        .as_of_end = column(table, "as_of_end"),
        .cited = column(table, "cited_source"),
        .source = column(table, "source"),
        .place = column(table, "place"),
        .note = column(table, "note"),
    };
}

static struct slice cell_of(const struct table *table, ptrdiff_t row, int index)
{
    return index < 0 ? slice_make(NULL, 0) : table_cell(table, row, index);
}

static const struct code_entry *code_of(const struct table *table, ptrdiff_t row, int index)
{
    const struct codelist *list = index < 0 ? NULL : table->columns[index].codelist;
    return list ? codelist_find(list, table_cell(table, row, index)) : NULL;
}

static struct slice html_cell(const struct page *page, const struct table *table, ptrdiff_t row,
                              int index)
{
    ptrdiff_t start = markup_begin(page);
    if (index >= 0) {
        put_cell(page, table, row, index);
    }
    return markup_end(page, start);
}

/* The time that the figure stands for, or the first and the last of a period. */
static struct slice html_time(const struct page *page, const struct table *table, ptrdiff_t row,
                              const struct indicator_columns *columns)
{
    struct slice first = html_cell(page, table, row, columns->as_of);
    struct slice last = html_cell(page, table, row, columns->as_of_end);
    return last.length > 0 ? html_pattern(page, STRING_date_range, first, last) : first;
}

struct slice html_indicator_value(const struct page *page, const struct table *table, ptrdiff_t row,
                                  const struct indicator_columns *columns)
{
    struct slice number = cell_of(table, row, columns->value);
    ptrdiff_t start = markup_begin(page);
    const struct code_entry *unit = code_of(table, row, columns->unit);
    if (number.length > 0 && unit && slice_equal(unit->code, SLICE("year"))) {
        put_text(page, number); /* a year takes no grouping */
    } else if (number.length == 4 && unit && slice_equal(unit->code, SLICE("fiscal_year"))) {
        int64_t year = 0;
        slice_to_integer(number, &year);
        put_date_words(page, (struct date){.year = (int16_t)year, .precision = DATE_FISCAL_YEAR});
    } else if (number.length > 0) {
        put_quantity(page, number, unit, code_of(table, row, columns->qualifier));
    } else if (columns->text >= 0) {
        put_cell(page, table, row, columns->text);
    }
    return markup_end(page, start);
}

struct slice html_indicator_source(const struct page *page, const struct table *table,
                                   ptrdiff_t row, const struct indicator_columns *columns)
{
    ptrdiff_t start = markup_begin(page);
    if (columns->source >= 0) {
        put_cell(page, table, row, columns->source);
    }
    struct slice place = html_cell(page, table, row, columns->place);
    if (place.length > 0) {
        PUT(page, " <span class=\"note\">");
        put_html(page, place);
        PUT(page, "</span>");
    }
    struct slice cited = html_cell(page, table, row, columns->cited);
    if (cited.length > 0) {
        PUT(page, " <span class=\"note\">");
        put_pattern(page, STRING_cited_in_it, cited, (struct slice){0});
        PUT(page, "</span>");
    }
    return markup_end(page, start);
}

static struct slice html_name(const struct page *page, const struct table *table, ptrdiff_t row,
                              const struct indicator_columns *columns)
{
    int actual = page->text;
    struct slice title = table_row_title(table, row, page->text, &actual, page->arena);
    ptrdiff_t start = markup_begin(page);
    put_link(page, row_address(page, table, row), html_in_language(page, title, actual));
    const struct code_entry *kind = code_of(table, row, columns->kind);
    if (kind && !slice_equal(kind->code, SLICE("measured"))) {
        PUT(page, " <span class=\"kind\">");
        put_text(page, code_label(kind, page->text));
        PUT(page, "</span>");
    }
    struct slice note = html_cell(page, table, row, columns->note);
    if (note.length > 0) {
        PUT(page, " <span class=\"note\">");
        put_html(page, note);
        PUT(page, "</span>");
    }
    return markup_end(page, start);
}

static void add_row(const struct page *page, struct dictionary *body, const struct table *table,
                    ptrdiff_t index, const struct indicator_columns *columns)
{
    struct dictionary *row = dictionary_add(body, NAME_table_ROW);
    add_cell(row, html_name(page, table, index, columns), true, false);
    struct dictionary *value = add_labelled_cell(
        row, html_indicator_value(page, table, index, columns), page_string(page, STRING_value));
    dictionary_show(value, NAME_cell_NUMBER, true);
    add_labelled_cell(row, html_time(page, table, index, columns), page_string(page, STRING_as_of));
    add_labelled_cell(row, html_indicator_source(page, table, index, columns),
                      page_string(page, STRING_source));
}

static struct dictionary *add_figures(const struct page *page, struct dictionary *part,
                                      struct slice id, struct slice caption)
{
    struct dictionary *body = add_table_to_part(part, id, caption, true);
    dictionary_show(body, NAME_table_STACK, true);
    add_column(body, html_string(page, STRING_measure), false);
    add_column(body, html_string(page, STRING_value), true);
    add_column(body, html_string(page, STRING_as_of), false);
    add_column(body, html_string(page, STRING_source), false);
    return body;
}

/* A table that opens under its name and the number of its figures: all of them open are thirty
 * screens of a telephone. */
static struct dictionary *add_folded_figures(const struct page *page, struct dictionary *block,
                                             struct slice id, struct slice name, ptrdiff_t count)
{
    struct dictionary *part = add_part(block);
    ptrdiff_t start = markup_begin(page);
    put_html(page, name);
    PUT(page, " <span class=\"kind\">");
    put_pattern(page, STRING_figures_count, text_integer(page, count), (struct slice){0});
    PUT(page, "</span>");
    dictionary_set(part, NAME_part_HEADING, markup_end(page, start));
    dictionary_show(part, NAME_part_FOLDED, true);
    return add_figures(page, part, id, name);
}

/* The charts that are drawn from a series of figures; its table stands below them. */
static void add_series_charts(const struct page *page, struct dictionary *block,
                              const struct table *table, ptrdiff_t row, int column)
{
    for (ptrdiff_t i = 0; i < table->chart_count; i++) {
        const struct chart *chart = &table->charts[i];
        for (ptrdiff_t k = 0; k < chart->where_count; k++) {
            if (chart->where[k].column == column &&
                slice_equal(chart->where[k].value, cell_of(table, row, column))) {
                add_chart(page, add_part(block), NAME_part_CHART, table, chart, true);
            }
        }
    }
}

void add_indicator_rows(const struct page *page, struct dictionary *block, struct slice id,
                        const struct table *table, const ptrdiff_t *rows, ptrdiff_t count)
{
    struct indicator_columns columns;
    indicator_columns(table, &columns);
    for (ptrdiff_t i = 0; i < count; i++) {
        struct slice series = cell_of(table, rows[i], columns.series);
        bool is_first = series.length > 0;
        for (ptrdiff_t k = 0; k < i && is_first; k++) {
            is_first = !slice_equal(cell_of(table, rows[k], columns.series), series);
        }
        if (is_first) {
            add_series_charts(page, block, table, rows[i], columns.series);
        }
    }
    struct dictionary *body =
        add_figures(page, add_part(block), id, html_string(page, STRING_indicators));
    for (ptrdiff_t i = 0; i < count; i++) {
        add_row(page, body, table, rows[i], &columns);
    }
}

static struct slice area_id(const struct page *page, struct slice area)
{
    return ARENA_JOIN(page->arena, SLICE("area-"), area.length > 0 ? area : SLICE("none"));
}

struct slice indicator_fragment(const struct page *page, const struct table *table, ptrdiff_t row)
{
    struct slice area = cell_of(table, row, column(table, "area"));
    return ARENA_JOIN(page->arena, SLICE("#"), area_id(page, area));
}

/* The rows of a series of an area; with no series, those that belong to none. */
static ptrdiff_t rows_of_series(const struct page *page, const struct table *table,
                                struct slice area, struct slice series,
                                const struct indicator_columns *columns, ptrdiff_t **rows)
{
    ptrdiff_t count = 0;
    *rows = ARENA_ARRAY(page->arena, ptrdiff_t, table->row_count + 1);
    for (ptrdiff_t r = 0; r < table->row_count; r++) {
        if (slice_equal(cell_of(table, r, columns->area), area) &&
            slice_equal(cell_of(table, r, columns->series), series)) {
            (*rows)[count++] = r;
        }
    }
    return count;
}

/* So few figures of an area that has no others are read sooner than opened. */
#define FIGURES_IN_VIEW 4

/* `alone`: what the figures are called where the area has no others; else empty. */
static void add_series(const struct page *page, struct dictionary *block, const struct table *table,
                       struct slice area, struct slice series, struct slice alone,
                       const struct indicator_columns *columns)
{
    ptrdiff_t *rows = NULL;
    ptrdiff_t count = rows_of_series(page, table, area, series, columns, &rows);
    if (count == 0) {
        return;
    }
    struct slice id = ARENA_JOIN(page->arena, area_id(page, area), SLICE("-"),
                                 series.length > 0 ? series : SLICE("single"));
    struct slice name = alone.length > 0 ? alone : html_string(page, STRING_single_figures);
    if (series.length > 0) {
        add_series_charts(page, block, table, rows[0], columns->series);
        name = html_cell(page, table, rows[0], columns->series);
    }
    struct dictionary *body = alone.length > 0 && count <= FIGURES_IN_VIEW
                                  ? add_figures(page, add_part(block), id, name)
                                  : add_folded_figures(page, block, id, name, count);
    for (ptrdiff_t i = 0; i < count; i++) {
        add_row(page, body, table, rows[i], columns);
    }
}

/* The figures of an area: a table for each series in the order in which they first come, then one
 * of those without. */
static void add_area(struct page *page, const struct table *table, struct slice area,
                     struct slice label, const struct indicator_columns *columns)
{
    struct dictionary *block = add_listed_block(page, area_id(page, area), label);
    struct map seen = {0};
    for (ptrdiff_t r = 0; r < table->row_count; r++) {
        struct slice series = cell_of(table, r, columns->series);
        bool is_new = false;
        if (series.length > 0 && slice_equal(cell_of(table, r, columns->area), area)) {
            map_insert(&seen, page->arena, series, &is_new);
        }
        if (is_new) {
            add_series(page, block, table, area, series, (struct slice){0}, columns);
        }
    }
    struct slice alone = {0};
    if (seen.length == 0) {
        alone = label;
    }
    add_series(page, block, table, area, (struct slice){0}, alone, columns);
}

bool make_indicators(const struct render *render, const struct artefact *artefact,
                     struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct table *table = artefact->subject;
    struct indicator_columns columns;
    indicator_columns(table, &columns);
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article, artefact->language);
    page.updated = table->updated;
    page.unofficial = true;
    page_alternates(&page, page_rest(&page), NULL);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(page.site, page.language, page.arena));
    page_crumb(&page, html_string(&page, STRING_indicators), (struct slice){0});
    dictionary_set(page.content, NAME_article_TITLE, html_string(&page, STRING_indicators));
    ptrdiff_t start = markup_begin(&page);
    put_paragraphs(&page, page_string(&page, STRING_indicators_lead), -1);
    dictionary_set(page.content, NAME_article_SUMMARY, markup_end(&page, start));
    struct map areas = {0};
    bool of_no_area = false;
    for (ptrdiff_t r = 0; r < table->row_count; r++) {
        struct slice area = cell_of(table, r, columns.area);
        bool is_new = false;
        map_insert(&areas, page.arena, area, &is_new);
        if (is_new && area.length > 0) {
            add_area(&page, table, area, html_cell(&page, table, r, columns.area), &columns);
        }
        of_no_area = of_no_area || area.length == 0;
    }
    if (of_no_area) {
        add_area(&page, table, (struct slice){0}, html_string(&page, STRING_area_other), &columns);
    }
    if (table->row_count == 0) {
        start = markup_begin(&page);
        put_paragraphs(&page, table->empty_reason[page.text], -1);
        dictionary_set_some(page.content, NAME_article_PROSE, markup_end(&page, start));
    }
    add_link(page.content, NAME_article_MORE, html_string(&page, STRING_as_data),
             page_url(&page, address_dataset(page.site, table, page.language, page.arena)),
             (struct slice){0});
    page_end(&page, page_string(&page, STRING_indicators),
             page_string(&page, STRING_indicators_lead), out);
    return true;
}
