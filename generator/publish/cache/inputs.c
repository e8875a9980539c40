/* What makers read, and the keys of artefacts. */
#include "cache.h"

#include "finding_wire.h"

/* ---- Files ---- */

static void put_hash(struct buffer *out, struct hash_128 hash)
{
    wire_put_bytes(out, &hash, (ptrdiff_t)sizeof(hash));
}

/* A file that nobody reads counts by its name. */
static void put_files(struct buffer *out, const struct tree *tree, struct slice prefix)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(tree, prefix, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        const struct tree_file *file = &tree->files[i];
        wire_put_text(out, file->path);
        wire_put_number(out, file->is_digested);
        wire_put_bytes(out, &file->digest, (ptrdiff_t)sizeof(file->digest));
    }
}

static struct hash_128 end_hash(struct buffer *out)
{
    struct hash_128 hash = hash_128(buffer_slice(out));
    buffer_clear(out);
    return hash;
}

static struct hash_128 hash_files(struct buffer *room, const struct tree *tree, struct slice prefix)
{
    put_files(room, tree, prefix);
    return end_hash(room);
}

/* ---- What others show of a text ---- */

static void put_heading(struct buffer *out, const struct heading *heading)
{
    wire_put_number(out, heading->level);
    wire_put_text(out, heading->id);
    wire_put_text(out, heading->text);
    wire_put_number(out, heading->html_end > heading->html_content_start);
    wire_put_number(out, heading->has_text);
    wire_put_bytes(out, &heading->brief_hash, (ptrdiff_t)sizeof(heading->brief_hash));
}

/* Its front matter, which fields have a section of their own, and what is told of its links. */
static void put_face(struct buffer *out, const struct item *item, int languages)
{
    wire_put_text(out, item->folder);
    for (int i = 0; i < languages; i++) {
        const struct version *version = &item->versions[i];
        const struct document *document = version->document;
        wire_put_number(out, version->exists);
        put_hash(out, version->head);
        wire_put_number(out, version->vague_links);
        wire_put_number(out, document != NULL ? document->heading_count : -1);
        for (ptrdiff_t k = 0; document != NULL && k < document->heading_count; k++) {
            put_heading(out, &document->headings[k]);
        }
    }
}

/* Of all that are no cases. */
static struct hash_128 hash_other_faces(struct buffer *room, const struct site *site)
{
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; kind != ITEM_CASE && i < site->item_counts[kind]; i++) {
            put_face(room, &site->items[kind][i], site->language_count);
        }
    }
    for (ptrdiff_t i = 0; i < site->asset_count; i++) {
        const struct asset *asset = &site->assets[i];
        wire_put_text(room, asset->published);
        wire_put_number(room, asset->width);
        wire_put_number(room, asset->height);
        wire_put_number(room, asset->is_picture);
    }
    return end_hash(room);
}

struct face_work {
    const struct site *site;
    struct buffer *rooms; /* one a worker */
    struct hash_128 *faces;
    struct hash_128 *texts;
};

static void hash_case(void *context, ptrdiff_t index, int worker)
{
    const struct face_work *work = context;
    const struct item *item = &work->site->items[ITEM_CASE][index];
    site_pass(work->site, index);
    put_face(&work->rooms[worker], item, work->site->language_count);
    work->faces[index] = end_hash(&work->rooms[worker]);
    work->texts[index] = hash_files(&work->rooms[worker], work->site->tree, item->folder);
}

static void hash_each_case(struct inputs *inputs, const struct site *site, struct pool *pool,
                           struct arena *arena)
{
    ptrdiff_t count = site->item_counts[ITEM_CASE];
    struct face_work work = {.site = site,
                             .rooms = ARENA_ARRAY(arena, struct buffer, pool_threads(pool)),
                             .faces = ARENA_ARRAY(arena, struct hash_128, count + 1),
                             .texts = ARENA_ARRAY(arena, struct hash_128, count + 1)};
    pool_run(pool, count, hash_case, &work);
    for (int i = 0; i < pool_threads(pool); i++) {
        buffer_release(&work.rooms[i]);
    }
    inputs->case_count = count;
    inputs->case_faces = work.faces;
    inputs->case_texts = work.texts;
}

static struct hash_128 hash_faces(struct buffer *room, const struct inputs *inputs)
{
    put_hash(room, inputs->other_faces);
    wire_put_bytes(room, inputs->case_faces,
                   inputs->case_count * (ptrdiff_t)sizeof(*inputs->case_faces));
    return end_hash(room);
}

/* The cases in their order, and which of them have a code in common that makes them alike. */
static struct hash_128 hash_alike(struct buffer *room, const struct site *site)
{
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        wire_put_text(room, site->items[ITEM_CASE][i].folder);
    }
    for (int id = 0; id < FACET_COUNT; id++) {
        const struct facet *facet = &site->facets[id];
        for (ptrdiff_t k = 0; facet_likeness((enum facet_id)id) > 0 && k < facet->count; k++) {
            const struct facet_entry *entry = &facet->entries[k];
            wire_put_text(room, entry->code);
            wire_put_number(room, entry->count);
            for (ptrdiff_t i = 0; i < entry->count; i++) {
                wire_put_number(room, entry->cases[i]->index);
            }
        }
    }
    return end_hash(room);
}

