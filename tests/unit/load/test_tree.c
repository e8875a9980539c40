/* Trees: what is listed, what is refused, and that nothing outside is ever read. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

struct place {
    char path[64];
    int folder;
    struct arena arena;
    struct diag *diag;
    struct pool *pool;
    struct tree tree;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    snprintf(place->path, sizeof(place->path), "/tmp/kyodo-tree-XXXXXX");
    if (place == NULL || mkdtemp(place->path) == NULL) {
        return -1;
    }
    place->folder = open(place->path, O_RDONLY | O_DIRECTORY);
    arena_init(&place->arena, ARENA_DEFAULT_LIMIT);
    place->diag = diag_new(0);
    place->pool = pool_start(3);
    *state = place;
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    struct place *place = *state;
    tree_close(&place->tree);
    pool_stop(place->pool);
    diag_free(place->diag);
    arena_release(&place->arena);
    close(place->folder);
    nftw(place->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(place);
    return 0;
}

static void make_folder(struct place *place, const char *name)
{
    assert_int_equal(mkdirat(place->folder, name, 0755), 0);
}

static void make_file(struct place *place, const char *name, const char *text)
{
    int file = openat(place->folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

static void make_link(struct place *place, const char *target, const char *name)
{
    assert_int_equal(symlinkat(target, place->folder, name), 0);
}

static void open_tree(struct place *place, const char *first, const char *second)
{
    const struct slice folders[] = {slice_of(first), slice_of(second)};
    assert_true(tree_open_disk(&place->tree, slice_of(place->path), folders, second != NULL ? 2 : 1,
                               place->pool, &place->arena, place->diag));
}

static void assert_listed(const struct place *place, const char *wanted)
{
    struct buffer out;
    buffer_init(&out);
    for (ptrdiff_t i = 0; i < place->tree.count; i++) {
        buffer_append_format(&out, "%s%.*s %lld", i > 0 ? ", " : "",
                             SLICE_ARGUMENTS(place->tree.files[i].path),
                             (long long)place->tree.files[i].size);
    }
    if (!slice_equal(buffer_slice(&out), slice_of(wanted))) {
        fail_msg("got  %.*s\n         want %s", SLICE_ARGUMENTS(buffer_slice(&out)), wanted);
    }
    buffer_release(&out);
}

static void assert_found(const struct place *place, const char *wanted)
{
    struct buffer out;
    buffer_init(&out);
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(place->diag, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        buffer_append_format(&out, "%s%s %.*s", i > 0 ? ", " : "",
                             code_info(findings[i].code)->name, SLICE_ARGUMENTS(findings[i].path));
    }
    if (!slice_equal(buffer_slice(&out), slice_of(wanted))) {
        fail_msg("got  %.*s\n         want %s", SLICE_ARGUMENTS(buffer_slice(&out)), wanted);
    }
    buffer_release(&out);
}

static void test_lists_in_order(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_folder(place, "content/cases");
    make_folder(place, "content/cases/b");
    make_folder(place, "content/cases/b-2");
    make_folder(place, "content/cases/.git");
    make_folder(place, "content/node_modules");
    make_folder(place, "data");
    make_folder(place, "other");
    make_file(place, "content/site.yaml", "a: 1\n");
    make_file(place, "content/cases/b/index.ja.md", "x");
    make_file(place, "content/cases/b/写真.jpg", "xyz");
    make_file(place, "content/cases/b-2/index.ja.md", "");
    make_file(place, "content/cases/b/_draft.md", "x");
    make_file(place, "content/cases/b/.index.ja.md.swo", "x");
    make_file(place, "content/cases/b/index.ja.md~", "x");
    make_file(place, "content/cases/b/index.swp", "x");
    make_file(place, "content/cases/.git/config", "x");
    make_file(place, "content/node_modules/a.js", "x");
    make_file(place, "data/datapackage.json", "{}");
    make_file(place, "other/secret", "x");
    open_tree(place, "data", "content");
    assert_listed(place,
                  "content/cases/b-2/index.ja.md 0, content/cases/b/index.ja.md 1, "
                  "content/cases/b/写真.jpg 3, content/site.yaml 5, data/datapackage.json 2");
    assert_found(place, "");
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(&place->tree, SLICE("content/cases/b/"), &first, &end);
    assert_int_equal(first, 1);
    assert_int_equal(end, 3);
    tree_range(&place->tree, SLICE("content/z"), &first, &end);
    assert_int_equal(first, end);
    tree_range(&place->tree, SLICE(""), &first, &end);
    assert_int_equal(end - first, 5);
    assert_int_equal(tree_find(&place->tree, SLICE("content/site.yaml")), 3);
    assert_int_equal(tree_find(&place->tree, SLICE("content/site.yam")), -1);
    assert_int_equal(tree_find(&place->tree, SLICE("other/secret")), -1);
}

static void test_refuses_links(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_folder(place, "content/real");
    make_file(place, "secret", "x");
    make_file(place, "content/real/a.md", "x");
    make_link(place, "../secret", "content/a.md");
    make_link(place, "real", "content/linked");
    make_link(place, "nowhere", "content/broken");
    make_link(place, "content", "data");
    open_tree(place, "content", "data");
    assert_listed(place, "content/real/a.md 1");
    assert_found(
        place,
        "file.symlink content/a.md, file.symlink content/broken, file.symlink content/linked, "
        "file.symlink data");
}

/* A folder that becomes a link after it was listed is not followed either. */
static void test_link_after_listing(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_folder(place, "content/a");
    make_folder(place, "outside");
    make_file(place, "content/a/x.md", "inside");
    make_file(place, "outside/x.md", "secret");
    open_tree(place, "content", NULL);
    assert_int_equal(unlinkat(place->folder, "content/a/x.md", 0), 0);
    assert_int_equal(unlinkat(place->folder, "content/a", AT_REMOVEDIR), 0);
    make_link(place, "../outside", "content/a");
    char *bytes;
    int64_t length;
    assert_false(
        tree_read_bytes(&place->tree, SLICE("content/a/x.md"), 100, &bytes, &length, place->diag));
    assert_found(place, "file.unreadable content/a/x.md");
}

