#include "json_writer.h"

#include <string.h>

#include "block.h"
#include "bug.h"
#include "utf8.h"

void json_begin(struct json_writer *json, struct buffer *out, bool indent)
{
    memset(json, 0, sizeof(*json));
    json->out = out;
    json->indent = indent;
}

static void new_line(struct json_writer *json)
{
    buffer_append_byte(json->out, '\n');
    buffer_append_repeated(json->out, ' ', (ptrdiff_t)json->depth * 2);
}

/* What stands before the next member of an object, element of an array or the one value at the
 * top. */
static inline void separate(struct json_writer *json)
{
    if (json->has_member[json->depth]) {
        CHECK(json->depth > 0);
        buffer_append_byte(json->out, ',');
    }
    json->has_member[json->depth] = true;
    if (json->indent && json->depth > 0) {
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
    if (was_used && json->indent) {
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

#ifdef __SSE2__
/* How many of `count` bytes, at most a block, are whole characters that stand for themselves, from
 * the first one on: ASCII, and nearly all of Japanese text. */
static ptrdiff_t plain_in_block(__m128i block, ptrdiff_t count)
{
    unsigned int other = (unsigned int)_mm_movemask_epi8(block); /* no ASCII */
    __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
    __m128i quote_or_less = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')),
                                         _mm_cmpeq_epi8(block, _mm_set1_epi8('<')));
    __m128i backslash_or_delete = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\\')),
                                               _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F)));
    unsigned int marks = (unsigned int)_mm_movemask_epi8(
        _mm_or_si128(controls, _mm_or_si128(quote_or_less, backslash_or_delete)));
    unsigned int beyond = 1U << (count < BLOCK ? count : BLOCK);
    if (other == 0) {
        return __builtin_ctz(marks | beyond);
    }
    /* Lead bytes, E1 to EC without E2, that any two continuation bytes follow, and of characters
     * that are never escaped; and those of U+FF00 to U+FF7F, the full-width forms. */
    unsigned int leads = block_below(block, 0xED) & ~block_below(block, 0xE1);
    leads &= ~block_equal(block, 0xE2);
    leads |=
        block_equal(block, 0xEF) & ((block_equal(block, 0xBC) | block_equal(block, 0xBD)) >> 1);
    unsigned int following = block_below(block, 0xC0);
    unsigned int wrong = (other & ~(leads | following)) | (following ^ (leads << 1 | leads << 2));
    int end = __builtin_ctz(marks | wrong | beyond);
    /* Not behind the lead of a character that is broken, or goes on in the next block. */
    if (end >= 1 && (leads >> (end - 1) & 1) != 0) {
        return end - 1;
    }
    return end >= 2 && (leads >> (end - 2) & 1) != 0 ? end - 2 : end;
}

static ptrdiff_t plain_from(const char *at, ptrdiff_t count)
{
    return plain_in_block(block_load(at, count), count);
}

/* Most texts are short and stay as they are: a block is looked at and written as it is. */
static bool append_short_text(struct buffer *out, struct slice s)
{
    if (s.length > BLOCK) {
        return false;
    }
    __m128i block = block_load(s.data, s.length);
    if (plain_in_block(block, s.length) < s.length) {
        return false;
    }
    char *text = buffer_reserve(out, BLOCK + 2);
    text[0] = '"';
    block_store(text + 1, block);
    text[s.length + 1] = '"';
    out->length += s.length + 2;
    return true;
}
#else
/* One byte of ASCII that stands for itself, or none. */
static ptrdiff_t plain_from(const char *at, ptrdiff_t count)
{
    (void)count;
    return *at >= 0x20 && *at < 0x7F && *at != '"' && *at != '<' && *at != '\\' ? 1 : 0;
}

static bool append_short_text(struct buffer *out, struct slice s)
{
    (void)out;
    (void)s;
    return false;
}
#endif

/* Index of the first character at or after `at` that may need something. */
static ptrdiff_t skip_plain(struct slice s, ptrdiff_t at)
{
    while (at < s.length) {
        ptrdiff_t count = plain_from(s.data + at, s.length - at);
        if (count == 0) {
            break;
        }
        at += count;
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
    if (append_short_text(out, s)) {
        return;
    }
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
    buffer_append(out, start == 0 ? s : slice_from(s, start));
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

void json_write_key_text(struct json_writer *json, struct slice text)
{
    CHECK(json->depth > 0 && json->closing[json->depth] == '}' && !json->after_key);
    json->after_key = true;
    if (json->indent) {
        separate(json);
        buffer_append(json->out, text);
        buffer_append_byte(json->out, ' ');
        return;
    }
    char *at = buffer_reserve(json->out, text.length + 1);
    ptrdiff_t comma = json->has_member[json->depth] ? 1 : 0;
    at[0] = ',';
    memcpy(at + comma, text.data, (size_t)text.length);
    json->out->length += comma + text.length;
    json->has_member[json->depth] = true;
}

struct slice json_key_text(struct slice key, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text);
    append_text(&text, key);
    buffer_append_byte(&text, ':');
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    buffer_release(&text);
    return kept;
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
