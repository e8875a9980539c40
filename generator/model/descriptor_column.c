#include "registers.h"

/* schema.fields of datapackage.json: columns, their types, formats and constraints. */

#define TYPE_BIT(type) (1 << COLUMN_##type)

struct format_info {
    struct slice name;
    bool is_ours;
    int types; /* bits by enum column_type */
    struct wording words;
    struct slice example;
};

static const struct format_info formats[COLUMN_FORMATS] = {
#define COLUMN_FORMAT(identifier, name, is_ours, types, ja, en, example) \
    [FORMAT_##identifier] = {SLICE_CONSTANT(name),                       \
                             (is_ours),                                  \
                             (types),                                    \
                             {{SLICE_CONSTANT(ja), SLICE_CONSTANT(en)}}, \
                             SLICE_CONSTANT(example)},
#include "column_formats.def"
#undef COLUMN_FORMAT
};

struct wording column_expectation(const struct column *column, const struct column_rules *rules,
                                  struct slice *example)
{
    static const char *const examples[COLUMN_TYPES] = {
#define COLUMN_TYPE(identifier, name, ja, en, example_) [COLUMN_##identifier] = (example_),
#include "column_types.def"
#undef COLUMN_TYPE
    };
    const struct format_info *format = &formats[rules->format];
    bool has_words = format->words.in[INTERFACE_ENGLISH].length > 0;
    *example = has_words ? format->example : slice_of(examples[column->type]);
    return has_words ? format->words : column_type_words(column->type);
}

/* ---- Type and format ---- */

static enum column_type type_by_name(const struct describing *describing, const struct node *node,
                                     bool *is_known)
{
    struct slice names[COLUMN_TYPES];
    *is_known = true;
    for (int i = 0; i < COLUMN_TYPES; i++) {
        names[i] = column_type_name((enum column_type)i);
        if (slice_equal(names[i], node->text)) {
            return (enum column_type)i;
        }
    }
    *is_known = false;
    struct slice nearest = nearest_name(node->text, names, COLUMN_TYPES);
    struct slice all = SLICE("");
    for (int i = 0; i < COLUMN_TYPES; i++) {
        all = ARENA_JOIN(describing->arena, all, slice_of(i > 0 ? ", " : ""), names[i]);
    }
    DIAG(describing->diag, CODE_register_unknown_type, node->span, node->text,
         nearest.data != NULL ? nearest : all);
    return COLUMN_ANY;
}

/* What the standard lets a list be made of. */
static bool can_be_item(enum column_type type)
{
    switch (type) {
    case COLUMN_STRING:
    case COLUMN_INTEGER:
    case COLUMN_NUMBER:
    case COLUMN_BOOLEAN:
    case COLUMN_DATE:
    case COLUMN_TIME:
    case COLUMN_DATETIME:
        return true;
    default:
        return false;
    }
}

/* v1 wrote several values as a string with a delimiter of ours; both are lists here. */
static void describe_type(const struct describing *describing, const struct node *field,
                          struct column *column, struct column_rules *rules)
{
    const struct node *type = expect_text(describing, field, "type");
    rules->has_type = true;
    column->type = type != NULL ? type_by_name(describing, type, &rules->has_type) : COLUMN_STRING;
    const struct node *delimiter = expect_text(
        describing, field, column->type == COLUMN_LIST ? "delimiter" : "kyodo:delimiter");
    rules->item_type = COLUMN_STRING;
    if (column->type == COLUMN_LIST) {
        column->delimiter = ',';
        const struct node *item = expect_text(describing, field, "itemType");
        rules->item_type =
            item != NULL ? type_by_name(describing, item, &rules->has_type) : COLUMN_STRING;
        if (!can_be_item(rules->item_type)) {
            DIAG(describing->diag, CODE_register_unread_type, item->span, item->text);
            rules->item_type = COLUMN_STRING;
        }
    }
    if (delimiter != NULL &&
        (delimiter->text.length != 1 || (delimiter->text.data[0] & 0x80) != 0)) {
        DIAG(describing->diag, CODE_register_dialect, delimiter->span, delimiter->key,
             delimiter->text);
        delimiter = NULL;
    }
    if (delimiter != NULL) {
        column->type = COLUMN_LIST;
        column->delimiter = delimiter->text.data[0];
    }
}

