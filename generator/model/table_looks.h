/*
 * What is seen of a table that nobody has described. Without a schema no value is wrong, but much
 * keeps programs from reading what people see: rows that are no records, values left out as in
 * merged cells, numbers dressed for the eye. Types are not guessed from one cell: a column is said
 * to hold numbers or dates when four in five of its values are. Private to model.
 */
#ifndef KYODO_TABLE_LOOKS_H
#define KYODO_TABLE_LOOKS_H

#include "registers.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What one thread has seen. Lives in `arena`, which must outlive the reading. */
struct table_looks;
struct table_looks *looks_new(const struct table_reader *reader, struct arena *arena);
/** Look at the record in row->place: findings of its own at once, the rest is counted.
 *  `follows_blank`: behind a blank row, where a second table may begin. */
void looks_at(struct table_looks *looks, const struct row_reader *row, const struct csv_row *record,
              bool follows_blank);
/** Findings about the columns, of what all threads saw. */
void looks_report(const struct table_reader *reader, struct table_looks *const *all, int count);
/** Findings about the labels: spread for looks, times side by side. */
void looks_at_labels(const struct table_reader *reader, const struct csv_row *row);

#ifdef __cplusplus
}
#endif
#endif
