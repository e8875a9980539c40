#include "cli.h"

#include <sys/stat.h>
#include <unistd.h>

/* What PATH is. */
enum subject { SUBJECT_SITE, SUBJECT_PACKAGE, SUBJECT_TABLE };

static bool exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

/* `path` is what was typed; a package's becomes that of its descriptor. */
static enum subject subject_of(const char **path, bool has_schema, struct arena *arena)
{
    struct stat status;
    struct slice name = slice_of(*path);
    bool is_there = stat(*path, &status) == 0;
    if (has_schema || (is_there && !S_ISDIR(status.st_mode))) {
        bool is_descriptor = slice_ends_with(name, SLICE(".json")) && !has_schema;
        return is_descriptor ? SUBJECT_PACKAGE : SUBJECT_TABLE;
    }
    if (!is_there) {
        return slice_ends_with(name, SLICE(".csv")) ? SUBJECT_TABLE : SUBJECT_SITE;
    }
    const char *content = arena_string(arena, ARENA_JOIN(arena, name, SLICE("/content")));
    const char *descriptor =
        arena_string(arena, ARENA_JOIN(arena, name, SLICE("/datapackage.json")));
    if (exists(content) || !exists(descriptor)) {
        return SUBJECT_SITE;
    }
    *path = descriptor;
    return SUBJECT_PACKAGE;
}

static void open_site(struct session *session, const struct session_options *options)
{
    session_open(session, options);
    if (session->is_built && diag_errors(session->diag) == 0) {
        /* Templates are part of the site: what is wrong in them is found by compiling them. */
        session_check_plan(session);
    }
}

int command_check(const struct options *options)
{
    const char *format = option_value(options, OPTION_check_format, "text");
    int jobs = option_jobs(options, OPTION_check_jobs);
    if (reporter_by_name(slice_of(format)) == NULL) {
        say(options, "--format に書けるのは text json sarif github gitlab です",
            "--format takes text, json, sarif, github or gitlab");
        return EXIT_USAGE;
    }
    if (jobs == 0) {
        return EXIT_USAGE;
    }
    const char *path = options->argument_count > 0 ? options->arguments[0] : ".";
    const char *schema = option_value(options, OPTION_check_schema, NULL);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    enum subject subject = subject_of(&path, schema != NULL, &arena);
    const struct session_options session_options = {
        .site = path,
        .with_drafts = option_flag(options, OPTION_check_drafts),
        .jobs = jobs,
        /* Programs want the whole list. */
        .findings_most = slice_equal(slice_of(format), SLICE("text")) ? 0 : INT32_MAX,
    };
    struct session session;
    switch (subject) {
    case SUBJECT_SITE:
        open_site(&session, &session_options);
        break;
    case SUBJECT_PACKAGE:
        session_open_package(&session, &session_options);
        break;
    case SUBJECT_TABLE:
        session_open_table(&session, schema, &session_options);
        break;
    }
    int status = session_report(&session, options, format,
                                option_flag(options, OPTION_check_strict), STDOUT_FILENO);
    session_close(&session);
    arena_release(&arena);
    return status;
}
