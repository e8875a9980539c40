/* YAML: values, kinds, places; what is refused and how it is said. */
#include "found.h"

struct parsed {
    struct arena arena;
    struct diag *diag;
    struct source *source;
    struct node *root;
};

static void parse_range(struct parsed *parsed, struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    arena_init(&parsed->arena, ARENA_DEFAULT_LIMIT);
    parsed->diag = diag_new(0);
    parsed->source = source_new(SLICE("a.yaml"), text, NULL, NULL);
    parsed->root = yaml_parse(parsed->source, start, end, &parsed->arena, parsed->diag);
}

static void release(struct parsed *parsed)
{
    source_free(parsed->source);
    diag_free(parsed->diag);
    arena_release(&parsed->arena);
}

static void check(const char *yaml, bool with_places, const char *wanted, const char *findings)
{
    struct parsed parsed;
    struct slice text = slice_of(yaml);
    parse_range(&parsed, text, 0, text.length);
    struct buffer out;
    buffer_init(&out);
    assert_text(found_text(parsed.diag, &out), findings);
    buffer_clear(&out);
    if (wanted != NULL) {
        outline(parsed.root, with_places, &out);
        assert_text(buffer_slice(&out), wanted);
    }
    buffer_release(&out);
    release(&parsed);
}

struct value_case {
    const char *yaml;
    const char *wanted;
};

