#include "registers.h"

#include <math.h>

/*
 * JSON Schema, the part that describes data in cells: type enum const; minimum maximum
 * exclusiveMinimum exclusiveMaximum multipleOf; minLength maxLength pattern; items prefixItems
 * minItems maxItems uniqueItems contains; properties required additionalProperties
 * patternProperties propertyNames minProperties maxProperties; allOf anyOf oneOf not if/then/else;
 * $ref to `#/…` of the same schema. `format` and other annotations are not judged.
 */

enum { DEPTH_MOST = 64 };

struct validating {
    const struct node *root;
    struct arena *arena;
    int depth;
};

static bool is_valid(struct validating *validating, const struct node *schema,
                     const struct node *value);

static bool is_number(const struct node *node)
{
    return node->kind == NODE_SCALAR &&
           (node->scalar == SCALAR_INTEGER || node->scalar == SCALAR_NUMBER);
}

static bool is_whole(const struct node *node)
{
    double number;
    return is_number(node) && slice_to_number(node->text, &number) && floor(number) == number;
}

static bool is_text(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->scalar == SCALAR_TEXT;
}

static bool has_type(const struct node *value, struct slice name)
{
    return slice_equal(name, SLICE("object"))    ? value->kind == NODE_MAPPING
           : slice_equal(name, SLICE("array"))   ? value->kind == NODE_SEQUENCE
           : slice_equal(name, SLICE("string"))  ? is_text(value)
           : slice_equal(name, SLICE("number"))  ? is_number(value)
           : slice_equal(name, SLICE("integer")) ? is_whole(value)
           : slice_equal(name, SLICE("boolean"))
               ? value->kind == NODE_SCALAR && value->scalar == SCALAR_BOOLEAN
               : value->kind == NODE_SCALAR && value->scalar == SCALAR_NULL;
}

static bool is_same(struct validating *validating, const struct node *a, const struct node *b)
{
    return slice_equal(json_canonical(a, validating->arena), json_canonical(b, validating->arena));
}

static bool is_among(struct validating *validating, const struct node *list,
                     const struct node *value)
{
    for (const struct node *one = list->first; one != NULL; one = one->next) {
        if (is_same(validating, one, value)) {
            return true;
        }
    }
    return false;
}

/* ---- What a value is ---- */

static bool fits_type(struct validating *validating, const struct node *schema,
                      const struct node *value)
{
    const struct node *type = node_get(schema, "type");
    const struct node *choices = node_get(schema, "enum");
    const struct node *constant = node_get(schema, "const");
    bool fits = type == NULL || (type->kind == NODE_SCALAR && has_type(value, type->text));
    for (const struct node *one = type != NULL ? type->first : NULL; one != NULL && !fits;
         one = one->next) {
        fits = has_type(value, one->text);
    }
    return fits && (choices == NULL || is_among(validating, choices, value)) &&
           (constant == NULL || is_same(validating, constant, value));
}

static bool limit(const struct node *schema, const char *name, double *out)
{
    const struct node *node = node_get(schema, name);
    return node != NULL && slice_to_number(node->text, out);
}

static bool fits_number(const struct node *schema, const struct node *value)
{
    double number;
    double bound;
    if (!is_number(value) || !slice_to_number(value->text, &number)) {
        return true;
    }
    bool fits = (!limit(schema, "minimum", &bound) || number >= bound) &&
                (!limit(schema, "maximum", &bound) || number <= bound) &&
                (!limit(schema, "exclusiveMinimum", &bound) || number > bound) &&
                (!limit(schema, "exclusiveMaximum", &bound) || number < bound);
    if (limit(schema, "multipleOf", &bound) && bound > 0) {
        double parts = number / bound;
        fits = fits && fabs(parts - round(parts)) < 1e-9 * fmax(1, fabs(parts));
    }
    return fits;
}

static bool has_size(const struct node *schema, const char *least, const char *most, ptrdiff_t size)
{
    double bound;
    return (!limit(schema, least, &bound) || (double)size >= bound) &&
           (!limit(schema, most, &bound) || (double)size <= bound);
}

/* A pattern of JSON Schema may match anywhere. One that is no pattern matches all: the schema is at
 * fault, not the data. */
static bool matches(struct validating *validating, struct slice pattern, struct slice text)
{
    struct slice problem;
    struct slice anywhere =
        ARENA_JOIN(validating->arena, SLICE("[\\s\\S]*?(?:"), pattern, SLICE(")[\\s\\S]*"));
    struct pattern *compiled = pattern_compile(anywhere, validating->arena, &problem);
    bool fits = compiled == NULL || pattern_matches(compiled, text);
    pattern_free(compiled);
    return fits;
}

static bool fits_text(struct validating *validating, const struct node *schema,
                      const struct node *value)
{
    const struct node *pattern = node_get(schema, "pattern");
    return !is_text(value) ||
           (has_size(schema, "minLength", "maxLength", utf8_count(value->text)) &&
            (pattern == NULL || matches(validating, pattern->text, value->text)));
}

/* ---- Arrays and objects ---- */

static bool is_unique(struct validating *validating, const struct node *list)
{
    struct map seen = {0};
    for (const struct node *one = list->first; one != NULL; one = one->next) {
        bool is_new;
        map_insert(&seen, validating->arena, json_canonical(one, validating->arena), &is_new);
        if (!is_new) {
            return false;
        }
    }
    return true;
}

static bool is_true(const struct node *node)
{
    return node != NULL && slice_equal(node->text, SLICE("true"));
}

