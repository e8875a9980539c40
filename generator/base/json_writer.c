#include "json_writer.h"

#include <string.h>

#include "bug.h"
#include "utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

void json_begin(struct json_writer *json, struct buffer *out, bool indent)
{
    memset(json, 0, sizeof(*json));
    json->out = out;
    json->indent = indent;
}

static void new_line(struct json_writer *json)
{
    if (json->indent) {
        buffer_append_byte(json->out, '\n');
        buffer_append_repeated(json->out, ' ', (ptrdiff_t)json->depth * 2);
    }
}

/* What stands before the next member of an object, element of an array or the one value at the
 * top. */
static void separate(struct json_writer *json)
{
    if (json->has_member[json->depth]) {
        CHECK(json->depth > 0);
        buffer_append_byte(json->out, ',');
    }
    json->has_member[json->depth] = true;
    if (json->depth > 0) {
        new_line(json);
    }
}

static void before_value(struct json_writer *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    CHECK(json->closing[json->depth] != '}'); /* a member begins with its key */
    separate(json);
}

static void open_level(struct json_writer *json, char opening, char closing)
{
    before_value(json);
    CHECK(json->depth + 1 < JSON_WRITER_DEPTH);
    json->depth++;
    json->has_member[json->depth] = false;
    json->closing[json->depth] = closing;
    buffer_append_byte(json->out, opening);
}

static void close_level(struct json_writer *json, char closing)
{
    CHECK(json->depth > 0 && json->closing[json->depth] == closing && !json->after_key);
    bool was_used = json->has_member[json->depth];
    json->depth--;
    if (was_used) {
        new_line(json);
    }
    buffer_append_byte(json->out, closing);
}

void json_object_begin(struct json_writer *json)
{
    open_level(json, '{', '}');
}

void json_object_end(struct json_writer *json)
{
    close_level(json, '}');
}

void json_array_begin(struct json_writer *json)
{
    open_level(json, '[', ']');
}

void json_array_end(struct json_writer *json)
{
    close_level(json, ']');
}

static void append_unicode_escape(struct buffer *out, unsigned value)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[6] = {'\\',
                            'u',
                            digits[value >> 12 & 15],
                            digits[value >> 8 & 15],
                            digits[value >> 4 & 15],
                            digits[value & 15]};
    buffer_append(out, slice_make(escape, 6));
}

/* ASCII that stands for itself. */
static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '<' && byte != '\\';
}

/* A lead byte that any two continuation bytes follow, and of characters that are never escaped:
 * nearly all of Japanese text. */
static bool is_common(unsigned char byte)
{
    return byte >= 0xE1 && byte <= 0xEC && byte != 0xE2;
}

#ifdef __SSE2__
/* Whether 16 bytes are ASCII that stands for itself. */
static bool sixteen_are_plain(const char *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    /* As signed numbers the bytes of other characters are below all of ASCII. */
    __m128i special = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('<')));
    special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
    return _mm_movemask_epi8(special) == 0;
}
#endif

/* Index of the first character at or after `at` that may need something. */
static ptrdiff_t skip_plain(struct slice s, ptrdiff_t at)
{
    const unsigned char *bytes = (const unsigned char *)s.data;
    while (at < s.length) {
#ifdef __SSE2__
        if (s.length - at >= 16 && sixteen_are_plain(s.data + at)) {
            at += 16;
            continue;
        }
#endif
        while (at < s.length && is_plain(bytes[at])) {
            at++;
        }
        if (at == s.length) {
            break;
        }
        ptrdiff_t start = at;
        while (s.length - at >= 3 && is_common(bytes[at]) && (bytes[at + 1] & 0xC0) == 0x80 &&
               (bytes[at + 2] & 0xC0) == 0x80) {
            at += 3;
        }
        if (at == start) {
            return at;
        }
    }
    return at;
}

static void append_escaped(struct buffer *out, int32_t code_point)
{
    switch (code_point) {
    case '"':
        buffer_append_literal(out, "\\\"");
        break;
    case '\\':
        buffer_append_literal(out, "\\\\");
        break;
    case '\n':
        buffer_append_literal(out, "\\n");
        break;
    case '\r':
        buffer_append_literal(out, "\\r");
        break;
    case '\t':
        buffer_append_literal(out, "\\t");
        break;
    default:
        append_unicode_escape(out, (unsigned)code_point);
        break;
    }
}

static void append_text(struct buffer *out, struct slice s)
{
    static const char replacement[] = "\xEF\xBF\xBD"; /* JSON can't hold ill-formed bytes */
    buffer_reserve(out, s.length + 2);
    buffer_append_byte(out, '"');
    ptrdiff_t start = 0; /* of what is copied as it is */
    for (ptrdiff_t at = skip_plain(s, 0); at < s.length;) {
        ptrdiff_t next = at;
        int32_t code_point = utf8_next(s, &next);
        bool is_broken = code_point >= 0x80 && next - at == 1;
        if (is_broken || code_point < 0x80 || utf8_is_unsafe_on_terminal(code_point)) {
            buffer_append(out, slice_sub(s, start, at));
            start = next;
            if (is_broken) {
                buffer_append_literal(out, replacement);
            } else {
                append_escaped(out, code_point);
            }
        }
        at = skip_plain(s, next);
    }
    buffer_append(out, slice_from(s, start));
    buffer_append_byte(out, '"');
}

void json_key(struct json_writer *json, struct slice key)
{
    CHECK(json->depth > 0 && json->closing[json->depth] == '}' && !json->after_key);
    separate(json);
    append_text(json->out, key);
    buffer_append_byte(json->out, ':');
    if (json->indent) {
        buffer_append_byte(json->out, ' ');
    }
    json->after_key = true;
}

void json_write_string(struct json_writer *json, struct slice value)
{
    before_value(json);
    append_text(json->out, value);
}

void json_write_integer(struct json_writer *json, int64_t value)
{
    before_value(json);
    buffer_append_integer(json->out, value);
}

void json_write_number(struct json_writer *json, double value)
{
    before_value(json);
    buffer_append_number(json->out, value);
}

void json_write_decimal(struct json_writer *json, struct slice number)
{
    before_value(json);
    buffer_append(json->out, number);
}

void json_write_boolean(struct json_writer *json, bool value)
{
    before_value(json);
    buffer_append(json->out, value ? SLICE("true") : SLICE("false"));
}

void json_write_null(struct json_writer *json)
{
    before_value(json);
    buffer_append_literal(json->out, "null");
}

void json_member(struct json_writer *json, const char *key, struct slice value)
{
    json_key(json, slice_of(key));
    json_write_string(json, value);
}

void json_member_integer(struct json_writer *json, const char *key, int64_t value)
{
    json_key(json, slice_of(key));
    json_write_integer(json, value);
}
