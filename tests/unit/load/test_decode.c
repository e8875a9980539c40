/* Encodings: what each kind of bytes becomes, and what is said about those that do not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <iconv.h>
#include <cmocka.h>

#include "decode.h"

static void assert_text(struct slice got, struct slice wanted)
{
    if (!slice_equal(got, wanted)) {
        fail_msg("got  %.*s\n         want %.*s", SLICE_ARGUMENTS(got), SLICE_ARGUMENTS(wanted));
    }
}

/** "code line:column message", one after the other. */
static void found_text(struct diag *diag, struct buffer *out)
{
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        buffer_append_format(
            out, "%s%s %lld:%lld %.*s", i > 0 ? "; " : "", code_info(findings[i].code)->name,
            (long long)findings[i].position.line, (long long)findings[i].position.column,
            SLICE_ARGUMENTS(findings[i].message[INTERFACE_ENGLISH]));
    }
}

struct decode_case {
    struct slice bytes;
    struct slice text; /* data NULL: refused */
    enum encoding encoding;
    bool is_certain;
    enum line_end line_end;
};

#define ACCEPTED(bytes, text, encoding, is_certain, line_end)                                \
    {                                                                                        \
        {bytes, sizeof(bytes) - 1}, {text, sizeof(text) - 1}, encoding, is_certain, line_end \
    }

static void test_accepted(void **state)
{
    (void)state;
    static const struct decode_case CASES[] = {
        ACCEPTED("", "", ENCODING_UTF8, true, LINE_END_NONE),
        ACCEPTED("a,b", "a,b", ENCODING_UTF8, true, LINE_END_NONE),
        ACCEPTED("協働\n", "協働\n", ENCODING_UTF8, true, LINE_END_LF),
        ACCEPTED("\xEF\xBB\xBF"
                 "協働\r\n",
                 "協働\r\n", ENCODING_UTF8_MARK, true, LINE_END_CRLF),
        ACCEPTED("\xEF\xBB\xBF", "", ENCODING_UTF8_MARK, true, LINE_END_NONE),
        ACCEPTED("a\rb\r", "a\rb\r", ENCODING_UTF8, true, LINE_END_CR),
        ACCEPTED("a\r\nb\n", "a\r\nb\n", ENCODING_UTF8, true, LINE_END_MIXED),
        ACCEPTED("a\nb\r\n", "a\nb\r\n", ENCODING_UTF8, true, LINE_END_MIXED),
        ACCEPTED("a\r\nb\rc", "a\r\nb\rc", ENCODING_UTF8, true, LINE_END_MIXED),
        ACCEPTED("a\rb\n", "a\rb\n", ENCODING_UTF8, true, LINE_END_MIXED),
        ACCEPTED("a\n\rb", "a\n\rb", ENCODING_UTF8, true, LINE_END_MIXED),
        ACCEPTED("a\r\nb", "a\r\nb", ENCODING_UTF8, true, LINE_END_CRLF),
        /* 北海道,札幌市 */
        ACCEPTED("\x96\x6b\x8a\x43\x93\xb9,\x8e\x44\x96\x79\x8e\x73\n", "北海道,札幌市\n",
                 ENCODING_CP932, true, LINE_END_LF),
        /* Half-width kana beside kanji; NEC's circled and Roman numbers; IBM's 髙 and 﨑; the wave
           dash as Windows has it */
        ACCEPTED("\x8e\x73,\xbc\xd4\xb8\xbc\xae\r\n", "市,ｼﾔｸｼｮ\r\n", ENCODING_CP932, true,
                 LINE_END_CRLF),
        ACCEPTED("\x8d\x80\x96\xda\x87\x40\x87\x54\x87\x8a", "項目①Ⅰ㈱", ENCODING_CP932, true,
                 LINE_END_NONE),
        ACCEPTED("\xfb\xfc\x8b\xb4\x81\x41\xed\x95\x8d\xe8", "髙橋、﨑崎", ENCODING_CP932, true,
                 LINE_END_NONE),
        ACCEPTED("\x8b\xe6\x81\x60\x8e\x73\x81\x7c\x81\x5c", "区～市－―", ENCODING_CP932, true,
                 LINE_END_NONE),
        /* Its end looks like a character of UTF-8 that was cut off */
        ACCEPTED("a\n\xc3\xbd\xc4", "a\nﾃｽﾄ", ENCODING_CP932, true, LINE_END_LF),
        ACCEPTED("\x8e\x81\x96\xbc\n\xea\x8e\x93\xa1", "氏名\n齊藤", ENCODING_CP932, true,
                 LINE_END_LF),
        /* A character whose second byte is a backslash, and one whose second byte is a vertical bar
         */
        ACCEPTED("\x95\x5c,\x8f\x5c,\x83\x5c,\x83\x7c", "表,十,ソ,ポ", ENCODING_CP932, true,
                 LINE_END_NONE),
        /* Only half-width kana: Japanese, unless it could be EUC-JP as well */
        ACCEPTED("\xba\xb3\xbc,\xb6\xdc", "ｺｳｼ,ｶﾜ", ENCODING_CP932, true, LINE_END_NONE),
        ACCEPTED("\xb6\xdc\xbb\xb7", "ｶﾜｻｷ", ENCODING_CP932, false, LINE_END_NONE),
        /* EUC-JP's あ、い and Latin-1's "Orléans, café": readable as CP932, but not believable */
        ACCEPTED("\xa4\xa2\xa1\xa2\xa4\xa4", "､｢｡｢､､", ENCODING_CP932, false, LINE_END_NONE),
        ACCEPTED("Orl\xe9"
                 "ans, caf\xe9s",
                 "Orl饌ns, caf駸", ENCODING_CP932, false, LINE_END_NONE),
        ACCEPTED("\xFF\xFE"
                 "a\0\x54\x53\n\0",
                 "a協\n", ENCODING_UTF16LE, true, LINE_END_LF),
        ACCEPTED("\xFE\xFF"
                 "\0a\x53\x54\xD8\x3C\xDF\x63",
                 "a協\xF0\x9F\x8D\xA3", ENCODING_UTF16BE, true, LINE_END_NONE),
        ACCEPTED("\xFF\xFE", "", ENCODING_UTF16LE, true, LINE_END_NONE),
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct diag *diag = diag_new(0);
        struct decoding decoding;
        char *text;
        ptrdiff_t length;
        assert_true(
            decode_text(CASES[i].bytes, SLICE("a.csv"), true, &text, &length, &decoding, diag));
        assert_text(slice_make(text, length), CASES[i].text);
        assert_int_equal(decoding.encoding, CASES[i].encoding);
        assert_int_equal(decoding.is_certain, CASES[i].is_certain);
        assert_int_equal(decoding.line_end, CASES[i].line_end);
        struct diag_counts counts = diag_counts(diag);
        assert_int_equal(counts.errors + counts.warnings, 0);
        free(text);
        diag_free(diag);
    }
}

