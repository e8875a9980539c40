#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What git runs at a push.
 *
 * pre-receive looks at the pushed commits while git still holds their objects apart, and touches
 * nothing; when it says no, the objects are gone. post-receive publishes what was accepted: under
 * the lock it asks what the branch is now, so that of several pushes the newest is published,
 * whoever comes first. Both answer on standard error and output, which git shows to the pusher.
 */

/* What a push may cost the server. */
#define MEMORY_MOST ((rlim_t)3 << 30)
#define SECONDS_MOST 600
#define JOBS_MOST 4
#define INPUT_MOST ((ptrdiff_t)4 << 20)
#define PREVIEWS_MOST 20 /* unless the repository's kyodo.previews says otherwise */
#define BRANCH_PREFIX "refs/heads/"
#define TAG_PREFIX "refs/tags/"
#define CHECK_LOCK "kyodo-check.lock"

struct pushed {
    struct slice before; /* the commit that the ref named; zeroes when it is new */
    struct slice after;  /* zeroes when it is deleted */
    struct slice ref;
    struct slice branch; /* empty when it is none */
};

struct hook {
    struct options options; /* with the city's language */
    struct arena arena;
    struct git git; /* of the environment */
    const char *www;
    struct slice branch; /* the published one */
    const char *base_url;
    bool with_pushed_theme;
    int64_t previews_most;
    VECTOR(struct pushed) pushes;
};

static void tell(const struct hook *hook, const char *ja, const char *en)
{
    fprintf(stderr, "%s\n", hook->options.language == INTERFACE_JAPANESE ? ja : en);
}

static int jobs(void)
{
    int available = pool_available_threads();
    return available < JOBS_MOST ? available : JOBS_MOST;
}

static bool is_zero(struct slice object)
{
    for (ptrdiff_t i = 0; i < object.length; i++) {
        if (object.data[i] != '0') {
            return false;
        }
    }
    return true;
}

/* ---- Configuration ---- */

/* Files of a repository that a group shares are the group's, whatever the pusher's umask. */
static void share_as_git_does(struct hook *hook)
{
    const char *shared = repository_setting(&hook->git, "core.sharedRepository", &hook->arena);
    struct slice value = slice_of(shared);
    bool is_private = shared == NULL || slice_equal(value, SLICE("umask")) ||
                      slice_equal(value, SLICE("false")) || slice_equal(value, SLICE("0"));
    if (!is_private) {
        umask(0002);
    }
}

static void read_settings(struct hook *hook)
{
    const char *language = repository_setting(&hook->git, "kyodo.lang", &hook->arena);
    const char *branch = repository_setting(&hook->git, "kyodo.branch", &hook->arena);
    if (language != NULL) {
        hook->options.language =
            slice_equal(slice_of(language), SLICE("en")) ? INTERFACE_ENGLISH : INTERFACE_JAPANESE;
    }
    hook->www = repository_setting(&hook->git, "kyodo.www", &hook->arena);
    hook->branch = branch != NULL ? slice_of(branch) : SLICE("main");
    hook->base_url = repository_setting(&hook->git, "kyodo.baseUrl", &hook->arena);
    hook->with_pushed_theme = repository_allows_theme(&hook->git, &hook->arena);
    const char *previews = repository_setting(&hook->git, "kyodo.previews", &hook->arena);
    if (!slice_to_integer(slice_of(previews), &hook->previews_most)) {
        hook->previews_most = PREVIEWS_MOST;
    }
    share_as_git_does(hook);
}

/* ---- What was pushed ---- */

/* Lines `<before> <after> <ref>`. */
static bool read_pushes(struct hook *hook)
{
    struct buffer text = {0};
    for (;;) {
        char *room = buffer_reserve(&text, 65536);
        ssize_t got = read(STDIN_FILENO, room, 65536);
        if (got <= 0 || text.length > INPUT_MOST) {
            break;
        }
        text.length += got;
    }
    struct slice rest = arena_copy(&hook->arena, buffer_slice(&text));
    buffer_release(&text);
    while (rest.length > 0) {
        struct slice line = slice_cut(&rest, '\n');
        struct pushed pushed = {.before = slice_cut(&line, ' ')};
        pushed.after = slice_cut(&line, ' ');
        pushed.ref = line;
        struct slice prefix = SLICE(BRANCH_PREFIX);
        if (slice_starts_with(line, prefix)) {
            pushed.branch = slice_from(line, prefix.length);
        }
        if (!git_is_object_name(pushed.before) || !git_is_object_name(pushed.after)) {
            return false;
        }
        *VECTOR_PUSH(&hook->arena, &hook->pushes) = pushed;
    }
    return true;
}

