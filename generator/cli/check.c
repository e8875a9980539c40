#include "cli.h"

#include <unistd.h>

int command_check(const struct options *options)
{
    const char *format = option_value(options, OPTION_check_format, "text");
    int jobs = option_jobs(options, OPTION_check_jobs);
    if (reporter_by_name(slice_of(format)) == NULL) {
        say(options, "--format に書けるのは text json sarif github です",
            "--format takes text, json, sarif or github");
        return EXIT_USAGE;
    }
    if (jobs == 0) {
        return EXIT_USAGE;
    }
    struct session session;
    session_open(&session, &(struct session_options){
                               .site = options->argument_count > 0 ? options->arguments[0] : ".",
                               .with_drafts = option_flag(options, OPTION_check_drafts),
                               .jobs = jobs});
    if (session.is_built && diag_errors(session.diag) == 0) {
        /* Templates are part of the site: what is wrong in them is found by compiling them. */
        struct render *render = render_open(
            &session.site,
            &(struct render_options){.everything = true, .version = SLICE(KYODO_VERSION)},
            pool_threads(session.pool), session.diag);
        if (render != NULL) {
            render_close(render);
        }
    }
    int status = session_report(&session, options, format,
                                option_flag(options, OPTION_check_strict), STDOUT_FILENO);
    session_close(&session);
    return status;
}
