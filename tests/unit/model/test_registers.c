/* Whole packages: keys, references, words, originals, places, private columns. */
#include <stdio.h>

#include "made_package.h"

static const char package[] =
    "{\"resources\": [\n"
    "  {\"name\": \"rooms\", \"path\": \"registers/rooms.csv\", \"kyodo:pages\": true, "
    "\"kyodo:title\": \"name\",\n"
    "   \"kyodo:labels\": {\"ja\": \"部屋\", \"en\": \"Rooms\"}, \"title\": \"へや\",\n"
    "   \"kyodo:empty\": {\"ja\": \"ありません\"}, \"kyodo:updated\": \"2026-04-01\",\n"
    "   \"schema\": {\"fields\": [\n"
    "     {\"name\": \"id\", \"constraints\": {\"required\": true}},\n"
    "     {\"name\": \"name\"},\n"
    "     {\"name\": \"name_english\", \"kyodo:translates\": \"name\", \"kyodo:language\": "
    "\"en\"},\n"
    "     {\"name\": \"kinds\", \"kyodo:delimiter\": \";\", \"kyodo:codelist\": \"kinds\"},\n"
    "     {\"name\": \"owner\"},\n"
    "     {\"name\": \"telephone\", \"kyodo:private\": true, \"kyodo:format\": \"telephone\"},\n"
    "     {\"name\": \"opened\", \"kyodo:format\": \"partial-date\"}],\n"
    "    \"primaryKey\": \"id\",\n"
    "    \"foreignKeys\": [{\"fields\": \"owner\", \"reference\": {\"resource\": \"rooms\", "
    "\"fields\": \"id\"}}]}},\n"
    "  {\"name\": \"kinds\", \"path\": \"kinds.csv\", \"kyodo:role\": \"codelist\", "
    "\"schema\": {\"fields\": [\n"
    "     {\"name\": \"code\"}, {\"name\": \"label_ja\"}, {\"name\": \"label_en\"}], "
    "\"primaryKey\": [\"code\"]}}]}";
static const char kinds[] = "code,label_ja,label_en\nhall,ホール,Hall\nroom,部屋,\n";
static const char rooms[] = "id,name,name_english,kinds,owner,telephone,opened\n"
                            "a,大ホール,Great hall,hall;room,b,044-200-2111,平成27年\n"
                            "b,和室,,room,,,2016\n";

static void open_package(struct made_package *made, const char *csv)
{
    made_init(made);
    made_file(made, "data/datapackage.json", slice_of(package));
    made_file(made, "data/kinds.csv", slice_of(kinds));
    made_file(made, "data/registers/rooms.csv", slice_of(csv));
    made_read(made);
}

static void test_reads_a_package(void **state)
{
    (void)state;
    struct made_package made;
    open_package(&made, rooms);
    assert_slice(made_codes(&made), "");
    const struct table *table = site_table(&made.site, SLICE("rooms"));
    assert_non_null(table);
    assert_true(table->has_pages && !table->is_codelist && table->is_read);
    assert_slice(table->labels[0], "部屋");
    assert_slice(table->labels[1], "Rooms");
    assert_slice(table->empty_reason[1], "ありません");
    assert_int_equal(table->updated.year, 2026);
    assert_int_equal(table->key_column, 0);
    assert_int_equal(table->title_column, 1);
    assert_int_equal(table->row_count, 2);
    assert_int_equal(table_row_by_key(table, SLICE("b")), 1);
    assert_int_equal(table_row_by_key(table, SLICE("c")), -1);
    assert_slice(table_cell(table, 0, 6), "2015");
    assert_int_equal(table->original_count, 1);
    assert_slice(table->originals[0].text, "平成27年");
    assert_int_equal(table->row_numbers[1], 3);
    assert_slice(span_text(table_cell_span(table, 0, 1)), "大ホール");
    assert_true(table->columns[4].referenced == table);
    assert_non_null(table->columns[3].codelist);
    made_release(&made);
}

