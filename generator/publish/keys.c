/* Keys of artefacts: whether what the last build made of one is what would be made of it now. */
#include "publishing.h"

/* The cases that a file of the last build shows. */
static struct case_list shown_before(const struct publishing *run, const struct known_file *known)
{
    const struct cache *cache = run->options->cache;
    ptrdiff_t file = known - run->output.manifest.files;
    int32_t first = file > 0 ? cache->shown_ends[file - 1] : 0;
    int32_t end = cache->shown_ends[file];
    bool is_sound = first >= 0 && first <= end && end <= cache->shown_count;
    return is_sound ? (struct case_list){cache->shown + first, end - first}
                    : (struct case_list){NULL, 0};
}

bool key_is_as_it_was(struct publishing *run, ptrdiff_t number, const struct known_file *known)
{
    const struct artefact *artefact = &run->plan[number];
    bool is_known = known != NULL && run->last_keys != NULL;
    struct case_list shown = {NULL, 0};
    if (inputs_tell_cases(artefact)) {
        if (!is_known) {
            return false; /* its key comes when it is made (key_of_made) */
        }
        shown = shown_before(run, known);
        run->outcomes[number].shown = shown;
    }
    struct hash_128 key = inputs_key(run->inputs, run->render, artefact, shown);
    run->keys[number] = key;
    if (!is_known || artefact->inputs == 0) {
        return false;
    }
    const struct hash_128 *last = &run->last_keys[known - run->output.manifest.files];
    return last->low == key.low && last->high == key.high;
}

void key_of_made(struct publishing *run, ptrdiff_t number, int worker)
{
    const struct artefact *artefact = &run->plan[number];
    struct case_list *shown = &run->outcomes[number].shown;
    if (run->inputs == NULL || !inputs_tell_cases(artefact)) {
        return;
    }
    struct case_list noted = render_shown(run->render, worker);
    int32_t *indexes = ARENA_ARRAY(&run->presses[worker].arena, int32_t, noted.count + 1);
    for (ptrdiff_t i = 0; i < noted.count; i++) {
        indexes[i] = noted.indexes[i];
    }
    *shown = (struct case_list){indexes, noted.count};
    run->keys[number] = inputs_key(run->inputs, run->render, artefact, *shown);
}

void keys_gather(const struct publishing *run, struct cache *cache)
{
    struct arena *arena = &cache->arena;
    ptrdiff_t all = 0;
    for (ptrdiff_t i = 0; i < run->count; i++) {
        all += run->outcomes[i].shown.count;
    }
    struct hash_128 *keys = ARENA_ARRAY(arena, struct hash_128, run->count + 1);
    int32_t *ends = ARENA_ARRAY(arena, int32_t, run->count + 1);
    int32_t *shown = ARENA_ARRAY(arena, int32_t, all + 1);
    struct plan_walk walk;
    plan_walk_init(&walk, run);
    ptrdiff_t count = 0;
    int32_t end = 0;
    for (ptrdiff_t i; (i = plan_walk_next(&walk)) >= 0; count++) {
        const struct case_list *list = &run->outcomes[i].shown;
        for (ptrdiff_t k = 0; k < list->count; k++) {
            shown[end++] = list->indexes[k];
        }
        keys[count] = run->keys[i];
        ends[count] = end;
    }
    cache->keys = keys;
    cache->key_count = count;
    cache->shown = shown;
    cache->shown_count = end;
    cache->shown_ends = ends;
}
