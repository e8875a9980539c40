/* Entries of lists, and the parts of long lists. */
#include "page.h"

/* ---- How much of a case is stated ---- */

/*
 * What a reader must be able to know of a case: the mandatory items of GIF DS-451-3 (title and
 * summary are always there) and what OECD OPSI asks for: results, lessons, conditions for success,
 * replication. Ruling 4.
 */
static const struct {
    enum field_id fields[3];
    int count;
    enum string_id label; /* STRING_COUNT: the field's own */
} questions[CASE_QUESTIONS] = {
    {{FIELD_case_wards, FIELD_case_place, FIELD_case_level}, 3, STRING_where},
    {{FIELD_case_start, FIELD_case_fiscal_year}, 2, STRING_when},
    {{FIELD_case_form}, 1, STRING_COUNT},
    {{FIELD_case_issue}, 1, STRING_COUNT},
    {{FIELD_case_purpose}, 1, STRING_COUNT},
    {{FIELD_case_actors}, 1, STRING_who},
    {{FIELD_case_activity}, 1, STRING_course},
    {{FIELD_case_results}, 1, STRING_results_heading},
    {{FIELD_case_lessons}, 1, STRING_insights_heading},
    {{FIELD_case_ingenuity, FIELD_case_constraints, FIELD_case_insights}, 3, STRING_success},
    {{FIELD_case_transfer}, 1, STRING_transfer_heading},
    {{FIELD_case_contact}, 1, STRING_contact_heading},
};

bool case_must_tell(enum field_id field)
{
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        if (questions[i].count == 1 && questions[i].fields[0] == field) {
            return true;
        }
    }
    return false;
}

int case_question_of(enum field_id field)
{
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        for (int k = 0; k < questions[i].count; k++) {
            if (questions[i].fields[k] == field) {
                return i;
            }
        }
    }
    return -1;
}

struct slice html_question(const struct page *page, int question)
{
    enum string_id label = questions[question].label;
    return label == STRING_COUNT ? html_label(page, questions[question].fields[0])
                                 : html_string(page, label);
}

static enum case_answer answer_of(const struct value *value)
{
    if (value && value->state == VALUE_NOT_APPLICABLE) {
        return ANSWER_NONE_NEEDED;
    }
    return value_is_stated(value) ? ANSWER_YES : ANSWER_NO;
}

static enum case_answer first_answer(const struct record *record, const enum field_id *fields,
                                     int count)
{
    enum case_answer answer = ANSWER_NO;
    for (int i = 0; i < count; i++) {
        enum case_answer one = answer_of(record_get(record, fields[i]));
        if (one == ANSWER_YES) {
            return one;
        }
        answer = one == ANSWER_NONE_NEEDED ? one : answer;
    }
    return answer;
}

/* Groups whose one member carries the answer. */
static enum case_answer answer_of_field(const struct record *record, enum field_id field)
{
    const struct value *value = record_get(record, field);
    enum case_answer answer = answer_of(value);
    if (answer != ANSWER_YES) {
        return answer;
    }
    if (field == FIELD_case_purpose) {
        return answer_of(record_get(value->as.group, FIELD_purpose_text));
    }
    if (field == FIELD_case_transfer) {
        return answer_of(record_get(value->as.group, FIELD_transfer_conditions));
    }
    return answer;
}

enum case_answer case_answer(const struct record *record, int question)
{
    if (questions[question].count == 1) {
        return answer_of_field(record, questions[question].fields[0]);
    }
    return first_answer(record, questions[question].fields, questions[question].count);
}

struct case_stated case_count_stated(const struct record *record)
{
    struct case_stated counts = {0};
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        enum case_answer answer = case_answer(record, i);
        counts.asked += answer == ANSWER_NONE_NEEDED ? 0 : 1;
        counts.stated += answer == ANSWER_YES ? 1 : 0;
    }
    return counts;
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
    struct dictionary *card = dictionary_new(page->arena, DICTIONARY_card, NULL);
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

/* Beyond this many bytes a thread makes cards anew for each list: memory stays bounded. */
#define CARDS_KEPT_MOST ((ptrdiff_t)24 << 20)

/* Of all threads that make a card at the same time one keeps it. */
static struct slice kept_card(const struct page *page, const struct item *item, enum card_form form)
{
    const struct slice **place = &page->render->index->cards[page->text][form][item->index];
    const struct slice *kept = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (kept) {
        return *kept;
    }
    struct slice url = ARENA_JOIN(page->arena, SLICE("\x01"), item->id, SLICE("/"));
    struct slice made = make_card(page, item, form, url);
    if (page->kept->used < CARDS_KEPT_MOST) {
        struct slice *own = ARENA_NEW(page->kept, struct slice);
        *own = arena_copy(page->kept, made);
        const struct slice *nobody = NULL;
        __atomic_compare_exchange_n(place, &nobody, own, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    }
    return made;
}

static void put_case_card(const struct page *page, const struct item *item, enum card_form form)
{
    struct slice way =
        page_url(page, address_kind(page->site, ITEM_CASE, page->language, page->arena));
    if (slice_equal(way, SLICE("./"))) {
        way = SLICE("");
    }
    struct slice rest = kept_card(page, item, form);
    for (ptrdiff_t hole; (hole = slice_find_byte(rest, HOLE, 0)) >= 0;) {
        put_html(page, slice_sub(rest, 0, hole));
        escape_html_attribute(page->buffer, way);
        rest = slice_from(rest, hole + 1);
    }
    put_html(page, rest);
}

void put_card(const struct page *page, const struct item *item, enum card_form form)
{
    if (item->kind == ITEM_CASE) {
        put_case_card(page, item, form);
    } else {
        put_html(page, make_card(page, item, form,
                                 page_url(page, address_item(page->site, item, page->language,
                                                             page->arena))));
    }
}

struct slice html_cards(const struct page *page, const struct item *const *items, ptrdiff_t count,
                        enum card_form form)
{
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < count; i++) {
        put_card(page, items[i], form);
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
               ptrdiff_t number)
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
    struct slice label = number == 0 ? page_string(page, STRING_newest)
                                     : pattern_text(page, STRING_page_of, text_digits(page, number),
                                                    text_digits(page, full));
    dictionary_set(pager, NAME_pager_LABEL, label);
}
