#include "reading.h"

/*
 * Rows of the register of projects that no case names, as records of the shape `case` (ruling 1):
 * so that the city's principles look at them with the same rules. What a row says in a column of
 * its own becomes a field of the record, with the cell as its place.
 */

struct making {
    const struct reading *reading;
    const struct table *table;
    ptrdiff_t row;
};

/* Pages show what a record holds: a private column is none of its fields. */
static struct slice cell_of(const struct making *making, const char *name, int *column)
{
    *column = table_column_by_name(making->table, slice_of(name));
    if (*column >= 0 && making->table->columns[*column].is_private) {
        *column = -1;
    }
    return *column >= 0 ? table_cell(making->table, making->row, *column) : (struct slice){0};
}

static struct record *add_group(const struct making *making, struct record *record,
                                enum field_id field, struct span place)
{
    struct record *group = ARENA_NEW(making->reading->arena, struct record);
    group->shape = field_group_shape(field);
    group->span = place;
    struct value *value = record_insert(making->reading->arena, record, field);
    value->span = place;
    value->as.group = group;
    return group;
}

/* A column's text, and those of the columns that translate it. */
static void add_words(const struct making *making, struct record *record, enum field_id field,
                      const char *name)
{
    int column;
    struct slice text = cell_of(making, name, &column);
    if (text.length == 0) {
        return;
    }
    struct value *value = record_insert(making->reading->arena, record, field);
    value->span = table_cell_span(making->table, making->row, column);
    reading_words(making->reading, value);
    value->words[0] = (struct word){.text = text, .span = value->span};
    for (ptrdiff_t i = 0; i < making->table->column_count; i++) {
        const struct column *other = &making->table->columns[i];
        if (other->translates == column && other->language > 0 && !other->is_private) {
            value->words[other->language].text = table_cell(making->table, making->row, (int)i);
            value->words[other->language].span =
                table_cell_span(making->table, making->row, (int)i);
        }
    }
}

static void add_cell(const struct making *making, struct record *record, enum field_id field,
                     const char *name)
{
    int column;
    struct value value = {0};
    if (cell_of(making, name, &column).length > 0 &&
        projects_read_cell(making->reading, field, making->table, making->row, column, &value)) {
        *record_insert(making->reading->arena, record, field) = value;
    }
}

static void add_text(const struct making *making, struct record *record, enum field_id field,
                     struct slice text, struct span place)
{
    struct value *value = record_insert(making->reading->arena, record, field);
    value->span = place;
    if (field_info(field)->type == FIELD_TYPE_REFERENCE) {
        value_refer(making->reading->arena, value, text);
    } else {
        value->as.text = text;
    }
}

/* ---- Actors ---- */

struct actor_list {
    struct value *value;
    const struct codelist *types;
};

static struct record *add_actor(const struct making *making, struct actor_list *list,
                                struct slice id, struct span place)
{
    struct arena *arena = making->reading->arena;
    struct record *actor = ARENA_NEW(arena, struct record);
    actor->shape = SHAPE_actor;
    actor->span = place;
    add_text(making, actor, FIELD_actor_id, id, place);
    struct value *entry = &list->value->as.list.items[list->value->as.list.count++];
    *entry = (struct value){.field = FIELD_case_actors, .span = place, .as.group = actor};
    return actor;
}

static bool has_type(const struct making *making, const struct actor_list *list, struct slice type)
{
    for (ptrdiff_t i = 0; i < list->value->as.list.count; i++) {
        const struct record *actor = list->value->as.list.items[i].as.group;
        const struct table *actors = site_table(making->reading->site, SLICE("actors"));
        ptrdiff_t row =
            actors != NULL ? table_row_by_key(actors, record_text(actor, FIELD_actor_id)) : -1;
        int column = row >= 0 ? table_column_by_name(actors, SLICE("type")) : -1;
        if (column >= 0 && slice_equal(table_cell(actors, row, column), type)) {
            return true;
        }
    }
    return false;
}

/* Those of the register by name; of the others the row tells the kinds. */
static void add_actors(const struct making *making, struct record *record)
{
    struct arena *arena = making->reading->arena;
    int named;
    int kinds;
    struct slice names = cell_of(making, "actors", &named);
    struct slice types = cell_of(making, "actor_types", &kinds);
    if (names.length + types.length == 0) {
        return;
    }
    struct actor_list list = {.types = site_codelist(making->reading->site, SLICE("actor-types"))};
    list.value = record_insert(arena, record, FIELD_case_actors);
    list.value->is_list = true;
    list.value->span =
        table_cell_span(making->table, making->row, names.length > 0 ? named : kinds);
    list.value->as.list.items = ARENA_ARRAY(arena, struct value, names.length + types.length);
    while (names.length > 0) {
        struct slice id = slice_trim(slice_cut(&names, ';'));
        struct record *actor = add_actor(making, &list, id, list.value->span);
        add_text(making, actor, FIELD_actor_actor, id, list.value->span);
    }
    while (types.length > 0) {
        struct slice type = slice_trim(slice_cut(&types, ';'));
        const struct code_entry *code = list.types != NULL ? codelist_find(list.types, type) : NULL;
        if (code == NULL || has_type(making, &list, type)) {
            continue;
        }
        struct span place = table_cell_span(making->table, making->row, kinds);
        struct record *actor = add_actor(making, &list, type, place);
        struct value *value = record_insert(arena, actor, FIELD_actor_type);
        value->span = place;
        value->as.code = code;
    }
}

