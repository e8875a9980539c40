/*
 * Which encoding a file came in, and its text in UTF-8 (opendata.md 1, Encodings).
 *
 * In this order: a mark; strict UTF-8; CP932 where that is allowed. CP932 is taken as certain when
 * kana, common kanji and Japanese punctuation make up most of what is not ASCII, and said to be
 * uncertain otherwise.
 */
#include "decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "foreign.h"
#include "refuse.h"

/* Most places of undecodable bytes that are shown for one file. */
#define PLACES_MOST 20
/* As many bytes tell what a file is. */
#define SAMPLE ((ptrdiff_t)1 << 20)

struct place {
    ptrdiff_t at;  /* in the bytes */
    ptrdiff_t out; /* in the text: where U+FFFD stands */
    int count;     /* bytes, 1 or 2 */
};

/* What became of the bytes in one encoding. */
struct attempt {
    struct buffer text; /* with U+FFFD where nothing fits */
    struct place places[PLACES_MOST];
    ptrdiff_t failures;
};

static const char *const ENCODING_NAMES[] = {[ENCODING_UTF8] = "UTF-8",
                                             [ENCODING_UTF8_MARK] = "UTF-8",
                                             [ENCODING_CP932] = "CP932 (Shift_JIS)",
                                             [ENCODING_UTF16LE] = "UTF-16",
                                             [ENCODING_UTF16BE] = "UTF-16"};

static void fail_at(struct attempt *attempt, ptrdiff_t at, int count)
{
    if (attempt->failures < PLACES_MOST) {
        attempt->places[attempt->failures] =
            (struct place){.at = at, .out = attempt->text.length, .count = count};
    }
    attempt->failures++;
    buffer_append(&attempt->text, SLICE("\xEF\xBF\xBD"));
}

/* ---- One function per encoding ---- */

static void attempt_utf8(struct slice bytes, struct attempt *attempt)
{
    ptrdiff_t at = 0;
    while (at < bytes.length) {
        ptrdiff_t invalid = utf8_find_invalid(slice_from(bytes, at));
        ptrdiff_t end = invalid < 0 ? bytes.length : at + invalid;
        buffer_append(&attempt->text, slice_sub(bytes, at, end));
        if (invalid < 0) {
            return;
        }
        fail_at(attempt, end, 1);
        at = end + 1;
    }
}

static void attempt_cp932(struct slice bytes, struct attempt *attempt)
{
    iconv_t converter = iconv_open("UTF-8", "CP932");
    CHECK(converter != (iconv_t)-1);
    char *in = (char *)(uintptr_t)bytes.data;
    size_t left = (size_t)bytes.length;
    /* Three bytes of UTF-8 for one of half-width kana is the most that it grows. */
    while (left > 0) {
        ptrdiff_t block = left < 65536 ? (ptrdiff_t)left : 65536;
        char *out = buffer_reserve(&attempt->text, block * 3);
        char *out_end = out;
        size_t in_now = (size_t)block;
        size_t room = (size_t)block * 3;
        size_t before = in_now;
        size_t result = iconv(converter, &in, &in_now, &out_end, &room);
        int error = errno;
        attempt->text.length += out_end - out;
        left -= before - in_now;
        if (result != (size_t)-1 || left == 0) {
            continue;
        }
        /* A character that is cut by the block's end is tried again with the next block. */
        bool is_cut = error == EINVAL && left > in_now && before != in_now;
        if (!is_cut) {
            unsigned char lead = (unsigned char)in[0];
            bool is_double = (lead >= 0x81 && lead <= 0x9F) || (lead >= 0xE0 && lead <= 0xFC);
            bool takes_two = is_double && left > 1 && (unsigned char)in[1] >= 0x80;
            fail_at(attempt, in - bytes.data, takes_two ? 2 : 1);
            in += takes_two ? 2 : 1;
            left -= takes_two ? 2 : 1;
        }
    }
    iconv_close(converter);
}

static int32_t unit_at(struct slice bytes, ptrdiff_t at, bool is_big)
{
    unsigned char first = (unsigned char)bytes.data[at];
    unsigned char second = (unsigned char)bytes.data[at + 1];
    return is_big ? first << 8 | second : second << 8 | first;
}

