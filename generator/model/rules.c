#include "rule_test.h"

/* data/principles/rules.yaml and data/principles/rules/: the rules themselves. */

#define RAW_KEYS "when test parameters badge_when"

/* ---- Shared with profiles.c ---- */

static bool is_among(const char *words, struct slice word)
{
    struct slice rest = slice_of(words);
    while (rest.data != NULL) {
        if (slice_equal(slice_cut(&rest, ' '), word)) {
            return true;
        }
    }
    return false;
}

bool rules_expect_keys(const struct node *node, const char *keys, struct diag *diag)
{
    if (node == NULL || node->kind != NODE_MAPPING) {
        if (node != NULL) {
            DIAG(diag, CODE_record_expected_group, node->span, node->key, slice_of(keys));
        }
        return false;
    }
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (!is_among(keys, child->key)) {
            DIAG(diag, CODE_principles_unknown_key, child->key_span, child->key, slice_of(keys));
        }
    }
    return true;
}

const struct node *rules_without(struct arena *arena, const struct node *node, const char *keys)
{
    struct node *copy = ARENA_NEW(arena, struct node);
    *copy = *node;
    copy->first = NULL;
    copy->count = 0;
    struct node **end = &copy->first;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (!is_among(keys, child->key)) {
            struct node *kept = ARENA_NEW(arena, struct node);
            *kept = *child;
            kept->next = NULL;
            *end = kept;
            end = &kept->next;
            copy->count++;
        }
    }
    return copy;
}

void rules_keep_record(struct rules *rules, struct arena *arena, struct record *record)
{
    /* Doubles at powers of two; the old array stays in the arena. */
    if ((rules->record_count & (rules->record_count - 1)) == 0) {
        int capacity = rules->record_count > 0 ? rules->record_count * 2 : 1;
        struct record **grown = ARENA_ARRAY(arena, struct record *, capacity);
        for (int i = 0; i < rules->record_count; i++) {
            grown[i] = rules->records[i];
        }
        rules->records = grown;
    }
    rules->records[rules->record_count++] = record;
}

const struct rule *rules_expect(const struct rules *rules, const struct node *node,
                                struct arena *arena, struct diag *diag)
{
    struct slice id = node->kind == NODE_SCALAR ? node->text : (struct slice){0};
    const struct rule *rule = rules_find(rules, id);
    bool may_be_lost = diag_errors_of_file(diag, SLICE("data/principles/rules.yaml")) > 0;
    if (rule == NULL && !may_be_lost) {
        struct slice *names = ARENA_ARRAY(arena, struct slice, rules->count);
        for (int i = 0; i < rules->count; i++) {
            names[i] = rules->rules[i].id;
        }
        DIAG(diag, CODE_principles_unknown_rule, node->span, id,
             nearest_name(id, names, rules->count));
    }
    return rule;
}

void rule_test_link(struct rule_test *test, const struct rules *rules, struct arena *arena,
                    struct diag *diag)
{
    if (test == NULL) {
        return;
    }
    if (test->kind == TEST_passes && test->rule == NULL) {
        struct node node = {.kind = NODE_SCALAR, .text = test->rule_id, .span = test->span};
        test->rule = rules_expect(rules, &node, arena, diag);
    }
    rule_test_link(test->where, rules, arena, diag);
    for (int i = 0; i < test->test_count; i++) {
        rule_test_link(test->tests[i], rules, arena, diag);
    }
}

const struct rule *rules_find(const struct rules *rules, struct slice id)
{
    return rules != NULL ? map_get(&rules->by_id, id) : NULL;
}

/* ---- One rule ---- */

struct building {
    struct site *site;
    struct rules *rules;
    struct diag *diag;
    const struct node **nodes; /* one a rule */
};

static bool read_strength(struct slice word, enum rule_strength *out)
{
    static const char letters[] = {[RULE_JUDGEMENT] = 'J', [RULE_SHOULD] = 'S', [RULE_MUST] = 'M'};
    for (int i = 0; i < (int)sizeof(letters) && word.length == 1; i++) {
        if (word.data[0] == letters[i]) {
            *out = (enum rule_strength)i;
            return true;
        }
    }
    return false;
}

