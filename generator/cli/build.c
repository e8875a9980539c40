#include "cli.h"

#include <time.h>
#include <unistd.h>

/* Progress on a terminal for what takes over a second; the clock is used for nothing else. */
struct progress {
    const struct options *options;
    struct timespec start;
    bool shown;
};

static void show_progress(void *context, ptrdiff_t done, ptrdiff_t total)
{
    struct progress *progress = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - progress->start.tv_sec < 2) {
        return;
    }
    progress->shown = true;
    fprintf(stderr,
            progress->options->language == INTERFACE_JAPANESE ? "\r%td / %td ファイル"
                                                              : "\r%td of %td files",
            done, total);
}

static void print_summary(const struct options *options, const struct publish_summary *summary,
                          const char *out)
{
    if (option_flag(options, OPTION_all_quiet)) {
        return;
    }
    if (options->language == INTERFACE_JAPANESE) {
        printf("%s: %lld ファイル（%lld ページ）。書き込み %lld、削除 %lld\n", out,
               (long long)summary->files, (long long)summary->pages, (long long)summary->written,
               (long long)summary->removed);
    } else {
        printf("%s: %lld files (%lld pages); %lld written, %lld removed\n", out,
               (long long)summary->files, (long long)summary->pages, (long long)summary->written,
               (long long)summary->removed);
    }
}

int session_publish(struct session *session, const struct options *options,
                    const struct render_options *render_options, struct slice out, bool gzip,
                    struct cache *cache, struct publish_summary *summary)
{
    int status = EXIT_INPUT;
    struct render_options all = *render_options;
    all.pool = session->pool;
    all.temporary = session->temporary;
    all.findings = diag_sorted(session->diag, &all.finding_count);
    struct render *render =
        render_open(&session->site, &all, pool_threads(session->pool), session->diag);
    ptrdiff_t count = 0;
    if (render == NULL || render_plan(render, &count, session->diag) == NULL ||
        diag_errors(session->diag) > 0) {
        goto out;
    }
    struct progress progress = {.options = options};
    clock_gettime(CLOCK_MONOTONIC, &progress.start);
    bool on_terminal = isatty(STDERR_FILENO) && !option_flag(options, OPTION_all_quiet);
    struct publish_options publish_options = {
        .out = out,
        .gzip = gzip,
        .temporary = session->temporary,
        .verifies = options->command == COMMAND_build && option_flag(options, OPTION_build_verify),
        .cache = cache,
        .site = &session->site,
        .pool = session->pool,
        .progress = on_terminal ? show_progress : NULL,
        .progress_context = &progress,
    };
    enum publish_status published = publish_tree(render, &publish_options, summary, session->diag);
    if (progress.shown) {
        fputs("\r\033[K", stderr);
    }
    status = published == PUBLISH_DONE           ? EXIT_CLEAN
             : published == PUBLISH_SYSTEM_ERROR ? EXIT_SYSTEM
                                                 : EXIT_INPUT;
out:
    if (render != NULL) {
        render_close(render);
    }
    return status;
}

/* A build and what is known of the last one. */
struct build {
    const struct options *options;
    struct session_options session_options;
    struct session session;
    const char *out;
    struct cache *cache; /* NULL when there shall be none */
    struct publish_summary summary;
};

/* What --only leaves of a build. */
enum parts { PARTS_ALL, PARTS_PAGES, PARTS_SEARCH, PARTS_UNKNOWN };

static enum parts parts_of(const struct options *options)
{
    struct slice only = slice_of(option_value(options, OPTION_build_only, ""));
    if (slice_equal(only, SLICE("pages"))) {
        return PARTS_PAGES;
    }
    if (slice_equal(only, SLICE("search"))) {
        return PARTS_SEARCH;
    }
    return only.length == 0 ? PARTS_ALL : PARTS_UNKNOWN;
}

/* All that decides what is written beside the program and the files that it reads. */
static struct slice setting_of(const struct build *build, struct arena *arena)
{
    const struct options *options = build->options;
    const char *date = getenv("SOURCE_DATE_EPOCH");
    return arena_format(arena, "%d %d %d\n%s\n%s\n%.*s\n",
                        option_flag(options, OPTION_build_drafts),
                        option_flag(options, OPTION_build_no_gzip), (int)parts_of(options),
                        option_value(options, OPTION_build_base_url, ""), date != NULL ? date : "",
                        SLICE_ARGUMENTS(build->session.theme_root));
}

/* List the site, unless that is not even needed; true when a build would change nothing. */
static bool is_done_already(struct build *build)
{
    struct session *session = &build->session;
    bool verifies = option_flag(build->options, OPTION_build_verify);
    if (build->cache != NULL && !verifies &&
        cache_is_current(build->cache, build->session_options.site, session->pool)) {
        return true;
    }
    const char *site = build->session_options.site;
    session->is_listed = (build->cache != NULL &&
                          cache_lists(build->cache, site, &session->tree, &session->arena)) ||
                         session_list(session, &build->session_options);
    session->tree.wants_digests = build->cache != NULL;
    struct diag_counts found = diag_counts(session->diag);
    return build->cache != NULL && session->is_listed &&
           found.errors + found.warnings + found.notes == 0 &&
           cache_agrees(build->cache, &session->tree, verifies, session->pool);
}