static void test_shows_cells_in_a_language(void **state)
{
    (void)state;
    struct made_package made;
    open_package(&made, rooms);
    const struct table *table = site_table(&made.site, SLICE("rooms"));
    static const struct {
        ptrdiff_t row;
        int column, language;
        const char *shown;
        int actual;
    } cases[] = {
        {0, 1, 0, "大ホール", 0},     {0, 1, 1, "Great hall", 1}, {1, 1, 1, "和室", 0},
        {0, 3, 0, "ホール、部屋", 0}, {0, 3, 1, "Hall, 部屋", 1}, {1, 3, 1, "部屋", 0},
        {0, 4, 0, "和室", 0},         {0, 4, 1, "和室", 0},       {1, 4, 1, "", -1},
        {0, 6, 1, "2015", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int actual = 9;
        assert_slice(table_cell_display(table, cases[i].row, cases[i].column, cases[i].language,
                                        &actual, &made.arena),
                     cases[i].shown);
        assert_int_equal(actual, cases[i].actual);
    }
    made_release(&made);
}

static void test_reports_places(void **state)
{
    (void)state;
    struct made_package made;
    open_package(&made, "id,name,name_english,kinds,owner,telephone,opened\r\n"
                        "a,\"大,\r\nホール\",,hal,z,,いつか\r\n"
                        "a,x,,,,,\r\n");
    assert_slice(made_codes(&made), "csv.unknown_code csv.reference csv.type csv.primary_key");
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(made.diag, &count);
    assert_int_equal(findings[0].position.line, 3);
    assert_int_equal(findings[0].position.column, 7);
    assert_int_equal(findings[0].row_number, 2);
    assert_int_equal(findings[0].field_number, 4);
    assert_slice(findings[0].help[INTERFACE_ENGLISH], "use one of these: hall");
    assert_slice(findings[1].type, "foreign-key");
    assert_slice(findings[2].notes[0].path, "data/datapackage.json");
    assert_int_equal(findings[3].position.line, 4);
    assert_int_equal(findings[3].notes[0].position.line, 2);
    made_release(&made);
}

/* Nothing that a finding says or shows may hold a private value. */
static void test_hides_private_values(void **state)
{
    (void)state;
    static const char *const files[] = {
        "id,name,name_english,kinds,owner,telephone,opened\na,x,,hal,,090-1234-5678,\n",
        "id,name,name_english,kinds,owner,telephone,opened\na,x,,,,0901234-5678x,\n",
        "id,name,name_english,kinds,owner,telephone,opened\na,x,,,,090-1234-5678\n",
        "id,name,name_english,kinds,owner,telephone,opened\na,\"x,,,,090-1234-5678,\n",
        "id,name,name_english,kinds,owner,telephone,opened\na,x,y,,,z,090-1234-5678,\n",
        "id,name,name_english,kinds,owner,telephone,opened\na,x,,hal,,\"090-\n1234-5678\",\n",
        "id,name,name_english,kinds,owner,phone,opened\na,x,,,,090-1234-5678,\n",
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct made_package made;
        open_package(&made, files[i]);
        struct buffer out = {0};
        struct sink sink;
        sink_open_buffer(&sink, &out);
        struct report_options options = {.language = INTERFACE_ENGLISH};
        reporter_by_name(SLICE("text"))(made.diag, &options, &sink);
        reporter_by_name(SLICE("json"))(made.diag, &options, &sink);
        assert_int_equal(sink_close(&sink), 0);
        assert_true(diag_errors(made.diag) > 0);
        assert_int_equal(slice_find(buffer_slice(&out), SLICE("1234"), 0), -1);
        assert_int_equal(slice_find(buffer_slice(&out), SLICE("5678"), 0), -1);
        buffer_release(&out);
        made_release(&made);
    }
}

/* A header and rows that contradict their schema everywhere must not take ever longer. */
static void test_survives_many_mistakes(void **state)
{
    (void)state;
    struct buffer csv = {0};
    buffer_append_literal(&csv, "id,name,name_english,kinds,owner,telephone,opened\n");
    for (int i = 0; i < 30000; i++) {
        buffer_append_format(&csv, "a%d,x,,halk;%d,nobody,1,soon\n", i, i);
    }
    struct made_package made;
    made_init(&made);
    made_file(&made, "data/datapackage.json", slice_of(package));
    made_file(&made, "data/kinds.csv", slice_of(kinds));
    made_file(&made, "data/registers/rooms.csv", buffer_slice(&csv));
    made_read(&made);
    /* two codes, an owner, a telephone and a date in each row */
    assert_int_equal(diag_counts(made.diag).errors, 150000);
    made_release(&made);
    buffer_release(&csv);
}

static void test_refuses_descriptors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *codes;
    } cases[] = {
        {"{\"resources\": {}}", "register.expected"},
        {"{\"resources\": [1]}", "register.expected"},
        {"{\"resources\": [{\"name\": \"a\", \"path\": \"../a.csv\", \"schema\": "
         "{\"fields\": []}}]}",
         "register.unsafe_path"},
        {"{\"resources\": [{\"name\": \"a\", \"path\": \"a.csv\", \"schema\": \"b.json\"}]}",
         "register.missing_file"},
        {"{\"resources\": [{\"name\": \"a\", \"path\": \"a.csv\", \"schema\": "
         "{\"fields\": [{\"name\": \"x\", "
         "\"type\": \"list\", \"itemType\": \"list\"}]}}]}",
         "register.unread_type"},
        {"{\"resources\": [{\"path\": \"manual.pdf\", \"name\": \"manual\"}, {\"name\": "
         "\"a\", \"path\": "
         "[\"a.csv\"], \"schema\": {\"fields\": [{\"name\": \"x\"}]}}]}",
         ""},
        {"{\"resources\": [{\"name\": \"a\", \"path\": \"a.csv\", \"dialect\": "
         "{\"delimiter\": \"x\", \"header\": "
         "false}, \"schema\": {\"fields\": [{\"name\": \"x\"}]}}]}",
         "csv.blank_row"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct made_package made;
        made_init(&made);
        made_file(&made, "data/a.csv", SLICE("x\n1\n"));
        made_file(&made, "data/datapackage.json", slice_of(cases[i].text));
        made_read(&made);
        struct slice codes = made_codes(&made);
        /* A table that is refused leaves its file unlisted only when nothing names it. */
        if (slice_starts_with(codes, SLICE("register.unlisted "))) {
            codes = slice_from(codes, (ptrdiff_t)sizeof("register.unlisted ") - 1);
        } else if (slice_ends_with(codes, SLICE(" register.unlisted"))) {
            codes = slice_sub(codes, 0, codes.length - (ptrdiff_t)sizeof(" register.unlisted") + 1);
        }
        print_message("%s\n", cases[i].text);
        assert_slice(codes, cases[i].codes);
        made_release(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_a_package),
        cmocka_unit_test(test_shows_cells_in_a_language),
        cmocka_unit_test(test_reports_places),
        cmocka_unit_test(test_hides_private_values),
        cmocka_unit_test(test_survives_many_mistakes),
        cmocka_unit_test(test_refuses_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
