/* Values of records and cells of registers, as readers see them. */
#include "html_index.h"
#include "page.h"
#include "register_table.h"

struct slice row_address(const struct page *page, const struct table *table, ptrdiff_t row)
{
    if (!table->has_pages || table->key_column < 0 || row < 0 ||
        table->columns[table->key_column].is_private ||
        table_cell(table, row, table->key_column).length == 0) {
        return (struct slice){0};
    }
    return address_row(page->site, table, row, page->language, page->arena);
}

struct slice html_row_title(const struct page *page, const struct table *table, ptrdiff_t row)
{
    int actual = page->text;
    struct slice title = table_row_title(table, row, page->text, &actual, page->arena);
    struct slice name = html_in_language(page, title, actual);
    int column = html_table_index(page->render, table)->reading;
    bool is_japanese = actual == page->text &&
                       site_interface_language(page->site, page->text) == INTERFACE_JAPANESE;
    struct slice reading =
        column >= 0 && is_japanese ? table_cell(table, row, column) : (struct slice){0};
    if (reading.length == 0 || slice_equal(reading, title)) {
        return name;
    }
    ptrdiff_t start = markup_begin(page);
    PUT(page, "<ruby>");
    put_html(page, name);
    PUT(page, "<rp>（</rp><rt>");
    put_text(page, reading);
    PUT(page, "</rt><rp>）</rp></ruby>");
    return markup_end(page, start);
}

static void put_row_link(const struct page *page, const struct table *table, ptrdiff_t row)
{
    put_link(page, row_address(page, table, row), html_row_title(page, table, row));
}

static void put_item_link(const struct page *page, const struct item *item)
{
    enum field_id title = (enum field_id)0;
    switch (item->kind) {
    case ITEM_CASE:
        title = FIELD_case_title;
        break;
    case ITEM_PAGE:
        title = FIELD_page_title;
        break;
    case ITEM_NEWS:
        title = FIELD_news_title;
        break;
    case ITEM_MEETING:
        title = FIELD_meeting_title;
        break;
    case ITEM_KINDS:
        BUG("not a kind of item");
    }
    page_shows(page, item);
    put_link(page, address_item(page->site, item, page->language, page->arena),
             html_word(page, item->record, title));
}

static void put_entry_name(const struct page *page, const struct reference_value *reference)
{
    const struct record *entry = reference->record;
    if (entry && entry->shape == SHAPE_actor) {
        const struct value *actor = record_get(entry, FIELD_actor_actor);
        if (value_is_stated(actor) && value_reference(actor)->target == TARGET_ROW) {
            put_row_link(page, value_reference(actor)->table, value_reference(actor)->row);
        } else {
            put_html(page, html_word(page, entry, FIELD_actor_name));
        }
    } else if (entry && entry->shape == SHAPE_agenda_item) {
        put_html(page, html_word(page, entry, FIELD_agenda_item_title));
    } else {
        put_text(page, reference->id);
    }
}

void put_reference(const struct page *page, const struct reference_value *reference)
{
    switch (reference->target) {
    case TARGET_ITEM:
        put_item_link(page, reference->item);
        break;
    case TARGET_ROW:
        put_row_link(page, reference->table, reference->row);
        break;
    case TARGET_FRAMEWORK: {
        const struct framework *framework = site_framework(page->site, reference->id);
        put_link(page,
                 framework ? address_framework(page->site, framework, page->language, page->arena)
                           : (struct slice){0},
                 html_word(page, reference->record, FIELD_framework_title));
        break;
    }
    case TARGET_FRAMEWORK_ITEM:
        put_html(page, html_word(page, reference->record, FIELD_framework_item_label));
        break;
    case TARGET_FIELD:
        put_html(page, html_label(page, reference->field));
        break;
    case TARGET_LIST_ENTRY:
        put_entry_name(page, reference);
        break;
    case TARGET_UNRESOLVED:
        put_text(page, reference->id);
        break;
    }
}

/* An address as a link to itself; `scheme` is what it lacks of one. */
static void put_address(const struct page *page, const char *scheme, struct slice address)
{
    PUT(page, "<a href=\"");
    put_html(page, slice_of(scheme));
    escape_html_attribute(page->buffer, address);
    PUT(page, "\">");
    put_text(page, address);
    PUT(page, "</a>");
}

/* One tap on a telephone dials it. */
static void put_telephone(const struct page *page, struct slice number)
{
    PUT(page, "<a href=\"tel:");
    for (ptrdiff_t i = 0; i < number.length; i++) {
        char c = number.data[i];
        if ((c >= '0' && c <= '9') || c == '+') {
            buffer_append_byte(page->buffer, c);
        }
    }
    PUT(page, "\">");
    put_text(page, number);
    PUT(page, "</a>");
}

