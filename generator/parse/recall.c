#include "recall.h"

/* What a store may hold that is of no use, beside as much as is. */
#define SPARE ((int64_t)16 << 20)

bool recall_is_crowded(const struct store *store, const struct kept_text *kept, ptrdiff_t count,
                       const struct kept_part *parts, ptrdiff_t part_count)
{
    int64_t used = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        used += kept[i].length;
    }
    for (ptrdiff_t i = 0; i < part_count; i++) {
        used += parts[i].length;
    }
    return store_length(store) > 2 * used + SPARE;
}

/* ---- Which texts are as they were ---- */

struct recall *recall_begin(struct store *store, struct tree *tree, const struct tree_file *files,
                            const struct kept_text *kept, ptrdiff_t count, bool verifies,
                            struct arena *arena)
{
    struct recall *recall = ARENA_NEW(arena, struct recall);
    recall->store = store;
    recall->length = store_length(store);
    recall->arena = arena;
    recall->before = ARENA_ARRAY(arena, struct kept_text, tree->count + 1);
    recall->now = ARENA_ARRAY(arena, struct kept_text, tree->count + 1);
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < tree->count; i++) {
        struct tree_file *file = &tree->files[i];
        while (at < count && slice_compare(files[at].path, file->path) < 0) {
            at++;
        }
        if (at == count || kept[at].length == 0 || !slice_equal(files[at].path, file->path)) {
            continue;
        }
        recall->before[i] = kept[at];
        if (!verifies && stamp_is_same(&files[at].stamp, &file->stamp)) {
            file->digest = kept[at].digest;
            file->is_digested = true;
        }
    }
    return recall;
}

bool recall_knows(const struct recall *recall, const struct tree_file *file, ptrdiff_t index)
{
    const struct kept_text *before = &recall->before[index];
    return before->length > 0 && file->is_digested &&
           memcmp(&before->digest, &file->digest, sizeof(file->digest)) == 0;
}

/* ---- Nodes ---- */

/* All of a node but its texts and children. */
struct node_head {
    int32_t start, end;
    int32_t key_start, key_end;
    int32_t text_length, key_length; /* -1: there is none */
    int32_t children;
    uint8_t kind, scalar, is_plain, has_key_span;
};

static int32_t length_of(struct slice s)
{
    return s.data != NULL ? (int32_t)s.length : -1;
}

static void put_node(struct buffer *out, const struct node *node)
{
    struct node_head head = {.start = node->span.start,
                             .end = node->span.end,
                             .key_start = node->key_span.start,
                             .key_end = node->key_span.end,
                             .text_length = length_of(node->text),
                             .key_length = length_of(node->key),
                             .children = (int32_t)node->count,
                             .kind = (uint8_t)node->kind,
                             .scalar = (uint8_t)node->scalar,
                             .is_plain = node->is_plain,
                             .has_key_span = node->key_span.source != NULL};
    wire_put_bytes(out, &head, (ptrdiff_t)sizeof(head));
    buffer_append(out, node->text);
    buffer_append(out, node->key);
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        put_node(out, child);
    }
}

static struct slice take_slice(struct wire *wire, int32_t length)
{
    return length >= 0 ? wire_take_slice(wire, length) : (struct slice){NULL, 0};
}

/* As deep as the parser lets nodes be. */
static struct node *take_node(struct wire *wire, struct source *source, struct arena *arena)
{
    struct node_head head;
    struct node *node = ARENA_NEW(arena, struct node);
    wire_take_bytes(wire, &head, (ptrdiff_t)sizeof(head));
    node->kind = (enum node_kind)head.kind;
    node->scalar = (enum scalar_kind)head.scalar;
    node->is_plain = head.is_plain != 0;
    node->span = (struct span){source, head.start, head.end};
    if (head.has_key_span != 0) {
        node->key_span = (struct span){source, head.key_start, head.key_end};
    }
    node->text = take_slice(wire, head.text_length);
    node->key = take_slice(wire, head.key_length);
    node->count = head.children;
    struct node **place = &node->first;
    for (int32_t i = 0; i < head.children && !wire->is_broken; i++) {
        *place = take_node(wire, source, arena);
        place = &(*place)->next;
    }
    return node;
}

/* ---- Documents ---- */

/* Structures go as they are: only the program that wrote them reads them. Their texts stand behind
 * them, and what points anywhere is set again. */
static void put_document(struct buffer *out, const struct document *document)
{
    wire_put_number(out, document->html.length);
    wire_put_bytes(out, &document->lead_hash, (ptrdiff_t)sizeof(document->lead_hash));
    wire_put_number(out, document->heading_count);
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        const struct heading *heading = &document->headings[i];
        wire_put_bytes(out, heading, (ptrdiff_t)sizeof(*heading));
        wire_put_text(out, heading->id);
        wire_put_text(out, heading->text);
    }
    wire_put_number(out, document->reference_count);
    for (ptrdiff_t i = 0; i < document->reference_count; i++) {
        const struct reference *reference = &document->references[i];
        wire_put_bytes(out, reference, (ptrdiff_t)sizeof(*reference));
        wire_put_text(out, reference->destination);
        wire_put_text(out, reference->text);
    }
}

