#include "rule_test.h"

/* From YAML to struct rule_test. Every key that a test knows is in tests.def; each kind has its own
 * parser here. */

struct test_info {
    struct slice name;
    const char *keys;
};

static const struct test_info infos[TEST_COUNT] = {
#define TEST(name_, keys_) [TEST_##name_] = {{#name_, sizeof(#name_) - 1}, keys_},
#include "tests.def"
#undef TEST
};

static enum test_kind kind_by_name(struct slice name)
{
    int kind = 0;
    while (kind < TEST_COUNT && !slice_equal(infos[kind].name, name)) {
        kind++;
    }
    return (enum test_kind)kind;
}

static void malformed(const struct compiling *compiling, const struct node *node,
                      enum test_kind kind)
{
    DIAG(compiling->diag, CODE_principles_bad_test, node->span, infos[kind].name,
         slice_of(infos[kind].keys));
}

static void unknown_test(const struct compiling *compiling, const struct node *node)
{
    struct slice names[TEST_COUNT];
    for (int i = 0; i < TEST_COUNT; i++) {
        names[i] = infos[i].name;
    }
    const struct node *first = node->kind == NODE_MAPPING ? node->first : NULL;
    struct slice name = first != NULL ? first->key : node->text;
    struct slice nearest = nearest_name(name, names, TEST_COUNT);
    if (nearest.length == 0) {
        nearest =
            SLICE("present, absent, one_of, has, equal, differ, order, count, every, any, subset, "
                  "same_set, lookup, exists, named, overlap, passes, all, either, not, if");
    }
    DIAG(compiling->diag, CODE_principles_unknown_test,
         first != NULL ? first->key_span : node->span, name, nearest);
}

/* A mapping with none but the kind's keys. */
static bool expect_keys(const struct compiling *compiling, const struct node *node,
                        enum test_kind kind)
{
    if (node->kind != NODE_MAPPING) {
        malformed(compiling, node, kind);
        return false;
    }
    bool fine = true;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        struct slice rest = slice_of(infos[kind].keys);
        bool known = false;
        while (rest.data != NULL && !known) {
            known = slice_equal(slice_cut(&rest, ' '), child->key);
        }
        if (!known) {
            DIAG(compiling->diag, CODE_principles_unknown_key, child->key_span, child->key,
                 slice_of(infos[kind].keys));
            fine = false;
        }
    }
    return fine;
}

/* ---- Parts of tests ---- */

/* One path or a list of them. */
static struct rule_path *compile_paths(const struct compiling *compiling,
                                       const struct scope_type *scope, const struct node *node,
                                       int *count)
{
    node = rule_parameter(compiling, node);
    *count = 0;
    if (node == NULL) {
        return NULL;
    }
    bool is_list = node->kind == NODE_SEQUENCE;
    struct rule_path *paths =
        ARENA_ARRAY(compiling->arena, struct rule_path, is_list ? node->count : 1);
    for (const struct node *child = is_list ? node->first : node; child != NULL;
         child = is_list ? child->next : NULL) {
        struct rule_path *path = rule_path_compile(compiling, scope, child);
        if (path == NULL) {
            return NULL;
        }
        paths[(*count)++] = *path;
    }
    if (*count == 0) {
        DIAG(compiling->diag, CODE_principles_path, node->span, SLICE(""));
    }
    return *count > 0 ? paths : NULL;
}

/* A required path; `malformed` when it is not there. */
static struct rule_path *compile_part(const struct compiling *compiling,
                                      const struct scope_type *scope, const struct node *node,
                                      const char *key, enum test_kind kind)
{
    const struct node *part = node_get(node, key);
    if (part == NULL) {
        malformed(compiling, node, kind);
        return NULL;
    }
    return rule_path_compile(compiling, scope, part);
}

static bool compile_of(const struct compiling *compiling, const struct scope_type *scope,
                       const struct node *node, struct rule_test *test)
{
    const struct node *of = node_get(node, "of");
    if (of == NULL) {
        malformed(compiling, node, test->kind);
        return false;
    }
    test->paths = compile_paths(compiling, scope, of, &test->path_count);
    return test->paths != NULL;
}

