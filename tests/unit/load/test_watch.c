/* What a watch tells of a folder. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "load.h"

struct place {
    char folder[64];
    struct arena arena;
    struct watch *watch;
    struct changes changes;
};

static const char *path_of(struct place *place, const char *name)
{
    return arena_string(&place->arena, ARENA_JOIN(&place->arena, slice_of(place->folder),
                                                  SLICE("/"), slice_of(name)));
}

static void make_folder(struct place *place, const char *name)
{
    assert_int_equal(mkdir(path_of(place, name), 0755), 0);
}

static void write_file(struct place *place, const char *name)
{
    int descriptor = open(path_of(place, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, "x", 1), 1);
    assert_int_equal(close(descriptor), 0);
}

static void move(struct place *place, const char *from, const char *to)
{
    assert_int_equal(rename(path_of(place, from), path_of(place, to)), 0);
}

/* What has been told since the last call. */
static bool look(struct place *place)
{
    struct pollfd ready = {.fd = watch_descriptor(place->watch), .events = POLLIN};
    poll(&ready, 1, 20);
    return watch_read(place->watch, &place->changes, &place->arena);
}

static void assert_written(const struct place *place, const char *name)
{
    for (ptrdiff_t i = 0; i < place->changes.count; i++) {
        if (slice_equal(place->changes.written[i], slice_of(name))) {
            return;
        }
    }
    fail_msg("%s was not told", name);
}

static int set_up(void **state)
{
    static struct place place;
    const struct slice folders[] = {SLICE("content"), SLICE("data")};
    place = (struct place){.folder = "/tmp/kyodo-watch-XXXXXX"};
    assert_non_null(mkdtemp(place.folder));
    arena_init(&place.arena, 1 << 24);
    make_folder(&place, "content");
    make_folder(&place, "content/a");
    place.watch = watch_open(slice_of(place.folder), folders, 2);
    assert_non_null(place.watch);
    *state = &place;
    return 0;
}

static void remove_tree(struct place *place)
{
    static const char *const names[] = {
        "content/a/x",    "content/a/y",  "content/b/x", "content/c/x",
        "content/b/in/x", "data/x",       "other",       "content/a/.x.swp",
        "content/a",      "content/b/in", "content/b",   "content/c",
        "content",        "data",         "gone/x",      "gone"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        remove(path_of(place, names[i]));
    }
    remove(place->folder);
}

static int tear_down(void **state)
{
    struct place *place = *state;
    watch_close(place->watch);
    remove_tree(place);
    arena_release(&place->arena);
    return 0;
}

static void test_nothing(void **state)
{
    assert_false(look(*state));
}

static void test_written(void **state)
{
    struct place *place = *state;
    write_file(place, "content/a/x");
    assert_true(look(place));
    assert_written(place, "content/a/x");
    write_file(place, "content/a/x");
    write_file(place, "content/a/x");
    assert_true(look(place));
    assert_int_equal(place->changes.count, 1);
    assert_false(place->changes.has_others);
}

/* Written aside and renamed, as many editors save. */
static void test_renamed_over(void **state)
{
    struct place *place = *state;
    write_file(place, "content/a/x");
    look(place);
    write_file(place, "content/a/.x.swp");
    move(place, "content/a/.x.swp", "content/a/x");
    assert_true(look(place));
    assert_int_equal(place->changes.count, 1);
    assert_written(place, "content/a/x");
}

static void test_hidden(void **state)
{
    struct place *place = *state;
    write_file(place, "content/a/.x.swp");
    write_file(place, "other"); /* in no folder that was asked for */
    assert_false(look(place));
}

static void test_deleted(void **state)
{
    struct place *place = *state;
    write_file(place, "content/a/x");
    look(place);
    remove(path_of(place, "content/a/x"));
    assert_true(look(place));
    assert_true(place->changes.has_others);
}

static void test_new_folder(void **state)
{
    struct place *place = *state;
    make_folder(place, "content/b");
    make_folder(place, "content/b/in");
    assert_true(look(place));
    assert_true(place->changes.has_others);
    write_file(place, "content/b/x");
    write_file(place, "content/b/in/x");
    assert_true(look(place));
    assert_written(place, "content/b/x");
    assert_written(place, "content/b/in/x");
}

static void test_moved_folder(void **state)
{
    struct place *place = *state;
    write_file(place, "content/a/x");
    look(place);
    move(place, "content/a", "content/c");
    assert_true(look(place));
    assert_true(place->changes.has_others);
    write_file(place, "content/c/x");
    assert_true(look(place));
    assert_written(place, "content/c/x");
    /* Out of what is watched: nobody tells of it any more. */
    move(place, "content/c", "gone");
    assert_true(look(place));
    write_file(place, "gone/x");
    assert_false(look(place));
}

/* A folder that was not there at first. */
static void test_late_folder(void **state)
{
    struct place *place = *state;
    make_folder(place, "data");
    assert_true(look(place));
    write_file(place, "data/x");
    assert_true(look(place));
    assert_written(place, "data/x");
}

/* How many events the kernel keeps for somebody who does not read them. */
static int events_kept(void)
{
    int count = 16384;
    FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
    if (file != NULL) {
        if (fscanf(file, "%d", &count) != 1) {
            count = 16384;
        }
        fclose(file);
    }
    return count;
}

/* When events are lost, a folder that came meanwhile is watched all the same. */
static void test_lost_events(void **state)
{
    struct place *place = *state;
    int count = events_kept();
    if (count > 100000) {
        skip();
    }
    for (int i = 0; i < count; i++) {
        write_file(place, i % 2 == 0 ? "content/a/x" : "content/a/y");
    }
    make_folder(place, "content/b");
    assert_true(look(place));
    assert_true(place->changes.has_others);
    write_file(place, "content/b/x");
    assert_true(look(place));
    assert_written(place, "content/b/x");
}

static void test_no_root(void **state)
{
    (void)state;
    const struct slice folder = SLICE("content");
    assert_null(watch_open(SLICE("/nowhere/at/all"), &folder, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renamed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hidden, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deleted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_new_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_moved_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_late_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lost_events, set_up, tear_down),
        cmocka_unit_test(test_no_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
