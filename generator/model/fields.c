#include "model.h"

/* The table of all fields, from fields.def. */

#define TEXT FIELD_TYPE_TEXT
#define CODE FIELD_TYPE_CODE
#define DATE FIELD_TYPE_DATE
#define INTEGER FIELD_TYPE_INTEGER
#define NUMBER FIELD_TYPE_NUMBER
#define BOOLEAN FIELD_TYPE_BOOLEAN
#define URL FIELD_TYPE_URL
#define REFERENCE FIELD_TYPE_REFERENCE
#define GROUP FIELD_TYPE_GROUP
#define HASHES FIELD_TYPE_HASHES
#define WORD FIELD_WORD
#define MANY FIELD_MANY
#define REQUIRED FIELD_REQUIRED
#define STATES FIELD_STATES
#define PROSE FIELD_PROSE
#define KEY FIELD_KEY

#define LITERAL(text)            \
    {                            \
        (text), sizeof(text) - 1 \
    }

static const struct field_info fields[FIELD_COUNT] = {
#define SHAPE(shape, ja, en)
#define FIELD(shape_, key_, type_, flags_, target_, ja, en, about_ja, about_en) \
    [FIELD_##shape_##_##key_] = {.shape = SHAPE_##shape_,                       \
                                 .key = LITERAL(#key_),                         \
                                 .type = type_,                                 \
                                 .flags = flags_,                               \
                                 .target = target_,                             \
                                 .label = {LITERAL(ja), LITERAL(en)},           \
                                 .about = {LITERAL(about_ja), LITERAL(about_en)}},
#include "fields.def"
#undef SHAPE
#undef FIELD
};

struct shape_info {
    struct slice name;
    struct slice label[INTERFACE_LANGUAGES];
};

static const struct shape_info shapes[SHAPE_COUNT] = {
#define SHAPE(shape_, ja, en) \
    [SHAPE_##shape_] = {.name = LITERAL(#shape_), .label = {LITERAL(ja), LITERAL(en)}},
#define FIELD(...)
#include "fields.def"
#undef SHAPE
#undef FIELD
};

/* Rows of a shape stand together in fields.def, so the first one of each follows from its place.
 * Every shape's begin is the number of FIELD rows before its SHAPE row. */
enum {
#define SHAPE(shape_, ja, en) SHAPE_START_##shape_, SHAPE_BACK_##shape_ = SHAPE_START_##shape_ - 1,
#define FIELD(shape_, key_, ...) FIELD_ROW_##shape_##_##key_,
#include "fields.def"
#undef SHAPE
#undef FIELD
    FIELD_ROWS
};

static const int shape_starts[SHAPE_COUNT + 1] = {
#define SHAPE(shape_, ja, en) [SHAPE_##shape_] = SHAPE_START_##shape_,
#define FIELD(...)
#include "fields.def"
#undef SHAPE
#undef FIELD
    [SHAPE_COUNT] = FIELD_ROWS,
};

const struct field_info *field_info(enum field_id field)
{
    CHECK(field >= 0 && field < FIELD_COUNT);
    return &fields[field];
}

enum shape_id field_group_shape(enum field_id field)
{
    const struct field_info *info = field_info(field);
    CHECK(info->type == FIELD_TYPE_GROUP);
    struct slice wanted = slice_of(info->target);
    for (int shape = 0; shape < SHAPE_COUNT; shape++) {
        if (slice_equal(shapes[shape].name, wanted)) {
            return (enum shape_id)shape;
        }
    }
    BUG("a GROUP field names no shape of fields.def");
}

void shape_fields(enum shape_id shape, int *first, int *end)
{
    CHECK(shape >= 0 && shape < SHAPE_COUNT);
    *first = shape_starts[shape];
    *end = shape_starts[shape + 1];
}

struct slice shape_label(enum shape_id shape, enum interface_language language)
{
    CHECK(shape >= 0 && shape < SHAPE_COUNT);
    return shapes[shape].label[language];
}

struct slice shape_name(enum shape_id shape)
{
    CHECK(shape >= 0 && shape < SHAPE_COUNT);
    return shapes[shape].name;
}

enum field_id shape_field_by_key(enum shape_id shape, struct slice key)
{
    int first;
    int end;
    shape_fields(shape, &first, &end);
    for (int i = first; i < end; i++) {
        if (slice_equal(fields[i].key, key)) {
            return (enum field_id)i;
        }
    }
    return FIELD_COUNT;
}

bool field_has_words(enum field_id field)
{
    const struct field_info *info = field_info(field);
    if ((info->flags & (FIELD_WORD | FIELD_KEY)) != 0 || info->type == FIELD_TYPE_HASHES) {
        return true;
    }
    if (info->type != FIELD_TYPE_GROUP) {
        return false;
    }
    int first;
    int end;
    bool found = false;
    shape_fields(field_group_shape(field), &first, &end);
    for (int i = first; i < end && !found; i++) {
        const struct field_info *inner = field_info((enum field_id)i);
        found = (inner->flags & FIELD_KEY) == 0 &&
                ((inner->flags & FIELD_STATES) != 0 || field_has_words((enum field_id)i));
    }
    return found;
}
