#include "rule_test.h"

/* data/principles/profiles/<id>.yaml: which rules a framework asks for, how strongly, as evidence
 * for which of its items. */

#define PROFILE_RAW "includes downgrades rules"
#define ENTRY_KEYS "severity contradicted severity_when when test with evidence_for"

struct building {
    struct site *site;
    struct rules *rules;
    struct diag *diag;
    const struct node **nodes; /* one a profile */
    int *states;               /* 0 new, 1 being built, 2 built */
};

struct slice severity_letter(enum rule_severity severity)
{
    switch (severity) {
    case RULE_ESSENTIAL:
        return SLICE("E");
    case RULE_EXPECTED:
        return SLICE("W");
    case RULE_NOTE:
        return SLICE("I");
    case RULE_NONE:
        break;
    }
    return SLICE("-");
}

const struct profile *rules_profile(const struct rules *rules, struct slice id)
{
    for (int i = 0; rules != NULL && i < rules->profile_count; i++) {
        if (slice_equal(rules->profiles[i].id, id)) {
            return &rules->profiles[i];
        }
    }
    return NULL;
}

/* ---- Words and tests ---- */

/* E, W, I or off. */
static bool read_severity(const struct building *building, const struct node *node,
                          enum rule_severity *out)
{
    static const struct {
        struct slice word;
        enum rule_severity severity;
    } words[] = {{{"E", 1}, RULE_ESSENTIAL},
                 {{"W", 1}, RULE_EXPECTED},
                 {{"I", 1}, RULE_NOTE},
                 {{"off", 3}, RULE_NONE}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (node->kind == NODE_SCALAR && slice_equal(node->text, words[i].word)) {
            *out = words[i].severity;
            return true;
        }
    }
    DIAG(building->diag, CODE_principles_word, node->span,
         node->key.length > 0 ? node->key : SLICE("severity"), node->text, SLICE("E, W, I, off"));
    return false;
}

static struct rule_test *read_test(const struct building *building, const struct rule *rule,
                                   const struct node *entry, const struct node *test)
{
    if (test == NULL) {
        return NULL;
    }
    /* The rule's own parameters stand behind the profile's. */
    const struct node *own = rule != NULL ? rule->parameters : NULL;
    struct compiling compiling = {.site = building->site,
                                  .arena = &building->site->arena,
                                  .diag = building->diag,
                                  .with = node_get(entry, "with"),
                                  .parameters = own};
    bool is_policy = rule != NULL && rule->is_policy;
    struct scope_type scope = {.kind = is_policy ? SCOPE_SITE : SCOPE_RECORD, .shape = SHAPE_case};
    struct rule_test *compiled = rule_test_compile(&compiling, &scope, test);
    rule_test_link(compiled, building->rules, compiling.arena, building->diag);
    return compiled;
}

/* ---- Entries ---- */

static void unknown_item(const struct building *building, const struct node *node)
{
    const struct site *site = building->site;
    if (site->framework_count == 0) {
        DIAG_MISSING(building->diag, CODE_site_no_frameworks, SLICE("data/principles/frameworks"),
                     SLICE(""));
        return;
    }
    struct slice nearest = {0};
    for (ptrdiff_t i = 0; i < site->framework_count && nearest.length == 0; i++) {
        struct value_list items = record_list(site->frameworks[i].record, FIELD_framework_items);
        struct slice *names = ARENA_ARRAY(&building->site->arena, struct slice, items.count);
        for (ptrdiff_t k = 0; k < items.count; k++) {
            names[k] = record_text(items.items[k].as.group, FIELD_framework_item_id);
        }
        nearest = nearest_name(node->text, names, items.count);
    }
    DIAG(building->diag, CODE_principles_unknown_item, node->span, node->text, nearest);
}

