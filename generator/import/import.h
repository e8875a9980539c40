/*
 * import: a spreadsheet's table into a register.
 *
 *     sheet      the file's rows and cells, as text (a workbook through `ssconvert`)
 *     answers    what a person has said: on the command line, in a file of answers
 *     header     which row names the columns
 *     mapping    which column of the file is which of the register, and why
 *     rows       which rows are records; each cell's way to the register's value, and why
 *     merge      which records are there already; the register's text with the new ones
 *     recheck    what checking that text finds, placed in the file that was imported
 *     plan       all of it for a person; report: every cell for a program or a spreadsheet
 *
 * Nothing is guessed silently. What is certain has a reason (reasons.def) that the plan shows; what
 * is not is a decision: a finding of severity error in the file, whose help says how to answer.
 * While there is one, nothing is written. Nothing is lost: the register's own rows stay byte for
 * byte, and every cell of the file that does not go into the register as it stands is in the
 * report. Private columns are masked in the plan and in excerpts; the report shows them, since it
 * is for those who have the file.
 */
#ifndef KYODO_IMPORT_H
#define KYODO_IMPORT_H

#include "cell_reader.h"
#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum import_reason {
#define IMPORT_REASON(identifier, ja, en) REASON_##identifier,
#include "reasons.def"
#undef IMPORT_REASON
    IMPORT_REASONS
};
/** Why, for people. */
struct slice import_reason_words(enum import_reason reason, enum interface_language language);

/* ---- The file (sheet.c, workbook.c, gnumeric.c, program.c) ---- */

struct sheet_cell {
    struct slice text;
    struct slice shown; /* as the workbook's user sees it, where that is another text; else empty */
    bool is_merged;     /* `text` is that of the merged cell whose first cell is elsewhere */
};
struct sheet_row {
    int64_t number;       /* line of the file; row of a workbook's sheet */
    ptrdiff_t start, end; /* of its record in the source */
    struct sheet_cell *cells;
    ptrdiff_t count;
    bool is_broken; /* a finding was made about its quotes */
};
struct sheet {
    struct source *source; /* of a workbook: its cells as CSV, one line a row */
    struct csv_dialect dialect;
    struct slice name; /* of the workbook's sheet; empty for a text */
    struct sheet_row *rows;
    ptrdiff_t row_count;
};

/** Most rows, columns and bytes that are taken from a workbook, and seconds for one conversion. */
#define WORKBOOK_ROWS_MOST 1000000
#define WORKBOOK_COLUMNS_MOST 1000
#define WORKBOOK_BYTES_MOST ((ptrdiff_t)512 << 20)
#define WORKBOOK_SECONDS_MOST 120

/** The byte order mark, in UTF-8. */
#define IMPORT_MARK "\xEF\xBB\xBF"

/* ---- What a person said (answers.c) ---- */

enum answer_kind {
    ANSWER_COLUMN,   /* a heading (or #3): column of the register, column*1000, or - for none */
    ANSWER_CONSTANT, /* a column that the file lacks: one value for all new rows */
    ANSWER_FILL,     /* a heading: above (blank cells repeat what stands above) or blank */
    ANSWER_ROW,      /* a row's number: skip, keep, or end (it and all below are left out) */
    ANSWER_KEY,      /* a key that is there already with other values: replace or keep */
    ANSWER_VALUE,    /* a column and a text (detail): the value for it */
    ANSWER_KINDS
};
struct answer {
    enum answer_kind kind;
    struct slice subject, detail, text;
    struct span span; /* in the file of answers; no source: the command line */
    bool is_used;
};
struct answers {
    struct answer *list;
    ptrdiff_t count, capacity;
    struct source *source; /* of the file; may be NULL */
};

/** What a person still has to say; a row of the template. */
struct question {
    enum answer_kind kind;
    struct slice subject, detail;
    struct slice hint;
};

