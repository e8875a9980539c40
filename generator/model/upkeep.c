#include "upkeep.h"

struct slice section_state_word(enum section_state state)
{
    static const char *const words[SECTION_STATES] = {
        [SECTION_CURRENT] = "current",     [SECTION_OUTDATED] = "outdated",
        [SECTION_UNMARKED] = "unmarked",   [SECTION_MISSING] = "missing",
        [SECTION_LEFT_OVER] = "left_over", [SECTION_UNTRANSLATED] = "untranslated",
    };
    CHECK(state >= 0 && state < SECTION_STATES);
    return slice_of(words[state]);
}

struct slice section_hash_text(uint64_t hash, struct arena *arena)
{
    return arena_format(arena, "%016llx", (unsigned long long)hash);
}

/* ---- Hashes ---- */

/* In the order of the text: the same two in another order give another hash. */
static uint64_t hash_then(uint64_t first, uint64_t second)
{
    return first * UINT64_C(0x9E3779B97F4A7C15) + second;
}

struct hashing {
    int language;
    struct buffer path; /* keys and ids that lead to where we are */
    uint64_t sum;
};

static void hash_record(struct hashing *hashing, const struct record *record);

static void hash_group(struct hashing *hashing, const struct record *group)
{
    ptrdiff_t length = hashing->path.length;
    enum field_id key = shape_field_by_key(group->shape, SLICE("id"));
    if (key != FIELD_COUNT && (field_info(key)->flags & FIELD_KEY) != 0) {
        if (field_info(key)->type == FIELD_TYPE_CODE) {
            const struct code_entry *code = record_code(group, key);
            buffer_append(&hashing->path, code != NULL ? code->code : SLICE(""));
        } else {
            buffer_append(&hashing->path, record_text(group, key));
        }
    }
    buffer_append_byte(&hashing->path, '/');
    hash_record(hashing, group);
    hashing->path.length = length;
}

static void hash_value(struct hashing *hashing, const struct value *value)
{
    if (value->words != NULL) {
        struct slice text = value->words[hashing->language].text;
        ptrdiff_t length = hashing->path.length;
        if (text.length > 0) {
            buffer_append_byte(&hashing->path, '\0');
            buffer_append(&hashing->path, text);
            hashing->sum += hash_64(buffer_slice(&hashing->path));
        }
        hashing->path.length = length;
        return;
    }
    struct value_list groups = value_groups(value);
    for (ptrdiff_t i = 0; i < groups.count; i++) {
        if (groups.items[i].as.group != NULL) {
            hash_group(hashing, groups.items[i].as.group);
        }
    }
}

static void hash_record(struct hashing *hashing, const struct record *record)
{
    for (int i = 0; i < record->count; i++) {
        const struct value *value = &record->values[i];
        ptrdiff_t length = hashing->path.length;
        buffer_append(&hashing->path, field_info(value->field)->key);
        buffer_append_byte(&hashing->path, '/');
        hash_value(hashing, value);
        hashing->path.length = length;
    }
}

uint64_t record_words_hash(const struct record *record, int language)
{
    struct hashing hashing = {.language = language};
    buffer_init(&hashing.path);
    hash_record(&hashing, record);
    buffer_release(&hashing.path);
    return hashing.sum;
}

/* ---- The sections of one version ---- */

struct part {
    struct slice name;
    const struct heading *heading;
    uint64_t hash;
};
struct parts {
    struct part *items;
    ptrdiff_t count;
    struct map by_name; /* filled when something stands in another place than in the original */
};

static void list_parts(const struct version *version, struct arena *arena, struct parts *parts)
{
    const struct document *document = version->document;
    const struct heading *headings = document->headings;
    ptrdiff_t count = document->heading_count;
    parts->items = ARENA_ARRAY(arena, struct part, count + 2);
    parts->items[0] = (struct part){.name = SECTION_FRONT_MATTER, .hash = version->words_hash};
    parts->count = 1;
    bool begins_with_own = count > 0 && headings[0].has_explicit_id && headings[0].html_start == 0;
    struct part *lead = NULL;
    if (document->html_length > 0 && !begins_with_own) {
        lead = &parts->items[parts->count++];
        *lead = (struct part){.name = SECTION_LEAD, .hash = document->lead_hash};
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        struct part *into = &parts->items[parts->count - 1];
        if (headings[i].has_explicit_id) {
            into = slice_equal(headings[i].id, SECTION_FRONT_MATTER) ? &parts->items[0]
                   : slice_equal(headings[i].id, SECTION_LEAD)       ? lead
                                                                     : NULL;
        }
        if (into != NULL) {
            into->hash = hash_then(into->hash, headings[i].hash);
        } else {
            parts->items[parts->count++] = (struct part){
                .name = headings[i].id, .heading = &headings[i], .hash = headings[i].hash};
        }
    }
}

