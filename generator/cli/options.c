#include "cli.h"
#include "reading.h"

#include <unistd.h>

const struct command_info command_infos[COMMAND_COUNT] = {
#define COMMAND(identifier, name_, arguments_, most, ja, en) \
    [COMMAND_##identifier] = {name_, arguments_, most, {ja, en}},
#define OPTION(...)
#include "options.def"
#undef COMMAND
#undef OPTION
};

const struct option_info option_infos[OPTION_COUNT] = {
#define COMMAND(...)
#define OPTION(command_, identifier, name_, argument_, ja, en) \
    [OPTION_##command_##_##identifier] = {COMMAND_##command_, name_, argument_, {ja, en}},
#include "options.def"
#undef COMMAND
#undef OPTION
};

void say(const struct options *options, const char *ja, const char *en)
{
    const char *text = options->language == INTERFACE_JAPANESE ? ja : en;
    fprintf(stderr, "kyodo: %s\n", text);
}

static enum interface_language language_of_environment(void)
{
    const char *names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return slice_starts_with(slice_of(value), SLICE("ja")) ? INTERFACE_JAPANESE
                                                                   : INTERFACE_ENGLISH;
        }
    }
    return INTERFACE_ENGLISH;
}

static enum option_id find_option(enum command_id command, struct slice name)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        bool ours = option_infos[i].command == command || option_infos[i].command == COMMAND_all;
        if (ours && slice_equal(slice_of(option_infos[i].name), name)) {
            return (enum option_id)i;
        }
    }
    return OPTION_COUNT;
}

/* A command's name is one word, or two with a space between them: `publish init`. */
static enum command_id find_command(struct slice first, struct slice second)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        struct slice rest = slice_of(command_infos[i].name);
        if (slice_equal(slice_cut(&rest, ' '), first) &&
            (rest.data == NULL || slice_equal(rest, second))) {
            return (enum command_id)i;
        }
    }
    return COMMAND_COUNT;
}

/* Whether some commands begin with this word and go on with another. */
static bool is_family(struct slice first)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        struct slice rest = slice_of(command_infos[i].name);
        if (slice_equal(slice_cut(&rest, ' '), first)) {
            return rest.data != NULL;
        }
    }
    return false;
}

/* `meant`: what it may be a slip of; may be empty. */
static bool usage_meant(const struct options *options, const char *ja, const char *en,
                        struct slice subject, struct slice meant)
{
    bool japanese = options->language == INTERFACE_JAPANESE;
    const char *command =
        options->command < COMMAND_COUNT ? command_infos[options->command].name : "";
    fprintf(stderr, japanese ? "kyodo: 「%.*s」%s" : "kyodo: \"%.*s\" %s", SLICE_ARGUMENTS(subject),
            japanese ? ja : en);
    if (meant.length > 0) {
        fprintf(stderr, japanese ? "（「%.*s」のことですか）" : " (did you mean \"%.*s\"?)",
                SLICE_ARGUMENTS(meant));
    }
    fprintf(stderr,
            japanese ? "\n使い方は kyodo %s%s--help で見られます。\n"
                     : "\nkyodo %s%s--help shows how it is used.\n",
            command, command[0] != '\0' ? " " : "");
    return false;
}

static bool usage(const struct options *options, const char *ja, const char *en,
                  struct slice subject)
{
    return usage_meant(options, ja, en, subject, SLICE(""));
}

/* A command by a word that is none: its second word alone (`rollback`), or one that is near.
 * `family`: only commands that begin with that word. */
static struct slice meant_command(struct slice family, struct slice word)
{
    struct slice names[COMMAND_COUNT];
    int count = 0;
    for (int i = 0; i < COMMAND_COUNT; i++) {
        struct slice name = slice_of(command_infos[i].name);
        struct slice rest = name;
        struct slice first = slice_cut(&rest, ' ');
        if (rest.data != NULL && slice_equal(rest, word)) {
            return name;
        }
        if (family.length == 0 || slice_equal(first, family)) {
            names[count++] = family.length == 0 ? first : rest;
        }
    }
    return nearest_name(word, names, count);
}

static struct slice meant_option(enum command_id command, struct slice name)
{
    struct slice names[OPTION_COUNT];
    int count = 0;
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (option_infos[i].command == command || option_infos[i].command == COMMAND_all) {
            names[count++] = slice_of(option_infos[i].name);
        }
    }
    return nearest_name(name, names, count);
}