static void put_list(const struct page *page, const struct value *value)
{
    for (ptrdiff_t i = 0; i < value->as.list.count; i++) {
        if (i > 0) {
            put_string(page, STRING_list_separator);
        }
        put_value(page, &value->as.list.items[i]);
    }
}

/* A list of words is kept as one text with newlines. */
static void put_word_value(const struct page *page, const struct value *value)
{
    int actual = page->text;
    const struct word *word = value_word(value, page->text, &actual);
    if (!word) {
        return;
    }
    if ((field_info(value->field)->flags & FIELD_MANY) == 0) {
        put_in_language(page, word->text, actual);
        return;
    }
    struct slice rest = word->text;
    bool is_first = true;
    while (rest.data) {
        struct slice part = slice_trim(slice_cut(&rest, '\n'));
        if (part.length > 0) {
            if (!is_first) {
                put_string(page, STRING_list_separator);
            }
            is_first = false;
            put_in_language(page, part, actual);
        }
    }
}

void put_value(const struct page *page, const struct value *value)
{
    if (!value_is_stated(value)) {
        return;
    }
    if (value->is_list) {
        put_list(page, value);
        return;
    }
    const struct field_info *info = field_info(value->field);
    switch (info->type) {
    case FIELD_TYPE_TEXT:
        if (info->flags & FIELD_WORD) {
            put_word_value(page, value);
        } else {
            put_text(page, value->as.text);
        }
        break;
    case FIELD_TYPE_CODE:
        put_text(page, code_label(value->as.code, page->text));
        break;
    case FIELD_TYPE_DATE:
        put_date(page, value->as.date, false);
        break;
    case FIELD_TYPE_INTEGER:
        put_integer(page, value->as.integer);
        break;
    case FIELD_TYPE_NUMBER:
        put_number(page, value->as.number);
        break;
    case FIELD_TYPE_BOOLEAN:
        put_string(page, value->as.boolean ? STRING_yes : STRING_no);
        break;
    case FIELD_TYPE_URL:
        put_address(page, "", value->as.text);
        break;
    case FIELD_TYPE_REFERENCE:
        put_reference(page, value_reference(value));
        break;
    case FIELD_TYPE_GROUP:
    case FIELD_TYPE_HASHES:
        BUG("a group has no text of its own");
    }
}

/* What separates the lines of a contact: each may be long. */
static void next_line(const struct page *page, ptrdiff_t start)
{
    if (page->buffer->length > start) {
        PUT(page, "<br>");
    }
}

static struct slice unit_cell(const struct value *unit, const char *name)
{
    if (!value_is_stated(unit) || value_reference(unit)->target != TARGET_ROW) {
        return (struct slice){0};
    }
    const struct table *table = value_reference(unit)->table;
    int column = table_column_by_name(table, slice_of(name));
    return column < 0 || table->columns[column].is_private
               ? slice_make(NULL, 0)
               : table_cell(table, value_reference(unit)->row, column);
}

/* Offices change their names: since when, and until when, this is who to ask. */
static void put_unit_dates(const struct page *page, const struct value *unit)
{
    struct date from;
    struct date to;
    bool has_from = date_parse(unit_cell(unit, "valid_from"), &from) == DATE_OK;
    bool has_to = date_parse(unit_cell(unit, "valid_to"), &to) == DATE_OK;
    if (!has_from && !has_to) {
        return;
    }
    struct slice first = has_from ? html_date(page, from) : (struct slice){0};
    struct slice last = has_to ? html_date(page, to) : (struct slice){0};
    PUT(page, " <span class=\"note\">");
    if (has_from && has_to) {
        put_pattern(page, STRING_date_range, first, last);
    } else {
        put_pattern(page, has_from ? STRING_date_from : STRING_date_until, has_from ? first : last,
                    (struct slice){0});
    }
    PUT(page, "</span>");
}

