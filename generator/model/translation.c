#include "reading.h"
#include "upkeep.h"

/* A translation's front matter: words for what the original states, and nothing else. */

static void translate_value(const struct reading *reading, struct record *record,
                            const struct field_info *info, enum field_id field,
                            const struct node *node);

static void report_fact(const struct reading *reading, const struct field_info *info,
                        const struct value *original, const struct node *node)
{
    /* The same text, or the same value in other words: a repetition. Anything else contradicts. */
    struct diag *aside = diag_new(16);
    struct reading quiet = *reading;
    quiet.diag = aside;
    struct value value = {0};
    bool same = slice_equal(span_text(original->span), span_text(node->span));
    if (!same && node->kind == NODE_SCALAR && !original->is_list &&
        info->type != FIELD_TYPE_GROUP && original->state == VALUE_STATED &&
        reading_single(&quiet, info, original->field, node, &value)) {
        switch (info->type) {
        case FIELD_TYPE_CODE:
            same = value.as.code == original->as.code;
            break;
        case FIELD_TYPE_DATE:
            same = date_first_day(value.as.date) == date_first_day(original->as.date) &&
                   value.as.date.precision == original->as.date.precision;
            break;
        case FIELD_TYPE_INTEGER:
            same = value.as.integer == original->as.integer;
            break;
        case FIELD_TYPE_NUMBER:
            same = !(value.as.number < original->as.number) &&
                   !(value.as.number > original->as.number);
            break;
        case FIELD_TYPE_BOOLEAN:
            same = value.as.boolean == original->as.boolean;
            break;
        case FIELD_TYPE_REFERENCE:
            same = slice_equal(value_reference(&value)->id, value_reference(original)->id);
            break;
        case FIELD_TYPE_TEXT:
        case FIELD_TYPE_URL:
            same = slice_equal(value.as.text, original->as.text);
            break;
        case FIELD_TYPE_GROUP:
        case FIELD_TYPE_HASHES:
            break;
        }
    }
    diag_free(aside);
    diag_add(
        reading->diag,
        &(struct report){.code = same ? CODE_record_restated_fact : CODE_record_translated_fact,
                         .span = node->span,
                         .arguments = {info->key, span_text(node->span), span_text(original->span)},
                         .note_count = 1,
                         .notes = {{.code = CODE_see_original, .span = original->span}}});
}

static struct slice entry_key(const struct value *entry, enum field_id key)
{
    const struct value *value = record_get(entry->as.group, key);
    if (value == NULL) {
        return (struct slice){0};
    }
    return field_info(key)->type == FIELD_TYPE_CODE ? value->as.code->code : value->as.text;
}

static void translate_entries(const struct reading *reading, const struct field_info *info,
                              enum field_id field, const struct value *original,
                              const struct node *node)
{
    if (node->kind != NODE_SEQUENCE) {
        DIAG(reading->diag, CODE_record_expected_list, node->span, info->key);
        return;
    }
    enum field_id key = shape_field_by_key(field_group_shape(field), SLICE("id"));
    ptrdiff_t count = original->as.list.count;
    struct slice *names = ARENA_ARRAY(reading->arena, struct slice, count);
    for (ptrdiff_t i = 0; i < count; i++) {
        names[i] = entry_key(&original->as.list.items[i], key);
    }
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        const struct node *id = node_get(child, "id");
        if (child->kind != NODE_MAPPING || id == NULL || id->kind != NODE_SCALAR) {
            DIAG(reading->diag, CODE_record_key_missing, child->span, info->key, SLICE("id"));
            continue;
        }
        ptrdiff_t at = 0;
        while (at < count && !slice_equal(names[at], id->text)) {
            at++;
        }
        if (at == count) {
            if (!original->as.list.is_partial) {
                DIAG(reading->diag, CODE_record_translation_only, id->span, id->text,
                     nearest_name(id->text, names, count));
            }
            continue;
        }
        reading_translation(reading, original->as.list.items[at].as.group, child);
    }
}

static bool is_bare_state(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->is_plain &&
           (slice_equal(node->text, SLICE("not_stated")) ||
            slice_equal(node->text, SLICE("not_applicable")));
}

/* Whether something can be said of a record is a fact: the original says it. */
static bool is_reason(const struct node *node)
{
    return node->kind == NODE_MAPPING && node->count == 1 &&
           node_get(node, "not_applicable") != NULL;
}

