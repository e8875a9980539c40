/* All pages of the site, in every language: which address is made by which maker. */
#include "html_index.h"
#include "page.h"
#include "pages.h"
#include "principles.h"

#include "dataset.h"
#include "list_file.h"

struct planner {
    struct render *render;
    const struct site *site;
    struct arena arena;              /* for addresses while planning */
    const struct item *const *cases; /* all, in the order of lists */
    int language;
};

typedef bool (*page_maker)(const struct render *, const struct artefact *, struct render_worker *,
                           struct buffer *, struct diag *);

/* A page in a folder of its own: `address` ends in a slash. */
static struct artefact *add_page(struct planner *planner, struct slice address, page_maker make,
                                 const void *subject)
{
    struct slice file = ARENA_JOIN(&planner->arena, address, SLICE("index.html"));
    struct artefact *artefact =
        plan_add(planner->render, file, GROUP_PAGE, PHASE_PAGES, true, make);
    artefact->subject = subject;
    artefact->language = planner->language;
    artefact->is_listed = true;
    return artefact;
}

static struct slice rest(struct planner *planner, const char *address)
{
    return address_in_language(planner->site, planner->language, slice_of(address),
                               &planner->arena);
}

static struct slice part_address(struct planner *planner, struct slice base, ptrdiff_t number)
{
    return arena_format(&planner->arena, "%.*spage/%td/", SLICE_ARGUMENTS(base), number);
}

/* ---- Items and lists ---- */

static void plan_redirects(struct planner *planner, const struct item *item)
{
    static const enum field_id aliases[ITEM_KINDS] = {FIELD_case_aliases, FIELD_page_aliases,
                                                      FIELD_news_aliases, FIELD_meeting_aliases};
    struct value_list list = record_list(item->record, aliases[item->kind]);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        struct slice id = list.items[i].as.text;
        if (id.length > 0 && !site_item(planner->site, item->kind, id)) {
            add_page(planner,
                     ARENA_JOIN(&planner->arena,
                                address_kind(planner->site, item->kind, planner->language,
                                             &planner->arena),
                                id, SLICE("/")),
                     make_redirect, item)
                ->is_listed = false;
        }
    }
}

/* Of other cases it shows some that are like it, which its maker notes, and those that were carried
 * to it. */
static void reads_of_case(const struct planner *planner, struct artefact *page,
                          const struct item *item)
{
    const struct rules *rules = planner->site->rules;
    bool reads_cases = rules != NULL && rules->reads_cases;
    page->inputs = INPUT_DATA | INPUT_OTHER_FACES | INPUT_ALIKE | (reads_cases ? INPUT_CASES : 0);
    page->reads_case = item;
    VECTOR(const struct item *) origins = {0};
    const struct incoming *from = planner->render->index->adopted_from[item->index].first;
    for (; from; from = from->next) {
        *VECTOR_PUSH(&planner->render->arena, &origins) = from->item;
    }
    page->reads_faces = origins.data;
    page->reads_face_count = origins.length;
}

static void plan_items(struct planner *planner)
{
    static const page_maker makers[ITEM_KINDS] = {make_case, make_text, make_text, make_meeting};
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < planner->site->item_counts[kind]; i++) {
            site_pass(planner->site, i);
            const struct item *item = &planner->site->items[kind][i];
            struct artefact *page = add_page(
                planner, address_item(planner->site, item, planner->language, &planner->arena),
                makers[kind], item);
            page->is_listed = item->versions[planner->language].exists;
            page->written_in = item->folder;
            if (kind == ITEM_CASE) {
                reads_of_case(planner, page, item);
            }
            plan_redirects(planner, item);
        }
    }
}

/* A list and its parts; `like` tells what they are about and what they read: of each part those
 * faces that are on it. */