struct import_options {
    struct slice file;
    struct slice text;           /* its bytes, where it is not on disk; else data NULL */
    struct slice sheet;          /* a workbook's; empty: its only one that holds something */
    int64_t header;              /* number of its row; 0: to be found */
    bool replaces;               /* rows that are there with other values */
    struct slice answers;        /* file of answers; may be empty */
    const struct answer *spoken; /* on the command line */
    ptrdiff_t spoken_count;
};

/* ---- Columns (header.c, label.c, mapping.c) ---- */

enum mapping_state { MAPPING_TAKEN, MAPPING_DROPPED, MAPPING_OPEN };
/** One column of the file. */
struct mapping {
    struct slice label;
    enum mapping_state state;
    enum import_reason reason;
    int column;       /* TAKEN: of the register */
    int candidate;    /* OPEN: what it may be, or -1 */
    int power;        /* its numbers are multiplied by 10 to this */
    bool fills;       /* blank cells repeat what stands above */
    bool is_blank;    /* kept blank: a person said so */
    ptrdiff_t filled; /* cells with something in them, below the header */
};

/* ---- Rows (rows.c, value.c, merge.c) ---- */

enum row_fate {
    FATE_ABOVE, /* the header */
    FATE_HEADER,
    FATE_SKIPPED,
    FATE_OPEN,   /* a person has to say whether it is a record */
    FATE_RECORD, /* one; not compared with the register yet */
    FATE_NEW,
    FATE_SAME,
    FATE_REPLACED,
    FATE_KEPT,      /* the register's row stays although it differs */
    FATE_DIFFERENT, /* a person has to say which of the two is right */
    ROW_FATES
};
/** What one cell became. */
struct import_value {
    struct slice before; /* as the person who made the file sees it */
    struct slice value;
    enum import_reason reason; /* REASON_NONE: nothing changed */
};
struct import_row {
    const struct sheet_row *sheet;
    enum row_fate fate;
    enum import_reason reason;   /* SKIPPED */
    ptrdiff_t existing;          /* row of the register, or -1 */
    struct import_value *values; /* one a column of the register; records only */
    ptrdiff_t start, end;        /* NEW, REPLACED: its record in the register's new text */
};

struct label_index;
struct lookup;
struct import {
    struct site *site;
    const struct table *table;
    struct arena *arena;
    struct diag *diag; /* decisions and findings */
    const struct import_options *options;
    struct answers answers;
    VECTOR(struct question) questions; /* beside those about columns, which are in `mappings` */
    struct sheet sheet;
    ptrdiff_t header_first, header_last; /* its rows among the sheet's */
    struct slice unit_note; /* "千円" of （単位：千円） above the header, folded; or empty */
    struct mapping *mappings;
    ptrdiff_t mapping_count;
    int *mapping_of;         /* a column of the register: its column of the file, or -1 */
    struct slice *constants; /* likewise: one value for all; data NULL: none */
    int *keys;               /* columns of the primary key */
    int key_count;
    struct cell_reader *reader;
    struct lookup **lookups; /* of columns with codes or references, made when needed */
    struct import_row *rows; /* side by side with sheet.rows */
    ptrdiff_t fates[ROW_FATES];
    struct buffer text; /* the register with the new records */
    bool is_merged;     /* `text` stands */
    bool has_mark;      /* the register begins with a byte order mark, which is not in `text` */
    struct tree tree;   /* the file, and that of answers */
};

/** Read the file, decide what can be decided, and make the register's new text where nothing is
 *  left to decide. The session's site and table must be sound. What is wrong and what a person
 *  must decide is in `diag`. */
void import_run(struct import *import, struct site *site, const struct table *table,
                const struct import_options *options, struct arena *arena, struct diag *diag);
void import_release(struct import *import);
/** Add what checking the new text found (`found`, in a site that holds it): at its place in the
 *  imported file where it is about a record of that; else, when it is an error that was not there
 *  `before`, at the file as a whole. `language` is that of the template's hints. */
void import_recheck(struct import *import, struct diag *found, struct diag *before,
                    enum interface_language language);