static void report_format(const struct describing *describing, const struct node *node,
                          bool is_ours, enum column_type type)
{
    struct slice all = SLICE("");
    for (int i = 0; i < COLUMN_FORMATS; i++) {
        if (formats[i].is_ours == is_ours && formats[i].name.length > 0 &&
            (formats[i].types & (1 << type)) != 0) {
            all = ARENA_JOIN(describing->arena, all, slice_of(all.length > 0 ? ", " : ""),
                             formats[i].name);
        }
    }
    DIAG(describing->diag, CODE_register_unknown_format, node->span, node->text,
         column_type_name(type), all.length > 0 ? all : SLICE("default"));
}

/* `%Y-%m-%d`: the directives that are numbers, and English names of months. */
static bool is_date_pattern(struct slice text)
{
    bool has_directive = false;
    for (ptrdiff_t i = 0; i < text.length; i++) {
        if (text.data[i] != '%') {
            continue;
        }
        i++;
        if (i == text.length ||
            slice_find_byte(SLICE("aAbBdefHhIjmMpSTFDRyYzZ%"), text.data[i], 0) < 0) {
            return false;
        }
        has_directive = true;
    }
    return has_directive;
}

static enum column_format format_by_name(const struct describing *describing,
                                         const struct node *node, bool is_ours,
                                         enum column_type type, struct column_rules *rules)
{
    struct slice name = node->text;
    int bit = 1 << type;
    for (int i = 0; i < COLUMN_FORMATS; i++) {
        if (formats[i].is_ours == is_ours && formats[i].name.length > 0 &&
            slice_equal(formats[i].name, name) && (formats[i].types & bit) != 0) {
            return (enum column_format)i;
        }
    }
    if (slice_starts_with(name, SLICE("fmt:"))) {
        name = slice_from(name, 4); /* v1 */
    }
    if (!is_ours && (formats[FORMAT_PATTERN].types & bit) != 0 && is_date_pattern(name)) {
        rules->format_pattern = name;
        return FORMAT_PATTERN;
    }
    report_format(describing, node, is_ours, type);
    return FORMAT_DEFAULT;
}

static void describe_format(const struct describing *describing, const struct node *field,
                            struct column *column, struct column_rules *rules)
{
    const struct node *format = expect_text(describing, field, "format");
    const struct node *ours = expect_text(describing, field, "kyodo:format");
    /* A format says what each part of a list looks like. */
    enum column_type type = column->type == COLUMN_LIST ? rules->item_type : column->type;
    if (!rules->has_type) {
        format = NULL;
        ours = NULL;
    }
    if (format != NULL) {
        column->format = format->text;
        rules->format = format_by_name(describing, format, false, type, rules);
    }
    if (ours != NULL) {
        column->format = ours->text;
        rules->format = format_by_name(describing, ours, true, type, rules);
    }
    static const struct slice yes[] = {SLICE_CONSTANT("true"), SLICE_CONSTANT("True"),
                                       SLICE_CONSTANT("TRUE"), SLICE_CONSTANT("1")};
    static const struct slice no[] = {SLICE_CONSTANT("false"), SLICE_CONSTANT("False"),
                                      SLICE_CONSTANT("FALSE"), SLICE_CONSTANT("0")};
    rules->true_values = expect_texts(describing, field, "trueValues");
    rules->false_values = expect_texts(describing, field, "falseValues");
    if (rules->true_values.count == 0) {
        rules->true_values.data = arena_allocate(describing->arena, sizeof(yes), 16, 1);
        memcpy(rules->true_values.data, yes, sizeof(yes));
        rules->true_values.count = 4;
    }
    if (rules->false_values.count == 0) {
        rules->false_values.data = arena_allocate(describing->arena, sizeof(no), 16, 1);
        memcpy(rules->false_values.data, no, sizeof(no));
        rules->false_values.count = 4;
    }
    const struct node *decimal = expect_text(describing, field, "decimalChar");
    const struct node *group = expect_text(describing, field, "groupChar");
    rules->decimal = decimal != NULL && decimal->text.length > 0 ? decimal->text : SLICE(".");
    rules->group = group != NULL ? group->text : SLICE("");
    rules->is_bare = expect_boolean(describing, field, "bareNumber", true);
}

