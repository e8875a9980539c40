/* The catalogue of data, and a page for each dataset: what it is, its files, its first rows, what
 * its columns mean. */
#include "chart_part.h"
#include "dataset_citation.h"
#include "dataset_files.h"
#include "html_index.h"
#include "page.h"
#include "pages.h"
#include "preview_cell.h"
#include "profile_cell.h"
#include "register_table.h"

#include "catalog.h"
#include "dataset.h"

#define FIRST_ROWS 20

static struct slice in_language(const struct page *page, const char *rest)
{
    return address_in_language(page->site, page->language, slice_of(rest), page->arena);
}

static struct slice dataset_folder(const struct page *page, struct slice name)
{
    return ARENA_JOIN(page->arena, in_language(page, "data/"), name, SLICE("/"));
}

static struct slice label_of(const struct page *page, const struct dataset *dataset)
{
    struct slice label = dataset->labels[page->text];
    return label.length > 0 ? label : dataset->name;
}

static struct slice html_size(const struct page *page, struct slice address)
{
    const struct artefact_result *result = render_result(page->render, address);
    return result ? html_text(page, text_size(page, result->size)) : (struct slice){0};
}

/* ---- The catalogue ---- */

static void add_dataset_card(const struct page *page, enum name_id section,
                             const struct dataset *dataset)
{
    struct dictionary *card = dictionary_add(page->content, section);
    dictionary_set(card, NAME_dataset_card_TITLE, html_text(page, label_of(page, dataset)));
    dictionary_set(card, NAME_dataset_card_URL,
                   page_url(page, dataset_folder(page, dataset->name)));
    dictionary_set_some(card, NAME_dataset_card_ABOUT,
                        html_text(page, dataset->descriptions[page->text]));
    ptrdiff_t start = markup_begin(page);
    put_pattern(page, STRING_rows_count, text_integer(page, dataset->row_count), (struct slice){0});
    if (dataset->updated.precision != DATE_NONE) {
        PUT(page, " · ");
        put_string(page, STRING_updated);
        PUT(page, " ");
        put_date(page, dataset->updated, false);
    }
    dictionary_set(card, NAME_dataset_card_META, markup_end(page, start));
    add_main_files(page, card, dataset);
}

/* The files that hold or tell of all datasets. Those that are made beside the pages have no size
 * yet. */
static void add_bulk(const struct page *page)
{
    for (int i = 0; i < CATALOG_FILES; i++) {
        const struct catalog_file *file = catalog_file((enum catalog_file_id)i);
        if (!page_knows(page, file->address)) {
            continue;
        }
        ptrdiff_t start = markup_begin(page);
        struct slice size = {0};
        if (file->phase < PHASE_PAGES) {
            size = html_size(page, file->address);
        }
        if (size.length > 0) {
            put_html(page, size);
            PUT(page, " · ");
        }
        put_text(page, file->about[page->labels]);
        struct slice note = markup_end(page, start);
        add_link(page->content, NAME_catalogue_BULK, html_text(page, file->label[page->labels]),
                 page_url(page, file->address), note);
    }
}

bool make_catalogue(const struct render *render, const struct artefact *artefact,
                    struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_catalogue, artefact->language);
    const struct site *site = page.site;
    page_alternates(&page, page_rest(&page), NULL);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(site, page.language, page.arena));
    page_crumb(&page, html_string(&page, STRING_data), (struct slice){0});
    dictionary_set(page.content, NAME_catalogue_TITLE, html_string(&page, STRING_data));
    dictionary_set(page.content, NAME_catalogue_LEAD, html_string(&page, STRING_data_lead));
    for (int number = 0; number < DATASETS_MADE; number++) {
        const struct dataset *dataset = dataset_made(render, number);
        if (dataset) {
            add_dataset_card(&page, NAME_catalogue_DATASET, dataset);
        }
    }
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        const struct table *table = &site->tables[i];
        add_dataset_card(&page,
                         table->is_codelist ? NAME_catalogue_CODELIST : NAME_catalogue_DATASET,
                         dataset_of_table(site, table, page.arena));
    }
    add_bulk(&page);
    page_end(&page, page_string(&page, STRING_data), page_string(&page, STRING_data_lead), out);
    return true;
}

/* ---- A dataset ---- */

