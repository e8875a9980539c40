#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "diag.h"

static bool is_blank(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* The largest {n} must have an argument. */
static bool has_argument_too_many(const char *text)
{
    for (char digit = '0' + REPORT_ARGUMENTS; digit <= '9'; digit++) {
        const char placeholder[] = {'{', digit, '}', '\0'};
        if (text != NULL && strstr(text, placeholder) != NULL) {
            return true;
        }
    }
    return false;
}

static void the_table_is_complete(void **state)
{
    (void)state;
    for (int i = 0; i < CODE_COUNT; i++) {
        const struct code_info *info = code_info((enum code)i);
        assert_int_equal(code_by_name(slice_of(info->name)), i); /* so names are unique */
        bool is_see = slice_starts_with(slice_of(info->name), SLICE("see."));
        for (int language = 0; language < INTERFACE_LANGUAGES; language++) {
            if (is_blank(info->message[language])) {
                fail_msg("%s has no message", info->name);
            }
            if (!is_see && (is_blank(info->help[language]) || is_blank(info->reason[language]))) {
                fail_msg("%s lacks a repair or a reason", info->name);
            }
            if (has_argument_too_many(info->message[language]) ||
                has_argument_too_many(info->help[language])) {
                fail_msg("%s has too many arguments", info->name);
            }
        }
    }
    assert_int_equal(code_by_name(SLICE("no.such")), CODE_COUNT);
    assert_int_equal(code_by_name(SLICE("file.symlink")), CODE_file_symlink);
}

static void a_finding_knows_its_place(void **state)
{
    (void)state;
    struct source *source =
        source_new(SLICE("data/a.csv"), SLICE("id,名前\nP-1,協働,x\n"), NULL, NULL);
    struct diag *diag = diag_new(0);
    char argument[] = "0x81";
    DIAG(diag, CODE_encoding_invalid, span_make(source, 14, 20), slice_of(argument),
         SLICE("UTF-8"));
    argument[0] = '!'; /* copied */
    source_drop(source);
    ptrdiff_t count;
    const struct finding *finding = diag_sorted(diag, &count);
    assert_int_equal(count, 1);
    assert_int_equal(finding->severity, SEVERITY_ERROR);
    assert_true(slice_equal(finding->path, SLICE("data/a.csv")));
    assert_int_equal(finding->position.line, 2);
    assert_int_equal(finding->position.column, 5);
    assert_int_equal(finding->end.line, 2);
    assert_int_equal(finding->end.column, 7);
    assert_true(slice_equal(finding->excerpt, SLICE("P-1,協働,x")));
    assert_int_equal(finding->excerpt_column, 1);
    assert_false(finding->excerpt_is_cut);
    assert_true(slice_equal(finding->message[INTERFACE_ENGLISH],
                            SLICE("these bytes are not valid UTF-8: 0x81")));
    assert_true(slice_equal(finding->message[INTERFACE_JAPANESE],
                            SLICE("UTF-8 の文字として読めないバイトがあります: 0x81")));
    assert_true(slice_equal(finding->type, SLICE("encoding-error")));
    assert_true(slice_equal(finding->rule, SLICE("L3-08")));
    diag_free(diag);
    source_free(source);
    diag_free(NULL);
}

static void whole_files_and_the_run(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("a.md"), SLICE("text"), NULL, NULL);
    struct diag *diag = diag_new(0);
    DIAG(diag, CODE_file_symlink, span_of_file(source), SLICE("a.md"));
    DIAG(diag, CODE_folder_missing, (struct span){0}, SLICE("content"));
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    assert_int_equal(count, 2);
    assert_int_equal(findings[0].path.length, 0); /* the run comes first */
    assert_int_equal(findings[0].position.line, 0);
    assert_int_equal(findings[1].position.line, 1);
    assert_int_equal(findings[1].position.column, 1);
    assert_null(findings[1].excerpt.data);
    assert_int_equal(diag_errors_of_file(diag, SLICE("a.md")), 1);
    assert_int_equal(diag_errors_of_file(diag, SLICE("b.md")), 0);
    diag_free(diag);
    source_free(source);
}

