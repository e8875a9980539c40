#include "rule_test.h"

/* PATHs of rules' tests: from text to steps over fields.def or a register's columns, and from steps
 * to values. */

/* ---- Compiling ---- */

static void unknown_field(const struct compiling *compiling, const struct scope_type *scope,
                          const struct node *node, struct slice key)
{
    struct slice nearest = {0};
    if (scope->kind == SCOPE_RECORD) {
        nearest = reading_nearest_keys(compiling->arena, scope->shape, key);
    } else if (scope->kind == SCOPE_ROW) {
        const struct table *table = scope->table;
        struct slice *names = ARENA_ARRAY(compiling->arena, struct slice, table->column_count);
        for (ptrdiff_t i = 0; i < table->column_count; i++) {
            names[i] = table->columns[i].name;
        }
        nearest = nearest_name(key, names, table->column_count);
    }
    if (nearest.length == 0) {
        nearest = SLICE("table:…, cases, .");
    }
    DIAG(compiling->diag, CODE_principles_unknown_field, node->span, key, nearest);
}

const struct node *rule_parameter(const struct compiling *compiling, const struct node *node)
{
    if (node == NULL || node->kind != NODE_SCALAR || !slice_starts_with(node->text, SLICE("$"))) {
        return node;
    }
    struct slice name = slice_from(node->text, 1);
    const struct node *value = node_get_slice(compiling->with, name);
    if (value == NULL) {
        value = node_get_slice(compiling->parameters, name);
    }
    if (value == NULL) {
        DIAG(compiling->diag, CODE_principles_unknown_parameter, node->span, name);
    }
    return value;
}

static const struct scope_type *outermost(const struct scope_type *scope)
{
    while (scope->outer != NULL) {
        scope = scope->outer;
    }
    return scope;
}

/* The list of a record that a REFERENCE field of target ".actors" points into, or FIELD_COUNT. */
static enum field_id referenced_list(const struct scope_type *scope, const struct field_info *info)
{
    struct slice target = slice_of(info->target);
    const struct scope_type *root = outermost(scope);
    if (info->type != FIELD_TYPE_REFERENCE || !slice_starts_with(target, SLICE("."))) {
        return FIELD_COUNT;
    }
    enum shape_id shape = root->kind == SCOPE_RECORD ? root->shape : SHAPE_case;
    return shape_field_by_key(shape, slice_from(target, 1));
}

/* The shape of what stands behind a field, or SHAPE_COUNT when nothing does. */
static enum shape_id shape_behind(const struct scope_type *scope, enum field_id field)
{
    const struct field_info *info = field_info(field);
    if (info->type == FIELD_TYPE_GROUP) {
        return field_group_shape(field);
    }
    enum field_id list = referenced_list(scope, info);
    return list != FIELD_COUNT ? field_group_shape(list) : SHAPE_COUNT;
}

static void type_of_field(const struct compiling *compiling, struct rule_path *path,
                          enum field_id field)
{
    const struct field_info *info = field_info(field);
    path->type = info->type;
    /* A list of words is one text. */
    path->is_list |= (info->flags & FIELD_MANY) != 0 && (info->flags & FIELD_WORD) == 0;
    if (info->type == FIELD_TYPE_CODE) {
        path->codelist = site_codelist(compiling->site, slice_of(info->target));
    }
}

