#include "reading.h"

/* Reading records back: see model.h. */

enum {
#define SHAPE(shape, ja, en) START_##shape, BACK_##shape = START_##shape - 1,
#define FIELD(shape, key, ...) ROW_##shape##_##key,
#include "fields.def"
#undef SHAPE
#undef FIELD
};

#define WORD FIELD_WORD
#define MANY FIELD_MANY
#define REQUIRED FIELD_REQUIRED
#define STATES FIELD_STATES
#define PROSE FIELD_PROSE
#define KEY FIELD_KEY
const struct field_brief field_briefs[FIELD_COUNT] = {
#define SHAPE(...)
#define FIELD(shape, key, type, flags, ...) \
    [FIELD_##shape##_##                     \
        key] = {SHAPE_##shape, ROW_##shape##_##key - START_##shape, FIELD_TYPE_##type, flags},
#include "fields.def"
#undef SHAPE
#undef FIELD
};

void record_set_place(struct arena *arena, struct record *record, enum field_id field, int at)
{
    if (record->places == NULL) {
        int first;
        int end;
        shape_fields(record->shape, &first, &end);
        record->places = ARENA_ARRAY(arena, uint8_t, end - first);
    }
    CHECK(field_briefs[field].shape == record->shape && at < UINT8_MAX);
    record->places[field_briefs[field].place] = (uint8_t)(at + 1);
}

struct slice value_original(const struct value *value)
{
    return value->original != NULL ? *value->original : (struct slice){0};
}

bool record_is_broken(const struct record *record, enum field_id field)
{
    for (int i = 0; i < record->broken_count; i++) {
        if (record->broken[i] == field) {
            return true;
        }
    }
    return record->is_broken;
}

/* The value when it is stated and of this type, else NULL. */
static const struct value *stated(const struct record *record, enum field_id field,
                                  enum field_type type)
{
    const struct value *value = record_get(record, field);
    if (value == NULL || value->state != VALUE_STATED) {
        return NULL;
    }
    enum field_type actual = field_info(field)->type;
    CHECK(actual == type || (actual == FIELD_TYPE_URL && type == FIELD_TYPE_TEXT));
    return value;
}

struct slice record_text(const struct record *record, enum field_id field)
{
    const struct value *value = stated(record, field, FIELD_TYPE_TEXT);
    CHECK((field_info(field)->flags & (FIELD_WORD | FIELD_MANY)) == 0);
    return value != NULL ? value->as.text : (struct slice){0};
}

bool record_boolean(const struct record *record, enum field_id field)
{
    const struct value *value = stated(record, field, FIELD_TYPE_BOOLEAN);
    return value != NULL && value->as.boolean;
}

const struct code_entry *record_code(const struct record *record, enum field_id field)
{
    const struct value *value = stated(record, field, FIELD_TYPE_CODE);
    CHECK((field_info(field)->flags & FIELD_MANY) == 0);
    return value != NULL ? value->as.code : NULL;
}

struct date record_date(const struct record *record, enum field_id field)
{
    const struct value *value = stated(record, field, FIELD_TYPE_DATE);
    CHECK((field_info(field)->flags & FIELD_MANY) == 0);
    return value != NULL ? value->as.date : (struct date){0};
}

const struct record *record_group(const struct record *record, enum field_id field)
{
    const struct value *value = stated(record, field, FIELD_TYPE_GROUP);
    CHECK((field_info(field)->flags & FIELD_MANY) == 0);
    return value != NULL ? value->as.group : NULL;
}

struct value_list value_groups(const struct value *value)
{
    bool is_group = field_info(value->field)->type == FIELD_TYPE_GROUP;
    return is_group ? value_entries(value) : (struct value_list){0};
}

struct value_list record_list(const struct record *record, enum field_id field)
{
    const struct value *value = record_get(record, field);
    CHECK((field_info(field)->flags & FIELD_MANY) != 0);
    return value != NULL && value->state == VALUE_STATED && value->is_list ? value->as.list
                                                                           : (struct value_list){0};
}

const struct word *value_word(const struct value *value, int language, int *actual)
{
    if (value == NULL || value->words == NULL) {
        return NULL;
    }
    const struct word *found = NULL;
    int found_language = 0;
    for (int i = 0; i < value->word_count; i++) {
        if (value->words[i].text.length == 0) {
            continue;
        }
        if (i == language || found == NULL) {
            found = &value->words[i];
            found_language = i;
        }
        if (i == language) {
            break;
        }
    }
    if (found != NULL && actual != NULL) {
        *actual = found_language;
    }
    return found;
}

struct slice word_text(const struct word *word, struct arena *arena)
{
    if (word == NULL || word->section == NULL) {
        return word != NULL ? word->text : (struct slice){0};
    }
    return heading_text(word->section, arena);
}

struct slice record_word(const struct record *record, enum field_id field, int language,
                         int *actual)
{
    const struct value *value = record_get(record, field);
    if (value == NULL || value->state != VALUE_STATED) {
        return (struct slice){0};
    }
    const struct word *word = value_word(value, language, actual);
    return word != NULL ? word->text : (struct slice){0};
}

const struct reference_value *value_reference(const struct value *value)
{
    static const struct reference_value nowhere;
    if (value == NULL || value->as.reference == NULL) {
        return &nowhere;
    }
    CHECK((enum field_type)field_briefs[value->field].type == FIELD_TYPE_REFERENCE &&
          !value->is_list);
    return value->as.reference;
}

void value_refer(struct arena *arena, struct value *value, struct slice id)
{
    value->as.reference = ARENA_NEW(arena, struct reference_value);
    value->as.reference->id = id;
}

bool value_is_stated(const struct value *value)
{
    if (value == NULL || value->state != VALUE_STATED) {
        return false;
    }
    if (value->is_list) {
        return value->as.list.count > 0;
    }
    if ((field_briefs[value->field].flags & FIELD_WORD) != 0) {
        const struct word *words = value->words;
        return words != NULL && (words[0].text.length > 0 || value_word(value, 0, NULL) != NULL);
    }
    switch ((enum field_type)field_briefs[value->field].type) {
    case FIELD_TYPE_TEXT:
    case FIELD_TYPE_URL:
        return value->as.text.length > 0;
    case FIELD_TYPE_GROUP:
        return value->as.group != NULL && value->as.group->count > 0;
    case FIELD_TYPE_CODE:
        return value->as.code != NULL;
    case FIELD_TYPE_REFERENCE:
        return value_reference(value)->id.length > 0;
    case FIELD_TYPE_DATE:
        return value->as.date.precision != DATE_NONE;
    case FIELD_TYPE_INTEGER:
    case FIELD_TYPE_NUMBER:
    case FIELD_TYPE_BOOLEAN:
        return true;
    case FIELD_TYPE_HASHES:
        break;
    }
    BUG("a field type of no kind");
}
