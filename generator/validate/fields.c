#include "checks.h"

/* Checks of single fields: what must be stated, how long, which dates, which figures. */

void required_of_record(const struct checking *checking, const struct record *record,
                        struct span place)
{
    int first;
    int end;
    shape_fields(record->shape, &first, &end);
    for (int i = first; i < end; i++) {
        if ((field_briefs[i].flags & FIELD_REQUIRED) != 0 &&
            record_get(record, (enum field_id)i) == NULL &&
            !record_is_broken(record, (enum field_id)i)) {
            const struct field_info *info = field_info((enum field_id)i);
            diag_add(checking->diag,
                     &(struct report){.code = CODE_record_required,
                                      .span = place,
                                      .arguments = {info->key, info->label[INTERFACE_JAPANESE],
                                                    info->label[INTERFACE_ENGLISH]}});
        }
    }
    for (int i = 0; i < record->count; i++) {
        struct value_list groups = value_groups(&record->values[i]);
        for (ptrdiff_t k = 0; k < groups.count; k++) {
            if (groups.items[k].as.group != NULL) {
                struct span start = groups.items[k].span;
                start.end = start.start;
                required_of_record(checking, groups.items[k].as.group, start);
            }
        }
    }
}

void check_required(const struct checking *checking, const struct item *item)
{
    if (item_language(item, 0) != 0) {
        return; /* without its original: check_translations */
    }
    struct span place = item->record->span;
    place.end = place.start;
    required_of_record(checking, item->record, place);
}

void check_site_required(const struct checking *checking)
{
    const struct site *site = checking->site;
    required_of_record(checking, site->config, span_of_file(site->config_source));
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        required_of_record(checking, site->frameworks[i].record,
                           span_of_file(site->frameworks[i].source));
    }
}

void check_lengths(const struct checking *checking, const struct item *item)
{
    static const enum field_id summaries[ITEM_KINDS] = {[ITEM_CASE] = FIELD_case_summary,
                                                        [ITEM_PAGE] = FIELD_page_summary,
                                                        [ITEM_NEWS] = FIELD_news_summary,
                                                        [ITEM_MEETING] = FIELD_meeting_summary};
    enum field_id field = summaries[item->kind];
    const struct value *value = record_get(item->record, field);
    if (value == NULL || value->words == NULL) {
        return;
    }
    for (int language = 0; language < checking->site->language_count; language++) {
        ptrdiff_t length = utf8_count(value->words[language].text);
        if (length > SUMMARY_CHARACTERS_MOST) {
            DIAG(checking->diag, CODE_item_too_long, value->words[language].span,
                 field_info(field)->key, arena_format(checking->scratch, "%td", length),
                 arena_format(checking->scratch, "%d", SUMMARY_CHARACTERS_MOST));
        }
    }
}

static bool is_han(int32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3005;
}

/* A reading that holds Han is none: the index of names could not place it. */
void check_reading(const struct checking *checking, const struct item *item)
{
    const struct value *value =
        item->kind == ITEM_CASE ? record_get(item->record, FIELD_case_reading) : NULL;
    if (value == NULL || value->state != VALUE_STATED) {
        return;
    }
    struct slice text = value->as.text;
    for (ptrdiff_t at = 0; at < text.length;) {
        ptrdiff_t start = at;
        if (is_han(utf8_next(text, &at))) {
            DIAG(checking->diag, CODE_record_reading, value->span, slice_sub(text, start, at));
            return;
        }
    }
}

static void expect_order(const struct checking *checking, const struct item *item,
                         enum field_id earlier, enum field_id later)
{
    struct date first = record_date(item->record, earlier);
    struct date second = record_date(item->record, later);
    if (first.precision == DATE_NONE || second.precision == DATE_NONE ||
        date_last_day(second) >= date_first_day(first)) {
        return;
    }
    const struct value *value = record_get(item->record, later);
    const struct value *other = record_get(item->record, earlier);
    diag_add(checking->diag,
             &(struct report){.code = CODE_date_order,
                              .span = value->span,
                              .arguments = {field_info(later)->key, value_original(value),
                                            field_info(earlier)->key, value_original(other)},
                              .note_count = 1,
                              .notes = {{.code = CODE_see_first,
                                         .span = other->span,
                                         .arguments = {field_info(earlier)->key}}}});
}

