/* Entries of lists, and the parts of long lists. */
#include "page.h"

/* ---- How much of a case is stated ---- */

/* What a question is called where its field's own label would not do. */
static const enum string_id question_labels[CASE_QUESTIONS] = {
    STRING_where,
    STRING_when,
    STRING_COUNT,
    STRING_COUNT,
    STRING_COUNT,
    STRING_who,
    STRING_course,
    STRING_results_heading,
    STRING_insights_heading,
    STRING_success,
    STRING_transfer_heading,
    STRING_contact_heading,
};

struct slice html_question(const struct page *page, int question)
{
    enum string_id label = question_labels[question];
    return label == STRING_COUNT ? html_label(page, case_question_field(question))
                                 : html_string(page, label);
}

struct slice case_stated_text(const struct page *page, const struct record *record)
{
    struct case_stated counts = case_count_stated(record);
    return pattern_text(page, STRING_stated_of, text_digits(page, counts.stated),
                        text_digits(page, counts.asked));
}

/* ---- Cards ---- */

#define SEPARATOR_DOT " · "

static void put_part(const struct page *page, ptrdiff_t start, struct slice html)
{
    if (html.length == 0) {
        return;
    }
    if (page->buffer->length > start) {
        PUT(page, SEPARATOR_DOT);
    }
    put_html(page, html);
}

static struct slice html_of(const struct page *page, const struct record *record,
                            enum field_id field)
{
    const struct value *value = record_get(record, field);
    if (!value_is_stated(value)) {
        return (struct slice){0};
    }
    ptrdiff_t start = markup_begin(page);
    put_value(page, value);
    return markup_end(page, start);
}

/* Kinds of partner, each once: 町内会＋大学＋行政. */
static struct slice html_partners(const struct page *page, const struct record *record)
{
    struct value_list actors = record_list(record, FIELD_case_actors);
    const struct code_entry *seen[8];
    int count = 0;
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < actors.count && count < 8; i++) {
        const struct code_entry *type = actor_type(page->site, actors.items[i].as.group);
        bool is_new = type != NULL;
        for (int k = 0; k < count; k++) {
            is_new = is_new && seen[k] != type;
        }
        if (is_new) {
            if (count > 0) {
                put_string(page, STRING_partner_separator);
            }
            put_text(page, code_label(type, page->text));
            seen[count++] = type;
        }
    }
    return markup_end(page, start);
}

static void fill_case_card(const struct page *page, struct dictionary *card,
                           const struct record *record)
{
    struct slice wards = html_of(page, record, FIELD_case_wards);
    struct slice city = html_of(page, record, FIELD_case_city);
    ptrdiff_t start = markup_begin(page);
    put_part(page, start, wards.length > 0 ? wards : city);
    put_part(page, start, html_of(page, record, FIELD_case_fields));
    put_part(page, start, html_partners(page, record));
    dictionary_set_some(card, NAME_card_META, markup_end(page, start));
    dictionary_set_some(card, NAME_card_KIND, html_of(page, record, FIELD_case_kind));
    dictionary_set(card, NAME_card_STATED, case_stated_text(page, record));
    dictionary_show(card, NAME_card_FICTIONAL, record_boolean(record, FIELD_case_fictional));
}

static struct slice make_card(const struct page *page, const struct item *item, enum card_form form,
                              struct slice url)
{
    static const struct {
        enum field_id title, summary, date;
    } fields[ITEM_KINDS] = {
        [ITEM_CASE] = {FIELD_case_title, FIELD_case_summary, FIELD_COUNT},
        [ITEM_PAGE] = {FIELD_page_title, FIELD_page_summary, FIELD_COUNT},
        [ITEM_NEWS] = {FIELD_news_title, FIELD_news_summary, FIELD_news_date},
        [ITEM_MEETING] = {FIELD_meeting_title, FIELD_meeting_summary, FIELD_meeting_date},
    };
    struct dictionary *card = page_dictionary(page, DICTIONARY_card);
    const struct record *record = item->record;
    struct slice title = html_word(page, record, fields[item->kind].title);
    dictionary_set(card, NAME_card_TITLE, title.length > 0 ? title : html_text(page, item->id));
    dictionary_set(card, NAME_card_URL, url);
    if (form == CARD_WHOLE) {
        dictionary_set_some(card, NAME_card_SUMMARY,
                            html_word(page, record, fields[item->kind].summary));
    }
    if (item->kind == ITEM_CASE) {
        fill_case_card(page, card, record);
    } else if (fields[item->kind].date != FIELD_COUNT) {
        dictionary_set_some(card, NAME_card_META, html_of(page, record, fields[item->kind].date));
    }
    ptrdiff_t start = markup_begin(page);
    template_expand(page->theme->templates[TEMPLATE_card][page->text], card, page->buffer);
    return markup_end(page, start);
}

/* A case stands on a dozen lists, and its card is the same on each but for the way there. So it is
 * made once, with a hole where the way to the folder of cases belongs: a control character, which
 * no text can have brought, since escaping replaces it. */