static void read_kinds(const struct building *building, struct rule *rule)
{
    const struct codelist *kinds = site_codelist(building->site, SLICE("case-kinds"));
    struct value_list list = record_list(rule->record, FIELD_rule_applies_to);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        struct slice name = list.items[i].as.text;
        const struct code_entry *kind = kinds != NULL ? codelist_find(kinds, name) : NULL;
        if (kind != NULL && kind->order < 32) {
            rule->kinds |= UINT32_C(1) << kind->order;
            continue;
        }
        if (slice_equal(name, SLICE("site"))) {
            rule->is_policy = true;
            continue;
        }
        struct slice *names =
            ARENA_ARRAY(&building->site->arena, struct slice, kinds != NULL ? kinds->count : 0);
        for (ptrdiff_t k = 0; kinds != NULL && k < kinds->count; k++) {
            names[k] = kinds->codes[k].code;
        }
        DIAG(building->diag, CODE_principles_unknown_kind, list.items[i].span, name,
             nearest_name(name, names, kinds != NULL ? kinds->count : 0));
    }
}

static bool read_rule(const struct building *building, const struct node *node,
                      struct source *source)
{
    struct rules *rules = building->rules;
    struct arena *arena = &building->site->arena;
    if (node->kind != NODE_MAPPING) {
        DIAG(building->diag, CODE_record_expected_group, node->span, SLICE("rules"), SLICE("id"));
        return false;
    }
    struct reading reading = {
        .site = building->site, .arena = arena, .diag = building->diag, .words_are_maps = true};
    struct record *record =
        reading_record(&reading, SHAPE_rule, rules_without(arena, node, RAW_KEYS));
    rules_keep_record(rules, arena, record);
    struct rule *rule = &rules->rules[rules->count];
    *rule = (struct rule){.id = record_text(record, FIELD_rule_id),
                          .record = record,
                          .source = source,
                          .index = rules->count};
    bool is_new;
    struct map_entry *entry = map_insert(&rules->by_id, arena, rule->id, &is_new);
    if (rule->id.length > 0 && !is_new) {
        DIAG(building->diag, CODE_principles_rule_twice, record_get(record, FIELD_rule_id)->span,
             rule->id);
    }
    if (rule->id.length == 0 || !is_new) {
        return false;
    }
    const struct value *strength = record_get(record, FIELD_rule_strength);
    if (strength != NULL && !read_strength(strength->as.text, &rule->strength)) {
        DIAG(building->diag, CODE_principles_word, strength->span, SLICE("strength"),
             strength->as.text, SLICE("M, S, J"));
    }
    read_kinds(building, rule);
    entry->value.pointer = rule;
    building->nodes[rules->count++] = node;
    return true;
}

static void read_looks_at(const struct building *building, struct rule *rule)
{
    struct value_list list = record_list(rule->record, FIELD_rule_looks_at);
    rule->fields = ARENA_ARRAY(&building->site->arena, enum field_id, list.count);
    for (ptrdiff_t i = 0; i < list.count && !rule->is_policy; i++) {
        struct slice rest = list.items[i].as.text;
        struct slice key = slice_cut(&rest, '.');
        enum field_id field = shape_field_by_key(SHAPE_case, key);
        if (field == FIELD_COUNT) {
            DIAG(building->diag, CODE_principles_unknown_field, list.items[i].span, key,
                 reading_nearest_keys(&building->site->arena, SHAPE_case, key));
            continue;
        }
        rule->fields[rule->field_count++] = field;
    }
}

static void read_required(const struct building *building, struct rule *rule)
{
    struct value_list list = record_list(rule->record, FIELD_rule_requires);
    rule->required = ARENA_ARRAY(&building->site->arena, const struct rule *, list.count);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        struct node node = {
            .kind = NODE_SCALAR, .text = list.items[i].as.text, .span = list.items[i].span};
        const struct rule *other =
            rules_expect(building->rules, &node, &building->site->arena, building->diag);
        if (other != NULL) {
            rule->required[rule->required_count++] = other;
        }
    }
}

