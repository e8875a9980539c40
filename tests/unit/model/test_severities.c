#include "fictional_site.h"

/* What the program asks for against a second reading of the documents (tests/principles/): which
 * rule, how strongly, as evidence for which item. Both are read by people; where they differ, one
 * of them is wrong. */

enum { COLUMNS = 4, RULES_OF_RECORDS = 75, RULES_OF_POLICY = 6 };

static const char *const profile_ids[COLUMNS] = {"kawasaki-2016", "kawasaki-2008",
                                                 "higashikurume-2017", "kagoshima-2024"};

static const struct profile *profile_of(const struct fictional_site *made, const char *id)
{
    const struct profile *profile = rules_profile(made->site.rules, slice_of(id));
    assert_non_null(profile);
    return profile;
}

static const struct profile_rule *entry_of(const struct profile *profile, const struct rule *rule)
{
    for (int i = 0; i < profile->rule_count; i++) {
        if (profile->rules[i].rule == rule) {
            return &profile->rules[i];
        }
    }
    return NULL;
}

/* The text of a file beside the unit tests; comments and empty lines are left to the caller. */
static struct slice read_text(struct fictional_site *made, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct buffer text;
    buffer_init(&text);
    char part[4096];
    size_t length;
    while ((length = fread(part, 1, sizeof(part), file)) > 0) {
        buffer_append(&text, slice_make(part, (ptrdiff_t)length));
    }
    fclose(file);
    struct slice copy = arena_copy(&made->arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

static bool next_line(struct slice *rest, struct slice *line)
{
    while (rest->length > 0) {
        *line = slice_trim(slice_cut(rest, '\n'));
        if (line->length > 0 && line->data[0] != '#') {
            return true;
        }
    }
    return false;
}

static struct slice next_cell(struct slice *line, char end)
{
    return slice_trim(slice_cut(line, end));
}

static int64_t number_of(struct slice text)
{
    int64_t number;
    assert_true(slice_to_integer(text, &number));
    return number;
}

/* ---- Severities ---- */

/* "E", "-", "W, E if form commission subsidy", "W, E if origin new". */
static void expect_cell(const struct profile *profile, const struct rule *rule, struct slice cell)
{
    const struct profile_rule *entry = entry_of(profile, rule);
    if (cell.data[0] == '-') {
        assert_null(entry);
        return;
    }
    assert_non_null(entry);
    struct slice letter = severity_letter(entry->severity);
    if (letter.data[0] != cell.data[0]) {
        fail_msg("%.*s in %.*s is %c instead of %.*s", SLICE_ARGUMENTS(rule->id),
                 SLICE_ARGUMENTS(profile->id), letter.data[0], SLICE_ARGUMENTS(cell));
    }
    struct slice rest = cell;
    slice_cut(&rest, ',');
    if (rest.data == NULL) {
        assert_int_equal(entry->case_count, 0);
        return;
    }
    assert_int_equal(entry->case_count, 1);
    assert_int_equal(entry->cases[0].severity, RULE_ESSENTIAL);
    const struct rule_test *when = entry->cases[0].when;
    rest = slice_from(rest, 6); /* " E if " */
    struct slice field = slice_cut(&rest, ' ');
    assert_true(slice_equal(field, when->paths[0].text));
    int codes = 0;
    while (rest.data != NULL) {
        struct slice code = slice_cut(&rest, ' ');
        assert_true(codes < when->literal_count);
        assert_true(slice_equal(code, when->literals[codes++].text));
    }
    assert_int_equal(codes, when->literal_count);
}

/* The profile that joins the policy and the rule of 2008 asks for what either of them asks for, as
 * strongly. */
static void expect_combined(const struct fictional_site *made, const struct rule *rule)
{
    const struct profile *combined = profile_of(made, "kawasaki");
    for (int i = 0; i < combined->rule_count; i++) {
        const struct profile_rule *entry = &combined->rules[i];
        if (entry->rule == rule) {
            const struct profile_rule *origin = entry_of(entry->origin, rule);
            assert_non_null(origin);
            assert_int_equal(entry->severity, origin->severity);
        }
    }
    bool asked = entry_of(profile_of(made, "kawasaki-2016"), rule) != NULL ||
                 entry_of(profile_of(made, "kawasaki-2008"), rule) != NULL;
    assert_int_equal(asked, entry_of(combined, rule) != NULL);
}

static void test_severities_are_those_of_the_documents(void **state)
{
    (void)state;
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    const struct rules *rules = made->site.rules;
    assert_int_equal(rules->count, RULES_OF_RECORDS + RULES_OF_POLICY);
    struct slice text = read_text(made, "../../principles/severities.txt");
    struct slice line;
    int count = 0;
    while (next_line(&text, &line)) {
        struct slice id = next_cell(&line, '|');
        const struct rule *rule = rules_find(rules, id);
        assert_non_null(rule);
        assert_false(rule->is_policy);
        for (int k = 0; k < COLUMNS; k++) {
            expect_cell(profile_of(made, profile_ids[k]), rule, next_cell(&line, '|'));
        }
        static const char strengths[] = {
            [RULE_JUDGEMENT] = 'J', [RULE_SHOULD] = 'S', [RULE_MUST] = 'M'};
        struct slice strength = next_cell(&line, '|');
        if (strength.data[0] != strengths[rule->strength]) {
            fail_msg("%.*s has the strength %c", SLICE_ARGUMENTS(id), strengths[rule->strength]);
        }
        expect_combined(made, rule);
        count++;
    }
    assert_int_equal(count, RULES_OF_RECORDS);
    fictional_free(made);
}

/* Checks of the whole site are notes, and asked for by the cities whose documents speak of them. */
static void test_policy_rules(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *profiles;
    } rows[RULES_OF_POLICY] = {
        {"POL-01", "kagoshima-2024"},
        {"POL-02", "kawasaki-2016"},
        {"POL-03", "kawasaki-2016 kagoshima-2024"},
        {"POL-04", "kawasaki-2016 higashikurume-2017 kagoshima-2024"},
        {"POL-05", "kawasaki-2016"},
        {"POL-06", "higashikurume-2017 kagoshima-2024"},
    };
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    for (size_t i = 0; i < RULES_OF_POLICY; i++) {
        const struct rule *rule = rules_find(made->site.rules, slice_of(rows[i].rule));
        assert_non_null(rule);
        assert_true(rule->is_policy);
        for (int k = 0; k < COLUMNS; k++) {
            const struct profile_rule *entry = entry_of(profile_of(made, profile_ids[k]), rule);
            bool asks = strstr(rows[i].profiles, profile_ids[k]) != NULL;
            assert_int_equal(asks, entry != NULL);
            assert_true(entry == NULL || entry->severity == RULE_NOTE);
        }
    }
    fictional_free(made);
}

/* Among citizens only what is structural keeps its weight in Kawasaki. */
static void test_downgrade_of_work_among_citizens(void **state)
{
    (void)state;
    static const char *const kept[] = {"ACT-01", "PUR-01", "TIM-03", "HOR-02", "OPE-05", "OPE-06"};
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    const struct profile *profile = profile_of(made, "kawasaki-2016");
    assert_int_equal(profile->downgrade_count, 1);
    const struct profile_downgrade *downgrade = &profile->downgrades[0];
    assert_int_equal(downgrade->from, 1U << RULE_ESSENTIAL | 1U << RULE_EXPECTED);
    assert_int_equal(downgrade->to, RULE_NOTE);
    assert_int_equal(downgrade->except_count, 6);
    for (int i = 0; i < 6; i++) {
        bool found = false;
        for (int k = 0; k < 6; k++) {
            found = found || slice_equal(downgrade->except[i]->id, slice_of(kept[k]));
        }
        assert_true(found);
    }
    for (int k = 1; k < COLUMNS; k++) {
        assert_int_equal(profile_of(made, profile_ids[k])->downgrade_count, 0);
    }
    fictional_free(made);
}

/* ---- Evidence ---- */

/* The item, or one below it: `hk17.form.1` is part of `hk17.form`. */
static bool names_item(const struct profile_rule *entry, struct slice id)
{
    for (int i = 0; i < entry->item_count; i++) {
        struct slice item = entry->items[i];
        if (slice_equal(item, id) || (slice_starts_with(item, id) && item.data[id.length] == '.')) {
            return true;
        }
    }
    return false;
}

/* Whether a rule is evidence for the item at a place, in any of the profile's entries of it. Of
 * items on one line one is enough. `*items` counts those that stand there. */
static bool is_evidence(const struct profile *profile, const struct rule *rule, struct slice places,
                        struct slice place, const char *prefixes, int *items)
{
    struct slice rest = place;
    struct slice document = slice_cut(&rest, ':');
    int64_t at = number_of(slice_cut(&rest, '-'));
    struct slice line;
    bool found = false;
    *items = 0;
    while (next_line(&places, &line)) {
        struct slice where = next_cell(&line, ' ');
        int64_t first = number_of(next_cell(&line, ' '));
        int64_t last = number_of(next_cell(&line, ' '));
        struct slice prefix = line;
        prefix = slice_cut(&prefix, '.');
        if (!slice_equal(where, document) || at < first || at > last ||
            slice_find(slice_of(prefixes), prefix, 0) < 0) {
            continue;
        }
        ++*items;
        for (int i = 0; i < profile->rule_count; i++) {
            found =
                found || (profile->rules[i].rule == rule && names_item(&profile->rules[i], line));
        }
    }
    return found;
}

static void test_evidence_is_for_the_items_of_the_places(void **state)
{
    (void)state;
    static const struct {
        const char *profile, *prefixes;
    } columns[] = {{"kawasaki-2016", "kw16"},
                   {"kawasaki-2008", "kw08"},
                   {"higashikurume-2017", "hk17"},
                   {"kagoshima-2024", "kg24"},
                   {"kawasaki", "kw16 kw08 kw04"}};
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    struct slice text = read_text(made, "../../principles/severities.txt");
    struct slice places = read_text(made, "../../principles/places.txt");
    struct slice line;
    int seen = 0;
    int missing = 0;
    while (next_line(&text, &line)) {
        const struct rule *rule = rules_find(made->site.rules, next_cell(&line, '|'));
        for (int k = 0; k < COLUMNS + 1; k++) {
            next_cell(&line, '|');
        }
        line = slice_trim(line);
        while (line.length > 0) {
            struct slice place = next_cell(&line, ' ');
            for (size_t k = 0; k < sizeof(columns) / sizeof(columns[0]); k++) {
                const struct profile *profile = profile_of(made, columns[k].profile);
                int items;
                bool found = is_evidence(profile, rule, places, place, columns[k].prefixes, &items);
                if (entry_of(profile, rule) != NULL && items > 0 && !found) {
                    print_error("%.*s in %s is no evidence for the item at %.*s\n",
                                SLICE_ARGUMENTS(rule->id), columns[k].profile,
                                SLICE_ARGUMENTS(place));
                    missing++;
                }
                seen += found ? 1 : 0;
            }
        }
    }
    assert_int_equal(missing, 0);
    assert_true(seen > 140);
    fictional_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_severities_are_those_of_the_documents),
        cmocka_unit_test(test_policy_rules),
        cmocka_unit_test(test_downgrade_of_work_among_citizens),
        cmocka_unit_test(test_evidence_is_for_the_items_of_the_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
