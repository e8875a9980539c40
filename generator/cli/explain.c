#include "cli.h"

#include <unistd.h>

/* A rule belongs to the site in this folder: its principles are data. */
static bool explain_from_site(const struct options *options, struct slice name, struct sink *out)
{
    struct session session;
    session_open(&session, &(struct session_options){
                               .site = option_value(options, OPTION_explain_site, "."), .jobs = 1});
    bool known = session.site.rules != NULL &&
                 explain_rule(&session.site, name, options->language, &session.arena, out);
    session_close(&session);
    return known;
}

int command_explain(const struct options *options)
{
    if (options->argument_count == 0) {
        say(options, "説明する名前を書いてください（例: kyodo explain csv.type）",
            "name what is to be explained, for example: kyodo explain csv.type");
        return EXIT_USAGE;
    }
    struct slice name = slice_of(options->arguments[0]);
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    bool known =
        diag_explain(name, options->language, &out) || explain_from_site(options, name, &out);
    if (sink_close(&out) != 0) {
        return EXIT_SYSTEM;
    }
    if (!known) {
        say(options,
            "その名前はありません。報告の [ ] の中の名前か、サイトの規則や機械可読性ルールの番号を書いてください",
            "there is no such name; write the one in [ ] of a report, "
            "or the id of a rule of this site or of machine-readable data");
        return EXIT_USAGE;
    }
    return EXIT_CLEAN;
}
