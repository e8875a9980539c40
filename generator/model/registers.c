#include "registers.h"

#include "recall.h"

/* The Tabular Data Package of the site: data/datapackage.json and the files that it names. Or a
 * package by itself, wherever its descriptor stands. */

/* The descriptor's folder, which ends in a slash; empty for the root. */
static struct slice package_folder(const struct site *site)
{
    return slice_sub(site->package_path, 0, slice_find_last_byte(site->package_path, '/') + 1);
}

/* Also a resource that was refused names its file: that is its finding, and enough. */
static bool is_named(const struct site *site, struct slice path)
{
    struct slice below = slice_from(path, package_folder(site).length);
    const struct node *resources = node_get(site->package, "resources");
    for (const struct node *one = resources->first; one != NULL; one = one->next) {
        const struct node *named = node_get(one, "path");
        bool is_list = named != NULL && named->kind == NODE_SEQUENCE;
        for (const struct node *part = is_list ? named->first : named; part != NULL;
             part = is_list ? part->next : NULL) {
            if (slice_equal_ignoring_ascii_case(part->text, below)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_spreadsheet(struct slice path)
{
    static const char *const endings[] = {".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".tsv"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (slice_ends_with(path, slice_of(endings[i]))) {
            return true;
        }
    }
    return false;
}

/* A table that no resource names is read by nobody, which its author would not notice. */
static void report_unlisted(const struct site *site, struct diag *diag)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, package_folder(site), &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        struct slice path = site->tree->files[i].path;
        if (is_spreadsheet(path) && !is_named(site, path)) {
            DIAG_MISSING(diag, CODE_register_spreadsheet, path, SLICE(""));
        }
        if (!slice_ends_with(path, SLICE(".csv")) || is_named(site, path)) {
            continue;
        }
        struct source *source = source_new(path, SLICE(""), NULL, NULL);
        DIAG(diag, CODE_register_unlisted, span_of_file(source), site->package_path);
        source_free(source);
    }
}

static bool has_csv(const struct site *site)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, package_folder(site), &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        if (slice_ends_with(site->tree->files[i].path, SLICE(".csv"))) {
            return true;
        }
    }
    return false;
}

/* Cases speak in codes: without their lists nothing of them can be read. */
static bool has_cases(const struct site *site)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, SLICE("content/cases/"), &first, &end);
    return end > first;
}

static void release_rules(const struct table_plan *plan)
{
    for (ptrdiff_t i = 0; plan->rules != NULL && i < plan->table->column_count; i++) {
        pattern_free(plan->rules[i].pattern);
    }
}

/* A foreign key's columns, here and where it points, are looked at again when all rows are there.
 */
static void mark_columns(const struct table *table, const struct node *names)
{
    bool is_list = names != NULL && names->kind == NODE_SEQUENCE;
    for (const struct node *name = is_list ? names->first : names; name != NULL && table != NULL;
         name = is_list ? name->next : NULL) {
        int column = table_column_by_name(table, name->text);
        if (column >= 0) {
            table->columns[column].is_referred_to = true;
        }
    }
}

static void mark_referred(const struct site *site)
{
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        const struct table *table = &site->tables[i];
        const struct node *keys = node_get(table->schema, "foreignKeys");
        for (const struct node *key = keys != NULL ? keys->first : NULL; key != NULL;
             key = key->next) {
            const struct node *reference = node_get(key, "reference");
            mark_columns(table, node_get(key, "fields"));
            mark_columns(referenced_table(site, table, node_get(reference, "resource")),
                         node_get(reference, "fields"));
        }
    }
}

static void read_resources(struct site *site, const struct node *resources, struct pool *pool,
                           struct diag *diag)
{
    struct describing describing = {
        .site = site, .arena = &site->arena, .diag = diag, .folder = package_folder(site)};
    site->tables = ARENA_ARRAY(&site->arena, struct table, resources->count);
    struct table_plan *plans = ARENA_ARRAY(&site->arena, struct table_plan, resources->count);
    for (const struct node *resource = resources->first; resource != NULL;
         resource = resource->next) {
        if (!describe_is_table(&describing, resource)) {
            if (site->is_package) {
                describe_other(&describing, resource);
            }
            continue;
        }
        struct table_plan *plan = &plans[site->table_count];
        *plan = (struct table_plan){.table = &site->tables[site->table_count]};
        *plan->table = (struct table){.key_column = -1, .title_column = -1};
        if (describe_resource(&describing, resource, plan)) {
            site->table_count++;
        } else {
            site->package_is_broken = true;
            release_rules(plan);
        }
    }
    mark_referred(site);
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        table_read(site, &plans[i], pool, diag);
        release_rules(&plans[i]);
    }
}

