/* A case: facts at a glance, the case in the order of the documents, what is not stated, cases like
 * it. */
#include "case.h"

#include "pages.h"
#include "structured.h"

void case_know_block(struct case_page *maker, struct slice id, struct slice heading)
{
    if (maker->block_count < CASE_BLOCKS_MOST) {
        maker->blocks[maker->block_count++] = (struct evidence_place){id, heading};
    }
}

struct dictionary *lazy_block(struct lazy_block *lazy)
{
    if (!lazy->block) {
        lazy->block =
            add_block(lazy->maker->page.content, NAME_case_BLOCK, lazy->id, lazy->heading);
        case_know_block(lazy->maker, lazy->id, lazy->heading);
    }
    return lazy->block;
}

static const struct heading *section_of(const struct case_page *maker, const struct value *value)
{
    const struct word *word =
        value_is_stated(value) ? value_word(value, maker->page.text, NULL) : NULL;
    return word ? word->section : NULL;
}

struct slice case_heading(const struct case_page *maker, const struct value *value,
                          enum field_id field)
{
    const struct heading *heading = section_of(maker, value);
    return heading ? html_text(&maker->page, heading->text) : html_label(&maker->page, field);
}

void case_silent(struct case_page *maker, struct slice label)
{
    CHECK(maker->silent_count < CASE_QUESTIONS);
    maker->silent[maker->silent_count++] = label;
}

static void add_silent(struct case_page *maker)
{
    struct page *page = &maker->page;
    if (maker->silent_count == 0) {
        return;
    }
    ptrdiff_t start = markup_begin(page);
    for (int i = 0; i < maker->silent_count; i++) {
        if (i > 0) {
            put_string(page, STRING_list_separator);
        }
        put_html(page, maker->silent[i]);
    }
    struct slice list = markup_end(page, start);
    dictionary_set(page->content, NAME_case_SILENT,
                   html_pattern(page, STRING_silent_sections, list, (struct slice){0}));
}

/* The labels of the questions that got this answer, as an enumeration; empty for none. */
static struct slice html_questions_of(const struct case_page *maker, enum case_answer answer)
{
    const struct page *page = &maker->page;
    ptrdiff_t start = markup_begin(page);
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        if (maker->answers[i] != answer) {
            continue;
        }
        if (page->buffer->length > start) {
            put_string(page, STRING_list_separator);
        }
        put_html(page, html_question(page, i));
    }
    return markup_end(page, start);
}

/* The questions behind the count, by their answers. */
static struct slice html_questions(const struct case_page *maker)
{
    static const struct {
        enum case_answer answer;
        struct slice mark;
        enum string_id words;
    } lines[] = {
        {ANSWER_YES, {"\xE2\x97\x8F", 3}, STRING_stated_questions},
        {ANSWER_NO, {"\xE2\x97\x8B", 3}, STRING_silent_sections},
        {ANSWER_NONE_NEEDED, {"\xE2\x80\x93", 3}, STRING_needless_questions},
    };
    const struct page *page = &maker->page;
    ptrdiff_t start = markup_begin(page);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct slice questions = html_questions_of(maker, lines[i].answer);
        if (questions.length > 0) {
            PUT(page, "<li><span aria-hidden=\"true\">");
            put_html(page, lines[i].mark);
            PUT(page, "</span> ");
            put_pattern(page, lines[i].words, questions, (struct slice){0});
            PUT(page, "</li>\n");
        }
    }
    return markup_end(page, start);
}

void case_prose(struct lazy_block *lazy, const struct value *value, enum field_id field,
                bool is_main, bool must)
{
    struct case_page *maker = lazy->maker;
    if (value_is_stated(value)) {
        struct dictionary *part = add_part(lazy_block(lazy));
        const struct heading *heading = section_of(maker, value);
        if (!is_main) {
            dictionary_set(part, NAME_part_HEADING, case_heading(maker, value, field));
        }
        if (heading && !slice_equal(heading->id, lazy->id)) {
            dictionary_set(part, NAME_part_ID, heading->id);
        }
        dictionary_set_some(part, NAME_part_PROSE, html_prose(&maker->page, maker->item, value));
    } else if (value && value->state == VALUE_NOT_APPLICABLE) {
        add_not_applicable(&maker->page, lazy_block(lazy), html_label(&maker->page, field), value);
    } else if (must && is_main) {
        case_silent(maker, lazy->heading);
    } else if (must) {
        add_not_stated(&maker->page, lazy_block(lazy), html_label(&maker->page, field));
    }
}

