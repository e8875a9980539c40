/* The city's principles: what each test of the vocabulary says, severities, evidence. */
#include "fictional_site.h"

/* ---- The vocabulary ---- */

/* A record with values of every state, beside the full one. */
static const char odd_case[] =
    "---\n"
    "title: 【架空の例】ふぞろい\n"
    "summary: 架空の例です。\n"
    "kind: case\n"
    "fictional: true\n"
    "frameworks: [kagoshima-2024]\n"
    "city: \"462012\"\n"
    "issue: not_stated\n"
    "purpose: not_stated\n"
    "start: FY2023\n"
    "end: 2024-02\n"
    "review_dates: [2023-05-01, 2024]\n"
    "result_owner: {not_applicable: 成果が生まれないため}\n"
    "agreement: {not_applicable: 口約束のため}\n"
    "labour_cost_included: false\n"
    "form: [commission, cohost]\n"
    "project_responsibility: partner\n"
    "actors:\n"
    "  - {id: city, actor: kawasaki-city, mission: not_stated}\n"
    "  - {id: twin, actor: kawasaki-city, role: 手伝う}\n"
    "  - {id: shop, name: 架空商店, type: company, role: 場所を貸す}\n"
    "outputs:\n"
    "  - {id: few, name: 少ない, target: 10, actual: 7, as_of: 2024-01, source: fictional-report}\n"
    "evaluations:\n"
    "  - id: one\n"
    "    date: 2024-03-01\n"
    "    items:\n"
    "      - {id: a1, item: a, actor: city, score: 5}\n"
    "      - {id: a2, item: a, actor: twin, score: 1}\n"
    "      - {id: a3, item: a, actor: shop, score: 3}\n"
    "      - {id: b1, item: b, actor: city, score: 3}\n"
    "sources:\n"
    "  - {id: s, source: fictional-report}\n"
    "unknown: [issue]\n"
    "updated: 2025-06-01\n"
    "---\n";

struct said {
    const char *test;
    enum evidence_state full; /* of the full case */
    enum evidence_state odd;
};

#define VOID EVIDENCE_VOID
#define NONE EVIDENCE_NOT_APPLICABLE
#define GIVEN EVIDENCE_STATED
#define MISSING EVIDENCE_NOT_STATED
#define WRONG EVIDENCE_CONTRADICTED

