#include "registers.h"

/* Dates, years, months and times: ISO 8601 in the model, whatever the column's format lets people
 * write. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether `s` looks like `shape`, in which 0 stands for any digit. */
static bool has_shape(struct slice s, const char *shape)
{
    ptrdiff_t i = 0;
    for (; shape[i] != '\0'; i++) {
        if (i >= s.length || (shape[i] == '0' ? !is_digit(s.data[i]) : s.data[i] != shape[i])) {
            return false;
        }
    }
    return i == s.length;
}

static enum cell_problem problem_of(enum date_problem problem)
{
    switch (problem) {
    case DATE_OK:
        return CELL_OK;
    case DATE_UNREADABLE:
        return CELL_WRONG_TYPE;
    case DATE_IMPOSSIBLE:
        return CELL_IMPOSSIBLE_DATE;
    case DATE_OUTSIDE_ERA:
        return CELL_OUTSIDE_ERA;
    case DATE_WRONG_WEEKDAY:
        return CELL_WRONG_WEEKDAY;
    }
    BUG("a date's problem of no kind");
}

static bool has_value(enum cell_problem problem)
{
    return problem == CELL_OK || problem == CELL_OUTSIDE_ERA || problem == CELL_WRONG_WEEKDAY;
}

static enum cell_problem read_pattern(const struct column_rules *rules, enum column_type type,
                                      struct slice raw, struct arena *arena, struct cell *cell)
{
    struct moment moment;
    if (!time_pattern_match(rules->format_pattern, raw, &moment)) {
        return CELL_WRONG_TYPE;
    }
    struct slice day = arena_format(arena, "%04d-%02d-%02d", moment.year, moment.month, moment.day);
    struct slice time = arena_format(arena, "%02d:%02d:%02d%s", moment.hour, moment.minute,
                                     moment.second, type == COLUMN_DATE ? "" : moment.zone);
    struct date date;
    if (type != COLUMN_TIME && date_parse(day, &date) != DATE_OK) {
        return CELL_IMPOSSIBLE_DATE;
    }
    struct slice value = type == COLUMN_DATE   ? day
                         : type == COLUMN_TIME ? time
                                               : ARENA_JOIN(arena, day, SLICE("T"), time);
    cell->value = slice_equal(value, raw) ? raw : value;
    return CELL_OK;
}

/* ---- Dates ---- */

static bool has_precision(enum column_type type, enum column_format format,
                          enum date_precision precision)
{
    if (format == FORMAT_PARTIAL_DATE) {
        return true;
    }
    return type == COLUMN_YEAR        ? precision == DATE_YEAR
           : type == COLUMN_YEARMONTH ? precision == DATE_MONTH
                                      : precision == DATE_DAY;
}

static int two_digits(struct slice s, ptrdiff_t at)
{
    return (s.data[at] - '0') * 10 + (s.data[at + 1] - '0');
}

