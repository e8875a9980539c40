#include "model.h"

/* Dates as people in Japanese city halls write them (domain.md I1 to I9). The text is first folded:
 * full-width digits, stops and brackets to ASCII, era signs and names to a letter, spaces dropped;
 * then read by one small grammar. */

enum { FOLDED_MOST = 64 };

struct era {
    char letter;
    int first_year; /* year 1 of the era */
    int32_t first_day, last_day;
};

/* First and last days: 明治 1868-10-23 (Gregorian), 大正 1912-07-30, 昭和 1926-12-25, 平成
 * 1989-01-08, 令和 2019-05-01. A day of change counts for both. */
static const struct {
    char letter;
    const char *name;
    int first[3];
    int last[3];
} eras[] = {
    {'M', "明治", {1868, 10, 23}, {1912, 7, 30}}, {'T', "大正", {1912, 7, 30}, {1926, 12, 25}},
    {'S', "昭和", {1926, 12, 25}, {1989, 1, 7}},  {'H', "平成", {1989, 1, 8}, {2019, 4, 30}},
    {'R', "令和", {2019, 5, 1}, {9999, 12, 31}},
};
#define ERAS ((int)(sizeof(eras) / sizeof(eras[0])))

static bool era_by_letter(char letter, struct era *out)
{
    for (int i = 0; i < ERAS; i++) {
        if (eras[i].letter == letter) {
            out->letter = letter;
            out->first_year = eras[i].first[0];
            out->first_day = date_to_days(eras[i].first[0], eras[i].first[1], eras[i].first[2]);
            out->last_day = date_to_days(eras[i].last[0], eras[i].last[1], eras[i].last[2]);
            return true;
        }
    }
    return false;
}

/* The folded alphabet: digits, `-` (also for `/` and `.`), era letters, Y (年) F (年度) m (月) d
 * (日) 1 for 元, ( and ) with w0 to w6 between. */
struct folded {
    char text[FOLDED_MOST];
    int length;
    int weekday; /* -1: none given; else 0 = Sunday */
};

static bool fold_word(struct slice rest, ptrdiff_t *taken, const char **as)
{
    static const struct {
        const char *from;
        const char *to;
    } words[] = {
        {"明治", "M"},    {"大正", "T"},  {"昭和", "S"}, {"平成", "H"},  {"令和", "R"},
        {"㍾", "M"},      {"㍽", "T"},    {"㍼", "S"},   {"㍻", "H"},    {"㋿", "R"},
        {"元年度", "1F"}, {"元年", "1Y"}, {"年度", "F"}, {"年", "Y"},    {"月", "m"},
        {"日", "d"},      {"／", "-"},    {"．", "-"},   {"－", "-"},    {"/", "-"},
        {".", "-"},       {"　", ""},     {" ", ""},     {"\u00a0", ""}, {"FY", "E"},
        {"M", "M"},       {"T", "T"},     {"S", "S"},    {"H", "H"},     {"R", "R"},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct slice from = slice_of(words[i].from);
        if (slice_starts_with(rest, from)) {
            *taken = from.length;
            *as = words[i].to;
            return true;
        }
    }
    return false;
}

/* `（火）` or `(火曜日)` at the end. */
static bool fold_weekday(struct slice rest, ptrdiff_t *taken, int *weekday)
{
    static const char *const names[] = {"日", "月", "火", "水", "木", "金", "土"};
    struct slice s = rest;
    if (slice_starts_with(s, SLICE("("))) {
        s = slice_from(s, 1);
    } else if (slice_starts_with(s, SLICE("（"))) {
        s = slice_from(s, (ptrdiff_t)sizeof("（") - 1);
    } else {
        return false;
    }
    for (int day = 0; day < 7; day++) {
        struct slice name = slice_of(names[day]);
        if (!slice_starts_with(s, name)) {
            continue;
        }
        s = slice_from(s, name.length);
        if (slice_starts_with(s, SLICE("曜日"))) {
            s = slice_from(s, (ptrdiff_t)sizeof("曜日") - 1);
        } else if (slice_starts_with(s, SLICE("曜"))) {
            s = slice_from(s, (ptrdiff_t)sizeof("曜") - 1);
        }
        ptrdiff_t close = slice_starts_with(s, SLICE(")"))    ? 1
                          : slice_starts_with(s, SLICE("）")) ? (ptrdiff_t)sizeof("）") - 1
                                                              : 0;
        if (close == 0) {
            return false;
        }
        *taken = rest.length - s.length + close;
        *weekday = day;
        return true;
    }
    return false;
}

/* `平成28年(2016)年3月`: the Western year in brackets repeats the era year; it is skipped when it
 * agrees. */
