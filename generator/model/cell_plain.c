#include <math.h>

#include "registers.h"

/*
 * The quick way through most cells: a text that is its own value, of the right type and within its
 * bounds, is seen to be so without taking it apart. Whatever is not plain goes the long way
 * (cell_read, constraint_check), which judges and explains.
 */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* At most 15 digits, of which a double holds every one; no leading zero. */
static bool plain_digits(struct slice s, ptrdiff_t *at, int *digits, int64_t *value)
{
    ptrdiff_t start = *at;
    while (*at < s.length && is_digit(s.data[*at])) {
        *value = *value * 10 + (s.data[*at] - '0');
        (*at)++;
        if (++*digits > 15) {
            return false;
        }
    }
    return *at > start;
}

static bool plain_integer(const struct column_rules *rules, struct slice s)
{
    bool is_negative = s.data[0] == '-';
    ptrdiff_t at = is_negative ? 1 : 0;
    int64_t value = 0;
    int digits = 0;
    ptrdiff_t start = at;
    if (!plain_digits(s, &at, &digits, &value) || at != s.length ||
        (s.data[start] == '0' && (digits > 1 || is_negative))) {
        return false;
    }
    value = is_negative ? -value : value;
    return value >= rules->plain_least && value <= rules->plain_most;
}

static bool plain_number(const struct column_rules *rules, struct slice s)
{
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool is_negative = s.data[0] == '-';
    ptrdiff_t at = is_negative ? 1 : 0;
    int64_t value = 0;
    int digits = 0;
    ptrdiff_t start = at;
    if (!plain_digits(s, &at, &digits, &value) ||
        (s.data[start] == '0' && (at - start > 1 || is_negative))) {
        return false;
    }
    int whole = digits;
    if (at < s.length && s.data[at] == '.') {
        at++;
        if (!plain_digits(s, &at, &digits, &value)) {
            return false;
        }
    }
    double number = (double)value / powers[digits - whole];
    number = is_negative ? -number : number;
    return at == s.length && number >= rules->plain_lowest && number <= rules->plain_highest;
}

