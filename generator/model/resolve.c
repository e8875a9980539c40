#include "reading.h"
#include "rules.h"

/* References between records: each REFERENCE value finds what it points at, or is a finding. */

struct resolving {
    const struct site *site;
    const struct record *root; /* whose lists `.actors` means */
    struct arena *arena;
    struct diag *diag; /* NULL: no findings */
};

static void unknown(const struct resolving *resolving, const struct value *value,
                    struct slice where, struct slice nearest)
{
    if (resolving->diag == NULL) {
        return;
    }
    DIAG(resolving->diag, CODE_record_unknown_reference, value->span, field_info(value->field)->key,
         value->as.reference->id, where, nearest);
}

static void resolve_item(const struct resolving *resolving, struct value *value,
                         enum item_kind kind)
{
    struct reference_value *reference = value->as.reference;
    reference->item = site_item(resolving->site, kind, reference->id);
    reference->target = reference->item != NULL ? TARGET_ITEM : TARGET_UNRESOLVED;
    if (reference->item != NULL || resolving->diag == NULL) {
        return;
    }
    struct slice folder = ARENA_JOIN(resolving->arena, SLICE("content/"), item_kind_folder(kind),
                                     SLICE("/"), reference->id);
    bool is_refused = diag_errors_of_file(resolving->diag, folder) > 0 ||
                      site_item_is_elsewhere(resolving->site, kind, reference->id) ||
                      site_lacks_items(resolving->site, kind, resolving->diag);
    if (!is_refused && !site_is_draft(resolving->site, kind, reference->id)) {
        const struct site *site = resolving->site;
        struct slice *names = ARENA_ARRAY(resolving->arena, struct slice, site->item_counts[kind]);
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            names[i] = site->items[kind][i].id;
        }
        unknown(resolving, value,
                ARENA_JOIN(resolving->arena, SLICE("content/"), item_kind_folder(kind)),
                nearest_name(reference->id, names, site->item_counts[kind]));
    }
}

static void resolve_row(const struct resolving *resolving, struct value *value, struct slice name)
{
    struct reference_value *reference = value->as.reference;
    const struct table *table = site_table(resolving->site, name);
    ptrdiff_t row = table != NULL ? table_row_by_key(table, reference->id) : -1;
    if (row >= 0) {
        reference->target = TARGET_ROW;
        reference->table = table;
        reference->row = row;
        return;
    }
    bool is_quiet = resolving->diag == NULL;
    if (is_quiet || (table == NULL ? resolving->site->package_is_broken
                                   : table_may_hold(table, reference->id))) {
        return;
    }
    struct slice where =
        ARENA_JOIN(resolving->arena, SLICE("data/registers/"), name, SLICE(".csv"));
    struct slice nearest = SLICE("");
    if (table != NULL && table->key_column >= 0) {
        struct slice *names = ARENA_ARRAY(resolving->arena, struct slice, table->row_count);
        for (ptrdiff_t i = 0; i < table->row_count; i++) {
            names[i] = table_cell(table, i, table->key_column);
        }
        nearest = nearest_name(reference->id, names, table->row_count);
        where = table->path;
    }
    unknown(resolving, value, where, nearest);
}

static struct slice entry_id(const struct value *entry)
{
    const struct record *group = entry->as.group;
    enum field_id key = shape_field_by_key(group->shape, SLICE("id"));
    return record_text(group, key);
}

static void resolve_entry(const struct resolving *resolving, struct value *value,
                          struct slice list_key)
{
    struct reference_value *reference = value->as.reference;
    enum field_id list_field = shape_field_by_key(resolving->root->shape, list_key);
    CHECK(list_field != FIELD_COUNT);
    struct value_list list = record_list(resolving->root, list_field);
    struct slice *names = ARENA_ARRAY(resolving->arena, struct slice, list.count);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        names[i] = entry_id(&list.items[i]);
        if (slice_equal(names[i], reference->id)) {
            reference->target = TARGET_LIST_ENTRY;
            reference->record = list.items[i].as.group;
            return;
        }
    }
    unknown(resolving, value, list_key, nearest_name(reference->id, names, list.count));
}

static void resolve_field(const struct resolving *resolving, struct value *value)
{
    struct reference_value *reference = value->as.reference;
    enum shape_id shape = field_info(value->field)->shape;
    reference->field = shape_field_by_key(shape, reference->id);
    if (reference->field != FIELD_COUNT) {
        reference->target = TARGET_FIELD;
        return;
    }
    unknown(resolving, value, shape_label(shape, INTERFACE_JAPANESE),
            reading_nearest_keys(resolving->arena, shape, reference->id));
}