struct refused_case {
    struct slice bytes;
    bool allow_legacy;
    const char *findings;
};

#define REFUSED(bytes, allow_legacy, findings)             \
    {                                                      \
        {bytes, sizeof(bytes) - 1}, allow_legacy, findings \
    }

static void test_refused(void **state)
{
    (void)state;
    static const struct refused_case CASES[] = {
        REFUSED("協働\n働\x80く\n", true,
                "encoding.invalid 2:2 these bytes are not valid UTF-8: 80"),
        REFUSED("\xEF\xBB\xBF協\xE5\x83", true,
                "encoding.invalid 1:2 these bytes are not valid UTF-8: E5 83"),
        /* One character, and a file that was cut off: CP932 would be 蜊軒 and the like. */
        REFUSED("名,\xE5\x83", true, "encoding.invalid 1:3 these bytes are not valid UTF-8: E5 83"),
        REFUSED("a\n協\xE5", true, "encoding.invalid 2:2 these bytes are not valid UTF-8: E5"),
        REFUSED("\x96\x6b\x8a\x43\n\x93\xb9\xfd,\x85\xa0", true,
                "encoding.invalid 2:2 these bytes are not valid CP932 (Shift_JIS): FD; "
                "encoding.invalid 2:4 these bytes are not valid CP932 (Shift_JIS): 85 A0"),
        REFUSED("\x96\x6b\x8a\x43\x93", true,
                "encoding.invalid 1:3 these bytes are not valid CP932 (Shift_JIS): 93"),
        REFUSED(
            "\x96\x6b\x8a\x43\x93\xb9", false,
            "encoding.legacy 1:1 this file is saved as CP932 (Shift_JIS); only UTF-8 is accepted "
            "here"),
        REFUSED("\xFF\xFE"
                "a\0",
                false,
                "encoding.legacy 1:1 this file is saved as UTF-16; only UTF-8 is accepted here"),
        REFUSED("\xFF\xFE"
                "a\0\x3C\xD8"
                "b\0",
                true, "encoding.invalid 1:2 these bytes are not valid UTF-16: 3C D8"),
        REFUSED("\xFE\xFF\0a\xDF\x63", true,
                "encoding.invalid 1:2 these bytes are not valid UTF-16: DF 63"),
        REFUSED("\xFE\xFF\0a\0", true, "encoding.invalid 1:2 these bytes are not valid UTF-16: 00"),
        /* 番号 in EUC-JP and in ISO-2022-JP */
        REFUSED("\xc8\xd6\xb9\xe6,a\n", true,
                "encoding.unread 1:1 this file is in EUC-JP, which is not read here"),
        REFUSED("\x1b$BHV9f\x1b(B,a\n", true,
                "encoding.unread 1:1 this file is in ISO-2022-JP, which is not read here"),
        REFUSED("a\nb\0c", true, "encoding.nul 2:2 there is a NUL byte here"),
        REFUSED("a\0b", true, "encoding.nul 1:2 there is a NUL byte here"),
        REFUSED("a\0b\0", true,
                "encoding.unread 1:1 this file is in UTF-16LE, which is not read here"),
        REFUSED("\x96\x6b\0", true, NULL),
        REFUSED("\xFF\xFE\0\0", true, "encoding.nul 1:1 there is a NUL byte here"),
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct diag *diag = diag_new(0);
        char *text;
        ptrdiff_t length;
        struct buffer out;
        buffer_init(&out);
        assert_false(decode_text(CASES[i].bytes, SLICE("a.csv"), CASES[i].allow_legacy, &text,
                                 &length, NULL, diag));
        found_text(diag, &out);
        if (CASES[i].findings != NULL) {
            assert_text(buffer_slice(&out), slice_of(CASES[i].findings));
        }
        assert_true(diag_errors(diag) > 0);
        buffer_release(&out);
        diag_free(diag);
    }
}

