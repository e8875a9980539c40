/* For tests: a site that is nothing but a data package in memory, in Japanese and English. */
#ifndef KYODO_MADE_PACKAGE_H
#define KYODO_MADE_PACKAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

#define MADE_FILES_MOST 8

struct made_package {
    struct arena arena;
    struct tree tree;
    struct diag *diag;
    struct language languages[2];
    struct site site;
    struct slice paths[MADE_FILES_MOST];
    struct slice texts[MADE_FILES_MOST];
    ptrdiff_t count;
    const char *package_path; /* data/datapackage.json unless it is set */
};

static inline void made_init(struct made_package *made)
{
    *made = (struct made_package){0};
    arena_init(&made->arena, ARENA_DEFAULT_LIMIT);
    arena_init(&made->site.arena, ARENA_DEFAULT_LIMIT);
    made->diag = diag_new(0);
    made->languages[0] = (struct language){SLICE("ja"), SLICE("日本語")};
    made->languages[1] = (struct language){SLICE("en"), SLICE("English")};
    made->site.languages = made->languages;
    made->site.language_count = 2;
}

static inline void made_file(struct made_package *made, const char *path, struct slice text)
{
    assert_true(made->count < MADE_FILES_MOST);
    made->paths[made->count] = slice_of(path);
    made->texts[made->count++] = text;
}

/** Read what was given; findings are in made->diag. */
static inline void made_read(struct made_package *made)
{
    tree_open_memory(&made->tree, made->paths, made->texts, made->count, &made->arena);
    made->site.tree = &made->tree;
    made->site.package_path =
        slice_of(made->package_path != NULL ? made->package_path : "data/datapackage.json");
    registers_build(&made->site, NULL, made->diag);
    codelists_build(&made->site, made->diag);
    registers_link(&made->site, NULL, made->diag);
}

/** Names of the codes found, apart by spaces, in their order. */
static inline struct slice made_codes(struct made_package *made)
{
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(made->diag, &count);
    struct slice out = SLICE("");
    for (ptrdiff_t i = 0; i < count; i++) {
        out = ARENA_JOIN(&made->arena, out, i > 0 ? SLICE(" ") : SLICE(""),
                         slice_of(code_info(findings[i].code)->name));
    }
    return out;
}

static inline void made_release(struct made_package *made)
{
    for (ptrdiff_t i = 0; i < made->site.source_count; i++) {
        source_free(made->site.sources[i]);
    }
    arena_release(&made->site.arena);
    arena_release(&made->arena);
    diag_free(made->diag);
}

static inline void assert_slice(struct slice got, const char *wanted)
{
    if (!slice_equal(got, slice_of(wanted))) {
        fail_msg("got  %.*s\n         want %s", SLICE_ARGUMENTS(got), wanted);
    }
}

#endif