/* The descriptor's nodes as a run before parsed them, of a text that need not be read then. */
static struct node *recall_package(struct site *site, struct tree_file *file, ptrdiff_t index)
{
    struct recall *recall = site->recall;
    if (recall == NULL || !recall_knows(recall, file, index)) {
        return NULL;
    }
    struct source *source = tree_source(site->tree, site->package_path);
    struct node *nodes = recall_take_nodes(recall, index, source, &site->arena);
    if (nodes == NULL) { /* its entry is damaged: what its stamp told does not count */
        recall_forget(recall, index);
        file->is_digested = false;
        source_free(source);
        return NULL;
    }
    site_keep_source(site, source);
    site->package_source = source;
    return nodes;
}

/* The descriptor's nodes, parsed by this run or by one before. NULL when it can't be read or is no
 * JSON. */
static struct node *package_nodes(struct site *site, struct diag *diag)
{
    struct recall *recall = site->recall;
    ptrdiff_t index = tree_find(site->tree, site->package_path);
    struct tree_file *file = &site->tree->files[index];
    struct node *nodes = recall_package(site, file, index);
    if (nodes != NULL) {
        return nodes;
    }
    struct source *source =
        site_read_source(site, site->tree, site->package_path, LOAD_LIMIT_TEXT, diag);
    site->package_source = source;
    if (source == NULL) {
        return NULL;
    }
    if (recall != NULL && recall_knows(recall, file, index)) { /* touched, and still the same */
        nodes = recall_take_nodes(recall, index, source, &site->arena);
    }
    if (nodes == NULL) {
        nodes = json_parse(source, &site->arena, diag);
        if (nodes != NULL && recall != NULL && file->is_digested &&
            !diag_mentions(diag, source_path(source))) {
            recall_keep_nodes(recall, file, index, nodes);
        }
    }
    return nodes;
}

void registers_build(struct site *site, struct pool *pool, struct diag *diag)
{
    struct slice path = site->package_path;
    if (tree_find(site->tree, path) < 0) {
        if (site->is_package || has_csv(site) || has_cases(site)) {
            DIAG_MISSING(diag, CODE_register_no_package, path, path);
        }
        return;
    }
    site->package = package_nodes(site, diag);
    if (site->package == NULL) {
        return;
    }
    if (site->is_package) {
        descriptor_mask_set(site->package_source, site->package);
    }
    struct describing describing = {.site = site, .arena = &site->arena, .diag = diag};
    if (site->package->kind != NODE_MAPPING) {
        descriptor_report(
            diag, CODE_register_expected, site->package->span,
            (const struct wording[]){wording_of(path),
                                     {{SLICE("{ } で囲んだまとまり"), SLICE("an object in { }")}}},
            2);
        return;
    }
    describe_package(&describing, site->package);
    const struct node *resources = expect_list(&describing, site->package, "resources");
    /* A new site may have no registers yet. */
    if (node_get(site->package, "resources") == NULL) {
        DIAG(diag, CODE_register_missing_member, site->package->span, SLICE("resources"));
    } else if (resources != NULL && resources->count == 0 && site->is_package) {
        descriptor_report(diag, CODE_register_expected, resources->span,
                          (const struct wording[]){wording_of(resources->key),
                                                   {{SLICE("一つ以上の表のリスト"),
                                                     SLICE("a list of at least one table")}}},
                          2);
    }
    if (resources == NULL) {
        return;
    }
    read_resources(site, resources, pool, diag);
    /* In a folder that is not ours other files may lie about; a table that is not where the
     * descriptor says has its finding there. */
    if (!site->is_package && !site->package_is_broken) {
        report_unlisted(site, diag);
    }
}
