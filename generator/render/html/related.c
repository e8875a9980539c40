/*
 * Cases like one. Who shares a code stands near in the lists of that code; so only a few neighbours
 * in each list are looked at, and the work for one page does not grow with the site.
 */
#include "case.h"

#define NEIGHBOURS 12
#define SCORED_SLOTS 512 /* a power of two, well over 2 * NEIGHBOURS * codes */
#define CODES_MOST 8

struct scored {
    const struct item *item;
    int score;
};

struct scores {
    struct scored slots[SCORED_SLOTS];
    int16_t used[SCORED_SLOTS]; /* which of them, in the order of first use */
    int used_count;
    /* All cases, in the order of lists, and the one in question among them. Which it is says its
     * place alone: of the hundreds that are near, few are looked at. */
    const struct item *cases;
    const struct item *self;
};

static void add_score(struct scores *scores, const struct item *item, int score)
{
    if (item == scores->self) {
        return;
    }
    uint32_t at = (uint32_t)(item - scores->cases) * 2654435761U;
    for (;; at++) {
        struct scored *slot = &scores->slots[at % SCORED_SLOTS];
        if (!slot->item) {
            slot->item = item;
            scores->used[scores->used_count++] = (int16_t)(at % SCORED_SLOTS);
        }
        if (slot->item == item) {
            slot->score += score;
            return;
        }
    }
}

static const struct facet_entry *find_entry(const struct facet *facet,
                                            const struct code_entry *code)
{
    for (ptrdiff_t i = 0; i < facet->count; i++) {
        if (facet->entries[i].of == code) {
            return &facet->entries[i];
        }
    }
    return NULL;
}

/* Where the item stands in a list. */
static ptrdiff_t place_in(const struct facet_entry *entry, const struct item *item)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = entry->count;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (entry->cases[middle] < item) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void score_code(struct scores *scores, const struct facet *facet,
                       const struct code_entry *code)
{
    int score = facet_likeness(facet->id);
    const struct facet_entry *entry = code ? find_entry(facet, code) : NULL;
    CHECK(score > 0); /* of other facets the page does not say that it reads them (INPUT_ALIKE) */
    if (!entry) {
        return;
    }
    ptrdiff_t place = place_in(entry, scores->self);
    ptrdiff_t first = place > NEIGHBOURS ? place - NEIGHBOURS : 0;
    ptrdiff_t end = place + NEIGHBOURS < entry->count ? place + NEIGHBOURS : entry->count;
    for (ptrdiff_t i = first; i < end; i++) {
        add_score(scores, entry->cases[i], score);
    }
}

static void score_list(struct scores *scores, const struct facet *facet, struct value_list codes)
{
    for (ptrdiff_t i = 0; i < codes.count && i < CODES_MOST / 2; i++) {
        if (codes.items[i].state == VALUE_STATED) {
            score_code(scores, facet, codes.items[i].as.code);
        }
    }
}

static int named_cases(const struct record *record, const struct item *self,
                       const struct item *found[RELATED_MOST])
{
    struct value_list named = record_list(record, FIELD_case_related);
    int count = 0;
    for (ptrdiff_t i = 0; i < named.count && count < RELATED_MOST; i++) {
        const struct item *item = value_reference(&named.items[i])->item;
        bool is_new = item && item != self;
        for (int k = 0; k < count; k++) {
            is_new = is_new && found[k] != item;
        }
        if (is_new) {
            found[count++] = item;
        }
    }
    return count;
}

/* Higher score first; equal scores in the order of lists. */
static bool is_better(const struct scored *a, const struct scored *b)
{
    return a->score != b->score ? a->score > b->score : a->item < b->item;
}

static void find_related(const struct page *page, const struct item *item, struct related *related)
{
    const struct facet *facets = page->site->facets;
    const struct item **found = related->cases;
    struct scores *scores = ARENA_NEW(page->arena, struct scores);
    scores->cases = facets[FACET_field].items;
    scores->self = &scores->cases[item->index]; /* a preview's own is a copy */
    score_list(scores, &facets[FACET_field], record_list(item->record, FIELD_case_fields));
    score_list(scores, &facets[FACET_form], record_list(item->record, FIELD_case_form));
    score_list(scores, &facets[FACET_area], record_list(item->record, FIELD_case_wards));
    struct value_list actors = record_list(item->record, FIELD_case_actors);
    for (ptrdiff_t i = 0; i < actors.count && i < CODES_MOST / 2; i++) {
        score_code(scores, &facets[FACET_partner],
                   actor_type(page->site, actors.items[i].as.group));
    }
    int count = named_cases(item->record, scores->self, found);
    for (int k = 0; k < count; k++) {
        add_score(scores, found[k], 0);
    }
    while (count < RELATED_MOST) {
        struct scored *best = NULL;
        for (int i = 0; i < scores->used_count; i++) {
            struct scored *slot = &scores->slots[scores->used[i]];
            bool is_taken = slot->score < 3;
            for (int k = 0; k < count; k++) {
                is_taken = is_taken || found[k] == slot->item;
            }
            if (!is_taken && (!best || is_better(slot, best))) {
                best = slot;
            }
        }
        if (!best) {
            break;
        }
        found[count++] = best->item;
    }
    related->count = count;
}

/* They are the same in all languages. A preview's own case may say something else by now. */
const struct related *related_cases(const struct page *page, const struct item *item)
{
    const struct related **place = &page->render->index->related[item->index];
    bool is_preview = page->render->was != NULL;
    const struct related *kept = is_preview ? NULL : __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (kept) {
        return kept;
    }
    struct related *found = ARENA_NEW(is_preview ? page->arena : page->kept, struct related);
    find_related(page, item, found);
    if (!is_preview) {
        __atomic_store_n(place, found, __ATOMIC_RELEASE);
    }
    return found;
}
