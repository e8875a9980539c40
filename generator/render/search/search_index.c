/* The plan of the index. Its files have the hashes of their contents in their names, so it is made
 * while planning; what is published then comes out of the stores. */
#include "search.h"

#include "theme.h"

/* Digits of a hash in a name: 40 bits, among the versions of one and the same file. */
#define HASH_DIGITS 10
/* Bytes of a group's text, about: ten of them are the first results of a rare word. */
#define GROUP_BYTES 12000
#define GROUP_LEAST 2
#define GROUP_MOST 64
/* Groups that share a folder, and so a hash in the manifest. */
#define BOOK_GROUPS 64

/* What lives as long as the render. */
struct search {
    struct store **stores;
    int store_count;
    struct slice manifests[MODEL_LANGUAGES_MOST];
    VECTOR(struct kept_part) parts; /* of the runs */
};

bool search_is_made(const struct render *render)
{
    return !render->options.without_search && render->theme->search.length > 0;
}

struct slice search_manifest(const struct render *render, int language)
{
    return render->search != NULL ? render->search->manifests[language] : (struct slice){0};
}

/* ---- Running jobs ---- */

void search_each(const struct search_work *work, ptrdiff_t count,
                 void (*job)(void *context, ptrdiff_t index, int worker), void *context)
{
    pool_run(work->render->options.pool, count, job, context);
}

/* ---- Planning ---- */

static bool make_piece(const struct render *render, const struct artefact *artefact,
                       struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    const struct search_piece *piece = artefact->subject;
    buffer_append(out, store_get(piece->store, piece->at, piece->length, &worker->scratch));
    return true;
}

static void plan_piece(struct search_work *work, struct slice name,
                       const struct search_piece *piece)
{
    struct arena *arena = work->arena;
    struct search_piece *kept = ARENA_NEW(arena, struct search_piece);
    *kept = *piece;
    plan_add(work->render, name, GROUP_ASSET, PHASE_DATA, true, make_piece)->subject = kept;
}

static struct slice folder_of(const struct search_work *work)
{
    return ARENA_JOIN(work->arena, SLICE("assets/search/"),
                      work->render->site->languages[work->language].tag, SLICE("/"));
}

static struct slice digits_of(struct arena *arena, struct sha256 digest)
{
    return slice_sub(sha256_hex(arena, &digest), 0, HASH_DIGITS);
}

/* A file of its own: `<stem>.<hash>.json`; returns that name. */
static struct slice plan_json(struct search_work *work, const char *stem,
                              const struct buffer *bytes)
{
    struct slice hash = digits_of(work->arena, sha256_of(buffer_slice(bytes)));
    struct slice name = ARENA_JOIN(work->arena, slice_of(stem), SLICE("."), hash, SLICE(".json"));
    struct search_piece piece = {work->stores[0], store_put(work->stores[0], buffer_slice(bytes)),
                                 bytes->length};
    plan_piece(work, ARENA_JOIN(work->arena, folder_of(work), name), &piece);
    return name;
}

/* ---- Groups of texts ---- */

/* Documents that are about equally long: rows of registers, texts, cases. */
struct section {
    ptrdiff_t first;
    ptrdiff_t end;
    ptrdiff_t per_group;
    ptrdiff_t first_group;
};

struct books {
    struct search_work *work;
    struct section sections[3];
    int section_count;
    ptrdiff_t group_count;
    struct sha256 *digests; /* one a book */
};

static int section_of(const struct search_document *document)
{
    return document->item == NULL ? 0 : document->item->kind != ITEM_CASE ? 1 : 2;
}

static ptrdiff_t documents_per_group(const struct search_work *work, const struct section *section)
{
    int64_t total = 0;
    for (ptrdiff_t i = section->first; i < section->end; i++) {
        total += work->runs[i / SEARCH_BATCH].text_lengths[i % SEARCH_BATCH];
    }
    if (total == 0) {
        return GROUP_LEAST;
    }
    ptrdiff_t count = (ptrdiff_t)(GROUP_BYTES * (int64_t)(section->end - section->first) / total);
    return count < GROUP_LEAST ? GROUP_LEAST : count > GROUP_MOST ? GROUP_MOST : count;
}

static void find_sections(struct books *books)
{
    const struct search_work *work = books->work;
    for (ptrdiff_t i = 0; i < work->document_count;) {
        struct section *section = &books->sections[books->section_count++];
        section->first = i;
        while (i < work->document_count &&
               section_of(&work->documents[i]) == section_of(&work->documents[section->first])) {
            i++;
        }
        section->end = i;
        section->per_group = documents_per_group(work, section);
        section->first_group = books->group_count;
        books->group_count += (section->end - section->first - 1) / section->per_group + 1;
    }
}

static void write_group(const struct books *books, ptrdiff_t group, struct arena *scratch,
                        struct buffer *out)
{
    const struct search_work *work = books->work;
    const struct section *section = &books->sections[0];
    for (int i = 1; i < books->section_count; i++) {
        section = group >= books->sections[i].first_group ? &books->sections[i] : section;
    }
    ptrdiff_t start = section->first + (group - section->first_group) * section->per_group;
    for (ptrdiff_t i = start; i < start + section->per_group && i < section->end; i++) {
        const struct search_run *run = &work->runs[i / SEARCH_BATCH];
        buffer_append(out, i == start ? SLICE("[") : SLICE(",\n"));
        buffer_append(out, store_get(run->store, run->texts[i % SEARCH_BATCH],
                                     run->text_lengths[i % SEARCH_BATCH], scratch));
    }
    buffer_append_literal(out, "]\n");
}

