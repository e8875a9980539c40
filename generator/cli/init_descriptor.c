#include <jansson.h>

#include "init_descriptor.h"

#include <stdlib.h>

static bool is_named(const json_t *object, const char *name)
{
    const char *own = json_string_value(json_object_get(object, "name"));
    return own != NULL && slice_equal(slice_of(own), slice_of(name));
}

static bool is_list_of_named(const json_t *list)
{
    return json_is_array(list) && json_object_get(json_array_get(list, 0), "name") != NULL;
}

static void merge(json_t *target, const json_t *changes);

static void merge_named(json_t *target, const json_t *changes)
{
    size_t i;
    json_t *change;
    json_array_foreach(changes, i, change)
    {
        const char *name = json_string_value(json_object_get(change, "name"));
        bool is_for_all = slice_equal(slice_of(name), SLICE("*"));
        size_t k;
        json_t *member;
        json_array_foreach(target, k, member)
        {
            if (is_for_all || is_named(member, name)) {
                merge(member, change);
            }
        }
    }
}

/* Objects nest, but for the depth of what the program ships with itself. */
static void merge(json_t *target, const json_t *changes)
{
    const char *key;
    json_t *change;
    json_object_foreach((json_t *)changes, key, change)
    {
        json_t *old = json_object_get(target, key);
        if (json_is_null(change)) {
            json_object_del(target, key);
        } else if (is_list_of_named(change) && is_list_of_named(old)) {
            merge_named(old, change);
        } else if (json_is_object(change) && json_is_object(old)) {
            merge(old, change);
        } else if (!slice_equal(slice_of(key), SLICE("name")) ||
                   !slice_equal(slice_of(json_string_value(change)), SLICE("*"))) {
            json_object_set(target, key, change);
        }
    }
}

static void tell_tables(const json_t *descriptor,
                        void (*table)(void *context, struct slice path, struct slice header),
                        void *context)
{
    struct buffer header = {0};
    size_t i;
    json_t *resource;
    json_array_foreach(json_object_get(descriptor, "resources"), i, resource)
    {
        const json_t *fields = json_object_get(json_object_get(resource, "schema"), "fields");
        size_t k;
        json_t *field;
        buffer_clear(&header);
        json_array_foreach(fields, k, field)
        {
            buffer_append(&header, k > 0 ? SLICE(",") : SLICE(""));
            buffer_append(&header, slice_of(json_string_value(json_object_get(field, "name"))));
        }
        buffer_append_byte(&header, '\n');
        table(context, slice_of(json_string_value(json_object_get(resource, "path"))),
              buffer_slice(&header));
    }
    buffer_release(&header);
}

bool init_descriptor(struct slice demonstration, struct slice changes, struct buffer *out,
                     void (*table)(void *context, struct slice path, struct slice header),
                     void *context)
{
    json_t *descriptor = json_loadb(demonstration.data, (size_t)demonstration.length, 0, NULL);
    json_t *patch = json_loadb(changes.data, (size_t)changes.length, 0, NULL);
    char *text = NULL;
    if (json_is_object(descriptor) && json_is_object(patch)) {
        merge(descriptor, patch);
        tell_tables(descriptor, table, context);
        text = json_dumps(descriptor, JSON_INDENT(2));
    }
    if (text != NULL) {
        buffer_append(out, slice_of(text));
        buffer_append_byte(out, '\n');
    }
    bool is_done = text != NULL;
    free(text);
    json_decref(patch);
    json_decref(descriptor);
    return is_done;
}
