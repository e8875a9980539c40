#include "cli.h"

#include <unistd.h>

/* SOURCE_DATE_EPOCH (reproducible-builds.org): seconds since 1970, the reference date in UTC
 * (ruling 11). */
static struct date reference_date(void)
{
    const char *value = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;
    if (value == NULL || !slice_to_integer(slice_of(value), &seconds) || seconds < 0 ||
        seconds / 86400 > INT32_MAX / 2) {
        return (struct date){0};
    }
    return date_from_days((int32_t)(seconds / 86400));
}

static struct slice folder_above(struct slice path)
{
    ptrdiff_t slash = slice_find_last_byte(path, '/');
    return slice_sub(path, 0, slash > 0 ? slash : 0);
}

static bool has(struct arena *arena, struct slice folder, struct slice name)
{
    return access(arena_string(arena, ARENA_JOIN(arena, folder, name)), R_OK) == 0;
}

struct slice shipped_root(struct arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
    if (length <= 0 || length == (ssize_t)sizeof(path)) {
        return (struct slice){0};
    }
    struct slice prefix = folder_above(folder_above(slice_make(path, length)));
    struct slice shared = ARENA_JOIN(arena, prefix, SLICE("/share/kyodo"));
    if (has(arena, shared, SLICE("/themes"))) {
        return shared;
    }
    const struct slice sources[] = {prefix, folder_above(prefix)};
    for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
        if (has(arena, sources[i], SLICE("/themes")) &&
            has(arena, sources[i], SLICE("/generator/main.c"))) {
            return arena_copy(arena, sources[i]);
        }
    }
    return (struct slice){0};
}

void session_start(struct session *session, const struct session_options *options)
{
    *session = (struct session){0};
    arena_init(&session->arena, ARENA_DEFAULT_LIMIT);
    session->diag = diag_new(options->findings_most);
    session->pool = pool_start(options->jobs);
    session->theme_root = shipped_root(&session->arena);
}

bool session_list(struct session *session, const struct session_options *options)
{
    const struct slice folders[] = {SLICE("content"), SLICE("data"), SLICE("themes")};
    ptrdiff_t count = (ptrdiff_t)(sizeof(folders) / sizeof(*folders));
    if (options->git == NULL) {
        return tree_open_disk(&session->tree, slice_of(options->site), folders, count,
                              session->pool, &session->arena, session->diag);
    }
    session->commit.id = arena_copy(&session->arena, options->commit);
    return tree_open_git(&session->tree, options->git, &session->commit, folders,
                         options->with_pushed_theme ? count : count - 1, &session->arena,
                         session->diag);
}

/* Ruling 11: of a commit, the day on its committer's own calendar. */
static struct date reference_of(const struct session *session,
                                const struct session_options *options)
{
    struct date date = reference_date();
    int64_t seconds = session->commit.time + (int64_t)session->commit.offset * 60;
    if (date.precision == DATE_NONE && options->git != NULL && seconds >= 0 &&
        seconds / 86400 <= INT32_MAX / 2) {
        date = date_from_days((int32_t)(seconds / 86400));
    }
    return date;
}

