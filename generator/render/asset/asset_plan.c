/* Pictures beside texts, and the theme's css and pictures: copied under the names that hold their
 * hashes (ruling 16). */
#include "render_internal.h"

static bool is_text(struct slice path)
{
    return slice_ends_with(path, SLICE(".css")) || slice_ends_with(path, SLICE(".js")) ||
           slice_ends_with(path, SLICE(".svg"));
}

/* `detail` is the tree that has the file. */
static bool make_asset(const struct render *render, const struct artefact *artefact,
                       struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)worker;
    const struct asset *asset = artefact->subject;
    char *bytes = NULL;
    int64_t length = 0;
    if (!tree_read_bytes(artefact->detail, asset->path, LOAD_LIMIT_ASSET, &bytes, &length, diag)) {
        return false;
    }
    buffer_append(out, slice_make(bytes, (ptrdiff_t)length));
    free(bytes);
    return true;
}

/* A file to publish, and the tree that has it. */
struct published {
    const struct asset *asset;
    const struct tree *tree;
};

static int compare_published(const void *a, const void *b)
{
    const struct published *left = a;
    const struct published *right = b;
    int order = slice_compare(left->asset->published, right->asset->published);
    return order != 0 ? order : slice_compare(left->asset->path, right->asset->path);
}

static ptrdiff_t gather(struct published *files, ptrdiff_t count, const struct tree *tree,
                        const struct asset *assets, ptrdiff_t asset_count)
{
    for (ptrdiff_t i = 0; i < asset_count; i++) {
        if (assets[i].is_used) {
            files[count++] = (struct published){&assets[i], tree};
        }
    }
    return count;
}

/* A picture that stands in two places is published once: its name holds its hash. */
void asset_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    const struct site *site = render->site;
    struct published *files = ARENA_ARRAY(&render->arena, struct published,
                                          site->asset_count + site->theme.asset_count + 1);
    ptrdiff_t count = gather(files, 0, site->tree, site->assets, site->asset_count);
    const struct theme *theme = &site->theme;
    count = gather(files, count, theme->tree, theme->assets, theme->own_asset_count);
    count = gather(files, count, theme->base_tree, theme->assets + theme->own_asset_count,
                   theme->asset_count - theme->own_asset_count);
    qsort(files, (size_t)count, sizeof(*files), compare_published);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct asset *asset = files[i].asset;
        if (i > 0 && slice_equal(files[i - 1].asset->published, asset->published)) {
            continue;
        }
        struct artefact *artefact = plan_add(render, asset->published, GROUP_ASSET, PHASE_DATA,
                                             is_text(asset->path), make_asset);
        artefact->subject = asset;
        artefact->detail = files[i].tree;
    }
}
