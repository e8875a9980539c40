/* The cases as a dataset: one row a case, by the names of GIF DS-451-3. Cells of fields that the
 * record does not state are empty; `not_stated` names them (ruling 4). */
#include "dataset.h"

enum case_column {
#define CASE_COLUMN(name, ...) CASE_##name,
#include "cases.def"
#undef CASE_COLUMN
    CASE_COLUMNS
};

static const struct made_column infos[CASE_COLUMNS] = {
#define CASE_COLUMN(name, type, words, codelist, ja, en, about_ja, about_en) \
    {#name, COLUMN_##type, words, codelist, {ja, en}, {about_ja, about_en}},
#include "cases.def"
#undef CASE_COLUMN
};

/* What one cell is made of. */
struct cell_maker {
    const struct site *site;
    const struct item *item;
    const struct record *record;
    const enum field_id *fields; /* of the record, by column: those that bear a column's name */
    int language;                /* -1 in a column without words */
    bool counts_filled;          /* of a text, only whether there is one */
    struct arena *arena;
};

/* ---- Lists ---- */

/* Parts are separated by `;`, as DS-451-3 has its keywords; one inside a part becomes the
 * full-width sign. */
static struct slice without_separator(struct slice part, struct arena *arena)
{
    struct slice rest = part;
    struct slice out = slice_cut(&rest, ';');
    while (rest.data != NULL) {
        out = ARENA_JOIN(arena, out, SLICE("；"), slice_cut(&rest, ';'));
    }
    return out;
}

static struct slice add_part(struct slice list, struct slice part, struct arena *arena)
{
    if (part.length == 0) {
        return list;
    }
    part = without_separator(part, arena);
    return list.length == 0 ? part : ARENA_JOIN(arena, list, SLICE(";"), part);
}

static struct slice lines_as_list(struct slice lines, struct arena *arena)
{
    struct slice list = {0};
    struct slice rest = lines;
    while (rest.data != NULL) {
        list = add_part(list, slice_trim(slice_cut(&rest, '\n')), arena);
    }
    return list;
}

/* ---- Single fields ---- */

/* The word in the column's own language only: what is untranslated stays empty, as it does in a
 * register. */
static struct slice word_of(struct cell_maker *maker, const struct record *record,
                            enum field_id field)
{
    const struct value *value = record_get(record, field);
    if (value == NULL || value->state != VALUE_STATED || value->words == NULL) {
        return (struct slice){0};
    }
    const struct word *word = &value->words[maker->language];
    if (maker->counts_filled && word->section != NULL) {
        return word->section->has_text ? SLICE("…") : (struct slice){0};
    }
    return word_text(word, maker->arena);
}

static struct slice codes_of(const struct cell_maker *maker, enum field_id field)
{
    struct value_list list = record_list(maker->record, field);
    struct slice codes = {0};
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct code_entry *code = list.items[i].as.code;
        codes = add_part(codes, code != NULL ? code->code : (struct slice){0}, maker->arena);
    }
    return codes;
}

static struct slice labels_of(const struct cell_maker *maker, enum field_id field)
{
    struct value_list list = record_list(maker->record, field);
    struct slice labels = {0};
    for (ptrdiff_t i = 0; i < list.count; i++) {
        const struct code_entry *code = list.items[i].as.code;
        if (code != NULL) {
            labels = add_part(labels, code_label(code, maker->language), maker->arena);
        }
    }
    return labels;
}

static struct slice code_of(const struct cell_maker *maker, enum field_id field)
{
    const struct code_entry *code = record_code(maker->record, field);
    return code != NULL ? code->code : (struct slice){0};
}

static struct slice date_of(const struct cell_maker *maker, enum field_id field)
{
    struct date date = record_date(maker->record, field);
    return date_iso(maker->arena, date);
}

/* ---- References ---- */

static struct slice reference_title(const struct cell_maker *maker,
                                    const struct reference_value *reference)
{
    int actual;
    if (reference->target != TARGET_ROW) {
        return (struct slice){0};
    }
    return table_row_title(reference->table, reference->row, maker->language, &actual,
                           maker->arena);
}

