#include "profile_cell.h"

static bool is_date(enum column_type type)
{
    return type == COLUMN_DATE || type == COLUMN_YEARMONTH;
}

void put_data_value(const struct page *page, const struct dataset_column *column,
                    struct slice value)
{
    const struct code_entry *code =
        column->codelist != NULL ? codelist_find(column->codelist, value) : NULL;
    struct date date = {0};
    if (code != NULL) {
        struct slice label = code_label(code, page->text);
        put_in_language(page, label, label.data == code_label(code, 0).data ? 0 : page->text);
    } else if (is_date(column->type) && date_parse(value, &date) == DATE_OK) {
        put_date(page, date, false);
    } else if (column->type == COLUMN_BOOLEAN) {
        put_string(page, slice_equal(value, SLICE("true")) ? STRING_yes : STRING_no);
    } else if (column->type == COLUMN_INTEGER || column->type == COLUMN_NUMBER) {
        put_number_text(page, value);
    } else {
        put_in_language(page, value, column->language);
    }
}

static struct slice html_profile_value(const struct page *page, const struct dataset_column *column,
                                       struct slice value)
{
    ptrdiff_t start = markup_begin(page);
    put_data_value(page, column, value);
    return markup_end(page, start);
}

static void put_line(const struct page *page, struct slice html)
{
    PUT(page, "<br>");
    put_html(page, html);
}

static void put_empty_share(const struct page *page, ptrdiff_t empty, ptrdiff_t rows)
{
    if (empty == 0) {
        put_string(page, STRING_profile_full);
        return;
    }
    /* Rounded, but never to none or to all while there are some. */
    ptrdiff_t percent = (empty * 200 + rows) / (rows * 2);
    percent = percent < 1 ? 1 : percent > 99 ? 99 : percent;
    put_pattern(page, STRING_profile_empty, text_integer(page, empty), text_digits(page, percent));
}

static void put_distinct(const struct page *page, const struct dataset_column *column,
                         const struct column_profile *profile, ptrdiff_t filled)
{
    bool is_single = column->type != COLUMN_LIST;
    if (profile->has_more_distinct) {
        put_line(page, html_pattern(page, STRING_profile_distinct_more,
                                    text_integer(page, profile->distinct), (struct slice){0}));
    } else if (is_single && profile->distinct == filled && filled > 1) {
        put_line(page, html_string(page, STRING_profile_all_differ));
    } else {
        put_line(page, html_pattern(page, STRING_profile_distinct,
                                    text_integer(page, profile->distinct), (struct slice){0}));
    }
}

struct slice html_profile(const struct page *page, const struct dataset *dataset,
                          const struct dataset_column *column, const struct column_profile *profile)
{
    ptrdiff_t rows = dataset->row_count;
    ptrdiff_t filled = rows - profile->empty;
    if (rows == 0) {
        return (struct slice){0};
    }
    ptrdiff_t start = markup_begin(page);
    if (filled == 0) {
        put_string(page, STRING_profile_none);
        return markup_end(page, start);
    }
    put_empty_share(page, profile->empty, rows);
    if (!profile->is_prose) {
        put_distinct(page, column, profile, filled);
    }
    if (profile->least.length > 0) {
        put_line(page, slice_equal(profile->least, profile->greatest)
                           ? html_profile_value(page, column, profile->least)
                           : html_pattern(page, STRING_profile_range,
                                          html_profile_value(page, column, profile->least),
                                          html_profile_value(page, column, profile->greatest)));
    }
    if (profile->most.length > 0) {
        put_line(page, html_pattern(page, STRING_profile_most,
                                    html_profile_value(page, column, profile->most),
                                    text_integer(page, profile->most_count)));
    }
    return markup_end(page, start);
}
