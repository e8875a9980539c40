#define _GNU_SOURCE
#include "made_site.h"

#include <sys/file.h>

static const struct made_file SITE[] = {
    {.address = "404.html", .seed = 1, .phase = PHASE_PAGES},
    {.address = "assets/style.0123.css", .seed = 2, .phase = PHASE_PAGES},
    {.address = "assets/picture.4567.png", .seed = 3, .is_incompressible = true},
    {.address = "data/cases.csv", .seed = 4, .phase = PHASE_DATA},
    {.address = "data/SHA256SUMS", .seed = 5, .phase = PHASE_SUMMARY},
    {.address = "en/cases/a/index.html", .seed = 6, .phase = PHASE_PAGES},
    {.address = "en/cases/index.html", .seed = 7, .phase = PHASE_PAGES},
    {.address = "ja/cases/a/index.html", .seed = 8, .phase = PHASE_PAGES},
    {.address = "ja/cases/b/index.html", .seed = 9, .phase = PHASE_PAGES},
    {.address = "ja/feed.xml", .text = "<feed/>", .phase = PHASE_PAGES},
    {.address = "robots.txt", .text = "User-agent: *\n", .phase = PHASE_PAGES},
    {.address = NULL},
};
#define SITE_PACKED 8 /* files of SITE with a .gz */
#define SITE_FILES 11

/* A copy of SITE to change. */
static struct made_file *copy_site(void)
{
    static struct made_file files[SITE_FILES + 4];
    memset(files, 0, sizeof(files));
    memcpy(files, SITE, sizeof(SITE));
    return files;
}

static struct made_file *find_file(struct made_file *files, const char *address)
{
    while (strcmp(files->address, address) != 0) {
        files++;
    }
    return files;
}

/* ---- Publishing ---- */

static struct published publish_with(struct render *site, const char *out, int threads, bool gzip)
{
    struct pool *pool = pool_start(threads);
    struct published published = made_publish(site, out, pool, gzip);
    pool_stop(pool);
    return published;
}

static struct published publish(const struct made_file *files, const char *out)
{
    struct render *site = calloc(1, sizeof(*site));
    made_init(site, files);
    struct published published = publish_with(site, out, 2, true);
    free(site);
    return published;
}

static void assert_published(const struct made_file *files, const char *out)
{
    struct published published = publish(files, out);
    assert_string_equal(published.findings, "");
    assert_int_equal(published.status, PUBLISH_DONE);
}

/* ---- What is written ---- */

static void a_first_build_writes_everything(void **state)
{
    (void)state;
    const char *out = in_place("not/there/yet/");
    struct published published = publish(SITE, out);
    assert_string_equal(published.findings, "");
    assert_int_equal(published.status, PUBLISH_DONE);
    assert_int_equal(published.summary.files, SITE_FILES);
    assert_int_equal(published.summary.pages, SITE_FILES);
    assert_int_equal(published.summary.written, SITE_FILES + SITE_PACKED);
    assert_int_equal(published.summary.removed, 0);
    assert_tree(SITE, out, true, 0);
    struct slice packed = get_file(inside(out, "404.html.gz"));
    /* RFC 1952: deflate, no flags, no time, and no system. */
    assert_memory_equal(packed.data, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
    free_slice(packed);
}

static void short_files_and_such_that_do_not_shrink_are_not_packed(void **state)
{
    (void)state;
    const char *out = in_place("out");
    char noise[600];
    unsigned int number = 1;
    for (size_t i = 0; i < sizeof(noise) - 1; i++) {
        number = number * 1103515245U + 12345U;
        noise[i] = (char)(1 + (number >> 16) % 255);
    }
    noise[sizeof(noise) - 1] = '\0';
    char even[256] = {0};
    memset(even, 'x', 255);
    const struct made_file files[] = {{.address = "noise.txt", .text = noise},
                                      {.address = "255.txt", .text = even},
                                      {.address = "long.txt", .seed = 1},
                                      {.address = NULL}};
    assert_published(files, out);
    assert_tree(files, out, true, 0);
    assert_int_equal(access(inside(out, "long.txt.gz"), F_OK), 0);
}

/* Everything about the files of a tree that a write would change. */
static void fingerprint(const char *path, struct buffer *out)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    assert_true(count >= 0);
    for (int i = 0; i < count; i++) {
        struct stat status;
        const char *inner = inside(path, entries[i]->d_name);
        assert_int_equal(lstat(inner, &status), 0);
        bool is_parent = strcmp(entries[i]->d_name, "..") == 0;
        if (!is_parent) {
            buffer_append_format(out, "%s %lu %ld.%ld %ld.%ld\n", entries[i]->d_name,
                                 (unsigned long)status.st_ino, (long)status.st_mtim.tv_sec,
                                 (long)status.st_mtim.tv_nsec, (long)status.st_ctim.tv_sec,
                                 (long)status.st_ctim.tv_nsec);
        }
        if (S_ISDIR(status.st_mode) && entries[i]->d_name[0] != '.') {
            fingerprint(inner, out);
        }
        free(entries[i]);
    }
    free(entries);
}