static struct slice titles_of(const struct cell_maker *maker, enum field_id field,
                              struct slice list)
{
    struct value_list values = record_list(maker->record, field);
    for (ptrdiff_t i = 0; i < values.count; i++) {
        list =
            add_part(list, reference_title(maker, value_reference(&values.items[i])), maker->arena);
    }
    return list;
}

static struct slice ids_of(const struct cell_maker *maker, enum field_id field)
{
    struct value_list values = record_list(maker->record, field);
    struct slice list = {0};
    for (ptrdiff_t i = 0; i < values.count; i++) {
        list = add_part(list, value_reference(&values.items[i])->id, maker->arena);
    }
    return list;
}

static struct slice reference_id(const struct record *record, enum field_id field)
{
    const struct value *value = record_get(record, field);
    return value != NULL && value->state == VALUE_STATED ? value_reference(value)->id
                                                         : (struct slice){0};
}

/* ---- Columns that put several fields together ---- */

static struct slice prefecture(const struct cell_maker *maker)
{
    const struct code_entry *code = record_code(maker->record, FIELD_case_prefecture);
    if (code == NULL) {
        code = record_code(maker->record, FIELD_case_city);
        while (code != NULL && code->parent != NULL) {
            code = code->parent;
        }
    }
    return code != NULL ? code_label(code, maker->language) : (struct slice){0};
}

static struct slice organization(const struct cell_maker *maker)
{
    const struct code_entry *city = record_code(maker->record, FIELD_case_city);
    struct slice list = city != NULL ? code_label(city, maker->language) : (struct slice){0};
    return titles_of(maker, FIELD_case_departments, list);
}

static struct slice actors(struct cell_maker *maker)
{
    struct value_list values = record_list(maker->record, FIELD_case_actors);
    struct slice list = {0};
    for (ptrdiff_t i = 0; i < values.count; i++) {
        const struct record *actor = values.items[i].as.group;
        const struct value *row = record_get(actor, FIELD_actor_actor);
        struct slice name = row != NULL && row->state == VALUE_STATED
                                ? reference_title(maker, value_reference(row))
                                : word_of(maker, actor, FIELD_actor_name);
        list = add_part(list, name, maker->arena);
    }
    return list;
}

static struct slice add_line(struct slice lines, struct slice line, struct arena *arena)
{
    return line.length == 0    ? lines
           : lines.length == 0 ? line
                               : ARENA_JOIN(arena, lines, SLICE("\n"), line);
}

static struct slice contact(struct cell_maker *maker)
{
    const struct record *group = record_group(maker->record, FIELD_case_contact);
    const struct value *unit = record_get(group, FIELD_contact_unit);
    struct slice lines = {0};
    if (unit != NULL && unit->state == VALUE_STATED) {
        lines = reference_title(maker, value_reference(unit));
    }
    lines = add_line(lines, record_text(group, FIELD_contact_telephone), maker->arena);
    lines = add_line(lines, record_text(group, FIELD_contact_email), maker->arena);
    lines = add_line(lines, record_text(group, FIELD_contact_url), maker->arena);
    return add_line(lines, word_of(maker, group, FIELD_contact_note), maker->arena);
}

static struct slice sustain(struct cell_maker *maker)
{
    const struct record *group = record_group(maker->record, FIELD_case_sustain);
    struct slice lines = word_of(maker, group, FIELD_sustain_people);
    lines = add_line(lines, word_of(maker, group, FIELD_sustain_money), maker->arena);
    return add_line(lines, word_of(maker, group, FIELD_sustain_mechanism), maker->arena);
}

static struct slice picture(const struct cell_maker *maker)
{
    const struct record *group = record_group(maker->record, FIELD_case_picture);
    struct slice file = record_text(group, FIELD_picture_file);
    if (file.length == 0) {
        return file;
    }
    struct link link = link_resolve(maker->site, maker->item, 0, file, maker->arena);
    return link.asset != NULL
               ? ARENA_JOIN(maker->arena, maker->site->base_url, link.asset->published)
               : (struct slice){0};
}

static struct slice related_urls(const struct cell_maker *maker)
{
    struct value_list values = record_list(maker->record, FIELD_case_related_urls);
    struct slice list = {0};
    for (ptrdiff_t i = 0; i < values.count; i++) {
        list =
            add_part(list, record_text(values.items[i].as.group, FIELD_web_link_url), maker->arena);
    }
    return list;
}

