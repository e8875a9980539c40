#include "registers.h"

/* Where a resource's rows stand: the files that it names, or the descriptor itself. */

static bool is_text(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->scalar == SCALAR_TEXT;
}

/* ---- Files ---- */

/* Relative POSIX path without `..`, hidden names, backslashes or a scheme. */
static bool is_safe_path(struct slice path)
{
    if (path.length == 0 || path.data[0] == '/' || slice_find_byte(path, '\\', 0) >= 0 ||
        slice_find_byte(path, ':', 0) >= 0) {
        return false;
    }
    struct slice rest = path;
    while (rest.data != NULL) {
        struct slice part = slice_cut(&rest, '/');
        if (part.length == 0 || part.data[0] == '.') {
            return false;
        }
    }
    return true;
}

/* Whether the file, or a folder above it, was refused (a link, a locked folder): that is a finding.
 */
static bool is_refused(const struct describing *describing, struct slice path)
{
    while (path.length > 0) {
        if (diag_errors_of_file(describing->diag, path) > 0) {
            return true;
        }
        ptrdiff_t slash = slice_find_last_byte(path, '/');
        path = slice_sub(path, 0, slash > 0 ? slash : 0);
    }
    return false;
}

/* Whether nothing lies in the folder of a path below the descriptor's own; then the folder is what
 * is missing, and no other file in it is. */
static bool is_folder_missing(const struct describing *describing, struct slice folder)
{
    if (slice_equal(folder, describing->folder)) {
        return false;
    }
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(describing->site->tree, folder, &first, &end);
    return first == end;
}

/* With the file that stands there under a name of other letters, large or small, or the folder. */
static void report_missing_file(const struct describing *describing, const struct node *node,
                                struct slice path)
{
    const struct tree *tree = describing->site->tree;
    struct slice folder = ARENA_JOIN(describing->arena, path, SLICE("/"));
    for (ptrdiff_t i = 0; i < tree->count; i++) {
        struct slice other = tree->files[i].path;
        if (slice_starts_with(other, folder)) {
            DIAG(describing->diag, CODE_register_file_is_folder, node->span, path);
            return;
        }
        if (slice_equal_ignoring_ascii_case(other, path)) {
            DIAG(describing->diag, CODE_register_file_case, node->span, path, other);
            return;
        }
    }
    struct slice above = slice_sub(path, 0, slice_find_last_byte(path, '/') + 1);
    if (is_folder_missing(describing, above)) {
        struct slice name = slice_sub(above, 0, above.length - 1);
        DIAG_MISSING(describing->diag, CODE_register_missing_folder, name, name);
        return;
    }
    DIAG(describing->diag, CODE_register_missing_file, node->span, path);
}

struct slice describe_file(const struct describing *describing, const struct node *node)
{
    if (!describing->site->trusts_paths && !is_safe_path(node->text)) {
        DIAG(describing->diag, CODE_register_unsafe_path, node->span, node->text);
        return SLICE("");
    }
    struct slice path = ARENA_JOIN(describing->arena, describing->folder, node->text);
    if (tree_find(describing->site->tree, path) >= 0) {
        return path;
    }
    if (!is_refused(describing, path)) {
        report_missing_file(describing, node, path);
    }
    return SLICE("");
}

/* ---- Resources ---- */

/* Whether the resource says that it is of this format. */
static bool has_format(const struct node *resource, struct slice name)
{
    const struct node *format = node_get(resource, "format");
    return format != NULL && slice_equal_ignoring_ascii_case(format->text, name);
}

/* Rows are lists, or all of them objects. */
static bool describe_rows(const struct describing *describing, const struct node *rows,
                          struct table_plan *plan)
{
    const struct node *wrong = rows->kind == NODE_SEQUENCE ? NULL : rows;
    for (const struct node *row = rows->first; row != NULL && wrong == NULL; row = row->next) {
        bool is_row = row->kind == rows->first->kind && row->kind != NODE_SCALAR;
        wrong = is_row ? NULL : row;
    }
    if (wrong != NULL) {
        DIAG(describing->diag, CODE_register_bad_data, wrong->span, plan->table->name);
        return false;
    }
    plan->data = rows;
    return true;
}

/* In the descriptor they may also be one text of CSV. */
static bool describe_data(const struct describing *describing, const struct node *resource,
                          const struct node *data, struct table_plan *plan)
{
    plan->table->path = describing->site->package_path;
    if (is_text(data) && has_format(resource, SLICE("csv"))) {
        plan->data = data;
        return true;
    }
    return describe_rows(describing, data, plan);
}

/* A file of JSON, whose rows are read like those of a descriptor. */
static bool describe_json(const struct describing *describing, bool is_lines,
                          struct table_plan *plan)
{
    struct site *site = describing->site;
    struct source *source =
        site_read_source(site, site->tree, plan->table->path, LOAD_LIMIT_JSON, describing->diag);
    if (source == NULL) {
        return false;
    }
    const struct node *rows = is_lines
                                  ? json_parse_lines(source, describing->arena, describing->diag)
                                  : json_parse(source, describing->arena, describing->diag);
    return rows != NULL && describe_rows(describing, rows, plan);
}