static void test_refuses_names(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_file(place, "content/good name.md", "x");
    make_file(place, "content/a\nb.md", "x");
    make_file(place, "content/\xE3\x81.md", "x");
    make_file(place, "content/a\xE2\x80\xAEmd.exe", "x");
    make_file(place, "content/back\\slash", "x");
    /* か and a combining voiced mark: what old Macs make of が */
    make_file(place, "content/\xE3\x81\x8B\xE3\x82\x99.md", "x");
    make_file(place, "content/が.md", "x");
    open_tree(place, "content", NULL);
    assert_listed(place, "content/good name.md 1, content/が.md 1");
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(place->diag, &count);
    assert_int_equal(count, 5);
    for (ptrdiff_t i = 0; i < count; i++) {
        assert_int_equal(findings[i].code, CODE_file_bad_name);
        assert_int_equal(utf8_find_invalid(findings[i].path), -1);
        assert_int_equal(slice_find_byte(findings[i].path, '\n', 0), -1);
    }
}

static void test_refuses_collisions(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_folder(place, "content/x");
    make_file(place, "content/A.md", "x");
    make_file(place, "content/a.md", "x");
    make_file(place, "content/b.md", "x");
    make_file(place, "content/x/A.md", "x");
    make_file(place, "content/\xC3\x89.md", "x");
    make_file(place, "content/\xC3\xA9.md", "x");
    open_tree(place, "content", NULL);
    assert_listed(place, "content/A.md 1, content/b.md 1, content/x/A.md 1, content/\xC3\x89.md 1");
    assert_found(place,
                 "file.name_collision content/a.md, file.name_collision content/\xC3\xA9.md");
}

static void test_odd_files_and_folders(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    assert_int_equal(mkfifoat(place->folder, "content/pipe", 0644), 0);
    char deep[1024] = "content";
    for (int i = 0; i < 70; i++) {
        size_t length = strlen(deep);
        snprintf(deep + length, sizeof(deep) - length, "/d");
        make_folder(place, deep);
    }
    size_t length = strlen(deep);
    snprintf(deep + length, sizeof(deep) - length, "/x");
    make_file(place, deep, "x");
    open_tree(place, "content", "missing");
    assert_listed(place, "");
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(place->diag, &count);
    assert_int_equal(count, 2);
    assert_int_equal(findings[0].code, CODE_file_unreadable);
    assert_true(slice_equal(findings[1].path, SLICE("content/pipe")));
    assert_true(slice_find(findings[1].message[INTERFACE_ENGLISH], SLICE("regular file"), 0) > 0);
    assert_true(slice_find(findings[1].message[INTERFACE_JAPANESE], SLICE("通常のファイル"), 0) >
                0);
}

static void test_folders_that_lead_out(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_file(place, "content/a.md", "x");
    open_tree(place, "content/../..", "/etc");
    assert_listed(place, "");
    assert_found(place, "file.bad_name /etc, file.bad_name content/../..");
}