static void attempt_utf16(struct slice bytes, bool is_big, struct attempt *attempt)
{
    ptrdiff_t at = 2; /* behind the mark */
    while (at + 1 < bytes.length) {
        int32_t unit = unit_at(bytes, at, is_big);
        if (unit < 0xD800 || unit > 0xDFFF) {
            utf8_append(&attempt->text, unit);
            at += 2;
            continue;
        }
        int32_t low = at + 3 < bytes.length ? unit_at(bytes, at + 2, is_big) : 0;
        if (unit >= 0xDC00 || low < 0xDC00 || low > 0xDFFF) {
            fail_at(attempt, at, 2);
            at += 2;
            continue;
        }
        utf8_append(&attempt->text, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        at += 4;
    }
    if (at < bytes.length) {
        fail_at(attempt, at, 1);
    }
}

/* ---- Is it Japanese? ---- */

static bool is_lead_byte(unsigned char byte)
{
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

/* Of valid CP932: do kana, common kanji (JIS level 1) and punctuation make up most of what is not
 * ASCII? A stray Latin-1 `é` with its neighbour gives a rare kanji, EUC-JP gives half-width kana.
 */
static bool is_plausible_cp932(struct slice bytes)
{
    ptrdiff_t common = 0;
    ptrdiff_t half_width = 0;
    ptrdiff_t rare = 0;
    for (ptrdiff_t at = 0; at < bytes.length; at++) {
        unsigned char byte = (unsigned char)bytes.data[at];
        if (byte < 0x80) {
            continue;
        }
        if (!is_lead_byte(byte)) {
            half_width++;
            continue;
        }
        at++;
        bool is_common = (byte >= 0x81 && byte <= 0x84) || (byte >= 0x88 && byte <= 0x97) ||
                         (byte == 0x98 && (unsigned char)bytes.data[at] <= 0x72);
        /* NEC's and IBM's additions (①, ㈱, 髙) prove nothing either way. */
        bool is_addition = byte == 0x87 || byte == 0xED || byte == 0xEE || byte >= 0xFA;
        common += is_common;
        rare += !is_common && !is_addition;
    }
    if (half_width > 0 && looks_like_euc(bytes)) {
        return false;
    }
    return common + half_width >= 2 && common + half_width >= 2 * rare;
}

/* ---- Choosing ---- */

static enum line_end line_end_of(struct slice text, const struct survey *survey)
{
    ptrdiff_t line_feed = slice_find_byte(text, '\n', 0);
    ptrdiff_t carriage_return = survey->has_return ? slice_find_byte(text, '\r', 0) : -1;
    if (carriage_return < 0) {
        return line_feed < 0 ? LINE_END_NONE : LINE_END_LF;
    }
    if (line_feed < 0) {
        return LINE_END_CR;
    }
    for (ptrdiff_t at = 0; at < text.length; at++) {
        ptrdiff_t next = slice_find_byte(text, '\n', at);
        ptrdiff_t alone =
            slice_find_byte(slice_sub(text, at, next < 0 ? text.length : next), '\r', 0);
        if (next < 0) {
            return alone < 0 ? LINE_END_CRLF : LINE_END_MIXED;
        }
        if (alone < 0 || at + alone != next - 1) {
            return LINE_END_MIXED;
        }
        at = next;
    }
    return LINE_END_CRLF;
}

static void report_in_text(struct diag *diag, enum code code, struct slice path, struct slice text,
                           ptrdiff_t start, ptrdiff_t end, const struct slice arguments[2])
{
    if (diag == NULL) {
        return;
    }
    struct source *source = source_new(path, text, NULL, NULL);
    diag_add(diag, &(struct report){.code = code,
                                    .span = span_make(source, start, end),
                                    .arguments = {arguments[0], arguments[1]}});
    source_free(source);
}

/* Bytes in hexadecimal; of many, the first ones. */
static struct slice show_bytes(struct slice bytes, char *out, size_t room)
{
    enum { MOST = 8 };
    int length = 0;
    for (ptrdiff_t i = 0; i < bytes.length && i < MOST; i++) {
        length += snprintf(out + length, room - (size_t)length, i > 0 ? " %02X" : "%02X",
                           (unsigned int)(unsigned char)bytes.data[i]);
    }
    if (bytes.length > MOST) {
        length += snprintf(out + length, room - (size_t)length, " …");
    }
    return slice_make(out, length);
}

/* One finding for bytes that stand side by side: most often they are one character. */
static void report_failures(struct diag *diag, struct slice path, struct slice bytes,
                            const struct attempt *attempt, enum encoding encoding)
{
    ptrdiff_t shown = attempt->failures < PLACES_MOST ? attempt->failures : PLACES_MOST;
    for (ptrdiff_t i = 0; i < shown;) {
        const struct place *first = &attempt->places[i];
        const struct place *last = first;
        while (++i < shown && attempt->places[i].at == last->at + last->count) {
            last = &attempt->places[i];
        }
        char values[40];
        const struct slice arguments[2] = {
            show_bytes(slice_sub(bytes, first->at, last->at + last->count), values, sizeof(values)),
            slice_of(ENCODING_NAMES[encoding])};
        report_in_text(diag, CODE_encoding_invalid, path, buffer_slice(&attempt->text), first->out,
                       last->out + 3, arguments);
    }
}

static bool is_marked(struct slice bytes, enum encoding *encoding)
{
    if (slice_starts_with(bytes, SLICE("\xEF\xBB\xBF"))) {
        *encoding = ENCODING_UTF8_MARK;
    } else if (slice_starts_with(bytes, SLICE("\xFF\xFE"))) {
        *encoding = ENCODING_UTF16LE;
    } else if (slice_starts_with(bytes, SLICE("\xFE\xFF"))) {
        *encoding = ENCODING_UTF16BE;
    } else {
        return false;
    }
    return true;
}

/* A NUL is refused: no text has one, and half of all programs would end there. */
static bool has_nul(struct slice text, struct slice path, struct diag *diag)
{
    ptrdiff_t nul = slice_find_byte(text, '\0', 0);
    if (nul < 0) {
        return false;
    }
    const struct slice arguments[2] = {{NULL, 0}};
    report_in_text(diag, CODE_encoding_nul, path, text, nul, nul + 1, arguments);
    return true;
}

/* Characters of three bytes in UTF-8, which chance does not make. */
static ptrdiff_t count_wide(struct slice bytes)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at < bytes.length;) {
        ptrdiff_t start = at;
        utf8_next(bytes, &at);
        count += at - start >= 3;
    }
    return count;
}

