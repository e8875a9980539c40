/* Cities and wards beside each other: what each has recorded, with whom, in which forms, and which
 * intermediaries work there; and the intermediaries by field. */
#include "page.h"
#include "pages.h"
#include "ways.h"

/* So that the page stays below 100 kB, whatever the list of areas is like. */
#define AREAS_MOST 120
#define NAMES_MOST 12

/* Codes that occur, a bit by order in their list. */
struct code_set {
    uint64_t bits;
};

static void note_code(struct code_set *set, const struct code_entry *code)
{
    if (code && code->order < 64) {
        set->bits |= UINT64_C(1) << code->order;
    }
}

static void note_codes(struct code_set *set, const struct record *record, enum field_id field)
{
    struct value_list list = record_list(record, field);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        note_code(set, list.items[i].as.code);
    }
}

static struct slice html_codes(const struct page *page, const char *name, struct code_set set)
{
    const struct codelist *list = site_codelist(page->site, slice_of(name));
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; list && i < list->count; i++) {
        const struct code_entry *code = &list->codes[i];
        if (code->order < 64 && (set.bits >> code->order & 1) != 0) {
            if (page->buffer->length > start) {
                put_string(page, STRING_list_separator);
            }
            put_text(page, code_label(code, page->text));
        }
    }
    return markup_end(page, start);
}

/* ---- Intermediaries ---- */

static bool cell_is(const struct table *table, ptrdiff_t row, const char *column,
                    struct slice wanted)
{
    int index = table_column_by_name(table, slice_of(column));
    return index >= 0 && slice_equal(table_cell(table, row, index), wanted);
}

static bool is_intermediary(const struct table *actors, ptrdiff_t row)
{
    return cell_is(actors, row, "is_intermediary", SLICE("true"));
}

static void put_row(const struct page *page, const struct table *table, ptrdiff_t row)
{
    put_link(page, row_address(page, table, row), html_row_title(page, table, row));
}

/* Those of a ward; of a city, those for which no ward is stated. */
static struct slice html_intermediaries_in(const struct page *page, const struct code_entry *area)
{
    const struct table *actors = site_table(page->site, SLICE("actors"));
    bool is_ward = area->parent && area->parent->parent;
    int named = 0;
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t row = 0; actors && row < actors->row_count && named < NAMES_MOST; row++) {
        bool is_here = is_ward ? cell_is(actors, row, "ward", area->code)
                               : cell_is(actors, row, "localgov_code", area->code) &&
                                     cell_is(actors, row, "ward", (struct slice){0});
        if (is_here && is_intermediary(actors, row)) {
            if (named++ > 0) {
                put_string(page, STRING_list_separator);
            }
            put_row(page, actors, row);
        }
    }
    return markup_end(page, start);
}

struct gathering {
    const struct page *page;
    const struct table *actors;
    bool *found; /* side by side with the rows of actors */
};

static void note_actor(struct gathering *gathering, ptrdiff_t row)
{
    if (row >= 0 && is_intermediary(gathering->actors, row)) {
        gathering->found[row] = true;
    }
}

static void gather_from_case(struct gathering *gathering, const struct item *item)
{
    struct value_list actors = record_list(item->record, FIELD_case_actors);
    for (ptrdiff_t i = 0; i < actors.count; i++) {
        const struct value *actor = record_get(actors.items[i].as.group, FIELD_actor_actor);
        if (value_is_stated(actor) && value_reference(actor)->target == TARGET_ROW &&
            value_reference(actor)->table == gathering->actors) {
            note_actor(gathering, value_reference(actor)->row);
        }
    }
}

static bool list_holds(struct slice list, char delimiter, struct slice wanted)
{
    while (list.length > 0) {
        if (slice_equal(slice_trim(slice_cut(&list, delimiter)), wanted)) {
            return true;
        }
    }
    return false;
}

static void gather_from_project(struct gathering *gathering, const struct table *projects,
                                ptrdiff_t row)
{
    for (int c = 0; c < projects->column_count; c++) {
        const struct column *column = &projects->columns[c];
        if (column->referenced != gathering->actors || column->is_private) {
            continue;
        }
        struct slice rest = table_cell(projects, row, c);
        char delimiter = column->type == COLUMN_LIST ? column->delimiter : '\n';
        while (rest.length > 0) {
            note_actor(gathering, table_row_by_key(gathering->actors,
                                                   slice_trim(slice_cut(&rest, delimiter))));
        }
    }
}

