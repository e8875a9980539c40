/*
 * base: what every stage stands on. Include this one header.
 *
 * Conventions of the whole program
 *   - Sizes and counts are signed (ptrdiff_t). Text is `struct slice`, UTF-8, not
 *     NUL-terminated.
 *   - `thing_init` / `thing_release` for values the caller holds; `thing_clear` empties and
 *     keeps memory.
 *   - Memory for things that live together comes from an arena that is passed in by pointer; who
 *     passes the arena owns what comes back. Nothing allocated in an arena is freed alone.
 *   - Allocation does not fail from a caller's view: when memory or an arena's limit is
 *     exhausted the handler that main.c installed is called (exit 4; nothing published has been
 *     touched by then).
 *   - BUG() is for our mistakes, findings (diag.h) are for people's. Neither replaces the other.
 *   - No function here reads the clock, the locale or the environment.
 */
#ifndef KYODO_BASE_H
#define KYODO_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bug.h"
#include "slice.h"
#include "arena.h"
#include "memory.h"
#include "vector.h"
#include "buffer.h"
#include "map.h"
#include "checked.h"
#include "utf8.h"
#include "hash.h"
#include "deflate.h"
#include "pool.h"
#include "sink.h"
#include "file.h"
#include "store.h"
#include "wire.h"
#include "json_writer.h"
#include "escape.h"
#include "banned.h"

#endif