/* Whether the bytes at `at` are no whole character of UTF-8, but the beginning of one. */
static bool is_cut_off(struct slice bytes, ptrdiff_t at)
{
    unsigned char lead = (unsigned char)bytes.data[at];
    ptrdiff_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    ptrdiff_t end = at + 1;
    while (end < bytes.length && ((unsigned char)bytes.data[end] & 0xC0) == 0x80) {
        end++;
    }
    return lead >= 0xC2 && lead <= 0xF4 && end == bytes.length && end - at < length;
}

/* Of bytes that are no UTF-8 throughout: do they nevertheless hold many characters of three bytes,
 * which chance does not make? Of a text that was cut off inside of a character, one is enough. */
static bool is_mostly_utf8(struct slice bytes)
{
    ptrdiff_t border = utf8_find_invalid(bytes);
    if (is_cut_off(bytes, border)) {
        return count_wide(slice_sub(bytes, 0, border)) > 0;
    }
    struct slice sample = slice_sub(bytes, 0, SAMPLE);
    ptrdiff_t whole = 0;
    ptrdiff_t broken = 0;
    for (ptrdiff_t at = 0; at < sample.length;) {
        ptrdiff_t start = at;
        int32_t c = utf8_next(sample, &at);
        whole += at - start >= 3;
        broken += at - start == 1 && c >= 0x80;
    }
    return whole > 2 * broken;
}

/* Two files put together: text that begins as UTF-8 and goes on with a line of CP932. */
static bool is_mixed(struct slice bytes)
{
    ptrdiff_t border = utf8_find_invalid(bytes);
    ptrdiff_t line = slice_find_byte(bytes, '\n', border);
    struct slice rest = slice_sub(bytes, border, line < 0 ? bytes.length : line);
    return count_wide(slice_sub(bytes, 0, border)) > 2 && count_wide(rest) == 0 &&
           is_plausible_cp932(rest);
}

