#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include "diag.h"

static struct buffer output;

static const struct report_options japanese = {.language = INTERFACE_JAPANESE};
static const struct report_options english = {.language = INTERFACE_ENGLISH};

static int tear_down(void **state)
{
    (void)state;
    buffer_release(&output);
    return 0;
}

static void run_reporter(struct diag *diag, const char *format,
                         const struct report_options *options)
{
    struct sink sink;
    buffer_clear(&output);
    sink_open_buffer(&sink, &output);
    reporter write_report = reporter_by_name(slice_of(format));
    assert_non_null(write_report);
    write_report(diag, options, &sink);
    assert_int_equal(sink_close(&sink), 0);
}

static void check_output(const char *expected)
{
    if (!slice_equal(buffer_slice(&output), slice_of(expected))) {
        fail_msg("expected:\n%s\nbut got:\n%.*s", expected, SLICE_ARGUMENTS(buffer_slice(&output)));
    }
}

/* The text report of one finding at bytes [start, end) of `text`, without its first line and
 * summary. */
static void check_excerpt(struct slice text, ptrdiff_t start, ptrdiff_t end, const char *expected)
{
    struct source *source = source_new(SLICE("f"), text, NULL, NULL);
    struct diag *diag = diag_new(0);
    DIAG(diag, CODE_file_unreadable, span_make(source, start, end), SLICE("x"));
    run_reporter(diag, "text", &english);
    struct slice all = buffer_slice(&output);
    ptrdiff_t first = slice_find_byte(all, '\n', 0) + 1;
    ptrdiff_t last = slice_find(all, SLICE("help:"), 0);
    assert_true(first > 0 && last >= first);
    struct slice excerpt = slice_sub(all, first, last);
    if (!slice_equal(excerpt, slice_of(expected))) {
        fail_msg("expected:\n%s\nbut got:\n%.*s", expected, SLICE_ARGUMENTS(excerpt));
    }
    diag_free(diag);
    source_free(source);
}

static void text_shows_the_place(void **state)
{
    (void)state;
    struct source *csv = source_new(SLICE("data/projects.csv"),
                                    SLICE("id,予算\nP-1,\"1,2O0\",令和4年度\n"), NULL, NULL);
    struct source *json = source_new(SLICE("data/datapackage.json"), SLICE("{}"), NULL, NULL);
    struct diag *diag = diag_new(0);
    diag_add(diag, &(struct report){
                       .code = CODE_encoding_invalid,
                       .span = span_make(csv, 14, 21),
                       .arguments = {SLICE("81"), SLICE("UTF-8")},
                       .note_count = 1,
                       .notes = {{.code = CODE_file_symlink,
                                  .span = span_make(json, 1, 2),
                                  .arguments = {SLICE("here")}}},
                   });
    DIAG(diag, CODE_folder_missing, (struct span){0}, SLICE("content"));
    DIAG(diag, CODE_encoding_uncertain, span_of_file(json), SLICE("CP932"));
    run_reporter(diag, "text", &english);
    check_output(
        "error[folder.missing]: there is no such folder: content\n"
        "help: check where the site's folder is and name it again\n"
        "\n"
        "data/datapackage.json:1:1: warning[encoding.uncertain]: the encoding cannot be told for "
        "certain; read as CP932\n"
        "help: check that the characters are right, and save the file as UTF-8\n"
        "\n"
        "data/projects.csv:2:5: error[encoding.invalid]: these bytes are not valid UTF-8: 81\n"
        "        2 | P-1,\"1,2O0\",令和4年度\n"
        "          |     ^^^^^^^\n"
        "data/datapackage.json:1:2: note: symbolic links are not accepted: here\n"
        "help: open the original and save it as UTF-8 (in Excel: \"CSV UTF-8\")\n"
        "\n"
        "2 errors, 1 warning, 0 notes\n");
    run_reporter(diag, "text", &japanese);
    check_output(
        "エラー[folder.missing]: フォルダーがありません: content\n"
        "対処: サイトのフォルダーの場所を確かめて、指定し直してください。\n"
        "\n"
        "data/datapackage.json:1:1: 警告[encoding.uncertain]: 文字コードを確実に判定できないため、"
        "CP932 として読みました\n"
        "対処: 文字が正しいことを確かめ、UTF-8 で保存し直してください。\n"
        "\n"
        "data/projects.csv:2:5: エラー[encoding.invalid]: UTF-8 の文字として読めないバイトがあります: 81\n"
        "        2 | P-1,\"1,2O0\",令和4年度\n"
        "          |     ^^^^^^^\n"
        "data/datapackage.json:1:2: 参考: シンボリックリンクは使えません: here\n"
        "対処: 元のファイルを開き直し、文字コードに UTF-8 を選んで保存してください（Excel では「CSV "
        "UTF-8」を選びます）。\n"
        "\n"
        "エラー 2 件、警告 1 件、注意 0 件\n");
    diag_free(diag);
    source_free(csv);
    source_free(json);
}

