/* Markdown that was made to take long (after cmark's pathological tests, and attacks on what we
 * add) ends in time. Every input is repeated to hundreds of kilobytes; what grows faster than its
 * length would take minutes. */
#include "found.h"

#define COUNT 50000

struct outcome {
    struct slice html; /* in the arena */
    struct slice findings;
    struct arena arena;
    struct buffer out;
};

static void convert(struct slice text, struct outcome *outcome)
{
    arena_init(&outcome->arena, ARENA_DEFAULT_LIMIT);
    buffer_init(&outcome->out);
    struct diag *diag = diag_new(10);
    struct source *source = source_new(SLICE("test.md"), text, NULL, NULL);
    double start = seconds_now();
    struct markdown_options options = {0};
    struct document *document = markdown_parse(source, 0, &options, &outcome->arena, diag);
    double took = seconds_now() - start;
    if (took > PATIENCE) {
        fail_msg("%td bytes took %.1f s", text.length, took);
    }
    outcome->html = document->html;
    outcome->findings = found_text(diag, &outcome->out);
    diag_free(diag);
    source_free(source);
}

static void release(struct outcome *outcome)
{
    buffer_release(&outcome->out);
    arena_release(&outcome->arena);
}

struct attack {
    const char *before;
    const char *piece; /* COUNT times */
    const char *middle;
    const char *second_piece; /* COUNT times */
    const char *html;         /* the beginning that is wanted, or NULL */
    const char *finding;      /* the first finding that is wanted, or NULL for none */
};

static void run(const struct attack *attack)
{
    struct buffer text = {0};
    buffer_append(&text, slice_of(attack->before));
    for (int i = 0; i < COUNT; i++) {
        buffer_append(&text, slice_of(attack->piece));
    }
    buffer_append(&text, slice_of(attack->middle));
    for (int i = 0; i < COUNT; i++) {
        buffer_append(&text, slice_of(attack->second_piece));
    }
    struct outcome outcome;
    convert(buffer_slice(&text), &outcome);
    if (attack->html != NULL) {
        assert_text(slice_sub(outcome.html, 0, slice_of(attack->html).length), attack->html);
    }
    if (attack->finding == NULL) {
        assert_text(outcome.findings, "");
    } else {
        struct slice wanted = slice_of(attack->finding);
        assert_text(slice_sub(outcome.findings, 0, wanted.length), attack->finding);
    }
    release(&outcome);
    buffer_release(&text);
}

static void run_all(const struct attack *attacks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        run(&attacks[i]);
    }
}
#define RUN_ALL(attacks) run_all((attacks), sizeof(attacks) / sizeof((attacks)[0]))

static void emphasis(void **state)
{
    (void)state;
    static const struct attack attacks[] = {
        {.piece = "*a **a ",
         .middle = "b",
         .second_piece = " a** a*",
         .html = "<p><em>a <strong>a <em>a",
         .finding = "markdown.nesting 1:1+1"},
        {.piece = "a_ ", .html = "<p>a_ a_ "},
        {.piece = "_a ", .html = "<p>_a _a "},
        {.piece = "*a_ ", .html = "<p>*a_ *a_ "},
        {.before = "a**b", .piece = "c* ", .html = "<p>a**bc* c* "},
        {.piece = "は**「あ」**", .html = "<p>は<strong>「あ」</strong>は"},
        {.piece = "*「", .middle = "x", .second_piece = "」*", .html = "<p><em>「</em>「<em>「"},
        {.piece = "\\", .middle = "*「", .html = "<p>\\\\"},
        {.piece = "\\*「", .html = "<p>*「*「"},
        {.piece = "*_", .html = "<p><em>_"},
    };
    RUN_ALL(attacks);
}

static void links(void **state)
{
    (void)state;
    static const struct attack attacks[] = {
        {.piece = "a]", .html = "<p>a]a]"},
        {.piece = "[a", .html = "<p>[a[a"},
        {.piece = "[ a_", .html = "<p>[ a_[ a_"},
        {.piece = "[", .middle = "a", .second_piece = "]", .html = "<p>[[["},
        {.piece = "[a](<b", .html = "<p>[a](&lt;b"},
        {.piece = "[a](b", .html = "<p>[a](b[a](b"},
        {.piece = "[a](b \"", .html = "<p>[a](b"},
        {.piece = "[a](b\n'c' ", .html = "<p>"},
        {.piece = "[a](b) ", .html = "<p><a href=\"\">a</a> <a"},
        {.before = "[a]: u\n\n", .piece = "[a]\n", .html = "<p><a href=\"\">a</a>\n<a"},
        {.piece = "![[]()", .html = "", .finding = "markdown.open_pictures 1:1+1"},
        {.before = "[a]: u\n\n", .piece = "![ [a]", .finding = "markdown.open_pictures 3:1+1"},
        {.piece = "![",
         .middle = "a",
         .second_piece = "](u)",
         .finding = "markdown.open_pictures 1:1+1"},
        {.piece = "![a](b)\n\n", .html = "<p><img src=\"\" alt=\"a\"></p>\n"},
        {.piece = "[a]: b\n", .html = ""},
        {.piece = "[javascript](javascript:x) ",
         .html = "<p>javascript",
         .finding = "markdown.unsafe_url 1:1+26"},
    };
    RUN_ALL(attacks);
}

