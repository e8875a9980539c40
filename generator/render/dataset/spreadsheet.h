/*
 * What a spreadsheet program makes of a value: what form_xlsx.c writes into a cell, and what a page
 * has to say of values that such a program cannot hold as they are.
 *
 * Dates count from 1900-03-01: Excel believes in a 29 February 1900, so earlier days differ between
 * programs. Numbers keep 15 digits, texts 32,767 UTF-16 units, sheets 1,048,576 rows and 16,384
 * columns.
 */
#ifndef KYODO_RENDER_SPREADSHEET_H
#define KYODO_RENDER_SPREADSHEET_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Rows of a dataset on one sheet, the header apart. */
#define SPREADSHEET_ROWS ((ptrdiff_t)1048575)
#define SPREADSHEET_COLUMNS 16384
#define SPREADSHEET_TEXT 32767

enum spreadsheet_kind {
    SPREADSHEET_EMPTY,
    SPREADSHEET_TEXT_CELL,
    SPREADSHEET_NUMBER,
    SPREADSHEET_BOOLEAN,
    SPREADSHEET_DATE, /* days since 1899-12-30 */
    SPREADSHEET_DATETIME,
    SPREADSHEET_TIME /* part of a day */
};

struct spreadsheet_cell {
    enum spreadsheet_kind kind;
    double number;
    struct slice text;
    bool is_early_date;  /* a date that is text because it is too early */
    bool is_long_number; /* a number that is text because it has too many digits */
    bool is_cut;         /* a text that is too long: its beginning */
};

struct spreadsheet_cell spreadsheet_cell(const struct dataset_column *column, struct slice cell);

/** Whether a spreadsheet would take the text for a formula, so that the CSV for Excel guards it
 * with a '. */
bool spreadsheet_is_formula(const struct dataset_column *column, struct slice cell);

#ifdef __cplusplus
}
#endif
#endif