/* Add what `evidence_for` names to the items of an entry. */
static void add_items(const struct building *building, const struct node *list,
                      struct profile_rule *entry)
{
    if (list == NULL) {
        return;
    }
    if (list->kind != NODE_SEQUENCE) {
        DIAG(building->diag, CODE_record_expected_list, list->span, list->key);
        return;
    }
    struct slice *items =
        ARENA_ARRAY(&building->site->arena, struct slice, entry->item_count + list->count);
    for (int i = 0; i < entry->item_count; i++) {
        items[i] = entry->items[i];
    }
    entry->items = items;
    for (const struct node *child = list->first; child != NULL; child = child->next) {
        if (site_framework_item(building->site, child->text, NULL) != NULL) {
            entry->items[entry->item_count++] = child->text;
        } else {
            unknown_item(building, child);
        }
    }
}

static void read_cases(const struct building *building, const struct rule *rule,
                       const struct node *entry, struct profile_rule *out)
{
    const struct node *list = node_get(entry, "severity_when");
    out->case_count = 0;
    if (list == NULL) {
        return;
    }
    if (list->kind != NODE_SEQUENCE) {
        DIAG(building->diag, CODE_record_expected_list, list->span, list->key);
        return;
    }
    out->cases = ARENA_ARRAY(&building->site->arena, struct severity_case, list->count);
    for (const struct node *child = list->first; child != NULL; child = child->next) {
        const struct node *when = node_get(child, "when");
        const struct node *severity = node_get(child, "severity");
        if (!rules_expect_keys(child, "when severity", building->diag) || when == NULL ||
            severity == NULL) {
            DIAG(building->diag, CODE_principles_bad_test, child->span, SLICE("severity_when"),
                 SLICE("when severity"));
            continue;
        }
        struct severity_case *one = &out->cases[out->case_count];
        one->when = read_test(building, rule, entry, when);
        if (one->when != NULL && read_severity(building, severity, &one->severity)) {
            out->case_count++;
        }
    }
}

/* Whether `$name` stands anywhere in what is written. */
static bool uses(const struct node *node, struct slice name)
{
    if (node == NULL) {
        return false;
    }
    if (node->kind == NODE_SCALAR) {
        return slice_starts_with(node->text, SLICE("$")) &&
               slice_equal(slice_from(node->text, 1), name);
    }
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (uses(child, name)) {
            return true;
        }
    }
    return false;
}

/* A value that nothing asks for is a slip: the rule would go on with its own. */
static void expect_used(const struct building *building, const struct rule *rule,
                        const struct node *entry)
{
    const struct node *with = node_get(entry, "with");
    for (const struct node *child = with != NULL ? with->first : NULL; child != NULL;
         child = child->next) {
        bool is_used = uses(rule->test_node, child->key) || uses(rule->when_node, child->key);
        static const char *const own[] = {"test", "when", "severity_when"};
        for (size_t i = 0; i < sizeof(own) / sizeof(own[0]) && !is_used; i++) {
            is_used = uses(node_get(entry, own[i]), child->key);
        }
        if (!is_used) {
            DIAG(building->diag, CODE_principles_unused_parameter, child->key_span, child->key,
                 rule->id);
        }
    }
}

/* Lay what the node says over an entry: what it leaves out stays as it is. */
static void overlay(const struct building *building, const struct rule *rule,
                    const struct node *node, struct profile_rule *entry)
{
    if (node->kind == NODE_SCALAR) {
        read_severity(building, node, &entry->severity);
        entry->case_count = 0;
        return;
    }
    if (!rules_expect_keys(node, ENTRY_KEYS, building->diag)) {
        return;
    }
    const struct node *severity = node_get(node, "severity");
    const struct node *contradicted = node_get(node, "contradicted");
    if (severity != NULL && read_severity(building, severity, &entry->severity)) {
        entry->contradicted = RULE_NONE;
        read_cases(building, rule, node, entry);
    }
    if (contradicted != NULL) {
        read_severity(building, contradicted, &entry->contradicted);
    }
    const struct node *test = node_get(node, "test");
    const struct node *when = node_get(node, "when");
    bool with = node_get(node, "with") != NULL;
    expect_used(building, rule, node);
    if (test == NULL && with) {
        test = rule->test_node;
    }
    if (when == NULL && with) {
        when = rule->when_node;
    }
    entry->is_retested = test != NULL || when != NULL;
    entry->test = test != NULL ? read_test(building, rule, node, test) : entry->test;
    entry->when = when != NULL ? read_test(building, rule, node, when) : entry->when;
    add_items(building, node_get(node, "evidence_for"), entry);
}

