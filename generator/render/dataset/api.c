#include "api.h"

#include "json_parts.h"

bool api_is_asked(const struct dataset *dataset)
{
    if (dataset->table != NULL) {
        return dataset->table->has_api && dataset_key(dataset) >= 0;
    }
    const struct node *asked = node_get(dataset->site->package, "kyodo:api");
    return dataset_is_cases(dataset) && asked != NULL && slice_equal(asked->text, SLICE("true"));
}

/* ---- Addresses ---- */

static struct slice folder(const struct dataset *dataset, struct arena *arena)
{
    return ARENA_JOIN(arena, SLICE("api/v1/"), dataset->name, SLICE("/"));
}

struct slice api_page_address(const struct dataset *dataset, ptrdiff_t page, struct arena *arena)
{
    struct slice name = page == 1 ? SLICE("index") : arena_format(arena, "page/%td", page);
    return ARENA_JOIN(arena, folder(dataset, arena), name, SLICE(".json"));
}

static struct slice record_address(const struct dataset *dataset, struct slice id,
                                   struct arena *arena)
{
    return ARENA_JOIN(arena, folder(dataset, arena), id, SLICE(".json"));
}

static ptrdiff_t page_count(const struct dataset *dataset)
{
    return dataset->row_count == 0 ? 1 : (dataset->row_count + API_PAGE - 1) / API_PAGE;
}

/* ---- A record ---- */

static struct slice *read_cells(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch)
{
    struct slice *cells = ARENA_ARRAY(scratch, struct slice, dataset->column_count + 1);
    dataset->row(dataset, row, scratch, cells);
    return cells;
}

static void write_pages(struct json_writer *json, const struct dataset *dataset, ptrdiff_t row,
                        struct arena *scratch)
{
    const struct site *site = dataset->site;
    if (dataset->table != NULL && !dataset->table->has_pages) {
        return;
    }
    json_key(json, SLICE("pages"));
    json_object_begin(json);
    for (int i = 0; i < site->language_count; i++) {
        struct slice address = dataset->table != NULL
                                   ? address_row(site, dataset->table, row, i, scratch)
                                   : address_item(site, &site->items[ITEM_CASE][row], i, scratch);
        json_key(json, site->languages[i].tag);
        json_string(json, ARENA_JOIN(scratch, site->base_url, address));
    }
    json_object_end(json);
}

static bool make_record(const struct render *render, const struct artefact *artefact,
                        struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    const struct dataset *dataset = artefact->subject;
    struct arena *scratch = &worker->scratch;
    const struct record *licence = record_group(render->site->config, FIELD_site_licence);
    const struct slice *cells = read_cells(dataset, artefact->number, scratch);
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    json_member(&json, "dataset", dataset->name);
    json_member(&json, "id", cells[dataset_key(dataset)]);
    json_member(&json, "licence", record_text(licence, FIELD_licence_url));
    write_pages(&json, dataset, artefact->number, scratch);
    json_key(&json, SLICE("record"));
    json_object_begin(&json);
    json_row(&json, dataset, cells);
    json_object_end(&json);
    json_row_labels(&json, dataset, cells);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
    return true;
}

/* What was withdrawn: the notice in the record's place. */
static bool make_withdrawn_record(const struct render *render, const struct artefact *artefact,
                                  struct render_worker *worker, struct buffer *out,
                                  struct diag *diag)
{
    (void)diag;
    const struct dataset *withdrawn = artefact->subject;
    struct withdrawal withdrawal = site_withdrawal(render->site, artefact->number);
    const struct slice *cells = read_cells(withdrawn, artefact->number, &worker->scratch);
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    json_member(&json, "dataset", withdrawal.name);
    json_member(&json, "id", withdrawal.id);
    json_key(&json, SLICE("withdrawn"));
    json_object_begin(&json);
    json_row(&json, withdrawn, cells);
    json_object_end(&json);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
    return true;
}

