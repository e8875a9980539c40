#include "rule_test.h"

/* What a policy rule finds fault with, one by one: the entries of an `every` that its test does not
 * hold of, and the pairs of rows that overlap though they should not. */

struct faults {
    const struct running *running;
    const struct rule_test *test; /* the `every` that is gone through */
    struct policy_fault *out;
    ptrdiff_t most;
    ptrdiff_t count;
    struct policy_fault last;
    ptrdiff_t next_case; /* cases come in their order */
};

static void add_fault(struct faults *faults, struct policy_fault fault)
{
    const struct policy_fault *last = &faults->last;
    if (faults->count > 0 && last->item == fault.item && last->table == fault.table &&
        last->row == fault.row && last->other == fault.other) {
        return; /* two rows that overlap in more than one way are still one pair */
    }
    if (faults->count < faults->most) {
        faults->out[faults->count] = fault;
    }
    faults->last = fault;
    faults->count++;
}

static const struct item *case_of(struct faults *faults, const struct record *record)
{
    const struct site *site = faults->running->site;
    while (faults->next_case < site->item_counts[ITEM_CASE]) {
        const struct item *item = &site->items[ITEM_CASE][faults->next_case];
        if (item->record == record) {
            return item;
        }
        faults->next_case++;
    }
    return NULL;
}

static bool visit_entry(void *context, const struct scope *entry)
{
    struct faults *faults = context;
    const struct rule_test *test = faults->test;
    if (test->test_count == 0 ||
        (test->where != NULL && !rule_test_holds(faults->running, test->where, entry)) ||
        rule_test_run(faults->running, test->tests[0], entry).state <= EVIDENCE_STATED) {
        return true;
    }
    struct policy_fault fault = {.table = entry->table, .row = entry->row, .other = -1};
    if (entry->table == NULL) {
        fault.item = case_of(faults, entry->record);
        fault.row = -1;
    }
    if (fault.item != NULL || fault.table != NULL) {
        add_fault(faults, fault);
    }
    return true;
}

static void visit_pair(void *context, const struct scope *entry, ptrdiff_t first_row)
{
    struct faults *faults = context;
    if (entry->table != NULL) {
        add_fault(faults, (struct policy_fault){
                              .table = entry->table, .row = entry->row, .other = first_row});
    }
}

static void collect(struct faults *faults, const struct rule_test *test, const struct scope *root)
{
    if (test->kind == TEST_all) {
        for (int i = 0; i < test->test_count; i++) {
            collect(faults, test->tests[i], root);
        }
    } else if (test->kind == TEST_every) {
        faults->test = test;
        faults->next_case = 0;
        for (int i = 0; i < test->path_count; i++) {
            rule_path_entries_walk(faults->running, &test->paths[i], root, visit_entry, faults);
        }
    } else if (test->kind == TEST_not && test->tests[0]->kind == TEST_overlap) {
        overlap_walk(faults->running, test->tests[0], root, visit_pair, faults);
    }
}

ptrdiff_t evidence_policy_faults(const struct site *site, const struct verdict *verdict,
                                 struct arena *arena, struct policy_fault *out, ptrdiff_t most)
{
    struct scope root = {.place = span_of_file(site->config_source)};
    struct running running = {.site = site, .rules = site->rules, .scratch = arena, .root = &root};
    struct faults faults = {.running = &running, .out = out, .most = most};
    if (verdict->entry->test != NULL) {
        collect(&faults, verdict->entry->test, &root);
    }
    return faults.count;
}