#define HOLE '\x01'

/* Where a card lies in its store, and how long it is, in one number that is never zero. */
enum { CARD_LENGTH_BITS = 20 };

/* Who makes a card while another thread does keeps it a second time: one of the two is read. */
static struct slice kept_card(const struct page *page, const struct item *item, enum card_form form)
{
    const struct kept_cards *cards = &page->render->index->cards[page->text];
    int64_t *place = &cards->places[form][item->index];
    int64_t kept = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (kept != 0) {
        return store_get(cards->store, kept >> CARD_LENGTH_BITS,
                         (ptrdiff_t)(kept & ((1 << CARD_LENGTH_BITS) - 1)), page->arena);
    }
    struct slice url = ARENA_JOIN(page->arena, SLICE("\x01"), item->id, SLICE("/"));
    struct slice made = make_card(page, item, form, url);
    if (made.length < 1 << CARD_LENGTH_BITS) {
        int64_t at = store_put(cards->store, made);
        __atomic_store_n(place, at << CARD_LENGTH_BITS | made.length, __ATOMIC_RELEASE);
    }
    return made;
}

/* What belongs in the holes of all cards on a page. */
static struct slice way_to_cases(const struct page *page)
{
    struct slice way =
        page_url(page, address_kind(page->site, ITEM_CASE, page->language, page->arena));
    if (slice_equal(way, SLICE("./"))) {
        return SLICE("");
    }
    ptrdiff_t start = markup_begin(page);
    escape_html_attribute(page->buffer, way);
    return markup_end(page, start);
}

static void put_case_card(const struct page *page, const struct item *item, enum card_form form,
                          struct slice way)
{
    page_shows(page, item);
    struct slice rest = kept_card(page, item, form);
    for (ptrdiff_t hole; (hole = slice_find_byte(rest, HOLE, 0)) >= 0;) {
        put_html(page, slice_sub(rest, 0, hole));
        put_html(page, way);
        rest = slice_from(rest, hole + 1);
    }
    put_html(page, rest);
}

void put_card(const struct page *page, const struct item *item, enum card_form form)
{
    if (item->kind == ITEM_CASE) {
        put_case_card(page, item, form, way_to_cases(page));
        return;
    }
    page_shows(page, item);
    put_html(page, make_card(page, item, form,
                             page_url(page, address_item(page->site, item, page->language,
                                                         page->arena))));
}

struct slice html_cards(const struct page *page, const struct item *const *cases, ptrdiff_t count,
                        enum card_form form)
{
    struct slice way = way_to_cases(page);
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < count; i++) {
        put_case_card(page, cases[i], form, way);
    }
    return markup_end(page, start);
}

/* ---- Long lists ---- */

/*
 * Lists are newest first, their parts are numbered from the oldest, so that part 1 keeps its
 * entries for ever. The newest part, number 0, holds what is in no full part, and the newest full
 * part with it as long as it would be thin alone.
 */
ptrdiff_t list_full_pages(ptrdiff_t count)
{
    ptrdiff_t full = count / LIST_PAGE;
    ptrdiff_t rest = count % LIST_PAGE;
    if (full > 0 && rest < LIST_PAGE / 2) {
        full--;
    }
    return full;
}

void list_range(ptrdiff_t count, ptrdiff_t number, ptrdiff_t *first, ptrdiff_t *end)
{
    ptrdiff_t full = list_full_pages(count);
    CHECK(number >= 0 && number <= full);
    *first = number == 0 ? 0 : count - number * LIST_PAGE;
    *end = number == 0 ? count - full * LIST_PAGE : *first + LIST_PAGE;
}

static struct slice pager_url(const struct page *page, struct slice base, ptrdiff_t number)
{
    struct slice address = base;
    if (number > 0) {
        address = arena_format(page->arena, "%.*spage/%td/", SLICE_ARGUMENTS(base), number);
    }
    return page_url(page, address);
}

void add_pager(const struct page *page, enum name_id section, struct slice base, ptrdiff_t count,
               ptrdiff_t number, bool newest_first)
{
    ptrdiff_t full = list_full_pages(count);
    if (full == 0) {
        return;
    }
    struct dictionary *pager = dictionary_add(page->content, section);
    if (number > 0) {
        dictionary_set(pager, NAME_pager_NEWER,
                       pager_url(page, base, number == full ? 0 : number + 1));
    }
    if (number != 1) {
        dictionary_set(pager, NAME_pager_OLDER,
                       pager_url(page, base, number == 0 ? full : number - 1));
    }
    /* In a list by name the part that comes first is the first one. */
    struct slice label =
        !newest_first ? pattern_text(page, STRING_page_of,
                                     text_digits(page, number == 0 ? 1 : full - number + 2),
                                     text_digits(page, full + 1))
        : number == 0 ? page_string(page, STRING_newest)
                      : pattern_text(page, STRING_page_of, text_digits(page, number),
                                     text_digits(page, full));
    dictionary_set(pager, NAME_pager_LABEL, label);
}