static void blocks(void **state)
{
    (void)state;
    static const struct attack attacks[] = {
        {.piece = "> ", .middle = "a", .finding = "markdown.nesting 1:1+1"},
        {.piece = "- ", .middle = "a\n", .second_piece = "\n", .finding = "markdown.nesting 1:1+1"},
        {.piece = "1. ",
         .middle = "\n",
         .second_piece = "  \n",
         .finding = "markdown.nesting 1:1+1"},
        {.before = "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - a\n",
         .piece = "\n",
         .html = "<ul>\n<li>\n<ul>\n"},
        {.piece = "> - [a](b)\n", .html = "<blockquote>\n<ul>\n<li><a"},
        {.piece = "a\n", .middle = "===", .html = "<h1 id=\"a-a-a"},
        {.piece = "漢\n", .html = "<p>漢漢漢"},
        {.piece = "```\n", .html = "<pre><code></code></pre>\n"},
        {.piece = "e`", .html = "<p>e<code>e</code>e"},
        {.piece = "<b>", .html = "<p></p>\n", .finding = "markdown.raw_html 1:1+3"},
        {.piece = "<!--", .html = "", .finding = NULL},
        {.piece = "&amp;&", .html = "<p>&amp;&amp;"},
        {.piece = "{漢|", .html = "<p>{漢|{漢|"},
        {.piece = "{漢|あ}", .html = "<p><ruby>漢<rp>"},
        {.piece = "\\{", .html = "<p>{{{"},
    };
    RUN_ALL(attacks);
}

static void headings(void **state)
{
    (void)state;
    static const struct attack attacks[] = {
        {.piece = "# a\n", .html = "<h1 id=\"a\">a</h1>\n<h1 id=\"a-2\">a</h1>\n"},
        {.piece = "# a {#x}\n",
         .html = "<h1 id=\"x\">a</h1>\n<h1 id=\"a\">a</h1>\n",
         .finding = "markdown.anchor_repeated 2:5+4 (see.markdown_anchor 1:5)"},
        {.before = "# ", .piece = "{#x}", .html = "<h1 id="},
        {.piece = "# {#\n", .html = "<h1 id=\"section\">{#</h1>\n<h1 id=\"section-2\">"},
    };
    RUN_ALL(attacks);
}

static void tables(void **state)
{
    (void)state;
    static const struct attack attacks[] = {
        {.before = "|a|b|\n|-|-|\n",
         .piece = "|`x`|*y*|\n",
         .html = "<table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>"},
        {.piece = "|a|\n|-|\n|[b](c)|\n\n", .html = "<table>\n"},
        {.piece = "a\n|-|-|\n",
         .html = "<p>a\n|-|-|\na\n",
         .finding = "markdown.table_header 2:1+5"},
        {.piece = "|-|\n", .html = "<table>\n<thead>\n<tr>\n<th scope=\"col\">-</th>"},
        {.piece = "[a]: u\n\n|[a]|\n|-|\n|[a]|\n\n", .html = "<table>\n"},
        {.piece = "表: x\n\n|a|\n|-|\n\n", .html = "<div class=\"table-scroll\""},
        {.piece = "|a",
         .middle = "|\n",
         .second_piece = "|-",
         .finding = "markdown.table_columns 1:1+100001"},
        {.before = "|a|\n|-|\n|", .piece = "\\|", .html = "<table>\n"},
        {.before = "```csv x\na,b\n",
         .piece = "1\n",
         .html = "<div",
         .finding = "markdown.csv_cells 3:1+1"},
        {.before = "```csv x\n",
         .piece = "a,",
         .middle = "\n",
         .second_piece = "\n",
         .html = "<div"},
        {.piece = "```csv x\na\n1\n```\n", .html = "<div"},
    };
    RUN_ALL(attacks);
}

/* Rows of one cell under a header of many would multiply: only so many cells are made up. */
static void short_rows_stay_small(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 200; i++) {
            buffer_append(&text, row == 0 ? SLICE("|a") : SLICE("|-"));
        }
        buffer_append_literal(&text, "|\n");
    }
    for (int i = 0; i < COUNT; i++) {
        buffer_append_literal(&text, "|a\n");
    }
    struct outcome outcome;
    convert(buffer_slice(&text), &outcome);
    assert_true(outcome.html.length < 40 * text.length);
    release(&outcome);
    buffer_release(&text);
}

/* Containers that pile up over lines although no single line looks deep. */
static void nesting_over_lines(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (int i = 0; i < 30; i++) {
        buffer_append_literal(&text, "- ");
    }
    buffer_append_literal(&text, "a\n2) lazy\n");
    buffer_append_repeated(&text, ' ', 60);
    for (int i = 0; i < 30; i++) {
        buffer_append_literal(&text, "- ");
    }
    buffer_append_literal(&text, "b\n");
    buffer_append_repeated(&text, '\n', 1000000);
    struct outcome outcome;
    convert(buffer_slice(&text), &outcome);
    assert_text(outcome.findings, "markdown.nesting 3:1+1");
    release(&outcome);
    buffer_release(&text);
}

static void bytes_of_all_kinds(void **state)
{
    (void)state;
    struct buffer text = {0};
    uint32_t random = 12345;
    static const char kinds[] = "*_`[]()<>!&\\#-+|{}\"'\n\n \t1.:=~a\xE6\xBC\xA2\xE3\x80\x8C\0";
    for (int i = 0; i < 300000; i++) {
        random = random * 1664525u + 1013904223u;
        buffer_append_byte(&text, kinds[(random >> 16) % (sizeof(kinds) - 1)]);
    }
    struct outcome outcome;
    convert(buffer_slice(&text), &outcome);
    assert_true(outcome.html.length > 0 || outcome.findings.length > 0);
    assert_true(slice_find(outcome.html, SLICE("<script"), 0) < 0);
    release(&outcome);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emphasis),
        cmocka_unit_test(links),
        cmocka_unit_test(blocks),
        cmocka_unit_test(headings),
        cmocka_unit_test(tables),
        cmocka_unit_test(short_rows_stay_small),
        cmocka_unit_test(nesting_over_lines),
        cmocka_unit_test(bytes_of_all_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
