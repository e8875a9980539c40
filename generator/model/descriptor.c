#include "registers.h"

/* datapackage.json: the package and its resources. Nothing of it is trusted: every member is looked
 * at before it is used. */

struct slice column_type_name(enum column_type type)
{
    static const char *const names[COLUMN_TYPES] = {
#define COLUMN_TYPE(identifier, name, ja, en, example) [COLUMN_##identifier] = (name),
#include "column_types.def"
#undef COLUMN_TYPE
    };
    return slice_of(names[type]);
}

struct wording column_type_words(enum column_type type)
{
    static const char *const words[COLUMN_TYPES][INTERFACE_LANGUAGES] = {
#define COLUMN_TYPE(identifier, name, ja, en, example) [COLUMN_##identifier] = {(ja), (en)},
#include "column_types.def"
#undef COLUMN_TYPE
    };
    return (struct wording){
        {slice_of(words[type][INTERFACE_JAPANESE]), slice_of(words[type][INTERFACE_ENGLISH])}};
}

/* ---- Members of the expected kind ---- */

enum kind { KIND_TEXT, KIND_LIST, KIND_MAPPING, KIND_BOOLEAN, KIND_WORDS };

static void report_kind(const struct describing *describing, const struct node *node,
                        const char *member, enum kind kind)
{
    static const struct wording kinds[] = {
        [KIND_TEXT] = {{SLICE_CONSTANT("文字列"), SLICE_CONSTANT("a text")}},
        [KIND_LIST] = {{SLICE_CONSTANT("[ ] で囲んだリスト"), SLICE_CONSTANT("a list in [ ]")}},
        [KIND_MAPPING] = {{SLICE_CONSTANT("{ } で囲んだまとまり"),
                           SLICE_CONSTANT("an object in { }")}},
        [KIND_BOOLEAN] = {{SLICE_CONSTANT("true か false"), SLICE_CONSTANT("true or false")}},
        [KIND_WORDS] = {{SLICE_CONSTANT("文字列か、文字列のリスト"),
                         SLICE_CONSTANT("a text or a list of texts")}},
    };
    descriptor_report(describing->diag, CODE_register_expected, node->span,
                      (const struct wording[]){wording_of(slice_of(member)), kinds[kind]}, 2);
}

static bool is_text(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->scalar == SCALAR_TEXT;
}

static const struct node *expect_kind(const struct describing *describing, const struct node *owner,
                                      const char *member, enum kind kind)
{
    const struct node *node = node_get(owner, member);
    if (node == NULL) {
        return NULL;
    }
    bool fits = kind == KIND_TEXT      ? is_text(node)
                : kind == KIND_LIST    ? node->kind == NODE_SEQUENCE
                : kind == KIND_BOOLEAN ? node->kind == NODE_SCALAR && node->scalar == SCALAR_BOOLEAN
                                       : node->kind == NODE_MAPPING;
    if (!fits) {
        report_kind(describing, node, member, kind);
    }
    return fits ? node : NULL;
}

const struct node *expect_text(const struct describing *describing, const struct node *owner,
                               const char *member)
{
    return expect_kind(describing, owner, member, KIND_TEXT);
}

const struct node *expect_list(const struct describing *describing, const struct node *owner,
                               const char *member)
{
    return expect_kind(describing, owner, member, KIND_LIST);
}

const struct node *expect_mapping(const struct describing *describing, const struct node *owner,
                                  const char *member)
{
    return expect_kind(describing, owner, member, KIND_MAPPING);
}

bool expect_boolean(const struct describing *describing, const struct node *owner,
                    const char *member, bool otherwise)
{
    const struct node *node = expect_kind(describing, owner, member, KIND_BOOLEAN);
    return node != NULL ? slice_equal(node->text, SLICE("true")) : otherwise;
}