static bool skip_western_year(struct slice rest, ptrdiff_t *taken, int *year)
{
    ptrdiff_t at = slice_starts_with(rest, SLICE("("))    ? 1
                   : slice_starts_with(rest, SLICE("（")) ? (ptrdiff_t)sizeof("（") - 1
                                                          : 0;
    if (at == 0 || rest.length < at + 5) {
        return false;
    }
    int64_t value;
    if (!slice_to_integer(slice_sub(rest, at, at + 4), &value)) {
        return false;
    }
    at += 4;
    struct slice tail = slice_from(rest, at);
    if (slice_starts_with(tail, SLICE("年"))) {
        at += (ptrdiff_t)sizeof("年") - 1;
        tail = slice_from(rest, at);
    }
    ptrdiff_t close = slice_starts_with(tail, SLICE(")"))    ? 1
                      : slice_starts_with(tail, SLICE("）")) ? (ptrdiff_t)sizeof("）") - 1
                                                             : 0;
    if (close == 0) {
        return false;
    }
    at += close;
    /* In `年(2016)年3月` the 年 after the bracket is a repetition. */
    if (slice_starts_with(slice_from(rest, at), SLICE("年")) &&
        !slice_starts_with(slice_from(rest, at), SLICE("年度"))) {
        at += (ptrdiff_t)sizeof("年") - 1;
    }
    *taken = at;
    *year = (int)value;
    return true;
}

static bool fold(struct slice text, struct folded *out, int *western)
{
    out->length = 0;
    out->weekday = -1;
    *western = 0;
    struct slice rest = slice_trim_wide(text);
    while (rest.length > 0) {
        ptrdiff_t taken = 0;
        const char *as = "";
        char digit[2] = {0, 0};
        ptrdiff_t at = 0;
        int32_t c = utf8_next(rest, &at);
        if ((c >= '0' && c <= '9') || c == '-') { /* all of most dates */
            digit[0] = (char)c;
            as = digit;
            taken = at;
        } else if (c >= 0xFF10 && c <= 0xFF19) {
            digit[0] = (char)('0' + (c - 0xFF10));
            as = digit;
            taken = at;
        } else if (fold_weekday(rest, &taken, &out->weekday)) {
            if (taken != rest.length) {
                return false; /* nothing may follow */
            }
        } else if (!skip_western_year(rest, &taken, western) && !fold_word(rest, &taken, &as)) {
            return false;
        }
        for (; *as != '\0'; as++) {
            if (out->length == FOLDED_MOST - 1) {
                return false;
            }
            out->text[out->length++] = *as;
        }
        rest = slice_from(rest, taken);
    }
    out->text[out->length] = '\0';
    return out->length > 0;
}