static void test_whole_folder_and_parts(void **state)
{
    struct place *place = *state;
    make_folder(place, "data");
    make_folder(place, "data/registers");
    make_file(place, "data/registers/a.csv", "x");
    make_file(place, "datapackage.json", "{}");
    open_tree(place, ".", "data/registers");
    assert_listed(place, "data/registers/a.csv 1, datapackage.json 2");
    assert_found(place, "");
}

/* So many that all threads walk: what they find is in order, and what is refused is told. */
static void test_many_folders(void **state)
{
    enum { MANY = 300 };
    struct place *place = *state;
    char name[64];
    make_folder(place, "content");
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "content/%03d", i);
        make_folder(place, name);
        snprintf(name, sizeof(name), "content/%03d/b", i);
        make_folder(place, name);
        snprintf(name, sizeof(name), "content/%03d/b/c", i);
        make_file(place, name, "x");
        snprintf(name, sizeof(name), "content/%03d/b-", i);
        make_file(place, name, "xx");
    }
    make_link(place, "b", "content/007/link");
    make_file(place, "content/110/b/C", "");
    open_tree(place, "content", "data");
    assert_found(place, "file.symlink content/007/link, file.name_collision content/110/b/c");
    assert_true(place->tree.has_refused);
    assert_int_equal(place->tree.count, 2 * MANY);
    for (int i = 0; i < MANY; i++) {
        const struct tree_file *files = &place->tree.files[2 * i];
        snprintf(name, sizeof(name), "content/%03d/b-", i);
        assert_true(slice_equal(files[0].path, slice_of(name)));
        snprintf(name, sizeof(name), "content/%03d/b/%c", i, i == 110 ? 'C' : 'c');
        assert_true(slice_equal(files[1].path, slice_of(name)));
    }
    const struct tree_folder *folders = place->tree.folders;
    assert_int_equal(place->tree.folder_count, 2 * MANY + 2);
    for (ptrdiff_t i = 1; i < place->tree.folder_count; i++) {
        assert_true(slice_compare(folders[i - 1].path, folders[i].path) < 0);
    }
}

static void test_missing_root(void **state)
{
    struct place *place = *state;
    const struct slice folder = SLICE("content");
    assert_false(tree_open_disk(&place->tree, SLICE("/nowhere/at/all"), &folder, 1, NULL,
                                &place->arena, place->diag));
    assert_found(place, "folder.missing /nowhere/at/all");
}

static void test_reads(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_file(place, "content/a.md", "12345");
    make_file(place, "content/empty", "");
    open_tree(place, "content", NULL);
    char *bytes;
    int64_t length;
    assert_true(
        tree_read_bytes(&place->tree, SLICE("content/a.md"), 5, &bytes, &length, place->diag));
    assert_int_equal(length, 5);
    assert_memory_equal(bytes, "12345", 5);
    free(bytes);
    assert_true(
        tree_read_bytes(&place->tree, SLICE("content/empty"), 5, &bytes, &length, place->diag));
    assert_int_equal(length, 0);
    free(bytes);
    assert_found(place, "");
    assert_false(
        tree_read_bytes(&place->tree, SLICE("content/a.md"), 4, &bytes, &length, place->diag));
    assert_false(
        tree_read_bytes(&place->tree, SLICE("content/b.md"), 4, &bytes, &length, place->diag));
    assert_found(place, "file.too_large content/a.md, file.unreadable content/b.md");
}

/* A source's text can be let go and comes back, decoded as it was. */
static void test_sources_come_back(void **state)
{
    struct place *place = *state;
    make_folder(place, "data");
    make_file(place, "data/a.csv", "\x96\x6b\x8a\x43\x93\xb9,x\r\n");
    make_file(place, "data/b.md", "\xEF\xBB\xBF\xE5\x8D\x94");
    make_file(place, "data/empty.md", "");
    open_tree(place, "data", NULL);
    struct decoding decoding;
    struct source *register_file = tree_read_source(
        &place->tree, SLICE("data/a.csv"), LOAD_LIMIT_REGISTER, true, &decoding, place->diag);
    struct source *page = tree_read_source(&place->tree, SLICE("data/b.md"), LOAD_LIMIT_TEXT, false,
                                           NULL, place->diag);
    struct source *empty = tree_read_source(&place->tree, SLICE("data/empty.md"), LOAD_LIMIT_TEXT,
                                            false, NULL, place->diag);
    assert_non_null(register_file);
    assert_non_null(page);
    assert_non_null(empty);
    assert_int_equal(decoding.encoding, ENCODING_CP932);
    for (int round = 0; round < 3; round++) {
        assert_true(slice_equal(source_text(register_file), SLICE("北海道,x\r\n")));
        assert_true(slice_equal(source_text(page), SLICE("協")));
        assert_int_equal(source_text(empty).length, 0);
        source_drop(register_file);
        source_drop(page);
        source_drop(empty);
    }
    assert_int_equal(unlinkat(place->folder, "data/b.md", 0), 0);
    assert_int_equal(source_text(page).length, 0);
    assert_found(place, "");
    source_free(register_file);
    source_free(page);
    source_free(empty);
    assert_null(tree_read_source(&place->tree, SLICE("data/a.csv"), LOAD_LIMIT_TEXT, false, NULL,
                                 place->diag));
    assert_found(place, "encoding.legacy data/a.csv");
}