/* ---- Constraints ---- */

static void report_constraint(const struct describing *describing, const struct node *node,
                              const struct column *column)
{
    DIAG(describing->diag, CODE_register_bad_constraint, node->span, node->key,
         span_text(node->span), column_type_name(column->type));
}

/* A value of a constraint in the lexical form of the cells; false with a finding when it is none of
 * the type. */
static bool constraint_value(const struct describing *describing, const struct node *constraint,
                             const struct node *node, const struct column *column,
                             const struct column_rules *rules, struct slice *out)
{
    struct cell cell;
    bool is_json = column->type == COLUMN_OBJECT || column->type == COLUMN_ARRAY ||
                   column->type == COLUMN_GEOJSON || column->type == COLUMN_GEOPOINT;
    bool is_good = node->kind == NODE_SCALAR ? node->scalar != SCALAR_NULL : is_json;
    struct slice written = node->kind == NODE_SCALAR ? node->text : span_text(node->span);
    if (is_good) {
        struct column whole = *column;
        whole.type = column->type == COLUMN_LIST ? rules->item_type : column->type;
        enum cell_problem problem = cell_read(&whole, rules, written, describing->arena, &cell);
        is_good = problem != CELL_WRONG_TYPE && problem != CELL_IMPOSSIBLE_DATE &&
                  problem != CELL_CHECK_DIGIT;
    }
    if (!is_good) {
        report_constraint(describing, constraint, column);
        return false;
    }
    *out = cell.value;
    return true;
}

static bool can_be_ordered(enum column_type type)
{
    switch (type) {
    case COLUMN_INTEGER:
    case COLUMN_NUMBER:
    case COLUMN_DATE:
    case COLUMN_YEAR:
    case COLUMN_YEARMONTH:
    case COLUMN_TIME:
    case COLUMN_DATETIME:
    case COLUMN_DURATION:
        return true;
    default:
        return false;
    }
}

static void describe_bounds(const struct describing *describing, const struct node *constraints,
                            const struct column *column, struct column_rules *rules)
{
    static const char *const names[BOUNDS] = {"minimum", "maximum", "exclusiveMinimum",
                                              "exclusiveMaximum"};
    for (int i = 0; i < BOUNDS; i++) {
        const struct node *node = node_get(constraints, names[i]);
        struct bound *bound = &rules->bounds[i];
        if (node == NULL) {
            continue;
        }
        if (!can_be_ordered(column->type)) {
            report_constraint(describing, node, column);
        } else if (constraint_value(describing, node, node, column, rules, &bound->text)) {
            bound->is_set = true;
            bound->node = node;
            (void)(column->type == COLUMN_DURATION ? duration_seconds(bound->text, &bound->number)
                                                   : slice_to_number(bound->text, &bound->number));
        }
    }
}

static const struct node *describe_length(const struct describing *describing,
                                          const struct node *constraints, const char *member,
                                          const struct column *column, int64_t *out)
{
    const struct node *node = node_get(constraints, member);
    *out = -1;
    if (node == NULL) {
        return NULL;
    }
    bool fits = column->type == COLUMN_STRING || column->type == COLUMN_LIST ||
                column->type == COLUMN_OBJECT || column->type == COLUMN_ARRAY ||
                column->type == COLUMN_ANY;
    int64_t length;
    if (!fits || node->kind != NODE_SCALAR || !slice_to_integer(node->text, &length) ||
        length < 0) {
        report_constraint(describing, node, column);
        return NULL;
    }
    *out = length;
    return node;
}