/* ---- Included profiles ---- */

static void build_profile(const struct building *building, int index);

static struct rule_test *both(struct arena *arena, struct rule_test *first,
                              struct rule_test *second)
{
    if (first == NULL || second == NULL) {
        return first != NULL ? first : second;
    }
    struct rule_test *test = ARENA_NEW(arena, struct rule_test);
    *test = (struct rule_test){.kind = TEST_all, .span = first->span, .test_count = 2};
    test->tests = ARENA_ARRAY(arena, struct rule_test *, 2);
    test->tests[0] = first;
    test->tests[1] = second;
    return test;
}

#define INCLUDES_MOST 16

/* Includes of includes become includes of this one, each under both conditions. */
static void include_profile(const struct building *building, struct profile *profile,
                            const struct profile *other, struct rule_test *when)
{
    struct arena *arena = &building->site->arena;
    int base = profile->include_count;
    if (base + 1 + other->include_count > INCLUDES_MOST) {
        return;
    }
    profile->includes[profile->include_count++] =
        (struct profile_include){.profile = other, .when = when};
    for (int i = 0; i < other->include_count; i++) {
        profile->includes[profile->include_count++] =
            (struct profile_include){.profile = other->includes[i].profile,
                                     .when = both(arena, when, other->includes[i].when)};
    }
    for (int i = 0; i < other->rule_count; i++) {
        struct profile_rule *entry = &profile->rules[profile->rule_count++];
        *entry = other->rules[i];
        entry->include = base + 1 + other->rules[i].include;
        entry->is_retested = false;
    }
}

static int profile_index(const struct building *building, struct slice id)
{
    const struct profile *profile = rules_profile(building->rules, id);
    return profile != NULL ? (int)(profile - building->rules->profiles) : -1;
}

static void read_includes(const struct building *building, struct profile *profile,
                          const struct node *list)
{
    for (const struct node *child = list->first; child != NULL; child = child->next) {
        const struct node *name = node_get(child, "profile");
        const struct node *when = node_get(child, "when");
        if (!rules_expect_keys(child, "profile when", building->diag) || name == NULL) {
            DIAG(building->diag, CODE_principles_bad_test, child->span, SLICE("includes"),
                 SLICE("profile when"));
            continue;
        }
        int index = profile_index(building, name->text);
        if (index >= 0 && building->states[index] == 0) {
            build_profile(building, index);
        }
        if (index < 0 || building->states[index] != 2) {
            struct slice *names =
                ARENA_ARRAY(&building->site->arena, struct slice, building->rules->profile_count);
            for (int i = 0; i < building->rules->profile_count; i++) {
                names[i] = building->rules->profiles[i].id;
            }
            DIAG(building->diag, CODE_principles_unknown_profile, name->span, name->text,
                 nearest_name(name->text, names, building->rules->profile_count));
            continue;
        }
        struct rule_test *test = read_test(building, NULL, child, when);
        if (when == NULL || test != NULL) {
            include_profile(building, profile, &building->rules->profiles[index], test);
        }
    }
}

/* ---- One profile ---- */

