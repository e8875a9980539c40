#include "reading.h"

/* The fictional examples that come with the program, read for one thing: to know their texts where
 * they were left in a record. */

/* Shorter texts may well be the same by chance: "Hands for the work". In bytes. */
#define TELLING_LENGTH 30

static struct slice hash_key(const uint64_t *hash)
{
    return slice_make((const char *)hash, sizeof(*hash));
}

static void add_text(struct map *texts, struct slice text, struct arena *arena)
{
    if (text.length >= TELLING_LENGTH) {
        map_insert(texts, arena, text, NULL);
    }
}

static void add_texts(struct map *texts, const struct node *node, struct arena *arena)
{
    add_text(texts, node->text, arena);
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        add_texts(texts, child, arena);
    }
}

static void add_example(struct map *texts, const struct tree *shipped, struct slice path,
                        struct arena *arena, struct diag *diag)
{
    struct source *source = tree_read_source(shipped, path, LOAD_LIMIT_TEXT, false, NULL, diag);
    if (source == NULL) {
        return;
    }
    struct front_matter matter = front_matter_split(source, diag);
    const struct node *fields = yaml_parse(source, matter.yaml_start, matter.yaml_end, arena, diag);
    if (fields != NULL) {
        add_texts(texts, fields, arena);
    }
    const struct document *body = markdown_parse(
        source, matter.body_start, &(struct markdown_options){.plain = false}, arena, diag);
    for (ptrdiff_t i = 0; body != NULL && i < body->heading_count; i++) {
        map_insert(texts, arena, hash_key(&body->headings[i].hash), NULL);
    }
    source_free(source);
}

void examples_build(struct site *site, const struct site_options *options)
{
    static const struct slice folder = {"starter/new", 11};
    struct diag *diag = diag_new(0); /* what is wrong with an example is not the site's affair */
    struct tree shipped = {0};
    if (options->theme_root.length > 0 &&
        tree_open_disk(&shipped, options->theme_root, &folder, 1, NULL, &site->arena, diag)) {
        ptrdiff_t at;
        ptrdiff_t end;
        tree_range(&shipped, SLICE("starter/new/"), &at, &end);
        for (; at < end; at++) {
            add_example(&site->examples, &shipped, shipped.files[at].path, &site->arena, diag);
        }
        tree_close(&shipped);
    }
    diag_free(diag);
}

bool site_example_has_text(const struct site *site, struct slice text)
{
    return text.length >= TELLING_LENGTH && map_find(&site->examples, text) != NULL;
}

bool site_example_has_section(const struct site *site, const struct heading *heading)
{
    return map_find(&site->examples, hash_key(&heading->hash)) != NULL;
}
