#include "reading.h"

/* themes/<name>/: templates/<name>.tpl, strings/<lang>.yaml, assets/. A theme may stand on another
 * one (site.yaml: theme_base), whose files, and whose words one by one, count where it has none. */

struct layer {
    struct slice folder; /* themes/<name>/ */
    const struct tree *tree;
    bool is_last;
};

static void read_templates(struct site *site, const struct layer *layer, struct diag *diag)
{
    struct slice folder = ARENA_JOIN(&site->arena, layer->folder, SLICE("templates/"));
    struct theme *theme = &site->theme;
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(layer->tree, folder, &first, &end);
    struct theme_template *all =
        ARENA_ARRAY(&site->arena, struct theme_template, theme->template_count + end - first);
    for (ptrdiff_t i = 0; i < theme->template_count; i++) {
        all[i] = theme->templates[i];
    }
    theme->templates = all;
    for (ptrdiff_t i = first; i < end; i++) {
        struct slice path = layer->tree->files[i].path;
        struct slice name = slice_from(path, folder.length);
        if (!slice_ends_with(name, SLICE(".tpl"))) {
            continue;
        }
        struct source *source = site_read_source(site, layer->tree, path, LOAD_LIMIT_TEXT, diag);
        if (source != NULL) {
            struct theme_template *one = &theme->templates[theme->template_count++];
            one->name = slice_sub(name, 0, name.length - 4);
            one->source = source;
        }
    }
}

static void read_words(struct site *site, const struct layer *layer, int language,
                       struct diag *diag)
{
    struct theme *theme = &site->theme;
    struct slice path = ARENA_JOIN(&site->arena, layer->folder, SLICE("strings/"),
                                   site->languages[language].tag, SLICE(".yaml"));
    if (tree_find(layer->tree, path) < 0) {
        if (layer->is_last && theme->string_sources[language] == NULL) {
            DIAG_MISSING(diag, CODE_site_no_strings, path, path, site->languages[language].tag);
        }
        return;
    }
    struct source *source = site_read_source(site, layer->tree, path, LOAD_LIMIT_TEXT, diag);
    if (source == NULL) {
        return;
    }
    const struct node *strings =
        yaml_parse(source, 0, source_text(source).length, &site->arena, diag);
    if (theme->string_sources[language] == NULL) {
        theme->string_sources[language] = source;
        theme->strings[language] = strings;
    }
    for (const struct node *word = strings != NULL ? strings->first : NULL; word != NULL;
         word = word->next) {
        bool is_new = false;
        struct map_entry *entry =
            map_insert(&theme->strings_by_key[language], &site->arena, word->key, &is_new);
        if (is_new || theme->strings[language] == strings) {
            entry->value.constant = word;
        }
    }
}

/* Whether the theme itself has an asset of that name. */
static bool has_asset(const struct theme *theme, struct slice name)
{
    for (ptrdiff_t i = 0; i < theme->own_asset_count; i++) {
        if (slice_equal(slice_from(theme->assets[i].path, theme->assets_at), name)) {
            return true;
        }
    }
    return false;
}

static void read_assets(struct site *site, const struct layer *layer, struct diag *diag)
{
    struct theme *theme = &site->theme;
    struct slice folder = ARENA_JOIN(&site->arena, layer->folder, SLICE("assets/"));
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(layer->tree, folder, &first, &end);
    struct asset *all = ARENA_ARRAY(&site->arena, struct asset, theme->asset_count + end - first);
    for (ptrdiff_t i = 0; i < theme->asset_count; i++) {
        all[i] = theme->assets[i];
    }
    theme->assets = all;
    for (ptrdiff_t i = first; i < end; i++) {
        char *bytes = NULL;
        int64_t length = 0;
        struct slice path = layer->tree->files[i].path;
        if (!has_asset(theme, slice_from(path, folder.length)) &&
            tree_read_bytes(layer->tree, path, LOAD_LIMIT_ASSET, &bytes, &length, diag)) {
            struct asset *asset = &theme->assets[theme->asset_count++];
            asset->path = path;
            asset->is_used = true;
            asset_describe(asset, slice_make(bytes, (ptrdiff_t)length), &site->arena);
            free(bytes);
        }
    }
}

