/* First pass: the documents of a batch become texts as JSON, and a run of sorted postings. */
#include "search.h"

/* A document that holds a term; only the best place counts. */
struct posting {
    uint32_t term;     /* its number in the batch */
    uint16_t document; /* in the batch */
    uint16_t tier;
};

struct known_term {
    struct slice text;
    uint64_t key;
    int32_t last;   /* the last document that has it */
    int32_t count;  /* of its postings */
    int32_t placed; /* postings put into their place so far */
};

struct batch {
    struct arena *arena;
    VECTOR(struct known_term) terms;
    VECTOR(struct posting) postings;
    int32_t *slots; /* open addressing: number of a term + 1 */
    ptrdiff_t slot_count;
};

/* ---- Terms ---- */

static uint64_t hash_of(const struct search_term *term)
{
    return term->key != 0 ? (term->key ^ term->key >> 29) * 0x9E3779B97F4A7C15U
                          : hash_64(term->text);
}

static bool is_same(const struct known_term *known, const struct search_term *term)
{
    return known->key == term->key && (term->key != 0 || slice_equal(known->text, term->text));
}

static void grow(struct batch *batch)
{
    ptrdiff_t count = batch->slot_count > 0 ? batch->slot_count * 2 : 1 << 15;
    batch->slots = ARENA_ARRAY(batch->arena, int32_t, count);
    batch->slot_count = count;
    for (ptrdiff_t i = 0; i < batch->terms.length; i++) {
        const struct search_term term = {batch->terms.data[i].text, batch->terms.data[i].key};
        ptrdiff_t slot = (ptrdiff_t)(hash_of(&term) >> 20) & (count - 1);
        while (batch->slots[slot] != 0) {
            slot = (slot + 1) & (count - 1);
        }
        batch->slots[slot] = (int32_t)i + 1;
    }
}

static struct known_term *know_term(struct batch *batch, const struct search_term *term)
{
    if (batch->terms.length * 2 >= batch->slot_count) {
        grow(batch);
    }
    ptrdiff_t mask = batch->slot_count - 1;
    ptrdiff_t slot = (ptrdiff_t)(hash_of(term) >> 20) & mask;
    for (; batch->slots[slot] != 0; slot = (slot + 1) & mask) {
        struct known_term *known = &batch->terms.data[batch->slots[slot] - 1];
        if (is_same(known, term)) {
            return known;
        }
    }
    batch->slots[slot] = (int32_t)batch->terms.length + 1;
    struct known_term *added = VECTOR_PUSH(batch->arena, &batch->terms);
    *added = (struct known_term){.text = term->text, .key = term->key, .last = -1};
    return added;
}

/* The tiers of a document come best first, so the first posting of a term is the one. */
static void take_terms(struct batch *batch, struct slice folded, int document, int tier)
{
    struct search_cursor cursor = {.text = folded};
    struct search_term term;
    while (search_next_term(&cursor, &term)) {
        struct known_term *known = know_term(batch, &term);
        if (known->last != document) {
            known->last = document;
            known->count++;
            *VECTOR_PUSH(batch->arena, &batch->postings) = (struct posting){
                (uint32_t)(known - batch->terms.data), (uint16_t)document, (uint16_t)tier};
        }
    }
}

/* ---- Texts ---- */

static void write_text(const struct search_text *text, struct buffer *out)
{
    struct json_writer json;
    json_begin(&json, out, false);
    json_array_begin(&json);
    json_write_string(&json, text->address);
    json_write_string(&json, text->about);
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        json_write_string(&json, slice_trim(text->tiers[tier]));
    }
    json_array_end(&json);
}

static int batch_size(const struct search_work *work, ptrdiff_t index)
{
    ptrdiff_t rest = work->document_count - index * SEARCH_BATCH;
    return rest < SEARCH_BATCH ? (int)rest : SEARCH_BATCH;
}

/* Read the documents of a batch and write their texts; returns a hash of these and of the numbers
 * that they have, which is all that becomes of them. */
static struct hash_128 read_documents(const struct search_work *work, ptrdiff_t index,
                                      struct search_text *texts, struct arena *arena)
{
    struct search_run *run = &work->runs[index];
    struct buffer json = {0};
    struct buffer key = {0};
    ptrdiff_t first = index * SEARCH_BATCH;
    wire_put_number(&key, first);
    for (int i = 0; i < batch_size(work, index); i++) {
        search_read(work->render, &work->documents[first + i], work->language, arena, &texts[i]);
        buffer_clear(&json);
        write_text(&texts[i], &json);
        run->texts[i] = store_put(work->stores[run->worker], buffer_slice(&json));
        run->text_lengths[i] = (int32_t)json.length;
        struct hash_128 hash = hash_128(buffer_slice(&json));
        wire_put_bytes(&key, &hash, (ptrdiff_t)sizeof(hash));
    }
    struct hash_128 hash = hash_128(buffer_slice(&key));
    buffer_release(&json);
    buffer_release(&key);
    return hash;
}

static void take_all_terms(struct batch *batch, const struct search_text *texts, int count)
{
    struct buffer folded = {0};
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    for (int i = 0; i < count; i++) {
        for (int tier = 0; tier < TIER_COUNT; tier++) {
            buffer_clear(&folded);
            search_fold(texts[i].tiers[tier], &scratch, &folded);
            take_terms(batch, arena_copy(batch->arena, buffer_slice(&folded)), i, tier);
        }
        arena_clear(&scratch);
    }
    buffer_release(&folded);
    arena_release(&scratch);
}

/* ---- Sorting ---- */