static enum string_id type_string(enum column_type type)
{
    switch (type) {
    case COLUMN_STRING:
        return STRING_type_string;
    case COLUMN_INTEGER:
        return STRING_type_integer;
    case COLUMN_NUMBER:
        return STRING_type_number;
    case COLUMN_BOOLEAN:
        return STRING_type_boolean;
    case COLUMN_DATE:
        return STRING_type_date;
    case COLUMN_YEAR:
        return STRING_type_year;
    case COLUMN_YEARMONTH:
        return STRING_type_yearmonth;
    case COLUMN_TIME:
        return STRING_type_time;
    case COLUMN_DATETIME:
        return STRING_type_datetime;
    case COLUMN_LIST:
        return STRING_type_list;
    case COLUMN_OBJECT:
        return STRING_type_object;
    case COLUMN_ARRAY:
        return STRING_type_array;
    case COLUMN_GEOJSON:
        return STRING_type_geojson;
    case COLUMN_GEOPOINT:
        return STRING_type_geopoint;
    case COLUMN_DURATION:
        return STRING_type_duration;
    case COLUMN_ANY:
        return STRING_type_any;
    }
    BUG("no such type of column");
}

/* The label in every language, the reader's first. */
static struct slice html_labels(const struct page *page, const struct dataset_column *column)
{
    ptrdiff_t start = markup_begin(page);
    put_in_language(page, column->labels[page->text], page->text);
    for (int language = 0; language < page->site->language_count; language++) {
        struct slice label = column->labels[language];
        if (language == page->text || label.length == 0 ||
            slice_equal(label, column->labels[page->text])) {
            continue;
        }
        PUT(page, "<br>");
        put_in_language(page, label, language);
    }
    return markup_end(page, start);
}

/* The label in every language and the name that the column has in the files. */
static struct slice html_column_name(const struct page *page, const struct dataset_column *column)
{
    struct slice labels = html_labels(page, column);
    ptrdiff_t start = markup_begin(page);
    put_html(page, labels);
    PUT(page, "<br><code>");
    put_text(page, column->name);
    PUT(page, "</code>");
    return markup_end(page, start);
}

/* Type, unit, code list, and whether a cell may be empty. */
static struct slice html_column_type(const struct page *page, const struct dataset_column *column)
{
    const struct codelist *codelist = column->codelist;
    ptrdiff_t start = markup_begin(page);
    put_string(page, type_string(column->type));
    if (column->unit[page->text].length > 0) {
        PUT(page, "<br>");
        put_pattern(page, STRING_column_unit, html_text(page, column->unit[page->text]),
                    (struct slice){0});
    }
    if (codelist != NULL) {
        struct slice label = codelist->table->labels[page->text];
        PUT(page, "<br>");
        put_link(page, dataset_folder(page, codelist->name),
                 html_pattern(page, STRING_column_codes,
                              html_text(page, label.length > 0 ? label : codelist->name),
                              (struct slice){0}));
    }
    if (column->is_required) {
        PUT(page, "<br>");
        put_string(page, STRING_required);
    }
    return markup_end(page, start);
}

static void add_columns_table(const struct page *page, const struct dataset *dataset,
                              const struct column_profile *profiles)
{
    struct dictionary *table = dictionary_add(page->content, NAME_dataset_COLUMNS);
    dictionary_set(table, NAME_table_ID, SLICE("columns"));
    dictionary_set(table, NAME_table_CAPTION,
                   html_pattern(page, STRING_columns_caption,
                                html_text(page, label_of(page, dataset)), (struct slice){0}));
    dictionary_show(table, NAME_table_QUIET, true);
    dictionary_show(table, NAME_table_STACK, true);
    static const enum string_id headers[] = {STRING_column_label, STRING_column_type,
                                             STRING_column_meaning, STRING_column_values};
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        add_column(table, html_string(page, headers[i]), false);
    }
    for (int c = 0; c < dataset->column_count; c++) {
        const struct dataset_column *column = &dataset->columns[c];
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_column_name(page, column), true, false);
        add_labelled_cell(row, html_column_type(page, column),
                          page_string(page, STRING_column_type));
        add_labelled_cell(row, html_text(page, column->descriptions[page->text]),
                          page_string(page, STRING_column_meaning));
        add_labelled_cell(row, html_profile(page, dataset, column, &profiles[c]),
                          page_string(page, STRING_column_values));
    }
}

/* Rows of a dataset that is no register: the columns that tell rows apart at a glance, which are
 * those with short values, in the reader's language or in none. */
#define PREVIEW_COLUMNS 6

static int preview_columns(const struct page *page, const struct dataset *dataset,
                           const struct column_profile *profiles, int *shown)
{
    int count = 0;
    for (int c = 0; c < dataset->column_count && count < PREVIEW_COLUMNS; c++) {
        const struct dataset_column *column = &dataset->columns[c];
        bool is_readable = column->language < 0 || column->language == page->text;
        bool tells_apart =
            profiles[c].distinct > 1 || profiles[c].empty > 0 || dataset->row_count == 1;
        if (is_readable && tells_apart && !profiles[c].is_prose &&
            profiles[c].empty < dataset->row_count && !slice_equal(column->name, SLICE("url")) &&
            !preview_is_named_beside(dataset, c)) {
            shown[count++] = c;
        }
    }
    return count;
}

