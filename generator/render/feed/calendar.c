#include "calendar.h"

#include "feed.h"

/* ---- RFC 5545, 3.1 and 3.3.11 ---- */

#define LINE_OCTETS 75

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

void calendar_put_line(struct slice line, struct buffer *out)
{
    ptrdiff_t at = 0;
    do {
        ptrdiff_t room = at == 0 ? LINE_OCTETS : LINE_OCTETS - 1; /* the space counts, too */
        ptrdiff_t end = line.length - at <= room ? line.length : at + room;
        while (end < line.length && continues_character(line.data[end])) {
            end--;
        }
        if (at > 0) {
            buffer_append_byte(out, ' ');
        }
        buffer_append(out, slice_sub(line, at, end));
        buffer_append_literal(out, "\r\n");
        at = end;
    } while (at < line.length);
}

struct slice calendar_text(struct slice plain, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text);
    for (ptrdiff_t i = 0; i < plain.length; i++) {
        char c = plain.data[i];
        if (c == '\n') {
            buffer_append_literal(&text, "\\n");
        } else if (c == '\\' || c == ',' || c == ';') {
            buffer_append_byte(&text, '\\');
            buffer_append_byte(&text, c);
        } else if ((unsigned char)c >= 0x20 && c != 0x7F) {
            buffer_append_byte(&text, c);
        }
    }
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    buffer_release(&text);
    return kept;
}

/* ---- One event ---- */

struct calendar {
    const struct site *site;
    const struct time_zone *zone;
    struct arena *arena;
    struct buffer *out;
    int language;
};

static void put_property(const struct calendar *calendar, struct slice name, struct slice value)
{
    calendar_put_line(ARENA_JOIN(calendar->arena, name, SLICE(":"), value), calendar->out);
}

static void put(const struct calendar *calendar, const char *name, struct slice value)
{
    put_property(calendar, slice_of(name), value);
}

/* A text with its language; nothing when it is not stated. */
static void put_words(const struct calendar *calendar, const char *name, struct slice plain,
                      int language)
{
    if (plain.length == 0) {
        return;
    }
    struct slice property = slice_of(name);
    if (language >= 0) {
        property = ARENA_JOIN(calendar->arena, property, SLICE(";LANGUAGE="),
                              calendar->site->languages[language].tag);
    }
    put_property(calendar, property, calendar_text(plain, calendar->arena));
}

static struct slice day_text(struct arena *arena, struct date date)
{
    struct date day = date_from_days(date_first_day(date));
    return arena_format(arena, "%04d%02d%02d", day.year, day.month, day.day);
}

/* A day; or a time of it in the site's zone, and where no zone is known, by the clock of the place
 * (a floating time). */
static void put_moment(const struct calendar *calendar, const char *name, struct date date,
                       int minutes)
{
    struct slice day = day_text(calendar->arena, date);
    struct slice property = slice_of(name);
    if (minutes < 0) {
        property = ARENA_JOIN(calendar->arena, property, SLICE(";VALUE=DATE"));
        put_property(calendar, property, day);
        return;
    }
    bool is_utc = calendar->zone != NULL && calendar->zone->offset == 0;
    if (calendar->zone != NULL && !is_utc) {
        property = ARENA_JOIN(calendar->arena, property, SLICE(";TZID="), calendar->zone->id);
    }
    put_property(calendar, property,
                 arena_format(calendar->arena, "%.*sT%02d%02d00%s", SLICE_ARGUMENTS(day),
                              minutes / 60, minutes % 60, is_utc ? "Z" : ""));
}

/* The host is part of it, so that two sites' events are never taken for one. */
static struct slice host_of(const struct site *site)
{
    struct slice base = site->base_url;
    ptrdiff_t scheme = slice_find(base, SLICE("://"), 0);
    ptrdiff_t start = scheme < 0 ? 0 : scheme + 3;
    ptrdiff_t end = slice_find_byte(base, '/', start);
    return slice_sub(base, start, end < 0 ? base.length : end);
}