/* The part of a name; most often it is the one at `hint`. */
static const struct part *find_part(struct parts *parts, struct slice name, ptrdiff_t hint,
                                    struct arena *arena)
{
    if (hint < parts->count && slice_equal(parts->items[hint].name, name)) {
        return &parts->items[hint];
    }
    if (parts->by_name.length == 0) {
        for (ptrdiff_t i = 0; i < parts->count; i++) {
            map_insert(&parts->by_name, arena, parts->items[i].name, NULL)->value.constant =
                &parts->items[i];
        }
    }
    return map_get(&parts->by_name, name);
}

/* ---- Side by side ---- */

static enum section_state state_of(const struct part *original, const struct part *translation,
                                   const struct version *version)
{
    if (translation == NULL) {
        return SECTION_MISSING;
    }
    const struct map_entry *mark = map_find(&version->marks, original->name);
    return mark == NULL                                      ? SECTION_UNMARKED
           : (uint64_t)mark->value.integer == original->hash ? SECTION_CURRENT
                                                             : SECTION_OUTDATED;
}

struct section_list item_sections(const struct item *item, int language, struct arena *arena)
{
    const struct version *from = &item->versions[0];
    const struct version *to = &item->versions[language];
    if (language == 0 || from->document == NULL || to->document == NULL) {
        return (struct section_list){0};
    }
    struct parts originals = {0};
    struct parts translations = {0};
    list_parts(from, arena, &originals);
    list_parts(to, arena, &translations);
    struct section *sections =
        ARENA_ARRAY(arena, struct section, originals.count + translations.count);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < originals.count; i++) {
        const struct part *original = &originals.items[i];
        const struct part *translation = find_part(&translations, original->name, i, arena);
        sections[count] = (struct section){
            .name = original->name, .original = original->heading, .hash = original->hash};
        sections[count].translation = translation != NULL ? translation->heading : NULL;
        sections[count++].state = state_of(original, translation, to);
    }
    for (ptrdiff_t i = 0; i < translations.count; i++) {
        const struct part *translation = &translations.items[i];
        if (find_part(&originals, translation->name, i, arena) == NULL) {
            sections[count++] = (struct section){.name = translation->name,
                                                 .translation = translation->heading,
                                                 .state = SECTION_LEFT_OVER};
        }
    }
    return (struct section_list){sections, count};
}

/* ---- A whole site ---- */

struct making {
    struct upkeep *upkeep;
    struct arena *arena;  /* of the result */
    struct arena scratch; /* of one item */
    VECTOR(struct upkeep_row) rows;
};

static void add_row(struct making *making, const struct upkeep_row *row)
{
    *VECTOR_PUSH(making->arena, &making->rows) = *row;
    making->upkeep->counts[row->language].rows[row->state]++;
}

static void add_translation(struct making *making, const struct item *item, int language)
{
    struct upkeep_counts *counts = &making->upkeep->counts[language];
    counts->items++;
    struct upkeep_row row = {.item = item, .language = language, .state = SECTION_UNTRANSLATED};
    if (!item->versions[language].exists) {
        add_row(making, &row);
        return;
    }
    counts->translated++;
    bool is_marked = item->versions[language].marks.length > 0;
    if (!is_marked) {
        row.state = SECTION_UNMARKED;
        add_row(making, &row);
    }
    struct section_list sections = item_sections(item, language, &making->scratch);
    bool is_current = is_marked;
    for (ptrdiff_t i = 0; i < sections.count; i++) {
        const struct section *section = &sections.items[i];
        is_current = is_current && section->state == SECTION_CURRENT;
        if (section->state != SECTION_UNMARKED || is_marked) {
            row.state = section->state;
            row.section = section->name;
            row.original = section->original;
            row.translation = section->translation;
            add_row(making, &row);
        }
    }
    counts->current += is_current ? 1 : 0;
    arena_clear(&making->scratch);
}

const struct upkeep *upkeep_make(const struct site *site, struct arena *arena)
{
    if (site->language_count < 2) {
        return NULL;
    }
    struct making making = {.arena = arena, .upkeep = ARENA_NEW(arena, struct upkeep)};
    arena_init(&making.scratch, ARENA_DEFAULT_LIMIT);
    making.upkeep->counts = ARENA_ARRAY(arena, struct upkeep_counts, site->language_count);
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            const struct item *item = &site->items[kind][i];
            for (int language = 1; language < site->language_count && item->versions[0].exists;
                 language++) {
                add_translation(&making, item, language);
            }
        }
    }
    arena_release(&making.scratch);
    making.upkeep->rows = making.rows.data;
    making.upkeep->count = making.rows.length;
    return making.upkeep;
}