static void carets_follow_the_width(void **state)
{
    (void)state;
    check_excerpt(SLICE("協働の原則: 対等"), 9, 15,
                  "        1 | 協働の原則: 対等\n"
                  "          |       ^^^^\n");
    check_excerpt(SLICE("ｱｲｳ×あ"), 9, 11,
                  "        1 | ｱｲｳ×あ\n"
                  "          |    ^\n");
    check_excerpt(SLICE("か\xE3\x82\x99い"), 6, 9,
                  "        1 | か\xE3\x82\x99い\n"
                  "          |   ^^\n");
    check_excerpt(SLICE("a\tb\tc"), 2, 4,
                  "        1 | a    b    c\n"
                  "          |      ^^^^^\n");
    check_excerpt(SLICE("abc"), 1, 1, /* an empty place still has its caret */
                  "        1 | abc\n"
                  "          |  ^\n");
    check_excerpt(SLICE("abc\n"), 3, 3,
                  "        1 | abc\n"
                  "          |    ^\n");
    check_excerpt(SLICE("x\n\ny"), 2, 2, /* an empty line */
                  "        2 |\n"
                  "          | ^\n");
    check_excerpt(SLICE("x\nabc\ndef"), 3, 8, /* more than a line: to its end */
                  "        2 | abc\n"
                  "          |  ^^\n");
    check_excerpt(SLICE("a\rbcd\re"), 3, 4,
                  "        2 | bcd\n"
                  "          |  ^\n");
    check_excerpt(SLICE("a\r\nbcd\r\ne"), 4, 5,
                  "        2 | bcd\n"
                  "          |  ^\n");
    check_excerpt(SLICE("abc"), 0, 3,
                  "        1 | abc\n"
                  "          | ^^^\n");
}

static void nothing_unsafe_reaches_the_terminal(void **state)
{
    (void)state;
    check_excerpt(SLICE("a\xE2\x80\xAE"
                        "b\x1b[31mc"),
                  4, 5,
                  "        1 | a<U+202E>b<U+001B>[31mc\n"
                  "          |          ^\n");
    check_excerpt(SLICE("a\xE2\x80\xAE"
                        "b"),
                  1, 4,
                  "        1 | a<U+202E>b\n"
                  "          |  ^^^^^^^^\n");
    check_excerpt(SLICE("a\xFF"
                        "b"),
                  2, 3,
                  "        1 | a\xEF\xBF\xBD"
                  "b\n"
                  "          |   ^\n");
    struct source *source = source_new(SLICE("::error\x1b.md"), SLICE("x"), NULL, NULL);
    struct diag *diag = diag_new(0);
    DIAG(diag, CODE_file_unreadable, span_of_file(source),
         SLICE("a\n::error::b\r\x9B\xE2\x81\xA6"));
    static const char *const formats[] = {"text", "json", "sarif", "github"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        run_reporter(diag, formats[i], &english);
        struct slice rest = buffer_slice(&output);
        assert_int_equal(utf8_find_invalid(rest), -1);
        for (ptrdiff_t at = 0; at < rest.length;) {
            assert_false(utf8_is_unsafe_on_terminal(utf8_next(rest, &at)));
        }
        assert_int_equal(slice_find(rest, SLICE("\n::error::b"), 0), -1);
    }
    run_reporter(diag, "text", &english);
    check_output("./::error<U+001B>.md:1:1: error[file.unreadable]: cannot read this file: "
                 "a<U+000A>::error::b<U+000D>\xEF\xBF\xBD<U+2066>\n"
                 "help: check the file's permissions and place\n"
                 "\n"
                 "1 error, 0 warnings, 0 notes\n");
    diag_free(diag);
    source_free(source);
}

