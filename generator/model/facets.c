#include "reading.h"

/* Ways to browse cases: for each facet its codes that occur, in the code list's order, with their
 * cases in the order of lists. */

#define LITERAL(text)            \
    {                            \
        (text), sizeof(text) - 1 \
    }

struct facet_info {
    enum field_id field;
    bool is_way;
    int likeness;
    struct slice name;
    struct slice label[INTERFACE_LANGUAGES];
};

static const struct facet_info infos[FACET_COUNT] = {
#define FACET(identifier, field_, name_, is_way_, likeness_, ja, en) \
    [FACET_##identifier] = {field_, is_way_, likeness_, LITERAL(name_), {LITERAL(ja), LITERAL(en)}},
#include "facets.def"
#undef FACET
};

struct slice facet_name(enum facet_id id)
{
    return infos[id].name;
}

bool facet_is_way(enum facet_id id)
{
    return infos[id].is_way;
}

int facet_likeness(enum facet_id id)
{
    return infos[id].likeness;
}

struct slice facet_label(enum facet_id id, enum interface_language language)
{
    return infos[id].label[language];
}

struct slice facet_entry_label(const struct facet_entry *entry, int language)
{
    return entry->of != NULL ? code_label(entry->of, language) : entry->code;
}

/* Twenty-eight kinds of partner make 378 pairs. */
#define CODES_MOST 400

/* The codes of one case under a facet, without repetition. */
struct codes {
    struct {
        struct slice code;
        const struct code_entry *of;
        const struct code_entry *with; /* of a pair */
    } items[CODES_MOST];
    int count;
};

static void codes_add(struct codes *codes, struct slice code, const struct code_entry *of)
{
    if (code.length == 0) {
        return;
    }
    for (int i = 0; i < codes->count; i++) {
        if (slice_equal(codes->items[i].code, code)) {
            return;
        }
    }
    if (codes->count < (int)(sizeof(codes->items) / sizeof(codes->items[0]))) {
        codes->items[codes->count].code = code;
        codes->items[codes->count].of = of;
        codes->items[codes->count].with = NULL;
        codes->count++;
    }
}

const struct code_entry *actor_type(const struct site *site, const struct record *actor)
{
    const struct code_entry *type = record_code(actor, FIELD_actor_type);
    const struct value *reference = record_get(actor, FIELD_actor_actor);
    if (type != NULL || reference == NULL || value_reference(reference)->target != TARGET_ROW) {
        return type;
    }
    const struct table *table = value_reference(reference)->table;
    int column = table_column_by_name(table, SLICE("type"));
    const struct codelist *list = site_codelist(site, SLICE("actor-types"));
    if (column < 0 || list == NULL) {
        return NULL;
    }
    return codelist_find(list, table_cell(table, value_reference(reference)->row, column));
}

static void partner_codes(const struct site *site, const struct item *item, struct codes *codes)
{
    struct value_list actors = record_list(item->record, FIELD_case_actors);
    for (ptrdiff_t i = 0; i < actors.count; i++) {
        const struct code_entry *type = actor_type(site, actors.items[i].as.group);
        if (type != NULL) {
            codes_add(codes, type->code, type);
        }
    }
}

/* Two kinds of partner in one case, the first of the code list first: `company.npo`. */
static void pair_codes(const struct site *site, const struct item *item, struct arena *arena,
                       struct codes *codes)
{
    struct codes kinds; /* whole it is 16 kB, of which a case uses little */
    kinds.count = 0;
    partner_codes(site, item, &kinds);
    for (int i = 0; i < kinds.count; i++) {
        for (int k = i + 1; k < kinds.count && codes->count < CODES_MOST; k++) {
            bool in_order = kinds.items[i].of->order < kinds.items[k].of->order;
            const struct code_entry *first = kinds.items[in_order ? i : k].of;
            const struct code_entry *second = kinds.items[in_order ? k : i].of;
            codes->items[codes->count].code =
                ARENA_JOIN(arena, first->code, SLICE("."), second->code);
            codes->items[codes->count].of = first;
            codes->items[codes->count].with = second;
            codes->count++;
        }
    }
}

static void area_codes(const struct item *item, struct codes *codes)
{
    struct value_list wards = record_list(item->record, FIELD_case_wards);
    for (ptrdiff_t i = 0; i < wards.count; i++) {
        codes_add(codes, wards.items[i].as.code->code, wards.items[i].as.code);
    }
    const struct code_entry *city = record_code(item->record, FIELD_case_city);
    if (wards.count == 0 && city != NULL) {
        codes_add(codes, city->code, city);
    }
}

static void year_codes(const struct item *item, struct arena *arena, struct codes *codes)
{
    struct date date = record_date(item->record, FIELD_case_fiscal_year);
    if (date.precision == DATE_NONE) {
        date = record_date(item->record, FIELD_case_start);
    }
    if (date.precision != DATE_NONE) {
        codes_add(codes, arena_format(arena, "%04d", date.year), NULL);
    }
}

/* By quarters of the questions that the record answers. */
static void completeness_codes(const struct item *item, struct codes *codes)
{
    static const char *const quarters[] = {"0", "25", "50", "75"};
    struct case_stated counts = case_count_stated(item->record);
    if (counts.asked > 0) {
        int quarter = counts.stated * 4 / counts.asked;
        codes_add(codes, slice_of(quarters[quarter > 3 ? 3 : quarter]), NULL);
    }
}

static void case_codes(const struct site *site, const struct item *item, enum facet_id id,
                       struct arena *arena, struct codes *codes)
{
    codes->count = 0;
    if (id == FACET_partner) {
        partner_codes(site, item, codes);
    } else if (id == FACET_pair) {
        pair_codes(site, item, arena, codes);
    } else if (id == FACET_area) {
        area_codes(item, codes);
    } else if (id == FACET_year) {
        year_codes(item, arena, codes);
    } else if (id == FACET_completeness) {
        completeness_codes(item, codes);
    } else if ((field_info(infos[id].field)->flags & FIELD_MANY) != 0) {
        struct value_list list = record_list(item->record, infos[id].field);
        for (ptrdiff_t i = 0; i < list.count; i++) {
            codes_add(codes, list.items[i].as.code->code, list.items[i].as.code);
        }
    } else {
        const struct code_entry *code = record_code(item->record, infos[id].field);
        if (code != NULL) {
            codes_add(codes, code->code, code);
        }
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct facet_entry *left = a;
    const struct facet_entry *right = b;
    if (left->of != NULL && right->of != NULL) {
        int order = left->of->order - right->of->order;
        return order != 0 || left->with == NULL ? order : left->with->order - right->with->order;
    }
    /* Years: newest first; completeness: what tells most first. */
    return slice_compare(right->code, left->code);
}

/* What is gathered of one facet while the cases are gone over. */
struct gathering {
    struct map by_code; /* index into `entries` */
    VECTOR(struct facet_entry) entries;
    VECTOR(struct found_code) found; /* in the order of cases */
};

struct found_code {
    int32_t entry;
    int32_t item;
};

static void gather_codes(struct gathering *gathering, const struct codes *codes,
                         const struct item *item, struct arena *arena, struct arena *scratch)
{
    for (int c = 0; c < codes->count; c++) {
        const struct map_entry *known = map_find(&gathering->by_code, codes->items[c].code);
        int64_t index = known != NULL ? known->value.integer : gathering->entries.length;
        if (known == NULL) {
            struct facet_entry *entry = VECTOR_PUSH(arena, &gathering->entries);
            entry->code = arena_copy(arena, codes->items[c].code);
            entry->of = codes->items[c].of;
            entry->with = codes->items[c].with;
            map_insert(&gathering->by_code, scratch, entry->code, NULL)->value.integer = index;
        }
        CHECK(gathering->entries.data != NULL && index < gathering->entries.length);
        gathering->entries.data[index].count++;
        *VECTOR_PUSH(scratch, &gathering->found) =
            (struct found_code){.entry = (int32_t)index, .item = item->index};
    }
}

static struct facet make_facet(const struct site *site, enum facet_id id,
                               struct gathering *gathering, struct arena *arena)
{
    struct facet_entry *entries = gathering->entries.data;
    ptrdiff_t count = gathering->entries.length;
    for (ptrdiff_t i = 0; i < count; i++) {
        entries[i].cases = ARENA_ARRAY(arena, const struct item *, entries[i].count);
        entries[i].count = 0;
    }
    for (ptrdiff_t i = 0; i < gathering->found.length; i++) {
        struct found_code found = gathering->found.data[i];
        struct facet_entry *entry = &entries[found.entry];
        entry->cases[entry->count++] = &site->items[ITEM_CASE][found.item];
    }
    if (count > 1) {
        qsort(entries, (size_t)count, sizeof(*entries), compare_entries);
    }
    return (struct facet){
        .id = id, .entries = entries, .count = count, .items = site->items[ITEM_CASE]};
}

/* All at once, so that each case is looked at once: what memory has let go is slow to come back. */
static void build_of_cases(struct site *site, struct arena *arena)
{
    struct gathering gatherings[FACET_COUNT] = {0};
    struct arena scratch;
    struct arena joined; /* codes of pairs and years of one case */
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    arena_init(&joined, ARENA_DEFAULT_LIMIT);
    struct codes codes;
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct item *item = &site->items[ITEM_CASE][i];
        for (int id = 0; id < FACET_COUNT; id++) {
            if (id != FACET_name) {
                case_codes(site, item, (enum facet_id)id, &joined, &codes);
                gather_codes(&gatherings[id], &codes, item, arena, &scratch);
            }
        }
        arena_clear(&joined);
    }
    for (int id = 0; id < FACET_COUNT; id++) {
        site->facets[id] = make_facet(site, (enum facet_id)id, &gatherings[id], arena);
    }
    arena_release(&joined);
    arena_release(&scratch);
}

const struct facet *site_facet(const struct site *site, enum facet_id id, int language)
{
    return id == FACET_name ? &site->names[language] : &site->facets[id];
}

static void build_one(void *context, ptrdiff_t index, int worker)
{
    struct site *site = context;
    if (index == 0) {
        build_of_cases(site, &site->worker_arenas[worker]);
    } else {
        names_build(site, &site->worker_arenas[worker]);
    }
}

void facets_build(struct site *site, struct pool *pool)
{
    pool_run(pool, 2, build_one, site);
}