void put_contact(const struct page *page, const struct record *contact)
{
    ptrdiff_t start = markup_begin(page);
    const struct value *unit = record_get(contact, FIELD_contact_unit);
    if (value_is_stated(unit)) {
        put_value(page, unit);
    }
    put_unit_dates(page, unit);
    struct slice telephone = record_text(contact, FIELD_contact_telephone);
    if (telephone.length == 0) {
        telephone = unit_cell(unit, "telephone");
    }
    if (telephone.length > 0) {
        next_line(page, start);
        if (unit_cell(unit, "valid_to").length > 0) {
            put_text(page, telephone); /* of an office that is no more */
        } else {
            put_telephone(page, telephone);
        }
    }
    struct slice email = record_text(contact, FIELD_contact_email);
    if (email.length > 0) {
        next_line(page, start);
        put_address(page, "mailto:", email);
    }
    struct slice url = record_text(contact, FIELD_contact_url);
    if (url.length > 0) {
        next_line(page, start);
        put_address(page, "", url);
    }
    struct slice note = html_word(page, contact, FIELD_contact_note);
    if (note.length > 0) {
        next_line(page, start);
        put_html(page, note);
    }
}

/* ---- Registers ---- */

static void put_cell_reference(const struct page *page, const struct column *column,
                               struct slice key)
{
    ptrdiff_t row = table_row_by_key(column->referenced, key);
    if (row < 0) {
        put_text(page, key);
    } else {
        put_row_link(page, column->referenced, row);
    }
}

static void put_cell_references(const struct page *page, const struct column *column,
                                struct slice cell)
{
    if (column->type != COLUMN_LIST) {
        put_cell_reference(page, column, cell);
        return;
    }
    struct slice rest = cell;
    bool is_first = true;
    while (rest.data) {
        struct slice key = slice_trim(slice_cut(&rest, column->delimiter));
        if (key.length > 0) {
            if (!is_first) {
                put_string(page, STRING_list_separator);
            }
            is_first = false;
            put_cell_reference(page, column, key);
        }
    }
}

static bool is_web_address(struct slice text)
{
    return slice_starts_with(text, SLICE("https://")) || slice_starts_with(text, SLICE("http://"));
}

/* A row may say in its column "unit" that its number is a year, which takes no grouping. */
static bool is_of_a_year(const struct table *table, ptrdiff_t row, int index)
{
    int unit = slice_equal(table->columns[index].name, SLICE("value"))
                   ? table_column_by_name(table, SLICE("unit"))
                   : -1;
    struct slice code = unit >= 0 ? table_cell(table, row, unit) : (struct slice){0};
    return slice_equal(code, SLICE("year")) || slice_equal(code, SLICE("fiscal_year"));
}

/* Telephone (that of a fax is none) and e-mail, as links; not of an office that is no more. */
static bool put_way_to_reach(const struct page *page, const struct table *table, ptrdiff_t row,
                             int index)
{
    const struct column *column = &table->columns[index];
    int end = table_column_by_name(table, SLICE("valid_to"));
    if (end >= 0 && table_cell(table, row, end).length > 0) {
        return false;
    }
    struct slice cell = table_cell(table, row, index);
    if (slice_equal(column->format, SLICE("telephone")) &&
        slice_equal(column->name, SLICE("telephone"))) {
        put_telephone(page, cell);
        return true;
    }
    if (slice_equal(column->format, SLICE("email"))) {
        put_address(page, "mailto:", cell);
        return true;
    }
    return false;
}

void put_cell(const struct page *page, const struct table *table, ptrdiff_t row, int index)
{
    const struct column *column = &table->columns[index];
    struct slice cell = table_cell(table, row, index);
    CHECK(!column->is_private);
    if (cell.length == 0) {
        return;
    }
    if (column->referenced && !column->codelist && !column->referenced->is_codelist) {
        put_cell_references(page, column, cell);
        return;
    }
    struct date date;
    bool is_date = column->type == COLUMN_DATE || column->type == COLUMN_YEARMONTH ||
                   slice_equal(column->format, SLICE("partial-date"));
    if (is_date && date_parse(cell, &date) == DATE_OK) {
        put_date_under(page, date, html_column_label(page, column));
    } else if (column->codelist) {
        int actual = -1;
        put_text(page, table_cell_display(table, row, index, page->text, &actual, page->arena));
    } else if (column->type == COLUMN_INTEGER || column->type == COLUMN_NUMBER) {
        if (is_of_a_year(table, row, index)) {
            put_text(page, cell);
        } else {
            put_number_text(page, cell);
        }
    } else if (column->type == COLUMN_BOOLEAN) {
        /* Where a cell must be filled, "no" is what stands when nothing is to be said. */
        bool is_true = slice_equal(cell, SLICE("true"));
        if (is_true || !column->is_required) {
            put_string(page, is_true ? STRING_yes : STRING_no);
        }
    } else if (is_web_address(cell)) {
        put_address(page, "", cell);
    } else if (!put_way_to_reach(page, table, row, index)) {
        int actual = -1;
        struct slice text = table_cell_display(table, row, index, page->text, &actual, page->arena);
        put_in_language(page, text, actual);
    }
}
