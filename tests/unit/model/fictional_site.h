/* For tests: the site of fictional cases that the goldens of the principles stand on, with the
 * repository's own data, and what a test wants to add. */
#ifndef KYODO_FICTIONAL_SITE_H
#define KYODO_FICTIONAL_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule_test.h"

#define FICTIONAL_FILES_MOST 512

struct fictional_site {
    struct arena arena;
    struct diag *diag;
    struct pool *pool;
    struct tree tree;
    struct site site;
    struct slice paths[FICTIONAL_FILES_MOST];
    struct slice texts[FICTIONAL_FILES_MOST];
    ptrdiff_t count;
};

/** Add a file, or put it in place of one that is there. */
static inline void fictional_file(struct fictional_site *made, struct slice path, struct slice text)
{
    ptrdiff_t at = 0;
    while (at < made->count && !slice_equal(made->paths[at], path)) {
        at++;
    }
    assert_true(at < FICTIONAL_FILES_MOST);
    made->paths[at] = arena_copy(&made->arena, path);
    made->texts[at] = arena_copy(&made->arena, text);
    made->count += at == made->count ? 1 : 0;
}

static inline void fictional_add_folder(struct fictional_site *made, const char *root)
{
    const struct slice folders[] = {SLICE("content"), SLICE("data")};
    struct tree tree;
    bool is_base = strstr(root, "_base") != NULL;
    /* Of the repository only the data: its content is the demonstration site. */
    assert_true(tree_open_disk(&tree, slice_of(root), is_base ? folders : folders + 1,
                               is_base ? 2 : 1, NULL, &made->arena, made->diag));
    for (ptrdiff_t i = 0; i < tree.count; i++) {
        char *bytes;
        int64_t length;
        assert_true(tree_read_bytes(&tree, tree.files[i].path, LOAD_LIMIT_TEXT, &bytes, &length,
                                    made->diag));
        fictional_file(made, tree.files[i].path, slice_make(bytes, (ptrdiff_t)length));
        free(bytes);
    }
    tree_close(&tree);
}

/** The files; add more, then fictional_build. */
static inline struct fictional_site *fictional_new(void)
{
    struct fictional_site *made = calloc(1, sizeof(*made));
    assert_non_null(made);
    arena_init(&made->arena, ARENA_DEFAULT_LIMIT);
    made->diag = diag_new(0);
    made->pool = pool_start(1);
    fictional_add_folder(made, "../../..");
    fictional_add_folder(made, "../../cases/_base/principles");
    return made;
}

static inline void fictional_build(struct fictional_site *made)
{
    tree_open_memory(&made->tree, made->paths, made->texts, made->count, &made->arena);
    assert_true(
        site_build(&made->site, &made->tree, &(struct site_options){0}, made->pool, made->diag));
}

static inline void fictional_free(struct fictional_site *made)
{
    site_release(&made->site, NULL);
    pool_stop(made->pool);
    diag_free(made->diag);
    arena_release(&made->arena);
    free(made);
}

#endif
