/*
 * The vocabulary of templates as C: one enumerator for each row of vocabulary.def. A name belongs
 * to one dictionary; its slot there is its distance from the dictionary's first name.
 */
#ifndef KYODO_VOCABULARY_H
#define KYODO_VOCABULARY_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum dictionary_id {
#define DICTIONARY(id, meaning) DICTIONARY_##id,
#define VALUE(...)
#define FLAG(...)
#define SECTION(...)
#include "vocabulary.def"
#undef DICTIONARY
#undef VALUE
#undef FLAG
#undef SECTION
    DICTIONARY_COUNT
};

enum name_id {
#define DICTIONARY(...)
#define VALUE(dictionary, name, ...) NAME_##dictionary##_##name,
#define FLAG(dictionary, name, ...) NAME_##dictionary##_##name,
#define SECTION(dictionary, name, ...) NAME_##dictionary##_##name,
#include "vocabulary.def"
#undef DICTIONARY
#undef VALUE
#undef FLAG
#undef SECTION
    NAME_COUNT
};

enum name_kind { NAME_VALUE, NAME_FLAG, NAME_SECTION };
enum value_type { VALUE_TEXT, VALUE_URL, VALUE_HTML };

/** Most names that one dictionary has: a slot is one bit of a mask. */
#define DICTIONARY_SLOTS_MOST 64

struct vocabulary_name {
    struct slice name;
    enum dictionary_id dictionary;
    enum name_kind kind;
    enum value_type type;     /* of a VALUE */
    bool is_needed;           /* of a VALUE */
    enum dictionary_id child; /* of a SECTION */
};

const struct vocabulary_name *vocabulary_name_of(enum name_id id);
struct slice vocabulary_dictionary_name(enum dictionary_id id);
/** The names of a dictionary are [first, first + count). */
enum name_id vocabulary_first(enum dictionary_id id);
int vocabulary_count(enum dictionary_id id);
/** One bit for each slot that must be set. */
uint64_t vocabulary_needed(enum dictionary_id id);
/** The name in that dictionary, or NAME_COUNT. */
enum name_id vocabulary_find(enum dictionary_id id, struct slice name);

#ifdef __cplusplus
}
#endif
#endif