/* A line of `count` pieces; the excerpt around byte `at` must be at most as wide as promised,
 * and the caret must stand below the marked character. */
static void check_long_line(const char *piece, int count, ptrdiff_t at)
{
    struct buffer text = {0};
    for (int i = 0; i < count; i++) {
        buffer_append(&text, slice_of(piece));
    }
    ptrdiff_t marked = text.length > at + 3 ? at + 3 : text.length;
    memcpy(text.data + at, "目", (size_t)(marked - at)); /* pieces are of three bytes */
    struct source *source = source_new(SLICE("f"), buffer_slice(&text), NULL, NULL);
    struct diag *diag = diag_new(0);
    DIAG(diag, CODE_file_unreadable, span_make(source, at, marked), SLICE("x"));
    run_reporter(diag, "text", &english);
    struct slice rest = buffer_slice(&output);
    slice_cut(&rest, '\n');
    struct slice excerpt = slice_cut(&rest, '\n');
    struct slice carets = slice_cut(&rest, '\n');
    assert_int_equal(utf8_find_invalid(excerpt), -1);
    assert_true(utf8_slice_width(excerpt) <= EXCERPT_WIDTH + 14);
    assert_true(utf8_slice_width(excerpt) >= EXCERPT_WIDTH);
    ptrdiff_t eye = slice_find(excerpt, SLICE("目"), 0);
    assert_true(eye > 0);
    assert_int_equal(utf8_slice_width(slice_sub(excerpt, 0, eye)), slice_find_byte(carets, '^', 0));
    assert_true(slice_ends_with(carets, SLICE(" ^^")));
    ptrdiff_t bar = slice_find(excerpt, SLICE("| …"), 0);
    assert_int_equal(bar > 0, at > 100);
    assert_int_equal(slice_ends_with(excerpt, SLICE("…")), text.length - at > 100);
    diag_free(diag);
    source_free(source);
    buffer_release(&text);
}

static void long_lines_are_cut_around_the_place(void **state)
{
    (void)state;
    static const ptrdiff_t places[] = {0, 3, 30, 3000, 149400, 149970, 149997};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        check_long_line("協", 50000, places[i]);
        check_long_line("abc", 50000, places[i]);
    }
    check_long_line("協", 1000, 2970);
}

static void one_code_is_said_some_times_only(void **state)
{
    (void)state;
    struct source *a = source_new(SLICE("a"), SLICE("xxxxxxxxxx"), NULL, NULL);
    struct source *b = source_new(SLICE("b"), SLICE("xxxxxxxxxx"), NULL, NULL);
    struct diag *diag = diag_new(0);
    for (ptrdiff_t i = 0; i < 5; i++) {
        DIAG(diag, CODE_encoding_nul, span_make(a, i, i + 1), SLICE(""));
        if (i < 2) {
            DIAG(diag, CODE_encoding_nul, span_make(b, i, i + 1), SLICE(""));
        }
    }
    struct report_options options = {.language = INTERFACE_ENGLISH, .most_per_code_and_file = 2};
    run_reporter(diag, "text", &options);
    struct slice all = buffer_slice(&output);
    assert_true(slice_find(all, SLICE("a:1:2:"), 0) >= 0);
    assert_int_equal(slice_find(all, SLICE("a:1:3:"), 0), -1);
    ptrdiff_t rest = slice_find(all, SLICE("a: 3 more of encoding.nul\n"), 0);
    assert_true(rest > 0 && rest < slice_find(all, SLICE("b:1:1:"), 0));
    assert_int_equal(slice_find(all, SLICE("b: "), 0), -1);
    assert_true(slice_ends_with(all, SLICE("\n7 errors, 0 warnings, 0 notes\n")));
    options.language = INTERFACE_JAPANESE;
    run_reporter(diag, "text", &options);
    assert_true(
        slice_find(buffer_slice(&output), SLICE("a: encoding.nul はほかに 3 件あります\n"), 0) > 0);
    options.most_per_code_and_file = 0;
    run_reporter(diag, "text", &options);
    assert_true(slice_find(buffer_slice(&output), SLICE("a:1:5:"), 0) > 0);
    diag_free(diag);

    diag = diag_new(3);
    for (ptrdiff_t i = 0; i < 10; i++) {
        DIAG(diag, CODE_encoding_nul, span_make(a, i, i + 1), SLICE(""));
    }
    run_reporter(diag, "text", &english);
    assert_true(slice_ends_with(
        buffer_slice(&output),
        SLICE("too many to show: 7 more were found\n10 errors, 0 warnings, 0 notes\n")));
    diag_free(diag);
    source_free(a);
    source_free(b);
}