/* `--name`, `--name=value` or `--name value`; *at moves over a value that stands apart. */
static bool parse_option(struct options *options, int argc, char **argv, int *at)
{
    struct slice word = slice_from(slice_of(argv[*at]), 2);
    ptrdiff_t equals = slice_find_byte(word, '=', 0);
    struct slice name = equals >= 0 ? slice_sub(word, 0, equals) : word;
    enum option_id option = find_option(options->command, name);
    if (option == OPTION_COUNT) {
        char meant[64] = "";
        struct slice nearest = meant_option(options->command, name);
        if (nearest.length > 0) {
            snprintf(meant, sizeof(meant), "--%.*s", SLICE_ARGUMENTS(nearest));
        }
        return usage_meant(options, "というオプションはありません", "is not an option here",
                           slice_of(argv[*at]), slice_of(meant));
    }
    if (option_infos[option].argument == NULL) {
        if (equals >= 0) {
            return usage(options, "に値は付けられません", "takes no value", slice_of(argv[*at]));
        }
        options->values[option] = "";
        return true;
    }
    if (equals >= 0) {
        options->values[option] = argv[*at] + 2 + equals + 1;
    } else if (*at + 1 < argc) {
        options->values[option] = argv[++*at];
    } else {
        return usage(options, "に値が要ります", "needs a value", slice_of(argv[*at]));
    }
    if (options->use_count == OPTION_USES_MOST) {
        return usage(options, "は多すぎます", "is one option too many", slice_of(argv[*at]));
    }
    options->uses[options->use_count++] =
        (struct option_use){.option = option, .value = options->values[option]};
    return true;
}

static bool language_by_tag(struct slice tag, enum interface_language *language)
{
    bool japanese = slice_equal(tag, SLICE("ja"));
    if (japanese || slice_equal(tag, SLICE("en"))) {
        *language = japanese ? INTERFACE_JAPANESE : INTERFACE_ENGLISH;
        return true;
    }
    return false;
}

/* What is wrong before the words are read as far as --lang is told in that language, too. */
static void peek_language(struct options *options, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct slice word = slice_of(argv[i]);
        if (slice_starts_with(word, SLICE("--lang="))) {
            language_by_tag(slice_from(word, SLICE("--lang=").length), &options->language);
        } else if (slice_equal(word, SLICE("--lang")) && i + 1 < argc) {
            language_by_tag(slice_of(argv[i + 1]), &options->language);
        }
    }
}

static bool choose_language(struct options *options)
{
    struct slice tag = slice_of(option_value(options, OPTION_all_lang, NULL));
    return tag.data == NULL || language_by_tag(tag, &options->language) ||
           usage(options, "は表示できる言語ではありません（ja か en）",
                 "is no language of messages (ja or en)", tag);
}

/* `*at` moves over the words of the command's name. */
static bool choose_command(struct options *options, int argc, char **argv, int *at)
{
    if (argc < 2 || argv[1][0] == '-') {
        return true;
    }
    struct slice first = slice_of(argv[1]);
    struct slice second = argc > 2 ? slice_of(argv[2]) : SLICE("");
    options->command = find_command(first, second);
    *at = 2;
    if (options->command != COMMAND_COUNT) {
        *at += is_family(first) ? 1 : 0;
        return true;
    }
    if (is_family(first) && (second.length == 0 || second.data[0] == '-')) {
        options->family = first;
        return true;
    }
    struct slice family = is_family(first) ? first : SLICE("");
    struct slice word = family.length > 0 ? second : first;
    return usage_meant(options, "というコマンドはありません", "is not a command", word,
                       meant_command(family, word));
}

bool options_parse(struct options *options, int argc, char **argv)
{
    *options = (struct options){
        .command = COMMAND_all, .language = language_of_environment(), .arguments = argv};
    int at = 1;
    peek_language(options, argc, argv);
    if (!choose_command(options, argc, argv, &at)) {
        return false;
    }
    bool only_arguments = false;
    int most =
        options->command < COMMAND_COUNT ? command_infos[options->command].most_arguments : 0;
    for (; at < argc; at++) {
        struct slice word = slice_of(argv[at]);
        if (!only_arguments && slice_equal(word, SLICE("--"))) {
            only_arguments = true;
        } else if (!only_arguments && slice_starts_with(word, SLICE("--"))) {
            if (!parse_option(options, argc, argv, &at)) {
                return false;
            }
        } else if (options->argument_count == most) {
            return usage(options, "は余分です", "is one argument too many", word);
        } else {
            options->arguments[options->argument_count++] = argv[at];
        }
    }
    return choose_language(options);
}

const char *option_value(const struct options *options, enum option_id option,
                         const char *otherwise)
{
    return options->values[option] != NULL ? options->values[option] : otherwise;
}

bool option_flag(const struct options *options, enum option_id option)
{
    return options->values[option] != NULL;
}

int option_jobs(const struct options *options, enum option_id option)
{
    const char *value = options->values[option];
    if (value == NULL) {
        return pool_available_threads();
    }
    int64_t jobs;
    if (!slice_to_integer(slice_of(value), &jobs) || jobs < 1 || jobs > 256) {
        usage(options, "は --jobs の値に使えません（1 から 256 の整数）",
              "is no value for --jobs (a whole number from 1 to 256)", slice_of(value));
        return 0;
    }
    return (int)jobs;
}
