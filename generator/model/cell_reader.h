/*
 * cell_reader: texts read as the cells of a table's columns, without a file of the table: what
 * importing needs. By the column's own rules first; then by the rules that are made for what
 * people write (japanese-date and its like, column_formats.def), where the value that this gives
 * is one that the column's own rules take.
 */
#ifndef KYODO_CELL_READER_H
#define KYODO_CELL_READER_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cell_reader;

/** The table's site must live as long. Closed with cell_reader_close, for its patterns; the rest
 *  lives in `arena`. */
struct cell_reader *cell_reader_open(struct site *site, const struct table *table,
                                     struct arena *arena);
void cell_reader_close(struct cell_reader *reader);

/** Whether the column takes the text for no value. */
bool cell_reader_is_missing(const struct cell_reader *reader, int column, struct slice raw);
/** The value that the column keeps of a text, which is not empty: `raw` itself where nothing
 *  changes, else in `arena`. False when the text is none of the column's, or when checking has
 *  something to say about it (a date outside its era): it is to be kept as it is, then. */
bool cell_reader_value(const struct cell_reader *reader, int column, struct slice raw,
                       struct arena *arena, struct slice *value);
/** Whether two values of the column mean the same: 1.50 and 1.5, an empty one and none; spaces
 *  around them mean nothing. */
bool cell_reader_equal(const struct cell_reader *reader, int column, struct slice a, struct slice b,
                       struct arena *arena);
/** The JSON of a cell, or NULL. Its places mean nothing. */
struct node *cell_json(struct slice text, struct arena *arena);
/** 〃 and 同上: a value left out as the same as above. */
bool cell_is_ditto(struct slice s);
/** #N/A and its like, or ####: what a spreadsheet shows in place of a value. */
bool cell_is_sheet_error(struct slice s);
/** =SUM(B2:B9): the formula itself in place of its result. */
bool cell_is_formula(struct slice s);
/** 合計, 小計, Total: the first cell of a row that sums up others. */
bool text_means_total(struct slice text, struct arena *arena);
/** ※, （注）, 出典: how a note that stands below a table begins. */
bool text_begins_note(struct slice text);
/** 網掛けは休館日: the note gives a meaning to colours and strokes, which no CSV has. */
bool text_names_looks(struct slice text);
/** A heading as it is compared: NFKC, no capitals, without white space and signs put in for looks.
 */
struct slice label_fold(struct slice label, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
