#include "registers.h"

/* Texts with a format: codes with check digits, telephone numbers, postal codes, addresses of the
 * net. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_digits(struct slice s)
{
    for (ptrdiff_t i = 0; i < s.length; i++) {
        if (!is_digit(s.data[i])) {
            return false;
        }
    }
    return s.length > 0;
}

/* Weights 6 5 4 3 2; what is missing to the next multiple of 11 (opendata.md 1; 総務省
 * 全国地方公共団体コード). */
char area_check_digit(const char *digits)
{
    int sum = 0;
    for (int i = 0; i < 5; i++) {
        sum += (digits[i] - '0') * (6 - i);
    }
    int check = sum < 11 ? 11 - sum : (11 - sum % 11) % 10;
    return (char)('0' + check % 10);
}

static enum cell_problem read_area(struct slice raw, struct arena *arena, struct cell *cell)
{
    struct slice s = slice_trim(fold_wide(raw, arena));
    if (!is_digits(s) || s.length < 4 || s.length > 6) {
        return CELL_WRONG_TYPE;
    }
    if (s.length == 6) {
        char check = area_check_digit(s.data);
        if (s.data[5] != check) {
            cell->suggestion = ARENA_JOIN(arena, slice_sub(s, 0, 5), slice_make(&check, 1));
            return CELL_CHECK_DIGIT;
        }
        cell->value = slice_equal(s, raw) ? raw : s;
        return CELL_OK;
    }
    /* A spreadsheet drops a leading zero; others leave out the check digit. Only one of the two can
     * be right. */
    struct slice padded = ARENA_JOIN(arena, SLICE("0"), s);
    if (s.length == 5 && area_check_digit(padded.data) == padded.data[5]) {
        cell->suggestion = padded;
    } else {
        struct slice five = s.length == 5 ? s : padded;
        char check = area_check_digit(five.data);
        cell->suggestion = ARENA_JOIN(arena, five, slice_make(&check, 1));
    }
    return CELL_WRONG_TYPE;
}

/* Digits with hyphens of any kind made `-`; brackets count as hyphens. False when something else
 * stands in it. */
static bool plain_number(struct slice raw, struct arena *arena, struct slice *out, int *digits)
{
    struct slice s = slice_trim(fold_wide(raw, arena));
    char *text = arena_allocate(arena, 1, 1, s.length + 1);
    ptrdiff_t length = 0;
    *digits = 0;
    for (ptrdiff_t at = 0; at < s.length;) {
        int32_t c = utf8_next(s, &at);
        bool is_hyphen = c == '-' || c == '(' || c == ')' || (c >= 0x2010 && c <= 0x2015) ||
                         c == 0x2212 || c == 0x30FC || c == ' ';
        if (c >= '0' && c <= '9') {
            text[length++] = (char)c;
            (*digits)++;
        } else if (c == '+' && length == 0) {
            text[length++] = '+';
        } else if (!is_hyphen) {
            return false;
        } else if (length > 0 && text[length - 1] != '-') {
            text[length++] = '-';
        }
    }
    length -= length > 0 && text[length - 1] == '-' ? 1 : 0;
    *out = slice_make(text, length);
    return true;
}

static enum cell_problem read_telephone(struct slice raw, struct arena *arena, struct cell *cell)
{
    struct slice number;
    int digits;
    if (!plain_number(raw, arena, &number, &digits) || number.length == 0) {
        return CELL_WRONG_TYPE;
    }
    bool is_foreign = number.data[0] == '+';
    bool has_length = is_foreign ? digits >= 8 && digits <= 15 : digits == 10 || digits == 11;
    bool is_national = number.data[0] == '0';
    /* 110 and 119, and four-digit services such as #7119 without their sign. */
    bool is_short = digits == 3 && number.length == 3 && number.data[0] == '1';
    if (is_short || (has_length && (is_foreign || is_national))) {
        cell->value = slice_equal(number, raw) ? raw : number;
        return CELL_OK;
    }
    struct slice padded = ARENA_JOIN(arena, SLICE("0"), number);
    bool lost_zero = !is_foreign && !is_national && (digits == 9 || digits == 10);
    cell->suggestion = lost_zero ? padded : SLICE("");
    return CELL_WRONG_TYPE;
}

static enum cell_problem read_postal_code(struct slice raw, struct arena *arena, struct cell *cell)
{
    struct slice s =
        slice_starts_with(raw, SLICE("〒")) ? slice_from(raw, (ptrdiff_t)sizeof("〒") - 1) : raw;
    struct slice number;
    int digits;
    if (!plain_number(s, arena, &number, &digits) || digits != 7) {
        return CELL_WRONG_TYPE;
    }
    struct slice first = slice_cut(&number, '-');
    if (number.data == NULL) {
        number = slice_from(first, 3);
        first = slice_sub(first, 0, 3);
    }
    if (first.length != 3 || !is_digits(first) || !is_digits(number)) {
        return CELL_WRONG_TYPE;
    }
    struct slice value = ARENA_JOIN(arena, first, SLICE("-"), number);
    cell->value = slice_equal(value, raw) ? raw : value;
    return CELL_OK;
}