static int compare_terms(const void *a, const void *b)
{
    const struct known_term *const *left = a;
    const struct known_term *const *right = b;
    return search_compare((*left)->text, (*right)->text);
}

/* The terms in order. */
static struct known_term **rank_terms(struct batch *batch)
{
    ptrdiff_t count = batch->terms.length;
    struct known_term **sorted = ARENA_ARRAY(batch->arena, struct known_term *, count + 1);
    for (ptrdiff_t i = 0; i < count; i++) {
        sorted[i] = &batch->terms.data[i];
    }
    qsort(sorted, (size_t)count, sizeof(struct known_term *), compare_terms);
    return sorted;
}

/* The postings of each term together; those of one stay in the order of documents. `starts` has the
 * place of each term's first one. */
static struct posting *gather_postings(struct batch *batch, struct known_term *const *sorted)
{
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < batch->terms.length; i++) {
        sorted[i]->placed = (int32_t)at;
        at += sorted[i]->count;
    }
    struct posting *gathered = ARENA_ARRAY(batch->arena, struct posting, at + 1);
    for (ptrdiff_t i = 0; i < batch->postings.length; i++) {
        const struct posting *posting = &batch->postings.data[i];
        gathered[batch->terms.data[posting->term].placed++] = *posting;
    }
    return gathered;
}

/*
 * A term of a run: length of its text (one byte) and text, its first document with its tier,
 * its last document, length of the rest, the rest (see SEARCH_TIER_BITS).
 */
static void write_term(const struct known_term *term, const struct posting *postings,
                       ptrdiff_t first_document, struct buffer *rest, struct buffer *out)
{
    buffer_append_byte(out, (char)term->text.length);
    buffer_append(out, term->text);
    buffer_clear(rest);
    for (int32_t i = 1; i < term->count; i++) {
        search_put_number(rest, (uint64_t)(postings[i].document - postings[i - 1].document)
                                        << SEARCH_TIER_BITS |
                                    postings[i].tier);
    }
    uint64_t first = (uint64_t)first_document + postings[0].document;
    search_put_number(out, first << SEARCH_TIER_BITS | postings[0].tier);
    search_put_number(out, (uint64_t)first_document + postings[term->count - 1].document);
    search_put_number(out, (uint64_t)rest->length);
    buffer_append(out, buffer_slice(rest));
}

static void write_run(struct batch *batch, ptrdiff_t first_document, struct search_run *run,
                      struct buffer *out)
{
    struct known_term **sorted = rank_terms(batch);
    const struct posting *postings = gather_postings(batch, sorted);
    struct buffer rest = {0};
    int bucket = 0;
    for (ptrdiff_t i = 0; i < batch->terms.length; i++) {
        for (int own = search_bucket(sorted[i]->text); bucket < own; bucket++) {
            run->ends[bucket] = (int32_t)out->length;
        }
        write_term(sorted[i], postings, first_document, &rest, out);
        postings += sorted[i]->count;
    }
    for (; bucket < SEARCH_BUCKETS; bucket++) {
        run->ends[bucket] = (int32_t)out->length;
    }
    buffer_release(&rest);
}

/* Where the site keeps nothing, for this time alone. */
static void keep_run(const struct search_work *work, struct search_run *run, struct hash_128 key,
                     struct slice terms)
{
    struct recall *recall = work->render->site->recall;
    if (recall == NULL) {
        run->terms_store = run->store;
        run->terms = store_put(work->stores[run->worker], terms);
        return;
    }
    struct buffer entry = {0};
    wire_put_bytes(&entry, run->ends, (ptrdiff_t)sizeof(run->ends));
    buffer_append(&entry, terms);
    run->part = recall_put_part(recall, key, buffer_slice(&entry));
    run->terms_store = recall->store;
    run->terms = run->part.at + (int64_t)sizeof(run->ends);
    buffer_release(&entry);
}

/* The run of the same texts; false when nobody has kept it. */
static bool recall_run(const struct search_work *work, struct search_run *run, struct hash_128 key,
                       struct arena *arena)
{
    const struct recall *recall = work->render->site->recall;
    struct slice entry;
    if (recall == NULL || !recall_take_part(recall, key, arena, &run->part, &entry) ||
        entry.length < (ptrdiff_t)sizeof(run->ends)) {
        return false;
    }
    memcpy(run->ends, entry.data, sizeof(run->ends));
    run->terms_store = recall->store;
    run->terms = run->part.at + (int64_t)sizeof(run->ends);
    return true;
}

static void make_run(void *context, ptrdiff_t index, int worker)
{
    const struct search_work *work = context;
    struct search_run *run = &work->runs[index];
    struct arena *arena = &work->render->workers[worker].scratch;
    struct search_text *texts = ARENA_ARRAY(arena, struct search_text, SEARCH_BATCH);
    run->worker = worker;
    run->store = work->stores[worker];
    struct hash_128 key = read_documents(work, index, texts, arena);
    if (!recall_run(work, run, key, arena)) {
        struct batch batch = {.arena = arena};
        struct buffer terms = {0};
        take_all_terms(&batch, texts, batch_size(work, index));
        write_run(&batch, index * SEARCH_BATCH, run, &terms);
        keep_run(work, run, key, buffer_slice(&terms));
        buffer_release(&terms);
    }
    arena_clear(arena);
}

void search_make_runs(struct search_work *work)
{
    work->run_count = (work->document_count + SEARCH_BATCH - 1) / SEARCH_BATCH;
    work->runs = ARENA_ARRAY(work->arena, struct search_run, work->run_count + 1);
    search_each(work, work->run_count, make_run, work);
}