void case_facts(struct lazy_block *lazy, struct slice heading, const struct record *record,
                const enum field_id *fields, int count)
{
    bool any = false;
    for (int i = 0; i < count; i++) {
        const struct value *value = record_get(record, fields[i]);
        any = any || value_is_stated(value) || (value && value->state == VALUE_NOT_APPLICABLE);
    }
    if (!any) {
        return;
    }
    struct dictionary *part = add_part(lazy_block(lazy));
    dictionary_set_some(part, NAME_part_HEADING, heading);
    for (int i = 0; i < count; i++) {
        add_fact_of_value(&lazy->maker->page, part, NAME_part_FACT, record, fields[i], false);
    }
}

void case_items(struct lazy_block *lazy, struct slice heading, struct value_list list,
                enum field_id word, enum field_id note)
{
    struct page *page = &lazy->maker->page;
    struct dictionary *part = NULL;
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *record = list.items[i].as.group;
        ptrdiff_t start = markup_begin(page);
        if (note != FIELD_COUNT) {
            put_value(page, record_get(record, note));
        }
        struct slice beside = markup_end(page, start);
        struct slice text = html_word(page, record, word);
        if (text.length == 0 && beside.length == 0) {
            continue;
        }
        if (!part) {
            part = add_part(lazy_block(lazy));
            dictionary_set_some(part, NAME_part_HEADING, heading);
        }
        struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
        dictionary_set(item, NAME_item_TEXT, text.length > 0 ? text : beside);
        dictionary_set_some(item, NAME_item_NOTE, text.length > 0 ? beside : (struct slice){0});
    }
}

/* ---- Facts at a glance ---- */

static void fact_not_stated(struct page *page, enum string_id label)
{
    struct dictionary *fact = dictionary_add(page->content, NAME_case_FACT);
    dictionary_set(fact, NAME_fact_LABEL, html_string(page, label));
    dictionary_show(fact, NAME_fact_NOT_STATED, true);
}

/* All wards of their city, in one word; else their names. */
static struct slice html_wards(const struct page *page, const struct record *record)
{
    struct value_list wards = record_list(record, FIELD_case_wards);
    ptrdiff_t start = markup_begin(page);
    if (wards.count > 1 && wards.items[0].as.code->list) {
        const struct codelist *list = wards.items[0].as.code->list;
        const struct code_entry *city = wards.items[0].as.code->parent;
        ptrdiff_t siblings = 0;
        for (ptrdiff_t i = 0; i < list->count; i++) {
            siblings += list->codes[i].parent == city ? 1 : 0;
        }
        if (city && siblings == wards.count) {
            put_pattern(page, STRING_all_wards, text_integer(page, siblings), (struct slice){0});
            return markup_end(page, start);
        }
    }
    put_value(page, record_get(record, FIELD_case_wards));
    return markup_end(page, start);
}

static void fact_where(struct case_page *maker)
{
    struct page *page = &maker->page;
    ptrdiff_t start = markup_begin(page);
    put_value(page, record_get(maker->record, FIELD_case_city));
    struct slice html = markup_end(page, start);
    struct slice smaller[2] = {html_wards(page, maker->record)};
    put_value(page, record_get(maker->record, FIELD_case_place));
    smaller[1] = markup_end(page, start);
    for (int i = 0; i < 2; i++) {
        if (smaller[i].length > 0) {
            html = html.length > 0 ? html_pattern(page, STRING_place_within, smaller[i], html)
                                   : smaller[i];
        }
    }
    if (html.length > 0) {
        add_fact(page->content, NAME_case_FACT, html_string(page, STRING_where), html);
    } else {
        fact_not_stated(page, STRING_where);
    }
}

