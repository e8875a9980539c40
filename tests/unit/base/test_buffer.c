#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "dies.h"

static struct buffer buffer;

#define assert_content(expected) assert_true(slice_equal(buffer_slice(&buffer), slice_of(expected)))

static int set_up(void **state)
{
    (void)state;
    buffer_init(&buffer);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buffer_release(&buffer);
    return 0;
}

static void appending(void **state)
{
    (void)state;
    buffer_append(&buffer, slice_of(NULL));
    assert_int_equal(buffer.length, 0);
    buffer_append_literal(&buffer, "ab");
    buffer_append_byte(&buffer, 'c');
    buffer_append_repeated(&buffer, '-', 3);
    buffer_append_repeated(&buffer, '-', 0);
    buffer_append_integer(&buffer, INT64_MIN);
    buffer_append_integer(&buffer, 0);
    buffer_append_format(&buffer, "%s=%d", "x", 5);
    assert_content("abc----92233720368547758080x=5");
    buffer_clear(&buffer);
    assert_content("");
    for (int i = 0; i < 100000; i++) {
        buffer_append_byte(&buffer, (char)('a' + i % 26));
    }
    assert_int_equal(buffer.length, 100000);
    assert_int_equal(buffer.data[99999], 'a' + 99999 % 26);
}

static void formatting_grows_exactly(void **state)
{
    (void)state;
    char wide[1000];
    memset(wide, 'w', sizeof(wide) - 1);
    wide[sizeof(wide) - 1] = '\0';
    for (int room = 0; room < 5; room++) {
        buffer_clear(&buffer);
        buffer_append_repeated(&buffer, '.', 300);
        buffer_append_format(&buffer, "%s", wide);
        assert_int_equal(buffer.length, 1299);
        assert_int_equal(buffer.data[1298], 'w');
    }
}

static void numbers_read_back(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "0"},
                 {1, "1"},
                 {-1.5, "-1.5"},
                 {0.1, "0.1"},
                 {1.0 / 3, "0.3333333333333333"},
                 {100, "100"},
                 {1e20, "100000000000000000000"},
                 {123456789012345680000.0, "123456789012345680000"},
                 {1e21, "1e21"},
                 {1.5e300, "1.5e300"},
                 {1e-6, "0.000001"},
                 {1e-7, "0.0000001"},
                 {1.5e-8, "1.5e-8"},
                 {9007199254740993.0, "9007199254740992"},
                 {5e-324, "5e-324"},
                 {1.7976931348623157e308, "1.7976931348623157e308"},
                 {2.5, "2.5"},
                 {99.95, "99.95"},
                 {2251799813685247.5, "2251799813685247.5"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buffer_clear(&buffer);
        buffer_append_number(&buffer, cases[i].value);
        assert_content(cases[i].text);
    }
    for (int i = 1; i < 20000; i++) { /* few places: the short way */
        char text[32];
        double back = 0;
        snprintf(text, sizeof(text), "%d.%03d1", i % 977, i % 1000);
        assert_true(slice_to_number(slice_of(text), &back));
        buffer_clear(&buffer);
        buffer_append_number(&buffer, back);
        assert_content(text);
    }
    uint64_t bits = 88172645463325252U;
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (!isfinite(value)) {
            continue;
        }
        double back = 0;
        buffer_clear(&buffer);
        buffer_append_number(&buffer, value);
        assert_true(slice_to_number(buffer_slice(&buffer), &back));
        assert_true(back == value);
    }
}

static void append_nan(void)
{
    struct buffer out = {0};
    buffer_append_number(&out, (double)NAN);
}

static void append_infinity(void)
{
    struct buffer out = {0};
    buffer_append_number(&out, -(double)INFINITY);
}

static void grow_beyond_the_limit(void)
{
    struct buffer out = {0};
    buffer_append_literal(&out, "x");
    buffer_reserve(&out, BUFFER_LIMIT);
}

static void limits(void **state)
{
    (void)state;
    assert_true(aborts(append_nan));
    assert_true(aborts(append_infinity));
    assert_true(exhausts_memory(grow_beyond_the_limit));
}

