#include "cli.h"

#include <signal.h>

/* The commands on releases: deploy, list, rollback, check. */

/* W, open; NULL after saying why not. */
static struct www *open_www(const struct options *options, enum option_id option, bool makes,
                            struct diag *diag)
{
    const char *path = option_value(options, option, NULL);
    if (path == NULL || path[0] == '\0') {
        say(options, "--www に公開先のフォルダーを書いてください",
            "name the folder of the published site with --www");
        return NULL;
    }
    return www_open(slice_of(path), makes, diag);
}

static void say_waiting(void *context)
{
    say(context, "ほかの公開が終わるのを待っています", "waiting for another publication to end");
}

/* Print what was found, let go, and give back a status: that of usage when W was not even named. */
static int end(const struct options *options, struct www *www, struct diag *diag, int status)
{
    struct diag_counts counts = diag_counts(diag);
    if (counts.errors + counts.warnings > 0) {
        release_report(diag, options->language, SEVERITY_WARNING);
    } else if (www == NULL) {
        status = EXIT_USAGE;
    }
    www_close(www);
    diag_free(diag);
    return status;
}

/* ---- deploy ---- */

/* The tip of a repository's published branch. */
static bool find_tip(const struct options *options, const struct git *git, struct arena *arena,
                     struct slice *commit)
{
    const char *set = repository_setting(git, "kyodo.branch", arena);
    struct slice branch = set != NULL ? slice_of(set) : SLICE("main");
    const char *ref =
        arena_string(arena, ARENA_JOIN(arena, SLICE("refs/heads/"), branch, SLICE("^{commit}")));
    const char *words[] = {"rev-parse", "--verify", "--quiet", "--end-of-options", ref, NULL};
    struct buffer out = {0};
    bool is_found = git_run(git, words, 4096, &out) == 0;
    *commit = arena_copy(arena, slice_trim(buffer_slice(&out)));
    buffer_release(&out);
    if (!is_found || !git_is_object_name(*commit)) {
        say(options, "リポジトリに公開するブランチがありません（--repo を確かめてください）",
            "the repository has no branch to publish (check --repo)");
        return false;
    }
    return true;
}

static int deploy(const struct options *options, struct www *www, struct arena *arena,
                  struct diag *diag)
{
    struct git git = {.folder = option_value(options, OPTION_publish_deploy_repo, NULL)};
    struct release_job job = {
        .options = options,
        .www = www,
        .site = option_value(options, OPTION_publish_deploy_site, "."),
        .base_url = option_value(options, OPTION_publish_deploy_base_url, NULL),
        .jobs = option_jobs(options, OPTION_publish_deploy_jobs),
    };
    if (git.folder != NULL) {
        /* What its hooks would publish. */
        job.git = &git;
        job.with_pushed_theme = repository_allows_theme(&git, arena);
        if (job.base_url == NULL) {
            job.base_url = repository_setting(&git, "kyodo.baseUrl", arena);
        }
        if (!find_tip(options, &git, arena, &job.commit)) {
            return EXIT_INPUT;
        }
    }
    if (!www_lock(www, say_waiting, (void *)(uintptr_t)options, diag)) {
        return EXIT_SYSTEM;
    }
    return release_run(&job);
}

int command_publish_deploy(const struct options *options)
{
    if (option_jobs(options, OPTION_publish_deploy_jobs) == 0) {
        return EXIT_USAGE;
    }
    signal(SIGPIPE, SIG_IGN); /* git may end while it is being asked */
    struct diag *diag = diag_new(0);
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct www *www = open_www(options, OPTION_publish_deploy_www, true, diag);
    int status = www != NULL ? deploy(options, www, &arena, diag) : EXIT_SYSTEM;
    arena_release(&arena);
    return end(options, www, diag, status);
}

/* ---- list ---- */

static void print_release(const struct release *release, bool is_japanese, struct arena *arena)
{
    struct slice name = release->name;
    if (git_is_object_name(name)) {
        name = slice_sub(name, 0, 12);
    }
    printf("%s %-23.*s", release->is_current ? "*" : " ", SLICE_ARGUMENTS(name));
    if (!release->is_known) {
        puts(is_japanese ? "  （壊れています）" : "  (damaged)");
        return;
    }
    int64_t second = release->time % 86400;
    struct slice day = date_iso(arena, date_from_days((int32_t)(release->time / 86400)));
    printf(is_japanese ? "  %.*s %02d:%02d UTC  %lld ページ%s\n"
                       : "  %.*s %02d:%02d UTC  %lld pages%s\n",
           SLICE_ARGUMENTS(day), (int)(second / 3600), (int)(second / 60 % 60),
           (long long)release->pages,
           !release->is_current ? ""
           : is_japanese        ? "  公開中"
                                : "  live");
}

