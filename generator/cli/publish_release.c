#include "cli.h"

#include <sys/stat.h>
#include <unistd.h>

/* Making a release, from a folder or a commit, and telling what became of it. */

#define FINDINGS_MOST 50
#define FINDINGS_PER_CODE 10
#define PAGES_TOLD 20

/* A release on its way. */
struct telling {
    const struct release_job *job;
    enum interface_language language;
    struct slice base_url; /* of what is published */
};

static bool is_japanese(const struct telling *telling)
{
    return telling->language == INTERFACE_JAPANESE;
}

void release_report(struct diag *diag, enum interface_language language, enum severity mildest)
{
    struct report_options report = {
        .language = language,
        .colour = isatty(STDERR_FILENO) != 0 && getenv("NO_COLOR") == NULL,
        .most_per_code_and_file = FINDINGS_PER_CODE,
        .worst_first = true,
        .mildest = mildest,
        .most = FINDINGS_MOST,
    };
    struct sink out;
    sink_open_descriptor(&out, STDERR_FILENO);
    reporter_by_name(SLICE("text"))(diag, &report, &out);
    sink_close(&out);
}

const char *repository_setting(const struct git *git, const char *key, struct arena *arena)
{
    const char *words[] = {"config", "-z", "--get", key, NULL};
    struct buffer out = {0};
    const char *value = NULL;
    if (git_run(git, words, 65536, &out) == 0 && out.length > 1) {
        value = arena_string(arena, slice_sub(buffer_slice(&out), 0, out.length - 1));
    }
    buffer_release(&out);
    return value;
}

bool repository_allows_theme(const struct git *git, struct arena *arena)
{
    const char *theme = repository_setting(git, "kyodo.theme", arena);
    return slice_equal(slice_of(theme), SLICE("pushed"));
}

/* ---- What changed ---- */

/* Of many pages those that came or went stand first, for a page in the menu changes every other;
 * then those in the pusher's own language. The lists that change with them come last. */
enum page_rank { PAGE_OWN_COMES, PAGE_OTHER_COMES, PAGE_OWN, PAGE_OTHER, PAGE_LIST, PAGE_RANKS };

static enum page_rank page_rank(const struct telling *telling, const struct page_change *page)
{
    if (slice_find(page->address, SLICE("/by/"), 0) >= 0) {
        return PAGE_LIST;
    }
    struct slice own = is_japanese(telling) ? SLICE("ja/") : SLICE("en/");
    bool is_own = slice_starts_with(page->address, own);
    if (page->kind == PAGE_CHANGED) {
        return is_own ? PAGE_OWN : PAGE_OTHER;
    }
    return is_own ? PAGE_OWN_COMES : PAGE_OTHER_COMES;
}

static void tell_page(const struct telling *telling, const struct page_change *page,
                      const char *what)
{
    struct buffer url = {0};
    escape_url_path(&url, page->address);
    printf("  %s %.*s%.*s\n", what, SLICE_ARGUMENTS(telling->base_url),
           SLICE_ARGUMENTS(buffer_slice(&url)));
    buffer_release(&url);
}

static void tell_pages(const struct telling *telling, const struct release_changes *changes)
{
    static const char *const words[][INTERFACE_LANGUAGES] = {
        [PAGE_NEW] = {"新規", "new"},
        [PAGE_CHANGED] = {"変更", "changed"},
        [PAGE_GONE] = {"削除", "gone"},
    };
    int64_t counts[3] = {0};
    for (ptrdiff_t i = 0; i < changes->count; i++) {
        counts[changes->pages[i].kind]++;
    }
    printf(is_japanese(telling) ? "ページ: 新規 %lld、変更 %lld、削除 %lld\n"
                                : "pages: %lld new, %lld changed, %lld gone\n",
           (long long)counts[PAGE_NEW], (long long)counts[PAGE_CHANGED],
           (long long)counts[PAGE_GONE]);
    if (changes->is_first) {
        return;
    }
    int told = 0;
    for (int rank = 0; rank < PAGE_RANKS; rank++) {
        for (ptrdiff_t i = 0; i < changes->count && told < PAGES_TOLD; i++) {
            const struct page_change *page = &changes->pages[i];
            if (page_rank(telling, page) == (enum page_rank)rank) {
                tell_page(telling, page, words[page->kind][telling->language]);
                told++;
            }
        }
    }
    if (changes->count > PAGES_TOLD) {
        printf(is_japanese(telling) ? "  ほかに %lld ページ\n" : "  and %lld more\n",
               (long long)(changes->count - PAGES_TOLD));
    }
}

void release_tell_same(enum interface_language language, struct slice base_url, struct slice name)
{
    printf(language == INTERFACE_JAPANESE ? "もう公開してあります: %.*s（%.*s）\n"
                                          : "published already: %.*s (%.*s)\n",
           SLICE_ARGUMENTS(base_url),
           SLICE_ARGUMENTS(git_is_object_name(name) ? slice_sub(name, 0, 12) : name));
}

