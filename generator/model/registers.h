/*
 * Private to model: how a register is read. descriptor.c turns datapackage.json into tables with
 * their columns' rules, cell*.c turn one cell's text into its normalised value, constraint.c judges
 * the value, table_read.c runs all of it over a CSV, table_link.c ties tables and code lists
 * together, table_mask.c and descriptor_mask.c hide private columns.
 */
#ifndef KYODO_REGISTERS_H
#define KYODO_REGISTERS_H

#include "cell_reader.h"
#include "reading.h"

enum column_format {
#define COLUMN_FORMAT(identifier, ...) FORMAT_##identifier,
#include "column_formats.def"
#undef COLUMN_FORMAT
    COLUMN_FORMATS
};

enum { COLUMN_TYPES = COLUMN_ANY + 1 };

/** A text in each language of the interface. */
struct wording {
    struct slice in[INTERFACE_LANGUAGES];
};
struct slice column_type_name(enum column_type type);
/** "a whole number", 整数. */
struct wording column_type_words(enum column_type type);
/** What cells of the column must be: of its format where it has one, else of its type; and an
 * example. */
struct column_rules;
struct wording column_expectation(const struct column *column, const struct column_rules *rules,
                                  struct slice *example);

struct slices {
    struct slice *data;
    ptrdiff_t count;
};

enum bound_id { BOUND_MINIMUM, BOUND_MAXIMUM, BOUND_ABOVE, BOUND_BELOW, BOUNDS };
struct bound {
    bool is_set;
    struct slice text; /* in the type's normalised form */
    double number;
    const struct node *node;
};

struct pattern; /* pattern.c: PCRE2 */

/** What the schema asks of a column's cells, beyond struct column. */
struct column_rules {
    /* False: the descriptor names a type that does not exist, and the cells are not judged. */
    bool has_type;
    enum column_format format;
    struct slice format_pattern; /* FORMAT_PATTERN: %Y-%m-%d … */
    struct slice decimal;        /* "." */
    struct slice group;          /* empty: none */
    bool is_bare;                /* bareNumber: nothing around the digits */
    struct slices true_values, false_values;
    struct slices missing; /* texts that mean no value */
    bool only_empty_is_missing;
    enum column_type item_type;        /* of a list's parts */
    int64_t length_least, length_most; /* in code points, of a list in parts; -1: no limit */
    struct bound bounds[BOUNDS];
    struct pattern *pattern;
    struct slice pattern_text;
    struct map choices; /* enum, by logical value */
    struct map categories;
    const struct node *categories_node;
    const struct node *json_schema;
    const struct node *required_node, *unique_node, *length_least_node, *length_most_node,
        *pattern_node, *choices_node;
    /* cell_plain.c: the bounds as the quick way compares them. */
    enum plain {
        PLAIN_NONE,
        PLAIN_TEXT,
        PLAIN_INTEGER,
        PLAIN_NUMBER,
        PLAIN_YEAR,
        PLAIN_DATE,
        PLAIN_DATETIME
    } plain;
    int64_t plain_least, plain_most;
    double plain_lowest, plain_highest;
};

enum fields_match { MATCH_EXACT, MATCH_EQUAL, MATCH_SUBSET, MATCH_SUPERSET, MATCH_PARTIAL };

/** What is known of a table beyond struct table while it is read. */
struct table_plan {
    struct table *table;
    /* Where its rows stand: in one file or several; or in JSON, of the descriptor or of the one
     * file. Neither: elsewhere, and nobody reads them. */
    struct slice *paths;
    ptrdiff_t path_count;
    const struct node *data;
    struct column_rules *rules; /* side by side with table->columns */
    enum fields_match match;
    bool has_header;
    bool has_schema; /* else the labels are columns of any value */
    /* Dialect: rows of the header, and rows to pass over, as their numbers in the file. */
    const int64_t *header_rows, *comment_rows;
    ptrdiff_t header_row_count, comment_row_count;
    struct slice header_join;
    bool ignores_case;          /* of labels */
    bool is_header_merged;      /* a label stands for those behind it that have none */
    struct slice null_sequence; /* data NULL: none */
    bool has_dialect;
    bool ends_with_return; /* the dialect says that CR alone ends a line */
    struct table_key {
        enum key_kind { KEY_PRIMARY, KEY_UNIQUE, KEY_COLUMN } kind; /* COLUMN: a constraint */
        const int *columns;
        int count;
        const struct node *node;
    } * keys;
    ptrdiff_t key_count;
    const struct node *key_node; /* primaryKey */
};

