/* Registers: all rows, and a page for each row where the register asks for it. */
#include "evidence.h"
#include "evidence_part.h"
#include "actor_blocks.h"
#include "html_index.h"
#include "indicator.h"
#include "page.h"
#include "pages.h"
#include "register_table.h"
#include "row_history.h"
#include "structured.h"

#include "calendar.h"
#include "dataset.h"

static void begin(struct page *page, const struct render *render, struct render_worker *worker,
                  const struct artefact *artefact, enum template_id template)
{
    page_begin(page, render, worker, artefact, template, artefact->language);
    page->unofficial = true;
    page_alternates(page, page_rest(page), NULL);
    page_crumb(page, html_string(page, STRING_home),
               address_home(page->site, page->language, page->arena));
}

/* ---- All rows ---- */

static struct slice part_url(const struct page *page, struct slice base, ptrdiff_t part)
{
    struct slice address = base;
    if (part > 0) {
        address = arena_format(page->arena, "%.*spage/%td/", SLICE_ARGUMENTS(base), part + 1);
    }
    return page_url(page, address);
}

static void add_parts(struct page *page, const struct table *table, ptrdiff_t part)
{
    ptrdiff_t parts = (table->row_count + REGISTER_PAGE - 1) / REGISTER_PAGE;
    if (parts < 2) {
        return;
    }
    struct slice base = address_table(page->site, table, page->language, page->arena);
    struct dictionary *pager = dictionary_add(page->content, NAME_register_PAGER);
    if (part > 0) {
        dictionary_set(pager, NAME_pager_NEWER, part_url(page, base, part - 1));
    }
    if (part + 1 < parts) {
        dictionary_set(pager, NAME_pager_OLDER, part_url(page, base, part + 1));
    }
    dictionary_set(pager, NAME_pager_LABEL,
                   pattern_text(page, STRING_page_of, text_integer(page, part + 1),
                                text_integer(page, parts)));
}

static void add_downloads(struct page *page, enum name_id section, struct slice name)
{
    for (int form = 0; form < DATASET_FORMS; form++) {
        const struct dataset_form *info = dataset_form((enum dataset_form_id)form);
        struct slice address = dataset_address(name, (enum dataset_form_id)form, page->arena);
        if (!page_knows(page, address)) {
            continue;
        }
        const struct artefact_result *result = render_result(page->render, address);
        add_link(page->content, section, html_text(page, info->label[page->labels]),
                 page_url(page, address),
                 result ? html_text(page, text_size(page, result->size)) : (struct slice){0});
    }
}

bool make_register(const struct render *render, const struct artefact *artefact,
                   struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct table *table = artefact->subject;
    struct page page;
    begin(&page, render, worker, artefact, TEMPLATE_register);
    page.updated = table->updated;
    struct slice name = table->labels[page.text];
    struct slice label = html_text(&page, name);
    struct slice base = address_table(page.site, table, page.language, page.arena);
    page_crumb(&page, html_string(&page, STRING_data),
               address_in_language(page.site, page.language, SLICE("data/"), page.arena));
    page_crumb(&page, label, artefact->number > 0 ? base : (struct slice){0});
    dictionary_set(page.content, NAME_register_TITLE, label);
    dictionary_set_some(page.content, NAME_register_LEAD,
                        html_text(&page, table->descriptions[page.text]));
    dictionary_set(page.content, NAME_register_COUNT,
                   pattern_text(&page, STRING_entries_count, text_integer(&page, table->row_count),
                                (struct slice){0}));
    dictionary_set(page.content, NAME_register_DATASET,
                   page_url(&page, address_dataset(page.site, table, page.language, page.arena)));
    add_downloads(&page, NAME_register_DOWNLOAD, table->name);
    if (table == events_table(page.site)) {
        add_all_events(&page, NAME_register_DOWNLOAD);
    }
    if (table->row_count == 0) {
        dictionary_set_some(page.content, NAME_register_EMPTY,
                            html_text(&page, table->empty_reason[page.text]));
        const struct table *schemes = site_table(page.site, SLICE("support-schemes"));
        /* Whoever looks for a call and finds none may be helped by a scheme. */
        if (slice_equal(table->name, SLICE("calls")) && schemes && schemes->row_count > 0) {
            dictionary_set(
                page.content, NAME_register_SCHEMES,
                page_url(&page, address_table(page.site, schemes, page.language, page.arena)));
        }
    } else {
        ptrdiff_t first = artefact->number * REGISTER_PAGE;
        ptrdiff_t end =
            first + REGISTER_PAGE < table->row_count ? first + REGISTER_PAGE : table->row_count;
        register_table(&page, dictionary_add(page.content, NAME_register_TABLE), table,
                       SLICE("rows"), first, end, true);
        add_parts(&page, table, artefact->number);
    }
    struct slice title = name;
    if (artefact->number > 0) {
        title = pattern_text(&page, STRING_list_title_page, name,
                             pattern_text(&page, STRING_page_of,
                                          text_integer(&page, artefact->number + 1),
                                          (struct slice){0}));
    }
    page_end(&page, title, table->descriptions[page.text], out);
    return true;
}

