#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "dies.h"

typedef void (*escaper)(struct buffer *out, struct slice s);

static void check(escaper escape, struct slice input, const char *expected)
{
    struct buffer out = {0};
    escape(&out, input);
    assert_true(slice_equal(buffer_slice(&out), slice_of(expected)));
    buffer_release(&out);
}

static void markup(void **state)
{
    (void)state;
    check(escape_html_text, SLICE("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; \"c\" 'd'");
    check(escape_html_attribute, SLICE("a<b> & \"c\" 'd'"),
          "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    check(escape_xml, SLICE("a<b> & \"c\" 'd'\r\n\t"),
          "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;&#13;\n\t");
    check(escape_html_text, slice_of(NULL), "");
    check(escape_html_text, slice_make("a\0b\x1b", 4),
          "a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD");
    check(escape_xml, slice_make("\x01\x0B\x0C", 3), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    check(escape_xml, SLICE("\xEF\xBF\xBE\xEF\xBF\xBF（全角）\xEF"),
          "\xEF\xBF\xBD\xEF\xBF\xBD（全角）\xEF");
    check(escape_html_text, SLICE("協働のまちづくりを進めるために\n市民と行政が <力> を合わせる"),
          "協働のまちづくりを進めるために\n市民と行政が &lt;力&gt; を合わせる");
}

/* Wherever in a block of sixteen bytes it stands, a byte is noticed; and no other byte changes. */
static void every_place_and_byte(void **state)
{
    (void)state;
    for (ptrdiff_t place = 0; place < 40; place++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[48];
            memset(text, 'x', sizeof(text));
            text[place] = (char)byte;
            struct buffer out = {0};
            escape_html_attribute(&out, slice_make(text, sizeof(text)));
            bool is_control = byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
            bool is_special = byte != 0 && strchr("&<>\"'", byte) != NULL;
            bool is_same = slice_equal(buffer_slice(&out), slice_make(text, sizeof(text)));
            assert_int_equal(is_same, !(is_control || is_special));
            assert_memory_equal(out.data, text, (size_t)place);
            assert_int_equal(out.data[out.length - 1], 'x');
            buffer_release(&out);
        }
    }
}

static void addresses(void **state)
{
    (void)state;
    check(escape_url_path, SLICE("/ja/cases/a b/"), "/ja/cases/a%20b/");
    check(escape_url_path, SLICE("協働.html"), "%E5%8D%94%E5%83%8D.html");
    check(escape_url_path, SLICE("a%20b%zz%2"), "a%20b%25zz%252");
    check(escape_url_path, SLICE("a?b#c:d@e[f]"), "a%3Fb%23c%3Ad%40e%5Bf%5D");
    check(escape_url_path, SLICE("-._~!$&'()*+,;="), "-._~!$&'()*+,;=");
    check(escape_url_path, slice_make("a\0b", 3), "a%00b");
}

static void addresses_back(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    static const char *const pairs[][2] = {
        {"a%20b/%E8%AA%B2.png", "a b/課.png"},
        {"100%", "100%"},
        {"%4", "%4"},
        {"%zz%41", "%zzA"},
        {"%e8%aa", "%e8%aa"}, /* half a character */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        assert_true(
            slice_equal(unescape_url_path(&arena, slice_of(pairs[i][0])), slice_of(pairs[i][1])));
    }
    arena_release(&arena);
}

static void csv_fields(void **state)
{
    (void)state;
    check(escape_csv_field, SLICE("plain 令和"), "plain 令和");
    check(escape_csv_field, slice_of(NULL), "");
    check(escape_csv_field, SLICE("1,200"), "\"1,200\"");
    check(escape_csv_field, SLICE("say \"hi\""), "\"say \"\"hi\"\"\"");
    check(escape_csv_field, SLICE("\""), "\"\"\"\"");
    check(escape_csv_field, SLICE("a\nb"), "\"a\nb\"");
    check(escape_csv_field, SLICE("a\rb"), "\"a\rb\"");
    check(escape_csv_field, SLICE(" a"), "\" a\"");
    check(escape_csv_field, SLICE("a\t"), "\"a\t\"");
}

