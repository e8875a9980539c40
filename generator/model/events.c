#include "events.h"

/* ---- Time ---- */

#define LITERAL(text)            \
    {                            \
        (text), sizeof(text) - 1 \
    }

/* Those of which a fixed distance from UTC says all: a zone with summer time would need its rules
 * in every calendar. */
static const struct time_zone zones[] = {
    {LITERAL("Asia/Tokyo"), LITERAL("JST"), 540},
    {LITERAL("Etc/UTC"), LITERAL("UTC"), 0},
};

const struct time_zone *site_time_zone(const struct site *site)
{
    struct slice id = record_text(site->config, FIELD_site_time_zone);
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        if (slice_equal(id, zones[i].id)) {
            return &zones[i];
        }
    }
    return NULL;
}

struct slice time_zones_known(struct arena *arena)
{
    struct slice known = zones[0].id;
    for (size_t i = 1; i < sizeof(zones) / sizeof(zones[0]); i++) {
        known = ARENA_JOIN(arena, known, SLICE(", "), zones[i].id);
    }
    return known;
}

/* Minutes since midnight of `9:30` or `09:30:00`; -1 when it says nothing that can be read. */
static int minutes_of(struct slice text)
{
    struct slice rest = text;
    int64_t hours;
    int64_t minutes;
    if (!slice_to_integer(slice_cut(&rest, ':'), &hours) ||
        !slice_to_integer(slice_cut(&rest, ':'), &minutes) || hours < 0 || hours > 23 ||
        minutes < 0 || minutes > 59) {
        return -1;
    }
    return (int)(hours * 60 + minutes);
}

static int minutes_of_field(const struct record *record, enum field_id field)
{
    return minutes_of(record_text(record, field));
}

/* ---- Where events stand ---- */

static struct date updated_of(const struct item *item)
{
    return record_date(item->record,
                       item->kind == ITEM_NEWS ? FIELD_news_updated : FIELD_meeting_updated);
}

bool event_of_meeting(const struct item *item, struct event *event)
{
    const struct record *record = item->record;
    *event = (struct event){.item = item,
                            .row = -1,
                            .date = record_date(record, FIELD_meeting_date),
                            .begins = minutes_of_field(record, FIELD_meeting_start_time),
                            .ends = minutes_of_field(record, FIELD_meeting_end_time),
                            .updated = updated_of(item)};
    return event->date.precision == DATE_DAY;
}

bool event_announced(const struct item *item, struct event *event)
{
    const struct record *next = NULL;
    if (item->kind == ITEM_NEWS) {
        next = record_group(item->record, FIELD_news_next);
    } else if (item->kind == ITEM_MEETING) {
        next = record_group(item->record, FIELD_meeting_next);
    }
    *event = (struct event){.item = item,
                            .next = next,
                            .row = -1,
                            .date = record_date(next, FIELD_next_meeting_date),
                            .begins = minutes_of_field(next, FIELD_next_meeting_start_time),
                            .ends = -1};
    if (next != NULL) {
        event->updated = updated_of(item);
    }
    return event->date.precision == DATE_DAY;
}

const struct table *events_table(const struct site *site)
{
    const struct table *table = site_table(site, SLICE("events"));
    return table != NULL && !table->is_codelist ? table : NULL;
}

static struct slice cell_of(const struct table *table, ptrdiff_t row, const char *name)
{
    int column = table_column_by_name(table, slice_of(name));
    return column >= 0 && !table->columns[column].is_private ? table_cell(table, row, column)
                                                             : (struct slice){0};
}

bool event_of_row(const struct table *table, ptrdiff_t row, struct event *event)
{
    *event = (struct event){.table = table,
                            .row = row,
                            .begins = minutes_of(cell_of(table, row, "start_time")),
                            .ends = minutes_of(cell_of(table, row, "end_time")),
                            .updated = table->updated};
    return date_parse(cell_of(table, row, "date"), &event->date) == DATE_OK &&
           event->date.precision == DATE_DAY && table->key_column >= 0 &&
           table_cell(table, row, table->key_column).length > 0;
}

/* ---- All of a site ---- */

static int compare_events(const void *a, const void *b)
{
    const struct event *left = a;
    const struct event *right = b;
    int32_t left_day = date_first_day(left->date);
    int32_t right_day = date_first_day(right->date);
    if (left_day != right_day) {
        return left_day < right_day ? -1 : 1;
    }
    if (left->begins != right->begins) {
        return left->begins - right->begins;
    }
    return left->order < right->order ? -1 : 1;
}

/* The keys of what was listed, for finding what stands twice: `2015-07-14 570`. */
static bool is_first_at(struct map *times, const struct event *event, struct arena *arena)
{
    bool is_new = false;
    map_insert(times, arena,
               arena_format(arena, "%d %d", (int)date_first_day(event->date), event->begins),
               &is_new);
    return is_new;
}

struct listing {
    const struct site *site;
    struct arena *arena;
    VECTOR(struct event) events;
    struct map times;
};

