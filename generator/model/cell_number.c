#include "registers.h"

/* Whole numbers and numbers: the lexical forms of Table Schema, and, where a column's format says
 * so, those of Japanese tables. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static ptrdiff_t skip_digits(struct slice s, ptrdiff_t at)
{
    while (at < s.length && is_digit(s.data[at])) {
        at++;
    }
    return at;
}

/* A number in ASCII with `.`, as parts; false when it is none. */
struct parts {
    bool is_negative;
    struct slice whole, fraction, exponent;
};

static bool split_number(struct slice s, bool is_integer, struct parts *parts)
{
    *parts = (struct parts){0};
    if (s.data == NULL) {
        return false;
    }
    ptrdiff_t at = 0;
    if (s.length > 0 && (s.data[0] == '-' || s.data[0] == '+')) {
        parts->is_negative = s.data[0] == '-';
        at = 1;
    }
    ptrdiff_t end = skip_digits(s, at);
    parts->whole = slice_sub(s, at, end);
    at = end;
    if (!is_integer && at < s.length && s.data[at] == '.') {
        end = skip_digits(s, at + 1);
        parts->fraction = slice_sub(s, at + 1, end);
        at = end;
    }
    if (parts->whole.length == 0 && parts->fraction.length == 0) {
        return false;
    }
    if (!is_integer && at < s.length && (s.data[at] == 'e' || s.data[at] == 'E')) {
        ptrdiff_t start = at + 1;
        at = start + (start < s.length && (s.data[start] == '-' || s.data[start] == '+') ? 1 : 0);
        end = skip_digits(s, at);
        if (end == at) {
            return false;
        }
        parts->exponent = slice_sub(s, start, end);
        at = end;
    }
    return at == s.length;
}

/* As JSON writes it: no plus sign, no leading zeros, digits on both sides of the point. */
static struct slice write_number(const struct parts *parts, struct arena *arena)
{
    struct slice whole = parts->whole;
    while (whole.length > 1 && whole.data[0] == '0') {
        whole = slice_from(whole, 1);
    }
    bool is_zero = whole.length == 0 || (whole.length == 1 && whole.data[0] == '0');
    bool has_sign = parts->is_negative && !(is_zero && parts->fraction.length == 0);
    return ARENA_JOIN(arena, slice_of(has_sign ? "-" : ""), whole.length > 0 ? whole : SLICE("0"),
                      slice_of(parts->fraction.length > 0 ? "." : ""), parts->fraction,
                      slice_of(parts->exponent.length > 0 ? "e" : ""), parts->exponent);
}

/* ---- Japanese tables ---- */

/* The power of ten of 億, 万, 千, 百 at `at`; 0 for anything else. */
static int unit_power(struct slice s, ptrdiff_t at, ptrdiff_t *behind)
{
    static const struct {
        const char *sign;
        int power;
    } units[] = {{"兆", 12}, {"億", 8}, {"万", 4}, {"千", 3}, {"百", 2}};
    struct slice rest = slice_from(s, at);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (slice_starts_with(rest, slice_of(units[i].sign))) {
            *behind = at + slice_of(units[i].sign).length;
            return units[i].power;
        }
    }
    return 0;
}

static bool scale(int64_t *value, int power)
{
    for (int i = 0; i < power; i++) {
        if (__builtin_mul_overflow(*value, 10, value)) {
            return false;
        }
    }
    return true;
}

/* Digits with or without separators, and a fraction: `5,500`, `1.5`. */
static bool take_amount(struct slice s, ptrdiff_t *at, int64_t *value, int *decimals)
{
    ptrdiff_t start = *at;
    *value = 0;
    *decimals = -1;
    int digits = 0;
    for (; *at < s.length; (*at)++) {
        char c = s.data[*at];
        if (is_digit(c)) {
            if (__builtin_mul_overflow(*value, 10, value) ||
                __builtin_add_overflow(*value, c - '0', value)) {
                return false;
            }
            digits++;
            *decimals += *decimals >= 0 ? 1 : 0;
        } else if (c == '.' && *decimals < 0) {
            *decimals = 0;
        } else if (c != ',' || digits == 0 || *decimals >= 0) {
            break;
        }
    }
    *decimals = *decimals < 0 ? 0 : *decimals;
    return digits > 0 && *at > start && s.data[*at - 1] != ',' && s.data[*at - 1] != '.';
}