bool describe_is_remote(const struct describing *describing, const struct node *node)
{
    bool is_remote = describing->site->is_package && is_text(node) &&
                     (slice_starts_with(node->text, SLICE("https://")) ||
                      slice_starts_with(node->text, SLICE("http://")));
    if (is_remote) {
        DIAG(describing->diag, CODE_register_remote, node->span, node->text);
    }
    return is_remote;
}

enum row_format { ROWS_CSV, ROWS_JSON, ROWS_JSON_LINES, ROWS_BOOK, ROWS_PACKED, ROWS_UNREAD };

/* What is known of formats; any other is read as CSV. Those of tables hold nothing else, so that a
 * resource of theirs is one without saying so. */
static const struct format {
    struct slice name;
    enum row_format rows;
    bool is_table;
} formats[] = {
    {SLICE_CONSTANT("csv"), ROWS_CSV, true},
    {SLICE_CONSTANT("tsv"), ROWS_CSV, true},
    {SLICE_CONSTANT("json"), ROWS_JSON, false},
    {SLICE_CONSTANT("ndjson"), ROWS_JSON_LINES, true},
    {SLICE_CONSTANT("jsonl"), ROWS_JSON_LINES, true},
    {SLICE_CONSTANT("xlsx"), ROWS_BOOK, true},
    {SLICE_CONSTANT("xls"), ROWS_BOOK, true},
    {SLICE_CONSTANT("xlsm"), ROWS_BOOK, true},
    {SLICE_CONSTANT("ods"), ROWS_BOOK, true},
    {SLICE_CONSTANT("geojson"), ROWS_UNREAD, false},
    {SLICE_CONSTANT("parquet"), ROWS_UNREAD, true},
    {SLICE_CONSTANT("sqlite"), ROWS_UNREAD, false},
    {SLICE_CONSTANT("xml"), ROWS_UNREAD, false},
    {SLICE_CONSTANT("html"), ROWS_UNREAD, false},
    {SLICE_CONSTANT("gz"), ROWS_PACKED, false},
    {SLICE_CONSTANT("zip"), ROWS_PACKED, false},
};

static const struct format *format_by_name(struct slice word)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (slice_equal_ignoring_ascii_case(word, formats[i].name)) {
            return &formats[i];
        }
    }
    return NULL;
}

static struct slice ending_of(struct slice path)
{
    return slice_from(path, slice_find_last_byte(path, '.') + 1);
}

/* How the files of a resource are read: by its `compression` or `format`, else by what the first
 * one's name ends with. `*word`: what says so. */
static enum row_format row_format_of(const struct node *resource, struct slice path,
                                     struct slice *word)
{
    const struct node *packed = node_get(resource, "compression");
    const struct node *format = node_get(resource, "format");
    *word = format != NULL ? format->text : ending_of(path);
    if (packed != NULL && packed->text.length > 0 && !slice_equal(packed->text, SLICE("no"))) {
        *word = packed->text;
        return ROWS_PACKED;
    }
    const struct format *known = format_by_name(*word);
    return known != NULL ? known->rows : ROWS_CSV;
}

/* What is not read, and how it can be had read. */
static void report_unread(const struct describing *describing, struct span span,
                          const struct table_plan *plan, enum row_format rows, struct slice word)
{
    static const struct wording hows[] = {
        [ROWS_JSON] = {{SLICE_CONSTANT("行を一つのファイルにまとめ、path"),
                        SLICE_CONSTANT("put its rows into one file")}},
        [ROWS_JSON_LINES] = {{SLICE_CONSTANT("行を一つのファイルにまとめ、path"),
                              SLICE_CONSTANT("put its rows into one file")}},
        [ROWS_BOOK] =
            {{SLICE_CONSTANT(
                  "シートを CSV で保存し（コマンドなら ssconvert 元のファイル 表.csv）、path"),
              SLICE_CONSTANT("save the sheet as CSV (by command: ssconvert FILE "
                             "table.csv)")}},
        [ROWS_PACKED] = {{SLICE_CONSTANT("展開し、path"), SLICE_CONSTANT("unpack it")}},
        [ROWS_UNREAD] = {{SLICE_CONSTANT("CSV でも公開し、path"),
                          SLICE_CONSTANT("publish it as CSV, too,")}},
    };
    const struct wording arguments[] = {
        {{plan->table->name, plan->table->name}}, {{word, word}}, hows[rows]};
    descriptor_report(describing->diag, CODE_register_unread_format, span, arguments, 3);
}