static void resolve_framework(const struct resolving *resolving, struct value *value)
{
    struct reference_value *reference = value->as.reference;
    const struct framework *framework = site_framework(resolving->site, reference->id);
    if (framework != NULL) {
        reference->target = TARGET_FRAMEWORK;
        reference->record = framework->record;
        return;
    }
    const struct site *site = resolving->site;
    if (resolving->diag == NULL ||
        site_framework_is_lost(site, resolving->arena, reference->id, resolving->diag)) {
        return;
    }
    if (site->framework_count == 0) {
        DIAG_MISSING(resolving->diag, CODE_site_no_frameworks, SLICE("data/principles/frameworks"),
                     SLICE(""));
        return;
    }
    struct slice *names = ARENA_ARRAY(resolving->arena, struct slice, site->framework_count);
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        names[i] = site->frameworks[i].id;
    }
    unknown(resolving, value, SLICE("data/principles/frameworks"),
            nearest_name(reference->id, names, site->framework_count));
}

static void resolve_value(const struct resolving *resolving, struct value *value)
{
    struct slice target = slice_of(field_info(value->field)->target);
    if (slice_starts_with(target, SLICE("register:"))) {
        resolve_row(resolving, value, slice_from(target, 9));
    } else if (slice_starts_with(target, SLICE("."))) {
        resolve_entry(resolving, value, slice_from(target, 1));
    } else if (slice_equal(target, SLICE("field"))) {
        resolve_field(resolving, value);
    } else if (slice_equal(target, SLICE("framework"))) {
        resolve_framework(resolving, value);
    } else if (slice_equal(target, SLICE("case"))) {
        resolve_item(resolving, value, ITEM_CASE);
    } else if (slice_equal(target, SLICE("meeting"))) {
        resolve_item(resolving, value, ITEM_MEETING);
    } else {
        BUG("a REFERENCE field has a target of no kind");
    }
}

static void resolve_record(const struct resolving *resolving, struct record *record)
{
    for (int i = 0; i < record->count; i++) {
        struct value *value = &record->values[i];
        struct value_list entries = value_entries(value);
        enum field_type type = field_info(value->field)->type;
        for (ptrdiff_t k = 0; k < entries.count; k++) {
            if (type == FIELD_TYPE_REFERENCE) {
                resolve_value(resolving, &entries.items[k]);
            } else if (type == FIELD_TYPE_GROUP && entries.items[k].as.group != NULL) {
                resolve_record(resolving, entries.items[k].as.group);
            }
        }
    }
}

void resolve_item_record(struct site *site, const struct item *item, int worker, struct diag *diag)
{
    struct resolving resolving = {
        .site = site, .root = item->record, .arena = &site->worker_arenas[worker], .diag = diag};
    resolve_record(&resolving, item->record);
}

struct resolve_work {
    struct site *site;
    struct diag *diag;
};

static void resolve_item_job(void *context, ptrdiff_t index, int worker)
{
    struct resolve_work *work = context;
    struct site *site = work->site;
    site_pass(site, index);
    int kind = 0;
    while (index >= site->item_counts[kind]) {
        index -= site->item_counts[kind++];
    }
    resolve_item_record(site, &site->items[kind][index], worker, work->diag);
}

void resolve_site(struct site *site, struct pool *pool, struct diag *diag)
{
    struct resolving resolving = {.site = site, .arena = &site->arena, .diag = diag};
    if (site->config != NULL) {
        resolving.root = site->config;
        resolve_record(&resolving, site->config);
    }
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        resolving.root = site->frameworks[i].record;
        resolve_record(&resolving, (struct record *)site->frameworks[i].record);
    }
    for (ptrdiff_t i = 0; i < site->project_record_count; i++) {
        resolving.root = site->project_records[i].record;
        /* What a row points at in vain is found when the register's references are followed. */
        resolving.diag = NULL;
        resolve_record(&resolving, site->project_records[i].record);
        resolving.diag = diag;
    }
    for (int i = 0; site->rules != NULL && i < site->rules->record_count; i++) {
        resolving.root = site->rules->records[i];
        resolve_record(&resolving, site->rules->records[i]);
    }
    ptrdiff_t count = 0;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        count += site->item_counts[kind];
    }
    struct resolve_work work = {.site = site, .diag = diag};
    pool_run(pool, count, resolve_item_job, &work);
}