static void compile_rule(const struct building *building, struct rule *rule,
                         const struct node *node)
{
    struct compiling compiling = {.site = building->site,
                                  .arena = &building->site->arena,
                                  .diag = building->diag,
                                  .parameters = node_get(node, "parameters")};
    struct scope_type scope = {.kind = rule->is_policy ? SCOPE_SITE : SCOPE_RECORD,
                               .shape = SHAPE_case};
    const struct node *test = node_get(node, "test");
    const struct node *when = node_get(node, "when");
    const struct node *badge = node_get(node, "badge_when");
    rule->test_node = test;
    rule->when_node = when;
    rule->parameters = compiling.parameters;
    if (test == NULL) {
        DIAG(building->diag, CODE_record_required, node->span, SLICE("test"), SLICE("調べ方"),
             SLICE("Test"));
    } else {
        rule->test = rule_test_compile(&compiling, &scope, test);
    }
    rule->when = when != NULL ? rule_test_compile(&compiling, &scope, when) : NULL;
    if (when != NULL && rule->when == NULL) {
        rule->test = NULL; /* without its condition it would fire where it should not */
    }
    rule->badge = badge != NULL ? rule_test_compile(&compiling, &scope, badge) : NULL;
    rule_test_link(rule->test, building->rules, compiling.arena, building->diag);
    rule_test_link(rule->when, building->rules, compiling.arena, building->diag);
    rule_test_link(rule->badge, building->rules, compiling.arena, building->diag);
}

/* ---- Circles ---- */

enum mark { MARK_NEW, MARK_OPEN, MARK_DONE };

static bool leads_back(const struct rule *rule, enum mark *marks);

static bool test_leads_back(const struct rule_test *test, enum mark *marks)
{
    if (test == NULL) {
        return false;
    }
    if (test->kind == TEST_passes && test->rule != NULL && leads_back(test->rule, marks)) {
        return true;
    }
    bool back = test_leads_back(test->where, marks);
    for (int i = 0; i < test->test_count && !back; i++) {
        back = test_leads_back(test->tests[i], marks);
    }
    return back;
}

static bool leads_back(const struct rule *rule, enum mark *marks)
{
    if (marks[rule->index] != MARK_NEW) {
        return marks[rule->index] == MARK_OPEN;
    }
    marks[rule->index] = MARK_OPEN;
    bool back = test_leads_back(rule->test, marks) || test_leads_back(rule->when, marks);
    for (int i = 0; i < rule->required_count && !back; i++) {
        back = leads_back(rule->required[i], marks);
    }
    marks[rule->index] = MARK_DONE;
    return back;
}

/* A rule in a circle is cut out of it, so that running it ends. */
static void refuse_circles(const struct building *building)
{
    struct rules *rules = building->rules;
    enum mark *marks = ARENA_ARRAY(&building->site->arena, enum mark, rules->count);
    for (int i = 0; i < rules->count; i++) {
        struct rule *rule = &rules->rules[i];
        for (int k = 0; k < rules->count; k++) {
            marks[k] = MARK_NEW;
        }
        if (leads_back(rule, marks)) {
            DIAG(building->diag, CODE_principles_circle, building->nodes[i]->span, rule->id);
            rule->test = NULL;
            rule->when = NULL;
            rule->required_count = 0;
        }
    }
}

struct slice rule_source_title(const struct record *source, int language, int *actual,
                               struct arena *arena)
{
    const struct reference_value *document =
        value_reference(record_get(source, FIELD_rule_source_source));
    if (document->target == TARGET_ROW) {
        return table_row_title(document->table, document->row, language, actual, arena);
    }
    const struct reference_value *framework =
        value_reference(record_get(source, FIELD_rule_source_framework));
    return record_word(framework->record, FIELD_framework_title, language, actual);
}

/* ---- All of them ---- */

struct rule_file {
    struct source *source;
    const struct node *node;
};

static struct rule_file read_file(struct site *site, struct slice path, struct diag *diag)
{
    struct rule_file file = {0};
    file.source = site_read_source(site, site->tree, path, LOAD_LIMIT_TEXT, diag);
    if (file.source != NULL) {
        const struct node *node =
            yaml_parse(file.source, 0, source_text(file.source).length, &site->arena, diag);
        file.node = rules_expect_keys(node, "rules gaps_for", diag) ? node : NULL;
        source_drop(file.source);
    }
    return file;
}