static void add_dataset_rows(const struct page *page, const struct dataset *dataset,
                             const struct column_profile *profiles, ptrdiff_t count)
{
    int shown[PREVIEW_COLUMNS];
    int shown_count = preview_columns(page, dataset, profiles, shown);
    struct dictionary *table = dictionary_add(page->content, NAME_dataset_TABLE);
    dictionary_set(table, NAME_table_ID, SLICE("rows"));
    dictionary_set(table, NAME_table_CAPTION,
                   html_pattern(page, STRING_first_rows_caption,
                                html_text(page, label_of(page, dataset)), (struct slice){0}));
    dictionary_show(table, NAME_table_QUIET, true);
    dictionary_show(table, NAME_table_STACK, true);
    for (int i = 0; i < shown_count; i++) {
        add_column(table, html_text(page, dataset->columns[shown[i]].labels[page->text]), false);
    }
    struct slice *cells = ARENA_ARRAY(page->arena, struct slice, dataset->column_count);
    for (ptrdiff_t r = 0; r < count; r++) {
        for (int c = 0; c < dataset->column_count; c++) {
            cells[c] = (struct slice){0};
        }
        dataset->row(dataset, r, page->arena, cells);
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        for (int i = 0; i < shown_count; i++) {
            const struct dataset_column *column = &dataset->columns[shown[i]];
            ptrdiff_t start = markup_begin(page);
            put_preview_cell(page, dataset, shown[i], cells);
            struct slice html = markup_end(page, start);
            if (i == 0) {
                add_cell(row, html, true, false);
            } else {
                add_labelled_cell(row, html, column->labels[page->text]);
            }
        }
    }
}

static void add_rows(const struct page *page, const struct dataset *dataset,
                     const struct column_profile *profiles)
{
    ptrdiff_t shown = dataset->row_count < FIRST_ROWS ? dataset->row_count : FIRST_ROWS;
    if (shown == 0) {
        const struct table *table = dataset->table;
        struct slice reason = table ? table->empty_reason[page->text] : (struct slice){0};
        dictionary_set(page->content, NAME_dataset_EMPTY,
                       reason.length > 0 ? html_text(page, reason)
                                         : html_string(page, STRING_dataset_empty));
        return;
    }
    struct slice count = text_integer(page, dataset->row_count);
    dictionary_set(page->content, NAME_dataset_ROWS,
                   shown < dataset->row_count
                       ? pattern_text(page, STRING_rows_first, text_integer(page, shown), count)
                       : pattern_text(page, STRING_rows_all, count, (struct slice){0}));
    if (dataset->table) {
        register_table(page, dictionary_add(page->content, NAME_dataset_TABLE), dataset->table,
                       SLICE("rows"), 0, shown, true);
    } else {
        add_dataset_rows(page, dataset, profiles, shown);
    }
}

/* More than this a reader's browser should not be asked to read for a look; there are the files. */
#define EXPLORE_BYTES (4 << 20)

/* All rows, to sort and to filter, where there is the script and something to do for it. */
static void add_explorer(const struct page *page, const struct dataset *dataset)
{
    struct slice rows = dataset_address(dataset->name, DATASET_FORM_json, page->arena);
    const struct artefact_result *result = render_result(page->render, rows);
    if (page->theme->rows.length > 0 && dataset->row_count > 1 && result != NULL &&
        result->size <= EXPLORE_BYTES) {
        dictionary_set(page->content, NAME_dataset_EXPLORE, page_url(page, rows));
        dictionary_set(page->content, NAME_dataset_SCRIPT, page_url(page, page->theme->rows));
    }
}

static void add_history(const struct page *page, const struct table *table)
{
    const struct node *history = table ? node_get(table->descriptor, "kyodo:history") : NULL;
    for (const struct node *entry = history ? history->first : NULL; entry; entry = entry->next) {
        const struct node *date = node_get(entry, "date");
        const struct node *notes = node_get(entry, "note");
        const struct node *note = node_get_slice(notes, page->site->languages[page->text].tag);
        struct date when = {0};
        if (!date || !note || date_parse(date->text, &when) != DATE_OK) {
            continue;
        }
        struct dictionary *step = dictionary_add(page->content, NAME_dataset_HISTORY);
        dictionary_set(step, NAME_step_WHEN, html_date(page, when));
        dictionary_set(step, NAME_step_TEXT, html_text(page, note->text));
    }
}

