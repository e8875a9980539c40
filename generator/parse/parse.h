/*
 * parse: text -> syntax with spans. Nothing here knows what a case or a register is.
 *
 * YAML (libyaml) and JSON (jansson) give the same tree of `struct node`; CSV (libcsv) is read row
 * by row; Markdown (cmark) becomes a `struct document`. Library objects stay inside their file.
 */
#ifndef KYODO_PARSE_H
#define KYODO_PARSE_H

#include "load.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- YAML and JSON ---- */

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

/** What a plain scalar says by YAML 1.2's core schema (so `no`, `on`, `12:30` and `2024-03-01`
 *  are text). Quoted and block scalars are always TEXT. JSON's types map to the same. */
enum scalar_kind { SCALAR_TEXT, SCALAR_NULL, SCALAR_BOOLEAN, SCALAR_INTEGER, SCALAR_NUMBER };

struct node {
    enum node_kind kind;
    enum scalar_kind scalar;
    bool is_plain;        /* scalar written without quotes */
    struct span span;     /* of the whole node */
    struct slice text;    /* scalar: its value, after unfolding and escapes */
    struct span key_span; /* the key's place, for a member of a mapping */
    struct slice key;     /* the key, for a member of a mapping */
    struct node *first;   /* children of a sequence or mapping, in order */
    struct node *next;    /* the next sibling */
    ptrdiff_t count;      /* number of children */
};

/** Most nodes and deepest nesting in one file; beyond it a finding (a YAML bomb ends here). */
#define NODE_LIMIT 2000000
#define NODE_DEPTH 32

/** Parse bytes [start, end) of a source as one YAML document. Findings: broken syntax with
 *  libyaml's reason in both languages, anchors, aliases and tags (refused), duplicate keys (with
 *  a note at the first), more than one document. NULL when nothing usable is left; an empty range
 *  gives an empty mapping. Slices point into the arena or the source's text only while it is
 *  resident, so all text is copied into the arena. */
struct node *yaml_parse(struct source *source, ptrdiff_t start, ptrdiff_t end, struct arena *arena,
                        struct diag *diag);
/** Parse a whole source as JSON (RFC 8259); every node has its place. */
struct node *json_parse(struct source *source, struct arena *arena, struct diag *diag);
/** Parse a source that holds a value of JSON on each line (NDJSON, JSON Lines): a sequence of them.
 *  Blank lines are none. NULL with a finding at the first line that is no JSON. */
struct node *json_parse_lines(struct source *source, struct arena *arena, struct diag *diag);
/** The child of a mapping by key, or NULL (also for NULL). */
const struct node *node_get(const struct node *mapping, const char *key);
const struct node *node_get_slice(const struct node *mapping, struct slice key);

/** Where front matter (between `---` lines at the top) and body stand. */
struct front_matter {
    bool present;
    bool is_closed;
    ptrdiff_t yaml_start, yaml_end; /* without the fences */
    ptrdiff_t body_start;
};
/** Finding when the fence that opens is never closed: then front matter is present, and both it and
 *  the body are empty. */
struct front_matter front_matter_split(struct source *source, struct diag *diag);

/* ---- CSV ---- */

/** CSV dialect (Data Package v2, Table Dialect). Zero-initialise and call csv_dialect_default. */
struct csv_dialect {
    char delimiter; /* ',' */
    char quote;     /* '"'; 0 = no quoting */
    char escape;    /* 0 = quotes are doubled */
    bool skip_initial_space;
    char comment; /* 0 = none */
};
void csv_dialect_default(struct csv_dialect *dialect);

/** One record as it is handed over. Fields are NUL-free UTF-8 and valid only during the call. */
struct csv_row {
    /* physical records from 1, header and blank ones included (frictionless) */
    int64_t row_number;
    ptrdiff_t start, end; /* bytes of the record in the source, without its line end */
    bool is_blank;        /* an empty line: no fields */
    bool has_quotes; /* or escapes: a field may be something else than the bytes between delimiters
                      */
    bool is_broken;  /* a finding was made about its quotes: the fields are a best guess */
    const struct slice *fields;
    ptrdiff_t field_count;
};
/** Return false to stop reading. */
typedef bool (*csv_row_handler)(void *context, const struct csv_row *row);

