#include "cli.h"

#include <unistd.h>

/* kyodo completion bash|zsh: what a shell offers at Tab, from the table of commands and options.
 * The scripts hold all of it, so that Tab never waits for this program. */

/* ---- What may stand for an argument ---- */

/* A placeholder of options.def in lower case is what is to be written (`ja|en`); one in capitals
 * names a kind of thing. */
enum offer { OFFER_NOTHING, OFFER_FOLDERS, OFFER_FILES, OFFER_WORDS };

/* Codes of `see.` are parts of other findings. */
static void append_codes(struct buffer *words)
{
    for (int i = 0; i < CODE_COUNT; i++) {
        struct slice name = slice_of(code_info((enum code)i)->name);
        if (!slice_starts_with(name, SLICE("see."))) {
            buffer_append(words, words->length > 0 ? SLICE(" ") : SLICE(""));
            buffer_append(words, name);
        }
    }
}

static enum offer offer_of(struct slice placeholder, struct buffer *words)
{
    static const struct {
        struct slice name;
        enum offer offer;
    } kinds[] = {{{"DIR", 3}, OFFER_FOLDERS},
                 {{"R", 1}, OFFER_FOLDERS},
                 {{"W", 1}, OFFER_FOLDERS},
                 {{"FILE", 4}, OFFER_FILES},
                 {{"PATH", 4}, OFFER_FILES}};
    buffer_clear(words);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (slice_equal(placeholder, kinds[i].name)) {
            return kinds[i].offer;
        }
    }
    if (slice_equal(placeholder, SLICE("CODE"))) {
        append_codes(words);
    } else if (slice_equal(placeholder, SLICE("FORMAT"))) {
#define REPORTER(name, function) buffer_append_literal(words, name " ");
#include "reporters.def"
#undef REPORTER
        words->length--;
    } else if (placeholder.length > 0 && placeholder.data[0] >= 'a' && placeholder.data[0] <= 'z') {
        for (struct slice rest = placeholder; rest.data != NULL;) {
            buffer_append(words, words->length > 0 ? SLICE(" ") : SLICE(""));
            buffer_append(words, slice_cut(&rest, '|'));
        }
    }
    return words->length > 0 ? OFFER_WORDS : OFFER_NOTHING;
}

/* The next placeholder of a command's arguments, without the brackets of one that may be left out
 * and the dots of one that may be repeated: then it is the last that is offered. */
static struct slice next_placeholder(struct slice *rest, bool *is_repeated)
{
    struct slice word = slice_cut(rest, ' ');
    if (slice_starts_with(word, SLICE("["))) {
        word = slice_sub(word, 1, word.length - 1);
    }
    *is_repeated = slice_ends_with(word, SLICE("..."));
    if (*is_repeated) {
        *rest = (struct slice){0};
        word.length -= 3;
    }
    return word;
}

static struct slice first_word(const char *name)
{
    struct slice rest = slice_of(name);
    return slice_cut(&rest, ' ');
}

static struct slice second_word(const char *name)
{
    struct slice rest = slice_of(name);
    slice_cut(&rest, ' ');
    return rest;
}

/* The first command of a family stands for all of them where first words are listed. */
static bool begins_family(int command)
{
    return command == 0 || !slice_equal(first_word(command_infos[command].name),
                                        first_word(command_infos[command - 1].name));
}

static bool is_of_family(int command, struct slice family)
{
    return second_word(command_infos[command].name).length > 0 &&
           slice_equal(first_word(command_infos[command].name), family);
}

/* ---- bash ---- */

static const char bash_head[] =
    "# bash completion for kyodo; written by `kyodo completion bash`\n"
    "_kyodo_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$2\"); }\n"
    "_kyodo_paths() {\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$2\")\n"
    "}\n"
    "_kyodo() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command=${COMP_WORDS[1]-} start=2 place=0 options='' valued='' i\n"
    "    COMPREPLY=()\n"
    "    # bash takes --out=public apart at its =\n"
    "    if [[ $current == = ]]; then\n"
    "        current=''\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n";

static const char bash_places[] =
    "    if [[ $current == -* ]]; then\n"
    "        _kyodo_words \"$options\" \"$current\"\n"
    "        return\n"
    "    fi\n"
    "    for ((i = start; i < COMP_CWORD; i++)); do\n"
    "        if [[ ${COMP_WORDS[i]} != [-=]* && ${COMP_WORDS[i-1]} != = &&\n"
    "            \" $valued \" != *\" ${COMP_WORDS[i-1]} \"* ]]; then\n"
    "            place=$((place + 1))\n"
    "        fi\n"
    "    done\n";