struct slices expect_texts(const struct describing *describing, const struct node *owner,
                           const char *member)
{
    struct slices texts = {0};
    const struct node *node = node_get(owner, member);
    if (node == NULL) {
        return texts;
    }
    bool fits = is_text(node) || node->kind == NODE_SEQUENCE;
    texts.data = ARENA_ARRAY(describing->arena, struct slice, node->count + 1);
    if (is_text(node)) {
        texts.data[texts.count++] = node->text;
    }
    for (const struct node *part = node->first; fits && part != NULL; part = part->next) {
        /* missingValues may be objects with a value and a label. */
        const struct node *value = part->kind == NODE_MAPPING ? node_get(part, "value") : part;
        fits = value != NULL && value->kind == NODE_SCALAR;
        if (fits) {
            texts.data[texts.count++] = value->text;
        }
    }
    if (!fits) {
        report_kind(describing, node, member, KIND_WORDS);
        return (struct slices){0};
    }
    return texts;
}

/* ---- Names of members ---- */

struct member {
    enum describe_level level;
    struct slice name;
};

static const struct member members[] = {
#define DESCRIPTOR_MEMBER(level, name) {LEVEL_##level, SLICE_CONSTANT(name)},
#include "descriptor_members.def"
#undef DESCRIPTOR_MEMBER
};
enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static void check_member(const struct describing *describing, const struct node *member,
                         enum describe_level level)
{
    struct slice names[MEMBERS];
    ptrdiff_t count = 0;
    bool has_prefix = slice_starts_with(member->key, SLICE("kyodo:"));
    /* A chart is ours altogether. */
    bool is_ours = has_prefix || level == LEVEL_CHART;
    for (int i = 0; i < MEMBERS; i++) {
        if (members[i].level != level) {
            continue;
        }
        if (slice_equal(members[i].name, member->key)) {
            return;
        }
        if (slice_starts_with(members[i].name, SLICE("kyodo:")) == has_prefix) {
            names[count++] = members[i].name;
        }
    }
    struct slice nearest = nearest_name(member->key, names, count);
    for (ptrdiff_t i = 0; i < count && nearest.data == NULL; i++) {
        nearest = slice_equal_ignoring_ascii_case(names[i], member->key) ? names[i] : nearest;
    }
    /* Any other property may stand in a descriptor: it is somebody else's. */
    if (nearest.data == NULL && !is_ours) {
        return;
    }
    struct report report = {.code = is_ours ? CODE_register_unknown_member
                                            : CODE_register_misspelt_member,
                            .span = member->key_span,
                            .arguments = {member->key, nearest}};
    if (nearest.data == NULL) {
        struct slice all = SLICE("");
        for (ptrdiff_t i = 0; i < count; i++) {
            all = ARENA_JOIN(describing->arena, all, slice_of(i > 0 ? ", " : ""), names[i]);
        }
        report.arguments[1] = all;
    }
    diag_add(describing->diag, &report);
}

void describe_members(const struct describing *describing, const struct node *node,
                      enum describe_level level)
{
    for (const struct node *member = node->first; member != NULL; member = member->next) {
        check_member(describing, member, level);
    }
}

/* ---- Words ---- */

static int language_of(const struct site *site, struct slice tag)
{
    for (int i = 0; i < site->language_count; i++) {
        if (slice_equal(site->languages[i].tag, tag)) {
            return i;
        }
    }
    return -1;
}

void describe_words(const struct describing *describing, const struct node *owner,
                    const char *member, struct slice otherwise,
                    struct slice out[MODEL_LANGUAGES_MOST])
{
    const struct site *site = describing->site;
    const struct node *words = expect_mapping(describing, owner, member);
    for (const struct node *word = words != NULL ? words->first : NULL; word != NULL;
         word = word->next) {
        int language = language_of(site, word->key);
        if (language < 0) {
            /* A package by itself may speak any language. */
            if (!site->is_package) {
                DIAG(describing->diag, CODE_register_unknown_language, word->key_span, word->key);
            }
        } else if (!is_text(word)) {
            report_kind(describing, word, arena_string(describing->arena, word->key), KIND_TEXT);
        } else {
            out[language] = word->text;
        }
    }
    for (int i = 0; i < site->language_count; i++) {
        if (out[i].length == 0) {
            out[i] = out[0].length > 0 ? out[0] : otherwise;
        }
    }
}

