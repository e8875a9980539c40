#include "checks.h"

/* Ids of items, former ids, and the two-way tie of cases and projects. */

static bool is_well_formed(struct slice id)
{
    if (id.length < 1 || id.length > 64) {
        return false;
    }
    for (ptrdiff_t i = 0; i < id.length; i++) {
        char c = id.data[i];
        bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (c != '-' || i == 0)) {
            return false;
        }
    }
    return true;
}

/* Names that the site's own addresses use (ruling 10). Pages stand beside the lists, so more is
 * taken there. */
static bool is_reserved(const struct site *site, enum item_kind kind, struct slice id)
{
    static const char *const everywhere[] = {"by", "page", "r", "v", "index", "feed"};
    static const char *const beside_lists[] = {
        "cases",  "news", "meetings", "data",         "principles",        "search",
        "assets", "api",  "404",      "translations", "accessibility-test"};
    for (size_t i = 0; i < sizeof(everywhere) / sizeof(everywhere[0]); i++) {
        if (slice_equal(id, slice_of(everywhere[i]))) {
            return true;
        }
    }
    for (int i = 0; i < site->language_count; i++) {
        if (slice_equal(id, site->languages[i].tag)) {
            return true;
        }
    }
    if (kind != ITEM_PAGE) {
        return false;
    }
    for (size_t i = 0; i < sizeof(beside_lists) / sizeof(beside_lists[0]); i++) {
        if (slice_equal(id, slice_of(beside_lists[i]))) {
            return true;
        }
    }
    return site_table(site, id) != NULL;
}

static struct span item_span(const struct item *item)
{
    return span_of_file(item->versions[item_language(item, 0)].source);
}

enum code item_id_fault(const struct site *site, enum item_kind kind, struct slice id)
{
    if (!is_well_formed(id)) {
        return CODE_item_bad_id;
    }
    return is_reserved(site, kind, id) ? CODE_item_reserved_id : CODE_COUNT;
}

void check_ids(const struct checking *checking)
{
    const struct site *site = checking->site;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            const struct item *item = &site->items[kind][i];
            enum code fault = item_id_fault(site, (enum item_kind)kind, item->id);
            if (fault != CODE_COUNT) {
                DIAG(checking->diag, fault, item_span(item), item->id);
            }
        }
    }
}

/* Fields that are those of another item, byte for byte: a folder that was copied to begin a new
 * one, and left so. A title alone may well come again, every year. */
void check_copies(const struct checking *checking)
{
    const struct site *site = checking->site;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        struct map seen = {0};
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            const struct item *item = &site->items[kind][i];
            const struct version *original = &item->versions[0];
            if (!original->exists || original->has_no_front_matter || item->record->is_broken) {
                continue;
            }
            struct slice head = slice_make((const char *)&original->head, sizeof(original->head));
            bool is_new;
            struct map_entry *entry = map_insert(&seen, checking->scratch, head, &is_new);
            if (is_new) {
                entry->value.constant = item;
            } else {
                const struct item *first = entry->value.constant;
                DIAG(checking->diag, CODE_item_copy, item_span(item), first->id);
            }
        }
    }
}

void check_aliases(const struct checking *checking)
{
    static const enum field_id fields[ITEM_KINDS] = {[ITEM_CASE] = FIELD_case_aliases,
                                                     [ITEM_PAGE] = FIELD_page_aliases,
                                                     [ITEM_NEWS] = FIELD_news_aliases,
                                                     [ITEM_MEETING] = FIELD_meeting_aliases};
    const struct site *site = checking->site;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        struct map seen = {0};
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            struct value_list aliases = record_list(site->items[kind][i].record, fields[kind]);
            for (ptrdiff_t k = 0; k < aliases.count; k++) {
                struct slice id = aliases.items[k].as.text;
                bool is_new;
                map_insert(&seen, checking->scratch, id, &is_new);
                if (!is_new || !is_well_formed(id) || is_reserved(site, (enum item_kind)kind, id) ||
                    site_item(site, (enum item_kind)kind, id) != NULL) {
                    DIAG(checking->diag, CODE_item_alias, aliases.items[k].span, id);
                }
            }
        }
    }
}

/* A case names its project at `project`; a project may name its case in a column `case`. Both must
 * agree. */
void check_project(const struct checking *checking, const struct item *item)
{
    const struct value *value =
        item->kind == ITEM_CASE ? record_get(item->record, FIELD_case_project) : NULL;
    if (value == NULL || value_reference(value)->target != TARGET_ROW) {
        return;
    }
    const struct table *table = value_reference(value)->table;
    int column = table_column_by_name(table, SLICE("case"));
    struct slice back =
        column >= 0 ? table_cell(table, value_reference(value)->row, column) : (struct slice){0};
    bool is_known = site_item(checking->site, ITEM_CASE, back) != NULL;
    if (is_known && !slice_equal(back, item->id)) {
        DIAG(checking->diag, CODE_reference_one_sided, value->span, item->id,
             value_reference(value)->id, back);
    }
}

void check_project_rows(const struct checking *checking)
{
    const struct site *site = checking->site;
    const struct table *table = site_table(site, SLICE("projects"));
    int column = table != NULL ? table_column_by_name(table, SLICE("case")) : -1;
    if (column < 0) {
        return;
    }
    struct slice *names =
        ARENA_ARRAY(checking->scratch, struct slice, site->item_counts[ITEM_CASE]);
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct slice id = table_cell(table, row, column);
        const struct item *item = id.length > 0 ? site_item(site, ITEM_CASE, id) : NULL;
        struct span span = table_cell_span(table, row, column);
        struct slice folder = ARENA_JOIN(checking->scratch, SLICE("content/cases/"), id);
        if (id.length == 0 || site_is_draft(site, ITEM_CASE, id) ||
            (item == NULL && (diag_errors_of_file(checking->diag, folder) > 0 ||
                              site_item_is_elsewhere(site, ITEM_CASE, id) ||
                              site_lacks_items(site, ITEM_CASE, checking->diag)))) {
            continue;
        }
        if (item == NULL) {
            for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
                names[i] = site->items[ITEM_CASE][i].id;
            }
            struct slice nearest = SLICE("");
            for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
                if (slice_distance(id, names[i], 2) <= 2) {
                    nearest = names[i];
                }
            }
            DIAG(checking->diag, CODE_reference_no_case, span, id, nearest);
            continue;
        }
        const struct value *forth = record_get(item->record, FIELD_case_project);
        struct slice key = table_cell(table, row, table->key_column);
        bool is_lost = record_is_broken(item->record, FIELD_case_project) ||
                       (!item->versions[0].exists && item->has_stray_language) ||
                       (value_is_stated(forth) && value_reference(forth)->target != TARGET_ROW);
        struct slice named = value_is_stated(forth) ? value_reference(forth)->id : SLICE("–");
        if (!is_lost && !slice_equal(named, key)) {
            DIAG(checking->diag, CODE_reference_one_sided, span, key, id, named);
        }
    }
}
