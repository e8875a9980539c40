/* Names, marks and links of the pages about principles. */
#include "principles.h"

struct slice principles_address(const struct page *page, const char *rest)
{
    return address_in_language(page->site, page->language,
                               ARENA_JOIN(page->arena, SLICE("principles/"), slice_of(rest)),
                               page->arena);
}

struct slice matrix_address(const struct site *site, const struct framework *framework,
                            int language, struct arena *arena)
{
    return ARENA_JOIN(arena, address_framework(site, framework, language, arena), SLICE("cases/"));
}

void principles_begin(struct page *page, const struct render *render, struct render_worker *worker,
                      const struct artefact *artefact, enum template_id kind)
{
    page_begin(page, render, worker, artefact, kind, artefact->language);
    page->unofficial = true;
    page_alternates(page, page_rest(page), NULL);
    page_crumb(page, html_string(page, STRING_home),
               address_home(page->site, page->language, page->arena));
    page_crumb(page, html_string(page, STRING_principles), principles_address(page, ""));
}

/* ---- Names ---- */

static bool is_ascii(struct slice text)
{
    for (ptrdiff_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

struct slice html_item_name(const struct page *page, const struct record *item)
{
    ptrdiff_t start = markup_begin(page);
    int actual = -1;
    struct slice number = record_word(item, FIELD_framework_item_number_word, page->text, &actual);
    if (number.length == 0 || actual != page->text) {
        number = record_text(item, FIELD_framework_item_number); /* as printed in the document */
        actual = is_ascii(number) ? -1 : 0;
    }
    if (number.length > 0) {
        PUT(page, "<span class=\"item-number\">");
        put_in_language(page, number, actual);
        PUT(page, "</span> ");
    }
    put_html(page, html_word(page, item, FIELD_framework_item_label));
    return markup_end(page, start);
}

struct slice html_item_link(const struct page *page, const struct framework *framework,
                            const struct record *item)
{
    return html_link(
        page, address_framework_item(page->site, framework, item, page->language, page->arena),
        html_item_name(page, item));
}

struct slice html_framework_link(const struct page *page, const struct framework *framework)
{
    return html_link(page, address_framework(page->site, framework, page->language, page->arena),
                     html_word(page, framework->record, FIELD_framework_title));
}

/* ---- Marks ---- */

struct slice evidence_sign(enum evidence_state state)
{
    switch (state) {
    case EVIDENCE_STATED:
        return SLICE("\xE2\x97\x8F");
    case EVIDENCE_NOT_STATED:
        return SLICE("\xE2\x97\x8B");
    case EVIDENCE_CONTRADICTED:
        return SLICE("\xE2\x96\xB2");
    case EVIDENCE_NOT_APPLICABLE:
    case EVIDENCE_VOID:
        break;
    }
    return SLICE("\xE2\x80\x93");
}

enum string_id evidence_string(enum evidence_state state)
{
    switch (state) {
    case EVIDENCE_STATED:
        return STRING_evidence_stated;
    case EVIDENCE_NOT_STATED:
        return STRING_not_stated;
    case EVIDENCE_CONTRADICTED:
        return STRING_evidence_contradicted;
    case EVIDENCE_NOT_APPLICABLE:
    case EVIDENCE_VOID:
        break;
    }
    return STRING_evidence_not_applicable;
}

static struct slice html_signed(const struct page *page, struct slice sign, struct slice words)
{
    ptrdiff_t start = markup_begin(page);
    PUT(page, "<span aria-hidden=\"true\">");
    put_html(page, sign);
    PUT(page, "</span> ");
    put_html(page, words);
    return markup_end(page, start);
}

struct slice html_mark(const struct page *page, enum evidence_state state)
{
    return html_signed(page, evidence_sign(state), html_string(page, evidence_string(state)));
}

struct slice html_strength(const struct page *page, struct slice mark)
{
    static const struct {
        struct slice mark, sign;
        enum string_id word;
    } strengths[] = {
        {{"label", 5}, {"\xE2\x97\x8F", 3}, STRING_strength_label},
        {{"body", 4}, {"\xE2\x97\x90", 3}, STRING_strength_body},
        {{"supporting", 10}, {"\xE2\x97\x8B", 3}, STRING_strength_supporting},
        {{"excluded", 8}, {"\xC3\x97", 2}, STRING_strength_excluded},
    };
    for (size_t i = 0; i < sizeof(strengths) / sizeof(strengths[0]); i++) {
        if (slice_equal(strengths[i].mark, mark)) {
            return html_signed(page, strengths[i].sign, html_string(page, strengths[i].word));
        }
    }
    return html_signed(page, SLICE("\xE2\x80\x94"), html_string(page, STRING_strength_none));
}

enum string_id severity_string(enum rule_severity severity)
{
    return severity == RULE_ESSENTIAL  ? STRING_severity_essential
           : severity == RULE_EXPECTED ? STRING_severity_expected
                                       : STRING_severity_note;
}

/* ---- Links ---- */

struct slice url_of_evidence(const struct page *page, const struct item *item,
                             const struct record *principle)
{
    return ARENA_JOIN(page->arena,
                      page_url(page, address_item(page->site, item, page->language, page->arena)),
                      SLICE("#"), EVIDENCE_ANCHOR, record_text(principle, FIELD_framework_item_id));
}

static struct slice html_anchor(const struct page *page, struct slice url, struct slice html)
{
    ptrdiff_t start = markup_begin(page);
    PUT(page, "<a href=\"");
    escape_html_attribute(page->buffer, url);
    PUT(page, "\">");
    put_html(page, html);
    PUT(page, "</a>");
    return markup_end(page, start);
}

struct slice html_case_link(const struct page *page, const struct item *item, struct slice url)
{
    page_shows(page, item);
    struct slice title = html_word(page, item->record, FIELD_case_title);
    return html_anchor(page, url, title.length > 0 ? title : html_text(page, item->id));
}

struct slice html_rule_link(const struct page *page, const struct rule *rule)
{
    struct slice url = ARENA_JOIN(page->arena, page_url(page, principles_address(page, "checks/")),
                                  SLICE("#"), rule->id);
    return html_anchor(page, url, html_word(page, rule->record, FIELD_rule_title));
}

struct slice html_projects(const struct page *page, ptrdiff_t count)
{
    const struct table *table = site_table(page->site, SLICE("projects"));
    struct slice name = html_text(page, table->labels[page->text]);
    if (table->has_pages) {
        name = html_link(page, address_table(page->site, table, page->language, page->arena), name);
    }
    return html_pattern(page, STRING_projects_evidence, text_integer(page, count), name);
}

void add_item_line(struct dictionary *part, struct slice html, struct slice note)
{
    struct dictionary *item = dictionary_add(part, NAME_part_ITEM);
    dictionary_set(item, NAME_item_TEXT, html);
    dictionary_set_some(item, NAME_item_NOTE, note);
}

void add_more(const struct page *page, struct slice address, struct slice label)
{
    add_link(page->content, NAME_article_MORE, label, page_url(page, address), (struct slice){0});
}

/* ---- Reviews ---- */

static bool is_evaluated_since(const struct record *record, int32_t day)
{
    struct value_list list = record_list(record, FIELD_case_evaluations);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        struct date date = record_date(list.items[i].as.group, FIELD_evaluation_date);
        if (date.precision != DATE_NONE && date_last_day(date) >= day) {
            return true;
        }
    }
    return false;
}

const struct value *case_overdue_review(const struct site *site, const struct record *record)
{
    enum { EARLY_DAYS = 31 };
    struct value_list dates = record_list(record, FIELD_case_review_dates);
    const struct value *found = NULL;
    for (ptrdiff_t i = 0; i < dates.count; i++) {
        const struct value *value = &dates.items[i];
        bool is_past = value->state == VALUE_STATED &&
                       date_last_day(value->as.date) < date_first_day(site->reference_date);
        if (is_past && !is_evaluated_since(record, date_first_day(value->as.date) - EARLY_DAYS) &&
            (!found || date_first_day(value->as.date) > date_first_day(found->as.date))) {
            found = value;
        }
    }
    return found;
}