static void read_entry(const struct building *building, struct profile *profile,
                       const struct node *node)
{
    struct node id = {.kind = NODE_SCALAR, .text = node->key, .span = node->key_span};
    const struct rule *rule =
        rules_expect(building->rules, &id, &building->site->arena, building->diag);
    if (rule == NULL) {
        return;
    }
    bool found = false;
    for (int i = 0; i < profile->rule_count; i++) {
        if (profile->rules[i].rule == rule) {
            profile->rules[i].span = node->key_span;
            overlay(building, rule, node, &profile->rules[i]);
            found = true;
        }
    }
    if (!found) {
        struct profile_rule *entry = &profile->rules[profile->rule_count++];
        *entry = (struct profile_rule){.rule = rule,
                                       .origin = profile,
                                       .when = rule->when,
                                       .test = rule->test,
                                       .include = -1,
                                       .span = node->key_span};
        overlay(building, rule, node, entry);
    }
}

static void read_downgrade(const struct building *building, struct profile *profile,
                           const struct node *node)
{
    const struct node *from = node_get(node, "from");
    const struct node *to = node_get(node, "to");
    const struct node *when = node_get(node, "when");
    const struct node *except = node_get(node, "except");
    if (!rules_expect_keys(node, "when from to except", building->diag) || from == NULL ||
        to == NULL || when == NULL) {
        DIAG(building->diag, CODE_principles_bad_test, node->span, SLICE("downgrades"),
             SLICE("when from to except"));
        return;
    }
    struct profile_downgrade *downgrade = &profile->downgrades[profile->downgrade_count];
    *downgrade = (struct profile_downgrade){.when = read_test(building, NULL, node, when)};
    bool fine = downgrade->when != NULL && read_severity(building, to, &downgrade->to);
    for (const struct node *child = from->first; child != NULL; child = child->next) {
        enum rule_severity severity;
        if (read_severity(building, child, &severity)) {
            downgrade->from |= UINT32_C(1) << severity;
        }
    }
    downgrade->except = ARENA_ARRAY(&building->site->arena, const struct rule *,
                                    except != NULL ? except->count : 0);
    for (const struct node *child = except != NULL ? except->first : NULL; child != NULL;
         child = child->next) {
        const struct rule *rule =
            rules_expect(building->rules, child, &building->site->arena, building->diag);
        if (rule != NULL) {
            downgrade->except[downgrade->except_count++] = rule;
        }
    }
    profile->downgrade_count += fine ? 1 : 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct profile_rule *left = a;
    const struct profile_rule *right = b;
    return left->rule->index != right->rule->index ? left->rule->index - right->rule->index
                                                   : left->include - right->include;
}

/* Entries that are switched off go; the rest stands in the order of rules. */
static void settle_entries(struct profile *profile)
{
    int kept = 0;
    for (int i = 0; i < profile->rule_count; i++) {
        const struct profile_rule *entry = &profile->rules[i];
        if ((entry->severity != RULE_NONE || entry->case_count > 0) && entry->test != NULL) {
            profile->rules[kept++] = *entry;
        }
    }
    profile->rule_count = kept;
    if (kept > 1) {
        qsort(profile->rules, (size_t)kept, sizeof(*profile->rules), compare_entries);
    }
}

/* Where an item stands among the profile's, or -1. */
static int item_index(const struct profile *profile, struct slice id)
{
    for (int i = 0; i < profile->item_count; i++) {
        if (slice_equal(record_text(profile->items[i].item, FIELD_framework_item_id), id)) {
            return i;
        }
    }
    return -1;
}

static bool is_evidenced(const struct profile *profile, struct slice id)
{
    for (int i = 0; i < profile->rule_count; i++) {
        for (int k = 0; k < profile->rules[i].item_count; k++) {
            if (slice_equal(profile->rules[i].items[k], id)) {
                return true;
            }
        }
    }
    return false;
}

