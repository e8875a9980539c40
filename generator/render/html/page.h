/*
 * A page while it is made: what every page kind needs. The kinds (page_*.c) fill `content` and what
 * they know of `root`; page_end() fills the rest of the layout and expands both.
 *
 * Text for HTML values is made between markup_begin() and markup_end() and lives in the page's
 * arena (cleared after each page). What the functions named put_* append is safe HTML: everything
 * that people wrote is escaped on the way.
 */
#ifndef KYODO_PAGE_H
#define KYODO_PAGE_H

#include "html_index.h"
#include "theme.h"
#include "upkeep.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most pages above a page, itself included. */
#define CRUMBS_MOST 8

/** Words that belong behind a heading of the page's text: the section is behind its original. */
struct section_note {
    ptrdiff_t at; /* in the HTML of the text */
    enum section_state state;
};

struct page {
    const struct render *render;
    const struct site *site;
    const struct html_theme *theme;
    struct arena *arena;
    struct buffer *buffer;          /* for markup_begin */
    struct arena *kept;             /* what this thread keeps for other pages */
    struct buffer *shown;           /* cases that are shown here (page_shows) */
    struct slice address;           /* of this page, from the root of the output */
    int language;                   /* of the reader: header, footer, links */
    int text;                       /* of the content: another one when there is no translation */
    enum interface_language labels; /* for names of fields, in the content */
    enum template_id kind;          /* of the page: its template */
    struct dictionary *root;        /* DICTIONARY_page */
    struct dictionary *content;     /* the template's own dictionary */
    bool is_rootless; /* shown at any address, so its links begin at the host's root */
    bool has_notice;  /* the text is shown in another language than the reader's */
    bool unofficial;  /* names of frameworks, documents or offices stand in translation on it */
    struct date updated;
    struct slice canonical; /* absolute address of the page, or of its original */
    /* What programs are told (structured.h). */
    struct page_crumb {
        struct slice html;
        struct slice address; /* empty: this page */
    } crumbs[CRUMBS_MOST];
    int crumb_count;
    struct slice described; /* objects of schema.org, apart by commas */
    bool is_article;
    struct date published;
    struct slice image;           /* address of a picture that stands for the page, or empty */
    const struct document *whole; /* whose HTML is here (page_read_text), or NULL */
    struct slice whole_html;
    const struct section_note *notes; /* sorted by place */
    ptrdiff_t note_count;
    struct date since; /* of the notes: the day since which it is so */
};

/* ---- page.c ---- */

/** Start a page of a kind. `text` is the language of its content. */
void page_begin(struct page *page, const struct render *render, struct render_worker *worker,
                const struct artefact *artefact, enum template_id kind, int text);
/** Note that the page shows what stands in an item's front matter: who puts words of an item onto
 * the page of another one calls it, so that the page is made again with them (render_shown). */
void page_shows(const struct page *page, const struct item *item);
/** A dictionary that belongs to no other one. */
struct dictionary *page_dictionary(const struct page *page, enum dictionary_id id);
/** Fill the layout's words and write the page. `title` is for the title element, plain;
 * `description` plain, may be empty. The page has been given its crumbs, alternates and update
 * before. */
void page_end(struct page *page, struct slice title, struct slice description, struct buffer *out);
/** The foot for a page like this one, as HTML in its arena. */
struct slice page_make_foot(const struct page *like);
/** The languages in which the page really exists; `rest` is its address without the language. A
 * page that exists in all is told with `item` NULL. */
void page_alternates(struct page *page, struct slice rest, const struct item *item);
/** The same for a page that may have no counterpart in another language: where there is none, the
 * switch leads to `otherwise`. */
void page_alternates_known(struct page *page, struct slice rest, struct slice otherwise);
/** The page as its header sees it: its texts are in the reader's language. */
struct page page_reader(const struct page *page);
/** A page above this one, or (address empty) this one. `label` is HTML. */
void page_crumb(struct page *page, struct slice label, struct slice address);
/** The relative URL of an address. */
struct slice page_url(const struct page *page, struct slice address);
/** The URL of an address from the host's root, by the path of the site's base URL. */
struct slice page_root_url(const struct page *page, struct slice address);
/** The page's address without its language. */
struct slice page_rest(const struct page *page);
/** Whether the plan has a file of that address. */
bool page_knows(const struct page *page, struct slice address);
/** A plain text of the theme, in the content's language. */
struct slice page_string(const struct page *page, enum string_id id);

