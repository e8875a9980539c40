/*
 * kyodo serve: read the site, show it, and follow what is saved.
 *
 * Two threads besides the server's. This one hears of every change (inotify) and shows a text that
 * was saved at once, by reading that one item again. The reader then reads the whole site anew,
 * since anything may follow from a change: first all but the search index, then that too, which
 * takes as long again. What parsing gave of the texts, and what the index made of them, is kept
 * from one reading to the next (recall.h): the next one does it for those that have changed.
 */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "recall.h"

#define PORT "8080"
/* The reader begins when nothing has changed for so long, or after so long at the latest: a program
 * that saves many files is one change. */
#define QUIET_MILLISECONDS 20
#define PATIENCE_MILLISECONDS 300
/* More texts than these at once are no person who writes; they are seen with the whole site. */
#define SAVED_MOST 16

/* What parsing gave of the texts; readings use it together. */
struct texts {
    struct store *store;
    _Atomic int users;
};

/* A site that was read; editions and revisions use it together. */
struct reading {
    struct session session;
    struct texts *texts; /* NULL when there was nothing to read */
    _Atomic int users;
};

struct serving {
    const struct options *options;
    struct session_options session_options;
    struct preview *preview;
    struct watch *watch;
    pthread_t reader;
    struct reading *last; /* the reader's own: the last one, whose texts are kept; NULL at first */
    pthread_mutex_t lock; /* over all that follows, and over what is shown next */
    pthread_cond_t changed;
    bool is_wanted; /* the site has to be read */
    bool is_stopping;
    struct timespec last_change;
    struct timespec first_change; /* since the reader began last */
    struct arena saved_arena;
    VECTOR(struct slice) saved; /* the first files that were written since then */
    struct reading *shown;      /* whose pages are shown; NULL while there are none */
    struct diag_counts told;    /* what the terminal was told last */
    bool has_told;
};

/* ---- Readings ---- */

static void *room_for(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL) {
        memory_exhausted((ptrdiff_t)size);
    }
    return memory;
}

/* Those of the last reading, or new ones when these hold much that is of no use any more: a day of
 * writing takes no more room than an hour. */
static struct texts *use_texts(const struct reading *last)
{
    struct texts *texts = last != NULL ? last->texts : NULL;
    const struct recall *recall = texts != NULL ? last->session.recall : NULL;
    if (texts == NULL || recall_is_crowded(texts->store, recall->now, last->session.tree.count,
                                           recall->parts, recall->part_count)) {
        const char *folder = getenv("TMPDIR");
        texts = room_for(sizeof(*texts));
        texts->store = store_open(slice_of(folder != NULL ? folder : "/tmp"));
    }
    texts->users++;
    return texts;
}

static void release_reading(struct reading *reading)
{
    if (--reading->users > 0) {
        return;
    }
    session_close(&reading->session);
    if (reading->texts != NULL && --reading->texts->users == 0) {
        store_close(reading->texts->store);
        free(reading->texts);
    }
    free(reading);
}

/* What an edition needs. */
struct pages {
    struct reading *reading;
    struct render *render; /* NULL: there are none */
};

static void close_pages(void *context)
{
    struct pages *pages = context;
    render_close(pages->render);
    release_reading(pages->reading);
    free(pages);
}

/* What a revision needs. */
struct saved_item {
    struct reading *reading;
    struct site site;
    struct diag *diag;
};

static void close_saved_item(void *context)
{
    struct saved_item *saved = context;
    site_release(&saved->site, NULL);
    diag_free(saved->diag);
    release_reading(saved->reading);
    free(saved);
}

/* ---- One item that was saved ---- */

/* The item that a path such as content/cases/<id>/index.ja.md is a text of, or NULL. */
static const struct item *item_of_text(const struct site *site, struct slice path)
{
    struct slice rest = path;
    if (!slice_equal(slice_cut(&rest, '/'), SLICE("content")) || rest.data == NULL) {
        return NULL;
    }
    struct slice folder = slice_cut(&rest, '/');
    struct slice id = rest.data != NULL ? slice_cut(&rest, '/') : (struct slice){0};
    if (!slice_starts_with(rest, SLICE("index.")) || !slice_ends_with(rest, SLICE(".md")) ||
        tree_find(site->tree, path) < 0) {
        return NULL; /* new files are found with the whole site */
    }
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        if (slice_equal(folder, item_kind_folder((enum item_kind)kind))) {
            return site_item(site, (enum item_kind)kind, id);
        }
    }
    return NULL;
}