static void expect_past(const struct checking *checking, const struct item *item,
                        enum field_id field)
{
    struct date date = record_date(item->record, field);
    struct date today = checking->site->reference_date;
    if (date.precision != DATE_NONE && today.precision != DATE_NONE &&
        date_first_day(date) > date_last_day(today)) {
        const struct value *value = record_get(item->record, field);
        DIAG(checking->diag, CODE_date_future, value->span, field_info(field)->key,
             value_original(value), date_iso(checking->scratch, today));
    }
}

void check_dates(const struct checking *checking, const struct item *item)
{
    switch (item->kind) {
    case ITEM_CASE:
        expect_order(checking, item, FIELD_case_start, FIELD_case_end);
        expect_order(checking, item, FIELD_case_published, FIELD_case_updated);
        expect_past(checking, item, FIELD_case_updated);
        break;
    case ITEM_PAGE:
        expect_past(checking, item, FIELD_page_updated);
        break;
    case ITEM_NEWS:
        expect_past(checking, item, FIELD_news_updated);
        break;
    case ITEM_MEETING:
        expect_past(checking, item, FIELD_meeting_updated);
        break;
    case ITEM_KINDS:
        BUG("an item of no kind");
    }
}

static void check_measures(const struct checking *checking, const struct item *item,
                           enum field_id field)
{
    struct value_list list = record_list(item->record, field);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct record *measure = list.items[i].as.group;
        const struct value *figure = record_get(measure, FIELD_measure_actual);
        if (!value_is_stated(figure)) {
            figure = record_get(measure, FIELD_measure_target);
        }
        if (!value_is_stated(figure)) {
            continue;
        }
        struct slice id = record_text(measure, FIELD_measure_id);
        if (record_get(measure, FIELD_measure_as_of) == NULL) {
            DIAG(checking->diag, CODE_figure_no_date, figure->span, id);
        }
        if (record_get(measure, FIELD_measure_source) == NULL) {
            DIAG(checking->diag, CODE_figure_no_source, figure->span, id);
        }
    }
}

void check_figures(const struct checking *checking, const struct item *item)
{
    if (item->kind == ITEM_CASE) {
        check_measures(checking, item, FIELD_case_outputs);
        check_measures(checking, item, FIELD_case_outcomes);
        check_measures(checking, item, FIELD_case_impacts);
    }
}

void check_unknown(const struct checking *checking, const struct item *item)
{
    if (item->kind != ITEM_CASE) {
        return;
    }
    struct value_list unknown = record_list(item->record, FIELD_case_unknown);
    for (ptrdiff_t i = 0; i < unknown.count; i++) {
        const struct reference_value *reference = value_reference(&unknown.items[i]);
        if (reference->target == TARGET_FIELD &&
            value_is_stated(record_get(item->record, reference->field))) {
            DIAG(checking->diag, CODE_record_unknown_but_stated, unknown.items[i].span,
                 reference->id);
        }
    }
}

void check_actors(const struct checking *checking, const struct item *item)
{
    if (item->kind != ITEM_CASE) {
        return;
    }
    bool lacks_facts =
        item_language(item, 0) != 0 && record_get(item->record, FIELD_case_kind) == NULL;
    struct value_list actors = record_list(item->record, FIELD_case_actors);
    for (ptrdiff_t i = 0; i < actors.count && !lacks_facts; i++) {
        const struct record *actor = actors.items[i].as.group;
        bool in_register = record_get(actor, FIELD_actor_actor) != NULL;
        bool named = value_is_stated(record_get(actor, FIELD_actor_name)) &&
                     value_is_stated(record_get(actor, FIELD_actor_type));
        bool is_lost = record_is_broken(actor, FIELD_actor_actor) ||
                       record_is_broken(actor, FIELD_actor_name) ||
                       record_is_broken(actor, FIELD_actor_type);
        if (!in_register && !named && !is_lost) {
            DIAG(checking->diag, CODE_record_actor_unnamed, actors.items[i].span,
                 record_text(actor, FIELD_actor_id));
        }
    }
}
