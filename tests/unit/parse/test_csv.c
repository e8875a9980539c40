/* CSV: our scanner against libcsv, dialects, faults of form, and its pace. */
#include <csv.h>
#include <stdlib.h>

#include "found.h"

struct seen {
    struct source *source;
    const struct csv_dialect *dialect;
    struct buffer *out;
    struct buffer value;
    int64_t rows;
    int64_t stop_after; /* 0: never */
};

/* The field at `span` by RFC 4180 alone, without the scanner that is being tested. */
static void unquote(struct slice raw, char quote, struct buffer *value)
{
    buffer_clear(value);
    if (raw.length < 2 || raw.data[0] != quote) {
        buffer_append(value, raw);
        return;
    }
    for (ptrdiff_t i = 1; i < raw.length - 1; i++) {
        buffer_append_byte(value, raw.data[i]);
        i += raw.data[i] == quote;
    }
}

/* Writes `1:a|b` per row, and asserts that every field is found again where it stands. */
static bool see_row(void *context, const struct csv_row *row)
{
    struct seen *seen = context;
    seen->rows++;
    if (seen->out != NULL) {
        buffer_append_format(seen->out, "%s%lld%s", seen->out->length > 0 ? " " : "",
                             (long long)row->row_number, row->is_broken ? "!" : "");
        buffer_append_byte(seen->out, row->is_blank ? '-' : ':');
    }
    assert_int_equal(row->is_blank, row->field_count == 0);
    assert_true(row->end >= row->start);
    bool is_rfc = seen->dialect->escape == '\0' && !row->is_broken;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        if (seen->out != NULL) {
            buffer_append(seen->out, i > 0 ? SLICE("|") : SLICE(""));
            buffer_append(seen->out, row->fields[i]);
        }
        struct span span = csv_field_span(seen->source, seen->dialect, row->start, row->end, i);
        assert_true(span.start >= row->start && span.end <= row->end);
        if (is_rfc) {
            unquote(span_text(span), seen->dialect->quote, &seen->value);
            assert_true(slice_equal(buffer_slice(&seen->value), row->fields[i]));
        }
    }
    struct span beyond =
        csv_field_span(seen->source, seen->dialect, row->start, row->end, row->field_count);
    assert_int_equal(beyond.start, row->end);
    assert_int_equal(beyond.end, row->end);
    return seen->rows != seen->stop_after;
}

static bool read_all(struct slice text, const struct csv_dialect *dialect, struct buffer *out,
                     struct buffer *findings, int64_t stop_after)
{
    struct diag *diag = diag_new(0);
    struct source *source = source_new(SLICE("a.csv"), text, NULL, NULL);
    struct seen seen = {.source = source, .dialect = dialect, .out = out, .stop_after = stop_after};
    buffer_init(&seen.value);
    bool is_whole = csv_read(source, dialect, see_row, &seen, diag);
    found_text(diag, findings);
    buffer_release(&seen.value);
    source_free(source);
    diag_free(diag);
    return is_whole;
}

static void check(struct slice text, const struct csv_dialect *dialect, const char *rows,
                  const char *findings)
{
    struct csv_dialect standard;
    csv_dialect_default(&standard);
    struct buffer out;
    struct buffer found;
    buffer_init(&out);
    buffer_init(&found);
    assert_true(read_all(text, dialect != NULL ? dialect : &standard, &out, &found, 0));
    assert_text(buffer_slice(&found), findings);
    assert_text(buffer_slice(&out), rows);
    buffer_release(&out);
    buffer_release(&found);
}

struct csv_case {
    const char *text;
    const char *rows;
    const char *findings;
};