static void add_dataset_facts(const struct page *page, const struct dataset *dataset)
{
    const struct record *config = page->site->config;
    const struct record *publisher = record_group(config, FIELD_site_publisher);
    const struct record *licence = record_group(config, FIELD_site_licence);
    struct dictionary *content = page->content;
    add_fact(content, NAME_dataset_FACT, html_string(page, STRING_publisher),
             html_word(page, publisher, FIELD_publisher_name));
    add_fact(content, NAME_dataset_FACT, html_string(page, STRING_updated),
             dataset->updated.precision != DATE_NONE ? html_date(page, dataset->updated)
                                                     : html_string(page, STRING_not_stated));
    ptrdiff_t start = markup_begin(page);
    PUT(page, "<a href=\"");
    escape_html_attribute(page->buffer, record_text(licence, FIELD_licence_url));
    PUT(page, "\">");
    put_html(page, html_word(page, licence, FIELD_licence_name));
    PUT(page, "</a>");
    add_fact(content, NAME_dataset_FACT, html_string(page, STRING_licence),
             markup_end(page, start));
    add_fact(content, NAME_dataset_FACT, html_string(page, STRING_size),
             html_pattern(page, STRING_rows_count, text_integer(page, dataset->row_count),
                          (struct slice){0}));
}

/* Where what a dataset holds can be read. */
static const char *made_pages(ptrdiff_t number)
{
    static const char *const pages[DATASETS_MADE] = {
        [0] = "cases/",
        [1 + DERIVED_evidence] = "principles/overview/",
        [1 + DERIVED_principles] = "principles/",
        [1 + DERIVED_crosswalk] = "principles/crosswalk/",
        [1 + DERIVED_rules] = "principles/checks/"};
    return pages[number];
}

/* What the columns hold is the same in every language, and a table may be long. `made`: its number
 * among those that are no table. */
static const struct column_profile *profiles_of(const struct page *page,
                                                const struct dataset *dataset, ptrdiff_t made)
{
    const struct site *site = page->site;
    ptrdiff_t index = dataset->table ? dataset->table - site->tables : site->table_count + made;
    const struct column_profile **place = &page->render->index->profiles[index];
    const struct column_profile *kept = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (kept) {
        return kept;
    }
    const struct column_profile *found = dataset_profile(dataset, page->arena);
    struct column_profile *own =
        ARENA_ARRAY(page->kept, struct column_profile, dataset->column_count + 1);
    for (int i = 0; i < dataset->column_count; i++) {
        own[i] = found[i];
        own[i].least = arena_copy(page->kept, found[i].least);
        own[i].greatest = arena_copy(page->kept, found[i].greatest);
        own[i].most = arena_copy(page->kept, found[i].most);
    }
    const struct column_profile *nobody = NULL;
    __atomic_compare_exchange_n(place, &nobody, own, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    return own;
}

bool make_dataset(const struct render *render, const struct artefact *artefact,
                  struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct table *table = artefact->subject;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_dataset, artefact->language);
    const struct site *site = page.site;
    const struct dataset *dataset = table ? dataset_of_table(site, table, page.arena)
                                          : dataset_made(render, (int)artefact->number);
    page.updated = dataset->updated;
    page.unofficial = true;
    page_alternates(&page, page_rest(&page), NULL);
    struct slice name = label_of(&page, dataset);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(site, page.language, page.arena));
    page_crumb(&page, html_string(&page, STRING_data), in_language(&page, "data/"));
    page_crumb(&page, html_text(&page, name), (struct slice){0});
    dictionary_set(page.content, NAME_dataset_TITLE, html_text(&page, name));
    dictionary_set_some(page.content, NAME_dataset_LEAD,
                        html_text(&page, dataset->descriptions[page.text]));
    add_dataset_facts(&page, dataset);
    add_all_files(&page, dataset);
    const struct column_profile *profiles = profiles_of(&page, dataset, artefact->number);
    add_rows(&page, dataset, profiles);
    add_explorer(&page, dataset);
    if (!table) {
        dictionary_set(page.content, NAME_dataset_REGISTER,
                       page_url(&page, in_language(&page, made_pages(artefact->number))));
    } else if (!table->is_codelist) {
        dictionary_set(page.content, NAME_dataset_REGISTER,
                       page_url(&page, address_table(site, table, page.language, page.arena)));
    }
    if (table) {
        add_charts(&page, page.content, NAME_dataset_CHART, table);
    }
    add_columns_table(&page, dataset, profiles);
    add_history(&page, table);
    struct slice address =
        ARENA_JOIN(page.arena, site->base_url, dataset_folder(&page, dataset->name));
    add_citations(&page, dataset, address);
    add_dataset_description(&page, dataset, address);
    page_end(&page, pattern_text(&page, STRING_dataset_title, name, (struct slice){0}),
             dataset->descriptions[page.text], out);
    return true;
}