static const struct said table[] = {
    {"present: issue", GIVEN, MISSING},
    {"present: purpose.text", GIVEN, MISSING},
    {"present: result_owner", GIVEN, NONE},
    {"present: agreement.kind", GIVEN, NONE},
    {"present: exit.type", GIVEN, MISSING},
    {"present: [start, issue]", GIVEN, MISSING},
    {"present: [start, result_owner]", GIVEN, GIVEN},
    {"present: {of: summary, language: ja}", GIVEN, GIVEN},
    {"present: {of: summary, language: en}", GIVEN, MISSING},
    {"present: {of: summary, language: fr}", MISSING, MISSING},
    {"present: proposer.name", GIVEN, MISSING},
    {"absent: initiative_note", WRONG, GIVEN},
    {"absent: [agreement, issue]", WRONG, GIVEN},
    {"one_of: {of: status, in: [completed, running]}", GIVEN, MISSING},
    {"one_of: {of: form, in: [commission]}", WRONG, WRONG},
    {"one_of: {of: form, in: [commission, cohost, subsidy]}", GIVEN, GIVEN},
    {"has: {of: form, in: [commission]}", WRONG, GIVEN},
    {"has: {of: actors.type, in: [government]}", GIVEN, GIVEN},
    {"equal: {of: labour_cost_included, is: true}", GIVEN, WRONG},
    {"equal: {of: proposer, to: actors.id}", WRONG, MISSING},
    {"equal: {of: fiscal_year, to: start}", WRONG, MISSING},
    {"differ: {of: issue, from: purpose.text}", GIVEN, MISSING},
    {"differ: {of: start, from: start}", WRONG, WRONG},
    {"differ: {of: result_owner, is: joint}", GIVEN, NONE},
    {"order: {first: start, then: end}", GIVEN, GIVEN},
    {"order: {first: end, then: start}", WRONG, GIVEN}, /* a fiscal year may end after a month */
    {"order: {first: start, then: start, strict: true}", WRONG, GIVEN},
    {"order: {first: end, then: today}", GIVEN, GIVEN},
    {"order: {first: today, then: end, late: 400}", GIVEN, WRONG},
    {"order: {first: start, then: end, apart: 700}", GIVEN, WRONG},
    {"order: {first: start, then: today, years: 2}", GIVEN, GIVEN},
    {"order: {first: start, then: today, years: 5}", WRONG, WRONG},
    {"order: {first: agreement.date, then: start}", GIVEN, NONE},
    {"order: {first: outputs.target, then: outputs.actual}", GIVEN, WRONG},
    {"order: {first: outputs.actual, then: outputs.target}", GIVEN, GIVEN},
    {"count: {of: actors, min: 3}", GIVEN, GIVEN},
    {"count: {of: actors, distinct: [actor, id], min: 3}", GIVEN, MISSING},
    {"count: {of: actors, where: {one_of: {of: type, in: [government]}}, max: 1}", GIVEN, WRONG},
    {"count: {of: dialogues, min: 1}", GIVEN, MISSING},
    {"count: {of: agreement, min: 1}", GIVEN, NONE},
    {"count: {of: form, min: 2}", MISSING, GIVEN},
    {"every: {of: actors, test: {present: role}}", GIVEN, MISSING},
    {"every: {of: actors, test: {present: type}}", GIVEN, GIVEN}, /* from the register */
    {"every: {of: dialogues, test: {present: topic}}", GIVEN, VOID},
    {"every: {of: actors, where: {one_of: {of: id, in: [nobody]}}, test: {present: role}}", VOID,
     VOID},
    {"every: {of: [outputs, outcomes], test: {present: agreed_by}}", GIVEN, MISSING},
    {"every: {of: review_dates, test: {order: {first: /start, then: ., strict: true}}}", GIVEN,
     GIVEN},
    {"every: {of: review_dates, test: {order: {first: ., then: /end}}}", GIVEN, GIVEN},
    {"every: {of: review_dates, test: {any: {of: /evaluations, test: {order: "
     "{first: ../., then: date}}}}}",
     GIVEN, GIVEN},
    {"every: {of: published_by, test: {present: role}}", GIVEN, VOID},
    {"any: {of: evaluations, test: {one_of: {of: kind, in: [collaboration]}}}", GIVEN, MISSING},
    {"any: {of: actors, where: {one_of: {of: id, in: [city]}}}", GIVEN, GIVEN},
    {"any: {of: agreement, test: {present: kind}}", GIVEN, NONE},
    {"any: {of: published_by, test: {one_of: {of: ., in: [group]}}}", GIVEN, MISSING},
    {"subset: {of: actors.id, in: purpose.agreed_by}", GIVEN, MISSING},
    {"subset: {of: purpose.agreed_by, in: actors.id}", GIVEN, MISSING},
    {"subset: {of: form, in: project_kind}", MISSING, MISSING},
    {"every: {of: evaluations, test: {same_set: "
     "{of: items, value: item, by: actor, for: /actors.id}}}",
     GIVEN, WRONG},
    {"lookup: {of: form, column: kagoshima_responsibility, allows: project_responsibility}", GIVEN,
     WRONG},
    {"lookup: {of: form, column: kagoshima_result_owner, allows: result_owner}", GIVEN, NONE},
    {"lookup: {of: form, column: higashikurume_contract_duty, allows: contract_duty}", VOID,
     MISSING},
    {"lookup: {of: form, column: kagoshima_item, says: true}", GIVEN, GIVEN},
    {"lookup: {of: form, column: kawasaki_forms, says: true}", GIVEN, GIVEN},
    {"lookup: {of: project_kind, column: label_en, in: [Local]}", WRONG, MISSING},
    {"every: {of: actors, test: {lookup: {of: type, column: kawasaki_2008, in: [own, inside]}}}",
     WRONG, WRONG},
    {"exists: {of: city, in: areas, column: code}", GIVEN, GIVEN},
    {"exists: {of: city, in: projects, column: wards}", WRONG, WRONG},
    {"exists: {of: transfer.adopted_by.area, in: areas, column: code}", GIVEN, MISSING},
    {"named: {in: unknown}", GIVEN, MISSING},
    {"overlap: {of: actors, same: [type], differ: id}", MISSING, GIVEN},
    {"overlap: {of: evaluations.items, same: [item], differ: actor}", GIVEN, GIVEN},
    {"passes: PUR-01", GIVEN, MISSING},
    {"passes: EQU-05", VOID, WRONG},
    {"all: [{present: start}, {present: issue}]", GIVEN, MISSING},
    {"all: [{present: issue}, {equal: {of: labour_cost_included, is: true}}]", GIVEN, WRONG},
    {"all: [{present: result_owner}, {if: {present: issue}, then: {present: start}}]", GIVEN, NONE},
    {"either: [{present: issue}, {present: end}]", GIVEN, GIVEN},
    {"either: [{present: issue}, {present: result_owner}]", GIVEN, NONE},
    {"either: [{present: issue}, {equal: {of: labour_cost_included, is: true}}]", GIVEN, MISSING},
    {"not: {present: issue}", WRONG, GIVEN},
    {"not: {present: result_owner}", WRONG, GIVEN},
    {"if: {present: issue}\nthen: {present: purpose}", GIVEN, VOID},
    {"if: {absent: issue}\nthen: {present: purpose}", VOID, MISSING},
};