static void overrides(void **state)
{
    (void)state;
    struct source *source = source_new(SLICE("a.md"), SLICE("text {0}\nmore"), NULL, NULL);
    struct diag *diag = diag_new(0);
    struct report report = {
        .code = CODE_encoding_uncertain,
        .span = span_make(source, 9, 13),
        .arguments = {SLICE("CP932 {1}"), SLICE("never shown")},
        .note_count = 1,
        .notes = {{.code = CODE_file_unreadable,
                   .span = {source, 0, 4},
                   .arguments = {SLICE("x")}}},
        .resource = SLICE("projects"),
        .row_number = 3,
        .field_number = 2,
        .rule = SLICE("KWP-1"),
        .type = SLICE("type-error"),
        .has_severity = true,
        .severity = SEVERITY_NOTE,
    };
    diag_add(diag, &report);
    report.message[INTERFACE_ENGLISH] = SLICE("as it {0} stands");
    report.help[INTERFACE_JAPANESE] = SLICE("直してください");
    diag_add(diag, &report);
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    assert_int_equal(count, 2);
    assert_true(slice_equal(findings[0].message[INTERFACE_ENGLISH], SLICE("as it {0} stands")));
    /* A rule with words in one language only uses them for both. */
    assert_true(slice_equal(findings[0].message[INTERFACE_JAPANESE], SLICE("as it {0} stands")));
    assert_true(slice_equal(findings[0].help[INTERFACE_ENGLISH], SLICE("直してください")));
    assert_true(slice_equal(findings[1].message[INTERFACE_ENGLISH],
                            SLICE("the encoding cannot be told for certain; read as CP932 {1}")));
    assert_true(slice_equal(findings[1].rule, SLICE("KWP-1")));
    assert_true(slice_equal(findings[1].type, SLICE("type-error")));
    assert_true(slice_equal(findings[1].resource, SLICE("projects")));
    assert_int_equal(findings[1].row_number, 3);
    assert_int_equal(findings[1].field_number, 2);
    assert_int_equal(findings[1].severity, SEVERITY_NOTE);
    assert_int_equal(findings[1].note_count, 1);
    assert_true(slice_equal(findings[1].notes[0].message[INTERFACE_ENGLISH],
                            SLICE("cannot read this file: x")));
    assert_int_equal(findings[1].notes[0].position.line, 1);
    struct diag_counts counts = diag_counts(diag);
    assert_int_equal(counts.errors, 0);
    assert_int_equal(counts.warnings, 0);
    assert_int_equal(counts.notes, 2);
    diag_free(diag);
    source_free(source);
}

static void sorted_without_repetitions(void **state)
{
    (void)state;
    struct source *b = source_new(SLICE("b.md"), SLICE("one\ntwo\n"), NULL, NULL);
    struct source *a = source_new(SLICE("a.md"), SLICE("one\ntwo\n"), NULL, NULL);
    struct diag *diag = diag_new(0);
    for (int i = 0; i < 3; i++) {
        DIAG(diag, CODE_file_unreadable, span_make(b, 5, 6), SLICE("x"));
        DIAG(diag, CODE_file_unreadable, span_make(b, 1, 2), SLICE("z"));
        DIAG(diag, CODE_file_unreadable, span_make(b, 1, 2), SLICE("y"));
        DIAG(diag, CODE_encoding_nul, span_make(b, 1, 2), SLICE(""));
        DIAG(diag, CODE_encoding_nul, span_make(a, 4, 5), SLICE(""));
        DIAG(diag, CODE_encoding_nul, span_make(a, 0, 1), SLICE(""));
        DIAG(diag, CODE_encoding_nul, span_make(a, 0, 2), SLICE(""));
    }
    static const struct {
        const char *path;
        enum code code;
        int line;
        char last;
    } wanted[] = {
        {"a.md", CODE_encoding_nul, 1, 'e'},    {"a.md", CODE_encoding_nul, 1, 'e'},
        {"a.md", CODE_encoding_nul, 2, 'e'},    {"b.md", CODE_encoding_nul, 1, 'e'},
        {"b.md", CODE_file_unreadable, 1, 'y'}, {"b.md", CODE_file_unreadable, 1, 'z'},
        {"b.md", CODE_file_unreadable, 2, 'x'},
    };
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    assert_int_equal(count, 7);
    for (ptrdiff_t i = 0; i < count; i++) {
        assert_true(slice_equal(findings[i].path, slice_of(wanted[i].path)));
        assert_int_equal(findings[i].code, wanted[i].code);
        assert_int_equal(findings[i].position.line, wanted[i].line);
        struct slice message = findings[i].message[INTERFACE_ENGLISH];
        assert_int_equal(message.data[message.length - 1], wanted[i].last);
    }
    assert_int_equal(findings[0].end.column, 2);
    assert_int_equal(diag_errors(diag), 7);
    diag_free(diag);
    source_free(a);
    source_free(b);
}