static void collect_items(struct site *site, struct profile *profile)
{
    ptrdiff_t most = 0;
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        most += record_list(site->frameworks[i].record, FIELD_framework_items).count;
    }
    profile->items = ARENA_ARRAY(&site->arena, struct profile_item, most);
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        struct value_list items = record_list(site->frameworks[i].record, FIELD_framework_items);
        for (ptrdiff_t k = 0; k < items.count; k++) {
            const struct record *item = items.items[k].as.group;
            if (is_evidenced(profile, record_text(item, FIELD_framework_item_id))) {
                profile->items[profile->item_count++] =
                    (struct profile_item){.framework = &site->frameworks[i], .item = item};
            }
        }
    }
    for (int i = 0; i < profile->rule_count; i++) {
        struct profile_rule *entry = &profile->rules[i];
        entry->item_indexes = ARENA_ARRAY(&site->arena, int, entry->item_count);
        for (int k = 0; k < entry->item_count; k++) {
            entry->item_indexes[k] = item_index(profile, entry->items[k]);
        }
    }
}

static int count_entries(const struct building *building, const struct node *node)
{
    int count = 0;
    for (int i = 0; i < building->rules->profile_count; i++) {
        count += building->rules->profiles[i].rule_count;
    }
    const struct node *rules = node_get(node, "rules");
    /* An include may be named more than once, each time with other conditions. */
    return count * INCLUDES_MOST + (rules != NULL ? (int)rules->count : 0);
}

static void build_profile(const struct building *building, int index)
{
    struct arena *arena = &building->site->arena;
    struct profile *profile = &building->rules->profiles[index];
    const struct node *node = building->nodes[index];
    const struct node *includes = node_get(node, "includes");
    const struct node *rules = node_get(node, "rules");
    const struct node *downgrades = node_get(node, "downgrades");
    building->states[index] = 1;
    profile->includes = ARENA_ARRAY(arena, struct profile_include, INCLUDES_MOST);
    if (includes != NULL) {
        /* Those that it includes must be there before there is room for their entries. */
        for (const struct node *child = includes->first; child != NULL; child = child->next) {
            const struct node *name = node_get(child, "profile");
            int other = name != NULL ? profile_index(building, name->text) : -1;
            if (other >= 0 && building->states[other] == 0) {
                build_profile(building, other);
            }
        }
    }
    profile->rules = ARENA_ARRAY(arena, struct profile_rule, count_entries(building, node));
    if (includes != NULL) {
        read_includes(building, profile, includes);
    }
    if (rules != NULL && rules->kind != NODE_MAPPING) {
        DIAG(building->diag, CODE_record_expected_group, rules->span, rules->key, SLICE("…"));
    } else {
        for (const struct node *child = rules != NULL ? rules->first : NULL; child != NULL;
             child = child->next) {
            read_entry(building, profile, child);
        }
    }
    settle_entries(profile);
    profile->downgrades =
        ARENA_ARRAY(arena, struct profile_downgrade, downgrades != NULL ? downgrades->count : 0);
    for (const struct node *child = downgrades != NULL ? downgrades->first : NULL; child != NULL;
         child = child->next) {
        read_downgrade(building, profile, child);
    }
    collect_items(building->site, profile);
    building->states[index] = 2;
}

/* ---- All of them ---- */

static void read_frameworks(const struct building *building, struct profile *profile)
{
    const struct site *site = building->site;
    struct value_list list = record_list(profile->record, FIELD_profile_frameworks);
    profile->frameworks = ARENA_ARRAY(&building->site->arena, const struct framework *, list.count);
    for (ptrdiff_t i = 0; i < list.count; i++) {
        /* An unknown one is reported when references are resolved. */
        const struct framework *framework =
            site_framework(site, value_reference(&list.items[i])->id);
        if (framework != NULL) {
            profile->frameworks[profile->framework_count++] = framework;
        }
    }
}

