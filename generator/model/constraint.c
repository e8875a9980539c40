#include "registers.h"

/* Constraints of a schema, judged on the normalised value. */

struct judging {
    const struct column_rules *rules;
    const struct column *column;
    const struct record_place *place;
    struct slice value;
    struct arena *arena;
    struct diag *diag;
    bool is_good;
};

/* What the column is, in words, for those who do not read patterns. */
static struct wording describe_column(const struct judging *judging)
{
    static const char *const open[INTERFACE_LANGUAGES] = {"（", " ("};
    static const char *const close[INTERFACE_LANGUAGES] = {"）", ")"};
    const struct site *site = judging->place->table->site;
    struct wording words = {0};
    for (int i = 0; i < site->language_count; i++) {
        enum interface_language interface = site_interface_language(site, i);
        struct slice text = judging->column->descriptions[i];
        if (text.length > 0 && words.in[interface].length == 0) {
            words.in[interface] = ARENA_JOIN(judging->arena, slice_of(open[interface]), text,
                                             slice_of(close[interface]));
        }
    }
    return words;
}

/* {0} the value, {1} the column, {2} the limit, {3} what the column is; the note points at the
 * constraint. */
static void report(struct judging *judging, enum code code, struct slice limit,
                   const struct node *constraint)
{
    struct cell_report cell = {
        .code = code,
        .place = *judging->place,
        .field = judging->column->field,
        .arguments = {cell_shown(judging->column, judging->value, judging->arena),
                      wording_of(judging->column->name), wording_of(limit),
                      describe_column(judging)},
    };
    if (constraint != NULL) {
        cell.note_count = 1;
        cell.notes[0] = (struct report_note){.code = CODE_see_constraint,
                                             .span = constraint->span,
                                             .arguments = {judging->column->name, constraint->key}};
    }
    cell_report(judging->diag, &cell);
    judging->is_good = false;
}

static ptrdiff_t length_of(const struct column *column, struct slice value, struct arena *arena)
{
    if (column->type == COLUMN_OBJECT || column->type == COLUMN_ARRAY) {
        const struct node *node = cell_json(value, arena);
        return node != NULL ? node->count : 0;
    }
    if (column->type != COLUMN_LIST) {
        return utf8_count(value);
    }
    ptrdiff_t parts = 1;
    for (ptrdiff_t i = 0; i < value.length; i++) {
        parts += value.data[i] == column->delimiter ? 1 : 0;
    }
    return parts;
}

static void check_length(struct judging *judging)
{
    const struct column_rules *rules = judging->rules;
    if (rules->length_least < 0 && rules->length_most < 0) {
        return;
    }
    ptrdiff_t length = length_of(judging->column, judging->value, judging->arena);
    if (rules->length_least >= 0 && length < rules->length_least) {
        report(judging, CODE_csv_too_short, rules->length_least_node->text,
               rules->length_least_node);
    }
    if (rules->length_most >= 0 && length > rules->length_most) {
        report(judging, CODE_csv_too_long, rules->length_most_node->text, rules->length_most_node);
    }
}

static bool is_numeric(enum column_type type)
{
    return type == COLUMN_INTEGER || type == COLUMN_NUMBER || type == COLUMN_YEAR;
}

/* <0, 0, >0. Whole numbers exactly, numbers as doubles; ISO 8601 by its bytes. */
static int compare(const struct column *column, struct slice value, const struct bound *bound)
{
    int64_t a;
    int64_t b;
    double seconds;
    if (column->type == COLUMN_DURATION && duration_seconds(value, &seconds)) {
        return (seconds > bound->number) - (seconds < bound->number);
    }
    if (!is_numeric(column->type)) {
        return slice_compare(value, bound->text);
    }
    if (slice_to_integer(value, &a) && slice_to_integer(bound->text, &b)) {
        return (a > b) - (a < b);
    }
    double number;
    if (!slice_to_number(value, &number)) {
        return 0; /* NaN and the infinities have no place in an order */
    }
    return (number > bound->number) - (number < bound->number);
}