/* ---- Decoded twice ---- */

/* Convert with iconv, leaving out what the target can't hold, as bad programs do. */
static void convert(struct buffer *out, struct slice s, const char *from, const char *to)
{
    iconv_t converter = iconv_open(to, from);
    assert_true(converter != (iconv_t)-1);
    char *in = (char *)(uintptr_t)s.data;
    size_t left = (size_t)s.length;
    while (left > 0) {
        char *to_bytes = buffer_reserve(out, (ptrdiff_t)left * 4);
        char *end = to_bytes;
        size_t room = left * 4;
        bool is_stuck = iconv(converter, &in, &left, &end, &room) == (size_t)-1;
        out->length += end - to_bytes;
        if (is_stuck && left > 0) {
            in++;
            left--;
        }
    }
    iconv_close(converter);
}

static void test_leads_table(void **state)
{
    (void)state;
    int count = 0;
    for (int32_t c = 0x80; c < 0x10000; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        struct buffer utf8;
        struct buffer cp932;
        buffer_init(&utf8);
        buffer_init(&cp932);
        utf8_append(&utf8, c);
        convert(&cp932, buffer_slice(&utf8), "UTF-8", "CP932");
        unsigned char first = cp932.length == 2 ? (unsigned char)cp932.data[0] : 0;
        unsigned char second = cp932.length == 2 ? (unsigned char)cp932.data[1] : 0;
        bool is_lead = first >= 0xE3 && first <= 0xE9 && second >= 0x80 && second <= 0xBF;
        assert_int_equal(twice_is_lead(c), is_lead);
        count += is_lead;
        buffer_release(&utf8);
        buffer_release(&cp932);
    }
    assert_int_equal(count, 448);
    assert_false(twice_is_lead(-1));
}

