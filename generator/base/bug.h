/* Assertions that stay on in release, and the one way out when memory is exhausted. */
#ifndef KYODO_BUG_H
#define KYODO_BUG_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KYODO_NORETURN __attribute__((noreturn))

/** Report an impossible state of our own making with file and line, and abort. */
KYODO_NORETURN void bug_report(const char *file, int line, const char *message);
#define BUG(message) bug_report(__FILE__, __LINE__, (message))
#define CHECK(condition) ((condition) ? (void)0 : BUG("check failed: " #condition))

/** Called once, with the number of bytes wanted, when memory or an arena's limit is exhausted.
 *  It must not return. main.c installs one that prints a message and exits with 4; without one the
 *  program aborts. */
typedef void (*memory_exhausted_handler)(ptrdiff_t wanted);
void memory_exhausted_set_handler(memory_exhausted_handler handler);
KYODO_NORETURN void memory_exhausted(ptrdiff_t wanted);

#ifdef __cplusplus
}
#endif
#endif