static void type_of_column(struct rule_path *path, const struct column *column)
{
    path->codelist = column->codelist;
    path->is_list = column->type == COLUMN_LIST;
    switch (column->type) {
    case COLUMN_INTEGER:
    case COLUMN_NUMBER:
        path->type = FIELD_TYPE_NUMBER;
        return;
    case COLUMN_BOOLEAN:
        path->type = FIELD_TYPE_BOOLEAN;
        return;
    case COLUMN_DATE:
    case COLUMN_YEAR:
    case COLUMN_YEARMONTH:
        path->type = FIELD_TYPE_DATE;
        return;
    case COLUMN_STRING:
    case COLUMN_TIME:
    case COLUMN_DATETIME:
    case COLUMN_LIST:
    case COLUMN_OBJECT:
    case COLUMN_ARRAY:
    case COLUMN_GEOJSON:
    case COLUMN_GEOPOINT:
    case COLUMN_DURATION:
    case COLUMN_ANY:
        break;
    }
    path->type = column->codelist != NULL ? FIELD_TYPE_CODE : FIELD_TYPE_TEXT;
    if (slice_equal(column->format, SLICE("partial-date"))) {
        path->type = FIELD_TYPE_DATE;
    }
}

/* The keys of a path, from a record. */
static bool compile_steps(const struct compiling *compiling, const struct scope_type *scope,
                          const struct node *node, struct slice keys, struct rule_path *path)
{
    struct scope_type here = *scope;
    while (keys.data != NULL) {
        struct slice key = slice_cut(&keys, '.');
        enum field_id field = shape_field_by_key(here.shape, key);
        if (field == FIELD_COUNT || path->step_count == RULE_PATH_STEPS) {
            unknown_field(compiling, &here, node, key);
            return false;
        }
        path->steps[path->step_count++] = field;
        type_of_field(compiling, path, field);
        if (keys.data != NULL) {
            here.shape = shape_behind(scope, field);
            if (here.shape == SHAPE_COUNT) {
                here.kind = SCOPE_VALUE;
                unknown_field(compiling, &here, node, keys);
                return false;
            }
        }
    }
    return true;
}

static bool compile_column(const struct compiling *compiling, const struct scope_type *scope,
                           const struct node *node, struct slice key, struct rule_path *path)
{
    path->table = scope->table;
    path->column = table_column_by_name(scope->table, key);
    if (path->column < 0) {
        unknown_field(compiling, scope, node, key);
        return false;
    }
    type_of_column(path, &scope->table->columns[path->column]);
    return true;
}

static bool compile_table(const struct compiling *compiling, const struct node *node,
                          struct slice name, struct rule_path *path)
{
    path->start = PATH_TABLE;
    path->table = site_table(compiling->site, name);
    if (path->table != NULL) {
        return true;
    }
    const struct site *site = compiling->site;
    if (site->package_is_broken) {
        return false;
    }
    struct slice *names = ARENA_ARRAY(compiling->arena, struct slice, site->table_count);
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        names[i] = site->tables[i].name;
    }
    DIAG(compiling->diag, CODE_principles_unknown_table, node->span, name,
         nearest_name(name, names, site->table_count));
    return false;
}

/* What stands behind `/` and `../`. */
static bool compile_inside(const struct compiling *compiling, const struct scope_type *scope,
                           const struct node *node, struct slice rest, struct rule_path *path)
{
    if (slice_equal(rest, SLICE(".")) && scope->path != NULL) {
        path->start = PATH_SELF;
        path->type = scope->path->type;
        path->codelist = scope->path->codelist;
        return true;
    }
    switch (scope->kind) {
    case SCOPE_RECORD:
        return compile_steps(compiling, scope, node, rest, path);
    case SCOPE_ROW:
        return compile_column(compiling, scope, node, rest, path);
    case SCOPE_SITE:
    case SCOPE_VALUE:
        break;
    }
    unknown_field(compiling, scope, node, rest);
    return false;
}

