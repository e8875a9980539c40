#define _GNU_SOURCE
#include "slice.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "banned.h"
#include "block.h"
#include "bug.h"
#include "utf8.h"

/* Longest name, in code points, for which a distance is worth working out. */
#define DISTANCE_LENGTH 128

struct slice slice_of(const char *string)
{
    return slice_make(string, string == NULL ? 0 : (ptrdiff_t)strlen(string));
}

int slice_compare(struct slice a, struct slice b)
{
    ptrdiff_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, (size_t)shorter);
    if (order != 0) {
        return order;
    }
    return (a.length > b.length) - (a.length < b.length);
}

static unsigned char ascii_lower(char byte)
{
    unsigned char c = (unsigned char)byte;
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

bool slice_equal_ignoring_ascii_case(struct slice a, struct slice b)
{
    if (a.length != b.length) {
        return false;
    }
    for (ptrdiff_t i = 0; i < a.length; i++) {
        if (ascii_lower(a.data[i]) != ascii_lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

bool slice_starts_with(struct slice s, struct slice prefix)
{
    if (prefix.length == 0) {
        return true;
    }
    /* Most do not, and their first byte says so. */
    return s.length >= prefix.length && s.data[0] == prefix.data[0] &&
           memcmp(s.data, prefix.data, (size_t)prefix.length) == 0;
}

bool slice_ends_with(struct slice s, struct slice suffix)
{
    return s.length >= suffix.length &&
           slice_equal(slice_sub(s, s.length - suffix.length, s.length), suffix);
}

ptrdiff_t slice_find(struct slice s, struct slice needle, ptrdiff_t from)
{
    if (from < 0) {
        from = 0;
    }
    if (from > s.length || needle.length > s.length - from) {
        return -1;
    }
    if (needle.length == 0) {
        return from;
    }
    const char *found =
        memmem(s.data + from, (size_t)(s.length - from), needle.data, (size_t)needle.length);
    return found == NULL ? -1 : found - s.data;
}

ptrdiff_t slice_find_byte(struct slice s, char byte, ptrdiff_t from)
{
    if (from < 0) {
        from = 0;
    }
    if (from >= s.length) {
        return -1;
    }
    const char *found = memchr(s.data + from, (unsigned char)byte, (size_t)(s.length - from));
    return found == NULL ? -1 : found - s.data;
}

ptrdiff_t slice_find_any(struct slice s, char a, char b, char c, ptrdiff_t from)
{
    ptrdiff_t at = from < 0 ? 0 : from;
#ifdef __SSE2__
    for (; s.length - at >= BLOCK; at += BLOCK) {
        __m128i block = block_load(s.data + at, BLOCK);
        unsigned int found = block_equal(block, a) | block_equal(block, b) | block_equal(block, c);
        if (found != 0) {
            return at + __builtin_ctz(found);
        }
    }
#endif
    for (; at < s.length; at++) {
        if (s.data[at] == a || s.data[at] == b || s.data[at] == c) {
            return at;
        }
    }
    return -1;
}

ptrdiff_t slice_find_last_byte(struct slice s, char byte)
{
    if (s.length == 0) {
        return -1;
    }
    const char *found = memrchr(s.data, (unsigned char)byte, (size_t)s.length);
    return found == NULL ? -1 : found - s.data;
}

struct slice slice_sub(struct slice s, ptrdiff_t start, ptrdiff_t end)
{
    if (start < 0) {
        start = 0;
    }
    if (start > s.length) {
        start = s.length;
    }
    if (end > s.length) {
        end = s.length;
    }
    if (end < start) {
        end = start;
    }
    return (struct slice){s.data == NULL ? NULL : s.data + start, end - start};
}

struct slice slice_from(struct slice s, ptrdiff_t start)
{
    return slice_sub(s, start, s.length);
}

static bool is_ascii_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct slice slice_trim(struct slice s)
{
    ptrdiff_t start = 0;
    ptrdiff_t end = s.length;
    while (start < end && is_ascii_space(s.data[start])) {
        start++;
    }
    while (end > start && is_ascii_space(s.data[end - 1])) {
        end--;
    }
    return slice_sub(s, start, end);
}

struct slice slice_trim_wide(struct slice s)
{
    static const struct slice wide[] = {{"\xE3\x80\x80", 3}, {"\xC2\xA0", 2}};
    for (;;) {
        ptrdiff_t before = s.length;
        s = slice_trim(s);
        for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
            if (slice_starts_with(s, wide[i])) {
                s = slice_from(s, wide[i].length);
            }
            if (slice_ends_with(s, wide[i])) {
                s = slice_sub(s, 0, s.length - wide[i].length);
            }
        }
        if (s.length == before) {
            return s;
        }
    }
}

struct slice slice_cut(struct slice *rest, char separator)
{
    ptrdiff_t at = slice_find_byte(*rest, separator, 0);
    struct slice part = *rest;
    if (at < 0) {
        *rest = (struct slice){NULL, 0};
        return part;
    }
    *rest = slice_from(*rest, at + 1);
    return slice_sub(part, 0, at);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool slice_to_integer(struct slice s, int64_t *out)
{
    ptrdiff_t at = 0;
    bool negative = false;
    if (s.length > 0 && (s.data[0] == '-' || s.data[0] == '+')) {
        negative = s.data[0] == '-';
        at = 1;
    }
    if (at == s.length) {
        return false;
    }
    /* Counted downwards, because the negative range is the larger one. */
    int64_t value = 0;
    for (; at < s.length; at++) {
        if (!is_digit(s.data[at]) || __builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_sub_overflow(value, (int64_t)(s.data[at] - '0'), &value)) {
            return false;
        }
    }
    if (!negative) {
        if (value == INT64_MIN) {
            return false;
        }
        value = -value;
    }
    *out = value;
    return true;
}

/* Index behind the digits that start at `at`. */
static ptrdiff_t skip_digits(struct slice s, ptrdiff_t at)
{
    while (at < s.length && is_digit(s.data[at])) {
        at++;
    }
    return at;
}

static bool is_number(struct slice s)
{
    ptrdiff_t at = s.length > 0 && s.data[0] == '-' ? 1 : 0;
    ptrdiff_t start = at;
    at = skip_digits(s, at);
    if (at == start) {
        return false;
    }
    if (at < s.length && s.data[at] == '.') {
        start = at + 1;
        at = skip_digits(s, start);
        if (at == start) {
            return false;
        }
    }
    if (at < s.length && (s.data[at] == 'e' || s.data[at] == 'E')) {
        at++;
        if (at < s.length && (s.data[at] == '-' || s.data[at] == '+')) {
            at++;
        }
        start = at;
        at = skip_digits(s, start);
        if (at == start) {
            return false;
        }
    }
    return at == s.length;
}

/* Digits and power of ten of a text this short are both exact as doubles, so one division rounds
 * right. This is what registers hold. */
static bool short_number(struct slice s, double *out)
{
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (s.length > 15) {
        return false;
    }
    int64_t digits = 0;
    ptrdiff_t places = 0;
    bool in_fraction = false;
    for (ptrdiff_t i = s.data[0] == '-' ? 1 : 0; i < s.length; i++) {
        if (s.data[i] == '.') {
            in_fraction = true;
        } else if (is_digit(s.data[i])) {
            digits = digits * 10 + (s.data[i] - '0');
            places += in_fraction ? 1 : 0;
        } else {
            return false;
        }
    }
    double value = (double)digits / powers[places];
    *out = s.data[0] == '-' ? -value : value;
    return true;
}

bool slice_take_digits(struct slice s, ptrdiff_t *at, int most, int *out)
{
    ptrdiff_t end = *at + (most < 9 ? most : 9);
    ptrdiff_t start = *at;
    int value = 0;
    while (*at < s.length && *at < end && s.data[*at] >= '0' && s.data[*at] <= '9') {
        value = value * 10 + (s.data[(*at)++] - '0');
    }
    *out = value;
    return *at > start;
}

bool slice_to_number(struct slice s, double *out)
{
    if (!is_number(s)) {
        return false;
    }
    if (short_number(s, out)) {
        return true;
    }
    char fixed[64];
    char *text = fixed;
    if (s.length >= (ptrdiff_t)sizeof(fixed)) {
        text = malloc((size_t)s.length + 1);
        if (text == NULL) {
            memory_exhausted(s.length + 1);
        }
    }
    memcpy(text, s.data, (size_t)s.length);
    text[s.length] = '\0';
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    CHECK(c_locale != (locale_t)0);
    double value = strtod_l(text, NULL, c_locale);
    freelocale(c_locale);
    if (text != fixed) {
        free(text);
    }
    if (!isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

/* The code points of `s`, at most DISTANCE_LENGTH of them; -1 when there are more. */
static int decode(struct slice s, int32_t *out)
{
    int count = 0;
    for (ptrdiff_t at = 0; at < s.length;) {
        if (count == DISTANCE_LENGTH) {
            return -1;
        }
        out[count++] = utf8_next(s, &at);
    }
    return count;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

int slice_distance(struct slice a, struct slice b, int limit)
{
    int32_t left[DISTANCE_LENGTH];
    int32_t right[DISTANCE_LENGTH];
    int rows[3][DISTANCE_LENGTH + 1];
    if (slice_equal(a, b)) {
        return 0;
    }
    int left_count = decode(a, left);
    int right_count = decode(b, right);
    if (left_count < 0 || right_count < 0 || abs(left_count - right_count) > limit) {
        return limit + 1;
    }
    for (int j = 0; j <= right_count; j++) {
        rows[0][j] = j;
    }
    for (int i = 1; i <= left_count; i++) {
        int *now = rows[i % 3];
        const int *before = rows[(i + 2) % 3];
        const int *two_before = rows[(i + 1) % 3];
        int best = now[0] = i;
        for (int j = 1; j <= right_count; j++) {
            int cost = left[i - 1] == right[j - 1] ? 0 : 1;
            int value = smaller(smaller(before[j] + 1, now[j - 1] + 1), before[j - 1] + cost);
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                value = smaller(value, two_before[j - 2] + 1);
            }
            now[j] = value;
            best = smaller(best, value);
        }
        if (best > limit) {
            return limit + 1;
        }
    }
    return smaller(rows[left_count % 3][right_count], limit + 1);
}