/* Whether three digits follow each comma; in 5,5 it may as well be a decimal sign. */
static bool has_groups_of_three(struct slice s)
{
    for (ptrdiff_t at = 0; (at = slice_find_byte(s, ',', at)) >= 0;) {
        ptrdiff_t end = skip_digits(s, at + 1);
        if (end - at != 4) {
            return false;
        }
        at = end;
    }
    return true;
}

/* `1億2,300万`, `5,500万円` (`allows_unit`), `１２`, `▲3`. The value in plain digits, or data NULL.
 */
static struct slice read_japanese(struct slice raw, bool allows_unit, struct arena *arena)
{
    struct slice none = {0};
    struct slice s = slice_trim(fold_wide(raw, arena));
    if (!has_groups_of_three(s)) {
        return none;
    }
    bool is_negative = false;
    static const char *const minus[] = {"-", "−", "▲", "△"};
    for (size_t i = 0; i < sizeof(minus) / sizeof(minus[0]); i++) {
        if (slice_starts_with(s, slice_of(minus[i]))) {
            is_negative = true;
            s = slice_trim(slice_from(s, slice_of(minus[i]).length));
            break;
        }
    }
    int64_t total = 0;
    int last_power = 99;
    ptrdiff_t at = 0;
    struct slice plain = none;
    while (at < s.length) {
        int64_t amount;
        int decimals;
        ptrdiff_t start = at;
        if (!take_amount(s, &at, &amount, &decimals)) {
            break;
        }
        ptrdiff_t behind = at;
        int power = unit_power(s, at, &behind);
        if (power == 0) {
            if (total == 0 && last_power == 99) {
                plain = slice_sub(s, start, at); /* digits alone: with their fraction */
            } else if (decimals > 0 || __builtin_add_overflow(total, amount, &total)) {
                return none;
            }
            last_power = 0;
            break;
        }
        at = behind;
        if (power >= last_power || decimals > power || !scale(&amount, power - decimals) ||
            __builtin_add_overflow(total, amount, &total)) {
            return none;
        }
        last_power = power;
    }
    struct slice tail = slice_trim(slice_from(s, at));
    if (last_power == 99 || (tail.length > 0 && !allows_unit)) {
        return none;
    }
    for (ptrdiff_t i = 0; i < tail.length; i++) {
        if (is_digit(tail.data[i])) {
            return none;
        }
    }
    if (plain.data == NULL) {
        return arena_format(arena, "%s%lld", is_negative ? "-" : "", (long long)total);
    }
    struct slice digits = is_negative ? SLICE("-") : SLICE("");
    while (plain.data != NULL) {
        digits = ARENA_JOIN(arena, digits, slice_cut(&plain, ','));
    }
    return digits;
}

/* `約1,200人`: the qualifier stays in the original, beside the number. */
static struct slice without_qualifier(struct slice raw)
{
    static const char *const about[] = {"約", "およそ", "おおよそ", "おおむね", "概ね", "ほぼ"};
    struct slice s = slice_trim_wide(raw);
    for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++) {
        if (slice_starts_with(s, slice_of(about[i]))) {
            return slice_from(s, slice_of(about[i]).length);
        }
    }
    return raw;
}

