#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* kyodo publish init: a bare repository whose hooks publish what is pushed. */

#define MARK "# kyodo publish hook"
#define INPUT_MOST "200m"

static const char *const hook_names[] = {"pre-receive", "post-receive"};

struct setting {
    const char *key;
    const char *value;
};

/* What is being set up; paths are absolute, so that a hook finds them from anywhere. */
struct initialising {
    const struct options *options;
    struct arena arena;
    struct git git;
    const char *www;
    const char *branch;
    const char *head; /* the branch as a ref */
};

static int fail(const struct initialising *init, const char *path, const char *ja, const char *en)
{
    fprintf(stderr, "kyodo: %s: %s\n", path,
            init->options->language == INTERFACE_JAPANESE ? ja : en);
    return EXIT_SYSTEM;
}

/* ---- The repository ---- */

/* A name that git would take for an option, or that is no branch, is refused by git itself. */
static bool is_branch(struct initialising *init)
{
    struct buffer out = {0};
    init->head = arena_string(
        &init->arena, ARENA_JOIN(&init->arena, SLICE("refs/heads/"), slice_of(init->branch)));
    const char *words[] = {"check-ref-format", init->head, NULL};
    const struct git none = {.folder = NULL};
    bool is_good = git_run(&none, words, 4096, &out) == 0;
    buffer_release(&out);
    return is_good;
}

static bool git_does(const struct initialising *init, const char *const *words)
{
    struct buffer out = {0};
    bool is_done = git_run(&init->git, words, 65536, &out) == 0;
    buffer_release(&out);
    return is_done;
}

static bool is_empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    int names = 0;
    while (folder != NULL && readdir(folder) != NULL) {
        names++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return names == 2; /* `.` and `..` */
}

static bool make_repository(struct initialising *init)
{
    const char *ask[] = {"rev-parse", "--is-bare-repository", NULL};
    struct buffer out = {0};
    int status = git_run(&init->git, ask, 64, &out);
    bool is_bare = status == 0 && slice_equal(slice_trim(buffer_slice(&out)), SLICE("true"));
    buffer_release(&out);
    if (status == 0) {
        return is_bare;
    }
    const char *make[] = {"init", "--quiet", "--bare", "--template=", NULL};
    const char *point[] = {"symbolic-ref", "HEAD", init->head, NULL};
    return is_empty_folder(init->git.folder) && git_does(init, make) && git_does(init, point);
}

static bool configure(const struct initialising *init)
{
    const struct setting settings[] = {
        {"core.hooksPath", "hooks"}, /* not somewhere that the machine's configuration names */
        {"receive.fsckObjects", "true"},
        {"receive.maxInputSize", INPUT_MOST},
        {"receive.denyDeleteCurrent", "refuse"},
        {"kyodo.www", init->www},
        {"kyodo.branch", init->branch},
        {"kyodo.lang", init->options->language == INTERFACE_JAPANESE ? "ja" : "en"},
        {"kyodo.baseUrl", option_value(init->options, OPTION_publish_init_base_url, NULL)},
    };
    for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
        const char *words[] = {"config", "--local", settings[i].key, settings[i].value, NULL};
        if (settings[i].value != NULL && !git_does(init, words)) {
            return false;
        }
    }
    return true;
}

/* ---- Hooks ---- */

/* In single quotes for a shell: 'it'\''s'. */
static void append_quoted(struct buffer *out, struct slice text)
{
    buffer_append_byte(out, '\'');
    for (ptrdiff_t i = 0; i < text.length; i++) {
        buffer_append(out, text.data[i] == '\'' ? SLICE("'\\''") : slice_sub(text, i, i + 1));
    }
    buffer_append_byte(out, '\'');
}

static void write_hook(struct buffer *out, const char *name, struct slice program)
{
    bool is_before = slice_equal(slice_of(name), slice_of(hook_names[0]));
    buffer_append_literal(out, "#!/bin/sh\n" MARK
                               "; written by `kyodo publish init`, which may be run again\n"
                               "kyodo=");
    append_quoted(out, program);
    buffer_append_format(out,
                         "\nif [ -x \"$kyodo\" ]; then\n"
                         "    exec \"$kyodo\" publish hook %s\n"
                         "fi\n",
                         name);
    buffer_append_format(
        out,
        "echo \"kyodo: %s: $kyodo\" >&2\n"
        "echo \"kyodo: %s: $kyodo\" >&2\n"
        "exit 1\n",
        is_before
            ? "点検するプログラムがないため、受け付けませんでした。何も公開していません。管理者に"
              "知らせてください"
            : "公開するプログラムがないため、公開していません。サイトはこれまでのままです。管理"
              "者に知らせてください",
        is_before ? "not accepted, because the program that checks it is gone; nothing was "
                    "published. Please tell the administrator"
                  : "not published, because the program for it is gone; the site is unchanged. "
                    "Please tell the administrator");
}