/* ---- Values that can be the same ---- */

enum likeness { LIKE_TEXT, LIKE_NUMBER, LIKE_DATE, LIKE_BOOLEAN, LIKE_NOTHING };

static enum likeness likeness_of(const struct rule_path *path)
{
    switch (path->type) {
    case FIELD_TYPE_INTEGER:
    case FIELD_TYPE_NUMBER:
        return LIKE_NUMBER;
    case FIELD_TYPE_DATE:
        return LIKE_DATE;
    case FIELD_TYPE_BOOLEAN:
        return LIKE_BOOLEAN;
    case FIELD_TYPE_GROUP:
    case FIELD_TYPE_HASHES:
        return LIKE_NOTHING;
    case FIELD_TYPE_TEXT:
    case FIELD_TYPE_CODE:
    case FIELD_TYPE_URL:
    case FIELD_TYPE_REFERENCE:
        break;
    }
    return LIKE_TEXT;
}

/* Whether a field ever holds what is written in the test. Cells of registers are text. */
static bool can_be(const struct rule_path *path, const struct rule_literal *literal)
{
    if (path == NULL || path->column >= 0) {
        return true;
    }
    switch (likeness_of(path)) {
    case LIKE_NUMBER:
        return literal->is_number;
    case LIKE_BOOLEAN:
        return slice_equal(literal->text, SLICE("true")) ||
               slice_equal(literal->text, SLICE("false"));
    case LIKE_DATE: /* written in many ways: `order` compares them */
    case LIKE_NOTHING:
        return false;
    case LIKE_TEXT:
        break;
    }
    return true;
}

static void never_value(const struct compiling *compiling, const struct rule_path *path,
                        const struct node *node)
{
    static const char *const holds[][INTERFACE_LANGUAGES] = {
        [LIKE_TEXT] = {"文字列", "text"},
        [LIKE_NUMBER] = {"数", "numbers"},
        [LIKE_DATE] = {"日付（order で比べます）", "dates, which order compares"},
        [LIKE_BOOLEAN] = {"true か false", "true or false"},
        [LIKE_NOTHING] = {"いくつかの項目のまとまり", "groups of fields"},
    };
    enum likeness likeness = likeness_of(path);
    DIAG(compiling->diag, CODE_principles_never_value, node->span, node->text, path->text,
         slice_of(holds[likeness][INTERFACE_JAPANESE]),
         slice_of(holds[likeness][INTERFACE_ENGLISH]));
}

static bool share_a_code(const struct codelist *a, const struct codelist *b)
{
    for (ptrdiff_t i = 0; i < a->count; i++) {
        if (codelist_find(b, a->codes[i].code) != NULL) {
            return true;
        }
    }
    return a->count == 0 || b->count == 0;
}

/* Two paths whose values are compared; false with a finding when none of them can be the same. */
static bool expect_comparable(const struct compiling *compiling, const struct rule_path *a,
                              const struct rule_path *b)
{
    bool fine = a->column >= 0 || b->column >= 0 ||
                (likeness_of(a) == likeness_of(b) && likeness_of(a) != LIKE_NOTHING);
    if (fine && a->codelist != NULL && b->codelist != NULL && a->codelist != b->codelist) {
        fine = share_a_code(a->codelist, b->codelist);
    }
    if (!fine) {
        DIAG(compiling->diag, CODE_principles_not_comparable, b->span, a->text, b->text);
    }
    return fine;
}