/* ---- JSON ---- */

static void write_string(struct buffer *out, struct slice s)
{
    struct json_writer json;
    json_begin(&json, out, false);
    json_write_string(&json, s);
}

static void json_strings(void **state)
{
    (void)state;
    check(write_string, SLICE("協働 \"a\" \\ / \n\r\t"), "\"協働 \\\"a\\\" \\\\ / \\n\\r\\t\"");
    check(write_string, slice_make("\0\x1f\x7f", 3), "\"\\u0000\\u001f\\u007f\"");
    check(write_string, SLICE("</script>"), "\"\\u003c/script>\"");
    check(write_string, SLICE("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA6"), "\"\\u2028\\u2029…\"");
    check(write_string, SLICE("\xE2\x80\xAE\xD8\x9C\xEF\xBB\xBF\xC2\x9B"),
          "\"\\u202e\\u061c\\ufeff\\u009b\"");
    check(write_string, SLICE("（全角）×—ـ"), "\"（全角）×—ـ\"");
    check(write_string, SLICE("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
    check(write_string, slice_of(NULL), "\"\"");
}

static void write_nested(struct json_writer *json)
{
    json_object_begin(json);
    json_member(json, "a", SLICE("x"));
    json_member_integer(json, "n", -5);
    json_key(json, SLICE("list"));
    json_array_begin(json);
    json_write_number(json, 0.5);
    json_write_boolean(json, true);
    json_write_null(json);
    json_object_begin(json);
    json_object_end(json);
    json_array_begin(json);
    json_array_end(json);
    json_array_end(json);
    json_key(json, SLICE("t"));
    json_write_boolean(json, false);
    json_object_end(json);
}

/* What a text of these pieces is as a field and as a string: looking at sixteen bytes at a time, at
 * fewer at the end, must find what going piece by piece does. */
static const struct {
    const char *text;
    const char *json;
    bool is_quoted; /* as a CSV field, wherever it stands */
} pieces[] = {{"a", "a", false},
              {"協", "協", false},
              {"（", "（", false},
              {"＿", "＿", false},
              {"ｱ", "ｱ", false},
              {"é", "é", false},
              {"😀", "😀", false},
              {"…", "…", false},
              {"~", "~", false},
              {",", ",", true},
              {"\"", "\\\"", true},
              {"\n", "\\n", true},
              {"\r", "\\r", true},
              {"<", "\\u003c", false},
              {"\\", "\\\\", false},
              {"\x7F", "\\u007f", false},
              {"\xE2\x80\xA8", "\\u2028", false},
              {"\xEF\xBB\xBF", "\\ufeff", false},
              {"\xE3\x81", "\xEF\xBF\xBD\xEF\xBF\xBD", false},
              {"\xEF\xBC", "\xEF\xBF\xBD\xEF\xBF\xBD", false},
              {"\xFF", "\xEF\xBF\xBD", false}};
enum { PIECES = sizeof(pieces) / sizeof(pieces[0]), PIECES_MOST = 20 };

static void check_pieces(const int *chosen, int count)
{
    struct buffer text = {0};
    struct buffer json = {0};
    bool is_quoted = false;
    buffer_append_byte(&json, '"');
    for (int i = 0; i < count; i++) {
        buffer_append(&text, slice_of(pieces[chosen[i]].text));
        buffer_append(&json, slice_of(pieces[chosen[i]].json));
        is_quoted = is_quoted || pieces[chosen[i]].is_quoted;
    }
    buffer_append_literal(&json, "\"\0");
    /* Nothing is behind it, for sanitizers to see. */
    char *alone = malloc((size_t)text.length + 1);
    assert_non_null(alone);
    char *start = alone + 1;
    if (text.length > 0) {
        memcpy(start, text.data, (size_t)text.length);
    }
    check(write_string, slice_make(start, text.length), json.data);
    struct buffer field = {0};
    escape_csv_field(&field, slice_make(start, text.length));
    assert_int_equal(field.length > 0 && field.data[0] == '"', is_quoted);
    free(alone);
    buffer_release(&field);
    buffer_release(&text);
    buffer_release(&json);
}

static void pieces_anywhere(void **state)
{
    (void)state;
    int chosen[PIECES_MOST];
    for (int filler = 0; filler < 3; filler++) {
        for (int count = 0; count <= PIECES_MOST; count++) {
            for (int i = 0; i < count; i++) {
                chosen[i] = filler;
            }
            check_pieces(chosen, count);
            for (int piece = 0; piece < PIECES; piece++) {
                for (int at = 0; at < count; at++) {
                    chosen[at] = piece;
                    check_pieces(chosen, count);
                    chosen[at] = filler;
                }
            }
        }
    }
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        random = random * 1664525 + 1013904223;
        int count = (int)(random >> 16) % (PIECES_MOST + 1);
        for (int i = 0; i < count; i++) {
            random = random * 1664525 + 1013904223;
            chosen[i] = (int)(random >> 16) % PIECES;
        }
        check_pieces(chosen, count);
    }
}

static void json_layout(void **state)
{
    (void)state;
    struct buffer out = {0};
    struct json_writer json;
    json_begin(&json, &out, false);
    write_nested(&json);
    assert_true(
        slice_equal(buffer_slice(&out),
                    SLICE("{\"a\":\"x\",\"n\":-5,\"list\":[0.5,true,null,{},[]],\"t\":false}")));
    buffer_clear(&out);
    json_begin(&json, &out, true);
    write_nested(&json);
    assert_true(slice_equal(buffer_slice(&out), SLICE("{\n"
                                                      "  \"a\": \"x\",\n"
                                                      "  \"n\": -5,\n"
                                                      "  \"list\": [\n"
                                                      "    0.5,\n"
                                                      "    true,\n"
                                                      "    null,\n"
                                                      "    {},\n"
                                                      "    []\n"
                                                      "  ],\n"
                                                      "  \"t\": false\n"
                                                      "}")));
    buffer_release(&out);
}

static struct json_writer bad_json;
static struct buffer bad_out;

static void value_without_key(void)
{
    json_begin(&bad_json, &bad_out, false);
    json_object_begin(&bad_json);
    json_write_null(&bad_json);
}

static void key_in_array(void)
{
    json_begin(&bad_json, &bad_out, false);
    json_array_begin(&bad_json);
    json_key(&bad_json, SLICE("a"));
}

static void key_without_value(void)
{
    json_begin(&bad_json, &bad_out, false);
    json_object_begin(&bad_json);
    json_key(&bad_json, SLICE("a"));
    json_object_end(&bad_json);
}

static void wrong_bracket(void)
{
    json_begin(&bad_json, &bad_out, false);
    json_array_begin(&bad_json);
    json_object_end(&bad_json);
}

static void end_without_begin(void)
{
    json_begin(&bad_json, &bad_out, false);
    json_array_end(&bad_json);
}

static void two_values(void)
{
    json_begin(&bad_json, &bad_out, false);
    json_write_null(&bad_json);
    json_write_null(&bad_json);
}

static void too_deep(void)
{
    json_begin(&bad_json, &bad_out, false);
    for (int i = 0; i < JSON_WRITER_DEPTH; i++) {
        json_array_begin(&bad_json);
    }
}

static void not_a_number(void)
{
    json_begin(&bad_json, &bad_out, false);
    json_write_number(&bad_json, (double)NAN);
}

static void json_misuse_is_noticed(void **state)
{
    (void)state;
    assert_true(aborts(value_without_key));
    assert_true(aborts(key_in_array));
    assert_true(aborts(key_without_value));
    assert_true(aborts(wrong_bracket));
    assert_true(aborts(end_without_begin));
    assert_true(aborts(two_values));
    assert_true(aborts(too_deep));
    assert_true(aborts(not_a_number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup),
        cmocka_unit_test(every_place_and_byte),
        cmocka_unit_test(addresses),
        cmocka_unit_test(addresses_back),
        cmocka_unit_test(csv_fields),
        cmocka_unit_test(json_strings),
        cmocka_unit_test(pieces_anywhere),
        cmocka_unit_test(json_layout),
        cmocka_unit_test(json_misuse_is_noticed),
    };
    return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