/** Read a source record by record with libcsv, to the end or until the handler stops it. Findings
 *  of form: a quote inside a value, a quote that is never closed (at the line where it opens);
 *  reading goes on at the next line. False when it had to stop before the end: a NUL byte, or
 *  more than CSV_FAULTS_MOST such findings. */
#define CSV_FAULTS_MOST 1000
bool csv_read(struct source *source, const struct csv_dialect *dialect, csv_row_handler handler,
              void *context, struct diag *diag);
/** Consecutive records of a source; `order` counts the parts from 0 in the order of the file. */
struct csv_part {
    int64_t order;
    const struct csv_row *rows;
    ptrdiff_t row_count;
};
/** What a handler of parts wants next: no more; the following part by itself, when this one is
 * done; or the rest of the file by all threads at once, in whatever order they get to it. */
enum csv_next { CSV_STOP, CSV_IN_ORDER, CSV_ANY_ORDER };
typedef enum csv_next (*csv_part_handler)(void *context, const struct csv_part *part, int worker);

/** csv_read in parts of some thousand records, on the threads of `pool` (NULL: on this one, in
 *  order). `worker` tells them apart; handlers run at the same time once one of them has asked for
 *  CSV_ANY_ORDER, which stays so. Positions and row numbers are those of csv_read; findings name
 *  `resource`. */
bool csv_read_parts(struct source *source, const struct csv_dialect *dialect, struct slice resource,
                    struct pool *pool, csv_part_handler handler, void *context, struct diag *diag);
/** What ends the records. A line end inside a quoted value ends none: Excel writes LF there and
 *  CRLF behind the record. */
enum line_end csv_line_end(struct source *source, const struct csv_dialect *dialect);
/** The span of field `index` (from 0) of the record at [start, end): with its quotes; for a
 *  missing field the end of the record. A scanner of our own, asserted by tests to agree with
 *  libcsv. */
struct span csv_field_span(struct source *source, const struct csv_dialect *dialect,
                           ptrdiff_t start, ptrdiff_t end, ptrdiff_t index);

/* ---- Markdown ---- */

/** A heading with a stable anchor: `{#id}` at its end, or made of its text (Han and kana stay;
 *  white space and punctuation become `-`; a repeated one gets `-2` …). */
struct heading {
    int level; /* 1 to 6, as it is written: with heading_offset */
    bool has_explicit_id;
    bool has_text; /* heading_text is not empty */
    struct slice id;
    struct slice text; /* plain */
    struct span span;
    int32_t html_start;         /* where its element begins in `html` */
    int32_t html_content_start; /* behind its end tag */
    /* where its section ends: the next heading of the same or a higher level, or the end. The
     * section of a heading inside a quotation or a list ends with that at the latest, and such a
     * heading ends none outside, so that a section is always whole elements. */
    int32_t html_end;
    /* of the source of its words and its own text, each run of white space counted as one space:
     * for translation upkeep */
    uint64_t hash;
    uint64_t brief_hash;             /* of heading_text, where that is brief; else 0 */
    const struct document *document; /* whose heading it is */
};

/** Bytes that the text of a section may have so that it counts as a value, which others may tell
 * of; a longer one is read where it stands. */
#define SECTION_BRIEF 120

enum reference_kind { REFERENCE_LINK, REFERENCE_IMAGE, REFERENCE_CHART };

/** A link, a picture or (fenced block `chart`) a chart that a register declares, `register/chart`:
 * at its place the renderer inserts the whole figure. Of the others: `html` holds nothing at
 * `html_offset`: the renderer inserts the resolved, attribute-escaped URL there, so that HTML is
 * made once and addresses are decided when the whole site is known. A picture's place is directly
 * behind `src="`: with `URL" width="4" height="3` the renderer can add attributes (our quotation
 * mark follows). */
