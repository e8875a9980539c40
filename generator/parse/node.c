/* The tree that YAML and JSON give. */
#include "node.h"

void node_append(struct node *parent, struct node **last, struct node *child)
{
    if (*last == NULL) {
        parent->first = child;
    } else {
        (*last)->next = child;
    }
    *last = child;
    parent->count++;
}

const struct node *key_set_add(struct key_set *keys, struct arena *arena, const struct node *member)
{
    if (keys->count < KEY_SET_LINEAR) {
        for (ptrdiff_t i = 0; i < keys->count; i++) {
            if (slice_equal(keys->members[i]->key, member->key)) {
                return keys->members[i];
            }
        }
        keys->members[keys->count++] = member;
        return NULL;
    }
    if (keys->count == KEY_SET_LINEAR) {
        for (ptrdiff_t i = 0; i < keys->count; i++) {
            map_insert(&keys->map, arena, keys->members[i]->key, NULL)->value.constant =
                keys->members[i];
        }
        keys->count++;
    }
    bool is_new;
    struct map_entry *entry = map_insert(&keys->map, arena, member->key, &is_new);
    if (!is_new) {
        return entry->value.constant;
    }
    entry->value.constant = member;
    return NULL;
}

const struct node *node_get_slice(const struct node *mapping, struct slice key)
{
    if (mapping == NULL || mapping->kind != NODE_MAPPING) {
        return NULL;
    }
    for (const struct node *child = mapping->first; child != NULL; child = child->next) {
        if (slice_equal(child->key, key)) {
            return child;
        }
    }
    return NULL;
}

const struct node *node_get(const struct node *mapping, const char *key)
{
    return node_get_slice(mapping, slice_of(key));
}

struct slice quotable(struct slice text)
{
    return text.length <= 60 ? text : slice_sub(text, 0, utf8_offset(slice_sub(text, 0, 240), 60));
}

char wide_twin(int32_t code_point)
{
    if (code_point == 0x3000 || code_point == 0x00A0) {
        return ' ';
    }
    if (code_point >= 0xFF01 && code_point <= 0xFF5E) {
        return (char)(code_point - 0xFEE0);
    }
    if (code_point == 0x201C || code_point == 0x201D || code_point == 0x201E ||
        code_point == 0x301D || code_point == 0x301E || code_point == 0x301F) {
        return '"';
    }
    if (code_point == 0x2018 || code_point == 0x2019) {
        return '\'';
    }
    return 0;
}