/* The findings in a folder: they stand together. */
static const struct finding *findings_in(struct diag *diag, struct slice folder, ptrdiff_t *count)
{
    ptrdiff_t all = 0;
    const struct finding *findings = diag_sorted(diag, &all);
    ptrdiff_t first = 0;
    while (first < all && !slice_starts_with(findings[first].path, folder)) {
        first++;
    }
    ptrdiff_t end = first;
    while (end < all && slice_starts_with(findings[end].path, folder)) {
        end++;
    }
    *count = end - first;
    return findings + first;
}

/* Show a text as it is now; under the lock. */
static void show_saved(struct serving *serving, struct slice path)
{
    struct reading *reading = serving->shown;
    const struct item *item = reading != NULL ? item_of_text(&reading->session.site, path) : NULL;
    if (item == NULL) {
        return;
    }
    struct saved_item *saved = room_for(sizeof(*saved));
    reading->users++;
    saved->reading = reading;
    saved->diag = diag_new(0);
    const struct item *fresh =
        site_read_again(&saved->site, &reading->session.site, item, saved->diag);
    if (fresh == NULL) {
        close_saved_item(saved);
        return;
    }
    validate_item(&saved->site, fresh, saved->diag);
    struct revision_parts parts = {
        .site = &saved->site, .was = item, .close = close_saved_item, .context = saved};
    parts.findings = findings_in(saved->diag, item->folder, &parts.finding_count);
    preview_revise(serving->preview, &parts);
}

/* ---- The whole site ---- */

static void tell_counts(struct serving *serving, struct diag *diag)
{
    struct diag_counts counts = diag_counts(diag);
    bool is_same = serving->has_told && counts.errors == serving->told.errors &&
                   counts.warnings == serving->told.warnings && counts.notes == serving->told.notes;
    if (is_same || option_flag(serving->options, OPTION_all_quiet)) {
        return;
    }
    serving->told = counts;
    serving->has_told = true;
    if (serving->options->language == INTERFACE_JAPANESE) {
        fprintf(stderr, "エラー %lld 件、警告 %lld 件、注意 %lld 件\n", (long long)counts.errors,
                (long long)counts.warnings, (long long)counts.notes);
    } else {
        fprintf(stderr, "%lld error%s, %lld warning%s, %lld note%s\n", (long long)counts.errors,
                counts.errors == 1 ? "" : "s", (long long)counts.warnings,
                counts.warnings == 1 ? "" : "s", (long long)counts.notes,
                counts.notes == 1 ? "" : "s");
    }
}

static struct render *open_render(struct reading *reading, bool with_search, struct diag *diag)
{
    struct session *session = &reading->session;
    struct render_options options = {
        .everything = true,
        .without_search = !with_search,
        .version = SLICE(KYODO_VERSION),
        .pool = session->pool,
        .temporary = session->temporary,
        .has_errors = diag_errors(session->diag) > 0,
    };
    options.findings = diag_sorted(session->diag, &options.finding_count);
    struct render *render =
        session->is_built ? render_open(&session->site, &options, pool_threads(session->pool), diag)
                          : NULL;
    ptrdiff_t count = 0;
    if (render != NULL) {
        render_plan(render, &count, diag);
    }
    return render;
}

/* Show it, and what was saved since the reader began; takes over a use of the reading. */
static void show(struct serving *serving, struct reading *reading, struct render *render,
                 bool has_search)
{
    struct pages *pages = room_for(sizeof(*pages));
    *pages = (struct pages){.reading = reading, .render = render};
    struct session *session = &reading->session;
    struct edition_parts parts = {
        .render = render,
        .site = &session->site,
        .workers = pool_threads(session->pool),
        .has_search = has_search,
        .has_errors = diag_errors(session->diag) > 0,
        .close = close_pages,
        .context = pages,
    };
    parts.findings = diag_sorted(session->diag, &parts.finding_count);
    pthread_mutex_lock(&serving->lock);
    preview_hold(serving->preview);
    preview_show(serving->preview, &parts);
    if (render != NULL) {
        serving->shown = reading;
    }
    for (ptrdiff_t i = 0; i < serving->saved.length; i++) {
        show_saved(serving, serving->saved.data[i]);
    }
    preview_go_on(serving->preview);
    pthread_mutex_unlock(&serving->lock);
}

static bool is_interrupted(struct serving *serving)
{
    pthread_mutex_lock(&serving->lock);
    bool is = serving->is_wanted || serving->is_stopping;
    pthread_mutex_unlock(&serving->lock);
    return is;
}

