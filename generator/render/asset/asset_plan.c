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

static void plan_assets(struct render *render, const struct tree *tree, const struct asset *assets,
                        ptrdiff_t count)
{
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct asset *asset = &assets[i];
        if (!asset->is_used) {
            continue;
        }
        struct artefact *artefact = plan_add(render, asset->published, GROUP_ASSET, PHASE_DATA,
                                             is_text(asset->path), make_asset);
        artefact->subject = asset;
        artefact->detail = tree;
    }
}

static int compare_published(const void *a, const void *b)
{
    const struct asset *left = a;
    const struct asset *right = b;
    return slice_compare(left->published, right->published);
}

/* The same picture beside two texts is published once. */
void asset_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    const struct site *site = render->site;
    ptrdiff_t count = site->asset_count;
    struct asset *sorted = ARENA_ARRAY(&render->arena, struct asset, count + 1);
    ptrdiff_t kept = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        sorted[i] = site->assets[i];
    }
    qsort(sorted, (size_t)count, sizeof(*sorted), compare_published);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (kept == 0 || !slice_equal(sorted[kept - 1].published, sorted[i].published)) {
            sorted[kept++] = sorted[i];
        } else if (sorted[i].is_used) {
            sorted[kept - 1] = sorted[i];
        }
    }
    plan_assets(render, site->tree, sorted, kept);
    plan_assets(render, site->theme.tree, site->theme.assets, site->theme.asset_count);
}
