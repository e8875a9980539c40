/* Second pass: the runs of all batches are merged, a bucket at a time, and cut into shards. */
#include "search.h"

/* A term of one run, as write_term of search_run.c has it. */
struct entry {
    struct slice term;
    ptrdiff_t run;
    uint64_t first; /* document and tier */
    uint64_t last;  /* document */
    struct slice rest;
};

static struct entry read_entry(struct slice *segment, ptrdiff_t run)
{
    struct entry entry = {.run = run};
    ptrdiff_t at = 1 + (unsigned char)segment->data[0];
    entry.term = slice_sub(*segment, 1, at);
    entry.first = search_take_number(*segment, &at);
    entry.last = search_take_number(*segment, &at);
    ptrdiff_t length = (ptrdiff_t)search_take_number(*segment, &at);
    entry.rest = slice_sub(*segment, at, at + length);
    *segment = slice_from(*segment, at + length);
    return entry;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = search_compare(left->term, right->term);
    return order != 0 ? order : left->run < right->run ? -1 : 1;
}

/* The segments of a bucket, one a run, each sorted already. */
static struct entry *read_bucket(const struct search_work *work, ptrdiff_t bucket,
                                 struct arena *arena, ptrdiff_t *count)
{
    VECTOR(struct entry) entries = {0};
    for (ptrdiff_t i = 0; i < work->run_count; i++) {
        const struct search_run *run = &work->runs[i];
        int32_t start = bucket > 0 ? run->ends[bucket - 1] : 0;
        struct slice segment =
            store_get(run->terms_store, run->terms + start, run->ends[bucket] - start, arena);
        while (segment.length > 0) {
            *VECTOR_PUSH(arena, &entries) = read_entry(&segment, i);
        }
    }
    if (entries.length > 1) {
        qsort(entries.data, (size_t)entries.length, sizeof(*entries.data), compare_entries);
    }
    *count = entries.length;
    return entries.data;
}

/* Documents of the entries of one term, one behind the other, as JSON's numbers. */
static void join_documents(const struct entry *entries, ptrdiff_t count, struct buffer *out)
{
    int64_t last = -1;
    buffer_clear(out);
    for (ptrdiff_t i = 0; i < count; i++) {
        uint64_t tier = entries[i].first & ((1U << SEARCH_TIER_BITS) - 1);
        int64_t first = (int64_t)(entries[i].first >> SEARCH_TIER_BITS);
        if (i > 0) {
            buffer_append_byte(out, ',');
        }
        buffer_append_integer(out, (first - last) << SEARCH_TIER_BITS | (int64_t)tier);
        for (ptrdiff_t at = 0; at < entries[i].rest.length;) {
            buffer_append_byte(out, ',');
            buffer_append_integer(out, (int64_t)search_take_number(entries[i].rest, &at));
        }
        last = (int64_t)entries[i].last;
    }
}

/* A merged term: length of its text (one byte) and text, length of its documents, documents. */
static void merge_bucket(void *context, ptrdiff_t index, int worker)
{
    const struct search_work *work = context;
    struct arena *arena = &work->render->workers[worker].scratch;
    struct buffer documents = {0};
    struct buffer out = {0};
    ptrdiff_t count = 0;
    const struct entry *entries = read_bucket(work, index, arena, &count);
    for (ptrdiff_t i = 0; i < count;) {
        ptrdiff_t end = i + 1;
        while (end < count && slice_equal(entries[end].term, entries[i].term)) {
            end++;
        }
        join_documents(&entries[i], end - i, &documents);
        buffer_append_byte(&out, (char)entries[i].term.length);
        buffer_append(&out, entries[i].term);
        search_put_number(&out, (uint64_t)documents.length);
        buffer_append(&out, buffer_slice(&documents));
        i = end;
    }
    work->buckets[index] = (struct search_piece){
        work->stores[worker], store_put(work->stores[worker], buffer_slice(&out)), out.length};
    buffer_release(&documents);
    buffer_release(&out);
    arena_clear(arena);
}