int command_publish_list(const struct options *options)
{
    struct diag *diag = diag_new(0);
    struct www *www = open_www(options, OPTION_publish_list_www, false, diag);
    if (www != NULL) {
        struct arena arena;
        arena_init(&arena, ARENA_DEFAULT_LIMIT);
        ptrdiff_t count;
        const struct release *releases = www_releases(www, &count);
        for (ptrdiff_t i = 0; i < count; i++) {
            print_release(&releases[i], options->language == INTERFACE_JAPANESE, &arena);
        }
        if (count == 0) {
            say(options, "公開版はまだありません", "there is no release yet");
        }
        arena_release(&arena);
    }
    return end(options, www, diag, www != NULL ? EXIT_CLEAN : EXIT_SYSTEM);
}

/* ---- rollback ---- */

/* The newest release that is older than the live one; the newest of all when none is live. */
static const struct release *release_before(struct www *www, struct diag *diag)
{
    const struct release *current = www_current(www);
    ptrdiff_t count;
    const struct release *releases = www_releases(www, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (releases[i].is_known && !releases[i].is_current &&
            (current == NULL || !current->is_known || releases[i].sequence < current->sequence)) {
            return &releases[i];
        }
    }
    DIAG(diag, CODE_release_none, (struct span){0}, www_path(www));
    return NULL;
}

static int roll_back(const struct options *options, struct www *www, struct diag *diag)
{
    if (!www_lock(www, say_waiting, (void *)(uintptr_t)options, diag)) {
        return EXIT_SYSTEM;
    }
    const struct release *release = options->argument_count > 0
                                        ? www_release(www, slice_of(options->arguments[0]), diag)
                                        : release_before(www, diag);
    if (release == NULL) {
        return EXIT_INPUT;
    }
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    const char *name = arena_string(&arena, release->name);
    bool is_done = release_activate(www, slice_of(name), diag);
    if (is_done && !option_flag(options, OPTION_all_quiet)) {
        printf(options->language == INTERFACE_JAPANESE ? "公開中の版を %s に戻しました\n"
                                                       : "the live release is %s again\n",
               name);
    } else if (!is_done) {
        say(options, "戻していません。サイトはこれまでのままです。",
            "nothing was changed; the site is what it was");
    }
    arena_release(&arena);
    return is_done ? EXIT_CLEAN : EXIT_INPUT;
}

int command_publish_rollback(const struct options *options)
{
    struct diag *diag = diag_new(0);
    struct www *www = open_www(options, OPTION_publish_rollback_www, false, diag);
    int status = www != NULL ? roll_back(options, www, diag) : EXIT_SYSTEM;
    return end(options, www, diag, status);
}

/* ---- check ---- */

static int check(const struct options *options, struct www *www, struct diag *diag)
{
    const struct release *release = options->argument_count > 0
                                        ? www_release(www, slice_of(options->arguments[0]), diag)
                                        : www_current(www);
    if (release == NULL) {
        if (options->argument_count == 0) {
            DIAG(diag, CODE_release_not_live, (struct span){0}, www_path(www));
        }
        return EXIT_INPUT;
    }
    bool is_whole = release_check(www, release->name, diag);
    if (is_whole && !option_flag(options, OPTION_all_quiet)) {
        printf(options->language == INTERFACE_JAPANESE
                   ? "公開版 %.*s のファイルはすべてそろっています（%lld）\n"
                   : "the release %.*s is whole (%lld files)\n",
               SLICE_ARGUMENTS(release->name), (long long)release->files);
    }
    return is_whole ? EXIT_CLEAN : EXIT_INPUT;
}

int command_publish_check(const struct options *options)
{
    struct diag *diag = diag_new(0);
    struct www *www = open_www(options, OPTION_publish_check_www, false, diag);
    int status = www != NULL ? check(options, www, diag) : EXIT_SYSTEM;
    return end(options, www, diag, status);
}