static void bind_book(void *context, ptrdiff_t index, int worker)
{
    struct books *books = context;
    struct arena *scratch = &books->work->render->workers[worker].scratch;
    struct sha256_stream *stream = sha256_begin();
    struct buffer out = {0};
    for (ptrdiff_t k = 0; k < BOOK_GROUPS; k++) {
        ptrdiff_t group = index * BOOK_GROUPS + k;
        if (group < books->group_count) {
            buffer_clear(&out);
            write_group(books, group, scratch, &out);
            sha256_feed(stream, buffer_slice(&out));
            arena_clear(scratch);
        }
    }
    books->digests[index] = sha256_end(stream);
    buffer_release(&out);
}

/* Groups are put together again when they are written: that costs less than to keep them. */
static bool make_group(const struct render *render, const struct artefact *artefact,
                       struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)render;
    (void)diag;
    write_group(artefact->subject, artefact->number, &worker->scratch, out);
    return true;
}

/* What the script needs to tell the group of a document. */
static void write_sections(const struct books *books, struct json_writer *json)
{
    json_key(json, SLICE("sections"));
    json_array_begin(json);
    for (int i = 0; i < books->section_count; i++) {
        json_array_begin(json);
        json_write_integer(json, books->sections[i].first);
        json_write_integer(json, books->sections[i].per_group);
        json_write_integer(json, books->sections[i].first_group);
        json_array_end(json);
    }
    json_array_end(json);
    json_member_integer(json, "perBook", BOOK_GROUPS);
}

static void plan_groups(struct search_work *work, struct json_writer *json)
{
    struct books *books = ARENA_NEW(work->arena, struct books);
    books->work = work;
    find_sections(books);
    ptrdiff_t book_count = (books->group_count + BOOK_GROUPS - 1) / BOOK_GROUPS;
    books->digests = ARENA_ARRAY(work->arena, struct sha256, book_count + 1);
    search_each(work, book_count, bind_book, books);
    struct buffer hashes = {0};
    struct slice folder = folder_of(work);
    for (ptrdiff_t group = 0; group < books->group_count; group++) {
        struct slice hash = digits_of(work->arena, books->digests[group / BOOK_GROUPS]);
        if (group % BOOK_GROUPS == 0) {
            buffer_append(&hashes, hash);
        }
        struct artefact *artefact =
            plan_add(work->render,
                     arena_format(work->arena, "%.*s%.*s/%td.json", SLICE_ARGUMENTS(folder),
                                  SLICE_ARGUMENTS(hash), group),
                     GROUP_ASSET, PHASE_DATA, true, make_group);
        artefact->subject = books;
        artefact->number = group;
    }
    json_member_integer(json, "documents", work->document_count);
    write_sections(books, json);
    json_member(json, "books", buffer_slice(&hashes));
    buffer_release(&hashes);
}

/* ---- Shards ---- */

static void plan_shards(struct search_work *work, struct json_writer *json)
{
    ptrdiff_t count = 0;
    search_merge(work);
    const struct search_shard *shards = search_cut(work, &count);
    struct buffer hashes = {0};
    struct arena *scratch = &work->render->workers[0].scratch;
    struct slice folder = folder_of(work);
    json_key(json, SLICE("terms"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct search_piece *piece = &shards[i].piece;
        struct slice bytes = store_get(piece->store, piece->at, piece->length, scratch);
        struct slice hash = digits_of(work->arena, sha256_of(bytes));
        plan_piece(work,
                   arena_format(work->arena, "%.*s%td.%.*s.json", SLICE_ARGUMENTS(folder), i,
                                SLICE_ARGUMENTS(hash)),
                   piece);
        buffer_append(&hashes, hash);
        json_write_string(json, shards[i].first);
        arena_clear(scratch);
    }
    json_array_end(json);
    json_member(json, "shards", buffer_slice(&hashes));
    buffer_release(&hashes);
}

/* ---- The whole ---- */

static void plan_language(struct render *render, int language)
{
    struct search_work *work = ARENA_NEW(&render->arena, struct search_work);
    work->render = render;
    work->language = language;
    work->arena = &render->arena;
    work->stores = render->search->stores;
    work->documents =
        search_documents(render, language, work->arena, &work->document_count, &work->case_count);
    search_make_runs(work);
    for (ptrdiff_t i = 0; i < work->run_count; i++) {
        *VECTOR_PUSH(work->arena, &render->search->parts) = work->runs[i].part;
    }
    struct buffer manifest = {0};
    struct buffer facets = {0};
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    struct json_writer json;
    json_begin(&json, &manifest, false);
    json_object_begin(&json);
    plan_groups(work, &json);
    plan_shards(work, &json);
    search_facets(work, &scratch, &facets);
    json_member(&json, "facets", plan_json(work, "facets", &facets));
    json_object_end(&json);
    struct slice name = plan_json(work, "index", &manifest);
    render->search->manifests[language] = ARENA_JOIN(work->arena, folder_of(work), name);
    buffer_release(&manifest);
    buffer_release(&facets);
    arena_release(&scratch);
}

void search_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    if (!search_is_made(render)) {
        return;
    }
    struct search *search = ARENA_NEW(&render->arena, struct search);
    search->store_count = render->worker_count;
    search->stores = ARENA_ARRAY(&render->arena, struct store *, search->store_count);
    for (int i = 0; i < search->store_count; i++) {
        search->stores[i] = store_open(render->options.temporary);
    }
    render->search = search;
    for (int language = 0; language < render->site->language_count; language++) {
        plan_language(render, language);
    }
    if (render->site->recall != NULL) {
        recall_note_parts(render->site->recall, search->parts.data, search->parts.length);
    }
}

void search_release(struct search *search)
{
    for (int i = 0; search != NULL && i < search->store_count; i++) {
        store_close(search->stores[i]);
    }
}
