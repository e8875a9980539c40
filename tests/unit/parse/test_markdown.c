/* Markdown: places, headings and their sections, references, plain text, hashes, findings. The HTML
 * itself is proved by the examples in tests/spec. */
#include "found.h"

struct parsed {
    struct source *source;
    struct diag *diag;
    struct arena arena;
    struct document *document;
    struct buffer out;
};

static void parse_with(struct parsed *parsed, const char *text, ptrdiff_t start,
                       struct markdown_options options)
{
    buffer_init(&parsed->out);
    arena_init(&parsed->arena, ARENA_DEFAULT_LIMIT);
    parsed->diag = diag_new(0);
    parsed->source = source_new(SLICE("test.md"), slice_of(text), NULL, NULL);
    parsed->document =
        markdown_parse(parsed->source, start, &options, &parsed->arena, parsed->diag);
}

static void parse(struct parsed *parsed, const char *text)
{
    parse_with(parsed, text, 0, (struct markdown_options){0});
}

static void release(struct parsed *parsed)
{
    buffer_release(&parsed->out);
    source_free(parsed->source);
    diag_free(parsed->diag);
    arena_release(&parsed->arena);
}

static void assert_findings(const char *text, const char *wanted)
{
    struct parsed parsed;
    parse(&parsed, text);
    assert_text(found_text(parsed.diag, &parsed.out), wanted);
    release(&parsed);
}

/* `[a](b)@line:column=source text`, one a reference. */
static void assert_references(const char *text, const char *wanted)
{
    struct parsed parsed;
    parse(&parsed, text);
    ptrdiff_t last = 0;
    for (ptrdiff_t i = 0; i < parsed.document->reference_count; i++) {
        const struct reference *reference = &parsed.document->references[i];
        struct position position = source_position(parsed.source, reference->span.start);
        buffer_append_format(&parsed.out, "%s%s[", i > 0 ? " " : "",
                             reference->kind == REFERENCE_IMAGE ? "!" : "");
        buffer_append(&parsed.out, reference->text);
        buffer_append_literal(&parsed.out, "](");
        buffer_append(&parsed.out, reference->destination);
        buffer_append_format(&parsed.out, ")@%d:%d=", (int)position.line, (int)position.column);
        buffer_append(&parsed.out, span_text(reference->span));
        assert_true(reference->html_offset >= last);
        last = reference->html_offset;
        if (!reference->is_unsafe) { /* an attribute's quotes stand around the place */
            assert_int_equal(parsed.document->html.data[last - 1], '"');
            assert_int_equal(parsed.document->html.data[last], '"');
        }
    }
    assert_text(buffer_slice(&parsed.out), wanted);
    release(&parsed);
}

static void places_of_references(void **state)
{
    (void)state;
    assert_references("これは[案内](../a/)です", "[案内](../a/)@1:4=[案内](../a/)");
    assert_references("a ![alt *x*](b.png \"t\") c", "![alt x](b.png)@1:3=![alt *x*](b.png \"t\")");
    assert_references("<https://a.example/> [x][] [y] [z][y]\n\n[x]: u\n[y]: v",
                      "[https://a.example/](https://a.example/)@1:1=<https://a.example/> "
                      "[x](u)@1:22=[x][] [y](v)@1:28=[y] [z](v)@1:32=[z][y]");
    assert_references("[![alt](i.png)](../a/)", "[alt](../a/)@1:1=[![alt](i.png)](../a/) "
                                                "![alt](i.png)@1:2=![alt](i.png)");
    assert_references("a\\*\\[ &amp;&copy;&#42; `]` <b> *e* **[x](u)**", "[x](u)@1:38=[x](u)");
    assert_references("[a <https://a.example/> b](u) [c](v)",
                      "[a https://a.example/ b](u)@1:1=[a <https://a.example/> b](u) "
                      "[c](v)@1:31=[c](v)");
    assert_references("[a](u \\( v) [b](<x y>)", "[b](x y)@1:13=[b](<x y>)");
}

