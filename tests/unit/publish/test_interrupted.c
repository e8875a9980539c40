/*
 * A build that is killed or refused by the system, at every step that changes the file system and
 * at random moments: what was published stays whole, or the next build makes it whole.
 */
#define _GNU_SOURCE
#include "made_site.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* ---- The system calls that change something, counted ---- */

/* At this step, counted from 1, the call does not happen: the process is killed, or the call fails
 * with `step_error`. */
static long step_limit;
static _Atomic long step_count;
static int step_error;

static bool is_refused(void)
{
    long count = ++step_count;
    if (step_limit == 0 || count != step_limit) {
        return false;
    }
    if (step_error == 0) {
        raise(SIGKILL);
    }
    errno = step_error;
    return true;
}

ssize_t write(int descriptor, const void *bytes, size_t length)
{
    return is_refused() ? -1 : syscall(SYS_write, descriptor, bytes, length);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return is_refused() ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

int unlinkat(int folder, const char *name, int flags)
{
    return is_refused() ? -1 : (int)syscall(SYS_unlinkat, folder, name, flags);
}

int mkdirat(int folder, const char *name, mode_t mode)
{
    return is_refused() ? -1 : (int)syscall(SYS_mkdirat, folder, name, mode);
}

int utimensat(int folder, const char *name, const struct timespec times[2], int flags)
{
    return is_refused() ? -1 : (int)syscall(SYS_utimensat, folder, name, times, flags);
}

static struct published publish(const struct made_file *files, const char *out, int threads)
{
    struct render *site = calloc(1, sizeof(*site));
    made_init(site, files);
    struct pool *pool = pool_start(threads);
    struct published published = made_publish(site, out, pool, true);
    pool_stop(pool);
    free(site);
    return published;
}

static void assert_published(const struct made_file *files, const char *out)
{
    struct published published = publish(files, out, 2);
    assert_string_equal(published.findings, "");
    assert_int_equal(published.status, PUBLISH_DONE);
}

static struct published publish_until(const struct made_file *files, const char *out, long limit,
                                      int error)
{
    step_limit = limit;
    step_count = 0;
    step_error = error;
    struct published published = publish(files, out, 1);
    step_limit = 0;
    return published;
}

/* Under a sanitizer a fork takes its time: every fourth step will do there. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STRIDE 4
#define RANDOM_KILLS 40
#else
#define STRIDE 1
#define RANDOM_KILLS 200
#endif

/* ---- Three sites: pages change, come and go; files become folders ---- */

static const struct made_file FIRST[] = {
    {.address = "404.html", .seed = 1},
    {.address = "api/cases", .seed = 2},
    {.address = "data/all.csv", .seed = 3, .phase = PHASE_DATA},
    {.address = "data/SHA256SUMS", .text = "1\n", .phase = PHASE_SUMMARY},
    {.address = "en/a/index.html", .seed = 4},
    {.address = "en/b/index.html", .seed = 5},
    {.address = "ja/a/index.html", .seed = 6},
    {.address = "ja/b/index.html", .seed = 7},
    {.address = NULL},
};
static const struct made_file SECOND[] = {
    {.address = "404.html", .seed = 1},
    {.address = "api/cases/1.json", .seed = 2},
    {.address = "data/all.csv", .seed = 30, .phase = PHASE_DATA},
    {.address = "data/SHA256SUMS", .text = "2\n", .phase = PHASE_SUMMARY},
    {.address = "en/c/d/index.html", .seed = 5},
    {.address = "en/c/index.html", .seed = 4},
    {.address = "ja/a/index.html", .seed = 60},
    {.address = "ja/b/index.html", .seed = 7},
    {.address = "ja/c/index.html", .seed = 8},
    {.address = NULL},
};
static const struct made_file THIRD[] = {
    {.address = "404.html", .text = "short"},
    {.address = "data/all.csv", .seed = 3, .phase = PHASE_DATA},
    {.address = "data/SHA256SUMS", .text = "1\n", .phase = PHASE_SUMMARY},
    {.address = "en/c", .seed = 9},
    {.address = "ja/a/index.html", .seed = 6},
    {.address = NULL},
};

/* Steps that a whole build from one site to another takes. */
static long steps_between(const struct made_file *from, const struct made_file *to, const char *out)
{
    if (from != NULL) {
        assert_published(from, out);
    }
    publish_until(to, out, 0, 0);
    long steps = step_count;
    made_erase(out);
    return steps;
}

static void killed_at(const struct made_file *files, const char *out, long step)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        publish_until(files, out, step, 0);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
}

