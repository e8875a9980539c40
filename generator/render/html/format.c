/* Dates, numbers, quantities and sizes as the reader's language writes them. */
#include "page.h"

struct slice text_digits(const struct page *page, int64_t value)
{
    char digits[20];
    int at = (int)sizeof(digits);
    CHECK(value >= 0);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return arena_copy(page->arena, slice_make(digits + at, (ptrdiff_t)sizeof(digits) - at));
}

static void append_padded(struct buffer *out, int value, int width)
{
    int most = width == 4 ? 1000 : 10;
    for (; most > 1 && value < most; most /= 10) {
        buffer_append_byte(out, '0');
    }
    buffer_append_integer(out, value);
}

void put_date_words(const struct page *page, struct date date)
{
    struct slice year = text_digits(page, date.year);
    struct slice month = text_digits(page, date.month);
    struct slice day = text_digits(page, date.day);
    struct slice name = {0};
    if (date.month > 0) {
        name = html_string(page, (enum string_id)(STRING_month_1 + date.month - 1));
    }
    const struct slice arguments[PATTERN_ARGUMENTS] = {year, month, day, name};
    switch (date.precision) {
    case DATE_YEAR:
        put_pattern_of(page, STRING_date_year, arguments);
        break;
    case DATE_FISCAL_YEAR:
        put_pattern_of(page, STRING_date_fiscal_year, arguments);
        break;
    case DATE_MONTH:
        put_pattern_of(page, STRING_date_month, arguments);
        break;
    case DATE_DAY:
        put_pattern_of(page, STRING_date_day, arguments);
        break;
    case DATE_NONE:
        break;
    }
}

/* The machine's form for <time>; HTML has none for fiscal years. */
static bool open_time(const struct page *page, struct date date)
{
    if (date.precision == DATE_NONE || date.precision == DATE_FISCAL_YEAR) {
        return false;
    }
    PUT(page, "<time datetime=\"");
    append_padded(page->buffer, date.year, 4);
    if (date.precision != DATE_YEAR) {
        PUT(page, "-");
        append_padded(page->buffer, date.month, 2);
    }
    if (date.precision == DATE_DAY) {
        PUT(page, "-");
        append_padded(page->buffer, date.day, 2);
    }
    PUT(page, "\">");
    return true;
}

void put_date(const struct page *page, struct date date, bool weekday)
{
    bool is_open = open_time(page, date);
    if (weekday && date.precision == DATE_DAY) {
        int day = date_weekday(date_to_days(date.year, date.month, date.day));
        ptrdiff_t start = markup_begin(page);
        put_date_words(page, date);
        struct slice words = markup_end(page, start);
        put_pattern(page, STRING_date_weekday, words,
                    html_string(page, (enum string_id)(STRING_weekday_0 + day)));
    } else {
        put_date_words(page, date);
    }
    if (is_open) {
        PUT(page, "</time>");
    }
}

void put_date_under(const struct page *page, struct date date, struct slice label)
{
    struct slice words = html_date(page, date);
    if (date.precision == DATE_FISCAL_YEAR &&
        slice_equal_ignoring_ascii_case(slice_sub(words, 0, label.length), label)) {
        words = slice_trim(slice_from(words, label.length));
    }
    put_html(page, words);
}

struct slice html_date(const struct page *page, struct date date)
{
    ptrdiff_t start = markup_begin(page);
    put_date(page, date, false);
    return markup_end(page, start);
}

/* Digits in groups of three, as both of our languages write them. */
void put_number_text(const struct page *page, struct slice number)
{
    ptrdiff_t at = 0;
    if (number.length > 0 && number.data[0] == '-') {
        PUT(page, "\xE2\x88\x92"); /* U+2212, a minus of a digit's width */
        at = 1;
    }
    ptrdiff_t end = at;
    while (end < number.length && number.data[end] >= '0' && number.data[end] <= '9') {
        end++;
    }
    for (ptrdiff_t i = at; i < end; i++) {
        buffer_append_byte(page->buffer, number.data[i]);
        if (end - i > 1 && (end - i - 1) % 3 == 0) {
            buffer_append_byte(page->buffer, ',');
        }
    }
    put_text(page, slice_from(number, end));
}

void put_integer(const struct page *page, int64_t value)
{
    struct buffer text;
    buffer_init(&text);
    buffer_append_integer(&text, value);
    put_number_text(page, buffer_slice(&text));
    buffer_release(&text);
}

void put_number(const struct page *page, double value)
{
    struct buffer text;
    buffer_init(&text);
    buffer_append_number(&text, value);
    put_number_text(page, buffer_slice(&text));
    buffer_release(&text);
}

struct slice text_integer(const struct page *page, int64_t value)
{
    ptrdiff_t start = markup_begin(page);
    put_integer(page, value);
    return markup_end(page, start);
}

static enum string_id quantity_pattern(const struct code_entry *qualifier)
{
    static const struct {
        struct slice code;
        enum string_id pattern;
    } patterns[] = {
        {{"approx", 6}, STRING_quantity_approx},
        {{"min", 3}, STRING_quantity_min},
        {{"gt", 2}, STRING_quantity_gt},
        {{"half", 4}, STRING_quantity_half},
    };
    for (size_t i = 0; qualifier && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        if (slice_equal(patterns[i].code, qualifier->code)) {
            return patterns[i].pattern;
        }
    }
    return STRING_COUNT;
}

void put_quantity(const struct page *page, struct slice number, const struct code_entry *unit,
                  const struct code_entry *qualifier)
{
    ptrdiff_t start = markup_begin(page);
    put_number_text(page, number);
    struct slice html = markup_end(page, start);
    if (unit) {
        /* What stands in brackets tells units apart in their list: 件（協定）, 件（事業）. */
        struct slice label = slice_equal(number, SLICE("1")) ? unit->labels_of_one[page->text]
                                                             : code_label(unit, page->text);
        ptrdiff_t bracket = slice_find(label, SLICE("（"), 0);
        label = slice_trim(slice_sub(label, 0, bracket > 0 ? bracket : label.length));
        bool is_sign = slice_equal(label, SLICE("%")) || slice_equal(label, SLICE("％"));
        html = html_pattern(page, is_sign ? STRING_quantity_per_cent : STRING_quantity, html,
                            html_text(page, is_sign ? SLICE("%") : label));
    }
    enum string_id pattern = quantity_pattern(qualifier);
    if (pattern == STRING_COUNT) {
        put_html(page, html);
    } else {
        put_pattern(page, pattern, html, (struct slice){0});
    }
}

struct slice text_size(const struct page *page, int64_t bytes)
{
    if (bytes < 1000) {
        return arena_format(page->arena, "%lld B", (long long)bytes);
    }
    if (bytes < 10000) {
        return arena_format(page->arena, "%lld.%lld kB", (long long)(bytes / 1000),
                            (long long)(bytes % 1000 / 100));
    }
    if (bytes < 1000000) {
        return arena_format(page->arena, "%lld kB", (long long)((bytes + 500) / 1000));
    }
    return arena_format(page->arena, "%lld.%lld MB", (long long)(bytes / 1000000),
                        (long long)(bytes % 1000000 / 100000));
}
