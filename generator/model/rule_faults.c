#include "rule_test.h"

/* What a policy rule finds, one by one. Faults: the entries of an `every` that its test does not
 * hold of, and the pairs of rows that overlap though they should not. Finds: the entries for whose
 * sake an `any` holds, or that a count counts. */

struct collecting {
    const struct running *running;
    bool is_of_faults;
    const struct rule_test *test; /* the one whose entries are gone through */
    struct policy_entry *out;
    ptrdiff_t most;
    ptrdiff_t count;
    struct policy_entry last;
    ptrdiff_t next_case; /* cases come in their order */
};

static void collect_entry(struct collecting *collecting, struct policy_entry entry)
{
    const struct policy_entry *last = &collecting->last;
    if (collecting->count > 0 && last->item == entry.item && last->table == entry.table &&
        last->row == entry.row && last->other == entry.other) {
        return; /* two rows that overlap in more than one way are still one pair */
    }
    if (collecting->count < collecting->most) {
        collecting->out[collecting->count] = entry;
    }
    collecting->last = entry;
    collecting->count++;
}

static const struct item *case_of(struct collecting *collecting, const struct record *record)
{
    const struct site *site = collecting->running->site;
    while (collecting->next_case < site->item_counts[ITEM_CASE]) {
        const struct item *item = &site->items[ITEM_CASE][collecting->next_case];
        if (item->record == record) {
            return item;
        }
        collecting->next_case++;
    }
    return NULL;
}

static bool is_collected(const struct collecting *collecting, const struct scope *entry)
{
    const struct running *running = collecting->running;
    const struct rule_test *test = collecting->test;
    if (test->where != NULL && !rule_test_holds(running, test->where, entry)) {
        return false;
    }
    if (collecting->is_of_faults) {
        return test->test_count > 0 &&
               rule_test_run(running, test->tests[0], entry).state > EVIDENCE_STATED;
    }
    return test->test_count == 0 || rule_test_holds(running, test->tests[0], entry);
}

static bool visit_entry(void *context, const struct scope *entry)
{
    struct collecting *collecting = context;
    if (!is_collected(collecting, entry)) {
        return true;
    }
    struct policy_entry found = {.table = entry->table, .row = entry->row, .other = -1};
    if (entry->table == NULL) {
        found.item = case_of(collecting, entry->record);
        found.row = -1;
    }
    if (found.item != NULL || found.table != NULL) {
        collect_entry(collecting, found);
    }
    return true;
}

static void visit_pair(void *context, const struct scope *entry, ptrdiff_t first_row)
{
    struct collecting *collecting = context;
    if (entry->table != NULL) {
        collect_entry(
            collecting,
            (struct policy_entry){.table = entry->table, .row = entry->row, .other = first_row});
    }
}

static void collect_entries(struct collecting *collecting, const struct rule_test *test,
                            const struct scope *root)
{
    collecting->test = test;
    collecting->next_case = 0;
    for (int i = 0; i < test->path_count; i++) {
        rule_path_entries_walk(collecting->running, &test->paths[i], root, visit_entry, collecting);
    }
}

static void collect_faults(struct collecting *collecting, const struct rule_test *test,
                           const struct scope *root)
{
    if (test->kind == TEST_all) {
        for (int i = 0; i < test->test_count; i++) {
            collect_faults(collecting, test->tests[i], root);
        }
    } else if (test->kind == TEST_every) {
        collect_entries(collecting, test, root);
    } else if (test->kind == TEST_not && test->tests[0]->kind == TEST_overlap) {
        overlap_walk(collecting->running, test->tests[0], root, visit_pair, collecting);
    }
}

static void collect_finds(struct collecting *collecting, const struct rule_test *test,
                          const struct scope *root)
{
    if (test->kind == TEST_all || test->kind == TEST_either) {
        for (int i = 0; i < test->test_count; i++) {
            collect_finds(collecting, test->tests[i], root);
        }
    } else if (test->kind == TEST_any || test->kind == TEST_count) {
        collect_entries(collecting, test, root);
    }
}

static ptrdiff_t collect(struct collecting collecting, const struct site *site,
                         const struct verdict *verdict, struct arena *arena)
{
    struct scope root = {.place = span_of_file(site->config_source)};
    struct running running = {.site = site, .rules = site->rules, .scratch = arena, .root = &root};
    collecting.running = &running;
    if (verdict->entry->test != NULL) {
        (collecting.is_of_faults ? collect_faults : collect_finds)(&collecting,
                                                                   verdict->entry->test, &root);
    }
    return collecting.count;
}

ptrdiff_t evidence_policy_faults(const struct site *site, const struct verdict *verdict,
                                 struct arena *arena, struct policy_entry *out, ptrdiff_t most)
{
    return collect((struct collecting){.is_of_faults = true, .out = out, .most = most}, site,
                   verdict, arena);
}

ptrdiff_t evidence_policy_finds(const struct site *site, const struct verdict *verdict,
                                struct arena *arena, struct policy_entry *out, ptrdiff_t most)
{
    return collect((struct collecting){.out = out, .most = most}, site, verdict, arena);
}
