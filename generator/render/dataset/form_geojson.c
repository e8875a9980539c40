/*
 * GeoJSON (RFC 7946): a feature a row, its columns as properties. A row without coordinates, or
 * with impossible ones, is a feature without geometry, so that no row is missing.
 */
#include "forms.h"
#include "json_parts.h"

struct geojson_writing {
    const struct dataset *dataset;
    struct buffer *out;
    struct places places;
    int key;
};

static bool is_within(struct slice cell, double most)
{
    double degrees;
    return cell.length > 0 && slice_to_number(cell, &degrees) && degrees >= -most &&
           degrees <= most;
}

static void write_geometry(struct json_writer *json, struct slice latitude, struct slice longitude)
{
    json_key(json, SLICE("geometry"));
    if (!is_within(latitude, 90) || !is_within(longitude, 180)) {
        json_null(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "type", SLICE("Point"));
    json_key(json, SLICE("coordinates"));
    json_array_begin(json);
    json_write_decimal(json, longitude);
    json_write_decimal(json, latitude);
    json_array_end(json);
    json_object_end(json);
}

static void write_feature(void *context, ptrdiff_t row, const struct slice *cells)
{
    const struct geojson_writing *writing = context;
    buffer_append(writing->out, row > 0 ? SLICE(",\n") : SLICE("\n"));
    struct json_writer json;
    json_begin(&json, writing->out, false);
    json_object_begin(&json);
    json_member(&json, "type", SLICE("Feature"));
    if (writing->key >= 0) {
        json_member(&json, "id", cells[writing->key]);
    }
    write_geometry(&json, cells[writing->places.latitude], cells[writing->places.longitude]);
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
    buffer_append_literal(out, "{\"type\": \"FeatureCollection\", \"features\": [");
    dataset_rows(dataset, write_feature, &writing);
    buffer_append_literal(out, "\n]}\n");
    return true;
}
