/*
 * Private to the Markdown part of parse: how a body becomes a document.
 *
 *     source bytes -> fed text (marks where emphasis meets Japanese punctuation) markdown_feed.c
 *                  -> cmark's tree, in memory that is given back at once markdown_memory.c
 *                  -> tables and explicit anchors found on the tree markdown_table.c, _heading.c
 *                  -> HTML, plain text, headings, references                           markdown.c,
 * _inline.c, _csv.c
 *
 * cmark's own columns are not good enough for findings (lines after a definition, a continued line
 * or a title over two lines are off), so places are worked out from the text where they are wanted:
 * markdown_place.c.
 *
 * Offsets: "source" ones count in the whole decoded file, "fed" ones in what cmark reads, "content"
 * ones in the text of one paragraph or heading without the prefixes of its lines.
 */
#ifndef KYODO_MARKDOWN_H
#define KYODO_MARKDOWN_H

#include "parse.h"

#include <cmark.h>

/** U+FDD0, a noncharacter that Unicode keeps for a program's own use. Never written out. */
#define MARK "\xEF\xB7\x90"
#define MARK_LENGTH ((ptrdiff_t)3)

/** Deepest nesting of quotes and list items; beyond it cmark's time grows with depth times lines.
 */
#define NESTING_MOST 32
/** Deepest nesting of emphasis and links that is written; deeper ones keep their text. */
#define INLINE_NESTING_MOST 64
/** Most steps that cmark may spend on pictures whose bracket stays open (see feed_is_bearable). */
#define OPEN_PICTURE_STEPS_MOST ((int64_t)50000000)
#define TABLE_COLUMNS_MOST 200
/** Most cells that are made up in one document for rows that are too short. */
#define TABLE_PADDING_MOST 100000

/** From `at` on, a text stands at `to` of another one. */
struct segment {
    ptrdiff_t at;
    ptrdiff_t to;
};

typedef VECTOR(struct segment) segment_vector;
typedef VECTOR(ptrdiff_t) offset_vector;

/** What cmark is given. */
struct fed {
    struct slice text;
    ptrdiff_t source_start;  /* where text begins in the source; 0 when there are segments */
    offset_vector marks;     /* fed offsets of the marks that were put in, ascending */
    offset_vector lines;     /* fed offset at which each line starts; only for the body */
    segment_vector segments; /* text put together from pieces: unmarked offset -> source offset */
};

/** The text of one paragraph, heading or cell as cmark's inline parser sees it. */
struct content {
    const struct fed *fed;
    struct slice text;
    segment_vector lines; /* content offset of each line -> fed offset */
};

enum column_alignment { COLUMN_PLAIN, COLUMN_LEFT, COLUMN_CENTER, COLUMN_RIGHT };

struct table_cell {
    bool is_words; /* `words` are all; else it is the next one in the tree of cells */
    struct slice words;
};

/** A pipe table that was found in a paragraph of the tree. */
struct table {
    cmark_node *caption; /* the paragraph before it, or NULL */
    int lead_lines;      /* lines of the paragraph that stand before the header row */
    bool lead_is_caption;
    ptrdiff_t column_count;
    enum column_alignment *alignments;
    VECTOR(ptrdiff_t) rows; /* cells that each row has, the header row first */
    VECTOR(struct table_cell) cells;
    cmark_node *first_cell; /* in the tree of cells; the others that were parsed follow it */
};

/** What the walk learns about a node beforehand hangs on the node (cmark's user data). */
struct note {
    struct slice anchor; /* heading: explicit id, free of repetition */
    struct table *table; /* paragraph: it is a table */
    bool is_caption;     /* paragraph: it belongs to the table that follows */
};

struct pending_heading {
    struct heading heading;
    cmark_node *parent;
    ptrdiff_t outer;                  /* the heading whose section it stands in, -1 for none */
    ptrdiff_t title_start, title_end; /* in the plain text */
    ptrdiff_t own_end;                /* of what follows, up to the next heading */
    ptrdiff_t source_start;           /* its line */
};

struct pending_reference {
    struct reference reference;
    ptrdiff_t text_start, text_end; /* in the plain text, when reference.text is unset */
};