static bool fits_array(struct validating *validating, const struct node *schema,
                       const struct node *value)
{
    if (value->kind != NODE_SEQUENCE) {
        return true;
    }
    const struct node *items = node_get(schema, "items");
    const struct node *first = node_get(schema, "prefixItems");
    const struct node *contains = node_get(schema, "contains");
    /* Before 2020-12 a list of schemas stood at `items`. */
    bool is_list = items != NULL && items->kind == NODE_SEQUENCE;
    const struct node *own = first != NULL ? first->first : is_list ? items->first : NULL;
    const struct node *rest = is_list ? node_get(schema, "additionalItems") : items;
    bool is_contained = contains == NULL;
    for (const struct node *one = value->first; one != NULL; one = one->next) {
        const struct node *of = own != NULL ? own : rest;
        if (of != NULL && !is_valid(validating, of, one)) {
            return false;
        }
        own = own != NULL ? own->next : NULL;
        is_contained = is_contained || is_valid(validating, contains, one);
    }
    return is_contained && has_size(schema, "minItems", "maxItems", value->count) &&
           (!is_true(node_get(schema, "uniqueItems")) || is_unique(validating, value));
}

static bool fits_member(struct validating *validating, const struct node *schema,
                        const struct node *member)
{
    const struct node *own = node_get_slice(node_get(schema, "properties"), member->key);
    const struct node *patterns = node_get(schema, "patternProperties");
    const struct node *others = node_get(schema, "additionalProperties");
    const struct node *names = node_get(schema, "propertyNames");
    bool is_described = own != NULL;
    if (own != NULL && !is_valid(validating, own, member)) {
        return false;
    }
    for (const struct node *one = patterns != NULL ? patterns->first : NULL; one != NULL;
         one = one->next) {
        if (matches(validating, one->key, member->key)) {
            is_described = true;
            if (!is_valid(validating, one, member)) {
                return false;
            }
        }
    }
    const struct node name = {
        .kind = NODE_SCALAR, .scalar = SCALAR_TEXT, .text = member->key, .span = member->key_span};
    return (is_described || others == NULL || is_valid(validating, others, member)) &&
           (names == NULL || is_valid(validating, names, &name));
}

static bool fits_object(struct validating *validating, const struct node *schema,
                        const struct node *value)
{
    if (value->kind != NODE_MAPPING) {
        return true;
    }
    const struct node *required = node_get(schema, "required");
    for (const struct node *one = required != NULL ? required->first : NULL; one != NULL;
         one = one->next) {
        if (node_get_slice(value, one->text) == NULL) {
            return false;
        }
    }
    for (const struct node *member = value->first; member != NULL; member = member->next) {
        if (!fits_member(validating, schema, member)) {
            return false;
        }
    }
    return has_size(schema, "minProperties", "maxProperties", value->count);
}

/* ---- Schemas made of schemas ---- */

static int count_valid(struct validating *validating, const struct node *list,
                       const struct node *value)
{
    int count = 0;
    for (const struct node *one = list->first; one != NULL; one = one->next) {
        count += is_valid(validating, one, value) ? 1 : 0;
    }
    return count;
}

static bool fits_combination(struct validating *validating, const struct node *schema,
                             const struct node *value)
{
    const struct node *all = node_get(schema, "allOf");
    const struct node *any = node_get(schema, "anyOf");
    const struct node *one = node_get(schema, "oneOf");
    const struct node *none = node_get(schema, "not");
    const struct node *condition = node_get(schema, "if");
    if ((all != NULL && count_valid(validating, all, value) != all->count) ||
        (any != NULL && count_valid(validating, any, value) == 0) ||
        (one != NULL && count_valid(validating, one, value) != 1) ||
        (none != NULL && is_valid(validating, none, value))) {
        return false;
    }
    if (condition == NULL) {
        return true;
    }
    const struct node *then =
        node_get(schema, is_valid(validating, condition, value) ? "then" : "else");
    return then == NULL || is_valid(validating, then, value);
}

/* `#/definitions/name`; NULL when it leads nowhere. */
static const struct node *resolve(const struct validating *validating, struct slice reference)
{
    if (!slice_starts_with(reference, SLICE("#"))) {
        return NULL;
    }
    const struct node *node = validating->root;
    struct slice rest = slice_from(reference, 1);
    if (rest.length == 0) {
        return node;
    }
    (void)slice_cut(&rest, '/');
    while (rest.data != NULL && node != NULL) {
        node = node_get_slice(node, slice_cut(&rest, '/'));
    }
    return node;
}

static bool is_valid(struct validating *validating, const struct node *schema,
                     const struct node *value)
{
    if (schema->kind == NODE_SCALAR) {
        return !slice_equal(schema->text, SLICE("false"));
    }
    if (validating->depth == DEPTH_MOST) {
        return true; /* a schema that refers to itself without end says no more */
    }
    validating->depth++;
    const struct node *reference = node_get(schema, "$ref");
    const struct node *target = reference != NULL ? resolve(validating, reference->text) : NULL;
    bool fits = (target == NULL || is_valid(validating, target, value)) &&
                fits_type(validating, schema, value) && fits_number(schema, value) &&
                fits_text(validating, schema, value) && fits_array(validating, schema, value) &&
                fits_object(validating, schema, value) &&
                fits_combination(validating, schema, value);
    validating->depth--;
    return fits;
}

bool json_schema_accepts(const struct node *schema, const struct node *value, struct arena *arena)
{
    struct validating validating = {.root = schema, .arena = arena};
    return is_valid(&validating, schema, value);
}
