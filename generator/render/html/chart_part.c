#include "chart_part.h"

#include "chart.h"

#include <stdlib.h>

/* Bars of one chart; what comes behind is one bar more. */
#define BARS_MOST 12

struct drawing {
    const struct page *page;
    const struct table *table;
    const struct chart *chart;
    struct chart_point *points;
    ptrdiff_t count;
};

/* ---- Rows that are counted ---- */

static struct slice plain_code(const struct drawing *drawing, struct slice value)
{
    const struct codelist *list = drawing->table->columns[drawing->chart->count].codelist;
    const struct code_entry *code = list != NULL ? codelist_find(list, value) : NULL;
    return code != NULL ? code_label(code, drawing->page->text) : value;
}

/* What one row shows in the column: a cell of its own, as readers see it. */
static struct slice shown_value(const struct drawing *drawing, ptrdiff_t row, struct slice value)
{
    int actual = 0;
    const struct column *column = &drawing->table->columns[drawing->chart->count];
    return column->type == COLUMN_LIST
               ? plain_code(drawing, value)
               : table_cell_display(drawing->table, row, drawing->chart->count, drawing->page->text,
                                    &actual, drawing->page->arena);
}

static int compare_counts(const void *a, const void *b)
{
    const struct chart_point *left = a;
    const struct chart_point *right = b;
    /* `time` holds the order of first occurrence. */
    return left->value > right->value   ? -1
           : left->value < right->value ? 1
           : left->time < right->time   ? -1
                                        : left->time > right->time;
}

static void count_value(struct drawing *drawing, struct map *seen, ptrdiff_t row,
                        struct slice value)
{
    bool is_new = false;
    struct map_entry *entry = map_insert(seen, drawing->page->arena, value, &is_new);
    if (is_new) {
        entry->value.integer = drawing->count;
        drawing->points[drawing->count] = (struct chart_point){
            .label = shown_value(drawing, row, value), .time = (double)drawing->count};
        drawing->count++;
    }
    drawing->points[entry->value.integer].value += 1;
}

static ptrdiff_t count_parts(const struct drawing *drawing)
{
    const struct column *column = &drawing->table->columns[drawing->chart->count];
    ptrdiff_t parts = 0;
    for (ptrdiff_t r = 0; r < drawing->table->row_count; r++) {
        struct slice rest = table_cell(drawing->table, r, drawing->chart->count);
        parts++;
        while (column->type == COLUMN_LIST && rest.data != NULL) {
            slice_cut(&rest, column->delimiter);
            parts++;
        }
    }
    return parts;
}

static void count_rows(struct drawing *drawing)
{
    const struct table *table = drawing->table;
    const struct column *column = &table->columns[drawing->chart->count];
    struct map seen = {0};
    drawing->points =
        ARENA_ARRAY(drawing->page->arena, struct chart_point, count_parts(drawing) + 1);
    for (ptrdiff_t r = 0; r < table->row_count; r++) {
        struct slice cell = table_cell(table, r, drawing->chart->count);
        if (cell.length == 0 ||
            !table_row_fits(table, r, drawing->chart->where, drawing->chart->where_count)) {
            continue;
        }
        struct slice rest = cell;
        while (rest.data != NULL) {
            struct slice part =
                column->type == COLUMN_LIST ? slice_cut(&rest, column->delimiter) : cell;
            count_value(drawing, &seen, r, part);
            rest = column->type == COLUMN_LIST ? rest : (struct slice){0};
        }
    }
    qsort(drawing->points, (size_t)drawing->count, sizeof(*drawing->points), compare_counts);
    if (drawing->count > BARS_MOST + 1) {
        struct chart_point *other = &drawing->points[BARS_MOST];
        for (ptrdiff_t i = BARS_MOST + 1; i < drawing->count; i++) {
            other->value += drawing->points[i].value;
        }
        other->label = pattern_text(drawing->page, STRING_chart_other,
                                    text_integer(drawing->page, drawing->count - BARS_MOST),
                                    (struct slice){0});
        drawing->count = BARS_MOST + 1;
    }
    for (ptrdiff_t i = 0; i < drawing->count; i++) {
        drawing->points[i].text = text_integer(drawing->page, (int64_t)drawing->points[i].value);
    }
}

/* ---- Rows that give a number ---- */

static const struct code_entry *code_in(const struct table *table, ptrdiff_t row, int column)
{
    const struct codelist *list = column < 0 ? NULL : table->columns[column].codelist;
    return list != NULL ? codelist_find(list, table_cell(table, row, column)) : NULL;
}

static struct slice number_text(const struct drawing *drawing, ptrdiff_t row)
{
    const struct table *table = drawing->table;
    const struct chart *chart = drawing->chart;
    ptrdiff_t start = markup_begin(drawing->page);
    put_quantity(drawing->page, table_cell(table, row, chart->measure),
                 code_in(table, row, chart->unit), code_in(table, row, chart->qualifier));
    return markup_end(drawing->page, start);
}

static void measure_rows(struct drawing *drawing)
{
    const struct table *table = drawing->table;
    const struct chart *chart = drawing->chart;
    drawing->points = ARENA_ARRAY(drawing->page->arena, struct chart_point, table->row_count + 1);
    for (ptrdiff_t r = 0; r < table->row_count; r++) {
        struct chart_point *point = &drawing->points[drawing->count];
        struct date when = {0};
        if (!table_row_fits(table, r, chart->where, chart->where_count) ||
            !slice_to_number(table_cell(table, r, chart->measure), &point->value) ||
            (chart->along >= 0 &&
             date_parse(table_cell(table, r, chart->along), &when) != DATE_OK)) {
            continue;
        }
        if (chart->along >= 0) {
            ptrdiff_t start = markup_begin(drawing->page);
            put_date_words(drawing->page, when);
            point->when = markup_end(drawing->page, start);
            point->time = ((double)date_first_day(when) + (double)date_last_day(when)) / 2;
        }
        int actual = 0;
        point->label =
            table_row_title(table, r, drawing->page->text, &actual, drawing->page->arena);
        point->text = number_text(drawing, r);
        point->is_target =
            chart->target_count > 0 && table_row_fits(table, r, chart->target, chart->target_count);
        drawing->count++;
    }
}