/* The values of `enum` or `categories`; the latter may be objects with a label. */
static const struct node *describe_choices(const struct describing *describing,
                                           const struct node *list, const struct column *column,
                                           const struct column_rules *rules, struct map *choices)
{
    const struct node *found = NULL;
    for (const struct node *node = list != NULL ? list->first : NULL; node != NULL;
         node = node->next) {
        bool is_labelled =
            node->kind == NODE_MAPPING && slice_equal(list->key, SLICE("categories"));
        const struct node *value = is_labelled ? node_get(node, "value") : node;
        struct slice text;
        if (value != NULL && constraint_value(describing, list, value, column, rules, &text)) {
            map_insert(choices, describing->arena,
                       cell_logical(column->type, text, describing->arena), NULL);
            found = list;
        }
    }
    return found;
}

static void describe_json_schema(const struct describing *describing,
                                 const struct node *constraints, const struct column *column,
                                 struct column_rules *rules)
{
    const struct node *schema = node_get(constraints, "jsonSchema");
    bool fits = column->type == COLUMN_OBJECT || column->type == COLUMN_ARRAY ||
                column->type == COLUMN_GEOJSON;
    if (schema != NULL && (!fits || schema->kind != NODE_MAPPING)) {
        report_constraint(describing, schema, column);
    } else {
        rules->json_schema = schema;
    }
}

static void describe_constraints(const struct describing *describing, const struct node *field,
                                 struct column *column, struct column_rules *rules)
{
    const struct node *constraints = expect_mapping(describing, field, "constraints");
    rules->length_least = -1;
    rules->length_most = -1;
    if (constraints != NULL) {
        describe_members(describing, constraints, LEVEL_CONSTRAINTS);
    }
    column->is_required = expect_boolean(describing, constraints, "required", false);
    column->is_unique = expect_boolean(describing, constraints, "unique", false);
    rules->required_node = node_get(constraints, "required");
    rules->unique_node = node_get(constraints, "unique");
    if (!rules->has_type) {
        return;
    }
    rules->choices_node = describe_choices(describing, expect_list(describing, constraints, "enum"),
                                           column, rules, &rules->choices);
    rules->categories_node =
        describe_choices(describing, expect_list(describing, field, "categories"), column, rules,
                         &rules->categories);
    (void)expect_boolean(describing, field, "categoriesOrdered", false);
    describe_json_schema(describing, constraints, column, rules);
    rules->length_least_node =
        describe_length(describing, constraints, "minLength", column, &rules->length_least);
    rules->length_most_node =
        describe_length(describing, constraints, "maxLength", column, &rules->length_most);
    describe_bounds(describing, constraints, column, rules);
    const struct node *pattern = expect_text(describing, constraints, "pattern");
    if (pattern != NULL && column->type != COLUMN_STRING && column->type != COLUMN_ANY &&
        column->type != COLUMN_LIST) {
        report_constraint(describing, pattern, column);
    } else if (pattern != NULL) {
        struct slice problem;
        rules->pattern = pattern_compile(pattern->text, describing->arena, &problem);
        rules->pattern_text = pattern->text;
        rules->pattern_node = pattern;
        if (rules->pattern == NULL) {
            DIAG(describing->diag, CODE_register_bad_pattern, pattern->span, pattern->text,
                 problem);
        }
    }
}

/* ---- Columns ---- */

static int language_by_tag(const struct site *site, struct slice tag)
{
    for (int i = 0; i < site->language_count; i++) {
        if (slice_equal(site->languages[i].tag, tag)) {
            return i;
        }
    }
    return -1;
}