static struct slice absolute_url(const struct calendar *calendar, struct slice address)
{
    struct buffer path;
    buffer_init(&path);
    escape_url_path(&path, address);
    struct slice url = ARENA_JOIN(calendar->arena, calendar->site->base_url, buffer_slice(&path));
    buffer_release(&path);
    return url;
}

/* Agenda and the way there: what calendars have no property of their own for. */
static void put_description(const struct calendar *calendar, const struct event *event)
{
    static const enum event_word words[] = {EVENT_AGENDA, EVENT_ACCESS};
    struct slice text = {0};
    int actual = calendar->language;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        int language;
        struct slice word =
            event_word(event, words[i], calendar->language, &language, calendar->arena);
        if (word.length > 0) {
            actual = text.length == 0 ? language : actual == language ? actual : -1;
            text = text.length == 0 ? word : ARENA_JOIN(calendar->arena, text, SLICE("\n\n"), word);
        }
    }
    put_words(calendar, "DESCRIPTION", text, actual);
}

/* Without METHOD, DTSTAMP is when what the entry says was last changed (3.8.7.2); where nobody
 * tells that, it is the site's reference date. Never the clock. */
static void put_event(const struct calendar *calendar, const struct event *event)
{
    const struct site *site = calendar->site;
    struct arena *arena = calendar->arena;
    struct date changed =
        event->updated.precision == DATE_DAY ? event->updated : site->reference_date;
    put(calendar, "BEGIN", SLICE("VEVENT"));
    put(calendar, "UID", ARENA_JOIN(arena, event_id(event, arena), SLICE("@"), host_of(site)));
    put(calendar, "DTSTAMP", ARENA_JOIN(arena, day_text(arena, changed), SLICE("T000000Z")));
    put_moment(calendar, "DTSTART", event->date, event->begins);
    if (event->begins >= 0 && event->ends > event->begins) {
        put_moment(calendar, "DTEND", event->date, event->ends);
    }
    int actual;
    struct slice name = event_word(event, EVENT_NAME, calendar->language, &actual, arena);
    put_words(calendar, "SUMMARY", name, actual);
    struct slice place = event_word(event, EVENT_PLACE, calendar->language, &actual, arena);
    put_words(calendar, "LOCATION", place, actual);
    put_description(calendar, event);
    struct slice address = event_address(site, event, calendar->language, arena);
    if (address.length > 0) {
        put(calendar, "URL", absolute_url(calendar, address));
    }
    put(calendar, "END", SLICE("VEVENT"));
}

/* ---- A calendar ---- */

/* A zone without summer time: it has been the same for as long as any event is old. */
static void put_zone(const struct calendar *calendar)
{
    const struct time_zone *zone = calendar->zone;
    if (zone == NULL || zone->offset == 0) {
        return;
    }
    int minutes = zone->offset < 0 ? -zone->offset : zone->offset;
    struct slice offset = arena_format(calendar->arena, "%c%02d%02d", zone->offset < 0 ? '-' : '+',
                                       minutes / 60, minutes % 60);
    put(calendar, "BEGIN", SLICE("VTIMEZONE"));
    put(calendar, "TZID", zone->id);
    put(calendar, "BEGIN", SLICE("STANDARD"));
    put(calendar, "DTSTART", SLICE("19700101T000000"));
    put(calendar, "TZOFFSETFROM", offset);
    put(calendar, "TZOFFSETTO", offset);
    put(calendar, "TZNAME", zone->name);
    put(calendar, "END", SLICE("STANDARD"));
    put(calendar, "END", SLICE("VTIMEZONE"));
}

