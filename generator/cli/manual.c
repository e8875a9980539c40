#include "cli.h"

#include <unistd.h>

/* kyodo.1, from the table of commands and options (man(7)). */

static void write_escaped(struct sink *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '-') {
            sink_write_literal(out, "\\-");
        } else if (*at == '\\') {
            sink_write_literal(out, "\\e");
        } else {
            sink_write(out, slice_make(at, 1));
        }
    }
}

static void write_options(struct sink *out, enum command_id command,
                          enum interface_language language)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *info = &option_infos[i];
        if (info->command != command) {
            continue;
        }
        sink_write_literal(out, ".TP\n.BI \\-\\-");
        write_escaped(out, info->name);
        if (info->argument != NULL) {
            sink_write_literal(out, " \" ");
            write_escaped(out, info->argument);
            sink_write_literal(out, "\"");
        }
        sink_write_literal(out, "\n");
        write_escaped(out, info->summary[language]);
        sink_write_literal(out, "\n");
    }
}

static const char *const ending[INTERFACE_LANGUAGES] = {
    ".SH 終了コード\n"
    ".TP\n.B 0\n誤りなし\n.TP\n.B 1\n警告あり（\\-\\-strict のとき）\n.TP\n.B 2\n入力に誤りがある\n"
    ".TP\n.B 3\n使い方の誤り\n.TP\n.B 4\nディスクや権限など、環境の問題\n"
    ".PP\n2 以上のときは何も書き出しません。前に書き出したものはそのまま残ります。\n"
    ".SH ファイル\n"
    ".TP\n.I content/site.yaml\nサイトの名前、言語、公開先\n"
    ".TP\n.I content/<kind>/<id>/index.<lang>.md\n事例・ページ・おたより・会議の本文\n"
    ".TP\n.I data/datapackage.json\n一覧（CSV）の説明書。Tabular Data Package\n"
    ".TP\n.I data/principles/frameworks/\n市の原則\n"
    ".TP\n.I themes/<name>/\nテーマ\n"
    ".SH 環境変数\n"
    ".TP\n.B SOURCE_DATE_EPOCH\n今日に当たる日。なければ site.yaml の as_of\n"
    ".TP\n.B NO_COLOR\n色を付けません\n"
    ".SH 例\n"
    ".nf\nkyodo init our-city\nkyodo new case flower-beds \\-\\-site our-city\n"
    "kyodo build \\-\\-site . \\-\\-out public\nkyodo check \\-\\-format json\n"
    "kyodo import public/data/actors.excel.csv \\-\\-as actors\n"
    "kyodo explain record.unknown_key\n.fi\n",
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nclean\n.TP\n.B 1\nwarnings, under \\-\\-strict\n.TP\n.B 2\nerrors in the input\n"
    ".TP\n.B 3\nwrong usage\n.TP\n.B 4\nthe system: disk, permissions\n"
    ".PP\nAt 2 and more nothing is written and what was there stays.\n"
    ".SH FILES\n"
    ".TP\n.I content/site.yaml\ntitle, languages and address of the site\n"
    ".TP\n.I content/<kind>/<id>/index.<lang>.md\ncases, pages, news and meetings\n"
    ".TP\n.I data/datapackage.json\ndescriptor of the registers: a Tabular Data Package\n"
    ".TP\n.I data/principles/frameworks/\nthe city's principles\n"
    ".TP\n.I themes/<name>/\nthemes\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B SOURCE_DATE_EPOCH\nwhat counts as today, instead of as_of in site.yaml\n"
    ".TP\n.B NO_COLOR\nno colours\n"
    ".SH EXAMPLES\n"
    ".nf\nkyodo init our-city\nkyodo new case flower-beds \\-\\-site our-city\n"
    "kyodo build \\-\\-site . \\-\\-out public\nkyodo check \\-\\-format json\n"
    "kyodo import public/data/actors.excel.csv \\-\\-as actors\n"
    "kyodo explain record.unknown_key\n.fi\n",
};

int command_manual(const struct options *options)
{
    bool japanese = options->language == INTERFACE_JAPANESE;
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    sink_write_format(&out, ".TH KYODO 1 \"\" \"kyodo %s\"\n.SH %s\nkyodo \\- %s\n", KYODO_VERSION,
                      japanese ? "名前" : "NAME",
                      japanese ? "協働の事例集とオープンデータを作る"
                               : "make casebooks of collaboration and their open data");
    sink_write_format(&out, ".SH %s\n.B kyodo\n.I %s\n.RI [ %s ]\n", japanese ? "書式" : "SYNOPSIS",
                      japanese ? "コマンド" : "command", japanese ? "オプション" : "options");
    sink_write_format(&out, ".SH %s\n", japanese ? "コマンド" : "COMMANDS");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        sink_write_format(&out, ".SS \"%s%s%s\"\n", command_infos[i].name,
                          command_infos[i].arguments[0] != '\0' ? " " : "",
                          command_infos[i].arguments);
        write_escaped(&out, command_infos[i].summary[options->language]);
        sink_write_literal(&out, "\n");
        write_options(&out, (enum command_id)i, options->language);
    }
    sink_write_format(&out, ".SH %s\n", japanese ? "共通のオプション" : "COMMON OPTIONS");
    write_options(&out, COMMAND_all, options->language);
    sink_write(&out, slice_of(ending[options->language]));
    return sink_close(&out) == 0 ? EXIT_CLEAN : EXIT_SYSTEM;
}