static void translate_word(const struct reading *reading, const struct field_info *info,
                           struct value *original, const struct node *node)
{
    const struct node *reason = is_reason(node) ? node->first : NULL;
    struct value translated = {.words = original->words, .word_count = original->word_count};
    if (reason != NULL && original->state == VALUE_NOT_APPLICABLE) {
        node = reason;
    } else if (original->state != VALUE_STATED) {
        DIAG(reading->diag, CODE_record_translation_only, node->span, info->key, SLICE(""));
        return;
    }
    if ((info->flags & FIELD_MANY) != 0 && reason == NULL) {
        struct node wrapper = {.kind = NODE_MAPPING, .count = 1};
        struct node copy = *node;
        copy.next = NULL;
        copy.key = info->key;
        wrapper.first = &copy;
        struct record *one = reading_record(reading, info->shape, &wrapper);
        if (one->count == 1 && one->values[0].words != NULL) {
            original->words[reading->language] = one->values[0].words[reading->language];
        }
        return;
    }
    struct field_info plain = *info;
    plain.flags = FIELD_WORD;
    plain.type = FIELD_TYPE_TEXT;
    if (reading_single(reading, &plain, original->field, node, &translated)) {
        original->words = translated.words;
        original->word_count = translated.word_count;
    }
}

static bool read_hash(const struct node *node, uint64_t *out)
{
    if (node->kind != NODE_SCALAR || node->scalar != SCALAR_TEXT ||
        node->text.length != SECTION_HASH_DIGITS) {
        return false;
    }
    *out = 0;
    for (ptrdiff_t i = 0; i < node->text.length; i++) {
        char c = node->text.data[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
            return false;
        }
        *out = *out << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* What the translation says of the original's sections (upkeep.h). */
static void read_marks(const struct reading *reading, const struct node *node)
{
    if (node->kind != NODE_MAPPING) {
        DIAG(reading->diag, CODE_record_hash_form, node->span, node->key,
             source_path(reading->version->source));
        return;
    }
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        uint64_t hash;
        if (!read_hash(child, &hash)) {
            DIAG(reading->diag, CODE_record_hash_form, child->span, child->key,
                 source_path(reading->version->source));
            continue;
        }
        map_insert(&reading->version->marks, reading->arena, arena_copy(reading->arena, child->key),
                   NULL)
            ->value.integer = (int64_t)hash;
    }
}

static void translate_value(const struct reading *reading, struct record *record,
                            const struct field_info *info, enum field_id field,
                            const struct node *node)
{
    if (info->type == FIELD_TYPE_HASHES) {
        read_marks(reading, node);
        return;
    }
    struct value *original = (struct value *)record_get(record, field);
    if (original == NULL) {
        /* That the original lacks what it must have is a finding there. */
        bool is_required = (info->flags & FIELD_REQUIRED) != 0;
        if (!is_required && !record_is_broken(record, field)) {
            DIAG(reading->diag, CODE_record_translation_only, node->key_span, node->key, SLICE(""));
        }
        return;
    }
    bool gives_reason = (info->flags & FIELD_STATES) != 0 && is_reason(node);
    if (gives_reason && original->state != VALUE_NOT_APPLICABLE &&
        node->first->kind == NODE_SCALAR && node->first->scalar != SCALAR_NULL) {
        DIAG(reading->diag, CODE_record_translation_only, node->span, SLICE("not_applicable"),
             SLICE("–"));
        return;
    }
    if ((info->flags & FIELD_WORD) != 0 && is_bare_state(node)) {
        DIAG(reading->diag, CODE_record_state_not_allowed, node->span, info->key);
        return;
    }
    if ((info->flags & FIELD_WORD) != 0 || gives_reason) {
        translate_word(reading, info, original, node);
        return;
    }
    if (info->type != FIELD_TYPE_GROUP || original->state != VALUE_STATED) {
        report_fact(reading, info, original, node);
        return;
    }
    if ((info->flags & FIELD_MANY) != 0) {
        translate_entries(reading, info, field, original, node);
    } else if (node->kind == NODE_MAPPING) {
        reading_translation(reading, original->as.group, node);
    } else {
        report_fact(reading, info, original, node);
    }
}

void reading_translation(const struct reading *reading, struct record *record,
                         const struct node *node)
{
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        enum field_id field = shape_field_by_key(record->shape, child->key);
        if (field == FIELD_COUNT) {
            DIAG(reading->diag, CODE_record_unknown_key, child->key_span, child->key,
                 reading_nearest_keys(reading->arena, record->shape, child->key));
            continue;
        }
        const struct field_info *info = field_info(field);
        if ((info->flags & FIELD_KEY) != 0) {
            continue; /* repeated on purpose: it says which entry this is */
        }
        if (child->kind == NODE_SCALAR && child->scalar == SCALAR_NULL && child->is_plain) {
            continue;
        }
        translate_value(reading, record, info, field, child);
    }
}

/* ---- Body sections that are a field's text (ruling 3) ---- */

struct prose_place {
    struct slice id;     /* of the heading */
    enum field_id group; /* FIELD_COUNT: the field is the record's own */
    enum field_id field;
};