static struct rule_test *compile(struct fictional_site *made, const char *text,
                                 enum scope_kind kind)
{
    struct source *source = source_new(SLICE("test.yaml"), slice_of(text), NULL, NULL);
    const struct node *node =
        yaml_parse(source, 0, slice_of(text).length, &made->arena, made->diag);
    assert_non_null(node);
    struct compiling compiling = {.site = &made->site, .arena = &made->arena, .diag = made->diag};
    struct scope_type scope = {.kind = kind, .shape = SHAPE_case};
    struct rule_test *test = rule_test_compile(&compiling, &scope, node);
    rule_test_link(test, made->site.rules, &made->arena, made->diag);
    source_free(source);
    return test;
}

static enum evidence_state state_of(struct fictional_site *made, const struct rule_test *test,
                                    const char *id)
{
    const struct item *item = site_item(&made->site, ITEM_CASE, slice_of(id));
    assert_non_null(item);
    struct scope root = {.record = item->record, .place = item->record->span};
    struct running running = {
        .site = &made->site, .rules = made->site.rules, .scratch = &made->arena, .root = &root};
    return rule_test_run(&running, test, &root).state;
}

static void test_each_test_says_what_it_should(void **state)
{
    (void)state;
    struct fictional_site *made = fictional_new();
    fictional_file(made, SLICE("content/cases/odd/index.ja.md"), slice_of(odd_case));
    fictional_build(made);
    int faults = 0;
    bool covered[TEST_COUNT] = {false};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct rule_test *test = compile(made, table[i].test, SCOPE_RECORD);
        if (test == NULL) {
            print_message("cannot be compiled: %s\n", table[i].test);
            faults++;
            continue;
        }
        covered[test->kind] = true;
        if (test->test_count > 0 && test->tests[0] != NULL) {
            covered[test->tests[0]->kind] = true;
        }
        enum evidence_state full = state_of(made, test, "kagoshima");
        enum evidence_state odd = state_of(made, test, "odd");
        if (full != table[i].full || odd != table[i].odd) {
            print_message("%s: %d %d instead of %d %d\n", table[i].test, full, odd, table[i].full,
                          table[i].odd);
            faults++;
        }
    }
    for (int i = 0; i < TEST_COUNT; i++) {
        assert_true(covered[i]);
    }
    assert_int_equal(faults, 0);
    fictional_free(made);
}

static bool holds(enum evidence_state state)
{
    return state == EVIDENCE_STATED || state == EVIDENCE_VOID;
}

/* What the odd record says not to apply counts as neither stated nor missing (rule_never.c). */
static bool holds_of_odd(const struct said *said)
{
    return strstr(said->test, "result_owner") == NULL && strstr(said->test, "agreement") == NULL &&
           holds(said->odd);
}

static bool fails_of_odd(const struct said *said)
{
    return strstr(said->test, "result_owner") == NULL && strstr(said->test, "agreement") == NULL &&
           !holds(said->odd);
}

/* What is said of tests by how they are written is so of the two records, for each test and each
 * pair of them. */