/* ---- The sink ---- */

static void sink_writes_into_a_buffer(void **state)
{
    (void)state;
    struct sink sink;
    sink_open_buffer(&sink, &buffer);
    sink_write_literal(&sink, "a");
    sink_write_format(&sink, "%d", 12);
    assert_content("a12"); /* at once */
    assert_int_equal(sink_close(&sink), 0);
    assert_content("a12");
}

static void sink_writes_a_file(void **state)
{
    (void)state;
    char folder[] = "/tmp/kyodo-sink-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[100];
    snprintf(path, sizeof(path), "%s/file", folder);
    struct sink sink;
    sink_create_file(&sink, path);
    ptrdiff_t wanted = 0;
    for (int i = 0; i < 3000; i++) {
        sink_write_format(&sink, "%d\n", i);
        wanted += i < 10 ? 2 : i < 100 ? 3 : i < 1000 ? 4 : 5;
        buffer_clear(&buffer);
        buffer_append_repeated(&buffer, 'x', i * 37); /* beyond what is gathered, too */
        sink_write(&sink, buffer_slice(&buffer));
        wanted += i * 37;
    }
    assert_int_equal(sink_close(&sink), 0);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, wanted);
    sink_create_file(&sink, path); /* never over an old file */
    sink_write_literal(&sink, "x");
    assert_int_equal(sink_close(&sink), EEXIST);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, wanted);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void sink_keeps_its_first_error(void **state)
{
    (void)state;
    struct sink sink;
    sink_create_file(&sink, "/nowhere/at/all");
    sink_write_literal(&sink, "x");
    assert_int_equal(sink_close(&sink), ENOENT);

    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    sink_open_descriptor(&sink, full);
    sink_write_literal(&sink, "small: noticed when it is closed");
    assert_int_equal(sink.error, 0);
    assert_int_equal(sink_close(&sink), ENOSPC);
    sink_open_descriptor(&sink, full);
    buffer_append_repeated(&buffer, 'x', 1 << 20);
    sink_write(&sink, buffer_slice(&buffer));
    assert_int_equal(sink.error, ENOSPC);
    sink_write_format(&sink, "%s", "ignored");
    assert_int_equal(sink_close(&sink), ENOSPC);
    close(full);
    sink_open_descriptor(&sink, full); /* closed by now; a second error does not hide the first */
    sink_write_literal(&sink, "x");
    sink_flush(&sink);
    assert_int_equal(sink.error, EBADF);
    assert_int_equal(sink_close(&sink), EBADF);
}

static int64_t number_at(struct slice s, ptrdiff_t at)
{
    int64_t number;
    memcpy(&number, s.data + at, sizeof(number));
    return number;
}

/* 40 MB of numbers, and what they are when read in stretches. */
static void fill_and_look(struct buffer *large)
{
    enum { NUMBERS = 5000000 };
    for (int64_t i = 0; i < NUMBERS; i++) {
        buffer_append(large, slice_make((const char *)&i, sizeof(i)));
    }
    assert_int_equal(large->length, 8 * NUMBERS);
    struct slice stretch;
    ptrdiff_t at = 0;
    for (ptrdiff_t start = 0; buffer_stretch(large, &at, &stretch); start = at) {
        assert_int_equal(number_at(stretch, 0), start / 8);
        assert_int_equal(number_at(stretch, stretch.length - 8), at / 8 - 1);
    }
    assert_int_equal(at, large->length);
    struct hash_128 streamed = hash_128_of_buffer(large);
    struct hash_128 whole = hash_128(buffer_slice(large));
    assert_memory_equal(&streamed, &whole, sizeof(whole));
    struct sha256 fed = sha256_of_buffer(large);
    struct sha256 at_once = sha256_of(buffer_slice(large));
    assert_memory_equal(&fed, &at_once, sizeof(fed));
}

