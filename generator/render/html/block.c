/* The pieces that pages are made of: blocks, facts, tables, links, sources. */
#include "page.h"

struct dictionary *add_block(struct dictionary *parent, enum name_id section, struct slice id,
                             struct slice heading)
{
    struct dictionary *block = dictionary_add(parent, section);
    dictionary_set(block, NAME_block_ID, id);
    dictionary_set(block, NAME_block_HEADING, heading);
    return block;
}

struct dictionary *add_listed_block(struct page *page, struct slice id, struct slice heading)
{
    add_link(page->content, NAME_article_CONTENTS, heading, ARENA_JOIN(page->arena, SLICE("#"), id),
             (struct slice){0});
    return add_block(page->content, NAME_article_BLOCK, id, heading);
}

struct dictionary *add_part(struct dictionary *block)
{
    return dictionary_add(block, NAME_block_PART);
}

void add_prose(struct dictionary *block, struct slice heading, struct slice html)
{
    if (slice_is_empty(html)) {
        return;
    }
    struct dictionary *part = add_part(block);
    dictionary_set_some(part, NAME_part_HEADING, heading);
    dictionary_set(part, NAME_part_PROSE, html);
}

void add_not_stated(const struct page *page, struct dictionary *block, struct slice label)
{
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_NOT_STATED,
                   html_pattern(page, STRING_not_stated_line, label, (struct slice){0}));
}

/* Why something does not apply, as HTML; empty when nobody said. */
static struct slice html_reason(const struct page *page, const struct value *value)
{
    int actual = page->text;
    const struct word *word = value_word(value, page->text, &actual);
    return word ? html_in_language(page, word->text, actual) : (struct slice){0};
}

void add_not_applicable(const struct page *page, struct dictionary *block, struct slice label,
                        const struct value *value)
{
    struct dictionary *part = add_part(block);
    dictionary_set(part, NAME_part_NOT_APPLICABLE,
                   html_pattern(page, STRING_not_applicable_line, label, html_reason(page, value)));
}

struct dictionary *add_fact(struct dictionary *parent, enum name_id section, struct slice label,
                            struct slice html)
{
    if (slice_is_empty(html)) {
        return NULL;
    }
    struct dictionary *fact = dictionary_add(parent, section);
    dictionary_set(fact, NAME_fact_LABEL, label);
    dictionary_set(fact, NAME_fact_VALUE, html);
    return fact;
}

static struct slice html_value(const struct page *page, const struct value *value)
{
    ptrdiff_t start = markup_begin(page);
    bool is_date = value != NULL && value_is_stated(value) && !value->is_list &&
                   field_info(value->field)->type == FIELD_TYPE_DATE;
    if (is_date) {
        put_date_under(page, value->as.date, html_label(page, value->field));
    } else {
        put_value(page, value);
    }
    return markup_end(page, start);
}

bool add_fact_of_value(const struct page *page, struct dictionary *parent, enum name_id section,
                       const struct record *record, enum field_id field, bool must)
{
    const struct value *value = record_get(record, field);
    if (value_is_stated(value)) {
        struct slice html = html_value(page, value);
        add_fact(parent, section, html_label(page, field), html);
        return !slice_is_empty(html);
    }
    if (value && value->state == VALUE_NOT_APPLICABLE) {
        struct dictionary *fact = dictionary_add(parent, section);
        dictionary_set(fact, NAME_fact_LABEL, html_label(page, field));
        dictionary_set_some(fact, NAME_fact_VALUE, html_reason(page, value));
        dictionary_show(fact, NAME_fact_NOT_APPLICABLE, true);
        return true;
    }
    if (must) {
        struct dictionary *fact = dictionary_add(parent, section);
        dictionary_set(fact, NAME_fact_LABEL, html_label(page, field));
        dictionary_show(fact, NAME_fact_NOT_STATED, true);
    }
    return must;
}

struct dictionary *add_table_to_part(struct dictionary *part, struct slice id, struct slice caption,
                                     bool quiet)
{
    struct dictionary *table = dictionary_add(part, NAME_part_TABLE);
    dictionary_set(table, NAME_table_ID, id);
    dictionary_set(table, NAME_table_CAPTION, caption);
    dictionary_show(table, NAME_table_QUIET, quiet);
    return table;
}

struct dictionary *add_table(struct dictionary *block, struct slice id, struct slice caption,
                             bool quiet)
{
    return add_table_to_part(add_part(block), id, caption, quiet);
}

void add_column(struct dictionary *table, struct slice label, bool number)
{
    struct dictionary *column = dictionary_add(table, NAME_table_COLUMN);
    dictionary_set(column, NAME_column_LABEL, label);
    dictionary_show(column, NAME_column_NUMBER, number);
}

struct dictionary *add_cell(struct dictionary *row, struct slice html, bool header, bool number)
{
    struct dictionary *cell = dictionary_add(row, NAME_row_CELL);
    dictionary_set_some(cell, NAME_cell_VALUE, html);
    dictionary_show(cell, NAME_cell_HEADER, header);
    dictionary_show(cell, NAME_cell_NUMBER, number);
    return cell;
}

struct dictionary *add_labelled_cell(struct dictionary *row, struct slice html, struct slice label)
{
    struct dictionary *cell = add_cell(row, html, false, false);
    dictionary_set_some(cell, NAME_cell_LABEL, label);
    return cell;
}

struct dictionary *add_cell_of_value(const struct page *page, struct dictionary *row,
                                     const struct value *value, bool number)
{
    if (value && !value_is_stated(value) && value->state == VALUE_NOT_STATED) {
        struct dictionary *cell = dictionary_add(row, NAME_row_CELL);
        dictionary_show(cell, NAME_cell_NOT_STATED, true);
        return cell;
    }
    return add_cell(row, html_value(page, value), false, number);
}

void add_link(struct dictionary *parent, enum name_id section, struct slice label, struct slice url,
              struct slice note)
{
    struct dictionary *link = dictionary_add(parent, section);
    dictionary_set(link, NAME_link_LABEL, label);
    dictionary_set_some(link, NAME_link_URL, url);
    dictionary_set_some(link, NAME_link_NOTE, note);
}

void add_sources(const struct page *page, struct dictionary *content, enum name_id section,
                 struct value_list sources)
{
    for (ptrdiff_t i = 0; i < sources.count; i++) {
        const struct record *citation = sources.items[i].as.group;
        const struct value *source = record_get(citation, FIELD_citation_source);
        if (!value_is_stated(source)) {
            continue;
        }
        struct dictionary *item = dictionary_add(content, section);
        dictionary_set(item, NAME_item_TEXT, html_value(page, source));
        ptrdiff_t start = markup_begin(page);
        put_html(page, html_word(page, citation, FIELD_citation_place));
        const struct value *retrieved = record_get(citation, FIELD_citation_retrieved);
        if (value_is_stated(retrieved)) {
            PUT(page, " (");
            put_value(page, retrieved);
            PUT(page, ")");
        }
        dictionary_set_some(item, NAME_item_NOTE, markup_end(page, start));
    }
}