/* ---- One row ---- */

static struct slice id_of_column(const struct page *page, const struct column *column)
{
    return ARENA_JOIN(page->arena, SLICE("column-"), column->name);
}

/* A figure is told with its unit. */
static void put_row_cell(const struct page *page, const struct table *table, ptrdiff_t row,
                         int index)
{
    bool is_figure = slice_equal(table->name, SLICE("indicators")) &&
                     slice_equal(table->columns[index].name, SLICE("value")) &&
                     table_cell(table, row, index).length > 0;
    if (is_figure) {
        struct indicator_columns columns;
        indicator_columns(table, &columns);
        put_html(page, html_indicator_value(page, table, row, &columns));
    } else {
        put_cell(page, table, row, index);
    }
}

/* The unit of a column, for a number: of one there are units in the singular. */
static struct slice unit_beside(const struct page *page, const struct column *column,
                                struct slice number)
{
    struct slice unit = column->unit[page->text];
    const struct codelist *units = site_codelist(page->site, SLICE("measure-units"));
    for (ptrdiff_t i = 0; units && slice_equal(number, SLICE("1")) && i < units->count; i++) {
        if (slice_equal(code_label(&units->codes[i], page->text), unit)) {
            return units->codes[i].labels_of_one[page->text];
        }
    }
    return unit;
}

static void add_row_fact(struct page *page, const struct table *table, ptrdiff_t row, int index)
{
    const struct column *column = &table->columns[index];
    if (column->is_private || column->translates >= 0 || index == table->title_column) {
        return;
    }
    ptrdiff_t start = markup_begin(page);
    put_row_cell(page, table, row, index);
    if (page->buffer->length > start && column->unit[page->text].length > 0) {
        PUT(page, " ");
        put_text(page, unit_beside(page, column, table_cell(table, row, index)));
    }
    struct slice html = markup_end(page, start);
    /* The code of an area is shown by the area's name. */
    bool is_area = column->codelist && slice_equal(column->format, SLICE("local-government-code"));
    struct slice label =
        is_area ? html_string(page, STRING_local_government) : html_column_label(page, column);
    struct dictionary *fact = add_fact(page->content, NAME_article_FACT, label, html);
    if (fact) {
        dictionary_set(fact, NAME_fact_ID, id_of_column(page, column));
    }
}

/* The id, which is for those who use the data, comes last. */
static void add_row_facts(struct page *page, const struct table *table, ptrdiff_t row)
{
    for (int c = 0; c < table->column_count; c++) {
        if (c != table->key_column) {
            add_row_fact(page, table, row, c);
        }
    }
    if (table->key_column >= 0) {
        add_row_fact(page, table, row, table->key_column);
    }
}

/* ---- What a row of projects shows of the city's principles ---- */

struct project_columns {
    const struct table *table;
    ptrdiff_t row;
    int columns[EVIDENCE_PLACES_MOST]; /* of each place */
    int count;
};

/* The column whose cell states the field: a value made from a cell has its place. */
static int place_of(const struct evidence_part *part, enum field_id field)
{
    const struct project_columns *columns = part->context;
    const struct value *value = record_get(part->record, field);
    for (int i = 0; i < columns->count; i++) {
        struct span span = table_cell_span(columns->table, columns->row, columns->columns[i]);
        if (value->span.source == span.source && value->span.start == span.start) {
            return i;
        }
    }
    return -1;
}

static void add_project_evidence(struct page *page, const struct table *table, ptrdiff_t row)
{
    const struct evidence_table *evidence = page->render->evidence;
    bool is_projects = evidence && table == site_table(page->site, SLICE("projects"));
    ptrdiff_t index = is_projects ? evidence_table_project_index(evidence, row) : -1;
    if (index < 0) {
        return;
    }
    struct project_columns columns = {.table = table, .row = row};
    struct evidence_place places[EVIDENCE_PLACES_MOST];
    for (int c = 0; c < table->column_count && columns.count < EVIDENCE_PLACES_MOST; c++) {
        const struct column *column = &table->columns[c];
        bool is_shown = !column->is_private && column->translates < 0 && c != table->title_column;
        if (is_shown && table_cell(table, row, c).length > 0) {
            places[columns.count] = (struct evidence_place){id_of_column(page, column),
                                                            html_column_label(page, column)};
            columns.columns[columns.count++] = c;
        }
    }
    struct evidence_part part = {.page = page,
                                 .record = evidence_table_project(evidence, index)->record,
                                 .index = index,
                                 .places = places,
                                 .place_of = place_of,
                                 .context = &columns,
                                 .about = NAME_article_EVIDENCE_ABOUT,
                                 .own = NAME_article_EVIDENCE,
                                 .others = NAME_article_OTHER_VIEW,
                                 .note = html_string(page, STRING_evidence_row)};
    add_evidence(&part);
}