/* Adds findings number `step * i % count` of a list, so in another order for each step. */
static struct diag *add_in_order(struct source *source, ptrdiff_t limit, int count, int step)
{
    struct diag *diag = diag_new(limit);
    for (int i = 0; i < count; i++) {
        int number = (int)((long)i * step % count);
        char text[20];
        snprintf(text, sizeof(text), "%d", number);
        DIAG(diag, CODE_file_unreadable, span_make(source, number + 1, number + 2), slice_of(text));
    }
    return diag;
}

static void the_limit_keeps_the_first_in_any_order(void **state)
{
    (void)state;
    enum { COUNT = 5003, LIMIT = 100 };
    char text[COUNT + 10];
    memset(text, 'x', sizeof(text));
    struct source *source = source_new(SLICE("f"), slice_make(text, sizeof(text)), NULL, NULL);
    static const int steps[] = {1, 2, 1009, COUNT - 1};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct diag *diag = add_in_order(source, LIMIT, COUNT, steps[i]);
        ptrdiff_t count;
        const struct finding *findings = diag_sorted(diag, &count);
        assert_int_equal(count, LIMIT);
        for (ptrdiff_t j = 0; j < count; j++) {
            char wanted[40];
            snprintf(wanted, sizeof(wanted), "cannot read this file: %d", (int)j);
            assert_true(slice_equal(findings[j].message[INTERFACE_ENGLISH], slice_of(wanted)));
            assert_int_equal(findings[j].position.column, j + 2);
        }
        assert_int_equal(diag_errors(diag), COUNT);
        assert_int_equal(diag_errors_of_file(diag, SLICE("f")), COUNT);
        diag_free(diag);
    }
    source_free(source);
}

struct adding {
    struct diag *diag;
    struct source *source;
};

static void add_one(void *context, ptrdiff_t index, int worker)
{
    (void)worker;
    struct adding *adding = context;
    DIAG(adding->diag, index % 2 == 0 ? CODE_encoding_nul : CODE_encoding_uncertain,
         span_make(adding->source, index / 2 + 1, index / 2 + 2), SLICE("CP932"));
}

static void threads_do_not_show(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 8};
    char text[2000];
    memset(text, 'x', sizeof(text));
    struct source *source = source_new(SLICE("f"), slice_make(text, sizeof(text)), NULL, NULL);
    struct buffer first = {0};
    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        struct adding adding = {diag_new(300), source};
        struct pool *pool = pool_start(threads[i]);
        pool_run(pool, 3000, add_one, &adding);
        pool_stop(pool);
        struct buffer now = {0};
        struct sink sink;
        sink_open_buffer(&sink, &now);
        reporter_by_name(SLICE("json"))(adding.diag, &(struct report_options){0}, &sink);
        assert_int_equal(sink_close(&sink), 0);
        if (i == 0) {
            first = now;
        } else {
            assert_true(slice_equal(buffer_slice(&now), buffer_slice(&first)));
            buffer_release(&now);
        }
        assert_int_equal(diag_errors(adding.diag), 1500);
        diag_free(adding.diag);
    }
    buffer_release(&first);
    source_free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_complete),
        cmocka_unit_test(a_finding_knows_its_place),
        cmocka_unit_test(whole_files_and_the_run),
        cmocka_unit_test(overrides),
        cmocka_unit_test(sorted_without_repetitions),
        cmocka_unit_test(the_limit_keeps_the_first_in_any_order),
        cmocka_unit_test(threads_do_not_show),
    };
    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