static void places_over_lines(void **state)
{
    (void)state;
    /* cmark's own lines and columns are off in all of these. */
    assert_references("[d]: u\n[e]: v\ntext [d]", "[d](u)@3:6=[d]");
    assert_references("a [x](u\n\"t\n2\") b [y](v)",
                      "[x](u)@1:3=[x](u\n\"t\n2\") [y](v)@3:7=[y](v)");
    assert_references("a\\\nb [y](v)", "[y](v)@2:3=[y](v)");
    assert_references("> - one\n>   [x](u)\n> lazy [y](v)\n[z](w)",
                      "[x](u)@2:5=[x](u) [y](v)@3:8=[y](v) [z](w)@4:1=[z](w)");
    assert_references("1. a\n\n   [x\n   y](u) `c\n   d` [z](w)",
                      "[x y](u)@3:4=[x\n   y](u) [z](w)@5:7=[z](w)");
    assert_references("-\ta\n\n\t[x](u)", "[x](u)@3:2=[x](u)");
    assert_references("title [x](u)\n[y](v)\n---", "[x](u)@1:7=[x](u) [y](v)@2:1=[y](v)");
    assert_references("# [x](u) #\r\n\r\n[y](v)\r\n[z](w)\r[q](r)",
                      "[x](u)@1:3=[x](u) [y](v)@3:1=[y](v) [z](w)@4:1=[z](w) "
                      "[q](r)@5:1=[q](r)");
}

static void places_beside_marks_and_in_tables(void **state)
{
    (void)state;
    assert_references("これは**「重要」**な[案内](u)と**「x」**な[y](v)",
                      "[案内](u)@1:13=[案内](u) [y](v)@1:29=[y](v)");
    assert_references(
        "| は**「a」**b | `x\\|y` [t](u) |\n|---|---|\n| {漢|か} | は**「a」**[z](v) |",
        "[t](u)@1:22=[t](u) [z](v)@3:19=[z](v)");
    assert_references("> | a |\n> |---|\n> | x\\|[y](v) |", "[y](v)@3:8=[y](v)");
    assert_references("表: [x](u)の表\n\n| a |\n|---|", "[x](u)@1:4=[x](u)");
}

static void body_behind_front_matter(void **state)
{
    (void)state;
    struct parsed parsed;
    const char *text = "---\ntitle: x\n---\n# 題\n\n[x](u) <b>\n";
    parse_with(&parsed, text, 17, (struct markdown_options){0});
    assert_int_equal(parsed.document->reference_count, 1);
    assert_text(span_text(parsed.document->references[0].span), "[x](u)");
    assert_text(span_text(parsed.document->headings[0].span), "# 題");
    assert_text(found_text(parsed.diag, &parsed.out), "markdown.raw_html 6:8+3");
    release(&parsed);
}

/* `id(level):text{own text}` of every heading. */
static void assert_headings(const char *text, const char *wanted)
{
    struct parsed parsed;
    parse(&parsed, text);
    for (ptrdiff_t i = 0; i < parsed.document->heading_count; i++) {
        const struct heading *heading = &parsed.document->headings[i];
        buffer_append_format(&parsed.out, "%s", i > 0 ? " " : "");
        buffer_append(&parsed.out, heading->id);
        buffer_append_format(&parsed.out, "%s(%d):", heading->has_explicit_id ? "!" : "",
                             heading->level);
        buffer_append(&parsed.out, heading->text);
        buffer_append_byte(&parsed.out, '{');
        struct slice own = heading_text(heading, &parsed.arena);
        assert_int_equal(own.length > 0, heading->has_text);
        assert_int_equal(heading->brief_hash == 0, own.length > SECTION_BRIEF);
        assert_true(heading->brief_hash == 0 || heading->brief_hash == (hash_64(own) | 1));
        buffer_append(&parsed.out, own);
        buffer_append_byte(&parsed.out, '}');
    }
    assert_text(buffer_slice(&parsed.out), wanted);
    release(&parsed);
}

