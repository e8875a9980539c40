#include "rule_test.h"

/* The evidence of all records at once, cases and rows of projects, in a few bytes each: what lists,
 * sums, matrices and the data are made of. Worked out by all threads; a record is looked at once by
 * each profile, whichever pages and files speak of it. */

#define SCRATCH_LIMIT ((ptrdiff_t)1 << 28)

static const struct code_entry *city_of(const struct profile *profile)
{
    return profile->framework_count > 0
               ? record_code(profile->frameworks[0]->record, FIELD_framework_city)
               : NULL;
}

/* The profiles by which cases of other cities are looked at: of a city those that no other one of
 * the same city takes in. */
static int find_standing(const struct rules *rules, const struct profile **out, int most)
{
    int count = 0;
    for (int i = 0; i < rules->profile_count && count < most; i++) {
        bool stands = rules->profiles[i].item_count > 0;
        for (int k = 0; k < rules->profile_count && stands; k++) {
            stands = city_of(&rules->profiles[k]) != city_of(&rules->profiles[i]) ||
                     !profile_comprises(&rules->profiles[k], &rules->profiles[i]);
        }
        if (stands) {
            out[count++] = &rules->profiles[i];
        }
    }
    return count;
}

/* ---- Items of all frameworks in a row ---- */

static void number_items(struct evidence_table *table, struct arena *arena)
{
    const struct site *site = table->site;
    table->first_item = ARENA_ARRAY(arena, int, site->framework_count + 1);
    for (ptrdiff_t f = 0; f < site->framework_count; f++) {
        struct value_list items = record_list(site->frameworks[f].record, FIELD_framework_items);
        table->first_item[f + 1] = table->first_item[f] + (int)items.count;
    }
    table->item_count = table->first_item[site->framework_count];
    table->items = ARENA_ARRAY(arena, struct evidence_sums, table->item_count);
    for (ptrdiff_t f = 0; f < site->framework_count; f++) {
        struct value_list items = record_list(site->frameworks[f].record, FIELD_framework_items);
        for (ptrdiff_t i = 0; i < items.count; i++) {
            table->items[table->first_item[f] + i].item = items.items[i].as.group;
            table->items[table->first_item[f] + i].framework = &site->frameworks[f];
        }
    }
}

int evidence_table_item(const struct evidence_table *table, const struct framework *framework,
                        const struct record *item)
{
    ptrdiff_t f = framework - table->site->frameworks;
    for (int i = table->first_item[f]; i < table->first_item[f + 1]; i++) {
        if (table->items[i].item == item) {
            return i;
        }
    }
    return -1;
}

/* For each profile, where its items stand in the table, and the other way round. */
static void map_profiles(struct evidence_table *table, const struct rules *rules,
                         struct arena *arena)
{
    table->maps = ARENA_ARRAY(arena, struct evidence_map, rules->profile_count);
    for (int p = 0; p < rules->profile_count; p++) {
        const struct profile *profile = &rules->profiles[p];
        struct evidence_map *map = &table->maps[p];
        map->of_profile = ARENA_ARRAY(arena, int, profile->item_count);
        map->of_table = ARENA_ARRAY(arena, int, table->item_count);
        for (int i = 0; i < table->item_count; i++) {
            map->of_table[i] = -1;
        }
        for (int i = 0; i < profile->item_count; i++) {
            int number =
                evidence_table_item(table, profile->items[i].framework, profile->items[i].item);
            map->of_profile[i] = number;
            map->of_table[number] = i;
            table->items[number].is_looked_for = true;
        }
    }
}

enum evidence_state evidence_view_item(const struct evidence_table *table,
                                       const struct case_view *view, int item)
{
    int own = table->maps[view->profile - table->site->rules->profiles].of_table[item];
    return own < 0 ? EVIDENCE_VOID : (enum evidence_state)view->items[own];
}

/* ---- Records ---- */

const struct project_record *evidence_table_project(const struct evidence_table *table,
                                                    ptrdiff_t index)
{
    ptrdiff_t cases = table->site->item_counts[ITEM_CASE];
    return index < cases ? NULL : &table->site->project_records[index - cases];
}

static const struct record *record_at(const struct evidence_table *table, ptrdiff_t index)
{
    const struct project_record *project = evidence_table_project(table, index);
    return project != NULL ? project->record : table->site->items[ITEM_CASE][index].record;
}