static bool take_number(const char **at, int most_digits, int *out)
{
    int value = 0;
    int digits = 0;
    while (**at >= '0' && **at <= '9' && digits < most_digits) {
        value = value * 10 + (**at - '0');
        (*at)++;
        digits++;
    }
    *out = value;
    return digits > 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* What follows the year: nothing, 年, 年度, 月 and 日, or `-m-d`. */
static bool read_rest(const char *at, struct date *date)
{
    int month = 0;
    int day = 0;
    if (*at == 'F') {
        date->precision = DATE_FISCAL_YEAR;
        return at[1] == '\0';
    }
    if (*at == '\0' || (*at == 'Y' && at[1] == '\0')) {
        date->precision = DATE_YEAR;
        return true;
    }
    bool is_japanese = *at == 'Y';
    if (!is_japanese && *at != '-') {
        return false;
    }
    at++;
    if (!take_number(&at, 2, &month)) {
        return false;
    }
    date->month = (int8_t)month;
    date->precision = DATE_MONTH;
    if (*at == '\0' || (*at == 'm' && at[1] == '\0')) {
        return true;
    }
    if (*at != 'm' && *at != '-') {
        return false;
    }
    at++;
    if (!take_number(&at, 2, &day)) {
        return false;
    }
    date->day = (int8_t)day;
    date->precision = DATE_DAY;
    return *at == '\0' || (*at == 'd' && at[1] == '\0');
}

static bool is_possible(struct date date)
{
    if (date.precision == DATE_YEAR || date.precision == DATE_FISCAL_YEAR) {
        return true;
    }
    if (date.month < 1 || date.month > 12) {
        return false;
    }
    return date.precision == DATE_MONTH ||
           (date.day >= 1 && date.day <= days_in_month(date.year, date.month));
}

enum date_problem date_parse(struct slice text, struct date *out)
{
    struct folded folded;
    int western;
    if (!fold(text, &folded, &western)) {
        return DATE_UNREADABLE;
    }
    const char *at = folded.text;
    struct era era = {0};
    int year = 0;
    bool has_era = era_by_letter(*at, &era);
    bool is_fiscal = *at == 'E';
    if (has_era || is_fiscal) {
        at++;
    }
    if (!take_number(&at, 4, &year)) {
        return DATE_UNREADABLE;
    }
    if (has_era) {
        if (year < 1 || year > 200) {
            return DATE_UNREADABLE;
        }
        year += era.first_year - 1;
        if (western != 0 && western != year) {
            return DATE_IMPOSSIBLE;
        }
    } else if (year < 1000) {
        return DATE_UNREADABLE; /* a year without its era or century is not guessed (domain.md I3)
                                 */
    }
    struct date date = {.year = (int16_t)year};
    if (is_fiscal) {
        if (*at != '\0') {
            return DATE_UNREADABLE;
        }
        date.precision = DATE_FISCAL_YEAR;
    } else if (!read_rest(at, &date)) {
        return DATE_UNREADABLE;
    }
    if (!is_possible(date)) {
        return DATE_IMPOSSIBLE;
    }
    *out = date;
    if (has_era && (date_last_day(date) < era.first_day || date_first_day(date) > era.last_day)) {
        return DATE_OUTSIDE_ERA;
    }
    if (folded.weekday >= 0 &&
        (date.precision != DATE_DAY || date_weekday(date_first_day(date)) != folded.weekday)) {
        return DATE_WRONG_WEEKDAY;
    }
    return DATE_OK;
}

int32_t date_to_days(int year, int month, int day)
{
    /* Days from civil, with years that begin in March. */
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

struct date date_from_days(int32_t days)
{
    int z = days + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    int m = (5 * of_year + 2) / 153;
    int day = of_year - (153 * m + 2) / 5 + 1;
    int month = m < 10 ? m + 3 : m - 9;
    int year = of_era + era * 400 + (month <= 2 ? 1 : 0);
    return (struct date){
        .year = (int16_t)year, .month = (int8_t)month, .day = (int8_t)day, .precision = DATE_DAY};
}

int32_t date_first_day(struct date date)
{
    switch (date.precision) {
    case DATE_NONE:
        return 0;
    case DATE_YEAR:
        return date_to_days(date.year, 1, 1);
    case DATE_FISCAL_YEAR:
        return date_to_days(date.year, 4, 1);
    case DATE_MONTH:
        return date_to_days(date.year, date.month, 1);
    case DATE_DAY:
        return date_to_days(date.year, date.month, date.day);
    }
    BUG("a date with no precision of ours");
}

int32_t date_last_day(struct date date)
{
    switch (date.precision) {
    case DATE_NONE:
        return 0;
    case DATE_YEAR:
        return date_to_days(date.year, 12, 31);
    case DATE_FISCAL_YEAR:
        return date_to_days(date.year + 1, 3, 31);
    case DATE_MONTH:
        return date_to_days(date.year, date.month, days_in_month(date.year, date.month));
    case DATE_DAY:
        return date_to_days(date.year, date.month, date.day);
    }
    BUG("a date with no precision of ours");
}

int date_weekday(int32_t days)
{
    int weekday = (days + 4) % 7; /* 1970-01-01 was a Thursday */
    return weekday < 0 ? weekday + 7 : weekday;
}

struct slice date_iso(struct arena *arena, struct date date)
{
    switch (date.precision) {
    case DATE_NONE:
        return (struct slice){0};
    case DATE_YEAR:
        return arena_format(arena, "%04d", date.year);
    case DATE_FISCAL_YEAR:
        return arena_format(arena, "FY%04d", date.year);
    case DATE_MONTH:
        return arena_format(arena, "%04d-%02d", date.year, date.month);
    case DATE_DAY:
        return arena_format(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
    }
    BUG("a date with no precision of ours");
}

struct slice date_in_era(struct arena *arena, struct date date)
{
    int32_t day = date_first_day(date);
    struct era era = {0};
    int at = ERAS - 1;
    while (at >= 0 && era_by_letter(eras[at].letter, &era) && day < era.first_day) {
        at--;
    }
    if (at < 0) {
        return SLICE("");
    }
    int number = date.year - era.first_year + 1;
    struct slice year = number == 1 ? SLICE("元") : arena_format(arena, "%d", number);
    struct slice name = slice_of(eras[at].name);
    switch (date.precision) {
    case DATE_NONE:
        return SLICE("");
    case DATE_YEAR:
        return ARENA_JOIN(arena, name, year, SLICE("年"));
    case DATE_FISCAL_YEAR:
        return ARENA_JOIN(arena, name, year, SLICE("年度"));
    case DATE_MONTH:
        return ARENA_JOIN(arena, name, year, arena_format(arena, "年%d月", date.month));
    case DATE_DAY:
        return ARENA_JOIN(arena, name, year,
                          arena_format(arena, "年%d月%d日", date.month, date.day));
    }
    BUG("a date with no precision of ours");
}