static void list_meetings(struct listing *listing)
{
    const struct site *site = listing->site;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_MEETING]; i++) {
        struct event event;
        if (event_of_meeting(&site->items[ITEM_MEETING][i], &event)) {
            is_first_at(&listing->times, &event, listing->arena);
            *VECTOR_PUSH(listing->arena, &listing->events) = event;
        }
    }
}

static void list_rows(struct listing *listing)
{
    const struct table *table = events_table(listing->site);
    for (ptrdiff_t row = 0; table != NULL && row < table->row_count; row++) {
        struct event event;
        if (event_of_row(table, row, &event) &&
            site_item(listing->site, ITEM_MEETING, table_cell(table, row, table->key_column)) ==
                NULL) {
            is_first_at(&listing->times, &event, listing->arena);
            *VECTOR_PUSH(listing->arena, &listing->events) = event;
        }
    }
}

static void list_announced(struct listing *listing, enum item_kind kind)
{
    const struct site *site = listing->site;
    for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
        struct event event;
        if (event_announced(&site->items[kind][i], &event) &&
            is_first_at(&listing->times, &event, listing->arena)) {
            *VECTOR_PUSH(listing->arena, &listing->events) = event;
        }
    }
}

const struct event *events_of_site(const struct site *site, struct arena *arena, ptrdiff_t *count)
{
    struct listing listing = {.site = site, .arena = arena};
    list_meetings(&listing);
    list_rows(&listing);
    list_announced(&listing, ITEM_NEWS);
    list_announced(&listing, ITEM_MEETING);
    for (ptrdiff_t i = 0; i < listing.events.length; i++) {
        listing.events.data[i].order = i;
    }
    if (listing.events.length > 1) {
        qsort(listing.events.data, (size_t)listing.events.length, sizeof(struct event),
              compare_events);
    }
    *count = listing.events.length;
    return listing.events.data;
}

/* ---- Words ---- */

static struct slice word_of_row(const struct event *event, const char *name, int language,
                                int *actual, struct arena *arena)
{
    int column = table_column_by_name(event->table, slice_of(name));
    if (column < 0 || event->table->columns[column].is_private) {
        return (struct slice){0};
    }
    return table_cell_display(event->table, event->row, column, language, actual, arena);
}

/* The titles of the items of an agenda, a line each. */
static struct slice agenda_of(const struct record *record, int language, int *actual,
                              struct arena *arena)
{
    struct value_list list = record_list(record, FIELD_meeting_agenda);
    struct slice lines = {0};
    for (ptrdiff_t i = 0; i < list.count; i++) {
        struct slice title =
            record_word(list.items[i].as.group, FIELD_agenda_item_title, language, actual);
        lines = lines.length == 0 ? title : ARENA_JOIN(arena, lines, SLICE("\n"), title);
    }
    return lines;
}

static struct slice word_of_record(const struct record *record, enum field_id field, int language,
                                   int *actual)
{
    return field != FIELD_COUNT ? record_word(record, field, language, actual) : (struct slice){0};
}

struct slice event_word(const struct event *event, enum event_word word, int language, int *actual,
                        struct arena *arena)
{
    static const char *const columns[] = {"name", "body", "venue", "access", "agenda"};
    static const enum field_id meeting[] = {FIELD_meeting_title, FIELD_meeting_body,
                                            FIELD_meeting_place, FIELD_COUNT, FIELD_COUNT};
    static const enum field_id next[] = {FIELD_next_meeting_title, FIELD_COUNT,
                                         FIELD_next_meeting_place, FIELD_next_meeting_access,
                                         FIELD_next_meeting_agenda};
    *actual = language;
    if (event->table != NULL) {
        return word == EVENT_NAME
                   ? table_row_title(event->table, event->row, language, actual, arena)
                   : word_of_row(event, columns[word], language, actual, arena);
    }
    const struct record *record = event->item->record;
    if (event->next == NULL) {
        return word == EVENT_AGENDA ? agenda_of(record, language, actual, arena)
                                    : word_of_record(record, meeting[word], language, actual);
    }
    struct slice told = word_of_record(event->next, next[word], language, actual);
    if (told.length == 0 && word == EVENT_NAME) {
        /* An announcement without a title goes by that of its text. */
        told = record_word(record,
                           event->item->kind == ITEM_NEWS ? FIELD_news_title : FIELD_meeting_title,
                           language, actual);
    }
    return told;
}

struct slice event_id(const struct event *event, struct arena *arena)
{
    if (event->table != NULL) {
        return table_cell(event->table, event->row, event->table->key_column);
    }
    if (event->next == NULL) {
        return event->item->id;
    }
    return ARENA_JOIN(arena, item_kind_folder(event->item->kind), SLICE("/"), event->item->id,
                      SLICE("/next"));
}

struct slice event_address(const struct site *site, const struct event *event, int language,
                           struct arena *arena)
{
    if (event->table != NULL) {
        return event->table->has_pages
                   ? address_row(site, event->table, event->row, language, arena)
                   : (struct slice){0};
    }
    return address_item(site, event->item, language, arena);
}
