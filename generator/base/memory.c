#include "memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "banned.h"
#include "file.h"

#define TIGHT_BEYOND ((int64_t)384 << 20)

int64_t memory_resident(void)
{
    char text[128]; /* pages of the program, then those in memory, then others */
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return INT64_MAX;
    }
    int64_t length = file_read_up_to(file, text, (int64_t)sizeof(text) - 1);
    close(file);
    if (length <= 0) {
        return INT64_MAX;
    }
    text[length] = '\0';
    char *end;
    strtoll(text, &end, 10);
    return strtoll(end, NULL, 10) * sysconf(_SC_PAGESIZE);
}

bool memory_is_tight(void)
{
    return memory_resident() > TIGHT_BEYOND;
}
