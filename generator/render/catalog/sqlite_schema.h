/*
 * The tables of kyodo.sqlite, as SQL. One STRICT table a dataset, by its name (ruling 13); texts,
 * dates and lists TEXT as the CSV has them, booleans 0 and 1. Code columns and references are
 * foreign keys. Tables of our own begin with kyodo_, which no dataset's name can:
 *
 *     kyodo_datasets   what each table is
 *     kyodo_columns    what each column means
 *     kyodo_records    a row of any register: table, key, title
 *     kyodo_search     full text of these (FTS5, same rowid), over their bigrams
 */
#ifndef KYODO_RENDER_SQLITE_SCHEMA_H
#define KYODO_RENDER_SQLITE_SCHEMA_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/** CREATE TABLE of a dataset. `is_wide`, one a column: it has integers beyond 64 bits, which stay
 * text. */
void sqlite_table(const struct dataset *dataset, const bool *is_wide, struct buffer *sql);
/** CREATE TABLE of our own. */
void sqlite_own_tables(const struct site *site, struct buffer *sql);
/** INSERT INTO `table` VALUES (?, …). */
void sqlite_insert(struct slice table, int columns, struct buffer *sql);

#ifdef __cplusplus
}
#endif
#endif
