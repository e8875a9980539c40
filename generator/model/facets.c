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

static void facet_build(struct site *site, enum facet_id id, struct arena *arena)
{
    struct map by_code = {0};
    VECTOR(struct facet_entry) entries = {0};
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    struct codes codes;
    /* Twice over the cases: first to count, then to fill lists of the right size. */
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        case_codes(site, &site->items[ITEM_CASE][i], id, arena, &codes);
        for (int c = 0; c < codes.count; c++) {
            bool is_new;
            struct map_entry *slot = map_insert(&by_code, &scratch, codes.items[c].code, &is_new);
            if (is_new) {
                slot->value.integer = entries.length;
                struct facet_entry *entry = VECTOR_PUSH(arena, &entries);
                entry->code = codes.items[c].code;
                entry->of = codes.items[c].of;
                entry->with = codes.items[c].with;
            }
            CHECK(entries.data != NULL && slot->value.integer < entries.length);
            entries.data[slot->value.integer].count++;
        }
    }
    for (ptrdiff_t i = 0; i < entries.length; i++) {
        entries.data[i].cases = ARENA_ARRAY(arena, const struct item *, entries.data[i].count);
        entries.data[i].count = 0;
    }
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        site_pass(site, i);
        const struct item *item = &site->items[ITEM_CASE][i];
        case_codes(site, item, id, &scratch, &codes);
        for (int c = 0; c < codes.count; c++) {
            const struct map_entry *slot = map_find(&by_code, codes.items[c].code);
            CHECK(slot != NULL && entries.data != NULL);
            struct facet_entry *entry = &entries.data[slot->value.integer];
            entry->cases[entry->count++] = item;
        }
    }
    arena_release(&scratch);
    if (entries.length > 1) {
        qsort(entries.data, (size_t)entries.length, sizeof(*entries.data), compare_entries);
    }
    site->facets[id] = (struct facet){.id = id, .entries = entries.data, .count = entries.length};
}

const struct facet *site_facet(const struct site *site, enum facet_id id, int language)
{
    return id == FACET_name ? &site->names[language] : &site->facets[id];
}

static void build_one(void *context, ptrdiff_t index, int worker)
{
    struct site *site = context;
    enum facet_id id = (enum facet_id)index;
    site->facets[id].id = id;
    if (id == FACET_name) {
        names_build(site, &site->worker_arenas[worker]);
    } else {
        facet_build(site, id, &site->worker_arenas[worker]);
    }
}

void facets_build(struct site *site, struct pool *pool)
{
    pool_run(pool, FACET_COUNT, build_one, site);
}