static void test_what_can_never_be_is_not(void **state)
{
    (void)state;
    enum { MANY = sizeof(table) / sizeof(table[0]) };
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    struct rule_test *tests[MANY];
    int faults = 0;
    int seen = 0;
    for (int i = 0; i < MANY; i++) {
        tests[i] = compile(made, table[i].test, SCOPE_RECORD);
        assert_non_null(tests[i]);
        bool somewhere = holds(table[i].full) || holds_of_odd(&table[i]);
        bool everywhere = holds(table[i].full) && !fails_of_odd(&table[i]);
        if ((rule_test_always(tests[i]) && !everywhere) ||
            (rule_test_never(tests[i]) && somewhere)) {
            print_message("not always, or not never: %s\n", table[i].test);
            faults++;
        }
    }
    for (int i = 0; i < MANY; i++) {
        for (int k = 0; k < MANY; k++) {
            struct rule_test both = {.kind = TEST_all,
                                     .tests = (struct rule_test *[]){tests[i], tests[k]},
                                     .test_count = 2};
            bool together = (holds(table[i].full) && holds(table[k].full)) ||
                            (holds_of_odd(&table[i]) && holds_of_odd(&table[k]));
            bool apart = (holds(table[i].full) && !holds(table[k].full)) ||
                         (holds_of_odd(&table[i]) && fails_of_odd(&table[k]));
            bool implied = rule_test_implied(tests[k], tests[i]);
            bool excluded = rule_test_never(&both);
            seen += i != k && (implied || excluded) ? 1 : 0;
            if ((implied && apart) || (excluded && together)) {
                print_message("%s\n%s\n    %s\n", implied ? "not implied" : "not excluded",
                              table[i].test, table[k].test);
                faults++;
            }
        }
    }
    assert_int_equal(faults, 0);
    assert_true(seen > 40);
    fictional_free(made);
}

/* The examples in the table of data/principles/README.md: its third and last cells. */
static void test_examples_of_the_readme_compile(void **state)
{
    (void)state;
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    struct slice text = {0};
    for (ptrdiff_t i = 0; i < made->count; i++) {
        if (slice_equal(made->paths[i], SLICE("data/principles/README.md"))) {
            text = made->texts[i];
        }
    }
    bool shown[TEST_COUNT] = {false};
    struct slice rest = slice_from(text, slice_find(text, SLICE("## Tests"), 0));
    while (rest.data != NULL) {
        struct slice line = slice_cut(&rest, '\n');
        ptrdiff_t end = slice_find_last_byte(line, '`');
        if (!slice_starts_with(line, SLICE("| ")) || end < 0) {
            continue;
        }
        ptrdiff_t start = slice_find_last_byte(slice_sub(line, 0, end), '`') + 1;
        const char *example = arena_string(&made->arena, slice_sub(line, start, end));
        struct rule_test *test = compile(made, example, SCOPE_RECORD);
        if (test == NULL) {
            fail_msg("the README's example cannot be compiled: %s", example);
            break;
        }
        shown[test->kind] = true;
        if (test->test_count > 0 && test->tests[0] != NULL) {
            shown[test->tests[0]->kind] = true;
        }
    }
    for (int i = 0; i < TEST_COUNT; i++) {
        assert_true(shown[i]);
    }
    fictional_free(made);
}

/* ---- Evidence ---- */

static const struct verdict *verdict_of(const struct evidence *evidence, const char *rule)
{
    for (int i = 0; i < evidence->verdict_count; i++) {
        if (slice_equal(evidence->verdicts[i].rule->id, slice_of(rule))) {
            return &evidence->verdicts[i];
        }
    }
    return NULL;
}

static void test_a_full_case_gives_all_evidence(void **state)
{
    (void)state;
    static const struct {
        const char *item, *profile;
    } pairs[] = {{"kawasaki-2016", "kawasaki-2016"},
                 {"kawasaki-2008", "kawasaki-2008"},
                 {"kawasaki", "kawasaki"},
                 {"higashikurume", "higashikurume-2017"},
                 {"kagoshima", "kagoshima-2024"}};
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        const struct item *item = site_item(&made->site, ITEM_CASE, slice_of(pairs[i].item));
        const struct profile *found[RULES_PROFILES_MOST];
        int count =
            rules_profiles_for(made->site.rules, record_list(item->record, FIELD_case_frameworks),
                               found, RULES_PROFILES_MOST);
        assert_int_equal(count, 1);
        assert_true(slice_equal(found[0]->id, slice_of(pairs[i].profile)));
        struct evidence evidence;
        evidence_of(&made->site, item, found[0], &made->arena, &evidence);
        assert_true(evidence.has_mark && !evidence.lists_gaps);
        assert_true(evidence.stated > 30 && evidence.item_count > 5);
        assert_int_equal(evidence.not_stated + evidence.contradicted, 0);
        for (int k = 0; k < evidence.item_count; k++) {
            assert_true(evidence.items[k].state <= EVIDENCE_STATED);
        }
    }
    fictional_free(made);
}