static void read_gap_kinds(const struct building *building, const struct node *node)
{
    const struct codelist *kinds = site_codelist(building->site, SLICE("case-kinds"));
    const struct node *list = node_get(node, "gaps_for");
    for (const struct node *child = list != NULL ? list->first : NULL; child != NULL;
         child = child->next) {
        const struct code_entry *kind = kinds != NULL ? codelist_find(kinds, child->text) : NULL;
        if (kind == NULL || kind->order >= 32) {
            DIAG(building->diag, CODE_principles_unknown_kind, child->span, child->text, SLICE(""));
            continue;
        }
        building->rules->gap_kinds |= UINT32_C(1) << kind->order;
    }
}

static void read_rules(struct building *building, struct rule_file *files, int count)
{
    struct arena *arena = &building->site->arena;
    ptrdiff_t most = 0;
    for (int i = 0; i < count; i++) {
        const struct node *list = node_get(files[i].node, "rules");
        most += list != NULL ? list->count : 0;
    }
    building->rules->rules = ARENA_ARRAY(arena, struct rule, most + 1);
    building->nodes = ARENA_ARRAY(arena, const struct node *, most + 1);
    for (int i = 0; i < count; i++) {
        const struct node *list = node_get(files[i].node, "rules");
        if (list != NULL && list->kind != NODE_SEQUENCE) {
            DIAG(building->diag, CODE_record_expected_list, list->span, SLICE("rules"));
            continue;
        }
        for (const struct node *child = list != NULL ? list->first : NULL; child != NULL;
             child = child->next) {
            read_rule(building, child, files[i].source);
        }
        read_gap_kinds(building, files[i].node);
    }
}

static void find_actor_columns(struct site *site, struct rules *rules)
{
    int first;
    int end;
    shape_fields(SHAPE_actor, &first, &end);
    rules->actors = site_table(site, SLICE("actors"));
    for (int i = 0; i < FIELD_COUNT; i++) {
        rules->actor_columns[i] = -1;
    }
    for (int i = first; i < end && rules->actors != NULL; i++) {
        if (i != FIELD_actor_id && i != FIELD_actor_actor) {
            rules->actor_columns[i] =
                table_column_by_name(rules->actors, field_info((enum field_id)i)->key);
        }
    }
}

/* Profiles are lists of rules. */
static bool needs_rules(const struct site *site)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, SLICE("data/principles/profiles/"), &first, &end);
    return end > first;
}

void rules_build(struct site *site, struct diag *diag)
{
    struct rules *rules = ARENA_NEW(&site->arena, struct rules);
    struct building building = {.site = site, .rules = rules, .diag = diag};
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, SLICE("data/principles/rules"), &first, &end);
    struct rule_file *files = ARENA_ARRAY(&site->arena, struct rule_file, end - first + 1);
    int count = 0;
    for (ptrdiff_t i = first; i < end; i++) {
        struct slice path = site->tree->files[i].path;
        bool is_rules = slice_equal(path, SLICE("data/principles/rules.yaml")) ||
                        (slice_starts_with(path, SLICE("data/principles/rules/")) &&
                         slice_ends_with(path, SLICE(".yaml")));
        if (is_rules) {
            files[count++] = read_file(site, path, diag);
        }
    }
    struct slice path = SLICE("data/principles/rules.yaml");
    if (count == 0 && needs_rules(site) && diag_errors_of_file(diag, path) == 0) {
        DIAG_MISSING(diag, CODE_principles_no_rules, path, path);
    }
    site->rules = rules;
    rules->today = (struct value){.field = FIELD_site_as_of, .as.date = site->reference_date};
    find_actor_columns(site, rules);
    read_rules(&building, files, count);
    for (int i = 0; i < rules->count; i++) {
        read_looks_at(&building, &rules->rules[i]);
        read_required(&building, &rules->rules[i]);
        compile_rule(&building, &rules->rules[i], building.nodes[i]);
    }
    refuse_circles(&building);
    profiles_build(site, rules, diag);
    crosswalk_build(site, rules, diag);
    rules_check(site, &site->arena, diag);
}