static void tell(const struct telling *telling, const struct release *release,
                 const struct release_changes *changes)
{
    if (option_flag(telling->job->options, OPTION_all_quiet)) {
        return;
    }
    struct slice name = release->name.length > 0 ? release->name : release->commit;
    if (git_is_object_name(name)) {
        name = slice_sub(name, 0, 12);
    }
    if (changes->is_same) {
        release_tell_same(telling->language, telling->base_url, release->name);
        return;
    }
    bool is_preview = telling->job->preview.length > 0;
    fputs(is_japanese(telling) ? (is_preview ? "下見用に公開しました" : "公開しました")
                               : (is_preview ? "preview" : "published"),
          stdout);
    printf(is_japanese(telling) ? ": %.*s（%.*s、%lld ページ）\n" : ": %.*s (%.*s, %lld pages)\n",
           SLICE_ARGUMENTS(telling->base_url), SLICE_ARGUMENTS(name), (long long)release->pages);
    if (!is_preview) {
        tell_pages(telling, changes);
    }
}

/* ---- Making it ---- */

static int64_t time_of(const struct session *session)
{
    if (session->commit.id.length > 0) {
        return session->commit.time > 0 ? session->commit.time : 0;
    }
    int64_t day = session->site.reference_date.precision != DATE_NONE
                      ? date_first_day(session->site.reference_date)
                      : 0;
    return day > 0 ? day * 86400 : 0;
}

static bool finish(struct telling *telling, struct session *session, struct release *release)
{
    const struct release_job *job = telling->job;
    struct release_changes changes = {0};
    bool is_done = job->preview.length > 0
                       ? preview_finish(job->www, job->preview, release->commit, session->diag)
                       : release_finish(job->www, release, &changes, session->diag);
    if (is_done) {
        tell(telling, release, &changes);
    }
    return is_done;
}

static int make(struct telling *telling, struct session *session)
{
    const struct release_job *job = telling->job;
    bool is_in_japanese = site_interface_language(&session->site, 0) == INTERFACE_JAPANESE;
    struct release release = {.commit = session->commit.id,
                              .language = is_in_japanese ? SLICE("ja") : SLICE("en"),
                              .base_url = session->site.base_url,
                              .time = time_of(session)};
    struct render_options render_options = {.everything = true,
                                            .version = SLICE(KYODO_VERSION),
                                            .is_release = true,
                                            .commit = release.commit,
                                            .release_time = release.time,
                                            .is_preview = job->preview.length > 0};
    struct slice out = release_begin(job->www, session->diag);
    if (out.length == 0) {
        return EXIT_SYSTEM;
    }
    struct publish_summary summary = {0};
    int status = session_publish(session, job->options, &render_options, out, true, NULL, &summary);
    if (status != EXIT_CLEAN) {
        return status;
    }
    release.pages = summary.pages;
    return finish(telling, session, &release) ? EXIT_CLEAN : EXIT_SYSTEM;
}

static struct slice below_of(const struct release_job *job, struct arena *arena)
{
    return job->preview.length > 0 ? ARENA_JOIN(arena, SLICE("preview/"), job->preview, SLICE("/"))
                                   : (struct slice){NULL, 0};
}

int release_run(const struct release_job *job)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct telling telling = {.job = job, .language = job->options->language};
    struct session session;
    /* What is public can be read by the web server, whatever the umask; who may write is the
     * umask's affair. */
    umask(umask(0) & 0222);
    session_open(&session, &(struct session_options){.site = job->site,
                                                     .git = job->git,
                                                     .commit = job->commit,
                                                     .with_pushed_theme = job->with_pushed_theme,
                                                     .base_url = job->base_url,
                                                     .below = below_of(job, &arena),
                                                     .jobs = job->jobs});
    if (job->speaks_as_city && session.site.language_count > 0) {
        telling.language = site_interface_language(&session.site, 0);
    }
    int status = EXIT_INPUT;
    if (session.is_built && diag_errors(session.diag) == 0) {
        telling.base_url = session.site.base_url;
        status = make(&telling, &session);
    }
    struct diag_counts counts = diag_counts(session.diag);
    if (counts.errors > 0 || (counts.warnings > 0 && !job->is_checked)) {
        release_report(session.diag, telling.language, SEVERITY_WARNING);
    }
    if (status != EXIT_CLEAN) {
        fprintf(stderr, "%s\n",
                is_japanese(&telling) ? "何も公開していません。サイトはこれまでのままです。"
                                      : "Nothing was published; the site is unchanged.");
    }
    session_close(&session);
    arena_release(&arena);
    return status;
}
