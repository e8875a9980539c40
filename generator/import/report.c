#include "import.h"

/* The report: every column, row and cell of the file that does not go into the register as it
 * stands, and every record of the register that another takes the place of. And the template for
 * answers. Both are CSV for Excel as for programs: UTF-8 with a mark, CRLF, RFC 4180. */

struct reporting {
    const struct import *import;
    enum interface_language language;
    struct buffer *out;
};

static void write_line(struct buffer *out, const struct slice *fields, int count)
{
    for (int i = 0; i < count; i++) {
        if (i > 0) {
            buffer_append_byte(out, ',');
        }
        escape_csv_field(out, fields[i]);
    }
    buffer_append_literal(out, "\r\n");
}

/* row, column of the file, column of the register, what, before, after, reason */
static void write_entry(const struct reporting *reporting, const struct sheet_row *row,
                        struct slice label, int column, const char *what, struct slice before,
                        struct slice after, struct slice reason)
{
    const struct import *import = reporting->import;
    struct slice number =
        row != NULL ? arena_format(import->arena, "%lld", (long long)row->number) : SLICE("");
    const struct slice fields[] = {
        number,         label,  column >= 0 ? import->table->columns[column].name : SLICE(""),
        slice_of(what), before, after,
        reason};
    write_line(reporting->out, fields, (int)(sizeof(fields) / sizeof(fields[0])));
}

static struct slice words(const struct reporting *reporting, enum import_reason reason)
{
    return import_reason_words(reason, reporting->language);
}

static void write_columns(const struct reporting *reporting)
{
    const struct import *import = reporting->import;
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        const struct mapping *mapping = &import->mappings[i];
        const char *what = mapping->state == MAPPING_TAKEN     ? "column"
                           : mapping->state == MAPPING_DROPPED ? "column-left-out"
                                                               : "column-undecided";
        if (mapping->label.length > 0 || mapping->filled > 0) {
            write_entry(reporting, &import->sheet.rows[import->header_last],
                        mapping_name(import, i),
                        mapping->state == MAPPING_TAKEN ? mapping->column : -1, what, SLICE(""),
                        SLICE(""), words(reporting, mapping->reason));
        }
    }
    for (int i = 0; i < import->table->column_count; i++) {
        if (import->constants[i].data != NULL && import->mapping_of[i] < 0) {
            write_entry(reporting, NULL, SLICE(""), i, "constant", SLICE(""), import->constants[i],
                        words(reporting, REASON_CONSTANT));
        }
    }
}

/* Cells of columns that are not taken, and of rows that are no records, each as it stands. */
static void write_lost_cells(const struct reporting *reporting, const struct import_row *row,
                             const char *what, bool whole, enum import_reason reason)
{
    const struct import *import = reporting->import;
    for (ptrdiff_t i = 0; i < row->sheet->count; i++) {
        struct slice text = sheet_shown(row->sheet, i);
        bool is_taken = i < import->mapping_count && import->mappings[i].state == MAPPING_TAKEN;
        if (text.length == 0 || (!whole && is_taken)) {
            continue;
        }
        write_entry(
            reporting, row->sheet, i < import->mapping_count ? mapping_name(import, i) : SLICE(""),
            -1, what, text, SLICE(""),
            words(reporting,
                  whole || i >= import->mapping_count ? reason : import->mappings[i].reason));
    }
}