static void headings_and_their_text(void **state)
{
    (void)state;
    assert_headings("前\n\n# 題 {#t}\n\n本文\n続き\n\n- 一\n- 二\n\n## 節\n\n# 終\n",
                    "t!(1):題{本文続き\n一\n二} 節(2):節{} 終(1):終{}");
    assert_headings("## **太** `c` ![alt](a) {漢|か}\n\nx", "太-c-alt-漢(2):太 c  漢{x}");
    assert_headings("> # 引用\n> a\n\nb", "引用(1):引用{a\nb}");
    assert_headings("text only", "");
    char text[SECTION_BRIEF + 16] = "# a\n\n- ";
    char wanted[SECTION_BRIEF + 16] = "a(1):a{";
    for (int length = SECTION_BRIEF - 1; length <= SECTION_BRIEF + 1; length++) {
        memset(text + 7, 'x', (size_t)length);
        memset(wanted + 7, 'x', (size_t)length);
        wanted[7 + length] = '}';
        assert_headings(text, wanted);
    }
}

static struct slice section_of(const struct parsed *parsed, ptrdiff_t index)
{
    const struct heading *heading = &parsed->document->headings[index];
    return slice_sub(parsed->document->html, heading->html_content_start, heading->html_end);
}

static void sections_of_html(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "lead\n\n# A\n\na\n\n## B\n\nb\n\n### C\n\nc\n\n## D\n\n> # Q\n> q\n>\n> ## R\n"
                   "\nd\n\n# E\n");
    const struct document *document = parsed.document;
    assert_int_equal(document->heading_count, 7);
    assert_text(section_of(&parsed, 0),
                "<p>a</p>\n<h2 id=\"b\">B</h2>\n<p>b</p>\n<h3 id=\"c\">C</h3>\n<p>c</p>\n"
                "<h2 id=\"d\">D</h2>\n<blockquote>\n<h1 id=\"q\">Q</h1>\n<p>q</p>\n"
                "<h2 id=\"r\">R</h2>\n</blockquote>\n<p>d</p>\n");
    assert_text(section_of(&parsed, 1), "<p>b</p>\n<h3 id=\"c\">C</h3>\n<p>c</p>\n");
    assert_text(section_of(&parsed, 2), "<p>c</p>\n");
    /* A section inside a quotation ends with it, and ends none outside. */
    assert_text(section_of(&parsed, 4), "<p>q</p>\n<h2 id=\"r\">R</h2>\n");
    assert_text(section_of(&parsed, 5), "");
    assert_text(section_of(&parsed, 6), "");
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        const struct heading *heading = &document->headings[i];
        assert_true(
            slice_starts_with(slice_from(document->html, heading->html_start), SLICE("<h")));
        assert_true(heading->html_start < heading->html_content_start);
        assert_true(heading->html_content_start <= heading->html_end);
    }
    release(&parsed);
}

static void levels_are_offset_and_capped(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_with(&parsed, "# a\n##### b\n###### c\n", 0,
               (struct markdown_options){.heading_offset = 1});
    assert_text(parsed.document->html,
                "<h2 id=\"a\">a</h2>\n<h6 id=\"b\">b</h6>\n<h6 id=\"c\">c</h6>\n");
    assert_int_equal(parsed.document->headings[2].level, 6);
    release(&parsed);
}

static void assert_plain_text(const char *text, const char *wanted)
{
    struct parsed parsed;
    parse(&parsed, text);
    assert_text(document_text(parsed.document, 0, parsed.document->html_length, &parsed.arena),
                wanted);
    release(&parsed);
}