static void gather_from_projects(struct gathering *gathering, struct slice field)
{
    const struct table *projects = site_table(gathering->page->site, SLICE("projects"));
    int fields = projects ? table_column_by_name(projects, SLICE("fields")) : -1;
    for (ptrdiff_t row = 0; fields >= 0 && row < projects->row_count; row++) {
        if (list_holds(table_cell(projects, row, fields), projects->columns[fields].delimiter,
                       field)) {
            gather_from_project(gathering, projects, row);
        }
    }
}

static struct slice html_gathered(const struct gathering *gathering)
{
    int named = 0;
    ptrdiff_t start = markup_begin(gathering->page);
    for (ptrdiff_t row = 0; row < gathering->actors->row_count && named < NAMES_MOST; row++) {
        if (gathering->found[row]) {
            if (named++ > 0) {
                put_string(gathering->page, STRING_list_separator);
            }
            put_row(gathering->page, gathering->actors, row);
        }
    }
    return markup_end(gathering->page, start);
}

/* Fields of which a case or a project names an intermediary. */
static void add_intermediaries(const struct page *page)
{
    const struct codelist *fields = site_codelist(page->site, SLICE("fields"));
    const struct table *actors = site_table(page->site, SLICE("actors"));
    const struct facet *facet = &page->site->facets[FACET_field];
    struct dictionary *part = NULL;
    for (ptrdiff_t i = 0; fields && actors && i < fields->count; i++) {
        const struct code_entry *field = &fields->codes[i];
        struct gathering gathering = {
            .page = page,
            .actors = actors,
            .found = ARENA_ARRAY(page->arena, bool, actors->row_count + 1),
        };
        for (ptrdiff_t k = 0; k < facet->count; k++) {
            for (ptrdiff_t c = 0; facet->entries[k].of == field && c < facet->entries[k].count;
                 c++) {
                site_pass(page->site, c);
                gather_from_case(&gathering, facet->entries[k].cases[c]);
            }
        }
        gather_from_projects(&gathering, field->code);
        struct slice html = html_gathered(&gathering);
        if (html.length > 0 && !part) {
            struct dictionary *block =
                add_block(page->content, NAME_article_BLOCK, SLICE("intermediaries"),
                          html_string(page, STRING_areas_intermediaries));
            dictionary_set(add_part(block), NAME_part_NOTE,
                           html_string(page, STRING_areas_intermediaries_lead));
            part = add_part(block);
        }
        if (html.length > 0) {
            add_fact(part, NAME_part_FACT, html_text(page, code_label(field, page->text)), html);
        }
    }
}

/* ---- Areas ---- */

static const enum string_id count_labels[] = {STRING_cases, STRING_ward_projects};

static ptrdiff_t projects_in(const struct site *site, const struct code_entry *area)
{
    const struct table *projects = site_table(site, SLICE("projects"));
    int wards = projects ? table_column_by_name(projects, SLICE("wards")) : -1;
    bool is_ward = area->parent && area->parent->parent;
    ptrdiff_t count = 0;
    for (ptrdiff_t row = 0; wards >= 0 && row < projects->row_count; row++) {
        struct slice cell = table_cell(projects, row, wards);
        bool is_here =
            is_ward ? list_holds(cell, projects->columns[wards].delimiter, area->code)
                    : cell.length == 0 && cell_is(projects, row, "localgov_code", area->code);
        count += is_here ? 1 : 0;
    }
    return count;
}

static const struct facet_entry *cases_in(const struct site *site, const struct code_entry *area)
{
    const struct facet *facet = &site->facets[FACET_area];
    for (ptrdiff_t i = 0; i < facet->count; i++) {
        if (facet->entries[i].of == area) {
            return &facet->entries[i];
        }
    }
    return NULL;
}

static struct slice html_area(const struct page *page, const struct code_entry *area,
                              const struct facet_entry *entry)
{
    struct slice name = html_text(page, code_label(area, page->text));
    if (entry) {
        name = html_link(
            page, address_facet(page->site, FACET_area, entry, page->language, page->arena), name);
    }
    bool is_ward = area->parent && area->parent->parent;
    return is_ward ? name : html_pattern(page, STRING_areas_whole, name, (struct slice){0});
}