static void describe_column_words(const struct describing *describing, const struct node *field,
                                  struct column *column)
{
    const struct node *title = expect_text(describing, field, "title");
    const struct node *description = expect_text(describing, field, "description");
    describe_words(describing, field, "kyodo:labels", title != NULL ? title->text : column->name,
                   column->labels);
    describe_words(describing, field, "kyodo:descriptions",
                   description != NULL ? description->text : SLICE(""), column->descriptions);
    /* A unit is words per language, or a code of the list of units, which is looked up when tables
     * are linked. */
    const struct node *unit = node_get(field, "kyodo:unit");
    if (unit != NULL && unit->kind != NODE_SCALAR) {
        describe_words(describing, field, "kyodo:unit", SLICE(""), column->unit);
    }
    const struct node *language = expect_text(describing, field, "kyodo:language");
    if (language != NULL) {
        column->language = language_by_tag(describing->site, language->text);
        if (column->language < 0) {
            DIAG(describing->diag, CODE_register_unknown_language, language->span, language->text);
        }
    }
}

static void describe_column(const struct describing *describing, const struct node *field,
                            struct slices missing, struct column *column,
                            struct column_rules *rules)
{
    describe_members(describing, field, LEVEL_FIELD);
    column->descriptor = field;
    column->translates = -1;
    column->language = -1;
    column->is_private = expect_boolean(describing, field, "kyodo:private", false);
    struct slices aliases = expect_texts(describing, field, "kyodo:aliases");
    column->aliases = aliases.data;
    column->alias_count = aliases.count;
    describe_column_words(describing, field, column);
    describe_type(describing, field, column, rules);
    describe_format(describing, field, column, rules);
    rules->missing = node_get(field, "missingValues") != NULL
                         ? expect_texts(describing, field, "missingValues")
                         : missing;
    describe_constraints(describing, field, column, rules);
    cell_plain_prepare(column, rules);
}

static void describe_translations(const struct describing *describing, const struct table *table)
{
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        struct column *column = &table->columns[i];
        const struct node *of = expect_text(describing, column->descriptor, "kyodo:translates");
        if (of == NULL) {
            continue;
        }
        column->translates = table_column_by_name(table, of->text);
        if (column->translates < 0) {
            report_unknown_column(describing, table, of);
        } else if (column->language < 0 && node_get(column->descriptor, "kyodo:language") == NULL) {
            DIAG(describing->diag, CODE_register_missing_member, column->descriptor->span,
                 SLICE("kyodo:language"));
        }
    }
}

void column_missing_default(struct column_rules *rules, struct arena *arena)
{
    rules->missing = (struct slices){.data = ARENA_NEW(arena, struct slice), .count = 1};
}

bool describe_columns(const struct describing *describing, const struct node *fields,
                      struct table_plan *plan)
{
    struct table *table = plan->table;
    table->columns = ARENA_ARRAY(describing->arena, struct column, fields->count);
    plan->rules = ARENA_ARRAY(describing->arena, struct column_rules, fields->count);
    struct slices missing = expect_texts(describing, table->schema, "missingValues");
    if (missing.data == NULL) {
        missing.data = ARENA_NEW(describing->arena, struct slice); /* by default an empty cell */
        missing.count = 1;
    }
    struct map seen = {0};
    for (const struct node *field = fields->first; field != NULL; field = field->next) {
        const struct node *name =
            field->kind == NODE_MAPPING ? expect_text(describing, field, "name") : NULL;
        if (name == NULL || name->text.length == 0) {
            DIAG(describing->diag, CODE_register_missing_member, field->span, SLICE("name"));
            return false;
        }
        bool is_new;
        struct map_entry *entry = map_insert(&seen, describing->arena, name->text, &is_new);
        if (!is_new) {
            const struct node *first = entry->value.constant;
            diag_add_again(describing->diag, CODE_register_duplicate_field, name->span, name->text,
                           first->span);
            return false;
        }
        entry->value.constant = name;
        struct column *column = &table->columns[table->column_count];
        column->name = name->text;
        describe_column(describing, field, missing, column, &plan->rules[table->column_count]);
        table->column_count++;
    }
    describe_translations(describing, table);
    return true;
}
