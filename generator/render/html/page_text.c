/* Pages and news: a text with its sources. */
#include "page.h"
#include "pages.h"
#include "structured.h"

#include "calendar.h"

struct text_fields {
    enum field_id title, summary, updated, sources;
    enum string_id kind;
};

static void add_summary(struct page *page, const struct record *record,
                        const struct text_fields *fields)
{
    dictionary_set(page->content, NAME_article_TITLE, html_word(page, record, fields->title));
    dictionary_set_some(page->content, NAME_article_SUMMARY,
                        html_paragraphs(page, record, fields->summary));
}

/* A list of headings helps where there are many. */
#define HEADINGS_FOR_CONTENTS 4

static void add_body(struct page *page, const struct item *item)
{
    const struct document *document = item->versions[page->text].document;
    if (!document) {
        return;
    }
    ptrdiff_t start = markup_begin(page);
    put_document(page, item, document, 0, document->html_length);
    dictionary_set_some(page->content, NAME_article_PROSE, markup_end(page, start));
    int top = 7;
    int count = 0;
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        int level = document->headings[i].level;
        count = level < top ? 1 : count + (level == top ? 1 : 0);
        top = level < top ? level : top;
    }
    for (ptrdiff_t i = 0; count >= HEADINGS_FOR_CONTENTS && i < document->heading_count; i++) {
        const struct heading *heading = &document->headings[i];
        if (heading->level == top) {
            add_link(page->content, NAME_article_CONTENTS, html_text(page, heading->text),
                     ARENA_JOIN(page->arena, SLICE("#"), heading->id), (struct slice){0});
        }
    }
}

/* ---- The next meeting ---- */

static void put_time(struct page *page, struct slice from, struct slice to)
{
    if (from.length == 0) {
        return;
    }
    PUT(page, " ");
    put_pattern(page, to.length > 0 ? STRING_time_range : STRING_time_from, html_text(page, from),
                html_text(page, to));
}

/* The event as a file for the reader's own calendar. */
static void add_calendar(struct page *page, struct dictionary *parent, enum name_id section,
                         const struct event *event)
{
    struct slice address = calendar_event_address(page->site, event, page->language, page->arena);
    if (page_knows(page, address)) {
        add_fact(parent, section, html_string(page, STRING_calendar),
                 html_link(page, address, html_string(page, STRING_calendar_file)));
    }
}

static void add_next_meeting(struct page *page, const struct item *announcing,
                             const struct record *next)
{
    static const enum field_id facts[] = {
        FIELD_next_meeting_place, FIELD_next_meeting_access, FIELD_next_meeting_agenda,
        FIELD_next_meeting_observers_admitted, FIELD_next_meeting_meeting};
    if (!next) {
        return;
    }
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("next-meeting"),
                                         html_string(page, STRING_next_meeting));
    struct dictionary *part = add_part(block);
    add_fact_of_value(page, part, NAME_part_FACT, next, FIELD_next_meeting_title, false);
    ptrdiff_t start = markup_begin(page);
    put_date(page, record_date(next, FIELD_next_meeting_date), true);
    put_time(page, record_text(next, FIELD_next_meeting_start_time), (struct slice){0});
    add_fact(part, NAME_part_FACT, html_label(page, FIELD_next_meeting_date),
             markup_end(page, start));
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        add_fact_of_value(page, part, NAME_part_FACT, next, facts[i], false);
    }
    struct event event;
    if (event_announced(announcing, &event)) {
        add_calendar(page, part, NAME_part_FACT, &event);
        describe_event(page, &event);
    }
}

/* ---- Pages and news ---- */

static void add_news_facts(struct page *page, const struct record *record)
{
    static const enum field_id facts[] = {FIELD_news_date, FIELD_news_issue_no,
                                          FIELD_news_publisher, FIELD_news_reports_on};
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        add_fact_of_value(page, page->content, NAME_article_FACT, record, facts[i], i < 2);
    }
}

static void add_news_blocks(struct page *page, const struct item *item)
{
    const struct record *record = item->record;
    struct article article = {
        .type = "NewsArticle",
        .headline = record_word(record, FIELD_news_title, page->text, NULL),
        .summary = record_word(record, FIELD_news_summary, page->text, NULL),
        .published = record_date(record, FIELD_news_date),
        .updated = page->updated,
    };
    describe_article(page, &article);
    add_next_meeting(page, item, record_group(record, FIELD_news_next));
    const struct record *contact = record_group(record, FIELD_news_contact);
    if (contact) {
        struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("contact"),
                                             html_label(page, FIELD_news_contact));
        ptrdiff_t start = markup_begin(page);
        PUT(page, "<p>");
        put_contact(page, contact);
        PUT(page, "</p>");
        add_prose(block, (struct slice){0}, markup_end(page, start));
    }
}

