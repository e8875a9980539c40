#include "reading.h"

/* data/principles/frameworks/<id>.yaml: a file a framework, words as maps by language. */

static int compare_frameworks(const void *a, const void *b)
{
    const struct framework *left = a;
    const struct framework *right = b;
    return slice_compare(left->id, right->id);
}

static bool has_own_file(const struct site *site, struct slice id)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    bool has = tree_find(site->tree, ARENA_JOIN(&arena, SLICE("data/principles/frameworks/"), id,
                                                SLICE(".yaml"))) >= 0;
    arena_release(&arena);
    return has;
}

/* An item stands below another one of its own framework. */
static void check_parents(struct site *site, const struct record *framework, struct diag *diag)
{
    struct value_list items = record_list(framework, FIELD_framework_items);
    struct slice *ids = ARENA_ARRAY(&site->arena, struct slice, items.count);
    for (ptrdiff_t i = 0; i < items.count; i++) {
        ids[i] = record_text(items.items[i].as.group, FIELD_framework_item_id);
    }
    for (ptrdiff_t i = 0; i < items.count; i++) {
        const struct value *parent =
            record_get(items.items[i].as.group, FIELD_framework_item_parent);
        ptrdiff_t at = 0;
        while (parent != NULL && at < items.count &&
               (at == i || !slice_equal(ids[at], parent->as.text))) {
            at++;
        }
        if (at == items.count) {
            DIAG(diag, CODE_principles_unknown_item, parent->span, parent->as.text,
                 nearest_name(parent->as.text, ids, items.count));
        }
    }
}

void frameworks_build(struct site *site, struct diag *diag)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, SLICE("data/principles/frameworks/"), &first, &end);
    site->frameworks = ARENA_ARRAY(&site->arena, struct framework, end - first);
    struct reading reading = {
        .site = site, .arena = &site->arena, .diag = diag, .words_are_maps = true};
    for (ptrdiff_t i = first; i < end; i++) {
        struct slice path = site->tree->files[i].path;
        struct source *source = site_read_source(site, site->tree, path, LOAD_LIMIT_TEXT, diag);
        if (source == NULL) {
            continue;
        }
        const struct node *node =
            yaml_parse(source, 0, source_text(source).length, &site->arena, diag);
        if (node == NULL || node->kind != NODE_MAPPING) {
            continue;
        }
        struct framework *framework = &site->frameworks[site->framework_count];
        framework->source = source;
        framework->record = reading_record(&reading, SHAPE_framework, node);
        framework->id = record_text(framework->record, FIELD_framework_id);
        struct slice name = slice_from(path, slice_find_last_byte(path, '/') + 1);
        if (framework->id.length == 0 ||
            !slice_equal(ARENA_JOIN(&site->arena, framework->id, SLICE(".yaml")), name)) {
            DIAG(diag, CODE_site_framework_id, span_of_file(source), framework->id, name);
            if (framework->id.length == 0 || has_own_file(site, framework->id)) {
                continue;
            }
        } /* under a wrong name it is the one that cases mean */
        check_parents(site, framework->record, diag);
        site->framework_count++;
        source_drop(source);
    }
    if (site->framework_count > 1) {
        qsort(site->frameworks, (size_t)site->framework_count, sizeof(*site->frameworks),
              compare_frameworks);
    }
}

bool site_framework_is_lost(const struct site *site, struct arena *arena, struct slice id,
                            const struct diag *diag)
{
    struct slice path = ARENA_JOIN(arena, SLICE("data/principles/frameworks/"), id, SLICE(".yaml"));
    bool is_folder_lost = site->framework_count == 0 && site->package_is_broken;
    return site_framework(site, id) == NULL &&
           (is_folder_lost || diag_errors_of_file(diag, path) > 0);
}

const struct framework *site_framework(const struct site *site, struct slice id)
{
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        if (slice_equal(site->frameworks[i].id, id)) {
            return &site->frameworks[i];
        }
    }
    return NULL;
}

const struct record *site_framework_item(const struct site *site, struct slice id,
                                         const struct framework **framework)
{
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        struct value_list items = record_list(site->frameworks[i].record, FIELD_framework_items);
        for (ptrdiff_t k = 0; k < items.count; k++) {
            const struct record *item = items.items[k].as.group;
            if (slice_equal(record_text(item, FIELD_framework_item_id), id)) {
                if (framework != NULL) {
                    *framework = &site->frameworks[i];
                }
                return item;
            }
        }
    }
    return NULL;
}