/* ---- markup.c ---- */

ptrdiff_t markup_begin(const struct page *page);
struct slice markup_end(const struct page *page, ptrdiff_t start);

void put_text(const struct page *page, struct slice plain);
void put_html(const struct page *page, struct slice html);
/** Whether Japanese words inside the page's own language are marked as such. */
bool page_marks_japanese(const struct page *page);
/** A piece of a body's HTML with its Japanese words marked; `*in_tag`: whether a piece ends, and
 * the next begins, inside a tag. */
void put_body_html(const struct page *page, struct slice html, bool *in_tag);
#define PUT(page, literal) put_html((page), SLICE(literal))
/** A text in a language of the site: marked with lang= when it is not the content's. `language` -1:
 * neutral. */
void put_in_language(const struct page *page, struct slice plain, int language);
/** Like put_in_language; blank lines part paragraphs. */
void put_paragraphs(const struct page *page, struct slice plain, int language);
void put_string(const struct page *page, enum string_id id);
/** A text of the theme with {0} … replaced by HTML. Where it has a `|` and argument 0 is "1", what
 * stands before it counts. */
#define PATTERN_ARGUMENTS 6
void put_pattern_of(const struct page *page, enum string_id id,
                    const struct slice arguments[PATTERN_ARGUMENTS]);
void put_pattern(const struct page *page, enum string_id id, struct slice a, struct slice b);
/** The same as plain text, of plain arguments. */
struct slice pattern_text(const struct page *page, enum string_id id, struct slice a,
                          struct slice b);
void put_link(const struct page *page, struct slice address, struct slice html);
/** Ready pieces of the above. */
struct slice html_text(const struct page *page, struct slice plain);
struct slice html_in_language(const struct page *page, struct slice plain, int language);
struct slice html_string(const struct page *page, enum string_id id);
struct slice html_pattern(const struct page *page, enum string_id id, struct slice a,
                          struct slice b);
struct slice html_link(const struct page *page, struct slice address, struct slice html);
struct slice html_word(const struct page *page, const struct record *record, enum field_id field);
struct slice html_paragraphs(const struct page *page, const struct record *record,
                             enum field_id field);
struct slice html_label(const struct page *page, enum field_id field);

/* ---- format.c ---- */

/** `2024年3月`, `March 2024`. With `weekday`, a date of day precision has it. */
void put_date(const struct page *page, struct date date, bool weekday);
struct slice html_date(const struct page *page, struct date date);
/** The same beside the label of its column or field (HTML): a fiscal year does not say again what
 *  that says. `Fiscal year: 2015`, not `Fiscal year: fiscal year 2015`. */
void put_date_under(const struct page *page, struct date date, struct slice label);
/** The same words without an element around them, for places that hold none. */
void put_date_words(const struct page *page, struct date date);
/** A number of zero or more as plain digits. */
struct slice text_digits(const struct page *page, int64_t value);
/** Digits grouped. */
void put_integer(const struct page *page, int64_t value);
void put_number_text(const struct page *page, struct slice number);
void put_number(const struct page *page, double value);
struct slice text_integer(const struct page *page, int64_t value);
/** A number with its unit and how to read it: 約200件, about 200 agreements. `number` in JSON's
 * form. */
void put_quantity(const struct page *page, struct slice number, const struct code_entry *unit,
                  const struct code_entry *qualifier);
/** 12 kB, 3.4 MB. */
struct slice text_size(const struct page *page, int64_t bytes);

/* ---- value.c ---- */

/** Any stated value for readers: words, labels of codes, dates, links to what is referred to, lists
 * joined. */
void put_value(const struct page *page, const struct value *value);
/** The name of what is referred to, linked where it has a page. */
void put_reference(const struct page *page, const struct reference_value *reference);
void put_contact(const struct page *page, const struct record *contact);
/** A cell of a register, linked where it refers to a row with a page. */
void put_cell(const struct page *page, const struct table *table, ptrdiff_t row, int index);
/** The name of a row, and above a Japanese one how it is read, where the register says so: a column
 * `name_kana` beside the column `name` that names the rows. */
struct slice html_row_title(const struct page *page, const struct table *table, ptrdiff_t row);
/** The address of the page of a row: its own, or that of the item of the same name. Empty when
 * there is none. */