static void test_values(void **state)
{
    (void)state;
    static const struct value_case CASES[] = {
        {"", "{}"},
        {"# nothing\n", "{}"},
        {"---\n", "{}"},
        {"a: 1\nb: text\n", "{a:1|i b:text|t}"},
        {"a: no\nb: on\nc: yes\nd: y\ne: off\n", "{a:no|t b:on|t c:yes|t d:y|t e:off|t}"},
        {"a: 12:30\nb: 2024-03-01\nc: 1_000\n", "{a:12:30|t b:2024-03-01|t c:1_000|t}"},
        {"a: null\nb: ~\nc:\nd: Null\ne: nULL\n", "{a:null|n b:~|n c:|n d:Null|n e:nULL|t}"},
        {"a: true\nb: False\nc: TRUE\nd: tRUE\n", "{a:true|b b:False|b c:TRUE|b d:tRUE|t}"},
        {"- 0\n- -1\n- +2\n- 012\n- 0x1F\n- 0o17\n- 0o8\n- 0x\n- 0xG\n- '-'\n",
         "[0|i -1|i +2|i 012|i 0x1F|i 0o17|i 0o8|t 0x|t 0xG|t -|t]"},
        {"[1.5, .5, 1., 1e3, -1.5E-3, 1e, ., +, .inf, -.INF, .nan, 1.2.3, 1e+]",
         "[1.5|f .5|f 1.|f 1e3|f -1.5E-3|f 1e|t .|t +|t .inf|f -.INF|f .nan|f 1.2.3|t 1e+|t]"},
        {"a: '1'\nb: \"true\"\nc: |\n  12\n", "{a:1|t b:true|t c:12\n|t}"},
        {"a: >-\n  折り\n  返し\n\n  次\nb: |+\n  x\n\n", "{a:折り 返し\n次|t b:x\n\n|t}"},
        {"a: \"\\u5354\\u50CD \\x41\\n\"\n", "{a:協働 A\n|t}"},
        {"a: {b: [1, {c: d}], e: ''}\n", "{a:{b:[1|i {c:d|t}] e:|t}}"},
        {"a:\n- 1\n- - 2\n  - 3\n", "{a:[1|i [2|i 3|i]]}"},
        {"a: 1\r\nb:\r\n  - 全角\r\n  - 文字\r\n", "{a:1|i b:[全角|t 文字|t]}"},
        {"a: 1\rb: 2\r", "{a:1|i b:2|i}"},
        {"題名：x: 1\n", "{題名：x:1|i}"},
        {"a: 値 # 注\nb: 値#値\n", "{a:値|t b:値#値|t}"},
        {"--- \na: 1\n...\n", "{a:1|i}"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        check(CASES[i].yaml, false, CASES[i].wanted, "");
    }
}

static void test_places(void **state)
{
    (void)state;
    check("a: 1\nb: 協働 の\nc: \"x\"\n", true,
          "{a@0-1:1|i@3-4 b@5-6:協働 の|t@8-18 c@19-20:x|t@22-25}@0-25", "");
    check("協:\r\n  - 働\r\n  - {の: [x]}\r\nz:\r\n", true,
          "{協@0-3:[働|t@10-13 {の@20-23:[x|t@26-27]@25-28}@19-29]@8-29 z@31-32:|n@33-33}@0-33",
          "");
    check("a: |\n  長い\n  文\n\nb: 2\n", true, "{a@0-1:長い\n文\n|t@3-19 b@21-22:2|i@24-25}@0-25",
          "");
    check("\xF0\xA0\xAE\xB7: \xF0\x9F\x8D\xA3\nb: 1\n", true,
          "{\xF0\xA0\xAE\xB7@0-4:\xF0\x9F\x8D\xA3|t@6-10 b@11-12:1|i@14-15}@0-15", "");
    check("a: 行\n  続き\nb: 1\n", true, "{a@0-1:行 続き|t@3-15 b@16-17:1|i@19-20}@0-20", "");
}

/* Positions count from the source's start when only a part of it is parsed. */
static void test_range(void **state)
{
    (void)state;
    struct slice text = SLICE("---\n名: 値\n誤: \"\n---\n本文: ない\n");
    struct parsed parsed;
    parse_range(&parsed, text, 4, 13);
    const struct node *value = node_get(parsed.root, "名");
    assert_non_null(value);
    assert_int_equal(value->span.start, 9);
    assert_true(slice_equal(span_text(value->span), SLICE("値")));
    assert_true(slice_equal(span_text(value->key_span), SLICE("名")));
    assert_null(node_get(parsed.root, "本文"));
    assert_null(node_get(value, "x"));
    assert_null(node_get(NULL, "x"));
    release(&parsed);
    parse_range(&parsed, text, 4, 21);
    assert_null(parsed.root);
    struct buffer out;
    buffer_init(&out);
    assert_text(found_text(parsed.diag, &out), "yaml.quote_open 3:4+1");
    buffer_release(&out);
    release(&parsed);
}

struct broken_case {
    const char *yaml;
    const char *findings;
};

static void test_broken(void **state)
{
    (void)state;
    static const struct broken_case CASES[] = {
        {"a: 1\n\tb: 2\n", "yaml.tab 2:1+1"},
        {"a:\n\t- x\n", "yaml.tab 2:1+1"},
        {"a: 1\ntitle：協働\nb: 2\n", "yaml.wide_colon 2:6+1"},
        {"a: 1\ntitle：協働\n", "yaml.wide_colon 2:6+1"},
        {"a: 1\ntitle ： 協働\n", "yaml.colon_missing 2:1+10"},
        {"a:\n  b: 1\n  c：2\n", "yaml.wide_colon 3:4+1"},
        {"a: 1\ntitle:　協働\nb: 2\n", "yaml.wide_space 2:7+1"},
        {"a:\n  - 1\n  -　2\n  - 3\n", "yaml.wide_space 3:4+1"},
        {"a: 1\n　b: 2\n", "yaml.wide_space 2:1+1"},
        {"　a: 2\n", "yaml.wide_space 1:1+1"},
        {"a: 1\ntitle:協働\nb: 2\n", "yaml.colon_space 2:6+1"},
        {"a: 1\nただの文\nb: 2\n", "yaml.colon_missing 2:1+4"},
        {"a: 協働: 事例\n", "yaml.colon_extra 1:6+1"},
        {"a: x\n  b: 1\n", "yaml.indentation 2:3+1"},
        {"a:\n  - b: 1\n     c: 2\n", "yaml.indentation 3:6+1"},
        {"a: 1\n \"b\": 2\n", "yaml.indentation 2:2+3"},
        {"- a: b: c\n", "yaml.colon_extra 1:7+1"},
        {"a:\n  b: 1\n c: 2\n", "yaml.indentation 3:2+1 (see.block 1:1)"},
        {"a:\n  - x\n - y\n", "yaml.indentation 3:2+1 (see.block 1:1)"},
        {"a: - x\n", "yaml.indentation 1:4+1"},
        {"- a\nb: c\n", "yaml.indentation 2:1+1 (see.block 1:1)"},
        {"a: 1\n- b\n", "yaml.indentation 2:1+1 (see.block 1:1)"},
        {"a: \"開いた\nb: 1\n", "yaml.quote_open 1:4+1"},
        {"a: 'it's'\n", "yaml.after_quote 1:8+1"},
        {"a: \"協働\"の事例\n", "yaml.after_quote 1:8+1"},
        {"a: \"C:\\Users\"\n", "yaml.escape 1:7+2"},
        {"a: \"\\d\"\n", "yaml.escape 1:5+2"},
        {"a: [1, 2\nb: 3\n", "yaml.bracket 1:4+1 (see.stuck 2:2)"},
        {"a: {b: 1\n", "yaml.bracket 1:4+1 (see.stuck 2:1)"},
        {"a: [1 2}\n", "yaml.bracket 1:8+1 (see.opened 1:4)"},
        {"a: @川崎\n", "yaml.reserved 1:4+1"},
        {"a: `x`\n", "yaml.reserved 1:4+1"},
        {"a: %x\n", "yaml.reserved 1:4+1"},
        {"a: **重要** な点\n", "yaml.reserved 1:4+1"},
        {"a: *重要*\n", "yaml.reserved 1:4+1"},
        {"a: |文\n", "yaml.reserved 1:4+1"},
        {"a: !川 x\n", "yaml.reserved 1:4+1"},
        {"%x\n", "yaml.reserved 1:1+1"},
        {"a: [1, , 2]\n", "yaml.value 1:8+1"},
        {"a: ]\n", "yaml.value 1:4+1"},
        {"a: \"\x08\"\n", "yaml.control 1:5+1"},
        {"a: &x 1\nb: *x\n", "yaml.anchor 1:4+2, yaml.anchor 2:4+2"},
        {"<<: *base\na: 1\n", "yaml.anchor 1:5+5"},
        {"a: !!str 1\nb: !x {}\nc: &d !e f\n",
         "yaml.tag 1:4+5, yaml.tag 2:4+2, yaml.anchor 3:4+2, yaml.tag 3:4+2"},
        {"a: 1\nb: 2\na: 3\n", "yaml.duplicate_key 3:1+1 (see.first_key 1:1)"},
        {"a: {b: 1, b: 2}\n", "yaml.duplicate_key 1:11+1 (see.first_key 1:5)"},
        {"? [a]\n: 1\nb: 2\n", "yaml.key 1:3+3"},
        {"{a: 1}: 2\n", "yaml.key 1:1+6"},
        {"a: {{ x }}\n", "yaml.key 1:5+5"},
        {": 1\n", "yaml.key 1:1+1"},
        {"a: 1\n---\nb: 2\n", "yaml.documents 2:1+3"},
        {"\"a\" b: 1\n", "yaml.after_quote 1:5+1"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        check(CASES[i].yaml, false, NULL, CASES[i].findings);
    }
}

/* The first of two values counts, and what is refused leaves the rest usable. */
static void test_what_remains(void **state)
{
    (void)state;
    check("a: 1\na: 2\nb: &x 3\nc: *x\nd: !!int 4\n", false, "{a:1|i b:3|i c:|n d:4|i}",
          "yaml.duplicate_key 2:1+1 (see.first_key 1:1), yaml.anchor 3:4+2, yaml.anchor 4:4+2, "
          "yaml.tag 5:4+5");
    check("a: 1\nb: \"x\n", false, "NULL", "yaml.quote_open 2:4+1");
}

static void test_many_keys(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    for (int i = 0; i < 20000; i++) {
        buffer_append_format(&text, "key%d: %d\n", i, i);
    }
    buffer_append_literal(&text, "key3: again\nkey19999: again\n");
    struct parsed parsed;
    double start = seconds_now();
    parse_range(&parsed, buffer_slice(&text), 0, text.length);
    assert_true(seconds_now() - start < PATIENCE);
    assert_int_equal(parsed.root->count, 20000);
    assert_int_equal(diag_errors(parsed.diag), 2);
    release(&parsed);
    buffer_release(&text);
}

struct growth_case {
    const char *piece;
    const char *code; /* of the only error; NULL when it is fine */
};

static void test_growth(void **state)
{
    (void)state;
    static const struct growth_case CASES[] = {
        {"[", "yaml.limit"},
        {"{", "yaml.limit"},
        {"- ", "yaml.limit"},
        {"? ", "yaml.limit"},
        {"\"", "yaml.after_quote"},
        {"a: ", "yaml.colon_extra"},
        {"- x\n", NULL},
        {"'", NULL},
        {"- &a x\n", "yaml.anchor"},
        {"!", "yaml.tag"},
        {"\n", NULL},
        {"# x\n", NULL},
        {"あ", NULL},
        {"あ\n", NULL},
        {"{a: ", "yaml.limit"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct slice text =
            repeated(CASES[i].piece, ((ptrdiff_t)1 << 20) / (ptrdiff_t)strlen(CASES[i].piece));
        struct parsed parsed;
        double start = seconds_now();
        parse_range(&parsed, text, 0, text.length);
        double took = seconds_now() - start;
        ptrdiff_t count;
        const struct finding *findings = diag_sorted(parsed.diag, &count);
        if (took > PATIENCE || (CASES[i].code == NULL) != (count == 0) ||
            (count > 0 && strcmp(code_info(findings[0].code)->name, CASES[i].code) != 0)) {
            fail_msg("%s took %.1f s and gave %s", CASES[i].piece, took,
                     count > 0 ? code_info(findings[0].code)->name : "nothing");
        }
        release(&parsed);
        free((void *)(uintptr_t)text.data);
    }
}

/* The deepest that is allowed, and one more. */
static void test_depth(void **state)
{
    (void)state;
    for (int depth = NODE_DEPTH; depth <= NODE_DEPTH + 1; depth++) {
        struct buffer text;
        buffer_init(&text);
        buffer_append_repeated(&text, '[', depth);
        buffer_append_repeated(&text, ']', depth);
        struct parsed parsed;
        parse_range(&parsed, buffer_slice(&text), 0, text.length);
        assert_int_equal(diag_errors(parsed.diag), depth > NODE_DEPTH);
        assert_int_equal(parsed.root == NULL, depth > NODE_DEPTH);
        release(&parsed);
        buffer_release(&text);
    }
}

struct fence_case {
    const char *text;
    bool present;
    const char *yaml;
    const char *body;
    const char *findings;
};

static void test_front_matter(void **state)
{
    (void)state;
    static const struct fence_case CASES[] = {
        {"---\na: 1\n---\n本文\n", true, "a: 1\n", "本文\n", ""},
        {"---\r\na: 1\r\n---\r\n本文\r\n", true, "a: 1\r\n", "本文\r\n", ""},
        {"---\ra: 1\r---\r本文\r", true, "a: 1\r", "本文\r", ""},
        {"---\na: 1\n...\n本文", true, "a: 1\n", "本文", ""},
        {"---  \n---\t\n", true, "", "", ""},
        {"---\n---", true, "", "", ""},
        {"", false, "", "", ""},
        {"本文\n---\n", false, "", "本文\n---\n", ""},
        {"----\na\n", false, "", "----\na\n", ""},
        {"--- a\n", false, "", "--- a\n", ""},
        {" ---\na\n---\n", false, "", " ---\na\n---\n", ""},
        {"---\na: |\n  ---\n---\nb", true, "a: |\n  ---\n", "b", ""},
        {"---\na: 1\n本文\n", true, "", "", "yaml.front_matter_open 1:1+3 (see.text_begins 3:1)"},
        {"---", true, "", "", "yaml.front_matter_open 1:1+3"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct diag *diag = diag_new(0);
        struct slice text = slice_of(CASES[i].text);
        struct source *source = source_new(SLICE("index.ja.md"), text, NULL, NULL);
        struct front_matter found = front_matter_split(source, diag);
        struct buffer out;
        buffer_init(&out);
        assert_text(found_text(diag, &out), CASES[i].findings);
        buffer_release(&out);
        assert_int_equal(found.present, CASES[i].present);
        assert_text(slice_sub(text, found.yaml_start, found.yaml_end), CASES[i].yaml);
        assert_text(slice_from(text, found.body_start), CASES[i].body);
        source_free(source);
        diag_free(diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),       cmocka_unit_test(test_places),
        cmocka_unit_test(test_range),        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_what_remains), cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_growth),       cmocka_unit_test(test_depth),
        cmocka_unit_test(test_front_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
