/* A descriptor, and behind a line of `---` its CSV: the whole reading of a Data Package. */
#include "fuzz.h"

#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice all = slice_make((const char *)data, (ptrdiff_t)size);
    ptrdiff_t cut = slice_find(all, SLICE("\n---\n"), 0);
    const struct slice paths[] = {SLICE("datapackage.json"), SLICE("t.csv")};
    const struct slice texts[] = {slice_sub(all, 0, cut < 0 ? all.length : cut),
                                  cut < 0 ? SLICE("a\n1\n") : slice_from(all, cut + 5)};
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct tree tree;
    tree_open_memory(&tree, paths, texts, 2, &arena);
    struct diag *diag = diag_new(100);
    struct pool *pool = pool_start(1);
    struct site site = {0};
    package_build(&site, &tree, &(struct package_options){.path = paths[0]}, pool, diag);
    site_release(&site, NULL);
    pool_stop(pool);
    diag_free(diag);
    arena_release(&arena);
    return 0;
}
