#include "reading.h"

/* Pictures and other files beside the texts: hashed once, published under a name that holds the
 * hash (ruling 16). */

static uint32_t big_endian(const unsigned char *at, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static void png_size(struct asset *asset, const unsigned char *bytes, ptrdiff_t length)
{
    if (length >= 24 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) {
        asset->width = (int32_t)(big_endian(bytes + 16, 4) & 0x7FFFFFFF);
        asset->height = (int32_t)(big_endian(bytes + 20, 4) & 0x7FFFFFFF);
    }
}

static void gif_size(struct asset *asset, const unsigned char *bytes, ptrdiff_t length)
{
    if (length >= 10 && memcmp(bytes, "GIF8", 4) == 0) {
        asset->width = bytes[6] | bytes[7] << 8;
        asset->height = bytes[8] | bytes[9] << 8;
    }
}

/* JPEG: the size stands in the first start-of-frame segment (ITU T.81, B.2.2). */
static void jpeg_size(struct asset *asset, const unsigned char *bytes, ptrdiff_t length)
{
    ptrdiff_t at = 2;
    if (length < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8) {
        return;
    }
    while (at + 9 < length && bytes[at] == 0xFF) {
        unsigned char marker = bytes[at + 1];
        bool is_frame =
            marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (is_frame) {
            asset->height = (int32_t)big_endian(bytes + at + 5, 2);
            asset->width = (int32_t)big_endian(bytes + at + 7, 2);
            return;
        }
        at += 2 + (ptrdiff_t)big_endian(bytes + at + 2, 2);
    }
}

/* By the first bytes, not by the name: PNG, GIF, JPEG, WebP, AVIF, SVG. */
static bool is_picture(struct slice bytes, bool is_svg)
{
    bool riff = slice_starts_with(bytes, SLICE("RIFF")) &&
                slice_equal(slice_sub(bytes, 8, 12), SLICE("WEBP"));
    bool avif = slice_equal(slice_sub(bytes, 4, 12), SLICE("ftypavif"));
    return slice_starts_with(bytes, SLICE("\x89PNG\r\n\x1a\n")) ||
           slice_starts_with(bytes, SLICE("GIF8")) ||
           slice_starts_with(bytes, SLICE("\xFF\xD8\xFF")) || riff || avif ||
           (is_svg && slice_find(bytes, SLICE("<svg"), 0) >= 0);
}

/* What would part or end an address, or must not stand in one, becomes a hyphen; the hash tells
 * apart what is alike then. */
static struct slice address_name(struct slice name, struct arena *arena)
{
    char *copy = ARENA_ARRAY(arena, char, name.length);
    for (ptrdiff_t i = 0; i < name.length; i++) {
        bool stays = name.data[i] > ' ' && strchr("\"#%<>?[\\]^`{|}", name.data[i]) == NULL;
        copy[i] = stays || (name.data[i] & 0x80) != 0 ? name.data[i] : '-';
    }
    return slice_make(copy, name.length);
}

void asset_describe(struct asset *asset, struct slice bytes, struct arena *arena)
{
    struct sha256 digest = sha256_of(bytes);
    asset->hash = slice_sub(sha256_hex(arena, &digest), 0, 16);
    asset->size = bytes.length;
    ptrdiff_t slash = slice_find_last_byte(asset->path, '/');
    struct slice name = slice_from(asset->path, slash + 1);
    ptrdiff_t dot = slice_find_last_byte(name, '.');
    struct slice stem = dot > 0 ? slice_sub(name, 0, dot) : name;
    struct slice ending = dot > 0 ? slice_from(name, dot) : SLICE("");
    asset->published = ARENA_JOIN(arena, SLICE("assets/"), address_name(stem, arena), SLICE("."),
                                  asset->hash, address_name(ending, arena));
    const unsigned char *data = (const unsigned char *)bytes.data;
    png_size(asset, data, bytes.length);
    gif_size(asset, data, bytes.length);
    jpeg_size(asset, data, bytes.length);
    bool is_svg = slice_equal_ignoring_ascii_case(ending, SLICE(".svg"));
    asset->is_picture = is_picture(bytes, is_svg);
    asset->has_script = is_svg && svg_runs_code(bytes);
}

struct asset_work {
    struct site *site;
    struct diag *diag;
};

static void describe_job(void *context, ptrdiff_t index, int worker)
{
    struct asset_work *work = context;
    struct asset *asset = &work->site->assets[index];
    char *bytes = NULL;
    int64_t length = 0;
    if (tree_read_bytes(work->site->tree, asset->path, LOAD_LIMIT_ASSET, &bytes, &length,
                        work->diag)) {
        asset_describe(asset, slice_make(bytes, (ptrdiff_t)length),
                       &work->site->worker_arenas[worker]);
        free(bytes);
    }
}

static bool is_asset(struct slice path)
{
    struct slice name = slice_from(path, slice_find_last_byte(path, '/') + 1);
    ptrdiff_t depth = 0;
    for (ptrdiff_t i = 0; i < path.length; i++) {
        depth += path.data[i] == '/' ? 1 : 0;
    }
    return depth >= 3 && !slice_ends_with(name, SLICE(".md"));
}

void assets_build(struct site *site, struct pool *pool, struct diag *diag)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, SLICE("content/"), &first, &end);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = first; i < end; i++) {
        count += is_asset(site->tree->files[i].path) ? 1 : 0;
    }
    site->assets = ARENA_ARRAY(&site->arena, struct asset, count);
    for (ptrdiff_t i = first; i < end; i++) {
        if (is_asset(site->tree->files[i].path)) {
            site->assets[site->asset_count++].path = site->tree->files[i].path;
        }
    }
    struct asset_work work = {.site = site, .diag = diag};
    pool_run(pool, site->asset_count, describe_job, &work);
}
