/*
 * model: the typed site. Everything that a person wrote, read once, typed by fields.def and the
 * registers' descriptor, with the place of every value; and what follows from it (facets,
 * addresses, links).
 *
 * Built by site_build(), read-only afterwards: validate and render only read it, from any thread.
 * It lives in arenas of the site; site_release() gives all back. Languages are indexes into
 * site.languages; 0 is the original language.
 *
 * Facts and words. A field that is not WORD is a fact: it stands once, in the original's front
 * matter. A WORD field has a text a language; a translation may give it and nothing else (finding
 * record.translated_fact).
 *
 * Evidence. A value is stated, not stated (the sources are silent), or does not apply (with a
 * reason); a field that is absent from the record has no value at all (record_get gives NULL).
 * Ruling 4 says when a page shows which.
 */
#ifndef KYODO_MODEL_H
#define KYODO_MODEL_H

#include "parse.h"

#ifdef __cplusplus
extern "C" {
#endif

struct recall; /* recall.h */

#define MODEL_LANGUAGES_MOST 16

/* ---- Dates (date.c) ---- */

enum date_precision { DATE_NONE, DATE_YEAR, DATE_FISCAL_YEAR, DATE_MONTH, DATE_DAY };

/** A date of the proleptic Gregorian calendar, as precise as its source. A fiscal year (年度) runs
 * from 1 April to 31 March. */
struct date {
    int16_t year;
    int8_t month; /* 1 to 12, 0 below month precision */
    int8_t day;   /* 1 to 31, 0 below day precision */
    enum date_precision precision;
};

/** What is wrong with a text that should be a date. */
enum date_problem {
    DATE_OK,
    DATE_UNREADABLE,
    DATE_IMPOSSIBLE,   /* 2023-02-30 */
    DATE_OUTSIDE_ERA,  /* 平成32年: converted arithmetically, a warning (domain.md I2) */
    DATE_WRONG_WEEKDAY /* 2015年7月14日（水）: a warning */
};
/** Read `2015-07-14`, `2015-07`, `2015`, `FY2015`, `2015年7月14日（火）`, `平成27年7月14日`,
 * `令和元年度`, `S22.4`, `R1.12.31`, ㋿, full-width digits and spaces inside (domain.md I1 to
 * I8). On OK and on the two warnings `*out` is set. */
enum date_problem date_parse(struct slice text, struct date *out);
/** First and last day that a date may mean, as days since 1970-01-01. */
int32_t date_first_day(struct date date);
int32_t date_last_day(struct date date);
int32_t date_to_days(int year, int month, int day);
struct date date_from_days(int32_t days);
/** 0 = Sunday. */
int date_weekday(int32_t days);
/** `2015-07-14`, `2015-07`, `2015`, `FY2015`. */
struct slice date_iso(struct arena *arena, struct date date);
/** As `平成31年4月`, by the era in which it begins; empty before 明治. */
struct slice date_in_era(struct arena *arena, struct date date);

/* ---- Records ---- */

enum shape_id {
#define SHAPE(shape, ja, en) SHAPE_##shape,
#define FIELD(...)
#include "fields.def"
#undef SHAPE
#undef FIELD
    SHAPE_COUNT
};

enum field_id {
#define SHAPE(shape, ja, en)
#define FIELD(shape, key, ...) FIELD_##shape##_##key,
#include "fields.def"
#undef SHAPE
#undef FIELD
    FIELD_COUNT
};

enum field_type {
    FIELD_TYPE_TEXT,
    FIELD_TYPE_CODE,
    FIELD_TYPE_DATE,
    FIELD_TYPE_INTEGER,
    FIELD_TYPE_NUMBER,
    FIELD_TYPE_BOOLEAN,
    FIELD_TYPE_URL,
    FIELD_TYPE_REFERENCE,
    FIELD_TYPE_GROUP,
    FIELD_TYPE_HASHES /* no value of a record: it is kept with the version (upkeep.h) */
};

enum field_flag {
    FIELD_WORD = 1,
    FIELD_MANY = 2,
    FIELD_REQUIRED = 4,
    FIELD_STATES = 8,
    FIELD_PROSE = 16,
    FIELD_KEY = 32
};

struct field_info {
    enum shape_id shape;
    struct slice key;
    enum field_type type;
    int flags;
    const char
        *target; /* code list, what is referred to, or the group's shape; NULL for the others */
    struct slice label[INTERFACE_LANGUAGES];
    struct slice about[INTERFACE_LANGUAGES];
};
const struct field_info *field_info(enum field_id field);
/** What is asked of a field millions of times, close together in memory: its shape, its place among
 * the shape's fields, type and flags. */
struct field_brief {
    uint8_t shape, place, type, flags;
};
extern const struct field_brief field_briefs[FIELD_COUNT];
/** The shape of a GROUP field. */
enum shape_id field_group_shape(enum field_id field);
/** The fields of a shape are [*first, *end). */
void shape_fields(enum shape_id shape, int *first, int *end);
struct slice shape_label(enum shape_id shape, enum interface_language language);
/** As fields.def names it. */
struct slice shape_name(enum shape_id shape);
/** True when a translation may say something of this field other than why it does not apply. */
bool field_has_words(enum field_id field);
/** The field of a key, or FIELD_COUNT. */
enum field_id shape_field_by_key(enum shape_id shape, struct slice key);

/** DS-451-3: 取り組みの概要 has at most 300 characters. */
enum { SUMMARY_CHARACTERS_MOST = 300 };

enum value_state { VALUE_STATED, VALUE_NOT_STATED, VALUE_NOT_APPLICABLE };

struct code_entry;
struct record;
struct value;

/** One language's text of a WORD value. */
struct word {
    /* Empty when this language has none. From front matter: the text, paragraphs apart by blank
     * lines. A body section: its heading only; word_text reads the rest. */
    struct slice text;
    const struct heading *section; /* when the text is a body section (PROSE) */
    struct span span;
};

/** What a REFERENCE points at, once resolved. */
enum reference_target {
    TARGET_UNRESOLVED,
    TARGET_ITEM,
    TARGET_ROW,
    TARGET_FRAMEWORK,
    TARGET_FRAMEWORK_ITEM,
    TARGET_FIELD,
    TARGET_LIST_ENTRY
};
struct item;
struct table;
struct reference_value {
    struct slice id; /* as written */
    enum reference_target target;
    const struct item *item;
    const struct table *table;
    ptrdiff_t row;
    const struct record
        *record; /* framework, framework item, or entry of a list of the same record */
    enum field_id field;
};

struct value_list {
    struct value *items;
    int32_t count;
    bool is_partial; /* an entry could not be read or found by its key */
};

/** One value of a record. `state` other than STATED: nothing of `as` is set but `words` may hold
 * the reason. A site holds millions of these: each is 56 bytes, and what few have stands apart. */
struct value {
    enum field_id field;
    enum value_state state : 8;
    bool is_list; /* MANY: `as.list` */
    uint8_t word_count;
    struct span span;
    struct word *words; /* WORD: one a language of the site (a list of words: apart by newlines,
                         * is_list false); also the reason of NOT_APPLICABLE */
    union {
        struct slice text; /* TEXT without WORD, URL */
        int64_t integer;
        double number;
        bool boolean;
        struct date date;
        const struct code_entry *code;
        struct reference_value *reference; /* read it by value_reference */
        struct record *group;
        struct value_list list;
    } as;
    const struct slice *original; /* as written, of dates and numbers; else NULL */
};

/** What a value holds, whether one or many: nothing when it is not stated or does not apply. */
static inline struct value_list value_entries(const struct value *value)
{
    struct value_list one = {(struct value *)value, value->state == VALUE_STATED ? 1 : 0, false};
    return value->state == VALUE_STATED && value->is_list ? value->as.list : one;
}

/** A record: the values that are there, sorted by field. */
struct record {
    enum shape_id shape;
    struct span span; /* of its mapping or front matter */
    struct value *values;
    int count;
    int room;        /* for so many (record_insert) */
    uint8_t *places; /* of each field of the shape: 1 + its index in `values`, 0: it has no value;
                      * NULL: none has */
    /* Fields that somebody tried to state and that could not be read: what is wrong has been said,
     * and nothing more is asked of them. */
    enum field_id *broken;
    int broken_count;
    bool is_broken; /* the whole record could not be read */
};

/** A date or a number as it was written; empty of any other value. */
struct slice value_original(const struct value *value);
/** Whether a field could not be read, so that its absence says nothing. */
bool record_is_broken(const struct record *record, enum field_id field);
/** The value of a field of the record's own shape, or NULL (also for a NULL record). */
static inline const struct value *record_get(const struct record *record, enum field_id field)
{
    if (record == NULL) {
        return NULL;
    }
    struct field_brief brief = field_briefs[field];
    CHECK(brief.shape == (uint8_t)record->shape);
    int at = record->places != NULL ? record->places[brief.place] : 0;
    return at != 0 ? &record->values[at - 1] : NULL;
}
/** Shortcuts that give an empty/zero answer when the value is absent or not stated. */
struct slice record_text(const struct record *record, enum field_id field); /* fact text, URL; id */
bool record_boolean(const struct record *record, enum field_id field);
const struct code_entry *record_code(const struct record *record, enum field_id field);
struct date record_date(const struct record *record, enum field_id field);
const struct record *record_group(const struct record *record, enum field_id field);
struct value_list record_list(const struct record *record, enum field_id field);
/** The groups that a value holds: nothing for fields of another type. `as.group` of an entry that
 * could not be read is NULL. */
struct value_list value_groups(const struct value *value);
/** The word in `language`, else in the original language, else in the first that has one; `*actual`
 * (may be NULL) tells which. NULL when there is none. */
const struct word *value_word(const struct value *value, int language, int *actual);
/** The plain text of a word, also of a body section, which is read back into `arena`. Empty for
 * NULL. */
struct slice word_text(const struct word *word, struct arena *arena);
struct slice record_word(const struct record *record, enum field_id field, int language,
                         int *actual);
bool value_is_stated(
    const struct value *value); /* false for NULL, empty lists and empty texts too */
/** Where a REFERENCE points: without id and unresolved for NULL and what is not stated. */
const struct reference_value *value_reference(const struct value *value);

/* ---- Code lists ---- */

struct codelist;
struct code_entry {
    struct slice code;
    const struct slice *labels;        /* one a language; falls back to the original's */
    const struct slice *labels_of_one; /* likewise, beside the number one: 1 person, 2 people */
    const struct slice *descriptions;  /* likewise, may be empty */
    const struct codelist *list;
    const struct code_entry *parent; /* by column `parent`, or NULL */
    ptrdiff_t row;                   /* row in the list's table: its other columns */
    int32_t order;
};
struct codelist {
    struct slice name;
    const struct table *table;
    struct code_entry *codes;
    ptrdiff_t count;
    struct map by_code;
};
const struct code_entry *codelist_find(const struct codelist *list, struct slice code);
struct slice code_label(const struct code_entry *code, int language);

/* ---- Registers (a Tabular Data Package) ---- */

struct site;
struct key_index; /* registers.h */
enum column_type {
    COLUMN_STRING,
    COLUMN_INTEGER,
    COLUMN_NUMBER,
    COLUMN_BOOLEAN,
    COLUMN_DATE,
    COLUMN_YEAR,
    COLUMN_YEARMONTH,
    COLUMN_TIME,
    COLUMN_DATETIME,
    COLUMN_LIST,
    COLUMN_OBJECT, /* as JSON, like the next two */
    COLUMN_ARRAY,
    COLUMN_GEOJSON,
    COLUMN_GEOPOINT, /* `longitude, latitude` */
    COLUMN_DURATION, /* PnYnMnDTnHnMnS */
    COLUMN_ANY
};

struct column {
    struct slice name;
    enum column_type type;
    struct slice format; /* Table Schema `format`, or our `kyodo:format` when there is one */
    struct slice labels[MODEL_LANGUAGES_MOST];
    struct slice descriptions[MODEL_LANGUAGES_MOST];
    struct slice unit[MODEL_LANGUAGES_MOST];
    const struct slice *aliases; /* kyodo:aliases: what spreadsheets call the column */
    ptrdiff_t alias_count;
    const struct codelist *codelist; /* codes in the cells (each part, for a list) */
    struct slice reference_table;    /* name of the table that the cells point at, or empty */
    struct slice reference_column;
    const struct table *referenced; /* resolved, or NULL */
    char delimiter;                 /* of a list */
    bool is_private, is_required, is_unique;
    bool is_referred_to; /* it is part of a foreign key, or of what one points at */
    int field;           /* which field of a record in the CSV, from 0; -1 when the file lacks it
                            (fieldsMatch) */
    int translates;      /* index of the column whose text this is in `language`, or -1 */
    int language;        /* -1: none */
    const struct node *descriptor; /* the field's node in datapackage.json; NULL: no schema */
    struct slice *cells;           /* one a row; NULL when nothing needs them (package_build) */
};

/** A row's cell is normalised text in the lexical form of its type (integers and numbers as JSON
 * writes them, booleans true/false, dates ISO 8601, lists as written); data NULL = no value. */
/** A picture of a register's numbers, declared at `kyodo:charts` of its resource. Either the rows
 * are counted by the values of a column, or each row gives a number: a bar by itself, or a point in
 * time. Columns are indexes of the table, -1 where there is none; private ones are refused. */
struct chart_condition {
    int column;
    struct slice value;
};
struct chart {
    struct slice name; /* for id= and for `chart` blocks in texts */
    struct slice labels[MODEL_LANGUAGES_MOST];
    struct slice descriptions[MODEL_LANGUAGES_MOST];
    int count;                     /* the column by whose values the rows are counted; or */
    int measure;                   /* the column of numbers, and with it: */
    int along;                     /*   dates: points in time instead of bars */
    int unit, qualifier;           /*   code lists by which the number is read */
    struct chart_condition *where; /* rows that hold these values */
    ptrdiff_t where_count;
    struct chart_condition *target; /* among them, those that are aims and no facts */
    ptrdiff_t target_count;
    struct span span;
};
struct table {
    const struct site *site;
    struct slice name;
    struct slice path; /* of the CSV, relative to the site */
    bool is_codelist;
    bool has_pages;  /* kyodo:pages */
    bool has_api;    /* kyodo:api: a JSON file a record */
    bool is_read;    /* its file has the columns of its schema, so that what is not in its rows does
                        not exist */
    bool lacks_rows; /* but for these: a record, or its key, could not be read */
    struct column *columns;
    ptrdiff_t column_count;
    int key_column;   /* single-column primary key, or -1 */
    int title_column; /* kyodo:title, or the key */
    ptrdiff_t row_count;
    struct span *row_spans;        /* the record in the source */
    int64_t *row_numbers;          /* frictionless's rowNumber */
    struct key_index *rows_by_key; /* of the key column */
    struct slice labels[MODEL_LANGUAGES_MOST];
    struct slice descriptions[MODEL_LANGUAGES_MOST];
    struct slice empty_reason[MODEL_LANGUAGES_MOST];
    struct date updated;
    struct chart *charts;
    ptrdiff_t chart_count;
    struct source *source;
    struct source *descriptor_source;
    const struct node *descriptor; /* the resource's node in datapackage.json */
    const struct node *schema;     /* its Table Schema, there or in a file of its own */
    struct csv_dialect dialect;
    /* Cells whose source text differs from the normalised one, sorted by row, column. */
    struct original_cell {
        ptrdiff_t row;
        int column;
        struct slice text;
    } * originals;
    ptrdiff_t original_count;
};
/** What the descriptor says of the file (bytes, hash, fields, rows), at the resource itself or in
 * its `stats` as older tools write it; NULL when it does not. */
const struct node *table_declared(const struct table *table, const char *name);
struct slice table_cell(const struct table *table, ptrdiff_t row, int column);
int table_column_by_name(const struct table *table, struct slice name); /* -1 when there is none */
/** Row of a key, or -1. */
ptrdiff_t table_row_by_key(const struct table *table, struct slice key);
/** True when `key` may stand in a row that could not be read: its absence is no finding then. */
bool table_may_hold(const struct table *table, struct slice key);
/** A cell's text for readers: the translated column where there is one, code labels, list parts
 * joined; not escaped. `*actual` tells the language of the text, or -1 when it is language-neutral
 * (numbers, dates, codes without words). */
struct slice table_cell_display(const struct table *table, ptrdiff_t row, int column, int language,
                                int *actual, struct arena *arena);
struct slice table_row_title(const struct table *table, ptrdiff_t row, int language, int *actual,
                             struct arena *arena);
/** Whether a row holds all of a chart's conditions (true when there are none). */
bool table_row_fits(const struct table *table, ptrdiff_t row,
                    const struct chart_condition *conditions, ptrdiff_t count);
/** The chart of `register/chart`, or NULL; `*table` is its register's. */
const struct chart *site_chart(const struct site *site, struct slice name,
                               const struct table **table);
/** Whether the table has a column that never leaves. */
bool table_has_private(const struct table *table);
struct span table_cell_span(const struct table *table, ptrdiff_t row, int column);

/* ---- What was withdrawn (withdrawn.c) ----
 *
 * Addresses stay: a row or a case that is taken back is named in the register `withdrawn`, so that
 * its address answers with when and why. Columns: `register` (its name, or `cases`), `id`, the day
 * and reason, and `moved_to`, the id of what took its place in the same register, or empty.
 */

#define WITHDRAWN SLICE("withdrawn")
struct withdrawal {
    struct slice name; /* of the register, as written */
    struct slice id;
    struct slice moved_to;
    bool is_case;
    const struct table *table; /* NULL for a case, and where there is no such register */
};
/** The register, or NULL when there is none or it lacks a column that it needs. */
const struct table *site_withdrawals(const struct site *site);
struct withdrawal site_withdrawal(const struct site *site, ptrdiff_t row);
/** Whether the register that it is of has the id now. */
bool withdrawal_finds(const struct site *site, const struct withdrawal *withdrawal,
                      struct slice id);
/** Whether it had an address, which answers for it now. */
bool withdrawal_has_page(const struct site *site, const struct withdrawal *withdrawal);
/** Address of an id in its register; not when there is no such register. */
struct slice address_withdrawn(const struct site *site, const struct withdrawal *withdrawal,
                               struct slice id, int language, struct arena *arena);

/* ---- Items: what becomes a page of its own ---- */

enum item_kind { ITEM_CASE, ITEM_PAGE, ITEM_NEWS, ITEM_MEETING, ITEM_KINDS };

/** One language's file of an item. */
struct version {
    bool exists;
    bool has_no_front_matter; /* so that its text cannot be judged as a page's */
    int vague_links;          /* whose words say nothing of where they lead */
    struct source *source;
    struct document *document; /* NULL when the file could not be parsed */
    struct hash_128 head;      /* of its front matter, as it is written */
    /* For upkeep.h. Of an original: the hash of its words in the front matter. Of a translation:
     * section -> hash of the original's when somebody marked it as right. */
    uint64_t words_hash;
    struct map marks;
};

struct item {
    enum item_kind kind;
    struct slice id;
    struct slice folder; /* content/cases/<id>/ */
    int32_t index;       /* among the items of its kind, in the order of lists (see site) */
    int64_t order;       /* that order follows from it, then from the id */
    struct date updated; /* as the record says, but here: asked of all items, and records may have
                            been let go (site_pass) */
    bool is_draft;
    bool has_stray_language; /* a file of a language that the site does not have, which may be the
                                one that is missing */
    bool is_misplaced;       /* its fields are those of another kind */
    struct record *record;
    struct version *versions; /* one a language */
};
/** The language in which the item's page is shown to readers of `language`: itself when translated,
 * else the first that exists. */
int item_language(const struct item *item, int language);
enum shape_id item_kind_shape(enum item_kind kind);
/** "cases", "pages", "news", "meetings": the folder under content/. */
struct slice item_kind_folder(enum item_kind kind);

/** A file beside a text (a picture) or of the theme. */
struct asset {
    struct slice path;      /* relative to the site folder */
    struct slice hash;      /* first 16 hexadecimal digits of its SHA-256 */
    struct slice published; /* assets/<name>.<hash>.<ending> */
    int64_t size;
    int32_t width, height; /* pixels; 0 when unknown */
    bool is_picture;       /* its bytes are those of a picture that browsers show */
    bool has_script;       /* an SVG with a program in it */
    bool is_used;
};

/* ---- How much of a case is stated (questions.c; ruling 4) ---- */

/** The questions that a reader has of a case, and whether its record answers them. */
#define CASE_QUESTIONS 12
enum case_answer { ANSWER_NO, ANSWER_YES, ANSWER_NONE_NEEDED };
enum case_answer case_answer(const struct record *record, int question);
/** The first of the fields that answer a question. */
enum field_id case_question_field(int question);
/** The question to which a field belongs, or -1. */
int case_question_of(enum field_id field);
/** Whether the case must tell a field, so that its silence is shown. */
bool case_must_tell(enum field_id field);
struct case_stated {
    int stated;
    int asked;
};
struct case_stated case_count_stated(const struct record *record);

/* ---- Facets: ways to browse cases (facets.c, names.c) ---- */

/** FACET rows of facets.def: area, field, partner, form, kind, status, year … */
enum facet_id {
#define FACET(identifier, ...) FACET_##identifier,
#include "facets.def"
#undef FACET
    FACET_COUNT
};
struct facet_entry {
    struct slice code;             /* part of the address */
    const struct code_entry *of;   /* its code, or NULL (years, completeness, names) */
    const struct code_entry *with; /* of a pair: the other code; else NULL */
    const struct item **cases;     /* in the order of lists; by name under FACET_name */
    ptrdiff_t count;
};
struct facet {
    enum facet_id id;
    struct facet_entry *entries; /* in the code list's order; only codes that occur */
    ptrdiff_t count;
    const struct item *items; /* those that entries point into: all cases */
};
struct site;
/** The type of an actor of a case: its own, else its row's in the register of actors; NULL when
 * neither says. */
const struct code_entry *actor_type(const struct site *site, const struct record *actor);
struct slice facet_name(enum facet_id id); /* part of the address */
/** Whether it is a way in by itself, offered beside the others and in the search. */
bool facet_is_way(enum facet_id id);
/** How much a code in common makes two cases alike; 0: not at all. */
int facet_likeness(enum facet_id id);
struct slice facet_label(enum facet_id id, enum interface_language language);
/** The label of a code, or the entry's own code where it has none. */
struct slice facet_entry_label(const struct facet_entry *entry, int language);
/** What is below a way to browse for readers of a language: names differ from language to
 * language, the others are the same in all. */
const struct facet *site_facet(const struct site *site, enum facet_id id, int language);

/** Where a title stands in the index of names of a language: its group, and the text by which the
 * titles of a group are sorted. `reading` (of a Japanese title) may be empty. Lives in `arena`. */
struct name_place {
    int group;
    struct slice key;
};
struct name_place name_place_of(struct slice title, struct slice reading, struct slice language,
                                struct arena *arena);
/** The code of a group: `kana-a` … `kana-wa`, the rows of the Japanese syllabary; `letters`,
 * Japanese titles that begin with a letter or a digit; `unread`, those whose reading nobody has
 * stated; `a` … `z` of other languages, and `other`, what begins with none of these. */
struct slice name_group_code(int group);

/* ---- The site ---- */

struct language {
    struct slice tag;  /* BCP 47, as in the address and in lang= */
    struct slice name; /* its own name */
};

struct framework {
    struct slice id;
    const struct record *record;
    struct source *source;
};

struct rules;

/** A theme as files; templates are compiled by the render stage. */
struct theme {
    struct slice name;
    struct theme_template {
        struct slice name;
        struct source *source;
    } * templates; /* its own, then those of its base: the first of a name counts */
    ptrdiff_t template_count;
    struct slice base; /* the theme that has what this one lacks, or empty */
    /* Where the files of the two are: the site, or the installed themes; and the latter, if any of
     * the two is there. */
    const struct tree *tree, *base_tree, *installed;
    const struct node *strings[MODEL_LANGUAGES_MOST]; /* key -> text, one a language */
    struct map strings_by_key[MODEL_LANGUAGES_MOST];  /* key -> const struct node * */
    struct source *string_sources[MODEL_LANGUAGES_MOST];
    struct asset *assets; /* css, js, pictures of the theme, then those of its base */
    ptrdiff_t asset_count;
    ptrdiff_t own_asset_count;
    ptrdiff_t assets_at; /* where a name begins in the paths of its own */
};

/** A row of the register of projects that no case names, as a record of the shape `case` (ruling
 * 1). */
struct project_record {
    ptrdiff_t row;
    struct record *record;
};

struct site {
    struct arena arena;
    struct arena *worker_arenas;
    struct arena *item_arenas;    /* of each worker, too: the records and documents of items, which
                                     spill; nothing grows in them once the items are built */
    int64_t *pages_brought;       /* of memory, when these were let go last (site_pass) */
    struct store **worker_stores; /* HTML and text of the documents */
    struct recall *recall;        /* from the options */
    int worker_count;
    const struct tree *tree;
    struct source *config_source;
    const struct node *config_node; /* as YAML */
    struct record *config;          /* SHAPE site */
    struct language *languages;
    int language_count;
    struct date reference_date; /* ruling 11: SOURCE_DATE_EPOCH, else as_of */
    struct slice base_url;      /* ends in `/` */

    struct slice package_path; /* of the descriptor in the tree: data/datapackage.json */
    bool is_package;           /* nothing but a Data Package (package_build) */
    bool trusts_paths;
    struct source *package_source; /* the descriptor; NULL when there is none */
    const struct node *package;
    bool package_is_broken; /* it has errors, so that a table that is missing may be one it meant */
    struct table *tables;   /* registers and code lists, in the descriptor's order */
    ptrdiff_t table_count;
    struct codelist *codelists;
    ptrdiff_t codelist_count;

    struct framework *frameworks; /* sorted by id */
    ptrdiff_t framework_count;
    struct rules *rules; /* data/principles/: rules.h */

    /* Items by kind, in the order of lists: cases by `published` (newest first), then id; news and
     * meetings by date (newest first), then id; pages by order, then id. Drafts are there only when
     * asked for. */
    struct item *items[ITEM_KINDS];
    ptrdiff_t item_counts[ITEM_KINDS];
    struct map items_by_id[ITEM_KINDS];

    struct project_record *project_records; /* in the order of rows */
    ptrdiff_t project_record_count;
    struct map drafts[ITEM_KINDS]; /* ids of the drafts that were left out: what points at them is
                                      no mistake */

    struct facet facets[FACET_COUNT];
    struct facet names[MODEL_LANGUAGES_MOST]; /* FACET_name, one a language */
    struct asset *assets;                     /* sorted by path */
    ptrdiff_t asset_count;
    struct theme theme;
    struct map examples; /* texts of what `kyodo new` writes (examples.c) */

    struct source **sources; /* all, to be freed */
    ptrdiff_t source_count;
    ptrdiff_t source_capacity;
};

struct site_options {
    bool with_drafts;
    struct slice base_url;      /* overrides site.yaml when not empty */
    struct date reference_date; /* overrides as_of when precision is DATE_DAY */
    struct slice temporary;     /* folder for temporary files; may be empty */
    struct slice theme_root;    /* folder that holds `themes/`, used when the site has none of that
                                   name; may be empty */
    struct recall *recall;      /* what is kept of texts, for this tree; may be NULL */
};

/** Build the whole model from a tree. Always returns; what is wrong is in `diag`. `site` must be
 * zeroed. False when so little could be read (no site.yaml, no language) that going on makes no
 * sense. */
bool site_build(struct site *site, const struct tree *tree, const struct site_options *options,
                struct pool *pool, struct diag *diag);
/** For a preview: `*again` (zeroed) becomes a site that differs from `site` in one item, whose
 * texts are read again from the tree. Everything else it borrows: `site` stays as it is and
 * outlives it. Orders, facets and what points at the item are those of before, and a text that has
 * come to the item's folder is not seen. The item in `again`, or NULL when it is none any more;
 * site_release() in both cases. */
const struct item *site_read_again(struct site *again, const struct site *site,
                                   const struct item *item, struct diag *diag);
struct package_options {
    struct slice path; /* of the descriptor in the tree */
    bool trusts_paths; /* the descriptor is our own: files may be anywhere */
};
/** Read and check a Data Package by itself: registers, code lists and the ties between them; no
 * content; Japanese and English are its languages. `site` must be zeroed. */
void package_build(struct site *site, const struct tree *tree,
                   const struct package_options *options, struct pool *pool, struct diag *diag);
/** `pool`: whose threads give memory and temporary files back to the system, or NULL. */
void site_release(struct site *site, struct pool *pool);
/** For who goes over many items: call it for each, with how many have been before. Now and then,
 * while the program takes much memory, it lets what was looked at go (arena_rest), so that a pass
 * over any number of items takes little. */
void site_pass(const struct site *site, ptrdiff_t index);

const struct codelist *site_codelist(const struct site *site, struct slice name);
const struct table *site_table(const struct site *site, struct slice name);
const struct item *site_item(const struct site *site, enum item_kind kind, struct slice id);
/** Whether an id is that of a draft that was left out. */
bool site_is_draft(const struct site *site, enum item_kind kind, struct slice id);
/** Whether the site has no item of a kind at all, though something names one: one finding then for
 *  the folder, however many point into it. */
bool site_lacks_items(const struct site *site, enum item_kind kind, struct diag *diag);
/** Whether an item has this id but for capitals, or stands in the folder of another kind: each is a
 * finding of its own (item.bad_id, item.other_kind). */
bool site_item_is_elsewhere(const struct site *site, enum item_kind kind, struct slice id);
const struct framework *site_framework(const struct site *site, struct slice id);
const struct record *site_framework_item(const struct site *site, struct slice id,
                                         const struct framework **framework);
/** Whether a framework cannot be known for a reason that has a finding of its own: its file could
 * not be read, or all of data/ is gone. */
bool site_framework_is_lost(const struct site *site, struct arena *arena, struct slice id,
                            const struct diag *diag);
/** Whether a text, or the section of a heading, is that of an example that `kyodo new` writes.
 * Short texts are nobody's: two people may well write the same. */
bool site_example_has_text(const struct site *site, struct slice text);
bool site_example_has_section(const struct site *site, const struct heading *heading);
/** A string of the theme in a language; falls back to the original's, then to the key itself. */
struct slice site_string(const struct site *site, int language, const char *key);
/** Which interface language a site language reads best: Japanese for `ja`, else English. */
enum interface_language site_interface_language(const struct site *site, int language);

/* ---- Addresses (address.c) ---- */
/* Paths inside the output, without a leading slash, folders ending in `/`. */

struct slice address_home(const struct site *site, int language, struct arena *arena);
struct slice address_item(const struct site *site, const struct item *item, int language,
                          struct arena *arena);
struct slice address_kind(const struct site *site, enum item_kind kind, int language,
                          struct arena *arena);
struct slice address_facet(const struct site *site, enum facet_id facet,
                           const struct facet_entry *entry, int language, struct arena *arena);
struct slice address_table(const struct site *site, const struct table *table, int language,
                           struct arena *arena);
struct slice address_row(const struct site *site, const struct table *table, ptrdiff_t row,
                         int language, struct arena *arena);
struct slice address_dataset(const struct site *site, const struct table *table, int language,
                             struct arena *arena);
struct slice address_framework(const struct site *site, const struct framework *framework,
                               int language, struct arena *arena);
/** The page of an item of a framework; that of the framework where the item's id cannot be part of
 * an address. */
struct slice address_framework_item(const struct site *site, const struct framework *framework,
                                    const struct record *item, int language, struct arena *arena);
/** `<lang>/<rest>`. */
struct slice address_in_language(const struct site *site, int language, struct slice rest,
                                 struct arena *arena);
/** The relative URL from page `from` to `to` (both as above): "../../data/", "./" for itself. */
struct slice address_relative(struct slice from, struct slice to, struct arena *arena);

/* ---- Links in Markdown (link.c; ruling 8) ---- */

enum link_kind { LINK_EXTERNAL, LINK_PAGE, LINK_ASSET, LINK_FRAGMENT, LINK_BROKEN };
enum link_fault {
    LINK_LEADS_NOWHERE,
    LINK_LEADS_OUT,  /* of content/ */
    LINK_IS_ABSOLUTE /* begins with `/`, which would break under a base path */
};
struct link {
    enum link_kind kind;
    struct slice address;      /* PAGE: address in the output for `language`; EXTERNAL: the URL */
    struct slice fragment;     /* without `#`, may be empty */
    const struct item *item;   /* PAGE: when it is an item */
    const struct asset *asset; /* ASSET */
    /* BROKEN: why; the part of the path that names nothing, and what may have been meant by it, or
     * empty. A part that is no row of a register: the register. */
    enum link_fault fault;
    struct slice place; /* the path below the site, without a `/` at its end */
    struct slice unknown, nearest;
    bool may_be_register;  /* the part stands where a register's name would */
    bool may_be_framework; /* likewise, or it is a page that there is only with frameworks */
    const struct table *table;
    bool may_be_item; /* the part stands where the id of an item of this kind would */
    enum item_kind item_kind;
};
/** What a destination written in `item`'s text of `language` means. */
struct link link_resolve(const struct site *site, const struct item *item, int language,
                         struct slice destination, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