/* The member's words, else a standard member (a text in the original language), else `name`. */
static void describe_titled(const struct describing *describing, const struct node *owner,
                            const char *member, const char *standard, struct slice name,
                            struct slice out[MODEL_LANGUAGES_MOST])
{
    const struct node *text = expect_text(describing, owner, standard);
    describe_words(describing, owner, member, text != NULL ? text->text : name, out);
}

/* ---- Resources ---- */

bool describe_is_name(struct slice name)
{
    bool is_first = true;
    for (ptrdiff_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_letter && (is_first || (c != '-' && c != '_'))) {
            return false;
        }
        is_first = false;
    }
    return name.length > 0 && name.length <= 64;
}

/* Names that the output uses for something else: /<lang>/<name>/ and /data/<name>.csv. */
static bool is_reserved(const struct site *site, struct slice name)
{
    static const char *const names[] = {"cases",  "news", "pages",       "meetings", "page",
                                        "by",     "data", "datapackage", "catalog",  "principles",
                                        "search", "feed", "404",         "index",    "r",
                                        "v",      "api",  "assets",      "kyodo",    "cases-opsi"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equal(name, slice_of(names[i]))) {
            return true;
        }
    }
    return language_of(site, name) >= 0;
}

/* What a table without a name is called in findings: as its file. */
static struct slice assumed_name(const struct node *resource)
{
    const struct node *path = node_get(resource, "path");
    struct slice file = path != NULL && is_text(path) ? path->text : SLICE("data");
    file = slice_from(file, slice_find_last_byte(file, '/') + 1);
    ptrdiff_t dot = slice_find_byte(file, '.', 0);
    return dot > 0 ? slice_sub(file, 0, dot) : file;
}

static bool describe_name(const struct describing *describing, const struct node *resource,
                          struct table *table)
{
    const struct node *name = expect_text(describing, resource, "name");
    if (name == NULL) {
        if (node_get(resource, "name") == NULL) {
            DIAG(describing->diag, CODE_register_missing_member, resource->span, SLICE("name"));
        }
        /* What is in it can be checked all the same. */
        table->name = assumed_name(resource);
        return describing->site->is_package;
    }
    if (describing->site->is_package ? name->text.length == 0 : !describe_is_name(name->text)) {
        DIAG(describing->diag, CODE_register_bad_name, name->span, name->text);
        return false;
    }
    if (!describing->site->is_package && is_reserved(describing->site, name->text)) {
        DIAG(describing->diag, CODE_register_reserved_name, name->span, name->text);
        return false;
    }
    const struct table *other = site_table(describing->site, name->text);
    const struct node *first = other != NULL ? node_get(other->descriptor, "name") : NULL;
    if (first != NULL) {
        diag_add_again(describing->diag, CODE_register_duplicate_name, name->span, name->text,
                       first->span);
        return false;
    }
    table->name = name->text;
    return true;
}

/* One of the words in `choices`, as its index; `otherwise` when absent or wrong (a finding). */
static int describe_choice(const struct describing *describing, const struct node *node,
                           const struct slice *choices, int count, int otherwise)
{
    struct slice all = SLICE("");
    for (int i = 0; node != NULL && i < count; i++) {
        if (is_text(node) && slice_equal(node->text, choices[i])) {
            return i;
        }
        all = ARENA_JOIN(describing->arena, all, slice_of(i > 0 ? ", " : ""), choices[i]);
    }
    if (node != NULL) {
        DIAG(describing->diag, CODE_register_wrong_choice, node->span, node->key, all);
    }
    return otherwise;
}

const struct node *expect_mapping_or_file(const struct describing *describing,
                                          const struct node *owner, const char *member)
{
    const struct node *node = node_get(owner, member);
    if (node == NULL || !is_text(node)) {
        return expect_mapping(describing, owner, member);
    }
    struct slice path = describe_file(describing, node);
    struct source *source = path.length > 0
                                ? site_read_source(describing->site, describing->site->tree, path,
                                                   LOAD_LIMIT_TEXT, describing->diag)
                                : NULL;
    const struct node *read =
        source != NULL ? json_parse(source, describing->arena, describing->diag) : NULL;
    if (read != NULL && read->kind != NODE_MAPPING) {
        report_kind(describing, read, member, KIND_MAPPING);
        return NULL;
    }
    return read;
}