struct markdown {
    struct source *source;
    struct slice body; /* points into the source's text */
    ptrdiff_t start;   /* where it begins */
    struct markdown_options options;
    struct arena *arena;   /* of the caller: what stays */
    struct arena *scratch; /* what goes with this call */
    struct diag *diag;
    struct fed fed;
    struct buffer html;
    struct buffer text;
    VECTOR(struct pending_heading) headings;
    ptrdiff_t open_heading; /* the innermost one whose section is open, -1 for none */
    VECTOR(struct pending_reference) references;
    struct map ids;     /* id -> the next suffix to try */
    struct map anchors; /* explicit id -> its struct span */
    struct fed cells_fed;
    int captions;
    ptrdiff_t padded_cells;
    bool said_inline_nesting;
};

/* ---- markdown_memory.c ---- */

/** Memory for cmark: taken from an arena piece by piece, given back with it. cmark's allocator has
 * no context argument, so the heap in use hangs on the thread from heap_enter to heap_leave. */
struct heap {
    struct arena *arena;
    char *at;
    char *end;
    char *clean;     /* memory from here on was never used and is zero */
    ptrdiff_t taken; /* bytes of all pieces */
    struct heap *outer;
};
void heap_enter(struct heap *heap, struct arena *arena);
void heap_leave(struct heap *heap);
/** The tree of a text, in the heap that was entered. */
cmark_node *heap_parse(struct slice text);

/* ---- markdown_feed.c ---- */

/** Put marks into `text` where cmark needs them; `fed->text` is `text` itself when none is. */
void feed_mark(struct arena *scratch, struct slice text, struct fed *fed);
void feed_find_lines(struct arena *scratch, struct fed *fed);
/** False, with a finding, when cmark could need more than linear time for it. */
bool feed_is_bearable(struct markdown *markdown);
ptrdiff_t feed_to_source(const struct fed *fed, ptrdiff_t at);
/** Bytes [start, end) of a line of the body, without its line end. `line` counts from 1 as cmark
 * does. */
struct slice feed_line(const struct fed *fed, int line);
ptrdiff_t feed_line_start(const struct fed *fed, int line);
/** A copy without marks. */
struct slice feed_unmark(struct arena *arena, struct slice s);

/* ---- markdown_place.c ---- */

/** The content of a paragraph or heading of the body, definitions at its start included; `*skipped`
 * is their length. */
void place_content(struct markdown *markdown, cmark_node *block, struct content *content,
                   ptrdiff_t *skipped);
ptrdiff_t place_to_source(const struct content *content, ptrdiff_t at);
/** Gives the source spans of the links, pictures and raw HTML of a block one by one, in the order
 * in which a walk enters them, and follows the inlines no further than it must. Where the text
 * can't be followed, the rest get the place where the block begins. */
struct placed {
    struct span span;
    bool is_ready; /* its end is known */
};
struct placer {
    struct markdown *markdown;
    cmark_node *block;
    cmark_node *node; /* to be followed next; NULL behind the last */
    const struct content *content;
    struct slice text;
    ptrdiff_t at; /* in text */
    bool is_lost;
    struct span fallback;
    VECTOR(struct placed) spans;
    offset_vector open; /* index of the span of each link that is open */
    ptrdiff_t given;
};
void place_begin(struct placer *placer, struct markdown *markdown, cmark_node *block,
                 const struct content *content, ptrdiff_t skipped);
struct span place_next(struct placer *placer);
/** The first line of a block from where it begins. */
struct span place_block(struct markdown *markdown, cmark_node *block);

/* ---- markdown_slips.c ---- */

/** Findings for signs in a paragraph that were meant as Markdown and are none. */
void slips_find(struct markdown *markdown, cmark_node *paragraph);

/* ---- markdown_syntax.c ---- */

/** A backslash at `at` that escapes what follows. */
bool syntax_is_escape(struct slice s, ptrdiff_t at);
ptrdiff_t syntax_skip_blanks(struct slice s, ptrdiff_t at);
/** Behind a line end at `at`, or behind the end of the text; -1 when there is neither. */
ptrdiff_t syntax_skip_line_end(struct slice s, ptrdiff_t at);
/** Behind `[…]` at `at`, or -1. */
ptrdiff_t syntax_label(struct slice s, ptrdiff_t at);
/** Behind `(destination "title")` at `at`, or -1. */
ptrdiff_t syntax_inline_link(struct slice s, ptrdiff_t at);
/** Bytes from `at` that are a link reference definition with its line end, 0 when there is none. */
ptrdiff_t syntax_definition(struct slice text, ptrdiff_t at);