static const struct prose_place prose_places[] = {
    {SLICE_CONSTANT("issue"), FIELD_COUNT, FIELD_case_issue},
    {SLICE_CONSTANT("purpose"), FIELD_case_purpose, FIELD_purpose_text},
    {SLICE_CONSTANT("activity"), FIELD_COUNT, FIELD_case_activity},
    {SLICE_CONSTANT("form_reason"), FIELD_COUNT, FIELD_case_form_reason},
    {SLICE_CONSTANT("added_value"), FIELD_COUNT, FIELD_case_added_value},
    {SLICE_CONSTANT("challenge"), FIELD_COUNT, FIELD_case_challenge},
    {SLICE_CONSTANT("results"), FIELD_COUNT, FIELD_case_results},
    {SLICE_CONSTANT("evaluation_method"), FIELD_COUNT, FIELD_case_evaluation_method},
    {SLICE_CONSTANT("lessons"), FIELD_COUNT, FIELD_case_lessons},
    {SLICE_CONSTANT("ingenuity"), FIELD_COUNT, FIELD_case_ingenuity},
    {SLICE_CONSTANT("constraints"), FIELD_COUNT, FIELD_case_constraints},
    {SLICE_CONSTANT("conditions"), FIELD_case_transfer, FIELD_transfer_conditions},
};

static struct value *value_to_fill(const struct reading *reading, struct record *record,
                                   enum field_id field)
{
    struct value *value = (struct value *)record_get(record, field);
    return value != NULL ? value : record_insert(reading->arena, record, field);
}

static void fill_section(const struct reading *reading, struct record *record,
                         const struct prose_place *place, const struct heading *heading)
{
    struct record *owner = record;
    if (place->group != FIELD_COUNT) {
        struct value *group = value_to_fill(reading, record, place->group);
        if (group->state == VALUE_STATED && group->as.group == NULL) {
            group->span = heading->span;
            group->as.group = ARENA_NEW(reading->arena, struct record);
            group->as.group->shape = field_group_shape(place->group);
            group->as.group->span = heading->span;
        }
        if (group->state != VALUE_STATED) {
            DIAG(reading->diag, CODE_record_section_contradicts, heading->span, heading->id);
            return;
        }
        owner = group->as.group;
    }
    struct value *value = value_to_fill(reading, owner, place->field);
    if (value->state != VALUE_STATED) {
        DIAG(reading->diag, CODE_record_section_contradicts, heading->span, heading->id);
        return;
    }
    if (value->words == NULL) {
        reading_words(reading, value);
        value->span = heading->span;
    }
    struct word *word = &value->words[reading->language];
    if (word->text.length > 0) {
        diag_add_again(reading->diag, CODE_record_text_twice, heading->span, heading->id,
                       word->span);
        return;
    }
    word->section = heading;
    word->span = heading->span;
    if (heading->has_text) {
        word->text = heading->text;
    }
}

/* The section that a heading was meant for: its id has a slip, or it bears a section's name and no
 * id. {NULL, 0} where nothing comes near, or where the text has that section. */
static struct slice section_meant(const struct heading *heading, const struct document *document)
{
    enum { PLACES = sizeof(prose_places) / sizeof(prose_places[0]) };
    struct slice ids[PLACES];
    struct slice meant = {0};
    for (int p = 0; p < PLACES; p++) {
        const struct field_info *info = field_info(
            prose_places[p].group != FIELD_COUNT ? prose_places[p].group : prose_places[p].field);
        ids[p] = prose_places[p].id;
        for (int i = 0; i < INTERFACE_LANGUAGES && !heading->has_explicit_id; i++) {
            meant = slice_equal(heading->text, info->label[i]) ? ids[p] : meant;
        }
    }
    if (heading->has_explicit_id) {
        meant = nearest_name(heading->id, ids, PLACES);
    }
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        if (slice_equal(document->headings[i].id, meant)) {
            return (struct slice){0};
        }
    }
    return meant;
}

void reading_sections(const struct reading *reading, struct record *record,
                      const struct version *version)
{
    if (record->shape != SHAPE_case || version->document == NULL) {
        return;
    }
    for (ptrdiff_t i = 0; i < version->document->heading_count; i++) {
        const struct heading *heading = &version->document->headings[i];
        bool is_filled = false;
        for (size_t p = 0; p < sizeof(prose_places) / sizeof(prose_places[0]); p++) {
            if (heading->has_explicit_id && slice_equal(heading->id, prose_places[p].id)) {
                fill_section(reading, record, &prose_places[p], heading);
                is_filled = true;
            }
        }
        struct slice meant =
            !is_filled ? section_meant(heading, version->document) : (struct slice){0};
        if (meant.length > 0) {
            DIAG(reading->diag, CODE_record_section_near, heading->span, heading->text, meant);
        }
    }
}