/* A day written YYYY-MM-DD, which nearly all are: whether the calendar has it. */
static bool is_calendar_day(struct slice s)
{
    int year = two_digits(s, 0) * 100 + two_digits(s, 2);
    int month = two_digits(s, 5);
    int day = two_digits(s, 8);
    if (month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    struct date date = date_from_days(date_to_days(year, month, day));
    return date.month == month && date.day == day;
}

/* As people write dates, made ISO 8601. */
static enum cell_problem read_loose(enum column_type type, enum column_format format,
                                    struct slice raw, struct arena *arena, struct slice *value)
{
    struct date date;
    enum cell_problem problem = problem_of(date_parse(raw, &date));
    if (!has_value(problem)) {
        return problem;
    }
    if (!has_precision(type, format, date.precision)) {
        return CELL_WRONG_TYPE;
    }
    struct slice iso = date_iso(arena, date);
    *value = slice_equal(iso, raw) ? raw : iso;
    return problem;
}

/* Four digits, or more when the first is none of the zeros that fill it up (XML Schema's gYear). */
static bool is_year(struct slice s)
{
    for (ptrdiff_t i = 0; i < s.length; i++) {
        if (!is_digit(s.data[i])) {
            return false;
        }
    }
    return s.length == 4 || (s.length > 4 && s.length < 10 && s.data[0] != '0');
}

enum cell_problem cell_read_date(const struct column_rules *rules, enum column_type type,
                                 struct slice raw, struct arena *arena, struct cell *cell)
{
    if (rules->format == FORMAT_PATTERN) {
        return read_pattern(rules, type, raw, arena, cell);
    }
    bool is_loose = rules->format == FORMAT_PARTIAL_DATE || rules->format == FORMAT_JAPANESE_DATE ||
                    rules->format == FORMAT_JAPANESE_YEAR || rules->format == FORMAT_ANY;
    bool is_day = has_shape(raw, "0000-00-00");
    if (is_day && type != COLUMN_YEAR && type != COLUMN_YEARMONTH) {
        return is_calendar_day(raw) ? CELL_OK : CELL_IMPOSSIBLE_DATE;
    }
    struct slice digits = raw.length > 0 && raw.data[0] == '-' ? slice_from(raw, 1) : raw;
    bool is_iso = type == COLUMN_YEARMONTH ? has_shape(raw, "0000-00")
                                           : type == COLUMN_YEAR && is_year(digits);
    if (is_iso && type == COLUMN_YEAR) {
        return CELL_OK;
    }
    struct slice loose = raw;
    enum cell_problem problem = read_loose(type, rules->format, raw, arena, &loose);
    if (is_iso || is_loose) {
        cell->value = loose;
        return problem;
    }
    if (has_value(problem)) {
        cell->suggestion = loose;
    }
    return CELL_WRONG_TYPE;
}

/* ---- Times ---- */

/* Behind `Z`, `+09:00` or nothing. */
static ptrdiff_t skip_zone(struct slice s, ptrdiff_t at)
{
    if (at < s.length && s.data[at] == 'Z') {
        return at + 1;
    }
    if (at < s.length && (s.data[at] == '+' || s.data[at] == '-') &&
        has_shape(slice_sub(s, at + 1, at + 6), "00:00")) {
        return at + 6;
    }
    return at;
}

static bool is_clock(struct slice s)
{
    if (!has_shape(slice_sub(s, 0, 8), "00:00:00")) {
        return false;
    }
    int hour = (s.data[0] - '0') * 10 + (s.data[1] - '0');
    if (hour > 23 || s.data[3] > '5' || s.data[6] > '5') {
        return false;
    }
    ptrdiff_t at = 8;
    if (at < s.length && s.data[at] == '.') {
        ptrdiff_t start = ++at;
        while (at < s.length && is_digit(s.data[at])) {
            at++;
        }
        if (at == start) {
            return false;
        }
    }
    return skip_zone(s, at) == s.length;
}

/* `9:30`, `９：３０`, `9時30分`, `午後1時` as HH:MM, or HH:MM:SS where seconds are given or asked
 * for; data NULL when it is none. */
static struct slice read_loose_time(struct slice raw, bool with_seconds, struct arena *arena)
{
    struct slice none = {0};
    struct slice s = slice_trim(fold_wide(raw, arena));
    bool is_afternoon = slice_starts_with(s, SLICE("午後"));
    if (is_afternoon || slice_starts_with(s, SLICE("午前"))) {
        s = slice_trim(slice_from(s, (ptrdiff_t)sizeof("午後") - 1));
    }
    int parts[3] = {0, 0, 0};
    int count = 0;
    static const char *const signs[] = {"時", "分", "秒"};
    ptrdiff_t at = 0;
    bool ends_open = false;
    while (at < s.length && count < 3) {
        if (!slice_take_digits(s, &at, 2, &parts[count])) {
            return none;
        }
        ends_open = true;
        struct slice rest = slice_from(s, at);
        if (slice_starts_with(rest, slice_of(signs[count]))) {
            at += slice_of(signs[count]).length;
            ends_open = false;
        } else if (slice_starts_with(rest, SLICE(":"))) {
            at++;
        }
        count++;
        if (count == 1 && !ends_open && slice_equal(slice_from(s, at), SLICE("半"))) {
            parts[1] = 30;
            at = s.length;
        }
    }
    bool is_alone = count == 1 && ends_open; /* `9` alone is no time */
    if (at < s.length || count == 0 || is_alone || s.data[s.length - 1] == ':') {
        return none;
    }
    parts[0] += is_afternoon && parts[0] < 12 ? 12 : 0;
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) {
        return none;
    }
    return count == 3 || with_seconds
               ? arena_format(arena, "%02d:%02d:%02d", parts[0], parts[1], parts[2])
               : arena_format(arena, "%02d:%02d", parts[0], parts[1]);
}

static enum cell_problem read_clock(const struct column_rules *rules, bool with_seconds,
                                    struct slice raw, struct arena *arena, struct cell *cell)
{
    bool is_loose = rules->format == FORMAT_TIME || rules->format == FORMAT_ANY;
    bool is_exact = with_seconds ? is_clock(raw) : has_shape(raw, "00:00");
    struct slice loose = read_loose_time(raw, with_seconds, arena);
    if (with_seconds && is_exact) {
        return CELL_OK;
    }
    if (loose.data != NULL && is_loose) {
        cell->value = slice_equal(loose, raw) ? raw : loose;
        return CELL_OK;
    }
    cell->suggestion = loose.data != NULL ? loose : SLICE("");
    return CELL_WRONG_TYPE;
}

enum cell_problem cell_read_time(const struct column_rules *rules, enum column_type type,
                                 struct slice raw, struct arena *arena, struct cell *cell)
{
    if (rules->format == FORMAT_PATTERN) {
        return read_pattern(rules, type, raw, arena, cell);
    }
    if (type != COLUMN_DATETIME) {
        return read_clock(rules, type == COLUMN_TIME, raw, arena, cell);
    }
    ptrdiff_t middle = slice_find_byte(raw, 'T', 0);
    bool is_loose = rules->format == FORMAT_ANY;
    if (middle < 0) {
        middle = slice_find_byte(raw, ' ', 0);
    }
    struct slice day = slice_sub(raw, 0, middle >= 0 ? middle : raw.length);
    struct slice clock = middle >= 0 ? slice_from(raw, middle + 1) : SLICE("");
    struct slice iso_day = day;
    enum cell_problem problem = read_loose(COLUMN_DATE, FORMAT_DEFAULT, day, arena, &iso_day);
    struct slice iso_clock = is_clock(clock) ? clock : read_loose_time(clock, true, arena);
    if (problem == CELL_IMPOSSIBLE_DATE) {
        return problem;
    }
    if (!has_value(problem) || iso_clock.data == NULL) {
        return CELL_WRONG_TYPE;
    }
    struct slice value = ARENA_JOIN(arena, iso_day, SLICE("T"), iso_clock);
    if (slice_equal(value, raw)) {
        return CELL_OK;
    }
    cell->value = is_loose ? value : raw;
    cell->suggestion = value;
    return is_loose ? problem : CELL_WRONG_TYPE;
}