static void an_unchanged_build_writes_nothing(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_published(SITE, out);
    struct buffer before = {0};
    struct buffer after = {0};
    fingerprint(out, &before);
    usleep(20000);
    for (int i = 0; i < 2; i++) {
        struct published published = publish(SITE, out);
        assert_int_equal(published.status, PUBLISH_DONE);
        assert_int_equal(published.summary.written, 0);
        assert_int_equal(published.summary.files, SITE_FILES);
    }
    fingerprint(out, &after);
    assert_slices(buffer_slice(&after), buffer_slice(&before), "the tree's times");
    buffer_release(&before);
    buffer_release(&after);
}

static void only_what_changed_is_written(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_published(SITE, out);
    struct stat before;
    struct stat after;
    assert_int_equal(stat(inside(out, "404.html"), &before), 0);
    struct made_file *files = copy_site();
    find_file(files, "ja/cases/a/index.html")->seed = 80;
    files[SITE_FILES] = (struct made_file){.address = "ja/cases/c/d/index.html", .seed = 81};
    struct published published = publish(files, out);
    assert_int_equal(published.summary.written, 4);
    assert_int_equal(published.summary.removed, 0);
    assert_tree(files, out, true, 0);
    assert_int_equal(stat(inside(out, "404.html"), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
}

static void what_went_is_removed_and_nothing_else(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_int_equal(mkdir(out, 0755), 0);
    put_file(inside(out, ".gitignore"), "*\n");
    assert_published(SITE, out);
    put_file(inside(out, "ja/cases/mine.txt"), "not of the build\n");
    struct made_file *files = copy_site();
    /* All of en/ goes, and ja/cases/b/. */
    for (struct made_file *file = files; file->address != NULL;) {
        bool goes = strncmp(file->address, "en/", 3) == 0 ||
                    strcmp(file->address, "ja/cases/b/index.html") == 0;
        if (goes) {
            memmove(file, file + 1, sizeof(*file) * (size_t)(files + SITE_FILES - file));
        } else {
            file++;
        }
    }
    struct published published = publish(files, out);
    assert_int_equal(published.status, PUBLISH_DONE);
    assert_int_equal(published.summary.removed, 6);
    assert_tree(files, out, true, 2);
    assert_int_equal(access(inside(out, "en"), F_OK), -1);
    assert_int_equal(access(inside(out, "ja/cases/mine.txt"), F_OK), 0);
}

static void packing_can_be_switched_on_and_off(void **state)
{
    (void)state;
    const char *out = in_place("out");
    struct render *site = calloc(1, sizeof(*site));
    made_init(site, SITE);
    assert_int_equal(publish_with(site, out, 2, false).status, PUBLISH_DONE);
    assert_tree(SITE, out, false, 0);
    struct published published = publish_with(site, out, 2, true);
    assert_int_equal(published.summary.written, SITE_PACKED);
    assert_tree(SITE, out, true, 0);
    published = publish_with(site, out, 2, false);
    assert_int_equal(published.summary.written, 0);
    assert_int_equal(published.summary.removed, SITE_PACKED);
    assert_tree(SITE, out, false, 0);
    free(site);
}

static void a_file_of_the_plan_that_ends_in_gz_is_left_to_it(void **state)
{
    (void)state;
    const char *out = in_place("out");
    const struct made_file before[] = {{.address = "data/cases.csv", .seed = 1}, {.address = NULL}};
    const struct made_file after[] = {
        {.address = "data/cases.csv", .seed = 1},
        {.address = "data/cases.csv.gz", .text = "my own", .is_incompressible = true},
        {.address = NULL}};
    for (int i = 0; i < 2; i++) {
        assert_published(before, out);
        assert_tree(before, out, true, 0);
        assert_published(after, out);
        struct slice own = get_file(inside(out, "data/cases.csv.gz"));
        assert_slices(own, SLICE("my own"), "data/cases.csv.gz");
        free_slice(own);
        assert_int_equal(count_files(out, 0), 2);
    }
}

static void the_same_bytes_with_any_number_of_threads(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 8};
    static const char *const outs[] = {"one", "two", "eight"};
    struct made_file files[200] = {{0}};
    for (int i = 0; i < 199; i++) {
        struct slice name =
            arena_format(&here.names, "%s/%d/index.html", i % 2 ? "ja/cases" : "data", i);
        files[i] = (struct made_file){.address = arena_string(&here.names, name),
                                      .seed = i,
                                      .phase = (enum render_phase)(i % PHASE_COUNT)};
    }
    struct render *site = calloc(1, sizeof(*site));
    made_init(site, files);
    for (int i = 0; i < 3; i++) {
        struct published published = publish_with(site, in_place(outs[i]), threads[i], true);
        assert_int_equal(published.status, PUBLISH_DONE);
        assert_tree(files, in_place(outs[i]), true, 0);
    }
    for (int i = 0; i < 200; i++) {
        struct slice name = i == 199
                                ? SLICE(".kyodo-manifest")
                                : ARENA_JOIN(&here.names, slice_of(files[i].address), SLICE(".gz"));
        const char *path = arena_string(&here.names, name);
        struct slice one = get_file(inside(in_place("one"), path));
        for (int j = 1; j < 3; j++) {
            struct slice other = get_file(inside(in_place(outs[j]), path));
            assert_slices(other, one, path);
            free_slice(other);
        }
        free_slice(one);
    }
    free(site);
}

static void digests_of_data_are_told_each_time(void **state)
{
    (void)state;
    const char *out = in_place("out");
    struct render *site = calloc(1, sizeof(*site));
    made_init(site, SITE);
    for (int i = 0; i < 2; i++) {
        memset(site->results, 0, sizeof(site->results));
        assert_int_equal(publish_with(site, out, 2, true).status, PUBLISH_DONE);
        for (ptrdiff_t j = 0; j < site->count; j++) {
            struct buffer bytes = {0};
            made_bytes(site->plan[j].subject, &bytes);
            struct sha256 digest = sha256_of(buffer_slice(&bytes));
            bool has_digest = slice_starts_with(site->plan[j].address, SLICE("data/"));
            assert_int_equal(site->results[j].size, bytes.length);
            assert_int_equal(memcmp(&site->results[j].digest, &digest, sizeof(digest)) == 0,
                             has_digest);
            buffer_release(&bytes);
        }
    }
    free(site);
}

/* ---- What somebody else did ---- */

static void touched_files_are_put_right(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_published(SITE, out);
    usleep(20000);
    const char *page = inside(out, "ja/cases/a/index.html");
    struct stat status;
    assert_int_equal(stat(page, &status), 0);
    int file = open(page, O_WRONLY);
    assert_int_equal(pwrite(file, "X", 1, 0), 1);
    /* The same size and the same time: only the time of change tells. */
    assert_int_equal(futimens(file, (struct timespec[]){status.st_atim, status.st_mtim}), 0);
    close(file);
    put_file(inside(out, "404.html.gz"), "no gzip");
    unlink(inside(out, "robots.txt"));
    made_erase(inside(out, "en/cases"));
    struct published published = publish(SITE, out);
    assert_int_equal(published.status, PUBLISH_DONE);
    assert_int_equal(published.summary.written, 7);
    assert_tree(SITE, out, true, 0);
}

static void a_folder_of_others_is_refused(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_int_equal(mkdir(out, 0755), 0);
    put_file(inside(out, "thesis.txt"), "mine\n");
    put_file(inside(out, "b.txt"), "mine\n");
    struct published published = publish(SITE, out);
    assert_int_equal(published.status, PUBLISH_SYSTEM_ERROR);
    assert_string_equal(published.findings,
                        "output.not_ours: nothing is written into OUT: it holds what kyodo did not "
                        "write, b.txt for one\n");
    assert_int_equal(count_files(out, 0), 2);
}

static void a_damaged_list_is_noticed(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_published(SITE, out);
    const char *path = inside(out, ".kyodo-manifest");
    struct slice whole = get_file(path);
    static const char *const others[] = {"", "kyodo-manifest 2 none\n"};
    for (int i = 0; i < 5; i++) {
        char *text = strndup(whole.data, (size_t)whole.length);
        if (i < 2) {
            snprintf(text, (size_t)whole.length, "%s", others[i]);
        } else if (i == 2) {
            text[whole.length - 1] = '\0';
        } else {
            char *at = i == 3 ? strstr(text, "404") : text + 30;
            *at = *at == '5' ? '6' : '5';
        }
        put_file(path, text);
        free(text);
        struct published published = publish(SITE, out);
        assert_int_equal(published.status, PUBLISH_SYSTEM_ERROR);
        assert_string_equal(published.findings,
                            "output.manifest: OUT/.kyodo-manifest, the list of the files that were "
                            "written, is damaged or from another version of kyodo\n");
    }
    assert_tree(SITE, out, true, 0);
    free_slice(whole);
}

static void what_is_in_the_way_is_not_overwritten(void **state)
{
    (void)state;
    const char *out = in_place("out");
    const char *victim = in_place("victim");
    assert_int_equal(mkdir(victim, 0755), 0);
    put_file(inside(victim, "keep.txt"), "not ours\n");
    assert_published(SITE, out);
    /* A link where a folder was, one where a file goes, a file where another goes, one where a
     * folder goes, and a folder where a file goes. */
    made_erase(inside(out, "en"));
    assert_int_equal(symlink(victim, inside(out, "en")), 0);
    unlink(inside(out, "robots.txt"));
    assert_int_equal(symlink(inside(victim, "keep.txt"), inside(out, "robots.txt")), 0);
    put_file(inside(out, "new.html"), "mine\n");
    put_file(inside(out, "fresh"), "mine\n");
    assert_int_equal(mkdir(inside(out, "ja/page.html"), 0755), 0);
    put_file(inside(out, "ja/page.html/mine.txt"), "mine\n");
    struct made_file *files = copy_site();
    files[SITE_FILES] = (struct made_file){.address = "new.html", .seed = 20};
    files[SITE_FILES + 1] = (struct made_file){.address = "fresh/index.html", .seed = 21};
    files[SITE_FILES + 2] = (struct made_file){.address = "ja/page.html", .seed = 22};
    find_file(files, "ja/cases/a/index.html")->seed = 80;
    struct published published = publish(files, out);
    assert_int_equal(published.status, PUBLISH_SYSTEM_ERROR);
    assert_string_equal(
        published.findings,
        "output.in_the_way: OUT/en is in the way, and kyodo did not write it\n"
        "output.in_the_way: OUT/fresh is in the way, and kyodo did not write it\n"
        "output.in_the_way: OUT/ja/page.html is in the way, and kyodo did not write "
        "it\n"
        "output.in_the_way: OUT/new.html is in the way, and kyodo did not write it\n"
        "output.in_the_way: OUT/robots.txt is in the way, and kyodo did not write "
        "it\n");
    assert_int_equal(count_files(victim, 0), 1);
    struct slice page = get_file(inside(out, "ja/cases/a/index.html"));
    struct buffer old = {0};
    made_bytes(&SITE[7], &old);
    assert_slices(page, buffer_slice(&old), "a page that was to change");
    free_slice(page);
    buffer_release(&old);
    /* A build without those pages removes none of it either. */
    const struct made_file little[] = {{.address = "404.html", .seed = 1}, {.address = NULL}};
    assert_published(little, out);
    assert_int_equal(count_files(victim, 0), 1);
    assert_int_equal(count_files(out, 0), 6);
}

static void files_and_folders_may_change_places(void **state)
{
    (void)state;
    const char *out = in_place("out");
    const struct made_file before[] = {{.address = "api/cases/a.json", .seed = 1},
                                       {.address = "api/cases/b/c.json", .seed = 2},
                                       {.address = "api/rows", .seed = 3},
                                       {.address = NULL}};
    const struct made_file after[] = {{.address = "api/cases", .seed = 4},
                                      {.address = "api/rows/1.json", .seed = 5},
                                      {.address = "api/rows/2.json", .seed = 3},
                                      {.address = NULL}};
    for (int i = 0; i < 2; i++) {
        assert_published(before, out);
        assert_tree(before, out, true, 0);
        assert_published(after, out);
        assert_tree(after, out, true, 0);
    }
}

/* ---- Mistakes in the plan ---- */

static void what_can_not_be_made_stops_everything(void **state)
{
    (void)state;
    const char *out = in_place("out");
    struct made_file *files = copy_site();
    find_file(files, "robots.txt")->fails = true;
    struct published published = publish(files, out);
    assert_int_equal(published.status, PUBLISH_INPUT_ERROR);
    assert_int_equal(access(out, F_OK), -1); /* not even the folder was made */
    assert_published(SITE, out);
    find_file(files, "404.html")->seed = 99;
    published = publish(files, out);
    assert_int_equal(published.status, PUBLISH_INPUT_ERROR);
    assert_tree(SITE, out, true, 0);
}

static void addresses_stay_inside_and_apart(void **state)
{
    (void)state;
    const char *out = in_place("out");
    static const char *const bad[] = {
        "../up.html", "ja/../../up.html", "/etc/x", "ja//x",           "ja/",
        "",           "ja/./x",           "a\nb",   ".kyodo-manifest", ".kyodo-stage/x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct made_file files[] = {
            {.address = bad[i], .text = "x"}, {.address = "a", .text = "a"}, {.address = NULL}};
        struct published published = publish(files, out);
        assert_int_equal(published.status, PUBLISH_INPUT_ERROR);
        assert_true(strncmp(published.findings, "file.bad_name: ", 15) == 0);
    }
    const struct made_file nested[] = {{.address = "ja/a", .text = "x"},
                                       {.address = "ja/a-b", .text = "x"},
                                       {.address = "ja/a.b", .text = "x", .phase = PHASE_SUMMARY},
                                       {.address = "ja/a/c", .text = "x", .phase = PHASE_DATA},
                                       {.address = NULL}};
    struct published published = publish(nested, out);
    assert_int_equal(published.status, PUBLISH_INPUT_ERROR);
    assert_string_equal(
        published.findings,
        "output.address_twice: two pages or files would have the same address: ja/a\n");
    assert_int_equal(access(out, F_OK), -1);
}

