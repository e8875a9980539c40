/*
 * diag: the table of findings, and what is found.
 *
 * Every finding has a code (`csv.type`), a severity, a place, a text in Japanese and English
 * with its reason and its repair, all from one table: findings/<area>.def. Stages add findings
 * and go on; who runs them asks diag_errors() before anything is written.
 *
 * Severity and exit status (design, Checks): note, warning, error; 0 clean, 1 warnings under
 * --strict, 2 errors, 3 usage, 4 system. Findings are sorted by path, line, column, code, text:
 * the order of threads never shows.
 */
#ifndef KYODO_DIAG_H
#define KYODO_DIAG_H

#include "base.h"
#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/** Interface languages of the program itself (a site may have any others). */
enum interface_language { INTERFACE_JAPANESE, INTERFACE_ENGLISH, INTERFACE_LANGUAGES };

/** One code a row of findings/<area>.def: CODE_csv_type is "csv.type". */
enum code {
#define FINDING(identifier, name, severity, type, rule, message_ja, message_en, help_ja, help_en, \
                reason_ja, reason_en)                                                             \
    CODE_##identifier,
#include "findings.def"
#undef FINDING
    CODE_COUNT
};

struct code_info {
    const char *name;
    enum severity severity;
    const char *type; /* frictionless error type, or NULL */
    const char *rule; /* machine-readability rule (L1-01 …), or NULL */
    /* With {0} {1} … for the arguments; a part {1?…?} is left out when {1} is empty. */
    const char *message[INTERFACE_LANGUAGES];
    const char *help[INTERFACE_LANGUAGES];   /* the repair, same arguments */
    const char *reason[INTERFACE_LANGUAGES]; /* why it matters; shown by `kyodo explain` */
};
const struct code_info *code_info(enum code code);
/** The code of a name, or CODE_COUNT. */
enum code code_by_name(struct slice name);

#define REPORT_ARGUMENTS 4
#define REPORT_NOTES 2

/** A second place that belongs to a finding: "declared here", "first used here". Its text is a
 *  code's message too (codes of severity note whose names begin with "see."). */
struct report_note {
    enum code code;
    struct span span;
    struct slice arguments[REPORT_ARGUMENTS];
};

/** What a caller says. Everything but `code` may be left zero; slices are copied. */
struct report {
    enum code code;
    struct span span;
    struct slice arguments[REPORT_ARGUMENTS];
    int note_count;
    struct report_note notes[REPORT_NOTES];
    /* Where it stands in a table, in frictionless's counting: rowNumber from 1 (1 = header row,
     * physical records), fieldNumber from 1; 0 = does not apply. */
    struct slice resource;
    int64_t row_number;
    int64_t field_number;
    /* Overrides of the table: a rule (principles rule or L-id), a type, a severity. */
    struct slice rule;
    struct slice type;
    bool has_severity;
    enum severity severity;
    /* Overrides of the texts, for rules that are data (principles): used as they stand. */
    struct slice message[INTERFACE_LANGUAGES];
    struct slice help[INTERFACE_LANGUAGES];
};

/** A text of the table of findings with {0} … {3} replaced by the arguments, each cut where it is
 * too long for a sentence. Without any, the text itself. */
struct slice finding_text(struct arena *arena, const char *pattern,
                          const struct slice arguments[REPORT_ARGUMENTS]);

struct diag;

/** `limit` is the most findings kept: the first ones in the sorted order, the rest are only
 *  counted; 0 means 100,000. */
struct diag *diag_new(ptrdiff_t limit);
void diag_free(struct diag *diag);
/** Add a finding. Thread-safe. Place, source line and excerpt are worked out here, while the
 *  text is at hand. */
void diag_add(struct diag *diag, const struct report *report);
/** diag_add(diag, &(struct report){.code = CODE_x, .span = s, .arguments = {a, b}}) in short.
 *  ISO C wants one argument at least: SLICE("") for a code without any. */