static void test_records(void **state)
{
    (void)state;
    static const struct csv_case CASES[] = {
        {"", "", ""},
        {"a", "1:a", ""},
        {"a,b\nc,d\n", "1:a|b 2:c|d", ""},
        {"a,b\r\nc,d\r\n", "1:a|b 2:c|d", ""},
        {"a,b\rc,d\r", "1:a|b 2:c|d", ""},
        {"a\r\nb\nc\rd", "1:a 2:b 3:c 4:d", ""},
        {"a\n\nb\n\n", "1:a 2- 3:b 4-", ""},
        {"\n", "1-", ""},
        {"\n\r\n\r", "1- 2- 3-", ""},
        {"\n\na", "1- 2- 3:a", ""},
        {",\n,,", "1:| 2:||", ""},
        {"\"\"\n\"\",\"\"", "1: 2:|", ""},
        {" a , b\t\n ", "1: a | b\t 2: ", ""},
        {"\" a \",b", "1: a |b", ""},
        {"\"a\"\"b\",\"\"\"\"", "1:a\"b|\"", ""},
        {"\"a\nb\r\nc\rd\",e\nf", "1:a\nb\r\nc\rd|e 2:f", ""},
        {"川崎市,\"中原区,小杉\"\nｶﾅ,髙\n", "1:川崎市|中原区,小杉 2:ｶﾅ|髙", ""},
        {"a,\"b\"\r\n", "1:a|b", ""},
        {"a,", "1:a|", ""},
        {"#a,1\n", "1:#a|1", ""},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        check(slice_of(CASES[i].text), NULL, CASES[i].rows, CASES[i].findings);
    }
}

static void test_faults(void **state)
{
    (void)state;
    static const struct csv_case CASES[] = {
        {"a,19\"画面,b\nc\n", "1!:a|19\"画面|b 2:c", "csv.stray_quote 1:5+1"},
        {"a, \"b, c\"\nd\n", "1!:a| \"b| c\" 2:d", "csv.space_before_quote 1:4+1"},
        {"\"彼は\"はい\"と\",b\nc\n", "1!:\"彼は\"はい\"と\"|b 2:c", "csv.stray_quote 1:4+1"},
        {"=\"01\",b\nc", "1!:=\"01\"|b 2:c", "csv.quoted_formula 1:2+1"},
        {"\"a\" ,b\nc", "1!:\"a\" |b 2:c", "csv.stray_quote 1:3+1"},
        {"a,\"b\nc,d\ne\n", "1!:a|\"b 2:c|d 3:e", "csv.unclosed_quote 1:3+1"},
        {"a,\"b\nc,\"d\"\ne\n", "1!:a|\"b 2:c|d 3:e",
         "csv.unclosed_quote 1:3+1 (see.quote_ends 2:3)"},
        {"a\r\n\"b,c\r\n\"d\",e\r\n", "1:a 2!:\"b|c 3:d|e",
         "csv.unclosed_quote 2:1+1 (see.quote_ends 3:1)"},
        {"\"", "1!:\"", "csv.unclosed_quote 1:1+1"},
        {"a,\"", "1!:a|\"", "csv.unclosed_quote 1:3+1"},
        {"\"\"\"", "1!:\"\"\"", "csv.unclosed_quote 1:1+1"},
        {"\"a\"b\"c,\"d\"\n\n\"e\"", "1!:\"a\"b\"c|d 2- 3:e", "csv.stray_quote 1:3+1"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        check(slice_of(CASES[i].text), NULL, CASES[i].rows, CASES[i].findings);
    }
}

struct dialect_case {
    struct csv_dialect dialect;
    const char *text;
    const char *rows;
};

static void test_dialects(void **state)
{
    (void)state;
    static const struct dialect_case CASES[] = {
        {{'\t', '"', 0, false, 0}, "a\tb c\t\"d\te\"\n\t\n", "1:a|b c|d\te 2:|"},
        {{';', '\'', 0, false, 0}, "a;'b;''c';\"d\"\n", "1:a|b;'c|\"d\""},
        {{',', '\0', 0, false, 0}, "\"a,b\"\n\"\nc\"d", "1:\"a|b\" 2:\" 3:c\"d"},
        {{',', '"', '\\', false, 0}, "a\\,b,\"c\\\"d\",e\\\\\n\\\n,f", "1:a,b|c\"d|e\\ 2:\n|f"},
        {{',', '"', '\\', false, 0}, "\"a\\\nb\",c\n\nd", "1:a\nb|c 2- 3:d"},
        {{',', '\0', '\\', false, 0}, "\"a\\,b\"\n", "1:\"a,b\""},
        {{',', '"', 0, true, 0}, "a,  \"b, c\",  d \n e\n", "1:a|b, c|d  2:e"},
        {{',', '"', 0, false, '#'}, "#note \"x\na,#b\n# y\n\n\"#c\"\n", "2:a|#b 4- 5:#c"},
        {{',', '"', '\\', true, '#'}, "# \"\n a, \"b\"", "2:a|b"},
        {{'|', '"', 0, false, 0}, "a|b,c|\n", "1:a|b,c|"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        check(slice_of(CASES[i].text), &CASES[i].dialect, CASES[i].rows, "");
    }
}

static void test_nul_and_stopping(void **state)
{
    (void)state;
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    struct buffer out;
    struct buffer found;
    buffer_init(&out);
    buffer_init(&found);
    assert_false(read_all(SLICE("a\nb\0c\n"), &dialect, &out, &found, 0));
    assert_text(buffer_slice(&found), "encoding.nul 2:2+1");
    assert_int_equal(out.length, 0);
    buffer_clear(&found);
    assert_true(read_all(SLICE("a\n\nb\nc\n"), &dialect, &out, &found, 2));
    assert_text(buffer_slice(&out), "1:a 2-");
    assert_int_equal(found.length, 0);
    buffer_release(&out);
    buffer_release(&found);
}

/* ---- Against libcsv alone ---- */

struct alone {
    struct buffer out;
    bool in_row;
};

static void alone_field(void *value, size_t length, void *context)
{
    struct alone *alone = context;
    buffer_append(&alone->out, alone->in_row ? SLICE("|") : SLICE(" :"));
    buffer_append(&alone->out, slice_make(value, (ptrdiff_t)length));
    alone->in_row = true;
}

static void alone_row(int line_end, void *context)
{
    (void)line_end;
    ((struct alone *)context)->in_row = false;
}

static int no_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

/* libcsv's reading of the whole text in strict mode, or false. */
static bool read_alone(struct slice text, struct alone *alone)
{
    struct csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&parser, no_space);
    size_t length = (size_t)text.length;
    bool is_read = csv_parse(&parser, text.data, length, alone_field, alone_row, alone) == length &&
                   csv_fini(&parser, alone_field, alone_row, alone) == 0;
    csv_free(&parser);
    return is_read;
}

struct rows_alone {
    struct buffer out;
    ptrdiff_t broken;
};

static bool append_row(void *context, const struct csv_row *row)
{
    struct rows_alone *rows = context;
    rows->broken += row->is_broken;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        buffer_append(&rows->out, i > 0 ? SLICE("|") : SLICE(" :"));
        buffer_append(&rows->out, row->fields[i]);
    }
    return true;
}