static void fact_when(struct case_page *maker)
{
    struct page *page = &maker->page;
    const struct record *record = maker->record;
    const struct value *first = record_get(record, FIELD_case_start);
    const struct value *last = record_get(record, FIELD_case_end);
    const struct value *year = record_get(record, FIELD_case_fiscal_year);
    struct slice from =
        value_is_stated(first) ? html_date(page, first->as.date) : (struct slice){0};
    struct slice to = value_is_stated(last) ? html_date(page, last->as.date) : (struct slice){0};
    struct slice html = {0};
    if (from.length > 0 && to.length > 0) {
        html = html_pattern(page, STRING_date_range, from, to);
    } else if (from.length > 0) {
        html = html_pattern(page, STRING_date_from, from, (struct slice){0});
    } else if (to.length > 0) {
        html = html_pattern(page, STRING_date_until, to, (struct slice){0});
    } else if (value_is_stated(year)) {
        html = html_date(page, year->as.date);
    }
    if (html.length > 0) {
        add_fact(page->content, NAME_case_FACT, html_string(page, STRING_when), html);
    } else {
        fact_not_stated(page, STRING_when);
    }
    if (value_is_stated(year) && (from.length > 0 || to.length > 0)) {
        add_fact_of_value(page, page->content, NAME_case_FACT, record, FIELD_case_fiscal_year,
                          false);
    }
}

static void add_facts(struct case_page *maker)
{
    static const struct {
        enum field_id field;
        bool must;
    } fields[] = {
        {FIELD_case_open_ended, false},
        {FIELD_case_open_ended_reason, false},
        {FIELD_case_fields, true},
        {FIELD_case_form, true},
        {FIELD_case_status, false},
        {FIELD_case_stages, false},
        {FIELD_case_level, false},
        {FIELD_case_departments, false},
        {FIELD_case_departments_note, false},
        {FIELD_case_project, false},
    };
    struct page *page = &maker->page;
    fact_where(maker);
    fact_when(maker);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        add_fact_of_value(page, page->content, NAME_case_FACT, maker->record, fields[i].field,
                          fields[i].must);
    }
    add_fact_of_value(page, page->content, NAME_case_FACT, maker->record, FIELD_case_updated,
                      false);
}

/* ---- The rest ---- */

static void add_picture(struct case_page *maker)
{
    struct page *page = &maker->page;
    const struct record *picture = record_group(maker->record, FIELD_case_picture);
    if (!picture) {
        return;
    }
    struct link link = link_resolve(page->site, maker->item, page->language,
                                    record_text(picture, FIELD_picture_file), page->arena);
    if (link.kind != LINK_ASSET) {
        return;
    }
    struct dictionary *dictionary = dictionary_add(page->content, NAME_case_PICTURE);
    dictionary_set(dictionary, NAME_picture_URL, page_url(page, link.asset->published));
    dictionary_set(dictionary, NAME_picture_ALTERNATIVE,
                   record_word(picture, FIELD_picture_alternative, page->text, NULL));
    if (link.asset->width > 0 && link.asset->height > 0) {
        dictionary_set(dictionary, NAME_picture_WIDTH, text_digits(page, link.asset->width));
        dictionary_set(dictionary, NAME_picture_HEIGHT, text_digits(page, link.asset->height));
    }
    dictionary_set_some(dictionary, NAME_picture_CAPTION,
                        html_word(page, picture, FIELD_picture_caption));
    struct slice credit = html_word(page, picture, FIELD_picture_credit);
    if (credit.length > 0) {
        ptrdiff_t start = markup_begin(page);
        put_pattern(page, STRING_credit, credit, (struct slice){0});
        PUT(page, " ");
        put_text(page, record_text(picture, FIELD_picture_licence));
        dictionary_set(dictionary, NAME_picture_CREDIT, slice_trim(markup_end(page, start)));
    }
}

/* Fields that may be sections of the body, beside those of groups. */
static bool is_section_of_record(const struct case_page *maker, const struct heading *heading)
{
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    for (int field = first; field < end; field++) {
        if ((field_info((enum field_id)field)->flags & FIELD_PROSE) &&
            section_of(maker, record_get(maker->record, (enum field_id)field)) == heading) {
            return true;
        }
    }
    const struct record *purpose = record_group(maker->record, FIELD_case_purpose);
    const struct record *transfer = record_group(maker->record, FIELD_case_transfer);
    return section_of(maker, record_get(purpose, FIELD_purpose_text)) == heading ||
           section_of(maker, record_get(transfer, FIELD_transfer_conditions)) == heading;
}