#define DIAG(diag, code_, span_, ...) \
    diag_add((diag), &(struct report){.code = (code_), .span = (span_), .arguments = {__VA_ARGS__}})

/** A finding that what has this name is there once more, with a note on where it was first. */
void diag_add_again(struct diag *diag, enum code code, struct span span, struct slice name,
                    struct span first);
/** A finding about a file that is not there: its place is the file's first line. */
#define DIAG_MISSING(diag, code_, path, ...)                                 \
    do {                                                                     \
        struct source *missing_ = source_new((path), SLICE(""), NULL, NULL); \
        DIAG((diag), (code_), span_of_file(missing_), __VA_ARGS__);          \
        source_free(missing_);                                               \
    } while (0)

struct diag_counts {
    int64_t errors;
    int64_t warnings;
    int64_t notes;
};
/** Counts of all that was added, also beyond the limit; exact repetitions count once. */
struct diag_counts diag_counts(const struct diag *diag);
int64_t diag_errors(const struct diag *diag);
int64_t diag_errors_of_file(const struct diag *diag, struct slice path);
/** From now on findings about that file show no line of it, unless its source has a mask: a
 *  register with private columns, until somebody has told which cells those are. */
void diag_hide(struct diag *diag, struct slice path);
/** Whether diag_hide was called for it. Who quotes its text in a message asks this. */
bool diag_hides(const struct diag *diag, struct slice path);
/** Whether any finding is about that file, or points at it in a note. */
bool diag_mentions(const struct diag *diag, struct slice path);

/* ---- Reading them back, for reporters and for pages that show findings ---- */

/** Widest excerpt, in columns of a terminal. */
#define EXCERPT_WIDTH 120

struct finding_note {
    enum code code;
    struct slice path;
    struct position position;
    struct slice message[INTERFACE_LANGUAGES];
};

struct finding {
    enum code code;
    enum severity severity;
    struct slice path; /* empty: about the run */
    struct position position;
    struct position end; /* behind the last marked character */
    /* The source line, masked; data NULL when there is none. Of a line wider than EXCERPT_WIDTH
     * only the part around the place: it begins at column `excerpt_column`, and `excerpt_is_cut`
     * says that more follows. */
    struct slice excerpt;
    int64_t excerpt_column;
    bool excerpt_is_cut;
    struct slice message[INTERFACE_LANGUAGES];
    struct slice help[INTERFACE_LANGUAGES]; /* may be empty */
    struct slice rule;
    struct slice type;
    struct slice resource;
    int64_t row_number;
    int64_t field_number;
    int note_count;
    struct finding_note notes[REPORT_NOTES];
};

/** Add a finding that an earlier run made of the same input; its texts are copied. Thread-safe. */
void diag_add_finding(struct diag *diag, const struct finding *finding);

/** All findings, sorted and without exact repetitions. Valid until the next diag_add. */
const struct finding *diag_sorted(struct diag *diag, ptrdiff_t *count);

/* ---- Reporters ---- */

struct report_options {
    enum interface_language language;
    bool colour;
    int64_t most_per_code_and_file; /* 0: all; the text reporter's default is 20 */
    /* Text only. Milder findings than `mildest` are counted and not shown. In order of place, as
     * findings otherwise are, errors that stand amid others are named again at the end; for readers
     * who see a few, `worst_first` has errors before warnings before notes, and `most` of them
     * (0: all). */
    enum severity mildest;
    bool worst_first;
    int64_t most;
};

/** One shape for all: write the sorted findings. Adding a format = a file and a row in
 *  reporters.def. */
typedef void (*reporter)(struct diag *diag, const struct report_options *options, struct sink *out);
/** By name: text, json, sarif, github; NULL when there is none. */
reporter reporter_by_name(struct slice name);

/** Print what `kyodo explain CODE` says of a finding or a machine-readability rule (L1-05); false
 *  when the name is neither. */
bool diag_explain(struct slice name, enum interface_language language, struct sink *out);

#ifdef __cplusplus
}
#endif
#endif
