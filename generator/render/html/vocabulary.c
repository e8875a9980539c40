/* The table of vocabulary.def, and looking things up in it. */
#include "vocabulary.h"

enum need { NEED_MAY, NEED_NEEDED };

#define TEXT_OF(literal)                          \
    {                                             \
        (literal), (ptrdiff_t)sizeof(literal) - 1 \
    }

static const struct vocabulary_name names[NAME_COUNT] = {
#define DICTIONARY(...)
#define VALUE(dictionary, name, type, need, meaning)         \
    {TEXT_OF(#name), DICTIONARY_##dictionary,    NAME_VALUE, \
     VALUE_##type,   NEED_##need == NEED_NEEDED, DICTIONARY_COUNT},
#define FLAG(dictionary, name, meaning) \
    {TEXT_OF(#name), DICTIONARY_##dictionary, NAME_FLAG, VALUE_TEXT, false, DICTIONARY_COUNT},
#define SECTION(dictionary, name, child, meaning) \
    {TEXT_OF(#name), DICTIONARY_##dictionary, NAME_SECTION, VALUE_TEXT, false, DICTIONARY_##child},
#include "vocabulary.def"
#undef DICTIONARY
#undef VALUE
#undef FLAG
#undef SECTION
};

/* Names before each dictionary, counted by the enumeration itself. */
enum {
#define DICTIONARY(id, meaning) BEFORE_##id, RESET_##id = BEFORE_##id - 1,
#define VALUE(dictionary, name, ...) COUNTED_##dictionary##_##name,
#define FLAG(dictionary, name, ...) COUNTED_##dictionary##_##name,
#define SECTION(dictionary, name, ...) COUNTED_##dictionary##_##name,
#include "vocabulary.def"
#undef DICTIONARY
#undef VALUE
#undef FLAG
#undef SECTION
    BEFORE_END
};

static const struct {
    struct slice name;
    int first;
} dictionaries[DICTIONARY_COUNT + 1] = {
#define DICTIONARY(id, meaning) {TEXT_OF(#id), BEFORE_##id},
#define VALUE(...)
#define FLAG(...)
#define SECTION(...)
#include "vocabulary.def"
#undef DICTIONARY
#undef VALUE
#undef FLAG
#undef SECTION
    {{NULL, 0}, NAME_COUNT},
};

/* A bit for each slot that must be set; what stands before the first dictionary is nothing. */
static const uint64_t needed_slots[] = {0
#define DICTIONARY(id, meaning) , 0
#define VALUE(dictionary, name, type, need, meaning) \
    | (uint64_t)NEED_##need << (COUNTED_##dictionary##_##name - BEFORE_##dictionary)
#define FLAG(...)
#define SECTION(...)
#include "vocabulary.def"
#undef DICTIONARY
#undef VALUE
#undef FLAG
#undef SECTION
};

const struct vocabulary_name *vocabulary_name_of(enum name_id id)
{
    CHECK((int)id >= 0 && id < NAME_COUNT);
    return &names[id];
}

struct slice vocabulary_dictionary_name(enum dictionary_id id)
{
    return dictionaries[id].name;
}

enum name_id vocabulary_first(enum dictionary_id id)
{
    return (enum name_id)dictionaries[id].first;
}

int vocabulary_count(enum dictionary_id id)
{
    return dictionaries[id + 1].first - dictionaries[id].first;
}

uint64_t vocabulary_needed(enum dictionary_id id)
{
    CHECK(vocabulary_count(id) <= DICTIONARY_SLOTS_MOST);
    return needed_slots[id + 1];
}

enum name_id vocabulary_find(enum dictionary_id id, struct slice name)
{
    for (int i = dictionaries[id].first; i < dictionaries[id + 1].first; i++) {
        if (slice_equal(names[i].name, name)) {
            return (enum name_id)i;
        }
    }
    return NAME_COUNT;
}