static void plan_withdrawn(struct render *render, const struct dataset *dataset)
{
    const struct site *site = render->site;
    const struct table *table = site_withdrawals(site);
    const struct dataset *withdrawn = NULL;
    for (ptrdiff_t row = 0; table != NULL && row < table->row_count; row++) {
        struct withdrawal withdrawal = site_withdrawal(site, row);
        if (!slice_equal(withdrawal.name, dataset->name) ||
            withdrawal_finds(site, &withdrawal, withdrawal.id)) {
            continue;
        }
        if (withdrawn == NULL) {
            withdrawn = dataset_of_table(site, table, &render->arena);
        }
        struct artefact *artefact =
            plan_add(render, record_address(dataset, withdrawal.id, &render->arena), GROUP_DATA,
                     PHASE_DATA, true, make_withdrawn_record);
        artefact->subject = withdrawn;
        artefact->number = row;
    }
}

/* ---- A page of the list ---- */

static void write_entry(struct json_writer *json, const struct dataset *dataset, ptrdiff_t row,
                        struct arena *scratch)
{
    const struct slice *cells = read_cells(dataset, row, scratch);
    struct slice id = cells[dataset_key(dataset)];
    int title = dataset_title(dataset);
    json_object_begin(json);
    json_member(json, "id", id);
    json_member(json, "title", cells[title]);
    json_member(json, "url",
                ARENA_JOIN(scratch, dataset->site->base_url, record_address(dataset, id, scratch)));
    json_object_end(json);
}

static void write_link(struct json_writer *json, const char *name, const struct dataset *dataset,
                       ptrdiff_t page, struct arena *scratch)
{
    if (page >= 1 && page <= page_count(dataset)) {
        json_member(
            json, name,
            ARENA_JOIN(scratch, dataset->site->base_url, api_page_address(dataset, page, scratch)));
    }
}

static bool make_page(const struct render *render, const struct artefact *artefact,
                      struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    const struct dataset *dataset = artefact->subject;
    ptrdiff_t page = artefact->number;
    ptrdiff_t end = page * API_PAGE < dataset->row_count ? page * API_PAGE : dataset->row_count;
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    json_member(&json, "dataset", dataset->name);
    json_words(&json, dataset->site, "title", dataset->labels);
    json_member_integer(&json, "record_count", dataset->row_count);
    json_member_integer(&json, "page", page);
    json_member_integer(&json, "page_count", page_count(dataset));
    write_link(&json, "previous", dataset, page - 1, &worker->scratch);
    write_link(&json, "next", dataset, page + 1, &worker->scratch);
    json_key(&json, SLICE("records"));
    json_array_begin(&json);
    for (ptrdiff_t row = (page - 1) * API_PAGE; row < end; row++) {
        write_entry(&json, dataset, row, &worker->scratch);
    }
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
    return true;
}

/* ---- Plan ---- */

static struct slice id_of(const struct dataset *dataset, ptrdiff_t row)
{
    const struct table *table = dataset->table;
    return table != NULL ? table_cell(table, row, table->key_column)
                         : dataset->site->items[ITEM_CASE][row].id;
}

void api_plan(struct render *render, const struct dataset *dataset)
{
    struct arena *arena = &render->arena;
    if (!api_is_asked(dataset)) {
        return;
    }
    for (ptrdiff_t page = 1; page <= page_count(dataset); page++) {
        struct artefact *artefact = plan_add(render, api_page_address(dataset, page, arena),
                                             GROUP_DATA, PHASE_DATA, true, make_page);
        artefact->subject = dataset;
        artefact->number = page;
        artefact->inputs = INPUT_DATA | INPUT_FACES; /* ids and titles */
    }
    for (ptrdiff_t row = 0; row < dataset->row_count; row++) {
        struct slice address = record_address(dataset, id_of(dataset, row), arena);
        struct artefact *artefact =
            plan_add(render, address, GROUP_DATA, PHASE_DATA, true, make_record);
        artefact->subject = dataset;
        artefact->number = row;
        artefact->inputs = INPUT_DATA | INPUT_OTHER_FACES;
        artefact->reads_case =
            dataset->table == NULL ? &dataset->site->items[ITEM_CASE][row] : NULL;
    }
    plan_withdrawn(render, dataset);
}