/* ---- Where they are ---- */

static bool has_folder(const struct tree *tree, struct slice folder)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(tree, folder, &first, &end);
    return first < end;
}

/* The installed ones of these themes that the site does not have itself; NULL: there are none. */
static const struct tree *open_installed(struct site *site, const struct layer *layers, int count,
                                         const struct site_options *options, struct diag *diag)
{
    struct slice folders[2];
    int folder_count = 0;
    for (int i = 0; i < count; i++) {
        if (!has_folder(site->tree, layers[i].folder)) {
            struct slice folder = layers[i].folder;
            folders[folder_count++] = slice_sub(folder, 0, folder.length - 1);
        }
    }
    if (folder_count == 0 || options->theme_root.length == 0) {
        return NULL;
    }
    struct tree *installed = ARENA_NEW(&site->arena, struct tree);
    if (!tree_open_disk(installed, options->theme_root, folders, folder_count, NULL, &site->arena,
                        diag)) {
        return NULL;
    }
    installed->wants_digests = site->tree->wants_digests;
    return installed;
}

/* The tree that has a theme: the site's own, else that of the installed themes, or NULL. */
static const struct tree *find_tree(const struct site *site, struct slice folder)
{
    if (has_folder(site->tree, folder)) {
        return site->tree;
    }
    const struct tree *installed = site->theme.installed;
    return installed != NULL && has_folder(installed, folder) ? installed : NULL;
}

static void read_layer(struct site *site, const struct layer *layer, struct diag *diag)
{
    read_templates(site, layer, diag);
    for (int language = 0; language < site->language_count; language++) {
        read_words(site, layer, language, diag);
    }
    read_assets(site, layer, diag);
}

void theme_build(struct site *site, const struct site_options *options, struct diag *diag)
{
    static const enum field_id fields[] = {FIELD_site_theme, FIELD_site_theme_base};
    struct theme *theme = &site->theme;
    theme->name = record_text(site->config, FIELD_site_theme);
    theme->base = record_text(site->config, FIELD_site_theme_base);
    if (theme->name.length == 0) {
        return; /* a required field: its absence is a finding of its own */
    }
    struct layer layers[2] = {0};
    int count = theme->base.length > 0 && !slice_equal(theme->base, theme->name) ? 2 : 1;
    for (int i = 0; i < count; i++) {
        layers[i].folder = ARENA_JOIN(&site->arena, SLICE("themes/"),
                                      i == 0 ? theme->name : theme->base, SLICE("/"));
        layers[i].is_last = i == count - 1;
    }
    theme->installed = open_installed(site, layers, count, options, diag);
    for (int i = 0; i < count; i++) {
        layers[i].tree = find_tree(site, layers[i].folder);
        if (layers[i].tree == NULL) {
            DIAG(diag, CODE_site_no_theme, record_get(site->config, fields[i])->span,
                 i == 0 ? theme->name : theme->base);
            return;
        }
    }
    theme->base_tree = layers[1].tree;
    theme->tree = layers[0].tree;
    theme->assets_at = layers[0].folder.length + (ptrdiff_t)sizeof("assets/") - 1;
    for (int i = 0; i < count; i++) {
        read_layer(site, &layers[i], diag);
        theme->own_asset_count = i == 0 ? theme->asset_count : theme->own_asset_count;
    }
}

struct slice site_string(const struct site *site, int language, const char *key)
{
    const struct node *node = map_get(&site->theme.strings_by_key[language], slice_of(key));
    if (node == NULL) {
        node = map_get(&site->theme.strings_by_key[0], slice_of(key));
    }
    return node != NULL && node->kind == NODE_SCALAR ? node->text : slice_of(key);
}