bool make_text(const struct render *render, const struct artefact *artefact,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    static const struct text_fields pages = {FIELD_page_title, FIELD_page_summary,
                                             FIELD_page_updated, FIELD_page_sources, STRING_home};
    static const struct text_fields news = {FIELD_news_title, FIELD_news_summary,
                                            FIELD_news_updated, FIELD_news_sources, STRING_news};
    const struct item *item = artefact->subject;
    bool is_news = item->kind == ITEM_NEWS;
    const struct text_fields *fields = is_news ? &news : &pages;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article,
               item_language(item, artefact->language));
    page.updated = record_date(item->record, fields->updated);
    page.unofficial = true;
    page_alternates(&page, page_rest(&page), item);
    page_keep_up(&page, item);
    struct page reader = page_reader(&page);
    page_crumb(&page, html_string(&reader, STRING_home),
               address_home(page.site, page.language, page.arena));
    if (is_news) {
        page_crumb(&page, html_string(&reader, STRING_news),
                   address_kind(page.site, ITEM_NEWS, page.language, page.arena));
        dictionary_set(page.content, NAME_article_KICKER, html_string(&page, STRING_news));
        add_news_facts(&page, item->record);
    }
    page_crumb(&page, html_word(&reader, item->record, fields->title), (struct slice){0});
    add_summary(&page, item->record, fields);
    add_body(&page, item);
    if (is_news) {
        add_news_blocks(&page, item);
    }
    add_sources(&page, page.content, NAME_article_SOURCE,
                record_list(item->record, fields->sources));
    page_end(&page, record_word(item->record, fields->title, page.text, NULL),
             record_word(item->record, fields->summary, page.text, NULL), out);
    return true;
}

/* ---- Meetings ---- */

static void add_meeting_facts(struct page *page, const struct item *item)
{
    const struct record *record = item->record;
    struct dictionary *content = page->content;
    add_fact_of_value(page, content, NAME_article_FACT, record, FIELD_meeting_body, true);
    const struct value *number = record_get(record, FIELD_meeting_meeting_no);
    if (value_is_stated(number)) {
        add_fact(content, NAME_article_FACT, html_label(page, FIELD_meeting_meeting_no),
                 html_pattern(page, STRING_meeting_number, text_integer(page, number->as.integer),
                              (struct slice){0}));
    }
    ptrdiff_t start = markup_begin(page);
    put_date(page, record_date(record, FIELD_meeting_date), true);
    const struct value *from = record_get(record, FIELD_meeting_start_time);
    const struct value *to = record_get(record, FIELD_meeting_end_time);
    put_time(page, value_is_stated(from) ? from->as.text : (struct slice){0},
             value_is_stated(to) ? to->as.text : (struct slice){0});
    add_fact(content, NAME_article_FACT, html_label(page, FIELD_meeting_date),
             markup_end(page, start));
    add_fact_of_value(page, content, NAME_article_FACT, record, FIELD_meeting_place, true);
    struct event event;
    if (event_of_meeting(item, &event)) {
        add_calendar(page, content, NAME_article_FACT, &event);
        describe_event(page, &event);
    }
    const struct value *observers = record_get(record, FIELD_meeting_observers);
    if (value_is_stated(observers)) {
        add_fact(content, NAME_article_FACT, html_label(page, FIELD_meeting_observers),
                 html_pattern(page, STRING_persons, text_integer(page, observers->as.integer),
                              (struct slice){0}));
    }
}

static void add_agenda(struct page *page, const struct record *record)
{
    struct value_list agenda = record_list(record, FIELD_meeting_agenda);
    if (agenda.count == 0) {
        return;
    }
    struct slice heading = html_string(page, STRING_agenda);
    struct dictionary *block =
        add_block(page->content, NAME_article_BLOCK, SLICE("agenda"), heading);
    struct dictionary *table = add_table(block, SLICE("agenda-items"), heading, true);
    add_column(table, html_string(page, STRING_agenda_number), false);
    add_column(table, html_string(page, STRING_agenda_title), false);
    add_column(table, html_string(page, STRING_agenda_open), false);
    for (ptrdiff_t i = 0; i < agenda.count; i++) {
        const struct record *entry = agenda.items[i].as.group;
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_text(page, record_text(entry, FIELD_agenda_item_number)), false, false);
        add_cell(row, html_word(page, entry, FIELD_agenda_item_title), true, false);
        const struct value *open = record_get(entry, FIELD_agenda_item_open);
        if (value_is_stated(open)) {
            add_cell(
                row,
                html_string(page, open->as.boolean ? STRING_open_meeting : STRING_closed_meeting),
                false, false);
        } else {
            add_cell_of_value(page, row, open, false);
        }
    }
}