/* ---- descriptor.c, descriptor_column.c ---- */

struct describing {
    struct site *site;
    struct arena *arena;
    struct diag *diag;
    struct slice folder; /* of the descriptor, ends in `/` */
};
/** Read the resource's own part into `plan`; false when no table can be made of it. */
bool describe_resource(const struct describing *describing, const struct node *resource,
                       struct table_plan *plan);
/** descriptor_dialect.c: how the file is written; `dialect` of the resource, there or in a file. */
void describe_dialect(const struct describing *describing, const struct node *dialect,
                      struct table_plan *plan);
/** A member that is an object in its place, or the name of a JSON file that holds one. */
const struct node *expect_mapping_or_file(const struct describing *describing,
                                          const struct node *owner, const char *member);
/** Whether a table may have the name: it becomes an address. */
bool describe_is_name(struct slice name);
void describe_package(const struct describing *describing, const struct node *package);
/** descriptor_place.c: where the resource's rows stand, into `plan`; false when nowhere. */
bool describe_place(const struct describing *describing, const struct node *resource,
                    struct table_plan *plan);
/** Whether a member names a file on another server, which stays unread; that is a finding. A site
 *  has none. */
bool describe_is_remote(const struct describing *describing, const struct node *node);
/** Whether the resource is a table at all. A picture or a PDF may stand in a package; it is not
 *  ours to read. */
bool describe_is_table(const struct describing *describing, const struct node *resource);
/** Of a resource that is none: whether its files are there. */
void describe_other(const struct describing *describing, const struct node *resource);
/** The path of a file that a member names, below the descriptor's folder; empty with a finding when
 * there is none. */
struct slice describe_file(const struct describing *describing, const struct node *node);
/** From now on excerpts of a descriptor hide rows in it that have private columns. */
void descriptor_mask_set(struct source *source, const struct node *package);
/** chart.c: `kyodo:charts` of a resource whose columns are known. */
void describe_charts(const struct describing *describing, const struct node *resource,
                     struct table *table);
/** Columns and their rules from schema.fields. */
bool describe_columns(const struct describing *describing, const struct node *fields,
                      struct table_plan *plan);
/** By default an empty cell, and nothing else, has no value. */
void column_missing_default(struct column_rules *rules, struct arena *arena);
/** Words per language from `kyodo:labels` and the like; what a language lacks is `otherwise`. */
void describe_words(const struct describing *describing, const struct node *owner,
                    const char *member, struct slice otherwise,
                    struct slice out[MODEL_LANGUAGES_MOST]);
enum describe_level {
    LEVEL_PACKAGE,
    LEVEL_RESOURCE,
    LEVEL_SCHEMA,
    LEVEL_FIELD,
    LEVEL_CONSTRAINTS,
    LEVEL_DIALECT,
    LEVEL_CHART
};
/** Findings for members that nothing reads: an unknown one of ours, a misspelt standard one. */
void describe_members(const struct describing *describing, const struct node *node,
                      enum describe_level level);
/** A member of a kind, or NULL; a finding when it is there and of another kind. */
const struct node *expect_text(const struct describing *describing, const struct node *owner,
                               const char *member);
const struct node *expect_list(const struct describing *describing, const struct node *owner,
                               const char *member);
const struct node *expect_mapping(const struct describing *describing, const struct node *owner,
                                  const char *member);
bool expect_boolean(const struct describing *describing, const struct node *owner,
                    const char *member, bool otherwise);
/** A list of texts, or one text, as slices. */
struct slices expect_texts(const struct describing *describing, const struct node *owner,
                           const char *member);
/** The finding that `name`, written at `node`, is no column of the table. */
void report_unknown_column(const struct describing *describing, const struct table *table,
                           const struct node *node);

/* ---- cell.c, cell_number.c, cell_time.c, cell_code.c ---- */

enum cell_problem {
    CELL_OK,
    CELL_WRONG_TYPE,
    CELL_IMPOSSIBLE_DATE,
    CELL_CHECK_DIGIT,
    /* These two have a value all the same. */
    CELL_OUTSIDE_ERA,
    CELL_WRONG_WEEKDAY
};
/** One cell's way from text to value. `value` is `raw` itself when nothing changes, else in
 * `arena`. */
struct cell {
    struct slice value;
    struct slice suggestion; /* what may have been meant, when it is wrong; may be empty */
    struct slice part; /* of a list: the value that something is wrong with, data NULL: none */
};
enum cell_problem cell_read(const struct column *column, const struct column_rules *rules,
                            struct slice raw, struct arena *arena, struct cell *cell);