static void add_area(const struct page *page, struct dictionary *table,
                     const struct code_entry *area)
{
    const struct facet_entry *entry = cases_in(page->site, area);
    struct code_set fields = {0};
    struct code_set forms = {0};
    struct code_set kinds = {0};
    for (ptrdiff_t i = 0; entry && i < entry->count; i++) {
        site_pass(page->site, i);
        const struct record *record = entry->cases[i]->record;
        note_codes(&fields, record, FIELD_case_fields);
        note_codes(&forms, record, FIELD_case_form);
        struct value_list actors = record_list(record, FIELD_case_actors);
        for (ptrdiff_t k = 0; k < actors.count; k++) {
            note_code(&kinds, actor_type(page->site, actors.items[k].as.group));
        }
    }
    struct dictionary *row = dictionary_add(table, NAME_table_ROW);
    add_cell(row, html_area(page, area, entry), true, false);
    const ptrdiff_t counts[] = {entry ? entry->count : 0, projects_in(page->site, area)};
    for (int i = 0; i < 2; i++) {
        struct dictionary *cell = add_labelled_cell(row, text_integer(page, counts[i]),
                                                    page_string(page, count_labels[i]));
        dictionary_show(cell, NAME_cell_NUMBER, true);
    }
    add_labelled_cell(row, html_codes(page, "fields", fields),
                      field_info(FIELD_case_fields)->label[page->labels]);
    add_labelled_cell(row, html_codes(page, "actor-types", kinds),
                      facet_label(FACET_partner, page->labels));
    add_labelled_cell(row, html_codes(page, "forms", forms),
                      field_info(FIELD_case_form)->label[page->labels]);
    add_labelled_cell(row, html_intermediaries_in(page, area),
                      page_string(page, STRING_areas_intermediary));
}

/* Cities that have cases, and every ward of them, also those of which nothing is recorded: a flag
 * for each entry of the list of areas. */
static const bool *compared(const struct page *page, const struct codelist *areas)
{
    const struct site *site = page->site;
    bool *flags = ARENA_ARRAY(page->arena, bool, areas->count + 1);
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct code_entry *city =
            record_code(site->items[ITEM_CASE][i].record, FIELD_case_city);
        if (city && city->list == areas && city->parent) {
            flags[city - areas->codes] = true;
        }
    }
    for (ptrdiff_t i = 0; i < areas->count; i++) {
        const struct code_entry *city = areas->codes[i].parent;
        if (city && city->parent && flags[city - areas->codes]) {
            flags[i] = true;
        }
    }
    return flags;
}

static void add_areas(const struct page *page, const struct codelist *areas)
{
    struct slice heading = html_string(page, STRING_areas_table);
    struct dictionary *block =
        add_block(page->content, NAME_article_BLOCK, SLICE("areas"), heading);
    struct dictionary *table = add_table(block, SLICE("area-table"), heading, true);
    dictionary_show(table, NAME_table_STACK, true);
    add_column(table, html_text(page, facet_label(FACET_area, page->labels)), false);
    add_column(table, html_string(page, STRING_cases), true);
    add_column(table, html_string(page, STRING_ward_projects), true);
    add_column(table, html_label(page, FIELD_case_fields), false);
    add_column(table, html_text(page, facet_label(FACET_partner, page->labels)), false);
    add_column(table, html_label(page, FIELD_case_form), false);
    add_column(table, html_string(page, STRING_areas_intermediary), false);
    ptrdiff_t left_out = 0;
    int shown = 0;
    const bool *flags = compared(page, areas);
    for (ptrdiff_t i = 0; i < areas->count; i++) {
        if (flags[i]) {
            if (shown < AREAS_MOST) {
                add_area(page, table, &areas->codes[i]);
                shown++;
            } else {
                left_out++;
            }
        }
    }
    if (left_out > 0) {
        dictionary_set(
            add_part(block), NAME_part_NOTE,
            html_pattern(page, STRING_row_more, text_integer(page, left_out), (struct slice){0}));
    }
}

bool make_areas(const struct render *render, const struct artefact *artefact,
                struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    ways_begin(&page, render, worker, artefact);
    page_crumb(&page, html_string(&page, STRING_areas_title), (struct slice){0});
    dictionary_set(page.content, NAME_article_TITLE, html_string(&page, STRING_areas_title));
    ptrdiff_t start = markup_begin(&page);
    put_paragraphs(&page, page_string(&page, STRING_areas_lead), -1);
    dictionary_set(page.content, NAME_article_SUMMARY, markup_end(&page, start));
    const struct codelist *areas = site_codelist(page.site, SLICE("areas"));
    if (areas) {
        add_areas(&page, areas);
    }
    add_intermediaries(&page);
    page_end(&page, page_string(&page, STRING_areas_title), page_string(&page, STRING_areas_lead),
             out);
    return true;
}