/* `title` names a calendar that is subscribed to; empty for a single entry. */
static void put_calendar(const struct calendar *calendar, struct slice title,
                         const struct event *events, ptrdiff_t count)
{
    put(calendar, "BEGIN", SLICE("VCALENDAR"));
    put(calendar, "VERSION", SLICE("2.0"));
    put(calendar, "PRODID", SLICE("-//kyodo//kyodo//EN"));
    put(calendar, "CALSCALE", SLICE("GREGORIAN"));
    if (title.length > 0) {
        put_words(calendar, "NAME", title, calendar->language); /* RFC 7986, and before it: */
        put(calendar, "X-WR-CALNAME", calendar_text(title, calendar->arena));
    }
    bool has_times = false;
    for (ptrdiff_t i = 0; i < count; i++) {
        has_times = has_times || events[i].begins >= 0;
    }
    if (has_times) {
        put_zone(calendar);
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        put_event(calendar, &events[i]);
    }
    put(calendar, "END", SLICE("VCALENDAR"));
}

static struct calendar calendar_begin(const struct render *render, const struct artefact *artefact,
                                      struct render_worker *worker, struct buffer *out)
{
    return (struct calendar){.site = render->site,
                             .zone = site_time_zone(render->site),
                             .arena = &worker->scratch,
                             .out = out,
                             .language = artefact->language};
}

static bool make_calendar(const struct render *render, const struct artefact *artefact,
                          struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct calendar calendar = calendar_begin(render, artefact, worker, out);
    ptrdiff_t count;
    const struct event *events = events_of_site(calendar.site, calendar.arena, &count);
    put_calendar(&calendar,
                 record_word(calendar.site->config, FIELD_site_title, calendar.language, NULL),
                 events, count);
    return true;
}

static bool make_event(const struct render *render, const struct artefact *artefact,
                       struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct calendar calendar = calendar_begin(render, artefact, worker, out);
    put_calendar(&calendar, (struct slice){0}, artefact->subject, 1);
    return true;
}

/* ---- Plan ---- */

struct slice calendar_address(const struct site *site, int language, struct arena *arena)
{
    return address_in_language(site, language, SLICE("calendar.ics"), arena);
}

struct slice calendar_event_address(const struct site *site, const struct event *event,
                                    int language, struct arena *arena)
{
    struct slice page = event_address(site, event, language, arena);
    if (page.length == 0) {
        return page;
    }
    struct slice name = event->next != NULL ? SLICE("next-meeting") : event_id(event, arena);
    return ARENA_JOIN(arena, page, name, SLICE(".ics"));
}

static void plan_event(struct render *render, const struct event *event, int language)
{
    struct slice address = calendar_event_address(render->site, event, language, &render->arena);
    if (address.length > 0) {
        struct event *own = ARENA_NEW(&render->arena, struct event);
        *own = *event;
        struct artefact *artefact =
            plan_add(render, address, GROUP_FEED, PHASE_PAGES, true, make_event);
        artefact->subject = own;
        artefact->language = language;
    }
}

static void plan_announced(struct render *render, const struct item *item, int language)
{
    struct event event;
    if (event_announced(item, &event)) {
        plan_event(render, &event, language);
    }
}

static void plan_language(struct render *render, int language)
{
    const struct site *site = render->site;
    const struct table *table = events_table(site);
    struct event event;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_NEWS]; i++) {
        plan_announced(render, &site->items[ITEM_NEWS][i], language);
    }
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_MEETING]; i++) {
        const struct item *item = &site->items[ITEM_MEETING][i];
        if (event_of_meeting(item, &event)) {
            plan_event(render, &event, language);
        }
        plan_announced(render, item, language);
    }
    for (ptrdiff_t row = 0; table != NULL && row < table->row_count; row++) {
        if (event_of_row(table, row, &event)) {
            plan_event(render, &event, language);
        }
    }
}

void calendar_plan(struct render *render)
{
    const struct site *site = render->site;
    ptrdiff_t count;
    events_of_site(site, &render->arena, &count);
    for (int language = 0; count > 0 && language < site->language_count; language++) {
        plan_language(render, language);
        plan_add(render, calendar_address(site, language, &render->arena), GROUP_FEED, PHASE_PAGES,
                 true, make_calendar)
            ->language = language;
    }
}