static void a_kill_at_any_step_is_repaired(const struct made_file *from, const struct made_file *to,
                                           const struct made_file *next)
{
    const char *out = in_place("out");
    long steps = steps_between(from, to, out);
    assert_true(steps > 10);
    for (long step = 1; step <= steps; step += STRIDE) {
        if (from != NULL) {
            assert_published(from, out);
        }
        killed_at(to, out, step);
        if (step % 3 == 0) {
            killed_at(next, out, step * 7 % steps); /* and the one that repairs it, too */
        }
        assert_published(next, out);
        assert_tree(next, out, true, 0);
        made_erase(out);
    }
}

static void a_kill_in_the_first_build(void **state)
{
    (void)state;
    a_kill_at_any_step_is_repaired(NULL, FIRST, FIRST);
    a_kill_at_any_step_is_repaired(NULL, FIRST, THIRD);
}

static void a_kill_between_two_sites(void **state)
{
    (void)state;
    a_kill_at_any_step_is_repaired(FIRST, SECOND, SECOND);
    a_kill_at_any_step_is_repaired(SECOND, FIRST, FIRST);
}

static void a_kill_and_back_to_the_old_site(void **state)
{
    (void)state;
    a_kill_at_any_step_is_repaired(FIRST, SECOND, FIRST);
}

static void a_kill_and_on_to_a_third_site(void **state)
{
    (void)state;
    a_kill_at_any_step_is_repaired(FIRST, SECOND, THIRD);
    a_kill_at_any_step_is_repaired(SECOND, THIRD, FIRST);
}

/* ---- Refusals ---- */

/* Before the exchange the old site stays as it was and nothing is left behind; afterwards the
 * finding says so. */
static void a_refusal_at_any_step_is_told(int error, const char *code)
{
    const char *out = in_place("out");
    long steps = steps_between(FIRST, SECOND, out);
    int whole = 0;
    int half = 0;
    for (long step = 1; step <= steps; step += STRIDE) {
        assert_published(FIRST, out);
        struct published published = publish_until(SECOND, out, step, error);
        if (published.status != PUBLISH_DONE) {
            assert_int_equal(published.status, PUBLISH_SYSTEM_ERROR);
            assert_true(strncmp(published.findings, code, strlen(code)) == 0);
        }
        if (published.status != PUBLISH_DONE && published.notes == 0) {
            assert_tree(FIRST, out, true, 0);
            whole++;
        }
        half += published.notes;
        assert_published(SECOND, out);
        assert_tree(SECOND, out, true, 0);
        made_erase(out);
    }
    assert_true(whole > 10 / STRIDE);
    assert_true(half > 10 / STRIDE);
}

static void a_full_disk(void **state)
{
    (void)state;
    a_refusal_at_any_step_is_told(ENOSPC, "output.full: ");
}

static void a_broken_disk(void **state)
{
    (void)state;
    a_refusal_at_any_step_is_told(EIO, "output.unwritable: ");
}

