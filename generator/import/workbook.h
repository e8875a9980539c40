/* Workbooks, between workbook.c and what it stands on. Private to import. */
#ifndef KYODO_IMPORT_WORKBOOK_H
#define KYODO_IMPORT_WORKBOOK_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- program.c ---- */

/** Where a program is by PATH, in the arena; NULL when it is not there. */
const char *program_find(const char *name, struct arena *arena);
/** Run a program (no shell) with these words (the first its name, the last NULL) and append what it
 *  prints to `out`, up to `most` bytes; what it says on standard error is dropped. It is killed
 *  after `seconds`, by the clock or of computing. Its exit status; -1 with errno when it did not
 *  run, was killed (ETIMEDOUT) or printed more (EFBIG). */
int program_run(const char *path, const char *const *words, int seconds, ptrdiff_t most,
                struct buffer *out);

/* ---- gnumeric.c ---- */

/** Cells that are merged: rows and columns from 0, the last ones included. */
struct workbook_merge {
    ptrdiff_t first_row, last_row;
    ptrdiff_t first_column, last_column;
};
struct workbook_sheet {
    struct slice name;
    bool is_hidden;
    bool is_empty;
    ptrdiff_t row_count, column_count;
    struct workbook_merge *merges;
    ptrdiff_t merge_count;
};
struct workbook_sheets {
    struct workbook_sheet *list;
    ptrdiff_t count;
};
/** What sheets a workbook has, from its form as Gnumeric's XML (of which nothing else is read). */
struct workbook_sheets gnumeric_sheets(struct slice xml, struct arena *arena);
/** `E`, `AA`: how a spreadsheet names the column number `index` (from 0). */
struct slice workbook_column_name(ptrdiff_t index, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
