/*
 * GeoJSON (RFC 7946): a feature a row, its columns as properties. A row without coordinates, or
 * with impossible ones, is a feature without geometry, so that no row is missing.
 */
#include "cell_reader.h"
#include "forms.h"
#include "json_parts.h"

struct geojson_writing {
    const struct dataset *dataset;
    struct buffer *out;
    struct places places;
    int key;
    struct arena scratch; /* for one cell */
};

static bool is_within(struct slice cell, double most)
{
    double degrees;
    return cell.length > 0 && slice_to_number(cell, &degrees) && degrees >= -most &&
           degrees <= most;
}

/* False when the two are no place on earth. */
static bool write_point(struct json_writer *json, struct slice latitude, struct slice longitude)
{
    if (!is_within(latitude, 90) || !is_within(longitude, 180)) {
        return false;
    }
    json_object_begin(json);
    json_member(json, "type", SLICE("Point"));
    json_key(json, SLICE("coordinates"));
    json_array_begin(json);
    json_write_decimal(json, longitude);
    json_write_decimal(json, latitude);
    json_array_end(json);
    json_object_end(json);
    return true;
}

/* The geometry in a cell: its own, a feature's, or those of several features as one collection. */
static bool write_shape(struct json_writer *json, const struct node *shape)
{
    const struct node *type = node_get(shape, "type");
    if (type == NULL) {
        return false;
    }
    if (slice_equal(type->text, SLICE("Feature"))) {
        return write_shape(json, node_get(shape, "geometry"));
    }
    if (!slice_equal(type->text, SLICE("FeatureCollection"))) {
        json_node(json, shape);
        return true;
    }
    json_object_begin(json);
    json_member(json, "type", SLICE("GeometryCollection"));
    json_key(json, SLICE("geometries"));
    json_array_begin(json);
    const struct node *features = node_get(shape, "features");
    for (const struct node *one = features != NULL ? features->first : NULL; one != NULL;
         one = one->next) {
        (void)write_shape(json, one);
    }
    json_array_end(json);
    json_object_end(json);
    return true;
}

static bool write_cell(struct geojson_writing *writing, struct json_writer *json,
                       const struct slice *cells)
{
    const struct places *places = &writing->places;
    if (places->geometry >= 0) {
        struct slice cell = cells[places->geometry];
        bool is_written = cell.length > 0 && write_shape(json, cell_json(cell, &writing->scratch));
        arena_clear(&writing->scratch);
        return is_written;
    }
    if (places->point >= 0) {
        struct slice latitude = cells[places->point];
        struct slice longitude = slice_cut(&latitude, ',');
        return write_point(json, slice_trim(latitude), slice_trim(longitude));
    }
    return write_point(json, cells[places->latitude], cells[places->longitude]);
}

static void write_feature(void *context, ptrdiff_t row, const struct slice *cells)
{
    struct geojson_writing *writing = context;
    buffer_append(writing->out, row > 0 ? SLICE(",\n") : SLICE("\n"));
    struct json_writer json;
    json_begin(&json, writing->out, false);
    json_object_begin(&json);
    json_member(&json, "type", SLICE("Feature"));
    if (writing->key >= 0) {
        json_member(&json, "id", cells[writing->key]);
    }
    json_key(&json, SLICE("geometry"));
    if (!write_cell(writing, &json, cells)) {
        json_null(&json);
    }
    json_key(&json, SLICE("properties"));
    json_object_begin(&json);
    json_row(&json, writing->dataset, cells);
    json_row_labels(&json, writing->dataset, cells);
    json_object_end(&json);
    json_object_end(&json);
}

bool form_geojson(const struct render *render, const struct dataset *dataset,
                  struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)worker;
    (void)diag;
    struct geojson_writing writing = {.dataset = dataset,
                                      .out = out,
                                      .places = dataset_places(dataset),
                                      .key = dataset_key(dataset)};
    arena_init(&writing.scratch, ARENA_DEFAULT_LIMIT);
    buffer_append_literal(out, "{\"type\": \"FeatureCollection\", \"features\": [");
    dataset_rows(dataset, write_feature, &writing);
    arena_release(&writing.scratch);
    buffer_append_literal(out, "\n]}\n");
    return true;
}