static void nothing_found(void **state)
{
    (void)state;
    struct diag *diag = diag_new(0);
    run_reporter(diag, "text", &english);
    check_output("nothing found\n");
    run_reporter(diag, "text", &japanese);
    check_output("指摘はありません\n");
    run_reporter(diag, "github", &english);
    check_output("");
    run_reporter(diag, "json", &english);
    check_output("{\n  \"summary\": {\n    \"errors\": 0,\n    \"warnings\": 0,\n"
                 "    \"notes\": 0\n  },\n  \"findings\": []\n}\n");
    diag_free(diag);
}

static void colour_only_when_asked(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("f"), SLICE("abc"), NULL, NULL);
    struct diag *diag = diag_new(0);
    DIAG(diag, CODE_encoding_nul, span_make(source, 1, 2), SLICE(""));
    run_reporter(diag, "text", &english);
    assert_int_equal(slice_find_byte(buffer_slice(&output), '\x1b', 0), -1);
    struct report_options options = {.language = INTERFACE_ENGLISH, .colour = true};
    run_reporter(diag, "text", &options);
    assert_true(slice_find(buffer_slice(&output),
                           SLICE("\x1b[1mf:1:2:\x1b[0m \x1b[1;31merror[encoding.nul]\x1b[0m: "),
                           0) == 0);
    diag_free(diag);
    source_free(source);
}

/* Findings of every shape, for the formats that machines read. */
static struct diag *mixed_findings(struct source *source)
{
    struct diag *diag = diag_new(0);
    DIAG(diag, CODE_folder_missing, (struct span){0}, SLICE("a,b:c%d\ne"));
    DIAG(diag, CODE_encoding_uncertain, span_of_file(source), SLICE("{0} [x](1)"));
    diag_add(diag, &(struct report){
                       .code = CODE_encoding_invalid,
                       .span = span_make(source, 6, 12),
                       .arguments = {SLICE("\"<81>\""), SLICE("UTF-8")},
                       .note_count = 2,
                       .notes = {{.code = CODE_encoding_nul, .span = span_make(source, 0, 1)},
                                 {.code = CODE_encoding_nul}},
                       .resource = SLICE("projects"),
                       .row_number = 2,
                       .field_number = 3,
                       .rule = SLICE("L1-09"),
                       .has_severity = true,
                       .severity = SEVERITY_NOTE,
                   });
    return diag;
}

static json_t *parse_output(void)
{
    json_error_t error;
    json_t *root = json_loadb(output.data, (size_t)output.length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        fail_msg("line %d: %s", error.line, error.text);
    }
    return root;
}

#define member(object, ...) member_at((object), (const char *const[]){__VA_ARGS__, NULL})

/* The value at a path of keys and of indexes such as "#0". */
static json_t *member_at(json_t *value, const char *const *path)
{
    for (; *path != NULL; path++) {
        value = (*path)[0] == '#' ? json_array_get(value, (size_t)((*path)[1] - '0'))
                                  : json_object_get(value, *path);
    }
    return value;
}