static void test_an_odd_case_shows_its_gaps(void **state)
{
    (void)state;
    struct fictional_site *made = fictional_new();
    fictional_file(made, SLICE("content/cases/odd/index.ja.md"), slice_of(odd_case));
    fictional_build(made);
    const struct item *item = site_item(&made->site, ITEM_CASE, SLICE("odd"));
    struct evidence evidence;
    evidence_of(&made->site, item, rules_profile(made->site.rules, SLICE("kagoshima-2024")),
                &made->arena, &evidence);
    assert_false(evidence.has_mark);
    const struct verdict *purpose = verdict_of(&evidence, "PUR-01");
    assert_int_equal(purpose->state, EVIDENCE_NOT_STATED);
    assert_int_equal(purpose->severity, RULE_ESSENTIAL);
    assert_true(slice_equal(span_text(purpose->place), SLICE("not_stated")));
    assert_false(purpose->is_silent);
    assert_true(verdict_of(&evidence, "PUR-03")->is_silent);
    const struct verdict *written = verdict_of(&evidence, "ROL-01");
    assert_int_equal(written->state, EVIDENCE_NOT_APPLICABLE);
    assert_true(slice_equal(value_word(written->reason, 0, NULL)->text, SLICE("口約束のため")));
    const struct verdict *form = verdict_of(&evidence, "ROL-02");
    assert_int_equal(form->state, EVIDENCE_CONTRADICTED);
    assert_true(slice_equal(span_text(form->place), SLICE("partner")));
    /* A commission: stricter than for other forms. */
    assert_int_equal(verdict_of(&evidence, "EQU-03")->severity, RULE_ESSENTIAL);
    assert_null(verdict_of(&evidence, "TIM-04"));
    for (int i = 0; i < evidence.item_count; i++) {
        const struct verdict *deciding[64];
        int count = evidence_item_verdicts(&evidence, &evidence.items[i], deciding, 64);
        assert_true(count > 0 && evidence.items[i].stated <= evidence.items[i].of);
        assert_true(evidence.items[i].of <= count);
    }
    fictional_free(made);
}

static void test_another_citys_view_of_a_case(void **state)
{
    (void)state;
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    const struct item *item = site_item(&made->site, ITEM_CASE, SLICE("kawasaki-2016"));
    struct evidence evidence;
    evidence_of(&made->site, item, rules_profile(made->site.rules, SLICE("higashikurume-2017")),
                &made->arena, &evidence);
    /* Seven forms and no other there: an agreement is none of them. */
    assert_int_equal(verdict_of(&evidence, "FORM-02")->state, EVIDENCE_CONTRADICTED);
    assert_true(evidence.has_mark);
    fictional_free(made);
}

static void test_badges(void **state)
{
    (void)state;
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    const struct rule *rule = rules_find(made->site.rules, SLICE("ACT-06"));
    const struct item *three = site_item(&made->site, ITEM_CASE, SLICE("kagoshima"));
    const struct item *two = site_item(&made->site, ITEM_CASE, SLICE("kawasaki-2008"));
    assert_true(evidence_badge(&made->site, three->record, rule, &made->arena));
    assert_false(evidence_badge(&made->site, two->record, rule, &made->arena));
    rule = rules_find(made->site.rules, SLICE("ACT-01"));
    assert_false(evidence_badge(&made->site, three->record, rule, &made->arena));
    fictional_free(made);
}

/* 35 axes; exit strategy and collective impact stand in no framework. */
static void test_crosswalk(void **state)
{
    (void)state;
    struct fictional_site *made = fictional_new();
    fictional_build(made);
    struct value_list axes = record_list(made->site.rules->crosswalk, FIELD_crosswalk_axes);
    assert_int_equal(axes.count, 35);
    int without = 0;
    for (ptrdiff_t i = 0; i < axes.count; i++) {
        const struct record *axis = axes.items[i].as.group;
        if (record_list(axis, FIELD_crosswalk_axis_matches).count == 0) {
            without++;
            assert_true(record_word(axis, FIELD_crosswalk_axis_note, 1, NULL).length > 0);
        }
    }
    assert_int_equal(without, 2);
    fictional_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_test_says_what_it_should),
        cmocka_unit_test(test_what_can_never_be_is_not),
        cmocka_unit_test(test_examples_of_the_readme_compile),
        cmocka_unit_test(test_a_full_case_gives_all_evidence),
        cmocka_unit_test(test_an_odd_case_shows_its_gaps),
        cmocka_unit_test(test_another_citys_view_of_a_case),
        cmocka_unit_test(test_badges),
        cmocka_unit_test(test_crosswalk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