ptrdiff_t evidence_table_project_index(const struct evidence_table *table, ptrdiff_t row)
{
    const struct site *site = table->site;
    ptrdiff_t first = 0;
    ptrdiff_t end = site->project_record_count;
    while (first < end) {
        ptrdiff_t middle = first + (end - first) / 2;
        if (site->project_records[middle].row < row) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    bool is_there = first < site->project_record_count && site->project_records[first].row == row;
    return is_there ? site->item_counts[ITEM_CASE] + first : -1;
}

/* ---- Views ---- */

static bool is_of_city(const struct profile *const *profiles, int count,
                       const struct code_entry *city)
{
    for (int i = 0; i < count; i++) {
        if (city_of(profiles[i]) == city) {
            return true;
        }
    }
    return false;
}

static void plan_views(const struct evidence_table *table, struct arena *arena,
                       struct case_views *views, const struct record *record)
{
    const struct rules *rules = table->site->rules;
    const struct profile *own[RULES_PROFILES_MOST];
    int count = rules_profiles_for(rules, record_list(record, FIELD_case_frameworks), own,
                                   RULES_PROFILES_MOST);
    if (count == 0) {
        return;
    }
    views->views = ARENA_ARRAY(arena, struct case_view, count + table->standing_count);
    for (int i = 0; i < count; i++) {
        views->views[views->count++] = (struct case_view){.profile = own[i], .is_own = true};
    }
    views->own_count = count;
    for (int i = 0; i < table->standing_count; i++) {
        const struct profile *profile = table->standing[i];
        if (!is_of_city(own, count, city_of(profile))) {
            views->views[views->count++] = (struct case_view){.profile = profile};
        }
    }
    for (int i = 0; i < views->count; i++) {
        struct case_view *view = &views->views[i];
        view->items = arena_allocate(arena, 1, 1, view->profile->item_count + rules->count + 1);
        view->rules = view->items + view->profile->item_count;
    }
}

struct looking {
    struct evidence_table *table;
    struct arena *scratch; /* one a worker */
};

static void fill_view(const struct site *site, const struct record *record, struct case_view *view,
                      struct arena *scratch)
{
    struct evidence evidence;
    evidence_of_record(site, record, view->profile, scratch, &evidence);
    view->has_mark = evidence.has_mark;
    for (int i = 0; i < evidence.verdict_count; i++) {
        const struct verdict *verdict = &evidence.verdicts[i];
        view->rules[verdict->rule->index] =
            (uint8_t)((int)verdict->state | (int)verdict->severity << 4);
    }
    for (int i = 0; i < evidence.item_count; i++) {
        enum evidence_state state = evidence.items[i].state;
        view->items[evidence.items[i].index] = (uint8_t)state;
        view->stated += state == EVIDENCE_STATED ? 1 : 0;
        view->asked += state >= EVIDENCE_STATED ? 1 : 0;
    }
}

static void look_at(void *context, ptrdiff_t index, int worker)
{
    struct looking *looking = context;
    const struct evidence_table *table = looking->table;
    site_pass(table->site, index);
    struct case_views *views = &table->records[index];
    for (int i = 0; i < views->count; i++) {
        fill_view(table->site, record_at(table, index), &views->views[i],
                  &looking->scratch[worker]);
        arena_clear(&looking->scratch[worker]);
    }
}

static void look_at_all(struct evidence_table *table, struct pool *pool)
{
    ptrdiff_t count = table->record_count;
    int workers = pool != NULL ? pool_threads(pool) : 1;
    struct looking looking = {.table = table,
                              .scratch = calloc((size_t)workers, sizeof(struct arena))};
    if (looking.scratch == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(struct arena) * workers);
    }
    for (int i = 0; i < workers; i++) {
        arena_init(&looking.scratch[i], SCRATCH_LIMIT);
    }
    pool_run(pool, count, look_at, &looking);
    for (int i = 0; i < workers; i++) {
        arena_release(&looking.scratch[i]);
    }
    free(looking.scratch);
}

/* ---- Sums ---- */

/* Where two profiles look for the same item, the first one speaks. */
static bool is_said_before(const struct evidence_table *table, const struct case_views *views,
                           int view, int item)
{
    for (int i = 0; i < view; i++) {
        if (evidence_view_item(table, &views->views[i], item) != EVIDENCE_VOID) {
            return true;
        }
    }
    return false;
}

