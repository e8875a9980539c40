#include "registers.h"

#include <stdlib.h>

/* Objects, arrays, GeoJSON, points and durations: values with parts. */

/* ---- JSON in a cell ---- */

struct node *cell_json(struct slice text, struct arena *arena)
{
    struct diag *unheard = diag_new(1);
    struct source *source = source_new(SLICE("cell"), text, NULL, NULL);
    struct node *node = json_parse(source, arena, unheard);
    bool is_json = diag_errors(unheard) == 0;
    diag_free(unheard);
    source_free(source);
    return is_json ? node : NULL;
}

static int compare_keys(const void *a, const void *b)
{
    return slice_compare((*(const struct node *const *)a)->key,
                         (*(const struct node *const *)b)->key);
}

static struct slice quoted(struct slice text, struct arena *arena)
{
    struct buffer out = {0};
    struct json_writer json;
    json_begin(&json, &out, false);
    json_write_string(&json, text);
    struct slice kept = arena_copy(arena, buffer_slice(&out));
    buffer_release(&out);
    return kept;
}

/* Members in the order of their names, numbers by their value, no white space: two texts that mean
 * the same are the same. */
struct slice json_canonical(const struct node *node, struct arena *arena)
{
    if (node->kind == NODE_SCALAR) {
        double number;
        bool is_number = node->scalar == SCALAR_INTEGER || node->scalar == SCALAR_NUMBER;
        if (is_number && slice_to_number(node->text, &number)) {
            return arena_format(arena, "%.17g", number);
        }
        return node->scalar == SCALAR_TEXT   ? quoted(node->text, arena)
               : node->scalar == SCALAR_NULL ? SLICE("null")
                                             : node->text;
    }
    bool is_object = node->kind == NODE_MAPPING;
    const struct node **members = ARENA_ARRAY(arena, const struct node *, node->count + 1);
    ptrdiff_t count = 0;
    for (const struct node *member = node->first; member != NULL; member = member->next) {
        members[count++] = member;
    }
    if (is_object && count > 1) {
        qsort(members, (size_t)count, sizeof(members[0]), compare_keys);
    }
    struct slice *parts = ARENA_ARRAY(arena, struct slice, count * 2 + 2);
    ptrdiff_t at = 0;
    parts[at++] = slice_of(is_object ? "{" : "[");
    for (ptrdiff_t i = 0; i < count; i++) {
        struct slice name =
            is_object ? ARENA_JOIN(arena, quoted(members[i]->key, arena), SLICE(":")) : SLICE("");
        parts[at++] = ARENA_JOIN(arena, slice_of(i > 0 ? "," : ""), name);
        parts[at++] = json_canonical(members[i], arena);
    }
    parts[at++] = slice_of(is_object ? "}" : "]");
    return arena_join(arena, parts, at);
}

static bool is_number(const struct node *node)
{
    return node != NULL && node->kind == NODE_SCALAR &&
           (node->scalar == SCALAR_INTEGER || node->scalar == SCALAR_NUMBER);
}

/* Zeros behind the point, and the way in which an exponent is written, say nothing. */
static struct slice logical_number(struct slice value, struct arena *arena)
{
    double number;
    ptrdiff_t point = slice_find_byte(value, '.', 0);
    if (slice_find_byte(value, 'e', 0) >= 0 && slice_to_number(value, &number)) {
        return arena_format(arena, "%.17g", number);
    }
    ptrdiff_t end = value.length;
    while (point >= 0 && end > point + 1 && value.data[end - 1] == '0') {
        end--;
    }
    return slice_sub(value, 0, point >= 0 && end == point + 1 ? point : end);
}

struct slice cell_logical(enum column_type type, struct slice value, struct arena *arena)
{
    bool is_json = type == COLUMN_OBJECT || type == COLUMN_ARRAY || type == COLUMN_GEOJSON;
    const struct node *node = is_json ? cell_json(value, arena) : NULL;
    return node != NULL                                      ? json_canonical(node, arena)
           : type == COLUMN_NUMBER || type == COLUMN_INTEGER ? logical_number(value, arena)
                                                             : value;
}

/* ---- GeoJSON (RFC 7946) ---- */

