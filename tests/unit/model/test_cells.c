/* One cell at a time: what a text becomes in a column of each type, format and option, and what is
 * said of it when it is wrong. */
#include "made_package.h"

struct conversion {
    const char *field; /* members of the field, after its name */
    const char *text;
    const char *value; /* NULL: refused; "": no value */
    const char *says;  /* codes of findings; for refused ones with `suggestion` behind a `>` */
};

#define STRING "\"type\": \"string\""
#define OURS(format) STRING ", \"kyodo:format\": \"" format "\""
#define NUMBER "\"type\": \"number\""
#define INTEGER "\"type\": \"integer\""
#define JAPANESE_INTEGER INTEGER ", \"kyodo:format\": \"japanese-number\""
#define JAPANESE_NUMBER NUMBER ", \"kyodo:format\": \"japanese-number\""

static const struct conversion conversions[] = {
    {STRING, "川崎", "川崎", ""},
    {STRING, "", "", ""},
    {STRING ", \"missingValues\": [\"-\", \"n/a\"]", "n/a", "", ""},
    {STRING ", \"missingValues\": [{\"value\": \"*\", \"label\": \"秘匿\"}]", "*", "", ""},
    {STRING ", \"missingValues\": []", "x", "x", ""},
    {STRING, " x", " x", "csv.edge_space"},
    {"\"type\": \"any\"", "1", "1", ""},
    {"\"title\": \"型なし\"", "1", "1", ""},

    {INTEGER, "1200", "1200", ""},
    {INTEGER, "0", "0", ""},
    {INTEGER, "-5", "-5", ""},
    {INTEGER, "+5", "5", ""},
    {INTEGER, "007", "7", ""},
    {INTEGER, "-0", "0", ""},
    {INTEGER, "123456789012345678901234567890", "123456789012345678901234567890", ""},
    {INTEGER, "1.0", NULL, "csv.type"},
    {INTEGER, "1,200", NULL, "csv.type>1200"},
    {INTEGER, "1,2O0", NULL, "csv.type>1200"},
    {INTEGER, "１２", NULL, "csv.type>12"},
    {INTEGER, "12人", NULL, "csv.type>12"},
    {INTEGER, "5,500万円", NULL, "csv.type>55000000"},
    {INTEGER, "約12", NULL, "csv.type"},
    {INTEGER, "-", NULL, "csv.type"},
    {INTEGER, "1 200", NULL, "csv.type>1200"},
    {INTEGER ", \"groupChar\": \",\"", "1,200", "1200", ""},
    {INTEGER ", \"bareNumber\": false", "95%", "95", ""},
    {INTEGER ", \"bareNumber\": false", "€95", "95", ""},
    {INTEGER ", \"bareNumber\": false", "人", NULL, "csv.type"},
    {NUMBER, "12.5", "12.5", ""},
    {NUMBER, "12.50", "12.50", ""},
    {NUMBER, ".5", "0.5", ""},
    {NUMBER, "5.", "5", ""},
    {NUMBER, "-0.5", "-0.5", ""},
    {NUMBER, "1E3", "1e3", ""},
    {NUMBER, "1e", NULL, "csv.type>1"},
    {NUMBER, "NaN", "NaN", ""},
    {NUMBER, "-INF", "-INF", ""},
    {NUMBER, "inf", "INF", ""},
    {NUMBER, "1.2.3", NULL, "csv.type"},
    {NUMBER ", \"decimalChar\": \",\", \"groupChar\": \".\"", "1.234,5", "1234.5", ""},
    {NUMBER ", \"groupChar\": \" \"", "1 234", "1234", ""},
    {JAPANESE_INTEGER, "１２", "12", ""},
    {JAPANESE_INTEGER, "1,234", "1234", ""},
    {JAPANESE_INTEGER, "5,500万", "55000000", ""},
    {JAPANESE_INTEGER, "1億2,300万", "123000000", ""},
    {JAPANESE_INTEGER, "1.5億", "150000000", ""},
    {JAPANESE_INTEGER, "12万3千", "123000", ""},
    {JAPANESE_INTEGER, "▲3", "-3", ""},
    {JAPANESE_INTEGER, "2兆", "2000000000000", ""},
    {JAPANESE_INTEGER, "3万2億", NULL, "csv.type"},
    {JAPANESE_INTEGER, "1.5", NULL, "csv.type"},
    {JAPANESE_INTEGER, "12人", NULL, "csv.type>12"},
    {JAPANESE_INTEGER ", \"bareNumber\": false", "12人", "12", ""},
    {JAPANESE_INTEGER, "99999999999兆", NULL, "csv.type"},
    {JAPANESE_NUMBER, "12．5", "12.5", ""},
    {JAPANESE_NUMBER, "1.23456万", NULL, "csv.type"},

    {"\"type\": \"boolean\"", "true", "true", ""},
    {"\"type\": \"boolean\"", "TRUE", "true", ""},
    {"\"type\": \"boolean\"", "0", "false", ""},
    {"\"type\": \"boolean\"", "はい", NULL, "csv.type>true"},
    {"\"type\": \"boolean\"", "×", NULL, "csv.type>false"},
    {"\"type\": \"boolean\"", "maybe", NULL, "csv.type"},
    {"\"type\": \"boolean\", \"trueValues\": [\"有\"], \"falseValues\": [\"無\"]", "有", "true",
     ""},
    {"\"type\": \"boolean\", \"trueValues\": [\"有\"], \"falseValues\": [\"無\"]", "true", NULL,
     "csv.type>有"},

    {"\"type\": \"date\"", "2024-02-29", "2024-02-29", ""},
    {"\"type\": \"date\"", "2023-02-29", NULL, "csv.impossible_date"},
    {"\"type\": \"date\"", "2024/2/29", NULL, "csv.type>2024-02-29"},
    {"\"type\": \"date\"", "令和6年2月29日", NULL, "csv.type>2024-02-29"},
    {"\"type\": \"date\"", "2024-02", NULL, "csv.type"},
    {"\"type\": \"date\", \"format\": \"any\"", "2024/2/29", "2024-02-29", ""},
    {"\"type\": \"date\", \"format\": \"%d/%m/%Y\"", "29/02/2024", "2024-02-29", ""},
    {"\"type\": \"date\", \"format\": \"%d/%m/%y\"", "1/3/07", "2007-03-01", ""},
    {"\"type\": \"date\", \"format\": \"%d/%m/%Y\"", "31/02/2024", NULL, "csv.impossible_date"},
    {"\"type\": \"date\", \"format\": \"fmt:%Y.%m.%d\"", "2024.02.29", "2024-02-29", ""},
    {"\"type\": \"date\", \"kyodo:format\": \"japanese-date\"", "S63.12.31", "1988-12-31", ""},
    {"\"type\": \"date\", \"kyodo:format\": \"japanese-date\"", "平成32年4月1日", "2020-04-01",
     "csv.outside_era"},
    {"\"type\": \"date\", \"kyodo:format\": \"japanese-date\"", "2015年7月14日（水）", "2015-07-14",
     "csv.wrong_weekday"},
    {"\"type\": \"year\"", "2024", "2024", ""},
    {"\"type\": \"year\"", "24", NULL, "csv.type"},
    {"\"type\": \"year\"", "平成27年", NULL, "csv.type>2015"},
    {"\"type\": \"year\", \"kyodo:format\": \"japanese-year\"", "平成27年", "2015", ""},
    {"\"type\": \"yearmonth\"", "2024-04", "2024-04", ""},
    {"\"type\": \"yearmonth\"", "2024-13", NULL, "csv.impossible_date"},
    {"\"type\": \"yearmonth\"", "2024年4月", NULL, "csv.type>2024-04"},
    {OURS("partial-date"), "令和元年度", "FY2019", ""},
    {OURS("partial-date"), "2015", "2015", ""},
    {OURS("partial-date"), "そのうち", NULL, "csv.type"},

    {"\"type\": \"time\"", "09:30:00", "09:30:00", ""},
    {"\"type\": \"time\"", "09:30:00.5Z", "09:30:00.5Z", ""},
    {"\"type\": \"time\"", "25:00:00", NULL, "csv.type"},
    {"\"type\": \"time\"", "9:30", NULL, "csv.type>09:30:00"},
    {"\"type\": \"time\", \"format\": \"%H時%M分\"", "9時30分", "09:30:00", ""},
    {OURS("time"), "９：３０", "09:30", ""},
    {OURS("time"), "午後1時半", "13:30", ""},
    {OURS("time"), "9時", "09:00", ""},
    {OURS("time"), "9", NULL, "csv.type"},
    {OURS("time"), "9:", NULL, "csv.type"},
    {"\"type\": \"datetime\"", "2024-04-01T09:30:00Z", "2024-04-01T09:30:00Z", ""},
    {"\"type\": \"datetime\"", "2024-04-01T09:30:00+09:00", "2024-04-01T09:30:00+09:00", ""},
    {"\"type\": \"datetime\"", "2024/4/1 9:30", NULL, "csv.type>2024-04-01T09:30:00"},
    {"\"type\": \"datetime\", \"format\": \"any\"", "2024/4/1 9:30", "2024-04-01T09:30:00", ""},
    {"\"type\": \"datetime\"", "2024-02-30T09:30:00", NULL, "csv.impossible_date"},

    {OURS("local-government-code"), "141305", "141305", ""},
    {OURS("local-government-code"), "１４１３０５", "141305", ""},
    {OURS("local-government-code"), "010006", "010006", ""},
    {OURS("local-government-code"), "141306", NULL, "csv.check_digit>141305"},
    {OURS("local-government-code"), "14130", NULL, "csv.type>141305"},
    {OURS("local-government-code"), "10006", NULL, "csv.type>010006"},
    {OURS("local-government-code"), "川崎市", NULL, "csv.type"},
    {OURS("telephone"), "044-200-2111", "044-200-2111", ""},
    {OURS("telephone"), "０４４（２００）２１１１", "044-200-2111", ""},
    {OURS("telephone"), "+81 44 200 2111", "+81-44-200-2111", ""},
    {OURS("telephone"), "44-200-2111", NULL, "csv.type>044-200-2111"},
    {OURS("telephone"), "内線2111", NULL, "csv.type"},
    {OURS("postal-code"), "〒210-8577", "210-8577", ""},
    {OURS("postal-code"), "2108577", "210-8577", ""},
    {OURS("postal-code"), "210-857", NULL, "csv.type"},
    {OURS("corporate-number"), "7000012050002", "7000012050002", ""},
    {OURS("corporate-number"), "8000012050002", NULL, "csv.check_digit>7000012050002"},
    {STRING ", \"format\": \"uri\"", "https://example.jp/", "https://example.jp/", ""},
    {STRING ", \"format\": \"uri\"", "example", NULL, "csv.type"},
    {STRING ", \"format\": \"email\"", "a@example.jp", "a@example.jp", ""},
    {STRING ", \"format\": \"email\"", "ａ＠example.jp", NULL, "csv.type>a@example.jp"},
    {STRING ", \"format\": \"uuid\"", "123e4567-e89b-12d3-a456-426614174000",
     "123e4567-e89b-12d3-a456-426614174000", ""},
    {STRING ", \"format\": \"uuid\"", "123e4567", NULL, "csv.type"},
    {STRING ", \"format\": \"binary\"", "aGVsbG8=", "aGVsbG8=", ""},
    {STRING ", \"format\": \"binary\"", "aGVsbG8", NULL, "csv.type"},

    {STRING ", \"kyodo:delimiter\": \";\"", "a;b", "a;b", ""},
    {STRING ", \"kyodo:delimiter\": \";\"", "a;;b", NULL, "csv.type"},
    {"\"type\": \"list\"", "a,b", "a,b", ""},
    {"\"type\": \"list\", \"delimiter\": \"|\", \"itemType\": \"integer\"", "1|+2", "1|2", ""},
    {"\"type\": \"list\", \"itemType\": \"integer\"", "1,x", NULL, "csv.list_item"},

    {INTEGER ", \"constraints\": {\"minimum\": 3}", "2", "2", "csv.too_small"},
    {INTEGER ", \"constraints\": {\"maximum\": \"3\"}", "4", "4", "csv.too_large"},
    {NUMBER ", \"constraints\": {\"exclusiveMinimum\": 0.5}", "0.5", "0.5", "csv.not_above"},
    {NUMBER ", \"constraints\": {\"exclusiveMaximum\": 1}", "1.0", "1.0", "csv.not_below"},
    {"\"type\": \"date\", \"constraints\": {\"minimum\": \"2024-01-01\"}", "2023-12-31",
     "2023-12-31", "csv.too_small"},
    {STRING ", \"constraints\": {\"pattern\": \"[ぁ-ん]+\"}", "かわ", "かわ", ""},
    {STRING ", \"constraints\": {\"pattern\": \"[ぁ-ん]+\"}", "かわ崎", "かわ崎", "csv.pattern"},
    {STRING ", \"constraints\": {\"pattern\": \"a|b\"}", "ab", "ab", "csv.pattern"},
    {STRING ", \"constraints\": {\"minLength\": 2}", "川", "川", "csv.too_short"},
    {STRING ", \"constraints\": {\"maxLength\": 2}", "川崎市", "川崎市", "csv.too_long"},
    {STRING ", \"kyodo:delimiter\": \";\", \"constraints\": {\"maxLength\": 1}", "a;b", "a;b",
     "csv.too_long"},
    {STRING ", \"constraints\": {\"enum\": [\"a\", \"b\"]}", "c", "c", "csv.enum"},
    {STRING ", \"categories\": [{\"value\": \"a\", \"label\": \"エー\"}]", "c", "c", "csv.enum"},
    {INTEGER ", \"constraints\": {\"enum\": [1, 2]}", "+1", "1", ""},
    {STRING ", \"constraints\": {\"required\": true}", "", "", "csv.required"},
};