#define assert_text(value, expected) assert_string_equal(json_string_value(value), (expected))
#define assert_number(value, expected) assert_int_equal(json_integer_value(value), (expected))

static void json_has_everything(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("data/a b.csv"), SLICE("協働,原則\n"), NULL, NULL);
    struct diag *diag = mixed_findings(source);
    run_reporter(diag, "json", &japanese);
    json_t *root = parse_output();
    assert_number(member(root, "summary", "errors"), 1);
    assert_number(member(root, "summary", "warnings"), 1);
    assert_number(member(root, "summary", "notes"), 1);
    json_t *findings = member(root, "findings");
    assert_int_equal(json_array_size(findings), 3);
    assert_true(json_is_null(member(findings, "#0", "file")));
    assert_true(json_is_null(member(findings, "#0", "line")));
    assert_text(member(findings, "#0", "code"), "folder.missing");
    assert_text(member(findings, "#0", "severity"), "error");
    assert_text(member(findings, "#0", "message", "ja"), "フォルダーがありません: a,b:c%d\ne");
    assert_text(member(findings, "#0", "message", "en"), "there is no such folder: a,b:c%d\ne");
    assert_text(member(findings, "#0", "help", "en"),
                "check where the site's folder is and name it again");
    assert_text(member(findings, "#0", "type"), "source-error");
    assert_null(member(findings, "#0", "rule"));
    assert_null(member(findings, "#0", "rowNumber"));
    assert_number(member(findings, "#1", "line"), 1);
    assert_number(member(findings, "#1", "column"), 1);
    json_t *last = member(findings, "#2");
    assert_text(member(last, "file"), "data/a b.csv");
    assert_text(member(last, "severity"), "note");
    assert_number(member(last, "line"), 1);
    assert_number(member(last, "column"), 3);
    assert_number(member(last, "endColumn"), 7);
    assert_text(member(last, "rule"), "L1-09");
    assert_text(member(last, "resource"), "projects");
    assert_number(member(last, "rowNumber"), 2);
    assert_number(member(last, "fieldNumber"), 3);
    assert_number(member(last, "notes", "#0", "line"), 1);
    assert_true(json_is_null(member(last, "notes", "#1", "file")));
    json_decref(root);
    diag_free(diag);
    source_free(source);
}

static void sarif_is_as_its_schema_wants(void **state)
{
    (void)state;
    struct source *source =
        source_new(SLICE("data/a%20b:協.csv"), SLICE("協働,原則\n"), NULL, NULL);
    struct diag *diag = mixed_findings(source);
    run_reporter(diag, "sarif", &english);
    json_t *root = parse_output();
    assert_text(member(root, "version"), "2.1.0");
    json_t *run = member(root, "runs", "#0");
    assert_text(member(run, "columnKind"), "unicodeCodePoints");
    assert_text(member(run, "tool", "driver", "name"), "kyodo");
    assert_text(member(run, "tool", "driver", "language"), "en");
    json_t *rules = member(run, "tool", "driver", "rules");
    assert_int_equal(json_array_size(rules), 3);
    assert_text(member(rules, "#0", "id"), "encoding.invalid");
    assert_text(member(rules, "#0", "shortDescription", "text"), "these bytes are not valid …: …");
    assert_text(member(rules, "#1", "defaultConfiguration", "level"), "warning");
    json_t *results = member(run, "results");
    assert_int_equal(json_array_size(results), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *result = json_array_get(results, i);
        size_t index = (size_t)json_integer_value(member(result, "ruleIndex"));
        assert_text(member(result, "ruleId"),
                    json_string_value(json_object_get(json_array_get(rules, index), "id")));
    }
    assert_null(member(results, "#0", "locations"));
    /* Braces would be placeholders. */
    assert_text(member(results, "#1", "message", "text"),
                "the encoding cannot be told for certain; read as {{0}} [x](1)\n"
                "check that the characters are right, and save the file as UTF-8");
    assert_text(member(results, "#2", "level"), "note");
    json_t *place = member(results, "#2", "locations", "#0", "physicalLocation");
    assert_text(member(place, "artifactLocation", "uri"), "data/a%2520b%3A%E5%8D%94.csv");
    assert_number(member(place, "region", "startLine"), 1);
    assert_number(member(place, "region", "startColumn"), 3);
    assert_number(member(place, "region", "endColumn"), 7);
    assert_int_equal(json_array_size(member(results, "#2", "relatedLocations")), 2);
    assert_text(member(results, "#2", "properties", "rule"), "L1-09");
    json_decref(root);
    diag_free(diag);
    source_free(source);
}