static void write_record(const struct reporting *reporting, const struct import_row *row)
{
    const struct import *import = reporting->import;
    static const char *const fates[ROW_FATES] = {
        [FATE_RECORD] = "record",    [FATE_NEW] = "record-new",
        [FATE_SAME] = "record-same", [FATE_REPLACED] = "record-replaced",
        [FATE_KEPT] = "record-kept", [FATE_DIFFERENT] = "record-undecided"};
    struct slice key = import->key_count > 0 ? row->values[import->keys[0]].value : SLICE("");
    write_entry(reporting, row->sheet, SLICE(""), -1, fates[row->fate], SLICE(""), key, SLICE(""));
    for (int c = 0; c < import->table->column_count; c++) {
        const struct import_value *value = &row->values[c];
        if (import->mapping_of[c] < 0) {
            continue;
        }
        struct slice label = mapping_name(import, import->mapping_of[c]);
        if (value->reason != REASON_NONE) {
            write_entry(reporting, row->sheet, label, c, "cell", value->before, value->value,
                        words(reporting, value->reason));
        }
        struct slice old =
            row->existing >= 0 ? table_cell(import->table, row->existing, c) : SLICE("");
        if (row->existing >= 0 &&
            !cell_reader_equal(import->reader, c, old, value->value, import->arena)) {
            write_entry(reporting, row->sheet, label, c,
                        row->fate == FATE_REPLACED ? "cell-replaced" : "cell-differs", old,
                        value->value, words(reporting, REASON_REPLACES));
        }
    }
    write_lost_cells(reporting, row, "cell-left-out", false, REASON_NONE);
}

void import_write_report(const struct import *import, enum interface_language language,
                         struct buffer *out)
{
    const struct reporting reporting = {.import = import, .language = language, .out = out};
    static const char *const names[] = {"row",    "heading", "column", "what",
                                        "before", "after",   "reason"};
    enum { NAMES = sizeof(names) / sizeof(names[0]) };
    struct slice header[NAMES];
    for (int i = 0; i < NAMES; i++) {
        header[i] = slice_of(names[i]);
    }
    buffer_append_literal(out, IMPORT_MARK);
    write_line(out, header, NAMES);
    if (import->mapping_of == NULL) {
        return;
    }
    write_columns(&reporting);
    for (ptrdiff_t i = 0; import->rows != NULL && i < import->sheet.row_count; i++) {
        const struct import_row *row = &import->rows[i];
        if (row->values != NULL && row->fate != FATE_SKIPPED) {
            write_record(&reporting, row);
        } else if (row->fate != FATE_HEADER) {
            write_lost_cells(&reporting, row,
                             row->fate == FATE_OPEN ? "row-undecided" : "row-left-out", true,
                             row->reason);
        }
    }
}

/* ---- The template ---- */

static void write_answer(struct buffer *out, enum answer_kind kind, struct slice subject,
                         struct slice detail, struct slice answer, struct slice hint)
{
    const struct slice fields[] = {answer_kind_name(kind), subject, detail, answer, hint};
    write_line(out, fields, (int)(sizeof(fields) / sizeof(fields[0])));
}

static void write_mappings(const struct reporting *reporting)
{
    const struct import *import = reporting->import;
    for (ptrdiff_t i = 0; i < import->mapping_count; i++) {
        const struct mapping *mapping = &import->mappings[i];
        struct slice answer = SLICE("");
        struct slice hint = words(reporting, mapping->reason);
        if (mapping->state == MAPPING_TAKEN) {
            answer = import->table->columns[mapping->column].name;
        } else if (mapping->state == MAPPING_DROPPED) {
            answer = SLICE("-");
        } else if (mapping->candidate >= 0) {
            hint = ARENA_JOIN(import->arena, import->table->columns[mapping->candidate].name,
                              SLICE("? "), hint);
        }
        if (mapping->label.length > 0 || mapping->filled > 0) {
            write_answer(reporting->out, ANSWER_COLUMN, mapping_name(import, i), SLICE(""), answer,
                         hint);
        }
    }
}

void import_write_template(const struct import *import, enum interface_language language,
                           struct buffer *out)
{
    const struct reporting reporting = {.import = import, .language = language, .out = out};
    const struct slice header[] = {SLICE("kind"), SLICE("subject"), SLICE("detail"),
                                   SLICE("answer"), SLICE("hint")};
    buffer_append_literal(out, IMPORT_MARK);
    write_line(out, header, (int)(sizeof(header) / sizeof(header[0])));
    if (import->mapping_of != NULL) {
        write_mappings(&reporting);
    }
    for (ptrdiff_t i = 0; i < import->questions.length; i++) {
        const struct question *question = &import->questions.data[i];
        write_answer(out, question->kind, question->subject, question->detail, SLICE(""),
                     question->hint);
    }
}