struct rule_path *rule_path_compile(const struct compiling *compiling,
                                    const struct scope_type *scope, const struct node *node)
{
    const struct node *named = rule_parameter(compiling, node);
    if (named == NULL) {
        return NULL;
    }
    if (named->kind != NODE_SCALAR || named->text.length == 0) {
        DIAG(compiling->diag, CODE_principles_path, named->span, SLICE(""));
        return NULL;
    }
    struct slice text = named->text;
    struct rule_path *path = ARENA_NEW(compiling->arena, struct rule_path);
    path->text = text;
    path->span = named->span;
    path->column = -1;
    if (slice_equal(text, SLICE("today"))) {
        path->start = PATH_TODAY;
        path->type = FIELD_TYPE_DATE;
        return path;
    }
    if (slice_equal(text, SLICE("cases"))) {
        path->start = PATH_CASES;
        if (outermost(scope)->kind != SCOPE_SITE) {
            compiling->site->rules->reads_cases = true;
        }
        path->type = FIELD_TYPE_GROUP;
        return path;
    }
    if (slice_starts_with(text, SLICE("table:"))) {
        path->type = FIELD_TYPE_GROUP;
        return compile_table(compiling, named, slice_from(text, 6), path) ? path : NULL;
    }
    if (slice_starts_with(text, SLICE("/"))) {
        path->start = PATH_ROOT;
        scope = outermost(scope);
        text = slice_from(text, 1);
    }
    while (slice_starts_with(text, SLICE("../")) && scope->outer != NULL) {
        path->up++;
        scope = scope->outer;
        text = slice_from(text, 3);
    }
    return compile_inside(compiling, scope, named, text, path) ? path : NULL;
}

struct scope_type rule_path_entries(const struct rule_path *path, const struct scope_type *outer)
{
    struct scope_type entries = {.kind = SCOPE_VALUE, .path = path, .outer = outer};
    if (path->start == PATH_TABLE) {
        entries.kind = SCOPE_ROW;
        entries.table = path->table;
        entries.path = NULL;
    } else if (path->start == PATH_CASES) {
        entries.kind = SCOPE_RECORD;
        entries.shape = SHAPE_case;
        entries.path = NULL;
    } else if (path->step_count > 0) {
        entries.shape = shape_behind(outer, path->steps[path->step_count - 1]);
        entries.kind = entries.shape != SHAPE_COUNT ? SCOPE_RECORD : SCOPE_VALUE;
        if (path->type == FIELD_TYPE_GROUP) {
            entries.path = NULL; /* an entry that is a group has no value of its own */
        }
    }
    return entries;
}

/* ---- Walking ---- */

struct walk {
    const struct running *running;
    const struct rule_path *path;
    bool each;
    term_visitor visit;
    void *context;
    struct span *missing;
};

static struct span heading_of(const struct record *record)
{
    struct span place = record->span;
    place.end = place.start;
    return place;
}

static void note_missing(const struct walk *walk, const struct record *record)
{
    if (walk->missing != NULL && walk->missing->source == NULL && record != NULL) {
        *walk->missing =
            record == walk->running->root->record ? walk->running->root->place : heading_of(record);
    }
}

/* An actor of the register: what the record's own entry leaves out stands there. */
static bool register_cell(const struct walk *walk, const struct record *record, enum field_id field,
                          struct term *term)
{
    const struct rules *rules = walk->running->rules;
    if (record == NULL || record->shape != SHAPE_actor || rules->actors == NULL ||
        rules->actor_columns[field] < 0) {
        return false;
    }
    const struct value *reference = record_get(record, FIELD_actor_actor);
    if (reference == NULL || value_reference(reference)->target != TARGET_ROW) {
        return false;
    }
    *term = (struct term){.table = rules->actors,
                          .row = value_reference(reference)->row,
                          .column = rules->actor_columns[field]};
    term->cell = table_cell(term->table, term->row, term->column);
    return term->cell.length > 0;
}

bool value_walk_parts(const struct value *value, term_visitor visit, void *context)
{
    struct value_list entries = value_entries(value);
    for (ptrdiff_t i = 0; i < entries.count; i++) {
        if (!visit(context, &(struct term){.value = &entries.items[i]})) {
            return false;
        }
    }
    return true;
}

static bool visit_value(const struct walk *walk, const struct value *value)
{
    return walk->each ? value_walk_parts(value, walk->visit, walk->context)
                      : walk->visit(walk->context, &(struct term){.value = value});
}