/* The scanner finds a fault exactly where strict libcsv does, and otherwise both read the same. */
static void test_agrees_with_libcsv(void **state)
{
    (void)state;
    static const char ALPHABET[] = "ab,,\"\"\"\n\r\n ";
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    uint64_t random = 20240301;
    int refused = 0;
    for (int round = 0; round < 50000; round++) {
        char text[24];
        random = random * 6364136223846793005u + 1442695040888963407u;
        int length = (int)((random >> 33) % sizeof(text));
        for (int i = 0; i < length; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            text[i] = ALPHABET[(random >> 33) % (sizeof(ALPHABET) - 1)];
        }
        struct slice slice = {text, length};
        struct alone alone = {.in_row = false};
        struct rows_alone rows = {.broken = 0};
        buffer_init(&alone.out);
        buffer_init(&rows.out);
        struct diag *diag = diag_new(0);
        struct source *source = source_new(SLICE("a.csv"), slice, NULL, NULL);
        assert_true(csv_read(source, &dialect, append_row, &rows, diag));
        bool is_read = read_alone(slice, &alone);
        assert_int_equal(is_read, rows.broken == 0);
        assert_int_equal(is_read, diag_errors(diag) == 0);
        if (is_read) {
            assert_true(slice_equal(buffer_slice(&rows.out), buffer_slice(&alone.out)));
        }
        refused += !is_read;
        source_free(source);
        diag_free(diag);
        buffer_release(&rows.out);
        buffer_release(&alone.out);
        struct buffer found;
        buffer_init(&found);
        read_all(slice, &dialect, NULL, &found, 0);
        buffer_release(&found);
    }
    assert_true(refused > 1000 && refused < 49000);
}