static void a_limit_on_the_size_of_files(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_published(FIRST, out);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {2000, 2000};
        setrlimit(RLIMIT_FSIZE, &limit);
        struct published published = publish(SECOND, out, 2);
        bool is_right = published.status == PUBLISH_SYSTEM_ERROR && published.notes == 0 &&
                        strncmp(published.findings, "output.full: ", 13) == 0;
        _exit(is_right ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_tree(FIRST, out, true, 0);
}

/* What a user without any rights is told of a folder that is not to be written. */
static int publish_as_nobody(const struct made_file *files, const char *out, const char *finding)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) {
            _exit(2);
        }
        struct published published = publish(files, out, 2);
        if (published.status == PUBLISH_SYSTEM_ERROR && strcmp(published.findings, finding) == 0) {
            _exit(0);
        }
        fprintf(stderr, "status %d: %s", (int)published.status, published.findings);
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_folder_that_may_not_be_written(void **state)
{
    (void)state;
    const char *out = in_place("out");
    assert_int_equal(chmod(here.path, 0755), 0);
    assert_int_equal(mkdir(out, 0555), 0);
    assert_int_equal(
        publish_as_nobody(FIRST, out,
                          "output.unwritable: cannot write OUT/404.html: you have no permission to "
                          "write there\n"),
        0);
    const char *deeper = inside(out, "not/there");
    assert_int_equal(
        publish_as_nobody(FIRST, deeper,
                          "output.unwritable: cannot write OUT: you have no permission to write "
                          "there\n"),
        0);
    assert_int_equal(count_files(out, 0), 0);
    /* One folder of many: seen before anything is exchanged. */
    assert_int_equal(chmod(out, 0777), 0);
    mode_t mask = umask(0);
    assert_published(FIRST, out);
    umask(mask);
    assert_int_equal(chmod(inside(out, "ja/a"), 0555), 0);
    assert_int_equal(
        publish_as_nobody(SECOND, out,
                          "output.unwritable: cannot write OUT/ja/a/index.html: you have no "
                          "permission to write there\n"),
        0);
    assert_tree(FIRST, out, true, 0);
    put_file(in_place("file"), "no folder\n");
    struct published published = publish(FIRST, in_place("file/out"), 2);
    assert_string_equal(
        published.findings,
        "output.unwritable: cannot write OUT: a file stands where a folder should be\n");
}

/* ---- Random moments ---- */

#define MANY 120

/* A site of many pages: which of them there are, and how many have changed, is up to `version`. */
static void many_pages(struct made_file *files, int version)
{
    int count = 0;
    for (int i = 0; i < MANY; i++) {
        if ((i + version) % 5 == 0) {
            continue;
        }
        struct slice address =
            arena_format(&here.names, "%s/%d/%s", i % 2 ? "ja/cases" : "en/cases",
                         i / (1 + version), i % 3 ? "index.html" : "more.html");
        const char *name = arena_string(&here.names, address);
        bool is_new = true;
        for (int j = 0; j < count; j++) {
            is_new = is_new && strcmp(files[j].address, name) != 0;
        }
        if (is_new) {
            files[count++] = (struct made_file){.address = name, .seed = i % 2 ? i : i + version};
        }
    }
    files[count] = (struct made_file){.address = NULL};
}

static void kills_at_random_moments(void **state)
{
    (void)state;
    const char *out = in_place("out");
    static struct made_file versions[3][MANY + 1];
    for (int i = 0; i < 3; i++) {
        many_pages(versions[i], i);
    }
    assert_published(versions[0], out);
    unsigned int number = 1;
    int killed = 0;
    for (int i = 0; i < RANDOM_KILLS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            publish(versions[i % 3], out, 2);
            _exit(0);
        }
        number = number * 1103515245U + 12345U;
        usleep((number >> 16) % 16000);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        killed += WIFSIGNALED(status) ? 1 : 0;
        if (i % 4 != 0) {
            assert_published(versions[(i + i / 3) % 3], out);
            assert_tree(versions[(i + i / 3) % 3], out, true, 0);
        }
    }
    assert_true(killed > RANDOM_KILLS / 40);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, made_temporary, made_remove_temporary)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kill_in_the_first_build),
        TEST(a_kill_between_two_sites),
        TEST(a_kill_and_back_to_the_old_site),
        TEST(a_kill_and_on_to_a_third_site),
        TEST(a_full_disk),
        TEST(a_broken_disk),
        TEST(a_limit_on_the_size_of_files),
        TEST(a_folder_that_may_not_be_written),
        TEST(kills_at_random_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
