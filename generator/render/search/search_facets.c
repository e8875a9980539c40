/* Codes of the cases: the same as the ways to browse, for narrowing down what was found. */
#include "search.h"

/* The number of each case among the documents, from the first case on; -1: not in this language. */
static ptrdiff_t *number_cases(const struct search_work *work, struct arena *scratch)
{
    const struct site *site = work->render->site;
    ptrdiff_t *numbers = ARENA_ARRAY(scratch, ptrdiff_t, site->item_counts[ITEM_CASE] + 1);
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        numbers[i] = -1;
    }
    ptrdiff_t first = work->document_count - work->case_count;
    for (ptrdiff_t i = 0; i < work->case_count; i++) {
        numbers[work->documents[first + i].item - site->items[ITEM_CASE]] = i;
    }
    return numbers;
}

/* The sets of codes that cases have, each once: text `1,4` -> its number. */
struct sets {
    struct map numbers;
    struct slice *texts; /* one a case */
};

static void gather_sets(const struct search_work *work, const struct facet *facet,
                        const ptrdiff_t *numbers, struct arena *scratch, struct sets *sets)
{
    const struct item *items = work->render->site->items[ITEM_CASE];
    sets->texts = ARENA_ARRAY(scratch, struct slice, work->case_count + 1);
    for (ptrdiff_t k = 0; k < facet->count; k++) {
        for (ptrdiff_t i = 0; i < facet->entries[k].count; i++) {
            ptrdiff_t number = numbers[facet->entries[k].cases[i] - items];
            if (number >= 0) {
                struct slice *text = &sets->texts[number];
                *text = text->length == 0
                            ? arena_format(scratch, "%td", k)
                            : arena_format(scratch, "%.*s,%td", SLICE_ARGUMENTS(*text), k);
            }
        }
    }
    for (ptrdiff_t i = 0; i < work->case_count; i++) {
        bool is_new = false;
        struct map_entry *entry = map_insert(&sets->numbers, scratch, sets->texts[i], &is_new);
        if (is_new) {
            entry->value.integer = sets->numbers.length - 1;
        }
    }
}

static void write_sets(struct json_writer *json, const struct search_work *work,
                       const struct sets *sets)
{
    json_key(json, SLICE("sets"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < sets->numbers.length; i++) {
        json_array_begin(json);
        struct slice rest = sets->numbers.entries[i].key;
        int64_t code;
        while (rest.data != NULL) {
            if (slice_to_integer(slice_cut(&rest, ','), &code)) {
                json_write_integer(json, code);
            }
        }
        json_array_end(json);
    }
    json_array_end(json);
    json_key(json, SLICE("cases"));
    json_array_begin(json);
    for (ptrdiff_t i = 0; i < work->case_count; i++) {
        json_write_integer(json, map_find(&sets->numbers, sets->texts[i])->value.integer);
    }
    json_array_end(json);
}

/* The search page's fields have the codes in the same order. */
void search_facets(const struct search_work *work, struct arena *scratch, struct buffer *out)
{
    const struct site *site = work->render->site;
    const ptrdiff_t *numbers = number_cases(work, scratch);
    struct json_writer json;
    json_begin(&json, out, false);
    json_object_begin(&json);
    json_member_integer(&json, "first", work->document_count - work->case_count);
    for (int id = 0; id < FACET_COUNT; id++) {
        if (site->facets[id].count > 0 && facet_is_way((enum facet_id)id)) {
            struct sets sets = {0};
            gather_sets(work, &site->facets[id], numbers, scratch, &sets);
            json_key(&json, facet_name((enum facet_id)id));
            json_object_begin(&json);
            write_sets(&json, work, &sets);
            json_object_end(&json);
        }
    }
    json_object_end(&json);
}