static void bash_offer(struct sink *out, struct slice placeholder, struct buffer *words)
{
    switch (offer_of(placeholder, words)) {
    case OFFER_FOLDERS:
        sink_write_literal(out, "_kyodo_paths -d \"$current\"");
        break;
    case OFFER_FILES:
        sink_write_literal(out, "_kyodo_paths -f \"$current\"");
        break;
    case OFFER_WORDS:
        sink_write_format(out, "_kyodo_words '%.*s' \"$current\"",
                          SLICE_ARGUMENTS(buffer_slice(words)));
        break;
    case OFFER_NOTHING:
        sink_write_literal(out, ":");
        break;
    }
}

static void bash_commands(struct sink *out)
{
    sink_write_literal(out, "    if ((COMP_CWORD == 1)); then\n        _kyodo_words '");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (begins_family(i)) {
            sink_write_format(out, "%.*s ", SLICE_ARGUMENTS(first_word(command_infos[i].name)));
        }
    }
    sink_write_literal(out, "--help --version' \"$current\"\n        return\n    fi\n"
                            "    case $command in\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        struct slice family = first_word(command_infos[i].name);
        if (!begins_family(i) || !is_of_family(i, family)) {
            continue;
        }
        sink_write_format(out,
                          "    %.*s)\n        if ((COMP_CWORD == 2)); then\n"
                          "            _kyodo_words '",
                          SLICE_ARGUMENTS(family));
        for (int j = i; j < COMMAND_COUNT && is_of_family(j, family); j++) {
            sink_write_format(out, "%s%.*s", j > i ? " " : "",
                              SLICE_ARGUMENTS(second_word(command_infos[j].name)));
        }
        sink_write_literal(out, "' \"$current\"\n            return\n        fi\n"
                                "        command=\"$command ${COMP_WORDS[2]}\" start=3 ;;\n");
    }
    sink_write_literal(out, "    esac\n");
}

/* The names of a command's options; of those alone that take a value, if `is_valued`. */
static void bash_names(struct sink *out, enum command_id command, bool is_valued)
{
    const char *before = "";
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *info = &option_infos[i];
        if ((info->command == command || info->command == COMMAND_all) &&
            (!is_valued || info->argument != NULL)) {
            sink_write_format(out, "%s--%s", before, info->name);
            before = " ";
        }
    }
}

static void write_bash(struct sink *out)
{
    struct buffer words = {0};
    sink_write(out, slice_of(bash_head));
    bash_commands(out);
    sink_write_literal(out, "    case $command in\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        sink_write_format(out, "    '%s')\n        options='", command_infos[i].name);
        bash_names(out, (enum command_id)i, false);
        sink_write_literal(out, "'\n        valued='");
        bash_names(out, (enum command_id)i, true);
        sink_write_literal(out, "' ;;\n");
    }
    sink_write_literal(out, "    esac\n    case \"$command $before\" in\n");
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *info = &option_infos[i];
        if (info->argument != NULL) {
            sink_write_format(
                out, info->command == COMMAND_all ? "    *%s' --%s') " : "    '%s --%s') ",
                info->command == COMMAND_all ? "" : command_infos[info->command].name, info->name);
            bash_offer(out, slice_of(info->argument), &words);
            sink_write_literal(out, "; return ;;\n");
        }
    }
    sink_write_literal(out, "    esac\n");
    sink_write(out, slice_of(bash_places));
    sink_write_literal(out, "    case \"$command $place\" in\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        struct slice rest = slice_of(command_infos[i].arguments);
        for (int place = 0; rest.length > 0; place++) {
            bool is_repeated = false;
            struct slice placeholder = next_placeholder(&rest, &is_repeated);
            if (offer_of(placeholder, &words) != OFFER_NOTHING) {
                sink_write_format(out, is_repeated ? "    '%s '*) " : "    '%s %d') ",
                                  command_infos[i].name, place);
                bash_offer(out, placeholder, &words);
                sink_write_literal(out, " ;;\n");
            }
        }
    }
    sink_write_literal(out, "    esac\n}\ncomplete -F _kyodo kyodo\n");
    buffer_release(&words);
}

/* ---- zsh ---- */

/* Inside single quotes; `[`, `]` and `:` mean something to _arguments and _describe. */
static void zsh_text(struct sink *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\'') {
            sink_write_literal(out, "'\\''");
        } else if (*at == '[' || *at == ']' || *at == ':' || *at == '\\') {
            sink_write_format(out, "\\%c", *at);
        } else {
            sink_write(out, slice_make(at, 1));
        }
    }
}