/* ---- Size ---- */

static bool count_row(void *context, const struct csv_row *row)
{
    *(int64_t *)context += row->field_count;
    return true;
}

static void test_growth(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"\"",   "\"\n", "\"\"\n", "a\"\n",
                                         ",\"a", "\n",   "\"a\n",  "\"\"\"\n",
                                         ",",    "\r",   "\\\"\n", "\"x\"y\n"};
    static const struct csv_dialect DIALECTS[] = {
        {',', '"', 0, false, 0}, {',', '"', '\\', true, '#'}, {',', 0, 0, false, 0}};
    for (size_t i = 0; i < sizeof(PIECES) / sizeof(*PIECES); i++) {
        struct slice text =
            repeated(PIECES[i], ((ptrdiff_t)1 << 20) / (ptrdiff_t)strlen(PIECES[i]));
        for (size_t k = 0; k < sizeof(DIALECTS) / sizeof(*DIALECTS); k++) {
            struct diag *diag = diag_new(0);
            struct source *source = source_new(SLICE("a.csv"), text, NULL, NULL);
            int64_t fields = 0;
            double start = seconds_now();
            bool is_whole = csv_read(source, &DIALECTS[k], count_row, &fields, diag);
            if (seconds_now() - start > PATIENCE) {
                fail_msg("%s in dialect %zu took %.1f s", PIECES[i], k, seconds_now() - start);
            }
            assert_true(is_whole || diag_errors(diag) > CSV_FAULTS_MOST);
            assert_true(diag_errors(diag) <= CSV_FAULTS_MOST + 1);
            source_free(source);
            diag_free(diag);
        }
        free((void *)(uintptr_t)text.data);
    }
}

/* Blocks of many records: every row once, in order, with its own place. */
static bool check_numbered(void *context, const struct csv_row *row)
{
    int64_t *next = context;
    int64_t number = 0;
    assert_int_equal(row->row_number, *next + 1);
    if (*next % 7 == 0) {
        assert_true(row->is_blank);
    } else {
        assert_int_equal(row->field_count, 3);
        assert_true(slice_to_integer(row->fields[0], &number));
        assert_int_equal(number, *next);
    }
    (*next)++;
    return true;
}

static void test_many_rows(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text);
    for (int i = 0; i < 200000; i++) {
        if (i % 7 != 0) {
            buffer_append_format(&text, i % 3 == 0 ? "%d,\"川崎,\n%d\",x" : "%d,y%d,z", i, i);
        }
        buffer_append(&text, i % 5 == 0 ? SLICE("\r\n") : SLICE("\n"));
    }
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    struct diag *diag = diag_new(0);
    struct source *source = source_new(SLICE("a.csv"), buffer_slice(&text), NULL, NULL);
    int64_t next = 0;
    assert_true(csv_read(source, &dialect, check_numbered, &next, diag));
    assert_int_equal(next, 200000);
    assert_int_equal(diag_errors(diag), 0);
    source_free(source);
    diag_free(diag);
    buffer_release(&text);
}

struct large {
    int64_t rows;
    int64_t broken;
    int64_t stop_after; /* 0: never */
};

static bool see_large(void *context, const struct csv_row *row)
{
    struct large *large = context;
    large->rows++;
    large->broken += row->is_broken;
    assert_int_equal(row->row_number, large->rows);
    return large->rows != large->stop_after;
}

static void read_large(struct slice text, struct large *large, int64_t faults)
{
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    struct diag *diag = diag_new(0);
    struct source *source = source_new(SLICE("a.csv"), text, NULL, NULL);
    bool is_whole = csv_read(source, &dialect, see_large, large, diag);
    assert_int_equal(diag_errors(diag), faults);
    assert_int_equal(is_whole, faults <= CSV_FAULTS_MOST);
    source_free(source);
    diag_free(diag);
}