void search_merge(struct search_work *work)
{
    work->buckets = ARENA_ARRAY(work->arena, struct search_piece, SEARCH_BUCKETS);
    search_each(work, SEARCH_BUCKETS, merge_bucket, work);
}

/* ---- Shards ---- */

/*
 * A query reads the manifest, which grows with the number of shards, and about three shards. The
 * sum of the two is least when a shard is about so large (an entry of the manifest is some 15
 * bytes). The bounds: less is not worth a request, more is too much for one.
 */
#define SHARD_LEAST ((ptrdiff_t)4096)
#define SHARD_MOST ((ptrdiff_t)65536)

static ptrdiff_t shard_size(int64_t total)
{
    ptrdiff_t size = SHARD_LEAST;
    while (size < SHARD_MOST && (int64_t)size * size < total * 5) {
        size += SHARD_LEAST / 4;
    }
    return size;
}

struct cutter {
    struct search_work *work;
    struct buffer shard;
    struct slice first; /* term */
    VECTOR(struct search_shard) shards;
};

static void end_shard(struct cutter *cutter)
{
    if (cutter->shard.length == 0) {
        return;
    }
    struct store *store = cutter->work->stores[0];
    struct search_shard *shard = VECTOR_PUSH(cutter->work->arena, &cutter->shards);
    buffer_append_literal(&cutter->shard, "}\n");
    shard->first = cutter->first;
    shard->piece = (struct search_piece){store, store_put(store, buffer_slice(&cutter->shard)),
                                         cutter->shard.length};
    buffer_clear(&cutter->shard);
}

/* A term is made of letters and digits: as JSON it stands as it is. */
static void add_term(struct cutter *cutter, struct slice term, struct slice documents)
{
    bool is_first = cutter->shard.length == 0;
    if (is_first) {
        cutter->first = arena_copy(cutter->work->arena, term);
    }
    buffer_append(&cutter->shard, is_first ? SLICE("{\"") : SLICE(",\n\""));
    buffer_append(&cutter->shard, term);
    buffer_append_literal(&cutter->shard, "\":[");
    buffer_append(&cutter->shard, documents);
    buffer_append_literal(&cutter->shard, "]");
}

/* Where a shard ends depends on the terms there, not on all that stands before: so a change moves
 * no more than the shards around it. */
static bool ends_before(const struct cutter *cutter, struct slice term, ptrdiff_t length,
                        ptrdiff_t size)
{
    ptrdiff_t now = cutter->shard.length;
    bool may_end = now >= size / 2 && hash_64(term) % 16 == 0;
    return now > 0 && (may_end || now + length > size * 3 / 2);
}

struct search_shard *search_cut(struct search_work *work, ptrdiff_t *count)
{
    struct cutter cutter = {.work = work};
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    int64_t total = 0;
    for (int i = 0; i < SEARCH_BUCKETS; i++) {
        total += work->buckets[i].length;
    }
    ptrdiff_t size = shard_size(total);
    for (int i = 0; i < SEARCH_BUCKETS; i++) {
        const struct search_piece *piece = &work->buckets[i];
        struct slice rest = store_get(piece->store, piece->at, piece->length, &scratch);
        while (rest.length > 0) {
            ptrdiff_t at = 1 + (unsigned char)rest.data[0];
            struct slice term = slice_sub(rest, 1, at);
            ptrdiff_t length = (ptrdiff_t)search_take_number(rest, &at);
            if (ends_before(&cutter, term, length, size)) {
                end_shard(&cutter);
            }
            add_term(&cutter, term, slice_sub(rest, at, at + length));
            rest = slice_from(rest, at + length);
        }
        arena_clear(&scratch);
    }
    end_shard(&cutter);
    buffer_release(&cutter.shard);
    arena_release(&scratch);
    *count = cutter.shards.length;
    return cutter.shards.data;
}