static int two(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* YYYY-MM-DD of a day that every month has; the 29th and later go the long way. */
static bool plain_day(const char *at)
{
    static const char shape[] = "0000-00-00";
    for (int i = 0; i < 10; i++) {
        if (shape[i] == '0' ? !is_digit(at[i]) : at[i] != '-') {
            return false;
        }
    }
    int month = two(at + 5);
    int day = two(at + 8);
    return month >= 1 && month <= 12 && day >= 1 && day <= 28 && at[0] != '0';
}

static bool plain_clock(const char *at)
{
    static const char shape[] = "00:00:00";
    for (int i = 0; i < 8; i++) {
        if (shape[i] == '0' ? !is_digit(at[i]) : at[i] != ':') {
            return false;
        }
    }
    return two(at) <= 23 && two(at + 3) <= 59 && two(at + 6) <= 59;
}

static bool within(const struct column_rules *rules, struct slice s)
{
    for (int i = 0; i < BOUNDS; i++) {
        const struct bound *bound = &rules->bounds[i];
        if (!bound->is_set) {
            continue;
        }
        int order = slice_compare(s, bound->text);
        bool is_lower = i == BOUND_MINIMUM || i == BOUND_ABOVE;
        if (order == 0 ? i == BOUND_ABOVE || i == BOUND_BELOW : is_lower == (order < 0)) {
            return false;
        }
    }
    return true;
}

/* Signs for `the same as above`. */
bool cell_is_ditto(struct slice s)
{
    static const struct slice signs[] = {{"同上", 6}, {"〃", 3}, {"″", 3},   {"々", 3},
                                         {"\"", 1},   {"”", 3},  {"同左", 6}};
    for (size_t i = 0; s.length <= 6 && i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (slice_equal(s, signs[i])) {
            return true;
        }
    }
    return false;
}

bool cell_is_sheet_error(struct slice s)
{
    static const char *const errors[] = {"#N/A",   "#REF!", "#DIV/0!", "#VALUE!",
                                         "#NAME?", "#NUM!", "#NULL!",  "#SPILL!"};
    ptrdiff_t signs = 0;
    while (signs < s.length && s.data[signs] == '#') {
        signs++;
    }
    if (signs > 2 && signs == s.length) {
        return true;
    }
    for (size_t i = 0; signs == 1 && i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (slice_equal(s, slice_of(errors[i]))) {
            return true;
        }
    }
    return false;
}

bool cell_is_formula(struct slice s)
{
    char second = '\0';
    if (s.length > 2 && s.data[0] == '=') {
        second = s.data[1];
    }
    return (second >= 'A' && second <= 'Z') || is_digit(second) || second == '(' || second == '+' ||
           second == '-' || second == '$' || second == '"';
}

/* NEC's characters beyond JIS X 0208: ①, Ⅰ, ㈱, ㍻, № and their like. */
struct slice cell_platform_character(struct slice s)
{
    static const int32_t ranges[][2] = {{0x2116, 0x2116}, {0x2121, 0x2121}, {0x2160, 0x2179},
                                        {0x2460, 0x2473}, {0x3231, 0x3232}, {0x3239, 0x3239},
                                        {0x32A4, 0x32A8}, {0x3300, 0x33FF}};
    for (ptrdiff_t at = 0; at < s.length;) {
        ptrdiff_t start = at;
        int32_t c = utf8_next(s, &at);
        for (size_t i = 0; c >= 0x2116 && i < sizeof(ranges) / sizeof(ranges[0]); i++) {
            if (c >= ranges[i][0] && c <= ranges[i][1]) {
                return slice_sub(s, start, at);
            }
        }
    }
    return (struct slice){0};
}

/* Whether a text has bytes that one of those begins with. It is UTF-8: what follows a byte from E0
 * on is no beginning, and is passed over. */
static bool may_be_special(struct slice s)
{
    for (ptrdiff_t i = 0; i + 1 < s.length;) {
        unsigned char c = (unsigned char)s.data[i];
        unsigned char next = (unsigned char)s.data[i + 1];
        if (c == 0xE2 || (c == 0xE3 && next >= 0x88 && next <= 0x8F)) {
            return true;
        }
        i += c >= 0xE0 ? 3 : 1;
    }
    return false;
}

/* No white space at either end, and not too long: bytes are no fewer than code points. The pattern
 * is asked last. */
static bool plain_text(const struct column_rules *rules, struct slice s)
{
    unsigned char first = (unsigned char)s.data[0];
    unsigned char last = (unsigned char)s.data[s.length - 1];
    bool may_be_blank = first <= ' ' || first == 0xC2 || last <= ' ' || last == 0x80 ||
                        last == 0xA0 || (first == 0xE3 && (unsigned char)s.data[1] == 0x80);
    return (rules->length_most < 0 || s.length <= rules->length_most) && rules->length_least <= 1 &&
           (!may_be_blank || slice_trim_wide(s).length == s.length) && !may_be_special(s) &&
           first != '=' && first != '#' && !(s.length <= 6 && cell_is_ditto(s)) &&
           (rules->pattern == NULL || pattern_matches(rules->pattern, s));
}

bool cell_is_plain(const struct column_rules *rules, struct slice raw)
{
    switch (rules->plain) {
    case PLAIN_NONE:
        return false;
    case PLAIN_TEXT:
        return plain_text(rules, raw);
    case PLAIN_INTEGER:
        return plain_integer(rules, raw);
    case PLAIN_NUMBER:
        return plain_number(rules, raw);
    case PLAIN_YEAR:
        return raw.length == 4 && raw.data[0] != '0' && plain_integer(rules, raw);
    case PLAIN_DATE:
        return raw.length == 10 && plain_day(raw.data) && within(rules, raw);
    case PLAIN_DATETIME:
        return raw.length == 19 && plain_day(raw.data) && raw.data[10] == 'T' &&
               plain_clock(raw.data + 11) && within(rules, raw);
    }
    return false;
}

/* ---- Which columns have a quick way ---- */

static enum plain plain_of(const struct column *column, const struct column_rules *rules)
{
    bool is_default = rules->format == FORMAT_DEFAULT;
    bool is_text = column->type == COLUMN_STRING || column->type == COLUMN_ANY;
    bool is_judged = (rules->pattern != NULL && !is_text) || rules->choices.length > 0 ||
                     rules->categories.length > 0 || !rules->has_type ||
                     rules->decimal.length != 1 || rules->decimal.data[0] != '.' ||
                     rules->length_least_node != NULL || rules->json_schema != NULL;
    switch (column->type) {
    case COLUMN_STRING:
    case COLUMN_ANY:
        return is_default && !is_judged ? PLAIN_TEXT : PLAIN_NONE;
    case COLUMN_INTEGER:
        return is_judged ? PLAIN_NONE : PLAIN_INTEGER;
    case COLUMN_NUMBER:
        return is_judged ? PLAIN_NONE : PLAIN_NUMBER;
    case COLUMN_YEAR:
        return is_judged ? PLAIN_NONE : PLAIN_YEAR;
    case COLUMN_DATE:
        return is_judged || !is_default ? PLAIN_NONE : PLAIN_DATE;
    case COLUMN_DATETIME:
        return is_judged || !is_default ? PLAIN_NONE : PLAIN_DATETIME;
    default:
        return PLAIN_NONE;
    }
}

void cell_plain_prepare(const struct column *column, struct column_rules *rules)
{
    rules->plain = plain_of(column, rules);
    rules->only_empty_is_missing = rules->missing.count == 1 && rules->missing.data[0].length == 0;
    rules->plain_least = INT64_MIN;
    rules->plain_most = INT64_MAX;
    rules->plain_lowest = -HUGE_VAL;
    rules->plain_highest = HUGE_VAL;
    for (int i = 0; i < BOUNDS; i++) {
        const struct bound *bound = &rules->bounds[i];
        int64_t whole;
        bool is_numeric = rules->plain == PLAIN_INTEGER || rules->plain == PLAIN_NUMBER ||
                          rules->plain == PLAIN_YEAR;
        if (!bound->is_set || !is_numeric) {
            continue;
        }
        bool is_inclusive = i == BOUND_MINIMUM || i == BOUND_MAXIMUM;
        bool is_lower = i == BOUND_MINIMUM || i == BOUND_ABOVE;
        double next = is_inclusive ? bound->number
                                   : nextafter(bound->number, is_lower ? HUGE_VAL : -HUGE_VAL);
        if (is_lower) {
            rules->plain_lowest = fmax(rules->plain_lowest, next);
        } else {
            rules->plain_highest = fmin(rules->plain_highest, next);
        }
        if (rules->plain == PLAIN_NUMBER) {
            continue;
        }
        if (!slice_to_integer(bound->text, &whole)) {
            rules->plain = PLAIN_NONE;
        } else if (is_lower) {
            whole += is_inclusive ? 0 : 1;
            rules->plain_least = whole > rules->plain_least ? whole : rules->plain_least;
        } else {
            whole -= is_inclusive ? 0 : 1;
            rules->plain_most = whole < rules->plain_most ? whole : rules->plain_most;
        }
    }
}

/* ---- Values that were seen before ---- */

/* Short values repeat: codes, kinds, names. Those that were found good are remembered. */
enum { REMEMBERED = 512, TEXT_MOST = 31 };

struct cell_memory {
    struct {
        uint8_t length;
        char text[TEXT_MOST];
    } values[REMEMBERED];
    int64_t asked, known;
};

ptrdiff_t cell_memory_size(void)
{
    return (ptrdiff_t)sizeof(struct cell_memory);
}

static uint64_t slot_of(struct slice raw)
{
    return hash_64(raw) % REMEMBERED;
}

/* A column whose values hardly ever repeat is not asked for long. */
static bool is_worth_it(const struct cell_memory *memory, struct slice raw)
{
    return raw.length > 0 && raw.length <= TEXT_MOST &&
           (memory->asked < 4096 || memory->known > memory->asked / 4);
}

bool cell_is_remembered(struct cell_memory *memory, struct slice raw)
{
    if (!is_worth_it(memory, raw)) {
        return false;
    }
    uint64_t slot = slot_of(raw);
    bool is_known = memory->values[slot].length == raw.length &&
                    memcmp(memory->values[slot].text, raw.data, (size_t)raw.length) == 0;
    memory->asked++;
    memory->known += is_known ? 1 : 0;
    return is_known;
}

void cell_remember(struct cell_memory *memory, struct slice raw)
{
    if (is_worth_it(memory, raw)) {
        uint64_t slot = slot_of(raw);
        memory->values[slot].length = (uint8_t)raw.length;
        memcpy(memory->values[slot].text, raw.data, (size_t)raw.length);
    }
}