/* What was probably meant by a text that is no number: letters for digits, separators, units. */
static struct slice suggest(struct slice raw, bool is_integer, struct arena *arena)
{
    struct slice s = fold_wide(raw, arena);
    char *text = arena_allocate(arena, 1, 1, s.length + 1);
    ptrdiff_t length = 0;
    ptrdiff_t digits = 0;
    for (ptrdiff_t i = 0; i < s.length; i++) {
        char c = s.data[i];
        c = (char)(c == 'O' || c == 'o' ? '0' : c == 'l' || c == 'I' ? '1' : c);
        digits += is_digit(s.data[i]) ? 1 : 0;
        if (c != ' ') {
            text[length++] = c;
        }
    }
    struct slice meant =
        digits > 0 ? read_japanese(slice_make(text, length), true, arena) : (struct slice){0};
    struct parts parts;
    return meant.data != NULL && split_number(meant, is_integer, &parts)
               ? write_number(&parts, arena)
               : SLICE("");
}

/* ---- Cells ---- */

/* The text without what `bareNumber: false` allows around the digits, and with the separators of
 * the schema made plain. */
static struct slice plain_digits(const struct column_rules *rules, struct slice raw,
                                 struct arena *arena)
{
    struct slice s = raw;
    if (!rules->is_bare) {
        ptrdiff_t start = 0;
        while (start < s.length && !is_digit(s.data[start]) && s.data[start] != '-' &&
               s.data[start] != '+' && s.data[start] != '.') {
            start++;
        }
        ptrdiff_t end = s.length;
        while (end > start && !is_digit(s.data[end - 1])) {
            end--;
        }
        s = slice_sub(s, start, end);
    }
    bool has_group = rules->group.length > 0 && slice_find(s, rules->group, 0) >= 0;
    bool has_decimal =
        !slice_equal(rules->decimal, SLICE(".")) && slice_find(s, rules->decimal, 0) >= 0;
    if (!has_group && !has_decimal) {
        return s;
    }
    char *text = arena_allocate(arena, 1, 1, s.length);
    ptrdiff_t length = 0;
    for (ptrdiff_t at = 0; at < s.length;) {
        struct slice rest = slice_from(s, at);
        if (has_group && slice_starts_with(rest, rules->group)) {
            at += rules->group.length;
        } else if (has_decimal && slice_starts_with(rest, rules->decimal)) {
            text[length++] = '.';
            at += rules->decimal.length;
        } else {
            text[length++] = s.data[at++];
        }
    }
    return slice_make(text, length);
}

/* What Table Schema lets stand for a number, in large letters or small. */
static bool is_special(struct slice raw, struct slice *value)
{
    static const char *const words[] = {"NaN", "INF", "-INF"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct slice word = slice_of(words[i]);
        if (slice_equal_ignoring_ascii_case(raw, word)) {
            *value = slice_equal(raw, word) ? raw : word;
            return true;
        }
    }
    return false;
}

static enum cell_problem read_number(const struct column_rules *rules, struct slice raw,
                                     bool is_integer, struct arena *arena, struct cell *cell)
{
    /* Most cells are digits as they should be. */
    if (raw.length > 0 && raw.data[0] >= '1' && raw.data[0] <= '9' &&
        skip_digits(raw, 0) == raw.length) {
        return CELL_OK;
    }
    struct slice digits =
        rules->format == FORMAT_JAPANESE_NUMBER
            ? read_japanese(rules->is_bare ? raw : without_qualifier(raw), !rules->is_bare, arena)
            : plain_digits(rules, raw, arena);
    struct parts parts;
    if (!split_number(digits, is_integer, &parts)) {
        if (!is_integer && is_special(raw, &cell->value)) {
            return CELL_OK;
        }
        cell->suggestion = suggest(raw, is_integer, arena);
        return CELL_WRONG_TYPE;
    }
    struct slice written = write_number(&parts, arena);
    cell->value = slice_equal(written, raw) ? raw : written;
    return CELL_OK;
}

enum cell_problem cell_read_integer(const struct column_rules *rules, struct slice raw,
                                    struct arena *arena, struct cell *cell)
{
    return read_number(rules, raw, true, arena, cell);
}

enum cell_problem cell_read_number(const struct column_rules *rules, struct slice raw,
                                   struct arena *arena, struct cell *cell)
{
    return read_number(rules, raw, false, arena, cell);
}