void session_read(struct session *session, const struct session_options *options)
{
    session->temporary = slice_of(getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    struct site_options site_options = {
        .with_drafts = options->with_drafts,
        .base_url = slice_of(options->base_url),
        .reference_date = reference_of(session, options),
        .temporary = session->temporary,
        .theme_root = session->theme_root,
        .recall = session->recall,
    };
    session->is_built =
        site_build(&session->site, &session->tree, &site_options, session->pool, session->diag);
    if (options->below.length > 0) {
        session->site.base_url =
            ARENA_JOIN(&session->arena, session->site.base_url, options->below);
    }
    if (session->is_built) {
        validate_site(&session->site, session->pool, session->diag);
    }
}

void session_open(struct session *session, const struct session_options *options)
{
    session_start(session, options);
    if (session_list(session, options)) {
        session_read(session, options);
    }
}

void session_open_package(struct session *session, const struct session_options *options)
{
    session_start(session, options);
    struct slice path = slice_of(options->site);
    ptrdiff_t behind = slice_find_last_byte(path, '/') + 1;
    struct slice folder = behind > 0 ? slice_sub(path, 0, behind) : SLICE(".");
    const struct slice all = SLICE("");
    if (tree_open_disk(&session->tree, folder, &all, 1, session->pool, &session->arena,
                       session->diag)) {
        package_build(&session->site, &session->tree,
                      &(struct package_options){.path = slice_from(path, behind)}, session->pool,
                      session->diag);
    }
}

/* "registers/rooms.csv" -> "rooms" */
static struct slice table_name(struct slice path)
{
    struct slice name = slice_from(path, slice_find_last_byte(path, '/') + 1);
    ptrdiff_t dot = slice_find_last_byte(name, '.');
    return dot > 0 ? slice_sub(name, 0, dot) : name;
}

/* A package around the one table, so that a file alone is read as any other. */
static struct slice describe_table(struct slice path, struct slice schema, struct arena *arena)
{
    struct buffer text = {0};
    struct json_writer json;
    json_begin(&json, &text, false);
    json_object_begin(&json);
    json_key(&json, SLICE("resources"));
    json_array_begin(&json);
    json_object_begin(&json);
    json_member(&json, "name", table_name(path));
    json_member(&json, "path", path);
    if (schema.length > 0) {
        json_member(&json, "schema", schema);
    }
    json_object_end(&json);
    json_array_end(&json);
    json_object_end(&json);
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    buffer_release(&text);
    return kept;
}

void session_open_table(struct session *session, const char *schema,
                        const struct session_options *options)
{
    session_start(session, options);
    struct slice path = slice_of(options->site);
    struct slice schema_path = schema != NULL ? slice_of(schema) : SLICE("");
    struct slice descriptor = SLICE("(kyodo check)");
    const struct slice paths[] = {descriptor, path, schema_path};
    const struct slice texts[] = {describe_table(path, schema_path, &session->arena), {0}, {0}};
    if (tree_open_files(&session->tree, paths, texts, schema != NULL ? 3 : 2, &session->arena,
                        session->diag)) {
        package_build(&session->site, &session->tree,
                      &(struct package_options){.path = descriptor, .trusts_paths = true},
                      session->pool, session->diag);
    }
}

void session_check_plan(struct session *session)
{
    /* Pages alone: their addresses come from what people wrote. */
    struct render *render =
        render_open(&session->site, &(struct render_options){.version = SLICE(KYODO_VERSION)},
                    pool_threads(session->pool), session->diag);
    if (render != NULL) {
        publish_check(render, session->diag);
        render_close(render);
    }
}

void session_close(struct session *session)
{
    site_release(&session->site, session->pool);
    tree_close(&session->tree);
    pool_stop(session->pool);
    diag_free(session->diag);
    arena_release(&session->arena);
}

int session_report(struct session *session, const struct options *options, const char *format,
                   bool strict, int descriptor)
{
    bool is_text = slice_equal(slice_of(format), SLICE("text"));
    bool is_terminal = isatty(descriptor) != 0;
    struct report_options report = {
        .language = options->language,
        .colour = is_text && is_terminal && getenv("NO_COLOR") == NULL,
        .most_per_code_and_file = is_text ? 20 : 0,
        .mildest = options->command == COMMAND_check ? SEVERITY_NOTE : SEVERITY_WARNING,
    };
    struct sink out;
    sink_open_descriptor(&out, descriptor);
    reporter_by_name(slice_of(format))(session->diag, &report, &out);
    if (sink_close(&out) != 0) {
        say(options, "報告を書き出せません", "cannot write the report");
        return EXIT_SYSTEM;
    }
    struct diag_counts counts = diag_counts(session->diag);
    if (counts.errors > 0) {
        return EXIT_INPUT;
    }
    return strict && counts.warnings > 0 ? EXIT_WARNINGS : EXIT_CLEAN;
}
