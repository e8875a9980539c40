#include "cli.h"

int command_publish_init(const struct options *options)
{
    (void)options;
    return EXIT_USAGE;
}

int command_publish_hook(const struct options *options)
{
    (void)options;
    return EXIT_USAGE;
}