static void what_is_large_spills(void **state)
{
    (void)state;
    static const char *const folders[] = {"/tmp", "", "/no/such/folder"};
    for (int i = 0; i < 3; i++) {
        struct buffer large;
        buffer_init_spilling(&large, slice_of(folders[i]));
        fill_and_look(&large);
        buffer_clear(&large);
        fill_and_look(&large);
        buffer_release(&large);
        assert_int_equal(large.capacity, 0);
    }
}

static void limit_files(rlim_t most)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = most;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The file may grow to 20 MB only: the content goes back to memory. */
static void a_full_disk_does_no_harm(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    limit_files(20000000);
    struct buffer large;
    buffer_init_spilling(&large, SLICE("/tmp"));
    fill_and_look(&large);
    buffer_release(&large);
    limit_files(RLIM_INFINITY);
}

/* The content becomes a file where it lies: all of it is there, readable as before, and a second
 * name can't be had where one is. */
static void what_has_spilled_can_be_linked(void **state)
{
    (void)state;
    char folder[] = "/tmp/kyodo-link-XXXXXX";
    assert_non_null(mkdtemp(folder));
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY);
    int probe = file_open_linkable(slice_of(folder));
    if (probe < 0) {
        skip(); /* not every file system has such files */
    }
    close(probe);
    struct buffer large;
    buffer_init_spilling_to(&large, slice_of(folder), SLICE(""));
    buffer_append_literal(&large, "small");
    assert_false(buffer_link(&large, descriptor, "large"));
    buffer_clear(&large);
    fill_and_look(&large);
    assert_true(buffer_link(&large, descriptor, "large"));
    assert_false(buffer_link(&large, descriptor, "large"));
    struct sha256 here = sha256_of_buffer(&large);
    struct stat status;
    assert_int_equal(fstatat(descriptor, "large", &status, 0), 0);
    assert_int_equal(status.st_size, large.length);
    assert_int_equal(status.st_mode & 0600, 0600);
    buffer_release(&large);

    struct buffer whole;
    buffer_init(&whole);
    int file = openat(descriptor, "large", O_RDONLY);
    assert_int_equal(file_read_up_to(file, buffer_reserve(&whole, status.st_size), status.st_size),
                     status.st_size);
    whole.length = status.st_size;
    struct sha256 there = sha256_of_buffer(&whole);
    assert_memory_equal(&here, &there, sizeof(here));
    buffer_release(&whole);
    close(file);
    assert_int_equal(unlinkat(descriptor, "large", 0), 0);
    close(descriptor);
    assert_int_equal(rmdir(folder), 0);
}

/* Behind a cut of its end, and after it was cleared, it holds what is added from then on. */
static void what_has_spilled_can_be_cut(void **state)
{
    (void)state;
    struct buffer large;
    buffer_init_spilling(&large, SLICE("/tmp"));
    buffer_append_repeated(&large, 'a', 3 * BUFFER_RESIDENT);
    large.length = BUFFER_RESIDENT - 1;
    buffer_append_repeated(&large, 'b', 2 * BUFFER_RESIDENT);
    buffer_append_repeated(&large, 'c', 4 * BUFFER_RESIDENT);
    large.data[0] = 'd';
    buffer_rest(&large);
    assert_int_equal(large.length, 7 * BUFFER_RESIDENT - 1);
    assert_int_equal(large.data[0], 'd');
    for (ptrdiff_t i = 1; i < large.length; i += 4095) {
        char wanted = i < BUFFER_RESIDENT - 1 ? 'a' : i < 3 * BUFFER_RESIDENT - 1 ? 'b' : 'c';
        assert_int_equal(large.data[i], wanted);
    }
    buffer_release(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(appending, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formatting_grows_exactly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_read_back, set_up, tear_down),
        cmocka_unit_test(limits),
        cmocka_unit_test(what_is_large_spills),
        cmocka_unit_test(a_full_disk_does_no_harm),
        cmocka_unit_test(what_has_spilled_can_be_linked),
        cmocka_unit_test(what_has_spilled_can_be_cut),
        cmocka_unit_test_setup_teardown(sink_writes_into_a_buffer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sink_writes_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sink_keeps_its_first_error, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
