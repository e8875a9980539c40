/* kyodo: options -> command -> exit status. The only file that exits. */
#include "cli.h"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

static void no_memory(ptrdiff_t wanted)
{
    (void)wanted;
    static const char message[] = "kyodo: メモリーが足りません。何も公開していません / "
                                  "out of memory; nothing was published\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)ignored;
    _exit(EXIT_SYSTEM);
}

/* Large pieces go back to the system when they are freed. Else malloc keeps them from the first on
 * that was freed, and what is freed here and there is wanted again in other sizes: 35 MiB of the
 * 500 that 100,000 cases take. */
static void give_large_pieces_back(void)
{
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

static int run(const struct options *options)
{
    switch (options->command) {
    case COMMAND_init:
        return command_init(options);
    case COMMAND_new:
        return command_new(options);
    case COMMAND_build:
        return command_build(options);
    case COMMAND_check:
        return command_check(options);
    case COMMAND_import:
        return command_import(options);
    case COMMAND_serve:
        return command_serve(options);
    case COMMAND_explain:
        return command_explain(options);
    case COMMAND_schema:
        return command_schema(options);
    case COMMAND_completion:
        return command_completion(options);
    case COMMAND_translated:
        return command_translated(options);
    case COMMAND_manual:
        return command_manual(options);
    case COMMAND_publish_init:
        return command_publish_init(options);
    case COMMAND_publish_deploy:
        return command_publish_deploy(options);
    case COMMAND_publish_list:
        return command_publish_list(options);
    case COMMAND_publish_rollback:
        return command_publish_rollback(options);
    case COMMAND_publish_check:
        return command_publish_check(options);
    case COMMAND_publish_hook:
        return command_publish_hook(options);
    case COMMAND_COUNT:
        break;
    }
    BUG("a command of no kind");
}

int main(int argc, char **argv)
{
    memory_exhausted_set_handler(no_memory);
    give_large_pieces_back();
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is a write error like any other */
    struct options options;
    if (!options_parse(&options, argc, argv)) {
        return EXIT_USAGE;
    }
    if (option_flag(&options, OPTION_all_version)) {
        puts("kyodo " KYODO_VERSION);
        return fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_SYSTEM;
    }
    if (option_flag(&options, OPTION_all_help) || options.command == COMMAND_all) {
        bool is_wanted = argc > 1 && option_flag(&options, OPTION_all_help);
        struct sink out;
        sink_open_descriptor(&out, is_wanted ? STDOUT_FILENO : STDERR_FILENO);
        help_print(&options, options.command, &out);
        int failed = sink_close(&out);
        return failed != 0 ? EXIT_SYSTEM : is_wanted ? EXIT_CLEAN : EXIT_USAGE;
    }
    int status = run(&options);
    if (fflush(stdout) != 0) {
        return status > EXIT_SYSTEM ? status : EXIT_SYSTEM;
    }
    return status;
}