static bool is_position(const struct node *node)
{
    bool is_good = node != NULL && node->kind == NODE_SEQUENCE && node->count >= 2;
    for (const struct node *one = is_good ? node->first : NULL; one != NULL; one = one->next) {
        is_good = is_good && is_number(one);
    }
    return is_good;
}

/* 139.7 is 139.70. */
static bool is_same_number(const struct node *a, const struct node *b)
{
    double one = 0;
    double other = 0;
    return slice_equal(a->text, b->text) ||
           (slice_to_number(a->text, &one) && slice_to_number(b->text, &other) && !(one < other) &&
            !(one > other));
}

static bool is_same_position(const struct node *a, const struct node *b)
{
    const struct node *one = a->first;
    const struct node *other = b->first;
    while (one != NULL && other != NULL && is_same_number(one, other)) {
        one = one->next;
        other = other->next;
    }
    return one == NULL && other == NULL;
}

/* Lists `depth` deep whose innermost have `least` positions; those of rings end where they begin
 * (3.1.4, 3.1.6). */
static bool is_positions(const struct node *node, int depth, int least, bool is_ring)
{
    if (depth == 0) {
        return is_position(node);
    }
    if (node == NULL || node->kind != NODE_SEQUENCE || (depth == 1 && node->count < least)) {
        return false;
    }
    const struct node *last = NULL;
    for (const struct node *one = node->first; one != NULL; one = one->next) {
        if (!is_positions(one, depth - 1, least, is_ring)) {
            return false;
        }
        last = one;
    }
    return depth > 1 || !is_ring || is_same_position(node->first, last);
}

static bool is_geojson(const struct node *node);

static bool are_geojson(const struct node *list)
{
    if (list == NULL || list->kind != NODE_SEQUENCE) {
        return false;
    }
    for (const struct node *one = list->first; one != NULL; one = one->next) {
        if (!is_geojson(one)) {
            return false;
        }
    }
    return true;
}

static bool is_geojson(const struct node *node)
{
    static const struct {
        const char *name;
        int depth;
        int least;
        bool is_ring;
    } shapes[] = {{"Point", 0, 0, false},      {"MultiPoint", 1, 0, false},
                  {"LineString", 1, 2, false}, {"MultiLineString", 2, 2, false},
                  {"Polygon", 2, 4, true},     {"MultiPolygon", 3, 4, true}};
    const struct node *type = node_get(node, "type");
    if (node == NULL || node->kind != NODE_MAPPING || type == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        if (slice_equal(type->text, slice_of(shapes[i].name))) {
            return is_positions(node_get(node, "coordinates"), shapes[i].depth, shapes[i].least,
                                shapes[i].is_ring);
        }
    }
    if (slice_equal(type->text, SLICE("GeometryCollection"))) {
        return are_geojson(node_get(node, "geometries"));
    }
    if (slice_equal(type->text, SLICE("FeatureCollection"))) {
        return are_geojson(node_get(node, "features"));
    }
    const struct node *geometry = node_get(node, "geometry");
    bool is_feature = slice_equal(type->text, SLICE("Feature")) && geometry != NULL &&
                      node_get(node, "properties") != NULL;
    bool is_unlocated =
        is_feature && geometry->kind == NODE_SCALAR && geometry->scalar == SCALAR_NULL;
    return is_feature && (is_unlocated || is_geojson(geometry));
}

static bool is_topojson(const struct node *node)
{
    const struct node *type = node_get(node, "type");
    const struct node *arcs = node_get(node, "arcs");
    const struct node *objects = node_get(node, "objects");
    return type != NULL && slice_equal(type->text, SLICE("Topology")) && arcs != NULL &&
           arcs->kind == NODE_SEQUENCE && objects != NULL && objects->kind == NODE_MAPPING;
}

static enum cell_problem read_json(const struct column_rules *rules, enum column_type type,
                                   struct slice raw, struct arena *arena)
{
    const struct node *node = cell_json(raw, arena);
    if (node == NULL) {
        return CELL_WRONG_TYPE;
    }
    bool fits = type == COLUMN_OBJECT              ? node->kind == NODE_MAPPING
                : type == COLUMN_ARRAY             ? node->kind == NODE_SEQUENCE
                : rules->format == FORMAT_TOPOJSON ? is_topojson(node)
                                                   : is_geojson(node);
    return fits ? CELL_OK : CELL_WRONG_TYPE;
}

