/* Datasets in every form, byte for byte, from a small site in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cp932.h"
#include "dataset.h"
#include "kept_rows.h"
#include "profile.h"

static const char config[] =
    "title: {ja: ためし, en: Test}\n"
    "tagline: {ja: ためし, en: Test}\n"
    "publisher:\n  name: {ja: 架空市, en: Fictional City}\n"
    "contact:\n  note: {ja: 窓口, en: Window}\n"
    "base_url: https://kyodo.example/\n"
    "languages:\n  - {tag: ja, name: 日本語}\n  - {tag: en, name: English}\n"
    "licence:\n  id: CC-BY-4.0\n  name: {ja: 表示, en: Attribution}\n"
    "  url: https://creativecommons.org/licenses/by/4.0/\n"
    "theme: casebook\nas_of: 2026-04-01\n";
static const char package[] =
    "{\"name\": \"test\", \"resources\": [\n"
    "{\"name\": \"rooms\", \"path\": \"rooms.csv\", \"title\": \"部屋\", \"kyodo:updated\": "
    "\"2026-03-01\",\n"
    " \"schema\": {\"fields\": [\n"
    "  {\"name\": \"id\", \"constraints\": {\"required\": true}},\n"
    "  {\"name\": \"note\"},\n"
    "  {\"name\": \"kinds\", \"kyodo:delimiter\": \";\", \"kyodo:codelist\": \"kinds\"},\n"
    "  {\"name\": \"seats\", \"type\": \"integer\", \"kyodo:format\": \"japanese-number\"},\n"
    "  {\"name\": \"price\", \"type\": \"number\"},\n"
    "  {\"name\": \"free\", \"type\": \"boolean\"},\n"
    "  {\"name\": \"secret\", \"kyodo:private\": true}],\n"
    "  \"primaryKey\": \"id\", \"foreignKeys\": [\n"
    "  {\"fields\": \"secret\", \"reference\": {\"resource\": \"rooms\", \"fields\": \"id\"}},\n"
    "  {\"fields\": \"note\", \"reference\": {\"resource\": \"rooms\", \"fields\": "
    "\"secret\"}}]}},\n"
    "{\"name\": \"kinds\", \"path\": \"kinds.csv\", \"kyodo:role\": \"codelist\",\n"
    " \"schema\": {\"fields\": [{\"name\": \"code\"}, {\"name\": \"label_ja\"}, {\"name\": "
    "\"label_en\"}],\n"
    " \"primaryKey\": \"code\"}}]}\n";
static const char rooms[] = "id,note,kinds,seats,price,free,secret\n"
                            "a,\"=SUM(1,2)\",hall;room,１２,1.50,TRUE,b\n"
                            "b,-5,room,12,,false,\n"
                            "c,\"＋改\n行\",,1.2万,-3,,\n";
static const char kinds[] = "code,label_ja,label_en\nhall,ホール,Hall\nroom,部屋,Room\n";

struct made {
    struct arena arena;
    struct tree tree;
    struct diag *diag;
    struct pool *pool;
    struct site site;
    struct render render;
    struct render_worker worker;
};

static void make_site(struct made *made)
{
    static const char *const paths[] = {"content/site.yaml", "data/datapackage.json",
                                        "data/kinds.csv", "data/rooms.csv"};
    const char *const texts[] = {config, package, kinds, rooms};
    *made = (struct made){0};
    arena_init(&made->arena, ARENA_DEFAULT_LIMIT);
    arena_init(&made->render.arena, ARENA_DEFAULT_LIMIT);
    arena_init(&made->worker.scratch, ARENA_DEFAULT_LIMIT);
    struct slice *path = ARENA_ARRAY(&made->arena, struct slice, 4);
    struct slice *text = ARENA_ARRAY(&made->arena, struct slice, 4);
    for (int i = 0; i < 4; i++) {
        path[i] = slice_of(paths[i]);
        text[i] = slice_of(texts[i]);
    }
    made->diag = diag_new(0);
    made->pool = pool_start(1);
    tree_open_memory(&made->tree, path, text, 4, &made->arena);
    struct site_options options = {0};
    assert_true(site_build(&made->site, &made->tree, &options, made->pool, made->diag));
    made->render.site = &made->site;
    made->render.options.everything = true;
}

static void release(struct made *made)
{
    free(made->render.plan.data);
    kept_rows_free(made->render.kept_cases);
    arena_release(&made->render.arena);
    arena_release(&made->worker.scratch);
    deflater_free(made->worker.deflater);
    buffer_release(&made->worker.buffer);
    site_release(&made->site, NULL);
    pool_stop(made->pool);
    diag_free(made->diag);
    arena_release(&made->arena);
}

static void assert_slice(struct slice got, const char *wanted)
{
    if (!slice_equal(got, slice_of(wanted))) {
        fail_msg("got  %.*s\n         want %s", SLICE_ARGUMENTS(got), wanted);
    }
}

static bool has(const struct buffer *buffer, const char *text)
{
    return slice_find(buffer_slice(buffer), slice_of(text), 0) >= 0;
}

static void make_form(struct made *made, enum dataset_form_id form, struct buffer *out)
{
    const struct table *table = site_table(&made->site, SLICE("rooms"));
    assert_non_null(table);
    struct dataset *dataset = dataset_of_table(&made->site, table, &made->arena);
    assert_true(dataset_form(form)->make(&made->render, dataset, &made->worker, out, made->diag));
}

static void test_csv(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    struct buffer out = {0};
    make_form(&made, DATASET_FORM_csv, &out);
    assert_slice(buffer_slice(&out),
                 "id,note,kinds,seats,seats_original,price,free,free_original\r\n"
                 "a,\"=SUM(1,2)\",hall;room,12,１２,1.50,true,TRUE\r\n"
                 "b,-5,room,12,,,false,\r\n"
                 "c,\"＋改\n行\",,12000,1.2万,-3,,\r\n");
    buffer_clear(&out);
    make_form(&made, DATASET_FORM_excel_csv, &out);
    assert_slice(buffer_slice(&out),
                 "\xEF\xBB\xBFid,note,kinds,seats,seats_original,price,free,free_original\r\n"
                 "a,\"'=SUM(1,2)\",hall;room,12,１２,1.50,true,TRUE\r\n"
                 "b,-5,room,12,,,false,\r\n"
                 "c,\"'＋改\n行\",,12000,1.2万,-3,,\r\n");
    buffer_release(&out);
    release(&made);
}

static void test_json(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    struct buffer out = {0};
    make_form(&made, DATASET_FORM_json, &out);
    ptrdiff_t rows = slice_find(buffer_slice(&out), SLICE("\"rows\": ["), 0);
    assert_true(rows > 0);
    assert_slice(
        slice_from(buffer_slice(&out), rows),
        "\"rows\": [\n"
        "{\"id\":\"a\",\"note\":\"=SUM(1,2)\",\"kinds\":[\"hall\",\"room\"],\"seats\":12,"
        "\"seats_original\":\"１２\",\"price\":1.50,\"free\":true,\"free_original\":\"TRUE\"},\n"
        "{\"id\":\"b\",\"note\":\"-5\",\"kinds\":[\"room\"],\"seats\":12,\"seats_original\":null,"
        "\"price\":null,\"free\":false,\"free_original\":null},\n"
        "{\"id\":\"c\",\"note\":\"＋改\\n行\",\"kinds\":null,\"seats\":12000,\"seats_original\":"
        "\"1.2万\",\"price\":-3,\"free\":null,\"free_original\":null}\n"
        "]}\n");
    assert_true(has(&out, "\"row_count\": 3"));
    assert_true(has(&out, "\"updated\": \"2026-03-01\""));
    assert_true(has(&out, "\"en\": \"Hall\""));
    assert_false(has(&out, "secret"));
    buffer_release(&out);
    release(&made);
}

static void test_ndjson_has_labels(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    struct buffer out = {0};
    make_form(&made, DATASET_FORM_ndjson, &out);
    struct slice rest = buffer_slice(&out);
    assert_slice(slice_cut(&rest, '\n'),
                 "{\"id\":\"a\",\"note\":\"=SUM(1,2)\",\"kinds\":[\"hall\",\"room\"],\"seats\":12,"
                 "\"seats_original\":\"１２\",\"price\":1.50,\"free\":true,"
                 "\"free_original\":\"TRUE\",\"kyodo:labels\":{\"kinds\":{"
                 "\"hall\":{\"ja\":\"ホール\",\"en\":\"Hall\"},"
                 "\"room\":{\"ja\":\"部屋\",\"en\":\"Room\"}}}}");
    assert_false(has(&out, "secret"));
    buffer_release(&out);
    release(&made);
}

static void test_cp932_only_when_nothing_is_lost(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    struct buffer out = {0};
    make_form(&made, DATASET_FORM_cp932_csv, &out);
    assert_true(has(&out, "a,\"=SUM(1,2)\",hall;room,12,\x82\x50\x82\x51,1.50,true,TRUE\r\n"));
    buffer_release(&out);
    release(&made);
    struct cp932 *cp932 = cp932_open();
    assert_int_equal(cp932_find_lost(cp932, SLICE("協働ｱ～－①髙"), 0), -1);
    assert_int_equal(cp932_find_lost(cp932, SLICE("a〜"), 0), 1); /* U+301C; CP932 has U+FF5E */
    assert_int_equal(cp932_find_lost(cp932, SLICE("a—"), 0), 1);  /* U+2014; CP932 has U+2015 */
    assert_int_equal(cp932_find_lost(cp932, SLICE("é"), 0), 0);
    assert_int_equal(cp932_find_lost(cp932, SLICE("a𠮷"), 0), 1);
    cp932_close(cp932);
}