static struct slice quoted(struct arena *arena, const char *text)
{
    struct buffer out;
    buffer_init(&out);
    buffer_append_literal(&out, "key,v\nk,");
    escape_csv_field(&out, slice_of(text));
    buffer_append_literal(&out, "\n");
    struct slice csv = arena_copy(arena, buffer_slice(&out));
    buffer_release(&out);
    return csv;
}

/* "csv.type>1200": codes, and the help's suggestion where one is wanted. */
static void assert_says(struct made_package *made, const struct conversion *one)
{
    struct slice wanted = slice_of(one->says);
    struct slice rest = wanted;
    struct slice codes = slice_cut(&rest, '>');
    assert_true(slice_equal(made_codes(made), codes.length > 0 ? codes : SLICE("")));
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(made->diag, &count);
    if (rest.data != NULL) {
        assert_true(slice_ends_with(findings[0].help[INTERFACE_ENGLISH],
                                    ARENA_JOIN(&made->arena, SLICE("write "), rest)));
    } else if (slice_equal(codes, SLICE("csv.type"))) {
        struct slice help = findings[0].help[INTERFACE_ENGLISH];
        assert_true(slice_find(help, SLICE("such as"), 0) >= 0 ||
                    slice_find(help, SLICE("separated by"), 0) >= 0 ||
                    slice_find(help, SLICE(" or "), 0) >= 0);
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        assert_slice(findings[i].resource, "t");
        assert_int_equal(findings[i].row_number, 2);
        assert_int_equal(findings[i].field_number, 2);
        assert_true(findings[i].type.length > 0);
    }
}

static void test_conversions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++) {
        const struct conversion *one = &conversions[i];
        struct made_package made;
        made_init(&made);
        struct slice package = ARENA_JOIN(
            &made.arena,
            SLICE(
                "{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", \"schema\": {\"fields\": ["
                "{\"name\": \"key\"}, {\"name\": \"v\", "),
            slice_of(one->field), SLICE("}]}}]}"));
        made_file(&made, "data/datapackage.json", package);
        made_file(&made, "data/t.csv", quoted(&made.arena, one->text));
        made_read(&made);
        print_message("%s <- %s\n", one->field, one->text);
        assert_says(&made, one);
        const struct table *table = site_table(&made.site, SLICE("t"));
        assert_non_null(table);
        assert_int_equal(table->row_count, 1);
        struct slice value = table_cell(table, 0, 1);
        assert_slice(value, one->value != NULL ? one->value : "");
        bool differs = value.data != NULL && !slice_equal(value, slice_of(one->text));
        assert_int_equal(table->original_count, differs ? 1 : 0);
        if (differs) {
            assert_slice(table->originals[0].text, one->text);
        }
        made_release(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_conversions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