/* Each source once, in the order of the citations. */
static struct slice sources(const struct cell_maker *maker)
{
    struct value_list values = record_list(maker->record, FIELD_case_sources);
    struct slice list = {0};
    for (ptrdiff_t i = 0; i < values.count; i++) {
        struct slice id = reference_id(values.items[i].as.group, FIELD_citation_source);
        bool is_new = true;
        for (ptrdiff_t j = 0; j < i; j++) {
            struct slice other = reference_id(values.items[j].as.group, FIELD_citation_source);
            is_new = is_new && !slice_equal(other, id);
        }
        list = is_new ? add_part(list, id, maker->arena) : list;
    }
    return list;
}

static bool is_among(struct value_list fields, enum field_id field)
{
    for (ptrdiff_t i = 0; i < fields.count; i++) {
        const struct reference_value *reference = value_reference(&fields.items[i]);
        if (reference->target == TARGET_FIELD && reference->field == field) {
            return true;
        }
    }
    return false;
}

/* Names of the fields in a state, in the order of the record's fields; those that the record lists
 * as unknown are not stated. */
static struct slice fields_in_state(const struct cell_maker *maker, enum value_state state)
{
    struct value_list unknown = {0};
    if (state == VALUE_NOT_STATED) {
        unknown = record_list(maker->record, FIELD_case_unknown);
    }
    int first;
    int end;
    shape_fields(SHAPE_case, &first, &end);
    struct slice list = {0};
    for (int i = first; i < end; i++) {
        enum field_id field = (enum field_id)i;
        const struct value *value = record_get(maker->record, field);
        if (value != NULL ? value->state == state : is_among(unknown, field)) {
            list = add_part(list, field_info(field)->key, maker->arena);
        }
    }
    return list;
}

static struct slice year_of(const struct cell_maker *maker)
{
    struct slice year = date_of(maker, FIELD_case_fiscal_year);
    return year.length > 0 ? year : slice_sub(date_of(maker, FIELD_case_start), 0, 4);
}

/* ---- Cells ---- */

static struct slice word_cell(struct cell_maker *maker, enum case_column column)
{
    switch ((int)column) {
    case CASE_prefecture:
        return prefecture(maker);
    case CASE_organization:
        return organization(maker);
    case CASE_theme:
        return labels_of(maker, FIELD_case_fields);
    case CASE_keywords:
        return lines_as_list(word_of(maker, maker->record, FIELD_case_keywords), maker->arena);
    case CASE_purpose:
        return word_of(maker, record_group(maker->record, FIELD_case_purpose), FIELD_purpose_text);
    case CASE_transfer:
        return word_of(maker, record_group(maker->record, FIELD_case_transfer),
                       FIELD_transfer_conditions);
    case CASE_sustain:
        return sustain(maker);
    case CASE_schemes_used:
        return titles_of(maker, FIELD_case_schemes_used, (struct slice){0});
    case CASE_actors:
        return actors(maker);
    case CASE_contact:
        return contact(maker);
    default:
        return word_of(maker, maker->record, maker->fields[column]);
    }
}

static struct slice fact_cell(const struct cell_maker *maker, enum case_column column)
{
    switch ((int)column) {
    case CASE_id:
        return maker->item->id;
    case CASE_url:
        return ARENA_JOIN(maker->arena, maker->site->base_url,
                          address_item(maker->site, maker->item, 0, maker->arena));
    case CASE_reading:
        return record_text(maker->record, FIELD_case_reading);
    case CASE_kind:
        return code_of(maker, FIELD_case_kind);
    case CASE_fictional:
        return record_boolean(maker->record, FIELD_case_fictional) ? SLICE("true") : SLICE("false");
    case CASE_localgov_code:
        return code_of(maker, FIELD_case_city);
    case CASE_wards:
        return codes_of(maker, FIELD_case_wards);
    case CASE_fiscal_year:
        return year_of(maker);
    case CASE_fields:
        return codes_of(maker, FIELD_case_fields);
    case CASE_form:
        return codes_of(maker, FIELD_case_form);
    case CASE_status:
        return code_of(maker, FIELD_case_status);
    case CASE_picture:
        return picture(maker);
    case CASE_related_urls:
        return related_urls(maker);
    case CASE_related:
        return ids_of(maker, FIELD_case_related);
    case CASE_project:
        return reference_id(maker->record, FIELD_case_project);
    case CASE_sources:
        return sources(maker);
    case CASE_not_stated:
        return fields_in_state(maker, VALUE_NOT_STATED);
    case CASE_not_applicable:
        return fields_in_state(maker, VALUE_NOT_APPLICABLE);
    case CASE_published:
        return date_of(maker, FIELD_case_published);
    case CASE_updated:
        return date_of(maker, FIELD_case_updated);
    default:
        break;
    }
    BUG("a column of the cases that nobody fills");
}