/* Values that are compared with a path's: codes must be in its code list. */
static bool compile_literals(const struct compiling *compiling, const struct rule_path *path,
                             const struct node *node, struct rule_test *test)
{
    node = rule_parameter(compiling, node);
    if (node == NULL) {
        return false;
    }
    bool is_list = node->kind == NODE_SEQUENCE;
    test->literals = ARENA_ARRAY(compiling->arena, struct rule_literal, is_list ? node->count : 1);
    for (const struct node *child = is_list ? node->first : node; child != NULL;
         child = is_list ? child->next : NULL) {
        if (child->kind != NODE_SCALAR) {
            malformed(compiling, child, test->kind);
            return false;
        }
        struct rule_literal *literal = &test->literals[test->literal_count++];
        literal->text = child->text;
        literal->is_number = slice_to_number(child->text, &literal->number);
        if (!can_be(path, literal)) {
            never_value(compiling, path, child);
            return false;
        }
        if (path == NULL || path->codelist == NULL ||
            codelist_find(path->codelist, child->text) != NULL) {
            continue;
        }
        const struct codelist *list = path->codelist;
        if (table_may_hold(list->table, child->text)) {
            return false;
        }
        struct slice *names = ARENA_ARRAY(compiling->arena, struct slice, list->count);
        for (ptrdiff_t i = 0; i < list->count; i++) {
            names[i] = list->codes[i].code;
        }
        DIAG(compiling->diag, CODE_principles_unknown_code, child->span, child->text, list->name,
             nearest_name(child->text, names, list->count));
        return false;
    }
    return true;
}

static bool compile_number(const struct compiling *compiling, const struct node *node,
                           const char *key, double *out)
{
    const struct node *number = rule_parameter(compiling, node_get(node, key));
    if (node_get(node, key) == NULL) {
        return true;
    }
    if (number == NULL) {
        return false;
    }
    if (number->kind == NODE_SCALAR && slice_to_number(number->text, out)) {
        return true;
    }
    DIAG(compiling->diag, CODE_principles_number, number->span, slice_of(key), number->text);
    return false;
}

static bool compile_flag(const struct compiling *compiling, const struct node *node,
                         const char *key, bool *out)
{
    const struct node *flag = rule_parameter(compiling, node_get(node, key));
    if (flag == NULL) {
        return node_get(node, key) == NULL;
    }
    if (flag->kind != NODE_SCALAR || flag->scalar != SCALAR_BOOLEAN) {
        DIAG(compiling->diag, CODE_record_expected_boolean, flag->span, slice_of(key), flag->text);
        return false;
    }
    *out = slice_equal(flag->text, SLICE("true"));
    return true;
}

/* A test inside one; absent is fine and gives NULL. */
static bool compile_inner(const struct compiling *compiling, const struct scope_type *scope,
                          const struct node *node, const char *key, struct rule_test **out)
{
    const struct node *inner = node_get(node, key);
    *out = inner != NULL ? rule_test_compile(compiling, scope, inner) : NULL;
    return inner == NULL || *out != NULL;
}

static bool compile_column(const struct compiling *compiling, const struct table *table,
                           const struct node *node, struct rule_test *test)
{
    const struct node *column = rule_parameter(compiling, node_get(node, "column"));
    if (column == NULL || column->kind != NODE_SCALAR) {
        malformed(compiling, node, test->kind);
        return false;
    }
    test->column = table_column_by_name(table, column->text);
    if (test->column >= 0 || compiling->site->package_is_broken) {
        return test->column >= 0;
    }
    struct slice *names = ARENA_ARRAY(compiling->arena, struct slice, table->column_count);
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        names[i] = table->columns[i].name;
    }
    DIAG(compiling->diag, CODE_principles_unknown_column, column->span, column->text, table->name,
         nearest_name(column->text, names, table->column_count));
    return false;
}

/* ---- One parser a kind ---- */

static bool compile_present(const struct compiling *compiling, const struct scope_type *scope,
                            const struct node *node, struct rule_test *test)
{
    test->language = -1;
    if (node->kind != NODE_MAPPING) {
        test->paths = compile_paths(compiling, scope, node, &test->path_count);
        return test->paths != NULL;
    }
    const struct node *language = rule_parameter(compiling, node_get(node, "language"));
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    if (language != NULL) {
        const struct site *site = compiling->site;
        for (int i = 0; i < site->language_count; i++) {
            if (slice_equal(site->languages[i].tag, language->text)) {
                test->language = i;
            }
        }
        /* A language that the site does not have is missing from every record. */
        test->language = test->language < 0 ? MODEL_LANGUAGES_MOST : test->language;
    }
    return true;
}