/* ---- In words ---- */

/* What the shape says, for those who do not see it. The values hold no elements, so their HTML is
 * their text but for escapes; numbers and units have none. */
static struct slice describe_bars(const struct drawing *drawing)
{
    ptrdiff_t longest = 0;
    for (ptrdiff_t i = 1; i < drawing->count; i++) {
        longest = drawing->points[i].value > drawing->points[longest].value ? i : longest;
    }
    return pattern_text(drawing->page, STRING_chart_highest, drawing->points[longest].label,
                        drawing->points[longest].text);
}

static struct slice describe_course(const struct drawing *drawing)
{
    const struct chart_point *first = NULL;
    const struct chart_point *last = NULL;
    const struct chart_point *target = NULL;
    for (ptrdiff_t i = 0; i < drawing->count; i++) {
        const struct chart_point *point = &drawing->points[i];
        if (point->is_target) {
            target = target == NULL || point->time > target->time ? point : target;
            continue;
        }
        first = first == NULL || point->time < first->time ? point : first;
        last = last == NULL || point->time >= last->time ? point : last;
    }
    const struct page *page = drawing->page;
    ptrdiff_t start = markup_begin(page);
    if (first != NULL && first != last) {
        put_pattern_of(page, STRING_chart_course,
                       (const struct slice[PATTERN_ARGUMENTS]){first->when, first->text, last->when,
                                                               last->text});
    }
    if (target != NULL) {
        PUT(page, " ");
        put_pattern(page, STRING_chart_target, target->when, target->text);
    }
    return markup_end(page, start);
}

/* ---- Its table ---- */

static void add_numbers(const struct drawing *drawing, struct dictionary *part, struct slice id,
                        struct slice title)
{
    const struct page *page = drawing->page;
    bool has_time = drawing->chart->along >= 0;
    struct dictionary *table = dictionary_add(part, NAME_chart_TABLE);
    dictionary_set(table, NAME_table_ID, ARENA_JOIN(page->arena, id, SLICE("-table")));
    dictionary_set(table, NAME_table_CAPTION, title);
    dictionary_show(table, NAME_table_QUIET, true);
    add_column(table, html_string(page, STRING_chart_value), false);
    if (has_time) {
        add_column(table, html_string(page, STRING_as_of), false);
    }
    add_column(
        table,
        html_string(page, drawing->chart->count >= 0 ? STRING_chart_rows : STRING_chart_number),
        true);
    for (ptrdiff_t i = 0; i < drawing->count; i++) {
        const struct chart_point *point = &drawing->points[i];
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_text(page, point->label), true, false);
        if (has_time) {
            add_cell(row, point->when, false, false);
        }
        add_cell(row, point->text, false, true);
    }
}

/* Find the points; false when there is nothing to draw. */
static bool draw(struct drawing *drawing)
{
    if (drawing->chart->count >= 0) {
        count_rows(drawing);
    } else {
        measure_rows(drawing);
    }
    return drawing->count > 0;
}

static void fill_chart(const struct drawing *drawing, struct dictionary *part, struct slice id,
                       bool has_table)
{
    const struct page *page = drawing->page;
    const struct chart *chart = drawing->chart;
    bool is_time = chart->measure >= 0 && chart->along >= 0;
    struct chart_data data = {
        .id = id,
        .title = chart->labels[page->text],
        .description = is_time ? describe_course(drawing) : describe_bars(drawing),
        .points = drawing->points,
        .count = drawing->count,
    };
    struct slice title = html_text(page, data.title);
    dictionary_set(part, NAME_chart_ID, id);
    dictionary_set(part, NAME_chart_TITLE, title);
    dictionary_set_some(part, NAME_chart_ABOUT, html_text(page, chart->descriptions[page->text]));
    ptrdiff_t start = markup_begin(page);
    if (is_time) {
        chart_time(&data, page->buffer);
    } else {
        chart_bars(&data, page->buffer);
    }
    dictionary_set(part, NAME_chart_SVG, markup_end(page, start));
    if (!has_table) {
        add_numbers(drawing, part, id, title);
    }
}

void add_chart(const struct page *page, struct dictionary *parent, enum name_id section,
               const struct table *table, const struct chart *chart, bool has_table)
{
    struct drawing drawing = {.page = page, .table = table, .chart = chart};
    if (draw(&drawing)) {
        fill_chart(&drawing, dictionary_add(parent, section),
                   ARENA_JOIN(page->arena, SLICE("chart-"), chart->name), has_table);
    }
}

void put_chart(const struct page *page, const struct table *table, const struct chart *chart,
               struct slice id)
{
    struct drawing drawing = {.page = page, .table = table, .chart = chart};
    if (!draw(&drawing)) {
        return;
    }
    struct dictionary *part = dictionary_new(page->arena, DICTIONARY_chart, page->root);
    fill_chart(&drawing, part, id, false);
    template_expand(page->theme->templates[TEMPLATE_chart][page->text], part, page->buffer);
}

void add_charts(const struct page *page, struct dictionary *parent, enum name_id section,
                const struct table *table)
{
    for (ptrdiff_t i = 0; i < table->chart_count; i++) {
        add_chart(page, parent, section, table, &table->charts[i], false);
    }
}