static int build_site(struct build *build)
{
    struct session *session = &build->session;
    if (session->is_listed) {
        session->recall = build->cache != NULL
                              ? cache_texts(build->cache, &session->tree,
                                            option_flag(build->options, OPTION_build_verify))
                              : NULL;
        session_read(session, &build->session_options);
    }
    if (!session->is_built || diag_errors(session->diag) > 0) {
        return EXIT_INPUT;
    }
    enum parts parts = parts_of(build->options);
    struct render_options render_options = {.everything = parts == PARTS_ALL,
                                            .without_search = parts == PARTS_PAGES,
                                            .version = SLICE(KYODO_VERSION)};
    int status = session_publish(session, build->options, &render_options, slice_of(build->out),
                                 !option_flag(build->options, OPTION_build_no_gzip), build->cache,
                                 &build->summary);
    if (status == EXIT_CLEAN && build->cache != NULL) {
        cache_remember(build->cache, &session->site, session->diag, &build->summary);
    }
    return status;
}

static int build(struct build *build)
{
    struct session *session = &build->session;
    int status = EXIT_CLEAN;
    session_start(session, &build->session_options);
    if (!option_flag(build->options, OPTION_build_no_cache)) {
        build->cache =
            cache_open(slice_of(build->out), setting_of(build, &session->arena), session->pool);
    }
    if (is_done_already(build)) {
        cache_recall(build->cache, session->diag, &build->summary);
    } else {
        status = build_site(build);
    }
    if (status == EXIT_CLEAN) {
        print_summary(build->options, &build->summary, build->out);
    }
    return status;
}

/* Whether the output would lie in one of the folders that are read: the next build would take it
 * for input. */
static bool is_inside_input(const char *site, const char *out)
{
    static const char *const inputs[] = {"content", "data", "themes"};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    /* The nearest folder above `out` that exists already. */
    struct slice path = slice_of(out);
    char *real = NULL;
    struct slice rest = path;
    while (real == NULL && rest.length > 0) {
        real = realpath(arena_string(&arena, rest), NULL);
        ptrdiff_t slash = slice_find_last_byte(rest, '/');
        rest = slice_sub(rest, 0, slash > 0 ? slash : 0);
    }
    if (real == NULL) {
        real = realpath(".", NULL);
    }
    bool inside = false;
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]) && real != NULL; i++) {
        char *folder = realpath(arena_string(&arena, ARENA_JOIN(&arena, slice_of(site), SLICE("/"),
                                                                slice_of(inputs[i]))),
                                NULL);
        if (folder != NULL) {
            struct slice with_slash = ARENA_JOIN(&arena, slice_of(folder), SLICE("/"));
            inside = inside ||
                     slice_starts_with(ARENA_JOIN(&arena, slice_of(real), SLICE("/")), with_slash);
            free(folder);
        }
    }
    free(real);
    arena_release(&arena);
    return inside;
}

int command_build(const struct options *options)
{
    int jobs = option_jobs(options, OPTION_build_jobs);
    if (parts_of(options) == PARTS_UNKNOWN) {
        say(options, "--only に書けるのは pages か search です", "--only takes pages or search");
        return EXIT_USAGE;
    }
    if (jobs == 0) {
        return EXIT_USAGE;
    }
    if (is_inside_input(option_value(options, OPTION_build_site, "."),
                        option_value(options, OPTION_build_out, "public"))) {
        say(options, "--out に content、data、themes の中は指定できません",
            "--out cannot lie inside content, data or themes");
        return EXIT_USAGE;
    }
    struct build all = {
        .options = options,
        .session_options = {.site = option_value(options, OPTION_build_site, "."),
                            .base_url = option_value(options, OPTION_build_base_url, NULL),
                            .with_drafts = option_flag(options, OPTION_build_drafts),
                            .jobs = jobs},
        .out = option_value(options, OPTION_build_out, "public")};
    int published = build(&all);
    int reported = EXIT_CLEAN;
    struct diag_counts counts = diag_counts(all.session.diag);
    if (counts.errors + counts.warnings + counts.notes > 0) {
        reported = session_report(&all.session, options, "text",
                                  option_flag(options, OPTION_build_strict), STDERR_FILENO);
    }
    if (published != EXIT_CLEAN && published != EXIT_SYSTEM) {
        say(options, "誤りがあるため、何も書き出していません。前の内容はそのままです。",
            "nothing was written because of these errors; what was published stays as it was");
    }
    session_close(&all.session);
    cache_close(all.cache);
    return published != EXIT_CLEAN ? published : reported;
}