/** For a person. */
void import_print_plan(const struct import *import, enum interface_language language,
                       struct sink *out);
/** For a program: members of an object that is open. Reasons are in both languages. */
void import_write_plan_json(const struct import *import, struct json_writer *json);
/** Every cell, row and column that is not taken as it stands; CSV. */
void import_write_report(const struct import *import, enum interface_language language,
                         struct buffer *out);
/** What is decided and what is not, as a file of answers to be filled in; CSV. */
void import_write_template(const struct import *import, enum interface_language language,
                           struct buffer *out);

/* ---- Between the files of this folder ---- */

/** Read options->file. False with a finding when it can't be. */
bool sheet_read(struct import *import);
/** Whether the name is a workbook's. */
bool workbook_is(struct slice path);
bool workbook_read(struct import *import);
/** The text of a row's cell; empty beyond its end. */
struct slice sheet_text(const struct sheet_row *row, ptrdiff_t field);
/** As its user sees it. */
struct slice sheet_shown(const struct sheet_row *row, ptrdiff_t field);
/** Cells that hold something. */
ptrdiff_t sheet_filled(const struct sheet_row *row);
struct span sheet_span(const struct sheet *sheet, const struct sheet_row *row, ptrdiff_t field);
/** A finding at a cell of the file; `field` -1: the row. Arguments as with DIAG. */
void sheet_report(const struct import *import, enum code code, const struct sheet_row *row,
                  ptrdiff_t field, const struct slice arguments[REPORT_ARGUMENTS]);
/** From now on excerpts of the file hide the cells of private columns; all of them but those of the
 *  header, until it is known which they are. */
void sheet_mask(struct import *import);

void answers_read(struct import *import);
/** The person's answer, marked as used; NULL when there is none. */
const struct answer *answers_find(struct import *import, enum answer_kind kind,
                                  struct slice subject, struct slice detail);
/** Remember a question for the template. */
void answers_ask(struct import *import, enum answer_kind kind, struct slice subject,
                 struct slice detail, struct slice hint);
/** Findings for answers that answer nothing; those about rows and cells only when these have been
 *  looked at (`is_whole`). */
void answers_check_used(const struct import *import, bool is_whole);
struct slice answer_kind_name(enum answer_kind kind);

struct label_index *label_index_make(const struct table *table, struct arena *arena);
/** What a label means. */
struct label_match {
    int column; /* or -1 */
    enum import_reason reason;
    bool is_certain;
    int power; /* the unit in its brackets is this power of ten of the column's */
};
struct label_match label_match(const struct label_index *index, struct slice label,
                               struct arena *arena);
/** The power of ten that 千, 万, 百万 … at the unit's start mean; `*rest` is the unit itself. */
int label_unit_power(struct slice unit, struct slice *rest);

/** Find the header; false with a finding when there is none. */
bool header_find(struct import *import, const struct label_index *index);
/** Label of the file's column `field`, of one header row or two. */
struct slice header_label(const struct import *import, ptrdiff_t first, ptrdiff_t last,
                          ptrdiff_t field);
void mapping_make(struct import *import, const struct label_index *index);
/** What people call the file's column: its heading, or #3 where that is blank or stands twice. */
struct slice mapping_name(const struct import *import, ptrdiff_t field);
/** Findings for columns that new records must have and the file lacks. */
void mapping_check_required(struct import *import);
/** Judge every row and read its cells. */
void rows_make(struct import *import);
/** What stands above a cell: in the record before it, and in the last one that fills the column. */
struct above {
    struct slice last, filled;
};
void value_read(struct import *import, const struct sheet_row *row, int column,
                const struct above *above, struct import_value *value);
/** A decimal number times ten to `power`, by its digits; data NULL when it is no such number. */
struct slice number_shift(struct slice number, int power, struct arena *arena);
void merge_rows(struct import *import);
/** Append one field of the register's CSV. */
void merge_write_field(struct buffer *out, struct slice field, const struct csv_dialect *dialect);

#ifdef __cplusplus
}
#endif
#endif
