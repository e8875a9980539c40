#include "cli.h"

/* --help, from the table of commands and options. */

static void pad(struct sink *out, ptrdiff_t width, ptrdiff_t column)
{
    for (ptrdiff_t i = width; i < column; i++) {
        sink_write_literal(out, " ");
    }
}

static void print_options(enum interface_language language, enum command_id command,
                          struct sink *out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *info = &option_infos[i];
        if (info->command != command) {
            continue;
        }
        sink_write_format(out, "  --%s", info->name);
        ptrdiff_t width = 4 + slice_of(info->name).length;
        if (info->argument != NULL) {
            sink_write_format(out, " %s", info->argument);
            width += 1 + slice_of(info->argument).length;
        }
        pad(out, width, 22);
        sink_write_format(out, "  %s\n", info->summary[language]);
    }
}

/* `family`: only commands whose names begin with that word; all when it is empty. */
static void print_overview(enum interface_language language, struct slice family, struct sink *out)
{
    bool japanese = language == INTERFACE_JAPANESE;
    sink_write_format(out, "%s: kyodo %s\n\n", japanese ? "使い方" : "usage",
                      japanese ? "コマンド [オプション]" : "COMMAND [OPTIONS]");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (!slice_starts_with(slice_of(command_infos[i].name), family)) {
            continue;
        }
        sink_write_format(out, "  %s", command_infos[i].name);
        pad(out, 2 + slice_of(command_infos[i].name).length, 22);
        sink_write_format(out, "  %s\n", command_infos[i].summary[language]);
    }
    sink_write_literal(out, "\n");
}

void help_print(const struct options *options, enum command_id command, struct sink *out)
{
    enum interface_language language = options->language;
    bool japanese = language == INTERFACE_JAPANESE;
    if (command == COMMAND_all) {
        sink_write_format(out, "kyodo %s — %s\n\n", KYODO_VERSION,
                          japanese ? "協働の事例集とオープンデータを作るプログラム"
                                   : "makes casebooks of collaboration and their open data");
        print_overview(language, options->family, out);
    } else {
        const struct command_info *info = &command_infos[command];
        sink_write_format(out, "%s: kyodo %s%s%s [%s]\n\n%s\n\n", japanese ? "使い方" : "usage",
                          info->name, info->arguments[0] != '\0' ? " " : "", info->arguments,
                          japanese ? "オプション" : "OPTIONS", info->summary[language]);
        print_options(language, command, out);
    }
    print_options(language, COMMAND_all, out);
}