/* Sections of the body that no field claims keep their place behind the others. */
static void add_other_sections(struct case_page *maker)
{
    struct page *page = &maker->page;
    const struct document *document = maker->item->versions[page->text].document;
    if (!document) {
        return;
    }
    ptrdiff_t lead =
        document->heading_count > 0 ? document->headings[0].html_start : document->html_length;
    ptrdiff_t start = markup_begin(page);
    put_document(page, maker->item, document, 0, lead);
    dictionary_set_some(page->content, NAME_case_LEAD, slice_trim(markup_end(page, start)));
    ptrdiff_t done = 0;
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        const struct heading *heading = &document->headings[i];
        if (heading->html_start < done) {
            continue; /* inside the section before */
        }
        done = heading->html_end;
        if (is_section_of_record(maker, heading)) {
            continue;
        }
        /* A heading without words has its warning. */
        struct slice words = heading->text.length > 0 ? heading->text : SLICE("—");
        struct dictionary *block =
            add_block(page->content, NAME_case_BLOCK, heading->id, html_text(page, words));
        start = markup_begin(page);
        put_document(page, maker->item, document, heading->html_content_start, heading->html_end);
        add_prose(block, (struct slice){0}, markup_end(page, start));
    }
}

static bool names_field(struct value_list unknown, enum field_id field)
{
    for (ptrdiff_t i = 0; i < unknown.count; i++) {
        if (value_reference(&unknown.items[i])->target == TARGET_FIELD &&
            value_reference(&unknown.items[i])->field == field) {
            return true;
        }
    }
    return false;
}

/* The questions that stay open, then what the record says it does not know and every field that is
 * said to be not stated, each once, in the order of fields. */
static void add_unknown(struct case_page *maker)
{
    struct page *page = &maker->page;
    struct value_list unknown = record_list(maker->record, FIELD_case_unknown);
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        if (maker->answers[i] == ANSWER_NO) {
            struct dictionary *item = dictionary_add(page->content, NAME_case_UNKNOWN);
            dictionary_set(item, NAME_item_TEXT, html_question(page, i));
        }
    }
    for (int field = first; field < end; field++) {
        const struct value *value = record_get(maker->record, (enum field_id)field);
        bool is_silent = value && value->state == VALUE_NOT_STATED;
        if (!is_silent && !names_field(unknown, (enum field_id)field)) {
            continue;
        }
        int question = case_question_of((enum field_id)field);
        if (question < 0 || maker->answers[question] != ANSWER_NO) {
            struct dictionary *item = dictionary_add(page->content, NAME_case_UNKNOWN);
            dictionary_set(item, NAME_item_TEXT, html_label(page, (enum field_id)field));
        }
    }
    dictionary_set_some(page->content, NAME_case_UNKNOWN_NOTE,
                        html_paragraphs(page, maker->record, FIELD_case_unknown_note));
}

/* A way past the facts to what somebody came for: on a phone a case is many screens long. */
static void add_contents(struct case_page *maker)
{
    struct page *page = &maker->page;
    for (int i = 0; i < maker->block_count; i++) {
        add_link(page->content, NAME_case_CONTENTS, maker->blocks[i].heading,
                 ARENA_JOIN(page->arena, SLICE("#"), maker->blocks[i].id), (struct slice){0});
    }
}

static void add_keywords(struct case_page *maker)
{
    struct page *page = &maker->page;
    ptrdiff_t start = markup_begin(page);
    put_value(page, record_get(maker->record, FIELD_case_keywords));
    struct slice words = markup_end(page, start);
    if (words.length > 0) {
        dictionary_set(page->content, NAME_case_KEYWORDS,
                       html_pattern(page, STRING_keywords, words, (struct slice){0}));
    }
}

static void add_download(struct page *page, enum string_id label, struct slice address)
{
    if (page_knows(page, address)) {
        add_link(page->content, NAME_case_DOWNLOAD, html_string(page, label),
                 page_url(page, address), (struct slice){0});
    }
}

static void add_downloads(struct case_page *maker)
{
    struct page *page = &maker->page;
    add_download(page, STRING_case_json,
                 ARENA_JOIN(page->arena, SLICE("api/v1/cases/"), maker->item->id, SLICE(".json")));
    add_download(page, STRING_cases_csv, SLICE("data/cases.csv"));
    const struct value *project = record_get(maker->record, FIELD_case_project);
    if (value_is_stated(project) && value_reference(project)->target == TARGET_ROW) {
        const struct table *table = value_reference(project)->table;
        struct slice address = row_address(page, table, value_reference(project)->row);
        if (address.length > 0) {
            add_link(page->content, NAME_case_DOWNLOAD,
                     html_pattern(page, STRING_case_row, html_text(page, table->labels[page->text]),
                                  (struct slice){0}),
                     page_url(page, address), (struct slice){0});
        }
    }
}

