#include "reading.h"

/* themes/<name>/: templates/<name>.tpl, strings/<lang>.yaml, assets/. */

static void read_templates(struct site *site, struct slice base, struct diag *diag)
{
    struct slice folder = ARENA_JOIN(&site->arena, base, SLICE("templates/"));
    struct theme *theme = &site->theme;
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(theme->tree, folder, &first, &end);
    theme->templates = ARENA_ARRAY(&site->arena, struct theme_template, end - first);
    for (ptrdiff_t i = first; i < end; i++) {
        struct slice name = slice_from(theme->tree->files[i].path, folder.length);
        if (!slice_ends_with(name, SLICE(".tpl"))) {
            continue;
        }
        struct source *source =
            site_read_source(site, theme->tree, theme->tree->files[i].path, LOAD_LIMIT_TEXT, diag);
        if (source != NULL) {
            struct theme_template *one = &theme->templates[theme->template_count++];
            one->name = slice_sub(name, 0, name.length - 4);
            one->source = source;
        }
    }
}

static void read_strings(struct site *site, struct slice base, struct diag *diag)
{
    struct theme *theme = &site->theme;
    for (int i = 0; i < site->language_count; i++) {
        struct slice path = ARENA_JOIN(&site->arena, base, SLICE("strings/"),
                                       site->languages[i].tag, SLICE(".yaml"));
        if (tree_find(theme->tree, path) < 0) {
            DIAG_MISSING(diag, CODE_site_no_strings, path, path, site->languages[i].tag);
            continue;
        }
        struct source *source = site_read_source(site, theme->tree, path, LOAD_LIMIT_TEXT, diag);
        if (source != NULL) {
            theme->string_sources[i] = source;
            theme->strings[i] =
                yaml_parse(source, 0, source_text(source).length, &site->arena, diag);
        }
        const struct node *child = theme->strings[i] != NULL ? theme->strings[i]->first : NULL;
        for (; child != NULL; child = child->next) {
            map_insert(&theme->strings_by_key[i], &site->arena, child->key, NULL)->value.constant =
                child;
        }
    }
}

static void read_assets(struct site *site, struct slice base, struct diag *diag)
{
    struct theme *theme = &site->theme;
    struct slice folder = ARENA_JOIN(&site->arena, base, SLICE("assets/"));
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(theme->tree, folder, &first, &end);
    theme->assets = ARENA_ARRAY(&site->arena, struct asset, end - first);
    for (ptrdiff_t i = first; i < end; i++) {
        char *bytes = NULL;
        int64_t length = 0;
        struct slice path = theme->tree->files[i].path;
        if (tree_read_bytes(theme->tree, path, LOAD_LIMIT_ASSET, &bytes, &length, diag)) {
            struct asset *asset = &theme->assets[theme->asset_count++];
            asset->path = path;
            asset->is_used = true;
            asset_describe(asset, slice_make(bytes, (ptrdiff_t)length), &site->arena);
            free(bytes);
        }
    }
}

/* The tree that has the theme: the site's own, else the folder of installed themes. NULL when
 * neither has it. */
static const struct tree *find_tree(struct site *site, struct slice base,
                                    const struct site_options *options, struct diag *diag)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, base, &first, &end);
    if (first < end) {
        return site->tree;
    }
    if (options->theme_root.length == 0) {
        return NULL;
    }
    struct tree *installed = ARENA_NEW(&site->arena, struct tree);
    struct slice folder = slice_sub(base, 0, base.length - 1);
    if (!tree_open_disk(installed, options->theme_root, &folder, 1, &site->arena, diag)) {
        return NULL;
    }
    installed->wants_digests = site->tree->wants_digests;
    tree_range(installed, base, &first, &end);
    return first < end ? installed : NULL;
}

void theme_build(struct site *site, const struct site_options *options, struct diag *diag)
{
    site->theme.name = record_text(site->config, FIELD_site_theme);
    if (site->theme.name.length == 0) {
        return; /* a required field: its absence is a finding of its own */
    }
    struct slice base = ARENA_JOIN(&site->arena, SLICE("themes/"), site->theme.name, SLICE("/"));
    site->theme.tree = find_tree(site, base, options, diag);
    if (site->theme.tree == NULL) {
        DIAG(diag, CODE_site_no_theme, record_get(site->config, FIELD_site_theme)->span,
             site->theme.name);
        return;
    }
    read_templates(site, base, diag);
    read_strings(site, base, diag);
    read_assets(site, base, diag);
}

struct slice site_string(const struct site *site, int language, const char *key)
{
    const struct node *node = map_get(&site->theme.strings_by_key[language], slice_of(key));
    if (node == NULL) {
        node = map_get(&site->theme.strings_by_key[0], slice_of(key));
    }
    return node != NULL && node->kind == NODE_SCALAR ? node->text : slice_of(key);
}