/* The row as an event: for the reader's calendar, and for programs. */
static void add_event(struct page *page, const struct table *table, ptrdiff_t row)
{
    const struct item *minutes =
        site_item(page->site, ITEM_MEETING, table_cell(table, row, table->key_column));
    if (minutes) {
        add_fact(page->content, NAME_article_FACT, html_string(page, STRING_event_minutes),
                 html_link(page, address_item(page->site, minutes, page->language, page->arena),
                           html_word(page, minutes->record, FIELD_meeting_title)));
    }
    struct event event;
    if (!event_of_row(table, row, &event)) {
        return;
    }
    describe_event(page, &event);
    struct slice address = calendar_event_address(page->site, &event, page->language, page->arena);
    if (page_knows(page, address)) {
        add_fact(page->content, NAME_article_FACT, html_string(page, STRING_calendar),
                 html_link(page, address, html_string(page, STRING_calendar_file)));
    }
}

/* A page for each row does not become a list of thousands. */
#define INCOMING_MOST 100

static void add_incoming_item(struct page *page, struct dictionary *part,
                              const struct incoming *incoming)
{
    static const enum field_id titles[ITEM_KINDS] = {FIELD_case_title, FIELD_page_title,
                                                     FIELD_news_title, FIELD_meeting_title};
    struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
    ptrdiff_t start = markup_begin(page);
    if (incoming->item) {
        put_link(page, address_item(page->site, incoming->item, page->language, page->arena),
                 html_word(page, incoming->item->record, titles[incoming->item->kind]));
    } else {
        int actual = page->text;
        struct slice title =
            table_row_title(incoming->table, incoming->row, page->text, &actual, page->arena);
        put_link(page, row_address(page, incoming->table, incoming->row),
                 html_in_language(page, title, actual));
    }
    dictionary_set(item, NAME_item_TEXT, markup_end(page, start));
}

static bool same_group(const struct incoming *a, const struct incoming *b)
{
    return a->table == b->table && (a->item == NULL) == (b->item == NULL);
}

/* Who refers to the row: items first, then the rows of each register, as html_index.c has ordered
 * them. */
static void add_incoming(struct page *page, const struct table *table, ptrdiff_t row)
{
    const struct incoming_list *lists = html_table_index(page->render, table)->incoming;
    const struct incoming *at = lists ? lists[row].first : NULL;
    int group = 0;
    while (at) {
        const struct incoming *first = at;
        struct slice heading = first->item
                                   ? html_string(page, STRING_row_cases)
                                   : html_pattern(page, STRING_row_rows,
                                                  html_text(page, first->table->labels[page->text]),
                                                  (struct slice){0});
        struct dictionary *block =
            add_block(page->content, NAME_article_BLOCK,
                      arena_format(page->arena, "referring-%d", ++group), heading);
        struct dictionary *part = add_part(block);
        int64_t count = 0;
        for (; at && same_group(first, at); at = at->next) {
            if (count++ < INCOMING_MOST) {
                add_incoming_item(page, part, at);
            }
        }
        if (count > INCOMING_MOST) {
            struct dictionary *rest = add_part(block);
            dictionary_set(rest, NAME_part_NOTE,
                           html_pattern(page, STRING_row_more,
                                        text_integer(page, count - INCOMING_MOST),
                                        (struct slice){0}));
        }
    }
}

bool make_row(const struct render *render, const struct artefact *artefact,
              struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct table *table = artefact->subject;
    ptrdiff_t row = artefact->number;
    struct page page;
    begin(&page, render, worker, artefact, TEMPLATE_article);
    page.updated = table->updated;
    int actual = page.text;
    struct slice name = table_row_title(table, row, page.text, &actual, page.arena);
    if (name.length == 0) {
        name = table_cell(table, row, table->key_column);
    }
    struct slice title = html_in_language(&page, name, actual);
    struct slice register_name = html_text(&page, table->labels[page.text]);
    struct slice base = address_table(page.site, table, page.language, page.arena);
    page_crumb(&page, html_string(&page, STRING_data),
               address_in_language(page.site, page.language, SLICE("data/"), page.arena));
    page_crumb(&page, register_name, base);
    page_crumb(&page, title, (struct slice){0});
    dictionary_set(page.content, NAME_article_KICKER, register_name);
    struct slice heading = html_row_title(&page, table, row);
    dictionary_set(page.content, NAME_article_TITLE, heading.length > 0 ? heading : title);
    add_row_facts(&page, table, row);
    if (table == events_table(page.site)) {
        add_event(&page, table, row);
    }
    if (slice_equal(table->name, SLICE("projects"))) {
        add_row_history(&page, table, row);
    }
    add_incoming(&page, table, row);
    if (slice_equal(table->name, SLICE("actors"))) {
        add_actor_agreements(&page, table, row);
        add_actor_partners(&page, table, row);
    }
    add_project_evidence(&page, table, row);
    add_link(page.content, NAME_article_MORE,
             html_pattern(&page, STRING_row_register, register_name, (struct slice){0}),
             page_url(&page, base), (struct slice){0});
    add_link(page.content, NAME_article_MORE, html_string(&page, STRING_as_data),
             page_url(&page, address_dataset(page.site, table, page.language, page.arena)),
             (struct slice){0});
    page_end(&page, pattern_text(&page, STRING_row_title, name, table->labels[page.text]),
             table->descriptions[page.text], out);
    return true;
}
