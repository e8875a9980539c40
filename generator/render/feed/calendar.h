/*
 * Calendars (iCalendar, RFC 5545): a file for each meeting, each announcement and each row of the
 * register of events that has a page, beside that page; and one a language with all of them,
 * `ja/calendar.ics`, to subscribe to.
 */
#ifndef KYODO_CALENDAR_H
#define KYODO_CALENDAR_H

#include "events.h"
#include "render_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `ja/calendar.ics`; there is none when nothing takes place on a known day. */
struct slice calendar_address(const struct site *site, int language, struct arena *arena);
/** `ja/meetings/review-committee-6/review-committee-6.ics`, of an announcement
 * `ja/news/<id>/next-meeting.ics`; empty for an event without a page. */
struct slice calendar_event_address(const struct site *site, const struct event *event,
                                    int language, struct arena *arena);

/** Append a content line (`NAME:value`), folded at 75 octets, never inside a character. */
void calendar_put_line(struct slice line, struct buffer *out);
void calendar_plan(struct render *render);
/** A TEXT value: backslash, comma, semicolon and line breaks escaped; control characters left out.
 */
struct slice calendar_text(struct slice plain, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