static const struct node *describe_schema(const struct describing *describing,
                                          const struct node *resource, struct table_plan *plan)
{
    const struct node *schema = node_get(resource, "schema");
    plan->has_schema = schema != NULL || !describing->site->is_package;
    if (schema != NULL && describe_is_remote(describing, schema)) {
        plan->has_schema = false;
        return NULL;
    }
    /* Without one a table has a form all the same. */
    if (schema == NULL && !describing->site->is_package) {
        DIAG(describing->diag, CODE_register_missing_member, resource->span, SLICE("schema"));
    }
    return expect_mapping_or_file(describing, resource, "schema");
}

void report_unknown_column(const struct describing *describing, const struct table *table,
                           const struct node *node)
{
    struct slice *names = ARENA_ARRAY(describing->arena, struct slice, table->column_count);
    struct slice all = SLICE("");
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        names[i] = table->columns[i].name;
        all = ARENA_JOIN(describing->arena, all, slice_of(i > 0 ? ", " : ""), names[i]);
    }
    struct slice nearest = nearest_name(node->text, names, table->column_count);
    DIAG(describing->diag, CODE_register_unknown_column, node->span, node->text, table->name,
         nearest.data != NULL ? nearest : all);
}

/* Columns that a key names, as a text or a list; count 0 when one of them is unknown. */
static int describe_key(const struct describing *describing, const struct table *table,
                        const struct node *node, int **columns)
{
    *columns = ARENA_ARRAY(describing->arena, int, node->count + 1);
    int count = 0;
    bool is_good = node->kind == NODE_SEQUENCE || is_text(node);
    const struct node *name = node->kind == NODE_SEQUENCE ? node->first : node;
    for (; is_good && name != NULL; name = node->kind == NODE_SEQUENCE ? name->next : NULL) {
        int column = is_text(name) ? table_column_by_name(table, name->text) : -1;
        if (column < 0) {
            report_unknown_column(describing, table, name);
            return 0;
        }
        (*columns)[count++] = column;
    }
    if (!is_good) {
        report_kind(describing, node, arena_string(describing->arena, node->key), KIND_WORDS);
    }
    return count;
}

static void add_key(const struct describing *describing, struct table_plan *plan,
                    enum key_kind kind, const int *columns, int count, const struct node *node)
{
    if (count > KEY_COLUMNS_MOST) {
        DIAG(describing->diag, CODE_register_wide_key, node->span, SLICE("16"));
    } else if (count > 0) {
        plan->keys[plan->key_count++] =
            (struct table_key){.kind = kind, .columns = columns, .count = count, .node = node};
    }
}

/* A column whose values are unique is a key too; that of the primary key is judged as such. */
static void add_unique_columns(const struct describing *describing, struct table_plan *plan)
{
    const struct table *table = plan->table;
    for (int i = 0; i < table->column_count; i++) {
        if (table->columns[i].is_unique && i != table->key_column) {
            int *column = ARENA_NEW(describing->arena, int);
            *column = i;
            add_key(describing, plan, KEY_COLUMN, column, 1, plan->rules[i].unique_node);
        }
    }
}

static void describe_keys(const struct describing *describing, const struct node *schema,
                          struct table_plan *plan)
{
    struct table *table = plan->table;
    const struct node *unique = expect_list(describing, schema, "uniqueKeys");
    plan->keys = ARENA_ARRAY(describing->arena, struct table_key,
                             (unique != NULL ? unique->count : 0) + 1 + table->column_count);
    plan->key_node = node_get(schema, "primaryKey");
    int *columns;
    if (plan->key_node != NULL) {
        int count = describe_key(describing, table, plan->key_node, &columns);
        table->key_column = count == 1 ? columns[0] : -1;
        add_key(describing, plan, KEY_PRIMARY, columns, count, plan->key_node);
    }
    for (const struct node *one = unique != NULL ? unique->first : NULL; one != NULL;
         one = one->next) {
        int count = describe_key(describing, table, one, &columns);
        add_key(describing, plan, KEY_UNIQUE, columns, count, one);
    }
    add_unique_columns(describing, plan);
    const struct node *title = expect_text(describing, table->descriptor, "kyodo:title");
    table->title_column = table->key_column;
    if (title != NULL) {
        int column = table_column_by_name(table, title->text);
        if (column < 0) {
            report_unknown_column(describing, table, title);
        } else if (!table->columns[column].is_private) {
            table->title_column = column;
        }
    }
    const struct node *pages = node_get(table->descriptor, "kyodo:pages");
    if (table->has_pages && table->key_column < 0) {
        if (plan->key_node == NULL || (plan->key_count > 0 && plan->keys[0].count > 1)) {
            DIAG(describing->diag, CODE_register_pages_without_key, pages->span, table->name);
        }
        table->has_pages = false;
    }
}