/* A hook that somebody else wrote stays. */
static bool is_ours_or_missing(int folder, const char *name)
{
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return errno == ENOENT;
    }
    char text[512];
    ssize_t length = read(file, text, sizeof(text));
    close(file);
    return slice_find(slice_make(text, length > 0 ? length : 0), SLICE(MARK), 0) >= 0;
}

static int put_hook(int folder, const char *name, struct slice text)
{
    static const char temporary[] = ".kyodo-hook";
    (void)unlinkat(folder, temporary, 0);
    int file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
    if (file < 0) {
        return errno;
    }
    struct sink out;
    sink_open_descriptor(&out, file);
    sink_write(&out, text);
    int error = sink_close(&out);
    if (close(file) != 0 && error == 0) {
        error = errno;
    }
    if (error == 0 && renameat(folder, temporary, folder, name) != 0) {
        error = errno;
    }
    return error;
}

static int install_hooks(struct initialising *init, struct slice program)
{
    const char *path = arena_string(
        &init->arena, ARENA_JOIN(&init->arena, slice_of(init->git.folder), SLICE("/hooks")));
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return fail(init, path, "フォルダーを作れません", "cannot make this folder");
    }
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int status = EXIT_CLEAN;
    for (size_t i = 0; i < sizeof(hook_names) / sizeof(*hook_names) && status == EXIT_CLEAN; i++) {
        struct buffer text = {0};
        write_hook(&text, hook_names[i], program);
        if (!is_ours_or_missing(folder, hook_names[i])) {
            status = fail(init, hook_names[i], "ほかのフックがすでにあるため、置き換えません",
                          "another hook is there already and is not replaced");
        } else if (put_hook(folder, hook_names[i], buffer_slice(&text)) != 0) {
            status = fail(init, hook_names[i], "フックを書き込めません", "cannot write this hook");
        }
        buffer_release(&text);
    }
    if (folder >= 0) {
        close(folder);
    }
    return status;
}

/* ---- All of it ---- */

/* An absolute path without links; the folder is made where it is missing. NULL with errno. */
static const char *real_folder(struct arena *arena, const char *path)
{
    char real[PATH_MAX];
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return NULL;
    }
    return realpath(path, real) != NULL ? arena_string(arena, slice_of(real)) : NULL;
}

static int set_up(struct initialising *init, const char *repository, const char *www)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program));
    init->www = real_folder(&init->arena, www);
    if (init->www == NULL) {
        return fail(init, www, "フォルダーを作れません", "cannot make this folder");
    }
    init->git.folder = real_folder(&init->arena, repository);
    if (init->git.folder == NULL) {
        return fail(init, repository, "フォルダーを作れません", "cannot make this folder");
    }
    if (length <= 0 || length == (ssize_t)sizeof(program)) {
        return fail(init, "/proc", "kyodo の場所が分かりません", "kyodo's own place is not known");
    }
    if (!make_repository(init)) {
        return fail(
            init, repository,
            "bare リポジトリではないか、作れません（git があるか、空のフォルダーかを確かめて"
            "ください）",
            "this is no bare repository and none can be made (is git there, is the folder "
            "empty?)");
    }
    int status = install_hooks(init, slice_make(program, length));
    if (status == EXIT_CLEAN && !configure(init)) {
        status = fail(init, repository, "設定を書き込めません", "cannot write its configuration");
    }
    return status;
}

static void print_next_steps(const struct initialising *init)
{
    if (option_flag(init->options, OPTION_all_quiet)) {
        return;
    }
    bool is_japanese = init->options->language == INTERFACE_JAPANESE;
    printf(is_japanese ? "%s のブランチ %s を %s/current に公開します。\n"
                       : "what is pushed to %s as %s is published to %s/current\n",
           init->git.folder, init->branch, init->www);
    printf(is_japanese ? "サイトのフォルダーで:\n    git remote add publish %s\n"
                         "    git push publish HEAD:%s\n"
                       : "in the folder of the site:\n    git remote add publish %s\n"
                         "    git push publish HEAD:%s\n",
           init->git.folder, init->branch);
}

int command_publish_init(const struct options *options)
{
    const char *repository = option_value(options, OPTION_publish_init_repo, "");
    const char *www = option_value(options, OPTION_publish_init_www, "");
    struct initialising init = {
        .options = options, .branch = option_value(options, OPTION_publish_init_branch, "main")};
    if (repository[0] == '\0' || www[0] == '\0') {
        say(options, "--repo にリポジトリ、--www に公開先のフォルダーを書いてください",
            "name the repository with --repo and the folder of the published site with --www");
        return EXIT_USAGE;
    }
    arena_init(&init.arena, ARENA_DEFAULT_LIMIT);
    int status = EXIT_USAGE;
    if (is_branch(&init)) {
        status = set_up(&init, repository, www);
    } else {
        say(options, "--branch に書けるのは git のブランチの名前です",
            "--branch takes the name of a git branch");
    }
    if (status == EXIT_CLEAN) {
        print_next_steps(&init);
    }
    arena_release(&init.arena);
    return status;
}
