/* What can be found, and its words. They come from the model: what a page says of a record, without
 * the words that all pages of its kind share. */
#include "search.h"

#include "html_index.h"
#include "theme.h"

/* ---- Which documents ---- */

static bool is_in_language(int actual, int language)
{
    return actual == language || actual < 0;
}

/* The name of a row; empty when it stands only in another language, or is nobody's business: then
 * the row is not found in this one. */
static struct slice row_name(const struct table *table, ptrdiff_t row, int language,
                             struct arena *arena)
{
    int column = table->title_column >= 0 ? table->title_column : table->key_column;
    if (column < 0 || table->columns[column].is_private) {
        return (struct slice){0};
    }
    int actual = language;
    struct slice title = table_row_title(table, row, language, &actual, arena);
    return is_in_language(actual, language) ? title : (struct slice){0};
}

static bool row_can_be_found(const struct render *render, const struct table *table, ptrdiff_t row,
                             int language, struct arena *arena)
{
    return html_has_row_page(render->site, table, row) &&
           row_name(table, row, language, arena).length > 0;
}

/* In the order of rank: cases, pages, news, meetings, rows. */
struct search_document *search_documents(const struct render *render, int language,
                                         struct arena *arena, ptrdiff_t *count, ptrdiff_t *cases)
{
    const struct site *site = render->site;
    struct arena *scratch = &render->workers[0].scratch;
    VECTOR(struct search_document) found = {0};
    *cases = 0;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            const struct item *item = &site->items[kind][i];
            if (item->versions[language].exists) {
                VECTOR_PUSH(arena, &found)->item = item;
                *cases += kind == ITEM_CASE ? 1 : 0;
            }
        }
    }
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        const struct table *table = &site->tables[i];
        for (ptrdiff_t row = 0; table->has_pages && row < table->row_count; row++) {
            if (row_can_be_found(render, table, row, language, scratch)) {
                *VECTOR_PUSH(arena, &found) = (struct search_document){.table = table, .row = row};
            }
            arena_clear(scratch);
        }
    }
    for (ptrdiff_t i = 0; i < found.length / 2; i++) {
        struct search_document swap = found.data[i];
        found.data[i] = found.data[found.length - 1 - i];
        found.data[found.length - 1 - i] = swap;
    }
    *count = found.length;
    return found.data;
}

/* ---- Their words ---- */

struct reader {
    const struct site *site;
    int language;
    struct arena *arena;
    struct buffer *out;
};

static void put_line(struct reader *reader, struct slice line)
{
    line = slice_trim(line);
    if (line.length > 0) {
        buffer_append(reader->out, line);
        buffer_append_byte(reader->out, '\n');
    }
}

static const enum field_id titles[ITEM_KINDS] = {FIELD_case_title, FIELD_page_title,
                                                 FIELD_news_title, FIELD_meeting_title};
static const enum field_id summaries[ITEM_KINDS] = {FIELD_case_summary, FIELD_page_summary,
                                                    FIELD_news_summary, FIELD_meeting_summary};

/* The words of a value in this very language; a section of the body is read with the body. */
static struct slice own_words(const struct reader *reader, const struct value *value)
{
    int actual = -1;
    const struct word *word = value_word(value, reader->language, &actual);
    return word != NULL && actual == reader->language && word->section == NULL ? word->text
                                                                               : (struct slice){0};
}

static struct slice own_word(const struct reader *reader, const struct record *record,
                             enum field_id field)
{
    return own_words(reader, record_get(record, field));
}

static void put_reference_name(struct reader *reader, const struct reference_value *reference)
{
    if (reference->target == TARGET_ROW) {
        put_line(reader,
                 row_name(reference->table, reference->row, reader->language, reader->arena));
    } else if (reference->target == TARGET_ITEM) {
        put_line(reader, own_word(reader, reference->item->record, titles[reference->item->kind]));
    } else if (reference->target == TARGET_FRAMEWORK_ITEM) {
        put_line(reader, own_word(reader, reference->record, FIELD_framework_item_label));
    }
}

