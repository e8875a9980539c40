/*
 * cli: one file per command. A command gets its parsed options and gives back an exit status; only
 * main.c exits.
 */
#ifndef KYODO_CLI_H
#define KYODO_CLI_H

#include <limits.h>

#include "import.h"
#include "publish.h"
#include "validate.h"

#define KYODO_VERSION "0.1.0"

/** Exit status (design, Checks). */
enum exit_status {
    EXIT_CLEAN = 0,
    EXIT_WARNINGS = 1,
    EXIT_INPUT = 2,
    EXIT_USAGE = 3,
    EXIT_SYSTEM = 4
};

enum command_id {
#define COMMAND(identifier, ...) COMMAND_##identifier,
#define OPTION(...)
#include "options.def"
#undef COMMAND
#undef OPTION
    COMMAND_COUNT,
    COMMAND_all = COMMAND_COUNT
};

enum option_id {
#define COMMAND(...)
#define OPTION(command, identifier, ...) OPTION_##command##_##identifier,
#include "options.def"
#undef COMMAND
#undef OPTION
    OPTION_COUNT
};

#define ARGUMENTS_ANY INT_MAX

struct command_info {
    const char *name;
    const char *arguments;
    int most_arguments; /* ARGUMENTS_ANY: as many as one likes */
    const char *summary[INTERFACE_LANGUAGES];
};
struct option_info {
    enum command_id command;
    const char *name;
    const char *argument; /* NULL: a flag */
    const char *summary[INTERFACE_LANGUAGES];
};
extern const struct command_info command_infos[COMMAND_COUNT];
extern const struct option_info option_infos[OPTION_COUNT];

#define OPTION_USES_MOST 256
/** The words of the command line, taken apart. */
struct options {
    enum command_id command;
    struct slice family; /* "publish" when only the first word of a command was given, else empty */
    enum interface_language language;
    const char *values[OPTION_COUNT]; /* "" for a flag that is set; NULL when absent */
    char **arguments; /* the first words of argv, which is sorted while it is parsed */
    struct option_use {
        enum option_id option;
        const char *value;
    } uses[OPTION_USES_MOST]; /* every option with a value, for those that may stand repeatedly */
    int use_count;
    int argument_count;
};

/** Parse; on failure prints what is wrong and how to get help, and returns false. Reads LC_ALL,
 * LC_MESSAGES and LANG for the language. */
bool options_parse(struct options *options, int argc, char **argv);
/** The value of an option of this command, or `otherwise`. */
const char *option_value(const struct options *options, enum option_id option,
                         const char *otherwise);
bool option_flag(const struct options *options, enum option_id option);
/** A count of threads from --jobs; 0 with a message when it is no number from 1 to 256. */
int option_jobs(const struct options *options, enum option_id option);
void help_print(const struct options *options, enum command_id command, struct sink *out);

/** A line on standard error in the language of the options. */
void say(const struct options *options, const char *ja, const char *en);

/** What the program brings along: `<prefix>/share/kyodo` for a program at `<prefix>/bin/kyodo`, as
 * `make install` puts it; the sources' own folder for one that was built in a folder there,
 * `build/` or `build/<variant>/`, and not installed. Empty when there is neither. */
struct slice shipped_root(struct arena *arena);

/** A site that is loaded, modelled and validated. */
struct session {
    struct arena arena;
    struct diag *diag;
    struct pool *pool;
    struct tree tree;
    struct commit commit; /* of a session on a commit */
    struct site site;
    struct slice temporary;  /* folder for temporary files */
    struct slice theme_root; /* of the installed themes; may be empty */
    bool is_listed;
    struct recall
        *recall;   /* what is kept of the site's texts (recall.h), or NULL; between the steps */
    bool is_built; /* the model stands, so that rendering makes sense once there are no errors */
};
struct session_options {
    const char *site;
    const struct git *git;  /* instead of `site`: a commit's objects */
    struct slice commit;    /* its name */
    bool with_pushed_theme; /* a theme in the commit counts (ruling 15); else the installed one */
    const char *base_url;   /* or NULL */
    struct slice below; /* folder below the public address, with a slash, where the site will be */
    bool with_drafts;
    int jobs;
    ptrdiff_t findings_most; /* 0: as many as a person reads */
};
/** Load, parse, model, validate. Findings are in session->diag. */
void session_open(struct session *session, const struct session_options *options);
/** The same in steps: nothing is looked at; the files of the site are listed (false with a finding
 * when there is no such folder); all of it is read. */