static void check_bounds(struct judging *judging)
{
    for (int i = 0; i < BOUNDS; i++) {
        const struct bound *bound = &judging->rules->bounds[i];
        if (!bound->is_set) {
            continue;
        }
        int order = compare(judging->column, judging->value, bound);
        bool is_lower = i == BOUND_MINIMUM || i == BOUND_ABOVE;
        bool is_strict = i == BOUND_ABOVE || i == BOUND_BELOW;
        if (is_lower ? order < 0 || (is_strict && order == 0)
                     : order > 0 || (is_strict && order == 0)) {
            static const enum code codes[BOUNDS] = {CODE_csv_too_small, CODE_csv_too_large,
                                                    CODE_csv_not_above, CODE_csv_not_below};
            report(judging, codes[i], bound->text, bound->node);
        }
    }
}

static bool each_part(const struct judging *judging,
                      bool (*test)(const struct column_rules *rules, struct slice part))
{
    if (judging->column->type != COLUMN_LIST) {
        return test(judging->rules, judging->value);
    }
    struct slice rest = judging->value;
    while (rest.data != NULL) {
        if (!test(judging->rules, slice_cut(&rest, judging->column->delimiter))) {
            return false;
        }
    }
    return true;
}

static bool fits_pattern(const struct column_rules *rules, struct slice part)
{
    return pattern_matches(rules->pattern, part);
}

/* All parts of a list, by what they mean. */
static bool is_choice(const struct judging *judging, const struct map *choices)
{
    const struct column *column = judging->column;
    bool is_list = column->type == COLUMN_LIST;
    enum column_type type = is_list ? judging->rules->item_type : column->type;
    struct slice rest = judging->value;
    while (rest.data != NULL) {
        struct slice part = is_list ? slice_cut(&rest, column->delimiter) : rest;
        if (map_find(choices, cell_logical(type, part, judging->arena)) == NULL) {
            return false;
        }
        rest = is_list ? rest : (struct slice){0};
    }
    return true;
}

/* The nearest choice, else the first ones. */
static struct slice name_choices(const struct judging *judging, const struct map *choices)
{
    struct slice *names = ARENA_ARRAY(judging->arena, struct slice, choices->length);
    struct slice all = SLICE("");
    for (ptrdiff_t i = 0; i < choices->length; i++) {
        names[i] = choices->entries[i].key;
        if (i < 20) {
            all = ARENA_JOIN(judging->arena, all, slice_of(i > 0 ? ", " : ""), names[i]);
        }
    }
    struct slice nearest = nearest_name(judging->value, names, choices->length);
    return nearest.data != NULL   ? nearest
           : choices->length > 20 ? ARENA_JOIN(judging->arena, all, SLICE(" …"))
                                  : all;
}

/* Full-width letters and capitals are the usual slip. */
static void report_pattern(struct judging *judging)
{
    struct judging folded = *judging;
    folded.value = utf8_nfkc_casefold(judging->arena, judging->value);
    bool is_meant = !judging->column->is_private && each_part(&folded, fits_pattern);
    report(judging, is_meant ? CODE_csv_pattern_near : CODE_csv_pattern,
           is_meant ? folded.value : judging->rules->pattern_text, judging->rules->pattern_node);
}

bool constraint_check(const struct column_rules *rules, const struct column *column,
                      const struct record_place *place, struct slice value, struct arena *arena,
                      struct diag *diag)
{
    struct judging judging = {.rules = rules,
                              .column = column,
                              .place = place,
                              .value = value,
                              .arena = arena,
                              .diag = diag,
                              .is_good = true};
    check_length(&judging);
    check_bounds(&judging);
    if (rules->pattern != NULL && !each_part(&judging, fits_pattern)) {
        report_pattern(&judging);
    }
    if (rules->choices.length > 0 && !is_choice(&judging, &rules->choices)) {
        report(&judging, CODE_csv_enum, name_choices(&judging, &rules->choices),
               rules->choices_node);
    }
    if (rules->categories.length > 0 && !is_choice(&judging, &rules->categories)) {
        report(&judging, CODE_csv_enum, name_choices(&judging, &rules->categories),
               rules->categories_node);
    }
    if (rules->json_schema != NULL) {
        const struct node *node = cell_json(value, arena);
        if (node != NULL && !json_schema_accepts(rules->json_schema, node, arena)) {
            report(&judging, CODE_csv_json_schema, SLICE(""), rules->json_schema);
        }
    }
    return judging.is_good;
}