static bool walk_steps(const struct walk *walk, const struct record *record, int step)
{
    enum field_id field = walk->path->steps[step];
    const struct value *value = record_get(record, field);
    if (value == NULL) {
        struct term term;
        if (step + 1 == walk->path->step_count && register_cell(walk, record, field, &term)) {
            return walk->visit(walk->context, &term);
        }
        if (!walk->each && record != NULL && record_is_broken(record, field)) {
            return walk->visit(walk->context, &(struct term){.is_broken = true});
        }
        note_missing(walk, record);
        return true;
    }
    if (step + 1 == walk->path->step_count) {
        return visit_value(walk, value);
    }
    if (value->state != VALUE_STATED) {
        /* The whole group is not stated or does not apply: so it is with what stands in it. */
        return walk->each || walk->visit(walk->context, &(struct term){.value = value});
    }
    struct value_list entries = value_entries(value);
    bool is_group = field_briefs[field].type == FIELD_TYPE_GROUP;
    for (ptrdiff_t i = 0; i < entries.count; i++) {
        const struct value *entry = &entries.items[i];
        const struct record *inner = is_group ? entry->as.group : value_reference(entry)->record;
        if (!walk_steps(walk, inner, step + 1)) {
            return false;
        }
    }
    return true;
}

static bool visit_cell(const struct walk *walk, const struct scope *scope)
{
    struct term term = {.table = scope->table, .row = scope->row, .column = walk->path->column};
    struct slice cell = table_cell(scope->table, scope->row, term.column);
    if (!walk->each || !walk->path->is_list) {
        term.cell = cell;
        return cell.length == 0 || walk->visit(walk->context, &term);
    }
    char delimiter = scope->table->columns[term.column].delimiter;
    for (struct slice rest = cell; rest.data != NULL;) {
        term.cell = slice_trim(slice_cut(&rest, delimiter != '\0' ? delimiter : ';'));
        if (term.cell.length > 0 && !walk->visit(walk->context, &term)) {
            return false;
        }
    }
    return true;
}

void rule_path_walk(const struct running *running, const struct rule_path *path,
                    const struct scope *scope, bool each, term_visitor visit, void *context,
                    struct span *missing)
{
    struct walk walk = {.running = running,
                        .path = path,
                        .each = each,
                        .visit = visit,
                        .context = context,
                        .missing = missing};
    const struct scope *start = rule_path_scope(running, path, scope);
    if (path->start == PATH_TODAY) {
        visit(context, &(struct term){.value = &running->rules->today});
    } else if (path->start == PATH_SELF) {
        if (start->value != NULL) {
            visit_value(&walk, start->value);
        }
    } else if (path->column >= 0) {
        visit_cell(&walk, start);
    } else if (path->step_count > 0) {
        walk_steps(&walk, start->record, 0);
    }
}

struct entries {
    entry_visitor visit;
    void *context;
    const struct scope *outer;
};

/* An entry of a list: a group has a record of its own, a reference to an entry that entry's. */
static bool enter(const struct entries *entries, const struct value *value, enum field_type type)
{
    struct scope entry = {.value = value, .place = value->span, .outer = entries->outer};
    if (type == FIELD_TYPE_GROUP) {
        entry.record = value->as.group;
    } else if (type == FIELD_TYPE_REFERENCE &&
               value_reference(value)->target == TARGET_LIST_ENTRY) {
        entry.record = value_reference(value)->record;
    }
    return entries->visit(entries->context, &entry);
}

static bool visit_entry(void *context, const struct term *term)
{
    return term->value == NULL || enter(context, term->value, field_info(term->value->field)->type);
}

/* Most lists are a field of the entry or of the record: no walk is needed for these. */
static void enter_all(const struct entries *entries, const struct record *record,
                      enum field_id field)
{
    const struct value *value = record_get(record, field);
    if (value == NULL) {
        return;
    }
    struct value_list list = value_entries(value);
    enum field_type type = (enum field_type)field_briefs[field].type;
    for (ptrdiff_t i = 0; i < list.count && enter(entries, &list.items[i], type); i++) {
    }
}