/* The name of the UTF-16 that a text without its mark is in, by the NULs beside its ASCII; empty
 * when it is in none. */
static struct slice unmarked_utf16(struct slice bytes)
{
    ptrdiff_t nuls[2] = {0, 0};
    struct slice sample = slice_sub(bytes, 0, SAMPLE);
    for (ptrdiff_t i = 0; i < sample.length; i++) {
        nuls[i % 2] += sample.data[i] == '\0' ? 1 : 0;
    }
    bool is_either = bytes.length % 2 == 0 && nuls[0] + nuls[1] > 1;
    return is_either && nuls[0] == 0   ? SLICE("UTF-16LE")
           : is_either && nuls[1] == 0 ? SLICE("UTF-16BE")
                                       : SLICE("");
}

/* Text that is no UTF-8 and has no mark of UTF-16: the encoding in which it makes sense, or most of
 * it. */
static enum encoding attempt_best(struct slice bytes, struct attempt *attempt)
{
    if (is_mostly_utf8(bytes)) {
        attempt_utf8(bytes, attempt);
        return ENCODING_UTF8;
    }
    attempt_cp932(bytes, attempt);
    return ENCODING_CP932;
}

/* The bytes are no UTF-8 as they stand. True when `attempt` holds the whole text. */
static bool decode_legacy(struct slice bytes, struct slice path, bool allow_legacy,
                          struct attempt *attempt, struct decoding *decoding, struct diag *diag)
{
    if (is_marked(bytes, &decoding->encoding) && decoding->encoding != ENCODING_UTF8_MARK) {
        decoding->is_certain = true;
        attempt_utf16(bytes, decoding->encoding == ENCODING_UTF16BE, attempt);
    } else if (decoding->encoding == ENCODING_UTF8_MARK) {
        attempt_utf8(slice_from(bytes, 3), attempt);
        for (ptrdiff_t i = 0; i < attempt->failures && i < PLACES_MOST; i++) {
            attempt->places[i].at += 3;
        }
    } else if (memchr(bytes.data, 0, (size_t)bytes.length) != NULL) {
        attempt_utf8(bytes, attempt);
        has_nul(buffer_slice(&attempt->text), path, diag);
        return false;
    } else if (is_mixed(bytes)) {
        attempt_utf8(bytes, attempt);
        const struct slice arguments[2] = {slice_of(ENCODING_NAMES[ENCODING_UTF8]),
                                           slice_of(ENCODING_NAMES[ENCODING_CP932])};
        report_in_text(diag, CODE_encoding_mixed, path, buffer_slice(&attempt->text),
                       attempt->places[0].out, attempt->places[0].out + 3, arguments);
        return false;
    } else {
        decoding->encoding = attempt_best(bytes, attempt);
        decoding->is_certain = is_plausible_cp932(bytes);
    }
    const char *name = ENCODING_NAMES[decoding->encoding];
    bool is_legacy =
        decoding->encoding != ENCODING_UTF8 && decoding->encoding != ENCODING_UTF8_MARK;
    if (attempt->failures > 0 && decoding->encoding == ENCODING_CP932 && looks_like_euc(bytes)) {
        report_file(diag, CODE_encoding_unread, path, SLICE("EUC-JP"), SLICE(""));
        return false;
    }
    if (attempt->failures > 0) {
        report_failures(diag, path, bytes, attempt, decoding->encoding);
        return false;
    }
    if (is_legacy && !allow_legacy) {
        const struct slice arguments[2] = {slice_of(name)};
        report_in_text(diag, CODE_encoding_legacy, path, buffer_slice(&attempt->text), 0, 0,
                       arguments);
        return false;
    }
    return true;
}

void report_uncertain(struct diag *diag, struct source *source, const struct decoding *decoding)
{
    if (!decoding->is_certain) {
        DIAG(diag, CODE_encoding_uncertain, span_make(source, 0, 0),
             slice_of(ENCODING_NAMES[decoding->encoding]));
    }
}