static void plan_list(struct planner *planner, struct slice base, page_maker make,
                      const struct artefact *like, ptrdiff_t count)
{
    ptrdiff_t full = list_full_pages(count);
    for (ptrdiff_t number = 0; number <= full; number++) {
        struct slice address = number == 0 ? base : part_address(planner, base, number);
        struct artefact *artefact = add_page(planner, address, make, like->subject);
        artefact->detail = like->detail;
        artefact->number = number;
        artefact->inputs = like->inputs;
        artefact->reads_results = like->reads_results;
        if (like->reads_faces) {
            ptrdiff_t first;
            ptrdiff_t end;
            list_range(count, number, &first, &end);
            artefact->reads_faces = like->reads_faces + first;
            artefact->reads_face_count = end - first;
        }
    }
}

/* A list of cases, which tells of the same list as a file. */
static void plan_case_list(struct planner *planner, struct slice base, page_maker make,
                           const struct facet *facet, const struct facet_entry *entry,
                           struct slice file)
{
    const struct item *const *cases = entry ? entry->cases : planner->cases;
    struct artefact like = {.subject = entry,
                            .detail = facet,
                            .inputs = INPUT_DATA | INPUT_OTHER_FACES,
                            .reads_faces = cases,
                            .reads_results = file};
    plan_list(planner, base, make, &like,
              entry ? entry->count : planner->site->item_counts[ITEM_CASE]);
}

static void plan_lists(struct planner *planner)
{
    const struct site *site = planner->site;
    struct arena *arena = &planner->render->arena;
    plan_case_list(planner, rest(planner, "cases/"), make_case_list, NULL, NULL,
                   dataset_address(DATASET_CASES, DATASET_FORM_csv, arena));
    add_page(planner, rest(planner, "cases/by/"), make_ways, NULL);
    for (int i = 0; i < FACET_COUNT; i++) {
        const struct facet *facet = site_facet(site, (enum facet_id)i, planner->language);
        for (ptrdiff_t k = 0; k < facet->count; k++) {
            const struct facet_entry *entry = &facet->entries[k];
            plan_case_list(
                planner, address_facet(site, facet->id, entry, planner->language, &planner->arena),
                make_facet_list, facet, entry,
                list_file_address(site, facet->id, entry, planner->language, arena));
        }
    }
    if (site->facets[FACET_pair].count > 0) {
        add_page(planner, rest(planner, "cases/by/pair/"), make_pairs, NULL)->inputs =
            INPUT_DATA | INPUT_FACES;
    }
    if (site->facets[FACET_area].count > 0) {
        add_page(planner, rest(planner, "cases/by/area/"), make_areas, NULL)->inputs =
            INPUT_DATA | INPUT_FACES;
    }
    add_page(planner, rest(planner, "search/"), make_search, NULL);
    add_page(planner, rest(planner, "news/"), make_item_list, NULL)->number = ITEM_NEWS;
    add_page(planner, rest(planner, "meetings/"), make_item_list, NULL)->number = ITEM_MEETING;
}

/* ---- Registers, frameworks, data ---- */

static void plan_rows(struct planner *planner, const struct table *table)
{
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        if (html_has_row_page(planner->site, table, row)) {
            struct artefact *page = add_page(
                planner, address_row(planner->site, table, row, planner->language, &planner->arena),
                make_row, table);
            page->number = row;
            page->written_in = table->path;
        }
    }
}

/* What the page of a register shows: rows and what they refer to, and files of the dataset. */
static void reads_register(struct planner *planner, struct artefact *page,
                           const struct table *table)
{
    page->written_in = table->path;
    page->inputs = INPUT_DATA | INPUT_OTHER_FACES;
    page->reads_results = ARENA_JOIN(&planner->render->arena, SLICE("data/"), table->name);
}

static void plan_register(struct planner *planner, const struct table *table)
{
    struct slice base = address_table(planner->site, table, planner->language, &planner->arena);
    if (slice_equal(table->name, SLICE("indicators"))) {
        add_page(planner, base, make_indicators, table)->written_in = table->path;
    } else if (html_has_register_page(planner->site, table)) {
        reads_register(planner, add_page(planner, base, make_register, table), table);
        for (ptrdiff_t part = 1; part * REGISTER_PAGE < table->row_count; part++) {
            struct artefact *page =
                add_page(planner, part_address(planner, base, part + 1), make_register, table);
            page->number = part;
            reads_register(planner, page, table);
        }
    }
    if (table->has_pages) {
        plan_rows(planner, table);
    }
}