static bool compile_comparison(const struct compiling *compiling, const struct scope_type *scope,
                               const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    const char *key = test->kind == TEST_equal ? "to" : "from";
    const struct node *literal =
        node_get(node, test->kind == TEST_one_of || test->kind == TEST_has ? "in" : "is");
    if ((literal != NULL) == (node_get(node, key) != NULL)) {
        malformed(compiling, node, test->kind);
        return false;
    }
    if (literal != NULL) {
        return compile_literals(compiling, &test->paths[0], literal, test);
    }
    test->other = rule_path_compile(compiling, scope, node_get(node, key));
    return test->other != NULL && expect_comparable(compiling, &test->paths[0], test->other);
}

static bool compile_order(const struct compiling *compiling, const struct scope_type *scope,
                          const struct node *node, struct rule_test *test)
{
    double years = 0;
    if (!expect_keys(compiling, node, test->kind)) {
        return false;
    }
    test->paths = compile_part(compiling, scope, node, "first", test->kind);
    test->path_count = 1;
    test->other =
        test->paths != NULL ? compile_part(compiling, scope, node, "then", test->kind) : NULL;
    if (test->other == NULL || !compile_flag(compiling, node, "strict", &test->strict) ||
        !compile_number(compiling, node, "late", &test->late) ||
        !compile_number(compiling, node, "apart", &test->apart) ||
        !compile_number(compiling, node, "years", &years)) {
        return false;
    }
    test->years = (int)years;
    bool dates = test->paths[0].type == FIELD_TYPE_DATE && test->other->type == FIELD_TYPE_DATE;
    bool numbers =
        (test->paths[0].type == FIELD_TYPE_NUMBER || test->paths[0].type == FIELD_TYPE_INTEGER) &&
        (test->other->type == FIELD_TYPE_NUMBER || test->other->type == FIELD_TYPE_INTEGER);
    if (!dates && !numbers) {
        DIAG(compiling->diag, CODE_principles_not_ordered, node->span, test->paths[0].text,
             test->other->text);
        return false;
    }
    return true;
}

/* every, any, count: what stands in `where`, `test` and `distinct` stands in the entry. */
static bool compile_entries(const struct compiling *compiling, const struct scope_type *scope,
                            const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    struct scope_type entry = rule_path_entries(&test->paths[0], scope);
    for (int i = 0; i < test->path_count; i++) {
        struct scope_type other = rule_path_entries(&test->paths[i], scope);
        if (test->paths[i].column >= 0 || other.kind != entry.kind || other.shape != entry.shape) {
            DIAG(compiling->diag, CODE_principles_no_entries, test->paths[i].span,
                 test->paths[i].text);
            return false;
        }
    }
    if (!compile_inner(compiling, &entry, node, "where", &test->where)) {
        return false;
    }
    if (test->kind == TEST_count) {
        double least = 0;
        double most = -1;
        const struct node *distinct = node_get(node, "distinct");
        if (distinct != NULL) {
            test->keys = compile_paths(compiling, &entry, distinct, &test->key_count);
        }
        bool fine = compile_number(compiling, node, "min", &least) &&
                    compile_number(compiling, node, "max", &most);
        if (node_get(node, "min") == NULL && node_get(node, "max") == NULL) {
            malformed(compiling, node, test->kind);
            fine = false;
        }
        test->least = (int64_t)least;
        test->most = (int64_t)most;
        return fine && (distinct == NULL || test->keys != NULL);
    }
    struct rule_test *inner;
    if (!compile_inner(compiling, &entry, node, "test", &inner)) {
        return false;
    }
    if (inner == NULL && test->where == NULL) {
        malformed(compiling, node, test->kind);
        return false;
    }
    test->tests = ARENA_NEW(compiling->arena, struct rule_test *);
    test->tests[0] = inner;
    test->test_count = inner != NULL ? 1 : 0;
    return true;
}

static bool compile_subset(const struct compiling *compiling, const struct scope_type *scope,
                           const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    test->other = compile_part(compiling, scope, node, "in", test->kind);
    return test->other != NULL && expect_comparable(compiling, &test->paths[0], test->other);
}