static void add_materials(struct page *page, const struct record *record)
{
    struct value_list materials = record_list(record, FIELD_meeting_materials);
    if (materials.count == 0) {
        return;
    }
    struct dictionary *block = add_block(page->content, NAME_article_BLOCK, SLICE("materials"),
                                         html_string(page, STRING_materials));
    struct dictionary *part = add_part(block);
    for (ptrdiff_t i = 0; i < materials.count; i++) {
        const struct record *material = materials.items[i].as.group;
        struct dictionary *fact = dictionary_add(part, NAME_part_FACT);
        struct slice number = record_text(material, FIELD_material_number);
        struct slice title = html_word(page, material, FIELD_material_title);
        struct slice url = record_text(material, FIELD_material_url);
        if (url.length > 0) {
            ptrdiff_t start = markup_begin(page);
            PUT(page, "<a href=\"");
            escape_html_attribute(page->buffer, url);
            PUT(page, "\">");
            put_html(page, title);
            PUT(page, "</a>");
            title = markup_end(page, start);
        }
        dictionary_set(fact, NAME_fact_LABEL,
                       number.length > 0 ? html_text(page, number)
                                         : arena_format(page->arena, "%td", i + 1));
        dictionary_set_some(fact, NAME_fact_VALUE, title);
    }
}

static void add_attendance(struct page *page, const struct record *record)
{
    struct value_list attendees = record_list(record, FIELD_meeting_attendees);
    if (attendees.count == 0) {
        return;
    }
    struct slice heading = html_string(page, STRING_attendance);
    struct dictionary *block =
        add_block(page->content, NAME_article_BLOCK, SLICE("attendance"), heading);
    struct dictionary *table = add_table(block, SLICE("attendance-numbers"), heading, true);
    add_column(table, html_string(page, STRING_attendance_role), false);
    add_column(table, html_string(page, STRING_attendance_present), true);
    add_column(table, html_string(page, STRING_attendance_absent), true);
    for (ptrdiff_t i = 0; i < attendees.count; i++) {
        const struct record *entry = attendees.items[i].as.group;
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_word(page, entry, FIELD_attendance_role), true, false);
        add_cell_of_value(page, row, record_get(entry, FIELD_attendance_present), true);
        add_cell_of_value(page, row, record_get(entry, FIELD_attendance_absent), true);
    }
}

static void add_outcomes(struct page *page, const struct record *record, enum field_id field,
                         struct slice id, enum string_id heading)
{
    struct value_list outcomes = record_list(record, field);
    if (outcomes.count == 0) {
        return;
    }
    struct dictionary *block =
        add_block(page->content, NAME_article_BLOCK, id, html_string(page, heading));
    struct dictionary *part = add_part(block);
    for (ptrdiff_t i = 0; i < outcomes.count; i++) {
        const struct record *outcome = outcomes.items[i].as.group;
        struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
        dictionary_set(item, NAME_item_TEXT, html_word(page, outcome, FIELD_outcome_text));
        const struct value *agenda = record_get(outcome, FIELD_outcome_agenda);
        if (value_is_stated(agenda)) {
            ptrdiff_t start = markup_begin(page);
            put_value(page, agenda);
            dictionary_set_some(item, NAME_item_NOTE, markup_end(page, start));
        }
    }
}

bool make_meeting(const struct render *render, const struct artefact *artefact,
                  struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    static const struct text_fields fields = {FIELD_meeting_title, FIELD_meeting_summary,
                                              FIELD_meeting_updated, FIELD_meeting_sources,
                                              STRING_meetings};
    const struct item *item = artefact->subject;
    const struct record *record = item->record;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article,
               item_language(item, artefact->language));
    page.updated = record_date(record, fields.updated);
    page.unofficial = true;
    page_alternates(&page, page_rest(&page), item);
    page_keep_up(&page, item);
    struct page reader = page_reader(&page);
    page_crumb(&page, html_string(&reader, STRING_home),
               address_home(page.site, page.language, page.arena));
    page_crumb(&page, html_string(&reader, STRING_meetings),
               address_kind(page.site, ITEM_MEETING, page.language, page.arena));
    page_crumb(&page, html_word(&reader, record, fields.title), (struct slice){0});
    dictionary_set(page.content, NAME_article_KICKER, html_string(&page, STRING_meetings));
    add_summary(&page, record, &fields);
    add_meeting_facts(&page, item);
    add_agenda(&page, record);
    add_outcomes(&page, record, FIELD_meeting_decisions, SLICE("decisions"), STRING_decisions);
    add_outcomes(&page, record, FIELD_meeting_requests, SLICE("requests"), STRING_requests);
    add_body(&page, item);
    add_next_meeting(&page, item, record_group(record, FIELD_meeting_next));
    add_attendance(&page, record);
    add_materials(&page, record);
    add_sources(&page, page.content, NAME_article_SOURCE, record_list(record, fields.sources));
    page_end(&page, record_word(record, fields.title, page.text, NULL),
             record_word(record, fields.summary, page.text, NULL), out);
    return true;
}