static void test_zip_is_the_same_every_time(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    struct buffer first = {0};
    struct buffer second = {0};
    make_form(&made, DATASET_FORM_zip, &first);
    make_form(&made, DATASET_FORM_zip, &second);
    assert_true(slice_equal(buffer_slice(&first), buffer_slice(&second)));
    assert_true(slice_starts_with(buffer_slice(&first), SLICE("PK")));
    static const char *const names[] = {"rooms.csv",    "datapackage.json", "README.ja.md",
                                        "README.en.md", "LICENSE",          "SHA256SUMS"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_true(has(&first, names[i]));
    }
    buffer_release(&first);
    buffer_release(&second);
    release(&made);
}

/* ---- The whole ---- */

static void make_all(struct made *made, enum render_phase phase)
{
    struct render *render = &made->render;
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        const struct artefact *artefact = &render->plan.data[i];
        struct buffer out = {0};
        if (artefact->phase == phase) {
            assert_true(artefact->make(render, artefact, &made->worker, &out, made->diag));
            render->results[i] =
                (struct artefact_result){.is_known = out.length > 0 || !artefact->may_be_absent,
                                         .size = out.length,
                                         .digest = sha256_of(buffer_slice(&out))};
        }
        buffer_release(&out);
    }
}

static void make_one(struct made *made, const char *address, struct buffer *out)
{
    const struct map_entry *entry = map_find(&made->render.index_by_address, slice_of(address));
    assert_non_null(entry);
    const struct artefact *artefact = &made->render.plan.data[entry->value.integer];
    assert_true(artefact->make(&made->render, artefact, &made->worker, out, made->diag));
}

