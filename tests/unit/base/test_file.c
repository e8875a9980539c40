#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"

static char folder[] = "/tmp/kyodo-test-file-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[256];
    int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_in_range(length, 1, sizeof(path) - 1);
    return path;
}

static void check_content(const char *name, const char *wanted, mode_t mode)
{
    char bytes[64];
    int descriptor = open(path_of(name), O_RDONLY);
    assert_true(descriptor >= 0);
    int64_t length = file_read_up_to(descriptor, bytes, (int64_t)sizeof(bytes));
    struct stat status;
    assert_int_equal(fstat(descriptor, &status), 0);
    close(descriptor);
    assert_true(slice_equal(slice_make(bytes, (ptrdiff_t)length), slice_of(wanted)));
    assert_int_equal(status.st_mode & 07777, mode);
}

static int count_files(void)
{
    DIR *files = opendir(folder);
    assert_non_null(files);
    int count = 0;
    for (const struct dirent *entry = readdir(files); entry != NULL; entry = readdir(files)) {
        count += entry->d_type == DT_REG ? 1 : 0;
    }
    closedir(files);
    return count;
}

static void a_file_is_replaced_whole(void **state)
{
    (void)state;
    umask(022);
    assert_int_equal(file_replace(path_of("a"), SLICE("one")), 0);
    check_content("a", "one", 0644);
    assert_int_equal(chmod(path_of("a"), 0600), 0);
    assert_int_equal(file_replace(path_of("a"), SLICE("another")), 0);
    check_content("a", "another", 0600);
    assert_int_equal(file_replace(path_of("a"), slice_of(NULL)), 0);
    check_content("a", "", 0600);
    assert_int_equal(count_files(), 1);
}

static void what_fails_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(file_replace(path_of("none/a"), SLICE("x")), ENOENT);
    assert_int_equal(file_replace(path_of("a/b"), SLICE("x")), ENOTDIR);
    assert_int_equal(mkdir(path_of("full"), 0755), 0);
    /* A folder stands there: the rename fails, after all was written. */
    assert_int_equal(file_replace(path_of("full"), SLICE("x")), EISDIR);
    assert_int_equal(rmdir(path_of("full")), 0);
    char longest[300];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = 0;
    assert_int_equal(file_replace(longest, SLICE("x")), ENAMETOOLONG);
    assert_int_equal(count_files(), 1);
}

static void what_a_killed_process_left_is_no_obstacle(void **state)
{
    (void)state;
    char name[64];
    snprintf(name, sizeof(name), ".a.kyodo-%ld", (long)getpid());
    FILE *left = fopen(path_of(name), "w");
    assert_non_null(left);
    fclose(left);
    assert_int_equal(file_replace(path_of("a"), SLICE("new")), 0);
    check_content("a", "new", 0600);
    assert_int_equal(count_files(), 1);
}

static void *write_in_pieces(void *context)
{
    const int *end = context;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(write(*end, "abcd", 4), 4);
        usleep(2000);
    }
    close(*end);
    return NULL;
}

static void all_there_is_is_read(void **state)
{
    (void)state;
    static const int64_t limits[] = {7, 16, 100};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        int ends[2];
        char bytes[100];
        pthread_t writer;
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(pthread_create(&writer, NULL, write_in_pieces, &ends[1]), 0);
        int64_t wanted = limits[i] < 16 ? limits[i] : 16;
        assert_int_equal(file_read_up_to(ends[0], bytes, limits[i]), wanted);
        assert_memory_equal(bytes, "abcdabcdabcdabcd", (size_t)wanted);
        pthread_join(writer, NULL);
        close(ends[0]);
    }
    assert_int_equal(file_read_up_to(-1, NULL, 1), -1);
    assert_int_equal(errno, EBADF);
}

static void times_are_ordered(void **state)
{
    (void)state;
    const struct timespec early = {.tv_sec = 5, .tv_nsec = 900};
    const struct timespec later = {.tv_sec = 6, .tv_nsec = 100};
    const struct timespec latest = {.tv_sec = 6, .tv_nsec = 101};
    assert_true(time_is_before(early, later) && time_is_before(later, latest));
    assert_false(time_is_before(later, early) || time_is_before(later, later));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_whole),
        cmocka_unit_test(what_fails_leaves_nothing),
        cmocka_unit_test(what_a_killed_process_left_is_no_obstacle),
        cmocka_unit_test(all_there_is_is_read),
        cmocka_unit_test(times_are_ordered),
    };
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    int failed = cmocka_run_group_tests_name("file", tests, NULL, NULL);
    unlink(path_of("a"));
    return rmdir(folder) == 0 ? failed : 1;
}