/* ---- Points ---- */

static bool within(struct slice text, double limit)
{
    double number;
    return slice_to_number(text, &number) && number >= -limit && number <= limit;
}

/* `135.25, 33.79`: longitude first. Read the other way round a place in Japan lies at a latitude of
 * 135, which there is not: then the two were probably swapped. */
static enum cell_problem read_point(const struct column_rules *rules, struct slice raw,
                                    struct arena *arena, struct cell *cell)
{
    struct slice longitude = {0};
    struct slice latitude = {0};
    if (rules->format == FORMAT_DEFAULT) {
        latitude = raw;
        longitude = slice_trim(slice_cut(&latitude, ','));
        latitude = slice_trim(latitude);
    } else {
        const struct node *node = cell_json(raw, arena);
        bool is_array = node != NULL && node->kind == NODE_SEQUENCE && node->count == 2;
        const struct node *first = is_array ? node->first : node_get(node, "lon");
        const struct node *second = is_array ? node->first->next : node_get(node, "lat");
        bool is_form = (rules->format == FORMAT_POINT_ARRAY) == is_array;
        if (is_form && is_number(first) && is_number(second)) {
            longitude = first->text;
            latitude = second->text;
        }
    }
    if (within(longitude, 180) && within(latitude, 90)) {
        struct slice value = ARENA_JOIN(arena, longitude, SLICE(", "), latitude);
        cell->value = slice_equal(value, raw) ? raw : value;
        return CELL_OK;
    }
    if (within(longitude, 90) && within(latitude, 180)) {
        cell->suggestion = ARENA_JOIN(arena, latitude, SLICE(", "), longitude);
    }
    return CELL_WRONG_TYPE;
}

/* ---- Durations (XML Schema: PnYnMnDTnHnMnS) ---- */

bool duration_seconds(struct slice s, double *out)
{
    static const struct {
        char sign;
        bool is_time;
        double seconds;
    } parts[] = {{'Y', false, 31556952}, {'M', false, 2629746}, {'D', false, 86400},
                 {'H', true, 3600},      {'M', true, 60},       {'S', true, 1}};
    ptrdiff_t at = 0;
    bool is_negative = s.length > 0 && s.data[0] == '-';
    at += is_negative ? 1 : 0;
    if (at >= s.length || s.data[at++] != 'P') {
        return false;
    }
    bool is_time = false;
    bool has_part = false;
    size_t next = 0;
    *out = 0;
    while (at < s.length) {
        if (s.data[at] == 'T') {
            if (is_time) {
                return false;
            }
            is_time = true;
            has_part = false; /* something has to follow */
            at++;
            continue;
        }
        ptrdiff_t start = at;
        while (at < s.length && ((s.data[at] >= '0' && s.data[at] <= '9') || s.data[at] == '.')) {
            at++;
        }
        struct slice digits = slice_sub(s, start, at);
        double number;
        bool is_whole = slice_find_byte(digits, '.', 0) < 0;
        if (at >= s.length || digits.length == 0 || !slice_to_number(digits, &number)) {
            return false;
        }
        while (next < sizeof(parts) / sizeof(parts[0]) &&
               (parts[next].sign != s.data[at] || parts[next].is_time != is_time)) {
            next++;
        }
        if (next == sizeof(parts) / sizeof(parts[0]) || (!is_whole && s.data[at] != 'S')) {
            return false;
        }
        *out += number * parts[next++].seconds;
        has_part = true;
        at++;
    }
    *out = is_negative ? -*out : *out;
    return has_part;
}

enum cell_problem cell_read_structure(const struct column_rules *rules, enum column_type type,
                                      struct slice raw, struct arena *arena, struct cell *cell)
{
    double seconds;
    switch (type) {
    case COLUMN_OBJECT:
    case COLUMN_ARRAY:
    case COLUMN_GEOJSON:
        return read_json(rules, type, raw, arena);
    case COLUMN_GEOPOINT:
        return read_point(rules, raw, arena, cell);
    case COLUMN_DURATION:
        return duration_seconds(raw, &seconds) ? CELL_OK : CELL_WRONG_TYPE;
    default:
        BUG("a value of one part");
    }
}