static void github_annotations_are_escaped(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("data/a,b:c%.csv"), SLICE("協働,原則\n"), NULL, NULL);
    struct diag *diag = mixed_findings(source);
    run_reporter(diag, "github", &english);
    check_output(
        "::error title=folder.missing::there is no such folder: a,b:c%25d<U+000A>e"
        "%0Acheck where the site's folder is and name it again\n"
        "::warning file=data/a%2Cb%3Ac%25.csv,line=1,col=1,title=encoding.uncertain::the encoding "
        "cannot be told for certain; read as {0} [x](1)"
        "%0Acheck that the characters are right, and save the file as UTF-8\n"
        "::notice file=data/a%2Cb%3Ac%25.csv,line=1,col=3,endColumn=7,title=encoding.invalid::"
        "these bytes are not valid UTF-8: \"<81>\""
        "%0Aopen the original and save it as UTF-8 (in Excel: \"CSV UTF-8\")\n");
    diag_free(diag);
    source_free(source);
}

static void explaining(void **state)
{
    (void)state;
    struct sink sink;
    buffer_clear(&output);
    sink_open_buffer(&sink, &output);
    assert_false(diag_explain(SLICE("no.such"), INTERFACE_ENGLISH, &sink));
    assert_int_equal(output.length, 0);
    assert_true(diag_explain(SLICE("encoding.nul"), INTERFACE_ENGLISH, &sink));
    check_output("error[encoding.nul]\n"
                 "\n"
                 "message: there is a NUL byte here\n"
                 "reason: Text has no NUL; the encoding was mistaken or the file is damaged.\n"
                 "help: make sure that this is a text file, and save it as UTF-8\n"
                 "frictionless type: encoding-error\n"
                 "machine-readability rule: L1-01\n");
    buffer_clear(&output);
    assert_true(diag_explain(SLICE("folder.missing"), INTERFACE_JAPANESE, &sink));
    check_output("エラー[folder.missing]\n"
                 "\n"
                 "内容: フォルダーがありません: …\n"
                 "理由: 指定されたフォルダーを開けないと、点検も公開もできないためです。\n"
                 "対処: サイトのフォルダーの場所を確かめて、指定し直してください。\n"
                 "frictionless の種別: source-error\n");
    sink_close(&sink);
}

static void a_full_disk_is_noticed(void **state)
{
    (void)state;
    struct diag *diag = diag_new(0);
    DIAG(diag, CODE_folder_missing, (struct span){0}, SLICE("x"));
    static const char *const formats[] = {"text", "json", "sarif", "github"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
        assert_true(full >= 0);
        struct sink sink;
        sink_open_descriptor(&sink, full);
        reporter_by_name(slice_of(formats[i]))(diag, &english, &sink);
        assert_int_equal(sink_close(&sink), ENOSPC);
        close(full);
    }
    assert_null(reporter_by_name(SLICE("html")));
    diag_free(diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_shows_the_place),
        cmocka_unit_test(carets_follow_the_width),
        cmocka_unit_test(nothing_unsafe_reaches_the_terminal),
        cmocka_unit_test(long_lines_are_cut_around_the_place),
        cmocka_unit_test(one_code_is_said_some_times_only),
        cmocka_unit_test(nothing_found),
        cmocka_unit_test(colour_only_when_asked),
        cmocka_unit_test(json_has_everything),
        cmocka_unit_test(sarif_is_as_its_schema_wants),
        cmocka_unit_test(github_annotations_are_escaped),
        cmocka_unit_test(explaining),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, tear_down);
}