struct slice row_address(const struct page *page, const struct table *table, ptrdiff_t row);

/* ---- prose.c ---- */

/** For a page that shows a document in many pieces: it is fetched once, not once a piece. */
void page_read_text(struct page *page, const struct document *document);
/** Bytes [start, end) of a document's HTML with its links resolved for `item`, as seen from the
 * page. */
void put_document(const struct page *page, const struct item *item, const struct document *document,
                  ptrdiff_t start, ptrdiff_t end);
/** A PROSE value: the body section, or paragraphs from the front matter. */
struct slice html_prose(const struct page *page, const struct item *item,
                        const struct value *value);

/* ---- upkeep.c ---- */

/** Tell the readers of a translation what of it is behind its original: in the page's notice, and
 * in `notes`, which put_document sets. Nothing on the page of an original. */
void page_keep_up(struct page *page, const struct item *item);
void put_section_note(const struct page *page, const struct section_note *note);
/** The name of a section of an item's translation into `language`, linked to where it can be read.
 */
void put_section(const struct page *page, const struct item *item, int language,
                 const struct section *section);

/* ---- block.c ---- */

struct dictionary *add_block(struct dictionary *parent, enum name_id section, struct slice id,
                             struct slice heading);
/** A block of an article that its list of contents leads to. */
struct dictionary *add_listed_block(struct page *page, struct slice id, struct slice heading);
struct dictionary *add_part(struct dictionary *block);
void add_prose(struct dictionary *block, struct slice heading, struct slice html);
void add_not_stated(const struct page *page, struct dictionary *block, struct slice label);
void add_not_applicable(const struct page *page, struct dictionary *block, struct slice label,
                        const struct value *value);
/** A line of a list of definitions, in the given section of the dictionary. NULL and no line when
 * `html` is empty. */
struct dictionary *add_fact(struct dictionary *parent, enum name_id section, struct slice label,
                            struct slice html);
/** The fact of a value, whatever its state; nothing when it is absent, unless `must`: then it is
 * not stated. Values that are not stated are left out, too, without `must`. True when something was
 * added. */
bool add_fact_of_value(const struct page *page, struct dictionary *parent, enum name_id section,
                       const struct record *record, enum field_id field, bool must);
/** A table in a part of its own. */
struct dictionary *add_table(struct dictionary *block, struct slice id, struct slice caption,
                             bool quiet);
/** A table below what its part begins with. */
struct dictionary *add_table_to_part(struct dictionary *part, struct slice id, struct slice caption,
                                     bool quiet);
void add_column(struct dictionary *table, struct slice label, bool number);
/** `html` empty: an empty cell. */
struct dictionary *add_cell(struct dictionary *row, struct slice html, bool header, bool number);
struct dictionary *add_cell_of_value(const struct page *page, struct dictionary *row,
                                     const struct value *value, bool number);
/** A cell that tells its column (plain text), for tables of the flag STACK. */
struct dictionary *add_labelled_cell(struct dictionary *row, struct slice html, struct slice label);
void add_link(struct dictionary *parent, enum name_id section, struct slice label, struct slice url,
              struct slice note);
/** The entries of a `sources` field. */
void add_sources(const struct page *page, struct dictionary *content, enum name_id section,
                 struct value_list sources);

/* ---- card.c ---- */

/** An entry of a list of pages, by the theme's template: with its summary, or in a line or two. */
void put_card(const struct page *page, const struct item *item, enum card_form form);
/** Those of several cases. */
struct slice html_cards(const struct page *page, const struct item *const *cases, ptrdiff_t count,
                        enum card_form form);
/** The pages of a long list: [*first, *end) of `count` things on list page `number`; 0 is the
 * newest page. */
#define LIST_PAGE 50
ptrdiff_t list_full_pages(ptrdiff_t count);
void list_range(ptrdiff_t count, ptrdiff_t number, ptrdiff_t *first, ptrdiff_t *end);
/** Links to the neighbours; `base` is the address of page 0. */
void add_pager(const struct page *page, enum name_id section, struct slice base, ptrdiff_t count,
               ptrdiff_t number, bool newest_first);

struct slice html_question(const struct page *page, int question);
/** How many of a case's questions are stated, for readers: 8/12. */
struct slice case_stated_text(const struct page *page, const struct record *record);

#ifdef __cplusplus
}
#endif
#endif