/* A resource that is none is somebody else's: a picture, a document. */
static bool describe_is_tabular(const struct describing *describing, const struct node *resource,
                                const struct node *path)
{
    const struct node *format = node_get(resource, "format");
    const struct node *type = node_get(resource, "type");
    const struct node *profile = node_get(resource, "profile");
    if (describing->site->trusts_paths || node_get(resource, "dialect") != NULL ||
        (type != NULL && slice_equal(type->text, SLICE("table"))) ||
        (profile != NULL && slice_equal(profile->text, SLICE("tabular-data-resource")))) {
        return true;
    }
    const struct format *said = format != NULL ? format_by_name(format->text) : NULL;
    const struct format *named = format_by_name(ending_of(path->text));
    return (said != NULL && said->is_table) || (named != NULL && named->is_table);
}

bool describe_is_table(const struct describing *describing, const struct node *resource)
{
    const struct node *path = node_get(resource, "path");
    const struct node *data = node_get(resource, "data");
    if (resource->kind != NODE_MAPPING || node_get(resource, "schema") != NULL) {
        return true;
    }
    if (data != NULL) {
        return data->kind == NODE_SEQUENCE || has_format(resource, SLICE("csv"));
    }
    path = path != NULL && path->kind == NODE_SEQUENCE && path->first != NULL ? path->first : path;
    if (path == NULL || !is_text(path)) {
        return path == NULL;
    }
    return describing->site->is_package ? describe_is_tabular(describing, resource, path)
                                        : slice_ends_with(path->text, SLICE(".csv")) ||
                                              slice_ends_with(path->text, SLICE(".tsv"));
}

void describe_other(const struct describing *describing, const struct node *resource)
{
    const struct node *path = node_get(resource, "path");
    bool is_list = path != NULL && path->kind == NODE_SEQUENCE;
    for (const struct node *one = is_list ? path->first : path; one != NULL;
         one = is_list ? one->next : NULL) {
        if (is_text(one) && !describe_is_remote(describing, one)) {
            (void)describe_file(describing, one);
        }
    }
}

static bool describe_paths(const struct describing *describing, const struct node *resource,
                           const struct node *path, struct table_plan *plan)
{
    bool is_list = path->kind == NODE_SEQUENCE;
    bool is_whole = true;
    bool is_remote = false;
    plan->paths = ARENA_ARRAY(describing->arena, struct slice, path->count + 1);
    for (const struct node *one = is_list ? path->first : path; one != NULL;
         one = is_list ? one->next : NULL) {
        if (!is_text(one)) {
            DIAG(describing->diag, CODE_register_not_one_file, one->span, plan->table->name);
            return false;
        }
        if (describe_is_remote(describing, one)) {
            is_remote = true;
            plan->table->path = one->text;
            continue;
        }
        plan->paths[plan->path_count] = describe_file(describing, one);
        is_whole = is_whole && plan->paths[plan->path_count].length > 0;
        plan->path_count++;
    }
    if (is_remote) {
        plan->path_count = 0; /* a part of a table tells nothing of the whole */
        return true;
    }
    plan->table->path = plan->paths[0];
    if (!is_whole || !describing->site->is_package) {
        return is_whole;
    }
    struct slice word;
    enum row_format rows = row_format_of(resource, plan->table->path, &word);
    /* What a file alone holds that is no text, its bytes tell. */
    bool is_unread = rows > ROWS_JSON_LINES && !describing->site->trusts_paths;
    if (is_unread || ((rows == ROWS_JSON || rows == ROWS_JSON_LINES) && plan->path_count > 1)) {
        report_unread(describing, path->span, plan, rows, word);
        plan->path_count = 0;
        return true;
    }
    return (rows != ROWS_JSON && rows != ROWS_JSON_LINES) ||
           describe_json(describing, rows == ROWS_JSON_LINES, plan);
}

bool describe_place(const struct describing *describing, const struct node *resource,
                    struct table_plan *plan)
{
    const struct node *path = node_get(resource, "path");
    const struct node *data = node_get(resource, "data");
    bool is_list = path != NULL && path->kind == NODE_SEQUENCE && path->count > 0;
    /* v1 wrote a list of one. */
    if (is_list && path->count == 1) {
        path = path->first;
        is_list = false;
    }
    bool is_package = describing->site->is_package;
    bool is_file = path != NULL && (is_text(path) || (is_list && is_package));
    if (path != NULL && data != NULL) {
        DIAG(describing->diag, CODE_register_path_and_data, data->key_span, plan->table->name);
        return false;
    }
    if ((data != NULL && !is_package) || (path != NULL && !is_file)) {
        DIAG(describing->diag, CODE_register_not_one_file,
             data != NULL ? data->key_span : path->span, plan->table->name);
        return false;
    }
    if (data != NULL) {
        return describe_data(describing, resource, data, plan);
    }
    if (path == NULL) {
        DIAG(describing->diag, CODE_register_missing_member, resource->span, SLICE("path"));
        return false;
    }
    return describe_paths(describing, resource, path, plan);
}