enum cell_problem cell_read_integer(const struct column_rules *rules, struct slice raw,
                                    struct arena *arena, struct cell *cell);
enum cell_problem cell_read_number(const struct column_rules *rules, struct slice raw,
                                   struct arena *arena, struct cell *cell);
enum cell_problem cell_read_date(const struct column_rules *rules, enum column_type type,
                                 struct slice raw, struct arena *arena, struct cell *cell);
enum cell_problem cell_read_time(const struct column_rules *rules, enum column_type type,
                                 struct slice raw, struct arena *arena, struct cell *cell);
enum cell_problem cell_read_text(const struct column_rules *rules, struct slice raw,
                                 struct arena *arena, struct cell *cell);
enum cell_problem cell_read_structure(const struct column_rules *rules, enum column_type type,
                                      struct slice raw, struct arena *arena, struct cell *cell);
/** What a pattern such as %Y-%m-%d takes out of a text. */
struct moment {
    int year, month, day, hour, minute, second;
    int day_of_year;
    bool is_morning, is_afternoon;
    char zone[8];
};
bool time_pattern_match(struct slice pattern, struct slice s, struct moment *out);
/** A duration in seconds, a month and a year by their mean length; false when it is none. */
bool duration_seconds(struct slice s, double *out);
/** One text for all that mean the same value. */
struct slice json_canonical(const struct node *node, struct arena *arena);
/** Whether a value fits a JSON Schema (json_schema.c says which part of the standard that is). */
bool json_schema_accepts(const struct node *schema, const struct node *value, struct arena *arena);
/** What a value of the column is compared by: 1.50 and 1.5 are one number, {"a":1,"b":2} and
 *  {"b":2,"a":1} one object. */
struct slice cell_logical(enum column_type type, struct slice value, struct arena *arena);
/** Full-width ASCII to ASCII (U+FF01 to U+FF5E, U+3000); `s` itself when there is none. */
struct slice fold_wide(struct slice s, struct arena *arena);
/** Check digit of 全国地方公共団体コード: the sixth digit of the five at `digits`. */
char area_check_digit(const char *digits);

/* ---- pattern.c ---- */

/** Compile an XML Schema regular expression; NULL with its reason in `*problem` (in the arena) when
 * it is none. */
struct pattern *pattern_compile(struct slice text, struct arena *arena, struct slice *problem);
/** Whether the whole value matches. */
bool pattern_matches(const struct pattern *pattern, struct slice value);
void pattern_free(struct pattern *pattern); /* NULL is fine */

/* ---- cell_plain.c: the quick way through most cells ---- */

/** Once the column's rules stand. */
void cell_plain_prepare(const struct column *column, struct column_rules *rules);
/** True only when the value is `raw` itself (not empty), of its type, and keeps every constraint.
 */
bool cell_is_plain(const struct column_rules *rules, struct slice raw);
/** The first character that only some machines know; data NULL when there is none. */
struct slice cell_platform_character(struct slice s);
/** Values of one column that were found good, as they were written; zeroed memory of that size. */
struct cell_memory;
ptrdiff_t cell_memory_size(void);
bool cell_is_remembered(struct cell_memory *memory, struct slice raw);
void cell_remember(struct cell_memory *memory, struct slice raw);

/* ---- table_index.c: rows by their keys ---- */

#define KEY_COLUMNS_MOST 16
/** `row` has the values of `first`, which stands before it. Called from any thread. */
typedef void (*key_repeated)(void *context, ptrdiff_t row, ptrdiff_t first);
/** Index the table's rows by some of its columns; rows that lack one of the values have no key.
 *  `columns` must live as long. `pool` may be NULL. */
struct key_index *key_index_build(const struct table *table, const int *columns, int count,
                                  struct pool *pool, struct arena *arena, key_repeated repeated,
                                  void *context);
/** The first row with these values, one a column of the key, or -1; -1 for a NULL index too. */
ptrdiff_t key_index_find(const struct key_index *index, const struct slice *values);

/** The table that a `resource` member names: `self` when it names none ("" in v1 and v2) or says
 *  "self" (before v1); NULL when there is no such table. */
const struct table *referenced_table(const struct site *site, const struct table *self,
                                     const struct node *name);

/* ---- table_report.c: findings about cells ---- */

/** Where a record stands, while the table is read and later. */
struct record_place {
    const struct table *table;
    int64_t row_number;
    ptrdiff_t start, end;
};
/** What a finding about a cell says; `arguments` are shown as they are, so a private value must not
 * be among them (cell_shown). */