/* From here on the kernel of this process has no openat2, like old ones and some sandboxes. */
static bool forget_openat2(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(filter) / sizeof(*filter), .filter = filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Step by step it reads the same and refuses the same. */
static void test_without_openat2(void **state)
{
    struct place *place = *state;
    make_folder(place, "content");
    make_folder(place, "content/a");
    make_folder(place, "content/b");
    make_file(place, "content/a/x.md", "inside");
    make_file(place, "content/b/x.md", "b");
    make_file(place, "secret", "secret");
    open_tree(place, "content", NULL);
    assert_listed(place, "content/a/x.md 6, content/b/x.md 1");
    assert_int_equal(unlinkat(place->folder, "content/b/x.md", 0), 0);
    make_link(place, "../../secret", "content/b/x.md");
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        char *bytes = NULL;
        int64_t length = 0;
        if (!forget_openat2()) {
            _exit(77);
        }
        bool is_read =
            place->tree.read(place->tree.context, SLICE("content/a/x.md"), &bytes, &length);
        bool is_refused =
            !place->tree.read(place->tree.context, SLICE("content/b/x.md"), &bytes, &length) &&
            !place->tree.read(place->tree.context, SLICE("content/../secret"), &bytes, &length) &&
            !place->tree.read(place->tree.context, SLICE("/etc/passwd"), &bytes, &length) &&
            !place->tree.read(place->tree.context, SLICE("content/a"), &bytes, &length);
        _exit(is_read && length == 6 && is_refused ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    /* With openat2 the same paths are refused. */
    char *bytes;
    int64_t length;
    assert_false(place->tree.read(place->tree.context, SLICE("content/b/x.md"), &bytes, &length));
    assert_false(
        place->tree.read(place->tree.context, SLICE("content/../secret"), &bytes, &length));
    assert_false(place->tree.read(place->tree.context, SLICE("../secret"), &bytes, &length));
    assert_false(place->tree.read(place->tree.context, SLICE("/etc/passwd"), &bytes, &length));
    assert_false(place->tree.read(place->tree.context, SLICE("content/a"), &bytes, &length));
}

static void test_memory(void **state)
{
    struct place *place = *state;
    const struct slice paths[] = {SLICE("content/b"), SLICE("content/a"), SLICE("c")};
    const struct slice texts[] = {SLICE("bb"), SLICE(""), SLICE("c")};
    tree_open_memory(&place->tree, paths, texts, 3, &place->arena);
    assert_listed(place, "c 1, content/a 0, content/b 2");
    struct source *source = tree_read_source(&place->tree, SLICE("content/b"), LOAD_LIMIT_TEXT,
                                             false, NULL, place->diag);
    source_drop(source);
    assert_true(slice_equal(source_text(source), SLICE("bb")));
    source_free(source);
    assert_null(
        tree_read_source(&place->tree, SLICE("d"), LOAD_LIMIT_TEXT, false, NULL, place->diag));
    assert_found(place, "file.unreadable d");
    tree_close(&place->tree);
    tree_open_memory(&place->tree, NULL, NULL, 0, &place->arena);
    assert_int_equal(tree_find(&place->tree, SLICE("a")), -1);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(test_lists_in_order),
        IN_A_FOLDER(test_refuses_links),
        IN_A_FOLDER(test_link_after_listing),
        IN_A_FOLDER(test_refuses_names),
        IN_A_FOLDER(test_refuses_collisions),
        IN_A_FOLDER(test_odd_files_and_folders),
        IN_A_FOLDER(test_folders_that_lead_out),
        IN_A_FOLDER(test_whole_folder_and_parts),
        IN_A_FOLDER(test_many_folders),
        IN_A_FOLDER(test_missing_root),
        IN_A_FOLDER(test_reads),
        IN_A_FOLDER(test_sources_come_back),
        IN_A_FOLDER(test_without_openat2),
        IN_A_FOLDER(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