void rule_path_entries_walk(const struct running *running, const struct rule_path *path,
                            const struct scope *scope, entry_visitor visit, void *context)
{
    if (path->start == PATH_TABLE) {
        for (ptrdiff_t row = 0; row < path->table->row_count; row++) {
            struct scope entry = {.table = path->table,
                                  .row = row,
                                  .place = path->table->row_spans[row],
                                  .outer = scope};
            if (!visit(context, &entry)) {
                return;
            }
        }
        return;
    }
    if (path->start == PATH_CASES) {
        for (ptrdiff_t i = 0; i < running->site->item_counts[ITEM_CASE]; i++) {
            site_pass(running->site, i);
            const struct record *record = running->site->items[ITEM_CASE][i].record;
            struct scope entry = {.record = record, .place = heading_of(record), .outer = scope};
            if (!visit(context, &entry)) {
                return;
            }
        }
        return;
    }
    struct entries entries = {.visit = visit, .context = context, .outer = scope};
    if (path->step_count == 1 && path->column < 0 && path->start != PATH_SELF) {
        enter_all(&entries, rule_path_scope(running, path, scope)->record, path->steps[0]);
        return;
    }
    rule_path_walk(running, path, scope, true, visit_entry, &entries, NULL);
}

/* ---- Terms ---- */

bool term_is_stated(const struct term *term)
{
    return term->value != NULL ? value_is_stated(term->value) : term->cell.length > 0;
}

struct slice term_text(const struct term *term)
{
    const struct value *value = term->value;
    if (value == NULL) {
        return term->cell;
    }
    struct field_brief brief = field_briefs[value->field];
    if (value->state != VALUE_STATED) {
        return (struct slice){0};
    }
    if ((brief.flags & FIELD_WORD) != 0) {
        const struct word *word = value_word(value, 0, NULL);
        return word != NULL ? word->text : (struct slice){0};
    }
    switch ((enum field_type)brief.type) {
    case FIELD_TYPE_TEXT:
    case FIELD_TYPE_URL:
        return value->as.text;
    case FIELD_TYPE_CODE:
        return value->as.code->code;
    case FIELD_TYPE_REFERENCE:
        return value_reference(value)->id;
    case FIELD_TYPE_BOOLEAN:
        return value->as.boolean ? SLICE("true") : SLICE("false");
    case FIELD_TYPE_DATE:
    case FIELD_TYPE_INTEGER:
    case FIELD_TYPE_NUMBER:
    case FIELD_TYPE_GROUP:
    case FIELD_TYPE_HASHES:
        break;
    }
    return value_original(value);
}

bool term_number(const struct term *term, double *out)
{
    if (term->value == NULL) {
        return slice_to_number(term->cell, out);
    }
    if (term->value->state != VALUE_STATED) {
        return false;
    }
    enum field_type type = (enum field_type)field_briefs[term->value->field].type;
    if (type == FIELD_TYPE_INTEGER) {
        *out = (double)term->value->as.integer;
    } else if (type == FIELD_TYPE_NUMBER) {
        *out = term->value->as.number;
    }
    return type == FIELD_TYPE_INTEGER || type == FIELD_TYPE_NUMBER;
}

bool term_date(const struct term *term, struct date *out)
{
    if (term->value == NULL) {
        return date_parse(term->cell, out) == DATE_OK;
    }
    if (term->value->state != VALUE_STATED || term->value->is_list ||
        field_briefs[term->value->field].type != FIELD_TYPE_DATE) {
        return false;
    }
    *out = term->value->as.date;
    return out->precision != DATE_NONE;
}

struct span term_span(const struct term *term)
{
    return term->value != NULL ? term->value->span
                               : table_cell_span(term->table, term->row, term->column);
}