/* What two threads do together: to the end, stopped early, given up. */
static void test_large_files(void **state)
{
    (void)state;
    struct slice good = repeated("P-0001,\"中原区, 小杉\",1200\n", 150000);
    read_large(good, &(struct large){.rows = 0}, 0);
    struct large whole = {.rows = 0};
    read_large(good, &whole, 0);
    assert_int_equal(whole.rows, 150000);
    struct large stopped = {.stop_after = 100};
    read_large(good, &stopped, 0);
    assert_int_equal(stopped.rows, 100);
    struct large late = {.stop_after = 149999};
    read_large(good, &late, 0);
    assert_int_equal(late.rows, 149999);
    free((void *)(uintptr_t)good.data);
    struct slice bad = repeated("a,b\"c,d\n1,2,3\n", 200000);
    struct large hopeless = {.rows = 0};
    read_large(bad, &hopeless, CSV_FAULTS_MOST + 1);
    assert_int_equal(hopeless.broken, CSV_FAULTS_MOST + 1);
    free((void *)(uintptr_t)bad.data);
}

/* ---- Files as public bodies published them ---- */

struct real_case {
    const char *name;
    enum encoding encoding;
    enum line_end line_end;
    int64_t rows;      /* with header and blank ones */
    ptrdiff_t columns; /* of the first row */
    int64_t ragged;    /* rows with another number of fields */
};

struct real_rows {
    int64_t rows;
    ptrdiff_t columns;
    int64_t ragged;
};

static bool count_real(void *context, const struct csv_row *row)
{
    struct real_rows *real = context;
    real->rows++;
    real->columns = real->rows == 1 ? row->field_count : real->columns;
    real->ragged += row->field_count != real->columns;
    return true;
}

static void test_real_files(void **state)
{
    (void)state;
    static const struct real_case CASES[] = {
        {"utf8_mark/site/citycode.csv", ENCODING_UTF8_MARK, LINE_END_LF, 1789, 5, 0},
        {"line_ends_cr/site/prefjp-utf8.csv", ENCODING_UTF8_MARK, LINE_END_CR, 48, 3, 0},
        {"cp932_no_header/site/localgov_sjis_lf.csv", ENCODING_CP932, LINE_END_LF, 1741, 5, 0},
        {"title_rows/site/0003.csv", ENCODING_UTF8_MARK, LINE_END_LF, 13, 11, 0},
        {"extra_cells/site/inamicho.csv", ENCODING_UTF8_MARK, LINE_END_CRLF, 73, 28, 72},
    };
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct diag *diag = diag_new(0);
    struct tree tree;
    const struct slice here = SLICE(".");
    assert_true(tree_open_disk(&tree, SLICE("../../cases/real"), &here, 1, NULL, &arena, diag));
    struct csv_dialect dialect;
    csv_dialect_default(&dialect);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct decoding decoding;
        struct source *source = tree_read_source(&tree, slice_of(CASES[i].name),
                                                 LOAD_LIMIT_REGISTER, true, &decoding, diag);
        assert_non_null(source);
        struct real_rows real = {.rows = 0};
        assert_true(csv_read(source, &dialect, count_real, &real, diag));
        assert_int_equal(decoding.encoding, CASES[i].encoding);
        assert_int_equal(decoding.line_end, CASES[i].line_end);
        assert_true(decoding.is_certain);
        assert_int_equal(real.rows, CASES[i].rows);
        assert_int_equal(real.columns, CASES[i].columns);
        assert_int_equal(real.ragged, CASES[i].ragged);
        source_free(source);
    }
    assert_int_equal(diag_counts(diag).warnings + diag_errors(diag), 0);
    tree_close(&tree);
    diag_free(diag);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_dialects),
        cmocka_unit_test(test_nul_and_stopping),
        cmocka_unit_test(test_agrees_with_libcsv),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_large_files),
        cmocka_unit_test(test_real_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