static void plan_all(struct made *made)
{
    struct render *render = &made->render;
    datasets_make(render);
    dataset_plan(render, made->diag);
    catalog_plan(render, made->diag);
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        bool is_new;
        map_insert(&render->index_by_address, &render->arena, render->plan.data[i].address, &is_new)
            ->value.integer = i;
        assert_true(is_new);
    }
    render->results = ARENA_ARRAY(&render->arena, struct artefact_result, render->plan.length + 1);
}

static void test_package_and_checksums(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    plan_all(&made);
    make_all(&made, PHASE_DATA);
    make_all(&made, PHASE_PAGES);
    struct buffer out = {0};
    make_one(&made, "data/rooms.csv", &out);
    struct sha256 digest = sha256_of(buffer_slice(&out));
    struct slice hex = sha256_hex(&made.arena, &digest);
    buffer_clear(&out);
    make_one(&made, "data/datapackage.json", &out);
    assert_true(slice_find(buffer_slice(&out),
                           ARENA_JOIN(&made.arena, SLICE("\"hash\": \"sha256:"), hex), 0) > 0);
    assert_true(has(&out, "\"path\": \"rooms.csv\""));
    assert_true(has(&out, "\"name\": \"cases\""));
    assert_true(has(&out, "\"kyodo:codelist\": \"kinds\""));
    /* Neither a private column nor a key that has one. */
    assert_false(has(&out, "secret"));
    assert_false(has(&out, "foreignKeys"));
    buffer_clear(&out);
    make_one(&made, "data/SHA256SUMS", &out);
    struct slice line = ARENA_JOIN(&made.arena, hex, SLICE("  rooms.csv\n"));
    assert_true(slice_find(buffer_slice(&out), line, 0) > 0);
    struct slice rest = buffer_slice(&out);
    struct slice last = SLICE("");
    int lines = 0;
    while (rest.length > 0) {
        struct slice name = slice_from(slice_cut(&rest, '\n'), 66);
        assert_true(slice_compare(last, name) < 0);
        last = name;
        lines++;
    }
    int files = 0;
    for (ptrdiff_t i = 0; i < made.render.plan.length; i++) {
        files += made.render.results[i].is_known ? 1 : 0;
    }
    assert_int_equal(lines, files);
    buffer_release(&out);
    release(&made);
}