/* Codes that a page shows by their labels; others decide what it looks like, or stand in the data
 * alone. */
static bool is_shown_code(enum field_id field)
{
    static const enum field_id shown[] = {
        FIELD_case_city,  FIELD_case_wards,  FIELD_case_fields, FIELD_case_form,
        FIELD_case_level, FIELD_case_status, FIELD_actor_type,  FIELD_actor_contribution};
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        if (field == shown[i]) {
            return true;
        }
    }
    return false;
}

/* Depth is that of the shapes, which is fixed. */
static void put_record(struct reader *reader, const struct record *record);

static void put_one(struct reader *reader, const struct value *value)
{
    switch (field_info(value->field)->type) {
    case FIELD_TYPE_TEXT:
        if (field_info(value->field)->flags & FIELD_WORD) {
            put_line(reader, own_words(reader, value));
        }
        break;
    case FIELD_TYPE_CODE:
        if (is_shown_code(value->field)) {
            put_line(reader, code_label(value->as.code, reader->language));
        }
        break;
    case FIELD_TYPE_REFERENCE:
        put_reference_name(reader, value_reference(value));
        break;
    case FIELD_TYPE_GROUP:
        put_record(reader, value->as.group);
        break;
    case FIELD_TYPE_DATE:
    case FIELD_TYPE_INTEGER:
    case FIELD_TYPE_NUMBER:
    case FIELD_TYPE_BOOLEAN:
    case FIELD_TYPE_URL:
    case FIELD_TYPE_HASHES:
        break;
    }
}

static void put_record(struct reader *reader, const struct record *record)
{
    for (int i = 0; i < record->count; i++) {
        const struct value *value = &record->values[i];
        bool is_apart = false;
        for (int kind = 0; kind < ITEM_KINDS; kind++) {
            is_apart = is_apart || value->field == titles[kind] || value->field == summaries[kind];
        }
        if (is_apart) {
            continue;
        }
        if (value->state == VALUE_NOT_APPLICABLE) {
            put_line(reader, own_words(reader, value));
        } else if (value_is_stated(value) && value->is_list) {
            for (ptrdiff_t k = 0; k < value->as.list.count; k++) {
                put_one(reader, &value->as.list.items[k]);
            }
        } else if (value_is_stated(value)) {
            put_one(reader, value);
        }
    }
}

/* What `put` appends, as a copy. */
static struct slice taken(struct reader *reader)
{
    struct slice copy = arena_copy(reader->arena, buffer_slice(reader->out));
    buffer_clear(reader->out);
    return copy;
}

static void put_part(struct reader *reader, struct slice part)
{
    if (part.length > 0) {
        buffer_append(reader->out, reader->out->length > 0 ? SLICE(" · ") : SLICE(""));
        buffer_append(reader->out, part);
    }
}

/* Kind, place and field, as the cards of lists have it. */
static struct slice about_item(struct reader *reader, const struct render *render,
                               const struct item *item)
{
    static const enum string_id kinds[ITEM_KINDS] = {STRING_cases, STRING_COUNT, STRING_news,
                                                     STRING_meetings};
    if (item->kind == ITEM_PAGE) {
        const struct code_entry *section = record_code(item->record, FIELD_page_section);
        put_part(reader,
                 section != NULL ? code_label(section, reader->language) : (struct slice){0});
    } else {
        put_part(reader, render->theme->strings[reader->language][kinds[item->kind]]);
    }
    if (item->kind == ITEM_CASE) {
        struct value_list wards = record_list(item->record, FIELD_case_wards);
        struct value_list fields = record_list(item->record, FIELD_case_fields);
        const struct code_entry *city = record_code(item->record, FIELD_case_city);
        if (wards.count != 1 && city != NULL) {
            put_part(reader, code_label(city, reader->language));
        } else if (wards.count == 1) {
            put_part(reader, code_label(wards.items[0].as.code, reader->language));
        }
        for (ptrdiff_t i = 0; i < fields.count; i++) {
            put_part(reader, code_label(fields.items[i].as.code, reader->language));
        }
    }
    return taken(reader);
}

