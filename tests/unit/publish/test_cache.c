/* What a build remembers, and when the next one believes it. */
#define _GNU_SOURCE
#include "made_site.h"

static const struct made_file SITE[] = {
    {.address = "404.html", .seed = 1, .phase = PHASE_PAGES},
    {.address = "ja/cases/a/index.html", .seed = 2, .phase = PHASE_PAGES},
    {.address = "robots.txt", .text = "User-agent: *\n", .phase = PHASE_PAGES},
    {.address = NULL},
};

/* A build that reads the folder `site` and writes `out`. */
struct bench {
    const char *site;
    const char *out;
    struct pool *pool;
    struct arena arena;
    struct diag *diag;
    struct tree tree;
    struct cache *cache;
};

static void begin(struct bench *bench, const char *setting)
{
    bench->site = in_place("site");
    bench->out = in_place("out");
    bench->pool = pool_start(2);
    bench->diag = diag_new(0);
    arena_init(&bench->arena, ARENA_DEFAULT_LIMIT);
    bench->cache = cache_open(slice_of(bench->out), slice_of(setting), bench->pool);
}

static void end(struct bench *bench)
{
    cache_close(bench->cache);
    if (bench->tree.close != NULL) {
        tree_close(&bench->tree);
    }
    diag_free(bench->diag);
    pool_stop(bench->pool);
    arena_release(&bench->arena);
}

/* `later`: as if the files had been there for some seconds, so that stamps are believed. */
static void list(struct bench *bench, bool later)
{
    const struct slice folders[] = {SLICE("content"), SLICE("themes")};
    assert_true(tree_open_disk(&bench->tree, slice_of(bench->site), folders, 2, NULL, &bench->arena,
                               bench->diag));
    bench->tree.listed += later ? (int64_t)10000000000 : 0;
    bench->tree.wants_digests = true;
}

static void read_all(struct bench *bench)
{
    for (ptrdiff_t i = 0; i < bench->tree.count; i++) {
        char *bytes;
        int64_t length;
        assert_true(tree_read_bytes(&bench->tree, bench->tree.files[i].path, 100, &bytes, &length,
                                    bench->diag));
        free(bytes);
    }
}

static void build_first(bool later)
{
    struct bench bench = {0};
    mkdir(in_place("site"), 0755);
    mkdir(in_place("site/content"), 0755);
    mkdir(in_place("site/content/a"), 0755);
    put_file(in_place("site/content/a/one.md"), "one");
    put_file(in_place("site/content/two.md"), "two");
    begin(&bench, "setting");
    list(&bench, later);
    read_all(&bench);
    struct render *render = calloc(1, sizeof(*render));
    made_init(render, SITE);
    struct published published = made_publish(render, bench.out, bench.pool, true);
    free(render);
    assert_int_equal(published.status, PUBLISH_DONE);
    struct source *source = source_new(SLICE("content/two.md"), SLICE("two"), NULL, NULL);
    diag_add(bench.diag, &(struct report){.code = CODE_markdown_raw_html,
                                          .span = span_make(source, 1, 2),
                                          .arguments = {SLICE("1"), SLICE("2")},
                                          .has_severity = true,
                                          .severity = SEVERITY_NOTE,
                                          .note_count = 1,
                                          .notes = {{.code = CODE_see_output_half,
                                                     .span = span_make(source, 0, 1)}}});
    source_free(source);
    struct site site = {.tree = &bench.tree, .theme = {.tree = &bench.tree}};
    cache_remember(bench.cache, &site, bench.diag, &published.summary);
    end(&bench);
}

static bool is_current(const char *setting)
{
    struct bench bench = {0};
    begin(&bench, setting);
    bool is = cache_is_current(bench.cache, bench.site, bench.pool);
    end(&bench);
    return is;
}

static bool agrees(bool verifies)
{
    struct bench bench = {0};
    begin(&bench, "setting");
    list(&bench, true);
    bool does = cache_agrees(bench.cache, &bench.tree, verifies, bench.pool);
    end(&bench);
    return does;
}

static void what_a_build_found_is_known_word_for_word(void **state)
{
    (void)state;
    build_first(true);
    assert_true(is_current("setting"));
    assert_true(agrees(false));
    assert_true(agrees(true));
    assert_false(is_current("another"));
    struct bench bench = {0};
    struct publish_summary summary;
    ptrdiff_t count;
    begin(&bench, "setting");
    cache_recall(bench.cache, bench.diag, &summary);
    assert_int_equal(summary.files, 3);
    assert_int_equal(summary.pages, 3);
    assert_int_equal(summary.written, 0);
    const struct finding *found = diag_sorted(bench.diag, &count);
    assert_int_equal(count, 1);
    assert_int_equal(found->code, CODE_markdown_raw_html);
    assert_int_equal(found->severity, SEVERITY_NOTE);
    assert_true(slice_equal(found->path, SLICE("content/two.md")));
    assert_true(slice_equal(found->excerpt, SLICE("two")));
    assert_int_equal(found->position.column, 2);
    assert_int_equal(found->note_count, 1);
    assert_true(slice_equal(found->notes[0].path, SLICE("content/two.md")));
    end(&bench);
}