struct cell_report {
    enum code code;
    struct record_place place;
    ptrdiff_t field; /* from 0; -1: about the record */
    struct wording arguments[REPORT_ARGUMENTS];
    int note_count;
    struct report_note notes[REPORT_NOTES];
};
void cell_report(struct diag *diag, const struct cell_report *cell);
struct wording wording_of(struct slice s);
/** A value as findings may show it: shortened when long, hidden when the column is private. */
struct wording cell_shown(const struct column *column, struct slice value, struct arena *arena);
/** What a date outside its era is called by the right one: the last argument of its finding. */
struct wording era_words(struct slice text, struct arena *arena);
/** A finding of the descriptor whose words differ by language. */
void descriptor_report(struct diag *diag, enum code code, struct span span,
                       const struct wording *arguments, int count);

/* ---- table_source.c, table_read.c, table_header.c, table_row.c, table_key.c, constraint.c,
 * table_mask.c ---- */

/** The text of the plan's table, as CSV; NULL with a finding when there is none, and without one
 *  when its rows stand elsewhere. It is the site's. */
struct source *table_open(struct site *site, struct table_plan *plan, struct pool *pool,
                          struct decoding *decoding, struct diag *diag);

/** What is read of one table, by all threads. */
struct table_reader {
    struct site *site;
    struct arena *arena;
    struct diag *diag;
    struct pool *pool;
    struct table_plan *plan;
    struct table *table;
    struct table_mask *mask;
    bool is_header_read;
    bool is_hopeless;          /* the header fits nothing: rows would only repeat that */
    bool hides_labels;         /* what stands there may be private values */
    ptrdiff_t field_count;     /* of the header */
    struct record_place place; /* of the header */
    struct slice *labels;      /* of the header's rows so far, joined */
    ptrdiff_t label_count, label_rows;
};
/** Read the CSV into plan->table. */
void table_read(struct site *site, struct table_plan *plan, struct pool *pool, struct diag *diag);
/** Match labels and columns, once the last of the header's rows is there. Where there is no header,
 *  `row` is the first record. */
void table_read_header(struct table_reader *reader, const struct csv_row *row);
/** In a table without description: whether the first of these rows stands above the table proper.
 *  Also sees a header of two rows, which is a finding and then read as one. */
bool table_is_title(struct table_reader *reader, const struct csv_row *rows, ptrdiff_t count);
/** What a file's bytes were taken for is a finding where nothing but a guess says it: neither they
 *  nor the table's description. */
void table_check_certain(const struct table *table, struct source *source,
                         const struct decoding *decoding, struct diag *diag);
/** Findings about the file as a whole: `bytes` and `hash` of the descriptor, line ends. */
void table_check_file(const struct table_reader *reader, const struct decoding *decoding);
/** Likewise `fields` and `rows`, once it has been read. */
void table_check_counts(const struct table_reader *reader);
/** Whether the dialect has the row passed over. */
bool table_is_comment(const struct table_reader *reader, const struct csv_row *row);
void table_report_blank(const struct table_reader *reader, const struct csv_row *row);
/** Without a header row the fields are columns in their order. */
void table_assume_header(struct table_reader *reader);
/** Primary and unique keys, once all rows are there. */
void table_check_keys(struct table_reader *reader);

/** One record on its way from text to values. */
struct row_reader {
    const struct table_reader *table;
    struct record_place place;
    struct arena *arena;           /* cleared when the part is done */
    struct cell_memory **memories; /* one a column, this thread's own */
    bool has_special; /* some cell near by has characters that only some programs know */
};
/** Judge the record and fill `values` (one a column; data NULL: no value). They live in the record
 *  and in row->arena. False when nothing of it may be kept. */
bool row_read(struct row_reader *row, const struct csv_row *record, struct slice *values);
void row_report(const struct row_reader *row, enum code code, ptrdiff_t field, struct wording first,
                struct wording second);

/** Judge one normalised value; false when there was a finding. */
bool constraint_check(const struct column_rules *rules, const struct column *column,
                      const struct record_place *place, struct slice value, struct arena *arena,
                      struct diag *diag);
/** From now on excerpts of the table's source hide its private columns. `current` is the record
 * that is being read. */
struct table_mask;
struct table_mask *table_mask_set(struct table *table, struct arena *arena);
/** Where the header ends, how many fields a record should have, and whether excerpts may show the
 *  header. */
void table_mask_header(struct table_mask *mask, ptrdiff_t end, ptrdiff_t field_count,
                       bool is_shown);
void table_mask_current(struct table_mask *mask, ptrdiff_t start, ptrdiff_t end);

#endif