static void check_twice(struct slice text, struct slice path, struct diag *diag)
{
    struct twice twice;
    if (diag == NULL || !twice_decoded(text, &twice)) {
        return;
    }
    struct slice arguments[2] = {slice_sub(text, twice.start, twice.end),
                                 slice_make(twice.original, twice.original_length)};
    if (diag_hides(diag, path)) {
        arguments[0] = SLICE("■");
        arguments[1] = SLICE("■");
    }
    report_in_text(diag, CODE_encoding_twice, path, text, twice.start, twice.end, arguments);
}

/* From bytes of another encoding to a text of their own; the bytes are freed. */
static bool decode_bytes(struct slice *text, struct slice path, bool allow_legacy,
                         struct decoding *found, struct diag *diag)
{
    struct attempt attempt = {.failures = 0};
    buffer_init(&attempt.text);
    bool is_decoded = decode_legacy(*text, path, allow_legacy, &attempt, found, diag);
    free((char *)(uintptr_t)text->data);
    /* The buffer's memory is malloc'ed: it becomes the text. */
    *text = buffer_slice(&attempt.text);
    if (!is_decoded) {
        buffer_release(&attempt.text);
    }
    return is_decoded;
}

/* The name of an encoding that is known and not read; empty when the text is in none. */
static struct slice unread_encoding(struct slice text, const struct survey *survey)
{
    enum encoding mark;
    if (survey->has_unwanted && is_iso_2022_jp(text)) {
        return SLICE("ISO-2022-JP");
    }
    return survey->has_nul && !is_marked(text, &mark) ? unmarked_utf16(text) : SLICE("");
}

bool decode_owned(struct slice bytes, struct slice path, bool allow_legacy, struct pool *pool,
                  struct decoded *out, struct diag *diag)
{
    struct decoding found = {.encoding = ENCODING_UTF8, .is_certain = true};
    struct slice text = bytes;
    enum encoding mark;
    struct foreign foreign = foreign_of(bytes);
    if (allow_legacy && foreign.code != CODE_COUNT) {
        report_file(diag, foreign.code, path, foreign.name, SLICE(""));
        free((char *)(uintptr_t)bytes.data);
        return false;
    }
    struct survey survey = survey_text(text, pool);
    char *own = (char *)(uintptr_t)text.data;
    struct slice unread = allow_legacy ? unread_encoding(text, &survey) : SLICE("");
    if (unread.length > 0) {
        report_file(diag, CODE_encoding_unread, path, unread, SLICE(""));
        free(own);
        return false;
    }
    if (survey.is_utf8) {
        if (is_marked(text, &mark)) {
            found.encoding = ENCODING_UTF8_MARK;
            text.length -= 3;
            memmove(own, own + 3, (size_t)text.length);
        }
    } else {
        if (!decode_bytes(&text, path, allow_legacy, &found, diag)) {
            return false;
        }
        own = (char *)(uintptr_t)text.data;
        survey = survey_text(text, pool);
    }
    if (text.length > INT32_MAX) {
        /* Spans count in 32 bits; half-width kana grow threefold. */
        report_file(diag, CODE_file_too_large, path, SLICE("> 2147483647"), SLICE("2147483647"));
        free(own);
        return false;
    }
    if (survey.has_nul && has_nul(text, path, diag)) {
        free(own);
        return false;
    }
    check_twice(text, path, diag);
    found.line_end = line_end_of(text, &survey);
    *out =
        (struct decoded){.text = own, .length = text.length, .decoding = found, .survey = survey};
    return true;
}

bool decode_text(struct slice bytes, struct slice path, bool allow_legacy, char **out,
                 ptrdiff_t *length, struct decoding *decoding, struct diag *diag)
{
    char *copy = malloc((size_t)bytes.length + 1);
    if (copy == NULL) {
        memory_exhausted(bytes.length + 1);
    }
    if (bytes.length > 0) {
        memcpy(copy, bytes.data, (size_t)bytes.length);
    }
    struct decoded decoded;
    if (!decode_owned(slice_make(copy, bytes.length), path, allow_legacy, NULL, &decoded, diag)) {
        return false;
    }
    if (decoding != NULL) {
        *decoding = decoded.decoding;
    }
    *out = decoded.text;
    *length = decoded.length;
    return true;
}