static void make_row(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch,
                     struct slice *cells)
{
    const struct site *site = dataset->site;
    const struct item *item = &site->items[ITEM_CASE][row];
    struct cell_maker maker = {.site = site,
                               .item = item,
                               .record = item->record,
                               .fields = dataset->detail,
                               .arena = scratch};
    for (int i = 0; i < dataset->column_count; i++) {
        const struct dataset_column *column = &dataset->columns[i];
        maker.language = column->language;
        maker.counts_filled = dataset->counts_filled != NULL && dataset->counts_filled[i];
        enum case_column which = (enum case_column)column->index;
        cells[i] = infos[which].has_words ? word_cell(&maker, which) : fact_cell(&maker, which);
        if (cells[i].length == 0) {
            cells[i] = (struct slice){0};
        }
    }
}

static void read_row(const struct dataset *dataset, ptrdiff_t row, struct arena *scratch,
                     struct slice *cells)
{
    struct kept_rows *kept = dataset->counts_filled == NULL ? dataset->kept : NULL;
    if (kept != NULL && kept_rows_get(kept, row, scratch, cells, dataset->column_count)) {
        return;
    }
    make_row(dataset, row, scratch, cells);
    if (kept != NULL) {
        kept_rows_put(kept, row, cells, dataset->column_count);
    }
}

/* ---- The dataset ---- */

struct date dataset_cases_updated(const struct site *site)
{
    struct date latest = {0};
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        struct date date = site->items[ITEM_CASE][i].updated;
        latest = date.precision == DATE_DAY ? dataset_later(latest, date) : latest;
    }
    return latest;
}

static const enum field_id *fields_by_column(struct arena *arena)
{
    enum field_id *fields = ARENA_ARRAY(arena, enum field_id, CASE_COLUMNS);
    for (int column = 0; column < CASE_COLUMNS; column++) {
        fields[column] = shape_field_by_key(SHAPE_case, slice_of(infos[column].name));
    }
    return fields;
}

struct dataset *dataset_of_cases(const struct site *site, struct arena *arena)
{
    static const char *const labels[INTERFACE_LANGUAGES] = {"事例", "Cases"};
    static const char *const about[INTERFACE_LANGUAGES] = {
        "すべての事例を、国の事例データモデル（GIF DS-451-3）の項目で、1行に1件ずつ並べたものです。空欄のうち、資料に記載が"
        "ないと分かっている項目は「資料に記載のない項目」の列にあります。",
        "Every case on one row, by the elements of Japan's national data model for cases (GIF "
        "DS-451-3). Empty cells on which "
        "the sources are known to be silent are named in the column not_stated."};
    struct dataset *dataset = ARENA_NEW(arena, struct dataset);
    *dataset = (struct dataset){.name = DATASET_CASES,
                                .site = site,
                                .detail = fields_by_column(arena),
                                .updated = dataset_cases_updated(site),
                                .row_count = site->item_counts[ITEM_CASE],
                                .row = read_row};
    dataset_set_words(dataset, labels, about);
    dataset->columns =
        ARENA_ARRAY(arena, struct dataset_column, (ptrdiff_t)CASE_COLUMNS * site->language_count);
    for (int which = 0; which < CASE_COLUMNS; which++) {
        dataset_add_column(dataset, &infos[which], which, arena);
    }
    return dataset;
}
