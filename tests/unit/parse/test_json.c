/* JSON: our scanner against jansson, places, and what is said about mistakes. */
#include <jansson.h>

#include "found.h"

struct parsed {
    struct arena arena;
    struct diag *diag;
    struct source *source;
    struct node *root;
};

static void parse(struct parsed *parsed, struct slice text)
{
    arena_init(&parsed->arena, ARENA_DEFAULT_LIMIT);
    parsed->diag = diag_new(0);
    parsed->source = source_new(SLICE("a.json"), text, NULL, NULL);
    parsed->root = json_parse(parsed->source, &parsed->arena, parsed->diag);
}

static void release(struct parsed *parsed)
{
    source_free(parsed->source);
    diag_free(parsed->diag);
    arena_release(&parsed->arena);
}

/* Every value and every key as jansson has them, in order. */
static void assert_same(const struct node *node, json_t *value)
{
    if (json_is_object(value)) {
        assert_int_equal(node->kind, NODE_MAPPING);
        assert_int_equal(node->count, json_object_size(value));
        const struct node *child = node->first;
        const char *key;
        json_t *member;
        json_object_foreach(value, key, member)
        {
            assert_text(child->key, key);
            assert_same(child, member);
            child = child->next;
        }
    } else if (json_is_array(value)) {
        assert_int_equal(node->kind, NODE_SEQUENCE);
        assert_int_equal(node->count, json_array_size(value));
        const struct node *child = node->first;
        for (size_t i = 0; i < json_array_size(value); i++) {
            assert_same(child, json_array_get(value, i));
            child = child->next;
        }
    } else if (json_is_string(value)) {
        assert_int_equal(node->scalar, SCALAR_TEXT);
        assert_text(node->text, json_string_value(value));
    } else if (json_is_integer(value)) {
        int64_t integer = 0;
        assert_int_equal(node->scalar, SCALAR_INTEGER);
        assert_true(slice_to_integer(node->text, &integer));
        assert_true(integer == json_integer_value(value));
    } else if (json_is_real(value)) {
        double number = 0;
        assert_int_equal(node->scalar, SCALAR_NUMBER);
        assert_true(slice_to_number(node->text, &number));
        assert_true(number >= json_real_value(value) && number <= json_real_value(value));
    } else {
        assert_int_equal(node->scalar, json_is_null(value) ? SCALAR_NULL : SCALAR_BOOLEAN);
        assert_int_equal(slice_equal(node->text, SLICE("true")), json_is_true(value));
    }
}

/* Both read it alike, or both refuse it. */
static void compare(struct slice text)
{
    struct parsed parsed;
    parse(&parsed, text);
    json_error_t error;
    json_t *value = json_loadb(text.data, (size_t)text.length,
                               JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    bool is_accepted = parsed.root != NULL && diag_errors(parsed.diag) == 0;
    if (is_accepted != (value != NULL)) {
        fail_msg("%.*s: ours %d, jansson %d (%s)", SLICE_ARGUMENTS(text), is_accepted,
                 value != NULL, error.text);
    }
    assert_int_equal(diag_errors(parsed.diag) > 0, !is_accepted);
    if (is_accepted) {
        assert_same(parsed.root, value);
    }
    json_decref(value);
    release(&parsed);
}

static void test_agrees_with_jansson(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "{}",
        "[]",
        "  {} \r\n",
        "[[],[[]],{},{\"\":{}},[{}]]",
        "null",
        "true",
        "false",
        "0",
        "\"\"",
        "-0",
        "-1.5e-3",
        "1E+2",
        "123456789012345678",
        "1e400",
        "123456789012345678901234567890",
        "01",
        "-",
        "1.",
        ".5",
        "+1",
        "1e",
        "0x1",
        "NaN",
        "-Infinity",
        "1a",
        "1.5.1",
        "00",
        "-01",
        "\"\\u5354\\u50cd\"",
        "\"\\ud83c\\udf63\"",
        "\"\\ud83c\"",
        "\"\\udf63\"",
        "\"\\ud83cx\"",
        "\"\\ud83c\\u0041\"",
        "\"\\u0000\"",
        "\"\\u00e9\\u0001\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\a\"",
        "\"\\u12g4\"",
        "\"\\u12",
        "\"\\",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\x7F\"",
        "\"協働\"",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":1,\"b\":{\"a\":2}}",
        "{\"a\" : [ 1 , 2 ] }",
        "[1,]",
        "{\"a\":1,}",
        "[,1]",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "['a']",
        "[1",
        "{\"a\":1",
        "{\"a\":",
        "{\"a\"",
        "{",
        "[",
        "]",
        "}",
        "[}",
        "{]",
        "",
        " ",
        "[] []",
        "1 2",
        "tru",
        "truee",
        "nul",
        "TRUE",
        "// x\n1",
        "/* x */ 1",
        "[1] # x",
        "{\"a\":1]",
        "[1}",
        ":",
        ",",
        "\xEF\xBC\xBB]",
        "{\"a\"\xEF\xBC\x9A 1}",
        "\xE2\x80\x9C"
        "a\xE2\x80\x9D",
        "\xC2\xA0"
        "1",
        "\f1",
    };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        compare(slice_of(TEXTS[i]));
    }
}