static void describe_updated(const struct describing *describing, const struct node *resource,
                             struct table *table)
{
    const struct node *updated = expect_text(describing, resource, "kyodo:updated");
    if (updated != NULL && (date_parse(updated->text, &table->updated) != DATE_OK ||
                            table->updated.precision != DATE_DAY)) {
        DIAG(describing->diag, CODE_register_bad_date, updated->span, updated->text);
        table->updated = (struct date){0};
    }
}

/* ---- Where it comes from ---- */

static void report_words(const struct describing *describing, const struct node *node,
                         struct slice ja, struct slice en)
{
    const struct wording arguments[] = {wording_of(node->key), {{ja, en}}};
    descriptor_report(describing->diag, CODE_register_expected, node->span, arguments, 2);
}

/* A list of objects that is there must have something in it. */
static const struct node *describe_objects(const struct describing *describing,
                                           const struct node *owner, const char *member)
{
    const struct node *list = expect_list(describing, owner, member);
    if (list != NULL && list->count == 0 && !slice_equal(list->key, SLICE("sources"))) {
        report_words(describing, list, SLICE("一つ以上の項目のリスト"),
                     SLICE("a list of at least one item"));
    }
    for (const struct node *one = list != NULL ? list->first : NULL; one != NULL; one = one->next) {
        if (one->kind != NODE_MAPPING) {
            report_kind(describing, one, member, KIND_MAPPING);
            return NULL;
        }
    }
    return list;
}

/* Who made it, from what, and what may be done with it: of a package and of a resource. */
static void describe_provenance(const struct describing *describing, const struct node *owner)
{
    const struct node *licences = describe_objects(describing, owner, "licenses");
    for (const struct node *one = licences != NULL ? licences->first : NULL; one != NULL;
         one = one->next) {
        if (node_get(one, "name") == NULL && node_get(one, "path") == NULL) {
            DIAG(describing->diag, CODE_register_missing_member, one->span, SLICE("name"));
        }
    }
    describe_objects(describing, owner, "sources");
    describe_objects(describing, owner, "contributors");
}

/* ---- A resource and its schema ---- */

