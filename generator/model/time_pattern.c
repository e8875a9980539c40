#include "registers.h"

/* Dates and times by a pattern of strptime's directives. Names are English ones, whatever the
 * locale; weekdays are read over. */

/* One of the names, whole or by its first three letters; its index, or -1. */
static int take_name(struct slice s, ptrdiff_t *at, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        struct slice name = slice_of(names[i]);
        struct slice here = slice_sub(s, *at, *at + name.length);
        struct slice start = slice_sub(s, *at, *at + 3);
        if (slice_equal_ignoring_ascii_case(here, name)) {
            *at += name.length;
            return i;
        }
        if (slice_equal_ignoring_ascii_case(start, slice_sub(name, 0, 3))) {
            *at += 3;
            return i;
        }
    }
    return -1;
}

/* `Z`, `+09:00`, `+0900`; kept as +09:00. */
static bool take_zone(struct slice s, ptrdiff_t *at, struct moment *out)
{
    if (*at < s.length && s.data[*at] == 'Z') {
        (*at)++;
        memcpy(out->zone, "Z", 2);
        return true;
    }
    int hours;
    int minutes = 0;
    if (*at >= s.length || (s.data[*at] != '+' && s.data[*at] != '-')) {
        return false;
    }
    char sign = s.data[(*at)++];
    if (!slice_take_digits(s, at, 2, &hours) || hours > 14) {
        return false;
    }
    *at += *at < s.length && s.data[*at] == ':' ? 1 : 0;
    (void)slice_take_digits(s, at, 2, &minutes);
    return minutes <= 59 &&
           snprintf(out->zone, sizeof(out->zone), "%c%02d:%02d", sign, hours, minutes) > 0;
}

static bool take_names(char directive, struct slice s, ptrdiff_t *at, struct moment *out)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
    static const char *const halves[] = {"AM", "PM"};
    if (directive == 'a' || directive == 'A') {
        return take_name(s, at, weekdays, 7) >= 0;
    }
    if (directive == 'p') {
        int half = -1;
        for (int i = 0; i < 2; i++) {
            if (slice_equal_ignoring_ascii_case(slice_sub(s, *at, *at + 2), slice_of(halves[i]))) {
                half = i;
            }
        }
        *at += 2;
        out->is_afternoon = half == 1;
        out->is_morning = half == 0;
        return half >= 0;
    }
    int month = take_name(s, at, months, 12);
    out->month = month + 1;
    return month >= 0;
}

/* Directives that stand for others. */
static struct slice expansion(char directive)
{
    return directive == 'F'   ? SLICE("%Y-%m-%d")
           : directive == 'T' ? SLICE("%H:%M:%S")
           : directive == 'R' ? SLICE("%H:%M")
           : directive == 'D' ? SLICE("%m/%d/%y")
                              : (struct slice){0};
}

static bool take_number(char directive, struct slice s, ptrdiff_t *at, struct moment *out)
{
    int value;
    switch (directive) {
    case 'Y':
        return slice_take_digits(s, at, 4, &out->year);
    case 'y':
        if (!slice_take_digits(s, at, 2, &out->year)) {
            return false;
        }
        out->year += out->year >= 69 ? 1900 : 2000; /* as POSIX's strptime has it */
        return true;
    case 'm':
        return slice_take_digits(s, at, 2, &out->month);
    case 'd':
    case 'e':
        *at += directive == 'e' && *at < s.length && s.data[*at] == ' ' ? 1 : 0;
        return slice_take_digits(s, at, 2, &out->day);
    case 'j':
        return slice_take_digits(s, at, 3, &out->day_of_year) && out->day_of_year >= 1;
    case 'H':
        return slice_take_digits(s, at, 2, &out->hour);
    case 'I':
        return slice_take_digits(s, at, 2, &out->hour) && out->hour >= 1 && out->hour <= 12;
    case 'M':
        return slice_take_digits(s, at, 2, &out->minute);
    case 'S':
        return slice_take_digits(s, at, 2, &out->second);
    case 'f':
        return slice_take_digits(s, at, 6, &value); /* parts of a second are read over */
    default:
        return false;
    }
}

static bool match(struct slice pattern, struct slice s, ptrdiff_t *at, struct moment *out)
{
    for (ptrdiff_t i = 0; i < pattern.length; i++) {
        if (pattern.data[i] != '%' || i + 1 == pattern.length || pattern.data[i + 1] == '%') {
            i += pattern.data[i] == '%' && i + 1 < pattern.length ? 1 : 0;
            if (*at >= s.length || s.data[(*at)++] != pattern.data[i]) {
                return false;
            }
            continue;
        }
        char directive = pattern.data[++i];
        struct slice others = expansion(directive);
        bool is_name = slice_find_byte(SLICE("aAbBhp"), directive, 0) >= 0;
        bool is_zone = directive == 'z' || directive == 'Z';
        bool fits = others.length > 0 ? match(others, s, at, out)
                    : is_name         ? take_names(directive, s, at, out)
                    : is_zone         ? take_zone(s, at, out)
                                      : take_number(directive, s, at, out);
        if (!fits) {
            return false;
        }
    }
    return true;
}

bool time_pattern_match(struct slice pattern, struct slice s, struct moment *out)
{
    *out = (struct moment){.year = 1900, .month = 1, .day = 1};
    ptrdiff_t at = 0;
    if (!match(pattern, s, &at, out) || at != s.length) {
        return false;
    }
    out->hour = out->is_afternoon && out->hour < 12  ? out->hour + 12
                : out->is_morning && out->hour == 12 ? 0
                                                     : out->hour;
    if (out->day_of_year > 0) {
        struct date date = date_from_days(date_to_days(out->year, 1, 1) + out->day_of_year - 1);
        if (date.year != out->year) {
            return false;
        }
        out->month = (unsigned char)date.month;
        out->day = (unsigned char)date.day;
    }
    return out->hour <= 23 && out->minute <= 59 && out->second <= 59;
}
