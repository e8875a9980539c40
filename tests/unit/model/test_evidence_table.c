/* The table of all cases' evidence says what evidence_of() says of each, whatever the number of
 * threads; and policy rules name what they find fault with. */
#include "fictional_site.h"

static const char *const odd_case = "---\n"
                                    "title: 架空の例\n"
                                    "summary: 架空の例です。\n"
                                    "kind: case\n"
                                    "fictional: true\n"
                                    "frameworks: [higashikurume-2017, kagoshima-2024]\n"
                                    "city: \"462012\"\n"
                                    "actors:\n"
                                    "  - {id: group, name: 架空の会, type: npo}\n"
                                    "sources:\n"
                                    "  - {id: report, source: fictional-report}\n"
                                    "updated: 2025-06-01\n"
                                    "---\n";

static struct fictional_site *make_site(void)
{
    struct fictional_site *made = fictional_new();
    fictional_file(made, SLICE("content/cases/odd/index.ja.md"), slice_of(odd_case));
    fictional_build(made);
    return made;
}

static void check_view(const struct fictional_site *made, const struct evidence_table *table,
                       const struct item *item, const struct case_view *view, struct arena *arena)
{
    struct evidence evidence;
    evidence_of(&made->site, item, view->profile, arena, &evidence);
    int stated = 0;
    for (int i = 0; i < evidence.item_count; i++) {
        const struct item_evidence *one = &evidence.items[i];
        int number = evidence_table_item(table, one->framework, one->item);
        assert_int_equal(view->items[one->index], one->state);
        assert_int_equal(evidence_view_item(table, view, number), one->state);
        stated += one->state == EVIDENCE_STATED ? 1 : 0;
    }
    assert_int_equal(view->stated, stated);
    assert_int_equal(view->has_mark, evidence.has_mark);
    for (int i = 0; i < evidence.verdict_count; i++) {
        uint8_t byte = view->rules[evidence.verdicts[i].rule->index];
        assert_int_equal(VIEW_RULE_STATE(byte), evidence.verdicts[i].state);
        assert_int_equal(VIEW_RULE_SEVERITY(byte), evidence.verdicts[i].severity);
    }
}

static void test_the_table_says_what_each_case_says(void **state)
{
    (void)state;
    struct fictional_site *made = make_site();
    const struct site *site = &made->site;
    struct evidence_table *table = evidence_table_make(site, NULL, &made->arena);
    assert_non_null(table);
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        const struct case_views *views = &table->records[i];
        assert_true(views->count >= 2);
        for (int v = 0; v < views->count; v++) {
            assert_int_equal(views->views[v].is_own, v < views->own_count);
            check_view(made, table, &site->items[ITEM_CASE][i], &views->views[v], &made->arena);
        }
    }
    fictional_free(made);
}

static void test_other_cities_look_too(void **state)
{
    (void)state;
    struct fictional_site *made = make_site();
    struct evidence_table *table = evidence_table_make(&made->site, NULL, &made->arena);
    /* Of Kawasaki the one that takes in the others. */
    assert_int_equal(table->standing_count, 3);
    const struct case_views *odd =
        &table->records[site_item(&made->site, ITEM_CASE, SLICE("odd"))->index];
    assert_int_equal(odd->own_count, 2);
    assert_int_equal(odd->count, 3);
    assert_true(slice_equal(odd->views[2].profile->id, SLICE("kawasaki")));
    fictional_free(made);
}

static void test_rows_and_sums_are_of_own_frameworks(void **state)
{
    (void)state;
    struct fictional_site *made = make_site();
    struct evidence_table *table = evidence_table_make(&made->site, NULL, &made->arena);
    int *counts = ARENA_ARRAY(&made->arena, int, table->item_count);
    int32_t last = 0;
    for (ptrdiff_t r = 0; r < table->row_count; r++) {
        const struct evidence_row *row = &table->rows[r];
        const struct case_view *view = &table->records[row->index].views[row->view];
        assert_true(view->is_own);
        assert_true(row->index >= last);
        assert_int_not_equal(evidence_view_item(table, view, row->item), EVIDENCE_VOID);
        last = row->index;
        counts[row->item]++;
    }
    for (int i = 0; i < table->item_count; i++) {
        int sum = 0;
        for (int k = EVIDENCE_NOT_APPLICABLE; k <= EVIDENCE_CONTRADICTED; k++) {
            sum += table->items[i].counts[k];
        }
        assert_int_equal(sum, counts[i]);
    }
    fictional_free(made);
}

static void test_rows_of_projects_stand_behind_the_cases(void **state)
{
    (void)state;
    struct fictional_site *made = make_site();
    const struct site *site = &made->site;
    struct evidence_table *table = evidence_table_make(site, NULL, &made->arena);
    ptrdiff_t cases = site->item_counts[ITEM_CASE];
    assert_true(site->project_record_count > 0);
    assert_int_equal(table->record_count, cases + site->project_record_count);
    assert_null(evidence_table_project(table, cases - 1));
    for (ptrdiff_t i = 0; i < site->project_record_count; i++) {
        const struct project_record *project = &site->project_records[i];
        assert_ptr_equal(evidence_table_project(table, cases + i), project);
        assert_int_equal(evidence_table_project_index(table, project->row), cases + i);
    }
    assert_int_equal(
        evidence_table_project_index(table, site_table(site, SLICE("projects"))->row_count), -1);
    fictional_free(made);
}

static void test_threads_change_nothing(void **state)
{
    (void)state;
    struct fictional_site *made = make_site();
    struct pool *pool = pool_start(4);
    struct evidence_table *one = evidence_table_make(&made->site, NULL, &made->arena);
    struct evidence_table *four = evidence_table_make(&made->site, pool, &made->arena);
    assert_int_equal(one->row_count, four->row_count);
    for (ptrdiff_t i = 0; i < made->site.item_counts[ITEM_CASE]; i++) {
        for (int v = 0; v < one->records[i].count; v++) {
            const struct case_view *a = &one->records[i].views[v];
            const struct case_view *b = &four->records[i].views[v];
            assert_memory_equal(a->items, b->items, (size_t)a->profile->item_count);
            assert_memory_equal(a->rules, b->rules, (size_t)made->site.rules->count);
        }
    }
    pool_stop(pool);
    fictional_free(made);
}

static void test_policy_rules_name_cases(void **state)
{
    (void)state;
    struct fictional_site *made = make_site();
    const struct profile *profile = rules_profile(made->site.rules, SLICE("kawasaki-2016"));
    struct evidence evidence;
    evidence_of_site(&made->site, profile, &made->arena, &evidence);
    ptrdiff_t found = 0;
    for (int i = 0; i < evidence.verdict_count; i++) {
        if (!slice_equal(evidence.verdicts[i].rule->id, SLICE("POL-04"))) {
            continue;
        }
        struct policy_entry faults[8] = {0};
        found = evidence_policy_faults(&made->site, &evidence.verdicts[i], &made->arena, faults, 8);
        assert_non_null(faults[0].item);
        assert_true(slice_equal(faults[0].item->id, SLICE("odd")));
    }
    assert_true(found >= 1);
    fictional_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_says_what_each_case_says),
        cmocka_unit_test(test_other_cities_look_too),
        cmocka_unit_test(test_rows_and_sums_are_of_own_frameworks),
        cmocka_unit_test(test_rows_of_projects_stand_behind_the_cases),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_policy_rules_name_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