/* Read the site, but for the texts that are as they were at the last reading. */
static void open_session(struct serving *serving, struct reading *reading)
{
    struct session *session = &reading->session;
    const struct reading *last = serving->last;
    session_start(session, &serving->session_options);
    if (!session_list(session, &serving->session_options)) {
        return;
    }
    reading->texts = use_texts(last);
    bool is_known = last != NULL && last->texts == reading->texts;
    const struct session *known = is_known ? &last->session : session;
    session->tree.wants_digests = true;
    session->recall = recall_begin(reading->texts->store, &session->tree, known->tree.files,
                                   is_known ? known->recall->now : NULL,
                                   is_known ? known->tree.count : 0, false, &session->arena);
    if (is_known) {
        recall_note_parts(session->recall, known->recall->parts, known->recall->part_count);
    }
    session_read(session, &serving->session_options);
    for (ptrdiff_t i = 0; i < session->tree.count; i++) {
        struct tree_file *file = &session->tree.files[i];
        file->stamp = stamp_settled(file->stamp, session->tree.listed);
    }
    if (serving->last != NULL) {
        release_reading(serving->last);
    }
    serving->last = reading;
    reading->users++;
}

static void read_site(struct serving *serving)
{
    struct reading *reading = room_for(sizeof(*reading));
    reading->users = 1;
    open_session(serving, reading);
    struct render *render = open_render(reading, false, reading->session.diag);
    tell_counts(serving, reading->session.diag);
    reading->users++;
    show(serving, reading, render, false);
    if (render != NULL && !is_interrupted(serving)) {
        /* What was found is known, and the findings that are shown must stay as they are. */
        struct diag *again = diag_new(0);
        struct render *with_search = open_render(reading, true, again);
        diag_free(again);
        if (with_search != NULL) {
            reading->users++;
            show(serving, reading, with_search, true);
        }
    }
    release_reading(reading);
}

static struct timespec later(struct timespec time, int milliseconds)
{
    time.tv_nsec += (long)milliseconds * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

/* Wait for a change, and until no more follow it; under the lock. */
static void wait_for_change(struct serving *serving)
{
    while (!serving->is_wanted && !serving->is_stopping) {
        pthread_cond_wait(&serving->changed, &serving->lock);
    }
    int late = 0;
    while (!serving->is_stopping && late == 0) {
        struct timespec quiet = later(serving->last_change, QUIET_MILLISECONDS);
        struct timespec patience = later(serving->first_change, PATIENCE_MILLISECONDS);
        struct timespec until = time_is_before(quiet, patience) ? quiet : patience;
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        late = time_is_before(until, now)
                   ? ETIMEDOUT
                   : pthread_cond_timedwait(&serving->changed, &serving->lock, &until);
    }
}

static void *reader_main(void *context)
{
    struct serving *serving = context;
    for (;;) {
        pthread_mutex_lock(&serving->lock);
        wait_for_change(serving);
        bool stops = serving->is_stopping;
        serving->is_wanted = false;
        serving->saved.length = 0;
        serving->saved.data = NULL;
        serving->saved.capacity = 0;
        arena_clear(&serving->saved_arena);
        pthread_mutex_unlock(&serving->lock);
        if (stops) {
            return NULL;
        }
        read_site(serving);
    }
}

/* ---- Changes ---- */

static void want_reading(struct serving *serving)
{
    clock_gettime(CLOCK_MONOTONIC, &serving->last_change);
    if (!serving->is_wanted) {
        serving->first_change = serving->last_change;
    }
    serving->is_wanted = true;
    pthread_cond_broadcast(&serving->changed);
}

static void follow_changes(struct serving *serving)
{
    struct arena arena;
    arena_init(&arena, 1 << 28);
    struct changes changes;
    if (watch_read(serving->watch, &changes, &arena)) {
        pthread_mutex_lock(&serving->lock);
        for (ptrdiff_t i = 0; i < changes.count; i++) {
            if (changes.count <= SAVED_MOST && serving->saved.length < SAVED_MOST) {
                *VECTOR_PUSH(&serving->saved_arena, &serving->saved) =
                    arena_copy(&serving->saved_arena, changes.written[i]);
                show_saved(serving, changes.written[i]);
            }
        }
        want_reading(serving);
        pthread_mutex_unlock(&serving->lock);
    }
    arena_release(&arena);
}

/* Until somebody ends it. */
static void follow(struct serving *serving, int signals)
{
    struct pollfd ready[] = {{.fd = watch_descriptor(serving->watch), .events = POLLIN},
                             {.fd = signals, .events = POLLIN}};
    for (;;) {
        int count = poll(ready, 2, -1);
        if (count < 0 && errno != EINTR) {
            return;
        }
        if (ready[1].revents != 0) {
            return;
        }
        if (ready[0].revents != 0) {
            follow_changes(serving);
        }
    }
}

/* ---- The command ---- */

static void say_why(const struct options *options, const char *host, int port, int error)
{
    bool is_japanese = options->language == INTERFACE_JAPANESE;
    if (error == EADDRINUSE) {
        fprintf(stderr,
                is_japanese
                    ? "kyodo: ポート %d は使われています。--port で別の番号を指定してください"
                      "（--port 0 なら空いている番号を選びます）\n"
                    : "kyodo: port %d is in use; give another with --port (--port 0 takes one that "
                      "is free)\n",
                port);
    } else {
        fprintf(stderr,
                is_japanese ? "kyodo: %s:%d で待ち受けられません: %s\n"
                            : "kyodo: cannot listen at %s:%d: %s\n",
                host, port, strerror(error));
    }
}

static void announce(const struct serving *serving)
{
    const struct options *options = serving->options;
    if (preview_is_open_to_others(serving->preview)) {
        say(options, "注意: ほかの機械からも見えます。下書きと点検の結果も、だれでも読めます。",
            "note: other machines can see this, drafts and findings too");
    }
    if (watch_is_partial(serving->watch)) {
        say(options,
            "フォルダーが多すぎて、すべては見張れません。fs.inotify.max_user_watches を増やしてください",
            "there are too many folders to watch all of them; raise fs.inotify.max_user_watches");
    }
    puts(preview_url(serving->preview));
    fflush(stdout);
}

static int serve(struct serving *serving, int signals)
{
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&serving->changed, &clock);
    pthread_condattr_destroy(&clock);
    pthread_mutex_init(&serving->lock, NULL);
    arena_init(&serving->saved_arena, 1 << 28);
    announce(serving);
    want_reading(serving);
    int failed = pthread_create(&serving->reader, NULL, reader_main, serving);
    if (failed == 0) {
        follow(serving, signals);
        pthread_mutex_lock(&serving->lock);
        serving->is_stopping = true;
        pthread_cond_broadcast(&serving->changed);
        pthread_mutex_unlock(&serving->lock);
        pthread_join(serving->reader, NULL);
    }
    arena_release(&serving->saved_arena);
    pthread_cond_destroy(&serving->changed);
    pthread_mutex_destroy(&serving->lock);
    return failed == 0 ? EXIT_CLEAN : EXIT_SYSTEM;
}