static bool read_profile(const struct building *building, struct slice path)
{
    struct site *site = building->site;
    struct rules *rules = building->rules;
    struct source *source =
        site_read_source(site, site->tree, path, LOAD_LIMIT_TEXT, building->diag);
    if (source == NULL) {
        return false;
    }
    const struct node *node =
        yaml_parse(source, 0, source_text(source).length, &site->arena, building->diag);
    source_drop(source);
    if (node == NULL || node->kind != NODE_MAPPING) {
        return false;
    }
    struct reading reading = {
        .site = site, .arena = &site->arena, .diag = building->diag, .words_are_maps = true};
    struct record *record =
        reading_record(&reading, SHAPE_profile, rules_without(&site->arena, node, PROFILE_RAW));
    rules_keep_record(rules, &site->arena, record);
    struct profile *profile = &rules->profiles[rules->profile_count];
    *profile = (struct profile){
        .id = record_text(record, FIELD_profile_id), .record = record, .source = source};
    struct slice name = slice_from(path, slice_find_last_byte(path, '/') + 1);
    if (!slice_equal(ARENA_JOIN(&site->arena, profile->id, SLICE(".yaml")), name)) {
        DIAG(building->diag, CODE_principles_profile_id, span_of_file(source), profile->id, name);
        return false;
    }
    read_frameworks(building, profile);
    building->nodes[rules->profile_count++] = node;
    return true;
}

void profiles_build(struct site *site, struct rules *rules, struct diag *diag)
{
    ptrdiff_t first;
    ptrdiff_t end;
    /* The tree is sorted by path, so profiles come out sorted by id. */
    tree_range(site->tree, SLICE("data/principles/profiles/"), &first, &end);
    struct building building = {.site = site, .rules = rules, .diag = diag};
    rules->profiles = ARENA_ARRAY(&site->arena, struct profile, end - first);
    building.nodes = ARENA_ARRAY(&site->arena, const struct node *, end - first);
    building.states = ARENA_ARRAY(&site->arena, int, end - first);
    for (ptrdiff_t i = first; i < end; i++) {
        if (slice_ends_with(site->tree->files[i].path, SLICE(".yaml"))) {
            read_profile(&building, site->tree->files[i].path);
        }
    }
    for (int i = 0; i < rules->profile_count; i++) {
        if (building.states[i] == 0) {
            build_profile(&building, i);
        }
    }
}

/* ---- Which profiles check a record ---- */

static bool names_all(const struct profile *profile, struct value_list frameworks)
{
    for (int i = 0; i < profile->framework_count; i++) {
        bool named = false;
        for (ptrdiff_t k = 0; k < frameworks.count; k++) {
            named = named || slice_equal(value_reference(&frameworks.items[k])->id,
                                         profile->frameworks[i]->id);
        }
        if (!named) {
            return false;
        }
    }
    return profile->framework_count > 0;
}

bool profile_comprises(const struct profile *large, const struct profile *small)
{
    for (int i = 0; i < large->include_count; i++) {
        if (large->includes[i].profile == small) {
            return true;
        }
    }
    for (int i = 0; i < small->framework_count; i++) {
        bool found = false;
        for (int k = 0; k < large->framework_count; k++) {
            found = found || large->frameworks[k] == small->frameworks[i];
        }
        if (!found) {
            return false;
        }
    }
    return large->framework_count > small->framework_count;
}

int rules_profiles_for(const struct rules *rules, struct value_list frameworks,
                       const struct profile **out, int most)
{
    int count = 0;
    for (int i = 0; rules != NULL && i < rules->profile_count && count < most; i++) {
        const struct profile *profile = &rules->profiles[i];
        bool wanted = names_all(profile, frameworks);
        for (int k = 0; k < rules->profile_count && wanted; k++) {
            wanted = !profile_comprises(&rules->profiles[k], profile) ||
                     !names_all(&rules->profiles[k], frameworks);
        }
        if (wanted) {
            out[count++] = profile;
        }
    }
    return count;
}

enum rule_severity profile_severity(const struct profile *profile, const struct rule *rule)
{
    enum rule_severity severity = RULE_NONE;
    for (int i = 0; i < profile->rule_count; i++) {
        if (profile->rules[i].rule == rule && profile->rules[i].severity > severity) {
            severity = profile->rules[i].severity;
        }
    }
    return severity;
}
