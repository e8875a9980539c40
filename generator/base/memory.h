/* What the process takes of the machine's memory. */
#ifndef KYODO_MEMORY_H
#define KYODO_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** So many bytes of it lie in memory now, what is mapped from files with them; INT64_MAX where the
 * system doesn't tell. It is as near as the kernel counts, within some hundred KiB. */
int64_t memory_resident(void);
/** Whether that is so much (384 MiB) that what can lie in files had better do so. */
bool memory_is_tight(void);

#ifdef __cplusplus
}
#endif
#endif