struct reference {
    enum reference_kind kind;
    struct slice destination; /* as written, after cmark's unescaping */
    struct slice text;        /* link text or text alternative, plain */
    struct span span;
    ptrdiff_t html_offset;
    /* javascript:, vbscript:, file:, data: (dropped: nothing is inserted) */
    bool is_unsafe;
};

/** The document: everything that later stages need, in the arena; nothing of cmark. The HTML is
 *  large and needed once, so document_keep puts it aside into a store. */
struct document {
    struct slice html; /* body HTML, no URLs in it (see reference); data NULL when put aside */
    const struct store *store; /* where it is, or NULL */
    int64_t html_at;
    ptrdiff_t html_length; /* wherever it is */
    struct heading *headings;
    ptrdiff_t heading_count;
    struct reference *references; /* in order of html_offset */
    ptrdiff_t reference_count;
    uint64_t lead_hash; /* like heading.hash, of what stands before the first heading */
};

/** A copy of what markdown_parse gave that lives in `arena`, with its HTML put into `store`. */
struct document *document_keep(const struct document *document, struct arena *arena,
                               struct store *store);
/** The same when that is in the store already, at this place. */
struct document *document_keep_at(const struct document *document, struct arena *arena,
                                  const struct store *store, int64_t html_at);
/** Bytes [start, end) of the HTML, wherever it is; what is read back lives in `arena`. */
struct slice document_html(const struct document *document, ptrdiff_t start, ptrdiff_t end,
                           struct arena *arena);
/** The plain text of what these bytes of the HTML show, made in `arena`: blocks and rows of tables
 *  are lines, and nothing stands around it. For search, data and descriptions. */
struct slice document_text(const struct document *document, ptrdiff_t start, ptrdiff_t end,
                           struct arena *arena);
/** The same of what stands behind a heading, up to the next one of any level. */
struct slice heading_text(const struct heading *heading, struct arena *arena);
/** The hash of that text, never 0; 0 when it has more than SECTION_BRIEF bytes. */
uint64_t heading_brief_hash(const struct heading *heading, struct arena *arena);

struct markdown_options {
    bool plain; /* CommonMark as the specification has it: our additions off (ruling 14) */
    /* added to levels so that a body's `#` does not compete with the page's h1; capped at 6 */
    int heading_offset;
    /** Memory for the work in between, or NULL. Who parses many documents keeps one for each
     *  thread: it is cleared at the end of each call and spares malloc and the kernel most of
     *  their work (half of the time). */
    struct arena *scratch;
};

/** Whether a text is a tag of BCP 47 (RFC 5646, 2.1) as pages use them: a language of two or three
 * letters, then parts of letters and digits behind hyphens; at most 35 in all. */
bool is_language_tag(struct slice tag);

/** Parse the body [start, source end) of a source. Findings: raw HTML (dropped), unsafe URLs,
 * broken tables, csv blocks without caption, duplicate explicit ids, text that would take cmark too
 * long (then the document is empty). Link and heading-order checks are the validate stage's.
 *
 *  Our additions, besides design.md's: `{漢字|かんじ}` is ruby; `{equal footing|lang=en}` is in
 * that language (WCAG 2.2, 3.1.2); a paragraph `表: …` or `Table: …`
 * before a table is its caption; a paragraph that is one picture with a title is a figure. Classes
 * in the HTML: align-left, align-center, align-right on cells, table-scroll around a captioned
 * table, language-… on code. Ids of captions are table_1, table_2 … */
struct document *markdown_parse(struct source *source, ptrdiff_t start,
                                const struct markdown_options *options, struct arena *arena,
                                struct diag *diag);

#ifdef __cplusplus
}
#endif
#endif
