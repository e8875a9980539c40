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
                    struct publish_summary *summary)
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

static int build(struct session *session, const struct options *options)
{
    const char *out = option_value(options, OPTION_build_out, "public");
    struct render_options render_options = {.everything = !option_flag(options, OPTION_build_only),
                                            .version = SLICE(KYODO_VERSION)};
    struct publish_summary summary = {0};
    int status = session_publish(session, options, &render_options, slice_of(out),
                                 !option_flag(options, OPTION_build_no_gzip), &summary);
    if (status == EXIT_CLEAN) {
        print_summary(options, &summary, out);
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
    const char *only = option_value(options, OPTION_build_only, "pages");
    if (!slice_equal(slice_of(only), SLICE("pages"))) {
        say(options, "--only に書けるのは pages だけです", "--only takes pages and nothing else");
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
    struct session session;
    session_open(&session, &(struct session_options){
                               .site = option_value(options, OPTION_build_site, "."),
                               .base_url = option_value(options, OPTION_build_base_url, NULL),
                               .with_drafts = option_flag(options, OPTION_build_drafts),
                               .jobs = jobs});
    int published = EXIT_INPUT;
    if (session.is_built && diag_errors(session.diag) == 0) {
        published = build(&session, options);
    }
    int reported = EXIT_CLEAN;
    struct diag_counts counts = diag_counts(session.diag);
    if (counts.errors + counts.warnings + counts.notes > 0) {
        reported = session_report(&session, options, "text",
                                  option_flag(options, OPTION_build_strict), STDERR_FILENO);
    }
    if (published != EXIT_CLEAN && published != EXIT_SYSTEM) {
        say(options, "誤りがあるため、何も書き出していません。前の内容はそのままです。",
            "nothing was written because of these errors; what was published stays as it was");
    }
    session_close(&session);
    return published != EXIT_CLEAN ? published : reported;
}
