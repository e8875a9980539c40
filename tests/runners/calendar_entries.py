"""Prints what stands in iCalendar files as JSON, a line a file:  calendar_entries.py FILE...

A program of its own, because icalendar may belong to another Python than the one that runs the
tests. """

import datetime
import json
import sys

import icalendar


def entry(event):
    start, end = event["DTSTART"], event.get("DTEND")
    return {
        "uid": str(event["UID"]),
        "stamp": event["DTSTAMP"].to_ical().decode("ascii"),
        "start": start.dt.isoformat(),
        "is_day": not isinstance(start.dt, datetime.datetime),
        "parameters": {name: str(value) for name, value in start.params.items()},
        "ends_after": end is None or end.dt > start.dt,
        "summary": str(event["SUMMARY"]),
        "url": str(event.get("URL", "")),
        "errors": [str(error) for error in event.errors],
    }


def main():
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            calendar = icalendar.Calendar.from_ical(file.read())
        print(
            json.dumps(
                {
                    "path": path,
                    "version": str(calendar["VERSION"]),
                    "product": str(calendar["PRODID"]),
                    "zones": [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")],
                    "events": [entry(event) for event in calendar.walk("VEVENT")],
                }
            )
        )


if __name__ == "__main__":
    main()
