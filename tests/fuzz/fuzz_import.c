/* A file of any bytes into a small register: what is there stays as it is. */
#include <stdlib.h>

#include "fuzz.h"

#include "import.h"

#define REGISTER "id,name,kind,when,count,note\ng-1,a,x,2001-04-01,3,\n"

static const char DESCRIPTOR[] =
    "{\"resources\": [{\"name\": \"groups\", \"path\": \"groups.csv\", \"schema\": {"
    "\"primaryKey\": \"id\", \"fields\": ["
    "{\"name\": \"id\", \"title\": \"番号\", \"constraints\": {\"required\": true}},"
    "{\"name\": \"name\", \"title\": \"名称\", \"constraints\": {\"required\": true}},"
    "{\"name\": \"kind\", \"title\": \"種類\", \"kyodo:delimiter\": \";\", "
    "\"kyodo:codelist\": \"kinds\"},"
    "{\"name\": \"when\", \"type\": \"date\", \"kyodo:format\": \"japanese-date\"},"
    "{\"name\": \"count\", \"type\": \"integer\", \"kyodo:unit\": {\"ja\": \"人\"}},"
    "{\"name\": \"note\", \"kyodo:private\": true}]}},"
    "{\"name\": \"kinds\", \"path\": \"kinds.csv\", \"kyodo:role\": \"codelist\", \"schema\": {"
    "\"primaryKey\": \"code\", \"fields\": [{\"name\": \"code\"}, {\"name\": \"label_ja\"}, "
    "{\"name\": \"label_en\"}]}}]}";

static void import_all(struct site *site, struct slice text, struct arena *arena)
{
    static const char *const columns[] = {"id", "name", "kind", "when", "count", "note"};
    struct answer spoken[12];
    ptrdiff_t count = 0;
    /* Columns by their place too, so that rows are reached whatever stands above them. */
    for (int by_place = 0; by_place < 2; by_place++) {
        struct diag *diag = diag_new(100);
        for (int i = 0; i < 6 && by_place == 1; i++) {
            spoken[count++] = (struct answer){.kind = ANSWER_COLUMN,
                                              .subject = arena_format(arena, "#%d", i + 1),
                                              .text = slice_of(columns[i])};
        }
        struct import_options options = {.file = SLICE("list.csv"),
                                         .text = text,
                                         .header = by_place,
                                         .spoken = spoken,
                                         .spoken_count = count};
        struct import import;
        import_run(&import, site, &site->tables[0], &options, arena, diag);
        struct buffer out = {0};
        struct sink sink;
        sink_open_buffer(&sink, &out);
        import_print_plan(&import, INTERFACE_JAPANESE, &sink);
        (void)sink_close(&sink);
        import_write_report(&import, INTERFACE_ENGLISH, &out);
        import_write_template(&import, INTERFACE_ENGLISH, &out);
        if (import.is_merged && !slice_starts_with(buffer_slice(&import.text), SLICE(REGISTER))) {
            abort();
        }
        buffer_release(&out);
        import_release(&import);
        diag_free(diag);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice paths[] = {SLICE("datapackage.json"), SLICE("groups.csv"),
                                  SLICE("kinds.csv")};
    const struct slice texts[] = {slice_of(DESCRIPTOR), SLICE(REGISTER),
                                  SLICE("code,label_ja,label_en\nx,福祉,Welfare\ny,防災,Fire\n")};
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct tree tree;
    tree_open_memory(&tree, paths, texts, 3, &arena);
    struct diag *diag = diag_new(100);
    struct pool *pool = pool_start(1);
    struct site site = {0};
    package_build(&site, &tree, &(struct package_options){.path = paths[0]}, pool, diag);
    if (site.table_count > 0 && size > 0) {
        import_all(&site, slice_make((const char *)data, (ptrdiff_t)size), &arena);
    }
    site_release(&site, NULL);
    pool_stop(pool);
    diag_free(diag);
    arena_release(&arena);
    return 0;
}