void session_start(struct session *session, const struct session_options *options);
bool session_list(struct session *session, const struct session_options *options);
void session_read(struct session *session, const struct session_options *options);
/** The same for a Data Package by itself; options->site is its descriptor. */
void session_open_package(struct session *session, const struct session_options *options);
/** The same for one CSV file, options->site; `schema` (a Table Schema in JSON) may be NULL. */
void session_open_table(struct session *session, const char *schema,
                        const struct session_options *options);
void session_close(struct session *session);
/** What can only be found by planning the pages: templates, addresses. Writes nothing. */
void session_check_plan(struct session *session);
/** Print the findings and return the exit status that they mean. `format` is a reporter's name.
 *  Notes are what `kyodo check` is for; other commands only count them. */
int session_report(struct session *session, const struct options *options, const char *format,
                   bool strict, int descriptor);

/** The way from a model without errors to an output folder: render, publish. EXIT_CLEAN when all is
 * there; progress is shown on a terminal. `cache`: of the last build of that folder, or NULL. */
int session_publish(struct session *session, const struct options *options,
                    const struct render_options *render_options, struct slice out, bool gzip,
                    struct cache *cache, struct publish_summary *summary);

/* ---- Releases (publish_release.c) ---- */

/** What is published, and from where. */
struct release_job {
    const struct options *options; /* with the language in which the pusher is answered */
    struct www *www;
    const char *site;      /* a folder; or */
    const struct git *git; /* a commit of a repository */
    struct slice commit;
    bool with_pushed_theme;
    const char *base_url; /* or NULL */
    struct slice preview; /* folder of a preview; empty for the site itself */
    bool is_checked;      /* its warnings were told before */
    bool speaks_as_city;  /* answer in the site's original language */
    int jobs;
};
/** The value of a key in a repository's configuration; NULL when it has none. */
const char *repository_setting(const struct git *git, const char *key, struct arena *arena);
/** Ruling 15: whether a theme that is pushed counts. */
bool repository_allows_theme(const struct git *git, struct arena *arena);
/** Check, build, finish, tell. An exit status; unless EXIT_CLEAN the live site is what it was. */
int release_run(const struct release_job *job);
/** Say that this very release is live already. */
void release_tell_same(enum interface_language language, struct slice base_url, struct slice name);
/** Print findings that belong to no session; the worst first, at most fifty. */
void release_report(struct diag *diag, enum interface_language language, enum severity mildest);

/** The kind that the command line calls case, page, news or meeting; false for any other name. */
bool kind_by_name(struct slice name, enum item_kind *out);
/** Write the schemas of all kinds of front matter for editors, `<kind>.schema.json` and
 * `<kind>.translation.schema.json`, and `kyodo.code-snippets`, into a folder, made where it is
 * missing. Their words are in the language of the site's original. 0 or an errno. */
int schemas_write(const struct site *site, struct slice folder, struct arena *arena);

/** Print a rule of the site's principles: what it looks for, why, how to satisfy it, who asks for
 * it and where it comes from. False when the site has no rule of that id. */
bool explain_rule(const struct site *site, struct slice id, enum interface_language interface,
                  struct arena *arena, struct sink *out);

int command_init(const struct options *options);
int command_new(const struct options *options);
int command_build(const struct options *options);
int command_check(const struct options *options);
int command_import(const struct options *options);
int command_serve(const struct options *options);
int command_explain(const struct options *options);
int command_schema(const struct options *options);
int command_completion(const struct options *options);
int command_translated(const struct options *options);
int command_manual(const struct options *options);
int command_publish_init(const struct options *options);
int command_publish_deploy(const struct options *options);
int command_publish_list(const struct options *options);
int command_publish_rollback(const struct options *options);
int command_publish_check(const struct options *options);
int command_publish_hook(const struct options *options);

#endif
