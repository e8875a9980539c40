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

static void read_documents(const struct search_work *work, struct batch *batch, ptrdiff_t index,
                           struct store *store, struct buffer *buffer)
{
    struct search_run *run = &work->runs[index];
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    ptrdiff_t first = index * SEARCH_BATCH;
    for (int i = 0; i < SEARCH_BATCH && first + i < work->document_count; i++) {
        struct search_text text;
        search_read(work->render, &work->documents[first + i], work->language, &scratch, &text);
        buffer_clear(buffer);
        write_text(&text, buffer);
        run->texts[i] = store_put(store, buffer_slice(buffer));
        run->text_lengths[i] = (int32_t)buffer->length;
        for (int tier = 0; tier < TIER_COUNT; tier++) {
            buffer_clear(buffer);
            search_fold(text.tiers[tier], &scratch, buffer);
            take_terms(batch, arena_copy(batch->arena, buffer_slice(buffer)), i, tier);
        }
        arena_clear(&scratch);
    }
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
    buffer_clear(out);
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

static void make_run(void *context, ptrdiff_t index, int worker)
{
    const struct search_work *work = context;
    struct batch batch = {.arena = &work->render->workers[worker].scratch};
    struct buffer buffer = {0};
    struct store *store = work->stores[worker];
    work->runs[index].store = store;
    read_documents(work, &batch, index, store, &buffer);
    write_run(&batch, index * SEARCH_BATCH, &work->runs[index], &buffer);
    work->runs[index].terms = store_put(store, buffer_slice(&buffer));
    buffer_release(&buffer);
    arena_clear(batch.arena);
}

void search_make_runs(struct search_work *work)
{
    work->run_count = (work->document_count + SEARCH_BATCH - 1) / SEARCH_BATCH;
    work->runs = ARENA_ARRAY(work->arena, struct search_run, work->run_count + 1);
    search_each(work, work->run_count, make_run, work);
}