/* What the page of the cases' dataset shows: values of all of them, and files of the dataset. */
static void reads_faces(struct planner *planner, struct artefact *page, struct slice name)
{
    page->inputs = INPUT_DATA | INPUT_FACES;
    page->reads_results = ARENA_JOIN(&planner->render->arena, SLICE("data/"), name);
}

static void plan_withdrawn(struct planner *planner)
{
    const struct site *site = planner->site;
    const struct table *table = site_withdrawals(site);
    for (ptrdiff_t row = 0; table != NULL && row < table->row_count; row++) {
        struct withdrawal withdrawal = site_withdrawal(site, row);
        if (withdrawal_has_page(site, &withdrawal)) {
            struct slice address = address_withdrawn(site, &withdrawal, withdrawal.id,
                                                     planner->language, &planner->arena);
            struct artefact *artefact = add_page(planner, address, make_withdrawn, table);
            artefact->number = row;
            artefact->is_listed = false;
        }
    }
}

static void plan_data(struct planner *planner)
{
    const struct site *site = planner->site;
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        if (!site->tables[i].is_codelist) {
            plan_register(planner, &site->tables[i]);
        }
    }
    plan_withdrawn(planner);
    add_page(planner, rest(planner, "data/"), make_catalogue, NULL);
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        const struct table *table = &site->tables[i];
        struct slice address = address_dataset(site, table, planner->language, &planner->arena);
        reads_register(planner, add_page(planner, address, make_dataset, table), table);
    }
    for (int number = 0; number < DATASETS_MADE; number++) {
        const struct dataset *dataset = dataset_made(planner->render, number);
        if (dataset) {
            struct slice address =
                ARENA_JOIN(&planner->arena, rest(planner, "data/"), dataset->name, SLICE("/"));
            struct artefact *page = add_page(planner, address, make_dataset, NULL);
            page->number = number;
            if (dataset_is_cases(dataset)) {
                reads_faces(planner, page, dataset->name);
            }
            /* What it finds out about the columns serves the pages in other languages. */
            page->effort = planner->language == 0 ? dataset_effort(dataset) : 0;
        }
    }
}

static void plan_items_of_framework(struct planner *planner, const struct framework *framework)
{
    struct value_list items = record_list(framework->record, FIELD_framework_items);
    struct slice own =
        address_framework(planner->site, framework, planner->language, &planner->arena);
    for (ptrdiff_t i = 0; i < items.count; i++) {
        const struct record *item = items.items[i].as.group;
        struct slice address = address_framework_item(planner->site, framework, item,
                                                      planner->language, &planner->arena);
        if (!slice_equal(address, own)) {
            add_page(planner, address, make_framework_item, item)->detail = framework;
        }
    }
}

/* What needs rules: how cases are checked, and what they show of the principles. */
static void plan_evidence(struct planner *planner)
{
    const struct site *site = planner->site;
    const struct evidence_table *table = planner->render->evidence;
    if (!table) {
        return;
    }
    for (ptrdiff_t f = 0; f < site->framework_count; f++) {
        plan_list(planner,
                  matrix_address(site, &site->frameworks[f], planner->language, &planner->arena),
                  make_matrix, &(struct artefact){.subject = &site->frameworks[f]},
                  table->framework_cases[f].count);
    }
    if (site->rules->crosswalk) {
        add_page(planner, rest(planner, "principles/crosswalk/"), make_crosswalk, NULL);
    }
    add_page(planner, rest(planner, "principles/checks/"), make_checks, NULL);
    add_page(planner, rest(planner, "principles/overview/"), make_overview, NULL);
    plan_list(planner, rest(planner, "principles/completeness/"), make_completeness,
              &(struct artefact){.subject = NULL}, site->item_counts[ITEM_CASE]);
}