/* What the branch is now: of pushes that wait for each other, the last one counts. Empty when it is
 * gone. */
static struct slice tip_of(struct hook *hook, struct slice ref)
{
    const char *words[] = {
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        arena_string(&hook->arena, ARENA_JOIN(&hook->arena, ref, SLICE("^{commit}"))),
        NULL};
    struct buffer out = {0};
    struct slice tip = {NULL, 0};
    if (git_run(&hook->git, words, 4096, &out) == 0) {
        tip = arena_copy(&hook->arena, slice_trim(buffer_slice(&out)));
    }
    buffer_release(&out);
    return git_is_object_name(tip) ? tip : (struct slice){NULL, 0};
}

/* ---- pre-receive ---- */

/* Of pushes at once one is checked after the other: they take the memory and the time of one, and
 * whoever waited learns at once that another came first. The lock ends with the process; where it
 * cannot be had, git will tell why. */
static void wait_for_turn(const struct hook *hook)
{
    const char *repository = getenv("GIT_DIR");
    int folder = open(repository != NULL ? repository : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int lock = folder < 0
                   ? -1
                   : openat(folder, CHECK_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (folder >= 0) {
        close(folder);
    }
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
        return;
    }
    tell(hook, "ほかの push の点検が終わるのを待っています…",
         "Waiting for the check of another push to end …");
    while (flock(lock, LOCK_EX) != 0 && errno == EINTR) {
    }
}

/* Whether the branch has moved since the push began: git would refuse it after the check. */
static bool is_outdated(struct hook *hook, const struct pushed *pushed)
{
    struct slice tip = tip_of(hook, pushed->ref);
    return is_zero(pushed->before) ? tip.length > 0 : !slice_equal(tip, pushed->before);
}

/* What is wrong may be the very lines that name the site's languages: a push that is refused is
 * answered in the language of what is live. */
static enum interface_language language_of_live(const struct hook *hook,
                                                enum interface_language otherwise)
{
    struct diag *diag = diag_new(0);
    struct www *www = www_open(slice_of(hook->www), false, diag);
    const struct release *live = www != NULL ? www_current(www) : NULL;
    struct slice language = live != NULL ? live->language : SLICE("");
    if (language.length > 0) {
        otherwise = slice_equal(language, SLICE("ja")) ? INTERFACE_JAPANESE : INTERFACE_ENGLISH;
    }
    www_close(www);
    diag_free(diag);
    return otherwise;
}

static bool check_commit(struct hook *hook, struct slice commit)
{
    struct session session;
    session_open(&session, &(struct session_options){.git = &hook->git,
                                                     .commit = commit,
                                                     .with_pushed_theme = hook->with_pushed_theme,
                                                     .base_url = hook->base_url,
                                                     .jobs = jobs()});
    if (session.site.language_count > 0) {
        hook->options.language = site_interface_language(&session.site, 0);
    }
    if (session.is_built && diag_errors(session.diag) == 0) {
        session_check_plan(&session);
    }
    struct diag_counts counts = diag_counts(session.diag);
    bool is_good = session.is_built && counts.errors == 0;
    if (!is_good) {
        hook->options.language = language_of_live(hook, hook->options.language);
    }
    if (counts.errors + counts.warnings > 0) {
        release_report(session.diag, hook->options.language, SEVERITY_WARNING);
    }
    session_close(&session);
    return is_good;
}

/* Whether the published branch only grows. */
static bool is_forward(struct hook *hook, const struct pushed *pushed)
{
    const char *words[] = {"merge-base", "--is-ancestor",
                           arena_string(&hook->arena, pushed->before),
                           arena_string(&hook->arena, pushed->after), NULL};
    struct buffer out = {0};
    bool is_ancestor = git_run(&hook->git, words, 4096, &out) == 0;
    buffer_release(&out);
    return is_ancestor;
}

/* A name that git, from then on, could not tell from the published branch's: `git push HEAD:main`
 * would be refused for everybody. */
static bool is_confusing(const struct hook *hook, const struct pushed *pushed)
{
    bool is_tag = pushed->branch.length == 0;
    struct slice name = is_tag ? slice_from(pushed->ref, SLICE(TAG_PREFIX).length) : pushed->branch;
    return slice_equal(name, SLICE("HEAD")) || slice_starts_with(name, SLICE("refs/")) ||
           (is_tag && slice_equal(name, hook->branch));
}

static bool check_ref(const struct hook *hook, const struct pushed *pushed)
{
    if (pushed->branch.length == 0 && !slice_starts_with(pushed->ref, SLICE(TAG_PREFIX))) {
        tell(hook, "受け付けるのはブランチとタグだけです。",
             "Only branches and tags are accepted.");
        return false;
    }
    if (is_confusing(hook, pushed) && !is_zero(pushed->after)) {
        tell(hook,
             "公開しているブランチと紛らわしい名前のブランチやタグは受け付けません。別の名前にして"
             "ください。",
             "Branches and tags whose name could be taken for the published branch are not "
             "accepted; choose another name.");
        return false;
    }
    return true;
}

/* Each preview is a whole site on the server's disk. */
static bool has_room_for_previews(struct hook *hook)
{
    const char *words[] = {"for-each-ref", "--format=%(refname)", BRANCH_PREFIX, NULL};
    struct buffer out = {0};
    int64_t count = 0;
    int64_t more = 0;
    struct slice published = ARENA_JOIN(&hook->arena, SLICE(BRANCH_PREFIX), hook->branch);
    if (git_run(&hook->git, words, INPUT_MOST, &out) != 0) {
        buffer_release(&out);
        return false;
    }
    struct slice rest = buffer_slice(&out);
    while (rest.length > 0) {
        count += slice_equal(slice_cut(&rest, '\n'), published) ? 0 : 1;
    }
    buffer_release(&out);
    for (ptrdiff_t i = 0; i < hook->pushes.length; i++) {
        const struct pushed *pushed = &hook->pushes.data[i];
        if (pushed->branch.length > 0 && !slice_equal(pushed->branch, hook->branch)) {
            more += (is_zero(pushed->before) ? 1 : 0) - (is_zero(pushed->after) ? 1 : 0);
        }
    }
    if (more <= 0 || count + more <= hook->previews_most) {
        return true;
    }
    fprintf(stderr,
            hook->options.language == INTERFACE_JAPANESE
                ? "下見用のブランチは %lld までです（いま %lld）。要らないものを git push publish "
                  ":名前 で消してから、もう一度 push してください。\n"
                : "At most %lld branches can be previewed (now %lld). Delete those that are no "
                  "longer needed with git push publish :NAME and push again.\n",
            (long long)hook->previews_most, (long long)count);
    return false;
}

static bool check_push(struct hook *hook, const struct pushed *pushed)
{
    bool is_published = slice_equal(pushed->branch, hook->branch);
    if (!check_ref(hook, pushed)) {
        return false;
    }
    if (pushed->branch.length == 0) {
        return true; /* a tag publishes nothing */
    }
    if (is_zero(pushed->after)) {
        if (is_published) {
            tell(hook, "公開しているブランチは消せません。",
                 "The branch that is published cannot be deleted.");
        }
        return !is_published;
    }
    if (is_published && !is_zero(pushed->before) && !is_forward(hook, pushed)) {
        tell(hook,
             "公開しているブランチの履歴は書き換えられません（強制 push はできません）。git pull "
             "をしてから、もう一度 push してください。前の版に戻すには kyodo publish rollback "
             "を使います。",
             "The history of the published branch cannot be rewritten (no forced pushes). Run git "
             "pull and push again; kyodo publish rollback goes back to an earlier release.");
        return false;
    }
    if (is_outdated(hook, pushed)) {
        tell(hook,
             "ほかの人が先に push しました。git pull --rebase publish main のあとで、もう一度 push "
             "してください。",
             "Somebody else has pushed first. Run git pull --rebase publish main and push again.");
        return false;
    }
    return check_commit(hook, pushed->after);
}

static int pre_receive(struct hook *hook)
{
    wait_for_turn(hook);
    bool is_good = has_room_for_previews(hook);
    for (ptrdiff_t i = 0; i < hook->pushes.length && is_good; i++) {
        is_good = check_push(hook, &hook->pushes.data[i]);
    }
    if (!is_good) {
        tell(hook, "何も公開していません。サイトはこれまでのままです。",
             "Nothing was published; the site is unchanged.");
    }
    return is_good ? EXIT_CLEAN : EXIT_INPUT;
}

/* ---- post-receive ---- */

static void tell_waiting(void *context)
{
    tell(context, "ほかの公開が終わるのを待っています…",
         "Waiting for another publication to end …");
}

/* Of pushes that waited for each other the first to come publishes the newest commit; the others
 * find it live, and need not build it again. */
static bool is_live(struct www *www, struct slice tip)
{
    const struct release *live = www_current(www);
    if (live == NULL || live->base_url.length == 0 || !slice_equal(live->name, tip)) {
        return false;
    }
    struct diag *diag = diag_new(0);
    bool is_whole = release_check(www, live->name, diag);
    diag_free(diag);
    if (is_whole) {
        release_tell_same(slice_equal(live->language, SLICE("ja")) ? INTERFACE_JAPANESE
                                                                   : INTERFACE_ENGLISH,
                          live->base_url, live->name);
    }
    return is_whole;
}

static int publish_branch(struct hook *hook, struct www *www, const struct pushed *pushed,
                          struct diag *diag)
{
    struct slice tip = tip_of(hook, pushed->ref);
    bool is_published = slice_equal(pushed->branch, hook->branch);
    struct slice folder =
        is_published ? (struct slice){NULL, 0} : preview_folder(pushed->branch, &hook->arena);
    if (tip.length == 0) {
        if (!is_published && preview_remove(www, folder, diag)) {
            tell(hook, "下見用のページを消しました。", "The preview was removed.");
        }
        return EXIT_CLEAN;
    }
    if (is_published && is_live(www, tip)) {
        return EXIT_CLEAN;
    }
    return release_run(&(struct release_job){
        .options = &hook->options,
        .www = www,
        .git = &hook->git,
        .commit = tip,
        .with_pushed_theme = hook->with_pushed_theme,
        .base_url = hook->base_url,
        .preview = folder,
        .speaks_as_city = true,
        .is_checked = true,
        .jobs = jobs(),
    });
}

static int post_receive(struct hook *hook)
{
    struct diag *diag = diag_new(0);
    struct www *www = www_open(slice_of(hook->www), true, diag);
    int status = www != NULL && www_lock(www, tell_waiting, hook, diag) ? EXIT_CLEAN : EXIT_SYSTEM;
    for (ptrdiff_t i = 0; i < hook->pushes.length && status == EXIT_CLEAN; i++) {
        if (hook->pushes.data[i].branch.length > 0) {
            status = publish_branch(hook, www, &hook->pushes.data[i], diag);
        }
    }
    if (diag_errors(diag) > 0) {
        release_report(diag, hook->options.language, SEVERITY_WARNING);
    }
    if (status != EXIT_CLEAN) {
        tell(hook,
             "push は受け付けましたが、公開はできませんでした。原因を除いてから、もう一度 push "
             "するか、サーバーで kyodo publish deploy --repo を実行してください。",
             "The push was accepted but could not be published. Once the cause is gone, push again "
             "or run kyodo publish deploy --repo on the server.");
    }
    www_close(www);
    diag_free(diag);
    return status;
}

/* ---- All of it ---- */

static void out_of_time(int signal_number)
{
    (void)signal_number;
    static const char message[] =
        "kyodo: 時間がかかりすぎるため、やめました。何も公開していません。"
        "サイトはこれまでのままです。\n"
        "kyodo: this took too long and was stopped. "
        "Nothing was published; the site is unchanged.\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)ignored;
    _exit(EXIT_SYSTEM);
}

/* A push costs the server no more than this, whatever it holds. */
static void set_limits(void)
{
    struct rlimit memory = {MEMORY_MOST, MEMORY_MOST};
    struct rlimit seconds = {SECONDS_MOST, SECONDS_MOST + 30};
    struct rlimit dumps = {0, 0};
    signal(SIGXCPU, out_of_time);
    signal(SIGPIPE, SIG_IGN); /* the pusher may go away; what was begun is finished */
    setrlimit(RLIMIT_DATA, &memory);
    setrlimit(RLIMIT_CPU, &seconds);
    setrlimit(RLIMIT_CORE, &dumps);
}

int command_publish_hook(const struct options *options)
{
    bool is_pre = options->argument_count == 1 &&
                  slice_equal(slice_of(options->arguments[0]), SLICE("pre-receive"));
    bool is_post = options->argument_count == 1 &&
                   slice_equal(slice_of(options->arguments[0]), SLICE("post-receive"));
    if (!is_pre && !is_post) {
        say(options, "git のフック pre-receive か post-receive として使います",
            "this is run by git as pre-receive or post-receive");
        return EXIT_USAGE;
    }
    set_limits();
    struct hook hook = {.options = *options};
    arena_init(&hook.arena, ARENA_DEFAULT_LIMIT);
    int status = EXIT_SYSTEM;
    read_settings(&hook);
    if (hook.www == NULL || !read_pushes(&hook)) {
        tell(&hook,
             "リポジトリの設定に kyodo.www がないか、git から受け取ったものを読めません。kyodo "
             "publish init をもう一度実行してください。",
             "The repository's configuration has no kyodo.www, or what git said cannot be read; "
             "run kyodo publish init again.");
    } else {
        status = is_pre ? pre_receive(&hook) : post_receive(&hook);
    }
    arena_release(&hook.arena);
    return status;
}
