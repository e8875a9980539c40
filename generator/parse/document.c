#include "parse.h"

/* What is kept of a document, and how its HTML comes back. */

struct document *document_keep(const struct document *document, struct arena *arena,
                               struct store *store)
{
    return document_keep_at(document, arena, store, store_put(store, document->html));
}

struct document *document_keep_at(const struct document *document, struct arena *arena,
                                  const struct store *store, int64_t html_at)
{
    struct document *kept = ARENA_NEW(arena, struct document);
    *kept = *document;
    kept->html_length = document->html.length;
    kept->html_at = html_at;
    kept->html = (struct slice){0};
    kept->store = store;
    kept->headings = ARENA_ARRAY(arena, struct heading, document->heading_count);
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        struct heading *heading = &kept->headings[i];
        *heading = document->headings[i];
        heading->id = arena_copy(arena, heading->id);
        heading->text = arena_copy(arena, heading->text);
        heading->document = kept;
    }
    kept->references = ARENA_ARRAY(arena, struct reference, document->reference_count);
    for (ptrdiff_t i = 0; i < document->reference_count; i++) {
        struct reference *reference = &kept->references[i];
        *reference = document->references[i];
        reference->destination = arena_copy(arena, reference->destination);
        reference->text = arena_copy(arena, reference->text);
    }
    return kept;
}

struct slice document_html(const struct document *document, ptrdiff_t start, ptrdiff_t end,
                           struct arena *arena)
{
    if (document->store == NULL) {
        return slice_sub(document->html, start, end);
    }
    CHECK(start >= 0 && start <= end && end <= document->html_length);
    return store_get(document->store, document->html_at + start, end - start, arena);
}