static void young_stamps_are_not_believed(void **state)
{
    (void)state;
    build_first(false);
    assert_false(is_current("setting"));
    assert_true(agrees(false)); /* they were read, and are older by now */
    assert_true(is_current("setting"));
}

static void a_file_that_says_the_same_is_no_change(void **state)
{
    (void)state;
    build_first(true);
    put_file(in_place("site/content/two.md"), "two");
    assert_false(is_current("setting"));
    assert_true(agrees(false));
    assert_true(is_current("setting"));
}

static void add_file(void)
{
    put_file(in_place("site/content/a/more.md"), "more");
}

static void remove_file(void)
{
    assert_int_equal(unlink(in_place("site/content/two.md")), 0);
}

static void edit_file(void)
{
    put_file(in_place("site/content/two.md"), "TWO");
}

static void rename_folder(void)
{
    assert_int_equal(rename(in_place("site/content/a"), in_place("site/content/b")), 0);
}

static void add_theme(void)
{
    mkdir(in_place("site/themes"), 0755);
    put_file(in_place("site/themes/new"), "new");
}

static void edit_output(void)
{
    put_file(in_place("out/robots.txt"), "User-agent: x\n");
}

static void remove_packed(void)
{
    assert_int_equal(unlink(in_place("out/404.html.gz")), 0);
}

static void link_folder(void)
{
    assert_int_equal(rename(in_place("out/ja"), in_place("away")), 0);
    assert_int_equal(symlink("../away", in_place("out/ja")), 0);
}

static void leave_journal(void)
{
    put_file(in_place("out/.kyodo-journal"), "");
}

static void damage_manifest(void)
{
    put_file(in_place("out/.kyodo-manifest"), "kyodo-manifest 1 none\n");
}

static void any_other_change_is_noticed(void **state)
{
    (void)state;
    static void (*const changes[])(void) = {
        add_file,    remove_file,   edit_file,   rename_folder, add_theme,
        edit_output, remove_packed, link_folder, leave_journal, damage_manifest};
    for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
        build_first(true);
        assert_true(is_current("setting"));
        changes[i]();
        assert_false(is_current("setting"));
        assert_false(agrees(false));
        assert_false(agrees(true));
        made_erase(here.path);
        assert_int_equal(mkdir(here.path, 0755), 0);
    }
}

/* ---- Artefacts that stand ---- */

static const struct made_file KEYED[] = {
    {.address = "a.html", .seed = 1, .phase = PHASE_PAGES, .inputs = INPUT_CASES},
    {.address = "b.html", .seed = 2, .phase = PHASE_PAGES, .inputs = INPUT_DATA | INPUT_FINDINGS},
    {.address = "c.html", .seed = 3, .phase = PHASE_PAGES},
    {.address = NULL},
};

/* How many files a build makes. */
static int build_keyed(const struct made_file *files)
{
    struct bench bench = {0};
    begin(&bench, "setting");
    list(&bench, true);
    read_all(&bench);
    struct site site = {.tree = &bench.tree, .theme = {.tree = &bench.tree}};
    struct render *render = calloc(1, sizeof(*render));
    made_init(render, files);
    struct publish_options options = {.out = slice_of(bench.out),
                                      .gzip = true,
                                      .pool = bench.pool,
                                      .cache = bench.cache,
                                      .site = &site};
    struct publish_summary summary;
    assert_int_equal(publish_tree(render, &options, &summary, bench.diag), PUBLISH_DONE);
    cache_remember(bench.cache, &site, bench.diag, &summary);
    int made = render->made;
    free(render);
    end(&bench);
    return made;
}

static void what_has_the_same_inputs_is_not_made_again(void **state)
{
    (void)state;
    mkdir(in_place("site"), 0755);
    mkdir(in_place("site/content"), 0755);
    mkdir(in_place("site/content/cases"), 0755);
    put_file(in_place("site/content/site.yaml"), "one");
    put_file(in_place("site/content/cases/a.md"), "one");
    assert_int_equal(build_keyed(KEYED), 3);
    assert_int_equal(build_keyed(KEYED), 1);
    put_file(in_place("site/content/cases/a.md"), "two");
    assert_int_equal(build_keyed(KEYED), 2);
    put_file(in_place("out/b.html"), "by hand");
    assert_int_equal(build_keyed(KEYED), 2);
    assert_int_equal(unlink(in_place("out/a.html.gz")), 0);
    assert_int_equal(build_keyed(KEYED), 2);
    assert_tree(KEYED, in_place("out"), true, 0);
    put_file(in_place("site/content/site.yaml"), "two");
    assert_int_equal(build_keyed(KEYED), 3);
    struct made_file more[4] = {KEYED[0], KEYED[1], KEYED[2], {.address = NULL}};
    more[2].address = "d.html"; /* another plan */
    assert_int_equal(build_keyed(more), 3);
    assert_tree(more, in_place("out"), true, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, made_temporary, made_remove_temporary)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_build_found_is_known_word_for_word),  TEST(young_stamps_are_not_believed),
        TEST(a_file_that_says_the_same_is_no_change),     TEST(any_other_change_is_noticed),
        TEST(what_has_the_same_inputs_is_not_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