/* `:what:how` of one argument. */
static void zsh_offer(struct sink *out, struct slice placeholder, struct buffer *words)
{
    enum offer offer = offer_of(placeholder, words);
    if (offer == OFFER_WORDS) {
        sink_write_format(out, ": :(%.*s)", SLICE_ARGUMENTS(buffer_slice(words)));
    } else {
        sink_write_format(out, ":%.*s:%s", SLICE_ARGUMENTS(placeholder),
                          offer == OFFER_FOLDERS ? "_files -/"
                          : offer == OFFER_FILES ? "_files"
                                                 : " ");
    }
}

static void zsh_options(struct sink *out, enum command_id command, enum interface_language language,
                        struct buffer *words)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *info = &option_infos[i];
        if (info->command != command) {
            continue;
        }
        sink_write_format(out, " \\\n            '--%s%s[", info->name,
                          info->argument != NULL ? "=" : "");
        zsh_text(out, info->summary[language]);
        sink_write_literal(out, "]");
        if (info->argument != NULL) {
            zsh_offer(out, slice_of(info->argument), words);
        }
        sink_write_literal(out, "'");
    }
}

/* A list for _describe: of first words when `family` is empty, else of its second words. */
static void zsh_list(struct sink *out, struct slice family, enum interface_language language)
{
    sink_write_literal(out, "commands=(");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        const struct command_info *info = &command_infos[i];
        bool is_whole = family.length > 0;
        if (is_whole ? !is_of_family(i, family) : !begins_family(i)) {
            continue;
        }
        struct slice name = is_whole ? second_word(info->name) : first_word(info->name);
        sink_write_format(out, "\n            '%.*s", SLICE_ARGUMENTS(name));
        if (is_whole || second_word(info->name).length == 0) {
            sink_write_literal(out, ":");
            zsh_text(out, info->summary[language]);
        }
        sink_write_literal(out, "'");
    }
    sink_write_literal(out, ")\n        _describe -t commands command commands\n        return\n");
}

static void write_zsh(struct sink *out, enum interface_language language)
{
    struct buffer words = {0};
    sink_write_literal(out, "#compdef kyodo\n# zsh completion; written by `kyodo completion zsh`\n"
                            "_kyodo() {\n    local -a commands\n    local name=$words[2]\n"
                            "    if (( CURRENT == 2 )); then\n        ");
    zsh_list(out, (struct slice){0}, language);
    sink_write_literal(out, "    fi\n    shift words\n    (( CURRENT-- ))\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        struct slice family = first_word(command_infos[i].name);
        if (begins_family(i) && is_of_family(i, family)) {
            sink_write_format(out,
                              "    if [[ $name == %.*s ]]; then\n"
                              "        if (( CURRENT == 2 )); then\n        ",
                              SLICE_ARGUMENTS(family));
            zsh_list(out, family, language);
            sink_write_literal(out, "        fi\n        name=\"$name $words[2]\"\n"
                                    "        shift words\n        (( CURRENT-- ))\n    fi\n");
        }
    }
    sink_write_literal(out, "    case $name in\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        sink_write_format(out, "    '%s')\n        _arguments -S", command_infos[i].name);
        zsh_options(out, (enum command_id)i, language, &words);
        zsh_options(out, COMMAND_all, language, &words);
        struct slice rest = slice_of(command_infos[i].arguments);
        for (int place = 1; rest.length > 0; place++) {
            bool is_repeated = false;
            struct slice placeholder = next_placeholder(&rest, &is_repeated);
            sink_write_format(
                out, is_repeated ? " \\\n            '*:" : " \\\n            '%d:", place);
            zsh_offer(out, placeholder, &words);
            sink_write_literal(out, "'");
        }
        sink_write_literal(out, " ;;\n");
    }
    sink_write_literal(out, "    esac\n}\n"
                            "if [[ $funcstack[1] == _kyodo ]]; then\n    _kyodo \"$@\"\nelse\n"
                            "    compdef _kyodo kyodo\nfi\n");
    buffer_release(&words);
}

int command_completion(const struct options *options)
{
    struct slice shell =
        options->argument_count > 0 ? slice_of(options->arguments[0]) : (struct slice){0};
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    if (slice_equal(shell, SLICE("bash"))) {
        write_bash(&out);
    } else if (slice_equal(shell, SLICE("zsh"))) {
        write_zsh(&out, options->language);
    } else {
        say(options, "bash か zsh を書いてください（例: kyodo completion bash）",
            "name bash or zsh, for example: kyodo completion bash");
        return EXIT_USAGE;
    }
    return sink_close(&out) == 0 ? EXIT_CLEAN : EXIT_SYSTEM;
}