/* Signals that end the program become readable; every thread leaves them alone. */
static int open_signals(void)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &ending, SFD_CLOEXEC);
}

/* There is no such folder: the finding says so. */
static int report_folder(const struct options *options, const struct session_options *site)
{
    struct session session;
    session_open(&session, site);
    int status = session_report(&session, options, "text", false, STDERR_FILENO);
    session_close(&session);
    return status;
}

int command_serve(const struct options *options)
{
    const char *host = option_value(options, OPTION_serve_bind, "127.0.0.1");
    int64_t port;
    if (!slice_to_integer(slice_of(option_value(options, OPTION_serve_port, PORT)), &port) ||
        port < 0 || port > 65535) {
        say(options, "--port に書けるのは 0 から 65535 の整数です",
            "--port takes a whole number from 0 to 65535");
        return EXIT_USAGE;
    }
    const char *site = option_value(options, OPTION_serve_site, ".");
    struct serving serving = {
        .options = options,
        .session_options = {.site = site, .with_drafts = true, .jobs = pool_available_threads()}};
    const struct slice folders[] = {SLICE("content"), SLICE("data"), SLICE("themes")};
    int status = EXIT_SYSTEM;
    char *folder = realpath(site, NULL);
    int signals = open_signals();
    serving.watch = watch_open(slice_of(site), folders, 3);
    if (serving.watch == NULL && (errno == ENOENT || errno == ENOTDIR)) {
        status = report_folder(options, &serving.session_options);
        goto out;
    }
    if (serving.watch == NULL || signals < 0) {
        say(options, "フォルダーを見張れません", "the folder cannot be watched");
        goto out;
    }
    struct preview_options preview = {
        .host = host, .port = (int)port, .language = options->language};
    bool is_local = slice_equal(slice_of(host), SLICE("127.0.0.1")) ||
                    slice_equal(slice_of(host), SLICE("localhost")) ||
                    slice_equal(slice_of(host), SLICE("::1"));
    if (is_local && folder != NULL) {
        preview.folder = slice_of(folder);
    }
    serving.preview = preview_start(&preview);
    if (serving.preview == NULL) {
        say_why(options, host, (int)port, errno);
        goto out;
    }
    status = serve(&serving, signals);
    preview_stop(serving.preview);
    if (serving.last != NULL) {
        release_reading(serving.last);
    }
out:
    watch_close(serving.watch);
    if (signals >= 0) {
        close(signals);
    }
    free(folder);
    return status;
}