static bool compile_same_set(const struct compiling *compiling, const struct scope_type *scope,
                             const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    struct scope_type entry = rule_path_entries(&test->paths[0], scope);
    test->other = compile_part(compiling, &entry, node, "value", test->kind);
    test->by = compile_part(compiling, &entry, node, "by", test->kind);
    test->whole = compile_part(compiling, scope, node, "for", test->kind);
    return test->other != NULL && test->by != NULL && test->whole != NULL;
}

static bool compile_lookup(const struct compiling *compiling, const struct scope_type *scope,
                           const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    test->codelist = test->paths[0].codelist;
    if (test->codelist == NULL || test->codelist->table == NULL) {
        DIAG(compiling->diag, CODE_principles_not_coded, test->paths[0].span, test->paths[0].text);
        return false;
    }
    if (!compile_column(compiling, test->codelist->table, node, test) ||
        !compile_flag(compiling, node, "says", &test->says)) {
        return false;
    }
    const struct node *literals = node_get(node, "in");
    const struct node *allows = node_get(node, "allows");
    if ((literals != NULL) + (allows != NULL) + (test->says ? 1 : 0) != 1) {
        malformed(compiling, node, test->kind);
        return false;
    }
    if (allows != NULL) {
        test->other = rule_path_compile(compiling, scope, allows);
        return test->other != NULL;
    }
    return literals == NULL || compile_literals(compiling, NULL, literals, test);
}

/* The parts of all cells of a column. */
static const struct map *index_of_column(struct arena *arena, const struct table *table, int column)
{
    struct map *map = ARENA_NEW(arena, struct map);
    char delimiter = table->columns[column].delimiter;
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct slice rest = table_cell(table, row, column);
        while (rest.data != NULL) {
            struct slice part = slice_trim(slice_cut(&rest, delimiter != '\0' ? delimiter : ';'));
            if (part.length > 0) {
                map_insert(map, arena, part, NULL);
            }
        }
    }
    return map;
}

static bool compile_exists(const struct compiling *compiling, const struct scope_type *scope,
                           const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    const struct node *in = rule_parameter(compiling, node_get(node, "in"));
    if (in == NULL || in->kind != NODE_SCALAR) {
        malformed(compiling, node, test->kind);
        return false;
    }
    const struct table *table = site_table(compiling->site, in->text);
    if (table == NULL) {
        if (!compiling->site->package_is_broken) {
            DIAG(compiling->diag, CODE_principles_unknown_table, in->span, in->text, SLICE(""));
        }
        return false;
    }
    if (!compile_column(compiling, table, node, test)) {
        return false;
    }
    test->index = index_of_column(compiling->arena, table, test->column);
    return true;
}

static bool compile_named(const struct compiling *compiling, const struct scope_type *scope,
                          const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind)) {
        return false;
    }
    test->other = compile_part(compiling, scope, node, "in", test->kind);
    if (test->other != NULL && test->other->type != FIELD_TYPE_REFERENCE) {
        malformed(compiling, node, test->kind);
        return false;
    }
    return test->other != NULL;
}

static bool compile_overlap(const struct compiling *compiling, const struct scope_type *scope,
                            const struct node *node, struct rule_test *test)
{
    if (!expect_keys(compiling, node, test->kind) || !compile_of(compiling, scope, node, test)) {
        return false;
    }
    struct scope_type entry = rule_path_entries(&test->paths[0], scope);
    test->keys = compile_paths(compiling, &entry, node_get(node, "same"), &test->key_count);
    if (test->keys == NULL || test->key_count > 2) {
        malformed(compiling, node, test->kind);
        return false;
    }
    test->other = compile_part(compiling, &entry, node, "differ", test->kind);
    return test->other != NULL;
}

static bool compile_list(const struct compiling *compiling, const struct scope_type *scope,
                         const struct node *node, struct rule_test *test)
{
    if (node->kind != NODE_SEQUENCE || node->count == 0) {
        malformed(compiling, node, test->kind);
        return false;
    }
    test->tests = ARENA_ARRAY(compiling->arena, struct rule_test *, node->count);
    bool fine = true;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        struct rule_test *inner = rule_test_compile(compiling, scope, child);
        test->tests[test->test_count++] = inner;
        fine = fine && inner != NULL;
    }
    return fine;
}