static void plan_frameworks(struct planner *planner)
{
    const struct site *site = planner->site;
    if (site->framework_count == 0) {
        return;
    }
    add_page(planner, rest(planner, "principles/"), make_frameworks, NULL);
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        add_page(planner,
                 address_framework(site, &site->frameworks[i], planner->language, &planner->arena),
                 make_framework, &site->frameworks[i])
            ->written_in = source_path(site->frameworks[i].source);
        plan_items_of_framework(planner, &site->frameworks[i]);
    }
    plan_evidence(planner);
}

/* Which pages there are, what people and this program found, titles and links that say nothing. */
static void plan_test_sheet(struct planner *planner)
{
    struct artefact *page =
        add_page(planner, rest(planner, "accessibility-test/"), make_test_sheet, NULL);
    page->inputs = INPUT_DATA | INPUT_FACES | INPUT_FINDINGS;
    struct artefact *file = plan_add(planner->render, rest(planner, "accessibility-test/sheet.csv"),
                                     GROUP_PAGE, PHASE_PAGES, true, make_test_sheet_file);
    file->language = planner->language;
    file->inputs = INPUT_DATA | INPUT_FACES | INPUT_FINDINGS;
}

static void plan_language(struct planner *planner)
{
    add_page(planner, address_home(planner->site, planner->language, &planner->arena), make_home,
             NULL)
        ->inputs = INPUT_DATA | INPUT_FACES;
    plan_items(planner);
    plan_lists(planner);
    plan_frameworks(planner);
    plan_data(planner);
    plan_test_sheet(planner);
    if (planner->render->upkeep) {
        add_page(planner, rest(planner, "translations/"), make_translations, NULL);
    }
    struct artefact *missing = plan_add(planner->render, rest(planner, "404.html"), GROUP_PAGE,
                                        PHASE_PAGES, true, make_missing);
    missing->language = planner->language;
    arena_clear(&planner->arena);
}

/* The feet of all pages of a language, for each depth: a page so deep, with links that climb to the
 * language's folder. */
static void make_feet(struct render *render, int language)
{
    struct render_worker *worker = &render->workers[0];
    struct buffer address;
    buffer_init(&address);
    buffer_append(&address, render->site->languages[language].tag);
    buffer_append_byte(&address, '/');
    for (int depth = 0; depth < FOOT_DEPTHS; depth++) {
        struct artefact artefact = {.language = language, .address = buffer_slice(&address)};
        struct page page;
        page_begin(&page, render, worker, &artefact, TEMPLATE_foot, language);
        render->index->feet[language][depth] = arena_copy(&render->arena, page_make_foot(&page));
        arena_clear(&worker->scratch);
        buffer_append_literal(&address,
                              "-/"); /* no page has this name, so nothing is shared with it */
    }
    buffer_clear(&worker->buffer);
    buffer_release(&address);
}

static const struct item **all_cases(const struct site *site, struct arena *arena)
{
    const struct item **cases =
        ARENA_ARRAY(arena, const struct item *, site->item_counts[ITEM_CASE] + 1);
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        cases[i] = &site->items[ITEM_CASE][i];
    }
    return cases;
}

void html_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    struct planner planner = {
        .render = render, .site = render->site, .cases = all_cases(render->site, &render->arena)};
    arena_init(&planner.arena, ARENA_DEFAULT_LIMIT);
    for (int language = 0; language < render->site->language_count; language++) {
        planner.language = language;
        make_feet(render, language);
        plan_language(&planner);
    }
    plan_add(render, SLICE("index.html"), GROUP_PAGE, PHASE_PAGES, true, make_choice);
    plan_add(render, SLICE("404.html"), GROUP_PAGE, PHASE_PAGES, true, make_choice)->number = 1;
    arena_release(&planner.arena);
}