static void take_document(struct wire *wire, struct source *source, struct arena *arena,
                          struct document *document)
{
    *document = (struct document){.html_length = (ptrdiff_t)wire_take_number(wire)};
    wire_take_bytes(wire, &document->lead_hash, (ptrdiff_t)sizeof(document->lead_hash));
    document->heading_count = wire_take_count(wire, (ptrdiff_t)sizeof(struct heading));
    document->headings = ARENA_ARRAY(arena, struct heading, document->heading_count + 1);
    for (ptrdiff_t i = 0; i < document->heading_count && !wire->is_broken; i++) {
        struct heading *heading = &document->headings[i];
        wire_take_bytes(wire, heading, (ptrdiff_t)sizeof(*heading));
        heading->id = wire_take_text(wire);
        heading->text = wire_take_text(wire);
        heading->span.source = source;
        heading->document = NULL;
    }
    document->reference_count = wire_take_count(wire, (ptrdiff_t)sizeof(struct reference));
    document->references = ARENA_ARRAY(arena, struct reference, document->reference_count + 1);
    for (ptrdiff_t i = 0; i < document->reference_count && !wire->is_broken; i++) {
        struct reference *reference = &document->references[i];
        wire_take_bytes(wire, reference, (ptrdiff_t)sizeof(*reference));
        reference->destination = wire_take_text(wire);
        reference->text = wire_take_text(wire);
        reference->span.source = source;
    }
}

/* ---- Entries ---- */

/* An entry as a run before put it; false when the store does not have it so. */
static bool read_entry(const struct recall *recall, int64_t at, int64_t length,
                       struct hash_128 hash, struct arena *arena, struct slice *entry)
{
    if (at < 0 || length < 0 || at > recall->length - length) {
        return false;
    }
    *entry = store_look(recall->store, at, (ptrdiff_t)length, arena);
    struct hash_128 found = hash_128(*entry);
    return memcmp(&found, &hash, sizeof(hash)) == 0;
}

bool recall_take(struct recall *recall, ptrdiff_t index, struct source *source,
                 struct arena *scratch, struct arena *arena, struct parsed_text *text)
{
    const struct kept_text *kept = &recall->before[index];
    struct slice entry;
    if (!read_entry(recall, kept->at, kept->length, kept->hash, scratch, &entry)) {
        return false;
    }
    struct wire wire = {.rest = entry};
    struct document document;
    wire_take_bytes(&wire, &text->head, (ptrdiff_t)sizeof(text->head));
    text->node = take_node(&wire, source, scratch);
    take_document(&wire, source, scratch, &document);
    if (wire.is_broken || wire.rest.length != document.html_length) {
        return false;
    }
    document.html = wire.rest;
    text->document = document_keep_at(&document, arena, recall->store,
                                      kept->at + kept->length - wire.rest.length);
    recall->now[index] = *kept;
    return true;
}

void recall_rest(const struct recall *recall)
{
    store_rest(recall->store);
}

void recall_forget(struct recall *recall, ptrdiff_t index)
{
    recall->before[index] = (struct kept_text){.length = 0};
}

/* Where it stands from now on. */
static int64_t keep_entry(struct recall *recall, const struct tree_file *file, ptrdiff_t index,
                          const struct buffer *entry)
{
    struct kept_text *now = &recall->now[index];
    now->digest = file->digest;
    now->length = entry->length;
    now->hash = hash_128(buffer_slice(entry));
    now->at = store_put(recall->store, buffer_slice(entry));
    return now->at;
}

void recall_keep(struct recall *recall, const struct tree_file *file, ptrdiff_t index,
                 struct parsed_text *text, struct arena *arena)
{
    const struct document *document = text->document;
    struct buffer entry = {0};
    wire_put_bytes(&entry, &text->head, (ptrdiff_t)sizeof(text->head));
    put_node(&entry, text->node);
    put_document(&entry, document);
    ptrdiff_t html_at = entry.length;
    buffer_append(&entry, document->html);
    int64_t at = keep_entry(recall, file, index, &entry);
    text->document = document_keep_at(document, arena, recall->store, at + html_at);
    buffer_release(&entry);
}

struct node *recall_take_nodes(struct recall *recall, ptrdiff_t index, struct source *source,
                               struct arena *arena)
{
    const struct kept_text *kept = &recall->before[index];
    struct wire wire = {.rest = {0}};
    if (!read_entry(recall, kept->at, kept->length, kept->hash, arena, &wire.rest)) {
        return NULL;
    }
    struct node *node = take_node(&wire, source, arena);
    if (wire.is_broken || wire.rest.length > 0) {
        return NULL;
    }
    recall->now[index] = *kept;
    return node;
}

void recall_keep_nodes(struct recall *recall, const struct tree_file *file, ptrdiff_t index,
                       const struct node *node)
{
    struct buffer entry = {0};
    put_node(&entry, node);
    keep_entry(recall, file, index, &entry);
    buffer_release(&entry);
}

/* ---- Parts ---- */

bool recall_take_part(const struct recall *recall, struct hash_128 key, struct arena *arena,
                      struct kept_part *part, struct slice *bytes)
{
    for (ptrdiff_t i = 0; i < recall->part_count; i++) {
        *part = recall->parts[i];
        if (memcmp(&part->key, &key, sizeof(key)) == 0) {
            return read_entry(recall, part->at, part->length, part->hash, arena, bytes);
        }
    }
    return false;
}

struct kept_part recall_put_part(const struct recall *recall, struct hash_128 key,
                                 struct slice bytes)
{
    return (struct kept_part){.key = key,
                              .at = store_put(recall->store, bytes),
                              .length = bytes.length,
                              .hash = hash_128(bytes)};
}

void recall_note_parts(struct recall *recall, const struct kept_part *parts, ptrdiff_t count)
{
    struct kept_part *copy = ARENA_ARRAY(recall->arena, struct kept_part, count + 1);
    for (ptrdiff_t i = 0; i < count; i++) {
        copy[i] = parts[i];
    }
    recall->parts = copy;
    recall->part_count = count;
}