static bool compile_not(const struct compiling *compiling, const struct scope_type *scope,
                        const struct node *node, struct rule_test *test)
{
    test->tests = ARENA_NEW(compiling->arena, struct rule_test *);
    test->tests[0] = rule_test_compile(compiling, scope, node);
    test->test_count = 1;
    return test->tests[0] != NULL;
}

static bool compile_passes(const struct compiling *compiling, const struct node *node,
                           struct rule_test *test)
{
    if (node->kind != NODE_SCALAR || node->text.length == 0) {
        malformed(compiling, node, test->kind);
        return false;
    }
    test->rule_id = node->text;
    return true;
}

static bool compile_kind(const struct compiling *compiling, const struct scope_type *scope,
                         const struct node *node, struct rule_test *test)
{
    switch (test->kind) {
    case TEST_present:
        return compile_present(compiling, scope, node, test);
    case TEST_absent:
        test->paths = compile_paths(compiling, scope, node, &test->path_count);
        return test->paths != NULL;
    case TEST_one_of:
    case TEST_has:
    case TEST_equal:
    case TEST_differ:
        return compile_comparison(compiling, scope, node, test);
    case TEST_order:
        return compile_order(compiling, scope, node, test);
    case TEST_count:
    case TEST_every:
    case TEST_any:
        return compile_entries(compiling, scope, node, test);
    case TEST_subset:
        return compile_subset(compiling, scope, node, test);
    case TEST_same_set:
        return compile_same_set(compiling, scope, node, test);
    case TEST_lookup:
        return compile_lookup(compiling, scope, node, test);
    case TEST_exists:
        return compile_exists(compiling, scope, node, test);
    case TEST_named:
        return compile_named(compiling, scope, node, test);
    case TEST_overlap:
        return compile_overlap(compiling, scope, node, test);
    case TEST_passes:
        return compile_passes(compiling, node, test);
    case TEST_all:
    case TEST_either:
        return compile_list(compiling, scope, node, test);
    case TEST_not:
        return compile_not(compiling, scope, node, test);
    case TEST_if: /* has two keys of its own and never comes here */
    case TEST_COUNT:
        break;
    }
    BUG("a test of no kind");
}

/* {if: TEST, then: TEST} */
static struct rule_test *compile_if(const struct compiling *compiling,
                                    const struct scope_type *scope, const struct node *node,
                                    struct rule_test *test)
{
    test->kind = TEST_if;
    if (node->count != 2 || node_get(node, "if") == NULL || node_get(node, "then") == NULL) {
        DIAG(compiling->diag, CODE_principles_bad_test, node->span, SLICE("if"), SLICE("if then"));
        return NULL;
    }
    test->tests = ARENA_ARRAY(compiling->arena, struct rule_test *, 2);
    test->test_count = 2;
    test->tests[0] = rule_test_compile(compiling, scope, node_get(node, "if"));
    test->tests[1] = rule_test_compile(compiling, scope, node_get(node, "then"));
    return test->tests[0] != NULL && test->tests[1] != NULL ? test : NULL;
}

struct rule_test *rule_test_compile(const struct compiling *compiling,
                                    const struct scope_type *scope, const struct node *node)
{
    struct rule_test *test = ARENA_NEW(compiling->arena, struct rule_test);
    test->span = node->span;
    test->most = -1;
    test->column = -1;
    if (node_get(node, "if") != NULL || node_get(node, "then") != NULL) {
        return compile_if(compiling, scope, node, test);
    }
    if (node->kind != NODE_MAPPING || node->count != 1) {
        unknown_test(compiling, node);
        return NULL;
    }
    test->kind = kind_by_name(node->first->key);
    if (test->kind == TEST_COUNT) {
        unknown_test(compiling, node);
        return NULL;
    }
    return compile_kind(compiling, scope, node->first, test) ? test : NULL;
}
