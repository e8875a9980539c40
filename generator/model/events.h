/*
 * events: what takes place on a day that is known. A meeting with its record, the next meeting
 * that minutes or a newsletter announce, a row of the register of events. Calendars, and what
 * pages tell programs, are made of them.
 *
 * Where the sources name no day, there is no event; a time or a place that they do not name is
 * left out.
 */
#ifndef KYODO_EVENTS_H
#define KYODO_EVENTS_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

struct event {
    const struct item *item; /* the meeting, or the text that announces; NULL: a row */
    const struct record
        *next; /* what it announces (SHAPE next_meeting); NULL: the meeting itself */
    const struct table *table; /* of a row: the register of events */
    ptrdiff_t row;
    struct date date;    /* of day precision */
    int begins, ends;    /* minutes since midnight in the site's time zone; -1: not stated */
    struct date updated; /* when what is told of it changed last; may be DATE_NONE */
    ptrdiff_t order;     /* among all of the site, before they are sorted */
};

/** A meeting. False when it has no day. */
bool event_of_meeting(const struct item *item, struct event *event);
/** What minutes or a newsletter announce. False when they announce nothing. */
bool event_announced(const struct item *item, struct event *event);
/** The register of events, or NULL. */
const struct table *events_table(const struct site *site);
bool event_of_row(const struct table *table, ptrdiff_t row, struct event *event);

/** All of a site, by day and time. What stands twice is there once: a row of the register whose id
 * is that of a meeting, and an announcement of what begins at a time at which another entry does.
 * Lives in `arena`. */
const struct event *events_of_site(const struct site *site, struct arena *arena, ptrdiff_t *count);

enum event_word { EVENT_NAME, EVENT_BODY, EVENT_PLACE, EVENT_ACCESS, EVENT_AGENDA };
/** A text of an event in `language`, plain; `*actual` tells in which language it is. Empty when it
 * is not stated. */
struct slice event_word(const struct event *event, enum event_word word, int language, int *actual,
                        struct arena *arena);
/** What names it for ever, apart from the site: `review-committee-6`, or for what is announced
 * `news/kyodo-tsushin-3rd-meeting/next`. */
struct slice event_id(const struct event *event, struct arena *arena);
/** Its page, with the fragment where it is told: `ja/meetings/review-committee-6/`. Empty for a row
 * without a page. */
struct slice event_address(const struct site *site, const struct event *event, int language,
                           struct arena *arena);

/** A time zone without summer time. */
struct time_zone {
    struct slice id;   /* of the tz database */
    struct slice name; /* short: JST */
    int offset;        /* minutes east of Greenwich */
};
/** That of site.yaml; NULL when it names none, or one that is not known (validate/ says so). */
const struct time_zone *site_time_zone(const struct site *site);
/** The ids of all that are known, joined for a sentence. */
struct slice time_zones_known(struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
