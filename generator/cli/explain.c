#include "cli.h"

#include <unistd.h>

int command_explain(const struct options *options)
{
    if (options->argument_count == 0) {
        say(options, "説明する名前を書いてください（例: kyodo explain csv.type）",
            "name what is to be explained, for example: kyodo explain csv.type");
        return EXIT_USAGE;
    }
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    bool known = diag_explain(slice_of(options->arguments[0]), options->language, &out);
    if (sink_close(&out) != 0) {
        return EXIT_SYSTEM;
    }
    if (!known) {
        say(options, "その名前はありません。報告の [ ] の中の名前を書いてください",
            "there is no such name; write the one in [ ] of a report");
        return EXIT_USAGE;
    }
    return EXIT_CLEAN;
}