/* ---- The rest ---- */

/* What every maker may read. Of the addresses those of assets are left out, for they hold hashes of
 * contents: the theme's and the pictures' count with these themselves, and the index of the search
 * would change them with every text, which only the search page, made by every build, has to know.
 */
static struct hash_128 hash_always(struct buffer *room, const struct site *site,
                                   const struct artefact *plan, ptrdiff_t count)
{
    put_files(room, site->tree, SLICE("content/site.yaml"));
    put_files(room, site->tree, SLICE("themes/"));
    if (site->theme.installed != NULL) {
        put_files(room, site->theme.installed, SLICE("themes/"));
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        if (plan[i].group != GROUP_ASSET) {
            wire_put_text(room, plan[i].address);
        }
    }
    return end_hash(room);
}

static struct hash_128 hash_findings(struct buffer *room, struct diag *diag, bool of_data)
{
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (!of_data || findings[i].resource.length > 0 ||
            slice_starts_with(findings[i].path, SLICE("data/"))) {
            wire_put_finding(room, &findings[i]);
        }
    }
    return end_hash(room);
}

const struct inputs *inputs_gather(const struct site *site, const struct artefact *plan,
                                   ptrdiff_t count, struct pool *pool, struct diag *diag,
                                   struct arena *arena)
{
    struct inputs *inputs = ARENA_NEW(arena, struct inputs);
    struct buffer room = {0};
    inputs->tree = site->tree;
    inputs->always = hash_always(&room, site, plan, count);
    inputs->data = hash_files(&room, site->tree, SLICE("data/"));
    inputs->cases = hash_files(&room, site->tree, SLICE("content/cases/"));
    inputs->texts = hash_files(&room, site->tree, SLICE("content/"));
    inputs->other_faces = hash_other_faces(&room, site);
    hash_each_case(inputs, site, pool, arena);
    inputs->faces = hash_faces(&room, inputs);
    inputs->alike = hash_alike(&room, site);
    inputs->data_findings = hash_findings(&room, diag, true);
    inputs->findings = hash_findings(&room, diag, false);
    buffer_release(&room);
    return inputs;
}

/* ---- Keys ---- */

/* What became of those of earlier phases that it tells of. */
static void put_results(struct buffer *key, const struct render *render,
                        const struct artefact *artefact)
{
    for (int phase = 0; phase < (int)artefact->phase; phase++) {
        ptrdiff_t count;
        const struct artefact *read =
            render_beginning(render, (enum render_phase)phase, artefact->reads_results, &count);
        for (ptrdiff_t i = 0; i < count; i++) {
            const struct artefact_result *result = render_result(render, read[i].address);
            wire_put_number(key, result != NULL ? result->size : -1);
            wire_put_bytes(key, result != NULL ? result->digest.bytes : NULL,
                           result != NULL ? (ptrdiff_t)sizeof(result->digest.bytes) : 0);
        }
    }
}

/* The faces that its plan names, and those that its maker noted. */
static void put_faces(struct buffer *key, const struct inputs *inputs,
                      const struct artefact *artefact, struct case_list shown)
{
    wire_put_number(key, artefact->reads_face_count);
    for (ptrdiff_t i = 0; i < artefact->reads_face_count; i++) {
        put_hash(key, inputs->case_faces[artefact->reads_faces[i]->index]);
    }
    for (ptrdiff_t i = 0; i < shown.count; i++) {
        int32_t index = shown.indexes[i]; /* of a build before: there may be fewer cases now */
        bool exists = index >= 0 && index < inputs->case_count;
        put_hash(key, exists ? inputs->case_faces[index] : (struct hash_128){0});
    }
}

bool inputs_tell_cases(const struct artefact *artefact)
{
    return (artefact->inputs & INPUT_ALIKE) != 0;
}

struct hash_128 inputs_key(const struct inputs *inputs, const struct render *render,
                           const struct artefact *artefact, struct case_list shown)
{
    const struct {
        enum artefact_input input;
        const struct hash_128 *hash;
    } parts[] = {{INPUT_DATA, &inputs->data},
                 {INPUT_CASES, &inputs->cases},
                 {INPUT_FACES, &inputs->faces},
                 {INPUT_DATA_FINDINGS, &inputs->data_findings},
                 {INPUT_FINDINGS, &inputs->findings},
                 {INPUT_TEXTS, &inputs->texts},
                 {INPUT_OTHER_FACES, &inputs->other_faces},
                 {INPUT_ALIKE, &inputs->alike}};
    if (artefact->inputs == 0) {
        return (struct hash_128){0};
    }
    struct buffer key = {0};
    put_hash(&key, inputs->always);
    wire_put_number(&key, artefact->inputs);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        if ((artefact->inputs & parts[i].input) != 0) {
            put_hash(&key, *parts[i].hash);
        }
    }
    if (artefact->reads_case != NULL) {
        put_hash(&key, inputs->case_texts[artefact->reads_case->index]);
    }
    put_faces(&key, inputs, artefact, shown);
    if (artefact->reads_results.length > 0) {
        put_results(&key, render, artefact);
    }
    struct hash_128 hash = hash_128(buffer_slice(&key));
    buffer_release(&key);
    return hash;
}