static void add_rows(struct evidence_table *table, int32_t index, ptrdiff_t *rows)
{
    const struct case_views *views = &table->records[index];
    bool is_project = evidence_table_project(table, index) != NULL;
    for (int v = 0; v < views->own_count; v++) {
        const struct case_view *view = &views->views[v];
        const struct evidence_map *map = &table->maps[view->profile - table->site->rules->profiles];
        for (int i = 0; i < view->profile->item_count; i++) {
            if (view->items[i] == EVIDENCE_VOID ||
                is_said_before(table, views, v, map->of_profile[i])) {
                continue;
            }
            if (table->rows != NULL) {
                table->rows[*rows] =
                    (struct evidence_row){.index = index, .view = v, .item = map->of_profile[i]};
                struct evidence_sums *sums = &table->items[map->of_profile[i]];
                (is_project ? sums->projects : sums->counts)[view->items[i]]++;
            }
            (*rows)++;
        }
    }
}

/* Which cases show anything of a framework, and how many rows of projects. Rows stand by record, so
 * each comes once a framework. */
static void list_cases(struct evidence_table *table, struct arena *arena)
{
    const struct site *site = table->site;
    int32_t *last = ARENA_ARRAY(arena, int32_t, site->framework_count);
    table->framework_cases = ARENA_ARRAY(arena, struct evidence_cases, site->framework_count);
    for (int pass = 0; pass < 2; pass++) {
        for (ptrdiff_t f = 0; f < site->framework_count; f++) {
            last[f] = -1;
        }
        for (ptrdiff_t r = 0; r < table->row_count; r++) {
            const struct evidence_row *row = &table->rows[r];
            ptrdiff_t f = table->items[row->item].framework - site->frameworks;
            struct evidence_cases *cases = &table->framework_cases[f];
            if (last[f] == row->index) {
                continue;
            }
            last[f] = row->index;
            if (row->index >= site->item_counts[ITEM_CASE]) {
                cases->projects += pass;
                continue;
            }
            if (pass == 1) {
                cases->indexes[cases->count] = row->index;
            }
            cases->count++;
        }
        for (ptrdiff_t f = 0; f < site->framework_count && pass == 0; f++) {
            struct evidence_cases *cases = &table->framework_cases[f];
            cases->indexes = ARENA_ARRAY(arena, int32_t, cases->count);
            cases->count = 0;
        }
    }
}

struct evidence_table *evidence_table_make(const struct site *site, struct pool *pool,
                                           struct arena *arena)
{
    if (site->rules == NULL || site->framework_count == 0) {
        return NULL;
    }
    struct evidence_table *table = ARENA_NEW(arena, struct evidence_table);
    ptrdiff_t count = site->item_counts[ITEM_CASE] + site->project_record_count;
    table->site = site;
    table->record_count = count;
    table->standing = ARENA_ARRAY(arena, const struct profile *, RULES_PROFILES_MOST);
    table->standing_count = find_standing(site->rules, table->standing, RULES_PROFILES_MOST);
    number_items(table, arena);
    map_profiles(table, site->rules, arena);
    table->records = ARENA_ARRAY(arena, struct case_views, count);
    for (ptrdiff_t i = 0; i < count; i++) {
        plan_views(table, arena, &table->records[i], record_at(table, i));
    }
    look_at_all(table, pool);
    for (ptrdiff_t i = 0; i < count; i++) {
        add_rows(table, (int32_t)i, &table->row_count);
    }
    table->rows = ARENA_ARRAY(arena, struct evidence_row, table->row_count);
    ptrdiff_t rows = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        add_rows(table, (int32_t)i, &rows);
    }
    list_cases(table, arena);
    return table;
}

struct evidence_table *evidence_table_with_case(const struct evidence_table *table,
                                                const struct site *site, ptrdiff_t index,
                                                struct arena *arena)
{
    struct evidence_table *changed = ARENA_NEW(arena, struct evidence_table);
    *changed = *table;
    changed->site = site;
    changed->records = ARENA_ARRAY(arena, struct case_views, table->record_count);
    memcpy(changed->records, table->records, (size_t)table->record_count * sizeof(*table->records));
    struct case_views *views = &changed->records[index];
    *views = (struct case_views){0};
    plan_views(changed, arena, views, record_at(changed, index));
    for (int i = 0; i < views->count; i++) {
        fill_view(site, record_at(changed, index), &views->views[i], arena);
    }
    return changed;
}