/* ---- Progress ---- */

struct told {
    struct timespec last;
    ptrdiff_t done;
    int times;
};

static void note_progress(void *context, ptrdiff_t done, ptrdiff_t total)
{
    struct told *told = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    assert_int_equal(total, 60);
    assert_in_range(done, told->done + 1, total);
    assert_true((now.tv_sec - told->last.tv_sec) * 1000 +
                    (now.tv_nsec - told->last.tv_nsec) / 1000000 >=
                99);
    *told = (struct told){now, done, told->times + 1};
}

static void progress_is_told_ten_times_a_second_at_most(void **state)
{
    (void)state;
    struct made_file files[61] = {{0}};
    for (int i = 0; i < 60; i++) {
        struct slice name = arena_format(&here.names, "%d.txt", i);
        files[i] = (struct made_file){
            .address = arena_string(&here.names, name), .seed = i, .takes = 12000};
    }
    struct render *site = calloc(1, sizeof(*site));
    made_init(site, files);
    struct told told = {.times = 0};
    clock_gettime(CLOCK_MONOTONIC, &told.last);
    struct diag *diag = diag_new(0);
    struct pool *pool = pool_start(2);
    struct publish_options options = {.out = slice_of(in_place("out")),
                                      .pool = pool,
                                      .progress = note_progress,
                                      .progress_context = &told};
    struct publish_summary summary;
    assert_int_equal(publish_tree(site, &options, &summary, diag), PUBLISH_DONE);
    assert_true(told.times >= 2);
    pool_stop(pool);
    diag_free(diag);
    free(site);
}

