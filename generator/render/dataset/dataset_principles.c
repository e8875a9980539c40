/* What follows from a city's principles, as datasets: the evidence of the records, the items, the
 * crosswalk, the rules. Rows come from the table of evidence, which is made once (model), so that
 * each is found by its number at once. */
#include "dataset.h"

enum derived_column {
#define DERIVED(...)
#define COLUMN(dataset, name, ...) COLUMN_##dataset##_##name,
#include "principles.def"
#undef DERIVED
#undef COLUMN
    DERIVED_COLUMNS
};

struct derived_column_info {
    enum derived_dataset dataset;
    struct made_column made;
};

static const struct derived_column_info infos[DERIVED_COLUMNS] = {
#define DERIVED(...)
#define COLUMN(dataset, name, type, words, codelist, ja, en, about_ja, about_en) \
    {DERIVED_##dataset, {#name, COLUMN_##type, words, codelist, {ja, en}, {about_ja, about_en}}},
#include "principles.def"
#undef DERIVED
#undef COLUMN
};

/* What one cell is made of. `language` -1 in a column without words. */
struct cell_maker {
    const struct dataset *dataset;
    const struct site *site;
    const struct evidence_table *table;
    int language;
    struct arena *arena;
};

static struct slice word(const struct cell_maker *maker, const struct record *record,
                         enum field_id field)
{
    const struct value *value = record_get(record, field);
    if (value == NULL || value->state != VALUE_STATED || value->words == NULL) {
        return (struct slice){0};
    }
    return word_text(&value->words[maker->language], maker->arena);
}

/* Parts are separated by `;`; one inside a part becomes the full-width sign, as in the cases. */
static struct slice add(const struct cell_maker *maker, struct slice list, struct slice part)
{
    struct slice rest = part;
    part = slice_cut(&rest, ';');
    while (rest.data != NULL) {
        part = ARENA_JOIN(maker->arena, part, SLICE("\xEF\xBC\x9B"), slice_cut(&rest, ';'));
    }
    return part.length == 0   ? list
           : list.length == 0 ? part
                              : ARENA_JOIN(maker->arena, list, SLICE(";"), part);
}

static struct slice texts(const struct cell_maker *maker, const struct record *record,
                          enum field_id field)
{
    struct value_list values = record_list(record, field);
    struct slice list = {0};
    for (ptrdiff_t i = 0; i < values.count; i++) {
        list = add(maker, list, values.items[i].as.text);
    }
    return list;
}

static struct slice number(const struct cell_maker *maker, int64_t value)
{
    return arena_format(maker->arena, "%lld", (long long)value);
}

static struct slice absolute(const struct cell_maker *maker, struct slice address)
{
    return ARENA_JOIN(maker->arena, maker->site->base_url, address);
}

/* ---- Evidence ---- */

static const struct case_view *view_of(const struct cell_maker *maker,
                                       const struct evidence_row *row)
{
    return &maker->table->records[row->index].views[row->view];
}

/* Calls for each rule of the view that is evidence for the item, once. */
static bool is_rule_of(const struct evidence_table *table, const struct profile_rule *entry,
                       const struct case_view *view, int item)
{
    const struct evidence_map *map = &table->maps[view->profile - table->site->rules->profiles];
    for (int i = 0; i < entry->item_count; i++) {
        if (map->of_profile[entry->item_indexes[i]] == item) {
            return true;
        }
    }
    return false;
}

static struct slice rules_in_state(const struct cell_maker *maker, const struct evidence_row *row,
                                   enum evidence_state state)
{
    const struct case_view *view = view_of(maker, row);
    const struct rule *last = NULL;
    struct slice list = {0};
    for (int i = 0; i < view->profile->rule_count; i++) {
        const struct profile_rule *entry = &view->profile->rules[i];
        if (entry->rule != last && VIEW_RULE_STATE(view->rules[entry->rule->index]) == state &&
            is_rule_of(maker->table, entry, view, row->item)) {
            list = add(maker, list, entry->rule->id);
            last = entry->rule;
        }
    }
    return list;
}

static void mark_fields(const struct rule *rule, const struct record *record, bool *named,
                        int first)
{
    for (int k = 0; k < rule->field_count; k++) {
        if (value_is_stated(record_get(record, rule->fields[k]))) {
            named[(int)rule->fields[k] - first] = true;
        }
    }
}

/* The fields of the record that the stated rules of the item look at, in the order of fields. */
static struct slice stated_fields(const struct cell_maker *maker, const struct evidence_row *row)
{
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    bool *named = ARENA_ARRAY(maker->arena, bool, end - first);
    const struct case_view *view = view_of(maker, row);
    const struct project_record *project = evidence_table_project(maker->table, row->index);
    const struct record *record =
        project != NULL ? project->record : maker->site->items[ITEM_CASE][row->index].record;
    for (int i = 0; i < view->profile->rule_count; i++) {
        const struct profile_rule *entry = &view->profile->rules[i];
        if (VIEW_RULE_STATE(view->rules[entry->rule->index]) == EVIDENCE_STATED &&
            is_rule_of(maker->table, entry, view, row->item)) {
            mark_fields(entry->rule, record, named, first);
        }
    }
    struct slice list = {0};
    for (int i = first; i < end; i++) {
        if (named[i - first]) {
            list = add(maker, list, field_info((enum field_id)i)->key);
        }
    }
    return list;
}

/* What a row of the evidence is about: a case, or a row of the register of projects. */
struct subject {
    struct slice case_id, project_id; /* one of them is empty */
    struct slice address;             /* empty: it has no page */
};

static struct subject subject_of(const struct cell_maker *maker, const struct evidence_row *row)
{
    const struct project_record *project = evidence_table_project(maker->table, row->index);
    if (project == NULL) {
        const struct item *item = &maker->site->items[ITEM_CASE][row->index];
        return (struct subject){.case_id = item->id,
                                .address = address_item(maker->site, item, 0, maker->arena)};
    }
    const struct table *table = site_table(maker->site, SLICE("projects"));
    bool has_name = table->key_column >= 0 && !table->columns[table->key_column].is_private;
    struct subject subject = {.project_id = has_name
                                                ? table_cell(table, project->row, table->key_column)
                                                : number(maker, project->row + 1)};
    if (table->has_pages && has_name) {
        subject.address = address_row(maker->site, table, project->row, 0, maker->arena);
    }
    return subject;
}

static struct slice url_of(const struct cell_maker *maker, const struct subject *subject,
                           struct slice item)
{
    if (subject->address.length == 0) {
        return (struct slice){0};
    }
    return absolute(maker,
                    ARENA_JOIN(maker->arena, subject->address, SLICE("#"), EVIDENCE_ANCHOR, item));
}

static struct slice evidence_cell(const struct cell_maker *maker, enum derived_column column,
                                  ptrdiff_t index)
{
    const struct evidence_row *row = &maker->table->rows[index];
    const struct evidence_sums *sums = &maker->table->items[row->item];
    struct subject subject = subject_of(maker, row);
    bool is_case = subject.case_id.length > 0;
    struct slice id = record_text(sums->item, FIELD_framework_item_id);
    switch ((int)column) {
    case COLUMN_evidence_id:
        return is_case ? ARENA_JOIN(maker->arena, subject.case_id, SLICE("/"), id)
                       : ARENA_JOIN(maker->arena, SLICE("projects/"), subject.project_id,
                                    SLICE("/"), id);
    case COLUMN_evidence_record:
        return is_case ? SLICE("case") : SLICE("project");
    case COLUMN_evidence_case:
        return subject.case_id;
    case COLUMN_evidence_project:
        return subject.project_id;
    case COLUMN_evidence_framework:
        return sums->framework->id;
    case COLUMN_evidence_item:
        return id;
    case COLUMN_evidence_item_label:
        return word(maker, sums->item, FIELD_framework_item_label);
    case COLUMN_evidence_state:
        return evidence_word(evidence_view_item(maker->table, view_of(maker, row), row->item));
    case COLUMN_evidence_rules_stated:
        return rules_in_state(maker, row, EVIDENCE_STATED);
    case COLUMN_evidence_rules_not_stated:
        return rules_in_state(maker, row, EVIDENCE_NOT_STATED);
    case COLUMN_evidence_rules_contradicted:
        return rules_in_state(maker, row, EVIDENCE_CONTRADICTED);
    case COLUMN_evidence_fields:
        return stated_fields(maker, row);
    case COLUMN_evidence_profile:
        return view_of(maker, row)->profile->id;
    case COLUMN_evidence_url:
        return url_of(maker, &subject, id);
    default:
        BUG("no such column");
    }
}

/* ---- Items ---- */

static struct slice rules_for(const struct cell_maker *maker, int item)
{
    const struct rules *rules = maker->site->rules;
    bool *named = ARENA_ARRAY(maker->arena, bool, rules->count);
    for (int p = 0; p < rules->profile_count; p++) {
        const struct profile *profile = &rules->profiles[p];
        struct case_view view = {.profile = profile};
        for (int i = 0; i < profile->rule_count; i++) {
            if (is_rule_of(maker->table, &profile->rules[i], &view, item)) {
                named[profile->rules[i].rule->index] = true;
            }
        }
    }
    struct slice list = {0};
    for (int i = 0; i < rules->count; i++) {
        list = named[i] ? add(maker, list, rules->rules[i].id) : list;
    }
    return list;
}

/* How many cases show so much of it; no number where no rule looks for it. */
static struct slice case_count(const struct cell_maker *maker, int item, enum evidence_state state)
{
    const struct evidence_sums *sums = &maker->table->items[item];
    return sums->is_looked_for ? number(maker, sums->counts[state]) : (struct slice){0};
}

static struct slice principle_fact(const struct cell_maker *maker, enum derived_column column,
                                   int index)
{
    const struct evidence_sums *sums = &maker->table->items[index];
    const struct record *framework = sums->framework->record;
    const struct value *rank = record_get(framework, FIELD_framework_rank);
    const struct value *source = record_get(framework, FIELD_framework_source);
    const struct code_entry *code;
    switch ((int)column) {
    case COLUMN_principles_localgov_code:
        code = record_code(framework, FIELD_framework_city);
        return code != NULL ? code->code : (struct slice){0};
    case COLUMN_principles_rank:
        return value_is_stated(rank) ? number(maker, rank->as.integer) : (struct slice){0};
    case COLUMN_principles_number:
        return record_text(sums->item, FIELD_framework_item_number);
    case COLUMN_principles_kind:
        code = record_code(sums->item, FIELD_framework_item_kind);
        return code != NULL ? code->code : (struct slice){0};
    case COLUMN_principles_parent:
        return record_text(sums->item, FIELD_framework_item_parent);
    case COLUMN_principles_source:
        return value_is_stated(source) ? value_reference(source)->id : (struct slice){0};
    default:
        BUG("no such column");
    }
}

static struct slice principle_cell(const struct cell_maker *maker, enum derived_column column,
                                   ptrdiff_t index)
{
    const struct evidence_sums *sums = &maker->table->items[index];
    switch ((int)column) {
    case COLUMN_principles_id:
        return record_text(sums->item, FIELD_framework_item_id);
    case COLUMN_principles_framework:
        return sums->framework->id;
    case COLUMN_principles_framework_title:
        return word(maker, sums->framework->record, FIELD_framework_title);
    case COLUMN_principles_label:
        return word(maker, sums->item, FIELD_framework_item_label);
    case COLUMN_principles_meaning:
        return word(maker, sums->item, FIELD_framework_item_meaning);
    case COLUMN_principles_place:
        return word(maker, sums->item, FIELD_framework_item_place);
    case COLUMN_principles_rules:
        return rules_for(maker, (int)index);
    case COLUMN_principles_cases_stated:
        return case_count(maker, (int)index, EVIDENCE_STATED);
    case COLUMN_principles_cases_not_stated:
        return case_count(maker, (int)index, EVIDENCE_NOT_STATED);
    case COLUMN_principles_cases_not_applicable:
        return case_count(maker, (int)index, EVIDENCE_NOT_APPLICABLE);
    case COLUMN_principles_cases_contradicted:
        return case_count(maker, (int)index, EVIDENCE_CONTRADICTED);
    case COLUMN_principles_url:
        return absolute(maker, address_framework_item(maker->site, sums->framework, sums->item, 0,
                                                      maker->arena));
    default:
        return principle_fact(maker, column, (int)index);
    }
}

/* ---- Crosswalk ---- */

struct crosswalk_row {
    const struct record *axis;
    const struct record *match;
    int number; /* in its axis, from 1 */
};

static struct slice crosswalk_cell(const struct cell_maker *maker, enum derived_column column,
                                   ptrdiff_t index)
{
    const struct crosswalk_row *row = (const struct crosswalk_row *)maker->dataset->detail + index;
    struct slice axis = record_text(row->axis, FIELD_crosswalk_axis_id);
    struct slice item = record_text(row->match, FIELD_crosswalk_match_item);
    const struct value *framework = record_get(row->match, FIELD_crosswalk_match_framework);
    switch ((int)column) {
    case COLUMN_crosswalk_id:
        return arena_format(maker->arena, "%.*s/%d", SLICE_ARGUMENTS(axis), row->number);
    case COLUMN_crosswalk_axis:
        return axis;
    case COLUMN_crosswalk_axis_label:
        return word(maker, row->axis, FIELD_crosswalk_axis_label);
    case COLUMN_crosswalk_framework:
        return framework != NULL ? value_reference(framework)->id : (struct slice){0};
    case COLUMN_crosswalk_item:
        return item;
    case COLUMN_crosswalk_item_label:
        return word(maker, item.length > 0 ? site_framework_item(maker->site, item, NULL) : NULL,
                    FIELD_framework_item_label);
    case COLUMN_crosswalk_mark:
        return record_text(row->match, FIELD_crosswalk_match_mark);
    case COLUMN_crosswalk_place:
        return word(maker, row->match, FIELD_crosswalk_match_place);
    case COLUMN_crosswalk_note:
        return word(maker, row->match, FIELD_crosswalk_match_note);
    default:
        BUG("no such column");
    }
}

/* ---- Rules ---- */

static struct slice severities(const struct cell_maker *maker, const struct rule *rule)
{
    const struct rules *rules = maker->site->rules;
    struct slice list = {0};
    for (int p = 0; p < rules->profile_count; p++) {
        enum rule_severity severity = profile_severity(&rules->profiles[p], rule);
        if (severity != RULE_NONE) {
            list = add(maker, list,
                       ARENA_JOIN(maker->arena, rules->profiles[p].id, SLICE("="),
                                  severity_letter(severity)));
        }
    }
    return list;
}

static struct slice rule_items(const struct cell_maker *maker, const struct rule *rule)
{
    const struct rules *rules = maker->site->rules;
    bool *named = ARENA_ARRAY(maker->arena, bool, maker->table->item_count);
    for (int p = 0; p < rules->profile_count; p++) {
        const struct profile *profile = &rules->profiles[p];
        for (int i = 0; i < profile->rule_count; i++) {
            const struct profile_rule *entry = &profile->rules[i];
            for (int k = 0; k < entry->item_count && entry->rule == rule; k++) {
                named[maker->table->maps[p].of_profile[entry->item_indexes[k]]] = true;
            }
        }
    }
    struct slice list = {0};
    for (int i = 0; i < maker->table->item_count; i++) {
        if (named[i]) {
            list =
                add(maker, list, record_text(maker->table->items[i].item, FIELD_framework_item_id));
        }
    }
    return list;
}

static struct slice rule_sources(const struct cell_maker *maker, const struct rule *rule)
{
    struct value_list sources = record_list(rule->record, FIELD_rule_sources);
    struct slice list = {0};
    for (ptrdiff_t i = 0; i < sources.count; i++) {
        const struct record *source = sources.items[i].as.group;
        const struct value *of = record_get(source, FIELD_rule_source_framework);
        of = of != NULL ? of : record_get(source, FIELD_rule_source_source);
        struct slice place = word(maker, source, FIELD_rule_source_place);
        if (of != NULL && place.length > 0) {
            list = add(maker, list,
                       ARENA_JOIN(maker->arena, value_reference(of)->id, SLICE(" "), place));
        }
    }
    return list;
}

static struct slice rule_cell(const struct cell_maker *maker, enum derived_column column,
                              ptrdiff_t index)
{
    const struct rule *rule = &maker->site->rules->rules[index];
    const struct record *record = rule->record;
    switch ((int)column) {
    case COLUMN_rules_id:
        return rule->id;
    case COLUMN_rules_title:
        return word(maker, record, FIELD_rule_title);
    case COLUMN_rules_applies_to:
        return texts(maker, record, FIELD_rule_applies_to);
    case COLUMN_rules_strength:
        return record_text(record, FIELD_rule_strength);
    case COLUMN_rules_requires:
        return texts(maker, record, FIELD_rule_requires);
    case COLUMN_rules_looks_at:
        return texts(maker, record, FIELD_rule_looks_at);
    case COLUMN_rules_message:
        return word(maker, record, FIELD_rule_message);
    case COLUMN_rules_why:
        return word(maker, record, FIELD_rule_why);
    case COLUMN_rules_repair:
        return word(maker, record, FIELD_rule_repair);
    case COLUMN_rules_sources:
        return rule_sources(maker, rule);
    case COLUMN_rules_evidence_for:
        return rule_items(maker, rule);
    case COLUMN_rules_severity:
        return severities(maker, rule);
    default:
        BUG("no such column");
    }
}

/* ---- Datasets ---- */

static void read_row(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch,
                     struct slice *cells)
{
    static struct slice (*const makers[DERIVED_DATASETS])(const struct cell_maker *,
                                                          enum derived_column, ptrdiff_t) = {
        [DERIVED_evidence] = evidence_cell,
        [DERIVED_principles] = principle_cell,
        [DERIVED_crosswalk] = crosswalk_cell,
        [DERIVED_rules] = rule_cell};
    for (int i = 0; i < dataset->column_count; i++) {
        enum derived_column column = (enum derived_column)dataset->columns[i].index;
        struct cell_maker maker = {.dataset = dataset,
                                   .site = dataset->site,
                                   .table = dataset->evidence,
                                   .language = dataset->columns[i].language,
                                   .arena = scratch};
        cells[i] = makers[infos[column].dataset](&maker, column, row);
        if (cells[i].length == 0) {
            cells[i] = (struct slice){0};
        }
    }
}

static ptrdiff_t list_matches(struct dataset *dataset, struct arena *arena)
{
    struct value_list axes = record_list(dataset->site->rules->crosswalk, FIELD_crosswalk_axes);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < axes.count; i++) {
        count += record_list(axes.items[i].as.group, FIELD_crosswalk_axis_matches).count;
    }
    struct crosswalk_row *rows = ARENA_ARRAY(arena, struct crosswalk_row, count);
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < axes.count; i++) {
        const struct record *axis = axes.items[i].as.group;
        struct value_list matches = record_list(axis, FIELD_crosswalk_axis_matches);
        for (ptrdiff_t k = 0; k < matches.count; k++) {
            rows[at++] = (struct crosswalk_row){axis, matches.items[k].as.group, (int)k + 1};
        }
    }
    dataset->detail = rows;
    return count;
}