static void test_twice_recognised(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "協働",       "川崎市",   "町内会と商店街",   "これは「協働」の事例です。",
        "ｶﾜｻｷ川崎",   "川崎",     "市民活動センター", "令和4年度,環境,団体",
        "東京都港区", "話し合い", "第1回 会議録"};
    static const char *const WRONG[] = {"CP932", "WINDOWS-1252", "ISO-8859-1"};
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        for (size_t k = 0; k < sizeof(WRONG) / sizeof(*WRONG); k++) {
            struct buffer garbled;
            buffer_init(&garbled);
            buffer_append_literal(&garbled, "id,name\n1,");
            convert(&garbled, slice_of(TEXTS[i]), WRONG[k], "UTF-8");
            struct twice twice;
            if (!twice_decoded(buffer_slice(&garbled), &twice)) {
                fail_msg("%s read as %s: %.*s", TEXTS[i], WRONG[k],
                         SLICE_ARGUMENTS(buffer_slice(&garbled)));
            }
            assert_true(twice.start >= 10 && twice.end > twice.start &&
                        twice.end <= garbled.length);
            assert_true(twice.original_length >= 3);
            buffer_release(&garbled);
        }
    }
}

static void test_twice_reported(void **state)
{
    (void)state;
    struct diag *diag = diag_new(0);
    char *text;
    ptrdiff_t length;
    struct buffer out;
    buffer_init(&out);
    assert_true(
        decode_text(SLICE("名称\n蜊泌ロ,x\n"), SLICE("a.csv"), false, &text, &length, NULL, diag));
    found_text(diag, &out);
    assert_text(buffer_slice(&out),
                SLICE("encoding.twice 2:1 text was decoded with a wrong encoding and saved so: "
                      "\"蜊泌ロ\" was probably \"協働\""));
    assert_int_equal(diag_counts(diag).warnings, 1);
    free(text);
    buffer_release(&out);
    diag_free(diag);
}

static void test_not_twice(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "",
        "糸が縺れる。縺れた糸を解く。繧繝縁の畳。",
        "躊躇、邂逅、醍醐味、贔屓、鬱、鰯、蠟燭、襤褸、蹂躙、饒舌、驟雨",
        "蜊ｶﾞ",
        "縺ｶ",
        "café «été» naïve – “été”… coopération à Orléans, São Paulo, não, ação, år",
        "Preço: não… “ação” – R$ 5 × 3 ÷ 2 ¥100 £5 §3 ±2",
        "ｶﾀｶﾅ ﾊﾝｶｸ ﾃﾞｽ",
        "①②③㈱髙﨑～－",
        "協働とは、対等な立場で共に取り組むことです。",
    };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        struct twice twice;
        if (twice_decoded(slice_of(TEXTS[i]), &twice)) {
            fail_msg("%s was taken for garbled: %.*s", TEXTS[i], (int)twice.original_length,
                     twice.original);
        }
    }
}

/* Two megabytes that are suspicious at every character, and two that break at every byte. */
static void test_growth(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"縺", "ã", "\xE3", "\x81", "\r\n", "\x96\x6b\xfd"};
    for (size_t i = 0; i < sizeof(PIECES) / sizeof(*PIECES); i++) {
        struct buffer bytes;
        buffer_init(&bytes);
        while (bytes.length < (ptrdiff_t)2 << 20) {
            buffer_append(&bytes, slice_of(PIECES[i]));
        }
        struct diag *diag = diag_new(0);
        struct decoding decoding;
        char *text;
        ptrdiff_t length;
        if (decode_text(buffer_slice(&bytes), SLICE("a.csv"), true, &text, &length, &decoding,
                        diag)) {
            free(text);
            assert_int_equal(diag_errors(diag), 0);
        } else {
            assert_true(diag_errors(diag) > 0 && diag_errors(diag) <= 20);
        }
        diag_free(diag);
        buffer_release(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),       cmocka_unit_test(test_refused),
        cmocka_unit_test(test_leads_table),    cmocka_unit_test(test_twice_recognised),
        cmocka_unit_test(test_twice_reported), cmocka_unit_test(test_not_twice),
        cmocka_unit_test(test_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