/* ---- Two at once ---- */

static void a_second_build_waits_its_turn(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_published(SITE, out);
    int lock = open(out, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    struct published published = publish(SITE, out);
    close(lock);
    assert_int_equal(published.status, PUBLISH_SYSTEM_ERROR);
    assert_string_equal(published.findings, "output.busy: another kyodo is writing into OUT\n");
    assert_published(SITE, out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, made_temporary, made_remove_temporary)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_build_writes_everything),
        TEST(short_files_and_such_that_do_not_shrink_are_not_packed),
        TEST(an_unchanged_build_writes_nothing),
        TEST(only_what_changed_is_written),
        TEST(what_went_is_removed_and_nothing_else),
        TEST(packing_can_be_switched_on_and_off),
        TEST(a_file_of_the_plan_that_ends_in_gz_is_left_to_it),
        TEST(the_same_bytes_with_any_number_of_threads),
        TEST(digests_of_data_are_told_each_time),
        TEST(touched_files_are_put_right),
        TEST(a_folder_of_others_is_refused),
        TEST(a_damaged_list_is_noticed),
        TEST(what_is_in_the_way_is_not_overwritten),
        TEST(files_and_folders_may_change_places),
        TEST(what_can_not_be_made_stops_everything),
        TEST(addresses_stay_inside_and_apart),
        TEST(progress_is_told_ten_times_a_second_at_most),
        TEST(a_second_build_waits_its_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