static ptrdiff_t count_rows(struct dataset *dataset, enum derived_dataset which,
                            struct arena *arena)
{
    switch (which) {
    case DERIVED_evidence:
        return dataset->evidence->row_count;
    case DERIVED_principles:
        return dataset->evidence->item_count;
    case DERIVED_crosswalk:
        return list_matches(dataset, arena);
    case DERIVED_rules:
        return dataset->site->rules->count;
    case DERIVED_DATASETS:
        break;
    }
    BUG("no such dataset");
}

/* What follows from the records is as new as the newest of them; what frameworks and rules say
 * carries no date. */
static struct date updated(const struct site *site, enum derived_dataset which)
{
    if (which != DERIVED_evidence && which != DERIVED_principles) {
        return (struct date){0};
    }
    const struct table *projects = site_table(site, SLICE("projects"));
    struct date cases = dataset_cases_updated(site);
    return projects != NULL ? dataset_later(cases, projects->updated) : cases;
}

struct dataset *dataset_of_principles(const struct evidence_table *table,
                                      enum derived_dataset which, struct arena *arena)
{
    static const struct {
        struct slice name;
        const char *label[INTERFACE_LANGUAGES];
        const char *about[INTERFACE_LANGUAGES];
    } heads[DERIVED_DATASETS] = {
#define DERIVED(name, ja, en, about_ja, about_en) \
    [DERIVED_##name] = {{#name, sizeof(#name) - 1}, {ja, en}, {about_ja, about_en}},
#define COLUMN(...)
#include "principles.def"
#undef DERIVED
#undef COLUMN
    };
    const struct site *site = table->site;
    struct dataset *dataset = ARENA_NEW(arena, struct dataset);
    *dataset = (struct dataset){.name = heads[which].name,
                                .site = site,
                                .evidence = table,
                                .updated = updated(site, which),
                                .row = read_row};
    dataset_set_words(dataset, heads[which].label, heads[which].about);
    dataset->row_count = count_rows(dataset, which, arena);
    dataset->columns = ARENA_ARRAY(arena, struct dataset_column,
                                   (ptrdiff_t)DERIVED_COLUMNS * site->language_count);
    for (int column = 0; column < DERIVED_COLUMNS; column++) {
        if (infos[column].dataset == which) {
            dataset_add_column(dataset, &infos[column].made, column, arena);
        }
    }
    return dataset;
}
