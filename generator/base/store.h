/*
 * A store: bytes kept aside, in a temporary file without a name, and read back when they are
 * needed. For what is large, made once and looked at once (the HTML of a text), so that a site of
 * any size needs little memory. The first 24 MiB do not go to the file unless memory is tight:
 * most sites are that small, and then the file would cost more than all else that is done with the
 * bytes. When the file cannot
 * be made or written (no folder, a full disk) the bytes stay in memory instead: nothing fails, it
 * only takes more.
 *
 * Or in a file of its own that stays: then later runs find there what earlier ones have put. What
 * was in it at the beginning is looked at in place; nobody else may cut it short meanwhile.
 *
 * Any thread may put and get. Where a piece lies depends on the order of putting, so what must not
 * depend on threads keeps a store a thread.
 */
#ifndef KYODO_STORE_H
#define KYODO_STORE_H

#include "arena.h"

#ifdef __cplusplus
extern "C" {
#endif

struct store;

/** `folder` is where temporary files may be made, or empty for memory only. */
struct store *store_open(struct slice folder);
/** A store that holds what is in the file already and goes on behind it. The descriptor becomes the
 * store's. NULL when the file can't be read. Only one store at a time may have a file. */
struct store *store_open_file(int descriptor);
void store_close(struct store *store);
/** Bytes that it holds. */
int64_t store_length(const struct store *store);
/** Write to the file what is not there yet; false when some of it can't be. A file that has all is
 * not touched. */
bool store_flush(struct store *store);
/** Keep a copy; returns where it is. */
int64_t store_put(struct store *store, struct slice s);
/** Bytes [at, at + length), read back into the arena. An unreadable file is as grave as failing
 * memory: memory_exhausted(). */
struct slice store_get(const struct store *store, int64_t at, ptrdiff_t length,
                       struct arena *arena);

/** The same, to be looked at as long as the store lives; a copy in the arena only where it must be.
 */
struct slice store_look(const struct store *store, int64_t at, ptrdiff_t length,
                        struct arena *arena);
/** Let go of the memory in which an own file was looked at; it comes back when it is wanted. */
void store_rest(const struct store *store);

#ifdef __cplusplus
}
#endif
#endif