/* Random texts of JSON's own signs; the generator is fixed, so every run sees the same. */
static void test_agrees_on_random_texts(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"{",    "}",     "[",           "]",  ":",
                                         ",",    "\"a\"", "\"\\u0062\"", "1",  "-2.5",
                                         "null", " ",     "\"",          "\\", "0"};
    uint64_t random = 20240301;
    for (int round = 0; round < 20000; round++) {
        struct buffer text;
        buffer_init(&text);
        random = random * 6364136223846793005u + 1442695040888963407u;
        int pieces = (int)(random >> 60);
        for (int i = 0; i <= pieces; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            buffer_append(&text,
                          slice_of(PIECES[(random >> 33) % (sizeof(PIECES) / sizeof(*PIECES))]));
        }
        compare(buffer_slice(&text));
        buffer_release(&text);
    }
}

static void test_places(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, SLICE("{\"協\": [1, \"\\u50cd\"],\n \"b\": {}, \"c\": -1.50}"));
    struct buffer out;
    buffer_init(&out);
    outline(parsed.root, true, &out);
    assert_text(buffer_slice(&out),
                "{協@1-6:[1|i@9-10 働|t@12-20]@8-21 b@24-27:{}@29-31 c@33-36:-1.50|f@38-43}@0-44");
    assert_text(node_get(parsed.root, "c")->text, "-1.50");
    assert_true(node_get(parsed.root, "c")->is_plain);
    buffer_release(&out);
    release(&parsed);
}

struct broken_case {
    const char *text;
    const char *findings;
};

static void test_broken(void **state)
{
    (void)state;
    static const struct broken_case CASES[] = {
        {"", "json.empty 1:1+0"},
        {" \n", "json.empty 1:1+0"},
        {"{\"a\": 1\n \"b\": 2}", "json.comma_missing 2:2+1"},
        {"[1, 2,\n]", "json.comma_extra 1:6+1"},
        {"{\"a\": 1,}", "json.comma_extra 1:8+1"},
        {"{a: 1}", "json.quote 1:2+1"},
        {"{'a': 1}", "json.quote 1:2+1"},
        {"{\"a\": 協働}", "json.quote 1:7+2"},
        {"{\"a\": True}", "json.quote 1:7+4"},
        {"{\"a\"： 1}", "json.wide 1:5+1"},
        {"{\"a\": 1， \"b\": 2}", "json.wide 1:8+1"},
        {"{“a”: 1}", "json.wide 1:2+1"},
        {"{\"a\":　1}", "json.wide 1:6+1"},
        {"{ // x\n}", "json.comment 1:3+2"},
        {"[1, # x\n]", "json.comment 1:5+1"},
        {"{\"a\": [1, 2", "json.bracket 1:7+1"},
        {"{\"a\": 1", "json.bracket 1:1+1"},
        {"[1}", "json.expected 1:3+1"},
        {"{\"a\" 1}", "json.expected 1:6+1"},
        {"{1: 2}", "json.quote 1:2+1"},
        {"{: 2}", "json.expected 1:2+1"},
        {"[,]", "json.value 1:2+1"},
        {"{\"a\": }", "json.value 1:7+1"},
        {"[\"閉じない]", "json.string 1:2+1"},
        {"[\"a\nb\"]", "json.string 1:2+2"},
        {"[\"a\tb\"]", "json.string 1:4+1"},
        {"[\"C:\\Users\"]", "json.string 1:5+2"},
        {"[\"\\u12\"]", "json.string 1:3+6"},
        {"{\"code\": 014010}", "json.number 1:10+6"},
        {"[+1]", "json.number 1:2+2"},
        {"[1,200円]", "json.number 1:4+4"},
        {"{} }", "json.after_end 1:4+1"},
        {"[1e400]", "json.syntax 1:6+1"},
        {"{\"a\": 1, \"b\": 2,\n \"a\": 3}", "json.duplicate_key 2:2+3 (see.first_key 1:2)"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct parsed parsed;
        parse(&parsed, slice_of(CASES[i].text));
        struct buffer out;
        buffer_init(&out);
        assert_text(found_text(parsed.diag, &out), CASES[i].findings);
        buffer_release(&out);
        release(&parsed);
    }
}

static void test_growth(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"[", "{\"a\":", "\"", "[1,",          "\\u", "[]",
                                         " ", "1",       "a",  "\xE3\x81\x82", "[[],"};
    for (size_t i = 0; i < sizeof(PIECES) / sizeof(*PIECES); i++) {
        struct slice text =
            repeated(PIECES[i], ((ptrdiff_t)1 << 20) / (ptrdiff_t)strlen(PIECES[i]));
        struct parsed parsed;
        double start = seconds_now();
        parse(&parsed, text);
        if (seconds_now() - start > PATIENCE || diag_errors(parsed.diag) != 1) {
            fail_msg("%s took %.1f s", PIECES[i], seconds_now() - start);
        }
        assert_null(parsed.root);
        release(&parsed);
        free((void *)(uintptr_t)text.data);
    }
}

static void test_limits(void **state)
{
    (void)state;
    for (int depth = NODE_DEPTH; depth <= NODE_DEPTH + 1; depth++) {
        struct buffer text;
        buffer_init(&text);
        buffer_append_repeated(&text, '[', depth);
        buffer_append_repeated(&text, ']', depth);
        struct parsed parsed;
        parse(&parsed, buffer_slice(&text));
        struct buffer out;
        buffer_init(&out);
        assert_text(found_text(parsed.diag, &out), depth > NODE_DEPTH ? "json.limit 1:33+1" : "");
        assert_int_equal(parsed.root == NULL, depth > NODE_DEPTH);
        buffer_release(&out);
        release(&parsed);
        buffer_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_jansson),
        cmocka_unit_test(test_agrees_on_random_texts),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