bool describe_resource(const struct describing *describing, const struct node *resource,
                       struct table_plan *plan)
{
    struct table *table = plan->table;
    if (resource->kind != NODE_MAPPING) {
        report_kind(describing, resource, "resources", KIND_MAPPING);
        return false;
    }
    describe_members(describing, resource, LEVEL_RESOURCE);
    bool is_named = describe_name(describing, resource, table);
    bool is_placed = describe_place(describing, resource, plan);
    const struct node *schema = describe_schema(describing, resource, plan);
    if (!is_named || !is_placed || (schema == NULL && plan->has_schema)) {
        return false;
    }
    table->site = describing->site;
    table->descriptor = resource;
    table->descriptor_source = resource->span.source;
    table->key_column = -1;
    static const struct slice roles[] = {SLICE_CONSTANT("register"), SLICE_CONSTANT("codelist")};
    table->is_codelist =
        describe_choice(describing, node_get(resource, "kyodo:role"), roles, 2, 0) == 1;
    table->has_pages = expect_boolean(describing, resource, "kyodo:pages", false);
    table->has_api = expect_boolean(describing, resource, "kyodo:api", false);
    describe_titled(describing, resource, "kyodo:labels", "title", table->name, table->labels);
    describe_titled(describing, resource, "kyodo:descriptions", "description", SLICE(""),
                    table->descriptions);
    describe_words(describing, resource, "kyodo:empty", SLICE(""), table->empty_reason);
    describe_updated(describing, resource, table);
    describe_provenance(describing, resource);
    describe_dialect(describing, expect_mapping_or_file(describing, resource, "dialect"), plan);
    table->schema = schema;
    if (schema == NULL) {
        table->title_column = -1;
        return true; /* table_read makes columns of the labels */
    }
    describe_members(describing, schema, LEVEL_SCHEMA);
    const struct node *fields = expect_list(describing, schema, "fields");
    if (fields == NULL) {
        if (node_get(schema, "fields") == NULL) {
            DIAG(describing->diag, CODE_register_missing_member, schema->span, SLICE("fields"));
        }
        return false;
    }
    /* The standard has a list of one word here as well as the word. */
    static const struct slice matches[] = {SLICE_CONSTANT("exact"), SLICE_CONSTANT("equal"),
                                           SLICE_CONSTANT("subset"), SLICE_CONSTANT("superset"),
                                           SLICE_CONSTANT("partial")};
    const struct node *match = node_get(schema, "fieldsMatch");
    bool is_list = match != NULL && match->kind == NODE_SEQUENCE && match->count == 1;
    plan->match = (enum fields_match)describe_choice(describing, is_list ? match->first : match,
                                                     matches, 5, MATCH_EXACT);
    if (!describe_columns(describing, fields, plan)) {
        return false;
    }
    describe_keys(describing, schema, plan);
    describe_charts(describing, resource, table);
    return true;
}

/* ---- The package ---- */

/* RFC 3339: 2026-04-01T09:00:00Z, or with an offset. */
static bool is_moment(struct slice s)
{
    struct date day;
    struct slice end = s.length > 19 ? slice_from(s, 19) : SLICE("");
    ptrdiff_t fraction = slice_starts_with(end, SLICE(".")) ? 1 : 0;
    while (fraction > 0 && fraction < end.length && end.data[fraction] >= '0' &&
           end.data[fraction] <= '9') {
        fraction++;
    }
    end = slice_from(end, fraction);
    bool has_zone =
        slice_equal_ignoring_ascii_case(end, SLICE("Z")) ||
        (end.length == 6 && (end.data[0] == '+' || end.data[0] == '-') && end.data[3] == ':');
    return has_zone && (s.data[10] == 'T' || s.data[10] == 't') && s.data[13] == ':' &&
           s.data[16] == ':' && date_parse(slice_sub(s, 0, 10), &day) == DATE_OK &&
           day.precision == DATE_DAY;
}

/* The members of the standard that no register needs. */
static void describe_standard(const struct describing *describing, const struct node *package)
{
    static const char *const texts[] = {"$schema",  "profile", "name",  "id",
                                        "homepage", "version", "image", "created"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct node *text = expect_text(describing, package, texts[i]);
        if (text != NULL && slice_equal(text->key, SLICE("created")) && !is_moment(text->text)) {
            report_words(describing, text, SLICE("2026-04-01T09:00:00+09:00 の形の日時"),
                         SLICE("a date and time such as 2026-04-01T09:00:00+09:00"));
        }
    }
    const struct node *keywords = expect_list(describing, package, "keywords");
    for (const struct node *one = keywords != NULL ? keywords->first : NULL; one != NULL;
         one = one->next) {
        if (!is_text(one)) {
            report_kind(describing, one, "keywords", KIND_TEXT);
        }
    }
    describe_provenance(describing, package);
}

void describe_package(const struct describing *describing, const struct node *package)
{
    describe_members(describing, package, LEVEL_PACKAGE);
    expect_boolean(describing, package, "kyodo:api", false); /* of the cases */
    struct slice words[MODEL_LANGUAGES_MOST] = {0};
    describe_titled(describing, package, "kyodo:labels", "title", SLICE(""), words);
    describe_titled(describing, package, "kyodo:descriptions", "description", SLICE(""), words);
    describe_standard(describing, package);
}