/* ---- The record ---- */

/* The frameworks in force of the row's city. */
static void add_frameworks(const struct making *making, struct record *record)
{
    const struct site *site = making->reading->site;
    const struct code_entry *city = record_code(record, FIELD_case_city);
    struct value_list in_force = record_list(site->config, FIELD_site_frameworks);
    struct value *value = record_insert(making->reading->arena, record, FIELD_case_frameworks);
    value->is_list = true;
    value->span = record->span;
    value->as.list.items = ARENA_ARRAY(making->reading->arena, struct value, in_force.count);
    for (ptrdiff_t i = 0; i < in_force.count && city != NULL; i++) {
        struct slice id = value_reference(&in_force.items[i])->id;
        const struct framework *framework = site_framework(site, id);
        const struct code_entry *of =
            framework != NULL ? record_code(framework->record, FIELD_framework_city) : NULL;
        if (of == city) {
            struct value *entry = &value->as.list.items[value->as.list.count++];
            entry->field = FIELD_case_frameworks;
            entry->span = record->span;
            value_refer(making->reading->arena, entry, id);
        }
    }
}

static void add_source(const struct making *making, struct record *record)
{
    int column;
    struct slice source = cell_of(making, "source", &column);
    if (source.length == 0) {
        return;
    }
    struct span place = table_cell_span(making->table, making->row, column);
    struct value *list = record_insert(making->reading->arena, record, FIELD_case_sources);
    list->is_list = true;
    list->span = place;
    list->as.list.items = ARENA_NEW(making->reading->arena, struct value);
    list->as.list.count = 1;
    struct record *citation = ARENA_NEW(making->reading->arena, struct record);
    citation->shape = SHAPE_citation;
    citation->span = place;
    list->as.list.items[0] =
        (struct value){.field = FIELD_case_sources, .span = place, .as.group = citation};
    add_text(making, citation, FIELD_citation_id, SLICE("register"), place);
    add_text(making, citation, FIELD_citation_source, source, place);
    add_words(making, citation, FIELD_citation_place, "place");
}

static struct record *make_record(const struct making *making, const int *columns)
{
    struct arena *arena = making->reading->arena;
    struct record *record = ARENA_NEW(arena, struct record);
    record->shape = SHAPE_case;
    record->span = making->table->row_spans[making->row];
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    for (int field = first; field < end; field++) {
        struct value value = {0};
        if (columns[field] >= 0 &&
            table_cell(making->table, making->row, columns[field]).length > 0 &&
            projects_read_cell(making->reading, (enum field_id)field, making->table, making->row,
                               columns[field], &value)) {
            *record_insert(arena, record, (enum field_id)field) = value;
        }
    }
    add_cell(making, record, FIELD_case_kind, "kind");
    add_cell(making, record, FIELD_case_updated, "updated");
    add_words(making, record, FIELD_case_title, "name");
    add_words(making, record, FIELD_case_summary, "note");
    add_words(making, record, FIELD_case_issue, "issue");
    int column;
    if (cell_of(making, "purpose", &column).length > 0) {
        struct record *purpose = add_group(making, record, FIELD_case_purpose,
                                           table_cell_span(making->table, making->row, column));
        add_words(making, purpose, FIELD_purpose_text, "purpose");
    }
    if (cell_of(making, "selection_method", &column).length > 0) {
        struct record *selection = add_group(making, record, FIELD_case_selection,
                                             table_cell_span(making->table, making->row, column));
        add_cell(making, selection, FIELD_selection_method, "selection_method");
    }
    add_actors(making, record);
    add_source(making, record);
    add_frameworks(making, record);
    return record;
}

void project_records_build(struct site *site)
{
    const struct table *table = site_table(site, SLICE("projects"));
    if (table == NULL || site->config == NULL) {
        return;
    }
    /* What a row's cells get wrong is found when the register is read. */
    struct diag *silent = diag_new(1);
    struct reading reading = {.site = site, .arena = &site->arena, .diag = silent};
    bool *told = ARENA_ARRAY(&site->arena, bool, table->row_count);
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct value *project =
            record_get(site->items[ITEM_CASE][i].record, FIELD_case_project);
        ptrdiff_t row =
            value_is_stated(project) ? table_row_by_key(table, value_reference(project)->id) : -1;
        if (row >= 0) {
            told[row] = true;
        }
    }
    int columns[FIELD_COUNT];
    projects_shared_columns(table, columns);
    site->project_records = ARENA_ARRAY(&site->arena, struct project_record, table->row_count);
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        if (!told[row]) {
            struct making making = {.reading = &reading, .table = table, .row = row};
            site->project_records[site->project_record_count++] =
                (struct project_record){.row = row, .record = make_record(&making, columns)};
        }
    }
    diag_free(silent);
}