/* 法人番号: the first digit checks the other twelve (weights 1 and 2 from the right, 9 less the
 * rest by 9). */
static enum cell_problem read_corporate(struct slice raw, struct arena *arena, struct cell *cell)
{
    struct slice s = slice_trim(fold_wide(raw, arena));
    if (!is_digits(s) || s.length != 13) {
        return CELL_WRONG_TYPE;
    }
    int sum = 0;
    for (int i = 1; i <= 12; i++) {
        sum += (s.data[13 - i] - '0') * (i % 2 == 1 ? 1 : 2);
    }
    char check = (char)('0' + (9 - sum % 9));
    if (s.data[0] != check) {
        cell->suggestion = ARENA_JOIN(arena, slice_make(&check, 1), slice_from(s, 1));
        return CELL_CHECK_DIGIT;
    }
    cell->value = slice_equal(s, raw) ? raw : s;
    return CELL_OK;
}

static bool has_space(struct slice s)
{
    for (ptrdiff_t at = 0; at < s.length;) {
        int32_t c = utf8_next(s, &at);
        if (c <= ' ' || c == 0x7F || c == 0x3000 || c == 0x00A0) {
            return true;
        }
    }
    return false;
}

/* A scheme and something behind it (RFC 3986). */
static bool is_uri(struct slice s)
{
    ptrdiff_t colon = slice_find_byte(s, ':', 0);
    if (colon < 1 || colon + 1 >= s.length || has_space(s)) {
        return false;
    }
    for (ptrdiff_t i = 0; i < colon; i++) {
        char c = s.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && (i == 0 || (!is_digit(c) && c != '+' && c != '-' && c != '.'))) {
            return false;
        }
    }
    return !slice_starts_with(slice_from(s, colon + 1), SLICE("//")) || s.length > colon + 3;
}

static bool is_email(struct slice s)
{
    ptrdiff_t at = slice_find_byte(s, '@', 0);
    ptrdiff_t dot = slice_find_last_byte(s, '.');
    return at > 0 && slice_find_byte(s, '@', at + 1) < 0 && dot > at + 1 && dot + 1 < s.length &&
           !has_space(s);
}

static bool is_uuid(struct slice s)
{
    for (ptrdiff_t i = 0; i < s.length; i++) {
        char c = s.data[i];
        bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        bool is_hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (is_hyphen ? c != '-' : !is_hex) {
            return false;
        }
    }
    return s.length == 36;
}

static bool is_base64(struct slice s)
{
    ptrdiff_t end = s.length;
    while (end > 0 && s.length - end < 2 && s.data[end - 1] == '=') {
        end--;
    }
    for (ptrdiff_t i = 0; i < end; i++) {
        char c = s.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !is_digit(c) && c != '+' && c != '/') {
            return false;
        }
    }
    return s.length % 4 == 0;
}

static enum cell_problem read_plain(bool is_good, struct slice raw, bool (*test)(struct slice),
                                    struct arena *arena, struct cell *cell)
{
    if (is_good) {
        return CELL_OK;
    }
    struct slice trimmed = slice_trim_wide(fold_wide(raw, arena));
    cell->suggestion = test(trimmed) ? trimmed : SLICE("");
    return CELL_WRONG_TYPE;
}

enum cell_problem cell_read_text(const struct column_rules *rules, struct slice raw,
                                 struct arena *arena, struct cell *cell)
{
    switch (rules->format) {
    case FORMAT_PARTIAL_DATE:
        return cell_read_date(rules, COLUMN_STRING, raw, arena, cell);
    case FORMAT_TIME:
        return cell_read_time(rules, COLUMN_STRING, raw, arena, cell);
    case FORMAT_AREA:
        return read_area(raw, arena, cell);
    case FORMAT_TELEPHONE:
        return read_telephone(raw, arena, cell);
    case FORMAT_POSTAL_CODE:
        return read_postal_code(raw, arena, cell);
    case FORMAT_CORPORATE:
        return read_corporate(raw, arena, cell);
    case FORMAT_EMAIL:
        return read_plain(is_email(raw), raw, is_email, arena, cell);
    case FORMAT_URI:
        return read_plain(is_uri(raw), raw, is_uri, arena, cell);
    case FORMAT_UUID:
        return read_plain(is_uuid(raw), raw, is_uuid, arena, cell);
    case FORMAT_BINARY:
        return read_plain(is_base64(raw), raw, is_base64, arena, cell);
    case FORMAT_DEFAULT:
    case FORMAT_ANY:
    case FORMAT_PATTERN:
    case FORMAT_POINT_ARRAY:
    case FORMAT_POINT_OBJECT:
    case FORMAT_TOPOJSON:
    case FORMAT_JAPANESE_DATE:
    case FORMAT_JAPANESE_YEAR:
    case FORMAT_JAPANESE_NUMBER:
    case COLUMN_FORMATS:
        break;
    }
    return CELL_OK;
}