static void plain_text(void **state)
{
    (void)state;
    assert_plain_text("これは**「重要」**で\n[案内](u)の`c`です\n\nnext\nline  \nhard",
                      "これは「重要」で案内のcです\nnext line hard");
    assert_plain_text("a & <b>b</b> ![alt](x) &lt;", "a & b  <");
    assert_plain_text("- a\n  - b\n\n> q\n\n```\ncode\n  x\n```\n\nend", "a\nb\nq\ncode\n  x\nend");
    assert_plain_text("| a | b |\n|---|---|\n| {漢字|かんじ} | *2* |", "a b\n漢字 2");
    assert_plain_text("```csv 題\na,b\n1,2\n```", "題\na b\n1 2");
    assert_plain_text("![alt](a.png \"題\")", "題");
    assert_plain_text("", "");
}

static uint64_t hash_of(const char *text, ptrdiff_t heading)
{
    struct parsed parsed;
    parse(&parsed, text);
    uint64_t hash =
        heading < 0 ? parsed.document->lead_hash : parsed.document->headings[heading].hash;
    release(&parsed);
    return hash;
}

static void hashes_of_sections(void **state)
{
    (void)state;
    const char *text = "lead\n\n# A\n\nfirst second third fourth fifth\n\n## B\n\nb\n";
    /* White space is folded … */
    const char *wrapped =
        "\n lead \n# A\nfirst  second\nthird\tfourth\r\n\r\nfifth\n\n\n## B\n\n\nb";
    assert_int_equal(hash_of(text, -1), hash_of(wrapped, -1));
    assert_int_equal(hash_of(text, 0), hash_of(wrapped, 0));
    assert_int_equal(hash_of(text, 1), hash_of(wrapped, 1));
    /* … but not dropped, and a change shows in its own section only. */
    const char *changed = "lead\n\n# A\n\nfirst second thirdfourth fifth\n\n## B\n\nb\n";
    assert_int_equal(hash_of(text, -1), hash_of(changed, -1));
    assert_int_not_equal(hash_of(text, 0), hash_of(changed, 0));
    assert_int_equal(hash_of(text, 1), hash_of(changed, 1));
    const char *below = "lead\n\n# A\n\nfirst second third fourth fifth\n\n## B\n\nc\n";
    assert_int_equal(hash_of(text, 0), hash_of(below, 0));
    assert_int_not_equal(hash_of(text, 1), hash_of(below, 1));
    assert_int_not_equal(hash_of(text, -1), hash_of("Lead\n\n# A", -1));
    assert_int_equal(hash_of("no heading", -1), hash_of(" no\n heading\n", -1));
}

/* The folding is done in steps of many bytes; every offset of a run must fold alike. */
static void hashes_at_every_offset(void **state)
{
    (void)state;
    for (int before = 1; before < 40; before++) {
        struct buffer one = {0};
        struct buffer two = {0};
        buffer_append_repeated(&one, 'x', before);
        buffer_append_repeated(&two, 'x', before);
        buffer_append_literal(&one, " y z ");
        buffer_append_literal(&two, "  y\n\tz \r\n \n");
        buffer_append_repeated(&one, 'w', 20);
        buffer_append_repeated(&two, 'w', 20);
        buffer_append_byte(&one, '\0');
        buffer_append_byte(&two, '\0');
        assert_int_equal(hash_of(one.data, -1), hash_of(two.data, -1));
        buffer_release(&one);
        buffer_release(&two);
    }
}