/* ---- markdown_inline.c ---- */

/** What of a block's inlines is written. */
struct inline_part {
    const struct content *content; /* NULL: worked out when it is wanted */
    ptrdiff_t skipped;
    ptrdiff_t drop_start; /* bytes of the first text that are left out */
    int breaks_most;      /* stop before this line break; 0 for all */
    bool is_cell;         /* the last text ends with a space and a mark */
};
void inline_render(struct markdown *markdown, cmark_node *block, const struct inline_part *part);
/** Append to HTML and plain text, escaped; `braces` turns {base|reading} into ruby and
 * {words|lang=en} into words of that language. */
void inline_text(struct markdown *markdown, struct slice s, bool braces);
void inline_escape(struct buffer *out, struct slice s, bool plain);
/** The text inside a node, without what marks it up; `*counted` becomes the number of links,
 * pictures and raw HTML in it. */
struct slice inline_plain(struct markdown *markdown, cmark_node *top, ptrdiff_t *counted);
/** The finding for a piece of raw HTML; none for a comment. What stands between the tags of a block
 * is left out with them. */
void inline_report_html(struct markdown *markdown, struct slice html, bool is_block,
                        struct span span);
/** A paragraph that is one picture with a title. */
bool inline_is_figure(const struct markdown *markdown, cmark_node *paragraph);
void inline_figure(struct markdown *markdown, cmark_node *paragraph);
/** Bytes of {base|reading} or {words|lang=en} at the start of `s`, 0 when it is neither. */
ptrdiff_t inline_braces(struct slice s, struct slice *base, struct slice *reading);

/* ---- markdown_heading.c ---- */

/** Take `{#id}` off a heading and reserve the id. */
void heading_take_anchor(struct markdown *markdown, cmark_node *heading);
void heading_render(struct markdown *markdown, cmark_node *node);
/** The sections of headings that stand directly in `container` end here. */
void heading_close_sections(struct markdown *markdown, cmark_node *container);
/** An id that nothing else in the document has. */
struct slice heading_unique_id(struct markdown *markdown, struct slice wanted);
/** Copy headings into the document, with texts and hashes. */
void heading_finish(struct markdown *markdown, struct document *document);

/* ---- markdown_table.c ---- */

/** Text of cells, gathered table by table and parsed at once. */
struct cell_text {
    struct buffer text;
    segment_vector segments;
    VECTOR(struct table *) tables;
    VECTOR(ptrdiff_t) first_cells;
    ptrdiff_t count;
    offset_vector literal_lines; /* first and last line of code and HTML blocks, in pairs */
};
/** Find a table in a paragraph; on success its cells are in `cells` and a note hangs on the node.
 */
void table_find(struct markdown *markdown, struct cell_text *cells, cmark_node *paragraph);
/** Parse all cells, with the body's link definitions. */
void table_parse_cells(struct markdown *markdown, struct cell_text *cells);
void table_render(struct markdown *markdown, cmark_node *paragraph, const struct table *table,
                  bool tight);
/** `<table>` with the region and caption that name it; the caption's content is written by the
 * caller. */
void table_open_captioned(struct markdown *markdown);
void table_close_captioned(struct markdown *markdown);
/** The attribute that aligns a cell, with a space before it; nothing for COLUMN_PLAIN. */
void table_append_class(struct buffer *html, enum column_alignment alignment);

/* ---- markdown_csv.c ---- */

/** markdown_chart.c: a fenced block `chart`. */
bool chart_block_is(const struct markdown *markdown, cmark_node *code);
void chart_block_render(struct markdown *markdown, cmark_node *code);
bool csv_block_is(const struct markdown *markdown, cmark_node *code);
void csv_block_render(struct markdown *markdown, cmark_node *code);

/* ---- markdown.c ---- */

/** Begin an element on a line of its own, in HTML and in the plain text. */
void markdown_begin_block(struct markdown *markdown);
/** What stands before the first white space. */
struct slice markdown_first_word(struct slice s);
/** A note of a node, made when there is none. */
struct note *markdown_note(struct markdown *markdown, cmark_node *node);

#endif