/* The headings of sections that every case has are the page's own. */
static void put_headings(struct reader *reader, const struct item *item,
                         const struct document *document)
{
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        if (item->kind != ITEM_CASE || !document->headings[i].has_explicit_id) {
            put_line(reader, document->headings[i].text);
        }
    }
}

/* The text without its headings. */
static void put_body(struct reader *reader, const struct document *document)
{
    ptrdiff_t lead_end =
        document->heading_count > 0 ? document->headings[0].html_start : document->html_length;
    put_line(reader, document_text(document, 0, lead_end, reader->arena));
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        put_line(reader, heading_text(&document->headings[i], reader->arena));
    }
}

static void read_item(struct reader *reader, const struct render *render, const struct item *item,
                      struct search_text *text)
{
    const struct document *document = item->versions[reader->language].document;
    text->address = address_item(reader->site, item, reader->language, reader->arena);
    text->about = about_item(reader, render, item);
    text->tiers[TIER_TITLE] = own_word(reader, item->record, titles[item->kind]);
    text->tiers[TIER_SUMMARY] = own_word(reader, item->record, summaries[item->kind]);
    if (document != NULL) {
        put_headings(reader, item, document);
    }
    text->tiers[TIER_HEADING] = taken(reader);
    if (document != NULL) {
        put_body(reader, document);
    }
    put_record(reader, item->record);
    text->tiers[TIER_BODY] = taken(reader);
}

/* Numbers, dates and addresses on the web are no words. */
static bool has_words(const struct column *column)
{
    return !column->is_private && column->translates < 0 &&
           !slice_equal(column->format, SLICE("partial-date")) &&
           (column->type == COLUMN_STRING || column->type == COLUMN_LIST ||
            column->type == COLUMN_ANY);
}

static void put_cell_words(struct reader *reader, const struct table *table, ptrdiff_t row,
                           int index)
{
    const struct column *column = &table->columns[index];
    struct slice rest = table_cell(table, row, index);
    if (column->referenced == NULL || column->codelist != NULL) {
        int actual = -1;
        struct slice words =
            table_cell_display(table, row, index, reader->language, &actual, reader->arena);
        if (is_in_language(actual, reader->language) && slice_find(words, SLICE("://"), 0) < 0) {
            put_line(reader, words);
        }
        return;
    }
    while (rest.data != NULL) {
        struct slice key = column->type == COLUMN_LIST ? slice_cut(&rest, column->delimiter) : rest;
        ptrdiff_t target = table_row_by_key(column->referenced, slice_trim(key));
        if (target >= 0) {
            put_line(reader, row_name(column->referenced, target, reader->language, reader->arena));
        }
        rest = column->type == COLUMN_LIST ? rest : (struct slice){0};
    }
}

static void read_row(struct reader *reader, const struct table *table, ptrdiff_t row,
                     struct search_text *text)
{
    text->address = address_row(reader->site, table, row, reader->language, reader->arena);
    text->about = table->labels[reader->language];
    text->tiers[TIER_TITLE] = row_name(table, row, reader->language, reader->arena);
    for (int i = 0; i < table->column_count; i++) {
        if (has_words(&table->columns[i]) && i != table->title_column && i != table->key_column) {
            put_cell_words(reader, table, row, i);
        }
    }
    text->tiers[TIER_BODY] = taken(reader);
}

void search_read(const struct render *render, const struct search_document *document, int language,
                 struct arena *arena, struct search_text *text)
{
    struct buffer out = {0};
    struct reader reader = {
        .site = render->site, .language = language, .arena = arena, .out = &out};
    *text = (struct search_text){0};
    if (document->item != NULL) {
        read_item(&reader, render, document->item, text);
    } else {
        read_row(&reader, document->table, document->row, text);
    }
    text->address = slice_from(text->address, render->site->languages[language].tag.length + 1);
    buffer_release(&out);
}