static void findings_have_places(void **state)
{
    (void)state;
    assert_findings("これは<b>太字</b>です", "markdown.raw_html 1:4+3");
    assert_findings("x\n\n> <div>\n> y\n> </div>", "markdown.raw_block 3:3+5");
    assert_findings("<div>\n<hr>\n</div>", "markdown.raw_html 1:1+5");
    assert_findings("<script>\nx()\n</script>", "markdown.raw_html 1:1+8");
    assert_findings("<!-- a --> <!-- b -->\n\nx <!-- c -->", "");
    assert_findings("x <ruby>漢<rp>(</rp><rt>か</rt><rp>)</rp></ruby>", "markdown.raw_ruby 1:3+6");
    assert_findings("は**「a」**[x](JavaScript:y)", "markdown.unsafe_url 1:9+17");
    assert_findings("a\n\n## b {#x}\n\nc {#x}\n---",
                    "markdown.anchor_repeated 5:3+4 (see.markdown_anchor 3:6)");
    assert_findings("## 題 {#課題}", "markdown.anchor_form 1:6+5");
    assert_findings("##", "markdown.heading_empty 1:1+2");
    assert_findings("| a | b |\n|---|\n", "markdown.table_header 2:1+5");
    assert_findings("- | a |\n  |---|\n  | 1 | 2 |", "markdown.table_cells 3:3+9");
    assert_findings("```csv\na\n```", "markdown.csv_caption 1:1+6");
    assert_findings("```csv x\n```", "markdown.csv_empty 1:1+8");
    assert_findings("> ```csv x\n> a,b\n> 1,2,3\n> ```", "markdown.csv_cells 3:3+5");
}

static void csv_findings_are_moved(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "- x\n\n  ```csv 題\n  a,b\n  は**「q」**,1\"2\n  ```\n");
    struct slice found = found_text(parsed.diag, &parsed.out);
    assert_true(slice_find(found, SLICE("csv.stray_quote 5:13+1"), 0) >= 0);
    release(&parsed);
}

static void wide_tables_and_deep_nesting(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 201; i++) {
            buffer_append(&text, row == 0 ? SLICE("|a") : SLICE("|-"));
        }
        buffer_append_literal(&text, "|\n");
    }
    buffer_append_byte(&text, '\0');
    assert_findings(text.data, "markdown.table_columns 1:1+403");
    buffer_clear(&text);
    buffer_append_repeated(&text, '>', 33);
    buffer_append_literal(&text, "a");
    buffer_append_byte(&text, '\0');
    assert_findings(text.data, "markdown.nesting 1:1+1");
    assert_findings(text.data + 1, "");
    buffer_clear(&text);
    for (int i = 0; i < 33; i++) {
        buffer_append_format(&text, "%*s- a\n", i * 2, "");
    }
    buffer_append_byte(&text, '\0');
    assert_findings(text.data, "markdown.nesting 33:1+1");
    /* A rule is no list, and a line of code none either. */
    buffer_clear(&text);
    for (int i = 0; i < 60; i++) {
        buffer_append_literal(&text, "- ");
    }
    buffer_append_format(&text, "\n\n```\n%*s- a\n```\n", 120, "");
    buffer_append_byte(&text, '\0');
    assert_findings(text.data, "");
    buffer_release(&text);
}

static void scratch_makes_no_difference(void **state)
{
    (void)state;
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    static const char *const texts[] = {"# a\n\nは**「x」**で[y](z)\n\n| a |\n|---|\n| *b* |\n",
                                        "> - q\n\n[x]\n\n[x]: y\n", "", "a"};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
            struct parsed one;
            struct parsed two;
            parse(&one, texts[i]);
            parse_with(&two, texts[i], 0, (struct markdown_options){.scratch = &scratch});
            assert_true(slice_equal(one.document->html, two.document->html));
            assert_int_equal(one.document->lead_hash, two.document->lead_hash);
            release(&one);
            release(&two);
        }
    }
    arena_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_of_references),
        cmocka_unit_test(places_over_lines),
        cmocka_unit_test(places_beside_marks_and_in_tables),
        cmocka_unit_test(body_behind_front_matter),
        cmocka_unit_test(headings_and_their_text),
        cmocka_unit_test(sections_of_html),
        cmocka_unit_test(levels_are_offset_and_capped),
        cmocka_unit_test(plain_text),
        cmocka_unit_test(hashes_of_sections),
        cmocka_unit_test(hashes_at_every_offset),
        cmocka_unit_test(findings_have_places),
        cmocka_unit_test(csv_findings_are_moved),
        cmocka_unit_test(wide_tables_and_deep_nesting),
        cmocka_unit_test(scratch_makes_no_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