static void test_cases_have_the_elements_of_the_model(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    struct dataset *cases = dataset_of_cases(&made.site, &made.arena);
    static const char *const wanted[] = {"title",   "title_en", "prefecture", "organization",
                                         "summary", "issue",    "purpose",    "activity",
                                         "contact", "updated",  "not_stated"};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        bool found = false;
        for (int c = 0; c < cases->column_count; c++) {
            found = found || slice_equal(cases->columns[c].name, slice_of(wanted[i]));
        }
        if (!found) {
            fail_msg("no column %s", wanted[i]);
        }
    }
    assert_int_equal(cases->row_count, 0);
    release(&made);
}

static void test_profile(void **state)
{
    (void)state;
    struct made made;
    make_site(&made);
    const struct dataset *dataset =
        dataset_of_table(&made.site, site_table(&made.site, SLICE("rooms")), &made.arena);
    const struct column_profile *profiles = dataset_profile(dataset, &made.arena);
    const struct column_profile *kinds_of = &profiles[2];
    assert_slice(dataset->columns[2].name, "kinds");
    assert_int_equal(kinds_of->empty, 1);
    assert_int_equal(kinds_of->distinct, 2);
    assert_slice(kinds_of->most, "room"); /* of the parts of hall;room and room */
    assert_int_equal(kinds_of->most_count, 2);
    const struct column_profile *seats = &profiles[3];
    assert_slice(seats->least, "12"); /* by number: as text, 12000 and 12 would do as well */
    assert_slice(seats->greatest, "12000");
    const struct column_profile *price = &profiles[5];
    assert_slice(price->least, "-3");
    assert_slice(price->greatest, "1.50");
    assert_int_equal(price->empty, 1);
    assert_int_equal(price->most_count, 0);
    assert_int_equal(dataset->column_count, 8); /* nothing of the private column */
    release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_profile),
        cmocka_unit_test(test_ndjson_has_labels),
        cmocka_unit_test(test_cp932_only_when_nothing_is_lost),
        cmocka_unit_test(test_zip_is_the_same_every_time),
        cmocka_unit_test(test_package_and_checksums),
        cmocka_unit_test(test_cases_have_the_elements_of_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