static void add_crumbs(struct case_page *maker)
{
    struct page *page = &maker->page;
    const struct site *site = page->site;
    struct page reader = page_reader(page);
    page_crumb(page, html_string(&reader, STRING_home),
               address_home(site, page->language, page->arena));
    page_crumb(page, html_string(&reader, STRING_cases),
               address_kind(site, ITEM_CASE, page->language, page->arena));
    page_crumb(page, html_word(&reader, maker->record, FIELD_case_title), (struct slice){0});
}

static void describe_case(struct case_page *maker)
{
    struct page *page = &maker->page;
    const struct record *record = maker->record;
    struct slice file = record_text(record_group(record, FIELD_case_picture), FIELD_picture_file);
    struct link link = {0};
    if (file.length > 0) {
        link = link_resolve(page->site, maker->item, page->language, file, page->arena);
    }
    struct article article = {
        .type = "Article",
        .headline = record_word(record, FIELD_case_title, page->text, NULL),
        .summary = record_word(record, FIELD_case_summary, page->text, NULL),
        .published = record_date(record, FIELD_case_published),
        .updated = page->updated,
        .image = link.asset ? link.asset->published : (struct slice){0},
    };
    describe_article(page, &article);
}

static void fill_head(struct case_page *maker, struct slice title)
{
    struct page *page = &maker->page;
    const struct record *record = maker->record;
    struct dictionary *content = page->content;
    dictionary_set(content, NAME_case_TITLE, title);
    dictionary_set_some(content, NAME_case_SUBTITLE, html_word(page, record, FIELD_case_subtitle));
    dictionary_set(content, NAME_case_SUMMARY, html_paragraphs(page, record, FIELD_case_summary));
    const struct code_entry *kind = record_code(record, FIELD_case_kind);
    if (kind) {
        dictionary_set(content, NAME_case_KIND, html_text(page, code_label(kind, page->text)));
        dictionary_set_some(content, NAME_case_KIND_ABOUT,
                            html_text(page, kind->descriptions[page->text]));
        dictionary_show(content, NAME_case_REPORTED,
                        slice_equal(kind->code, SLICE("reported_example")));
    }
    dictionary_show(content, NAME_case_FICTIONAL, record_boolean(record, FIELD_case_fictional));
    dictionary_set(content, NAME_case_STATED, case_stated_text(page, record));
    dictionary_set(content, NAME_case_QUESTIONS, html_questions(maker));
}

bool make_case(const struct render *render, const struct artefact *artefact,
               struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct item *item = artefact->subject;
    struct case_page maker = {.item = item, .record = item->record};
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        maker.answers[i] = case_answer(item->record, i);
    }
    struct page *page = &maker.page;
    page_begin(page, render, worker, artefact, TEMPLATE_case,
               item_language(item, artefact->language));
    page_read_text(page, item->versions[page->text].document);
    page->updated = item->updated;
    page->unofficial = true;
    struct slice title = html_word(page, item->record, FIELD_case_title);
    page_alternates(page, page_rest(page), item);
    page_keep_up(page, item);
    add_crumbs(&maker);
    fill_head(&maker, title);
    add_picture(&maker);
    add_facts(&maker);
    case_issue(&maker);
    case_purpose(&maker);
    case_actors(&maker);
    case_course(&maker);
    case_form(&maker);
    case_results(&maker);
    case_evaluations(&maker);
    case_insights(&maker);
    case_transfer(&maker);
    case_participate(&maker);
    case_after(&maker);
    add_other_sections(&maker);
    add_silent(&maker);
    add_contents(&maker);
    case_evidence(&maker);
    add_unknown(&maker);
    add_sources(page, page->content, NAME_case_SOURCE,
                record_list(item->record, FIELD_case_sources));
    add_keywords(&maker);
    const struct related *related = related_cases(page, item);
    dictionary_set_some(page->content, NAME_case_RELATED,
                        html_cards(page, related->cases, related->count, CARD_LINE));
    add_downloads(&maker);
    describe_case(&maker);
    page_end(page, record_word(item->record, FIELD_case_title, page->text, NULL),
             record_word(item->record, FIELD_case_summary, page->text, NULL), out);
    return true;
}
